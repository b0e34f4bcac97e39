package rules

import (
	"strings"

	"kerbside"
)

// Undertakings that no modal verb announces: what somebody is doing soon ("Ringing admissions on Monday", "Sam's taking her tomorrow"), notes that a
// thing is somebody's ("NRM referral tonight, that's on me"), what is to be done, what was agreed in other words than "agreed to", and whom
// the worker has told.

var (
	deedNounsMore = setOf("referral referrals application applications letter letters email emails call voucher vouchers form forms check checks report request tool screening chronology marac update body-map map notification minutes consent photo photos assessment plan chart safety")
	officials     = setOf("police manager school nursery hospital gp housing council landlord camhs duty edt mash nurse head teacher doctor midwife team school ward crisis ambulance surgery senco dsl lado iro solicitor guardian chair")
	tellDeeds     = setOf("tell ring phone email text report notify inform contact refer post send log alert ask call let message drop request submit")
	standing      = setOf("work swim lose kill be have see know think say feel remain become need like love want understand mean depend happen seem hope believe wonder struggle hate cope doubt live grow suffer look miss wet sleep eat drink wear do cry use lie hide laugh smile play sit stand talk walk read")
	soonWords     = setOf("tonight tomorrow today now shortly straight")
	taskWords     = setOf("job action task shout")
	lookIfs       = setOf("see check ask find out know establish whether tell sure wonder say clarify confirm")
)

// late reports the part of a text in which what is to be done is mostly told.
func (x *text) late(i int) bool { return i*5 > len(x.tokens)*3 }

// soon reports a time to come in a span: a day not past, "tonight", "this afternoon", "first thing", "before …".
func (x *text) soon(s span) bool {
	for k := s.a; k < s.b; k++ {
		n := x.word(k)
		if soonWords[n] && n != "today" && n != "now" || n == "first" && x.word(k+1) == "thing" || n == "this" && (x.word(k+1) == "afternoon" || x.word(k+1) == "evening" || x.word(k+1) == "week") || n == "next" && (x.word(k+1) == "week" || x.word(k+1) == "month") {
			return true
		}
	}
	for _, d := range days(x.tokens, s.a, s.b, x.base, forward) {
		if !d.past && !d.recurrent {
			return true
		}
	}
	return false
}

// conditional reports a true condition before or in clause c, as opposed to "see if", "ask whether".
func (x *text) conditional(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for k := s.a; k < x.parts[c].b; k++ {
		n := x.word(k)
		if n == "if" && !lookIfs[x.before(k)] || n == "unless" || n == "without" && x.contains(span{k, x.parts[c].b}, "would") || n == "without" && x.contains(span{k, x.parts[c].b}, "'d") || n == "would" && x.word(k+1) != "like" || n == "had" && k == s.a {
			return true
		}
	}
	return false
}

// undertakingIn reads clause c where no modal verb says what will be done.
func (x *text) undertakingIn(c int) (doing, bool) {
	part := &x.parts[c]
	if c > 0 && x.myList(c-1) && part.b-part.a >= 2 && x.parts[c-1].sentence == part.sentence {
		return doing{span: span{x.parts[c-1].a, part.b}, clause: c, owner: -1, status: kerbside.Planned}, true
	}
	if x.mineTag(c) {
		a := part.a
		for d := c - 1; d >= 0 && d >= c-3 && x.parts[d].sentence == part.sentence && !x.taken[d]; d-- {
			if x.verbAt[d] >= 0 && (d < c-1 || len(x.subject[d]) > 0 || x.worker[d]) {
				break
			}
			a = x.parts[d].a
		}
		if a == part.a && part.b-part.a <= 4 && c > 0 && x.verbAt[c-1] < 0 && x.parts[c-1].b-x.parts[c-1].a <= 9 && x.late(x.parts[c-1].a) { // "Young carers group. That's me."
			a = x.parts[c-1].a
		}
		if part.b-a >= 3 && (a < part.a || part.b-part.a > 4) {
			return doing{span: span{a, part.b}, clause: c, owner: -1, status: kerbside.Planned}, true
		}
	}
	for _, read := range []func(int) (doing, bool){x.hasTold, x.beenTold} {
		if d, ok := read(c); ok && !x.reported(c) {
			return d, true
		}
	}
	if d, ok := x.agreedOtherwise(c); ok && !x.reported(c) {
		return d, true
	}
	if d, ok := x.alreadyDone(c); ok {
		return d, true
	}
	if x.toldByOther(c) {
		if d, ok := x.promised(c); ok || !x.told(part.a) || x.outer(part.a).cue.a < part.b {
			return d, ok
		}
		return x.doingSoon(c) // "Sergeant Doyle is getting it checked, she said"
	}
	for _, read := range []func(int) (doing, bool){x.toBeDone, x.willBeDone, x.doingSoon, x.wantsTo} {
		if d, ok := read(c); ok {
			return d, true
		}
	}
	return doing{}, false
}

