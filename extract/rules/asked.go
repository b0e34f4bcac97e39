package rules

import "kerbside"

// A worker asks after harm, and the answer decides: "I asked if anybody hits her and she said no", "Have you thought about hurting yourself? Yeah, a bit." Neither half says
// anything by itself, so the question and its answer are one item. An answer of no that goes on to take part of it back ("no, not any more, he did last month") is left uncertain.

// mostAnswered is how many words a sentence may have that only answers the one before.
const mostAnswered = 14

// answered reads the question that begins in clause c, with its answer.
func (x *text) answered(c int) (finding, bool) {
	ask, direct := x.asksAt(c)
	if ask < 0 {
		return finding{}, false
	}
	says, end := x.answerTo(ask, x.parts[c].sentence, mostAnswered+2)
	if says < 0 {
		return finding{}, false
	}
	r, stop := x.answerReads(says, end)
	if r == unsaid {
		return finding{}, false
	}
	entry := x.harmAsked(ask, says)
	if x.contains(span{ask, says}, "safe") { // who does not feel safe is in danger, who does is not
		if r == affirmed {
			return finding{}, false
		}
		if entry = x.lex.general; r == negated {
			r = affirmed
			stop = end
		}
	} else if direct && r == negated {
		return finding{}, false // what a conversation goes through
	}
	if entry < 0 {
		return finding{}, false
	}
	for stop > says+1 && x.tokens[stop-1].mark {
		stop--
	}
	f := finding{span: span{x.parts[c].a, stop}, first: c, clause: c, known: true, at: ask, entry: entry, reading: r, frame: -1, plain: r == affirmed, answer: r == negated && !x.ownNegation(span{ask, stop - 1})}
	f.attribution = kerbside.Attribution{Kind: kerbside.AdultSaid}
	if direct {
		f.attribution.Kind = kerbside.Observed
	}
	if w := x.whoAnswers(ask, says, c, direct); w >= 0 {
		x.give(&f, w)
	}
	return f, true
}

// whoAnswers is who answers what is asked at token ask, in words that begin at token says: the subject of the answer's verb of speech, whom the worker asked, or the child whose
// turn it is; -1 where nothing tells.
func (x *text) whoAnswers(ask, says, c int, direct bool) int {
	for k := says - 1; k >= says-2 && k > ask; k-- {
		if w := x.whoAt(k); w >= 0 && !x.tokens[k].poss {
			return w
		}
	}
	for k := ask + 1; !direct && k < ask+5 && k < says; k++ {
		if n := x.word(k); n == "if" || n == "whether" || n == "about" || finiteAux[n] {
			break
		}
		if w := x.whoAt(k); w >= 0 && !x.tokens[k].poss {
			return w
		}
	}
	return x.turnAt(c)
}

// asksAt is the token at which the worker's question begins in clause c, -1 without; direct tells that it is put in the very words: "Have you thought about it?"
func (x *text) asksAt(c int) (ask int, direct bool) {
	part := &x.parts[c]
	s := x.sents[part.sentence]
	if x.worker[c] && c > 0 {
		for i := part.a; i < part.b; i++ {
			if x.tokens[i].norm == "asked" && !x.requests(i) {
				return i, false
			}
		}
	}
	if part.a == s.a && s.b <= len(x.tokens) && (x.tokens[s.b-1].norm == "?" || s.b < len(x.tokens) && x.tokens[s.b].norm == "?") && !x.inFrame(s.a) {
		return s.a, true
	}
	return -1, false
}

// requests reports that behind "asked", at token i, stands whom the worker asked to do something: "I asked his worker to ring".
func (x *text) requests(i int) bool {
	for k := i + 1; k < i+7 && k < len(x.tokens) && !x.tokens[k].mark; k++ {
		switch n := x.word(k); {
		case n == "to":
			return k > i+1
		case n == "if" || n == "whether" || n == "about" || n == "had" || n == "has" || n == "did" || n == "does" || n == "is" || n == "was":
			return false
		}
	}
	return false
}

// answerTo is where the answer begins to what is asked at token ask of sentence n, and where the sentence ends that holds it: the same, or the next one where that has at most
// so many tokens; -1 without.
func (x *text) answerTo(ask, n, most int) (says, end int) {
	end = x.sents[n].b
	if says = x.answerIn(ask, end); says < 0 && n+1 < len(x.sents) && x.sents[n+1].b-x.sents[n+1].a <= most {
		end = x.sents[n+1].b
		says = x.answerFrom(x.sents[n+1].a, end)
	}
	return says, end
}

// answerIn is where, behind a question within [a,b), the answer begins: behind who says it, or at the sign; -1 without.
func (x *text) answerIn(a, b int) int {
	for i := a + 2; i < b; i++ {
		n := x.word(i)
		if x.lex.speech[n] == "say" && n != "asked" || n == "went" || n == "goes" {
			if p := x.word(i - 1); pronounGenders[p] != "" || x.whoAt(i-1) >= 0 && !x.tokens[i-1].poss {
				return i + 1
			}
		}
		if (n == "nodded" || n == "shook") && !x.negatedBefore(a, i) {
			return i
		}
	}
	return -1
}

