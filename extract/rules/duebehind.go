package rules

import "kerbside"

// When a thing is due is often said behind it: "I'll ring Jackie, that's mum, tonight", "ask the school, which I'll do on Monday", "she's referring him, she'll have it done by Friday".

// dueBehind finds when deed d is due in the clauses of its sentence behind span s, and the words that say so.
func (x *text) dueBehind(d doing, s span) (kerbside.Due, span) {
	c := x.partAt(s.b - 1)
	if c < 0 {
		return kerbside.Due{}, span{}
	}
	for k := c + 1; k < len(x.parts) && k < c+3 && x.parts[k].sentence == x.parts[c].sentence; k++ {
		p := x.trim(x.parts[k].span)
		if p.b <= p.a {
			continue
		}
		if x.onlyDays(p) || x.refersBack(k, p) || x.sameActor(d, k) {
			if due := x.due(p); due.Date != "" || due.Text != "" && x.refersBack(k, p) {
				return due, p
			}
		}
		if k > c+1 || !x.saysWho(k) {
			break
		}
	}
	return kerbside.Due{}, span{}
}

// saysWho reports a short clause that only says who or what was meant: "that's mum", "which is free", "she's Donna".
func (x *text) saysWho(k int) bool {
	p := &x.parts[k]
	if p.b-p.a > 5 || x.worker[k] || x.taken[k] {
		return false
	}
	if x.verbAt[k] < 0 {
		return true
	}
	v := x.word(x.verbAt[k])
	return v == "is" || v == "'s" || v == "are"
}

// onlyDays reports a clause that begins with a day or hour, and says no more deeds: "by Friday if I can", "tonight about the parcel", "today if they pick up".
func (x *text) onlyDays(p span) bool {
	i := p.a
	for i < p.b && (dueWords[x.word(i)] || x.word(i) == "for" || x.word(i) == "and" || x.word(i) == "the" || isFiller(&x.tokens[i])) {
		i++
	}
	if c := x.partAt(p.a); c >= 0 && (x.ownDeed(p) || x.visitAhead(c) > 0 || x.comesAgain(c) > 0) {
		return false
	}
	end := p.b
	for _, first := range []int{i, max(p.a, i-1)} {
		d, ok := dayAt(x.tokens[:end], first, x.base, forward)
		if !ok || d.past || d.recurrent {
			continue
		}
		switch x.word(d.next) {
		case "if", "about", "at", "morning", "afternoon", "evening", "first", "when", "before", "night", "lunchtime":
			return true
		}
		return d.next >= p.b || isFiller(&x.tokens[d.next])
	}
	return false
}

// doneLater are words that say that a thing will be done, sent or had.
var doneLater = setOf("do doing done have having get getting send sending sent happen due ready fetch fetching fetches collect posting drop dropping be go goes start begins starts promised said")

// refersBack reports a clause that says of what stands before it when it will be done: "which I'll do on Monday", "it'll be with us on the sixth", "she'll have it done by Friday",
// "I'm doing that tonight", "he said the end of the week".
func (x *text) refersBack(k int, p span) bool {
	part := &x.parts[k]
	if x.visitAhead(k) > visitMeets || x.past(part.span) || x.contains(p, "was") || x.contains(p, "were") || x.contains(p, "not") || x.contains(p, "agreed") || x.contains(p, "if") && !x.contains(p, "see") {
		return false
	}
	if i := p.a + b2i(x.word(p.a) == "and"); x.who[i] >= 0 && !subjectPronouns[x.word(i)] && !x.tokens[i].poss {
		return false // "and Declan will send it tonight"
	}
	refers := part.joint == "which" || x.word(p.a) == "which" || x.word(p.a) == "should"
	for i := p.a; i < p.b; i++ {
		switch x.word(i) {
		case "it", "them", "one":
			refers = true
		case "that", "this", "those":
			n := x.word(i + 1)
			refers = refers || n == "" || finiteAux[n] || n == "'s" || n == "'ll" || n == "'d" || prepositions[n] || adverbs[n] || connectors[n] || n == "done" || n == "in" || n == "off" || x.hasDay(span{i + 1, min(p.b, i+3)}) || n == "i"
		}
	}
	said := x.verbAt[k] >= 0 && (x.word(x.verbAt[k]) == "said" || x.word(x.verbAt[k]) == "reckoned") && p.b-p.a <= 8
	if !refers && !said || p.b-p.a > 12 {
		return false
	}
	for i := p.a; i < p.b; i++ {
		if doneLater[x.word(i)] {
			return true
		}
	}
	return false
}

// sameActor reports a clause that goes on about who agreed to a thing, and when they will go about it: "Norman agreed to see the doctor, he'll ring on Monday".
func (x *text) sameActor(d doing, k int) bool {
	part := &x.parts[k]
	return d.owner >= 0 && d.status == kerbside.Agreed && part.joint == "," && len(x.subject[k]) == 1 && x.subject[k][0] == d.owner && subjectPronouns[x.word(part.a)] &&
		(x.word(part.a+1) == "will" || x.word(part.a+1) == "is" || x.word(part.a+1) == "'s") && !x.contains(part.span, "also") && !x.contains(part.span, "not") && part.b-part.a <= 10
}

// askedAhead reports a deed that was told of as done only because it was asked for or promised, with a day to come by which it will be: "I've asked Bev to do a screening by Monday",
// "Mrs Trask promised it for Monday".
func (x *text) askedAhead(d doing, due kerbside.Due) bool {
	v := x.verbAt[d.clause]
	if v < 0 || due.Date == "" || due.Date <= x.base || x.base == "" {
		return false
	}
	p := x.parts[d.clause].span
	for i := v; i < p.b; i++ {
		switch x.lex.verb[x.word(i)] {
		case "promise":
			return true
		case "ask", "agree":
			for k := i + 1; k < p.b; k++ {
				if w := x.word(k); w == "will" || w == "to" && x.lex.verb[x.word(k+1)] == x.word(k+1) && x.word(k+1) != "" {
					return true
				}
			}
			return false
		}
	}
	return false
}
