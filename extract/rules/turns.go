package rules

// A turn is the part of a dictation in which the worker is with one child. In it a pronoun that speaks, a quotation that stands by itself and the first person
// of somebody who is not the worker are that child's, until somebody else speaks or comes in.
type turn struct {
	child int // -1 when the worker is with nobody in particular
	other int // who has spoken since, -1

	sentence int // the one that says so
}

var (
	withVerbs  = setOf("took saw met joined walked drove collected fetched visited")
	withWords  = setOf("with to")
	talks      = setOf("chat blether word natter wander walk stroll time talk conversation minutes sat spoke talked chatted played walked")
	leadVerbs  = setOf("walked showed took followed met led")
	askedVerbs = setOf("ask asked told saw rang phoned thanked")
	questioned = setOf("what if whether how why when where who which about that is was does did had has") // "asked what mum thinks" asks the child
	returnings = setOf("back joined returned arrived reappeared appeared downstairs")
)

// takeTurn moves the turn on with clause c, before its pronouns are resolved.
func (x *text) takeTurn(t *turn, c int, f *focus) {
	part := &x.parts[c]
	s := x.sents[part.sentence]
	if part.a == s.a || c == 0 || x.parts[c-1].sentence != part.sentence {
		for i := s.a - 1; i >= 0 && i >= s.a-2 && x.tokens[i].mark; i-- {
			if n := x.tokens[i].norm; n == breakMark || n == lineMark {
				*t = turn{child: -1, other: -1}
			}
		}
		if n := x.tokens[s.a].norm; x.tokens[s.a].mark && (n == breakMark || n == lineMark) {
			*t = turn{child: -1, other: -1}
		}
	}
	if x.future(part.span) {
		return
	}
	switch w := x.opensTurn(c, f); {
	case w >= 0:
		*t = turn{child: w, other: -1, sentence: part.sentence}
	case w == several || t.child >= 0 && x.closesTurn(c):
		*t = turn{child: -1, other: -1}
	}
}

const several = -2

// opensTurn is the child with whom clause c says that the worker is, -1 for none, several for more than one.
func (x *text) opensTurn(c int, f *focus) int {
	part := &x.parts[c]
	named, mine := x.onlyChild(part.span), false
	for i := x.sents[part.sentence].a; i < part.b; i++ {
		if n := x.word(i); n == "i" || n == "we" || n == "me" || n == "us" || n == "saw" || n == "seen" {
			mine = true
		}
	}
	for _, cue := range x.aloneCues(part.a, part.b) {
		if !cue.ours && !mine && part.finite || x.negatedBefore(max(part.a, cue.a-8), cue.a) {
			continue
		}
		if named != -1 {
			return named
		}
		return x.childMeant(part.span, f)
	}
	if w := x.heading(c); w >= 0 {
		if x.people[w].isChild(x) {
			return w
		}
		return several
	}
	for i := part.a; i < part.b; i++ { // "left us to it", "we sat in his room with the door shut"
		switch n := x.word(i); {
		case n == "us" && (x.word(i+1) == "to" && x.word(i+2) == "it" || x.word(i-1) == "let" && x.word(i+1) == "have"),
			(n == "room" || n == "bedroom") && (x.word(i-1) == "his" || x.word(i-1) == "her") && x.firstPersonBefore(part.a, i) && (x.word(part.a) == "we" || x.word(part.a+1) == "we"):
			if named != -1 {
				return named
			}
			return x.childMeant(part.span, f)
		}
	}
	if named == -1 {
		if w := x.childSpokenTo(part, f); w >= 0 {
			return w
		}
		return x.takesAlong(c, f)
	}
	if named < 0 {
		return -1
	}
	for i := part.a; i < part.b; i++ {
		switch n := x.word(i); {
		case x.who[i] != named || x.tokens[i].poss:
		case (x.word(i+1) == "first" || x.word(i+1) == "next") && part.b <= i+3:
			return named
		case x.word(i+1) == "and" && x.word(i+2) == "i" || x.word(i-1) == "and" && x.word(i-2) == "i":
			return named
		case (leadVerbs[x.word(i+1)] || x.word(i+1) == "let") && x.word(i+2) == "me":
			return named
		case x.firstOfAll(part, i):
			return several // it need not be now; but another's turn is over
		case i > part.a && x.word(i-1) == "asked" && x.firstPersonBefore(part.a, i):
			return named
		case !part.finite && x.word(i-1) == "to" && (x.word(i-2) == "over" || x.word(i-2) == "on" || x.word(i-2) == "back"): // "Then over to Ada in reception."
			return named
		case i > part.a && x.worker[c] || mine && !x.grownIn(part.a, part.b):
			before := x.word(i - 1)
			if withVerbs[before] && x.firstPersonBefore(part.a, i) || withWords[before] && x.talksBefore(part.a, i) && !x.spokeToOther(part.a, i-1) {
				return named
			}
			if (n == "him" || n == "her") && withVerbs[before] {
				return named
			}
		}
	}
	return -1
}

