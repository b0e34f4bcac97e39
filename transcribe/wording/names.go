package wording

import (
	"errors"
	"strings"
)

func (t *Tables) addNames(columns []string) error {
	set := map[string]map[string]bool{"given": t.given, "last": t.last}[columns[0]]
	if set == nil {
		return errors.New("no such kind of name")
	}
	for _, n := range strings.Fields(column(columns, 1)) {
		set[n] = true
	}
	return nil
}

// Kinds says whether a word is one of the language, a first name and a last name that people have.
func (t *Tables) Kinds(word string) (ordinary, given, last bool) {
	p := split(word)
	n := p.norm()
	return t.isOrdinary(n) || t.compound(p.core), t.given[n], t.last[n]
}
