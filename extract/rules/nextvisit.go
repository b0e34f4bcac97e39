package rules

import "kerbside"

// next visits are announced in clauses of three kinds, the surest first: a next or numbered visit, session or time; the worker's coming back; and the
// worker's seeing a child or the family on a day.
const (
	visitMeets = iota + 1
	visitReturns
	visitNext
)

// nextVisit is the day in the clause that announces the next visit most surely, of equals the last.
func (x *text) nextVisit() kerbside.Fact {
	best, out := 0, kerbside.Fact{}
	for c := len(x.parts) - 1; c >= 0; c-- {
		kind := max(x.visitAhead(c), x.comesAgain(c))
		if kind <= best || x.supposed(c) && !x.seesWhether(c) {
			continue
		}
		if f := x.visitDay(c); len(f.Evidence) > 0 {
			best, out = kind, f
		}
	}
	return out
}

// thenReturns is the "and" in clause c behind what the worker will do first, where the coming visit begins: "I'll ring the nurse tomorrow | and come back on Thursday"; -1 without.
func (x *text) thenReturns(c int) int {
	p := &x.parts[c]
	if !x.worker[c] || x.verbAt[c] < 0 {
		return -1
	}
	for m := x.verbAt[c] + 2; m+2 < p.b; m++ {
		if n := x.word(m + 1); x.word(m) != "and" || n != "come" && n != "go" && n != "visit" && n != "see" && n != "pop" && n != "be" && n != "call" {
			continue
		}
		if k := m + 2; x.word(k) == "back" || x.word(k) == "again" || x.word(k) == "out" && x.word(k+1) == "again" || x.word(m+1) == "visit" || x.contains(span{k, min(p.b, k+10)}, "again") {
			return m
		}
	}
	return -1
}

// seesWhether reports an "if" that asks and does not suppose: "I'll go back tomorrow to see if they're alright".
func (x *text) seesWhether(c int) bool {
	for k := x.sents[x.parts[c].sentence].a; k < x.sents[x.parts[c].sentence].b; k++ {
		if x.word(k) == "if" {
			b := x.word(k - 1)
			return b == "see" || b == "check" || b == "ask" || b == "out"
		}
	}
	return false
}

// visitDay is the first day to come in clause c or in what goes with it.
func (x *text) visitDay(c int) kerbside.Fact {
	part := &x.parts[c]
	a, end := part.a, part.b
	for k := c + 1; k < len(x.parts) && k < c+4 && x.parts[k].sentence == part.sentence && !x.parts[k].finite; k++ {
		end = x.parts[k].b
	}
	if m := x.thenReturns(c); m >= 0 {
		a = m
	}
	list := days(x.tokens, a, end, x.base, forward)
	if len(list) == 0 && c+1 < len(x.parts) && x.parts[c+1].sentence == part.sentence && !(x.parts[c+1].joint == "when" && !x.worker[c+1]) {
		end = x.parts[c+1].b
		list = days(x.tokens, a, end, x.base, forward)
	}
	if len(list) == 0 && c > 0 && x.parts[c-1].sentence == part.sentence && (!x.parts[c-1].finite || x.word(part.a) == "when" || x.takesUpDay(c)) {
		a = x.parts[c-1].a
		list = days(x.tokens, a, end, x.base, forward)
		for k := c - 2; len(list) == 0 && k > c-4 && k >= 0 && x.parts[k].sentence == part.sentence && (!x.parts[k].finite || x.takesUpDay(k+1)); k-- {
			a = x.parts[k].a // "The thirtieth, | same hour, | for the next"
			list = days(x.tokens, a, end, x.base, forward)
		}
	}
	if len(list) == 0 && c > 0 && x.parts[c-1].sentence == part.sentence && x.worker[c] && x.worker[c-1] && x.future(x.parts[c-1].span) {
		a = x.parts[c-1].a // "I'll ring first thing tomorrow | and I'll go and see her after school"
		list = days(x.tokens, a, end, x.base, forward)
	}
	if n := c + 1; len(list) == 1 && x.tokens[list[0].first].norm == "within" && n < len(x.parts) && x.parts[n].sentence == part.sentence {
		if more := days(x.tokens, x.parts[n].a, x.parts[n].b, x.base, forward); len(more) > 0 && more[0].full {
			list, a = more, part.a // "is within ten working days and I've put it in for the eleventh of March"
		}
	}
	for n, d := range list {
		if d.past || d.today || n+1 < len(list) && d.first > 0 && x.tokens[d.first].norm == "within" {
			continue
		}
		if b := x.word(d.first - 1); (b == "by" && !goings[x.lex.verb[x.word(d.first-2)]] || b == "before") && d.first >= part.a && x.word(d.next) != "which" && x.word(d.next) != "that" {
			continue // until when it is due is no day of it
		}
		if d.date == "" {
			if x.base == "" && (d.full || d.weekday) {
				return kerbside.Fact{Evidence: x.proof(d.first, d.next)}
			}
			break
		}
		if n+1 < len(list) && x.saysItAnew(d, list[n+1]) {
			d = list[n+1]
		}
		if later, ok := x.takenBackNext(d); ok {
			return kerbside.Fact{Value: later.date, Evidence: x.proof(a, later.next)}
		}
		return kerbside.Fact{Value: d.date, Evidence: x.proof(a, max(d.next, part.b))}
	}
	return kerbside.Fact{}
}

