package transcribe

import (
	"strings"
	"testing"

	"kerbside"
	"kerbside/transcribe/wording"
)

// heardWords are words heard for certain; one that ends in ~ is heard badly, and a further hearing has other in its place.
func heardWords(text, other string) []HeardWord {
	var ws []HeardWord
	begins := true
	for i, w := range strings.Fields(text) {
		h := HeardWord{Text: w, StartMS: int64(i) * 400, EndMS: int64(i)*400 + 300, Conf: 0.98, Low: 0.97, Begins: begins, Votes: []Vote{{P: 0.97}}}
		if rest, ok := strings.CutSuffix(w, "~"); ok {
			h.Text, h.Conf, h.Low, h.Votes = rest, 0.3, 0.1, []Vote{{Differs: true, P: 0.4, Text: other, Replaces: 1}}
		}
		begins = endsSentence(h.Text)
		ws = append(ws, h)
	}
	return ws
}

func judged(t *testing.T, ws []HeardWord, terms ...string) *kerbside.Transcript {
	t.Helper()
	tables, err := wording.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, err := loadDoubt(doubtTable)
	if err != nil {
		t.Fatal(err)
	}
	a := assembler{t: &kerbside.Transcript{}, heard: ws}
	for _, w := range ws {
		a.t.Words = append(a.t.Words, kerbside.Word{Text: w.Text})
	}
	a.judge(m, tables, terms)
	return a.t
}

func marked(t *kerbside.Transcript) string {
	var out []string
	for _, w := range t.Words {
		if w.Doubtful {
			out = append(out, w.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestDoubtTable(t *testing.T) {
	m, err := loadDoubt(doubtTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{kindKnown, kindName, kindStrange, kindNumber, kindNegator, kindOther} {
		if len(m.coefficients[k]) != len(FeatureNames()) {
			t.Errorf("%d coefficients for a %s", len(m.coefficients[k]), k)
		}
	}
	if _, err := loadDoubt([]byte("name\t1\n")); err == nil {
		t.Error("a table with too few columns is taken")
	}
}

func TestDoubts(t *testing.T) {
	for _, test := range []struct{ name, text, other, want string }{
		{"all is well", "I saw the kitchen. It was clean and warm and there was food.", "", ""},
		{"a name that is none, wherever it stands", "We saw that Mazee~ was in. Her room was clean. I asked Mazee to come.", "Maisie", "Mazee Mazee"},
		{"a number", "She said that it was fifteen~ days ago.", "fifty", "fifteen"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := judged(t, heardWords(test.text, test.other))
			if marked(got) != test.want {
				t.Errorf("marked %q, want %q", marked(got), test.want)
			}
			for _, w := range got.Words {
				if alternatives := strings.Join(w.Alternatives, " "); alternatives != "" && (alternatives != test.other || !w.Doubtful) {
					t.Errorf("%s has the alternatives %q", w.Text, alternatives)
				}
			}
		})
	}
	if got := marked(judged(t, heardWords("We saw that Niamh was in. Then Penhallow rang.", ""), "Niamh Penhallow")); got != "" {
		t.Errorf("names of the case are marked: %q", got)
	}
}

// However much was heard badly, a visit is asked about a few things only, and a longer recording about more.
func TestQuestionsAreFew(t *testing.T) {
	ask := func(sentences int) int {
		var text strings.Builder
		for i := range sentences {
			text.WriteString("We saw that " + strings.ToUpper(string(rune('A'+i%26))) + strings.Repeat("z", 2+i/26) + "o~ was there. ")
		}
		ws := heardWords(text.String(), "Otto")
		got := judged(t, ws)
		marks := make([]bool, len(got.Words))
		for i, w := range got.Words {
			marks[i] = w.Doubtful
		}
		return Asked(ws, marks)
	}
	if got := ask(40); got != fewQuestions {
		t.Errorf("%d questions about 240 words", got)
	}
	if got := ask(200); got <= fewQuestions || got > questions(1200) {
		t.Errorf("%d questions about 1200 words", got)
	}
}

func TestAsked(t *testing.T) {
	ws := heardWords("Ann Bell came. Ann's dog ran. Ann Bell left.", "")
	for marks, want := range map[string]int{"---------": 0, "xx----xx-": 1, "x--x--x--": 1, "xx-x-----": 2, "xxxxxxxxx": 1} {
		m := make([]bool, len(ws))
		for i := range m {
			m[i] = marks[i] == 'x'
		}
		if got := Asked(ws, m); got != want {
			t.Errorf("%s: %d questions, want %d", marks, got, want)
		}
	}
}
