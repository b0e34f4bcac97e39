package rules

import (
	"strings"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// What the rules of a fact do not know is read by a model that learned from sentences of our own: who was with the child, whether its room was seen,
// whether the family knew of the visit. It reads one to three clauses of a sentence with people taken for what they are (child, adult, worker). It fills in
// only what the rules left open, says yes only when it is very sure and nothing in the words denies, plans or tells it of others.

// factAnswers are the classes of the models of facts.
var factAnswers = []string{"none", "yes", "no"}

// How sure a model of facts must be.
const (
	factYes   = 0.75
	factNo    = 0.6
	factDoubt = 0.4 // a "no" anywhere that is surer than this forbids a "yes"
)

// window is some clauses of one sentence, last included.
type window struct{ first, last int }

// longestWindow is in tokens.
const longestWindow = 34

// factWindows gives every run of one to three clauses of a sentence.
func (x *text) factWindows(f func(w window, s span)) {
	for c := range x.parts {
		for last := c; last < len(x.parts) && last < c+3 && x.parts[last].sentence == x.parts[c].sentence; last++ {
			s := span{x.parts[c].a, x.parts[last].b}
			if s.b-s.a > longestWindow && last > c {
				break
			}
			f(window{c, last}, s)
		}
	}
}

// factSymbol is what a token is to the models of facts: the people by their part, verbs by their base and whether they tell of the past.
func (x *text) factSymbol(i int) string {
	t := &x.tokens[i]
	n := t.norm
	if t.mark {
		if n == ":" {
			return ":"
		}
		return ""
	}
	switch n {
	case "a", "an", "the", "just", "so", "also":
		if n == "just" {
			return n
		}
		return ""
	case "i", "we":
		return "I"
	case "me", "us", "myself", "ourselves":
		return "me"
	case "my", "our":
		return "my"
	}
	if fillers[n] {
		return ""
	}
	w := x.who[i]
	own := possessives[n] && (n != "her" || x.nounFollows(i)) || t.poss && !x.verbalEnding(i)
	switch {
	case w >= 0 && i > 0 && x.whoAt(i-1) == w && !x.tokens[i-1].mark && !own && !x.tokens[i-1].poss:
		return "" // a further word of the same name
	case w >= 0 && own && x.people[w].isChild(x), possessives[n] && own:
		if w >= 0 && !x.people[w].isChild(x) && t.poss {
			return "A's"
		}
		return "C's"
	case w >= 0 && own:
		return "A's"
	case x.youngAt(i):
		return "C"
	case x.grownAt(i):
		return "A"
	case pronounGenders[n] != "" && w < 0, n == "they":
		return "C"
	}
	if isNumber(t) && n != "one" {
		return "N"
	}
	if b := x.lex.verb[n]; b != "" {
		if n != b && (x.lex.finite[n] && n[len(n)-1] != 's') {
			return b + "+"
		}
		if notFinite[n] && n != "seen" && n != "left" {
			return n
		}
		return b
	}
	return n
}

// factTraits describes a window to the models of facts.
func (x *text) factTraits(b *linear.Bag, w window, s span) {
	var last, before string
	denied := 0
	flag := func(name string, on bool) {
		if on {
			b.Add(name)
		}
	}
	for i := s.a; i < s.b; i++ {
		sym := x.factSymbols[i]
		if sym == "" {
			continue
		}
		b.Add("u", sym)
		addRuns(b, "", before, last, sym)
		if denied > 0 {
			b.Add("n", sym)
			denied--
		}
		if failures[sym] || denials[sym] {
			denied = 7
		}
		before, last = last, sym
	}
	b.Add("b", last, "")
	x.factOutline(b, s)
	told, worker, ahead := false, false, false
	for c := w.first; c <= w.last; c++ {
		told = told || x.overheardClause(c)
		worker = worker || x.worker[c]
		ahead = ahead || x.future(x.parts[c].span) || x.otherTime(c)
	}
	flag("told", told)
	flag("worker", worker)
	flag("ahead", ahead)
}

// factKinds are the words that matter for who was where, by kind; the rest of a sentence is left out of its outline.
var factKinds = map[string]map[string]bool{
	"talk":  setOf("say tell talk speak chat whisper natter discuss ask open confide answer explain disclose mention conversation natter catch-up interview"),
	"go":    setOf("go pop nip step leave move disappear wander slip head duck run take walk drive come bring follow excuse scarce busy shoo send"),
	"stay":  setOf("stay sit remain hover keep stand cling hang stick wait listen"),
	"see":   setOf("see meet view look check inspect visit peek glance observe watch"),
	"show":  setOf("show tour let invite drag lead"),
	"have":  setOf("have get spend manage give catch grab"),
	"no":    setOf("not no never nobody none neither without refuse decline hardly nor unable nothing"),
	"want":  setOf("want ask hope try like offer need plan prefer wish"),
	"place": setOf("kitchen garden hall hallway shop shops bathroom bath shower loo toilet car yard corridor office landing porch shed conservatory lounge library park outside upstairs downstairs out door front back doorstep step stairs trampoline swing swings café cafe walk block next other utility dining"),
	"room":  setOf("room rooms bedroom bedrooms bed beds bunk bunks cot mattress sleep sleeping arrangements upstairs"),
	"apart": setOf("alone own herself himself themselves separately separate private privately just two one-to-one one only together else individually apart away solo"),
	"while": setOf("while whilst when once after before so as with until"),
}

var factKindOf = func() map[string]string {
	m := map[string]string{}
	for _, kind := range []string{"place", "apart", "while", "stay", "go", "have", "want", "see", "show", "talk", "room", "no"} { // the later goes before
		for w := range factKinds[kind] {
			m[w] = kind
		}
	}
	return m
}()

// addRuns adds a symbol with the one before it, with the two before it, and with the second of them alone.
func addRuns(b *linear.Bag, of, before, last, sym string) {
	b.Add(of+"b", last, sym)
	if before != "" {
		b.Add(of+"t", before, last, sym)
		b.Add(of+"s", before, sym)
	}
}

// factOutline adds a window's people and words of a kind in their order: "adult go place so I have child".
func (x *text) factOutline(b *linear.Bag, s span) {
	var last, before string
	for i := s.a; i < s.b; i++ {
		sym := strings.TrimSuffix(x.factSymbols[i], "+")
		switch sym {
		case "":
			continue
		case "A", "C", "I", "me", "A's", "C's", "my", "in", "to", "of", "but", ":":
		default:
			if sym = factKindOf[sym]; sym == "" {
				continue
			}
			b.Add("ku", sym)
		}
		addRuns(b, "k", before, last, sym)
		before, last = last, sym
	}
	b.Add("kb", last, "")
}

// factsOpen reports that no child and not "the children" have an answer.
func factsOpen(all map[int]*answers, everyone *answers, of func(*answers) *kerbside.Fact) bool {
	for _, a := range all {
		if of(a).Value != "" {
			return false
		}
	}
	return of(everyone).Value == ""
}

// readFacts asks the models for what the rules left open.
func (x *text) readFacts(children []int, all map[int]*answers, everyone *answers) {
	aloneOf := func(a *answers) *kerbside.Fact { return &a.alone }
	roomOf := func(a *answers) *kerbside.Fact { return &a.bedroom }
	var list []kindOfFact
	if len(children) > 0 && factsOpen(all, everyone, aloneOf) {
		list = append(list, kindOfFact{model: x.lex.factAlone, of: aloneOf, alone: true, topics: aloneTopics})
	}
	if len(children) > 0 && factsOpen(all, everyone, roomOf) {
		list = append(list, kindOfFact{model: x.lex.factRoom, of: roomOf, topics: roomTopics, stricter: 0.07})
	}
	notice := kindOfFact{model: x.lex.factNotice, topics: noticeTopics, stricter: 0.1}
	announced := &x.record.Visit.Announced
	if announced.Value == kerbside.NotStated {
		list = append(list, notice)
	}
	if len(list) == 0 {
		return
	}
	x.weighFacts(list)
	for k := range list {
		f := &list[k]
		value := f.value()
		if value == "" {
			continue
		}
		said := x.fact(found{x.trim(f.where(value)), value})
		if f.of == nil {
			*announced = said
			continue
		}
		if w := f.best[value]; value == kerbside.Yes && (x.ofStranger(w.first, children) || x.ofStranger(w.last, children)) {
			continue
		}
		targets := x.childrenIn(f.best[value].first, children)
		if len(targets) == 0 {
			targets = x.childrenIn(f.best[value].last, children)
		}
		if len(targets) == 0 && f.alone {
			targets = x.whoseCompany(f.best[value].last, value, children)
		}
		if len(targets) == 0 {
			set(f.of(everyone), said)
		}
		for _, w := range targets {
			set(f.of(all[w]), said)
		}
	}
}

var (
	aloneTopics = setOf("alone own herself himself themselves themself myself ourselves separate separately private privately individually one-to-one 1:1 two us just only without room front side lap knee throughout whole entire " +
		"minute minutes moment chance walk car earshot presence privacy space scarce left out time anywhere somewhere public")
	roomTopics   = setOf("room rooms bedroom bedrooms bed beds bunk bunks cot mattress sleep sleeps sleeping upstairs up downstairs duvet tour nursery basket crib")
	noticeTopics = setOf("announced unannounced unexpected unexpectedly unplanned unscheduled planned prearranged pre-arranged pre-booked arranged arrangement arrangements rearranged booked agreed scheduled diary calendar " +
		"expecting expected expect knew know known aware remembered forgotten forgot waiting ready idea clue surprise surprised aback appointment notice warning warned warn ahead beforehand advance first letter message told telling tell " +
		"phoned rang ring ringing texted text emailed messaged called confirmed confirm coming turned dropped knocked passing blue hop spec chance area fixed set said regular")
)

// speaksOf reports that a window has one of a question's words.
func (x *text) speaksOf(topics map[string]bool, s span) bool {
	for i := s.a; i < s.b; i++ {
		if !x.tokens[i].mark && topics[x.tokens[i].norm] {
			return true
		}
	}
	return false
}

// kindOfFact is one model of facts at work.
type kindOfFact struct {
	model    *linear.Model
	of       func(*answers) *kerbside.Fact // nil for what is of the visit
	alone    bool
	stricter float64         // how much surer it must be
	topics   map[string]bool // a window without one of these words is about something else
	sure     map[string]float64
	best     map[string]window
	span     map[string]span
}

func (f *kindOfFact) value() string {
	yes, no := f.sure[kerbside.Yes], f.sure[kerbside.No]
	switch {
	case yes >= factYes+f.stricter && no < factDoubt:
		return kerbside.Yes
	case no >= factNo+f.stricter:
		return kerbside.No
	}
	return ""
}

func (f *kindOfFact) where(value string) span { return f.span[value] }

func (x *text) weighFacts(list []kindOfFact) {
	x.symbols()
	for k := range list {
		list[k].sure, list[k].best, list[k].span = map[string]float64{}, map[string]window{}, map[string]span{}
	}
	var bag linear.Bag
	p := make([]float64, len(factAnswers))
	x.factWindows(func(w window, s span) {
		bag.Reset()
		x.factTraits(&bag, w, s)
		for k := range list {
			f := &list[k]
			if !x.speaksOf(f.topics, s) {
				continue
			}
			f.model.Scores(p, &bag)
			for i := 1; i < len(factAnswers); i++ {
				value := factAnswers[i]
				if p[i] > f.sure[value] && x.factAllowed(f, w, s, value) {
					f.sure[value], f.best[value], f.span[value] = p[i], w, s
				}
			}
		}
	})
}

// factAllowed holds a model's answer against what the words themselves forbid.
func (x *text) factAllowed(f *kindOfFact, w window, s span, value string) bool {
	if value == kerbside.No && f.alone && x.onlyAtFirst(x.sents[x.parts[w.first].sentence]) {
		return false // "he said no at first, then it was fine"
	}
	for c := w.first; c <= w.last; c++ {
		if x.overheardClause(c) && !(value == kerbside.No && x.refusalToWorker(c)) || x.otherOccasion(c) {
			return false
		}
		if value == kerbside.Yes && f.of != nil && (!f.alone && (x.saidBehindIt(c) || x.notFirstHand(c) || x.onPaper(x.parts[c].span, x.parts[c].b, x.parts[c].b)) || x.otherTime(c) || x.future(span{x.sents[x.parts[c].sentence].a, x.parts[c].b})) {
			return false
		}
	}
	if value == kerbside.Yes && f.alone && (x.othersMeet(w, s) || x.moreThanTwo(s) || x.contains(s, "together") && len(x.namedHere(s)) > 1) {
		return false
	}
	if value == kerbside.Yes && f.alone && (!x.worker[w.first] && x.aloneWithYoung(s) || x.oneByOne(s) && !x.ofSeveral(s) || x.undertakes(span{x.sents[x.parts[w.first].sentence].a, s.b})) {
		return false
	}
	if value == kerbside.Yes && f.alone && (x.timeOf(s) == kerbside.Historical || x.lastDay(s) || x.minutesIn(s) && x.overAWire(s) || x.stayedClose(w.first) || x.stayedClose(w.last) || x.othersBeside(w.first) || x.othersBeside(w.last) || x.hopedFor(w.first) || !x.restored && x.toldAlone(s) || x.disclaimed(w.first) || x.grownAlong(s)) {
		return false
	}
	if value == kerbside.Yes && f.alone && (len(x.namedHere(s)) == 0 && x.contains(s, "them") || x.deniesAlone(w.first)) {
		return false // "two blankets too many and I took them out"
	}
	if value == kerbside.Yes && f.of != nil && !f.alone && (x.contains(s, "hide") || x.contains(s, "hides")) {
		return false // "I hide under the bed" is a child's, whoever is taken for its speaker
	}
	if value == kerbside.Yes && f.of != nil && !f.alone && x.othersMeet(w, s) && x.grownIn(s.a, s.b) {
		return false // "dad sleeps in her room"
	}
	if value == kerbside.Yes && f.of != nil && !f.alone && (x.farFromRoom(w, s) || !x.sawOrShown(w, s) || x.roomTakenBack(s, s.a, s.a) != kerbside.Yes) {
		return false
	}
	if f.of == nil {
		return s.b-s.a > 2 && (s.a < 2*opening || x.speaksOfVisit(s))
	}
	if value == kerbside.No {
		return f.alone && !x.leftByGrown(w, s) || !f.alone && !x.askedAbout(s) && !x.sleepsBadly(s)
	}
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); failures[n] && !x.correcting(i) && !(n == "without" || n == "nobody" || n == "nothing") {
			return false
		}
	}
	return true
}

