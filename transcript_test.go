package kerbside_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

func typed(t testing.TB, text string) *kerbside.Transcript {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func ms(v int64) *int64 { return &v }

// spoken is a transcript with times, 400 ms a word, and a segment for each sentence.
func spoken(t testing.TB, text string) *kerbside.Transcript {
	t.Helper()
	tr := typed(t, text)
	first := 0
	for i := range tr.Words {
		tr.Words[i].StartMS, tr.Words[i].EndMS = ms(int64(i)*400), ms(int64(i)*400+400)
		if strings.HasSuffix(tr.Words[i].Text, ".") || i == len(tr.Words)-1 {
			tr.Segments = append(tr.Segments, kerbside.Segment{FirstWord: tr.Words[first].ID, LastWord: tr.Words[i].ID, StartMS: int64(first) * 400, EndMS: int64(i)*400 + 400})
			first = i + 1
		}
	}
	return tr
}

func TestSplitWords(t *testing.T) {
	for _, c := range []struct {
		text, want string
		start      []int // code points
	}{
		{"", "", nil}, {" \t\n ", "", nil}, {"one", "one", []int{0}}, {" two  words ", "two|words", []int{1, 6}},
		{"Zoë’s café\nopen", "Zoë’s|café|open", []int{0, 6, 11}}, {"no break", "no|break", []int{0, 3}}, {"a\u2003b", "a|b", []int{0, 2}}, {"👩‍👧 x", "👩‍👧|x", []int{0, 4}},
	} {
		words := kerbside.SplitWords(c.text)
		var texts []string
		for i, w := range words {
			texts = append(texts, w.Text)
			if w.StartChar != c.start[i] || w.EndChar != w.StartChar+utf8.RuneCountInString(w.Text) {
				t.Errorf("%q word %d: %d to %d", c.text, i, w.StartChar, w.EndChar)
			}
		}
		if strings.Join(texts, "|") != c.want {
			t.Errorf("%q: %q", c.text, texts)
		}
	}
}

func FuzzSplitWords(f *testing.F) {
	for _, s := range []string{"", "a b", " Zoë’s\tcafé ", "\u0085x\u2028y", "\xff a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tr, err := kerbside.TypedTranscript(text)
		if (err == nil) != utf8.ValidString(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		if err := tr.Validate(); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if tr.Text != text || strings.Join(strings.FieldsFunc(text, unicode.IsSpace), "|") != joined(tr.Words) {
			t.Fatalf("%q became %q", text, joined(tr.Words))
		}
	})
}

func joined(words []kerbside.Word) string {
	var texts []string
	for _, w := range words {
		texts = append(texts, w.Text)
	}
	return strings.Join(texts, "|")
}

func TestValidate(t *testing.T) {
	for name, spoil := range map[string]func(*kerbside.Transcript){
		"":                func(*kerbside.Transcript) {},
		"schema":          func(t *kerbside.Transcript) { t.Schema = "kerbside.transcript/v2" },
		"no id":           func(t *kerbside.Transcript) { t.ID = "" },
		"not UTF-8":       func(t *kerbside.Transcript) { t.Text += "\xff" },
		"id twice":        func(t *kerbside.Transcript) { t.Words[1].ID = "w1" },
		"no word id":      func(t *kerbside.Transcript) { t.Words[1].ID = "" },
		"other text":      func(t *kerbside.Transcript) { t.Words[1].Text = "wuz" },
		"negative":        func(t *kerbside.Transcript) { t.Words[0].StartChar = -1 },
		"past the end":    func(t *kerbside.Transcript) { t.Words[2].EndChar = 1 << 40 },
		"empty word":      func(t *kerbside.Transcript) { t.Words[1].EndChar = t.Words[1].StartChar },
		"overlap":         func(t *kerbside.Transcript) { t.Words[1].StartChar = t.Words[0].StartChar },
		"half a time":     func(t *kerbside.Transcript) { t.Words[0].EndMS = nil },
		"negative time":   func(t *kerbside.Transcript) { t.Words[0].StartMS = ms(-1) },
		"time backwards":  func(t *kerbside.Transcript) { t.Words[1].EndMS = ms(0) },
		"segment of what": func(t *kerbside.Transcript) { t.Segments[0].LastWord = "w9" },
		"break":           func(t *kerbside.Transcript) { t.Words[1].Break = "page" },
		"suggestion": func(t *kerbside.Transcript) {
			t.Suggestions = append(t.Suggestions, kerbside.Suggestion{FirstWord: "w1", LastWord: "w9", Text: "x"})
		},
		"suggestion back": func(t *kerbside.Transcript) {
			t.Suggestions = append(t.Suggestions, kerbside.Suggestion{FirstWord: "w2", LastWord: "w1", Text: "x"})
		},
		"suggests nothing": func(t *kerbside.Transcript) {
			t.Suggestions = append(t.Suggestions, kerbside.Suggestion{FirstWord: "w1", LastWord: "w1"})
		},
		"reading of what": func(t *kerbside.Transcript) {
			t.Readings = append(t.Readings, kerbside.Reading{FirstWord: "w1", Value: "1"})
		},
		"reads nothing": func(t *kerbside.Transcript) {
			t.Readings = append(t.Readings, kerbside.Reading{FirstWord: "w1", LastWord: "w1"})
		},
		"segment of what?": func(t *kerbside.Transcript) { t.Segments[0].FirstWord = "" },
	} {
		tr := spoken(t, "Zoë was here.")
		spoil(tr)
		err := tr.Validate()
		if name == "" && err != nil || name != "" && kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && strings.Contains(kerbside.MessageOf(err), "Zoë") {
			t.Errorf("%q: the message holds what was said", name)
		}
	}
}

func FuzzTranscriptJSON(f *testing.F) {
	for _, tr := range []*kerbside.Transcript{typed(f, ""), typed(f, "All was well."), spoken(f, "Zoë was here. Lunch was hot.")} {
		b, err := json.Marshal(tr)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"schema":"kerbside.transcript/v1","id":"t","text":"a b","words":[{"id":"w1","text":"a","start_char":0,"end_char":1},{"id":"k0-1","text":"b","start_char":2,"end_char":3}],"segments":[{"first_word":"k0-1","last_word":"w1"}]}`))
	f.Add([]byte(`{"schema":"kerbside.transcript/v1","id":"t","words":[{"id":"w1","start_char":-9223372036854775808,"end_char":9223372036854775807}]}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var tr kerbside.Transcript
		if json.Unmarshal(b, &tr) != nil || tr.Validate() != nil {
			return
		}
		// Whatever is valid can be quoted and corrected without a panic, and written and read again.
		s := kerbside.NewSource(&tr)
		taken := false
		for i, w := range s.Words {
			if e := s.Evidence(i, len(s.Words)-1); s.Check(e) != nil || !s.Holds(e) || s.Slice(e.StartChar, e.EndChar) != e.Quote {
				t.Fatalf("evidence from word %d does not hold", i)
			}
			taken = taken || strings.HasPrefix(string(w.ID), "k")
		}
		for _, fresh := range []string{"", "fresh", "two fresh"} {
			for i, w := range s.Words {
				next, err := tr.Apply(kerbside.Correction{FirstWord: w.ID, LastWord: w.ID, Old: w.Text, New: fresh})
				if err != nil { // a word may hold white space; nothing of it can be corrected then
					continue
				}
				if err := next.Validate(); err != nil && !taken {
					t.Fatalf("word %d to %q: %v", i, fresh, err)
				}
			}
		}
		again, err := json.Marshal(&tr)
		if err != nil {
			t.Fatal(err)
		}
		var back kerbside.Transcript
		if err := json.Unmarshal(again, &back); err != nil || back.Validate() != nil || back.Text != tr.Text || len(back.Words) != len(tr.Words) {
			t.Fatalf("it does not survive being written: %v", err)
		}
	})
}

