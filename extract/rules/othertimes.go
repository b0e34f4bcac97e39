package rules

import (
	"strings"

	"kerbside"
)

// Somebody was there when something was done before the worker's eyes. What was done on another day, in another place, or as a rule shows nobody to have been there.

// elsewhen reports a clause about another day than the visit's, or about what was to be and was not: "I saw Ewan last week", "I should have seen him", "on Sunday".
func (x *text) elsewhen(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		next := x.word(k + 1)
		switch x.word(k) {
		case "last":
			switch next {
			case "week", "month", "year", "night", "weekend", "term", "saw", "spoke", "met":
				return x.word(k-1) != "since" && x.word(k-2) != "since" && x.word(k-1) != "than"
			}
		case "yesterday":
			return true
		case "should", "would", "'d":
			if next == "have" {
				return true
			}
		case "due", "supposed", "meant":
			if next == "to" && (x.word(k-1) == "was" || x.word(k-1) == "were") {
				return true
			}
		}
	}
	return x.anotherDay(p)
}

// anotherDay reports a day that is not the visit's: not today, and neither the day from which days are counted nor one that the opening names.
func (x *text) anotherDay(s span) bool {
	for _, d := range days(x.tokens, s.a, s.b, x.base, back) {
		if d.today || d.date == "" && !d.recurrent && !d.weekday || x.word(d.first-1) == "since" || x.word(d.first-1) == "until" || x.word(d.first-1) == "from" {
			continue
		}
		if d.date != "" && d.date == x.base || x.openingDay(d) {
			continue
		}
		return true
	}
	return false
}

// openingDay reports a day that the opening names too: what "on Friday" means in the record of Friday's visit.
func (x *text) openingDay(d day) bool {
	if c := x.partAt(d.first); c < 0 || x.parts[c].sentence < 2 {
		return true
	}
	for k := 0; k < min(d.first, opening); k++ {
		for m := d.first; m < d.next; m++ {
			if n := x.word(m); len(n) > 2 && n != "the" && n == x.word(k) {
				return true
			}
		}
	}
	return false
}

// untold are what somebody may be "in" that is no part of a home.
var untold = setOf("fight car van crash accident incident argument foster care trouble hospital court custody cells prison band team choir army placement crisis year reception class assembly detention")

// occasions are what somebody may be "at" that is no visit.
var occasions = setOf("contact assembly conference panel hearing review party wedding funeral appointment training practice camp")

// doneElsewhere reports that what the subject of clause c did, or where it was, with the verb at token v, was not before the worker: "walked out of school", "stayed at his
// nan's", "was there when Dad hit Mum", "is home by four most days".
func (x *text) doneElsewhere(c, v int) bool {
	p := x.parts[c].span
	if x.contains(p, "me") || x.contains(p, "us") {
		return false
	}
	if x.saidBehindIt(c) {
		return true
	}
	if d := c + 1; finiteAux[x.word(v)] && d < len(x.parts) && x.parts[d].sentence == x.parts[c].sentence && !x.worker[d] && x.word(x.parts[d].a) == "when" {
		switch x.word(x.parts[c].b - 1) {
		case "there", "present", "room", "house", "car":
			return true // "was there | when Dad hit Mum"
		}
	}
	switch x.word(v) {
	case "attended":
		return true // a review, a club, or the school
	case "answered":
		if x.word(v+1) == "back" {
			return true
		}
	case "opened":
		if x.word(v+1) == "up" && x.word(v+2) == "to" {
			return true
		}
	case "met", "watched":
		if k := v + 1; k < p.b && (x.who[k] >= 0 || x.who[min(k+1, len(x.tokens)-1)] >= 0) {
			return true
		}
	case "changed", "took", "brought", "picked", "moved", "returned", "made":
		switch n := x.word(v + 1); n {
		case "school", "schools", "name", "gcses", "exams", "home":
			return n != "home"
		case "up":
			return x.word(v) == "picked" && x.word(v+2) == "a"
		case "an", "a", "his", "her":
			switch x.word(v + 2) {
			case "gcses", "gcse", "exams", "name", "overdose", "knife", "weapon", "driving", "theory":
				return true
			}
		}
	}
	for k := v + 1; k < p.b; k++ {
		if w := x.who[k]; w >= 0 && !has(x.subject[c], w) && !possessives[x.word(k)] && x.restored && (x.word(k-1) == "home" || x.word(k-1) == "in" || x.word(k-1) == "there") {
			return false // where speech runs on without marks, another's doings begin
		}
		next := x.word(k + 1)
		switch n := x.word(k); n {
		case "most":
			if next == "days" || next == "nights" || next == "mornings" || next == "weekends" || next == "evenings" {
				return true
			}
		case "usually", "always", "often", "sometimes", "every", "nights", "bedtime", "nightly", "weekends":
			return true
		case "until", "till":
			return !isNumber(&x.tokens[min(k+1, len(x.tokens)-1)]) && next != "i" && next != "we"
		case "during":
			return next != "my" && next != "our" && x.word(k+2) != "visit" && next != "this"
		case "when", "while":
			return next != "i" && next != "we" && next != "she" && next != "he" && next != "they" && x.who[min(k+1, len(x.tokens)-1)] >= 0
		case "before", "after":
			if next == "breakfast" || next == "school" || next == "tea" || next == "bed" {
				return true
			}
		case "alone":
			if x.word(k-1) == "home" {
				return true
			}
		case "in", "into", "at", "to", "of", "from":
			m := k + 1
			if determiners[x.word(m)] || possessives[x.word(m)] {
				m++
			}
			w := x.word(m)
			if n == "at" && x.atSomeones(k, p.b) {
				return true
			}
			if w != "" && w != x.visitPlace && m < p.b && (awaySpots[w] || absentPlaces[w] && w != "away" && w != "out" || n == "in" && untold[w] || n == "at" && occasions[w]) && !(w == "work" && n == "to") {
				return true
			}
		}
	}
	return false
}

