package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kerbside"
)

// EventKind sorts what stands in a case's chronology.
type EventKind string

// The kinds of event, in the order in which they are shown.
const (
	EventVisit    EventKind = "visit"
	EventWorry    EventKind = "worry"
	EventInjury   EventKind = "injury"
	EventVoice    EventKind = "voice"
	EventStrength EventKind = "strength"
	EventAction   EventKind = "action"
)

// EventKinds lists them.
func EventKinds() []EventKind {
	return []EventKind{EventVisit, EventWorry, EventInjury, EventVoice, EventStrength, EventAction}
}

// Gravity is how an event weighs. It follows from the record's own marks and judges nothing.
type Gravity string

// The gravities.
const (
	GravityGrave     Gravity = "grave"     // a worry or an injury that is critical, and not denied
	GravityOrdinary  Gravity = "ordinary"  //
	GravityUncertain Gravity = "uncertain" // said to be uncertain
	GravityDenied    Gravity = "denied"    // said not to be so
)

// Event is one thing in a case's chronology.
type Event struct {
	Spot
	Kind       EventKind
	Gravity    Gravity
	Text       string
	Who        string   // whose words, or who was to do it
	Past       bool     // it tells of something earlier than the visit, whose day is not known
	Direct     bool     // the very words of a child
	Children   []string // names, as they are called in the case or were spoken, of the children that it is about; empty: of all or nobody
	Restricted bool
}

// Chronology is what happened over the visits of a case.
type Chronology struct {
	CaseHead
	Events   []Event  // that pass the filter, oldest first
	Of       int      // events before the filter
	Children []string // that events are about, to choose from
}

// ChronologyFilter chooses events; zero fields do not narrow.
type ChronologyFilter struct {
	Child   string // one of [Chronology.Children]; what is about no child in particular is kept
	Kind    EventKind
	Gravity Gravity
}

