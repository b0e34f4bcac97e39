package rules

import "kerbside"

// Whether a visit was announced is read from clauses about it: a word for it ("unannounced", "by appointment"), what was arranged, whether the
// worker gave notice, and whether the family expected the worker.

var (
	coldWords    = setOf("unannounced unexpected unexpectedly unplanned unscheduled unarranged uninvited off-chance spec impromptu")
	noticeWords  = setOf("notice warning appointment arrangement telling ringing phoning calling saying letting texting announcing asking invitation pre-warning heads-up messaging booking checking")
	expectWords  = setOf("expecting expected expect know knew known aware remembered remember forgotten forgot forget ready waiting prepared clue idea surprised surprise idea told warned informed")
	arrangeVerbs = setOf("arrange book plan agree schedule fix set organise confirm diarise announce make move change prearrange pre-arrange prebook pre-book rearrange pencil")
	arrangeForms = setOf("pre-arranged prearranged pre-booked prebooked pre-planned preplanned pre-agreed diarised organised pencilled scheduled announced")
	visitNouns   = setOf("visit appointment time date slot session meeting-up home-visit")
	otherNouns   = setOf("holiday contact conference core meeting review group dentist gp doctor hospital school nursery club party birthday trip interview assessment referral hearing family-time legal panel placement shopping food medication tenancy")
	noticeVerbs  = setOf("ring phone text message email call write tell warn inform notify let give send drop contact speak")
	aheadWords   = setOf("ahead beforehand first advance")
)

// announced says whether the visit was, from the first clause that tells; one that says it was not counts before one that says it was.
func (x *text) announced() kerbside.Fact {
	best := found{}
	for c := range x.parts {
		p := x.parts[c].span
		if p.a >= opening*2 && !x.speaksOfVisit(p) {
			continue
		}
		value := x.announcedIn(c)
		if value == "" || p.a >= 2*opening && best.value != "" {
			continue
		}
		if best.value == "" || value == kerbside.No && best.value == kerbside.Yes && p.a < 2*opening || value == kerbside.Yes && x.word(p.a) == "but" && p.a <= best.b+2 {
			best = found{x.trim(p), value} // "I hadn't told Dad, but Mum knew"
		}
	}
	if best.value == "" {
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	return x.fact(best)
}

// speaksOfVisit reports, far from the begin of a text, words that can only be about this visit.
func (x *text) speaksOfVisit(p span) bool {
	for k := p.a; k < p.b; k++ {
		switch n := x.word(k); n {
		case "visit", "visited", "announced", "unannounced", "appointment", "expecting", "coming", "me", "arranged", "notice", "unplanned":
			return true
		}
	}
	return false
}

func (x *text) announcedIn(c int) string {
	p := x.parts[c].span
	if x.reported(c) || x.supposed(c) || x.question(c) || x.otherOccasion(c) || x.arrangesAhead(c) {
		return ""
	}
	if x.noticeInShort(c) {
		return kerbside.Yes
	}
	denied := false
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		if n == "" {
			continue
		}
		if denied && x.worker[c] && (n == "announce" || n == "notice" || n == "warning") || denied && n == "said" && x.comesAfter(k, x.withNext(c)) {
			return kerbside.No // "I didn't give them any warning", "had not said I'd be coming"
		}
		if n == "not" || n == "never" || n == "nobody" || n == "no" || n == "zero" || n == "none" || n == "neither" || n == "noone" || n == "without" || n == "hardly" {
			if w := x.word(k + 1); n == "not" && (w == "only" || w == "just") || x.correcting(k) {
				continue
			}
			if (n == "no" || n == "zero" || n == "without") && x.lacksNotice(k, p.b) && x.aboutWorker(c) {
				return kerbside.No
			}
			denied = true
			continue
		}
		if value := x.announcedAt(c, k, denied); value != "" {
			return value
		}
	}
	return ""
}