// leftByGrown reports that a child is, or is not, left alone by somebody else than the worker, which says nothing of the visit: "he's never left her by herself".
func (x *text) leftByGrown(w window, s span) bool {
	for c := w.first; c <= w.last; c++ {
		if x.worker[c] {
			return false
		}
	}
	for _, cue := range x.aloneCues(s.a, s.b) {
		if !cue.ours && x.leftBy(w.first, cue.a) {
			return true
		}
	}
	return false
}

// toldAlone reports words for being alone that stand in what somebody tells: "he said he sat in the car on his own".
func (x *text) toldAlone(s span) bool {
	for _, cue := range x.aloneCues(s.a, s.b) {
		c := x.partAt(cue.a)
		for _, f := range x.framesAt(cue.a) {
			if f.kind != kerbside.WorkerOpinion && f.cue.b <= cue.a && f.content.a <= cue.a && cue.a < f.content.b && c >= 0 && !x.asideOfTelling(c) {
				return true
			}
		}
	}
	return false
}

// minutesIn reports a time in minutes.
func (x *text) minutesIn(s span) bool {
	return x.contains(s, "minutes") || x.contains(s, "minute")
}

// grownAlong reports an adult who was in a child's company: "sat with mum in the box room", "ten minutes with Ada and her mum".
func (x *text) grownAlong(s span) bool {
	for i := s.a; i < s.b; i++ {
		n := x.word(i)
		if n == "with" && x.word(i+1) == "us" && (x.grownBetween(s.a, i) || x.grownDoes(i)) && !x.toldAt(i) || n == "to" && x.word(i+1) == "myself" && x.grownAt(i-1) && !objectPronouns[x.word(i-1)] {
			return true // "Pauline sat outside with us", "I had Pauline to myself"
		}
		if n == "too" && x.word(i-1) == "went" && x.grownBetween(s.a, i) {
			return true // "her dad took her to the swings and I went too"
		}
		if n != "with" && !(n == "and" && x.youngAt(i-1)) || x.word(i-1) == "then" {
			continue
		}
		if k, ok := x.grownWithin(i+1, s.b); ok && !x.awayBehind(k) && !x.toldAt(k) && (n == "with" || !x.hasFinite(k+1, min(k+2, s.b))) {
			return true
		}
	}
	return false
}

