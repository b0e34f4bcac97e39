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
			if t.norm == "not" && notDoubts[next] || next == "sure" || (t.norm == "not" && doubtVerbs[next] && x.before(k) != "did") {
				if x.reaches(k, i, true) {
					raise(uncertain)
				}
				continue
			}
			if t.norm == "not" && (next == "only" || next == "just") || next == "doubt" || t.norm == "no" && next == "doubt" {
				continue
			}
			if x.takenAsTrue(k, i) {
				continue
			}
			if x.reaches(k, i, wideNegators[t.norm]) {
				if result == negated && x.tokens[k-1].norm != "and" && x.tokens[k].norm == "without" {
					continue
				}
				raise(negated)
			}
		case enders[t.norm] && k+2 >= i-1 && k < i:
			raise(negated)
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

// takenAsTrue reports a negation whose verb takes what follows for true: "did not realise that he drank", "does not want her to know
// that she struggles", "had no idea about the debts".
func (x *text) takenAsTrue(k, i int) bool {
	for m := k + 1; m < i && m < k+9; m++ {
		t := &x.tokens[m]
		if t.mark {
			return false
		}
		switch t.norm {
		case "realise", "realised", "notice", "noticed", "mention", "mentioned", "remember", "aware", "idea", "know", "knew", "told":
			if t.norm == "know" && m == k+1 && x.before(k) != "did" { // "do not know that" doubts it
				return false
			}
			if m+1 >= i {
				return false
			}
			n := x.tokens[m+1].norm
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
		case t.norm == "not" && seen <= 3 && (next == "seen" || next == "noted" || next == "observed" || next == "present" || next == "evident" || next == "an" || next == "a" || next == "found" || next == "reported") && x.before(k) != "did":
			if next == "a" || next == "an" {
				if n := x.after(k + 1); n != "issue" && n != "problem" && n != "concern" && n != "worry" {
					continue
				}
			}
			return negated
		case seen <= 2 && (t.norm == "none" || t.norm == "nil"):
			return negated
		case seen <= 5 && (t.norm == "stopped" || t.norm == "resolved" || t.norm == "gone" || t.norm == "fixed" || t.norm == "ceased") && (x.before(k) == "has" || x.before(k) == "have" || x.before(k) == "now" || x.before(k) == "'s" || x.before(k) == "been"):
			return negated
		case seen <= 5 && (t.norm == "maybe" || t.norm == "perhaps" || t.norm == "possibly" || t.norm == "unconfirmed"):
			return uncertain
		}
	}
	return affirmed
}

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
		return !(k > a && x.tokens[k-1].norm == "as") && !(k > a && x.tokens[k-1].norm == "even")
	case "unless":
		return true
	case "case":
		return k > 0 && x.tokens[k-1].norm == "in" && x.after(k) != "conference" && x.after(k) != "of"
	}
	return false
}

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

var couldHave = setOf("be have get become lose end fall mean well hurt still go")

func (x *text) couldBe(k int) bool {
	return couldHave[x.after(k)]
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
		if t.norm == "but" || t.norm == "although" || t.norm == "however" || t.norm == "though" || t.norm == "except" {
			return false
		}
		if wide {
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
