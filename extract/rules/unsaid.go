package rules

import (
	"strings"

	"kerbside"
)

// A verb of speech need not bring in anything that was said: it may stand in the worker's own question, in what somebody can do, or before a word that only stands
// for what was said. What is found so is no frame.

// unsay drops the frames in which nothing is said, and gives those their words whose words stand before them.
func (x *text) unsay() {
	kept := x.frames[:0]
	for n := range x.frames {
		f := x.frames[n]
		if f.cue.b > f.cue.a && (!f.direct || x.toldBetween(&f)) && f.content.a >= f.cue.b {
			if s, ok := x.saidBefore(&f); ok && x.toldBetween(&f) {
				f.content.a = s.a
				kept = append(kept, f)
				continue
			}
			switch {
			case x.inQuestion(&f) && f.content.b <= x.sents[x.parts[f.clause].sentence].b && x.hasFinite(f.content.a, f.content.b):
				f.verb = noWords // what is asked is no observation of the worker's
			case x.inQuestion(&f) || x.ableToSay(&f):
				continue
			case x.onlyHowMuch(f.content) || x.asksToDo(&f):
				f.verb = noWords
			case x.standsForSaid(f.content):
				f.verb = noWords
				if s, ok := x.saidBefore(&f); ok && x.frames[n].verb != "deny" { // who denies it does not say it
					f.content, f.verb = s, "say"
				}
			}
		}
		kept = append(kept, f)
	}
	x.frames = nil
	x.cover = make([][]int, len(x.tokens))
	for _, f := range kept {
		x.addFrame(f)
	}
}

// asksToDo reports what somebody asks another for, or to do, and no word to the worker: "he asked him to leave", "she asked Gethin to see to the ewes", "asked for a key".
func (x *text) asksToDo(f *frame) bool {
	v := f.cue.b - 1
	if x.word(v) != "asked" && x.word(v) != "asks" {
		return false
	}
	k := v + 1
	if x.word(k) == "for" {
		return true
	}
	for ; k < v+6 && k < len(x.tokens) && (x.who[k] >= 0 || x.word(k) == "and" || x.word(k) == "him" || x.word(k) == "her" || x.word(k) == "them" || determiners[x.word(k)]); k++ {
	}
	return k > v+1 && x.word(k) == "to" || k == v+1 && (x.word(k) == "me" || x.word(k) == "us") && x.word(k+1) == "for"
}

// noWords is the kind of a verb of speech behind which no words follow; who spoke may go on.
const noWords = "no words"

// toldBetween reports "…, she told me, …": no more than who speaks, to the worker, between commas.
func (x *text) toldBetween(f *frame) bool {
	part := &x.parts[f.clause]
	v := f.cue.b - 1
	return f.verb == "tell" && f.kind == kerbside.ChildSaid && part.joint == "," && (x.word(v+1) == "me" || x.word(v+1) == "us") && x.tokenIs(v+2, ",") && part.b-part.a <= 4 && x.tokens[f.content.a-1].norm != `"`
}

// inQuestion reports speech that the worker asks about: "I asked had she told anybody", "I asked if he'd told school", "asked her what she would say to a judge".
func (x *text) inQuestion(f *frame) bool {
	c := f.clause
	k := f.cue.a - 1
	switch n := x.word(k); {
	case n == "if" || n == "whether" || n == "had" || n == "has" || n == "did" || n == "would" || n == "what" || n == "who":
	case x.parts[c].a == f.cue.a && (x.parts[c].joint == "if" || x.parts[c].joint == "whether"):
	default:
		return false
	}
	for q := c; q >= 0 && q >= c-1 && x.parts[q].sentence == x.parts[c].sentence; q-- {
		if v := x.verbAt[q]; x.worker[q] && v >= 0 && v < f.cue.a && (x.word(v) == "asked" || x.word(v) == "ask") && f.cue.a-v <= 5 {
			return true
		}
	}
	return false
}

// ableToSay reports what somebody can tell anyone: "she can tell you every bus".
func (x *text) ableToSay(f *frame) bool {
	v := f.cue.b - 1
	b := x.before(v)
	return f.verb == "tell" && (b == "can" || b == "could") && x.word(v+1) == "you"
}

// namesSaid are the words that stand for what was said.
var (
	namesSaid = setOf("so it that this")
	gists     = setOf("nothing something everything anything things thing lot lots truth story most more all much following little same")
)

// onlyHowMuch reports that no words follow a verb of speech, but only how much was said: "told me three things", "said nothing about it", "told me the truth".
func (x *text) onlyHowMuch(s span) bool {
	if x.hasFinite(s.a, s.b) {
		return false
	}
	for i := s.a; i < s.b && i < s.a+3; i++ {
		n := x.word(i)
		if gists[n] {
			next := x.word(i + 1)
			return n != "same" && n != "nothing" || next == "about" || next == "of" || next == "more" || next == "else"
		}
		if !determiners[n] && !isNumber(&x.tokens[i]) && n != "a" && n != "few" {
			return false
		}
	}
	return false
}

// standsForSaid reports a word for what was said, and how or when: "so twice", "it looking at the floor", "that before I'd sat down".
func (x *text) standsForSaid(s span) bool {
	n := x.word(s.a)
	if !namesSaid[n] {
		return false
	}
	i := s.a + 1
	if i >= s.b || x.tokens[i].mark {
		return true
	}
	next := x.word(i)
	switch {
	case n == "that" && x.hasFinite(i, s.b):
		return false
	case next == "and" || next == "but" || next == "before" || next == "after" || next == "when" || next == "while" || next == "twice" || next == "again" || next == "himself" || next == "herself":
		return true
	case isNumber(&x.tokens[i]):
		return x.word(i+1) == "times" || x.word(i+1) == "or"
	case next == "about" && isNumber(&x.tokens[min(i+1, len(x.tokens)-1)]):
		return true
	case strings.HasSuffix(next, "ing") && x.lex.verb[next] != "", strings.HasSuffix(next, "ly"), next == "quite" || next == "very" || next == "all":
		return true
	}
	return prepositions[next] && (n != "so" || next != "far") || next == "like" || next == "without" || next == "straight" || next == "to"
}

// saidBefore is what stands before "…, he told me so before I asked" in its sentence, where nobody else brings it in and the worker does nothing in it.
func (x *text) saidBefore(f *frame) (span, bool) {
	part := &x.parts[f.clause]
	a := x.sents[part.sentence].a
	if part.joint != "," || part.a-2 <= a || f.cue.a > part.a+1 {
		return span{}, false
	}
	for c := f.clause - 1; c >= 0 && x.parts[c].sentence == part.sentence; c-- {
		if x.worker[c] {
			return span{}, false
		}
	}
	for i := a; i < part.a-1; i++ {
		for _, n := range x.cover[i] {
			if x.frames[n].cue != f.cue && x.frames[n].content.b > x.frames[n].content.a {
				return span{}, false
			}
		}
	}
	return span{a, part.a - 1}, true
}
