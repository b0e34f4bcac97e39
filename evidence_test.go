package kerbside_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

func TestEvidenceTrims(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"hello", "hello"}, {"hello.", "hello"}, {"“hello there,”", "hello there"}, {"(she said)", "she said"}, {"don't!", "don't"}, {"'No,' he said?!", "No,' he said"},
		{"—well—", "well"}, {"...", "..."}, {"“”", "“”"}, {"it's 4:30.", "it's 4:30"}, {"-5", "5"}, {"Zoë’s…", "Zoë’s"}, {"a .", "a"}, {"£5", "£5"},
	} {
		s := kerbside.NewSource(typed(t, "Before. "+c.text+" After."))
		n := len(strings.Fields(c.text))
		e := s.Evidence(1, n)
		if e.Quote != c.want || s.Slice(e.StartChar, e.EndChar) != c.want || e.FirstWord != "w2" || s.Check(e) != nil || !s.Holds(e) {
			t.Errorf("%q gives %q (%d to %d)", c.text, e.Quote, e.StartChar, e.EndChar)
		}
	}
}

func TestEvidenceCheck(t *testing.T) {
	half, low := 0.5, 0.25
	tr := spoken(t, "Zoë was here. Lunch was hot.")
	tr.Words[1].Confidence, tr.Words[2].Confidence = &half, &low
	s := kerbside.NewSource(tr)
	good := s.Evidence(0, 2)
	if *good.StartMS != 0 || *good.EndMS != 1200 || *good.Confidence != 0.25 || good.Quote != "Zoë was here" {
		t.Fatalf("%+v", good)
	}
	for name, spoil := range map[string]func(*kerbside.Evidence){
		"quote": func(e *kerbside.Evidence) { e.Quote = "Zoë was hers" }, "offset": func(e *kerbside.Evidence) { e.EndChar++ }, "time": func(e *kerbside.Evidence) { e.EndMS = nil },
		"other time": func(e *kerbside.Evidence) { e.StartMS = ms(1) }, "confidence": func(e *kerbside.Evidence) { e.Confidence = nil },
		"word": func(e *kerbside.Evidence) { e.LastWord = "w9" }, "backwards": func(e *kerbside.Evidence) { e.FirstWord, e.LastWord = e.LastWord, e.FirstWord },
		"source": func(e *kerbside.Evidence) { e.Source.ID = "t-other" }, "version": func(e *kerbside.Evidence) { e.Source.Version++ }, "kind": func(e *kerbside.Evidence) { e.Source.Kind = kerbside.SourceStatement },
	} {
		e := good
		spoil(&e)
		if s.Check(e) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := s.Check(good); err != nil {
		t.Error(err)
	}
	for _, c := range [][2]int{{-1, 0}, {2, 1}, {0, 99}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("evidence of words %v of %d", c, len(s.Words))
				}
			}()
			s.Evidence(c[0], c[1])
		}()
	}
}

func TestStatementSource(t *testing.T) {
	s := kerbside.StatementSource(kerbside.Statement{ID: "q-1", Text: "Yes, alone."})
	e := s.Evidence(0, 1)
	if e.Quote != "Yes, alone" || e.StartMS != nil || e.Source != (kerbside.SourceRef{Kind: kerbside.SourceStatement, ID: "q-1", Version: 1}) {
		t.Fatalf("%+v", e)
	}
	other := kerbside.NewSource(typed(t, "x"))
	if kerbside.FindSource([]*kerbside.Source{other, s}, e) != s || kerbside.FindSource([]*kerbside.Source{other}, e) != nil {
		t.Error("the wrong source is found")
	}
}

func TestApply(t *testing.T) {
	for _, c := range []struct {
		name, text        string
		first, last       int // words, from 1
		fresh, want, segs string
	}{
		{"one for one", "He was here. She sat.", 2, 2, "is", "He is here. She sat.", "w1-w3 w4-w5"},
		{"one for two", "He was here. She sat.", 1, 1, "My dad", "My dad was here. She sat.", "k1-1-w3 w4-w5"},
		{"two for one", "He was here. She sat.", 2, 3, "left.", "He left. She sat.", "w1-k1-1 w4-w5"},
		{"across segments", "He was here. She sat.", 3, 4, "there. Mum", "He was there. Mum sat.", "w1-k1-2 w5-w5"},
		{"a whole segment", "He was here. She sat.", 1, 3, "Nobody came.", "Nobody came. She sat.", "k1-1-k1-2 w4-w5"},
		{"removed at the start", "He was here. She sat.", 1, 1, "", "was here. She sat.", "w2-w3 w4-w5"},
		{"removed in the middle", "He was here. She sat.", 2, 2, "", "He here. She sat.", "w1-w3 w4-w5"},
		{"removed at the end", "He was here. She sat.", 5, 5, "", "He was here. She", "w1-w3 w4-w4"},
		{"a segment removed", "He was here. She sat.", 4, 5, "", "He was here.", "w1-w3"},
		{"all removed", "He was here.", 1, 3, "", "", ""},
		{"white space is kept", "He  was\n here.", 2, 2, "is  not", "He  is not\n here.", "w1-w3"},
		{"beyond ASCII", "Zoë était là.", 2, 2, "n’était pas", "Zoë n’était pas là.", "w1-w3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := spoken(t, c.text)
			before, err := json.Marshal(tr)
			if err != nil {
				t.Fatal(err)
			}
			next, err := tr.Apply(correction(tr, c.first-1, c.last-1, c.fresh))
			if err != nil {
				t.Fatal(err)
			}
			var segs []string
			for _, s := range next.Segments {
				segs = append(segs, fmt.Sprintf("%s-%s", s.FirstWord, s.LastWord))
			}
			if next.Text != c.want || next.Version != 2 || strings.Join(segs, " ") != c.segs {
				t.Errorf("%q, version %d, segments %q", next.Text, next.Version, segs)
			}
			if err := next.Validate(); err != nil {
				t.Error(err)
			}
			if after, err := json.Marshal(tr); err != nil || string(after) != string(before) {
				t.Errorf("the version before was changed (%v)", err)
			}
		})
	}
}

