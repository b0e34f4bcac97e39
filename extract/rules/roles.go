package rules

import "strings"

// Roles that no list can hold: the worker or officer for this or that, and who lives next door.

var (
	roleHeads = setOf("worker officer")
	// noRoleWords are words before "worker" or "officer" that name no work.
	noRoleWords = setOf("hard good great real quick slow lovely nice same single young older police social duty key sex fellow co other another")
	trades      = setOf("boiler gas heating maintenance council electric meter delivery rent bus bin insurance")
	strangers   = setOf("man woman lady fella fellow bloke guy chap gentleman couple")
)

// composedRole reads at token i a role that is put together as it is spoken, "the exams officer", "her worker", "the man at number nine": its row, its name where
// the row has another, and where it ends; 0 without.
func (x *text) composedRole(i int) (row int, called string, stop int) {
	if stop = x.nextDoorAt(i); stop > 0 {
		return x.roleIndex("neighbour"), "", stop
	}
	if i == 0 || x.tokens[i].mark {
		return 0, "", 0
	}
	if n := x.word(i); trades[n] && x.word(i+1) == "man" && !x.tokens[i].poss && determiners[x.word(i-1)] {
		return x.roleIndex("handyman"), n + " man", i + 2
	}
	k := i - 1
	for k > 0 && (roleAdjectives[x.word(k)] || x.word(k) == "last") {
		k--
	}
	prev := x.word(k)
	owned := possessives[prev] && prev != "my" && prev != "our" || x.tokens[k].poss
	if x.word(i) == "worker" {
		former := k < i-1 && prev == "the" && (x.word(i-1) == "old" || x.word(i-1) == "last" || x.word(i-1) == "previous" || x.word(i-1) == "former")
		if w := x.word(k - 1); !owned && !former || w == "'m" || w == "am" || w == "not" || x.word(k+1) == "own" {
			return 0, "", 0 // "I'm not their worker"
		}
		return x.roleIndex("social worker"), "", i + 1
	}
	if !owned && !determiners[prev] {
		return 0, "", 0
	}
	var words []string
	for m := i; m < len(x.tokens) && m < i+4; m++ {
		t := &x.tokens[m]
		n := t.norm
		if t.mark || t.num || t.part || t.cap && x.caps || len(n) < 3 || CommonWord(n) || noRoleWords[n] || roleAdjectives[n] || possessives[n] || isNumber(t) || x.lex.finite[n] && !strings.HasSuffix(n, "s") || x.lex.speech[n] != "" || DateWord(n) || x.isGiven(n) && !x.caps {
			break
		}
		words = append(words, n)
		if roleHeads[n] {
			if m == i || t.poss {
				break
			}
			return x.roleIndex(n), strings.Join(words, " "), m + 1
		}
	}
	return 0, "", 0
}

// nextDoorAt is where the words end at token i for somebody who lives close by and has no name: "the woman at number nine", "next door" who "says".
func (x *text) nextDoorAt(i int) int {
	if x.word(i) == "next" && x.word(i+1) == "door" && !determiners[x.word(i-1)] && !strangers[x.word(i-1)] {
		k := i + 2
		if x.word(k) == "but" && x.word(k+1) == "one" {
			k += 2
		}
		switch n := x.word(k); {
		case x.lex.speech[n] != "" && x.lex.finite[n], n == "has", n == "have", n == "rang", n == "heard", n == "complained":
			return k
		}
		return 0
	}
	if !strangers[x.word(i)] || x.tokens[i].poss {
		return 0
	}
	switch n := x.word(i + 1); n {
	case "downstairs", "upstairs", "opposite", "underneath":
		return i + 2
	case "over", "across", "along":
		if w := x.word(i + 3); x.word(i+2) == "the" && (w == "road" || w == "street" || w == "landing" || w == "way" || w == "hall" || w == "corridor") {
			return i + 4
		}
	case "two", "three", "four", "a":
		if w := x.word(i + 3); (x.word(i+2) == "doors" || x.word(i+2) == "door" || x.word(i+2) == "few" && x.word(i+3) == "doors") && (w == "along" || w == "down" || w == "up") {
			return i + 4
		}
	case "at", "from", "in":
		k := i + 2
		if w := x.word(k); w == "number" || w == "flat" || w == "no" {
			k++
		}
		if k < len(x.tokens) && isNumber(&x.tokens[k]) && (k > i+2 || n == "at") {
			return k + 1
		}
	}
	return 0
}
