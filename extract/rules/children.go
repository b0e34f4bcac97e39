package rules

import "kerbside"

// answers are what the text says for one child, or for "the children" together.
type answers struct {
	seen, alone, bedroom kerbside.Fact
	reason               string
}

// seenSurely is how likely a child's presence must be, on the model's word alone, for the child to have been seen.
const seenSurely = 0.9

// childFacts reads for each child whether it was seen, seen alone, and its bedroom seen.
func (x *text) childFacts() {
	var children []int
	for i := range x.people {
		if p := &x.people[i]; p.isChild(x) && x.ids[i] != "" && !x.unborn(p) && !x.elsewhere(p) {
			children = append(children, i)
		}
	}
	all := map[int]*answers{}
	for _, w := range children {
		all[w] = &answers{}
	}
	everyone := &answers{}
	for c := range x.parts {
		x.aloneIn(c, children, all, everyone)
		if x.overheardClause(c) {
			if x.askedToSee(c) {
				x.bedroomIn(c, children, all, everyone)
			}
			x.roomSelfAsked(c, children, all, everyone)
			continue
		}
		x.bedsIn(c, children, all)
		x.nobodySeen(c, children, all)
		x.notUpstairs(c, children, all)
		x.bedroomIn(c, children, all, everyone)
		x.looksBehind(c, children, all, everyone)
		x.seenIn(c, children, all, everyone)
		x.seenWithUs(c, children, all)
	}
	x.readFacts(children, all, everyone)
	hidden := x.keptOutOfSight()
	for _, w := range children {
		a := all[w]
		p := &x.people[w]
		if a.seen.Value == "" && p.presence == kerbside.Present && p.presSpan.b > 0 && !x.farAway && !x.preBirth() && (!x.shut || p.ruled && !p.heard) && !x.onlyAsleep(p) && !(p.heard && x.onTheLine(p)) && !(hidden[w] && !x.inSight(p)) && !p.guessed && !x.onlyVisited(p) && (p.ruled || p.sure >= seenSurely && !x.shut && !x.farAway && !x.notThen(p.presSpan)) {
			a.seen = x.fact(found{p.presSpan, kerbside.Yes})
		}
		if a.seen.Value == "" && p.presence == kerbside.Absent && p.presSpan.b > 0 {
			a.seen = x.fact(found{p.presSpan, kerbside.No})
		}
		if v := x.record.Visit.Outcome; a.seen.Value == "" && v.Value == kerbside.OutcomeNoAccess {
			a.seen = kerbside.Fact{Value: kerbside.No, Evidence: v.Evidence}
		}
		if a.seen.Value == "" && x.farAway && !(p.ruled && !p.heard && x.workerWith(p.presSpan)) {
			a.seen = x.onlyHeard()
		}
		if x.shut && a.seen.Value == kerbside.No && a.bedroom.Value == kerbside.Yes {
			a.bedroom = kerbside.Fact{} // what was seen from outside is no room
		}
		if a.bedroom.Value == kerbside.Yes && x.farAway {
			a.bedroom = kerbside.Fact{} // a room on a screen was not visited
		}
		if a.alone.Value == kerbside.Yes && x.farAway {
			a.alone = kerbside.Fact{} // who was heard, or seen on a screen, was not seen alone
		}
		if a.alone.Value == kerbside.Yes && a.seen.Value == kerbside.No && a.seen.Evidence[0].Source == a.alone.Evidence[0].Source && a.seen.Evidence[0].StartChar > a.alone.Evidence[0].StartChar {
			a.alone = kerbside.Fact{} // who the worker says was not seen was not seen alone
		}
		if a.alone.Value == kerbside.Yes && a.seen.Value != kerbside.Yes {
			a.seen = kerbside.Fact{Value: kerbside.Yes, Evidence: a.alone.Evidence}
		}
		if a.alone.Value != kerbside.No {
			a.reason = ""
		}
		if a.seen.Value == kerbside.Yes && p.presence == kerbside.Absent {
			x.putPresence(w, kerbside.Present, a.seen.Evidence)
		}
		x.record.Children = append(x.record.Children, kerbside.ChildFacts{
			Person: x.ids[w], ChildSeen: orNotStated(a.seen), BedroomSeen: orNotStated(a.bedroom),
			SeenAlone: kerbside.ReasonedFact{Value: orNotStated(a.alone).Value, Reason: a.reason, Evidence: a.alone.Evidence},
		})
	}
	unseen := len(children) > 0
	for _, w := range children {
		unseen = unseen && all[w].seen.Value == kerbside.No
	}
	if everyone.alone.Value == kerbside.Yes && (x.farAway || unseen) {
		everyone.alone = kerbside.Fact{}
	}
	if v := x.record.Visit.Outcome; len(children) == 0 && v.Value == kerbside.OutcomeNoAccess && everyone.seen.Value == "" {
		everyone.seen = kerbside.Fact{Value: kerbside.No, Evidence: v.Evidence}
	}
	if everyone.alone.Value == kerbside.Yes && everyone.seen.Value == "" {
		everyone.seen = kerbside.Fact{Value: kerbside.Yes, Evidence: everyone.alone.Evidence}
	}
	v := &x.record.Visit
	if v.Mode.Value == kerbside.NotStated && v.Outcome.Value == kerbside.NotStated {
		for _, c := range x.record.Children {
			f := c.ChildSeen
			if c.SeenAlone.Value == kerbside.Yes && !x.farAway {
				f = kerbside.Fact{Value: kerbside.Yes, Evidence: c.SeenAlone.Evidence}
			} else if x.heardOnly(c.Person) {
				continue
			}
			if f.Value == kerbside.Yes { // seen, so it was in person
				v.Mode, v.Outcome = kerbside.Fact{Value: kerbside.ModeInPerson, Evidence: f.Evidence}, kerbside.Fact{Value: kerbside.OutcomeCompleted, Evidence: f.Evidence}
				break
			}
		}
	}
	v.ChildSeen, v.BedroomSeen = orNotStated(everyone.seen), orNotStated(everyone.bedroom)
	v.SeenAlone = kerbside.ReasonedFact{Value: orNotStated(everyone.alone).Value, Reason: everyone.reason, Evidence: everyone.alone.Evidence}
}

