package service

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// TestFollowUp: a second dictation about the same visit is merged with the first. Each item keeps the recording that it came from, and where the two
// differ both are shown and nothing is overwritten, until the worker answers.
func TestFollowUp(t *testing.T) {
	h := newHouseWith(t, engines(t, nil))
	first := h.record(h.worker, "", "Child in need visit to the Quillons on Tuesday 3 March at four. Mum, Orla, and Jude, who is nine, were in. I saw Jude on his own in his bedroom. Jude told me he gets scared when Rick shouts. I will ring the school by Friday.")
	id := first.Visit
	v := h.settled(id)
	if v.Record.Visit.SeenAlone.Value != kerbside.Yes {
		t.Fatalf("seen alone: %+v", v.Record.Visit.SeenAlone)
	}
	second := h.record(h.worker, id, "One more thing about the visit. I did not see Jude alone, mum stayed in the room. There was no food in the house. Orla will ring the doctor by Monday.")
	v = h.settled(id)
	source := map[string]kerbside.RecordingID{}
	for _, tr := range v.Transcripts {
		source[string(tr.Transcript.ID)] = tr.Recording
	}
	for words, want := range map[string]kerbside.RecordingID{"gets scared when Rick shouts": first.ID, "ring the school": first.ID, "no food in the house": second.ID, "ring the doctor": second.ID} {
		list := evidenceOf(v.Record, words)
		if len(list) == 0 {
			t.Errorf("%q is not in the record", words)
		}
		for _, e := range list {
			if got := source[e.Source.ID]; got != want {
				t.Errorf("%q comes from %q, want %q", words, got, want)
			}
		}
	}
	draft := h.draftText(v)
	for _, words := range []string{"rick shouts", "no food", "ring the school", "ring the doctor"} {
		if !strings.Contains(draft, words) {
			t.Errorf("%q is in no draft", words)
		}
	}
	// The two say different things of one matter: neither is taken for the other's correction.
	if got := v.Record.Visit.SeenAlone.Value; got != kerbside.NotStated {
		t.Errorf("seen alone is %s although the recordings differ", got)
	}
	i := slices.IndexFunc(v.Open, func(o OpenItem) bool { return o.ID == kerbside.WarnContradiction })
	if i < 0 || len(v.Open[i].Evidence) != 2 || source[v.Open[i].Evidence[0].Source.ID] != first.ID || source[v.Open[i].Evidence[1].Source.ID] != second.ID {
		t.Fatalf("the contradiction is not shown: %+v", v.Open)
	}
	k := slices.IndexFunc(v.Open, func(o OpenItem) bool { return o.Kind == OpenMissing && strings.HasPrefix(o.ID, "seen_alone/") })
	if k < 0 {
		t.Fatalf("nobody is asked: %+v", v.Open)
	}
	if err := h.s.AddStatement(t.Context(), h.worker, id, v.Open[k].ID, "Jude was not seen alone."); err != nil {
		t.Fatal(err)
	}
	v = h.settled(id)
	if v.Record.Visit.SeenAlone.Value != kerbside.No || slices.ContainsFunc(v.Open, func(o OpenItem) bool { return o.ID == kerbside.WarnContradiction }) {
		t.Errorf("the answer does not count: %+v, %+v", v.Record.Visit.SeenAlone, v.Open)
	}
}

// evidenceOf is the evidence of a record that quotes some words.
func evidenceOf(r *kerbside.Record, words string) []kerbside.Evidence {
	var out []kerbside.Evidence
	for _, e := range recordEvidence(r) {
		if strings.Contains(e.Quote, words) {
			out = append(out, e)
		}
	}
	return out
}
