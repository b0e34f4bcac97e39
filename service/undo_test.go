package service

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"kerbside"
)

// TestUndo: the last correction is taken back as a new version that has the words of before with their ids, times and doubts; earlier ones after it, and
// what was taken back teaches nobody. Every version stays and says why it is there.
func TestUndo(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id := h.record(h.worker, "", "Mother was calm. Quillon? had no bruise on his arm.").Visit
	first := h.await(id, kerbside.VisitDrafted).Transcripts[0].Transcript
	correct := func(old, fresh string) {
		v := h.await(id, kerbside.VisitDrafted)
		tr := v.Transcripts[0].Transcript
		for _, w := range tr.Words {
			if w.Text == old {
				if err := h.s.Correct(ctx, h.worker, id, CorrectionInput{Transcript: tr.ID, First: w.ID, Last: w.ID, Old: old, New: fresh, Reason: "misheard"}); err != nil {
					t.Fatal(err)
				}
				return
			}
		}
		t.Fatalf("%q does not stand there", old)
	}
	undo := func(want string) {
		t.Helper()
		v := h.await(id, kerbside.VisitDrafted)
		last := v.Transcripts[0].Last
		if last == nil || CorrectionText(*last) != want {
			t.Fatalf("to be taken back: %+v, want %s", last, want)
		}
		h.wantCode(h.s.UndoCorrection(ctx, h.worker, id, first.ID, "k-other"), kerbside.CodeConflict)
		h.wantCode(h.s.UndoCorrection(ctx, h.reviewer, id, first.ID, last.ID), kerbside.CodeForbidden)
		if err := h.s.UndoCorrection(ctx, h.worker, id, first.ID, last.ID); err != nil {
			t.Fatal(err)
		}
	}
	correct("Quillon?", "Quill")
	correct("no", "")
	undo("“no” was taken out")
	undo("“Quillon?” became “Quill”")
	v := h.await(id, kerbside.VisitDrafted)
	now := v.Transcripts[0].Transcript
	if now.Version != 5 || v.Transcripts[0].Last != nil {
		t.Fatalf("version %d, %+v", now.Version, v.Transcripts[0].Last)
	}
	same := *now
	same.Version = 1
	if !reflect.DeepEqual(&same, first) {
		t.Errorf("what was taken back is not what stood there before: %+v", now)
	}
	h.wantCode(h.s.UndoCorrection(ctx, h.worker, id, first.ID, "k-1"), kerbside.CodeConflict)
	correct("Quillon?", "Quillan") // goes on from there
	if v = h.await(id, kerbside.VisitDrafted); v.Transcripts[0].Transcript.Version != 6 || v.Transcripts[0].Last == nil || !strings.Contains(v.Transcripts[0].Transcript.Text, "Quillan had no bruise") {
		t.Errorf("%+v", v.Transcripts[0])
	}

	list, err := h.s.Versions(ctx, h.reviewer, id)
	if err != nil || len(list) != 2+len(kerbside.Audiences()) {
		t.Fatal(list, err)
	}
	versions := list[0].Versions
	if list[0].Kind != kerbside.DocTranscript || len(versions) != 6 || versions[0].Correction != nil || versions[4].Correction.Undoes == "" || versions[5].ByName != "Tansy Everley" || versions[1].Correction.Reason != "misheard" {
		t.Errorf("%+v", versions)
	}
	record := list[1].Versions
	if n := len(record); n < 2 || record[0].By != "" || len(record[n-1].After) == 0 || record[n-1].After[0].ByName != "Tansy Everley" {
		t.Errorf("why the record was made anew is not told: %+v", record)
	}
	d, err := h.s.Document(ctx, h.reviewer, id, versions[0].Document)
	var old kerbside.Transcript
	if err != nil || json.Unmarshal(d.Body, &old) != nil || old.Text != first.Text {
		t.Fatal(d, err)
	}
	other := h.record(h.worker, "", "Somebody else's visit.").Visit
	_, err = h.s.Document(ctx, h.worker, other, versions[0].Document)
	h.wantCode(err, kerbside.CodeNotFound)
	_, err = h.s.Document(ctx, h.admin, id, versions[0].Document)
	h.wantCode(err, kerbside.CodeForbidden)
}

func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want []Stretch
	}{
		{"a b c", "a b c", nil},
		{"", "a", []Stretch{{0, 0, 0, 1}}},
		{"a", "", []Stretch{{0, 1, 0, 0}}},
		{"a b c d", "a x c d", []Stretch{{1, 2, 1, 2}}},
		{"a b c d e", "b c x e", []Stretch{{0, 1, 0, 0}, {3, 4, 2, 3}}},
		{"a b", "c d", []Stretch{{0, 2, 0, 2}}},
	} {
		a, b := strings.Fields(c.a), strings.Fields(c.b)
		if got := Differences(len(a), len(b), func(i, j int) bool { return a[i] == b[j] }); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q, %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	n := 5000 // too much for the table: one stretch from the first difference to the last
	if got := Differences(n, n, func(i, j int) bool { return i == j && (i < 10 || i > 4990) }); !reflect.DeepEqual(got, []Stretch{{10, 4991, 10, 4991}}) {
		t.Error(got)
	}
}
