package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kerbside"
	"kerbside/export/page"
)

// nasty are words that break one form or another when they are not written with care.
var nasty = []string{
	`Zoë O’Brien-Łukasz`, `<w:t>&amp;</w:t> ]]> "quoted" 'single'`, "one\ntwo\r\nthree\tfour", `=HYPERLINK("http://x";"y")`, `a, b; c\ d: e|f`,
	"مرحبا بالعالم", "שלום (עולם) 12", "Aïcha قالت لا ثم yes", "😀 👨‍👩‍👧 ✓ ½ £ €", "中文", "nul\x00bell\x07esc\x1b[31m", "\u202Eevil\u202C \u2066iso\u2069", "e\u0301 composed",
	"\ufeffmark \ufffe", strings.Repeat("Llanfairpwllgwyngyll", 12), "#1. *bold* _it_ [^1]: x", `\n\\ {\rtf1} %PDF (unbalanced`, "bad \xff\xfe utf8",
}

func nastyDraft(t testing.TB) *dictation {
	d := dictate(t, "He gets scared when Lee shouts at mum “really” – Zoë’s own words, <b>& so on</b>. "+strings.ToValidUTF8(strings.Join(nasty[:12], " "), ""))
	words := d.evidence("He gets scared")
	d.say("", "These are my notes.", kerbside.VerdictBoilerplate, nil)
	for i, n := range nasty {
		d.say("What "+nasty[i/6]+" said", n+".", kerbside.VerdictSupported, nil, words, d.src.Evidence(i%5, 5+i))
	}
	d.say("Again", "He gets scared.", kerbside.VerdictQuoted, nil, words)
	d.say("Again", "Scared, he said.", kerbside.VerdictSupported, nil, words)
	d.draft.Title = "Record – " + nasty[0]
	return d
}

// run runs a tool that must be there: a check that cannot run is none.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.String())
	}
	if s := stderr.String(); strings.Contains(s, "Error") {
		t.Errorf("%s: %s", name, s)
	}
	return string(out)
}

// letters leaves of a text what every extractor keeps: letters and digits, composed, in their order.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// parts reads a zip and parses each of its parts as XML.
func parts(t testing.TB, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(body)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		out[f.Name] = string(body)
	}
	return out
}

func TestDOCX(t *testing.T) {
	d := nastyDraft(t)
	o := kerbside.ExportOptions{Format: kerbside.FormatDOCX, Citations: true, Record: d.record, Unapproved: true, At: time.Date(2026, 3, 3, 18, 0, 0, 0, time.UTC)}
	body := d.export(o)
	if body != d.export(o) {
		t.Error("the same draft gives other bytes")
	}
	p := parts(t, []byte(body))
	for part, want := range map[string][]string{
		"docProps/core.xml":  {"<dc:title>Record – Zoë O’Brien-Łukasz</dc:title>", "<dc:language>en-GB</dc:language>", "2026-03-03T18:00:00Z", page.MarkUnapproved},
		"word/document.xml":  {`<w:pStyle w:val="Heading1"/>`, `<w:pStyle w:val="ListBullet"/>`, "<w:footnoteReference", " NOTEREF _Note", "<w:rtl/>", "<w:bidi/>"},
		"word/footnotes.xml": {"“He gets scared”"},
		"word/styles.xml":    {`w:lang w:val="en-GB"`},
		"word/header1.xml":   {page.MarkUnapproved},
	} {
		for _, w := range want {
			if !strings.Contains(p[part], w) {
				t.Errorf("%s lacks %s", part, w)
			}
		}
	}
	// Every relationship leads to a part, and every part has its type.
	for _, m := range regexp.MustCompile(`Target="([^"]+)"`).FindAllStringSubmatch(p["word/_rels/document.xml.rels"], -1) {
		if p["word/"+m[1]] == "" || !strings.Contains(p["[Content_Types].xml"], "/word/"+m[1]) {
			t.Errorf("%s leads nowhere or has no type", m[1])
		}
	}
	cited, noted := strings.Count(p["word/document.xml"], "<w:footnoteReference"), strings.Count(p["word/footnotes.xml"], "<w:footnoteRef/>")
	if cited != noted || cited == 0 {
		t.Errorf("%d footnotes for %d references", noted, cited)
	}

	if out := os.Getenv("KERBSIDE_DOCUMENTS"); out != "" { // for make prove-documents, and to look at
		_ = os.WriteFile(filepath.Join(out, "nasty.docx"), []byte(body), 0o600)
	}

	// LibreOffice reads it as it was meant: each heading, sentence and footnote, in their order.
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "draft.docx"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, filepath.Join(dir, "draft.docx"))
	read, err := os.ReadFile(filepath.Join(dir, "draft.txt"))
	if err != nil {
		t.Fatal(err)
	}
	shown := letters(string(read))
	at := 0
	for _, s := range d.draft.Sentences {
		want := letters(page.Clean(s.Text()))
		next := strings.Index(shown[at:], want)
		if next < 0 {
			t.Errorf("LibreOffice does not show %q after what was before it", page.Clean(s.Text()))
			continue
		}
		at += next + len(want)
	}
	if !strings.Contains(shown, letters(page.MarkUnapproved)) {
		t.Error("LibreOffice does not show that it is not approved")
	}
}

