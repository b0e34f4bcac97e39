package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

func (h *house) draftFor(v kerbside.VisitID, a kerbside.Audience) DraftView {
	h.t.Helper()
	for _, d := range h.view(h.worker, v).Drafts {
		if d.Draft.Audience == a {
			return d
		}
	}
	h.t.Fatal("no draft for", a)
	return DraftView{}
}

// TestReword: a sentence stands in the worker's own words for one reader, as a version with author and reason that rests on what the drafted one rests on; the
// others keep theirs; it voids an approval, is taken back as a new version, and is not used any more when what it rests on is corrected.
func TestReword(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.record(h.worker, "", "Mother was calm. Father was out.")
	h.await(r.Visit, kerbside.VisitDrafted)
	h.approve(r.Visit)
	before := h.draftFor(r.Visit, kerbside.AudienceFamily)
	was := before.Draft.Sentences[0]
	in := RewordInput{Sentence: was.ID(), Text: "  Your mum was   calm when I came. ", Reason: "Plainer"}
	for name, x := range map[string]struct {
		by   kerbside.User
		a    kerbside.Audience
		in   RewordInput
		code kerbside.Code
	}{
		"another's":       {h.reviewer, kerbside.AudienceFamily, in, kerbside.CodeForbidden},
		"nobody":          {kerbside.User{}, kerbside.AudienceFamily, in, kerbside.CodeUnauthed},
		"no sentence":     {h.worker, kerbside.AudienceFamily, RewordInput{Sentence: "s-none", Text: "x"}, kerbside.CodeConflict},
		"no words":        {h.worker, kerbside.AudienceFamily, RewordInput{Sentence: was.ID(), Text: " "}, kerbside.CodeInvalid},
		"the same words":  {h.worker, kerbside.AudienceFamily, RewordInput{Sentence: was.ID(), Text: was.Text()}, kerbside.CodeInvalid},
		"too long":        {h.worker, kerbside.AudienceFamily, RewordInput{Sentence: was.ID(), Text: strings.Repeat("x ", maxSentence)}, kerbside.CodeTooLarge},
		"no reader":       {h.worker, "nobody", in, kerbside.CodeNotFound},
		"withheld":        {h.worker, kerbside.AudienceFamily, RewordInput{Sentence: was.ID(), Text: "The neighbour said that all was well."}, kerbside.CodeInvalid},
		"nothing to undo": {h.worker, kerbside.AudienceFamily, RewordInput{Sentence: was.ID(), Undo: true}, kerbside.CodeConflict},
	} {
		if err := h.s.Reword(ctx, x.by, r.Visit, x.a, x.in); kerbside.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if v := h.view(h.worker, r.Visit); v.Visit.State != kerbside.VisitApproved {
		t.Fatal("what was refused changed something")
	}

	if err := h.s.Reword(ctx, h.worker, r.Visit, kerbside.AudienceFamily, in); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	v := h.await(r.Visit, kerbside.VisitDrafted)
	now := h.draftFor(r.Visit, kerbside.AudienceFamily)
	s := now.Draft.Sentences[0]
	if s.Text() != "Your mum was calm when I came." || s.Verdict() != kerbside.VerdictStated || !slices.Equal(s.Items(), was.Items()) || s.Evidence()[0].Quote != was.Evidence()[0].Quote || s.Block() != was.Block() || now.Version != before.Version+1 {
		t.Fatalf("version %d: %+v", now.Version, s)
	}
	if w := now.Reworded; len(w) != 1 || w[0].ByName != "Tansy Everley" || w[0].Reason != "Plainer" || w[0].Before != was.Text() || w[0].Stands != s.ID() || w[0].At.IsZero() || now.Changed[s.ID()] != was.Text() {
		t.Fatalf("%+v", w)
	}
	if other := h.draftFor(r.Visit, kerbside.AudienceCourt); other.Version != 1 || other.Draft.Sentences[0].Text() != "Mother was calm.." && other.Draft.Sentences[0].Verdict() == kerbside.VerdictStated {
		t.Error("another reader's draft changed")
	}
	var doc kerbside.Document
	err := h.store.View(ctx, func(tx kerbside.Tx) (err error) {
		doc, err = tx.Document(h.worker.Org, now.Document)
		return err
	})
	if err != nil || doc.Author != h.worker.ID || doc.Reason != "Plainer" {
		t.Error(doc.Author, doc.Reason, err)
	}
	history, err := h.s.History(ctx, h.worker, r.Visit)
	if err != nil || !slices.ContainsFunc(history, func(e HistoryEntry) bool {
		return e.Action == "reword" && strings.Contains(e.Detail, "became “Your mum was calm when I came.”: Plainer")
	}) {
		t.Error("the history does not tell", err)
	}
	if v.Approved || !v.CanApprove {
		t.Error("an approval of the words before counts")
	}
	h.approve(r.Visit)

	// Put into other words once more, and taken back: each a version of its own.
	again := RewordInput{Sentence: s.ID(), Text: "Your mum was calm."}
	if err := h.s.Reword(ctx, h.worker, r.Visit, kerbside.AudienceFamily, again); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	if now = h.draftFor(r.Visit, kerbside.AudienceFamily); len(now.Reworded) != 1 || now.Reworded[0].Before != was.Text() || now.Draft.Sentences[0].Text() != again.Text {
		t.Fatalf("%+v", now.Reworded)
	}
	if err := h.s.Reword(ctx, h.worker, r.Visit, kerbside.AudienceFamily, RewordInput{Sentence: now.Draft.Sentences[0].ID(), Undo: true}); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	if now = h.draftFor(r.Visit, kerbside.AudienceFamily); now.Version != 4 || now.Draft.Sentences[0].ID() != was.ID() || len(now.Reworded) != 0 {
		t.Fatalf("version %d: %+v", now.Version, now.Reworded)
	}

	// What it rests on is corrected: a drafted sentence stands, the words are kept beside it, and somebody looks before it is approved.
	if err := h.s.Reword(ctx, h.worker, r.Visit, kerbside.AudienceFamily, in); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	words := v.Transcripts[0].Transcript.Words
	if err := h.s.Correct(ctx, h.worker, r.Visit, CorrectionInput{Transcript: v.Transcripts[0].Transcript.ID, First: words[2].ID, Last: words[2].ID, Old: "calm.", New: "angry."}); err != nil {
		t.Fatal(err)
	}
	h.idle(r.Visit)
	v = h.await(r.Visit, kerbside.VisitDrafted)
	now = h.draftFor(r.Visit, kerbside.AudienceFamily)
	if now.Draft.Sentences[0].Verdict() == kerbside.VerdictStated || !strings.Contains(now.Draft.Sentences[0].Text(), "angry") || len(now.Reworded) != 1 || now.Reworded[0].Why != kerbside.RewordingStale || now.Reworded[0].Stands != "" {
		t.Fatalf("%+v %+v", now.Draft.Sentences[0], now.Reworded)
	}
	h.wantCode(h.s.Approve(ctx, h.worker, r.Visit, ApproveInput{Covers: v.Covers()}), kerbside.CodeInvalid)
	if open := required(v); !slices.Contains(open, "family/"+was.ID()) {
		t.Fatal(open)
	}
	h.approve(r.Visit)
}
