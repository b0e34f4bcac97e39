package rules

import (
	"sort"
	"strings"

	"kerbside"
)

// What a child answers in a word, or without one, means nothing by itself: "No." is a child's voice together with what the worker asked. A question and its short answer
// are one item, the child's of whom the worker asked it. What a parent was asked is not.

// reply is a question of the worker's with a child's answer to it.
type reply struct {
	span
	who        int
	mode       string
	asks, says int // the clauses in which question and answer begin
}

var (
	shortReplies = setOf("yes no yeah nah nope yep ok okay fine nothing nobody never dunno sometimes always maybe")
	bodyReplies  = setOf("looked stirred stared pressed tapped reached shook hid frowned smiled grinned blushed winced turned squeezed blinked")
	aids         = setOf("board talker device symbols pecs switch aac")
)

// findReplies finds the questions that a child answered so in the sentence behind them.
func (x *text) findReplies() {
	x.replies = nil
	for c := 1; c < len(x.parts); c++ {
		part := &x.parts[c]
		if part.sentence == 0 || x.parts[c-1].sentence != part.sentence-1 || x.inFrame(part.a) {
			continue
		}
		q, who, ok := 0, -1, false
		quote := x.quotedAnswer(c)
		if !x.worker[c] || quote.b > quote.a {
			q, who, ok = x.askedIn(c)
		}
		r := reply{span: span{x.trim(x.parts[q].span).a, part.b}, who: who, asks: q, says: c}
		switch {
		case quote.b > quote.a && !(ok && who >= 0):
			continue
		case quote.b > quote.a:
			r.mode, r.span = kerbside.VoiceDirect, quote
		case !ok:
			if r, ok = x.putToChild(c); !ok {
				continue
			}
		case who >= 0 && (x.saysShortly(x.sents[part.sentence]) || x.answersYou(c, q) || x.answersAsked(c, q)):
			r.mode, r.b = kerbside.VoiceParaphrase, x.trim(x.sents[part.sentence]).b
		case who >= 0 && x.answersWell(c, q):
			r.mode, r.span = kerbside.VoiceParaphrase, x.answerSpan(r.span, c)
		case x.showsIn(c, &r):
			r.mode = kerbside.VoiceNonverbal
			for k := c + 1; k < len(x.parts) && x.parts[k].sentence == part.sentence && x.verbAt[k] < 0 && !x.inFrame(x.parts[k].a); k++ {
				r.b = x.parts[k].b
			}
		default:
			if r, ok = x.putToChild(c); !ok {
				continue
			}
		}
		x.replies = append(x.replies, r)
	}
}

// quotedAnswer is the quotation, which nobody brings in, that a sentence begins and ends with at clause c: "Just my cousin."; empty without.
func (x *text) quotedAnswer(c int) span {
	a := x.parts[c].a
	s := x.sents[x.parts[c].sentence]
	if !x.tokenIs(a, `"`) {
		a--
	}
	if a < s.a-1 || a > s.a || !x.tokenIs(a, `"`) || !x.opensQuote(a) || x.framedFrom(a) {
		return span{}
	}
	end := a + 1
	for end < len(x.tokens) && end < a+80 && x.tokens[end].norm != `"` {
		end++
	}
	if end >= len(x.tokens) || x.tokens[end].norm != `"` || end+1 < len(x.tokens) && x.partAt(end+1) >= 0 && x.parts[x.partAt(end+1)].sentence == x.parts[c].sentence {
		return span{}
	}
	return x.trim(span{a + 1, end})
}

// repliesAt is the answer that clause c is, or in whose question it stands; nil without.
func (x *text) repliesAt(c int) *reply {
	n := sort.Search(len(x.replies), func(n int) bool { return x.replies[n].b > x.parts[c].a })
	if n < len(x.replies) && x.replies[n].asks <= c {
		return &x.replies[n]
	}
	return nil
}

// answeredBy is the child whose answer in words clause c stands in; -1 without.
func (x *text) answeredBy(c int) int {
	if r := x.repliesAt(c); r != nil && c >= r.says && r.mode != kerbside.VoiceNonverbal {
		return r.who
	}
	return -1
}

