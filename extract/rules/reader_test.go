package rules

import (
	"strings"
	"testing"

	"kerbside"
)

const readerOpening = "Visit to see Ada, who is nine. Mum, Jo, was in. "

func TestReaderFindsWhatNoWordOfTheLexiconsNames(t *testing.T) {
	for text, good := range map[string]bool{
		"She had a plaster over one eye and sunglasses on indoors.": false,
		"Jo cut the grapes up and talked her through it.":           true,
	} {
		r := &readText(t, readerOpening+text).record
		found := len(r.Risks) > 0
		if good {
			found = len(r.Strengths) > 0
		}
		if !found {
			t.Errorf("%q: nothing found", text)
		}
	}
}

func TestReaderNeverAffirmsADenialThatIsNotClear(t *testing.T) {
	x := readText(t, readerOpening+"He wasn't wherever it was that they'd gone.")
	for _, k := range x.record.Risks {
		if k.Polarity == kerbside.Affirmed {
			t.Errorf("affirmed: %q", k.Text)
		}
		if k.Polarity == kerbside.Uncertain {
			flagged := false
			for _, w := range x.record.Warnings {
				flagged = flagged || w.Code == kerbside.WarnDisagreement && strings.Contains(w.Evidence[0].Quote, "wherever")
			}
			if !flagged {
				t.Errorf("uncertain without a flag: %q", k.Text)
			}
		}
	}
}

func TestClausesOfOneStatementAreOneItem(t *testing.T) {
	r := &readText(t, readerOpening+"He's stopped paying anything and she's had two letters from the bailiffs.").record
	if len(r.Risks) != 1 {
		t.Errorf("%d items: %v", len(r.Risks), r.Risks)
	}
}

func TestWordsThatNoVerbBringsInAreTheChilds(t *testing.T) {
	r := &readText(t, readerOpening+"I saw Ada by herself. I have my tea upstairs because my stepdad shouts at me.").record
	if len(r.ChildVoice) != 1 || r.ChildVoice[0].Child != "Ada" || r.ChildVoice[0].Mode != kerbside.VoiceDirect {
		t.Errorf("%v", r.ChildVoice)
	}
	for _, k := range r.Risks {
		if k.Attribution.Kind != kerbside.ChildSaid {
			t.Errorf("%q: %s", k.Text, k.Attribution.Kind)
		}
	}
}

func TestSpeakersWhoAreNotNamed(t *testing.T) {
	for text, kind := range map[string]string{
		"School office told me she has been late three times.": kerbside.ProfessionalSaid,
		"No money worries, Jo said, the allowance covers it.":  kerbside.AdultSaid,
		"I'm a bit uneasy about the bruise.":                   kerbside.WorkerOpinion,
	} {
		r := &readText(t, readerOpening+text).record
		if len(r.Risks) == 0 || r.Risks[0].Attribution.Kind != kind {
			t.Errorf("%q: %v", text, r.Risks)
		}
	}
}
