package transcribe

import (
	"strings"
	"testing"

	"kerbside"
)

func TestPromptOf(t *testing.T) {
	if got := promptOf([]string{"Tilly", " Penhallow\nPrimary ", "", "MARAC"}); got != "Tilly, Penhallow Primary, MARAC." {
		t.Errorf("got %q", got)
	}
	if got := promptOf(nil); got != "" {
		t.Errorf("got %q", got)
	}
	if got := promptOf([]string{strings.Repeat("x", maxPrompt), "Tilly"}); got != "Tilly." {
		t.Errorf("got %q", got)
	}
}

// TestEchoOfThePrompt has the engine repeat the prompt until it is asked without one.
func TestEchoOfThePrompt(t *testing.T) {
	var asked []DecodeParams
	r := &scriptedRecognizer{asked: &asked, texts: []string{"Tilly, Osian, Keely, Errol", "Tilly, Osian, Keely, Errol", "We talked for a while"}}
	tr, err := newFake(r, &fakeStream{total: seconds(5), at: talk(3000, 10_000)}).Transcribe(t.Context(), kerbside.Sound{},
		kerbside.TranscribeOptions{Preset: PresetFast, Terms: []string{"Tilly", "Osian", "Keely", "Errol"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tr.Text != "We talked for a while" || len(asked) != 3 || asked[0].Prompt == "" || asked[2].Prompt != "" {
		t.Errorf("%q, asked %+v", tr.Text, asked)
	}
}

func TestCalibration(t *testing.T) {
	last := -1.0
	for i := range 101 {
		c := calibrated(float64(i) / 100)
		if c < last || c < 0 || c > 1 {
			t.Fatalf("calibrated(%v) = %v after %v", float64(i)/100, c, last)
		}
		last = c
	}
}
