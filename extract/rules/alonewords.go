package rules

import (
	"strings"
)

// word is the norm of a token, "" for a mark or beyond the ends.
func (x *text) word(i int) string {
	if i < 0 || i >= len(x.tokens) || x.tokens[i].mark {
		return ""
	}
	return x.tokens[i].norm
}

// grownAt reports that an adult who is not the worker is named at token i: by a word, or as a person who is known to be no child.
func (x *text) grownAt(i int) bool {
	if i < 0 || i >= len(x.tokens) || x.tokens[i].mark || x.tokens[i].poss && !x.verbalEnding(i) {
		return false
	}
	if x.who != nil && x.who[i] >= 0 && !possessives[x.tokens[i].norm] {
		p := &x.people[x.who[i]]
		return !p.isChild(x) && p.roleName != "interpreter"
	}
	return grownWords[x.tokens[i].norm]
}

func (x *text) youngAt(i int) bool {
	if i < 0 || i >= len(x.tokens) || x.tokens[i].mark {
		return false
	}
	if x.who != nil && x.who[i] >= 0 {
		if objectPronouns[x.tokens[i].norm] && !x.people[x.who[i]].isChild(x) {
			return !x.pronounOfGrown(i) && !x.nounFollows(i)
		}
		own := possessives[x.tokens[i].norm] && !(x.tokens[i].norm == "her" && !x.nounFollows(i))
		return x.people[x.who[i]].isChild(x) && !x.tokens[i].poss && !own
	}
	n := x.tokens[i].norm
	if x.who == nil && (x.tokens[i].cap || x.isGiven(n)) && n != "i" && !grownWords[n] {
		return true // a name in a quote by itself
	}
	return youngWords[n] || n == "him" || n == "her" && !x.nounFollows(i) || n == "them"
}

// nounFollows reports a "her" that belongs to the word behind it.
func (x *text) nounFollows(i int) bool {
	n := x.word(i + 1)
	return n != "" && !prepositions[n] && !connectors[n] && !adverbs[n] && !finiteAux[n] && !determiners[n] && !soloWords[n]
}

// grownWithin finds an adult within a few words from token i, past what stands before a noun.
func (x *text) grownWithin(i, b int) (int, bool) {
	for k := i; k < b && k < i+5 && k < len(x.tokens) && !x.tokens[k].mark; k++ {
		if x.grownAt(k) {
			return k, true
		}
		if n := x.tokens[k].norm; !determiners[n] && !possessives[n] && n != "other" && n != "of" && n != "foster" && !x.tokens[k].poss {
			break
		}
	}
	return 0, false
}

