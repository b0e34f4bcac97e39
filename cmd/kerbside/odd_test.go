package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

const oddSentence = "The little girl went to school with her brother this morning."

// transcripts transcribes files in one run.
func transcripts(t *testing.T, flags []string, paths ...string) map[string]*kerbside.Transcript {
	t.Helper()
	out := t.TempDir()
	cmd := ownProgram(t, t.TempDir(), append(append([]string{"--quiet", "transcribe", "--preset", "fast", "--format", "json", "--out", out}, flags...), paths...)...)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	made := map[string]*kerbside.Transcript{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		b, err := os.ReadFile(filepath.Join(out, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := conforms(transcriptSchema, b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		made[name] = new(kerbside.Transcript)
		if err := json.Unmarshal(b, made[name]); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(out)
	if err != nil || len(left) != len(paths) {
		t.Errorf("%d files for %d recordings: %v", len(left), len(paths), left)
	}
	return made
}

// heard reports whether a text has the words that matter, but for one at most: spoilt sound costs words.
func heard(text string) bool {
	n := 0
	for _, w := range []string{"girl", "school", "brother", "morning"} {
		if strings.Contains(strings.ToLower(text), w) {
			n++
		}
	}
	return n >= 3
}

// TestOddSound has one sentence recorded in the ways in which recordings go wrong.
func TestOddSound(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	speakTo(t, at("plain.wav"), "slt", "1", oddSentence)
	must(t, "sox", "-D", at("plain.wav"), at("clipped.wav"), "gain", "9")
	must(t, "sox", "-D", at("plain.wav"), "-b", "24", at("quiet.wav"), "gain", "-40")
	must(t, "ffmpeg", "-v", "error", "-i", at("plain.wav"), "-af", "highpass=300,lowpass=3400", "-ar", "8000", "-c:a", "pcm_mulaw", at("telephone.wav"))
	must(t, "sox", "-D", at("plain.wav"), at("half.wav"), "remix", "0", "1")
	must(t, "sox", "-R", "-D", at("plain.wav"), at("noise.wav"), "synth", "pinknoise", "vol", "0.02")
	must(t, "sox", "-D", "-m", at("plain.wav"), at("noise.wav"), at("noisy.wav"))
	flags := map[string]kerbside.SoundFlag{"clipped": kerbside.FlagClipped, "quiet": kerbside.FlagQuiet}
	for name, got := range transcripts(t, nil, at("clipped.wav"), at("quiet.wav"), at("telephone.wav"), at("half.wav"), at("noisy.wav")) {
		if !heard(got.Text) {
			t.Errorf("%s: %q", name, got.Text)
		}
		if flag, odd := flags[name]; odd && !slices.Contains(got.Flags, flag) || !odd && len(got.Flags) > 0 {
			t.Errorf("%s: flags %v", name, got.Flags)
		}
	}
}

// TestSplitChannels has two voices on two channels, the second also faintly on the first, and recordings that have no two speakers.
func TestSplitChannels(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	speakTo(t, at("mono.wav"), "slt", "1", oddSentence)
	speakTo(t, at("other.wav"), "rms", "1", "We agreed to meet again on Friday.")
	must(t, "sox", "-D", at("mono.wav"), at("half.wav"), "remix", "0", "1")
	must(t, "sox", "-D", at("other.wav"), at("later.wav"), "pad", "5", "0")
	must(t, "sox", "-D", "-m", "-v", "1", at("mono.wav"), "-v", "0.08", at("later.wav"), at("first.wav"))
	must(t, "sox", "-D", "-M", at("first.wav"), at("later.wav"), at("two.wav"))
	must(t, "ffmpeg", "-v", "error", "-i", at("mono.wav"), "-ac", "2", "-c:a", "libopus", "-b:a", "48k", at("copied.ogg"))
	got := transcripts(t, []string{"--split-channels", "--kind", "visit"}, at("two.wav"), at("mono.wav"), at("half.wav"), at("copied.ogg"))
	for name, want := range map[string][]string{"two": {"channel 1", "channel 2"}, "mono": {""}, "half": {"channel 2"}, "copied": {"channel 1"}} {
		var speakers []string
		for _, s := range got[name].Segments {
			if !slices.Contains(speakers, s.Speaker) {
				speakers = append(speakers, s.Speaker)
			}
		}
		if !slices.Equal(speakers, want) || !heard(got[name].Text) {
			t.Errorf("%s: %q by %q, removed %v", name, got[name].Text, speakers, got[name].Removed)
		}
	}
	if two := got["two"]; strings.Count(strings.ToLower(two.Text), "friday") != 1 || !strings.Contains(two.Text, "agreed") {
		t.Errorf("%q, removed %v", two.Text, two.Removed)
	}
}

// TestLiveInput has sound come on standard input as it would from a microphone: in pieces, without a length, the writer at its own pace.
func TestLiveInput(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.wav")
	speakTo(t, path, "slt", "1.2", oddSentence, "Nobody answered when I knocked on Monday.")
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{4, 40} { // lengths that a recorder cannot know yet
		copy(sound[at:], "\xff\xff\xff\xff")
	}
	cmd := ownProgram(t, t.TempDir(), "--quiet", "transcribe", "--preset", "fast", "--partial", "-")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Words of the first sentence come before the second is sent.
	cut := len(sound)/2 + 16000
	if _, err := stdin.Write(sound[:cut]); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 1000)
	n, err := stdout.Read(first)
	if err != nil || !heard(string(first[:n])) {
		t.Errorf("%q, %v", first[:n], err)
	}
	if _, err := stdin.Write(sound[cut:]); err != nil {
		t.Fatal(err)
	}
	_ = stdin.Close()
	rest, err := io.ReadAll(stdout)
	if err != nil || !strings.Contains(string(rest), "Monday") {
		t.Errorf("%q, %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
}
