package rules

import (
	"strings"

	"kerbside"
)

// doing is an action in the making.
type doing struct {
	span
	clause  int
	owner   int // person, -1 the worker, -2 nobody said
	status  string
	learned bool // the model found it
}

const nobody = -2

var (
	notDoing = setOf("be have see know think say feel remain become need like love want stay get understand mean depend happen seem hope believe wonder struggle miss continue hate cope doubt find come go manage turn live grow suffer hear lose")
	headings = setOf("actions action to-do todo agreed plan tasks next")
)

// findActions reads what somebody will do, agreed to do or did for the family, and marks its clauses as taken.
func (x *text) findActions() {
	x.taken = make([]bool, len(x.parts))
	heading := -1 // the sentence up to which a heading "To do:" holds
	var found []doing
	for c := range x.parts {
		part := &x.parts[c]
		if x.isHeading(c) {
			heading = x.headingEnd(part.sentence)
			continue
		}
		if x.nextVisitClause(c) && !x.furtherVisit(c) {
			back := x.thenReturns(c)
			if d, ok := x.actionIn(c); ok && back > d.a {
				d.b = back
				found = append(found, d)
			}
			x.taken[c] = true
			continue
		}
		if d, ok := x.requestIn(c); ok {
			found = append(found, d)
			x.taken[c] = true
			continue
		}
		if x.question(c) {
			continue
		}
		d, ok := x.actionIn(c)
		if x.supposed(c) && x.conditional(c) && !x.asksIf(c) && !(ok && x.willThen(c, d.owner)) && (!ok || d.status != kerbside.Agreed && (d.owner == -1 || x.hypothetical(part.a, part.a) || part.a > x.sents[part.sentence].a && x.supposedBefore(part))) {
			continue
		}
		if ok {
			if n := len(found); n > 0 && (x.sameDeed(found[n-1], d) || x.andDid(found[n-1], d)) {
				found[n-1].b, found[n-1].clause = d.b, d.clause
				if found[n-1].status == kerbside.Agreed && d.owner == -1 && d.status == kerbside.Planned {
					found[n-1].status = d.status
				}
			} else {
				found = append(found, d)
			}
			x.taken[c] = d.status != kerbside.Done
			continue
		}
		further := len(found) > 0 && found[len(found)-1].clause == c-1 && x.parts[c].sentence == x.parts[c-1].sentence && x.verbAt[c] < 0 && x.furtherPart(c, found[len(found)-1])
		if d, ok := x.undertakingIn(c); ok && !further {
			n := len(found)
			if n > 0 && x.sameDeed(found[n-1], d) {
				found[n-1].b, found[n-1].clause = d.b, d.clause
				x.taken[c] = true
				continue
			}
			if n > 0 && found[n-1].a >= d.a {
				d.a, found = found[n-1].a, found[:n-1]
			}
			found = append(found, d)
			x.taken[c] = d.status != kerbside.Done
			continue
		}
		if n := len(found); n > 0 && found[n-1].clause == c-1 && x.parts[c].sentence == x.parts[c-1].sentence && x.furtherPart(c, found[n-1]) {
			if d, ok := x.furtherAction(c, found[n-1]); ok {
				found = append(found, d)
			} else {
				found[n-1].b, found[n-1].clause = part.b, c
			}
			x.taken[c] = true
			continue
		}
		if part.sentence <= heading && heading >= 0 {
			if d, ok := x.bareAction(c); ok {
				found = append(found, d)
				x.taken[c] = true
				continue
			}
		}
		if p := c - 1; p >= 0 && x.parts[p].sentence == part.sentence && x.parts[p].b-x.parts[p].a <= 3 && x.tokens[x.parts[p].b-1].norm == "me" && part.joint == "," { // "For me, ring the landlord"
			if d, ok := x.bareAction(c); ok {
				found = append(found, d)
				x.taken[c] = true
				continue
			}
		}
		if d, ok := x.needsDoing(c); ok {
			found = append(found, d)
			x.taken[c] = true
			continue
		}
		if d, ok := x.verbless(c); ok {
			found = append(found, d)
			x.taken[c] = true
		}
	}
	for _, d := range x.ofTwoDays(x.learnedDeeds(found)) {
		if d.owner == -1 && d.status == kerbside.Planned && x.future(d.span) && x.negatedBetween(d.a, min(d.a+4, d.b)) {
			continue // "I'll not be ringing them until …"
		}
		if x.letsUsVisit(d.span) {
			continue
		}
		for i := d.a + 1; i < d.b && d.owner == -1; i++ {
			if w := x.who[i-1]; x.word(i) == "agreed" && w >= 0 && !pronoun(x.word(i-1)) && !x.tokens[i-1].poss {
				d.owner = w // "Before I left Lisa agreed he could stay with his nan"
			}
		}
		x.settleDeed(&d)
		x.addAction(d)
	}
}

// ofTwoDays makes two of what one clause says for two days: "I will ring Karen today, and see the girls on Monday".
func (x *text) ofTwoDays(list []doing) []doing {
	var out []doing
	for _, d := range list {
		for m := d.a + 2; d.status == kerbside.Planned && m+2 < d.b && m < d.a+opening; m++ {
			if x.word(m) != "and" || x.lex.verb[x.word(m+1)] != x.word(m+1) || x.word(m+1) == "" || x.roleStart[m+1] > 0 || len(days(x.tokens, d.a, m, x.base, forward)) == 0 || len(days(x.tokens, m+1, min(d.b, m+opening), x.base, forward)) == 0 {
				continue
			}
			first := d
			first.b = m
			if x.tokenIs(m-1, ",") {
				first.b--
			}
			out = append(out, first)
			d.a = m + 1
			break
		}
		out = append(out, d)
	}
	return out
}

// letsUsVisit reads what somebody agreed to for the visit itself, which leaves nothing to do: "agreed I could come in", "agreed to let me in", "agreed to me seeing her room".
func (x *text) letsUsVisit(s span) bool {
	for k := s.a; k < s.b; k++ {
		if n := x.word(k); n != "agreed" && n != "consented" {
			continue
		}
		if x.hasDay(s) || x.future(s) || x.contains(s, "next") {
			return false
		}
		m := k + 1
		if x.word(m) == "that" {
			m++
		}
		switch w := x.word(m); w {
		case "i", "we":
			return x.word(m+1) == "could"
		case "to":
			return x.letsIn(m+1) || (x.word(m+1) == "me" || x.word(m+1) == "us") && strings.HasSuffix(x.word(m+2), "ing")
		}
	}
	return false
}

// harming are deeds that are threatened and no plan of anybody's.
var harming = setOf("kill burn hurt hit smash beat stab batter shoot torch harm punch slap strangle")

// passiveDeeds are what is done about things that "are to be" done.
var passiveDeeds = setOf("made booked arranged sent chased completed sorted requested organised organized contacted updated shared convened scheduled checked followed referred reviewed submitted picked raised explored considered discussed ordered commissioned applied " +
	"told rung emailed informed notified phoned spoken typed fixed fitted replaced redone found signed collected filled drawn written added looked put done delivered")

