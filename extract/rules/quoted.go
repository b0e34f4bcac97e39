package rules

import (
	"strings"

	"kerbside"
)

// ownFamily are words for relatives that only one of the family says "my" of.
var ownFamily = setOf("mum mam mummy dad daddy stepdad stepmum nan nana gran granny grandma grandad grandpa brother sister auntie aunt uncle cousin mother father")

// spokenWithoutVerb finds words that no verb of speech brings in: a quotation that stands by itself, and what only a child of the family can say in the
// first person ("I have my tea upstairs because my stepdad shouts"). They are the child's of whom was just spoken; where that is nobody they are left.
func (x *text) spokenWithoutVerb() {
	x.unsay()
	for n, s := range x.sents {
		for i := s.a; i < s.b; i++ {
			if x.tokens[i].norm == `"` {
				i = x.bareQuote(n, i)
			}
		}
	}
	for c := range x.parts {
		part := &x.parts[c]
		if x.turnAt(c) >= 0 && x.sharesSaying(part) {
			f := frame{cue: span{part.a, part.a}, content: part.span, hearer: -1, verb: "say", direct: true, clause: c}
			x.speaker(&f, x.turnAt(c))
			x.addOuter(f)
			continue
		}
		if x.framed(part.span) || !x.childsOwn(part.span) && !(x.turnAt(c) >= 0 && x.notWorkers(part.span)) {
			continue
		}
		if w := x.childInFocus(part.sentence); w >= 0 {
			content := x.sents[part.sentence]
			if x.framed(content) {
				content = part.span
			}
			f := frame{cue: span{part.a, part.a}, content: content, hearer: -1, verb: "say", direct: true, clause: c}
			x.speaker(&f, w)
			x.addFrame(f)
		}
	}
}

// bareQuote reads the quotation that opens at token i of sentence n, and gives its last token.
func (x *text) bareQuote(n, i int) int {
	end := i + 1
	for end < len(x.tokens) && end < i+120 && x.tokens[end].norm != `"` {
		end++
	}
	const fewWords = 4 // what is shorter, or states nothing, is a word that the worker would not use
	if end >= len(x.tokens) || x.tokens[end].norm != `"` || x.framedFrom(i) || i > x.sents[n].a && (end-i <= fewWords || !x.hasFinite(i, end)) || end-i < 3 {
		return end
	}
	if next := x.partAt(end + 1); next >= 0 && x.worker[next] && x.verbAt[next] >= 0 && x.parts[next].a <= end+2 && (asked[x.word(x.verbAt[next])] || x.lex.speech[x.word(x.verbAt[next])] != "") {
		return end // "…", I said
	}
	if i == x.sents[n].a { // "At the pond," is what I heard first, and later, "it was cold."
		for k := end + 1; k < x.sents[n].b && k < end+12; k++ {
			if !x.tokenIs(k, `"`) || !x.opensQuote(k) || x.framedFrom(k) {
				continue
			}
			for k++; k < x.sents[n].b; k++ {
				if x.tokenIs(k, `"`) {
					end = k
					break
				}
			}
			break
		}
	}
	w := x.childInFocus(n)
	c := x.partAt(i + 1)
	if w < 0 || c < 0 {
		return end
	}
	f := frame{cue: span{i, i}, content: span{i + 1, end}, hearer: -1, verb: "say", direct: true, clause: c}
	x.speaker(&f, w)
	x.addOuter(f)
	return end
}

// framedFrom reports that somebody brings in the quotation that opens at token i.
func (x *text) framedFrom(i int) bool {
	for _, n := range x.cover[i+1] {
		if f := &x.frames[n]; f.kind != kerbside.WorkerOpinion && (f.cue.a < i || f.cue.b > f.cue.a && f.content.a >= i && f.content.a <= i+1) {
			return true
		}
	}
	return false
}

