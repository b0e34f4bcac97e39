package service

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/enginetest"
)

const said = "Mother was warm and calm. Quillon had no bruise on his arm. Lunch was on the table."

func TestWholeLife(t *testing.T) { wholeLife(t, newHouse(t)) }

// TestWholeLifeOnServer is TestWholeLife with a database server, whatever the others run on.
func TestWholeLifeOnServer(t *testing.T) {
	wholeLife(t, newHouseWith(t, func(h *house) { h.database = enginetest.On(t, enginetest.Postgres, h.folder) }))
}

func wholeLife(t *testing.T, h *house) {
	t.Helper()
	ctx := t.Context()
	r, err := h.s.StartRecording(ctx, h.worker, RecordingInput{ClientID: "phone-1", Name: "Marrable.webm", Date: "2026-03-03"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.s.StartRecording(ctx, h.worker, RecordingInput{ClientID: "phone-1"})
	if err != nil || again.ID != r.ID {
		t.Fatal(again, err)
	}
	for i, part := range []string{said[:20], said[20:50], said[50:]} {
		if _, err := h.s.PutChunk(ctx, h.worker, r.ID, 1, i, kerbside.HexSHA256([]byte(part)), strings.NewReader(part)); err != nil {
			t.Fatal(err)
		}
	}
	safe, err := h.s.FinishRecording(ctx, h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(said))})
	if err != nil || safe.State != kerbside.RecordingSafe || safe.Bytes != int64(len(said)) {
		t.Fatal(safe, err)
	}
	v := h.await(r.Visit, kerbside.VisitDrafted)
	if len(v.Drafts) != len(kerbside.Audiences()) || v.Record == nil || len(v.Transcripts) != 1 || v.WorkerName != "Tansy Everley" {
		t.Fatalf("%+v", v)
	}
	if h.extractor.opts.VisitDate != "2026-03-03" || h.extractor.opts.HintFrom != "visit" || h.extractor.opts.Worker.ID != h.worker.ID {
		t.Fatalf("%+v", h.extractor.opts)
	}

	// A correction: exactly the sentence that rests on the words is stale at once, and made anew then.
	gate := make(chan struct{})
	h.extractor.mu.Lock()
	h.extractor.gate = gate
	h.extractor.mu.Unlock()
	words := v.Transcripts[0].Transcript.Words
	in := CorrectionInput{Transcript: v.Transcripts[0].Transcript.ID, First: words[7].ID, Last: words[7].ID, Old: "no", New: "a", Reason: "misheard"}
	if err := h.s.Correct(ctx, h.worker, r.Visit, in); err != nil {
		t.Fatal(err)
	}
	before := v
	v = h.view(h.worker, r.Visit)
	if v.Visit.State != kerbside.VisitProcessing || v.CanApprove || v.Transcripts[0].Transcript.Version != 2 {
		t.Fatalf("%+v", v.Visit)
	}
	for _, d := range v.Drafts {
		for _, s := range d.Draft.Sentences {
			if stale := strings.Contains(s.Text(), "bruise"); d.Stale[s.ID()] != stale {
				t.Errorf("%s: stale is %v for %q", d.Draft.Audience, d.Stale[s.ID()], s.Text())
			}
		}
	}
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}), kerbside.CodeConflict)
	h.wantCode(h.s.Correct(ctx, h.worker, r.Visit, in), kerbside.CodeConflict) // the same words were changed already
	close(gate)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	d := v.Drafts[0]
	if len(d.Stale) != 0 || len(d.Changed) != 1 || d.Version != 2 {
		t.Fatalf("stale %v, changed %v, version %d", d.Stale, d.Changed, d.Version)
	}
	for id, old := range d.Changed {
		if !strings.Contains(old, "no bruise") || !slices.ContainsFunc(d.Draft.Sentences, func(s kerbside.Sentence) bool { return s.ID() == id && strings.Contains(s.Text(), "a bruise") }) {
			t.Fatal(d.Changed)
		}
	}

	// Approval of exactly what there is.
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers()}), kerbside.CodeInvalid) // not confirmed
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: before.Covers(), Confirmed: required(v)}), kerbside.CodeConflict)
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers()[1:], Confirmed: required(v)}), kerbside.CodeConflict)
	h.wantCode(h.s.Approve(ctx, h.reviewer, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}), kerbside.CodeForbidden)
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeConflict) // not approved yet
	if f, err := h.s.Export(ctx, h.worker, r.Visit, kerbside.AudienceCourt, kerbside.FormatText, true); err != nil || !strings.Contains(string(f.Body), "approved=false") || !strings.HasSuffix(f.Name, "-court-draft-not-approved.txt") {
		t.Fatal(f.Name, err)
	}
	h.approve(r.Visit)
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}), kerbside.CodeConflict) // twice

	// The second person.
	h.wantCode(h.s.Review(ctx, h.worker, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeForbidden)
	queue, err := h.s.Visits(ctx, h.reviewer, ListToReview)
	if err != nil || len(queue) != 1 || queue[0].Seconds != 7 || queue[0].Recordings != 1 {
		t.Fatal(queue, err)
	}
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: before.Covers()}), kerbside.CodeConflict)
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewReturn, Covers: v.Covers()}), kerbside.CodeInvalid)
	rv := h.view(h.reviewer, r.Visit)
	if !rv.CanReview || rv.CanApprove || rv.CanEdit {
		t.Fatalf("%+v", rv)
	}
	if err := h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewReturn, Comment: "Who saw the arm?", Covers: rv.Covers()}); err != nil {
		t.Fatal(err)
	}
	if got := h.view(h.worker, r.Visit).Visit; got.State != kerbside.VisitReturned || got.Reason != "Who saw the arm?" {
		t.Fatalf("%+v", got)
	}
	if err := h.s.AddStatement(ctx, h.worker, r.Visit, "bedroom_seen", "I saw Quillon's arm myself."); err != nil {
		t.Fatal(err)
	}
	v = h.await(r.Visit, kerbside.VisitDrafted)
	if slices.ContainsFunc(v.Open, func(o OpenItem) bool { return o.Kind == OpenMissing }) {
		t.Error("an answered question is still open")
	}
	h.approve(r.Visit)
	v = h.view(h.reviewer, r.Visit)
	if err := h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}); err != nil {
		t.Fatal(err)
	}

	// Locked: nothing changes any more.
	v = h.view(h.worker, r.Visit)
	if v.Visit.State != kerbside.VisitLocked || v.CanEdit || v.CanApprove {
		t.Fatalf("%+v", v.Visit)
	}
	words = v.Transcripts[0].Transcript.Words
	h.wantCode(h.s.Correct(ctx, h.worker, r.Visit, CorrectionInput{Transcript: in.Transcript, First: words[0].ID, Last: words[0].ID, Old: words[0].Text, New: "x"}), kerbside.CodeConflict)
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}), kerbside.CodeConflict)
	h.wantCode(h.s.AddStatement(ctx, h.worker, r.Visit, "", "later"), kerbside.CodeConflict)
	h.wantCode(h.s.AddNote(ctx, h.worker, r.Visit, "later"), kerbside.CodeConflict)
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewReturn, Comment: "x", Covers: v.Covers()}), kerbside.CodeConflict)
	h.wantCode(h.s.Retry(ctx, h.worker, r.Visit), kerbside.CodeConflict)
	out, err := h.s.Export(ctx, h.worker, r.Visit, kerbside.AudienceCourt, kerbside.FormatText, true)
	if err != nil || !strings.Contains(string(out.Body), "a bruise") || !strings.Contains(string(out.Body), "approved=true") || !strings.HasSuffix(out.Name, "-court.txt") {
		t.Fatal(out.Name, string(out.Body), err)
	}
	all, err := h.s.Bundle(ctx, h.reviewer, r.Visit)
	if err != nil || !strings.Contains(string(all.Body), "1 transcripts") || !strings.Contains(string(all.Body), "approved=true") {
		t.Fatal(string(all.Body), err)
	}
	// That it is in the case system is said, and taken back, of what is locked too; history keeps both.
	court := v.Drafts[len(v.Drafts)-1]
	tomorrow := h.s.now().AddDate(0, 0, 3).Format("2006-01-02")
	h.wantCode(h.s.Enter(ctx, h.worker, r.Visit, EnterInput{Document: court.Document, On: tomorrow}), kerbside.CodeInvalid)
	h.wantCode(h.s.Enter(ctx, h.worker, r.Visit, EnterInput{Document: court.Document, Undo: true}), kerbside.CodeConflict)
	if err := h.s.Enter(ctx, h.worker, r.Visit, EnterInput{Document: court.Document}); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.Enter(ctx, h.worker, r.Visit, EnterInput{Document: court.Document}), kerbside.CodeConflict)
	if e := h.view(h.reviewer, r.Visit).Drafts[len(v.Drafts)-1].Entered; e == nil || e.Earlier || e.ByName == "" || e.On != h.s.now().Format("2006-01-02") {
		t.Errorf("entered: %+v", e)
	}
	if err := h.s.Enter(ctx, h.worker, r.Visit, EnterInput{Document: court.Document, Undo: true}); err != nil {
		t.Fatal(err)
	}
	if e := h.view(h.reviewer, r.Visit).Drafts[len(v.Drafts)-1].Entered; e != nil {
		t.Errorf("entered: %+v", e)
	}
	h.checkTrail(r)
	if !strings.Contains(h.log.String(), "stage done") || !strings.Contains(h.log.String(), string(r.Visit)) {
		t.Error("the log, which is searched for what was said, is empty")
	}
}

