package rules

import (
	"strings"

	"kerbside"
)

// What the worker did with one child and with nobody else says that the child was seen alone, with no word for it: they went for a walk, sat on the back step,
// talked in the worker's car, had ten minutes by the fish tank.

var (
	pairVerbs = setOf("go walk sit pop step drive nip wander stroll")
	getVerbs  = setOf("have get grab snatch steal catch manage spend")
	instants  = setOf("minute minutes moment moments")
	treats    = setOf("walk stroll wander spin drive coffee milkshake burger hot drink lolly ice")
	apartOnes = setOf("step steps doorstep stair stairs landing bench wall porch shed swing bed bedroom den tenfoot greenhouse playground")
	openSeats = setOf("step doorstep bench wall porch shed swing playground")
	ownGround = setOf("garden yard outside out upstairs bed bedroom den landing stair stairs") // where a whole family goes too
	askBlocks = setOf("to if whether could can would might may for")
)

// withChild reads such a deed in clause c.
func (x *text) withChild(c int) bool {
	if x.verbAt[c] < 0 || !(x.worker[c] && (x.minutesWith(c) || x.pairWent(c) || x.weWent(c) || x.wentWith(c)) || x.inMyCar(c)) {
		return false
	}
	return !x.hopedFor(c) && !x.othersBeside(c) && !x.toldAt(x.parts[c].a) && !x.stayedClose(c) && !x.otherOccasion(c) && !x.grownAbout(c) && !x.disclaimed(c) && !x.moreThanTwo(x.sents[x.parts[c].sentence])
}

// hopedFor reports a clause whose deed was asked for, tried or meant, and not said to have been done: "I tried to get Ada for five minutes", "she asked to talk in my car".
func (x *text) hopedFor(c int) bool {
	for i := x.parts[c].a; i+1 < x.parts[c].b; i++ {
		switch x.word(i) {
		case "asked", "wanted", "tried", "supposed", "meant", "due", "hoped", "hoping", "trying", "planned", "needed", "offered":
			if x.word(i+1) == "to" {
				return true
			}
		}
	}
	return false
}

// othersBeside reports, in clause c, the rest of its sentence or the beginning of the next one, another child, or anybody, who was with them: "ten minutes with Ada and Ben",
// "Ben was colouring beside us", "Jo pushed the pram".
func (x *text) othersBeside(c int) bool {
	one := x.withOne(c)
	n := min(x.parts[c].sentence+1, len(x.sents)-1)
	end := min(x.sents[n].b, max(x.sents[n].a, x.parts[c].b)+9)
	for k := x.parts[c].a; k < end; k++ {
		w := x.who[k]
		if w < 0 || w == one || x.toldAt(k) || pronoun(x.word(k)) || possessives[x.word(k)] || x.tokens[k].poss && !x.verbalEnding(k) {
			continue
		}
		inside := k < x.parts[c].b
		if before := x.whoAt(k - 2); inside && x.people[w].isChild(x) && x.word(k-1) == "and" && before >= 0 && before != w && x.people[before].isChild(x) && x.word(k-3) == "with" {
			return true
		}
		if inside {
			continue
		}
		first := k == x.sents[n].a || k > 0 && x.tokens[k-1].mark || x.word(k-1) == "and" || x.word(k-1) == "the" || possessives[x.word(k-1)]
		v := k + 1
		for v < end && (x.whoAt(v) == w || adverbs[x.word(v)]) {
			v++
		}
		if first && x.besideUs(v, end) {
			return true
		}
	}
	return false
}

// besideUs reports a deed from token v on that is done in the worker's company: "was colouring beside us", "sat on my lap", "pushed the pram", "came too".
func (x *text) besideUs(v, end int) bool {
	for k := v; k < min(end, v+9) && x.word(k) != "."; k++ {
		switch x.word(k) {
		case "us", "beside", "lap", "knee", "too", "pram", "buggy", "alongside", "table", "listening", "hovering", "hung":
			return true
		}
	}
	return false
}

