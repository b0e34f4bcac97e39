package draft_test

import (
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// family builds a record from a dictation by the words of its evidence.
type family struct {
	t   testing.TB
	src *kerbside.Source
	r   *kerbside.Record
}

func newFamily(t testing.TB, text string) *family {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.Words { // as if spoken, at two words a second
		start, end, c := int64(i*500), int64(i*500+400), 0.97
		tr.Words[i].StartMS, tr.Words[i].EndMS, tr.Words[i].Confidence = &start, &end, &c
	}
	tr.Recording.Kind = kerbside.KindDebrief
	if err := tr.Validate(); err != nil {
		t.Fatal(err)
	}
	return &family{t, kerbside.NewSource(tr), &kerbside.Record{Schema: kerbside.RecordSchema,
		Source: kerbside.RecordSource{Transcripts: []string{string(tr.ID)}, Kind: kerbside.KindDebrief, Engine: "test"}}}
}

// ev is evidence of words as they stand in the dictation.
func (f *family) ev(quotes ...string) []kerbside.Evidence {
	f.t.Helper()
	var out []kerbside.Evidence
	for _, q := range quotes {
		at := strings.Index(f.src.Text, q)
		if at < 0 {
			f.t.Fatalf("%q is not in the dictation", q)
		}
		start, end := len([]rune(f.src.Text[:at])), len([]rune(f.src.Text[:at]))+len([]rune(q))
		first := slices.IndexFunc(f.src.Words, func(w kerbside.Word) bool { return w.EndChar > start })
		last := first
		for last+1 < len(f.src.Words) && f.src.Words[last+1].StartChar < end {
			last++
		}
		out = append(out, f.src.Evidence(first, last))
	}
	return out
}

func (f *family) fact(value string, quotes ...string) kerbside.Fact {
	return kerbside.Fact{Value: value, Evidence: f.ev(quotes...)}
}

func (f *family) person(id, name, role, age, presence, quote string) {
	f.r.Attendees = append(f.r.Attendees, kerbside.Attendee{ID: kerbside.PersonID(id), Name: name, Role: role, Age: age, Presence: presence, Evidence: f.ev(quote)})
}

func (f *family) child(id string, seen, alone kerbside.Fact, reason string, bedroom kerbside.Fact) {
	f.r.Children = append(f.r.Children, kerbside.ChildFacts{Person: kerbside.PersonID(id), ChildSeen: seen,
		SeenAlone: kerbside.ReasonedFact{Value: alone.Value, Reason: reason, Evidence: alone.Evidence}, BedroomSeen: bedroom})
}

var notStated = kerbside.Fact{Value: kerbside.NotStated}

func by(kind, who string, chain ...string) kerbside.Attribution {
	return kerbside.Attribution{Kind: kind, Who: who, Chain: chain}
}

func ids(s string) []kerbside.PersonID {
	var out []kerbside.PersonID
	for _, id := range strings.Fields(s) {
		out = append(out, kerbside.PersonID(id))
	}
	return out
}

func (f *family) risk(about, polarity, temporality string, by kerbside.Attribution, quotes ...string) *kerbside.Risk {
	e := f.ev(quotes...)
	f.r.Risks = append(f.r.Risks, kerbside.Risk{ID: kerbside.ItemID("r", e[0]), Text: e[0].Quote, About: ids(about), Polarity: polarity, Temporality: temporality, Attribution: by, Standing: kerbside.Found, Evidence: e})
	return &f.r.Risks[len(f.r.Risks)-1]
}

func (f *family) strength(about string, by kerbside.Attribution, quotes ...string) *kerbside.Strength {
	e := f.ev(quotes...)
	f.r.Strengths = append(f.r.Strengths, kerbside.Strength{ID: kerbside.ItemID("s", e[0]), Text: e[0].Quote, About: ids(about), Polarity: kerbside.Affirmed, Attribution: by, Standing: kerbside.Found, Evidence: e})
	return &f.r.Strengths[len(f.r.Strengths)-1]
}

func (f *family) action(about, owner, status, dueText, due string, quotes ...string) *kerbside.Action {
	e := f.ev(quotes...)
	f.r.Actions = append(f.r.Actions, kerbside.Action{ID: kerbside.ItemID("a", e[0]), Text: e[0].Quote, About: ids(about), Owner: owner, Status: status, Due: kerbside.Due{Text: dueText, Date: due}, Standing: kerbside.Found, Evidence: e})
	return &f.r.Actions[len(f.r.Actions)-1]
}

func (f *family) voice(person, child, mode string, quotes ...string) *kerbside.ChildVoice {
	e := f.ev(quotes...)
	f.r.ChildVoice = append(f.r.ChildVoice, kerbside.ChildVoice{ID: kerbside.ItemID("v", e[0]), Child: child, Person: kerbside.PersonID(person), Quote: e[0].Quote, Mode: mode, Standing: kerbside.Found, Evidence: e})
	return &f.r.ChildVoice[len(f.r.ChildVoice)-1]
}

func (f *family) injury(child, polarity, explainedBy, explanation string, quotes ...string) {
	e := f.ev(quotes...)
	n := kerbside.Injury{ID: kerbside.ItemID("n", e[0]), Child: kerbside.PersonID(child), Description: e[0].Quote, Polarity: polarity, SeenBy: "worker", Standing: kerbside.Found, Evidence: e}
	if explanation != "" {
		n.Explanations = []kerbside.Explanation{{Who: explainedBy, Evidence: f.ev(explanation)}}
	}
	f.r.Injuries = append(f.r.Injuries, n)
}

// siblings are two children with different answers, a dispute, an injury with an explanation, hearsay with a chain.
func siblings(t testing.TB) *family {
	f := newFamily(t, `Child protection visit to the Marlow family, Tuesday the 3rd of March 2026, four o'clock, unannounced. Kelly Marlow, mum, was in with Jayden, eight, and Poppy, three. Dad, Lee, was not there. `+
		`I saw Jayden on his own in the kitchen. Poppy was seen but not alone because she would not leave her mum. I saw Jayden's bedroom, it was warm and he had clean bedding. `+
		`Jayden said, "I don't like it when dad shouts." He told me he goes and hides in the bathroom with Poppy. Poppy hid behind the sofa when a car door banged. `+
		`Kelly reported that there has been no shouting since Christmas. Lee told me on the phone that they argue most weekends. `+
		`There is a yellow bruise on Jayden's left arm. Kelly said he fell off his bike. There were no other marks on Jayden. `+
		`The school told me that Kelly said she had been drinking before pick-up in January. Um, the, um, the fridge was full. Poppy may have missed her two-year check, I'm not sure. `+
		`He was excluded twice last year. In my view Kelly is trying hard but she plays down what the children hear. I need to discuss with my manager whether we go back to conference. `+
		`Kelly agreed to take Jayden to the GP by Friday. I will ring the school nurse tomorrow. The parenting course still hasn't been booked. I've told the school about the bruise. Next visit is on Tuesday 17 March.`)
	v := &f.r.Visit
	v.Date = f.fact("2026-03-03", "Tuesday the 3rd of March 2026")
	v.Time = f.fact("16:00", "four o'clock")
	v.Type = f.fact(kerbside.VisitChildProtection, "Child protection visit")
	v.Announced = f.fact(kerbside.No, "unannounced")
	v.Mode = f.fact(kerbside.ModeInPerson, "I saw Jayden")
	v.Outcome = f.fact(kerbside.OutcomeCompleted, "I saw Jayden")
	v.NextVisit = f.fact("2026-03-17", "Next visit is on Tuesday 17 March")
	v.ChildSeen, v.BedroomSeen = f.fact(kerbside.Yes, "I saw Jayden"), f.fact(kerbside.Yes, "I saw Jayden's bedroom")
	v.SeenAlone = kerbside.ReasonedFact{Value: kerbside.Yes, Evidence: f.ev("I saw Jayden on his own")}
	f.person("p1", "Kelly Marlow", "mother", "", kerbside.Present, "Kelly Marlow, mum, was in")
	f.person("p2", "Jayden", "child", "eight", kerbside.Present, "Jayden, eight")
	f.person("p3", "Poppy", "child", "three", kerbside.Present, "Poppy, three")
	f.person("p4", "Lee", "father", "", kerbside.Absent, "Dad, Lee, was not there")
	f.person("p5", "", "school nurse", "", kerbside.Mentioned, "the school nurse")
	f.child("p2", f.fact(kerbside.Yes, "I saw Jayden"), f.fact(kerbside.Yes, "I saw Jayden on his own"), "", f.fact(kerbside.Yes, "I saw Jayden's bedroom"))
	f.child("p3", f.fact(kerbside.Yes, "Poppy was seen"), f.fact(kerbside.No, "Poppy was seen but not alone because she would not leave her mum"), "she would not leave her mum", notStated)
	f.voice("p2", "Jayden", kerbside.VoiceDirect, "I don't like it when dad shouts").Critical = true
	f.voice("p2", "Jayden", kerbside.VoiceParaphrase, "he goes and hides in the bathroom with Poppy", "Jayden said")
	f.voice("p3", "Poppy", kerbside.VoiceNonverbal, "Poppy hid behind the sofa when a car door banged")
	child := by(kerbside.ChildSaid, "Jayden")
	f.risk("p2", kerbside.Affirmed, kerbside.Current, child, "I don't like it when dad shouts", "Jayden").Critical = true
	f.risk("p2 p3", kerbside.Affirmed, kerbside.Current, child, "he goes and hides in the bathroom with Poppy", "Jayden")
	f.risk("p2 p3", kerbside.Negated, kerbside.Current, by(kerbside.AdultSaid, "Kelly"), "there has been no shouting since Christmas", "Kelly")
	f.risk("p2 p3", kerbside.Affirmed, kerbside.Current, by(kerbside.AdultSaid, "Lee"), "they argue most weekends", "Lee").Critical = true
	f.risk("p2", kerbside.Negated, kerbside.Current, by(kerbside.Observed, "worker"), "There were no other marks on Jayden")
	f.risk("p1", kerbside.Affirmed, kerbside.Historical, by(kerbside.ProfessionalSaid, "school", "school", "Kelly"), "she had been drinking before pick-up in January", "Kelly")
	f.risk("p3", kerbside.Uncertain, kerbside.Current, by(kerbside.Observed, "worker"), "Poppy may have missed her two-year check, I'm not sure")
	f.risk("p2", kerbside.Affirmed, kerbside.Historical, by(kerbside.Observed, "worker"), "He was excluded twice last year", "Jayden")
	f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.WorkerOpinion, "worker"), "she plays down what the children hear")
	f.strength("p1", by(kerbside.WorkerOpinion, "worker"), "In my view Kelly is trying hard")
	f.strength("p2", by(kerbside.Observed, "worker"), "it was warm and he had clean bedding")
	f.strength("p2 p3", by(kerbside.Observed, "worker"), "Um, the, um, the fridge was full")
	f.injury("p2", kerbside.Affirmed, "Kelly", "Kelly said he fell off his bike", "There is a yellow bruise on Jayden's left arm")
	f.action("p1 p2", "Kelly", kerbside.Agreed, "by Friday", "2026-03-06", "Kelly agreed to take Jayden to the GP by Friday")
	f.action("p2", "worker", kerbside.Planned, "tomorrow", "2026-03-04", "I will ring the school nurse tomorrow")
	f.action("p1 p2 p3", "", kerbside.Planned, "", "", "The parenting course still hasn't been booked")
	f.action("p2 p3", "worker", kerbside.Planned, "", "", "I need to discuss with my manager whether we go back to conference")
	f.action("p2", "worker", kerbside.Done, "", "", "I've told the school about the bruise")
	f.r.Missing = []kerbside.Missing{{Code: "bedroom_seen", About: ids("p3"), Text: "Not said: was Poppy's bedroom seen?"}}
	f.r.Warnings = []kerbside.Warning{{Code: kerbside.WarnUrgentCue, Text: "A bruise is mentioned.", Evidence: f.ev("There is a yellow bruise on Jayden's left arm")}}
	return f
}