// checkTrail wants each thing that was done in the audit, with ids only, and the versions and what changed in the history.
func (h *house) checkTrail(r kerbside.Recording) {
	h.t.Helper()
	if f, _, err := h.s.Audio(h.t.Context(), h.reviewer, r.ID); err != nil {
		h.t.Fatal(err)
	} else if err := f.Close(); err != nil {
		h.t.Fatal(err)
	}
	var entries []kerbside.AuditEntry
	err := h.db.View(h.t.Context(), func(tx kerbside.Tx) (err error) { entries, err = tx.Audit(h.worker.Org, 1000); return err })
	if err != nil {
		h.t.Fatal(err)
	}
	actions := map[string]int{}
	for _, a := range entries {
		actions[a.Action]++
		if kind, id, ok := strings.Cut(a.Object, " "); !ok || kind == "" || !strings.Contains(id, "-") || slices.ContainsFunc(planted, func(w string) bool { return strings.Contains(a.Object, w) }) {
			h.t.Errorf("audit object %q", a.Object)
		}
	}
	for _, want := range []string{"link", "invite", "sign_in", "start_recording", "upload", "read", "play", "correct", "state", "approve", "return", "review", "export", "enter", "enter_undo"} {
		if actions[want] == 0 {
			h.t.Errorf("nothing of %q in the audit: %v", want, actions)
		}
	}
	history, err := h.s.History(h.t.Context(), h.reviewer, r.Visit)
	if err != nil {
		h.t.Fatal(err)
	}
	found := map[string]int{}
	for _, e := range history {
		found[e.Action]++
		if e.Action == "correct" && (e.Detail != "“no” became “a”: misheard" || e.ByName != "Tansy Everley") {
			h.t.Errorf("%+v", e)
		}
	}
	if found["transcript"] != 2 || found["record"] != 3 || found["draft"] != 3*len(kerbside.Audiences()) || found["approve"] != 2 {
		h.t.Errorf("history: %v", found)
	}
}

