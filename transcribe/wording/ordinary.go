package wording

import "strings"

func (t *Tables) addOrdinary(columns []string) error {
	for _, w := range strings.Fields(columns[0]) {
		t.ordinary[w] = true
	}
	return nil
}

// endings are the regular ones, with what may stand in their place in the word that they were put to.
var endings = []struct {
	ending string
	stems  []string
}{
	{"ies", []string{"y"}}, {"es", []string{"", "e"}}, {"s", []string{""}}, {"ied", []string{"y"}}, {"ed", []string{"", "e"}}, {"ing", []string{"", "e"}},
	{"er", []string{"", "e"}}, {"ers", []string{"", "e"}}, {"est", []string{"", "e"}}, {"ly", []string{"", "le"}}, {"ily", []string{"y"}}, {"ness", []string{""}}, {"able", []string{"", "e"}},
}

// isOrdinary reports whether a word in lower case is one of the language's, rather than a name or something misheard.
func (t *Tables) isOrdinary(w string) bool {
	if t.ordinary[w] {
		return true
	}
	if _, ok := t.spelling[w]; ok {
		return true
	}
	for _, e := range endings {
		stem, ok := strings.CutSuffix(w, e.ending)
		if !ok || len(stem) < 3 {
			continue
		}
		for _, s := range e.stems {
			if t.ordinary[stem+s] {
				return true
			}
		}
		if n := len(stem); e.ending[0] == 'e' && stem[n-1] == stem[n-2] && t.ordinary[stem[:n-1]] || e.ending == "ing" && stem[n-1] == stem[n-2] && t.ordinary[stem[:n-1]] {
			return true
		}
	}
	return false
}
