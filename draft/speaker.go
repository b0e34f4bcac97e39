package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// agrees reports whether a pronoun can mean somebody of a role.
func agrees(pronoun, role string) bool {
	female := strings.HasSuffix(role, "mother") || role == "aunt" || role == "sister" || role == "daughter"
	male := strings.HasSuffix(role, "father") || role == "uncle" || role == "brother" || role == "son"
	switch {
	case strings.HasPrefix(pronoun, "she"):
		return !male
	case strings.HasPrefix(pronoun, "he"):
		return !female
	}
	return !male && !female
}

// replaced puts the name for the pronoun when the sentence before begins with who it is; else it stands beside the pronoun in brackets, as our
// reading of it.
func (b *builder) replaced(s span, pronoun string, who *phrase, spoken, rest string) string {
	if a := b.wall.people.byID[b.wall.people.find(spoken)]; a != nil && !agrees(fold(pronoun), a.Role) {
		return capital(pronoun) + " " + rest
	}
	if at := s.sentence(); at.first > 0 {
		before := span{at.src, at.first - 1, at.first - 1}.sentence()
		before.last = min(before.first+3, before.last)
		opening := bareAll(tokens(before.evidence().Quote))
		if slices.Contains(opening, firstToken(who.text)) || slices.Contains(opening, firstToken(spoken)) {
			return capital(who.text) + " " + rest
		}
	}
	return capital(pronoun) + " [" + who.text + "] " + rest
}

// toldThrough reports whether the words name all through whom something came.
func toldThrough(chain, words []string) bool {
	for _, who := range chain {
		if !slices.ContainsFunc(words, func(w string) bool { return bare(w) == firstToken(who) }) {
			return false
		}
	}
	return true
}

// reports reports whether the words begin by saying who said so.
func reports(words []string) bool {
	return reporting.any(words[:min(5, len(words))]) && !(len(words) > 0 && firstPerson[words[0]])
}

// tellsWho reports whether the words name who, and then say that somebody said something: "The health visitor, Priya Nair, told me".
func tellsWho(words []string, who string) bool {
	named := false
	for _, w := range words[:min(10, len(words))] {
		if reporting[w] {
			return named
		}
		named = named || bare(w) == who
	}
	return false
}

// spoken reports whether the words are in the first person, and so the speaker's own.
func spoken(words []string) bool {
	return count(words, func(w string) bool { return firstPerson[w] && w != "me" && w != "us" }) > 0
}

func firstToken(s string) string {
	for _, w := range tokens(s) {
		if w != "the" && w != "a" && w != "an" && w != "miss" && w != "mr" && w != "mrs" && w != "ms" && w != "dr" {
			return w
		}
	}
	return ""
}

// clause reports whether words can follow "said that".
func (b *builder) clause(text string) bool {
	first, _, ok := strings.Cut(text, " ")
	f := bare(strings.Trim(fold(first), ","))
	return ok && (subjects[f] || subjects[fold(first)] || b.personNames()[f])
}

// lower takes the capital off a word that had it only because a sentence began.
func (b *builder) lower(text string) string {
	first, _, _ := strings.Cut(text, " ")
	f := fold(first)
	if b.personNames()[bare(f)] || f == "i" || strings.HasPrefix(f, "i'") || !subjects[f] && !joiners[f] {
		return text
	}
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(r)) + text[n:]
}

// lead finds the reporting words right before a span ("Hannah reported that"), in the same sentence.
func lead(s span) (span, bool) {
	start := s.sentence().first
	i := s.first - 1
	reach := 1
	if i >= start && s.word(i) == "that" {
		i--
		reach = 5 // "told me on the phone that"
	}
	for ; i >= start && !reporting[s.word(i)]; i-- {
		if !listeners[s.word(i)] {
			reach--
		}
		if reach <= 0 || reach < 5 && pause(s.src.Words[i].Text) {
			return span{}, false
		}
	}
	if i < start {
		return span{}, false
	}
	j := i
	for j > start && i-j < 4 && !pause(s.src.Words[j-1].Text) && !joiners[s.word(j-1)] {
		j--
	}
	if j == i || !named(s, j) {
		return span{}, false
	}
	return span{s.src, j, s.last}, true
}

// named reports whether the word can be a speaker: a pronoun, a relation, or with a capital.
func named(s span, i int) bool {
	w := s.word(i)
	if w == "also" || w == "i" || fillers[w] {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s.src.Words[i].Text, "\"'“‘("))
	return thirdPerson[w] || bareNames[w] || relations[w] != "" || bodies[w] || unicode.IsUpper(r)
}

