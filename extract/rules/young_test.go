package rules

import (
	"slices"
	"testing"
)

// wantChild reports a text in which somebody is no child, or is one.
func wantChild(t *testing.T, words, name string, want bool) {
	t.Helper()
	x := readText(t, words)
	if got := slices.ContainsFunc(x.people, func(p person) bool { return p.name == name && len(p.mentions) > 0 && p.isChild(x) }); got != want {
		t.Errorf("%s of %q: a child is %v, not %v", name, words, got, want)
	}
}

func TestChildByTheWordsBesideTheName(t *testing.T) {
	for words, name := range map[string]string{
		"Called on the Baxters, with Sam who's nine. Wee Orla was on the couch with a cold.":                            "Orla",
		"Called on the Baxters, with Sam who's nine. The two-year-old, Orla, was on the couch.":                         "Orla",
		"Called on the Baxters, with Sam who's nine. Orla is the two-year-old. She was asleep.":                         "Orla",
		"Called on the Baxters, with Sam who's nine. Orla started Reception on Monday.":                                 "Orla",
		"Called on the Baxters, with Sam who's nine. Orla's in P2 and loves it.":                                        "Orla",
		"Called on the Baxters, with Sam who's nine. Orla, Year 3, came in with odd socks.":                             "Orla",
		"Orla's six-weekly visit, Tuesday, at Bev and Terry's. She was at the table. I saw her alone.":                  "Orla",
		"Looked-after visit to Callie at her gran's. Mum turned up on Sunday shouting. Callie hid. Gran is Maureen.":    "Callie",
		"Visit to the twins, Tate and Cara, six years old. I rang dad on Monday. Tate drew me a house. Mum is Jo.":      "Tate",
		"Called on the Baxters, with Sam who's nine. Denise's lad Corin came in from the yard.":                         "Corin",
		"Called on the Baxters. Orla, thirteen: she's sound, she says. Cormac's five.":                                  "Orla",
		"Placed with Ron and Christabel. He's six. Looked-after visit to Corin, Thursday. Corin showed me his bedroom.": "Corin",
	} {
		wantChild(t, words, name, true)
	}
	for words, name := range map[string]string{
		"Called on the Baxters, with Sam who's nine. Orla started on the tablets on Monday.":                          "Orla",
		"Called on the Baxters, with Sam who's nine. Orla Day, Year 3 teacher, rang me.":                              "Orla Day",
		"Called on the Baxters, with Sam who's nine. Gran is Maureen. Her daughter Simone has him on Saturdays.":      "Simone",
		"Child in need visit to Shabnam and the boys, Wednesday. They were at nursery.":                               "Shabnam",
		"Family assessment, in Bridget's trailer. Bridget's on her own with the four now. I saw Margaret, nine.":      "Bridget",
		"Called on the Baxters, with Sam who's nine. Orla was in. She's six weeks sober on Sunday.":                   "Orla",
		"Looked-after visit to Corin, in Droitwich with Roy and Christabel. He's six. He was at the table.":           "Roy",
		"Called on the Baxters, with Sam who's nine. Orla, 14:30 and she was in.":                                     "Orla",
		"Nadia's house, Monday, for Yusra who's eight. Hilary Tranter, Nadia's supervising social worker, was there.": "Nadia",
	} {
		wantChild(t, words, name, false)
	}
}