// noAccess is an attempt without a visit.
func noAccess(t testing.TB) *family {
	f := newFamily(t, `Tried the Osei family this morning. Nobody answered at quarter past eight. Went back at ten past nine and a neighbour said they had gone away for the weekend, she thinks. `+
		`I could hear a dog but no voices. I have not seen Ama or Kofi since the ninth. I've left a card and texted mum, Abena. I'll try again at five. If I can't see them by tonight I will tell my manager.`)
	v := &f.r.Visit
	v.Outcome = f.fact(kerbside.OutcomeNoAccess, "Nobody answered")
	v.Attempts = []kerbside.Attempt{{Time: "08:15", Outcome: kerbside.OutcomeNoAccess, Evidence: f.ev("Nobody answered at quarter past eight")}, {Time: "09:10", Outcome: kerbside.OutcomeNoAccess, Evidence: f.ev("Went back at ten past nine")}}
	v.ChildSeen = f.fact(kerbside.No, "I have not seen Ama or Kofi")
	f.r.Source.VisitDateHint, f.r.Source.HintFrom = "2026-02-14", "option"
	f.person("p1", "Abena", "mother", "", kerbside.Mentioned, "mum, Abena")
	f.person("p2", "Ama", "child", "", kerbside.Mentioned, "Ama or")
	f.person("p3", "Kofi", "child", "", kerbside.Mentioned, "Kofi since")
	f.person("p4", "", "neighbour", "", kerbside.Mentioned, "a neighbour")
	f.child("p2", f.fact(kerbside.No, "I have not seen Ama or Kofi"), notStated, "", notStated)
	f.child("p3", f.fact(kerbside.No, "I have not seen Ama or Kofi"), notStated, "", notStated)
	f.risk("p2 p3", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "I have not seen Ama or Kofi since the ninth").Critical = true
	r := f.risk("p2 p3", kerbside.Uncertain, kerbside.Current, by(kerbside.AdultSaid, "neighbour"), "they had gone away for the weekend, she thinks", "a neighbour")
	r.Sensitivity = []string{kerbside.SensitiveThirdParty}
	f.risk("p2 p3", kerbside.Negated, kerbside.Current, by(kerbside.Observed, "worker"), "I could hear a dog but no voices")
	f.action("p1", "worker", kerbside.Done, "", "", "I've left a card and texted mum, Abena")
	f.action("p2 p3", "worker", kerbside.Planned, "at five", "", "I'll try again at five")
	f.action("p2 p3", "worker", kerbside.Planned, "by tonight", "2026-02-14", "If I can't see them by tonight I will tell my manager")
	return f
}