// myList reports a clause that says no more than that what follows is on the worker's list: "on my list", "on my to-do list for tomorrow".
func (x *text) myList(c int) bool {
	p := x.parts[c].span
	a := p.a
	for a < p.b && (x.word(a) == "and" || x.word(a) == "also" || isFiller(&x.tokens[a])) {
		a++
	}
	return p.b-a <= 7 && x.verbAt[c] < 0 && x.word(a) == "on" && x.word(a+1) == "my" && (x.word(a+2) == "list" || x.word(a+3) == "list" || x.word(a+4) == "list")
}

// beenTold reads which of the other services was told, by whomever: "the nursery has been emailed".
func (x *text) beenTold(c int) (doing, bool) {
	part := &x.parts[c]
	for k := part.a + 3; k < part.b; k++ {
		if !x.late(k) || !toldBy[x.word(k)] || x.word(k-1) != "been" || x.word(k-2) != "has" && x.word(k-2) != "have" {
			continue
		}
		for m := part.a; m < k-2; m++ {
			if officials[x.word(m)] || x.who[m] >= 0 && x.people[x.who[m]].kind(x) == roleProfessional {
				return doing{span: part.span, clause: c, owner: -1, status: kerbside.Done}, true
			}
		}
	}
	return doing{}, false
}

var toldBy = setOf("emailed informed notified messaged alerted texted")

// toldByOther reports a clause that is or holds somebody's words.
func (x *text) toldByOther(c int) bool {
	part := &x.parts[c]
	for k := part.a; k < part.b; k++ {
		if x.told(k) {
			return true
		}
	}
	return false
}

// promised reads "Morag's said she'll tell the GP": the one who speaks is the one who will.
func (x *text) promised(c int) (doing, bool) {
	part := &x.parts[c]
	f := x.outer(part.b - 1)
	if part.joint == "because" {
		return doing{}, false
	}
	if f.who < 0 || x.fears(x.sents[part.sentence].a, part.b) || f.kind == kerbside.WorkerOpinion || x.people[f.who].isChild(x) && !x.late(part.a) || f.verb == "ask" || f.verb == "think" {
		return doing{}, false
	}
	for k := part.a; k+1 < part.b; k++ {
		n := x.word(k)
		if n == "'d" && (x.contains(part.span, "without") || x.contains(part.span, "if")) {
			return doing{}, false
		}
		if n != "will" && !(n == "'d" && x.lex.verb[x.word(k+1)] == x.word(k+1)) || x.word(k+1) == "not" || x.word(k+1) == "never" {
			continue
		}
		subject := x.word(k - 1)
		if g := pronounGenders[subject]; g != "" && x.people[f.who].gender != "" && x.people[f.who].gender != g && !x.eitherGender(f.who) {
			return doing{}, false // "she said he'll find them"
		}
		if !(x.whoAt(k-1) == f.who || subject == "she" || subject == "he" || subject == "they" || subject == "and" || k == part.a) {
			return doing{}, false
		}
		v := k + 1
		for v < part.b && adverbs[x.word(v)] {
			v++
		}
		base := x.lex.verb[x.word(v)]
		if base == "" || base == "be" || base == "need" || base == "miss" || base == "know" || base == "feel" || base == "think" || base == "love" || base == "hate" || base == "want" || base == "cope" || base == "struggle" || base == "like" || base == "get" && (x.word(v+1) == "upset" || x.word(v+1) == "cross" || x.word(v+1) == "better" || determiners[x.word(v+1)] && received[x.word(v+2)]) {
			return doing{}, false
		}
		if x.conditional(c) && !x.late(part.a) || x.past(part.span) {
			return doing{}, false
		}
		return doing{span: part.span, clause: c, owner: f.who, status: kerbside.Agreed}, true
	}
	return doing{}, false
}

