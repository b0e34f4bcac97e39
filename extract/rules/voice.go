package rules

import (
	"sort"

	"kerbside"
)

// childVoice writes down what children said to the worker, verbatim, and what they showed without words. What somebody else says that a
// child said is not the child's voice but that person's account, unless it stands between quotation marks.
func (x *text) childVoice() {
	var spans []span // of each item
	for n := range x.frames {
		f := &x.frames[n]
		if x.passedOn(f) && !x.people[f.hearer].isChild(x) && x.tellsToo(n, f.hearer) {
			continue // "Pat told me he's wetting the bed. He told her …"
		}
		if f.cue.b == f.cue.a && (within(f.content, x.wished) || x.taken[f.clause]) { // "Referral tonight, that's on me" is the worker's
			continue
		}
		if f.verb == noWords {
			continue
		}
		if f.kind != kerbside.ChildSaid || x.nestedIn(f) && !x.quotedSpan(f.content) || f.verb == "think" && !f.direct {
			continue
		}
		s := x.voiceSpan(f)
		if f.verb == "deny" && f.cue.b > f.cue.a {
			s.a = f.cue.b - 1 // "denied he's carrying anything"
		}
		if q := x.askedBehind(f, s); q >= 0 {
			s.a = q
		}
		if n := x.word(s.a); !f.direct && (n == "goodbye" || n == "hello" || n == "bye" || n == "goodnight" || n == "hi") {
			continue // "both girls said goodbye nicely"
		}
		if x.word(s.a) == "come" && x.word(s.a+1) == "in" && s.b == s.a+2 {
			continue // "I knocked, they said come in"
		}
		if x.sameAgain(s) { // what it is stands before
			s.a = x.trim(x.sents[x.parts[f.clause].sentence]).a
		}
		if f.who < 0 && f.label == "they" && len(f.both) < 2 || x.word(s.a) == "that" && s.b-s.a <= 2 {
			continue // "they've said they'll …" in a child's account; "he told us that himself"
		}
		if s.b-s.a < 2 && !(s.b-s.a == 1 && x.contains(x.sents[x.parts[f.clause].sentence], "asked") && !emptyAnswers[x.word(s.a)] && !prepositions[x.word(s.a)] && !adverbs[x.word(s.a)] && !connectors[x.word(s.a)]) || (x.word(s.a) == "about" || x.word(s.a) == "at" || x.word(s.a) == "in" || x.word(s.a) == "to") && !x.hasFinite(s.a, s.b) && !f.direct { // "told me about Max": of what, and no word
			continue
		}
		proof := x.proof(s.a, s.b)
		v := kerbside.ChildVoice{Child: f.label, Quote: proof[0].Quote, Mode: kerbside.VoiceParaphrase, Standing: kerbside.Found, Critical: true, Evidence: proof, Restricted: x.restriction(f.clause)}
		if f.direct {
			v.Mode = kerbside.VoiceDirect
		}
		if f.who >= 0 {
			v.Person = x.ids[f.who]
		}
		v.Via = x.interpreter(f)
		if len(f.both) == 2 { // each said it; the second one's words are anchored with who says so, so that they are an item of their own
			first, second := f.both[0], f.both[1]
			v.Child, v.Person = x.people[first].name, x.ids[first]
			x.record.ChildVoice = append(x.record.ChildVoice, v)
			v.Child, v.Person, v.Evidence = x.people[second].name, x.ids[second], x.proof(min(f.cue.a, s.a), max(f.cue.b, s.b))
			spans = append(spans, span{})
			s = span{}
		}
		x.record.ChildVoice = append(x.record.ChildVoice, v)
		spans = append(spans, s)
	}
	x.joinVoices(spans)
	for _, v := range x.wished {
		x.record.ChildVoice = append(x.record.ChildVoice, v.ChildVoice)
	}
	for n := range x.replies {
		r := &x.replies[n]
		v := x.voiceOf(r.who, r.mode, r.span)
		v.Restricted = x.restriction(r.says)
		x.record.ChildVoice = append(x.record.ChildVoice, v)
	}
	x.withoutWords()
}

