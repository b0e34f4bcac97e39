package service

import (
	"strings"
	"testing"
	"time"

	"kerbside"
)

func (h *house) recordVisit(said string) kerbside.Recording {
	h.t.Helper()
	r, err := h.s.UploadFile(h.t.Context(), h.worker, RecordingInput{Name: "visit.wav", Kind: kerbside.KindVisit, Date: "2026-03-03"}, strings.NewReader(said))
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

var mother = ConsentInput{Who: "mother", How: "spoken", When: "at"}

func TestConsent(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()

	// A debrief of the worker alone needs none.
	alone := h.record(h.worker, "", said)
	v := h.await(alone.Visit, kerbside.VisitDrafted)
	if v.Consent != ConsentNone {
		t.Errorf("a debrief wants consent: %s", v.Consent)
	}
	h.wantCode(h.s.WithdrawConsent(ctx, h.worker, alone.Visit, "mother"), kerbside.CodeConflict)
	h.approve(alone.Visit)

	// A recorded visit wants who, how and when before it is approved.
	r := h.recordVisit(said)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	if v.Consent != ConsentMissing {
		t.Errorf("%q", v.Consent)
	}
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}), kerbside.CodeInvalid)
	for _, in := range []ConsentInput{{}, {Who: "mother"}, {Who: "mother", How: "spoken"}, {Who: "mother", How: "telepathy", When: "at"}, {Who: " ", How: "spoken", When: "at"}} {
		h.wantCode(h.s.NoteConsent(ctx, h.worker, r.Visit, in), kerbside.CodeInvalid)
	}
	h.wantCode(h.s.NoteConsent(ctx, h.reviewer, r.Visit, mother), kerbside.CodeForbidden)
	h.wantCode(h.s.NoteConsent(ctx, h.admin, r.Visit, mother), kerbside.CodeForbidden)
	if err := h.s.NoteConsent(ctx, h.worker, r.Visit, mother); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	if v.Consent != ConsentThere || len(v.Consents) != 1 || len(v.Record.Consent) != 1 || v.Record.Consent[0].Who != "mother" || v.Record.Consent[0].When != "at" || v.Record.Consent[0].By != h.worker.ID {
		t.Errorf("%+v %+v", v.Consents, v.Record.Consent)
	}
	h.approve(r.Visit)

	// Withdrawn: everything stands still, and nothing can be taken.
	if err := h.s.WithdrawConsent(ctx, h.manager, r.Visit, "Quillon"); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.WithdrawConsent(ctx, h.manager, r.Visit, "Quillon"), kerbside.CodeConflict)
	v = h.view(h.worker, r.Visit)
	if v.Consent != ConsentWithdrawn || v.CanEdit || v.CanApprove || h.view(h.reviewer, r.Visit).CanReview {
		t.Errorf("%+v", v)
	}
	_, _, err := h.s.Audio(ctx, h.worker, r.ID)
	h.wantCode(err, kerbside.CodeConflict)
	_, err = h.s.Export(ctx, h.worker, r.Visit, kerbside.AudienceCourt, kerbside.FormatText, false)
	h.wantCode(err, kerbside.CodeConflict)
	_, err = h.s.Bundle(ctx, h.worker, r.Visit)
	h.wantCode(err, kerbside.CodeConflict)
	h.wantCode(h.s.AddStatement(ctx, h.worker, r.Visit, "", "more"), kerbside.CodeConflict)
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeConflict)
	if h.filesHold("Quillon") {
		t.Error("who withdrew lies readable in the database")
	}

	// A manager may decide to go on, and says why.
	h.wantCode(h.s.KeepAfterWithdrawal(ctx, h.worker, r.Visit, "needed in court"), kerbside.CodeForbidden)
	h.wantCode(h.s.KeepAfterWithdrawal(ctx, h.manager, r.Visit, ""), kerbside.CodeInvalid)
	if err := h.s.KeepAfterWithdrawal(ctx, h.manager, r.Visit, "needed in court"); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	if v = h.await(r.Visit, kerbside.VisitDrafted); v.Consent != ConsentKept || !v.CanApprove {
		t.Errorf("%+v", v)
	}

	// Or it is deleted, with a receipt; what the worker said alone stays, and is written of anew.
	if err := h.s.AddNote(ctx, h.worker, r.Visit, "I spoke to the school too."); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	h.wantCode(h.s.DeleteWithdrawn(ctx, h.worker, r.Visit, false, ""), kerbside.CodeConflict) // nothing was withdrawn
	if err := h.s.WithdrawConsent(ctx, h.worker, r.Visit, "mother"); err != nil {
		t.Fatal(err)
	}
	if err := h.s.DeleteWithdrawn(ctx, h.worker, r.Visit, false, "she asked"); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	text := v.Transcripts[0].Transcript.Text
	for _, d := range v.Drafts {
		for _, s := range d.Draft.Sentences {
			text += s.Text()
		}
	}
	if len(v.Transcripts) != 1 || strings.Contains(text, "bruise") || !strings.Contains(text, "school") || v.Consent != ConsentNone {
		t.Errorf("%q %q", text, v.Consent)
	}
	if keys := h.keysUnder(string(r.Org) + "/" + string(r.ID)); len(keys) > 0 {
		t.Error(keys)
	}
	if found, err := h.find(h.worker, FindInput{Text: "bruise"}); err != nil || len(found) != 1 || found[0].Visit.ID != alone.Visit {
		t.Error(found, err)
	}
	h.checkReceipts(map[kerbside.Part]int{kerbside.PartSound: 1, kerbside.PartWords: 1, kerbside.PartNotes: 1})
	h.approve(r.Visit)
}