// lookedAfter is a visit to a child in foster care, with an interpreter.
func lookedAfter(t testing.TB) *family {
	f := newFamily(t, `Looked after visit to Samir at his foster carer's, Thursday 16 April 2026 at half past four. Samir, fourteen, was seen alone in his room with Leila Rahimi interpreting. Wendy Platt, foster carer, was downstairs. `+
		`He said, through Leila, "I want to see my brother, nobody tells me when." He said he is sleeping better. He showed me the certificate from boxing. `+
		`Wendy said that he eats with the family most nights and has not gone missing since February. His tutor reports sixty per cent attendance, down from eighty. `+
		`I think the boxing is what holds him. His health assessment is overdue, it was due on the first of April. Wendy will book the dentist. I'll ask the brother's social worker for dates by Wednesday.`)
	v := &f.r.Visit
	v.Date = f.fact("2026-04-16", "Thursday 16 April 2026")
	v.Time = f.fact("16:30", "half past four")
	v.Type = f.fact(kerbside.VisitLookedAfter, "Looked after visit")
	v.Place = f.fact("foster home", "his foster carer's")
	v.Mode, v.Outcome = f.fact(kerbside.ModeInPerson, "was seen alone"), f.fact(kerbside.OutcomeCompleted, "was seen alone")
	f.person("p1", "Samir", "child", "fourteen", kerbside.Present, "Samir, fourteen")
	f.person("p2", "Wendy Platt", "foster carer", "", kerbside.Present, "Wendy Platt, foster carer")
	f.person("p3", "Leila Rahimi", "interpreter", "", kerbside.Present, "Leila Rahimi interpreting")
	f.person("p4", "", "brother", "", kerbside.Mentioned, "my brother")
	f.person("p5", "", "tutor", "", kerbside.Mentioned, "His tutor")
	seen := f.fact(kerbside.Yes, "Samir, fourteen, was seen alone in his room")
	f.child("p1", seen, seen, "", seen)
	f.voice("p1", "Samir", kerbside.VoiceDirect, "I want to see my brother, nobody tells me when", "Samir at").Via = "p3"
	f.voice("p1", "Samir", kerbside.VoiceParaphrase, "he is sleeping better", "Samir at")
	f.voice("p1", "Samir", kerbside.VoiceNonverbal, "He showed me the certificate from boxing", "Samir at")
	f.strength("p1", by(kerbside.AdultSaid, "Wendy"), "he eats with the family most nights", "Wendy said")
	f.risk("p1", kerbside.Negated, kerbside.Current, by(kerbside.AdultSaid, "Wendy"), "has not gone missing since February", "Wendy said")
	f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.ProfessionalSaid, "tutor"), "sixty per cent attendance, down from eighty", "His tutor")
	f.strength("p1", by(kerbside.WorkerOpinion, "worker"), "the boxing is what holds him")
	r := f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "His health assessment is overdue, it was due on the first of April")
	r.Sensitivity = []string{kerbside.SensitiveHealth}
	f.action("p1", "Wendy", kerbside.Planned, "", "", "Wendy will book the dentist")
	f.action("p1", "worker", kerbside.Planned, "by Wednesday", "2026-04-22", "I'll ask the brother's social worker for dates by Wednesday")
	return f
}

