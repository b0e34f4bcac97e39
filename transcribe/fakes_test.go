package transcribe

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
	"kerbside/transcribe/audio"
)

const fakeFrame = 512

// levelDetector calls a frame speech when it is loud.
type levelDetector struct{ rest []float32 }

var _ VoiceDetector = (*levelDetector)(nil)

func (d *levelDetector) Detect(ctx context.Context, samples []float32) ([]float32, error) {
	d.rest = append(d.rest, samples...)
	var out []float32
	for len(d.rest) >= fakeFrame {
		p := float32(0.02)
		if math.Abs(float64(d.rest[0]))+math.Abs(float64(d.rest[fakeFrame-1])) > 0.1 {
			p = 0.95
		}
		out = append(out, p)
		d.rest = d.rest[fakeFrame:]
	}
	return out, ctx.Err()
}
func (d *levelDetector) FrameSamples() int { return fakeFrame }
func (d *levelDetector) Reset()            { d.rest = nil }
func (d *levelDetector) Close() error      { return nil }

// hashRecognizer writes a word for each half second of a window, made of the samples, after a random pause.
type hashRecognizer struct {
	states  int
	delay   time.Duration
	calls   atomic.Int64
	running atomic.Int64
	most    atomic.Int64
	fail    func(call int64, samples []float32) error
}

var _ Recognizer = (*hashRecognizer)(nil)

func (r *hashRecognizer) Recognize(ctx context.Context, samples []float32, p DecodeParams) (Result, error) {
	call := r.calls.Add(1)
	r.most.Store(max(r.most.Load(), r.running.Add(1)))
	defer r.running.Add(-1)
	if r.delay > 0 {
		select {
		case <-time.After(rand.N(r.delay)):
		case <-ctx.Done():
			return Result{}, ctx.Err()
		}
	}
	if r.fail != nil {
		if err := r.fail(call, samples); err != nil {
			return Result{}, err
		}
	}
	res := Result{AvgLogProb: -0.2}
	const step = SampleRate / 2
	for at := 0; at+step <= len(samples); at += step {
		h := sha256.New()
		_ = binary.Write(h, binary.LittleEndian, samples[at:at+step])
		ms := int64(at) / 16
		res.Tokens = append(res.Tokens, Token{Text: " " + hex.EncodeToString(h.Sum(nil)[:3]), P: 0.9, StartMS: ms, EndMS: ms + 450})
	}
	return res, nil
}
func (r *hashRecognizer) Info() EngineInfo {
	return EngineInfo{Name: "fake", Version: "1", Model: "none", ModelSHA256: "00", States: r.states}
}
func (r *hashRecognizer) Close() error { return nil }

// fakeStream is synthetic sound: at says what sample n is.
type fakeStream struct {
	n, total int64
	at       func(n int64) float32
	err      error // at the end, instead of io.EOF
	info     audio.Info
}

func (s *fakeStream) Read(ctx context.Context, buf []float32) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if s.n == s.total {
		if s.err != nil {
			return 0, s.err
		}
		return 0, io.EOF
	}
	k := min(int64(len(buf)), s.total-s.n, 7001)
	for i := range buf[:k] {
		buf[i] = s.at(s.n + int64(i))
	}
	s.n += k
	return int(k), nil
}
func (s *fakeStream) Lanes() int       { return 1 }
func (s *fakeStream) Info() audio.Info { return s.info }
func (s *fakeStream) SHA256(context.Context) (string, error) {
	return fmt.Sprintf("%064x", s.total), nil
}
func (s *fakeStream) Close() error { return nil }

// talk is speech for the first speechMS of every periodMS: a tone whose pitch changes all the time.
func talk(speechMS, periodMS int64) func(int64) float32 {
	return func(n int64) float32 {
		if msOf(n)%periodMS >= speechMS {
			return 0.001
		}
		return float32(0.3 + 0.1*math.Sin(float64(n)*float64(n%9973)*1e-4))
	}
}

func newFake(r Recognizer, s *fakeStream) *Transcriber {
	t := New(Options{Recognizer: r, VoiceDetector: func(context.Context) (VoiceDetector, error) { return &levelDetector{}, nil }})
	t.open = func(context.Context, kerbside.Sound, audio.Options) (stream, error) { return s, nil }
	return t
}

func seconds(s float64) int64 { return int64(s * SampleRate) }

func mustTranscribe(t *testing.T, r Recognizer, s *fakeStream) *kerbside.Transcript {
	t.Helper()
	tr, err := newFake(r, s).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
