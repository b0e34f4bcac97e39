package rules

import (
	"regexp"
	"strings"

	"kerbside"
)

// quoteText reads a quote by itself, as the gate must, which trusts no engine.
func quoteText(quote string) *text {
	lex, err := sharedLexicon()
	if err != nil {
		panic(err) // the lexicon is embedded, and read by a test
	}
	x := &text{lex: lex, tokens: tokeniseText(quote), whole: true}
	x.divide()
	return x
}

// QuotePolarity reports whether a quote can be read with a polarity ("affirmed" or "negated") for a kind of item: "risk", "injury" or
// "strength". A quote without a matter that the lexicon knows is negated when a word of negation stands in it.
func QuotePolarity(kind, quote, polarity string) bool {
	x := quoteText(quote)
	want := affirmed
	if polarity == kerbside.Negated {
		want = negated
	}
	if r := x.answerOfQuote(); r == affirmed || r == negated {
		if x.contains(span{0, len(x.tokens)}, "safe") {
			r = negated - r
		}
		return want == r
	}
	found, holds := false, false
	for _, m := range x.matters(0, len(x.tokens)) {
		r := m.reading
		if m.good != (kind == "strength") {
			if r != affirmed && r != negated {
				found = true
				continue
			}
			r = negated - r // what denies a strength states a difficulty, and the other way round
			if m.good && r == negated {
				continue
			}
		}
		found = true
		holds = holds || r == want
	}
	if found {
		return holds || kind == "risk" && x.surelyReads(want)
	}
	if kind != "strength" && len(x.parts) > 0 && !x.lex.learned.Polarity.Empty() {
		r, _ := x.learnedReading(0, len(x.parts)-1)
		return r == want
	}
	no := false
	for i := range x.tokens {
		t := &x.tokens[i]
		if (t.norm == "not" || negators[t.norm]) && !x.correcting(i) {
			no = true
		}
		if hedges[t.norm] || t.norm == "may" && x.modalMay(i) || t.norm == "if" {
			return false
		}
	}
	return no == (want == negated)
}

// surelyReads reports that what was learned of denials is all but certain of a reading of the whole quote, as it must be to stand against a lexicon.
func (x *text) surelyReads(want reading) bool {
	return len(x.parts) > 0 && !x.lex.learned.Polarity.Empty() && x.polarityOdds(0, len(x.parts)-1)[want] >= sureAgainst
}

// answerOfQuote is how the quote answers the question that it holds: "When I asked if he hits her she shook her head"; unsaid without one.
func (x *text) answerOfQuote() reading {
	for n, s := range x.sents {
		for i := s.a; i < s.b; i++ {
			direct := i == s.a && x.tokens[s.b-1].norm == "?"
			if x.tokens[i].norm != "asked" && !direct {
				continue
			}
			says, end := x.answerTo(i, n, len(x.tokens)) // the quote ends where the answer does
			if says < 0 {
				return unsaid
			}
			r, _ := x.answerReads(says, end)
			return r
		}
	}
	return unsaid
}

// RoleSpoken reports whether a quote speaks of somebody in a role.
func RoleSpoken(name, quote string) bool {
	x := quoteText(quote)
	for i := range x.tokens {
		found := false
		x.lex.roles.at(x.tokens, i, len(x.tokens), func(entry, _ int) {
			r := x.lex.roleList[entry]
			found = found || r.name == name || strings.HasSuffix(name, r.name)
		})
		if found || name == "neighbour" && x.nextDoorAt(i) > 0 || name == "social worker" && x.word(i) == "worker" {
			return true
		}
	}
	return strings.Contains(strings.ToLower(quote), name) && name != ""
}

var factorForm = regexp.MustCompile(`^([1-6][ABC]|7A|8[B-F]|9A|1[0-7]A|18[BC]|19[BC]|20|21|2[234]A)$`)

// KnownFactor reports whether a code is one of the CIN census's assessment factors.
func KnownFactor(code string) bool { return factorForm.MatchString(code) }

// WarningText is the sentence to show for a warning of a code that rests on a quote.
func WarningText(code, quote string) (string, bool) {
	switch code {
	case kerbside.WarnUrgentCue:
		return "This may need somebody's attention now. You decide what to do.", true
	case kerbside.WarnSeveralVisits:
		return "This sounds like visits to more than one family. Make a recording for each, so that their records stay apart.", true
	case kerbside.WarnDisagreement:
		return "These words can be read in two ways. Check what they say.", true
	case kerbside.WarnInstruction:
		return "These words sound like an instruction to the computer. They were kept as spoken and not followed.", true
	}
	return "", false
}

// FactHolds reports whether a quote can say yes to a fact about a child ("visit.seen_alone", "child.bedroom_seen", …): it must speak of
// the matter, and neither deny it nor put it into the time to come.
func FactHolds(kind, quote string) bool {
	x := quoteText(quote)
	speaks := strings.HasSuffix(kind, "child_seen")
	for i := range x.tokens {
		t := &x.tokens[i]
		switch {
		case t.mark:
		case refusals[t.norm] && !x.correcting(i) && (x.after(i) == "see" || x.after(i) == "seen" || x.after(i) == "get" || x.after(i) == "go" || x.after(i) == "be" || x.after(i) == "spend" || x.after(i) == "able" || x.after(i) == "alone" || x.after(i) == "to" || x.after(i) == "speak"), t.norm == "will" && t.part, t.norm == "will" && x.lex.verb[x.after(i)] != "" && i > 0:
			return false
		case strings.HasSuffix(kind, "seen_alone"):
			speaks = speaks || t.norm == "without" || x.speaksOfCompany(i)
		case strings.HasSuffix(kind, "bedroom_seen"):
			speaks = speaks || roomWords[t.norm] || bedWords[t.norm]
		}
	}
	return speaks
}