// otherOccasion reports a clause about a visit to come, or about a time before.
func (x *text) otherOccasion(c int) bool {
	p := x.parts[c].span
	s := x.sents[x.parts[c].sentence]
	for k := s.a; k < p.b; k++ {
		n := x.word(k)
		if n == "going" && x.word(k+1) == "to" && x.word(k-1) != "was" && x.word(k-1) != "were" {
			return true
		}
		if n == "next" && x.word(k+1) != "door" && x.word(k+1) != "to" || n == "future" || (k >= p.a || x.verbAt[c] < 0) && (n == "will" || n == "shall") || k >= p.a && (n == "should" || n == "previous" || n == "tomorrow") ||
			k >= p.a && n == "last" && (x.word(k+1) == "visit" || x.word(k+1) == "time") && x.word(k-1) != "at" && x.word(k-1) != "since" {
			return true
		}
	}
	return false
}

// arrangesAhead reports a clause in which the worker has put down a visit to come: "I've rearranged it for Monday", "I've got her visit booked for Wednesday".
func (x *text) arrangesAhead(c int) bool {
	p := x.parts[c].span
	if !x.worker[c] || !x.contains(p, "have") {
		return false
	}
	for _, d := range days(x.tokens, p.a, p.b, x.base, forward) {
		if b := d.first - 1; x.word(b) == "for" && x.bookedBefore(b) && !d.past && !d.today && !x.isBaseDay(d) {
			return true
		}
	}
	return false
}

// isBaseDay reports a day that can be the one from which days are counted.
func (x *text) isBaseDay(d day) bool {
	if d.date == x.base {
		return true
	}
	same := days(x.tokens, d.first, d.next, x.base, back)
	return len(same) > 0 && same[0].date == x.base
}

// lacksNotice reports "without telling", "no warning", "without any prior notice" at token k. What somebody did "without my asking" is no visit.
func (x *text) lacksNotice(k, b int) bool {
	for i := k + 1; i < b && i < k+5; i++ {
		w := x.word(i)
		if w == "my" || w == "our" {
			return false
		}
		if noticeWords[w] {
			return w != "appointment" || !x.contains(span{i, min(b, i+3)}, "for")
		}
		if !determiners[w] && w != "prior" && w != "previous" && w != "giving" && w != "any" && w != "formal" && w != "advance" {
			return false
		}
	}
	return false
}

// aboutWorker reports that what a clause tells is of the worker or the visit, and not of what somebody else did.
func (x *text) aboutWorker(c int) bool {
	p := x.parts[c].span
	if x.worker[c] || len(x.subject[c]) == 0 {
		return true
	}
	for k := p.a; k < p.b; k++ {
		switch x.word(k) {
		case "me", "us", "i", "we", "visit", "my":
			return true
		case "had", "have", "got", "given":
			return true // "Jo had no warning"
		}
	}
	return false
}

