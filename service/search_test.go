package service

import (
	"strings"
	"testing"

	"kerbside"
)

// TestSearch: a visit is found by whole words of what was said, by who may read it, and the index is no text.
func TestSearch(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", "Mother was calm. Father was out.")
	h.await(r.Visit, kerbside.VisitDrafted)
	rows, err := h.find(h.worker, FindInput{Text: "FATHER’s calm"})
	if err != nil || len(rows) != 1 || rows[0].Visit.ID != r.Visit {
		t.Errorf("%+v %v", rows, err)
	}
	other := h.invite("Other", kerbside.RoleWorker)
	for query, by := range map[string]kerbside.User{"bruise": h.worker, "fath": h.worker, "father": other} {
		if rows, err := h.find(by, FindInput{Text: query}); err != nil || len(rows) != 0 {
			t.Errorf("%q: %+v %v", query, rows, err)
		}
	}
	if h.filesHold("father") || h.filesHold("Father") {
		t.Error("the search index is readable")
	}
}

func TestSearchWords(t *testing.T) {
	if got := strings.Join(searchWords("Zoë’s mum—Ms. O'Neil—said 'no', twice: NO!", "3 o’clock"), " "); got != "3 ms mum no oclock oneil said twice zoe" {
		t.Fatal(got)
	}
}