// askedIn finds in the sentence before clause c a question of the worker's to a child: the clause in which it begins, and the child, -1 where no word and no turn tells.
func (x *text) askedIn(c int) (q, who int, ok bool) {
	s := x.sents[x.parts[c].sentence-1]
	for i := s.a; i < s.b; i++ {
		if x.inFrame(i) || x.tokens[i].norm == `"` {
			return 0, -1, false
		}
	}
	q = x.firstPart(c - 1)
	who = x.turnAt(c)
	for k := q; k < c; k++ {
		if x.worker[k] && x.verbAt[k] >= 0 && (x.word(x.verbAt[k]) == "asked" || x.word(x.verbAt[k]) == "ask") {
			if x.asksNothing(k, s) {
				return 0, -1, false
			}
			who = x.askedWhom(x.verbAt[k]+1, c)
			if who >= 0 && !x.people[who].isChild(x) {
				return 0, -1, false
			}
			if x.saidAsQuestion(c - 1) {
				return q, who, true
			}
			return k, who, !x.answeredAlready(k, c)
		}
	}
	if !x.tokenIs(s.b-1, "?") && !x.saidAsQuestion(c-1) || x.inFirstPerson(s) && !x.saidAsQuestion(c-1) {
		return 0, -1, false
	}
	if who < 0 {
		who = x.justAsked(x.parts[c].sentence - 1)
	}
	if who < 0 {
		who = x.lastTeller(x.parts[c].sentence - 1)
	}
	if who < 0 && x.asksYou(s) {
		who = x.lastActing(q)
	}
	return q, who, who >= 0
}

// lastActing is the child of whom the clauses before clause q tell something, in the two sentences before it, with no adult since; -1 without.
func (x *text) lastActing(q int) int {
	for k := q - 1; k >= 0 && x.parts[k].sentence >= x.parts[q].sentence-2; k-- {
		if len(x.subject[k]) == 0 {
			continue
		}
		w := x.subject[k][0]
		if len(x.subject[k]) > 1 || !x.people[w].isChild(x) || x.infant(&x.people[w]) || x.people[w].presence == kerbside.Absent {
			return -1
		}
		return w
	}
	return -1
}

// asksNothing reports that clause k of the sentence s tells of asking and is no question: "I never asked", "I've asked for a test", "I asked her up to her room",
// "she's not been hurt, I asked".
func (x *text) asksNothing(k int, s span) bool {
	part, v := &x.parts[k], x.verbAt[k]
	next := x.word(v + 1)
	if x.who[min(v+1, len(x.tokens)-1)] >= 0 && (x.word(v+2) == "up" || x.word(v+2) == "to" || x.word(v+2) == "in" || x.word(v+2) == "for") {
		return true
	}
	if next == "for" || next == "up" || next == "to" || x.negatedBefore(part.a, v) || x.future(span{part.a, v}) || x.word(v-1) == "have" || x.word(v-1) == "'ve" || x.word(v-1) == "to" {
		return true
	}
	return part.a > s.a && part.b >= s.b-1 && part.b-v <= 3 && !asksWith(x.word(s.a)) && !questioned[next] && !x.tokenIs(part.a-1, "?") && (next == "" || objectPronouns[next] || next == "twice" || next == "both")
}

// askedWhom is the child of whom the worker asks with the verb before token i, in the sentence before clause c: the one named there, else the one whose turn it is or who told
// something last; -1 where others were asked.
func (x *text) askedWhom(i, c int) int {
	n := x.word(i)
	if w := x.who[min(i, len(x.tokens)-1)]; w >= 0 && (!possessives[n] || n == "her") {
		return w
	}
	if n == "the" || n == "both" || n == "them" || n == "staff" || n == "everyone" || n == "everybody" || possessives[n] || i < len(x.tokens) && x.tokens[i].cap && x.caps && n != "i" {
		return -1 // somebody of whom no more is known
	}
	if w := x.turnAt(c); w >= 0 {
		return w
	}
	if w := x.lastTeller(x.parts[c].sentence - 1); w >= 0 {
		return w
	}
	return x.lastActing(x.firstPart(c - 1))
}

