package service

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
)

const day = 24 * time.Hour

// locked makes a visit of a case that is approved and reviewed.
func (h *house) locked(c kerbside.CaseID, said string) kerbside.VisitID {
	h.t.Helper()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	if c != "" {
		if err := h.s.SetCase(h.t.Context(), h.worker, r.Visit, c); err != nil {
			h.t.Fatal(err)
		}
		h.idle(r.Visit)
		h.await(r.Visit, kerbside.VisitDrafted)
	}
	h.approve(r.Visit)
	h.lock(r.Visit)
	return r.Visit
}

func (h *house) lock(v kerbside.VisitID) {
	h.t.Helper()
	view := h.view(h.reviewer, v)
	if err := h.s.Review(h.t.Context(), h.reviewer, v, ReviewInput{Action: kerbside.ReviewLock, Covers: view.Covers()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) cases(ids ...kerbside.CaseID) {
	h.t.Helper()
	err := h.store.Update(h.t.Context(), func(tx kerbside.Tx) error {
		for _, id := range ids {
			if err := tx.PutCase(kerbside.Case{ID: id, Org: h.worker.Org, Name: string(id), People: []kerbside.Person{{ID: "1", Name: "Quillon Marrable", Role: "child"}}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) policy(sound, words, notes kerbside.KeepRule) {
	h.t.Helper()
	v, err := h.s.Keeping(h.t.Context(), h.admin)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.s.SetRetention(h.t.Context(), h.admin, kerbside.RetentionPolicy{Sound: sound, Words: words, Notes: notes}, v.Retention.Version); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) retain(want int) {
	h.t.Helper()
	if n, err := h.s.Retain(h.t.Context()); err != nil || n != want {
		h.t.Fatalf("%d parts went, want %d (%v)", n, want, err)
	}
}

// left is what of a visit can still be read, straight from the store.
func (h *house) left(v kerbside.VisitID) (sound, words, notes bool) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(tx kerbside.Tx) error {
		recordings, err := tx.Recordings(h.worker.Org, v)
		if err != nil {
			return err
		}
		for _, r := range recordings {
			if r.Blob != "" {
				if f, err := h.s.d.Blobs.Open(h.t.Context(), r.Blob); err == nil {
					sound = true
					_ = f.Close()
				}
			}
		}
		t, err1 := tx.LatestDocuments(h.worker.Org, v, kerbside.DocTranscript)
		d, err2 := tx.LatestDocuments(h.worker.Org, v, kerbside.DocDraft)
		words, notes = len(t) > 0, len(d) > 0
		if err1 != nil {
			return err1
		}
		return err2
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return sound, words, notes
}

func (h *house) wantLeft(v kerbside.VisitID, sound, words, notes bool) {
	h.t.Helper()
	if a, b, c := h.left(v); a != sound || b != words || c != notes {
		h.t.Fatalf("left: sound %v, words %v, drafts %v; want %v, %v, %v", a, b, c, sound, words, notes)
	}
}

var keep = kerbside.KeepRule{Keep: true, From: kerbside.FromReviewed}

func days(n int, from kerbside.KeepFrom) kerbside.KeepRule {
	return kerbside.KeepRule{Days: n, From: from}
}

func TestRetention(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	v := h.locked("", said)
	open := h.record(h.worker, "", "All was well at home.")
	h.await(open.Visit, kerbside.VisitDrafted)

	// Nothing goes before somebody has decided, and only an administrator decides.
	h.advance(4000 * day)
	h.retain(0)
	for _, u := range []kerbside.User{h.worker, h.reviewer, h.manager} {
		h.wantCode(h.s.SetRetention(ctx, u, kerbside.SuggestedRetention(), 0), kerbside.CodeForbidden)
		_, err := h.s.Keeping(ctx, u)
		h.wantCode(err, kerbside.CodeForbidden)
		_, err = h.s.Receipts(ctx, u)
		h.wantCode(err, kerbside.CodeForbidden)
	}
	for _, p := range []kerbside.RetentionPolicy{
		{Sound: keep, Words: days(1, kerbside.FromReviewed), Notes: keep}, {Sound: days(0, kerbside.FromReviewed), Words: keep, Notes: keep},
		{Sound: days(1, "birth"), Words: keep, Notes: keep}, {Sound: days(1, kerbside.FromReviewed), Words: days(9, kerbside.FromApproved), Notes: keep}, {},
	} {
		h.wantCode(h.s.SetRetention(ctx, h.admin, p, 0), kerbside.CodeInvalid)
	}
	h.wantCode(h.s.SetRetention(ctx, h.admin, kerbside.SuggestedRetention(), 3), kerbside.CodeConflict)
	h.advance(-4000 * day)

	h.policy(days(30, kerbside.FromReviewed), days(100, kerbside.FromReviewed), days(200, kerbside.FromReviewed))
	h.advance(29 * day)
	k, err := h.s.Keeping(ctx, h.admin)
	if err != nil || len(k.Due) != 1 || k.Due[0].Visit != v || k.Due[0].Part != kerbside.PartSound || k.Retention.Version != 1 || k.Retentions[0].ByName != "Administrator" {
		t.Fatalf("%+v %v", k, err)
	}
	h.retain(0)
	h.advance(2 * day)
	h.retain(1)
	h.retain(0)
	h.wantLeft(v, false, true, true)
	if keys := h.keysUnder(string(h.worker.Org) + "/" + h.soundOf(v)); len(keys) > 0 {
		t.Error("bytes lie there still", keys)
	}
	_, _, err = h.s.Audio(ctx, h.worker, kerbside.RecordingID(h.soundOf(v)))
	h.wantCode(err, kerbside.CodeNotFound)
	view := h.view(h.worker, v)
	if !view.Approved || view.Visit.State != kerbside.VisitLocked || len(view.Drafts) == 0 {
		t.Errorf("%+v", view.Visit)
	}
	h.advance(70 * day)
	h.retain(1)
	h.wantLeft(v, false, false, true)
	view = h.view(h.worker, v)
	for _, d := range view.Drafts {
		if len(d.Stale) > 0 {
			t.Error("what was locked is called out of date")
		}
	}
	if out, err := h.s.Export(ctx, h.worker, v, kerbside.AudienceCourt, kerbside.FormatText, true); err != nil || !strings.Contains(string(out.Body), "approved=true") {
		t.Error("what was approved is not any more", string(out.Body), err)
	}
	if found, err := h.find(h.worker, FindInput{Text: "bruise"}); err != nil || len(found) > 0 {
		t.Error("deleted words are found", found, err)
	}
	h.advance(100 * day)
	h.retain(1)
	h.wantLeft(v, false, false, false)
	view = h.view(h.worker, v)
	if view.Visit.Title != "" || len(view.Reviews) != 2 {
		t.Errorf("%+v", view)
	}
	h.wantLeft(open.Visit, true, true, true) // neither approved nor reviewed

	// What nobody approved goes by the day of the visit only, and closes the visit.
	h.policy(days(10, kerbside.FromVisit), days(400, kerbside.FromVisit), keep)
	h.retain(1)
	h.wantLeft(open.Visit, false, true, true)
	h.approve(open.Visit)
	h.lock(open.Visit)
	late := h.record(h.worker, "", "All was well again.")
	h.await(late.Visit, kerbside.VisitDrafted)
	h.advance(9 * day)
	h.retain(0)
	h.advance(391 * day)
	h.retain(3) // the words of both, and the sound of the late one
	h.wantLeft(late.Visit, false, false, true)
	view = h.view(h.worker, late.Visit)
	if view.Visit.State != kerbside.VisitErased || view.CanEdit || view.CanApprove {
		t.Errorf("%+v", view.Visit)
	}
	h.wantCode(h.s.AddNote(ctx, h.worker, late.Visit, "more"), kerbside.CodeConflict)
	h.checkReceipts(map[kerbside.Part]int{kerbside.PartSound: 3, kerbside.PartWords: 3, kerbside.PartNotes: 2})
}

func (h *house) soundOf(v kerbside.VisitID) (id string) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(tx kerbside.Tx) error {
		r, err := tx.Recordings(h.worker.Org, v)
		id = string(r[0].ID)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) keysUnder(prefix string) (keys []string) {
	h.t.Helper()
	if err := h.blobs.List(h.t.Context(), prefix, func(k string) error { keys = append(keys, k); return nil }); err != nil {
		h.t.Fatal(err)
	}
	return keys
}

// checkReceipts holds receipts against the audit log and against what is gone, and that they say nothing.
func (h *house) checkReceipts(want map[kerbside.Part]int) {
	h.t.Helper()
	receipts, err := h.s.Receipts(h.t.Context(), h.admin)
	if err != nil {
		h.t.Fatal(err)
	}
	got := map[kerbside.Part]int{}
	var entries []kerbside.AuditEntry
	err = h.store.View(h.t.Context(), func(tx kerbside.Tx) (err error) {
		if entries, err = tx.Audit(h.worker.Org, 10_000); err != nil {
			return err
		}
		for _, r := range receipts {
			got[r.Part]++
			for _, key := range r.Keys {
				if k, err := tx.DataKey(h.worker.Org, key); err != nil || !k.Erased() {
					h.t.Errorf("the key %s of receipt %s is there: %v", key, r.ID, err)
				}
			}
			for _, x := range r.Items {
				if x.ID == "" || x.SHA256 == "" && x.Kind != "statement" && x.Kind != "visit" {
					h.t.Errorf("an item without id or hash: %+v", x)
				}
			}
			if !slices.ContainsFunc(entries, func(e kerbside.AuditEntry) bool {
				return e.Action == "erase" && e.Object == "receipt "+r.ID+" sha256 "+r.SHA256 && e.Visit == r.Visit && e.By == r.By
			}) {
				h.t.Errorf("the audit log does not know receipt %s", r.ID)
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for part, n := range want {
		if got[part] != n {
			h.t.Errorf("%d receipts for %s, want %d", got[part], part, n)
		}
	}
}

// TestRetentionByItself: the service deletes what is due without being asked, after a restart too.
func TestRetentionByItself(t *testing.T) {
	h := newHouse(t)
	v := h.locked("", said)
	h.policy(days(30, kerbside.FromReviewed), keep, keep)
	h.close()
	h.advance(31 * day)
	h.start()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if sound, _, _ := h.left(v); !sound {
			break
		}
		if time.Now().After(end) {
			t.Fatal("nothing was deleted")
		}
	}
	h.wantLeft(v, false, true, true)
}

// TestMistypedYear: a visit that is said to have been long ago is not deleted for that.
func TestMistypedYear(t *testing.T) {
	h := newHouse(t)
	r, err := h.s.UploadFile(t.Context(), h.worker, RecordingInput{Name: "a.wav", Date: "1926-03-03"}, strings.NewReader(said))
	if err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	h.policy(days(10, kerbside.FromVisit), days(10, kerbside.FromVisit), days(10, kerbside.FromVisit))
	h.retain(0)
}

// TestHolds: no order of operations deletes what is under a hold. Visits of two cases live through random steps of everything that could delete or move
// them; whatever of the held case was there when its hold was placed is there until it ends.
func TestHolds(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.cases("c-1", "c-2")
	h.wantCode(h.s.PlaceHold(ctx, h.worker, "c-1", "court"), kerbside.CodeForbidden)
	h.wantCode(h.s.PlaceHold(ctx, h.admin, "c-1", "court"), kerbside.CodeForbidden)
	h.wantCode(h.s.PlaceHold(ctx, h.manager, "c-9", "court"), kerbside.CodeNotFound)
	h.wantCode(h.s.PlaceHold(ctx, h.manager, "c-1", " "), kerbside.CodeInvalid)
	h.wantCode(h.s.EndHold(ctx, h.manager, "c-1", "h-none", "over"), kerbside.CodeConflict)
	h.policy(days(1, kerbside.FromVisit), days(2, kerbside.FromVisit), days(3, kerbside.FromVisit))
	rng := rand.New(rand.NewPCG(7, 11))
	type state struct{ sound, words, notes bool }
	held := map[kerbside.CaseID]string{}
	guarded := map[kerbside.VisitID]state{}
	var visits []kerbside.VisitID
	caseOf := map[kerbside.VisitID]kerbside.CaseID{}
	cases := []kerbside.CaseID{"c-1", "c-2"}
	steps, refusals := 0, 0
	do := func(err error) {
		steps++
		switch kerbside.CodeOf(err) {
		case "":
		case kerbside.CodeConflict, kerbside.CodeInvalid, kerbside.CodeNotFound:
			refusals++
		default:
			t.Fatal(err)
		}
	}
	for range 4 {
		for i, c := range cases {
			kind := kerbside.KindDebrief
			if i == 0 {
				kind = kerbside.KindVisit
			}
			r, err := h.s.UploadFile(ctx, h.worker, RecordingInput{Name: "a.wav", Kind: kind}, strings.NewReader(said+string(c)+string(rune('a'+len(visits)))))
			if err != nil {
				t.Fatal(err)
			}
			h.await(r.Visit, kerbside.VisitDrafted)
			do(h.s.NoteConsent(ctx, h.worker, r.Visit, ConsentInput{"mother", "spoken", "at"}))
			do(h.s.SetCase(ctx, h.worker, r.Visit, c))
			h.idle(r.Visit)
			visits, caseOf[r.Visit] = append(visits, r.Visit), c
		}
	}
	pick := func() kerbside.VisitID { return visits[rng.IntN(len(visits))] }
	for range 160 {
		v := pick()
		c := cases[rng.IntN(2)]
		switch rng.IntN(9) {
		case 0:
			if held[c] == "" {
				do(h.s.PlaceHold(ctx, h.manager, c, "court"))
				views, err := h.s.CaseKeeping(ctx, h.manager, c)
				if err != nil {
					t.Fatal(err)
				}
				held[c] = views.Holds[len(views.Holds)-1].ID
				for _, v := range visits {
					if caseOf[v] == c {
						a, b, d := h.left(v)
						guarded[v] = state{a, b, d}
					}
				}
			}
		case 1:
			if held[c] != "" && rng.IntN(3) == 0 {
				do(h.s.EndHold(ctx, h.manager, c, held[c], "over"))
				held[c] = ""
				for _, v := range visits {
					if caseOf[v] == c {
						delete(guarded, v)
					}
				}
			}
		case 2:
			h.advance(time.Duration(rng.IntN(20)) * time.Hour)
			_, err := h.s.Retain(ctx)
			do(err)
		case 3:
			do(h.s.Erase(ctx, h.manager, v, kerbside.Parts()[rng.IntN(3)], "asked for"))
		case 4:
			do(h.s.WithdrawConsent(ctx, h.worker, v, "mother"))
		case 5:
			do(h.s.DeleteWithdrawn(ctx, h.worker, v, rng.IntN(2) == 0, ""))
		case 6:
			do(h.s.KeepAfterWithdrawal(ctx, h.manager, v, "needed"))
		case 7:
			if err := h.s.SetCase(ctx, h.worker, v, c); err == nil {
				do(nil)
				caseOf[v] = c
				if held[c] != "" && guarded[v] == (state{}) {
					h.idle(v)
					a, b, d := h.left(v)
					guarded[v] = state{a, b, d}
				}
			} else {
				do(err)
			}
		case 8:
			do(h.s.Restrict(ctx, h.manager, c, nil))
		}
		h.idle(v)
		for g, was := range guarded {
			a, b, d := h.left(g)
			if was.sound && !a || was.words && !b || was.notes && !d {
				t.Fatalf("step %d: visit %s of case %s, under a hold, had %+v and has %v %v %v", steps, g, caseOf[g], was, a, b, d)
			}
		}
	}
	gone := 0
	for _, v := range visits {
		if s, _, _ := h.left(v); !s {
			gone++
		}
	}
	t.Logf("%d steps, %d of them refused, %d of %d visits lost their sound", steps, refusals, gone, len(visits))
	if gone == 0 || refusals == 0 {
		t.Error("the test tried nothing")
	}
}

// TestHoldOnAddenda: what adds to a held visit is held with it, wherever it was put.
func TestHoldOnAddenda(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.cases("c-1", "c-2")
	v := h.locked("c-1", said)
	a, err := h.s.StartAddendum(ctx, h.worker, v)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.s.AddNote(ctx, h.worker, a.ID, "The school phoned."); err != nil {
		t.Fatal(err)
	}
	h.await(a.ID, kerbside.VisitDrafted)
	if err := h.s.SetCase(ctx, h.worker, a.ID, "c-2"); err != nil {
		t.Fatal(err)
	}
	h.idle(a.ID)
	if err := h.s.PlaceHold(ctx, h.manager, "c-1", "court"); err != nil {
		t.Fatal(err)
	}
	h.wantCode(h.s.Erase(ctx, h.manager, a.ID, kerbside.PartNotes, "asked"), kerbside.CodeConflict)
	h.wantCode(h.s.Erase(ctx, h.manager, v, kerbside.PartSound, "asked"), kerbside.CodeConflict)
	if !h.view(h.worker, v).Held || !h.view(h.worker, a.ID).Held {
		t.Error("the hold is not shown")
	}
	h.policy(days(1, kerbside.FromVisit), days(1, kerbside.FromVisit), days(1, kerbside.FromVisit))
	h.advance(400 * day)
	h.retain(0)
	k, err := h.s.Keeping(ctx, h.admin)
	if err != nil || k.HeldCount == 0 || len(k.DueCount) != 0 {
		t.Errorf("%+v %v", k, err)
	}
	views, err := h.s.CaseKeeping(ctx, h.manager, "c-1")
	if err != nil || len(views.Holds) != 1 || views.Holds[0].Reason != "court" || views.Holds[0].Ended {
		t.Fatal(views, err)
	}
	if err := h.s.EndHold(ctx, h.manager, "c-1", views.Holds[0].ID, "the case was heard"); err != nil {
		t.Fatal(err)
	}
	if n, err := h.s.Retain(ctx); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	h.wantLeft(v, false, false, false)
}

// TestEraseByHand: a manager deletes, with a reason and a receipt; nobody else.
func TestEraseByHand(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	v := h.locked("", said)
	for _, u := range []kerbside.User{h.worker, h.reviewer} {
		h.wantCode(h.s.Erase(ctx, u, v, kerbside.PartSound, "asked"), kerbside.CodeForbidden)
	}
	h.wantCode(h.s.Erase(ctx, h.manager, v, kerbside.PartSound, ""), kerbside.CodeInvalid)
	h.wantCode(h.s.Erase(ctx, h.manager, v, "everything", "asked"), kerbside.CodeInvalid)
	if err := h.s.Erase(ctx, h.manager, v, kerbside.PartNotes, "asked"); err != nil {
		t.Fatal(err)
	}
	h.wantLeft(v, true, true, false)
	h.wantCode(h.s.Erase(ctx, h.manager, v, kerbside.PartNotes, "asked"), kerbside.CodeConflict)
	if err := h.s.Erase(ctx, h.manager, v, kerbside.PartWords, "asked"); err != nil {
		t.Fatal(err)
	}
	h.wantLeft(v, false, false, false)
	h.checkReceipts(map[kerbside.Part]int{kerbside.PartSound: 1, kerbside.PartWords: 1, kerbside.PartNotes: 2})
	if h.filesHold("asked") {
		t.Error("a reason lies readable in the database")
	}
}

// TestRestoreReplays: what a restore brings back and is destroyed again is noted, with a receipt, and nothing is made of it.
func TestRestoreReplays(t *testing.T) {
	h := newHouse(t)
	v := h.locked("", said)
	r := h.record(h.worker, "", "All was well.")
	h.await(r.Visit, kerbside.VisitDrafted)
	scopes := []string{h.soundOf(v), kerbside.WordsScope(kerbside.RecordingID(h.soundOf(v))), string(r.ID), kerbside.WordsScope(r.ID), kerbside.NotesScope(r.Visit, 1)}
	err := h.store.Update(t.Context(), func(tx kerbside.Tx) error { // as seal.Reconcile does
		for _, s := range scopes {
			if err := tx.EraseDataKey(h.worker.Org, s, h.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := h.s.Replayed(t.Context(), h.worker.Org, scopes); err != nil {
			t.Fatal(err)
		}
	}
	h.wantLeft(v, false, false, true)
	h.wantLeft(r.Visit, false, false, false)
	if got := h.view(h.worker, r.Visit).Visit; got.State != kerbside.VisitErased {
		t.Errorf("%+v", got)
	}
	h.checkReceipts(map[kerbside.Part]int{kerbside.PartSound: 2})
}