var (
	workersVerbs = setOf("think know feel believe suppose guess mean understand hope suspect worry reckon say remember agree wonder want need see ask note record recommend propose intend plan expect doubt accept suggest write ring visit")
	hurts        = setOf("hit hurt touched smacked slapped shouted believed asked told hits hurts touches smacks shouts")
)

// notWorkers reports the first person of somebody who is not the worker, in words that are spoken in a turn with a child: habits and feelings told as they are now ("I do his
// tea and then I go to school", "he stands behind my chair"), what nobody does to "me", and what speaks to the worker as "you".
func (x *text) notWorkers(s span) bool {
	me, now := false, false
	for i := s.a; i < s.b; i++ {
		n := x.word(i)
		switch {
		case (n == "i" || n == "we") && i+2 < s.b:
			k := i + 1
			for k < s.b && (adverbs[x.word(k)] || x.word(k) == "always" || x.word(k) == "usually") {
				k++
			}
			v := x.word(k)
			if x.worksAs(k) || x.word(i-1) == "rather" || x.word(i-1) == "wishes" {
				return false // "he'd rather I text first"
			}
			if v == "have" && x.word(k+1) == "got" || v == "do" && (determiners[x.word(k+1)] || possessives[x.word(k+1)]) || v == "have" && (x.word(k+1) == "to" || possessives[x.word(k+1)]) {
				for t := k + 1; t < k+3 && t+1 < s.b; t++ {
					if x.word(t) == "to" && workersTasks[x.lex.lemma(x.word(t+1))] {
						return false // "I've got to chase that"
					}
				}
				return !workersThings[x.word(k+2)]
			}
			if k < s.b && x.lex.verb[v] == v && v != "" && !finiteAux[v] && !workersVerbs[v] && !x.sameInPast(v) {
				return true
			}
			if k < s.b && v != "" && x.lex.verb[v] == "" && !finiteAux[v] && !minded[v] && !leanings[v] && !strings.HasSuffix(v, "ed") && (x.word(k+1) == "it" || x.word(k+1) == "him" || x.word(k+1) == "her" || x.word(k+1) == "them" || possessives[x.word(k+1)]) {
				return true
			}
			if v == "tell" && x.word(k+1) == "you" {
				return true
			}
		case n == "you" && (x.word(i+1) == "came" || x.word(i+1) == "said" || x.word(i+1) == "promised"):
			return true
		case (n == "it" || n == "there" || n == "that") && i < s.a+4 && (x.word(i+1) == "'s" || x.word(i+1) == "is"):
			now = true
		case (n == "nobody" || n == "no-one" || n == "he" || n == "she" || n == "they") && i < s.a+3:
			for k := i + 1; k < s.b && k < i+5; k++ {
				if hurts[x.word(k)] && (x.word(k+1) == "me" || x.word(k+1) == "us") && x.word(k) != "told" && x.word(k) != "asked" {
					return true
				}
			}
			v := x.word(i + 1)
			now = now || x.presentForm(v)
		case ownFamily[n] && !x.tokens[i].poss && i < s.a+2, x.who[i] >= 0 && !x.tokens[i].poss && i < s.a+2:
			now = now || x.presentForm(x.word(i+1))
		case n == "my" && (workersThings[x.word(i+1)] || workersThings[x.word(i+2)]), strikes[x.lex.lemma(x.word(i-1))] && (n == "me" || n == "us"), n == "me" && (x.word(i-1) == "'s" || x.word(i-1) == "is") && x.word(i-2) == "that":
			return false // "since my last visit", "nothing that troubled me", "but that's me"
		case (n == "me" || n == "us") && x.word(i-1) != "to" && x.word(i-1) != "with" && x.word(i-1) != "from", n == "my":
			me = true
		}
	}
	return me && now
}

// strikes are what things do to a worker who looks and wonders.
var strikes = setOf("trouble strike worry bother concern reassure")

