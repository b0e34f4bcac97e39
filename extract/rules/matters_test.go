package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// wantRisk wants one risk whose text holds some words, read as given; "" is none at all.
func wantRisk(t *testing.T, said, words, polarity string) {
	t.Helper()
	r := readText(t, said).record
	found := ""
	for _, x := range r.Risks {
		if strings.Contains(x.Text, words) {
			found += x.Polarity
		}
	}
	if found != polarity {
		t.Errorf("%q: %q is %q, not %q", said, words, found, polarity)
	}
}

func TestNothingDoneIsNoDeed(t *testing.T) {
	wantRisk(t, "Visit to Josh, fifteen. He's missed no lessons since January.", "missed no", kerbside.Negated)
	wantRisk(t, "Visit to Josh, fifteen. He told me he owes nobody.", "owes nobody", kerbside.Negated)
	wantRisk(t, "Visit to Josh, fifteen. He drinks no matter what his aunt says.", "drinks", kerbside.Affirmed)
}

func TestEndThatIsDeniedGoesOn(t *testing.T) {
	x := readText(t, "Visit to Skye, three, and her mum Lorna. She's not off the drink yet.")
	for _, r := range x.record.Risks {
		if r.Polarity == kerbside.Negated {
			t.Errorf("%q is negated", r.Text)
		}
	}
	x = readText(t, "Visit to Skye, three, and her mum Lorna. The last swab wasn't clear.")
	for _, r := range x.record.Risks {
		if r.Polarity == kerbside.Negated {
			t.Errorf("%q is negated", r.Text)
		}
	}
	wantRisk(t, "Visit to Skye, three, and her mum Lorna. The drug worker told me her last swab was clear.", "swab", kerbside.Negated)
	wantRisk(t, "Visit to Skye, three, and her mum Lorna. Nan says Skye is over it.", "over it", kerbside.Negated)
}

func TestSilenceOfWhoOwesAWord(t *testing.T) {
	wantRisk(t, "Visit to Ada, eight, and her mum. There's been no contact from the paediatrician since the scan.", "no contact", kerbside.Affirmed)
	wantRisk(t, "Visit to Ada, eight, and her mum. They haven't heard from housing since May.", "heard from", kerbside.Affirmed)
	wantRisk(t, "Visit to Ada, eight, and her mum. Ada hasn't heard from her dad since May.", "heard from", kerbside.Affirmed)
	wantRisk(t, "Visit to Ada, eight, and her mum Becky. Becky's had no contact with her ex since the order.", "no contact", kerbside.Negated)
}

func TestSayingNothingIsNoDenial(t *testing.T) {
	wantRisk(t, "Visit to Tess, nine, and her mum Carla. Carla said nothing for most of the visit.", "said nothing", kerbside.Affirmed)
}

func TestWhatCouldStillBeSeen(t *testing.T) {
	wantRisk(t, "Visit to Tess, nine, and her mum Carla. I could still see a red mark on her chin.", "mark", kerbside.Affirmed)
}

func TestAnswerOfAnAuxiliaryAlone(t *testing.T) {
	wantRisk(t, "Visit to Ben, six, at his dad's. Mum told me he's behind with the rent, he says he isn't.", "isn't", kerbside.Negated)
}

func TestOccasionIsNoFinding(t *testing.T) {
	r := readText(t, "Visit to Mina, two, and her mum. Mina was clean and happy, and she went straight to her mum when she was tired.").record
	if len(r.Risks) > 0 || !slices.ContainsFunc(r.Strengths, func(s kerbside.Strength) bool { return strings.Contains(s.Text, "tired") }) {
		t.Errorf("risks %+v, strengths %+v", r.Risks, r.Strengths)
	}
}

func TestTimesAndWhoWasInAreNothing(t *testing.T) {
	for _, said := range []string{
		"Visit to Mina, two, and her mum. It had just gone five.",
		"Visit to Mina, ten, at school. I saw her in the library, nobody else in with us.",
	} {
		if r := readText(t, said).record; len(r.Risks) > 0 {
			t.Errorf("%q: %+v", said, r.Risks)
		}
	}
}

func TestAfterwardsIsNoMatter(t *testing.T) {
	x := readText(t, "Later, in the hall, she was low.")
	if c := x.parts[0].span; !x.onlyWhen(c) || x.onlyWhen(x.parts[len(x.parts)-1].span) {
		t.Errorf("%q", x.evidence(c.a, c.b).Quote)
	}
}

