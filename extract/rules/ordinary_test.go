package rules

import (
	"strings"
	"testing"

	"kerbside"
)

// Ordinary days: words that alarm elsewhere, and what a tired worker says without a thought.

func TestHarmlessUsesOfAlarmingWords(t *testing.T) {
	const who = "Visit to see Ada, who is nine, and Ben, who is four. Mum, Jo, was in. "
	for _, words := range []string{
		"Ben threw the ball back to the neighbour.", "She smashed her times tables test.", "Ada beat her uncle at dominoes.", "They were having a water fight in the yard.",
		"They broke up for Easter on Friday.", "He was crying with laughter at the puppets.", "Jo cut the grapes in half for him.", "There's a water gun in the bath toys.", "Ada is dead chuffed with her badge.",
		"She could murder a brew, she said.", "His phone had died so he used the landline.", "He ran off to fetch his drawing.", "She has a karate belt now, the orange belt.", "They had a police car and a fire engine on the rug.",
		"Jo locked the back door and we went through.", "He lost a tooth at school.", "She drank all her milk.", "He cracks jokes the whole time.", "Ada was hooked on the new series.", "Her tablet was charging, the tablet for her homework.",
	} {
		for _, r := range readText(t, who+words).record.Risks {
			t.Errorf("%q is a risk: %q", words, r.Text)
		}
	}
	for _, words := range []string{
		"He threw a plate at his sister.", "She smashed the window with a hammer.", "Dad beat her with a cable.", "They were fighting in the street with knives.", "They broke up because he hit her.",
		"He was crying and would not come out.", "He had cut his arm on purpose.", "There's a gun in the wardrobe.", "He said he wants to be dead.", "He ran off on Sunday and the police found him.", "Dad took his belt to him.",
		"They lock him in the cellar at night.", "She was drunk at the school gate.",
	} {
		if len(readText(t, who+words).record.Risks) == 0 {
			t.Errorf("%q is no risk", words)
		}
	}
}

// TestOrdinaryFigure counts how many sentences without harm are taken for it, and how many with it are not.
func TestOrdinaryFigure(t *testing.T) {
	var harmless, harm figure
	for _, row := range sentences(t, "ordinary", 2) {
		n := len(readText(t, "Visit to see Ada, who is nine, and Ben, who is four. Mum, Jo, was in. "+row[1]).record.Risks)
		if row[0] == "harm" {
			harm.add(n > 0)
		} else {
			harmless.add(n == 0)
		}
	}
	harmless.hold(t, "sentences without harm that are left alone", 0.72)
	harm.hold(t, "sentences of harm that are found", 0.95)
}

func TestLessIsNotNone(t *testing.T) {
	for words, never := range map[string]string{
		"Dad doesn't hit her as often.":                  kerbside.Negated,
		"Mum's not drinking as much as she was.":         kerbside.Negated,
		"He isn't as violent as he used to be.":          kerbside.Negated,
		"Mum doesn't get drunk every night.":             kerbside.Negated,
		"He is not always late for school.":              kerbside.Negated,
		"Mum is not drinking.":                           kerbside.Affirmed,
		"She hasn't had as much as a sip of vodka.":      kerbside.Affirmed,
		"Dad has not hit her since Christmas, he said.":  kerbside.Affirmed,
		"Mum never gets drunk, as far as I have seen.":   kerbside.Affirmed,
		"She does not use cannabis any more, that's it.": kerbside.Affirmed,
	} {
		risks := readText(t, "Visit to see Ada, who is nine. "+words).record.Risks
		if len(risks) == 0 {
			t.Errorf("%q is no risk", words)
		}
		for _, r := range risks {
			if r.Polarity == never {
				t.Errorf("%q is %s", words, r.Polarity)
			}
		}
	}
}

