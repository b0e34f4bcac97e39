package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kerbside"
	"kerbside/web"
)

func TestSignIn(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	path := strings.TrimPrefix(s.link, s.url)
	p := s.nobody()
	// A link preview opens the link, and again, and spends nothing.
	for range 2 {
		p.want(p.get(path), http.StatusOK)
	}
	a := p.want(p.post(path, nil), http.StatusSeeOther)
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	p.want(p.get("/"), http.StatusOK)
	second := s.nobody()
	second.want(second.post(path, nil), http.StatusForbidden)
	second.want(second.get("/api/me"), http.StatusUnauthorized)
	p.want(p.post("/signout", nil), http.StatusSeeOther)
	p.want(p.get("/api/me"), http.StatusUnauthorized)
}

// TestWithoutScript goes through a visit with forms only.
func TestWithoutScript(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note(dictation)
	page := worker.want(worker.get("/visits/"+id+"?audience=family"), http.StatusOK).body
	for _, want := range []string{"Jaden was seen alone.", "Was Jaden&#39;s bedroom seen?", `id="panel-family" data-panel="family">`, `id="panel-case-record" data-panel="case-record" hidden`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}

	worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"not there"}, "new": {"x"}}), http.StatusBadRequest)
	worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"jaden"}, "new": {"Jayden"}}), http.StatusSeeOther)
	worker.await(id, "drafted")
	// "school" stands there twice: the page asks which.
	asked := worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"school"}, "new": {"college"}}), http.StatusOK).body
	places := regexp.MustCompile(`name="place" value="([^"]+)"`).FindAllStringSubmatch(asked, -1)
	if len(places) != 2 {
		t.Fatalf("%d places, want 2: %s", len(places), asked)
	}
	worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"school"}, "new": {"college"}, "place": {places[0][1]}}), http.StatusSeeOther)
	v := worker.await(id, "drafted")
	if text := v.Transcripts[0].Transcript.Text; !strings.Contains(text, "saw Jayden alone") || !strings.Contains(text, "his new college.") || !strings.Contains(text, "the school nurse") {
		t.Fatalf("after the corrections: %s", text)
	}

	worker.want(worker.post("/visits/"+id+"/statements", url.Values{"question": {"bedroom_seen/p1"}, "answer": {"yes"}}), http.StatusSeeOther)
	v = worker.await(id, "drafted")
	for _, o := range v.Open {
		if strings.HasPrefix(o.ID, "bedroom_seen") {
			t.Error("the question is still open")
		}
	}
	if page = worker.get("/visits/" + id).body; !strings.Contains(page, "Jayden&#39;s bedroom was seen.") {
		t.Error("the answer does not stand on the page")
	}
	worker.want(worker.post("/visits/"+id+"/statements", url.Values{"question": {"bedroom_seen/p1"}, "answer": {"no"}}), http.StatusConflict)

	form := url.Values{}
	for _, c := range v.Covers {
		form.Add("cover", string(c.Document)+" "+c.SHA256)
	}
	worker.want(worker.post("/visits/"+id+"/approve", form), http.StatusBadRequest) // whether a child was seen is not confirmed
	for _, o := range v.Open {
		if o.Kind == "critical" {
			form.Add("confirm", o.ID)
		}
	}
	worker.want(worker.post("/visits/"+id+"/approve", form), http.StatusSeeOther)
	reviewer := s.signIn(s.invite("Imani Clarke", kerbside.RoleReviewer))
	if home := reviewer.get("/").body; !strings.Contains(home, "/visits/"+id) {
		t.Error("the visit does not wait in the reviewer's queue")
	}
	returned := url.Values{"action": {"return"}, "cover": form["cover"]}
	reviewer.want(reviewer.post("/visits/"+id+"/review", returned), http.StatusBadRequest) // without a reason
	returned.Set("comment", "Please say who else was there.")
	reviewer.want(reviewer.post("/visits/"+id+"/review", returned), http.StatusSeeOther)
	if page = worker.get("/visits/" + id).body; !strings.Contains(page, "Please say who else was there.") {
		t.Error("the worker does not see why")
	}
	worker.want(worker.post("/visits/"+id+"/approve", form), http.StatusSeeOther)
	form.Set("action", "review")
	worker.want(worker.post("/visits/"+id+"/review", form), http.StatusForbidden) // not by the one who approved
	reviewer.want(reviewer.post("/visits/"+id+"/review", form), http.StatusSeeOther)
	worker.await(id, "locked")
	worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"Mum"}, "new": {"Dad"}}), http.StatusConflict)

	a := worker.want(worker.get("/visits/"+id+"/drafts/case-record?format=text"), http.StatusOK)
	if !strings.Contains(a.body, "Jayden was seen alone.") || strings.Contains(a.header.Get("Content-Disposition"), "Jayden") {
		t.Errorf("download: %v %s", a.header, a.body)
	}
	if name := a.header.Get("Content-Disposition"); !strings.Contains(name, "-case-record.txt") || strings.Contains(name, "draft") {
		t.Errorf("the name of what is approved: %s", name)
	}
	for format, kind := range map[string]string{"docx": "wordprocessingml", "pdf": "application/pdf", "html": "text/html", "json": "application/json", "markdown": "text/markdown"} {
		if a := worker.want(worker.get("/visits/"+id+"/drafts/family?citations=1&format="+format), http.StatusOK); !strings.Contains(a.header.Get("Content-Type"), kind) {
			t.Errorf("%s is sent as %s", format, a.header.Get("Content-Type"))
		}
	}
	a = worker.want(worker.get("/visits/"+id+"/bundle"), http.StatusOK)
	if !strings.Contains(a.header.Get("Content-Disposition"), "-bundle.zip") || !strings.Contains(a.body, "approved=true") {
		t.Errorf("bundle: %v %s", a.header, a.body)
	}

	// Entered in the case system: ticked off, and taken back.
	shown := regexp.MustCompile(`name="document" value="([^"]+)"`).FindStringSubmatch(worker.get("/visits/" + id).body)
	if shown == nil {
		t.Fatal("nothing to tick off")
	}
	tick := url.Values{"document": {shown[1]}, "on": {"2026-03-04"}, "audience": {"case-record"}}
	reviewer.want(reviewer.post("/visits/"+id+"/entered", tick), http.StatusForbidden)
	worker.want(worker.post("/visits/"+id+"/entered", url.Values{"document": {"d-none"}}), http.StatusConflict)
	worker.want(worker.post("/visits/"+id+"/entered", url.Values{"document": tick["document"], "on": {"soon"}}), http.StatusBadRequest)
	worker.want(worker.post("/visits/"+id+"/entered", tick), http.StatusSeeOther)
	worker.want(worker.post("/visits/"+id+"/entered", tick), http.StatusConflict)
	if page = worker.get("/visits/" + id).body; !strings.Contains(page, "Entered in the case system</span> <span class=\"quiet small\">Wednesday 4 March 2026, ") || !strings.Contains(page, "entered a draft in the case system") {
		t.Error("the tick does not show")
	}
	worker.want(worker.post("/visits/"+id+"/entered", url.Values{"document": tick["document"], "undo": {"1"}}), http.StatusSeeOther)
	if page = worker.get("/visits/" + id).body; strings.Contains(page, "Wednesday 4 March 2026, ") {
		t.Error("the tick that was taken back still shows")
	}
	worker.want(worker.get("/visits/"+id+"/drafts/case-record?format=exe"), http.StatusBadRequest)
	worker.want(worker.get("/visits/"+id+"/drafts/nobody?format=text"), http.StatusBadRequest)
}

