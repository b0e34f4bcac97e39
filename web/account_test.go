package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"kerbside"
	"kerbside/service"
	"kerbside/signin/oidc"
	"kerbside/web/webtest"
)

const goodPassword = "kettle-orbit-plum-lantern"

func (s *site) inviteWith(name, email string, role kerbside.Role) string {
	s.t.Helper()
	token, _, err := s.svc.Invite(context.Background(), s.admin, service.PersonInput{Name: name, Email: email, Role: role})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.url + "/signin/" + token
}

func TestPassword(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	p := s.signIn(s.inviteWith("Robin Ashdown", "robin@example.org", kerbside.RoleWorker))
	p.want(p.post("/account/password", url.Values{"password": {"password1234"}}), http.StatusBadRequest)
	p.want(p.post("/account/password", url.Values{"password": {goodPassword}}), http.StatusSeeOther)
	q := s.nobody()
	a := q.want(q.post("/signin", url.Values{"email": {"robin@example.org"}, "password": {"wrong"}}), http.StatusForbidden)
	if !strings.Contains(a.body, "That did not work") || !strings.Contains(a.body, `value="robin@example.org"`) || strings.Contains(a.body, `value="wrong"`) {
		t.Error("the form is not shown again as it should be")
	}
	nobody := s.nobody()
	b := nobody.want(nobody.post("/signin", url.Values{"email": {"nobody@example.org"}, "password": {"wrong"}}), http.StatusForbidden)
	if strings.ReplaceAll(a.body, "robin@", "nobody@") != b.body {
		t.Error("the page tells whether there is such an account")
	}
	q.want(q.post("/signin", url.Values{"email": {"Robin@example.org"}, "password": {goodPassword}}), http.StatusSeeOther)
	page := q.want(q.get("/account"), http.StatusOK).body
	if !strings.Contains(page, "by password") || !strings.Contains(page, "by a link") {
		t.Error("the account does not list both sign-ins")
	}
	q.want(q.post("/account/sessions/end", nil), http.StatusSeeOther)
	p.want(p.get("/api/me"), http.StatusUnauthorized)
	q.want(q.get("/api/me"), http.StatusOK)
}

func TestToken(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	p := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	p.want(p.post("/account/tokens", url.Values{"name": {"Scanner"}, "days": {"30"}}), http.StatusBadRequest)
	a := p.want(p.post("/account/tokens", url.Values{"name": {"Scanner"}, "days": {"30"}, "scope": {"read", "upload"}}), http.StatusOK)
	token := regexp.MustCompile(`id="token">([^<]+)<`).FindStringSubmatch(a.body)
	if token == nil {
		t.Fatal("no token is shown")
	}
	id := p.note(dictation)
	bearer := "Bearer " + token[1]
	program := s.nobody()
	call := func(method, path, body string, status int) answer {
		t.Helper()
		return program.want(program.do(method, path, strings.NewReader(body), "Authorization", bearer, "Content-Type", "application/json"), status)
	}
	call(http.MethodGet, "/api/me", "", http.StatusOK)
	call(http.MethodGet, "/api/visits/"+id, "", http.StatusOK)
	call(http.MethodPost, "/api/recordings", `{"kind":"debrief","client_id":"scan-1"}`, http.StatusOK)
	call(http.MethodPost, "/api/visits/"+id+"/statements", `{"text":"x"}`, http.StatusForbidden)                            // not its scope
	call(http.MethodPost, "/api/visits/"+id+"/approve", `{"covers":[],"confirmed":[]}`, http.StatusForbidden)               // nobody's scope
	call(http.MethodPost, "/api/account/passkeys/begin", `{}`, http.StatusUnauthorized)                                     // a program has no account of its own
	program.want(program.do(http.MethodGet, "/visits/"+id, nil, "Authorization", bearer), http.StatusUnauthorized)          // nor pages
	program.want(program.do(http.MethodGet, "/api/me", nil, "Authorization", "Bearer kerbside_x"), http.StatusUnauthorized) //
	program.want(program.do(http.MethodGet, "/api/me", nil, "Authorization", "Basic "+token[1]), http.StatusUnauthorized)   //
	p.want(p.do(http.MethodGet, "/api/me", nil, "Authorization", "Bearer kerbside_x"), http.StatusUnauthorized)             // a bad token is not made good by a cookie
	page := p.get("/account").body
	revoke := regexp.MustCompile(`action="(/account/tokens/[^"]+/revoke)"`).FindStringSubmatch(page)
	if revoke == nil || strings.Contains(page, token[1]) {
		t.Fatal("the account does not list the token, or shows it again")
	}
	p.want(p.post(revoke[1], nil), http.StatusSeeOther)
	call(http.MethodGet, "/api/me", "", http.StatusUnauthorized)
}

