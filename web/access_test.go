package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
	"kerbside/web"
)

// relation is how somebody stands to a thing.
type relation string

const (
	own        relation = "own"
	team       relation = "same team"
	other      relation = "other team"
	restricted relation = "restricted case"
	elsewhere  relation = "other organisation"
)

// allowed reads the table of access: this is the only place where the test decides what is right.
func allowed(u service.Use, role kerbside.Role, rel relation) bool {
	for _, r := range service.Rules() {
		if r.Use != u {
			continue
		}
		switch r.Reach[role] {
		case service.ReachOrg:
			return rel == own || rel == team || rel == other
		case service.ReachTeam:
			return rel == own || rel == team
		case service.ReachOwn:
			return rel == own
		}
	}
	return false
}

// TestAccessMatrix asks for every route as every role, about what is one's own, the team's, another team's, of a restricted case, another organisation's,
// and holds the answers against the table. A route without a row, or a row without a route, fails.
func TestAccessMatrix(t *testing.T) {
	uses := web.Uses()
	for _, p := range web.Patterns() {
		if uses[p] == "" {
			t.Errorf("the route %q has no row in web/access.go", p)
		}
	}
	for p, u := range uses {
		if !slices.Contains(web.Patterns(), p) {
			t.Errorf("web/access.go has a row for %q, which is no route", p)
		}
		if !slices.ContainsFunc(service.Rules(), func(r service.Rule) bool { return r.Use == u }) {
			t.Errorf("%q is the use %q, which the table of access has not", p, u)
		}
	}
	m := newMatrix(t)
	asked := 0
	for _, p := range web.Patterns() {
		u := uses[p]
		if u == service.UsePublic {
			continue
		}
		ask, ok := m.requests()[p]
		if !ok {
			t.Errorf("the test does not know how to ask for %q", p)
			continue
		}
		if status := m.ask(nil, p, ask, m.nobodys(ask)); status != http.StatusUnauthorized {
			t.Errorf("%s by nobody: %d", p, status)
		}
		for _, role := range kerbside.Roles() {
			for _, rel := range ask.relations() {
				th, exists := m.things[rel][role]
				if !exists || th.visit == "" && (ask.about == "visit" || ask.about == "case") { // an administrator has no visit and no case of their own
					continue
				}
				status := m.ask(m.people[role], p, ask, th)
				asked++
				got := status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusNotFound
				want := allowed(u, role, rel)
				if ask.except != nil {
					want = want && !ask.except(role, rel)
				}
				if got != want || status >= 500 {
					t.Errorf("%s by a %s, %s: status %d, but the table says %v", p, role, rel, status, want)
				}
			}
		}
	}
	t.Logf("%d questions to %d routes", asked, len(web.Patterns()))
}

