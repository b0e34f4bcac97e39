// Package page lays a draft out for a reader, for the forms that it is written in: a title, what is said about its approval, sections
// and numbered notes.
//
// All text of a Page is one line of valid UTF-8 without control characters and without marks that turn the direction of writing
// round, whatever was dictated: no form has to guard against those again.
package page

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"kerbside"
)

// Page is one draft as its reader is to see it. What is withheld from the reader is not in it.
type Page struct {
	Title    string
	Audience kerbside.Audience
	Mark     string // about its approval; "" where nothing is to be said
	Approved bool
	Sections []Section
	Notes    []string // Notes[0] is note 1
	Created  time.Time
}

// Section is what stands under one heading.
type Section struct {
	Heading string // "" before the first heading
	Prose   bool   // paragraphs; else a list
	Lines   []Line
}

// Line is one sentence.
type Line struct {
	ID      string
	Verdict kerbside.Verdict
	Text    string
	Notes   []int // numbers of notes
}

// MarkUnapproved stands on what nobody has approved.
const MarkUnapproved = "Draft – not approved"

// OwnWords heads the line that says which sentences the worker put into own words.
const OwnWords = "About the wording"

// New lays a draft out.
func New(d *kerbside.Draft, o kerbside.ExportOptions) *Page {
	p := &Page{Title: Clean(d.Title), Audience: d.Audience, Mark: mark(o), Approved: o.Approval != nil, Created: o.At}
	var cite *citer
	if o.Citations {
		cite = newCiter(d, o.Record)
	}
	own := map[string]bool{}
	for _, r := range d.Reworded {
		own[r.Stands] = r.Stands != ""
	}
	marked := false
	for _, s := range d.Sentences {
		if n := len(p.Sections); n == 0 || p.Sections[n-1].Heading != Clean(s.Block()) {
			p.Sections = append(p.Sections, Section{Heading: Clean(s.Block()), Prose: true})
		}
		in := &p.Sections[len(p.Sections)-1]
		in.Prose = in.Prose && s.Verdict() == kerbside.VerdictBoilerplate
		line := Line{ID: s.ID(), Verdict: s.Verdict(), Text: Clean(s.Text())}
		if own[s.ID()] {
			line.Text, marked = line.Text+" †", true
		}
		if cite != nil {
			line.Notes = cite.notes(s)
		}
		in.Lines = append(in.Lines, line)
	}
	if marked {
		p.Sections = append(p.Sections, Section{Heading: OwnWords, Prose: true, Lines: []Line{{Verdict: kerbside.VerdictBoilerplate, Text: "† In the worker’s own words."}}})
	}
	if cite != nil {
		p.Notes = cite.texts
	}
	return p
}

// Section gives the section under a heading, whatever the case of its letters.
func (p *Page) Section(heading string) (Section, bool) {
	i := slices.IndexFunc(p.Sections, func(s Section) bool { return strings.EqualFold(s.Heading, Clean(heading)) })
	if i < 0 {
		return Section{}, false
	}
	return p.Sections[i], true
}

// mark is what a document says about its approval.
func mark(o kerbside.ExportOptions) string {
	a := o.Approval
	if a == nil {
		if o.Unapproved {
			return MarkUnapproved
		}
		return ""
	}
	out := "Approved"
	if a.By != "" {
		out += " by " + Clean(a.By)
	}
	out += " on " + Day(a.At)
	if a.ReviewedBy != "" {
		out += "; reviewed by " + Clean(a.ReviewedBy) + " on " + Day(a.ReviewedAt)
	}
	return out
}

// Day writes a day as people read it: "Tuesday 3 March 2026".
func Day(t time.Time) string { return t.Format("Monday 2 January 2006") }

// Clean puts text on one line and leaves out what is not to be seen: invalid UTF-8, control characters, characters that are none, and
// marks that override the direction of writing, with which words can be made to look like others. White space becomes one space.
func Clean(s string) string {
	if clean(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if turns(r) || r == '\ufeff' || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.FieldsFunc(s, blank), " ")
}

func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// turns reports the explicit embeddings, overrides and isolates of the bidirectional algorithm.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// clean is the short way for nearly all text.
func clean(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c < ' ' || c == 0x7f || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' ' || s == ""
}

// clock is a time from the start of a recording: 00:42, 1:02:03.
func clock(ms int64) string {
	s := ms / 1000
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
