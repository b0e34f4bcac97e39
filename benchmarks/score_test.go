package main

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

// plain stands for the normaliser of single words: small letters, no punctuation.
func plain(texts ...string) normaliser {
	n := normaliser{}
	for _, t := range texts {
		for w := range strings.FieldsSeq(t) {
			n[w] = strings.Fields(strings.ToLower(strings.Trim(w, ".,?")))
		}
	}
	return n
}

// labelled gives the words of a text whose normal form has its words one by one.
func labelled(raw string, stretch int) []refWord {
	n := plain(raw)
	var normal []string
	for _, w := range n.alone(strings.Fields(raw)) {
		normal = append(normal, w...)
	}
	return n.label(strings.Fields(raw), strings.Join(normal, " "), capitalised(raw), stretch)
}

func refs(stretches ...string) []refWord {
	var all []refWord
	for i, s := range stretches {
		all = append(all, labelled(s, i)...)
	}
	return all
}

func TestAlign(t *testing.T) {
	tests := map[string]struct {
		stretches []string
		hyp       string
		want      []counts
	}{
		"the same":            {[]string{"she was in", "all day"}, "she was in all day", []counts{{Words: 3}, {Words: 2}}},
		"nothing heard":       {[]string{"she was in", "all day"}, "", []counts{{Words: 3, Del: 3}, {Words: 2, Del: 2}}},
		"nothing said":        {[]string{""}, "thank you", []counts{{Ins: 2}}},
		"each kind":           {[]string{"the cot is new", "it is clean"}, "the cat is it is very clean", []counts{{Words: 4, Sub: 1, Del: 1}, {Words: 3, Ins: 1}}},
		"too much at the end": {[]string{"yes", "well then"}, "yes well then bye", []counts{{Words: 1}, {Words: 2, Ins: 1}}},
		"too much first":      {[]string{"yes", "well"}, "oh yes well", []counts{{Words: 1, Ins: 1}, {Words: 1}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := align(refs(test.stretches...), strings.Fields(test.hyp), len(test.stretches)); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestCriticalWords(t *testing.T) {
	ref := labelled("Nora did not see Ravi twice on 3 days.", 0)
	got := total(align(ref, strings.Fields("nora did now see ravi twice on 13 days"), 1)).Critical
	want := map[string]tally{"negator": {1, 1}, "name": {1, 0}, "number": {1, 1}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v: a sentence's first word is no name, the others count", got, want)
	}
}

// TestDays: a day written otherwise is no error of a critical word, whatever little words stand around it.
func TestDays(t *testing.T) {
	ref := labelled("We meet on the 28th of March.", 0)
	got := total(align(ref, strings.Fields("we meet on sunday 28 march"), 1))
	if want := (counts{Words: 7, Sub: 2, Del: 1, Critical: map[string]tally{"date": {2, 0}}}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCapitalised(t *testing.T) {
	got := capitalised("Then I saw Dee’s mum. She rang Mrs Hale! O'Neill came; so did “Abi”.")
	want := map[string]bool{"dee": true, "mrs": true, "hale": true, "abi": true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"I saw Dee. Dee may march on May 5th.":        "- - name name - - - date date",
		"Seen on Monday the 12th of March 2026.":      "- - date - date - date date",
		"The 2nd child is 9 and the 20th is free.":    "- number - - number - - date - -",
		"It was the 1st of June, not 30 days later.":  "- - - date - date negator number - -",
		"On 3 April, at 4, nobody rang 07700 again.":  "- date date - number negator - number -",
		"They left in 2019 or on Tuesday 7th, I say.": "- - - number - - date date - -",
	} {
		var got []string
		for _, w := range labelled(text, 0) {
			if w.kind == "" {
				w.kind = "-"
			}
			got = append(got, w.kind)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s\n got %s\nwant %s", text, strings.Join(got, " "), want)
		}
	}
}

func TestOwners(t *testing.T) {
	for name, test := range map[string]struct {
		whole  string
		single []string
		want   [][]int
	}{
		"one by one":       {"she is in", []string{"she", "is", "in"}, [][]int{{0}, {1}, {2}}},
		"two become one":   {"he is 29 now", []string{"he", "is", "20", "9", "now"}, [][]int{{0}, {1}, {2, 3}, {4}}},
		"one becomes two":  {"dee s dog", []string{"dee s", "dog"}, [][]int{{0}, {0}, {1}}},
		"one is left out":  {"so it is", []string{"so", "", "it", "is"}, [][]int{{0}, {2}, {3}}},
		"one comes in":     {"so it is", []string{"so", "is"}, [][]int{{0}, {0}, {1}}},
		"nothing":          {"", []string{"um"}, [][]int{}},
		"one is not known": {"so", nil, [][]int{nil}},
	} {
		var single [][]string
		for _, s := range test.single {
			single = append(single, strings.Fields(s))
		}
		if got := owners(strings.Fields(test.whole), single); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestRawErrors(t *testing.T) {
	if got := rawErrors("She is in. He is out.", "she is in he is out."); math.Abs(got-100.0/6) > 1e-9 {
		t.Errorf("%v: capitals do not count, a full stop does", got)
	}
	if got := rawErrors("", "bye"); got != 0 {
		t.Errorf("%v of nothing", got)
	}
}

func TestInterval(t *testing.T) {
	var all []counts
	for i := range 40 {
		all = append(all, counts{Words: 10, Sub: i % 3})
	}
	rate, low, high := wer(all), werInterval(all)[0], werInterval(all)[1]
	if !(low < rate && rate < high) || high-low > 6 || high-low < 2 {
		t.Errorf("%.2f with %.2f to %.2f", rate, low, high)
	}
	if werInterval(all) != werInterval(all) {
		t.Error("the same errors give another interval")
	}
	// The same stretches are drawn for both, so that a tool does not differ from itself.
	if d := differenceInterval(all, all); d != [2]float64{} {
		t.Errorf("difference from itself: %v", d)
	}
	if d := werInterval(nil); d != [2]float64{} {
		t.Errorf("interval of nothing: %v", d)
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1}, 2.5}} {
		if got := median(test.values); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("median of %v is %v", test.values, got)
		}
	}
}