func TestJoinWords(t *testing.T) {
	tr := typed(t, "  Zoë   was\nhere ")
	tr.JoinWords()
	if tr.Text != "Zoë was here" || tr.Validate() != nil {
		t.Fatalf("%q: %v", tr.Text, tr.Validate())
	}
	tr.Words[0].Break, tr.Words[1].Break, tr.Words[2].Break = kerbside.BreakLine, kerbside.BreakLine, kerbside.BreakParagraph
	if tr.JoinWords(); tr.Text != "Zoë\nwas\n\nhere" || tr.Validate() != nil {
		t.Fatalf("%q: %v", tr.Text, tr.Validate())
	}
	next, err := tr.Apply(kerbside.Correction{FirstWord: "w2", LastWord: "w2", Old: "was", New: "is still"})
	if err != nil || next.Text != "Zoë\nis still\n\nhere" || next.Validate() != nil {
		t.Fatalf("%q: %v", next.Text, err)
	}
	empty := typed(t, " ")
	if empty.JoinWords(); empty.Text != "" || empty.Validate() != nil {
		t.Fatalf("%q", empty.Text)
	}
}

func TestListJSON(t *testing.T) {
	type holder struct {
		L kerbside.List[int] `json:"l"`
	}
	for _, c := range []struct {
		l    kerbside.List[int]
		want string
	}{{nil, `{"l":[]}`}, {kerbside.List[int]{}, `{"l":[]}`}, {kerbside.List[int]{1, 2}, `{"l":[1,2]}`}} {
		b, err := json.Marshal(holder{c.l})
		if err != nil || string(b) != c.want {
			t.Errorf("%v: %s, %v", c.l, b, err)
		}
		var back holder
		if err := json.Unmarshal(b, &back); err != nil || len(back.L) != len(c.l) {
			t.Errorf("%s: %v, %v", b, back, err)
		}
	}
	b, err := json.Marshal(kerbside.Record{Schema: kerbside.RecordSchema})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.Replace(string(b), `"restricted":null`, "", 1), "null") {
		t.Errorf("an empty record has a null where readers expect an array: %s", b)
	}
}