// TestApprovalIsVoid: what changes after an approval makes it count no more.
func TestApprovalIsVoid(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", "All was well. Lunch was hot.")
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	approved := h.view(h.reviewer, r.Visit)
	w := approved.Transcripts[0].Transcript.Words[5]
	if err := h.s.Correct(ctx, h.worker, r.Visit, CorrectionInput{Transcript: approved.Transcripts[0].Transcript.ID, First: w.ID, Last: w.ID, Old: w.Text, New: "cold."}); err != nil {
		t.Fatal(err)
	}
	if f, err := h.s.Export(ctx, h.worker, r.Visit, kerbside.AudienceFamily, kerbside.FormatText, false); kerbside.CodeOf(err) != kerbside.CodeConflict && strings.Contains(string(f.Body), "approved=true") {
		t.Fatalf("exported as approved what nobody approved: %v", err)
	}
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: approved.Covers()}), kerbside.CodeConflict)
	v := h.await(r.Visit, kerbside.VisitDrafted)
	if v.Reviews[0].Current {
		t.Error("the approval of older versions still counts")
	}
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeConflict)
}

func TestIdempotentStages(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", said)
	first := h.await(r.Visit, kerbside.VisitDrafted)
	h.idle(r.Visit)
	for _, kind := range []kerbside.JobKind{kerbside.JobTranscribe, kerbside.JobExtract, kerbside.JobDraft} {
		for range 2 {
			j := kerbside.Job{Org: r.Org, Kind: kind, Visit: r.Visit, Recording: r.ID}
			if err := h.store.Update(t.Context(), func(tx kerbside.Tx) error { return tx.Enqueue(j) }); err != nil {
				t.Fatal(err)
			}
			h.idle(r.Visit)
		}
	}
	h.idle(r.Visit)
	if v := h.view(h.worker, r.Visit); !slices.Equal(v.Covers(), first.Covers()) || v.Visit.State != kerbside.VisitDrafted {
		t.Fatal("a stage that ran twice made new versions")
	}
	if h.transcriber.calls != 1 || h.extractor.calls != 1 {
		t.Fatal(h.transcriber.calls, h.extractor.calls)
	}
}