// stayedClose reports, in the rest of a sentence and the next one, an adult who was with them, or came to them: "Pauline joined us", "but Jo stayed", "Jo wouldn't
// leave us", "he sat on Jo's lap".
func (x *text) stayedClose(c int) bool {
	n := min(x.parts[c].sentence+1, len(x.sents)-1)
	end := min(x.sents[n].b, max(x.sents[n].a, x.parts[c].b)+9)
	for k := x.parts[c].b; k < end; k++ {
		if x.word(k) == "with" && x.word(k+1) == "us" && x.grownDoes(k) {
			return true
		}
		if x.tokens[k].poss && x.who[k] >= 0 && !x.people[x.who[k]].isChild(x) && (x.word(k+1) == "lap" || x.word(k+1) == "knee") {
			return true
		}
		if !x.grownAt(k) || x.toldAt(k) || x.awayBehind(k) {
			continue
		}
		v := k + 1
		for v < end && (adverbs[x.word(v)] || finiteAux[x.word(v)] && x.word(v+1) != "not") {
			v++
		}
		switch base := x.lex.verb[x.word(v)]; {
		case base == "join" || base == "hover" || base == "remain":
			return true
		case base == "come":
			return x.word(v+1) != "back"
		case base == "stay" || base == "sit" || base == "stand":
			return !x.elsewhereAt(v+1, end)
		case finiteAux[x.word(v)]:
			return x.word(v+1) == "not" && x.word(v+2) == "leave"
		}
		switch x.word(v) {
		case "there", "present", "listening", "beside":
			return true
		}
		return v == k+1 && x.parts[c].sentence == x.parts[max(0, x.partAt(k))].sentence && strings.HasSuffix(x.word(v), "ing")
	}
	return false
}

// grownDoes reports that an adult is the subject of the clause at token k.
func (x *text) grownDoes(k int) bool {
	c := x.partAt(k)
	return c >= 0 && x.subjectGrown(c) && !x.subjectYoung(c) && !x.worker[c]
}

// disclaimed reports a sentence that denies, in whatever words, that somebody was alone: "I had him by the lift for a minute, I won't call that alone".
func (x *text) disclaimed(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for _, cue := range x.aloneCues(s.a, s.b) {
		for k := max(s.a, cue.a-6); k < cue.a; k++ {
			if failures[x.word(k)] && !x.correcting(k) {
				return true
			}
		}
	}
	return false
}

// grownAbout reports an adult in the sentence of clause c up to a few words behind it, but one who was elsewhere or of whom somebody else speaks.
func (x *text) grownAbout(c int) bool {
	s := x.sents[x.parts[c].sentence]
	end := min(s.b, x.parts[c].b+8)
	for k := x.parts[c].a; k+1 < x.parts[c].b; k++ {
		if x.lex.verb[x.word(k)] == "tell" && x.word(k+1) == "me" && x.childTalks(c) {
			end = k // what follows is told
		}
	}
	for k := s.a; k < end && x.tokens[k].norm != ":"; k++ {
		if x.grownAt(k) && !x.awayBehind(k) && !x.toldAt(k) && !(x.interpreterAt(k) && x.word(k) == "interpreter") {
			return true
		}
	}
	return false
}

// awayBehind reports that the adult at token k is said to be elsewhere: "while Barbara stayed at home", "mum inside", "her dad was out".
func (x *text) awayBehind(k int) bool {
	for i := k + 1; i < len(x.tokens) && i < k+5 && !x.tokens[i].mark; i++ {
		if x.elsewhereAt(i, len(x.tokens)) || x.word(i) == "at" && x.word(i+1) == "home" {
			return true
		}
		if n := x.word(i); !finiteAux[n] && !adverbs[n] && !stayVerbs[x.lex.verb[n]] && x.lex.verb[n] != "go" && x.lex.verb[n] != "wait" && n != "been" && n != "having" {
			return false
		}
	}
	return false
}

