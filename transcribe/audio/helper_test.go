package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kerbside"
)

// ffmpeg runs the real ffmpeg in dir; a missing one fails the test.
func ffmpeg(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("ffmpeg", append([]string{"-nostdin", "-hide_banner", "-loglevel", "error", "-y"}, args...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ffmpeg %v: %v\n%s", args, err, stderr.String())
	}
	return out
}

func readAll(t *testing.T, s *Stream) []float32 {
	t.Helper()
	defer func() { _ = s.Close() }()
	out, err := drain(s)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return out
}

func drain(s *Stream) ([]float32, error) {
	var out []float32
	buf := make([]float32, 1000)
	for {
		n, err := s.Read(context.Background(), buf)
		out = append(out, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
}

func open(t *testing.T, path string) *Stream {
	t.Helper()
	s, err := Open(t.Context(), path, DefaultOptions())
	if err != nil {
		t.Fatalf("open %s: %v", filepath.Base(path), err)
	}
	return s
}

func save(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantError checks the code, a part of the message, and that no path is shown.
func wantError(t *testing.T, err error, code kerbside.Code, part string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s %q", code, part)
	}
	if kerbside.CodeOf(err) != code || !strings.Contains(kerbside.MessageOf(err), part) {
		t.Fatalf("got %v, want %s with %q", err, code, part)
	}
	if strings.Contains(err.Error(), os.TempDir()) {
		t.Fatalf("error shows a path: %v", err)
	}
}

type chunk struct {
	id   string
	body []byte
}

func fmtChunk(tag, channels, rate, bits int) chunk {
	b := binary.LittleEndian.AppendUint16(nil, uint16(tag))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels*bits/8))
	return chunk{"fmt ", binary.LittleEndian.AppendUint16(b, uint16(bits))}
}

func riffFile(id string, chunks ...chunk) []byte {
	var body []byte
	for _, c := range chunks {
		body = append(body, c.id...)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(c.body)))
		body = append(body, c.body...)
		if len(c.body)%2 == 1 {
			body = append(body, 0)
		}
	}
	b := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body)+4))
	return append(append(b, "WAVE"...), body...)
}

// sine gives n samples of amplitude a at hz as 16-bit little-endian.
func sine16(n, rate int, hz, a float64) []byte {
	var b []byte
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(math.Round(a*32767*math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))))
	}
	return b
}

func floats(v ...float32) []byte {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func rms(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(1, len(x))))
}

func rmsDiff(a, b []float32) float64 {
	d := make([]float32, min(len(a), len(b)))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return rms(d)
}
