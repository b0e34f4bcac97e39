package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// TestHeard: what matters is heard or confirmed before approval, doubtful words in fields too; what a browser says it has played counts for its own person.
func TestHeard(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", "Mother was warm? and calm. Quillon had no bruise on his arm.")
	v := h.await(r.Visit, kerbside.VisitDrafted)
	i := slices.IndexFunc(v.Open, func(o OpenItem) bool { return o.Kind == OpenDoubt })
	if i < 0 || !v.Open[i].Required || v.Open[i].Heard {
		t.Fatalf("the doubtful word is not asked for: %+v", v.Open)
	}
	doubt := v.Open[i]
	var critical []string
	for _, o := range v.Open {
		if o.Kind == OpenCritical {
			critical = append(critical, o.ID)
		}
	}
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: critical}), kerbside.CodeInvalid)
	from, to := *doubt.Evidence[0].StartMS, *doubt.Evidence[0].EndMS
	report := func(u kerbside.User, a, b int64) {
		t.Helper()
		if err := h.s.ReportHeard(ctx, u, r.Visit, r.ID, []Span{{a, b}}); err != nil {
			t.Fatal(err)
		}
	}
	report(h.reviewer, from, to) // somebody else's ears
	if to-from > 3*heardSlop {
		report(h.worker, from, from+heardSlop) // a part of it
	}
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: critical}), kerbside.CodeInvalid)
	report(h.worker, 0, from+1)
	report(h.worker, from, to+1000)
	if o := h.view(h.worker, r.Visit).Open[i]; !o.Heard {
		t.Error("what was played is not shown as heard")
	}
	if h.view(h.manager, r.Visit).Open[i].Heard {
		t.Error("another person's playing counts as one's own")
	}
	if err := h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: critical}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]Span{nil, {{5, 5}}, {{-1, 5}}, {{1 << 40, 1 << 41}}} {
		h.wantCode(h.s.ReportHeard(ctx, h.worker, r.Visit, r.ID, bad), kerbside.CodeInvalid)
	}
	h.wantCode(h.s.ReportHeard(ctx, h.worker, r.Visit, "r-none", []Span{{0, 1}}), kerbside.CodeNotFound)
	h.wantCode(h.s.ReportHeard(ctx, h.invite("Other", kerbside.RoleWorker), r.Visit, r.ID, []Span{{0, 1}}), kerbside.CodeNotFound)
}

func TestCommentsAndOversight(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	v := h.view(h.reviewer, r.Visit)
	d := v.Drafts[0]
	comment := kerbside.SentenceComment{Document: d.Document, Sentence: d.Draft.Sentences[0].ID(), Text: "Who says so?"}
	in := ReviewInput{Action: kerbside.ReviewReturn, Comment: "See the sentence.", Covers: v.Covers(), Comments: []kerbside.SentenceComment{{Document: d.Document, Sentence: "s-none", Text: "x"}}}
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, in), kerbside.CodeConflict)
	in.Comments = []kerbside.SentenceComment{comment}
	if err := h.s.Review(ctx, h.reviewer, r.Visit, in); err != nil {
		t.Fatal(err)
	}
	reviews := h.view(h.worker, r.Visit).Reviews
	if last := reviews[len(reviews)-1]; !slices.Equal(last.Comments, in.Comments) {
		t.Errorf("%+v", last)
	}
	if h.filesHold("Who says so?") {
		t.Error("a comment lies in the database as it was written")
	}

	entry := kerbside.Oversight{Decision: "Strategy discussion today.", Rationale: "Bruising seen."}
	h.wantCode(h.s.AddOversight(ctx, h.worker, r.Visit, entry), kerbside.CodeForbidden)
	h.wantCode(h.s.AddOversight(ctx, h.reviewer, r.Visit, entry), kerbside.CodeForbidden)
	h.wantCode(h.s.AddOversight(ctx, h.manager, r.Visit, kerbside.Oversight{Decision: "x"}), kerbside.CodeInvalid)
	for range 2 {
		if err := h.s.AddOversight(ctx, h.manager, r.Visit, entry); err != nil {
			t.Fatal(err)
		}
	}
	if o := h.view(h.worker, r.Visit).Oversight; len(o) != 2 || o[0].Oversight != entry || o[0].ByName != "First manager" {
		t.Errorf("%+v", o)
	}
}