// saidAsQuestion reports, with the last clause of a sentence, a question of the worker's that ends or begins with who asked: "How old is he, I asked", "I said what voice".
func (x *text) saidAsQuestion(c int) bool {
	s := x.sents[x.parts[c].sentence]
	last := &x.parts[c]
	if v := x.verbAt[c]; x.worker[c] && v >= 0 && last.a > s.a && last.b-last.a <= 3 && (x.word(v) == "asked" || x.word(v) == "said") {
		return asksWith(x.word(s.a)) || x.tokenIs(last.a-1, "?")
	}
	if x.word(s.a) == "i" && x.word(s.a+1) == "said" {
		return asksWith(x.word(s.a+2)) || x.tokenIs(s.a+2, ",") && asksWith(x.word(s.a+3))
	}
	return false
}

// asksWith reports a word with which a question begins.
func asksWith(n string) bool {
	return questioned[n] && n != "that" && n != "about" || n == "is" || n == "are" || n == "do" || n == "can" || n == "could" || n == "would" || n == "whose" || n == "so" || n == "anything" || n == "anyone" || n == "in"
}

// lastTeller is the child who was the last to tell or answer something in the three sentences before sentence n, with no adult named first since; -1 without.
func (x *text) lastTeller(n int) int {
	for k := n - 1; k >= 0 && k >= n-3; k-- {
		s := x.sents[k]
		for i := s.b - 1; i >= s.a; i-- {
			if m := x.tokens[i].norm; x.tokens[i].mark && (m == breakMark || m == lineMark) {
				return -1
			}
			for m := len(x.replies) - 1; m >= 0 && x.replies[m].b > i; m-- {
				if r := &x.replies[m]; r.a <= i {
					return r.who
				}
			}
			for _, m := range x.cover[i] {
				f := &x.frames[m]
				if f.kind == kerbside.WorkerOpinion || f.content.b <= f.content.a {
					continue
				}
				if f.kind != kerbside.ChildSaid || f.who < 0 || !x.people[f.who].isChild(x) {
					return -1
				}
				return f.who
			}
		}
		mine := x.firstPersonBefore(s.a, s.b)
		for i := s.a; i < s.b && (mine || i == s.a); i++ {
			if w := x.who[i]; w >= 0 && !x.people[w].isChild(x) && pronounGenders[x.word(i)] == "" && !x.tokens[i].poss {
				return -1 // "Downstairs I spoke to Corinne"
			}
		}
	}
	return -1
}

// leads are words with which only an answer begins.
var leads = setOf("yes no yeah nah nope naw yep aye never sometimes always dunno maybe because cos mostly")

// answersWell reports that the sentence that begins with clause c answers what the worker asked a child from clause q on: it begins as an answer does, lacks a verb, is told as
// it is now, or tells of then what was asked of then: "No, because they'd make a fuss", "Just Amy and the baby", "I asked who cooks. Nan does". What the child does is none.
func (x *text) answersWell(c, q int) bool {
	s := x.trim(x.sents[x.parts[c].sentence])
	asks := x.sents[x.parts[q].sentence]
	if !x.asksOfChild(asks, q) || s.b <= s.a || s.b-s.a > longestTold || x.tokenIs(s.b, "?") || x.tokenIs(s.b-1, "?") || reportWords[x.word(s.a)] || x.inFrame(s.a) {
		return false
	}
	for k := c; k < len(x.parts) && x.parts[k].sentence == x.parts[c].sentence; k++ {
		if x.worker[k] && !x.notWorkers(x.parts[k].span) {
			return false
		}
	}
	for i := s.a; i < s.b; i++ {
		if n := x.tokens[i].norm; n == `"` || n == ":" || seenMarks[n] {
			return false
		}
	}
	if leads[x.word(s.a)] {
		return true
	}
	if !x.hasFinite(s.a, s.b) {
		return s.b-s.a <= longestAnswer && !(x.who[s.a] >= 0 && x.people[x.who[s.a]].isChild(x)) && x.verbAt[c] < 0
	}
	return !x.pastIn(s) || x.toldOfThen(c, asks)
}

