package rules

import "kerbside"

// reading is what a stretch of text says about a matter.
type reading int

const (
	affirmed reading = iota
	negated
	uncertain
	unsaid // asked, supposed or expressly not spoken about: nothing is said about the matter
)

func (r reading) polarity() string {
	switch r {
	case negated:
		return kerbside.Negated
	case uncertain:
		return kerbside.Uncertain
	}
	return kerbside.Affirmed
}

var (
	negators     = setOf("not no never without none nothing nobody neither nor denied denies denying deny nil hardly unlikely")
	enders       = setOf("stopped stops stopping quit ceased")
	hedges       = setOf("might maybe perhaps possibly possible unsure unclear suspect suspects suspected wonder wondering wonders whether query uncertain unconfirmed alleged allegedly potentially presumably")
	notDoubts    = setOf("sure certain clear convinced confident")
	doubtVerbs   = setOf("know tell say confirm rule")
	wideNegators = setOf("denied denies denying deny without neither")
)

// read finds out what is said of the words [i,j) inside the scope [a,b), which is a clause with what belongs to it. Negators inside
// [i,j) are the matter's own ("did not attend").
func (x *text) read(a, b, i, j int) reading {
	result := affirmed
	raise := func(r reading) {
		if result != unsaid && (r == unsaid || r == uncertain || result == affirmed) {
			result = r
		}
	}
	for k := a; k < i; k++ {
		t := &x.tokens[k]
		if t.mark {
			continue
		}
		switch {
		case x.hypothetical(k, a):
			if x.reaches(k, i, true) {
				return unsaid
			}
		case t.norm == "not" || negators[t.norm]:
			if x.correcting(k) {
				continue
			}
			next := x.after(k)
			if next == "deny" || next == "used" && t.norm == "never" || x.lex.speech[t.norm] == "deny" && (x.before(k) == "not" || x.before(k) == "never") {
				continue // "did not deny hitting her", "never used to drink like this"
			}
			if t.norm == "not" && notDoubts[next] || next == "sure" || (t.norm == "not" && doubtVerbs[next] && x.before(k) != "did") {
				if x.reaches(k, i, true) && !(next == "know" && x.wordsAt(k+1, []string{"know", "how", "to"})) {
					raise(uncertain)
				}
				continue
			}
			if t.norm == "not" && (next == "only" || next == "just") || next == "doubt" || t.norm == "no" && next == "doubt" {
				continue
			}
			if x.word(k-1) == "from" && (t.norm == "not" || t.norm == "never") {
				continue // "has gone from not speaking to chatting away"
			}
			if x.notLike(k) {
				raise(negated)
				continue
			}
			if x.takenAsTrue(k, i) || x.undone(k+1) || x.undone(k+2) && k+2 < i {
				continue
			}
			if t.norm == "not" && unspoken[next] && x.reaches(k, i, true) {
				return unsaid
			}
			if x.reaches(k, i, wideNegators[t.norm] || t.norm == "nothing" && next == "to") {
				switch {
				case t.norm == "not" && x.onlyLess(k+1, i, j, b):
					continue
				case t.norm == "not" && x.onlySometimes(k+1, i, j, b):
					raise(uncertain)
					continue
				}
				if result == negated && x.tokens[k-1].norm != "and" && x.tokens[k].norm == "without" {
					continue
				}
				raise(negated)
			}
		case enders[t.norm] && k+2 >= i-1 && k < i && !x.undone(k):
			raise(negated)
		case t.norm == "either" && x.contains(span{k, min(len(x.tokens), k+12)}, "or") && x.before(k) != "not" && x.before(k) != "on" && x.before(k) != "of":
			raise(uncertain)
		case t.norm == "of" && x.before(k) == "instead", t.norm == "than" && x.before(k) == "rather", t.norm == "from" && x.before(k) == "far", t.norm == "days" && x.contains(span{max(a, k-3), k}, "gone"),
			t.norm == "to" && k > 0 && (x.tokens[k-1].norm == "wrong" || x.tokens[k-1].norm == "untrue" || x.tokens[k-1].norm == "unfair") && x.after(k) == "say":
			if x.reaches(k, i, false) {
				raise(negated)
			}
		case t.norm == "negative" && x.word(k+1) == "for" && i <= k+3:
			if x.contains(span{i, b}, "positive") {
				raise(uncertain) // "negative for cocaine and positive for heroin"
			} else {
				raise(negated) // "tested negative for cocaine"
			}
		case t.norm == "longer" && k > 0 && x.tokens[k-1].norm == "no":
			raise(negated)
		case hedges[t.norm], t.norm == "may" && x.modalMay(k), t.norm == "could" && x.couldBe(k):
			if x.reaches(k, i, true) {
				raise(uncertain)
			}
		}
	}
	for k := i; k < j; k++ {
		if hedges[x.tokens[k].norm] || x.tokens[k].norm == "may" && x.modalMay(k) {
			raise(uncertain)
		}
	}
	if r := x.readAfter(b, j); r != affirmed {
		raise(r)
	}
	return result
}

