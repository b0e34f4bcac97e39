package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

func TestFreeName(t *testing.T) {
	taken := map[string]bool{}
	for _, test := range []struct{ name, want string }{
		{"a.wav", "a"}, {"a.mp3", "a.mp3"}, {"a.wav", "a.wav"}, {"a.wav", "a.wav-2"}, {"-", "stdin"}, {".txt", ".txt"}, {"...txt", "...txt"}, {"b", "b"}, {"sub/a.wav", "sub/a"},
	} {
		if got := freeName(taken, test.name); got != test.want {
			t.Errorf("freeName(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"in/a.wav", "in/a.mp3", "in/sub/a.wav", "in/.hidden.wav", "in/.cache/b.wav", "in/notes.txt", "in/table.csv", "in/results/old/c.txt", "in/manifest.csv.txt"} {
		if err := os.MkdirAll(filepath.Dir(name), folderPerm); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x"), filePerm); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere", "in/gone.wav"); err != nil {
		t.Fatal(err)
	}
	c := &command{stdout: io.Discard, stderr: io.Discard}
	b := &batch{c: c, roots: []string{"in", "in/*.wav"}, out: "in/results", rows: map[string]row{}, outs: map[string]place{}, places: newPlaces("in/results", manifestName)}
	found := func() map[string]string {
		tasks, err := b.find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		outs := map[string]string{}
		for _, one := range tasks {
			if slices.ContainsFunc(tasks, func(other task) bool { return other.path != one.path && other.out == one.out }) {
				t.Errorf("%s shares its folder", one.path)
			}
			outs[one.path] = strings.TrimPrefix(one.out, "in/results/")
		}
		return outs
	}
	first := found()
	want := map[string]string{"in/a.mp3": "a", "in/a.wav": "a.wav", "in/sub/a.wav": "sub/a", "in/notes.txt": "notes", "in/manifest.csv.txt": "manifest.csv.txt", "in/gone.wav": "gone", "in/.hidden.wav": ".hidden"}
	for path, out := range want {
		if first[path] != out {
			t.Errorf("%s goes to %q, want %q", path, first[path], out)
		}
	}
	if len(first) != len(want) {
		t.Errorf("found %v", first)
	}
	// A file that turns up later does not take another's folder.
	if err := os.WriteFile("in/a.flac", []byte("x"), filePerm); err != nil {
		t.Fatal(err)
	}
	second := found()
	if second["in/a.mp3"] != "a" || second["in/a.flac"] != "a.flac" {
		t.Errorf("after a new file: %v", second)
	}
	for _, arg := range []string{"none", "in/*.none", "["} {
		if _, err := expand(arg); err == nil {
			t.Errorf("expand(%q) found something", arg)
		}
	}
}

func TestParseMeta(t *testing.T) {
	got, err := parseMeta(strings.NewReader("\ufeff\"Date\",file,note,kind\r\n2026-02-03,\"a,b.wav\",x,Visit\r\n,c.wav\r\n"))
	if err != nil || got["a,b.wav"] != (metaRow{date: "2026-02-03", kind: "Visit"}) || got["c.wav"] != (metaRow{}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, test := range []struct{ csv, want string }{
		{"", "header"}, {"name\n", "lacks the column file"}, {"file\n\"open", "line 2"}, {"file\na\na\n", "second time"},
		{"file\na\n\"b\"c\n", "line 3"},
		{"file,date\na,2026-02-30\n", "line 2"}, {"file,kind\na,party\n", "kind"}, {"file\n\xff\n", "UTF-8"},
	} {
		if _, err := parseMeta(strings.NewReader(test.csv)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.csv, err, test.want)
		}
	}
}

func FuzzParseMeta(f *testing.F) {
	for _, seed := range []string{"file,date\na.wav,2026-02-03\n", "file\n\"a", "\ufefffile,kind\r\nb,visit", "file,file\n,", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		meta, err := parseMeta(strings.NewReader(text))
		if err != nil {
			return
		}
		for name := range meta {
			var one task
			one.kind = "debrief"
			if err := one.apply(meta, name); name == "" || err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

func FuzzParseReceipt(f *testing.F) {
	for _, seed := range []string{`{"key":"a","figures":{"words":1}}`, `{`, `null`, `{"figures":{"seconds":1e999}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parseReceipt(b)
		if err == nil && r.Figures.speed() < 0 && r.Figures.Seconds >= 0 {
			t.Errorf("%+v", r)
		}
	})
}

func FuzzParseManifest(f *testing.F) {
	for _, seed := range []string{string(manifestCSV([]row{{file: "a,\"b\".wav", status: statusDone, figures: figures{Seconds: 6, Words: 7, Wall: 2}}, {file: "c", status: statusFailed, problem: "It is empty."}})), "", "file,status\n", "my own\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := parseManifest(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := parseManifest(strings.NewReader(string(manifestCSV(rows))))
		if err != nil || len(again) != len(rows) {
			t.Errorf("%d rows are read, %d after they were written: %v", len(rows), len(again), err)
		}
	})
}

// TestEarlierRows wants rows of an earlier run to be written as they were read.
func TestEarlierRows(t *testing.T) {
	rows := []row{{file: "a,b.wav", status: statusDone, figures: figures{Seconds: 6.1, Words: 7, Wall: 2.3}}, {file: "c.txt", status: statusDone, figures: figures{Words: 9, Wall: 0.1}}, {file: "d", status: statusFailed, problem: "It is empty."}}
	want := manifestCSV(rows)
	read, err := parseManifest(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	if got := manifestCSV(read); !bytes.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestOlderReceipt has a folder whose receipt does not name its file: it is that of the file whose content its transcript names.
func TestOlderReceipt(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{"a.txt": "Mum was in.", "other/a.txt": "Mum was out.", "out/a/done.json": `{"key": "k", "figures": {}}`,
		"out/a/transcript.json": `{"recording": {"sha256": "` + kerbside.HexSHA256([]byte("Mum was in.")) + `"}}`} {
		if err := writeFile(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{"a.txt": "out/a", "other/a.txt": "out/a.txt"} {
		if got, was := newPlaces("out").of(t.Context(), path, "a.txt"); got != want || was != "" {
			t.Errorf("%s goes to %q, was %q, want %q", path, got, was, want)
		}
	}
}

// TestClaim wants a folder to be its file's from before the first result is there, and a claim that came to nothing to leave nothing.
func TestClaim(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.txt", "other/a.txt"} {
		if err := writeFile(name, []byte("Mum was in.")); err != nil {
			t.Fatal(err)
		}
	}
	if err := claim("out/a", receipt{Key: "k", Source: sourceOf("a.txt"), SHA256: "1"}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"a.txt": "out/a", "other/a.txt": "out/a.txt"} {
		if got, _ := newPlaces("out").of(t.Context(), path, "a.txt"); got != want {
			t.Errorf("%s goes to %q, want %q", path, got, want)
		}
	}
	if err := writeFile("mine/record.json", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"out/a", "mine"} { // taken while this one was under way
		if err := claim(folder, receipt{Source: sourceOf("other/a.txt"), SHA256: "1"}); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
			t.Errorf("%s: %v", folder, err)
		}
		unclaim(folder)
	}
	if _, err := os.Stat("mine/record.json"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("out/a"); !os.IsNotExist(err) {
		t.Errorf("the claim is left: %v", err)
	}
}
