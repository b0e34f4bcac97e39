package rules

import (
	"strings"

	"kerbside"
)

// What stands beside a statement and says whose it is where no verb of speech brings it in: a tag behind it ("…, she was firm about that"), a heading before it
// ("Mum's side of it."), or one at work whom the worker names and whose news follows ("Mr Lowe, the form tutor, she's never late").

// swears reports verbs by which somebody brings in words only where a statement follows or stands before: "swears he was in bed", "Miss Cole has put that she
// reads well", "moved up a set, his tutor writes".
func (x *text) swears(i int) bool {
	if x.tokens[i].mark {
		return false
	}
	switch n := x.word(i); n {
	case "put", "puts":
		return x.word(i+1) == "that" && x.startsClause(i+2) && !x.worker[max(0, x.partAt(i))]
	case "writes", "wrote", "written", "swears", "swore", "sworn", "announced", "announces", "joked", "jokes", "muttered", "mumbled":
		next := x.word(i + 1)
		switch {
		case next == "that" || next == "blind":
			return x.startsClause(i+2) || next == "that" && x.wordsOnly(i+1)
		case next == "i" || next == "we":
			return false
		case subjectPronouns[next] || next != "" && (n == "swears" || n == "swore" || x.whoAt(i+1) >= 0 && !possessives[next]):
			return x.startsClause(i + 1)
		}
		c := x.partAt(i)
		return next == "" && c > 0 && x.parts[c].b <= i+2 && x.parts[c].joint == "," && x.parts[c-1].sentence == x.parts[c].sentence && x.parts[c].b-x.parts[c].a <= 4
	}
	return false
}

// wordsOnly reports that no more than a word for what was said stands at token i, up to a mark: "that", "so", "as much".
func (x *text) wordsOnly(i int) bool {
	switch x.word(i) {
	case "that", "so", "this", "it":
		i++
	case "as":
		if x.word(i+1) != "much" {
			return false
		}
		i += 2
	default:
		return false
	}
	if n := x.word(i); n == "himself" || n == "herself" || n == "themselves" || n == "too" || n == "as" && x.word(i+1) == "well" {
		i++
		if n == "as" {
			i++
		}
	}
	return i >= len(x.tokens) || x.tokens[i].mark
}

// manner reports that nothing but where, when or how it was said stands in [a,b): "on the phone", "by email", "at the gate", "afterwards".
func (x *text) manner(a, b int) bool {
	for b > a && x.tokens[b-1].mark {
		b--
	}
	if b <= a || b-a > 6 {
		return false
	}
	switch n := x.word(a); n {
	case "on", "by", "in", "at", "over", "outside", "from", "through":
		if b-a < 2 {
			return false
		}
	case "afterwards", "after", "later", "quietly", "herself", "himself", "today", "yesterday", "earlier":
	default:
		return false
	}
	for i := a; i < b; i++ {
		n := x.word(i)
		if n == "" || subjectPronouns[n] || n == "there" || n == "that" || finiteAux[n] || x.lex.finite[n] && x.lex.verb[n] != n {
			return false
		}
	}
	return true
}

// creditTag is the one to whom clause c, behind a statement in its sentence, gives it: "…, she was firm about that", "…, he brought it up himself", "…, mum
// wrote that"; -1 without.
func (x *text) creditTag(c int) int {
	part := &x.parts[c]
	if len(x.subject[c]) != 1 || x.worker[c] || part.joint == "when" || part.joint == "as" || x.contains(part.span, "not") || x.contains(part.span, "never") {
		return -1
	}
	for i := part.a; i < part.b; i++ {
		switch n := x.word(i); {
		case n == "clear" && (x.word(i+1) == "on" || x.word(i+1) == "about"), x.wordsAt(i, []string{"quick", "to", "say"}):
			return x.subject[c][0]
		case x.lex.speech[n] != "" && x.lex.speech[n] != "deny" && x.lex.verb[n] != "agree" && i > part.a && (x.wordsOnly(i+1) || (x.word(i+1) == "me" || x.word(i+1) == "us") && x.wordsOnly(i+2)):
			return x.subject[c][0] // "…, he told us that himself"
		case sureOf[n] && (x.word(i+1) == "about" || x.word(i+1) == "on" || x.word(i+1) == "of") && x.wordsOnly(i+2):
			return x.subject[c][0]
		case n == "brought" || n == "brings" || n == "mentioned" || n == "mentions" || n == "raised" || n == "volunteered":
			k := i + 1
			if x.word(k) != "that" && x.word(k) != "it" && x.word(k) != "this" {
				continue
			}
			if k++; x.word(k) == "up" {
				k++
			}
			if n := x.word(k); n == "herself" || n == "himself" || n == "themselves" || n == "" {
				return x.subject[c][0]
			}
		}
	}
	return -1
}

