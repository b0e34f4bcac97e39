package draft

import (
	"math"
	"strings"

	"kerbside"
)

// ReadingAge estimates the age in years at which a text can be read: the Flesch-Kincaid grade (Kincaid et al., 1975) plus five. It is 0 for
// text without words. Syllables are counted as groups of vowels, which is right for most English words.
func ReadingAge(text string) float64 {
	words, sentences, syllables := 0, 0, 0
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".?!:\n", r) }) {
		t := tokens(s)
		if len(t) == 0 {
			continue
		}
		sentences++
		words += len(t)
		for _, w := range t {
			syllables += syllablesIn(w)
		}
	}
	if words == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59 + 5
}

// Formula names how reading ages are reckoned.
const Formula = "Flesch-Kincaid grade + 5"

// readingAge is that of a draft, sentence by sentence; headings are left out.
func readingAge(d *kerbside.Draft) *kerbside.Readability {
	var all []string
	for _, s := range d.Sentences {
		all = append(all, s.Text())
	}
	round := func(f float64) float64 { return math.Round(f*10) / 10 }
	return &kerbside.Readability{Formula: Formula, All: round(ReadingAge(strings.Join(all, "\n"))), Own: round(ReadingAge(OwnWords(d)))}
}

// OwnWords gives the boilerplate of a draft, whose reading age is ours to answer for.
func OwnWords(d *kerbside.Draft) string {
	var own []string
	for _, s := range d.Sentences {
		if s.Verdict() == kerbside.VerdictBoilerplate {
			own = append(own, s.Text())
		}
	}
	return strings.Join(own, "\n")
}

func syllablesIn(word string) int {
	n, vowel := 0, false
	for _, r := range word {
		is := strings.ContainsRune("aeiouy", r)
		if is && !vowel {
			n++
		}
		vowel = is
	}
	if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") && n > 1 {
		n--
	}
	return max(n, 1)
}
