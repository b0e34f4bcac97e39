package transcribe

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// wholeWindow is a window of one stretch of speech from startMS to endMS.
func wholeWindow(startMS, endMS int64, p float64) *window {
	start, end := samplesOf(startMS), samplesOf(endMS)
	return &window{
		samples: make([]float32, end-start), spans: []span{{start: start, n: end - start}}, end: end,
		speech: []stretch{{start: start, end: end, sum: p * 100, frames: 100}},
	}
}

func TestWords(t *testing.T) {
	w := wholeWindow(1000, 11_000, 0.9)
	type word struct {
		text       string
		start, end int64
	}
	tests := []struct {
		name   string
		tokens []Token
		want   []word
	}{
		{"pieces and punctuation", []Token{{Text: " un", P: 1, StartMS: 0, EndMS: 200}, {Text: "announced", P: 1, StartMS: 200, EndMS: 700}, {Text: ",", P: 1, StartMS: 700, EndMS: 900}, {Text: " yes", P: 1, StartMS: 900, EndMS: 1000}},
			[]word{{"unannounced,", 1000, 1700}, {"yes", 1900, 2000}}},
		{"a character over two tokens", []Token{{Text: " caf\xc3", P: 1, EndMS: 300}, {Text: "\xa9", P: 1, StartMS: 300, EndMS: 400}}, []word{{"café", 1000, 1400}}},
		{"bytes that are no character", []Token{{Text: " a\xff", P: 1, EndMS: 300}}, []word{{"a\uFFFD", 1000, 1300}}},
		{"no space before the first", []Token{{Text: "So", P: 1, EndMS: 300}, {Text: " it", P: 1, StartMS: 300, EndMS: 400}}, []word{{"So", 1000, 1300}, {"it", 1300, 1400}}},
		{"white space inside a token", []Token{{Text: " one two\nthree\u00a0four", P: 1, EndMS: 300}}, []word{{"one", 1000, 1000}, {"two", 1000, 1000}, {"three", 1000, 1000}, {"four", 1000, 1300}}},
		{"lone punctuation", []Token{{Text: " -", P: 1, EndMS: 100}, {Text: " Well", P: 1, StartMS: 100, EndMS: 300}, {Text: " ...", P: 1, StartMS: 300, EndMS: 500}}, []word{{"Well", 1100, 1300}}},
		{"times that run back or out", []Token{{Text: " a", P: 1, StartMS: 500, EndMS: 900}, {Text: " b", P: 1, StartMS: 400, EndMS: 600}, {Text: " c", P: 1, StartMS: 9900, EndMS: 20_000}},
			[]word{{"a", 1500, 1500}, {"b", 1500, 1600}, {"c", 10_900, 11_000}}},
		{"no times", []Token{{Text: " abcd", P: 1}, {Text: " efgh", P: 1}}, []word{{"abcd", 1000, 6000}, {"efgh", 6000, 11_000}}},
		{"none", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := words(w, test.tokens)
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i, g := range got {
				if (word{g.text, g.startMS, g.endMS}) != test.want[i] {
					t.Errorf("word %d: got %v, want %v", i, g, test.want[i])
				}
			}
		})
	}
}

func TestWordConfidence(t *testing.T) {
	got := words(wholeWindow(0, 5000, 0.9), []Token{{Text: " Ma", P: 0.8, EndMS: 10}, {Text: "zee", P: 0.2, EndMS: 20}, {Text: ".", P: 0.01, EndMS: 30}})
	if len(got) != 1 || math.Abs(got[0].confidence-0.4) > 1e-6 {
		t.Errorf("got %v, want a confidence of 0.4", got)
	}
}

func TestTimesAcrossASeam(t *testing.T) {
	// Two pieces of a second, a minute apart, packed one after the other.
	w := &window{samples: make([]float32, 2*SampleRate), spans: []span{{start: 0, n: SampleRate}, {start: 60 * SampleRate, at: SampleRate, n: SampleRate}}, end: 61 * SampleRate}
	got := words(w, []Token{{Text: " first", P: 1, StartMS: 200, EndMS: 1000}, {Text: " second", P: 1, StartMS: 1000, EndMS: 1500}})
	if got[0].endMS != 1000 || got[1].startMS != 60_000 || got[1].endMS != 60_500 {
		t.Errorf("got %v", got)
	}
}

