package rules

import (
	"strings"

	"kerbside"
)

var (
	absentPlaces = setOf("work school nursery college playgroup football swimming club hospital prison university away out abroad elsewhere")
	awaySpots    = setOf("restaurant takeaway shop shops supermarket gym mosque church temple gurdwara pub bookies salon barbers garage market doctors doctor dentist gp surgery hairdressers hairdresser launderette bank jobcentre cash factory warehouse farm station airport library park pool gp's allotment allotments cinema bingo match football golf races stables seaside beach college university court solicitor solicitor's chemist chemist's post-office job jobs depot yard office site")
	bareSpots    = setOf("mosque church temple gurdwara gym uni football")
	herePlaces   = setOf("in there here present home around upstairs downstairs asleep awake also")
	arriveVerbs  = setOf("joined arrived came opened answered showed let welcomed greeted sat stayed popped dropped brought made walked ran played handed offered hovered left returned appeared " +
		"supervised interpreted attended followed praised jumped cuddled smiled watched fed changed picked took hugged kissed drew read chose pointed nodded waved cried laughed slept giggled crawled " +
		"moved sang spoke listened interrupted refused hid stood talked chatted calmed reassured met")
	sawVerbs   = setOf("saw met visited observed seen watched played sat")
	spokeVerbs = setOf("spoke spoken chatted talked chat")
	remote     = setOf("phone phoned telephone rang rung called call text texted email emailed video zoom teams facetime voicemail message messaged yesterday")
)

// findPresence settles who was there, who was said not to be, and who is only spoken of.
func (x *text) findPresence() {
	x.visitPlace = x.metAt()
	x.whoWasRung()
	x.absentInRunOns()
	for c := range x.parts {
		if x.reported(c) {
			continue
		}
		x.presenceIn(c)
	}
	if !x.nobodyIn() {
		for i := range x.frames {
			x.presentBySpeech(&x.frames[i])
		}
	}
	x.presentByNames()
	x.shut = x.nobodyIn()
	x.farAway = x.byTelephone()
	x.noteGone()
	x.weighPresence()
}

// noteGone notes the children who are said to be missing, or not there: "Tia is missing again", "he didn't come home last night", "carer reported him missing", "Only Nan in".
func (x *text) noteGone() {
	x.gone = map[int]bool{}
	for c := range x.parts {
		part := &x.parts[c]
		for i := part.a; i < part.b; i++ {
			n, next := x.word(i), x.word(i+1)
			if n == "only" && i == part.a && part.b-part.a <= 7 && (x.word(part.b-1) == "in" || x.word(part.b-1) == "home" || x.word(part.b-1) == "there") {
				x.onlyIn(part.span)
				break
			}
			away := n == "absconded" || n == "missing" && x.whoAt(i+1) < 0 && !possessives[next] && !determiners[next] && next != "out" && next != "school" && next != "you" ||
				n == "come" && (next == "home" || next == "back") && x.negatedBefore(part.a, i) ||
				x.lastSeen(i) && lastSeenAt[next]
			if !away || x.supposed(c) || x.negatedBefore(part.a, i) && n != "come" {
				continue
			}
			for _, w := range x.namedHere(span{part.a, part.b}) {
				x.gone[w] = true
			}
			for _, w := range x.subject[c] {
				x.gone[w] = x.gone[w] || x.people[w].isChild(x)
			}
		}
	}
}

// lastSeen reports "last seen", or "last been seen", at token i: by others, before somebody went.
func (x *text) lastSeen(i int) bool {
	return x.word(i) == "seen" && (x.word(i-1) == "last" || x.word(i-1) == "been" && x.word(i-2) == "last")
}

// lastSeenAt are words behind "last seen" of one who is looked for: "last seen at the bus station".
var lastSeenAt = setOf("at in near outside with getting heading leaving walking running")

// metAt is the school or nursery in which the opening says that the visit was: "school visit", "saw Ada at school"; "" for other places.
func (x *text) metAt() string {
	for i := 1; i < min(len(x.tokens), opening); i++ {
		n := x.word(i)
		if n != "school" && n != "nursery" && n != "college" && n != "hospital" {
			continue
		}
		if x.after(i) == "visit" {
			return n
		}
		k := i - 1
		if determiners[x.word(k)] || possessives[x.word(k)] {
			k--
		}
		if c := x.partAt(i); c >= 0 && (x.word(k) == "at" || x.word(k) == "in") && !x.negatedBefore(x.parts[c].a, i) && !x.reported(c) {
			for m := x.parts[c].a; m < k; m++ {
				if w := x.word(m); w == "visit" || w == "visited" || meetingVerbs[w] && (x.worker[c] || m == x.parts[c].a) {
					return n
				}
			}
		}
	}
	return ""
}

// byTelephone reports a contact by telephone or on a screen, by its first sentences.
func (x *text) byTelephone() bool {
	if list := x.modes(min(len(x.tokens), opening/4)); len(list) > 0 {
		return list[0].value != kerbside.ModeMeeting
	}
	for _, f := range x.modes(min(len(x.tokens), opening)) {
		if f.value != kerbside.ModeMeeting && x.word(f.a-1) == "a" && x.word(f.a-2) == "was" && (x.word(f.a-3) == "it" || x.word(f.a-3) == "this") {
			return true // "the road was shut, so it was a video call"
		}
	}
	for n := 0; n < len(x.sents) && n < 5; n++ {
		for k := x.sents[n].a; k < x.sents[n].b; k++ {
			if x.callNoVisit(k) {
				return true
			}
			if w, next := x.word(k), x.word(k+1); w == "not" && (next == "a" || next == "count" || next == "an" && x.word(k+2) == "actual") && x.contains(span{k, min(k+5, len(x.tokens))}, "visit") {
				return true // "this isn't a visit"
			}
		}
	}
	return false
}

// callNoVisit reads a heading at token k: "Telephone call, no visit", "Phone contact only".
func (x *text) callNoVisit(k int) bool {
	if n := x.word(k + 1); !phones[x.word(k)] && x.word(k) != "video" || n != "call" && n != "contact" || x.word(k-1) == "the" || x.word(k-1) == "a" {
		return false
	}
	if c := x.partAt(k); c < 0 || x.verbAt[c] >= 0 {
		return false
	}
	end := k + 2
	if end < len(x.tokens) && x.tokens[end].mark {
		end++
	}
	return x.word(end) == "only" || (x.word(end) == "no" || x.word(end) == "not") && (x.word(end+1) == "visit" || x.word(end+2) == "visit")
}

// nobodyIn reports that the door stayed shut and nobody of the family was seen, so that whoever spoke did so from elsewhere.
func (x *text) nobodyIn() bool {
	for i := range x.people {
		if p := &x.people[i]; p.presence == kerbside.Present && p.kind(x) != roleProfessional && p.kind(x) != roleOther && !x.negatedBefore(p.presSpan.a, p.presSpan.b) && !x.contains(p.presSpan, "nobody") {
			return false
		}
	}
	for _, f := range x.factsIn("outcome", len(x.tokens)) {
		if p := x.partAt(f.a); p >= 0 && f.value == kerbside.OutcomeNoAccess && !x.reported(p) && x.timeOf(x.parts[p].span) == kerbside.Current && !x.notTheDoor(p, f) {
			return true
		}
	}
	return false
}

