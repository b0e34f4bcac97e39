package rules

import (
	"strings"

	"kerbside"
)

// frame is a stretch that somebody other than the worker says, or that the worker marks as an opinion.
type frame struct {
	cue     span // the words that say who speaks
	content span
	who     int    // person, -1 when it is an organisation or nobody named
	label   string // what the speaker is called
	kind    string // of attribution
	verb    string // kind of the verb of speech
	direct  bool   // the speaker's very words
	both    []int  // children who say it together
	hearer  int    // the one who was told and who passed it on, -1 when that is the worker
	clause  int
}

var organisations = setOf("school nursery police camhs college hospital surgery housing academy childminder referral report reports records record conference agency probation health playgroup court staff letter")

var opinionCues = [][]string{
	{"in", "my", "view"}, {"in", "my", "opinion"}, {"my", "opinion"}, {"what", "i", "make"}, {"what", "i", "want", "to", "know"}, {"my", "view"}, {"my", "feeling"}, {"my", "sense"}, {"my", "impression"}, {"my", "worry"}, {"my", "concern"}, {"my", "concerns"}, {"my", "analysis"}, {"my", "assessment", "is"}, {"my", "hunch"}, {"my", "read"},
	{"i", "think"}, {"i", "feel"}, {"i", "felt"}, {"i", "believe"}, {"i", "consider"}, {"i", "am", "worried"}, {"i", "am", "concerned"}, {"i", "was", "worried"}, {"i", "was", "concerned"}, {"i", "am", "unsure"}, {"i", "am", "not", "sure"}, {"i", "am", "not", "convinced"}, {"i", "am", "not", "certain"}, {"i", "am", "less"}, {"i", "have", "no", "reason"}, {"i", "can", "neither"}, {"i", "would", "not", "call"}, {"i", "am", "confident"}, {"i", "am", "satisfied"}, {"i", "would", "say"}, {"i", "'d", "say"}, {"i", "'d", "be"}, {"i", "suspect"}, {"i", "wonder"}, {"i", "wondered"}, {"i", "worry"},
	{"i", "remain"}, {"i", "do", "not", "think"}, {"i", "do", "not", "know"}, {"i", "do", "not", "believe"}, {"i", "do", "not", "have", "enough"}, {"i", "got", "the", "impression"}, {"i", "had", "the", "impression"}, {"it", "seemed", "to", "me"}, {"it", "seems", "to", "me"}, {"i", "reckon"}, {"i", "am", "pleased"}, {"i", "was", "pleased"}, {"i", "was", "impressed"}, {"professionally"}, {"to", "my", "mind"}, {"i", "am", "uneasy"}, {"i", "cannot", "be", "sure"}, {"i", "can", "not"}, {"thing", "i", "am"}, {"i", "have", "no", "concerns"}, {"i", "have", "concerns"}, {"i", "have", "some"}, {"i", "am", "reassured"}, {"on", "balance"}, {"overall", "i"},
}

// findSpeech finds who says what.
func (x *text) findSpeech() {
	x.cover = make([][]int, len(x.tokens))
	covered := -1 // end of the direct speech in which we are
	for c := range x.parts {
		part := &x.parts[c]
		end := x.sents[part.sentence].b
		if f, ok := x.colonFrame(c, end); ok {
			x.addFrame(f)
			continue
		}
		if part.a < covered {
			continue
		}
		for i := part.a; i < part.b; i++ {
			kind := x.lex.speech[x.tokens[i].norm]
			if kind == "" && (x.goes(i) || x.isClear(i) || x.signs(i) || x.shouts(i) || x.swears(i)) {
				kind = "say"
			}
			if kind == "" && x.writes(i) {
				kind = "tell"
			}
			if kind == "" || x.tokens[i].mark {
				continue
			}
			f, ok := x.frameAt(c, i, kind, end)
			if !ok {
				continue
			}
			x.addFrame(f)
			if f.direct && x.quotedSpan(f.content) {
				covered = f.content.b
				break
			}
		}
		if f, ok := x.wordsFrame(c, end); ok {
			x.addFrame(f)
		}
		if f, ok := x.passiveFrame(c, end); ok {
			x.addFrame(f)
		}
	}
	x.findHeadings()
	x.spokenWithoutVerb()
	x.opinions()
}

// spokenStarts are words with which very words begin where no mark says so: "she goes no I never", "he was like I don't care".
var spokenStarts = setOf("no nah nope yes yeah yep oh i we why")

// goes reports "she goes, I hate it" and "he was like, no": verbs that bring in very words when a mark, or a word that only they begin with, follows.
func (x *text) goes(i int) bool {
	if n := x.tokens[i].norm; n == "goes" && spokenStarts[x.word(i+1)] || n == "like" && spokenStarts[x.word(i+1)] && x.word(i-1) == "was" {
		return true
	}
	if i+2 >= len(x.tokens) || !x.tokens[i+1].mark || x.tokens[i+1].norm != "," && x.tokens[i+1].norm != `"` {
		return false
	}
	switch x.tokens[i].norm {
	case "goes":
		return true
	case "went":
		return x.tokens[i+1].norm == `"` || x.tokens[i+2].norm == `"`
	case "like":
		return i > 0 && (x.tokens[i-1].norm == "was" || x.tokens[i-1].norm == "'s" || x.tokens[i-1].norm == "is")
	}
	return false
}

// signs reports a language of signs: "he signed that it hurts", "she signed to me she was cold".
func (x *text) signs(i int) bool {
	if n := x.tokens[i].norm; x.tokens[i].mark || n != "signed" && n != "signs" {
		return false
	}
	next := x.word(i + 1)
	return next == "that" || next == "to" && (x.word(i+2) == "me" || x.word(i+2) == "us") || next == "he" || next == "she" || next == "they"
}

// shouts reports words that are called out: "he shouted that he's a shark", "she yelled they were winning".
func (x *text) shouts(i int) bool {
	switch x.word(i) {
	case "shouted", "yelled", "screamed", "sang":
		next := x.word(i + 1)
		return next == "that" || subjectPronouns[next] && next != "i" && next != "we"
	}
	return false
}

// writes reports words that reached the worker by message: "school had emailed me that …", "she wrote to us that …".
func (x *text) writes(i int) bool {
	if n := x.word(i); !contactVerbs[n] && n != "written" || n == "called" {
		return false
	}
	k := i + 1
	if x.word(k) == "to" {
		k++
	}
	return (x.word(k) == "me" || x.word(k) == "us") && x.word(k+1) == "that"
}

// isClear reports "was clear that", "is adamant it was not him": an adjective that brings in what somebody says.
func (x *text) isClear(i int) bool {
	if i == 0 || i+1 >= len(x.tokens) || x.tokens[i].mark {
		return false
	}
	switch x.tokens[i].norm {
	case "slip":
		return x.lex.verb[x.tokens[i-1].norm] == "let"
	case "clear", "adamant", "insistent", "convinced":
		b := x.before(i)
		return (b == "was" || b == "is" || b == "'s" || b == "were" || b == "are") && (x.tokens[i+1].norm == "that" || subjectPronouns[x.tokens[i+1].norm] || x.whoAt(i+1) >= 0)
	}
	return false
}

func (x *text) quotedSpan(s span) bool { return s.a > 0 && x.tokens[s.a-1].norm == `"` }

