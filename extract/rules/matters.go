package rules

import "strings"

// mention is a matter that some words name.
type mention struct {
	span
	good    bool // a strength
	entry   int
	reading reading
	plain   bool // by the grammar, whatever was learned: "has missed no school"
}

// sense is what the lexicons know of a run of words.
type sense struct {
	stop     int
	kind     senseKind
	entry    int
	negative bool // the words hold their own negation
}

// The kinds in the order in which one wins over another of the same length.
type senseKind int

const (
	senseNone    senseKind = iota
	senseNeed              // what is needed: lacking it is a difficulty
	senseHad               // what is needed, and good to have at all
	senseConduct           // what is expected of somebody: not doing it is a difficulty
	senseGood
	senseBad
)

// matters finds what tokens [a,b) speak of, and what they say of it.
func (x *text) matters(a, b int) []mention {
	var out []mention
	for _, c := range x.parts {
		if c.b <= a || c.a >= b {
			continue
		}
		out = append(out, x.mattersIn(c.span)...)
	}
	return out
}

// mattersIn reads one clause. A word is bad or good by itself, or by what is said of it: to lack a need or to fail in what is expected is
// a difficulty, to have the one or to do the other well is a strength; denial turns each into its opposite (see [text.read]).
func (x *text) mattersIn(c span) []mention {
	var out []mention
	masked := x.masked(c.a, c.b)
	scope := x.listStart(c)
	for i := c.a; i < c.b; i++ {
		if x.ofName(i) {
			continue
		}
		if m, ok := x.unable(c, i); ok {
			out = append(out, m)
			continue
		}
		step := i
		if x.tokens[i].norm == "attendance" {
			if m, ok := x.attendance(c, i); ok {
				out = append(out, m)
				continue
			}
		}
		if m, ok := x.ofOther(c, i); ok {
			out = append(out, m)
			i = m.b - 1
			continue
		}
		for _, s := range x.sensesAt(i, c.b) {
			if s.kind == senseNone || masked.hides(i, s.stop, s.kind == senseGood) {
				continue
			}
			m, ok := x.weigh(c, scope, i, s)
			if !ok {
				continue
			}
			out = append(out, m)
			step = max(step, s.stop-1)
			if s.kind != senseBad {
				break
			}
		}
		i = step
	}
	return out
}

// sensesAt gives the longest bad sense and the longest other sense of the words that start at token i; of the two, one that lies
// within a longer one is left out.
func (x *text) sensesAt(i, b int) [2]sense {
	var bad, other sense
	better := func(s *sense, kind senseKind, p *pattern, stop int) {
		if stop > s.stop || stop == s.stop && kind > s.kind {
			*s = sense{stop, kind, p.entry, p.negative}
		}
	}
	absence := false // no more than "not … since" was found, which a matter of its own outweighs: "not been to school since"
	x.lex.risks.each(x.tokens, i, b, func(p *pattern, stop int) {
		none := strings.HasPrefix(x.lex.riskList[p.entry].name, "none_")
		if none && bad.stop > 0 && bad.negative && !absence || p.negative && !none && x.holdsRisk(i+1, stop) {
			return
		}
		if stop > bad.stop || stop == bad.stop && p.negative || absence && !none && p.negative {
			bad, absence = sense{stop, senseBad, p.entry, p.negative}, none
		}
	})
	x.lex.strengths.each(x.tokens, i, b, func(p *pattern, stop int) { better(&other, senseGood, p, stop) })
	x.lex.needs.each(x.tokens, i, b, func(p *pattern, stop int) {
		kind := senseNeed
		if x.lex.had[p] {
			kind = senseHad
		}
		better(&other, kind, p, stop)
	})
	x.lex.conduct.each(x.tokens, i, b, func(p *pattern, stop int) { better(&other, senseConduct, p, stop) })
	switch {
	case bad.stop > 0 && bad.stop >= other.stop && other.kind != senseGood:
		return [2]sense{bad}
	case bad.stop > 0 && bad.stop > other.stop:
		return [2]sense{bad}
	case bad.stop > 0 && other.stop > bad.stop:
		return [2]sense{other}
	}
	return [2]sense{bad, other}
}

