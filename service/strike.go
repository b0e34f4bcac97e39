package service

import (
	"context"
	"slices"
	"strings"

	"kerbside"
)

// StrikeInput says what of the record is not so, and what is.
type StrikeInput struct {
	Item   string // id of a risk, a strength, an action or a child's words
	Reason string // needed
	Text   string // what the worker states in its place; "": nothing
	Undo   bool   // put it back; the others say nothing then, and a statement stays
}

// Strike takes one thing out of the record that was read from the words and is not so, with the reason; what the worker states in its place is read like everything
// that they say afterwards. It stays listed in the record for the second person, follows corrections of its words, and can be put back.
func (s *Service) Strike(ctx context.Context, by kerbside.User, id kerbside.VisitID, in StrikeInput) error {
	const op = "service.Strike"
	in.Reason, in.Text = strings.TrimSpace(in.Reason), strings.TrimSpace(in.Text)
	if !in.Undo && in.Reason == "" {
		return invalid(op, "Say why this is not so, then take it out.")
	}
	for _, text := range []string{in.Reason, in.Text} {
		if err := checkText(op, text, MaxAnswer); err != nil {
			return err
		}
	}
	statement, err := s.newID("q")
	if err != nil {
		return err
	}
	action := "strike"
	if in.Undo {
		action = "undo_strike"
	}
	return s.edit(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		next, err := s.striking(op, by, b, in)
		if err != nil {
			return err
		}
		if in.Text != "" && !in.Undo {
			next.Decisions[len(next.Decisions)-1].Instead = kerbside.StatementID(statement)
			if err := tx.AddStatement(by.Org, id, kerbside.Statement{ID: kerbside.StatementID(statement), Author: by.ID, At: s.now(), Text: in.Text}); err != nil {
				return err
			}
			if err := s.audit(tx, by, "state", "statement "+statement, id); err != nil {
				return err
			}
		}
		if err := s.addDocument(tx, b.visit, kerbside.DocDecisions, "", b.decisionsDoc.Version+1, next, func(d *kerbside.Document) { d.Author, d.Reason = by.ID, in.Reason }); err != nil {
			return err
		}
		return s.audit(tx, by, action, "item "+in.Item, id)
	})
}

// striking gives the decisions with one strike more, or one fewer.
func (s *Service) striking(op string, by kerbside.User, b *bundle, in StrikeInput) (next decisions, err error) {
	if in.Undo {
		for _, d := range b.decided.Decisions {
			if !d.Strike || itemID(&d.Item) != in.Item && !slices.ContainsFunc(b.struck(), func(x kerbside.Struck) bool { return x.ID == in.Item && x.At.Equal(d.At) }) {
				next.Decisions = append(next.Decisions, d)
			}
		}
		if len(next.Decisions) == len(b.decided.Decisions) {
			err = conflict(op, "This was not taken out, or was put back already. Reload the page.")
		}
		return next, err
	}
	for _, p := range partsOf(b.record) {
		if itemID(&p.item) != in.Item {
			continue
		}
		next.Decisions = append(slices.Clone(b.decided.Decisions), decision{Strike: true, By: by.ID, At: s.now(), Reason: in.Reason, Item: p.item})
		return next, nil
	}
	return next, conflict(op, "This is not in the record any more, or cannot be taken out by itself. Reload the page.")
}

// struck are the things that were taken out, with their words as they stand now.
func (b *bundle) struck() kerbside.List[kerbside.Struck] {
	var out kerbside.List[kerbside.Struck]
	for _, d := range b.decidedParts(true) {
		out = append(out, kerbside.Struck{ID: itemID(&d.part.item), Kind: d.kind, Text: d.text, Evidence: d.part.evidence, By: d.By, At: d.At, Reason: d.Reason, Instead: d.Instead})
	}
	return out
}

// strike takes out of a record what rests on the very words of something that was taken out. What an engine reads from other words stands.
func (b *bundle) strike(r *kerbside.Record) {
	struck := b.struck()
	if len(struck) == 0 {
		return
	}
	out := func(kind string, evidence kerbside.List[kerbside.Evidence]) bool {
		return len(evidence) > 0 && slices.ContainsFunc(struck, func(x kerbside.Struck) bool {
			e, f := evidence[0], x.Evidence[0]
			return x.Kind == kind && e.Source == f.Source && e.FirstWord == f.FirstWord && e.LastWord == f.LastWord
		})
	}
	r.Risks = slices.DeleteFunc(r.Risks, func(x kerbside.Risk) bool { return out("risk", x.Evidence) })
	r.Strengths = slices.DeleteFunc(r.Strengths, func(x kerbside.Strength) bool { return out("strength", x.Evidence) })
	r.Actions = slices.DeleteFunc(r.Actions, func(x kerbside.Action) bool { return out("action", x.Evidence) })
	r.ChildVoice = slices.DeleteFunc(r.ChildVoice, func(x kerbside.ChildVoice) bool { return out("child_voice", x.Evidence) })
	r.Struck = struck
}
