package pdf

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/carlos7ags/folio/core"

	"kerbside/export/page"
)

// element is one node of the structure: what is read, in the order in which it is read.
type element struct {
	tag, numbering string
	kids           []kid
}

// kid is an element below, or a piece of a sheet's content.
type kid struct {
	element      *element
	sheet, piece int
}

func (e *element) under(tag string) *element {
	k := &element{tag: tag}
	e.kids = append(e.kids, kid{element: k})
	return k
}

type sheet struct {
	content bytes.Buffer
	pieces  int
	ref     *core.PdfIndirectReference
}

type heading struct {
	text  string
	sheet int
	y     float64
}

// style is how a paragraph looks.
type style struct {
	bold                 bool
	size, leading        float64
	before, after        float64
	indent               float64 // of the text; a label hangs before it
	colour               string  // operands of rg
	keepNext, keepWithin bool
}

const (
	ink    = "0.11 0.11 0.11"
	quiet  = "0.28 0.28 0.28"
	accent = "0.047 0.29 0.267"
	doubt  = "0.541 0.173 0"
)

var (
	titleStyle = style{bold: true, size: 20, leading: 24, after: 5, colour: accent, keepNext: true, keepWithin: true}
	headStyle  = style{bold: true, size: 12.5, leading: 16, before: 13, after: 3.5, colour: accent, keepNext: true, keepWithin: true}
	bodyStyle  = style{size: 10.5, leading: 14.8, after: 4.5, colour: ink}
	itemStyle  = style{size: 10.5, leading: 14.8, after: 3.2, indent: 14, colour: ink}
	noteStyle  = style{size: 9, leading: 12.2, after: 2.4, indent: 22, colour: quiet}
)

// setter sets a page in lines on sheets.
type setter struct {
	faces    *faces
	page     *page.Page
	root     *element
	sheets   []*sheet
	y        float64 // of the top of the next line
	headings []heading
}

func (s *setter) document() {
	s.turn()
	s.paragraph(s.root.under("H1"), titleStyle, s.page.Title, nil, "")
	if m := s.page.Mark; m != "" {
		st := bodyStyle
		st.after, st.colour = 8, quiet
		if !s.page.Approved {
			st.bold, st.colour = true, doubt
		}
		s.paragraph(s.root.under("P"), st, m, nil, "")
	}
	for _, sec := range s.page.Sections {
		sect := s.root.under("Sect")
		if sec.Heading != "" {
			s.heading(sect, sec.Heading)
		}
		if sec.Prose {
			for _, l := range sec.Lines {
				s.paragraph(sect.under("P"), bodyStyle, l.Text, l.Notes, "")
			}
			continue
		}
		s.list(sect, "Disc", itemStyle, len(sec.Lines), func(i int) (string, string, []int) { return "•", sec.Lines[i].Text, sec.Lines[i].Notes })
	}
	if n := len(s.page.Notes); n > 0 {
		sect := s.root.under("Sect")
		s.heading(sect, "Where this comes from")
		s.list(sect, "Decimal", noteStyle, n, func(i int) (string, string, []int) { return strconv.Itoa(i+1) + ".", s.page.Notes[i], nil })
	}
	s.margins()
}

func (s *setter) heading(sect *element, text string) {
	e := sect.under("H2")
	s.paragraph(e, headStyle, text, nil, "")
	if len(e.kids) > 0 {
		s.headings = append(s.headings, heading{text, e.kids[0].sheet, min(s.y+headStyle.after+headStyle.leading+4, height)})
	}
}

func (s *setter) list(sect *element, numbering string, st style, n int, item func(int) (label, text string, notes []int)) {
	l := sect.under("L")
	l.numbering = numbering
	for i := range n {
		label, text, notes := item(i)
		li := l.under("LI")
		s.paragraph(li, st, text, notes, label)
	}
}

// turn begins a new sheet.
func (s *setter) turn() {
	s.sheets = append(s.sheets, &sheet{})
	s.y = height - top
}

