package rules

import (
	"strings"

	"kerbside"
)

// An action that was found says mostly itself whose it is and whether it is done. What its sentence says besides is read here: who gave a promise, whom the
// worker asked, who did it in the end, and from whom a form goes.

var (
	// pledges are verbs with which somebody takes a thing on.
	pledges = setOf("promise offer agree undertake volunteer")
	// paperwork is what a worker sends, unless the words say that somebody else does.
	paperwork = setOf("referral referrals form forms request notification application")
	// ownPaper is what is the worker's when it is "my".
	ownPaper = setOf("report note notes referral form letter assessment statement chronology request email")
)

// settleDeed puts down anew whose an action is and how far it is, where its sentence says so.
func (x *text) settleDeed(d *doing) {
	c := max(x.partAt(d.a), 0)
	x.settleOwner(d, c)
	x.settleStatus(d, c)
}

// settleStatus reads how far the action of clause c is.
func (x *text) settleStatus(d *doing, c int) {
	if d.status == kerbside.Done && x.worker[c] {
		switch who, ok := x.askedAndAgreed(d); {
		case ok:
			d.owner, d.status = who, kerbside.Agreed // "I asked Kev to fit it and he said he would"
			return
		case x.toldIWould(d.span):
			d.status = kerbside.Planned // "I've told Glenys I'll be ringing her"
			return
		}
	}
	switch {
	case d.status == kerbside.Done && d.owner == -1 && x.pledgedAt(d.span) >= 0 && x.lex.verb[x.word(x.pledgedAt(d.span))] != "offer":
		d.status = kerbside.Agreed // "I've agreed to sort a skip"
	case d.status == kerbside.Done && d.owner != -1 && x.pledgedAt(d.span) >= 0, d.learned && d.status == kerbside.Planned && d.owner != -1 && x.pledgedAt(x.parts[c].span) >= 0, d.status == kerbside.Done && d.owner != -1 && x.saidTheyWould(d.span):
		d.status = kerbside.Agreed // "Jo has promised the number by Friday", "she's said she will"
	case d.owner == -1 && d.status != kerbside.Done && x.sinceDone(d):
		d.status = kerbside.Done // "I said I'd find out about it and I've done that"
	case d.status == kerbside.Agreed && d.owner == -1 && x.pledgedAt(d.span) < 0:
		d.status = kerbside.Planned // "I said I'd write to the landlord"
	case d.status == kerbside.Planned && d.owner != -1 && x.assentBehind(d):
		d.status = kerbside.Agreed // "Bev will order it, she gave me her word"
	case d.learned && d.status == kerbside.Planned && x.perfectDeed(c):
		d.status = kerbside.Done // "I've sorted a fuel voucher", "Jo's sent me the payslips"
	case d.learned && d.status == kerbside.Done && x.stillAhead(d.span, c):
		d.status = kerbside.Planned // "the form goes in this evening"
	}
}

// sinceDone reports, right behind what the worker was to do, that it is done: "and I've done that", "that's done now".
func (x *text) sinceDone(d *doing) bool {
	c := d.clause + 1
	if c >= len(x.parts) || x.parts[c].sentence != x.parts[d.clause].sentence {
		return false
	}
	p := x.parts[c].span
	if p.b-p.a > 7 || x.contains(p, "not") || x.hasFuture(p) || x.contains(p, "to") || x.contains(p, "by") || x.hasDay(p) {
		return false
	}
	for k := p.a + 1; k < p.b; k++ {
		if x.word(k) != "done" {
			continue
		}
		refers := x.word(p.a) == "that" || x.word(p.a) == "which" || x.word(k+1) == "that" || x.word(k+1) == "it"
		return refers && (x.worker[c] || x.word(p.a) == "that" || x.word(p.a) == "which")
	}
	return false
}

// pledgedAt is the verb in a span with which somebody took a thing on, -1 without: "has promised", "they've agreed", "offered Tuesdays".
func (x *text) pledgedAt(s span) int {
	for k := s.a; k < s.b; k++ {
		if !pledges[x.lex.verb[x.word(k)]] || !x.pastForm(k) {
			continue
		}
		switch x.word(k - 1) {
		case "was", "were", "been", "not", "never", "as":
			continue
		}
		return k
	}
	return -1
}

