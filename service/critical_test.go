package service

import (
	"strings"
	"testing"
	"time"

	"kerbside"
)

// TestSeenAndInjuriesAreConfirmed: whether a child was seen, and seen alone, and injuries found or denied, are points that matter; another answer is another point.
func TestSeenAndInjuriesAreConfirmed(t *testing.T) {
	words := func(first, last kerbside.WordID, quote string) kerbside.List[kerbside.Evidence] {
		return kerbside.List[kerbside.Evidence]{{Source: kerbside.SourceRef{Kind: kerbside.SourceTranscript, ID: "t-1", Version: 1}, FirstWord: first, LastWord: last, Quote: quote}}
	}
	r := &kerbside.Record{
		Attendees: kerbside.List[kerbside.Attendee]{{ID: "p1", Name: "Oliver"}, {ID: "p2", Name: "Emily"}, {ID: "p3", Name: "Jo"}},
		Children: kerbside.List[kerbside.ChildFacts]{
			{Person: "p1", ChildSeen: kerbside.Fact{Value: kerbside.Yes, Evidence: words("w1", "w2", "I saw")}, SeenAlone: kerbside.ReasonedFact{Value: kerbside.Yes, Evidence: words("w1", "w5", "I saw Oliver alone")}},
			{Person: "p2", ChildSeen: kerbside.Fact{Value: kerbside.Yes, Evidence: words("w6", "w7", "Emily was there")}, SeenAlone: kerbside.ReasonedFact{Value: kerbside.No, Evidence: words("w8", "w9", "not alone")}},
			{Person: "p3", ChildSeen: kerbside.Fact{Value: kerbside.NotStated}, SeenAlone: kerbside.ReasonedFact{Value: kerbside.NotStated}},
		},
		Injuries: kerbside.List[kerbside.Injury]{{ID: "i-1", Polarity: kerbside.Negated, Standing: kerbside.Found, Evidence: words("w10", "w12", "no marks on either")}, {ID: "i-2", Standing: kerbside.Proposed, Evidence: words("w13", "w14", "a bruise")}},
	}
	texts := map[string]string{}
	for _, c := range criticalItems(r) {
		texts[c.Text] = c.ID
	}
	for _, want := range []string{"Oliver was seen, and seen alone.", "Emily was seen, and not alone.", "no marks on either"} {
		if texts[want] == "" {
			t.Errorf("%q need not be confirmed: %v", want, texts)
		}
	}
	if len(texts) != 3 {
		t.Errorf("%v", texts)
	}
	r.Children[1].SeenAlone.Value = kerbside.Yes
	for _, c := range criticalItems(r) {
		if c.ID == texts["Emily was seen, and not alone."] {
			t.Error("another answer counts as confirmed already")
		}
	}
}

// TestWhoWroteDoesNotReview: somebody who corrected a visit while they covered for its worker is no second person afterwards either.
func TestWhoWroteDoesNotReview(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	c, err := h.s.AddCover(ctx, h.manager, h.worker.ID, h.reviewer.ID, time.Time{}, h.now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.s.AddStatement(ctx, h.reviewer, r.Visit, "", "The school was told."); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	if err := h.s.EndCover(ctx, h.manager, c.ID); err != nil {
		t.Fatal(err)
	}
	h.approve(r.Visit)
	v := h.view(h.reviewer, r.Visit)
	if v.CanReview {
		t.Error("who wrote in it is offered its review")
	}
	h.wantCode(h.s.Review(ctx, h.reviewer, r.Visit, ReviewInput{Action: kerbside.ReviewLock, Covers: v.Covers()}), kerbside.CodeForbidden)
	if v := h.view(h.manager, r.Visit); !v.CanReview {
		t.Error("nobody may review it")
	}
}

// TestCoverToCome begins on its day.
func TestCoverToCome(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	other := h.invite("Colleague", kerbside.RoleWorker)
	if _, err := h.s.AddCover(ctx, h.manager, h.worker.ID, other.ID, h.now().Add(time.Hour), h.now().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if covers, err := h.s.Covers(ctx, h.manager); err != nil || len(covers) != 1 {
		t.Errorf("%v, %v", covers, err)
	}
	_, err := h.s.Visit(ctx, other, r.Visit)
	h.wantCode(err, kerbside.CodeNotFound)
	h.advance(90 * time.Minute)
	if v := h.view(other, r.Visit); !v.CanEdit {
		t.Error("a cover does not begin")
	}
	h.advance(time.Hour)
	_, err = h.s.Visit(ctx, other, r.Visit)
	h.wantCode(err, kerbside.CodeNotFound)
}

// TestDictate gives words and keeps nothing.
func TestDictate(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	before := h.blobKeys()
	text, err := h.s.Dictate(ctx, h.manager, r.Visit, strings.NewReader("Visit again within five days."))
	if err != nil || text != "Visit again within five days." {
		t.Fatalf("%q, %v", text, err)
	}
	_, err = h.s.Dictate(ctx, h.worker, r.Visit, strings.NewReader("No."))
	h.wantCode(err, kerbside.CodeForbidden)
	_, err = h.s.Dictate(ctx, h.manager, r.Visit, strings.NewReader(" "))
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.Dictate(ctx, h.manager, r.Visit, strings.NewReader("! noise"))
	h.wantCode(err, kerbside.CodeInvalid)
	if after := h.blobKeys(); len(after) != len(before) || h.filesHold("within five days") {
		t.Errorf("something was kept: %v, then %v", before, after)
	}
}

func (h *house) blobKeys() (keys []string) {
	h.t.Helper()
	if err := h.blobs.List(h.t.Context(), "", func(key string) error { keys = append(keys, key); return nil }); err != nil {
		h.t.Fatal(err)
	}
	return keys
}