func TestNoSpeech(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", "   ")
	v := h.await(r.Visit, kerbside.VisitDrafted)
	h.idle(r.Visit)
	if h.extractor.calls != 0 || v.Record != nil || len(v.Drafts) != 0 || v.CanApprove || len(v.Transcripts) != 1 {
		t.Fatalf("%+v", v)
	}
	if len(v.Open) != 1 || v.Open[0].Kind != OpenNoSpeech {
		t.Fatalf("%+v", v.Open)
	}
	h.wantCode(h.s.Approve(t.Context(), h.worker, r.Visit, ApproveInput{Covers: v.Covers()}), kerbside.CodeConflict)
	if err := h.s.AddNote(t.Context(), h.worker, r.Visit, "Nobody was in."); err != nil { // typed instead
		t.Fatal(err)
	}
	if v := h.await(r.Visit, kerbside.VisitDrafted); v.Record == nil || len(v.Drafts) == 0 {
		t.Fatalf("%+v", v)
	}
}

func TestSeveralSources(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	first := h.record(h.worker, "", "First came this.")
	h.await(first.Visit, kerbside.VisitDrafted)
	h.record(h.worker, first.Visit, "Second came that.")
	h.record(h.worker, first.Visit, "Second came that.") // by mistake the same again
	if err := h.s.AddNote(ctx, h.worker, first.Visit, "Third was typed."); err != nil {
		t.Fatal(err)
	}
	if err := h.s.AddStatement(ctx, h.worker, first.Visit, "", "Fourth was an answer."); err != nil {
		t.Fatal(err)
	}
	h.idle(first.Visit)
	v := h.await(first.Visit, kerbside.VisitDrafted)
	want := []string{"First came this.", "Second came that.", "Third was typed.", "Fourth was an answer."}
	if got := h.extractor.seen[len(h.extractor.seen)-1]; !slices.Equal(got, want) {
		t.Fatalf("%q", got)
	}
	if len(v.Recordings) != 4 || len(v.Record.Strengths) != 4 || !v.CanApprove {
		t.Fatalf("%d recordings, %d items", len(v.Recordings), len(v.Record.Strengths))
	}
}

func TestWatch(t *testing.T) {
	h := newHouse(t)
	gate := make(chan struct{})
	h.transcriber.gate = gate
	r := h.record(h.worker, "", said)
	ctx, cancel := context.WithCancel(t.Context())
	news, err := h.s.Watch(ctx, h.worker, r.Visit)
	if err != nil {
		t.Fatal(err)
	}
	open := false
	timeout := time.After(30 * time.Second)
	for {
		select {
		case p := <-news:
			if p.Stage == "transcribe" && !open {
				if p.TotalMS == 0 || p.DoneMS != p.TotalMS/2 || p.Words == 0 {
					t.Fatalf("%+v", p)
				}
				open = true
				close(gate)
			}
			if p.State != kerbside.VisitDrafted {
				continue
			}
		case <-timeout:
			t.Fatal("no news")
		}
		break
	}
	if !open {
		t.Error("no progress of the transcription")
	}
	cancel()
	for range news { // ends
	}
	if _, err := h.s.Watch(t.Context(), h.invite("Other", kerbside.RoleWorker), r.Visit); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Fatal(err)
	}
}
