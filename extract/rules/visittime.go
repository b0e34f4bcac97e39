package rules

import "strings"

// Hours of the opening that are the visit's in other words than "at four" ("Thursday about five", "I'd said eleven", "it was meant to be two, so twenty past"), and hours
// that are not: when others came, got up or were seen.

// actsFirst reports that clause c names somebody before its verb, and not the worker: "Josh came home", not "got there for six".
func (x *text) actsFirst(c int) bool {
	if x.worker[c] || x.verbAt[c] < 0 {
		return false
	}
	for k := x.parts[c].a; k < x.verbAt[c]; k++ {
		if x.who[k] >= 0 && !objectPronouns[x.word(k)] || x.word(k) == "somebody" || x.word(k) == "someone" || x.word(k) == "everybody" {
			return true
		}
	}
	return false
}

// lettingIn are verbs with which others say how the worker came in, or that they waited.
var lettingIn = setOf("let answered opened met expecting expected waiting ready booked arranged agreed asked")

// timeOfOthers reports an hour at which somebody else was or did something that the worker has no part in: "he's up at six", "Mum last saw her at seven". What
// begins with the hour tells of the visit ("Ten past four she came in off the bus").
func (x *text) timeOfOthers(c int, k clock) bool {
	p := x.parts[c].span
	if w := x.word(k.first - 2); x.word(k.first-1) == "at" && (w == "ended" || w == "finished" || x.lastSeen(k.first-2)) {
		return true // "Ended at half three", "last seen at four"
	}
	if v := x.verbAt[c]; v > x.sents[x.parts[c].sentence].a && handing[x.word(v)] && !x.worker[c] {
		return true // "The foster carer, Sue, collected her at five"
	}
	if k.first <= p.a+1 || !x.actsFirst(c) || x.verbAt[c] > k.first || x.word(k.first-1) == "in" {
		return false
	}
	for i := p.a; i < p.b; i++ {
		if w := x.word(i); w == "me" || w == "us" || w == "i" || w == "we" || w == "visit" || lettingIn[w] {
			return false
		}
	}
	return true
}

// handing are verbs with which others take a child along.
var handing = setOf("collected collects fetched fetches picked picks")

// timeOfThings reports an hour of something that is no visit: "tea's at five", "supervision's at four", "the time was up at six".
func (x *text) timeOfThings(c int, k clock) bool {
	p := x.parts[c].span
	i := k.first - 2 // before "at"
	if i > p.a && x.word(i+1) == "at" && k.first > opening/8 && (strategyShort(x.word(i)) || strategyShort(x.word(i-1)) && (x.word(i) == "meeting" || x.word(i) == "discussion")) {
		return !x.tellsPast(p) // "there's a strategy meeting at two"
	}
	if x.worker[c] || i < p.a || x.word(i+1) != "at" {
		return false
	}
	if x.tokens[i].poss && x.who[i] < 0 && x.verbAt[c] < 0 && !visitDayNouns[x.word(i)] && !commonPlace[x.word(i)] {
		return i == p.a || x.word(i-1) == "then" || x.word(i-1) == "interview" // "Tea's at five", not "at the Stanleys' at five"
	}
	return x.word(i) == "up" && (x.word(i-1) == "was" || x.word(i-1) == "is" || x.word(i-1) == "'s")
}

// strategyShort reports "strategy", whole or cut short as it is in speech.
func strategyShort(w string) bool {
	const whole = "strategy"
	return len(w) > 4 && strings.HasPrefix(whole, w)
}

// nearly are words for an hour that was not looked up.
var nearly = setOf("about around gone nearly nearer roughly approximately")

// nearHour reports an hour that "about", "just after" or the like stands before, where the clause tells of the visit or holds no verb: "Wednesday about eleven", "called in
// about four", "CIN, just after two".
func (x *text) nearHour(k clock) bool {
	i := k.first - 1
	w := x.word(i)
	if !(nearly[w] || (w == "after" || w == "before") && (x.word(i-1) == "just" || x.word(i-1) == "bit")) || !x.endsHere(k.next) {
		return false
	}
	c := x.partAt(i)
	if c < 0 || x.actsFirst(c) {
		return false
	}
	gone := w == "gone" // "it's gone seven" is when the worker speaks
	for w == "about" || w == "around" || w == "just" || w == "a" || w == "bit" || w == "after" || w == "before" || w == "gone" || w == "nearer" {
		i--
		w = x.word(i)
	}
	_, weekday := weekdays[w]
	if w == "" && gone {
		_, weekday = weekdays[x.word(i-1)]
		return weekday && x.tokenIs(i, ",")
	}
	if w == "" || weekday || partsOfDay[w] || i < x.parts[c].a {
		return x.verbAt[c] < 0 || x.verbAt[c] > i || x.word(x.verbAt[c]) == "gone" || ofComing[x.word(x.verbAt[c])]
	}
	if w == "was" || (w == "'s" || w == "is") && !gone {
		return x.word(i-1) == "it"
	}
	return (x.worker[c] || len(x.subject[c]) == 0 || !x.actsFirst(c)) && x.verbAt[c] >= 0 && x.verbAt[c] <= i && ofComing[x.word(x.verbAt[c])]
}

