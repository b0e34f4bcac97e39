package service

import (
	"slices"
	"testing"

	"kerbside"
	"kerbside/transcribe/wording"
)

func TestProperWords(t *testing.T) {
	for _, c := range []struct {
		before, after string
		want          []string
	}{
		{"Mazee", "Maisie", []string{"Maisie"}},
		{"Dadley", "Dad, Lee", []string{"Dad", "Lee"}},
		{"mrs peel", "Mrs Pell-Adeyemi", []string{"Pell-Adeyemi"}},
		{"cam's", "CAMHS", []string{"CAMHS"}},
		{"maisie", "Maisie", nil},
		{"announced", "unannounced", nil},
		{"Mom said", "Mum told", nil},
		{"it", "", nil},
	} {
		if got := properWords(c.before, c.after); !slices.Equal(got, c.want) {
			t.Errorf("%q -> %q: got %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

// What was put right in an approved visit is listened for in the next of the same case; the visit itself, one that is not approved and
// another case's teach nothing.
func TestCorrectionsTeach(t *testing.T) {
	h := newHouse(t)
	if _, err := h.importCases(h.manager, goodCases, false); err != nil {
		t.Fatal(err)
	}
	rows, err := h.s.Cases(t.Context(), h.worker)
	if err != nil {
		t.Fatal(err)
	}
	one, two := rows[0].Case.ID, rows[1].Case.ID
	visit := func(to kerbside.CaseID) kerbside.VisitID {
		v := h.record(h.worker, "", "the child was seen. mazee was calm.").Visit
		h.await(v, kerbside.VisitDrafted)
		h.idle(v)
		if err := h.s.SetCase(t.Context(), h.worker, v, to); err != nil {
			t.Fatal(err)
		}
		h.await(v, kerbside.VisitDrafted)
		h.idle(v)
		return v
	}
	told := func() bool {
		_, o := h.extractor.told()
		return slices.ContainsFunc(o.Terms, func(t kerbside.Term) bool { return t.Text == "Maisie" })
	}
	first := visit(one)
	tr := h.view(h.worker, first).Transcripts[0].Transcript
	var word kerbside.Word
	for _, w := range tr.Words {
		if w.Text == "mazee" {
			word = w
		}
	}
	if err := h.s.Correct(t.Context(), h.worker, first, CorrectionInput{Transcript: tr.ID, First: word.ID, Last: word.ID, Old: "mazee", New: "Maisie"}); err != nil {
		t.Fatal(err)
	}
	h.await(first, kerbside.VisitDrafted)
	h.idle(first)
	if told() {
		t.Error("a visit was taught by itself")
	}
	visit(one)
	if told() {
		t.Error("learned from what nobody approved")
	}
	h.approve(first)
	visit(two)
	if told() {
		t.Error("learned from another case")
	}
	visit(one)
	if !told() {
		t.Error("the next visit of the case was not told")
	}
}

// TestCorrectionsSuggest goes the way of a name, a role and a term that were heard wrong: put right by the worker and approved, they are suggested where they
// sound alike at the next visit of the case, with the real suggestions and the real rules. The first visit, and the words of the next one, are not touched.
func TestCorrectionsSuggest(t *testing.T) {
	tables, err := wording.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouseWith(t, func(h *house) { engines(t, nil)(h); h.transcriber.tables = tables })
	if _, err := h.importCases(h.manager, goodCases, false); err != nil {
		t.Fatal(err)
	}
	rows, err := h.s.Cases(t.Context(), h.worker)
	if err != nil {
		t.Fatal(err)
	}
	visit := func(said string) *VisitView {
		t.Helper()
		v, err := h.s.StartVisit(t.Context(), h.worker, VisitInput{Date: "2026-03-03"})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.s.SetCase(t.Context(), h.worker, v.ID, rows[0].Case.ID); err != nil {
			t.Fatal(err)
		}
		h.record(h.worker, v.ID, said)
		return h.settled(v.ID)
	}
	suggested := func(v *VisitView) []string {
		var out []string
		for _, g := range v.Transcripts[0].Transcript.Suggestions {
			out = append(out, g.Text)
		}
		return out
	}
	const said = "Mum and Yasminah were in. The family sport worker, Denise, was there too. We spoke about the Calderwick assessment. Yasminah said she likes school."
	first := visit(said)
	if got := suggested(first); len(got) > 0 {
		t.Fatalf("suggested before anybody corrected anything: %q", got)
	}
	id := first.Visit.ID
	h.correct(id, "Yasminah", "Yasmina")
	h.correct(id, "sport", "support")
	h.correct(id, "Calderwick", "Kelderwyck")
	before := h.view(h.worker, id).Transcripts[0]
	if second := visit(said); len(suggested(second)) > 0 {
		t.Errorf("learned from what nobody approved: %q", suggested(second))
	}
	h.approve(id)
	next := visit("Yasminah was in. We went on with the Calderwick assessment.")
	got := suggested(next)
	if !slices.Contains(got, "Yasmina") || !slices.Contains(got, "Kelderwyck") {
		t.Errorf("suggested at the next visit: %q", got)
	}
	if text := next.Transcripts[0].Transcript.Text; text != "Yasminah was in. We went on with the Calderwick assessment." {
		t.Errorf("the words themselves were changed: %q", text)
	}
	if after := h.view(h.worker, id).Transcripts[0]; after.SHA256 != before.SHA256 {
		t.Error("the visit that taught was changed")
	}
	var terms []kerbside.Term
	err = h.store.View(t.Context(), func(tx kerbside.Tx) (err error) { terms, err = learnedTerms(tx, next.Visit); return err })
	if err != nil || !slices.Contains(terms, kerbside.Term{Text: "family support worker", Kind: "role"}) || !slices.Contains(terms, kerbside.Term{Text: "Yasmina", Kind: "person"}) {
		t.Errorf("learned: %+v, %v", terms, err)
	}
}
