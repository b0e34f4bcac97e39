package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// TestAsHeard: a recogniser writes abbreviations as they sound or with points, times as one word, and full stops where somebody drew breath.
func TestAsHeard(t *testing.T) {
	for _, c := range []struct{ text, kind, time, seen, alone string }{
		{"C.P. Stat visit, Thursday, half-nine. Mum was in.", kerbside.VisitChildProtection, "09:30", kerbside.NotStated, kerbside.NotStated},
		{"Sin visit to Amber, eight, quarter-past-four. I spoke to Amber on her own in the kitchen.", kerbside.VisitChildInNeed, "16:15", kerbside.Yes, kerbside.Yes},
		{"Look after visit to Joel, he's ten, aff past three. Joel let me in.", kerbside.VisitLookedAfter, "15:30", kerbside.Yes, kerbside.NotStated},
		{"Lack visit on Friday, 1545, at the placement. That's him seen on his own.", kerbside.VisitLookedAfter, "15:45", kerbside.Yes, kerbside.Yes},
		{"Family time, half-one-to-half-three at the centre.", kerbside.VisitOther, "13:30", kerbside.NotStated, kerbside.NotStated},
		{"CIN visit, it was half term. I want him seen by a doctor on his own.", kerbside.VisitChildInNeed, "", kerbside.NotStated, kerbside.NotStated},
		{"CIN visit. He was born on 4 March 2019, 1500 grams.", kerbside.VisitChildInNeed, "", kerbside.NotStated, kerbside.NotStated},
	} {
		r := readText(t, c.text).record
		v := r.Visit
		seen, alone := v.ChildSeen.Value, v.SeenAlone.Value
		if len(r.Children) > 0 {
			seen, alone = r.Children[0].ChildSeen.Value, r.Children[0].SeenAlone.Value
		}
		if v.Type.Value != c.kind || v.Time.Value != c.time || seen != c.seen || alone != c.alone {
			t.Errorf("%q: %s at %q, seen %s, alone %s", c.text, v.Type.Value, v.Time.Value, seen, alone)
		}
	}
}

// TestPointsOfAbbreviations: they end a sentence only where another one plainly begins.
func TestPointsOfAbbreviations(t *testing.T) {
	for text, want := range map[string]int{
		"She is known to C.A.M.H.S. and to the school.": 1, "We went under S.47. He was there.": 2, "The G.P. Practice rang at 4 p.m. Mum was out.": 2,
	} {
		if x := readText(t, text); len(x.sents) != want {
			t.Errorf("%q: %d sentences", text, len(x.sents))
		}
	}
}

// TestLostNegation: "anything" after "had" says that a denial was not heard; nothing is affirmed by that.
func TestLostNegation(t *testing.T) {
	for text, want := range map[string]string{
		"Mum said she had used anything in two years.":             kerbside.Uncertain,
		"Mum said she hadn't used anything in two years.":          kerbside.Negated,
		"Dad has hit anyone at all since the order, grandma says.": kerbside.Uncertain,
		"Mum had drunk more than anyone and was falling over.":     kerbside.Affirmed,
	} {
		r := readText(t, text).record.Risks
		if len(r) != 1 || r[0].Polarity != want {
			t.Errorf("%q: %+v", text, r)
		}
	}
}

// TestMetAsAChild: nobody says how old somebody is whom the listener knows. In a child's bedroom, or alone with words about "mum and dad", that is the child.
func TestMetAsAChild(t *testing.T) {
	for text, want := range map[string]string{
		"I saw Theo in his room. He said his lego is the best thing. Mum says he is sleeping better.": "child",
		"Spoke to Theo on his own. He said mum and dad argue.":                                        "child",
		"I spoke to Karen on her own. Dad was out.":                                                   "",
		"I met Steve alone and he said he is not drinking. The children were at school with mum.":     "",
		"I saw Karen in her room at the refuge. She said mum helps her.":                              "",
	} {
		for _, a := range readText(t, text).record.Attendees {
			if a.Name != "" && (a.Role == "child") != (want == "child") {
				t.Errorf("%q: %s is %q", text, a.Name, a.Role)
			}
		}
	}
}

