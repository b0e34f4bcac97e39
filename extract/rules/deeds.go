package rules

import (
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// The rules of actions know how people say that they will do something. What is said in other words ("that's one for the health visitor", "speech therapy to chase") is
// found by a model of clauses, which has learned from annotated dictations; whose it is follows from the grammar, as with every other action. It only adds: what the
// rules found stands.

// sureDeed is how likely a clause must be an action for it to be one that no rule reads. It is where cross-validation is best.
const sureDeed = 0.75

// describeDeed gives the features of clause c for what is to be done.
func (x *text) describeDeed(c int, b *linear.Bag) {
	part := &x.parts[c]
	x.describeWords(part.span, b)
	x.describeShape(c, b)
	if x.worker[c] {
		b.Add("worker", "yes")
	}
	if x.hasDay(part.span) {
		b.Add("day", "yes")
	}
	switch at := 10 * part.a / max(1, len(x.tokens)); {
	case at >= 8:
		b.Add("place", "last fifth")
	case at >= 6:
		b.Add("place", "late")
	default:
		b.Add("place", "early")
	}
	for _, n := range []int{c - 1, c + 1} {
		if n < 0 || n >= len(x.parts) {
			continue
		}
		side := "before"
		if n > c {
			side = "after"
		}
		if x.parts[n].sentence == part.sentence {
			x.describeNeighbour(n, side, true, b)
		}
		if x.hasDay(x.parts[n].span) && x.parts[n].sentence == part.sentence {
			b.Add(side+".day", "yes")
		}
		if n < c && n < len(x.taken) && x.taken[n] {
			b.Add(side+".action", "yes")
		}
	}
}

// mayBeDeed reports a clause that no rule took and that can be something to be done, whatever a model says.
func (x *text) mayBeDeed(c int, of *taken) bool {
	part := &x.parts[c]
	if x.taken[c] || part.b-part.a < 3 || x.question(c) || x.supposed(c) || x.reported(c) && !x.worker[c] || x.visitAhead(c) > 0 {
		return false
	}
	if x.noPlan(c) {
		return false
	}
	brief := x.verbAt[c] < 0 || part.b-part.a <= 4 || x.word(part.a) == "that"
	beside := func(k int) bool {
		return k >= 0 && k < len(x.parts) && of.last[k] && x.parts[k].sentence == part.sentence
	}
	return !of.covered[c] && !(brief && (beside(c-1) || beside(c+1))) // "I'm booking that" says no more than what stands beside it
}

// taken are the clauses that actions cover, and in which they end.
type taken struct{ covered, last []bool }

func (x *text) takenBy(found []doing) *taken {
	of := &taken{make([]bool, len(x.parts)), make([]bool, len(x.parts))}
	for i := range found {
		of.add(x, &found[i])
	}
	return of
}

func (of *taken) add(x *text, d *doing) {
	of.last[d.clause] = true
	for c := max(x.partAt(d.a), 0); c < len(x.parts) && x.parts[c].a < d.b; c++ {
		of.covered[c] = of.covered[c] || d.a < x.parts[c].b
	}
}

// idleWords are words of clauses that look ahead and plan nothing.
var idleWords = setOf("always never thinks thought hoping hope hoped wonder wondered wondering wish ought honest frightened scared afraid terrified dreading")

// neglecting are verbs for what was not done, which once past is no action: "she missed her appointment".
var neglecting = setOf("forget fail refuse lose")

// noPlan reports a clause in a form that the rules know and leave out: what was going to be, what will be as it is, where somebody is going.
func (x *text) noPlan(c int) bool {
	part := &x.parts[c]
	if x.word(part.a) == "that" && part.b-part.a <= 4 && !x.hasDay(part.span) || x.saidOnly(c) || x.ownDeed(part.span) && x.heldToday(part.span) {
		return true // "that's it", "core group this morning"
	}
	if d, ok := dayAt(x.tokens[:part.b], part.a, x.base, forward); ok && d.next >= part.b {
		return true // "Wednesday the ninth"
	}
	if w := x.word(part.a); (w == "when" || w == "once" || w == "until") && !x.hasFuture(part.span) && !x.hasDay(part.span) {
		return true // "when I get back to the office"
	}
	for i := part.a; i < part.b; i++ {
		n, next := x.word(i), x.word(i+1)
		switch {
		case !x.worker[c] && tellDeeds[x.lex.verb[n]] && x.pastForm(i) && (next == "asking" || next == "saying"):
			return true // "the solicitor emailed asking for it"
		case n == "be" && (next == "off" || next == "away" || next == "on" && x.word(i+2) == "leave" || next == "in" && x.word(i+3) == "office"):
			return true // "I'm going to be in the office"
		case n == "could" && next == "not", n == "offered" && x.worker[c] && next == "to" && !x.acceptedBehind(c), idleWords[n], neglecting[x.lex.verb[n]] && x.pastForm(i), n == "missed" && (possessives[next] || determiners[next]), n == "was" && next == "going", n == "agreed" && next == "with" && !x.hasFinite(i+1, part.b), n == "working" && next == "on", harming[x.lex.verb[n]], n == "give" && x.word(i+2) == "that":
			return true
		case n == "going" && next == "to" && x.lex.verb[x.word(i+2)] != x.word(i+2):
			return true // "she's going to nan's"
		case (n == "will" || n == "going" && next == "to") && !x.worker[c]:
			k := i + 1
			for next == "to" && k < i+2 || adverbs[x.word(k)] {
				k++
			}
			if w := x.word(k); w == "not" || notDoing[w] && !x.hasDay(part.span) || w == "be" && k+1 < part.b && isNumber(&x.tokens[k+1]) {
				return true // "he will be five", "she won't go to bed"
			}
		}
	}
	return false
}

// saidOnly reports what the worker said without a day or a deed of their own: "I've said that's for the police".
func (x *text) saidOnly(c int) bool {
	p := x.parts[c].span
	if v := x.verbAt[c]; !x.worker[c] || v < 0 || x.lex.verb[x.word(v)] != "say" && (x.word(v) != "have" || x.word(v+1) != "said") {
		return false
	}
	_, due := x.dueInWords(p)
	return !due && !x.hasDay(p) && !x.contains(p, "would") && !x.contains(p, "'d") && !x.hasFuture(p)
}

// learnedDeeds finds what the rules did not.
func (x *text) learnedDeeds(found []doing) []doing {
	m := x.lex.learned.Deeds
	if m == nil || m.Empty() {
		return found
	}
	p := make([]float64, len(m.Classes))
	b, of := &linear.Bag{}, x.takenBy(found)
	for c := range x.parts {
		if !x.mayBeDeed(c, of) {
			continue
		}
		b.Reset()
		x.describeDeed(c, b)
		if m.Scores(p, b); p[1] < sureDeed {
			continue
		}
		d := doing{span: x.parts[c].span, clause: c, owner: x.deedOwner(c), status: kerbside.Planned, learned: true}
		if v := x.verbAt[c]; v >= 0 && x.pastForm(v) {
			d.status = kerbside.Done
		}
		if p := c - 1; p >= 0 && x.word(d.a) == "that" && d.b-d.a <= 4 && x.parts[p].sentence == x.parts[c].sentence && !of.covered[p] {
			d.a = x.parts[p].a // "I've not got to the school yet, | that's for tomorrow"
			d.owner = x.deedOwner(p)
		}
		of.add(x, &d)
		found = append(found, d)
		x.taken[c] = true
	}
	slices.SortStableFunc(found, func(a, b doing) int { return a.a - b.a })
	return found
}

// deedOwner is whose deed clause c is: somebody whom the worker asked or agreed it with, who it begins with, the worker, else its subject.
func (x *text) deedOwner(c int) int {
	part := &x.parts[c]
	if x.worker[c] {
		for k := part.a; k < part.b; k++ {
			if n := x.word(k); n != "asked" && n != "agreed" {
				continue
			}
			if who, end := x.personBehind(k); who >= 0 && (x.word(end) == "to" || x.word(end) == "will" || x.word(end) == "is") {
				return who // "I've asked Bev to do it", "we've agreed Dawn will"
			}
		}
		return -1
	}
	end := part.a
	for end < part.b && (x.who[end] >= 0 && x.who[end] == x.who[part.a] || end == part.a && determiners[x.word(end)]) {
		end++
	}
	if w := x.who[max(part.a, end-1)]; w >= 0 && end > part.a && (!x.tokens[end-1].poss || x.word(end) == "to" || strings.HasSuffix(x.word(end), "ing")) {
		return w // "Gemma's to get Kyle to ring"
	}
	switch {
	case x.verbAt[c] < 0:
		return -1 // "Letter to the health visitor": a line of the worker's own list
	case len(x.subject[c]) > 0:
		return x.subject[c][0]
	}
	return nobody
}

// DeedClause is what the model of actions sees of a clause, for training.
type DeedClause struct {
	Start, End int // code points of the source
	Features   []string
}

// Deeds gives the clauses of one source that can be actions, by whatever found them.
func (e *Engine) Deeds(source *kerbside.Source, o kerbside.ExtractOptions) []DeedClause {
	m := e.Learned()
	m.Deeds = nil // by rules alone
	x := e.WithLearned(m).read([]*kerbside.Source{source}, o)
	for _, stage := range x.stages()[:8] {
		stage()
	}
	var out []DeedClause
	for c := range x.parts {
		b := linear.Bag{Named: true}
		x.describeDeed(c, &b)
		v := x.evidence(x.parts[c].a, x.parts[c].b)
		out = append(out, DeedClause{v.StartChar, v.EndChar, b.Names})
	}
	return out
}
