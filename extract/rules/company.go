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
	ownSelf     = setOf("himself herself themselves themself")
	soloWords   = setOf("alone solo separately separate individually privately one-to-one one-on-one 1:1 1-1 1-to-1 121 1to1")
	grownWords  = setOf("adults adult grown-ups grown-up grownups grownup grown parents parent carers carer staff anyone anybody others everyone everybody family mum mam dad mummy daddy mother father nan gran grandma grandad")
	mineWords   = setOf("me myself us i we")
	youngWords  = setOf("child children kids boys girls twins lad lads son daughter siblings")
	meetVerbs   = setOf("see speak meet talk chat spend have get take catch grab manage sit walk go drive do interview visit play draw pop find pull collect share work step natter come use")
	talkVerbs   = setOf("say tell talk speak whisper chat show open answer ask natter discuss see")
	timeWords   = setOf("time chat conversation session minutes minute word talk work natter opportunity chance while bit interview quarter half discussion catch-up")
	awayPlaces  = setOf("down out outside upstairs downstairs inside away off indoors elsewhere")
	goneVerbs   = setOf("cook do leave step pop nip go slip disappear duck wander head move take run sit stay wait keep remain be make put clear excuse stand hang get bring busy")
	spaceWords  = setOf("space time room privacy minute minutes moment while chance")
	stayVerbs   = setOf("stay sit be hover remain listen stand join hang")
	outings     = setOf("yard garden outside allotment field walk drive car park block shop shops café cafe mcdonald's mcdonalds costa greggs swings playground milkshake spin stroll wander")
	togetherFor = setOf("so while whilst when which as meaning and")
	failures    = setOf("not no never refused refuses declined declines failed unable without neither nobody nowhere nor impossible hardly against refusal nothing")
	wantings    = setOf("want wants wanted hope hoped hoping like plan planned planning ask asked asking try tried trying offer offered offering suggest suggested wonder wondered wondering aim aimed need needed needs intend intended keen attempt attempted request requested option idea invited")
)

// word is the norm of a token, "" for a mark or beyond the ends.
func (x *text) word(i int) string {
	if i < 0 || i >= len(x.tokens) || x.tokens[i].mark {
		return ""
	}
	return x.tokens[i].norm
}

// grownAt reports that an adult who is not the worker is named at token i: by a word, or as a person who is known to be no child.
func (x *text) grownAt(i int) bool {
	if i < 0 || i >= len(x.tokens) || x.tokens[i].mark || x.tokens[i].poss && !x.verbalEnding(i) {
		return false
	}
	if x.who != nil && x.who[i] >= 0 && !possessives[x.tokens[i].norm] {
		p := &x.people[x.who[i]]
		return !p.isChild(x) && p.roleName != "interpreter"
	}
	return grownWords[x.tokens[i].norm]
}

func (x *text) youngAt(i int) bool {
	if i < 0 || i >= len(x.tokens) || x.tokens[i].mark {
		return false
	}
	if x.who != nil && x.who[i] >= 0 {
		if objectPronouns[x.tokens[i].norm] && !x.people[x.who[i]].isChild(x) {
			return !x.pronounOfGrown(i) && !x.nounFollows(i)
		}
		own := possessives[x.tokens[i].norm] && !(x.tokens[i].norm == "her" && !x.nounFollows(i))
		return x.people[x.who[i]].isChild(x) && !x.tokens[i].poss && !own
	}
	n := x.tokens[i].norm
	if x.who == nil && (x.tokens[i].cap || x.isGiven(n)) && n != "i" && !grownWords[n] {
		return true // a name in a quote by itself
	}
	return youngWords[n] || n == "him" || n == "her" && !x.nounFollows(i) || n == "them"
}

// nounFollows reports a "her" that belongs to the word behind it.
func (x *text) nounFollows(i int) bool {
	n := x.word(i + 1)
	return n != "" && !prepositions[n] && !connectors[n] && !adverbs[n] && !finiteAux[n] && !determiners[n] && !soloWords[n]
}

// grownWithin finds an adult within a few words from token i, past what stands before a noun.
func (x *text) grownWithin(i, b int) (int, bool) {
	for k := i; k < b && k < i+5 && k < len(x.tokens) && !x.tokens[k].mark; k++ {
		if x.grownAt(k) {
			return k, true
		}
		if n := x.tokens[k].norm; !determiners[n] && !possessives[n] && n != "other" && n != "of" && n != "foster" && !x.tokens[k].poss {
			break
		}
	}
	return 0, false
}

