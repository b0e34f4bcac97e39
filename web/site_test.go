package web_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/service"
	"kerbside/signin"
	"kerbside/storage/enginetest"
	"kerbside/storage/fs"
	"kerbside/storage/seal"
	"kerbside/web"
)

// dictation is what the fake transcriber hears in any sound; one word of it is wrong.
const dictation = "Visited the family home on Tuesday. I saw Jaden alone in his room. He said he likes his new school. Mum was calm and will phone the school nurse by Friday."

const wordMS = 150

type fakeTranscriber struct{ says string } // "" is dictation

var _ kerbside.Transcriber = fakeTranscriber{}

func (f fakeTranscriber) Transcribe(_ context.Context, sound kerbside.Sound, _ kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	b, err := io.ReadAll(sound.Reader)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(string(b), "broken") {
		return nil, kerbside.E(kerbside.CodeInvalid, "fake.Transcribe", "This file holds no sound. Send another.", nil)
	}
	says := cmp.Or(f.says, dictation)
	t := &kerbside.Transcript{
		Schema: kerbside.TranscriptSchema, ID: kerbside.TranscriptID(kerbside.DerivedID("t", string(b))), Version: 1, Recording: sound.Ref,
		Language: "en", Engine: kerbside.EngineRef{Name: "fake", Version: "1"}, Text: says, Words: kerbside.SplitWords(says),
	}
	for i := range t.Words {
		start, end, sure := int64(i)*wordMS, int64(i+1)*wordMS, 0.9
		if strings.HasPrefix(t.Words[i].Text, "Jaden") {
			sure = 0.4
			t.Words[i].Doubtful = true
			t.Words[i].Alternatives = []string{"Jayden", "Jordan"}
		}
		t.Words[i].StartMS, t.Words[i].EndMS, t.Words[i].Confidence = &start, &end, &sure
	}
	t.Recording.SHA256 = kerbside.HexSHA256(b)
	t.Recording.DurationMS = int64(len(t.Words)) * wordMS
	t.Segments = []kerbside.Segment{{FirstWord: t.Words[0].ID, LastWord: t.Words[len(t.Words)-1].ID, EndMS: t.Recording.DurationMS}}
	progress(kerbside.TranscribeProgress{DoneMS: t.Recording.DurationMS, TotalMS: t.Recording.DurationMS, Words: t.Words})
	return t, nil
}

// fakeExtractor finds what the dictation says by its words, and takes its time when asked to.
type fakeExtractor struct {
	calls atomic.Int32
	slow  time.Duration // from the second time on
}

var _ kerbside.Extractor = (*fakeExtractor)(nil)