// needsDoing reads what is to be done without saying who does it before: "referral to be made by Friday", "that needs to be picked up by Tanya".
func (x *text) needsDoing(c int) (doing, bool) {
	part := &x.parts[c]
	if x.reported(c) || x.supposed(c) || x.past(part.span) || x.contains(part.span, "if") {
		return doing{}, false
	}
	denied := false
	for i := part.a; i+1 < part.b; i++ {
		denied = denied || negators[x.word(i)]
		if owner, ok := x.needsWork(i); ok && !denied && i > part.a && x.late(i) && !x.told(i) && !x.doneNext(c) {
			return doing{span: part.span, clause: c, owner: owner, status: kerbside.Planned}, true
		}
		if i == part.a || denied || x.word(i) != "to" || x.word(i+1) != "be" || !passiveDeeds[x.word(i+2)] || x.told(i) {
			continue
		}
		switch x.word(i - 1) {
		case "needs", "need", "has", "have", "is", "are", "'s":
		case "want", "wants", "wanted":
			continue // "both of them want to be considered"
		default:
			if x.hasFinite(part.a, i) {
				continue // "mum wants it to be sorted"
			}
		}
		d := doing{span: part.span, clause: c, owner: nobody, status: kerbside.Planned}
		for k := i + 3; k+1 < len(x.tokens) && k < i+8; k++ {
			if x.word(k) != "by" {
				continue
			}
			for m := k + 1; m < k+5 && m < len(x.tokens); m++ {
				if w := x.who[m]; w >= 0 {
					d.owner = w
					break
				}
				if x.word(m) == "me" || x.word(m) == "myself" {
					d.owner = -1
					break
				}
			}
		}
		return d, true
	}
	return doing{}, false
}

// doneNext reports that the clause behind c, in its sentence, says who sees to what c names: "the plan needs updating, | I'll do that".
func (x *text) doneNext(c int) bool {
	n := c + 1
	return n < len(x.parts) && x.parts[n].sentence == x.parts[c].sentence && x.hasFuture(x.parts[n].span)
}

// asksIf reports an "if" that is to be asked: "I'll ask Kev if they'd waive the subs".
func (x *text) asksIf(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for k := s.a; k < s.b; k++ {
		if x.word(k) != "if" {
			continue
		}
		asked := false
		for i := k - 1; i >= s.a && i > k-9 && !x.tokens[i].mark; i-- {
			asked = asked || x.word(i) == "ask" || x.word(i) == "see" || x.word(i) == "check"
		}
		return asked
	}
	return false
}

// willThen reports that clause c says what will be done, whatever it hangs on: "I'll ask the school if she agrees", "if nobody has called I'll chase them on Monday". What
// the worker says behind a condition without a day is no plan yet: "if there's no answer I'll ask for a welfare check".
func (x *text) willThen(c, owner int) bool {
	part := &x.parts[c]
	behind := part.joint != "so" && x.word(part.a) != "so" && x.conditionBefore(c)
	for i := part.a; i < part.b; i++ {
		switch x.word(i) {
		case "if", "unless":
			behind = true
		case "will", "shall":
			return !behind || owner != -1 || x.hasDay(span{i, part.b})
		}
	}
	return false
}

// conditionBefore reports a clause before c in its sentence that begins with "if".
func (x *text) conditionBefore(c int) bool {
	for d := c - 1; d >= 0 && x.parts[d].sentence == x.parts[c].sentence; d-- {
		a := x.parts[d].a
		for connectors[x.word(a)] && x.word(a) != "if" && x.word(a) != "unless" && a < x.parts[d].b {
			a++
		}
		if w := x.word(a); w == "if" || w == "unless" {
			return true
		}
	}
	return false
}

// andDid joins what the worker has done besides, which no words say more of: "I've emailed the nursery | and I've rung".
func (x *text) andDid(d, next doing) bool {
	return d.status == kerbside.Done && next.status == kerbside.Done && d.owner == next.owner && d.clause+1 == next.clause && x.parts[d.clause].sentence == x.parts[next.clause].sentence && next.b-next.a <= 4
}

// furtherVisit reports a clause that announces another visit than the one that stands as the next: one later the same day, or to a child elsewhere. It is
// something to be done like any other.
func (x *text) furtherVisit(c int) bool {
	day := x.visitDay(c).Value
	return x.worker[c] && x.visitAhead(c) < visitNext && (day == "" || day != x.record.Visit.NextVisit.Value)
}

// isHeading reports "To do:", "Actions:", "Agreed:", "Next steps:".
func (x *text) isHeading(c int) bool {
	p := &x.parts[c]
	if p.b-p.a > 4 || p.b >= len(x.tokens) {
		return false
	}
	colon := x.tokens[p.b].norm == ":" || x.tokens[p.b].norm == "," && p.b-p.a == 1 && p.a == x.sents[p.sentence].a || x.tokens[p.b].norm == "-" || x.tokens[p.b].norm == "." && p.b-p.a <= 2 || x.tokens[p.b].norm == lineMark
	if !colon {
		return false
	}
	w := x.tokens[p.a].norm
	last := x.tokens[p.b-1].norm
	return headings[w] && (p.b-p.a == 1 || last == "steps" || last == "points" || last == "actions" || last == "agreed" || last == "me") || w == "to" && last == "do" || w == "follow" && last == "up" || last == "actions" || last == "steps"
}

func (x *text) headingEnd(s int) int {
	end := s
	for n := s; n < len(x.sents) && n < s+12; n++ {
		if n > s && x.sents[n].a > 0 && x.tokens[x.sents[n].a-1].norm == breakMark {
			break
		}
		end = n
	}
	return end
}

// actionIn reads a clause whose verb says that somebody will, agreed to, or did.
func (x *text) actionIn(c int) (doing, bool) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		verb, status := x.modalAt(c, i)
		if verb < 0 {
			continue
		}
		if verb >= len(x.tokens) || x.tokens[verb].mark {
			continue
		}
		base := x.lex.verb[x.tokens[verb].norm]
		if base == "" {
			base = x.tokens[verb].norm
			if prepositions[base] || determiners[base] || subjectPronouns[base] || auxiliaries[base] && base != "do" && !(base == "be" && (x.after(verb) == "at" && x.hasDay(part.span) || status == kerbside.Agreed && pledges[x.lex.verb[x.tokens[i].norm]])) || status == kerbside.Done {
				continue
			}
		}
		from := i
		if status == kerbside.Agreed && verb > i+3 {
			from = verb - 1 // "we agreed that Ann would"
		}
		owner, ok := x.actorOf(c, from)
		if t.poss && x.who[i] >= 0 && verb == i+1 {
			owner, ok = x.who[i], true // "Jenna's taking him to the dentist"
		}
		if !ok && from != i {
			owner, ok = x.actorOf(c, i)
		}
		if w, mine := x.actorOf(c, i); mine && w == -1 && (x.tokens[i].norm == "promised" || x.tokens[i].norm == "undertook") {
			owner = -1 // "I promised her she'd get her fare"
		}
		if !ok && x.myTask(part.a, i) {
			owner, ok = -1, true
		}
		if !ok || owner == -1 && x.speaksOfNote(verb, part.b) {
			continue
		}
		if status == kerbside.Agreed && x.tokens[i].norm == "agreed" && (x.after(i+1) == "it" || x.after(i+1) == "them" || x.after(i+1) == "this" || x.after(i+1) == "that") {
			continue
		}
		if owner == -1 && x.tokens[i].norm == "offered" && !x.acceptedBehind(c) {
			continue
		}
		if x.tokens[i].norm == "going" && i > part.a && x.word(i-1) == "was" && x.fellThrough(c) || owner >= 0 && status == kerbside.Planned && x.people[owner].isChild(x) && x.word(i+1) == "only" || harming[base] {
			continue
		}
		if base == "start" && owner >= 0 && x.people[owner].isChild(x) {
			continue // "he'll be starting nursery in January"
		}
		if base == "give" && x.word(verb+2) == "that" && (verb+3 >= len(x.tokens) || x.tokens[verb+3].mark) {
			continue // "I'll give her that"
		}
		if owner >= 0 && (x.people[owner].roleName == "baby" || x.infant(&x.people[owner])) {
			continue // "where the baby will sleep"
		}
		d := doing{span: part.span, clause: c, owner: owner, status: status}
		if owner >= 0 && x.tokens[i].norm == "to" && i > part.a && x.whoAt(i-1) < 0 {
			continue
		}
		if x.idleDeed(c, verb, base, owner) && (status != kerbside.Agreed || x.tokens[i].norm == "would" || x.tokens[i].norm == "'d") {
			continue
		}
		if x.negatedBetween(i, verb) && (status == kerbside.Planned || x.tokens[i].norm == "would" || x.tokens[i].norm == "'d") {
			continue
		}
		reported := x.told(i)
		if reported && owner == -1 { // "I will …" in somebody else's mouth
			f := x.outer(part.a)
			switch {
			case x.contains(f.cue, "agreed"): // "she's agreed, I'm going to phone"
			case f.who < 0 || x.people[f.who].isChild(x) || !f.direct:
				continue
			default:
				d.owner = f.who
			}
		}
		if owner != -1 && status == kerbside.Planned && (x.worriedOf(part.a) || x.fears(x.sents[part.sentence].a, i)) {
			continue // "my worry is that he will come back", "she's scared that they will take them"
		}
		if owner == -1 && x.fearsOfUs(i) {
			continue
		}
		if reported && owner >= 0 && x.people[owner].isChild(x) && status == kerbside.Planned {
			continue
		}
		if reported && owner >= 0 && status == kerbside.Planned && x.outer(i).who == owner {
			d.status = kerbside.Agreed // "Marcia said she'll tell him"
		}
		if status == kerbside.Done && (owner != -1 || hangsOn[x.word(part.a)]) {
			continue
		}
		return d, true
	}
	return doing{}, false
}

