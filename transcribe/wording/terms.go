package wording

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// abbreviation is a line of abbreviations.tsv.
type abbreviation struct {
	text   string
	always []string // phrases, normalised and joined by spaces
	beside []string // the same, only next to one of context
	words  map[string]bool
}

func (t *Tables) addAbbreviation(columns []string) error {
	a := abbreviation{text: column(columns, 0), words: map[string]bool{}}
	if a.text == "" {
		return errors.New("no abbreviation")
	}
	a.always, a.beside = phrases(column(columns, 1)), phrases(column(columns, 2))
	for _, w := range strings.Fields(column(columns, 3)) {
		a.words[w] = true
	}
	t.abbreviations = append(t.abbreviations, a)
	return nil
}

func phrases(s string) []string {
	var out []string
	for _, p := range list(s) {
		words := strings.Fields(p)
		for i, w := range words {
			words[i] = letters(w)
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

// form is one way in which a term may have been said.
type form struct {
	text   string // as it is to be spelt
	sounds string
	spelt  bool   // letter by letter
	person bool   // a name of a person: it may be heard run together with "Dad"
	first  string // the first and the last word, to be compared
	last   string
	weight float32
}

// lexicon is what one transcript is compared with.
type lexicon struct {
	forms []form
	from  [128][]int           // the forms that what begins with a sound may be
	known map[string]bool      // words that are spelt as in a term
	heard map[string][]phrased // by phrase
}

// phrased is an abbreviation that a phrase stands for.
type phrased struct {
	text  string
	words map[string]bool // one must stand beside it; nil: whatever stands beside it
}

const (
	longestPhrase = 3 // words of a phrase in abbreviations.tsv
	leastSounds   = 2
)

// generic are the words of a place's or a body's name that it shares with others. A term that holds one is no person's name.
var generic = setOf(`school primary junior infant infants secondary academy college nursery preschool centre center hospital surgery clinic practice hub
	house court road street lane avenue close drive way place park gardens terrace crescent estate flats lodge farm hill green community family children's childrens
	health medical team service services council trust church the of and at for st saint`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

func (t *Tables) lexicon(terms []string) *lexicon {
	l := &lexicon{known: map[string]bool{}, heard: map[string][]phrased{}}
	seen := map[string]bool{}
	for _, a := range t.abbreviations {
		l.known[letters(a.text)] = true
		if !seen[a.text] {
			seen[a.text] = true
			t.addAbbreviated(l, a.text)
		}
		for _, p := range a.always {
			l.heard[p] = append(l.heard[p], phrased{text: a.text})
		}
		for _, p := range a.beside {
			l.heard[p] = append(l.heard[p], phrased{text: a.text, words: a.words})
		}
	}
	for _, term := range terms {
		words := strings.Fields(term)
		if len(words) == 0 || seen[strings.Join(words, " ")] {
			continue
		}
		seen[strings.Join(words, " ")] = true
		if len(words) == 1 && isAbbreviation(words[0]) {
			l.known[letters(words[0])] = true
			t.addAbbreviated(l, words[0])
			continue
		}
		t.addName(l, words)
	}
	return l
}

// isAbbreviation reports whether a term is said by its letters, or read as a word that is not spelt like a name.
func isAbbreviation(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 7 && isCapital(s) && (isUpper(s) || strings.ToUpper(s[1:]) == s[1:])
}

func (t *Tables) addAbbreviated(l *lexicon, text string) {
	if s := spellOut(letters(text)); s != "" && len(letters(text)) > 1 {
		t.add(l, form{text: text, sounds: s, spelt: true})
	}
	if norm := letters(text); len(norm) >= 4 && strings.ContainsAny(norm, "aeiou") {
		for _, s := range t.sayWord(norm) {
			t.add(l, form{text: text, sounds: s})
		}
	}
}

// addName adds a term that is a name: of a person, whose first and last names are also said alone, or of a place, whose last words
// may be left out ("Penhallow" for "Penhallow Primary School").
func (t *Tables) addName(l *lexicon, words []string) {
	person := true
	for _, w := range words {
		person = person && isCapital(w) && !generic[strings.ToLower(w)]
		if n := split(w).norm(); !generic[n] {
			l.known[n] = true
		}
	}
	for n := len(words); n > 0; n-- {
		if n == len(words) || !generic[strings.ToLower(words[n-1])] || !person {
			t.addSaid(l, words[:n], person)
		}
	}
	if !person {
		return
	}
	for _, w := range words[1:] {
		t.addSaid(l, []string{w}, true)
	}
}

// addSaid adds words said one after the other, with at most two ways of saying them.
func (t *Tables) addSaid(l *lexicon, words []string, person bool) {
	distinct := false
	ways := []string{""}
	for _, w := range words {
		n := split(w).norm()
		distinct = distinct || !generic[n]
		said := t.sayWord(n)
		if len(said) == 0 {
			return
		}
		var next []string
		for _, way := range ways {
			for _, s := range said {
				next = append(next, way+s)
			}
		}
		ways = next[:min(len(next), 2)]
	}
	if !distinct {
		return
	}
	for _, s := range ways {
		t.add(l, form{text: strings.Join(words, " "), sounds: s, person: person})
	}
}

func (t *Tables) add(l *lexicon, f form) {
	if len(f.sounds) < leastSounds || len(f.sounds) >= maxSounds {
		return
	}
	f.weight = t.costs.weigh(f.sounds)
	words := strings.Fields(f.text)
	f.first, f.last = split(words[0]).norm(), split(words[len(words)-1]).norm()
	for _, s := range []byte(sounds) {
		if a := f.sounds[0]; t.costs.swap[s][a] < 1 || slips(s, a) {
			l.from[s] = append(l.from[s], len(l.forms))
		}
	}
	l.forms = append(l.forms, f)
}