func TestWhoSomebodyIsBusyWith(t *testing.T) {
	got := told(readText(t, "I spoke to Daniel, nine, in the kitchen while Mum was upstairs bathing Grace, who's five. I didn't get to see Grace on her own.").record)
	if got["Daniel"] != "child present yes yes not_stated" || got["Grace"] != "child mentioned not_stated no not_stated" {
		t.Error(got)
	}
}

func TestTitlesWithAPoint(t *testing.T) {
	r := readText(t, "Daniel, nine, likes the new teacher, Mr. Hughes. I rang nursery and Beth, the manager, was helpful. She is with Dr. Patel.").record
	got := map[string]string{}
	for _, a := range r.Attendees {
		got[a.Name] = a.Role
	}
	if got["Mr Hughes"] != "teacher" || got["Beth"] != "nursery manager" || got["Dr Patel"] != "doctor" {
		t.Error(got)
	}
}

func TestWeeksInFigures(t *testing.T) {
	r := readText(t, "Home visit on Monday the 16th of November 2026. I'll see him again 2 weeks on Wednesday.").record
	if r.Visit.NextVisit.Value != "2026-12-02" {
		t.Errorf("%+v", r.Visit.NextVisit)
	}
	r = readText(t, "Home visit on Monday the 16th of November 2026. I'll ring him again 2 weeks on Wednesday.").record
	if len(r.Actions) != 1 || r.Actions[0].Due.Date != "2026-12-02" {
		t.Errorf("%+v", r.Actions)
	}
}

// TestAnswered: what follows the worker's own words is not the child's any more.
func TestAnswered(t *testing.T) {
	r := readText(t, "Tyler, 14, let me in. He asked me straight out if he's going to be adopted. I told him no, that's not the plan. He's not been missing since August. Sue's doing a cracking job with him.").record
	if len(r.ChildVoice) != 1 || r.ChildVoice[0].Evidence[0].Quote != "if he's going to be adopted" {
		t.Errorf("%+v", r.ChildVoice)
	}
	if len(r.Actions) != 0 {
		t.Errorf("%+v", r.Actions)
	}
}

func TestWhoRangWasNotSeen(t *testing.T) {
	for text, want := range map[string]string{
		"Tried to see Chloe, 16, this morning. Chloe rang me back at one, she sounded tired but she said she was fine.": kerbside.NotStated,
		"Chloe is 16. She rang me, so I went round. Chloe was in the kitchen and said she was fine.":                    kerbside.Yes,
	} {
		if r := readText(t, text).record; len(r.Children) != 1 || r.Children[0].ChildSeen.Value != want {
			t.Errorf("%q: %+v", text, r.Children)
		}
	}
}

func TestAskedToSeeTheRoom(t *testing.T) {
	for text, want := range map[string]string{
		"I asked if I could see his room and he took me up.":       kerbside.Yes,
		"I asked to see his room and he said no.":                  kerbside.No,
		"I asked if I could see his room and he took me outside.":  kerbside.NotStated,
		"He didn't want to come upstairs with me.":                 kerbside.NotStated,
		"I asked if I could see his room, mum said it was a mess.": kerbside.NotStated,
	} {
		if r := readText(t, "Arjun is twelve. "+text).record; len(r.Children) != 1 || r.Children[0].BedroomSeen.Value != want {
			t.Errorf("%q: %+v", text, r.Children)
		}
	}
}

// TestNotDone: what was not done is nothing that was done.
func TestNotDone(t *testing.T) {
	for text, want := range map[string]int{"I've not spoken to dad about it.": 0, "I haven't rung the school.": 0, "I never emailed the nurse.": 0, "I've rung the school.": 1} {
		if r := readText(t, text).record; len(r.Actions) != want {
			t.Errorf("%q: %+v", text, r.Actions)
		}
	}
}