var sureOf = setOf("firm clear adamant definite certain straight frank open honest upfront emphatic sure")

// knower is the one whose knowledge alone a statement in [a,b) rests on: "no drink that Carol knows of", "no marks she's aware of", "as far as Nan can tell"; -1
// without.
func (x *text) knower(s span) int {
	for i := s.a + 2; i < s.b; i++ {
		n, next := x.word(i), x.word(i+1)
		if n != "knows" && n != "aware" && !(n == "tell" && x.word(i-1) == "can") {
			continue
		}
		k := i - 1
		for k > s.a && (finiteAux[x.word(k)] || x.word(k) == "can") {
			k--
		}
		w := x.who[k]
		for k > s.a && x.whoAt(k-1) >= 0 && x.whoAt(k-1) == w {
			k--
		}
		if w < 0 || possessives[x.word(k)] {
			continue
		}
		b := x.word(k - 1)
		far := b == "as" && x.word(k-2) == "far"
		which := (next == "of" || next == "about") && i+2 >= min(s.b, len(x.tokens)) && (b == "that" && !x.joinsThat(k-1) || subjectPronouns[x.word(k)] && k-1 > s.a && b != "" && !connectors[b] && x.lex.verb[b] == "" && !adverbs[b])
		if far || which && n != "tell" {
			return w
		}
	}
	return -1
}

var (
	worryNouns = setOf("worry worries concern concerns niggle niggles gripe fear complaint")
	worryVerbs = setOf("worries worried bothers bothered concerns concerned frightens bugs")
	ofMany     = setOf("one only main big biggest real other own first")
	viewNouns  = setOf("view opinion reckoning words estimation")
)

// worryOf reads whose worry or view a sentence tells at token i of clause c: "Rhian's one worry is the chewing", "what bothers her is the coat", "in Dr Shah's view it
// was a burn", "clean for a year by his own reckoning".
func (x *text) worryOf(c, i, end int) (frame, bool) {
	part := &x.parts[c]
	f := frame{clause: c, who: -1, hearer: -1, verb: "say"}
	n, next := x.word(i), x.word(i+1)
	whose := i
	switch {
	case worryNouns[n] && (next == "is" || next == "was" || next == "'s" || next == "are" || next == "were"):
		whose--
		if ofMany[x.word(whose)] {
			whose--
		}
		f.cue, f.content = span{part.a, i + 1}, span{i + 2, end}
	case worryVerbs[n] && x.word(i-1) == "what" && i == part.a+1:
		whose++
		for whose+1 < part.b && x.whoAt(whose+1) >= 0 && x.whoAt(whose+1) == x.whoAt(whose) {
			whose++
		}
		if w := x.whoAt(whose); w < 0 || x.tokens[whose].poss && !x.verbalEnding(whose) || x.word(whose+1) != "is" && x.word(whose+1) != "was" && x.word(whose+1) != "'s" {
			return f, false
		}
		if pronoun(x.word(whose)) && x.people[x.who[whose]].isChild(x) {
			return f, false // whom the pronoun means is not sure enough
		}
		x.speaker(&f, x.who[whose])
		f.cue, f.content = span{part.a, whose + 1}, span{whose + 2, end}
		return f, f.content.b > f.content.a
	case viewNouns[n]:
		whose--
		if x.word(whose) == "own" {
			whose--
		}
		k := whose
		for k > part.a && x.whoAt(k-1) >= 0 && x.whoAt(k-1) == x.who[whose] {
			k--
		}
		if b := x.word(k - 1); b != "in" && b != "by" {
			return f, false
		}
		f.cue, f.content = span{k - 1, i + 1}, span{x.sents[part.sentence].a, end}
	default:
		return f, false
	}
	if whose < part.a || x.who[whose] < 0 || !x.tokens[whose].poss && !possessives[x.word(whose)] {
		return f, false
	}
	x.speaker(&f, x.who[whose])
	return f, f.content.b > f.content.a
}

