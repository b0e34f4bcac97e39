package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// heard is what a text gives as the words of a child, in order.
func heard(t *testing.T, words, child string) string {
	t.Helper()
	var out []string
	for _, v := range readText(t, words).record.ChildVoice {
		if v.Child == child {
			out = append(out, v.Quote)
		}
	}
	return strings.Join(out, " | ")
}

// A child tells in several sentences, and says once at the beginning that it does.
func TestChildGoesOn(t *testing.T) {
	const text = "Looked after visit to Bethan, eleven, placed with Joan Fry. Joan made us toast and left us to it. Bethan told me she's in the chess club now. She does not like Mondays because the bus is full. She misses her old room. She wants to ring her dad on Sundays. The kitchen was warm. Joan said she's sleeping better."
	got := heard(t, text, "Bethan")
	for _, want := range []string{"chess club", "the bus is full", "old room", "ring her dad"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is lost: %s", want, got)
		}
	}
	for _, never := range []string{"warm", "toast", "sleeping better"} {
		if strings.Contains(got, never) {
			t.Errorf("%q is no word of the child's: %s", never, got)
		}
	}
}

// A question of the worker's that names an adult does not end the child's turn, nor does the adult speak in it.
func TestQuestionAboutAnAdultIsAsked(t *testing.T) {
	got := heard(t, "Visit to Rhona, twelve. Mum, Sheila, was in the kitchen. I saw Rhona on her own in her room. I asked what mum thinks about it all. She said it's like living in a zoo.", "Rhona")
	if !strings.Contains(got, "living in a zoo") {
		t.Errorf("lost: %q", got)
	}
}

// Who is thirteen in the middle of a sentence is a child too, and who goes "no I never" speaks.
func TestChildKnownByAgeInPassing(t *testing.T) {
	got := heard(t, "Took Ryan to the park after school, he's thirteen, placed with the Moores. He said my brother's got a new number. I asked if he'd rung it and he goes no I never.", "Ryan")
	for _, want := range []string{"my brother's got a new number", "no I never"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is lost: %q", want, got)
		}
	}
}

// What Dad says at home, in the words of a child, is that child's.
func TestChildTellsWhatIsSaidAtHome(t *testing.T) {
	got := heard(t, "Visit to Nell, seven, and her dad, Bryn. I saw Nell on her own in the den. She told me the baby cries and Bryn says shut it.", "Nell")
	if !strings.Contains(got, "Bryn says shut it") {
		t.Errorf("lost: %q", got)
	}
}

// The pronoun behind a child's own doing is the one it does it to.
func TestHeIsNotTheChildWhoClimbs(t *testing.T) {
	got := heard(t, "Visit to Merryn, five, with mum Tamsin and stepdad Piers. I sat with Merryn on the rug while Tamsin washed up. She told me she has a wobbly tooth. Merryn climbed on Piers and he tickled her.", "Merryn")
	if !strings.Contains(got, "wobbly tooth") {
		t.Errorf("lost: %q", got)
	}
}

// Work on paper, and answers without a word.
func TestAnswersOnPaperAndWithoutWords(t *testing.T) {
	const text = "Visit to Iwan, eight. I did the three houses with Iwan at school, just the two of us. In the house of worries he put the dog and the stairs. I asked about the stairs and he hid his face in his sleeve. He held up three fingers when I asked how many people sleep there."
	r := readText(t, text).record
	for want, mode := range map[string]string{"he put the dog and the stairs": kerbside.VoiceParaphrase, "he hid his face": kerbside.VoiceNonverbal, "held up three fingers": kerbside.VoiceNonverbal} {
		if !slices.ContainsFunc(r.ChildVoice, func(v kerbside.ChildVoice) bool {
			return strings.Contains(v.Quote, want) && v.Mode == mode && v.Child == "Iwan"
		}) {
			t.Errorf("%q is not there as %s: %+v", want, mode, r.ChildVoice)
		}
	}
}

// Of what a child spoke is no word of it, and what is to be done is none either.
func TestNoWordsOfAChild(t *testing.T) {
	got := heard(t, "Visit to Perran, ten. I saw Perran on his own. He told me about Max. He said I do my own tea. I'll make a referral to young carers tonight.", "Perran")
	if strings.Contains(got, "about Max") || strings.Contains(got, "Referral") {
		t.Errorf("%q", got)
	}
}

// Without a subject, the one speaks of whom the sentence before tells, not the one who spoke last.
func TestToldMeWithoutASubject(t *testing.T) {
	got := heard(t, "Visit to the Lowes. Elin, six, says her tummy hurts. The kitchen was cold. Gwen sober, tidy, up and dressed. Told me she's had nothing since Friday.", "Elin")
	if strings.Contains(got, "since Friday") {
		t.Errorf("an adult's words are the child's: %q", got)
	}
}

// What somebody denies is denied, and what somebody waves away stays open.
func TestDeniedAndWavedAway(t *testing.T) {
	for _, c := range []struct{ text, words, want string }{
		{"Visit to Owain, nine. Mum, Carys, was in. Carys denied owing the men anything.", "owing", kerbside.Negated},
		{"Visit to Owain, nine. Mum, Carys, was in. She said he was smacked as a lad and it never did him any harm.", "harm", kerbside.Uncertain},
		{"Visit to Owain, nine. Mum, Carys, was in. I saw Owain alone. When I asked whether anyone had frightened him, he said no.", "frightened", kerbside.Negated},
		{"Visit to Owain, nine. Mum, Carys, was in. There was shouting upstairs. Nobody could tell me who had been hitting the dog.", "hitting", kerbside.Uncertain},
		{"Visit to Owain, nine. Mum, Carys, was in. Carys said it's all lies that he hit her.", "lies", kerbside.Uncertain},
	} {
		r := readText(t, c.text).record
		found := false
		for _, k := range r.Risks {
			if strings.Contains(k.Text, c.words) {
				found = true
				if k.Polarity != c.want {
					t.Errorf("%q is %s, not %s", k.Text, k.Polarity, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%q: no risk", c.text)
		}
	}
}