// Chronology gives what happened over the visits of a case, from those that the person may read.
func (s *Service) Chronology(ctx context.Context, by kerbside.User, id kerbside.CaseID) (*Chronology, error) {
	c := &Chronology{}
	err := s.readCase(ctx, "service.Chronology", by, id, "chronology", func(_ kerbside.Tx, _ ground, head CaseHead, visits []*caseVisit) error {
		*c = Chronology{CaseHead: head}
		for _, v := range slices.Backward(visits) {
			c.Events = append(c.Events, v.events(head.Case.People)...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.Of = len(c.Events)
	for _, e := range c.Events {
		for _, child := range e.Children {
			if !slices.Contains(c.Children, child) {
				c.Children = append(c.Children, child)
			}
		}
	}
	slices.Sort(c.Children)
	return c, nil
}

// Only gives the chronology with those events that pass a filter.
func (c *Chronology) Only(f ChronologyFilter) *Chronology {
	out := *c
	out.Events = slices.DeleteFunc(slices.Clone(c.Events), func(e Event) bool {
		return f.Kind != "" && e.Kind != f.Kind || f.Gravity != "" && e.Gravity != f.Gravity || f.Child != "" && len(e.Children) > 0 && !slices.Contains(e.Children, f.Child)
	})
	return &out
}

// events are what one visit's record adds, the visit itself first.
func (v *caseVisit) events(people []kerbside.Person) []Event {
	r := v.record
	children := v.children(people)
	named := func(about []kerbside.PersonID) []string {
		var out []string
		for _, p := range about {
			if name := children[p]; name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		return out
	}
	out := []Event{v.visitEvent()}
	add := func(kind EventKind, g Gravity, text, who string, about []kerbside.PersonID, e []kerbside.Evidence, more func(*Event)) {
		event := Event{Spot: v.spot(e), Kind: kind, Gravity: g, Text: text, Who: who, Children: named(about)}
		if more != nil {
			more(&event)
		}
		out = append(out, event)
	}
	for _, x := range r.Risks {
		if counts(x.Standing) {
			add(EventWorry, gravity(x.Polarity, x.Critical), x.Text, WhoSaid(x.Attribution), x.About, x.Evidence, func(e *Event) {
				e.Past, e.Restricted = x.Temporality == kerbside.Historical, x.Restricted != nil
			})
		}
	}
	for _, x := range r.Injuries {
		if counts(x.Standing) {
			who := ""
			if x.SeenBy != "" {
				who = "seen by the " + x.SeenBy
			}
			add(EventInjury, gravity(x.Polarity, true), injuryWords(x), who, []kerbside.PersonID{x.Child}, x.Evidence, nil)
		}
	}
	for _, x := range r.ChildVoice {
		if counts(x.Standing) {
			add(EventVoice, GravityOrdinary, x.Quote, x.Child, []kerbside.PersonID{x.Person}, x.Evidence, func(e *Event) {
				e.Direct, e.Restricted = x.Mode == kerbside.VoiceDirect, x.Restricted != nil
			})
		}
	}
	for _, x := range r.Strengths {
		if counts(x.Standing) {
			add(EventStrength, gravity(x.Polarity, false), x.Text, WhoSaid(x.Attribution), x.About, x.Evidence, func(e *Event) { e.Restricted = x.Restricted != nil })
		}
	}
	for _, x := range r.Actions {
		if counts(x.Standing) {
			add(EventAction, GravityOrdinary, x.Text, x.Owner, x.About, x.Evidence, func(e *Event) { e.Restricted = x.Restricted != nil })
		}
	}
	return out
}

// injuryWords are the record's description, with side and site where it does not name them.
func injuryWords(x kerbside.Injury) string {
	text := x.Description
	for _, more := range []string{x.Side, x.Site} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(more)) {
			text += " " + more
		}
	}
	if strings.TrimSpace(text) == "" && len(x.Evidence) > 0 {
		text = x.Evidence[0].Quote
	}
	return strings.TrimSpace(text)
}

func gravity(polarity string, critical bool) Gravity {
	switch {
	case polarity == kerbside.Negated:
		return GravityDenied
	case polarity == kerbside.Uncertain:
		return GravityUncertain
	case critical:
		return GravityGrave
	}
	return GravityOrdinary
}

// visitEvent says that there was a visit, or why there was none.
func (v *caseVisit) visitEvent() Event {
	f := v.record.Visit
	var evidence []kerbside.Evidence
	for _, e := range []kerbside.List[kerbside.Evidence]{f.Outcome.Evidence, f.Type.Evidence, f.Place.Evidence, f.Date.Evidence} {
		evidence = append(evidence, e...)
	}
	e := Event{Spot: v.spot(evidence), Kind: EventVisit, Gravity: GravityOrdinary, Text: VisitWords(f)}
	if f.Outcome.Value != "" && f.Outcome.Value != kerbside.OutcomeCompleted && f.Outcome.Value != kerbside.NotStated {
		e.Gravity = GravityDenied
	}
	return e
}

// VisitWords says in short what kind of visit there was, of what the record knows.
func VisitWords(f kerbside.VisitFacts) string {
	kind := map[string]string{
		kerbside.VisitChildProtection: "Child protection visit", kerbside.VisitChildInNeed: "Child in need visit", kerbside.VisitLookedAfter: "Visit to a looked-after child", kerbside.VisitAssessment: "Assessment visit",
	}
	parts := []string{cmp.Or(kind[f.Type.Value], "Visit")}
	if m := f.Mode.Value; m == kerbside.ModePhone || m == kerbside.ModeVideo || m == kerbside.ModeMeeting {
		parts[0] += map[string]string{kerbside.ModePhone: ", by phone", kerbside.ModeVideo: ", by video", kerbside.ModeMeeting: ", at a meeting"}[m]
	}
	switch f.Outcome.Value {
	case kerbside.OutcomeNoAccess:
		parts = append(parts, "no access")
	case kerbside.OutcomeRefused:
		parts = append(parts, "refused")
	case kerbside.OutcomeCancelled:
		parts = append(parts, "cancelled")
	}
	for _, x := range []struct{ value, yes, no string }{
		{f.ChildSeen.Value, "child seen", "child not seen"}, {f.SeenAlone.Value, "seen alone", "not seen alone"}, {f.BedroomSeen.Value, "bedroom seen", "bedroom not seen"},
	} {
		switch x.value {
		case kerbside.Yes:
			parts = append(parts, x.yes)
		case kerbside.No:
			parts = append(parts, x.no)
		}
	}
	return strings.Join(parts, "; ")
}

// children are the names of the children in a visit's record: as the case calls them, else as they were spoken.
func (v *caseVisit) children(people []kerbside.Person) map[kerbside.PersonID]string {
	ids := map[kerbside.PersonID]bool{}
	for _, c := range v.record.Children {
		ids[c.Person] = true
	}
	out := map[kerbside.PersonID]string{}
	for _, a := range v.record.Attendees {
		if !ids[a.ID] && !sameRole(a.Role, "child") {
			continue
		}
		out[a.ID] = a.Name
		for _, p := range people {
			if isPerson(a, p, people) {
				out[a.ID] = p.Name
			}
		}
	}
	return out
}