// give puts a finding down to somebody.
func (x *text) give(f *finding, who int) {
	g := frame{}
	x.speaker(&g, who)
	f.attribution = kerbside.Attribution{Kind: g.kind, Who: g.label, Chain: []string{g.label}}
}

// findHeadings finds whose account follows where a heading or a name at work brings it in.
func (x *text) findHeadings() {
	for c := range x.parts {
		if x.inFrame(x.parts[c].a) {
			continue
		}
		if f, ok := x.accountHead(c); ok {
			x.addFrame(f)
		} else if f, ok := x.newsRung(c); ok {
			x.addFrame(f)
		} else if f, ok := x.topic(c); ok {
			x.addFrame(f)
		}
	}
}

// newsRung reads what somebody got in touch with the worker for: "the midwife rang me after, and the test is back", "Mr Cole emailed on Friday, he's been moved up a set".
func (x *text) newsRung(c int) (frame, bool) {
	part := &x.parts[c]
	f := frame{cue: part.span, clause: c, who: -1, hearer: -1, verb: "say"}
	v, end := x.verbAt[c], x.sents[part.sentence].b
	if v >= 0 && finiteAux[x.word(v)] {
		v++
	}
	if v < 0 || x.worker[c] || len(x.subject[c]) != 1 || !reaching[x.word(v)] || x.word(v) == "called" || x.future(part.span) || x.negatedBefore(part.a, v) {
		return f, false
	}
	w, after := x.subject[c][0], v+1
	if n := x.word(after); n == "me" || n == "us" || n == "back" {
		after++
	} else if x.kindOf(w) != kerbside.ProfessionalSaid {
		return f, false
	}
	k := c + 1
	if k >= len(x.parts) || x.parts[k].sentence != part.sentence || after < part.b && !x.manner(after, part.b) && !x.hasDay(span{after, part.b}) || x.people[w].isChild(x) {
		return f, false
	}
	next := &x.parts[k]
	n := x.verbAt[k]
	if next.joint != "," && next.joint != "and" && next.joint != "" || x.worker[k] || has(x.subject[k], w) || n < 0 && !x.newsOf(next.span) || n >= 0 && (x.bareVerb(next.a, n) || x.lex.speech[x.word(n)] != "") || len(x.subject[k]) > 0 && x.presenceOnly(next.span) || x.inFrame(next.a) {
		return f, false
	}
	x.speaker(&f, w)
	f.content = span{next.a, x.contentEnd(c, next.a, end, f)}
	return f, f.content.b > f.content.a
}

var (
	accounts  = setOf("account side version story take update report feedback")
	headEnds  = setOf("of it first now next then too today on by phone email text letter the")
	catchings = setOf("caught stopped collared rang phoned emailed texted messaged grabbed")
	perches   = setOf("at to from by on")
)

// accountHead reads what announces somebody's account, which holds over the sentences behind it: "Mum's account first.", "Her side of it.", "Mr Hale at the gate: …", "Mrs
// Rowe caught me in the corridor: …".
func (x *text) accountHead(c int) (frame, bool) {
	part := &x.parts[c]
	s := x.sents[part.sentence]
	colon := part.b < len(x.tokens) && x.tokenIs(part.b, ":")
	f := frame{cue: part.span, clause: c, who: -1, hearer: -1, verb: "say"}
	switch w := x.accountOf(part.span); {
	case w >= 0 && part.a == s.a && (colon || part.b >= s.b-1):
		x.speaker(&f, w)
	case !colon || x.worker[c]:
		return f, false
	default:
		w := x.announcing(c)
		if w < 0 || x.people[w].isChild(x) {
			return f, false
		}
		x.speaker(&f, w)
	}
	f.content = span{part.b, s.b}
	if colon || part.b < s.b && x.tokens[part.b].mark {
		f.content.a++
	}
	for n := part.sentence + 1; n < len(x.sents) && n < part.sentence+4 && !x.newTurn(x.sents[n], f.who); n++ {
		f.content.b = x.sents[n].b
	}
	return f, f.content.b > f.content.a
}