// takesUpDay reports a clause that takes up the day said before it: "that's my next one", "which is when I'm next there".
func (x *text) takesUpDay(c int) bool {
	part := &x.parts[c]
	w := x.word(part.a)
	return w == "that" || w == "which" || part.joint == "which" || part.joint == "when" && c > 0 && (x.word(x.parts[c-1].a) == "which" || x.word(x.parts[c-1].a) == "that" || x.parts[c-1].joint == "which")
}

// takenBackNext finds the day with which the next sentence takes back day d: "the sixteenth. No, hang on, the twenty-third".
func (x *text) takenBackNext(d day) (day, bool) {
	if !x.tokenIs(d.next, ".") || x.word(d.next+1) != "no" {
		return day{}, false
	}
	list := days(x.tokens, d.next+2, min(len(x.tokens), d.next+14), x.base, forward)
	if len(list) == 0 || list[0].date == "" || !takenBack(x.tokens, d.next+1, list[0].first) {
		return day{}, false
	}
	return list[0], true
}

// saysItAnew reports a day that stands directly behind another and says it more exactly: "in five weeks, Friday the sixteenth", "Tuesday two weeks, the twentieth".
func (x *text) saysItAnew(d, next day) bool {
	if next.date == "" || d.full || next.first-d.next > 3 {
		return false
	}
	for k := d.next; k < next.first; k++ {
		if w := x.word(k); w != "" && w != "so" && w != "that" && w != "'s" && w != "is" && w != "the" {
			return false
		}
	}
	n, ok := numberAt(x.tokens, next.next-1)
	return next.full || ok && n.ordinal
}

// nextVisitClause reports a clause that announces a next visit, and so is no action.
func (x *text) nextVisitClause(c int) bool {
	return x.visitAhead(c) >= visitReturns && !x.reported(c) && x.hasDay(x.withFragments(c))
}

// withFragments is a clause with the fragments of its sentence that follow it.
func (x *text) withFragments(c int) span {
	s := x.parts[c].span
	for k := c + 1; k < len(x.parts) && k < c+3 && x.parts[k].sentence == x.parts[c].sentence && !x.parts[k].finite; k++ {
		s.b = x.parts[k].b
	}
	return s
}

var (
	notMyVisits = setOf("conference core group review contact meeting medical hearing court panel dentist gp hospital clinic camhs screen assessment interview")
)

// kindsOfOne may stand between "next" and "one" where the one is a visit.
var kindsOfOne = setOf("joint statutory stat home unannounced announced planned cp cin lac proper monthly")

// shortNote is the number of tokens below which a text is introduced by its first sentence alone.
const shortNote = 100

// wellIn reports that a text is past its introduction.
func (x *text) wellIn(i int) bool {
	if len(x.tokens) < shortNote {
		return len(x.sents) > 0 && i >= x.sents[0].b
	}
	return i > opening || i > 20 && 2*i > len(x.tokens)
}

