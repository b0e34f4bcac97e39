package draft

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
	"unicode"

	"kerbside"
)

// Exporter writes drafts as JSON, Markdown, plain text or an HTML fragment. What is withheld and omitted is for the worker, and goes into
// JSON only: the other forms are for the reader.
type Exporter struct{}

var _ kerbside.Exporter = Exporter{}

// Export implements [kerbside.Exporter]. Citations give, for each sentence, the words that it rests on and their time from the
// start of the recording.
func (Exporter) Export(w io.Writer, d *kerbside.Draft, f kerbside.Format, citations bool) error {
	const op = "draft.Export"
	var b bytes.Buffer
	switch f {
	case kerbside.FormatJSON:
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(d); err != nil {
			return kerbside.E(kerbside.CodeInternal, op, "", err)
		}
	case kerbside.FormatMarkdown:
		render(&b, d, markdown{}, citations)
	case kerbside.FormatText:
		render(&b, d, plain{}, citations)
	case kerbside.FormatHTML:
		render(&b, d, fragment{}, citations)
	default:
		return kerbside.E(kerbside.CodeInvalid, op, "Choose one of the formats json, markdown, text or html.", nil)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The draft could not be written. It is kept; try again.", err)
	}
	return nil
}

// form writes the parts of a draft. Notes are numbers of citations.
type form interface {
	open(b *bytes.Buffer, d *kerbside.Draft)
	heading(b *bytes.Buffer, text string)
	list(b *bytes.Buffer, open bool)
	item(b *bytes.Buffer, s kerbside.Sentence, notes []int)
	paragraph(b *bytes.Buffer, s kerbside.Sentence)
	notes(b *bytes.Buffer, notes []string)
	close(b *bytes.Buffer)
}

func render(b *bytes.Buffer, d *kerbside.Draft, f form, citations bool) {
	f.open(b, d)
	block, inList := "", false
	list := func(open bool) {
		if open != inList {
			f.list(b, open)
			inList = open
		}
	}
	var notes []string
	number := map[string]int{}
	listed := map[string]bool{} // headings with more than the template's own words
	for _, s := range d.Sentences {
		listed[s.Block()] = listed[s.Block()] || s.Verdict() != kerbside.VerdictBoilerplate
	}
	for _, s := range d.Sentences {
		if s.Block() != block {
			list(false)
			block = s.Block()
			f.heading(b, block)
		}
		if !listed[s.Block()] {
			list(false)
			f.paragraph(b, s)
			continue
		}
		list(true)
		var refs []int
		if citations {
			for _, e := range s.Evidence() {
				key := fmt.Sprint(e.Source, e.FirstWord, e.LastWord)
				if number[key] == 0 {
					notes = append(notes, Citation(e))
					number[key] = len(notes)
				}
				refs = append(refs, number[key])
			}
		}
		f.item(b, s, refs)
	}
	list(false)
	if len(notes) > 0 {
		f.notes(b, notes)
	}
	f.close(b)
}

// Citation gives the words of evidence and where they stand: "“he gets scared” (02:14)".
func Citation(e kerbside.Evidence) string {
	at := "typed"
	switch {
	case e.Source.Kind == kerbside.SourceStatement:
		at = "added by the worker"
	case e.StartMS != nil:
		s := *e.StartMS / 1000
		at = fmt.Sprintf("%02d:%02d", s/60, s%60)
	}
	return "“" + e.Quote + "” (" + at + ")"
}

type markdown struct{}

func (markdown) open(b *bytes.Buffer, d *kerbside.Draft) { fmt.Fprintf(b, "# %s\n", mdEscape(d.Title)) }
func (markdown) heading(b *bytes.Buffer, text string)    { fmt.Fprintf(b, "\n## %s\n", mdEscape(text)) }
func (markdown) list(b *bytes.Buffer, open bool) {
	if open {
		b.WriteByte('\n')
	}
}

func (markdown) item(b *bytes.Buffer, s kerbside.Sentence, notes []int) {
	b.WriteString("- " + mdEscape(s.Text()))
	for _, n := range notes {
		fmt.Fprintf(b, "[^%d]", n)
	}
	b.WriteByte('\n')
}