// ofComing are verbs of the worker's coming.
var ofComing = setOf("called came got arrived went started visited turned popped dropped saw met")

// partsOfDay are words for a part of the day.
var partsOfDay = setOf("morning afternoon evening teatime dinnertime lunchtime tea-time dinner-time time lunch today")

// endsHere reports that what is said ends before token i, or goes on with no noun: "about two, he knew", "about five without ringing".
func (x *text) endsHere(i int) bool {
	switch x.word(i) {
	case "", "and", "but", "so", "because", "when", "as", "without", "with", "at", "on", "it", "to", "till", "until", "by", "for", "in", "before":
		return true
	}
	_, day := weekdays[x.word(i)]
	return day
}

// besideWeekday reports a bare hour between marks, next to a day: "Friday, eleven.", "by appointment, six, Thursday the fifteenth". Somebody's age stands behind a name.
func (x *text) besideWeekday(k clock) bool {
	i := k.first - 1
	if i < 1 || !x.tokens[i].mark || x.tokens[i].norm != "," || k.next < len(x.tokens) && !x.tokens[k.next].mark || x.tokens[k.first].num {
		return false
	}
	if _, ok := weekdays[x.word(i-1)]; ok || partsOfDay[x.word(i-1)] || x.word(i-1) == "was" && x.word(i-2) == "it" {
		return true
	}
	_, ok := weekdays[x.word(k.next+1)]
	return ok && ofVisitHeading[x.word(i-1)] && x.tokenIs(k.next, ",")
}

// ofVisitHeading are words of a heading behind which a bare number is an hour.
var ofVisitHeading = setOf("appointment booked arranged planned announced unannounced agreed expected visit session notice")

// arrangedFor reports an hour that the worker had given, or that was settled: "I'd said eleven,", "we said two and she was ready", "the appointment was for one".
func (x *text) arrangedFor(c int, k clock) bool {
	if !x.endsHere(k.next) {
		return false
	}
	i := k.first - 1
	switch x.word(i) {
	case "said":
		return x.worker[c]
	case "for":
		if x.word(i-1) == "was" || x.word(i-1) == "were" {
			return x.contains(span{x.parts[c].a, i}, "appointment") || x.contains(span{x.parts[c].a, i}, "visit") || x.contains(span{x.parts[c].a, i}, "slot")
		}
		b := x.before(i)
		return (b == "arrived" || b == "there" || b == "here") && !x.actsFirst(c)
	case "by":
		return x.word(i-1) == "there" && x.worker[c]
	case "was":
		return x.word(i-1) == "it" && x.clockBehind(i-1, 8) || x.contains(span{x.parts[c].a, i}, "time")
	}
	return false
}

// clockBehind reports an hour in the few tokens before token i, which "it was" then speaks of.
func (x *text) clockBehind(i, reach int) bool {
	for k := max(0, i-reach); k < i; k++ {
		if c, ok := clockAt(x.tokens, k); ok && c.next <= i {
			return true
		}
	}
	return false
}

// failed are words of an attempt at which nobody came to the door.
var failed = setOf("answered answer reply access knock nobody joy")

// triedAgain reports that at the first hour nobody answered, and that the second is when the worker came back: "no answer at half nine, so I tried again at eleven".
func (x *text) triedAgain(first *clock, second clock) bool {
	if second.first-first.next > 30 {
		return false
	}
	none := false
	for k := max(0, first.first-6); k < min(first.next+10, second.first); k++ {
		none = none || failed[x.word(k)] && k != first.first
	}
	if !none {
		return false
	}
	for k := second.first - 1; k > first.next; k-- {
		switch x.word(k) {
		case "back", "again", "second", "then":
			return true
		}
	}
	return false
}

// lateWords are words by which the minutes alone say when the worker came, who had been due on the hour.
var lateWords = setOf("got was were arrived late by came nearer more")

// minutesLater finds minutes without their hour, behind the hour at which the worker was due: "I'd said eleven, it was twenty past". first is the hour found so far, if any.
func (x *text) minutesLater(first *clock, limit int) (clock, bool) {
	for i := 0; i < limit; i++ {
		minute, next := minutesPast(x.tokens, i)
		if next == 0 {
			continue
		}
		for k := i - 1; k > i-17 && k >= 0; k-- {
			c, ok := clockAt(x.tokens, k)
			if !ok || c.minute != 0 || c.next > i || notTimeAfter[x.word(c.next)] || first != nil && first.first != c.first || x.word(k-1) == "number" {
				continue
			}
			for m := c.next; m < i && (x.endsHere(c.next) || c.sure); m++ {
				if lateWords[x.word(m)] && (first != nil || x.dueBefore(c)) {
					return clock{c.first, next, c.hour, minute, true}, true
				}
			}
			break
		}
		i = next - 1
	}
	return clock{}, false
}