// answerFrom is where the answer begins in a sentence [a,b) that is no more than that: "He said no.", "She shook her head.", "Yeah, a bit."
func (x *text) answerFrom(a, b int) int {
	for i := a; i < b && i < a+4; i++ {
		n := x.word(i)
		switch {
		case n == "i" || n == "we":
			return -1
		case n == "nodded" || n == "shook":
			return i
		case x.lex.speech[n] == "say" || n == "went" || n == "goes":
			return i + 1
		}
	}
	return a
}

var (
	yeses    = setOf("yes yeah yep yup yea aye mhm mm sometimes often always once twice loads lots")
	halfYes  = setOf("maybe perhaps probably possibly kind sort")
	noes     = setOf("no nope nah never nobody none naw")
	halfNoes = setOf("really much often always exactly lately now anymore recently quite very")
)

// answerReads reads the answer in [i,b), and where what it says ends: affirmed is yes, negated is no, unsaid is neither.
func (x *text) answerReads(i, b int) (r reading, end int) {
	if n := x.word(i); n == "shook" {
		if x.contains(span{i, min(b, i+4)}, "head") {
			return negated, min(b, i+3)
		}
		return unsaid, i
	} else if n == "nodded" {
		if next := x.word(i + 1); next == "off" || next == "along" || next == "at" || next == "towards" {
			return unsaid, i
		}
		return affirmed, i + 1
	}
	for i < b && (x.tokens[i].mark || isFiller(&x.tokens[i]) || x.word(i) == "me" || x.word(i) == "that" || x.word(i) == "well" || x.word(i) == "oh" || x.word(i) == "just") {
		i++
	}
	n, next := x.word(i), x.word(i+1)
	ends := i+1 >= b || x.tokens[i+1].mark || next == "and" || next == "because" || isFiller(&x.tokens[i+1])
	switch {
	case n == "not" && halfNoes[next]:
		return uncertain, b
	case noes[n] || n == "not":
		switch {
		case x.partTakenBack(i, b):
			return uncertain, b
		case ends, n == "no" && (noes[next] || next == "not"), pronoun(next) && x.negatedBefore(i+1, min(b, i+5)):
			return negated, i + 1
		case n == "no" && next == "one" && (i+2 >= b || x.tokens[i+2].mark):
			return negated, i + 2
		case n == "not" || n == "never" || pronoun(next) || next == "but" || next == "only":
			return uncertain, b // "not for ages", "no he does when he's drunk"
		}
		return unsaid, i // "no comment", "nobody would believe her"
	case halfYes[n]:
		return uncertain, b
	case yeses[n] && (next == "to" || next == "please" || next == "but" || noes[next]):
		return unsaid, i // "yes to the red dress", "yeah no"
	case yeses[n], n == "a" && (next == "bit" || next == "little" || next == "few" || next == "lot"), n == "all" && next == "the", n == "every" || n == "most":
		return affirmed, b
	case pronounGenders[n] != "" || subjectPronouns[n]:
		k := i + 1
		for adverbs[x.word(k)] {
			k++
		}
		switch x.word(k) {
		case "did", "has", "had", "does", "have", "do", "was", "is":
			if x.word(k+1) == "not" {
				if x.partTakenBack(k+2, b) {
					return uncertain, b
				}
				return unsaid, i
			}
			if w := x.word(k + 1); k+1 >= b || x.tokens[k+1].mark || w == "last" || w == "once" || w == "twice" || w == "when" || w == "before" || w == "sometimes" || w == "yesterday" || w == "in" || w == "on" || w == "but" {
				return affirmed, b
			}
		}
	}
	return unsaid, i
}

// partTakenBack reports that what follows an answer of no, from token i, takes part of it back: "no, not any more, he did last month", "no, not now, Dave used to", "no, only
// sometimes", "no, not when Craig's there".
func (x *text) partTakenBack(i, b int) bool {
	for k := i; k < b && k < i+16; k++ {
		switch n, next := x.word(k), x.word(k+1); {
		case n == "not" && (next == "any" && x.word(k+2) == "more" || next == "anymore" || next == "now" || next == "really" || next == "lately" || next == "recently" || next == "this" || next == "since" || next == "when" || next == "unless" || next == "if"):
			return true
		case n == "used" && next == "to", n == "sometimes", n == "once", n == "except", n == "unless", n == "apart" && next == "from", n == "only" && (next == "when" || next == "if" || next == "sometimes" || next == "once" || next == "the"):
			return true
		case n == "did" && next != "not" && (next == "last" || next == "once" || next == "before" || next == "when" || next == "in" || next == "a"):
			return true
		}
	}
	return false
}

// harmAsked is the matter that a question in [a,b) is after: a row of risks.tsv, -1 where it is after no harm.
func (x *text) harmAsked(a, b int) int {
	found := -1
	for i := a; i < b && found < 0; i++ {
		x.lex.risks.each(x.tokens, i, b, func(p *pattern, _ int) {
			if !x.masked(i, b).covers(i, i+1) {
				found = p.entry
			}
		})
	}
	if found < 0 && x.speaksOfHarm(a, b) {
		found = x.lex.general
	}
	return found
}

var harms = setOf("wound violence threat anger fear alcohol drugs sexual sex death_wish exploit")

// speaksOfHarm reports words of which one is of a class that harms, and none of one that is good.
func (x *text) speaksOfHarm(a, b int) bool {
	harm := false
	for i := a; i < b; i++ {
		w := x.plainKey(i)
		if x.tone(w) == "good" {
			return false
		}
		for _, sense := range x.lex.senses[w] {
			harm = harm || harms[sense]
		}
	}
	return harm
}