// noteOfNext reports a clause of a short note that begins with the next visit: "My next visit is on Thursday."
func (x *text) noteOfNext(p span) bool {
	return len(x.tokens) < shortNote && x.nextVisitIn(p.a, min(p.b, p.a+2))
}

// nextVisitIn reports a "next visit" or "next session" whose "next" is one of the tokens from a to before b.
func (x *text) nextVisitIn(a, b int) bool {
	for k := a; k < b; k++ {
		if x.word(k) == "next" && (x.word(k+1) == "visit" || x.word(k+1) == "session") {
			return true
		}
	}
	return false
}

// visitAhead tells how a clause speaks of a visit to come, 0 when it does not.
func (x *text) visitAhead(c int) int {
	part := &x.parts[c]
	p := part.span
	if x.reported(c) && !x.worker[c] || x.contains(p, "previous") || !x.wellIn(p.a) && p.a < opening/3 && !x.noteOfNext(p) {
		return 0
	}
	for i := p.a; i < p.b; i++ {
		switch x.word(i) {
		case "next":
			if x.word(i-1) == "am" && x.word(i-2) == "i" && (x.word(i+1) == "there" || x.word(i+1) == "round" || x.word(i+1) == "out") && x.wellIn(p.a) {
				return visitReturns // "… before I'm next there, that's on the nineteenth"
			}
			if b := x.word(i - 1); b == "before" || b == "until" || b == "by" || x.contains(span{p.a, i}, "before") && !x.worker[c] || x.contains(span{p.a, i}, "until") || x.contains(span{p.a, i}, "by") {
				continue
			}
			if i == p.a && i+1 == p.b && x.wellIn(p.a) && (x.tokenIs(p.b, ":") || x.tokenIs(p.b, ",") || x.tokenIs(p.b, "-")) {
				return visitNext // "Next: 8 April."
			}
			if x.verbAt[c] < 0 && x.wellIn(p.a) && x.word(i-1) == "the" && x.word(i-2) == "for" && (i+1 == p.b || x.word(i+1) == "visit" || x.word(i+1) == "one" || x.word(i+1) == "session") {
				return visitNext // "20 July for the next."
			}
			if (x.word(p.a) == "see" || x.word(p.a) == "seeing") && i <= p.a+3 && x.wellIn(p.a) {
				return visitNext // "See him next on the 16th."
			}
			if n := x.word(i + 1); x.worker[c] && x.wellIn(p.a) && (n == "there" || n == "here" || n == "out" || n == "round" || n == "seeing" || n == "see" || n == "visiting" || n == "due") && !x.past(p) {
				return visitReturns // "that's when I'm next there"
			}
			if x.worker[c] && x.wellIn(p.a) && x.word(i+1) == "time" && (x.contains(span{p.a, i}, "seeing") || x.contains(span{p.a, i}, "see") && x.ahead(span{p.a, i})) {
				return visitReturns // "I'm seeing them separately next time, the sixteenth"
			}
			if n := x.word(i + 1); x.wellIn(p.a) && x.word(i-1) == "the" && i <= p.a+2 && (n == "is" || n == "'s" || n == "will") && x.aboutVisits(c) {
				return visitNext // "Fortnightly, so the next is the 26th"
			}
			for k := i + 1; k < p.b && k < i+6; k++ {
				n := x.word(k)
				if notMyVisits[n] && x.word(k+1) != "visit" {
					break
				}
				if k == i+1 && n == "due" && x.verbAt[c] < 0 || n == "visit" || n == "session" || k == i+1 && n == "supervision" && x.verbAt[c] < 0 || n == "appointment" && x.word(i-1) == "my" || k == i+2 && n == "one" && kindsOfOne[x.word(i+1)] || k == i+1 && (n == "one" || n == "statutory" || n == "stat" || n == "home" && x.word(k+1) == "visit") || k == i+1 && n == "time" && (x.tokens[k].poss || x.word(k+1) == "is" || x.word(k+1) == "will") {
					return visitNext
				}
			}
		case "session":
			if i == p.a && i+1 < p.b && isNumber(&x.tokens[i+1]) && x.wellIn(p.a) && (x.verbAt[c] < 0 || x.word(x.verbAt[c]) == "is" || x.word(x.verbAt[c]) == "'s") {
				return visitNext // "Session five on the 24th."
			}
		case "same":
			if x.word(i+1) == "again" && x.wellIn(p.a) && i == p.a {
				return visitReturns
			}
			if !x.wellIn(p.a) || x.word(i+1) != "time" && x.word(i+1) != "place" {
				continue
			}
			if x.verbAt[c] < 0 && i == p.a || x.worker[c] && (x.contains(span{p.a, i}, "said") || x.contains(span{p.a, i}, "agreed")) && x.word(i+2) == "next" { // "We've agreed the same time next Tuesday"
				return visitReturns
			}
		case "weekly", "fortnightly", "monthly", "three-weekly", "four-weekly", "six-weekly":
			if x.verbAt[c] < 0 && x.wellIn(p.a) && x.tokenIs(i+1, ",") && x.word(i+2) == "so" {
				return visitReturns // "three-weekly, so the twenty-fourth"
			}
		case "expect":
			if x.word(i+1) == "me" && x.worker[c] {
				return visitReturns
			}
		case "further", "another":
			if x.word(i+1) == "visit" {
				return visitReturns
			}
		case "visit", "visiting":
			if x.wellIn(p.a) && i == p.a+1 && (x.word(p.a) == "booked" || x.word(p.a) == "following" || x.word(p.a) == "statutory") {
				return visitNext
			}
			if x.worker[c] && (x.word(i-1) == "will" || x.word(i-1) == "to" && x.contains(span{p.a, i}, "going") || x.word(i-1) == "am") {
				if x.who != nil && i+1 < p.b && x.whoAt(i+1) >= 0 && !x.people[x.whoAt(i+1)].isChild(x) {
					return 0
				}
				return visitReturns
			}
			if b := x.word(i - 1); x.wellIn(p.a) && x.word(i) == "visit" && (b == "follow-up" || b == "followup" || b == "return" || b == "repeat" || b == "second" && x.word(i+1) == "is") && !x.past(p) && !x.professionalIn(p) {
				return visitNext
			}
			if x.verbAt[c] < 0 && x.wellIn(p.a) && x.word(i) == "visit" && x.word(i+1) != "by" && !x.past(p) && !x.professionalIn(p) {
				return visitMeets // "Home visit on the second of April"
			}
		case "return", "revisit", "returning", "revisiting":
			if x.word(i) == "return" && (x.word(i+1) == "home" || x.word(i+1) == "interview" || determiners[x.word(i-1)]) {
				continue // "chase the return home interview"
			}
			if x.worker[c] && (x.ahead(span{p.a, i}) || x.contains(span{p.a, i}, "plan") || x.contains(span{p.a, i}, "intend")) && x.word(i+1) != "the" && x.word(i+1) != "her" && x.word(i+1) != "his" {
				return visitReturns
			}
		case "back", "again", "there":
			if x.word(i) == "there" && !(x.contains(span{p.a, i}, "next") && x.worker[c]) {
				continue
			}
			if x.comesBack(c, i) {
				return visitReturns
			}
		case "one":
			if x.word(i+1) == "more" && x.verbAt[c] < 0 && x.wellIn(p.a) && i <= p.a+1 && (i+2 >= p.b || x.word(i+2) == "visit" || x.word(i+2) == "on") {
				return visitReturns
			}
		}
	}
	if x.meetsAhead(c) {
		return visitMeets
	}
	return 0
}

