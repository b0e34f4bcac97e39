package main

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"kerbside"
)

func wrote(text string, marked string, p float64) []word {
	var all []word
	for i, w := range strings.Fields(text) {
		all = append(all, word{timed{w, float64(i), float64(i) + 0.5}, p, strings.Contains(" "+marked+" ", " "+w+" ")})
	}
	return all
}

func TestTimeErrors(t *testing.T) {
	said := []timed{{"She", 0.1, 0.5}, {"wasn't", 1, 1.5}, {"in,", 2.2, 2.5}, {"today", math.NaN(), 3.6}}
	start, end := timeErrors(said, wrote("she wasn’t out today.", "", 1))
	if want := (spread{2, 50, 100}); math.Abs(start.Median-want.Median) > 1e-6 || math.Abs(start.P90-want.P90) > 1e-6 || start.Words != 2 {
		t.Errorf("starts %+v: the word that is wrong and the one without a time do not count", start)
	}
	if end.Words != 3 || end.Median > 1e-6 || math.Abs(end.P90-100) > 1e-6 {
		t.Errorf("ends %+v", end)
	}
	var ten []float64
	for i := range 10 {
		ten = append(ten, float64(i+1))
	}
	if got := newSpread(ten); got != (spread{10, 5.5, 9}) {
		t.Errorf("%+v", got)
	}
}

func TestCalibrate(t *testing.T) {
	var p []float64
	var right []bool
	for i := range 100 { // says 0.75 and is right three times of four
		p, right = append(p, 0.75), append(right, i%4 != 0)
	}
	if c := calibrate(p, right); c.ECE > 1e-9 || math.Abs(c.Brier-c.Constant) > 1e-9 || c.AUC != 0.5 || len(c.Bins) != 1 {
		t.Errorf("%+v", c)
	}
	c := calibrate([]float64{0.99, 0.9, 0.2, 0.1}, []bool{true, true, false, false})
	if c.AUC != 1 || math.Abs(c.ECE-(0.01+0.1+0.2+0.1)/4) > 1e-9 || math.Abs(c.Brier-(0.0001+0.01+0.04+0.01)/4) > 1e-9 || c.Right != 0.5 {
		t.Errorf("%+v", c)
	}
	if c := calibrate([]float64{0.9, 0.1}, []bool{false, true}); c.AUC != 0 {
		t.Errorf("the wrong way round: %+v", c)
	}
	if c := calibrate(nil, nil); !reflect.DeepEqual(c, calibration{}) {
		t.Errorf("of nothing: %+v", c)
	}
}

// score scores words as the report does, with the plain normaliser.
func score(reference string, w []word) *wordScore {
	var raw []string
	for _, x := range w {
		raw = append(raw, x.text)
	}
	text := strings.Join(raw, " ")
	n := plain(text)
	hyp := n.label(raw, strings.ToLower(text), capitalised(text), 0)
	return scoreWords(nil, labelled(reference, 0), w, hyp, owners(texts(hyp), n.alone(raw)))
}

