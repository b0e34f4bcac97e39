//go:build cgo

package whisper

import (
	"context"
	"errors"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/transcribe"
)

const sentence = "The little girl went to school with her brother this morning."

func TestWordsComeBack(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	samples := speak(t, "slt", sentence)
	tests := []struct {
		name string
		p    transcribe.DecodeParams
	}{
		{"greedy", transcribe.DecodeParams{Language: "en"}},
		{"beam", transcribe.DecodeParams{Language: "en", BeamSize: 5}},
		{"short context", transcribe.DecodeParams{Language: "en", AudioCtx: 512}},
		{"word times", transcribe.DecodeParams{Language: "en", AudioCtx: 768, WordTimes: true}},
		{"no language given", transcribe.DecodeParams{}},
		{"prompt", transcribe.DecodeParams{Language: "en", Prompt: "A note about a visit."}},
		{"warm", transcribe.DecodeParams{Language: "en", Temperature: 0.2, BeamSize: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := recognize(t, e, samples, tt.p)
			got := wordsOf(text(r))
			for _, w := range []string{"little", "girl", "school", "brother", "morning"} {
				if !slices.Contains(got, w) {
					t.Errorf("%q is missing in %q", w, got)
				}
			}
			if r.AvgLogProb > 0 || r.AvgLogProb < -1 || r.AvgLogProb == 0 && tt.p.Temperature == 0 {
				t.Errorf("mean log probability %v", r.AvgLogProb)
			}
			checkTokens(t, r, tt.p.WordTimes, int64(len(samples))*1000/transcribe.SampleRate)
		})
	}
}

func checkTokens(t *testing.T, r transcribe.Result, times bool, lengthMS int64) {
	t.Helper()
	var last int64
	for i, tok := range r.Tokens {
		if strings.HasPrefix(tok.Text, "[_") || tok.P <= 0 || tok.P > 1 {
			t.Errorf("token %d: %+v", i, tok)
		}
		if !times && (tok.StartMS != 0 || tok.EndMS != 0) {
			t.Errorf("token %d has times that nobody asked for: %+v", i, tok)
		}
		if times && (tok.StartMS < last || tok.EndMS < tok.StartMS || tok.EndMS > lengthMS) {
			t.Errorf("token %d is at %d to %d ms after %d, of %d", i, tok.StartMS, tok.EndMS, last, lengthMS)
		}
		last = tok.StartMS
	}
	if times && last < lengthMS/2 {
		t.Errorf("the last token starts at %d ms of %d", last, lengthMS)
	}
}

// A window stands alone: what was decoded before it, by the same state, changes nothing.
func TestNothingIsCarriedOver(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	a, b := speak(t, "slt", sentence), speak(t, "rms", "We agreed to meet again at ten in the morning.")
	p := transcribe.DecodeParams{Language: "en", AudioCtx: 512, WordTimes: true}
	first := recognize(t, e, a, p)
	recognize(t, e, b, transcribe.DecodeParams{Language: "en", BeamSize: 3, Prompt: "Nottingham, Thursday."})
	if again := recognize(t, e, a, p); !reflect.DeepEqual(first, again) {
		t.Errorf("first %q, then %q", text(first), text(again))
	}
}

func TestTwoAtOnce(t *testing.T) {
	e := openEngine(t, Options{States: 2, Threads: 1, FlashAttn: true})
	p := transcribe.DecodeParams{Language: "en", AudioCtx: 512, WordTimes: true}
	windows := [][]float32{speak(t, "slt", sentence), speak(t, "rms", "We agreed to meet again at ten in the morning.")}
	var want [2]transcribe.Result
	for i, w := range windows {
		want[i] = recognize(t, e, w, p)
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for n := range 3 {
				i := (g + n) % 2
				r, err := e.Recognize(context.Background(), windows[i], p)
				if err != nil {
					t.Error(err)
				} else if !reflect.DeepEqual(r, want[i]) {
					t.Errorf("alone %q, together %q", text(want[i]), text(r))
				}
			}
		})
	}
	wg.Wait()
}

