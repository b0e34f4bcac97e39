package draft

import (
	"strings"
	"sync"

	"kerbside"
)

// text is a source with what composing asks of it again and again. It is safe for concurrent use.
type text struct {
	*kerbside.Source
	plain  []string // the plain lower-case forms of the words
	begins []int    // for each word, the first of its sentence
	stops  []int    // and the last

	mu     sync.Mutex
	quotes map[[2]int]kerbside.Evidence
}

func newText(src *kerbside.Source) *text {
	n := len(src.Words)
	t := &text{Source: src, plain: make([]string, n), begins: make([]int, n), stops: make([]int, n), quotes: map[[2]int]kerbside.Evidence{}}
	first := 0
	for i, w := range src.Words {
		t.plain[i] = strings.Trim(fold(w.Text), `.,;:!?…"“”‘()[]–—`)
		t.begins[i] = first
		if i == n-1 || ends(w.Text) {
			for k := first; k <= i; k++ {
				t.stops[k] = i
			}
			first = i + 1
		}
	}
	return t
}

// span is a run of words of one source, both ends included.
type span struct {
	src         *text
	first, last int
}

func (s span) evidence() kerbside.Evidence {
	s.src.mu.Lock()
	defer s.src.mu.Unlock()
	e, ok := s.src.quotes[[2]int{s.first, s.last}]
	if !ok {
		e = s.src.Evidence(s.first, s.last)
		s.src.quotes[[2]int{s.first, s.last}] = e
	}
	return e
}

func (s span) overlaps(o span) bool {
	return s.src == o.src && s.src != nil && s.first <= o.last && o.first <= s.last
}

func (s span) contains(o span) bool {
	return s.src == o.src && s.src != nil && s.first <= o.first && o.last <= s.last
}

// sentence widens s to the sentences that it stands in.
func (s span) sentence() span { return span{s.src, s.src.begins[s.first], s.src.stops[s.last]} }

func (s span) len() int { return s.last - s.first + 1 }

// words are the plain lower-case forms of all.
func (s span) words() []string {
	if s.src == nil {
		return nil
	}
	return s.src.plain[s.first : s.last+1]
}

// word is the plain lower-case form of a word of the source.
func (s span) word(i int) string { return s.src.plain[i] }

func ends(word string) bool {
	word = strings.TrimRight(word, "\"'”’)]")
	return strings.HasSuffix(word, ".") || strings.HasSuffix(word, "?") || strings.HasSuffix(word, "!") || strings.HasSuffix(word, "…")
}

// pause reports whether a clause ends with the word.
func pause(word string) bool {
	word = strings.TrimRight(word, "\"'”’)]")
	return ends(word) || strings.HasSuffix(word, ",") || strings.HasSuffix(word, ";") || strings.HasSuffix(word, ":") || strings.HasSuffix(word, "–") || strings.HasSuffix(word, "—")
}

// sources finds evidence in the texts that a record was made from.
type sources struct{ list []*text }

func newSources(list []*kerbside.Source) sources {
	var ss sources
	for _, s := range list {
		ss.list = append(ss.list, newText(s))
	}
	return ss
}

// span finds evidence; it is not found unless it is exactly what its source gives for its words.
func (ss sources) span(e kerbside.Evidence) (span, bool) {
	for _, t := range ss.list {
		if t.Ref != e.Source {
			continue
		}
		first, ok := t.WordAt(e.FirstWord)
		last, ok2 := t.WordAt(e.LastWord)
		if !ok || !ok2 || last < first {
			return span{}, false
		}
		s := span{t, first, last}
		return s, exactly(s.evidence(), e)
	}
	return span{}, false
}

// exactly reports whether evidence is what its source makes of its words, as [kerbside.Source.Check] does.
func exactly(want, e kerbside.Evidence) bool {
	return e.Quote == want.Quote && e.StartChar == want.StartChar && e.EndChar == want.EndChar && equal(e.StartMS, want.StartMS) && equal(e.EndMS, want.EndMS) && equal(e.Confidence, want.Confidence)
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

func (ss sources) order(e kerbside.Evidence) int {
	for i, s := range ss.list {
		if s.Ref == e.Source {
			return i
		}
	}
	return len(ss.list)
}

// sentences gives all sentences of the sources, in order.
func (ss sources) sentences() []span {
	var out []span
	for _, src := range ss.list {
		for i := 0; i < len(src.Words); {
			s := span{src, i, i}.sentence()
			out = append(out, s)
			i = s.last + 1
		}
	}
	return out
}