// notTheDoor reports words for no access in clause c that are about something else: "nobody in that house has mentioned money", "no sign of anyone smoking", "the nurse
// came twice and no answer".
func (x *text) notTheDoor(c int, f found) bool {
	next := x.word(f.b)
	switch last := x.word(f.b - 1); {
	case last == "came" || last == "come":
		return !x.clauseEnds(f.b) || !x.doorNear(f.a) // "nobody came to his party"
	case last == "about" || last == "around":
		s := x.sents[x.parts[c].sentence]
		return !x.clauseEnds(f.b) || x.youngBetween(s.a, s.b) || !x.drewUp(span{s.a, f.a}) // "on the swings, nobody about"
	case x.lex.verb[x.word(f.b-2)] == "be":
		return !x.clauseEnds(f.b)
	case last == "visit":
		return f.a > opening/4 && x.word(f.a-1) != "a" || x.word(f.a-1) == "last" || x.past(x.parts[c].span)
	case last == "in" && x.word(f.b-2) == "get" && x.word(f.a) == "did":
		return !x.worker[c] && f.a > x.parts[c].a || next != "" && !connectors[next] && next != "at" && next != "today" // "I didn't get in his room"
	case last == "in" && f.b-f.a > 1 && (determiners[next] || possessives[next]):
		return x.hasFinite(f.b, x.parts[c].b)
	case last == "anyone" || last == "anybody":
		return strings.HasSuffix(next, "ing") && next != "moving" && next != "answering" && next != "coming" && next != "being" && next != "stirring"
	case last == "answer" || last == "reply" || last == "response":
		for _, k := range []int{c, c - 1} {
			if k < 0 || x.parts[k].sentence != x.parts[c].sentence || x.verbAt[k] < 0 || x.verbAt[k] > f.a {
				continue
			}
			switch x.lex.lemma(x.word(x.verbAt[k])) {
			case "come", "call", "visit", "go", "try", "attend":
				return !x.worker[k] && len(x.subject[k]) > 0
			}
			return false
		}
	}
	return false
}

// clauseEnds reports that token i is a mark or a word with which another clause begins.
func (x *text) clauseEnds(i int) bool {
	n := x.word(i)
	return n == "" || connectors[n] || n == "again" || n == "today" || n == "when" || n == "at" && x.clockFollows(i+1)
}

// drewUp reports that the worker went to a home: "drove to the house", "called at the flat".
func (x *text) drewUp(s span) bool {
	went, home := false, false
	for k := s.a; k < s.b; k++ {
		switch x.word(k) {
		case "drove", "called", "went", "knocked", "tried", "got":
			went = true
		case "house", "flat", "home", "address", "door", "property", "there":
			home = home || went
		}
	}
	return home
}

// youngBetween reports a child between two tokens.
func (x *text) youngBetween(a, b int) bool {
	for k := a; k < b; k++ {
		if x.youngAt(k) {
			return true
		}
	}
	return false
}

// doorNear reports, before token i, words for somebody at a door: "I knocked for five minutes, could hear a telly on, nobody came".
func (x *text) doorNear(i int) bool {
	for k := max(0, i-25); k < i+8 && k < len(x.tokens); k++ {
		if doorWords[x.word(k)] {
			return true
		}
	}
	return false
}

// doorWords are words of a worker who stands before a door.
var doorWords = setOf("knocked knocking knock bell buzzed buzzer buzzing intercom letterbox doorbell banged hammered door")

// reported reports a clause of somebody else's words.
func (x *text) reported(c int) bool {
	p := &x.parts[c]
	for _, f := range x.framesAt(p.a) {
		if f.kind != kerbside.WorkerOpinion && f.content.a <= p.a && p.a < f.content.b && f.cue.a < p.a {
			return true
		}
	}
	return false
}

// set gives a presence; what was expressly said replaces what was inferred, and "present" stands once said.
func (x *text) setPresence(who int, value string, s span) {
	p := &x.people[who]
	if p.presence == kerbside.Present && p.presSpan.b > 0 || p.presence == kerbside.Absent && value == kerbside.Absent {
		return
	}
	if p.presence == kerbside.Absent && p.presSpan.b > 0 {
		return
	}
	p.presence, p.presSpan = value, s
}

// notAway forgets that somebody was not there when later words say that the worker was with them, or that they came.
func (x *text) notAway(who int, s span) {
	if p := &x.people[who]; p.presence == kerbside.Absent && s.a >= p.presSpan.b {
		p.presence, p.presSpan, p.arrived = kerbside.Mentioned, span{}, true
	}
}

// arrives reports that the subject of a clause came in while the worker was there: "Kyle got in", "she came home from school".
func (x *text) arrives(s span, verb int) bool {
	if x.past(s) || x.negatedBefore(s.a, s.b) || x.contains(s, "after") || x.contains(s, "until") || x.contains(s, "before") && !x.beforeLeaving(s) {
		return false
	}
	switch next := x.after(verb); x.word(verb) {
	case "got", "came", "walked", "comes", "gets":
		return next == "in" && !x.inPlaceName(verb+1, s.b) || next == "home" || next == "back" || next == "round" && x.word(verb) == "came"
	case "arrived", "returned":
		return true
	}
	return false
}

// whileThere reports a deed that was done before the worker's eyes: "her brother moved it across the yard while I stood there".
func (x *text) whileThere(c int) bool {
	if x.worker[c] || x.past(x.parts[c].span) {
		return false
	}
	end := x.parts[c].b
	if n := c + 1; n < len(x.parts) && x.parts[n].sentence == x.parts[c].sentence {
		end = x.parts[n].b
	}
	for k := x.parts[c].a; k < end; k++ {
		if n := x.word(k); (n == "while" || n == "whilst") && x.word(k+1) == "i" {
			switch x.word(k + 2) {
			case "stood", "watched", "waited", "sat", "looked":
				return true
			case "was":
				return x.word(k+3) == "there" || x.word(k+3) == "here"
			}
			return false
		}
	}
	return false
}

// beforeLeaving reports "ten minutes before I left": the worker was still there.
func (x *text) beforeLeaving(s span) bool {
	for k := s.a; k < s.b; k++ {
		if w := x.word(k + 1); x.word(k) == "before" && (w == "i" || w == "we") {
			switch x.word(k + 2) {
			case "left", "went", "was", "were", "had", "set", "finished":
				return true
			}
		}
	}
	return false
}

// inPlaceName reports an "in" that goes on with a place: "came in a taxi", "got in trouble".
func (x *text) inPlaceName(in, b int) bool {
	if in+1 >= b {
		return false
	}
	n := x.word(in + 1)
	return !subjectPronouns[n] && n != "from" && n != "at" && n != "and" && n != "while" && n != "when" && n != "just" && n != "about" && n != "halfway" && n != "later" && !x.tokens[in+1].mark
}

