package draft

import (
	"slices"
	"strings"

	"kerbside"
)

// The longest sentence that is shown whole, in words. A longer one is a transcript without full stops, or says several things.
const longest = 38

// group groups items by the sentence in which they were said. Only the items that a reader may see are grouped: what is withheld is
// blocked anyway.
func (b *builder) group(all []*item) {
	said := map[span][]*item{}
	for _, it := range all {
		if it.valid {
			s := it.main.sentence()
			said[s] = append(said[s], it)
		}
	}
	b.whole, b.wholeDo, b.oneVoice = make(map[span]bool, len(said)), make(map[span]bool, len(said)), make(map[span]bool, len(said))
	for s, list := range said {
		if s.len() > longest || uneven(s) {
			continue
		}
		do := slices.DeleteFunc(slices.Clone(list), func(it *item) bool { return it.kind != kindAction })
		tell := slices.DeleteFunc(list, func(it *item) bool { return it.kind == kindAction })
		b.wholeDo[s] = len(do) > 0 && b.uniform(s, do)
		b.whole[s] = len(tell) > 0 && b.uniform(s, tell)
		b.oneVoice[s] = !slices.ContainsFunc(tell, func(it *item) bool {
			return b.speech(it) != b.speech(tell[0]) || it.kind == kindVoice && it.mode == kerbside.VoiceDirect
		})
	}
}

// uniform reports whether a sentence can stand for each of its items: nobody else speaks in it, and what a template puts under different
// headings is not mixed.
func (b *builder) uniform(s span, list []*item) bool {
	first := list[0]
	for _, it := range list {
		if b.speech(it) != b.speech(first) || b.part(it) != b.part(first) && it.kind != kindVoice && first.kind != kindVoice || it.main.first < s.first || it.main.last > s.last {
			return false
		}
		if (it.restricted == nil) != (first.restricted == nil) || it.temporality != first.temporality {
			return false
		}
		if it.kind == kindVoice && it.mode == kerbside.VoiceDirect {
			return false
		}
	}
	if b.speech(first) == kerbside.Observed && first.kind != kindAction {
		return !othersSpeak(s)
	}
	return true
}

// speech is who speaks: the worker, the worker in an opinion, or somebody else by name.
func (b *builder) speech(it *item) string {
	switch {
	case it.kind == kindAction:
		return kerbside.Observed
	case reported(it.by.Kind):
		if id := b.wall.people.find(it.by.Who); id != "" {
			return string(id)
		}
		return fold(it.by.Who)
	case it.by.Kind == kerbside.WorkerOpinion:
		return kerbside.WorkerOpinion
	}
	return kerbside.Observed
}

// part is the heading of a draft under which an item belongs, where the template has more than one.
func (b *builder) part(it *item) string {
	switch {
	case it.kind == kindAction && it.status == kerbside.Done:
		return kerbside.Done
	case it.kind == kindAction:
		return kindAction
	case !b.sorted:
		if it.polarity == kerbside.Uncertain {
			return kerbside.Uncertain
		}
		return ""
	case it.kind == kindVoice:
		return ""
	case it.kind == kindStrength:
		return kindStrength
	}
	return it.polarity
}

// othersSpeak reports whether somebody other than the worker says something in a sentence.
func othersSpeak(s span) bool {
	for i := s.first; i <= s.last; i++ {
		if w := s.word(i); reporting[w] && !(i > s.first && firstPerson[s.word(i-1)]) {
			return true
		}
	}
	return false
}

// takeWhole shows the whole sentence of an item, so that nobody reads half of one. It reports whether it did.
func (b *builder) takeWhole(it *item, w *wording) bool {
	s, whole := w.span.sentence(), b.whole
	if it.kind == kindAction {
		whole = b.wholeDo
	}
	return whole[s] && (s == w.span || b.take(w, s))
}

// takeRest shows the whole sentence of words that have no subject of their own, though it tells more than the item.
func (b *builder) takeRest(w *wording) {
	s := w.span.sentence()
	if first := w.span.word(w.span.first); b.oneVoice[s] && w.span.first > s.first && (verbs[first] || subordinates[first]) {
		b.take(w, s)
	}
}

// wholly reports whether the words are a whole sentence and more than the item's own.
func (w wording) wholly(it *item) bool { return w.span != it.main && w.span == w.span.sentence() }

// antecedent names whom a pronoun at the start of a sentence means: the one person whom the nearest sentence before it that speaks of anybody
// speaks of, when the item is about that person and nothing in between speaks of somebody else. Several signs, since each alone may be wrong, and a
// wrong name is worse than none.
func (b *builder) antecedent(it *item, w wording, pronoun string) *phrase {
	at := w.span.sentence()
	if w.span.first != at.first {
		return nil
	}
	for range 3 {
		if at.first == 0 {
			return nil
		}
		at = span{at.src, at.first - 1, at.first - 1}.sentence()
		found := b.peopleIn(at)
		if len(found) == 0 {
			if gender(at.word(at.first)) != gender(pronoun) {
				return nil
			}
			continue
		}
		if len(found) > 1 || !slices.Contains(it.about, found[0].id) {
			return nil
		}
		a := b.wall.people.byID[found[0].id]
		e := found[0].at.evidence()
		if a == nil || a.Name == "" || !agrees(pronoun, a.Role) || b.wall.isBlocked(found[0].at) && !b.wall.namesOnly(found[0].at) || b.wall.shows(a.Name) || slices.Contains(w.tokens, found[0].word) || relations[found[0].word] != "" {
			return nil
		}
		if g := gender(pronoun); g != "" && childRole(a.Role) { // nobody said whether the child is a girl or a boy
			for _, t := range append(slices.Clone(w.tokens), b.tokensOf(at.evidence().Quote)...) {
				if o := gender(t); o != "" && o != g {
					return nil
				}
			}
		}
		name := e.Quote
		for _, tail := range []string{"'s", "’s"} {
			name = strings.TrimSuffix(name, tail)
		}
		return &phrase{b: b, text: name, evidence: []kerbside.Evidence{e}}
	}
	return nil
}