func TestFearsAndMissedAppointmentsAreNoActions(t *testing.T) {
	for words, want := range map[string]int{
		"Mum cried, she's terrified we're going to take the baby.":                   0,
		"He thinks I will tell his dad.":                                             0,
		"Lisa missed her appointment with the recovery worker on Tuesday.":           0,
		"Lisa forgot the health visitor's appointment on Monday.":                    0,
		"Lisa's going to get Ada to the optician.":                                   1,
		"Lisa will get him registered with a dentist.":                               1,
		"I'm worried she's not eating so I'll ring the school nurse.":                1,
		"She missed her review last week, so I'll rebook it for her on the twelfth.": 1,
		"Lisa will get upset if he goes.":                                            0,
		"He'll get to the bottom of the slide in the end.":                           0,
	} {
		r := readText(t, "Visit to Lisa and her daughter Ada, nine. "+words).record
		if len(r.Actions) != want {
			t.Errorf("%q: %d actions, not %d", words, len(r.Actions), want)
		}
	}
}

func TestWhoIsOut(t *testing.T) {
	for words, want := range map[string]string{
		"Dentist next, he's had one tooth out. We sat and talked about his band.": "",
		"Ben had his shirt out. We sat and talked about his band.":                "",
		"Ben was out.": kerbside.Absent, "Ben was still out.": kerbside.Absent, "Ben has already gone out.": kerbside.Absent,
	} {
		for _, a := range readText(t, "Visit to Ben, twelve, and his mum, Jo. Jo was in. "+words).record.Attendees {
			if a.Name == "Ben" && (a.Presence == kerbside.Absent) != (want == kerbside.Absent) {
				t.Errorf("Ben in %q: %s", words, a.Presence)
			}
		}
	}
}

func TestGroupsThatWereNotThere(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	const who = "Visit to Sana, eleven, and her brother Bilal, five. Mum, Rukhsana, was in. "
	for words, want := range map[string][2]string{
		"":                                        {open, open}, // a visit to somebody is no word of having been seen
		"Neither of the children was in.":         {no, no},
		"None of the kids were there.":            {no, no},
		"No children were present.":               {no, no},
		"I didn't see the children.":              {no, no},
		"I didn't get to see either of them.":     {no, no},
		"The children were upstairs with a film.": {yes, yes},
		"The girls were in, Sana and her cousin.": {yes, open},
		"I saw both. I saw no marks on Bilal.":    {"", yes},
		"Both were in. I didn't see any marks on Bilal, he was drawing on the rug.": {"", yes},
	} {
		for i, c := range readText(t, who+words).record.Children {
			if want[i] != "" && c.ChildSeen.Value != want[i] {
				t.Errorf("%s in %q: seen %s, not %s", []string{"Sana", "Bilal"}[i], words, c.ChildSeen.Value, want[i])
			}
		}
	}
	for _, words := range []string{"The boys weren't in.", "I didn't see the boys, they were at football."} {
		for _, c := range readText(t, who+words).record.Children {
			if c.ChildSeen.Value == yes {
				t.Errorf("%q: seen", words)
			}
		}
	}
	if strings.Contains(who, "seen") {
		t.Fatal("the heading says what the cases are to say")
	}
}

// wantReadings holds how the risks of a text read, and whether it asks for attention, against what they should: "affirmed urgent", "" for none.
func wantReadings(t *testing.T, who, words, want string) {
	t.Helper()
	r := readText(t, who+words).record
	got := ""
	for _, risk := range r.Risks {
		got += risk.Polarity
	}
	for _, w := range r.Warnings {
		if w.Code == kerbside.WarnUrgentCue {
			got += " urgent"
		}
	}
	if got != want {
		t.Errorf("%q: %q, not %q", words, got, want)
	}
}

func TestAnswersDecide(t *testing.T) {
	const who = "Visit to Marcus, fifteen, at his placement. "
	for words, want := range map[string]string{
		"I asked if he'd thought about killing himself and he said yes, twice.":                         kerbside.Affirmed + " urgent",
		"I asked had he ever cut himself. He nodded.":                                                   kerbside.Affirmed + " urgent",
		"Have you thought about ending your life? Yeah, a bit.":                                         kerbside.Affirmed + " urgent",
		"I asked if he'd harmed himself and he said he did last month.":                                 kerbside.Affirmed + " urgent",
		"I asked if he'd harmed himself and he said no, not any more, he did in the spring.":            kerbside.Uncertain + " urgent",
		"I asked if he'd thought about hurting himself. He said not really, sometimes.":                 kerbside.Uncertain + " urgent",
		"I asked does anybody hit him and he said no, not now, his stepdad used to.":                    kerbside.Uncertain,
		"I asked if he feels safe at his dad's and he said no, not when Craig's there.":                 kerbside.Uncertain,
		"I asked if he feels safe at his dad's. He shook his head.":                                     kerbside.Affirmed,
		"I asked if anybody hurts him and he said no.":                                                  kerbside.Negated,
		"When I asked if he'd been cutting himself he said no and went back to his game.":               kerbside.Negated,
		"I asked if he feels safe there and he said yes.":                                               "",
		"I asked what he'd had for tea and he said yes, twice.":                                         "",
		"I asked his worker to ring the school about the trip. She said yes, she would do it tomorrow.": "",
	} {
		wantReadings(t, who, words, want)
	}
}