// askedAndAgreed is whom the worker asked to do a thing and who has said yes behind it: "I've asked Fiona to keep it downstairs and she's agreed".
func (x *text) askedAndAgreed(d *doing) (int, bool) {
	for k := d.a; k < d.b && k < d.a+5; k++ {
		if x.word(k) != "asked" {
			continue
		}
		who, end := x.personBehind(k)
		if who < 0 || x.word(end) != "to" {
			return 0, false
		}
		agreed := *d
		agreed.owner = who
		return who, x.assentBehind(&agreed)
	}
	return 0, false
}

// toldIWould reports what the worker told somebody, or said, that she would do: "I've told Glenys I'll be ringing", "I said I would find a place".
func (x *text) toldIWould(s span) bool {
	for k := s.a; k+2 < s.b && k < s.a+5; k++ {
		if b := x.lex.verb[x.word(k)]; b != "tell" && b != "say" && b != "promise" {
			continue
		}
		for i := k + 1; i+1 < s.b && i < k+5; i++ {
			if n := x.word(i + 1); x.word(i) == "i" && (n == "will" || n == "would" || n == "'d") {
				return true
			}
		}
	}
	return false
}

// saidTheyWould reports "she's said she will", "has said they'll all be there", "she's said yes".
func (x *text) saidTheyWould(s span) bool {
	for k := s.a; k+1 < s.b; k++ {
		if x.lex.verb[x.word(k)] != "say" || x.word(k-1) == "not" {
			continue
		}
		for i := k + 1; i < s.b && i < k+4; i++ {
			switch x.word(i) {
			case "will", "would":
				return x.word(i+1) != "not"
			case "yes":
				return true
			}
		}
	}
	return false
}

// assentBehind reports, right behind an action in its sentence, that the one who will do it gave a promise: "she's promised", "he shook on it", "she gave me
// her word", "agreed without blinking", "she said she would".
func (x *text) assentBehind(d *doing) bool {
	sentence := x.parts[d.clause].sentence
	for c := d.clause + 1; c < len(x.parts) && c <= d.clause+2 && x.parts[c].sentence == sentence; c++ {
		p := x.parts[c].span
		if x.worker[c] || p.b-p.a > 9 || x.question(c) {
			return false
		}
		for k := p.a; k < p.b; k++ {
			if w := x.who[k]; w >= 0 && w != d.owner && !pronoun(x.word(k)) && !possessives[x.word(k)] {
				return false // another has agreed
			}
			switch n := x.word(k); n {
			case "not", "never", "if", "unless", "was", "were":
				return false
			case "promised", "agreed":
				return k <= p.a+3 && !(x.word(k+1) == "to" && x.baseVerb(k+2, p.b))
			case "said", "says":
				w := x.word(p.b - 1)
				if w == "course" || w == "fine" || w == "problem" && x.word(p.b-2) == "no" {
					return true
				}
				return (w == "will" || w == "would" || w == "yes" || w == "that" || w == "it") && x.saidTheyWould(span{k, p.b})
			case "shook":
				return x.word(k+1) == "on" || x.word(k+1) == "hands"
			case "gave", "given":
				return x.word(p.b-1) == "word"
			case "happy":
				return x.word(k+1) == "to" && k+2 >= p.b || x.word(k+1) == "with" || x.word(k+1) == "" || x.word(p.b-1) == "that"
			case "fine", "ok", "okay", "alright":
				return x.word(k+1) == "" || x.word(k+1) == "with" && k+3 >= p.b
			case "problem":
				return x.word(k-1) == "no"
			case "will", "would":
				return k+1 >= p.b && k == p.a+b2i(x.word(p.a) == "and")+1
			case "nodded":
				return k <= p.a+2
			}
		}
	}
	return false
}

