package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// What people say in the car is not in the order of a form. Each of these was once read wrongly in a way that would have misled a reader.

func TestWhoCameLater(t *testing.T) {
	r := readText(t, "Visit to Callum, fourteen, at his foster placement with Brenda and Keith. He wasn't back from school when I got there. When Callum got in I had a chat with him in the lounge. Keith was at work.").record
	for _, a := range r.Attendees {
		want := map[string]string{"Callum": kerbside.Present, "Keith": kerbside.Absent}[a.Name]
		if want != "" && a.Presence != want {
			t.Errorf("%s is %s", a.Name, a.Presence)
		}
		if (a.Name == "Brenda" || a.Name == "Keith") && a.Role != "foster carer" {
			t.Errorf("%s is a %s", a.Name, a.Role)
		}
	}
	if len(r.Children) != 1 || r.Children[0].ChildSeen.Value != kerbside.Yes {
		t.Errorf("seen: %+v", r.Children)
	}
}

func TestNobodyCameToTheDoor(t *testing.T) {
	r := readText(t, "No access. I went to see the Rahman children, Samira and Imran, at nine. I knocked twice and there was no answer. Mum said last week that they might go to Leeds. I'll try again tomorrow.").record
	for _, a := range r.Attendees {
		if a.Presence == kerbside.Present {
			t.Errorf("%s %s is present behind a shut door", a.Name, a.Role)
		}
	}
	for _, c := range r.Children {
		if c.ChildSeen.Value != kerbside.No {
			t.Errorf("seen: %s", c.ChildSeen.Value)
		}
	}
}

func TestOwnRoomIsNobodyElses(t *testing.T) {
	r := readText(t, "Mum was in with Nathan, ten, and Faith, three. Faith sleeps in with mum. I spoke to Nathan on his own in his bedroom. He said school is fine. The bedroom was tidy.").record
	for _, c := range r.Children {
		name := ""
		for _, a := range r.Attendees {
			if a.ID == c.Person {
				name = a.Name
			}
		}
		want := kerbside.NotStated
		if name == "Nathan" {
			want = kerbside.Yes
		}
		if c.SeenAlone.Value != want || c.BedroomSeen.Value != want {
			t.Errorf("%s: alone %s, bedroom %s", name, c.SeenAlone.Value, c.BedroomSeen.Value)
		}
	}
	for _, v := range r.ChildVoice {
		if v.Child != "Nathan" {
			t.Errorf("%q is %s's", v.Quote, v.Child)
		}
	}
}

func TestThroughAnInterpreter(t *testing.T) {
	r := readText(t, "Visit to Ms Kaya and her daughter Elif, nine, with interpreter Deniz Polat. Through the interpreter Ms Kaya said she is exhausted.").record
	roles := map[string]string{}
	for _, a := range r.Attendees {
		roles[a.Name] = a.Role + " " + a.Presence
	}
	if roles["Ms Kaya"] != "mother present" || roles["Deniz Polat"] != "interpreter present" {
		t.Errorf("%v", roles)
	}
}

func TestOwnPhoneCallIsTheWorkers(t *testing.T) {
	r := readText(t, "Visit to Kayleigh and her baby Tommy. There was a mark on Tommy's cheek, I thought it looked like a bruise but I'm not sure. I asked her to take him to be seen and she's agreed, I'm going to phone the paediatrician. I'm worried about mum's mood and whether she can cope.").record
	for _, a := range r.Actions {
		if strings.Contains(a.Text, "phone") && a.Owner != "worker" {
			t.Errorf("%q is %s's", a.Text, a.Owner)
		}
	}
	for _, n := range r.Injuries {
		if strings.Contains(n.Description, "bruise") && n.Polarity != kerbside.Uncertain {
			t.Errorf("%q is %s", n.Description, n.Polarity)
		}
	}
}

func TestWishOfOneIsNotAnothers(t *testing.T) {
	r := readText(t, "The health visitor, Meera Joshi, told me that she is worried that Ava's weight has dropped. The caretaker, who asked not to be named, said that he heard shouting.").record
	for _, k := range r.Risks {
		informant := false
		for _, s := range k.Sensitivity {
			informant = informant || s == kerbside.SensitiveInformant
		}
		if strings.Contains(k.Text, "weight") && informant {
			t.Errorf("%q is taken for an informant's", k.Text)
		}
		if strings.Contains(k.Text, "shouting") && !informant {
			t.Errorf("%q is not taken for an informant's", k.Text)
		}
	}
}

func TestWhatIsToldAboutSomebody(t *testing.T) {
	r := readText(t, "I saw Tia, nine, at school, just me and Tia. I explained that mum didn't come to the last contact. She got upset. I told her I'd see her on Friday. I need to ring her aunt tonight and ask the contact centre for a report by the thirtieth.").record
	for _, k := range r.Risks {
		if strings.Contains(k.Text, "upset") && len(k.About) > 0 {
			for _, a := range r.Attendees {
				if a.ID == k.About[0] && a.Name != "Tia" {
					t.Errorf("%q is about %s %s", k.Text, a.Name, a.Role)
				}
			}
		}
	}
	due := map[string]string{}
	for _, a := range r.Actions {
		due[a.Due.Text] = a.Due.Date
	}
	if due["on Friday"] == "" || due["by the thirtieth"] != "2026-03-30" || due["tonight"] == "" {
		t.Errorf("%v", due)
	}
}

func TestCallIsNoVisit(t *testing.T) {
	r := readText(t, "This is a telephone call not a visit. I spoke to foster carer Nina Webb about Rhys today, the 10th of March.").record
	if r.Visit.Mode.Value != kerbside.ModePhone || r.Visit.Date.Value != "2026-03-10" {
		t.Errorf("mode %s, date %s", r.Visit.Mode.Value, r.Visit.Date.Value)
	}
}

func TestToddlersAskNothing(t *testing.T) {
	r := readText(t, "Contact with dad Wayne and the twins Poppy and Freddie, they're both two. Wayne raised his voice once when Freddie threw the juice, then he said sorry. He asked me when he can have them overnight.").record
	for _, v := range r.ChildVoice {
		t.Errorf("%s: %q", v.Child, v.Quote)
	}
}

func TestDrinkingAtTheDoorIsNow(t *testing.T) {
	r := readText(t, "Stuart, the dad, opened the door, he'd been drinking, I could smell it. I asked Stuart when they last ate and he said they'd had no tea.").record
	for _, k := range r.Risks {
		if strings.Contains(k.Text, "drinking") && k.Temporality != kerbside.Current {
			t.Errorf("%q is %s", k.Text, k.Temporality)
		}
		if strings.Contains(k.Text, "no tea") && k.Attribution.Kind != kerbside.AdultSaid {
			t.Errorf("%q is %s", k.Text, k.Attribution.Kind)
		}
	}
}

func TestWhoSpokeThroughTheWindow(t *testing.T) {
	r := readText(t, "Mrs Danso refused to let me in, I was there at ten for the child protection visit. She spoke to me through the window and said the children were at their auntie's. The police came at eleven and we went in together. Kofi, who's seven, had a swollen lip. He told PC Hale mummy hit him with the belt. Efua is four, she was crying.").record
	for _, a := range r.Attendees {
		if a.Name == "Mrs Danso" && a.Role != "mother" {
			t.Errorf("Mrs Danso is a %q", a.Role)
		}
	}
	for _, v := range r.ChildVoice {
		if v.Child != "Kofi" || strings.Contains(v.Quote, "Hale") {
			t.Errorf("%s: %q", v.Child, v.Quote)
		}
	}
}

func TestTwoFamiliesInOneGo(t *testing.T) {
	r := readText(t, "I've got two to do. First one, the Masons. Saw Ellie and Jack with dad this morning, all fine. Second one, the Hussains. Zara opened the door.").record
	for _, w := range r.Warnings {
		if w.Code == kerbside.WarnSeveralVisits {
			return
		}
	}
	t.Error("two families' visits in one dictation pass unseen")
}

