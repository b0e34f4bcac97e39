package rules

import "kerbside"

// A look at a room is often said behind what it was a look at: "They share the back bedroom and I saw it", "The bunks are at that end, Farida showed me". One clause
// names where a child sleeps, and another says that the worker looked, with no other thing to look at.

var (
	lookNouns   = setOf("look nosey peep peek glance gander squint")
	lookBehind  = setOf("it them both all each either that there too myself properly quickly today")
	tourNouns   = setOf("tour look lot")
	entryWords  = setOf("up in through round upstairs inside down along into")
	shownObject = setOf("me us")
	givenTour   = setOf("shown given taken walked led marched let invited")
	givesTour   = setOf("show take walk lead march bring drag")
)

// looksBehind reads, in clause c, that the worker looked at a room or bed that the words before it name.
func (x *text) looksBehind(c int, children []int, all map[int]*answers, everyone *answers) {
	if x.overheardClause(c) || x.otherTime(c) || !x.looksAtIt(c) {
		return
	}
	k := x.bedBehind(c, x.contains(x.parts[c].span, "head") && x.contains(x.parts[c].span, "door"))
	if k < 0 || x.sawWhom(c) && x.namesYoung(k) {
		return
	}
	f := x.fact(found{span{x.trim(x.parts[k].span).a, x.trim(x.parts[c].span).b}, kerbside.Yes})
	targets := x.childrenIn(k, children)
	if x.sleepsTogether(x.parts[k].span) || len(targets) == 0 || len(x.namedChildren(x.parts[k].span, children)) == 0 && !x.contains(x.parts[k].span, "his") && !x.contains(x.parts[k].span, "her") {
		targets = children
	}
	if x.ofStranger(k, children) {
		targets = nil
	}
	putRoom(f, targets, all, everyone)
}

// putRoom puts down what is said of the rooms of those whom it means, or of all where nobody is meant.
func putRoom(f kerbside.Fact, targets []int, all map[int]*answers, everyone *answers) {
	if len(targets) == 0 {
		set(&everyone.bedroom, f)
	}
	for _, w := range targets {
		set(&all[w].bedroom, f)
	}
}

// roomSelfAsked reads what the worker asks himself or herself of a bedroom and answers: "Did I see the bedrooms? No, I ran out of time."
func (x *text) roomSelfAsked(c int, children []int, all map[int]*answers, everyone *answers) {
	p := x.parts[c].span
	if n := x.word(p.a); n != "did" && n != "have" || x.word(p.a+1) != "i" && x.word(p.a+1) != "we" || x.reported(c) {
		return
	}
	for i := p.a; i < p.b; i++ {
		end, strong := x.roomAt(i, c, children)
		if end < 0 || !strong || !x.saysSeen(p) && !x.contains(p, "get") && !x.contains(p, "go") {
			continue
		}
		k := p.b
		for k < len(x.tokens) && x.tokens[k].mark {
			k++
		}
		if n := x.word(k); k > p.b+2 || n != "no" && n != "nope" && !(n == "i" && x.word(k+1) == "did" && x.word(k+2) == "not") {
			return
		}
		f := x.fact(found{span{p.a, k + 1}, kerbside.No})
		targets := x.childrenIn(c, children)
		if len(targets) == 0 || len(x.namedChildren(p, children)) == 0 {
			targets = children
		}
		putRoom(f, targets, all, everyone)
		return
	}
}

// sawWhom reports a look at "them" or "both", who may be the children: "the twins share a bedroom, I saw them both".
func (x *text) sawWhom(c int) bool {
	p := x.parts[c].span
	for k := p.a; k+1 < p.b; k++ {
		if n := x.word(k); n == "saw" || n == "seen" || n == "checked" || n == "viewed" {
			switch x.word(k + 1) {
			case "them", "both", "each", "all":
				return true
			}
		}
	}
	return false
}

// namesYoung reports a clause that speaks of children otherwise than as owners.
func (x *text) namesYoung(c int) bool {
	for k := x.parts[c].a; k < x.parts[c].b; k++ {
		if n := x.word(k); !x.tokens[k].poss && !possessives[n] && (x.youngAt(k) || n == "they" || n == "both" || n == "he" || n == "she") {
			return true
		}
	}
	return false
}

// sleepsTogether reports a place where several sleep: "the beds", "they share".
func (x *text) sleepsTogether(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch x.word(k) {
		case "beds", "bunks", "cots", "bedrooms", "rooms", "baskets", "mattresses", "share":
			return true
		}
	}
	return false
}

