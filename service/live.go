package service

import (
	"context"
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
// that the finished bytes give, and where there is none the stage makes it, from the checkpoint that a run left behind.
type live struct {
	s *Service

	mu    sync.Mutex
	ctx   context.Context // nil while the service does not run
	takes map[liveKey]*liveTake
	wg    sync.WaitGroup
}

type liveKey struct {
	recording kerbside.RecordingID
	take      int
}

func newLive(s *Service) *live { return &live{s: s, takes: map[liveKey]*liveTake{}} }

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
	s   *Service
	rec kerbside.Recording

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

// arrived tells of a chunk that is on disk.
func (l *live) arrived(r kerbside.Recording, c kerbside.Chunk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil || l.ctx.Err() != nil {
		return
	}
	key := liveKey{r.ID, c.Take}
	t := l.takes[key]
	if t == nil {
		if c.Seq != 0 || len(l.takes) >= maxLive { // a late start would hear less than it costs
			return
		}
		t = &liveTake{s: l.s, rec: r, news: make(chan struct{}), chunks: map[int]kerbside.Chunk{}, total: -1, done: make(chan struct{}), taken: make(chan struct{})}
		t.take = sync.OnceFunc(func() { close(t.taken) })
		l.takes[key] = t
		l.wg.Go(func() { l.listen(l.ctx, key, t) })
	}
	t.change(func() { t.chunks[c.Seq] = c })
}

// finished tells that a recording is whole.
func (l *live) finished(r kerbside.Recording, chunks []kerbside.Chunk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var offset int64
	for i := 0; i < len(chunks); {
		take, n, size := chunks[i].Take, 0, int64(0)
		for ; i < len(chunks) && chunks[i].Take == take; i++ {
			n, size = n+1, size+chunks[i].Bytes
		}
		if t := l.takes[liveKey{r.ID, take}]; t != nil {
			at := offset
			t.change(func() { t.total, t.whole, t.offset = n, r.Blob, at })
		}
		offset += size
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
	t := s.live.takes[liveKey{r, take}]
	s.live.mu.Unlock()
	if t == nil {
		return ""
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

func (r *liveReader) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
