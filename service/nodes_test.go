package service

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/signin"
	"kerbside/storage/seal"
)

// exchange is the nodes of a test.
type exchange struct {
	mu      sync.Mutex
	nodes   []*fakeNode
	leading map[string]bool
	silent  bool // all news is lost
}

type fakeNode struct {
	x  *exchange
	in chan kerbside.News
}

var _ kerbside.Nodes = (*fakeNode)(nil)

func (x *exchange) join() *fakeNode {
	n := &fakeNode{x, make(chan kerbside.News, 1000)}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.nodes = append(x.nodes, n)
	return n
}

func (n *fakeNode) Tell(_ context.Context, news kerbside.News) error {
	n.x.mu.Lock()
	defer n.x.mu.Unlock()
	for _, other := range n.x.nodes {
		if other != n && !n.x.silent {
			other.in <- news
		}
	}
	return nil
}

func (n *fakeNode) Listen(ctx context.Context, f func(kerbside.News)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case news := <-n.in:
			f(news)
		}
	}
}

func (n *fakeNode) Lead(ctx context.Context, name string, f func(context.Context)) error {
	for ctx.Err() == nil {
		n.x.mu.Lock()
		free := !n.x.leading[name]
		if free {
			n.x.leading[name] = true
		}
		n.x.mu.Unlock()
		if free {
			defer func() {
				n.x.mu.Lock()
				defer n.x.mu.Unlock()
				delete(n.x.leading, name)
			}()
			f(ctx)
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// nodesHouse is a house with a worker and two nodes that take recordings in, each with keys of its own.
type nodesHouse struct {
	*house
	x    *exchange
	webs [2]*Service
}

func newNodesHouse(t *testing.T, transcriber kerbside.Transcriber) *nodesHouse {
	t.Helper()
	h := &nodesHouse{x: &exchange{leading: map[string]bool{}}}
	h.house = newHouseWith(t, func(h2 *house) { h2.nodes, h2.hears = h.x.join(), transcriber })
	for i := range h.webs {
		ring, err := seal.NewRing(t.Context(), h.db, h.master, h.now)
		if err != nil {
			t.Fatal(err)
		}
		ring.Shared = true
		d := h.s.d
		d.Store, d.Blobs, d.Nodes, d.NoWork = seal.NewStore(h.db, ring), seal.NewBlobs(h.blobs, ring), h.x.join(), true
		d.PasswordCost, d.Log = signin.Params{MemoryKiB: 64, Passes: 1, Lanes: 1}, slog.New(slog.NewJSONHandler(h.log, nil))
		if h.webs[i], err = New(d); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- h.webs[i].Run(ctx) }()
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	return h
}

func (h *nodesHouse) piece(s *Service, r kerbside.Recording, seq int, sound string) {
	h.t.Helper()
	if _, err := s.PutChunk(h.t.Context(), h.worker, r.ID, 1, seq, kerbside.HexSHA256([]byte(sound)), strings.NewReader(sound)); err != nil {
		h.t.Fatal(err)
	}
}

// streaming transcribes each line as it comes, and counts how many it began with.
type streaming struct {
	fakeTranscriber
	begun, whole chan string
}

func (s *streaming) Transcribe(ctx context.Context, sound kerbside.Sound, o kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	s.begun <- string(sound.Ref.ID)
	var all strings.Builder
	buf := make([]byte, 100)
	for {
		n, err := sound.Reader.Read(buf)
		if n > 0 {
			all.Write(buf[:n])
			progress(kerbside.TranscribeProgress{Words: kerbside.SplitWords(string(buf[:n]))})
		}
		if err == io.EOF { //nolint:errorlint // a reader's own
			break
		}
		if err != nil {
			return nil, err
		}
	}
	s.whole <- all.String()
	sound.Reader = strings.NewReader(all.String())
	return s.fakeTranscriber.Transcribe(ctx, sound, o, func(kerbside.TranscribeProgress) {})
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("it does not happen")
		panic("unreachable")
	}
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// TestListenAcrossNodes: a recorder that reconnects to another node in the middle of a dictation is listened to by a worker all the while, and its newest words
// come to the node that it sends to.
func TestListenAcrossNodes(t *testing.T) {
	ears := &streaming{begun: make(chan string, 10), whole: make(chan string, 10)}
	h := newNodesHouse(t, ears)
	a, b := h.webs[0], h.webs[1]
	r, err := a.StartRecording(t.Context(), h.worker, RecordingInput{})
	if err != nil {
		t.Fatal(err)
	}
	h.piece(a, r, 0, "All was well. ")
	if got := receive(t, ears.begun); got != string(r.ID) {
		t.Fatal(got)
	}
	eventually(t, "node a does not know what was heard", func() bool { return a.Heard(r.ID, 1) == "All was well." })
	h.piece(b, r, 1, "Mum was calm. ")
	eventually(t, "node b does not know what was heard", func() bool { return b.Heard(r.ID, 1) == "All was well. Mum was calm." })
	h.piece(a, r, 2, "That was all.")
	const said = "All was well. Mum was calm. That was all."
	if _, err := b.FinishRecording(t.Context(), h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(said))}); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, ears.whole); got != said {
		t.Fatalf("%q was listened to", got)
	}
	v := h.await(r.Visit, kerbside.VisitDrafted)
	if got := v.Transcripts[0].Transcript.Text; got != said {
		t.Fatal(got)
	}
	if len(ears.begun) != 0 { // the stage took what was listened to
		t.Error("it was transcribed twice")
	}
}