// TestTokensReachNothingElse: a program with every scope there is still opens nothing that only a person may.
func TestTokensReachNothingElse(t *testing.T) {
	m := newMatrix(t)
	token, _, err := m.s.svc.AddToken(t.Context(), m.users["worker"], kerbside.Session{CreatedAt: time.Now()}, "all", kerbside.Scopes(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for p, u := range web.Uses() {
		if u == service.UsePublic || !strings.Contains(p, " /api/") {
			continue
		}
		ask := m.requests()[p]
		th := m.things[own]["worker"]
		if ask.about != "visit" {
			th.cover, th.person, th.kase = m.things[team]["worker"].cover, m.things[team]["worker"].person, "c-near"
		}
		status := m.ask(nil, p, ask, th, "Authorization", "Bearer "+token)
		open := status != http.StatusUnauthorized && status != http.StatusForbidden
		if want := service.ScopeOf(u) != ""; open && !want {
			t.Errorf("%s: a token opens what it must not: %d", p, status)
		}
	}
}

// TestAccessDocument holds docs/access.md against the table; KERBSIDE_UPDATE=1 writes it.
func TestAccessDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Who may do what\n\nOne table in the code (`service/access.go`) decides, and each route is a row of another (`web/access.go`). `go test ./web -run TestAccessMatrix` asks for every route as\nevery role, about what is one's own, the team's, another team's, of a restricted case and of another organisation, and holds the answers against them. This page is written from both\n(`KERBSIDE_UPDATE=1 go test ./web -run TestAccessDocument`).\n\n")
	b.WriteString("*own*: what one recorded or does for a colleague whom one covers. *team*: also what is of people in one's team. *org*: of everybody in the organisation. What is of another organisation\nis never reached. What is of a restricted case is reached by the people named for it only, whoever recorded it. Whoever may not read a thing is told that there is none.\n\n")
	b.WriteString("| use | worker | reviewer | manager | business support | administrator | programs |\n|---|---|---|---|---|---|---|\n")
	for _, r := range service.Rules() {
		fmt.Fprintf(&b, "| %s: %s |", r.Use, r.What)
		for _, role := range kerbside.Roles() {
			reach := string(r.Reach[role])
			if reach == "" {
				reach = "-"
			}
			fmt.Fprintf(&b, " %s |", reach)
		}
		scope := string(r.Scope)
		if scope == "" {
			scope = "-"
		}
		fmt.Fprintf(&b, " %s |\n", scope)
	}
	b.WriteString("\n*programs*: the scope that an API token must have been made for. A token acts as the person who made it, and never does what has none.\n\n| route | use |\n|---|---|\n")
	uses := web.Uses()
	for _, p := range web.Patterns() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", p, uses[p])
	}
	const path = "../docs/access.md"
	if os.Getenv("KERBSIDE_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/access.md is not what the tables say (%v); KERBSIDE_UPDATE=1 writes it anew", err)
	}
}

// thing is what a question may be about.
type thing struct {
	visit, sound string // a visit and a recording with sound, of the same owner
	open         string // a recording under way
	person       kerbside.UserID
	kase         kerbside.CaseID
	cover        string
	request      string // of a person of the case, for what is held about them
	transcript   kerbside.TranscriptID
	first, last  kerbside.WordID
	cover2       string // another one, to end on the page
	session      string
	passkey      string
	token        string
}

// question is how a route is asked.
type question struct {
	about  string                             // "visit", "person", "case", "cover" or "": nothing but oneself
	body   func(thing) string                 // JSON, or a form's fields
	kind   string                             // of body; JSON for the API, else a form
	query  string                             //
	except func(kerbside.Role, relation) bool // what a use-case refuses beyond the table
}

func (q question) relations() []relation {
	switch q.about {
	case "visit", "case":
		return []relation{own, team, other, restricted, elsewhere}
	case "person", "cover", "request":
		return []relation{team, other, elsewhere}
	}
	return []relation{own}
}

func (q question) build(pattern string, th thing) (method, path, body, kind string) {
	method, path, _ = strings.Cut(pattern, " ")
	id := th.visit
	switch {
	case strings.Contains(path, "/recordings/{id}/audio"):
		id = th.sound
	case strings.Contains(path, "/recordings/{id}"), strings.HasPrefix(path, "/api/tus/"):
		id = th.open
	case strings.Contains(path, "/passkeys/{id}"):
		id = th.passkey
	case strings.Contains(path, "/sessions/{id}"):
		id = th.session
	case strings.Contains(path, "/tokens/{id}"):
		id = th.token
	case q.about == "person":
		id = string(th.person)
	case q.about == "case":
		id = string(th.kase)
	case q.about == "request":
		id = th.request
	case strings.HasPrefix(path, "/cover/{id}"):
		id = th.cover2
	case q.about == "cover":
		id = th.cover
	}
	path = strings.NewReplacer("{id}", id, "{n}", "0", "{take}", "1", "{seq}", "0", "{audience}", "family", "{recording}", th.sound, "{name}", "openapi.yaml", "{template}", "family", "{$}", "").Replace(path) + q.query
	if q.body != nil {
		body = q.body(th)
	} else if strings.HasPrefix(path, "/api/") && method != http.MethodGet {
		body = "{}"
	}
	kind = q.kind
	if kind == "" {
		kind = "application/x-www-form-urlencoded"
		if strings.HasPrefix(path, "/api/") {
			kind = "application/json"
		}
	}
	return method, path, body, kind
}

