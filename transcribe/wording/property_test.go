package wording

import (
	"math/rand/v2"
	"strings"
	"testing"

	"kerbside"
)

// promises checks what Apply promises whatever was said: a valid transcript, words with their ids and times in their order, and
// nothing lost, as every word is in the text or in removed.
func promises(t *testing.T, before, after *kerbside.Transcript) {
	t.Helper()
	if err := after.Validate(); err != nil {
		t.Fatalf("%q: %v", before.Text, err)
	}
	removed := map[string]int{}
	for _, r := range after.Removed {
		for _, w := range strings.Fields(r.Text) {
			removed[w]++
		}
	}
	next := 0
	for _, w := range before.Words {
		if next < len(after.Words) && after.Words[next].ID == w.ID {
			got := after.Words[next]
			next++
			if got.StartMS != w.StartMS || got.EndMS != w.EndMS || got.Confidence != w.Confidence || got.Doubtful != w.Doubtful {
				t.Fatalf("%q: word %s has another time or confidence", before.Text, w.ID)
			}
			if got.Text != w.Text && got.AsWritten != w.Text || got.Text == w.Text && got.AsWritten != "" {
				t.Fatalf("%q: %q became %q, as written %q", before.Text, w.Text, got.Text, got.AsWritten)
			}
			continue
		}
		for _, part := range strings.Fields(w.Text) {
			if removed[part]--; removed[part] < 0 {
				t.Fatalf("%q: %q is lost", before.Text, w.Text)
			}
		}
	}
	if next != len(after.Words) {
		t.Fatalf("%q: words out of order or made up: %q", before.Text, after.Text)
	}
	last := -1
	at := map[kerbside.WordID]int{}
	for i, w := range after.Words {
		at[w.ID] = i
	}
	for _, r := range after.Readings {
		if at[r.FirstWord] <= last {
			t.Fatalf("%q: readings overlap", before.Text)
		}
		last = at[r.LastWord]
	}
	for _, s := range after.Segments {
		if at[s.FirstWord] > at[s.LastWord] || s.EndMS < s.StartMS {
			t.Fatalf("%q: segment %+v", before.Text, s)
		}
	}
}

func check(t *testing.T, tables *Tables, text string, o Options) {
	t.Helper()
	before := spoken(t, text)
	after := *before
	after.Words = append(kerbside.List[kerbside.Word](nil), before.Words...)
	after.Segments = append(kerbside.List[kerbside.Segment](nil), before.Segments...)
	tables.Apply(&after, o)
	promises(t, before, &after)
	again := spoken(t, text)
	tables.Apply(again, o)
	if again.Text != after.Text || len(again.Suggestions) != len(after.Suggestions) {
		t.Fatalf("%q: twice the same gives two things", text)
	}
}

func TestPromises(t *testing.T) {
	tables := load(t)
	terms := lines(t, "terms.txt")
	pool := strings.Fields(strings.Join(lines(t, "ordinary.txt"), " ") + strings.Repeat(` full stop. Comma, new line paragraph open bracket close brackets quotes question mark unquote
		half past four to three quarter twenty one hundred and thousand March the third of 2026 £5 50p 3.30pm Mom's color "gray" (mold) a.m. nine years old point - … Dadley Mazee~ C I N 12,5 ½ 日本 é's`, 3))
	r := rand.New(rand.NewPCG(4, 6))
	for range 3000 {
		words := make([]string, 1+r.IntN(25))
		for i := range words {
			words[i] = pool[r.IntN(len(pool))]
		}
		date := ""
		if r.IntN(2) == 0 {
			date = "2026-03-03"
		}
		check(t, tables, strings.Join(words, " "), Options{SpokenPunctuation: r.IntN(3) > 0, KeepSpelling: r.IntN(4) == 0, Terms: terms[:r.IntN(len(terms))], Date: date})
	}
}

func FuzzApply(f *testing.F) {
	for _, s := range []string{
		"", "full stop", "new line home full stop. He", "open bracket new paragraph", "\"comma, unquote\" he's", "£ £5 5% half half past half past thirteen twenty twenty", "31/02/2026 1.2.3 00:61 25:00 0 007",
		"C I N mare ack Mom's gray-blue COLOR", "Dadley' 's -- - a-b-c é́ \u0301x K İ ß", "nine hundred hundred thousand thousand and and a half point oh",
	} {
		f.Add(s, "Maisie, Lee|Penhallow Primary School|CIN|'|é|Dr X")
	}
	tables := load(f)
	f.Fuzz(func(t *testing.T, text, terms string) {
		if _, err := kerbside.TypedTranscript(text); err != nil || len(text) > 400 || len(terms) > 200 {
			return
		}
		check(t, tables, text, Options{SpokenPunctuation: true, Terms: strings.Split(terms, "|"), Date: "2026-03-03"})
	})
}
