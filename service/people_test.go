package service

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"kerbside"
)

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	token, u, err := h.s.Invite(ctx, h.manager, PersonInput{Name: "  Ada   Fenn ", Role: kerbside.RoleWorker})
	if err != nil || u.Name != "Ada Fenn" {
		t.Fatal(u, err)
	}
	session, _ := h.signIn(token)
	if h.filesHold(token) || h.filesHold(session) {
		t.Fatal("a token is in the database as it is")
	}
	if !h.filesHold(kerbside.HexSHA256([]byte(session))) {
		t.Fatal("the check above cannot fail")
	}
	if got, err := h.s.UserOf(ctx, session); err != nil || got != u {
		t.Fatal(got, err)
	}
	_, _, err = h.s.SignIn(ctx, token, Client{})
	h.wantCode(err, kerbside.CodeUnauthed) // works once
	late, err := h.s.NewLink(ctx, h.manager, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.advance(linkLife + time.Second)
	_, _, err = h.s.SignIn(ctx, late, Client{})
	h.wantCode(err, kerbside.CodeUnauthed)
	for range 2 {
		if err := h.s.SignOut(ctx, session); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.s.UserOf(ctx, session)
	h.wantCode(err, kerbside.CodeUnauthed)
	fresh, err := h.s.NewLink(ctx, u, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	session, _ = h.signIn(fresh)
	h.advance(h.s.d.SessionIdle)
	_, err = h.s.UserOf(ctx, session)
	h.wantCode(err, kerbside.CodeUnauthed)
	for _, bad := range []string{"", "x"} {
		_, err = h.s.UserOf(ctx, bad)
		h.wantCode(err, kerbside.CodeUnauthed)
	}
}

func TestFirstStart(t *testing.T) {
	h := newHouse(t)
	f, err := h.s.FirstStart(t.Context(), "Northmoor")
	if err != nil || f.Created || f.Manager.Token != "" || f.Admin.Token != "" || f.Manager.ID != h.manager.ID || f.Admin.ID != h.admin.ID || f.Admin.Role != kerbside.RoleAdmin {
		t.Fatal(f, err)
	}
	if _, err := h.s.NewLink(t.Context(), h.manager, h.manager.ID); err != nil {
		t.Fatal(err)
	}
	if f, err := h.s.FirstStart(t.Context(), "Northmoor"); err != nil || f.Manager.Token != "" || f.Admin.Token != "" {
		t.Fatal("a start gives away a sign-in although somebody has signed in before", err)
	}
}

// TestAccess is who may do what with the visit of a worker.
func TestAccess(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	v := h.await(r.Visit, kerbside.VisitDrafted)
	people := map[string]kerbside.User{
		"worker": h.worker, "other": h.invite("Other", kerbside.RoleWorker), "reviewer": h.reviewer, "manager": h.manager,
		"support": h.invite("Support", kerbside.RoleSupport), "admin": h.invite("Admin", kerbside.RoleAdmin), "nobody": {},
		"elsewhere": {ID: "u-x", Org: "o-x", Role: kerbside.RoleManager, Name: "Elsewhere"},
	}
	in := CorrectionInput{Transcript: "t-none", Old: "a", New: "b"}
	calls := []struct {
		name string
		f    func(context.Context, kerbside.User) error
		want map[string]kerbside.Code // "" is allowed; who is not named gets not_found
	}{
		{"Visit", func(ctx context.Context, u kerbside.User) error { _, err := h.s.Visit(ctx, u, r.Visit); return err },
			map[string]kerbside.Code{"worker": "", "reviewer": "", "manager": "", "admin": kerbside.CodeForbidden}},
		{"History", func(ctx context.Context, u kerbside.User) error { _, err := h.s.History(ctx, u, r.Visit); return err },
			map[string]kerbside.Code{"worker": "", "reviewer": "", "manager": "", "admin": kerbside.CodeForbidden}},
		{"Audio", func(ctx context.Context, u kerbside.User) error {
			f, _, err := h.s.Audio(ctx, u, r.ID)
			if err == nil {
				err = f.Close()
			}
			return err
		}, map[string]kerbside.Code{"worker": "", "reviewer": "", "manager": "", "admin": kerbside.CodeForbidden}},
		{"Watch", func(ctx context.Context, u kerbside.User) error {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			_, err := h.s.Watch(ctx, u, r.Visit)
			return err
		}, map[string]kerbside.Code{"worker": "", "reviewer": "", "manager": "", "admin": kerbside.CodeForbidden}},
		{"Export", func(ctx context.Context, u kerbside.User) error {
			_, err := h.s.Export(ctx, u, r.Visit, kerbside.AudienceCourt, kerbside.FormatText, false)
			return err
		}, map[string]kerbside.Code{"worker": "", "reviewer": "", "manager": "", "admin": kerbside.CodeForbidden}},
		{"Bundle", func(ctx context.Context, u kerbside.User) error {
			_, err := h.s.Bundle(ctx, u, r.Visit)
			return err
		}, map[string]kerbside.Code{"worker": "", "reviewer": "", "manager": "", "admin": kerbside.CodeForbidden}},
		{"Enter", func(ctx context.Context, u kerbside.User) error {
			return h.s.Enter(ctx, u, r.Visit, EnterInput{Document: v.Drafts[0].Document})
		}, map[string]kerbside.Code{"worker": kerbside.CodeConflict, "reviewer": kerbside.CodeForbidden, "manager": kerbside.CodeForbidden, "admin": kerbside.CodeForbidden}},
		{"Correct", func(ctx context.Context, u kerbside.User) error { return h.s.Correct(ctx, u, r.Visit, in) },
			map[string]kerbside.Code{"worker": kerbside.CodeNotFound, "reviewer": kerbside.CodeForbidden, "manager": kerbside.CodeForbidden, "admin": kerbside.CodeForbidden}},
		{"Approve", func(ctx context.Context, u kerbside.User) error {
			return h.s.Approve(ctx, u, r.Visit, ApproveInput{Covers: v.Covers()})
		}, map[string]kerbside.Code{"worker": kerbside.CodeInvalid, "reviewer": kerbside.CodeForbidden, "manager": kerbside.CodeForbidden, "admin": kerbside.CodeForbidden}},
		{"Review", func(ctx context.Context, u kerbside.User) error {
			return h.s.Review(ctx, u, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()})
		}, map[string]kerbside.Code{"worker": kerbside.CodeForbidden, "reviewer": kerbside.CodeConflict, "manager": kerbside.CodeConflict, "admin": kerbside.CodeForbidden}},
		{"AddNote", func(ctx context.Context, u kerbside.User) error { return h.s.AddNote(ctx, u, r.Visit, "   ") },
			map[string]kerbside.Code{"worker": kerbside.CodeInvalid, "other": kerbside.CodeInvalid, "reviewer": kerbside.CodeInvalid, "manager": kerbside.CodeInvalid,
				"support": kerbside.CodeInvalid, "admin": kerbside.CodeInvalid, "nobody": kerbside.CodeInvalid, "elsewhere": kerbside.CodeInvalid}},
		{"a note", func(ctx context.Context, u kerbside.User) error {
			if u.ID == h.worker.ID {
				return nil // it would change what the other calls see
			}
			return h.s.AddNote(ctx, u, r.Visit, "note")
		}, map[string]kerbside.Code{"worker": "", "reviewer": kerbside.CodeForbidden, "manager": kerbside.CodeForbidden, "admin": kerbside.CodeForbidden}},
		{"PutChunk", func(ctx context.Context, u kerbside.User) error {
			_, err := h.s.PutChunk(ctx, u, r.ID, 1, 0, kerbside.HexSHA256(nil), strings.NewReader(""))
			return err
		}, map[string]kerbside.Code{"worker": kerbside.CodeConflict, "admin": kerbside.CodeForbidden}},
		{"a recording on it", func(ctx context.Context, u kerbside.User) error {
			if u.ID == h.worker.ID {
				return nil
			}
			_, err := h.s.StartRecording(ctx, u, RecordingInput{Visit: r.Visit})
			return err
		}, map[string]kerbside.Code{"worker": "", "reviewer": kerbside.CodeForbidden, "manager": kerbside.CodeForbidden, "admin": kerbside.CodeForbidden}},
		{"an upload on it", func(ctx context.Context, u kerbside.User) error {
			if u.ID == h.worker.ID {
				return nil
			}
			_, err := h.s.UploadFile(ctx, u, RecordingInput{Visit: r.Visit}, strings.NewReader("x"))
			return err
		}, map[string]kerbside.Code{"worker": "", "reviewer": kerbside.CodeForbidden, "manager": kerbside.CodeForbidden, "admin": kerbside.CodeForbidden}},
		{"Invite", func(ctx context.Context, u kerbside.User) error {
			if u.Org == h.manager.Org && (u.Role == kerbside.RoleManager || u.Role == kerbside.RoleAdmin) {
				_, _, err := h.s.Invite(ctx, u, PersonInput{Name: "New", Role: "owner"})
				return err
			}
			_, _, err := h.s.Invite(ctx, u, PersonInput{Name: "New", Role: kerbside.RoleWorker})
			return err
		}, map[string]kerbside.Code{"manager": kerbside.CodeInvalid, "admin": kerbside.CodeInvalid, "worker": kerbside.CodeForbidden, "other": kerbside.CodeForbidden,
			"reviewer": kerbside.CodeForbidden, "support": kerbside.CodeForbidden, "elsewhere": kerbside.CodeInternal}},
		{"NewLink", func(ctx context.Context, u kerbside.User) error {
			_, err := h.s.NewLink(ctx, u, h.worker.ID)
			return err
		}, map[string]kerbside.Code{"manager": "", "admin": "", "worker": "", "other": kerbside.CodeForbidden, "reviewer": kerbside.CodeForbidden, "support": kerbside.CodeForbidden}},
	}
	for _, c := range calls {
		for name, u := range people {
			want, named := c.want[name]
			switch {
			case named:
			case name == "nobody":
				want = kerbside.CodeUnauthed
			default:
				want = kerbside.CodeNotFound
			}
			if err := c.f(ctx, u); kerbside.CodeOf(err) != want {
				t.Errorf("%s by %s: got %v (%s), want %q", c.name, name, err, kerbside.CodeOf(err), want)
			}
		}
	}
	for name, want := range map[string]int{"worker": 1, "other": 0, "reviewer": 1, "manager": 1, "support": 0, "elsewhere": 0} {
		if rows, err := h.s.Visits(ctx, people[name], ListAll); err != nil || len(rows) != want {
			t.Errorf("%s lists %d visits (%v), not %d", name, len(rows), err, want)
		}
	}
	_, err := h.s.Visits(ctx, people["admin"], ListAll)
	h.wantCode(err, kerbside.CodeForbidden)
	_, err = h.s.StartRecording(ctx, people["other"], RecordingInput{ClientID: r.ClientID})
	h.wantCode(err, kerbside.CodeConflict) // another's client id gives nothing of theirs
	_, err = h.s.UploadFile(ctx, people["other"], RecordingInput{ClientID: r.ClientID}, strings.NewReader(said))
	h.wantCode(err, kerbside.CodeNotFound)
}

// TestReviewerOfOwnVisit: who may review others' visits still needs a second person for their own.
func TestReviewerOfOwnVisit(t *testing.T) {
	h := newHouse(t)
	h.worker = h.reviewer
	r := h.record(h.reviewer, "", "All was well.")
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	v := h.view(h.reviewer, r.Visit)
	if v.CanReview {
		t.Error("may review their own visit")
	}
	h.wantCode(h.s.Review(t.Context(), h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeForbidden)
	if rows, err := h.s.Visits(t.Context(), h.reviewer, ListToReview); err != nil || len(rows) != 0 {
		t.Error(rows, err)
	}
	if err := h.s.Review(t.Context(), h.manager, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}); err != nil {
		t.Fatal(err)
	}
}

// TestSoundForALockedVisit: what arrives late is taken and kept; nothing that was reviewed changes.
func TestSoundForALockedVisit(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", "All was well.")
	late, err := h.s.StartRecording(ctx, h.worker, RecordingInput{Visit: r.Visit})
	if err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	v := h.view(h.reviewer, r.Visit)
	if err := h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}); err != nil {
		t.Fatal(err)
	}
	if err := h.chunk(late.ID, 1, 0, "More was said."); err != nil {
		t.Fatal(err)
	}
	if _, err := h.s.FinishRecording(ctx, h.worker, late.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte("More was said."))}); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	after := h.view(h.worker, r.Visit)
	if after.Visit.State != kerbside.VisitLocked || len(after.Transcripts) != 1 || len(after.Recordings) != 2 {
		t.Fatalf("%+v", after)
	}
	f, _, err := h.s.Audio(ctx, h.worker, late.ID)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(f); err != nil || string(b) != "More was said." {
		t.Fatal(string(b), err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
