//go:build cgo

package main

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside/models"
	"kerbside/transcribe"
	"kerbside/transcribe/audio"
	"kerbside/transcribe/engine"
)

// realEngine is a child process with real weights and one state, and a window of speech of about 20 s.
func realEngine(t *testing.T) (*engine.Client, []float32) {
	t.Helper()
	store, err := models.New(models.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, name := range []string{models.DefaultWhisper, models.DefaultVAD} {
		path, err := store.Path(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	c, err := engine.Start(t.Context(), engine.Command{Path: os.Args[0], Args: []string{"engine", "--model", paths[0], "--vad", paths[1], "--states", "1"}, Env: []string{asProgram + "=1"}}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	path := filepath.Join(t.TempDir(), "a.wav")
	speakTo(t, path, "slt", "0.3", oddSentence, "Nobody answered when I knocked on Monday.", "She is thirteen and lives in Norwood.", oddSentence, "We agreed to meet again at ten.")
	s, err := audio.Open(t.Context(), path, audio.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	samples := make([]float32, 29*audio.SampleRate)
	n := 0
	for n < len(samples) {
		got, err := s.Read(t.Context(), samples[n:])
		n += got
		if err != nil {
			break
		}
	}
	return c, samples[:n]
}

// TestCancelThroughTheChild: a call that is given up returns at once, and the same child is free for the next when the step that runs is over, one pass
// of the encoder at most. The log shows the figures, of which the first is to be below 200 ms; what fails is far above, as tests share their machine.
func TestCancelThroughTheChild(t *testing.T) {
	c, samples := realEngine(t)
	slow := transcribe.DecodeParams{Language: "en", BeamSize: 5, WordTimes: true}
	quick := transcribe.DecodeParams{Language: "en", AudioCtx: 256}
	timed := func(ctx context.Context, samples []float32, p transcribe.DecodeParams) (time.Duration, error) {
		began := time.Now()
		_, err := c.Recognize(ctx, samples, p)
		return time.Since(began), err
	}
	alone, err := timed(t.Context(), samples[:audio.SampleRate], quick)
	if err != nil {
		t.Fatal(err)
	}
	child := engines(t)
	for _, after := range []time.Duration{50 * time.Millisecond, 700 * time.Millisecond} { // in the encoder, in the decoder
		ctx, cancel := context.WithCancel(t.Context())
		var at time.Time
		time.AfterFunc(after, func() {
			at = time.Now()
			cancel()
		})
		if _, err := timed(ctx, samples, slow); err == nil || ctx.Err() == nil {
			t.Fatalf("it was done within %v: %v", after, err)
		}
		left := time.Since(at)
		if _, err := timed(t.Context(), samples[:audio.SampleRate], quick); err != nil {
			t.Fatal(err)
		}
		free := time.Since(at) - alone
		t.Logf("cancelled after %v: returned within %v, the child was free within %v", after, left.Round(time.Millisecond), max(free, left).Round(time.Millisecond))
		if left > 2*time.Second || free > 30*time.Second {
			t.Errorf("returned after %v, free after %v", left, free)
		}
	}
	if now := engines(t); !slices.Equal(now, child) {
		t.Errorf("child %v became %v", child, now)
	}
}

// TestChildIsKilledInTheMiddle: a window whose child dies is decoded by another child, with the same result.
func TestChildIsKilledInTheMiddle(t *testing.T) {
	c, samples := realEngine(t)
	p := transcribe.DecodeParams{Language: "en", AudioCtx: 1280, WordTimes: true}
	want, err := c.Recognize(t.Context(), samples, p)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Tokens) < 20 {
		t.Fatalf("%d tokens", len(want.Tokens))
	}
	killed := make(chan int)
	go func() {
		time.Sleep(200 * time.Millisecond)
		n := 0
		for _, pid := range engines(t) {
			if syscall.Kill(pid, syscall.SIGKILL) == nil {
				n++
			}
		}
		killed <- n
	}()
	got, err := c.Recognize(t.Context(), samples, p)
	if n := <-killed; n != 1 {
		t.Fatalf("%d children killed", n)
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%d tokens, want %d; %v", len(got.Tokens), len(want.Tokens), err)
	}
}

// engines lists the children of this process that are engines.
func engines(t *testing.T) (pids []int) {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Error(err)
	}
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, f := range strings.Fields(string(b)) {
			command, err := os.ReadFile("/proc/" + f + "/cmdline")
			if pid, perr := strconv.Atoi(f); err == nil && perr == nil && strings.Contains(string(command), "\x00engine\x00") {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
