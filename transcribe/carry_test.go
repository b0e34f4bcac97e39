package transcribe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
)

// toldRecognizer writes words that depend on what a window is told, and keeps what it was asked.
type toldRecognizer struct {
	hashRecognizer
	mu    sync.Mutex
	asked []DecodeParams
	fails int                                              // the call that fails
	write func(p DecodeParams, call int) (string, float32) // nil: words made of samples and prompt
}

func (r *toldRecognizer) Recognize(ctx context.Context, samples []float32, p DecodeParams) (Result, error) {
	got, err := r.hashRecognizer.Recognize(ctx, samples, p)
	if err != nil || !p.WordTimes {
		return got, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, p)
	if len(r.asked) == r.fails {
		return Result{}, kerbside.E(kerbside.CodeInternal, "test", "", nil)
	}
	if r.write != nil {
		text, likely := r.write(p, len(r.asked))
		got = tokensOf(text, int64(len(samples))/16)
		got.AvgLogProb = likely
		return got, nil
	}
	sum := sha256.Sum256([]byte(p.Prompt))
	got.Tokens[0].Text = " told" + hex.EncodeToString(sum[:4])
	return got, nil
}

func TestWhatWasHeardIsTheSameForAnyNumberOfStates(t *testing.T) {
	var want *kerbside.Transcript
	for _, states := range []int{1, 2, 5} {
		r := &toldRecognizer{hashRecognizer: hashRecognizer{states: states, delay: 3 * time.Millisecond}}
		got := mustTranscribe(t, r, &fakeStream{total: seconds(300), at: talk(2300, 3900)})
		if want == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d states give another transcript", states)
		}
	}
}

// numbered writes another text for each call, of eight words.
func numbered(_ DecodeParams, call int) (string, float32) {
	var words []string
	for i := range 8 {
		words = append(words, fmt.Sprintf("w%d-%d", call, i))
	}
	return strings.Join(words, " "), -0.2
}

func TestWindowsAreToldWhatWasHeard(t *testing.T) {
	r := &toldRecognizer{hashRecognizer: hashRecognizer{states: 2}, write: numbered}
	tr, err := newFake(r, &fakeStream{total: seconds(600), at: talk(2300, 3900)}).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{Terms: []string{"Maisie", "Ms Okafor"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range r.asked {
		told, ok := strings.CutPrefix(p.Prompt, "Maisie, Ms Okafor.")
		told = strings.TrimSpace(told)
		before, _, _ := strings.Cut(tr.Text, fmt.Sprintf(" w%d-0", i+1))
		if i == 0 {
			before = ""
		}
		if !ok || !strings.HasSuffix(before, told) || i > 0 && told == "" || len(p.Prompt) > maxTold+1 {
			t.Fatalf("window %d is told %q", i, p.Prompt)
		}
	}
	if n := len(r.asked); n < 20 {
		t.Errorf("%d windows", n)
	}
}

func TestFastTellsNothing(t *testing.T) {
	r := &toldRecognizer{hashRecognizer: hashRecognizer{states: 2}, write: numbered}
	if _, err := newFake(r, longTalk()).Transcribe(t.Context(), kerbside.Sound{}, kerbside.TranscribeOptions{Preset: PresetFast}, nil); err != nil {
		t.Fatal(err)
	}
	for _, p := range r.asked {
		if p.Prompt != "" {
			t.Fatalf("told %q", p.Prompt)
		}
	}
}

// TestWhatLooksWrongIsNotTold has the second window go wrong in different ways: it is heard again without what came before, and is told to nobody.
func TestWhatLooksWrongIsNotTold(t *testing.T) {
	for _, test := range []struct {
		name   string
		text   string // of the second window when it is told something
		alone  string // and when it is not; empty: the same
		likely float32
		tries  int // of the second window
		told   string
	}{
		{"a loop", strings.Repeat(" round and round", 6), "", -0.2, 4, "all is well here"},
		{"a loop only when told", strings.Repeat(" round and round", 6), "we went home then", -0.2, 2, "all is well here we went home then"},
		{"unlikely", "we went home then", "", -0.8, 1, "all is well here"},
		{"a sound", "we went [door] home then", "", -0.2, 1, "all is well here"},
		{"stays", "we went home then", "", -0.2, 1, "all is well here we went home then"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var calls int
			r := &toldRecognizer{hashRecognizer: hashRecognizer{states: 1}}
			r.write = func(p DecodeParams, call int) (string, float32) {
				switch calls = call; {
				case call == 1 || call > 1+test.tries:
					return "all is well here", -0.2
				case p.Prompt == "" && test.alone != "":
					return test.alone, test.likely
				}
				return test.text, test.likely
			}
			mustTranscribe(t, r, &fakeStream{total: seconds(18), at: talk(3000, 6000)})
			if calls != 2+test.tries {
				t.Fatalf("%d calls: %+v", calls, r.asked)
			}
			if got := r.asked[calls-1].Prompt; got != test.told {
				t.Errorf("the third window is told %q, want %q", got, test.told)
			}
		})
	}
}

// TestCopyOfWhatWasTold has the model write on what it was told in place of what it hears.
func TestCopyOfWhatWasTold(t *testing.T) {
	const first = "mum said that he comes home every weekend"
	r := &toldRecognizer{hashRecognizer: hashRecognizer{states: 1}, write: func(p DecodeParams, call int) (string, float32) {
		if call == 1 || p.Prompt != "" {
			return first, -0.1
		}
		return "the kitchen was clean", -0.4
	}}
	tr := mustTranscribe(t, r, &fakeStream{total: seconds(12), at: talk(3000, 6000)})
	if want := first + " the kitchen was clean"; tr.Text != want {
		t.Errorf("%q, want %q", tr.Text, want)
	}
}

// TestLaneGoesOnAfterAFailure has the engine fail on a window: the next one is told what was heard before it.
func TestLaneGoesOnAfterAFailure(t *testing.T) {
	r := &toldRecognizer{hashRecognizer: hashRecognizer{states: 2}, write: numbered, fails: 3}
	tr := mustTranscribe(t, r, &fakeStream{total: seconds(60), at: talk(3000, 6000)})
	if len(tr.Gaps) != 1 || len(tr.Words) < 30 {
		t.Errorf("%d words, gaps %v", len(tr.Words), tr.Gaps)
	}
}

func TestTailOf(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{{"one two", 7, "one two"}, {"one two three", 10, "two three"}, {"one two three", 8, "three"}, {"één café", 6, "café"}, {"longword", 4, ""}, {"", 5, ""}} {
		if got := tailOf(test.text, test.most); got != test.want {
			t.Errorf("tailOf(%q, %d) = %q, want %q", test.text, test.most, got, test.want)
		}
	}
}
