package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
	"kerbside/draft"
	"kerbside/export"
	"kerbside/extract"
	"kerbside/prompts"
	"kerbside/service"
)

// realSite has the real engines but for sound, so that what the API hands out is held against the published schemas as it really is.
func realSite(t *testing.T) *site {
	t.Helper()
	rules, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	drafter, err := draft.New(set, draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newSiteWith(t, nil, func(d *service.Deps) {
		d.Transcriber, d.Extractor, d.Drafter, d.Exporter = &onceBroken{}, rules, omitting{drafter}, export.Exporter{Signer: d.Audit}
		d.Proposer = fakeProposer{}
	})
}

// onceBroken can make nothing of sound that is called broken, the first time.
type onceBroken struct {
	fakeTranscriber
	failed atomic.Bool
}

func (o *onceBroken) Transcribe(ctx context.Context, sound kerbside.Sound, w kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	b, err := io.ReadAll(sound.Reader)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(b, []byte("broken")) && !o.failed.Swap(true) {
		return nil, kerbside.E(kerbside.CodeInvalid, "web_test.Transcribe", "This is no sound.", nil)
	}
	sound.Reader = bytes.NewReader(b)
	return o.fakeTranscriber.Transcribe(ctx, sound, w, progress)
}

// omitting leaves an action out of the supervisor's draft until somebody puts it in.
type omitting struct{ kerbside.Drafter }

func (o omitting) Draft(ctx context.Context, r *kerbside.Record, sources []*kerbside.Source, w kerbside.DraftOptions) (*kerbside.Draft, error) {
	d, err := o.Drafter.Draft(ctx, r, sources, w)
	if err == nil && w.Audience == kerbside.AudienceSupervisor && len(r.Actions) > 0 && len(w.Include) == 0 {
		a := r.Actions[0]
		d.Omissions = append(d.Omissions, kerbside.Omission{Item: a.ID, Kind: "action", Text: a.Text, Evidence: a.Evidence})
	}
	return d, err
}

// caller makes requests of the API as a program or a person does.
type caller struct {
	*person
	t      *testing.T
	bearer string
}

func (c *caller) call(method, path, body string, status int, header ...string) answer {
	c.t.Helper()
	if c.bearer != "" {
		header = append(header, "Authorization", "Bearer "+c.bearer)
	}
	if !strings.Contains(strings.Join(header, " "), "Content-Type") {
		header = append(header, "Content-Type", "application/json")
	}
	a := c.do(method, path, strings.NewReader(body), header...)
	if a.status != status {
		c.t.Fatalf("%s %s: %d, want %d: %.1000s", method, path, a.status, status, a.body)
	}
	return a
}

// await is [person.await] by the caller's own means.
func (c *caller) await(id, state string) visitState {
	c.t.Helper()
	for range 400 {
		var v visitState
		if err := json.Unmarshal([]byte(c.call("GET", "/api/visits/"+id, "", 200).body), &v); err != nil {
			c.t.Fatal(err)
		}
		if v.State == state {
			return v
		}
		time.Sleep(25 * time.Millisecond)
	}
	c.t.Fatalf("the visit is not %s", state)
	return visitState{}
}

func (s *site) program(u kerbside.User) string {
	s.t.Helper()
	token, _, err := s.svc.AddToken(s.t.Context(), u, kerbside.Session{CreatedAt: time.Now()}, "all", kerbside.Scopes(), time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func (s *site) user(name string) kerbside.User {
	s.t.Helper()
	people, err := s.svc.People(s.t.Context(), s.admin)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, u := range people {
		if u.Name == name {
			return u
		}
	}
	s.t.Fatal("nobody is called " + name)
	return kerbside.User{}
}

// TestContract makes every call there is with success; held has each exchange checked on the way.
func TestContract(t *testing.T) {
	s := realSite(t)
	worker := &caller{person: s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker)), t: t}
	manager := &caller{person: s.signIn(s.link), t: t}
	program := &caller{person: s.nobody(), t: t, bearer: s.program(s.user("Robin Ashdown"))}
	other := s.user("Robin Ashdown")
	s.invite("Sam Birch", kerbside.RoleWorker)

	program.call("GET", "/api/me", "", 200)
	manager.call("POST", "/api/cases/import", "case_id,case_name\nN/1,Linden\nN/2,Alder\n", 200, "Content-Type", "text/csv")
	kase := between(program.call("GET", "/api/cases?limit=1", "", 200).body, `"id":"`, `"`)
	if a := program.call("GET", "/api/cases?limit=1&after="+kase, "", 200); strings.Contains(a.body, kase) || !strings.Contains(a.body, `"next":""`) {
		t.Errorf("the second page of cases: %s", a.body)
	}

	sound := program.sendAll(t)
	program.await(sound.visit, "drafted")
	visit := "/api/visits/" + sound.visit
	program.call("GET", visit+"/status", "", 200)
	program.call("GET", visit+"/transcripts/"+sound.recording, "", 200)
	program.call("GET", visit+"/record", "", 200)
	for _, format := range []string{"", "?format=markdown", "?format=text&citations=1", "?format=html", "?format=docx", "?format=pdf"} {
		program.call("GET", visit+"/drafts/family"+format, "", 200)
	}
	program.call("GET", visit+"/bundle", "", 200)
	program.call("GET", visit+"/history", "", 200)

	revision := program.call("GET", visit, "", 200).header.Get("ETag")
	next := func(a answer) { revision = a.header.Get("ETag") }
	if a := program.call("PUT", visit+"/case", fmt.Sprintf(`{"case":%q}`, kase), 204, "If-Match", revision); a.body != "" {
		t.Error(a.body)
	}
	v := worker.await(sound.visit, "drafted")
	words := v.Transcripts[0].Transcript.Words
	next(program.call("GET", visit, "", 200))
	next(program.call("POST", visit+"/corrections", fmt.Sprintf(`{"transcript":%q,"first_word":%q,"last_word":%q,"old":%q,"new":"Wednesday."}`,
		v.Transcripts[0].Transcript.ID, words[6].ID, words[6].ID, words[6].Text), 200, "If-Match", revision))
	next(program.call("POST", visit+"/statements", `{"text":"Jayden's bedroom was seen."}`, 200, "If-Match", revision)) // at once: the drafts need not be there
	worker.await(sound.visit, "drafted")
	s.choose(t, program, sound.visit, &revision)
	program.reword(t, sound.visit, &revision)
	program.strike(t, sound.visit, &revision)
	next(program.suggested(t, visit, &revision))
	program.call("POST", visit+"/retry", `{}`, 409)
	program.retry(t)
	worker.await(sound.visit, "drafted")
	worker.call("PUT", "/api/recordings/"+sound.recording+"/consents/0", `{"who":"Mum","how":"spoken","when":"before"}`, 204, "Content-Type", "application/octet-stream")
	worker.call("POST", visit+"/heard", fmt.Sprintf(`{"recording":%q,"spans":[{"start_ms":0,"end_ms":60000}]}`, sound.recording), 204)
	manager.call("POST", visit+"/dictation", "a sound", 200, "Content-Type", "audio/wav")
	manager.call("POST", visit+"/oversight", `{"decision":"Visit again","rationale":"Not seen alone"}`, 204)
	worker.approveAll(t, sound.visit)
	review := func(action string) {
		t.Helper()
		covers := covers(t, manager.call("GET", visit, "", 200).body)
		manager.call("POST", visit+"/review", fmt.Sprintf(`{"action":%q,"comment":"Seen alone?","covers":%s}`, action, covers), 200)
	}
	review("return")
	worker.approveAll(t, sound.visit)
	review("review")
	drafts := between(worker.call("GET", visit, "", 200).body, `"drafts":[{"document":"`, `"`)
	program.call("POST", visit+"/entered", fmt.Sprintf(`{"document":%q,"on":"2026-03-03"}`, drafts), 200)
	program.call("POST", visit+"/addenda", "", 200)

	s.people(t, manager, other)
	s.keeping(t, manager, kase)
	s.lists(t, program)
	s.url = strings.Replace(s.url, "127.0.0.1", "localhost", 1) // passkeys are refused on bare addresses
	device := &caller{person: s.signIn(s.newLink("Robin Ashdown")), t: t}
	device.call("POST", "/api/signin/passkey/begin", "", 200)
	device.call("POST", "/api/account/passkeys/begin", "", 200)
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.covered() {
		t.Errorf("%s is never answered with success here: make the call", p)
	}
}

// between is the first stretch of text after one mark and before another.
func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

// covers are the versions that a visit's answer names, as JSON.
func covers(t *testing.T, body string) string {
	t.Helper()
	c := between(body, `"covers":`, `,"can_edit"`)
	if !strings.HasPrefix(c, "[{") {
		t.Fatalf("no covers in %.300s", body)
	}
	return c
}

type sent struct{ visit, recording string }

// sendAll sends sound in each way there is.
func (c *caller) sendAll(t *testing.T) sent {
	t.Helper()
	const sound = "a sound in two pieces"
	a := c.call("POST", "/api/recordings", `{"client_id":"memo 1","kind":"debrief","date":"2026-03-03"}`, 200)
	id, visit := between(a.body, `"id":"`, `"`), between(a.body, `"visit":"`, `"`)
	for seq, part := range []string{sound[:7], sound[7:]} {
		c.call("PUT", fmt.Sprintf("/api/recordings/%s/takes/1/chunks/%d", id, seq), part, 200, "Content-Type", "application/octet-stream", "X-Content-SHA256", kerbside.HexSHA256([]byte(part)))
	}
	if a := c.call("GET", "/api/recordings?client_id=memo+1", "", 200); !strings.Contains(a.body, `"received":21`) || !strings.Contains(a.body, `"state":"open"`) {
		t.Errorf("half sent: %s", a.body)
	}
	c.call("POST", "/api/recordings/"+id+"/finish", fmt.Sprintf(`{"sha256":%q,"interruptions":[]}`, kerbside.HexSHA256([]byte(sound))), 200)
	c.call("GET", "/api/recordings/"+id, "", 200)
	if a := c.call("GET", "/api/recordings?client_id=none", "", 200); strings.TrimSpace(a.body) != `{"recordings":[]}` {
		t.Error(a.body)
	}

	var form strings.Builder
	w := multipart.NewWriter(&form)
	for _, f := range [][2]string{{"client_id", "memo 2"}, {"kind", "debrief"}, {"date", "2026-03-03"}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", "memo.m4a")
	if err == nil {
		_, err = io.WriteString(file, "another sound")
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	other := c.call("POST", "/api/uploads", form.String(), 200, "Content-Type", w.FormDataContentType())
	second := sent{between(other.body, `"visit":"`, `"`), between(other.body, `"id":"`, `"`)}
	c.await(second.visit, "drafted")
	etag := c.call("GET", "/api/visits/"+second.visit, "", 200).header.Get("ETag")
	c.call("POST", "/api/recordings/"+second.recording+"/void", `{"reason":"Another child's","to":"new"}`, 200, "If-Match", etag)

	noted := func(text string, status int) string {
		return c.call("POST", "/api/notes", fmt.Sprintf(`{"client_id":"note 1","name":"note.txt","date":"2026-03-04","text":%q}`, text), status).body
	}
	if once, again := noted("Mum was calm.", 200), noted("Mum was calm.", 200); once != again || !strings.Contains(once, `"kind":"typed"`) {
		t.Errorf("a note sent twice: %s %s", once, again)
	}
	noted("Mum was not calm.", 409)

	tus := []string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}
	c.call("OPTIONS", "/api/tus/", "", 200)
	meta := "client_id " + base64.StdEncoding.EncodeToString([]byte("memo 3")) + ",sha256 " + base64.StdEncoding.EncodeToString([]byte(kerbside.HexSHA256([]byte(sound+"!"))))
	at := c.call("POST", "/api/tus/", "", 201, append(tus, "Upload-Length", strconv.Itoa(len(sound)+1), "Upload-Metadata", meta)...).header.Get("Location")
	c.call("PATCH", at, sound[:5], 204, append(tus, "Upload-Offset", "0")...)
	c.call("HEAD", at, "", 200, tus...)
	c.call("PATCH", at, sound[5:]+"!", 204, append(tus, "Upload-Offset", "5")...)
	return sent{visit, id}
}

// retry sends sound of which nothing can be made at first.
func (c *caller) retry(t *testing.T) {
	t.Helper()
	const sound = "broken at first"
	form := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" + sound + "\r\n--x--\r\n"
	visit := between(c.call("POST", "/api/uploads", form, 200, "Content-Type", "multipart/form-data; boundary=x").body, `"visit":"`, `"`)
	c.await(visit, "failed")
	c.call("POST", "/api/visits/"+visit+"/retry", `{}`, 200)
	c.await(visit, "drafted")
}

// choose releases and includes what can be, in whichever draft.
func (s *site) choose(t *testing.T, c *caller, visit string, revision *string) {
	t.Helper()
	done := map[string]bool{}
	for _, audience := range kerbside.Audiences() {
		v := c.await(visit, "drafted")
		for _, d := range v.Drafts {
			if d.Draft.Audience != audience {
				continue
			}
			path := "/api/visits/" + visit + "/drafts/" + string(audience)
			if len(d.Draft.Withheld) > 0 && !done["release"] {
				done["release"] = true
				*revision = c.call("POST", path+"/release", fmt.Sprintf(`{"item":%q,"reason":"Agreed with them"}`, d.Draft.Withheld[0].Item), 200, "If-Match", *revision).header.Get("ETag")
			} else if len(d.Draft.Omissions) > 0 && !done["include"] {
				done["include"] = true
				*revision = c.call("POST", path+"/include", fmt.Sprintf(`{"item":%q}`, d.Draft.Omissions[0].Item), 200, "If-Match", *revision).header.Get("ETag")
			}
		}
	}
	if !done["release"] || !done["include"] {
		t.Errorf("nothing to release or to include in the drafts: %v", done)
	}
}

// reword puts the first sentence that rests on anything into own words, and takes that back.
func (c *caller) reword(t *testing.T, visit string, revision *string) {
	t.Helper()
	v := c.await(visit, "drafted")
	for _, d := range v.Drafts {
		for _, x := range d.Draft.Sentences {
			if x.Verdict() == kerbside.VerdictBoilerplate {
				continue
			}
			path := fmt.Sprintf("/api/visits/%s/drafts/%s/reword", visit, d.Draft.Audience)
			a := c.call("POST", path, fmt.Sprintf(`{"sentence":%q,"text":"It was so on Tuesday, said Zebedee.","reason":"Plainer"}`, x.ID()), 200, "If-Match", *revision)
			if !strings.Contains(a.body, `"reworded":[{`) || !strings.Contains(a.body, "Zebedee") {
				t.Errorf("%.2000s", a.body)
			}
			c.call("POST", path, fmt.Sprintf(`{"sentence":%q,"text":"x"}`, x.ID()), 412, "If-Match", *revision)
			*revision = a.header.Get("ETag")
			c.await(visit, "drafted")
			*revision = c.call("POST", path, fmt.Sprintf(`{"sentence":%q,"undo":true}`, x.ID()), 200, "If-Match", *revision).header.Get("ETag")
			c.await(visit, "drafted")
			return
		}
	}
	t.Error("no sentence to put into own words")
}

// strike takes something out of the record and puts it back.
func (c *caller) strike(t *testing.T, visit string, revision *string) {
	t.Helper()
	body := c.call("GET", "/api/visits/"+visit+"/record", "", 200).body
	item := between(body, `"strengths":[{"id":"`, `"`)
	if item == "" {
		t.Fatalf("nothing to take out of %.800s", body)
	}
	*revision = c.call("POST", "/api/visits/"+visit+"/items", fmt.Sprintf(`{"item":%q,"reason":"Misheard","text":"It was cold there."}`, item), 200, "If-Match", *revision).header.Get("ETag")
	c.await(visit, "drafted")
	if body = c.call("GET", "/api/visits/"+visit+"/record", "", 200).body; !strings.Contains(body, `"struck":[{"id":"`+item) {
		t.Errorf("%.2000s", body)
	}
	*revision = c.call("POST", "/api/visits/"+visit+"/items", fmt.Sprintf(`{"item":%q,"undo":true}`, item), 200, "If-Match", *revision).header.Get("ETag")
	c.await(visit, "drafted")
}

// suggested leaves out what a language model suggests, once it does.
func (c *caller) suggested(t *testing.T, visit string, revision *string) answer {
	t.Helper()
	for range 400 {
		v := c.call("GET", visit, "", 200)
		if id := between(v.body, `"proposals":[{"id":"`, `"`); id != "" {
			return c.call("POST", visit+"/proposals", fmt.Sprintf(`{"proposal":%q,"standing":"rejected"}`, id), 200, "If-Match", *revision)
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("nothing is suggested")
	return answer{}
}

// fakeProposer suggests one thing that every dictation here says.
type fakeProposer struct{}

var _ kerbside.Proposer = fakeProposer{}

func (fakeProposer) Propose(_ context.Context, _ *kerbside.Record, sources []*kerbside.Source, _ kerbside.ExtractOptions) (*kerbside.Record, error) {
	r := &kerbside.Record{Schema: kerbside.RecordSchema, Proposals: &kerbside.Proposals{Engine: "fake/1"}}
	if e, ok := find(sources, "Mum was calm"); ok {
		r.Strengths = append(r.Strengths, kerbside.Strength{ID: kerbside.ItemID("s", e), Text: e.Quote, Polarity: kerbside.Affirmed, Standing: kerbside.Proposed, Evidence: []kerbside.Evidence{e}})
	}
	return r, nil
}

// approveAll confirms whatever is open and approves.
func (c *caller) approveAll(t *testing.T, visit string) {
	t.Helper()
	for range 200 {
		v := c.call("GET", "/api/visits/"+visit, "", 200)
		if strings.Contains(v.body, `"can_approve":true`) {
			var ids []string
			for _, part := range strings.Split(between(v.body, `"open":[`, `],"asks"`), `{"kind":"`)[1:] {
				ids = append(ids, strconv.Quote(between(part, `"id":"`, `"`)))
			}
			c.call("POST", "/api/visits/"+visit+"/approve", fmt.Sprintf(`{"covers":%s,"confirmed":[%s]}`, covers(t, v.body), strings.Join(ids, ",")), 200)
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the visit cannot be approved")
}

// people are the calls about who works for whom and who may know.
func (s *site) people(t *testing.T, manager *caller, worker kerbside.User) {
	t.Helper()
	sam := s.user("Sam Birch")
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	cover := manager.call("POST", "/api/covers", fmt.Sprintf(`{"of":%q,"by":%q,"until":%q}`, worker.ID, sam.ID, until), 200)
	manager.call("GET", "/api/covers", "", 200)
	manager.call("POST", "/api/covers/"+between(cover.body, `"id":"`, `"`)+"/end", `{}`, 204)
	own := manager.call("POST", "/api/visits", `{"title":"Home","date":"2026-03-04"}`, 200)
	id := between(own.body, `"id":"`, `"`)
	manager.call("POST", "/api/visits/"+id+"/notes", `{"text":"Seen at home."}`, 200)
	manager.call("POST", "/api/visits/"+id+"/reassign", fmt.Sprintf(`{"worker":%q}`, sam.ID), 204)

	kase := between(manager.call("GET", "/api/cases", "", 200).body, `"id":"`, `"`)
	open := manager.call("GET", "/api/cases/"+kase+"/restriction", "", 200).header.Get("ETag")
	manager.call("PUT", "/api/cases/"+kase+"/restriction", fmt.Sprintf(`{"people":[%q]}`, s.manager.ID), 204, "If-Match", open)
	manager.call("PUT", "/api/cases/"+kase+"/restriction", `{"people":[]}`, 412, "If-Match", open) // somebody else's was there in between
	closed := manager.call("GET", "/api/cases/"+kase+"/restriction", "", 200).header.Get("ETag")
	manager.call("PUT", "/api/cases/"+kase+"/restriction", `{"people":[]}`, 204, "If-Match", closed)
}

// keeping are the calls about what is kept for how long, what must not go, and receipts.
func (s *site) keeping(t *testing.T, manager *caller, kase string) {
	t.Helper()
	admin := &caller{person: s.signIn(s.invite("Ola Field", kerbside.RoleAdmin)), t: t}
	token, _, err := s.svc.AddToken(t.Context(), s.user("Ola Field"), kerbside.Session{CreatedAt: time.Now()}, "policies", []kerbside.Scope{kerbside.ScopeRead}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	program := &caller{person: s.nobody(), t: t, bearer: token}
	none := program.call("GET", "/api/retention", "", 200)
	if !strings.Contains(none.body, `"version":0,"policy":null`) {
		t.Error(none.body)
	}
	const soon = `{"audio":{"keep":false,"days":1,"from":"visit"},"transcripts":{"keep":true,"days":0,"from":"reviewed"},"drafts":{"keep":true,"days":0,"from":"reviewed"}}`
	if a := program.call("POST", "/api/retention/preview", `{"days":1000,"policy":`+soon+`}`, 200); !strings.Contains(a.body, `"part":"audio"`) || strings.Contains(a.body, "Jaden") {
		t.Error(a.body)
	}
	program.call("PUT", "/api/retention", soon, 403, "If-Match", none.header.Get("ETag"))
	program.call("POST", "/api/retention/run", `{}`, 403)
	admin.call("PUT", "/api/retention", soon, 428, "If-Match", "")
	admin.call("PUT", "/api/retention", soon, 200, "If-Match", none.header.Get("ETag"))
	admin.call("PUT", "/api/retention", soon, 412, "If-Match", none.header.Get("ETag"))
	admin.call("PUT", "/api/retention", `{"audio":{"keep":false,"days":0,"from":"visit"},"transcripts":{"keep":true,"days":0,"from":"visit"},"drafts":{"keep":true,"days":0,"from":"visit"}}`, 400, "If-Match", "*")
	admin.call("POST", "/api/retention/run", `{}`, 200)

	visit := between(manager.call("POST", "/api/visits", `{"date":"2026-03-05"}`, 200).body, `"id":"`, `"`)
	manager.call("POST", "/api/visits/"+visit+"/notes", `{"text":"Jaden was seen at home."}`, 200)
	manager.await(visit, "drafted") // so that words and notes go: two receipts, for two pages
	if err := s.svc.Erase(t.Context(), s.manager, kerbside.VisitID(visit), kerbside.PartNotes, "asked"); err != nil {
		t.Fatal(err)
	}
	page := program.call("GET", "/api/receipts?limit=1", "", 200)
	next := between(page.body, `"next":"`, `"`)
	if next == "" || !strings.Contains(page.header.Get("Link"), "after="+next) || !strings.Contains(page.body, `"by":"`) || strings.Contains(page.body, "Jaden") {
		t.Error(page.body)
	}
	program.call("GET", "/api/receipts?after="+next, "", 200)
	program.call("GET", "/api/receipts?after=none", "", 400)

	placed := manager.call("POST", "/api/cases/"+kase+"/holds", `{"reason":"court"}`, 200)
	reader := &caller{person: s.nobody(), t: t, bearer: s.program(s.manager)}
	if a := reader.call("GET", "/api/cases/"+kase+"/holds", "", 200); !strings.Contains(a.body, `"end_at":null`) {
		t.Error(a.body)
	}
	reader.call("POST", "/api/cases/"+kase+"/holds", `{"reason":"court"}`, 403)
	if a := manager.call("POST", "/api/cases/"+kase+"/holds/end", fmt.Sprintf(`{"hold":%q,"reason":"over"}`, between(placed.body, `"id":"`, `"`)), 200); !strings.Contains(a.body, `"end_reason":"over"`) {
		t.Error(a.body)
	}
}

// lists goes through a list page by page: each visit once, the newest first.
func (s *site) lists(t *testing.T, c *caller) {
	t.Helper()
	for range 5 {
		c.call("POST", "/api/visits", `{}`, 200)
	}
	all := visitIDs(c.call("GET", "/api/visits", "", 200).body)
	var paged []string
	for after, n := "", 0; ; n++ {
		page := c.call("GET", "/api/visits?limit=2&after="+after, "", 200)
		paged = append(paged, visitIDs(page.body)...)
		if after = between(page.body, `"next":"`, `"`); after == "" {
			break
		}
		if link := page.header.Get("Link"); !strings.Contains(link, "after="+after) || !strings.Contains(link, `rel="next"`) || n > len(all) {
			t.Fatal("link:", link)
		}
	}
	if strings.Join(all, " ") != strings.Join(paged, " ") || len(all) < 6 {
		t.Errorf("by pages %v, at once %v", paged, all)
	}
	if a := c.call("GET", "/api/visits?list=all&state=locked&state=approved", "", 200); len(visitIDs(a.body)) != 1 {
		t.Errorf("locked: %s", a.body)
	}
	if a := c.call("GET", "/api/visits?changed_since="+time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "", 200); len(visitIDs(a.body)) != 0 {
		t.Errorf("changed in an hour: %s", a.body)
	}
	for _, bad := range []string{"list=none", "limit=0", "limit=1000", "state=none", "after=!", "changed_since=today"} {
		c.call("GET", "/api/visits?"+bad, "", 400)
	}
}

func visitIDs(body string) (ids []string) {
	for _, part := range strings.Split(body, `{"id":"`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		ids = append(ids, id)
	}
	return ids
}

// TestConditional: a change that is not based on what is there is refused, and one that does not say what it is based on.
func TestConditional(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	c := &caller{person: s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker)), t: t}
	id := c.note(dictation)
	path := "/api/visits/" + id
	first := c.call("GET", path, "", 200).header.Get("ETag")
	if len(first) < 20 || first[0] != '"' {
		t.Fatal("ETag", first)
	}
	say := func(text, match string, status int) answer {
		t.Helper()
		return c.call("POST", path+"/statements", `{"text":"`+text+`"}`, status, "If-Match", match)
	}
	say("one", "", http.StatusPreconditionRequired)
	say("one", `"other"`, http.StatusPreconditionFailed)
	say("one", "W/"+first, http.StatusPreconditionFailed)
	second := say("one", `"other", `+first, 200).header.Get("ETag")
	if second == first {
		t.Error("a change left the revision as it was")
	}
	if a := say("two", first, http.StatusPreconditionFailed); !strings.Contains(a.body, `"code":"stale"`) {
		t.Error(a.body)
	}
	c.await(id, "drafted") // made anew of the same words
	if now := c.call("GET", path, "", 200).header.Get("ETag"); now != second {
		t.Errorf("the revision changed from %s to %s though nobody changed anything", second, now)
	}
	say("two", second, 200)
	say("three", "*", 200)
	stranger := &caller{person: s.signIn(s.invite("Sam Birch", kerbside.RoleWorker)), t: t}
	stranger.call("POST", path+"/statements", `{"text":"x"}`, http.StatusNotFound, "If-Match", second)
	nobody := &caller{person: s.nobody(), t: t}
	nobody.call("POST", path+"/statements", `{"text":"x"}`, http.StatusUnauthorized, "If-Match", "")
}

// TestProblems: whatever is wrong under /api is a problem as RFC 9457 has it, also what the protocol of uploads or the router refuses.
func TestProblems(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	c := &caller{person: s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker)), t: t}
	at := c.call("POST", "/api/tus/", "", 201, "Tus-Resumable", "1.0.0", "Upload-Length", "10").header.Get("Location")
	for _, x := range []struct {
		method, path, body string
		status             int
		code               string
		header             []string
	}{
		{"GET", "/api/none", "", 404, "not_found", nil},
		{"DELETE", "/api/me", "", 405, "method_not_allowed", nil},
		{"POST", "/api/recordings", "{", 400, "invalid", nil},
		{"POST", "/api/recordings", `{"child":"Zebedee"}`, 400, "invalid", nil},
		{"GET", "/api/visits/v-none", "", 404, "not_found", nil},
		{"GET", "/api/visits/v-none/events", "", 404, "not_found", nil},
		{"POST", "/api/tus/", "", 412, "invalid", []string{"Upload-Length", "10"}},
		{"POST", "/api/tus/", "", 400, "invalid", []string{"Tus-Resumable", "1.0.0"}},
		{"POST", "/api/tus/", "", 413, "too_large", []string{"Tus-Resumable", "1.0.0", "Upload-Length", "99999999999"}},
		{"PATCH", at, "12345", 409, "conflict", []string{"Tus-Resumable", "1.0.0", "Upload-Offset", "3", "Content-Type", "application/offset+octet-stream"}},
		{"PATCH", at, "12345", 400, "invalid", []string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}},
		{"DELETE", at, "", 405, "method_not_allowed", nil},
		{"POST", "/api/me", "", 403, "forbidden", []string{"Origin", "https://elsewhere.example.org", "Sec-Fetch-Site", "cross-site"}},
	} {
		a := c.call(x.method, x.path, x.body, x.status, x.header...)
		if a.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, `"code":"`+x.code+`"`) || !strings.Contains(a.body, `"type":"urn:kerbside:problem:`+x.code) ||
			!strings.Contains(a.body, fmt.Sprintf(`"status":%d`, x.status)) || strings.Contains(a.body, "Zebedee") || strings.Contains(a.body, `"detail":""`) {
			t.Errorf("%s %s: %s %s", x.method, x.path, a.header.Get("Content-Type"), a.body)
		}
	}
	if allow := c.call("DELETE", "/api/visits", "", 405).header.Get("Allow"); allow != "GET, HEAD, POST" {
		t.Errorf("Allow: %s", allow)
	}
}

// TestContractsAreServed: a program finds the description and what it refers to on the service itself.
func TestContractsAreServed(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	p := s.nobody()
	if a := p.want(p.get("/openapi/openapi.yaml"), 200); !strings.HasPrefix(a.body, "openapi: 3.1") || a.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("%s %.50s", a.header.Get("Content-Type"), a.body)
	}
	for _, name := range []string{"record-v1", "transcript-v1", "draft-v1"} {
		if a := p.want(p.get("/openapi/"+name+".schema.json"), 200); !strings.Contains(a.body, `"urn:kerbside:`+strings.TrimSuffix(name, "-v1")) {
			t.Errorf("%.80s", a.body)
		}
	}
	p.want(p.get("/openapi/docs.go"), 404)
}
