package rules

import (
	"strings"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// What somebody told goes on without a verb of speech: "She said he rings every night. He's bought her a phone." Whether a clause is such a one is learned, of adults and of
// children apart, who tell of other things (lexicon/told.tsv, told-child.tsv): from how far back somebody spoke, of whom the clause speaks, in what tense, and whether it tells of what a worker can see at a
// visit, or of habits, other times and other places, which somebody must have told.

// telling is who last spoke to the worker.
type telling struct {
	who    int
	label  string
	kind   string
	at     int  // the clause in which he or she last did
	clause int  // the clause of the verb of speech
	turn   bool // nobody has spoken yet: it is this child's turn
	direct bool
	lists  bool  // what was said last announces a list: "told me three things"
	next   []int // for each clause, the next in which somebody is brought in as speaking or the worker acts; made once
}

const (
	sureTold, sureVoice = 0.6, 0.75 // that an adult, that a child goes on
	farTold             = 4         // sentences after which nobody goes on
)

// goOn gives clauses that no verb of speech covers to who goes on telling.
func (x *text) goOn() {
	x.findReplies()
	adult, child := x.lex.learned.Told, x.lex.learned.ToldChild
	if adult == nil || adult.Empty() || child == nil || child.Empty() {
		return
	}
	aside := x.asides()
	var b linear.Bag
	x.tellings(func(c int, t *telling) bool {
		if t.kind == kerbside.ChildSaid && x.callsBy(x.parts[c].span) {
			return false // "Nan's called Barbara" is the worker's
		}
		if aside[x.parts[c].a] || x.contrasts(c) || x.repliesAt(c) != nil || x.whileWorker(c) || x.behindSaid(c) || x.askedWhether(c) || t.kind == kerbside.ChildSaid && x.workerAsks(x.sents[x.parts[c].sentence]) {
			return false
		}
		if t.kind == kerbside.ChildSaid && (x.behindQuote(c, t) || x.turnsTo(c, t) || x.thenMoves(x.parts[c].a, t.who) || x.verbAt[c] >= 0 && tellingSigns[x.word(x.verbAt[c])] && x.answersWorker(c)) {
			return false // "…", and she hid her hand
		}
		if v := x.verbAt[c]; t.kind == kerbside.ChildSaid && t.turn && v >= 0 && has(x.subject[c], t.who) && x.spokenMind(&x.parts[c], v) {
			return false // what the child wants is its own by itself
		}
		if x.thinksApart(c, t) {
			return false
		}
		if x.taken[c] && t.kind == kerbside.ChildSaid {
			return false // what is to be done is no word of a child's
		}
		b.Reset()
		x.describeTold(c, t, &b)
		m, sure := adult, sureTold
		if t.kind == kerbside.ChildSaid {
			m, sure = child, sureVoice
		}
		var p [2]float64
		if m.Scores(p[:], &b); p[1] < sure && !(t.kind == kerbside.ChildSaid && t.lists && !x.worker[c] && x.enumerates(x.sents[x.parts[c].sentence].a)) && !x.adds(c, t) {
			return false
		}
		part := &x.parts[c]
		if n := x.endsBefore(c, t); n >= 0 {
			for i := x.frames[n].content.b; i < part.b; i++ {
				x.cover[i] = append(x.cover[i], n)
			}
			x.frames[n].content.b = part.b
			return true
		}
		x.addOuter(frame{cue: span{part.a, part.a}, content: part.span, who: t.who, label: t.label, kind: t.kind, verb: "go on", direct: t.direct && x.inFirstPerson(part.span), hearer: -1, clause: c})
		return true
	})
	x.findReplies() // once more, now that it is known who told what
}

// callsBy reports a clause that says what somebody is called: "Nan's called Barbara", "his mum is called Leanne".
func (x *text) callsBy(s span) bool {
	for i := s.a + 1; i < s.b; i++ {
		if w := x.whoAt(i + 1); x.word(i) == "called" && w >= 0 && (x.whoAt(i-1) == w || x.whoAt(i-2) == w) {
			return true
		}
	}
	return false
}

// adds reports a few words without a verb that go on with what t has told right before them: "He self-harmed when he was fourteen, | none since".
func (x *text) adds(c int, t *telling) bool {
	part := &x.parts[c]
	return t.at == c-1 && t.clause < c-1 && x.parts[c-1].sentence == part.sentence && x.verbAt[c] < 0 && !part.finite && (part.joint == "," || part.joint == "and" || part.joint == "but")
}

// thinksApart reports a clause that says what somebody else thinks, which is his or hers and not told by t: "He doesn't think she's drinking".
func (x *text) thinksApart(c int, t *telling) bool {
	v := x.verbAt[c]
	if v < 0 || x.worker[c] || len(x.subject[c]) != 1 || x.subject[c][0] == t.who || x.kindOf(x.subject[c][0]) != kerbside.ProfessionalSaid {
		return false
	}
	for i := v; i < x.parts[c].b && i < v+3; i++ {
		if n := x.lex.verb[x.word(i)]; n == "think" || n == "feel" || n == "believe" {
			return true
		}
	}
	return false
}

// behindSaid reports a clause that goes on behind who said the quotation before it: "…", she said, | then she laughed.
func (x *text) behindSaid(c int) bool {
	if c == 0 || x.parts[c-1].sentence != x.parts[c].sentence {
		return false
	}
	for n := range x.frames {
		if f := &x.frames[n]; f.clause == c-1 && f.direct && f.cue.b > f.cue.a && f.content.b <= f.cue.a && x.quotedSpan(f.content) {
			return true
		}
	}
	return false
}

// workerAsks reports a question that is nobody's but the worker's: "Does he come in?", and none of a child's own, "Why can't I go?".
func (x *text) workerAsks(s span) bool {
	return x.tokenIs(s.b-1, "?") && !x.inFirstPerson(s)
}

// askedWhether reports a clause that is what the worker asked: "I asked had | she told school", "I asked if he'd say | what it was".
func (x *text) askedWhether(c int) bool {
	if c == 0 || x.parts[c-1].sentence != x.parts[c].sentence || !x.worker[c-1] {
		return false
	}
	v := x.verbAt[c-1]
	if v < 0 || x.word(v) != "asked" && x.word(v) != "ask" {
		return false
	}
	n := x.word(x.parts[c].a - 1)
	return x.parts[c].joint == "if" || x.parts[c].joint == "whether" || n == "had" || n == "has" || n == "did" || n == "was" || n == "is" || n == "would"
}

// contrasts reports a clause that holds what there was against what was said: "she says he's gone, | although there was his coat".
func (x *text) contrasts(c int) bool {
	a := x.parts[c].a
	return (x.word(a) == "although" || x.word(a) == "though") && x.word(a+1) == "there" && (x.word(a+2) == "was" || x.word(a+2) == "were")
}

// whileWorker reports a clause that only says when or how the worker did what stands before it: "I walked round with her | while the others cooked".
func (x *text) whileWorker(c int) bool {
	p := &x.parts[c]
	return c > 0 && x.parts[c-1].sentence == p.sentence && x.worker[c-1] && !x.inFrame(x.parts[c-1].a) && (p.joint == "while" || p.joint == "as" || p.joint == "until" || p.joint == "before" || p.joint == "once")
}

// turnsTo reports a sentence that begins with what another child, by name, did or would not do: "Yusuf wouldn't settle".
func (x *text) turnsTo(c int, t *telling) bool {
	part, v := &x.parts[c], x.verbAt[c]
	if part.a != x.sents[part.sentence].a || v < 0 || len(x.subject[c]) != 1 || x.subject[c][0] == t.who || x.who[part.a] != x.subject[c][0] || !x.people[x.subject[c][0]].isChild(x) || pronounGenders[x.word(part.a)] != "" {
		return false
	}
	n := x.word(v)
	return n == "was" || n == "were" || n == "did" || n == "would" || n == "could" || n == "had" || x.lex.verb[n] != "" && x.lex.verb[n] != n && !finiteAux[n] && !strings.HasSuffix(n, "s")
}

// behindQuote reports a clause that goes on right behind the quotation marks of what t said.
func (x *text) behindQuote(c int, t *telling) bool {
	a := x.parts[c].a
	if a == x.sents[x.parts[c].sentence].a || !x.tokenIs(a-1, `"`) {
		return false
	}
	for n := range x.frames {
		if f := &x.frames[n]; f.who == t.who && f.verb != "go on" && x.quotedSpan(f.content) && x.onlyMarks(f.content.b, a) && f.content.b < a {
			return true
		}
	}
	return false
}

// asides are the tokens between a verb of speech and what is told, which are the worker's: "told me, this was on the stairs, just him and me, that …".
func (x *text) asides() []bool {
	aside := make([]bool, len(x.tokens))
	for n := range x.frames {
		if f := &x.frames[n]; f.cue.b > f.cue.a {
			for i := f.cue.b; i < f.content.a; i++ {
				aside[i] = true
			}
		}
	}
	return aside
}

// notToldUs reports a sentence that says what somebody kept from the worker: it is the worker's.
func (x *text) notToldUs(s span) bool {
	for i := s.a + 2; i+1 < s.b; i++ {
		if x.word(i) == "tell" && (x.word(i+1) == "us" || x.word(i+1) == "me") && x.word(i-1) == "not" && (x.word(i-2) == "did" || x.word(i-2) == "does") {
			return true
		}
	}
	return false
}

var answering = setOf("tell say explain reassure promise advise")

// endsBefore is the frame in which t has spoken right up to clause c in its sentence, -1 without: a child's words, or what somebody went on with.
func (x *text) endsBefore(c int, t *telling) int {
	part := &x.parts[c]
	i := part.a - 1
	for i > x.sents[part.sentence].a && x.tokens[i].mark {
		i--
	}
	if i < x.sents[part.sentence].a {
		return -1
	}
	for _, n := range x.cover[i] {
		if f := &x.frames[n]; f.who == t.who && f.who >= 0 && (f.verb == "go on" || !x.quotedSpan(f.content)) && (f.kind == kerbside.ChildSaid || f.verb == "go on") && f.content.b <= part.a && x.onlyMarks(f.content.b, part.a) {
			return n
		}
	}
	return -1
}

func (x *text) onlyMarks(a, b int) bool {
	for i := a; i < b; i++ {
		if !x.tokens[i].mark {
			return false
		}
	}
	return true
}

// tellings calls f for each clause that somebody may go on in; f says whether somebody does.
func (x *text) tellings(f func(c int, t *telling) bool) {
	next := x.nextSpoken()
	t := telling{who: -1, next: next}
	for c := range x.parts {
		part := &x.parts[c]
		if a := x.sents[part.sentence].a; a == part.a || c > 0 && x.parts[c-1].sentence != part.sentence {
			if a > 0 && x.tokens[a-1].norm == breakMark || x.tokens[a].norm == breakMark {
				t = telling{who: -1, next: next}
			}
		}
		if r := x.repliesAt(c); r != nil && c >= r.says && r.who >= 0 {
			g := frame{}
			x.speaker(&g, r.who)
			t = telling{who: r.who, label: g.label, kind: g.kind, at: c, clause: c, next: next}
			continue
		}
		if g := x.spokenIn(c); g != nil && !x.withinTelling(c, g, &t) {
			if g.who < 0 && papers[strings.ToLower(g.label)] {
				t = telling{who: -1, next: next}
				continue
			}
			t = telling{who: g.who, label: g.label, kind: g.kind, at: c, clause: c, direct: g.direct && x.quotes(g), lists: x.announcesList(x.sents[part.sentence]) || t.lists && t.who == g.who && x.enumerates(x.sents[part.sentence].a), next: next}
			continue
		}
		if w := x.turnAt(c); w >= 0 && (t.kind == "" || t.who != w && x.turnAt(t.clause) != w) {
			g := frame{}
			x.speaker(&g, w)
			t = telling{who: w, label: g.label, kind: g.kind, at: c, clause: c, turn: true, next: next}
		}
		if v := x.verbAt[c]; x.worker[c] && v >= 0 && answering[x.lex.verb[x.word(v)]] {
			t = telling{who: -1, next: next} // "I told him no": whoever spoke has been answered
			continue
		}
		if t.kind == "" || part.sentence-x.parts[t.at].sentence > farTold || x.worker[c] && !(t.direct && x.notWorkers(part.span)) {
			continue
		}
		if x.opinionAt(part.a) || t.kind == kerbside.ChildSaid && !t.direct && x.notToldUs(x.sents[part.sentence]) {
			continue
		}
		if f(c, &t) {
			t.at, t.turn = c, false
		}
	}
}

// announcesList reports "told me three things", "she has a list", "two questions".
func (x *text) announcesList(s span) bool {
	for i := s.a + 1; i < s.b; i++ {
		switch x.word(i) {
		case "things", "questions", "wishes", "rules", "reasons", "worries":
			if isNumber(&x.tokens[i-1]) || x.word(i-1) == "few" {
				return true
			}
		case "list":
			if n := x.word(i - 1); n == "a" && x.word(i+1) != "of" {
				return true
			}
		case "following":
			return x.word(i-1) == "the"
		}
	}
	return false
}

// enumerates reports a sentence that begins as a member of a list: "One, …", "Second thing, …", "Number three, …".
func (x *text) enumerates(i int) bool {
	n := x.word(i)
	if n == "and" || n == "then" {
		i++
		n = x.word(i)
	}
	if n == "number" {
		i++
	}
	if n == "the" {
		i++
		n = x.word(i)
	}
	v, ok := numberAt(x.tokens, i)
	if !ok || v.value > 9 {
		return (n == "first" || n == "second" || n == "third" || n == "last") && (x.tokenIs(i+1, ",") || x.word(i+1) == "thing" || x.word(i+1) == "one" || x.word(i+1) == "was")
	}
	return x.tokenIs(v.next, ",") || x.tokenIs(v.next, ":") || v.ordinal && (x.word(v.next) == "thing" || x.word(v.next) == "one" || x.word(v.next) == "was")
}

// papers are what things stand in, and what does not go on telling: "weight's up according to the red book".
var papers = setOf("book books report reports record records letter letters note notes file files chart charts log system email emails minutes")

// nextSpoken is for each clause the next behind it in which somebody's words begin or the worker acts, len(x.parts) where none does.
func (x *text) nextSpoken() []int {
	begins := make([]bool, len(x.parts))
	for n := range x.frames {
		if f := &x.frames[n]; f.kind != kerbside.WorkerOpinion && f.content.b > f.content.a {
			begins[f.clause] = true
		}
	}
	next := make([]int, len(x.parts))
	for c, last := len(x.parts)-1, len(x.parts); c >= 0; c-- {
		next[c] = last
		if begins[c] || x.worker[c] {
			last = c
		}
	}
	return next
}

// speaksNext is who is brought in next behind clause c: the same one, which tells that he or she has gone on, another, the worker, or nobody.
func (x *text) speaksNext(c int, t *telling) string {
	n := t.next[c]
	if n >= len(x.parts) || x.parts[n].sentence-x.parts[c].sentence > farTold {
		return "nobody"
	}
	if x.worker[n] {
		return "worker"
	}
	for i := x.parts[n].a; i < x.parts[n].b; i++ {
		for _, k := range x.cover[i] {
			if f := &x.frames[k]; f.clause == n && f.kind != kerbside.WorkerOpinion {
				if f.who == t.who {
					return "same"
				}
				return "other"
			}
		}
	}
	return "nobody"
}

// withinTelling reports what somebody says at home in the middle of a child's telling, whose turn it still is: "School is fine but a boy called Tom says
// things", "I hear him through the wall. He says stop it".
func (x *text) withinTelling(c int, g *frame, t *telling) bool {
	return t.kind == kerbside.ChildSaid && g.who != t.who && x.turnAt(c) == t.who && g.clause == c && x.word(g.cue.b-1) == "says"
}

// spokenIn is the outermost of somebody's words that clause c stands in or brings in, nil for none.
func (x *text) spokenIn(c int) *frame {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		for _, n := range x.cover[i] {
			f := &x.frames[n]
			if f.kind == kerbside.WorkerOpinion || f.content.b <= f.content.a {
				continue
			}
			if x.passedOn(f) {
				g := *f
				x.speaker(&g, f.hearer)
				return &g
			}
			return f
		}
	}
	return nil
}

