// Package prompts holds the words that Kerbside puts round what was dictated: one template a draft (drafts/), and what a language
// model is asked (extract/; see [Extraction]), as files that a council may read, change and add to. It loads them and knows nothing of
// what they are for.
//
// A template file (NAME.tmpl) is a front matter between two lines of "---" and a body in the language of text/template.
// The front matter is lines of "key: value"; lists are separated by commas:
//
//	audience   who it is for: case-record, chronology, family, partner, supervisor or court
//	name       how it is chosen; a file of the same name in a later folder replaces an earlier one
//	version    goes into every draft that is made with it
//	title      the draft's title
//	tone       a note for whoever edits it
//	required   what the body must use, e.g. "Visit, Risks"
//	forbidden  what the body must not use
//	must_hold  what is reported as an omission when it is missing from a draft: risks, negations, strengths, actions,
//	           child_voice, injuries, critical, significant
//
// Lines of the body that start with "## " are headings. The file phrases.txt holds the standard phrases, "key: text" a line.
package prompts

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed drafts
var embedded embed.FS

const (
	suffix      = ".tmpl"
	phrasesFile = "phrases.txt"
	maxFile     = 1 << 20 // bytes; a template is a page or two
)

// Template is one template file.
type Template struct {
	Audience, Name, Version, Title, Tone string
	Required, Forbidden, MustHold        []string
	Headings                             []string // of the body, in order
	Body                                 string
}

// Set is what was loaded. It is immutable.
type Set struct {
	templates map[string]Template
	phrases   map[string]string
}

// Load reads the built-in templates and then the folders: a template of the same name, and a phrase of the same key,
// replaces the earlier one, any other is added.
func Load(folders ...fs.FS) (*Set, error) {
	builtin, err := fs.Sub(embedded, "drafts")
	if err != nil {
		return nil, fmt.Errorf("prompts: %w", err)
	}
	s := &Set{templates: map[string]Template{}, phrases: map[string]string{}}
	for _, f := range append([]fs.FS{builtin}, folders...) {
		if err := s.add(f); err != nil {
			return nil, fmt.Errorf("prompts: %w", err)
		}
	}
	return s, nil
}

func (s *Set) add(folder fs.FS) error {
	names, err := fs.Glob(folder, "*"+suffix)
	if err != nil {
		return err
	}
	here := map[string]string{}
	for _, name := range names {
		b, err := read(folder, name)
		if err != nil {
			return err
		}
		t, err := Parse(b)
		if err != nil {
			return fmt.Errorf("%s: %w", path.Base(name), err)
		}
		if other, ok := here[t.Name]; ok {
			return fmt.Errorf("%s and %s both have the name %q", other, name, t.Name)
		}
		here[t.Name] = name
		s.templates[t.Name] = t
	}
	b, err := read(folder, phrasesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	phrases, err := keys(b)
	if err != nil {
		return fmt.Errorf("%s: %w", phrasesFile, err)
	}
	maps.Copy(s.phrases, phrases)
	return nil
}

func read(folder fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(folder, name)
	switch {
	case err != nil:
		return "", err
	case len(b) > maxFile:
		return "", fmt.Errorf("%s is larger than %d bytes", name, maxFile)
	case !utf8.Valid(b):
		return "", fmt.Errorf("%s is not UTF-8; save it as UTF-8", name)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n"), nil
}

// Get gives the template of a name.
func (s *Set) Get(name string) (Template, bool) {
	t, ok := s.templates[name]
	return t, ok
}

// List gives all templates by name.
func (s *Set) List() []Template {
	var ts []Template
	for _, name := range slices.Sorted(maps.Keys(s.templates)) {
		ts = append(ts, s.templates[name])
	}
	return ts
}

// Phrase gives the standard phrase of a key, "" when there is none.
func (s *Set) Phrase(key string) string { return s.phrases[key] }

// Phrases gives a copy of all standard phrases.
func (s *Set) Phrases() map[string]string { return maps.Clone(s.phrases) }

// Parse reads one template file.
func Parse(file string) (Template, error) {
	rest, ok := strings.CutPrefix(file, "---\n")
	front, body, ok2 := strings.Cut(rest, "\n---\n")
	if !ok || !ok2 {
		return Template{}, errors.New(`it must start with a front matter between two lines of "---"`)
	}
	kv, err := keys(front)
	if err != nil {
		return Template{}, err
	}
	t := Template{Body: body}
	fields := map[string]*string{"audience": &t.Audience, "name": &t.Name, "version": &t.Version, "title": &t.Title, "tone": &t.Tone}
	lists := map[string]*[]string{"required": &t.Required, "forbidden": &t.Forbidden, "must_hold": &t.MustHold}
	for k, v := range kv {
		switch {
		case fields[k] != nil:
			*fields[k] = v
		case lists[k] != nil:
			*lists[k] = split(v)
		default:
			return Template{}, fmt.Errorf("the front matter has the unknown key %q", k)
		}
	}
	for _, k := range []string{"audience", "name", "version", "title"} {
		if *fields[k] == "" {
			return Template{}, fmt.Errorf("the front matter lacks %q", k)
		}
	}
	for line := range strings.Lines(body) {
		if h, ok := strings.CutPrefix(line, "## "); ok {
			t.Headings = append(t.Headings, strings.TrimSpace(h))
		}
	}
	return t, nil
}

// keys reads lines of "key: value"; empty lines and lines that start with "#" are skipped.
func keys(text string) (map[string]string, error) {
	kv := map[string]string{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, v, ok := strings.Cut(line, ":")
		k, v = strings.TrimSpace(k), strings.TrimSpace(v)
		if !ok || k == "" {
			return nil, fmt.Errorf(`line %d is not "key: value"`, n)
		}
		if _, twice := kv[k]; twice {
			return nil, fmt.Errorf("line %d: %q is given twice", n, k)
		}
		kv[k] = v
	}
	return kv, nil
}

func split(list string) []string {
	var out []string
	for _, s := range strings.Split(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