// hangsOn are words with which a clause begins that says on what another hangs: "until I've spoken to the landlord".
var hangsOn = setOf("until till once when after before if unless")

// idleDeed reports a verb, at token verb, with which nothing is done: "will be fine", "is going to see", as opposed to "I'll get on to them", "she'll be there on Monday".
func (x *text) idleDeed(c, verb int, base string, owner int) bool {
	if !notDoing[base] {
		return false
	}
	part, next := x.parts[c].span, x.after(verb)
	other := owner >= 0 && x.hasDay(part)
	switch base {
	case "see":
		return !(owner == -1 || other || owner >= 0 && x.people[owner].kind(x) == roleProfessional)
	case "have":
		return !(next == "a" && !(owner >= 0 && x.people[owner].isChild(x))) && !(x.hasDay(part) && x.hasThere(verb+1))
	case "get":
		switch next {
		case "rid", "in", "on", "help", "hold":
			return false
		}
		return owner != -1 && !x.hasDay(part) && !x.getsThing(verb)
	case "find":
		return next != "out"
	case "go":
		return !(owner == -1 || other || next == "with")
	case "come":
		return !(other || next == "back" || next == "to" && x.meetingWithin(verb+2, part.b) || owner == nobody && (next == "out" || next == "round") && x.word(verb+2) != "of")
	case "be":
		return !other && !(next == "in" && x.word(verb+2) == "touch") || verb+1 < part.b && isNumber(&x.tokens[verb+1]) // "will be thirty next week"
	case "stay":
		return !(other || owner >= 0 && !x.people[owner].isChild(x) && (next == "with" || next == "away" || next == "at" || next == "over"))
	case "keep":
		return !other
	}
	return true
}

// meetingWithin reports that a meeting is named in a few words from token a: "to the conference", "to the first core group".
func (x *text) meetingWithin(a, b int) bool {
	for k := a; k < b && k < a+5; k++ {
		if meetingNouns[x.word(k)] {
			return true
		}
	}
	return false
}

// getsThing reports "get him an appointment", "get a new lock", "get Ada to the dentist", as opposed to "get upset", "get the hang of it".
func (x *text) getsThing(verb int) bool {
	k := verb + 1
	for w := x.word(k); k < len(x.tokens) && (x.who[k] >= 0 && !x.tokens[k].poss || w == "them" || w == "him" || w == "her"); w = x.word(k) {
		k++
	}
	switch x.word(k) {
	case "a", "an", "some":
		return !received[x.word(k+1)]
	case "to":
		return k > verb+1 && (determiners[x.word(k+1)] || possessives[x.word(k+1)] || tellDeeds[x.word(k+1)])
	case "registered", "booked", "seen", "checked", "signed", "referred", "enrolled", "weighed":
		return k > verb+1
	}
	return false
}

// received is what one gets without a hand's turn: "they'll get an offer".
var received = setOf("offer answer decision reply result letter call place surprise shock")

// hasThere reports somebody whom another has somewhere, at token k: "him here", "them over", "Ada on Monday".
func (x *text) hasThere(k int) bool {
	for k < len(x.tokens) && (determiners[x.word(k)] || x.word(k) == "both") {
		k++ // "both children tonight"
	}
	if k+1 >= len(x.tokens) || x.who[k] < 0 && !severalYoung[x.word(k)] || x.tokens[k].poss {
		return false
	}
	n := x.word(k + 1)
	return n == "here" || n == "there" || n == "home" || prepositions[n] || adverbs[n] || particles[n] || n == "ready"
}

var severalYoung = setOf("them children kids boys girls twins")

// fellThrough reports that a plan of the past came to nothing: "was going to ring but she forgot".
func (x *text) fellThrough(c int) bool {
	p := x.parts[c]
	if x.contains(p.span, "but") {
		return true
	}
	if c+1 < len(x.parts) && x.parts[c+1].sentence == p.sentence {
		first := x.word(x.parts[c+1].a)
		return first == "but" || first == "until" || x.contains(x.parts[c+1].span, "not")
	}
	return false
}

// worriedOf reports a clause that begins with what the worker fears or thinks.
func (x *text) worriedOf(a int) bool {
	for i := a; i < a+6 && i < len(x.tokens); i++ {
		switch x.tokens[i].norm {
		case "worry", "concern", "fear", "worried", "concerned", "afraid":
			return true
		}
	}
	return false
}

// fears reports "scared that", "frightened they" before token i.
func (x *text) fears(a, i int) bool {
	for k := a; k+1 < i; k++ {
		switch x.word(k) {
		case "scared", "frightened", "afraid", "terrified", "worried", "fears", "fear", "fearful", "anxious", "dreads", "nervous":
			if n := x.word(k + 1); n == "that" || n == "if" || subjectPronouns[n] || n == "of" {
				return true
			}
		}
	}
	return false
}

// fearsOfUs reports what somebody fears that the worker will do: "she's frightened we're going to take him". The verb is at token i.
func (x *text) fearsOfUs(i int) bool {
	for k := max(0, i-4); k < i; k++ {
		if n := x.word(k); n != "i" && n != "we" {
			continue
		}
		m := k - 1
		if x.word(m) == "that" {
			m--
		}
		switch x.word(m) {
		case "scared", "frightened", "afraid", "terrified", "worried", "fears", "fearful", "anxious", "dreads", "nervous", "convinced", "thinks":
			return true
		}
	}
	return false
}

// supposedBefore reports an "if" in the sentence before a clause.
func (x *text) supposedBefore(part *clause) bool {
	for i := x.sents[part.sentence].a; i < part.a; i++ {
		if !x.tokens[i].mark && x.hypothetical(i, x.sents[part.sentence].a) {
			return true
		}
	}
	return false
}

// told reports a token within what somebody else says.
func (x *text) told(i int) bool {
	for _, f := range x.framesAt(i) {
		if f.kind != kerbside.WorkerOpinion && f.content.a <= i && i < f.content.b {
			return true
		}
	}
	return false
}

