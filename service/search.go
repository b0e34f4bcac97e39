package service

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kerbside"
)

const (
	maxFound = 200    // visits of one search
	maxQuery = 20     // words of one search
	maxWords = 20_000 // different ones that a visit is found by
)

// searchWords are the different words of a text as they are searched for: lower case, without accents and possessives.
func searchWords(texts ...string) []string {
	var out []string
	for _, text := range texts {
		fields := strings.FieldsFunc(strings.ToLower(norm.NFD.String(text)), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '\'' && r != '’'
		})
		for _, f := range fields {
			f = strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, strings.ReplaceAll(f, "’", "'"))
			f = strings.ReplaceAll(strings.TrimSuffix(strings.Trim(f, "'"), "'s"), "'", "")
			if f != "" && len(f) <= 64 {
				out = append(out, f)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxWords)]
}

// index sets what a visit is found by: all that was said and stated, and its title.
func index(tx kerbside.Tx, b *bundle) error {
	texts := []string{b.visit.Title}
	for _, s := range b.sources() {
		texts = append(texts, s.Text)
	}
	return tx.PutSearch(b.visit.Org, b.visit.ID, searchWords(texts...))
}
