package service

import (
	"context"

	"kerbside"
)

// StartAddendum makes a visit that adds to a locked one: what became known later, as a recording or a note with its own record, approval and review. The
// locked one stays as it was. It belongs to the same case and date; whoever could have changed the locked visit makes it, as their own.
func (s *Service) StartAddendum(ctx context.Context, by kerbside.User, id kerbside.VisitID) (v kerbside.Visit, err error) {
	const op = "service.StartAddendum"
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		to, err := s.permitted(tx, op, by, UseEdit, id)
		if err != nil {
			return err
		}
		if to.State != kerbside.VisitLocked {
			return conflict(op, "This visit is not locked, so what is new can be added to itself.")
		}
		if v, err = s.newVisit(tx, op, by, VisitInput{Title: to.Title, Date: firstOf(to.SaidDate, to.Date)}); err != nil {
			return err
		}
		v.Case, v.AddendumTo = to.Case, to.ID
		if err := tx.PutVisit(v); err != nil {
			return err
		}
		return s.audit(tx, by, "addendum", "visit "+string(v.ID), to.ID)
	})
	return v, err
}
