package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ownProgram is this program as a process of its own, with a state folder that is its own too.
func ownProgram(t *testing.T, state string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "XDG_STATE_HOME="+state)
	return cmd
}

// speakTo has flite say each text into a file, with so many seconds of silence after each, and joins them.
func speakTo(t *testing.T, path, voice string, pause string, texts ...string) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-D"}
	for i, text := range texts {
		one := filepath.Join(dir, string(rune('a'+i))+".wav")
		must(t, "flite", "-voice", voice, "-t", text, one)
		padded := filepath.Join(dir, string(rune('a'+i))+"p.wav")
		must(t, "sox", "-D", one, padded, "pad", "0", pause)
		args = append(args, padded)
	}
	must(t, "sox", append(args, path)...)
}

func must(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v %s\nrun: make setup", name, err, out)
	}
}

// entries counts the files of windows below a folder.
func entries(t *testing.T, folder string) (n int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Base(filepath.Dir(path)) == strings.TrimSuffix(unfinishedWindow, "/") {
			n++
			info, err := d.Info()
			if err != nil || info.Mode().Perm() != filePerm {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return n
}

// counted is what the program logs of a transcription.
type counted struct {
	Msg       string `json:"msg"`
	Decodings int    `json:"decodings"`
	Resumed   int    `json:"resumed"`
}

// whole runs a transcription to its end.
func whole(t *testing.T, state string, args ...string) (string, counted) {
	t.Helper()
	cmd := ownProgram(t, state, append([]string{"--json", "transcribe"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for line := range strings.Lines(stderr.String()) {
		var c counted
		if json.Unmarshal([]byte(line), &c) == nil && c.Msg == "transcribed" {
			return stdout.String(), c
		}
	}
	t.Fatalf("nothing was logged:\n%s", stderr.String())
	return "", counted{}
}

// TestKilledTranscriptionGoesOn kills the program twice with SIGKILL, at the moments at which words were just printed, and wants the third run
// to decode nothing again that was finished, and to write what one run writes, byte for byte.
//
// The preset is the greedy one: whisper.cpp's beam search draws its candidates at random.
func TestKilledTranscriptionGoesOn(t *testing.T) {
	sound := filepath.Join(t.TempDir(), "visit.wav")
	speakTo(t, sound, "slt", "1.2", "The little girl went to school with her brother.", "Nobody answered when I knocked on Monday.", "She is thirteen and lives in Norwood.",
		"We agreed to meet again at ten.", "The kitchen was warm and clean.", "I will write to the school on Friday.", "He has not been drinking since March.", "There were two bananas on the table.")
	state := t.TempDir()
	args := []string{"--preset", "fast", "--states", "2", "--format", "json", sound}
	want, plain := whole(t, t.TempDir(), args...)
	if plain.Resumed != 0 || plain.Decodings < 8 {
		t.Fatalf("%+v", plain)
	}
	kept := 0
	for _, lines := range []int{2, 3} {
		cmd := ownProgram(t, state, append([]string{"--quiet", "transcribe", "--partial"}, args...)...)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		printed := bufio.NewScanner(out)
		for range kept + lines {
			if !printed.Scan() {
				t.Fatal("it ended by itself")
			}
		}
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		before := kept
		if kept = entries(t, state); kept < before+lines {
			t.Fatalf("%d windows were printed and %d are kept", before+lines, kept)
		}
	}
	got, last := whole(t, state, args...)
	if last.Resumed != kept || last.Decodings != plain.Decodings {
		t.Errorf("%d windows were kept and %d taken up; %d decodings, %d in one run", kept, last.Resumed, last.Decodings, plain.Decodings)
	}
	if got != want {
		t.Errorf("another transcript:\n%s\n%s", got, want)
	}
	if n := entries(t, state); n != 0 {
		t.Errorf("%d windows are left", n)
	}
}
