package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// token is a word, a part of a contracted word, or a mark. "hasn't" gives "has" and "not", both of the same source word,
// so that later stages know one form only.
type token struct {
	text  string // as written, without marks around it
	norm  string // lower case, straight apostrophes, dialect words as the standard has them; a mark's own character
	alt   string // norm without its hyphen: "under-weight" is "underweight"
	src   int    // index of the source
	word  int    // index in the source's Words
	mark  bool   // punctuation or a line break
	cap   bool   // begins with a capital
	poss  bool   // carried a possessive 's, which norm has lost
	part  bool   // a later part of a contracted word
	pause bool   // a silence of pauseMS or more before it
	num   bool   // holds a digit
}

const (
	pauseMS   = 600
	lineMark  = "\n"   // a line break
	breakMark = "\n\n" // a blank line, or the border between two sources
)

// tokenise cuts sources into tokens, in order, with a breakMark between sources. It is linear in the number of words.
func tokenise(sources []*kerbside.Source) []token {
	n := 0
	for _, s := range sources {
		n += len(s.Words)
	}
	out := make([]token, 0, n+n/4)
	for i, s := range sources {
		if i > 0 {
			out = append(out, token{norm: breakMark, mark: true, src: i})
		}
		out = tokeniseSource(out, s, i)
	}
	for i := 0; i+2 < len(out); i++ { // "no body seen", as recognisers write it
		if out[i].norm == "no" && out[i+1].norm == "body" && !out[i+2].mark && !nounsOfBody[out[i+2].norm] {
			out[i].norm, out[i+1].norm = "nobody", "er"
		}
	}
	return out
}

var nounsOfBody = setOf("map maps of part parts language weight odour odor fat shape image search")

func tokeniseSource(out []token, s *kerbside.Source, src int) []token {
	for w := range s.Words {
		pause := false
		if w > 0 {
			gap := s.Slice(s.Words[w-1].EndChar, s.Words[w].StartChar)
			switch lines := strings.Count(gap, "\n"); {
			case lines > 1:
				out = append(out, token{norm: breakMark, mark: true, src: src, word: w})
			case lines == 1:
				out = append(out, token{norm: lineMark, mark: true, src: src, word: w})
			}
			before, after := s.Words[w-1].EndMS, s.Words[w].StartMS
			pause = before != nil && after != nil && *after-*before >= pauseMS
		}
		text := s.Words[w].Text
		if short, ok := strings.CutSuffix(text, "."); ok && (shortTitles[short] || lettersWithPoints(short) && (w+1 == len(s.Words) || !startsAnew(s.Words[w+1].Text))) {
			text = short // its point ends no sentence
		}
		out = tokeniseWord(out, text, src, w, pause)
	}
	return out
}

// lettersWithPoints reports a word of single letters, and numbers, with points between them ("C.A.M.H.S"), unless it is one of time.
func lettersWithPoints(word string) bool {
	if !strings.Contains(word, ".") { // nearly every word
		return false
	}
	parts := strings.Split(word, ".")
	if !isLetters(parts[0]) || strings.EqualFold(word, "a.m") || strings.EqualFold(word, "p.m") {
		return false
	}
	for _, p := range parts {
		if !(utf8.RuneCountInString(p) == 1 && isLetters(p)) && !isDigits(p) {
			return false
		}
	}
	return true
}

func isLetters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

// shortTitles are never the last word of a sentence.
var shortTitles = map[string]bool{"Mr": true, "Mrs": true, "Ms": true, "Dr": true, "Sgt": true, "Prof": true, "St": true, "Rev": true}

// openers begin sentences far more often than they go on after an abbreviation, when they have a capital.
var openers = setOf("he she they it i we his her their my our the a an this that there these those mum dad both no yes so and but then when if also next in at on")

