package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
	"kerbside/extract/rules"
)

// vocabulary is the words and numbers that evidence holds.
type vocabulary struct {
	words   map[string]bool
	numbers map[int]bool
}

func vocabularyOf(list []kerbside.Evidence) vocabulary {
	return vocabulary{}.with(list)
}

func (v vocabulary) with(list []kerbside.Evidence) vocabulary {
	if v.words == nil {
		v.words, v.numbers = map[string]bool{}, map[int]bool{}
	}
	for _, e := range list {
		v.add(e.Quote)
	}
	return v
}

func (v *vocabulary) add(text string) {
	if v.words == nil {
		v.words, v.numbers = map[string]bool{}, map[int]bool{}
	}
	for _, w := range wordsOf(text) {
		v.words[w.plain] = true
		for _, part := range strings.Split(w.plain, "-") {
			v.words[part] = true
		}
		for _, ending := range []string{"'ll", "'re", "'ve", "'d"} {
			if stem, ok := strings.CutSuffix(w.plain, ending); ok {
				v.words[stem] = true // "they", of "they'll"
			}
		}
	}
	for _, n := range rules.Numbers(text) {
		v.numbers[n] = true
	}
}

// holds reports whether every word of a name was spoken.
func (v vocabulary) holds(name string) bool {
	words := wordsOf(name)
	for _, w := range words {
		if !v.words[w.plain] {
			return false
		}
	}
	return len(words) > 0
}

// covers reports whether every word of a text was spoken.
func (v vocabulary) covers(text string) bool {
	for _, w := range wordsOf(text) {
		if !v.words[w.plain] {
			return false
		}
	}
	return true
}

// unsupported gives the reason why a text says more than its evidence, or "". Every capitalised word counts as a name, the first
// of the text too: what a sentence would begin with is covered when it was spoken, and replaced by the quote when not.
func (v vocabulary) unsupported(text string) string {
	for _, n := range rules.Numbers(text) {
		if !v.numbers[n] {
			return ReasonNumber
		}
	}
	for i, w := range wordsOf(text) {
		if v.words[w.plain] {
			continue
		}
		if rules.DateWord(w.plain) {
			return ReasonDate
		}
		if w.cap && (i > 0 || !rules.CommonWord(w.plain)) {
			return ReasonName
		}
	}
	return ""
}

// inQuotes reports whether a text stands, character for character, within one of the quotes.
func inQuotes(text string, list []kerbside.Evidence) bool {
	for _, e := range list {
		if strings.Contains(e.Quote, text) {
			return true
		}
	}
	return false
}

type spokenWord struct {
	plain string // lower case, without a possessive ending
	cap   bool
}

func wordsOf(text string) []spokenWord {
	var out []spokenWord
	for _, f := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '-'
	}) {
		f = strings.Trim(f, "'’-")
		if f == "" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(f)
		plain := strings.ReplaceAll(strings.ToLower(f), "’", "'")
		plain = strings.TrimSuffix(plain, "'s")
		out = append(out, spokenWord{plain, unicode.IsUpper(r)})
	}
	return out
}