// eitherGender reports somebody known by a first name that women and men have.
func (x *text) eitherGender(w int) bool {
	g, ok := x.lex.given[strings.ToLower(x.people[w].name)]
	return ok && g == ""
}

// mineTag reports a clause that says no more than that a thing is the worker's: "that's me", "me", "that's on me", "… down to me".
func (x *text) mineTag(c int) bool {
	p := x.parts[c].span
	b := p.b
	for b > p.a && (x.word(b-1) == "all" || x.word(b-1) == "and" || x.word(b-1) == "too" || x.word(b-1) == "then") {
		b--
	}
	if b <= p.a {
		return false
	}
	last := x.word(b - 1)
	switch {
	case last == "mine" && b-p.a <= 4 && x.late(p.a), taskWords[last] && x.word(b-2) == "my" && b-p.a <= 5 && x.late(p.a):
		return true
	case last != "me":
		return false
	}
	switch x.word(b - 2) {
	case "to":
		return x.word(b-3) == "down" || x.word(b-3) == "up"
	case "on":
		return b-p.a <= 6 && (x.word(b-3) == "'s" || x.word(b-3) == "is" || x.word(b-3) == "all" || b-p.a == 2)
	case "'s", "is":
		return b-p.a <= 4 && (x.word(p.a) == "that" || x.word(p.a) == "which" || x.word(p.a) == "it" || x.word(p.a) == "this")
	case "":
		return b-p.a == 1 && c > 0 && x.late(p.a) && x.verbAt[c-1] < 0 && x.tokenIs(p.a-1, ",")
	case "with":
		return b-p.a <= 5 && x.word(p.a) == "that"
	}
	return false
}

// agreedOtherwise reads "agreed hourly checks", "he's agreed nobody goes in", "has said aye to the parcel", "is happy to do her DBS", "shook hands on it".
func (x *text) agreedOtherwise(c int) (doing, bool) {
	part := &x.parts[c]
	if x.past(part.span) || x.supposed(c) && x.conditional(c) {
		return doing{}, false
	}
	owner := nobody
	for _, w := range x.subject[c] {
		if owner == nobody {
			owner = w
		}
	}
	both := x.contains(part.span, "both") || x.contains(part.span, "parents") || x.contains(part.span, "they")
	if owner == nobody && !both {
		return doing{}, false
	}
	for k := part.a; k < part.b; k++ {
		n := x.word(k)
		yes := false
		switch n {
		case "agreed", "agrees", "consented":
			next := x.word(k + 1)
			yes = next != "with" && next != "" && next != "on" && next != "by" && next != "at" && next != "last" && next != "yesterday" && !(next == "in" && x.word(k+2) != "writing") && x.word(k-1) != "not" && x.word(k-1) != "as" && !x.pastBehind(k+1, part.b)
			if next == "to" && (x.word(k+2) == "it" || x.word(k+2) == "this" || x.word(k+2) == "that" || x.word(k+2) == "them") {
				yes = false
			}
			if (x.word(k-1) == "was" || x.word(k-1) == "were") || next == "it" || next == "this" || next == "the" && !x.late(k) {
				yes = false
			}
		case "yes", "aye":
			yes = x.word(k+1) == "to" && x.lex.speech[x.before(k)] != "" && k+2 < part.b
		case "happy", "willing", "prepared":
			yes = x.word(k+1) == "to" && x.baseVerb(k+2, part.b) && (x.word(k-1) == "'s" || x.word(k-1) == "is" || x.word(k-1) == "are" || x.word(k-1) == "was" || k > 0 && x.tokens[k-1].poss) && x.late(k) && x.lex.verb[x.word(k+2)] != "be" && x.lex.verb[x.word(k+2)] != "see"
		case "committed", "commits":
			yes = x.word(k+1) == "to" && determiners[x.word(k+2)]
		case "signed":
			yes = x.word(k+1) == "that" && x.startsClause(k+2)
		case "shook":
			yes = x.word(k+1) == "on" || (x.contains(span{k, part.b}, "hand") || x.contains(span{k, part.b}, "hands")) && x.contains(span{k, part.b}, "on")
		}
		if yes {
			if owner == nobody {
				x.named[c] = x.severalIn(part.a, k)
			}
			return doing{span: part.span, clause: c, owner: owner, status: kerbside.Agreed}, true
		}
	}
	return doing{}, false
}

