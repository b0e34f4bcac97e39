package service

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// ActionList is what is to be done over many visits.
type ActionList struct {
	Open []ActionView // overdue first, then by day, those without a day last
	Done []ActionView // ticked off in the last two weeks, the newest first
	More bool         // there are more visits with open actions than are looked at; those due first are
	Team bool         // of the whole team
}

const (
	maxActionVisits = 300
	tickedFor       = 14 * 24 * time.Hour
)

// Actions lists what came of a person's own visits and is still to be done; with team, of the visits of everybody whom they may tick actions off for.
func (s *Service) Actions(ctx context.Context, by kerbside.User, team bool) (l ActionList, err error) {
	const op = "service.Actions"
	if err := mayTick(op, by); err != nil {
		return l, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		l, _, err = s.actions(tx, by, team)
		return err
	})
	return l, err
}

func mayTick(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseTick) == ReachNone {
		return forbidden(op, "Only workers, reviewers and managers have actions here.")
	}
	return nil
}

func (s *Service) actions(tx kerbside.Tx, by kerbside.User, team bool) (l ActionList, visits []*caseVisit, err error) {
	l.Team = team && reachOf(by, UseTick) == ReachTeam
	g, err := s.groundOf(tx, by)
	if err != nil {
		return l, nil, err
	}
	with, more, err := s.visitsWithActions(tx, g, l.Team)
	if err != nil {
		return l, nil, err
	}
	l.More = more
	cases, err := tx.Cases(by.Org)
	if err != nil {
		return l, nil, err
	}
	known := map[kerbside.CaseID]kerbside.Case{}
	for _, c := range cases {
		known[c.ID] = c
	}
	now := s.now()
	for _, v := range with {
		cv, err := loadCaseVisit(tx, g, v)
		if err != nil {
			return l, nil, err
		}
		if cv.record == nil {
			continue
		}
		visits = append(visits, cv)
		c := known[v.Case]
		list, err := cv.actions(g, c, now.Format(time.DateOnly))
		if err != nil {
			return l, nil, err
		}
		for _, a := range list {
			switch {
			case !a.Done:
				l.Open = append(l.Open, a)
			case now.Sub(a.TickedAt) < tickedFor:
				l.Done = append(l.Done, a)
			}
		}
	}
	slices.SortStableFunc(l.Open, byDue)
	slices.SortStableFunc(l.Done, func(a, b ActionView) int { return b.TickedAt.Compare(a.TickedAt) })
	return l, visits, nil
}

// visitsWithActions gives the visits that have open actions, or had one ticked off lately: what is due first comes first.
func (s *Service) visitsWithActions(tx kerbside.Tx, g ground, team bool) (out []kerbside.Visit, more bool, err error) {
	owners := slices.DeleteFunc(g.owners(UseTick), func(u kerbside.UserID) bool { return !team && !g.own(u) })
	visits, err := tx.Visits(g.by.Org, kerbside.VisitFilter{Workers: owners, States: []kerbside.VisitState{kerbside.VisitDrafted, kerbside.VisitReturned, kerbside.VisitApproved, kerbside.VisitLocked}})
	if err != nil {
		return nil, false, err
	}
	sums, err := digests(tx, g.by.Org, visits)
	if err != nil {
		return nil, false, err
	}
	now := s.now()
	due := map[kerbside.VisitID]string{}
	for _, v := range visits {
		d, known := sums[v.ID]
		if !g.visit(UseTick, v) || known && len(d.Actions) == 0 && now.Sub(d.Ticked) >= tickedFor {
			continue
		}
		first := "9999"
		for _, a := range d.Actions {
			if a.Due != "" {
				first = min(first, a.Due)
			}
		}
		due[v.ID] = first
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(a, b kerbside.Visit) int {
		return cmp.Or(strings.Compare(due[a.ID], due[b.ID]), b.CreatedAt.Compare(a.CreatedAt))
	})
	return out[:min(len(out), maxActionVisits)], len(out) > maxActionVisits, nil
}

// Calendar gives the open actions that have a day, and the next visits, for a calendar.
func (s *Service) Calendar(ctx context.Context, by kerbside.User, team bool) (File, error) {
	const op = "service.Calendar"
	if err := mayTick(op, by); err != nil {
		return File{}, err
	}
	var dossiers []*kerbside.Dossier
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		dossiers = nil
		l, visits, err := s.actions(tx, by, team)
		if err != nil {
			return err
		}
		open := map[string]bool{}
		for _, a := range l.Open {
			open[string(a.Visit)+" "+a.ID] = true
		}
		today := s.now().Format(time.DateOnly)
		for _, v := range visits {
			r := *v.record
			r.Actions = slices.DeleteFunc(slices.Clone(r.Actions), func(a kerbside.Action) bool { return !open[string(v.visit.ID)+" "+a.ID] })
			if r.Visit.NextVisit.Value < today {
				r.Visit.NextVisit = kerbside.Fact{Value: kerbside.NotStated}
			}
			dossiers = append(dossiers, &kerbside.Dossier{Visit: v.visit.ID, Record: &r, At: s.now()})
		}
		what := "calendar mine"
		if l.Team {
			what = "calendar team"
		}
		return s.audit(tx, by, "export", what, "")
	})
	if err != nil {
		return File{}, err
	}
	var out bytes.Buffer
	if err := s.d.Exporter.Calendar(&out, dossiers); err != nil {
		return File{}, err
	}
	return File{Name: "actions-" + s.now().Format(time.DateOnly) + ".ics", Type: "text/calendar; charset=utf-8", Body: out.Bytes()}, nil
}
