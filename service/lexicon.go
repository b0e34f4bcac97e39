package service

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"kerbside"
)

// TermKinds are the kinds of a term that people choose from.
func TermKinds() []string {
	return []string{"person", "school", "place", "service", "abbreviation", "other"}
}

// The limits of a lexicon. An engine's prompt holds far fewer; the rest still helps where something sounds alike.
const (
	MaxTerms = 500 // in use
	maxTerm  = 80  // code points
)

// TermView is a term with the names of who added and retired it.
type TermView struct {
	kerbside.LexiconTerm
	AddedByName, RetiredByName string
}

// CaseOf gives a case that the person may see.
func (s *Service) CaseOf(ctx context.Context, by kerbside.User, id kerbside.CaseID) (c kerbside.Case, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		c, err = s.caseFor(tx, "service.CaseOf", by, id)
		return err
	})
	return c, err
}

// caseFor gives a case whose terms the person may see and change. Whoever may not know of it is told that there is none.
func (s *Service) caseFor(tx kerbside.Tx, op string, by kerbside.User, id kerbside.CaseID) (kerbside.Case, error) {
	if err := signedIn(op, by); err != nil {
		return kerbside.Case{}, err
	}
	if reachOf(by, UseTerms) == ReachNone {
		return kerbside.Case{}, forbidden(op, "Administrators do not see cases.")
	}
	g, err := s.groundOf(tx, by)
	if err != nil {
		return kerbside.Case{}, err
	}
	c, err := tx.Case(by.Org, id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.mayChoose(c) {
		return c, kerbside.E(kerbside.CodeNotFound, op, "There is no such case, or it is not one of yours. Go back to the list.", nil)
	}
	return c, err
}

// lexiconFor checks that a person may see and change a lexicon: a case's, or the organisation's where id is "".
func (s *Service) lexiconFor(tx kerbside.Tx, op string, by kerbside.User, id kerbside.CaseID) error {
	if id != "" {
		_, err := s.caseFor(tx, op, by, id)
		return err
	}
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseLexicon) == ReachNone {
		return forbidden(op, "Managers and administrators look after the organisation's terms. Ask one of them.")
	}
	return nil
}

// Terms lists the terms of a case's lexicon, or of the organisation's where id is "": those in use by their text, then the retired ones, newest first.
func (s *Service) Terms(ctx context.Context, by kerbside.User, id kerbside.CaseID) (terms []TermView, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if err := s.lexiconFor(tx, "service.Terms", by, id); err != nil {
			return err
		}
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		list, err := tx.Terms(by.Org, id)
		terms = nil
		for _, w := range list {
			terms = append(terms, TermView{w, names[w.AddedBy], names[w.RetiredBy]})
		}
		return err
	})
	slices.SortStableFunc(terms, func(a, b TermView) int {
		switch {
		case a.RetiredBy == "" && b.RetiredBy == "":
			return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text))
		case a.RetiredBy == "":
			return -1
		case b.RetiredBy == "":
			return 1
		}
		return b.RetiredAt.Compare(a.RetiredAt)
	})
	return terms, err
}

// AddTerm adds a term. The engines listen for it in every recording that is transcribed from then on.
func (s *Service) AddTerm(ctx context.Context, by kerbside.User, id kerbside.CaseID, term kerbside.Term) error {
	const op = "service.AddTerm"
	term.Text = strings.Join(strings.Fields(term.Text), " ")
	if err := checkText(op, term.Text, maxTerm); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(term.Text); n < 2 || term.Text != strings.Trim(term.Text, ".,;:!?…\"“”()") {
		return invalid(op, "Type a name or a term of two letters or more, without marks around it.")
	}
	if !slices.Contains(TermKinds(), term.Kind) {
		return invalid(op, "Choose what kind of term it is.")
	}
	fresh, err := s.newID("l")
	if err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := s.lexiconFor(tx, op, by, id); err != nil {
			return err
		}
		list, err := tx.Terms(by.Org, id)
		if err != nil {
			return err
		}
		used := 0
		for _, w := range list {
			if w.RetiredBy != "" {
				continue
			}
			if used++; strings.EqualFold(w.Text, term.Text) {
				return conflict(op, "This term is there already. To change how it is spelt, retire it and add it again.")
			}
		}
		if used >= MaxTerms {
			return invalid(op, "This lexicon is full: 500 terms are in use. Retire some that are not needed any more.")
		}
		if err := tx.PutTerm(kerbside.LexiconTerm{Term: term, ID: fresh, Org: by.Org, Case: id, AddedBy: by.ID, AddedAt: s.now()}); err != nil {
			return err
		}
		return s.audit(tx, by, "add_term", termObject(fresh, id), "")
	})
}

// RetireTerm has a term listened for no more. It stays in the list of retired ones.
func (s *Service) RetireTerm(ctx context.Context, by kerbside.User, id kerbside.CaseID, term string) error {
	const op = "service.RetireTerm"
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := s.lexiconFor(tx, op, by, id); err != nil {
			return err
		}
		list, err := tx.Terms(by.Org, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(w kerbside.LexiconTerm) bool { return w.ID == term })
		switch {
		case i < 0:
			return conflict(op, "There is no such term. Reload the page.")
		case list[i].RetiredBy != "":
			return conflict(op, "This term was retired already.")
		}
		w := list[i]
		w.RetiredBy, w.RetiredAt = by.ID, s.now()
		if err := tx.PutTerm(w); err != nil {
			return err
		}
		return s.audit(tx, by, "retire_term", termObject(term, id), "")
	})
}

func termObject(term string, id kerbside.CaseID) string {
	if id == "" {
		return "term " + term
	}
	return "term " + term + " case " + string(id)
}

// lexiconTerms are the terms of a lexicon that are in use.
func lexiconTerms(tx kerbside.Tx, org kerbside.OrganisationID, id kerbside.CaseID) ([]kerbside.Term, error) {
	list, err := tx.Terms(org, id)
	var out []kerbside.Term
	for _, w := range list {
		if w.RetiredBy == "" {
			out = append(out, w.Term)
		}
	}
	return out, err
}