func TestCancel(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	long := slices.Repeat(speak(t, "slt", sentence), 6)
	long = long[:min(len(long), maxSamples)]
	p := transcribe.DecodeParams{Language: "en", BeamSize: 5}
	started := time.Now()
	recognize(t, e, long, p)
	whole := time.Since(started)
	quickest := map[time.Duration]time.Duration{}
	for _, after := range []time.Duration{0, whole / 10, whole / 2, 0, whole / 10, whole / 2, 0, whole / 10, whole / 2} { // a busy machine may be late, but not each time
		ctx, cancel := context.WithCancel(context.Background())
		var canceledAt time.Time
		timer := time.AfterFunc(after, func() { canceledAt = time.Now(); cancel() })
		r, err := e.Recognize(ctx, long, p)
		if timer.Stop() {
			t.Fatalf("done before it could be cancelled after %v", after)
		}
		if took := time.Since(canceledAt); quickest[after] == 0 || took < quickest[after] {
			quickest[after] = took
		}
		if !errors.Is(err, context.Canceled) || kerbside.CodeOf(err) != kerbside.CodeCanceled || len(r.Tokens) > 0 {
			t.Errorf("after %v: %v, %d tokens", after, err, len(r.Tokens))
		}
	}
	for after, took := range quickest {
		if took > 200*time.Millisecond {
			t.Errorf("returned %v after the cancellation at %v", took, after)
		}
	}
	// The state is good for another call, and this one is not taken for canceled.
	if got := wordsOf(text(recognize(t, e, speak(t, "slt", sentence), transcribe.DecodeParams{Language: "en"}))); !slices.Contains(got, "school") {
		t.Errorf("after a cancellation: %q", got)
	}
}

func TestClose(t *testing.T) {
	e, err := Open(modelPath(t, modelName), Options{States: 1, Threads: 1, FlashAttn: true})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan error, 1)
	go func() {
		_, err := e.Recognize(context.Background(), make([]float32, maxSamples), transcribe.DecodeParams{BeamSize: 5})
		started <- err
	}()
	time.Sleep(100 * time.Millisecond)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-started; kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("a call that Close ended: %v", err)
	}
	if _, err := e.Recognize(context.Background(), make([]float32, 100), transcribe.DecodeParams{}); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("a call after Close: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error("a second Close:", err)
	}
}

func TestOddWindows(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	spoilt := speak(t, "slt", sentence)
	for i := 0; i < len(spoilt); i += 997 {
		spoilt[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1e30}[i%4]
	}
	for name, samples := range map[string][]float32{
		"none":           nil,
		"one sample":     {0.5},
		"50 ms":          make([]float32, transcribe.SampleRate/20),
		"full scale":     slices.Repeat([]float32{1, -1}, transcribe.SampleRate),
		"not numbers":    slices.Repeat([]float32{float32(math.NaN()), float32(math.Inf(1))}, transcribe.SampleRate),
		"spoilt speech":  spoilt,
		"exactly 30 s":   make([]float32, maxSamples),
		"over the floor": make([]float32, 11*transcribe.SampleRate),
	} {
		t.Run(name, func(t *testing.T) {
			r := recognize(t, e, samples, transcribe.DecodeParams{Language: "en", AudioCtx: 1, WordTimes: true})
			if name == "spoilt speech" && !slices.Contains(wordsOf(text(r)), "school") {
				t.Errorf("%q", text(r))
			}
			if len(samples) == 0 && len(r.Tokens) > 0 {
				t.Errorf("%q out of nothing", text(r))
			}
		})
	}
}

// AudioCtx is a floor: a window that needs more gets it.
func TestAudioCtxCoversTheWindow(t *testing.T) {
	e := &Engine{audio: 1500, round: 256}
	for _, tt := range []struct{ asked, samples, want int }{
		{0, 100, 0}, {1, 100, 256}, {256, 100, 256}, {257, 100, 512}, {512, 16000 * 11, 768}, {256, maxSamples, 0}, {1281, 1, 0}, {9999, 1, 0},
	} {
		if got := e.audioCtx(tt.asked, tt.samples); got != tt.want {
			t.Errorf("audioCtx(%d, %d) = %d, want %d", tt.asked, tt.samples, got, tt.want)
		}
	}
}