// accountOf is whose account a short heading names: "Auntie's account first", "her side of it"; -1 without.
func (x *text) accountOf(s span) int {
	for i := s.a + 1; i < s.b && i < s.a+4; i++ {
		if !accounts[x.word(i)] {
			continue
		}
		for k := i + 1; k < s.b; k++ {
			if !headEnds[x.word(k)] && !x.tokens[k].mark {
				return -1
			}
		}
		k := i - 1
		for k > s.a && x.whoAt(k-1) >= 0 && x.whoAt(k-1) == x.who[k] {
			k--
		}
		if w := x.whoAt(i - 1); w >= 0 && (x.tokens[i-1].poss || possessives[x.word(i-1)] && !x.people[w].isChild(x)) && (k == s.a || k == s.a+1 && (x.word(s.a) == "then" || determiners[x.word(s.a)] && !subjectPronouns[x.word(s.a)])) {
			return w
		}
	}
	return -1
}

// announcing is the one who tells what follows the colon that ends clause c: "Mr Hale at the gate:", "she caught me in the corridor:"; -1 without.
func (x *text) announcing(c int) int {
	part := &x.parts[c]
	if v := x.verbAt[c]; v >= 0 {
		if len(x.subject[c]) == 1 && catchings[x.word(v)] && (x.word(v+1) == "me" || x.word(v+1) == "us") {
			return x.subject[c][0]
		}
		return -1
	}
	i := part.a
	for i < part.b && (determiners[x.word(i)] || x.who[i] >= 0 && !x.tokens[i].poss && !pronoun(x.word(i))) {
		i++
	}
	if i > part.a && i < part.b && part.b-i <= 5 && part.a == x.sents[part.sentence].a && perches[x.word(i)] && x.whoAt(i-1) >= 0 {
		return x.whoAt(i - 1)
	}
	return -1
}

// topic reads one at work whose name stands before what he or she has told: "Mr Lowe, the form tutor, she's never late", "Jan from the nursery, no tears at drop-off".
func (x *text) topic(c int) (frame, bool) {
	part := &x.parts[c]
	f := frame{clause: c, who: -1, hearer: -1, verb: "say"}
	if part.a != x.sents[part.sentence].a || x.worker[c] || x.verbAt[c] >= 0 {
		return f, false
	}
	w := x.nameOnly(part.span)
	if w < 0 || x.kindOf(w) != kerbside.ProfessionalSaid && !(x.people[w].role < 0 && x.atService(part.span)) {
		return f, false
	}
	end := x.sents[part.sentence].b
	k := c + 1
	for k < len(x.parts) && x.parts[k].a < end && x.explains(k, w) {
		k++
	}
	if k >= len(x.parts) || x.parts[k].a >= end || x.parts[k].joint != "," || x.worker[k] || has(x.subject[k], w) && !x.otherGender(k, w) {
		return f, false
	}
	v := x.verbAt[k]
	if connectors[x.word(x.parts[k].a)] || x.asked(part.sentence-1) {
		return f, false // "Who helps? Mr Lowe, because he's kind."
	}
	if v == x.parts[k].a || v >= 0 && x.bareVerb(x.parts[k].a, v) || v < 0 && !x.newsOf(x.parts[k].span) || len(x.subject[k]) > 0 && x.presenceOnly(x.parts[k].span) {
		return f, false
	}
	for m := k + 1; m < len(x.parts) && x.parts[m].a < end; m++ {
		if x.parts[m].joint == "," && has(x.subject[m], w) && x.verbAt[m] == x.parts[m].a {
			return f, false // "Her teacher, the name escapes me, has put her up for a prize"
		}
	}
	x.speaker(&f, w)
	f.kind = kerbside.ProfessionalSaid
	f.cue, f.content = span{part.a, x.parts[k].a}, span{x.parts[k].a, end}
	return f, true
}

// asked reports a sentence that ends with a question mark.
func (x *text) asked(n int) bool {
	return n >= 0 && n < len(x.sents) && (x.tokenIs(x.sents[n].b-1, "?") || x.tokenIs(x.sents[n].b, "?"))
}

// nameOnly is the one who alone is named in a clause, with no more than where he or she works: "Mr Lowe", "Jan from the nursery"; -1 without.
func (x *text) nameOnly(s span) int {
	w := -1
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); {
		case x.who[i] >= 0 && !x.tokens[i].poss && !pronoun(n) && !possessives[n] && (w < 0 || x.who[i] == w):
			w = x.who[i]
		case determiners[n] && w < 0, possessives[n] && w < 0:
		case (n == "from" || n == "at" || n == "in" || n == "on") && w >= 0 && s.b-i <= 5 && i > s.a && x.whoAt(i-1) == w:
			return w
		case w >= 0 && x.who[i] < 0 && s.b-i <= 2 && (determiners[n] || n == "nurse" || n == "head" || n == "teacher"):
		default:
			return -1
		}
	}
	return w
}

