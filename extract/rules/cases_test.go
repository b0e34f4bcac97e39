package rules

import (
	"testing"

	"kerbside"
	"kerbside/extract/score"
)

// Each dictation that may be read goes through every stage, as it was written and as recognisers write that know no marks.
func TestOpenCasesAreRead(t *testing.T) {
	cases, err := score.Load("../testdata/cases/open")
	if err != nil {
		t.Fatal(err)
	}
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for _, c := range []score.Case{c, score.Plain(c)} {
			source, err := kerbside.TypedTranscript(c.Text)
			if err != nil {
				t.Fatal(err)
			}
			if len(e.Clauses(kerbside.NewSource(source), kerbside.ExtractOptions{VisitDate: c.VisitDate})) == 0 {
				t.Errorf("%s: nothing was read", c.ID)
			}
		}
	}
}
