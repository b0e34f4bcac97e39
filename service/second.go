package service

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"kerbside"
)

func number(n int) string { return strconv.Itoa(n) }

// SetSecond puts a policy of second approvals in force, for what is approved from now on. version is the one that it replaces; another one is in force already is
// CodeConflict.
func (s *Service) SetSecond(ctx context.Context, by kerbside.User, p kerbside.SecondPolicy, version int) error {
	const op = "service.SetSecond"
	if err := administers(op, by); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		_, now, err := newest[kerbside.SecondPolicy](tx, by.Org, kerbside.LedgerSecond)
		if err != nil {
			return err
		}
		if now.Version != version {
			return conflict(op, "Somebody set another policy meanwhile. Reload the page and read it.")
		}
		p.Version = version + 1
		if _, err := s.addLedger(tx, by, kerbside.LedgerSecond, "", p); err != nil {
			return err
		}
		return s.audit(tx, by, "set_second", "policy "+number(p.Version), "")
	})
}

// second are the readers for whom what is approved at a moment waits for a second person: by the policy that was in force then.
func (b *bundle) second(at time.Time) []kerbside.Audience {
	var p kerbside.SecondPolicy
	var line kerbside.LedgerLine
	for i, l := range b.secondLines {
		if !l.At.After(at) {
			line, p = l, b.secondPolicies[i]
		}
	}
	var out []kerbside.Audience
	for _, a := range kerbside.Audiences() {
		switch p.Rule(a) {
		case kerbside.SecondAlways:
			out = append(out, a)
		case kerbside.SecondSample:
			if drawn(line.ID, b.visit.ID, p.OneIn) {
				out = append(out, a)
			}
		}
	}
	return out
}

// drawn draws one visit in so many. The lot hangs on the policy's own random id, which nobody is shown, and on the visit: it cannot be foreseen, and to approve
// again does not draw again.
func drawn(policy string, v kerbside.VisitID, oneIn int) bool {
	sum := sha256.Sum256([]byte("second approval\x00" + policy + "\x00" + string(v)))
	return binary.BigEndian.Uint64(sum[:8])%uint64(oneIn) == 0
}

// waiting are the readers whose drafts are approved once and wait for the second person.
func (b *bundle) waiting() []kerbside.Audience {
	if a := b.approval(); a != nil && b.visit.State == kerbside.VisitApproved {
		return b.second(a.At)
	}
	return nil
}

// approvedFor is who answers for the draft of one reader; nil while it waits for the second person.
func (b *bundle) approvedFor(a kerbside.Audience, names map[kerbside.UserID]string) *kerbside.Approval {
	if slices.Contains(b.waiting(), a) {
		return nil
	}
	return b.answeredFor(names)
}
