package draft

import (
	"strings"
	"testing"

	"kerbside"
)

// The gate is the last to look: it is tried here with sentences that no composer makes.
func TestGate(t *testing.T) {
	tr, err := kerbside.TypedTranscript("Mia said that she is not scared of Lee. He may have hit her in 2019. No marks.")
	if err != nil {
		t.Fatal(err)
	}
	src := kerbside.NewSource(tr)
	b := &builder{record: &kerbside.Record{}, sources: newSources([]*kerbside.Source{src}), wall: &firewall{people: newPeople(&kerbside.Record{})}, scratch: map[string]bool{}, tokens: map[string][]string{},
		own: set("date", "not", "certain", "in", "the", "past", "said", "seven", "7")}
	whole, hit, marks := src.Evidence(0, 8), src.Evidence(9, 15), src.Evidence(16, 17)
	forged := whole
	forged.Quote = "Mia said that she is scared of Lee"
	at := func(e kerbside.Evidence, it item) *item {
		it.evidence = []kerbside.Evidence{e}
		return &it
	}
	said := kerbside.Attribution{Kind: kerbside.ChildSaid, Who: "Mia"}
	for _, c := range []struct {
		name, text string
		evidence   []kerbside.Evidence
		of         *item
		derived    []string
		holds      bool
	}{
		{"verbatim", "Mia said that she is not scared of Lee.", []kerbside.Evidence{whole}, at(whole, item{kind: kindRisk, by: said}), nil, true},
		{"template's words", "Date: No marks.", []kerbside.Evidence{marks}, nil, nil, true},
		{"a value of the record", "Date: 7 March 2019.", []kerbside.Evidence{hit}, nil, []string{"7 March 2019"}, true},
		{"no evidence", "No marks.", nil, nil, nil, false},
		{"forged evidence", "Mia said that she is scared of Lee.", []kerbside.Evidence{forged}, nil, nil, false},
		{"a word too many", "Mia said that she is not very scared of Lee.", []kerbside.Evidence{whole}, nil, nil, false},
		{"a name too many", "Mia said that Otis is not scared.", []kerbside.Evidence{whole}, nil, nil, false},
		{"a number of the template", "No marks 7.", []kerbside.Evidence{marks}, nil, nil, false},
		{"inexact quotation", "Mia said: “she is scared of Lee”.", []kerbside.Evidence{whole}, nil, nil, false},
		{"exact quotation", "Mia said: “she is not scared of Lee”.", []kerbside.Evidence{whole}, nil, nil, true},
		{"negation lost", "Mia said that she is scared of Lee.", []kerbside.Evidence{whole}, at(whole, item{kind: kindRisk, by: said}), nil, false},
		{"doubt lost", "He have hit her in 2019.", []kerbside.Evidence{hit}, at(hit, item{kind: kindRisk, polarity: kerbside.Uncertain}), nil, false},
		{"doubt kept", "He may have hit her in 2019.", []kerbside.Evidence{hit}, at(hit, item{kind: kindRisk, polarity: kerbside.Uncertain}), nil, true},
		{"past lost", "No marks.", []kerbside.Evidence{marks}, at(marks, item{kind: kindRisk, temporality: kerbside.Historical}), nil, false},
		{"past kept", "In the past: No marks.", []kerbside.Evidence{marks}, at(marks, item{kind: kindRisk, temporality: kerbside.Historical}), nil, true},
		{"speaker lost", "She is not scared of Lee.", []kerbside.Evidence{whole}, at(whole, item{kind: kindRisk, by: said}), nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := b.check(&phrase{text: c.text, of: c.of, derived: c.derived}, c.evidence)
			if (err == nil) != c.holds {
				t.Errorf("%q: %v", c.text, err)
			}
			if err != nil && (strings.Contains(err.Error(), "Mia") || strings.Contains(err.Error(), "Otis")) {
				t.Errorf("the error tells what was said: %v", err)
			}
		})
	}
}
