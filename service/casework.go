package service

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// CaseHead is what each page of a case begins with.
type CaseHead struct {
	Case       kerbside.Case
	WorkerName string
	LastVisit  string // ISO 8601, the last completed visit in person, whoever made it; "" when there is none
	Due        string // ISO 8601, by which the next visit is due; "" when nothing is set
	Overdue    bool
	Today      string
	Visits     int        // that the person may read and that have a record
	Writing    []VisitRef // that are still being written, and so are left out
	// Unread is the day of the last visit where it is later than all that the person may read: somebody else was there since.
	Unread string
}

// VisitRef names a visit of a case.
type VisitRef struct {
	Visit      kerbside.VisitID
	Day        string // ISO 8601; that of the recording where nobody said which day it was
	WorkerName string
	Approved   bool // as it is
}

// Spot is where something stands: a visit, and the words in it.
type Spot struct {
	VisitRef
	Evidence []kerbside.Evidence
	Sources  []string // transcripts of the visit's record, in the order in which its page shows them
}

// ActionView is an action of a visit's record and what became of it.
type ActionView struct {
	Spot
	ID         string
	CaseID     kerbside.CaseID
	CaseName   string
	Text       string
	Owner      string
	Ours       bool   // the worker, or the service, owes it
	Due        string // ISO 8601 or ""
	DueText    string // the words, where they resolve to no day
	Overdue    bool
	Done       bool // the record says so, or somebody ticked it off
	TickedBy   string
	TickedAt   time.Time
	MayTick    bool
	Restricted bool // the words say that it is to be kept from somebody
}

// caseVisit is a visit of a case with its record, which is current.
type caseVisit struct {
	bundle
	ref   VisitRef
	ticks map[string]kerbside.Document // by the action's id
}

func (v *caseVisit) spot(e []kerbside.Evidence) Spot {
	return Spot{VisitRef: v.ref, Evidence: e, Sources: v.record.Source.Transcripts}
}

// counts reports whether an item is part of the record: what a model alone proposed is not, nor what a person rejected.
func counts(standing string) bool {
	return standing != kerbside.Proposed && standing != kerbside.Rejected
}

// readCase gives f a case that the person may work with, and the visits of it that they may read, newest first; that it was read is audited.
func (s *Service) readCase(ctx context.Context, op string, by kerbside.User, id kerbside.CaseID, page string, f func(tx kerbside.Tx, g ground, head CaseHead, visits []*caseVisit) error) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseCaseWork) == ReachNone {
		return forbidden(op, "Only workers, reviewers and managers see what was said over the visits of a case.")
	}
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		c, err := tx.Case(by.Org, id)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.mayWorkOn(c) {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such case, or it is not one of yours. Go back to the list.", nil)
		}
		if err != nil {
			return err
		}
		head, visits, err := s.caseVisits(tx, g, c)
		if err != nil {
			return err
		}
		return f(tx, g, head, visits)
	})
	if err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		return s.audit(tx, by, "read_case", "case "+string(id)+" "+page, "")
	})
}

func (g ground) mayWorkOn(c kerbside.Case) bool {
	return g.named(c.ID) && (c.Worker == "" || g.reaches(reachOf(g.by, UseCaseWork), c.Worker))
}

func (s *Service) caseVisits(tx kerbside.Tx, g ground, c kerbside.Case) (head CaseHead, out []*caseVisit, err error) {
	head = CaseHead{Case: c, WorkerName: g.users[c.Worker].Name, Today: s.now().Format(time.DateOnly)}
	last, err := lastVisits(tx, c.Org, []kerbside.Case{c})
	if err != nil {
		return head, nil, err
	}
	head.LastVisit = last[c.ID]
	head.Due = dueOf(c, head.LastVisit)
	head.Overdue = head.Due != "" && head.Due < head.Today
	visits, err := tx.Visits(c.Org, kerbside.VisitFilter{Cases: []kerbside.CaseID{c.ID}})
	if err != nil {
		return head, nil, err
	}
	for _, v := range visits {
		if !g.visit(UseRead, v) || v.State == kerbside.VisitOpen {
			continue
		}
		cv, err := loadCaseVisit(tx, g, v)
		switch {
		case err != nil:
			return head, nil, err
		case cv.record != nil:
			out = append(out, cv)
		case v.State == kerbside.VisitProcessing || v.State == kerbside.VisitFailed:
			head.Writing = append(head.Writing, cv.ref)
		}
	}
	slices.SortStableFunc(out, func(a, b *caseVisit) int {
		return cmp.Or(strings.Compare(b.ref.Day, a.ref.Day), b.visit.CreatedAt.Compare(a.visit.CreatedAt))
	})
	head.Visits = len(out)
	newest := ""
	for _, v := range out {
		newest = max(newest, v.ref.Day)
	}
	for _, v := range head.Writing {
		newest = max(newest, v.Day)
	}
	if head.LastVisit > newest {
		head.Unread = head.LastVisit
	}
	return head, out, nil
}

