package rules

import (
	"strings"

	"kerbside"
)

// Whether a child was seen alone is read from who else was there while the worker was with it: words for being alone ("on her own", "just
// the two of us", "without mum") said of such a meeting, an adult who went and left them to it, an adult who stayed throughout, and a child
// that would not be parted from one.

// alone is a stretch that says that somebody was alone.
type alone struct {
	span
	ours bool // the worker is named as the only company
}

var (
	ownSelf    = setOf("himself herself themselves themself")
	soloWords  = setOf("alone solo separately separate individually privately one-to-one one-on-one 1:1 1-1 1-to-1 121 1to1")
	grownWords = setOf("adults adult grown-ups grown-up grownups grownup grown parents parent carers carer staff anyone anybody others everyone everybody family mum mam dad mummy daddy mother father nan gran grandma grandad")
	mineWords  = setOf("me myself us i we")
	youngWords = setOf("child children kids boys girls twins lad lads son daughter siblings")
	meetVerbs  = setOf("see speak meet talk chat spend have get take catch grab manage sit walk go drive do interview visit play draw pop find pull collect share work step natter come use")
	talkVerbs  = setOf("say tell talk speak whisper chat show open answer ask natter discuss see")
	timeWords  = setOf("time chat conversation session minutes minute word talk work natter opportunity chance while bit interview quarter half discussion catch-up")
	awayPlaces = setOf("down out outside upstairs downstairs inside away off indoors elsewhere")
	goneVerbs  = setOf("cook do leave step pop nip go slip disappear duck wander head move take run sit stay wait keep remain be make put clear excuse stand hang get bring busy")
	spaceWords = setOf("space time room privacy minute minutes moment while chance")
	stayVerbs  = setOf("stay sit be hover remain listen stand join hang")
	outings    = setOf("yard garden outside allotment field walk drive car park block shop shops café cafe mcdonald's mcdonalds costa greggs swings playground milkshake spin stroll wander garage chippy canteen lane beach river woods")
	failures   = setOf("not no never refused refuses declined declines failed unable without neither none nobody nowhere nor impossible hardly against refusal nothing")
	wantings   = setOf("want wants wanted hope hoped hoping like plan planned planning ask asked asking try tried trying offer offered offering suggest suggested wonder wondered wondering aim aimed need needed needs intend intended keen attempt attempted meant supposed request requested option idea invited")
)

// aloneIn reads whether somebody was seen alone, or was not and why.
func (x *text) aloneIn(c int, children []int, all map[int]*answers, everyone *answers) {
	value, s := x.companyOf(c)
	stranger := value == kerbside.Yes && x.ofStranger(c, children) && !x.onlyLeaver(c, children)
	if stranger && !x.contains(x.parts[c].span, "without") && !x.contains(x.parts[c].span, "away") {
		return // who that is is not known
	}
	if value == kerbside.Yes && x.deniesAlone(c) {
		return
	}
	if value == kerbside.Yes && x.contains(x.parts[c].span, "either") {
		return // "alone with either of them" was denied, whatever was heard
	}
	if value == "" || value == kerbside.Yes && (x.otherTime(c) || x.timeOf(x.parts[c].span) == kerbside.Historical || x.lastDay(x.parts[c].span)) || value == kerbside.No && x.otherVisit(c) {
		return
	}
	f := x.fact(found{s, value})
	reason := ""
	if value == kerbside.No {
		if why, ok := x.reason(c); ok {
			proof := x.proof(why.a, why.b)
			reason, f.Evidence = proof[0].Quote, append(f.Evidence, proof...)
		}
	}
	targets := x.childrenIn(c, children)
	if behind := x.namedChildren(span{x.parts[c].b, max(s.b, x.parts[c].b)}, children); len(behind) > 0 {
		targets = behind // "so me | and Shaun had half an hour"
	}
	if value == kerbside.Yes && x.subjectGrown(c) && !x.worker[c] {
		if w := x.leftAlone(c); has(children, w) {
			targets = []int{w}
		} else if targets = x.leftBehind(c, targets, children); len(targets) == 0 {
			return
		}
	}
	if value == kerbside.Yes && len(x.namedChildren(x.parts[c].span, children)) == 0 && x.unknownBefore(c, children) {
		return // who was brought is not known to be a child
	}
	if len(targets) == 0 {
		targets = x.whoseCompany(c, value, children)
	}
	if stranger {
		targets = nil // a child by what is said, and nobody else
	}
	if len(targets) == 0 {
		set(&everyone.alone, f)
		if value == kerbside.No {
			everyone.reason = reason
		}
		return
	}
	for _, w := range targets {
		a := all[w]
		if reason != "" && a.reason == "" && a.alone.Value == kerbside.No {
			a.alone.Evidence = append(a.alone.Evidence, f.Evidence...)
		}
		set(&a.alone, f)
		if value == kerbside.No && a.reason == "" && a.alone.Value == kerbside.No {
			a.reason = reason
		}
	}
}

// lastDay reports a day of the week before: "I had ten minutes with her last Thursday", not "the last Thursday of July".
func (x *text) lastDay(s span) bool {
	for i := s.a; i+1 < s.b; i++ {
		if _, ok := weekdays[x.word(i+1)]; ok && x.word(i) == "last" && x.word(i+2) != "of" {
			return true
		}
	}
	return false
}

