package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside"
)

func TestLooksLikeText(t *testing.T) {
	for _, test := range []struct {
		head         string
		text, binary bool
	}{
		{"Mum was in.", true, false},
		{"Zoë", true, false},
		{"Zo\xc3", true, false}, // a character cut at the end
		{"Stra\xdfe was closed", false, false},
		{"RIFF\x24\x00\x00\x00WAVE", false, true},
		{"\xff\xfeM\x00u\x00m\x00", false, false}, // UTF-16
		{"", false, false},
	} {
		if got := looksLikeText([]byte(test.head)); got != test.text {
			t.Errorf("looksLikeText(%q) = %v", test.head, got)
		}
		if got := isBinary([]byte(test.head)); got != test.binary {
			t.Errorf("isBinary(%q) = %v", test.head, got)
		}
	}
}

func TestReadInput(t *testing.T) {
	dir := t.TempDir()
	c := &command{stdin: strings.NewReader("Typed."), stdout: io.Discard, stderr: io.Discard}
	for _, test := range []struct{ name, content, want string }{ // want is "sound", "text" or a part of the message
		{"a.txt", "Mum was in.", "text"},
		{"a.md", "\ufeffMum was in.", "text"},
		{"noname", "Mum was in.", "text"},
		{"b.wav", "anything", "sound"},
		{"B.WAV", "", "sound"},
		{"recording.txt", "RIFF\x24\x00\x00\x00WAVEfmt ", "sound"},
		{"binary", "\x00\x01\x02", "sound"},
		{"list", "#EXTM3U\nother.wav\n", "playlist"},
		{"list.txt", "ffconcat version 1.0\nfile other.wav\n", "playlist"},
		{"empty.txt", "", "empty"},
		{"blank.txt", " \n", "empty"},
		{"latin1.txt", "Stra\xdfe", "UTF-8"},
		{"utf16.txt", "\xff\xfeM\x00u\x00m\x00", "UTF-8"},
		{"other.json", `{"schema": "kerbside.nothing/v1"}`, "does not know"},
		{"whole.txt", `{"a": "x"}`, "does not know"},
		{"list.json", `[1]`, "does not know"},
		{"schema.json", `{"schema": 7}`, "does not know"},
		{"cut.json", "\ufeff {\n \"schema\": \"" + kerbside.TranscriptSchema + "\", \"text\": \"Mum wa", "damaged"},
		{"cut.txt", `{"schema": "` + kerbside.TranscriptSchema + `", "text": "Mum wa`, "damaged"},
		{"lines.txt", "{\"a\": 1}\n{\"b\": 2}\n", "damaged"},
		{"objects.txt", `[{"text": "Mum wa`, "damaged"},
		{"visit.json", "[Visit] Saw Tom", "damaged"},
		{"note.json", "Mum was in.", "text"},
		{"visit.txt", "[Visit] Saw Tom", "text"},
		{"quoted.txt", "{unclear} \"Tom\" {said}", "text"},
		{"record.json", `{"schema": "` + kerbside.RecordSchema + `", "children": 7}`, "damaged"},
		{"large.txt", strings.Repeat("Mum was in. ", 100_000), "larger"},
	} {
		path := filepath.Join(dir, test.name)
		if err := os.WriteFile(path, []byte(test.content), filePerm); err != nil {
			t.Fatal(err)
		}
		in, err := c.readInput(t.Context(), path)
		switch {
		case err != nil:
			if !strings.Contains(kerbside.MessageOf(err), test.want) {
				t.Errorf("%s: %v, want %s", test.name, err, test.want)
			}
		case (in.transcript == nil) != (test.want == "sound") || test.want != "text" && test.want != "sound":
			t.Errorf("%s: %+v, want %s", test.name, in, test.want)
		}
	}
	fifo := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(fifo, filePerm); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fifo, dir, "/dev/null", filepath.Join(dir, "none")} {
		if _, err := c.readInput(t.Context(), path); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s: %v", path, err)
		}
	}
	if in, err := c.readInput(t.Context(), "-"); err != nil || in.transcript == nil {
		t.Errorf("standard input: %v", err)
	}
}

// TestAwaitStops wants a reader without end to be given up when the context ends.
func TestAwaitStops(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := await(ctx, func() ([]byte, error) { return io.ReadAll(r) }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "file")
	for _, content := range []string{"first", "second"} {
		if err := writeFile(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != content {
			t.Errorf("%q, %v", got, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != filePerm {
		t.Errorf("%v, %v", info, err)
	}
	for _, bad := range []string{filepath.Join(path, "below"), filepath.Join(dir, "new")} { // below a file; over a folder
		if err := writeFile(bad, nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if err := ready(path); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("ready: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", ".kerbside-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	full := writeError("op", path, &os.PathError{Op: "write", Path: path, Err: syscall.ENOSPC})
	if !strings.Contains(kerbside.MessageOf(full), "disk is full") {
		t.Errorf("%v", full)
	}
}

func FuzzParseInput(f *testing.F) {
	for _, seed := range []string{"Mum was in.", "{}", "[Visit] Saw Tom", `[{"a": "`, `{"schema":"` + kerbside.TranscriptSchema + `"}`, `{"schema":"` + kerbside.RecordSchema + `"}`, "\xef\xbb\xbf", "\xff", "#EXTM3U"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var in input
		err := in.parse(text, "file")
		if err != nil && len(text) > 12 && strings.Contains(err.Error(), string(bytes.TrimSpace(text))) {
			t.Errorf("the error holds the text: %v", err)
		}
		if err == nil && (in.transcript == nil) == (in.record == nil) {
			t.Error("neither or both of transcript and record")
		}
		if in.transcript != nil && err == nil {
			if err := in.transcript.Validate(); err != nil {
				t.Error(err)
			}
		}
	})
}
