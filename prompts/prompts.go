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
//	child_name how a child is called: given (the default), full, or initial
//	must_hold  what is reported as an omission when it is missing from a draft: risks, negations, strengths, actions,
//	           child_voice, injuries, critical, significant
//
// Lines of the body that start with "## " are headings. The file phrases.txt holds the standard phrases, "key: text" a line.
package prompts

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
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
	ChildName                            string   // given, full or initial
	Headings                             []string // of the body, in order
	Body                                 string

	File     string         // the file's name; "" for a built-in one
	BodyLine int            // the line of the file on which the body begins
	Lines    map[string]int // the lines of the front matter's keys
}

// Fault is what is wrong in a file, and where.
type Fault struct {
	File string
	Line int // 0 when it is about the whole file
	Text string
}

// Error gives "family.tmpl:12: what is wrong".
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// The ways to call a child.
const (
	NameGiven   = "given"
	NameFull    = "full"
	NameInitial = "initial"
)

// Set is what was loaded. It is immutable.
type Set struct {
	templates map[string]Template
	phrases   map[string]string
	builtin   map[string]string // phrases
	texts     map[string]string // the files, by template name and "phrases"
}

// Load reads the built-in templates and then the folders: a template of the same name, and a phrase of the same key,
// replaces the earlier one, any other is added.
func Load(folders ...fs.FS) (*Set, error) {
	s, faults, err := Check(folders...)
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("prompts: %w", faults[0])
	}
	return s, nil
}

// Check is Load that goes on after a fault and gives all of them; the set holds what has none. The error is one of reading, not of content.
func Check(folders ...fs.FS) (*Set, []Fault, error) {
	builtin, err := fs.Sub(embedded, "drafts")
	if err != nil {
		return nil, nil, fmt.Errorf("prompts: %w", err)
	}
	s := &Set{templates: map[string]Template{}, phrases: map[string]string{}, texts: map[string]string{}}
	var faults []Fault
	for i, f := range append([]fs.FS{builtin}, folders...) {
		more, err := s.add(f, i == 0)
		if err != nil {
			return nil, nil, fmt.Errorf("prompts: %w", err)
		}
		faults = append(faults, more...)
		if i == 0 {
			s.builtin = maps.Clone(s.phrases)
		}
	}
	return s, faults, nil
}

func (s *Set) add(folder fs.FS, builtin bool) (faults []Fault, err error) {
	names, err := fs.Glob(folder, "*"+suffix)
	if err != nil {
		return nil, err
	}
	here := map[string]string{}
	for _, name := range names {
		b, err := read(folder, name)
		if err != nil {
			faults = append(faults, Fault{File: name, Text: err.Error()})
			continue
		}
		t, wrong := parse(b)
		for _, f := range wrong {
			f.File = name
			faults = append(faults, f)
		}
		if len(wrong) > 0 {
			continue
		}
		if other, ok := here[t.Name]; ok {
			faults = append(faults, Fault{name, t.Lines["name"], fmt.Sprintf("the name %q is that of %s too", t.Name, other)})
			continue
		}
		here[t.Name] = name
		if !builtin {
			t.File = name
		}
		s.templates[t.Name] = t
		s.texts[t.Name] = b
	}
	b, err := read(folder, phrasesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return faults, nil
	}
	if err != nil {
		faults = append(faults, Fault{File: phrasesFile, Text: err.Error()})
		return faults, nil //nolint:nilerr // a file that cannot be read is a fault like others
	}
	phrases, lines, wrong := keys(b, 0)
	s.texts["phrases"] += b
	for _, f := range wrong {
		f.File = phrasesFile
		faults = append(faults, f)
	}
	if !builtin {
		for _, k := range slices.Sorted(maps.Keys(phrases)) {
			if text := samePhrase(s.phrases[k], phrases[k]); text != "" {
				faults = append(faults, Fault{phrasesFile, lines[k], fmt.Sprintf("%s: %s", k, text)})
				delete(phrases, k)
			}
		}
	}
	maps.Copy(s.phrases, phrases)
	return faults, nil
}

