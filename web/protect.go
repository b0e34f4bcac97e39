package web

import (
	"net/http"
	"strings"

	"kerbside"
	"kerbside/service"
)

// policy allows what we serve ourselves and nothing else: no inline script or style, no other origin.
const policy = "default-src 'self'; media-src 'self' blob:; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const sessionCookie = "kerbside_session"

// cookieName has the browser hold, over https, that the cookie is ours alone: no other host of the domain can have set it.
func (s *server) cookieName(r *http.Request, name string) string {
	if s.secure(r) {
		return "__Host-" + name
	}
	return name
}

// protect sets the headers that every answer carries and refuses changes that another site's page asked for.
func (s *server) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.failOf(r)(w, r, kerbside.E(kerbside.CodeForbidden, "web.protect", "This came from another site's page, so nothing was done. Open Kerbside itself and try again.", nil))
	}))
	guarded := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// Not "no-referrer": browsers would then send "Origin: null" with our own forms.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if s.secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		guarded.ServeHTTP(w, r)
	})
}

func (s *server) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(s.BaseURL, "https://") || s.proxied(r) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// address is the base that links for people begin with.
func (s *server) address(r *http.Request) string {
	switch {
	case s.BaseURL != "":
		return s.BaseURL
	case s.secure(r):
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *server) setSession(w http.ResponseWriter, r *http.Request, token string) {
	// Not Secure over plain http, where the browser would drop it: a trial on one's own machine.
	c := &http.Cookie{Name: s.cookieName(r, sessionCookie), Value: token, Path: "/", HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode, MaxAge: 14 * 24 * 3600} //nolint:gosec // see above
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *server) sessionToken(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(r, sessionCookie))
	if err != nil {
		return ""
	}
	return c.Value
}

// user is who is signed in, or, for the API, as whom a token acts; CodeUnauthed when nobody is, CodeTooMany when they ask too often.
func (s *server) user(r *http.Request) (kerbside.User, error) {
	var u kerbside.User
	var err error
	if bearer, ok := bearerToken(r); ok {
		u, err = s.Service.TokenUser(r.Context(), bearer, service.ScopeOf(s.uses[r.Pattern]))
	} else {
		u, _, err = s.session(r)
	}
	if err == nil {
		err = s.paced(r, u)
	}
	return u, err
}

// poster is who sends a form, which is read then.
func (s *server) poster(w http.ResponseWriter, r *http.Request) (kerbside.User, error) {
	u, err := s.user(r)
	if err == nil {
		err = readForm(w, r)
	}
	return u, err
}

// session is who is signed in with a browser, and where; a token is none.
func (s *server) session(r *http.Request) (kerbside.User, kerbside.Session, error) {
	token := s.sessionToken(r)
	if token == "" {
		return kerbside.User{}, kerbside.Session{}, kerbside.E(kerbside.CodeUnauthed, "web.session", "Sign in first.", nil)
	}
	return s.Service.SessionOf(r.Context(), token)
}

// bearerToken is the token of a program, which pages do not take.
func bearerToken(r *http.Request) (string, bool) {
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		return "", false
	}
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// asks is who sends a request, for signing in.
func (s *server) asks(r *http.Request) service.Client {
	return service.Client{Address: s.client(r).String(), Agent: r.UserAgent(), Origin: s.address(r)}
}