// onlyVisited reports somebody of whom no more is known than that the visit was to see him or her, "Visit to Ada and her brother Ben": neither is spoken of again, alone or
// together. That is no word of having been seen.
func (x *text) onlyVisited(p *person) bool {
	c := x.partAt(p.presSpan.a)
	if c < 0 || x.parts[c].sentence > 1 || x.verbAt[c] >= 0 || x.worker[c] {
		return false
	}
	s := x.sents[x.parts[c].sentence]
	if !x.contains(s, "visit") || x.contains(s, "seen") || x.contains(s, "present") {
		return false
	}
	x.noteLast()
	return p.last < s.b && x.lastTogether < s.b
}

// noteLast notes where each is last spoken of in words about the day, and where people are together.
func (x *text) noteLast() {
	if x.lastTogether != 0 {
		return
	}
	x.lastTogether = -1
	for i := range x.tokens {
		w, together := x.who[i], false
		switch x.word(i) {
		case "they", "them", "both", "twins", "each", "all", "their":
			together = true
		}
		if w < 0 && !together || !x.ofTheDay(i) {
			continue
		}
		if w >= 0 {
			x.people[w].last = i
		}
		if together {
			x.lastTogether = i
		}
	}
}

// ofTheDay reports that what is said around token i can be what the worker met with on the visit: not what a grown person tells, not another time, not how things are by
// custom.
func (x *text) ofTheDay(i int) bool {
	c := x.partAt(i)
	if c < 0 {
		return true
	}
	for _, f := range x.framesAt(i) {
		if f.kind != kerbside.ChildSaid && f.kind != kerbside.WorkerOpinion && f.content.a <= i && i < f.content.b {
			return false
		}
	}
	p := x.parts[c].span
	if x.otherTime(c) || x.elsewhen(c) || x.future(p) || x.asARule(p) {
		return false
	}
	v := x.verbAt[c]
	return v < 0 || !customary[x.word(v)] && !x.pairAt(p, "home", "alone")
}

// customary are verbs of how somebody lives.
var customary = setOf("sleeps goes attends lives stays walks must") // "must be seen at each visit"

// workerWith reports words for the worker's own company with somebody, whoever else was on the screen: "so I sat in with Rokas".
func (x *text) workerWith(s span) bool {
	c := x.partAt(s.a)
	return c >= 0 && x.worker[c] && x.contains(s, "with")
}

// onlyHeard is the answer for whom nobody says that the worker saw, where the contact was a call: not seen.
func (x *text) onlyHeard() kerbside.Fact {
	if m := x.record.Visit.Mode; m.Value == kerbside.ModePhone || m.Value == kerbside.ModeVideo {
		return kerbside.Fact{Value: kerbside.No, Evidence: m.Evidence}
	}
	return kerbside.Fact{}
}

// putPresence puts down anew whether somebody was there, with what tells it.
func (x *text) putPresence(w int, value string, evidence kerbside.List[kerbside.Evidence]) {
	x.people[w].presence = value
	for i := range x.record.Attendees {
		if a := &x.record.Attendees[i]; a.ID == x.ids[w] {
			a.Presence = value
			a.Evidence = append(a.Evidence, evidence...)
		}
	}
}

// youngNouns are words for the children of the visit, whoever they are.
var youngNouns = setOf("child children kids")

// notSeen puts down that "the child", or "the children", were not seen.
func (x *text) notSeen(s span, noun string, children []int, all map[int]*answers, everyone *answers) {
	targets := children
	if noun == "child" && len(children) > 1 {
		targets = x.absentChildren(children)
	}
	x.madeAbsent(targets, s)
	no := x.fact(found{x.trim(s), kerbside.No})
	if len(children) == 0 {
		set(&everyone.seen, no)
	}
	for _, w := range targets {
		set(&all[w].seen, no)
	}
}

