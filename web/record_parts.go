package web

import (
	"strings"

	"kerbside"
)

// record is the panel of facts; nil while there is no record.
func (b *visitBuilder) record() *recordPanel {
	r := b.v.Record
	if r == nil {
		return nil
	}
	p := &recordPanel{}
	names := make(map[kerbside.PersonID]string)
	for _, a := range r.Attendees {
		names[a.ID] = firstOf(a.Name, a.Role)
	}
	fact := func(name, value string, e []kerbside.Evidence) {
		known := value != "" && value != kerbside.NotStated
		if !known {
			value = "not said"
		}
		p.Facts = append(p.Facts, factPart{Name: name, Value: value, Known: known, Evidence: b.evidence(e)})
	}
	date := func(name string, f kerbside.Fact) {
		value := day(f.Value)
		if f.Value == "" && len(f.Evidence) > 0 { // a day of no known year
			value = "“" + f.Evidence[0].Quote + "”"
		}
		fact(name, value, f.Evidence)
	}
	v := r.Visit
	date("Date", v.Date)
	fact("Time", v.Time.Value, v.Time.Evidence)
	fact("Kind of visit", plain(v.Type.Value), v.Type.Evidence)
	fact("How", plain(v.Mode.Value), v.Mode.Evidence)
	fact("Place", v.Place.Value, v.Place.Evidence)
	fact("Announced", v.Announced.Value, v.Announced.Evidence)
	fact("Outcome", plain(v.Outcome.Value), v.Outcome.Evidence)
	for _, c := range r.Children {
		who := firstOf(names[c.Person], "Child")
		fact(who+" seen", c.ChildSeen.Value, c.ChildSeen.Evidence)
		fact(who+" seen alone", withReason(c.SeenAlone), c.SeenAlone.Evidence)
		fact(who+"'s bedroom seen", c.BedroomSeen.Value, c.BedroomSeen.Evidence)
	}
	if len(r.Children) == 0 {
		fact("Child seen", v.ChildSeen.Value, v.ChildSeen.Evidence)
		fact("Seen alone", withReason(v.SeenAlone), v.SeenAlone.Evidence)
		fact("Bedroom seen", v.BedroomSeen.Value, v.BedroomSeen.Evidence)
	}
	date("Next visit", v.NextVisit)
	p.Groups = b.groups(r)
	p.Decided, p.Dropped = b.suggestedParts(), droppedParts(r, b.v.ModelGate)
	p.Struck = b.struck(r)
	return p
}

func withReason(f kerbside.ReasonedFact) string {
	if f.Reason != "" {
		return f.Value + ": " + f.Reason
	}
	return f.Value
}

// plain says one of the record's fixed values for people.
func plain(value string) string {
	if value == kerbside.NotStated {
		return value
	}
	return strings.ReplaceAll(value, "_", " ")
}

func (b *visitBuilder) groups(r *kerbside.Record) []foundGroup {
	var out []foundGroup
	add := func(name string, items []foundPart) {
		if len(items) > 0 {
			out = append(out, foundGroup{Name: name, Items: items})
		}
	}
	var people, worries, strengths, voices, injuries, actions []foundPart
	attendees := r.Attendees
	if len(attendees) == 0 && r.Proposals != nil {
		attendees = r.Proposals.Attendees
	}
	for _, a := range attendees {
		who := firstOf(a.Name, a.Role)
		if a.Name != "" && a.Role != "" {
			who += ", " + a.Role
		}
		if a.Age != "" {
			who += ", " + a.Age
		}
		people = append(people, foundPart{Text: who, Tags: tags(a.Presence, ""), Evidence: b.evidence(a.Evidence)})
	}
	for _, x := range r.Risks {
		worries = append(worries, foundPart{Item: x.ID, Text: x.Text, Tags: tags(x.Polarity, x.Standing, x.Temporality, said(x.Attribution)), Evidence: b.evidence(x.Evidence)})
	}
	for _, x := range r.Injuries {
		text := strings.TrimSpace(strings.Join([]string{x.Description, x.Side, x.Site}, " "))
		injuries = append(injuries, foundPart{Text: firstOf(text, firstQuote(x.Evidence)), Tags: tags(x.Polarity, x.Standing), Evidence: b.evidence(x.Evidence)})
	}
	for _, x := range r.Strengths {
		strengths = append(strengths, foundPart{Item: x.ID, Text: x.Text, Tags: tags(x.Polarity, x.Standing, said(x.Attribution)), Evidence: b.evidence(x.Evidence)})
	}
	for _, x := range r.ChildVoice {
		text := x.Quote
		if x.Mode == kerbside.VoiceDirect {
			text = "“" + text + "”"
		}
		voices = append(voices, foundPart{Item: x.ID, Text: firstOf(x.Child, "A child") + ": " + text, Tags: tags("", x.Standing), Evidence: b.evidence(x.Evidence)})
	}
	for _, x := range r.Actions {
		due := x.Due.Text
		if x.Due.Date != "" {
			due = "by " + day(x.Due.Date)
		}
		text := x.Text
		if due != "" {
			text += " - " + due
		}
		actions = append(actions, foundPart{Item: x.ID, Text: text, Tags: tags("", x.Standing, x.Status, x.Owner), Evidence: b.evidence(x.Evidence)})
	}
	add("People", people)
	add("What the children said or showed", voices)
	add("Worries", worries)
	add("Injuries and marks", injuries)
	add("What is working well", strengths)
	add("What happens next", actions)
	return out
}

// open opens the form of one item.
func (p *recordPanel) open(item string) {
	for i := range p.Groups {
		for j := range p.Groups[i].Items {
			if x := &p.Groups[i].Items[j]; x.Item != "" && x.Item == item {
				x.Edit = true
			}
		}
	}
}

// struck is what the worker took out.
func (b *visitBuilder) struck(r *kerbside.Record) []foundPart {
	var out []foundPart
	for _, x := range r.Struck {
		out = append(out, foundPart{Item: x.ID, Text: x.Text, Tags: []tagPart{{Text: kindName(x.Kind)}}, Why: x.Reason, Evidence: b.evidence(x.Evidence)})
	}
	return out
}

func firstQuote(list []kerbside.Evidence) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].Quote
}

func said(a kerbside.Attribution) string {
	switch a.Kind {
	case kerbside.Observed:
		return "seen by the worker"
	case kerbside.WorkerOpinion:
		return "the worker's view"
	}
	if a.Who == "" {
		return plain(a.Kind)
	}
	return a.Who + " said"
}

// tags are the marks of a found item: what is denied, unsure or proposed is marked as such, what is usual is not.
func tags(polarity, standing string, more ...string) []tagPart {
	var out []tagPart
	switch polarity {
	case kerbside.Negated:
		out = append(out, tagPart{Text: "said not to be so"})
	case kerbside.Uncertain:
		out = append(out, tagPart{Text: "not certain", Doubt: true})
	case kerbside.Present, kerbside.Absent, kerbside.Mentioned:
		out = append(out, tagPart{Text: polarity})
	}
	switch standing {
	case kerbside.Proposed, kerbside.Rejected:
		out = append(out, tagPart{Text: standing, Doubt: true})
	}
	for _, m := range more {
		if m != "" && m != kerbside.Current {
			out = append(out, tagPart{Text: m})
		}
	}
	return out
}