// TestVoid: sound on the wrong visit is taken out and moved with a trace, and nothing made of it stays.
func TestVoid(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	right := h.record(h.worker, "", "All was well.")
	h.await(right.Visit, kerbside.VisitDrafted)
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	_, err := h.s.Void(ctx, h.worker, r.ID, " ", "")
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.Void(ctx, h.reviewer, r.ID, "wrong child", "")
	h.wantCode(err, kerbside.CodeForbidden)
	_, err = h.s.Void(ctx, h.worker, r.ID, "wrong child", string(r.Visit))
	h.wantCode(err, kerbside.CodeInvalid)
	moved, err := h.s.Void(ctx, h.worker, r.ID, "wrong child", string(right.Visit))
	if err != nil || moved.Visit != right.Visit || moved.SHA256 != r.SHA256 || moved.ID == r.ID {
		t.Fatal(moved, err)
	}
	h.idle(r.Visit)
	h.idle(right.Visit)
	v := h.await(r.Visit, kerbside.VisitOpen)
	if v.Record != nil || len(v.Drafts) != 0 || len(v.Transcripts) != 0 || v.CanApprove || v.Recordings[0].State != kerbside.RecordingVoid {
		t.Errorf("what was made of it is still there: %+v", v)
	}
	v = h.await(right.Visit, kerbside.VisitDrafted)
	if len(v.Recordings) != 2 || len(v.Transcripts) != 2 || !strings.Contains(v.Transcripts[1].Transcript.Text, "bruise") {
		t.Errorf("%+v", v.Recordings)
	}
	entries, err := h.s.History(ctx, h.worker, r.Visit)
	if err != nil || !slices.ContainsFunc(entries, func(e HistoryEntry) bool {
		return e.Action == "void" && e.Detail == "wrong child" && strings.Contains(e.Object, string(moved.ID))
	}) {
		t.Errorf("no trace: %+v (%v)", entries, err)
	}
	_, err = h.s.Void(ctx, h.worker, r.ID, "again", "")
	h.wantCode(err, kerbside.CodeConflict)

	// One of several: the others stay.
	if _, err := h.s.Void(ctx, h.worker, moved.ID, "was right after all", ""); err != nil {
		t.Fatal(err)
	}
	h.idle(right.Visit)
	if v := h.await(right.Visit, kerbside.VisitDrafted); len(v.Transcripts) != 1 || v.Record == nil || !v.CanApprove {
		t.Errorf("%+v", v.Visit)
	}
}

func TestAddendum(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", "All was well.")
	h.await(r.Visit, kerbside.VisitDrafted)
	_, err := h.s.StartAddendum(ctx, h.worker, r.Visit)
	h.wantCode(err, kerbside.CodeConflict)
	h.approve(r.Visit)
	locked := h.view(h.reviewer, r.Visit)
	if err := h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: locked.Covers()}); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.StartAddendum(ctx, h.reviewer, r.Visit)
	h.wantCode(err, kerbside.CodeForbidden)
	v, err := h.s.StartAddendum(ctx, h.worker, r.Visit)
	if err != nil || v.AddendumTo != r.Visit || v.Date != locked.Visit.Date {
		t.Fatal(v, err)
	}
	if err := h.s.AddNote(ctx, h.worker, v.ID, "The school phoned the day after."); err != nil {
		t.Fatal(err)
	}
	h.await(v.ID, kerbside.VisitDrafted)
	after := h.view(h.worker, r.Visit)
	if !slices.Equal(after.Covers(), locked.Covers()) || after.Visit.State != kerbside.VisitLocked || !after.CanAmend || !slices.Equal(after.Addenda, []kerbside.VisitID{v.ID}) {
		t.Errorf("%+v", after.Visit)
	}
	if added := h.view(h.worker, v.ID); added.Visit.AddendumTo != r.Visit || !added.CanApprove {
		t.Errorf("%+v", added.Visit)
	}
}