// aloneAt reads words for being alone that start at token i.
func (x *text) aloneAt(i, b int) (alone, bool) {
	n := x.word(i)
	own := func(end int) (alone, bool) { return alone{span: span{i, end}}, true }
	ours := func(end int) (alone, bool) { return alone{span{i, end}, true}, true }
	switch n {
	case "":
		return alone{}, false
	case "on":
		k := i + 1
		mine := x.word(k) == "my" || x.word(k) == "our"
		if possessives[x.word(k)] || k < b && x.tokens[k].poss {
			k++
		}
		if k > i+1 && !mine && (x.word(k) == "tod" || x.word(k) == "todd" || x.word(k) == "lonesome") {
			return own(k + 1) // "on her tod"
		}
		if x.word(k) != "own" {
			return alone{}, false
		}
		if mine {
			return ours(k + 1)
		}
		return own(k + 1)
	case "by":
		if w := x.word(i + 1); w == "myself" || w == "ourselves" {
			return ours(i + 2)
		}
		if ownSelf[x.word(i+1)] {
			return own(i + 2)
		}
	case "to":
		if (x.word(i+1) == "myself" || x.word(i+1) == "ourselves" && x.hadBefore(i)) && !(x.grownAt(i-1) && !objectPronouns[x.word(i-1)]) {
			return ours(i + 2)
		}
		if ownSelf[x.word(i+1)] && x.youngAt(i-1) && x.lex.verb[x.word(i-2)] == "have" {
			return own(i + 2) // "I had Ada to herself"
		}
	case "apart":
		if x.word(i+1) == "from" && x.youngObject(i) && x.negatedBefore(max(0, i-8), i) {
			if k, ok := x.grownWithin(i+2, b); ok {
				return own(k + 1)
			}
		}
	case "private":
		if timeWords[x.word(i+1)] {
			return own(i + 2)
		}
	case "one":
		if x.word(i+1) == "at" && x.word(i+3) == "time" {
			return own(i + 4)
		}
		if x.word(i+1) == "by" && x.word(i+2) == "one" {
			return own(i + 3)
		}
		if x.word(i+1) == "after" && (x.word(i+2) == "another" || x.word(i+2) == "the" && x.word(i+3) == "other") {
			return own(i + 3 + b2i(x.word(i+2) == "the"))
		}
		if (x.word(i+1) == "to" || x.word(i+1) == "on") && x.word(i+2) == "one" {
			return own(i + 3)
		}
	case "in":
		if w := x.word(i + 1); w == "private" || w == "confidence" || w == "turn" {
			return own(i + 2)
		}
	case "just", "only", "both", "the", "two", "us", "me", "him", "her", "pair":
		if end, ok := x.companyAt(i); ok {
			return ours(end)
		}
	case "nobody", "no-one", "no", "none":
		if end, ok := x.nobodyElse(i); ok {
			return ours(end)
		}
	case "without":
		if k, ok := x.grownWithin(i+1, b); ok {
			return own(k + 1)
		}
		if w := x.word(i + 1); (w == "her" || w == "him" || w == "them") && !x.nounFollows(i+1) && x.negatedBefore(max(0, i-8), i) {
			return own(i + 2) // "I couldn't talk to Finn without her"
		}
		if x.word(i+1) == "them" && !x.nounFollows(i+1) && x.who != nil && x.youngAt(i-1) && x.word(i-1) != "them" && len(x.ownChildren()) == 1 {
			return own(i + 2) // "I asked Finn without them"
		}
	case "away", "separately":
		if x.word(i+1) == "from" {
			if k, ok := x.grownWithin(i+2, b); ok {
				return own(k + 1)
			}
		}
	case "out":
		for k := i + 2; x.word(i+1) == "of" && k < b && k < i+6; k++ {
			if w := x.word(k); w == "earshot" || w == "hearing" {
				return own(k + 1)
			}
		}
	case "with":
		if w := x.word(i + 1); (w == "only" || w == "just") && x.word(i+2) == "me" && x.word(i+3) != "and" {
			return ours(i + 3) // "on the bench with only me"
		}
		if w := x.word(i + 1); w == "nobody" || w == "no" {
			if end, ok := x.nobodyElse(i + 1); ok {
				return ours(end)
			}
		}
		if x.word(i+1) == "only" && x.interpreterAt(i+2) {
			return own(i + 3)
		}
		if k, ok := x.grownWithin(i+1, b); ok && x.elsewhereAt(k+1, b) && x.word(k) != "everyone" && x.word(k) != "everybody" {
			return own(k + 2) // but "with everyone in the kitchen" is with the child
		}
	}
	if n == "alone" && x.lex.verb[x.word(i-2)] == "leave" && (objectPronouns[x.word(i-1)] || x.word(i-1) == "her" || x.word(i-1) == "them") && x.word(i+1) != "with" {
		return alone{}, false // "told her mum to leave her alone"
	}
	if n == "alone" && x.weWere(i) {
		return ours(i + 1)
	}
	if next := x.word(i + 1); n == "separate" && next != "" && !timeWords[next] && next != "from" && next != "and" {
		return alone{}, false // "in separate cots"
	}
	if soloWords[n] {
		return own(i + 1)
	}
	if x.companyName(i) {
		if end, ok := x.companyAt(i); ok {
			return ours(end)
		}
	}
	return alone{}, false
}

