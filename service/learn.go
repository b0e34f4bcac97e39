package service

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// learnFrom is how many of a case's visits are looked through for what was corrected, the newest first.
const learnFrom = 12

// learnedTerms are the names, terms and roles that workers put right in earlier visits of the case and that were approved. They are derived from those
// visits' corrections, so that nothing is learned from what nobody stood by, and nothing outlives what it was learned from. A visit is never
// taught by itself: what was corrected in it stands in it already.
func learnedTerms(tx kerbside.Tx, v kerbside.Visit) ([]kerbside.Term, error) {
	if v.Case == "" {
		return nil, nil
	}
	visits, err := tx.Visits(v.Org, kerbside.VisitFilter{States: []kerbside.VisitState{kerbside.VisitApproved, kerbside.VisitLocked}})
	if err != nil {
		return nil, err
	}
	found, looked := map[string]string{}, 0
	for _, other := range visits {
		if other.Case != v.Case || other.ID == v.ID || looked == learnFrom {
			continue
		}
		looked++
		b, err := loadBundle(tx, other)
		if err != nil {
			return nil, err
		}
		for _, t := range b.transcripts {
			corrections, err := tx.Corrections(other.Org, other.ID, t.t.ID)
			if err != nil {
				return nil, err
			}
			for _, i := range kerbside.Standing(corrections) {
				c := corrections[i]
				for _, name := range properWords(c.Old, c.New) {
					if found[name] == "" && strings.Contains(t.t.Text, name) { // it still stands there
						found[name] = b.kindOfTerm(name)
					}
				}
				if role := b.roleIn(c.Old, c.New); role != "" && strings.Contains(strings.ToLower(t.t.Text), role) {
					found[role] = "role"
				}
			}
		}
	}
	var out []kerbside.Term
	for text, kind := range found {
		out = append(out, kerbside.Term{Text: text, Kind: kind})
	}
	slices.SortFunc(out, func(a, b kerbside.Term) int { return strings.Compare(a.Text, b.Text) })
	return out, nil
}

// roleIn is the role of somebody in the visit's record that a correction put right: "foster career" became "foster carer".
func (b *bundle) roleIn(before, after string) string {
	lower := func(s string) []string { return strings.FieldsFunc(strings.ToLower(s), notLetter) }
	was, is := lower(before), lower(after)
	if b.record == nil || len(is) == 0 {
		return ""
	}
	for _, a := range b.record.Attendees {
		role := lower(a.Role)
		if len(role) < 2 { // "mother" needs no listening for
			continue
		}
		fresh := slices.ContainsFunc(is, func(w string) bool { return slices.Contains(role, w) && !slices.Contains(was, w) })
		if fresh {
			return strings.Join(role, " ")
		}
	}
	return ""
}

// kindOfTerm is "person" for a name of somebody in the visit's record, else "term".
func (b *bundle) kindOfTerm(name string) string {
	if b.record == nil {
		return "term"
	}
	for _, a := range b.record.Attendees {
		words := strings.Fields(a.Name)
		if a.Name == name || slices.Contains(words, name) {
			return "person"
		}
	}
	return "term"
}

// properWords are the runs of words with a capital that a correction brought in: names and terms, as they are to be spelt. Words that stood
// there before, in whatever case, are none, nor is a word that has its capital from beginning what it replaces.
func properWords(before, after string) []string {
	old := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(before), notLetter) {
		old[w] = true
	}
	first, _ := utf8.DecodeRuneInString(before)
	var out, run []string
	flush := func() {
		if len(run) > 0 {
			out = append(out, strings.Join(run, " "))
		}
		run = nil
	}
	for i, field := range strings.Fields(after) {
		w := strings.TrimFunc(field, notLetter)
		r, size := utf8.DecodeRuneInString(w)
		proper := unicode.IsUpper(r) && len(w) > size && !old[strings.ToLower(w)]
		if proper && i == 0 && unicode.IsUpper(first) && len(strings.Fields(after)) > 1 && len(strings.Fields(before)) > 1 {
			proper = false
		}
		if !proper {
			flush()
			continue
		}
		run = append(run, w)
		if !strings.HasSuffix(field, w) { // a mark ends the run
			flush()
		}
	}
	flush()
	return out
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' && r != '-' }

// addTerms puts further terms behind those that are known, each text once.
func addTerms(terms, more []kerbside.Term) []kerbside.Term {
	for _, t := range more {
		if !slices.ContainsFunc(terms, func(k kerbside.Term) bool { return strings.EqualFold(k.Text, t.Text) }) {
			terms = append(terms, t)
		}
	}
	return terms
}