// announcedAt reads the word at token k; denied says that a negation stands before it.
func (x *text) announcedAt(c, k int, denied bool) string {
	p := x.parts[c].span
	n := x.word(k)
	base := x.lex.verb[n]
	say := func(yes bool) string {
		if yes != denied {
			return kerbside.Yes
		}
		return kerbside.No
	}
	switch {
	case coldWords[n]:
		if x.aboutWorker(c) && (n != "spec" || x.word(k-1) == "on") && (k < opening || p.b-p.a > 1 || x.ofVisitItself(c)) {
			return say(false)
		}
	case n == "out" && x.word(k+1) == "of" && x.word(k+2) == "the" && x.word(k+3) == "blue", n == "off" && x.word(k+1) == "chance", n == "spot" && (x.word(k+1) == "check" || x.word(k+1) == "visit"), n == "surprise" && x.word(k+1) == "visit", n == "on" && x.word(k+1) == "the" && x.word(k+2) == "hop":
		if x.aboutWorker(c) {
			return say(false)
		}
	case (n == "surprised" || n == "shocked") && (x.word(k+1) == "to" && (x.contains(span{k, p.b}, "me") || x.contains(span{k, p.b}, "us")) || x.word(k+1) == "i"), n == "surprise" && x.contains(p, "came"):
		return say(false)
	case n == "cold" && (x.word(k+1) == "call" || x.word(k+1) == "visit") && k < 2*opening, n == "cold-call" && k < 2*opening:
		if x.aboutWorker(c) {
			return say(false)
		}
	case n == "drop" && x.word(k+1) == "in" && x.verbAt[c] < k && k < opening, n == "drop-in" && !x.placeToDropIn(k):
		if !x.contains(p, "clinic") && !x.contains(p, "attend") && (x.worker[c] || x.contains(p, "it") || x.contains(p, "visit") || x.contains(p, "this")) {
			return say(false)
		}
	case (x.worker[c] || k == p.a && k < opening && len(x.subject[c]) == 0) && (base == "drop" || base == "turn" || base == "rock" || base == "show" || base == "knock" || base == "chance" || base == "pass" || base == "call" || base == "pop"):
		if x.calledCold(k, p.b) {
			return say(false)
		}
	case expectWords[n]:
		return x.expected(c, k, denied)
	case n == "said" && k < opening && x.saidWhen(c, k), n == "due" && x.verbAt[c] < 0 && k < opening && x.word(k+1) == "at" && x.clockFollows(k+2):
		return say(true) // "I'd said eleven", "due at two"
	case n == "due" && x.worker[c] && (x.word(k+1) == "at" || x.word(k+1) == "for" || x.word(k+1) == "there" || x.word(k+1) == "to" && x.contains(p, "visit")):
		return say(true)
	case arrangeForms[n], arrangeVerbs[base] && (n != base || n == "set"):
		if x.arranged(c, k) {
			return say(true)
		}
	case n == "arrangement" && x.word(k-1) == "by" && k < 2*opening:
		return say(true)
	case n == "arrangement" && x.word(k-1) == "prior", n == "appointment" && (x.word(k-1) == "by" || x.word(k-1) == "our" || x.word(k-1) == "my" || x.word(k-1) == "an" && x.contains(p, "made")), n == "invitation" && x.word(k-1) == "by", n == "asked" && !x.worker[c] && (x.word(k+1) == "me" || x.word(k+1) == "us") && x.word(k+2) == "to" && (x.word(k+3) == "come" || x.word(k+3) == "call" || x.word(k+3) == "visit"), n == "letter" && x.mineBefore(k, p.b) && x.contains(span{k, p.b}, "coming"),
		(n == "diary" || n == "calendar" || n == "board") && len(x.otherThing(p)) == 0 && x.putDownIn(k), n == "slot" && len(x.otherThing(p)) == 0 && (x.word(k-1) != "a" && !possessives[x.word(k-2)] || x.word(k+1) == "with" && x.worker[c]):
		if x.verbAt[c] < 0 || x.worker[c] || x.word(p.a) == "as" || x.contains(p, "it") || x.contains(p, "this") || x.contains(p, "me") || x.contains(p, "visit") || x.contains(p, "down") {
			return say(true)
		}
	case (n == "had" || n == "got") && !x.worker[c] && x.hadLetter(k, p.b), n == "sent" && k < opening && x.word(k-1) == "been" && (x.word(k+2) == "date" || x.word(k+2) == "letter" || x.word(k+2) == "appointment"), n == "sent" && k < opening && x.word(k-2) == "been" && x.word(k+2) == "date",
		n == "asked" && (k < opening || k < introducing && x.pluperfect(k)) && !x.worker[c] && x.askedForVisit(c, k):
		return say(true)
	case k < opening && x.settledWhen(c, k):
		return say(true)
	case (n == "notice" || n == "warning") && k < 2*opening && x.lengthOfNotice(k):
		return say(true)
	case denied && (x.worker[c] || len(x.subject[c]) == 0 && x.word(k-1) == "not" && x.ownComing(c)) && k < opening && p.b-k <= 2 && (base == "ring" || base == "phone" || base == "text" || base == "call" || base == "write" || base == "message" || base == "email"):
		return kerbside.No // "I hadn't rung"
	case noticeVerbs[base]:
		if x.gaveNotice(c, k) {
			return say(true)
		}
	}
	return ""
}

// hadLetter reports "had the text", "had my letter", "had the appointment letter", "got a text from me". What came from anybody else is no notice.
func (x *text) hadLetter(k, b int) bool {
	mine := false
	for i := k + 1; i < b && i < k+5; i++ {
		w := x.word(i)
		switch w {
		case "text", "letter", "message", "email", "date", "appointment", "invite":
			if x.word(i+1) == "from" {
				return x.word(i+2) == "me" || x.word(i+2) == "us"
			}
			return mine && k < 2*opening || x.word(k) == "had" && k < opening
		}
		mine = mine || w == "my" || w == "our"
		if !determiners[w] && !possessives[w] && !(w == "had" && i == k+1) {
			return false
		}
	}
	return false
}

