package web

import (
	"net/http"
	"strings"

	"kerbside"
	"kerbside/service"
)

// setRevision tells what the next change of a thing is to be based on.
func setRevision(w http.ResponseWriter, revision string) {
	w.Header().Set("ETag", `"`+revision+`"`)
}

// conditional wants a change to name the revision that it is based on, in If-Match: one that was based on anything else is refused, so that nobody's
// change is lost in another's. "*" stands for whatever is there (RFC 9110, section 13.1.1).
func (s *server) conditional(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		tags := strings.Join(r.Header.Values("If-Match"), ",")
		if strings.TrimSpace(tags) == "*" {
			return h(w, r)
		}
		var revisions []string
		for _, t := range strings.Split(tags, ",") {
			if t = strings.TrimSpace(t); len(t) > 2 && t[0] == '"' && t[len(t)-1] == '"' {
				revisions = append(revisions, t[1:len(t)-1])
			}
		}
		if tags == "" {
			if _, err := s.user(r); err != nil {
				return err
			}
			return kerbside.E(codeUnconditional, "web.conditional", "Say in If-Match which revision this change is based on: the ETag of what you read.", nil)
		}
		return h(w, r.WithContext(service.WithRevision(r.Context(), revisions...)))
	}
}