// bedBehind is the clause close before c that names where a child sleeps: in its sentence, with little between, or right before it where c opens its sentence; -1
// without. A door round which the worker put the head may be that of a child who was "in bed".
func (x *text) bedBehind(c int, door bool) int {
	skipped := 0
	for k := c - 1; k >= 0 && k >= c-5; k-- {
		back := x.parts[c].sentence - x.parts[k].sentence
		if back > 1 || back == 1 && x.parts[c].a > x.sents[x.parts[c].sentence].a {
			return -1
		}
		if x.sleepingPlace(k) || door && x.inBed(k) {
			if x.past(x.parts[k].span) || x.lastTime(k) || x.future(x.parts[k].span) {
				return -1
			}
			return k
		}
		if x.verbAt[k] >= 0 {
			skipped++
		}
		if skipped > 1 || skipped > 0 && back == 1 || x.namesThing(k) {
			return -1
		}
	}
	return -1
}

// inBed reports a child that was in bed: "Ravi was in bed poorly".
func (x *text) inBed(c int) bool {
	return x.subjectYoung(c) && x.pairAt(x.parts[c].span, "in", "bed")
}

// namesThing reports a clause about another room or thing that a look may have been at: "the kitchen", "the garden".
func (x *text) namesThing(c int) bool {
	for k := x.parts[c].a; k < x.parts[c].b; k++ {
		if n := x.word(k); otherRooms[n] {
			return true
		}
	}
	return false
}

// otherRooms are places of a home in which nobody sleeps, and things that a worker is shown.
var otherRooms = setOf("kitchen bathroom garden yard lounge hall hallway shed loft cupboard cupboards fridge freezer meter boiler letter letters phone book chart card arm arms leg legs back bruise mark cut photo photos picture report certificate receipt tenancy dog cat rabbit hamster fish shop school")

// sleepingPlace reports a clause that names where a child sleeps: a bedroom, cot or bunk, a child's own room or bed, or that it "sleeps in" something.
func (x *text) sleepingPlace(c int) bool {
	p := x.parts[c].span
	if x.saysSeen(p) && (x.negatedBefore(p.a, p.b) || x.contains(p, "no")) {
		return false // "I didn't see the bedroom"
	}
	if x.notFirstHand(c) {
		return false // "she has her own room at her dad's"
	}
	for i := p.a; i < p.b; i++ {
		n := x.word(i)
		if (n == "cot" || n == "cots" || n == "basket") && x.preBirth() {
			continue
		}
		switch n {
		case "bedroom", "bedrooms":
			if !x.grownsRoom(i) && !dwelling[x.word(i+1)] && !outerParts[x.word(i+1)] && x.word(i-1) != "spare" {
				return true
			}
		case "room", "rooms":
			if end, _ := x.roomAt(i, c, nil); end >= 0 && !x.grownsRoom(i) || x.sharesRoom(p, i) || x.tokens[max(i-1, 0)].poss && x.who[max(i-1, 0)] >= 0 && x.people[x.who[max(i-1, 0)]].isChild(x) {
				return true
			}
		case "cot", "cots", "bunk", "bunks", "beds":
			if x.word(i-1) != "wet" {
				return true
			}
		case "basket", "baskets":
			if x.word(i-1) == "moses" {
				return true
			}
		case "bed":
			if w := x.word(i - 1); w == "own" || w == "new" || w == "bunk" || w == "proper" || w == "single" || w == "camp" || (w == "his" || w == "her" || w == "their") && x.word(i-2) != "in" && x.word(i-2) != "wets" && x.word(i-2) != "wet" || w == "a" && x.word(i+1) == "each" {
				return true
			}
		case "sleep", "sleeps":
			if w := x.word(i + 1); (w == "in" || w == "on" || w == "at" || w == "there") && !x.grownBetween(p.a, i) && x.word(i-1) != "not" && !x.makeshift(i+2) {
				return true
			}
		}
	}
	return false
}

// makeshift reports a place at token i in which somebody sleeps for want of a bedroom: "on the sofa", "in the lounge".
func (x *text) makeshift(i int) bool {
	for k := i; k < i+4 && k < len(x.tokens) && !x.tokens[k].mark; k++ {
		switch x.word(k) {
		case "sofa", "settee", "couch", "chair", "floor", "lounge", "living", "front", "kitchen", "car", "with":
			return true
		}
	}
	return false
}

// outerParts are what one sees of a bedroom from outside it.
var outerParts = setOf("window windows door doors light lights curtains")

// sharesRoom reports a "room" at token i of clause span p that children have or share: "all three share one room", "he's got the old sewing room".
func (x *text) sharesRoom(p span, i int) bool {
	for k := max(p.a, i-12); k < i; k++ {
		switch n := x.word(k); n {
		case "share", "shares", "sharing":
			return !x.grownBetween(p.a, k)
		case "has", "have", "got":
			if k > p.a && i-k <= 5 && (x.youngAt(k-1) || x.word(k-1) == "'s" || x.word(k-1) == "they" || x.word(k-1) == "'ve" || n == "got" && (x.word(k-1) == "has" || x.word(k-1) == "have")) && x.word(i-1) != "living" && x.word(i-1) != "bath" && x.word(i-1) != "dining" && x.word(i-1) != "no" {
				return !x.grownBetween(p.a, k)
			}
		}
	}
	return false
}

