package prompts_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"kerbside/prompts"
)

const file = "---\naudience: family\nname: %s\nversion: 2\ntitle: T\nrequired: A, B\n---\n## One\ntext\n## Two\n"

func named(name string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.Replace(file, "%s", name, 1))}
}

func TestLoad(t *testing.T) {
	builtin, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := prompts.Load(fstest.MapFS{"a.tmpl": named("family"), "b.tmpl": named("short-letter"), "phrases.txt": {Data: []byte("# ours\nsaid_that: {who} says that {words}\r\n")}, "notes.md": {Data: []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(s.List()), len(builtin.List())+1; got != want {
		t.Errorf("%d templates, want %d", got, want)
	}
	f, _ := s.Get("family")
	if f.Version != "2" || !reflect.DeepEqual(f.Headings, []string{"One", "Two"}) || !reflect.DeepEqual(f.Required, []string{"A", "B"}) || f.Body != "## One\ntext\n## Two\n" {
		t.Errorf("%+v", f)
	}
	if s.Phrase("said_that") != "{who} says that {words}" || s.Phrase("hearsay") != builtin.Phrase("hearsay") || builtin.Phrase("hearsay") == "" {
		t.Errorf("phrases: %q, %q", s.Phrase("said_that"), s.Phrase("hearsay"))
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"twice":           {"a.tmpl": named("x"), "b.tmpl": named("x")},
		"no front matter": {"a.tmpl": {Data: []byte("hello")}},
		"open end":        {"a.tmpl": {Data: []byte("---\nname: x\n")}},
		"unknown key":     {"a.tmpl": {Data: []byte("---\nmood: x\n---\n")}},
		"no version":      {"a.tmpl": {Data: []byte("---\naudience: family\nname: x\ntitle: T\n---\n")}},
		"not UTF-8":       {"a.tmpl": {Data: []byte("---\nname: \xff\n---\n")}},
		"phrase twice":    {"phrases.txt": {Data: []byte("a: b\na: c\n")}},
		"phrase":          {"phrases.txt": {Data: []byte("hello\n")}},
	} {
		if _, err := prompts.Load(folder); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(file)
	f.Add("---\n---\n")
	f.Add("---\nname: a\nname: b\n---\n{{")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := prompts.Parse(text)
		if err == nil && (p.Name == "" || p.Audience == "" || p.Version == "" || !strings.HasSuffix(text, p.Body)) {
			t.Errorf("%+v", p)
		}
	})
}