// weigh gives what is said of a sense at [i,s.stop).
func (x *text) weigh(c span, scope, i int, s sense) (mention, bool) {
	m := mention{span: span{i, s.stop}, entry: s.entry}
	if s.kind == senseBad || s.kind == senseGood {
		if x.byWorker(c.a, i) && !(s.kind == senseBad && strings.Contains(x.lex.riskList[s.entry].name, "_") && (strings.HasPrefix(x.lex.riskList[s.entry].name, "doubt_") || strings.HasPrefix(x.lex.riskList[s.entry].name, "none_"))) {
			return m, false
		}
		m.good = s.kind == senseGood
		m.reading = x.read(scope, c.b, i, s.stop)
		if m.good && m.reading == uncertain && x.negatedBefore(scope, i) && x.onlySometimes(i, i, s.stop, c.b) {
			m.reading = negated // "does not feel safe every night"
		}
		if m.reading == affirmed && !s.negative && x.negatedBefore(i, s.stop) {
			m.reading = negated
		}
		if m.good && m.reading == affirmed && !s.negative && x.missedWithin(i, s.stop) {
			m.reading = negated
		}
		if m.reading == affirmed && x.ofNothing(c.b, s.stop) {
			m.reading, m.plain = negated, true
		}
		if !m.good {
			m.reading = x.inherent(x.lex.riskList[s.entry].name, m.reading, i)
			if m.reading == uncertain && x.word(s.stop-1) == "how" && x.word(s.stop) == "to" && x.negatedBefore(i-1, s.stop) { // "doesn't know how to bath him"
				m.reading, m.plain = affirmed, true
			}
			if strings.HasPrefix(x.lex.riskList[s.entry].name, "none_") && !s.negative && x.negatedBefore(i, s.stop) { // "the test wasn't clear"
				m.reading = affirmed
			}
			if m.reading == negated && x.owedContact(c.b, i, s) {
				m.reading, m.plain = affirmed, true
			}
			if m.reading == affirmed && x.lessened(scope, i) {
				m.reading = negated
			}
		} else if m.reading == affirmed && (x.failing(scope, i) >= 0 || x.undone(i)) {
			m.reading = negated
		}
		return m, true
	}
	var lack int
	var full bool
	if x.word(i) == "like" && x.notLike(i-1) {
		return m, false
	}
	if x.onlyWorker(c, i) && !(s.kind != senseConduct && x.sighted(c.a, i)) {
		return m, false
	}
	if s.kind == senseConduct {
		lack, full = x.neglected(scope, i), x.wellDone(c, i, s.stop)
	} else {
		lack, full = x.lacked(scope, i), x.provided(scope, c.b, i, s)
	}
	switch {
	case lack >= 0 && x.onlyWorker(c, i) && x.unseen(lack, i):
		return m, false
	case lack >= 0:
		m.reading = x.read(scope, c.b, lack, s.stop)
		m.a = lack
		if m.reading == negated && !x.ownNegation(span{scope, lack}) {
			m.reading = affirmed
		}
		return m, m.reading == affirmed || m.reading == uncertain
	case full && s.kind == senseHad && x.thatIsAll(i):
		m.a = c.a
		return m, true
	case full:
		m.good = true
		m.entry = x.lex.goodGeneral
		m.reading = x.read(scope, c.b, i, s.stop)
		return m, m.reading == affirmed
	}
	return m, false
}