// frameAt reads a verb of speech at token v of clause c.
func (x *text) frameAt(c, v int, kind string, end int) (frame, bool) {
	part := &x.parts[c]
	f := frame{cue: span{part.a, v + 1}, who: -1, hearer: -1, verb: kind, clause: c}
	if n := x.word(v); v == part.a && (n == "ask" || n == "tell") && len(x.frames) > 0 {
		if last := &x.frames[len(x.frames)-1]; last.content.b >= part.a && x.parts[last.clause].sentence == part.sentence {
			return f, false // "he said it was rugby, ask Mr Lewis"
		}
	}
	if next := x.word(v + 1); v == part.a && x.word(v) == "reported" && (next == "to" || next == "as" || next == "missing") {
		return f, false // "Reported to police" was done by the worker, or by somebody who is not named
	}
	if b := x.before(v); (b == "was" || b == "were" || b == "been" || b == "is" || b == "being") && x.tokens[v].norm != "saying" && x.tokens[v].norm != "telling" && !x.isClear(v) && !x.goes(v) && !strings.HasSuffix(x.tokens[v].norm, "ing") {
		return f, false // "was told", "was described as": the subject hears it
	}
	if g, ok := x.inverted(f, c, v, end); ok {
		return g, true
	}
	if !x.speakerOf(&f, c, v) {
		return f, false
	}
	if n := x.word(v + 1); kind == "tell" && f.kind != kerbside.ChildSaid && (n == "me" || n == "us") && x.word(v+2) == "to" && x.lex.verb[x.word(v+3)] == x.word(v+3) && x.word(v+3) != "" {
		return f, false // "got aggressive and told me to get out" was seen and heard
	}
	if n := x.word(f.cue.a - 1); kind == "think" && (n == "what" || n == "how") {
		return f, false // "I asked Kyle what he thought"
	}
	next := ""
	if v+1 < len(x.tokens) {
		next = x.tokens[v+1].norm
	}
	if next == "to" && v+2 < len(x.tokens) && x.lex.verb[x.tokens[v+2].norm] != "" || next == "of" || x.tokens[v].norm == "agreed" && (next == "to" || next == "not") || next == "like" || (x.tokens[v].norm == "feel" || x.tokens[v].norm == "feels" || x.tokens[v].norm == "felt" || x.tokens[v].norm == "worries" || x.tokens[v].norm == "worry" || x.tokens[v].norm == "feeling") {
		return f, false
	}
	if g, ok := x.afterthought(f, c, v); ok {
		return g, true
	}
	if x.lex.verb[x.tokens[v].norm] == "answer" && (next == "the" || next == "who" || next == "and" || next == "then" || next == "for" || next == "straight" || next == "my" || next == "on" || next == "it" || next == "in" || next == "her" || next == "his" || next == "eventually") {
		return f, false // "answered the door"
	}
	if (next == "it" || next == "this") && saysOnly[x.word(v+2)] {
		return f, false // "she said it and then took it back"
	}
	for k := v + 1; kind == "tell" && next != "me" && next != "us" && k < part.b && k < v+4 && f.hearer < 0 && x.tokens[k].norm != "that"; k++ {
		if w := x.who[k]; w >= 0 && !x.tokens[k].poss && w != f.who && !(possessives[x.tokens[k].norm] && x.whoAt(k+1) >= 0 && !possessives[x.word(k+1)] && !pronoun(x.word(k+1))) && !subjectPronouns[x.tokens[k].norm] {
			f.hearer = w
		}
	}
	if q, ok := x.quoteBefore(c, v); ok && (f.who >= 0 || f.kind != "") {
		f.content, f.direct = q, true
		return f, true
	}
	if b := x.word(f.cue.a - 1); b == "anything" || b == "everything" || b == "whatever" || b == "what" && next == "about" {
		return f, false // "will keep anything he says in a notebook"
	}
	if n := x.word(v + 2); x.lex.verb[x.word(v)] == "answer" && x.tokenIs(v+1, ",") && (x.lex.finite[n] || f.who >= 0 && x.whoAt(v+2) == f.who && subjectPronouns[n] && !x.asked(part.sentence-1)) {
		return f, false // "he answered, let me in and went up", "Dad answered, he was sober"
	}
	start, direct := x.contentStart(v, kind, end)
	if part.joint == "," && c > 0 && !x.worker[c-1] && (f.who >= 0 || f.kind != "") && kind != "deny" && v > part.a && start < part.b && x.lex.verb[x.word(v)] != "agree" && x.lex.verb[x.word(v)] != x.word(v) && (x.wordsOnly(start) && f.kind != kerbside.ChildSaid || x.manner(start, end)) {
		if g, ok := x.postposed(f, c); ok {
			return g, true // "…, his tutor told me on the phone", "…, mum wrote that"
		}
	}
	direct = direct || x.goes(v)
	if start >= end || start >= len(x.tokens) || !x.restored && part.joint == "," && x.onlyMarks(start, end) {
		return x.postposed(f, c)
	}
	if f.who < 0 && f.kind == "" || next == "no" && v+2 < len(x.tokens) && x.tokens[v+2].norm == "to" { // "said no to seeing me"
		return f, false
	}
	if direct && v+1 < len(x.tokens) && x.tokens[v+1].norm == "," && (x.tokens[start].norm == "and" || x.tokens[start].norm == "but" || x.tokens[start].norm == "so") && part.joint == "," { // "…, she says, and mum backed her up"
		return x.postposed(f, c)
	}
	f.direct = direct
	if x.tokens[start].norm == `"` {
		f.direct = true
		close := start + 1
		for close < len(x.tokens) && close < start+200 && x.tokens[close].norm != `"` {
			close++
		}
		f.content = span{start + 1, min(close, len(x.tokens))}
		return f, f.content.b > f.content.a
	}
	f.content = span{start, x.contentEnd(c, start, end, f)}
	if f.kind == kerbside.ChildSaid && !f.direct {
		f.content.b = x.movesOn(f.content, f.who)
	}
	x.runOver(&f, c)
	return f, f.content.b > f.content.a
}

// quoteBefore is the quotation that clause c, in which somebody speaks with the verb at v, closes: "…", she said; and with what goes on in quotation marks behind it.
func (x *text) quoteBefore(c, v int) (span, bool) {
	part := &x.parts[c]
	k := part.a - 1
	if x.tokenIs(k, ",") {
		k--
	}
	if !x.tokenIs(k, `"`) || x.opensQuote(k) || part.a == x.sents[part.sentence].a || connectors[x.word(part.a)] || v-part.a > 4 {
		return span{}, false
	}
	open := k - 1
	for open > 0 && open > k-200 && !x.tokenIs(open, `"`) {
		open--
	}
	if !x.tokenIs(open, `"`) || k-open < 2 {
		return span{}, false
	}
	q := span{open + 1, k}
	if x.tokenIs(v+1, ",") && x.tokenIs(v+2, `"`) {
		for end := v + 3; end < len(x.tokens) && end < v+200; end++ {
			if x.tokenIs(end, `"`) {
				return span{q.a, end}, true
			}
		}
	}
	return q, true
}

// saysOnly are the words behind "said it" that show that nothing of what was said is told.
var saysOnly = setOf("and again then to with while when twice quietly")

