package service

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"time"

	"kerbside"
)

const (
	maxLive  = 4               // takes listened to at one time
	liveIdle = 3 * time.Minute // without a piece of sound; what was heard until then is in the checkpoint
	liveTail = 400             // bytes of the newest words that are told
)

// live listens to takes while they arrive, so that little is left to do when they end. It only ever saves time: its transcript is the one
// that the finished bytes give, and where there is none the stage makes it, from the checkpoint that a run left behind. With one node it is told of each piece as it
// is taken in; with several, pieces come in anywhere, and a job ([Service.follow]) looks for them in the store.
type live struct {
	s *Service

	mu    sync.Mutex
	ctx   context.Context // nil while the service does not run
	takes map[liveKey]*liveTake
	wg    sync.WaitGroup

	elsewhere map[liveKey]toldWords
}

// toldWords are the newest words of a take that another node listens to.
type toldWords struct {
	words string
	at    time.Time
}

type liveKey struct {
	recording kerbside.RecordingID
	take      int
}

func newLive(s *Service) *live {
	return &live{s: s, takes: map[liveKey]*liveTake{}, elsewhere: map[liveKey]toldWords{}}
}

// open lets takes be listened to until ctx ends; the function that it gives waits for them.
func (l *live) open(ctx context.Context) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	l.ctx = ctx
	return func() {
		cancel()
		l.mu.Lock()
		l.ctx = nil
		l.mu.Unlock()
		l.wg.Wait()
	}
}

// background runs f beside everything else until the service stops, which waits for it; false when it does not run.
func (l *live) background(f func(context.Context)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil || l.ctx.Err() != nil {
		return false
	}
	ctx := l.ctx
	l.wg.Go(func() { f(ctx) })
	return true
}

// liveTake is one take: its chunks as they come, and what is heard in them.
type liveTake struct {
	s     *Service
	rec   kerbside.Recording
	n     int    // its number
	leave func() // ends listening

	mu     sync.Mutex
	news   chan struct{} // closed and replaced when something changed
	chunks map[int]kerbside.Chunk
	total  int // chunks; -1 while it is not over
	whole  string
	offset int64 // of the take in whole
	heard  string

	o     kerbside.TranscribeOptions
	done  chan struct{}
	t     *kerbside.Transcript
	err   error
	taken chan struct{} // closed when the stage has it
	take  func()
}

// arrived tells of a chunk that is on disk. It reports whether somebody listens to its take.
func (l *live) arrived(r kerbside.Recording, c kerbside.Chunk) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil || l.ctx.Err() != nil {
		return false
	}
	key := liveKey{r.ID, c.Take}
	t := l.takes[key]
	if t == nil {
		if c.Seq != 0 || len(l.takes) >= maxLive { // a late start would hear less than it costs
			return false
		}
		t = &liveTake{s: l.s, rec: r, n: c.Take, news: make(chan struct{}), chunks: map[int]kerbside.Chunk{}, total: -1, done: make(chan struct{}), taken: make(chan struct{})}
		t.take = sync.OnceFunc(func() { close(t.taken) })
		ctx, cancel := context.WithCancel(l.ctx)
		t.leave = cancel
		l.takes[key] = t
		l.wg.Go(func() { defer cancel(); l.listen(ctx, key, t) })
	}
	t.change(func() { t.chunks[c.Seq] = c })
	return true
}

// leave ends listening to a recording that another worker may listen to from now on.
func (l *live) leave(r kerbside.RecordingID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, t := range l.takes {
		if key.recording == r {
			t.leave()
		}
	}
}

// told keeps what another node heard last of a take.
func (l *live) told(key liveKey, words string, at time.Time) {
	const many = 1000
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.elsewhere) >= many {
		for k, w := range l.elsewhere {
			if at.Sub(w.at) > liveIdle {
				delete(l.elsewhere, k)
			}
		}
	}
	l.elsewhere[key] = toldWords{words, at}
}

// finished tells that a recording is whole, and which pieces it is made of.
func (l *live) finished(r kerbside.Recording, chunks []kerbside.Chunk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var offset int64
	for len(chunks) > 0 {
		n, size := 0, int64(0)
		for n < len(chunks) && chunks[n].Take == chunks[0].Take {
			size += chunks[n].Bytes
			n++
		}
		if t := l.takes[liveKey{r.ID, chunks[0].Take}]; t != nil {
			t.change(func() {
				t.total, t.whole, t.offset = n, r.Blob, offset
				for _, c := range chunks[:n] {
					t.chunks[c.Seq] = c
				}
			})
		}
		chunks, offset = chunks[n:], offset+size
	}
}