// joinVoices makes one item of what a child says before and behind the words that only say who speaks: "He has never been hit here, he told me, and at the old school it was the
// ruler"; and of what it takes back at once: "it was the wall, and then he said no, a door".
func (x *text) joinVoices(spans []span) {
	order := make([]int, 0, len(spans))
	for n, s := range spans {
		if s.b > s.a {
			order = append(order, n)
		}
	}
	sort.Slice(order, func(i, k int) bool { return spans[order[i]].a < spans[order[k]].a })
	list := x.record.ChildVoice
	dropped := make([]bool, len(list))
	for i := 0; i+1 < len(order); i++ {
		a, b := order[i], order[i+1]
		if v, w := &list[a], &list[b]; v.Child != w.Child || v.Person != w.Person || !x.onlySays(spans[a], spans[b]) {
			continue
		}
		spans[b].a = spans[a].a
		list[b].Evidence = x.proof(spans[b].a, spans[b].b)
		list[b].Quote, list[b].Mode = list[b].Evidence[0].Quote, list[a].Mode
		dropped[a] = true
	}
	kept := list[:0]
	for n := range list {
		if !dropped[n] {
			kept = append(kept, list[n])
		}
	}
	x.record.ChildVoice = kept
}

// onlySays reports that between two stretches of a sentence stands no more than who speaks, to me, between commas, or "then he said" before what takes back the first.
func (x *text) onlySays(a, b span) bool {
	if b.a <= a.b || b.a-a.b > 8 || b.a-a.b < 3 || x.partAt(a.a) < 0 || x.partAt(b.a) < 0 || x.parts[x.partAt(a.a)].sentence != x.parts[x.partAt(b.a)].sentence || !x.tokenIs(a.b, ",") {
		return false
	}
	said, joined := false, false
	for i := a.b + 1; i < b.a; i++ {
		n := x.word(i)
		switch {
		case x.lex.speech[n] != "" && x.lex.verb[n] != n:
			said = true
		case x.tokenIs(i, ","), n == "he", n == "she", n == "me", n == "us", n == "and" && said:
		case n == "and" || n == "then":
			joined = true
		case x.who[i] >= 0 && !said && !x.tokens[i].poss && pronounGenders[n] == "":
		default:
			return false
		}
	}
	if joined {
		n := x.word(b.a)
		return said && (n == "no" || n == "well" || n == "actually" || n == "not" || n == "it" && (x.word(b.a+2) == "not" || x.word(b.a+2) == "never"))
	}
	return said && x.tokenIs(b.a-1, ",") || said && x.word(b.a-1) == "and" && x.tokenIs(b.a-2, ",")
}

// emptyAnswers are no words of a child's by themselves.
var emptyAnswers = setOf("yes no yeah nah nope yep ok okay fine nothing so that it this hello hi bye goodbye sorry thanks please me he she they something anything everything before after then there here today tomorrow yesterday again if whether why how what when where who")

// tellsToo reports that one who was told something is the one who told the worker what comes before it.
func (x *text) tellsToo(n, hearer int) bool {
	for k := n - 1; k >= 0; k-- {
		if f := &x.frames[k]; f.kind != kerbside.WorkerOpinion {
			return f.who == hearer && x.parts[f.clause].sentence >= x.parts[x.frames[n].clause].sentence-1
		}
	}
	return false
}

// sameAgain reports no more than that somebody says what another said: "and Tahmid said the same".
func (x *text) sameAgain(s span) bool {
	return x.word(s.a) == "the" && x.word(s.a+1) == "same" && (s.b <= s.a+2 || connectors[x.word(s.a+2)] || prepositions[x.word(s.a+2)] || x.word(s.a+2) == "thing")
}

// wish is what a child's own mind is said to be, and where.
type wish struct {
	span
	kerbside.ChildVoice
}

func within(s span, list []wish) bool {
	for _, v := range list {
		if v.a <= s.a && s.b <= v.b {
			return true
		}
	}
	return false
}

