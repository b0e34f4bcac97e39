package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
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
	whole, starts := compose(clips)
	if again, _ := compose(clips); !slices.Equal(whole, again) {
		t.Fatal("the same clips give another composite")
	}
	for i, c := range clips {
		if at := samplesIn(starts[i]); !slices.Equal(whole[at:at+len(c.samples)], c.samples) {
			t.Errorf("clip %d is not where it is said to be", i)
		}
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
	got := mix(speech, noise, level(speech), 10)
	added := make([]float32, len(got))
	for i := range got {
		added[i] = got[i] - speech[i]
	}
	if db := 20 * math.Log10(level(speech)/level(added)); math.Abs(db-10) > 0.05 {
		t.Errorf("the noise is %.2f dB below the speech", db)
	}
	loud := tone(1, 1)
	for _, s := range mix(loud, noise, level(loud), 10) {
		if s > 1 || s < -1 {
			t.Fatalf("clipped: %v", s)
		}
	}
}

func TestSetIsWritten(t *testing.T) {
	s := set{name: "x", clips: []clip{{samples: tone(0.2, 0.5)}, {samples: tone(0.3, 0.5)}}}
	dir := t.TempDir()
	if err := s.write(dir, nil, 0); err != nil {
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
	got := sentences("One is here. Is “two?” Dr. Lowe\ncame in! And three")
	if want := []string{"One is here.", "Is “two?”", "Dr. Lowe came in!", "And three"}; !reflect.DeepEqual(got, want) {
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
	sets, err := makeSets(context.Background(), env, options{sets: "spoken,car20,car5,nonspeech", voices: "slt,awb", limit: 2})
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
	if !strings.HasSuffix(sets[0].clips[0].name, "slt") || !strings.HasSuffix(sets[0].clips[1].name, "awb") {
		t.Error("the voices do not take turns")
	}
	wordsLieInSpeech(t, &sets[0])
}

// wordsLieInSpeech holds flite's times against its sound: each word has a time, in order, sound within it and, at either end of a
// clip, silence outside.
func wordsLieInSpeech(t *testing.T, s *set) {
	t.Helper()
	for _, c := range s.clips {
		if said, written := len(c.said), len(strings.Fields(strings.Join(c.stretches, " "))); said < written {
			t.Errorf("%s: %d words have times, %d are written", c.name, said, written)
		}
		before := 0.0
		for _, w := range c.said {
			if w.start < before-1e-6 || w.end <= w.start {
				t.Errorf("%s: a word from %.3f to %.3f after %.3f", c.name, w.start, w.end, before)
			}
			before = w.end
			if inside := c.samples[samplesIn(w.start):samplesIn(w.end)]; level(inside) < speechLevel(c.samples)/30 {
				t.Errorf("%s: no sound from %.3f to %.3f", c.name, w.start, w.end)
			}
		}
		onset, offset := bounds(c.samples)
		if math.Abs(onset-c.said[0].start) > 0.1 || math.Abs(offset-before) > 0.15 {
			t.Errorf("%s: sound from %.3f to %.3f, words from %.3f to %.3f", c.name, onset, offset, c.said[0].start, before)
		}
	}
	said := s.said()
	if first := said[0].start - s.clips[0].said[0].start; math.Abs(first-s.starts[0]) > 1e-9 {
		t.Errorf("the first clip begins at %.3f, its words at %.3f", s.starts[0], first)
	}
}

func TestNoiseLevel(t *testing.T) {
	speech := append(append(tone(1, 0.3), make([]float32, 3*audio.SampleRate)...), tone(1, 0.3)...)
	noise := carNoise(5)
	got := mix(speech, noise, speechLevel(speech), 5)
	added := make([]float32, len(got))
	for i := range got {
		added[i] = got[i] - speech[i]
	}
	if db := 20 * math.Log10(level(tone(1, 0.3))/level(added)); math.Abs(db-5) > 0.1 {
		t.Errorf("the noise is %.2f dB below what is spoken", db)
	}
}

func TestSounds(t *testing.T) {
	clips, again := scenes(), scenes()
	names := map[string]bool{}
	for i, c := range clips {
		if !slices.Equal(c.samples, again[i].samples) {
			t.Errorf("%s is not the same each time", c.name)
		}
		if l := level(c.samples); len(c.samples) != 20*audio.SampleRate || l < 0.005 || l > 0.2 || math.IsNaN(l) {
			t.Errorf("%s: %d samples at %.3f", c.name, len(c.samples), l)
		}
		if peak := max(slices.Max(c.samples), -slices.Min(c.samples)); peak > 1 {
			t.Errorf("%s reaches %.2f", c.name, peak)
		}
		if names[c.name] {
			t.Errorf("two sounds are named %s", c.name)
		}
		names[c.name] = true
	}
}

func TestReadCases(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b.txt": "Two.", "a.json": `{"id": "a", "text": "One."}`, "c.md": "Not one"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := readCases(dir)
	if want := []dictation{{"a", "One."}, {"b", "Two."}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "d.json"), []byte(`{"words": 3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readCases(dir); err == nil {
		t.Error("a file without a text is taken")
	}
}

func TestBounds(t *testing.T) {
	samples := slices.Concat(make([]float32, samplesIn(0.5)), tone(1.2, 0.3), make([]float32, samplesIn(0.7)))
	for i := range samples {
		samples[i] += 0.0005 * float32(i%2)
	}
	if onset, offset := bounds(samples); math.Abs(onset-0.5) > 0.011 || math.Abs(offset-1.7) > 0.011 {
		t.Errorf("%.3f to %.3f", onset, offset)
	}
	if onset, _ := bounds(make([]float32, 1600)); !math.IsNaN(onset) {
		t.Errorf("silence begins at %v", onset)
	}
}

func TestBounded(t *testing.T) {
	words := bounded("one two three", slices.Concat(make([]float32, samplesIn(0.5)), tone(1, 0.3)))
	if len(words) != 3 || math.Abs(words[0].start-0.5) > 0.011 || math.Abs(words[2].end-1.5) > 0.011 || !math.IsNaN(words[0].end) || !math.IsNaN(words[1].start) {
		t.Errorf("%v", words)
	}
}
