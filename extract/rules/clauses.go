package rules

import "strings"

// span is a run of tokens, last excluded.
type span struct{ a, b int }

// clause is a stretch of a sentence with one statement in it.
type clause struct {
	span
	sentence int
	joint    string // the word or mark that joins it to the one before: "and", "because", ",", "" at a sentence's start
	finite   bool   // holds a finite verb
}

// sentences cuts tokens at full stops, line breaks and, where a speaker or a recogniser wrote none, where a new statement begins
// without a word that joins it to the last.
func (x *text) sentences() []span {
	var out []span
	start := 0
	flush := func(end int) {
		a, b := start, end
		for a < b && x.tokens[a].mark && x.tokens[a].norm != `"` {
			a++
		}
		if a < b {
			out = append(out, span{a, end})
		}
		start = end
	}
	lastMark := 0
	for i := range x.tokens {
		t := &x.tokens[i]
		switch {
		case t.mark && t.norm == breakMark, i-start >= longSentence && t.norm == ",", i-start >= longestSentence:
			flush(i)
			lastMark = i
		case t.mark && t.norm == lineMark:
			if i+1 < len(x.tokens) && (x.tokens[i+1].cap || x.tokens[i+1].mark || x.tokens[i+1].num) {
				flush(i)
				lastMark = i
			}
		case t.mark && (t.norm == "." || t.norm == "?" || t.norm == "!"):
			if x.abbreviation(i) || x.insideQuote(i) {
				continue
			}
			end := i + 1
			if end < len(x.tokens) && x.tokens[end].mark && x.tokens[end].norm == `"` && !x.opensQuote(end) {
				end++
			}
			flush(end)
			lastMark = i
		case t.mark:
			lastMark = i
		case i-lastMark > runOn && i > start+3 && x.freshStart(i) && x.unmarked(i) && !x.leadsIn(start, i):
			flush(i)
		case t.pause && i > start+3 && x.freshStart(i):
			flush(i)
		}
	}
	flush(len(x.tokens))
	return out
}

// opensQuote reports the quotation mark at token i that is written with the word behind it.
func (x *text) opensQuote(i int) bool {
	return i > 0 && i+1 < len(x.tokens) && x.tokens[i].src == x.tokens[i+1].src && x.tokens[i].word == x.tokens[i+1].word && x.tokens[i-1].word != x.tokens[i].word
}

// leadsIn reports that the words [a,i) are no more than the condition or time of what follows: "if it happens again | I will ring".
func (x *text) leadsIn(a, i int) bool {
	for n := 0; n < 2 && a < i && (x.tokens[a].mark || x.tokens[a].norm == "and" || x.tokens[a].norm == "so" || x.tokens[a].norm == "but"); n++ {
		a++
	}
	switch x.tokens[a].norm {
	case "if", "when", "unless", "once", "while", "although", "because", "since", "after", "before", "as":
	default:
		return false
	}
	verbs := 0
	for k := a; k < i; k++ {
		if t := &x.tokens[k]; !t.mark && (finiteAux[t.norm] || x.lex.finite[t.norm]) && !(k > a && finiteAux[x.tokens[k-1].norm]) {
			verbs++
		}
	}
	return verbs <= 1
}

// A sentence is cut at a comma, and in the end anywhere, so that the work for one clause stays bounded.
const (
	longSentence    = 120
	longestSentence = 240
)

// runOn is the number of words without a mark after which marks are no longer relied on.
const runOn = 3

// unmarked reports whether the text around token i has next to no punctuation, as recognisers without it write.
func (x *text) unmarked(i int) bool {
	if x.whole {
		return false
	}
	const window = 40
	lo, hi := max(0, i-window), min(len(x.tokens), i+window)
	if x.marks == nil {
		x.marks = make([]int, len(x.tokens)+1)
		for k := range x.tokens {
			x.marks[k+1] = x.marks[k]
			if n := x.tokens[k].norm; x.tokens[k].mark && (n == "." || n == "," || n == "?" || n == "!" || n == ";" || n == ":") {
				x.marks[k+1]++
			}
		}
	}
	return (x.marks[hi]-x.marks[lo])*20 < hi-lo
}

var abbreviations = setOf("mr mrs ms dr st sgt prof rev approx etc eg ie no")

