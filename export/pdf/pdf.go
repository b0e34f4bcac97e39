// Package pdf writes a page as a tagged PDF (ISO 32000-1): the order of reading, headings, lists and the language are in the file for those
// who listen to it, spaces are characters, and every character comes out as it went in. Fonts are embedded, as far as they are used.
//
// folio reads and subsets fonts and writes PDF's objects. Its own layout, like that of other Go libraries, leaves out spaces and marks each
// line of a list as an item, so lines and structure are made here.
package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/carlos7ags/folio/core"

	"kerbside/export/page"
)

// The sheet, in points: A4.
const (
	width, height = 595.28, 841.89
	left, right   = 60.0, 60.0
	top, bottom   = 68.0, 66.0
	measure       = width - left - right
)

// Write gives the document. The same page gives the same bytes.
func Write(p *page.Page) ([]byte, error) {
	faces, err := newFaces()
	if err != nil {
		return nil, fmt.Errorf("pdf.Write: %w", err)
	}
	s := &setter{faces: faces, page: p, root: &element{tag: "Document"}}
	s.document()
	w := &writer{}
	return w.write(s)
}

// writer numbers and writes the objects.
type writer struct {
	objects []core.PdfObject // object n is objects[n-1]
}

func (w *writer) add(o core.PdfObject) *core.PdfIndirectReference {
	w.objects = append(w.objects, o)
	return core.NewPdfIndirectReference(len(w.objects), 0)
}

func name(s string) core.PdfObject    { return core.NewPdfName(s) }
func text(s string) core.PdfObject    { return core.NewPdfTextString(s) }
func integer(n int) core.PdfObject    { return core.NewPdfInteger(n) }
func number(n float64) core.PdfObject { return core.NewPdfReal(n) }

// dictionary takes names and objects by turns.
func dictionary(pairs ...any) *core.PdfDictionary {
	d := core.NewPdfDictionary()
	for pair := range slices.Chunk(pairs, 2) {
		d.Set(pair[0].(string), pair[1].(core.PdfObject))
	}
	return d
}

func (w *writer) write(s *setter) ([]byte, error) {
	tree := core.NewPdfDictionary()
	catalog := dictionary("Type", name("Catalog"), "Lang", text("en-GB"), "MarkInfo", dictionary("Marked", core.NewPdfBoolean(true)),
		"ViewerPreferences", dictionary("DisplayDocTitle", core.NewPdfBoolean(true)), "PageMode", name("UseNone"))
	root := w.add(catalog)
	info := w.add(w.info(s.page))
	catalog.Set("Metadata", w.add(metadata(s.page)))

	fonts := core.NewPdfDictionary()
	for i, f := range s.faces.all {
		if len(f.unicode) > 0 {
			fonts.Set(fontName(i), w.add(f.object(w.add)))
		}
	}
	pages := dictionary("Type", name("Pages"), "Count", integer(len(s.sheets)))
	pagesRef := w.add(pages)
	kids := core.NewPdfArray()
	for i, sheet := range s.sheets {
		stream := core.NewPdfStreamCompressed(sheet.content.Bytes())
		sheet.ref = w.add(dictionary("Type", name("Page"), "Parent", pagesRef, "MediaBox", core.NewPdfArray(integer(0), integer(0), number(width), number(height)),
			"Resources", dictionary("Font", fonts), "Contents", w.add(stream), "StructParents", integer(i), "Tabs", name("S")))
		kids.Add(sheet.ref)
	}
	pages.Set("Kids", kids)
	catalog.Set("Pages", pagesRef)
	catalog.Set("StructTreeRoot", w.structure(s, tree))
	if outline := w.outline(s); outline != nil {
		catalog.Set("Outlines", outline)
	}
	return w.file(root, info)
}

func (w *writer) info(p *page.Page) core.PdfObject {
	d := dictionary("Title", text(p.Title), "Producer", text("Kerbside"))
	if p.Mark != "" {
		d.Set("Subject", text(p.Mark))
	}
	if !p.Created.IsZero() {
		at := core.NewPdfLiteralString(p.Created.UTC().Format("D:20060102150405Z"))
		d.Set("CreationDate", at)
		d.Set("ModDate", at)
	}
	return d
}

