package extract

import (
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract/rules"
)

// maxProposals is the most that a language model may propose of each kind, for each hundred words of the sources that were begun.
const maxProposals = 12

// gateModel is the gate for what a language model proposes beside people whom the rules found. It is stricter than [Gate]: items are
// proposals whose text is the quote; they carry no factor, sensitivity or restriction, are about nobody and are not critical, since each of
// these changes what a reader sees or a worker must do before a person has accepted anything; polarity is checked against the
// words round the quote too; days are resolved here, from the quote; seen, alone and bedroom are never "yes"; the report holds no texts.
func gateModel(proposal *kerbside.Record, known []kerbside.Attendee, sources []*kerbside.Source, o kerbside.ExtractOptions) *kerbside.Record {
	g := &gate{sources: sources, options: o, out: &kerbside.Record{Schema: kerbside.RecordSchema}, people: map[kerbside.PersonID]int{}, model: true, given: map[kerbside.PersonID]bool{}}
	g.out.Source = sourceOf(sources, o)
	g.overheard = g.out.Source.Kind == kerbside.KindVisit
	for _, d := range proposal.Gate.Dropped {
		g.drop(d.Kind, d.Reason, "")
	}
	for _, a := range known {
		g.given[a.ID] = true
	}
	g.attendees(known)
	g.out.Gate.Kept = 0
	p := g.narrowed(proposal)
	g.attendees(p.Attendees)
	g.visit(p.Visit)
	g.risks(p.Risks)
	g.strengths(p.Strengths)
	g.actions(p.Actions)
	g.voices(p.ChildVoice)
	g.out.Warnings = nil
	return g.out
}

// narrowed is a copy of a proposal that holds what a model may propose and no more.
func (g *gate) narrowed(proposal *kerbside.Record) kerbside.Record {
	words := 0
	for _, s := range g.sources {
		words += len(s.Words)
	}
	most := maxProposals * (1 + words/100)
	p := kerbside.Record{Attendees: some(g, "attendee", proposal.Attendees, most), Visit: proposal.Visit}
	for _, r := range some(g, "risk", proposal.Risks, most) {
		p.Risks = append(p.Risks, kerbside.Risk{Polarity: r.Polarity, Temporality: r.Temporality, Attribution: kerbside.Attribution{Kind: r.Attribution.Kind, Who: r.Attribution.Who}, Standing: kerbside.Proposed, Evidence: firstOf(r.Evidence)})
	}
	for _, s := range some(g, "strength", proposal.Strengths, most) {
		p.Strengths = append(p.Strengths, kerbside.Strength{Polarity: s.Polarity, Attribution: kerbside.Attribution{Kind: s.Attribution.Kind, Who: s.Attribution.Who}, Standing: kerbside.Proposed, Evidence: firstOf(s.Evidence)})
	}
	for _, a := range some(g, "action", proposal.Actions, most) {
		e := firstOf(a.Evidence)
		due := kerbside.Due{Text: a.Due.Text}
		if len(e) > 0 && inWords(a.Due.Text, e[0].Quote) {
			due.Date = onlyDate(a.Due.Text, g.options.VisitDate, g.options.VisitDate)
		}
		p.Actions = append(p.Actions, kerbside.Action{Owner: a.Owner, Due: due, Status: a.Status, Standing: kerbside.Proposed, Evidence: e})
	}
	for _, v := range some(g, "child_voice", proposal.ChildVoice, most) {
		p.ChildVoice = append(p.ChildVoice, kerbside.ChildVoice{Child: v.Child, Quote: v.Quote, Mode: kerbside.VoiceParaphrase, Standing: kerbside.Proposed, Evidence: firstOf(v.Evidence)})
	}
	v := &p.Visit
	v.Attempts = nil
	v.SeenAlone.Reason = ""
	if v.Date.Value != "" {
		v.Date.Value = onlyDate(joinQuotes(v.Date.Evidence), g.options.VisitDate, "")
	}
	if v.NextVisit.Value != "" {
		v.NextVisit.Value = onlyDate(joinQuotes(v.NextVisit.Evidence), g.options.VisitDate, g.options.VisitDate)
	}
	alone := kerbside.Fact{Value: v.SeenAlone.Value, Evidence: v.SeenAlone.Evidence}
	for _, c := range []struct {
		kind string
		fact *kerbside.Fact
	}{{"visit.child_seen", &v.ChildSeen}, {"visit.seen_alone", &alone}, {"visit.bedroom_seen", &v.BedroomSeen}} {
		if c.fact.Value == kerbside.Yes {
			*c.fact = kerbside.Fact{}
			g.drop(c.kind, ReasonModel, "")
		}
	}
	v.SeenAlone.Value = alone.Value
	return p
}

func firstOf(list kerbside.List[kerbside.Evidence]) kerbside.List[kerbside.Evidence] {
	return list[:min(1, len(list))]
}

func some[T any](g *gate, kind string, list []T, most int) []T {
	for range max(0, len(list)-most) {
		g.drop(kind, ReasonMany, "")
	}
	return list[:min(most, len(list))]
}

// inWords reports whether a text is a run of the words of a quote.
func inWords(text, quote string) bool {
	join := func(s string) string {
		var b strings.Builder
		b.WriteByte(' ')
		for _, w := range wordsOf(s) {
			b.WriteString(w.plain + " ")
		}
		return b.String()
	}
	return strings.TrimSpace(text) != "" && strings.Contains(join(quote), join(text))
}

// onlyDate is the one day, not before another, that words said about a visit on base can mean, or "".
func onlyDate(text, base, notBefore string) string {
	dates := rules.Dates(text, base)
	slices.Sort(dates)
	dates = slices.DeleteFunc(slices.Compact(dates), func(d string) bool { return d < notBefore })
	if len(dates) == 1 {
		return dates[0]
	}
	return ""
}

// modelPerson refuses a name that is made of everyday words, and blanks a role that was not spoken in the evidence.
func modelPerson(a kerbside.Attendee, evidence []kerbside.Evidence) (kerbside.Attendee, string) {
	quotes := joinQuotes(evidence)
	for _, w := range wordsOf(a.Name) {
		if rules.CommonWord(w.plain) || rules.DateWord(w.plain) {
			return a, ReasonName
		}
	}
	if !rules.RoleSpoken(a.Role, quotes) || strings.Contains(a.Role, " ") && !inWords(a.Role, quotes) {
		a.Role = ""
	}
	if a.Age = ""; a.Name == "" && a.Role == "" {
		return a, ReasonName
	}
	return a, ""
}

// The words round a quote that may turn its meaning: a model that quotes "drinking" from "has not been drinking" is not right.
const (
	wordsBefore = 8
	wordsAfter  = 4
)

// around is a quote with the words before and after it, within the sentence where marks say where that ends.
func (g *gate) around(e kerbside.Evidence) string {
	s := kerbside.FindSource(g.sources, e)
	if s == nil {
		return e.Quote
	}
	first, last, err := s.Range(e)
	if err != nil {
		return e.Quote
	}
	for n := 0; n < wordsBefore && first > 0 && !stops(s.Words[first-1].Text); n++ {
		first--
	}
	for n := 0; n < wordsAfter && last < len(s.Words)-1 && !stops(s.Words[last].Text); n++ {
		last++
	}
	return s.Evidence(first, last).Quote
}

func stops(word string) bool {
	word = strings.TrimRight(word, "\"'”’)")
	return strings.HasSuffix(word, ".") || strings.HasSuffix(word, "?") || strings.HasSuffix(word, "!")
}
