package extract

import (
	"context"
	"fmt"
	"strings"

	"kerbside"
)

// Several recordings about one visit may say different things, and a later word does not make an earlier one unsaid. So each source is read once more by
// itself, told who is who, and where two of them answer the same question differently both are shown. What a child's return rests
// on is then not stated, and so asked, until a person says which it is; any other fact keeps the reading that it has.

// contradictions warns of what sources say differently, and leaves open what a child's return would rest on.
func (x *Extractor) contradictions(ctx context.Context, r *kerbside.Record, sources []*kerbside.Source, o kerbside.ExtractOptions) error {
	var spoken, answers []*kerbside.Source
	for _, s := range sources {
		switch {
		case len(s.Words) == 0:
		case s.Question != "":
			answers = append(answers, s)
		default:
			spoken = append(spoken, s)
		}
	}
	if len(spoken) < 2 || x.model {
		return nil
	}
	who := whoIsWho(r)
	read := func(sources []*kerbside.Source) (*contradictions, error) {
		c := &contradictions{r: r, said: map[string][]saying{}}
		for _, s := range sources {
			one := []*kerbside.Source{s}
			if len(who.Words) > 0 {
				one = []*kerbside.Source{who, s}
			}
			proposal, err := x.engine.Propose(ctx, one, o)
			if err != nil {
				return nil, err
			}
			c.read(Gate(proposal, one, o), s.Ref)
		}
		return c, nil
	}
	c, err := read(spoken)
	if err != nil || !c.any() {
		return err
	}
	answered, err := read(answers)
	if err == nil {
		c.compare(answered.said)
	}
	return err
}

// whoIsWho is a source that says who the people of a record are, as if it had been said beforehand.
func whoIsWho(r *kerbside.Record) *kerbside.Source {
	var b strings.Builder
	for _, a := range r.Attendees {
		switch {
		case a.Name != "" && a.Role != "":
			fmt.Fprintf(&b, "%s is the %s. ", a.Name, a.Role)
		case a.Role != "":
			fmt.Fprintf(&b, "The %s. ", a.Role)
		}
	}
	return kerbside.StatementSource(kerbside.Statement{ID: "who-is-who", Text: b.String()})
}

// saying is what one source answers.
type saying struct {
	value    string
	evidence kerbside.Evidence
}

type contradictions struct {
	r     *kerbside.Record
	said  map[string][]saying // question -> what each source says
	order []string
}

func (c *contradictions) add(question string, ref kerbside.SourceRef, value string, evidence kerbside.List[kerbside.Evidence]) {
	if !stated(value) {
		return
	}
	for _, e := range evidence {
		if e.Source != ref {
			continue
		}
		if c.said[question] == nil {
			c.order = append(c.order, question)
		}
		c.said[question] = append(c.said[question], saying{value, e})
		return
	}
}

func (c *contradictions) read(r *kerbside.Record, ref kerbside.SourceRef) {
	v := &r.Visit
	for _, f := range factsOf(v) {
		switch f.Field {
		case "child_seen", "seen_alone", "bedroom_seen": // each child's own
		case "place": // two ways to call one place are no contradiction
		default:
			c.add(f.Field, ref, f.Value, f.Evidence)
		}
	}
	names := map[kerbside.PersonID]string{}
	for _, a := range r.Attendees {
		names[a.ID] = personKey(a)
		if a.Presence != kerbside.Mentioned {
			c.add("presence/"+personKey(a), ref, a.Presence, a.Evidence)
		}
	}
	for _, k := range r.Children {
		c.add("child_seen/"+names[k.Person], ref, k.ChildSeen.Value, k.ChildSeen.Evidence)
		c.add("seen_alone/"+names[k.Person], ref, k.SeenAlone.Value, k.SeenAlone.Evidence)
		c.add("bedroom_seen/"+names[k.Person], ref, k.BedroomSeen.Value, k.BedroomSeen.Evidence)
	}
	if len(r.Children) == 0 {
		c.add("child_seen/", ref, v.ChildSeen.Value, v.ChildSeen.Evidence)
		c.add("seen_alone/", ref, v.SeenAlone.Value, v.SeenAlone.Evidence)
		c.add("bedroom_seen/", ref, v.BedroomSeen.Value, v.BedroomSeen.Evidence)
	}
	for _, n := range r.Injuries {
		if n.Polarity != kerbside.Uncertain {
			c.add("injury/"+names[n.Child], ref, n.Polarity, n.Evidence)
		}
	}
}

func personKey(a kerbside.Attendee) string {
	if a.Name != "" {
		return strings.ToLower(a.Name)
	}
	return strings.ToLower(a.Role)
}

// differing are the pieces of evidence of sources that do not say the same.
func differing(list []saying) kerbside.List[kerbside.Evidence] {
	var with kerbside.List[kerbside.Evidence]
	for _, s := range list {
		if s.value != list[0].value {
			with = appendOnce(appendOnce(with, list[0].evidence), s.evidence)
		}
	}
	return with
}

func (c *contradictions) any() bool {
	for _, list := range c.said {
		if len(differing(list)) > 0 {
			return true
		}
	}
	return false
}

// compare warns of what differs, unless the worker answered the question afterwards: the last answer is what it is then.
func (c *contradictions) compare(answers map[string][]saying) {
	for _, question := range c.order {
		with := differing(c.said[question])
		if len(with) == 0 {
			continue
		}
		code, who, _ := strings.Cut(question, "/")
		if given := answers[question]; len(given) > 0 {
			last := given[len(given)-1]
			c.put(code, who, kerbside.Fact{Value: last.value, Evidence: kerbside.List[kerbside.Evidence]{last.evidence}})
			continue
		}
		c.r.Warnings = append(c.r.Warnings, kerbside.Warning{Code: kerbside.WarnContradiction, Text: "Two recordings say different things (" + questionWords[code] + "). Both stand here. Check which it is.", Evidence: with})
		c.put(code, who, kerbside.Fact{Value: kerbside.NotStated})
	}
}

var questionWords = map[string]string{
	"announced": "announced or not", "date": "the day of the visit", "time": "the time of the visit", "type": "the kind of visit", "next_visit": "the next visit", "mode": "how the visit was made",
	"outcome": "what came of the visit", "presence": "who was there", "child_seen": "whether a child was seen", "seen_alone": "whether a child was seen alone", "bedroom_seen": "whether a bedroom was seen", "injury": "an injury or mark",
}

// put sets what a child's return rests on, for the child that a name or role means.
func (c *contradictions) put(code, who string, f kerbside.Fact) {
	set := func(seen, bedroom *kerbside.Fact, alone *kerbside.ReasonedFact) {
		switch code {
		case "child_seen":
			*seen = f
		case "seen_alone":
			*alone = kerbside.ReasonedFact{Value: f.Value, Evidence: f.Evidence}
		case "bedroom_seen":
			*bedroom = f
		}
	}
	v := &c.r.Visit
	if len(c.r.Children) == 0 {
		set(&v.ChildSeen, &v.BedroomSeen, &v.SeenAlone)
		return
	}
	for i := range c.r.Children {
		k := &c.r.Children[i]
		for _, a := range c.r.Attendees {
			if a.ID == k.Person && personKey(a) == who {
				set(&k.ChildSeen, &k.BedroomSeen, &k.SeenAlone)
			}
		}
	}
	(&gate{out: c.r}).rollUp()
}