// mindVerbs are verbs for what only the child can know; the clause is then the child's own, although nobody is quoted. What a child wanted is left out, as a
// worker sees it too; what it wants and likes is its own.
var (
	mindVerbs = setOf("wishes wished feels misses worries hopes wants hates prefers dreads")
	baseMinds = setOf("want like love hate feel miss mind enjoy")
	mindful   = setOf("scared frightened worried excited sad afraid terrified nervous")
)

// minds reports a state of mind that begins at token v: "wants", "does not like", "would rather", "is scared of", "is looking forward to".
func (x *text) minds(v int) bool {
	for k := v + 1; k < v+5; k++ {
		if n := x.word(k); n == "talk" || n == "speak" {
			return false // which a worker sees
		}
	}
	if x.wantsToKnow(v) {
		return true
	}
	n, next := x.word(v), x.word(v+1)
	for k := v + 1; adverbs[next] && next != "not" && k < v+3; k++ {
		next = x.word(k + 1)
	}
	switch n {
	case "does":
		return next == "not" && baseMinds[x.word(v+2)]
	case "would", "'d":
		return next == "sooner" || next == "like" && x.word(v+2) != "a" || next == "love" || next == "rather" || next == "prefer" || next == "hate"
	case "is", "'s":
		return mindful[next] && (x.word(v+2) == "of" || x.word(v+2) == "about" || x.word(v+2) == "that") || next == "looking" && x.word(v+2) == "forward"
	}
	return mindVerbs[n]
}

// wantsToKnow reports, at token v, a question or a message of somebody's: "wanted to know if he'd come", "wanted me to know that …", "wants it known that …".
func (x *text) wantsToKnow(v int) bool {
	if n := x.word(v); n != "wanted" && n != "wants" {
		return false
	}
	k := v + 1
	if n := x.word(k); n == "me" || n == "us" || n == "it" || n == "you" {
		k++
	}
	if x.word(k) == "to" && x.word(k+1) == "know" {
		n := x.word(k + 2)
		return questioned[n] && n != "about" || n == "how" || n == "would" || n == "could" || n == "can" || n == "the" && x.word(k+3) != "following" || x.who[min(k+2, len(x.tokens)-1)] >= 0
	}
	return k == v+2 && x.word(k-1) == "it" && x.word(k) == "known"
}

// wishes finds what a child who was there wants, feels, misses, rates or talks about, where no verb of saying brings it in.
func (x *text) wishes() []wish {
	var out []wish
	for c := range x.parts {
		part := &x.parts[c]
		v := x.verbAt[c]
		if x.worker[c] {
			if w, s := x.putDown(c); w >= 0 {
				out = append(out, x.wishOf(w, s, c))
			}
			continue
		}
		if i := part.a + 1; v < 0 && i < part.b && mindVerbs[x.word(i)] && x.whoAt(i-1) >= 0 {
			v = i // "misses" is a noun too
		}
		if v < 0 || len(x.subject[c]) == 0 || x.verbAt[c] >= 0 && len(x.subject[c]) != 1 || x.worker[c] || x.reported(c) || x.supposed(c) || x.framedBy(c) || x.taken[c] || x.told(part.a) {
			continue
		}
		p := &x.people[x.subject[c][0]]
		if !p.isChild(x) || p.presence == kerbside.Absent || x.infant(p) || !x.spokenMind(part, v) || x.calledBehind(x.subject[c][0], v, part.b) {
			continue
		}
		s := x.trimBut(part.span)
		for n := c + 1; x.wantsToKnow(v) && n < len(x.parts) && x.parts[n].sentence == part.sentence && !x.worker[n] && (questioned[x.parts[n].joint] || x.parts[n].a <= v+4); n++ {
			s.b = x.trim(x.parts[n].span).b
		}
		if n := c + 1; n < len(x.parts) && x.parts[n].sentence == part.sentence && (wishesGoOn[x.parts[n].joint] || x.parts[n].joint == "," && wishesGoOn[x.word(x.parts[n].a)]) {
			s.b = x.trim(x.parts[n].span).b
		}
		out = append(out, x.wishOf(x.subject[c][0], s, c))
	}
	return out
}