// worksAs reports at token k, behind "I", what a worker says of its own work: "I return in ten days", "I go back on Friday", "I make no finding", "I haven't met mum".
func (x *text) worksAs(k int) bool {
	switch n := x.word(k); n {
	case "return":
		return true
	case "make":
		return x.word(k+1) == "no" || x.word(k+1) == "nothing"
	case "go", "come":
		return x.word(k+1) == "back" && (x.word(k+2) == "on" || x.word(k+2) == "in" || x.word(k+2) == "at" || x.word(k+2) == "next")
	case "have":
		return x.word(k+1) == "not" && (x.word(k+2) == "met" || x.word(k+2) == "seen")
	}
	return false
}

var workersThings = setOf("manager colleague supervisor team view opinion notes car phone office list visit desk diary laptop card next last first worry concern feeling impression read sense")

var workersTasks = setOf("chase book refer speak contact discuss arrange follow write email update raise request liaise convene")

// presentForm reports a verb of the present in the third person that brings in no words.
func (x *text) presentForm(v string) bool {
	return len(v) > 2 && v[len(v)-1] == 's' && x.lex.verb[v] != "" && x.lex.speech[v] == "" && v != "was" && v != "has" && v != "is"
}

// sameInPast reports a verb whose past is its base form, so that "I put" may be told of then.
func (x *text) sameInPast(v string) bool {
	return unmarkedPast[v] || v == "read" || v == "come" || v == "run"
}

// sharesSaying reports a child's account of what is said at home, in its own first person: "Uncle Kev says if I tell you …", "Mum says we're a team".
func (x *text) sharesSaying(part *clause) bool {
	if part.a != x.sents[part.sentence].a || !ownFamily[x.word(part.a)] && x.who[part.a] < 0 || pronounGenders[x.word(part.a)] != "" {
		return false
	}
	says := false
	for i := part.a + 1; i < part.b; i++ {
		switch n := x.word(i); {
		case n == "says" && i <= part.a+2:
			says = true
		case says && (n == "we" || n == "us" || n == "our"), says && n == "i" && x.word(i+1) == "tell" && x.word(i+2) == "you":
			return true
		}
	}
	return false
}

// childsOwn reports the first person in the mouth of a child of the family: "my" relatives, or a relative who does something to "me" now.
func (x *text) childsOwn(s span) bool {
	relative, me, now := false, false, false
	for i := s.a; i < s.b; i++ {
		t := &x.tokens[i]
		switch n := t.norm; {
		case t.mark:
		case (n == "my" || n == "our") && i+1 < s.b && ownFamily[x.tokens[i+1].norm]:
			return true
		case ownFamily[n] && !t.poss && i < s.a+2 && i+1 < s.b:
			v := x.tokens[i+1].norm
			relative = true
			now = x.presentForm(v)
		case n == "me" || n == "my" || n == "us":
			me = true
		}
	}
	return relative && me && now
}

// childInFocus is the child of whom sentence n goes on: the last to speak or to be spoken of in the three sentences before it, -1 when none is or when the
// last is somebody else's turn.
func (x *text) childInFocus(n int) int {
	if c := x.partAt(min(x.sents[n].a+1, x.sents[n].b-1)); c >= 0 {
		if w := x.turnAt(c); w >= 0 {
			return w
		}
	}
	for k := n; k >= 0 && k >= n-3; k-- {
		s := x.sents[k]
		if k == n {
			s.b = s.a
		}
		found := -1
		for i := s.a; i < s.b; i++ {
			for _, m := range x.cover[i] {
				if f := &x.frames[m]; f.kind != kerbside.WorkerOpinion && i == s.b-1 {
					if f.kind == kerbside.ChildSaid && f.who >= 0 {
						return f.who
					}
					return -1
				}
			}
			if w := x.who[i]; w >= 0 && x.people[w].isChild(x) && x.people[w].presence != kerbside.Absent {
				found = w
			}
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}