func startsAnew(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	lower := strings.ToLower(strings.TrimRight(word, ",.;:!?"))
	lower, _, _ = strings.Cut(lower, "'")
	return unicode.IsUpper(r) && openers[lower]
}

func tokeniseWord(out []token, text string, src, w int, pause bool) []token {
	at, first := 0, true
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !isWordRune(r) {
			out = append(out, token{text: text[at : at+size], norm: markNorm(r), src: src, word: w, mark: true, pause: pause && first})
			at += size
			first = false
			continue
		}
		end := wordEnd(text, at)
		out = appendWord(out, token{text: text[at:end], src: src, word: w, pause: pause && first})
		at, first = end, false
	}
	return out
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '£' || r == '%'
}

// wordEnd is the end of the word that starts at at: letters and digits, joined by inner apostrophes, hyphens, points,
// colons, strokes and ampersands ("3.30pm", "a.m", "16:10", "12/03", "A&E").
func wordEnd(text string, at int) int {
	end := at
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if isWordRune(r) || unicode.IsMark(r) {
			end += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		if !strings.ContainsRune("'’-‑.:/@&", r) || !isWordRune(next) {
			break
		}
		if r == ':' || r == '/' || r == '.' {
			before, _ := utf8.DecodeLastRuneInString(text[:end])
			section := r == '.' && (text[at:end] == "s" || text[at:end] == "S") && unicode.IsDigit(next) // "S.47"
			if unicode.IsDigit(before) != unicode.IsDigit(next) && !section || r != '.' && !unicode.IsDigit(next) {
				break
			}
		}
		end += size
	}
	return end
}

func markNorm(r rune) string {
	switch r {
	case '“', '”', '"', '«', '»':
		return `"`
	case '‘', '’', '\'':
		return "'"
	case '–', '—', '-':
		return "-"
	case '…':
		return "."
	}
	return string(r)
}

// contractions without their apostrophe, as recognisers write them; those that are also words ("ill", "were") are left.
var bare = map[string][2]string{
	"didnt": {"did", "not"}, "doesnt": {"does", "not"}, "dont": {"do", "not"}, "isnt": {"is", "not"}, "wasnt": {"was", "not"},
	"arent": {"are", "not"}, "werent": {"were", "not"}, "hasnt": {"has", "not"}, "havent": {"have", "not"}, "hadnt": {"had", "not"},
	"couldnt": {"could", "not"}, "wouldnt": {"would", "not"}, "shouldnt": {"should", "not"}, "cant": {"can", "not"}, "cannot": {"can", "not"},
	"wont": {"will", "not"}, "im": {"i", "am"}, "ive": {"i", "have"}, "theyve": {"they", "have"}, "theyre": {"they", "are"},
	"shes": {"she", "'s"}, "hes": {"he", "'s"}, "whos": {"who", "'s"}, "whats": {"what", "'s"}, "wheres": {"where", "'s"}, "thats": {"that", "'s"}, "theres": {"there", "'s"}, "gonna": {"going", "to"},
	"dunno": {"not", "know"}, "aint": {"is", "not"}, "weve": {"we", "have"}, "theyll": {"they", "will"}, "wanna": {"want", "to"}, "gotta": {"got", "to"},
}

var endings = []struct{ suffix, norm string }{
	{"n't", "not"}, {"'ll", "will"}, {"'re", "are"}, {"'ve", "have"}, {"'m", "am"}, {"'d", "'d"}, {"'s", "'s"},
}

// pronounLike words take "'s" as a verb; after any other word it may be a possessive and stays with the word.
var pronounLike = setOf("he she it that this there here what who where when how i you we they everything nothing everyone " +
	"everybody nobody something someone somebody one let")

