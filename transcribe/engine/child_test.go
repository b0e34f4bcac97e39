package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside"
	"kerbside/transcribe"
)

const childEnv = "KERBSIDE_ENGINE_TEST_CHILD"

// TestMain makes the test binary its own child: with childEnv set it serves instead of testing.
func TestMain(m *testing.M) {
	if mode := os.Getenv(childEnv); mode != "" {
		os.Exit(child(mode))
	}
	os.Exit(m.Run())
}

func child(mode string) int {
	switch mode {
	case "garbage":
		fmt.Println("this is not the protocol at all")
		time.Sleep(time.Minute)
	case "huge":
		_, _ = os.Stdout.Write([]byte(frameMagic + "\xff\xff\xff\x7f\xff\xff\xff\x7f"))
		time.Sleep(time.Minute)
	case "silent":
		time.Sleep(time.Minute)
	case "exit":
		return 3
	case "processor":
		fmt.Fprintln(os.Stderr, "This program was built for a CPU with AVX9, which this machine lacks.\nBuild it here.")
		return 1
	case "illegal":
		_ = syscall.Kill(os.Getpid(), syscall.SIGILL)
		time.Sleep(time.Minute)
	}
	marker := strings.TrimPrefix(mode, "work:")
	newRecognizer := func(context.Context) (transcribe.Recognizer, error) {
		if mode == "refuse" {
			return nil, kerbside.E(kerbside.CodeUnavailable, "whisper.Open", "This machine lacks AVX2. Use the portable build.", nil)
		}
		return &oddRecognizer{marker: marker}, nil
	}
	newVAD := func(context.Context) (transcribe.VoiceDetector, error) { return &countingVAD{marker: marker}, nil }
	fmt.Fprintln(os.Stderr, "child is up")
	if err := Serve(context.Background(), os.Stdin, os.Stdout, newRecognizer, newVAD); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// What the first sample of a window makes oddRecognizer do.
const (
	doAnswer    = float32(0)
	doCrash     = float32(1)
	doCrashOnce = float32(2) // crashes unless the marker file is there
	doHang      = float32(3) // ignores its context
	doSlow      = float32(4) // takes a minute unless cancelled
	doFail      = float32(5)
	doGarbage   = float32(6) // writes to standard output
	doBrief     = float32(7) // takes 50 ms
)

type oddRecognizer struct{ marker string }

func (r *oddRecognizer) Recognize(ctx context.Context, samples []float32, p transcribe.DecodeParams) (transcribe.Result, error) {
	what := doAnswer
	if len(samples) > 0 {
		what = samples[0]
	}
	switch what {
	case doCrash:
		os.Exit(9)
	case doCrashOnce:
		if _, err := os.Stat(r.marker); err != nil {
			_ = os.WriteFile(r.marker, nil, 0o600)
			os.Exit(9)
		}
	case doHang:
		time.Sleep(time.Minute)
	case doSlow:
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
			return transcribe.Result{}, ctx.Err()
		}
	case doFail:
		return transcribe.Result{}, kerbside.E(kerbside.CodeInvalid, "whisper.Recognize", "The language is not known.", errors.New("xx"))
	case doGarbage:
		fmt.Println("ggml: something that a library prints")
		time.Sleep(time.Minute)
	case doBrief:
		time.Sleep(50 * time.Millisecond)
	}
	return transcribe.Result{AvgLogProb: -0.25, Tokens: []transcribe.Token{
		{ID: os.Getpid(), Text: " caf\xc3", P: 0.5, StartMS: 10, EndMS: 20},
		{ID: len(samples), Text: "\xa9" + p.Language, P: 0.25, StartMS: 20, EndMS: 30},
	}}, nil
}
func (r *oddRecognizer) Info() transcribe.EngineInfo {
	return transcribe.EngineInfo{Name: "odd", Model: "m", States: 2}
}
func (r *oddRecognizer) Close() error { return nil }

// countingVAD numbers the frames, of 4 samples, that it heard. A first sample of -1 ends the process unless the marker file is there.
type countingVAD struct {
	n      int
	marker string
}

func (v *countingVAD) Detect(_ context.Context, samples []float32) ([]float32, error) {
	if len(samples) > 0 && samples[0] == -1 {
		if _, err := os.Stat(v.marker); err != nil {
			_ = os.WriteFile(v.marker, nil, 0o600)
			os.Exit(9)
		}
	}
	before := v.n / 4
	v.n += len(samples)
	out := make([]float32, v.n/4-before)
	for i := range out {
		out[i] = float32(before + i + 1)
	}
	return out, nil
}
func (v *countingVAD) FrameSamples() int { return 4 }
func (v *countingVAD) Reset()            { v.n = 0 }
func (v *countingVAD) Close() error      { return nil }
