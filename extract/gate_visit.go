package extract

import (
	"regexp"

	"kerbside"
	"kerbside/extract/rules"
)

var (
	isoDate   = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	clockTime = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

	yesNo    = []string{kerbside.Yes, kerbside.No}
	types    = []string{kerbside.VisitChildProtection, kerbside.VisitChildInNeed, kerbside.VisitLookedAfter, kerbside.VisitAssessment, kerbside.VisitOther}
	modes    = []string{kerbside.ModeInPerson, kerbside.ModePhone, kerbside.ModeVideo, kerbside.ModeMeeting}
	outcomes = []string{kerbside.OutcomeCompleted, kerbside.OutcomeNoAccess, kerbside.OutcomeRefused, kerbside.OutcomeCancelled}
)

func (g *gate) visit(v kerbside.VisitFacts) {
	out := &g.out.Visit
	out.Date = g.date("visit.date", v.Date)
	out.NextVisit = g.date("visit.next_visit", v.NextVisit)
	out.Time = g.free("visit.time", v.Time, func(f kerbside.Fact) bool {
		return clockTime.MatchString(f.Value) && rules.TimeSpoken(f.Value, joinQuotes(f.Evidence))
	})
	out.Place = g.free("visit.place", v.Place, func(f kerbside.Fact) bool {
		return vocabularyOf(f.Evidence).covers(f.Value)
	})
	out.Type = g.choice("visit.type", v.Type, types)
	out.Announced = g.choice("visit.announced", v.Announced, yesNo)
	out.Mode = g.choice("visit.mode", v.Mode, modes)
	out.Outcome = g.choice("visit.outcome", v.Outcome, outcomes)
	for _, a := range v.Attempts {
		kept, reason := g.evidence(a.Evidence)
		if reason == "" && a.Outcome != kerbside.OutcomeCompleted && a.Outcome != kerbside.OutcomeNoAccess && a.Outcome != kerbside.OutcomeRefused && a.Outcome != kerbside.OutcomeCancelled {
			reason = ReasonValue
		}
		if reason != "" {
			g.drop("attempt", reason, a.Time)
			continue
		}
		if a.Evidence = kept; a.Time != "" && !(clockTime.MatchString(a.Time) && rules.TimeSpoken(a.Time, joinQuotes(kept))) {
			a.Time = ""
		}
		out.Attempts = append(out.Attempts, a)
		g.out.Gate.Kept++
	}
	// kept apart from the children's until those are known
	out.ChildSeen = g.fact("visit.child_seen", v.ChildSeen)
	out.SeenAlone = g.reasoned("visit.seen_alone", v.SeenAlone)
	out.BedroomSeen = g.fact("visit.bedroom_seen", v.BedroomSeen)
}

// date keeps a day that the words of its evidence can mean, and the words alone where no date is known that would make it one day.
func (g *gate) date(kind string, f kerbside.Fact) kerbside.Fact {
	if f.Value == "" && len(f.Evidence) == 0 {
		return kerbside.Fact{}
	}
	return g.held(kind, f, func(f kerbside.Fact) bool {
		if f.Value == "" {
			return g.options.VisitDate == "" && rules.NamesDay(joinQuotes(f.Evidence))
		}
		return isoDate.MatchString(f.Value) && g.dated(f.Value, f.Evidence)
	})
}

func (g *gate) free(kind string, f kerbside.Fact, supported func(kerbside.Fact) bool) kerbside.Fact {
	if f.Value == "" {
		return kerbside.Fact{}
	}
	return g.held(kind, f, supported)
}

// held keeps a fact whose evidence stands in the sources and supports it.
func (g *gate) held(kind string, f kerbside.Fact, supported func(kerbside.Fact) bool) kerbside.Fact {
	kept, reason := g.evidence(f.Evidence)
	f.Evidence = kept
	if reason == "" && !supported(f) {
		reason = ReasonValue
	}
	if reason != "" {
		g.drop(kind, reason, f.Value)
		return kerbside.Fact{}
	}
	g.out.Gate.Kept++
	return f
}

