package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/service"
)

// TestAdministration goes through what an administrator looks after, as one, and sees that nothing of a visit stands there.
func TestAdministration(t *testing.T) {
	fake := &fakeInstallation{}
	s := newSiteWith(t, &fakeExtractor{}, func(d *service.Deps) { d.Installation = fake })
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	worker.note("I saw Jaden alone in his room.")
	token, err := s.svc.NewLink(t.Context(), s.admin, s.admin.ID)
	if err != nil {
		t.Fatal(err)
	}
	admin := s.signIn(s.url + "/signin/" + token)
	page := func(path string, wants ...string) string {
		t.Helper()
		body := admin.want(admin.get(path), http.StatusOK).body
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not show %q: %s", path, want, body)
			}
		}
		for _, never := range []string{"Jaden", "alone in his room"} {
			if strings.Contains(body, never) {
				t.Errorf("%s shows an administrator %q", path, never)
			}
		}
		return body
	}
	if a := admin.get("/"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/admin" {
		t.Errorf("the first page of an administrator: %d %s", a.status, a.header.Get("Location"))
	}
	page("/admin", "/admin/terms", "/admin/health", "/people")

	page("/admin/templates", "What we talked about", "no faults", "court.tmpl")
	fake.faults = []string{"court.tmpl:3: no such field"}
	page("/admin/templates", "court.tmpl:3: no such field")
	if body := page("/admin/templates/family", "## What we talked about"); strings.Contains(body, "<script>alert") {
		t.Error("a template's text is live")
	}
	admin.want(admin.get("/admin/templates/none"), http.StatusNotFound)

	page("/admin/models", "base-q8_0", "Missing", "82 MB")
	if body := admin.want(admin.post("/admin/models/check", nil), http.StatusOK).body; !strings.Contains(body, "Checksum fits") {
		t.Errorf("the models after reading them: %s", body)
	}

	page("/admin/language-model", "None is used")
	admin.want(admin.post("/admin/language-model/test", nil), http.StatusBadRequest)
	if fake.sent.Load() != 0 {
		t.Error("something was sent though nothing is configured")
	}
	fake.language = service.LanguageModelInfo{Address: "127.0.0.1:8080", Model: "gemma", Use: "proposes beside the rules"}
	page("/admin/language-model", "127.0.0.1:8080", service.HarmlessSentence)
	if body := admin.want(admin.post("/admin/language-model/test", nil), http.StatusOK).body; !strings.Contains(body, "It answered in 1 s") || !strings.Contains(body, "The weather.") {
		t.Errorf("the test: %s", body)
	}
	fake.fails = true
	if body := admin.want(admin.post("/admin/language-model/test", nil), http.StatusOK).body; !strings.Contains(body, "It did not answer. The language model could not be used.") {
		t.Errorf("the test that fails: %s", body)
	}

	page("/admin/health", "whisper.cpp 1.9.1", "3 GB free of 40 GB", "Nobody had everything read yet", "1 recording")
	admin.want(admin.post("/admin/health/read", nil), http.StatusSeeOther)
	for range 200 {
		if body := admin.get("/admin/health").body; strings.Contains(body, "3 blobs and 9 documents read, 1 faults") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	page("/admin/health", "3 blobs and 9 documents read, 1 faults", "damaged: recording r-9")

	all := page("/admin/audit", "try language model", "check models", "read all", "Robin Ashdown")
	if strings.Contains(page("/admin/audit?what=check_models"), "<td>read all</td>") || !strings.Contains(all, "<td>read all</td>") {
		t.Error("the log is not narrowed by what was done")
	}
	today := time.Now().Format(time.DateOnly)
	page("/admin/audit?from="+today+"&to="+today, "check models")
	page("/admin/audit?to=2020-01-01", "No entry fits")
	page("/admin/audit?who="+string(s.admin.ID)+"&what=read", "No entry fits")
	admin.want(admin.get("/admin/audit?from=yesterday"), http.StatusBadRequest)
	if body := admin.want(admin.post("/admin/audit/verify", nil), http.StatusOK).body; !strings.Contains(body, "no faults") {
		t.Errorf("the log does not verify: %s", body)
	}
	heads := admin.want(admin.get("/admin/audit/heads"), http.StatusOK)
	if !strings.Contains(heads.body, audit.HeadMark+"\nkerbside-audit/") || !strings.HasPrefix(heads.body, "-- verifier\nkerbside-audit+") || !strings.Contains(heads.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the signed heads: %v %s", heads.header, heads.body)
	}
}

// TestTerms: the organisation's terms are a manager's and an administrator's, a case's those of whoever works on it; engines are told of both.
func TestTerms(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	manager := s.signIn(s.link)
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	manager.want(manager.post("/cases", nil), http.StatusBadRequest)
	if _, err := s.svc.ImportCases(t.Context(), s.manager, strings.NewReader("case_id,case_name,worker\nc-1,Parker,Robin Ashdown\n"), false); err != nil {
		t.Fatal(err)
	}
	rows, err := s.svc.Cases(t.Context(), s.manager)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	parker := "/cases/" + string(rows[0].Case.ID) + "/terms"
	form := func(text, kind string) url.Values { return url.Values{"text": {text}, "kind": {kind}} }
	worker.want(worker.get("/admin/terms"), http.StatusForbidden)
	worker.want(worker.post("/admin/terms", form("CAMHS", "abbreviation")), http.StatusForbidden)
	manager.want(manager.post("/admin/terms", form(" CAMHS ", "abbreviation")), http.StatusSeeOther)
	manager.want(manager.post("/admin/terms", form("camhs", "other")), http.StatusConflict)
	manager.want(manager.post("/admin/terms", form("EHCP", "nonsense")), http.StatusBadRequest)
	manager.want(manager.post("/admin/terms", form("x", "other")), http.StatusBadRequest)
	page := manager.want(manager.get("/admin/terms"), http.StatusOK).body
	_, rest, ok := strings.Cut(page, `name="term" value="`)
	if !ok || !strings.Contains(page, "<strong>CAMHS</strong>") {
		t.Fatalf("the term does not stand there: %s", page)
	}
	id, _, _ := strings.Cut(rest, `"`)
	manager.want(manager.post("/admin/terms/retire", url.Values{"term": {id}}), http.StatusSeeOther)
	manager.want(manager.post("/admin/terms/retire", url.Values{"term": {id}}), http.StatusConflict)
	if page = manager.want(manager.get("/admin/terms"), http.StatusOK).body; !strings.Contains(page, "Retired (1)") || !strings.Contains(page, "retired by First manager") {
		t.Errorf("the retired term does not stand there: %s", page)
	}
	manager.want(manager.post("/admin/terms", form("CAMHS", "service")), http.StatusSeeOther) // again, otherwise spelt or sorted

	worker.want(worker.post(parker, form("Tansy", "person")), http.StatusSeeOther)
	if page = worker.want(worker.get(parker), http.StatusOK).body; !strings.Contains(page, "<strong>Tansy</strong>") || strings.Contains(page, "CAMHS") {
		t.Errorf("the case's terms: %s", page)
	}
	stranger := s.signIn(s.invite("Wren Hale", kerbside.RoleWorker))
	stranger.want(stranger.get(parker), http.StatusNotFound)
	stranger.want(stranger.post(parker, form("Other", "person")), http.StatusNotFound)
}
