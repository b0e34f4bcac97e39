package extract

import (
	"kerbside"
	"kerbside/extract/rules"
)

func (g *gate) risks(list []kerbside.Risk) {
	once := duplicates{}
	for _, r := range list {
		kept, text, ok := g.admit("risk", r.Text, r.Evidence)
		if !ok {
			continue
		}
		if once.seen(kept[0]) {
			g.drop("risk", ReasonDuplicate, text)
			continue
		}
		r.Text, r.ID = text, kerbside.ItemID("r", kept[0])
		r.Polarity = g.polarity("risk", r.Polarity, kept)
		if r.Temporality != kerbside.Historical && r.Temporality != kerbside.Future {
			r.Temporality = kerbside.Current
		}
		if !rules.KnownFactor(r.Factor) {
			r.Factor = ""
		}
		r.Attribution, r.Evidence = g.attribution(r.Attribution, kept)
		r.About, r.Standing, r.Sensitivity, r.Restricted = g.known(r.About), standing(r.Standing), sensitivity(r.Sensitivity), g.restricted(r.Restricted)
		g.out.Risks = append(g.out.Risks, r)
		g.out.Gate.Kept++
	}
}

func (g *gate) strengths(list []kerbside.Strength) {
	once := duplicates{}
	for _, s := range list {
		kept, text, ok := g.admit("strength", s.Text, s.Evidence)
		if !ok {
			continue
		}
		if once.seen(kept[0]) {
			g.drop("strength", ReasonDuplicate, text)
			continue
		}
		s.Text, s.ID = text, kerbside.ItemID("s", kept[0])
		s.Polarity = g.polarity("strength", s.Polarity, kept)
		s.Attribution, s.Evidence = g.attribution(s.Attribution, kept)
		s.About, s.Standing, s.Sensitivity, s.Restricted = g.known(s.About), standing(s.Standing), sensitivity(s.Sensitivity), g.restricted(s.Restricted)
		g.out.Strengths = append(g.out.Strengths, s)
		g.out.Gate.Kept++
	}
}

func (g *gate) actions(list []kerbside.Action) {
	once := duplicates{}
	for _, a := range list {
		kept, text, ok := g.admit("action", a.Text, a.Evidence)
		if !ok {
			continue
		}
		if once.seen(kept[0]) {
			g.drop("action", ReasonDuplicate, text)
			continue
		}
		a.Text, a.ID, a.Evidence = text, kerbside.ItemID("a", kept[0]), kept
		if a.Status != kerbside.Agreed && a.Status != kerbside.Done {
			a.Status = kerbside.Planned
		}
		v := vocabularyOf(kept)
		if !v.covers(a.Due.Text) || v.unsupported(a.Due.Text) != "" {
			a.Due.Text = ""
		}
		if a.Due.Date != "" && !g.dated(a.Due.Date, kept) {
			g.drop("action.due", ReasonDate, a.Due.Date)
			a.Due.Date = ""
		}
		if g.overheard && a.Owner == "worker" {
			a.Owner = ""
		}
		a.Owner, a.Evidence = g.named(a.Owner, a.Evidence)
		a.About, a.Standing, a.Sensitivity, a.Restricted = g.known(a.About), standing(a.Standing), sensitivity(a.Sensitivity), g.restricted(a.Restricted)
		g.out.Actions = append(g.out.Actions, a)
		g.out.Gate.Kept++
	}
}

// dated reports whether the words of evidence can mean a date.
func (g *gate) dated(date string, evidence []kerbside.Evidence) bool {
	for _, e := range evidence {
		for _, base := range []string{g.out.Visit.Date.Value, g.options.VisitDate} {
			for _, d := range rules.Dates(e.Quote, base) {
				if d == date {
					return true
				}
			}
		}
	}
	return false
}

func (g *gate) voices(list []kerbside.ChildVoice) {
	once := duplicates{}
	for _, v := range list {
		kept, reason := g.evidence(v.Evidence)
		if reason == "" && (v.Quote == "" || !inQuotes(v.Quote, kept)) {
			reason = ReasonNotVerbatim
		}
		if reason == "" && once.seen(kept[0]) {
			reason = ReasonDuplicate
		}
		if reason != "" {
			g.drop("child_voice", reason, v.Quote)
			continue
		}
		v.ID = kerbside.ItemID("v", kept[0])
		switch v.Mode {
		case kerbside.VoiceDirect, kerbside.VoiceNonverbal:
		default:
			v.Mode = kerbside.VoiceParaphrase
		}
		if _, ok := g.people[v.Person]; !ok {
			v.Person = ""
		}
		if _, ok := g.people[kerbside.PersonID(v.Via)]; !ok {
			v.Via = ""
		}
		v.Child, v.Evidence = g.named(v.Child, kept)
		v.Standing, v.Sensitivity, v.Restricted = standing(v.Standing), sensitivity(v.Sensitivity), g.restricted(v.Restricted)
		g.out.ChildVoice = append(g.out.ChildVoice, v)
		g.out.Gate.Kept++
	}
}

func (g *gate) injuries(list []kerbside.Injury) {
	once := duplicates{}
	for _, n := range list {
		kept, text, ok := g.admit("injury", n.Description, n.Evidence)
		if !ok {
			continue
		}
		if once.seen(kept[0]) {
			g.drop("injury", ReasonDuplicate, text)
			continue
		}
		v := vocabularyOf(kept)
		n.Description, n.ID, n.Evidence = text, kerbside.ItemID("n", kept[0]), kept
		if !v.covers(n.Site) {
			n.Site = ""
		}
		if !v.covers(n.Side) {
			n.Side = ""
		}
		n.Polarity = g.polarity("injury", n.Polarity, kept)
		if _, ok := g.people[n.Child]; !ok {
			n.Child = ""
		}
		if n.SeenBy == "worker" && g.overheard {
			n.SeenBy = ""
		}
		n.SeenBy, n.Evidence = g.named(n.SeenBy, n.Evidence)
		var explanations kerbside.List[kerbside.Explanation]
		for _, x := range n.Explanations {
			kept, reason := g.evidence(x.Evidence)
			if reason != "" {
				g.drop("explanation", reason, x.Who)
				continue
			}
			x.Who, x.Evidence = g.named(x.Who, kept)
			explanations = append(explanations, x)
		}
		n.Explanations, n.Standing = explanations, standing(n.Standing)
		g.out.Injuries = append(g.out.Injuries, n)
		g.out.Gate.Kept++
	}
}

// duplicates remembers the words that items of one kind rest on.
type duplicates map[kerbside.SourceRef]map[[2]kerbside.WordID]bool

func (d duplicates) seen(e kerbside.Evidence) bool {
	spans := d[e.Source]
	if spans == nil {
		spans = map[[2]kerbside.WordID]bool{}
		d[e.Source] = spans
	}
	key := [2]kerbside.WordID{e.FirstWord, e.LastWord}
	if spans[key] {
		return true
	}
	spans[key] = true
	return false
}
