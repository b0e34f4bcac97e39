package service

import (
	"context"
	"strings"
	"time"

	"kerbside"
)

// HoldView is a legal hold on a case.
type HoldView struct {
	ID        string
	Reason    string
	ByName    string
	At        time.Time
	Ended     bool
	EndReason string
	EndByName string
	EndAt     time.Time
}

// PlaceHold places a legal hold on a case: nothing of its visits is deleted until it is ended, by whomever or whatever policy. A manager does.
func (s *Service) PlaceHold(ctx context.Context, by kerbside.User, id kerbside.CaseID, reason string) error {
	const op = "service.PlaceHold"
	hold, err := s.newID("h")
	if err != nil {
		return err
	}
	return s.holdEvent(ctx, op, by, id, kerbside.HoldEvent{Hold: hold, Reason: reason}, "hold")
}

// EndHold ends a hold that is in force.
func (s *Service) EndHold(ctx context.Context, by kerbside.User, id kerbside.CaseID, hold, reason string) error {
	const op = "service.EndHold"
	return s.holdEvent(ctx, op, by, id, kerbside.HoldEvent{Hold: hold, End: true, Reason: reason}, "end_hold")
}

func (s *Service) holdEvent(ctx context.Context, op string, by kerbside.User, id kerbside.CaseID, e kerbside.HoldEvent, action string) error {
	e.Reason = strings.TrimSpace(e.Reason)
	if err := wanted(op, e.Reason, MaxAnswer); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if _, err := s.keptCase(tx, op, by, UseHold, id); err != nil {
			return err
		}
		if e.End {
			holds, err := activeHolds(tx, by.Org, id)
			if err != nil {
				return err
			}
			if !holds[e.Hold] {
				return conflict(op, "There is no such hold on this case, or it has ended. Reload the page.")
			}
		}
		if _, err := s.addLedger(tx, by, kerbside.LedgerHold, string(id), e); err != nil {
			return err
		}
		return s.audit(tx, by, action, "hold "+e.Hold+" case "+string(id), "")
	})
}

// keptCase gives a case that the person may put to a use. Whoever may not know of it is told that there is none.
func (s *Service) keptCase(tx kerbside.Tx, op string, by kerbside.User, u Use, id kerbside.CaseID) (c kerbside.Case, err error) {
	if err := signedIn(op, by); err != nil {
		return c, err
	}
	if reachOf(by, u) == ReachNone {
		return c, forbidden(op, refusals[u])
	}
	g, err := s.groundOf(tx, by)
	if err != nil {
		return c, err
	}
	c, err = tx.Case(by.Org, id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.mayChoose(c) {
		err = kerbside.E(kerbside.CodeNotFound, op, "There is no such case, or it is not one of yours.", nil)
	}
	return c, err
}

// activeHolds are the ids of the holds in force on a case.
func activeHolds(tx kerbside.Tx, org kerbside.OrganisationID, id kerbside.CaseID) (map[string]bool, error) {
	if id == "" { // a visit of no case
		return nil, nil
	}
	_, events, err := readLedger[kerbside.HoldEvent](tx, org, kerbside.LedgerHold, string(id))
	out := map[string]bool{}
	for _, e := range events {
		if e.End {
			delete(out, e.Hold)
		} else {
			out[e.Hold] = true
		}
	}
	return out, err
}

// heldCases are the cases with a hold in force.
func heldCases(tx kerbside.Tx, org kerbside.OrganisationID) (map[kerbside.CaseID]bool, error) {
	lines, events, err := readLedger[kerbside.HoldEvent](tx, org, kerbside.LedgerHold, "")
	active := map[kerbside.CaseID]map[string]bool{}
	for i, e := range events {
		id := kerbside.CaseID(lines[i].Subject)
		if active[id] == nil {
			active[id] = map[string]bool{}
		}
		if e.End {
			delete(active[id], e.Hold)
		} else {
			active[id][e.Hold] = true
		}
	}
	out := map[kerbside.CaseID]bool{}
	for id, holds := range active {
		if len(holds) > 0 {
			out[id] = true
		}
	}
	return out, err
}

// held reports whether a visit is under a hold: by its own case, or by that of the visit that it adds to.
func held(tx kerbside.Tx, v kerbside.Visit) (bool, error) {
	for range 100 { // addenda to addenda end some time
		holds, err := activeHolds(tx, v.Org, v.Case)
		if err != nil || len(holds) > 0 {
			return len(holds) > 0, err
		}
		if v.AddendumTo == "" {
			return false, nil
		}
		if v, err = tx.Visit(v.Org, v.AddendumTo); err != nil {
			return false, err
		}
	}
	return true, nil
}

const heldMessage = "This case is under a legal hold, so nothing of it may be deleted or moved to another case. A manager can end the hold."

// notHeld refuses what would delete or move something that is held.
func notHeld(tx kerbside.Tx, op string, v kerbside.Visit) error {
	h, err := held(tx, v)
	if err == nil && h {
		err = conflict(op, heldMessage)
	}
	return err
}

func holdViews(tx kerbside.Tx, org kerbside.OrganisationID, id kerbside.CaseID, names map[kerbside.UserID]string) ([]HoldView, error) {
	lines, events, err := readLedger[kerbside.HoldEvent](tx, org, kerbside.LedgerHold, string(id))
	var out []HoldView
	at := map[string]int{}
	for i, e := range events {
		if !e.End {
			at[e.Hold] = len(out)
			out = append(out, HoldView{ID: e.Hold, Reason: e.Reason, ByName: names[lines[i].By], At: lines[i].At})
		} else if n, ok := at[e.Hold]; ok {
			out[n].Ended, out[n].EndReason, out[n].EndByName, out[n].EndAt = true, e.Reason, names[lines[i].By], lines[i].At
		}
	}
	return out, err
}