// What is withheld is shown to its worker with the reason, released only with one, and put back; without a script.
func TestRelease(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note(dictation)
	v := worker.await(id, "drafted")
	path, item := "", ""
	for _, d := range v.Drafts {
		if len(d.Draft.Withheld) > 0 {
			path, item = "/visits/"+id+"/drafts/"+string(d.Draft.Audience)+"/release", d.Draft.Withheld[0].Item
		}
	}
	if item == "" {
		t.Fatal("nothing is withheld from anybody")
	}
	if page := worker.get("/visits/" + id).body; !strings.Contains(page, `value="`+item+`"`) || !strings.Contains(page, "Why this reader may see it") {
		t.Error("the page does not offer to show it")
	}
	worker.want(worker.post(path, url.Values{"item": {item}}), http.StatusBadRequest) // without a reason
	worker.want(worker.post(path, url.Values{"item": {"x"}, "reason": {"why"}}), http.StatusConflict)
	worker.want(worker.post(path, url.Values{"item": {item}, "reason": {"He was there when it was said."}}), http.StatusSeeOther)
	worker.await(id, "drafted")
	if page := worker.get("/visits/" + id).body; !strings.Contains(page, "He was there when it was said.") || !strings.Contains(page, "Withhold again") {
		t.Error("the release does not stand on the page")
	}
	worker.want(worker.post(path, url.Values{"item": {item}, "undo": {"1"}}), http.StatusSeeOther)
	worker.await(id, "drafted")
	if page := worker.get("/visits/" + id).body; strings.Contains(page, "He was there when it was said.") && strings.Contains(page, "Withhold again") {
		t.Error("the release still stands")
	}
	reviewer := s.signIn(s.invite("Imani Clarke", kerbside.RoleReviewer))
	reviewer.want(reviewer.post(path, url.Values{"item": {item}, "reason": {"why"}}), http.StatusForbidden)
	worker.want(worker.post("/visits/"+id+"/drafts/press/include", url.Values{"item": {item}}), http.StatusBadRequest)
	worker.want(worker.post("/visits/"+id+"/drafts/court/include", url.Values{"item": {"x"}}), http.StatusConflict)
}