func (x *text) outer(i int) frame {
	for _, f := range x.framesAt(i) {
		if f.kind != kerbside.WorkerOpinion {
			return f
		}
	}
	return frame{who: -1}
}

func (x *text) negatedBetween(a, b int) bool {
	for i := a; i < b; i++ {
		if x.tokens[i].norm == "not" || x.tokens[i].norm == "never" {
			return true
		}
	}
	return false
}

// modalAt reads "will ring", "am going to chase", "has agreed to book", "Fern to make", "have emailed" at token i and gives the verb
// and the status, or -1.
func (x *text) modalAt(c, i int) (verb int, status string) {
	part := &x.parts[c]
	skip := func(k int) int {
		for k < part.b && !x.tokens[k].mark && (adverbs[x.tokens[k].norm] || isFiller(&x.tokens[k])) {
			k++
		}
		for k < part.b && x.tokens[k].mark && x.tokens[k].norm == "," {
			k++
		}
		if k >= part.b {
			return -1
		}
		return k
	}
	norm := func(k int) string {
		if k >= 0 && k < part.b && !x.tokens[k].mark {
			return x.tokens[k].norm
		}
		return ""
	}
	switch n := norm(i); n {
	case "will", "shall":
		if k := skip(i + 1); norm(k) == "have" && norm(k+1) == "to" {
			return skip(k + 2), kerbside.Planned // "she'll have to ring them"
		}
		if k := skip(i + 1); norm(k) == "be" && strings.HasSuffix(norm(k+1), "ing") && (x.lex.verb[norm(k+1)] != "" || norm(k+1) == "seeing") {
			return k + 1, kerbside.Planned // "I'll be asking"
		}
		return skip(i + 1), kerbside.Planned
	case "going":
		if norm(i+1) == "to" && norm(i+2) == "have" && norm(i+3) == "to" && norm(i-1) != "was" {
			return skip(i + 4), kerbside.Planned
		}
		if norm(i+1) == "to" && !(norm(i-1) == "was" && x.worker[c]) && norm(i-1) != "not" && (x.baseVerb(i+2, part.b) || x.worker[c]) {
			return skip(i + 2), kerbside.Planned
		}
	case "due":
		if norm(i+1) == "to" && x.baseVerb(i+2, part.b) && x.soon(part.span) && finiteAux[norm(i-1)] && norm(i-1) != "was" {
			return skip(i + 2), kerbside.Planned // "is due to do his first aid on the third"
		}
	case "plan", "intend", "aim":
		if x.worker[c] && norm(i+1) == "to" {
			return skip(i + 2), kerbside.Planned
		}
	case "need", "needs", "have", "got", "has":
		if norm(i+1) == "to" && norm(i-1) != "not" && (x.worker[c] || n == "needs" || n == "need") && (n != "got" || x.baseVerb(i+2, part.b)) {
			return skip(i + 2), kerbside.Planned
		}
		if n == "has" && norm(i+1) == "to" || n == "got" && norm(i+1) == "to" {
			if x.baseVerb(i+2, part.b) && (x.soon(part.span) || norm(i-1) == "still") && !x.contains(part.span, "every") {
				return skip(i + 2), kerbside.Planned // "she has to hand the keys in on Monday", "she still has to send it"
			}
		}
		if n == "have" && x.worker[c] {
			k := skip(i + 1)
			if k > 0 && x.pastForm(k) && doneDeeds[x.lex.verb[x.tokens[k].norm]] && !x.negatedBefore(i, k) && !x.tellsWhoWill(k, part.b) {
				return k, kerbside.Done
			}
		}
	case "must":
		return skip(i + 1), kerbside.Planned
	case "agreed", "agrees", "promised", "promises", "offered", "undertook", "undertakes", "committed", "commits", "volunteered":
		k := i + 1
		for k < part.b && (adverbs[norm(k)] || strings.HasSuffix(norm(k), "fully")) && norm(k) != "not" {
			k++ // "promised faithfully to"
		}
		if norm(k) == "not" {
			k++
		}
		if norm(k) == "to" {
			return skip(k + 1), kerbside.Agreed
		}
		if subjectPronouns[norm(k+1)] && (objectPronouns[norm(k)] || norm(k) == "me" || norm(k) == "us" || k < part.b && x.whoAt(k) >= 0) {
			k++ // "promised me she'd"
		}
		if norm(k) == "that" || subjectPronouns[norm(k)] {
			for ; k < part.b; k++ {
				if w := norm(k); w == "will" || w == "would" || w == "'d" {
					return skip(k + 1), kerbside.Agreed
				}
			}
		}
	case "to":
		if done := (span{part.a, i}); x.contains(done, "with") && (x.contains(done, "visit") || x.contains(done, "call") || x.contains(done, "meeting")) && (!x.hasDay(part.span) || x.contains(done, "today")) {
			break // "Joint visit with PC Harris to see Reece"
		}
		if i == part.a && part.joint == "," && c > 0 && x.parts[c-1].sentence == part.sentence && len(x.subject[c-1]) > 0 && !x.hasFinite(x.sents[part.sentence].a, i) {
			return skip(i + 1), kerbside.Planned
		}
		if i > part.a && x.tokens[i-1].poss && x.whoAt(i-1) >= 0 && x.oneName(part.a, i) && x.baseVerb(i+1, part.b) {
			return skip(i + 1), kerbside.Planned // "Jo's to ring", "the foster carer's to bring it"
		}
		if i > part.a && (x.whoAt(i-1) >= 0 && !x.tokens[i-1].poss || norm(i-1) == "i" || norm(i-1) == "me" || norm(i-1) == "parents" || norm(i-1) == "carers" || norm(i-1) == "family" || norm(i-1) == "both" || organisations[norm(i-1)]) && (!x.verbBefore(part.a, i) || x.planFor(part.a, i)) && x.baseVerb(i+1, part.b) {
			return skip(i + 1), kerbside.Planned
		}
	case "am", "'m", "is", "are", "'s":
		if norm(i+1) == "to" && x.lex.verb[norm(i+2)] == norm(i+2) && norm(i+2) != "" {
			return i + 2, kerbside.Planned
		}
		k := skip(i + 1)
		if k > 0 && strings.HasSuffix(norm(k), "ing") && norm(k) != "going" && plannedDeeds[x.lex.verb[norm(k)]] && (n == "am" || x.hasDay(part.span)) {
			return k, kerbside.Planned
		}
	case "was", "were":
		return -1, ""
	case "would", "'d":
		if k := skip(i + 1); n == "'d" && k > 0 && x.lex.verb[norm(k)] != norm(k) {
			break // "they'd slept in"
		}
		if k := skip(i + 1); part.joint == "because" || n == "'d" && k > 0 && x.sameInPast(norm(k)) && !x.soon(part.span) {
			break // "she hid it because they'd laugh"; "he'd put it away"
		}
		if w := norm(i + 1); n == "'d" && (w == "only" || w == "just" || w == "already" || w == "never") {
			break // "he'd only put him down"
		}
		if x.reported(c) || x.saysWould(c, i) {
			return skip(i + 1), kerbside.Agreed
		}
	}
	if t := &x.tokens[i]; t.poss && x.who[i] >= 0 && i+1 < part.b && strings.HasSuffix(norm(i+1), "ing") && plannedDeeds[x.lex.verb[norm(i+1)]] && x.hasDay(x.sents[part.sentence]) {
		return i + 1, kerbside.Planned // "Ann's taking him on Monday"
	}
	if x.worker[c] && norm(i) == "put" && norm(i-1) == "i" && norm(i+1) == "in" && norm(i+2) == "for" && i+3 < part.b {
		return i, kerbside.Done // "I put in for the grant"
	}
	if x.worker[c] && x.pastForm(i) && pastDeeds[x.lex.verb[norm(i)]] && i > part.a && (norm(i-1) == "i" || adverbs[norm(i-1)] && norm(i-1) != "never" && i > part.a+1 && norm(i-2) == "i") && x.forFamily(c, i) {
		return i, kerbside.Done
	}
	return -1, ""
}