// passedOn reports words that reached the worker by the one who was told them: "she told her dad". A child with whom the worker is tells itself whom it told.
func (x *text) passedOn(f *frame) bool {
	return f.hearer >= 0 && f.verb == "tell" && (f.who < 0 || x.turnAt(f.clause) != f.who) && !(f.who >= 0 && x.people[f.who].isChild(x) && x.watched() && x.people[f.hearer].kind(x) == roleFamily && !x.reported(f.clause))
}

// watched reports contact that the worker supervised, who heard then what a child told its parent.
func (x *text) watched() bool {
	for _, f := range x.factsIn("type", min(opening, len(x.tokens))) {
		if f.value != kerbside.VisitOther {
			continue
		}
		for i := f.a; i < f.b; i++ {
			if n := x.word(i); n == "contact" || n == "family" || n == "supervised" {
				return true
			}
		}
	}
	return false
}

// runOver takes in the sentence after a verb of speech that has nothing yet to report, where no mark stands between: "told me in the corridor | I hate it".
func (x *text) runOver(f *frame, c int) {
	s := x.parts[c].sentence
	if s+1 >= len(x.sents) || f.content.b != x.sents[s].b || x.tokens[x.sents[s].b-1].mark || x.hasFinite(f.content.a, f.content.b) || f.content.b-f.content.a > 6 {
		return
	}
	for _, p := range x.parts[c+1:] {
		if p.sentence != s+1 {
			break
		}
		f.content.b = p.b
		f.direct = f.direct || x.tokens[p.a].norm == "i"
	}
}

// ofServices are those who speak for a service that is named before them.
var ofServices = setOf("lady woman man bloke girl chap person people practice clinic team service office centre council unit ward line")

var reflexives = setOf("himself herself themselves myself")

var contactVerbs = setOf("rang phoned called emailed texted wrote messaged contacted rung")

// speakerOf finds who speaks: the subject before the verb, or that of an earlier clause which the verb shares.
func (x *text) speakerOf(f *frame, c, v int) bool {
	part := &x.parts[c]
	k := v - 1
	for k >= part.a && !x.tokens[k].mark && (adverbs[x.tokens[k].norm] || k > part.a && reflexives[x.tokens[k].norm] || finiteAux[x.tokens[k].norm] || x.tokens[k].norm == "been" || isFiller(&x.tokens[k])) {
		if x.tokens[k].norm == "will" || x.tokens[k].norm == "would" || x.tokens[k].norm == "not" || x.tokens[k].norm == "never" {
			return false
		}
		k--
	}
	if w := x.word(k - 1); k >= part.a+3 && isNumber(&x.tokens[k]) && (w == "'s" || w == "is") && x.word(k-2) == "who" {
		k -= 3 // "Sam who's ten said"
	}
	if x.lex.verb[x.tokens[v].norm] == x.tokens[v].norm && (x.word(k-1) == "did" || x.word(k-1) == "does") {
		return false // "I said what did she say"
	}
	if x.tokens[v].norm == "slip" && k >= part.a && x.lex.verb[x.tokens[k].norm] == "let" {
		k--
	}
	if v == part.a && part.joint == "," && c > 0 && x.parts[c-1].sentence == part.sentence && !x.parts[c-1].finite {
		if w := x.lastPerson(x.parts[c-1].span); w >= 0 { // "Her teacher, Miss Fry, reports that …"
			x.speaker(f, w)
			return true
		}
	}
	if k < part.a { // "and says …", "Also said, …"
		if v == part.a && !x.lex.finite[x.tokens[v].norm] && x.after(v) != "that" {
			return false
		}
		if len(x.subject[c]) > 0 {
			x.speaker(f, x.subject[c][len(x.subject[c])-1])
			return true
		}
		if x.worker[c] || part.joint != "" && part.joint != "," && part.joint[0] != '+' {
			return false
		}
		if w := x.turnAt(c); w >= 0 && part.joint == "" && x.words(c) {
			x.speaker(f, w)
			return true
		}
		if w := x.spokenOfSince(c); w >= 0 && part.joint == "" {
			x.speaker(f, w)
			return true
		}
		if n := len(x.frames); n > 0 && part.joint == "" {
			f.who, f.label, f.kind = x.frames[n-1].who, x.frames[n-1].label, x.frames[n-1].kind
			return f.kind != kerbside.WorkerOpinion
		}
		if prev := c - 1; prev >= 0 && x.parts[prev].sentence == part.sentence {
			if w := x.lastPerson(x.parts[prev].span); w >= 0 {
				x.speaker(f, w)
				return true
			}
			return x.somebody(f, x.parts[prev].span)
		}
		return part.joint == "" && x.spokenOf(f, c)
	}
	if w := x.beforePhrase(part.a, k); w >= 0 {
		x.speaker(f, w)
		return true
	}
	t := &x.tokens[k]
	if t.norm == "to" && !t.mark { // "rang the office to say"
		for m := part.a + 1; m < k; m++ {
			if contactVerbs[x.tokens[m].norm] {
				return x.speakerOf(f, c, m)
			}
		}
	}
	if t.mark {
		return false
	}
	f.cue.a = k
	for f.cue.a > part.a && (x.whoAt(f.cue.a-1) >= 0 && x.whoAt(f.cue.a-1) == x.who[k] || determiners[x.tokens[f.cue.a-1].norm] && !x.joinsThat(f.cue.a-1)) {
		f.cue.a--
	}
	if w := x.who[k]; w >= 0 {
		if last := x.spokeBefore(c, k); last >= 0 {
			w = last
		} else if last := x.answersOn(c, k); last >= 0 {
			w, x.who[k] = last, last
		}
		if possessives[t.norm] || objectPronouns[t.norm] || t.poss && x.tokens[v].word != t.word && k+1 != v { // "teacher's told me" has told
			return false
		}
		x.speaker(f, w)
		return true
	}
	switch {
	case t.norm == "them" && k > part.a && x.tokens[k-1].norm == "of":
		f.label, f.kind = t.norm, kerbside.AdultSaid
		return true
	case ofServices[t.norm] && x.ofService(part.a, k):
		f.cue.a = part.a // "the freedom programme lady says", "the GP practice rang to say"
		f.label, f.kind = t.text, kerbside.ProfessionalSaid
		return true
	case (t.norm == "office" || t.norm == "staff" || t.norm == "reception") && k > part.a && organisations[x.tokens[k-1].norm]:
		f.label, f.kind = x.tokens[k-1].text, kerbside.ProfessionalSaid
		return true
	case (t.norm == "they" || t.norm == "both" || t.norm == "neither" || t.norm == "two") && len(x.childrenBefore(k)) > 0:
		f.label, f.kind, f.both = t.norm, kerbside.ChildSaid, x.childrenBefore(k)
		return true
	case t.norm == "they", t.norm == "both", t.norm == "parents", t.norm == "neither", t.norm == "couple":
		f.label, f.kind = t.norm, kerbside.AdultSaid
		return true
	case t.norm == "children", t.norm == "kids", t.norm == "girls", t.norm == "boys":
		f.label, f.kind = t.norm, kerbside.ChildSaid
		return true
	case organisations[t.norm] || organisations[x.lastWordOfName(k)]:
		f.label, f.kind = x.tokens[k].text, kerbside.ProfessionalSaid
		return true
	case t.norm == "i":
		return false
	case (t.norm == "he" || t.norm == "she") && x.turnAt(c) >= 0 && x.genderFits(x.turnAt(c), pronounGenders[t.norm]):
		x.speaker(f, x.turnAt(c))
		return true
	case t.norm == "he" || t.norm == "she":
		f.label, f.kind = t.norm, kerbside.AdultSaid // somebody whom no word before names
		return true
	case t.norm == "lady" || t.norm == "woman" || t.norm == "man" || t.norm == "bloke" || t.norm == "gentleman" || t.norm == "way" || t.norm == "door" || t.norm == "neighbour" || t.norm == "neighbours" || t.norm == "caller" || t.norm == "family" || t.norm == "grandparents":
		f.label, f.kind = t.text, kerbside.AdultSaid
		return true
	case k+1 < len(x.tokens) && x.inPlace(k):
		f.label, f.kind = t.text, kerbside.ProfessionalSaid
		return true
	case (t.norm == "teacher" || t.norm == "worker" || t.norm == "nurse" || t.norm == "officer" || t.norm == "teachers" || t.norm == "doctors" || t.norm == "workers"):
		f.label, f.kind = t.text, kerbside.ProfessionalSaid
		return true
	case t.norm == "who" && x.lastPerson(span{part.a, k}) >= 0:
		x.speaker(f, x.lastPerson(span{part.a, k})) // "she's with a Mrs Tran who says"
		return true
	case t.norm == "and" || t.norm == "who" || t.norm == "then":
		if len(x.subject[c]) > 0 {
			x.speaker(f, x.subject[c][len(x.subject[c])-1])
			return true
		}
		if w := x.lastPerson(span{max(0, part.a-12), k}); w >= 0 && t.norm == "who" {
			x.speaker(f, w)
			return true
		}
	}
	return x.somebody(f, span{part.a, v})
}

