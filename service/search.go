package service

import (
	"context"
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

// Search gives the visits, of those that the person may read, in which all words of the query were said or stated, newest first, at most 200.
func (s *Service) Search(ctx context.Context, by kerbside.User, query string) (rows []VisitRow, err error) {
	const op = "service.Search"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseList) == ReachNone {
		return nil, forbidden(op, "Administrators do not see what was recorded.")
	}
	if err := checkText(op, query, maxName); err != nil {
		return nil, err
	}
	words := searchWords(query)
	words = words[:min(len(words), maxQuery)]
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		visits, err := tx.Search(by.Org, kerbside.VisitFilter{Limit: maxFound, Workers: g.owners(UseList)}, words)
		if err != nil {
			return err
		}
		visits = slices.DeleteFunc(visits, func(v kerbside.Visit) bool { return !g.visit(UseList, v) })
		rows, err = visitRows(tx, by.Org, visits)
		return err
	})
	return rows, err
}
