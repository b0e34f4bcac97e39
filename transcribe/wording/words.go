package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// parts are a word taken apart: Text = before + core + ending + after.
type parts struct {
	before string // opening punctuation
	core   string
	ending string // "'s" or "'" of a possessive
	after  string // closing punctuation
}

func split(text string) parts {
	isPart := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	start := strings.IndexFunc(text, isPart)
	if start < 0 {
		return parts{before: text}
	}
	end := strings.LastIndexFunc(text, isPart)
	_, n := utf8.DecodeRuneInString(text[end:])
	end += n
	p := parts{before: text[:start], core: text[start:end], after: text[end:]}
	for _, s := range []string{"'s", "’s"} {
		if rest, ok := strings.CutSuffix(p.core, s); ok && rest != "" {
			p.core, p.ending = rest, s
		}
	}
	return p
}

func (p parts) String() string { return p.before + p.core + p.ending + p.after }

// norm is the core as it is compared with others: letters and digits in lower case.
func (p parts) norm() string { return letters(p.core) }

// letters keeps letters, marks and digits, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// endsSentence reports whether punctuation after a word ends a sentence.
func endsSentence(after string) bool { return strings.ContainsAny(after, ".!?…") }

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// isUpper reports whether s is more than one letter, none of them small.
func isUpper(s string) bool {
	return utf8.RuneCountInString(s) > 1 && s == strings.ToUpper(s) && s != strings.ToLower(s)
}

// startsSentence reports whether word i begins a sentence or a line, so that its capital says nothing.
func startsSentence(words []kerbside.Word, i int) bool {
	return i == 0 || words[i].Break != "" || endsSentence(split(words[i-1].Text).after)
}