func (markdown) paragraph(b *bytes.Buffer, s kerbside.Sentence) {
	fmt.Fprintf(b, "\n%s\n", mdEscape(s.Text()))
}

func (markdown) notes(b *bytes.Buffer, notes []string) {
	b.WriteByte('\n')
	for i, n := range notes {
		fmt.Fprintf(b, "[^%d]: %s\n", i+1, mdEscape(n))
	}
}
func (markdown) close(*bytes.Buffer) {}

// mdEscape makes words show as they are: on one line, no mark-up.
func mdEscape(s string) string {
	var b strings.Builder
	s = oneLine(s)
	links := strings.Contains(s, "[^") || strings.Contains(s, "](") || strings.Contains(s, "][") || strings.Contains(s, "]:")
	for i, r := range s {
		if strings.ContainsRune("\\`*_<>|~", r) || r == '[' && links || i == 0 && strings.ContainsRune("#+-=", r) || r == '&' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	out := b.String()
	if i := strings.IndexAny(out, ".)"); i > 0 && strings.Trim(out[:i], "0123456789") == "" { // "1." would begin a list
		out = out[:i] + "\\" + out[i:]
	}
	return out
}

// oneLine puts text on one line and leaves out control characters.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

type plain struct{}

func (plain) open(b *bytes.Buffer, d *kerbside.Draft) { b.WriteString(oneLine(d.Title) + "\n") }
func (plain) heading(b *bytes.Buffer, text string)    { b.WriteString("\n" + oneLine(text) + "\n") }
func (plain) list(*bytes.Buffer, bool)                {}
func (plain) item(b *bytes.Buffer, s kerbside.Sentence, notes []int) {
	b.WriteString("- " + oneLine(s.Text()))
	for _, n := range notes {
		fmt.Fprintf(b, " [%d]", n)
	}
	b.WriteByte('\n')
}
func (plain) paragraph(b *bytes.Buffer, s kerbside.Sentence) { b.WriteString(oneLine(s.Text()) + "\n") }
func (plain) notes(b *bytes.Buffer, notes []string) {
	b.WriteString("\nWhere this comes from\n")
	for i, n := range notes {
		fmt.Fprintf(b, "[%d] %s\n", i+1, oneLine(n))
	}
}
func (plain) close(*bytes.Buffer) {}

// fragment is HTML without a page round it. Notes are anchored by the sentence, so that several drafts can stand in one page.
type fragment struct{}

func (fragment) open(b *bytes.Buffer, d *kerbside.Draft) {
	fmt.Fprintf(b, "<article class=\"draft\" data-audience=\"%s\" lang=\"en-GB\">\n<h1>%s</h1>\n", html.EscapeString(string(d.Audience)), esc(d.Title))
}
func (fragment) heading(b *bytes.Buffer, text string) { fmt.Fprintf(b, "<h2>%s</h2>\n", esc(text)) }
func (fragment) list(b *bytes.Buffer, open bool) {
	if open {
		b.WriteString("<ul>\n")
	} else {
		b.WriteString("</ul>\n")
	}
}

func (fragment) item(b *bytes.Buffer, s kerbside.Sentence, notes []int) {
	fmt.Fprintf(b, "<li data-sentence=\"%s\" data-verdict=\"%s\">%s", html.EscapeString(s.ID()), html.EscapeString(string(s.Verdict())), esc(s.Text()))
	for _, n := range notes {
		fmt.Fprintf(b, "<sup>%d</sup>", n)
	}
	b.WriteString("</li>\n")
}

func (fragment) paragraph(b *bytes.Buffer, s kerbside.Sentence) {
	fmt.Fprintf(b, "<p data-sentence=\"%s\" data-verdict=\"boilerplate\">%s</p>\n", html.EscapeString(s.ID()), esc(s.Text()))
}

func (fragment) notes(b *bytes.Buffer, notes []string) {
	b.WriteString("<ol class=\"citations\">\n")
	for _, n := range notes {
		fmt.Fprintf(b, "<li>%s</li>\n", esc(n))
	}
	b.WriteString("</ol>\n")
}
func (fragment) close(b *bytes.Buffer) { b.WriteString("</article>\n") }

func esc(s string) string { return html.EscapeString(oneLine(s)) }