// perfectDeed reports a clause that says what has been done: "I've sorted a voucher", "Jo's sent the payslips", "the form I've signed". What somebody has to do, or
// has got, is not done.
func (x *text) perfectDeed(c int) bool {
	p := x.parts[c].span
	if x.word(p.a) == "which" {
		return false
	}
	for k := p.a; k+1 < p.b; k++ {
		n := x.word(k)
		if n != "have" && n != "'ve" && n != "has" && n != "'s" && !(x.tokens[k].poss && k <= p.a+2) {
			continue
		}
		v := k + 1
		for v < p.b && (adverbs[x.word(v)] || x.word(v) == "already") {
			v++
		}
		if v >= p.b || !x.participle(v) || x.word(v+1) == "to" && x.lex.verb[x.word(v)] != "give" && x.lex.verb[x.word(v)] != "send" {
			continue
		}
		switch x.lex.verb[x.word(v)] {
		case "get":
			return x.word(v-1) == "already"
		case "be", "promise", "agree", "offer", "ask", "say", "tell", "decide", "plan":
			return false
		}
		return !x.hasFuture(p)
	}
	return false
}

// participle reports at token k a form with which "have" makes the perfect.
func (x *text) participle(k int) bool {
	n := x.word(k)
	if x.lex.verb[n] == "" && len(n) > 4 && strings.HasSuffix(n, "ed") {
		return true // "laminated"
	}
	return x.pastForm(k) || n == "done" || n == "given" || n == "put" || n == "sent" || n == "left" || n == "taken"
}

// hasFuture reports "will" or "going to" in a span.
func (x *text) hasFuture(s span) bool {
	return x.contains(s, "will") || x.contains(s, "'ll") || x.contains(s, "going")
}

// stillAhead reports an action told in the present with a day to come: "goes in this evening", "does her report for Monday", "I'll have asked by Friday".
func (x *text) stillAhead(s span, c int) bool {
	if x.hasFuture(s) {
		return true
	}
	v := x.verbAt[c]
	return v >= 0 && x.presentForm(x.word(v)) && (x.soon(s) || x.hasDay(s))
}

// settleOwner reads whose the action of clause c is.
func (x *text) settleOwner(d *doing, c int) {
	p := x.parts[c].span
	if x.fromMe(d) {
		d.owner = -1
		return
	}
	if who, ok := x.agreedFor(c); ok && d.owner == -1 {
		d.owner = who
		if d.status == kerbside.Done {
			d.status = kerbside.Agreed
		}
		return
	}
	if d.owner == -1 && !x.worker[c] && !x.mineBefore(p.a, p.b) && !x.contains(p, "my") && !x.contains(p, "mine") {
		if who := x.leads(c); who >= 0 {
			d.owner = who
			return
		}
	}
	if d.owner >= 0 && (x.youngDoer(d.owner) || x.namedWithin(d.owner, p)) {
		if who := x.grownFor(d.owner, p); who >= 0 {
			d.owner = who
		}
	}
	if d.owner != nobody {
		return
	}
	if who, ok := x.doerBehind(d); ok {
		d.owner = who
		return
	}
	if s, ok := x.named[d.clause]; ok {
		if x.word(s.a) == "they" {
			if service, ok := x.servicesBefore(s.a); ok {
				x.named[d.clause] = service
			}
		}
		return
	}
	if s, ok := x.actorPhrase(c); ok {
		x.named[d.clause] = s
		return
	}
	if x.sentOff(p) {
		d.owner = -1
	}
}

// sentOff reports the worker's own paper on its way, as workers say it: "the trauma referral went off last Thursday", "form's gone in already". What is "to be made" is
// not yet anybody's.
func (x *text) sentOff(p span) bool {
	for k := p.a; k < p.b && k < p.a+5; k++ {
		if !paperwork[x.word(k)] || k > p.a && x.tokens[k-1].poss && x.whoAt(k-1) < 0 {
			continue
		}
		for i := k + 1; i < p.b && i < k+9; i++ {
			if x.lex.verb[x.word(i)] == "go" {
				return x.word(i) != "go" && x.word(i) != "going"
			}
		}
	}
	return false
}

// youngDoer reports a child too young for most of what people undertake to do.
func (x *text) youngDoer(w int) bool {
	p := &x.people[w]
	if !p.isChild(x) || p.ageSpan.b == 0 {
		return false
	}
	n, ok := numberAt(x.tokens, p.ageSpan.a)
	return ok && n.value < 12 || x.infant(p)
}