// askedAbout reports words that only bring a thing up, and say neither that it was seen nor that it was not: "I asked about his bedroom".
func (x *text) askedAbout(s span) bool {
	for i := s.a; i+1 < s.b; i++ {
		if n := x.word(i); (n == "asked" || n == "talked" || n == "spoke" || n == "chatted") && x.word(i+1) == "about" || n == "asked" && (x.word(i+1) == "to" || x.word(i+1) == "if") {
			for k := i; k < s.b; k++ {
				if failures[x.word(k)] {
					return false
				}
			}
			return true
		}
	}
	return false
}

// farFromRoom reports words about a room in which the worker was not: "I called up to him in his bedroom", "he went up to his room and I left", "Mum's been sleeping
// in Ewan's room".
func (x *text) farFromRoom(w window, s span) bool {
	looked, placed := false, false
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); n {
		case "called", "heard", "hear", "shouted", "knocked", "police", "searched", "toilet", "loo":
			return true
		case "bedroom", "room":
			if x.withGrownOwner(s.a, i-1, i) {
				return true
			}
			at := i + 1
			if finiteAux[x.word(at)] {
				at++
			}
			if n := x.word(at); at < s.b && (roomSides[n] || n == "upstairs" || n == "downstairs" || n == "at" || n == "on") && !x.detailed(at, s.b) {
				placed = true // "his bedroom's upstairs"
			}
		case "found":
			if !x.worker[w.first] && !x.worker[w.last] && i > s.a {
				return true // "paramedics found him in his bedroom"
			}
		case "about":
			if d := x.word(i + 1); (determiners[d] || possessives[d]) && roomsNamed(x, span{i, min(i+7, s.b)}) && x.lex.verb[x.word(i-1)] != "look" {
				return true // "I came to see about the mould in his room"
			}
		case "sleeping", "slept", "sleeps":
			if x.grownIn(s.a, s.b) && !x.worker[w.first] && !x.worker[w.last] {
				return true
			}
		case "saw", "seen", "look", "looked", "showed", "shown", "let", "took", "checked", "me", "us", "we":
			looked = true
		}
	}
	if looked {
		return false
	}
	if placed || x.hasDay(s) && !x.worker[w.first] && !x.worker[w.last] {
		return true
	}
	for c := w.first; c <= w.last; c++ { // whose going it was
		v := x.verbAt[c]
		if v < 0 || x.worker[c] || !roomsNamed(x, x.parts[c].span) {
			continue
		}
		b := x.lex.verb[x.word(v)]
		if len(x.subject[c]) > 0 && goVerbs[b] || b == "find" && v > x.parts[c].a {
			return true
		}
	}
	return false
}

