package rules

import (
	"kerbside"
)

// notApart reads that a child was not to be had without an adult: "would not leave mum's side", "clung to nan", "would only talk with mum there", "mum
// would not leave the room", "seen in front of mum".
func (x *text) notApart(c int) bool {
	p := x.parts[c].span
	grown, young := x.subjectGrown(c), x.subjectYoung(c)
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		base := x.lex.verb[n]
		denied := x.negatedBefore(p.a, k) || x.refusedBefore(p.a, k)
		switch {
		case n == "":
		case young && denied && (n == "parted" || n == "separated"), young && denied && (base == "come" || base == "go") && x.word(k+1) == "with" && x.word(k+2) == "me":
			return true
		case n == "always" && (x.word(k+1) == "somebody" || x.word(k+1) == "someone" || x.grownAt(k+1) || x.grownAt(k+2)) && (x.contains(p, "room") || x.contains(p, "us")):
			return true
		case young && !denied && (base == "prefer" || base == "want" || base == "ask") && x.wantsGrown(k+1, p.b):
			return true
		case grown && !denied && base == "stay" && x.word(k+1) == "with" && (x.word(k+2) == "us" || x.word(k+2) == "me"):
			return true
		case young && !denied && base == "have" && x.wholeTime(p) && x.grownIn(k, p.b) && (x.contains(p, "beside") || x.contains(p, "with") || x.contains(p, "next")):
			return true
		case young && (base == "cling" || base == "stick" || n == "glued" || n == "clingy" || n == "attached") && x.grownIn(k+1, p.b):
			return true
		case young && denied && (base == "leave" || base == "part" || base == "separate" || base == "come" || base == "go" || base == "let") && (x.grownIn(k+1, p.b) || x.word(k+1) == "my") && (base != "come" && base != "go" || x.apartFrom(k, p.b)):
			return true
		case grown && denied && base == "leave" && x.leavesUs(k+1, p.b):
			return true
		case grown && denied && base == "step" && x.word(k+1) == "out":
			return true
		case n == "insisted" && grown && x.word(k+1) == "on" && stayVerbs[x.lex.verb[x.word(k+2)]]:
			return true
		case grown && base == "sit" && x.word(k+1) == "in" && (x.word(k+2) == "on" || x.word(k+2) == "with" || x.word(k+2) == "for" || x.word(k+2) == "" || x.word(k+2) == "throughout" || x.word(k+2) == "too"):
			return true
		case grown && base == "keep" && x.word(k+1) == "coming":
			return true
		case (n == "front" && x.word(k+1) == "of" || n == "presence") && x.inFront(c, k):
			return true
		case n == "with" && x.meets(c) && !denied && !x.future(p) && x.withGrown(c, k):
			return true
		case n == "only" && young && x.contains(span{p.a, k}, "would") && x.grownIn(k, p.b) && x.speaksOfMeeting(c):
			return true
		}
	}
	return false
}

// wantsGrown reports "mum to stay", "to have nan with her", "her mum there" behind a wish.
func (x *text) wantsGrown(k, b int) bool {
	if !x.grownIn(k, b) {
		return false
	}
	for i := k; i < b && i < k+9; i++ {
		if !x.grownAt(i) {
			continue
		}
		switch n := x.word(i + 1); {
		case n == "to" && (x.word(i+2) == "stay" || x.word(i+2) == "be" || x.word(i+2) == "sit"), n == "there" || n == "present", n == "with" && i+2 < b && x.word(i+2) != "a", n == "in" && x.word(i+2) == "the" && x.word(i+3) == "room":
			return true
		}
	}
	return false
}

func (x *text) subjectGrown(c int) bool {
	for _, w := range x.subject[c] {
		p := &x.people[w]
		if !p.isChild(x) && (p.role >= 0 || p.name != "") && p.roleName != "interpreter" {
			return true
		}
	}
	p := x.parts[c].span
	for k := p.a; k < p.b && (x.verbAt[c] < 0 || k < x.verbAt[c]); k++ {
		if n := x.word(k); n == "parents" || n == "carers" || n == "everyone" {
			return true
		}
	}
	return false
}

func (x *text) subjectYoung(c int) bool {
	for _, w := range x.subject[c] {
		if x.people[w].isChild(x) {
			return true
		}
	}
	return false
}

func (x *text) grownIn(a, b int) bool {
	for k := a; k < b; k++ {
		if x.grownAt(k) || x.tokens[k].poss && x.who[k] >= 0 && !x.people[x.who[k]].isChild(x) {
			return true
		}
	}
	return false
}

