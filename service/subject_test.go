package service

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"kerbside"
)

// TestSubject: what a person may have is prepared by one, released with reasons, approved by another exactly as it is, and only then taken.
func TestSubject(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.cases("c-1", "c-2")
	v := h.locked("c-1", "Mother was warm and calm. Quillon likes school. There was a bruise on his arm.")
	h.locked("c-2", "Quillon of another case is well.")

	for _, u := range []kerbside.User{h.worker, h.admin} {
		_, err := h.s.PrepareSubject(ctx, u, "c-1", "1", "by letter")
		h.wantCode(err, kerbside.CodeForbidden)
		_, err = h.s.CaseKeeping(ctx, u, "c-1")
		h.wantCode(err, kerbside.CodeForbidden)
	}
	_, err := h.s.PrepareSubject(ctx, h.manager, "c-1", "1", " ")
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.PrepareSubject(ctx, h.manager, "c-1", "nobody", "by letter")
	h.wantCode(err, kerbside.CodeNotFound)
	id, err := h.s.PrepareSubject(ctx, h.manager, "c-1", "1", "by letter")
	if err != nil {
		t.Fatal(err)
	}
	see := func(u kerbside.User) *SubjectView {
		t.Helper()
		view, err := h.s.Subject(ctx, u, id)
		if err != nil {
			t.Fatal(err)
		}
		return view
	}
	view := see(h.manager)
	if view.Lines != 1 || view.Withheld != 2 || len(view.Reasons) != 2 || view.CanApprove || len(view.Visits) != 1 || !strings.Contains(view.Visits[0].Lines[0].Text, "likes school") {
		t.Fatalf("%+v", view)
	}
	// Nobody takes what nobody has approved, and who prepared it does not approve it.
	_, err = h.s.SubjectBundle(ctx, h.manager, id)
	h.wantCode(err, kerbside.CodeConflict)
	h.wantCode(h.s.ApproveSubject(ctx, h.manager, id, view.SHA256), kerbside.CodeForbidden)
	h.wantCode(h.s.ApproveSubject(ctx, h.worker, id, view.SHA256), kerbside.CodeForbidden)
	h.wantCode(h.s.ApproveSubject(ctx, h.reviewer, id, "another"), kerbside.CodeConflict)
	if err := h.s.ApproveSubject(ctx, h.reviewer, id, view.SHA256); err != nil {
		t.Fatal(err)
	}
	take := func() string {
		t.Helper()
		f, err := h.s.SubjectBundle(ctx, h.manager, id)
		if err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(f.Body), int64(len(f.Body)))
		if err != nil {
			t.Fatal(err)
		}
		all := ""
		for _, x := range z.File {
			r, err := x.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			all += x.Name + "\n" + string(b)
		}
		return all
	}
	if all := take(); strings.Contains(all, "bruise") || strings.Contains(all, "Mother") || strings.Contains(all, "another case") || !strings.Contains(all, "likes school") || !strings.Contains(all, "SHA256SUMS.signed") ||
		strings.Contains(all, "It may speak of") {
		t.Error(all)
	}

	// A release needs a reason, and voids the approval; its author does not approve it either.
	risk := ""
	for _, w := range view.Visits[0].Withheld {
		if w.Kind == "risk" {
			risk = w.Item
		}
	}
	h.wantCode(h.s.ReleaseSubject(ctx, h.reviewer, id, v, risk, "", false), kerbside.CodeInvalid)
	h.wantCode(h.s.ReleaseSubject(ctx, h.reviewer, id, v, "r-none", "it is his own", false), kerbside.CodeConflict)
	if err := h.s.ReleaseSubject(ctx, h.reviewer, id, v, risk, "it is his own", false); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.SubjectBundle(ctx, h.manager, id)
	h.wantCode(err, kerbside.CodeConflict)
	view = see(h.reviewer)
	if view.Lines != 2 || len(view.Visits[0].Released) != 1 || view.Visits[0].Released[0].Reason != "it is his own" || view.CanApprove {
		t.Fatalf("%+v", view)
	}
	h.wantCode(h.s.ApproveSubject(ctx, h.reviewer, id, view.SHA256), kerbside.CodeForbidden)
	other := h.invite("Third Person", kerbside.RoleReviewer)
	if err := h.s.ApproveSubject(ctx, other, id, view.SHA256); err != nil {
		t.Fatal(err)
	}
	if all := take(); !strings.Contains(all, "bruise") || strings.Contains(all, "Mother") {
		t.Error(all)
	}
	// What changes afterwards is approved again before it is taken.
	h.locked("c-1", "Quillon has a new friend.")
	_, err = h.s.SubjectBundle(ctx, h.manager, id)
	h.wantCode(err, kerbside.CodeConflict)
	if err := h.s.ReleaseSubject(ctx, other, id, v, risk, "", true); err != nil {
		t.Fatal(err)
	}
	if view = see(h.reviewer); view.Current || view.Approved || len(view.Visits) != 2 {
		t.Errorf("%+v", view)
	}
	// Restricted: nobody who is not named learns of it.
	if err := h.s.Restrict(ctx, h.manager, "c-1", []kerbside.UserID{h.manager.ID}); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.Subject(ctx, h.reviewer, id)
	h.wantCode(err, kerbside.CodeNotFound)
	if h.filesHold("by letter") || h.filesHold("his own") {
		t.Error("a reason lies readable in the database")
	}
}
