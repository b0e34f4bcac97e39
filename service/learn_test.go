package service

import (
	"slices"
	"testing"

	"kerbside"
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
