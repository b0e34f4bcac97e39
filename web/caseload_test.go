package web_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
	"kerbside/web/webtest"
)

// withCase gives a worker, their manager, a case and its visit.
func withCase(t *testing.T, s *site) (worker, manager string, id kerbside.CaseID, visit string) {
	t.Helper()
	worker, manager = s.invite("Robin Ashdown", kerbside.RoleWorker), s.link
	file := "case_id,case_name,plan,worker,visit_interval_days,visit_due,person_name,role\nN/1,Linden family,CP,Robin Ashdown,14,2026-03-01,Jaden Linden,child\nN/1,,,,,,Mo Linden,mother\n"
	if _, err := s.svc.ImportCases(t.Context(), s.manager, strings.NewReader(file), false); err != nil {
		t.Fatal(err)
	}
	rows, err := s.svc.Cases(t.Context(), s.manager)
	if err != nil {
		t.Fatal(err)
	}
	id = rows[0].Case.ID
	u := s.person("Robin Ashdown")
	rec, err := s.svc.UploadFile(t.Context(), u, service.RecordingInput{Name: "a.wav", Date: "2026-03-03", Case: id}, strings.NewReader("sound"))
	if err != nil {
		t.Fatal(err)
	}
	visit = string(rec.Visit)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		v, err := s.svc.Visit(t.Context(), u, rec.Visit)
		if err != nil || time.Now().After(end) {
			t.Fatal("the drafts do not come", err)
		}
		if v.Visit.State == kerbside.VisitDrafted && v.Visit.Case == id {
			return worker, manager, id, visit
		}
	}
}

func (s *site) person(name string) (found kerbside.User) {
	s.t.Helper()
	people, err := s.svc.People(context.Background(), s.admin)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range people {
		if p.Name == name {
			found = p
		}
	}
	return found
}