// anyOf reports "any of the three", "either of them" at token i.
func (x *text) anyOf(i int) bool {
	if n := x.word(i); n != "any" && n != "either" || x.word(i+1) != "of" {
		return false
	}
	k := i + 2
	if x.word(k) == "the" || x.word(k) == "her" || x.word(k) == "his" || x.word(k) == "their" {
		k++
	}
	return k < len(x.tokens) && (x.word(k) == "them" || youngNouns[x.word(k)] || youngWords[x.word(k)] || isNumber(&x.tokens[k]) || x.youngAt(k))
}

// madeAbsent puts down as absent children of whom the worker says that they were not seen, but those who are said to be there in another sentence.
func (x *text) madeAbsent(list []int, where span) {
	for _, w := range list {
		p := &x.people[w]
		if p.presence != kerbside.Present || p.ruled && x.partAt(p.presSpan.a) >= 0 && x.parts[x.partAt(p.presSpan.a)].sentence != x.parts[x.partAt(where.a)].sentence {
			continue
		}
		x.putPresence(w, kerbside.Absent, x.proof(where.a, where.b))
	}
}

// heardOnly reports somebody who is taken for present on his or her words alone.
func (x *text) heardOnly(id kerbside.PersonID) bool {
	for i := range x.people {
		if x.ids[i] == id {
			return x.people[i].heard
		}
	}
	return true
}

func orNotStated(f kerbside.Fact) kerbside.Fact {
	if f.Value == "" {
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	return f
}

// unborn reports a baby that is still to come.
func (x *text) unborn(p *person) bool {
	if p.roleName != "baby" || p.name != "" && !x.calledUnborn(p) {
		return false
	}
	return x.expecting
}

// calledUnborn reports a baby that has a name already: "unborn baby Kowalski", "the unborn, Baby Reid".
func (x *text) calledUnborn(p *person) bool {
	for _, m := range p.mentions {
		for k := m.a; k >= 0 && k > m.a-4; k-- {
			if x.word(k) == "unborn" {
				return true
			}
		}
	}
	return false
}

// elsewhere reports a child of another family, a friend's, a neighbour's, and one that is grown.
func (x *text) elsewhere(p *person) bool {
	if p.adult && x.livesAway(p) {
		return true // "their son Joost lives ten minutes away"
	}
	if p.adult && (p.roleName == "daughter" || p.roleName == "son") && p.age == "" {
		return true // "when her daughter Simone was small"
	}
	if p.owner < 0 {
		return false
	}
	switch x.people[p.owner].kind(x) {
	case roleOther:
		return true
	case roleFamily, roleChild:
		return false
	}
	if p.roleName != "son" && p.roleName != "daughter" {
		return false
	}
	for i := range x.people { // the carer's own, when the visit is to another child
		if q := &x.people[i]; q != p && q.isChild(x) && q.owner < 0 && len(q.mentions) > 0 && len(p.mentions) > 0 && q.mentions[0].a < p.mentions[0].a {
			return true
		}
	}
	return false
}

// onlyAsleep reports a child that is only known to have been asleep, or in bed, as opposed to one that was asleep where the worker was.
func (x *text) onlyAsleep(p *person) bool {
	if !x.contains(p.presSpan, "asleep") && !x.contains(p.presSpan, "sleeping") && !x.contains(p.presSpan, "napping") && !x.contains(p.presSpan, "bed") {
		return false
	}
	for _, w := range sleepsInSight {
		if x.contains(p.presSpan, w) {
			return false
		}
	}
	return true
}

var sleepsInSight = []string{"saw", "seen", "sofa", "settee", "couch", "lap", "knee", "shoulder", "arms", "floor", "rug", "chair", "beanbag", "bouncer", "pram", "buggy", "pushchair", "basket", "playpen"}

// overheardClause reports a clause that says nothing of what the worker did: somebody else's words, plans, and suppositions.
func (x *text) overheardClause(c int) bool {
	return x.reported(c) || x.supposed(c) || x.question(c)
}

var refusals = setOf("not no never refused declined without unable nor failed didn't neither")

// otherTime reports a clause about another day than the visit's, or about what might be or should have been: "next time I will …", "last visit I saw …",
// "I should have seen …".
func (x *text) otherTime(c int) bool {
	part := &x.parts[c]
	for i := x.sents[part.sentence].a; i < part.b; i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		next := ""
		if i+1 < len(x.tokens) {
			next = x.tokens[i+1].norm
		}
		inside := i >= part.a
		switch n := t.norm; {
		case n == "last" && i+2 < len(x.tokens) && isNumber(&x.tokens[i+1]) && (x.word(i+2) == "visits" || x.word(i+2) == "day" && x.word(i+3) == "visits" || x.word(i+2) == "times"):
			return true // "the last three visits"
		case n == "next" && (next == "time" || next == "visit" || next == "week"), n == "last" && (next == "visit" || next == "time" || next == "saw" || next == "week" || next == "month"), n == "previous" && next == "visit":
			return true
		case inside && (n == "should" || n == "might" || n == "could" && next != "not" && (next == "see" || next == "look" || next == "speak" || next == "talk") && !x.pastReach(i) || (n == "would" || n == "'d") && next == "have" || n == "offered" || n == "hope" || n == "hoping" || n == "wish"):
			return true
		}
	}
	return false
}

