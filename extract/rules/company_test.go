package rules

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// wantFacts holds what is read of seen, alone and bedroom ("yes", "no" or "not_stated", in this order, "" for whatever) against words.
func wantFacts(t *testing.T, cases map[string][3]string) {
	t.Helper()
	for words, want := range cases {
		r := readText(t, words).record
		all := [3]string{r.Visit.ChildSeen.Value, r.Visit.SeenAlone.Value, r.Visit.BedroomSeen.Value}
		for _, c := range r.Children {
			for i, value := range []string{c.ChildSeen.Value, c.SeenAlone.Value, c.BedroomSeen.Value} {
				if value == kerbside.Yes || value == kerbside.No && all[i] == kerbside.NotStated {
					all[i] = value
				}
			}
		}
		for i, got := range all {
			if want[i] != "" && got != want[i] {
				t.Errorf("%s of %q: %s, not %s", []string{"seen", "alone", "bedroom"}[i], words, got, want[i])
			}
		}
	}
}

func TestAloneInOtherWords(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	wantFacts(t, map[string][3]string{
		"Saw Leah, fifteen, at college. We were in the chapel, alone. She told me she is tired.":                                {yes, yes, ""},
		"Saw Leah, fifteen, at college. Her tutor wore headphones, so I'd say we were alone.":                                   {yes, yes, ""},
		"Saw Leah, fifteen, at college. We had the drama studio to ourselves. Leah talked about her nan.":                       {yes, yes, ""},
		"Visit to Leah, nine, and Tom, six. Leah and me went up to see her hamster, just ourselves. She said she feeds it.":     {yes, yes, ""},
		"Child in need visit to Tom, nine. I asked Tom on his own what he wants. He said a dog.":                                {yes, yes, ""},
		"Child in need visit to Tom, nine. Tom came down to the car with me. He said he is tired.":                              {yes, yes, ""},
		"Visit to Tom, twelve. We talked up in the loft with the door to. He told me he sleeps.":                                {yes, yes, ""},
		"Visit to Leah and Tom, grandchildren. I didn't see them apart from their grandparents.":                                {"", no, ""},
		"Visit to Leah, six, and Tom, two. I didn't speak to either of them apart from mum.":                                    {"", no, ""},
		"Visit to Tom, nine. His mum sat by the window with us, I wouldn't count that as alone.":                                {"", no, ""},
		"The Moss children were all in. Leah, nine, and Tom, six. Did I see any of them alone, I did not.":                      {"", no, ""},
		"Kit Moss, on his own with Leah since Jo died, and Leah is five months now. It was booked.":                             {"", open, ""},
		"Visit to Kim. Kim's on her own with the three now. I saw Leah, nine, and Tom, six, at the table.":                      {yes, open, ""},
		"Child in need visit to Tom, nine. I have not asked Tom on his own what he wants.":                                      {"", no, ""},
		"Visit to Tom, nine. Did I see Tom on his own? I did ask, but mum wouldn't have it.":                                    {"", no, ""},
		"Visit to Tom, nine. Mum and Tom were in the lounge. We were late. Tom was alone upstairs watching telly.":              {"", open, ""},
		"Visit to Tom, nine, at home. I'd call back and see Tom alone.":                                                         {"", open, ""},
		"Visit to Leah and Tom, the children. I met Leah and Tom apart from dad, who was at work. Mum was there.":               {"", open, ""},
		"Visit to Tom, nine, at home with mum. At the end Tom walked me out to the car.":                                        {"", open, ""},
		"Just noting a call. Leah Moss, sixteen, rang me. She was outside a shop, by herself, she told me. I've not seen Leah.": {no, open, ""},
	})
}

func TestAloneAsItIsSaidInShort(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	wantFacts(t, map[string][3]string{
		"Looked after visit to Tom, thirteen. He's shot up. Had him on his own in the den for twenty minutes.":                                       {yes, yes, ""},
		"Went to see Tom, fifteen, at the unit. Staff about but nobody at our table, just Tom and me. He said he's out in May.":                      {yes, yes, ""},
		"Visit to Leah, six, and Tom, nine. Leah was on the couch. Tom was on the swing. So both seen, neither of them alone.":                       {yes, no, ""},
		"Child in need visit to Tom, nine. Dad's tired. Has him on his own at weekends.":                                                             {"", open, ""},
		"Failed visit to Leah, six. Her mum answered the door and said they were off out. So I saw nan and nobody else.":                             {no, open, ""},
		"Visit to Tom, nine, at his nan's. I asked if I could speak to him on his own and he said no, he wants nan there. We sat down, nan and all.": {"", no, ""},
		"Visit to Tom, nine, at his nan's. Nan was in. Bedroom's been painted, Nan says, green. I only saw nan.":                                     {"", "", open},
	})
}