var (
	lackWords   = setOf("no without lack lacks lacked lacking insufficient inadequate hardly barely little few limited missing zero never")
	lackVerbs   = setOf("skip skips skipped skipping need needs needed lost forgot forgotten refuse refused refuses refusing miss misses missed")
	haveWords   = setOf("has have had having got get gets getting there given give gives eat ate eaten wear wearing own owns see saw find found afford afforded bring brought provide provided enough any offered wearing use using want")
	fullWords   = setOf("plenty enough new own proper good full fresh lots loads nice lovely warm clean healthy hot spare decent appropriate sufficient regular consistent clear firm cooked homemade better great excellent strong stable settled second lots supportive predictable suitable home-cooked bought")
	fullAfter   = setOf("full stocked fitted working installed booked delivered arrived sorted out up")
	notHad      = setOf("about discuss discussed discussing talked asked ask need needs want wants if form voucher parcel bank")
	wellWords   = setOf("well every regularly always properly nicely fully better willingly kindly consistently each both promptly quickly beautifully brilliantly happily together daily good great straight calmly clearly gently right correctly nicely")
	failVerbs   = setOf("fail failed fails failing forget forgets forgot forgotten refuse refuses refused refusing struggle struggles struggled struggling unable stop stops stopped stopping avoid avoids avoided avoiding neglected neglects reluctant slow unwilling without cannot resists hard difficult impossible tough late too rarely seldom barely hardly scarcely bother bothering bothered")
	groupWords  = setOf("to be been being able get gets got getting really even always again yet ever quite want wants wanted like going her his their him them the out from any anyone in up still have has had having is are was were do does did will would could can may might fully properly actually often much very it that more so good a an any manage managed manages bothering bothered try tried trying for mum dad")
	lessWords   = setOf("drop fall decrease less fewer reduced reduction decreased lower calmer quieter")
	nobodyWords = setOf("nobody neither none no-one")
)

// onlyWorker reports that the worker is the one who acts: what he or she did not do is no difficulty of the family's.
func (x *text) onlyWorker(c span, i int) bool {
	for k := i - 1; k >= c.a; k-- {
		switch t := &x.tokens[k]; {
		case t.mark:
		case t.norm == "i" || t.norm == "we":
			return x.frames == nil || !x.told(i)
		case subjectPronouns[t.norm] || x.who != nil && x.who[k] >= 0 && !possessives[t.norm]:
			return false
		}
	}
	return false
}

// unable reads "cannot" with its verb, and what somebody of the family has to do: "she can't do the hill", "had to give up work".
func (x *text) unable(c span, i int) (mention, bool) {
	m := mention{span: span{i, min(i+3, c.b)}, entry: x.lex.general}
	switch x.tokens[i].norm {
	case "can", "could":
		if n := x.after(i); n != "not" && n != "hardly" && n != "barely" && n != "scarcely" || i+2 >= c.b || notInability[x.tokens[i+2].norm] || x.lex.verb[x.tokens[i+2].norm] == "" && x.tokens[i+2].norm != "get" || x.onlyWorker(c, i) || x.tokens[i].norm == "could" && x.tokens[i+2].norm == "see" {
			return m, false
		}
	default:
		return m, false
	}
	for k := c.a; k < i; k++ {
		if n := x.tokens[k].norm; hedges[n] || n == "if" || n == "that" && k == c.a {
			return m, false
		}
	}
	return m, true
}

var notInability = setOf("be say wait fault remember complain rule confirm thank comment believe imagine recall tell help stop speak stress think praise emphasise find")

// byWorker reports a word for what the worker did: "we had fixed it", "I turned up without telling them". What he or she felt or noted counts.
func (x *text) byWorker(a, i int) bool {
	if x.frames == nil || x.lex.verb[x.tokens[i].norm] == "" || x.told(i) || feltByWorker[x.tokens[i].norm] {
		return false
	}
	for k := i - 1; k >= a; k-- {
		switch n := x.tokens[k].norm; {
		case n == "i" || n == "we":
			return true
		case !(finiteAux[n] || adverbs[n] || n == "had" || n == "'d"):
			return false
		}
	}
	return false
}

var feltByWorker = setOf("worried worry concerned suspect doubt wonder wondered fear feel felt smelt smelled heard noticed saw")

// attendance reads a figure given for attendance: from 93 of a hundred on it is good, up to 89 a difficulty, unless the words say that it rose.
func (x *text) attendance(c span, i int) (mention, bool) {
	m := mention{span: span{i, i + 1}, entry: x.lex.education}
	for k := max(c.a, i-8); k < c.b && k < i+12; k++ {
		switch x.tokens[k].norm {
		case "up", "improved", "improving", "risen", "better", "good", "increased", "gone", "excellent":
			return m, false // said in words
		}
		n, ok := numberAt(x.tokens, k)
		if !ok || n.ordinal || n.value < 20 || n.value > 100 {
			continue
		}
		m.b = max(m.b, min(n.next, c.b))
		return x.rate(m, n.value)
	}
	return m, false
}

