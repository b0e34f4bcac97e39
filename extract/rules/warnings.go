package rules

import (
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
			if best == 0 || masked.covers(i, best) {
				continue
			}
			if r := x.read(part.a, part.b, i, best); r == negated || r == unsaid || x.timeOf(part.span) == kerbside.Historical {
				continue
			}
			x.warn(kerbside.WarnUrgentCue, part.span)
			break
		}
	}
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
		part := &x.parts[c]
		for i := part.a; i < part.b; i++ {
			for _, cue := range instructionCues {
				if x.wordsAt(i, cue) {
					x.warn(kerbside.WarnInstruction, part.span)
				}
			}
		}
	}
}
