package rules

import (
	"strings"

	"kerbside"
)

// leftToIt reads an adult who went so that the worker and a child were alone: "mum popped out so Ada and I had ten minutes", "mum gave us some
// space", "I saw Ada in her room, mum waited downstairs"; and a walk or a drive of the two.
func (x *text) leftToIt(c int) (span, bool) {
	p := x.parts[c].span
	if x.denies(c) || x.disclaimed(c) || x.future(p) || x.timeOf(p) != kerbside.Current {
		return span{}, false // "I didn't speak to him on his own, but we sat together while mum hung out the washing"
	}
	if x.outing(c) || x.wentWithMe(c) {
		return x.trim(p), true
	}
	if x.doorShut(c) {
		return x.withMeeting(c), true
	}
	if x.whileAway(c) {
		return x.trim(p), true
	}
	if !x.subjectGrown(c) || x.subjectYoung(c) || x.worker[c] {
		return span{}, false
	}
	if x.gaveSpace(p) && !x.pairAt(x.sents[x.parts[c].sentence], "with", "us") && (x.meetingBeside(c, true) >= 0 || x.childIsTopic(c)) {
		return x.withMeeting(c), true
	}
	if !x.wentAway(c) || x.cameBack(c) || x.contains(p, "till") || x.contains(p, "until") {
		return span{}, false // "she's out till Monday"
	}
	k := x.meetingBeside(c, false)
	if k < 0 || x.grownBesides(k, c) || x.onArrival(k) || x.contains(x.parts[k].span, "message") || x.contains(x.parts[k].span, "voicemail") {
		return span{}, false
	}
	joined := x.joinedBy(min(k, c), max(k, c)) || c > 0 && x.contains(x.parts[c-1].span, "asked") && x.contains(x.parts[c-1].span, "us")
	if joined || x.timeAlone(k) {
		return x.bothSpans(c, k), true
	}
	return span{}, false
}

// onArrival reports a clause that only says when the worker came: an adult who "was in the garden when I came" need not have stayed there.
func (x *text) onArrival(c int) bool {
	p := x.parts[c].span
	v := x.verbAt[c]
	if v < 0 || x.word(p.a) != "when" && x.word(p.a) != "as" && x.word(p.a) != "before" {
		return false
	}
	switch x.word(v) {
	case "came", "arrived", "got", "knocked", "pulled", "called":
		return !x.child(c)
	}
	return false
}

// whileAway reads "when mum was out of the room Ada whispered to me that …", "Ada spoke more freely once mum had gone out" in one clause.
func (x *text) whileAway(c int) bool {
	p := x.parts[c].span
	for k := p.a; k+2 < p.b; k++ {
		switch x.word(k) {
		case "when", "while", "whilst", "once", "after":
		default:
			continue
		}
		g, ok := x.grownWithin(k+1, p.b)
		if !ok {
			continue
		}
		away := -1
		for i := g + 1; i < p.b && i < g+6 && away < 0; i++ {
			if x.elsewhereAt(i, p.b) || x.lex.verb[x.word(i)] == "go" && x.word(i+1) == "to" && x.lex.verb[x.word(i+2)] == x.word(i+2) || x.word(i) == "left" && (i+1 == p.b || x.word(i+1) == "the") {
				away = i
			}
		}
		if away < 0 {
			continue
		}
		if k > p.a { // what came before it
			if x.childTalks(c) || x.worker[c] && x.child(c) && x.meets(c) {
				return true
			}
			continue
		}
		for i := away; i+1 < p.b; i++ {
			if x.youngAt(i) && talkVerbs[x.lex.verb[x.word(i+1)]] && x.contains(span{i, p.b}, "me") {
				return true
			}
		}
	}
	return false
}

// childIsTopic reports that the last sentences speak of a child and of no adult of the family but the subject of clause c.
func (x *text) childIsTopic(c int) bool {
	s := x.parts[c].sentence
	young := false
	for k := x.sents[max(0, s-1)].a; k < x.sents[s].b; k++ {
		w := x.who[k]
		if w < 0 || x.tokens[k].poss || possessives[x.tokens[k].norm] {
			continue
		}
		p := &x.people[w]
		if p.isChild(x) {
			young = true
		} else if p.kind(x) == roleFamily && !has(x.subject[c], w) {
			return false
		}
	}
	return young
}