func TestUpload(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	body := func(name string, content []byte) (*bytes.Buffer, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		if err := m.WriteField("kind", "debrief"); err != nil {
			t.Fatal(err)
		}
		if err := m.WriteField("date", "2026-03-03"); err != nil {
			t.Fatal(err)
		}
		if name != "" {
			f, err := m.CreateFormFile("file", name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write(content); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		return &b, m.FormDataContentType()
	}
	sound := hum(1)
	b, kind := body("memo.wav", sound)
	a := worker.want(worker.do(http.MethodPost, "/upload", b, "Content-Type", kind), http.StatusSeeOther)
	id := strings.TrimPrefix(a.header.Get("Location"), "/visits/")
	v := worker.await(id, "drafted")
	if v.Recordings[0].SHA256 != kerbside.HexSHA256(sound) {
		t.Error("the hash is not that of the file")
	}
	part := worker.do(http.MethodGet, "/recordings/"+v.Recordings[0].ID+"/audio", nil, "Range", "bytes=0-3")
	worker.want(part, http.StatusPartialContent)
	if part.body != "RIFF" || part.header.Get("Content-Type") != "audio/wav" {
		t.Errorf("the sound begins with %q, %s", part.body, part.header.Get("Content-Type"))
	}
	b, kind = body("", nil)
	worker.want(worker.do(http.MethodPost, "/upload", b, "Content-Type", kind), http.StatusBadRequest)
	b, kind = body("empty.wav", nil)
	worker.want(worker.do(http.MethodPost, "/api/uploads", b, "Content-Type", kind), http.StatusBadRequest)
	worker.want(worker.do(http.MethodPost, "/api/uploads", strings.NewReader("--x\r\n"), "Content-Type", "multipart/form-data; boundary=x"), http.StatusBadRequest)
}

func TestRecordingAPI(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	start := map[string]string{"client_id": "phone-1", "kind": "debrief", "date": "2026-03-03"}
	var rec struct{ ID, Visit, State, SHA256 string }
	worker.want(worker.json(http.MethodPost, "/api/recordings", start, &rec), http.StatusOK)
	first := rec.ID
	worker.want(worker.json(http.MethodPost, "/api/recordings", start, &rec), http.StatusOK)
	if rec.ID != first || rec.State != "open" {
		t.Fatalf("the same client id gave %+v after %s", rec, first)
	}
	chunk := func(take, seq string, content string) answer {
		return worker.do(http.MethodPut, "/api/recordings/"+first+"/takes/"+take+"/chunks/"+seq, strings.NewReader(content), "X-Content-SHA256", kerbside.HexSHA256([]byte(content)))
	}
	worker.want(chunk("1", "0", "one"), http.StatusOK)
	worker.want(chunk("1", "0", "one"), http.StatusOK)
	worker.want(chunk("1", "0", "other"), http.StatusConflict)
	worker.want(chunk("1", "1", "two"), http.StatusOK)
	worker.want(chunk("2", "0", "three"), http.StatusOK)
	for _, bad := range [][2]string{{"0", "0"}, {"1", "-1"}, {"1", "x"}, {"01", "0"}, {"1", "99999999999999999999"}} {
		worker.want(chunk(bad[0], bad[1], "x"), http.StatusBadRequest)
	}
	worker.want(worker.do(http.MethodPut, "/api/recordings/"+first+"/takes/1/chunks/2", strings.NewReader("x"), "X-Content-SHA256", kerbside.HexSHA256([]byte("y"))), http.StatusBadRequest)
	worker.want(worker.do(http.MethodPut, "/api/recordings/"+first+"/takes/1/chunks/2", strings.NewReader("x")), http.StatusBadRequest)
	big := strings.Repeat("x", 9<<20)
	worker.want(chunk("1", "2", big), http.StatusRequestEntityTooLarge)

	stranger := s.signIn(s.invite("Sam Birch", kerbside.RoleWorker))
	stranger.want(stranger.json(http.MethodPost, "/api/recordings/"+first+"/finish", map[string]string{"sha256": kerbside.HexSHA256([]byte("onetwothree"))}, nil), http.StatusNotFound)

	worker.want(worker.json(http.MethodPost, "/api/recordings/"+first+"/finish", map[string]string{"sha256": kerbside.HexSHA256([]byte("onetwo"))}, nil), http.StatusConflict)
	worker.want(worker.json(http.MethodPost, "/api/recordings/"+first+"/finish", map[string]string{"sha256": kerbside.HexSHA256([]byte("onetwothree"))}, &rec), http.StatusOK)
	if rec.State != "safe" || rec.SHA256 != kerbside.HexSHA256([]byte("onetwothree")) {
		t.Fatalf("finished: %+v", rec)
	}
	worker.await(rec.Visit, "drafted")
}

func TestAccess(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note(dictation)
	other := s.signIn(s.invite("Sam Birch", kerbside.RoleWorker))
	admin := s.signIn(s.invite("Ola Field", kerbside.RoleAdmin))
	reviewer := s.signIn(s.invite("Imani Clarke", kerbside.RoleReviewer))
	nobody := s.nobody()
	pages := []string{"/visits/" + id, "/api/visits/" + id, "/visits/" + id + "/events", "/visits/" + id + "/drafts/family?format=text", "/api/visits/" + id + "/history", "/record?visit=" + id}
	for _, path := range pages {
		nobody.want(nobody.get(path), http.StatusUnauthorized)
		other.want(other.get(path), http.StatusNotFound)
		if a := admin.get(path); a.status < 400 || strings.Contains(a.body, "Jaden") {
			t.Errorf("an administrator gets %d for %s", a.status, path)
		}
	}
	correction := url.Values{"old": {"Jaden"}, "new": {"Jayden"}}
	nobody.want(nobody.post("/visits/"+id+"/corrections", correction), http.StatusUnauthorized)
	other.want(other.post("/visits/"+id+"/corrections", correction), http.StatusNotFound)
	reviewer.want(reviewer.post("/visits/"+id+"/corrections", correction), http.StatusForbidden)
	worker.want(worker.get("/people"), http.StatusForbidden)
	worker.want(worker.post("/people", url.Values{"name": {"X"}, "role": {"manager"}}), http.StatusForbidden)
	admin.want(admin.get("/"), http.StatusSeeOther)
	if home := admin.want(admin.get("/admin"), http.StatusOK).body; strings.Contains(home, id) {
		t.Error("an administrator sees visits")
	}
	for path, status := range map[string]int{"/nowhere": http.StatusNotFound, "/visits/none": http.StatusNotFound, "/recordings/none/audio": http.StatusNotFound, "/static/x/app.css": http.StatusNotFound, "/api/none": http.StatusNotFound, "/healthz": http.StatusOK} {
		worker.want(worker.get(path), status)
	}
	if a := worker.get("/api/none"); a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the API's error is %s", a.header.Get("Content-Type"))
	}
}

func TestPeople(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	manager := s.signIn(s.link)
	a := manager.want(manager.post("/people", url.Values{"name": {"Robin Ashdown"}, "role": {"worker"}}), http.StatusOK)
	link := regexp.MustCompile(`id="link">([^<]+)<`).FindStringSubmatch(a.body)
	if link == nil {
		t.Fatalf("no link: %s", a.body)
	}
	worker := s.signIn(link[1])
	worker.want(worker.get("/"), http.StatusOK)
	list := manager.want(manager.get("/people"), http.StatusOK).body
	if !strings.Contains(list, "Robin Ashdown") || strings.Contains(list, "/signin/") {
		t.Error("the list lacks the person, or shows a link")
	}
	form := regexp.MustCompile(`action="(/people/[^"]+/link)"`).FindAllStringSubmatch(list, -1)
	if len(form) < 2 {
		t.Fatalf("no forms for new links: %s", list)
	}
	manager.want(manager.post(form[1][1], nil), http.StatusOK)
	manager.want(manager.post("/people", url.Values{"name": {""}, "role": {"worker"}}), http.StatusBadRequest)
	manager.want(manager.post("/people", url.Values{"name": {"X"}, "role": {"king"}}), http.StatusBadRequest)
}

func TestCrossSite(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"}} {
		for _, path := range []string{"/note", "/signout", "/people", "/api/recordings", "/api/visits/x/approve"} {
			a := worker.do(http.MethodPost, path, strings.NewReader("text=x"), "Content-Type", "application/x-www-form-urlencoded", header[0], header[1])
			worker.want(a, http.StatusForbidden)
		}
	}
	worker.want(worker.do(http.MethodPost, "/note", strings.NewReader("text=Seen+at+home."), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"), http.StatusSeeOther)
	worker.want(worker.get("/api/me"), http.StatusOK) // still signed in
}

func TestHeaders(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	p := s.nobody()
	for _, path := range []string{"/signin", "/nowhere", "/api/me", "/healthz", "/manifest.webmanifest"} {
		h := p.get(path).header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "microphone=(self)", "Cache-Control": "no-store",
		} {
			if !strings.HasPrefix(h.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: the policy allows what is unsafe", path)
		}
	}
	css := regexp.MustCompile(`href="(/static/[^"]+app\.css)"`).FindStringSubmatch(p.get("/signin").body)
	if css == nil {
		t.Fatal("no style sheet")
	}
	a := p.want(p.get(css[1]), http.StatusOK)
	if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Errorf("the style sheet is served as %v", a.header)
	}
}

// TestHostileText types markup, right-to-left text and emoji wherever a person can, and reads them back inert.
func TestHostileText(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite(`<img src=x onerror=alert(1)>`, kerbside.RoleWorker))
	words := "<script>alert(1)</script> \u202eمرحبا 🙂 \"quoted\" &amp; {{.}} ${1}"
	id := worker.note(dictation + " " + words)
	worker.want(worker.post("/visits/"+id+"/corrections", url.Values{"old": {"Jaden"}, "new": {`"><svg/onload=alert(2)>`}}), http.StatusSeeOther)
	worker.await(id, "drafted")
	worker.want(worker.post("/visits/"+id+"/statements", url.Values{"text": {"<b>bold</b>"}}), http.StatusSeeOther)
	worker.await(id, "drafted")
	page := worker.want(worker.get("/visits/"+id), http.StatusOK).body
	for _, live := range []string{"<script>alert", "<svg/onload", "<img src=x", "<b>bold"} {
		if strings.Contains(page, live) {
			t.Errorf("%q is live", live)
		}
	}
	for _, inert := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "مرحبا", "🙂", "{{.}}"} {
		if !strings.Contains(page, inert) {
			t.Errorf("%q is lost", inert)
		}
	}
}