// pastReach reports "so that I could talk to her", which was done.
func (x *text) pastReach(i int) bool {
	for k := i - 1; k >= 0 && k > i-5; k-- {
		if n := x.tokens[k].norm; n == "so" || n == "that" {
			return true
		}
	}
	return false
}

// set gives a fact; a "yes" replaces a "no", and nothing replaces a "yes".
func set(to *kerbside.Fact, f kerbside.Fact) {
	if to.Value == "" || to.Value == kerbside.No && f.Value == kerbside.Yes {
		*to = f
	}
}

// answeredByNo reports a heading that is answered with no: "Seen alone: no."
func (x *text) answeredByNo(b int) bool {
	return b+1 < len(x.tokens) && (x.tokens[b].norm == ":" || x.tokens[b].norm == "-") && (x.tokens[b+1].norm == "no" || x.tokens[b+1].norm == "not" || x.tokens[b+1].norm == "declined" || x.tokens[b+1].norm == "refused" || x.tokens[b+1].norm == "none" || x.tokens[b+1].norm == "didn")
}

// noBehind reports a "no" right behind what lacks marks of its own.
func (x *text) noBehind(b int) bool {
	if b < len(x.tokens) && x.tokens[b].mark {
		b++
	}
	if w := x.word(b + 1); x.word(b) == "no" && w != "" && !subjectPronouns[w] && !connectors[w] && !finiteAux[w] && !adverbs[w] && x.whoAt(b+1) < 0 && w != "not" && w != "next" && w != "again" && w != "time" {
		return false // "both bedrooms seen no concerns there", but "bedroom no next time"
	}
	return x.word(b) == "no" || x.word(b) == "not" && x.word(b+1) != "that"
}

// childrenHere lists the children named or meant in a clause, its subject among them.
func (x *text) childrenHere(c int) []int {
	out := x.namedHere(x.parts[c].span)
	for _, w := range x.subject[c] {
		if x.people[w].isChild(x) && !has(out, w) {
			out = append(out, w)
		}
	}
	if len(out) == 0 && x.contains(x.parts[c].span, "children") {
		return x.ownChildren()
	}
	return out
}

// childSpeaks reports that the sentence of a fragment goes on with what a child told the worker.
func (x *text) childSpeaks(c int) bool {
	for k := c + 1; k < len(x.parts) && k < c+3 && x.parts[k].sentence == x.parts[c].sentence; k++ {
		for n := range x.frames {
			if f := &x.frames[n]; f.clause == k && f.kind == kerbside.ChildSaid && f.verb != "think" && !x.nestedIn(f) {
				return true
			}
		}
	}
	return false
}

// reason are the words that say why a child was not seen alone: a clause that follows and gives a cause ("because mum stayed in the room", "the timing wasn't
// right"), or clause c itself where it says who would not have it ("mum wouldn't let me talk to her alone").
func (x *text) reason(c int) (span, bool) {
	s := x.parts[c].sentence
	for k := c + 1; k < len(x.parts) && k <= c+2 && x.parts[k].sentence == s; k++ {
		if p := x.parts[k]; causes[p.joint] || causes[x.word(p.a)] || x.hinders(k) {
			return x.trim(p.span), true
		}
	}
	for i := x.parts[c].a; i < x.parts[c].b; i++ {
		if causes[x.word(i)] && x.hasFinite(i+1, x.parts[c].b) {
			return x.trim(span{i, x.parts[c].b}), true
		}
	}
	if x.hinders(c) && !x.worker[c] {
		return x.trim(x.parts[c].span), true
	}
	if k := c + 1; k < len(x.parts) && x.parts[k].sentence == s+1 && x.hinders(k) && !x.worker[k] {
		return x.trim(x.parts[k].span), true
	}
	return span{}, false
}

var (
	causes  = setOf("because cos as since due")
	hinders = setOf("let allow leave want agree settle")
	stays   = setOf("throughout stayed insisted refused hovered asleep sleeping clingy clung shy unwell poorly timing rush rushed crying private")
)

// hinders reports a clause that says who or what stood in the way of seeing a child alone.
func (x *text) hinders(c int) bool {
	p := x.parts[c].span
	for i := p.a; i < p.b; i++ {
		n := x.word(i)
		if stays[n] || hinders[n] && x.negatedBefore(max(p.a, i-4), i) {
			return true
		}
	}
	return false
}

