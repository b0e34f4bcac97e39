package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
	"kerbside/web"
	"kerbside/web/webtest"
)

// notPages are the GET routes that are no page: what there is to see of them is another page's, or nothing.
var notPages = []string{
	"GET /static/{version}/{name}", "GET /manifest.webmanifest", "GET /healthz", "GET /readyz", "GET /sw.js", "GET /sw-send.js",
	"GET /signin/identity", "GET /signin/identity/back", "GET /visits", "GET /visits/{id}/events", "GET /recordings/{id}/audio",
	"GET /visits/{id}/drafts/{audience}", "GET /visits/{id}/bundle", "GET /admin/audit/heads", "GET /actions.ics", "GET /openapi/{name}", "GET /requests/{id}/bundle", "GET /policies/receipts",
}

// state is a page as somebody may find it: an address, or what a form answers.
type state struct {
	name, path string
	form       url.Values              // nil: the page is opened
	roles      []kerbside.Role         // nil: all that the route's use is anything to
	before     func(w *webtest.Window) // what is done on it first
}

// TestEveryPage opens every page in all its states, as each role that may see it, and holds it against the rules of accessibility in light and dark, on a narrow
// phone and at a desk; against text of twice the size; with motion unwanted; and its focus must be seen. A GET route that it does not know fails.
func TestEveryPage(t *testing.T) {
	h := newEveryPage(t)
	states := h.states()
	for _, p := range web.Patterns() {
		if method, path, _ := strings.Cut(p, " "); method != http.MethodGet || strings.HasPrefix(path, "/api/") || slices.Contains(notPages, p) {
			continue
		}
		if len(states[p]) == 0 {
			t.Errorf("the page %q is not visited: add it to web/everypage_test.go", p)
		}
	}
	b := webtest.Start(t, h.wav)
	began, visited := time.Now(), 0
	for _, role := range append([]kerbside.Role{""}, kerbside.Roles()...) {
		w := b.Person()
		if role != "" {
			w.Open("open the link", h.links[role])
			w.Click("press Sign in", "#sign-in")
			w.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
		}
		for _, p := range slices.Sorted(keysOf(states)) {
			for _, st := range states[p] {
				if !h.sees(role, p, st) {
					continue
				}
				visited++
				name := fmt.Sprintf("%s (%s) by %s", p, st.name, firstOf(string(role), "nobody"))
				if st.form != nil {
					w.Submit(name, h.s.url+st.path, st.form)
				} else {
					w.Open(name, h.s.url+st.path)
				}
				if st.before != nil {
					st.before(w)
				}
				w.Sound(name)
			}
		}
	}
	t.Logf("%d pages and states in %.0f s", visited, time.Since(began).Seconds())
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

type everyPage struct {
	t      *testing.T
	s      *site
	wav    string
	links  map[kerbside.Role]string
	users  map[kerbside.Role]kerbside.User
	visits map[string]string // by state
	kase   kerbside.CaseID
	asked  string // a request of somebody in the case
}

func (h *everyPage) sees(role kerbside.Role, pattern string, st state) bool {
	use := web.Uses()[pattern]
	switch {
	case st.roles != nil:
		return slices.Contains(st.roles, role)
	case role == "":
		return use == service.UsePublic
	}
	return service.May(kerbside.User{ID: "u", Org: "o", Role: role}, use)
}

// newEveryPage makes a house in which every state is found.
func newEveryPage(t *testing.T) *everyPage {
	t.Helper()
	h := &everyPage{t: t, wav: filepath.Join(t.TempDir(), "voice.wav"), links: map[kerbside.Role]string{}, users: map[kerbside.Role]kerbside.User{}, visits: map[string]string{}}
	if err := os.WriteFile(h.wav, hum(1), 0o600); err != nil {
		t.Fatal(err)
	}
	language := service.LanguageModelInfo{Address: "127.0.0.1:8080", Model: "gemma", Caution: "It is on another machine.", Use: "proposes beside the rules"}
	h.s = newSiteWith(t, &fakeExtractor{}, func(d *service.Deps) { d.Installation = &fakeInstallation{language: language} })
	ctx := t.Context()
	people := map[kerbside.Role]*person{}
	for _, role := range kerbside.Roles() {
		token, u, err := h.s.svc.Invite(ctx, h.s.admin, service.PersonInput{Name: "A " + string(role), Email: string(role) + "@example.org", Role: role})
		if err != nil {
			t.Fatal(err)
		}
		h.users[role] = u
		people[role] = h.s.signIn(h.s.url + "/signin/" + token)
		if token, err = h.s.svc.NewLink(ctx, h.s.admin, u.ID); err != nil {
			t.Fatal(err)
		}
		h.links[role] = h.s.url + "/signin/" + token
	}
	worker, reviewer := people[kerbside.RoleWorker], people[kerbside.RoleReviewer]
	if _, err := h.s.svc.ImportCases(ctx, h.s.manager, strings.NewReader("case_id,case_name,worker,plan,visit_due,confidential_address,person_name,role\nc-1,Parker,A worker,child_protection,2026-03-03,yes,Emily Parker,child\n"), false); err != nil {
		t.Fatal(err)
	}
	rows, err := h.s.svc.Cases(ctx, h.s.manager)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	h.kase = rows[0].Case.ID
	if h.asked, err = h.s.svc.PrepareSubject(ctx, h.s.manager, h.kase, "Emily Parker", "Her father asked, and is known to us."); err != nil {
		t.Fatal(err)
	}
	for _, id := range []kerbside.CaseID{"", h.kase} {
		for _, text := range []string{"CAMHS", "Tansy Lane"} {
			by := h.s.manager
			if id != "" {
				by = h.users[kerbside.RoleWorker]
			}
			if err := h.s.svc.AddTerm(ctx, by, id, kerbside.Term{Text: text, Kind: "place"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	sound := func(name string) string {
		r, err := h.s.svc.UploadFile(ctx, h.users[kerbside.RoleWorker], service.RecordingInput{Name: name, Date: "2026-03-03", Case: h.kase}, strings.NewReader("sound "+name))
		if err != nil {
			t.Fatal(err)
		}
		return string(r.Visit)
	}
	approved := func(id string) string {
		v := worker.await(id, "drafted")
		var ids []string
		for _, o := range v.Open {
			ids = append(ids, o.ID)
		}
		worker.want(worker.json(http.MethodPost, "/api/visits/"+id+"/approve", map[string]any{"covers": v.Covers, "confirmed": ids}, nil), http.StatusOK)
		return id
	}
	review := func(id, action, comment string) string {
		v := reviewer.await(id, "approved")
		reviewer.want(reviewer.json(http.MethodPost, "/api/visits/"+id+"/review", map[string]any{"action": action, "comment": comment, "covers": v.Covers}, nil), http.StatusOK)
		return id
	}
	h.visits["drafted"] = sound("a.wav")
	worker.await(h.visits["drafted"], "drafted")
	corrected := sound("b.wav")
	worker.await(corrected, "drafted")
	worker.want(worker.post("/visits/"+corrected+"/corrections", url.Values{"old": {"Jaden"}, "new": {"Jayden"}}), http.StatusSeeOther)
	worker.await(corrected, "drafted")
	h.visits["corrected"] = corrected
	h.visits["approved"] = approved(sound("c.wav"))
	h.visits["returned"] = review(approved(sound("d.wav")), "return", "Who saw the arm?")
	h.visits["locked"] = review(approved(sound("e.wav")), "review", "")
	h.visits["failed"] = sound("broken")
	worker.await(h.visits["failed"], "failed")
	open, err := h.s.svc.StartVisit(ctx, h.users[kerbside.RoleWorker], service.VisitInput{Date: "2026-03-03"})
	if err != nil {
		t.Fatal(err)
	}
	h.visits["open"] = string(open.ID)
	h.visits["note"] = worker.note("I saw Jaden alone. I saw Jaden again.")
	return h
}

// states are all that is opened, by route; what is no route here is seen by nobody.
func (h *everyPage) states() map[string][]state {
	team := []kerbside.Role{kerbside.RoleWorker, kerbside.RoleReviewer, kerbside.RoleManager}
	worker := []kerbside.Role{kerbside.RoleWorker}
	admin := []kerbside.Role{kerbside.RoleAdmin}
	visit := func(name string, roles []kerbside.Role, before func(*webtest.Window)) state {
		return state{name: name, path: "/visits/" + h.visits[name], roles: roles, before: before}
	}
	click := func(selector string) func(*webtest.Window) {
		return func(w *webtest.Window) { w.Click("click "+selector, selector) }
	}
	press := func(key, until string) func(*webtest.Window) {
		return func(w *webtest.Window) {
			w.Press("press "+key, key)
			w.Until(10*time.Second, "it shows", until)
		}
	}
	one := func(path string) []state { return []state{{name: "as it is", path: path}} }
	corrected, person := h.visits["corrected"], string(h.users[kerbside.RoleWorker].ID)
	return map[string][]state{
		"GET /signin":         one("/signin"),
		"GET /signin/{token}": {{name: "a link", path: "/signin/whatever"}, {name: "a used link", path: "/signin/whatever", form: url.Values{}, roles: []kerbside.Role{""}}},
		"POST /signin":        {{name: "wrong", path: "/signin", form: url.Values{"email": {"a@example.org"}, "password": {"not the one"}}, roles: []kerbside.Role{""}}},
		"GET /{$}":            one("/"),
		"GET /record":         {{name: "new", path: "/record"}, {name: "added", path: "/record?visit=" + h.visits["drafted"], roles: worker}, {name: "offline", path: "/record?offline", roles: worker}},
		"GET /upload":         {{name: "new", path: "/upload"}, {name: "added", path: "/upload?visit=" + h.visits["drafted"], roles: worker}},
		"GET /note":           {{name: "new", path: "/note"}, {name: "added", path: "/note?visit=" + h.visits["drafted"], roles: worker}},
		"GET /visits/{id}": {
			visit("drafted", team, nil), visit("corrected", team, nil), visit("approved", team, nil), visit("returned", worker, nil), visit("locked", team, nil), visit("failed", worker, nil), visit("open", worker, nil), visit("note", worker, nil),
			visit("drafted", worker, click(`[data-tab="record"]`)),
			visit("drafted", worker, click("#next")),
			visit("drafted", worker, func(w *webtest.Window) {
				w.Click("put it into own words", `.panel:not([hidden]) a[href*="reword="]`)
				w.Until(10*time.Second, "the form", `document.querySelector("#reword textarea")`)
			}),
			visit("drafted", worker, func(w *webtest.Window) {
				w.Click("see the facts", `[data-tab="record"]`)
				w.Click("this is not so", `.panel:not([hidden]) a[href*="strike="]`)
				w.Until(10*time.Second, "the form", `document.querySelector("#strike textarea")`)
			}),
			visit("drafted", worker, press("?", `document.querySelector("#keys").open`)),
			visit("drafted", worker, func(w *webtest.Window) {
				w.Click("select a word", "[data-words] span")
				w.Press("correct it", "c")
			}),
			visit("approved", []kerbside.Role{kerbside.RoleReviewer}, click(`.panel:not([hidden]) .sentence[data-spec^="0:"] .said`)),
			{name: "one that is not there", path: "/visits/v-none", roles: worker},
			{name: "without a session", path: "/visits/v-none", roles: []kerbside.Role{""}},
		},
		"POST /visits/{id}/corrections": {{name: "which one", path: "/visits/" + h.visits["note"] + "/corrections", form: url.Values{"old": {"Jaden"}, "new": {"Jayden"}}, roles: worker}},
		"GET /visits/{id}/versions": {
			{name: "transcript", path: "/visits/" + corrected + "/versions", roles: team}, {name: "draft", path: "/visits/" + corrected + "/versions?kind=draft&key=family", roles: worker},
			{name: "facts", path: "/visits/" + corrected + "/versions?kind=record", roles: worker}, {name: "one only", path: "/visits/" + h.visits["note"] + "/versions", roles: worker}, {name: "none", path: "/visits/" + h.visits["open"] + "/versions", roles: worker},
		},
		"GET /policies":                   one("/policies"),
		"GET /cases/{id}/keeping":         one("/cases/" + string(h.kase) + "/keeping"),
		"GET /cases/{id}/restriction":     one("/cases/" + string(h.kase) + "/restriction"),
		"GET /requests/{id}":              {{name: "as it is", path: "/requests/" + h.asked}, {name: "one that is not there", path: "/requests/none"}},
		"GET /cover":                      one("/cover"),
		"GET /review":                     {{name: "all", path: "/review"}, {name: "none fits", path: "/review?days=5&urgent=1"}},
		"GET /cases":                      one("/cases"),
		"GET /cases/{id}":                 one("/cases/" + string(h.kase)),
		"GET /cases/{id}/timeline":        one("/cases/" + string(h.kase) + "/timeline"),
		"GET /cases/{id}/people/{n}":      one("/cases/" + string(h.kase) + "/people/0"),
		"GET /search":                     one("/search"),
		"POST /search":                    {{name: "found", path: "/search", form: url.Values{"text": {"school"}}, roles: team}, {name: "nothing", path: "/search", form: url.Values{"text": {"nonsense"}}, roles: worker}},
		"GET /actions":                    one("/actions"),
		"GET /overview":                   one("/overview"),
		"GET /cases/{id}/terms":           one("/cases/" + string(h.kase) + "/terms"),
		"GET /account":                    one("/account"),
		"POST /account/tokens":            {{name: "a token", path: "/account/tokens", form: url.Values{"name": {"x"}, "days": {"9"}, "scope": {"read"}}, roles: worker}},
		"GET /people":                     one("/people"),
		"GET /people/{id}":                one("/people/" + person),
		"POST /people/{id}/link":          {{name: "a link", path: "/people/" + person + "/link", form: url.Values{}, roles: admin}},
		"GET /admin":                      one("/admin"),
		"GET /admin/terms":                one("/admin/terms"),
		"GET /admin/templates":            one("/admin/templates"),
		"GET /admin/templates/{template}": one("/admin/templates/family"),
		"GET /admin/models":               one("/admin/models"),
		"POST /admin/models/check":        {{name: "read", path: "/admin/models/check", form: url.Values{}, roles: admin}},
		"GET /admin/language-model":       one("/admin/language-model"),
		"POST /admin/language-model/test": {{name: "tried", path: "/admin/language-model/test", form: url.Values{}, roles: admin}},
		"GET /admin/audit":                {{name: "all", path: "/admin/audit"}, {name: "narrowed", path: "/admin/audit?what=read&from=2020-01-01"}, {name: "nothing", path: "/admin/audit?to=2020-01-01"}},
		"POST /admin/audit/verify":        {{name: "verified", path: "/admin/audit/verify", form: url.Values{}, roles: admin}},
		"GET /admin/health":               one("/admin/health"),
	}
}
