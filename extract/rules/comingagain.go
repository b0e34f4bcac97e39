package rules

// Ways in which a worker says when they will be with the family again, beside "next visit" and "I'll be back": "I go again on the ninth", "I'm due there on Monday", "my next is
// the ninth", "third session the twelfth of May", "she's happy for me to come on Friday", "Four weeks, the third of July."

// comesAgain tells how clause c speaks of the worker's coming again, as visitAhead does, 0 when it does not.
func (x *text) comesAgain(c int) int {
	p := x.parts[c].span
	if !x.wellIn(p.a) || x.reported(c) && !x.worker[c] || x.past(p) || x.atMeeting(c) {
		return 0
	}
	for i := p.a; i < p.b; i++ {
		if x.namesNext(c, i) {
			return visitNext
		}
	}
	for i := p.a; i < p.b; i++ {
		if x.goesThere(c, i) || x.metBy(c, i) {
			return visitReturns
		}
	}
	if x.beginsAgain(c) || x.barelyDays(c) || x.contains(p, "visit") && x.arrangesAhead(c) {
		return visitReturns
	}
	if x.seesThem(c) {
		return visitMeets
	}
	return 0
}

// atMeeting reports a clause about a meeting, an office or a professional, where the worker will be without a visit.
func (x *text) atMeeting(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		if w := x.word(k); notMyVisits[w] && !(w == "meeting" && x.word(k+1) == "again") || officials[w] && w != "school" || w == "office" || w == "supervision" || w == "not" || w == "no" {
			return true
		}
	}
	return x.professionalIn(p)
}

// namesNext reports, at token i, words for the next visit: "my next is the ninth", "Eleventh of August next.", "the twelfth's the next", "next time I come", "third session
// the twelfth", "the six-week one falls on Friday", "return date's the second".
func (x *text) namesNext(c, i int) bool {
	p := x.parts[c].span
	next := x.word(i + 1)
	switch w := x.word(i); {
	case w == "next":
		b := x.word(i - 1)
		switch {
		case b == "my" && (next == "is" || next == "'s" || next == "one" || next == "falls"):
			return true
		case b == "the" && i+1 >= p.b && (x.word(i-2) == "is" || x.word(i-2) == "'s" || x.tokens[max(0, i-2)].poss):
			return true
		case i+1 >= p.b && x.verbAt[c] < 0 && i > p.a && b != "the" && x.hasDay(span{p.a, i}):
			return true
		case next == "time" && (x.word(i+2) == "i" || DateWord(x.word(i+2))):
			return x.word(i+2) != "i" || x.word(i+3) == "come" || x.word(i+3) == "go" || x.word(i+3) == "visit" || x.word(i+3) == "call" || x.word(i+3) == "see" || x.word(i+3) == "am"
		case next == "time" && i+2 >= p.b && c+1 < len(x.parts) && x.parts[c+1].sentence == x.parts[c].sentence:
			return x.parts[c+1].joint == "which" || x.word(x.parts[c+1].a) == "which" // "… for next time, which is the twentieth"
		}
		return x.worker[c] && (next == "come" || next == "visit" || next == "go") && b == "i"
	case w == "appointment":
		return x.shut && x.word(i-1) == "new" && (next == "is" || next == "'s" || next == "on" || DateWord(next) || i+1 >= p.b)
	case w == "session" || w == "visit" || w == "one":
		return (x.ordinalAt(i-1) || intervals[x.word(i-1)]) && i-1 <= p.a+1 && (next == "is" || next == "'s" || next == "falls" || x.tokens[i].poss || x.verbAt[c] < 0 && (next == "the" || next == "on" || DateWord(next) || i+1 >= p.b))
	case w == "return" && next == "date":
		return i == p.a || i == p.a+1
	}
	return false
}

func (x *text) ordinalAt(i int) bool {
	n, ok := numberAt(x.tokens, i)
	return ok && n.ordinal && n.value > 1
}

// intervals are words for how often a worker comes.
var intervals = setOf("six-week six-weekly four-week four-weekly ten-day fortnightly monthly twelve-week three-month")

