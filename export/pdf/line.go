package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/carlos7ags/folio/core"
	"github.com/carlos7ags/folio/layout"
	"github.com/carlos7ags/folio/unicode/grapheme"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// word is what stands between two places where a line may end, in one direction.
type word struct {
	logical    string // as it is read
	glyphs     []glyph
	rtl, glued bool // glued: no space before it
	size, rise float64
	width      float64
}

// glyph is one character to draw. What no font can show is drawn as a box, and is read as what it stands for.
type glyph struct {
	r       rune
	face    *face
	instead string // what is read, when r stands for it
}

// words cuts text into words; the numbers of notes follow the last.
func (s *setter) words(text string, st style, notes []int) []word {
	var out []word
	for _, part := range strings.Fields(norm.NFC.String(text)) {
		for i, piece := range directions(part) {
			w := s.word(piece.text, st, st.size, 0)
			w.rtl, w.glued = piece.rtl, i > 0
			if w.rtl {
				s.turnRound(&w, st)
			}
			out = append(out, w)
		}
	}
	for i, n := range notes {
		number := strconv.Itoa(n)
		if i > 0 {
			number = "," + number
		}
		w := s.word(number, st, st.size*0.66, st.size*0.33)
		w.glued = true
		out = append(out, w)
	}
	return out
}

func (s *setter) face(st style) *face {
	if st.bold {
		return s.faces.bold
	}
	return s.faces.regular
}

func (s *setter) word(text string, st style, size, rise float64) word {
	w := word{logical: text, size: size, rise: rise}
	for start := 0; start < len(text); {
		end := grapheme.NextBreak(text, start)
		w.glyphs = append(w.glyphs, s.cluster(text[start:end], s.face(st))...)
		start = end
	}
	w.measure()
	return w
}

// cluster gives the glyphs of what is seen as one character.
func (s *setter) cluster(text string, want *face) []glyph {
	var out []glyph
	for _, r := range text {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) { // joiners: nothing to draw
			continue
		}
		f := s.faces.pick(r, want)
		if f == nil {
			return []glyph{{r: '□', face: s.faces.wide, instead: text}}
		}
		out = append(out, glyph{r: r, face: f})
	}
	return out
}

// turnRound puts a word in the order in which it is seen from the left, with Arabic letters joined.
func (s *setter) turnRound(w *word, st style) {
	var glyphs []glyph
	shaped := apart(layout.ShapeArabic(w.logical))
	for start := 0; start < len(shaped); {
		end := grapheme.NextBreak(shaped, start)
		glyphs = append(slices.Clone(s.cluster(mirrored(shaped[start:end]), s.face(st))), glyphs...)
		start = end
	}
	w.glyphs = glyphs
	w.measure()
}

// apart writes lam and alef as two letters: as one glyph they would be read back in the wrong order.
func apart(s string) string {
	return strings.NewReplacer("\ufef5", "\ufedf\ufe82", "\ufef6", "\ufee0\ufe82", "\ufef7", "\ufedf\ufe84", "\ufef8", "\ufee0\ufe84",
		"\ufef9", "\ufedf\ufe88", "\ufefa", "\ufee0\ufe88", "\ufefb", "\ufedf\ufe8e", "\ufefc", "\ufee0\ufe8e").Replace(s)
}

func mirrored(s string) string {
	if i := strings.Index("()[]{}<>«»", s); i >= 0 && len(s) == 1 {
		return string(")(][}{><"[i])
	}
	return s
}

// piece is a part of a word in one direction.
type piece struct {
	text string
	rtl  bool
}

// directions cuts a word where the direction of writing changes. What has no direction of its own stays with what was before.
func directions(word string) []piece {
	if strings.IndexFunc(word, func(r rune) bool { return r >= 0x0590 }) < 0 {
		return []piece{{word, false}}
	}
	var out []piece
	for _, r := range word {
		p, _ := bidi.LookupRune(r)
		c := p.Class()
		rtl := c == bidi.R || c == bidi.AL
		neutral := !rtl && c != bidi.L && c != bidi.EN && c != bidi.AN
		if n := len(out); n > 0 && (neutral && (c == bidi.NSM || !out[n-1].rtl) || !neutral && out[n-1].rtl == rtl) {
			out[n-1].text += string(r)
			continue
		}
		out = append(out, piece{string(r), rtl})
	}
	return out
}

// measure sets the width, kerning included.
func (w *word) measure() {
	w.width = 0
	for i, g := range w.glyphs {
		w.width += g.face.advance(g.r) * w.size
		if i > 0 {
			w.width += w.kern(i) / 1000 * w.size
		}
	}
}

// kern is how much further from its left neighbour glyph i stands, in thousandths of the size.
func (w *word) kern(i int) float64 {
	a, b := w.glyphs[i-1], w.glyphs[i]
	if a.face != b.face || w.rtl {
		return 0
	}
	return a.face.font.Kern(a.r, b.r)
}