// whoseCompany lists whom clause c means that names no child: those whom it denies one and all, "I saw nobody on their own", the child with whom the worker is, and,
// for a denial, the only one whom its pronoun can mean.
func (x *text) whoseCompany(c int, value string, children []int) []int {
	p := x.parts[c].span
	if value == kerbside.No && x.ofAny(p) {
		return x.thoseThere(children)
	}
	if w := x.withOne(c); has(children, w) {
		return []int{w}
	}
	if value != kerbside.No {
		return nil
	}
	if w := x.turnAt(c); has(children, w) {
		return []int{w}
	}
	for i := p.a; i < p.b; i++ {
		g := pronounGenders[x.word(i)]
		if g == "" {
			continue
		}
		var fit []int
		for _, w := range children {
			if x.people[w].gender == g && x.people[w].presence == kerbside.Present {
				fit = append(fit, w)
			}
		}
		if len(fit) == 1 {
			return fit
		}
	}
	return nil
}

// ofAny reports a stretch that speaks of children one and all: "nobody was seen alone", "I never got either of them by themselves".
func (x *text) ofAny(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.word(i) {
		case "nobody", "anybody", "anyone", "none", "neither", "either", "any", "themselves":
			return true
		}
	}
	return x.pairAt(s, "no", "one") || x.ofSeveral(s)
}

// thoseThere lists the children who were there, all when none is known to have been.
func (x *text) thoseThere(children []int) []int {
	var out []int
	for _, w := range children {
		if x.people[w].presence == kerbside.Present {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return children
	}
	return out
}

// onlyLeaver reports that the only one whom clause c names is an adult who left the worker and a child to it: "Gwen left us to it", where nothing but her name
// is known of Gwen.
func (x *text) onlyLeaver(c int, children []int) bool {
	if x.worker[c] || !x.subjectGrown(c) || len(x.aloneCues(x.parts[c].a, x.parts[c].b)) > 0 || x.metUnknown(x.parts[c].span) {
		return false
	}
	for i := x.parts[c].a; i < x.parts[c].b; i++ {
		if w := x.who[i]; w >= 0 && !has(x.subject[c], w) && !has(children, w) {
			return false
		}
	}
	return x.leftAlone(c) >= 0 || has(children, x.withOne(c)) && (x.gaveSpace(x.parts[c].span) || !x.restored && x.wentAway(c))
}

// deniesAlone reports a sentence that says, besides, that they were not: "I spoke to them with him in the kitchen, never one to one".
func (x *text) deniesAlone(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for _, cue := range x.aloneCues(s.a, s.b) {
		if n := x.word(cue.a - 1); n == "never" || n == "not" && x.word(cue.a-2) != "if" && x.word(cue.a-2) != "or" {
			return true
		}
	}
	return false
}

// unknownBefore reports that the sentence up to the end of clause c speaks of somebody whose part in the family is not known, and of no child: "the teacher
// brought Ellis out | and left us to it".
func (x *text) unknownBefore(c int, children []int) bool {
	s := span{x.sents[x.parts[c].sentence].a, x.parts[c].b}
	if len(x.namedChildren(s, children)) > 0 {
		return false
	}
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && !has(x.subject[c], w) && x.people[w].role < 0 && x.people[w].name != "" && x.people[w].title() == "" && !x.people[w].adult {
			return true
		}
	}
	return false
}

// caring are what adults are busy with whose child is with them: "while Mum was upstairs bathing Grace".
var caring = setOf("take bathe bath change feed dress put settle wash nurse collect pick fetch drop get rock")

// leftBehind takes out of those whom clause c speaks of who went away with the adult: "mum went in the kitchen with the little one" leaves those of whom the
// clause before speaks. Children whom the worker saw together are not alone.
func (x *text) leftBehind(c int, targets, children []int) []int {
	part := &x.parts[c]
	var gone []int
	for i := part.a; i < part.b; i++ {
		if x.word(i) != "with" && !caring[x.lex.lemma(x.word(i))] {
			continue
		}
		for k := i + 1; k < part.b && k < i+6; k++ {
			if w := x.who[k]; w >= 0 && has(children, w) && !possessives[x.word(k)] && !has(gone, w) {
				gone = append(gone, w)
			}
		}
	}
	if len(gone) == 0 {
		return targets
	}
	for k := c - 1; k >= 0 && x.parts[k].sentence >= part.sentence-1; k-- {
		here := x.namedChildren(x.parts[k].span, children)
		if len(here) > 1 && x.contains(x.parts[k].span, "together") {
			return nil
		}
		if len(here) > 0 {
			targets = here
			break
		}
	}
	var out []int
	for _, w := range targets {
		if !has(gone, w) {
			out = append(out, w)
		}
	}
	return out
}

// companyOf says whether clause c tells of the worker alone with a child, "yes", or of its not having been so, "no", and where it says so.
func (x *text) companyOf(c int) (string, span) {
	part := &x.parts[c]
	heard := x.overheardClause(c)
	for _, cue := range x.aloneCues(part.a, part.b) {
		if value := x.aloneValue(c, cue, heard); value != "" {
			return value, x.aloneSpan(c, cue, value)
		}
	}
	if heard && !x.refusalToWorker(c) {
		return "", span{}
	}
	if x.notApart(c) {
		return kerbside.No, x.trim(part.span)
	}
	if heard {
		return "", span{}
	}
	if x.stayedOn(c) {
		return kerbside.No, x.trim(part.span)
	}
	if s, ok := x.leftToIt(c); ok {
		return kerbside.Yes, s
	}
	if x.withChild(c) || x.awayFragment(c) || x.leftAlone(c) >= 0 {
		return kerbside.Yes, x.trim(part.span)
	}
	return "", span{}
}

// aloneSpan is what shows the answer: the clause, and with a fragment the one that it belongs to.
func (x *text) aloneSpan(c int, cue alone, value string) span {
	s := x.trim(x.parts[c].span)
	s.b = max(s.b, cue.b)
	if value == kerbside.Yes && x.verbAt[c] < 0 && c > 0 && x.parts[c-1].sentence == x.parts[c].sentence && (cue.ours || x.meets(c-1)) {
		s.a = x.trim(x.parts[c-1].span).a
	}
	return s
}

