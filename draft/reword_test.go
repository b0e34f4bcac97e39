package draft_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/export"
)

// TestReword: whichever sentence of whichever draft is put into own words, it stands with the items and the evidence of the drafted one, what nobody said in it is
// named, and nothing that is withheld from the reader comes back through it.
func TestReword(t *testing.T) {
	d := newDrafter(t)
	f := secrets(t)
	at := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	word := func(s kerbside.Sentence, text string) kerbside.Rewording {
		return kerbside.Rewording{Sentence: s.ID(), Before: s.Text(), Text: text, By: "u-1", At: at, Reason: "Plainer"}
	}
	n := 0
	for _, a := range kerbside.Audiences() {
		plain := f.draft(d, kerbside.DraftOptions{Audience: a})
		for i, s := range plain.Sentences {
			if s.Verdict() == kerbside.VerdictBoilerplate {
				continue
			}
			got := f.draft(d, kerbside.DraftOptions{Audience: a, Reword: []kerbside.Rewording{word(s, "I  met Zebedee twice, on 29 Friday.")}})
			x := got.Sentences[i]
			if len(got.Reworded) != 1 || x.ID() != got.Reworded[0].Stands || x.Text() != "I met Zebedee twice, on 29 Friday." || x.Verdict() != kerbside.VerdictStated || !slices.Equal(x.Items(), s.Items()) || len(x.Evidence()) != len(s.Evidence()) {
				t.Fatalf("%s, %q: %+v", a, s.Text(), got.Reworded)
			}
			for _, want := range []string{"Zebedee", "29"} {
				if !slices.Contains(got.Reworded[0].Unheld, want) {
					t.Errorf("%s: %q is not named among %v", a, want, got.Reworded[0].Unheld)
				}
			}
			if len(got.Sentences) != len(plain.Sentences) || len(got.Withheld) != len(plain.Withheld) || len(got.Omissions) != len(plain.Omissions) {
				t.Errorf("%s: other things changed", a)
			}
			n++
		}
	}
	if n < 30 {
		t.Fatalf("only %d sentences", n)
	}

	family := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceFamily})
	i := slices.IndexFunc(family.Sentences, func(s kerbside.Sentence) bool { return s.Verdict() != kerbside.VerdictBoilerplate })
	s := family.Sentences[i]
	got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceFamily, Reword: []kerbside.Rewording{word(s, "Mrs Haverstock next door heard screaming.")}})
	if r := got.Reworded; len(r) != 1 || r[0].Why == "" || r[0].Stands != "" || got.Sentences[i].ID() != s.ID() {
		t.Fatalf("%+v", r)
	}
	for _, format := range kerbside.Formats() {
		var b strings.Builder
		if err := (export.Exporter{}).Export(&b, got, kerbside.ExportOptions{Format: format, Citations: true}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "Haverstock") {
			t.Errorf("%s tells what this reader may not see", format)
		}
	}

	gone := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCourt, Reword: []kerbside.Rewording{{Sentence: "s-none", Before: "x", Text: "y", By: "u-1", At: at}}})
	if r := gone.Reworded; len(r) != 1 || r[0].Why != kerbside.RewordingStale {
		t.Errorf("%+v", r)
	}
	if _, err := d.Draft(t.Context(), f.r, []*kerbside.Source{f.src}, kerbside.DraftOptions{Audience: kerbside.AudienceCourt, Reword: []kerbside.Rewording{{Sentence: s.ID()}}}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Error(err)
	}
}

// TestRewordedDenial: what was denied or doubted and is so no more in the worker's words is named.
func TestRewordedDenial(t *testing.T) {
	d := newDrafter(t)
	f := secrets(t)
	for _, s := range f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord}).Sentences {
		if !strings.Contains(s.Text(), "denied") || s.Verdict() == kerbside.VerdictBoilerplate {
			continue
		}
		got := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCaseRecord, Reword: []kerbside.Rewording{{Sentence: s.ID(), Before: s.Text(), Text: "There was shouting."}}})
		if r := got.Reworded[0]; !slices.Contains(r.Lost, "denied") {
			t.Errorf("%q: lost %v", s.Text(), r.Lost)
		}
		return
	}
	t.Fatal("nothing is denied")
}

// TestOwnWordsAreMarked in each form that leaves the house.
func TestOwnWordsAreMarked(t *testing.T) {
	d := newDrafter(t)
	f := secrets(t)
	plain := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCourt})
	i := slices.IndexFunc(plain.Sentences, func(s kerbside.Sentence) bool { return s.Verdict() != kerbside.VerdictBoilerplate })
	own := f.draft(d, kerbside.DraftOptions{Audience: kerbside.AudienceCourt, Reword: []kerbside.Rewording{{Sentence: plain.Sentences[i].ID(), Before: "x", Text: "It was calm there."}}})
	for format, want := range map[kerbside.Format]string{kerbside.FormatMarkdown: "It was calm there. †", kerbside.FormatText: "It was calm there. †", kerbside.FormatHTML: "It was calm there. †", kerbside.FormatJSON: `"reworded"`} {
		var b strings.Builder
		if err := (export.Exporter{}).Export(&b, own, kerbside.ExportOptions{Format: format}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) || format != kerbside.FormatJSON && !strings.Contains(b.String(), "In the worker’s own words") {
			t.Errorf("%s does not say whose words they are: %s", format, b.String())
		}
	}
}