// TestPasskey registers and uses a passkey in a real browser, whose authenticator is virtual.
func TestPasskey(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	named := strings.Replace(s.url, "127.0.0.1", "localhost", 1)
	link := strings.Replace(s.invite("Robin Ashdown", kerbside.RoleWorker), s.url, named, 1)
	b := webtest.Start(t, "")
	w := b.Person()
	w.Authenticator()
	w.Open("open the link", link)
	w.Click("press Sign in", "#sign-in")
	w.Until(20*time.Second, "it is signed in", `document.querySelector("#round") !== null`)
	w.Open("open the account", named+"/account")
	w.Click("add a passkey", "#passkey-add button")
	w.Until(20*time.Second, "the passkey is listed", `document.querySelector('form[action$="/remove"]') !== null`)
	w.Shots = os.Getenv("KERBSIDE_SHOTS")
	w.Shoot("account")
	w.Click("sign out", `form[action="/signout"] button`)
	w.Until(20*time.Second, "the passkey is offered", `document.querySelector("#passkey-sign-in") && !document.querySelector("#passkey-sign-in").hidden`)
	w.Shoot("signin")
	w.Click("sign in with it", "#passkey-sign-in")
	w.Until(20*time.Second, "it is signed in again", `document.querySelector("#round") !== null`)
	if name := webtest.Ask[string](w, "who it is", `fetch("/api/me").then((r) => r.json()).then((u) => u.name)`); name != "Robin Ashdown" {
		t.Errorf("signed in as %q", name)
	}
	w.Open("open the account", named+"/account")
	w.Until(20*time.Second, "the sign-in by passkey is listed", `document.body.innerText.includes("by passkey")`)
	b.Quiet()
	w.Click("remove the passkey", `form[action$="/remove"] button`)
	w.Until(20*time.Second, "none is left", `document.querySelector("#passkey-add") && document.querySelector('form[action$="/remove"]') === null`)
	w.Click("sign out", `form[action="/signout"] button`)
	w.Click("try the passkey", "#passkey-sign-in")
	w.Until(20*time.Second, "it is refused", `document.querySelector("#trouble").innerText.includes("does not sign in here")`)
}

// TestIdentity signs in through a real OpenID provider, run here.
func TestIdentity(t *testing.T) {
	issuer, users := startProvider(t)
	s := newSiteWith(t, &fakeExtractor{}, func(d *service.Deps) {
		d.Identity = oidc.New(oidc.Config{Name: "Exampleshire", Issuer: issuer, ClientID: "kerbside", Secret: "a-secret"})
	})
	storage.RegisterClients(storage.WebClient("kerbside", "a-secret", s.url+"/signin/identity/back"))
	users.add("u7", "robin", "Robin@Example.org", true)
	users.add("u8", "impostor", "imani@example.org", false)
	users.add("u9", "reused", "robin@example.org", true)

	through := func(user string) (*person, answer) {
		t.Helper()
		p := s.nobody()
		back := p.authenticate(p.want(p.get("/signin/identity"), http.StatusSeeOther).header.Get("Location"), user)
		return p, p.get(strings.TrimPrefix(back, s.url))
	}
	p, a := through("robin")
	p.want(a, http.StatusForbidden) // not invited
	s.inviteWith("Robin Ashdown", "robin@example.org", kerbside.RoleWorker)
	s.inviteWith("Imani Clarke", "imani@example.org", kerbside.RoleReviewer)
	p, a = through("robin")
	p.want(a, http.StatusSeeOther)
	if me := p.want(p.get("/api/me"), http.StatusOK).body; !strings.Contains(me, "Robin Ashdown") {
		t.Error(me)
	}
	p, a = through("impostor") // the provider does not vouch for the address
	p.want(a, http.StatusForbidden)
	p, a = through("reused") // the address now belongs to somebody else
	p.want(a, http.StatusForbidden)
	users.add("u7", "robin", "married@example.org", true) // the same person under another address
	p, a = through("robin")
	p.want(a, http.StatusSeeOther)

	// An answer counts once, in the browser that asked, with the state that was sent.
	p = s.nobody()
	back := strings.TrimPrefix(p.authenticate(p.get("/signin/identity").header.Get("Location"), "robin"), s.url)
	thief := s.nobody()
	thief.want(thief.get(back), http.StatusForbidden)
	p.want(p.get(regexp.MustCompile(`state=[^&]+`).ReplaceAllString(back, "state=other")), http.StatusForbidden)
	p.want(p.get(back), http.StatusForbidden)
	if page := p.get("/signin").body; !strings.Contains(page, "Sign in with Exampleshire") {
		t.Error("the page does not offer it")
	}
}

