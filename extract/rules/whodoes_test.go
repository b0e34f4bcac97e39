package rules

import (
	"strings"
	"testing"
)

// TestWhoDoes holds the owner and status ("owner status") of the action that is read of the last words of a text.
func TestWhoDoes(t *testing.T) {
	head := "Child in need visit to Ada, nine, and her mum, Jo. Her dad, Marek, came in at four. The tutor is Mrs Hale. The house was warm and Jo had made soup, and Ada showed me her room, " +
		"which had a bed and a lamp and a box of pens. Jo said the nights are better now. We talked about the summer and about the bus. "
	for words, want := range map[string]string{
		"Mrs Hale's to phone the physio before Friday.":                                    "Mrs Hale planned",
		"Jo's taking her to the dentist on Monday.":                                        "Jo planned",
		"The warden will send a man on Tuesday.":                                           "warden planned",
		"I've rung housing about the damp. They'll send somebody on Tuesday.":              "housing planned",
		"The trauma referral goes in on Wednesday, from me.":                               "worker planned",
		"Duty will get a note from me tonight.":                                            "worker planned",
		"My report goes to the panel on Monday.":                                           "worker planned",
		"We've agreed Marek will take her to school on Monday.":                            "Marek agreed",
		"Marek will fit the stair gate by Friday, he's promised.":                          "Marek agreed",
		"Marek will fit the stair gate by Friday, he shook on it.":                         "Marek agreed",
		"Marek will fit the stair gate by Friday, he hasn't promised.":                     "Marek planned",
		"Marek will fit the stair gate by Friday, Jo agreed.":                              "Marek planned",
		"I've asked Marek to fit the stair gate and he said he would.":                     "Marek agreed",
		"I've asked Marek to fit the stair gate and he said nothing.":                      "worker done",
		"I've told Mrs Hale I'll be ringing her on Monday.":                                "worker planned",
		"I've agreed to write to the landlord by Friday.":                                  "worker agreed",
		"I said I'd write to the landlord by Friday.":                                      "worker planned",
		"Jo has promised me the tenancy letter by Friday.":                                 "Jo agreed",
		"I've sorted a voucher for the food bank this morning.":                            "worker done",
		"I've to sort a voucher for the food bank by Friday.":                              "worker planned",
		"Marek's here on Sundays. He'll put a lock on the shed by the weekend.":            "Marek planned",
		"The trauma referral went off last Thursday.":                                      "worker done",
		"The school has been emailed.":                                                     "worker done",
		"Marek's not done the gate, he's promised it'll be up by the weekend.":             "Marek agreed",
		"Marek promised me it would be mended by Friday.":                                  "Marek agreed",
		"I promised her she'd get her bus fare.":                                           "worker agreed",
		"I've told Jo someone will come out and look at the roof.":                         "planned",
		"I've told Jo that Mrs Hale will ring her tomorrow.":                               "Mrs Hale planned",
		"I said I'd find out about the grant and I've done that.":                          "worker done",
		"I said I'd find out about the grant and I've not done that.":                      "worker planned",
		"I offered to refer Jo to the club and she said she'd think about it.":             "nothing",
		"I offered to refer Jo to the club and she said yes please.":                       "worker agreed",
		"I asked Jo to keep the receipts and she's fine with that.":                        "Jo agreed",
		"I asked Jo if she could keep the receipts and she said no problem.":               "Jo agreed",
		"I asked Jo to keep the receipts and she said she'd rather not.":                   "nothing",
		"Jo asked me to ring her sister so I'll do that.":                                  "worker planned",
		"Jo asked could I ring her sister, I said yes of course.":                          "worker planned",
		"Jo asked could I ring her sister, I said no.":                                     "nothing",
		"Could someone chase the letter from legal?":                                       "planned",
		"Can we get business support to book the room please.":                             "business support planned",
		"Could Mrs Hale send me the report please?":                                        "Mrs Hale planned",
		"Could you imagine that?":                                                          "nothing",
		"Admin need to change the date on the form.":                                       "Admin planned",
		"Mrs Hale and Marek are going to ring the school.":                                 "Mrs Hale and Marek planned",
		"Mrs Hale and Marek are both going to come to the conference.":                     "Mrs Hale and Marek planned",
		"The tutor's to bring the forms round.":                                            "Mrs Hale planned",
		"The notes will be typed up by Mrs Hale.":                                          "Mrs Hale planned",
		"The cot's being delivered on Saturday.":                                           "planned",
		"Jo's going to have to tell the school.":                                           "Jo planned",
		"Marek has to hand the keys in on Monday.":                                         "Marek planned",
		"Marek has to get up at five.":                                                     "nothing",
		"The referral still wants chasing.":                                                "worker planned",
		"Jo was to go to the GP and she's promised faithfully she'll ring them this week.": "Jo agreed",
		"On my list, the young carers form for Ada.":                                       "worker planned",
		"Jo will be thirty next week.":                                                     "nothing",
		"Reading group starts Monday.":                                                     "nothing",
		"Core group this morning at the school.":                                           "nothing",
		"Marek's not going to lie for her.":                                                "nothing",
		"I couldn't get hold of Mrs Hale today.":                                           "nothing",
		"I can't help Jo with that until I've spoken to the landlord.":                     "nothing",
		"I've said that's for the police.":                                                 "nothing",
		"Jo still has to send me the bank statements.":                                     "Jo planned",
		"Mrs Hale says they'll get an offer in the spring.":                                "nothing",
		"The office will get her to ring me.":                                              "office planned",
		"The solicitor emailed asking for the notes.":                                      "nothing",
		"I'm going to be in the office all day tomorrow.":                                  "nothing",
		"The solicitor has been emailed.":                                                  "worker done",
		"That's it.":                                                                       "nothing",
		"When I get back to the office.":                                                   "nothing",
		"We talked, and then also":                                                         "nothing",
		"Mum takes her to school every day.":                                               "nothing",
	} {
		r := readText(t, head+words).record
		got := "nothing"
		if n := len(r.Actions); n > 0 {
			a := r.Actions[n-1]
			got = strings.TrimSpace(a.Owner + " " + a.Status)
		}
		if got != want {
			t.Errorf("%q: %s, not %s", words, got, want)
		}
	}
	deed := readText(t, head+"Marek will fit the stair gate by Friday, and he's promised to ring Jo after it.").record.Actions[0]
	if deed.Owner != "Marek" || deed.Status != "planned" {
		t.Errorf("a promise of another thing: %q %s %s", deed.Text, deed.Owner, deed.Status)
	}
}
