package web

import (
	"net/http"
	"net/url"

	"kerbside"
)

func (s *server) signInHelp(w http.ResponseWriter, _ *http.Request) error {
	s.views.render(w, http.StatusOK, "signin", signInPage{layout: layout{Heading: "Sign in", Narrow: true}})
	return nil
}

// signInPage does not spend the link: mail programs and messengers open links to preview them.
func (s *server) signInPage(w http.ResponseWriter, r *http.Request) error {
	s.views.render(w, http.StatusOK, "signin", signInPage{layout: layout{Heading: "Sign in", Narrow: true}, Token: r.PathValue("token")})
	return nil
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) error {
	token, _, err := s.Service.SignIn(r.Context(), r.PathValue("token"))
	if code := kerbside.CodeOf(err); code == kerbside.CodeNotFound || code == kerbside.CodeUnauthed {
		return kerbside.E(kerbside.CodeForbidden, "web.signIn", "This link was used already or has run out. Ask your manager for a new one.", err)
	}
	if err != nil {
		return err
	}
	s.setSession(w, r, token)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) error {
	if token := sessionToken(r); token != "" {
		if err := s.Service.SignOut(r.Context(), token); err != nil && kerbside.CodeOf(err) != kerbside.CodeUnauthed {
			return err
		}
	}
	s.setSession(w, r, "")
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
	return nil
}

func (s *server) linkFor(r *http.Request, token string) string {
	return s.address(r) + SignInPath(token)
}

// SignInPath is the path of a one-time link, for a token of the service.
func SignInPath(token string) string { return "/signin/" + url.PathEscape(token) }