// TestErrorsSayNothingSpoken holds that neither an error's page nor an address repeats what was typed.
func TestErrorsSayNothingSpoken(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note(dictation)
	for _, a := range []answer{
		worker.post("/visits/"+id+"/corrections", url.Values{"old": {"Zebedee"}, "new": {"Zachary"}}),
		worker.do(http.MethodPost, "/api/visits/"+id+"/notes", strings.NewReader(`{"text": "Zebedee", "Zachary": 1}`), "Content-Type", "application/json"),
		worker.do(http.MethodPost, "/api/visits/"+id+"/notes", strings.NewReader(`{"text": Zebedee`), "Content-Type", "application/json"),
	} {
		worker.want(a, http.StatusBadRequest)
		if strings.Contains(a.body, "Zebedee") || strings.Contains(a.body, "Zachary") {
			t.Errorf("an error repeats what was typed: %s", a.body)
		}
	}
	big := url.Values{"text": {strings.Repeat("word ", 1<<19)}}
	worker.want(worker.post("/note", big), http.StatusRequestEntityTooLarge)
}

// TestLogHoldsNobody: what goes wrong is logged by route, code and place; newSite holds every test's log and metrics against the planted words.
func TestLogHoldsNobody(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note(dictation)
	worker.want(worker.do(http.MethodPost, "/api/visits/"+id+"/corrections", strings.NewReader(`{"transcript":"Jaden","first_word":"w1","last_word":"w1","old":"Jaden","new":"Zebedee"}`), "Content-Type", "application/json"), http.StatusNotFound)
	for _, want := range []string{`"msg":"request failed"`, `"route":"POST /api/visits/{id}/corrections"`, `"code":"not_found"`, `"op":"service.Correct"`} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, s.log)
		}
	}
	if word, _ := leaked(s.log.String()); word != "" {
		t.Errorf("the log holds %q", word)
	}
	if word, _ := leaked(`{"msg":"request failed","old":"Jaden"}`); word != "Jaden" {
		t.Error("a planted word is not found")
	}
}