// notLike reports "it's not like he hits her", which denies what follows.
func (x *text) notLike(k int) bool {
	if x.word(k) != "not" || x.word(k+1) != "like" && !(x.word(k+1) == "as" && x.word(k+2) == "if") {
		return false
	}
	b := x.word(k - 1)
	if b != "'s" && b != "is" && b != "was" || x.word(k-2) != "it" || x.word(k+3) == "can" || x.word(k+3) == "could" {
		return false
	}
	n := k + 2
	if x.word(k+1) == "as" {
		n++
	}
	for m := n + 1; m < n+4; m++ {
		if w := x.word(m); w == "not" || w == "never" || w == "only" || w == "just" {
			return false // "it's not like she hasn't hit him"
		}
	}
	return subjectPronouns[x.word(n)] || x.whoAt(n) >= 0
}

var degrees = setOf("much often many bad badly frequently regularly heavily hard long")

// onlyLess reports that a denial is of how much or how often, so that it goes on: "not drinking as much", "doesn't shout so often", "not as drunk as he was". The
// denial ends at token k, and what it is of is [i,j).
func (x *text) onlyLess(k, i, j, b int) bool {
	if n := x.word(k); (n == "as" || n == "so" || n == "quite") && k < i && x.word(k+1) != "far" && !(x.word(k+1) == "much" && x.word(k+2) == "as") {
		return n == "as" || x.word(k+1) == "as" || n == "so" && degrees[x.word(k+1)]
	}
	for m := j; m+1 < min(b, j+5) && !x.tokens[m].mark && !breaks[x.tokens[m].norm]; m++ {
		if n := x.word(m); (n == "as" || n == "so" || n == "that") && degrees[x.word(m+1)] && !(x.word(m+1) == "much" && x.word(m+2) == "as" && !subjectPronouns[x.word(m+3)]) { // "not as much as a drop"
			return true
		}
	}
	return false
}

// onlySometimes reports that a denial is of each time or all of it, which leaves open that it is so now and then: "doesn't drink every night", "isn't always late".
func (x *text) onlySometimes(k, i, j, b int) bool {
	if n := x.word(k); k < i && (n == "always" || n == "every" || n == "entirely" || n == "completely") {
		return true
	}
	for m := i + 1; m < min(b, j+5) && !x.tokens[m].mark && !breaks[x.tokens[m].norm]; m++ {
		switch n := x.word(m); {
		case n == "always", n == "every" && x.word(m+1) != "since", n == "all" && x.word(m+1) == "the" && x.word(m+2) == "time" && !subjectPronouns[x.word(m+3)] && x.whoAt(m+3) < 0:
			return true
		}
	}
	return false
}

// undone reports an end that is denied, so that it goes on: "could not stop crying", "has not stopped shouting".
func (x *text) undone(k int) bool {
	if k < 1 || k >= len(x.tokens) || !enders[x.tokens[k].norm] && x.lex.verb[x.tokens[k].norm] != "stop" {
		return false
	}
	b := x.before(k)
	return b == "not" || b == "never" || x.tokens[k-1].norm == "not" || x.tokens[k-1].norm == "to" && k > 1 && (failVerbs[x.tokens[k-2].norm] || x.tokens[k-2].norm == "able")
}

// unspoken are verbs whose denial leaves a matter unsaid: "did not ask about the bruise".
var unspoken = setOf("ask discuss mention raise cover explore")

