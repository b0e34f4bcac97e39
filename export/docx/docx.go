// Package docx writes a page as a WordprocessingML document (ECMA-376): real headings and lists, footnotes for citations, and the language
// of the text. Word, LibreOffice and Google Docs open it as it is.
//
// No maintained library with a free licence writes footnotes, so the few parts that are needed are written here; those that are the
// same in each document are files under parts.
package docx

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"

	"kerbside/export/page"
)

//go:embed all:parts
var parts embed.FS

// fixed are the parts that are the same in each document, in the order in which they stand in the file.
func fixed() []string {
	return []string{"[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "word/_rels/document.xml.rels", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/fontTable.xml", "word/theme/theme1.xml"}
}

// Write gives the document. The same page gives the same bytes.
func Write(p *page.Page) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, body []byte) error {
		w, err := z.Create(name) // without a time of its own
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	}
	for _, name := range fixed() {
		body, err := fs.ReadFile(parts, "parts/"+strings.ReplaceAll(name, "_rels/", "rels/"))
		if err == nil {
			err = add(name, body)
		}
		if err != nil {
			return nil, fmt.Errorf("docx.Write: %w", err)
		}
	}
	d := &document{page: p, cited: map[int]bool{}}
	for _, part := range []struct{ name, body string }{
		{"word/document.xml", d.body()}, {"word/footnotes.xml", d.footnotes()}, {"word/header1.xml", d.header()}, {"word/footer1.xml", d.footer()}, {"docProps/core.xml", d.properties()},
	} {
		if err := add(part.name, []byte(xml.Header+part.body)); err != nil {
			return nil, fmt.Errorf("docx.Write: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("docx.Write: %w", err)
	}
	return out.Bytes(), nil
}

const (
	namespaces    = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	firstFootnote = 2 // 0 and 1 are the lines between text and footnotes
)

type document struct {
	page      *page.Page
	cited     map[int]bool // notes that have their footnote
	bookmarks int
}

func (d *document) body() string {
	var b strings.Builder
	b.WriteString(`<w:document ` + namespaces + `><w:body>`)
	d.paragraph(&b, "Title", d.page.Title, nil)
	if d.page.Mark != "" {
		style := "MarkUnapproved"
		if d.page.Approved {
			style = "MarkApproved"
		}
		d.paragraph(&b, style, d.page.Mark, nil)
	}
	for _, s := range d.page.Sections {
		if s.Heading != "" {
			d.paragraph(&b, "Heading1", s.Heading, nil)
		}
		style := "ListBullet"
		if s.Prose {
			style = "BodyText"
		}
		for _, l := range s.Lines {
			d.paragraph(&b, style, l.Text, l.Notes)
		}
	}
	b.WriteString(`<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1191" w:bottom="1247" w:left="1191" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func (d *document) paragraph(b *strings.Builder, style, text string, notes []int) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + direction(text) + `</w:pPr>`)
	run(b, text)
	for i, n := range notes {
		if i > 0 {
			b.WriteString(`<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:t xml:space="preserve">, </w:t></w:r>`)
		}
		d.reference(b, n)
	}
	b.WriteString(`</w:p>`)
}

// reference cites a note: where it was cited before, by the number of the footnote that it has.
func (d *document) reference(b *strings.Builder, n int) {
	const style = `<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>`
	if !d.cited[n] {
		d.cited[n] = true
		d.bookmarks++
		fmt.Fprintf(b, `<w:bookmarkStart w:id="%d" w:name="_Note%d"/><w:r>%s<w:footnoteReference w:id="%d"/></w:r><w:bookmarkEnd w:id="%d"/>`, d.bookmarks, n, style, n-1+firstFootnote, d.bookmarks)
		return
	}
	fmt.Fprintf(b, `<w:r>%s<w:fldChar w:fldCharType="begin"/></w:r><w:r>%s<w:instrText xml:space="preserve"> NOTEREF _Note%d \f \h </w:instrText></w:r>`+
		`<w:r>%s<w:fldChar w:fldCharType="separate"/></w:r><w:r>%s<w:t>%d</w:t></w:r><w:r>%s<w:fldChar w:fldCharType="end"/></w:r>`, style, style, n, style, style, n, style)
}

func (d *document) footnotes() string {
	var b strings.Builder
	b.WriteString(`<w:footnotes ` + namespaces + `>` +
		`<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>` +
		`<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>`)
	for i, n := range d.page.Notes {
		fmt.Fprintf(&b, `<w:footnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/>%s</w:pPr><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>`, i+firstFootnote, direction(n))
		run(&b, " "+n)
		b.WriteString(`</w:p></w:footnote>`)
	}
	b.WriteString(`</w:footnotes>`)
	return b.String()
}

// header says on every page that nobody has approved it.
func (d *document) header() string {
	var b strings.Builder
	b.WriteString(`<w:hdr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>`)
	if !d.page.Approved {
		run(&b, d.page.Mark)
	}
	b.WriteString(`</w:p></w:hdr>`)
	return b.String()
}

func (d *document) footer() string {
	var b strings.Builder
	field := func(name string) {
		b.WriteString(`<w:fldSimple w:instr=" ` + name + ` "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
	}
	b.WriteString(`<w:ftr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>`)
	run(&b, d.page.Title)
	b.WriteString(`<w:r><w:tab/></w:r>`)
	run(&b, "Page ")
	field("PAGE")
	run(&b, " of ")
	field("NUMPAGES")
	b.WriteString(`</w:p></w:ftr>`)
	return b.String()
}

func (d *document) properties() string {
	var b strings.Builder
	b.WriteString(`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	escape(&b, d.page.Title)
	b.WriteString(`</dc:title><dc:creator>Kerbside</dc:creator><dc:language>en-GB</dc:language>`)
	if !d.page.Created.IsZero() {
		at := d.page.Created.UTC().Format(time.RFC3339)
		b.WriteString(`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>`)
	}
	if d.page.Mark != "" {
		b.WriteString(`<cp:contentStatus>`)
		escape(&b, d.page.Mark)
		b.WriteString(`</cp:contentStatus>`)
	}
	b.WriteString(`</cp:coreProperties>`)
	return b.String()
}

// run writes text; what runs from right to left is a run of its own, so that Word sets it with the right font.
func run(b *strings.Builder, text string) {
	for text != "" {
		end := strings.IndexFunc(text, isRTL)
		rtl := end == 0
		if rtl {
			end = rtlUntil(text)
		} else if end < 0 {
			end = len(text)
		}
		b.WriteString(`<w:r>`)
		if rtl {
			b.WriteString(`<w:rPr><w:rtl/></w:rPr>`)
		}
		b.WriteString(`<w:t xml:space="preserve">`)
		escape(b, text[:end])
		b.WriteString(`</w:t></w:r>`)
		text = text[end:]
	}
}

// rtlUntil is the end of the words from right to left that text begins with; what stands between them is theirs.
func rtlUntil(text string) int {
	end := 0
	for i, r := range text {
		switch c := classOf(r); {
		case c == bidi.L || c == bidi.EN:
			return end
		case isRTL(r):
			end = i + utf8.RuneLen(r)
		}
	}
	return end
}

// direction is the property of a paragraph that begins from right to left.
func direction(text string) string {
	for _, r := range text {
		switch classOf(r) {
		case bidi.L:
			return ""
		case bidi.R, bidi.AL:
			return `<w:bidi/>`
		}
	}
	return ""
}

func isRTL(r rune) bool {
	c := classOf(r)
	return c == bidi.R || c == bidi.AL
}

func classOf(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

func escape(b *strings.Builder, text string) {
	_ = xml.EscapeText(b, []byte(text)) // a strings.Builder does not fail
}