func (x *text) presenceIn(c int) {
	part := &x.parts[c]
	verb := x.verbAt[c]
	if x.remoteClause(part.span) || x.future(part.span) || x.lastTime(c) || x.elsewhen(c) {
		return
	}
	if x.listOfPresent(c) {
		return
	}
	if verb < 0 {
		for _, w := range x.thoseBesideMe(part.span) {
			x.notAway(w, part.span)
			x.setPresence(w, kerbside.Present, part.span)
		}
		if x.worker[c] || len(x.subject[c]) == 0 {
			return
		}
		x.fragmentPresence(c)
		return
	}
	// the worker saw, met or spoke with somebody
	for i := part.a; i < part.b; i++ {
		t := &x.tokens[i]
		if t.mark || !(sawVerbs[t.norm] || spokeVerbs[t.norm]) {
			continue
		}
		if x.tokens[part.a].norm == "nobody" || x.tokens[part.a].norm == "none" || x.contains(span{part.a, i}, "nobody") {
			continue
		}
		passive := t.norm == "seen" && len(x.subject[c]) > 0
		if !passive && x.otherSees(part.a, i) {
			continue
		}
		if passive {
			if prev := x.before(i); part.finite && !finiteAux[prev] && prev != "been" && prev != "not" || x.taken != nil && x.taken[c] {
				continue
			}
			if x.negatedBefore(part.a, i) {
				continue
			}
			for _, w := range x.subject[c] {
				x.setPresence(w, kerbside.Present, part.span)
			}
			continue
		}
		if !x.worker[c] && len(x.subject[c]) > 0 || x.negatedBefore(part.a, i) {
			continue
		}
		end := min(part.b, i+14)
		for n := c + 1; n < len(x.parts) && sawVerbs[t.norm] && x.parts[n].sentence == part.sentence && x.verbAt[n] < 0; n++ {
			end = x.parts[n].b // "saw Ayo, 3, with her key person Fern"
		}
		for k := i + 1; k < end; k++ {
			if x.tokens[k-1].norm == "of" || spokeVerbs[t.norm] && x.who[k] >= 0 && x.outsider(x.who[k]) {
				continue
			}
			if w := x.who[k]; w >= 0 && !x.tokens[k].poss && (!possessives[x.tokens[k].norm] || x.word(k) == "her" && x.worker[c] && !x.nounFollows(k)) && !x.aboutBefore(i, k) {
				x.notAway(w, part.span)
				if x.people[w].presence == kerbside.Mentioned {
					x.setPresence(w, kerbside.Present, part.span)
				}
			}
		}
	}
	for _, w := range x.thoseBesideMe(part.span) {
		x.notAway(w, part.span)
		x.setPresence(w, kerbside.Present, part.span)
	}
	value := x.statedPresence(c, verb)
	if value == "" && x.soWas(part.a, verb) && c > 0 && x.parts[c-1].sentence == part.sentence && x.verbAt[c-1] >= 0 { // "… was at work and so was Ben"
		value = x.statedPresence(c-1, x.verbAt[c-1])
		for i := verb + 1; i < part.b; i++ {
			if w := x.who[i]; w >= 0 && value != "" && !x.tokens[i].poss && !possessives[x.tokens[i].norm] {
				x.setPresence(w, value, span{x.parts[c-1].a, part.b})
			}
		}
		return
	}
	if value == kerbside.Present && x.noneOf(part.a, verb) {
		value = kerbside.Absent
	}
	came := value != kerbside.Absent && x.arrives(part.span, verb)
	if came || value == "" && x.whileThere(c) {
		value = kerbside.Present
	}
	if value == "" || value == kerbside.Present && !came && x.doneElsewhere(c, verb) {
		return
	}
	for _, w := range x.subject[c] {
		if value == kerbside.Present && x.word(verb) == "answered" && x.rungBefore(w, verb) {
			continue // the telephone, and not the door
		}
		if came || value == kerbside.Present && x.people[w].isChild(x) && x.word(verb+1) == "me" && arriveVerbs[x.word(verb)] {
			x.notAway(w, part.span) // "he read me a page", wherever the kids were on Saturday
		}
		x.setPresence(w, value, part.span)
	}
	if value == kerbside.Present && finiteAux[x.tokens[verb].norm] { // "was in with Ravi", "was at home with her two, Ann who's six and Bo"
		with := false
		for k := verb + 1; k < x.companyEnd(c); k++ {
			with = with || x.tokens[k].norm == "with"
			if w := x.who[k]; with && w >= 0 && !x.tokens[k].poss && !possessives[x.tokens[k].norm] && !pronoun(x.tokens[k].norm) {
				x.setPresence(w, value, span{part.a, max(part.b, k+1)})
			}
		}
	}
	for _, w := range x.coupleMeant(part.a, verb) {
		x.setPresence(w, value, part.span)
	}
	if !x.childrenTogether(part.a, verb) {
		return
	}
	for _, w := range x.groupAt(part.a, verb, value) {
		p := &x.people[w]
		if value == kerbside.Absent && x.onlyVisited(p) {
			p.presence, p.presSpan = kerbside.Mentioned, span{}
		}
		if value == kerbside.Present || p.presence == kerbside.Mentioned {
			x.setPresence(w, value, part.span)
		}
	}
}

// groupAt lists the children of whom a word before the verb speaks together: no girl is one of "the boys", unless there are no two boys and they were not there, as a
// name can mislead about that.
func (x *text) groupAt(a, verb int, value string) []int {
	var all []int
	gender := ""
	for i := a; i < verb; i++ {
		switch x.word(i) {
		case "boys", "brothers", "lads":
			gender = "m"
		case "girls", "sisters":
			gender = "f"
		}
	}
	for w := range x.people {
		if p := &x.people[w]; p.isChild(x) && !x.elsewhere(p) {
			all = append(all, w)
		}
	}
	some := x.ofGender(all, gender)
	if len(some) < 2 && value == kerbside.Absent {
		return all
	}
	return some
}

// noneOf reports a clause that denies by whom it speaks of: "neither of the children was in", "none of them were there".
func (x *text) noneOf(a, verb int) bool {
	for i := a; i < verb && i < a+6; i++ {
		switch x.word(i) {
		case "neither", "none", "nobody", "no":
			return true
		}
	}
	return false
}

// rightBehind reports that nothing but adverbs stands between a verb and token k: "has already gone", "was still out".
func (x *text) rightBehind(verb, k int) bool {
	for i := verb + 1; i < k; i++ {
		if n := x.word(i); n != "" && !adverbs[n] && n != "been" && n != "not" && n != "all" && n != "both" && n != "still" {
			return false
		}
	}
	return true
}

// thoseBesideMe lists those whom a clause puts beside the worker: "we went for chips, me and Rhi", "down to the reservoir, him and me".
func (x *text) thoseBesideMe(s span) []int {
	c := x.partAt(s.a)
	if c < 0 || x.negatedBefore(s.a, s.b) || x.past(s) {
		return nil
	}
	for k := x.sents[x.parts[c].sentence].a; k < s.b; k++ {
		switch x.word(k) {
		case "would", "'d", "could", "might", "if", "between", "about", "agreed", "wants", "wanted", "planned", "meant":
			return nil
		}
	}
	var out []int
	for k := s.a; k+2 < s.b; k++ {
		if x.word(k+1) != "and" {
			continue
		}
		i := -1
		switch mine := x.word(k); {
		case mine == "me" || mine == "myself":
			i = k + 2
		case x.word(k+2) == "me" || x.word(k+2) == "myself":
			i = k
		}
		if i < 0 || x.who[i] < 0 || x.tokens[i].poss || possessives[x.word(i)] && (x.word(i) != "her" || x.nounFollows(i)) || prepositions[x.word(min(i, k)-1)] {
			continue
		}
		out = append(out, x.who[i])
	}
	return out
}

// lastTime reports a sentence that has begun to tell of an earlier time: "The last time, in September, she …".
func (x *text) lastTime(c int) bool {
	for k := x.sents[x.parts[c].sentence].a; k < x.parts[c].b; k++ {
		if n := x.word(k + 1); x.word(k) == "last" && (n == "time" || n == "visit" || n == "year" || n == "summer" || n == "month") && x.word(k-1) != "since" && x.word(k-1) != "than" && x.word(k-2) != "since" {
			return true
		}
	}
	return false
}

// otherSees reports that somebody else than the worker is the one who sees: "said she saw him".
func (x *text) otherSees(a, i int) bool {
	for k := i - 1; k >= a; k-- {
		switch x.tokens[k].norm {
		case "i", "we":
			return false
		case "he", "she", "they", "who":
			return true
		}
	}
	return false
}