// calledBehind reports that a clause calls its own subject by name behind the verb: "she'd like Isla to start in January" is somebody else's wish.
func (x *text) calledBehind(who, v, b int) bool {
	for i := v + 1; i < b; i++ {
		if x.who[i] == who && pronounGenders[x.word(i)] == "" && !possessives[x.word(i)] {
			return true
		}
	}
	return false
}

func (x *text) wishOf(w int, s span, c int) wish {
	v := x.voiceOf(w, kerbside.VoiceParaphrase, s)
	v.Restricted = x.restriction(c)
	return wish{s, v}
}

// voiceOf is what somebody says or shows in a stretch.
func (x *text) voiceOf(w int, mode string, s span) kerbside.ChildVoice {
	proof := x.proof(s.a, s.b)
	return kerbside.ChildVoice{Child: x.people[w].label(), Person: x.ids[w], Quote: proof[0].Quote, Mode: mode, Standing: kerbside.Found, Critical: true, Evidence: proof}
}

// putDown finds, in a clause of whoever's, what a child put on a sheet or card: "when I came back he'd circled angry and he'd written MUM".
func (x *text) putDown(c int) (who int, s span) {
	part := &x.parts[c]
	sent := x.sents[part.sentence]
	if !x.onSheet(sent) && !x.contains(sent, "card") && !x.contains(sent, "cards") && !x.contains(sent, "feelings") || x.reported(c) || x.supposed(c) {
		return -1, s
	}
	for i := part.a + 1; i < part.b; i++ {
		if n := x.word(i); !putsDown[n] && n != "written" || x.negatedBefore(part.a, i) {
			continue
		}
		for k := i - 1; k >= part.a && k > i-4; k-- {
			w := x.who[k]
			if w < 0 || !x.people[w].isChild(x) || possessives[x.word(k)] || x.tokens[k].poss && !x.verbalEnding(k) {
				continue
			}
			s = span{k, part.b}
			for n := c + 1; n < len(x.parts) && x.parts[n].sentence == part.sentence && has(x.subject[n], w) && (x.contains(x.parts[n].span, "circled") || x.contains(x.parts[n].span, "written") || x.contains(x.parts[n].span, "drawn")); n++ {
				s.b = x.parts[n].b
			}
			return w, x.trim(s)
		}
	}
	return -1, s
}

// wishesGoOn are the words with which what a child wants goes on.
var wishesGoOn = setOf("when because cos if so +and")

// trimBut is trim that takes "but" off the front, too.
func (x *text) trimBut(s span) span {
	if s = x.trim(s); x.word(s.a) == "but" && s.b-s.a > 2 {
		s.a++
	}
	return s
}

// framedBy reports a clause that brings in somebody's words, which then are the voice.
func (x *text) framedBy(c int) bool {
	for i := x.parts[c].a; i < x.parts[c].b; i++ {
		for _, n := range x.cover[i] {
			if f := &x.frames[n]; f.clause == c && f.kind != kerbside.WorkerOpinion && !(f.verb == "think" && !f.direct) {
				return true
			}
		}
	}
	return false
}

func (x *text) spokenMind(part *clause, v int) bool {
	if part.b-v < 2 {
		return false
	}
	for i := v; i < part.b && i < v+4; i++ {
		switch n := x.tokens[i].norm; {
		case i == v && x.minds(i), n == "shared" && x.after(i) == "that":
			return true
		case (n == "talked" || n == "spoke" || n == "chatted") && x.contains(span{i, min(i+4, part.b)}, "about"):
			return true
		case (n == "gave" || n == "scored" || n == "rated" || n == "put") && x.contains(span{i, part.b}, "out"), putsDown[n] && x.onSheet(part.span):
			return true
		}
	}
	return false
}

// Work with children is done on paper: three houses, scales, forms with faces. What a child puts there is its own.
var (
	putsDown = setOf("put wrote written writes drew drawn gave scored rated circled ticked chose picked named listed")
	sheets   = setOf("houses worries dreams wishes scale form sheet worksheet booklet chart ladder thermometer bears")
)

// onSheet reports words that name such a sheet or a part of it: "in the house of worries he put …", "on the scale she gave …".
func (x *text) onSheet(s span) bool {
	for i := s.a; i < s.b; i++ {
		if sheets[x.word(i)] || x.word(i) == "house" && x.word(i+1) == "of" {
			return true
		}
	}
	return false
}