// loadCaseVisit reads what lists over visits need: the record while it is current, statements and ticks.
func loadCaseVisit(tx kerbside.Tx, g ground, v kerbside.Visit) (*caseVisit, error) {
	cv := &caseVisit{bundle: bundle{visit: v}, ticks: map[string]kerbside.Document{}}
	cv.ref = VisitRef{Visit: v.ID, Day: cmp.Or(v.Date, v.CreatedAt.Format(time.DateOnly)), WorkerName: g.users[v.Worker].Name, Approved: v.State == kerbside.VisitApproved || v.State == kerbside.VisitLocked}
	switch v.State {
	case kerbside.VisitDrafted, kerbside.VisitReturned, kerbside.VisitApproved, kerbside.VisitLocked:
	default: // what is being made anew may hold words that were taken out
		return cv, nil
	}
	if err := cv.loadConsent(tx); err != nil || cv.stopped() {
		return cv, err
	}
	if err := cv.loadRecord(tx); err != nil || cv.record == nil {
		return cv, err
	}
	cv.ref.Day = cmp.Or(cv.record.Visit.Date.Value, cv.ref.Day)
	var err error
	if cv.statements, err = tx.Statements(v.Org, v.ID); err != nil {
		return nil, err
	}
	ticks, err := tx.LatestDocuments(v.Org, v.ID, kerbside.DocTick)
	for _, d := range ticks {
		cv.ticks[d.Key] = d
	}
	return cv, err
}

// actions are what was to be done, as the record has it, and what became of it.
func (v *caseVisit) actions(g ground, c kerbside.Case, today string) ([]ActionView, error) {
	var out []ActionView
	for _, a := range v.record.Actions {
		if !counts(a.Standing) {
			continue
		}
		view := ActionView{
			Spot: v.spot(a.Evidence), ID: a.ID, CaseID: c.ID, CaseName: c.Name, Text: a.Text, Owner: a.Owner, Ours: v.ours(a.Owner), Due: a.Due.Date,
			Done: a.Status == kerbside.Done, Restricted: a.Restricted != nil,
		}
		if a.Due.Date == "" {
			view.DueText = a.Due.Text
		}
		if d, ok := v.ticks[a.ID]; ok {
			var t kerbside.Tick
			if err := decode(d, &t); err != nil {
				return nil, err
			}
			view.Done = t.Done
			if t.Done {
				view.TickedBy, view.TickedAt = g.users[d.Author].Name, d.At
			}
		}
		view.MayTick = g.visit(UseTick, v.visit) && a.Status != kerbside.Done
		view.Overdue = !view.Done && view.Due != "" && view.Due < today
		out = append(out, view)
	}
	return out, nil
}

// ours reports whether an owner, as spoken, is the worker or the service.
func (v *caseVisit) ours(owner string) bool {
	switch strings.ToLower(owner) {
	case "worker", "social worker", "children's services", "social services":
		return true
	}
	return strings.EqualFold(owner, v.ref.WorkerName)
}

// byDue orders actions: overdue first, then by day, those without a day last.
func byDue(a, b ActionView) int {
	if (a.Due == "") != (b.Due == "") {
		return strings.Compare(b.Due, a.Due)
	}
	return cmp.Or(strings.Compare(a.Due, b.Due), strings.Compare(a.Day, b.Day))
}

// Tick takes a person's word that an action was done, or with undo that it was not. The record and its approval stay as they are.
func (s *Service) Tick(ctx context.Context, by kerbside.User, id kerbside.VisitID, action string, undo bool) error {
	const op = "service.Tick"
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		v, err := s.permitted(tx, op, by, UseTick, id)
		if err != nil {
			return err
		}
		cv, err := loadCaseVisit(tx, ground{by: by}, v)
		if err != nil {
			return err
		}
		if cv.record == nil || !slices.ContainsFunc(cv.record.Actions, func(a kerbside.Action) bool {
			return a.ID == action && counts(a.Standing) && a.Status != kerbside.Done
		}) {
			return conflict(op, "This action is not in the record any more, or it was done already. Reload the page.")
		}
		before, version := kerbside.Tick{}, 1
		if d, ok := cv.ticks[action]; ok {
			version = d.Version + 1
			if err := decode(d, &before); err != nil {
				return err
			}
		}
		if before.Done == !undo {
			return conflict(op, "Somebody said so already. Reload the page.")
		}
		if err := s.addDocument(tx, v, kerbside.DocTick, action, version, kerbside.Tick{Done: !undo}, func(d *kerbside.Document) { d.Author = by.ID }); err != nil {
			return err
		}
		verb := "tick"
		if undo {
			verb = "tick_undo"
		}
		if err := s.audit(tx, by, verb, "action "+action, id); err != nil {
			return err
		}
		return s.digest(tx, v)
	})
}