// companyEnd is where the list of those ends that somebody was "in with": fragments and ages that follow clause c still belong to it.
func (x *text) companyEnd(c int) int {
	end := x.parts[c].b
	for n := c + 1; n < len(x.parts) && x.parts[n].sentence == x.parts[c].sentence; n++ {
		p := x.parts[n]
		v := x.verbAt[n]
		aged := v >= 0 && (x.tokens[v].norm == "is" || x.tokens[v].norm == "'s") && v+1 < p.b && (isNumber(&x.tokens[v+1]) || x.tokens[v+1].norm == "aged")
		if v >= 0 && !aged || x.worker[n] {
			break
		}
		end = p.b
	}
	return end
}

func pronoun(w string) bool { return pronounGenders[w] != "" || subjectPronouns[w] }

// childrenTogether reports "both boys", "the children", "the little ones" before a verb.
func (x *text) childrenTogether(a, verb int) bool {
	for i := a; i < verb; i++ {
		switch x.tokens[i].norm {
		case "children", "boys", "girls", "kids", "twins", "siblings", "ones", "brothers", "sisters":
			return true
		case "three", "four", "five", "six":
			if x.word(i-1) == "all" && (i+1 == verb || x.word(i+1) == "of") {
				return true // "all three were in"
			}
		}
	}
	return false
}

// soWas reports "so was", "neither was" before whom it is said of.
func (x *text) soWas(a, verb int) bool {
	n := x.word(verb - 1)
	return verb > a && (n == "so" || n == "neither" || n == "nor") && (x.word(verb) == "was" || x.word(verb) == "were" || x.word(verb) == "is")
}