// rate weighs a figure of attendance.
func (x *text) rate(m mention, figure int) (mention, bool) {
	switch {
	case figure >= 93:
		m.good, m.entry = true, x.lex.goodGeneral
		return m, true
	case figure < 90:
		return m, true
	}
	return m, false
}

// ofOther reads at token i the figure of another child behind one whose attendance was told: "… ninety for Tobi | but Ife is only on seventy eight".
func (x *text) ofOther(c span, i int) (mention, bool) {
	m := mention{span: span{i, i + 1}, entry: x.lex.education, plain: true}
	n, ok := numberAt(x.tokens, i)
	if !ok || n.ordinal || n.value < 20 || n.value > 100 || i-1 <= c.a {
		return m, false
	}
	switch x.word(i - 1) {
	case "on", "at", "only", "just":
	default:
		return m, false
	}
	end := n.next
	for end < c.b && (x.word(end) == "per" || x.word(end) == "cent" || x.word(end) == "percent") {
		end++
	}
	p := x.partAt(c.a)
	if end < c.b || p < 1 || x.parts[p-1].sentence < x.parts[p].sentence-1 || x.contains(c, "attendance") || !x.contains(x.parts[p-1].span, "attendance") || x.who == nil || x.whoAt(c.a) < 0 && x.whoAt(c.a+1) < 0 {
		return m, false
	}
	m.b = n.next
	return x.rate(m, n.value)
}

// sighted reports that the worker saw or found what follows.
func (x *text) sighted(a, i int) bool {
	for k := i - 1; k >= a; k-- {
		switch x.tokens[k].norm {
		case "saw", "see", "found", "noticed", "noted", "observed", "smell", "smelt", "could", "there", "watched", "heard":
			return true
		}
	}
	return false
}

// unseen reports that the words from a negation at a say that the worker did not get to see what is at i: "I did not see her bedroom" tells nothing about
// it, "I could not see any food" does.
func (x *text) unseen(a, i int) bool {
	for k := a; k < i; k++ {
		if x.tokens[k].norm == "any" {
			return false
		}
	}
	return finiteAux[x.tokens[a].norm] || x.tokens[a].norm == "not" || x.tokens[a].norm == "never"
}

// neglected is the token with which the words say that what follows at i is not done: "doesn't", "forgot to", "struggles to get her to"; -1 when
// nothing does.
func (x *text) neglected(a, i int) int {
	for k := i - 1; k >= a && k >= i-9; k-- {
		t := &x.tokens[k]
		if t.mark {
			return -1
		}
		n := t.norm
		switch {
		case n == "not" || n == "never" || nobodyWords[n] || failVerbs[n] && n != "late" && n != "too" && n != "for", n == "no" && (x.after(k) == "one" || x.after(k) == "longer"):
			if x.correcting(k) || x.takenAsTrue(k, i) {
				return -1
			}
			if n == "not" && k > a { // the auxiliary belongs to it
				if finiteAux[x.tokens[k-1].norm] {
					return k - 1
				}
			}
			return k
		case !groupWords[n] && !adverbs[n] && !isFiller(t) && !(x.who != nil && x.who[k] >= 0):
			return -1
		}
	}
	return -1
}

// failing is neglected without plain negation, for words that are good by themselves: "has stopped smiling".
func (x *text) failing(a, i int) int {
	if k := x.neglected(a, i); k >= 0 && failVerbs[x.tokens[k].norm] && x.tokens[k].norm != "without" {
		return k
	}
	return -1
}

// wellDone reports words that praise a deed.
func (x *text) wellDone(c span, i, j int) bool {
	for k := i; k < j; k++ {
		if wellWords[x.tokens[k].norm] {
			return true
		}
	}
	for k := j; k < c.b && k < j+4; k++ {
		if wellWords[x.tokens[k].norm] {
			return true
		}
		if x.tokens[k].mark {
			break
		}
	}
	for k := i - 1; k >= c.a && k > i-3; k-- {
		if w := x.tokens[k].norm; w == "always" || w == "regularly" {
			return true
		}
	}
	return false
}

