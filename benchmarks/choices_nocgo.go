//go:build !cgo

package main

import (
	"context"
	"errors"
)

func serveEngine(context.Context, string) error {
	return errors.New("this build has no speech engine")
}
