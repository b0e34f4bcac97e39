package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// What a court reads first: who said it, who somebody is, and where a child's own words begin and end. Each of these was once put down wrong.

func TestAloneOnlyWhereItIsSaid(t *testing.T) {
	for words, want := range map[string]string{
		"Daniela let me in. Matteo is four. I didn't speak to Matteo on his own, he's shy, but I sat on the floor with him while Daniela was hanging out the washing.":  kerbside.No,
		"Daniela let me in. Matteo is four. I sat on the floor with Matteo while Daniela was hanging out the washing.":                                                  kerbside.Yes,
		"Ella is six. I took Ella to the park and mum came too. She said dad shouts.":                                                                                   kerbside.NotStated,
		"Ella is six. I took Ella to the park. She said dad shouts.":                                                                                                    kerbside.Yes,
		"Jayden's eleven. His mum is Lisa. I asked to see Jayden by himself and Craig said no at first, then Lisa said it was fine. In the garden Jayden said he's ok.": kerbside.NotStated,
		"Jayden's eleven. I asked to see Jayden by himself and Craig said no.":                                                                                          kerbside.No,
		"Jayden's eleven. His mum is Lisa. I asked to see Jayden on his own, mum wasn't keen at first but then agreed and we went to his room.":                         kerbside.Yes,
	} {
		children := readText(t, words).record.Children
		if len(children) != 1 || children[0].SeenAlone.Value != want {
			t.Errorf("%s: %+v, want %q", words, children, want)
		}
	}
	children := readText(t, "Ella, nine. She'd rather I came on Friday. I hide under the bed when daddy shouts.").record.Children
	if len(children) != 1 || children[0].BedroomSeen.Value == kerbside.Yes {
		t.Errorf("the bedroom was seen, by who hides there: %+v", children)
	}
}

// wantSource holds, for each text, who says the risk whose words contain a part: "" when the worker saw it.
func wantSource(t *testing.T, words, part, who string) {
	t.Helper()
	risks := readText(t, words).record.Risks
	n := slices.IndexFunc(risks, func(r kerbside.Risk) bool { return strings.Contains(r.Text, part) })
	if n < 0 {
		t.Errorf("%s: no risk with %q in %+v", words, part, risks)
		return
	}
	a := risks[n].Attribution
	if who == "" && a.Kind != kerbside.Observed || who != "" && (a.Kind == kerbside.Observed || !strings.EqualFold(a.Who, who)) {
		t.Errorf("%s: %q is %s's (%s), want %q", words, risks[n].Text, a.Who, a.Kind, who)
	}
}

func TestWhoSaysItAndWhoOnlyExplainsIt(t *testing.T) {
	for _, c := range [][3]string{
		{"Tyler had a small cut on his hand, he said it was from the bike.", "cut", ""},
		{"Mum smelled of alcohol, she said it was mouthwash.", "alcohol", ""},
		{"There was a dent in the door, Darren said that was the dog.", "dent", ""},
		{"Star, who is one, was in her chair. She has a new scratch on her cheek, mum says that's the cat.", "scratch", ""},
		{"Dad has been drinking again, mum said that he had four cans on Friday.", "drinking", "mother"},
		{"Dad has been drinking again, mum said.", "drinking", "mother"},
		{"Mum, Carla, was in. Carla came back in and she was tearful, she said he hit her.", "hit her", "Carla"},
		{"Natasha says he's not drinking, though there were cans by the bin.", "cans", ""},
		{"School had emailed me that Lewis's attendance is down to eighty per cent.", "attendance", "School"},
		{"The health visitor texted me that the baby's lost weight.", "weight", "health visitor"},
		{"Amira is twelve. Jan met me at the door and told me Amira had had a bad night.", "bad night", "Jan"},
		{"Visit with an interpreter on the phone. Mum Ewa. Filip is six. Through the interpreter Ewa said Marek is hitting him.", "hitting", "Ewa"},
		{"Daniela let me in. Matteo is four and Sofia's two. Daniela says she feels stronger. The order is in place until September. She hasn't seen Marco since court. She says he drove past twice.", "drove past", "Daniela"},
		{"Tyler is eight. Tyler said he likes school. Dad came in. I asked how work was and he said he's been laid off.", "laid off", "father"},
		{"Tyler is eight and Kyle is ten. Tyler said he likes school. I asked Kyle what he thought and he said he hates it.", "hates", "Kyle"},
		{"Jayden's eleven. Craig got aggressive and told me to get out.", "aggressive", ""},
		{"Ella is four. There were bruises on her arms, the health visitor told me she saw them on Monday.", "bruises", "health visitor"},
		{"Alex is thirteen. Sam who's ten said that Alex gets called names on the bus.", "names", "Sam"},
		{"Callum is eight. He said auntie Denise is nice. He misses his brother Kyle and asked when he'd see him. I asked is there anything he's worried about and he said that mum will be cross with him.", "cross", "Callum"},
		{"So Ellie-Mae, she's fifteen, I met her in a café. She'd come with her friend Jodie but Jodie sat at another table. She said mum's boyfriend Carl calls her a slag.", "slag", "Ellie-Mae"},
	} {
		wantSource(t, c[0], c[1], c[2])
	}
	for _, r := range readText(t, "A man answered who gave his name as Paul Stanley, he was polite but he wouldn't let me past the hall at first. Then I was let in.").record.Risks {
		if r.Attribution.Kind != kerbside.Observed {
			t.Errorf("%q is %q's", r.Text, r.Attribution.Who)
		}
	}
}