// spokeBefore is who has spoken in the sentence before the pronoun at token k, which goes on meaning that one unless somebody else is named between: "The nurse said
// he's fine, she says he eats"; -1 without.
func (x *text) spokeBefore(c, k int) int {
	n := len(x.frames) - 1
	gender := pronounGenders[x.word(k)]
	if n < 0 || gender == "" || k != x.parts[c].a && k != x.parts[c].a+1 {
		return -1
	}
	last := &x.frames[n]
	a := x.sents[x.parts[c].sentence].a
	if last.who < 0 || last.cue.a < a || last.clause >= c || last.kind != kerbside.ProfessionalSaid || !x.genderFits(last.who, gender) {
		return -1
	}
	for i := a; i < k; i++ {
		if w := x.who[i]; w == x.who[k] && !pronoun(x.word(i)) && !possessives[x.word(i)] {
			return -1
		}
	}
	return last.who
}

// answersOn is who goes on answering the worker, where the pronoun at token k follows a question that names nobody of its gender: "He misses his brother Kyle. I asked if he's
// worried | and he said …"; -1 without.
func (x *text) answersOn(c, k int) int {
	g := pronounGenders[x.word(k)]
	s := x.parts[c].sentence
	a := x.sents[s].a
	if n := len(x.frames); g == "" || !subjectPronouns[x.word(k)] || n == 0 || x.word(a) != "i" || x.word(a+1) != "asked" {
		return -1
	} else if f := &x.frames[n-1]; f.who >= 0 && f.kind == kerbside.ChildSaid && f.clause < c && x.parts[f.clause].sentence >= s-3 && x.parts[f.clause].sentence < s && x.genderFits(f.who, g) {
		for i := f.content.b; i < k; i++ {
			if w := x.who[i]; w >= 0 && w != f.who && !pronoun(x.word(i)) && x.genderFits(w, g) && (i > a || x.partAt(i) >= 0 && x.worker[x.partAt(i)]) {
				return -1
			}
		}
		for m := f.clause + 1; m < c; m++ {
			for _, w := range x.subject[m] {
				if w != f.who && x.genderFits(w, g) && !x.framed(x.parts[m].span) {
					return -1 // "Dad came in. I asked how work was | and he said …"
				}
			}
		}
		return f.who
	}
	return -1
}

// ofService reports a service among the few words from the start of a clause up to token k that say who speaks.
func (x *text) ofService(a, k int) bool {
	if k-a > 5 {
		return false
	}
	found := services[x.word(k)] || organisations[x.word(k)] || x.word(k) == "practice" || x.word(k) == "ward"
	for i := a; i < k; i++ {
		n := x.word(i)
		if n == "" || finiteAux[n] || x.lex.finite[n] || prepositions[n] && n != "from" && n != "at" {
			return false
		}
		found = found || organisations[n] || services[n] || n == "programme" || n == "course" || n == "centre" || n == "refuge" || n == "attendance" || n == "support"
	}
	return found
}

// childrenBefore are the children of whom words before token i last spoke as several, "the boys", "Simi and Tobi"; none where they spoke of adults.
func (x *text) childrenBefore(i int) []int {
	for k := i - 1; k > 0 && k > i-50; k-- {
		n := x.word(k)
		switch n {
		case "children", "kids", "boys", "girls", "twins", "siblings", "brothers", "sisters", "lads":
			return x.ofGender(x.ownChildren(), x.groupGender(k+1))
		case "parents", "carers", "couple", "grandparents", "police", "neighbours", "school", "nursery", "staff":
			return nil
		}
		v := x.who[k]
		if v < 0 || n == "" || pronoun(n) || possessives[n] || x.tokens[k].poss {
			continue
		}
		for k > 0 && x.whoAt(k-1) == v {
			k--
		}
		if x.word(k-1) != "and" {
			continue
		}
		if w := x.lastPerson(span{max(0, k-6), k - 1}); w >= 0 && w != v {
			if x.people[v].isChild(x) && x.people[w].isChild(x) {
				return []int{w, v}
			}
			return nil
		}
	}
	return nil
}

// joinsThat reports a "that" by which words are joined to a verb of speech: "said that Leon told him", "and that Leon told him".
func (x *text) joinsThat(i int) bool {
	if x.word(i) != "that" {
		return false
	}
	n := x.word(i - 1)
	return n == "" || x.lex.speech[n] != "" || n == "me" || n == "us" || n == "and" || n == "but" || x.whoAt(i-1) >= 0
}

// words reports that nobody else has spoken since the turn of clause c began: "Saw Theo by himself. Reckons things are fine."
func (x *text) words(c int) bool {
	w := x.turnAt(c)
	for n := len(x.frames) - 1; n >= 0; n-- {
		f := &x.frames[n]
		if f.kind == kerbside.WorkerOpinion {
			continue
		}
		return f.who == w || x.turnAt(f.clause) != w
	}
	return true
}

// somebody takes for the speaker one who is not named: "The man at number nine came out | and said …".
func (x *text) somebody(f *frame, s span) bool {
	for i := s.a; i < s.b && i < s.a+4; i++ {
		switch t := &x.tokens[i]; t.norm {
		case "lady", "woman", "man", "bloke", "gentleman", "neighbour", "neighbours", "caller", "couple", "lad":
			f.label, f.kind = t.text, kerbside.AdultSaid
			return true
		}
	}
	return false
}