// TestWithdrawalStopsWork: what runs for the visit ends within a moment, what waits does not go on, and a restart changes nothing.
func TestWithdrawalStopsWork(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	gate := make(chan struct{})
	h.transcriber.mu.Lock()
	h.transcriber.gate = gate
	h.transcriber.mu.Unlock()
	r := h.recordVisit(said)
	calls := h.transcribing()
	began := time.Now()
	if err := h.s.WithdrawConsent(ctx, h.worker, r.Visit, "mother"); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	close(gate)
	h.wantLeft(r.Visit, true, false, false)
	h.close()
	h.start() // looks for work that is left over
	time.Sleep(100 * time.Millisecond)
	h.idle(r.Visit)
	h.wantLeft(r.Visit, true, false, false)
	if n := calls(); n != 1 {
		t.Errorf("transcribed %d times", n)
	}
	// Before anything was decided, new sound is kept, and nothing is made of it.
	more := h.record(h.worker, r.Visit, "Lunch was on the table.")
	h.idle(r.Visit)
	h.wantLeft(r.Visit, true, false, false)
	if err := h.s.NoteConsent(ctx, h.worker, r.Visit, mother); err != nil { // given again
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	h.wantLeft(r.Visit, true, true, true)
	_ = more
}

// transcribing waits until a transcription runs, and gives how many there were.
func (h *house) transcribing() (calls func() int) {
	h.t.Helper()
	calls = func() int {
		h.transcriber.mu.Lock()
		defer h.transcriber.mu.Unlock()
		return h.transcriber.calls
	}
	for end := time.Now().Add(20 * time.Second); calls() == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatal("no transcription")
		}
	}
	return calls
}

// TestStoppedWorkLooksAgain: what a deletion put in the queue may run before the deletion stops what ran before it, and must not be lost with that.
func TestStoppedWorkLooksAgain(t *testing.T) {
	h := newHouse(t)
	gate := make(chan struct{})
	h.transcriber.mu.Lock()
	h.transcriber.gate = gate
	h.transcriber.mu.Unlock()
	r := h.record(h.worker, "", said)
	h.transcribing()
	h.s.stopHere(r.Visit)
	close(gate)
	h.await(r.Visit, kerbside.VisitDrafted)
}

// TestWithdrawnAfterLocking: record and drafts of a locked visit stay unless everything is to go.
func TestWithdrawnAfterLocking(t *testing.T) {
	for _, everything := range []bool{false, true} {
		h := newHouse(t)
		ctx := t.Context()
		r := h.recordVisit(said)
		h.await(r.Visit, kerbside.VisitDrafted)
		if err := h.s.NoteConsent(ctx, h.worker, r.Visit, mother); err != nil {
			t.Fatal(err)
		}
		h.idle(r.Visit)
		h.await(r.Visit, kerbside.VisitDrafted)
		h.approve(r.Visit)
		h.lock(r.Visit)
		if err := h.s.WithdrawConsent(ctx, h.worker, r.Visit, "mother"); err != nil {
			t.Fatal(err)
		}
		if err := h.s.DeleteWithdrawn(ctx, h.worker, r.Visit, everything, ""); err != nil {
			t.Fatal(err)
		}
		h.wantLeft(r.Visit, false, false, !everything)
		v := h.view(h.worker, r.Visit)
		if v.Visit.State != kerbside.VisitLocked || !everything && !v.Approved {
			t.Errorf("everything %v: %+v", everything, v.Visit)
		}
	}
}