// lacked is the token with which the words say that a need at i is not met, -1 when nothing does.
func (x *text) lacked(a, i int) int {
	have := false
	for k := i - 1; k >= a && k >= i-9; k-- {
		t := &x.tokens[k]
		if t.mark {
			return -1
		}
		n := t.norm
		if prepositions[n] && n != "of" && n != "for" && n != "with" && n != "without" && n != "out" {
			return -1
		}
		have = have || haveWords[n]
		near := i-k <= 4
		switch {
		case notHad[n] && n != "need" && n != "needs" && n != "want" && n != "wants":
			return -1
		case lackWords[n] && near && !(n == "little" && x.before(k) == "a") && !(n == "few" && x.before(k) == "a") && !(n == "no" && x.after(k) == "need"):
			if n == "without" && x.ownNegation(span{max(a, k-3), k}) {
				return -1
			}
			return k
		case n == "out" && x.after(k) == "of" && i-k <= 3 && k > a && x.lex.verb[x.tokens[k-1].norm] == "run":
			return k - 1
		case n == "short" && x.after(k) == "of" && i-k <= 3:
			return k
		case n == "only" && x.after(k) == "one" && i-k <= 3:
			return k
		case (n == "not" || n == "never" || n == "neither" || nobodyWords[n]) && have:
			if x.correcting(k) {
				return -1
			}
			if n == "not" && k > a && finiteAux[x.tokens[k-1].norm] {
				return k - 1
			}
			return k
		case n == "not" && near && (x.after(k) == "much" || x.after(k) == "enough" || x.after(k) == "many"):
			return k
		case lackVerbs[n] && i-k <= 3 && x.verbal(k):
			return k
		}
	}
	return -1
}

func (x *text) verbal(k int) bool { return x.lex.verb[x.tokens[k].norm] != "" }

// provided reports a need that is met well, or at all where that is worth saying.
func (x *text) provided(a, b, i int, s sense) bool {
	have := false
	for k := i - 1; k >= a && k >= i-6; k-- {
		n := x.tokens[k].norm
		if notHad[n] {
			return false
		}
		if fullWords[n] && i-k <= 4 {
			return true
		}
		if prepositions[n] && n != "of" && n != "with" {
			break
		}
		have = have || n == "has" || n == "have" || n == "had" || n == "got" || n == "bought" || n == "there" || n == "'s" && k > a && x.tokens[k-1].norm == "there" || n == "made"
	}
	for k := s.stop; k < b && k < s.stop+5; k++ {
		if notHad[x.tokens[k].norm] {
			return false
		}
		if fullAfter[x.tokens[k].norm] && (x.tokens[k].norm != "full" || s.kind == senseHad) && x.hasFinite(s.stop, k+1) {
			return true
		}
	}
	return s.kind == senseHad && have
}

// missedWithin reports words that are good but for one among them: "had missed her six week check".
func (x *text) missedWithin(a, b int) bool {
	for i := a + 1; i < b-1; i++ {
		switch x.word(i) {
		case "missed", "cancelled", "refused", "declined", "skipped":
			return true
		}
	}
	return false
}

// thatIsAll reports that the sentence of token i ends by saying that there is no more: "there was bread | and that was about it".
func (x *text) thatIsAll(i int) bool {
	p := x.partAt(i)
	if p < 0 {
		return false
	}
	b := x.sents[x.parts[p].sentence].b
	for b > i && x.tokens[b-1].mark {
		b--
	}
	if n := x.word(b - 1); n != "it" && n != "all" {
		return b >= i+3 && (x.wordsAt(b-3, []string{"not", "much", "else"}) || x.wordsAt(b-2, []string{"nothing", "else"}) || x.wordsAt(b-2, []string{"little", "else"}))
	}
	k := b - 2
	if n := x.word(k); n == "about" || n == "pretty" || n == "much" {
		k--
	}
	if x.word(k) == "pretty" {
		k--
	}
	return k > i && (x.word(k) == "was" || x.word(k) == "'s" || x.word(k) == "is") && x.word(k-1) == "that"
}

