package service

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// AlertKind sorts what somebody responsible should look at.
type AlertKind string

// The kinds, in the order in which they are shown.
const (
	AlertUrgent   AlertKind = "urgent"          // the words of a visit ask for attention; no threshold is decided
	AlertOverdue  AlertKind = "overdue_visit"   // a case's visit was due
	AlertStuck    AlertKind = "stuck"           // a stage gave up, or a visit is being written for long
	AlertApproval AlertKind = "waits_approval"  // written, and not approved for days
	AlertReview   AlertKind = "waits_review"    // approved, and not reviewed for days
	AlertAction   AlertKind = "overdue_actions" // what the service said it would do is overdue
)

var alertOrder = []AlertKind{AlertUrgent, AlertOverdue, AlertStuck, AlertAction, AlertApproval, AlertReview}

const maxAlertVisits = 1000 // visits that are looked through, the newest first

// Alert is one reason to look at a visit or a case.
type Alert struct {
	Key        kerbside.AlertKey
	Kind       AlertKind
	Visit      kerbside.Visit // zero when it is about a case
	Day        string         // of the visit, ISO 8601; "" while no record says
	CaseID     kerbside.CaseID
	CaseName   string
	WorkerName string
	Since      time.Time // when it arose
	N          int       // overdue actions
	SeenBy     string    // who looks after it; "" while nobody does
	SeenAt     time.Time
}

// Alerts gives what the person is responsible for and should look at: a worker's own, a manager's team's. What somebody has seen comes last.
func (s *Service) Alerts(ctx context.Context, by kerbside.User) (list []Alert, err error) {
	const op = "service.Alerts"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if reachOf(by, UseAlerts) == ReachNone {
		return nil, forbidden(op, "There are no alerts for you here.")
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		list, err = s.alerts(tx, by.Org, g.responsible())
		return err
	})
	return list, err
}

// SeeAlert takes a person's word that they have seen an alert and look after it.
func (s *Service) SeeAlert(ctx context.Context, by kerbside.User, kind AlertKind, object string) error {
	const op = "service.SeeAlert"
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseAlerts) == ReachNone {
		return forbidden(op, "There are no alerts for you here.")
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		list, err := s.alerts(tx, by.Org, g.responsible())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(a Alert) bool { return a.Kind == kind && a.Key.Object == object })
		if i < 0 {
			return conflict(op, "This is settled meanwhile, or not yours to look after. Reload the page.")
		}
		if list[i].SeenBy != "" {
			return conflict(op, "Somebody looks after this already. Reload the page.")
		}
		if err := tx.AddAlertSeen(kerbside.AlertSeen{Key: list[i].Key, By: by.ID, At: s.now()}); err != nil {
			return err
		}
		return s.audit(tx, by, "see_alert", string(kind)+" "+object, list[i].Visit.ID)
	})
}

// SetAlerts puts a policy in force, from now on and for everything that waits already. version is the one that it replaces; another one is in force already is
// CodeConflict.
func (s *Service) SetAlerts(ctx context.Context, by kerbside.User, p kerbside.AlertPolicy, version int) error {
	const op = "service.SetAlerts"
	if err := administers(op, by); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		now, err := alertPolicy(tx, by.Org)
		if err != nil {
			return err
		}
		if now.Version != version {
			return conflict(op, "Somebody set another policy meanwhile. Reload the page and read it.")
		}
		p.Version = version + 1
		if _, err := s.addLedger(tx, by, kerbside.LedgerAlerts, "", p); err != nil {
			return err
		}
		return s.audit(tx, by, "set_alerts", "policy "+number(p.Version), "")
	})
}

// alertPolicy is the policy in force.
func alertPolicy(tx kerbside.Tx, org kerbside.OrganisationID) (kerbside.AlertPolicy, error) {
	_, p, err := newest[kerbside.AlertPolicy](tx, org, kerbside.LedgerAlerts)
	if p.Version == 0 {
		p = kerbside.UsualAlerts()
	}
	return p, err
}

// responsible is who is told: whose visits and cases count. The zero value has all of an organisation.
type responsible struct {
	owners []kerbside.UserID // nil: everybody
	visit  func(kerbside.Visit) bool
	ofCase func(kerbside.Case) bool
	users  map[kerbside.UserID]kerbside.User
}

func (g ground) responsible() responsible {
	return responsible{
		owners: g.owners(UseAlerts), users: g.users,
		visit: func(v kerbside.Visit) bool { return g.visit(UseAlerts, v) },
		ofCase: func(c kerbside.Case) bool { // a case without a worker is the managers'
			r := reachOf(g.by, UseAlerts)
			return g.named(c.ID) && (c.Worker == "" && r == ReachTeam || c.Worker != "" && g.reaches(r, c.Worker))
		},
	}
}

