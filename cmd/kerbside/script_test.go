package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kerbside"
	"kerbside/models"
)

// asProgram makes the test binary the program: the engine is a child process of the same binary.
const asProgram = "KERBSIDE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"kerbside": main})
}

// TestScript runs testdata/script against the real program: real weights, real ffmpeg.
func TestScript(t *testing.T) {
	dir, err := models.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	sample, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("KERBSIDE_MODELS", dir)
			e.Setenv("SAMPLES", sample)
			e.Setenv("DEPLOY", filepath.Join(filepath.Dir(sample), "deploy"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("TMPDIR", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"conforms": conformsTo,
			"exits":    exits,
			"grounded": grounded,
			"mode":     mode,
			"readable": readable,
		},
	})
}

// conformsTo checks a file against one of the schemas in docs: conforms NAME FILE.
func conformsTo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: conforms NAME FILE")
	}
	ts.Check(conforms("../../docs/"+args[0]+".schema.json", []byte(ts.ReadFile(args[1]))))
}

// readable compares a table with what is wanted, its line ends and ids aside: readable FILE WANT.
func readable(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: readable FILE WANT")
	}
	got := regexp.MustCompile("cv-[a-z2-9]+").ReplaceAllString(strings.ReplaceAll(ts.ReadFile(args[0]), "\r\n", "\n"), "ID")
	if want := ts.ReadFile(args[1]); got != want {
		ts.Fatalf("%s is\n%s\nwant\n%s", args[0], got, want)
	}
}

// exits runs kerbside and wants an exit code: exits CODE ARG…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARG…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec("kerbside", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("kerbside %s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// grounded checks a results folder: grounded DIR. Transcript and record hold to their schemas, every quote of the record stands in the transcript, every sentence of the
// drafts has a verdict.
func grounded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: grounded DIR")
	}
	ts.Check(conforms(transcriptSchema, []byte(ts.ReadFile(filepath.Join(args[0], "transcript.json")))))
	ts.Check(conforms(recordSchema, []byte(ts.ReadFile(filepath.Join(args[0], "record.json")))))
	var transcript kerbside.Transcript
	read(ts, filepath.Join(args[0], "transcript.json"), &transcript)
	ts.Check(transcript.Validate())
	source := kerbside.NewSource(&transcript)
	n := 0
	var record any
	read(ts, filepath.Join(args[0], "record.json"), &record)
	eachEvidence(record, func(raw []byte) {
		var e kerbside.Evidence
		ts.Check(json.Unmarshal(raw, &e))
		if err := source.Check(e); err != nil {
			ts.Fatalf("%v", err)
		}
		n++
	})
	if n == 0 {
		ts.Fatalf("the record of %s quotes nothing", args[0])
	}
	for _, a := range kerbside.Audiences() {
		ts.Check(conforms(draftSchema, []byte(ts.ReadFile(filepath.Join(args[0], "drafts", string(a)+".json")))))
		var d kerbside.Draft
		read(ts, filepath.Join(args[0], "drafts", string(a)+".json"), &d)
		if len(d.Sentences) == 0 || d.Audience != a {
			ts.Fatalf("the draft for %s is empty", a)
		}
		for _, s := range d.Sentences {
			for _, e := range s.Evidence() {
				if err := source.Check(e); err != nil {
					ts.Fatalf("%s: %v", a, err)
				}
			}
		}
	}
}

func read(ts *testscript.TestScript, path string, v any) {
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(path)), v))
}

// eachEvidence finds evidence anywhere in decoded JSON.
func eachEvidence(v any, f func([]byte)) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["first_word"]; ok {
			raw, err := json.Marshal(v)
			if err != nil {
				panic(err)
			}
			f(raw)
			return
		}
		for _, x := range v {
			eachEvidence(x, f)
		}
	case []any:
		for _, x := range v {
			eachEvidence(x, f)
		}
	}
}

// mode wants a file's permissions: mode 600 FILE…
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mode PERM FILE…")
	}
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if uint64(info.Mode().Perm()) != want {
			ts.Fatalf("%s has mode %o", name, info.Mode().Perm())
		}
	}
}