func TestScoreWords(t *testing.T) {
	const said = "we saw Dee on 3 May and she was not in"
	for name, test := range map[string]struct {
		wrote, marked string
		want          marks
	}{
		"all right":                        {"we saw Dee on 3 May and she was not in", "Dee", marks{Words: 1, OnRight: 1, Critical: map[string]flags{}}},
		"a name is wrong, unmarked":        {"we saw Tea on 3 May and she was not in", "", marks{Critical: map[string]flags{kindName: {1, 0}}}},
		"a name is wrong, marked":          {"we saw Tea on 3 May and she was not in", "Tea", marks{Words: 1, Critical: map[string]flags{kindName: {1, 1}}}},
		"a negator is lost, unmarked":      {"we saw Dee on 3 May and she was in", "we", marks{Words: 1, OnRight: 1, Critical: map[string]flags{kindNegator: {1, 0}}}},
		"a negator is lost, marked":        {"we saw Dee on 3 May and she was in", "in", marks{Words: 1, OnRight: 1, Critical: map[string]flags{kindNegator: {1, 1}}}},
		"the last word is lost":            {"we saw Dee on 3 May and she was not", "not", marks{Words: 1, OnRight: 1, Critical: map[string]flags{}}},
		"a date is wrong":                  {"we saw Dee on 5 May and she was not in", "5", marks{Words: 1, Critical: map[string]flags{kindDate: {1, 1}}}},
		"a negator is added":               {"we never saw Dee on 3 May and she was not in", "never", marks{Words: 1, Critical: map[string]flags{}, Added: flags{1, 1}}},
		"a number is put for another word": {"we saw Dee on 3 May and she was not 10", "", marks{Critical: map[string]flags{}, Added: flags{1, 0}}},
	} {
		if got := score(said, wrote(test.wrote, test.marked, 0.9)).Marks; !reflect.DeepEqual(*got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, *got, test.want)
		}
	}
	if got := score("it was twelve", wrote("it was 12", "", 0.8)).Calibration; got.Words != 3 || math.Abs(got.Right-2.0/3) > 1e-9 {
		t.Errorf("%+v", got)
	}
}

func TestFromTranscript(t *testing.T) {
	ms, p := int64(1500), 0.25
	list := func(id kerbside.WordID, doubtful bool, alternatives ...string) kerbside.Word {
		return kerbside.Word{ID: id, Text: string(id), Doubtful: doubtful, Alternatives: alternatives, StartMS: &ms, EndMS: &ms, Confidence: &p}
	}
	transcript := kerbside.Transcript{
		Text:        "x",
		Words:       kerbside.List[kerbside.Word]{list("a", true), list("b", false, "c"), list("c", false), list("d", false), list("e", false), {ID: "f"}},
		Suggestions: kerbside.List[kerbside.Suggestion]{{FirstWord: "d", LastWord: "e"}},
	}
	h := fromTranscript(&transcript)
	var got []bool
	for _, w := range h.words {
		got = append(got, w.marked)
	}
	if want := []bool{true, true, false, true, true, false}; !reflect.DeepEqual(got, want) {
		t.Errorf("marked %v, want %v", got, want)
	}
	if w := h.words[0]; w.start != 1.5 || w.p != 0.25 || !math.IsNaN(h.words[5].p) || !math.IsNaN(h.words[5].start) {
		t.Errorf("%+v", h.words)
	}
}

func TestCLIWords(t *testing.T) {
	token := func(text string, from, to, p float64) map[string]any {
		return map[string]any{"text": text, "offsets": map[string]any{"from": from, "to": to}, "p": p}
	}
	b, err := json.Marshal(map[string]any{"transcription": []any{
		map[string]any{"tokens": []any{token("[_BEG_]", 0, 0, 1), token(" Don", 100, 200, 0.5), token("na", 200, 400, 1), token(".", 400, 900, 0.9)}},
		map[string]any{"tokens": []any{token("Hi", 1000, 1100, 0.7), token("[_TT_50]", 0, 0, 1)}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := cliWords(b)
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if w := got[0]; w.text != "Donna." || w.start != 0.1 || w.end != 0.4 || math.Abs(w.p-0.8) > 1e-9 {
		t.Errorf("%+v", w)
	}
	if w := got[1]; w.text != "Hi" || w.start != 1 || w.end != 1.1 {
		t.Errorf("%+v", w)
	}
}

func TestTimedWord(t *testing.T) {
	var words []timedWord
	if err := json.Unmarshal([]byte(`[["a", 1, 2.5], ["b", 3, 4, 0.5]]`), &words); err != nil {
		t.Fatal(err)
	}
	if words[0].end != 2.5 || !math.IsNaN(words[0].p) || words[1].text != "b" || words[1].p != 0.5 {
		t.Errorf("%+v", words)
	}
	if err := json.Unmarshal([]byte(`[["a", 1]]`), &words); err == nil {
		t.Error("a word without an end is taken")
	}
}
