package rules

import (
	"slices"
	"strings"

	"kerbside"
)

// warnings raises what asks for a person's attention.
func (x *text) warnings() {
	x.urgentCues()
	x.severalVisits()
	x.instructions()
}

func (x *text) warn(code string, s span) {
	if s = x.trim(s); s.b > s.a {
		x.record.Warnings = append(x.record.Warnings, kerbside.Warning{Code: code, Evidence: x.proof(s.a, s.b)})
	}
}

// urgentIn reports words for immediate danger.
func (x *text) urgentIn(s span) bool {
	for i := s.a; i < s.b; i++ {
		found := false
		if x.lex.urgent.at(x.tokens, i, s.b, func(int, int) { found = true }); found {
			return true
		}
	}
	return false
}

// urgentCues warns of words for immediate danger that are not denied, supposed, or about an earlier time.
func (x *text) urgentCues() {
	for c := range x.parts {
		part := &x.parts[c]
		if f, ok := x.answered(c); ok && f.reading != negated && x.urgentIn(f.span) {
			x.warn(kerbside.WarnUrgentCue, f.span)
			continue
		}
		if x.supposed(c) {
			continue
		}
		masked := x.masked(part.a, part.b)
		for i := part.a; i < part.b; i++ {
			best := 0
			x.lex.urgent.at(x.tokens, i, part.b, func(_, stop int) { best = max(best, stop) })
			if best == 0 {
				best = x.disclosedAt(c, i)
			}
			if best == 0 || masked.covers(i, best) || x.word(i-1) == "it" && x.blowAt(i) { // "the ball, it hit her on the head"
				continue
			}
			if r := x.read(part.a, part.b, i, best); r == negated || r == unsaid || x.timeOf(part.span) == kerbside.Historical && !x.stillSo(part.span, i) {
				continue
			}
			x.warn(kerbside.WarnUrgentCue, part.span)
			break
		}
	}
}

// stillSo reports what somebody once told the worker or another about now, at token i: "she told the nurse last month she thinks he'd be better off without her".
func (x *text) stillSo(s span, i int) bool {
	for _, f := range x.framesAt(i) {
		if f.content.a <= s.a {
			continue
		}
		for k := max(f.content.a, i-opening); k < i; k++ {
			if n := x.word(k); x.presentForm(n) || n == "thinks" || n == "says" || n == "feels" {
				return true
			}
		}
	}
	return false
}

// blows are verbs for what nobody may do to a child.
var blows = setOf("hit slap smack smacks smacked punch kick beat batter batters battered choke strangle throttle throttles throttled thump thumps thumped whack whacks whacked wallop walloped belt belts belted clout clouts clouted whip whips whipped headbutt headbutts headbutted")

// blowAt reports one of them at token i.
func (x *text) blowAt(i int) bool { return blows[x.word(i)] || blows[x.lex.verb[x.word(i)]] }

// disclosedAt is where words at token i of clause c end by which a child tells of harm that no other child has done: "his dad hits him", "mum dragged me up by my arm"; 0 without.
func (x *text) disclosedAt(c, i int) int {
	b := x.parts[c].b
	best, sexual := 0, false
	x.lex.disclosed.at(x.tokens, i, b, func(row, stop int) {
		best, sexual = max(best, stop), sexual || x.lex.urgentRows[row] == "told_sexual"
	})
	if n := x.word(i + 1); i+1 < b && x.blowAt(i) && (n == "me" || n == "us" || n == "him" || n == "her" || n == "them" || x.whoAt(i+1) >= 0 && !possessives[n]) && x.word(i+2) != "at" && x.word(i+2) != "to" {
		best = max(best, i+2) // but "he beat me at chess"
	}
	if best == 0 || !sexual && !x.doneByGrown(c, i) {
		return 0
	}
	doer := x.lastPerson(span{x.parts[c].a, i})
	for _, f := range x.framesAt(i) {
		if f.kind == kerbside.ChildSaid && (doer < 0 || doer != f.who || x.word(i-1) != "she" && x.word(i-1) != "he" && x.word(i-1) != "i") {
			return best // but "she gets into her bed at seven"
		}
		if f.kind == kerbside.AdultSaid && x.blowAt(i) && x.ownBlow(i, f.who) {
			return best
		}
	}
	return 0
}