// takenAsTrue reports a negation whose verb takes what follows for true: "did not realise that he drank", "does not want her to know
// that she struggles", "had no idea about the debts".
func (x *text) takenAsTrue(k, i int) bool {
	for m := k + 1; m < i && m < k+9; m++ {
		t := &x.tokens[m]
		if t.mark {
			return false
		}
		switch t.norm {
		case "check", "checked":
			return m+1 < i && x.tokens[m+1].norm == "on"
		case "tell":
			return m+2 < i && (x.tokens[m+1].norm == "me" || x.tokens[m+1].norm == "us") && (x.tokens[m+2].norm == "that" || subjectPronouns[x.tokens[m+2].norm])
		case "realise", "realised", "notice", "noticed", "mention", "mentioned", "remember", "aware", "idea", "know", "knew", "told":
			if t.norm == "know" && m == k+1 && x.before(k) != "did" { // "do not know that" doubts it
				return false
			}
			if m+1 >= i {
				return false
			}
			n := x.tokens[m+1].norm
			if (t.norm == "notice" || t.norm == "noticed" || t.norm == "realise" || t.norm == "realised") && (determiners[n] && n != "any" || possessives[n]) {
				return true
			}
			return n == "that" || n == "about" || n == "of" || n == "how" || subjectPronouns[n] || x.isPerson(m+1)
		}
	}
	return false
}

// readAfter looks at what follows the words: "bruising: none", "was not discussed", "this has now stopped", "…, maybe".
func (x *text) readAfter(b, j int) reading {
	seen := 0
	for k := j; k < b && seen < 8; k++ {
		t := &x.tokens[k]
		if t.mark {
			if t.norm == ";" || t.norm == "." {
				break
			}
			continue
		}
		seen++
		next := x.after(k)
		switch {
		case breaks[t.norm] && t.norm != "which" && seen > 1:
			return affirmed
		case t.norm == "not" && (next == "discussed" || next == "mentioned" || next == "asked" || next == "raised" || next == "covered" || next == "explored"):
			return unsaid
		case t.norm == "not" && seen <= 3 && (next == "seen" || next == "noted" || next == "observed" || next == "present" || next == "evident" || next == "an" || next == "a" || next == "found" || next == "reported" || next == "there" && k+2 >= b) && x.before(k) != "did":
			if next == "a" || next == "an" {
				if n := x.after(k + 1); n != "issue" && n != "problem" && n != "concern" && n != "worry" {
					continue
				}
			}
			return negated
		case t.norm == "not" && seen <= 3 && (next == "hers" || next == "his" || next == "mine" || next == "theirs" || next == "so" || next == "true" || next == "right") && k+2 >= b:
			return negated
		case seen <= 3 && t.norm == "turned" && next == "out":
			return negated
		case seen <= 2 && (t.norm == "none" || t.norm == "nil"):
			return negated
		case seen-x.mostlyBefore(k) <= 5 && (t.norm == "stopped" || t.norm == "resolved" || t.norm == "gone" || t.norm == "fixed" || t.norm == "ceased") && isEnded[x.word(k-1-x.mostlyBefore(k))]:
			return negated
		case seen <= 5 && (t.norm == "maybe" || t.norm == "perhaps" || t.norm == "possibly" || t.norm == "unconfirmed"):
			return uncertain
		}
	}
	return affirmed
}

var isEnded = setOf("has have now 's been are is")

// mostlyBefore counts the words before token k that say how nearly: "have more or less gone", "are pretty much gone".
func (x *text) mostlyBefore(k int) int {
	n := 0
	for n < k && (adverbs[x.word(k-1-n)] && x.word(k-1-n) != "now" && !partly[x.word(k-1-n)] || mostly[x.word(k-1-n)]) {
		n++
	}
	return n
}

var (
	mostly = setOf("more or less pretty much completely totally just about")
	partly = setOf("mostly almost nearly largely partly") // what has nearly gone is still there: "the bruises have nearly gone"
)

// after and before give the neighbouring word of token k, past fillers.
func (x *text) after(k int) string {
	for k++; k < len(x.tokens); k++ {
		if x.tokens[k].mark {
			return ""
		}
		if !isFiller(&x.tokens[k]) && x.tokens[k].norm != "really" && x.tokens[k].norm != "entirely" && x.tokens[k].norm != "totally" && x.tokens[k].norm != "completely" && x.tokens[k].norm != "very" {
			return x.tokens[k].norm
		}
	}
	return ""
}

func (x *text) before(k int) string {
	for k--; k >= 0; k-- {
		if x.tokens[k].mark {
			return ""
		}
		if !isFiller(&x.tokens[k]) && !adverbs[x.tokens[k].norm] {
			return x.tokens[k].norm
		}
	}
	return ""
}

// correcting reports a "no" that takes back what was said: "Tuesday, no, Wednesday".
func (x *text) correcting(k int) bool {
	if x.tokens[k].norm != "no" {
		return false
	}
	left := k == 0 || x.tokens[k-1].mark && x.tokens[k-1].norm == ","
	right := k+1 < len(x.tokens) && (x.tokens[k+1].mark || x.tokens[k+1].norm == "sorry" || x.tokens[k+1].norm == "wait")
	return right && (left || x.tokens[k+1].norm == "sorry" || x.tokens[k+1].norm == ",")
}

