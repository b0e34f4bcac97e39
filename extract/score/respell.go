package score

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// Plain is a case as a recogniser that knows no punctuation would write it: lower case, no marks but those within a word. The quotes of
// the gold become the words that stand for theirs.
func Plain(c Case) Case {
	old := fields(c.Text)
	var text strings.Builder
	var words []field
	to := make([]int, len(old))
	n := 0
	for i, w := range old {
		plain := strings.ToLower(strings.TrimFunc(w.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '£' && r != '%' }))
		if to[i] = -1; plain == "" {
			continue
		}
		if n > 0 {
			text.WriteByte(' ')
			n++
		}
		length := utf8.RuneCountInString(plain)
		to[i] = len(words)
		words = append(words, field{plain, n, n + length})
		text.WriteString(plain)
		n += length
	}
	return rewrite(c, text.String(), old, words, to)
}

// Heard is a case with the words of a transcript of the same dictation, spoken: the quotes of the gold become the words that were
// heard for theirs, which are found by aligning the two word by word (least edits). A quote of which nothing was heard becomes empty and can
// not be found any more.
func Heard(c Case, t *kerbside.Transcript) Case {
	old := fields(c.Text)
	var words []field
	for _, w := range t.Words {
		words = append(words, field{w.Text, w.StartChar, w.EndChar})
	}
	return rewrite(c, t.Text, old, words, align(old, words))
}

// Lost counts the quotes of a case's gold of which nothing was heard.
func Lost(c Case) int {
	n := 0
	for _, group := range spanGroups {
		for _, x := range *c.Gold.items(group) {
			if x.Quote == "" {
				n++
			}
		}
	}
	return n
}

// field is a run of characters between white space, and where it stands in code points.
type field struct {
	text       string
	start, end int
}

func fields(text string) []field {
	var out []field
	for _, w := range kerbside.SplitWords(text) {
		out = append(out, field{w.Text, w.StartChar, w.EndChar})
	}
	return out
}

// rewrite gives a case another text; to says which new word stands for each old one, -1 for none.
func rewrite(c Case, text string, old, words []field, to []int) Case {
	before, after := []rune(c.Text), []rune(text)
	quote := func(q string) string {
		s := locate(before, q, -1, -1)
		if s == nil {
			return ""
		}
		first, last := -1, -1
		for i, w := range old {
			if w.end <= s.start || w.start >= s.end || to[i] < 0 {
				continue
			}
			if first < 0 {
				first = to[i]
			}
			last = to[i]
		}
		if first < 0 {
			return ""
		}
		return string(after[words[first].start:words[last].end])
	}
	out := c
	out.Text = text
	out.Gold.Optional = nil
	for _, group := range spanGroups {
		items := append([]Item(nil), *c.Gold.items(group)...)
		for i := range items {
			items[i].Quote = quote(items[i].Quote)
		}
		*out.Gold.items(group) = items
	}
	for _, o := range c.Gold.Optional {
		if o.Kind != "attendee" { // an attendee's is a name or a role, which stays
			o.Quote = quote(o.Quote)
		}
		out.Gold.Optional = append(out.Gold.Optional, o)
	}
	return out
}

// align gives for each old word the new one that stands in its place, -1 for none: a least number of words replaced, left out and
// added (Levenshtein 1966), words being equal when their letters and figures are.
func align(old, words []field) []int {
	a, b := bare(old), bare(words)
	cost := make([][]int32, len(a)+1)
	for i := range cost {
		cost[i] = make([]int32, len(b)+1)
		cost[i][0] = int32(i)
	}
	for j := range b {
		cost[0][j+1] = int32(j + 1)
	}
	for i := range a {
		for j := range b {
			replace := cost[i][j]
			if a[i] != b[j] {
				replace++
			}
			cost[i+1][j+1] = min(replace, cost[i][j+1]+1, cost[i+1][j]+1)
		}
	}
	to := make([]int, len(a))
	for i := range to {
		to[i] = -1
	}
	for i, j := len(a), len(b); i > 0 && j > 0; {
		switch here := cost[i][j]; {
		case a[i-1] == b[j-1] && here == cost[i-1][j-1]:
			i, j = i-1, j-1
			to[i] = j
		case here == cost[i-1][j]+1:
			i--
		case here == cost[i][j-1]+1:
			j--
		default:
			i, j = i-1, j-1
			to[i] = j
		}
	}
	return to
}

func bare(list []field) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, w.text)
	}
	return out
}
