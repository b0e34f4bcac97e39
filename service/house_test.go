package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/signin"
	"kerbside/storage/enginetest"
	"kerbside/storage/fs"
	"kerbside/storage/postgres"
	"kerbside/storage/rows"
	"kerbside/storage/seal"
)

// planted are words of the family and names of people: none may reach a log.
var planted = []string{"Quillon", "Marrable", "bruise", "Tansy", "Everley"}

// house is a whole service on real storage, with fake engines.
type house struct {
	t           *testing.T
	folder      string
	db          enginetest.Database
	database    func(context.Context) (enginetest.Database, error)
	blobs       *fs.Store // as they lie on the disk
	master      *seal.Master
	store       *seal.Store
	transcriber *fakeTranscriber
	extractor   *fakeExtractor
	drafter     *fakeDrafter
	reads       kerbside.Extractor // instead of extractor, when set
	writes      kerbside.Drafter   // instead of drafter, when set
	proposer    kerbside.Proposer
	hears       kerbside.Transcriber // instead of transcriber, when set
	nodes       kerbside.Nodes       // when there are others
	log         *lockedBuffer
	s           *Service
	stop        func()

	clockMu sync.Mutex
	ahead   time.Duration

	manager, admin, worker, reviewer kerbside.User
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (h *house) now() time.Time {
	h.clockMu.Lock()
	defer h.clockMu.Unlock()
	return time.Now().Add(h.ahead)
}

func (h *house) advance(d time.Duration) {
	h.clockMu.Lock()
	defer h.clockMu.Unlock()
	h.ahead += d
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseWith(t, func(*house) {})
}

// newHouseWith is a house some of whose engines are chosen by set.
func newHouseWith(t *testing.T, set func(*house)) *house {
	t.Helper()
	h := &house{t: t, folder: t.TempDir(), transcriber: &fakeTranscriber{}, extractor: &fakeExtractor{}, drafter: &fakeDrafter{fail: map[kerbside.Audience]int{}}, log: &lockedBuffer{}}
	var err error
	if h.master, err = seal.NewMaster(); err != nil {
		t.Fatal(err)
	}
	set(h)
	if h.database == nil {
		h.database = enginetest.New(t, h.folder)
	}
	h.start()
	t.Cleanup(func() {
		h.close()
		for _, word := range planted {
			if strings.Contains(h.log.String(), word) {
				t.Errorf("the log holds %q:\n%s", word, h.log.String())
			}
		}
	})
	ctx := t.Context()
	first, err := h.s.FirstStart(ctx, "Northmoor")
	if err != nil || !first.Created {
		t.Fatal(first.Created, err)
	}
	_, h.manager = h.signIn(first.Manager.Token)
	h.admin = first.Admin.User
	h.worker = h.invite("Tansy Everley", kerbside.RoleWorker)
	h.reviewer = h.invite("Second Person", kerbside.RoleReviewer)
	return h
}

// start opens the folder and runs the service.
func (h *house) start() {
	h.t.Helper()
	var err error
	if h.db, err = h.database(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if h.blobs, err = fs.Open(filepath.Join(h.folder, "blobs")); err != nil {
		h.t.Fatal(err)
	}
	log, err := audit.OpenFile(filepath.Join(h.folder, "audit.key"), rand.Reader)
	if err != nil {
		h.t.Fatal(err)
	}
	ring, err := seal.NewRing(h.t.Context(), h.db, h.master, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	ring.Shared = h.nodes != nil
	h.store = seal.NewStore(h.db, ring)
	recorder, err := ring.RecorderKey(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	d := Deps{Store: h.store, Blobs: seal.NewBlobs(h.blobs, ring), Queue: h.db, Transcriber: h.transcriber, Extractor: h.extractor, Drafter: h.drafter, Proposer: h.proposer, Discloser: fakeDiscloser{}, Exporter: fakeExporter{},
		Audit: log, RecorderKey: recorder, Now: h.now, PasswordCost: signin.Params{MemoryKiB: 64, Passes: 1, Lanes: 1}, Log: slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if h.reads != nil {
		d.Extractor = h.reads
	}
	if h.writes != nil {
		d.Drafter = h.writes
	}
	if h.hears != nil {
		d.Transcriber = h.hears
	}
	if d.Nodes = h.nodes; d.Nodes != nil {
		d.Queues = []kerbside.WorkOptions{{Workers: 2}} // this engine's queue is worked once
	}
	h.s, err = New(d)
	if err != nil {
		h.t.Fatal(err)
	}
	h.run()
}

// run runs the service until stop is called.
func (h *house) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.s.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

func (h *house) close() {
	h.stop()
	if err := h.db.Close(); err != nil {
		h.t.Error(err)
	}
	if err := h.blobs.Close(); err != nil {
		h.t.Error(err)
	}
}

func (h *house) signIn(token string) (string, kerbside.User) {
	h.t.Helper()
	session, u, err := h.s.SignIn(h.t.Context(), token, Client{Address: "192.0.2.1"})
	if err != nil {
		h.t.Fatal(err)
	}
	return session, u
}

func (h *house) invite(name string, role kerbside.Role) kerbside.User {
	h.t.Helper()
	token, _, err := h.s.Invite(h.t.Context(), h.admin, PersonInput{Name: name, Role: role})
	if err != nil {
		h.t.Fatal(err)
	}
	_, u := h.signIn(token)
	return u
}

// record makes a recording of one upload.
func (h *house) record(by kerbside.User, v kerbside.VisitID, said string) kerbside.Recording {
	h.t.Helper()
	r, err := h.s.UploadFile(h.t.Context(), by, RecordingInput{Visit: v, Name: "said.wav", Date: dateFor(v)}, strings.NewReader(said))
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func dateFor(v kerbside.VisitID) string {
	if v == "" {
		return "2026-03-03"
	}
	return ""
}

func (h *house) view(by kerbside.User, v kerbside.VisitID) *VisitView {
	h.t.Helper()
	view, err := h.s.Visit(h.t.Context(), by, v)
	if err != nil {
		h.t.Fatal(err)
	}
	return view
}

// await waits for a state and gives the view of the worker's then.
func (h *house) await(v kerbside.VisitID, want kerbside.VisitState) *VisitView {
	h.t.Helper()
	var got kerbside.Visit
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		err := h.store.View(h.t.Context(), func(tx kerbside.Tx) (err error) { got, err = tx.Visit(h.worker.Org, v); return err })
		if err != nil {
			h.t.Fatal(err)
		}
		if got.State == want {
			return h.view(h.worker, v)
		}
	}
	h.t.Fatalf("visit is %s (%s), not %s\n%s", got.State, got.Reason, want, h.log.String())
	return nil
}

// idle waits until a visit has no jobs.
func (h *house) idle(v kerbside.VisitID) {
	h.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var jobs []kerbside.Job
		err := h.db.View(h.t.Context(), func(tx kerbside.Tx) (err error) { jobs, err = tx.Jobs(h.worker.Org, v); return err })
		if err != nil {
			h.t.Fatal(err)
		}
		if len(jobs) == 0 {
			return
		}
	}
	h.t.Fatal("jobs are left")
}

func (h *house) wantCode(err error, code kerbside.Code) {
	h.t.Helper()
	if kerbside.CodeOf(err) != code {
		h.t.Fatalf("got %v (%s), want code %s", err, kerbside.CodeOf(err), code)
	}
	if message := kerbside.MessageOf(err); err != nil {
		for _, word := range planted {
			if strings.Contains(message, word) {
				h.t.Errorf("the message %q holds %q", message, word)
			}
		}
	}
}

func required(v *VisitView) []string {
	var ids []string
	for _, o := range v.Open {
		if o.Required {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

func (h *house) approve(v kerbside.VisitID) {
	h.t.Helper()
	view := h.view(h.worker, v)
	if !view.CanApprove {
		h.t.Fatalf("cannot approve in state %s", view.Visit.State)
	}
	if err := h.s.Approve(h.t.Context(), h.worker, v, ApproveInput{Covers: view.Covers(), Confirmed: required(view)}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) filesHold(word string) bool {
	h.t.Helper()
	found := false
	if db, ok := h.db.(*postgres.DB); ok {
		return tablesHold(h.t, db, word)
	}
	for _, name := range []string{"k.db", "k.db-wal"} {
		b, err := os.ReadFile(filepath.Join(h.folder, name))
		if err != nil {
			h.t.Fatal(err)
		}
		found = found || bytes.Contains(b, []byte(word))
	}
	return found
}

// tablesHold looks through all that a database server keeps, as it keeps it.
func tablesHold(t *testing.T, db *postgres.DB, word string) (found bool) {
	t.Helper()
	err := db.Export(t.Context(), false, func(r rows.Reader) error {
		for _, table := range rows.Tables() {
			for row, err := range r.Rows(t.Context(), table) {
				if err != nil {
					return err
				}
				for _, v := range row {
					found = found || strings.Contains(fmt.Sprintf("%s", v), word)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
