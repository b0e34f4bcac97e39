package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/carlos7ags/folio/core"
	"github.com/carlos7ags/folio/font"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/text/unicode/norm"
)

// face is one font, as one document uses it.
type face struct {
	font    *font.EmbeddedFont
	unicode map[uint16]string // what the glyphs that are used are read as
}

// faces are the fonts of a document: Liberation Sans (the widths of Arial), and DejaVu Sans for what it lacks: Arabic, symbols, some
// emoji. Both may be embedded by anyone.
type faces struct {
	regular, bold, wide *face
	all                 []*face
}

func newFaces() (*faces, error) {
	f := &faces{}
	for _, x := range []struct {
		to  **face
		ttf []byte
	}{{&f.regular, liberationsansregular.TTF}, {&f.bold, liberationsansbold.TTF}, {&f.wide, dejavusans.TTF}} {
		parsed, err := font.ParseTTF(x.ttf)
		if err != nil {
			return nil, err
		}
		*x.to = &face{font: font.NewEmbeddedFont(parsed), unicode: map[uint16]string{}}
		f.all = append(f.all, *x.to)
	}
	return f, nil
}

func fontName(i int) string { return "F" + string(rune('1'+i)) }

func (f *faces) nameOf(x *face) string {
	for i, y := range f.all {
		if x == y {
			return fontName(i)
		}
	}
	return ""
}

// has reports whether a face has a glyph for a character.
func (f *face) has(r rune) bool { return f.font.Face().GlyphIndex(r) != 0 }

// advance is the width of a character at size 1.
func (f *face) advance(r rune) float64 {
	g := f.font.Face()
	return float64(g.GlyphAdvance(g.GlyphIndex(r))) / float64(g.UnitsPerEm())
}

// encode gives a character's operand for Tj, and has its glyph read as the letter that it is a form of.
func (f *face) encode(r rune) []byte {
	read := string(r)
	if r >= 0xfb50 && r <= 0xfeff { // joined forms of Arabic letters
		read = norm.NFKC.String(read)
	}
	f.unicode[f.font.Face().GlyphIndex(r)] = read
	return f.font.EncodeString(string(r))
}

// object writes the font as far as it is used. folio reads each glyph as one character, and writes glyphs of the same character in any
// order; its table is replaced.
func (f *face) object(add func(core.PdfObject) *core.PdfIndirectReference) *core.PdfDictionary {
	return f.font.BuildObjects(func(o core.PdfObject) *core.PdfIndirectReference {
		if s, ok := o.(*core.PdfStream); ok && bytes.Contains(s.Data, []byte("begincmap")) {
			s.Data = f.cmap()
		}
		return add(o)
	})
}

// cmap is the table from glyphs to Unicode.
func (f *face) cmap() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(f.unicode)), 100) { // as many as a block may have
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, gid := range chunk {
			fmt.Fprintf(&b, "<%04X> <", gid)
			for _, u := range utf16.Encode([]rune(f.unicode[gid])) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// pick gives the face that can show a character, nil when none can.
func (f *faces) pick(r rune, want *face) *face {
	if want.has(r) {
		return want
	}
	if f.wide.has(r) {
		return f.wide
	}
	return nil
}

// fileID is what tells a file apart from others.
func fileID(b []byte) string {
	sum := sha256.Sum256(b)
	return string(sum[:16])
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