var (
	goings    = setOf("go come drive pop call get look drop head be nip swing")
	thereways = setOf("there round over out up down by back again properly in")
)

// goesThere reports, at token i, the worker's going or being there: "I go again", "I'll drive over", "I'm due there", "when I come on the ninth", "I'll do a visit", "I shall visit
// properly", "I'll try again".
func (x *text) goesThere(c, i int) bool {
	p := x.parts[c].span
	mine := x.worker[c] || x.word(i-1) == "i" || x.word(i-1) == "we" || x.word(p.a) == "will" && len(x.subject[c]) == 0
	if !mine {
		return false
	}
	w, prev, next := x.word(i), x.word(i-1), x.word(i+1)
	to := prev == "will" || prev == "shall" || prev == "'ll" || prev == "to" && (x.word(i-2) == "going" || x.word(i-2) == "am" || x.word(i-2) == "arranged" || x.word(i-2) == "agreed" || x.word(i-2) == "booked") || prev == "'d" && x.saysBefore(p.a, i) || prev == "would" && x.saysBefore(p.a, i)
	own := prev == "i" || prev == "we"
	switch {
	case w == "again" && x.verbAt[c] >= 0 && x.word(x.verbAt[c]) == "have":
		return x.word(x.verbAt[c]+1) == "got" && i <= x.verbAt[c]+3 // "I've got them again"
	case w == "visit":
		return to && (x.word(i+1) == "properly" || prev == "shall")
	case w == "do" || w == "doing":
		a := next == "a" || next == "an" || next == "another"
		return (to || prev == "am") && a && (x.word(i+2) == "visit" || x.word(i+2) == "unannounced" || (x.word(i+2) == "home" || x.word(i+2) == "proper" || x.word(i+2) == "further" || x.word(i+2) == "second" || x.word(i+2) == "unannounced") && x.word(i+3) == "visit")
	case w == "try" || w == "trying":
		return (to || prev == "am") && next == "again"
	case w == "meet" || w == "meeting":
		return (own || to || prev == "are" || prev == "am") && next == "again"
	case w == "due" || w == "booked" || w == "down":
		return (prev == "am" || prev == "are") && (next == "there" || next == "back" || next == "round" || next == "out") || w == "booked" && prev == "have" && next == "in" && x.word(i+2) == "for"
	case w == "there" || w == "with":
		if prev != "am" && !(prev == "be" && (x.word(i-2) == "will" || x.word(i-2) == "shall")) {
			return false
		}
		if w == "with" {
			return x.contains(span{i, p.b}, "again")
		}
		return next == "on" || next == "in" && x.word(i+2) == "person" || x.ownDay(i+1, p.b)
	case w == "be":
		return to && (next == "at" || next == "out" || next == "round" || next == "over") && x.familyPlace(i+1, p.b)
	case w == "going":
		return prev == "am" && (next == "there" || next == "again" || next == "back" || next == "round" || next == "over")
	case goings[w]:
		if own && (next == "back" || next == "again") {
			return !x.contains(span{p.a, i}, "before") && !x.contains(span{p.a, i}, "if")
		}
		if own && (w == "come" || w == "go" || w == "call") && (x.parts[c].joint == "when" || x.word(i-2) == "when") {
			return next == "on" || x.ownDay(i+1, p.b)
		}
		if !to {
			return false
		}
		if w == "get" || w == "look" {
			return next == "round" || next == "over" || w == "look" && next == "in" && x.ownDay(i+2, p.b)
		}
		if w == "go" || w == "come" || w == "pop" {
			if next == "myself" || next == "back" && prev == "to" {
				return x.ownDay(i+2, p.b)
			}
			if next == "on" && x.ownDay(i+2, p.b) {
				return true // "I'll go on Friday"
			}
		}
		if next == "in" {
			return x.word(i+2) == "person" || w != "be" && x.ownDay(i+2, p.b)
		}
		return thereways[next] && next != "back" && (x.ownDay(i+2, p.b) || x.familyPlace(i+2, p.b) || x.word(i+2) == "properly" || next == "properly") && !(w == "be" && next == "in")
	}
	return false
}