// weWere reports "we were alone", "we were in the chapel, alone", where nobody else and no other verb stands between.
func (x *text) weWere(i int) bool {
	if x.word(i+1) == "with" && !x.youngAt(i+2) {
		return false
	}
	for k := i - 1; k > 0 && k > i-9; k-- {
		n := x.word(k)
		switch {
		case n == "were":
			return x.word(k-1) == "we" || adverbs[x.word(k-1)] && x.word(k-2) == "we"
		case x.tokens[k].mark && x.tokens[k].norm != ",", subjectPronouns[n], x.who != nil && x.who[k] >= 0, n != "" && (finiteAux[n] || x.lex.finite[n]):
			return false
		}
	}
	return false
}

// hadBefore reports "we had the music room" before token i.
func (x *text) hadBefore(i int) bool {
	for k := i - 1; k > 0 && k > i-8 && !x.tokens[k].mark; k-- {
		if b := x.lex.verb[x.word(k)]; b == "have" || b == "get" {
			return true
		}
	}
	return false
}

// youngObject reports that a child, or "them", stands right before token i: "I didn't see them apart from mum", not "nobody apart from mum".
func (x *text) youngObject(i int) bool {
	return x.youngAt(i-1) || x.word(i-1) == "them"
}

// companyName reports a child's name in "Ada and me", which needs no "just" before it.
func (x *text) companyName(i int) bool {
	if i > 1 && (x.word(i-1) == "and" || x.tokenIs(i-1, ",")) && x.grownAt(i-2) {
		return false // "Jo and Ada and me"
	}
	return x.who != nil && x.youngAt(i) && x.word(i+1) == "and" && (x.word(i+2) == "me" || x.word(i+2) == "myself" || x.word(i+2) == "i")
}

// companyAt reads who was there and nobody else: "just the two of us", "us two", "just me and Ada", "only her and me", "just us".
func (x *text) companyAt(i int) (int, bool) {
	k := i
	only := false
	for w := x.word(k); w == "just" || w == "only" || w == "with"; w = x.word(k) {
		only = only || w != "with"
		k++
	}
	if x.word(k) == "both" || x.word(k) == "the" {
		k++
	}
	switch w := x.word(k); {
	case (w == "two" || w == "pair" || w == "both") && x.word(k+1) == "of" && x.word(k+2) == "us":
		return k + 3, true
	case w == "us" && (x.word(k+1) == "two" || x.word(k+1) == "both"):
		return k + 2, true
	case w == "ourselves" && only:
		return k + 1, true
	case w == "us" && only && !(k+1 < len(x.tokens) && isNumber(&x.tokens[k+1])):
		return k + 1, true
	case (w == "me" || w == "myself") && x.word(k+1) == "and" && x.youngAt(k+2), x.youngAt(k) && x.word(k+1) == "and" && mineWords[x.word(k+2)] && x.word(k+2) != "us":
		end := k + 3
		if n := x.word(end); n == "and" && x.youngAt(end+1) { // two of the children
			end += 2
		} else if n == "and" && x.grownAt(end+1) || x.tokenIs(end, ",") && (x.grownAt(end+1) || x.youngAt(end+1)) && x.word(end+2) == "and" {
			return 0, false // "me and Ada and mum"
		}
		if only || w == "me" || mineWords[x.word(k+2)] && x.word(k+2) != "i" || x.tokenIs(i-1, ",") && (end >= len(x.tokens) || x.tokens[end].mark) {
			return end, true
		}
	case only && x.youngAt(k) && i > 0 && x.tokenIs(i-1, ",") && (k+1 >= len(x.tokens) || x.tokens[k+1].mark):
		return k + 1, true // "in the counselling room, just her"
	case only && x.youngAt(k) && i > 0 && (x.word(i-1) == "with" || x.word(i-1) == "to") && x.word(k+1) != "and":
		return k + 1, true // "time with just Ada"
	}
	return 0, false
}