func TestTitledAreNotTheChildrenOfTheName(t *testing.T) {
	for words, want := range map[string]map[string]string{
		"Statutory visit to Callum and Evie-Mae Price. Ms Price let me in. Callum (8) was on his bike, Evie-Mae (5) was having her tea. Ms Price said she is paid on Friday.": {"Ms Price": "present", "Callum": "child present", "Evie-Mae Price": "child present"},
		"Visit to Leo Bartosz, nine. Mrs Bartosz was in and told me she is tired.":                                                                                            {"Mrs Bartosz": "present", "Leo Bartosz": "child present"},
		"Pre-birth visit to Precious Ndlovu, who is nineteen and twenty weeks pregnant. Ms Ndlovu told me she has stopped smoking.":                                           {"Ms Ndlovu": "", "Precious Ndlovu": "present"},
		"Visit to Derek and Lilian Ashworth, the foster carers. Mr Ashworth was out. Mrs Ashworth told me he sleeps well.":                                                    {"Mrs Ashworth": ""},
	} {
		got := map[string]string{}
		for _, a := range readText(t, words).record.Attendees {
			got[a.Name] = strings.TrimSpace(a.Role + " " + a.Presence)
		}
		for name, value := range want {
			if value == "" && got[name] != "" || value != "" && !strings.Contains(got[name], value) {
				t.Errorf("%s is %q, not %q, in %q", name, got[name], value, words)
			}
		}
	}
}

func TestParentsNamedBehindWhereTheyWere(t *testing.T) {
	r := readText(t, "Initial visit on Monday. Both parents were in, Marek and Ola, and April who's three. April was running about with a truck. Ola's English is limited so Marek translated.").record
	got := ""
	for _, a := range r.Attendees {
		got += a.Name + " " + a.Role + ", "
	}
	if got != "Marek father, Ola mother, April child, " {
		t.Error(got)
	}
	r = readText(t, "Visit on Monday to Zofia, nine. Jo, her mum, was in. We agreed to meet in April. It will be May before the court sits, and June is too late.").record
	for _, a := range r.Attendees {
		if a.Name != "Zofia" && a.Name != "Jo" {
			t.Errorf("%q is no person", a.Name)
		}
	}
}