// oneName reports that [a,b) only says who somebody is: "Jo", "the foster carer".
func (x *text) oneName(a, b int) bool {
	for k := a; k < b; k++ {
		if x.who[k] != x.who[b-1] && !(k == a && determiners[x.word(k)]) {
			return false
		}
	}
	return true
}

// tellsWhoWill reports what somebody was told that others will do, with the verb of telling at token k: "I've told her someone will come out", "I've let mum know that Bev will ring".
func (x *text) tellsWhoWill(k, b int) bool {
	switch x.lex.verb[x.word(k)] {
	case "tell", "let", "say", "inform":
	default:
		return false
	}
	for i := k + 2; i+1 < b && i < k+9; i++ {
		if n := x.word(i + 1); n != "will" && n != "is" && n != "'s" || n != "will" && x.word(i+2) != "going" {
			continue
		}
		return x.who[i] >= 0 || anybody[x.word(i)]
	}
	return false
}

// baseVerb reports a verb without an ending, or a word of no other kind where only a verb can stand: "Ann to top up the card".
func (x *text) baseVerb(i, b int) bool {
	if i >= b || x.tokens[i].mark {
		return false
	}
	t := &x.tokens[i]
	if base := x.lex.verb[t.norm]; base != "" {
		return base == t.norm
	}
	return !CommonWord(t.norm) && !t.cap && x.who[i] < 0 && x.roleStart[i] == 0 && !placeWords[t.norm] && !isNumber(t) && i+1 < b && (determiners[x.tokens[i+1].norm] || x.tokens[i+1].norm == "up" || x.tokens[i+1].norm == "out" || x.whoAt(i+1) >= 0)
}

// myTask reports "my job is", "for me" before the verb.
func (x *text) myTask(a, i int) bool {
	for k := a; k < i; k++ {
		if n := x.tokens[k].norm; n == "my" && k+1 < i {
			switch x.tokens[k+1].norm {
			case "job", "task", "action", "part", "next":
				return true
			}
		}
	}
	return false
}

// speaksOfNote reports what a worker says of the dictation itself: "I have got to put it down", "I'm going to go through everything".
func (x *text) speaksOfNote(verb, b int) bool {
	switch x.lex.verb[x.tokens[verb].norm] {
	case "start", "begin", "finish", "leave":
		return x.contains(span{verb, b}, "with") || x.contains(span{verb, b}, "there")
	case "say", "admit", "mention", "note":
		return true
	case "put":
		return x.contains(span{verb, min(verb+4, b)}, "down")
	case "go":
		return x.contains(span{verb, min(verb+3, b)}, "through") || x.contains(span{verb, min(verb+3, b)}, "over")
	case "come":
		return x.contains(span{verb, b}, "to") && x.contains(span{verb, b}, "that")
	}
	return false
}

var (
	doneDeeds    = setOf("email tell ring phone call send refer book ask text let make speak contact order apply arrange chase request inform notify write log report submit complete raise share give update check leave set put agree drop register rearrange remind message advise escalate liaise upload pass invite follow")
	plannedDeeds = setOf("fit mend weigh fetch screen deliver start finish attend send ring phone call email chase book refer ask arrange make take do put write visit collect drop order request meet speak contact apply text submit complete follow bring set check")
	pastDeeds    = setOf("refer email ring phone text send book submit chase request escalate")
)

func (x *text) pastForm(k int) bool {
	n := x.tokens[k].norm
	base := x.lex.verb[n]
	return base != "" && n != base && !strings.HasSuffix(n, "ing") && n != base+"s" && n != base+"es" && n != "has" || n == "let" || n == "put" || n == "set"
}

// planFor reports "the plan is for Ann to", "we agreed for mum to" before the "to" at token i.
func (x *text) planFor(a, i int) bool {
	for k := i - 1; k > a && k > i-5; k-- {
		if x.tokens[k].norm == "for" {
			for m := k - 1; m >= a && m > k-4; m-- {
				if n := x.tokens[m].norm; n == "plan" || n == "agreement" || n == "agreed" || n == "action" || n == "step" || n == "idea" {
					return true
				}
			}
		}
	}
	return false
}

// forFamily reports a deed with somebody or something to it, as opposed to a remark about the visit.
func (x *text) forFamily(c, i int) bool { return x.parts[c].b-i >= 3 }

func (x *text) verbBefore(a, i int) bool {
	for k := a; k < i; k++ {
		if n := x.tokens[k].norm; !x.tokens[k].mark && (finiteAux[n] || x.lex.finite[n] || n == "want" || n == "like" || n == "for" || n == "asked" || prepositions[n] && n != "of" && n != "with" && n != "by" && n != "in" && n != "on") {
			return true
		}
	}
	return false
}

func (x *text) saysWould(c, i int) bool {
	for k := x.parts[c].a; k < i; k++ {
		if n := x.word(k + 1); x.word(k) == "said" && x.worker[c] && (asks[n] || n == "would" || n == "did" || n == "do" || n == "can" || n == "is") {
			return false // "I said what would make you less bored"
		}
		if n := x.tokens[k].norm; x.lex.speech[n] == "say" || n == "agreed" || n == "promised" || n == "told" && x.worker[c] {
			return true
		}
	}
	return false
}

func (x *text) hasDay(s span) bool {
	return len(days(x.tokens, s.a, s.b, x.base, forward)) > 0
}

// offices are words for those who do a thing in an office: "admin need to change it".
var offices = setOf("admin office legal transport staff duty fostering finance commissioning")

// anybody are words for one who is not named.
var anybody = setOf("someone somebody anyone anybody")

// actorOf finds who acts: the nearest subject before token i, or the one that the clause shares.
func (x *text) actorOf(c, i int) (int, bool) {
	part := &x.parts[c]
	for k := i - 1; k >= part.a; k-- {
		t := &x.tokens[k]
		if t.mark {
			continue
		}
		if t.norm == "i" || t.norm == "we" || t.norm == "me" && x.tokens[i].norm == "to" {
			return -1, true
		}
		if w := x.who[k]; w >= 0 && !t.poss && !possessives[t.norm] && !objectPronouns[t.norm] {
			if a := x.jointFrom(part.a, k); a >= 0 {
				x.named[c] = span{a, k + 1} // "Mum and dad will ring"
				return nobody, true
			}
			return w, true
		}
		if t.poss && x.who[k] >= 0 && x.verbalEnding(k) {
			return x.who[k], true
		}
		if t.poss && x.who[k] >= 0 && !t.part && k == i-1 { // "Shona's going to"
			return x.who[k], true
		}
		if t.norm == "school" || t.norm == "nursery" || t.norm == "they" || t.norm == "both" && !finiteAux[x.word(k-1)] || t.norm == "parents" || t.norm == "carers" || t.norm == "family" && x.tokens[i].norm == "to" || organisations[t.norm] && x.tokens[i].norm == "to" || t.norm == "housing" || t.norm == "police" || t.norm == "team" || t.norm == "service" || t.norm == "it" || t.norm == "there" || t.norm == "this" || t.norm == "that" {
			if t.norm == "it" || t.norm == "there" || t.norm == "this" || t.norm == "that" {
				return 0, false
			}
			x.named[c] = span{k, k + 1}
			return nobody, true
		}
		if anybody[t.norm] {
			return nobody, true
		}
		if offices[t.norm] && k == i-1 {
			x.named[c] = span{k, k + 1}
			return nobody, true
		}
		if n := x.word(k); n == "worker" && k == i-1 && k > part.a && x.word(k-1) != "social" && !x.tokens[k-1].mark {
			x.named[c] = span{k - 1, k + 1} // "Ray's link worker is to", whom no name is given
			return nobody, true
		}
		if w, ok := x.unknownActor(part, k, i); ok {
			if w == nobody {
				x.named[c] = span{k, k + 1}
			}
			return w, true
		}
		if t.poss {
			return 0, false
		}
	}
	if x.worker[c] && len(x.subject[c]) == 0 {
		return -1, true
	}
	if len(x.subject[c]) > 0 {
		return x.subject[c][len(x.subject[c])-1], true
	}
	if i == part.a && c > 0 && x.parts[c-1].sentence == part.sentence && len(x.subject[c-1]) > 0 {
		return x.subject[c-1][0], true
	}
	return 0, false
}

