//go:build cgo

package whisper

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/go-audio/wav"

	"kerbside/transcribe"
)

const (
	modelName = "ggml-base-q8_0.bin"
	vadName   = "ggml-silero-v6.2.bin"
)

// modelPath finds weights that `make setup` puts there. Without them the tests of this package mean nothing, so they fail.
func modelPath(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("KERBSIDE_MODELS")
	if dir == "" {
		cache := os.Getenv("KERBSIDE_CACHE")
		if cache == "" {
			user, err := os.UserCacheDir()
			if err != nil {
				t.Fatal(err)
			}
			cache = filepath.Join(user, "kerbside")
		}
		dir = filepath.Join(cache, "models")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v\nrun: make setup", err)
	}
	return path
}

func openEngine(t testing.TB, o Options) *Engine {
	t.Helper()
	e, err := Open(modelPath(t, modelName), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func openVAD(t testing.TB) *VAD {
	t.Helper()
	v, err := OpenVAD(modelPath(t, vadName), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// speak has flite say text and gives the samples.
func speak(t testing.TB, voice, text string) []float32 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "speech.wav")
	if out, err := exec.Command("flite", "-voice", voice, "-t", text, path).CombinedOutput(); err != nil {
		t.Fatalf("flite: %v %s\nrun: make setup", err, out)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d := wav.NewDecoder(f)
	pcm, err := d.FullPCMBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if d.SampleRate != transcribe.SampleRate || d.NumChans != 1 {
		t.Fatalf("flite spoke at %d Hz in %d channels", d.SampleRate, d.NumChans)
	}
	samples := make([]float32, len(pcm.Data))
	for i, v := range pcm.Data {
		samples[i] = float32(v) / 32768
	}
	return samples
}

func text(r transcribe.Result) string {
	var b strings.Builder
	for _, t := range r.Tokens {
		b.WriteString(t.Text)
	}
	return b.String()
}

// wordsOf gives lower-case words without punctuation.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
}

func recognize(t testing.TB, e *Engine, samples []float32, p transcribe.DecodeParams) transcribe.Result {
	t.Helper()
	r, err := e.Recognize(context.Background(), samples, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bufferLog gives a logger that takes everything, and what it took.
func bufferLog() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug - 4})), &b
}