func TestNotSeenInOtherWords(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	wantFacts(t, map[string][3]string{
		"Child in need visit, Tom, eight. Only Shelley in, so child not seen.":                                                 {no, "", ""},
		"Failed visit. So no children seen, that's Leah, five, and baby Tom.":                                                  {no, "", ""},
		"I've not seen any of the three, that's Leah, eight, Tom, five, and baby Ada.":                                         {no, "", ""},
		"Session with mum. Child not there, she's at school, Leah has been seen twice already.":                                {no, open, ""},
		"Note of a call. I rang grandad. He has Leah, eleven, and Tom, eight. I've not seen them since the nineteenth.":        {no, "", ""},
		"Visit to Tom, nine. I saw Tom. I saw upstairs apart from his room.":                                                   {yes, "", no},
		"Visit to Tom, nine. I saw Tom. His bedroom I've seen before, not today.":                                              {yes, "", no},
		"Visit to Tom, nine. I saw Tom. The bedroom was off the list so I didn't ask.":                                         {yes, "", no},
		"Visit to Tom, nine. I saw Tom. I'd normally see the bedroom but there was a plasterer in it.":                         {yes, "", no},
		"Visit to Tom, nine. Tom was in the kitchen eating toast. I didn't see any of the bruises that nursery had described.": {yes, "", ""},
		"Visit to Tom and Mia, the children. I've not seen them since before Easter. Tom and Mia were playing in the lounge.":  {yes, "", ""},
		"Visit to Tom, nine. I saw Tom. Mum says no children seen at the park.":                                                {yes, "", ""},
		"Visit to Tom, nine. I saw Tom. I saw Tom's bedroom but I couldn't see any mould.":                                     {yes, "", yes},
		"Visit to Tom, nine. I saw Tom. Did I see the bedroom? No, it was locked.":                                             {yes, "", no},
	})
}

func TestChildrenOfEveryHeading(t *testing.T) {
	for words, want := range map[string]string{
		"Cai Roberts. Fifteen. I arrived for three. He said he sleeps.":                              "Cai Roberts",
		"To catch Priya Nair before lessons. Ten years old, child in need. She said she sleeps.":     "Priya Nair",
		"Jas Gill, sixteen next month, Smethwick. She said she sleeps.":                              "Jas Gill",
		"Looked-after visit to Idrissa, unaccompanied, seventeen, at the Coles'. He said he sleeps.": "Idrissa",
		"Auntie Hansa was in with Dev and Mira, eight and five. It was planned.":                     "Dev, Mira",
		"I met the family. Four of their five children: Adam, Vera, Lukas and baby Zuzana.":          "Adam, Vera, Lukas, Zuzana",
		"Kinship review at nan's with Kayden, Lacey and baby Theo.":                                  "Kayden, Lacey, Theo",
		"Twins are Kosi and Kamara, they're fourteen months. Both awake.":                            "Kosi, Kamara",
		"Brenda and Ken have had Ken's three grandchildren, Mason, Lacey and Riley, since May.":      "Mason, Lacey, Riley",
		"Present were Yusra, her four: Hamza, Idris and Maryam.":                                     "Hamza, Idris, Maryam",
		"Chidi, the littlest, has a chesty cough. I saw Chidi.":                                      "Chidi",
		"Child in need visit to Amira and Zayd at home. They were in the garden. Zayd said no.":      "Amira, Zayd",
	} {
		x := readText(t, words)
		for _, name := range strings.Split(want, ", ") {
			if !slices.ContainsFunc(x.people, func(p person) bool { return p.name == name && p.isChild(x) }) {
				t.Errorf("%s of %q is no child", name, words)
			}
		}
	}
}

func TestAnswersOfAChild(t *testing.T) {
	head := "I saw Leah, nine, on her own in her room. She told me mum sings in the mornings now. "
	for words, want := range map[string]string{
		"And at night? At night she goes in the yard.":        "at night? At night she goes in the yard",
		"What does that look like? Her eyes go to the telly.": "What does that look like? Her eyes go to the telly",
		"Did you eat? Chips.":                                 "Did you eat? Chips",
		"I asked how's the new baby. Loud.":                   "I asked how's the new baby. Loud",
		"And what do you do? I put the kettle on.":            "what do you do? I put the kettle on",
		"Leah shouted that she's a shark.":                    "she's a shark",
	} {
		found := false
		for _, v := range readText(t, head+words).record.ChildVoice {
			found = found || v.Quote == want && v.Child == "Leah"
		}
		if !found {
			t.Errorf("%q is not in the child's voice", want)
		}
	}
	for _, words := range []string{"Bedrooms? I'll look next time.", "Did I see the kitchen? It was clean.", "What did I note? I asked for the letter.", "Risks? None new.", "So what's the plan? Nursery place and a health visitor.",
		"Mum, did you ring the GP? Couldn't get through all day.", "I asked how mum is coping. Badly.", "I asked what next. Referral."} {
		for _, v := range readText(t, head+words).record.ChildVoice {
			if strings.Contains(words, v.Quote) {
				t.Errorf("%q is taken for the child's", v.Quote)
			}
		}
	}
}