func (x *text) bothSpans(c, k int) span {
	a, b := min(c, k), max(c, k)
	return span{x.trim(x.parts[a].span).a, x.parts[b].b}
}

func (x *text) withMeeting(c int) span {
	if k := x.meetingBeside(c, true); k >= 0 && k >= c-2 && k <= c+2 {
		return x.bothSpans(c, k)
	}
	return x.trim(x.parts[c].span)
}

// gaveSpace reports "gave us some space", "left us to it", "made herself scarce", "let us talk".
func (x *text) gaveSpace(p span) bool {
	for k := p.a; k < p.b; k++ {
		switch x.lex.verb[x.word(k)] {
		case "lend":
			if x.lendsRoom(k, p.b) {
				return true
			}
		case "give":
			if x.lendsRoom(k, p.b) {
				return true
			}
			if x.word(k+1) != "us" && x.word(k+1) != "me" {
				continue
			}
			for i := k + 2; i < p.b && i < k+6; i++ {
				if spaceWords[x.word(i)] && x.word(i+1) != "of" {
					return true
				}
			}
		case "leave":
			if n := x.word(k + 1); (n == "us" || n == "me") && (x.word(k+2) == "to" || x.word(k+2) == "alone" || x.word(k+2) == "together" || x.word(k+2) == "chatting" || x.word(k+2) == "talking" || x.word(k+2) == "") {
				return true
			}
		case "make":
			if x.word(k+2) == "scarce" {
				return true
			}
		case "keep":
			if x.word(k+1) == "everybody" || x.word(k+1) == "everyone" || x.word(k+1) == "people" {
				return x.word(k+2) == "out" || x.word(k+2) == "away"
			}
		case "let":
			if x.lendsRoom(k, p.b) {
				return true
			}
			if x.word(k+1) == "us" && talkVerbs[x.lex.verb[x.word(k+2)]] {
				return true
			}
		}
	}
	return false
}

func (x *text) roomBehind(a, b int) bool {
	for k := a; k < b && k < a+5; k++ {
		switch x.word(k) {
		case "room", "kitchen", "office", "conservatory", "lounge", "library", "garden", "bedroom", "space", "study", "hut":
			return true
		}
	}
	return false
}

// wentAway reports an adult subject that went to, or stayed in, another place.
func (x *text) wentAway(c int) bool {
	p := x.parts[c].span
	v := x.verbAt[c]
	if x.pairAt(p, "with", "us") || x.pairAt(p, "with", "me") {
		return false
	}
	if v < 0 {
		for k := p.a; k < p.b; k++ {
			if x.grownAt(k) && x.elsewhereAt(k+1, p.b) {
				return true
			}
		}
		return false
	}
	for k := v; k < p.b && k < v+3; k++ {
		base := x.lex.verb[x.word(k)]
		if !goneVerbs[base] && x.word(k) != "was" && x.word(k) != "were" && !(x.tokens[k].poss && k == v) {
			continue
		}
		if base == "leave" && (x.word(k+1) == "the" && x.word(k+2) == "room" || x.word(k+1) == "us" || k+1 >= p.b) {
			return true
		}
		if base == "cook" {
			return true
		}
		if base == "go" && x.word(k+1) == "to" && x.lex.verb[x.word(k+2)] == x.word(k+2) && x.word(k+2) != "" && x.word(k+2) != "see" && x.word(k+2) != "be" {
			return true
		}
		if base == "make" || base == "put" || base == "do" {
			for i := k + 1; i < p.b && i < k+6; i++ {
				switch x.word(i) {
				case "dinner", "lunch", "breakfast", "tea", "brew", "coffee", "kettle", "cuppa", "washing", "baby":
					return true
				}
			}
			continue
		}
		for i := k + 1; i < p.b && i < k+7; i++ {
			if x.elsewhereAt(i, p.b) {
				return true
			}
		}
	}
	return false
}

