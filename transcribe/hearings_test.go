package transcribe

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func rawWords(text string) []rawWord {
	var ws []rawWord
	for _, w := range strings.Fields(text) {
		ws = append(ws, rawWord{text: w})
	}
	return ws
}

func TestChanges(t *testing.T) {
	for _, test := range []struct {
		first, second string
		want          []change
	}{
		{"a b c", "a b c", nil},
		{"a b c", "a x c", []change{{1, 2, 1, 2}}},
		{"a b c", "a c", []change{{1, 2, 1, 1}}},
		{"a c", "a b c", []change{{1, 1, 1, 2}}},
		{"", "a b", []change{{0, 0, 0, 2}}},
		{"a b c d", "x b c y z", []change{{0, 1, 0, 1}, {3, 4, 3, 5}}},
	} {
		if got := changes(strings.Fields(test.first), strings.Fields(test.second)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("changes(%q, %q) = %v, want %v", test.first, test.second, got, test.want)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name, first, second string
		disputed            []string
		alternative         string // of the first disputed word
		replaces            int
	}{
		{"the same", "He was announced.", "he was announced", nil, "", 0},
		{"a small word", "He walked to the shop.", "He walked to a shop.", []string{"the"}, "a", 1},
		{"a prefix", "The visit was announced.", "The visit was unannounced.", []string{"announced."}, "unannounced", 1},
		{"a negation that one has", "He has been drinking.", "He has not been drinking.", []string{"been"}, "not been", 1},
		{"a negation at the end", "They would", "They would not.", []string{"would"}, "would not", 1},
		{"a negation that the other lacks", "He has not been drinking.", "He has been drinking.", []string{"not"}, "", 1},
		{"a name", "We met Mazee there.", "We met Maisie there.", []string{"Mazee"}, "Maisie", 1},
		{"a number", "She is thirty now.", "She is thirteen now.", []string{"thirty"}, "thirteen", 1},
		{"two words for one", "Then Dadley left.", "Then Dad, Lee left.", []string{"Dadley"}, "Dad, Lee", 1},
		{"a number in figures", "Emily is four and was here on the seventeenth.", "Emily is 4 and was here on the 17th.", nil, "", 0},
		{"a day with little words", "See you on 17 March.", "See you on the seventeenth of March.", nil, "", 0},
		{"another day in figures", "See you on the seventh.", "See you on the 17th.", []string{"seventh."}, "17th", 1},
		{"one for two", "Then Dad Lee left.", "Then Dadley left.", []string{"Dad", "Lee"}, "Dadley", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			ws := rawWords(test.first)
			compare(ws, rawWords(test.second))
			var disputed []string
			for _, w := range ws {
				if len(w.votes) != 1 {
					t.Fatalf("%q has %d votes", w.text, len(w.votes))
				}
				if w.votes[0].Differs {
					disputed = append(disputed, w.text)
				}
			}
			if !slices.Equal(disputed, test.disputed) {
				t.Fatalf("disputed %q, want %q", disputed, test.disputed)
			}
			for _, w := range ws {
				if v := w.votes[0]; v.Differs {
					if v.Text != test.alternative || v.Replaces != test.replaces {
						t.Errorf("%q for %d words, want %q for %d", v.Text, v.Replaces, test.alternative, test.replaces)
					}
					break
				}
			}
		})
	}
}

func TestCritical(t *testing.T) {
	for word, want := range map[string]bool{
		"not": true, "didn't": true, "No,": true, "Kelly": true, "12": true, "seven": true, "Tuesday": true, "unannounced": true, "announced": true,
		"safe": true, "kitchen": false, "I": false, "I'm": false, "Mr": false, "": false,
	} {
		if got := critical(word, false); got != want {
			t.Errorf("critical(%q) = %v", word, got)
		}
	}
	if critical("Then", true) || !critical("Never", true) {
		t.Error("at the start of a sentence only the capital means nothing")
	}
}

// A tone that is played at 0.93 of its speed lasts longer and is lower by as much.
func TestStretched(t *testing.T) {
	tone := make([]float32, SampleRate)
	for i := range tone {
		tone[i] = float32(math.Sin(2 * math.Pi * 400 * float64(i) / SampleRate))
	}
	slow := stretched(tone, 0.93)
	if want := 17204; len(slow) != want {
		t.Fatalf("%d samples, want %d", len(slow), want)
	}
	for i, x := range slow[:len(slow)-2] {
		if want := math.Sin(2 * math.Pi * 400 * 0.93 * float64(i) / SampleRate); math.Abs(float64(x)-want) > 1e-3 {
			t.Fatalf("sample %d is %v, want %v", i, x, want)
		}
	}
	if len(stretched(nil, 0.93)) != 0 {
		t.Error("silence of no length became longer")
	}
}