// spokeToOther reports that the worker speaks to somebody else before token i: "I spoke to her with Mia there".
func (x *text) spokeToOther(a, i int) bool {
	for k := a; k+1 < i; k++ {
		if n := x.word(k + 1); withWords[x.word(k)] && (x.whoAt(k+1) >= 0 || n == "him" || n == "her" || n == "them") {
			return true
		}
	}
	return false
}

// childSpokenTo is the child whom a pronoun means behind the worker's speaking with it: "I spoke to her with the tutor there"; -1 where it can be anybody else.
func (x *text) childSpokenTo(part *clause, f *focus) int {
	for i := part.a + 2; i < part.b; i++ {
		n := x.word(i)
		if n != "him" && n != "her" || x.nounFollows(i) || !withWords[x.word(i-1)] || !x.talksBefore(part.a, i) {
			continue
		}
		if w, ok := f.strong[pronounGenders[n]]; ok && x.people[w].isChild(x) {
			return w
		}
	}
	return -1
}

// firstOfAll reports a name that is put before the worker who met its bearer: "Keira I'd seen at school", "Anton I talked to in the lounge".
func (x *text) firstOfAll(part *clause, i int) bool {
	if i > part.a+1 || x.word(i+1) != "i" && x.word(i+1) != "we" {
		return false
	}
	for k := i + 2; k < part.b && k < i+6; k++ {
		if n := x.word(k); sawVerbs[n] || spokeVerbs[n] || n == "seen" || n == "spoken" {
			return true
		}
	}
	return false
}

// takesAlong is the child whom a pronoun means behind a verb by which the worker is with it: "I took him for a drive"; -1 without.
func (x *text) takesAlong(c int, f *focus) int {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		n := x.word(i)
		if n != "him" && n != "her" || !withVerbs[x.word(i-1)] || !x.firstPersonBefore(part.a, i) {
			continue
		}
		f.at = i
		if w := x.antecedent(*f, pronounGenders[n], -1, nil, n); w >= 0 && x.people[w].isChild(x) && !x.otherNamed(c, w, pronounGenders[n]) {
			return w
		}
	}
	return -1
}

func (x *text) firstPersonBefore(a, i int) bool {
	for k := a; k < i; k++ {
		if n := x.word(k); n == "i" || n == "we" {
			return true
		}
	}
	return false
}

func (x *text) talksBefore(a, i int) bool {
	for k := a; k < i; k++ {
		if talks[x.word(k)] {
			return true
		}
	}
	return false
}

// onlyChild is the one child that a stretch names, -1 for none, several for more.
func (x *text) onlyChild(s span) int {
	found := -1
	for i := s.a; i < s.b; i++ {
		w := x.who[i]
		if w < 0 || !x.people[w].isChild(x) || x.tokens[i].poss && !x.verbalEnding(i) || possessives[x.tokens[i].norm] {
			continue
		}
		if found >= 0 && found != w {
			return several
		}
		found = w
	}
	return found
}

// childMeant is the child of whom a stretch speaks by a pronoun, or the last that was spoken of.
func (x *text) childMeant(s span, f *focus) int {
	for i := s.a; i < s.b; i++ {
		g := pronounGenders[x.word(i)]
		if g == "" {
			continue
		}
		for _, m := range []map[string]int{f.strong, f.weak, f.told} {
			if w, ok := m[g]; ok && x.people[w].isChild(x) {
				return w
			}
		}
	}
	for i := s.a - 1; i >= 0 && i > s.a-60; i-- {
		if w := x.who[i]; w >= 0 && x.people[w].isChild(x) {
			return w
		}
	}
	return -1
}

// closesTurn reports that an adult comes in, or that the worker turns to one.
func (x *text) closesTurn(c int) bool {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		w := x.who[i]
		if w < 0 || x.people[w].isChild(x) || pronounGenders[x.tokens[i].norm] != "" || x.tokens[i].poss && !x.verbalEnding(i) || x.people[w].roleName == "interpreter" {
			continue
		}
		if returnings[x.word(i+1)] || x.word(i+1) == "came" && (returnings[x.word(i+2)] || x.word(i+2) == "in" || x.word(i+2) == "through") {
			return true
		}
		if i <= part.a+2 && part.a <= x.sents[part.sentence].a+1 && x.dwellsOn(c, i) {
			return true
		}
		before := x.word(i - 1)
		if !askedVerbs[before] && askedVerbs[x.word(i-2)] && !questioned[before] {
			before = x.word(i - 2)
		}
		if x.firstPersonBefore(part.a, i) && (askedVerbs[before] || withWords[before] && x.talksBefore(part.a, i)) {
			return true
		}
	}
	return false
}