// coupleMeant lists those of whom a word before a verb speaks together: "both carers were in", "the grandparents were there".
func (x *text) coupleMeant(a, verb int) []int {
	var out []int
	for i := a; i < verb; i++ {
		for w := range x.people {
			p := &x.people[w]
			if len(p.mentions) == 0 || p.generic {
				continue
			}
			switch r := p.roleName; x.word(i) {
			case "carers":
				if r == "foster carer" || r == "carer" || r == "kinship carer" {
					out = append(out, w)
				}
			case "parents":
				if (r == "mother" || r == "father") && p.owner < 0 && x.word(i-1) == "both" {
					out = append(out, w)
				}
			case "grandparents":
				if (r == "grandmother" || r == "grandfather") && p.owner < 0 {
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// outsider reports a professional whom the worker speaks to elsewhere: everybody but the staff of the place of the visit.
func (x *text) outsider(w int) bool {
	p := &x.people[w]
	if p.kind(x) != roleProfessional || p.roleName == "foster carer" || p.roleName == "carer" {
		return false
	}
	for _, word := range []string{"teacher", "head", "key worker", "nursery", "pastoral", "school", "senco", "mentor", "tutor", "safeguarding lead"} {
		if strings.Contains(p.roleName, word) {
			return !x.atStaffPlace()
		}
	}
	return true
}

// atStaffPlace reports a visit to a school, nursery or home with staff.
func (x *text) atStaffPlace() bool {
	for i := 0; i+1 < len(x.tokens) && i < opening; i++ {
		switch x.tokens[i].norm {
		case "school", "nursery", "college", "unit", "playgroup":
			if n := x.tokens[i+1].norm; n == "visit" || x.tokens[max(0, i-1)].norm == "at" || i < 8 && (i == 0 || x.tokens[i-1].cap || x.tokens[i-1].norm == "to") {
				return true
			}
		}
	}
	return false
}

// aboutBefore reports "about" between a verb and a person.
func (x *text) aboutBefore(a, b int) bool {
	for i := a; i < b; i++ {
		if n := x.tokens[i].norm; n == "about" || n == "that" || n == "because" || n == "if" || n == "when" || n == "how" {
			return true
		}
	}
	return false
}

func (x *text) remoteClause(s span) bool {
	for i := s.a; i < s.b; i++ {
		if t := &x.tokens[i]; !t.mark && remote[t.norm] && !(t.norm == "called" && i > s.a && (x.tokens[i-1].norm == "is" || x.tokens[i-1].norm == "'s")) && !(t.norm == "phone" && i > s.a && possessives[x.tokens[i-1].norm]) {
			return true
		}
	}
	return false
}

func (x *text) future(s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.who[i] >= 0 {
			continue // Hope, Will
		}
		switch x.tokens[i].norm {
		case "will", "would", "'d", "wants", "want", "hope", "hoping", "next", "if":
			if x.tokens[i].norm == "'d" && (i+1 >= s.b || x.lex.verb[x.tokens[i+1].norm] != x.tokens[i+1].norm) {
				continue
			}
			if x.tokens[i].norm == "next" && x.after(i) != "visit" && x.after(i) != "time" && x.after(i) != "week" {
				continue
			}
			return true
		case "going":
			if x.after(i) == "to" {
				return true
			}
		}
	}
	return false
}

// listOfPresent reads "Present were …", "Present: …", "at home with …", "in the home were …" over the rest of the sentence.
func (x *text) listOfPresent(c int) bool {
	part := &x.parts[c]
	found := x.listCue(c)
	if found < 0 {
		return false
	}
	s := x.sents[part.sentence]
	absent := false
	loose := x.looseCue(c, found)
	for i := found; i < s.b; i++ {
		t := &x.tokens[i]
		if loose && (t.norm == "no" || t.norm == "not" || t.norm == "about") {
			break // "there was me and Jo talking about Ben"
		}
		if p := x.partAt(i); loose && p > c && x.verbAt[p] >= 0 {
			continue
		}
		if t.norm == "apologies" || t.norm == "absent" || t.norm == "not" || (t.norm == "out" || t.norm == "away" || t.norm == "missing") && i == found {
			absent = true
		}
		w := x.who[i]
		if w < 0 || t.poss || possessives[t.norm] {
			continue
		}
		if absent {
			x.setPresence(w, kerbside.Absent, x.partOf(c, i))
		} else {
			x.setPresence(w, kerbside.Present, span{found, x.partOf(c, i).b})
		}
	}
	return true
}

// listCue is where the words begin in clause c behind which those who were there, or were not, are listed; -1 without.
func (x *text) listCue(c int) int {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		n := x.tokens[i].norm
		switch {
		case x.looseCue(c, i):
			return i
		case (n == "present" || n == "absent" || n == "apologies") && i == part.a && i+1 < len(x.tokens), (n == "in" || n == "out" || n == "home" || n == "there" || n == "away" || n == "missing") && i == x.sents[part.sentence].a && x.tokenIs(i+1, ":"):
			return i
		case n == "it" && x.wordsAt(i+1, []string{"was"}) && i+2 < part.b && x.whoAt(i+2) >= 0 && x.hereBehind(part.sentence, i):
			return i
		case (n == "home" || n == "house" || n == "visit" || n == "meeting") && x.wordsAt(i+1, []string{"were"}):
			return i
		case n == "attended" && x.after(i) == "by", n == "attendees", n == "attending" && i == part.a, n == "there" && x.wordsAt(i+1, []string{"were"}):
			return i
		}
	}
	return -1
}

// looseCue reports, at token i of clause c, the begin of a list in passing that ends where something is told: "In the room, me, mum and Ada", "there was me and …".
func (x *text) looseCue(c, i int) bool {
	if n := x.word(i); n == "there" && i == x.parts[c].a {
		return x.meBehind(i+1) && !x.told(i)
	}
	if i != x.sents[x.parts[c].sentence].a || x.verbAt[c] >= 0 {
		return false
	}
	n := x.word(i)
	return (x.wordsAt(i, []string{"in", "the", "room"}) || (n == "round" || n == "around") && x.wordsAt(i+1, []string{"the", "table"})) && !subjectPronouns[x.word(i+3)]
}

// meBehind reports "was me, …" or "'s just me and …" at token i.
func (x *text) meBehind(i int) bool {
	if n := x.word(i); n != "was" && n != "'s" {
		return false
	}
	if n := x.word(i + 1); n == "just" || n == "only" {
		i++
	}
	return x.word(i+1) == "me" || x.word(i+1) == "myself"
}

// hereBehind reports "in the house", "at home", "who were in" in the rest of a sentence.
func (x *text) hereBehind(s, i int) bool {
	for k := i; k+1 < x.sents[s].b; k++ {
		if n, m := x.tokens[k].norm, x.tokens[k+1].norm; (n == "in" || n == "at") && (m == "the" || m == "home" || m == "." || m == ",") {
			return true
		}
	}
	return false
}

func (x *text) partOf(c, i int) span {
	for ; c < len(x.parts); c++ {
		if x.parts[c].a <= i && i < x.parts[c].b {
			return x.parts[c].span
		}
	}
	return span{i, i + 1}
}

// fragmentPresence reads fragments without a verb: "Mum not present", "only the two of us in the lounge", "seen on his own".
func (x *text) fragmentPresence(c int) {
	part := &x.parts[c]
	not := false
	for i := part.a; i < part.b; i++ {
		n := x.tokens[i].norm
		switch {
		case n == "not" || n == "absent" || n == "no":
			not = true
		case n == "apologies":
			for _, w := range x.subject[c] {
				x.setPresence(w, kerbside.Absent, part.span)
			}
			return
		case n == "present" || n == "there" || n == "seen":
			for _, w := range x.subject[c] {
				value := kerbside.Present
				if not {
					value = kerbside.Absent
				}
				x.setPresence(w, value, part.span)
			}
			return
		case (n == "at" || n == "in") && absentPlaces[x.after(i)] && x.after(i) != x.visitPlace && x.word(i-1) != "been" && !(x.word(i+2) == "for" && i+2 < part.b):
			for _, w := range x.subject[c] {
				x.setPresence(w, kerbside.Absent, part.span)
			}
			return
		case n == "at" && x.atSomeones(i, part.b), n == "out" && x.after(i) != "of" && x.after(i) != "with", n == "away":
			if w := x.who[max(part.a, i-1)]; i > part.a && part.sentence > 0 && x.who[part.a] == w && has(x.subject[c], w) && !possessives[x.word(i-1)] && !x.contains(part.span, "every") && !x.hasDay(part.span) {
				x.setPresence(w, kerbside.Absent, part.span) // "Isla's at her nan's", "Isla out"
			}
			return
		}
	}
}

func (x *text) negatedBefore(a, i int) bool {
	for k := a; k < i; k++ {
		if n := x.tokens[k].norm; n == "not" || n == "never" || n == "without" {
			return true
		}
	}
	return false
}

// statedPresence reads what a clause says of where its subject was.
func (x *text) statedPresence(c, verb int) string {
	part := &x.parts[c]
	v := x.tokens[verb].norm
	not := false
	for k := verb; k < part.b && k < verb+3; k++ {
		not = not || x.tokens[k].norm == "not" || x.tokens[k].norm == "never"
	}
	switch v {
	case "was", "were", "'s", "is", "are", "had", "has", "been":
		if v == "had" || v == "has" || v == "'s" {
			for k := verb + 1; k < part.b && k < verb+5; k++ {
				switch x.tokens[k].norm {
				case "gone", "out":
					if x.contains(part.span, "back") || x.hasDay(part.span) || x.word(k-1) == "going" || not {
						return "" // "she's gone out and come back late on Saturday", "she hasn't gone"
					}
					if n := x.word(k - 1); k-1 > verb && !adverbs[n] && n != "still" && n != "been" && n != "both" && n != "all" || n == "been" || x.after(k) == "of" || goneTurns[x.after(k)] {
						return "" // "she's fallen out with him", "he had his spellings out", "he's gone quiet"
					}
					return kerbside.Absent
				case "sent", "gave":
					if x.contains(part.span, "apologies") {
						return kerbside.Absent
					}
				}
			}
			if v != "'s" {
				return ""
			}
		}
		for k := verb + 1; k < part.b && k < verb+6; k++ {
			t := &x.tokens[k]
			n := t.norm
			if n == "been" && (x.contains(part.span, "since") || x.contains(part.span, "for") || x.contains(part.span, "all")) {
				return "" // "has not been in school since September"
			}
			if n == "not" {
				if k+1 >= part.b && x.tokens[verb].norm == "was" {
					return kerbside.Absent // "Jude wasn't"
				}
				continue
			}
			switch {
			case not && (n == "at" || n == "in") && absentPlaces[x.after(k)]:
				return "" // "he isn't in school" does not say where he is
			case (v == "'s" || v == "is" || v == "are") && (n == "at" || n == "in") && x.asARule(span{k, part.b}):
				return "" // "Ada's in school full time again"
			case (v == "'s" || v == "is" || v == "are") && not && (n == "here" || n == "there") && x.after(k) == "for":
				return "" // "he's not here for exams" is why, not where
			case (n == "at" || n == "in" || n == "still") && absentPlaces[x.after(k)], n == "away" || n == "abroad", n == "out" && x.rightBehind(verb, k) && x.after(k) != "of" && x.after(k) != "with" && !x.contains(part.span, "in"):
				if x.visitPlace != "" && x.after(k) == x.visitPlace {
					return kerbside.Present
				}
				return kerbside.Absent
			case n == "at" && v == "was" && !not && bareSpots[x.after(k)], n == "at" && x.atSomeones(k, part.b), (n == "at" || n == "down") && (x.after(k) == "the" || x.after(k) == "a") && awaySpots[x.word(k+2)] && !not:
				return kerbside.Absent
			case n == "with" && (v == "'s" || v == "is"):
				return ""
			case (n == "on" || n == "under" || n == "behind" || n == "beside" || n == "lying" || n == "next") && v == "was" && determiners[x.after(k)] && x.after(k) != "this" && !shiftWords[x.word(k+2)] && !x.reported(c):
				if not {
					return ""
				}
				return kerbside.Present
			case herePlaces[n] && n != "also", n == "in", n == "at" && (x.after(k) == "home" || x.after(k) == "the"):
				if n == "in" && !x.inTheHome(k, part.b) {
					return ""
				}
				if v == "'s" || v == "is" || v == "are" {
					if n == "in" || x.hasDay(part.span) {
						return "" // "they are there Mondays and Tuesdays"
					}
				}
				if not {
					return kerbside.Absent
				}
				return kerbside.Present
			case n == "seen":
				if not {
					return ""
				}
				return kerbside.Present
			case n == "back":
				if not {
					return kerbside.Absent
				}
				return kerbside.Present
			case adverbs[n], n == "and", isFiller(t):
			case (n == "staying" || n == "living" || n == "stopping" || n == "sleeping" && x.after(k) == "at") && (x.after(k) == "at" || x.after(k) == "with" || x.after(k) == "over") && v == "was":
				return kerbside.Absent
			case n == "working" || n == "seeing" || n == "visiting":
				return ""
			case len(n) > 4 && n[len(n)-3:] == "ing" && v == "was" && !x.past(part.span):
				return kerbside.Present
			default:
				return ""
			}
		}
		if not && part.b-verb <= 2 && (v == "was" || v == "were" || v == "been") {
			return kerbside.Absent // "Ben was not", but not "is she? She's not"
		}
		return ""
	case "gone": // "Isla's gone out": the ending of the name is the verb
		if verb > 0 && x.tokens[verb-1].poss && !not && !x.contains(part.span, "back") && !x.hasDay(part.span) && !goneTurns[x.after(verb)] && x.after(verb) != "on" {
			return kerbside.Absent
		}
		return ""
	case "did", "could":
		if not {
			for k := verb; k < part.b && k < verb+5; k++ {
				switch x.tokens[k].norm {
				case "come", "attend", "join", "turn", "show", "make":
					return kerbside.Absent
				}
			}
		}
		return ""
	case "sent", "gave":
		if x.contains(part.span, "apologies") {
			return kerbside.Absent
		}
		return ""
	case "turned", "showed", "came":
		if x.word(verb-1) == "never" && (v == "came" && (x.after(verb) == "" || x.after(verb) == "in" || x.after(verb) == "at") || x.after(verb) == "up") && !x.past(part.span) {
			return kerbside.Absent
		}
		if v == "showed" && x.word(verb-1) == "never" {
			if x.after(verb) == "" && !x.past(part.span) {
				return kerbside.Absent // "he never showed"
			}
			return ""
		}
	}
	if v == "picked" && x.after(verb) == "up" && x.rangBefore(c) {
		return "" // "I rang and she picked up"
	}
	if (v == "spoke" || v == "talked") && x.answeredCall(c) {
		return "" // "I rang and she picked up and spoke in a whisper"
	}
	if arriveVerbs[v] && !x.past(part.span) && !not && !(v == "came" && (x.after(verb) == "on" || x.after(verb) == "back" && x.word(verb+2) == "on")) {
		return kerbside.Present
	}
	return ""
}

// goneTurns are what somebody may have gone who has gone nowhere: "he's gone quiet", "she's gone up two sizes".
var goneTurns = setOf("quiet silent up down through wrong well red white cold backwards downhill without from off over for mad")

// asARule reports words for how things are by custom and not on the day of the visit: "in school full time again", "at nursery every morning".
func (x *text) asARule(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch x.word(k) {
		case "every", "most", "usually", "mornings", "afternoons", "weekdays", "weekends", "part-time", "full-time":
			return true
		case "full", "part":
			if x.word(k+1) == "time" {
				return true
			}
		}
	}
	return false
}

// atSomeones reports "at her gran's", "at a friend's house", unless the visit was there.
func (x *text) atSomeones(k, b int) bool {
	for i := k + 1; i < b && i < k+4; i++ {
		t := &x.tokens[i]
		if !t.poss {
			continue
		}
		for j := 0; j < len(x.tokens) && j < opening && j < k; j++ {
			if x.tokens[j].poss && x.tokens[j].norm == t.norm {
				return false
			}
		}
		return x.who[i] >= 0
	}
	return false
}

func (x *text) contains(s span, word string) bool {
	for i := s.a; i < s.b; i++ {
		if x.tokens[i].norm == word && !x.tokens[i].mark {
			return true
		}
	}
	return false
}

// inTheHome reports an "in" that says where somebody was: "was in", "in the kitchen", "in bed".
func (x *text) inTheHome(k, b int) bool {
	if k+1 >= b {
		return true
	}
	switch n := x.tokens[k+1].norm; n {
	case "the", "bed", "her", "his", "their", "and", "when", "but", "too", "as", "with", "today", "a", "throughout", "for", "by":
		if n == "the" || n == "a" || n == "her" || n == "his" || n == "their" {
			return k+2 >= b || x.tokens[k+2].norm != "care" && x.tokens[k+2].norm != "process" && x.tokens[k+2].norm != "past"
		}
		return true
	}
	return false
}

// past reports a clause about an earlier time.
func (x *text) past(s span) bool { return x.timeOf(s) == kerbside.Historical }

// onlyIn notes that the children whom a few words do not name were not there: "Only Nan in."
func (x *text) onlyIn(s span) {
	named := x.namedHere(s)
	for w := range x.people {
		if x.people[w].isChild(x) && !has(named, w) {
			x.gone[w] = true
		}
	}
}

// presentBySpeech takes family members for present who spoke to the worker, unless by phone. Professionals are often spoken to
// elsewhere, so their words alone do not make them present.
func (x *text) presentBySpeech(f *frame) {
	if f.cue.a == f.cue.b { // no verb of speech brings the words in
		if f.who >= 0 && x.people[f.who].presence == kerbside.Mentioned && x.people[f.who].isChild(x) && f.content.b > f.content.a {
			p := &x.people[f.who]
			p.presence, p.presSpan, p.heard = kerbside.Present, f.content, true
		}
		return
	}
	if f.who < 0 || f.kind == kerbside.WorkerOpinion || f.hearer >= 0 || x.saidToAnother(f) || x.rungBefore(f.who, f.cue.a) || x.tokens[f.cue.b-1].norm == "asked" && x.after(f.cue.b-1) == "for" {
		return
	}
	part := &x.parts[f.clause]
	p := &x.people[f.who]
	if x.byPhone(span{f.cue.b, min(f.cue.b+8, x.sents[part.sentence].b)}) || x.nestedIn(f) || x.remoteClause(span{x.sents[part.sentence].a, max(f.cue.b, part.a)}) || x.past(f.cue) || f.verb == "think" || x.contains(f.cue, "had") || x.contains(f.cue, "not") {
		return
	}
	for i := f.cue.b; i+1 < len(x.tokens) && i < f.cue.b+4; i++ {
		if _, month := months[x.word(i+1)]; month && x.word(i) == "in" {
			return // "told me in August"
		}
	}
	k := p.kind(x)
	if k == "" && len(p.mentions) <= 2 && x.word(f.cue.a+1) == "from" || x.wantsNoName(f.content) {
		return // "Beverley from the shop said …. She does not want to be named."
	}
	staff := k == roleProfessional && !x.outsider(f.who)
	if p.presence == kerbside.Absent && k == roleChild && x.headedAt(p.presSpan) {
		p.presence, p.presSpan = kerbside.Mentioned, span{} // "Child protection, Lacey at school, Wednesday" is where she was seen
	}
	if p.presence == kerbside.Mentioned && (staff || k == roleFamily || k == roleChild || p.roleName == "foster carer" || p.roleName == "carer" || k == "") {
		p.presence, p.presSpan, p.heard = kerbside.Present, f.cue, true
	}
}

// saidToAnother reports words that somebody said to others than the worker: "he said to his mate", "she said to the police".
func (x *text) saidToAnother(f *frame) bool {
	k := f.cue.b
	if x.word(k-1) == "to" {
		k--
	}
	n := x.word(k + 1)
	return x.word(k) == "to" && (possessives[n] || determiners[n] || x.whoAt(k+1) >= 0)
}

// rangBefore reports that the worker rang somebody in the sentence of clause c, or the one before, before it.
func (x *text) rangBefore(c int) bool {
	for k := c; k >= 0 && x.parts[k].sentence >= x.parts[c].sentence-1; k-- {
		if v := x.verbAt[k]; x.worker[k] && v >= 0 && reaching[x.word(v)] {
			return true
		}
	}
	return false
}

// answeredCall reports that the clause before c, in its sentence, says that somebody whom the worker had rung picked up.
func (x *text) answeredCall(c int) bool {
	if c == 0 || x.parts[c-1].sentence != x.parts[c].sentence {
		return false
	}
	v := x.verbAt[c-1]
	return v >= 0 && (x.word(v) == "picked" && x.after(v) == "up" || x.word(v) == "answered") && x.rangBefore(c-1)
}

// headedAt reports the place of somebody in a heading without a verb, which may be where the visit was: "Lacey at school".
func (x *text) headedAt(s span) bool {
	c := x.partAt(s.a)
	return c >= 0 && s.b > s.a && x.parts[c].sentence == 0 && x.verbAt[c] < 0 && x.contains(x.parts[c].span, "at")
}

// byPhone reports "on the phone", "by video", "over Teams".
func (x *text) byPhone(s span) bool {
	for i := s.a; i+1 < s.b; i++ {
		switch x.word(i) {
		case "on", "by", "over", "via":
		default:
			continue
		}
		k := i + 1
		if n := x.word(k); n == "the" || n == "a" || possessives[n] && x.word(i) != "on" {
			k++
		}
		if n := x.word(k); phones[n] && k < s.b || n == "video" || n == "screen" {
			return true
		}
	}
	return false
}

var phones = setOf("phone telephone teams zoom facetime video text email whatsapp speakerphone loudspeaker skype")

// onTheLine reports somebody of whom the words say that he or she was there by telephone or on a screen: "dad joined on Teams".
func (x *text) onTheLine(p *person) bool {
	for _, m := range p.mentions {
		if c := x.partAt(m.a); c >= 0 && !x.reported(c) && x.byPhone(span{m.b, x.parts[c].b}) && !x.future(x.parts[c].span) && (len(x.subject[c]) == 0 || &x.people[x.subject[c][0]] == p) {
			return true
		}
	}
	return false
}

// rungBefore reports somebody whom the worker rang before token i: what they said after that was said on the telephone.
func (x *text) rungBefore(who, i int) bool {
	at, ok := x.rung[who]
	return ok && at < i && !x.comesBetween(at, i)
}

// comesBetween reports that the worker went somewhere between two tokens: "Mum rang me, so I went round. She said …".
func (x *text) comesBetween(a, b int) bool {
	for k := a; k < b; k++ {
		if n := x.word(k); (n == "went" || n == "got" || n == "arrived" || n == "visited" || n == "drove") && x.before(k) == "i" {
			return true
		}
	}
	return false
}

// whoWasRung notes where each was first rung by the worker, or rang.
func (x *text) whoWasRung() {
	x.rung = map[int]int{}
	for k := range x.tokens {
		if w := x.putOn(k); w >= 0 {
			if _, known := x.rung[w]; !known {
				x.rung[w] = k
			}
		}
		if n := x.word(k + 1); reaching[x.word(k)] && (n == "me" || n == "us") && k > 0 && x.whoAt(k-1) >= 0 {
			if c := x.partAt(k); c >= 0 && !x.reported(c) && !x.past(x.parts[c].span) {
				if _, known := x.rung[x.whoAt(k-1)]; !known {
					x.rung[x.whoAt(k-1)] = k
				}
			}
			continue
		}
		if w := x.word(k); w != "rang" && w != "phoned" && w != "telephoned" && w != "rung" {
			continue
		}
		if c := x.partAt(k); c < 0 || !x.worker[c] || x.reported(c) {
			continue
		}
		who, end := x.personBehind(k)
		if _, known := x.rung[who]; who >= 0 && !known && x.word(end) != "to" {
			x.rung[who] = k
		}
	}
}

// putOn is the person to whom a telephone is handed at token k: "she put Kayleigh on", "she passed the phone to him"; -1 without.
func (x *text) putOn(k int) int {
	switch x.word(k) {
	case "put", "puts":
		who, end := x.personBehind(k)
		if p := k + 1; who < 0 && x.whoAt(p) >= 0 && (objectPronouns[x.word(p)] || x.word(p) == "her") {
			who, end = x.who[p], p+1
		}
		if who < 0 || x.word(end) != "on" {
			return -1
		}
		end++
		if n := x.word(end); n == "the" || n == "to" {
			end++
		}
		if n := x.word(end); phones[n] || n == "line" || n == "speaker" || n == "loudspeaker" || n == "me" && x.word(end-1) == "to" || n == "" || connectors[n] || subjectPronouns[n] {
			return who
		}
	case "passed", "handed", "gave":
		i := k + 1
		if x.word(i) == "the" && phones[x.word(i+1)] && x.word(i+2) == "to" {
			who, _ := x.personBehind(i + 2)
			return who
		}
		who, end := x.personBehind(k)
		if who >= 0 && x.word(end) == "the" && phones[x.word(end+1)] {
			return who
		}
	}
	return -1
}

// personBehind is the person named within the next few words, and where the naming ends; nobody when only somebody's thing is: "I rang Lena's mobile".
func (x *text) personBehind(k int) (who, end int) {
	for i := k + 1; i < k+4 && i < len(x.tokens) && !x.tokens[i].mark; i++ {
		w := x.who[i]
		if w < 0 || pronoun(x.word(i)) || possessives[x.word(i)] {
			continue
		}
		for i < len(x.tokens) && x.who[i] == w && !x.tokens[i].poss {
			i++
		}
		if i < len(x.tokens) && x.who[i] == w {
			return -1, i
		}
		return w, i
	}
	return -1, k
}

// absentInRunOns reads "… was at home with Emily who is four Martin the father was not there": where speech runs on without marks, the person right
// before the denial is the one it is about, whoever else the clause says was there.
func (x *text) absentInRunOns() {
	x.missedOnes()
	for k := 1; k < len(x.tokens); k++ {
		part, end := x.partAt(k), k+2
		if w := x.whoAt(k - 1); w >= 0 && part >= 0 && x.word(k) == "was" && x.word(k+1) == "out" && outDoing[x.word(k+2)] && !x.tokens[k-1].poss && !x.reported(part) && !x.hasDay(x.parts[part].span) && x.runsOn(x.parts[part].a, k-1) {
			x.setPresence(w, kerbside.Absent, span{x.mentionStart(w, k-1), k + 3}) // "… was in Phil was out walking the dog"
			continue
		}
		if x.tokens[k].norm != "was" && x.tokens[k].norm != "were" || k+1 >= len(x.tokens) || x.tokens[k+1].norm != "not" {
			continue
		}
		if end < len(x.tokens) && x.tokens[end].norm == "at" {
			end++
		}
		if end >= len(x.tokens) || part < 0 || x.reported(part) {
			continue
		}
		if w := x.whoAt(k - 1); w >= 0 && x.bareDenial(k+1) { // "Ada was at school Ben wasn't he's with his dad"
			x.setPresence(w, kerbside.Absent, span{x.mentionStart(w, k-1), k + 2})
			continue
		}
		if !awayWords[x.tokens[end].norm] {
			continue
		}
		if end+1 < len(x.tokens) && (prepositions[x.tokens[end+1].norm] || x.tokens[end+1].norm == "when") {
			continue // "was not there on Friday"
		}
		begin := x.parts[part].a
		if w := x.whoAt(k - 1); w >= 0 && x.runsOn(begin, k-1) {
			x.setPresence(w, kerbside.Absent, span{x.mentionStart(w, k-1), end + 1})
		}
	}
}

// missedOnes reads "no sign of Ada", "I missed Ada", "Ada had already left".
func (x *text) missedOnes() {
	for k := 2; k < len(x.tokens); k++ {
		w := x.who[k]
		if w < 0 || x.tokens[k].poss || possessives[x.word(k)] || pronoun(x.word(k)) {
			continue
		}
		c := x.partAt(k)
		if c < 0 || x.reported(c) || x.past(x.parts[c].span) || x.lastTime(c) {
			continue
		}
		switch {
		case x.word(k-1) == "of" && x.word(k-2) == "sign" && x.word(k-3) == "no":
			x.setPresence(w, kerbside.Absent, span{k - 3, k + 1})
		case (x.word(k-1) == "seen" || x.word(k-1) == "met") && x.word(k-2) == "not" && x.word(k+1) == "yet" && x.worker[c]:
			x.setPresence(w, kerbside.Absent, span{k - 2, k + 2}) // "I've not seen Jacob yet"
		case x.word(k-1) == "no" && (x.word(k+1) == "today" || x.word(k+1) == "tonight") && x.people[w].name != "":
			x.setPresence(w, kerbside.Absent, span{k - 1, k + 2}) // "so no Ola today"
		case x.word(k-1) == "missed" && (x.word(k-2) == "i" || x.word(k-2) == "just" && x.word(k-3) == "i") && x.people[w].isChild(x):
			x.setPresence(w, kerbside.Absent, span{k - 2, k + 1})
		case x.word(k+1) == "had" && x.word(k+2) == "already" && (x.word(k+3) == "left" || x.word(k+3) == "gone"):
			x.setPresence(w, kerbside.Absent, span{k, k + 4})
		}
	}
}

// bareDenial reports a "not" at token i that nothing of its clause follows: the next word begins another statement.
func (x *text) bareDenial(i int) bool {
	if i+2 >= len(x.tokens) || x.tokens[i+1].mark {
		return false
	}
	switch x.word(i + 1) {
	case "he", "she", "they", "i":
		v := x.word(i + 2)
		return v == "'s" || v == "is" || v == "was" || v == "are" || v == "were"
	}
	return false
}

var outDoing = setOf("working walking shopping playing collecting picking fetching driving delivering running fishing drinking")

var awayWords = setOf("there present home around")

// runsOn reports a finite verb between two places of one clause.
func (x *text) runsOn(a, b int) bool {
	for i := a; i < b; i++ {
		if finiteAux[x.tokens[i].norm] || x.lex.finite[x.tokens[i].norm] {
			return true
		}
	}
	return false
}

// mentionStart is where the words for a person that end at i begin.
func (x *text) mentionStart(who, i int) int {
	for i > 0 && (x.whoAt(i-1) == who || i > 1 && x.whoAt(i-2) == who && x.tokens[i-1].norm == "the") {
		i--
	}
	return i
}

// roleBehind is the person with a role who is spoken of within a few words from i; -1 without.
func (x *text) roleBehind(i int, role string) int {
	for k := i; k < len(x.tokens) && k < i+4; k++ {
		if w := x.who[k]; w >= 0 {
			if x.people[w].roleName == role {
				return w
			}
			return -1
		}
	}
	return -1
}

// cameAlong reports that the "with" at token i is of the worker's coming, or of a heading: "I went with", "Section 47, Friday, with".
func (x *text) cameAlong(i int) bool {
	c := x.partAt(i)
	if c < 0 || x.reported(c) || x.past(x.parts[c].span) || x.future(x.parts[c].span) {
		return false
	}
	if x.verbAt[c] < 0 {
		return x.parts[c].sentence < 2 && (len(x.subject[c]) == 0 || x.subject[c][0] == x.whoAt(i+1)) && !x.contains(x.parts[c].span, "meeting") && !x.contains(x.parts[c].span, "call")
	}
	switch x.lex.lemma(x.word(x.verbAt[c])) {
	case "go", "come", "visit", "attend", "arrive", "call", "turn":
		return x.worker[c]
	}
	return false
}

// comingIn reports at token i that somebody came while the worker was there: "Zofia was just getting in from school".
func (x *text) comingIn(i int) bool {
	if n := x.word(i); n != "was" && n != "were" {
		return false
	}
	k := i + 1
	for adverbs[x.word(k)] {
		k++
	}
	switch next := x.word(k + 1); x.word(k) {
	case "getting", "coming", "walking":
		return next == "in" || next == "home" || next == "back" || next == "through"
	case "arriving":
		return true
	}
	return false
}

// doneHere reports that what happens at token i was while the worker was there: not what somebody told, what is supposed or usual, or of another day.
func (x *text) doneHere(i int) bool {
	c := x.partAt(i)
	return c >= 0 && !x.reported(c) && !x.toldIn(c, i) && !x.supposed(c) && !x.past(x.parts[c].span) && !x.lastTime(c) && !x.asARule(x.parts[c].span) && !x.hasDay(x.parts[c].span)
}

// toldIn reports what somebody is said in clause c itself to have told: "Jo says Ben was coming home".
func (x *text) toldIn(c, i int) bool {
	for _, f := range x.framesAt(i) {
		if f.kind != kerbside.WorkerOpinion && f.clause == c && f.content.a <= i && i < f.content.b {
			return true
		}
	}
	return false
}

// presentByNames reads "just me and her", "with Callum present" and "joint visit with …".
func (x *text) presentByNames() {
	for i := 0; i+1 < len(x.tokens); i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		switch {
		case t.norm == "me" && x.tokens[i+1].norm == "and" && i+2 < len(x.tokens) && x.whoAt(i+2) >= 0:
			x.notAway(x.whoAt(i+2), span{i, i + 3})
			x.setPresence(x.whoAt(i+2), kerbside.Present, span{i, i + 3})
		case t.norm == "let" && x.tokenIs(i-1, ",") && (x.word(i+1) == "me" || x.word(i+1) == "us") && x.word(i+2) == "in" && x.doneHere(i) && !possessives[x.word(i+3)] && !determiners[x.word(i+3)]:
			for k := i - 2; k >= 0 && k > i-8 && !x.tokenIs(k, "."); k-- {
				if w := x.who[k]; w >= 0 && !x.tokens[k].poss && !possessives[x.word(k)] {
					x.setPresence(w, kerbside.Present, span{k, i + 3}) // "Dad, that's Pawel, let me in"
					break
				}
			}
		case x.comingIn(i) && x.whoAt(i-1) >= 0 && !x.tokens[i-1].poss:
			if c := x.partAt(i); x.doneHere(i) && !x.byTelephone() && !x.rangBefore(c) && !x.aboutCall(c) {
				p := &x.people[x.who[i-1]]
				x.notAway(x.who[i-1], span{i - 1, i + 1})
				x.setPresence(x.who[i-1], kerbside.Present, span{x.mentionStart(x.who[i-1], i-1), x.parts[c].b})
				p.arrived = p.arrived || p.presence == kerbside.Present
			}
		case t.norm == "home" && x.tokens[i+1].norm == "with" && i > 1 && x.tokens[i-1].norm == "at":
			for k := i + 2; k < len(x.tokens) && k < i+14 && x.tokens[k].norm != "." && !finiteAux[x.tokens[k].norm]; k++ {
				if w := x.who[k]; w >= 0 && !x.tokens[k].poss && !possessives[x.tokens[k].norm] {
					x.setPresence(w, kerbside.Present, span{i, k + 1})
				}
			}
		case t.norm == "with" && i < 2*opening:
			if w := x.roleBehind(i+1, "interpreter"); w >= 0 {
				x.setPresence(w, kerbside.Present, x.partOf(max(0, x.partAt(i)), i))
			}
			if w := x.whoAt(i + 1); w >= 0 && i < opening && x.people[w].title() != "" && x.people[w].kind(x) == roleProfessional && x.cameAlong(i) {
				x.setPresence(w, kerbside.Present, x.partOf(max(0, x.partAt(i)), i)) // "Section 47 with DC Shaw", "I went with PC Rahman"
			}
		case t.norm == "joint" && x.tokens[i+1].norm == "visit":
			for k := i + 2; k < len(x.tokens) && k < i+12 && x.tokens[k].norm != "."; k++ {
				if w := x.who[k]; w >= 0 && !x.tokens[k].poss && x.people[w].kind(x) == roleProfessional {
					x.setPresence(w, kerbside.Present, span{i, k + 1})
				}
			}
		}
	}
}