func (s *Service) alerts(tx kerbside.Tx, org kerbside.OrganisationID, who responsible) ([]Alert, error) {
	visits, err := tx.Visits(org, kerbside.VisitFilter{Workers: who.owners, Limit: maxAlertVisits,
		States: []kerbside.VisitState{kerbside.VisitProcessing, kerbside.VisitFailed, kerbside.VisitDrafted, kerbside.VisitReturned, kerbside.VisitApproved}})
	if err != nil {
		return nil, err
	}
	visits = slices.DeleteFunc(visits, func(v kerbside.Visit) bool { return !who.visit(v) })
	sums, err := digests(tx, org, visits)
	if err != nil {
		return nil, err
	}
	policy, err := alertPolicy(tx, org)
	if err != nil {
		return nil, err
	}
	var out []Alert
	for _, v := range visits {
		out = append(out, s.alertsOf(v, sums[v.ID], policy)...)
	}
	cases, err := tx.Cases(org)
	if err != nil {
		return nil, err
	}
	names := map[kerbside.CaseID]string{}
	for _, c := range cases {
		names[c.ID] = c.Name
	}
	cases = slices.DeleteFunc(cases, func(c kerbside.Case) bool { return !who.ofCase(c) })
	last, err := lastVisits(tx, org, cases)
	if err != nil {
		return nil, err
	}
	today := s.now().Format(time.DateOnly)
	for _, c := range cases {
		if due := dueOf(c, last[c.ID]); due != "" && due < today {
			since, _ := time.Parse(time.DateOnly, due) // it is one, or empty
			out = append(out, Alert{Key: kerbside.AlertKey{Object: string(c.ID) + " " + due}, Kind: AlertOverdue, CaseID: c.ID, Since: since.AddDate(0, 0, 1), WorkerName: who.users[c.Worker].Name})
		}
	}
	for i := range out {
		a := &out[i]
		a.Key.Org, a.Key.Kind = org, string(a.Kind)
		a.CaseName = names[a.CaseID]
		if a.Visit.ID != "" {
			a.WorkerName = who.users[a.Visit.Worker].Name
		}
	}
	return seenAlerts(tx, org, out, who.users)
}

// alertsOf are what one visit gives rise to. The object of each changes when the reason is a new one, so that what was seen once does not hide what came later.
func (s *Service) alertsOf(v kerbside.Visit, d digestOf, p kerbside.AlertPolicy) []Alert {
	now := s.now()
	var out []Alert
	add := func(k AlertKind, since time.Time, mark string) *Alert {
		out = append(out, Alert{Key: kerbside.AlertKey{Object: string(v.ID) + " " + mark}, Kind: k, Visit: v, Day: d.Day, CaseID: v.Case, Since: since})
		return &out[len(out)-1]
	}
	changed := fmt.Sprint(v.UpdatedAt.Unix())
	if d.Urgent != "" {
		add(AlertUrgent, d.UrgentAt, d.Urgent)
	}
	const hour, day = time.Hour, 24 * time.Hour
	switch waits := now.Sub(v.UpdatedAt); {
	case v.State == kerbside.VisitFailed, v.State == kerbside.VisitProcessing && waits > time.Duration(p.Writing)*hour:
		add(AlertStuck, v.UpdatedAt, changed)
	case (v.State == kerbside.VisitDrafted || v.State == kerbside.VisitReturned) && waits > time.Duration(p.Approval)*day:
		add(AlertApproval, v.UpdatedAt, changed)
	case v.State == kerbside.VisitApproved && waits > time.Duration(p.Review)*day:
		add(AlertReview, v.UpdatedAt, changed)
	}
	late, first, newest := 0, "9999", ""
	for _, a := range d.Actions {
		if a.Ours && a.Due != "" && a.Due < now.Format(time.DateOnly) {
			late++
			first, newest = min(first, a.Due), max(newest, a.Due)
		}
	}
	if late > 0 {
		since, _ := time.Parse(time.DateOnly, first)
		add(AlertAction, since.AddDate(0, 0, 1), newest).N = late
	}
	return out
}

// seenAlerts adds who has seen what, and orders: unseen first, by kind, the oldest first.
func seenAlerts(tx kerbside.Tx, org kerbside.OrganisationID, list []Alert, users map[kerbside.UserID]kerbside.User) ([]Alert, error) {
	objects := make([]string, len(list))
	for i, a := range list {
		objects[i] = a.Key.Object
	}
	seen, err := tx.AlertsSeen(org, objects)
	if err != nil {
		return nil, err
	}
	for _, x := range seen {
		for i := range list {
			if list[i].Key == x.Key {
				list[i].SeenBy, list[i].SeenAt = cmp.Or(users[x.By].Name, "somebody"), x.At
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Alert) int {
		if (a.SeenBy == "") != (b.SeenBy == "") {
			return strings.Compare(a.SeenBy, b.SeenBy) // "" comes first
		}
		return cmp.Or(cmp.Compare(slices.Index(alertOrder, a.Kind), slices.Index(alertOrder, b.Kind)), a.Since.Compare(b.Since))
	})
	return list, nil
}
