package wording

import (
	"errors"
	"strings"

	"kerbside"
)

// spelling is how a word is spelt in Britain.
type spelling struct {
	british string
	inside  bool // change it where a capital inside a sentence makes it look like a name, too
	small   bool // change it only where it has no capital at all
}

func (t *Tables) addSpelling(columns []string) error {
	american, british := column(columns, 0), column(columns, 1)
	if american == "" || british == "" {
		return errors.New("no spelling")
	}
	mode := column(columns, 3)
	if mode != "" && mode != "capital" && mode != "lower" {
		return errors.New("unknown mode")
	}
	for _, ending := range strings.Split(column(columns, 2), ";") {
		t.spelling[american+ending] = spelling{british: british + ending, inside: mode == "capital", small: mode == "lower"}
	}
	return nil
}

// spell writes words as in Britain. A word with a capital inside a sentence is taken for a name and stays, as does one that is
// all capitals.
func (t *Tables) spell(words []kerbside.Word) {
	for i := range words {
		p := split(words[i].Text)
		if p.core == "" {
			continue
		}
		pieces := strings.Split(p.core, "-")
		for k, piece := range pieces {
			s, ok := t.spelling[strings.ToLower(piece)]
			if !ok {
				continue
			}
			if !isCapital(piece) {
				pieces[k] = s.british
				continue
			}
			if !s.small && !isUpper(piece) && (s.inside || k == 0 && startsSentence(words, i)) {
				pieces[k] = capital(s.british)
			}
		}
		p.core = strings.Join(pieces, "-")
		rewrite(&words[i], p.String())
	}
}
