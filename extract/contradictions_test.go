package extract

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kerbside"
)

// recordings makes a source of each text; one that begins with a code and a colon answers that question.
func recordings(t *testing.T, texts ...string) []*kerbside.Source {
	t.Helper()
	var out []*kerbside.Source
	for i, text := range texts {
		if code, answer, ok := strings.Cut(text, ": "); ok {
			out = append(out, kerbside.StatementSource(kerbside.Statement{ID: kerbside.StatementID(fmt.Sprintf("q%d", i)), Question: code, Text: answer}))
			continue
		}
		tr, err := kerbside.TypedTranscript(text)
		if err != nil {
			t.Fatal(err)
		}
		tr.ID = kerbside.TranscriptID(fmt.Sprintf("t%d", i))
		out = append(out, kerbside.NewSource(tr))
	}
	return out
}

func TestContradictions(t *testing.T) {
	const first = "Child in need visit to the Pells on Tuesday 3 March at four. Mum, Orla, and Jude, who is nine, were in. I saw Jude on his own in his bedroom. There were no bruises on him. The visit was announced."
	for _, c := range []struct {
		name   string
		said   []string
		alone  string
		warned []string // what of, in order
	}{
		{"nothing differs", []string{first, "One more thing. Jude told me that he likes his new school. I will ring the school by Friday."}, kerbside.Yes, nil},
		{"the same again", []string{first, "I saw Jude alone, as I said, and mum was in."}, kerbside.Yes, nil},
		{"alone or not", []string{first, "I did not see Jude alone, mum stayed in the room."}, kerbside.NotStated, []string{"seen alone"}},
		{"not or alone", []string{"Mum, Orla, and Jude were in. I did not see Jude alone.", "I saw Jude alone in the kitchen."}, kerbside.NotStated, []string{"seen alone"}},
		{"it is answered: no", []string{first, "I did not see Jude alone, mum stayed in the room.", "seen_alone/p2: Jude was not seen alone."}, kerbside.No, nil},
		{"it is answered: yes", []string{first, "I did not see Jude alone, mum stayed in the room.", "seen_alone/p2: Jude was seen alone."}, kerbside.Yes, nil},
		{"facts and marks", []string{first, "The visit was unannounced. There was a bruise on his arm."}, kerbside.Yes, []string{"announced", "injury"}},
	} {
		s := recordings(t, c.said...)
		r, err := newRules(t).Extract(context.Background(), s, option)
		if err != nil {
			t.Fatal(err)
		}
		checkRecord(t, r, s)
		var warned []string
		for _, w := range r.Warnings {
			if w.Code == kerbside.WarnContradiction {
				warned = append(warned, w.Text)
				if len(w.Evidence) < 2 || w.Evidence[0].Source == w.Evidence[1].Source {
					t.Errorf("%s: both are to be shown: %+v", c.name, w.Evidence)
				}
			}
		}
		if len(warned) != len(c.warned) || r.Visit.SeenAlone.Value != c.alone || r.Children[0].SeenAlone.Value != c.alone {
			t.Errorf("%s: alone %s, warned of %q", c.name, r.Visit.SeenAlone.Value, warned)
			continue
		}
		for i, w := range warned {
			if !strings.Contains(w, c.warned[i]) {
				t.Errorf("%s: %q, want %q", c.name, w, c.warned[i])
			}
		}
		asked := false
		for _, m := range r.Missing {
			asked = asked || m.Code == "seen_alone"
		}
		if asked != (c.alone == kerbside.NotStated) {
			t.Errorf("%s: asked %v", c.name, asked)
		}
	}
}
