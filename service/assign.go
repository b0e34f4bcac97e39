package service

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kerbside"
)

const maxCover = 366 * 24 * time.Hour

// Reassign gives a visit to another worker, who has it as their own from then on; the manager of both does.
func (s *Service) Reassign(ctx context.Context, by kerbside.User, id kerbside.VisitID, to kerbside.UserID) error {
	const op = "service.Reassign"
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		v, err := s.permitted(tx, op, by, UseReassign, id)
		if err != nil {
			return err
		}
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		if err := g.mayWork(op, to); err != nil {
			return err
		}
		if v.State.Closed() {
			return conflict(op, "This visit has been reviewed and is locked.")
		}
		recordings, err := tx.Recordings(v.Org, v.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(recordings, func(r kerbside.Recording) bool { return r.State == kerbside.RecordingOpen }) {
			return conflict(op, "A recording of this visit is still arriving. Wait until it is safe, then give the visit to somebody else.")
		}
		if v.Worker == to {
			return nil
		}
		v.Worker, v.UpdatedAt = to, s.now()
		if err := tx.PutVisit(v); err != nil {
			return err
		}
		// The record names its worker, so it is made anew; what was approved is approved again by who answers for it now.
		b, err := loadBundle(tx, v)
		if err != nil {
			return err
		}
		if b.record != nil {
			if err := s.changed(tx, &v); err != nil {
				return err
			}
			if err := tx.Enqueue(kerbside.Job{Org: v.Org, Kind: kerbside.JobExtract, Visit: v.ID}); err != nil {
				return err
			}
		}
		return s.audit(tx, by, "reassign", "user "+string(to), id)
	})
}

// mayWork reports an error unless visits can be given to a person: of the manager's own team, still here, with a role that records.
func (g ground) mayWork(op string, id kerbside.UserID) error {
	u, ok := g.users[id]
	if !ok || u.Left() || u.Team != g.by.Team || reachOf(u, UseApprove) == ReachNone {
		return kerbside.E(kerbside.CodeNotFound, op, "There is nobody of that name in your team who could take it.", nil)
	}
	return nil
}

// AddCover lets somebody do a colleague's work from one moment until another, at most a year; the manager of both says so. From is now when it is zero or past.
func (s *Service) AddCover(ctx context.Context, by kerbside.User, of, cover kerbside.UserID, from, until time.Time) (c kerbside.Cover, err error) {
	const op = "service.AddCover"
	if err := signedIn(op, by); err != nil {
		return c, err
	}
	if reachOf(by, UseReassign) == ReachNone {
		return c, forbidden(op, refusals[UseReassign])
	}
	now := s.now()
	if from.Before(now) {
		from = now
	}
	if of == cover || !until.After(from) || until.Sub(now) > maxCover {
		return c, invalid(op, "Say who covers for whom, from when and until when: at most a year.")
	}
	id, err := s.newID("e")
	if err != nil {
		return c, err
	}
	c = kerbside.Cover{ID: id, Org: by.Org, Of: of, By: cover, From: from.UTC().Truncate(time.Microsecond), Until: until.UTC().Truncate(time.Microsecond), Made: by.ID}
	return c, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		if !g.reaches(reachOf(by, UseReassign), of) {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such person in your team.", nil)
		}
		if err := g.mayWork(op, cover); err != nil {
			return err
		}
		if err := tx.PutCover(c); err != nil {
			return err
		}
		return s.audit(tx, by, "cover", "cover "+id, "")
	})
}

// EndCover ends a cover now.
func (s *Service) EndCover(ctx context.Context, by kerbside.User, id string) error {
	const op = "service.EndCover"
	if err := signedIn(op, by); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		covers, err := s.covers(tx, by)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(covers, func(c kerbside.Cover) bool { return c.ID == id })
		if i < 0 {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such cover in your team, or it has ended.", nil)
		}
		covers[i].Until = s.now()
		if err := tx.PutCover(covers[i]); err != nil {
			return err
		}
		return s.audit(tx, by, "end_cover", "cover "+id, "")
	})
}