// refusalToWorker reports somebody's words that the worker may not, or that the child will not, be alone with the worker.
func (x *text) refusalToWorker(c int) bool {
	p := x.parts[c].span
	return x.contains(p, "me") || x.contains(p, "i") || x.contains(p, "us")
}

// aloneValue reads the clause around a cue.
func (x *text) aloneValue(c int, cue alone, heard bool) string {
	part := &x.parts[c]
	if n := x.word(cue.a - 1); (strings.HasPrefix(x.word(cue.a), "one") || strings.HasPrefix(x.word(cue.a), "1")) && (possessives[n] || n == "the") {
		return "" // "his one-to-one" is somebody
	}
	if x.oneByOne(cue.span) && !x.ofSeveral(span{x.sents[part.sentence].a, part.b}) {
		return "" // "he went up the stairs, one at a time"
	}
	if !cue.ours && !x.worker[c] && x.aloneWithYoung(part.span) {
		return ""
	}
	if !cue.ours && x.ofGrown(c, cue.a) {
		return "" // "I spoke to Jo on her own"
	}
	if cue.ours && !mineWords[x.word(cue.b-1)] && len(x.subject[c]) > 0 && x.subjectGrown(c) && x.othersMeet(window{c, c}, part.span) {
		return "" // "the guardian spoke to her with nobody else there"
	}
	if w := x.word(cue.a); (w == "nobody" || w == "no-one" || w == "no") && x.grownAt(cue.a-2) && len(x.namedHere(span{part.a, cue.a})) == 0 {
		return "" // "I saw grandma and nobody else"
	}
	if x.word(cue.a) == "without" && x.keptAtDoor(part.a, cue.a) {
		return "" // "he wouldn't let me in without his wife there"
	}
	if heard && x.askedToSee(c) {
		if x.wishCame(c, cue.b) == kerbside.No && !x.onlyAtFirst(x.sents[part.sentence]) {
			return kerbside.No // "I asked if I could speak to him on his own and he said no"
		}
		return ""
	}
	if x.worker[c] && x.askedApart(x.verbAt[c], cue) && !x.negatedBefore(part.a, x.verbAt[c]) && !x.future(span{part.a, cue.a}) {
		return kerbside.Yes
	}
	if x.neverWhen(c) || x.shookHead(c) {
		return kerbside.No
	}
	if asked, answer := x.selfAsked(part.span, cue.b); asked {
		return answer
	}
	denied, wished, future := x.scopeBefore(c, cue)
	if x.restored && !cue.ours && !heard && x.noAnswers(cue.b) {
		return kerbside.No // "seen alone no i …"
	}
	if denied && cue.a-part.a <= 1 && part.b-part.a <= 4 && x.verbAt[c] < 0 && !heard && !cue.ours {
		return kerbside.No // "Not alone."
	}
	if heard && wished && x.subjectYoung(c) && x.mineBefore(part.a, part.b) {
		if x.wishCame(c, cue.b) == kerbside.Yes {
			return kerbside.Yes // "Ada asked if we could talk without mum and we went …"
		}
		return ""
	}
	if (heard || x.toldAt(cue.a)) && !denied && !future && x.asideOfTelling(c) && (cue.ours || !x.restored && x.tokenIs(part.a-1, ",") && x.tokenIs(cue.b, ",")) {
		return kerbside.Yes
	}
	if heard || x.toldAt(cue.a) {
		if denied && x.refusalToWorker(c) && !x.otherVisit(c) && x.child(c) {
			return kerbside.No // "she said she did not want to talk to me on her own"
		}
		if !(wished && x.worker[c]) {
			return ""
		}
	}
	if x.idle(c, cue) && (!denied || x.leftBy(c, cue.a)) {
		return ""
	}
	met := cue.ours && !x.onlyNobody(cue) || x.meets(c) || x.fragmentOfMeeting(c)
	if cue.ours && x.word(cue.a) == "us" && x.subjectGrown(c) && !x.subjectYoung(c) && !x.worker[c] {
		return "" // "Jo stayed with us both"
	}
	if cue.ours && !x.child(c) && x.grownNext(cue.b) {
		return "" // "just the two of us, Jo and me"
	}
	if wished && !met && !denied && x.worker[c] && x.child(c) && x.gotIt(cue.b) {
		return kerbside.Yes
	}
	if denied && x.judged(part.a, cue.a) {
		return kerbside.No // "I wouldn't call that alone"
	}
	if !met || cue.ours && !x.child(c) && !x.childNear(c) && !(x.namesUs(cue) && x.withOne(c) >= 0) {
		if denied && (x.worker[c] || x.speaksOfMeeting(c)) && x.child(c) {
			return kerbside.No
		}
		return ""
	}
	switch {
	case x.answeredByNo(part.b), x.restored && x.verbAt[c] < 0 && x.noBehind(part.b), part.b-cue.b == 0 && x.tokenIs(part.b, ",") && x.word(part.b+1) == "no" && x.word(part.b+2) == "":
		return kerbside.No
	case denied, x.deniedAfter(cue.b, part.b):
		return kerbside.No
	case future && !wished || x.future(part.span) && x.contains(part.span, "will"):
		return ""
	case wished:
		return x.wishCame(c, cue.b)
	}
	for k := cue.b; k < part.b; k++ {
		if x.word(k) == "with" && x.withGrown(c, k) {
			return kerbside.No // "I saw them one at a time with Jo in the room"
		}
	}
	return kerbside.Yes
}