// explains reports a clause that only says who the one before it is: "the form tutor", "who does attendance", "that's the learning mentor".
func (x *text) explains(k, w int) bool {
	part := &x.parts[k]
	if part.joint != "," && part.joint != "who" || part.b-part.a > 6 {
		return false
	}
	if x.word(part.a) == "who" {
		return true
	}
	i := part.a
	if x.word(i) == "that" && (x.word(i+1) == "'s" || x.word(i+1) == "is") {
		i += 2
	}
	for ; i < part.b; i++ {
		if n := x.word(i); x.who[i] != w && !determiners[n] || pronoun(n) {
			return false
		}
	}
	return true
}

// otherGender reports a clause that begins with a pronoun of another gender than person w's.
func (x *text) otherGender(k, w int) bool {
	g := pronounGenders[x.word(x.parts[k].a)]
	return g != "" && x.people[w].gender != "" && x.people[w].gender != g
}

// atService reports a service in a stretch: "Jan from the youth club".
func (x *text) atService(s span) bool {
	for i := s.a + 1; i < s.b; i++ {
		if n := x.word(i); organisations[n] || services[n] {
			return true
		}
	}
	return false
}

// newsOf reports a fragment that states something of a child and no time, place or name: "no tears at drop-off", "attendance ninety six".
func (x *text) newsOf(s span) bool {
	n := x.word(s.a)
	if n == "no" || n == "not" || n == "never" || n == "nothing" {
		return true
	}
	if s.b-s.a < 3 || prepositions[n] || determiners[n] || x.lex.verb[n] != "" || x.hasDay(s) {
		return false
	}
	for i := s.a; i < s.b; i++ {
		if x.who[i] >= 0 || x.word(i) == "me" {
			return false
		}
	}
	return true
}

// ownSight reports what only the one who is the subject of the clause of f can have seen, counted or written down: "the class teacher has her down as a reader", "Nan's seen
// it three Fridays", "Col has counted the tablets".
func (x *text) ownSight(f *finding) bool {
	part := &x.parts[f.clause]
	v := x.verbAt[f.clause]
	if len(x.subject[f.clause]) != 1 || x.worker[f.clause] || v < 0 {
		return false
	}
	w := x.subject[f.clause][0]
	if x.people[w].isChild(x) {
		return false
	}
	if x.kindOf(w) == kerbside.ProfessionalSaid && x.hasDown(v) {
		x.give(f, w)
		return true
	}
	professional := x.kindOf(w) == kerbside.ProfessionalSaid
	for i := v; i < part.b && i < v+4; i++ {
		n := x.word(i)
		if perceived[n] && (i > v && (x.word(v) == "has" || x.word(v) == "'s" || x.word(v) == "have") || i == v && professional) {
			x.give(f, w)
			return true
		}
	}
	return false
}

var perceived = setOf("seen overheard found noticed heard smelt smelled counted weighed measured caught spotted witnessed saw")

// hasDown reports an account that somebody keeps, at the verb v: "has her at six kilos", "had him down as absent", "has him following his line", "has a note of it".
func (x *text) hasDown(v int) bool {
	if n := x.word(v); n != "has" && n != "have" && n != "had" {
		return false
	}
	k := v + 1
	switch n := x.word(k); {
	case n == "a" && (x.word(k+1) == "note" || x.word(k+1) == "record" || x.word(k+1) == "tally" || x.word(k+1) == "log"):
		return true
	case n == "him" || n == "her" || n == "them" || n == "both" || x.whoAt(k) >= 0 && !x.tokens[k].poss && !pronoun(n):
		for k++; x.whoAt(k) >= 0 && !pronoun(x.word(k)); k++ {
		}
	default:
		return false
	}
	n := x.word(k)
	return n == "on" && x.word(k+1) != "a" && x.word(k+1) != "the" || n == "at" || n == "down" || n == "as" || x.word(v) != "had" && strings.HasSuffix(n, "ing") && x.lex.verb[n] != ""
}
