package service

import (
	"context"
	"slices"
	"testing"

	"kerbside"
)

// TestLexicon: terms reach the engines, a case's before the organisation's, until they are retired; each change is in the audit log, without the term.
func TestLexicon(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	if _, err := h.importCases(h.manager, "case_id,case_name,worker,person_name\nc-1,Parker,Tansy Everley,Marrable Parker\n", false); err != nil {
		t.Fatal(err)
	}
	rows, err := h.s.Cases(ctx, h.worker)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	parker := rows[0].Case.ID
	add := func(by kerbside.User, id kerbside.CaseID, text string) {
		t.Helper()
		if err := h.s.AddTerm(ctx, by, id, kerbside.Term{Text: text, Kind: "other"}); err != nil {
			t.Fatal(err)
		}
	}
	add(h.admin, "", "CAMHS")
	add(h.manager, "", "EHCP")
	add(h.worker, parker, "Quillon")
	h.wantCode(h.s.AddTerm(ctx, h.admin, parker, kerbside.Term{Text: "Other", Kind: "other"}), kerbside.CodeForbidden)
	h.wantCode(h.s.AddTerm(ctx, h.reviewer, "", kerbside.Term{Text: "Other", Kind: "other"}), kerbside.CodeForbidden)
	list, err := h.s.Terms(ctx, h.manager, "")
	if err != nil || len(list) != 2 || list[0].Text != "CAMHS" || list[0].AddedByName != "Administrator" {
		t.Fatal(list, err)
	}
	heard := func(v kerbside.VisitID) (terms []string) {
		h.record(h.worker, v, "All was well.")
		h.await(v, kerbside.VisitDrafted)
		_, o := h.extractor.told()
		for _, w := range o.Terms {
			terms = append(terms, w.Text)
		}
		return terms
	}
	v, err := h.s.StartVisit(ctx, h.worker, VisitInput{})
	if err != nil {
		t.Fatal(err)
	}
	if got := heard(v.ID); !slices.Equal(got, []string{"CAMHS", "EHCP"}) {
		t.Errorf("without a case: %v", got)
	}
	if err := h.s.RetireTerm(ctx, h.manager, "", list[0].ID); err != nil {
		t.Fatal(err)
	}
	if v, err = h.s.StartVisit(ctx, h.worker, VisitInput{}); err != nil {
		t.Fatal(err)
	}
	if err := h.s.SetCase(ctx, h.worker, v.ID, parker); err != nil {
		t.Fatal(err)
	}
	if got := heard(v.ID); !slices.Equal(got, []string{"Marrable Parker", "Quillon", "EHCP"}) {
		t.Errorf("with a case: %v", got)
	}
	entries, err := h.s.Audit(ctx, h.admin, kerbside.AuditFilter{Action: "retire_term"})
	if err != nil || len(entries.Entries) != 1 || entries.Entries[0].By != h.manager.ID || entries.Entries[0].Object != "term "+list[0].ID {
		t.Fatal(entries, err)
	}
	if h.filesHold("Quillon") {
		t.Error("a case's term lies unsealed on the disk")
	}
}

// TestRetryAside: what gave up is seen by whoever looks after Kerbside, with its reason and without its visit being opened, and can be tried again.
func TestRetryAside(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.drafter.mu.Lock()
	h.drafter.fail[kerbside.AudienceFamily] = 3
	h.drafter.mu.Unlock()
	h.s.d.Installation = noInstallation{}
	r := h.record(h.worker, "", "Mother was calm.")
	h.await(r.Visit, kerbside.VisitFailed)
	got, err := h.s.Health(ctx, h.admin)
	if err != nil || len(got.Aside) != 1 || got.Aside[0].Visit != r.Visit || got.Aside[0].LastError != "The drafter is away. Try again later." || got.Recordings != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = h.s.Health(ctx, h.manager)
	h.wantCode(err, kerbside.CodeForbidden)
	h.wantCode(h.s.RetryAside(ctx, h.manager, r.Visit), kerbside.CodeForbidden)
	h.wantCode(h.s.RetryAside(ctx, h.admin, "v-none"), kerbside.CodeConflict)
	if err := h.s.RetryAside(ctx, h.admin, r.Visit); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	if got, err = h.s.Health(ctx, h.admin); err != nil || len(got.Aside) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	h.wantCode(h.s.RetryAside(ctx, h.admin, r.Visit), kerbside.CodeConflict)
}

// noInstallation has nothing to look after.
type noInstallation struct{ Installation }

func (noInstallation) Engine() EngineHealth { return EngineHealth{} }

func (noInstallation) Space(context.Context) (Space, error) { return Space{}, nil }
