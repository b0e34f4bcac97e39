package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kerbside/models"
)

func base(ftype int) modelSpeed {
	return modelSpeed{FType: ftype, Vocabulary: 51865, Mels: 80, AudioState: 512, AudioLayers: 6, TextState: 512, TextLayers: 6}
}

// TestWork holds the formulas against the published sizes of the base model: 74 million weights, of which 20.6 million in the encoder
// (of them 18.9 million in the layers' matrices).
func TestWork(t *testing.T) {
	m := base(1)
	const layers, attention, convolutions, cross = 2 * 18.87e6 * 1500, 6 * 4 * 1500 * 1500 * 512, 2 * 1500 * 3 * 512 * (2*80 + 512), 6 * 2 * 1500 * 2 * 512 * 512
	if got, want := m.encoderFLOP(1500), layers+attention+convolutions+cross; math.Abs(got/want-1) > 0.01 {
		t.Errorf("encoder: %.3g operations, %.3g expected", got, want)
	}
	// Decoder: 6 layers of 14 x 512^2 matrices that a step reads, the embedding of 51,865 x 512, and 18.4 MB of keys and values.
	if got, want := m.stepBytes(1500), 2*(22.02e6+26.55e6)+18.43e6; math.Abs(got/want-1) > 0.01 {
		t.Errorf("step: %.3g bytes, %.3g expected", got, want)
	}
	if got, want := base(7).stepBytes(1500)-18.43e6, (m.stepBytes(1500)-18.43e6)*17/32; math.Abs(got/want-1) > 0.01 {
		t.Errorf("q8_0: %.3g bytes, %.3g expected", got, want)
	}
	if got, want := m.stepFLOP(5, 1500), 5*(2*(22.02e6+26.55e6)+6*4*1500*512); math.Abs(got/want-1) > 0.01 {
		t.Errorf("step of 5: %.3g operations, %.3g expected", got, want)
	}
}

func TestLimitsTable(t *testing.T) {
	m := base(7)
	m.Runs = []stageRun{{Kerbside: true, Positions: 1500, States: 2, Threads: 1, Encode: 2 * m.encoderFLOP(1500) / 100e9 * 1000, Step: 4, Step5: 8}}
	l := &limits{
		Figures: []limit{{"peak", "f32", 1, 100}, {"peak", "f32", 2, 190}, {"peak", "int8", 2, 400}, {"ggml", "q8_0 1500", 2, 150}, {"kerbside", "q8_0 1500", 2, 200}, {"memory", "read", 2, 30}},
		Models:  []modelSpeed{m},
	}
	var b strings.Builder
	l.table(&b)
	for _, want := range []string{"| multiply-add on registers, f32, GFLOP/s | 100 | 190 |", "| q8_0 | kerbside | 1500 | 2 x 1 |", "| 100 | 50 % | 25 % | 4.0 | 35 | 117 % |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
	b.Reset()
	(&limits{Problem: "no compiler"}).table(&b)
	if !strings.Contains(b.String(), "**Not measured:** no compiler") {
		t.Error(b.String())
	}
}

// TestMeasureLimits builds and runs the real program, briefly.
func TestMeasureLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("seconds of full load")
	}
	dir, err := models.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	weights := filepath.Join(dir, "ggml-base-q8_0.bin")
	if _, err := os.Stat(weights); err != nil {
		t.Fatal("no weights; make models fetches them: ", err)
	}
	env := &environment{root: root, work: t.TempDir(), threads: 1}
	l, err := env.measureLimits(context.Background(), 0.01, weights)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Models) != 1 || l.Models[0].weights() != "q8_0" || l.Models[0].Vocabulary != base(7).Vocabulary || l.Models[0].TextLayers != 6 {
		t.Fatalf("%+v", l.Models)
	}
	for _, f := range l.Figures {
		if f.Value <= 0 || f.Threads != 1 {
			t.Errorf("%+v", f)
		}
	}
	for _, r := range l.Models[0].Runs {
		if r.Encode <= 0 || r.Step <= 0 || r.Step5 <= 0 {
			t.Errorf("%+v", r)
		}
	}
}
