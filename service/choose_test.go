package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// A release wants a reason, reaches the drafter, makes a new version, voids an approval and is in the audit; it can be taken back.
func TestRelease(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	visit := h.record(h.worker, "", said).Visit
	v := h.await(visit, kerbside.VisitDrafted)
	family := func() DraftView {
		v = h.view(h.worker, visit)
		return v.Drafts[slices.IndexFunc(v.Drafts, func(d DraftView) bool { return d.Draft.Audience == kerbside.AudienceFamily })]
	}
	before := family()
	item := before.Draft.Withheld[0].Item
	h.wantCode(h.s.Release(ctx, h.worker, visit, kerbside.AudienceFamily, item, " "), kerbside.CodeInvalid)
	h.wantCode(h.s.Release(ctx, h.worker, visit, kerbside.AudienceFamily, "r-none", "why"), kerbside.CodeConflict)
	h.wantCode(h.s.Release(ctx, h.reviewer, visit, kerbside.AudienceFamily, item, "why"), kerbside.CodeForbidden)
	h.approve(visit)
	if err := h.s.Release(ctx, h.worker, visit, kerbside.AudienceFamily, item, "She was there when it was said."); err != nil {
		t.Fatal(err)
	}
	h.await(visit, kerbside.VisitDrafted)
	after := family()
	if after.Version != before.Version+1 || len(after.Draft.Withheld) != 0 || len(after.Draft.Released) != 1 || after.Draft.Released[0].Reason != "She was there when it was said." {
		t.Errorf("version %d, %+v", after.Version, after.Draft)
	}
	if h.view(h.worker, visit).Visit.State != kerbside.VisitDrafted {
		t.Error("the approval still counts")
	}
	if err := h.s.Withhold(ctx, h.worker, visit, kerbside.AudienceFamily, item); err != nil {
		t.Fatal(err)
	}
	h.await(visit, kerbside.VisitDrafted)
	if again := family(); len(again.Draft.Withheld) != 1 || len(again.Draft.Released) != 0 {
		t.Errorf("%+v", again.Draft)
	}
	h.wantCode(h.s.Withhold(ctx, h.worker, visit, kerbside.AudienceFamily, item), kerbside.CodeConflict)
	history, err := h.s.History(ctx, h.worker, visit)
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	for _, e := range history {
		if e.By == h.worker.ID {
			done = append(done, e.Action)
		}
	}
	if all := strings.Join(done, " "); !strings.Contains(all, "release") || !strings.Contains(all, "withhold") {
		t.Errorf("history: %s", all)
	}
}

// One call puts an omitted item in.
func TestInclude(t *testing.T) {
	h := newHouse(t)
	visit := h.record(h.worker, "", said).Visit
	h.await(visit, kerbside.VisitDrafted)
	v := h.view(h.worker, visit)
	chronology := func() *kerbside.Draft {
		v = h.view(h.worker, visit)
		return v.Drafts[slices.IndexFunc(v.Drafts, func(d DraftView) bool { return d.Draft.Audience == kerbside.AudienceChronology })].Draft
	}
	omitted := chronology().Omissions
	if len(omitted) != 1 {
		t.Fatalf("%d omissions", len(omitted))
	}
	h.wantCode(h.s.Include(t.Context(), h.worker, visit, kerbside.AudienceChronology, "r-none"), kerbside.CodeConflict)
	if err := h.s.Include(t.Context(), h.worker, visit, kerbside.AudienceChronology, omitted[0].Item); err != nil {
		t.Fatal(err)
	}
	h.await(visit, kerbside.VisitDrafted)
	if d := chronology(); len(d.Omissions) != 0 || !slices.Contains(d.Included, omitted[0].Item) {
		t.Errorf("%+v", d)
	}
}
