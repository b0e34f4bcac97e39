package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// find gives what a search finds, over all pages.
func (h *house) find(by kerbside.User, in FindInput) ([]Hit, error) {
	var out []Hit
	for {
		found, err := h.s.Find(h.t.Context(), by, in)
		out = append(out, found.Hits...)
		if in.Skip += FoundPage; err != nil || in.Skip >= found.N {
			return out, err
		}
	}
}

// A search finds by words, people, cases, workers and days, shows the words around, and nothing that its reader may not see.
func TestFind(t *testing.T) {
	h := newHouse(t)
	id, visits := h.linden()
	mine := h.record(h.reviewer, "", "The kitchen was tidy. One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen the garden gate was open.").Visit
	h.idle(mine)
	for _, c := range []struct {
		name string
		by   kerbside.User
		in   FindInput
		want []kerbside.VisitID
	}{
		{"a word", h.worker, FindInput{Text: "SCHOOL"}, []kerbside.VisitID{visits[1]}},
		{"all words", h.worker, FindInput{Text: "quillon ring"}, []kerbside.VisitID{visits[0]}},
		{"one's own only", h.worker, FindInput{Text: "garden"}, nil},
		{"the team's", h.reviewer, FindInput{Text: "garden"}, []kerbside.VisitID{mine}},
		{"a case", h.manager, FindInput{Case: id}, []kerbside.VisitID{visits[1], visits[0]}},
		{"a worker", h.manager, FindInput{Worker: h.reviewer.ID}, []kerbside.VisitID{mine}},
		{"somebody of the case, named or not", h.manager, FindInput{Person: "everley"}, []kerbside.VisitID{visits[1], visits[0]}},
		{"somebody and a word", h.manager, FindInput{Person: "everley linden", Text: "school"}, []kerbside.VisitID{visits[1]}},
		{"somebody nobody knows", h.manager, FindInput{Person: "Xerxes"}, nil},
		{"days", h.worker, FindInput{From: "2026-03-04"}, nil},
		{"days that fit", h.worker, FindInput{From: "2026-03-03", Until: "2026-03-03"}, []kerbside.VisitID{visits[1], visits[0]}},
	} {
		found, err := h.find(c.by, c.in)
		var got []kerbside.VisitID
		for _, x := range found {
			got = append(got, x.Visit.ID)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v, want %v", c.name, got, err, c.want)
		}
	}
	found, err := h.find(h.reviewer, FindInput{Text: "gate tidy"})
	if err != nil || len(found) != 1 || len(found[0].Snippets) == 0 {
		t.Fatalf("%+v, %v", found, err)
	}
	var text strings.Builder
	for _, p := range found[0].Snippets[0].Parts {
		if p.Hit {
			text.WriteString("[" + p.Text + "]")
			continue
		}
		text.WriteString(" " + p.Text + " ")
	}
	if got := text.String(); got != " The kitchen was [tidy.] One two three four five six seven eight … " || len(found[0].Snippets) != 2 || found[0].Snippets[0].Evidence[0].Quote != "tidy" {
		t.Errorf("%q", got)
	}
	for _, in := range []FindInput{{}, {Text: "?!"}, {From: "yesterday"}, {From: "2026-03-04", Until: "2026-03-03"}} {
		_, err := h.s.Find(t.Context(), h.worker, in)
		h.wantCode(err, kerbside.CodeInvalid)
	}
	_, err = h.s.Find(t.Context(), h.admin, FindInput{Text: "garden"})
	h.wantCode(err, kerbside.CodeForbidden)
	if c, err := h.s.SearchChoices(t.Context(), h.worker); err != nil || len(c.Workers) != 1 || len(c.Cases) != 2 {
		t.Errorf("choices %+v, %v", c, err)
	}
}
