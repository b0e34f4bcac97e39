package extract

import (
	"strings"

	"kerbside"
	"kerbside/extract/rules"
)

// The reasons for which the gate drops an item.
const (
	ReasonNoEvidence  = "no_evidence"
	ReasonNotInSource = "quote_not_in_source"
	ReasonName        = "unsupported_name"
	ReasonNumber      = "unsupported_number"
	ReasonDate        = "unsupported_date"
	ReasonNotVerbatim = "not_verbatim"
	ReasonValue       = "unknown_value"
	ReasonDuplicate   = "duplicate"
	ReasonModel       = "not_for_a_model"    // a "yes" to seen, alone or bedroom by a language model
	ReasonInstruction = "spoken_instruction" // words of a language model's item are, or stand beside, an instruction to the computer
	ReasonMany        = "too_many"
)

// Gate makes a record of what a proposal says with evidence in sources. The proposal may be anything, nil included; it is not
// changed. What comes out holds the rules of record-v1: every item quotes its sources exactly, every name, number and date
// in a text stands in its evidence, a child's words are verbatim, no item stands twice, and where the quote reads otherwise than
// the proposed polarity the item is uncertain and a warning says so. A text that leaves out or moves words of its evidence so that
// it reads otherwise is replaced by the quote.
func Gate(proposal *kerbside.Record, sources []*kerbside.Source, o kerbside.ExtractOptions) *kerbside.Record {
	if proposal == nil {
		proposal = &kerbside.Record{}
	}
	g := &gate{sources: sources, options: o, out: &kerbside.Record{Schema: kerbside.RecordSchema}, people: map[kerbside.PersonID]int{}}
	g.out.Source = sourceOf(sources, o)
	g.overheard = g.out.Source.Kind == kerbside.KindVisit
	g.attendees(proposal.Attendees)
	g.visit(proposal.Visit)
	g.children(proposal.Children)
	g.risks(proposal.Risks)
	g.strengths(proposal.Strengths)
	g.actions(proposal.Actions)
	g.voices(proposal.ChildVoice)
	g.injuries(proposal.Injuries)
	g.rollUp()
	g.warnings(proposal.Warnings)
	if g.overheard {
		g.warn(kerbside.WarnSpeakers, "Several people can be heard and it is not known who speaks. Nothing was put down as the worker's own words.", nil)
	}
	return g.out
}

type gate struct {
	sources   []*kerbside.Source
	options   kerbside.ExtractOptions
	out       *kerbside.Record
	people    map[kerbside.PersonID]int // index into out.Attendees
	naming    vocabulary                // the words of all attendees' evidence
	overheard bool
	model     bool                       // what is checked is a language model's; see gateModel
	given     map[kerbside.PersonID]bool // people whom the rules found, then
}

func (g *gate) drop(kind, reason, text string) {
	if g.model { // nobody need have spoken it
		text = ""
	}
	g.out.Gate.Dropped = append(g.out.Gate.Dropped, kerbside.Dropped{Kind: kind, Reason: reason, Text: text})
}

func (g *gate) warn(code, text string, evidence kerbside.List[kerbside.Evidence]) {
	g.out.Warnings = append(g.out.Warnings, kerbside.Warning{Code: code, Text: text, Evidence: evidence})
}

// evidence keeps what holds, once each; reason says why nothing is left.
func (g *gate) evidence(list []kerbside.Evidence) (kept kerbside.List[kerbside.Evidence], reason string) {
	if len(list) == 0 {
		return nil, ReasonNoEvidence
	}
	type anchor struct {
		ref         kerbside.SourceRef
		first, last kerbside.WordID
	}
	seen := map[anchor]bool{}
	for _, e := range list {
		a := anchor{e.Source, e.FirstWord, e.LastWord}
		if s := kerbside.FindSource(g.sources, e); s != nil && s.Check(e) == nil && !seen[a] {
			seen[a] = true
			kept = append(kept, e)
		}
	}
	if len(kept) == 0 {
		return nil, ReasonNotInSource
	}
	return kept, ""
}