func TestSlipsAndToysAreNothing(t *testing.T) {
	r := readText(t, "Visit to Maja, eight, and Oskar, two. Maja said, \"Darren threw mummy's phone.\" She said it was on Tuesday, no, Wednesday night. Filip, eleven, said Darren shouts a lot when he has had a drink. Oskar was chatty, bringing me toys.").record
	for _, k := range r.Risks {
		if len(k.Text) < 5 {
			t.Errorf("a slip is a risk: %q", k.Text)
		}
		for _, who := range k.Attribution.Chain {
			if who == "Darren" {
				t.Errorf("who shouts says nothing: %q", k.Text)
			}
		}
	}
	for _, a := range r.Actions {
		t.Errorf("an action: %q", a.Text)
	}
}

func TestAgesAsFiguresAndHerTwo(t *testing.T) {
	got := map[string]string{}
	for _, words := range []string{
		"Present were mum Julie, stepdad Carl, Ryan 15, Beth 12 and baby Noah 7 months.",
		"Visit to Holly and her two, Riley, six, and Jude, four, at home.",
		"Statutory visit to Corey, ten, he's in placement with the Hendersons. Linda was in. He wants to go back to his mum's.",
	} {
		for _, a := range readText(t, words).record.Attendees {
			got[a.Name] = a.Role + " " + a.Age
		}
	}
	for name, want := range map[string]string{"Ryan": "child 15", "Beth": "child 12", "Noah": "baby 7 months", "Holly": "mother ", "Linda": " "} {
		if got[name] != want {
			t.Errorf("%s is %q, not %q", name, got[name], want)
		}
	}
}

func TestWhoIsAtHomeWithTheOthers(t *testing.T) {
	r := readText(t, "Visit on Monday. Kerry was at home with Maisie and Dylan. I saw Maisie on her own. Kerry said she's tired.").record
	for _, a := range r.Attendees {
		if a.Name == "Kerry" && a.Role == "child" {
			t.Error("Kerry is taken for a child")
		}
	}
	for _, v := range r.ChildVoice {
		t.Errorf("%s: %q", v.Child, v.Quote)
	}
}

func wantTold(t *testing.T, words string, want map[string]string) {
	t.Helper()
	got := told(readText(t, words).record)
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s is %q, not %q, in %q", name, got[name], w, words)
		}
	}
}

// told is what a record says of each person by name (or role): role, presence and, of children, whether seen, seen alone and the bedroom seen.
func told(r kerbside.Record) map[string]string {
	out, byID := map[string]string{}, map[kerbside.PersonID]string{}
	for _, a := range r.Attendees {
		name := a.Name
		if name == "" {
			name = a.Role
		}
		out[name], byID[a.ID] = strings.TrimSpace(a.Role+" "+a.Presence), name
	}
	for _, c := range r.Children {
		out[byID[c.Person]] += " " + c.ChildSeen.Value + " " + c.SeenAlone.Value + " " + c.BedroomSeen.Value
	}
	return out
}

func TestPeopleAsTheyAreSpokenOf(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Comfort let me in, she'd just got in from work. Present were Comfort and her mother, who everyone calls Mama Rose, and the little ones, Ebo, six, and Afia, three. Afia was clingy with her grandma. Mum was tired.",
			map[string]string{"Comfort": "mother present", "Rose": "grandmother present"}},
		{"Antenatal visit to Kirsty Lane at her mum's flat. Her mum, Doreen, was there. Kirsty is thirty weeks pregnant. She has a Moses basket.",
			map[string]string{"Kirsty Lane": "mother present", "Doreen": "grandmother present", "Moses": ""}},
		{"Visit to Otis, three, at the foster carers, Hilda and Ken Rowe. Hilda told me that after contact with his birth mum, Pearl, Otis bites himself. Ken will keep a note of the head banging.",
			map[string]string{"Pearl": "mother mentioned", "head teacher": ""}},
		{"Visit to Samir and his sister. With me was Hana Aziz who interpreted in Arabic. On the phone we had a second interpreter, a man called Mr Nasser. His doctor, and a paediatrician called Uzma, will write.",
			map[string]string{"Hana Aziz": "interpreter present", "Mr Nasser": "interpreter mentioned"}},
		{"CIN visit to the Lowes, mum Gail and stepdaughter Tamsin who is Pete's from before, she's fifteen, and the twins Max and Mia who are four. Tamsin was in. The twins were at their nana's.",
			map[string]string{"Tamsin": "step-daughter present yes not_stated not_stated", "Max": "child absent no not_stated not_stated"}},
		{"I've just come out of Rowan House, the residential home where Jaden lives, he's fifteen. Jaden has photos of his nan up.",
			map[string]string{"Rowan": "", "grandmother": "grandmother mentioned"}},
		{"School visit. I went to see both Aishas, Aisha Begum who's eleven and Aisha Malik who's nine. His TA, Miss Flint, sat outside.",
			map[string]string{"Aishas": "", "Miss Flint": "teaching assistant present"}},
		{"visit to grace today so grace is fourteen and shes placed with her aunt and uncle yvonne and desmond blake its a statutory visit and they knew i was coming got there at five and yvonne answered graces mum denise is in prison and ill look into a visit",
			map[string]string{"grace": "child present yes not_stated not_stated", "yvonne": "aunt present", "desmond blake": "uncle mentioned", "denise": "mother absent"}},
		{"Visit to Jodie Hall and her son Max, six. Jodie said she is tired. The health visitor, Kirsty Lane, was there. Kirsty weighed him.",
			map[string]string{"Jodie Hall": "mother present", "Kirsty Lane": "health visitor present"}},
		{"Visit to Carla and her partner Sean, and the children are Sean's two, Erin and Joel, who live there half the week. Erin is ten, Joel is eight. Carla said she is tired.",
			map[string]string{"Carla": "present", "Sean": "partner present", "Erin": "child present yes not_stated not_stated"}},
		{"Visit to Ronnie, nine, at home with his dad, Gary. His mum died in May. The new physio was there, Harriet. Harriet measured his chair. We had Joanna from the council interpreting.",
			map[string]string{"Harriet": "mentioned", "mother": "mother mentioned", "Joanna": "interpreter mentioned"}},
		{"Visit to Jay, thirteen, who lives with Sonia and Moses Dube, who are his foster carers. Moses was out at work. Sonia let me in.",
			map[string]string{"Sonia": "foster carer present", "Moses Dube": "foster carer absent"}},
		{"Visit to the twins, Zofia and Adam, they're both seven. I asked Miss Field if I could borrow the library, and I saw each of the twins for five minutes on their own.",
			map[string]string{"Zofia": "child present yes yes not_stated", "Adam": "child present yes yes not_stated"}},
		{"Noel, he's thirteen, was still at football practice, he came in about ten minutes before I left. Stepmum Carrie was out at the gym and came back as I was leaving.",
			map[string]string{"Noel": "child present yes not_stated not_stated", "Carrie": "step-mother present"}},
		{"Kids are with her, Mason and Layla. Mum moved last weekend. Mason isn't sleeping.",
			map[string]string{"Layla": "child present yes not_stated not_stated", "mother": "mother mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestWhoIsNoChildAndWhoIs(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Shreya's CP visit this morning. She's pregnant again. Zain was with us the whole time, he's two. Partner Imran wasn't there, he was at work.",
			map[string]string{"Shreya": "mother mentioned", "Zain": "child present yes no not_stated", "Imran": "partner absent"}},
		{"Went round to the Fletchers. Did the chart with Donna. I didn't see Kayden as he was at his dad's. Baby Ivy was crawling about.", map[string]string{"father": "father mentioned"}},
		{"Kayden's teacher rang me. Kayden was in the lounge with mum, Donna. He was drawing.", map[string]string{"Kayden": "child present yes not_stated not_stated"}},
		{"Seen Mrs Marchuk, Olena, and her son Danylo, who's five, at home in the flat.", map[string]string{"Mrs Marchuk": "mother present", "Danylo": "son present not_stated not_stated not_stated"}},
	} {
		wantTold(t, c.words, c.want)
	}
	r := readText(t, "Saw Dylan, fifteen, at the end of his road. He looked well. Told him to ring his mum.").record
	if len(r.ChildVoice) > 0 {
		t.Errorf("what the worker told Dylan is %+v", r.ChildVoice)
	}
	r = readText(t, "Mum, Stacey, has given a statement. Harley, six, and Skye, three, both seen. Harley showed us where dad put his hand through the door. He whispered to me that dad got mummy by the hair.").record
	if len(r.ChildVoice) != 1 || r.ChildVoice[0].Child != "Harley" {
		t.Errorf("what Harley whispered is %+v", r.ChildVoice)
	}
	r = readText(t, "Contact with Lauren, mum, and the two girls, Esme and Connie. At the end both girls said goodbye nicely.").record
	if len(r.ChildVoice) > 0 {
		t.Errorf("a goodbye is %+v", r.ChildVoice)
	}
	if r = readText(t, "Saw Tyler, eleven, at school. He was chatty and drew me a dragon. I've spoken to my manager and there's a strategy meeting at two.").record; r.Visit.Time.Value == "14:00" {
		t.Error("the hour of a meeting to come is the visit's")
	}
}