func (g *gate) choice(kind string, f kerbside.Fact, allowed []string) kerbside.Fact {
	if f.Value == "" || f.Value == kerbside.NotStated {
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	kept, reason := g.evidence(f.Evidence)
	if reason == "" && !contains(allowed, f.Value) {
		reason = ReasonValue
	}
	if reason != "" {
		g.drop(kind, reason, f.Value)
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	g.out.Gate.Kept++
	return kerbside.Fact{Value: f.Value, Evidence: kept}
}

// fact is choice for what the worker has seen: a "yes" whose words deny it, plan it or do not speak of it at all is not stated.
func (g *gate) fact(kind string, f kerbside.Fact) kerbside.Fact {
	out := g.choice(kind, f, yesNo)
	if out.Value == kerbside.Yes && (g.overheard || !rules.FactHolds(kind, joinQuotes(out.Evidence))) {
		g.out.Gate.Kept--
		g.out.Gate.Changed++
		if !g.overheard {
			g.warn(kerbside.WarnDisagreement, "These words do not clearly say yes. Check what was seen.", out.Evidence)
		}
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	return out
}

func (g *gate) reasoned(kind string, f kerbside.ReasonedFact) kerbside.ReasonedFact {
	fact := g.fact(kind, kerbside.Fact{Value: f.Value, Evidence: f.Evidence})
	out := kerbside.ReasonedFact{Value: fact.Value, Evidence: fact.Evidence}
	if v := vocabularyOf(fact.Evidence); f.Reason != "" && v.covers(f.Reason) && v.unsupported(f.Reason) == "" {
		out.Reason = f.Reason
	}
	return out
}

func (g *gate) children(list []kerbside.ChildFacts) {
	seen := map[kerbside.PersonID]bool{}
	for _, c := range list {
		if _, ok := g.people[c.Person]; !ok || seen[c.Person] {
			g.drop("child", ReasonName, string(c.Person))
			continue
		}
		seen[c.Person] = true
		g.out.Children = append(g.out.Children, kerbside.ChildFacts{
			Person: c.Person, ChildSeen: g.fact("child.child_seen", c.ChildSeen), SeenAlone: g.reasoned("child.seen_alone", c.SeenAlone),
			BedroomSeen: g.fact("child.bedroom_seen", c.BedroomSeen),
		})
	}
}

// rollUp makes the visit's answers of the children's: yes when it holds for one, else no when it was said of one. Without children
// the visit's own, which came through the gate, stand.
func (g *gate) rollUp() {
	v := &g.out.Visit
	if len(g.out.Children) == 0 {
		return
	}
	seen, alone, bedroom := rollUp{}, rollUp{}, rollUp{}
	var reason string
	for _, c := range g.out.Children {
		seen.add(c.ChildSeen.Value, c.ChildSeen.Evidence)
		alone.add(c.SeenAlone.Value, c.SeenAlone.Evidence)
		bedroom.add(c.BedroomSeen.Value, c.BedroomSeen.Evidence)
		if c.SeenAlone.Value == kerbside.No && reason == "" {
			reason = c.SeenAlone.Reason
		}
	}
	v.ChildSeen, v.BedroomSeen = seen.fact(), bedroom.fact()
	f := alone.fact()
	v.SeenAlone = kerbside.ReasonedFact{Value: f.Value, Evidence: f.Evidence}
	if f.Value == kerbside.No {
		v.SeenAlone.Reason = reason
	}
}

type rollUp struct{ best kerbside.Fact }

func (u *rollUp) add(value string, evidence kerbside.List[kerbside.Evidence]) {
	if value == kerbside.Yes && u.best.Value != kerbside.Yes || value == kerbside.No && u.best.Value == "" {
		u.best = kerbside.Fact{Value: value, Evidence: evidence}
	}
}

func (u *rollUp) fact() kerbside.Fact {
	if u.best.Value == "" {
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	return u.best
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