// admit checks an item's evidence and then its text against it. A text that holds other words than its evidence is replaced by
// the quote; one that holds other names, numbers or dates is refused.
func (g *gate) admit(kind, text string, list []kerbside.Evidence) (kerbside.List[kerbside.Evidence], string, bool) {
	kept, reason := g.evidence(list)
	if reason != "" {
		g.drop(kind, reason, text)
		return nil, "", false
	}
	v := vocabularyOf(kept)
	if reason := v.unsupported(text); reason != "" {
		g.drop(kind, reason, text)
		return nil, "", false
	}
	if strings.TrimSpace(text) == "" || !v.covers(text) || !sameSense(kind, text, kept) {
		text = joinQuotes(kept)
	}
	return kept, text, true
}

// sameSense reports whether a text whose words were all spoken still says what was: its words stand in the order in which they
// were spoken, and a denial or a doubt of the first quote is not left out.
func sameSense(kind, text string, evidence []kerbside.Evidence) bool {
	if text == evidence[0].Quote {
		return true
	}
	words := wordsOf(text)
	for _, w := range wordsOf(joinQuotes(evidence)) {
		if len(words) > 0 && (words[0].plain == w.plain || strings.Contains("-"+w.plain+"-", "-"+words[0].plain+"-")) {
			words = words[1:]
		}
	}
	if len(words) > 0 {
		return false
	}
	for _, p := range []string{kerbside.Affirmed, kerbside.Negated} {
		if rules.QuotePolarity(kind, text, p) && !rules.QuotePolarity(kind, evidence[0].Quote, p) {
			return false
		}
	}
	return true
}

func joinQuotes(list []kerbside.Evidence) string {
	quotes := make([]string, len(list))
	for i, e := range list {
		quotes[i] = e.Quote
	}
	return strings.Join(quotes, " … ")
}

func (g *gate) attendees(list []kerbside.Attendee) {
	for _, a := range list {
		kept, reason := g.evidence(a.Evidence)
		if reason == "" && a.Name != "" && !vocabularyOf(kept).holds(a.Name) {
			reason = ReasonName
		}
		if reason == "" && a.Age != "" && vocabularyOf(kept).unsupported(a.Age) != "" {
			a.Age = ""
		}
		if reason == "" && a.Name == "" && !rules.RoleSpoken(a.Role, joinQuotes(kept)) {
			reason = ReasonName
		}
		if reason == "" && g.model && !g.given[a.ID] {
			a, reason = modelPerson(a, kept)
		}
		if _, twice := g.people[a.ID]; reason == "" && (twice || a.ID == "") {
			reason = ReasonDuplicate
		}
		if reason != "" {
			g.drop("attendee", reason, strings.TrimSpace(a.Name+" "+a.Role))
			continue
		}
		if a.Presence != kerbside.Present && a.Presence != kerbside.Absent {
			a.Presence = kerbside.Mentioned
		}
		a.Evidence = kept
		g.people[a.ID] = len(g.out.Attendees)
		g.out.Attendees = append(g.out.Attendees, a)
		g.naming = g.naming.with(kept)
		g.naming.add(a.Role)
		g.out.Gate.Kept++
	}
}