// spokenOfSince is the one whom the sentence before clause c begins with, by name or role, where nobody has spoken in it: "Kim was sober. Told me …"; -1
// without.
func (x *text) spokenOfSince(c int) int {
	n := x.parts[c].sentence - 1
	if n < 0 {
		return -1
	}
	s := x.sents[n]
	w := x.who[s.a]
	if w < 0 || pronounGenders[x.tokens[s.a].norm] != "" || x.tokens[s.a].poss && !x.verbalEnding(s.a) || len(x.cover[s.a]) > 0 || x.inFrame(s.b-1) {
		return -1
	}
	return w
}

// spokenOf takes for the speaker of "Says he likes it." the one of whom the clauses before speak.
func (x *text) spokenOf(f *frame, c int) bool {
	for k := c - 1; k >= 0 && k >= c-12; k-- {
		if x.worker[k] {
			w := x.lastPerson(x.parts[k].span)
			if w >= 0 && x.people[w].isChild(x) { // "Saw Theo by himself. Says things are fine."
				x.speaker(f, w)
			}
			return w >= 0 && x.people[w].isChild(x)
		}
		if len(x.subject[k]) == 1 {
			x.speaker(f, x.subject[k][0])
			return true
		}
	}
	return false
}

func (x *text) lastWordOfName(k int) string {
	if k > 0 && x.tokens[k].cap {
		return x.tokens[k].norm
	}
	return ""
}

func (x *text) inPlace(k int) bool {
	for _, p := range x.places {
		if p.a <= k && k < p.b {
			return true
		}
	}
	return false
}

func (x *text) lastPerson(s span) int {
	for i := s.b - 1; i >= s.a; i-- {
		if x.who[i] >= 0 && !x.tokens[i].poss && !possessives[x.tokens[i].norm] {
			return x.who[i]
		}
	}
	return -1
}

// beforePhrase is the one whom a phrase of place up to token k belongs to: "Beverley from the shop said"; -1 without.
func (x *text) beforePhrase(a, k int) int {
	for i := k; i > a && i > k-5; i-- {
		n := x.word(i)
		if n == "" || x.who[i] >= 0 || finiteAux[n] || x.lex.finite[n] {
			return -1
		}
		if n == "from" || n == "at" || n == "across" || n == "opposite" || n == "of" {
			if i < k && x.whoAt(i-1) >= 0 && !x.tokens[i-1].poss && !possessives[x.word(i-1)] && i-1-a <= 2 {
				return x.whoAt(i - 1)
			}
			return -1
		}
	}
	return -1
}

func (x *text) speaker(f *frame, who int) {
	f.who, f.label, f.kind = who, x.people[who].label(), x.kindOf(who)
}

func (x *text) kindOf(who int) string {
	p := &x.people[who]
	switch p.kind(x) {
	case roleChild:
		return kerbside.ChildSaid
	case roleProfessional:
		return kerbside.ProfessionalSaid
	}
	if p.role < 0 && x.atWorkNoted(p) || x.nursing(p) {
		return kerbside.ProfessionalSaid
	}
	return kerbside.AdultSaid
}

// atWorkNoted reports one whom the words make a professional, and looks at them once for all the times that somebody is spoken of.
func (x *text) atWorkNoted(p *person) bool {
	if n := len(p.mentions) + 1; p.workNoted != n {
		p.workNoted, p.works = n, x.atWork(p) || x.fromAgency(p)
	}
	return p.works
}

// nursing reports a sister on a ward, who is called so with a surname or by her ward: "Sister Okafor", "the ward sister".
func (x *text) nursing(p *person) bool {
	if p.roleName != "sister" {
		return false
	}
	for _, m := range p.mentions {
		i := m.a
		if x.word(i) != "sister" {
			i--
		}
		if x.word(i) != "sister" {
			continue
		}
		b, n := x.word(i-1), x.word(i+1)
		switch {
		case b == "ward" || b == "night" || n == "on" && x.word(i+2) == "the" && x.word(i+3) == "ward" || n == "in" && x.word(i+2) == "charge":
			return true
		case x.caps && x.tokens[i].cap && i+1 < len(x.tokens) && x.tokens[i+1].cap && x.whoAt(i+1) >= 0 && !x.isGiven(n) && b == "":
			return true
		}
	}
	return false
}

var byHome = setOf("neighbour neighbours door landing upstairs downstairs opposite across flat number friend family")

// atWork reports one who is called by a title and a surname that nobody of the family has, and is no neighbour: a worker speaks so of people whom he knows by
// their work.
func (x *text) atWork(p *person) bool {
	if x.ownsDoor(p) || x.introduced(p) {
		return false
	}
	if n := p.naming.a; n > 0 && x.tokens[n-1].norm == "sister" && x.tokens[n-1].cap && x.caps {
		return true
	}
	words := strings.Fields(strings.ToLower(p.name))
	if len(words) < 2 || !titles[words[0]] && words[0] != "sister" || x.visitedByTitle(p) {
		return false
	}
	last := words[len(words)-1]
	for _, f := range x.families {
		if x.tokens[f.b-1].norm == last || strings.TrimSuffix(x.tokens[f.b-1].norm, "s") == last {
			return false
		}
	}
	for i := range x.people {
		if q := &x.people[i]; q != p && q.words[last] && q.kind(x) != roleProfessional && q.role >= 0 {
			return false
		}
	}
	for i := max(0, p.naming.a-6); i < min(len(x.tokens), p.naming.b+6); i++ {
		if byHome[x.tokens[i].norm] {
			return false
		}
	}
	return true
}

// introduced reports somebody whose first name follows, as that of one at home does: "Mrs Pell, Sheila, said"; and a couple: "Mr and Mrs Pell".
func (x *text) introduced(p *person) bool {
	for _, m := range p.mentions {
		if x.tokenIs(m.b, ",") && x.tokenIs(m.b+2, ",") && x.isGiven(x.word(m.b+1)) && x.tokens[m.b+1].cap {
			return true
		}
		if n := x.word(m.a - 1); n == "and" && titles[x.word(m.a-2)] || titles[n] && x.word(m.a-2) == "and" && titles[x.word(m.a-3)] {
			return true
		}
	}
	return false
}

// letsIn reports "let me in" at token k.
func (x *text) letsIn(k int) bool {
	return x.word(k) == "let" && (x.word(k+1) == "me" || x.word(k+1) == "us") && x.word(k+2) == "in"
}

// ownsDoor reports somebody who let the worker in, as one at home does.
func (x *text) ownsDoor(p *person) bool {
	for _, m := range p.mentions {
		switch n := x.word(m.b); {
		case x.letsIn(m.b), (n == "opened" || n == "answered") && x.word(m.b+1) == "the" && x.word(m.b+2) == "door", n == "came" && x.word(m.b+1) == "to" && x.word(m.b+3) == "door":
			return true
		}
	}
	return false
}

var manners = setOf("straight out outright directly quietly again twice")