// habitGivenUp reports that what was given up, from token k on, is the bad thing at token i. One who gives up hiding it, fighting somebody off or pretending has given up
// nothing bad.
func (x *text) habitGivenUp(k, i int) bool {
	for n := k; n <= i; n++ {
		if w := x.word(n); strings.HasSuffix(w, "ing") && !badHabits[w] || x.tokens[n].mark || connectors[w] && w != "and" && w != "or" {
			return false
		}
	}
	return true
}

// badHabits are what it is good to give up.
var badHabits = setOf("smoking drinking gambling vaping using dealing taking smacking shouting swearing stealing shoplifting betting")

// lessened reports that what follows at i has become less, or has been given up.
func (x *text) lessened(a, i int) bool {
	for k := i - 1; k >= a && k > i-6; k-- {
		switch t := &x.tokens[k]; {
		case t.mark:
			return false
		case lessWords[t.norm]:
			return t.norm != "drop" && t.norm != "fall" || x.after(k) == "in"
		case t.norm == "over" && k > a && (x.tokens[k-1].norm == "'s" || x.tokens[k-1].norm == "is" || x.tokens[k-1].norm == "was") && (x.after(k) == "the" || possessives[x.after(k)]):
			return true
		case t.norm == "up" && k > a && x.tokens[k-1].norm != "give" && x.lex.verb[x.tokens[k-1].norm] == "give":
			if x.habitGivenUp(k+1, i) {
				return true
			}
		case t.norm == "off" && x.tokens[max(a, k-1)].norm != "be" && k+1 == i && t.norm != "go", t.norm == "down" && x.after(k) == "on", t.norm == "recovered", t.norm == "free":
			return true
		}
	}
	return i > a && x.tokens[i-1].norm == "the" && i-2 >= a && x.tokens[i-2].norm == "off"
}

// holdsRisk reports a matter that the words [a,b) name without a denial of their own.
func (x *text) holdsRisk(a, b int) bool {
	for k := a; k < b; k++ {
		found := false
		x.lex.risks.each(x.tokens, k, b, func(p *pattern, stop int) {
			name := x.lex.riskList[p.entry].name
			if !p.negative && stop <= b && !strings.HasPrefix(name, "none_") && !strings.HasPrefix(name, "doubt_") {
				found = true
			}
		})
		if found {
			return true
		}
	}
	return false
}

// ofName reports a word of somebody's name: "Mrs Bright".
func (x *text) ofName(i int) bool {
	if x.who == nil || x.who[i] < 0 { // a quote on its own has no people
		return false
	}
	return x.tokens[i].cap && x.caps && x.people[x.who[i]].words[x.tokens[i].norm]
}

// listStart is where the list begins that a clause ends: "No marks, | cuts or bruises were seen".
func (x *text) listStart(c span) int {
	a := c.a
	for a > 1 && x.tokens[a-1].norm == "," && x.orList(a-1) {
		k := a - 2
		for k > 0 && !x.tokens[k-1].mark {
			k--
		}
		if x.hasFinite(k, a-1) { // "He had no bumps, | grazes or bruises"
			for m := a - 2; m > a-5 && m > k; m-- {
				if x.tokens[m].norm == "no" {
					return m
				}
			}
			break
		}
		a = k
	}
	return a
}

// inherent gives the reading of matters whose own words, from token i, deny or doubt: "nothing since", "not sure about".
func (x *text) inherent(name string, r reading, i int) reading {
	switch {
	case strings.HasPrefix(name, "none_") && r == negated && endsOf[x.tokens[i].norm]: // "not off the drink yet"
		return affirmed
	case strings.HasPrefix(name, "none_") && r == affirmed:
		return negated
	case strings.HasPrefix(name, "doubt_") && r != unsaid:
		return uncertain
	}
	return r
}

// endsOf are words with which something ends, so that it goes on where they are denied.
var endsOf = setOf("off over get got")