// breakLines fills lines of a width. A word that is wider than a line is cut.
func (s *setter) breakLines(words []word, most float64) [][]word {
	var lines [][]word
	var line []word
	x := 0.0
	for i := 0; i < len(words); {
		end, w := i, 0.0 // what is glued stays together
		for ok := true; ok; ok = end < len(words) && words[end].glued {
			w += words[end].width
			end++
		}
		space := 0.0
		if len(line) > 0 {
			space = s.faces.regular.advance(' ') * words[i].size
		}
		switch {
		case x+space+w <= most:
			line = append(line, words[i:end]...)
			x += space + w
			i = end
		case len(line) > 0:
			lines, line, x = append(lines, line), nil, 0
		default:
			head, tail := cut(words[i:end], most)
			lines = append(lines, head)
			words = slices.Concat(words[:i], tail, words[end:])
		}
	}
	if len(line) > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// cut cuts glued words, together wider than a line, after what fits.
func cut(words []word, most float64) (head, tail []word) {
	for i, w := range words {
		if w.width <= most && i+1 < len(words) {
			head = append(head, w)
			most -= w.width
			continue
		}
		n := 0
		for width := 0.0; n < len(w.glyphs); n++ {
			if width += w.glyphs[n].face.advance(w.glyphs[n].r) * w.size; width > most && (n > 0 || len(head) > 0) {
				break
			}
		}
		if n == 0 || w.rtl && len(head) > 0 {
			tail = slices.Clone(words[i:])
			tail[0].glued = false
			return head, tail
		}
		a, b := w, w
		a.glyphs, b.glyphs, b.glued = w.glyphs[:n], w.glyphs[n:], false
		if len(w.glyphs) == len([]rune(w.logical)) && !w.rtl {
			a.logical, b.logical = string([]rune(w.logical)[:n]), string([]rune(w.logical)[n:])
		}
		a.measure()
		b.measure()
		head = append(head, a)
		if len(b.glyphs) > 0 {
			tail = append(tail, b)
		}
		return head, append(tail, words[i+1:]...)
	}
	return head, tail
}

// line writes the operators of one line. Spaces are characters too, at the end of a line that goes on as well.
func (s *setter) line(b *bytes.Buffer, words []word, goesOn bool) {
	words = visual(words)
	o := operators{s: s, b: b}
	for i, w := range words {
		if i > 0 && !w.glued {
			o.draw(word{glyphs: []glyph{{r: ' ', face: s.faces.regular}}, size: w.size})
		}
		o.draw(w)
	}
	if goesOn && len(words) > 0 {
		o.draw(word{glyphs: []glyph{{r: ' ', face: s.faces.regular}}, size: words[len(words)-1].size})
	}
	o.flush()
	if o.rise != 0 {
		b.WriteString("0 Ts\n")
	}
}

// visual puts neighbouring words from right to left in the order in which they are seen.
func visual(words []word) []word {
	if !slices.ContainsFunc(words, func(w word) bool { return w.rtl }) {
		return words
	}
	out := slices.Clone(words)
	for i := 0; i < len(out); i++ {
		end := i
		for end < len(out) && out[end].rtl {
			end++
		}
		if end > i+1 {
			glued := out[i].glued
			slices.Reverse(out[i:end])
			for k := i; k < end; k++ {
				out[k].glued = k == i && glued
			}
			i = end - 1
		}
	}
	return out
}

// operators joins what looks alike to one operator.
type operators struct {
	s          *setter
	b          *bytes.Buffer
	face       *face
	size, rise float64
	array      strings.Builder // the operand of TJ
	hex        strings.Builder
}

func (o *operators) draw(w word) {
	for i, g := range w.glyphs {
		if g.face != o.face || w.size != o.size || w.rise != o.rise {
			o.flush()
			fmt.Fprintf(o.b, "/%s %s Tf\n", o.s.faces.nameOf(g.face), points(w.size))
			if w.rise != o.rise {
				fmt.Fprintf(o.b, "%s Ts\n", points(w.rise))
			}
			o.face, o.size, o.rise = g.face, w.size, w.rise
		} else if i > 0 {
			if k := w.kern(i); k != 0 {
				o.close()
				o.array.WriteString(strconv.Itoa(int(-k)))
			}
		}
		if g.instead != "" {
			o.flush()
			actual := core.NewPdfTextString(g.instead)
			var t bytes.Buffer
			_, _ = actual.WriteTo(&t) // a bytes.Buffer does not fail
			fmt.Fprintf(o.b, "/Span <</ActualText %s>> BDC\n<%x> Tj\nEMC\n", t.String(), g.face.encode(g.r))
			continue
		}
		fmt.Fprintf(&o.hex, "%x", g.face.encode(g.r))
	}
}

func (o *operators) close() {
	if o.hex.Len() > 0 {
		o.array.WriteString("<" + o.hex.String() + ">")
		o.hex.Reset()
	}
}

func (o *operators) flush() {
	o.close()
	if o.array.Len() > 0 {
		o.b.WriteString("[" + o.array.String() + "] TJ\n")
		o.array.Reset()
	}
}