// undertakes reports what somebody agrees to do another day: "Bridget's agreed to meet me at the clinic".
func (x *text) undertakes(s span) bool {
	for k := s.a; k+2 < s.b; k++ {
		if n := x.word(k); (n == "agreed" || n == "promised" || n == "offered") && x.word(k+1) == "to" && undertaken[x.lex.verb[x.word(k+2)]] {
			return true
		}
	}
	return false
}

// noAnswers reports, where marks are missing, a "no" behind token b that answers what stands before it, as opposed to "no concerns".
func (x *text) noAnswers(b int) bool {
	if b < len(x.tokens) && x.tokens[b].mark {
		b++
	}
	n := x.word(b + 1)
	return x.word(b) == "no" && (n == "" || subjectPronouns[n] || grownWords[n])
}

// neverWhen reads "there was no time when it was only me and her", the clause behind "when".
func (x *text) neverWhen(c int) bool {
	part := &x.parts[c]
	if x.word(part.a) != "when" || c == 0 || x.parts[c-1].sentence != part.sentence {
		return false
	}
	p, denied := x.parts[c-1].span, false
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		denied = denied || failures[n]
		if denied && (n == "time" || n == "moment" || n == "point" || n == "stage" || n == "minute" || n == "chance") {
			return true
		}
	}
	return false
}

// selfAsked reads what the worker asks and answers in one breath, "did I see any of them alone, I did not", whose words end at token end; the answer is "" where
// none is heard. A yes stands right behind the question; a no may follow some words later.
func (x *text) selfAsked(s span, end int) (asked bool, answer string) {
	for k := max(0, s.a-1); k+1 < min(s.b, end) && !asked; k++ {
		n := x.word(k)
		asked = (n == "did" || n == "have" || n == "had") && (x.word(k+1) == "i" || x.word(k+1) == "we") && x.word(k-1) != "than" && (x.restored || k <= s.a+1 || x.tokens[k-1].mark)
	}
	if !asked {
		return false, ""
	}
	k := end
	for k < len(x.tokens) && k < end+2 && x.tokens[k].mark {
		k++
	}
	for i := k; i < min(len(x.tokens), end+9); i++ {
		switch x.word(i) {
		case "no", "not", "never", "nope", "nah":
			return true, kerbside.No
		}
	}
	closed := func(i int) bool { return i >= len(x.tokens) || x.tokens[i].mark || x.word(i) == "and" }
	if n := x.word(k); (n == "yes" || n == "yeah") && closed(k+1) || n == "i" && (x.word(k+1) == "did" || x.word(k+1) == "have") && closed(k+2) {
		return true, kerbside.Yes
	}
	return true, ""
}

// shookHead reports that a head was shaken at what the worker asked.
func (x *text) shookHead(c int) bool {
	s := x.sents[x.parts[c].sentence]
	if x.restored && x.word(s.a) == "when" && s.a > 1 && x.word(s.a-2) == "head" { // the mark between them is none of the speaker's
		return x.contains(s, "asked") && x.contains(span{max(0, s.a-5), s.a}, "shook")
	}
	return x.contains(s, "shook") && x.contains(s, "head") && x.contains(s, "asked")
}

// undertaken are deeds that somebody agrees to do another day.
var undertaken = setOf("get take bring book ring arrange fetch collect meet")

// deniedAfter reads "seeing her alone was not possible", "alone time did not happen".
func (x *text) deniedAfter(a, b int) bool {
	for k := a; k+1 < b; k++ {
		if n := x.word(k); n == "not" || n == "never" {
			for i := k + 1; i < b && i < k+4; i++ {
				switch x.word(i) {
				case "possible", "happen", "option", "feasible", "work", "achieved", "appropriate", "practical", "available", "manageable":
					return true
				}
			}
		}
	}
	return false
}

// toldAt reports that a token stands in what somebody else said.
func (x *text) toldAt(i int) bool {
	for _, f := range x.framesAt(i) {
		if f.kind != kerbside.WorkerOpinion && f.content.a <= i && i < f.content.b {
			return true
		}
	}
	return false
}