// paragraph sets text in e, or, with a label, label and text as the parts of a list's item. What is short stays on one sheet.
func (s *setter) paragraph(e *element, st style, text string, notes []int, label string) {
	lines := s.breakLines(s.words(text, st, notes), measure-st.indent)
	if s.y < height-top { // not at the top of a sheet
		s.y -= st.before
	}
	need := float64(len(lines)) * st.leading
	if len(lines) > 4 && !st.keepWithin {
		need = 2 * st.leading
	}
	if st.keepNext {
		need += 2 * bodyStyle.leading
	}
	if s.y-need < bottom && s.y < height-top {
		s.turn()
	}
	body := e
	if label != "" {
		lbl := e.under("Lbl")
		s.show(lbl, [][]word{s.words(label, st, nil)}, st, left+st.indent-s.labelWidth(label, st)-5, s.y)
		body = e.under("LBody")
	}
	for len(lines) > 0 {
		fit := min(len(lines), max(1, int((s.y-bottom)/st.leading+0.001)))
		s.show(body, lines[:fit], st, left+st.indent, s.y)
		s.y -= float64(fit) * st.leading
		if lines = lines[fit:]; len(lines) > 0 {
			s.turn()
		}
	}
	s.y -= st.after
}

func (s *setter) labelWidth(label string, st style) float64 {
	w := 0.0
	for _, x := range s.words(label, st, nil) {
		w += x.width
	}
	return w
}

// show writes lines as one piece of an element.
func (s *setter) show(e *element, lines [][]word, st style, x, y float64) {
	at := len(s.sheets) - 1
	sheet := s.sheets[at]
	fmt.Fprintf(&sheet.content, "/%s <</MCID %d>> BDC\nBT\n%s rg\n", e.tag, sheet.pieces, st.colour)
	for i, l := range lines {
		fmt.Fprintf(&sheet.content, "1 0 0 1 %s %s Tm\n", points(x), points(y-float64(i)*st.leading-st.size*0.92-(st.leading-st.size)/2))
		s.line(&sheet.content, l, i+1 < len(lines))
	}
	sheet.content.WriteString("ET\nEMC\n")
	e.kids = append(e.kids, kid{sheet: at, piece: sheet.pieces})
	sheet.pieces++
}

// margins writes at the foot of each sheet what it is and which of how many, and at its head that nobody has approved it. It is no part of
// what is read.
func (s *setter) margins() {
	st := style{size: 8.5, leading: 11, colour: quiet}
	for i, sheet := range s.sheets {
		foot := fmt.Sprintf("Page %d of %d", i+1, len(s.sheets))
		s.margin(sheet, st, s.clip(s.page.Title, st, measure*0.8), left, 38)
		s.margin(sheet, st, foot, width-right-s.labelWidth(foot, st), 38)
		if s.page.Mark != "" && !s.page.Approved {
			mark := style{bold: true, size: 9, leading: 11, colour: doubt}
			s.margin(sheet, mark, s.page.Mark, width-right-s.labelWidth(s.page.Mark, mark)-6, height-38)
		}
	}
}

func (s *setter) margin(sheet *sheet, st style, text string, x, y float64) {
	fmt.Fprintf(&sheet.content, "/Artifact <</Type /Pagination>> BDC\nBT\n%s rg\n1 0 0 1 %s %s Tm\n", st.colour, points(x), points(y))
	s.line(&sheet.content, s.words(text, st, nil), false)
	sheet.content.WriteString("ET\nEMC\n")
}

// clip shortens what stands on one line only.
func (s *setter) clip(text string, st style, most float64) string {
	if lines := s.breakLines(s.words(text, st, nil), most); len(lines) > 1 {
		out := ""
		for i, w := range lines[0] {
			if i > 0 && !w.glued {
				out += " "
			}
			out += w.logical
		}
		return out + "…"
	}
	return text
}

func points(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
