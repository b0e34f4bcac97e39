package transcribe

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
)

// memoryBlobs keeps blobs in memory; fail makes every Put fail.
type memoryBlobs struct {
	mu   sync.Mutex
	kept map[string][]byte
	fail bool
}

var _ kerbside.BlobStore = (*memoryBlobs)(nil)

func (m *memoryBlobs) Put(_ context.Context, key string, r io.Reader) (string, int64, error) {
	b, err := io.ReadAll(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail {
		return "", 0, kerbside.E(kerbside.CodeUnavailable, "fake.Put", "The disk is full.", nil)
	}
	m.kept[key] = b
	return kerbside.HexSHA256(b), int64(len(b)), err
}
func (m *memoryBlobs) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.kept[key]
	if !ok {
		return nil, kerbside.E(kerbside.CodeNotFound, "fake.Open", "", nil)
	}
	return struct {
		*bytes.Reader
		io.Closer
	}{bytes.NewReader(b), io.NopCloser(nil)}, nil
}
func (m *memoryBlobs) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
	return nil
}
func (m *memoryBlobs) List(_ context.Context, prefix string, f func(string) error) error {
	var keys []string
	for key := range m.kept {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		if err := f(key); err != nil {
			return err
		}
	}
	return nil
}

func kept(m *memoryBlobs) kerbside.Sound {
	return kerbside.Sound{Checkpoint: kerbside.Checkpoint{Blobs: m, Prefix: "r-1/windows/"}}
}

func longTalk() *fakeStream { return &fakeStream{total: seconds(240), at: talk(2300, 3900)} }

// TestGoesOnWhereItWasStopped stops a transcription in its middle, as a kill would, and lets another finish it.
func TestGoesOnWhereItWasStopped(t *testing.T) {
	want := mustTranscribe(t, &hashRecognizer{states: 2}, longTalk())
	const states = 3
	m := &memoryBlobs{kept: map[string][]byte{}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := &hashRecognizer{states: states, delay: 2 * time.Millisecond, fail: func(call int64, _ []float32) error {
		if call > 25 {
			cancel()
			return context.Canceled
		}
		return nil
	}}
	if _, err := newFake(first, longTalk()).Transcribe(ctx, kept(m), kerbside.TranscribeOptions{}, nil); kerbside.CodeOf(err) != kerbside.CodeCanceled {
		t.Fatalf("got %v", err)
	}
	finished := int64(len(m.kept))
	if finished < 25-states || finished > 25 {
		t.Fatalf("%d windows kept of 25", finished)
	}
	second := &hashRecognizer{states: states}
	got, err := newFake(second, longTalk()).Transcribe(t.Context(), kept(m), kerbside.TranscribeOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the transcript is not that of one run")
	}
	all := int64(len(m.kept))
	if second.calls.Load() != all-finished {
		t.Errorf("%d windows decoded in the second run, %d were left", second.calls.Load(), all-finished)
	}
	if again := first.calls.Load() + second.calls.Load() - all; again > states+1 { // the call that cancelled is one more
		t.Errorf("%d windows were decoded again", again)
	}
	if err := kept(m).Checkpoint.Clear(t.Context()); err != nil || len(m.kept) != 0 {
		t.Errorf("%d left, %v", len(m.kept), err)
	}
}

// TestCheckpointIsOfOneEngineAndOptions wants nothing taken from what another model or other options left.
func TestCheckpointIsOfOneEngineAndOptions(t *testing.T) {
	m := &memoryBlobs{kept: map[string][]byte{}}
	run := func(r Recognizer, o kerbside.TranscribeOptions) {
		t.Helper()
		if _, err := newFake(r, longTalk()).Transcribe(t.Context(), kept(m), o, nil); err != nil {
			t.Fatal(err)
		}
	}
	run(&hashRecognizer{states: 2}, kerbside.TranscribeOptions{})
	same := &hashRecognizer{states: 4}
	run(same, kerbside.TranscribeOptions{})
	if same.calls.Load() != 0 {
		t.Errorf("%d windows decoded again", same.calls.Load())
	}
	decodings := int64(len(m.kept)) // two a window
	fast := &hashRecognizer{states: 2}
	run(fast, kerbside.TranscribeOptions{Preset: PresetFast})
	other := &otherModel{hashRecognizer{states: 2}}
	run(other, kerbside.TranscribeOptions{})
	if fast.calls.Load() != decodings/2 || other.calls.Load() != decodings {
		t.Errorf("of %d decodings, %d were done with other options and %d by another model", decodings, fast.calls.Load(), other.calls.Load())
	}
}

type otherModel struct{ hashRecognizer }

func (r *otherModel) Info() EngineInfo {
	i := r.hashRecognizer.Info()
	i.ModelSHA256 = "01"
	return i
}

func TestDamagedCheckpoint(t *testing.T) {
	want := mustTranscribe(t, &hashRecognizer{states: 2}, longTalk())
	m := &memoryBlobs{kept: map[string][]byte{}}
	if _, err := newFake(&hashRecognizer{states: 2}, longTalk()).Transcribe(t.Context(), kept(m), kerbside.TranscribeOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	i := 0
	for key, b := range m.kept {
		switch i++; i % 4 {
		case 0:
			m.kept[key] = b[:len(b)-1]
		case 1:
			b[len(b)/2] ^= 1
		case 2:
			m.kept[key] = nil
		}
	}
	r := &hashRecognizer{states: 2}
	got, err := newFake(r, longTalk()).Transcribe(t.Context(), kept(m), kerbside.TranscribeOptions{}, nil)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("another transcript, or %v", err)
	}
	if n := r.calls.Load(); n == 0 || n == int64(len(m.kept)) {
		t.Errorf("%d of %d windows decoded again", n, len(m.kept))
	}
}

func TestCheckpointThatCannotBeWrittenCostsNothing(t *testing.T) {
	want := mustTranscribe(t, &hashRecognizer{states: 2}, longTalk())
	m := &memoryBlobs{kept: map[string][]byte{}, fail: true}
	got, err := newFake(&hashRecognizer{states: 2}, longTalk()).Transcribe(t.Context(), kept(m), kerbside.TranscribeOptions{}, nil)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("another transcript, or %v", err)
	}
}

// TestEverythingOfAResultIsKept fills every field of a Result, whichever there are, and wants all of it back.
func TestEverythingOfAResultIsKept(t *testing.T) {
	var r Result
	fill(t, reflect.ValueOf(&r).Elem())
	k := &keeper{at: kerbside.Checkpoint{Blobs: &memoryBlobs{kept: map[string][]byte{}}}}
	if err := k.keep(t.Context(), "k", r); err != nil {
		t.Fatal(err)
	}
	if got, err := k.find(t.Context(), "k"); err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("kept %+v, got %+v, %v", r, got, err)
	}
	if _, err := k.find(t.Context(), "none"); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Errorf("got %v", err)
	}
}

func fill(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.String:
		v.SetString("\xc3 caf")
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(float32(0.1)))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(-7)
	case reflect.Bool:
		v.SetBool(true)
	default:
		t.Fatal(errors.New("a result holds a " + v.Kind().String()))
	}
}