// metadata says in XMP what info says, and that the file is made to PDF/UA.
func metadata(p *page.Page) core.PdfObject {
	var b bytes.Buffer
	b.WriteString(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">` +
		`<pdfuaid:part>1</pdfuaid:part><pdf:Producer>Kerbside</pdf:Producer><dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escape(p.Title) + `</rdf:li></rdf:Alt></dc:title>` +
		`<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>`)
	if p.Mark != "" {
		b.WriteString(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + escape(p.Mark) + `</rdf:li></rdf:Alt></dc:description>`)
	}
	if !p.Created.IsZero() {
		at := p.Created.UTC().Format(time.RFC3339)
		b.WriteString(`<xmp:CreateDate>` + at + `</xmp:CreateDate><xmp:ModifyDate>` + at + `</xmp:ModifyDate>`)
	}
	b.WriteString(`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
	s := core.NewPdfStream(b.Bytes()) // readable without a PDF reader
	s.Dict.Set("Type", name("Metadata"))
	s.Dict.Set("Subtype", name("XML"))
	return s
}

// structure writes the tree of elements, and for each sheet which element each piece of its content belongs to.
func (w *writer) structure(s *setter, tree *core.PdfDictionary) core.PdfObject {
	root := w.add(tree)
	parents := make([]*core.PdfArray, len(s.sheets))
	for i, sheet := range s.sheets {
		parents[i] = core.NewPdfArray()
		for range sheet.pieces {
			parents[i].Add(core.NewPdfNull())
		}
	}
	var build func(e *element, parent *core.PdfIndirectReference) *core.PdfIndirectReference
	build = func(e *element, parent *core.PdfIndirectReference) *core.PdfIndirectReference {
		d := dictionary("Type", name("StructElem"), "S", name(e.tag), "P", parent)
		ref := w.add(d)
		if e.tag == "L" {
			d.Set("A", dictionary("O", name("List"), "ListNumbering", name(e.numbering)))
		}
		kids := core.NewPdfArray()
		for _, k := range e.kids {
			if k.element != nil {
				kids.Add(build(k.element, ref))
				continue
			}
			kids.Add(dictionary("Type", name("MCR"), "Pg", s.sheets[k.sheet].ref, "MCID", integer(k.piece)))
			parents[k.sheet].Set(k.piece, ref)
		}
		d.Set("K", kids)
		return ref
	}
	tree.Set("Type", name("StructTreeRoot"))
	tree.Set("K", core.NewPdfArray(build(s.root, root)))
	nums := core.NewPdfArray()
	for i, p := range parents {
		nums.Add(integer(i))
		nums.Add(w.add(p))
	}
	tree.Set("ParentTree", w.add(dictionary("Nums", nums)))
	tree.Set("ParentTreeNextKey", integer(len(parents)))
	return root
}

// outline lists the headings for the reader's side bar; nil when there are none.
func (w *writer) outline(s *setter) core.PdfObject {
	if len(s.headings) == 0 {
		return nil
	}
	outlines := dictionary("Type", name("Outlines"), "Count", integer(len(s.headings)))
	ref := w.add(outlines)
	var items []*core.PdfDictionary
	var refs []*core.PdfIndirectReference
	for _, h := range s.headings {
		d := dictionary("Title", text(h.text), "Parent", ref, "Dest", core.NewPdfArray(s.sheets[h.sheet].ref, name("XYZ"), core.NewPdfNull(), number(h.y), core.NewPdfNull()))
		items = append(items, d)
		refs = append(refs, w.add(d))
	}
	for i, d := range items {
		if i > 0 {
			d.Set("Prev", refs[i-1])
		}
		if i+1 < len(refs) {
			d.Set("Next", refs[i+1])
		}
	}
	outlines.Set("First", refs[0])
	outlines.Set("Last", refs[len(refs)-1])
	return ref
}

// file writes header, objects, cross-reference table and trailer.
func (w *writer) file(root, info *core.PdfIndirectReference) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(w.objects))
	for i, o := range w.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		if _, err := o.WriteTo(&b); err != nil {
			return nil, fmt.Errorf("pdf.Write: %w", err)
		}
		b.WriteString("\nendobj\n")
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(w.objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	id := fileID(b.Bytes())
	trailer := dictionary("Size", integer(len(w.objects)+1), "Root", root, "Info", info, "ID", core.NewPdfArray(core.NewPdfHexString(id), core.NewPdfHexString(id)))
	b.WriteString("trailer\n")
	if _, err := trailer.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("pdf.Write: %w", err)
	}
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", table)
	return b.Bytes(), nil
}
