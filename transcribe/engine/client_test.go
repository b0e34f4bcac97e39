package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kerbside"
	"kerbside/transcribe"
)

func command(mode string) Command {
	return Command{Path: os.Args[0], Env: []string{childEnv + "=" + mode}}
}

// start starts a working child; its marker file does not exist yet.
func start(t *testing.T, o Options) *Client {
	t.Helper()
	if o.MinBackoff == 0 {
		o.MinBackoff = time.Millisecond
	}
	c, err := Start(t.Context(), command("work:"+filepath.Join(t.TempDir(), "crashed")), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func window(what float32) []float32 { return []float32{what, 0.5, -0.5} }

// pid is the process that made a result.
func pid(t *testing.T, c *Client, what float32) int {
	t.Helper()
	r, err := c.Recognize(t.Context(), window(what), transcribe.DecodeParams{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return r.Tokens[0].ID
}

func TestRecognize(t *testing.T) {
	c := start(t, Options{})
	if i := c.Info(); i.Name != "odd" || i.States != 2 {
		t.Errorf("info %+v", i)
	}
	r, err := c.Recognize(t.Context(), window(doAnswer), transcribe.DecodeParams{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Tokens) != 2 || r.Tokens[0].Text != " caf\xc3" || r.Tokens[1].Text != "\xa9en" || r.Tokens[1].ID != 3 || r.AvgLogProb != -0.25 || r.Tokens[0].P != 0.5 || r.Tokens[1].EndMS != 30 {
		t.Errorf("result %+v", r)
	}
}

func TestErrorOfOneCallLeavesTheChild(t *testing.T) {
	c := start(t, Options{})
	before := pid(t, c, doAnswer)
	_, err := c.Recognize(t.Context(), window(doFail), transcribe.DecodeParams{})
	if kerbside.CodeOf(err) != kerbside.CodeInvalid || kerbside.MessageOf(err) != "The language is not known." {
		t.Errorf("got %v", err)
	}
	if after := pid(t, c, doAnswer); after != before {
		t.Error("the child was replaced")
	}
}

func TestCrashIsTriedOnce(t *testing.T) {
	c := start(t, Options{})
	before := pid(t, c, doAnswer)
	if after := pid(t, c, doCrashOnce); after == before {
		t.Error("the answer came from the child that crashed")
	}
	_, err := c.Recognize(t.Context(), window(doCrash), transcribe.DecodeParams{})
	if kerbside.CodeOf(err) != kerbside.CodeInternal || !errors.Is(err, errLost) {
		t.Errorf("got %v", err)
	}
	pid(t, c, doAnswer) // and it goes on
}

// TestCrashIsNotBlamedOnOthers has many windows under way while one of them crashes the child each time.
func TestCrashIsNotBlamedOnOthers(t *testing.T) {
	c := start(t, Options{})
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			what := doBrief
			if i == 3 || i == 7 {
				what = doCrash
			}
			_, err := c.Recognize(t.Context(), window(what), transcribe.DecodeParams{})
			if (err != nil) != (what == doCrash) {
				t.Errorf("window %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func TestLostChildren(t *testing.T) {
	for name, what := range map[string]float32{"hang": doHang, "garbage": doGarbage} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{WindowTimeout: 2 * time.Second})
			_, err := c.Recognize(t.Context(), window(what), transcribe.DecodeParams{})
			if kerbside.CodeOf(err) != kerbside.CodeInternal || !errors.Is(err, errLost) {
				t.Errorf("got %v", err)
			}
			pid(t, c, doAnswer)
		})
	}
}

func TestCancel(t *testing.T) {
	for name, what := range map[string]float32{"while it works": doSlow, "while it hangs": doHang} {
		t.Run(name, func(t *testing.T) {
			c := start(t, Options{})
			quickest := time.Hour
			for range 3 { // a busy machine may be late, but not each time
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				at := time.Now()
				_, err := c.Recognize(ctx, window(what), transcribe.DecodeParams{})
				quickest = min(quickest, time.Since(at))
				cancel()
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				pid(t, c, doAnswer)
			}
			if quickest > 300*time.Millisecond {
				t.Errorf("took %v", quickest)
			}
		})
	}
}

func TestRecycle(t *testing.T) {
	c := start(t, Options{Recycle: 5})
	pids := make(map[int]int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				p := pid(t, c, doAnswer)
				mu.Lock()
				pids[p]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(pids) < 3 || len(pids) > 5 {
		t.Errorf("20 windows by children %v", pids)
	}
	for p, n := range pids {
		if n > 7 { // windows that were let in together with the fifth may go over
			t.Errorf("child %d took %d windows", p, n)
		}
	}
}

func TestStartErrors(t *testing.T) {
	tests := []struct{ mode, message string }{
		{"refuse", "This machine lacks AVX2. Use the portable build."},
		{"illegal", "This program was built for another kind of processor."},
		{"processor", "This program was built for a CPU with AVX9, which this machine lacks. Build it here."},
		{"exit", "The speech engine does not start."},
		{"garbage", "The speech engine does not start."},
		{"huge", "The speech engine does not start."},
		{"silent", "The speech engine does not start."},
	}
	for _, test := range tests {
		t.Run(test.mode, func(t *testing.T) {
			before := runtime.NumGoroutine()
			patience := 20 * time.Second
			if test.mode == "silent" {
				patience = 300 * time.Millisecond
			}
			c, err := Start(t.Context(), command(test.mode), Options{StartTimeout: patience, MinBackoff: time.Millisecond})
			if c != nil || kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.HasPrefix(kerbside.MessageOf(err), test.message) {
				t.Errorf("got %v", err)
			}
			noMoreGoroutines(t, before)
		})
	}
	_, err := Start(t.Context(), Command{Path: filepath.Join(t.TempDir(), "none")}, Options{MinBackoff: time.Millisecond})
	if kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestBackoffEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := Start(ctx, command("exit"), Options{MinBackoff: time.Minute, MaxBackoff: time.Minute})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestVoiceDetector(t *testing.T) {
	c := start(t, Options{})
	d, err := c.VoiceDetector(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d.FrameSamples() != 4 {
		t.Errorf("frame of %d", d.FrameSamples())
	}
	other, err := c.VoiceDetector(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	detect := func(samples ...float32) []float32 {
		t.Helper()
		got, err := d.Detect(t.Context(), samples)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := detect(0, 0, 0, 0, 0, 0); len(got) != 1 || got[0] != 1 {
		t.Errorf("got %v", got)
	}
	// The child ends here; a fresh one hears the six samples again and goes on.
	if got := detect(-1, 0, 0); len(got) != 1 || got[0] != 2 {
		t.Errorf("after a crash: %v", got)
	}
	if got, err := other.Detect(t.Context(), []float32{0, 0, 0, 0}); err != nil || len(got) != 1 || got[0] != 1 {
		t.Errorf("the other stream: %v, %v", got, err)
	}
	d.Reset()
	if got := detect(0, 0, 0, 0); len(got) != 1 || got[0] != 1 {
		t.Errorf("after Reset: %v", got)
	}
	if err := errors.Join(d.Close(), other.Close()); err != nil {
		t.Error(err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	c := start(t, Options{})
	child := pid(t, c, doAnswer)
	if _, err := c.VoiceDetector(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(child, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the child is still there: %v", err)
	}
	if _, err := c.Recognize(t.Context(), window(doAnswer), transcribe.DecodeParams{}); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("after Close: %v", err)
	}
	noMoreGoroutines(t, before)
}

func TestStandardErrorGoesToTheLog(t *testing.T) {
	var b syncBuffer
	c := start(t, Options{Log: slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	pid(t, c, doAnswer)
	_ = c.Close()
	if !strings.Contains(b.String(), "child is up") {
		t.Errorf("log %q", b.String())
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func noMoreGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	buf := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
}

// TestServeEndsWithItsInput checks the child's side alone: it ends when the parent does, though a call is under way.
func TestServeEndsWithItsInput(t *testing.T) {
	in, parent := io.Pipe()
	var out syncBuffer
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(t.Context(), in, &out, func(context.Context) (transcribe.Recognizer, error) { return &oddRecognizer{}, nil }, nil)
	}()
	w := &frameWriter{w: parent}
	for _, m := range []message{{Type: typeHello, Version: protocolVersion, Role: roleRecognizer}, {Type: typeWindow, ID: 1, Params: &transcribe.DecodeParams{}}} {
		if err := w.write(m, window(doSlow)); err != nil {
			t.Fatal(err)
		}
	}
	_ = parent.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("Serve goes on")
	}
}

func TestServeRefusesAnotherVersion(t *testing.T) {
	var in, out bytes.Buffer
	if err := (&frameWriter{w: &in}).write(message{Type: typeHello, Version: protocolVersion + 1, Role: roleRecognizer}, nil); err != nil {
		t.Fatal(err)
	}
	if err := Serve(t.Context(), &in, &out, nil, nil); err == nil {
		t.Error("no error")
	}
	m, _, err := newFrameReader(&out).read()
	if err != nil || m.Type != typeRefused || m.Message == "" {
		t.Errorf("got %+v, %v", m, err)
	}
}