// calledCold reports "just turned up", "just knocked", "rocked up", "dropped in", "was passing", "chanced it".
func (x *text) calledCold(k, b int) bool {
	base := x.lex.verb[x.word(k)]
	just := x.word(k-1) == "just" || x.word(k-2) == "just"
	next := x.word(k + 1)
	switch base {
	case "drop":
		return next == "in" || next == "by" || next == "round"
	case "pass":
		return x.word(k) == "passing" && x.word(k-1) == "was"
	case "chance":
		return next == "it" || next == "my"
	case "rock":
		return next == "up"
	case "knock":
		return just || x.contains(span{k, b}, "cold")
	case "turn", "show", "call", "pop":
		return just && (next == "up" || next == "round" || next == "in" || next == "by") || x.contains(span{k, b}, "cold")
	}
	return false
}

// expected reads whether the family looked for the worker: "were expecting me", "knew I was coming", "had forgotten the visit", "had no idea I'd be there".
func (x *text) expected(c, k int, denied bool) string {
	p := x.parts[c].span
	n := x.word(k)
	end := p.b
	for d := c + 1; d < len(x.parts) && x.parts[d].sentence == x.parts[c].sentence && d <= c+1; d++ { // "knew | I was coming"
		end = x.parts[d].b
	}
	after := span{k + 1, end}
	comes := false
	for i := after.a; i < after.b && i < k+9; i++ {
		switch x.word(i) {
		case "coming", "visiting", "calling", "visit", "due", "round", "appointment", "there", "popping", "arriving", "way", "here":
			comes = comes || x.contains(span{after.a, i}, "i") || x.contains(span{after.a, i}, "we") || x.word(i) == "visit" || x.word(i) == "appointment"
		}
	}
	mine := x.word(k+1) == "me" || x.word(k+1) == "us"
	said := kerbside.Yes
	if denied {
		said = kerbside.No
	}
	switch n {
	case "expecting", "expected", "expect", "waiting":
		if n == "expected" && (x.worker[c] && (x.word(k-1) == "was" || x.word(k-2) == "was" || x.word(k-1) == "not" || x.word(k-1) == "been") || x.verbAt[c] < 0 && denied) || n == "expected" && x.contains(p, "visit") && x.lex.verb[x.word(k-1)] == "be" {
			return said
		}
		w := x.word(k + 1)
		if mine || n == "waiting" && w == "for" && x.word(k+2) == "me" || denied && (w == "anyone" || w == "anybody" || w == "company" || w == "visitors" || w == "") || comes && (w == "my" || w == "the" || w == "a") && x.word(k+2) == "visit" {
			return said
		}
	case "knew":
		if (k+1 == p.b || x.clockFollows(k+1)) && k < opening && (len(x.subject[c]) > 0 || x.contains(p, "they") || grownWords[x.word(k-1)] || x.word(k-1) == "school" || x.word(k-1) == "nursery") {
			return said // "Lee-Anne knew."
		}
		if k+1 == p.b && k < opening && denied && p.b-p.a <= 3 && x.ownComing(c) {
			return said // "Turned up at nine, nobody knew"
		}
		fallthrough
	case "know", "known", "aware", "remembered", "remember", "clue", "idea":
		if n == "know" && (x.contains(span{p.a, k}, "do") || x.contains(span{p.a, k}, "does")) {
			return "" // "Mum don't know I was there"
		}
		if comes && x.word(k+1) != "why" && x.word(k+1) != "what" && x.word(k+1) != "who" || n == "knew" && x.word(k+1) == "about" && x.contains(after, "visit") || (n == "knew" || n == "know") && x.word(k+1) == "i" && (x.word(k+2) == "was" || x.word(k+2) == "would" || x.word(k+2) == "'d") {
			return said
		}
	case "forgotten", "forgot", "forget":
		if comes || x.contains(after, "visit") || k+1 >= p.b && k < opening && p.b-p.a <= 4 && x.pluperfect(k) && !x.worker[c] && !(len(x.subject[c]) > 0 && x.people[x.subject[c][0]].isChild(x)) {
			return kerbside.Yes // "she'd forgotten"
		}
	case "ready", "prepared":
		if x.word(k+1) == "for" && (x.word(k+2) == "me" || x.word(k+2) == "us") {
			return said
		}
	case "told", "warned", "informed":
		if x.worker[c] && x.word(k-1) == "been" {
			return "" // "I hadn't been told about him"
		}
		if w := x.word(k + 1); !x.worker[c] && n == "told" && k < opening && x.word(k-1) == "been" && (x.word(k-2) == "had" || x.word(k-2) == "'d") && (k+1 >= p.b || w == "this" || w == "yesterday" || w == "last" || x.clockFollows(k+1)) {
			return said // "they'd been told"
		}
		if k < opening && x.worker[c] && n != "warned" && (x.pluperfect(k) && x.toldWhen(k, p.b) || (x.pluperfect(k) || x.hasClock(span{k, end})) && x.comesAfter(k, end)) {
			return said // "I'd told them one", "I told them I'd come at eleven"
		}
		if denied && k < opening && !x.worker[c] && len(x.subject[c]) == 0 && x.pluperfect(k) && k+2 >= p.b && objects[x.word(k+1)] {
			return kerbside.No // "no one had warned them"
		}
		if !x.worker[c] && (x.word(k+1) == "me" || x.word(k+1) == "us") {
			return "" // "Marcus told me"
		}
		if x.worker[c] && (comes || denied && x.word(k+2) == "" && x.verbAt[c] >= 0) || !x.worker[c] && (comes || x.contains(after, "expect") && x.contains(after, "me")) || denied && x.contains(p, "advance") || x.worker[c] && n != "told" && x.mineBefore(after.a, after.b) || denied && x.worker[c] && n == "warned" {
			return said
		}
	}
	return ""
}

