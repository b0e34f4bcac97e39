package transcribe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"kerbside"
	"kerbside/transcribe/audio"
)

// wavOf makes a 16-bit mono WAV at 16 kHz with bytes after the sound.
func wavOf(samples []float32) []byte {
	var b bytes.Buffer
	le := binary.LittleEndian
	n := uint32(2 * len(samples))
	b.WriteString("RIFF")
	_ = binary.Write(&b, le, 36+n+12)
	b.WriteString("WAVEfmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(SampleRate), uint32(2 * SampleRate), uint16(2), uint16(16)} {
		_ = binary.Write(&b, le, v)
	}
	b.WriteString("data")
	_ = binary.Write(&b, le, n)
	for _, x := range samples {
		_ = binary.Write(&b, le, int16(x*32767))
	}
	b.WriteString("note\x04\x00\x00\x00tail")
	return b.Bytes()
}

func TestFileAndReaderGiveTheSameTranscript(t *testing.T) {
	samples := make([]float32, seconds(20))
	for i := range samples {
		samples[i] = talk(1500, 4000)(int64(i))
	}
	data := wavOf(samples)
	path := filepath.Join(t.TempDir(), "a file.wav")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	tr := New(Options{Recognizer: &hashRecognizer{states: 2}, VoiceDetector: func(context.Context) (VoiceDetector, error) { return &levelDetector{}, nil }})
	var got [2]*kerbside.Transcript
	for i, sound := range []kerbside.Sound{{Path: path}, {Reader: bytes.NewReader(data)}} {
		var err error
		if got[i], err = tr.Transcribe(t.Context(), sound, kerbside.TranscribeOptions{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got[0].Recording.SHA256 != kerbside.HexSHA256(data) || got[0].Recording.DurationMS != 20_000 || len(got[0].Words) == 0 {
		t.Errorf("recording %+v, %d words", got[0].Recording, len(got[0].Words))
	}
	if got[0].ID != got[1].ID || got[0].Text != got[1].Text || got[1].Recording.SHA256 != got[0].Recording.SHA256 {
		t.Errorf("a file gives %s, a reader %s", got[0].ID, got[1].ID)
	}
}

func TestSoundErrors(t *testing.T) {
	if _, err := openSound(t.Context(), kerbside.Sound{}, audio.DefaultOptions()); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Errorf("no sound: %v", err)
	}
	if _, err := openSound(t.Context(), kerbside.Sound{Path: filepath.Join(t.TempDir(), "none.wav")}, audio.DefaultOptions()); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Errorf("no file: %v", err)
	}
	broken := errors.New("broken")
	r := &hashingReader{r: io.MultiReader(bytes.NewReader([]byte("x")), failingReader{broken}), h: sha256.New()}
	if _, err := r.rest(t.Context()); kerbside.CodeOf(err) != kerbside.CodeUnavailable || !errors.Is(err, broken) {
		t.Errorf("broken reader: %v", err)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