// aloneAt reads words for being alone that start at token i.
func (x *text) aloneAt(i, b int) (alone, bool) {
	n := x.word(i)
	own := func(end int) (alone, bool) { return alone{span: span{i, end}}, true }
	ours := func(end int) (alone, bool) { return alone{span{i, end}, true}, true }
	switch n {
	case "":
		return alone{}, false
	case "on":
		k := i + 1
		mine := x.word(k) == "my" || x.word(k) == "our"
		if possessives[x.word(k)] || k < b && x.tokens[k].poss {
			k++
		}
		if x.word(k) != "own" {
			return alone{}, false
		}
		if mine {
			return ours(k + 1)
		}
		return own(k + 1)
	case "by":
		if w := x.word(i + 1); w == "myself" || w == "ourselves" {
			return ours(i + 2)
		}
		if ownSelf[x.word(i+1)] {
			return own(i + 2)
		}
	case "to":
		if x.word(i+1) == "myself" {
			return ours(i + 2)
		}
	case "private":
		if timeWords[x.word(i+1)] {
			return own(i + 2)
		}
	case "one":
		if x.word(i+1) == "at" && x.word(i+3) == "time" || x.word(i+1) == "by" && x.word(i+2) == "one" {
			return own(i + 3)
		}
		if (x.word(i+1) == "to" || x.word(i+1) == "on") && x.word(i+2) == "one" {
			return own(i + 3)
		}
	case "in":
		if w := x.word(i + 1); w == "private" || w == "confidence" || w == "turn" {
			return own(i + 2)
		}
	case "just", "only", "both", "the", "two", "us", "me", "him", "her", "pair":
		if end, ok := x.companyAt(i, b); ok {
			return ours(end)
		}
	case "nobody", "no-one", "no", "none":
		if end, ok := x.nobodyElse(i, b); ok {
			return ours(end)
		}
	case "without":
		if k, ok := x.grownWithin(i+1, b); ok {
			return own(k + 1)
		}
		if w := x.word(i + 1); (w == "her" || w == "him" || w == "them") && !x.nounFollows(i+1) && x.negatedBefore(max(0, i-8), i) {
			return own(i + 2) // "I couldn't talk to Finn without her"
		}
	case "away", "separately":
		if x.word(i+1) == "from" {
			if k, ok := x.grownWithin(i+2, b); ok {
				return own(k + 1)
			}
		}
	case "out":
		for k := i + 2; x.word(i+1) == "of" && k < b && k < i+6; k++ {
			if w := x.word(k); w == "earshot" || w == "hearing" {
				return own(k + 1)
			}
		}
	case "with":
		if x.word(i+1) == "only" && x.interpreterAt(i+2) {
			return own(i + 3)
		}
		if k, ok := x.grownWithin(i+1, b); ok && x.elsewhereAt(k+1, b) {
			return own(k + 2)
		}
	}
	if soloWords[n] {
		return own(i + 1)
	}
	if x.companyName(i) {
		if end, ok := x.companyAt(i, b); ok {
			return ours(end)
		}
	}
	return alone{}, false
}

// companyName reports a child's name in "Ada and me", which needs no "just" before it.
func (x *text) companyName(i int) bool {
	return x.who != nil && x.youngAt(i) && x.word(i+1) == "and" && (x.word(i+2) == "me" || x.word(i+2) == "myself" || x.word(i+2) == "i")
}

// companyAt reads who was there and nobody else: "just the two of us", "us two", "just me and Ada", "only her and me", "just us".
func (x *text) companyAt(i, b int) (int, bool) {
	k := i
	only := false
	for w := x.word(k); w == "just" || w == "only" || w == "with"; w = x.word(k) {
		only = only || w != "with"
		k++
	}
	if x.word(k) == "both" || x.word(k) == "the" {
		k++
	}
	switch w := x.word(k); {
	case (w == "two" || w == "pair" || w == "both") && x.word(k+1) == "of" && x.word(k+2) == "us":
		return k + 3, true
	case w == "us" && (x.word(k+1) == "two" || x.word(k+1) == "both"):
		return k + 2, true
	case w == "us" && only && !(k+1 < len(x.tokens) && isNumber(&x.tokens[k+1])):
		return k + 1, true
	case (w == "me" || w == "myself") && x.word(k+1) == "and" && x.youngAt(k+2), x.youngAt(k) && x.word(k+1) == "and" && mineWords[x.word(k+2)] && x.word(k+2) != "us":
		end := k + 3
		if n := x.word(end); n == "and" && x.youngAt(end+1) { // two of the children
			end += 2
		} else if n == "and" && x.grownAt(end+1) || x.tokenIs(end, ",") && (x.grownAt(end+1) || x.youngAt(end+1)) && x.word(end+2) == "and" {
			return 0, false // "me and Ada and mum"
		}
		if only || w == "me" || mineWords[x.word(k+2)] && x.word(k+2) != "i" || x.tokenIs(i-1, ",") && (end >= len(x.tokens) || x.tokens[end].mark) {
			return end, true
		}
	case only && x.youngAt(k) && i > 0 && x.tokenIs(i-1, ",") && (k+1 >= len(x.tokens) || x.tokens[k+1].mark):
		return k + 1, true // "in the counselling room, just her"
	case only && x.youngAt(k) && i > 0 && (x.word(i-1) == "with" || x.word(i-1) == "to") && x.word(k+1) != "and":
		return k + 1, true // "time with just Ada"
	}
	return 0, false
}

func (x *text) tokenIs(i int, norm string) bool {
	return i >= 0 && i < len(x.tokens) && x.tokens[i].norm == norm
}