// TestListenerDies: a worker that is stopped while it listens gives the dictation back, and the next one goes on.
func TestListenerDies(t *testing.T) {
	ears := &streaming{begun: make(chan string, 10), whole: make(chan string, 10)}
	h := newNodesHouse(t, ears)
	r, err := h.webs[0].StartRecording(t.Context(), h.worker, RecordingInput{})
	if err != nil {
		t.Fatal(err)
	}
	h.piece(h.webs[0], r, 0, "All was well. ")
	receive(t, ears.begun)
	h.stop()
	h.run()
	receive(t, ears.begun)
}

// TestProgressAcrossNodes: who watches a visit on one node hears what a worker elsewhere does; what is not told is looked for.
func TestProgressAcrossNodes(t *testing.T) {
	h := newNodesHouse(t, nil)
	h.transcriber.gate = make(chan struct{})
	r := h.record(h.worker, "", "All was well.")
	news, err := h.webs[0].Watch(t.Context(), h.worker, r.Visit)
	if err != nil {
		t.Fatal(err)
	}
	for receive(t, news).Stage != "transcribe" {
	}
	if _, p, err := h.webs[0].Status(t.Context(), h.worker, r.Visit); err != nil || p.Stage != "transcribe" || p.TotalMS == 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	h.x.mu.Lock()
	h.x.silent = true
	h.x.mu.Unlock()
	close(h.transcriber.gate)
	for receive(t, news).State != kerbside.VisitDrafted {
	}
	if _, p, err := h.webs[0].Status(t.Context(), h.worker, r.Visit); err != nil || p.Stage != "" || p.State != kerbside.VisitDrafted {
		t.Fatalf("%+v, %v", p, err)
	}
}

// TestStopAcrossNodes: what a person stops on one node ends at the worker at once.
func TestStopAcrossNodes(t *testing.T) {
	h := newNodesHouse(t, nil)
	h.transcriber.gate = make(chan struct{}) // nothing goes on by itself
	r := h.record(h.worker, "", "All was well.")
	eventually(t, "the stage does not begin", func() bool { return h.s.hub.now(r.Visit, h.now()).Stage == "transcribe" })
	if err := h.webs[1].Erase(t.Context(), h.manager, r.Visit, kerbside.PartSound, "A test."); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the stage goes on", func() bool {
		h.s.work.mu.Lock()
		defer h.s.work.mu.Unlock()
		return len(h.s.work.runs) == 0
	})
}

// TestAppendAtTwoNodes: a sender that reconnects to another node while the first still reads gets no piece in twice, and none from two senders.
func TestAppendAtTwoNodes(t *testing.T) {
	h := newNodesHouse(t, nil)
	const whole = "Sent in pieces at two nodes."
	r, err := h.webs[0].StartRecording(t.Context(), h.worker, RecordingInput{Bytes: int64(len(whole))})
	if err != nil {
		t.Fatal(err)
	}
	slow, feed := io.Pipe()
	first := make(chan error, 1)
	go func() {
		_, err := h.webs[0].Append(t.Context(), h.worker, r.ID, 0, slow)
		first <- err
	}()
	if _, err := feed.Write([]byte(whole[:5])); err != nil {
		t.Fatal(err)
	}
	if n, err := h.webs[1].Append(t.Context(), h.worker, r.ID, 0, strings.NewReader(whole[:12])); n != 12 || err != nil {
		t.Fatal(n, err)
	}
	_ = feed.Close()
	h.wantCode(receive(t, first), kerbside.CodeConflict)
	_, n, err := h.webs[0].Received(t.Context(), h.worker, r.ID)
	if n != 12 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := h.webs[0].Append(t.Context(), h.worker, r.ID, n, strings.NewReader(whole[n:])); err != nil {
		t.Fatal(err)
	}
	if _, err := h.webs[1].FinishRecording(t.Context(), h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(whole))}); err != nil {
		t.Fatal(err)
	}
}

// TestOneNodeLeads: what only one node should do is done by one, and by another when that one stops.
func TestOneNodeLeads(t *testing.T) {
	x := &exchange{leading: map[string]bool{}}
	var mu sync.Mutex
	running, most, turns := 0, 0, 0
	var stops []context.CancelFunc
	var all sync.WaitGroup
	for range 3 {
		s := &Service{others: newOthers(x.join()), log: slog.New(slog.DiscardHandler)}
		ctx, stop := context.WithCancel(t.Context())
		stops = append(stops, stop)
		all.Go(func() {
			s.lead(ctx, "sweep", func(ctx context.Context) {
				mu.Lock()
				running++
				turns++
				most = max(most, running)
				mu.Unlock()
				<-ctx.Done()
				mu.Lock()
				running--
				mu.Unlock()
			})
		})
	}
	for i := range stops {
		eventually(t, "nobody leads", func() bool { mu.Lock(); defer mu.Unlock(); return running == 1 })
		if i < len(stops)-1 {
			stops[i]()
		}
	}
	stops[len(stops)-1]()
	all.Wait()
	if most != 1 {
		t.Errorf("%d led at one time", most)
	}
}

// TestLateNews: news of a stage that comes after its end is not what a watcher is left with.
func TestLateNews(t *testing.T) {
	h := newHub(true)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	states := make(chan kerbside.VisitState, 1)
	states <- kerbside.VisitProcessing
	at := kerbside.VisitProcessing
	news, err := h.watch(ctx, "v", time.Now, func() (kerbside.VisitState, error) {
		select {
		case at = <-states:
		default:
		}
		return at, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	receive(t, news)
	states <- kerbside.VisitDrafted
	for receive(t, news).State != kerbside.VisitDrafted {
	}
	h.publish("v", Progress{State: kerbside.VisitProcessing, Stage: "transcribe"}, time.Now())
	for receive(t, news).State != kerbside.VisitDrafted {
	}
}