// ofStranger reports that a clause is about somebody named who is not known to be a child of the family, and names no child: what it says is not theirs.
func (x *text) ofStranger(c int, children []int) bool {
	p := x.parts[c].span
	if x.metUnknown(p) {
		return true
	}
	if len(x.namedChildren(p, children)) > 0 {
		return false
	}
	for i := p.a; i < p.b; i++ {
		if w := x.who[i]; w >= 0 && x.tokens[i].norm != "i" && !pronoun(x.tokens[i].norm) && !possessives[x.tokens[i].norm] {
			if q := &x.people[w]; !has(children, w) && q.name != "" && (q.role < 0 || q.kind(x) == roleOther || q.isChild(x) || minorKin[q.roleName]) && !q.adult && q.title() == "" {
				return true
			}
		}
	}
	return false
}

// metUnknown reports, in a text without capitals, that whom the worker saw is called by a word that is no other: "i spoke to jo on her own".
func (x *text) metUnknown(p span) bool {
	if x.caps {
		return false
	}
	for k := p.a; k+1 < p.b; k++ {
		n, at := x.word(k), k+1
		if (n == "spoke" || n == "talked" || n == "word" || n == "chat") && (x.word(k+1) == "to" || x.word(k+1) == "with") {
			at = k + 2
		} else if n != "saw" && n != "met" {
			continue
		}
		if w := x.word(at); w != "" && at < p.b && x.who[at] < 0 && !x.lex.known(w) && !youngWords[w] && !isNumber(&x.tokens[at]) && w != "him" && w != "her" && w != "them" && w != "me" && w != "us" {
			return true
		}
	}
	return false
}

// minorKin are relatives who may be children themselves.
var minorKin = setOf("cousin brother sister half-brother half-sister step-brother step-sister friend")

// childrenIn lists the children a clause speaks of: those named or meant in it, else all when it says "both" or "the children".
func (x *text) childrenIn(c int, children []int) []int {
	part := &x.parts[c]
	var out []int
	for i := part.a; i < part.b; i++ {
		if w := x.who[i]; w >= 0 && has(children, w) && !has(out, w) {
			out = append(out, w)
		}
	}
	if len(out) > 0 {
		return out
	}
	for i := part.a; i < part.b; i++ {
		switch x.tokens[i].norm {
		case "children", "both", "them", "their", "kids", "twins", "girls", "boys", "siblings", "each", "all", "three", "two", "they":
			if x.word(i+1) == "of" && (x.word(i+2) == "us" || x.word(i+2) == "you") || x.word(i-1) == "us" || x.word(i-1) == "we" {
				continue // "the two of us", "just us two"
			}
			return children
		}
	}
	for _, w := range x.subject[c] {
		if has(children, w) {
			return []int{w}
		}
	}
	if len(children) == 1 {
		return children
	}
	for back := c - 1; back >= 0 && back >= c-4; back-- { // the one last spoken of
		for i := x.parts[back].b - 1; i >= x.parts[back].a; i-- {
			if w := x.who[i]; w >= 0 && has(children, w) {
				return []int{w}
			}
		}
	}
	return nil
}

var (
	roomDetails = setOf("fine okay ok good decent lovely alright pink blue bright dark spotless immaculate freezing cold smelly dirty filthy carpeted painted pretty beautiful cramped crowded dry seen checked viewed sheet sheets pillow pillows made light bulb stained chaotic homely cheerful grubby adequate appropriate suitable nothing basic tidy clean warm messy untidy bare cold bedding bed duvet decorated toys posters curtains damp mould nice cluttered bright cosy new own broken window carpet mattress small share")
)

// bedsIn takes a child's bed that the worker saw for its bedroom: "He has his own bed now, I saw it", "beds all made, I went up and checked".
func (x *text) bedsIn(c int, children []int, all map[int]*answers) {
	part := &x.parts[c]
	bed := false
	for i := part.a; i < part.b; i++ {
		n := x.tokens[i].norm
		bed = bed || (n == "rooms" || n == "bedrooms") && x.word(i-1) == "own" || n == "beds" || n == "cot" || n == "basket" || n == "bed" && i > part.a && (x.tokens[i-1].norm == "own" || x.tokens[i-1].norm == "new" || x.tokens[i-1].norm == "bunk" || x.tokens[i-1].poss)
	}
	if !bed {
		return
	}
	for k := c; k < len(x.parts) && x.parts[k].sentence == part.sentence && k < c+4; k++ {
		p := x.parts[k]
		v := x.verbAt[k]
		if k == c && v >= 0 && len(x.childrenHere(c)) > 0 && !x.overheardClause(c) && x.contains(p.span, "me") && (x.contains(p.span, "showed") || x.contains(p.span, "up")) {
			for _, w := range x.childrenIn(c, children) {
				set(&all[w].bedroom, x.fact(found{p.span, kerbside.Yes}))
			}
			return
		}
		if !x.worker[k] || v < 0 || x.overheardClause(k) || x.negatedBefore(p.a, p.b) || x.future(p.span) {
			continue
		}
		looked := x.contains(p.span, "look") && x.contains(p.span, "went") || x.contains(p.span, "saw") && (x.contains(p.span, "it") && !x.contains(part.span, "rooms") || x.contains(p.span, "them") && !x.contains(part.span, "rooms") || x.word(v+1) == "both") || x.contains(p.span, "up") && x.contains(p.span, "went")
		if !looked {
			continue
		}
		targets := x.childrenIn(c, children)
		if len(targets) == 0 || x.contains(part.span, "beds") {
			targets = children
		}
		for _, w := range targets {
			set(&all[w].bedroom, x.fact(found{span{part.a, p.b}, kerbside.Yes}))
		}
		return
	}
}