// scopeBefore reads what stands between a clause's begin and a cue: a denial, a wish, a time to come.
func (x *text) scopeBefore(c int, cue alone) (denied, wished, future bool) {
	part := &x.parts[c]
	from := part.a
	for d := c - 1; x.verbAt[d+1] < 0 && d >= 0 && x.parts[d].sentence == part.sentence; d-- { // a fragment goes with the verb before it
		from = x.parts[d].a
	}
	anew := false
	for k := from; k < cue.a; k++ {
		n := x.word(k)
		switch {
		case n == "":
		case n == "and" && k > part.a && x.verbPhrase(k+1) && !(wished && x.lex.verb[x.word(k+1)] == x.word(k+1)):
			wished, denied = false, false // another statement
		case n == "so" && cue.ours && x.word(k+1) != "that" && k > 0 && x.tokens[k-1].mark:
			wished, denied, anew = false, false, true // "she wouldn't do it at the unit, so the café, the two of us"
		case failures[n] && !x.correcting(k):
			if (n == "no" || n == "not") && (x.word(k+1) == "only" || x.word(k+1) == "just" || x.word(k+1) == "problem" || x.word(k+1) == "problems") {
				continue
			}
			if n == "not" && (x.word(k-1) == "if" || x.word(k-1) == "or") {
				continue
			}
			if (n == "nobody" || n == "no" && x.word(k+1) == "one") && cue.ours && x.tokens[cue.a-1].mark && !x.hasFinite(k, cue.a) {
				continue // "officers about but nobody on our table, just Sam and me"
			}
			denied = true
		case (n == "yet" || n == "still") && x.word(k+1) == "to", n == "out" && x.word(k-1) == "ran", n == "time" && x.word(k-1) == "of" && x.word(k-2) == "out", n == "too" && x.contains(span{k, cue.a}, "to"):
			denied = true
		case n == "only" && k >= part.a && x.grownBetween(k, cue.a):
			denied = true
		case n == "will" || n == "shall" || n == "must" || n == "should" || n == "may" || n == "might":
			future = true
		case n == "would" || n == "'d" && x.lex.verb[x.after(k)] == x.after(k):
			if x.judges(k + 1) {
				continue // "I'd say we were alone"
			}
			if x.word(k+1) == "only" {
				denied = true
			} else if w := x.word(k + 1); w == "like" && x.word(k+2) == "to" && x.word(k+3) != "have" {
				future = true
			} else {
				wished = true
			}
		case n == "could" && x.word(k+1) != "not" && !x.pastReach(k):
			future = true
		case n == "can" && x.word(k+1) != "not":
			future = true
		case n == "going" && x.word(k+1) == "to", n == "next" && (x.word(k+1) == "time" || x.word(k+1) == "visit" || x.word(k+1) == "week"), n == "tomorrow", n == "need" || n == "needs", n == "if":
			future = true
		case x.undertakes(span{k, k + 3}):
			future = true // "Bev's agreed to get her to a clinic without him"
		case n == "want" || n == "wants" || n == "hope" || n == "hoping" || n == "plan" || n == "planning" || n == "like" && x.word(k-1) != "not":
			future = true
		case n == "asked" && x.askedChild(k, cue.a):
		case wantings[n]:
			wished = true
		case n == "happy" || n == "willing" || n == "able" || n == "managed" || n == "agreed" || n == "chose" || n == "allowed":
			wished = false
		}
	}
	if s := x.sents[part.sentence]; !denied && !anew { // "Next time I will …, alone"
		for k := s.a; k < part.a; k++ {
			if n := x.word(k); n == "next" && (x.word(k+1) == "time" || x.word(k+1) == "visit" || x.word(k+1) == "week") {
				future = true
			}
		}
		if x.verbAt[c] < 0 && x.future(span{s.a, part.a}) {
			future = true
		}
	}
	return denied, wished, future
}

// oneByOne reports "one at a time", "one by one", "one after the other".
func (x *text) oneByOne(s span) bool {
	for k := s.a; k+2 < s.b; k++ {
		if x.word(k) == "one" && (x.word(k+1) == "at" && k+3 < s.b && x.word(k+3) == "time" || x.word(k+1) == "by" && x.word(k+2) == "one" || x.word(k+1) == "after") {
			return true
		}
	}
	return false
}

// ofSeveral reports that a stretch speaks of more than one child.
func (x *text) ofSeveral(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.word(i) {
		case "them", "they", "children", "kids", "boys", "girls", "twins", "both", "all", "each", "siblings":
			return true
		}
	}
	return len(x.namedHere(s)) > 1
}

// aloneWithYoung reports "on his own with Ada since March", which is a father.
func (x *text) aloneWithYoung(s span) bool {
	for k := s.a; k+2 < s.b; k++ {
		if x.word(k) != "own" && x.word(k) != "alone" && !ownSelf[x.word(k)] || x.word(k+1) != "with" {
			continue
		}
		m := k + 2
		for m < s.b && (determiners[x.word(m)] || possessives[x.word(m)]) {
			m++
		}
		if m < s.b && (x.youngAt(m) || m > k+2 && isNumber(&x.tokens[m])) {
			return true
		}
	}
	return false
}

// judges reports, at token k, that the worker says what a meeting amounted to: "say we were", "call that", "count it as"; not "call back".
func (x *text) judges(k int) bool {
	switch x.word(k) {
	case "say":
		return true
	case "call", "count", "class", "describe":
		n := x.word(k + 1)
		return n == "it" || n == "that" || n == "this" || n == "us"
	}
	return false
}

// judged reports "I wouldn't count that as" in [a,b).
func (x *text) judged(a, b int) bool {
	for k := a; k+1 < b; k++ {
		if (x.word(k) == "would" || x.word(k) == "will" || x.word(k) == "could" || x.word(k) == "can" || x.word(k) == "'d") && (x.judges(k+1) || x.word(k+1) == "not" && x.judges(k+2)) {
			return true
		}
	}
	return false
}

// askedApart reports "I asked Ada on her own what she wanted": a question at token k that was put, not a wish to be alone.
func (x *text) askedApart(k int, cue alone) bool {
	if k >= 0 && x.word(k) == "asked" && cue.a <= k+8 && x.askedChild(k, cue.a) && !x.questionIn(k+1, cue.a) {
		return true
	}
	if k < 0 || x.word(k) != "asked" || cue.a < k+2 || !x.youngAt(cue.a-1) && !x.youngAt(k+1) || cue.a > k+4 {
		return false
	}
	switch x.word(cue.b) {
	case "what", "how", "who", "where", "when", "why", "if", "whether", "about", "which":
		return true
	}
	return false
}

// askedChild reports, at token k, a question that the worker put to a child before token end, as opposed to a wish: "I asked her, on the trampoline, just us two,
// has he …", not "I asked her to come out with me".
func (x *text) askedChild(k, end int) bool {
	c := x.partAt(k)
	if c < 0 || !x.worker[c] || !x.youngAt(k+1) {
		return false
	}
	for i := k + 2; i < end; i++ {
		if n := x.word(i); askBlocks[n] || n == "see" || n == "speak" || n == "talk" {
			return false
		}
	}
	return true
}

// questionIn reports words in [a,b) by which a question has begun, so that what follows is what it is about: "I asked Ada about the night on her own".
func (x *text) questionIn(a, b int) bool {
	for k := a; k < b; k++ {
		if n := x.word(k); questioned[n] || n == "being" {
			return true
		}
	}
	return x.hasFinite(a, b)
}

