package wording

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

func lines(t testing.TB, name string) []string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if s.Text() != "" && !strings.HasPrefix(s.Text(), "#") {
			out = append(out, s.Text())
		}
	}
	return out
}

// found are the suggestions of a transcript as "words > text".
func found(tr *kerbside.Transcript) []string {
	var out []string
	for _, s := range tr.Suggestions {
		first, last := 0, 0
		for i, w := range tr.Words {
			if w.ID == s.FirstWord {
				first = i
			}
			if w.ID == s.LastWord {
				last = i
			}
		}
		out = append(out, textOf(tr.Words[first:last+1])+" > "+s.Text)
	}
	return out
}

// TestSuggestionsMeasured has misheard names put into a sentence each, with the whole list of terms, and asks for the share that is offered
// rightly; and reads ordinary dictation with the same list, in which nothing is to be offered.
func TestSuggestionsMeasured(t *testing.T) {
	tables := load(t)
	terms := lines(t, "terms.txt")
	right, all, wrong := map[string]int{}, map[string]int{}, map[string]int{}
	for _, line := range lines(t, "heard.tsv") {
		c := strings.Split(line, "\t")
		set, heard, term := c[0], c[1], c[2]
		tr := apply(t, tables, "And then "+heard+" came in and sat down.", Options{Terms: terms})
		all[set]++
		ok := false
		for _, s := range found(tr) {
			_, text, _ := strings.Cut(s, " > ")
			name := strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "Dad, "), "Mum, "), "Gran, "), "Nan, "), ".,")
			if name == term || strings.HasPrefix(term, name+" ") {
				ok = true
			} else {
				wrong[set]++
				t.Logf("%s: %s for %s", set, s, term)
			}
		}
		if ok {
			right[set]++
		} else {
			t.Logf("%s: nothing for %s (%s)", set, heard, term)
		}
	}
	tr := apply(t, tables, strings.Join(lines(t, "ordinary.txt"), " "), Options{Terms: terms})
	for _, set := range []string{"a", "b"} {
		recall, precision := float64(right[set])/float64(all[set]), float64(right[set])/float64(right[set]+wrong[set])
		t.Logf("set %s: %d of %d offered (%.2f), precision %.2f", set, right[set], all[set], recall, precision)
		if recall < 0.8 || precision < 0.9 {
			t.Errorf("set %s: recall %.2f, precision %.2f", set, recall, precision)
		}
	}
	t.Logf("ordinary dictation: %d suggestions in %d words: %q", len(tr.Suggestions), len(tr.Words), found(tr))
	if len(tr.Suggestions) > 2 {
		t.Errorf("ordinary dictation: %q", found(tr))
	}
}

func TestSuggest(t *testing.T) {
	tables := load(t)
	for _, c := range []struct{ said, terms, want string }{
		{"I saw Mazee.", "Maisie", "Mazee. > Maisie."},
		{"Mazee's room", "Maisie", "Mazee's > Maisie's"},
		{"\"Mazee\", he said", "Maisie", "\"Mazee\", > \"Maisie\","},
		{"Dadley was out", "Lee Rawlins", "Dadley > Dad, Lee"},
		{"I saw Maisie, maisie and MAISIE", "Maisie", ""},
		{"they leave the league at Lee's", "Lee", ""},
		{"I know a family", "Noah", ""},
		{"it went to mare ack on Friday", "", "mare ack > MARAC"},
		{"the marac and the M.A.R.A.C.", "", ""},
		{"the sin plan, it is a sin", "", "sin > CIN"},
		{"there is a lack of a review", "", ""},
		{"met Pen Hallow. Primary", "Penhallow Primary School", "Pen Hallow. > Penhallow."},
		{"saw Clair at home", "Clare|Claire", "Clair > Clare|Clair > Claire"},
		{"Kayleigh Thorn was in", "Kayleigh Thorne", "Thorn > Thorne"},
		{"the twenty 20 £5 ü ß 中 ... -- x", "Maisie|x|中|É|  |Dr|A", ""},
	} {
		tr := apply(t, tables, c.said, Options{Terms: strings.Split(c.terms, "|")})
		if got := strings.Join(found(tr), "|"); got != c.want {
			t.Errorf("%q: %s", c.said, got)
		}
		if tr.Text != c.said {
			t.Errorf("it was applied: %q", tr.Text)
		}
		for _, s := range tr.Suggestions {
			for _, w := range tr.Words {
				if w.ID == s.FirstWord && s.FirstWord == s.LastWord && !slices.Contains(w.Alternatives, s.Text) {
					t.Errorf("%s is no alternative of %s", s.Text, w.Text)
				}
			}
		}
	}
}

// TestSuggestionIsACorrection takes a suggestion as a person would.
func TestSuggestionIsACorrection(t *testing.T) {
	tr := apply(t, load(t), "And Dadley came at four with Tie Rone.", Options{Terms: []string{"Lee", "Tyrone"}})
	if len(tr.Suggestions) != 2 || len(tr.Readings) != 1 {
		t.Fatalf("%q", found(tr))
	}
	s := tr.Suggestions[1]
	next, err := tr.Apply(kerbside.Correction{FirstWord: s.FirstWord, LastWord: s.LastWord, Old: "Tie Rone.", New: s.Text})
	if err != nil {
		t.Fatal(err)
	}
	if next.Text != "And Dadley came at four with Tyrone." || len(next.Suggestions) != 1 || len(next.Readings) != 1 || next.Validate() != nil || len(tr.Suggestions) != 2 {
		t.Errorf("%q, %+v: %v", next.Text, next.Suggestions, next.Validate())
	}
}

// BenchmarkApply is of 1,500 words with 200 terms: of ordinary dictation, and of one in which every third word or so is misheard.
func BenchmarkApply(b *testing.B) {
	tables := load(b)
	ordinary := strings.Fields(strings.Join(lines(b, "ordinary.txt"), " "))
	var misheard []string
	for _, l := range lines(b, "heard.tsv") {
		misheard = append(misheard, strings.Fields("and "+strings.Split(l, "\t")[1]+" came in")...)
	}
	terms := lines(b, "terms.txt")
	for i := len(terms); i < 200; i++ {
		terms = append(terms, fmt.Sprintf("%sford %sson", terms[i%60], terms[(i*7)%60]))
	}
	for name, words := range map[string][]string{"ordinary": ordinary, "misheard": misheard} {
		for len(words) < 1500 {
			words = append(words, words...)
		}
		base := spoken(b, strings.Join(words[:1500], " "))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tr := *base
				tr.Words = slices.Clone(base.Words)
				tables.Apply(&tr, Options{SpokenPunctuation: true, Terms: terms})
			}
		})
	}
}