func TestChildsWordsWithoutTheWorkers(t *testing.T) {
	for words, want := range map[string][]string{
		"Mason is eight. I saw Mason in the hallway and he said I hate school.":                                                                           {"I hate school"},
		"Mason is eight. I saw Mason by himself and he said mummy sleeps all day and I have to do the baby's nappy.":                                      {"mummy sleeps all day", "and I have to do the baby's nappy"},
		"Aisha is nine. Aisha told me in her room, just me and her, that it's better.":                                                                    {"it's better"},
		"Alex is thirteen and uses they, them. I went up after and knocked, they said come in, we talked for a while. They told me school is better now.": {"school is better now"},
	} {
		var got []string
		for _, v := range readText(t, words).record.ChildVoice {
			got = append(got, v.Quote)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}

func TestWhoIsTheChildAndWhoTheParent(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Kelly let me in. Kelly was there with her mum Sandra, and Tyler who's eleven and little Poppy, she's five. Tyler said he's scared to be in when mum's at work.", map[string]string{"Kelly": "mother present", "Sandra": "grandmother present"}},
		{"Ellie let me in, her mum Sandra was in the kitchen with her brother Tyler who's eleven.", map[string]string{"Sandra": "mother present"}},
		{"Follow up visit on the Rashids. Samina, dad Imran and all three kids in. Aisha told me in her room that it's better. Bilal and Yusuf were fine. Samina was quiet, she whispered can you call me tomorrow.", map[string]string{"Samina": "present", "Aisha": "child present not_stated not_stated yes", "Bilal": "child present not_stated not_stated not_stated", "Yusuf": "child present not_stated not_stated not_stated"}},
		{"Home visit this afternoon. Donna and both kids were in. Craig told me he's moving out. Gary said it's for the best. The house was tidy.", map[string]string{"Craig": "present", "Gary": "present"}},
		{"Mum Karen and all four children were home, Toby, Ellie, Max and the baby. Toby told me he's scared of Mike.", map[string]string{"Toby": "child present yes not_stated not_stated", "Ellie": "child present yes not_stated not_stated", "Max": "child present yes not_stated not_stated", "Mike": "mentioned"}},
		{"All the children were in, Karen and Mike were out. Toby, six, was drawing.", map[string]string{"Toby": "child present yes not_stated not_stated", "Karen": "absent", "Mike": "absent"}},
		{"Visit to Kayleigh Marsh's two, Tyler-James, four, and Star. Kayleigh had cleaned up. She denied seeing Lee.", map[string]string{"Kayleigh Marsh": "present"}},
		{"Present were Mrs Hughes, that's Bethan, and her children Rhys twelve and Cerys eight. Bethan said Rhys did that.", map[string]string{"Bethan": "", "Rhys": "child present yes not_stated not_stated"}},
		{"Kirsty is the mum. She laughed it off when I asked and said she'd be a granny at thirty two.", map[string]string{"grandmother": ""}},
		{"Visit to Amira, twelve, at her foster carer's, that's Jan. Jan met me at the door.", map[string]string{"Jan": "foster carer present"}},
		{"I've not seen Alfie or Grace since the fourteenth of February.", map[string]string{"Grace": "mentioned"}},
		{"I've just been to see Dylan at the hospital. He's seven. Mum Chantelle was on the ward, dad Kyle isn't allowed on.", map[string]string{"Dylan": "child present not_stated not_stated not_stated", "Kyle": "father absent"}},
		{"Tina to speak to Change Grow Live. Tina is the mum.", map[string]string{"Change Grow Live": ""}},
		{"Ewan is eight. I spoke to Grace on her own.", map[string]string{"Grace": "present"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

// TestCutShort: a text may end anywhere.
func TestCutShort(t *testing.T) {
	words := strings.Fields("Visit to Kayleigh Marsh's two, Tyler-James, four, and Star. I asked Jan's mum and he misses his brother Kyle. All the children were home, Toby, Ellie and Max. Kelly let me in, though there was her mum's coat. Sam who's ten said he's going to ring Jo tomorrow and come back on Friday. School had emailed me that Star's")
	for a := range words {
		for b := a + 1; b <= len(words); b++ {
			readText(t, strings.Join(words[a:b], " "))
		}
	}
}

func TestWhereAndWhatKindOfVisit(t *testing.T) {
	for words, want := range map[string]string{
		"School emailed me to say Lewis's attendance is down. Then a home visit to Lewis and mum.":                     "home",
		"Karen, Mike and both kids were in. Toby said he hates school.":                                                "",
		"Jasmin's friend told school she's worried. Harpreet answered.":                                                "",
		"It was a looked-after visit to Callum, eight, his placement's with his auntie Denise. He showed me his book.": "",
	} {
		if got := readText(t, words).record.Visit.Place.Value; got != want && !(want == "" && got == kerbside.NotStated) {
			t.Errorf("%s: at %q, want %q", words, got, want)
		}
	}
	late := "I got there at quarter to six because Funmi doesn't finish work till five. Funmi and the boys were in, Tunde who's twelve, Kola nine. Their uncle Segun was there too, he's staying for a bit, and he made us all a cup of tea while we sat and waited for Funmi to come down from the bath. Statutory child in need. Funmi said Kola is well."
	if got := readText(t, late).record.Visit.Type.Value; got != kerbside.VisitChildInNeed {
		t.Errorf("a kind of visit that stands by itself: %q", got)
	}
	if v := readText(t, "Mum wouldn't let me in at first, she said come back later and shut the door.").record.Visit; v.Outcome.Value != kerbside.OutcomeRefused {
		t.Errorf("refused for good: %q", v.Outcome.Value)
	}
	if v := readText(t, "Mum was in with Ada, five. Dad isn't allowed in the house because of bail.").record.Visit; len(v.Attempts) > 0 {
		t.Errorf("an attempt: %+v", v.Attempts)
	}
	if v := readText(t, "A man answered, he wouldn't let me past the hall at first. Then they agreed I could come in, and Noah, who is four, was drawing.").record.Visit; v.Outcome.Value == kerbside.OutcomeRefused || len(v.Attempts) > 0 {
		t.Errorf("refused at first: %q, %d attempts", v.Outcome.Value, len(v.Attempts))
	}
}

func TestActionsOfTheVisitItself(t *testing.T) {
	wantDeeds(t, "Kit agreed I could come in. Corinne agreed to let me in.")
	wantDeeds(t, "I'll not be ringing the family back until I've had advice.")
	wantDeeds(t, "I will ring Mrs Oduya today, and see Daisy at school on Monday.", "worker|planned|2026-03-12|I will ring", "worker|planned|2026-03-16|see Daisy")
	wantDeeds(t, "Before I left Corinne agreed Daisy could stay with her nan tonight.", "corinne|agreed|2026-03-12|")
	wantDeeds(t, "Both of them want to be considered for long term.")
	wantDeeds(t, "I'll ring the dentist first thing tomorrow and come back on Thursday at five.", "worker|planned|2026-03-13|I'll ring the dentist first thing tomorrow")
	if got := readText(t, beforeDeeds+"I'll ring the dentist first thing tomorrow and come back on Thursday at five.").record.Visit.NextVisit.Value; got != "2026-03-19" {
		t.Errorf("the next visit is on %q", got)
	}
}

func TestWhatIsNoStrengthAndAsksForAttention(t *testing.T) {
	r := readText(t, "Elsie is eleven weeks. Mum is Jade. She had told Pauline last month she sometimes thinks Elsie would be better off without her. Jade laughed at that.").record
	if len(r.Strengths) > 0 {
		t.Errorf("a strength: %q", r.Strengths[0].Text)
	}
	if !slices.ContainsFunc(r.Warnings, func(w kerbside.Warning) bool { return w.Code == kerbside.WarnUrgentCue }) {
		t.Error("nobody is asked to look at it")
	}
	for words, want := range map[string]bool{
		"Jayden's eleven. There were fingertip bruises on his arm.":                                 true,
		"Jayden's eleven. In the garden Jayden said Craig makes him stand by the wall for an hour.": true,
		"Zac is six. He told me mummy was poorly and he couldn't wake her.":                         true,
		"Sam is fifteen. Sam told me he's thinking about cutting again.":                            true,
		"Jayden's eleven. His brother, seven, makes him stand in goal.":                             false,
	} {
		if got := slices.ContainsFunc(readText(t, words).record.Warnings, func(w kerbside.Warning) bool { return w.Code == kerbside.WarnUrgentCue }); got != want {
			t.Errorf("%s: urgent %v, want %v", words, got, want)
		}
	}
	for _, v := range readText(t, "I visited Michael at the unit. He's seventeen. He'd rather I text first.").record.ChildVoice {
		if v.Mode == kerbside.VoiceDirect {
			t.Errorf("very words: %q", v.Quote)
		}
	}
	for _, r := range readText(t, "Ada is four. I've asked Jo whether Sam has been checked, he hasn't.").record.Risks {
		if r.Text == "he hasn't" {
			t.Error("an answer without what it answers is a risk")
		}
	}
}