func TestWhoAPlacementVisitIsAbout(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"This is for Denzel Otieno. I've just been out to see him at the foster placement with Maureen and Clive. He's settled in really well. He said he likes it there.",
			map[string]string{"Denzel Otieno": "child present yes not_stated not_stated", "Maureen": "foster carer mentioned", "Clive": "foster carer mentioned"}},
		{"Placement visit to see Ruben. Foster carers are Sue and Phil. He wasn't there, he was at football. Sue said he has been swearing at her.",
			map[string]string{"Ruben": "child absent no not_stated not_stated", "Sue": "foster carer present", "Phil": "foster carer mentioned"}},
		{"For Corey Lund. Foster placement, Dave and Lorraine. Dave has had his hip done. Corey was at school so not seen.",
			map[string]string{"Corey Lund": "child absent no not_stated not_stated", "Dave": "foster carer present", "Lorraine": "foster carer present"}},
	} {
		wantTold(t, c.words, c.want)
	}
	r := readText(t, "Saw Nadia at the placement with Colleen. Colleen is worried. She said Nadia was sick before contact last time.").record
	if len(r.Risks) == 0 || r.Risks[len(r.Risks)-1].Attribution.Kind != kerbside.ProfessionalSaid {
		t.Errorf("what the carer says of Nadia is %+v", r.Risks)
	}
}