// contentStart steps over the hearer, "that" and fillers behind a verb of speech. A comma or a quotation mark there means that the very
// words follow.
func (x *text) contentStart(v int, kind string, end int) (int, bool) {
	i, direct := v+1, false
	hearer := kind == "tell" || kind == "ask" // until one was named
	for i < end && i < len(x.tokens) {
		t := &x.tokens[i]
		switch {
		case t.mark && (t.norm == "," || t.norm == ":"):
			direct = true
		case t.mark && t.norm == `"`:
			return i, true
		case t.mark:
			return i, direct
		case manners[t.norm] && kind == "ask" && !direct && i > v+1 && i <= v+4: // "asked me straight out if"
		case isFiller(t):
		case !direct && prepositions[t.norm] && t.norm != "to" && x.quoteBehind(i, end) > i: // "told me in Welsh, …"
			return x.quoteBehind(i, end), true
		case t.norm == "that" && !direct && (x.startsClause(i+1) || i+1 < len(x.tokens) && x.whoAt(i+1) >= 0 && !x.tokens[i+1].poss && x.lex.verb[x.word(i+2)] != ""):
			hearer = false
		case (t.norm == "me" || t.norm == "us" || t.norm == "to") && !direct && i <= v+2:
			hearer = hearer && t.norm == "to"
		case direct && t.norm == "and" && i+1 < len(x.tokens) && (x.tokens[i+1].norm == "i" || x.tokens[i+1].norm == "this"): // ", and I wrote it down,"
			for i < end && x.tokens[i].norm != "," {
				i++
			}
		case direct && t.norm == "this" && x.word(i+1) == "was" && x.asideEnds(i, end) > i: // "told me, this was in the car, that …"
			return x.asideEnds(i, end), false
		case hearer && i <= v+3 && !direct && (determiners[t.norm] || x.who[i] >= 0 && !(t.norm == "he" || t.norm == "she")) && x.hearerThen(i, end):
		case hearer && i <= v+4 && x.whoAt(i-1) < 0 && x.roleEnd[i+1] && !direct:
		default:
			return i, direct || t.norm == "i" && kind != "ask" && !x.tokens[v].cap
		}
		i++
	}
	return i, direct
}

// quoteBehind is the quotation mark that opens behind a few words at token i without a verb; i without.
func (x *text) quoteBehind(i, end int) int {
	for k := i + 1; k+1 < end && k < i+6; k++ {
		if x.tokenIs(k, `"`) && x.opensQuote(k) && !x.hasFinite(i, k) {
			return k
		}
	}
	return i
}

// asideEnds is where ", that" goes on with what is told behind an aside of the worker's; i without.
func (x *text) asideEnds(i, end int) int {
	for k := i + 1; k < end && k < i+16; k++ {
		if x.tokenIs(k, ",") && x.word(k+1) == "that" {
			return k + 1
		}
		if t := &x.tokens[k]; t.mark && t.norm != "," {
			return i
		}
	}
	return i
}

// hearerThen reports whether a statement follows the hearer: "told the nurse she was cold".
func (x *text) hearerThen(i, end int) bool {
	for k := i; k < end && k < i+5; k++ {
		if x.tokens[k].mark {
			return x.tokens[k].norm == "," || x.tokens[k].norm == `"`
		}
		if w := x.tokens[k].norm; k > i && (w == "that" || w == "he" || w == "she" || w == "they" || w == "there" || w == "if" || w == "whether" || w == "about" || w == "i") {
			return true
		}
	}
	return false
}

// contentEnd ends what is reported at the sentence's end, or where the worker or somebody else takes over.
func (x *text) contentEnd(c, start, end int, f frame) int {
	for k := c + 1; k < len(x.parts) && x.parts[k].a < end; k++ {
		p := &x.parts[k]
		if p.a <= start {
			continue
		}
		if x.worker[k] && !f.direct {
			return p.a
		}
		if x.startsFrame(k, f) && !x.quotesHome(k, &f) {
			return p.a
		}
		if p.joint == "so" && !f.direct || p.joint == "-" && x.worker[k] {
			return p.a
		}
		if !f.direct && x.contrasts(k) {
			return p.a
		}
		if (p.joint == "and" || p.joint == "but") && !f.direct && x.observing(k) {
			return x.workerSpeaks(p.a, p.b, p.a)
		}
	}
	return x.workerSpeaks(start, end, end)
}

// movesOn is where in what a child tells of now the worker goes on with what it did next: "he said mummy is sleeping | and then he went under the table".
func (x *text) movesOn(s span, who int) int {
	for i := s.a + 2; who >= 0 && i < s.b; i++ {
		if x.thenMoves(i, who) && x.presentTense(span{s.a, i}) {
			return i
		}
	}
	return s.b
}

// thenMoves reports "and then he went" at token i, of somebody.
func (x *text) thenMoves(i, who int) bool {
	return x.word(i) == "and" && x.word(i+1) == "then" && i+3 < len(x.tokens) && x.whoAt(i+2) == who && movedOn[x.word(i+3)]
}

var movedOn = setOf("went ran got hid climbed put turned started looked walked jumped pulled crawled sat curled picked began")

// workerSpeaks is where in [a,b) of a text without marks the worker answers, "… he's coming home soon i said that must be hard"; otherwise where nothing does.
func (x *text) workerSpeaks(a, b, otherwise int) int {
	for i := a + 3; x.restored && i+1 < b; i++ {
		if n := x.word(i + 1); x.word(i) == "i" && (n == "said" || n == "asked" || n == "told" || n == "explained") {
			return i
		}
	}
	return otherwise
}

// observing reports a clause in which the worker tells what was seen: a named subject and no verb of speech after "and".
func (x *text) observing(k int) bool {
	p := &x.parts[k]
	for i := p.a; i < p.b; i++ {
		if x.tokens[i].norm == "i" && !x.tokens[i].mark {
			return true
		}
	}
	return false
}

// startsFrame reports whether clause k brings in another speaker.
func (x *text) startsFrame(k int, f frame) bool {
	p := &x.parts[k]
	v := x.verbAt[k]
	if v < 0 || x.lex.speech[x.tokens[v].norm] == "" {
		return false
	}
	kind := x.lex.speech[x.tokens[v].norm]
	if p.joint == "and" && x.word(p.a+1) == "that" {
		return false // "told me that …, | and that …"
	}
	if kind == "think" || kind == "tell" && (x.orders(v) || x.tellsOther(v)) {
		return false
	}
	var g frame
	if !x.speakerOf(&g, k, v) {
		return false
	}
	return g.who != f.who || g.who < 0 || p.joint == "+and" || p.joint == "and" || p.joint == "," || p.joint == ""
}

// orders reports a verb of telling at token v by which somebody is told to do something: "mummy told him to go away".
func (x *text) orders(v int) bool {
	k := v + 1
	for k < v+4 && k < len(x.tokens) && (x.who[k] >= 0 || objectPronouns[x.word(k)] || x.word(k) == "them" || x.word(k) == "us" || x.word(k) == "me") {
		k++
	}
	return k > v+1 && (x.word(k) == "to" || x.word(k) == "not" && x.word(k+1) == "to")
}

// tellsOther reports a verb of telling at token v with a hearer who is not the worker: "Pat said he's sad and he told her he misses mum".
func (x *text) tellsOther(v int) bool {
	n := x.word(v + 1)
	return (objectPronouns[n] || n == "her" || n == "them" || x.who[min(v+1, len(x.tokens)-1)] >= 0) && !subjectPronouns[n]
}

// quotesHome reports a clause in which a child, whose words go on, tells what somebody says at home: "She told me he cries and Dad says shut up". The worker
// tells of a conversation in one tense.
func (x *text) quotesHome(k int, f *frame) bool {
	return f.kind == kerbside.ChildSaid && x.parts[k].joint == "and" && x.word(x.verbAt[k]) == "says" && x.word(f.cue.b-1) != "says"
}

