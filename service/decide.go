package service

import (
	"context"
	"slices"

	"kerbside"
)

// The standings that a person can give a proposal. [kerbside.Proposed] takes back what was decided.
var standings = map[string]string{kerbside.Accepted: "accept_proposal", kerbside.Rejected: "reject_proposal", kerbside.Proposed: "undo_proposal"}

// DecideProposal accepts or rejects one thing that a language model proposed, or takes that back. What is accepted goes through the evidence gate into
// the next version of the record, from which the drafts are made anew; who accepted it and when stands there. What is rejected changes
// nothing, and is not offered again for these words.
func (s *Service) DecideProposal(ctx context.Context, by kerbside.User, id kerbside.VisitID, proposal, standing string) error {
	const op = "service.DecideProposal"
	if standings[standing] == "" {
		return invalid(op, "A proposal is accepted, rejected, or proposed again.")
	}
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		b, err := asRead(ctx, tx, op, by, id, s.editable)
		if err != nil {
			return err
		}
		v = b.visit
		next, changes, err := s.decideOn(b, by, proposal, standing)
		if err != nil {
			return err
		}
		if err := s.addDocument(tx, b.visit, kerbside.DocDecisions, "", b.decisionsDoc.Version+1, next, func(d *kerbside.Document) { d.Author = by.ID }); err != nil {
			return err
		}
		if changes {
			if err := s.changed(tx, &v); err != nil {
				return err
			}
			if err := tx.Enqueue(kerbside.Job{Org: by.Org, Kind: kerbside.JobExtract, Visit: id, Owner: v.Worker, Priority: kerbside.PriorityNext}); err != nil {
				return err
			}
		}
		return s.audit(tx, by, standings[standing], "proposal "+proposal, id)
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// decideOn gives the decisions with one more, or one fewer, and whether the record is another then.
func (s *Service) decideOn(b *bundle, by kerbside.User, proposal, standing string) (next decisions, changes bool, err error) {
	var chosen *part
	engine, was := "", kerbside.Proposed
	if b.proposals != nil && b.proposals.Proposals != nil {
		engine = b.proposals.Proposals.Engine
	}
	for _, d := range b.decided.Decisions { // those that are followed to other words keep what they were made on
		parts := partsOf(&d.Item)
		if len(parts) == 1 && !d.Strike {
			if now, ok := b.moved(parts[0]); ok && now.id == proposal {
				chosen, engine, was = &now, d.Engine, kerbside.Rejected
				if d.Accept {
					was = kerbside.Accepted
				}
				continue
			}
		}
		next.Decisions = append(next.Decisions, d)
	}
	if chosen == nil {
		pending := b.pending()
		if i := slices.IndexFunc(pending, func(p part) bool { return p.id == proposal }); i >= 0 {
			chosen = &pending[i]
		}
	}
	if chosen == nil || standing == was {
		return next, false, conflict("service.decideOn", "This suggestion is not there any more, or it was decided already. Reload the page.")
	}
	if standing != kerbside.Proposed {
		next.Decisions = append(next.Decisions, decision{Accept: standing == kerbside.Accepted, By: by.ID, At: s.now(), Engine: engine, Item: chosen.item})
	}
	return next, (was == kerbside.Accepted) != (standing == kerbside.Accepted), nil
}

// proposalViews are what was proposed, what is not decided first.
func (b *bundle) proposalViews(names map[kerbside.UserID]string) []ProposalView {
	var out []ProposalView
	add := func(p part, standing string) *ProposalView {
		out = append(out, ProposalView{ID: p.id, Kind: p.kind, Text: p.text, Item: &p.item, Evidence: p.evidence, Standing: standing})
		return &out[len(out)-1]
	}
	for _, p := range b.pending() {
		v := add(p, kerbside.Proposed)
		if b.proposals.Proposals != nil {
			v.Engine = b.proposals.Proposals.Engine
		}
	}
	for _, d := range b.decisionsNow() {
		standing := kerbside.Rejected
		if d.Accept {
			standing = kerbside.Accepted
		}
		v := add(d.part, standing)
		v.By, v.ByName, v.At, v.Engine = d.By, names[d.By], d.At, d.Engine
	}
	return out
}

// openProposals are what a model proposed and nobody decided on, and what it read in another way than the rules.
func (b *bundle) openProposals() []OpenItem {
	if b.proposals == nil {
		return nil
	}
	var out []OpenItem
	for _, w := range b.proposals.Warnings {
		if !slices.ContainsFunc(w.Evidence, func(e kerbside.Evidence) bool { now, ok := b.newest(e); return !ok || now.Quote != e.Quote }) {
			out = append(out, OpenItem{Kind: OpenWarning, ID: w.Code, Text: w.Text, Evidence: w.Evidence})
		}
	}
	if b.visit.State == kerbside.VisitLocked {
		return out
	}
	for _, p := range b.pending() {
		out = append(out, OpenItem{Kind: OpenProposal, ID: p.id, Text: p.text, Evidence: p.evidence})
	}
	return out
}
