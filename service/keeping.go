package service

import (
	"context"
	"slices"

	"kerbside"
)

// RetentionView is the retention policy as programs read it.
type RetentionView struct {
	Policy    kerbside.RetentionPolicy // Version 0: none was set, and everything is kept
	Versions  []PolicyVersion[kerbside.RetentionPolicy]
	Suggested kerbside.RetentionPolicy
	Revision  string
}

// MaxPreviewDays is how far ahead a preview looks.
const MaxPreviewDays = kerbside.MaxKeepDays

func seesKept(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseKept) == ReachNone {
		return forbidden(op, "Only administrators see what is kept for how long, and receipts.")
	}
	return nil
}

// Retention gives the policy with its versions.
func (s *Service) Retention(ctx context.Context, by kerbside.User) (*RetentionView, error) {
	if err := seesKept("service.Retention", by); err != nil {
		return nil, err
	}
	return s.retentionView(ctx, by.Org)
}

func (s *Service) retentionView(ctx context.Context, org kerbside.OrganisationID) (*RetentionView, error) {
	v := &RetentionView{Suggested: kerbside.SuggestedRetention()}
	return v, s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, org)
		if err != nil {
			return err
		}
		v.Versions, v.Policy, err = policyVersions[kerbside.RetentionPolicy](tx, org, kerbside.LedgerRetention, names)
		v.Revision = retentionRevision(v.Policy)
		return err
	})
}

// PreviewRetention says what a policy would delete from now on until so many days have passed; nil: the one in force. Nothing is deleted.
func (s *Service) PreviewRetention(ctx context.Context, by kerbside.User, p *kerbside.RetentionPolicy, days int) (DuePreview, error) {
	if err := seesKept("service.PreviewRetention", by); err != nil {
		return DuePreview{}, err
	}
	return s.previewRetention(ctx, by.Org, p, days)
}

func (s *Service) previewRetention(ctx context.Context, org kerbside.OrganisationID, p *kerbside.RetentionPolicy, days int) (v DuePreview, err error) {
	const op = "service.PreviewRetention"
	if days < 0 || days > MaxPreviewDays {
		return v, invalid(op, "Say how many days to look ahead, from 0 to "+number(MaxPreviewDays)+".")
	}
	if p != nil {
		if err := p.Check(); err != nil {
			return v, err
		}
	}
	return v, s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, org)
		if err != nil {
			return err
		}
		would, err := retention(tx, org)
		if err != nil {
			return err
		}
		if p != nil {
			would = *p
			would.Version = max(would.Version, 1) // one that is not set yet deletes all the same
		}
		v, err = s.preview(tx, org, would, days, names)
		return err
	})
}

// RunRetention deletes now what the policy in force says is due, as the service does every hour by itself.
func (s *Service) RunRetention(ctx context.Context, by kerbside.User) (int, error) {
	if err := administers("service.RunRetention", by); err != nil {
		return 0, err
	}
	return s.runRetention(ctx, by)
}

func (s *Service) runRetention(ctx context.Context, by kerbside.User) (n int, err error) {
	if n, err = s.retainOf(ctx, by.Org); err != nil {
		return n, err
	}
	return n, s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return s.audit(tx, by, "run_retention", "parts "+number(n), "") })
}

// ReceiptPage gives receipts, oldest first, at most limit of those after the one with an id; more reports that there are others.
func (s *Service) ReceiptPage(ctx context.Context, by kerbside.User, after string, limit int) (out []ReceiptView, more bool, err error) {
	const op = "service.ReceiptPage"
	if err := seesKept(op, by); err != nil {
		return nil, false, err
	}
	return out, more, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		all, err := receiptViews(tx, by.Org, names)
		if err != nil {
			return err
		}
		if after != "" {
			i := slices.IndexFunc(all, func(r ReceiptView) bool { return r.ID == after })
			if i < 0 {
				return invalid(op, "after is the next of the page before, as it was given.")
			}
			all = all[i+1:]
		}
		out, more = all[:min(len(all), limit)], len(all) > limit
		return s.audit(tx, by, "export", "receipts "+number(len(out)), "")
	})
}

// Holds gives the legal holds on a case, those that ended too, oldest first.
func (s *Service) Holds(ctx context.Context, by kerbside.User, id kerbside.CaseID) (out []HoldView, err error) {
	const op = "service.Holds"
	return out, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if _, err := s.keptCase(tx, op, by, UseHolds, id); err != nil {
			return err
		}
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		if out, err = holdViews(tx, by.Org, id, names); err != nil {
			return err
		}
		return s.audit(tx, by, "read", "holds case "+string(id), "")
	})
}

// Keeper looks after what an organisation keeps without a running service and without asking who may: it is in the hands of whoever has the data folder and
// its key. What it does stands in the audit log as done by nobody who has an account.
type Keeper struct {
	s  *Service
	by kerbside.User
}

// NewKeeper makes one. Store, Blobs and Audit are needed; engines are not.
func NewKeeper(d Deps, org kerbside.OrganisationID) *Keeper {
	return &Keeper{s: newService(d), by: kerbside.User{Org: org}}
}

// Retention is [Service.Retention].
func (k *Keeper) Retention(ctx context.Context) (*RetentionView, error) {
	return k.s.retentionView(ctx, k.by.Org)
}

// SetRetention is [Service.SetRetention].
func (k *Keeper) SetRetention(ctx context.Context, p kerbside.RetentionPolicy, version int) error {
	return k.s.putRetention(ctx, k.by, p, func(now kerbside.RetentionPolicy) error {
		if now.Version != version {
			return conflict("service.SetRetention", "Somebody set another policy meanwhile. Look at it first.")
		}
		return nil
	})
}

// Preview is [Service.PreviewRetention].
func (k *Keeper) Preview(ctx context.Context, p *kerbside.RetentionPolicy, days int) (DuePreview, error) {
	return k.s.previewRetention(ctx, k.by.Org, p, days)
}

// Run is [Service.RunRetention]. No service may run on the same data.
func (k *Keeper) Run(ctx context.Context) (int, error) { return k.s.runRetention(ctx, k.by) }

// Receipts gives all receipts, oldest first.
func (k *Keeper) Receipts(ctx context.Context) (out []ReceiptView, err error) {
	return out, k.s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, k.by.Org)
		if err == nil {
			out, err = receiptViews(tx, k.by.Org, names)
		}
		return err
	})
}

// HeldCase is a case with the holds on it.
type HeldCase struct {
	Case      kerbside.CaseID
	Reference string // the council's own number
	Holds     []HoldView
}

// Holds gives the cases on which a legal hold is in force.
func (k *Keeper) Holds(ctx context.Context) (out []HeldCase, err error) {
	return out, k.s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, k.by.Org)
		if err != nil {
			return err
		}
		in, err := heldCases(tx, k.by.Org)
		if err != nil {
			return err
		}
		ids := make([]kerbside.CaseID, 0, len(in))
		for id := range in {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			h := HeldCase{Case: id}
			c, err := tx.Case(k.by.Org, id)
			if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
				return err
			}
			h.Reference = c.Reference
			if h.Holds, err = holdViews(tx, k.by.Org, id, names); err != nil {
				return err
			}
			out = append(out, h)
		}
		return nil
	})
}