func correction(tr *kerbside.Transcript, first, last int, fresh string) kerbside.Correction {
	return kerbside.Correction{ID: "k", FirstWord: tr.Words[first].ID, LastWord: tr.Words[last].ID, New: fresh,
		Old: strings.ReplaceAll(joined(tr.Words[first:last+1]), "|", " ")}
}

func TestApplyRefuses(t *testing.T) {
	tr := spoken(t, "He was here.")
	good := kerbside.Correction{FirstWord: "w1", LastWord: "w1", Old: "He", New: "She"}
	for name, c := range map[string]kerbside.Correction{
		"reads otherwise": {FirstWord: "w1", LastWord: "w1", Old: "She", New: "It"},
		"no such word":    {FirstWord: "w9", LastWord: "w9", Old: "He", New: "It"},
		"backwards":       {FirstWord: "w2", LastWord: "w1", Old: "was He", New: "It"},
		"gone":            {FirstWord: "w1", LastWord: "w1", Old: "He", New: "They"}, // after good
	} {
		next, err := tr.Apply(good, c)
		if kerbside.CodeOf(err) != kerbside.CodeConflict || next != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(err.Error(), "He") || strings.Contains(err.Error(), "was") {
			t.Errorf("%s: the error holds what was said: %v", name, err)
		}
	}
	if tr.Text != "He was here." || tr.Version != 1 {
		t.Error("a refused correction changed the transcript")
	}
}

// TestRandomCorrections: whatever is corrected, the transcript keeps its promises, no other word changes its id, text or time, and
// exactly the evidence that rests on corrected words does not hold any more.
func TestRandomCorrections(t *testing.T) {
	vocabulary := strings.Fields("mum Zoë said “hello” (quietly) that's fine, and… Then - she left. 4:30 été")
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		pick := func(n int) string {
			var words []string
			for range n {
				words = append(words, vocabulary[r.IntN(len(vocabulary))])
			}
			return strings.Join(words, []string{" ", "  ", "\n"}[r.IntN(3)])
		}
		tr := spoken(t, pick(3+r.IntN(30)))
		source := kerbside.NewSource(tr)
		type quoted struct {
			e     kerbside.Evidence
			words []kerbside.WordID
		}
		var held []quoted
		for range 30 {
			first := r.IntN(len(source.Words))
			last := first + r.IntN(min(6, len(source.Words)-first))
			q := quoted{e: source.Evidence(first, last)}
			for i, w := range source.Words[first : last+1] {
				// A lone dash that the quote leaves out may come and go, unless the evidence is anchored to it.
				if i == 0 || i == last-first || w.EndChar > q.e.StartChar && w.StartChar < q.e.EndChar {
					q.words = append(q.words, w.ID)
				}
			}
			held = append(held, q)
		}
		for round := range 6 {
			if len(tr.Words) == 0 {
				break
			}
			first := r.IntN(len(tr.Words))
			last := first + r.IntN(min(4, len(tr.Words)-first))
			c := correction(tr, first, last, pick(r.IntN(4)))
			if strings.Join(strings.Fields(c.New), " ") == c.Old {
				continue
			}
			next, err := tr.Apply(c)
			if err != nil {
				t.Fatalf("seed %d round %d: %v", seed, round, err)
			}
			if err := next.Validate(); err != nil {
				t.Fatalf("seed %d round %d: %v", seed, round, err)
			}
			gone := map[kerbside.WordID]bool{}
			for _, w := range tr.Words[first : last+1] {
				gone[w.ID] = true
			}
			checkKept(t, tr, next, gone)
			now := kerbside.NewSource(next)
			held = slices.DeleteFunc(held, func(q quoted) bool {
				depends := slices.ContainsFunc(q.words, func(id kerbside.WordID) bool { return gone[id] })
				if now.Holds(q.e) == depends {
					t.Fatalf("seed %d round %d: %q rests on corrected words: %v; holds: %v", seed, round, q.e.Quote, depends, now.Holds(q.e))
				}
				return depends
			})
			for _, q := range held { // what survives can be derived anew, and reads the same
				a, _ := now.WordAt(q.e.FirstWord)
				b, _ := now.WordAt(q.e.LastWord)
				if e := now.Evidence(a, b); e.Quote != q.e.Quote || now.Check(e) != nil || now.Check(q.e) == nil {
					t.Fatalf("seed %d round %d: %q became %q", seed, round, q.e.Quote, e.Quote)
				}
			}
			tr = next
		}
	}
}