// gender is "f", "m" or "" of a pronoun.
func gender(word string) string {
	switch word {
	case "she", "she's", "she'd", "she'll", "her", "hers", "herself":
		return "f"
	case "he", "he's", "he'd", "he'll", "him", "his", "himself":
		return "m"
	}
	return ""
}

type mention struct {
	id   kerbside.PersonID
	word string
	at   span
}

// peopleIn gives the people whom a sentence names by their given name or their whole name, each once.
func (b *builder) peopleIn(s span) []mention {
	var out []mention
	for i := s.first; i <= s.last; i++ {
		w := bare(s.word(i))
		id, ok := b.given()[w]
		if role := relations[w]; !ok && (role != "" || slices.Contains([]string{"mother", "father", "grandmother", "grandfather"}, w)) {
			id, ok = kerbside.PersonID("the "+w), true // somebody, whoever it is
			if found := b.wall.people.find(w); found != "" {
				id = found
			}
		}
		if !ok || slices.ContainsFunc(out, func(m mention) bool { return m.id == id }) {
			continue
		}
		out = append(out, mention{id, w, span{s.src, i, i}})
	}
	return out
}

// given finds people by their first name, where only one has it.
func (b *builder) given() map[string]kerbside.PersonID {
	if b.byGiven == nil {
		b.byGiven = map[string]kerbside.PersonID{}
		twice := wordSet{}
		for _, a := range b.record.Attendees {
			t := tokens(a.Name)
			if len(t) > 1 && titles[t[0]] {
				t = t[1:]
			}
			if len(t) == 0 {
				continue
			}
			if _, met := b.byGiven[t[0]]; met {
				twice[t[0]] = true
			}
			b.byGiven[t[0]] = a.ID
		}
		for w := range twice {
			delete(b.byGiven, w)
		}
	}
	return b.byGiven
}

// after adds the sentence before, verbatim, where the words lean on it and nothing else tells what they mean. Readers who may see only what
// was classified get no more than the item's own words.
func (b *builder) after(it *item, w wording, p *phrase) {
	if b.wall.rules[ruleUnclassified].may == mayNo || it.kind == kindVoice || it.kind == kindAction || !leansBack(w) {
		return
	}
	at := w.span.sentence()
	if at.first == 0 || w.span.first != at.first {
		return
	}
	before := span{at.src, at.first - 1, at.first - 1}.sentence()
	if before.len() > widest || !quotable(before.evidence().Quote) || b.wall.isBlocked(before) || slices.ContainsFunc(b.marks, func(m *phrase) bool {
		return !m.dropped && m.of != nil && m.content.contains(before) && b.sameSection(m)
	}) {
		return
	}
	e := before.evidence()
	if b.wall.shows(e.Quote) {
		return
	}
	p.text = stop(capital(p.text))
	p.text = b.put("after", "{words}", p.text, "{what}", e.Quote)
	p.evidence = append(p.evidence, e)
	p.verdict = weaker(p.verdict, kerbside.VerdictSupported)
}

// leansBack reports whether a sentence begins with a word that points to the one before.
func leansBack(w wording) bool {
	if len(w.tokens) == 0 {
		return false
	}
	first := w.tokens[0]
	return thirdPerson[first] || pointing[first] && !possessive[first] || len(w.tokens) <= 4 && firstPerson[first] || len(w.tokens) > 1 && openers[first] && (thirdPerson[w.tokens[1]] || pointing[w.tokens[1]])
}

// named puts who is meant in brackets behind the pronoun at an index of the source's words.
func (w wording) named(i int, who string) string {
	src := w.span.src
	e := w.span.evidence()
	end := src.Words[i].EndChar
	if i < w.span.first || i > w.span.last || end > e.EndChar {
		return w.text
	}
	return src.Slice(e.StartChar, end) + " [" + who + "]" + src.Slice(end, e.EndChar)
}

// hasMarks reports quotation marks in a sentence.
func hasMarks(s span) bool {
	for i := s.first; i <= s.last; i++ {
		if strings.ContainsAny(s.src.Words[i].Text, "\"“”") {
			return true
		}
	}
	return false
}

// uneven reports quotation marks that would stand unpaired: evidence leaves the outer ones out.
func uneven(s span) bool {
	q := s.evidence().Quote
	return strings.Count(q, "\"")%2 != 0 || strings.Contains(q, "“") || strings.Contains(q, "”")
}