// nobodySeen reads "nobody has been seen", "none of the children was seen".
func (x *text) nobodySeen(c int, children []int, all map[int]*answers) {
	p := x.parts[c]
	first := x.tokens[p.a].norm
	for k := p.a; k < p.b && k < p.a+6; k++ {
		if n := x.tokens[k].norm; n == "nobody" || n == "none" || n == "neither" {
			first = n
		} else if n == "seen" && (first != "nobody" && first != "none" && first != "neither" || x.hasDone(p.a, k)) {
			return // "has seen none", "neither has seen a mark"
		}
	}
	if first != "nobody" && first != "none" && first != "neither" || !x.contains(p.span, "seen") || x.grownBetween(p.a, min(p.a+3, p.b)) || x.seenBy(p.span) || x.aloneClause(p.span) || roomsNamed(x, p.span) {
		return
	}
	if first == "neither" {
		if named := x.neitherOf(c, children); len(named) > 0 || len(children) > 1 {
			children = named
		}
	}
	x.madeAbsent(children, p.span)
	for _, w := range children {
		all[w].seen = x.fact(found{x.trim(p.span), kerbside.No})
	}
}

// seenBy reports "seen by the dentist": by somebody else than the worker.
func (x *text) seenBy(s span) bool {
	for i := s.a; i+2 < s.b; i++ {
		if x.word(i) == "seen" && x.word(i+1) == "by" && x.word(i+2) != "me" && x.word(i+2) != "us" {
			return true
		}
	}
	return false
}

// neitherOf lists of whom "neither" speaks: the children whom the sentence has named so far, else those who were not there.
func (x *text) neitherOf(c int, children []int) []int {
	p := x.parts[c]
	if named := x.namedChildren(span{x.sents[p.sentence].a, p.b}, children); len(named) > 1 {
		return named
	}
	if len(children) == 2 {
		return children
	}
	return x.absentChildren(children)
}

func roomsNamed(x *text, s span) bool {
	for i := s.a; i < s.b; i++ {
		if roomWords[x.tokens[i].norm] {
			return true
		}
	}
	return false
}