func TestMattersByTheirOwnWords(t *testing.T) {
	for said, words := range map[string]string{
		"Her mum is in hospital.":                       "in hospital",
		"His ankle was yellow going green.":             "yellow going green",
		"I saw that the elbow has scabbed over.":        "scabbed",
		"He put a chair through the back window.":       "through the back window",
		"She was gone from Monday night till Wednesday": "gone from",
		"His sister says she's wrecked.":                "wrecked",
	} {
		wantRisk(t, "Visit to Jay, twelve, and his mum. "+said, words, kerbside.Affirmed)
	}
}

func TestProtectionNamesItsDanger(t *testing.T) {
	for _, said := range []string{
		"Liz told me she gets up to him in the night, every time.",
		"Grandad told me he checks on him before he goes up and the razors are locked away.",
		"He said he's made a friend there, Omar.",
		"He told me he doesn't mind school.",
		"Liz says it's the longest sleep he has had in months.",
		"Liz said he came third in the egg and spoon race.",
	} {
		r := readText(t, "Visit to Fin, eight, and his mum Liz. "+said).record
		if len(r.Risks) > 0 || len(r.Strengths) == 0 {
			t.Errorf("%q: risks %+v, strengths %+v", said, r.Risks, r.Strengths)
		}
	}
}

func TestHalvesOfAClause(t *testing.T) {
	said := "Visit to Fin, eight, and his mum Liz. I could see a purple mark on the right side and nothing on his arms."
	wantRisk(t, said, "mark", kerbside.Affirmed)
	wantRisk(t, said, "nothing on his arms", kerbside.Negated)
}

func TestNotLikeIt(t *testing.T) {
	const who = "Visit to Josh, fifteen. "
	wantRisk(t, who+"He told me it's not like she hits him.", "hits him", kerbside.Negated)
	wantRisk(t, who+"He told me the nightmares have pretty much gone.", "nightmares", kerbside.Negated)
	wantRisk(t, who+"He told me the nightmares come after his dad has gone.", "nightmares", kerbside.Affirmed)
	wantRisk(t, who+"I knocked for five minutes and nobody came.", "nobody came", "")
	wantRisk(t, who+"His mum said they were never sent any letters and she'd never been told about the meeting.", "never been told", kerbside.Affirmed)
}

func TestOnlySoMuch(t *testing.T) {
	const who = "Visit to Josh, fifteen, and his mum Liz. "
	wantRisk(t, who+"There was mould in the bathroom but nothing major.", "mould", kerbside.Affirmed)
	wantRisk(t, who+"Liz has failed two drug tests.", "failed", kerbside.Affirmed)
	for _, words := range []string{"Her drug tests have all been clean since August.", "She's cut ties with Marvin.", "Josh drinks cola at his nan's.", "He sat with his nan. Then he said."} {
		for _, r := range readText(t, who+words).record.Risks {
			if r.Polarity == kerbside.Affirmed {
				t.Errorf("%q is a risk: %q", words, r.Text)
			}
		}
	}
}

func TestAttendanceOfTheOtherChild(t *testing.T) {
	const who = "Visit to Ivy, nine, and Josh, eleven. "
	wantRisk(t, who+"Attendance is up to ninety two for Josh but Ivy is only on seventy six per cent.", "seventy six", kerbside.Affirmed)
	wantRisk(t, who+"Attendance was discussed but Ivy is only at twenty two Rowan Street.", "twenty two", "")
	wantRisk(t, who+"Attendance is seventy for Josh but Ivy is on ninety eight.", "ninety eight", "")
}

func TestWhatIsGood(t *testing.T) {
	const who = "Visit to Ivy, two, and her mum Lorna. "
	for said, words := range map[string]string{
		"She put her toys away without a fuss.": "without a fuss", "Nan said she's not had to remind Lorna once.": "not had to remind",
		"She's gone from not looking at anybody to sitting on my knee.": "gone from", "She was asleep in the cot on her back, no pillow or toys near her face.": "on her back",
		"The heating was on.": "heating", "She has a nice bunch of friends at nursery.": "friends", "Lorna sits with her till she has gone off.": "sits with her", "Lorna says she feels like a different person.": "different person",
		"They know to ring the school if things wobble.": "know to ring",
	} {
		r := readText(t, who+said).record
		if len(r.Risks) > 0 || !slices.ContainsFunc(r.Strengths, func(s kerbside.Strength) bool { return strings.Contains(s.Text, words) }) {
			t.Errorf("%q: risks %+v, strengths %+v", said, r.Risks, r.Strengths)
		}
	}
	for _, said := range []string{"She laughed at that.", "There was bread and that was about it.", "Well."} {
		if r := readText(t, who+said).record; len(r.Strengths) > 0 {
			t.Errorf("%q: strengths %+v", said, r.Strengths)
		}
	}
}

