package table

import (
	"maps"
	"slices"
	"time"

	"kerbside"
	"kerbside/export/page"
)

// VisitID is the visit's own id, or one that follows from what was said where it has none.
func VisitID(d *kerbside.Dossier) string {
	if d.Visit != "" {
		return string(d.Visit)
	}
	return kerbside.DerivedID("v", append(slices.Clone(d.Record.Source.Transcripts), d.Record.Source.Statements...)...)
}

// Day is the day of the visit: as it was said, else as the worker gave it. The day on which the recording was made is not taken for it.
func Day(r *kerbside.Record) string {
	if r.Visit.Date.Value != "" {
		return r.Visit.Date.Value
	}
	if from := r.Source.HintFrom; from == "option" || from == "visit" {
		return r.Source.VisitDateHint
	}
	return ""
}

func rowsOf(kind string, d *kerbside.Dossier) []row {
	base := visitValues(d)
	var out []row
	add := func(values map[string]string) {
		for k, v := range base {
			values[k] = v
		}
		for k, v := range values {
			values[k] = page.Clean(v)
		}
		out = append(out, row{d, values})
	}
	counts := func(standing string) bool { return standing != kerbside.Proposed && standing != kerbside.Rejected }
	r := d.Record
	switch kind {
	case "visit":
		add(map[string]string{})
	case "child":
		for _, c := range r.Children {
			add(childValues(d, c))
		}
	case "action":
		for _, x := range r.Actions {
			if counts(x.Standing) {
				add(map[string]string{"action.id": x.ID, "action.text": x.Text, "action.owner": x.Owner, "action.due_text": x.Due.Text, "action.due_date": x.Due.Date, "action.status": x.Status, "action.quote": quote(x.Evidence)})
			}
		}
	case "risk":
		for _, x := range r.Risks {
			if counts(x.Standing) {
				add(map[string]string{"risk.id": x.ID, "risk.text": x.Text, "risk.factor": x.Factor, "risk.polarity": x.Polarity, "risk.temporality": x.Temporality,
					"risk.said_by": x.Attribution.Kind, "risk.who": x.Attribution.Who, "risk.quote": quote(x.Evidence)})
			}
		}
	case "strength":
		for _, x := range r.Strengths {
			if counts(x.Standing) {
				add(map[string]string{"strength.id": x.ID, "strength.text": x.Text, "strength.polarity": x.Polarity, "strength.said_by": x.Attribution.Kind, "strength.who": x.Attribution.Who, "strength.quote": quote(x.Evidence)})
			}
		}
	case "voice":
		for _, x := range r.ChildVoice {
			if counts(x.Standing) {
				add(map[string]string{"voice.id": x.ID, "voice.child": x.Child, "voice.quote": x.Quote, "voice.mode": x.Mode})
			}
		}
	}
	return out
}

func visitValues(d *kerbside.Dossier) map[string]string {
	r, v := d.Record, &d.Record.Visit
	values := map[string]string{
		"visit.id": VisitID(d), "visit.case": r.Source.Case, "visit.worker": r.Source.Worker.Name, "visit.date": Day(r), "visit.time": v.Time.Value,
		"visit.type": stated(v.Type.Value), "visit.mode": stated(v.Mode.Value), "visit.outcome": stated(v.Outcome.Value), "visit.place": v.Place.Value,
		"visit.announced": stated(v.Announced.Value), "visit.child_seen": stated(v.ChildSeen.Value), "visit.seen_alone": stated(v.SeenAlone.Value),
		"visit.bedroom_seen": stated(v.BedroomSeen.Value), "visit.next_visit": v.NextVisit.Value, "visit.approved": kerbside.No,
	}
	if a := d.Approval; a != nil {
		maps.Copy(values, map[string]string{"visit.approved": kerbside.Yes, "visit.approved_by": a.By, "visit.approved_on": a.At.Format(time.DateOnly), "visit.reviewed_by": a.ReviewedBy})
	}
	return values
}

func childValues(d *kerbside.Dossier, c kerbside.ChildFacts) map[string]string {
	values := map[string]string{
		"child.visit_id": kerbside.DerivedID("cv", VisitID(d), string(c.Person)), "child.seen": stated(c.ChildSeen.Value), "child.seen_alone": stated(c.SeenAlone.Value),
		"child.alone_reason": c.SeenAlone.Reason, "child.bedroom_seen": stated(c.BedroomSeen.Value), "child.plan": d.Plans[c.Person],
	}
	for _, a := range d.Record.Attendees {
		if a.ID == c.Person {
			values["child.name"], values["child.age"] = a.Name, a.Age
			if plan := d.Plans[kerbside.PersonID(a.Name)]; values["child.plan"] == "" && a.Name != "" {
				values["child.plan"] = plan
			}
		}
	}
	return values
}

func stated(v string) string {
	if v == "" {
		return kerbside.NotStated
	}
	return v
}

// quote is the longest of the words behind an item: the others name people.
func quote(evidence []kerbside.Evidence) string {
	out := ""
	for _, e := range evidence {
		if len(e.Quote) > len(out) {
			out = e.Quote
		}
	}
	return out
}