// saysBefore reports that between two tokens the worker says or told: "I told Ann I'd", "I said I would".
func (x *text) saysBefore(a, b int) bool {
	for k := a; k < b; k++ {
		switch x.word(k) {
		case "said", "told", "promised", "agreed":
			return true
		}
	}
	return false
}

// ownDay reports that a day or an hour begins at token i, at most behind "on" or "at": "over | on Monday", "there | tomorrow".
func (x *text) ownDay(i, end int) bool {
	if w := x.word(i); w == "on" || w == "at" || w == "in" || w == "next" {
		return x.hasDay(span{i, end})
	}
	d, ok := dayAt(x.tokens[:end], i, x.base, forward)
	return ok && !d.past
}

// familyPlace reports that between two tokens a place of the family is named: "at the house", "to the flat", "to them", "at Philomena's".
func (x *text) familyPlace(a, b int) bool {
	for k := a; k < b && k < a+5; k++ {
		switch x.word(k) {
		case "house", "flat", "home", "them", "him", "her", "hers", "theirs", "trailer", "caravan", "site", "placement":
			return true
		}
		if w := x.who[k]; w >= 0 && x.tokens[k].poss && x.people[w].kind(x) != roleProfessional {
			return true
		}
	}
	return false
}

// metBy reports, at token i, that the family will have the worker: "happy for me to come", "agreed to me coming", "rearranged for Thursday", "consented to an evening visit".
func (x *text) metBy(c, i int) bool {
	p := x.parts[c].span
	switch x.word(i) {
	case "me":
		n := x.word(i + 1)
		return n == "coming" || n == "visiting" || n == "calling" || n == "to" && (x.word(i+2) == "come" || x.word(i+2) == "visit" || x.word(i+2) == "call")
	case "rearranged", "rebooked", "rescheduled":
		n := x.word(i + 1)
		return (x.worker[c] || i == p.a) && (n == "with" || n == "for" || n == "it" || n == "us")
	case "unannounced":
		return (x.word(i-1) == "an" || x.word(i-1) == "another") && x.verbAt[c] < 0 && x.word(i+1) != "visit"
	case "agreed", "consented":
		if x.word(i+1) != "to" || x.word(i+2) != "a" && x.word(i+2) != "an" && x.word(i+2) != "another" {
			return false
		}
		return x.word(i+3) == "visit" || x.word(i+4) == "visit"
	case "another":
		return x.word(i+1) == "one" && (x.word(i+2) == "fixed" || x.word(i+2) == "booked" || x.word(i+2) == "arranged") && !x.contains(p, "she") && !x.contains(p, "he")
	}
	return false
}

// beginsAgain reports a clause without a subject that begins with the worker's coming: "Out again on the ninth", "Seeing Ann again on Friday", "With them again", "Told her I'd be back on".
func (x *text) beginsAgain(c int) bool {
	p := x.parts[c].span
	if x.followsSomebody(c) {
		return false
	}
	switch x.word(p.a) {
	case "out", "round", "over", "there", "with":
		return x.verbAt[c] < 0 && (x.word(p.a+1) == "again" || x.word(p.a+2) == "again")
	case "going":
		return x.ownDay(p.a+1, p.b)
	case "seeing", "visiting":
		return x.contains(span{p.a, min(p.b, p.a+4)}, "again")
	case "told", "said":
		for i := p.a + 1; i+1 < p.b && i < p.a+4; i++ {
			if x.word(i) == "i" {
				return (x.word(i+1) == "would" || x.word(i+1) == "'d" || x.word(i+1) == "will") && goings[x.word(i+2)] && x.word(i+2) != "get" && x.word(i+2) != "call" && (x.word(i+3) == "back" || x.word(i+3) == "there" || x.word(i+3) == "round")
			}
		}
	case "weekly", "fortnightly", "monthly":
		return c+1 < len(x.parts) && x.parts[c+1].sentence == x.parts[c].sentence && x.word(x.parts[c+1].a) == "so" && x.hasDay(x.parts[c+1].span)
	}
	return false
}