func TestTheOtherBoyPlays(t *testing.T) {
	r := readText(t, "The two boys are Arjun who is 12 and Dev who's 7. On his own, Arjun told me that dad shouts. Dev was playing on the iPad and he said I'm on level 40.").record
	if got := voices(r); !slices.Equal(got, []string{"paraphrase Arjun: dad shouts", "direct Dev: I'm on level 40"}) {
		t.Errorf("%q", got)
	}
}

// TestChildrenNamedAsMonths: Jan, April and May are children where the text gives them an age or a mother.
func TestChildrenNamedAsMonths(t *testing.T) {
	for text, want := range map[string]bool{
		"The kids are Zofia, 10, Jan, 6, and the baby. Jan's chest was rattling.": true, "April is nine. I saw April in her room.": true,
		"The review is April 9, 2026, and the next in May.": false, "We met in Jan 2025.": false, "April was a bad month for them.": false,
	} {
		got := false
		for _, a := range readText(t, text).record.Attendees {
			got = got || a.Name == "Jan" || a.Name == "April" || a.Name == "May"
		}
		if got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestWhoHadHalfAnHour(t *testing.T) {
	wantTold(t, "I saw Shaun, who is 15, at his aunt's. Aunt Michelle made us a brew and then went to pick up her daughter, so me and Shaun had half an hour.",
		map[string]string{"Shaun": "child present yes yes not_stated", "daughter": "daughter absent no not_stated not_stated"})
}

// TestAtTheirSchool: at a visit to a school who is at school is there.
func TestAtTheirSchool(t *testing.T) {
	wantTold(t, "Visit to Mason, 8, and Ellie-Mae Dodd at school today. I saw Mason first. Ellie-Mae is 5, I saw her in the library with her teacher.",
		map[string]string{"Ellie-Mae Dodd": "child present yes not_stated not_stated"})
	wantTold(t, "Home visit. Mum was in. Ellie-Mae, 5, was at school.", map[string]string{"Ellie-Mae": "child absent no not_stated not_stated"})
}

// TestWorkersOwnWords: in a turn with a child, what is to be chased and what was not told to "us" are the worker's words.
func TestWorkersOwnWords(t *testing.T) {
	r := readText(t, "Visit to Jade, she's 17. Just the two of us. She said there's no point. She's had contact with her birth mum, which she didn't tell us about. Mo, her PA, was away. I've got to chase that tomorrow.").record
	if len(r.ChildVoice) != 1 || len(r.Actions) != 1 {
		t.Errorf("%+v, %+v", r.ChildVoice, r.Actions)
	}
	for _, a := range r.Attendees {
		if a.Role == "father" {
			t.Errorf("%+v", a)
		}
	}
	if a := readText(t, "We met at the Willow centre.").record.Attendees; len(a) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestWhoToldMe(t *testing.T) {
	for text, want := range map[string]string{
		"Kieran is 13. I spoke to Kieran on his own and he said he's fine. Mum's partner Wayne was polite. He told me he'd done time.":                                                                "paraphrase Kieran: he's fine",
		"Kieran is 13 and Bobby is 2. Mum Stacey and her partner Wayne were in, first time I've met him. Kieran let me in. I asked what happened and he said he got it playing rugby, ask Mr. Lewis.": "paraphrase Kieran: he got it playing rugby, ask Mr. Lewis",
	} {
		if got := voices(readText(t, text).record); !slices.Equal(got, []string{want}) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestBlackEye(t *testing.T) {
	r := readText(t, "Kieran, 13, let me in, he'd got a black eye.").record
	if len(r.Injuries) != 1 || r.Injuries[0].Polarity != kerbside.Affirmed {
		t.Errorf("%+v", r.Injuries)
	}
}

// TestWhomHeTrusts: who trusts Steph is not Steph.
func TestWhomHeTrusts(t *testing.T) {
	r := readText(t, "Ibrahim is 16. He's got a key worker, Steph, who he trusts. I rang Steph straight after. She'll do hourly checks tonight.").record
	if n := len(r.Actions); n != 2 || r.Actions[1].Owner != "Steph" {
		t.Errorf("%+v", r.Actions)
	}
}

// TestNoBody: "no body" is nobody, and "either" was denied.
func TestNoBody(t *testing.T) {
	for text, want := range map[string]string{
		"No body seen alone.":                            kerbside.No,
		"I was alone with either of them.":               kerbside.NotStated,
		"I spoke to Ben alone. No body map was needed.":  kerbside.Yes,
		"While he was on the phone nobody was with Ben.": kerbside.NotStated,
	} {
		r := readText(t, "Home visit to see Ben, who is nine. Ben was in. "+text).record
		if len(r.Children) != 1 || r.Children[0].SeenAlone.Value != want {
			t.Errorf("%q: %+v", text, r.Children)
		}
	}
}

func TestSaidToBeAway(t *testing.T) {
	for text, want := range map[string]string{
		"LAC visit to Tyler, 14, placed with Sue and Alan in Redcar. Sue was cooking, Alan was at the allotment.": kerbside.Absent,
		"Tyler is 14. Sue was in. Alan was at the table with him and said they were fine.":                        kerbside.Present,
	} {
		for _, a := range readText(t, text).record.Attendees {
			if a.Name == "Alan" && a.Presence != want {
				t.Errorf("%q: %s", text, a.Presence)
			}
		}
	}
}

// TestToldBeforeTheWorker: at contact that the worker watches, a child's words to its parent are the child's.
func TestToldBeforeTheWorker(t *testing.T) {
	r := readText(t, "Supervised contact with dad, Tariq, for Yusuf, 8, and Maryam, 6. Maryam told dad that Auntie Shabana shouts at Yusuf.").record
	if len(r.ChildVoice) != 1 || r.ChildVoice[0].Quote != "Auntie Shabana shouts at Yusuf" || len(r.Risks) != 1 || r.Risks[0].Attribution.Kind != kerbside.ChildSaid {
		t.Errorf("%+v, %+v", r.ChildVoice, r.Risks)
	}
}

func TestOnFaceTime(t *testing.T) {
	r := readText(t, "CIN visit to Tiago who's 11 and Beatriz, 7. Mum Carla was in. Their dad, Paulo, was on FaceTime for the first ten minutes. He's sending money every fortnight. I asked Beatriz what she likes and she said dancing.").record
	for _, a := range r.Attendees {
		if a.Name == "Paulo" && a.Presence == kerbside.Present {
			t.Errorf("%+v", a)
		}
	}
	if r.Visit.Mode.Value != kerbside.ModeInPerson || len(r.Actions) != 0 || len(r.ChildVoice) != 1 || r.ChildVoice[0].Quote != "dancing" {
		t.Errorf("%s, %+v, %+v", r.Visit.Mode.Value, r.Actions, r.ChildVoice)
	}
}

// TestTheNextBoysTurn: who is named and then answers has the turn.
func TestTheNextBoysTurn(t *testing.T) {
	r := readText(t, "The two grandsons are Kwame, 9, and Kofi, 5. Kofi showed me his wobbly tooth. Kwame was in his room, I knocked and he said come in. I asked how things were and he said he's not allowed to see mummy. Kofi told me that Kwame cries at night.").record
	if got := voices(r); !slices.Equal(got, []string{"paraphrase Kwame: he's not allowed to see mummy", "paraphrase Kofi: Kwame cries at night"}) {
		t.Errorf("%q", got)
	}
}

func TestTwoAges(t *testing.T) {
	for text, want := range map[string]int{
		"Visit to Poppy and Alfie Marsden, they're 4 and 6.": 2, "Visit to Poppy and Alfie Marsden, aged four and six.": 2, "Jo and Al, they're 34 and 36.": 0,
	} {
		if r := readText(t, text).record; len(r.Children) != want {
			t.Errorf("%q: %+v", text, r.Attendees)
		}
	}
}

func TestUrgentHands(t *testing.T) {
	r := readText(t, "Lily is ten. She whispered at first. She said dad put his hands on mum's neck and he pushed me into the radiator. Medical for the bruise to be booked.").record
	n := 0
	for _, w := range r.Warnings {
		if w.Code == "urgent_cue" {
			n++
		}
	}
	if n == 0 || len(r.ChildVoice) != 1 || len(r.Injuries) != 0 {
		t.Errorf("%+v, %+v, %+v", r.Warnings, r.ChildVoice, r.Injuries)
	}
}

// TestNeedsDoing: what is to be done is an action, whoever does it.
func TestNeedsDoing(t *testing.T) {
	for text, want := range map[string]string{
		"Referral to be made to CAMHS.":                                             ": ",
		"Dental check to be booked by Friday.":                                      ": by Friday",
		"That needs to be picked up by the family support worker before Christmas.": "family support worker: before Christmas",
		"Mum said it needs to be sorted.":                                           "",
		"Nothing needs to be arranged.":                                             "",
		"It was to be reviewed in March last year.":                                 "",
	} {
		got := ""
		for _, a := range readText(t, "Ben is four. "+text).record.Actions {
			got += a.Owner + ": " + a.Due.Text
		}
		if got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestNoDadOnTheScene: who is not in the child's life has not left the room.
func TestNoDadOnTheScene(t *testing.T) {
	r := readText(t, "CIN visit to Chantelle and her boys, Jayden, 12, and Riley, ten. Jayden was out, so I didn't see him. There's no dad on the scene. Riley was in his room.").record
	for _, c := range r.Children {
		if c.SeenAlone.Value == kerbside.Yes {
			t.Errorf("%+v", c)
		}
	}
	if r := readText(t, "Tolu, three, was asleep in bed. I saw him.").record; len(r.Children) != 1 || r.Children[0].ChildSeen.Value != kerbside.Yes {
		t.Errorf("%+v", r.Children)
	}
}

func TestWhoOpenedTheDoor(t *testing.T) {
	r := readText(t, "Visit with Sgt Helen Moss. Nobody answered at first, then Mr. Adeyemi opened the door on the chain. He said his wife was asleep. Temi, who's eight, was on the stairs. I asked Temi how she'd hurt her lip and she said I fell. Tolu, three, was asleep. Mrs. Adeyemi was in the bedroom, she had a swollen eye. She said she'd walked into the door.").record
	if len(r.ChildVoice) != 1 || r.ChildVoice[0].Quote != "I fell" {
		t.Errorf("%+v", r.ChildVoice)
	}
	for _, k := range r.Risks {
		if k.Attribution.Who == "Sgt Helen Moss" || k.Attribution.Kind == kerbside.ChildSaid && k.Evidence[0].Quote != "she said I fell" {
			t.Errorf("%q: %+v", k.Evidence[0].Quote, k.Attribution)
		}
	}
}

func TestUnseenBruises(t *testing.T) {
	r := readText(t, "Riley is ten. There were two bruises on his left arm. I asked mum and she hadn't seen the bruises.").record
	if len(r.Injuries) != 1 || r.Injuries[0].Polarity != kerbside.Affirmed {
		t.Errorf("%+v", r.Injuries)
	}
}

func TestSomebodyElsesWish(t *testing.T) {
	r := readText(t, "CIN visit to Bethany Shaw and her daughter Isla, who's four. We talked about nursery, she'd like Isla to start in January.").record
	if len(r.ChildVoice) != 0 {
		t.Errorf("%+v", r.ChildVoice)
	}
}

func TestNotInSchoolSinceSeptember(t *testing.T) {
	r := readText(t, "Zara is 14. Zara's not been in school since September. She was in her room with the lights off.").record
	if len(r.Children) != 1 || r.Children[0].ChildSeen.Value == kerbside.No {
		t.Errorf("%+v", r.Children)
	}
}

// TestThreats are nobody's plan, and what "they" said is told by the child.
func TestThreats(t *testing.T) {
	r := readText(t, "Aaron is 16. He's been charged, he told us that himself. He said he owes money to lads from Leeds and they've said they'll burn the house down.").record
	if len(r.Actions) != 0 || len(r.ChildVoice) != 2 || r.ChildVoice[0].Quote != "He's been charged" || strings.Contains(r.ChildVoice[1].Quote, "burn") {
		t.Errorf("%+v, %+v", r.Actions, r.ChildVoice)
	}
}