// jointFrom is where, in a clause that begins at token a, two people are named who do a thing together, the second up to token k: "Jo and her mum"; -1 where there is one.
func (x *text) jointFrom(a, k int) int {
	for a < k && (connectors[x.word(a)] || x.word(a) == "both" || isFiller(&x.tokens[a])) {
		a++
	}
	and := -1
	for i := a; i <= k; i++ {
		switch {
		case x.word(i) == "and" && and < 0 && i > a:
			and = i
		case determiners[x.word(i)]:
		case x.who[i] < 0 && !(i == a && x.caps && x.tokens[i].cap && !CommonWord(x.word(i))) || x.tokens[i].poss || pronoun(x.word(i)):
			return -1
		}
	}
	if and < 0 || x.who[and-1] == x.who[k] {
		return -1
	}
	return a
}

// unknownActor is who a clause begins with by a name that is not known for one there: "Iwona will keep a diary", "Danuta's chasing the school".
func (x *text) unknownActor(part *clause, k, i int) (int, bool) {
	t := &x.tokens[k]
	if i > k+2 || !x.nameBegins(part, k) {
		return 0, false
	}
	for w := range x.people {
		if p := &x.people[w]; p.words[t.norm] {
			return w, true
		}
	}
	return nobody, true
}

// nameBegins reports a clause that begins, at token k, with what can only be a name.
func (x *text) nameBegins(part *clause, k int) bool {
	t := &x.tokens[k]
	return k == part.a && x.caps && t.cap && x.who[k] < 0 && !CommonWord(t.norm) && x.lex.verb[t.norm] == ""
}

// furtherPart reports a clause that goes on with the action before: "and write to housing", "I'll do that tonight", "by Friday".
func (x *text) furtherPart(c int, d doing) bool {
	part := &x.parts[c]
	s := x.trim(part.span)
	if s.b <= s.a {
		return false
	}
	w := x.tokens[s.a].norm
	if x.ownDeed(part.span) {
		return false
	}
	if s.b-s.a <= 6 && !part.finite && (x.hasDay(part.span) || w == "no" || w == "well" || isFiller(&x.tokens[s.a]) || len(part.joint) > 0 && part.joint == "," && x.verbAt[c] < 0) {
		return true
	}
	if (part.joint == "," || part.joint == "and" || part.joint == "+and") && x.lex.verb[w] == w && w != "" {
		return true
	}
	if part.joint == "," && d.clause == c-1 && x.verbAt[c-1] < 0 && completes[w] {
		return true // "I'll ask Claire, my manager, | whether this goes further"
	}
	if x.tokens[x.parts[c-1].b-1].norm == "out" && asks[part.joint] {
		return true // "find out | who he is"
	}
	if part.joint == "when" || part.joint == "so" && !part.finite || part.joint == "before" || part.joint == "until" || part.joint == "once" || part.joint == "which" {
		return true
	}
	return x.worker[c] && x.contains(part.span, "that") && x.hasDay(part.span) && d.owner == -1
}

// beginnings are verbs with which a meeting begins by itself: "reading group starts Monday".
var beginnings = setOf("starts begins finishes ends meets runs resumes")

var meetingNouns = setOf("discussion meeting conference review medical referral assessment appointment hearing group")

// ownDeed reports a few words that name a meeting and its day, and belong to nothing before them: "strategy discussion tomorrow morning".
func (x *text) ownDeed(s span) bool {
	if x.hasFinite(s.a, s.b) || !x.hasDay(s) || x.contains(s, "missed") {
		return false
	}
	for i := s.a; i < s.b && i < s.a+5; i++ {
		n := x.word(i)
		if meetingNouns[n] && i > s.a {
			return !beginnings[x.word(i+1)]
		}
		if n == "at" || n == "in" || n == "for" || n == "to" || n == "before" || n == "by" || n == "after" || n == "the" {
			return false
		}
	}
	return false
}

// heldToday reports a meeting of the day itself that was before the visit or is what the dictation is about: "core group this morning".
func (x *text) heldToday(s span) bool {
	for _, d := range days(x.tokens, s.a, s.b, x.base, forward) {
		if d.today && (x.word(d.next-1) == "morning" || !x.late(s.a)) {
			return true
		}
	}
	return false
}

// completes are words with which a deed goes on behind a few words that only say who somebody is.
var completes = setOf("whether if to about for with that how what")

// furtherAction is a coordinated deed of the same actor: "…, and write to housing".
func (x *text) furtherAction(c int, d doing) (doing, bool) {
	part := &x.parts[c]
	s := x.trim(part.span)
	w := x.tokens[s.a].norm
	if x.tokens[part.a].norm == "and" && !x.contains(d.span, "if") && x.lex.verb[w] == w && s.b-s.a >= 2 && !notDoing[w] && !(s.b-s.a == 2 && (x.word(s.a+1) == "me" || x.word(s.a+1) == "us" || x.whoAt(s.a+1) >= 0)) {
		return doing{span: part.span, clause: c, owner: d.owner, status: d.status}, true
	}
	return doing{}, false
}

// sameDeed joins "write to housing, I'll do that tonight".
func (x *text) sameDeed(d, next doing) bool {
	if d.clause+1 != next.clause || x.parts[d.clause].sentence != x.parts[next.clause].sentence || d.owner != next.owner {
		return false
	}
	if w := x.word(next.b - 1); x.word(next.a) == "so" && d.status == kerbside.Agreed && next.b-next.a <= 6 && x.lex.verb[w] == w && x.contains(d.span, w) {
		return true // "I said I'd write, | so I'll write"
	}
	refers := x.contains(next.span, "that") || x.contains(next.span, "it") || x.contains(next.span, "this")
	_, today := sameDay(x.tokens, next.a, next.b, x.base)
	return next.b-next.a <= 12 && refers && (today || x.hasDay(next.span)) && (x.contains(next.span, "do") || x.contains(next.span, "get") || x.contains(next.span, "have") || x.contains(next.span, "send"))
}

// bareAction reads an item under a heading: "ask mum about the rent", "referral to the food bank", "Fern to send the dates".
func (x *text) bareAction(c int) (doing, bool) {
	part := &x.parts[c]
	s := x.trim(part.span)
	if s.b-s.a < 2 {
		return doing{}, false
	}
	w := x.tokens[s.a].norm
	if x.lex.verb[w] == w && w != "" && !finiteAux[w] && x.who[s.a] < 0 {
		return doing{span: s, clause: c, owner: -1, status: kerbside.Planned}, true
	}
	return doing{}, false
}

var deedNouns = setOf("referral referrals application applications letter letters email call voucher form forms appointment check checks report assessment request")

