package service

import (
	"errors"
	"testing"

	"kerbside"
	"kerbside/audit"
)

// TestKeepingForPrograms: what programs and the command line read, preview, set and run is what the page shows and does.
func TestKeepingForPrograms(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	v := h.locked("", said)
	for _, u := range []kerbside.User{h.worker, h.reviewer, h.manager, {}} {
		_, err1 := h.s.Retention(ctx, u)
		_, err2 := h.s.PreviewRetention(ctx, u, nil, 1)
		_, err3 := h.s.RunRetention(ctx, u)
		_, _, err4 := h.s.ReceiptPage(ctx, u, "", 1)
		err5 := h.s.ReplaceRetention(ctx, u, kerbside.SuggestedRetention())
		for i, err := range []error{err1, err2, err3, err4, err5} {
			if code := kerbside.CodeOf(err); code != kerbside.CodeForbidden && code != kerbside.CodeUnauthed {
				t.Errorf("call %d by a %s: %v", i, u.Role, err)
			}
		}
	}
	none, err := h.s.Retention(ctx, h.admin)
	if err != nil || none.Policy.Version != 0 || len(none.Versions) != 0 || none.Revision == "" {
		t.Fatalf("%+v %v", none, err)
	}
	policy := kerbside.RetentionPolicy{Sound: days(30, kerbside.FromReviewed), Words: days(100, kerbside.FromReviewed), Notes: keep}
	preview := func(p *kerbside.RetentionPolicy, days, sound, words int) {
		t.Helper()
		got, err := h.s.PreviewRetention(ctx, h.admin, p, days)
		if err != nil || got.DueCount[kerbside.PartSound] != sound || got.DueCount[kerbside.PartWords] != words || len(got.Due) != sound+words {
			t.Fatalf("%+v %v", got, err)
		}
	}
	preview(nil, MaxPreviewDays, 0, 0)
	preview(&policy, 31, 1, 0) // one that nobody set
	preview(&policy, 101, 1, 1)
	preview(nil, MaxPreviewDays, 0, 0)
	_, err = h.s.PreviewRetention(ctx, h.admin, &kerbside.RetentionPolicy{}, 1)
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.PreviewRetention(ctx, h.admin, nil, -1)
	h.wantCode(err, kerbside.CodeInvalid)

	// A change names what it replaces; what somebody else set meanwhile is not undone.
	if err := h.s.ReplaceRetention(WithRevision(ctx, none.Revision), h.admin, policy); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.ReplaceRetention(WithRevision(ctx, none.Revision), h.admin, policy), kerbside.CodeStale)
	keeper := NewKeeper(Deps{Store: h.store, Blobs: h.s.d.Blobs, Audit: h.s.d.Audit, Now: h.now}, h.worker.Org)
	h.wantCode(keeper.SetRetention(ctx, policy, 0), kerbside.CodeConflict)
	h.wantCode(keeper.SetRetention(ctx, kerbside.RetentionPolicy{}, 1), kerbside.CodeInvalid)
	policy.Sound.Days = 20
	if err := keeper.SetRetention(ctx, policy, 1); err != nil {
		t.Fatal(err)
	}
	now, err := keeper.Retention(ctx)
	if err != nil || now.Policy.Version != 2 || now.Policy.Sound.Days != 20 || len(now.Versions) != 2 || now.Versions[0].ByName != "" || now.Versions[1].ByName != "Administrator" {
		t.Fatalf("%+v %v", now, err)
	}

	h.advance(21 * day)
	if n, err := h.s.RunRetention(ctx, h.admin); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	h.wantLeft(v, false, true, true)
	h.stop() // nothing serves the folder now
	h.advance(90 * day)
	if got, err := keeper.Preview(ctx, nil, 0); err != nil || got.DueCount[kerbside.PartWords] != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	if n, err := keeper.Run(ctx); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	h.wantLeft(v, false, false, true)
	all, err := keeper.Receipts(ctx)
	first, more, err2 := h.s.ReceiptPage(ctx, h.admin, "", 1)
	if err = errors.Join(err, err2); err != nil || len(all) != 2 || len(first) != 1 || !more || first[0].SHA256 != all[0].SHA256 {
		t.Fatal(all, first, more, err)
	}
	second, more, err := h.s.ReceiptPage(ctx, h.admin, first[0].ID, 1)
	if err != nil || more || len(second) != 1 || second[0].ID != all[1].ID {
		t.Fatal(second, more, err)
	}
	_, _, err = h.s.ReceiptPage(ctx, h.admin, "x-none", 1)
	h.wantCode(err, kerbside.CodeInvalid)

	report, err := h.s.VerifyAudit(ctx, h.admin)
	if err != nil || len(report.Faults) > 0 || report.Receipts != 2 || !report.Hashed {
		t.Fatalf("%+v %v", report, err)
	}
}

// TestHoldsAreSeen: by those who may, with who placed and ended them; the command line lists those in force.
func TestHoldsAreSeen(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.cases("c-1", "c-2")
	for _, c := range []kerbside.CaseID{"c-1", "c-2"} {
		if err := h.s.PlaceHold(ctx, h.manager, c, "court"); err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range []kerbside.User{h.worker, h.admin} {
		_, err := h.s.Holds(ctx, u, "c-1")
		h.wantCode(err, kerbside.CodeForbidden)
	}
	_, err := h.s.Holds(ctx, h.manager, "c-none")
	h.wantCode(err, kerbside.CodeNotFound)
	holds, err := h.s.Holds(ctx, h.reviewer, "c-1")
	if err != nil || len(holds) != 1 || holds[0].Reason != "court" || holds[0].Ended {
		t.Fatal(holds, err)
	}
	if err := h.s.EndHold(ctx, h.manager, "c-1", holds[0].ID, "over"); err != nil {
		t.Fatal(err)
	}
	if holds, err = h.s.Holds(ctx, h.manager, "c-1"); err != nil || !holds[0].Ended || holds[0].EndReason != "over" {
		t.Fatal(holds, err)
	}
	held, err := NewKeeper(Deps{Store: h.store, Blobs: h.s.d.Blobs, Audit: h.s.d.Audit, Now: h.now}, h.worker.Org).Holds(ctx)
	if err != nil || len(held) != 1 || held[0].Case != "c-2" || len(held[0].Holds) != 1 {
		t.Fatal(held, err)
	}
	err = h.store.View(ctx, func(tx kerbside.Tx) error {
		r, err := audit.Verify(tx, h.worker.Org, audit.Check{Verifier: h.s.d.Audit.Verifier()})
		if err == nil && len(r.Faults) > 0 {
			t.Error(r.Faults)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