// looksAtIt reports a clause in which the worker looks, is shown or goes in, and that names nothing else that was looked at: "I saw it", "I had a look", "I put my head
// round", "she took me up to see".
func (x *text) looksAtIt(c int) bool {
	p := x.trim(x.parts[c].span)
	if x.negatedBefore(p.a, p.b) || x.future(p) || x.contains(p, "no") || x.contains(p, "nobody") || x.contains(p, "asked") || x.contains(p, "wanted") {
		return false
	}
	for i := p.a; i < p.b && i < p.a+12; i++ {
		if end := x.lookAt(c, p.a, i); end >= 0 {
			return x.looksAtNothingElse(end, p.b)
		}
	}
	return false
}

// lookAt finds words for the worker's look that begin at token i of clause c, which begins at a: where they end; -1 without.
func (x *text) lookAt(c, a, i int) int {
	n := x.word(i)
	mine := x.worker[c] || len(x.subject[c]) == 0 && (i == a || x.word(a) == "had") // "Bedroom, had a look"
	for k := a; k < i; k++ {
		w := x.word(k)
		mine = mine && x.who[k] < 0 || w == "i" || w == "we"
	}
	b := x.lex.verb[n]
	switch {
	case mine && (n == "saw" || n == "seen" || n == "looked" || n == "checked" || n == "viewed" || n == "inspected" || n == "peeped" || n == "peeked"):
		return i + 1
	case mine && lookNouns[n] && x.word(i-1) != "to" && (x.contains(span{a, i}, "had") || x.contains(span{a, i}, "took") || x.contains(span{a, i}, "have") && x.contains(span{a, i}, "'ve")):
		return i + 1
	case mine && (n == "went" || n == "been" || n == "popped" || n == "nipped") && entryWords[x.word(i+1)]:
		return i + 2
	case mine && n == "head" && (x.word(i-1) == "my" || x.word(i-1) == "our") && (x.word(i-2) == "put" || x.word(i-2) == "stuck" || x.word(i-2) == "popped" || x.word(i-2) == "poked") && entryWords[x.word(i+1)]:
		if end := i + 2; x.word(end) == "the" && x.word(end+1) == "door" {
			return end + 2
		}
		return i + 2
	case mine && n == "sat" && (x.word(i+1) == "on" || x.word(i+1) == "in") && (x.word(i+2) == "it" || x.word(i+2) == "them"):
		return i + 3
	case givenTour[n] && (x.word(i-1) == "was" || x.word(i-1) == "got" || x.word(i-1) == "were") && (x.word(i-2) == "i" || x.word(i-2) == "we"):
		if n == "given" {
			if x.word(i+1) == "the" && tourNouns[x.word(i+2)] || x.word(i+1) == "a" && tourNouns[x.word(i+2)] {
				return i + 3
			}
			return -1
		}
		if n == "shown" || entryWords[x.word(i+1)] {
			return i + 1
		}
	case n == "let" && shownObject[x.word(i+1)] && i > a && x.word(i-1) != "to" && x.word(i-1) != "not" && (x.word(i+2) == "look" || x.word(i+2) == "see"):
		return i + 3
	case b != "" && givesTour[b] && n != b && shownObject[x.word(i+1)] && i > a && x.word(i-1) != "to":
		if to := x.word(i + 2); b != "show" && !entryWords[to] && to != "by" || to == "through" && x.word(i+3) != "" && x.word(i+3) != "to" {
			return -1 // "took me through it" is talk
		}
		return i + 2
	}
	return -1
}

// looksAtNothingElse reports that the words from i to the end of a clause at b name nothing but "it", "them", a way in, or what the look was for.
func (x *text) looksAtNothingElse(i, b int) bool {
	for k := i; k < b; k++ {
		n := x.word(k)
		switch {
		case n == "" || lookBehind[n] || entryWords[n] || adverbs[n] || fillers[n] || n == "at" || n == "of" || n == "for" || n == "on":
		case n == "the" && (x.word(k+1) == "lot" || x.word(k+1) == "two" || x.word(k+1) == "three" || x.word(k+1) == "doorway" || x.word(k+1) == "door"), n == "from" && x.word(k+1) == "the":
			k++
		case n == "two" || n == "three" || n == "doorway":
		case n == "by" && (x.word(k+2) == "hand" || x.word(k+2) == "sleeve"):
			k += 2
		case n == "to" && (x.word(k+1) == "see" || x.word(k+1) == "look" || x.word(k+1) == "check" || x.word(k+1) == "admire" || x.word(k+1) == "have" || x.word(k+1) == "it" || x.word(k+1) == "them"):
			k++
		case n == "a" && lookNouns[x.word(k+1)]:
			k++
		case n == "with" || n == "when" || n == "while" || n == "as" || n == "and":
			return true
		default:
			return false
		}
	}
	return true
}
