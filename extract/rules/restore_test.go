package rules

import (
	"strings"
	"testing"

	"kerbside"
	"kerbside/extract/score"
)

// Marks that were put in are no part of a source: what is read behind them is quoted as it stands there.
func TestRestoredMarks(t *testing.T) {
	const text = "i went to see maya this morning mum was in the kitchen and let me in maya told me she hates maths i looked at her bedroom and it was clean mum said she has stopped drinking i will ring the school tomorrow"
	x := readText(t, text)
	if n := len(x.sents); n < 4 || n > 7 {
		t.Errorf("%d sentences", n)
	}
	marks := 0
	for i := range x.tokens {
		if x.tokens[i].mark {
			marks++
		}
	}
	if marks == 0 {
		t.Fatal("no mark was put in")
	}
	for _, list := range [][]string{quotesOf(x.record.Risks, func(r kerbside.Risk) kerbside.List[kerbside.Evidence] { return r.Evidence }), quotesOf(x.record.Actions, func(a kerbside.Action) kerbside.List[kerbside.Evidence] { return a.Evidence })} {
		for _, q := range list {
			if !strings.Contains(text, q) {
				t.Errorf("%q does not stand in the text", q)
			}
		}
	}
	if n := len(readText(t, "Maya was in. Mum, who had been up all night, let me in, and we talked.").tokens); n != 21 {
		t.Errorf("marks were put into a text that has them: %d tokens", n)
	}
}

func quotesOf[T any](list kerbside.List[T], of func(T) kerbside.List[kerbside.Evidence]) []string {
	var out []string
	for _, one := range list {
		for _, e := range of(one) {
			out = append(out, e.Quote)
		}
	}
	return out
}

// Without marks, who was not there is not taken for seen.
func TestNotSeenWithoutMarks(t *testing.T) {
	for _, text := range []string{
		"kinship visit with pauline that's reece's grandmother paternal no maternal grandmother sorry her husband bob was in and out reece wasn't he's with the carer so i've not seen him the house is tidy",
		"visit to see ella who is nine mum was in ella wasn't she's at her dad's we talked about the bills",
	} {
		for _, c := range readText(t, text).record.Children {
			if c.ChildSeen.Value == kerbside.Yes || c.SeenAlone.Value == kerbside.Yes || c.BedroomSeen.Value == kerbside.Yes {
				t.Errorf("%q: %+v", text, c)
			}
		}
	}
}

// A carer's own son is no child of the visit.
func TestCarersOwn(t *testing.T) {
	for _, c := range readText(t, "Looked-after visit to Kim Shaw, thirteen, at Bev's. Kim wasn't there. Craig, Bev's son, was in and let me in.").record.Children {
		if c.ChildSeen.Value == kerbside.Yes {
			t.Errorf("%+v", c)
		}
	}
}

// A model of facts never says yes of what others did, of what is to come, or of more than two.
func TestFactsHeldBack(t *testing.T) {
	for _, s := range []string{
		"The guardian spoke to Ada in the study with nobody else there.", "It was the three of us in the lounge, me, Ada and her mum.", "I would have liked ten minutes with Ada on her own.",
		"I am hoping to get Ada by herself at school.", "Nan sleeps in with Ada.", "I'll see her room when I'm next there.", "Her uncle has been in her bedroom, mum says.",
	} {
		for _, c := range readText(t, "Visit to see Ada, who is nine. Mum, Jo, was in. "+s).record.Children {
			if c.SeenAlone.Value == kerbside.Yes || c.BedroomSeen.Value == kerbside.Yes {
				t.Errorf("%q: alone %s, bedroom %s", s, c.SeenAlone.Value, c.BedroomSeen.Value)
			}
		}
	}
}

// What was asked, wished, meant or answered with no is no yes, with marks and without, whatever is said next.
func TestNoFalseYes(t *testing.T) {
	for _, s := range []string{
		"None of the children were seen alone.", "There was no time when it was only me and her.", "I'd like to see Ada on her own.", "I meant to look at the bedroom and forgot.", "There's only one bedroom so they're overcrowded.",
		"The plan says Ada must be seen alone every visit.", "Ada shook her head when I asked if she wanted to talk just us.", "Seen alone, no.", "Alone: no, mum present.", "Bedroom seen: no.", "I spoke to Jo on her own in the kitchen.",
		"Last time I saw her on her own at school.", "Her gran's agreed to take her to the clinic without him.",
	} {
		text := "Visit to see Ada, who is nine. Mum, Jo, was in. We talked about money. " + s + " I spoke to Jo about school. She said it is going well."
		for _, text := range []string{text, score.Plain(score.Case{Text: text}).Text} {
			for _, c := range readText(t, text).record.Children {
				if c.SeenAlone.Value == kerbside.Yes || c.BedroomSeen.Value == kerbside.Yes {
					t.Errorf("%q: alone %s, bedroom %s", text, c.SeenAlone.Value, c.BedroomSeen.Value)
				}
			}
		}
	}
}