// othersDeeds are what somebody else than the worker is said to have done already, besides what workers do.
var othersDeeds = setOf("move fit buy collect sign fix sort repair replace change swap bring clear")

// alreadyDone reads what somebody else has done about a thing already: "Petra has already moved his bed", "she'd already sent the school a note".
func (x *text) alreadyDone(c int) (doing, bool) {
	part := &x.parts[c]
	for k := part.a + 2; k+2 < part.b; k++ {
		if x.word(k-1) != "already" || k < opening || !x.pastForm(k) || x.toldByOther(c) || x.supposed(c) {
			continue
		}
		if base := x.lex.verb[x.word(k)]; !doneDeeds[base] && !othersDeeds[base] {
			continue
		}
		if h := x.word(k - 2); h != "has" && h != "have" && h != "had" && h != "'s" && h != "'d" && h != "'ve" && !x.tokens[k-2].poss {
			continue
		}
		if owner, ok := x.actorOf(c, k-1); ok && owner >= 0 && !x.people[owner].isChild(x) {
			return doing{span: part.span, clause: c, owner: owner, status: kerbside.Done}, true
		}
	}
	return doing{}, false
}

// severalIn is the word for several people in [a,b), the first one without.
func (x *text) severalIn(a, b int) span {
	for k := a; k < b; k++ {
		if n := x.word(k); n == "parents" || n == "they" || n == "both" && x.word(k+1) != "parents" {
			return span{k, k + 1}
		}
	}
	return span{a, a + 1}
}

// grownOrYoung reports a person named within a few words.
func (x *text) grownOrYoung(a, b int) bool {
	for k := a; k < b && k < a+4; k++ {
		if x.who[k] >= 0 && !x.tokens[k].poss && !possessives[x.word(k)] || x.word(k) == "them" {
			return true
		}
	}
	return false
}

// pastBehind reports a statement about the past: "agreed that he had shouted".
func (x *text) pastBehind(a, b int) bool {
	for k := a; k < b && k < a+5; k++ {
		switch x.word(k) {
		case "was", "were", "had", "did", "has", "is", "'s":
			return true
		}
	}
	return false
}