// aboutVisits reports that the sentence or the one before speaks of the visits.
func (x *text) aboutVisits(c int) bool {
	s := x.parts[c].sentence
	for k := x.sents[max(0, s-1)].a; k < x.parts[c].a; k++ {
		switch x.word(k) {
		case "fortnightly", "weekly", "monthly", "visit", "visits", "visiting", "sessions":
			return true
		}
	}
	return false
}

func (x *text) professionalIn(p span) bool {
	for k := p.a; k < p.b; k++ {
		if w := x.who[k]; w >= 0 && x.people[w].kind(x) == roleProfessional {
			return true
		}
	}
	return false
}

// ahead reports words for what is to come.
func (x *text) ahead(s span) bool {
	return x.contains(s, "will") || x.contains(s, "am") || x.contains(s, "going") || x.contains(s, "shall") || x.contains(s, "'d")
}

// comesBack reports the worker's coming, going or being back, or seeing them again: "I'm back on", "booked to go back", "seeing them again", "back out on".
func (x *text) comesBack(c, i int) bool {
	p := x.parts[c].span
	before := span{p.a, i}
	if x.past(p) || x.contains(before, "not") || x.contains(p, "went") {
		return false
	}
	going := false
	for k := p.a; k < i; k++ {
		switch x.word(k) {
		case "would":
			going = going || x.worker[c] && (x.contains(span{p.a, k}, "said") || x.contains(span{p.a, k}, "agreed") || x.contains(span{p.a, k}, "promised") || x.contains(span{p.a, k}, "told"))
		case "booked", "diarised", "due", "be", "meet", "meeting", "see", "seeing", "visit", "come", "coming", "going", "go", "call", "calling", "pop", "popping", "am", "get", "drop":
			going = going || !determiners[x.word(k-1)] // but "asking for a call back"
		case "take", "bring", "send", "give", "ring", "put", "hand", "ask":
			going = going && x.word(k-1) != "to" && x.word(k-1) != "will" // "ask for the nurse to take it back"
		case "asking", "taking", "bringing", "sending", "giving", "putting":
			going = going && x.word(k-1) != "am" // "I'm asking for it back"
		}
	}
	if x.verbAt[c] < 0 && x.wellIn(p.a) && i <= p.a+1 && x.word(i) == "back" && !x.followsSomebody(c) {
		return true // "Back a week today.", "Back out on the second"
	}
	if len(x.subject[c]) > 0 && !x.worker[c] {
		return false
	}
	if !going {
		return false
	}
	if x.contains(before, "get") && !x.contains(p, "there") {
		return false // "get back to them about the carpet"
	}
	first := x.word(p.a)
	return x.worker[c] && (x.ahead(before) || x.contains(before, "would") && x.contains(before, "said") || x.contains(before, "booked") || x.contains(before, "due")) || first == "visit" || first == "seeing" || first == "see" || first == "booked" || first == "going" || first == "due" || x.word(p.a+1) == "seeing" || first == "will"
}