// minutesWith reads time that the worker had with one child: "I had a few minutes with Ada by the fish tank", "I did get Ada for a couple of minutes".
func (x *text) minutesWith(c int) bool {
	p := x.parts[c].span
	if x.denies(c) || x.pairAt(p, "with", "me") || x.overAWire(p) {
		return false
	}
	got, short := false, false
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		got = got || getVerbs[x.lex.verb[n]] || n == "'d"
		short = short || instants[n]
		switch {
		case !got || !x.oneYoung(k+1, p):
		case n == "with" && short:
			return true
		case getVerbs[x.lex.verb[n]]:
			for i := k + 2; i+1 < p.b && i < k+5; i++ {
				if x.word(i) == "for" && x.instantWithin(i+1, p.b) {
					return true
				}
			}
		}
	}
	return false
}

// overAWire reports a talk by telephone or on a screen.
func (x *text) overAWire(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch x.word(k) {
		case "phone", "video", "call", "facetime", "zoom", "teams", "whatsapp", "screen":
			return true
		}
	}
	return false
}

// pairAt reports two words side by side in a stretch.
func (x *text) pairAt(s span, one, two string) bool {
	for k := s.a; k+1 < s.b; k++ {
		if x.word(k) == one && x.word(k+1) == two {
			return true
		}
	}
	return false
}

// instantWithin reports "five minutes", "a couple of minutes" from token k.
func (x *text) instantWithin(k, b int) bool {
	for i := k; i < b && i < k+5; i++ {
		if instants[x.word(i)] {
			return true
		}
	}
	return false
}

// oneYoung reports that a child is named or meant at token k, and no other in the stretch.
func (x *text) oneYoung(k int, s span) bool {
	return k < s.b && x.youngAt(k) && x.word(k) != "them" && !x.ofSeveral(s) && (x.word(k+1) != "and" || x.word(k+2) == "the" && x.word(k+3) == "dog" || subjectPronouns[x.word(k+2)])
}

// pairWent reads what the worker and one child did who are named together: "Ada and I had a walk round the tarn", "Ada, nine, and me sat on the stairs".
func (x *text) pairWent(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < x.verbAt[c]; k++ {
		n, w := x.word(k), x.word(k+1)
		mine := w == "i" || w == "me" || w == "myself"
		switch {
		case n == "and" && mine && x.verbAt[c] <= k+3:
			return x.childBefore(k, c) && x.apartDeed(x.verbAt[c], p.b)
		case (n == "i" || n == "me") && w == "and" && x.oneYoung(k+2, span{k, x.verbAt[c]}):
			return x.apartDeed(x.verbAt[c], p.b)
		}
	}
	return false
}

// childBefore reports that one child and nobody else is named in the sentence before the "and I" at token k, with no verb between.
func (x *text) childBefore(k, c int) bool {
	a := x.parts[c].a
	for d := c - 1; d >= 0 && x.parts[d].sentence == x.parts[c].sentence && x.verbAt[d] < 0; d-- {
		a = x.parts[d].a
	}
	s := span{max(a, k-8), k}
	return len(x.namedHere(s)) == 1 && !x.grownIn(s.a, s.b) && !x.ofSeveral(s)
}

// weWent reads what "we" did where the child is the one of whom the text has just spoken: "Ada is nine. We went for a walk to the bridge."
func (x *text) weWent(c int) bool {
	p := x.parts[c].span
	if x.word(x.verbAt[c]-1) != "we" && x.word(x.verbAt[c]-2) != "we" && !(x.word(p.a) == "and" && c > 0 && x.parts[c-1].sentence == x.parts[c].sentence && x.contains(x.parts[c-1].span, "we")) {
		return false
	}
	v := x.verbAt[c]
	base := x.lex.verb[x.word(v)]
	for k := v + 1; k < p.b; k++ {
		n := x.word(k)
		if base == "go" && ownGround[n] || base == "sit" && (n == "garden" || n == "yard" || n == "outside") && x.turnAt(c) < 0 {
			return false // "we went up to her bedroom", "we sat outside": whoever was there
		}
	}
	return x.apartDeed(v, p.b) && x.withOne(c) >= 0 && !x.accompanied() && !x.grownJustBefore(c)
}