// interpreterAt reports an interpreter, who does not count as company.
func (x *text) interpreterAt(i int) bool {
	for k := i; k < i+3 && k < len(x.tokens); k++ {
		if x.word(k) == "interpreter" || x.who != nil && x.who[k] >= 0 && x.people[x.who[k]].roleName == "interpreter" || x.who == nil && x.tokens[k].cap {
			return true
		}
	}
	return false
}

// nobodyElse reads "nobody else", "no one else", "no other adults", "no grown-ups", "no mum".
func (x *text) nobodyElse(i, b int) (int, bool) {
	k := i + 1
	if x.word(i) == "no" {
		switch w := x.word(k); {
		case w == "one":
			k++
		case w == "other":
			k++
			fallthrough
		case x.grownAt(k) && w != "parent" && w != "family":
			if x.grownAt(k) && !finiteAux[x.word(k+1)] {
				return k + 1, true
			}
			return 0, false
		}
	}
	if x.word(k) != "else" {
		return 0, false
	}
	k++
	switch w := x.word(k); {
	case w == "was" || w == "were": // "nobody else was in the room"
		n := x.word(k + 1)
		return k + 1, n == "in" || n == "there" || n == "around" || n == "about" || n == "present" || n == "with" && mineWords[x.word(k+2)]
	case w == "" || w == "in" || w == "there" || w == "around" || w == "about" || w == "present" || prepositions[w]:
		return k, true
	}
	return 0, false
}

// elsewhereAt reports words for another place than where one is: "out", "upstairs", "in the kitchen", "in the other room", "next door".
func (x *text) elsewhereAt(k, b int) bool {
	for k < b && (adverbs[x.word(k)] || x.word(k) == "safely" || x.word(k) == "busy" || strings.HasSuffix(x.word(k), "ing")) {
		k++
	}
	switch n := x.word(k); {
	case awayPlaces[n]:
		return !(n == "out" && x.word(k+1) == "with" && (x.word(k+2) == "me" || x.word(k+2) == "us") || n == "inside" && x.word(k+1) == "the" && x.word(k+2) == "room")
	case n == "next" && x.word(k+1) == "door", n == "another" && x.word(k+1) == "room":
		return true
	case n == "in" || n == "into" || n == "to" || n == "on" || n == "at" || n == "for":
		k++
		if n == "for" {
			w := x.word(k + 1)
			return x.word(k) == "a" && (w == "smoke" || w == "cigarette" || w == "fag" || w == "walk" || w == "vape" || w == "wee" || w == "nap" || w == "shower")
		}
		if determiners[x.word(k)] || possessives[x.word(k)] {
			k++
		}
		switch x.word(k) {
		case "other", "next", "different", "separate":
			return x.word(k+1) == "room" || x.word(k+1) == "end" || x.word(k+1) == "side"
		case "kitchen", "garden", "hall", "hallway", "shop", "shops", "bathroom", "bath", "shower", "loo", "toilet", "car", "yard", "corridor", "office", "landing", "bedroom", "porch", "shed", "utility", "phone", "doorstep", "step":
			return true
		}
	}
	return false
}

// aloneCues lists the words for being alone in [a,b).
func (x *text) aloneCues(a, b int) []alone {
	var out []alone
	for i := a; i < b; i++ {
		if c, ok := x.aloneAt(i, b); ok {
			out = append(out, c)
			i = c.b - 1
		}
	}
	return out
}

// aloneIn reads whether somebody was seen alone, or was not and why.
func (x *text) aloneIn(c int, children []int, all map[int]*answers, everyone *answers) {
	value, s := x.companyOf(c)
	if value == "" || value == kerbside.Yes && x.otherTime(c) || value == kerbside.No && x.otherVisit(c) {
		return
	}
	f := x.fact(found{s, value})
	reason := ""
	if value == kerbside.No {
		reason = x.reason(c)
	}
	targets := x.childrenIn(c, children)
	if len(targets) == 0 {
		set(&everyone.alone, f)
		if value == kerbside.No {
			everyone.reason = reason
		}
		return
	}
	for _, w := range targets {
		set(&all[w].alone, f)
		if value == kerbside.No && all[w].reason == "" {
			all[w].reason = reason
		}
	}
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
	return "", span{}
}

