package rules

// Who was told of the visit, who asked for it, and when it was settled that it would be.

var (
	writes   = setOf("ring text message phone email write")
	objects  = setOf("them her him everyone everybody mum dad mam mom nan gran")
	hosts    = map[string]bool{"key worker": true, "support worker": true, "residential worker": true}
	dayparts = setOf("morning afternoon evening teatime lunchtime weekend")
)

// pluperfect reports that the verb at token k is of what was before the visit: "I'd told", "had already asked".
func (x *text) pluperfect(k int) bool {
	for i := k - 1; i >= 0 && i > k-4; i-- {
		switch w := x.word(i); {
		case w == "had" || w == "'d":
			return true
		case !adverbs[w] && w != "not" && w != "never" && w != "been":
			return false
		}
	}
	return false
}

// withNext is the end of clause c, or of the one behind it in its sentence.
func (x *text) withNext(c int) int {
	if c+1 < len(x.parts) && x.parts[c+1].sentence == x.parts[c].sentence {
		return x.parts[c+1].b
	}
	return x.parts[c].b
}

// hasClock reports a time of day in a span.
func (x *text) hasClock(s span) bool {
	for i := s.a; i < s.b; i++ {
		if c, ok := clockAt(x.tokens, i); ok && (c.sure || x.word(i-1) == "at" || x.word(i-1) == "for") {
			return true
		}
	}
	return false
}

// comesAfter reports behind token k that the worker would come: "said I'd come at two", "told them we were visiting". What she would come back for is
// another visit.
func (x *text) comesAfter(k, b int) bool {
	for i := k + 1; i+1 < b && i < k+9; i++ {
		if w := x.word(i); w != "i" && w != "we" {
			continue
		}
		for m := i + 1; m < b && m < i+5; m++ {
			next := x.word(m + 1)
			switch x.word(m) {
			case "back", "again", "next":
				return false
			case "come", "coming", "visit", "visiting", "pop", "popping", "there":
				return next != "back" && next != "again"
			case "call", "calling":
				return next == "" || next == "round" || next == "in" || next == "by" || next == "at"
			}
		}
		return false
	}
	return false
}

// objectEnd is the token behind the one who is told at token k: "told them | one", "texted Lúcia | last week", "messaged his mother | on WhatsApp".
func (x *text) objectEnd(k, b int) int {
	i := k + 1
	if i < b && objects[x.word(i)] && !(x.word(i) == "her" && i+1 < b && (x.whoAt(i+1) >= 0 || x.roleAt(i+1))) {
		if x.word(i+1) == "both" || x.word(i+1) == "all" {
			return i + 2
		}
		return i + 1
	}
	for i < b && (determiners[x.word(i)] || possessives[x.word(i)]) {
		i++
	}
	named := i
	for i < b && !x.tokens[i].mark && (x.who[i] >= 0 || x.roleAt(i)) {
		i++
	}
	switch {
	case i == named:
		return k + 1
	case x.word(i) == "both":
		return i + 1
	case x.word(i) == "and" && i+1 < b:
		if next := x.objectEnd(i, b); next > i+1 {
			return next
		}
	}
	return i
}

// toProfessional reports one of another service at token i: "Sergeant Amin", "the health visitor".
func (x *text) toProfessional(i, b int) bool {
	for ; i < b && (determiners[x.word(i)] || possessives[x.word(i)] || titles[x.word(i)]); i++ {
		if x.who[i] >= 0 {
			break
		}
	}
	return i < b && x.isProfessional(i)
}

// isProfessional reports at token i somebody of another service. Who works where the child lives is as good as family.
func (x *text) isProfessional(i int) bool {
	w := x.who[i]
	return w >= 0 && x.people[w].kind(x) == roleProfessional && !hosts[x.people[w].roleName]
}

// daySaid reports at token i when something was done that was done before the visit: "yesterday", "last week", "on Friday", "that morning".
func (x *text) daySaid(i int) bool {
	switch w := x.word(i); w {
	case "yesterday":
		return true
	case "last":
		n := x.word(i + 1)
		return n == "week" || n == "night" || DateWord(n)
	case "that", "this", "the":
		n := x.word(i + 1)
		return dayparts[n] || n == "day" || n == "week" || n == "night"
	case "on":
		return DateWord(x.word(i+1)) || DateWord(x.word(i+2))
	case "at":
		return x.clockFollows(i + 1)
	}
	return false
}