// namedHere lists the children named or meant in a span.
func (x *text) namedHere(s span) []int {
	var out []int
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && x.people[w].isChild(x) && !has(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// roomTopic reports a fragment that is about a room and no more: "Bedroom: warm, bed made.", "Room seen."
func (x *text) roomTopic(c int) bool {
	p := &x.parts[c]
	if !roomWords[x.tokens[p.a].norm] || p.a > 0 && !x.tokens[p.a-1].mark || p.finite {
		return false
	}
	if p.b-p.a == 2 && (x.tokens[p.a+1].norm == "seen" || x.tokens[p.a+1].norm == "viewed" || x.tokens[p.a+1].norm == "checked") {
		return true
	}
	return p.b-p.a == 1 && p.b < len(x.tokens) && x.tokens[p.b].norm == ":" && c+1 < len(x.parts) && x.parts[c+1].sentence == p.sentence && !x.negatedBefore(p.b, x.sents[p.sentence].b) && !x.contains(x.sents[p.sentence], "seen")
}

// where is the place of "where" within a few words before token i, -1 without.
func (x *text) where(a, i int) int {
	for k := i - 1; k >= a && k > i-6; k-- {
		if x.tokens[k].norm == "where" {
			return k
		}
	}
	return -1
}

func (x *text) namedChildren(s span, children []int) []int {
	var out []int
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && has(children, w) && !has(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// seenIn reads "I have still to see them", "I only really saw Ben", "was seen".
func (x *text) seenIn(c int, children []int, all map[int]*answers, everyone *answers) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		n := x.tokens[i].norm
		ends := func(k int) bool { return k >= len(x.tokens) || x.tokens[k].mark || x.restored && k >= part.b }
		if w := x.word(i + 1); n == "not" && i > part.a && x.youngBefore(i, part.a) && (w == "there" || w == "home" || w == "present" || w == "in") && ends(i+2) {
			noun := "children"
			if x.contains(span{part.a, i}, "child") {
				noun = "child"
			}
			x.notSeen(part.span, noun, children, all, everyone) // "child not there", "the kids weren't in"
			return
		}
		eyes := n == "eyes" && x.after(i) == "on" || (n == "looked" || n == "popped" || n == "peeked") && x.word(i+1) == "in" && x.word(i+2) == "on" // "I looked in on her"
		if n != "saw" && n != "seen" && n != "see" && n != "met" && !eyes {
			continue
		}
		targets := x.namedChildren(part.span, children)
		if n == "seen" && youngNouns[x.word(i-1)] && x.word(i-2) == "no" && ends(i+1) {
			x.notSeen(part.span, "children", children, all, everyone) // "so no children seen"
			return
		}
		noun := ""
		if n == "seen" && x.word(i-1) == "not" && youngNouns[x.word(i-2)] {
			noun = x.word(i - 2)
		}
		if n == "seen" && len(targets) == 0 && x.allBefore(part.a, i) && ends(i+1) && !roomsNamed(x, x.sents[part.sentence]) {
			for _, w := range children { // "so all three seen"
				if x.people[w].presence == kerbside.Present && all[w].seen.Value == "" {
					all[w].seen = x.fact(found{x.trim(part.span), kerbside.Yes})
				}
			}
			return
		}
		passive := n == "seen" && (len(targets) > 0 && !x.worker[c] && !x.hasDone(part.a, i) || len(children) == 0 && x.youngSeen(part.a, i, part.b)) || noun != ""
		if x.lastSeen(i) {
			continue // "she was last seen at the bus station"
		}
		if n == "seen" && x.word(i-1) == "been" && (x.word(i-2) == "had" || x.contains(part.span, "already")) {
			continue // "she has been seen twice already", "I was told she had been seen by police"
		}
		if w := x.word(i - 2); n == "seen" && (x.word(i-1) == "be" && (w == "must" || w == "should" || w == "to" && duties[x.word(i-3)]) || x.seenByOthers(i, part.b)) {
			continue // "must be seen alone", "was seen by the GP"
		}
		unable := n == "see" && len(x.subject[c]) == 0 && (x.word(part.a) == "could" || x.word(part.a) == "unable") // "Could not see the twins"
		if !x.worker[c] && !passive && !(n == "seen" && i == part.a) && !unable {
			continue
		}
		if x.aloneClause(part.span) && x.negatedBefore(part.a, i) || x.roomIn(span{i, part.b}) || i+1 < part.b && x.tokens[i+1].poss {
			return // "saw her bedroom", "did not see him alone" say nothing of the child's having been seen
		}
		denied := x.negatedBefore(part.a, i)
		if (n == "see") != denied && n == "see" || denied && !passive && x.seesThing(i) {
			continue
		}
		if denied {
			if x.anyOf(i + 1) {
				if targets = x.namedChildren(span{i, x.sents[part.sentence].b}, children); len(targets) == 0 {
					targets = children // "I've not seen any of the three"
				}
				x.madeAbsent(targets, part.span)
			}
			if len(children) == 0 && x.youngSeen(part.a, i, part.b) { // "I did not see the children"
				x.notSeen(part.span, "children", children, all, everyone)
				return
			}
			if len(targets) == 0 && noun != "" {
				x.notSeen(part.span, noun, children, all, everyone)
				return
			}
			if x.farAway && x.contains(span{i, part.b}, "since") && x.contains(part.span, "have") {
				if len(targets) == 0 && x.contains(part.span, "them") {
					targets = children // "I've not seen them since the nineteenth", in a note of a call
				}
				x.madeAbsent(targets, part.span)
			}
			if len(targets) == 0 && n != "seen" && x.childrenTogether(i, min(i+4, part.b)) {
				targets = x.groupAt(i, min(i+4, part.b), kerbside.Absent) // "I didn't see the boys"
				x.madeAbsent(targets, part.span)
			}
			if len(targets) == 0 && (x.contains(part.span, "them") || x.contains(part.span, "children")) {
				targets = x.absentChildren(children)
				if x.contains(part.span, "either") || x.contains(part.span, "any") {
					targets = children // "we didn't see either of them"
				}
			}
			for _, w := range targets {
				if all[w].seen.Value == "" {
					all[w].seen = x.fact(found{x.trim(part.span), kerbside.No})
				}
			}
			continue
		}
		if x.future(part.span) || x.elsewhen(c) {
			continue
		}
		if len(children) == 0 && !x.farAway && x.youngSeen(part.a, i, part.b) {
			set(&everyone.seen, x.fact(found{x.trim(part.span), kerbside.Yes}))
		}
		for _, w := range targets {
			if x.people[w].presence == kerbside.Present {
				set(&all[w].seen, x.fact(found{x.trim(part.span), kerbside.Yes}))
			}
		}
	}
}

// seenByOthers reports "seen alone by the GP" at the "seen" at token i.
func (x *text) seenByOthers(i, b int) bool {
	for k := i + 1; k < b && k < i+4; k++ {
		if n := x.word(k + 1); x.word(k) == "by" {
			return n != "me" && n != "us" && n != "himself" && n != "herself" && n != "themselves" && (n != "the" || x.roleAt(k+2))
		}
	}
	return false
}

// duties are words for what is to be done at visits.
var duties = setOf("has have needs need had is are")

// youngBefore reports "child" or "the kids were" right before token i.
func (x *text) youngBefore(i, a int) bool {
	if w := x.word(i - 1); w == "were" || w == "are" || w == "was" {
		i--
	}
	return i > a && youngNouns[x.word(i-1)] && x.word(i-2) != "other"
}

// youngSeen reports children whom nobody named behind the "saw" at token i, or before the "seen": "saw mum and all three children", "both boys seen".
func (x *text) youngSeen(a, i, b int) bool {
	young := func(from, to int) bool {
		for k := from; k < to; k++ {
			switch w := x.word(k); {
			case youngNouns[w] || youngWords[w] && w != "son" && w != "daughter":
				return !x.tokens[k].poss && x.word(k-1) != "other"
			case w == "all" || w == "both" || w == "of" || w == "and" || determiners[w] || isNumber(&x.tokens[k]) || x.who[k] >= 0 && !x.tokens[k].poss:
			default:
				return false
			}
		}
		return false
	}
	if x.word(i) != "seen" {
		return young(i+1, b)
	}
	for k := a; k < i; k++ {
		if x.word(k) == "were" || x.word(k) == "was" || x.word(k) == "are" {
			return k == i-1 && young(a, k)
		}
	}
	return young(a, i) && (i+1 >= len(x.tokens) || x.tokens[i+1].mark || x.word(i+1) == "and" || x.word(i+1) == "at" || x.word(i+1) == "alone")
}

// allBefore reports no more than "so all three" or "both" between tokens a and i.
func (x *text) allBefore(a, i int) bool {
	some := false
	for k := a; k < i; k++ {
		switch w := x.word(k); {
		case w == "all" || w == "both":
			some = true
		case w == "so" || w == "and" || w == "were" || w == "of" || w == "them" || w == "the" || youngNouns[w] || isNumber(&x.tokens[k]):
		default:
			return false
		}
	}
	return some
}

// seenWithUs reads a child who was in the worker's company: "Zain was with us the whole time".
func (x *text) seenWithUs(c int, children []int, all map[int]*answers) {
	p, v := x.parts[c].span, x.verbAt[c]
	if v < 0 || x.word(v) != "was" && x.word(v) != "were" || !x.pairAt(p, "with", "us") && !x.pairAt(p, "with", "me") || x.farAway || x.negatedBefore(p.a, p.b) || x.otherTime(c) || x.past(p) || x.elsewhen(c) {
		return
	}
	for _, w := range x.subject[c] {
		if has(children, w) && x.people[w].presence == kerbside.Present {
			set(&all[w].seen, x.fact(found{x.trim(p), kerbside.Yes}))
		}
	}
}

// hasDone reports a participle at token i of what somebody has done, as opposed to what was done: "he hasn't seen his dad", not "he hasn't been seen".
func (x *text) hasDone(a, i int) bool {
	for k := i - 1; k >= a; k-- {
		switch n := x.word(k); {
		case n == "has" || n == "have" || n == "had" || n == "'ve":
			return true
		case n == "'s" || n == "'d":
			w := x.word(i + 1)
			return x.who[min(i+1, len(x.tokens)-1)] >= 0 || possessives[w] || objectPronouns[w] || w == "them" || w == "either" || x.seesThing(i)
		case n != "not" && n != "never" && n != "also" && !adverbs[n]:
			return false
		}
	}
	return false
}

// afterHer are words behind a "her" that is nobody's thing.
var afterHer = setOf("today yet tonight yesterday this since again properly myself either alone at all")

// seesThing reports that what is seen, or not, at token i is a thing or a place and no child: "couldn't see a mark on him", "neither has seen anything", "couldn't see up
// the stairs".
func (x *text) seesThing(i int) bool {
	k := i + 1
	switch n := x.word(k); n {
	case "anything", "nothing", "anybody", "anyone", "nobody", "much", "up", "down", "into", "through", "why", "what", "how", "where", "that", "if", "whether":
		return true
	case "a", "an", "the", "any", "no":
		if x.word(k+1) == "of" {
			k++
		}
		k++
	default:
		if !possessives[n] || n == "her" && !x.nounFollows(k) {
			return false
		}
		k++
	}
	if w := x.word(k); afterHer[w] {
		return false // "I haven't seen her today"
	}
	for m := k; m < k+3 && m < len(x.tokens) && !x.tokens[m].mark && !prepositions[x.word(m)]; m++ {
		if w := x.word(m); youngNouns[w] || youngWords[w] || w == "them" || w == "ones" || w == "one" || isNumber(&x.tokens[m]) || x.who[m] >= 0 && !x.tokens[m].poss && x.people[x.who[m]].isChild(x) && !possessives[w] {
			return false
		}
	}
	return k < len(x.tokens) && !x.tokens[k].mark
}

func (x *text) roomIn(s span) bool {
	for i := s.a; i < s.b; i++ {
		if roomWords[x.tokens[i].norm] {
			return x.before(i) == "his" || x.before(i) == "her" || x.before(i) == "their" || x.before(i) == "the" || x.tokens[i].norm != "room" || x.tokens[max(s.a, i-1)].poss
		}
	}
	return false
}

func (x *text) aloneClause(s span) bool { return len(x.aloneCues(s.a, s.b)) > 0 }

func (x *text) absentChildren(children []int) []int {
	var out []int
	for _, w := range children {
		if x.people[w].presence != kerbside.Present {
			out = append(out, w)
		}
	}
	return out
}