func (x *text) tokenIs(i int, norm string) bool {
	return i >= 0 && i < len(x.tokens) && x.tokens[i].norm == norm
}

// interpreterAt reports an interpreter, who does not count as company.
func (x *text) interpreterAt(i int) bool {
	for k := i; k < i+3 && k < len(x.tokens); k++ {
		if x.word(k) == "interpreter" || x.who != nil && x.who[k] >= 0 && x.people[x.who[k]].roleName == "interpreter" || x.who == nil && x.tokens[k].cap {
			return true
		}
	}
	return false
}

// nobodyElse reads "nobody else", "no one else", "no other adults", "no grown-ups", "no mum".
func (x *text) nobodyElse(i int) (int, bool) {
	k := i + 1
	if x.word(i) == "no" {
		switch w := x.word(k); {
		case w == "one":
			k++
		case w == "other":
			k++
			fallthrough
		case grownWords[w] && w != "parent" && w != "family": // not "maternal, no, paternal grandmother"
			if x.grownAt(k) && !x.tokens[k].poss && !finiteAux[x.word(k+1)] && x.word(k+1) != "ratio" && x.word(k+1) != "ratios" && !x.noSuch(i, k+1) { // not "no, Nan's coming too"
				return k + 1, true
			}
			return 0, false
		}
	}
	if x.word(k) != "else" {
		return x.nobodyNear(i, k)
	}
	k++
	switch w := x.word(k); {
	case w == "was" || w == "were": // "nobody else was in the room"
		n := x.word(k + 1)
		return k + 1, n == "in" || n == "there" || n == "around" || n == "about" || n == "present" || n == "with" && mineWords[x.word(k+2)]
	case w == "" || w == "in" || w == "there" || w == "around" || w == "about" || w == "present" || prepositions[w] || w == "near" || w == "nearby":
		return k, true
	}
	return 0, false
}

// nobodyNear reads, with "nobody" at token i, a fragment of its own: "by the water butt, nobody in earshot", "with nobody near", "nobody about".
func (x *text) nobodyNear(i, k int) (int, bool) {
	if i == 0 || !x.tokenIs(i-1, ",") && x.word(i-1) != "with" {
		return 0, false
	}
	end := k
	switch x.word(k) {
	case "near", "about", "around", "nearby", "there", "listening":
		end = k + 1
	case "in", "within":
		if n := x.word(k + 1); n != "earshot" && n != "hearing" {
			return 0, false
		}
		end = k + 2
	case "with":
		if x.word(k+1) != "us" {
			return 0, false
		}
		end = k + 2
	}
	return end, end > k && (end >= len(x.tokens) || x.tokens[end].mark || x.word(end) == "and" || x.word(end) == "so")
}

// noSuch reports "there's no dad on the scene", "no dad involved": nobody is away for a moment.
func (x *text) noSuch(no, behind int) bool {
	switch x.word(no - 1) {
	case "is", "'s", "are", "was", "were", "has", "have", "got":
		n := x.word(behind)
		return !(n == "there" || n == "present" || n == "in" && x.word(behind+1) == "the" && x.word(behind+2) == "room")
	}
	switch x.word(behind) {
	case "on", "involved", "figure", "figures", "contact", "mentioned", "named":
		return true
	case "in":
		return x.word(behind+1) == "the" && x.word(behind+2) == "picture" || x.word(behind+2) == "life"
	}
	return false
}