// toldOfThen reports the answer, from clause c on, to what was asked of then: "Where was that? It was at Nan's". What was done before the worker's eyes is none.
func (x *text) toldOfThen(c int, asks span) bool {
	was := false
	for i := asks.a; i < asks.b; i++ {
		n := x.word(i)
		was = was || n == "was" || n == "were" || n == "did" || n == "had" || n == "happened"
	}
	n, v := x.word(x.parts[c].a), x.verbAt[c]
	if !was || v < 0 || !subjectPronouns[n] && !ownFamily[n] || n == "i" {
		return false
	}
	m := x.word(v)
	return !seens[m] && !gestures[m] && !bodily[m] && !bodyReplies[m] && !movedOn[m] && !workersVerbs[x.lex.verb[m]] && !x.fellStill(v)
}

// asksOfChild reports, with the clause q in which a question begins, one that is put to a child: no heading, no call to an adult, and not how an adult fares.
func (x *text) asksOfChild(s span, q int) bool {
	v := x.verbAt[q]
	if !x.worker[q] || v < 0 || x.word(v) != "asked" && x.word(v) != "ask" {
		if x.saidAsQuestion(q) {
			return true
		}
		for i := s.a; i < s.b; i++ {
			if n := x.word(i); reportWords[n] || n == "next" {
				return false
			}
		}
		return x.asksYou(s) || !x.contains(s, "you") && !x.contains(s, "your")
	}
	for k := v + 1; k < v+5 && k < s.b; k++ {
		if x.grownAt(k) && !x.tokens[k].poss || x.word(k) == "next" {
			return false // "I asked how mum is coping"
		}
	}
	return true
}

// longestTold is how many words an answer in a whole sentence may have.
const longestTold = 30

// seenMarks are what a worker notes at a visit.
var seenMarks = setOf("marks bruises injuries bruising observed noted seen visit concerns")

// pastIn reports a verb of the past, as a worker uses for what happened at a visit.
func (x *text) pastIn(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); {
		case n == "was" || n == "were" || n == "did" || n == "had":
			return true
		case x.lex.finite[n] && !finiteAux[n] && !strings.HasSuffix(n, "s") && x.lex.verb[n] != n:
			return true
		}
	}
	return false
}

// answerSpan is the answer that begins with clause c, with the question q before it where it means little by itself.
func (x *text) answerSpan(q span, c int) span {
	s := x.trim(x.sents[x.parts[c].sentence])
	if s.b-s.a > longestAnswer {
		return s
	}
	return span{q.a, s.b}
}

// firstPart is the clause with which the sentence of clause c begins.
func (x *text) firstPart(c int) int {
	for c > 0 && x.parts[c-1].sentence == x.parts[c].sentence {
		c--
	}
	return c
}

// answeredAlready reports a clause between question and sentence's end in which somebody does something.
func (x *text) answeredAlready(q, c int) bool {
	for k := q + 1; k < c; k++ {
		if len(x.subject[k]) > 0 && x.verbAt[k] >= 0 && x.parts[k].joint != "" && !questioned[x.parts[k].joint] {
			return true
		}
	}
	return false
}

// justAsked is the child whom the worker addressed in the few sentences before sentence n, whom no adult has interrupted; -1 without.
func (x *text) justAsked(n int) int {
	for k := n - 1; k >= 0 && k >= n-3; k-- {
		for c := x.partAt(x.sents[k].a); c >= 0 && c < len(x.parts) && x.parts[c].sentence == k; c++ {
			v := x.verbAt[c]
			if !x.worker[c] || v < 0 || !asked[x.word(v)] || v+1 >= len(x.tokens) {
				continue
			}
			if w := x.whoAt(v + 1); w >= 0 && x.people[w].isChild(x) {
				return w
			}
			return -1
		}
	}
	return -1
}

// saysShortly reports a sentence that is no more than "No." or "Not really."
func (x *text) saysShortly(s span) bool {
	s = x.trim(s)
	if s.b-s.a == 0 || s.b-s.a > 4 || x.hasFinite(s.a, s.b) {
		return false
	}
	n := x.word(s.a)
	return shortReplies[n] || n == "not" && s.b-s.a == 2 && (x.word(s.a+1) == "really" || x.word(s.a+1) == "much" || x.word(s.a+1) == "often")
}

