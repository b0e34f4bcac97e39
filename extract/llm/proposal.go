package llm

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"kerbside"
)

// request asks about a part. The marker round the text is made of its hash, so that nobody can have spoken it.
func (e *Engine) request(p part, o kerbside.ExtractOptions, attempt int) request {
	text := p.text()
	sum := sha256.Sum256([]byte(p.source.Ref.ID + "\x00" + text))
	marker := "===== " + hex.EncodeToString(sum[:8]) + " ====="
	return request{model: e.o.Model, system: e.o.Prompt.System, user: e.o.Prompt.Ask(o.VisitDate, marker, text), most: e.o.AnswerTokens, seed: attempt + 1}
}

// proposal gathers the answers of one reading. Its texts and quotes are the sources' own words; names, roles, values and kinds
// are still the model's, and it is the gate that holds them against the words.
type proposal struct {
	record *kerbside.Record
	people map[string]int // index into record.Attendees by name and role
	facts  map[string]bool
}

func newProposal() *proposal {
	return &proposal{record: &kerbside.Record{Schema: kerbside.RecordSchema}, people: map[string]int{}, facts: map[string]bool{}}
}

func (o *proposal) add(p part, a *answer) {
	l := lettersOf(p)
	for _, x := range a.People {
		o.person(l, x)
	}
	for _, x := range a.Risks {
		if e, ok := o.found(l, "risk", x.Quote); ok {
			o.record.Risks = append(o.record.Risks, kerbside.Risk{Polarity: x.Polarity, Temporality: x.Temporality, Attribution: kerbside.Attribution{Kind: x.Attribution, Who: tidy(x.Who)}, Standing: kerbside.Proposed, Evidence: e})
		}
	}
	for _, x := range a.Strengths {
		if e, ok := o.found(l, "strength", x.Quote); ok {
			o.record.Strengths = append(o.record.Strengths, kerbside.Strength{Polarity: x.Polarity, Attribution: kerbside.Attribution{Kind: x.Attribution, Who: tidy(x.Who)}, Standing: kerbside.Proposed, Evidence: e})
		}
	}
	for _, x := range a.Actions {
		if e, ok := o.found(l, "action", x.Quote); ok {
			o.record.Actions = append(o.record.Actions, kerbside.Action{Owner: tidy(x.Owner), Due: kerbside.Due{Text: tidy(x.Due)}, Status: x.Status, Standing: kerbside.Proposed, Evidence: e})
		}
	}
	for _, x := range a.ChildVoice {
		// Whether these are the child's very words only the worker knows, so that they are never more than a paraphrase here.
		if e, ok := o.found(l, "child_voice", x.Quote); ok {
			o.record.ChildVoice = append(o.record.ChildVoice, kerbside.ChildVoice{Child: tidy(x.Child), Quote: e[0].Quote, Mode: kerbside.VoiceParaphrase, Standing: kerbside.Proposed, Evidence: e})
		}
	}
	for _, x := range a.Visit {
		o.fact(l, x)
	}
}

// found looks a quote up; what is not found is counted without its words, which nobody spoke.
func (o *proposal) found(l *letters, kind, quote string) (kerbside.List[kerbside.Evidence], bool) {
	if len(strings.Fields(quote)) < minQuote {
		o.drop(kind, reasonShort)
		return nil, false
	}
	e, reason := l.find(quote)
	if reason != "" {
		o.drop(kind, reason)
		return nil, false
	}
	return kerbside.List[kerbside.Evidence]{e}, true
}

func (o *proposal) drop(kind, reason string) {
	o.record.Gate.Dropped = append(o.record.Gate.Dropped, kerbside.Dropped{Kind: kind, Reason: reason})
}

func (o *proposal) person(l *letters, x personAnswer) {
	name, role := tidy(x.Name), strings.ToLower(tidy(x.Role))
	e, reason := l.find(x.Quote)
	if reason != "" {
		o.drop("attendee", reason)
		return
	}
	key := strings.ToLower(name)
	if name == "" {
		key = "\x00" + role
	}
	if i, ok := o.people[key]; ok {
		known := &o.record.Attendees[i]
		if known.Presence == kerbside.Mentioned {
			known.Presence = x.Presence
		}
		known.Evidence = append(known.Evidence, e)
		return
	}
	o.people[key] = len(o.record.Attendees)
	id := kerbside.PersonID("m" + strconv.Itoa(len(o.record.Attendees)+1))
	o.record.Attendees = append(o.record.Attendees, kerbside.Attendee{ID: id, Name: name, Role: role, Presence: x.Presence, Evidence: kerbside.List[kerbside.Evidence]{e}})
}

// fact keeps the first answer on each fact of the visit.
func (o *proposal) fact(l *letters, x factAnswer) {
	v := &o.record.Visit
	fields := map[string]*kerbside.Fact{"date": &v.Date, "time": &v.Time, "type": &v.Type, "place": &v.Place, "announced": &v.Announced,
		"child_seen": &v.ChildSeen, "bedroom_seen": &v.BedroomSeen, "next_visit": &v.NextVisit, "mode": &v.Mode, "outcome": &v.Outcome}
	if o.facts[x.Field] || x.Field != "seen_alone" && fields[x.Field] == nil || slices.Contains([]string{"", kerbside.NotStated, "unknown"}, x.Value) {
		return
	}
	e, ok := o.found(l, "visit."+x.Field, x.Quote)
	if !ok {
		return
	}
	o.facts[x.Field] = true
	f := kerbside.Fact{Value: tidy(x.Value), Evidence: e}
	if x.Field == "seen_alone" {
		v.SeenAlone = kerbside.ReasonedFact{Value: f.Value, Evidence: f.Evidence}
		return
	}
	*fields[x.Field] = f
}

// tidy makes one line of a short value; a long one is none.
func tidy(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 80 {
		return ""
	}
	return s
}
