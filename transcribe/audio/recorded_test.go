package audio

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

// TestRecordedOfStream: Ogg keeps its date at the stream, where a reader must find it too.
func TestRecordedOfStream(t *testing.T) {
	f, err := os.Open("../../samples/visit.ogg")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s, err := OpenReader(t.Context(), io.MultiReader(f), DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for buf := make([]float32, SampleRate); ; {
		if _, err := s.Read(t.Context(), buf); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Info().Recorded; !got.Equal(time.Date(2026, 3, 3, 17, 5, 0, 0, time.UTC)) {
		t.Errorf("recorded %v", got)
	}
}