// voiceSpan is the content without joining words at its ends.
func (x *text) voiceSpan(f *frame) span {
	s := f.content
	for s.a < s.b {
		t := &x.tokens[s.a]
		if f.hearer >= 0 && x.who[s.a] == f.hearer && pronounGenders[t.norm] == "" {
			s.a++ // "he told PC Ward mum did it"
			continue
		}
		if !(t.mark || isFiller(t)) {
			break
		}
		s.a++
	}
	if x.word(s.a) == "that" && s.b-s.a > 3 && (possessives[x.word(s.a+1)] || x.roleAt(s.a+1)) {
		s.a++ // "told me that his dad hit him"
	}
	if a := x.behindAside(s); a > s.a {
		s.a = a
	}
	for s.b > s.a {
		t := &x.tokens[s.b-1]
		if !(t.mark || isFiller(t) || connectors[t.norm] && s.b-s.a > 3 && (t.norm == "and" || t.norm == "but" || t.norm == "so" || t.norm == "then")) {
			break
		}
		s.b--
	}
	return s
}

// behindAside is where the words begin behind how, where or when they were said: "(told me) through Mr Karimi that he sleeps", "on her own that she wants to stay"; the
// beginning where nothing like it stands there.
func (x *text) behindAside(s span) int {
	if !prepositions[x.word(s.a)] && !adverbs[x.word(s.a)] && x.word(s.a) != "again" && x.word(s.a) != "via" {
		return s.a
	}
	comma := false
	for i := s.a + 1; i+1 < s.b && i < s.a+12; i++ {
		switch n := x.word(i); {
		case n == "that" && (!comma || x.tokenIs(i-1, ",")):
			return i + 1
		case x.tokenIs(i, ","):
			comma = true // "in her room, just me and her, that it's better"
		case i >= s.a+8 && !comma, x.tokens[i].mark && x.tokens[i].norm != ".", finiteAux[n], x.lex.finite[n], subjectPronouns[n]:
			return s.a
		}
	}
	return s.a
}

// interpreter is the id of the interpreter in whose hearing a child spoke: one named in the same sentence.
func (x *text) interpreter(f *frame) string {
	s := x.sents[x.parts[f.clause].sentence]
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && x.people[w].roleName == "interpreter" {
			return string(x.ids[w])
		}
	}
	return ""
}

var (
	gestures     = setOf("nodded pointed signed gestured smiled frowned drew chose showed shrugged cried hid flinched clung giggled laughed pushed grabbed reached vocalised waved gave handed passed held used touched tapped selected picked placed")
	tellingSigns = setOf("nodded signed pointed shook shrugged gestured")
	stillness    = setOf("quiet silent still tearful upset red stiff rigid mute")
)

// withoutWords writes down what children showed: nods, signs, symbols, drawings.
func (x *text) withoutWords() {
	for c := range x.parts {
		part := &x.parts[c]
		if x.repliesAt(c) != nil {
			continue
		}
		x.answeredWithin(c)
		if w, s, ok := x.presses(c); ok {
			x.addShown(w, s)
			continue
		}
		if len(x.subject[c]) != 1 || x.worker[c] || x.reported(c) || x.verbAt[c] < 0 {
			continue
		}
		w := x.subject[c][0]
		p := &x.people[w]
		verb := x.tokens[x.verbAt[c]].norm
		answers := x.answersWorker(c)
		if !p.isChild(x) || !gestures[verb] && !(verb == "shook" && x.contains(part.span, "head")) && !(answers && (bodily[verb] || x.fellStill(x.verbAt[c]))) || x.saysToo(c) {
			continue
		}
		if !(answers || tellingSigns[verb]) && !x.showing(part.span) || x.negatedBefore(part.a, x.verbAt[c]) {
			continue
		}
		s := x.trimBut(part.span)
		if c+1 < len(x.parts) && x.parts[c+1].sentence == part.sentence && x.parts[c+1].joint == "+and" {
			s.b = x.trim(x.parts[c+1].span).b
		}
		x.addShown(w, s)
	}
}

