package polish

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"kerbside"
)

// The reasons for which a rewriting is refused. None holds what was said.
var (
	errForm    = errors.New("it is not one plain sentence")
	errNew     = errors.New("it has words that the sentence does not have")
	errLost    = errors.New("it lacks words of the sentence, or has them in another order")
	errLength  = errors.New("it is much longer")
	errMeaning = errors.New("it changes a no, a doubt, a time, or who said so")
)

// free are the words that may come and go without changing what a sentence says. Everything else, prepositions, pronouns and auxiliaries too, stays
// where it stands: "to her" is not "from her", "she hit him" is not "he hit her", "had been" is not "is".
var free = set("a", "an", "the", "and", "also")

// opening are the words that may be set before a sentence without a verb.
var opening = [][]string{{"there", "was"}, {"there", "were"}, {"there", "is"}, {"there", "are"}}

// verbal are the words that tell that a sentence has its verb.
var verbal = set("is", "was", "are", "were", "be", "been", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "may", "might", "must", "should", "shall", "said", "says", "told", "saw",
	"isn't", "wasn't", "aren't", "weren't", "hasn't", "haven't", "hadn't", "don't", "doesn't", "didn't", "won't", "wouldn't", "can't", "couldn't", "there's", "it's", "he's", "she's", "they're", "i'm", "i've", "i'd", "i'll", "i", "we", "he", "she", "they")

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// Holds reports an error unless a rewriting says what a sentence says: the same words in the same order, but for articles, "and", marks and case, "there
// was" before a sentence without a verb, and the name in brackets in place of the pronoun that it explains.
func Holds(s kerbside.Sentence, text string) error {
	if text == "" || strings.ContainsAny(text, "\n\r\t“”\"<>{}*_`|\\#") || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return errForm
	}
	for _, mark := range []string{"?", "!", "[", "…"} {
		if n := strings.Count(text, mark); n > strings.Count(s.Text(), mark) || n < strings.Count(s.Text(), mark) && mark != "[" {
			return errForm
		}
	}
	if strings.Count(strings.TrimRight(text, "."), ". ") > strings.Count(strings.TrimRight(s.Text(), "."), ". ") {
		return errForm
	}
	before, after := words(s.Text()), words(text)
	if len(after) > len(before)+4 {
		return errLength
	}
	var err error
	for _, form := range [][]string{unbracketed(s.Text()), before} {
		if len(form) == 0 {
			continue
		}
		if err = sameWords(form, after); err == nil {
			return nil
		}
	}
	return err
}

func sameWords(before, after []string) error {
	a, b := kept(before), kept(after)
	if slices.Equal(a, b) {
		return nil
	}
	if !slices.ContainsFunc(a, func(w string) bool { return verbal[w] || strings.HasSuffix(w, "ed") }) {
		for _, o := range opening {
			if len(b) > len(o) && slices.Equal(b[:len(o)], o) && slices.Equal(b[len(o):], a) {
				return nil
			}
		}
	}
	for _, w := range b {
		if !slices.Contains(a, w) {
			return errNew
		}
	}
	for _, w := range a {
		if !slices.Contains(b, w) && (verbal[w] || w == "not" || w == "no") {
			return errMeaning
		}
	}
	return errLost
}

// kept are the words that may not come and go.
func kept(list []string) []string {
	var out []string
	for _, w := range list {
		if !free[w] {
			out = append(out, w)
		}
	}
	return out
}

// words gives the words of a text in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("'-:/", r)
	})
}

// unbracketed gives the words with the name in brackets in place of the pronoun before it: "She [Skye] smiled" as "Skye smiled".
func unbracketed(text string) []string {
	before, rest, ok := strings.Cut(text, " [")
	name, after, ok2 := strings.Cut(rest, "]")
	first := strings.ToLower(before)
	if !ok || !ok2 || first != "he" && first != "she" && first != "they" {
		return nil
	}
	return words(name + after)
}
