package web

import (
	"kerbside/service"
)

// Patterns are the routes that a handler has.
func Patterns() []string {
	s := &server{assets: &assets{}}
	s.routes()
	return s.patterns
}

// Uses says which use of the service each route is.
func Uses() map[string]service.Use { return uses() }
