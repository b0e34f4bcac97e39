package service

import (
	"context"
	"slices"
	"time"

	"kerbside"
)

// VisitQuery asks for a page of a list of visits. Zero fields do not narrow.
type VisitQuery struct {
	List    VisitList
	States  []kerbside.VisitState
	Case    kerbside.CaseID
	Changed time.Time          // changed then or later
	After   kerbside.VisitMark // where the page before ended
	Limit   int                // 1 to 1,000; 1,000 when 0
}

// VisitPage gives one page of a list, newest first. More tells that there may be more after next. Visits that the caller may not read are
// left out after the page was counted, so a page may be shorter than it could be.
func (s *Service) VisitPage(ctx context.Context, by kerbside.User, q VisitQuery) (rows []VisitRow, next kerbside.VisitMark, more bool, err error) {
	const op = "service.VisitPage"
	if err := mayList(op, by); err != nil {
		return nil, next, false, err
	}
	if q.Limit <= 0 || q.Limit > maxRows {
		q.Limit = maxRows
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		f, err := g.listed(op, q.List)
		if err != nil {
			return err
		}
		f.Changed, f.After, f.Limit = q.Changed, q.After, q.Limit
		if q.Case != "" {
			f.Cases = []kerbside.CaseID{q.Case}
		}
		if len(q.States) > 0 {
			if len(f.States) > 0 {
				q.States = slices.DeleteFunc(slices.Clone(q.States), func(x kerbside.VisitState) bool { return !slices.Contains(f.States, x) })
				if len(q.States) == 0 {
					return nil
				}
			}
			f.States = q.States
		}
		visits, err := tx.Visits(by.Org, f)
		if err != nil {
			return err
		}
		if more = len(visits) == q.Limit; more {
			last := visits[len(visits)-1]
			next = kerbside.VisitMark{CreatedAt: last.CreatedAt, ID: last.ID}
		}
		if rows, err = visitRows(tx, by.Org, g.shown(q.List, visits)); err != nil || q.List != ListToReview {
			return err
		}
		return markUrgent(tx, rows)
	})
	return rows, next, more, err
}

// listed is the filter of a list.
func (g ground) listed(op string, list VisitList) (f kerbside.VisitFilter, err error) {
	switch list {
	case ListMine:
		f.Workers = slices.DeleteFunc(g.owners(UseEdit), func(u kerbside.UserID) bool { return !g.own(u) })
	case ListAll:
		f.Workers = g.owners(UseList)
	case ListToReview:
		f.Workers = g.owners(UseReview)
		f.States = []kerbside.VisitState{kerbside.VisitApproved}
	default:
		err = invalid(op, "There is no such list.")
	}
	return f, err
}

// shown are those visits of a list that the person may know of.
func (g ground) shown(list VisitList, visits []kerbside.Visit) []kerbside.Visit {
	return slices.DeleteFunc(visits, func(v kerbside.Visit) bool { return !g.visit(UseList, v) || list == ListToReview && g.own(v.Worker) })
}

// Status tells where a visit stands without reading what is in it.
func (s *Service) Status(ctx context.Context, by kerbside.User, id kerbside.VisitID) (v kerbside.Visit, p Progress, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		v, err = s.readable(tx, "service.Status", by, id)
		return err
	})
	if err != nil {
		return v, p, err
	}
	p = s.hub.now(id, s.now())
	p.State = v.State
	return v, p, nil
}

// RecordingStatus gives a recording of a visit that the person may read, and how many of its bytes were acknowledged.
func (s *Service) RecordingStatus(ctx context.Context, by kerbside.User, id kerbside.RecordingID) (r kerbside.Recording, received int64, err error) {
	const op = "service.RecordingStatus"
	none := kerbside.E(kerbside.CodeNotFound, op, "There is no such recording, or it is not one of yours.", nil)
	if err := signedIn(op, by); err != nil {
		return r, 0, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if r, err = tx.Recording(by.Org, id); err != nil {
			if kerbside.CodeOf(err) == kerbside.CodeNotFound {
				err = none
			}
			return err
		}
		if _, err = s.readable(tx, op, by, r.Visit); err != nil {
			return err
		}
		received, err = receivedOf(tx, r)
		return err
	})
	return r, received, err
}

// RecordingOf gives the recording that the person sent under a name of their own choosing; CodeNotFound when there is none.
func (s *Service) RecordingOf(ctx context.Context, by kerbside.User, client string) (r kerbside.Recording, received int64, err error) {
	const op = "service.RecordingOf"
	if err := records(op, by); err != nil {
		return r, 0, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		have, err := tx.RecordingByClient(by.Org, client)
		if err == nil {
			r, _, err = s.ownRecording(tx, op, by, have.ID)
		}
		if err == nil {
			received, err = receivedOf(tx, r)
		}
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			err = kerbside.E(kerbside.CodeNotFound, op, "You have sent no recording under this name.", nil)
		}
		return err
	})
	return r, received, err
}

// receivedOf gives the bytes of a recording that are safe.
func receivedOf(tx kerbside.Tx, r kerbside.Recording) (int64, error) {
	if r.State != kerbside.RecordingOpen && r.State != kerbside.RecordingExpired {
		return r.Bytes, nil
	}
	chunks, err := tx.Chunks(r.Org, r.ID)
	return length(chunks), err
}

// Restriction gives who alone may know of a case, and its revision. Nobody named: it is not restricted.
func (s *Service) Restriction(ctx context.Context, by kerbside.User, id kerbside.CaseID) (named []kerbside.UserID, revision string, err error) {
	const op = "service.Restriction"
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.restricts(tx, op, by, id)
		named = g.restrictions[id]
		return err
	})
	return named, restrictionRevision(id, named), err
}

// restricts reports an error for who may not say who knows of a case.
func (s *Service) restricts(tx kerbside.Tx, op string, by kerbside.User, id kerbside.CaseID) (g ground, err error) {
	if err := signedIn(op, by); err != nil {
		return g, err
	}
	if reachOf(by, UseRestrict) == ReachNone {
		return g, forbidden(op, "Only managers can restrict a case.")
	}
	if g, err = s.groundOf(tx, by); err != nil {
		return g, err
	}
	c, err := tx.Case(by.Org, id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.mayChoose(c) {
		err = kerbside.E(kerbside.CodeNotFound, op, "There is no such case, or it is not one of yours.", nil)
	}
	return g, err
}
