package main

import (
	"os"
	"strings"
	"testing"

	"kerbside"
	"kerbside/extract"
)

// TestSample holds what a careful reader takes from the sample's text: two children with different answers, denials that stay denials.
func TestSample(t *testing.T) {
	text, err := os.ReadFile("../../samples/visit.txt")
	if err != nil {
		t.Fatal(err)
	}
	transcript, err := kerbside.TypedTranscript(string(text))
	if err != nil {
		t.Fatal(err)
	}
	extractor, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := extractor.Extract(t.Context(), []*kerbside.Source{kerbside.NewSource(transcript)}, kerbside.ExtractOptions{VisitDate: "2026-03-03", HintFrom: "option"})
	if err != nil {
		t.Fatal(err)
	}
	names := map[kerbside.PersonID]string{}
	for _, a := range r.Attendees {
		names[a.ID] = a.Name
	}
	got := map[string][3]string{}
	for _, c := range r.Children {
		got[names[c.Person]] = [3]string{c.ChildSeen.Value, c.SeenAlone.Value, c.BedroomSeen.Value}
	}
	want := map[string][3]string{"Oliver": {"yes", "yes", "yes"}, "Emily": {"yes", "no", "no"}}
	for name, facts := range want {
		if got[name] != facts {
			t.Errorf("%s: seen, alone, bedroom: %v, want %v", name, got[name], facts)
		}
	}
	polarity := map[string]string{"marks or bruises": kerbside.Negated, "not been drinking": kerbside.Negated, "hide under the covers": kerbside.Affirmed, "lose her job": kerbside.Uncertain, "late twice": kerbside.Affirmed}
	for words, want := range polarity {
		found := false
		for _, risk := range r.Risks {
			if strings.Contains(risk.Text, words) {
				found = true
				if risk.Polarity != want {
					t.Errorf("%q is %s, want %s", risk.Text, risk.Polarity, want)
				}
			}
		}
		if !found {
			t.Errorf("no risk holds %q", words)
		}
	}
	if r.Visit.Date.Value != "2026-03-03" || r.Visit.NextVisit.Value != "2026-03-17" || r.Visit.Announced.Value != kerbside.No {
		t.Errorf("visit: %+v", r.Visit)
	}
}