func TestVisitsInMoreWords(t *testing.T) {
	for words, want := range map[string][3]string{ // time, announced, type; "" for whatever
		"Friday the third, CP visit to Tom and mum, arranged for two. Tom is nine.":                                    {"14:00", "yes", "statutory_child_protection"},
		"Monday. Seven forty in the morning because the worry was mornings. Child in need visit to Tom.":               {"07:40", "", "statutory_child_in_need"},
		"Section 47, joint visit, Wednesday, arrived fourteen twenty, to see Tom, nine.":                               {"14:20", "", "assessment"},
		"CP visit, the Moss family, thirteen hundred hours, expected. Tom, nine, was in.":                              {"13:00", "yes", "statutory_child_protection"},
		"We sat in the conservatory from two. Child in need visit to Tom, nine.":                                       {"14:00", "", "statutory_child_in_need"},
		"Child in need visit to Tom, nine, Wednesday. I'd rung that morning. Mum was in.":                              {"", "yes", ""},
		"Looked-after visit to Tom, nine, and the carers knew. Got there ten to two.":                                  {"13:50", "yes", "statutory_looked_after"},
		"Wednesday, the Moss flat. Wasn't booked. There's no gas. Tom is nine.":                                        {"", "no", ""},
		"Child in need visit to Tom, nine. They'd been told. Mum was in.":                                              {"", "yes", ""},
		"Statutory visit to Tom, nine, at his grandad's, ten in the morning.":                                          {"10:00", "", "not_stated"},
		"Statutory visit to Tom, nine, at the children's home, ten in the morning.":                                    {"10:00", "", "statutory_looked_after"},
		"Tom, nine, statutory visit, five o'clock. His carers were both in.":                                           {"17:00", "", "statutory_looked_after"},
		"Child in need visit to Tom, nine. Taxi was booked. Mum was in.":                                               {"", "not_stated", ""},
		"School visit, the Cole twins, six years old, it's child in need.":                                             {"", "", "statutory_child_in_need"},
		"C P visit to Tom, nine. First of October, eleven thirty.":                                                     {"11:30", "", "statutory_child_protection"},
		"Child in need visit to Tom, fourteen, and Ada, twenty. I was there for ten minutes. Booked for two children.": {"", "", "statutory_child_in_need"},
	} {
		v := readText(t, words).record.Visit
		for i, got := range []string{v.Time.Value, v.Announced.Value, v.Type.Value} {
			if want[i] != "" && got != want[i] {
				t.Errorf("%s of %q: %q, not %q", []string{"time", "announced", "type"}[i], words, got, want[i])
			}
		}
	}
	if v := readText(t, "Child in need visit to Tom, fourteen, and Ada. I was there for ten minutes. Booked for two children.").record.Visit; v.Time.Value != "" {
		t.Errorf("a time out of counts: %q", v.Time.Value)
	}
}

// What nobody saw, and a door that nobody opened, say nothing of whether a child was seen.
func TestSeenThingsAndDoors(t *testing.T) {
	yes, no := kerbside.Yes, kerbside.No
	const visit = "Child in need visit to Isla, nine, and Rhys, six. Isla and Rhys were in the kitchen. "
	wantFacts(t, map[string][3]string{
		visit + "Neither has seen a dentist since Easter.":                                                 {yes, "", ""},
		visit + "Nobody's seen any change in her eating.":                                                  {yes, "", ""},
		visit + "I couldn't see a scratch on either of them.":                                              {yes, "", ""},
		visit + "Neither was seen on their own, there wasn't the room.":                                    {yes, no, ""},
		visit + "Nobody in the family has asked about contact.":                                            {yes, "", ""},
		visit + "No sign of anyone drinking.":                                                              {yes, "", ""},
		"Visit to Isla, nine. Isla was in. Isla has fallen out with her cousin.":                           {yes, "", ""},
		"Visit to Isla, nine, at home. Isla told me about her hamster. She's gone quiet since the summer.": {yes, "", ""},
		"Visit to Isla, nine, at home. Isla told me about netball. She's in school full time again.":       {yes, "", ""},
		// not seen all the same
		"Visit to Isla, nine, and Rhys, six. Neither was seen, they're at their nan's.":                     {no, "", ""},
		"Visit to Isla, nine. Mum was in. I haven't seen Isla today.":                                       {no, "", ""},
		"Visit to Isla, nine. I waited at the centre and she never showed.":                                 {no, "", ""},
		"Visit to Isla, nine. Mum was in. Isla's gone out.":                                                 {no, "", ""},
		"Visit to Isla, nine. Mum was in. Isla's at her nan's.":                                             {no, "", ""},
		"Visit to Isla, nine. Isla was in. Isla's at her nan's every Friday.":                               {yes, "", ""},
		"Visit to Isla, nine. Isla was in. She told me Rhys is out of nappies.":                             {yes, "", ""},
		"Video call with dad about contact, so I sat in with Isla, nine, and held the tablet. She laughed.": {"not_stated", "", ""},
		"Visit to Isla, nine. Didn't get in. Buzzed twice. I rang mum and she picked up and spoke quietly.": {no, "", ""},
		"Telephone call, no visit. I rang the school about Isla, nine. Isla has been late, they say.":       {no, "", ""},
		"Video call with Isla, nine. She said she likes it there.":                                          {no, "", ""},
	})
}
