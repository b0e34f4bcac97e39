package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// Notes of a few sentences, dictated in a hurry, tell nobody's age and often not who is who. What is taken for a child then makes a child's account of what is said.

func TestWhoIsTheChildInShortNotes(t *testing.T) {
	for words, want := range map[string]map[string]string{ // "" for a role that is not said
		"Visited Kelly and baby Mia at home. Kelly tearful, says dad has been turning up drunk.":                       {"Kelly": "", "Mia": "baby"},
		"Popped in to see Donna and the baby. Donna says she has stopped drinking.":                                    {"Donna": ""},
		"Home visit to Tyler and baby Mia. Mum tearful. Tyler said he hates it here.":                                  {"Tyler": "child", "Mia": "baby"},
		"Child in need visit to Leo and baby Mia. Leo said he likes school.":                                           {"Leo": "child"},
		"Saw Leo and his baby brother at home. Leo said mum shouts.":                                                   {"Leo": "child"},
		"Saw Ella and her baby sister Nora at home. Ella said mum shouts.":                                             {"Ella": "child", "Nora": "sister"},
		"Saw Kelly and her baby Mia. Kelly said he hits her.":                                                          {"Kelly": "mother"},
		"Maya says she isn't being hit any more. Mum denies she ever did it.":                                          {"Maya": "child"},
		"Tommo has been excluded again. Mum at the end of her tether. Dad not involved.":                               {"Tommo": "child"},
		"Visited Kelly. Mum tearful. Kids fine.":                                                                       {"Kelly": "mother"},
		"Saw Kelly today. She says dad is drinking again.":                                                             {"Kelly": ""},
		"Saw Jayden at school, on his own. He said he feels safe at home. Mum's boyfriend has moved out.":              {"Jayden": "child"},
		"Lacey was seen at nursery. Key worker says she is hitting other children. Mum is engaging well.":              {"Lacey": "child"},
		"Statutory visit, Aaliyah seen alone in her bedroom. She says contact with dad makes her sad.":                 {"Aaliyah": "child"},
		"Child protection visit. Maisie and Alfie both seen, not alone because gran wouldn't leave the room.":          {"Maisie": "child", "Alfie": "child"},
		"Child protection visit to Leo, six. I want Kayleigh seen without Wayne.":                                      {"Kayleigh": "", "Wayne": ""},
		"Children seen: Ruby, Jack and Tom. Ruby has nits again.":                                                      {"Ruby": "child", "Jack": "child", "Tom": "child"},
		"Visited Holly and her two, Riley and Jude. Both well.":                                                        {"Holly": "mother", "Riley": "child", "Jude": "child"},
		"Spoke to Mohammed at the foster carer's. He wants to see his brother more.":                                   {"Mohammed": "child"},
		"Saw Nathan with his key worker at the children's home. He'd like to go home.":                                 {"Nathan": "child"},
		"Visit today with my student Hannah to see Marcus. Mum said he fell down the stairs, dad said he fell off it.": {"Hannah": "student social worker", "Marcus": "child"},
		"Home visit. Sean 13 is vaping. Aoife 10 is brilliant at maths.":                                               {"Sean": "child", "Aoife": "child"},
		"Sean aged 13 is vaping.": {"Sean": "child"},
		"Placement visit. Carer gave notice. Rhys overheard and is upset. He told me nobody wants him.": {"Rhys": "child"},
		"Placement visit. Foster carer Julie gave notice. Rhys is upset.":                               {"Rhys": "child", "Julie": "foster carer"},
	} {
		got := map[string]string{}
		for _, a := range readText(t, words).record.Attendees {
			got[a.Name] = a.Role
		}
		for name, role := range want {
			if r, ok := got[name]; !ok || r != role {
				t.Errorf("%q: %s is %q (found: %v), not %q", words, name, r, ok, role)
			}
		}
	}
}

func TestWhoseWordsInShortNotes(t *testing.T) {
	for words, want := range map[string]string{ // whose account it is
		"Visited Kelly and baby Mia. Kelly said she is scared of him.":              kerbside.AdultSaid,
		"Maya says she isn't being hit any more. Mum denies she ever did it.":       kerbside.ChildSaid,
		"Visited Leo and baby Mia. Mum was out. Leo said he is scared of her.":      kerbside.ChildSaid,
		"Saw Ella and her baby sister at home. Ella said she is scared of the dog.": kerbside.ChildSaid,
	} {
		r := readText(t, words).record
		if len(r.Risks) == 0 || r.Risks[0].Attribution.Kind != want || (want == kerbside.ChildSaid) != (len(r.ChildVoice) > 0) {
			t.Errorf("%q: %+v, %d accounts of a child", words, r.Risks, len(r.ChildVoice))
		}
	}
	for _, v := range readText(t, "Ivy's mum rang me. Ivy hasn't come home. Reported to police, ref 2231.").record.ChildVoice {
		t.Errorf("what was reported to the police is a child's %q", v.Quote)
	}
	for words, want := range map[string]string{
		"Ella, 7, told me mum hits her.":              "Ella, 7, told me mum hits her",
		"Saw Leo and Mia today. Leo, 6, was tearful.": "Leo, 6, was tearful",
	} {
		if r := readText(t, words).record.Risks; len(r) != 1 || r[0].Text != want {
			t.Errorf("%q: %+v", words, r)
		}
	}
}

