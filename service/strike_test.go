package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// TestStrike: what is not so is taken out of record and drafts with a reason and stays listed; what is stated in its place is read; it follows a correction of
// its words, voids an approval, and can be put back. Each is a version.
func TestStrike(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", "Mother was calm. There was a bruise on his arm. Father was out.")
	v := h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	risk := v.Record.Risks[0]
	in := StrikeInput{Item: risk.ID, Reason: "It was mud", Text: "It was mud on his arm, and washed off."}
	for name, x := range map[string]struct {
		by   kerbside.User
		in   StrikeInput
		code kerbside.Code
	}{
		"another's":     {h.reviewer, in, kerbside.CodeForbidden},
		"nobody":        {kerbside.User{}, in, kerbside.CodeUnauthed},
		"no reason":     {h.worker, StrikeInput{Item: risk.ID}, kerbside.CodeInvalid},
		"no item":       {h.worker, StrikeInput{Item: "r-none", Reason: "x"}, kerbside.CodeConflict},
		"not taken out": {h.worker, StrikeInput{Item: risk.ID, Undo: true}, kerbside.CodeConflict},
	} {
		if err := h.s.Strike(ctx, x.by, r.Visit, x.in); kerbside.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := h.s.Strike(ctx, h.worker, r.Visit, in); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	all := func() string {
		var b strings.Builder
		for _, d := range h.view(h.worker, r.Visit).Drafts {
			for _, s := range d.Draft.Sentences {
				b.WriteString(s.Text() + "\n")
			}
		}
		return b.String()
	}
	if len(v.Record.Risks) != 0 || strings.Contains(all(), "bruise") || !strings.Contains(all(), "mud on his arm") || v.Approved {
		t.Fatalf("%+v\n%s", v.Record.Risks, all())
	}
	x := v.Record.Struck
	if len(x) != 1 || x[0].Kind != "risk" || x[0].By != h.worker.ID || x[0].Reason != "It was mud" || x[0].Instead != v.Statements[0].ID || x[0].Evidence[0].Quote != risk.Evidence[0].Quote {
		t.Fatalf("%+v", x)
	}
	history, err := h.s.History(ctx, h.worker, r.Visit)
	if err != nil || !slices.ContainsFunc(history, func(e HistoryEntry) bool { return e.Action == "strike" && e.Detail == "It was mud" }) {
		t.Error("the history does not tell", err)
	}

	words := v.Transcripts[0].Transcript.Words
	if err := h.s.Correct(ctx, h.worker, r.Visit, CorrectionInput{Transcript: v.Transcripts[0].Transcript.ID, First: words[0].ID, Last: words[0].ID, Old: "Mother", New: "Mum really"}); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	if v = h.await(r.Visit, kerbside.VisitDrafted); len(v.Record.Risks) != 0 || len(v.Record.Struck) != 1 {
		t.Fatalf("a correction of other words brought it back: %+v", v.Record.Risks)
	}
	if err := h.s.Strike(ctx, h.worker, r.Visit, StrikeInput{Item: v.Record.Struck[0].ID, Undo: true}); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	if v = h.await(r.Visit, kerbside.VisitDrafted); len(v.Record.Risks) != 1 || len(v.Record.Struck) != 0 || len(v.Statements) != 1 || !strings.Contains(all(), "bruise") {
		t.Fatalf("%+v", v.Record)
	}
}
