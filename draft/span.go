package draft

import (
	"strings"

	"kerbside"
)

// span is a run of words of one source, both ends included.
type span struct {
	src         *kerbside.Source
	first, last int
}

func (s span) evidence() kerbside.Evidence { return s.src.Evidence(s.first, s.last) }

func (s span) overlaps(o span) bool {
	return s.src == o.src && s.src != nil && s.first <= o.last && o.first <= s.last
}

func (s span) contains(o span) bool {
	return s.src == o.src && s.src != nil && s.first <= o.first && o.last <= s.last
}

// sentence widens s to the sentences that it stands in.
func (s span) sentence() span {
	for s.first > 0 && !ends(s.src.Words[s.first-1].Text) {
		s.first--
	}
	for s.last < len(s.src.Words)-1 && !ends(s.src.Words[s.last].Text) {
		s.last++
	}
	return s
}

func (s span) len() int { return s.last - s.first + 1 }

// word is the plain lower-case form of a word of the source.
func (s span) word(i int) string {
	return strings.Trim(fold(s.src.Words[i].Text), `.,;:!?…"“”‘()[]–—`)
}

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
type sources struct {
	list []*kerbside.Source
	seen map[kerbside.Evidence]span // what was checked; a zero span for what does not stand
}

func newSources(list []*kerbside.Source) sources {
	return sources{list, map[kerbside.Evidence]span{}}
}

func (ss sources) span(e kerbside.Evidence) (span, bool) {
	s, ok := ss.seen[e]
	if !ok {
		if src := kerbside.FindSource(ss.list, e); src != nil && src.Check(e) == nil {
			if first, last, err := src.Range(e); err == nil {
				s = span{src, first, last}
			}
		}
		ss.seen[e] = s
	}
	return s, s.src != nil
}

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
