package rules

import (
	"strings"

	"kerbside"
)

// What is asked for is to be done: of whoever reads the note ("could someone chase legal for the letter"), and of somebody who said yes to it ("I asked Bev to weigh him and
// she's fine with that"). What is asked and not answered is a question.

// requestIn reads what clause c asks of somebody.
func (x *text) requestIn(c int) (doing, bool) {
	for _, read := range []func(int) (doing, bool){x.askedOf, x.askedMe} {
		if d, ok := read(c); ok {
			return d, true
		}
	}
	part := &x.parts[c]
	a := part.a
	for a < part.b && (connectors[x.word(a)] || x.word(a) == "also" || x.word(a) == "then" || isFiller(&x.tokens[a])) {
		a++
	}
	if a >= part.b {
		return doing{}, false
	}
	please := x.contains(part.span, "please")
	if !please && !x.late(a) && !anybody[x.word(a+1)] || x.told(a) || x.reported(c) {
		return doing{}, false
	}
	d := doing{span: part.span, clause: c, owner: nobody, status: kerbside.Planned}
	if n := c + 1; n < len(x.parts) && x.parts[n].sentence == part.sentence && x.mineTag(n) {
		return doing{}, false // "could someone chase it, | that's me"
	}
	if x.word(a) == "please" && x.word(a+1) != "do" && x.deedAt(a+1) {
		return d, true
	}
	if w := x.word(a); w != "can" && w != "could" && w != "would" {
		return doing{}, false
	}
	i := a + 1
	for x.word(i) == "please" {
		i++
	}
	switch w := x.word(i); {
	case anybody[w]:
		i++
	case w == "you" && please:
		i++
	case w == "we" && (x.word(i+1) == "get" || x.word(i+1) == "ask"):
		to := i + 2
		for to < part.b && to < i+8 && x.word(to) != "to" {
			to++
		}
		if x.word(to) != "to" {
			return d, x.deedAt(i + 1)
		}
		x.ownerNamed(&d, i+2, to)
		i = to + 1
	default:
		end := i
		for end < part.b && end < i+4 && !x.deedAt(end) {
			end++
		}
		if x.who[end-1] < 0 && !officials[x.word(end-1)] || end == i || subjectPronouns[w] {
			return doing{}, false
		}
		x.ownerNamed(&d, i, end)
		i = end
	}
	you := x.word(i-1) == "you"
	for adverbs[x.word(i)] || x.word(i) == "please" {
		i++
	}
	return d, x.deedAt(i) && !((you || x.word(i) == "tell") && x.word(i+1) == "me")
}

// deedAt reports at token i the bare verb of a thing that workers do or have done.
func (x *text) deedAt(i int) bool {
	w := x.word(i)
	return w != "" && x.lex.verb[w] == w && (doneDeeds[w] || plannedDeeds[w] || tellDeeds[w] || seesTo[w] || w == "get" || w == "find")
}

// ownerNamed puts down whom the words [a,b) name as the one who does d.
func (x *text) ownerNamed(d *doing, a, b int) {
	for a < b && determiners[x.word(a)] {
		a++
	}
	switch {
	case a >= b || anybody[x.word(a)]:
	case x.who[b-1] >= 0:
		d.owner = x.who[b-1]
	default:
		x.named[d.clause] = span{a, b}
	}
}

// askedOf reads what the worker asked somebody to do who said yes: "I asked Bev to weigh him and she's fine with that", "I asked Jo if she could ring them and she said no problem".
func (x *text) askedOf(c int) (doing, bool) {
	part := &x.parts[c]
	if !x.worker[c] {
		return doing{}, false
	}
	for k := part.a; k < part.b && k < part.a+5; k++ {
		if x.word(k) != "asked" || x.negatedBefore(part.a, k) {
			continue
		}
		who, end := x.personBehind(k)
		if who < 0 {
			return doing{}, false
		}
		switch x.word(end) {
		case "to":
		case "if", "whether":
			if n := x.word(end + 2); n != "would" && n != "could" && n != "'d" && n != "can" && n != "will" {
				return doing{}, false
			}
		case "would", "could", "can", "will":
		default:
			return doing{}, false
		}
		d := doing{span: part.span, clause: c, owner: who, status: kerbside.Agreed}
		return d, x.assentBehind(&d)
	}
	return doing{}, false
}

// askedMe reads what somebody asked the worker to do who said yes to it in clause c: "Jo asked me to ring her dad | so I'll do that", "Jo asked would I write a letter, | I said yes",
// "Jo said could I find out | so I will".
func (x *text) askedMe(c int) (doing, bool) {
	part := &x.parts[c]
	if c == 0 || x.parts[c-1].sentence != part.sentence || !x.worker[c] || part.b-part.a > 8 || x.negatedBetween(part.a, part.b) {
		return doing{}, false
	}
	last := x.word(part.b - 1)
	yes := last == "will" || last == "would" || last == "yes" || last == "course" || (last == "that" || last == "it") && x.contains(part.span, "do") && x.hasFuture(part.span)
	if !yes {
		return doing{}, false
	}
	for d := c - 1; d >= 0 && d >= c-2 && x.parts[d].sentence == part.sentence; d-- {
		for k := x.parts[d].a; k+3 < x.parts[d].b; k++ {
			if w := x.word(k); w != "asked" && w != "said" {
				continue
			}
			i := k + 1 + b2i(x.word(k+1) == "me")
			switch n, me := x.word(i), x.word(i+1) == "i"; {
			case n == "to" && i == k+2 && x.word(k) == "asked", (n == "would" || n == "could" || n == "can" || n == "if") && me:
				return doing{span: span{x.parts[d].a, part.b}, clause: c, owner: -1, status: kerbside.Agreed}, true
			}
		}
	}
	return doing{}, false
}

// acceptedBehind reports that what the worker offered in clause c was taken up: "and she said yes please", "which he accepted".
func (x *text) acceptedBehind(c int) bool {
	s := x.parts[c].sentence
	for k := c + 1; k < len(x.parts) && k <= c+2 && x.parts[k].sentence == s; k++ {
		p := x.parts[k].span
		for i := p.a; i < p.b; i++ {
			switch x.word(i) {
			case "not", "no", "think", "but", "declined", "refused":
				return false
			case "accepted", "agreed", "yes", "please", "grateful", "keen", "happy", "glad", "pleased":
				return true
			case "like", "love":
				if b := x.word(i - 1); b == "would" || b == "'d" {
					return true
				}
			}
		}
	}
	return false
}

// wantsDoing are what a worker sees to when a thing wants or needs it: "the boiler wants chasing", "the plan needs updating".
var wantsDoing = setOf("chase book update redo rewrite review draft complete send submit follow refer arrange order")

// needsWork reports, at token i, "wants chasing", "needs redoing", and whose it is: what "needs doing" or "needs sorting" can be anybody's.
func (x *text) needsWork(i int) (owner int, ok bool) {
	switch x.word(i) {
	case "needs", "need", "wants", "want":
	default:
		return 0, false
	}
	switch n := x.word(i + 1); {
	case !strings.HasSuffix(n, "ing"):
		return 0, false
	case n == "doing" || n == "sorting":
		return nobody, true
	default:
		return -1, wantsDoing[x.lex.verb[n]] || n == "redoing" || n == "rewriting" || n == "drafting"
	}
}