// aloneSpan is what shows the answer: the clause, and with a fragment the one that it belongs to.
func (x *text) aloneSpan(c int, cue alone, value string) span {
	s := x.trim(x.parts[c].span)
	s.b = max(s.b, cue.b)
	if value == kerbside.Yes && x.verbAt[c] < 0 && c > 0 && x.parts[c-1].sentence == x.parts[c].sentence && x.meets(c-1) {
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
	if !cue.ours && x.ofGrown(c, cue.a) {
		return "" // "I spoke to Jo on her own"
	}
	denied, wished, future := x.scopeBefore(c, cue)
	if denied && cue.a-part.a <= 1 && part.b-part.a <= 4 && x.verbAt[c] < 0 && !heard && !cue.ours {
		return kerbside.No // "Not alone."
	}
	if heard && wished && x.subjectYoung(c) && x.mineBefore(part.a, part.b) {
		if x.wishCame(c, cue.b) == kerbside.Yes {
			return kerbside.Yes // "Ada asked if we could talk without mum and we went …"
		}
		return ""
	}
	if heard || x.toldAt(cue.a) {
		if denied && x.refusalToWorker(c) && !x.otherVisit(c) && x.child(c) {
			return kerbside.No // "she said she did not want to talk to me on her own"
		}
		if !(wished && x.worker[c]) {
			return ""
		}
	}
	if x.idle(c, cue) && !denied {
		return ""
	}
	met := cue.ours || x.meets(c) || x.fragmentOfMeeting(c)
	if !met || cue.ours && !x.child(c) && !x.childNear(c) {
		if denied && (x.worker[c] || x.speaksOfMeeting(c)) && x.child(c) {
			return kerbside.No
		}
		return ""
	}
	switch {
	case x.answeredByNo(part.b), part.b-cue.b == 0 && x.tokenIs(part.b, ",") && x.word(part.b+1) == "no" && x.word(part.b+2) == "":
		return kerbside.No
	case denied, x.deniedAfter(cue.b, part.b):
		return kerbside.No
	case future && !wished || x.future(part.span) && x.contains(part.span, "will"):
		return ""
	case wished:
		return x.wishCame(c, cue.b)
	}
	return kerbside.Yes
}

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
	for k := from; k < cue.a; k++ {
		n := x.word(k)
		switch {
		case n == "":
		case n == "and" && k > part.a && x.verbPhrase(k+1) && !(wished && x.lex.verb[x.word(k+1)] == x.word(k+1)):
			wished, denied = false, false // another statement
		case failures[n] && !x.correcting(k):
			if (n == "no" || n == "not") && (x.word(k+1) == "only" || x.word(k+1) == "just" || x.word(k+1) == "problem" || x.word(k+1) == "problems") {
				continue
			}
			if n == "not" && (x.word(k-1) == "if" || x.word(k-1) == "or") {
				continue
			}
			denied = true
		case (n == "yet" || n == "still") && x.word(k+1) == "to", n == "out" && x.word(k-1) == "ran", n == "time" && x.word(k-1) == "of" && x.word(k-2) == "out", n == "too" && x.contains(span{k, cue.a}, "to"):
			denied = true
		case n == "only" && k >= part.a && x.grownBetween(k, cue.a):
			denied = true
		case n == "will" || n == "shall" || n == "must" || n == "should" || n == "may" || n == "might":
			future = true
		case n == "would" || n == "'d" && x.lex.verb[x.after(k)] == x.after(k):
			if x.word(k+1) == "only" {
				denied = true
			} else {
				wished = true
			}
		case n == "could" && x.word(k+1) != "not" && !x.pastReach(k):
			future = true
		case n == "can" && x.word(k+1) != "not":
			future = true
		case n == "going" && x.word(k+1) == "to", n == "next" && (x.word(k+1) == "time" || x.word(k+1) == "visit" || x.word(k+1) == "week"), n == "tomorrow", n == "need" || n == "needs", n == "if":
			future = true
		case wantings[n]:
			wished = true
		case n == "happy" || n == "willing" || n == "able" || n == "managed" || n == "agreed" || n == "chose" || n == "allowed":
			wished = false
		}
	}
	if s := x.sents[part.sentence]; !denied { // "Next time I will …, alone"
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
	return false
}

// idle reports that the clause is about what somebody does or was left to do alone, and the worker has no part in it.
func (x *text) idle(c int, cue alone) bool {
	if cue.ours || x.worker[c] {
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
		for m >= p.a && (adverbs[x.word(m)] || x.word(m) == "only") {
			m--
		}
		switch n := x.word(m); {
		case n == "was" || n == "were" || n == "been" || n == "be" || n == "is" || n == "being" || n == "'s" || n == "not":
			return true
		case m < p.a || x.youngAt(m) || x.tokens[m].mark, n == "both" || n == "all":
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
	meeting := false
	for k := from; k < end; k++ {
		switch n := x.word(k); {
		case n == "":
		case (n == "nobody" || n == "no" || n == "not") && (x.word(k+1) == "minded" || x.word(k+1) == "objected" || x.word(k+1) == "problem" || x.word(k+1) == "objection" || x.word(k+1) == "objections" || x.word(k+1) == "mind" || x.word(k+2) == "mind"):
			meeting = true
		case failures[n] && !x.correcting(k), n == "but", n == "kept", n == "too", n == "instead", n == "stay" || n == "stayed", n == "unfortunately", n == "shook", n == "unwilling", n == "although":
			return kerbside.No
		case (n == "we" || n == "i") && x.tookPlace(k+1):
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

// notApart reads that a child was not to be had without an adult: "would not leave mum's side", "clung to nan", "would only talk with mum there", "mum
// would not leave the room", "seen in front of mum".
func (x *text) notApart(c int) bool {
	p := x.parts[c].span
	grown, young := x.subjectGrown(c), x.subjectYoung(c)
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		base := x.lex.verb[n]
		denied := x.negatedBefore(p.a, k) || x.refusedBefore(p.a, k)
		switch {
		case n == "":
		case young && denied && (n == "parted" || n == "separated"), young && denied && (base == "come" || base == "go") && x.word(k+1) == "with" && x.word(k+2) == "me":
			return true
		case n == "always" && (x.word(k+1) == "somebody" || x.word(k+1) == "someone" || x.grownAt(k+1) || x.grownAt(k+2)) && (x.contains(p, "room") || x.contains(p, "us")):
			return true
		case young && !denied && (base == "prefer" || base == "want" || base == "ask") && x.wantsGrown(k+1, p.b):
			return true
		case grown && !denied && base == "stay" && x.word(k+1) == "with" && (x.word(k+2) == "us" || x.word(k+2) == "me"):
			return true
		case young && !denied && base == "have" && x.wholeTime(p) && x.grownIn(k, p.b) && (x.contains(p, "beside") || x.contains(p, "with") || x.contains(p, "next")):
			return true
		case young && (base == "cling" || base == "stick" || n == "glued" || n == "clingy" || n == "attached") && x.grownIn(k+1, p.b):
			return true
		case young && denied && (base == "leave" || base == "part" || base == "separate" || base == "come" || base == "go" || base == "let") && (x.grownIn(k+1, p.b) || x.word(k+1) == "my") && (base != "come" && base != "go" || x.apartFrom(k, p.b)):
			return true
		case grown && denied && base == "leave" && x.leavesUs(k+1, p.b):
			return true
		case grown && denied && base == "step" && x.word(k+1) == "out":
			return true
		case n == "insisted" && grown && x.word(k+1) == "on" && stayVerbs[x.lex.verb[x.word(k+2)]]:
			return true
		case grown && base == "sit" && x.word(k+1) == "in" && (x.word(k+2) == "on" || x.word(k+2) == "with" || x.word(k+2) == "for" || x.word(k+2) == "" || x.word(k+2) == "throughout" || x.word(k+2) == "too"):
			return true
		case grown && base == "keep" && x.word(k+1) == "coming":
			return true
		case (n == "front" && x.word(k+1) == "of" || n == "presence") && x.inFront(c, k):
			return true
		case n == "with" && x.meets(c) && !denied && !x.future(p) && x.withGrown(c, k):
			return true
		case n == "only" && young && x.contains(span{p.a, k}, "would") && x.grownIn(k, p.b) && x.speaksOfMeeting(c):
			return true
		}
	}
	return false
}

// wantsGrown reports "mum to stay", "to have nan with her", "her mum there" behind a wish.
func (x *text) wantsGrown(k, b int) bool {
	if !x.grownIn(k, b) {
		return false
	}
	for i := k; i < b && i < k+9; i++ {
		if !x.grownAt(i) {
			continue
		}
		switch n := x.word(i + 1); {
		case n == "to" && (x.word(i+2) == "stay" || x.word(i+2) == "be" || x.word(i+2) == "sit"), n == "there" || n == "present", n == "with" && i+2 < b && x.word(i+2) != "a", n == "in" && x.word(i+2) == "the" && x.word(i+3) == "room":
			return true
		}
	}
	return false
}

func (x *text) subjectGrown(c int) bool {
	for _, w := range x.subject[c] {
		p := &x.people[w]
		if !p.isChild(x) && (p.role >= 0 || p.name != "") && p.roleName != "interpreter" {
			return true
		}
	}
	p := x.parts[c].span
	for k := p.a; k < p.b && (x.verbAt[c] < 0 || k < x.verbAt[c]); k++ {
		if n := x.word(k); n == "parents" || n == "carers" || n == "everyone" {
			return true
		}
	}
	return false
}

func (x *text) subjectYoung(c int) bool {
	for _, w := range x.subject[c] {
		if x.people[w].isChild(x) {
			return true
		}
	}
	return false
}

func (x *text) grownIn(a, b int) bool {
	for k := a; k < b; k++ {
		if x.grownAt(k) || x.tokens[k].poss && x.who[k] >= 0 && !x.people[x.who[k]].isChild(x) {
			return true
		}
	}
	return false
}

func (x *text) refusedBefore(a, k int) bool {
	for i := a; i < k; i++ {
		if n := x.word(i); n == "refused" || n == "refuses" || n == "declined" || n == "reluctant" || n == "unwilling" {
			return true
		}
	}
	return false
}

// apartFrom reports "away from", "without", "out without", "with me" behind a verb of going.
func (x *text) apartFrom(k, b int) bool {
	for i := k + 1; i < b && i < k+7; i++ {
		if n := x.word(i); n == "away" || n == "without" || n == "off" || n == "from" || n == "with" && x.word(i+1) == "me" {
			return true
		}
	}
	return false
}

// leavesUs reports "us", "the room", "her side", "her alone", "me and her" behind "leave".
func (x *text) leavesUs(k, b int) bool {
	for i := k; i < b && i < k+4; i++ {
		switch n := x.word(i); n {
		case "us", "room", "side", "alone", "me":
			return true
		case "him", "her", "them":
			return x.word(i+1) != "alone" || true
		}
	}
	return k >= b || x.word(k) == ""
}

// inFront reports a talk with a child that an adult heard.
func (x *text) inFront(c, k int) bool {
	p := x.parts[c].span
	return x.grownIn(max(p.a, k-3), min(p.b, k+5)) && (x.meets(c) || x.contains(p, "conversation") || x.contains(p, "talk")) && x.child(c) && !x.negatedBefore(p.a, k) && !x.future(p) && !x.contains(p, "argue") && !x.contains(p, "swore")
}

// withGrown reads "with mum present", "with mum in the room", "only … with her mum" of a child that was seen.
func (x *text) withGrown(c, k int) bool {
	p := x.parts[c].span
	if !x.child(c) && !x.subjectYoung(c) {
		return false
	}
	g, ok := x.grownWithin(k+1, len(x.tokens))
	if !ok {
		return false
	}
	if x.contains(span{p.a, k}, "only") {
		return true
	}
	switch n := x.word(g + 1); n {
	case "present", "there", "listening", "throughout", "beside", "next", "alongside":
		return true
	case "sat", "sitting":
		return !x.elsewhereAt(g+2, p.b)
	case "in":
		return x.word(g+2) == "the" && x.word(g+3) == "room" || x.word(g+2) == "attendance"
	}
	return false
}

// stayedOn reads an adult who was there for all of it: "both parents were in the room the whole time", "nan stayed throughout".
func (x *text) stayedOn(c int) bool {
	p := x.parts[c].span
	if x.negatedBefore(p.a, p.b) || !x.subjectGrown(c) || x.timeOf(p) != kerbside.Current {
		return false
	}
	if !x.wholeTime(p) {
		return false
	}
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		if n == "room" || n == "there" || n == "present" || n == "us" && x.word(k-1) == "with" || (n == "in" || n == "stayed" || n == "sat" || n == "hovered" || n == "hovering" || n == "remained" || n == "listening" || n == "listened") && !x.elsewhereAt(k+b2i(n != "in"), p.b) {
			return true
		}
	}
	return false
}

// wholeTime reports "throughout", "the whole time", "all the way through", "from start to finish".
func (x *text) wholeTime(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch n := x.word(k); n {
		case "throughout":
			return true
		case "whole", "entire", "full", "all":
			for i := k + 1; i < s.b && i < k+4; i++ {
				switch x.word(i) {
				case "time", "visit", "way", "conversation", "it", "through", "hour", "session", "while":
					return true
				}
			}
		case "start":
			if x.word(k+1) == "to" && x.word(k+2) == "finish" {
				return true
			}
		}
	}
	return false
}

// leftToIt reads an adult who went so that the worker and a child were alone: "mum popped out so Ada and I had ten minutes", "mum gave us some
// space", "I saw Ada in her room, mum waited downstairs"; and a walk or a drive of the two.
func (x *text) leftToIt(c int) (span, bool) {
	p := x.parts[c].span
	if x.denies(c) || x.future(p) || x.timeOf(p) != kerbside.Current {
		return span{}, false
	}
	if x.outing(c) {
		return x.trim(p), true
	}
	if x.doorShut(c) {
		return x.withMeeting(c), true
	}
	if x.whileAway(c) {
		return x.trim(p), true
	}
	if !x.subjectGrown(c) || x.subjectYoung(c) || x.worker[c] {
		return span{}, false
	}
	if x.gaveSpace(p) && (x.meetingBeside(c, true) >= 0 || x.childIsTopic(c)) {
		return x.withMeeting(c), true
	}
	if !x.wentAway(c) || x.cameBack(c) {
		return span{}, false
	}
	k := x.meetingBeside(c, false)
	if k < 0 || x.grownBesides(k, c) {
		return span{}, false
	}
	joined := x.joinedBy(min(k, c), max(k, c)) || c > 0 && x.contains(x.parts[c-1].span, "asked") && x.contains(x.parts[c-1].span, "us")
	if joined || x.timeAlone(k) {
		return x.bothSpans(c, k), true
	}
	return span{}, false
}

// whileAway reads "when mum was out of the room Ada whispered to me that …", "Ada spoke more freely once mum had gone out" in one clause.
func (x *text) whileAway(c int) bool {
	p := x.parts[c].span
	for k := p.a; k+2 < p.b; k++ {
		switch x.word(k) {
		case "when", "while", "whilst", "once", "after":
		default:
			continue
		}
		g, ok := x.grownWithin(k+1, p.b)
		if !ok {
			continue
		}
		away := -1
		for i := g + 1; i < p.b && i < g+6 && away < 0; i++ {
			if x.elsewhereAt(i, p.b) || x.lex.verb[x.word(i)] == "go" && x.word(i+1) == "to" && x.lex.verb[x.word(i+2)] == x.word(i+2) || x.word(i) == "left" && (i+1 == p.b || x.word(i+1) == "the") {
				away = i
			}
		}
		if away < 0 {
			continue
		}
		if k > p.a { // what came before it
			if x.childTalks(c) || x.worker[c] && x.child(c) && x.meets(c) {
				return true
			}
			continue
		}
		for i := away; i+1 < p.b; i++ {
			if x.youngAt(i) && talkVerbs[x.lex.verb[x.word(i+1)]] && x.contains(span{i, p.b}, "me") {
				return true
			}
		}
	}
	return false
}

// childIsTopic reports that the last sentences speak of a child and of no adult of the family but the subject of clause c.
func (x *text) childIsTopic(c int) bool {
	s := x.parts[c].sentence
	young := false
	for k := x.sents[max(0, s-1)].a; k < x.sents[s].b; k++ {
		w := x.who[k]
		if w < 0 || x.tokens[k].poss || possessives[x.tokens[k].norm] {
			continue
		}
		p := &x.people[w]
		if p.isChild(x) {
			young = true
		} else if p.kind(x) == roleFamily && !has(x.subject[c], w) {
			return false
		}
	}
	return young
}

func (x *text) bothSpans(c, k int) span {
	a, b := min(c, k), max(c, k)
	return span{x.trim(x.parts[a].span).a, x.parts[b].b}
}

func (x *text) withMeeting(c int) span {
	if k := x.meetingBeside(c, true); k >= 0 && k >= c-2 && k <= c+2 {
		return x.bothSpans(c, k)
	}
	return x.trim(x.parts[c].span)
}

// gaveSpace reports "gave us some space", "left us to it", "made herself scarce", "let us talk".
func (x *text) gaveSpace(p span) bool {
	for k := p.a; k < p.b; k++ {
		switch x.lex.verb[x.word(k)] {
		case "give":
			if x.word(k+1) != "us" && x.word(k+1) != "me" {
				continue
			}
			for i := k + 2; i < p.b && i < k+6; i++ {
				if spaceWords[x.word(i)] {
					return true
				}
			}
		case "leave":
			if n := x.word(k + 1); (n == "us" || n == "me") && (x.word(k+2) == "to" || x.word(k+2) == "alone" || x.word(k+2) == "together" || x.word(k+2) == "chatting" || x.word(k+2) == "talking" || x.word(k+2) == "") {
				return true
			}
		case "make":
			if x.word(k+2) == "scarce" {
				return true
			}
		case "keep":
			if x.word(k+1) == "everybody" || x.word(k+1) == "everyone" || x.word(k+1) == "people" {
				return x.word(k+2) == "out" || x.word(k+2) == "away"
			}
		case "let":
			if x.word(k+1) == "us" && (x.word(k+2) == "have" || x.word(k+2) == "use") && x.roomBehind(k+3, p.b) {
				return true
			}
			if x.word(k+1) == "us" && talkVerbs[x.lex.verb[x.word(k+2)]] {
				return true
			}
		}
	}
	return false
}

func (x *text) roomBehind(a, b int) bool {
	for k := a; k < b && k < a+5; k++ {
		switch x.word(k) {
		case "room", "kitchen", "office", "conservatory", "lounge", "library", "garden", "bedroom", "space", "study", "hut":
			return true
		}
	}
	return false
}

// wentAway reports an adult subject that went to, or stayed in, another place.
func (x *text) wentAway(c int) bool {
	p := x.parts[c].span
	v := x.verbAt[c]
	if v < 0 {
		for k := p.a; k < p.b; k++ {
			if x.grownAt(k) && x.elsewhereAt(k+1, p.b) {
				return true
			}
		}
		return false
	}
	for k := v; k < p.b && k < v+3; k++ {
		base := x.lex.verb[x.word(k)]
		if !goneVerbs[base] && x.word(k) != "was" && x.word(k) != "were" && !(x.tokens[k].poss && k == v) {
			continue
		}
		if base == "leave" && (x.word(k+1) == "the" && x.word(k+2) == "room" || x.word(k+1) == "us" || k+1 >= p.b) {
			return true
		}
		if base == "cook" {
			return true
		}
		if base == "go" && x.word(k+1) == "to" && x.lex.verb[x.word(k+2)] == x.word(k+2) && x.word(k+2) != "" && x.word(k+2) != "see" && x.word(k+2) != "be" {
			return true
		}
		if base == "make" || base == "put" || base == "do" {
			for i := k + 1; i < p.b && i < k+6; i++ {
				switch x.word(i) {
				case "dinner", "lunch", "breakfast", "tea", "brew", "coffee", "kettle", "cuppa", "washing", "baby":
					return true
				}
			}
			continue
		}
		for i := k + 1; i < p.b && i < k+7; i++ {
			if x.elsewhereAt(i, p.b) {
				return true
			}
		}
	}
	return false
}

func (x *text) cameBack(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for k := x.parts[c].a; k < s.b; k++ {
		if n := x.word(k); n == "back" && (x.word(k-1) == "came" || x.word(k-1) == "straight" || x.word(k-1) == "coming" || x.word(k-1) == "right") {
			return true
		}
	}
	return false
}

// meetingBeside is the clause of the sentence in which the worker and a child talk, -1 without one; wide looks into the sentences beside it too.
func (x *text) meetingBeside(c int, wide bool) int {
	s := x.parts[c].sentence
	for _, d := range []int{0, 1, -1, 2, -2, 3, -3} {
		k := c + d
		if k < 0 || k >= len(x.parts) {
			continue
		}
		gap := x.parts[k].sentence - s
		if gap != 0 && (!wide || gap > 1 || gap < -1) {
			continue
		}
		if d == 0 && !wide || !x.child(k) && !(x.worker[k] && x.childNear(k)) || x.denies(k) || x.future(x.parts[k].span) {
			continue
		}
		if x.overheardClause(k) && !x.childTalks(k) {
			continue
		}
		if x.meets(k) && x.parts[k].a < x.parts[k].b {
			return k
		}
	}
	return -1
}

// grownBesides reports another adult in the clause of a meeting.
func (x *text) grownBesides(k, c int) bool {
	if k == c {
		return false
	}
	p := x.parts[k].span
	for i := p.a; i < p.b; i++ {
		if x.grownAt(i) {
			return true
		}
	}
	return false
}

// joinedBy reports that the later clause follows from the earlier or happens at its time.
func (x *text) joinedBy(a, b int) bool {
	for k := a; k <= b; k++ {
		first := strings.TrimPrefix(x.parts[k].joint, "+")
		if k > a && (first == "so" || first == "while" || first == "whilst" || first == "which" || first == "when" || first == "as") || k == a && k == 0 {
			return true
		}
		for i := x.parts[k].a; i < x.parts[k].b && i < x.parts[k].a+2; i++ {
			if n := x.word(i); n == "so" || n == "while" || n == "whilst" || n == "which" || n == "when" && k == a || n == "as" && k == a {
				return true
			}
		}
	}
	return false
}

// timeAlone reports a meeting that the worker made: time had with the child, or a talk in another named place.
func (x *text) timeAlone(k int) bool {
	p := x.parts[k].span
	if !x.worker[k] {
		return false
	}
	had := x.contains(p, "had") || x.contains(p, "got") || x.contains(p, "spent")
	for i := p.a; i < p.b; i++ {
		n := x.word(i)
		if had && timeWords[n] {
			return true
		}
		if roomWords[n] || n == "garden" || n == "kitchen" || n == "conservatory" {
			return x.child(k)
		}
	}
	return x.contains(p, "did") || x.contains(p, "talked") || x.contains(p, "spoke") || x.contains(p, "chatted")
}

// outing reports that the worker went for a walk or a drive with a child and nobody else.
func (x *text) outing(c int) bool {
	p := x.parts[c].span
	v := x.verbAt[c]
	if !x.worker[c] && !(v == p.a && x.lex.verb[x.word(v)] == "take") || v < 0 || x.grownBetween(p.a, p.b) || !x.child(c) && !x.contains(p, "we") {
		return false
	}
	base := x.lex.verb[x.word(v)]
	if base != "go" && base != "take" && base != "drive" && base != "walk" && base != "pop" {
		return false
	}
	if x.contains(p, "we") && !x.child(c) || x.contains(p, "them") || x.contains(p, "both") || x.contains(p, "all") {
		return false
	}
	to := false
	for k := v + 1; k < p.b; k++ {
		to = to || outings[x.word(k)]
	}
	return to && (base != "take" || x.youngAt(v+1) || x.child(c))
}

// doorShut reports that the worker sat with a child behind a closed door.
func (x *text) doorShut(c int) bool {
	p := x.parts[c].span
	shut := false
	for k := p.a; k+2 < p.b+1 && k+1 < len(x.tokens); k++ {
		n := x.word(k)
		shut = shut || (n == "shut" || n == "closed" || n == "pulled") && (x.word(k+2) == "door") || n == "door" && (x.word(k+1) == "shut" || x.word(k+1) == "closed")
	}
	if !shut {
		return false
	}
	s := x.sents[x.parts[c].sentence]
	for k := s.a; k < s.b; k++ {
		if x.grownAt(k) {
			return false
		}
	}
	mine := x.worker[c]
	for k := s.a; k < p.b; k++ {
		mine = mine || mineWords[x.word(k)]
	}
	return mine && x.meetingBeside(c, true) >= 0 && (x.child(c) || x.childNear(c))
}

// otherVisit reports a denial about another day than the visit's.
func (x *text) otherVisit(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		n, next := x.word(k), x.word(k+1)
		if n == "last" && (next == "visit" || next == "time" || next == "week" || next == "month") || n == "previous" && (next == "visit" || next == "visits") {
			return true
		}
	}
	return false
}

// speaksOfCompany reports, in a quote by itself, words for being alone, for an adult who went, or for an outing.
func (x *text) speaksOfCompany(i int) bool {
	if _, ok := x.aloneAt(i, len(x.tokens)); ok {
		return true
	}
	n := x.word(i)
	return spaceWords[n] && x.contains(span{max(0, i-4), i}, "us") || outings[n] || n == "door" || n == "scarce" || x.word(i) == "us" && x.word(i+1) == "to" || x.elsewhereAt(i, len(x.tokens))
}