func (x *text) refusedBefore(a, k int) bool {
	for i := a; i < k; i++ {
		if n := x.word(i); n == "refused" || n == "refuses" || n == "declined" || n == "reluctant" || n == "unwilling" {
			return true
		}
	}
	return false
}

// apartFrom reports "away from", "without", "out without", "with me" behind a verb of going.
func (x *text) apartFrom(k, b int) bool {
	for i := k + 1; i < b && i < k+7; i++ {
		if n := x.word(i); n == "away" || n == "without" || n == "off" || n == "from" || n == "with" && x.word(i+1) == "me" {
			return true
		}
	}
	return false
}

// leavesUs reports "us", "the room", "her side", "her alone", "me and her" behind "leave".
func (x *text) leavesUs(k, b int) bool {
	for i := k; i < b && i < k+4; i++ {
		switch n := x.word(i); n {
		case "us", "room", "side", "alone", "me":
			return true
		case "him", "her", "them":
			return x.word(i+1) != "alone" || true
		}
	}
	return k >= b || x.word(k) == ""
}

// inFront reports a talk with a child that an adult heard.
func (x *text) inFront(c, k int) bool {
	p := x.parts[c].span
	return x.grownIn(max(p.a, k-3), min(p.b, k+5)) && (x.meets(c) || x.contains(p, "conversation") || x.contains(p, "talk")) && x.child(c) && !x.negatedBefore(p.a, k) && !x.future(p) && !x.contains(p, "argue") && !x.contains(p, "swore")
}

// withGrown reads "with mum present", "with mum in the room", "only … with her mum" of a child that was seen.
func (x *text) withGrown(c, k int) bool {
	p := x.parts[c].span
	if !x.child(c) && !x.subjectYoung(c) {
		return false
	}
	g, ok := x.grownWithin(k+1, len(x.tokens))
	if !ok {
		return false
	}
	if x.contains(span{p.a, k}, "only") {
		return true
	}
	switch n := x.word(g + 1); n {
	case "present", "there", "listening", "throughout", "beside", "next", "alongside":
		return true
	case "sat", "sitting":
		return !x.elsewhereAt(g+2, p.b)
	case "in":
		return x.word(g+2) == "the" && x.word(g+3) == "room" || x.word(g+2) == "attendance"
	}
	return false
}

// stayedOn reads an adult who was there for all of it: "both parents were in the room the whole time", "nan stayed throughout".
func (x *text) stayedOn(c int) bool {
	p := x.parts[c].span
	if x.negatedBefore(p.a, p.b) || !x.subjectGrown(c) || x.timeOf(p) != kerbside.Current {
		return false
	}
	if !x.wholeTime(p) {
		return false
	}
	for k := p.a; k < p.b; k++ {
		n := x.word(k)
		if n == "room" || n == "there" || n == "present" || n == "us" && x.word(k-1) == "with" || (n == "in" && x.insideAt(k+1) || n == "stayed" || n == "sat" || n == "hovered" || n == "hovering" || n == "remained" || n == "listening" || n == "listened") && !x.elsewhereAt(k+b2i(n != "in"), p.b) {
			return true
		}
	}
	return false
}

// insideAt reports that "in" before token k says that somebody was there, and no more: "she was in throughout", "in with us", not "in Leeds".
func (x *text) insideAt(k int) bool {
	n := x.word(k)
	return n == "" || n == "with" || n == "on" || n == "the" || n == "there" || n == "throughout" || n == "all"
}

// wholeTime reports "throughout", "the whole time", "all the way through", "from start to finish".
func (x *text) wholeTime(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch n := x.word(k); n {
		case "throughout":
			return true
		case "whole", "entire", "full", "all":
			for i := k + 1; i < s.b && i < k+4; i++ {
				switch x.word(i) {
				case "time", "visit", "way", "conversation", "it", "through", "hour", "session", "while":
					return true
				}
			}
		case "start":
			if x.word(k+1) == "to" && x.word(k+2) == "finish" {
				return true
			}
		}
	}
	return false
}

// otherVisit reports a denial about another day than the visit's.
func (x *text) otherVisit(c int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		n, next := x.word(k), x.word(k+1)
		if n == "last" && (next == "visit" || next == "time" || next == "week" || next == "month") || n == "previous" && (next == "visit" || next == "visits") {
			return true
		}
	}
	return false
}
