package rules

import "strings"

// Some recognisers write no apostrophes. What stands by itself ("didnt", "hes") the tokeniser knows; what is also another word, or a name, is told by what
// stands around it, and only in a text that has no apostrophe at all.

// putApostrophes reads "ill ring them" as "I'll ring them", and "ellies mum" as "Ellie's mum".
func (x *text) putApostrophes() {
	if x.whole || x.apostrophes() {
		return
	}
	out := make([]token, 0, len(x.tokens)+8)
	for i := range x.tokens {
		t := x.tokens[i]
		switch {
		case t.norm == "ill" && x.willDo(i):
			will := t
			t.norm, will.norm, will.part, will.pause = "i", "will", true, false
			out = append(out, t, will)
			continue
		case t.norm == "shell" && x.willDo(i):
			will := t
			t.norm, will.norm, will.part, will.pause = "she", "will", true, false
			out = append(out, t, will)
			continue
		case x.bareGenitive(i):
			t.norm, t.poss, t.text = strings.TrimSuffix(t.norm, "s"), true, t.text[:len(t.text)-1]
		}
		out = append(out, t)
	}
	x.tokens = out
}

// apostrophes reports that the text has one.
func (x *text) apostrophes() bool {
	for i := range x.tokens {
		if t := &x.tokens[i]; t.part && strings.ContainsAny(t.text, "'’") || t.poss {
			return true
		}
	}
	return false
}

// willDo reports an "ill" that a deed follows, and that nobody is said to be.
func (x *text) willDo(i int) bool {
	w := x.word(i + 1)
	if adverbs[w] {
		w = x.word(i + 2)
	}
	if w == "" || x.lex.verb[w] != w && w != "be" {
		return false
	}
	prev := x.before(i)
	return !finiteAux[prev] && prev != "be" && prev != "been" && !adverbs[prev] && x.lex.verb[prev] == "" || prev == "and" || prev == "so" || prev == "then"
}

// bareGenitive reports a given name with an s to it that is no other word: "skyes teacher".
func (x *text) bareGenitive(i int) bool {
	t := &x.tokens[i]
	stem, ok := strings.CutSuffix(t.norm, "s")
	return ok && !t.mark && !t.part && len(stem) > 2 && (x.isGiven(stem) || x.lex.everyday[stem] != "") && !x.isGiven(t.norm) && !x.lex.known(t.norm) && !neverNames[stem] && x.word(i+1) != ""
}
