package draft

import (
	"slices"
	"strings"

	"kerbside"
)

// The longest that words are widened to, for the part of their sentence that carries "no" or "not sure". A listener's sentence is
// shorter; a transcript without full stops is not.
const widest = 30

// wording is the words of an item that are shown.
type wording struct {
	text   string
	span   span
	tokens []string
	tidied bool // fillers taken out

	speakers []string // tokens of those to whom the item itself is attributed
}

func (b *builder) wording(it *item) wording {
	quote := it.evidence[0].Quote
	text := it.text
	q := b.tokensOf(quote)
	t := b.tokensOf(text)
	if it.kind != kindVoice && (!strings.Contains(quote, text) || count(t, negates) < count(q, negates) || count(t, doubts.has) < count(q, doubts.has)) {
		text = quote // the whole evidence, verbatim
	}
	w := wording{text: text, span: it.main, tokens: b.tokensOf(text), speakers: tokens(strings.Join(append([]string{it.by.Who, it.owner}, it.by.Chain...), " "))}
	if it.kind == kindVoice && it.mode == kerbside.VoiceDirect {
		return w
	}
	if !b.takeWhole(it, &w) && (it.kind != kindVoice || it.mode == kerbside.VoiceNonverbal) {
		b.complete(&w)
		if it.kind != kindAction && it.restricted == nil {
			b.takeRest(&w)
		}
		if whole := w.span.sentence(); strings.Count(w.text, "\"")%2 != 0 && whole.len() <= longest && !uneven(whole) {
			b.take(&w, whole)
		}
	}
	if it.kind == kindVoice {
		return w
	}
	if it.polarity == kerbside.Negated && count(w.tokens, negates) == 0 {
		b.widen(&w, negates)
	}
	if it.polarity == kerbside.Uncertain && !doubts.any(w.tokens) {
		if s := w.span.sentence(); s.len() > 20 || !doubts.any(b.tokensOf(s.evidence().Quote)) || !b.take(&w, s) {
			b.widen(&w, doubts.has)
		}
	}
	return w
}

// complete shows the whole clause: words cut off from their "when", "if" or "not" can mean something else. It stays within the sentence and
// within quotation marks, and leaves the words alone when no end of the clause is near.
func (b *builder) complete(w *wording) {
	whole, s := w.span.sentence(), w.span
	for s.last < whole.last && !clauseEnds(s, s.last) && !coordinates[s.word(s.last+1)] && s.len() <= widest {
		s.last++
	}
	starts := func() bool {
		return s.first == whole.first || clauseEnds(s, s.first-1) || opensQuote(s) ||
			joiners[s.word(s.first-1)] && !(s.word(s.first-1) == "and" && s.first < s.last && plurals[s.word(s.first+1)])
	}
	for grown := range 3 { // a clause that leans on the one before takes that too, and a name between commas what it stands by
		for !starts() && s.len() <= widest {
			s.first--
		}
		aside := grown > 0 && (pause(s.src.Words[s.first].Text) || s.first < s.last && pause(s.src.Words[s.first+1].Text))
		if s.first == whole.first || opensQuote(s) || !leans(s) && !aside {
			break
		}
		s.first--
	}
	if s.len() <= widest && starts() {
		b.take(w, s)
	}
}

// leans reports whether a clause has no subject of its own, or is subordinate.
func leans(s span) bool {
	w := s.word(s.first)
	return subordinates[w] || verbs[w] || deadlines[w] || reporting[w] || len(w) > 4 && strings.HasSuffix(w, "ed")
}

// clauseEnds reports whether a clause ends with the word; a comma before "um" ends none.
func clauseEnds(s span, i int) bool {
	t := s.src.Words[i].Text
	if strings.HasSuffix(strings.TrimRight(t, ".,;:!?"), "\"") || strings.HasSuffix(strings.TrimRight(t, ".,;:!?"), "”") {
		return true
	}
	return pause(t) && (ends(t) || !fillers[s.word(i)] && (i+1 >= len(s.src.Words) || !fillers[s.word(i+1)]))
}

// widen grows the words leftwards, clause by clause, to the word that is looked for, or to the whole sentence when it follows.
func (b *builder) widen(w *wording, is func(string) bool) {
	whole := w.span.sentence()
	s := w.span
	for s.first > whole.first && s.len() < widest {
		s.first--
		if is(s.word(s.first)) {
			for s.first > whole.first && !pause(s.src.Words[s.first-1].Text) && s.len() < widest {
				s.first--
			}
			b.take(w, s)
			return
		}
	}
	if whole.len() <= widest {
		b.take(w, whole)
	}
}

// take shows a wider span, unless the reader may not see it.
func (b *builder) take(w *wording, s span) bool {
	if s == w.span {
		return false
	}
	e := s.evidence()
	if b.wall.isBlocked(s) || b.wall.shows(e.Quote) || !b.wall.mayAdd(slices.Concat(w.tokens, w.speakers), b.tokensOf(e.Quote)) {
		return false
	}
	w.span, w.text, w.tokens = s, e.Quote, b.tokensOf(e.Quote)
	return true
}

// tidy takes fillers out; the child's words and quotations keep theirs.
func (w *wording) tidy() {
	if !fillers.any(w.tokens) {
		return
	}
	if text, ok := withoutFillers(w.text); ok {
		w.text, w.tokens, w.tidied = text, tokens(text), true
	}
}

// quotable reports whether words can stand between quotation marks: they hold none of their own.
func quotable(text string) bool { return !strings.ContainsAny(text, "“”") }

// asked is the words with the question or exclamation mark that evidence leaves out.
func (w wording) asked() string {
	last := w.span.src.Words[w.span.last].Text
	tail := w.text[strings.LastIndexAny(w.text, " \n\t")+1:]
	for _, mark := range []string{"?", "!"} {
		if strings.HasSuffix(last, tail+mark) || strings.HasSuffix(last, tail+mark+"\"") || strings.HasSuffix(last, tail+mark+"”") {
			return w.text + mark
		}
	}
	return w.text
}

// plain is the words as a clause of their own, without a conjunction that joined them to what went before.
func (w wording) plain() string {
	t := w.text
	for {
		first, rest, ok := strings.Cut(t, " ")
		next, _, _ := strings.Cut(rest, " ")
		f := strings.Trim(fold(first), ",")
		if !ok || !openers[f] && !(f == "that" && subjects[fold(next)]) {
			return t
		}
		t = strings.TrimSpace(rest)
	}
}

// insideQuote reports whether the span stands between quotation marks.
func insideQuote(s span) bool {
	for i := s.first; i >= max(0, s.first-2*widest); i-- {
		t := s.src.Words[i].Text
		if i < s.first {
			if end := strings.TrimRight(t, ".,;:!?"); strings.HasSuffix(end, "\"") || strings.HasSuffix(end, "”") {
				return false
			}
		}
		if strings.HasPrefix(t, "\"") || strings.HasPrefix(t, "“") {
			return true
		}
	}
	return opensQuote(s)
}

// opensQuote reports whether the span stands inside quotation marks that open at its first word.
func opensQuote(s span) bool {
	t := s.src.Words[s.first].Text
	return strings.HasPrefix(t, "\"") || strings.HasPrefix(t, "“") || strings.HasPrefix(t, "‘") || strings.HasPrefix(t, "'")
}