func (x *text) abbreviation(i int) bool {
	if x.tokens[i].norm != "." || i == 0 || x.tokens[i-1].mark {
		return false
	}
	w := x.tokens[i-1].norm
	if i+1 >= len(x.tokens) {
		return false
	}
	next := &x.tokens[i+1]
	if x.tokens[i].word != x.tokens[i-1].word || x.tokens[i-1].src != x.tokens[i].src {
		return false
	}
	if w == "no" || w == "etc" || w == "approx" {
		return next.num
	}
	if w == "a.m" || w == "p.m" || w == "e.g" || w == "i.e" {
		return !next.cap && !next.mark
	}
	return abbreviations[w] && next.cap || len(w) == 1 && w != "i" && x.tokens[i-1].cap && next.cap
}

// insideQuote reports whether a mark ends a sentence within quotation marks that go on: 'asked, "Why? Where?" and …'.
func (x *text) insideQuote(i int) bool {
	return i+2 < len(x.tokens) && x.tokens[i+1].mark && x.tokens[i+1].norm == `"` && !x.tokens[i+2].cap && !x.tokens[i+2].mark
}

// freshStart reports whether a statement of its own begins at token i: a subject with its verb, not joined to what stands before.
func (x *text) freshStart(i int) bool {
	if i == 0 {
		return true
	}
	prev := &x.tokens[i-1]
	if (prev.norm == "to" || prev.norm == "in" || prev.norm == "up" || prev.norm == "out" || prev.norm == "with" || prev.norm == "on") && x.speaksToMe(i) {
		return true // "until I asked her to | Ann told me"
	}
	if !prev.mark && x.leansForward(prev.norm) && !(x.strongStart(i) && (particles[prev.norm] || demonstratives[prev.norm])) {
		return false
	}
	if !prev.mark && closers[x.tokens[i].norm] {
		return false // it ends the statement before
	}
	if determiners[x.tokens[i].norm] && !prev.mark && x.lex.verb[prev.norm] != "" {
		return false // the object of the verb before
	}
	if x.tokens[i].norm == "so" || x.tokens[i].norm == "also" || x.tokens[i].norm == "anyway" || x.tokens[i].norm == "okay" {
		return x.startsClause(i + 1)
	}
	return x.startsClause(i)
}

// leansForward reports a word that does not end a statement.
func (x *text) leansForward(w string) bool {
	return w == "be" || w == "been" || w == "being" || connectors[w] && w != "so" || prepositions[w] || determiners[w] || finiteAux[w] || adverbs[w] && !closers[w] || x.lex.speech[w] != "" || fillers[w] || w == "to" || w == "me"
}

var (
	particles      = setOf("in on up out off over down away around round through about upstairs downstairs outside inside")
	demonstratives = setOf("this that these those all both each another it any some")
)

// strongStart reports a pronoun with its verb, or a name with a verb of speech, at token i.
func (x *text) strongStart(i int) bool {
	if i+1 >= len(x.tokens) || x.tokens[i+1].mark {
		return false
	}
	v := x.tokens[i+1].norm
	switch x.tokens[i].norm {
	case "i", "we", "he", "she", "they":
		return finiteAux[v] || x.lex.finite[v] || adverbs[v] && i+2 < len(x.tokens) && (finiteAux[x.tokens[i+2].norm] || x.lex.verb[x.tokens[i+2].norm] != "")
	case "there":
		return v == "is" || v == "was" || v == "were" || v == "'s" || v == "are"
	}
	return x.isPerson(i) && !x.tokens[i].poss && (x.lex.speech[v] != "" && x.lex.finite[v] || v == "has" || v == "will")
}

// speaksToMe reports a name with "told me" or "said" behind it.
func (x *text) speaksToMe(i int) bool {
	if i+2 >= len(x.tokens) || !x.isPerson(i) || x.tokens[i].poss {
		return false
	}
	n := x.tokens[i+1].norm
	return n == "told" && x.tokens[i+2].norm == "me" || n == "said" || n == "says"
}

// closers are adverbs that a statement often ends with.
var closers = setOf("now today again tomorrow tonight yesterday already")

