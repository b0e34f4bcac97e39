package web

import (
	"net/http"
	"net/url"

	"kerbside"
)

func (s *server) signInHelp(w http.ResponseWriter, _ *http.Request) error {
	s.showSignIn(w, http.StatusOK, "", "")
	return nil
}

func (s *server) showSignIn(w http.ResponseWriter, status int, email, trouble string) {
	s.views.render(w, status, "signin", signInPage{
		layout: layout{Heading: "Sign in", Narrow: true, Modules: []string{"passkey.js"}}, Passwords: s.Service.UsesPasswords(), Identity: s.Service.IdentityName(), Email: email, Trouble: trouble,
	})
}

// signInPage does not spend the link: mail programs and messengers open links to preview them.
func (s *server) signInPage(w http.ResponseWriter, r *http.Request) error {
	s.views.render(w, http.StatusOK, "signin", signInPage{layout: layout{Heading: "Sign in", Narrow: true}, Token: r.PathValue("token")})
	return nil
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) error {
	token, _, err := s.Service.SignIn(r.Context(), r.PathValue("token"), s.asks(r))
	if code := kerbside.CodeOf(err); code == kerbside.CodeNotFound || code == kerbside.CodeUnauthed {
		return kerbside.E(kerbside.CodeForbidden, "web.signIn", "This link was used already or has run out. Ask your manager for a new one.", err)
	}
	if err != nil {
		return err
	}
	s.letIn(w, r, token)
	return nil
}

func (s *server) letIn(w http.ResponseWriter, r *http.Request, token string) {
	s.setSession(w, r, token)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// signInPassword shows the form again with what went wrong; the password is not sent back.
func (s *server) signInPassword(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	email := r.PostFormValue("email")
	token, _, err := s.Service.SignInPassword(r.Context(), email, r.PostFormValue("password"), s.asks(r))
	switch kerbside.CodeOf(err) {
	case "":
		s.letIn(w, r, token)
	case kerbside.CodeForbidden, kerbside.CodeTooMany:
		s.logFailure(r, err)
		s.showSignIn(w, statusOf(kerbside.CodeOf(err)), email, kerbside.MessageOf(err))
	default:
		return err
	}
	return nil
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) error {
	if token := s.sessionToken(r); token != "" {
		if err := s.Service.SignOut(r.Context(), token); err != nil && kerbside.CodeOf(err) != kerbside.CodeUnauthed {
			return err
		}
	}
	s.setSession(w, r, "")
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
	return nil
}

func (s *server) linkFor(r *http.Request, token string) string {
	return s.address(r) + SignInPath(token)
}

// SignInPath is the path of a one-time link, for a token of the service.
func SignInPath(token string) string { return "/signin/" + url.PathEscape(token) }

const (
	identityCookie = "kerbside_identity"
	identityBack   = "/signin/identity/back"
)

// identityStart sends the browser to the council's own sign-in. What must be known when it comes back is kept under a key that only this browser has.
func (s *server) identityStart(w http.ResponseWriter, r *http.Request) error {
	address, ceremony, err := s.Service.BeginIdentity(r.Context(), s.address(r)+identityBack, s.asks(r))
	if err != nil {
		return err
	}
	s.keepCeremony(w, r, ceremony, 600)
	http.Redirect(w, r, address, http.StatusSeeOther) //nolint:gosec // where the operator's own issuer says
	return nil
}

func (s *server) keepCeremony(w http.ResponseWriter, r *http.Request, ceremony string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(r, identityCookie), Value: ceremony, Path: "/", HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode, MaxAge: seconds}) //nolint:gosec // as the session's
}

func (s *server) identityBack(w http.ResponseWriter, r *http.Request) error {
	c, err := r.Cookie(s.cookieName(r, identityCookie))
	if err != nil {
		return kerbside.E(kerbside.CodeForbidden, "web.identityBack", "This browser did not ask to sign in, or it took too long. Start again.", nil)
	}
	s.keepCeremony(w, r, "", -1)
	q := r.URL.Query()
	token, _, err := s.Service.FinishIdentity(r.Context(), c.Value, q.Get("state"), q.Get("code"), s.asks(r))
	if err != nil {
		return err
	}
	s.letIn(w, r, token)
	return nil
}
