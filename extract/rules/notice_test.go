package rules

import "testing"

// wantVisit holds a fact of the visit, announced or type, against words.
func wantVisit(t *testing.T, fact string, cases map[string]string) {
	t.Helper()
	for words, want := range cases {
		v := readText(t, words).record.Visit
		got := v.Announced.Value
		if fact == "type" {
			got = v.Type.Value
		}
		if got != want {
			t.Errorf("%s of %q: %s, not %s", fact, words, got, want)
		}
	}
}

func TestNoticeGiven(t *testing.T) {
	wantVisit(t, "announced", map[string]string{
		"Child in need visit to Ada, nine, Monday. I'd told them three. Her mum Jo was in.":                                  "yes",
		"Child in need visit to Ada, nine, Monday. I told Jo I'd come at three and it was nearer four.":                      "yes",
		"Child in need visit to Ada, nine, Monday, and I'd emailed her dad on Friday. Ada was in the garden.":                "yes",
		"Ada's at home with her dad, Monday, half three. I had written to them both. Ada is nine.":                           "yes",
		"Child in need visit, the Fenn family. I came at one, they'd had a letter from me. Ada is nine.":                     "yes",
		"Child in need visit to Ada, nine. Her aunt had asked for the morning, she works lates.":                             "yes",
		"Saw Ada, nine, at her aunt's, Monday at four as we'd said. Ada was doing her spellings.":                            "yes",
		"Saw Ada, nine, at her aunt's. Four o'clock suited them both. Ada was doing her spellings.":                          "yes",
		"Child in need visit, Monday. I got there at six by agreement. Ada, nine, was in.":                                   "yes",
		"Child in need visit to Ada, nine. They'd had a day's notice. Jo let me in.":                                         "yes",
		"Child in need visit to Ada, nine, Monday, ten past four, expected. Jo let me in.":                                   "yes",
		"Child in need visit to Ada, nine. It was meant to be half two. Jo let me in at three.":                              "yes",
		"Child in need visit to Ada, nine. Jo had said come Monday after work. Jo let me in.":                                "yes",
		"Child in need visit to Ada, nine. I came at four, Jo had forgotten. She let me in.":                                 "yes",
		"Child in need visit to Ada, nine. I'd not told her dad I was coming. But her mum knew I was coming.":                "yes",
		"child in need visit to ada nine monday prearranged with her dad points as follows she was chatty":                   "yes",
		"Stat visit. Spoke with each of the girls, Ada, nine, upstairs in her room first while Lena watched telly.":          "not_stated",
		"Mum moved last weekend. Ada, nine, is at a new school.":                                                             "not_stated",
		"Unannounced, ten past four, child in need. Ada, nine, opened the door.":                                             "no",
		"Child in need, Monday. It was a cold call at five. Ada, nine, opened the door.":                                     "no",
		"Child in need, Monday, zero notice. Ada, nine, opened the door.":                                                    "no",
		"Dropped in on the Fenns on Monday. Child in need. Ada, nine, opened the door.":                                      "no",
		"Child in need visit to Ada, nine. No one had warned them. Jo let me in.":                                            "no",
		"Came at eight on purpose and didn't ring. Child in need visit to Ada, nine.":                                        "no",
		"Turned up at the Fenns' at eight, nobody knew. Child in need, Ada is nine.":                                         "no",
		"Child in need visit to Ada, nine. I spoke to Sergeant Cole from the office first. Ada was in.":                      "not_stated",
		"Child in need visit to Ada, nine. Jo tidied up without my asking. She made tea.":                                    "not_stated",
		"Child in need visit to Ada, nine. She did it all unprompted. Jo made tea.":                                          "not_stated",
		"Met Ada, nine, child in need, at the advice service drop-in on Monday with her mum.":                                "not_stated",
		"Child in need visit to Ada, nine. Jo's had a letter from the court. She made tea.":                                  "not_stated",
		"Child in need visit to Ada, nine. Jo showed me the calendar where the girls put their clubs.":                       "not_stated",
		"Child in need visit to Ada, nine. Jo told me, I turned round and the pan was over. Ada was in.":                     "not_stated",
		"Child in need visit to Ada, nine. Jo had asked for her tablets at the clinic. Ada was in.":                          "not_stated",
		"Child in need visit to Ada, nine. I'd told the head teacher. Ada was in.":                                           "not_stated",
		"Child in need visit to Ada, nine. Her brother was kept home, by agreement with school. Ada was in.":                 "not_stated",
		"Child in need visit to Ada, nine. The landlord has given them a week's notice to leave. Ada was in.":                "not_stated",
		"Child in need visit to Ada, nine. I told Jo I'd come back on Friday at four. Ada was in.":                           "not_stated",
		"Child in need visit to Ada, nine. Jo says she'd told the school I'd come in. I've been through the plans with her.": "not_stated",
		"Child in need visit to Ada, nine. Her dad was in the loft, I'd not been told about him. Ada was in.":                "not_stated",
		"Child in need visit to Ada, nine. Nobody has said a word to me about it. Ada was in.":                               "not_stated",
		"Child in need visit to Ada, nine. Jo had forgotten the milk. Ada was in.":                                           "not_stated",
	})
}

