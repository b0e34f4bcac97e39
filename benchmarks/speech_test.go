package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"kerbside/transcribe/audio"
)

func tone(seconds float64, height float32) []float32 {
	samples := make([]float32, int(seconds*audio.SampleRate))
	for i := range samples {
		samples[i] = height * float32(math.Sin(float64(i)/7))
	}
	return samples
}

func TestCompose(t *testing.T) {
	clips := []clip{{samples: tone(0.5, 0.5)}, {samples: tone(1.5, 0.5)}}
	whole := compose(clips)
	if !slices.Equal(whole, compose(clips)) {
		t.Fatal("the same clips give another composite")
	}
	var pauses []int
	silent := 0
	for i := 0; i < len(whole); i++ {
		if whole[i] == 0 && (i+1 == len(whole) || whole[i+1] == 0 || silent == 0) {
			silent++
			continue
		}
		if silent > audio.SampleRate/2 {
			pauses = append(pauses, silent)
		}
		silent = 0
	}
	pauses = append(pauses, silent)
	if len(pauses) != 3 {
		t.Fatalf("pauses: %v", pauses)
	}
	for _, p := range pauses {
		if s := float64(p) / audio.SampleRate; s < 0.99 || s > 2.01 {
			t.Errorf("a pause of %.2f s", s)
		}
	}
	if want := len(clips[0].samples) + len(clips[1].samples) + pauses[0] + pauses[1] + pauses[2]; math.Abs(float64(len(whole)-want)) > 10 {
		t.Errorf("%d samples, %d expected", len(whole), want)
	}
}

func TestMix(t *testing.T) {
	speech, noise := tone(1, 0.3), []float32{0.1, -0.1, 0.05, -0.05, 0.1}
	got := mix(speech, noise, level(speech))
	added := make([]float32, len(got))
	for i := range got {
		added[i] = got[i] - speech[i]
	}
	if db := 20 * math.Log10(level(speech)/level(added)); math.Abs(db-noiseDB) > 0.05 {
		t.Errorf("the noise is %.2f dB below the speech", db)
	}
	loud := tone(1, 1)
	for _, s := range mix(loud, noise, level(loud)) {
		if s > 1 || s < -1 {
			t.Fatalf("clipped: %v", s)
		}
	}
}

func TestSetIsWritten(t *testing.T) {
	s := set{name: "x", clips: []clip{{samples: tone(0.2, 0.5)}, {samples: tone(0.3, 0.5)}}}
	dir := t.TempDir()
	if err := s.write(dir, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"x.wav", "x-001.wav", "x-002.wav"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Size() < 6000 {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
	if len(s.files) != 2 || s.seconds < 3.5 || s.seconds > 6.5 {
		t.Errorf("%d files, %.1f s", len(s.files), s.seconds)
	}
}

func TestSentences(t *testing.T) {
	got := sentences("One is here. Is two?\nAnd three")
	if want := []string{"One is here.", "Is two?", "And three"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`[{"file":"a/b.wav","text":"Hello there","accent":"","source":"own"}]`))
	f.Add([]byte(`[{"file":"../b.wav","text":"x"}]`))
	f.Add([]byte(`[{"file":"/b.wav","text":"x"}]`))
	f.Add([]byte(`{"file":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := parseManifest(b)
		if err != nil {
			return
		}
		for _, e := range entries {
			if !filepath.IsLocal(e.File) || e.Text == "" {
				t.Errorf("%q is taken", e.File)
			}
		}
	})
}

func TestManifestOutsideTheFolder(t *testing.T) {
	for _, b := range []string{`[{"file":"../b.wav","text":"x"}]`, `[{"file":"b.wav","text":" "}]`, `[{"file":"","text":"x"}]`, `{`} {
		if _, err := parseManifest([]byte(b)); err == nil {
			t.Errorf("%s is taken", b)
		}
	}
}

// TestSetsAreApart makes sets with the real flite, sox and ffmpeg; none may write over another's files.
func TestSetsAreApart(t *testing.T) {
	env := &environment{root: "..", work: t.TempDir()}
	sets, err := makeSets(context.Background(), env, options{sets: "spoken,noisy,nonspeech", limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sets {
		samples, err := decode(context.Background(), s.composite)
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(len(samples)) / audio.SampleRate; math.Abs(got-s.seconds) > 0.01 || s.seconds < 30 {
			t.Errorf("%s: %.1f s in the file, %.1f s made", s.name, got, s.seconds)
		}
		if len(s.files) != 2 || s.perFile != (s.name == "nonspeech") {
			t.Errorf("%s: %d files", s.name, len(s.files))
		}
	}
	if a, b := sets[0].seconds, sets[1].seconds; a != b {
		t.Errorf("with noise it lasts %.1f s, without %.1f s", b, a)
	}
}