// TestCaseloadPages goes to each page over many visits in a real browser, filled and empty, and holds it against the rules of accessibility, in light and dark,
// and against its width.
func TestCaseloadPages(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker, manager, id, visit := withCase(t, s)
	b := webtest.Start(t, "")
	w := b.Person()
	w.Shots = os.Getenv("KERBSIDE_SHOTS")
	at := func(w *webtest.Window, name, path, shown string) {
		t.Helper()
		w.Open("open "+name, s.url+path)
		w.Until(20*time.Second, name+" is there", shown)
		w.Shoot(name)
		for _, width := range []int64{320, 2560} {
			if over := w.Overflow(width); over > 0 {
				t.Errorf("%s: at %d px the page is %d px too wide", name, width, over)
			}
		}
	}
	enter := func(w *webtest.Window, link string) {
		w.Open("open the link", link)
		w.Click("press Sign in", "#sign-in")
		w.Until(20*time.Second, "the first page", `document.querySelector("#lists")`)
	}
	enter(w, worker)
	has := func(text string) string { return `document.querySelector("main").innerText.includes("` + text + `")` }
	base := "/cases/" + string(id)
	at(w, "alerts", "/", has("Visit overdue"))
	at(w, "brief", base, has("he likes his new school"))
	at(w, "timeline", base+"/timeline", `document.querySelectorAll(".timeline .mark").length >= 3`)
	at(w, "timeline-empty", base+"/timeline?gravity=grave", has("Nothing of that kind"))
	at(w, "mentions", base+"/people/0", has("Jaden Linden"))
	at(w, "mentions-none", base+"/people/1", has("names them"))
	at(w, "actions", "/actions", has("phone the school nurse"))
	at(w, "record-picks", "/record", has("Before you go in"))
	at(w, "record-for-case", "/record?case="+string(id), has("For: Linden family"))

	w.Open("open the brief", s.url+base)
	w.Click("go to the child's words", `.said-list .spot a`)
	w.Until(20*time.Second, "its words are lit, one tap from the sound", `document.querySelectorAll("[data-words] span.lit").length > 0 && !document.querySelector("#dock").hidden && !document.querySelector("#dock-play").hidden`)

	at(w, "search", "/search", has("What you look for is not kept"))
	w.Type("look for words", `[name=text]`, "school nurse")
	w.Press("by the keyboard", "Enter")
	w.Until(20*time.Second, "it is found, and shown where", `document.querySelectorAll("mark.found-word").length >= 2 && !location.search && `+has("1 visit, newest first"))
	w.Shoot("search-found")
	w.Type("look for what nobody said", `[name=text]`, "xylophone")
	w.Press("by the keyboard", "Enter")
	w.Until(20*time.Second, "it says that nothing fits", has("No visit fits"))
	w.Shoot("search-none")
	w.Type("look for nothing", `[name=text]`, "?")
	w.Press("by the keyboard", "Enter")
	w.Until(20*time.Second, "it says why it does not look", has("Type at least one whole word"))
	w.Shoot("search-refused")

	w.Open("the actions", s.url+"/actions")
	w.Click("tick one off", `form[action="/visits/`+visit+`/ticks"] button`)
	w.Until(20*time.Second, "it is done", has("Nothing is open"))
	w.Shoot("actions-none")

	m := b.Person()
	m.Shots = w.Shots
	enter(m, manager)
	at(m, "overview", "/overview", has("The figures"))
	at(m, "team-actions", "/actions?whose=team", has("Ticked off in the last two weeks"))
	m.Open("the first page", s.url+"/")
	m.Click("look after an alert", "#alerts button")
	m.Until(20*time.Second, "it says who does", has("Looked after (1)"))
	m.Shoot("alerts-seen")

	u := s.person("Robin Ashdown")
	for i, day := range []string{"2025-12-09", "2026-01-13", "2026-01-27", "2026-02-17"} {
		if _, err := s.svc.UploadFile(t.Context(), u, service.RecordingInput{Name: "b.wav", Date: day, Case: id}, strings.NewReader(strings.Repeat("more ", i+1))); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		v, err := s.svc.Visits(t.Context(), u, service.ListMine)
		if err != nil || time.Now().After(end) {
			t.Fatal("the drafts do not come", err)
		}
		if !slices.ContainsFunc(v, func(r service.VisitRow) bool { return r.Visit.State == kerbside.VisitProcessing }) {
			break
		}
	}
	at(w, "timeline-several", base+"/timeline", `document.querySelectorAll(".timeline .mark").length >= 10`)
	b.Quiet()
}

// TestCalendarDownload: what is open leaves as a calendar, and a form leads to no other site.
func TestCalendarDownload(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker, _, id, visit := withCase(t, s)
	p := s.signIn(worker)
	a := p.want(p.get("/actions.ics"), http.StatusOK)
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/calendar") || !strings.Contains(a.header.Get("Content-Disposition"), "attachment") || !strings.Contains(a.body, "phone the school nurse") {
		t.Errorf("%v %q", a.header, a.body)
	}
	brief := p.want(p.get("/cases/"+string(id)), http.StatusOK)
	for _, want := range []string{"he likes his new school", "What others were to do", "not yet approved", "/visits/" + visit + "?at="} {
		if !strings.Contains(brief.body, want) {
			t.Errorf("the brief lacks %q", want)
		}
	}
	_, action, _ := strings.Cut(brief.body, `name="action" value="`)
	action, _, _ = strings.Cut(action, `"`)
	for back, want := range map[string]string{"https://example.org/": "/actions", "//example.org": "/actions", "/cases/x": "/cases/x"} {
		form := url.Values{"action": {action}, "back": {back}}
		if want == "/cases/x" {
			form.Set("undo", "1")
		}
		if a := p.post("/visits/"+visit+"/ticks", form); a.status == http.StatusSeeOther && a.header.Get("Location") != want {
			t.Errorf("%q leads to %q", back, a.header.Get("Location"))
		}
	}
}