// quotes reports very words, which the speaker goes on in as "I".
func (x *text) quotes(f *frame) bool { return x.inFirstPerson(f.content) }

func (x *text) inFirstPerson(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); n == "i" || n == "my" || n == "me" || n == "we" {
			return true
		}
	}
	return false
}

func (x *text) opinionAt(i int) bool {
	for _, n := range x.cover[i] {
		if x.frames[n].kind == kerbside.WorkerOpinion {
			return true
		}
	}
	return false
}

var (
	minds  = setOf("like likes love loves hate hates want wants miss misses wish wishes hope hopes worry worries prefer prefers rather feel feels think thinks know knows dream dreams mind minds scared frightened happy sad lonely")
	habits = setOf("always never usually often sometimes every most nights mornings evenings weekends daily weekly ever whenever again still anymore regularly each days")
	whens  = setOf("yesterday ago last since until till before after night week month year weekend friday saturday sunday monday tuesday wednesday thursday january february march april june july august september october november december christmas easter summer winter spring autumn when while once then morning tomorrow")
	seens  = setOf("looked look smelt smelled smell seemed seem sat stood came went opened showed brought watched played smiled cried laughed wore had kept put took picked gave made held ran hid walked")
)

// describeTold fills in what speaks for and against clause c's being what t goes on telling.
func (x *text) describeTold(c int, t *telling, b *linear.Bag) {
	part := &x.parts[c]
	far := [...]string{"0", "1", "2", "3", "4"}[min(farTold, part.sentence-x.parts[t.at].sentence)]
	if t.turn {
		far = "turn"
	}
	kind := t.kind
	of := x.ofWhom(c, t)
	tense := x.tense(part.span)
	b.Add("far", far)
	b.Add("kind", kind)
	b.Add("far+kind", far, kind)
	b.Add("of", of)
	b.Add("of+kind", of, kind)
	b.Add("of+far", of, far)
	b.Add("tense", tense)
	b.Add("tense+of", tense, of)
	b.Add("tense+kind", tense, kind)
	b.Add("first", x.key(part.a))
	b.Add("joint", part.joint)
	b.Add("length", size(part.span))
	if t.direct {
		b.Add("direct", far)
	}
	own := "none"
	if w := x.turnAt(c); w >= 0 {
		b.Add("turn", kind)
		if own = "other"; w == t.who {
			own = "own"
		}
	}
	b.Add("turn+of", own, of, kind)
	b.Add("turn+far", own, far, kind)
	b.Add("turn+tense", own, tense, of)
	next := x.speaksNext(c, t)
	b.Add("next", next, kind)
	b.Add("next+of", next, of)
	b.Add("next+turn", next, own)
	verb := "none"
	if v := x.verbAt[c]; v >= 0 {
		verb = x.lex.lemma(x.tokens[v].norm)
	}
	b.Add("verb", verb)
	b.Add("verb+of", verb, of)
	b.Add("verb+kind", verb, kind)
	last := ""
	for i := part.a; i < part.b; i++ {
		tk := &x.tokens[i]
		if tk.mark || isFiller(tk) {
			continue
		}
		n := tk.norm
		w := x.key(i)
		b.Add("w", w)
		if minds[n] {
			b.Add("mind", of, kind)
			b.Add("mind", own)
		}
		if last != "" {
			b.Add("ww", last, w)
		}
		last = w
		switch {
		case habits[n]:
			b.Add("time", "habit")
			b.Add("time", "habit", kind)
		case whens[n]:
			b.Add("time", "when")
			b.Add("time", "when", kind)
		case seens[n]:
			b.Add("seen", of)
		case n == "i" || n == "we" || n == "me":
			b.Add("mine", n, far)
		case n == "you":
			b.Add("you", far)
		case n == "apparently":
			b.Add("apparently", kind)
		}
		if stopWords[n] {
			continue
		}
		for _, sense := range x.lex.senses[w] {
			b.Add("s", sense)
		}
	}
}