// Covers lists what is in force in a manager's team, and what is to come, the latest start first.
func (s *Service) Covers(ctx context.Context, by kerbside.User) (covers []kerbside.Cover, err error) {
	const op = "service.Covers"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseReassign) == ReachNone {
		return nil, forbidden(op, refusals[UseReassign])
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		covers, err = s.covers(tx, by)
		return err
	})
	return covers, err
}

func (s *Service) covers(tx kerbside.Tx, by kerbside.User) ([]kerbside.Cover, error) {
	g, err := s.groundOf(tx, by)
	if err != nil {
		return nil, err
	}
	covers, err := tx.Covers(by.Org)
	return slices.DeleteFunc(covers, func(c kerbside.Cover) bool {
		return !c.Until.After(s.now()) || !g.reaches(reachOf(by, UseReassign), c.Of)
	}), err
}

// Staff are the people of a manager's team who are here.
type Staff struct {
	Team    []kerbside.User // whose visits the manager may give away
	Takers  []kerbside.User // of these: who may be given some
	Readers []kerbside.User // of the whole organisation: who may be named for a restricted case
}

// Staff lists whom a manager can choose from.
func (s *Service) Staff(ctx context.Context, by kerbside.User) (out Staff, err error) {
	const op = "service.Staff"
	if err := signedIn(op, by); err != nil {
		return out, err
	}
	if reachOf(by, UseReassign) == ReachNone {
		return out, forbidden(op, refusals[UseReassign])
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		out = Staff{}
		for _, u := range g.users {
			if u.Left() || reachOf(u, UseRead) == ReachNone {
				continue
			}
			out.Readers = append(out.Readers, u)
			if u.Team == by.Team {
				out.Team = append(out.Team, u)
			}
			if g.mayWork(op, u.ID) == nil {
				out.Takers = append(out.Takers, u)
			}
		}
		return nil
	})
	for _, list := range [][]kerbside.User{out.Team, out.Takers, out.Readers} {
		slices.SortFunc(list, func(a, b kerbside.User) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	}
	return out, err
}

// CaseToRestrict gives a case that a manager may restrict, and who is named for it now; nobody when it is not restricted.
func (s *Service) CaseToRestrict(ctx context.Context, by kerbside.User, id kerbside.CaseID) (c kerbside.Case, named []kerbside.UserID, err error) {
	const op = "service.CaseToRestrict"
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.restricts(tx, op, by, id)
		if err != nil {
			return err
		}
		named = g.restrictions[id]
		c, err = tx.Case(by.Org, id)
		return err
	})
	return c, named, err
}

// Restrict says who alone may know of a case and its visits; nobody named lifts it. A manager does, and is one of those named, so that somebody
// oversees it. Whoever worked on it and is not named has no access any more.
func (s *Service) Restrict(ctx context.Context, by kerbside.User, id kerbside.CaseID, named []kerbside.UserID) error {
	const op = "service.Restrict"
	slices.Sort(named)
	named = slices.Compact(named)
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		g, err := s.restricts(tx, op, by, id)
		if err != nil {
			return err
		}
		if want, ok := wantedRevisions(ctx); ok && !slices.Contains(want, restrictionRevision(id, g.restrictions[id])) {
			return stale(op)
		}
		if len(named) > 0 && !slices.Contains(named, by.ID) {
			return invalid(op, "Name yourself too, so that somebody oversees the case.")
		}
		for _, u := range named {
			if p, ok := g.users[u]; !ok || p.Left() {
				return kerbside.E(kerbside.CodeNotFound, op, "One of the people named is not here. Choose again.", nil)
			}
		}
		if err := tx.PutRestriction(by.Org, id, named); err != nil {
			return err
		}
		return s.audit(tx, by, "restrict", "case "+string(id), "")
	})
}