// doingSoon reads a present participle that speaks of what is about to be done.
func (x *text) doingSoon(c int) (doing, bool) {
	part := &x.parts[c]
	if x.past(part.span) || x.supposed(c) && x.conditional(c) || x.question(c) || x.contains(part.span, "every") || x.contains(part.span, "always") {
		return doing{}, false // "is sending money every fortnight"
	}
	s := x.withFragments(c)
	soon := x.soon(s)
	for k := part.a; k < part.b; k++ {
		n := x.word(k)
		if !strings.HasSuffix(n, "ing") || x.lex.verb[n] == "" && n != "seeing" || x.negatedBefore(part.a, k) || x.contains(span{part.a, k}, "was") || x.contains(span{part.a, k}, "were") || x.contains(span{part.a, k}, "been") || x.contains(span{part.a, k}, "by") {
			continue
		}
		base := x.lex.verb[n]
		if n == "seeing" {
			base = "see"
		}
		state := standing[base]
		if base == "do" || base == "see" || base == "have" || base == "sit" || base == "stand" {
			w := x.word(k + 1)
			state = !(soon && (determiners[w] || possessives[w] || x.whoAt(k+1) >= 0) || base == "do" && (determiners[w] || possessives[w]) && x.late(k)) ||
				base == "do" && x.contains(span{k, min(part.b, k+6)}, "job") // "doing a great job"
		}
		if base == "go" {
			to := x.word(k + 1)
			state = !((soon || x.contains(part.span, "now")) && to == "there") && !(soon && (to == "to" && !x.baseVerb(k+2, part.b) && !(x.word(k+2) == "be" && idleStays[x.word(k+3)]) || to == "back" || to == "again" || to == "in" || to == "round"))
		}
		if (state || base == "wait" || base == "try" || base == "start" || base == "stop" || base == "keep" && !soon || base == "come" && !soon) && !(base == "keep" && x.late(k) && determiners[x.word(k+1)] && part.b > k+3) {
			if k == part.a {
				return doing{}, false
			}
			continue
		}
		switch prev := x.word(k - 1); {
		case k == part.a: // terse
			if part.joint == "," && c > 0 && len(x.subject[c-1]) > 0 && !x.worker[c-1] {
				return doing{}, false // "Oskar was chatty, bringing me toys"
			}
			if (part.a == x.sents[part.sentence].a || part.joint == "," || part.joint == "and") && (soon || x.late(k) && plannedDeeds[base]) && x.late(k) && len(x.subject[c]) == 0 {
				return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
			}
			return doing{}, false
		case prev == "am" || prev == "'m":
			if soon || x.late(k) || base == "go" {
				return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
			}
		case prev == "'s" || prev == "is" || prev == "are" || x.tokens[k-1].poss && (x.whoAt(k-1) >= 0 || k-1 == part.a && x.nameBegins(part, k-1)):
			owner, ok := x.actorOf(c, k)
			if (base == "do" || x.opinionAt(k)) && !x.hasDay(part.span) {
				continue // "they're doing an amazing job", "are doing the turns"
			}
			if ok && owner != -1 && (soon && (x.late(k) || plannedDeeds[base] || careDeeds[base]) || x.late(k) && plannedDeeds[base] && !x.contains(part.span, "now")) {
				return doing{span: part.span, clause: c, owner: owner, status: kerbside.Planned}, true
			}
			if ok && owner != -1 && x.late(k) && x.inHand(base, k, part.b, owner) {
				return doing{span: part.span, clause: c, owner: owner, status: kerbside.Planned}, true
			}
		}
	}
	return doing{}, false
}

// idleStays are words behind "be" for where somebody only is: "I'm going to be in the office".
var idleStays = setOf("in off away out")

// careDeeds are what families do for a child on a day: "Kasia's picking her up and keeping her tonight".
var careDeeds = setOf("pick keep stay mind meet")

// seesTo are what a professional is said to be doing about a thing, once.
var seesTo = setOf("give lend send find write draw keep hold sort pass move swap order print post")

// inHand reports a deed in the present that is as good as promised: "is getting her an appointment", "are getting the lock changed", "the school are giving him a key".
func (x *text) inHand(base string, k, b, owner int) bool {
	o := k + 1
	if o+1 >= b {
		return false
	}
	thing := determiners[x.word(o)] && x.word(o) != "all"
	if (x.who[o] >= 0 || x.word(o) == "them" || x.word(o) == "me") && !x.tokens[o].poss {
		thing = determiners[x.word(o+1)] && o+2 < b
		if base == "get" && thing {
			return true
		}
	}
	if base == "get" {
		for m := o + 2; determiners[x.word(o)] && m < b && m < o+5; m++ {
			if x.lex.verb[x.word(m)] != "" && x.pastForm(m) && x.word(m) != "put" {
				return true
			}
		}
		return thing && owner >= 0 && x.people[owner].kind(x) == roleProfessional
	}
	thing = thing || x.word(o) == "it"
	return thing && seesTo[base] && (owner == nobody || x.people[owner].kind(x) == roleProfessional || x.people[owner].kind(x) == "")
}

