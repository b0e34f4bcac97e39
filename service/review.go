package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kerbside"
)

// Approve is the worker's word that exact versions are right: all of the newest. Versions that were superseded meanwhile are
// CodeConflict; critical items that were not confirmed are CodeInvalid.
func (s *Service) Approve(ctx context.Context, by kerbside.User, id kerbside.VisitID, in ApproveInput) error {
	const op = "service.Approve"
	return s.decide(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		if _, err := s.workable(tx, op, by, id); err != nil {
			return err
		}
		if _, err := s.permitted(tx, op, by, UseApprove, id); err != nil {
			return err
		}
		if err := b.decidable(op, in.Covers, kerbside.VisitDrafted, kerbside.VisitReturned); err != nil {
			return err
		}
		if b.consentState() == ConsentMissing {
			return invalid(op, "Others were recorded in this visit. Note who agreed to it, then approve.")
		}
		left := 0
		for _, c := range criticalItems(b.record) {
			if !slices.Contains(in.Confirmed, c.ID) && !b.played(by.ID, c.Evidence) {
				left++
			}
		}
		for _, o := range b.openDoubts() {
			if !slices.Contains(in.Confirmed, o.ID) && !b.played(by.ID, askedOf(o)) {
				left++
			}
		}
		for _, o := range b.openReworded() {
			if o.Required && !slices.Contains(in.Confirmed, o.ID) {
				left++
			}
		}
		if left > 0 {
			return invalid(op, fmt.Sprintf("%d points, important ones or words that we are unsure of, have been neither listened to nor confirmed yet. Confirm them, then approve.", left))
		}
		next := kerbside.VisitApproved
		if len(b.second(s.now())) == 0 { // the policy asks for no second person
			next = kerbside.VisitLocked
		}
		known := b.confirmable()
		var confirmed kerbside.List[string]
		for _, c := range in.Confirmed {
			if known[c] && !slices.Contains(confirmed, c) {
				confirmed = append(confirmed, c)
			}
		}
		return s.addReview(tx, by, b, kerbside.Review{Action: kerbside.ReviewApprove, Covers: in.Covers, Confirmed: confirmed}, next)
	})
}

// confirmable are the ids that a person can say to have heard or checked.
func (b *bundle) confirmable() map[string]bool {
	ids := map[string]bool{}
	for _, o := range b.open() {
		ids[o.ID] = true
	}
	return ids
}

// Review is the second person's decision about the exact versions that were approved: neither the visit's worker nor who approved
// may make it. A review locks the visit; to return it needs a comment.
func (s *Service) Review(ctx context.Context, by kerbside.User, id kerbside.VisitID, in ReviewInput) error {
	const op = "service.Review"
	comment := strings.TrimSpace(in.Comment)
	if err := checkText(op, comment, MaxAnswer); err != nil {
		return err
	}
	next := kerbside.VisitLocked
	switch in.Action {
	case kerbside.ReviewLock:
	case kerbside.ReviewReturn:
		next = kerbside.VisitReturned
		if comment == "" {
			return invalid(op, "Say what should be changed, then return it.")
		}
	default:
		return invalid(op, "Choose whether to accept this visit or to return it.")
	}
	return s.decide(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		if _, err := s.permitted(tx, op, by, UseReview, id); err != nil {
			return err
		}
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		approval := b.approval()
		wrote, err := b.wrote(tx, by.ID)
		if err != nil {
			return err
		}
		if g.own(b.visit.Worker) || approval != nil && approval.By == by.ID || wrote {
			return forbidden(op, "A second person reviews this visit: not its worker, nor who wrote in it or approved it.")
		}
		if b.visit.State == kerbside.VisitLocked {
			return conflict(op, "This visit has been reviewed already and is locked.")
		}
		if approval == nil {
			return conflict(op, "This visit is not approved as it is now. Wait until its worker has approved it.")
		}
		if err := b.decidable(op, in.Covers, kerbside.VisitApproved); err != nil {
			return err
		}
		if next == kerbside.VisitReturned {
			b.visit.Reason = comment
			if err := b.checkComments(op, in.Comments); err != nil {
				return err
			}
		}
		if err := s.addReview(tx, by, b, kerbside.Review{Action: in.Action, Comment: comment, Covers: in.Covers}, next); err != nil || next != kerbside.VisitReturned || len(in.Comments) == 0 {
			return err
		}
		reviews, err := tx.Reviews(b.visit.Org, b.visit.ID)
		if err != nil {
			return err
		}
		return s.addDocument(tx, b.visit, kerbside.DocComments, reviews[len(reviews)-1].ID, 1, in.Comments, func(d *kerbside.Document) { d.Author = by.ID })
	})
}

// approval is the newest approval, when it is about the newest versions.
func (b *bundle) approval() *kerbside.Review {
	for i := len(b.reviews) - 1; i >= 0; i-- {
		if r := &b.reviews[i]; r.Action == kerbside.ReviewApprove {
			if b.coversAll(r.Covers) {
				return r
			}
			return nil
		}
	}
	return nil
}