// startsClause reports whether token i begins a subject that is followed by a finite verb.
func (x *text) startsClause(i int) bool {
	for n := 0; n < 3 && i < len(x.tokens) && !x.tokens[i].mark && (adverbs[x.tokens[i].norm] && x.tokens[i].norm != "all" && x.tokens[i].norm != "both" || isFiller(&x.tokens[i])); n++ {
		i++
	}
	if i >= len(x.tokens) || x.tokens[i].mark {
		return false
	}
	w := &x.tokens[i]
	if subjectPronouns[w.norm] {
		for k := i + 1; k < len(x.tokens) && k < i+4 && !x.tokens[k].mark; k++ {
			v := x.tokens[k].norm
			if finiteAux[v] || x.lex.verb[v] != "" {
				return true
			}
			if !adverbs[v] && !isFiller(&x.tokens[k]) {
				return false
			}
		}
		return false
	}
	if connectors[w.norm] || prepositions[w.norm] || finiteAux[w.norm] {
		return false
	}
	named := w.cap && x.caps || x.isPerson(i) || determiners[w.norm] || w.norm == "next"
	for k := i + 1; k < len(x.tokens) && k < i+7; k++ {
		t := &x.tokens[k]
		if t.mark || t.norm == "and" && !named || !named && (k > i+4 || determiners[t.norm] || isNumber(w)) {
			return false
		}
		if !named && x.isPerson(k) && !x.tokens[k].poss {
			return false // the subject begins there: "… a big cuddle | Ann got down"
		}
		if t.part && (t.norm == "'s" || t.norm == "will") {
			return true
		}
		if t.norm == "to" && k == i+1 {
			return false
		}
		if finiteAux[t.norm] || x.lex.finite[t.norm] || k == i+1 && unmarkedPast[t.norm] && x.isPerson(i) && !w.poss || k == i+1 && x.lex.speech[t.norm] != "" && x.isPerson(i) && !w.poss && strings.HasSuffix(t.norm, "s") {
			return true
		}
		if x.tokens[k-1].poss && k == i+1 && x.lex.verb[t.norm] != "" && !determiners[t.norm] && t.norm != "" && len(t.norm) > 3 && t.norm[len(t.norm)-3:] == "ing" {
			return true // "mum's working"
		}
		if connectors[t.norm] && t.norm != "and" || t.norm == "to" {
			return false
		}
		if subjectPronouns[t.norm] && t.norm != "that" && t.norm != "this" {
			return false
		}
	}
	return false
}

// unmarkedPast are verbs whose past is their base form.
var unmarkedPast = setOf("wet hit hurt put let set cut shut quit spread split upset")

// clauses cuts each sentence at marks and joining words behind which a new statement, or a fragment of one, begins.
func (x *text) clauses(list []span) []clause {
	var out []clause
	for n, s := range list {
		start, joint := s.a, ""
		quoted := false
		flush := func(end int) {
			a, b := start, end
			for a < b && x.tokens[a].mark {
				a++
			}
			for b > a && x.tokens[b-1].mark {
				b--
			}
			if a < b {
				out = append(out, clause{span: span{a, b}, sentence: n, joint: joint, finite: x.hasFinite(a, b)})
			}
		}
		for i := s.a; i < s.b; i++ {
			t := &x.tokens[i]
			if t.mark {
				if t.norm == `"` {
					quoted = !quoted
				}
				if t.norm == "'" || t.norm == "," && x.parenthesis(s, start, i) {
					continue
				}
				flush(i)
				start, joint = i+1, t.norm
				if quoted && t.norm == `"` {
					joint = `"`
				}
				continue
			}
			if i > start && t.norm == "and" && i+2 < s.b && (x.tokens[i+1].norm == "that" || x.tokens[i+1].norm == "if") && x.startsClause(i+2) {
				flush(i)
				start, joint = i, "and"
				continue
			}
			if i > start && t.norm == "and" && i-start < 4 && x.isPersonLike(i) && !x.hasFinite(start, i) {
				continue // "Mum and dad were not there"
			}
			if (t.norm == "or" || t.norm == "nor" || t.norm == "and" && negators[x.tokens[start].norm]) && i > start && !x.hasFinite(start, i) {
				continue // "no bruises or cuts were seen"
			}
			if t.norm == "when" && i > start && x.tokens[i-1].norm == "it" {
				continue // "like it when"
			}
			if t.norm == "or" && x.word(i-1) == "more" && x.word(i+1) == "less" {
				continue
			}
			if i > start && (coordinators[t.norm] || breaks[t.norm]) && x.startsClause(i+1) {
				flush(i)
				start, joint = i, t.norm
				continue
			}
			if i > start+2 && x.answers(start, i) {
				flush(i)
				start, joint = i, ""
				continue
			}
			if i > start && x.excepts(i) && x.deniesHarm(start, i) {
				flush(i)
				start, joint = i, "except"
				continue
			}
			if i > start && (t.norm == "but" || t.norm == "because" || t.norm == "although") {
				flush(i)
				start, joint = i, t.norm
				continue
			}
			if i > start && (t.norm == "and" || t.norm == "then") && i+1 < s.b && x.verbPhrase(i+1) {
				flush(i)
				start, joint = i, "+"+t.norm // a further verb of the same subject
				continue
			}
			if i > start+2 && x.freshStart(i) && x.unmarked(i) {
				flush(i)
				start, joint = i, ""
			}
		}
		flush(s.b)
	}
	return out
}