type matrix struct {
	s      *site
	users  map[kerbside.Role]kerbside.User
	people map[kerbside.Role]*person
	things map[relation]map[kerbside.Role]thing
	spare  kerbside.UserID // covers and is covered by nobody who asks
}

// nobodys is what somebody who is not signed in asks about.
func (m *matrix) nobodys(q question) thing {
	if q.about == "" {
		return m.things[own][kerbside.RoleWorker]
	}
	return m.things[team][kerbside.RoleWorker]
}

// ask gives the status of an answer; a stream is left after its head.
func (m *matrix) ask(p *person, pattern string, q question, th thing, header ...string) int {
	m.s.t.Helper()
	if p == nil {
		p = m.s.nobody()
	}
	method, path, body, kind := q.build(pattern, th)
	ctx, cancel := context.WithTimeout(m.s.t.Context(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, m.s.url+path, strings.NewReader(body))
	if err != nil {
		m.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("If-Match", "*")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	req.Header.Set("X-Content-SHA256", kerbside.HexSHA256([]byte(body)))
	res, err := p.c.Do(req)
	if err != nil {
		m.s.t.Fatalf("%s %s: %v", method, path, err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

const multipartSound = "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ndebrief\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nsound\r\n--x--\r\n"

const multipartCases = "--x\r\nContent-Disposition: form-data; name=\"try\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.csv\"\r\n\r\ncase_id,case_name\nc-9,Nine\n\r\n--x--\r\n"

func form(pairs ...string) func(thing) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return func(thing) string { return v.Encode() }
}

func fixed(s string) func(thing) string { return func(thing) string { return s } }

// requests say how to ask for each route so that nothing but access can refuse it with 401, 403 or 404; what is asked changes as little as may be.
func (m *matrix) requests() map[string]question {
	about := func(a string, body func(thing) string) question { return question{about: a, body: body} }
	correction := func(th thing) string {
		return fmt.Sprintf(`{"transcript":%q,"first_word":%q,"last_word":%q,"old":"not what stands there","new":"x"}`, th.transcript, th.first, th.last)
	}
	staleCovers := fixed(`{"covers":[],"confirmed":[]}`)
	notOwn := func(_ kerbside.Role, rel relation) bool { return rel == own } // the second person
	return map[string]question{
		"GET /admin": {}, "GET /admin/templates": {}, "GET /admin/templates/{template}": {}, "GET /admin/models": {}, "POST /admin/models/check": {}, "GET /admin/language-model": {},
		"POST /admin/language-model/test": {}, "GET /admin/audit": {}, "POST /admin/audit/verify": {}, "GET /admin/audit/heads": {}, "GET /admin/health": {}, "POST /admin/health/read": {},
		"POST /admin/health/retry": {body: form("visit", "v-none")},
		"GET /admin/terms":         {}, "POST /admin/terms": {body: form("text", "Tansy", "kind", "other")}, "POST /admin/terms/retire": {body: form("term", "l-none")},
		"GET /cases/{id}/terms": about("case", nil), "POST /cases/{id}/terms": about("case", form("text", "Tansy", "kind", "other")), "POST /cases/{id}/terms/retire": about("case", form("term", "l-none")),
		"GET /review": {},
		"GET /upload": {}, "GET /note": {}, "GET /api/visits": {}, "GET /api/me": {}, "GET /account": {}, "GET /cases": {}, "GET /search": {}, "GET /actions": {}, "GET /overview": {}, "GET /actions.ics": {}, "GET /api/cases": {}, "GET /people": {}, "GET /api/covers": {},
		"POST /api/visits": {body: fixed(`{"date":"2026-03-03"}`)}, "GET /api/recordings": {query: "?client_id=none"},
		"GET /api/recordings/{id}": about("visit", nil), "GET /api/recordings/{id}/audio": about("visit", nil), "GET /api/visits/{id}/status": about("visit", nil), "GET /api/visits/{id}/events": about("visit", nil),
		"GET /api/visits/{id}/transcripts/{recording}": about("visit", nil), "GET /api/visits/{id}/record": about("visit", nil), "GET /api/visits/{id}/bundle": about("visit", nil),
		"GET /api/visits/{id}/drafts/{audience}": {about: "visit", query: "?format=text"}, "POST /api/visits/{id}/retry": about("visit", nil),
		"POST /api/visits/{id}/entered":   about("visit", fixed(`{"document":"d-none","on":"2026-03-03"}`)),
		"GET /api/cases/{id}/restriction": about("case", nil),

		"POST /upload":      {kind: "multipart/form-data; boundary=x", body: fixed(multipartSound)},
		"POST /api/uploads": {kind: "multipart/form-data; boundary=x", body: fixed(multipartSound)},
		"POST /api/tus/{$}": {kind: "application/offset+octet-stream", body: fixed("")}, "OPTIONS /api/tus/{$}": {body: fixed("")},
		"HEAD /api/tus/{id}":  {about: "visit", body: fixed(""), except: func(kerbside.Role, relation) bool { return true }}, /* what was not sent in pieces is no upload, whose it may be */
		"PATCH /api/tus/{id}": {about: "visit", kind: "application/offset+octet-stream", body: fixed("x"), except: notNamedStill},
		"POST /note":          {body: form("text", "Seen at home.")},
		"POST /api/notes":     {body: fixed(`{"text":"Seen at home."}`)},

		"POST /api/recordings":                               {body: fixed(`{"kind":"debrief"}`)},
		"PUT /api/recordings/{id}/takes/{take}/chunks/{seq}": {about: "visit", kind: "application/octet-stream", body: fixed("sound"), except: notNamedStill},
		"POST /api/recordings/{id}/finish":                   {about: "visit", body: fixed(`{"sha256":"` + strings.Repeat("0", 64) + `"}`), except: notNamedStill},

		"GET /visits/{id}": about("visit", nil), "GET /visits/{id}/versions": about("visit", nil),
		"POST /visits/{id}/undo":  about("visit", func(th thing) string { return "transcript=" + string(th.transcript) + "&correction=k-none" }),
		"GET /visits/{id}/events": about("visit", nil), "GET /api/visits/{id}": about("visit", nil), "GET /api/visits/{id}/history": about("visit", nil),
		"GET /recordings/{id}/audio":         about("visit", nil),
		"GET /visits/{id}/drafts/{audience}": {about: "visit", query: "?format=text"},
		"GET /visits/{id}/bundle":            about("visit", nil),
		"POST /visits/{id}/corrections":      about("visit", form("old", "on Tuesday", "new", "on Wednesday")),
		"POST /api/visits/{id}/corrections":  about("visit", correction),
		"POST /visits/{id}/statements":       about("visit", form("text", "Seen at home.")),
		"POST /api/visits/{id}/statements":   about("visit", fixed(`{"text":"Seen at home."}`)),
		"POST /api/visits/{id}/notes":        about("visit", fixed(`{"text":"Seen at home."}`)),
		"POST /visits/{id}/retry":            about("visit", nil),
		"POST /visits/{id}/entered":          about("visit", form("document", "d-none", "on", "2026-03-03")),
		"POST /visits/{id}/case":             about("visit", func(th thing) string { return "case=" + string(th.kase) }),
		"PUT /api/visits/{id}/case":          about("visit", func(th thing) string { return fmt.Sprintf(`{"case":%q}`, th.kase) }),

		"POST /visits/{id}/proposals":                     about("visit", form("proposal", "none", "standing", "accepted")),
		"POST /api/visits/{id}/proposals":                 about("visit", fixed(`{"proposal":"none","standing":"accepted"}`)),
		"POST /visits/{id}/drafts/{audience}/release":     about("visit", form("item", "none", "reason", "needed")),
		"POST /visits/{id}/drafts/{audience}/include":     about("visit", form("item", "none")),
		"POST /api/visits/{id}/drafts/{audience}/release": about("visit", fixed(`{"item":"none","reason":"needed"}`)),
		"POST /api/visits/{id}/drafts/{audience}/include": about("visit", fixed(`{"item":"none"}`)),
		"POST /api/visits/{id}/drafts/{audience}/reword":  about("visit", fixed(`{"sentence":"none","text":"x"}`)),
		"POST /api/visits/{id}/items":                     about("visit", fixed(`{"item":"none","reason":"x"}`)),
		"POST /visits/{id}/items":                         about("visit", form("item", "none", "reason", "x")),
		"POST /visits/{id}/drafts/{audience}/reword":      about("visit", form("sentence", "none", "text", "x")),

		"POST /visits/{id}/approve":     about("visit", form()),
		"POST /api/visits/{id}/approve": about("visit", staleCovers),
		"POST /visits/{id}/review":      {about: "visit", body: form("action", "review"), except: notOwn},
		"POST /api/visits/{id}/review":  {about: "visit", body: fixed(`{"action":"review","covers":[]}`), except: notOwn},

		"GET /cases/{id}": about("case", nil), "GET /cases/{id}/timeline": about("case", nil), "GET /cases/{id}/people/{n}": about("case", nil),
		"POST /visits/{id}/ticks": about("visit", form("action", "none")),

		"POST /visits/{id}/addenda":     about("visit", nil),
		"POST /api/visits/{id}/addenda": about("visit", nil),
		"POST /api/visits/{id}/heard": about("visit", func(th thing) string {
			return fmt.Sprintf(`{"recording":%q,"spans":[{"start_ms":0,"end_ms":100}]}`, th.sound)
		}),
		"POST /api/visits/{id}/oversight": about("visit", fixed(`{"decision":"d","rationale":"r"}`)),
		"POST /visits/{id}/oversight":     about("visit", form("decision", "d", "rationale", "r")),
		"POST /api/visits/{id}/dictation": {about: "visit", kind: "audio/wav", body: fixed("sound")},
		"POST /recordings/{id}/void":      about("visit", form("reason", "wrong child")),
		"POST /visits/{id}/reassign":      about("visit", func(thing) string { return "worker=" + string(m.users["worker"].ID) }),
		"GET /cover":                      {},
		"POST /cover": about("cover", func(th thing) string {
			return fmt.Sprintf("of=%s&by=%s&until=%s", th.person, m.spare, time.Now().AddDate(0, 0, 1).Format(time.DateOnly))
		}),
		"POST /cover/{id}/end":           about("cover", nil),
		"GET /cases/{id}/restriction":    about("case", nil),
		"POST /cases/{id}/restriction":   about("case", form("lift", "1")),
		"POST /api/recordings/{id}/void": about("visit", fixed(`{"reason":"wrong child","to":""}`)),
		"POST /api/visits/{id}/reassign": about("visit", func(thing) string { return fmt.Sprintf(`{"worker":%q}`, m.users["worker"].ID) }),
		"POST /api/covers": about("cover", func(th thing) string {
			return fmt.Sprintf(`{"of":%q,"by":%q,"until":%q}`, th.person, m.spare, time.Now().Add(time.Hour).Format(time.RFC3339))
		}),
		"POST /api/covers/{id}/end":       about("cover", nil),
		"PUT /api/cases/{id}/restriction": about("case", fixed(`{"people":[]}`)),

		"POST /alerts/seen":                     {body: form("kind", "urgent", "object", "none")},
		"POST /search":                          {body: form("text", "school")},
		"POST /visits/{id}/consent":             about("visit", form("who", "mother", "how", "guess", "when", "at")),
		"PUT /api/recordings/{id}/consents/{n}": {about: "visit", kind: "application/octet-stream", body: fixed(`{}`)},
		"POST /visits/{id}/consent/withdraw":    about("visit", form("who", "mother")),
		"POST /visits/{id}/consent/delete":      about("visit", form("reason", "asked")),
		"POST /visits/{id}/consent/keep":        about("visit", form("reason", "needed")),
		"POST /visits/{id}/erase":               about("visit", form("part", "drafts", "reason", "")),
		"GET /policies":                         {}, "GET /policies/receipts": {},
		"GET /api/retention": {}, "PUT /api/retention": {body: fixed(`{}`)}, "POST /api/retention/preview": {}, "POST /api/retention/run": {}, "GET /api/receipts": {},
		"GET /api/cases/{id}/holds": about("case", nil), "POST /api/cases/{id}/holds": about("case", fixed(`{"reason":"court"}`)), "POST /api/cases/{id}/holds/end": about("case", fixed(`{"hold":"h-none","reason":"over"}`)),
		"POST /policies/retention":    {body: form("version", "77", "audio", "keep", "audio-from", "reviewed", "transcripts", "keep", "transcripts-from", "reviewed", "drafts", "keep", "drafts-from", "reviewed")},
		"POST /policies/second":       {body: form("version", "77", "one-in", "10")},
		"POST /policies/alerts":       {body: form("version", "77", "writing", "1", "approval", "3", "review", "5")},
		"GET /cases/{id}/keeping":     about("case", nil),
		"POST /cases/{id}/holds":      about("case", form("reason", "court")),
		"POST /cases/{id}/holds/end":  about("case", form("hold", "h-none", "reason", "over")),
		"POST /cases/{id}/requests":   about("case", form("person", "1", "reason", "by letter")),
		"GET /requests/{id}":          about("request", nil),
		"POST /requests/{id}/release": about("request", form("visit", "", "item", "x", "reason", "")),
		"POST /requests/{id}/approve": about("request", form("sha256", "stale")),
		"GET /requests/{id}/bundle":   about("request", nil),

		"POST /cases":            {kind: "multipart/form-data; boundary=x", body: fixed(multipartCases)},
		"POST /api/cases/import": {kind: "text/csv", query: "?try=1", body: fixed("case_id,case_name\nc-9,Nine\n")},

		"POST /account/password":             {body: form("password", "short")},
		"POST /account/passkeys/{id}/remove": {},
		"POST /account/sessions/{id}/end":    {},
		"POST /account/sessions/end":         {},
		"POST /account/tokens":               {body: form("name", "x", "days", "1", "scope", "read")},
		"POST /account/tokens/{id}/revoke":   {},
		"POST /api/account/passkeys/begin":   {},
		"POST /api/account/passkeys/finish":  {body: fixed(`{"ceremony":"","name":"` + strings.Repeat("x", 200) + `","answer":{}}`)},

		"POST /people":              {body: form("name", "New", "role", "worker")},
		"POST /people/{id}/link":    about("person", nil),
		"GET /people/{id}":          about("person", nil),
		"POST /people/{id}":         about("person", form("name", "", "role", "worker")),
		"POST /people/{id}/end":     about("person", nil),
		"POST /people/{id}/signout": about("person", nil),
		"POST /teams":               {body: form("name", "A team")},
	}
}

// notNamedStill: sound is taken from whoever records, so that none is lost.
func notNamedStill(kerbside.Role, relation) bool { return false }

func newMatrix(t testing.TB) *matrix {
	t.Helper()
	m := &matrix{users: map[kerbside.Role]kerbside.User{}, people: map[kerbside.Role]*person{}, things: map[relation]map[kerbside.Role]thing{}}
	m.s = newSite(t, &fakeExtractor{})
	// Passkeys are refused on bare addresses, whoever asks.
	m.s.url = strings.Replace(m.s.url, "127.0.0.1", "localhost", 1)
	far, err := m.s.svc.PutTeam(t.Context(), m.s.admin, "", "Far")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range kerbside.Roles() {
		m.users[role], m.people[role] = m.join("A "+string(role), role, "")
	}
	spare, _ := m.join("Covers", kerbside.RoleWorker, "")
	m.spare = spare.ID
	near, nearP := m.join("Near", kerbside.RoleWorker, "")
	away, awayP := m.join("Away", kerbside.RoleWorker, far.ID)
	secret, secretP := m.join("Secret", kerbside.RoleWorker, "")
	m.cases(near, away, secret)

	for _, rel := range []relation{own, team, other, restricted, elsewhere} {
		m.things[rel] = map[kerbside.Role]thing{}
	}
	things := map[relation]thing{team: m.thing(near, nearP, "c-near"), other: m.thing(away, awayP, "c-far"), restricted: m.thing(secret, secretP, "c-secret"), elsewhere: m.elsewhere()}
	awayManager, _ := m.join("Away manager", kerbside.RoleManager, far.ID)
	for rel, of := range map[relation]kerbside.User{team: m.users[kerbside.RoleManager], other: awayManager} {
		c, err := m.s.svc.AddCover(t.Context(), of, things[rel].person, things[rel].person, time.Time{}, time.Now().Add(time.Hour))
		_ = c
		if kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Fatal("somebody covers for themselves", err)
		}
		spare, _ := m.join("Spare", kerbside.RoleWorker, of.Team)
		if c, err = m.s.svc.AddCover(t.Context(), of, things[rel].person, spare.ID, time.Time{}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		th := things[rel]
		th.cover = c.ID
		by := m.s.manager // of the same team, and nobody who asks
		if rel == other {
			by = of
		}
		if th.request, err = m.s.svc.PrepareSubject(t.Context(), by, th.kase, "1", "by letter"); err != nil {
			t.Fatal(err)
		}
		if c, err = m.s.svc.AddCover(t.Context(), of, things[rel].person, spare.ID, time.Time{}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		th.cover2 = c.ID
		things[rel] = th
	}
	if err := m.s.svc.Restrict(t.Context(), m.s.manager, "c-secret", []kerbside.UserID{m.s.manager.ID}); err != nil {
		t.Fatal(err)
	}
	for _, role := range kerbside.Roles() {
		for rel, th := range things {
			m.things[rel][role] = th
		}
		if role != kerbside.RoleAdmin {
			m.things[own][role] = m.thing(m.users[role], m.people[role], kerbside.CaseID("c-own-"+string(role)))
		} else {
			m.things[own][role] = thing{}
		}
		m.account(role)
	}
	return m
}

func (m *matrix) join(name string, role kerbside.Role, of kerbside.TeamID) (kerbside.User, *person) {
	m.s.t.Helper()
	token, u, err := m.s.svc.Invite(m.s.t.Context(), m.s.admin, service.PersonInput{Name: name, Role: role, Team: of})
	if err != nil {
		m.s.t.Fatal(err)
	}
	return u, m.s.signIn(m.s.url + "/signin/" + token)
}

func (m *matrix) cases(near, away, secret kerbside.User) {
	m.s.t.Helper()
	cases := map[kerbside.CaseID]kerbside.UserID{"c-near": near.ID, "c-far": away.ID, "c-secret": secret.ID}
	for role, u := range m.users {
		cases[kerbside.CaseID("c-own-"+string(role))] = u.ID
	}
	err := m.s.db.Update(m.s.t.Context(), func(tx kerbside.Tx) error {
		for id, worker := range cases {
			if err := tx.PutCase(kerbside.Case{Org: near.Org, ID: id, Name: string(id), Worker: worker, People: []kerbside.Person{{ID: "1", Name: "Jaden", Role: "child"}}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.s.t.Fatal(err)
	}
}

// thing makes a visit with sound and words, and a recording under way.
func (m *matrix) thing(u kerbside.User, p *person, kase kerbside.CaseID) thing {
	t := m.s.t
	t.Helper()
	rec, err := m.s.svc.UploadFile(t.Context(), u, service.RecordingInput{Name: "a.wav", Date: "2026-03-03"}, strings.NewReader("sound of "+u.Name))
	if err != nil {
		t.Fatal(err)
	}
	v := p.await(string(rec.Visit), "drafted")
	open, err := m.s.svc.StartRecording(t.Context(), u, service.RecordingInput{Visit: rec.Visit, Kind: kerbside.KindDebrief})
	if err != nil {
		t.Fatal(err)
	}
	err = m.s.db.Update(t.Context(), func(tx kerbside.Tx) error {
		v, err := tx.Visit(u.Org, rec.Visit)
		if err != nil {
			return err
		}
		v.Case = kase
		return tx.PutVisit(v)
	})
	if err != nil {
		t.Fatal(err)
	}
	words := v.Transcripts[0].Transcript
	return thing{visit: string(rec.Visit), sound: string(rec.ID), open: string(open.ID), person: u.ID, kase: kase, transcript: words.ID, first: words.Words[0].ID, last: words.Words[1].ID}
}

// elsewhere is another organisation in the same database.
func (m *matrix) elsewhere() thing {
	t := m.s.t
	t.Helper()
	th := thing{visit: "v-elsewhere", sound: "r-elsewhere", open: "r-elsewhere-2", person: "u-elsewhere", kase: "c-elsewhere", cover: "e-elsewhere", cover2: "e-elsewhere", request: "sa-elsewhere", transcript: "t-elsewhere", first: "w1", last: "w2"}
	now := time.Now()
	err := m.s.db.Update(t.Context(), func(tx kerbside.Tx) error {
		for _, err := range []error{
			tx.PutOrganisation(kerbside.Organisation{ID: "o-elsewhere", Name: "Elsewhere"}),
			tx.PutUser(kerbside.User{ID: th.person, Org: "o-elsewhere", Name: "Elsewhere", Role: kerbside.RoleWorker}),
			tx.PutCase(kerbside.Case{ID: th.kase, Org: "o-elsewhere", Name: "Elsewhere"}),
			tx.PutVisit(kerbside.Visit{ID: kerbside.VisitID(th.visit), Org: "o-elsewhere", Worker: th.person, State: kerbside.VisitDrafted, CreatedAt: now, UpdatedAt: now}),
			tx.PutRecording(kerbside.Recording{ID: kerbside.RecordingID(th.sound), Org: "o-elsewhere", Visit: kerbside.VisitID(th.visit), ClientID: "a", Kind: kerbside.KindDebrief, State: kerbside.RecordingSafe, CreatedAt: now}),
			tx.PutRecording(kerbside.Recording{ID: kerbside.RecordingID(th.open), Org: "o-elsewhere", Visit: kerbside.VisitID(th.visit), ClientID: "b", Kind: kerbside.KindDebrief, State: kerbside.RecordingOpen, CreatedAt: now}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// account gives a person of each role a second session, a passkey and a token, to end, remove and revoke.
func (m *matrix) account(role kerbside.Role) {
	t := m.s.t
	t.Helper()
	u, now := m.users[role], time.Now()
	th := m.things[own][role]
	th.session, th.passkey, th.token = "n-"+string(role), "k-"+string(role), "b-"+string(role)
	err := m.s.db.Update(t.Context(), func(tx kerbside.Tx) error {
		for _, err := range []error{
			tx.AddSession("hash of "+string(role), kerbside.Session{ID: th.session, Org: u.Org, User: u.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}),
			tx.PutPasskey(kerbside.Passkey{ID: th.passkey, Org: u.Org, User: u.ID, Name: "x", Credential: []byte(`{"id":"AA=="}`), CreatedAt: now}),
			tx.PutAPIToken("token of "+string(role), kerbside.APIToken{ID: th.token, Org: u.Org, User: u.ID, Name: "x", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m.things[own][role] = th
}