// asideOfTelling reports a fragment that tells where a child told the worker something: "she told me, up in her room, just the two of us".
func (x *text) asideOfTelling(c int) bool {
	if x.verbAt[c] >= 0 {
		return false
	}
	for d := c - 1; d >= 0 && x.parts[d].sentence == x.parts[c].sentence; d-- {
		v := x.verbAt[d]
		if v < 0 {
			continue
		}
		if len(x.subject[d]) != 1 || !x.people[x.subject[d][0]].isChild(x) || x.denies(d) || x.otherTime(d) {
			return false
		}
		for k := v; k+1 < x.parts[d].b; k++ {
			if x.lex.verb[x.word(k)] == "tell" && x.word(k+1) == "me" {
				return !x.hasVerb(k+2, x.parts[d].b)
			}
		}
		return false
	}
	return false
}

// hasVerb reports a word in [a,b) that can be a verb.
func (x *text) hasVerb(a, b int) bool {
	for k := a; k < b; k++ {
		if n := x.word(k); finiteAux[n] || x.lex.verb[n] != "" {
			return true
		}
	}
	return false
}

func (x *text) grownBetween(a, b int) bool {
	for k := a; k < b; k++ {
		if x.grownAt(k) {
			return true
		}
	}
	return false
}

// ofGrown reports that the one who was alone is an adult: the nearest before the words, those left out who are only in company or away.
func (x *text) ofGrown(c, i int) bool {
	part := &x.parts[c]
	for k := i - 1; k >= part.a; k-- {
		t := &x.tokens[k]
		if t.mark || t.poss && !x.verbalEnding(k) || possessives[t.norm] && t.norm != "her" || t.norm == "her" && x.nounFollows(k) && k+1 < i {
			continue
		}
		w := -1
		if x.who != nil {
			w = x.who[k]
		}
		if w < 0 {
			continue
		}
		if pronoun(t.norm) && !x.pronounOfGrown(k) {
			return false
		}
		b := x.word(k - 1)
		if determiners[b] || possessives[b] {
			b = x.word(k - 2)
		}
		if b == "with" && x.meets(c) && !x.worker[c] || b == "without" || b == "from" || b == "of" || b == "than" {
			continue // "Ada was seen with mum and then on her own"
		}
		return !x.people[w].isChild(x) && x.people[w].role >= 0
	}
	return i <= part.a+1 && x.callOfGrown(c)
}

// callOfGrown reports that the clause before c, in one sentence, tells of an adult's call and of no child: "Moira rang me after, on her own".
func (x *text) callOfGrown(c int) bool {
	if x.verbAt[c] >= 0 || c == 0 || x.parts[c-1].sentence != x.parts[c].sentence || !x.subjectGrown(c-1) || x.verbAt[c-1] < 0 {
		return false
	}
	return reaching[x.word(x.verbAt[c-1])] && len(x.namedHere(x.parts[c-1].span)) == 0
}

// namesUs reports words for being alone that speak of the worker: "just the two of us", "nobody else with us", not "nobody else was in the house".
func (x *text) namesUs(cue alone) bool {
	for k := cue.a; k < cue.b; k++ {
		if mineWords[x.word(k)] || x.word(k) == "ourselves" {
			return true
		}
	}
	return x.word(cue.b) == "with" && mineWords[x.word(cue.b+1)]
}

// onlyNobody reports "nobody about", "nobody in earshot", which say nothing of whom nobody was near.
func (x *text) onlyNobody(cue alone) bool {
	n := x.word(cue.a)
	return (n == "nobody" || n == "no-one" || n == "no" && x.word(cue.a+1) == "one" || n == "with" && x.word(cue.a+1) == "nobody") && !x.contains(cue.span, "else")
}

// grownNext reports, at token k behind words for being alone, an adult who is the one who was with the worker: ", Jo and me", ", Jo told me", "and Jo cried".
func (x *text) grownNext(k int) bool {
	if k < len(x.tokens) && (x.tokens[k].norm == "," || x.word(k) == "and") {
		k++
	}
	g, ok := x.grownWithin(k, min(len(x.tokens), k+4))
	if !ok || x.awayBehind(g) || x.toldAt(g) {
		return false
	}
	n := x.word(g + 1)
	return n == "and" && mineWords[x.word(g+2)] || n == "told" || n == "said" || n == "cried" || n == "talked" || n == "admitted"
}

// leftBy reports that the words at token i tell of a child that an adult leaves alone: "he's never left her by herself".
func (x *text) leftBy(c, i int) bool {
	for k := max(x.parts[c].a, i-3); k < i; k++ {
		if x.lex.verb[x.word(k)] == "leave" {
			return true
		}
	}
	return false
}

// idle reports that the clause is about what somebody does or was left to do alone, and the worker has no part in it.
func (x *text) idle(c int, cue alone) bool {
	if cue.ours || x.worker[c] || x.terse(c) && x.talkedAWhile(c) {
		return false
	}
	p := x.parts[c].span
	v := x.verbAt[c]
	if v < 0 {
		return false
	}
	for k := p.a; k < p.b; k++ {
		if mineWords[x.word(k)] {
			return false
		}
	}
	return !x.passiveMeeting(p) && !x.childTalks(c)
}

// meets reports a clause in which the worker is with a child, or it is seen or spoken to.
func (x *text) meets(c int) bool {
	p := x.parts[c].span
	mine := x.worker[c] || x.impersonal(c) || x.terse(c)
	for k := p.a; k < p.b; k++ {
		mine = mine || mineWords[x.word(k)]
	}
	if x.passiveMeeting(p) {
		return true
	}
	if v := x.verbAt[c]; v >= 0 && x.worker[c] && x.word(v) == "asked" && x.askedChild(v, p.b) {
		return true
	}
	if mine {
		for k := p.a; k < p.b; k++ {
			n := x.word(k)
			if n == "with" && x.youngAt(k+1) {
				return true
			}
			if meetVerbs[x.lex.verb[n]] || timeWords[n] {
				return true
			}
		}
	}
	return x.childTalks(c)
}