// namedWithin reports a person who is named in a clause behind its pronoun, and whom that cannot mean: "she's going to ask Tanya".
func (x *text) namedWithin(w int, s span) bool {
	a := s.a
	for a < s.b && (connectors[x.word(a)] || x.word(a) == "then") {
		a++
	}
	if a >= s.b || x.who[a] != w {
		return false
	}
	for k := s.a + 2; k < s.b; k++ {
		if x.who[k] == w && !x.tokens[k].poss && !pronoun(x.word(k)) && !possessives[x.word(k)] {
			return true
		}
	}
	return false
}

// grownFor is the grown-up whom "he" or "she" at the begin of a clause means rather than a young child: the last of that gender who was spoken of, -1 without.
func (x *text) grownFor(child int, s span) int {
	k := s.a
	for k < s.b && (connectors[x.word(k)] || x.word(k) == "then") {
		k++
	}
	gender := pronounGenders[x.word(k)]
	if k >= s.b || gender == "" || !subjectPronouns[x.word(k)] {
		return -1
	}
	for i := s.a - 1; i >= 0 && i > s.a-60; i-- {
		w := x.who[i]
		if w < 0 || w == child || possessives[x.word(i)] || x.people[w].isChild(x) || x.people[w].gender != gender {
			continue
		}
		return w
	}
	return -1
}

// fromMe reports that an action is the worker's by what it says behind: "goes in from me", "will be rung, by me", "it's on me to find out", "my report goes on
// Monday", "is mine by Friday".
func (x *text) fromMe(d *doing) bool {
	end := d.b
	if c := d.clause + 1; c < len(x.parts) && x.parts[c].sentence == x.parts[d.clause].sentence && x.parts[c].b-x.parts[c].a <= 3 {
		end = max(end, x.parts[c].b)
	}
	for k := d.a; k < end; k++ {
		switch n := x.word(k); {
		case (n == "from" || n == "by") && (x.word(k+1) == "me" || x.word(k+1) == "myself") && x.word(k+2) != "and":
			return x.lex.verb[x.word(k-1)] != "hear" && !x.told(k)
		case n == "on" && x.word(k+1) == "me" && x.word(k+2) == "to":
			return !x.told(k)
		case n == "my" && k <= d.a+1 && ownPaper[x.word(k+1)], n == "mine" && (k <= d.a+1 || x.word(k-1) == "is"):
			return !x.told(k)
		}
	}
	return false
}

// agreedFor is who will do what the worker agreed with the family: "we agreed she'd take the letter", "I've agreed with Bev that she'll ring them".
func (x *text) agreedFor(c int) (int, bool) {
	p := x.parts[c].span
	if !x.worker[c] {
		return 0, false
	}
	at := -1
	for k := p.a; k < p.b && k < p.a+5; k++ {
		if x.word(k) == "agreed" {
			at = k
		}
	}
	if at < 0 {
		return 0, false
	}
	end := x.withNext(c)
	for k := at + 1; k < end && k < at+9; k++ {
		n := x.word(k)
		if n == "i" || n == "we" || n == "to" {
			return 0, false
		}
		if w := x.who[k]; w >= 0 && !possessives[n] {
			if m := x.word(k + 1); m == "will" || m == "would" || m == "'d" || m == "'ll" {
				return w, true
			}
		}
	}
	return 0, false
}

// leads is the person with whom clause c begins as the one who acts, -1 without: "Mrs Hale's to phone the physio", "Gwen means to see him", "Stuart's off to the
// group", "Alistair's locked it away".
func (x *text) leads(c int) int {
	p := x.parts[c].span
	k := p.a
	for k < p.b && (connectors[x.word(k)] || determiners[x.word(k)] || x.word(k) == "then") {
		k++
	}
	if k >= p.b || x.who[k] < 0 || pronoun(x.word(k)) || possessives[x.word(k)] {
		return -1
	}
	w := x.who[k]
	for k+1 < p.b && x.whoAt(k+1) == w && !x.tokens[k].poss {
		k++
	}
	next := x.word(k + 1)
	if x.tokens[k].poss {
		if next == "to" && x.baseVerb(k+2, p.b) || next == "off" || strings.HasSuffix(next, "ing") && x.lex.verb[next] != "" || k+1 < p.b && x.participle(k+1) && next != "left" {
			return w
		}
		return -1
	}
	switch next {
	case "means", "wants", "intends", "hopes", "plans":
		if x.word(k+2) == "to" {
			return w
		}
	case "will", "is", "has":
		if n := x.word(k + 2); n != "be" && n != "been" && n != "being" {
			return w
		}
	}
	return -1
}