func (x *text) addShown(w int, s span) {
	x.record.ChildVoice = append(x.record.ChildVoice, x.voiceOf(w, kerbside.VoiceNonverbal, s))
}

// answeredWithin writes down what a child showed in answer to a question of the same clause: "when I asked who helps her she pointed to her brother".
func (x *text) answeredWithin(c int) {
	part := &x.parts[c]
	if !x.worker[c] || x.verbAt[c] < 0 || !asked[x.word(x.verbAt[c])] || x.reported(c) {
		return
	}
	for i := x.verbAt[c] + 2; i < part.b; i++ {
		k := i - 1
		for k > x.verbAt[c] && adverbs[x.word(k)] {
			k--
		}
		w := x.who[k]
		if w < 0 || !x.people[w].isChild(x) || possessives[x.word(k)] || x.tokens[k].poss {
			continue
		}
		if n := x.word(i); !tellingSigns[n] && !(bodily[n] || gestures[n] || x.fellStill(i)) || x.lex.speech[n] != "" || !x.lex.finite[n] && x.lex.verb[n] == n {
			continue
		}
		if part.b-i <= 3 { // a bare sign means what was asked
			k = part.a
		}
		x.addShown(w, x.trim(span{k, part.b}))
		return
	}
}

// fellStill reports "went quiet", "became tearful" at token v.
func (x *text) fellStill(v int) bool {
	switch x.word(v) {
	case "went", "got", "became", "fell", "turned", "looked", "stayed":
	default:
		return false
	}
	return stillness[x.word(v+1)] || (adverbs[x.word(v+1)] || x.word(v+1) == "a" || x.word(v+1) == "completely") && (stillness[x.word(v+2)] || x.word(v+2) == "bit" && stillness[x.word(v+3)])
}

// bodily are acts that say something only as the answer to something.
var bodily = setOf("looked turned put pulled held picked covered rolled squeezed stamped kicked threw closed shut curled blinked picked laid raised")

// asked are the worker's own verbs that want an answer.
var asked = setOf("asked ask said mentioned showed offered raised tried")

// answersWorker reports an act with which somebody answers the worker: "I asked about nights and she looked at the sad face", "he hid when I said his name".
func (x *text) answersWorker(c int) bool {
	asks := func(k int) bool {
		if k < 0 || k >= len(x.parts) || x.parts[k].sentence != x.parts[c].sentence || !x.worker[k] || x.verbAt[k] < 0 {
			return false
		}
		return asked[x.tokens[x.verbAt[k]].norm]
	}
	return asks(c-1) || c+1 < len(x.parts) && (x.parts[c+1].joint == "when" || x.parts[c+1].joint == "as") && asks(c+1)
}

// saysToo reports that whoever acts in clause c speaks in it or in the next, so that the words are the answer: "she shrugged and said it's fine".
func (x *text) saysToo(c int) bool {
	for k := c; k <= c+1 && k < len(x.parts) && x.parts[k].sentence == x.parts[c].sentence; k++ {
		if x.framedBy(k) && (k == c || len(x.subject[k]) > 0 && len(x.subject[c]) > 0 && x.subject[k][0] == x.subject[c][0]) {
			return true
		}
	}
	return false
}

func (x *text) showing(s span) bool {
	for _, w := range []string{"symbol", "symbols", "sign", "signs", "card", "cards", "picture", "pictures", "face", "faces", "makaton", "thumbs", "emoji", "pecs"} {
		if x.contains(s, w) {
			return true
		}
	}
	for i := s.a; i < s.b; i++ {
		if x.word(i) == "showed" && (x.word(i+1) == "me" || x.word(i+1) == "us") && x.word(i+2) == "how" && x.word(i+3) != "to" {
			return true // "showed me how with a doll"
		}
		if n := x.word(i + 1); x.word(i) == "signed" && !determiners[n] && n != "up" && n != "in" && n != "off" && n != "on" && n != "for" && n != "out" && n != "it" {
			return true // "signed finished", but not "signed up", "signed the form"
		}
	}
	return false
}