func TestPDF(t *testing.T) {
	d := nastyDraft(t)
	o := kerbside.ExportOptions{Format: kerbside.FormatPDF, Citations: true, Record: d.record, Approval: approval, At: time.Date(2026, 3, 3, 18, 0, 0, 0, time.UTC)}
	body := d.export(o)
	if body != d.export(o) {
		t.Error("the same draft gives other bytes")
	}
	path := filepath.Join(t.TempDir(), "draft.pdf")
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	info := run(t, "pdfinfo", path)
	for _, w := range []string{"Record – Zoë O’Brien-Łukasz", "Tagged: yes", "Suspects: no", "Approved by Sam O’Neil"} {
		if !strings.Contains(strings.Join(strings.Fields(info), " "), w) {
			t.Errorf("pdfinfo lacks %q:\n%s", w, info)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(run(t, "pdffonts", path)), "\n")[2:] {
		if f := strings.Fields(line); !slices.Equal(f[4:7], []string{"yes", "yes", "yes"}) {
			t.Errorf("a font is not embedded, not subset or without Unicode: %s", line)
		}
	}
	shown := letters(run(t, "pdftotext", "-raw", path, "-"))
	tree := run(t, "pdfinfo", "-struct-text", path)
	read := letters(quoted(tree))
	for _, s := range d.draft.Sentences {
		want := page.Clean(s.Text())
		if strings.IndexFunc(want, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) }) >= 0 {
			continue // poppler gives them in the order in which they are seen; TestPDFRightToLeft looks at the letters
		}
		if !strings.Contains(read, letters(want)) && !strings.Contains(want, "中文") { // poppler's structure leaves out what stands in for glyphs that no font has
			t.Errorf("the structure does not hold %q", want)
		}
		if !strings.Contains(shown, letters(want)) && !strings.Contains(want, "Llanfair") {
			t.Errorf("pdftotext does not show %q", want)
		}
	}
	if !strings.Contains(tree, `"Record – Zoë O’Brien-Łukasz"`) { // spaces are characters
		t.Errorf("the title is not read with its spaces:\n%.300s", tree)
	}
	for _, tag := range []string{"Document", "H1 (block)", "H2 (block)", "L (block)", "LI (block)", "Lbl (block)", "LBody (block)", "/ListNumbering /Decimal"} {
		if !strings.Contains(tree, tag) {
			t.Errorf("no %s in the structure", tag)
		}
	}
	notes := strings.Count(d.export(kerbside.ExportOptions{Format: kerbside.FormatMarkdown, Citations: true}), "\n[^")
	if items := strings.Count(tree, "LI (block)"); items != len(d.draft.Sentences)-1+notes {
		t.Errorf("%d items in lists, %d sentences, %d notes", items, len(d.draft.Sentences), notes)
	}
	if strings.Contains(d.export(kerbside.ExportOptions{Format: kerbside.FormatPDF}), "/JavaScript") {
		t.Error("script")
	}
}

func TestPDFRightToLeft(t *testing.T) {
	d := dictate(t, "My name is said so.")
	for _, s := range []string{"مرحبا بالعالم", "שלום עולם", "His name is سلام in full."} {
		d.say("Names", s, kerbside.VerdictSupported, nil, d.evidence("said so"))
	}
	path := filepath.Join(t.TempDir(), "draft.pdf")
	if err := os.WriteFile(path, []byte(d.export(kerbside.ExportOptions{Format: kerbside.FormatPDF})), 0o600); err != nil {
		t.Fatal(err)
	}
	shown := run(t, "pdftotext", path, "-")
	for _, w := range []string{"שלום", "عالم", "سلام"} {
		if !strings.Contains(shown, w) {
			t.Errorf("pdftotext does not show %q:\n%s", w, shown)
		}
	}
	if out := os.Getenv("KERBSIDE_DOCUMENTS"); out != "" {
		_ = os.WriteFile(filepath.Join(out, "rtl.pdf"), []byte(d.export(kerbside.ExportOptions{Format: kerbside.FormatPDF})), 0o600)
		_ = os.WriteFile(filepath.Join(out, "nasty.pdf"), []byte(nastyDraft(t).export(kerbside.ExportOptions{Format: kerbside.FormatPDF, Citations: true, Unapproved: true})), 0o600)
	}
}

// quoted is the text of a tree as pdfinfo prints it.
func quoted(tree string) string {
	var b strings.Builder
	for _, m := range regexp.MustCompile(`(?m)^\s*"(.*)"$`).FindAllStringSubmatch(tree, -1) {
		b.WriteString(m[1] + " ")
	}
	return b.String()
}