// toldWhen reports a family that was told of the visit at token k: "I'd told them", "I'd told them one", "told her the day".
func (x *text) toldWhen(k, b int) bool {
	o := x.objectEnd(k, b)
	if o == k+1 || x.isProfessional(o-1) {
		return false
	}
	if o >= b || x.clockFollows(o) || x.daySaid(o) {
		return true
	}
	n := x.word(o + 1)
	return x.word(o) == "the" && (n == "time" || n == "date")
}

// wroteAhead reports a family that the worker wrote to or rang before: "I'd texted her at nine", "had written to them", "had messaged mother, on WhatsApp".
func (x *text) wroteAhead(k, b int) bool {
	v := k
	if w := x.word(k + 2); x.word(k+1) == "to" && x.lex.verb[w] != w {
		v++
	}
	o := x.objectEnd(v, b)
	if o > v+1 && x.isProfessional(o-1) {
		return false
	}
	if o >= b || x.daySaid(o) {
		return o > v+1 || o < b || b-x.parts[x.partAt(k)].a <= 4
	}
	return x.word(o) == "to" && x.word(o+1) == "say"
}

// messages reports a word for what is sent to a family.
func (x *text) messages(k int) bool {
	switch x.word(k) {
	case "letter", "text", "message", "email", "card":
		return true
	}
	return false
}

// saidWhen reports a time that was said for the visit: "I'd said eleven", "as we'd said", "I'd said I'd come", "she had said six was best".
func (x *text) saidWhen(c, k int) bool {
	p := x.parts[c].span
	next := x.word(k + 1)
	if !x.worker[c] {
		if !x.pluperfect(k) || x.question(c) {
			return false
		}
		if next == "come" && (DateWord(x.word(k+2)) || x.word(k+2) == "at" || x.word(k+2) == "on" || x.clockFollows(k+2)) {
			return true
		}
		t, ok := x.clockAfter(k)
		n := x.word(t.next)
		return ok && (n == "was" || n == "would" || n == "suited")
	}
	switch {
	case x.clockFollows(k + 1), (next == "at" || next == "between") && x.clockFollows(k+2):
		return true
	case x.asBefore(k) && k+1 >= p.b:
		return true
	}
	end := x.withNext(c)
	return (x.pluperfect(k) || x.contains(span{k, end}, "there") && x.hasClock(span{k, end})) && x.comesAfter(k, end)
}

// asBefore reports "as" before the subject of token k: "as they'd asked", "as we'd said".
func (x *text) asBefore(k int) bool {
	return x.word(k-1) == "as" || x.word(k-2) == "as" || x.word(k-3) == "as"
}

// clockAfter is the time of day right behind token k.
func (x *text) clockAfter(k int) (clock, bool) {
	if k+1 >= len(x.tokens) {
		return clock{}, false
	}
	return clockAt(x.tokens, k+1)
}

// askedForVisit reports a family that asked for the visit, or for when it was, at token k: "she'd asked for early", "they asked for it", "as they'd asked",
// "had asked for the afternoon", "they'd asked could I come".
func (x *text) askedForVisit(c, k int) bool {
	p := x.parts[c].span
	switch n := x.word(k + 1); n {
	case "":
		return x.asBefore(k) && k+1 >= p.b
	case "for":
		w := x.word(k + 2)
		switch {
		case w == "after" || w == "before" || w == "early" || DateWord(w) || x.clockFollows(k+2):
			return true
		case w == "it":
			return k+3 >= p.b
		case w == "a" || w == "an" || w == "the":
			t := x.word(k + 3)
			after := x.word(k + 4)
			return dayparts[t] && (after == "" || connectors[after] || after == "because" || after == "visit") || t == "visit"
		}
	case "could", "would", "can", "if", "whether":
		if (x.word(k+2) == "i" || x.word(k+2) == "we") && (x.word(k+3) == "come" || x.word(k+3) == "call" || x.word(k+3) == "visit") {
			return x.word(k+4) != "back" && x.word(k+4) != "again"
		}
		return n != "can" && x.comesAfter(k, x.withNext(c))
	}
	return false
}