// known keeps the ids of people who came through the gate.
func (g *gate) known(ids []kerbside.PersonID) kerbside.List[kerbside.PersonID] {
	var out kerbside.List[kerbside.PersonID]
	seen := map[kerbside.PersonID]bool{}
	for _, id := range ids {
		if _, ok := g.people[id]; ok && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// named adds the span that names a person to the evidence of an item that speaks of him or her by a pronoun; a name that
// the words for no attendee hold is blanked.
func (g *gate) named(who string, evidence kerbside.List[kerbside.Evidence]) (string, kerbside.List[kerbside.Evidence]) {
	if who == "" || who == "worker" || vocabularyOf(evidence).holds(who) {
		return who, evidence
	}
	for _, a := range g.out.Attendees {
		if a.Name == who || a.Name == "" && a.Role == who || string(a.ID) == who {
			if a.Name == "" { // the role stands for the person
				return who, evidence
			}
			for _, e := range a.Evidence {
				if vocabularyOf([]kerbside.Evidence{e}).holds(a.Name) {
					return who, appendOnce(evidence, e)
				}
			}
			return who, append(append(kerbside.List[kerbside.Evidence]{}, evidence...), a.Evidence...)
		}
	}
	if g.naming.holds(who) {
		return who, evidence
	}
	return "", evidence
}

func appendOnce(list kerbside.List[kerbside.Evidence], e kerbside.Evidence) kerbside.List[kerbside.Evidence] {
	for _, x := range list {
		if x.Source == e.Source && x.FirstWord == e.FirstWord && x.LastWord == e.LastWord {
			return list
		}
	}
	return append(append(kerbside.List[kerbside.Evidence]{}, list...), e)
}

// attribution keeps fixed kinds and spoken names only. From a recording in which others are heard, nothing is the worker's.
func (g *gate) attribution(a kerbside.Attribution, evidence kerbside.List[kerbside.Evidence]) (kerbside.Attribution, kerbside.List[kerbside.Evidence]) {
	switch a.Kind {
	case kerbside.ChildSaid, kerbside.AdultSaid, kerbside.ProfessionalSaid:
	case kerbside.WorkerOpinion:
	default:
		a.Kind = kerbside.Observed
	}
	if a.Kind == kerbside.Observed || a.Kind == kerbside.WorkerOpinion {
		a.Who, a.Chain = "worker", nil
		if g.overheard {
			a = kerbside.Attribution{}
		}
		return a, evidence
	}
	a.Who, evidence = g.named(a.Who, evidence)
	var chain kerbside.List[string]
	for _, who := range a.Chain {
		if who, evidence = g.named(who, evidence); who != "" {
			chain = append(chain, who)
		}
	}
	a.Chain = chain
	return a, evidence
}

// polarity checks a proposed polarity against the quote. Where the two differ the item is uncertain: neither a finding nor its
// absence is put down on words that can be read otherwise.
func (g *gate) polarity(kind, proposed string, evidence kerbside.List[kerbside.Evidence]) string {
	if proposed != kerbside.Affirmed && proposed != kerbside.Negated {
		return kerbside.Uncertain
	}
	if rules.QuotePolarity(kind, evidence[0].Quote, proposed) && (!g.model || rules.QuotePolarity(kind, g.around(evidence[0]), proposed)) {
		return proposed
	}
	g.out.Gate.Changed++
	g.warn(kerbside.WarnDisagreement, "These words can be read in two ways ("+kind+"). Check whether they say that it is so, or that it is not.", evidence[:1])
	return kerbside.Uncertain
}

func standing(s string) string {
	switch s {
	case kerbside.Proposed, kerbside.Accepted, kerbside.Rejected:
		return s
	}
	return kerbside.Found
}

func (g *gate) restricted(r *kerbside.Restriction) *kerbside.Restriction {
	if r == nil {
		return nil
	}
	kept, reason := g.evidence(r.Evidence)
	if reason != "" {
		g.drop("restriction", reason, r.Reason)
		return nil
	}
	out := &kerbside.Restriction{From: g.known(r.From), Reason: r.Reason, Evidence: kept}
	if v := vocabularyOf(kept); v.unsupported(out.Reason) != "" || !v.covers(out.Reason) {
		out.Reason = joinQuotes(kept)
	}
	return out
}

var sensitivities = map[string]bool{
	kerbside.SensitiveThirdParty: true, kerbside.SensitiveInformant: true, kerbside.SensitiveAddress: true, kerbside.SensitiveHealth: true,
	kerbside.SensitiveIntimate: true, kerbside.SensitivePolice: true, kerbside.SensitiveOtherChild: true,
}

func sensitivity(list []string) kerbside.List[string] {
	var out kerbside.List[string]
	for _, s := range list {
		if sensitivities[s] {
			out = append(out, s)
		}
	}
	return out
}

func (g *gate) warnings(list []kerbside.Warning) {
	for _, w := range list {
		if w.Code == kerbside.WarnNoSpeech && len(w.Evidence) == 0 {
			g.out.Warnings = append(g.out.Warnings, w)
			continue
		}
		kept, text, ok := g.warning(w)
		if ok {
			g.warn(w.Code, text, kept)
		}
	}
}

// warning checks a warning's evidence; its text is the gate's own for a known code, so that an engine cannot speak through it.
func (g *gate) warning(w kerbside.Warning) (kerbside.List[kerbside.Evidence], string, bool) {
	kept, reason := g.evidence(w.Evidence)
	if reason != "" {
		g.drop("warning", reason, w.Code)
		return nil, "", false
	}
	text, ok := rules.WarningText(w.Code, joinQuotes(kept))
	if !ok {
		g.drop("warning", ReasonValue, w.Code)
	}
	return kept, text, ok
}