// sleepsBadly reports words that deny sleep and speak of no looking or going: "I don't sleep, I listen for the bell", "she's still not sleeping in their bedroom".
func (x *text) sleepsBadly(s span) bool {
	sleeps := false
	for i := s.a; i < s.b; i++ {
		n := x.word(i)
		sleeps = sleeps || n == "sleep" || n == "sleeps" || n == "sleeping" || n == "slept"
		if b := x.lex.verb[n]; sightVerbs[b] || showVerbs[b] || goVerbs[b] && b != "be" || n == "asked" || n == "allowed" {
			return false
		}
	}
	return sleeps && !x.contains(s, "arrangements")
}

// othersMeet reports that somebody else than the worker is the one who does things with the child: "the police spoke to Ada without her mum".
func (x *text) othersMeet(w window, s span) bool {
	for i := s.a; i < s.b; i++ {
		if mineWords[x.word(i)] && x.word(i-1) != "before" || x.word(i) == "my" || x.word(i) == "our" {
			return false
		}
	}
	for c := w.first; c <= w.last; c++ {
		if x.worker[c] {
			return false
		}
		if x.verbAt[c] >= 0 && !x.subjectYoung(c) && !x.passiveMeeting(x.parts[c].span) && x.parts[c].finite {
			return true
		}
	}
	return false
}

