package llm

import (
	"strings"
	"unicode"

	"kerbside"
)

// The reasons for which a quote is not taken up.
const (
	reasonNotFound  = "quote_not_in_source"
	reasonAmbiguous = "quote_ambiguous" // the words stand there more than once
	reasonShort     = "quote_too_short"
	reasonLong      = "quote_too_long"
)

const (
	minQuote = 2  // words
	maxQuote = 60 // words
)

// part is the words first..last of a source, both included: what one request shows.
type part struct {
	source      *kerbside.Source
	first, last int
}

func (p part) text() string {
	return p.source.Slice(p.source.Words[p.first].StartChar, p.source.Words[p.last].EndChar)
}

// split cuts sources into parts that overlap; where it can, a part ends with a sentence.
func (e *Engine) split(sources []*kerbside.Source) []part {
	var out []part
	for _, s := range sources {
		for first := 0; first < len(s.Words); {
			last := min(len(s.Words), first+e.o.ChunkWords) - 1
			if last < len(s.Words)-1 {
				for i := last; i > last-e.o.ChunkWords/4; i-- {
					if endsSentence(s.Words[i].Text) {
						last = i
						break
					}
				}
			}
			out = append(out, part{s, first, last})
			if last == len(s.Words)-1 {
				break
			}
			first = max(first+1, last+1-e.o.OverlapWords)
		}
	}
	return out
}

func endsSentence(word string) bool {
	return strings.ContainsAny(word[max(0, len(word)-2):], ".?!")
}

// letters is a part as one run of lower-case letters and figures, so that white space, case and punctuation make no difference.
type letters struct {
	part   part
	text   string
	starts map[int]int // byte offset in text -> word that begins there
	ends   map[int]int // byte offset in text -> word that ends there
}

func lettersOf(p part) *letters {
	l := &letters{part: p, starts: map[int]int{}, ends: map[int]int{}}
	var b strings.Builder
	for i := p.first; i <= p.last; i++ {
		plain := bare(p.source.Words[i].Text)
		if plain == "" {
			continue
		}
		l.starts[b.Len()] = i
		b.WriteString(plain)
		l.ends[b.Len()] = i
	}
	l.text = b.String()
	return l
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// find gives the words that a quote repeats. The quote may differ in white space, case and punctuation; it must begin and end with
// whole words and stand in the part once, or once letter for letter.
func (l *letters) find(quote string) (kerbside.Evidence, string) {
	if len(quote) > 16*maxQuote {
		return kerbside.Evidence{}, reasonLong
	}
	wanted := bare(quote)
	if wanted == "" {
		return kerbside.Evidence{}, reasonNotFound
	}
	var all []kerbside.Evidence
	for at := 0; ; {
		i := strings.Index(l.text[at:], wanted)
		if i < 0 {
			break
		}
		at += i
		first, begins := l.starts[at]
		last, ends := l.ends[at+len(wanted)]
		if begins && ends {
			if last-first+1 > maxQuote {
				return kerbside.Evidence{}, reasonLong
			}
			all = append(all, l.part.source.Evidence(first, last))
		}
		at++
	}
	if len(all) > 1 {
		var exact []kerbside.Evidence
		for _, e := range all {
			if e.Quote == strings.TrimSpace(quote) {
				exact = append(exact, e)
			}
		}
		all = exact
		if len(exact) != 1 {
			return kerbside.Evidence{}, reasonAmbiguous
		}
	}
	if len(all) == 0 {
		return kerbside.Evidence{}, reasonNotFound
	}
	return all[0], ""
}