// followsSomebody reports that the clause before, in the same sentence, is about somebody who is then the one to come: "Dad's abroad, | back Thursday".
func (x *text) followsSomebody(c int) bool {
	if c == 0 || x.parts[c-1].sentence != x.parts[c].sentence || x.worker[c-1] {
		return false
	}
	a := x.parts[c-1].a
	return len(x.subject[c-1]) > 0 || x.who[a] >= 0 || x.who[min(a+1, x.parts[c-1].b-1)] >= 0
}

// barelyDays reports a sentence of the end that says no more than days: "Four weeks, third of July.", "Fourth of March, a Tuesday, at eleven."
func (x *text) barelyDays(c int) bool {
	part := &x.parts[c]
	s := x.sents[part.sentence]
	if part.a != s.a || part.sentence < len(x.sents)-2 || part.sentence == 0 || x.isHeading(max(0, c-1)) {
		return false
	}
	full, weeks := false, false
	for k := s.a; k < s.b; {
		if x.tokens[k].mark || isFiller(&x.tokens[k]) || x.word(k) == "a" && DateWord(x.word(k+1)) || x.word(k) == "so" || x.word(k) == "at" {
			k++
			continue
		}
		if d, ok := dayAt(x.tokens[:s.b], k, x.base, forward); ok {
			full = full || d.full || weeks && d.date != ""
			weeks = weeks || x.word(d.next-1) == "time" || x.word(d.next-1) == "weeks"
			k = d.next
			continue
		}
		if t, ok := clockAt(x.tokens, k); ok && (t.sure || x.word(k-1) == "at") {
			k = t.next
			continue
		}
		if w := x.word(k); full && (w == "when" || w == "same" || w == "time" || w == "again") {
			return true
		}
		if d, ok := numberAt(x.tokens, k); ok && !d.ordinal && (x.word(d.next) == "weeks" || x.word(d.next) == "weeks'") {
			k, weeks = d.next+1, true
			if x.word(k) == "time" {
				k++
			}
			continue
		}
		return false
	}
	return full
}

// seesThem reports that the worker will see or meet the children or the family: "I'll see both girls on Monday", "I'll meet Ann alone next Tuesday", "I see them all on Friday", "told
// her I'd see her on Friday".
func (x *text) seesThem(c int) bool {
	p := x.parts[c].span
	for i := p.a; i < p.b; i++ {
		switch x.word(i) {
		case "see", "meet", "seeing", "meeting":
		default:
			continue
		}
		prev := x.word(i - 1)
		if prev == "and" && goings[x.word(i-2)] {
			prev = x.word(i - 3) // "I'd come and see him tomorrow"
		}
		ahead := x.worker[c] && (prev == "will" || prev == "shall" || prev == "am" || prev == "i" || prev == "to" && (x.word(i-2) == "am" || x.word(i-2) == "going")) || (prev == "would" || prev == "'d") && x.saysBefore(p.a, i)
		if !ahead || !x.familyAt(i+1, p.b) {
			continue
		}
		for k := i; k < p.b; k++ {
			if w := x.word(k); (w == "school" || w == "nursery") && (x.word(k-1) == "at" || x.word(k-1) == "in") {
				return false
			}
		}
		list := days(x.tokens, i, p.b, x.base, forward)
		return len(list) > 0 && !list[0].recurrent && x.word(list[0].first-1) != "since" && x.word(list[0].first-1) != "before" && x.word(list[0].first-1) != "by"
	}
	return false
}

// familyAt reports somebody of the family at token i: "both girls", "them all", "the family", "Ann".
func (x *text) familyAt(i, end int) bool {
	for k := i; k < end && k < i+4; k++ {
		switch x.word(k) {
		case "them", "boys", "girls", "kids", "children", "family", "twins", "siblings", "baby":
			return true
		case "both", "the", "all", "of", "two", "three", "each", "my":
			continue
		}
		w := x.who[k]
		switch {
		case w < 0 || x.tokens[k].poss:
			return homeParts[x.word(k)] && x.word(k-1) == "the" // "I'll see the bedroom on Monday"
		case x.people[w].isChild(x):
			return true
		}
		return x.people[w].kind(x) == roleFamily && (x.contains(span{k, end}, "home") || x.contains(span{k, end}, "there"))
	}
	return false
}

var homeParts = setOf("bedroom bedrooms flat house home room")