// meetsAhead reports that the worker will see a child or the family: "I'll go and see Ann at home on Monday".
func (x *text) meetsAhead(c int) bool {
	part := &x.parts[c]
	p := part.span
	if x.reported(c) || x.contains(p, "last") {
		return false
	}
	if x.subjectFamily(c) && x.contains(p, "meet") && x.contains(p, "me") && x.ahead(p) {
		return true // "she'll come and meet me at the library, ninth of July"
	}
	if !(x.worker[c] && (x.contains(p, "will") || x.contains(p, "going") || x.contains(p, "am") && x.contains(p, "seeing")) || x.verbAt[c] < 0 && x.wellIn(p.a) || x.word(p.a) == "see" && x.wellIn(p.a)) {
		return false
	}
	for i := p.a; i < p.b; i++ {
		if n := x.word(i); (n == "see" || n == "seeing") && i+1 < p.b && (x.whoAt(i+1) >= 0 && x.people[x.whoAt(i+1)].isChild(x) || x.word(i+1) == "them" || x.theTwo(i+1)) {
			return true
		}
	}
	return false
}

// theTwo reports "the pair of them", "both of them" at token i.
func (x *text) theTwo(i int) bool {
	if x.word(i) == "the" {
		i++
	}
	switch x.word(i) {
	case "pair", "both", "all", "two", "three", "four":
		return x.word(i+1) == "of" && x.word(i+2) == "them"
	}
	return false
}

func (x *text) subjectFamily(c int) bool {
	for _, w := range x.subject[c] {
		if k := x.people[w].kind(x); k == roleFamily || k == roleChild {
			return true
		}
	}
	return false
}
