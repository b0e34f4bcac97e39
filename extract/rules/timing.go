package rules

import (
	"strings"

	"kerbside"
)

var (
	pastWords  = setOf("previously formerly historically historic historical ago once")
	lastPeriod = setOf("year summer winter autumn spring month term christmas easter time january february march april may june july august september october november december")
)

// timeOf tells whether a stretch speaks of now, of an earlier time or of a time to come.
func (x *text) timeOf(s span) string {
	since, negative, perfect, lasts := false, false, false, false
	historical, planned := false, false
	for i := s.a; i < s.b; i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		next := ""
		if i+1 < len(x.tokens) && !x.tokens[i+1].mark {
			next = x.tokens[i+1].norm
		}
		switch n := t.norm; {
		case n == "since":
			since = true
		case n == "still":
			b := x.before(i)
			lasts = lasts || b == "is" || b == "are" || b == "'s" || b == "has" || b == "have"
		case n == "before" && x.untilThen(i, s):
			historical = true
		case n == "not" || n == "no" || n == "never":
			negative = true
		case n == "has" || n == "have" || n == "'s":
			perfect = true
		case pastWords[n] && !(n == "once" && (i+2 < s.b && x.lex.verb[next] == "" || since)):
			if n == "once" {
				continue
			}
			historical = true
		case n == "used" && next == "to" && !x.comparesWithThen(i) && x.before(i) != "is" && x.before(i) != "be" && x.before(i) != "get":
			historical = true
		case n == "history" && next == "of", n == "in" && next == "the" && i+2 < s.b && (x.tokens[i+2].norm == "past" || !x.yetToCome(span{s.a, i}) && (x.tokens[i+2].norm == "spring" || x.tokens[i+2].norm == "summer" || x.tokens[i+2].norm == "autumn" || x.tokens[i+2].norm == "winter")):
			historical = true
		case n == "last" && lastPeriod[next] && !since && next != "time", n == "never" && x.before(i) == "was":
			historical = true
		case n == "previous" && (next == "relationship" || next == "partner" || next == "involvement" || next == "referral" || next == "referrals" || next == "incident" || next == "incidents" || next == "removal" || next == "children"):
			historical = true
		case n == "when" && (next == "she" || next == "he" || next == "they") && i+2 < s.b && (x.tokens[i+2].norm == "was" || x.tokens[i+2].norm == "were" || x.tokens[i+2].norm == "first"):
			historical = historical || x.pastAge(i+2, s.b)
		case n == "as" && next == "a" && i+2 < s.b && (x.tokens[i+2].norm == "child" || x.tokens[i+2].norm == "teenager" || x.tokens[i+2].norm == "baby" || x.tokens[i+2].norm == "kid" || x.tokens[i+2].norm == "girl" || x.tokens[i+2].norm == "boy" || x.tokens[i+2].norm == "youngster"):
			historical = true
		case n == "in" && x.pastMonthOrYear(i+1, s.b) && !since && x.before(i) != "due":
			historical = true
		case n == "in" && (next == "year" || next == "reception" || next == "primary" || next == "infants") && (x.contains(s, "was") || x.contains(s, "had") || x.contains(s, "were") || x.contains(s, "used")):
			historical = true
		case n == "years" && next == "ago", n == "before" && (next == "the" || next == "this") && i+2 < s.b && (x.tokens[i+2].norm == "placement" || x.tokens[i+2].norm == "order" || x.tokens[i+2].norm == "plan" || x.tokens[i+2].norm == "conference"):
			historical = true
		case n == "after" && x.bornAfter(i, s.b):
			historical = true
		case n == "at" && next == "the" && i+2 < s.b && x.tokens[i+2].norm == "time":
			historical = true
		case n == "had" && i+1 < s.b && (next == "been" || next == "previously" || next == "once"), n == "'d" && (next == "been" || next == "turned" || next == "gone"):
			historical = historical || !negative && !(next == "been" && i+2 < s.b && strings.HasSuffix(x.tokens[i+2].norm, "ing")) // "he'd been drinking, I could smell it" is of the visit
		case n == "split" && next == "up", n == "separated" || n == "brought" && next == "up", n == "grew" && next == "up":
			historical = true
		case n == "will" && !negative && next != "not", n == "going" && next == "to" && i+2 < s.b && x.lex.verb[x.tokens[i+2].norm] == x.tokens[i+2].norm, n == "about" && next == "to", n == "due" && (next == "to" || next == "out" || next == "for"):
			planned = true
		}
	}
	switch {
	case historical && !lasts && !(since && (perfect || negative)):
		return kerbside.Historical
	case planned:
		return kerbside.Future
	}
	return kerbside.Current
}

// yetToCome reports words for what is to come or may come: "might be coming over in the spring".
func (x *text) yetToCome(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.word(i) {
		case "will", "might", "may", "going", "coming", "hopes", "hoping", "wants", "due", "starts", "starting", "plans", "planning":
			return true
		}
	}
	return false
}

// untilThen reports that something was so before a time that is over: "was on tablets before she fell pregnant", "drank before they met".
func (x *text) untilThen(i int, s span) bool {
	if n := x.word(i + 1); !subjectPronouns[n] && x.whoAt(i+1) < 0 || !x.contains(span{s.a, i}, "was") && !x.contains(span{s.a, i}, "were") && !x.contains(span{s.a, i}, "had") {
		return false
	}
	for k := i + 2; k < s.b && k < i+6; k++ {
		switch x.word(k) {
		case "pregnant", "born", "met", "moved", "married":
			return true
		}
	}
	return false
}

// comparesWithThen reports that what somebody used to do only measures what is done now: "drinking more than he used to", "not like she used to".
func (x *text) comparesWithThen(i int) bool {
	for k := i - 1; k >= 0 && k > i-4 && !x.tokens[k].mark; k-- {
		if n := x.word(k); n == "than" || n == "like" || n == "as" {
			return true
		}
	}
	return false
}

// pastAge reports "was little", "was ten", "first came".
func (x *text) pastAge(i, b int) bool {
	for k := i; k < b && k < i+4; k++ {
		switch x.tokens[k].norm {
		case "little", "younger", "young", "small", "first", "born", "pregnant", "baby", "child", "teenager", "kid":
			return true
		}
		if isNumber(&x.tokens[k]) {
			return true
		}
	}
	return false
}

func (x *text) bornAfter(i, b int) bool {
	for k := i; k < b && k < i+6; k++ {
		if x.tokens[k].norm == "born" || x.tokens[k].norm == "birth" {
			return true
		}
	}
	return false
}

// pastMonthOrYear reports "March" or "2019" behind "in" when it lies more than a month before the visit.
func (x *text) pastMonthOrYear(i, b int) bool {
	if i >= b || x.tokens[i].mark {
		return false
	}
	if n, ok := numberAt(x.tokens, i); ok && n.value > 1950 && n.value < 2100 {
		return x.base == "" || x.base[:4] > x.tokens[i].norm
	}
	if n := x.tokens[i].norm; n == "twenty" || n == "two" {
		p := dateParser{tokens: x.tokens}
		year, _ := p.year(i)
		return year > 0 && year < 2100
	}
	_, ok := months[x.tokens[i].norm]
	return ok && x.tokens[i].norm != "may" || ok && x.tokens[i].cap
}