// grownJustBefore reports an adult in the sentence before that of clause c, who may be one of "us": "Nan came up too. We sat on her bed."
func (x *text) grownJustBefore(c int) bool {
	n := x.parts[c].sentence - 1
	if n < 0 {
		return false
	}
	for k := x.sents[n].a; k < x.sents[n].b; k++ {
		if x.grownAt(k) && !x.toldAt(k) && !x.awayBehind(k) && !pronoun(x.tokens[k].norm) {
			return true
		}
	}
	return false
}

// wentWith reads what the worker did "with" one child where others are not, "I sat with Ada on the back step", and "I walked Ada to the bus".
func (x *text) wentWith(c int) bool {
	v, p := x.verbAt[c], x.parts[c].span
	if x.denies(c) || x.pairAt(p, "with", "me") {
		return false
	}
	if x.lex.verb[x.word(v)] == "walk" && x.oneYoung(v+1, p) && x.word(v+2) == "to" {
		return x.word(v+3) != "her" && x.word(v+3) != "his"
	}
	if !x.apartDeed(v, p.b) {
		return false
	}
	for k := v + 1; k < p.b; k++ {
		if x.word(k) == "with" && x.oneYoung(k+1, span{k + 1, p.b}) {
			return true
		}
	}
	return false
}

// apartDeed reports, from the verb at token v, that two went or sat where others are not: "went for a walk", "sat on the stairs", "walked round the block".
func (x *text) apartDeed(v, b int) bool {
	base := x.lex.verb[x.word(v)]
	if (base == "be" || base == "go") && x.lex.verb[x.word(v+1)] == "walk" { // "we were walking round the block"
		v, base = v+1, "walk"
	}
	if base == "have" {
		for k := v + 1; k < b && k < v+5; k++ {
			if treats[x.word(k)] {
				return x.word(k) != "drive" && x.word(k) != "hot" || x.word(k-1) == "a"
			}
		}
		return false
	}
	if !pairVerbs[base] {
		return false
	}
	for k := v + 1; k < b; k++ {
		n := x.word(k)
		switch {
		case n == "back" && !apartOnes[x.word(k+1)] && !outings[x.word(k+1)] || n == "home" || n == "through" && x.word(k+1) == "the" || n == "over":
			return false // "we walked back to the house", "went through the form"
		case base == "sit":
			if apartOnes[n] || outings[n] && n != "car" || n == "outside" || n == "car" && x.word(k-1) == "my" {
				return true
			}
		case n == "car" && x.word(k-1) != "my":
			return false // a worker who leaves goes to the car
		case n == "round" && x.word(k+1) == "the", n == "for" && (x.word(k+1) == "chips" || treats[x.word(k+2)]), outings[n], apartOnes[n], n == "out" || n == "outside" || n == "upstairs":
			return true
		case x.elsewhereAt(k, b) && !awayPlaces[n]:
			return true
		case n == "and" && x.word(k+1) == "sat":
			return true
		}
	}
	return false
}

// inMyCar reads a child that sat, or talked, in the worker's car: "she came and sat in my car", "he asked to talk in my car so we did".
func (x *text) inMyCar(c int) bool {
	p := x.parts[c].span
	if x.negatedBefore(p.a, p.b) || x.future(p) || x.overheardClause(c) || !x.subjectYoung(c) && !x.contains(p, "we") && x.onlyChild(p) < 0 {
		return false
	}
	for k := p.a; k+2 < p.b; k++ {
		if x.word(k) != "in" || x.word(k+1) != "my" || x.word(k+2) != "car" {
			continue
		}
		for i := p.a; i < k; i++ {
			if b := x.lex.verb[x.word(i)]; b == "sit" || b == "talk" || b == "chat" || b == "speak" || b == "meet" {
				return x.withOne(c) >= 0 && !x.accompanied()
			}
		}
	}
	return false
}

// withOne is the child with whom the worker is in clause c: the one it names, the one whose turn it is, or the only one of whom the text last spoke; -1 for none.
func (x *text) withOne(c int) int {
	w := x.onlyChild(x.parts[c].span)
	if w == -1 {
		w = x.turnAt(c)
	}
	if w == -1 {
		w = x.lastChild(c)
	}
	if w >= 0 && x.people[w].presence == kerbside.Absent {
		return -1
	}
	return w
}

