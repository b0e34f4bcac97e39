package web

import (
	"net/http"
	"strings"

	"kerbside"
	"kerbside/docs"
)

// contract hands out the description of the API and the schemas that it refers to.
func (s *server) contract(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	b, err := docs.Contracts.ReadFile(name)
	if err != nil {
		return kerbside.E(kerbside.CodeNotFound, "web.contract", "There is no such document. The description of the API is openapi.yaml.", nil)
	}
	kind := "application/schema+json"
	if strings.HasSuffix(name, ".yaml") {
		kind = "application/yaml"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b) //nolint:gosec // an embedded file of ours; a failed write means that the caller has gone
	return nil
}