func (x *fakeExtractor) Extract(ctx context.Context, sources []*kerbside.Source, _ kerbside.ExtractOptions) (*kerbside.Record, error) {
	if x.calls.Add(1) > 1 {
		select {
		case <-time.After(x.slow):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	r := &kerbside.Record{Schema: kerbside.RecordSchema}
	for _, s := range sources {
		if s.Ref.Kind == kerbside.SourceTranscript {
			r.Source.Transcripts = append(r.Source.Transcripts, s.Ref.ID)
		}
	}
	fact := func(value, words string) kerbside.Fact {
		if e, ok := find(sources, words); ok {
			return kerbside.Fact{Value: value, Evidence: []kerbside.Evidence{e}}
		}
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	r.Source.Kind = kerbside.KindDebrief
	none := kerbside.Fact{Value: kerbside.NotStated}
	r.Visit = kerbside.VisitFacts{Type: none, Announced: none, ChildSeen: none, SeenAlone: kerbside.ReasonedFact{Value: kerbside.NotStated}, BedroomSeen: none, Mode: none, Outcome: none}
	r.Visit.Place = fact("family home", "the family home")
	alone := fact(kerbside.Yes, "alone in his room")
	child := kerbside.ChildFacts{Person: "p1", ChildSeen: alone, SeenAlone: kerbside.ReasonedFact{Value: alone.Value, Evidence: alone.Evidence}, BedroomSeen: fact(kerbside.Yes, "bedroom was seen")}
	if e, ok := after(sources, "I saw"); ok {
		r.Attendees = append(r.Attendees, kerbside.Attendee{ID: "p1", Name: e.Quote, Role: "child", Presence: kerbside.Present, Evidence: []kerbside.Evidence{e}})
		r.Children = append(r.Children, child)
		if child.BedroomSeen.Value != kerbside.Yes {
			r.Missing = append(r.Missing, kerbside.Missing{Code: "bedroom_seen", About: []kerbside.PersonID{"p1"}, Text: "Not said: was " + e.Quote + "'s bedroom seen?"})
		}
	}
	r.Missing = append(r.Missing, kerbside.Missing{Code: "next_visit", Text: "Not said: when is the next visit?"})
	if e, ok := find(sources, "he likes his new school"); ok {
		r.ChildVoice = append(r.ChildVoice, kerbside.ChildVoice{ID: kerbside.ItemID("v", e), Child: "the child", Person: "p1", Quote: e.Quote, Mode: kerbside.VoiceParaphrase, Standing: kerbside.Found, Critical: true, Evidence: []kerbside.Evidence{e}})
	}
	if e, ok := find(sources, "will phone the school nurse"); ok {
		r.Actions = append(r.Actions, kerbside.Action{ID: kerbside.ItemID("a", e), Text: "phone the school nurse", Owner: "Mum", Status: kerbside.Agreed, Standing: kerbside.Found, Evidence: []kerbside.Evidence{e}})
	}
	return r, nil
}

func find(sources []*kerbside.Source, words string) (kerbside.Evidence, bool) {
	want := strings.Fields(words)
	for _, s := range sources {
		for i := 0; i+len(want) <= len(s.Words); i++ {
			if e := s.Evidence(i, i+len(want)-1); e.Quote == words {
				return e, true
			}
		}
	}
	return kerbside.Evidence{}, false
}

// after finds the word that follows.
func after(sources []*kerbside.Source, words string) (kerbside.Evidence, bool) {
	e, ok := find(sources, words)
	if !ok {
		return e, false
	}
	s := kerbside.FindSource(sources, e)
	i, _ := s.WordAt(e.LastWord)
	if i+1 >= len(s.Words) {
		return e, false
	}
	return s.Evidence(i+1, i+1), true
}

// fakeDiscloser gives a child their own words, and withholds the rest.
type fakeDiscloser struct{}

var _ kerbside.Discloser = fakeDiscloser{}

func (fakeDiscloser) Disclose(_ context.Context, r *kerbside.Record, _ []*kerbside.Source, o kerbside.DiscloseOptions) (*kerbside.Disclosure, error) {
	d := &kerbside.Disclosure{}
	for _, a := range r.Attendees {
		if strings.HasPrefix(o.Name, a.Name) {
			d.Person, d.Seen, d.SeenAlone = a.ID, kerbside.Yes, kerbside.Yes
		}
	}
	for _, x := range r.ChildVoice {
		s, err := kerbside.NewSentence("child_voice", x.Quote, kerbside.VerdictQuoted, []string{x.ID}, x.Evidence...)
		if err != nil {
			return nil, err
		}
		d.Lines = append(d.Lines, kerbside.DisclosureLine{Sentence: s, Kind: "child_voice"})
	}
	for _, x := range r.Actions {
		if slices.ContainsFunc(o.Release, func(y kerbside.Release) bool { return y.Item == x.ID }) {
			s, err := kerbside.NewSentence("action", x.Text, kerbside.VerdictQuoted, []string{x.ID}, x.Evidence...)
			if err != nil {
				return nil, err
			}
			d.Lines = append(d.Lines, kerbside.DisclosureLine{Sentence: s, Kind: "action"})
			continue
		}
		d.Withheld = append(d.Withheld, kerbside.Withheld{Item: x.ID, Kind: "action", Reason: "It is about somebody else."})
	}
	return d, nil
}

type fakeDrafter struct{}

var _ kerbside.Drafter = fakeDrafter{}

func (fakeDrafter) Draft(_ context.Context, r *kerbside.Record, _ []*kerbside.Source, o kerbside.DraftOptions) (*kerbside.Draft, error) {
	d := &kerbside.Draft{Schema: kerbside.DraftSchema, Audience: o.Audience, Title: "Visit, for the " + string(o.Audience), Template: kerbside.TemplateRef{Name: string(o.Audience), Version: "1"}}
	var err error
	add := func(block, text string, v kerbside.Verdict, e ...kerbside.Evidence) {
		var s kerbside.Sentence
		if s, err = kerbside.NewSentence(block, text, v, nil, e...); err == nil {
			d.Sentences = append(d.Sentences, s)
		}
	}
	add("Visit", "This is the record of one visit.", kerbside.VerdictBoilerplate)
	for _, a := range r.Attendees {
		add("Who was there", a.Name+" was there.", kerbside.VerdictSupported, a.Evidence...)
		for _, c := range r.Children {
			add("Who was there", a.Name+" was seen alone.", kerbside.VerdictSupported, append([]kerbside.Evidence{a.Evidence[0]}, c.SeenAlone.Evidence...)...)
		}
	}
	for _, v := range r.ChildVoice {
		if len(o.Release) > 0 && o.Release[0].Item == v.ID {
			d.Released = append(d.Released, o.Release[0])
		} else if o.Audience == kerbside.AudiencePartner {
			d.Withheld = append(d.Withheld, kerbside.Withheld{Item: v.ID, Kind: "child_voice", Reason: "not needed by this reader"})
			continue
		}
		add("What the child said", "The child said "+v.Quote+".", kerbside.VerdictQuoted, v.Evidence...)
	}
	for _, a := range r.Actions {
		add("What happens next", a.Owner+" agreed to "+a.Text+".", kerbside.VerdictSupported, a.Evidence...)
	}
	return d, err
}

type fakeExporter struct{}

var _ kerbside.Exporter = fakeExporter{}

func (fakeExporter) Bundle(w io.Writer, d *kerbside.Dossier) error {
	_, err := fmt.Fprintf(w, "bundle of %s: %d transcripts, %d drafts, approved=%t\n", d.Visit, len(d.Transcripts), len(d.Drafts), d.Approval != nil)
	return err
}

func (fakeExporter) Calendar(w io.Writer, list []*kerbside.Dossier) error {
	for _, d := range list {
		for _, a := range d.Record.Actions {
			if _, err := fmt.Fprintf(w, "%s %s\n", a.Due.Date, a.Text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (fakeExporter) Export(w io.Writer, d *kerbside.Draft, o kerbside.ExportOptions) error {
	if o.Format == kerbside.FormatJSON {
		return json.NewEncoder(w).Encode(d)
	}
	_, err := fmt.Fprintln(w, d.Title)
	for _, s := range d.Sentences {
		if err == nil {
			_, err = fmt.Fprintln(w, s.Text())
		}
	}
	return err
}

// planted are words of families, workers and secrets that the tests put in; none may come out in a log or a metric.
var planted = []string{"Jaden", "Jayden", "family home", "school nurse", "new school", "Ashdown", "Sam Birch", "Linden", "Zebedee", "Zachary", "memo.m4a", "Seen at home", "kerbside_", "/signin/", "@example.org"}

// logBuffer keeps a log.
type logBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (*logBuffer) check(t testing.TB, where, text string) {
	t.Helper()
	if word, around := leaked(text); word != "" {
		t.Errorf("%s holds %q: %s", where, word, around)
	}
}

// leaked is the first planted word that stands in a text, with what stands around it. Patterns of routes are no addresses.
func leaked(text string) (word, around string) {
	for _, pattern := range []string{"/signin/{token}", "/signin/identity", "/api/signin/passkey"} {
		text = strings.ReplaceAll(text, pattern, "")
	}
	for _, word := range planted {
		if at := strings.Index(text, word); at >= 0 {
			return word, text[max(0, at-200):min(len(text), at+100)]
		}
	}
	return "", ""
}

// site is a running Kerbside with a real database and real files.
type site struct {
	t       testing.TB
	svc     *service.Service
	db      enginetest.Database
	url     string
	link    string // of the first person, a manager
	manager kerbside.User
	admin   kerbside.User
	log     *logBuffer
	dark    atomic.Bool // nothing can be reached, as without signal
}

func newSite(t testing.TB, x *fakeExtractor) *site {
	t.Helper()
	return newSiteWith(t, x, func(*service.Deps) {})
}

func newSiteWith(t testing.TB, x *fakeExtractor, change func(*service.Deps)) *site {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := enginetest.New(t, t.TempDir())(ctx)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := fs.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.OpenFile(filepath.Join(t.TempDir(), "audit.key"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	master, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.NewRing(ctx, db, master, nil)
	if err != nil {
		t.Fatal(err)
	}
	recorder, err := ring.RecorderKey(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d := service.Deps{RecorderKey: recorder, Installation: &fakeInstallation{}, Store: db, Blobs: blobs, Queue: db, Transcriber: fakeTranscriber{}, Extractor: x, Drafter: fakeDrafter{}, Discloser: fakeDiscloser{}, Exporter: fakeExporter{}, Audit: log, PasswordCost: signin.Params{MemoryKiB: 64, Passes: 1, Lanes: 1}}
	var logged logBuffer
	d.Log = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	change(&d)
	svc, err := service.New(d)
	if err != nil {
		t.Fatal(err)
	}
	observe := func(route string, _ int, _ time.Duration) { logged.check(t, "a metric", route) }
	h, err := web.New(web.Config{Service: svc, Log: d.Log, Observe: observe})
	if err != nil {
		t.Fatal(err)
	}
	h = held(t, h)
	s := &site{t: t, svc: svc, db: db, log: &logged}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.dark.Load() {
			panic(http.ErrAbortHandler) // the connection breaks off
		}
		h.ServeHTTP(w, r)
	}))
	done := make(chan error, 1)
	go func() { done <- svc.Run(ctx) }()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		cancel()
		<-done
		logged.check(t, "the log", logged.String())
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	first, err := svc.FirstStart(ctx, "Exampleshire")
	if err != nil {
		t.Fatal(err)
	}
	s.url, s.link, s.manager, s.admin = server.URL, server.URL+"/signin/"+first.Manager.Token, first.Manager.User, first.Admin.User
	return s
}

// invite gives a one-time link for a new person.
func (s *site) invite(name string, role kerbside.Role) string {
	s.t.Helper()
	token, _, err := s.svc.Invite(context.Background(), s.admin, service.PersonInput{Name: name, Role: role})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.url + "/signin/" + token
}

// newLink gives somebody who is there a new link.
func (s *site) newLink(name string) string {
	s.t.Helper()
	people, err := s.svc.People(context.Background(), s.manager)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range people {
		if p.Name == name {
			token, err := s.svc.NewLink(context.Background(), s.manager, p.ID)
			if err != nil {
				s.t.Fatal(err)
			}
			return s.url + "/signin/" + token
		}
	}
	s.t.Fatalf("nobody is called %s", name)
	return ""
}

// person is a signed-in caller without a browser.
type person struct {
	s *site
	c *http.Client
}

func (s *site) nobody() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &person{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (s *site) signIn(link string) *person {
	s.t.Helper()
	p := s.nobody()
	p.want(p.post(strings.TrimPrefix(link, s.url), nil), http.StatusSeeOther)
	return p
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (p *person) do(method, path string, body io.Reader, header ...string) answer {
	p.s.t.Helper()
	req, err := http.NewRequestWithContext(p.s.t.Context(), method, p.s.url+path, body)
	if err != nil {
		p.s.t.Fatal(err)
	}
	if method != http.MethodGet && strings.HasPrefix(path, "/api/") {
		req.Header.Set("If-Match", "*") // unless a test is about just that
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := p.c.Do(req)
	if err != nil {
		p.s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.s.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

func (p *person) get(path string) answer {
	p.s.t.Helper()
	return p.do(http.MethodGet, path, nil)
}

func (p *person) post(path string, form url.Values) answer {
	p.s.t.Helper()
	return p.do(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

func (p *person) json(method, path string, in, out any) answer {
	p.s.t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		p.s.t.Fatal(err)
	}
	a := p.do(method, path, strings.NewReader(string(b)), "Content-Type", "application/json")
	if a.status == http.StatusOK && out != nil {
		if err := json.Unmarshal([]byte(a.body), out); err != nil {
			p.s.t.Fatal(err)
		}
	}
	return a
}

func (p *person) want(a answer, status int) answer {
	p.s.t.Helper()
	if a.status != status {
		p.s.t.Fatalf("status %d, want %d: %.2000s", a.status, status, a.body)
	}
	return a
}

// visitState is the part of the API's answer that the tests read.
type visitState struct {
	ID          string
	State       string
	Reason      string
	Recordings  []struct{ ID, State, SHA256 string }
	Transcripts []struct{ Transcript kerbside.Transcript }
	Proposals   []struct{ ID, Text, Standing, By string }
	Drafts      []struct {
		Draft kerbside.Draft
		Stale []string
	}
	Open   []struct{ Kind, ID, Text string }
	Covers []kerbside.Covered
}

// note makes a visit of typed text and waits for its drafts.
func (p *person) note(text string) string {
	p.s.t.Helper()
	a := p.want(p.post("/note", url.Values{"text": {text}}), http.StatusSeeOther)
	id := strings.TrimPrefix(a.header.Get("Location"), "/visits/")
	p.await(id, "drafted")
	return id
}

func (p *person) await(id, state string) visitState {
	p.s.t.Helper()
	var v visitState
	for range 400 {
		v = visitState{}
		p.want(p.json(http.MethodGet, "/api/visits/"+id, nil, &v), http.StatusOK)
		if v.State == state {
			return v
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.s.t.Fatalf("the visit is %s (%s), not %s", v.State, v.Reason, state)
	return v
}

// serve answers one request without a network.
func serve(h http.Handler, method, path, body string, cookies []*http.Cookie) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, "http://kerbside.example.org/", strings.NewReader(body))
	req.Method = method
	if u, err := url.ParseRequestURI(path); err == nil {
		req.URL = u
	}
	req.RequestURI = path
	for _, c := range cookies {
		req.AddCookie(c)
	}
	if strings.HasPrefix(path, "/api/") {
		req.Header.Set("Content-Type", "application/json")
	} else {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	// A stream has no end of its own.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	h.ServeHTTP(w, req.WithContext(ctx))
	return w
}