// samePhrase says what a council's phrase lacks to stand for a built-in one: the same braces, each once.
func samePhrase(builtin, own string) string {
	if builtin == "" {
		return "there is no phrase of this name"
	}
	for _, brace := range []string{"{who}", "{words}", "{date}", "{what}"} {
		if a, b := strings.Count(builtin, brace), strings.Count(own, brace); a != b {
			return fmt.Sprintf("it needs %s as often as the built-in phrase has it (%d)", brace, a)
		}
	}
	return ""
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

// Text gives the file of a template, or of the phrases ("phrases"), the newest where a folder replaces it.
func (s *Set) Text(name string) (string, bool) {
	t, ok := s.texts[name]
	return t, ok
}

// Sum is a hash of all files: the same sum makes the same drafts.
func (s *Set) Sum() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s.texts)) {
		_, _ = io.WriteString(h, name+"\x00"+s.texts[name]+"\x00")
	}
	return hex.EncodeToString(h.Sum(nil))
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

// BuiltinPhrase gives the phrase of a key as it comes with Kerbside.
func (s *Set) BuiltinPhrase(key string) string { return s.builtin[key] }

// Phrases gives a copy of all standard phrases.
func (s *Set) Phrases() map[string]string { return maps.Clone(s.phrases) }

// Parse reads one template file; its error is the first [Fault].
func Parse(file string) (Template, error) {
	t, faults := parse(file)
	if len(faults) > 0 {
		return Template{}, faults[0]
	}
	return t, nil
}

func parse(file string) (Template, []Fault) {
	rest, ok := strings.CutPrefix(file, "---\n")
	front, body, ok2 := strings.Cut(rest, "\n---\n")
	if !ok || !ok2 {
		return Template{}, []Fault{{Line: 1, Text: `it must start with a front matter between two lines of "---"`}}
	}
	kv, lines, faults := keys(front, 1)
	t := Template{Body: body, ChildName: NameGiven, BodyLine: strings.Count(front, "\n") + 4, Lines: lines}
	fields := map[string]*string{"audience": &t.Audience, "name": &t.Name, "version": &t.Version, "title": &t.Title, "tone": &t.Tone, "child_name": &t.ChildName}
	lists := map[string]*[]string{"required": &t.Required, "forbidden": &t.Forbidden, "must_hold": &t.MustHold}
	for _, k := range slices.Sorted(maps.Keys(kv)) {
		switch v := kv[k]; {
		case k == "child_name" && v != NameGiven && v != NameFull && v != NameInitial:
			faults = append(faults, Fault{Line: lines[k], Text: "child_name must be given, full or initial"})
		case fields[k] != nil:
			*fields[k] = v
		case lists[k] != nil:
			*lists[k] = split(v)
		default:
			faults = append(faults, Fault{Line: lines[k], Text: fmt.Sprintf("the front matter has the unknown key %q", k)})
		}
	}
	for _, k := range []string{"audience", "name", "version", "title"} {
		if *fields[k] == "" {
			faults = append(faults, Fault{Line: max(1, lines[k]), Text: fmt.Sprintf("the front matter lacks %q", k)})
		}
	}
	for line := range strings.Lines(body) {
		if h, ok := strings.CutPrefix(line, "## "); ok {
			t.Headings = append(t.Headings, strings.TrimSpace(h))
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Line - b.Line })
	return t, faults
}

// keys reads lines of "key: value" with the lines they stand on; empty lines and lines that start with "#" are skipped.
func keys(text string, before int) (kv map[string]string, lines map[string]int, faults []Fault) {
	kv, lines = map[string]string{}, map[string]int{}
	n := before
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, v, ok := strings.Cut(line, ":")
		k, v = strings.TrimSpace(k), strings.TrimSpace(v)
		if !ok || k == "" {
			faults = append(faults, Fault{Line: n, Text: `this is not "key: value"`})
			continue
		}
		if _, twice := kv[k]; twice {
			faults = append(faults, Fault{Line: n, Text: fmt.Sprintf("%q is given twice", k)})
			continue
		}
		kv[k], lines[k] = v, n
	}
	return kv, lines, faults
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
