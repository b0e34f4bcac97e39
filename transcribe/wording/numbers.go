package wording

import (
	"strconv"
	"strings"

	"kerbside"
)

var units = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}

var tens = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
	"thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}

// piece is a word, or a part of one between hyphens, as readings look at it.
type piece struct {
	text string // lower case, without the punctuation around it but for £ and %
	word int
	stop bool // punctuation after it: nothing is read across
}

// piecesOf cuts words at hyphens where letters stand on both sides: "nine-year-old", "half-past", but not "03-03-2026".
func piecesOf(words []kerbside.Word) []piece {
	out := make([]piece, 0, len(words))
	for i, w := range words {
		p := split(w.Text)
		text := strings.ToLower(p.core)
		if strings.HasSuffix(p.before, "£") {
			text = "£" + text
		}
		after := p.after
		if strings.HasPrefix(after, "%") {
			text, after = text+"%", after[1:]
		}
		stop := after != "" && after != "-" || i+1 < len(words) && words[i+1].Break != ""
		if p.ending != "" {
			text, stop = text+p.ending, true
		}
		if strings.HasPrefix(after, ".") && (text == "a.m" || text == "p.m") {
			stop = after != "."
		}
		parts := []string{text}
		if strings.Contains(text, "-") && strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz") {
			parts = strings.Split(text, "-")
		}
		for k, part := range parts {
			out = append(out, piece{text: part, word: i, stop: stop && k == len(parts)-1})
		}
	}
	return out
}

// reader reads values from pieces.
type reader struct{ pieces []piece }

// at is the text of piece i, "" when it is beyond the end.
func (r *reader) at(i int) string {
	if i >= 0 && i < len(r.pieces) {
		return r.pieces[i].text
	}
	return ""
}

// next is the text of the piece after i when nothing stands between the two.
func (r *reader) next(i int) string {
	if i < 0 || i >= len(r.pieces) || r.pieces[i].stop {
		return ""
	}
	return r.at(i + 1)
}

// quantity is a number that was said.
type quantity struct {
	value string // decimal: "21", "3.5"
	whole int    // its value when it is a whole number, else -1
	end   int    // last piece
	said  bool   // in words
}

func wholeOf(n, end int, said bool) quantity { return quantity{strconv.Itoa(n), n, end, said} }

// quantityAt reads a number from piece i on: "21", "1,200", "3.5", "twenty-one", "a hundred and five", "two and a half".
func (r *reader) quantityAt(i int) (quantity, bool) {
	q, ok := r.plainAt(i)
	if !ok {
		return q, false
	}
	if r.next(q.end) == "point" {
		digits := ""
		end := q.end + 1
		for u, ok := units[r.next(end)]; ok && u < 10 || r.next(end) == "oh"; u, ok = units[r.next(end)] {
			digits += strconv.Itoa(u)
			end++
		}
		if digits != "" {
			return quantity{q.value + "." + digits, -1, end, true}, true
		}
	}
	if r.next(q.end) == "and" && r.next(q.end+1) == "a" && r.next(q.end+2) == "half" && q.whole >= 0 {
		return quantity{q.value + ".5", -1, q.end + 3, true}, true
	}
	return q, true
}

func (r *reader) plainAt(i int) (quantity, bool) {
	w := r.at(i)
	if w == "" {
		return quantity{}, false
	}
	if w[0] >= '0' && w[0] <= '9' {
		return figures(w, i)
	}
	if (w == "a" || w == "an") && (r.next(i) == "hundred" || r.next(i) == "thousand") {
		return r.scaled(1, i)
	}
	n, end, ok := r.below100(i)
	if !ok {
		return quantity{}, false
	}
	return r.scaled(n, end)
}

// figures reads digits with or without thousands' commas and decimals.
func figures(w string, i int) (quantity, bool) {
	if head, tail, ok := strings.Cut(w, ","); ok {
		if len(head) > 3 || len(tail) != 3 || strings.Trim(tail, "0123456789") != "" {
			return quantity{}, false
		}
		w = head + tail
	}
	if len(w) > 9 || strings.Trim(w, "0123456789.") != "" || strings.Count(w, ".") > 1 || strings.HasSuffix(w, ".") {
		return quantity{}, false
	}
	if strings.Contains(w, ".") {
		return quantity{w, -1, i, false}, true
	}
	if len(w) > 1 && w[0] == '0' {
		return quantity{}, false
	}
	n, err := strconv.Atoi(w)
	return quantity{w, n, i, false}, err == nil
}

// below100 reads one word, or two as in "twenty one".
func (r *reader) below100(i int) (n, end int, ok bool) {
	if n, ok := units[r.at(i)]; ok {
		return n, i, true
	}
	ten, ok := tens[r.at(i)]
	if !ok {
		return 0, 0, false
	}
	if u, ok := units[r.next(i)]; ok && u < 10 {
		return ten + u, i + 1, true
	}
	return ten, i, true
}

// scaled reads what multiplies n, which ended at piece end, and what is added: "hundred and twenty", "thousand two hundred".
func (r *reader) scaled(n, end int) (quantity, bool) {
	total := 0
	for {
		switch r.next(end) {
		case "hundred":
			n, end = n*100, end+1
		case "thousand":
			total, n, end = total+n*1000, 0, end+1
		default:
			return wholeOf(total+n, end, true), true
		}
		from := end + 1
		if r.next(end) == "and" {
			from = end + 2
		}
		if end+1 < from && r.pieces[end+1].stop || r.next(end) == "" {
			return wholeOf(total+n, end, true), true
		}
		rest, last, ok := r.below100(from)
		if !ok {
			continue
		}
		if next := r.next(last); next == "hundred" && n == 0 {
			n, end = rest, last
			continue
		} else if next == "thousand" && total == 0 && n > 0 {
			n, end = n+rest, last
			continue
		}
		return wholeOf(total+n+rest, last, true), true
	}
}

// ordinalAt reads "21st", "third", "twenty-first".
func (r *reader) ordinalAt(i int) (n, end int, ok bool) {
	w := r.at(i)
	for _, s := range []string{"st", "nd", "rd", "th"} {
		if digits, found := strings.CutSuffix(w, s); found {
			if n, err := strconv.Atoi(digits); err == nil && n > 0 {
				return n, i, true
			}
		}
	}
	if n, ok := ordinals[w]; ok {
		return n, i, true
	}
	if ten, ok := tens[w]; ok {
		if u, ok := ordinals[r.next(i)]; ok && u < 10 {
			return ten + u, i + 1, true
		}
	}
	return 0, 0, false
}

// SameNumber tells whether two wordings are of one number or day of a month: "seventeenth", "the 17th of" and "17" are.
func SameNumber(a, b string) bool {
	m, ok := numberOf(a)
	n, both := numberOf(b)
	return ok && both && m == n
}

// numberOf is the whole number that words are, with or without the little words around a day.
func numberOf(text string) (int, bool) {
	r := &reader{pieces: piecesOf(kerbside.SplitWords(text))}
	if r.at(0) == "the" {
		r.pieces = r.pieces[1:]
	}
	if n := len(r.pieces); n > 0 && r.at(n-1) == "of" {
		r.pieces = r.pieces[:n-1]
	}
	last := len(r.pieces) - 1
	if q, ok := r.quantityAt(0); ok && q.end == last && q.whole >= 0 {
		return q.whole, true
	}
	n, end, ok := r.ordinalAt(0)
	return n, ok && end == last
}

func itoa(n int) string { return strconv.Itoa(n) }

// two writes n with two digits.
func two(n int) string {
	if n < 10 {
		return "0" + itoa(n)
	}
	return itoa(n)
}