// afterthought reads "…, they say, I have still to check": nothing but speaker and verb between commas, and the worker goes on.
func (x *text) afterthought(f frame, c, v int) (frame, bool) {
	part := &x.parts[c]
	if c == 0 || v == part.a || x.parts[c-1].sentence != part.sentence || part.joint != "," || x.worker[c-1] || part.b != v+1 || part.b-part.a > 3 {
		return f, false
	}
	if c+1 < len(x.parts) && x.parts[c+1].sentence == part.sentence && !x.worker[c+1] {
		next := &x.parts[c+1]
		if x.lex.speech[x.tokens[v].norm] == "ask" || x.tokens[next.a].norm == "i" || x.tokens[next.a-1].norm == `"` || x.tokens[next.a].cap && x.who[next.a] < 0 || x.inFrame(x.sents[part.sentence].a) || x.worker[c-1] {
			return f, false
		}
		f.content = span{x.sents[part.sentence].a, x.contentEnd(c, next.a, x.sents[part.sentence].b, f)} // "No money worries, she said, the rent is paid"
		return f, true
	}
	return x.postposed(f, c)
}

// inverted reads "…, says Ann": a clause that begins with the verb and ends with who speaks.
func (x *text) inverted(f frame, c, v, end int) (frame, bool) {
	part := &x.parts[c]
	if v != part.a || c == 0 || x.parts[c-1].sentence != part.sentence || part.joint != "," || part.b-part.a > 4 || part.b < end-1 || x.tokens[v].norm == x.lex.verb[x.tokens[v].norm] {
		return f, false
	}
	w := x.whoAt(part.b - 1)
	if w < 0 || x.tokens[part.b-1].poss {
		return f, false
	}
	x.speaker(&f, w)
	f.content = span{x.sents[part.sentence].a, part.a - 1}
	f.cue = part.span
	return f, true
}

// postposed reads "…, they say": what stands before in the sentence is what they say.
func (x *text) postposed(f frame, c int) (frame, bool) {
	s := x.sents[x.parts[c].sentence]
	start := s.a
	for n := len(x.frames) - 1; n >= 0; n-- {
		if x.frames[n].content.b > s.a && x.frames[n].cue.b <= x.parts[c].a && x.frames[n].content.a >= s.a {
			return f, false
		}
	}
	if x.parts[c].a-2 <= start || f.cue.b-x.parts[c].a > 4 {
		return f, false
	}
	f.content = span{start, x.parts[c].a}
	f.direct = x.tokens[s.a].norm == `"`
	if f.direct {
		f.content.a++
	}
	for f.content.b > f.content.a && x.tokens[f.content.b-1].mark {
		f.content.b--
	}
	return f, f.content.b > f.content.a
}

// passiveFrame reads "I was told by the school that …", "I heard from Jo that …", "Ada was described by her teacher as …".
func (x *text) passiveFrame(c, end int) (frame, bool) {
	part := &x.parts[c]
	for i := part.a; i+2 < part.b; i++ {
		switch x.tokens[i].norm {
		case "told", "informed", "advised", "heard", "understand", "described", "learned", "learnt", "reported":
		default:
			continue
		}
		if n := x.tokens[i+1].norm; n != "by" && n != "from" {
			continue
		}
		f := frame{who: -1, hearer: -1, verb: "say", clause: c}
		for k := i + 2; k < part.b && k < i+8; k++ {
			n := x.tokens[k].norm
			if n == "that" || n == "as" {
				f.cue, f.content = span{i, k}, span{k + 1, x.contentEnd(c, k+1, end, f)}
				return f, f.kind != "" && f.content.b > f.content.a
			}
			if w := x.who[k]; w >= 0 && !possessives[n] {
				x.speaker(&f, w)
			} else if organisations[n] && f.kind == "" {
				f.label, f.kind = x.tokens[k].text, kerbside.ProfessionalSaid
			}
		}
	}
	return frame{}, false
}

// colonFrame reads "Miss Reed: attendance better …". It holds over the sentences that follow until somebody else speaks or acts.
func (x *text) colonFrame(c, end int) (frame, bool) {
	part := &x.parts[c]
	if part.b >= len(x.tokens) || x.tokens[part.b].norm != ":" || part.b-part.a > 5 {
		return frame{}, false
	}
	w := x.whoAt(part.b - 1)
	if w < 0 || x.tokens[part.b-1].poss {
		return frame{}, false
	}
	f := frame{cue: part.span, clause: c, hearer: -1, verb: "say"}
	x.speaker(&f, w)
	stop := end
	for n := part.sentence + 1; n < len(x.sents); n++ {
		s := x.sents[n]
		if x.newTurn(s, w) {
			break
		}
		stop = s.b
	}
	f.content = span{part.b + 1, stop}
	return f, f.content.b > f.content.a
}

func (x *text) newTurn(s span, w int) bool {
	if s.a > 0 && x.tokens[s.a-1].norm == breakMark {
		return true
	}
	for i := s.a; i < s.b; i++ {
		t := &x.tokens[i]
		if t.norm == "i" || t.norm == ":" || x.lex.speech[t.norm] != "" && x.who[max(s.a, i-1)] != w || t.norm == "discussed" {
			return true
		}
	}
	return s.b-s.a > 25
}

// wordsFrame reads "in her words, …", "her words were, …", "according to the school, …".
func (x *text) wordsFrame(c, end int) (frame, bool) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		t := &x.tokens[i]
		words := (t.norm == "words" || t.norm == "phrase" || (t.norm == "view" || t.norm == "wish" || t.norm == "wishes" || t.norm == "opinion" || t.norm == "account" || t.norm == "version" || t.norm == "explanation" || t.norm == "position") && i+1 < part.b && (x.tokens[i+1].norm == "is" || x.tokens[i+1].norm == "was" || x.givenTo(i+1, part.b) > 0)) && x.tokens[max(0, i-1)].norm != "my" && i > 0 && (possessives[x.tokens[i-1].norm] || x.tokens[i-1].poss || x.tokens[i-1].norm == "own")
		according := t.norm == "according" && i+1 < part.b && x.tokens[i+1].norm == "to"
		if !words && !according {
			if f, ok := x.worryOf(c, i, end); ok {
				return f, true
			}
			continue
		}
		f := frame{cue: span{part.a, i + 1}, clause: c, who: -1, hearer: -1, verb: "say", direct: words}
		var w int
		if words {
			w = x.lastPersonOrPossessive(span{part.a, i})
		} else {
			w = x.lastPerson(span{i, part.b})
			f.cue.b = part.b
		}
		switch {
		case w >= 0:
			x.speaker(&f, w)
		case according:
			f.label, f.kind = x.tokens[part.b-1].text, kerbside.ProfessionalSaid
		default:
			return f, false
		}
		start := i + 1
		if n := x.givenTo(start, part.b); words && n > 0 {
			start = n
		}
		if according {
			start = part.b
		}
		if words && part.joint == "," && part.b-part.a <= 4 && i+1 >= part.b && start+1 >= end && c > 0 { // "he hasn't had a drink since, his words"
			f.content, f.direct = span{x.sents[part.sentence].a, part.a - 1}, false
			return f, true
		}
		if according && i > part.a { // "doing well, according to mum"
			f.content = span{x.sents[part.sentence].a, i}
			f.cue.a = i
			return f, true
		}
		if according && part.b+1 >= end && c > 0 && x.parts[c-1].sentence == part.sentence {
			f.content = span{x.sents[part.sentence].a, part.a}
			return f, true
		}
		for start < end && (x.tokens[start].mark || finiteAux[x.tokens[start].norm] || isFiller(&x.tokens[start])) {
			start++
		}
		f.content = span{start, end}
		return f, start < end
	}
	return frame{}, false
}