// settledWhen reports that it was settled when the visit would be: "by agreement", "the appointment was for one", "it was meant to be half ten", "he'd picked the
// time", "noon suited her", "it was her invitation".
func (x *text) settledWhen(c, k int) bool {
	p := x.parts[c].span
	switch x.word(k) {
	case "agreement":
		return x.word(k-1) == "by" && (k+1 >= p.b || x.word(k+1) == "because") && x.ofVisitItself(c)
	case "appointment":
		if x.word(k-1) == "office" && x.verbAt[c] < 0 {
			return true
		}
		was, at := x.word(k+1), x.word(k+2)
		return (x.word(k-1) == "the" || x.word(k-1) == "my" || x.word(k-1) == "our") && (was == "was" || was == "is") && (at == "for" || at == "at") && x.clockFollows(k+3)
	case "meant", "supposed":
		return x.word(k-1) == "was" && len(x.subject[c]) == 0 && x.word(k+1) == "to" && x.word(k+2) == "be" && x.clockFollows(k+3)
	case "picked", "chose", "chosen":
		n := x.word(k + 2)
		return !x.worker[c] && x.word(k+1) == "the" && (n == "time" || n == "day" || n == "date" || n == "slot")
	case "suited", "suits":
		for i := max(p.a, k-4); i < k; i++ {
			n := x.word(i)
			if _, ok := clockAt(x.tokens, i); ok || n == "time" || n == "day" || dayparts[n] || DateWord(n) {
				return true
			}
		}
	case "invitation":
		return possessives[x.word(k-1)] && x.word(k-2) == "was" && x.word(k-3) == "it"
	}
	return false
}

// introducing is how far into a text what was before the visit is told.
const introducing = 3 * opening / 2

// ownComing reports a sentence that begins with the worker's coming, before clause c: "Turned up at nine", "came before school on purpose".
func (x *text) ownComing(c int) bool {
	first := c
	for first > 0 && x.parts[first-1].sentence == x.parts[c].sentence {
		first--
	}
	for d := first; d < c; d++ {
		if x.worker[d] {
			return true
		}
		if len(x.subject[d]) > 0 {
			return false
		}
		switch x.word(x.parts[d].a) {
		case "came", "went", "called", "turned", "got", "arrived", "visited", "knocked", "dropped":
			return true
		}
	}
	return false
}

// settledForms reports at token k that the visit was settled, whatever stands around it: "prearranged", "announced by text", "four o'clock was booked", "agreed time
// was one", "arranged at ten".
func (x *text) settledForms(k int) bool {
	next := x.word(k + 1)
	switch n := x.word(k); n {
	case "prearranged", "pre-arranged", "prebooked", "pre-booked":
		return true
	case "announced":
		return next == "by" && (x.messages(k+2) || x.word(k+2) == "phone" || x.word(k+2) == "telephone")
	case "agreed", "arranged":
		if next == "time" || n == "arranged" && next == "at" && x.clockFollows(k+2) {
			return true
		}
		fallthrough
	case "booked", "planned":
		return x.word(k-1) == "was" && k > 2 && (x.clockEnds(k-2) || x.clockEnds(k-3))
	}
	return false
}

// clockEnds reports a time of day that begins at token i, or before it, and ends right before the verb "was" behind it.
func (x *text) clockEnds(i int) bool {
	c, ok := clockAt(x.tokens, i)
	return ok && c.sure && x.word(c.next) == "was"
}

// ofVisitItself reports that clause c, which only says how, belongs to the worker's coming or stands by itself, and not to what somebody else did.
func (x *text) ofVisitItself(c int) bool {
	if x.worker[c] {
		return true
	}
	if x.verbAt[c] >= 0 {
		return false
	}
	p := c - 1
	return p < 0 || x.parts[p].sentence != x.parts[c].sentence || x.worker[p] || x.verbAt[p] < 0 && len(x.subject[p]) == 0
}

// putDownIn reports a diary or calendar in which the visit was put down, at token k: "in her diary", "on the calendar".
func (x *text) putDownIn(k int) bool {
	i := k - 1
	for i >= 0 && i > k-3 && (determiners[x.word(i)] || possessives[x.word(i)] || x.who[i] >= 0) {
		i--
	}
	return x.word(i) == "in" || x.word(i) == "on"
}

// lengthOfNotice reports at token k how long before the visit it was announced: "an hour's warning", "two days' notice". It is no notice to leave a home or a job.
func (x *text) lengthOfNotice(k int) bool {
	switch x.word(k - 1) {
	case "hour", "day", "week", "hours", "days", "minutes", "minute":
	default:
		return false
	}
	p := x.partAt(k)
	if p < 0 {
		return false
	}
	for _, w := range []string{"quit", "leave", "landlord", "work", "job", "eviction", "tenancy"} {
		if x.contains(x.parts[p].span, w) {
			return false
		}
	}
	return true
}

// placeToDropIn reports a session that people drop in to, at token k: "the sensory service drop-in".
func (x *text) placeToDropIn(k int) bool {
	w := x.word(k - 1)
	return w == "the" || w == "at" || w != "" && w != "a" && !adverbs[w] && x.word(k+1) != "visit"
}
