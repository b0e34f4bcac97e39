package rules

import (
	"testing"

	"kerbside"
)

// A worker whose listeners know the family says nobody's age. Who is grown then shows by what each does and has.
func TestWhoIsGrownByTheirLives(t *testing.T) {
	for words, want := range map[string]map[string]string{ // "" for a role that is not said
		"Visit to the Hendersons. Stacey opened the door. Jake was on his Xbox and Lola was in the bath with her nan. Jake said mum and Darren had a row. Stacey says it didn't happen like that.": {"Stacey": "mother", "Jake": "child", "Lola": "child", "Darren": ""},
		"Visit to Abdi and Hodan's place. Five kids, all home except Zakariya who's at football. Mum Hodan made tea. Sumaya showed me her reading certificate. Abdi is working nights.":            {"Abdi": "", "Hodan": "mother", "Zakariya": "child", "Sumaya": "child"},
		"Home visit to Nicole, she's got the three, Kayla, Mason and Poppy. Nicole said they were Lee's.":                                                                                          {"Nicole": "", "Kayla": "child", "Mason": "child", "Poppy": "child"},
		"Visited Joanne at her mum's with the little one. Joanne says she isn't going back. Archie was crawling about.":                                                                            {"Joanne": "", "Archie": "child"},
		"Debbie was in with Tyler and Brooke, Gaz was at work. Tyler was colouring and he told me he's going to his dad's on Saturday. Brooke wouldn't get off my lap.":                            {"Debbie": "", "Tyler": "child", "Brooke": "child", "Gaz": ""},
		"Visit to Rosa. She opened up a bit more today. She's been clean for eight weeks. Luca had his jabs on Thursday.":                                                                          {"Rosa": "", "Luca": "child"},
		"Farida let me in, her husband was at the mosque. Nabil and Zara were doing homework.":                                                                                                     {"Farida": "", "Nabil": "child", "Zara": "child"},
		"Visit to the Smiths. Kelly changed his nappy and put his toys away. Mia was crawling about.":                                                                                              {"Kelly": "", "Mia": "child"},
		"Visit to the Smiths. Kelly has met his teacher and helps with homework. Leo was on his Xbox.":                                                                                             {"Kelly": "", "Leo": "child"},
		"Visit to the Smiths. Connor let me in and agreed to meet me on Friday. Connor said mum was at work.":                                                                                      {"Connor": "child"},
		"Visit to the Smiths. Kelly changed his nappy while I was there. Kelly said she is tired.":                                                                                                 {"Kelly": ""},
		"Visit to the Smiths. Kelly helps with homework. Kelly said he is doing better.":                                                                                                           {"Kelly": ""},
		"So Ryan. He's doing really well in the new placement. Jackie says he's eating. He still gets upset after phone calls with his mum.":                                                       {"Ryan": "child", "Jackie": ""},
		"Looked-after visit to Kacper at Linda and Alan's. Kacper made me a brew, which he didn't use to.":                                                                                         {"Kacper": "child"},
		"Visit to Theo, nine, who signed with the play worker. Kelly agreed to ring.":                                                                                                              {"Theo": "child", "Kelly": ""},
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

// A disclosure is one whatever the text says of who tells it, and no good news.
func TestPicturesTakenOfAChild(t *testing.T) {
	r := readText(t, "Section 47 visit with PC Ward. Spoke to Ruby on her own first. She told us that Uncle Pete takes pictures of her in the bath. Mum, Helen, was horrified.").record
	if len(r.Strengths) > 0 || len(r.Risks) == 0 || r.Risks[0].Attribution.Kind != kerbside.ChildSaid || len(r.Warnings) == 0 || r.Warnings[0].Code != kerbside.WarnUrgentCue {
		t.Errorf("risks %+v, strengths %+v, warnings %+v", r.Risks, r.Strengths, r.Warnings)
	}
	for _, words := range []string{"Visit to Ruby, 4. Mum took pictures of her at the park.", "Visit to Ruby, 4. I took a picture of the bath, which was filthy."} {
		if w := readText(t, words).record.Warnings; len(w) > 0 {
			t.Errorf("%q: %+v", words, w)
		}
	}
}

// A day on which something else is to be is not the visit's.
func TestDayOfWhatIsToBe(t *testing.T) {
	for _, words := range []string{"Theo, 9, is fine. Mick's taking him to the dentist on Monday.", "Visit to Sarah and Leo, 5. Sarah's new job starts Monday."} {
		if d := readText(t, words).record.Visit.Date; d.Value != "" {
			t.Errorf("%q: visited on %s", words, d.Value)
		}
	}
}