// mineBefore reports the worker between two tokens.
func (x *text) mineBefore(a, b int) bool {
	for i := a; i < b; i++ {
		if w := x.word(i); w == "i" || w == "we" || w == "me" || w == "us" {
			return true
		}
	}
	return false
}

// otherThing names what a clause is about where that is not the visit.
func (x *text) otherThing(p span) string {
	for k := p.a; k < p.b; k++ {
		if n := x.word(k); otherNouns[n] && x.word(k+1) != "visit" && !(k > 0 && (x.word(k-1) == "with" || x.word(k-1) == "at" || x.word(k-1) == "core" || x.word(k-2) == "at" || x.word(k-1) == "last")) {
			return n
		}
	}
	return ""
}

// arrangedHow follow what was arranged about a visit: "arranged through the school", "agreed over the phone", "booked last week".
var arrangedHow = setOf("with through via over around last yesterday beforehand ages weeks days")

// noticeInShort reads the short of an introduction: "phoned ahead", "appointment made through the school".
func (x *text) noticeInShort(c int) bool {
	p := x.parts[c].span
	if p.a < opening && p.b == p.a+1 && x.word(p.a) == "expected" && p.a > 0 && x.tokens[p.a-1].mark {
		return true // "just after four, expected"
	}
	if p.a >= opening || x.worker[c] || len(x.subject[c]) > 0 || x.otherThing(p) != "" && !x.contains(p, "appointment") {
		return false
	}
	switch x.lex.verb[x.word(p.a)] {
	case "phone", "ring", "text", "call", "message", "email":
		n := x.word(p.a + 1)
		return x.lex.verb[x.word(p.a)] != x.word(p.a) && (aheadWords[n] && !(n == "first" && x.word(p.a+2) == "thing") || n == "before" && x.word(p.a+2) == "")
	}
	if x.messages(p.a) && x.word(p.a+1) == "sent" && (p.b <= p.a+2 || aheadWords[x.word(p.a+2)] || x.word(p.a+2) == "last" || x.word(p.a+2) == "yesterday") {
		return true // "letter sent beforehand"
	}
	if n := x.word(p.a + 1); x.word(p.a) == "expected" && (p.b == p.a+1 || n == "at" || n == "for" && x.clockFollows(p.a+2) || n == "me" || n == "us") {
		return true
	}
	if x.word(p.a) == "appointment" && p.a+1 < p.b {
		if n := x.word(p.a + 1); (n == "at" || n == "for") && x.clockFollows(p.a+2) {
			return true
		}
		switch x.word(p.a + 1) {
		case "made", "booked", "arranged", "agreed", "given", "sent", "confirmed", "letter", "kept", "fixed":
			return true
		}
	}
	return false
}