// impersonal reports "it was good to get Ada on her own", which the worker says of the worker.
func (x *text) impersonal(c int) bool {
	p := x.parts[c].span
	return x.word(p.a) == "it" && len(x.subject[c]) == 0 && x.contains(p, "to")
}

// terse reports a sentence that leaves its "I" out: "Got Ada by herself", "Had ten minutes with Ada".
func (x *text) terse(c int) bool {
	p := x.parts[c].span
	if x.verbAt[c] != p.a || p.a != x.sents[x.parts[c].sentence].a || !meetVerbs[x.lex.verb[x.word(p.a)]] {
		return false
	}
	for k := p.a + 1; k < p.b && k < p.a+6; k++ {
		if x.youngAt(k) {
			return true
		}
	}
	return false
}

// keptAtDoor reports, between two tokens, that the worker was not let into the home: "wouldn't let me over the step".
func (x *text) keptAtDoor(a, b int) bool {
	for k := a; k+2 < b; k++ {
		if x.word(k) == "let" && (x.word(k+1) == "me" || x.word(k+1) == "us") {
			n := x.word(k + 2)
			return n == "in" || n == "over" || n == "past" || n == "through" || n == "inside"
		}
	}
	return false
}

// talkedAWhile reports, in a sentence that leaves its "I" out, that what was done was done with the worker: "Had him on his own for ten minutes", "Spoke to Ada by herself",
// not "Has them on his own at weekends".
func (x *text) talkedAWhile(c int) bool {
	if n := c + 1; n < len(x.parts) && x.parts[n].sentence == x.parts[c].sentence && x.word(x.parts[n].b-1) == "did" && x.parts[n].b-x.parts[n].a <= 4 && !x.worker[n] {
		return false // "had him on his own for ten minutes, | his dad did"
	}
	w := x.word(x.verbAt[c])
	switch w {
	case "saw", "spoke", "met", "caught", "chatted", "talked":
		return true
	case "had", "got", "grabbed", "spent":
		return x.minutesIn(x.parts[c].span)
	}
	return false
}

// passiveMeeting reports "was seen", "has been spoken to", "Ada seen", without somebody else who saw.
func (x *text) passiveMeeting(p span) bool {
	for k := p.a; k < p.b; k++ {
		switch x.word(k) {
		case "seen", "spoken", "interviewed", "met", "visited":
		default:
			continue
		}
		by := false
		for m := k + 1; m < p.b && m < k+4; m++ {
			by = by || x.word(m) == "by" && !ownSelf[x.word(m+1)] && x.word(m+1) != "me" && x.word(m+1) != "myself"
		}
		if by {
			continue
		}
		m := k - 1
		for m >= p.a && (adverbs[x.word(m)] || x.word(m) == "only" || x.word(m) == "so") {
			m--
		}
		switch n := x.word(m); {
		case n == "was" || n == "were" || n == "been" || n == "be" || n == "is" || n == "being" || n == "'s" || n == "not":
			return true
		case m < p.a || x.youngAt(m) || x.tokens[m].mark, n == "both" || n == "all", objectPronouns[n]:
			return x.word(k) == "seen" || x.word(k) == "spoken"
		}
	}
	return false
}

// childTalks reports a child that speaks with the worker in the clause.
func (x *text) childTalks(c int) bool {
	v := x.verbAt[c]
	talks := false
	for k := v; v >= 0 && k < x.parts[c].b; k++ {
		talks = talks || talkVerbs[x.lex.verb[x.word(k)]]
	}
	if !talks {
		return false
	}
	for _, w := range x.subject[c] {
		if x.people[w].isChild(x) {
			return !x.contains(x.parts[c].span, "mum") || x.contains(x.parts[c].span, "me")
		}
	}
	return false
}

// fragmentOfMeeting reports a clause without a verb that goes with one that tells of a meeting, or that is a line of notes by itself.
func (x *text) fragmentOfMeeting(c int) bool {
	part := &x.parts[c]
	if part.finite && x.verbAt[c] >= 0 {
		return false
	}
	for k := part.a; k < part.b; k++ {
		if n := x.word(k); timeWords[n] && n != "while" && n != "half" || n == "seen" {
			return true
		}
	}
	if first := x.word(part.a); (first == "so" || first == "yes" || first == "and") && part.b-part.a <= 6 && x.childNear(c) && !x.grownBetween(part.a, part.b) {
		return true // "So on his own, aye."
	}
	for _, d := range []int{-1, 1, -2} {
		k := c + d
		if k >= 0 && k < len(x.parts) && x.parts[k].sentence == part.sentence && !x.overheardClause(k) && x.meets(k) && !x.denies(k) && !x.future(x.parts[k].span) {
			return true
		}
		if d == 1 && x.childSpeaks(c) {
			return true
		}
	}
	for k := c - 1; k >= 0 && k > c-8 && x.parts[k].sentence == part.sentence; k-- { // "Saw Ada today, Friday, at school, straight after lunch, on her own"
		if x.verbAt[k] >= 0 {
			if k < c-2 && x.meets(k) && x.child(k) && !x.overheardClause(k) && !x.denies(k) && !x.future(x.parts[k].span) {
				return true
			}
			break
		}
	}
	if c > 0 && x.parts[c-1].sentence == part.sentence-1 && part.a == x.sents[part.sentence].a {
		q := x.parts[c-1].span // "Two, seen. Yes, on his own"
		if x.word(q.b-1) == "seen" {
			return true
		}
	}
	if x.child(c) && part.a == x.sents[part.sentence].a && part.b-part.a <= 3 && soloWords[x.word(part.b-1)] && !x.grownBetween(part.a, part.b) {
		return true // "Max alone, ten minutes"
	}
	return x.child(c) && part.a == x.sents[part.sentence].a && (soloWords[x.word(part.a)] || x.word(part.a) == "one" || x.contains(part.span, "with") && !x.hasFinite(part.a, part.b)) && !x.grownBetween(part.a, part.b)
}

