package rules

import "testing"

// The visit was to be on 12 March 2026, a Thursday.

func TestDayOfVisit(t *testing.T) {
	for words, want := range map[string]string{
		"Wednesday's visit to the Orams, child in need. Kit is nine. He was in.":                               "2026-03-11",
		"Right, this is Tuesday's session with Bea Oram, eleven. We did a drawing.":                            "2026-03-10",
		"Child in need visit to the Orams. It was Monday, half two. Kit, nine, let me in.":                     "2026-03-09",
		"Saw the Orams, child in need, Wednesday it was. Kit, nine, let me in.":                                "2026-03-11",
		"Child in need. Met Kit, nine, with his aunt at the library on Wednesday because of the flood.":        "2026-03-11",
		"Child in need, the Orams, half four on Monday as they'd asked. Kit, nine, was in.":                    "2026-03-09",
		"Child protection visit to the Orams, last Friday of February. Kit, nine, was in.":                     "2026-02-27",
		"Child protection visit to the Orams, last day of February, ten o'clock. Kit, nine, was in.":           "2026-02-28",
		"Looked after visit, Valentine's Day, to Kit Oram, nine. He was in.":                                   "2026-02-14",
		"Fourth of the third, child in need, the Orams. Kit, nine, was in.":                                    "2026-03-04",
		"Child in need, the Orams. I supervised, four till six Tuesday. Kit, nine, came.":                      "2026-03-10",
		"Child in need, the Orams, Thursday, first visit. Kit, nine, was in.":                                  "2026-03-12",
		"Visit to Bea Oram, thirteen on Saturday, child in need. She was in.":                                  "",
		"Visit to the Orams, child in need. The baby's nine weeks on Monday. Kit was in.":                      "",
		"Visit to the Orams, child in need. I'd rung ahead on Tuesday so they knew. Kit was in.":               "",
		"Visit to the Orams, child in need. I'd put a card through on Monday giving them a time. Kit was in.":  "",
		"Visit to Kit Oram, nine, child in need. As of Monday he has a new school.":                            "",
		"Return interview with Bea Oram. Gone Sunday, back Tuesday morning. She was all right.":                "",
		"Visit to Kit Oram, nine, child in need. He starts college a week on Monday. He was in.":               "",
		"Visit to Kit Oram, nine, child in need. He dressed up for Valentine's Day. He was in.":                "",
		"Visit to the Orams, child in need. I was less shy than when I did the first so it went well.":         "",
		"Visit to Kit Oram, nine, looked after. His mum took him to A&E on Wednesday. Kit was in.":             "",
		"Visit to Kit Oram, nine, looked after. Contact with his mum went well on Wednesday. Kit was in.":      "",
		"Visit to the Orams, child in need. The conference heard about Tuesday's visit. Kit was in.":           "",
		"Visit to the Orams, child in need. Mum said it was Tuesday she found the blade. Kit was in.":          "",
		"Visit to the Orams, child in need. The moving day is the second of April. Kit, nine, was in.":         "",
		"Visit to the Orams. He smashed the window on the last Friday of February, mum told me. Kit was in.":   "",
		"Visit to the Orams, child in need. Since Tuesday's visit by the nurse they've been fine. Kit was in.": "",
	} {
		if got := readText(t, words).record.Visit.Date.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestTimeOfVisit(t *testing.T) {
	for words, want := range map[string]string{
		"Child in need, the Orams, Thursday about ten. Kit, nine, was in.":                                                "10:00",
		"Child in need, the Orams, Thursday gone four, not booked. Kit, nine, was in.":                                    "16:00",
		"Visit to Kit Oram, nine. I called in about eleven without ringing. Mum let me in.":                               "11:00",
		"Visit to Kit Oram, nine, teatime, five-ish. Mum let me in.":                                                      "17:00",
		"Visit to Kit Oram, nine. Four o'clock-ish, as we'd agreed. Mum let me in.":                                       "16:00",
		"Visit to Kit Oram, nine, Thursday, three-thirty. Mum let me in.":                                                 "15:30",
		"Child protection visit to the Orams, Thursday, eleven. Kit, nine, was in.":                                       "11:00",
		"Visit by appointment, six, Thursday the twelfth of March, to Kit Oram, nine. Mum let me in.":                     "18:00",
		"Visit to Kit Oram, nine, got there for two. Mum let me in.":                                                      "14:00",
		"Visit to Kit Oram, nine. I'd said ten, it was twenty past. Mum let me in.":                                       "10:20",
		"Visit to Kit Oram, nine. I was due at three and got stuck at the lights so it was half past.":                    "15:30",
		"Visit to Kit Oram, nine. I'd said two, it was two. Mum let me in.":                                               "14:00",
		"Visit to Kit Oram, nine. We'd said noon and it was one, the traffic. Mum let me in.":                             "13:00",
		"Visit to the Orams. No answer at half nine, so I tried again at eleven and Kit, nine, let me in.":                "11:00",
		"Visit to Kit Oram, nine, ten to eight at night, unannounced. Mum let me in.":                                     "19:50",
		"Evening visit, Thursday, twenty past eight, the Orams. Mum let me in.":                                           "20:20",
		"Visit to Kit Oram, nine, came at seven fifteen before school. Mum let me in.":                                    "07:15",
		"Visit to Kit Oram, nine. Four till about half five. Mum let me in.":                                              "16:00",
		"Visit to Kit Oram, nine. I got there at half two, scrub that, quarter to three. Mum let me in.":                  "14:45",
		"Visit to Kit Oram, nine, Thursday, five and twenty past two. Mum let me in.":                                     "14:25",
		"Visit to Kit Oram, nine, child in need. He's up at six every day with the baby.":                                 "",
		"Visit to Kit Oram, nine, child in need. His nan last saw him at seven with a bag.":                               "",
		"Visit to Kit Oram, nine, child in need. Their log has a neighbour hearing shouts at ten to two on Sunday.":       "",
		"Visit to Kit Oram, nine, child in need. School rang at ten to say he was not in.":                                "",
		"Duty. Police brought in Kit, nine, found in the street at six a.m. I sat with him till his aunt came at eleven.": "",
		"Visit to Kit Oram, nine. Jo is going to the bank and she's meeting me there at two.":                             "",
		"Return interview then supervision's at four so quick. Kit Oram, nine, was in.":                                   "",
		"So it's half seven and I'm still out. Visit to Kit Oram, nine. Mum let me in.":                                   "",
		"It's gone seven and I've a barbecue. Visit to Kit Oram, nine. Mum let me in.":                                    "",
		"Visit to Kit Oram, nine. We talked about ten things. Mum let me in.":                                             "",
		"Visit to Kit, nine, and Bea, six, child in need. Mum let me in. Thursday.":                                       "",
		"Visit to Kit Oram, nine, child in need. I said two of them could go. Mum let me in.":                             "",
		"Visit to Kit Oram, nine, child in need. Tea's at five and they all eat together.":                                "",
	} {
		if got := readText(t, words).record.Visit.Time.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestComingAgain(t *testing.T) {
	const before = "CIN visit to Orla, seven, Thursday 29th October 2026. She showed me her room and talked about school and the dog. Mum was in and made tea and told me about the new flat. Orla said she likes it there. "
	for words, want := range map[string]string{
		"I go again on the twelfth of November.":                               "2026-11-12",
		"We meet again on the twelfth of November.":                            "2026-11-12",
		"I'll drive over on Monday.":                                           "2026-11-02",
		"I shall look in on Monday to see.":                                    "2026-11-02",
		"I'll get round to the flat on Tuesday at four.":                       "2026-11-03",
		"I'll do a home visit on Saturday.":                                    "2026-10-31",
		"I'm due there on the twelfth.":                                        "2026-11-12",
		"I'll try again on Monday before nine.":                                "2026-11-02",
		"I'll bring the forms when I come on the twelfth of November.":         "2026-11-12",
		"Mum is keeping the list, it's for when I'm there on the twelfth.":     "2026-11-12",
		"I'll be at the house on Tuesday.":                                     "2026-11-03",
		"I told Orla I'd see her next Monday.":                                 "2026-11-02",
		"I'll see the children at home on Tuesday.":                            "2026-11-03",
		"My next is the twelfth of November.":                                  "2026-11-12",
		"Twelfth of May next.":                                                 "2027-05-12",
		"Twelfth of November's the next.":                                      "2026-11-12",
		"Second session's the twelfth of November.":                            "2026-11-12",
		"The six-week one falls on the tenth of December.":                     "2026-12-10",
		"Mum will have the forms for next time, which is the twelfth.":         "2026-11-12",
		"I'll bring the book on the twelfth, that's my next one.":              "2026-11-12",
		"The twelfth, same hour, for the next.":                                "2026-11-12",
		"Next one's in two weeks, Friday the thirteenth of November.":          "2026-11-13",
		"Next visit's the fifth. No, sorry, the sixth.":                        "2026-11-06",
		"Next visit twelfth, same time.":                                       "2026-11-12",
		"Out again on the twelfth.":                                            "2026-11-12",
		"Back on the twelfth of May.":                                          "2027-05-12",
		"Two weeks, twelfth of November.":                                      "2026-11-12",
		"She's happy for me to come on Tuesday.":                               "2026-11-03",
		"Rearranged with mum for Tuesday at four.":                             "2026-11-03",
		"I haven't seen the other flat, so an unannounced on Tuesday.":         "2026-11-03",
		"Mum's friend is in Leeds, back on Tuesday.":                           "",
		"I'm asking the GP for a call back tomorrow.":                          "",
		"I'm to chase the return home interview by Tuesday.":                   "",
		"I'll be at the core group on Tuesday.":                                "",
		"I'll call in at the housing office on Tuesday.":                       "",
		"I'll see mum tomorrow about the fare.":                                "",
		"I'm seeing the children at school on Tuesday.":                        "",
		"Nan goes again on Tuesday.":                                           "",
		"Mum says the health visitor will drive over on Monday.":               "",
		"If it fails I go back on Tuesday.":                                    "",
		"The review was rebooked by dad for Tuesday.":                          "",
		"Dad's second session is on Tuesday with the drug worker.":             "",
		"I'll leave the date of the next one to Lorna when she's back Monday.": "",
		"I went again on Tuesday.":                                             "",
	} {
		if got := readText(t, before+words).record.Visit.NextVisit.Value; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

func TestDayDue(t *testing.T) {
	const before = "CIN visit to Orla, seven, Thursday 29th October 2026, four o'clock. She showed me her room and talked about school and the dog. Mum, Kerry, was in and made tea and told me about the new flat. Orla said she likes it there. "
	for words, want := range map[string]string{
		"I'll ring the housing officer before five.":                                           "2026-10-29",
		"I'll ring the housing officer at six.":                                                "2026-10-29",
		"I'll email the school before I go home.":                                              "2026-10-29",
		"I'll send the form by close of play.":                                                 "2026-10-29",
		"I'm ringing the police now.":                                                          "2026-10-29",
		"I'll ring the doctor at nine in the morning.":                                         "2026-10-30",
		"Kerry will ring the doctor before the weekend.":                                       "2026-10-30",
		"I'll write the letter before the week is out.":                                        "2026-10-30",
		"I'll write the letter by the end of tomorrow.":                                        "2026-10-30",
		"I'm going to ask the club about a place, which I'll do on Monday.":                    "2026-11-02",
		"I'll write to the school, and that'll be tomorrow.":                                   "2026-10-30",
		"I need to order a bed from the fund, by Friday if I can.":                             "2026-10-30",
		"I'll ring Lorna, that's the aunt, tonight about the dog.":                             "2026-10-29",
		"Kerry agreed to see the doctor, she'll ring on Monday.":                               "2026-11-02",
		"I've asked Kerry to ring the doctor by Monday.":                                       "2026-11-02",
		"The referral to the fostering team goes in from me on Monday.":                        "2026-11-02",
		"I'll write the letter within 48 hours.":                                               "2026-10-31",
		"I'll write the letter by lunchtime.":                                                  "2026-10-29",
		"I'll write the letter before I log off.":                                              "2026-10-29",
		"I'll ring the school every Friday.":                                                   "",
		"I must ask for the letter, which was due on the thirtieth.":                           "",
		"I'll ask Lorna about the Thursday group.":                                             "",
		"I'll put Orla's name down for the young carers' Monday club.":                         "",
		"I'll put Orla's name down for a Saturday.":                                            "",
		"I'll ask the police about Sunday.":                                                    "",
		"Kerry agreed to ring me if Orla isn't in by eight.":                                   "",
		"I'll press the council, and Lorna's mending that window before Monday.":               "",
		"I'm asking the police for a check, and Kerry will send it over tonight.":              "",
		"Kerry is going to ring the nurse about a second monitor, we agreed that at three.":    "",
		"I'll ask Kerry about the number of beds and she'll be nine weeks gone on Monday too.": "",
	} {
		r := readText(t, before+words).record
		if len(r.Actions) == 0 {
			t.Errorf("%q: no action", words)
			continue
		}
		if got := r.Actions[0].Due.Date; got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}

// TestDueInWords holds the words of times that come to no day.
func TestDueInWords(t *testing.T) {
	for _, words := range []string{
		"before half term", "by half-term", "at the weekend", "over the weekend", "after Christmas", "in the new year", "in a couple of weeks", "within the next few days", "as soon as I can",
		"straight away", "in January", "early next week", "before court", "at the next core group", "once a week", "every Friday", "next month",
	} {
		list := readText(t, "CIN visit to Orla, seven. Mum, Kerry, was in. I'll ring the doctor "+words+".").record.Actions
		if len(list) != 1 || list[0].Due.Text != words || list[0].Due.Date != "" {
			t.Errorf("%s: %+v", words, list)
		}
	}
	for words, want := range map[string]string{"by close of play Friday": "2026-03-13", "first thing Monday": "2026-03-16"} {
		list := readText(t, "CIN visit to Orla, seven. Mum, Kerry, was in. I'll ring the doctor "+words+".").record.Actions
		if len(list) != 1 || list[0].Due.Text != words || list[0].Due.Date != want {
			t.Errorf("%s: %+v", words, list)
		}
	}
}

// TestSpokenTimes holds that the gate knows what the rules read: a time of the same day, and minutes that stand behind their hour.
func TestSpokenTimes(t *testing.T) {
	for words, want := range map[string]string{"I'll ring her at six": "2026-10-29", "before I go home": "2026-10-29", "at nine in the morning": "2026-10-30", "I'll ring her": ""} {
		got := ""
		if list := Dates(words, "2026-10-29"); len(list) > 0 {
			got = list[0]
		}
		if got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
	for _, c := range []struct {
		words, time string
		want        bool
	}{{"eleven, it was twenty past", "11:20", true}, {"eleven, it was twenty past", "12:20", false}, {"about ten", "10:20", false}} {
		if got := TimeSpoken(c.time, c.words); got != c.want {
			t.Errorf("%s in %q: %v", c.time, c.words, got)
		}
	}
}

// A short note has no introduction but its first sentence, and may be about the next visit alone.
func TestNextVisitOfShortNotes(t *testing.T) { // told on Thursday 12 March 2026
	for words, want := range map[string]string{
		"Saw Riley, six, today at school. All well. Next visit Thursday 19 March.":         "2026-03-12 2026-03-19",
		"Phone call with mum Kelly. She is coping better. I will visit on Monday at four.": " 2026-03-16",
		"Riley, six, seen at home today, statutory visit. Next visit is 19 March.":         "2026-03-12 2026-03-19",
		"Next visit to Riley is on Monday. Today mum was out.":                             "2026-03-12 2026-03-16",
		"My next visit is on Monday.":                                                      " 2026-03-16",
		"Visit to Riley on Tuesday. I'll go back on Friday.":                               "2026-03-10 2026-03-13",
		"Visited Riley on Tuesday at four.":                                                "2026-03-10 ",
		"Visit to Riley on Tuesday, next to last before court. Mum was out.":               "2026-03-10 ",
	} {
		v := readText(t, words).record.Visit
		if got := v.Date.Value + " " + v.NextVisit.Value; got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
