package service

import (
	"testing"
	"time"

	"kerbside"
)

func TestCoverAndReassign(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	other := h.invite("Colleague", kerbside.RoleWorker)
	_, err := h.s.Visit(ctx, other, r.Visit)
	h.wantCode(err, kerbside.CodeNotFound)
	_, err = h.s.AddCover(ctx, h.reviewer, h.worker.ID, other.ID, time.Time{}, h.now().Add(time.Hour))
	h.wantCode(err, kerbside.CodeForbidden)
	_, err = h.s.AddCover(ctx, h.manager, h.worker.ID, h.worker.ID, time.Time{}, h.now().Add(time.Hour))
	h.wantCode(err, kerbside.CodeInvalid)
	support := h.invite("Support", kerbside.RoleSupport)
	_, err = h.s.AddCover(ctx, h.manager, h.worker.ID, support.ID, time.Time{}, h.now().Add(time.Hour))
	h.wantCode(err, kerbside.CodeNotFound) // never approves
	c, err := h.s.AddCover(ctx, h.manager, h.worker.ID, other.ID, time.Time{}, h.now().Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	v := h.view(other, r.Visit)
	if !v.CanEdit || !v.CanApprove || v.CanReview {
		t.Errorf("who covers may %v %v %v", v.CanEdit, v.CanApprove, v.CanReview)
	}
	if rows, err := h.s.Visits(ctx, other, ListMine); err != nil || len(rows) != 1 {
		t.Error(rows, err)
	}
	if _, err := h.s.StartRecording(ctx, other, RecordingInput{Visit: r.Visit, ClientID: "x"}); err != nil {
		t.Error(err)
	}
	// Who covers for the worker is not the second person.
	if _, err := h.s.AddCover(ctx, h.manager, h.worker.ID, h.reviewer.ID, time.Time{}, h.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := h.s.Approve(ctx, other, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeForbidden)
	if err := h.s.EndCover(ctx, h.manager, c.ID); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.EndCover(ctx, h.manager, c.ID), kerbside.CodeNotFound)
	_, err = h.s.Visit(ctx, other, r.Visit)
	h.wantCode(err, kerbside.CodeNotFound)
	h.advance(time.Hour)
	if v := h.view(h.reviewer, r.Visit); v.CanEdit || !v.CanReview {
		t.Error("a cover does not end by itself")
	}

	// Another worker has it as their own; the approval was by somebody who does not answer for it any more.
	h.wantCode(h.s.Reassign(ctx, h.manager, r.Visit, other.ID), kerbside.CodeConflict) // sound is arriving
	if err := h.chunk(h.openRecording(r.Visit), 1, 0, "More."); err != nil {
		t.Fatal(err)
	}
	if _, err := h.s.FinishRecording(ctx, h.worker, h.openRecording(r.Visit), FinishInput{SHA256: kerbside.HexSHA256([]byte("More."))}); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	h.wantCode(h.s.Reassign(ctx, h.reviewer, r.Visit, other.ID), kerbside.CodeForbidden)
	h.wantCode(h.s.Reassign(ctx, h.manager, r.Visit, support.ID), kerbside.CodeNotFound)
	if err := h.s.Reassign(ctx, h.manager, r.Visit, other.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.Visit(ctx, h.worker, r.Visit)
	h.wantCode(err, kerbside.CodeNotFound)
	h.idle(r.Visit)
	if v := h.view(other, r.Visit); !v.CanApprove || v.WorkerName != "Colleague" {
		t.Errorf("%+v", v.Visit)
	}
}

// openRecording is the one that is under way.
func (h *house) openRecording(v kerbside.VisitID) kerbside.RecordingID {
	h.t.Helper()
	var id kerbside.RecordingID
	err := h.store.View(h.t.Context(), func(tx kerbside.Tx) error {
		all, err := tx.Recordings(h.worker.Org, v)
		for _, r := range all {
			if r.State == kerbside.RecordingOpen {
				id = r.ID
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func TestRestrictedCase(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	err := h.store.Update(ctx, func(tx kerbside.Tx) error {
		return tx.PutCase(kerbside.Case{ID: "c-1", Org: h.worker.Org, Name: "Linden"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.s.SetCase(ctx, h.worker, r.Visit, "c-1"); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	h.wantCode(h.s.Restrict(ctx, h.worker, "c-1", []kerbside.UserID{h.worker.ID}), kerbside.CodeForbidden)
	h.wantCode(h.s.Restrict(ctx, h.manager, "c-1", []kerbside.UserID{h.worker.ID}), kerbside.CodeInvalid) // nobody oversees it
	h.wantCode(h.s.Restrict(ctx, h.manager, "c-1", []kerbside.UserID{h.manager.ID, "u-none"}), kerbside.CodeNotFound)
	h.wantCode(h.s.Restrict(ctx, h.manager, "c-none", []kerbside.UserID{h.manager.ID}), kerbside.CodeNotFound)
	late, err := h.s.StartRecording(ctx, h.worker, RecordingInput{Visit: r.Visit, ClientID: "late"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.s.Restrict(ctx, h.manager, "c-1", []kerbside.UserID{h.manager.ID}); err != nil {
		t.Fatal(err)
	}
	for _, u := range []kerbside.User{h.worker, h.reviewer} {
		_, err = h.s.Visit(ctx, u, r.Visit)
		h.wantCode(err, kerbside.CodeNotFound)
		if rows, err := h.s.Visits(ctx, u, ListAll); err != nil || len(rows) != 0 {
			t.Errorf("%s lists %d visits (%v)", u.Role, len(rows), err)
		}
		if rows, err := h.s.Cases(ctx, u); err != nil || len(rows) != 0 {
			t.Errorf("%s sees %d cases (%v)", u.Role, len(rows), err)
		}
	}
	if err := h.chunk(late.ID, 1, 0, "More."); err != nil {
		t.Error("sound under way is lost when a case is restricted", err)
	}
	if v := h.view(h.manager, r.Visit); v.CanReview {
		t.Error(v.CanReview)
	}
	if err := h.s.Restrict(ctx, h.manager, "c-1", nil); err != nil {
		t.Fatal(err)
	}
	h.view(h.worker, r.Visit)
}
