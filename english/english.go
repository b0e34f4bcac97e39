// Package english knows the ordinary words of the language, so that a word which is none of them can be taken for a name, or for something misheard.
package english

import (
	_ "embed"
	"strings"
	"sync"
)

// Table is the built-in list as text: words in lower case between blanks, without those that a regular ending makes of another; lines that begin with "# " are comments. It is from SCOWL, as its head says.
//
//go:embed ordinary.txt
var Table []byte

// Words are ordinary words in lower case.
type Words map[string]bool

func parse(table []byte) Words {
	words := Words{}
	for line := range strings.Lines(string(table)) {
		if !strings.HasPrefix(line, "# ") {
			words.Add(line)
		}
	}
	return words
}

// Builtin are the words of Table, which is read once.
var Builtin = sync.OnceValue(func() Words { return parse(Table) })

// Add puts in the words of a line.
func (words Words) Add(line string) {
	for _, w := range strings.Fields(line) {
		words[w] = true
	}
}

// endings are the regular ones, with what may stand in their place in the word that they were put to.
var endings = []struct {
	ending string
	stems  []string
}{
	{"ies", []string{"y"}}, {"es", []string{"", "e"}}, {"s", []string{""}}, {"ied", []string{"y"}}, {"ed", []string{"", "e"}}, {"ing", []string{"", "e"}},
	{"er", []string{"", "e"}}, {"ers", []string{"", "e"}}, {"est", []string{"", "e"}}, {"ly", []string{"", "le"}}, {"ily", []string{"y"}}, {"ness", []string{""}}, {"able", []string{"", "e"}},
}

// Has reports whether a word in lower case is one of the list, or is made from one by a regular ending.
func (words Words) Has(w string) bool {
	if words[w] {
		return true
	}
	for _, e := range endings {
		stem, ok := strings.CutSuffix(w, e.ending)
		if !ok || len(stem) < 3 {
			continue
		}
		for _, s := range e.stems {
			if words[stem+s] {
				return true
			}
		}
		if n := len(stem); e.ending[0] == 'e' && stem[n-1] == stem[n-2] && words[stem[:n-1]] || e.ending == "ing" && stem[n-1] == stem[n-2] && words[stem[:n-1]] {
			return true
		}
	}
	return false
}
