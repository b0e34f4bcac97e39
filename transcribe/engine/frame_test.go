package engine

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"kerbside/transcribe"
)

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	w := &frameWriter{w: &b}
	samples := []float32{0, 1, -1, 0.1, float32(math.SmallestNonzeroFloat32)}
	for i := range 3 {
		if err := w.write(message{Type: typeWindow, ID: uint64(i), Params: &transcribe.DecodeParams{Language: "en"}}, samples[:i*2]); err != nil {
			t.Fatal(err)
		}
	}
	r := newFrameReader(&b)
	for i := range 3 {
		m, got, err := r.read()
		if err != nil || m.ID != uint64(i) || m.Params.Language != "en" || len(got) != i*2 {
			t.Fatalf("frame %d: %+v, %v, %v", i, m, got, err)
		}
		for k := range got {
			if got[k] != samples[k] {
				t.Errorf("frame %d: sample %d is %v, want %v", i, k, got[k], samples[k])
			}
		}
	}
	if _, _, err := r.read(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last: %v", err)
	}
}

func TestFrameLimits(t *testing.T) {
	w := &frameWriter{w: io.Discard}
	if err := w.write(message{}, make([]float32, maxSamples+1)); !errors.Is(err, errFrame) {
		t.Errorf("samples: %v", err)
	}
	if err := w.write(message{Message: strings.Repeat("x", maxHeader)}, nil); !errors.Is(err, errFrame) {
		t.Errorf("header: %v", err)
	}
	for _, s := range []string{"KBE1\x02\x00\x00", "NOPE\x02\x00\x00\x00\x00\x00\x00\x00{}", "KBE1\x00\x00\x20\x00\x00\x00\x00\x00", "KBE1\x02\x00\x00\x00\x00\x00\x00\x01{}", "KBE1\x02\x00\x00\x00\x01\x00\x00\x00{}ab", "KBE1\x02\x00\x00\x00\x00\x00\x00\x00[]"} {
		if _, _, err := newFrameReader(strings.NewReader(s)).read(); !errors.Is(err, errFrame) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzFrameReader(f *testing.F) {
	var b bytes.Buffer
	w := &frameWriter{w: &b}
	_ = w.write(message{Type: typeDone, ID: 7, Result: toWire(transcribe.Result{Tokens: []transcribe.Token{{Text: "\xc3"}}})}, []float32{1, 2})
	f.Add(b.Bytes())
	f.Add([]byte("KBE1\x02\x00\x00\x00\x01\x00\x00\x00{}abcd"))
	f.Add([]byte("KBE1\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newFrameReader(bytes.NewReader(data))
		for range 10 {
			m, samples, err := r.read()
			if err != nil {
				return
			}
			var again bytes.Buffer
			if err := (&frameWriter{w: &again}).write(m, samples); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
			m2, samples2, err := newFrameReader(&again).read()
			if err != nil || m2.Type != m.Type || m2.ID != m.ID || len(samples2) != len(samples) {
				t.Fatalf("%+v became %+v: %v", m, m2, err)
			}
		}
	})
}