func TestGuard(t *testing.T) {
	const keep = "\x00" // what is expected when nothing is taken out
	tests := []struct {
		name, text, want string
		p                float64
		logProb          float32
		reasons          []string
	}{
		{name: "speech", text: "Visited the home at four.", want: keep},
		{name: "square brackets", text: "[Gunshot]", reasons: []string{RemovedSoundDescription}},
		{name: "round brackets", text: "(wind blowing)", reasons: []string{RemovedSoundDescription}},
		{name: "asterisks", text: "*music plays*", reasons: []string{RemovedSoundDescription}},
		{name: "notes", text: "♪", reasons: []string{RemovedSoundDescription}},
		{name: "a song", text: "♪ la la la ♪", reasons: []string{RemovedSoundDescription}},
		{name: "inside speech", text: "He said (door slams) nothing else.", want: "He said nothing else.", reasons: []string{RemovedSoundDescription}},
		{name: "glued to speech", text: "[door]Hello there.", want: "Hello there.", reasons: []string{RemovedSoundDescription}},
		{name: "not closed", text: "We left. [door closing", want: "We left.", reasons: []string{RemovedSoundDescription}},
		{name: "a telephone number", text: "Ring (0117) 496 0123 tomorrow.", want: keep},
		{name: "stock phrase", text: "Thanks for watching!", reasons: []string{RemovedStockPhrase}},
		{name: "stock phrase after speech", text: "I will call on Monday. Thank you for watching.", want: "I will call on Monday.", reasons: []string{RemovedStockPhrase}},
		{name: "the same words in a sentence", text: "She said thanks for watching the baby.", want: keep},
		{name: "credit", text: "Subtitles by the Amara.org community", reasons: []string{RemovedStockPhrase}},
		{name: "credit in a sentence", text: "He turned the subtitles on by himself.", want: keep},
		{name: "thank you, well heard", text: "Thank you.", want: keep},
		{name: "thank you in noise", text: "Thank you.", p: 0.55, reasons: []string{RemovedStockPhrase}},
		{name: "thank you, unlikely", text: "Thank you.", logProb: -0.9, reasons: []string{RemovedStockPhrase}},
		{name: "no, well heard", text: "No.", want: keep},
		{name: "improbable", text: "Bah gah dah!", p: 0.5, logProb: -1.4, reasons: []string{RemovedImprobable}},
		{name: "improbable words in clear speech", text: "Bah gah dah!", logProb: -1.4, want: keep},
		{name: "loop", text: "she was fine she was fine she was fine she was fine today", want: "she was fine today", reasons: []string{RemovedLoop}},
		{name: "nothing but a loop", text: strings.Repeat("B ", 20), reasons: []string{RemovedLoop}},
		{name: "people repeat themselves", text: "No, no, no, no, he said, never, never, never.", want: keep},
		{name: "a word on and on", text: "the the the the the the the end of it", want: "the end of it", reasons: []string{RemovedLoop}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, logProb, want := test.p, test.logProb, test.want
			if p == 0 {
				p = 0.95
			}
			if logProb == 0 {
				logProb = -0.2
			}
			if want == keep {
				want = test.text
			}
			w := wholeWindow(0, 4000, p)
			kept, removed := guard(w, words(w, tokensOf(test.text, 4000).Tokens), logProb)
			if got := textOf(kept); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if len(removed) != len(test.reasons) {
				t.Fatalf("removed %v, want %v", removed, test.reasons)
			}
			for i, r := range removed {
				if r.Reason != test.reasons[i] || r.Text == "" || r.EndMS <= r.StartMS {
					t.Errorf("removed %+v, want reason %s", r, test.reasons[i])
				}
			}
		})
	}
}