func TestNothingAmiss(t *testing.T) {
	wantRisk(t, "Visit to Fin, eight, and his mum Liz. The nurse has seen nothing amiss in how she handles him.", "nothing amiss", kerbside.Negated)
	wantRisk(t, "Visit to Fin, eight, and his mum Liz. Liz said the landlord keeps promising to come.", "keeps promising", kerbside.Affirmed)
}

func TestWhoMustStayAwayAndDid(t *testing.T) {
	said := "Visit to Fin, eight, and his mum Liz. His dad isn't allowed at the flat and there was no sign of him."
	wantRisk(t, said, "isn't allowed", kerbside.Affirmed)
	wantRisk(t, said, "no sign of him", kerbside.Negated)
}

func TestWhoRangRang(t *testing.T) {
	wantRisk(t, "Visit to Fin, eight, and his mum Liz. She told me her ex, Craig, has rung twice in the night and she didn't pick up.", "has rung", kerbside.Affirmed)
}

func TestWhoIsSpokenOfIsNothing(t *testing.T) {
	r := readText(t, "Visit to Fin, eight, and his mum Liz. She told me her ex, Craig, has rung twice in the night and she didn't pick up.").record
	if len(r.Strengths) > 0 {
		t.Errorf("%+v", r.Strengths)
	}
}

func TestWhatSomebodyHasGoneWithout(t *testing.T) {
	r := readText(t, "Visit to Fin, eight, and his mum Liz. Liz says she hasn't had a full night since August.").record
	if len(r.Risks) != 1 || r.Risks[0].Polarity == kerbside.Negated {
		t.Errorf("%+v", r.Risks)
	}
	wantRisk(t, "Visit to Fin, eight, and his mum Liz. He hasn't bitten anybody since year two.", "bitten", kerbside.Negated)
}

func TestWhatIsGivenUp(t *testing.T) {
	const who = "Visit to Ada, who is nine. Mum, Jo, was in. "
	wantRisk(t, who+"She has given up hope.", "given up hope", kerbside.Affirmed)
	wantRisk(t, who+"She's given up trying.", "given up trying", kerbside.Affirmed)
	wantRisk(t, who+"She's given up cooking.", "given up cooking", kerbside.Affirmed)
	wantRisk(t, who+"Dad gave up hiding his drinking.", "hiding his drinking", kerbside.Affirmed)
	wantRisk(t, who+"He gave up pretending and hit her in front of me.", "hit her", kerbside.Affirmed)
	wantRisk(t, who+"She gave up fighting him off and he hit her.", "he hit her", kerbside.Affirmed)
	wantRisk(t, who+"She has given up telling him to stop hitting her.", "hitting her", kerbside.Affirmed)
}

func TestWhatHasNearlyGoneIsThere(t *testing.T) {
	const who = "Visit to Ada, who is nine. Mum, Jo, was in. "
	wantRisk(t, who+"The bruises have almost gone.", "bruises", kerbside.Affirmed)
	wantRisk(t, who+"The bruising is mostly gone now.", "bruising", kerbside.Affirmed)
	wantRisk(t, who+"The smell has completely gone.", "smell", kerbside.Negated)
}

func TestWhoIsCutOffFromTheFamily(t *testing.T) {
	const who = "Visit to Ada, who is nine. Mum, Jo, was in. "
	wantRisk(t, who+"She has cut ties with her family because he made her.", "cut ties", kerbside.Affirmed)
	wantRisk(t, who+"He's made her cut ties with her mum.", "cut ties", kerbside.Affirmed)
}

func TestNotLikeWithAnotherDenial(t *testing.T) {
	const who = "Visit to Ada, who is nine. Mum, Jo, was in. "
	wantRisk(t, who+"It's not like he only hit her once.", "hit her once", kerbside.Affirmed)
	wantRisk(t, who+"It's not like she hasn't hit him before.", "hit him before", kerbside.Uncertain)
}