// verbless reads "Referral letters by the end of May", "Referral to the food bank by Friday".
func (x *text) verbless(c int) (doing, bool) {
	part := &x.parts[c]
	if part.finite || x.reported(c) || c > 0 && x.parts[c-1].sentence == part.sentence && x.nextVisitClause(c-1) {
		return doing{}, false
	}
	noun := part.a > opening && !x.told(part.a)
	for i := part.a; i < part.b && i < part.a+4; i++ {
		noun = noun || deedNouns[x.tokens[i].norm]
	}
	if !(noun && x.dueWord(part.span)) && !(x.ownDeed(part.span) && x.standsAlone(c) && !x.heldToday(part.span)) || x.leftTo(c+1) {
		return doing{}, false
	}
	return doing{span: part.span, clause: c, owner: -1, status: kerbside.Planned}, true
}

// standsAlone reports a clause behind which its sentence ends, or goes on with another day: "medical tomorrow at ten, | Ann's taking him" does neither.
func (x *text) standsAlone(c int) bool {
	n := c + 1
	return n >= len(x.parts) || x.parts[n].sentence != x.parts[c].sentence || x.hasDay(x.parts[n].span)
}

// leftTo reports no more than who is to do what the clause before names: "GP appointment by Friday, | Leanne to book".
func (x *text) leftTo(c int) bool {
	if c >= len(x.parts) || c == 0 || x.parts[c].sentence != x.parts[c-1].sentence {
		return false
	}
	p := x.parts[c].span
	return p.b-p.a >= 3 && p.b-p.a <= 5 && x.word(p.b-2) == "to" && x.lex.verb[x.word(p.b-1)] == x.word(p.b-1) && (x.who[p.a] >= 0 || x.whoAt(p.b-3) >= 0)
}

func (x *text) dueWord(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.tokens[i].norm; n == "by" || n == "before" {
			return x.hasDay(span{i, s.b})
		}
	}
	return false
}

func (x *text) addAction(d doing) {
	s := x.withDay(d, x.withThing(d, x.trim(d.span)))
	if s.b <= s.a {
		return
	}
	proof := x.proof(s.a, s.b)
	a := kerbside.Action{Text: proof[0].Quote, Status: d.status, Standing: kerbside.Found, Evidence: proof, Due: x.due(s), Owner: "worker"}
	switch {
	case d.owner >= 0:
		p := &x.people[d.owner]
		a.Owner = p.name
		if a.Owner == "" {
			a.Owner = p.roleName
		}
	case d.owner == nobody:
		a.Owner = ""
		if n, ok := x.named[d.clause]; ok {
			a.Owner = x.tokens[n.a].text
			if n.b > n.a+1 {
				a.Owner = x.evidence(n.a, n.b).Quote
			}
			if subjectPronouns[x.tokens[n.a].norm] {
				a.Owner = x.tokens[n.a].norm // "they", of "they're going to"
			}
		}
	}
	switch {
	case d.status == kerbside.Done && x.askedAhead(d, a.Due):
		a.Status = kerbside.Agreed
	case d.status == kerbside.Done:
		a.Due = kerbside.Due{}
	case a.Due.Text == "":
		if due, p := x.dueBehind(d, s); due.Text != "" {
			a.Due = due
			a.Evidence = append(a.Evidence, x.proof(p.a, p.b)...)
		}
	}
	about := x.concerned(d, s)
	a.About = x.personIDs(about)
	a.Sensitivity = x.sensitivity(s, "", about)
	a.Critical = a.Due.Date != ""
	a.Restricted = x.restriction(d.clause)
	x.record.Actions = append(x.record.Actions, a)
}

// withThing takes in the few words with which a sentence names beforehand what is done about it: "Haircut, Ade's taking him Saturday", "CAMHS, still waiting, I'll chase again".
func (x *text) withThing(d doing, s span) span {
	c := x.partAt(d.a)
	if c <= 0 || d.status == kerbside.Done || s.b <= s.a || d.a != x.parts[c].a || x.parts[c].joint != "," || !x.leavesUnnamed(s) {
		return s
	}
	first := c
	for first > 0 && x.parts[first-1].sentence == x.parts[c].sentence {
		first--
	}
	if p := x.trim(x.parts[first].span); first < c-2 || p.b-p.a > 6 || p.b <= p.a || len(x.subject[first]) > 0 || x.isHeading(first) {
		return s
	}
	for k := first; k < c; k++ {
		if n := x.parts[k].b - x.parts[k].a; k == first && x.verbAt[k] >= 0 || x.taken[k] || x.worker[k] && n > 3 || n > 6 || x.hasDay(x.parts[k].span) {
			return s
		}
	}
	for k := x.parts[first].a; k < x.parts[first].b; k++ {
		if w := x.word(k); !adverbs[w] && !connectors[w] && !fillers[w] && !leadIns[w] && x.who[k] < 0 && len(w) > 2 {
			return span{x.trim(x.parts[first].span).a, s.b}
		}
	}
	return s
}

// leadIns are words with which a speaker goes on to the next thing.
var leadIns = setOf("right okay ok anyway next actions action then otherwise lastly finally first second third thing well yeah yes no oh sorry")

// leavesUnnamed reports an action that does not say itself what it is about: "I'll do that", "I'll chase again".
func (x *text) leavesUnnamed(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch x.word(k) {
		case "it", "that", "this", "them", "those", "one":
			n := x.word(k + 1)
			if k > s.a+1 && x.lex.verb[n] == "" && !finiteAux[n] && (n == "" || prepositions[n] || adverbs[n] || connectors[n] || particles[n] || DateWord(n) || n == "at" || n == "next") {
				return true
			}
		case "him", "her":
			if n := x.word(k + 1); k+1 >= s.b || x.hasDay(span{k + 1, s.b}) && (DateWord(n) || n == "on" || n == "tomorrow" || n == "tonight" || n == "next") {
				return true
			}
		}
	}
	return s.b-s.a <= 5 && (x.word(s.b-1) == "again" || x.word(s.b-1) == "chase")
}

// withDay takes in the clause before, or a short one after, that says when: "medical tomorrow at ten, Ann's taking him", "asked for it by the 5th and I'll send it",
// "he'll ring them, he said tomorrow".
func (x *text) withDay(d doing, s span) span {
	if s.b <= s.a || d.status == kerbside.Done || x.hasDay(s) {
		return s
	}
	c := d.clause
	sentence := x.parts[c].sentence
	if _, today := sameDay(x.tokens, s.a, s.b, x.base); today && !(c > 0 && x.parts[c-1].sentence == sentence && x.verbAt[c-1] < 0 && x.hasDay(x.parts[c-1].span)) {
		return s
	}
	if k := c + 1; k < len(x.parts) && x.parts[k].sentence == sentence && !x.ownDeed(x.parts[k].span) && (x.parts[k].b-x.parts[k].a <= 4 || x.verbAt[k] < 0 && x.dueWord(x.parts[k].span) || x.parts[k].b-x.parts[k].a <= 7 && x.dueWord(x.parts[k].span) && (x.word(x.parts[k].a) == "he" || x.word(x.parts[k].a) == "she" || x.word(x.parts[k].a) == "they")) && x.hasDay(x.parts[k].span) && !x.taken[k] {
		return span{s.a, x.parts[k].b}
	}
	k := c - 1
	if k < 0 || x.parts[k].sentence != sentence || x.taken[k] && !x.contains(s, "day") || !x.hasDay(x.parts[k].span) || x.timeOf(x.parts[k].span) == kerbside.Historical {
		return s
	}
	refers := x.contains(s, "it") || x.contains(s, "them") || x.contains(s, "that") || x.contains(s, "there")
	if x.verbAt[k] < 0 || refers {
		return span{x.parts[k].a, s.b}
	}
	return s
}