// ofWhom is of whom clause c speaks, seen from who tells.
func (x *text) ofWhom(c int, t *telling) string {
	part := &x.parts[c]
	if x.worker[c] {
		return "worker"
	}
	if len(x.subject[c]) > 0 {
		w := x.subject[c][0]
		form := "name"
		for i := part.a; i < part.b; i++ {
			if x.who[i] == w {
				if pronounGenders[x.tokens[i].norm] != "" {
					form = "pronoun"
				}
				break
			}
		}
		if w == t.who {
			return "self." + form
		}
		return x.kin(w) + "." + form
	}
	n := x.word(part.a)
	switch {
	case n == "":
		return "none"
	case possessives[n] && x.who[part.a] >= 0 && x.who[part.a] == t.who:
		return "own"
	case possessives[n]:
		return "poss"
	case n == "there" || n == "it" || n == "that" || n == "they" || n == "no" || n == "nobody" || n == "nothing" || n == "the" || n == "a":
		return n
	case !part.finite:
		return "fragment"
	}
	return "thing"
}

// ToldClause is a clause in which somebody may go on telling: for training.
type ToldClause struct {
	Start, End int // code points of the source
	Kind       string
	Features   []string
}

// Told gives the clauses of one source in which somebody may go on telling.
func (e *Engine) Told(source *kerbside.Source, o kerbside.ExtractOptions, goesOn func(k ToldClause) bool) {
	x := e.read([]*kerbside.Source{source}, o)
	x.divide()
	x.findPeople()
	x.resolve()
	x.findSpeech()
	x.tellings(func(c int, t *telling) bool {
		b := linear.Bag{Named: true}
		x.describeTold(c, t, &b)
		v := x.evidence(x.parts[c].a, x.parts[c].b)
		return goesOn(ToldClause{Start: v.StartChar, End: v.EndChar, Kind: t.kind, Features: b.Names})
	})
}