// doerBehind is who does or did what an action says without naming anybody, from the clause behind it: "the glazier's been rung, Bev did it", "the form's gone, Miss
// Hale sent it", "that's Hugh's job".
func (x *text) doerBehind(d *doing) (int, bool) {
	for k := d.a; k+1 < d.b; k++ {
		if x.tokens[k].poss && x.who[k] >= 0 && taskWords[x.word(k+1)] {
			return x.who[k], true
		}
	}
	c := d.clause + 1
	if c >= len(x.parts) || x.parts[c].sentence != x.parts[d.clause].sentence {
		return 0, false
	}
	p := x.parts[c].span
	for k := p.a + 1; k < p.b && k < p.a+5; k++ {
		switch base := x.lex.verb[x.word(k)]; base {
		case "do", "send", "fill", "post", "make", "text", "email":
		default:
			continue
		}
		switch x.word(k + 1) {
		case "it", "that", "those", "them", "this":
		default:
			return 0, false
		}
		if x.worker[c] {
			return -1, true
		}
		for m := k - 1; m >= p.a; m-- {
			if w := x.who[m]; w >= 0 && !possessives[x.word(m)] {
				return w, true
			}
		}
		return 0, false
	}
	return 0, false
}

// actorPhrase is what clause c calls the one who acts and who is none of the people: "the warden", "Mr Dyson", "duty", "Isobel's son-in-law", "they".
func (x *text) actorPhrase(c int) (span, bool) {
	p := x.parts[c].span
	a := p.a
	for a < p.b && (connectors[x.word(a)] || x.word(a) == "then" || adverbs[x.word(a)]) {
		a++
	}
	if a >= p.b {
		return span{}, false
	}
	switch x.word(a) {
	case "they":
		if s, ok := x.servicesBefore(a); ok {
			return s, true
		}
		return span{a, a + 1}, true
	case "it", "that", "this", "there", "which", "who", "what", "he", "she", "i", "we", "you", "by", "on", "in", "at", "with", "for", "to", "till", "until", "if", "when":
		return span{}, false
	}
	for k := a + 1; k < p.b && k <= a+4; k++ {
		if x.tokens[k].mark {
			return span{}, false
		}
		n := x.word(k)
		if n != "will" && n != "is" && n != "are" && n != "have" && n != "has" && !(x.tokens[k-1].poss && k-1 == a) {
			if paperwork[n] || meetingNouns[n] {
				return span{}, false
			}
			continue
		}
		if paperwork[x.word(k-1)] || meetingNouns[x.word(k-1)] {
			return span{}, false
		}
		v := k + 1
		if x.tokens[k-1].poss && k-1 == a {
			v = k
		}
		for v < p.b && (adverbs[x.word(v)] || x.word(v) == "going" || x.word(v) == "to") {
			v++
		}
		base := x.lex.verb[x.word(v)]
		active := base != "" && base != "be" && base != "get" && base != "go" && (n == "will" || strings.HasSuffix(x.word(v), "ing") || x.word(v) == base || pledges[base] || base == "say")
		if !active {
			return span{}, false
		}
		return span{a, k}, true
	}
	return span{}, false
}

// servicesBefore is the service that "they" at token i speaks of, named shortly before: "I've rung housing. They'll send a man".
func (x *text) servicesBefore(i int) (span, bool) {
	for k := i - 1; k >= 0 && k > i-25; k-- {
		n := x.word(k)
		switch n {
		case "camhs", "housing", "landlord", "team", "repairs", "council", "police", "duty", "surgery", "edt":
		default:
			continue
		}
		a := k
		if w := x.word(k - 1); n == "team" && w != "" && !determiners[w] && !prepositions[w] {
			a--
		}
		return span{a, k + 1}, true
	}
	return span{}, false
}