func TestParametersAreChecked(t *testing.T) {
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true})
	for name, tt := range map[string]struct {
		samples int
		p       transcribe.DecodeParams
	}{
		"too long":     {maxSamples + 1, transcribe.DecodeParams{}},
		"beam":         {1, transcribe.DecodeParams{BeamSize: 9}},
		"negative":     {1, transcribe.DecodeParams{BeamSize: -1}},
		"hot":          {1, transcribe.DecodeParams{Temperature: 1.5}},
		"not a number": {1, transcribe.DecodeParams{Temperature: float32(math.NaN())}},
		"guess":        {1, transcribe.DecodeParams{Language: "auto"}},
		"name":         {1, transcribe.DecodeParams{Language: "english"}},
		"unknown":      {1, transcribe.DecodeParams{Language: "xx"}},
	} {
		_, err := e.Recognize(context.Background(), make([]float32, tt.samples), tt.p)
		if kerbside.CodeOf(err) != kerbside.CodeInvalid || kerbside.MessageOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nothing that was said or given as context may be in a log, at any level.
func TestLogHoldsNoWords(t *testing.T) {
	log, out := bufferLog()
	e := openEngine(t, Options{States: 1, Threads: 1, FlashAttn: true, Log: log})
	prompt := strings.Repeat("Quillon went to the allotment with Peregrine. ", 100)
	got := text(recognize(t, e, speak(t, "slt", sentence), transcribe.DecodeParams{Language: "en", Prompt: prompt, WordTimes: true}))
	recognize(t, e, make([]float32, 1), transcribe.DecodeParams{Language: "en", Prompt: "\x00\xff Quillon"})
	for _, w := range append(wordsOf(got), "quillon", "peregrine", "allotment") {
		if len(w) > 4 && strings.Contains(strings.ToLower(out.String()), w) {
			t.Errorf("the log holds %q: %s", w, out)
		}
	}
}

func TestInfo(t *testing.T) {
	e := openEngine(t, Options{States: 2, Threads: 1, FlashAttn: true})
	i := e.Info()
	if i.Name != "whisper.cpp" || i.Version == "" || i.Model != "ggml-base-q8_0" || len(i.ModelSHA256) != 64 || i.SystemInfo == "" || i.States != 2 || i.Device != "CPU" {
		t.Errorf("%+v", i)
	}
	if !slices.Contains(Languages(), "cy") {
		t.Error("no Welsh in", Languages())
	}
}

// Memory must not grow with the number of windows; whisper.cpp's binding loses a string at each call.
func TestNoLeak(t *testing.T) {
	windows := 300
	if testing.Short() {
		windows = 60
	}
	e := openEngine(t, Options{States: 2, Threads: 1, FlashAttn: true})
	v := openVAD(t)
	still := make([]float32, transcribe.SampleRate)
	prompt := strings.Repeat("A long prompt that a leak would show. ", 1000) // 38 kB, for every second window
	run := func(n int) {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for i := range n / 2 {
					p := transcribe.DecodeParams{Language: "en", AudioCtx: 256, WordTimes: true}
					if i%2 == 0 {
						p.Prompt = prompt
					}
					if _, err := e.Recognize(context.Background(), still, p); err != nil {
						t.Error(err)
						return
					}
					if _, err := v.Detect(context.Background(), still); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	run(20) // the allocator settles
	before := residentKB(t)
	run(windows)
	grown := residentKB(t) - before
	t.Logf("%d windows: %d kB more, %.2f kB a window", windows, grown, float64(grown)/float64(windows))
	if grown > 1024+int64(windows)*8 { // the prompts alone would be 19 kB a window
		t.Errorf("%d windows left %d kB", windows, grown)
	}
}

func residentKB(t *testing.T) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize()) / 1024
}