func TestKindsOfVisit(t *testing.T) {
	wantVisit(t, "type", map[string]string{
		"Pathway plan visit to Dean, nineteen, at his flat. He made me a tea. The sink was full.":                               "other",
		"School visit, Ada Fenn, nine. I was there at half past ten and her teacher was with us. It's her child in need visit.": "statutory_child_in_need",
		"Met Ada, nine, at the advice service drop-in. Child in need plan. She had her coat on.":                                "statutory_child_in_need",
		"Jo Fenn has special guardianship of Ada, nine. CIN. Got there at four.":                                                "statutory_child_in_need",
		"Special guardianship support visit, Jo Fenn. Ada, nine, was at school.":                                                "other",
		"It isn't a full assessment. Child in need visit to Ada, nine. She had her coat on.":                                    "statutory_child_in_need",
		"Statutory visit to Kidane, he's sixteen going by the assessment, looked after. Got there at four.":                     "statutory_looked_after",
		"The section 47 outcome was no further action. Child in need plan. Ada, nine, was in.":                                  "statutory_child_in_need",
		"Statutory visit to Ada, nine, at Mrs Okoro's, half past four. Ada was in.":                                             "statutory_looked_after",
		"Statutory visit to Ada, nine, at the Marlows', half past four. Ada was in.":                                            "statutory_looked_after",
		"Statutory visit to Kidane, seventeen, the shared house on Elm Road. Got there at four.":                                "statutory_looked_after",
		"Visit to Ada, fourteen, at Larch House, the children's home. She was out in the garden.":                               "statutory_looked_after",
		"Ada and her brother Kit, the family on Elm Road, on a plan for neglect. Jo let me in.":                                 "statutory_child_protection",
		"Monday at two, children in need. Ada, nine, and Kit, six, were both in.":                                               "statutory_child_in_need",
		"Jo and the two children, family support, the third time. Jo let me in. Ada is nine.":                                   "other",
		"Ada, nine, in care, a connected persons placement with her aunt Bea. Bea let me in.":                                   "statutory_looked_after",
		"RHI with Ada, fourteen, back since Sunday. We met at the library.":                                                     "other",
		"Jo let me in. Ada, nine, and Kit, six, had their tea. I had sat down before the telly went off and Kit had sulked. Ada had made me a picture of a horse with a hat on, and Kit had drawn the dog. Jo talked about her job at the bakery and how the bus is late. It's a child protection visit and I've told her I have to see the rooms.": "statutory_child_protection",
		"Statutory visit to Ada, nine, at her nan's, half past four. Ada was in.":                     "not_stated",
		"Jo let me in. Ada, nine, had her tea. Sue was there, the family support worker.":             "not_stated",
		"Short note. I spoke to Ada, fourteen, on a video call. Her foster carer Sue was off camera.": "other",
		"Jo let me in. Ada, nine, and Kit, six, had their tea. I had sat down before the telly went off and Kit had sulked. Ada had made me a picture of a horse with a hat on, and Kit had drawn the dog. Jo talked about her job at the bakery and how the bus is late. She said it was a child protection visit when they last came.": "not_stated",
	})
}