func TestChildrenWithoutNamesSeen(t *testing.T) {
	for words, want := range map[string]string{
		"Saw the children at home with mum. All three clean and happy.":                               kerbside.Yes,
		"Child in need visit to the Smith children. All children seen and well.":                      kerbside.Yes,
		"Both boys were seen at home with dad.":                                                       kerbside.Yes,
		"I saw mum and all three children.":                                                           kerbside.Yes,
		"I did not see the children.":                                                                 kerbside.No,
		"Could not see the twins as they were asleep.":                                                kerbside.No,
		"Mum and dad both present. Kids weren't there.":                                               kerbside.No,
		"I saw the children's rooms.":                                                                 kerbside.NotStated,
		"I'll see the children next week.":                                                            kerbside.NotStated,
		"The children were last seen on Friday by nan.":                                               kerbside.NotStated,
		"Mum has seen the children twice since.":                                                      kerbside.NotStated,
		"I saw mum and the children on Teams.":                                                        kerbside.NotStated,
		"Ivy's mum rang me. Ivy hasn't come home. Last seen at 4 outside school. Reported to police.": kerbside.NotStated,
	} {
		r := readText(t, words).record
		got := r.Visit.ChildSeen.Value
		for _, c := range r.Children {
			got = c.ChildSeen.Value
		}
		if got != want {
			t.Errorf("%q: seen %q, not %q", words, got, want)
		}
		if r.Visit.Time.Value != "" {
			t.Errorf("%q: at %q", words, r.Visit.Time.Value)
		}
	}
}

func TestSeenOnAScreen(t *testing.T) {
	for words, want := range map[string]string{
		"Saw mum and Leo, 5, on Teams.": kerbside.ModeVideo,
		"I met Leo, 5, over Zoom.":      kerbside.ModeVideo,
		"The strategy meeting was on Teams yesterday. I saw Leo, 5, at home today.":          kerbside.ModeInPerson,
		"Leo, 5, sees his dad on Teams on Sundays. I saw Leo at home.":                       kerbside.ModeInPerson,
		"I saw Leo, 5, at home. I will meet mum over Teams on Friday.":                       kerbside.ModeInPerson,
		"I spoke to dad over WhatsApp and then visited Leo, 5, at home. He was in his room.": kerbside.ModeInPerson,
	} {
		if got := readText(t, words).record.Visit.Mode.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestHarmToldInShortNotes(t *testing.T) {
	for words, want := range map[string]bool{
		"Leon, 9, has a burn on his hand. He said grandad did it with a cigarette.":    true,
		"Visit to Yusuf, 8. Father said he slapped Yusuf because he lied.":             true,
		"Visit to Yusuf, 8. Father said he never slapped Yusuf.":                       false,
		"Home visit to Leo, 6. Dad said he used to smack Leo when he was small.":       false,
		"Home visit to Leo, 6. Dad said he did it with a hairbrush, the glued handle.": false,
	} {
		r := readText(t, words).record
		if got := slices.ContainsFunc(r.Warnings, func(w kerbside.Warning) bool { return w.Code == kerbside.WarnUrgentCue }); got != want {
			t.Errorf("%q: an urgent cue is %v, not %v", words, got, want)
		}
	}
	for _, words := range []string{"Joint visit with PC Harris to see Reece, 9.", "Visit today with my student Hannah to see Reece, 9."} {
		if a := readText(t, words).record.Actions; len(a) > 0 {
			t.Errorf("%q: what was done is to be done: %+v", words, a)
		}
	}
	if a := readText(t, "Joint visit with the health visitor to weigh Mia on Thursday.").record.Actions; len(a) != 1 || !strings.Contains(a[0].Text, "weigh Mia") {
		t.Errorf("a visit to come is no action: %+v", a)
	}
}

// A visit to a child of whom nothing is said but what others tell, or how things are by custom, is no word of the child's having been seen.
func TestVisitedButNotSeen(t *testing.T) {
	for words, want := range map[string]string{
		"Mum says Leo is doing well.":                         kerbside.NotStated,
		"I was told Leo had been seen alone by police.":       kerbside.NotStated,
		"The plan says Leo must be seen alone at each visit.": kerbside.NotStated,
		"Last time I saw Leo alone in his bedroom.":           kerbside.NotStated,
		"Leo is home alone after school.":                     kerbside.NotStated,
		"Leo sleeps alone in his bedroom.":                    kerbside.NotStated,
		"Leo is doing well.":                                  kerbside.Yes,
		"Leo was seen alone by me.":                           kerbside.Yes,
		"He was happy to be seen on his own.":                 kerbside.Yes,
		"Leo told me he sleeps alone in his bedroom.":         kerbside.Yes,
	} {
		for _, c := range readText(t, "Visit to Leo, 6. "+words).record.Children {
			if c.ChildSeen.Value != want || want != kerbside.Yes && c.SeenAlone.Value == kerbside.Yes {
				t.Errorf("%q: seen %q, alone %q", words, c.ChildSeen.Value, c.SeenAlone.Value)
			}
		}
	}
}

func TestWhereInShortNotes(t *testing.T) {
	for words, want := range map[string]string{
		"Mum rang in tears. Kids at school.":                              "",
		"Met with Connor, 15, in town. He's not going back to placement.": "",
		"Saw the kids at school. All fine.":                               "school",
	} {
		if got := readText(t, words).record.Visit.Place.Value; got != want {
			t.Errorf("%q: at %q, not %q", words, got, want)
		}
	}
}