// sawOrShown reports a window in which the worker is, or in which something was seen.
func (x *text) sawOrShown(w window, s span) bool {
	for c := w.first; c <= w.last; c++ {
		if x.worker[c] || x.verbAt[c] < 0 && x.parts[c].a == x.sents[x.parts[c].sentence].a {
			return true
		}
	}
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); n == "me" || n == "us" || n == "i" || n == "we" || (n == "seen" || n == "viewed" || n == "checked" || n == "inspected" || n == "saw" || n == "looked") && !x.reported(w.first) {
			return true
		}
	}
	return false
}

// moreThanTwo reports "the three of us", "us four".
func (x *text) moreThanTwo(s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.word(i) == "us" {
			for _, k := range []int{i + 1, i - 2} {
				if n := x.word(k); n != "" && n != "one" && n != "two" && isNumber(&x.tokens[k]) && (k > i || x.word(i-1) == "of") {
					return true
				}
			}
		}
	}
	return false
}

func (x *text) symbols() {
	if x.factSymbols != nil {
		return
	}
	x.factSymbols = make([]string, len(x.tokens))
	for i := range x.tokens {
		x.factSymbols[i] = x.factSymbol(i)
	}
}

// FactWindow is some clauses of a sentence, for training.
type FactWindow struct {
	Sentence int
	Names    []string
}

// FactWindows gives the windows of a text that no other takes in.
func (e *Engine) FactWindows(sources []*kerbside.Source, o kerbside.ExtractOptions) []FactWindow {
	x := e.read(sources, o)
	for _, stage := range x.stages()[:5] {
		stage()
	}
	x.taken = make([]bool, len(x.parts))
	x.symbols()
	var out []FactWindow
	var wins []window
	x.factWindows(func(w window, s span) {
		for i := len(wins) - 1; i >= 0 && i >= len(wins)-2; i-- {
			if wins[i].first <= w.first && w.last <= wins[i].last {
				return
			}
		}
		if n := len(wins); n > 0 && wins[n-1].first == w.first {
			wins, out = wins[:n-1], out[:n-1]
		}
		b := linear.Bag{Named: true}
		x.factTraits(&b, w, s)
		wins, out = append(wins, w), append(out, FactWindow{x.parts[w.first].sentence, b.Names})
	})
	return out
}