// notThen reports that the words which make somebody present are of another day or place.
func (x *text) notThen(s span) bool {
	c := x.partAt(s.a)
	if c < 0 {
		return false
	}
	v := x.verbAt[c]
	return x.elsewhen(c) || v >= 0 && !x.worker[c] && x.doneElsewhere(c, v)
}

// keptOutOfSight are the children who were there, or on the line, and were not seen: "he spoke to me through the bedroom door", "he was upstairs and wouldn't come down",
// "Carol put him on speaker". One who came down or out after all is none.
func (x *text) keptOutOfSight() map[int]bool {
	hidden, shown := map[int]bool{}, map[int]bool{}
	for c := range x.parts {
		p := x.parts[c].span
		if x.reported(c) || x.past(p) {
			continue
		}
		for k := p.a; k < p.b; k++ {
			next := x.word(k + 1)
			switch x.word(k) {
			case "through":
				if x.doorBehind(k) && (x.contains(p, "me") || x.contains(p, "us") || x.worker[c]) {
					putAll(hidden, x.childrenHere(c))
				}
			case "come":
				if n := x.word(k - 2); (next == "down" || next == "out") && (x.word(k-1) == "not" && (n == "would" || n == "did" || n == "could") || x.word(k-1) == "to" && n == "refused") && !x.worker[c] {
					putAll(hidden, x.subject[c])
				}
			case "came":
				if (next == "down" || next == "out" || next == "in" || next == "as" || next == "to" || next == "over" || next == "round") && !x.negatedBefore(p.a, k) {
					putAll(shown, x.subject[c])
				}
			case "did":
				if next == "" && k == x.verbAt[c] {
					putAll(shown, x.subject[c]) // "he wouldn't come down, then he did"
				}
			case "let", "showed", "sat", "handed", "gave", "hugged":
				if next == "me" || next == "us" || next == "with" && (x.word(k+2) == "me" || x.word(k+2) == "us") {
					putAll(shown, x.subject[c])
				}
			case "saw", "met":
				if x.worker[c] && !x.negatedBefore(p.a, k) {
					putAll(shown, x.namedHere(span{k, p.b}))
				}
			case "put":
				w := x.who[min(k+1, len(x.tokens)-1)]
				if n := x.word(k + 3); w >= 0 && k+1 < p.b && !x.worker[c] && x.word(k+2) == "on" && (n == "" || n == "speaker" || n == "loudspeaker" || n == "speakerphone" || n == "the" && phones[x.word(k+4)]) {
					hidden[w] = true
				}
			}
		}
	}
	for w := range shown {
		delete(hidden, w)
	}
	return hidden
}

func putAll(to map[int]bool, list []int) {
	for _, w := range list {
		to[w] = true
	}
}

// doorBehind reports a door or the like within a few words behind "through".
func (x *text) doorBehind(k int) bool {
	for i := k + 1; i < k+5 && i < len(x.tokens) && !x.tokens[i].mark; i++ {
		if n := x.word(i); n == "door" || n == "letterbox" || strings.HasSuffix(n, "-door") || n == "intercom" {
			return true
		}
	}
	return false
}

// inSight reports that the words which say that a child was there are of the worker's seeing it, whatever door was shut at first.
func (x *text) inSight(p *person) bool {
	c := x.partAt(p.presSpan.a)
	if c < 0 || p.presence != kerbside.Present || !x.worker[c] {
		return false
	}
	for k := p.presSpan.a; k < p.presSpan.b; k++ {
		if sawVerbs[x.word(k)] {
			return true
		}
	}
	return false
}