// longestAnswer is how many words an answer without a verb of speech may have.
const longestAnswer = 14

// answersYou reports that clause c begins a sentence that answers "did you eat?", asked from clause q on: the worker puts down what was said, question and answer, and brings
// in neither.
func (x *text) answersYou(c, q int) bool {
	asks := x.sents[x.parts[q].sentence]
	return x.tokenIs(asks.b-1, "?") && !x.inFirstPerson(asks) && x.asksYou(asks) && x.answerLike(c)
}

// asksYou reports a question to "you" in which no adult is called: "did you eat?", not "Mum, did you ring?".
func (x *text) asksYou(s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.grownAt(i) && (i == s.a || x.word(i-1) == "to" || x.word(i-1) == "and" || x.tokens[i-1].mark) && (i+1 >= s.b || x.tokens[i+1].mark) {
			return false
		}
	}
	return x.contains(s, "you") || x.contains(s, "your")
}

// asksOn reports a question that goes on with what a child tells, and is no heading: it has a verb, or is a word that asks, alone or behind "and": "Does it work?", "Who with?",
// "And at night?"; not "Risks?", "So what's the plan?".
func (x *text) asksOn(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); {
		case reportWords[n], n == "next", n == "so" && i == s.a:
			return false
		}
	}
	first := x.word(s.a)
	return first == "and" || questioned[first] && first != "about" || first == "is" || first == "are" || first == "do" || first == "can" || first == "would" || x.asksYou(s)
}

// reportWords are headings of a worker's own.
var reportWords = setOf("risk risks step steps plan plans concern concerns worry worries analysis view views bedroom bedrooms strength strengths action actions enough safe summary")

// answerLike reports that the sentence that begins with clause c can be an answer: short, nobody brings it in, it asks nothing, and it is nothing that the worker did or will do.
func (x *text) answerLike(c int) bool {
	s := x.trim(x.sents[x.parts[c].sentence])
	if s.b-s.a > longestAnswer || x.tokenIs(s.b, "?") || x.tokenIs(s.b-1, "?") || x.future(s) && x.worker[c] {
		return false
	}
	for i := s.a; i < s.b; i++ {
		n := x.word(i)
		if x.inFrame(i) || x.tokens[i].norm == `"` || n == "we" || n == "us" || n == "our" {
			return false
		}
		if n == "i" { // the worker's own deeds at a visit
			k := i + 1
			for adverbs[x.word(k)] || x.word(k) == "have" || x.word(k) == "did" || x.word(k) == "not" {
				k++
			}
			if b := x.lex.verb[x.word(k)]; workersVerbs[b] || asked[x.word(k)] || answering[b] || b == "look" || b == "go" || b == "leave" || x.lex.speech[x.word(k)] != "" {
				return false
			}
		}
	}
	return true
}

// answersAsked reports that clause c is a sentence without a verb that answers "I asked how's the new baby", from clause q on: "Loud."
func (x *text) answersAsked(c, q int) bool {
	v := x.verbAt[q]
	s := x.trim(x.sents[x.parts[c].sentence])
	if v < 0 || !x.worker[q] || x.word(v) != "asked" || s.b-s.a > 8 || x.hasFinite(s.a, s.b) || x.tokenIs(s.b, "?") || x.tokenIs(s.b-1, "?") {
		return false
	}
	asks := false
	for k := v + 1; k < v+5 && k < x.sents[x.parts[q].sentence].b; k++ {
		if x.grownAt(k) || x.word(k) == "next" {
			return false // "I asked how mum is coping"
		}
		asks = asks || questioned[x.word(k)] && x.word(k) != "about" && x.word(k) != "that"
	}
	for i := s.a; i < s.b && asks; i++ {
		if x.inFrame(i) || x.tokens[i].norm == `"` || mineWords[x.word(i)] {
			return false
		}
	}
	return asks
}