func TestWordless(t *testing.T) {
	two := &window{
		spans: []span{{start: 0, n: samplesOf(10_000)}}, end: samplesOf(10_000),
		speech: []stretch{{start: 0, end: samplesOf(2000)}, {start: samplesOf(4000), end: samplesOf(9000)}},
	}
	gap := func(start, end int64) kerbside.Gap {
		return kerbside.Gap{StartMS: start, EndMS: end, Reason: GapNoWords}
	}
	tests := []struct {
		name    string
		w       *window
		words   []rawWord
		removed []kerbside.Removed
		want    []kerbside.Gap
	}{
		{"covered", two, []rawWord{{startMS: 0, endMS: 1900}, {startMS: 4000, endMS: 6000}, {startMS: 6500, endMS: 9000}}, nil, nil},
		{"no words", two, nil, nil, []kerbside.Gap{gap(0, 2000), gap(4000, 9000)}},
		{"one stretch without", two, []rawWord{{startMS: 4000, endMS: 6900}, {startMS: 7000, endMS: 8800}}, nil, []kerbside.Gap{gap(0, 2000)}},
		{"removed is no gap", two, []rawWord{{startMS: 4000, endMS: 6000}, {startMS: 6000, endMS: 8800}}, []kerbside.Removed{{StartMS: 0, EndMS: 2000}}, nil},
		{"the end of a stretch", two, []rawWord{{startMS: 0, endMS: 1900}, {startMS: 4000, endMS: 4500}}, nil, []kerbside.Gap{gap(4500, 9000)}},
		{"a word as long as a sentence", two, []rawWord{{startMS: 0, endMS: 1900}, {startMS: 4000, endMS: 9000}}, nil, []kerbside.Gap{gap(6000, 9000)}},
		{"breath", wholeWindow(0, 400, 0.9), nil, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := wordless(test.w, test.words, test.removed)
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

func TestFaults(t *testing.T) {
	loop := "we went to the school and "
	tests := []struct {
		name, text string
		ms         int64
		logProb    float32
		want       []fault
	}{
		{"fine", "Mum was at home and the house was tidy today", 4000, -0.3, nil},
		{"loop", loop + loop, 6000, -0.3, []fault{faultRepeat}},
		{"long loop", loop + loop + loop + loop + loop + loop, 12_000, -0.3, []fault{faultCompression, faultRepeat}},
		{"unlikely", "Mum was at home", 2000, -1.3, []fault{faultUnlikely}},
		{"too fast", "Mum was at home and the house was tidy today", 1000, -0.3, []fault{faultTooFast}},
		{"too slow", "Mum", 9000, -0.3, []fault{faultTooSlow, faultUncovered}},
		{"nothing", "", 4000, 0, []fault{faultTooSlow, faultUncovered}},
		{"nothing in a short window", "", 900, 0, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := wholeWindow(0, test.ms, 0.9)
			got := faults(w, words(w, tokensOf(test.text, test.ms).Tokens), test.logProb)
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

// Words that the model wrote a second time have no sound of their own; they go when they stand before, and only then.
func TestEchoWithoutSound(t *testing.T) {
	at := func(text string, from, each int64) []rawWord {
		var ws []rawWord
		for _, word := range strings.Fields(text) {
			ws = append(ws, rawWord{text: word, startMS: from, endMS: from + each, confidence: 0.9})
			from += each
		}
		return ws
	}
	said := at("I saw Oliver on his own. He was well.", 0, 300)
	end := said[len(said)-1].endMS
	tests := []struct {
		name         string
		then         []rawWord
		want, echoed string
	}{
		{"echo", slices.Concat(at("I saw Oliver on his own. He", end, 0), at("is nine.", end, 400)), "is nine.", "I saw Oliver on his own. He"},
		{"echo that goes on", slices.Concat(at("on his own. Then", end, 0), at("we left.", end, 400)), "on his own. Then we left.", ""},
		{"said twice", at("I saw Oliver on his own.", end, 300), "I saw Oliver on his own.", ""},
		{"other words", at("There was nothing else there.", end, 10), "There was nothing else there.", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := wholeWindow(0, end+3000, 0.95)
			ws := slices.Concat(said, test.then)
			if test.name != "said twice" && !slices.Contains(faults(w, ws, -0.2), faultSoundless) {
				t.Error("no fault")
			}
			kept, removed := guard(w, ws, -0.2)
			if got := textOf(kept[len(said):]); got != test.want {
				t.Errorf("%q is left, want %q", got, test.want)
			}
			if test.echoed == "" && len(removed) > 0 || test.echoed != "" && (len(removed) != 1 || removed[0].Text != test.echoed || removed[0].Reason != RemovedLoop) {
				t.Errorf("removed %v", removed)
			}
		})
	}
}

// A pause that alignment gave to a word is taken off it.
func TestWordsKeepToSpeech(t *testing.T) {
	w := &window{
		spans:  []span{{n: samplesOf(6000)}},
		speech: []stretch{{start: samplesOf(500), end: samplesOf(1500)}, {start: samplesOf(3000), end: samplesOf(4000)}},
	}
	ws := []rawWord{{text: "a", startMS: 0, endMS: 900}, {text: "b", startMS: 900, endMS: 2900}, {text: "c", startMS: 1400, endMS: 3600}, {text: "d", startMS: 3600, endMS: 6000}, {text: "e", startMS: 5000, endMS: 5500}}
	inSpeech(w, ws)
	for i, want := range [][2]int64{{450, 900}, {900, 1550}, {2950, 3600}, {3600, 4050}, {5000, 5500}} {
		if ws[i].startMS != want[0] || ws[i].endMS != want[1] {
			t.Errorf("%s: %d-%d, want %v", ws[i].text, ws[i].startMS, ws[i].endMS, want)
		}
	}
}