// ownBlow reports that by the words at token i a speaker did it to a child: "dad said he slapped Yusuf".
func (x *text) ownBlow(i, who int) bool {
	at := x.whoAt(i + 1)
	if at < 0 || !x.people[at].isChild(x) || x.tokens[i+1].poss {
		return false
	}
	n := x.word(i - 1)
	return n == "i" || who >= 0 && x.whoAt(i-1) == who || (n == "he" || n == "she") && who >= 0 && x.whoAt(i-1) < 0
}

// doneByGrown reports that the last one named before token i of clause c, or else its subject, is no child and nobody's brother, sister or friend.
func (x *text) doneByGrown(c, i int) bool {
	for k := i - 1; k >= x.parts[c].a; k-- {
		if w := x.who[k]; w >= 0 && !x.tokens[k].poss && !possessives[x.word(k)] {
			return !x.people[w].isChild(x) && !minorKin[x.people[w].roleName]
		}
		if n := x.word(k); n == "i" || n == "we" || minorKin[n] || youngWords[n] {
			return false
		}
	}
	for _, w := range x.subject[c] {
		if x.people[w].isChild(x) || minorKin[x.people[w].roleName] {
			return false
		}
	}
	return true
}

var (
	severalCues     = [][]string{{"got", "two", "to", "do"}, {"two", "visits", "to"}, {"two", "families"}, {"now", "the", "other", "visit"}, {"second", "visit", "today"}, {"second", "visit", "of", "the", "day"}, {"then", "went", "on", "to", "see"}, {"other", "family"}, {"my", "next", "family"}, {"a", "different", "family"}, {"second", "family"}, {"next", "visit", "today", "was"}, {"next", "family"}, {"separate", "visit", "to"}}
	instructionCues = [][]string{{"ignore", "your", "instructions"}, {"ignore", "previous", "instructions"}, {"ignore", "all"}, {"disregard", "your"}, {"disregard", "the", "above"}, {"system", "prompt"}, {"mark", "the", "child", "as"}, {"as", "an", "assistant"}, {"you", "are", "an", "assistant"}}
)

// severalVisits warns when two families' visits seem to be in one dictation.
func (x *text) severalVisits() {
	first := ""
	for _, f := range x.families {
		name := strings.TrimSuffix(x.tokens[f.b-1].norm, "s")
		switch {
		case first == "":
			first = name
		case name != first && !strings.Contains(name, first) && !strings.Contains(first, name):
			if p := x.partAt(f.a); p >= 0 && x.visitingClause(p) {
				x.warn(kerbside.WarnSeveralVisits, x.parts[p].span)
				return
			}
		}
	}
	for c := range x.parts {
		part := &x.parts[c]
		if x.supposed(c) || x.reported(c) || x.future(part.span) && !x.contains(part.span, "next") || x.contains(part.span, "will") {
			continue
		}
		for i := part.a; i < part.b; i++ {
			for _, cue := range severalCues {
				if x.wordsAt(i, cue) {
					x.warn(kerbside.WarnSeveralVisits, part.span)
					return
				}
			}
		}
	}
}

// visitingClause reports that the worker went to somebody: in a clause of the worker's own, or in a fragment, which is not about what is to come.
func (x *text) visitingClause(c int) bool {
	p := &x.parts[c]
	if x.future(p.span) && !x.contains(p.span, "next") || x.supposed(c) || x.reported(c) || !x.worker[c] && p.finite {
		return false
	}
	for i := p.a; i < p.b; i++ {
		switch x.tokens[i].norm {
		case "visit", "visited", "went", "saw", "seen", "then", "next", "on", "second", "third":
			return true
		}
	}
	return false
}

// instructions warns of words that are spoken to a machine: they are kept as words and never followed.
func (x *text) instructions() {
	for c := range x.parts {
		if part := &x.parts[c]; x.instructs(part.span) {
			x.warn(kerbside.WarnInstruction, part.span)
		}
	}
}

func (x *text) instructs(s span) bool {
	for i := s.a; i < s.b; i++ {
		if slices.ContainsFunc(instructionCues, func(cue []string) bool { return x.wordsAt(i, cue) }) {
			return true
		}
	}
	return false
}
