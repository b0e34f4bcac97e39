package rules

import (
	"strings"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// Where a recogniser wrote no marks, the model of marks.tsv says where a sentence ends and where a comma would stand, and marks that have no
// letter of the source are put there, so that all later stages read what they read of careful text. It learned from the marks of our own
// dictations, taken away.

// gapClasses are what can stand between two words, in the model's order.
var gapClasses = []string{"none", "comma", "stop"}

// How sure the model must be.
const (
	surelyStops  = 0.5
	surelyPauses = 0.5
)

// restoreMarks puts marks into stretches that have next to none.
func (x *text) restoreMarks() {
	m := x.lex.marks
	if m.Empty() || x.whole {
		return
	}
	n := len(x.tokens)
	bare := make([]bool, n)
	any := false
	for i := range x.tokens {
		bare[i] = !x.tokens[i].mark && x.unmarked(i)
		any = any || bare[i]
	}
	if !any {
		return
	}
	kinds := x.wordKinds()
	var bag linear.Bag
	p := make([]float64, len(gapClasses))
	out := make([]token, 0, n+n/8)
	at := gapState{}
	for i := range x.tokens {
		t := x.tokens[i]
		if i > 0 && bare[i] && bare[i-1] && !t.part && t.src == x.tokens[i-1].src {
			bag.Reset()
			x.gapTraits(&bag, kinds, i, at)
			m.Scores(p, &bag)
			mark := ""
			switch {
			case p[2] >= surelyStops && x.timeLed(i):
				mark = "," // "last time, I saw her"
			case p[2] >= surelyStops:
				mark = "."
			case p[1] >= surelyPauses:
				mark = ","
			}
			if mark != "" && x.titledName(i) || mark == "," && x.isGiven(x.word(i-1)) && finiteAux[x.word(i)] && at.words == at.sentence {
				mark = "" // "grandad malcolm is", where no apposition began
			}
			if mark != "" {
				out = append(out, token{norm: mark, src: t.src, word: x.tokens[i-1].word, mark: true})
			}
			at.pass(mark)
		}
		if t.mark {
			at.pass(t.norm)
		} else {
			at.word(kinds[i])
		}
		out = append(out, t)
	}
	x.tokens, x.marks, x.restored = out, nil, true
}

// titledName reports a name at token i behind a word for a relative that begins something: "and grandad malcolm is".
func (x *text) titledName(i int) bool {
	if !familiar[x.word(i-1)] && !kinTitles[x.word(i-1)] || !x.isGiven(x.word(i)) {
		return false
	}
	switch n := x.word(i - 2); n {
	case "and":
		return !familiar[x.word(i-3)] && !kinTitles[x.word(i-3)] // "her aunt and uncle, Bea and Otto"
	case "but", "so", "when", "because", "cos", "then", "":
		return true
	default: // "… to the house mum carys was in", but "i saw mum carys was in"
		return finiteAux[x.word(i+1)] && !CommonWord(n) && x.lex.verb[n] == "" && !x.isGiven(n)
	}
}

var kinTitles = setOf("uncle auntie aunt aunty grandad granddad grandpa grandma granny cousin")

// timeLed reports that the words before token i say when what follows was or will be.
func (x *text) timeLed(i int) bool {
	n, b := x.word(i-1), x.word(i-2)
	return (n == "time" || n == "visit" || n == "week") && (b == "last" || b == "next" || b == "previous")
}

// gapState is what was read since the last mark.
type gapState struct {
	words, sentence int // since the last mark, since the last stop
	verb, early     bool
}

func (g *gapState) pass(mark string) {
	switch mark {
	case "":
	case ".", "?", "!", breakMark:
		*g = gapState{}
	default:
		g.words, g.early, g.verb = 0, g.early || g.verb, false
	}
}

func (g *gapState) word(kind string) {
	g.words++
	g.sentence++
	g.verb = g.verb || kind == "V" || finiteAux[kind]
}

func bucket(n int) string {
	switch {
	case n < 5:
		return "01234"[n : n+1]
	case n < 8:
		return "5-7"
	case n < 12:
		return "8-11"
	case n < 20:
		return "12-19"
	}
	return "20+"
}

// wordKinds gives each word of a closed class itself and each other word its kind.
func (x *text) wordKinds() []string {
	out := make([]string, len(x.tokens))
	for i := range x.tokens {
		t := &x.tokens[i]
		n := t.norm
		_, given := x.lex.given[n]
		switch {
		case t.mark:
			out[i] = "|"
		case CommonWord(n) || fillers[n] || n == "me" || n == "him" || n == "them" || n == "us" || n == "been" || n == "be":
			out[i] = n
		case t.poss:
			out[i] = "O"
		case given || familiar[n]:
			out[i] = "P"
		case dayWord(n):
			out[i] = "D"
		case isNumber(t):
			out[i] = "N"
		case x.lex.speech[n] != "":
			out[i] = "S"
			if x.lex.finite[n] {
				out[i] = "V"
			}
		case x.lex.finite[n]:
			out[i] = "V"
		case strings.HasSuffix(n, "ing") && len(n) > 4:
			out[i] = "G"
		case x.lex.verb[n] != "":
			out[i] = "v"
		case x.lex.roles.knows(n):
			out[i] = "R"
		case strings.HasSuffix(n, "ly"):
			out[i] = "L"
		default:
			out[i] = "w"
		}
	}
	return out
}

// gapTraits describes the gap before token i.
func (x *text) gapTraits(b *linear.Bag, kinds []string, i int, at gapState) {
	word := func(k int) string {
		if k += i; k < 0 || k >= len(x.tokens) {
			return "|"
		}
		return x.tokens[k].norm
	}
	kind := func(k int) string {
		if k += i; k < 0 || k >= len(kinds) {
			return "|"
		}
		return kinds[k]
	}
	b.Add("a", word(-1))
	b.Add("b", word(0))
	b.Add("c", word(-2))
	b.Add("d", word(1))
	b.Add("e", word(-1), word(0))
	b.Add("f", word(0), word(1))
	b.Add("g", word(-2), word(-1))
	b.Add("h", word(-1), kind(0), kind(1))
	b.Add("i", kind(-1), word(0), kind(1))
	b.Add("j", kind(-1), kind(0), kind(1))
	b.Add("k", kind(0), kind(1), kind(2))
	b.Add("l", kind(-2), kind(-1), kind(0))
	b.Add("m", kind(-2), kind(-1), kind(0), kind(1))
	b.Add("n", kind(-1), kind(0), kind(1), kind(2))
	b.Add("o", kind(0), kind(1), kind(2), kind(3))
	fresh := "no"
	if x.freshStart(i) {
		fresh = "yes"
	}
	verb := "none"
	if at.verb {
		verb = "yes"
	} else if at.early {
		verb = "early"
	}
	b.Add("fresh", fresh, kind(0), verb)
	b.Add("verb", verb, kind(-1), kind(0))
	b.Add("since", bucket(at.words), fresh)
	b.Add("long", bucket(at.sentence), verb, fresh)
	if x.tokens[i].pause {
		b.Add("pause", fresh)
	}
}

// Gap is the place before a word, for training.
type Gap struct {
	Names []string
	Mark  string // "none", "comma", "stop"
}

// Gaps reads a careful text as if its marks were not there, and says where they were.
func (e *Engine) Gaps(sources []*kerbside.Source) []Gap {
	x := e.readWords(sources, kerbside.ExtractOptions{})
	var tokens []token
	before := make([]string, 0, len(x.tokens))
	mark := ""
	for _, t := range x.tokens {
		if t.mark {
			switch t.norm {
			case ".", "?", "!", ";", lineMark, breakMark:
				mark = "stop"
			case ",", ":", "-", "(", ")":
				if mark == "" {
					mark = "comma"
				}
			}
			continue
		}
		t.cap = false
		tokens, before, mark = append(tokens, t), append(before, mark), ""
	}
	x.tokens = tokens
	kinds := x.wordKinds()
	var out []Gap
	at := gapState{}
	for i := range tokens {
		if i > 0 && !tokens[i].part {
			b := linear.Bag{Named: true}
			x.gapTraits(&b, kinds, i, at)
			g := Gap{Names: b.Names, Mark: "none"}
			if before[i] != "" {
				g.Mark = before[i]
			}
			out = append(out, g)
		}
		switch before[i] {
		case "stop":
			at.pass(".")
		case "comma":
			at.pass(",")
		}
		at.word(kinds[i])
	}
	return out
}

func dayWord(n string) bool {
	_, ok := weekdays[n]
	return ok || n == "today"
}