// decidable reports a conflict unless the visit is in one of the states, all of it is current, and covers names it.
func (b *bundle) decidable(op string, covers []kerbside.Covered, states ...kerbside.VisitState) error {
	complete, err := b.complete()
	switch {
	case err != nil:
		return err
	case b.stopped():
		return conflict(op, stoppedMessage)
	case b.visit.State.Closed():
		return conflict(op, "This visit has been reviewed and is locked.")
	case b.visit.State == kerbside.VisitApproved && !slices.Contains(states, kerbside.VisitApproved):
		return conflict(op, "This visit is approved already and waits for its reviewer.")
	case b.record == nil:
		return conflict(op, "There is no record to decide about yet.")
	case !complete:
		return conflict(op, "The drafts are still being made. Wait until they are there, and read them again.")
	case !slices.Contains(states, b.visit.State):
		return conflict(op, "This visit is not ready for this. Reload the page.")
	case !b.coversAll(covers):
		return conflict(op, "This changed since you opened it. Reload the page and read what is new.")
	}
	return nil
}

func (s *Service) addReview(tx kerbside.Tx, by kerbside.User, b *bundle, r kerbside.Review, next kerbside.VisitState) error {
	id, err := s.newID("a")
	if err != nil {
		return err
	}
	r.ID, r.Org, r.Visit, r.By, r.At = id, by.Org, b.visit.ID, by.ID, s.now()
	if err := tx.AddReview(r); err != nil {
		return err
	}
	b.visit.State, b.visit.UpdatedAt = next, s.now()
	if next != kerbside.VisitReturned {
		b.visit.Reason = ""
	}
	if err := tx.PutVisit(b.visit); err != nil {
		return err
	}
	if err := s.digest(tx, b.visit); err != nil {
		return err
	}
	return s.audit(tx, by, string(r.Action), "review "+id, b.visit.ID)
}

// decide runs f on a visit that by may read.
func (s *Service) decide(ctx context.Context, op string, by kerbside.User, id kerbside.VisitID, f func(kerbside.Tx, *bundle) error) error {
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		b, err := asRead(ctx, tx, op, by, id, s.readable)
		if err != nil {
			return err
		}
		err = f(tx, b)
		v = b.visit
		return err
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// criticalItem is an item of a record that must be heard or confirmed before approval.
type criticalItem struct {
	ID, Text string
	Evidence []kerbside.Evidence
}

func criticalItems(r *kerbside.Record) []criticalItem {
	if r == nil {
		return nil
	}
	var out []criticalItem
	for _, x := range r.Risks {
		if x.Critical {
			out = append(out, criticalItem{x.ID, x.Text, x.Evidence})
		}
	}
	for _, x := range r.ChildVoice {
		if x.Critical {
			out = append(out, criticalItem{x.ID, x.Quote, x.Evidence})
		}
	}
	for _, x := range r.Actions {
		if x.Critical {
			out = append(out, criticalItem{x.ID, x.Text, x.Evidence})
		}
	}
	for _, x := range r.Injuries { // found or denied: both are relied on
		if len(x.Evidence) > 0 && x.Standing != kerbside.Proposed {
			out = append(out, criticalItem{x.ID, x.Evidence[0].Quote, x.Evidence})
		}
	}
	for _, c := range r.Children {
		if x, ok := seenItem(r, c); ok {
			out = append(out, x)
		}
	}
	return out
}

// seenItem is whether a child was seen, and seen alone: one point for each child of whom anything was said. Its id follows from what it says, so that another
// answer is confirmed anew.
func seenItem(r *kerbside.Record, c kerbside.ChildFacts) (criticalItem, bool) {
	name := "The child"
	for _, a := range r.Attendees {
		if a.ID == c.Person && a.Name != "" {
			name = a.Name
		}
	}
	text := ""
	switch c.ChildSeen.Value {
	case kerbside.Yes:
		text = name + " was seen"
	case kerbside.No:
		text = name + " was not seen"
	}
	switch alone := c.SeenAlone.Value; {
	case text == "" && alone == kerbside.Yes:
		text = name + " was seen alone"
	case text == "" && alone == kerbside.No:
		text = name + " was not seen alone"
	case alone == kerbside.Yes:
		text += ", and seen alone"
	case alone == kerbside.No:
		text += ", and not alone"
	}
	var evidence []kerbside.Evidence
	anchors := []string{text}
	for _, e := range slices.Concat(c.SeenAlone.Evidence, c.ChildSeen.Evidence) { // what is heard first tells most
		if anchor := kerbside.ItemID("", e); !slices.Contains(anchors, anchor) {
			anchors, evidence = append(anchors, anchor), append(evidence, e)
		}
	}
	if text == "" || len(evidence) == 0 {
		return criticalItem{}, false
	}
	return criticalItem{kerbside.DerivedID("seen", anchors...), text + ".", evidence}, true
}