func TestWhereSomebodyElseIs(t *testing.T) {
	for words, want := range map[string]string{
		"Yusuf, who's six, was at school so I didn't see him.": "", "Her parents are in Lagos.": "", "Her dad works at the hospital.": "",
		"I saw Ada at school.": "school", "The visit was at the school.": "school",
	} {
		if got := readText(t, "CIN visit, Friday, three o'clock. "+words+" Mum was in.").record.Visit.Place.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestWhatTheWorkerExplainedIsNoFinding(t *testing.T) {
	const who = "Visit to Ada, nine. Mum, Jo, was in. "
	for _, words := range []string{"I explained about physical chastisement.", "We gave them the leaflet on domestic abuse.", "I reminded her about the drinking."} {
		for _, r := range readText(t, who+words).record.Risks {
			t.Errorf("%q is a risk: %q", words, r.Text)
		}
	}
	for _, words := range []string{"Jo explained that he hits her.", "I couldn't see a smoke alarm.", "She gave the baby vodka and a leaflet to chew."} {
		if len(readText(t, who+words).record.Risks) == 0 {
			t.Errorf("%q is no risk", words)
		}
	}
}

func TestWhoTranslatesForTheFamilySpeaksForHimself(t *testing.T) {
	r := readText(t, "Initial visit on Monday. Both parents were in, Marek and Ola, and Leo who's three. Marek translated some of it. Nursery say Leo had said daddy smacked him. Marek was open about it, he said he tapped him once.").record
	for _, v := range r.ChildVoice {
		if strings.Contains(v.Quote, "tapped") {
			t.Errorf("%q is %s's", v.Quote, v.Child)
		}
	}
}

func TestWhomTheWorkerSpokeTo(t *testing.T) {
	for words, want := range map[string]string{
		"Visit to Bethany, thirteen, at school. She'd told her tutor, Miss Olu, that he comes in. I spoke to her with Miss Olu there. She said it has happened three times.": "Bethany",
		"Visit to Mia, nine, with an interpreter, Mrs Khan. Mia told me through Mrs Khan that it has happened three times.":                                                  "Mia",
	} {
		got := ""
		for _, v := range readText(t, words).record.ChildVoice {
			if strings.HasSuffix(v.Quote, "it has happened three times") {
				got += v.Child
			}
			if strings.HasPrefix(v.Quote, "through") {
				t.Errorf("%q begins before its words", v.Quote)
			}
		}
		if got != want {
			t.Errorf("%q is %q's, not %q's", words, got, want)
		}
	}
}

func TestOrdinaryPolarityAndTime(t *testing.T) {
	wantRisk(t, "Visit to Ada, nine. Both of them tested negative for cocaine last week.", "cocaine", kerbside.Negated)
	for words, want := range map[string]string{
		"Dad's been drinking a bit more than he used to.": kerbside.Current, "Dad used to drink every night.": kerbside.Historical, "Jo is pregnant, due in May.": kerbside.Current,
	} {
		for _, r := range readText(t, "Visit to Ada, nine, and mum, Jo. "+words).record.Risks {
			if r.Temporality != want {
				t.Errorf("%q is %s", words, r.Temporality)
			}
		}
	}
}

// What hides harm, or what says yes, behind words that are harmless elsewhere.
func TestHarmIsNotHiddenByIdiomsAndAnswers(t *testing.T) {
	const who = "Visit to see Ada, who is nine, and Ben, who is four. Mum, Jo, was in. "
	for words, want := range map[string]string{
		"Ada said Craig burned him with the pan.":                                   kerbside.Affirmed + " urgent",
		"Ada said Craig cut mum's hand at dinner.":                                  kerbside.Affirmed,
		"Ada said Craig locked Ben in the shed.":                                    kerbside.Affirmed,
		"Ada said Craig cut her face with a bread knife.":                           kerbside.Affirmed,
		"Jo said Ada tried to hang herself on the hook.":                            kerbside.Affirmed + " urgent",
		"Ada said they have rows of an evening.":                                    kerbside.Affirmed,
		"Jo tested negative on Monday and Craig beat her on Monday.":                kerbside.Affirmed + " urgent",
		"Jo tested negative for cocaine and positive for heroin.":                   kerbside.Uncertain,
		"Ada does not feel safe every night.":                                       kerbside.Affirmed,
		"Jo hasn't so much as shouted at Ben.":                                      kerbside.Negated,
		"I asked Ada if Craig hits her and she said nobody would believe her.":      "",
		"I asked Ada if mum hits her and she said yes to the red dress.":            "",
		"I asked Jo if she'd used heroin and she said not today.":                   kerbside.Uncertain,
		"I asked Jo whether Craig drinks and she said he does when he's had a row.": kerbside.Affirmed,
	} {
		wantReadings(t, who, words, want)
	}
	for _, words := range []string{
		"I spent ten minutes with Ada and Ben.", "I spent ten minutes with Ada. Ben was colouring beside us.", "I sat with Ada on the back step and Ben sat on my lap.", "I tried to get Ada for five minutes.",
		"I had five minutes with Ada. Jo was on the other side of the table.", "Ada asked to talk in my car but there wasn't time.",
	} {
		for _, c := range readText(t, who+words).record.Children {
			if c.SeenAlone.Value == kerbside.Yes {
				t.Errorf("%q: seen alone", words)
			}
		}
	}
	for _, v := range readText(t, who+"Her side of it. He never hit her.").record.ChildVoice {
		t.Errorf("%q is %s's", v.Quote, v.Child)
	}
}