// speaker is who said it: the person's name where the record has it, else the words of the attribution, else the kind.
func (b *builder) speaker(it *item) *phrase { return b.who(it.by.Who, it.by.Kind, it.evidence) }

func (b *builder) who(who, kind string, evidence []kerbside.Evidence) *phrase {
	if who == "" || fold(who) == "worker" || thirdPerson[fold(who)] {
		key := map[string]string{kerbside.ChildSaid: "a_child", kerbside.ProfessionalSaid: "a_professional"}[kind]
		if key == "" {
			key = "an_adult"
		}
		return &phrase{b: b, text: b.put(key)}
	}
	p := &phrase{b: b, text: who}
	near, ok := b.near(who, evidence)
	if ok {
		p.evidence = near
	}
	id := b.wall.people.find(who)
	if a := b.wall.people.byID[id]; a != nil {
		if n := b.name(id); n != nil {
			p.evidence, p.derived, ok = append(p.evidence, n.evidence...), slices.Clone(n.derived), true
			if a.Name != "" && !within(tokens(who), tokens(a.Name)) {
				p.text = a.Name
			}
			if a.Name != "" && childRole(a.Role) {
				p.text = n.text
			}
			for _, w := range tokens(who) {
				if relations[w] == a.Role && a.Role != "" {
					p.derived = append(p.derived, w)
				}
			}
		}
		if a.Role != "" && fold(who) == a.Role {
			p.derived = append(p.derived, a.Role)
		}
	}
	if !ok { // nobody is named whom the dictation does not name
		return b.who("", kind, evidence)
	}
	if r, _ := utf8.DecodeRuneInString(p.text); unicode.IsLower(r) && !bareNames[tokens(p.text)[0]] {
		if a := b.wall.people.byID[id]; a == nil || a.Name == "" || fold(a.Name) != fold(p.text) {
			p.text = b.put("unnamed", "{who}", p.text)
		} else {
			p.text = capital(p.text)
		}
	}
	return p
}

// near finds the words that name who in the evidence, or else in its sentence or the one before.
func (b *builder) near(who string, evidence []kerbside.Evidence) ([]kerbside.Evidence, bool) {
	want := tokens(who)
	if len(want) == 0 || len(evidence) == 0 {
		return nil, false
	}
	for _, e := range evidence {
		if within(want, b.tokensOf(e.Quote)) {
			return nil, true
		}
	}
	s, ok := b.sources.span(evidence[0])
	if !ok {
		return nil, false
	}
	at := s.sentence()
	if at.first > 0 {
		at.first--
		at = at.sentence()
	}
	for i := at.last - len(want) + 1; i >= at.first; i-- {
		n := span{s.src, i, i + len(want) - 1}
		e := n.evidence()
		if slices.Equal(bareAll(tokens(e.Quote)), want) && !b.wall.isBlocked(n) {
			return []kerbside.Evidence{e}, true
		}
	}
	return nil, false
}

func bareAll(words []string) []string {
	for i, w := range words {
		words[i] = bare(w)
	}
	return words
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(w string) bool { return !slices.Contains(all, w) })
}

// relayed gives the chain by which something reached the worker, from the first speaker on; nil when the speaker told the worker.
func (b *builder) relayed(it *item) []string {
	if len(it.by.Chain) > 1 {
		chain := slices.Clone(it.by.Chain)
		slices.Reverse(chain)
		return chain
	}
	for _, r := range b.record.Risks { // a child's words in a statement that came through others
		if it.kind == kindVoice && len(r.Attribution.Chain) > 1 && len(r.Evidence) > 0 {
			if s, ok := b.sources.span(r.Evidence[0]); ok && s.overlaps(it.main) {
				return b.relayed(&item{by: r.Attribution})
			}
		}
	}
	return nil
}

// withChain is the sentence of an item with the way by which it reached the worker.
func (b *builder) withChain(it *item, p *phrase) *phrase {
	if p == nil || p.chained {
		return p
	}
	p.chained = true
	chain := b.relayed(it)
	if chain == nil {
		chain = []string{it.by.Who}
	}
	var links []string
	for i, who := range chain {
		from := b.who(who, it.by.Kind, it.evidence)
		p.evidence, p.derived = append(p.evidence, from.evidence...), append(p.derived, from.derived...)
		if i == len(chain)-1 {
			links = append(links, b.put("told_me", "{who}", from.text))
		} else {
			to := b.who(chain[i+1], kerbside.AdultSaid, it.evidence)
			links = append(links, b.put("told", "{who}", from.text, "{words}", to.text))
		}
	}
	p.text = stop(b.put("hearsay", "{words}", stop(capital(p.text)), "{who}", strings.Join(links, "; ")))
	p.evidence = distinct(p.evidence)
	return p
}
