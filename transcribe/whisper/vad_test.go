//go:build cgo

package whisper

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"kerbside"
	"kerbside/transcribe"
)

func detect(t *testing.T, v *VAD, samples []float32) []float32 {
	t.Helper()
	p, err := v.Detect(context.Background(), samples)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func share(p []float32) float64 {
	n := 0
	for _, v := range p {
		if v >= 0.5 {
			n++
		}
	}
	return float64(n) / float64(max(1, len(p)))
}

func TestVADFindsSpeech(t *testing.T) {
	v := openVAD(t)
	r := rand.New(rand.NewPCG(3, 4))
	noise, tone := make([]float32, 5*transcribe.SampleRate), make([]float32, 5*transcribe.SampleRate)
	for i := range noise {
		noise[i] = float32(r.NormFloat64() * 0.05)
		tone[i] = float32(0.3 * math.Sin(2*math.Pi*440*float64(i)/transcribe.SampleRate))
	}
	speech := speak(t, "slt", sentence)
	for _, tt := range []struct {
		name      string
		samples   []float32
		low, high float64
	}{
		{"speech", speech, 0.7, 1},
		{"another voice", speak(t, "rms", sentence), 0.7, 1},
		{"silence", make([]float32, 5*transcribe.SampleRate), 0, 0},
		{"noise", noise, 0, 0.02},
		{"tone", tone, 0, 0.05},
	} {
		v.Reset()
		p := detect(t, v, tt.samples)
		if len(p) != len(tt.samples)/v.FrameSamples() {
			t.Errorf("%s: %d probabilities of %d samples", tt.name, len(p), len(tt.samples))
		}
		if s := share(p); s < tt.low || s > tt.high {
			t.Errorf("%s: speech in %.3f of the frames", tt.name, s)
		}
	}
	// Speech between silences is found where it is.
	pad := make([]float32, 3*transcribe.SampleRate)
	v.Reset()
	p := detect(t, v, slices.Concat(pad, speech, pad))
	edge := len(pad)/vadFrame - 4
	if s := share(p[:edge]); s > 0 {
		t.Errorf("speech in %.3f of the silence before", s)
	}
	if s := share(p[len(p)-edge+12:]); s > 0 { // the detector lets go within half a second
		t.Errorf("speech in %.3f of the silence after", s)
	}
}

// A stream in pieces of any length gives the very same probabilities as one call.
func TestVADStream(t *testing.T) {
	v := openVAD(t)
	samples := speak(t, "slt", sentence)
	whole := detect(t, v, samples)
	for _, piece := range []int{1, 160, 511, 512, 513, 4096, 100_000} {
		if piece == 1 && testing.Short() {
			continue
		}
		v.Reset()
		var got []float32
		for part := range slices.Chunk(samples, piece) {
			got = append(got, detect(t, v, part)...)
		}
		if !slices.Equal(whole, got) {
			t.Errorf("pieces of %d samples: %d probabilities differ from one call's %d", piece, len(got), len(whole))
		}
	}
}

func TestVADEnds(t *testing.T) {
	v := openVAD(t)
	if p := detect(t, v, nil); len(p) != 0 {
		t.Error(p)
	}
	if p := detect(t, v, []float32{float32(math.NaN())}); len(p) != 0 {
		t.Error(p)
	}
	for _, p := range detect(t, v, slices.Repeat([]float32{float32(math.Inf(1)), float32(math.NaN())}, 5000)) {
		if !(p >= 0 && p <= 1) {
			t.Errorf("probability %v", p)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := v.Detect(ctx, make([]float32, 16000)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	v.Reset()
	if _, err := v.Detect(context.Background(), make([]float32, 16000)); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Error(err)
	}
}