func checkKept(t *testing.T, before, after *kerbside.Transcript, gone map[kerbside.WordID]bool) {
	t.Helper()
	s := kerbside.NewSource(after)
	for _, w := range before.Words {
		i, there := s.WordAt(w.ID)
		if there == gone[w.ID] {
			t.Fatalf("word %s: replaced %v, there %v", w.ID, gone[w.ID], there)
		}
		if there && (s.Words[i].Text != w.Text || s.Words[i].StartMS != w.StartMS && *s.Words[i].StartMS != *w.StartMS) {
			t.Fatalf("word %s changed", w.ID)
		}
	}
	var last int64
	for _, w := range after.Words {
		if *w.StartMS < last || *w.EndMS < *w.StartMS {
			t.Fatalf("word %s at %d ms after %d ms", w.ID, *w.StartMS, last)
		}
		last = *w.StartMS
	}
}

func TestSentence(t *testing.T) {
	e := kerbside.NewSource(typed(t, "He was here.")).Evidence(0, 2)
	for _, c := range []struct {
		name     string
		text     string
		verdict  kerbside.Verdict
		evidence []kerbside.Evidence
		ok       bool
	}{
		{"quoted", "He was here.", kerbside.VerdictQuoted, []kerbside.Evidence{e}, true},
		{"boilerplate", "Thank you.", kerbside.VerdictBoilerplate, nil, true},
		{"quoted without evidence", "He was here.", kerbside.VerdictQuoted, nil, false},
		{"inferred without evidence", "He was here.", kerbside.VerdictInferred, nil, false},
		{"boilerplate with evidence", "Thank you.", kerbside.VerdictBoilerplate, []kerbside.Evidence{e}, false},
		{"unknown verdict", "He was here.", "certain", []kerbside.Evidence{e}, false},
		{"no verdict", "He was here.", "", []kerbside.Evidence{e}, false},
		{"no text", "  ", kerbside.VerdictQuoted, []kerbside.Evidence{e}, false},
	} {
		s, err := kerbside.NewSentence("Block", c.text, c.verdict, []string{"r-1"}, c.evidence...)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		// What cannot be made cannot be read either.
		raw, merr := json.Marshal(map[string]any{"id": s.ID(), "block": "Block", "text": strings.TrimSpace(c.text), "verdict": c.verdict, "items": []string{"r-1"}, "evidence": c.evidence})
		if merr != nil {
			t.Fatal(merr)
		}
		var back kerbside.Sentence
		if rerr := json.Unmarshal(raw, &back); (rerr == nil) != c.ok {
			t.Errorf("%s: read with %v", c.name, rerr)
		}
		if c.ok && (back.ID() != s.ID() || back.Text() != s.Text() || back.Block() != "Block" || back.Verdict() != c.verdict || len(back.Evidence()) != len(c.evidence) || !slices.Equal(back.Items(), []string{"r-1"})) {
			t.Errorf("%s: %+v became %+v", c.name, s, back)
		}
	}
	a, err := kerbside.NewSentence("Block", "He was here.", kerbside.VerdictQuoted, nil, e)
	if err != nil {
		t.Fatal(err)
	}
	b, err := kerbside.NewSentence("Block", " He was here. ", kerbside.VerdictQuoted, nil, e)
	if err != nil || a.ID() != b.ID() {
		t.Error("the id of the same sentence differs", err)
	}
}

func FuzzSentenceJSON(f *testing.F) {
	f.Add([]byte(`{"id":"s","block":"b","text":"x","verdict":"boilerplate","items":[],"evidence":[]}`))
	f.Add([]byte(`{"text":"x","verdict":"quoted","evidence":[{"quote":"x"}]}`))
	f.Add([]byte(`{}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var d struct {
			S *kerbside.Sentence `json:"s"`
		}
		if json.Unmarshal(append(append([]byte(`{"s":`), b...), '}'), &d) != nil || d.S == nil {
			return
		}
		if boilerplate := d.S.Verdict() == kerbside.VerdictBoilerplate; boilerplate != (len(d.S.Evidence()) == 0) || d.S.Text() == "" {
			t.Fatalf("a sentence came in that cannot be made: %s", b)
		}
		if _, err := json.Marshal(d.S); err != nil {
			t.Fatal(err)
		}
	})
}
