package rules

import (
	"strings"
	"time"
)

// What a day in the opening belongs to, where no date stands with it: the visit ("Tuesday's visit", "it was Wednesday, half two", "met her on Friday"), or
// something else of that week: when the worker rang ahead, a birthday, when somebody was found.

// headsSentence reports that no more than "so", "this is" or "it's" stands before token i in its sentence.
func (x *text) headsSentence(i int) bool {
	for k := i - 1; k >= 0 && !(x.tokens[k].mark && x.tokens[k].norm != ","); k-- {
		if !x.tokens[k].mark && !isFiller(&x.tokens[k]) && !headingWords[x.word(k)] {
			return false
		}
	}
	return true
}

// headingWords are what may stand before the day in a heading.
var headingWords = setOf("so right okay ok this is it 's that notes for from")

// standsAsHeading reports a day with a name of its own, or by its place in the month, that stands by itself, at the head of its clause or behind a comma: "LAC visit, Halloween", but not "dressed up for Halloween".
func (x *text) standsAsHeading(d day) bool {
	c := x.partAt(d.first)
	if c < 0 {
		return false
	}
	k := d.first - 1
	if x.word(k) == "the" {
		k--
	}
	b := x.word(k)
	return x.parts[c].a == d.first || b == "" || x.verbAt[c] < 0 && (b == "on" || x.clockFollows(d.next)) || (b == "is" || b == "'s" || b == "was") && x.word(k-1) == "it"
}

// dayOfSomebody reports a weekday that belongs to somebody's age, or to when somebody went or was found: "thirteen on Saturday", "nine weeks on Friday", "back Tuesday
// morning", "as of Monday".
func (x *text) dayOfSomebody(d day) bool {
	k := d.first - 1
	if !d.weekday {
		return !d.full && x.word(k) == "is" && x.word(k-1) == "this" && x.word(d.first) == "the" // "two visits failed, this is the third"
	}
	if x.word(k) == "of" {
		return true
	}
	if x.word(k) == "on" {
		k--
	}
	switch x.word(k) {
	case "weeks", "months", "days", "old":
		return true
	case "back", "found", "gone", "missing":
		c := x.partAt(k)
		return c < 0 || !x.worker[c]
	}
	if k == d.first-1 || k < 1 || x.tokens[k].num && x.tokens[k].norm != "1" {
		return false
	}
	n, ok := numberAt(x.tokens, k)
	if !ok || n.ordinal || n.next != k+1 {
		return false
	}
	b := x.word(k - 1)
	return n.value > 12 || b == "is" || b == "'s" || b == "turns" || b == "turned" || b == "be" || b == "" && k > 1 && x.whoAt(k-2) >= 0
}

// notices are verbs with which a worker says beforehand that they will come.
var notices = setOf("rang rung ring phoned texted messaged emailed wrote written posted")

// warnedOn reports a clause that says how the family was told of the visit, before the day at token i, which is when they were told: "I rang ahead on Monday",
// "I'd put a card through on Friday".
func (x *text) warnedOn(c, i int) bool {
	for k := x.parts[c].a; k < i; k++ {
		switch w := x.word(k); {
		case notices[w]:
			return true
		case w == "card" || w == "letter" || w == "note":
			return x.worker[c] && !x.contains(span{k, i}, "for")
		}
	}
	return false
}

// ofVisits are verbs with which a worker says that they were there, and when.
var ofVisits = setOf("visited saw went seen met done held did came called")

// wentHow follow a "went" by which nobody went anywhere: "contact went well on Wednesday".
var wentHow = setOf("well fine ok okay badly smoothly ahead wrong missing better terribly great")

// tellsOfVisit reports a clause with a verb of the past that may still say the day of the visit: one that begins with the day or with the hour ("half four on
// Thursday as they'd asked"), "it was Wednesday, half two", and one that tells of the worker.
func (x *text) tellsOfVisit(c int, d day) bool {
	p := x.parts[c].span
	if x.contains(p, "visit") || x.contains(p, "i") {
		return true
	}
	for k := p.a; k < p.b; k++ {
		if w := x.word(k); w == "visited" || w == "saw" || w == "went" && !wentHow[x.word(k+1)] || ofVisits[w] && (x.worker[c] || len(x.subject[c]) == 0 || w == "done" && k == p.a) {
			return true
		}
	}
	if k, ok := clockAt(x.tokens, p.a); ok && k.sure && (k.next == d.first || k.next == d.first-1) {
		return true
	}
	end := d.next
	for w := x.word(end); w == "morning" || w == "afternoon" || w == "evening" || w == "teatime" || w == "dinnertime" || w == "lunchtime" || w == "gone"; w = x.word(end) {
		end++
	}
	if d.first == p.a && (x.clockFollows(end) || x.word(end) == "it" && x.word(end+1) == "was" && end+2 >= p.b) {
		return true
	}
	return x.word(p.a) == "it" && (x.word(p.a+1) == "was" || x.word(p.a+1) == "'s" || x.word(p.a+1) == "is") && d.first <= p.a+2 && (end >= p.b || x.clockFollows(end))
}

// dayToCome reports a day of which clause c says that the worker will be there again, or that something else is on it: "planning meeting Monday at eleven", "the new appointment
// is Monday", "I've arranged to go back on the eighth".
func (x *text) dayToCome(c int, d day) bool {
	v := x.verbAt[c]
	if x.word(x.parts[c].a) == "going" {
		return true // "Going Friday now."
	}
	for k := x.parts[c].a; k < d.first; k++ {
		if x.tokens[k].poss && x.whoAt(k) >= 0 && x.lex.verb[x.word(k+1)] != "" && strings.HasSuffix(x.word(k+1), "ing") {
			return true // "Mick's taking him to the dentist on Monday"
		}
	}
	if v < 0 {
		return x.parts[c].sentence > 1 && x.contains(x.parts[c].span, "meeting")
	}
	if x.comesAgain(c) > 0 || x.arrangesAhead(c) {
		return true
	}
	b := x.word(v - 1)
	return v < d.first && (x.word(v) == "is" || x.word(v) == "'s") && b != "it" && b != "this" && b != "that"
}

// ofNextVisit reports a day behind "next visit" in its clause: "Next visit to Riley is on Thursday".
func (x *text) ofNextVisit(d day) bool {
	c := x.partAt(d.first)
	return c >= 0 && x.nextVisitIn(x.parts[c].a, d.first-1)
}

// triedOn reports a day on which the worker only tried: "I tried them on Tuesday, nobody in, and today I caught them".
func (x *text) triedOn(d day) bool {
	c := x.partAt(d.first)
	return c >= 0 && (x.contains(x.parts[c].span, "tried") || x.contains(x.parts[c].span, "attempted")) && (x.worker[c] || len(x.subject[c]) == 0)
}

// inLaterSentence reports that token i stands behind the first sentence.
func (x *text) inLaterSentence(i int) bool {
	c := x.partAt(i)
	return c < 0 || x.parts[c].sentence > 0
}

// daysBetween counts the days from one date to a later one.
func daysBetween(from, to string) int {
	a, err := time.Parse(iso, from)
	b, err2 := time.Parse(iso, to)
	if err != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}