func (x *text) cameBack(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for k := x.parts[c].a; k < s.b; k++ {
		if n := x.word(k); n == "back" && (x.word(k-1) == "came" || x.word(k-1) == "straight" || x.word(k-1) == "coming" || x.word(k-1) == "right") {
			return true
		}
	}
	return false
}

// meetingBeside is the clause of the sentence in which the worker and a child talk, -1 without one; wide looks into the sentences beside it too.
func (x *text) meetingBeside(c int, wide bool) int {
	s := x.parts[c].sentence
	for _, d := range []int{0, 1, -1, 2, -2, 3, -3} {
		k := c + d
		if k < 0 || k >= len(x.parts) {
			continue
		}
		gap := x.parts[k].sentence - s
		if gap != 0 && (!wide || gap > 1 || gap < -1) {
			continue
		}
		if d == 0 && !wide || !x.child(k) && !(x.worker[k] && x.childNear(k)) || x.denies(k) || x.future(x.parts[k].span) {
			continue
		}
		if x.overheardClause(k) && !x.childTalks(k) {
			continue
		}
		if x.meets(k) && x.parts[k].a < x.parts[k].b {
			return k
		}
	}
	return -1
}

// grownBesides reports another adult in the clause of a meeting.
func (x *text) grownBesides(k, c int) bool {
	if k == c {
		return false
	}
	p := x.parts[k].span
	for i := p.a; i < p.b; i++ {
		if x.grownAt(i) {
			return true
		}
	}
	return false
}

// joinedBy reports that the later clause follows from the earlier or happens at its time.
func (x *text) joinedBy(a, b int) bool {
	for k := a; k <= b; k++ {
		first := strings.TrimPrefix(x.parts[k].joint, "+")
		if k > a && (first == "so" || first == "while" || first == "whilst" || first == "which" || first == "when" || first == "as") || k == a && a == 0 {
			return true
		}
		for i := x.parts[k].a; i < x.parts[k].b && i < x.parts[k].a+2; i++ {
			if n := x.word(i); n == "so" || n == "while" || n == "whilst" || n == "which" || n == "when" && k == a || n == "as" && k == a {
				return true
			}
		}
	}
	return false
}

// timeAlone reports a meeting that the worker made: time had with the child, or a talk in another named place.
func (x *text) timeAlone(k int) bool {
	p := x.parts[k].span
	if !x.worker[k] {
		return false
	}
	had := x.contains(p, "had") || x.contains(p, "got") || x.contains(p, "spent")
	for i := p.a; i < p.b; i++ {
		n := x.word(i)
		if had && timeWords[n] {
			return true
		}
		if roomWords[n] || n == "garden" || n == "kitchen" || n == "conservatory" {
			return x.child(k)
		}
	}
	return x.contains(p, "did") || x.contains(p, "talked") || x.contains(p, "spoke") || x.contains(p, "chatted")
}

// outing reports that the worker went for a walk or a drive with a child and nobody else.
func (x *text) outing(c int) bool {
	p := x.parts[c].span
	v := x.verbAt[c]
	if !x.worker[c] && !(v == p.a && x.lex.verb[x.word(v)] == "take") || v < 0 || x.grownBetween(p.a, p.b) || x.grownAbout(c) || !x.child(c) && !x.contains(p, "we") {
		return false
	}
	base := x.lex.verb[x.word(v)]
	if base != "go" && base != "take" && base != "drive" && base != "walk" && base != "pop" {
		return false
	}
	if x.contains(p, "we") && !x.child(c) || x.contains(p, "them") || x.contains(p, "both") || x.contains(p, "all") {
		return false
	}
	to := base == "go" && x.leftIn(c)
	for k := v + 1; k < p.b; k++ {
		to = to || outings[x.word(k)]
	}
	return to && (base != "take" || x.youngAt(v+1) || x.child(c))
}