// listen transcribes a take as it comes. A take that nobody asks for is forgotten after a while.
func (l *live) listen(ctx context.Context, key liveKey, t *liveTake) {
	ctx, done := l.s.work.begin(ctx, t.rec.Visit)
	defer done()
	sound := &liveReader{ctx: ctx, t: t}
	ref := kerbside.RecordingRef{ID: t.rec.ID, Kind: t.rec.Kind}
	b, idle, err := l.s.open(ctx, kerbside.Job{Org: t.rec.Org, Visit: t.rec.Visit})
	if err == nil && idle {
		err = kerbside.E(kerbside.CodeCanceled, "service.listen", "", errStopped)
	}
	if err == nil {
		t.o, err = l.s.hearOptions(ctx, b)
	}
	if t.err = err; err == nil {
		t.t, t.err = l.s.d.Transcriber.Transcribe(ctx, kerbside.Sound{Ref: ref, Reader: sound, Checkpoint: l.s.checkpoint(t.rec)}, t.o, t.hear)
	}
	_ = sound.Close() // only read from
	if t.err != nil && ctx.Err() == nil && !errors.Is(t.err, errStopped) {
		l.s.log.LogAttrs(ctx, slog.LevelWarn, "a take could not be listened to while it arrived", errAttrs(t.err)...)
	}
	close(t.done)
	if t.err == nil {
		select {
		case <-time.After(liveIdle):
		case <-ctx.Done():
		case <-t.taken:
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.takes, key)
}

// result gives the transcript of a take that was listened to, waiting for its end; nil when there is none. sha256 is what its bytes must
// be, or ""; a visit of which more is known by now is heard anew.
func (l *live) result(ctx context.Context, r kerbside.Recording, o kerbside.TranscribeOptions, take int, sha256 string) *kerbside.Transcript {
	l.mu.Lock()
	t := l.takes[liveKey{r.ID, take}]
	l.mu.Unlock()
	if t == nil {
		return nil
	}
	t.mu.Lock()
	over := t.total >= 0
	t.mu.Unlock()
	if !over {
		return nil
	}
	select {
	case <-t.done:
	case <-ctx.Done():
		return nil
	}
	t.take()
	if t.err != nil || !reflect.DeepEqual(t.o, o) || sha256 != "" && t.t.Recording.SHA256 != sha256 {
		return nil
	}
	return t.t
}

// Heard gives the newest words of a recording that is arriving, "" when none are known.
func (s *Service) Heard(r kerbside.RecordingID, take int) string {
	s.live.mu.Lock()
	t, told := s.live.takes[liveKey{r, take}], s.live.elsewhere[liveKey{r, take}]
	s.live.mu.Unlock()
	if t == nil {
		return told.words
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.heard
}

func (t *liveTake) change(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
	close(t.news)
	t.news = make(chan struct{})
}

func (t *liveTake) hear(p kerbside.TranscribeProgress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, w := range p.Words {
		t.heard += " " + w.Text
	}
	t.heard = strings.TrimSpace(t.heard)
	if cut := len(t.heard) - liveTail; cut > 0 {
		if at := strings.IndexByte(t.heard[cut:], ' '); at >= 0 {
			t.heard = t.heard[cut+at+1:]
		}
	}
	if body, err := json.Marshal(takeWords{t.n, t.heard}); err == nil && len(p.Words) > 0 {
		t.s.others.tell(kerbside.News{Org: t.rec.Org, Kind: kerbside.NewsHeard, Object: string(t.rec.ID), Body: body})
	}
}

// liveReader reads a take's chunks in order and waits for the next one.
type liveReader struct {
	ctx    context.Context
	t      *liveTake
	seq    int
	before int64 // bytes of the chunks before seq
	file   io.ReadCloser
}

var errIdle = kerbside.E(kerbside.CodeCanceled, "service.liveReader", "", errors.New("nothing arrived for a while"))

func (r *liveReader) Read(p []byte) (int, error) {
	for {
		if r.file == nil {
			if err := r.next(); err != nil {
				return 0, err
			}
		}
		n, err := r.file.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := r.Close(); err != nil || n > 0 {
			return n, err
		}
	}
}

// next opens the next chunk once it is there; io.EOF after the last one.
func (r *liveReader) next() error {
	idle := time.NewTimer(liveIdle)
	defer idle.Stop()
	for {
		r.t.mu.Lock()
		c, ok := r.t.chunks[r.seq]
		over, news := r.t.total >= 0 && r.seq >= r.t.total, r.t.news
		r.t.mu.Unlock()
		if over {
			return io.EOF
		}
		if ok {
			file, err := r.chunk(c)
			if err != nil {
				return err
			}
			r.file, r.seq, r.before = file, r.seq+1, r.before+c.Bytes
			return nil
		}
		select {
		case <-news:
		case <-idle.C:
			return errIdle
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
}

// chunk opens one chunk, or its stretch of the whole when it was put together meanwhile.
func (r *liveReader) chunk(c kerbside.Chunk) (io.ReadCloser, error) {
	f, err := r.t.s.d.Blobs.Open(r.ctx, c.Blob)
	if kerbside.CodeOf(err) != kerbside.CodeNotFound {
		return f, err
	}
	r.t.mu.Lock()
	whole, at := r.t.whole, r.t.offset+r.before
	r.t.mu.Unlock()
	if whole == "" && r.t.s.others.nodes != nil { // another node put it together, and its news is on the way
		whole, at = r.t.s.wholeOf(r.ctx, r.t.rec, r.t.n)
		at += r.before
	}
	if whole == "" {
		return nil, err
	}
	if f, err = r.t.s.d.Blobs.Open(r.ctx, whole); err != nil {
		return nil, err
	}
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(f, c.Bytes), f}, nil
}

// wholeOf gives the blob that a recording was put together in, "" for none, and where in it a take begins.
func (s *Service) wholeOf(ctx context.Context, r kerbside.Recording, take int) (blob string, offset int64) {
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		now, err := tx.Recording(r.Org, r.ID)
		if err != nil {
			return err
		}
		chunks, err := tx.Chunks(r.Org, r.ID)
		blob, offset = now.Blob, 0
		for _, c := range chunks {
			if c.Take < take {
				offset += c.Bytes
			}
		}
		return err
	})
	if err != nil {
		return "", 0
	}
	return blob, offset
}

func (r *liveReader) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