// secrets plants what readers must not see. Words to look for are in planted.
func secrets(t testing.TB) *family {
	f := newFamily(t, `Visit to the Dunne family on Monday 9 February 2026. Aoife Dunne, mum, and Craig, dad, were both in with Niamh, ten. `+
		`Mrs Haverstock next door rang us, she says she hears screaming at night. Please keep that from both of them. Police told me Craig was named in Operation Lintel. `+
		`Aoife is on sertraline, she told me in the hall, not in front of him. Aoife has a flat ready at 14 Quarry Lane. Niamh's friend Otis has been hurt by his stepdad. `+
		`Niamh whispered that dad broke the kitchen door. Niamh said, "I like my new teacher." Someone called Bex has been lending them money. There was food in the cupboards. Craig denied any shouting. `+
		`I will ring Mrs Haverstock on Wednesday. I will see Niamh at school on Friday. Craig will call the anger group on 01632 960441.`)
	v := &f.r.Visit
	v.Date = f.fact("2026-02-09", "Monday 9 February 2026")
	v.Place = f.fact("14 Quarry Lane", "14 Quarry Lane")
	f.person("p1", "Aoife Dunne", "mother", "", kerbside.Present, "Aoife Dunne, mum")
	f.person("p2", "Craig", "father", "", kerbside.Present, "Craig, dad")
	f.person("p3", "Niamh", "child", "ten", kerbside.Present, "Niamh, ten")
	f.person("p4", "Mrs Haverstock", "neighbour", "", kerbside.Mentioned, "Mrs Haverstock next door")
	f.person("p5", "Otis", "child", "", kerbside.Mentioned, "Otis")
	f.person("p6", "Bex", "", "", kerbside.Mentioned, "Bex")
	f.child("p3", f.fact(kerbside.Yes, "with Niamh, ten"), notStated, "", notStated)
	r := f.risk("p3", kerbside.Affirmed, kerbside.Current, by(kerbside.AdultSaid, "Mrs Haverstock", "Mrs Haverstock"), "she says she hears screaming at night", "Mrs Haverstock")
	r.Sensitivity, r.Restricted, r.Critical = []string{kerbside.SensitiveInformant, kerbside.SensitiveThirdParty}, &kerbside.Restriction{From: ids("p1 p2"), Reason: "keep that from both of them", Evidence: f.ev("Please keep that from both of them")}, true
	r = f.risk("p2", kerbside.Affirmed, kerbside.Current, by(kerbside.ProfessionalSaid, "Police"), "Craig was named in Operation Lintel", "Police told me")
	r.Sensitivity, r.Critical = []string{kerbside.SensitivePolice}, true
	r = f.risk("p1", kerbside.Affirmed, kerbside.Current, by(kerbside.AdultSaid, "Aoife"), "Aoife is on sertraline")
	r.Sensitivity, r.Restricted = []string{kerbside.SensitiveHealth}, &kerbside.Restriction{From: ids("p2"), Reason: "not in front of him", Evidence: f.ev("not in front of him")}
	s := f.strength("p1", by(kerbside.Observed, "worker"), "Aoife has a flat ready at 14 Quarry Lane")
	s.Sensitivity, s.Restricted = []string{kerbside.SensitiveAddress}, &kerbside.Restriction{From: ids("p2"), Evidence: f.ev("not in front of him")}
	r = f.risk("p5", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "Niamh's friend Otis has been hurt by his stepdad")
	r.Sensitivity = []string{kerbside.SensitiveOtherChild}
	f.risk("p3", kerbside.Affirmed, kerbside.Current, by(kerbside.ChildSaid, "Niamh"), "dad broke the kitchen door", "Niamh whispered").Critical = true
	f.voice("p3", "Niamh", kerbside.VoiceParaphrase, "dad broke the kitchen door", "Niamh whispered")
	f.voice("p3", "Niamh", kerbside.VoiceDirect, "I like my new teacher", "Niamh said")
	f.risk("", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "Someone called Bex has been lending them money")
	f.strength("p3", by(kerbside.Observed, "worker"), "There was food in the cupboards")
	f.risk("p2", kerbside.Negated, kerbside.Current, by(kerbside.AdultSaid, "Craig"), "Craig denied any shouting")
	f.action("p3", "worker", kerbside.Planned, "on Wednesday", "2026-02-11", "I will ring Mrs Haverstock on Wednesday")
	f.action("p3", "worker", kerbside.Planned, "on Friday", "2026-02-13", "I will see Niamh at school on Friday")
	a := f.action("p2", "Craig", kerbside.Planned, "", "", "Craig will call the anger group on 01632 960441")
	a.Sensitivity = []string{kerbside.SensitiveAddress}
	p := f.risk("p3", kerbside.Affirmed, kerbside.Current, by(kerbside.Observed, "worker"), "Please keep that from both of them")
	p.Standing = kerbside.Proposed
	return f
}