// hypothetical reports an "if" that supposes; "asked if" and "see if" are questions, and say nothing either.
func (x *text) hypothetical(k, a int) bool {
	switch x.tokens[k].norm {
	case "if":
		if k > a && doubted[x.before(k)] { // "unclear if"
			return false
		}
		return !(k > a && x.tokens[k-1].norm == "as") && !(k > a && x.tokens[k-1].norm == "even")
	case "unless":
		return true
	case "case":
		return k > 0 && x.tokens[k-1].norm == "in" && x.after(k) != "conference" && x.after(k) != "of"
	}
	return false
}

// doubted are words behind which "if" asks, and does not suppose.
var doubted = setOf("unclear unsure clear sure know certain wonder wondered wondering doubt say establish confirm")

func (x *text) modalMay(k int) bool {
	t := &x.tokens[k]
	if t.cap && k > 0 && !x.tokens[k-1].mark {
		return false
	}
	if b := x.before(k); b == "of" || b == "in" || b == "by" || b == "since" || b == "last" || b == "next" || b == "until" {
		return false
	}
	if k > 0 && !x.tokens[k-1].mark && isNumber(&x.tokens[k-1]) {
		return false
	}
	return true
}

var couldHave = setOf("be have get become lose end fall mean well hurt go")

func (x *text) couldBe(k int) bool {
	next := x.after(k)
	if next == "still" { // "could still be using", but "could still smell it"
		next = x.word(k + 2)
	}
	return couldHave[next]
}

// reaches reports whether the scope of the word at k extends to token i. A wide scope ends with the sentence or at "but"; any other
// at a new statement too.
func (x *text) reaches(k, i int, wide bool) bool {
	for m := k + 1; m < i; m++ {
		t := &x.tokens[m]
		if t.mark {
			switch t.norm {
			case ";", ".", "?", "!", breakMark, lineMark, ":", "-":
				return false
			case ",":
				if end := x.closingComma(k, m); end > 0 { // "was not, in his view, under the influence"
					m = end
					continue
				}
				if wide {
					if x.freshStart(m+1) || m+1 < len(x.tokens) && x.tokens[m+1].norm == "but" {
						return false
					}
					continue
				}
				if !x.orList(m) {
					return false
				}
			}
			continue
		}
		if t.norm == "but" || t.norm == "although" || t.norm == "however" || t.norm == "though" || x.excepts(m) {
			return false
		}
		if wide {
			if x.tokens[k].norm == "without" && subjectPronouns[t.norm] && m+1 < len(x.tokens) && finiteAux[x.tokens[m+1].norm] {
				return false // "without help | she will lose it"
			}
			if t.norm == "and" && x.startsClause(m+1) && m+1 < i && !x.denial(k) {
				return false
			}
			continue
		}
		if breaks[t.norm] && x.startsClause(m+1) && m+1 <= i {
			return false
		}
		if t.norm == "because" || t.norm == "cos" {
			return false
		}
		if t.norm == "and" && (x.startsClause(m+1) || x.verbPhrase(m+1) || x.tokens[k].norm == "no" && determiners[x.after(m)] && x.after(m) != "no") {
			return false
		}
		if m > k+2 && !x.tokens[m-1].mark && x.freshStart(m) && x.unmarked(m) {
			return false
		}
	}
	return true
}

// closingComma is the second of two commas around words put in right behind a negation at k, 0 when m opens none.
func (x *text) closingComma(k, m int) int {
	if m != k+1 {
		return 0
	}
	for n := m + 1; n < len(x.tokens) && n < m+8; n++ {
		if x.tokens[n].norm == "," {
			return n
		}
		if x.tokens[n].mark {
			return 0
		}
	}
	return 0
}

func (x *text) denial(k int) bool { return wideNegators[x.tokens[k].norm] }

// orList reports whether the comma at m stands in a list that ends with "or" before a verb: "no marks, cuts or bruises".
func (x *text) orList(m int) bool {
	for n := m + 1; n < len(x.tokens) && n < m+8; n++ {
		t := &x.tokens[n]
		if t.norm == "or" || t.norm == "nor" {
			return true
		}
		if t.mark && t.norm != "," || finiteAux[t.norm] || x.lex.finite[t.norm] || determiners[t.norm] && t.norm != "any" {
			return false
		}
	}
	return false
}