// arranged reports that what was arranged, planned or agreed at token k is this visit.
func (x *text) arranged(c, k int) bool {
	p := x.parts[c].span
	n := x.word(k)
	if n == "plans" || n == "booking" || n == "moved" && p.a >= opening && !x.contains(p, "visit") && !x.contains(p, "appointment") {
		return false // "went through the plans", "I moved it"
	}
	if n == "moved" && k > p.a && x.whoAt(k-1) >= 0 && x.word(k+1) != "it" && x.word(k+1) != "the" && x.word(k+1) != "me" && x.word(k+1) != "this" {
		return false // "mum moved last weekend"
	}
	if k < opening && x.settledForms(k) {
		return true
	}
	if n == "announced" && (x.word(k-1) == "he" || x.word(k-1) == "she" || x.word(k-1) == "they" || k > p.a && x.whoAt(k-1) >= 0) {
		return false // "the move he announced"
	}
	if n == "made" && !x.contains(p, "appointment") && !x.contains(p, "arrangement") && !x.contains(p, "arrangements") && !x.contains(p, "date") && !x.contains(p, "time") && !x.contains(p, "plan") {
		return false // "bed made"
	}
	if n == "announced" {
		return x.aboutWorker(c)
	}
	if x.otherThing(p) != "" {
		return false
	}
	if prev := x.word(k - 1); prev == "as" {
		return true // "as arranged"
	}
	if x.verbAt[c] < 0 || !x.parts[c].finite || x.verbAt[c] == k && k <= p.a+1 { // "Planned visit.", "Agreed in advance"
		for i := p.a; i < p.b; i++ {
			if w := x.word(i); visitNouns[w] || aheadWords[w] {
				return n != "agreed" || k < opening
			}
		}
		if k >= opening {
			return false
		}
		return p.b-p.a <= 3 && n != "agreed" && n != "set" && n != "moved" && n != "changed" || arrangedHow[x.word(k+1)] || x.word(k+1) == "for" && (n == "planned" || x.clockFollows(k+2)) || x.word(k+1) == "in" && n == "booked" || x.word(k+1) == "by" && !x.grownAt(k+2) || x.word(k+1) == "beforehand" || x.contains(p, "visit")
	}
	if len(x.subject[c]) == 0 && !x.worker[c] && k < opening && k+1 >= p.b && (p.b-p.a <= 3 && (finiteAux[x.word(p.a)] || x.word(p.a) == "it" || x.word(p.a) == "that" || x.word(p.a) == "visit") || x.clockFollows(p.a) && p.b-p.a <= 5) {
		return true // "Wasn't booked.", "Four o'clock was booked"
	}
	subject := ""
	for i := p.a; i < k; i++ {
		switch w := x.word(i); w {
		case "it", "this", "that", "visit", "appointment", "time", "date", "slot", "one", "today", "i", "we":
			subject = w
		}
	}
	if subject == "i" || subject == "we" {
		for i := k + 1; i < p.b && i < k+7; i++ {
			switch w := x.word(i); w {
			case "it", "this", "visit", "time", "date", "appointment", "come", "meet", "see", "call", "in":
				return !(w == "see" && i > k+3) && x.word(i-1) != "next"
			}
		}
		return k+1 >= p.b || x.word(k+1) == "with" && p.b-k <= 4 || x.contains(p, "announce") || n == "arranged" && x.contains(span{k, p.b}, "visit") || k < opening && x.pluperfect(k) && x.clockFollows(k+1)
	}
	if subject != "" {
		if subject == "it" && n == "agreed" {
			return p.a < opening && !x.contains(p, "that")
		}
		if subject == "that" || subject == "one" && n != "announced" {
			return p.a < opening && (x.word(k-1) == "was" || x.word(k-1) == "been" || x.word(k-1) == "'s")
		}
		return p.a < opening || subject == "visit"
	}
	if len(x.subject[c]) > 0 && x.people[x.subject[c][0]].kind(x) != roleProfessional || x.contains(p, "they") { // the family moved, confirmed or agreed it
		base := x.lex.verb[n]
		for i := k + 1; i < p.b && i < k+6; i++ {
			switch w := x.word(i); {
			case w == "visit" || w == "time" || w == "appointment" || w == "date":
				return p.a < opening*2
			case w == "it" || w == "me":
				return p.a < opening && (base == "move" || base == "change" || base == "confirm" || base == "book" || base == "rearrange")
			}
		}
	}
	return false
}