func appendWord(out []token, t token) []token {
	lower := strings.Map(func(r rune) rune {
		switch r {
		case '’', '‘':
			return '\''
		case '‑':
			return '-'
		}
		return unicode.ToLower(r)
	}, t.text)
	r, _ := utf8.DecodeRuneInString(t.text)
	t.cap = unicode.IsUpper(r)
	t.num = strings.ContainsFunc(lower, unicode.IsDigit)
	two := func(a, b string) []token {
		second := t
		second.norm, second.part, second.cap, second.pause = b, true, false, false
		t.norm = a
		return append(out, t, second)
	}
	if pair, ok := bare[lower]; ok {
		return two(pair[0], pair[1])
	}
	switch lower {
	case "can't":
		return two("can", "not")
	case "ain't":
		return two("is", "not")
	case "won't":
		return two("will", "not")
	case "shan't":
		return two("shall", "not")
	}
	if stem, ok := strings.CutSuffix(lower, "nae"); ok && (auxiliaries[stem] || stem == "ca" || stem == "din" || stem == "wid" || stem == "did" || stem == "does") {
		switch stem {
		case "ca":
			stem = "can"
		case "din":
			stem = "do"
		}
		return two(stem, "not")
	}
	for _, e := range endings {
		stem, ok := strings.CutSuffix(lower, e.suffix)
		if !ok || stem == "" {
			continue
		}
		if e.suffix != "'s" || pronounLike[stem] {
			return two(stem, e.norm)
		}
		t.norm, t.poss = stem, true
		if word, ok := dialect[stem]; ok && !(stem == "ken" && t.cap) {
			t.norm = word
		}
		t.text = cutPossessive(t.text, lower)
		return append(out, t)
	}
	t.norm = lower
	if word, ok := dialect[lower]; ok && t.text != "TA" && !(lower == "ken" && t.cap) {
		t.norm = word
	}
	if t.text == "PA" || lower == "p.a" {
		t.norm = "p.a" // a personal adviser, and no father
		return append(out, t)
	}
	if a, b, ok := strings.Cut(lower, "-"); ok {
		if parts := strings.Split(lower, "-"); saysTime(parts) {
			for k, p := range parts {
				t.norm, t.part, t.cap, t.pause, t.num = p, k > 0, t.cap && k == 0, t.pause && k == 0, isDigits(p)
				out = append(out, t)
			}
			return out
		}
		t.alt = a + b
	}
	if lettersWithPoints(lower) {
		t.norm = strings.ReplaceAll(lower, ".", "")
	}
	return append(out, t)
}

// saysTime reports the parts of a time that is written as one word ("half-nine", "half-one-to-half-three").
func saysTime(parts []string) bool {
	if parts[0] != "half" && parts[0] != "quarter" {
		return false
	}
	for _, p := range parts[1:] {
		if n := units[p]; !(n >= 1 && n <= 12) && !isDigits(p) && p != "past" && p != "to" && p != "half" && p != "quarter" {
			return false
		}
	}
	return true
}

// dialect words that the grammar knows by another spelling.
var dialect = map[string]string{
	"nowt": "nothing", "nuffin": "nothing", "owt": "anything", "summat": "something", "summit": "something", "wi": "with", "coz": "cos", "cuz": "cos", "til": "till", "'til": "till", "nay": "no", "nae": "not", "aye": "yes", "kent": "knew", "ken": "know", "telt": "told", "gonnae": "going", "dae": "do", "hame": "home", "oot": "out", "doon": "down", "weans'": "children",
	"yous": "you", "youse": "you", "mam": "mum", "mammy": "mummy", "mom": "mum", "bairn": "child", "bairns": "children", "wean": "child", "weans": "children", "wee": "wee", "ta": "thanks", "our'n": "ours", "tellin": "telling", "doin": "doing",
}

// cutPossessive is the part of a word before its 's, whichever apostrophe it was written with.
func cutPossessive(text, lower string) string {
	n := utf8.RuneCountInString(lower) - 2
	for at := range text {
		if n == 0 {
			return text[:at]
		}
		n--
	}
	return text
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[strings.ReplaceAll(w, "_", " ")] = true
	}
	return set
}