// concerned lists whom an action concerns: the family that it names, else its owner, else the children.
func (x *text) concerned(d doing, s span) []int {
	named := x.about(finding{span: s, clause: d.clause, at: s.a, good: true, frame: -1})
	for _, w := range named {
		if k := x.people[w].kind(x); k == roleFamily || k == roleChild || k == "" {
			return named
		}
	}
	if d.owner >= 0 && !has(named, d.owner) {
		named = append(named, d.owner)
	}
	if d.owner >= 0 && x.people[d.owner].kind(x) == roleFamily {
		return named
	}
	for _, w := range x.ownChildren() {
		if !has(named, w) {
			named = append(named, w)
		}
	}
	return named
}

// prenominal are the words behind which a day only says which thing is meant.
var prenominal = setOf("a an every each")

var (
	dueWords = setOf("by before on within in until from due this next at")
	dueLeads = setOf("by before on within in until from due this next at close of play end first thing early later")
)

// due reads when an action is due: the last day that was not taken back, with its words.
func (x *text) due(s span) kerbside.Due {
	list := days(x.tokens, s.a, s.b, x.base, forward)
	var best *day
	for k := range list {
		d := &list[k]
		if d.past {
			continue
		}
		if n := x.word(d.first - 1); d.first > s.a && (n == "since" || n == "every" || n == "each" || d.weekday && x.dayOfThing(*d, s) || d.next < s.b && prenominal[n] && x.word(d.next) != "" && !prepositions[x.word(d.next)] && !connectors[x.word(d.next)]) {
			continue // "a Tuesday group"
		}
		best = d
		if d.first > s.a && (x.tokens[d.first-1].norm == "by") {
			break
		}
	}
	if best != nil {
		for k := range list { // "on the ninth or the tenth"
			if d := &list[k]; d.date != best.date && d.date != "" && (d.next+2 == best.first || d.next+1 == best.first || d.next+3 == best.first) && x.contains(span{d.next, best.first}, "or") {
				return kerbside.Due{Text: x.evidence(d.first, best.next).Quote}
			}
		}
	}
	if best == nil {
		if d, ok := sameDay(x.tokens, s.a, s.b, x.base); ok {
			return kerbside.Due{Text: x.evidence(d.first, d.next).Quote, Date: d.date}
		}
		if w, ok := x.dueInWords(s); ok {
			return kerbside.Due{Text: x.evidence(w.a, w.b).Quote}
		}
		return kerbside.Due{}
	}
	a := best.first
	for a > s.a && a > best.first-5 && dueLeads[x.tokens[a-1].norm] {
		a--
	}
	if x.word(a) == "in" && x.word(a+1) == "by" || x.word(a) == "of" || x.word(a) == "thing" || x.word(a) == "play" { // "get the report in by the tenth"
		a++
	}
	return kerbside.Due{Text: x.evidence(a, best.next).Quote, Date: best.date}
}

// dayOfThing reports a weekday that only says which thing is meant, or how often it is: "the Thursday group", "young carers' Monday club", "put him down for a Saturday",
// "about Sunday".
func (x *text) dayOfThing(d day, s span) bool {
	b := x.word(d.first - 1)
	switch {
	case b == "a" || b == "about":
		return true
	case beforeDays[x.word(d.first-2)] && x.word(d.first-2) != "for" && x.word(d.first-2) != "to":
		return false // "at her Wednesday appointment"
	case d.first == s.a || b != "the" && !possessives[b] && !x.tokens[d.first-1].poss && !x.tokenIs(d.first-1, "'"):
		return false
	}
	n := x.word(d.next)
	return d.next < s.b && n != "" && !prepositions[n] && !connectors[n] && !subjectPronouns[n] && !partsOfDay[n] && !adverbs[n] && n != "night" && n != "when" && x.who[d.next] < 0
}

// dueInWords reads a time that comes to no day: "by half-term", "before the conference", "at the weekend", "in a couple of weeks", "as soon as I can".
func (x *text) dueInWords(s span) (span, bool) {
	for i := s.a; i < s.b; i++ {
		if end := min(x.dueWordsAt(i, s.b), s.b); end > i {
			return span{i, end}, true
		}
	}
	return span{}, false
}

// dueWordsAt is the end of the words for a time without a day that begin at token i, 0 without.
func (x *text) dueWordsAt(i, b int) int {
	next := x.word(i + 1)
	switch w := x.word(i); w {
	case "by", "before", "after", "at", "over", "during", "until", "in":
		if end := x.occasionAt(i + 1); end > 0 && !(w == "in" && next != "the" && !DateWord(next)) {
			return end
		}
		if w == "by" && i+2 < b && (next == "the" || next == "our" || next == "my") && x.whoAt(i+2) >= 0 {
			return 0 // who does it
		}
		if w == "by" && next == "the" && (officials[x.word(i+2)] || officials[x.word(i+3)]) {
			return 0
		}
		if (w == "by" || w == "before") && (next == "the" || next == "then" || next == "our" || next == "my" || next == "next") {
			return b
		}
		if w == "in" && (next == "a" || next == "the") {
			return x.fewAt(i + 2)
		}
	case "within":
		return x.fewAt(i + 1)
	case "this", "next":
		if next == "week" || next == "month" || next == "term" || next == "time" || next == "weekend" {
			return i + 2
		}
	case "early", "mid", "late":
		if _, ok := months[next]; ok {
			return i + 2
		}
	case "week":
		if next == "after" && x.word(i+2) == "next" {
			return i + 3
		}
	case "straight", "right":
		if next == "away" {
			return i + 2
		}
	case "as":
		if next != "soon" {
			return 0
		}
		if x.word(i+2) == "as" && i+3 < b {
			return min(i+5, b) // "as soon as I can"
		}
		return i + 2
	case "asap", "soon", "urgently", "immediately", "weekly", "fortnightly", "monthly", "daily":
		return i + 1
	case "every", "each":
		if _, ok := weekdays[next]; ok || next == "week" || next == "day" || next == "fortnight" || next == "month" {
			return i + 2
		}
	case "once", "twice":
		if next == "a" && (x.word(i+2) == "week" || x.word(i+2) == "day" || x.word(i+2) == "month" || x.word(i+2) == "fortnight") {
			return i + 3
		}
	}
	return 0
}

// occasionAt is the end of the words for a time of the year or the week, or for a meeting, that begin at token i, 0 without: "half term", "the weekend", "court".
func (x *text) occasionAt(i int) int {
	if x.word(i) == "the" {
		i++
	}
	switch w, next := x.word(i), x.word(i+1); w {
	case "half":
		if next == "term" {
			return i + 2
		}
	case "new":
		if next == "year" {
			return i + 2
		}
	case "half-term", "christmas", "easter", "weekend", "holidays", "summer", "court", "conference":
		return i + 1
	default:
		if _, ok := months[w]; ok && w != "may" {
			return i + 1
		}
		if (w == "next" || w == "first") && x.meetingWithin(i+1, i+4) {
			for k := i + 1; ; k++ {
				if meetingNouns[x.word(k)] {
					return k + 1
				}
			}
		}
	}
	return 0
}

// fewAt is the end of an uncounted number of days or weeks from token i, 0 without: "couple of weeks", "next few days".
func (x *text) fewAt(i int) int {
	for x.word(i) == "the" || x.word(i) == "a" || x.word(i) == "next" {
		i++
	}
	switch x.word(i) {
	case "couple":
		i += 1 + b2i(x.word(i+1) == "of")
	case "few":
		i++
	default:
		return 0
	}
	switch x.word(i) {
	case "days", "weeks", "months":
		return i + 1 + b2i(x.word(i+1) == "time")
	}
	return 0
}