// gaveNotice reports that the worker told the family beforehand, or that they and the worker were in touch about it.
func (x *text) gaveNotice(c, k int) bool {
	p := x.parts[c].span
	base := x.lex.verb[x.word(k)]
	end := p.b
	if n := c + 1; base != "speak" && n < len(x.parts) && x.parts[n].sentence == x.parts[c].sentence && (!x.worker[c] || x.word(x.parts[n].a) != "and") { // but "spoke with the girls, Ivy first"
		end = x.parts[c+1].b
	}
	after := span{k + 1, end}
	mine := x.worker[c]
	if !mine && !(x.word(k+1) == "me" || x.word(k+1) == "us") && !(base == "send" || base == "let") {
		return false
	}
	if x.contains(span{p.a, p.b}, "school") || x.otherThing(p) != "" && base != "send" {
		return false
	}
	if w := x.word(k + 1); mine && k < opening && (base == "ring" || base == "text" || base == "message" || base == "phone" || base == "email") && (x.word(k-1) == "had" || x.word(k-1) == "'d") && (w == "that" && x.word(k+2) == "morning" || w == "this" && x.word(k+2) == "morning" || w == "yesterday" || w == "on" && DateWord(x.word(k+3)) || w == "on" && DateWord(x.word(k+2))) {
		return true // "I'd rung that morning"
	}
	if mine && k < opening && writes[base] && x.pluperfect(k) && x.wroteAhead(k, p.b) {
		return true // "I'd texted her at nine", "we'd written to say so"
	}
	if o := x.objectEnd(k, p.b); base != "let" && o > k+1 && x.isProfessional(o-1) || base == "speak" && x.word(k+1) == "to" && x.toProfessional(k+2, p.b) {
		return false // "spoke to Sergeant Amin from the car first"
	}
	if mine && k < opening && x.word(k+1) == "first" && x.word(k+2) != "thing" && base != "speak" && base != "tell" {
		return true // "I rang first"
	}
	for i := after.a; i < after.b; i++ {
		w := x.word(i)
		switch {
		case aheadWords[w] && (w != "first" || i+1 >= p.b || x.word(i+1) == "") && !(w == "first" && x.word(i+1) == "thing"), w == "before" && (x.word(i+1) == "" || x.word(i-1) == "day"):
			return mine && x.word(i-1) != "go" && x.word(i-1) != "going"
		case w == "to" && (x.word(i+1) == "arrange" || x.word(i+1) == "say" || x.word(i+1) == "check" || x.word(i+1) == "confirm" || x.word(i+1) == "make" || x.word(i+1) == "book"):
			what := span{i, end}
			if x.mineBefore(i, end) || x.contains(what, "it") || x.contains(what, "visit") || x.contains(what, "appointment") || x.clockFollows(i+2) || x.contains(what, "okay") || x.contains(what, "fine") {
				return p.a < opening*2
			}
		case (w == "was" || w == "were") && (x.word(i+1) == "i" || x.word(i+1) == "we") && x.contains(span{i, min(end, i+5)}, "coming"):
			return true // "texted me asking was I still coming"
		case (w == "i" || w == "we") && i > k && (x.word(i+1) == "was" || x.word(i+1) == "would" || x.word(i+1) == "'d" || x.word(i+1) == "am" || x.word(i+1) == "were"):
			for m := i; m < end && m < i+7; m++ {
				switch x.word(m) {
				case "coming", "come", "visit", "visiting", "call", "calling", "popping", "pop", "round", "early", "late", "there":
					return true
				}
			}
		case w == "notice" || w == "heads" || w == "know" && base == "let" && i+1 >= p.b:
			return mine && (w != "know" || p.a < opening)
		case base == "give" && (w == "ring" || w == "call" || w == "text") && x.contains(span{i, end}, "before"):
			return mine
		}
	}
	return false
}