// wentWithMe reports that one child, and nobody else, went out with the worker: "Adam came out to the car with me", "she walked me down the lane".
func (x *text) wentWithMe(c int) bool {
	p := x.parts[c].span
	v := x.verbAt[c]
	if v < 0 || len(x.subject[c]) != 1 || !x.subjectYoung(c) || x.grownBetween(p.a, p.b) || len(x.namedHere(p)) > 1 || x.contains(p, "us") {
		return false
	}
	along := false
	switch x.lex.verb[x.word(v)] {
	case "walk", "take":
		along = x.word(v+1) == "me"
	}
	switch x.lex.verb[x.word(v)] {
	case "come", "go", "walk", "pop", "nip":
		for k := v + 1; k+1 < p.b; k++ {
			along = along || x.word(k) == "with" && x.word(k+1) == "me" && (k+2 >= p.b || x.word(k+2) != "and")
		}
	}
	if !along {
		return false
	}
	for k := v + 1; k < p.b; k++ {
		if n := x.word(k); n == "door" || n == "gate" {
			return false
		} else if openSeats[n] || outings[n] && !(x.word(v+1) == "me" && (n == "car" || n == "garage" || n == "block")) {
			return true
		}
	}
	return false
}

// leftIn reports that others stayed behind when the worker went out with a child: "I went out with him while they stayed in".
func (x *text) leftIn(c int) bool {
	s := x.sents[x.parts[c].sentence]
	for k := x.verbAt[c] + 1; k+2 < s.b; k++ {
		if w := x.word(k); w != "while" && w != "whilst" || x.word(k+1) != "they" && !x.grownAt(k+1) && !x.grownAt(k+2) {
			continue
		}
		for i := k + 2; i+1 < s.b && i < k+5; i++ {
			if n := x.word(i + 1); stayVerbs[x.lex.verb[x.word(i)]] && (n == "in" || n == "inside" || n == "indoors" || n == "behind" || n == "put") {
				return (x.word(x.verbAt[c]+1) == "out" || x.word(x.verbAt[c]+1) == "outside") && x.contains(span{x.verbAt[c], k}, "with")
			}
		}
	}
	return false
}

// doorToAt reads, at token k, a door that was made to: "shut the door", "the door closed", "the door to", "the door pulled to".
func (x *text) doorToAt(k int) bool {
	switch x.word(k) {
	case "shut", "closed", "pulled":
		return x.word(k+2) == "door"
	case "door":
	default:
		return false
	}
	if x.word(k+2) == "between" || x.word(k+3) == "between" {
		return false // the one is on its other side
	}
	ends := func(i int) bool {
		return x.word(i) == "" || x.word(i) == "and" || x.word(i) == "so" || subjectPronouns[x.word(i)]
	}
	switch n := x.word(k + 1); n {
	case "shut", "closed":
		return true
	case "to":
		return ends(k + 2)
	case "pulled", "pushed", "drawn":
		w := x.word(k + 2)
		return (w == "to" || w == "over" || w == "across") && ends(k+3) || w == "shut" || w == "closed"
	}
	return false
}

// doorShut reports that the worker sat with a child behind a closed door.
func (x *text) doorShut(c int) bool {
	p := x.parts[c].span
	shut := false
	for k := p.a; k+1 < p.b; k++ {
		shut = shut || x.doorToAt(k)
	}
	if v := x.verbAt[c]; !shut || v >= 0 && x.lex.verb[x.word(v)] == "go" && !x.worker[c] {
		return false // "he went in and shut the door": on the worker
	}
	if x.grownAbout(c) {
		return false
	}
	end := p.b
	if k := c + 1; x.verbAt[c] < 0 && k < len(x.parts) && x.parts[k].sentence == x.parts[c].sentence {
		end = x.parts[k].b // "in her room with the door to, Ada showed me"
	}
	mine := x.worker[c]
	for k := x.sents[x.parts[c].sentence].a; k < end; k++ {
		mine = mine || mineWords[x.word(k)]
	}
	if x.child(c) || x.childNear(c) && !(x.worker[c] && x.contains(p, "we") && x.withOne(c) < 0) {
		return mine && x.meetingBeside(c, true) >= 0
	}
	return x.worker[c] && x.meets(c) && !x.denies(c) && x.withOne(c) >= 0 && !x.accompanied() // "We talked up there with the door to"
}