func TestSecondApproval(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	readers := func(r kerbside.SecondRule) map[kerbside.Audience]kerbside.SecondRule {
		out := map[kerbside.Audience]kerbside.SecondRule{}
		for _, a := range kerbside.Audiences() {
			out[a] = r
		}
		return out
	}
	h.wantCode(h.s.SetSecond(ctx, h.manager, kerbside.SecondPolicy{}, 0), kerbside.CodeForbidden)
	h.wantCode(h.s.SetSecond(ctx, h.admin, kerbside.SecondPolicy{Readers: readers(kerbside.SecondSample)}, 0), kerbside.CodeInvalid)
	h.wantCode(h.s.SetSecond(ctx, h.admin, kerbside.SecondPolicy{Readers: readers("perhaps")}, 0), kerbside.CodeInvalid)
	h.wantCode(h.s.SetSecond(ctx, h.admin, kerbside.SecondPolicy{Readers: map[kerbside.Audience]kerbside.SecondRule{"stranger": kerbside.SecondNone}}, 0), kerbside.CodeInvalid)

	// Always, which is what holds without a policy: everything waits.
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	v := h.view(h.worker, r.Visit)
	if v.Visit.State != kerbside.VisitApproved || len(v.Second) != len(kerbside.Audiences()) {
		t.Fatalf("%s %v", v.Visit.State, v.Second)
	}

	// For the court only: its draft waits, the others are approved.
	p := kerbside.SecondPolicy{Readers: readers(kerbside.SecondNone)}
	p.Readers[kerbside.AudienceCourt] = kerbside.SecondAlways
	if err := h.s.SetSecond(ctx, h.admin, p, 0); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.SetSecond(ctx, h.admin, p, 0), kerbside.CodeConflict)
	if got := h.view(h.worker, r.Visit).Second; len(got) != len(kerbside.Audiences()) {
		t.Error("a new policy changed what was approved before", got)
	}
	r = h.record(h.worker, "", said+" Again.")
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	v = h.view(h.worker, r.Visit)
	if v.Visit.State != kerbside.VisitApproved || len(v.Second) != 1 || v.Second[0] != kerbside.AudienceCourt {
		t.Fatalf("%s %v", v.Visit.State, v.Second)
	}
	export := func(a kerbside.Audience) string {
		out, err := h.s.Export(ctx, h.worker, r.Visit, a, kerbside.FormatText, false)
		if err != nil {
			t.Fatal(err)
		}
		return out.Name + string(out.Body)
	}
	if s := export(kerbside.AudienceCourt); !strings.Contains(s, "not-approved") || strings.Contains(s, "approved=true") {
		t.Error(s)
	}
	if s := export(kerbside.AudienceFamily); strings.Contains(s, "not-approved") || !strings.Contains(s, "approved=true") {
		t.Error(s)
	}
	for _, d := range v.Drafts {
		code := kerbside.Code("")
		if d.Draft.Audience == kerbside.AudienceCourt {
			code = kerbside.CodeConflict
		}
		h.wantCode(h.s.Enter(ctx, h.worker, r.Visit, EnterInput{Document: d.Document}), code)
	}
	h.wantCode(h.s.Review(ctx, h.worker, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeForbidden)
	h.lock(r.Visit)
	if s := export(kerbside.AudienceCourt); strings.Contains(s, "not-approved") {
		t.Error(s)
	}

	// None: the worker's word locks it.
	if err := h.s.SetSecond(ctx, h.admin, kerbside.SecondPolicy{Readers: readers(kerbside.SecondNone)}, 1); err != nil {
		t.Fatal(err)
	}
	r = h.record(h.worker, "", said+" Once more.")
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	if v = h.view(h.worker, r.Visit); v.Visit.State != kerbside.VisitLocked || !v.Approved || len(v.Second) != 0 {
		t.Fatalf("%+v", v.Visit)
	}
	queue, err := h.s.Visits(ctx, h.reviewer, ListToReview)
	if err != nil || len(queue) != 1 {
		t.Error(queue, err)
	}
	h.policy(days(30, kerbside.FromReviewed), keep, keep)
	h.advance(31 * day)
	h.retain(2) // this one, by its approval, and the one that was reviewed
}

// TestSample: about one in so many is drawn, and always the same ones.
func TestSample(t *testing.T) {
	const visits, oneIn = 20_000, 5
	n := 0
	for i := range visits {
		v := kerbside.VisitID("v-" + number(i))
		got := drawn("l-policy", v, oneIn)
		if got != drawn("l-policy", v, oneIn) {
			t.Fatal("drawn again otherwise")
		}
		if got {
			n++
		}
	}
	if n < visits/oneIn*9/10 || n > visits/oneIn*11/10 {
		t.Errorf("%d of %d drawn, want about one in %d", n, visits, oneIn)
	}
	same := 0
	for i := range visits {
		v := kerbside.VisitID("v-" + number(i))
		if drawn("l-policy", v, oneIn) && drawn("l-other", v, oneIn) {
			same++
		}
	}
	if same > visits/oneIn/oneIn*2 {
		t.Errorf("two policies draw the same %d visits", same)
	}
}