// lastChild is the child of whom the text last spoke before clause c, within two sentences and with no adult and no other child between; -1 without.
func (x *text) lastChild(c int) int {
	s, found := x.parts[c].sentence, -1
	for n := s; n >= 0 && n >= s-2; n-- {
		for k := min(x.sents[n].b, x.parts[c].a) - 1; k >= x.sents[n].a; k-- {
			w := x.who[k]
			if w < 0 || possessives[x.tokens[k].norm] || x.tokens[k].poss && !x.people[w].isChild(x) {
				continue
			}
			if !x.people[w].isChild(x) || found >= 0 && found != w {
				return -1
			}
			found = w
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}

// accompanied reports that somebody of the worker's own side came along, so that "we" are more than the worker and a child: "joint visit with PC Shaw".
func (x *text) accompanied() bool {
	if x.jointly == 0 {
		x.jointly = -1
		for i := 0; i+1 < len(x.tokens); i++ {
			n, w := x.word(i), x.word(i+1)
			if n == "jointly" || n == "joint" && w != "account" && w != "custody" || n == "my" && (w == "colleague" || w == "student" || w == "manager") && (x.word(i-1) == "with" || x.word(i-1) == "and") {
				x.jointly = 1
			}
		}
		for i := range x.people {
			if p := &x.people[i]; p.presence == kerbside.Present && (p.roleName == "police officer" || p.roleName == "social worker") {
				x.jointly = 1
			}
		}
	}
	return x.jointly > 0
}

// awayFragment reads words without a verb by which an adult was elsewhere while the worker was with a child: "I played cards with him on the patio, the others
// indoors", "she kicked a ball with me, mum inside".
func (x *text) awayFragment(c int) bool {
	part := &x.parts[c]
	if x.verbAt[c] >= 0 || part.b-part.a > 7 || x.overheardClause(c) || x.toldAt(part.a) || x.denies(c) || x.farAway || x.disclaimed(c) {
		return false
	}
	k, ok := x.grownWithin(part.a+b2i(x.word(part.a) == "with"), part.b)
	if !ok || !x.elsewhereAt(k+1, part.b) {
		return false
	}
	s := x.sents[part.sentence]
	for i := s.a; i < s.b; i++ {
		if x.grownAt(i) && (i < part.a || i >= part.b) && !x.toldAt(i) && !x.awayBehind(i) {
			return false
		}
	}
	for _, d := range []int{c - 1, c - 2, c + 1} {
		if d < 0 || d >= len(x.parts) || x.parts[d].sentence != part.sentence || x.overheardClause(d) || x.denies(d) || x.future(x.parts[d].span) || x.otherTime(d) {
			continue
		}
		if x.verbAt[d] >= 0 && (x.meets(d) && (x.child(d) || x.worker[d] && x.withOne(d) >= 0) || x.subjectYoung(d) && x.pairAt(x.parts[d].span, "with", "me")) {
			return true
		}
	}
	return false
}

// leftAlone is the child that goes on to tell things after clause c has said that an adult went, or stayed, elsewhere, with no other adult about: "Maureen stayed
// downstairs. He showed me …", "Gran went to the shops to give us space. She said …"; -1 without one.
func (x *text) leftAlone(c int) int {
	p := x.parts[c].span
	if x.verbAt[c] < 0 || !x.subjectGrown(c) || x.subjectYoung(c) || x.worker[c] || x.farAway {
		return -1
	}
	apart := x.waitedApart(c)
	if !apart && !x.wentAway(c) && !x.gaveSpace(p) {
		return -1
	}
	if x.overheardClause(c) || x.denies(c) || x.otherOccasion(c) || x.otherTime(c) || x.future(p) || x.timeOf(p) != kerbside.Current || x.watched() || x.cameBack(c) {
		return -1
	}
	if !x.madeRoom(c) && (!apart || x.othersAbout(x.subject[c])) {
		return -1
	}
	return x.nextTells(c)
}

// waitedApart reads an adult who kept out of the room where the worker was: "waited in the car", "stayed downstairs with her jigsaw", "sat outside".
func (x *text) waitedApart(c int) bool {
	v, p := x.verbAt[c], x.parts[c].span
	switch x.lex.verb[x.word(v)] {
	case "stay", "wait", "sit", "remain":
	default:
		return false
	}
	for k := v; k < x.sents[x.parts[c].sentence].b; k++ {
		switch x.word(k) {
		case "until", "till", "then", "joined", "listening", "watching", "hearing":
			return false
		case "earshot":
			return x.word(k-1) == "of"
		}
	}
	for k := p.a; k < p.b; k++ {
		switch x.word(k) {
		case "me", "us", "night", "nights", "day", "days", "week", "weeks", "weekend", "last", "always", "usually", "sometimes", "mostly", "first":
			return false
		}
	}
	k := v + 1
	if x.word(k) == "put" || x.word(k) == "well" {
		k++
	}
	switch n := x.word(k); n {
	case "outside", "upstairs", "downstairs", "indoors", "inside":
		return true
	case "in", "at", "on":
		return x.elsewhereAt(k, p.b)
	}
	return false
}

// madeRoom reports that the adult of clause c went for the child's sake: "to give us space", "so we could talk", "so that was our chance", "lent me her office".
func (x *text) madeRoom(c int) bool {
	s := x.sents[x.parts[c].sentence]
	if x.gaveSpace(x.parts[c].span) {
		return true
	}
	if c > 0 && x.parts[c-1].sentence == x.parts[c].sentence && x.worker[c-1] && x.contains(x.parts[c-1].span, "asked") && (x.contains(x.parts[c-1].span, "us") || x.contains(x.parts[c-1].span, "we")) {
		return x.wentAway(c)
	}
	if !x.wentAway(c) {
		return false
	}
	for k := x.verbAt[c]; k+2 < s.b; k++ {
		n := x.word(k)
		if n == "to" && x.word(k+1) == "give" && x.word(k+2) == "us" {
			return true
		}
		if n != "so" {
			continue
		}
		if x.word(k+1) == "that" {
			k++
		}
		for i := k + 1; i < s.b && i < k+6; i++ {
			if x.word(i) == "chance" || x.word(i) == "could" && talkVerbs[x.lex.verb[x.word(i+1)]] {
				return true
			}
		}
	}
	return false
}

// othersAbout reports an adult who was there besides those given and an interpreter.
func (x *text) othersAbout(but []int) bool {
	for i := range x.people {
		p := &x.people[i]
		if p.presence == kerbside.Present && !p.isChild(x) && p.roleName != "interpreter" && x.ids[i] != "" && !has(but, i) {
			return true
		}
	}
	return false
}

// nextTells is the child that speaks next behind clause c, within three sentences and before any adult does; -1 without, or when other children are there too.
func (x *text) nextTells(c int) int {
	for k := c + 1; k < len(x.parts) && x.parts[k].sentence <= x.parts[c].sentence+3; k++ {
		if x.cameBack(k) {
			return -1
		}
		if v := x.verbAt[k]; v < 0 || !x.parts[k].finite || !x.spokenTo(k) {
			if v >= 0 && x.subjectGrown(k) && !x.sameSubject(c, k) {
				return -1
			}
			continue
		}
		if len(x.subject[k]) != 1 || !x.people[x.subject[k][0]].isChild(x) {
			return -1
		}
		w := x.subject[k][0]
		for i := range x.people {
			if p := &x.people[i]; i != w && p.isChild(x) && p.presence == kerbside.Present && x.ids[i] != "" {
				return -1
			}
		}
		return w
	}
	return -1
}

// spokenTo reports a clause whose subject tells something or shows it to the worker.
func (x *text) spokenTo(k int) bool {
	v := x.verbAt[k]
	return x.lex.speech[x.word(v)] != "" || (x.lex.verb[x.word(v)] == "show" || x.lex.verb[x.word(v)] == "talk") && !x.worker[k]
}

// sameSubject reports that two clauses have one subject.
func (x *text) sameSubject(c, k int) bool {
	return len(x.subject[c]) > 0 && len(x.subject[k]) > 0 && x.subject[c][0] == x.subject[k][0]
}
