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
		"Mrs Hale's to phone the physio before Friday.":                         "Mrs Hale planned",
		"Jo's taking her to the dentist on Monday.":                             "Jo planned",
		"The warden will send a man on Tuesday.":                                "warden planned",
		"I've rung housing about the damp. They'll send somebody on Tuesday.":   "housing planned",
		"The trauma referral goes in on Wednesday, from me.":                    "worker planned",
		"Duty will get a note from me tonight.":                                 "worker planned",
		"My report goes to the panel on Monday.":                                "worker planned",
		"We've agreed Marek will take her to school on Monday.":                 "Marek agreed",
		"Marek will fit the stair gate by Friday, he's promised.":               "Marek agreed",
		"Marek will fit the stair gate by Friday, he shook on it.":              "Marek agreed",
		"Marek will fit the stair gate by Friday, he hasn't promised.":          "Marek planned",
		"Marek will fit the stair gate by Friday, Jo agreed.":                   "Marek planned",
		"I've asked Marek to fit the stair gate and he said he would.":          "Marek agreed",
		"I've asked Marek to fit the stair gate and he said nothing.":           "worker done",
		"I've told Mrs Hale I'll be ringing her on Monday.":                     "worker planned",
		"I've agreed to write to the landlord by Friday.":                       "worker agreed",
		"I said I'd write to the landlord by Friday.":                           "worker planned",
		"Jo has promised me the tenancy letter by Friday.":                      "Jo agreed",
		"I've sorted a voucher for the food bank this morning.":                 "worker done",
		"I've to sort a voucher for the food bank by Friday.":                   "worker planned",
		"Marek's here on Sundays. He'll put a lock on the shed by the weekend.": "Marek planned",
		"The trauma referral went off last Thursday.":                           "worker done",
		"The school has been emailed.":                                          "worker done",
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