// excepts reports a word behind which stands what a denial leaves out: "no marks | apart from a bruise on his shin".
func (x *text) excepts(i int) bool {
	switch x.word(i) {
	case "except":
		return true
	case "apart", "aside":
		return x.word(i+1) == "from"
	case "other":
		return x.word(i+1) == "than"
	}
	return false
}

var deniedHarm = setOf("nothing concern concerns worry worries problem problems issue issues injury injuries mark marks bruise bruises bruising cuts scratches burns risk risks harm")

// deniesHarm reports a denial of what one looks for in a child or a home.
func (x *text) deniesHarm(a, b int) bool {
	denies := false
	for i := a; i < b; i++ {
		denies = denies || negators[x.tokens[i].norm]
		if denies && deniedHarm[x.tokens[i].norm] {
			return true
		}
	}
	return false
}

// parenthesis reports the comma at i that opens or closes words put in between a verb and what belongs to it: "She was not, in his view, hurt".
func (x *text) parenthesis(s span, start, i int) bool {
	dangling := func(k int) bool {
		return k > start && !x.tokens[k].mark && (x.tokens[k].norm == "not" || x.tokens[k].norm == "was" || x.tokens[k].norm == "is" || x.tokens[k].norm == "were") && x.hasFinite(start, k+1)
	}
	if dangling(i - 1) {
		for k := i + 1; k < s.b && k < i+9; k++ {
			if x.tokens[k].norm == "," {
				return k+1 < s.b && !x.startsClause(k+1) && !x.startsClause(i+1)
			}
			if x.tokens[k].mark {
				return false
			}
		}
		return false
	}
	for k := i - 1; k > start && k > i-9; k-- {
		if x.tokens[k].norm == "," {
			return dangling(k-1) && !x.startsClause(i+1) && !x.startsClause(k+1)
		}
	}
	return false
}

// answers reports that the answer to a question begins at token i: "When I asked about sleep | Jo said …".
func (x *text) answers(a, i int) bool {
	if i+1 >= len(x.tokens) || x.tokens[i].poss || x.tokens[i+1].mark {
		return false
	}
	v := x.tokens[i+1].norm
	if v != "said" && v != "says" && v != "told" && v != "replied" && v != "answered" && v != "explained" || !(x.isPerson(i) || x.tokens[i].norm == "she" || x.tokens[i].norm == "he" || x.tokens[i].norm == "they") {
		return false
	}
	for k := a; k < i; k++ {
		if x.tokens[k].norm == "asked" && !x.tokens[k].mark {
			return true
		}
	}
	return false
}

// isPersonLike reports that the words before token b end with a name or a word for a person.
func (x *text) isPersonLike(b int) bool {
	last := &x.tokens[b-1]
	return x.isPerson(b-1) || last.cap && x.caps && !CommonWord(last.norm)
}

// isPerson reports a token that names somebody, by a name or a word for a person.
func (x *text) isPerson(i int) bool {
	if x.who != nil {
		return x.who[i] >= 0
	}
	_, given := x.lex.given[x.tokens[i].norm]
	return given || familiar[x.tokens[i].norm]
}

var familiar = setOf("mum dad mother father nan gran grandma grandad brother sister school")

// verbPhrase reports whether a finite verb stands at token i ("and told her teacher", "and has agreed").
func (x *text) verbPhrase(i int) bool {
	for n := 0; n < 2 && i < len(x.tokens) && adverbs[x.tokens[i].norm]; n++ {
		i++
	}
	return i < len(x.tokens) && !x.tokens[i].mark && (finiteAux[x.tokens[i].norm] || x.lex.finite[x.tokens[i].norm])
}

func (x *text) hasFinite(a, b int) bool {
	for i := a; i < b; i++ {
		if t := &x.tokens[i]; !t.mark && (finiteAux[t.norm] || x.lex.finite[t.norm]) && !x.monthMay(i) {
			return true
		}
	}
	return false
}

// monthMay reports the month and no verb: "the tenth of May".
func (x *text) monthMay(i int) bool { return x.tokens[i].norm == "may" && !x.modalMay(i) }