// elsewhereAt reports words for another place than where one is: "out", "upstairs", "in the kitchen", "in the other room", "next door".
func (x *text) elsewhereAt(k, b int) bool {
	for k < b && (adverbs[x.word(k)] || x.word(k) == "safely" || x.word(k) == "busy" || strings.HasSuffix(x.word(k), "ing")) {
		k++
	}
	switch n := x.word(k); {
	case awayPlaces[n]:
		return !(n == "out" && x.word(k+1) == "with" && (x.word(k+2) == "me" || x.word(k+2) == "us") || n == "inside" && x.word(k+1) == "the" && x.word(k+2) == "room")
	case n == "next" && x.word(k+1) == "door", n == "another" && x.word(k+1) == "room":
		return true
	case n == "in" || n == "into" || n == "to" || n == "on" || n == "at" || n == "for":
		k++
		if n == "for" {
			w := x.word(k + 1)
			return x.word(k) == "a" && (w == "smoke" || w == "cigarette" || w == "fag" || w == "walk" || w == "vape" || w == "wee" || w == "nap" || w == "shower")
		}
		if determiners[x.word(k)] || possessives[x.word(k)] {
			k++
		}
		if n == "on" && x.word(k) == "phone" && x.word(k+1) == "to" {
			return false // who talks to somebody by telephone may stand in the room
		}
		switch x.word(k) {
		case "other", "next", "different", "separate":
			return x.word(k+1) == "room" || x.word(k+1) == "end" || x.word(k+1) == "side"
		case "kitchen", "garden", "hall", "hallway", "shop", "shops", "bathroom", "bath", "shower", "loo", "toilet", "car", "yard", "corridor", "office", "landing", "bedroom", "porch", "shed", "utility", "phone", "doorstep", "step":
			return true
		}
	}
	return false
}

// aloneCues lists the words for being alone in [a,b).
func (x *text) aloneCues(a, b int) []alone {
	var out []alone
	for i := a; i < b; i++ {
		if c, ok := x.aloneAt(i, b); ok {
			out = append(out, c)
			i = c.b - 1
		}
	}
	return out
}

// speaksOfCompany reports, in a quote by itself, words for being alone, for an adult who went, or for an outing.
func (x *text) speaksOfCompany(i int) bool {
	if _, ok := x.aloneAt(i, len(x.tokens)); ok {
		return true
	}
	n, next := x.word(i), x.word(i+1)
	switch {
	case outings[n], apartOnes[n], n == "door", n == "scarce", x.elsewhereAt(i, len(x.tokens)):
		return true
	case spaceWords[n] && x.contains(span{max(0, i-4), i}, "us"), n == "with" && x.instantWithin(max(0, i-3), i), n == "for" && x.instantWithin(i+1, len(x.tokens)):
		return true
	case n == "us" && next == "to", (n == "us" || n == "me") && x.lendsRoom(i-1, len(x.tokens)):
		return true
	case n == "round" && next == "the", n == "own" && roomWords[next] && x.word(i-1) == "their":
		return true
	case pairVerbs[x.lex.verb[n]] && x.apartDeed(i, len(x.tokens)):
		return true
	}
	return n == "and" && (next == "me" || next == "i" || next == "myself") && (x.word(i+2) == "" || pairVerbs[x.lex.verb[x.word(i+2)]] || x.apartDeed(i+2, len(x.tokens)))
}

// lendsRoom reads, at token k, that somebody lets the worker have a room: "let us have the back kitchen", "gave me the sensory room", "lent us her office".
func (x *text) lendsRoom(k, b int) bool {
	n := x.word(k + 1)
	if n != "us" && n != "me" {
		return false
	}
	from := k + 2
	switch x.lex.verb[x.word(k)] {
	case "let":
		if x.word(from) != "have" && x.word(from) != "use" {
			return false
		}
		from++
	case "give", "lend":
	default:
		return false
	}
	for i := from; i < b && i < from+5 && !prepositions[x.word(i)]; i++ {
		if x.roomBehind(i, i+1) {
			n := x.word(i + 1)
			return n == "" || prepositions[n] || connectors[n]
		}
	}
	return false
}