func TestWhatWasSeenOfWhom(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Mum was in with Tola, six, he was playing, and Ada, three, she was asleep on the sofa. I went up and looked at the boys' room, it was warm. I didn't go into Ada's.",
			map[string]string{"Tola": "child present yes not_stated yes", "Ada": "child present yes not_stated no"}},
		{"Mum was in. Boys are Anton, eleven, Pavel, nine and Misha, seven. Anton was at his friend's. Pavel and Misha were in front of the telly. Upstairs there's no bedding on Misha's bed.",
			map[string]string{"Anton": "child absent no not_stated not_stated", "Misha": "child present yes not_stated yes"}},
		{"I saw Hope, eight, and Reuben, five. Reuben showed me his new bed. Hope didn't want me to see hers.",
			map[string]string{"Hope": "child present yes not_stated no", "Reuben": "child present yes not_stated yes"}},
		{"Visit to Dana and the baby. Baby Noor was in her cot awake. Yara, twelve, is at school and so is Bilal, eight, so neither of them was seen today.",
			map[string]string{"Noor": "baby present yes not_stated not_stated", "Yara": "child absent no not_stated not_stated", "Bilal": "child absent no not_stated not_stated"}},
		{"I saw Idris, sixteen. I asked about his bedroom and he took me up, it's small.",
			map[string]string{"Idris": "child present yes not_stated yes"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestWhereAndHowTheVisitWas(t *testing.T) {
	for _, c := range []struct{ words, place, announced, kind string }{
		{"Kinship visit to Jean Orr and the two boys under the interim order. Derek was in hospital having his hip done so it was just Jean.", "", "not_stated", "statutory_looked_after"},
		{"Duty visit. The referral came in this morning from the hospital. I saw Rafi, two, with mum.", "", "not_stated", "not_stated"},
		{"Statutory visit to Samuel, sixteen, unaccompanied young person from Eritrea. The visit was planned.", "", "yes", "statutory_looked_after"},
		{"I saw Nia, twelve. I'm going to do an unannounced visit before the weekend.", "", "not_stated", "not_stated"},
		{"They'd just come in from school when I got there. I saw Kit, nine.", "", "not_stated", "not_stated"},
		{"I saw Kit, nine. He told me about school and the nursery says he's late.", "", "not_stated", "not_stated"},
		{"Duty. Police brought Kit, nine, in. I sat with him till the foster carers came.", "", "not_stated", "not_stated"},
	} {
		v := readText(t, c.words).record.Visit
		if v.Place.Value != c.place || v.Announced.Value != c.announced || v.Type.Value != c.kind {
			t.Errorf("place %q, announced %s, type %s: %q", v.Place.Value, v.Announced.Value, v.Type.Value, c.words)
		}
	}
}

func TestActionsAsTheyAreTold(t *testing.T) {
	for _, c := range []struct {
		words string
		want  []string // owner, due day and a part of the text
	}{
		{"Visit to Idris, sixteen, at Mrs Okoro's. He has a sore back. Mrs Okoro is going to get him a GP appointment this week. I'll send the form on Thursday.", []string{"Mrs Okoro  GP appointment", "worker 2026-03-19 send the form"}},
		{"I saw Ruby, nine. She pushed the page away and I'm not going to read too much into it.", nil},
		{"Antenatal visit to Jodie. She showed me the room where the baby will sleep.", nil},
		{"Child protection visit, no answer. I rang the school and the office said Aaron's in today, so I'm going there now to see him. I'll go back at four this afternoon and if there's still no one in I'll talk to my manager.",
			[]string{"worker  I rang the school", "worker 2026-03-12 going there now", "worker 2026-03-12 go back at four"}},
		{"Mum was in. Family support worker Denise to go in twice a week from Monday.", []string{"Denise 2026-03-16 twice a week"}},
		{"Visit to Anton, eleven, and Pavel, nine. Pavel was in, Anton was out at his friend's house, so I only saw the one of them. I'll be seeing Anton at school tomorrow lunchtime. Back there next Tuesday, unannounced again.", []string{"worker 2026-03-13 seeing Anton"}},
		{"Mum has agreed that Len will stay at his brother's for now.", []string{"Len  stay at his brother's"}},
		{"Visit to Mateo, fifteen. I'll ask Kev at the boxing gym if they'd waive the subs, and mum's going to send me photos of the trainers.", []string{"worker  ask Kev", "mother  send me photos"}},
		{"Visit to Mateo, fifteen. Mum said she's scared that if she asks for more help they will take the kids off her.", nil},
		{"Visit to Mateo, fifteen. Noor told me that he's been messaging, saying he'll find them. Trish and Colin are doing an amazing job. Hetal's fearful that he'll end up in hospital.", nil},
		{"Visit to Mateo, fifteen. Gavin said sorry, he'd only put him down for a minute. I said what would make you less bored. She's been good with his appointments, I'll give her that.", nil},
		{"Visit to Mateo, fifteen. I'll refer Grace to young carers and ask about a Tuesday group.", []string{"worker  young carers", "worker  Tuesday group"}},
		{"Visit to Mateo, fifteen. I'm going to talk to my manager now, strategy discussion tomorrow morning.", []string{"worker 2026-03-12 my manager", "worker 2026-03-13 strategy discussion"}},
		{"Visit to Mateo, fifteen, at home with mum, Leanne. GP appointment by Friday, Leanne to book.", []string{"Leanne 2026-03-13 GP appointment"}},
		{"Visit to Kit, nine, at home with mum. The house was warm and there was food in. I'll ask the nurse for her notes and I've got to get the report in by the twentieth.", []string{"worker  ask the nurse", "worker 2026-03-20 get the report"}},
	} {
		r := readText(t, c.words).record
		if len(r.Actions) != len(c.want) {
			t.Errorf("%d actions, not %d: %q", len(r.Actions), len(c.want), c.words)
			continue
		}
		for n, a := range r.Actions {
			owner, rest, _ := strings.Cut(c.want[n], " ")
			if strings.HasPrefix(c.want[n], "Mrs Okoro") {
				owner, rest = "Mrs Okoro", strings.TrimPrefix(c.want[n], "Mrs Okoro ")
			}
			day, part, _ := strings.Cut(rest, " ")
			if a.Owner != owner || a.Due.Date != day || !strings.Contains(a.Text, part) {
				t.Errorf("%s %s %q, not %q", a.Owner, a.Due.Date, a.Text, c.want[n])
			}
		}
	}
}

func TestWhoWasRungAndWhoWasUpstairs(t *testing.T) {
	got := told(readText(t, "I saw Corey, twelve, at school. I rang mum, Paula, from the car afterwards, she said Gary's not living there. She said Corey makes things up.").record)
	if got["Paula"] != "mother mentioned" {
		t.Errorf("Paula on the telephone is %q", got["Paula"])
	}
	r := readText(t, "no reply visit to gemma on tuesday at four i knocked three times i rang gemma and she answered she said they were at her mum's with the kids").record
	if got = told(r); strings.HasSuffix(got["gemma"], "present") || r.Visit.Outcome.Value == kerbside.OutcomeCompleted {
		t.Errorf("a visit to nobody is %s, gemma %q", r.Visit.Outcome.Value, got["gemma"])
	}
	if v := readText(t, "Visit to Jay, nine. Sonia let me in. Jay came home from school about twenty past three.").record.Visit; v.Time.Value != "" {
		t.Errorf("when Jay came home is the time of the visit: %s", v.Time.Value)
	}
	got = told(readText(t, "Visit to Lily, ten. Mum Jo was there. Lily's older brother Tom was upstairs on his Xbox and I said hello to him through the door.").record)
	if got["Tom"] != "brother present" {
		t.Errorf("Tom upstairs is %q", got["Tom"])
	}
}

func TestMarksAreTheChilds(t *testing.T) {
	r := readText(t, "I went out with the health visitor, Sunil Rao. Baby Theo, four months, was in his bouncer. Sunil undressed him and weighed him and there were no marks on him apart from the rash on his tummy.").record
	for _, n := range r.Injuries {
		if len(r.Children) != 1 || n.Child != r.Children[0].Person {
			t.Errorf("%q is %s's", n.Description, n.Child)
		}
	}
}

func TestAsideBeforeWhatIsTold(t *testing.T) {
	r := readText(t, "Visit to Pavel, nine, and Anton, seven. Anton I talked to in the lounge with mum there. Pavel told me, this was on the stairs, just him and me, that his bed's been broken since the summer.").record
	if got := told(r); !strings.Contains(got["Pavel"], "yes yes not_stated") {
		t.Errorf("%v", got)
	}
	for _, v := range r.ChildVoice {
		if strings.Contains(v.Quote, "stairs") {
			t.Errorf("the worker's aside is the child's: %q", v.Quote)
		}
	}
}

func TestWhoRangTellsWhatComesNext(t *testing.T) {
	const before = "Visit to the Brandt family. Mum, Ines, let me in, and Milo, who's eight, was at the table. Mum said she and dad argue about money. "
	for told, who := range map[string]string{
		"School's attendance officer rang me Tuesday, she said Milo has been late nine times this half term.": "school attendance officer",
		"The health visitor rang me on Tuesday, she said Milo has been late nine times this half term.":       "health visitor",
		"His teacher emailed me. She said Milo has been late nine times this half term.":                      "teacher",
		"The GP phoned us, he said Milo has been late nine times this half term.":                             "GP",
		"I rang the school. Mum was cross. She said Milo has been late nine times this half term.":            "Ines",
	} {
		r := readText(t, before+told).record
		n := slices.IndexFunc(r.Risks, func(x kerbside.Risk) bool { return strings.Contains(x.Text, "late nine times") })
		if n < 0 {
			t.Errorf("%q: nothing was found", told)
			continue
		}
		if a := r.Risks[n].Attribution; !strings.EqualFold(a.Who, who) || a.Kind == kerbside.Observed {
			t.Errorf("%q: %s says so (%s), want %s", told, a.Who, a.Kind, who)
		}
	}
}

func TestDeedGoesOnBehindWhoSomebodyIs(t *testing.T) {
	r := readText(t, "Visit to the Brandt family. Mum, Ines, let me in. I'll ask Carol, my manager, whether this goes to strategy. I'll ask Joan, the head, to ring me if Milo is late again. I'll ring the GP, and that's it.").record
	for _, want := range []string{"I'll ask Carol, my manager, whether this goes to strategy", "I'll ask Joan, the head, to ring me if Milo is late again", "I'll ring the GP"} {
		if !slices.ContainsFunc(r.Actions, func(a kerbside.Action) bool { return a.Text == want }) {
			t.Errorf("no %q in %d actions", want, len(r.Actions))
		}
	}
}

func TestTwoWhoDisagree(t *testing.T) {
	r := readText(t, "Visit to the Nowak family. Alicja, the mum, let me in. I asked about nursery and she said Kuba's been poorly so he hasn't been in since Monday, but nursery told me last week he hadn't been in since half term. I need to find out who Lech is. I rang the duty team and they're going to do a fuel voucher today.").record
	for _, x := range r.Risks {
		if strings.Contains(x.Text, "poorly") && strings.Contains(x.Text, "half term") {
			t.Errorf("what two say is one: %q", x.Text)
		}
	}
	owners := map[string]string{}
	for _, a := range r.Actions {
		owners[a.Text] = a.Owner
	}
	if owners["I need to find out who Lech is"] != "worker" || owners["they're going to do a fuel voucher today"] != "duty team" {
		t.Errorf("%q", owners)
	}
}

// TestToldIsNotSeen: where what the worker saw and what somebody told stand in one item, it is not put down as seen.
func TestToldIsNotSeen(t *testing.T) {
	r := readText(t, "Looked after child visit to Bruno, fifteen, at his foster carers Nadia and Col. Col wasn't home, Nadia said he's been missing once last weekend, back by eleven.").record
	for _, x := range r.Risks {
		if strings.Contains(x.Text, "missing") && (x.Attribution.Kind == kerbside.Observed || x.Attribution.Who != "Nadia") {
			t.Errorf("%q is %s's (%s)", x.Text, x.Attribution.Who, x.Attribution.Kind)
		}
	}
}

func TestNoReplyToMessagesIsNoAttempt(t *testing.T) {
	r := readText(t, "Child in need visit, Nowak family, unannounced because I've had no reply to my last two messages. Alicja, the mum, opened the door.").record
	if n := len(r.Visit.Attempts); n != 0 {
		t.Errorf("%d attempts", n)
	}
}

func TestNameBeforeWhoMetIt(t *testing.T) {
	r := readText(t, "Visit to the Doyle house. I saw Maisie, five, in the living room. Maisie said Shane is loud. She said he threw the remote. Kiera, seven, I'd seen at school first. Kiera I'd seen with Miss Begum there, she showed me her cheek. She told me Shane hit me and mum was crying. She's frightened to go home if he's there.").record
	for _, v := range r.ChildVoice {
		want := "Kiera"
		if strings.Contains(v.Quote, "loud") || strings.Contains(v.Quote, "remote") {
			want = "Maisie"
		}
		if v.Child != want {
			t.Errorf("%q is %s's", v.Quote, v.Child)
		}
	}
}

func TestHostIsNoMother(t *testing.T) {
	r := readText(t, "Visit to see Samir, he's fourteen, unaccompanied, at his supported lodgings with Mrs Ford. He said his uncle rang and told him his mum's in hospital. Mrs Ford said he's polite.").record
	for _, a := range r.Attendees {
		if a.Name == "Mrs Ford" && a.Role == "mother" {
			t.Error("who takes him in is his mother")
		}
	}
}

// TestWhatADenialLeavesOut: "no marks apart from a bruise" is a bruise.
func TestWhatADenialLeavesOut(t *testing.T) {
	for said, want := range map[string]string{
		"No injuries apart from a bruise on his shin.":                     "bruise",
		"I saw no marks on him except a scratch on his arm.":               "scratch",
		"Mrs Ford has no worries apart from he was out till midnight.":     "midnight",
		"Nursery say they've no concerns other than his speech this term.": "speech",
	} {
		r := readText(t, "Visit to Samir, four, at his foster carer Mrs Ford's. "+said).record
		if !slices.ContainsFunc(r.Risks, func(x kerbside.Risk) bool { return strings.Contains(x.Text, want) && x.Polarity == kerbside.Affirmed }) {
			t.Errorf("%q: %+v", said, r.Risks)
		}
		for _, n := range r.Injuries {
			if strings.Contains(n.Description, want) && n.Polarity != kerbside.Affirmed {
				t.Errorf("%q is %s", n.Description, n.Polarity)
			}
		}
	}
}

func TestTwinsOneOfWhomTellsOfWork(t *testing.T) {
	r := readText(t, "Child in need visit to the Omar family. Present were mum, Hawa, and the twins Idris and Isa who are eight, and baby Amina, ten months. Idris said school's fine but the older boys push him. I asked about dad and Idris said he's at work all the time. Amina's weight is up according to the red book. There's still no stair gate.").record
	for _, a := range r.Attendees {
		if a.Name == "Idris" && a.Role != "child" {
			t.Errorf("Idris is %q", a.Role)
		}
	}
	for _, x := range r.Risks {
		if strings.Contains(x.Text, "stair gate") && x.Attribution.Kind != kerbside.Observed {
			t.Errorf("a book goes on telling: %s %q", x.Attribution.Kind, x.Text)
		}
	}
}

func TestVisitedWhoHasAnEx(t *testing.T) {
	r := readText(t, "Attempted visit to Carly Webb at Flat 9, ten fifteen. I buzzed a few times, no answer. I looked through the letterbox and called. I rang nursery who said Archie's not in today, mum phoned in to say he's got a temperature. Carly's ex, Ryan, isn't allowed at the property. So Archie has not been seen.").record
	for _, a := range r.Attendees {
		if a.Name == "Carly Webb" && a.Role == "child" {
			t.Error("who has an ex is a child")
		}
	}
	if v := r.Visit.Outcome.Value; v != kerbside.OutcomeNoAccess {
		t.Errorf("the outcome is %q", v)
	}
}

func TestNamesThatAreWordsWithoutCapitals(t *testing.T) {
	r := readText(t, "this is the visit to the bello family about four in the afternoon i saw mum grace and the two kids joy whos twelve and samuel whos nine i saw joy on her own in the front room she said school is good i asked grace about the letter from housing she said theyve been given notice").record
	roles := map[string]string{}
	for _, a := range r.Attendees {
		roles[a.Name] = a.Role
	}
	if roles["grace"] != "mother" || roles["joy"] != "child" || roles["samuel"] != "child" {
		t.Errorf("%q", roles)
	}
	for _, v := range r.ChildVoice {
		if strings.Contains(v.Quote, "notice") {
			t.Errorf("%q is %s's", v.Quote, v.Child)
		}
	}
}

func TestBehindAShutDoorNothingIsSeen(t *testing.T) {
	r := readText(t, "Failed visit, I went to see Leon, Marcus and baby Tia. There was no reply. I think I saw the curtain move upstairs but I can't be sure. A neighbour came out and said she'd heard shouting. Leon's teacher, Mr Ade, said that Leon told him last week that they were going to live with Uncle Dean.").record
	for _, c := range r.Children {
		if c.ChildSeen.Value != kerbside.No || c.BedroomSeen.Value != kerbside.NotStated {
			t.Errorf("seen %s, bedroom %s", c.ChildSeen.Value, c.BedroomSeen.Value)
		}
	}
	for _, a := range r.Attendees {
		if a.Presence == kerbside.Present {
			t.Errorf("%s %s is present", a.Name, a.Role)
		}
	}
	for _, v := range r.ChildVoice {
		t.Errorf("a teacher's account is Leon's voice: %q", v.Quote)
	}
}

func TestWhoWasAwayAndWhoWasInTogether(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit to the Begums. Mum, Nasreen, was in with Tahmid, eleven. Dad, Shafiq, was at the restaurant, he works evenings.", map[string]string{"Shafiq": "father absent"}},
		{"LAC visit to Amara, nine, placed with Jenny and Paul Whitcombe. Both carers were at home and so was their own daughter Freya, seventeen, who was upstairs.", map[string]string{"Jenny": "foster carer present", "Paul Whitcombe": "foster carer present"}},
		{"I saw Reuben, twelve, at home with both his dads, Ian and Stefan.", map[string]string{"Ian": "father present", "Stefan": "father present"}},
		{"Pre-birth visit for unborn baby Kowalski. I saw Agnieszka, she's thirty-four weeks.", map[string]string{"Kowalski": "baby mentioned"}},
		{"Visit to Kyle, he's fourteen. Kyle was still in bed. He hasn't seen his dad for two years.", map[string]string{"Kyle": "child present not_stated not_stated not_stated"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestMarksThatAnotherTellsOf(t *testing.T) {
	r := readText(t, "I saw Reuben, twelve, with his dad, Ian. Ian says the new escort on the bus shouts and that Reuben's come home with red marks on his wrist. I looked at his wrists today.").record
	for _, n := range r.Injuries {
		if n.Child != r.Children[0].Person {
			t.Errorf("%q is %s's", n.Description, n.Child)
		}
	}
}

// voices are the child's voice in a record: mode, child and words.
func voices(r kerbside.Record) []string {
	var out []string
	for _, v := range r.ChildVoice {
		out = append(out, v.Mode+" "+v.Child+": "+v.Quote)
	}
	return out
}

func TestVoiceWithoutAVerbOfSpeech(t *testing.T) {
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"I saw Kezia, fifteen, at school. She wants him out, she doesn't want to come into care, she'd like to stay at her nan's.", []string{"paraphrase Kezia: She wants him out", "paraphrase Kezia: she doesn't want to come into care", "paraphrase Kezia: she'd like to stay at her nan's"}},
		{"I saw Amara, nine, by herself. On her worries thermometer she put seeing her brother at an eight, because she hasn't seen him since the summer.", []string{"paraphrase Amara: On her worries thermometer she put seeing her brother at an eight, because she hasn't seen him since the summer"}},
		{"I saw Anika, five. When I asked who makes her happy she pointed to her brother.", []string{"nonverbal Anika: she pointed to her brother"}},
		{"I saw Amara, nine. I asked her how contact went and she went really quiet and started pulling at the grass.", []string{"nonverbal Amara: she went really quiet and started pulling at the grass"}},
		{"I saw Reuben, twelve, with his dad, Ian. Ian said he was tired. I asked about respite and he gave me the smiley face.", []string{"nonverbal Reuben: he gave me the smiley face"}},
		{"Mum, Nasreen, said Shafiq has stopped smacking, and Tahmid, eleven, said the same when I asked him.", []string{"paraphrase Tahmid: Mum, Nasreen, said Shafiq has stopped smacking, and Tahmid, eleven, said the same"}},
		{"Visit to Jade, nine, and Dane, six. Jade isn't sure what goes on, she said it and then took it back.", nil},
	} {
		if got := voices(readText(t, c.words).record); !slices.Equal(got, c.want) {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

func TestQuestionsAreNoFindings(t *testing.T) {
	r := readText(t, "I saw Amara, nine. Then she was like, \"Mummy cried the whole time and I didn't know what to do.\" I asked her to stop and she did. I asked Agnieszka, when Marek went out for a cigarette, if she feels safe.").record
	for _, k := range r.Risks {
		if strings.Contains(k.Text, "cried") && k.Attribution.Kind != kerbside.ChildSaid {
			t.Errorf("%q is %s", k.Text, k.Attribution.Kind)
		}
		if strings.HasPrefix(k.Text, "I asked") || k.Text == "she did" {
			t.Errorf("a risk: %q", k.Text)
		}
	}
}

func TestWhoWentWithMumWasNotLeftBehind(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Child protection visit. Mum, Folake, was in with Tobi, thirteen, Simi, nine, and Ife who is two. I spoke with Tobi and Simi together in the front room, mum was happy with that and went in the kitchen with Ife. Upstairs the girls' room was lovely, bunk beds, fairy lights. Tobi wouldn't let me in his.",
			map[string]string{"Ife": "child present yes not_stated yes", "Tobi": "child present yes not_stated no"}},
		{"Return interview with Mateo, fifteen, at Burger King. Mum is Lucia, stepdad is Grant. He went missing on Friday night and came back Sunday. It was just me and him. Lucia told me afterwards on the phone that she's worried.",
			map[string]string{"Mateo": "child present yes yes not_stated", "Lucia": "mother mentioned"}},
		{"visit to pat and the two boys alfie whos ten and teddy whos six pat let me in and grandad malcolm is doing the school run now", map[string]string{"malcolm": "grandfather absent"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestWhyNotAlone(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"I didn't get to see Simi on her own because Tobi wouldn't let Simi out of his sight.", "because Tobi wouldn't let Simi out of his sight"},
		{"Mum wouldn't let me talk to her alone.", "Mum wouldn't let me talk to her alone"},
		{"I couldn't see her alone as mum stayed in the room.", "as mum stayed in the room"},
		{"Simi wasn't seen alone. She wouldn't leave mum's side.", "She wouldn't leave mum's side"},
		{"Simi wasn't seen alone. The house was warm.", ""},
	} {
		r := readText(t, "CIN visit. I saw Simi, nine, with mum and Tobi, thirteen. "+c.words).record
		for _, v := range r.Children {
			if v.SeenAlone.Value != kerbside.No {
				continue
			}
			if v.SeenAlone.Reason != c.want {
				t.Errorf("%q, not %q", v.SeenAlone.Reason, c.want)
			}
			if n := len(v.SeenAlone.Evidence); c.want != "" && !strings.Contains(v.SeenAlone.Evidence[n-1].Quote, c.want) {
				t.Errorf("%q has no evidence", c.want)
			}
		}
	}
}

func TestWhoseWordsInOneSentence(t *testing.T) {
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"I spoke with Tobi, thirteen, and Simi, nine. They both said that things are better now. I pushed a bit and Simi said daddy came to the window and mummy told him to go away and he did go.",
			[]string{"paraphrase Tobi: things are better now", "paraphrase Simi: things are better now", "paraphrase Simi: daddy came to the window and mummy told him to go away and he did go"}},
		{"I saw Mateo, fifteen. He denied he's carrying anything for them.", []string{"paraphrase Mateo: denied he's carrying anything for them"}},
		{"I saw Ruby, four. She said, \"naughty hot thing,\" and she hid her hand behind her back.", []string{"direct Ruby: naughty hot thing"}},
		{"Visit to Grace, twelve. I asked what happens and she said, \"I just put the chair there and she pulls up.\" She'd like to go on the residential.", []string{"direct Grace: I just put the chair there and she pulls up", "paraphrase Grace: She'd like to go on the residential"}},
		{"Nan, Pat, let me in with Teddy, six. Pat told me Teddy's been wetting the bed and he told her mummy said he's coming home soon.", nil},
	} {
		if got := voices(readText(t, c.words).record); !slices.Equal(got, c.want) {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

func TestOwnWordsAndDoors(t *testing.T) {
	r := readText(t, "Visit to Evie, seven. Dad, Rob, answered the door, he was warm and friendly. He hasn't had a drink for eleven months, his words. I said to him did somebody make you do that.").record
	for _, k := range r.Risks {
		if strings.Contains(k.Text, "drink") && k.Attribution.Kind != kerbside.AdultSaid {
			t.Errorf("%q is %s", k.Text, k.Attribution.Kind)
		}
		if strings.Contains(k.Text, "did somebody") {
			t.Errorf("a question is a risk: %q", k.Text)
		}
	}
	for _, k := range r.Strengths {
		if strings.Contains(k.Text, "friendly") && k.Attribution.Kind != kerbside.Observed {
			t.Errorf("%q is %s", k.Text, k.Attribution.Kind)
		}
	}
}

func TestWhoIsWhoWithoutCapitals(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"its a cp visit done at school and then at home so i saw ellis first hes six his teacher mr kaur brought him to the library and left us to it then i went to the house mum carys was in and megan whos three",
			map[string]string{"ellis": "child present yes yes not_stated", "megan": "child present not_stated not_stated not_stated", "carys": "mother present"}},
		{"visit to tamika shes seventeen and her baby boy kairo hes 5 months old gloria let me in tamika was changing kairo when i got there and tamika said hes put on weight shell be back at college in january",
			map[string]string{"kairo": "child present yes not_stated not_stated", "shell": ""}},
		{"CIN visit. Ivana, mum, was in with Lukas who's nearly eight and Ellie-Mae, fourteen months. Ivana seems more confident, she told me she's signed up for a class. I had a chat with Lukas in his bedroom.",
			map[string]string{"Lukas": "child present yes not_stated yes"}},
		{"LAC visit to Sienna, eleven, and Blake, nine. They're with their nan and grandad, so kinship, that's Trish and Colin Vickers. The routines are good, they've both got their own rooms and I saw both.",
			map[string]string{"Trish": "grandmother mentioned", "Colin Vickers": "grandfather mentioned", "Blake": "child present yes not_stated yes"}},
		{"Assessment visit with Mr and Mrs Adu, Kofi and Ama, for their grandson Jonah, four. Jonah was there. Their son Joost lives ten minutes away and would be the backup.",
			map[string]string{"Mrs Adu": "", "Joost": "son mentioned"}},
		{"Visit to Aarav, nine, with mum, Hetal, and his baby sister Diya who is one. Mum counts him in every time and tells him what she is doing.",
			map[string]string{"baby": "", "Diya": "child present yes not_stated not_stated"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestWhereVoicesBeginAndEnd(t *testing.T) {
	for _, c := range []struct {
		words string
		want  []string
	}{
		{"I saw Sienna, eleven, by herself. She told me mum messaged her. I said what did she say and Sienna said that she was getting a new house.", []string{"paraphrase Sienna: mum messaged her", "paraphrase Sienna: she was getting a new house"}},
		{"I saw Blake, nine. I left him a card with the feelings on it and when I came back he'd circled lonely and he'd written MUM next to it.", []string{"paraphrase Blake: he'd circled lonely and he'd written MUM next to it"}},
		{"I saw David, nine, by himself. He said he gets scared. Dad, Chidi, has finished the course and he talked about it. He said I was raised with the belt.", []string{"paraphrase David: he gets scared"}},
		{"I saw Jonah, four. I asked about mummy and he said mummy is sleeping and then he went under the table.", []string{"paraphrase Jonah: mummy is sleeping"}},
		{"I saw Zaynab, ten, on her own. She said baba broke the door and she put Hiba in the wardrobe and told her it was a game. She misses her friends. Yusuf, seven, wouldn't settle.", []string{"paraphrase Zaynab: baba broke the door and she put Hiba in the wardrobe and told her it was a game", "paraphrase Zaynab: She misses her friends"}},
		{"Visit to Aarav, nine, with mum, Hetal. Mum counts him in every time and tells him what she is doing.", nil},
	} {
		if got := voices(readText(t, c.words).record); !slices.Equal(got, c.want) {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

func TestNamesShortAndTitles(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CP visit. Present were Mrs Osei, Kofi aged fourteen and Abena, twelve. Kofi let me in.", map[string]string{"Kofi": "child present yes not_stated not_stated", "Abena": "child present yes not_stated not_stated"}},
		{"CIN visit to Alexander, nine, at home. Mum, Jo, was in. Alex showed me his Lego.", map[string]string{"Alexander": "child present yes not_stated not_stated", "Alex": "", "Jo": "mother present"}},
		{"Visit to Kyle, ten, and Kaitlyn, fifteen. Kaitlyn wasn't there. Kaitlyn did text Leanne this morning to say she was alive and to leave her alone.", map[string]string{"Kaitlyn": "child absent no not_stated not_stated"}},
		{"CIN visit to Rosie, twelve, and Jayden, six. Mum Kim was in and so was Rosie's social worker from the young carers, Abby. She had half a bottle on Saturday and the kids were at her mum's. Jayden was happy, he read me a page. Abby's going to see Rosie in school on Thursdays, and I'll talk to nan.",
			map[string]string{"Abby": "social worker present", "Jayden": "child present yes not_stated not_stated"}},
		{"child protection visit dad is chidi mum is ngozi and the kids are david whos nine and favour whos six chidi let me in then i saw favour she was colouring", map[string]string{"favour": "child present yes not_stated not_stated"}},
		{"Child protection visit. Mum, Becca, was on a late so dad, Glenn, was in with Tamsin, fourteen.", map[string]string{"Becca": "mother absent"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestTheyOfOnePerson(t *testing.T) {
	r := readText(t, "LAC visit to Robin, fifteen, who uses they/them. I saw Robin in the lounge. They said they're getting on better here. I spoke with the carers. They told me Robin eats well.").record
	if got, want := voices(r), []string{"paraphrase Robin: they're getting on better here"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestWhoSomebodyIsIsSaidLater(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Child in need visit. Nan let me in, that's Gwenda, and then Kirsty came through, mum, and Callum was at the table. He's five.",
			map[string]string{"Gwenda": "grandmother present", "Kirsty": "mother present", "Callum": "child present yes not_stated not_stated"}},
		{"Nobody came to the door. Then Darren rang me, their dad, he's in Hull.", map[string]string{"Darren": "father mentioned"}},
		{"CIN visit. Zohra opened the door. All three were in, Bilal twelve, Sana nine and Idris four.",
			map[string]string{"Zohra": "present", "Bilal": "child present yes not_stated not_stated", "Sana": "child present yes not_stated not_stated", "Idris": "child present yes not_stated not_stated"}},
		{"Joe Kelly, fourteen, CIN visit. Both parents in, Moira and Pat. Pat's knee went in March and he can't manage the stairs.", map[string]string{"Moira": "mother present", "Pat": "father present"}},
		{"Pre-birth assessment, Tara Quinn, thirty weeks. She'd a neighbour there, Bev, who did the talking. Tara would do well with her own mother.", map[string]string{"Bev": "neighbour mentioned"}},
		{"CP visit. Mrs Rahimi, Parwana, let me in. Interpreter was Hashmat, over video. Leila, eleven, was home.", map[string]string{"Parwana": "", "Hashmat": "interpreter mentioned"}},
		{"Kezia's five weeks off having it and on her own. Levi's nine and he told me he isn't in school.", map[string]string{"Levi": "child present yes not_stated not_stated"}},
		{"CIN visit. Bridie, mum, was in with Declan, six. She says her sister Carys does the forms with her.", map[string]string{"Carys": "aunt mentioned"}},
		{"Return interview with Tia, fifteen. Her key worker says a boy called Zed dropped her at the gate.", map[string]string{"Zed": "mentioned"}},
		{"CIN visit. Zayn's fourteen and he answered. Little Musa's four and he was on the rug.", map[string]string{"Musa": "child present not_stated not_stated not_stated", "Little Musa": ""}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestChildrenByTheHeading(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Child protection, for Conor, Aoife and wee Cillian. The da, Donal, was at work. Conor's sixteen. I saw Aoife in her room, just the two of us.", map[string]string{"Aoife": "child present yes yes yes", "Cillian": "child present not_stated not_stated not_stated", "Donal": "father absent"}},
		{"School visit, year four, Jamal and his sister Hafsa in Reception. Jamal told me he likes it. Noah's at nursery till one so not seen.", map[string]string{"Noah": "child absent no not_stated not_stated"}},
		{"Visit at the home. I saw Tyrell and his sister Keziah. He's fifteen, she's fourteen.", map[string]string{"Tyrell": "child present yes not_stated not_stated", "Keziah": "child present yes not_stated not_stated"}},
		{"CIN visit. The elder child, Anisha, came in from school. Hasan's a toddler, two.", map[string]string{"Anisha": "child present yes not_stated not_stated", "Hasan": "child present not_stated not_stated not_stated"}},
		{"Looked after visit, brothers Filmon and Yonas, in lodgings with Mr and Mrs Hale. Filmon told me he wakes up a lot.", map[string]string{"Filmon": "child present yes not_stated not_stated", "Yonas": "child present not_stated not_stated not_stated"}}, // of Yonas nothing says that he was seen
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestUsTwoAreNoChildren(t *testing.T) {
	wantTold(t, "CIN visit. Jake's fourteen and he answered the door. Amira, nine, sat with me on the stairs, just us two. Ben is four.", map[string]string{
		"Jake": "child present yes not_stated not_stated", "Amira": "child present yes yes not_stated"})
}

// Who is missing was not there, whatever is told of them.
func TestMissingIsNotSeen(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Seventeen year old, Kieron, didn't come home last night. Carer reported him missing at one. He said to his mate he'd rather be elsewhere.", map[string]string{"Kieron": "child mentioned not_stated not_stated not_stated"}},
		{"Tia, fifteen, is missing again. She told her mum she's with friends. She was last seen at the bus station.", map[string]string{"Tia": "child mentioned not_stated not_stated not_stated"}},
		{"Rhys went missing from placement last night. Police have been told.", map[string]string{"Rhys": "child mentioned not_stated not_stated not_stated"}},
		{"Tia, fifteen, was missing from Friday to Sunday. She told me she'd been at a friend's.", map[string]string{"Tia": "child present yes not_stated not_stated"}},
		{"Ade, eight, is missing his dad. He was playing in the lounge.", map[string]string{"Ade": "child present yes not_stated not_stated"}},
		{"Dropped in on Nan as I was passing. Only Nan in. She's worried about Lewis, he came home late on Saturday. Lewis is fourteen.", map[string]string{"Lewis": "child mentioned not_stated not_stated not_stated"}},
		{"Statutory visit to Amara. Amara was asleep in her cot, I looked in on her, she was breathing fine. She's eleven months.", map[string]string{"Amara": "child present yes not_stated yes"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

// Who is met with somebody is the one of whom the next sentence goes on.
func TestWhoWasMetWithAnother(t *testing.T) {
	r := readText(t, "Ellie told me she is sad. She's twelve. I saw her at school with Mrs Dhillon. She was shaking.").record
	for _, x := range r.Risks {
		if strings.Contains(x.Evidence[0].Quote, "shaking") && (len(x.About) != 1 || x.About[0] != r.Children[0].Person) {
			t.Errorf("shaking is about %v", x.About)
		}
	}
}

func TestSeenOnlyWhereTheWorkerWas(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Rang the school about Liam, he's eight. Mrs Cartwright's out till Monday so I've left a message with the office.", map[string]string{"Liam": "child absent no not_stated not_stated"}},
		{"Visit to Shannon, fourteen. Mum let me in. Shannon was in bed. I talked to mum in the kitchen.", map[string]string{"Shannon": "child present not_stated not_stated not_stated"}},
		{"I should have been at the unit to see Callan but the ferry was off, so it was a video call, and that isn't seeing him so put not seen. He's twelve, full care order. Moira, his key worker, was behind him. Moira rang me after, on her own: one restraint this month.",
			map[string]string{"Callan": "child present no not_stated not_stated"}},
		{"Assessment with Mrs Ford. Sylvia told me that when her daughter Paula was little she was too hard on her. Paula turns up, she says, most nights. The boy's Jaydon, seven, and he was at school, so he's not been seen today.",
			map[string]string{"Paula": "daughter present", "Jaydon": "child absent no not_stated not_stated"}},
		{"CIN visit. Mum Tracy was in with Alfie, six. His brother Ewan, eleven, was at football so I didn't see him this time. I talked to Alfie, just us two.",
			map[string]string{"Ewan": "child absent no not_stated not_stated", "Alfie": "child present yes yes not_stated"}},
		{"Owen Price, fifteen, CIN visit. Both parents in, Sheila and Gwyn. There's no bruising on his arms, and Sheila, who does his wash, has seen none either. He told me he likes it there.", map[string]string{"Owen Price": "child present not_stated not_stated not_stated"}},
		{"Return interview with Tia, Friday. She's sixteen and she wouldn't do it at the unit, so the café on Hill Street, the two of us. She told me she's fine.", map[string]string{"Tia": "child present yes yes not_stated"}},
		{"Section 47, Friday the nineteenth, with DC Shaw, at the hospital. Beatriz is three and Tiago's her brother, twelve. Bea was asleep.", map[string]string{"DC Shaw": "police officer present", "Bea": ""}},
		{"Looked after visit to Yonas, sixteen, at his lodgings. His host Mrs Kerr was in, and Almaz interpreted in person. No health visitor, not needed.", map[string]string{"Mrs Kerr": "host present", "Almaz": "interpreter present", "health visitor": ""}},
		{"CIN visit. The child is Ewurama, known as Ama, who is eleven. Ama told me she is happy.", map[string]string{"Ewurama": "child present yes not_stated not_stated", "Ama": ""}},
		{"CIN visit. Kylie's partner is Dazza, Darren Boyle, he's dad to Leo, four. Leo was in.", map[string]string{"Dazza": ""}},
		{"CIN visit. Levi's nine. Kezia's brother Tobias had it moved across the yard and a new battery in while I stood there.", map[string]string{"Tobias": "brother present"}},
		{"School visit. I saw Tom, nine. His sister Ola was off poorly, so no Ola today.", map[string]string{"Ola": "sister absent"}},
		{"CIN visit, Mr Boadu and his two, Afia, twelve, and Esi, eight. I spoke to them with him in the kitchen, never one to one.", map[string]string{"Afia": "child present not_stated not_stated not_stated"}},
		{"CIN visit to Lou and the twins, Alby and Arlo, seven months. We saw them asleep, in separate cots, nothing in the cots but them.", map[string]string{"Alby": "child present yes not_stated not_stated"}},
		{"Placement visit. Amaya is five weeks and her sister Nevaeh is two. The cots are in her room, I saw, two blankets too many and I took them out.", map[string]string{"Nevaeh": "child present not_stated not_stated yes"}},
		{"joint visit with amrit to colin and trish the lads were at school so we didnt see either of them bailey is eleven and his brother kyle is nine colin accepts he got hold of baileys hood and he said never", map[string]string{"bailey": "child absent no not_stated not_stated"}},
		{"Children in need, but only on the phone, as it's icy. I spoke to dad, Len. The kids were in the background, Isaac, seven, and Naomi, four. Isaac said he likes snow.", map[string]string{"Isaac": "child present no not_stated not_stated"}},
		{"CIN visit. I put my head in Filmon's room, he is sixteen. Dad, Sami, never turned up.", map[string]string{"head teacher": "", "Sami": "father absent"}},
		{"I saw Leo, nine. Bridie's the mum and she was in. Mrs Achebe at Larkfield has put it in writing.", map[string]string{"Bridie": "mother present", "Larkfield": ""}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestNextVisitInOtherWords(t *testing.T) {
	const before = "CIN visit to Orla, seven, Thursday 29th October 2026. She showed me her room and talked about school and the dog. Mum was in and made tea and told me about the new flat. Orla said she likes it there. "
	for words, want := range map[string]string{
		"We'll meet again in two weeks, same time.":                  "2026-11-12",
		"I'm seeing them separately next time, the sixteenth.":       "2026-11-16",
		"I'll see the pair of them Sunday.":                          "2026-11-01",
		"I'm seeing her Monday.":                                     "2026-11-02",
		"Next one, Tuesday three weeks.":                             "2026-11-24",
		"Oh, and we're three-weekly, so the nineteenth of November.": "",
		"Six-weekly, so the tenth of December.":                      "2026-12-10",
	} {
		if got := readText(t, before+words).record.Visit.NextVisit.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestHostsAndHeadingsSaidLate(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Kinship assessment with Esther and Kojo Boateng, Tuesday. Their grandson Nii has been with them since May. He's seven. His dad isn't known. Nii asked if he could show me the shed so I went out with him while they stayed in. He told me he's growing beans.",
			map[string]string{"Esther": "grandmother present", "Kojo Boateng": "grandfather present", "Nii": "grandson present yes yes not_stated"}},
		{"Looked-after visit, Idris, at Geraldine and Trevor's, Friday. Trevor was at work. Idris's fifteen.", map[string]string{"Geraldine": "foster carer present", "Trevor": "foster carer absent"}},
		{"I drove out for Malachi's six-weekly and he wasn't there. Sheryl, that's his foster carer, had it down for tomorrow. His brother Caleb has moved.", map[string]string{"Malachi": "child absent no not_stated not_stated", "Sheryl": "foster carer mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
	v := readText(t, "Tara was in bits over a letter and it was only the optician, so we read it together. She can't manage the forms, she says her sister does them. Isla's five and she'd a jumper on that was too small, and her hair in plaits. Rory, eleven months, laughed each time Tara did the duck noise. The bottles were in the steriliser, timed on her phone. I did wonder about the gate. "+
		"Oh, the details. Child in need, Wednesday third of June, quarter past three, she was expecting me.").record.Visit
	if v.Type.Value != "statutory_child_in_need" || v.Date.Value != "2025-06-03" || v.Time.Value != "15:15" || v.Announced.Value != "yes" {
		t.Errorf("type %q, date %q, time %q, announced %q", v.Type.Value, v.Date.Value, v.Time.Value, v.Announced.Value)
	}
	for words, want := range map[string]string{
		"Called at the Shaws'. Nobody answered at nine so I went back at twenty past twelve.": "12:20 not_stated", "LAC visit to Ciara, fifteen. I'd said eleven.": "11:00 yes", "CIN visit. Due at two and there at two. Bed made.": "14:00 yes", "CIN visit. I saw Leo's room, bed made.": " not_stated",
	} {
		v := readText(t, words).record.Visit
		if got := v.Time.Value + " " + v.Announced.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestHowItEnded(t *testing.T) {
	for words, want := range map[string]string{
		"Unannounced to number six, the Orams. Knocked twice, could hear a radio, nobody came. The man next door came out and said they'd gone to Wales.": " no_access no",
		"Nobody was in at the Orams, I left a card.":                                                                                  " no_access no",
		"Drove over to the house, nobody about, so I left a card for Mrs Oram.":                                                       " no_access no",
		"Rang the bell twice, I could see someone in there but they didn't come to the door. Spoke to Sajid, he says go back at six.": " no_access no",
		"Visit to Kit Oram, nine. We sat on the swings, nobody about. He told me he is fine.":                                         "in_person completed yes",
		"Called at nine and Mr Oram wouldn't let me over the step without his wife there.":                                            " refused not_stated",
		"Failed visit to the Orams. Nan answered the door and she wouldn't let me in without her daughter there.":                     " refused not_stated",
		"Visit to the Orams. Dad wouldn't let me in at first, then he let me in. Kit, nine, sat with us at the table.":                "in_person completed yes",
		"Visit to the Orams. Mum said nobody came to her party. Kit, nine, showed me his fish.":                                       "in_person completed yes",
		"Visit cancelled, Jo Oram rang at nine to say the baby has chickenpox.":                                                       " cancelled not_stated",
		"Phone call with Jo Oram. She's cancelled today's visit as they're all poorly.":                                               "phone cancelled not_stated",
		"Core group for Kit Oram, nine, at his school. Kit wasn't there. Mum was, and the head.":                                      "meeting completed no",
		"I've just come out of the strategy meeting about Kit Oram, nine.":                                                            "meeting completed not_stated",
		"Child in need visit to Kit Oram, nine. The core group is next week. He showed me his fish, mum was out.":                     "in_person completed yes",
		"Just come off the phone to Jean, who fosters Kit, nine. She said he'd kicked a door. I spoke to Kit too.":                    "phone completed no",
	} {
		v := readText(t, words).record.Visit
		mode, seen := v.Mode.Value, v.ChildSeen.Value
		if mode == kerbside.NotStated {
			mode = ""
		}
		for _, c := range readText(t, words).record.Children {
			if c.ChildSeen.Value != kerbside.NotStated && seen != kerbside.Yes {
				seen = c.ChildSeen.Value
			}
		}
		if got := mode + " " + v.Outcome.Value + " " + seen; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestDaysToComeAreNoVisitDays(t *testing.T) {
	const before = "Child in need visit to Kit Oram, nine. He was in the garden. Mum was fine. We talked about nursery and the plan and she has paid the gas. "
	for words, want := range map[string]string{
		"I've arranged to go back on the eighth.":                              " 2026-04-08 ",
		"Planning meeting Monday at eleven.":                                   "  ",
		"I've got their visit booked for Wednesday at two.":                    " 2026-03-18 ",
		"I said I'd come and see him tomorrow after school, about half three.": " 2026-03-13 ",
		"Will do another unannounced tomorrow morning.":                        " 2026-03-13 ",
		"Said I'd pop back Monday when dad's home.":                            " 2026-03-16 ",
		"I'll have to go back before Wednesday to be in time.":                 "  ",
		"I'll drop by Thursday the nineteenth with the forms.":                 " 2026-03-19 ",
		"Next statutory is due by the tenth of July.":                          "  ",
		"Jo is ringing the school and she's meeting me at the clinic at two.":  "  ",
		"The next core group is the seventh of July. Conference is the ninth.": "  ",
	} {
		v := readText(t, before+words).record.Visit
		if got := v.Date.Value + " " + v.NextVisit.Value + " " + v.Time.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
		if v.Announced.Value != kerbside.NotStated {
			t.Errorf("%q: announced %s", words, v.Announced.Value)
		}
	}
	v := readText(t, "I tried the Orams on Monday, nobody in, tried again on Tuesday, and today I caught them. Kit, nine, was reading.").record.Visit
	if got, want := v.Date.Value, "2026-03-12"; got != want {
		t.Errorf("day of the visit: %q, not %q", got, want)
	}
}