// toBeDone reads "missing form to be done tonight", "MARAC form tomorrow": a thing without a finite verb.
func (x *text) toBeDone(c int) (doing, bool) {
	part := &x.parts[c]
	if !x.late(part.a) || x.past(part.span) {
		return doing{}, false
	}
	v := x.verbAt[c]
	noun := false
	for k := part.a; k < part.b; k++ {
		n := x.word(k)
		noun = noun || deedNounsMore[n] || deedNouns[n]
		if n == "to" && k > part.a && x.word(k-1) != "want" && x.word(k-1) != "wants" && x.word(k+1) == "be" && x.lex.verb[x.word(k+2)] != "" && x.word(k+2) != x.lex.verb[x.word(k+2)] && (v < 0 || v >= k+2) && !x.hasFinite(part.a, k) && (noun || x.whoAt(k-1) >= 0 || officials[x.word(k-1)] || determiners[x.word(part.a)]) {
			owner := -1
			for m := k; m+1 < part.b; m++ { // "to be told by Jo"
				if x.word(m) == "by" && x.whoAt(m+1) >= 0 {
					owner = x.whoAt(m + 1)
				}
			}
			return doing{span: part.span, clause: c, owner: owner, status: kerbside.Planned}, true
		}
	}
	if v < 0 && noun && x.soon(x.withFragments(c)) && !x.contains(part.span, "since") && !x.contains(part.span, "last") && !x.contains(part.span, "from") {
		owner := -1
		for _, w := range x.subject[c] {
			if x.who[part.a] == w {
				owner = w
			}
		}
		return doing{span: x.withFragments(c), clause: c, owner: owner, status: kerbside.Planned}, true
	}
	return doing{}, false
}

// willBeDone reads what is going to be done about a thing by somebody, or on a day: "the notes will be typed up by the supervisor", "the cot's being delivered on Saturday".
func (x *text) willBeDone(c int) (doing, bool) {
	part := &x.parts[c]
	if x.past(part.span) || x.supposed(c) && x.conditional(c) {
		return doing{}, false
	}
	for k := part.a + 1; k+2 < part.b; k++ {
		n := x.word(k)
		ahead := (n == "will" || n == "to" && x.word(k-1) == "going") && x.word(k+1) == "be"
		now := (n == "is" || n == "are" || n == "'s" || x.tokens[k].poss) && x.word(k+1) == "being"
		if !ahead && !now {
			continue
		}
		v := k + 2
		for adverbs[x.word(v)] {
			v++
		}
		base := x.lex.verb[x.word(v)]
		if v >= part.b || !x.participle(v) || !doneDeeds[base] && !plannedDeeds[base] && !othersDeeds[base] && !seesTo[base] && !passiveDeeds[x.word(v)] && x.word(v) != "seen" && x.word(v) != "assessed" {
			return doing{}, false
		}
		d := doing{span: part.span, clause: c, owner: nobody, status: kerbside.Planned}
		for m := v + 1; m+1 < part.b; m++ {
			if x.word(m) != "by" {
				continue
			}
			o := m + 1
			for determiners[x.word(o)] {
				o++
			}
			if w := x.who[min(o, len(x.tokens)-1)]; w >= 0 {
				d.owner = w
				return d, true
			}
			for e := o; e < part.b && e < o+4; e++ {
				if officials[x.word(e)] {
					x.named[c] = span{o, e + 1}
					return d, true
				}
			}
		}
		return d, x.soon(part.span)
	}
	return doing{}, false
}