// dueBefore reports that an hour is when the worker was due, or when they were last in touch: "said eleven", "meant to be eleven", "rang me back at one".
func (x *text) dueBefore(k clock) bool {
	for i := k.first - 1; i >= 0 && i > k.first-6 && !(x.tokens[i].mark && x.tokens[i].norm != ","); i-- {
		switch x.word(i) {
		case "said", "meant", "due", "booked", "supposed", "expecting", "expected", "planned", "arranged", "rang", "after":
			return true
		}
	}
	return false
}

// halfOfDay sets right an hour of which the words around it say the half of the day: "Evening call, Thursday, twenty past eight", "seven fifteen before school".
func (x *text) halfOfDay(k clock) clock {
	for i := k.first; i < k.next; i++ {
		switch x.word(i) {
		case "am", "pm", "a.m", "p.m", "morning", "afternoon", "evening", "night":
			return k
		}
		if x.tokens[i].num {
			return k
		}
	}
	c := x.partAt(k.first)
	if c < 0 {
		return k
	}
	if x.word(k.next) == "before" && (x.word(k.next+1) == "school" || x.word(k.next+1) == "nursery" || x.word(k.next+1) == "breakfast") && k.hour >= 18 {
		k.hour -= 12
		return k
	}
	for i := x.sents[x.parts[c].sentence].a; i < k.first; i++ {
		next := x.word(i + 1)
		if _, day := weekdays[x.word(i-1)]; x.word(i) == "evening" && (day || x.word(i-1) == "this" || next == "visit" || next == "call" || next == "session") && k.hour >= 8 && k.hour < 12 {
			k.hour += 12
			return k
		}
	}
	return k
}

// onOtherDay reports an hour with a weekday beside it that is not the visit's: "a scream at ten to two on Sunday morning".
func (x *text) onOtherDay(k clock) bool {
	if x.onDayToCome(k) {
		return true
	}
	p := dateParser{tokens: x.tokens}.from(x.base)
	if !p.based {
		return false
	}
	after := k.next
	for w := x.word(after); w == "on" || w == "this" || w == "last"; w = x.word(after) {
		after++
	}
	before := k.first - 1
	for w := x.word(before); w == "at" || w == "about" || w == "gone" || x.tokenIs(before, ","); w = x.word(before) {
		before--
	}
	for _, i := range []int{after, before} {
		if wd, ok := weekdays[x.word(i)]; ok && (i == after || x.word(i-1) != ",") && p.nearWeekday(wd, back, false) != x.base {
			_, full := numberAt(x.tokens, p.skip(i+1))
			return !full
		}
	}
	return false
}

// onDayToCome reports an hour of a day to come, or of what is to be: "tomorrow after school, about half three", "next Thursday at four", "I've booked her in for the ninth at two",
// "she's meeting me there at two".
func (x *text) onDayToCome(k clock) bool {
	c := x.partAt(k.first)
	if c < 0 {
		return false
	}
	p := x.parts[c]
	if v := x.verbAt[c]; v >= 0 && v < k.first && x.comingUp(v) || x.arrangesAhead(c) || x.nextVisitClause(c) {
		return true
	}
	for i := k.first - 1; i >= x.sents[p.sentence].a && i > k.first-7; i-- {
		if w := x.word(i); w == "tomorrow" || w == "next" && DateWord(x.word(i+1)) {
			return true
		} else if w == "i" || w == "today" {
			return false
		}
	}
	return x.word(k.next) == "tomorrow"
}

// comingUp reports the verb at token v of what is about to be done: "she's meeting me", "I'm seeing her", "I'm back".
func (x *text) comingUp(v int) bool {
	switch x.word(v) {
	case "is", "'s", "am", "'m", "are", "'re":
		n := x.word(v + 1)
		return n == "meeting" || n == "coming" || n == "seeing" || n == "going" || n == "picking" || n == "bringing" || n == "back"
	case "meeting", "coming", "seeing", "going", "picking", "bringing":
		return finiteAux[x.word(v-1)] && x.word(v-1) != "was" && x.word(v-1) != "were"
	}
	return false
}

// ofDictation reports an hour that it is while the worker speaks: "it's half seven and I'm still in my coat", "about ten to five now".
func (x *text) ofDictation(k clock) bool {
	if x.word(k.next) == "now" && x.word(k.next+1) == "" {
		return true
	}
	b := x.word(k.first - 1)
	return (b == "is" || b == "'s") && x.word(k.first-2) == "it" && x.word(k.next) == "and" && x.word(k.next+1) == "i" && (x.word(k.next+2) == "am" || x.word(k.next+2) == "have")
}

// untilAnother reports an hour that begins a stretch of time: "four till about half five", "ten to noon".
func (x *text) untilAnother(i int) bool {
	switch x.word(i) {
	case "till", "until", "to", "while":
	default:
		return false
	}
	i++
	for nearly[x.word(i)] || x.word(i) == "just" || x.word(i) == "after" || x.word(i) == "before" {
		i++
	}
	return x.clockFollows(i)
}