// authenticate does what a person does at the provider and gives the address that it sends them back to.
func (p *person) authenticate(address, user string) string {
	p.s.t.Helper()
	q, err := url.Parse(address)
	if err != nil || q.Query().Get("code_challenge_method") != "S256" || q.Query().Get("nonce") == "" {
		p.s.t.Fatalf("asked without PKCE or nonce: %s (%v)", address, err)
	}
	get := func(req *http.Request) (string, string) {
		res, err := p.c.Do(req)
		if err != nil {
			p.s.t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		next, err := res.Location()
		if err != nil {
			return "", string(b)
		}
		return next.String(), string(b)
	}
	for range 8 {
		req, err := http.NewRequestWithContext(p.s.t.Context(), http.MethodGet, address, nil)
		if err != nil {
			p.s.t.Fatal(err)
		}
		if strings.Contains(address, "/login/username") {
			form := url.Values{"username": {user}, "password": {"verysecure"}, "id": {req.URL.Query().Get("authRequestID")}}
			req, err = http.NewRequestWithContext(p.s.t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
			if err != nil {
				p.s.t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		next, body := get(req)
		if next == "" {
			p.s.t.Fatalf("the provider stops at %s: %.400s", address, body)
		}
		if strings.HasPrefix(next, p.s.url) {
			return next
		}
		address = next
	}
	p.s.t.Fatal("the provider sends round in circles")
	return ""
}

// directory is the provider's list of people.
type directory struct {
	people map[string]*storage.User
}

func (d *directory) add(id, name, email string, verified bool) {
	d.people[id] = &storage.User{ID: id, Username: name, Password: "verysecure", Email: email, EmailVerified: verified}
}
func (d *directory) ExampleClientID() string             { return "kerbside" }
func (d *directory) GetUserByID(id string) *storage.User { return d.people[id] }
func (d *directory) GetUserByUsername(name string) *storage.User {
	for _, u := range d.people {
		if u.Username == name {
			return u
		}
	}
	return nil
}

func startProvider(t *testing.T) (issuer string, users *directory) {
	t.Helper()
	users = &directory{map[string]*storage.User{}}
	var h http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	store := storage.NewStorage(users)
	provider, err := op.NewProvider(&op.Config{CodeMethodS256: true, AuthMethodPost: true}, store, op.StaticIssuer(server.URL), op.WithAllowInsecure())
	if err != nil {
		t.Fatal(err)
	}
	back := op.AuthCallbackURL(provider)
	mux := http.NewServeMux()
	mux.Handle("POST /login/username", op.NewIssuerInterceptor(provider.IssuerFromRequest).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := store.CheckUsernamePassword(r.FormValue("username"), r.FormValue("password"), r.FormValue("id")); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, back(r.Context(), r.FormValue("id")), http.StatusFound)
	}))
	mux.Handle("/", provider)
	h = mux
	return server.URL, users
}