// putToChild reads the question before clause c, and its answer, where one child tells and answers: "She said she's fine. And at night? Nobody comes." What stands there is what
// was said.
func (x *text) putToChild(c int) (reply, bool) {
	n := x.parts[c].sentence - 1
	s, says := x.sents[n], x.trim(x.sents[x.parts[c].sentence])
	if !x.tokenIs(s.b-1, "?") || x.inFirstPerson(s) || !x.asksOn(s) || x.inFrame(s.a) || x.tokens[s.a].norm == `"` || !x.saysShortly(says) && !x.answerLike(c) {
		return reply{}, false
	}
	who := x.lastVoice(n)
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && w == who && x.word(i) != "your" && !pronoun(x.word(i)) {
			return reply{}, false // asked of somebody else about the child
		}
	}
	return reply{span{x.trim(s).a, says.b}, who, kerbside.VoiceParaphrase, x.firstPart(c - 1), c}, who >= 0
}

// lastVoice is the child who answered, or whose words ended, in the sentence before sentence n, with nobody else speaking since; -1 without.
func (x *text) lastVoice(n int) int {
	if n == 0 {
		return -1
	}
	from, to := x.sents[n-1].a, x.sents[n].a
	who, at := -1, from
	for i := from; i < to; i++ {
		for _, k := range x.cover[i] {
			if f := &x.frames[k]; f.content.b > at && f.content.b <= to && f.kind != kerbside.WorkerOpinion {
				who, at = -1, f.content.b
				if f.kind == kerbside.ChildSaid {
					who = f.who
				}
			}
		}
	}
	if k := len(x.replies) - 1; k >= 0 && x.replies[k].b > at && x.replies[k].b <= to {
		who = x.replies[k].who
	}
	if who >= 0 && !x.people[who].isChild(x) {
		return -1
	}
	return who
}

// showsIn reports that a child answers r with a sign or an act in clause c.
func (x *text) showsIn(c int, r *reply) bool {
	part := &x.parts[c]
	v := x.verbAt[c]
	if v < 0 && part.b-part.a >= 2 && x.who[part.a] >= 0 {
		v = part.a + 1
	}
	if v < 0 || x.saysToo(c) || x.negatedBefore(part.a, v) {
		return false
	}
	n := x.word(v)
	if !gestures[n] && !bodily[n] && !bodyReplies[n] && !tellingSigns[n] && !x.fellStill(v) || n == "shook" && !x.contains(part.span, "head") {
		return false
	}
	w := -1
	for _, k := range x.subject[c] {
		w = k
	}
	if w < 0 && (v == part.a || v == part.a+1 && adverbs[x.word(part.a)]) {
		w = r.who
	}
	if w < 0 || !x.people[w].isChild(x) || len(x.subject[c]) > 1 || r.who >= 0 && w != r.who || r.who < 0 && !tellingSigns[n] {
		return false
	}
	r.who = w
	return true
}

// askedBehind is where the worker's question begins that the words of f, in s, answer in no more than a word: "I asked if he slept and he said no"; -1 without.
func (x *text) askedBehind(f *frame, s span) int {
	if s.b-s.a != 1 || !shortReplies[x.word(s.a)] || f.who < 0 {
		return -1
	}
	c := f.clause
	for k := c; k >= 0 && k >= c-3 && x.parts[k].sentence == x.parts[c].sentence; k-- {
		if x.worker[k] && x.verbAt[k] >= 0 && asked[x.word(x.verbAt[k])] && x.verbAt[k] < f.cue.a {
			return x.trim(x.parts[k].span).a
		}
	}
	if c > 0 && x.parts[c].sentence > 0 && x.parts[c-1].sentence == x.parts[c].sentence-1 {
		if q, who, ok := x.askedIn(c); ok && (who < 0 || who == f.who) {
			return x.trim(x.parts[q].span).a
		}
	}
	return -1
}

// presses reports what a child who speaks with a device says with it: "He pressed more, and then stop". The words go on to the sentence's end.
func (x *text) presses(c int) (int, span, bool) {
	part := &x.parts[c]
	w := x.turnAt(c)
	if w < 0 || part.b-part.a < 3 || x.who[part.a] != w || x.reported(c) || !strings.HasPrefix(x.word(part.a+1), "pressed") && x.word(part.a+1) != "tapped" {
		return -1, span{}, false
	}
	for i := range x.tokens {
		if aids[x.word(i)] {
			return w, x.trim(span{part.a, x.sents[part.sentence].b}), true
		}
	}
	return -1, span{}, false
}