// ofNothing reports that the words before token j are a verb with nothing to act on: "has missed no school", "owes nobody".
func (x *text) ofNothing(b, j int) bool {
	if n := x.tokens[j-1].norm; j >= b || x.tokens[j].mark || x.lex.verb[n] == "" && n != "missed" {
		return false
	}
	switch x.tokens[j].norm {
	case "nothing", "nobody", "none":
	case "no":
		if next := x.after(j); next == "" || notNothing[next] || j+1 >= b {
			return false
		}
	default:
		return false
	}
	for k := j + 1; k < b && k < j+5 && !x.tokens[k].mark; k++ { // "she thinks nobody will come"
		if n := x.tokens[k].norm; finiteAux[n] || k < j+3 && x.lex.finite[n] {
			return false
		}
		if n := x.tokens[k].norm; prepositions[n] || n == "since" {
			break
		}
	}
	return true
}

var notNothing = setOf("matter doubt less fewer end more longer better worse sooner")

var (
	services = setOf("camhs school schools nursery college housing council landlord gp doctor doctors surgery clinic hospital dentist physio team services service office benefits jobcentre pip dwp social nurse midwife worker visitor paediatrician solicitor solicitors police anyone anybody")
	keptFrom = setOf("mum mam mom dad mother father parents family daughter son brother sister brothers sisters nan gran grandma grandad siblings")
)

// owedContact reports that what somebody did not hear or get is owed to them, so that the denial is the difficulty: no word from a service, none to a child from its
// family. That nobody heard from anybody else may be as it should.
func (x *text) owedContact(b, i int, s sense) bool {
	if !s.negative || !strings.HasPrefix(x.lex.riskList[s.entry].name, "none_since") {
		return false
	}
	for k := i; k < b && k < s.stop+3; k++ {
		if n := x.word(k); n != "from" && n != "with" {
			continue
		}
		poss := false
		for m := k + 1; m < b && m < k+5 && !x.tokens[m].mark; m++ {
			n := x.word(m)
			if services[n] || x.who != nil && x.who[m] >= 0 && x.people[x.who[m]].kind(x) == roleProfessional {
				return true
			}
			if keptFrom[n] && (poss || m == k+1) && x.word(k) == "from" {
				return x.ofChild(i)
			}
			poss = poss || n == "his" || n == "her" || n == "their"
			if n == "since" || n == "for" || prepositions[n] {
				break
			}
		}
	}
	return false
}

// ofChild reports that a child is who the clause of token i is about.
func (x *text) ofChild(i int) bool {
	c := x.partAt(i)
	return c >= 0 && c < len(x.subject) && len(x.subject[c]) == 1 && !x.worker[c] && x.people[x.subject[c][0]].isChild(x)
}

type mask []span

func (x *text) masked(a, b int) mask {
	var out mask
	for i := a; i < b; i++ {
		x.lex.idioms.at(x.tokens, i, b, func(_, stop int) {
			if !x.ofSomebody(i, stop) {
				out = append(out, span{i, stop})
			}
		})
	}
	return out
}

// covers reports whether an idiom takes in the words [i,j).
// ofSomebody reports that what is said to be done in [a,b) is done to somebody: "burned him with the pan", "cut her hand at dinner", "locked Ben in the shed".
func (x *text) ofSomebody(a, b int) bool {
	if strings.HasPrefix(x.word(a), "beat") {
		return false // at a game
	}
	for i := a + 1; i < b-1; i++ {
		n := x.word(i)
		if n == "her" {
			if !x.nounFollows(i) || i+2 < b && x.lex.isBody(x.word(i+1)) {
				return true
			}
			continue
		}
		somebody := doneTo[n] || x.whoAt(i) >= 0 && !possessives[n] && !subjectPronouns[n]
		if x.lex.isBody(n) || somebody && !(x.tokens[i].poss && i == b-2) { // "cut Ben's hair"
			return true
		}
	}
	return false
}

// doneTo are those to whom a thing is done, besides those of whom the text speaks.
var doneTo = setOf("him them us me you himself herself themselves myself mum dad mummy daddy nan baby kids")

func (m mask) covers(i, j int) bool {
	for _, s := range m {
		if s.a <= i && j <= s.b {
			return true
		}
	}
	return false
}

// hides is covers for a pattern: a strength that is itself the idiom ("killing it") is not hidden.
func (m mask) hides(i, j int, good bool) bool {
	for _, s := range m {
		if s.a <= i && j <= s.b && !(good && s.a == i && s.b == j) {
			return true
		}
	}
	return false
}