// givenTo is the verb behind whom an account was given to, "Mum's account to the hospital | was that …"; 0 without.
func (x *text) givenTo(i, b int) int {
	if x.word(i) == "given" {
		i++
	}
	if n := x.word(i); n != "to" && n != "at" {
		return 0
	}
	for k := i + 2; k < b && k < i+5; k++ {
		if n := x.word(k); n == "is" || n == "was" {
			return k
		}
	}
	return 0
}

func (x *text) lastPersonOrPossessive(s span) int {
	for i := s.b - 1; i >= s.a; i-- {
		if x.who[i] >= 0 {
			return x.who[i]
		}
	}
	return -1
}

// minded are words for a state of mind: "I am a bit uneasy", "I doubt it".
var (
	minded   = setOf("think thought feel felt believe reckon suspect wonder wondered worry doubt guess fear hope worried concerned frightened scared afraid uneasy anxious unsure confident convinced comfortable uncomfortable satisfied reassured troubled bothered pleased hopeful certain sure happy unhappy clear impressed struck torn inclined")
	leanings = setOf("am was do did not have had would 'd still just dead really so a bit little pretty quite fairly very also always genuinely honestly slightly more less as being left feeling")
)

// mindOfWorker is the token that names the worker's state of mind behind "I" at token i, -1 when none does.
func (x *text) mindOfWorker(i, b int) int {
	if x.tokens[i].norm != "i" && !(x.tokens[i].norm == "do" && x.after(i) == "not" && (i == 0 || x.tokens[i-1].mark)) {
		return -1
	}
	for k := i + 1; k < b && k < i+6; k++ {
		switch n := x.tokens[k].norm; {
		case n == "no" && (x.word(k-1) == "have" || x.word(k-1) == "had"): // "I've no outstanding worries"
			for m := k + 1; m < b && m < k+4; m++ {
				if w := x.word(m); w == "worries" || w == "concerns" {
					return m
				}
			}
			return -1
		case n == "as" && x.after(k) == "sure":
		case minded[n]:
			return k
		case n == "took" && (x.after(k) == "that" || x.after(k) == "it"):
			return k
		case !leanings[n]:
			return -1
		}
	}
	return -1
}

// toMe reports "to me" as a view: "it does not look like an oven to me", "to me that is grooming".
func (x *text) toMe(part *clause, i int) bool {
	if !x.wordsAt(i, []string{"to", "me"}) {
		return false
	}
	if i == part.a {
		return i+2 < part.b && !x.tokens[i+2].mark
	}
	return i+2 == part.b && (x.contains(span{part.a, i}, "look") || x.contains(span{part.a, i}, "looks") || x.contains(span{part.a, i}, "sounds") || x.contains(span{part.a, i}, "like") || x.contains(span{part.a, i}, "seems") || x.contains(span{part.a, i}, "is") || x.contains(span{part.a, i}, "'s"))
}

// opinions finds what the worker marks as a view.
func (x *text) opinions() {
	for c := range x.parts {
		part := &x.parts[c]
		if x.inFrame(part.a) {
			continue
		}
		for i := part.a; i < part.b; i++ {
			stop := 0
			if k := x.mindOfWorker(i, part.b); k > 0 {
				stop = k + 1
			} else if x.toMe(part, i) {
				stop = i + 2
			} else if x.tokens[i].norm == "could" && i == part.a && (x.after(i) == "be" || x.after(i) == "well") {
				stop = i + 1 // "Could be the cold."
			}
			for _, cue := range opinionCues {
				if x.wordsAt(i, cue) {
					stop = i + len(cue)
					break
				}
			}
			if stop > 0 {
				{
					end := x.sents[part.sentence].b
					for k := c + 1; k < len(x.parts) && x.parts[k].a < end; k++ {
						if x.verbAt[k] >= 0 && x.lex.speech[x.tokens[x.verbAt[k]].norm] == "say" && !x.worker[k] {
							end = x.parts[k].a
						}
					}
					start := part.a
					if x.tokens[i].norm == "my" || i > part.a || stop >= part.b && part.b+1 >= end { // "the home is unsafe, that's my view"
						start = x.sents[part.sentence].a
						if x.inFrame(start) {
							start = part.a
						}
					}
					x.addFrame(frame{cue: span{i, stop}, content: span{start, end}, who: -1, label: "worker", kind: kerbside.WorkerOpinion, clause: c})
					i = part.b
				}
			}
		}
	}
}

func (x *text) wordsAt(i int, words []string) bool {
	if i+len(words) > len(x.tokens) {
		return false
	}
	for k, w := range words {
		if x.tokens[i+k].norm != w || x.tokens[i+k].mark {
			return false
		}
	}
	return true
}

// inFrame reports whether somebody else's words cover token i.
func (x *text) inFrame(i int) bool {
	for _, f := range x.framesAt(i) {
		if f.kind != kerbside.WorkerOpinion {
			return true
		}
	}
	return false
}

// framed reports that somebody else's words cover a token of s.
func (x *text) framed(s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.inFrame(i) {
			return true
		}
	}
	return false
}

// framesAt gives the frames whose content or cue covers token i, in the order in which they were found.
func (x *text) framesAt(i int) []frame {
	out := make([]frame, 0, len(x.cover[i]))
	for _, n := range x.cover[i] {
		out = append(out, x.frames[n])
	}
	return out
}

// nestedIn reports a frame that stands in what somebody else says. Words that nothing brings in stand where they begin: not in what ends before them.
func (x *text) nestedIn(f *frame) bool {
	at := span{f.cue.b - 1, f.cue.b}
	if f.cue.b == f.cue.a {
		at = span{f.content.a, f.content.a + 1}
	}
	for _, n := range x.cover[max(0, at.a)] {
		if g := &x.frames[n]; g.cue != f.cue && g.kind != kerbside.WorkerOpinion && g.content.a <= f.cue.a && at.b <= g.content.b {
			return true
		}
	}
	return false
}

// addOuter adds a frame around those that are there.
func (x *text) addOuter(f frame) {
	n := len(x.frames)
	x.addFrame(f)
	for i := min(f.cue.a, f.content.a); i < max(f.cue.b, f.content.b); i++ {
		if k := len(x.cover[i]) - 1; k > 0 && x.cover[i][k] == n {
			copy(x.cover[i][1:], x.cover[i][:k])
			x.cover[i][0] = n
		}
	}
}

func (x *text) addFrame(f frame) {
	n := len(x.frames)
	x.frames = append(x.frames, f)
	for i := f.cue.a; i < f.cue.b; i++ {
		x.cover[i] = append(x.cover[i], n)
	}
	for i := f.content.a; i < f.content.b; i++ {
		if i < f.cue.a || i >= f.cue.b {
			x.cover[i] = append(x.cover[i], n)
		}
	}
}