// wantsTo reads what the worker wants or needs to do, or will see to in the present: "I want to speak to his mother", "Need to ask the nurse", "I see Femi on Friday".
func (x *text) wantsTo(c int) (doing, bool) {
	part := &x.parts[c]
	if !x.late(part.a) {
		return doing{}, false
	}
	terse := part.a == x.sents[part.sentence].a && (x.verbAt[c] == part.a || x.word(part.a) == "need" || x.word(part.a) == "want" || x.word(part.a) == "got") && len(x.subject[c]) == 0
	if !x.worker[c] && !terse {
		return doing{}, false
	}
	for k := part.a; k < part.b && k < part.a+5; k++ {
		n := x.word(k)
		base := x.lex.verb[x.word(k+2)]
		switch {
		case (n == "want" || n == "need" || n == "got" || n == "have") && x.word(k+1) == "to" && base == x.word(k+2) && base != "" && (!standing[base] || base == "see" || base == "talk") && !x.negatedBefore(part.a, k):
			if x.speaksOfNote(k+2, part.b) || base == "see" && !x.soon(part.span) && x.grownOrYoung(k+3, part.b) {
				continue
			}
			return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
		case k > part.a && x.word(k-1) == "i" && n == x.lex.verb[n] && (doneDeeds[n] || n == "see") && n != "set" && n != "put" && n != "let" && n != "ask" && x.soon(part.span):
			return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
		case n == "will" && k == part.a && part.a == x.sents[part.sentence].a && len(x.subject[c]) == 0 && x.lex.verb[x.word(k+1)] == x.word(k+1) && x.word(k+1) != "" && !standing[x.word(k+1)]:
			return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
		case n == "see" && k > part.a && x.word(k-1) == "i" && x.soon(x.withFragments(c)) && k+1 < len(x.tokens) && x.whoAt(k+1) >= 0:
			return doing{span: x.withFragments(c), clause: c, owner: -1, status: kerbside.Planned}, true
		case n == "will" && x.word(k+1) == "have" && (x.contains(span{k, part.b}, "in") || x.contains(span{k, part.b}, "done") || x.contains(span{k, part.b}, "ready") || x.contains(span{k, part.b}, "a")) && x.worker[c] && x.soon(part.span):
			return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
		}
	}
	return doing{}, false
}

// activeBehind reports a word behind "emailed" with which the one named before it did that: "the solicitor emailed asking for it".
func activeBehind(next string) bool {
	return strings.HasSuffix(next, "ing") || determiners[next] || next == "to" || next == "back" || next == "over" || next == "in" || next == "that"
}

// hasTold reads whom of the other services the worker has told or asked: "Rang DC Webb", "I told the manager before I left", "Police told by phone".
func (x *text) hasTold(c int) (doing, bool) {
	part := &x.parts[c]
	v := x.verbAt[c]
	for k := part.a; k < part.b && k < part.a+5; k++ {
		n := x.word(k)
		base := x.lex.verb[n]
		if !tellDeeds[base] || n == base && (base != "let" || k == part.a) || strings.HasSuffix(n, "ing") {
			continue
		}
		if x.negatedBefore(part.a, k) || x.past(part.span) || x.supposed(c) {
			return doing{}, false
		}
		if base == "call" && (x.word(k+1) == "in" || x.word(k+1) == "on" || x.word(k+1) == "at" || x.word(k+1) == "round") {
			continue // that is a visit
		}
		mine := x.word(k-1) == "i" || x.word(k-1) == "'ve" || x.word(k-1) == "have" && x.worker[c] || adverbs[x.word(k-1)] && x.worker[c] || k == part.a && (v == k || v < 0) && part.a == x.sents[part.sentence].a || k == part.a && x.worker[c]
		if mine && !(base == "ask" && x.asksWhether(k, part.b)) {
			for m := k + 1; m < part.b && m < k+5; m++ {
				if w := x.word(m); officials[w] && w != "head" || x.who[m] >= 0 && x.people[x.who[m]].kind(x) == roleProfessional || titles[w] {
					return doing{span: part.span, clause: c, owner: -1, status: kerbside.Done}, true
				}
			}
		}
		if k > part.a && officials[x.word(k-1)] && (v < 0 || v == k) && part.a >= x.sents[part.sentence].a && k-part.a <= 2 && x.late(k) && (n == "told" || n == "informed" || n == "notified" || n == "rung" || (n == "emailed" || n == "texted" || n == "phoned") && !activeBehind(x.word(k+1))) && !x.contains(part.span, "me") {
			return doing{span: part.span, clause: c, owner: -1, status: kerbside.Done}, true
		}
	}
	return doing{}, false
}
