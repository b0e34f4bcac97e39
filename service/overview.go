package service

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// Overview is how a team's recording goes, by month. Nobody is named in it, and it is by month and team only.
type Overview struct {
	Team    string // its name; "" when it has none
	Months  []MonthFigures
	Cases   int // with a day by which their visit is due
	Overdue int // of them
	Open    int // visits that are written and not approved
	Actions int // overdue ones that the service owes
	Capped  bool
}

// MonthFigures are those of the visits of one month.
type MonthFigures struct {
	Month    string // "2026-03"
	Visits   int    // with a record
	Approved int    // of them
	Median   time.Duration
	Slow     time.Duration // three quarters took no longer
	Followed int           // visits of cases that have an interval, after an earlier one
	Late     int           // of them, later than the interval says
	Words    int           // spoken
	Doubts   int           // of them, under a record and doubtful
}

const (
	overviewMonths = 12
	maxOverview    = 20_000 // visits that are looked through, the newest first
)

// Overview gives the figures of the person's team over the last twelve months.
func (s *Service) Overview(ctx context.Context, by kerbside.User) (*Overview, error) {
	const op = "service.Overview"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseOverview) == ReachNone {
		return nil, forbidden(op, "Only managers see the figures of a team.")
	}
	var o *Overview
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		o, err = s.overview(tx, g)
		return err
	})
	return o, err
}

func (s *Service) overview(tx kerbside.Tx, g ground) (*Overview, error) {
	o := &Overview{}
	now := s.now()
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, 1-overviewMonths, 0)
	// Half a year more, so that the first months know the visit before.
	visits, err := tx.Visits(g.by.Org, kerbside.VisitFilter{Workers: g.owners(UseOverview), From: first.AddDate(0, -6, 0).Format(time.DateOnly), Limit: maxOverview,
		States: []kerbside.VisitState{kerbside.VisitDrafted, kerbside.VisitReturned, kerbside.VisitApproved, kerbside.VisitLocked}})
	if err != nil {
		return nil, err
	}
	o.Capped = len(visits) == maxOverview
	visits = slices.DeleteFunc(visits, func(v kerbside.Visit) bool { return !g.visit(UseOverview, v) })
	sums, err := digests(tx, g.by.Org, visits)
	if err != nil {
		return nil, err
	}
	cases, err := tx.Cases(g.by.Org)
	if err != nil {
		return nil, err
	}
	if err := o.cases(tx, g, cases, now); err != nil {
		return nil, err
	}
	months := map[string]*monthSum{}
	for m := first; !m.After(now); m = m.AddDate(0, 1, 0) {
		x := &monthSum{MonthFigures: MonthFigures{Month: m.Format("2006-01")}}
		months[x.Month] = x
	}
	teams, err := tx.Teams(g.by.Org)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		if t.ID == g.by.Team {
			o.Team = t.Name
		}
	}
	today := now.Format(time.DateOnly)
	for _, v := range visits {
		d, known := sums[v.ID]
		if !known {
			continue
		}
		if d.Approved.IsZero() {
			o.Open++
		}
		for _, a := range d.Actions {
			if a.Ours && a.Due != "" && a.Due < today {
				o.Actions++
			}
		}
		if m := months[d.Day[:min(7, len(d.Day))]]; m != nil {
			m.add(d)
		}
	}
	intervals(cases, visits, sums, months)
	for _, m := range months {
		o.Months = append(o.Months, m.figures())
	}
	slices.SortFunc(o.Months, func(a, b MonthFigures) int { return strings.Compare(a.Month, b.Month) })
	return o, nil
}

// cases counts those whose visit is overdue now.
func (o *Overview) cases(tx kerbside.Tx, g ground, cases []kerbside.Case, now time.Time) error {
	mine := slices.DeleteFunc(slices.Clone(cases), func(c kerbside.Case) bool {
		return !g.named(c.ID) || c.Worker == "" || !g.reaches(reachOf(g.by, UseOverview), c.Worker)
	})
	last, err := lastVisits(tx, g.by.Org, mine)
	for _, c := range mine {
		if due := dueOf(c, last[c.ID]); due != "" {
			o.Cases++
			if due < now.Format(time.DateOnly) {
				o.Overdue++
			}
		}
	}
	return err
}

type monthSum struct {
	MonthFigures
	took []time.Duration
}

func (m *monthSum) add(d digestOf) {
	m.Visits++
	m.Words += d.Words
	m.Doubts += d.Doubts
	if !d.Approved.IsZero() && !d.Spoken.IsZero() {
		m.Approved++
		m.took = append(m.took, max(0, d.Approved.Sub(d.Spoken)))
	}
}

func (m *monthSum) figures() MonthFigures {
	if n := len(m.took); n > 0 {
		slices.Sort(m.took)
		m.Median, m.Slow = m.took[(n-1)/2], m.took[(3*n-1)/4]
	}
	return m.MonthFigures
}

// intervals counts, by the month of the later one, how often a visit came later after the one before than its case's interval says.
func intervals(cases []kerbside.Case, visits []kerbside.Visit, sums map[kerbside.VisitID]digestOf, months map[string]*monthSum) {
	days := map[kerbside.CaseID][]string{}
	for _, v := range visits {
		if d := sums[v.ID]; d.Visited && v.Case != "" {
			days[v.Case] = append(days[v.Case], d.Day)
		}
	}
	for _, c := range cases {
		list := days[c.ID]
		slices.SortFunc(list, cmp.Compare[string])
		list = slices.Compact(list)
		for i := 1; i < len(list) && c.IntervalDays > 0; i++ {
			before, err := time.Parse(time.DateOnly, list[i-1])
			m := months[list[i][:min(7, len(list[i]))]]
			if err != nil || m == nil {
				continue
			}
			m.Followed++
			if list[i] > before.AddDate(0, 0, c.IntervalDays).Format(time.DateOnly) {
				m.Late++
			}
		}
	}
}