// dwellsOn reports a sentence that says of somebody named at token i how he or she was: "Wayne was polite. He told me …"; or goes on about them: "Mrs Adeyemi was
// in the bedroom, she had a swollen eye. She said …".
func (x *text) dwellsOn(c, i int) bool {
	part := &x.parts[c]
	if !copulas[x.word(i+1)] {
		return false
	}
	if i+2 < part.b && (demeanours[x.word(i+2)] || adverbs[x.word(i+2)] && demeanours[x.word(i+3)]) {
		return true
	}
	if x.restored || c+1 >= len(x.parts) || x.parts[c+1].sentence != part.sentence {
		return false
	}
	n := x.word(x.parts[c+1].a)
	return n == "she" || n == "he"
}

var (
	copulas    = setOf("was were is are 's seemed looked appeared came")
	demeanours = setOf("polite upset tearful calm angry honest open quiet chatty friendly hostile rude defensive pleasant welcoming cooperative co-operative engaging anxious nervous agitated cross annoyed guarded frank candid apologetic embarrassed warm cold abrupt flustered tired drunk sober emotional distressed relaxed receptive reluctant fine lovely nice")
)

// heardIn moves the turn on with who speaks in clause c.
func (t *turn) heardIn(x *text, c int, subject []int, speaks bool) {
	if x.inQuotes(x.parts[c].a) {
		return
	}
	if t.child < 0 || !speaks || len(subject) != 1 || subject[0] == t.child {
		if speaks && len(subject) == 1 && subject[0] == t.child {
			t.other = -1
		}
		return
	}
	w := subject[0]
	named := false
	from := x.parts[c].a
	if !x.people[w].isChild(x) && x.lex.speech[x.word(x.verbAt[c])] == "" { // "Chidi has finished the course | and he talked about it"
		from = x.sents[x.parts[c].sentence].a
	}
	for i := from; i < x.verbAt[c]; i++ {
		named = named || x.who[i] == w && pronounGenders[x.tokens[i].norm] == ""
	}
	named = named || x.people[w].isChild(x) && x.namedIn(w, x.parts[c].sentence) // "Kwame was in his room, I knocked and he said come in"
	switch {
	case !named:
	case x.people[w].isChild(x):
		*t = turn{child: w, other: -1, sentence: -1}
	default:
		t.other = w
	}
}

// holds is the child whose turn it is for a pronoun of a gender, -1 when it is nobody's.
func (t *turn) holds(x *text, gender string) int {
	if t.child < 0 || t.other >= 0 {
		return -1
	}
	if g := x.people[t.child].gender; g != "" && g != gender {
		return -1
	}
	return t.child
}

// repliesIn reports a verb at token i of clause c by which somebody speaks, or answers what the worker asked in the clause before.
func (x *text) repliesIn(c, i int) bool {
	n := x.tokens[i].norm
	return x.lex.speech[n] != "" || x.goes(i) || x.signs(i) || (gestures[n] || bodily[n]) && c > 0 && x.parts[c-1].sentence == x.parts[c].sentence && x.worker[c-1]
}

// otherNamed reports that an earlier clause of the sentence of c has an adult of a gender for its subject, or names another child than the one whose turn it is.
func (x *text) otherNamed(c, child int, gender string) bool {
	for k := c - 1; k >= 0 && x.parts[k].sentence == x.parts[c].sentence; k-- {
		if child >= 0 && k == c-1 && x.endsInSaying(c) && (x.verbAt[k] < 0 || !x.tellsPast(x.parts[k].span) || x.tokenIs(x.parts[k].b, `"`) || x.tokenIs(x.parts[k].b+1, `"`)) {
			continue // "mum never asks, she said": it is what she said
		}
		for _, w := range x.subject[k] {
			if x.genderFits(w, gender) && (child < 0 && !x.people[w].isChild(x) || w != child && x.namedIn(w, x.parts[k].sentence)) {
				return true
			}
		}
	}
	return false
}

// endsInSaying reports a clause that is no more than a pronoun with a verb of speech, and to whom: "she said", "he told me".
func (x *text) endsInSaying(c int) bool {
	part := &x.parts[c]
	v := x.mainVerb(part.a, part.b)
	if v < 0 || x.lex.speech[x.word(v)] == "" || v > part.a+1 {
		return false
	}
	n := x.word(v + 1)
	return part.b <= v+1 || (n == "me" || n == "us") && part.b <= v+2
}

// turnAt is the child whose turn it is in clause c, -1 when it is nobody's.
func (x *text) turnAt(c int) int {
	if c < 0 || c >= len(x.turns) {
		return -1
	}
	return x.turns[c]
}

// inQuotes reports a token between quotation marks, within its sentence.
func (x *text) inQuotes(i int) bool {
	open := false
	for k := i - 1; k >= 0 && k > i-60 && !(x.tokens[k].mark && (x.tokens[k].norm == breakMark || x.tokens[k].norm == lineMark)); k-- {
		if x.tokens[k].norm == `"` {
			open = !open
		}
	}
	return open && x.marksPaired(i)
}

// marksPaired reports a quotation mark behind token i that would close what is open there.
func (x *text) marksPaired(i int) bool {
	for k := i; k < len(x.tokens) && k < i+60; k++ {
		if x.tokens[k].norm == `"` {
			return true
		}
	}
	return false
}