// denies reports a clause with a word of denial in it.
func (x *text) denies(c int) bool {
	p := x.parts[c].span
	return x.negatedBefore(p.a, p.b)
}

// speaksOfMeeting reports a clause about being together with the worker: "would not talk", "no chance of getting her".
func (x *text) speaksOfMeeting(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		if b := x.lex.verb[n]; talkVerbs[b] || b == "see" || b == "get" && x.word(k) == "getting" || b == "come" || b == "go" || n == "opportunity" || n == "chance" || n == "possible" || n == "point" || n == "way" || mineWords[n] {
			return true
		}
	}
	return false
}

// child reports a child named or meant in the clause; childNear one in the sentence, or in the one before.
func (x *text) child(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		if x.youngAt(k) || x.who[k] >= 0 && x.people[x.who[k]].isChild(x) || x.who[k] >= 0 && pronoun(x.tokens[k].norm) && !x.tokens[k].mark && !possessives[x.tokens[k].norm] && !x.pronounOfGrown(k) {
			return true
		}
	}
	return len(x.childrenHere(c)) > 0
}

// pronounOfGrown reports a pronoun that means an adult: no child can be meant by it, or the one last named before it in its sentence is that adult.
func (x *text) pronounOfGrown(k int) bool {
	w := x.who[k]
	if w < 0 || x.people[w].isChild(x) {
		return false
	}
	if c := x.partAt(k); c >= 0 && !subjectPronouns[x.tokens[k].norm] && has(x.subject[c], w) {
		return false // "Jo would not let me speak to her": not to herself
	}
	fits := false
	for _, v := range x.ownChildren() {
		g := x.people[v].gender
		fits = fits || g == "" || g == x.people[w].gender
	}
	if !fits {
		return true
	}
	c := x.partAt(k)
	if c < 0 {
		return true
	}
	for i := k - 1; i >= x.sents[x.parts[c].sentence].a; i-- {
		if v := x.who[i]; v >= 0 && !pronoun(x.tokens[i].norm) && !possessives[x.tokens[i].norm] {
			return v == w && !x.tokens[i].poss
		}
	}
	return false
}

func (x *text) childNear(c int) bool {
	s := x.parts[c].sentence
	for k := min(c+2, len(x.parts)-1); k >= 0 && x.parts[k].sentence >= s-1; k-- {
		if x.parts[k].sentence <= s && x.child(k) && !x.future(x.parts[k].span) && !x.overheardClause(k) {
			return true
		}
	}
	return false
}

// wishCame reads how a wish to see a child alone went, in the rest of its sentence or the begin of the next.
func (x *text) wishCame(c, from int) string {
	end := x.sents[x.parts[c].sentence].b
	if n := x.parts[c].sentence + 1; n < len(x.sents) {
		end = min(x.sents[n].b, x.sents[n].a+9)
	}
	meeting, first := false, x.onlyAtFirst(span{from, end})
	for k := from; k < end; k++ {
		switch n := x.word(k); {
		case n == "":
		case first && !((n == "we" || n == "i") && x.tookPlace(k+1)): // what was said at first and then settles nothing: "he said no at first, then it was fine"
		case (n == "nobody" || n == "no" || n == "not") && (x.word(k+1) == "minded" || x.word(k+1) == "objected" || x.word(k+1) == "problem" || x.word(k+1) == "objection" || x.word(k+1) == "objections" || x.word(k+1) == "mind" || x.word(k+2) == "mind"):
			meeting = true
		case n == "no" && x.lex.speech[x.before(k)] == "say", failures[n] && !x.correcting(k), n == "but", n == "kept", n == "too", n == "instead", n == "stay" || n == "stayed", n == "unfortunately", n == "shook", n == "unwilling", n == "although":
			return kerbside.No
		case (n == "we" || n == "i") && x.tookPlace(k+1) && !x.grownBetween(k+1, min(end, k+6)):
			meeting = true
		case n == "agreed" || n == "happy" || n == "fine" || n == "okay" || n == "ok" || n == "let" || n == "yes" && x.lex.speech[x.before(k)] == "say":
			meeting = true
		}
		if meeting {
			return kerbside.Yes
		}
	}
	return ""
}

// gotIt reports, at token k, that a wish was granted at once: "I wanted her on her own and I got her".
func (x *text) gotIt(k int) bool {
	for i := k; i+2 < len(x.tokens) && i < k+2; i++ {
		if x.word(i) == "and" && (x.word(i+1) == "i" || x.word(i+1) == "we") {
			n := x.word(i + 2)
			return n == "did" && x.word(i+3) == "" || (n == "got" || n == "had") && (x.youngAt(i+3) || x.word(i+3) == "it")
		}
	}
	return false
}

// tookPlace reports a past deed of the worker: "we went", "I did".
func (x *text) tookPlace(k int) bool {
	for n := 0; n < 2 && adverbs[x.word(k)]; n++ {
		k++
	}
	w := x.word(k)
	if n := x.word(k + 1); n == "not" || n == "never" {
		return false
	}
	return w == "did" || w == "had" || x.lex.verb[w] != "" && x.lex.verb[w] != w && meetVerbs[x.lex.verb[w]] && !strings.HasSuffix(w, "ing")
}