func TestSecureCookie(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	h, err := web.New(web.Config{Service: s.svc, BaseURL: "https://kerbside.example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	w := serve(h, http.MethodPost, strings.TrimPrefix(s.link, s.url), "", nil)
	if cookie := w.Header().Get("Set-Cookie"); w.Code != http.StatusSeeOther || !strings.Contains(cookie, "Secure") {
		t.Errorf("%d, cookie %q", w.Code, cookie)
	}
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

// FuzzAPI sends any method, path and body: nothing but a tidy answer may come back, and no fault of ours.
func FuzzAPI(f *testing.F) {
	s := newSite(f, &fakeExtractor{})
	p := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	u, err := url.Parse(s.url)
	if err != nil {
		f.Fatal(err)
	}
	cookies := p.c.Jar.Cookies(u)
	h, err := web.New(web.Config{Service: s.svc})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []struct{ method, path, body string }{
		{"POST", "/api/recordings", `{"client_id":"a","kind":"debrief"}`},
		{"POST", "/api/recordings", `{"client_id":["a"]}`},
		{"PUT", "/api/recordings/r/takes/1/chunks/0", "x"},
		{"POST", "/api/recordings/r/finish", `{"sha256":"0"}`},
		{"POST", "/api/visits/v/corrections", `{"transcript":"t","first_word":"w1","last_word":"w0","old":"a","new":"b"}`},
		{"POST", "/api/visits/v/approve", `{"covers":[{"document":"d","sha256":"x"}],"confirmed":[null]}`},
		{"GET", "/api/visits?list=%00", ""},
		{"GET", "/visits/%2e%2e%2f?audience=<", ""},
		{"POST", "/visits/v/review", "action=review&cover=a"},
		{"GET", "/static/../api.go", ""},
	} {
		f.Add(seed.method, seed.path, seed.body)
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		if _, err := http.NewRequestWithContext(t.Context(), method, path, nil); err != nil || !strings.HasPrefix(path, "/") {
			t.Skip("not a request")
		}
		w := serve(h, method, path, body, cookies)
		if w.Code >= 500 && w.Code != http.StatusNotImplemented {
			t.Errorf("%s %q: status %d: %s", method, path, w.Code, w.Body)
		}
		if w.Header().Get("Content-Type") == "application/problem+json" {
			var problem struct {
				Status int
				Detail string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || problem.Status != w.Code || problem.Detail == "" {
				t.Errorf("%s %q: problem %s (%v)", method, path, w.Body, err)
			}
		}
	})
}

func TestEvents(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	id := worker.note(dictation)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/visits/"+id+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := worker.c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatal(got)
	}
	var seen string
	buf := make([]byte, 512)
	for !strings.Contains(seen, "data: ") {
		n, err := res.Body.Read(buf)
		if err != nil {
			t.Fatalf("%v after %q", err, seen)
		}
		seen += string(buf[:n])
	}
	if !strings.Contains(seen, `"state":"drafted"`) {
		t.Error(fmt.Sprint("the first news is ", seen))
	}
}
