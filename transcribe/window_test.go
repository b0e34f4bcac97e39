package transcribe

import (
	"math/rand/v2"
	"testing"

	"kerbside"
)

func settingsOf(t *testing.T, preset string) settings {
	t.Helper()
	s, err := newSettings(kerbside.TranscribeOptions{Preset: preset})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// frames writes runs of probabilities: pairs of a probability and a number of frames.
func frames(runs ...float32) []float32 {
	var out []float32
	for i := 0; i < len(runs); i += 2 {
		for range int(runs[i+1]) {
			out = append(out, runs[i])
		}
	}
	return out
}

func cutAll(c *cutter, probabilities []float32, sample func(n int64) float32) []*window {
	var out []*window
	buf := make([]float32, fakeFrame)
	for i, p := range probabilities {
		for k := range buf {
			buf[k] = sample(int64(i*fakeFrame + k))
		}
		out = append(out, c.push(buf, []float32{p})...)
	}
	return append(out, c.finish()...)
}

func ramp(n int64) float32 { return float32(n) }

func TestSpeech(t *testing.T) {
	const ms = 32 // of a frame
	type span struct{ start, end int64 }
	tests := []struct {
		name string
		p    []float32
		want []span // speech without padding
	}{
		{"nothing", frames(0.1, 100), nil},
		{"a click", frames(0.1, 20, 0.9, 3, 0.1, 40), nil},
		{"shortest speech", frames(0.1, 20, 0.9, 4, 0.1, 40), []span{{20 * ms, 24 * ms}}},
		{"below the threshold", frames(0.1, 20, 0.49, 40, 0.1, 40), nil},
		{"between the thresholds it goes on", frames(0.1, 20, 0.9, 10, 0.4, 30, 0.9, 10, 0.1, 40), []span{{20 * ms, 70 * ms}}},
		{"a short pause", frames(0.1, 20, 0.9, 10, 0.1, 9, 0.9, 10, 0.1, 40), []span{{20 * ms, 49 * ms}}},
		{"a pause", frames(0.1, 20, 0.9, 10, 0.1, 10, 0.9, 10, 0.1, 40), []span{{20 * ms, 30 * ms}, {40 * ms, 50 * ms}}},
		{"to the end", frames(0.1, 20, 0.9, 10), []span{{20 * ms, 30 * ms}}},
		{"from the start", frames(0.9, 10, 0.1, 40), []span{{0, 10 * ms}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []span
			for _, w := range cutAll(newCutter(settingsOf(t, ""), fakeFrame), test.p, ramp) {
				for _, s := range w.speech {
					got = append(got, span{msOf(s.start), msOf(s.end)})
				}
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

// TestWindowsProperty cuts random speech whose samples are their own places, so that the way back to the recording's clock can be
// checked for every sample.
func TestWindowsProperty(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s := settingsOf(t, []string{PresetAccurate, PresetFast}[seed%2])
		if seed%3 == 0 { // packing with shortened pauses
			s.Window = windowSettings{MaxMS: 27_000, TargetMS: 25_000, JoinPauseMS: 4000, KeepPauseMS: 400}
		}
		var p []float32
		for len(p) < 4000 {
			p = append(p, frames(0.9, float32(1+rng.IntN(1+rng.IntN(1200))), 0.05, float32(1+rng.IntN(1+rng.IntN(150))))...)
		}
		c := newCutter(s, fakeFrame)
		buffered := 0
		var windows []*window
		buf := make([]float32, fakeFrame)
		for i, x := range p {
			for k := range buf {
				buf[k] = ramp(int64(i*fakeFrame + k))
			}
			windows = append(windows, c.push(buf, []float32{x})...)
			buffered = max(buffered, len(c.buf))
		}
		windows = append(windows, c.finish()...)
		if buffered > 3*int(samplesOf(s.Window.MaxMS)) {
			t.Errorf("seed %d: %d samples buffered", seed, buffered)
		}
		checkWindows(t, seed, s, windows)
		checkSpeechKept(t, seed, s, p, windows)
	}
}

func checkWindows(t *testing.T, seed uint64, s settings, windows []*window) {
	t.Helper()
	var last int64
	for i, w := range windows {
		if w.index != i || len(w.samples) == 0 || int64(len(w.samples)) > samplesOf(s.Window.MaxMS+s.Speech.PaddingMS+100) {
			t.Fatalf("seed %d: window %d has index %d and %d samples", seed, i, w.index, len(w.samples))
		}
		if w.spans[0].start < last {
			t.Fatalf("seed %d: window %d begins at %d, before %d", seed, i, w.spans[0].start, last)
		}
		for k, x := range w.samples {
			if w.startOf(int64(k)) != int64(x) {
				t.Fatalf("seed %d: sample %d of window %d is %d, mapped to %d", seed, k, i, int64(x), w.startOf(int64(k)))
			}
			if end := w.endOf(int64(k) + 1); end != int64(x)+1 {
				t.Fatalf("seed %d: end of sample %d of window %d is %d, mapped to %d", seed, k, i, int64(x)+1, end)
			}
		}
		if w.startOf(-5) != w.spans[0].start || w.endOf(1<<40) != w.end {
			t.Fatalf("seed %d: places outside window %d are not clamped", seed, i)
		}
		last = w.end
	}
}

// checkSpeechKept checks that every loud run that is long enough is in a window.
func checkSpeechKept(t *testing.T, seed uint64, s settings, p []float32, windows []*window) {
	t.Helper()
	kept := make([]bool, len(p)*fakeFrame)
	for _, w := range windows {
		for _, x := range w.samples {
			if kept[int64(x)] {
				t.Fatalf("seed %d: sample %d is in two windows", seed, int64(x))
			}
			kept[int64(x)] = true
		}
	}
	for i := 0; i < len(p); {
		n := i
		for n < len(p) && p[n] >= s.Speech.Enter {
			n++
		}
		if msOf(int64(n-i)*fakeFrame) >= s.Speech.MinSpeechMS {
			for at := i * fakeFrame; at < n*fakeFrame; at++ {
				if !kept[at] {
					t.Fatalf("seed %d: sample %d is speech and in no window", seed, at)
				}
			}
		}
		i = max(n, i+1)
	}
}

func TestLongSpeechIsCutWhereItIsQuietest(t *testing.T) {
	quiet := samplesOf(20_000)
	sound := func(n int64) float32 {
		if n >= quiet && n < quiet+samplesOf(120) {
			return 0.01
		}
		return 0.5
	}
	windows := cutAll(newCutter(settingsOf(t, ""), fakeFrame), frames(0.9, 40*SampleRate/fakeFrame, 0.1, 40), sound)
	if len(windows) != 2 {
		t.Fatalf("%d windows, want 2", len(windows))
	}
	if cut := windows[0].end; cut < quiet || cut > quiet+samplesOf(120) || windows[1].spans[0].start != cut {
		t.Errorf("cut at %d ms, the next begins at %d ms", msOf(cut), msOf(windows[1].spans[0].start))
	}
}

func TestContextFor(t *testing.T) {
	for _, test := range []struct {
		ms    int64
		floor int
		want  int
	}{{500, 768, 768}, {14_500, 768, 768}, {15_300, 768, 800}, {500, 512, 512}, {9_800, 512, 512}, {10_000, 512, 544}, {25_000, 768, 1280}, {27_000, 768, 1376}, {29_500, 768, 0}, {1000, 1500, 0}} {
		if got := contextFor(samplesOf(test.ms), test.floor); got != test.want {
			t.Errorf("contextFor(%d ms, %d) = %d, want %d", test.ms, test.floor, got, test.want)
		}
	}
}
