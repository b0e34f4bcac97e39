package draft

import (
	"cmp"
	"slices"
	"strings"

	"kerbside"
)

// The kinds of item, as Withheld and Omission name them.
const (
	kindRisk     = "risk"
	kindStrength = "strength"
	kindAction   = "action"
	kindVoice    = "child_voice"
	kindInjury   = "injury"
	kindFact     = "fact"
)

// item is one entry of the record in the one form that the firewall and the composer work on.
type item struct {
	kind, id, text        string
	about                 []kerbside.PersonID
	polarity, temporality string
	by                    kerbside.Attribution
	sensitivity           []string
	restricted            *kerbside.Restriction
	critical              bool
	evidence              []kerbside.Evidence
	main                  span // of the first evidence
	valid                 bool // all evidence stands in the sources
	order                 int  // of the source

	shadow        bool     // not in any draft: it only says that its words are sensitive
	also          []string // ids of items whose words this one shows with its own
	owner, status string
	due           kerbside.Due
	mode, via     string
	explanations  []kerbside.Explanation
	factor        string
}

func (it *item) ids() []string { return append([]string{it.id}, it.also...) }

func enters(standing string) bool {
	return standing != kerbside.Proposed && standing != kerbside.Rejected
}

// items gives what may enter drafts, in the order in which it was said.
func items(r *kerbside.Record, ss sources, people *people) []*item {
	var out []*item
	add := func(standing string, it *item) {
		if !enters(standing) {
			it.shadow = standing == kerbside.Proposed
			if !it.shadow {
				return
			}
		}
		it.valid = len(it.evidence) > 0
		for i, e := range it.evidence {
			s, ok := ss.span(e)
			if !ok {
				it.valid = false
				break
			}
			if i == 0 {
				it.main, it.order = s, ss.order(e)
			}
		}
		if it.valid && it.by.Kind == kerbside.WorkerOpinion && !opines(it.main) {
			it.by.Kind = kerbside.Observed // nothing in its sentence says that it is a view: nobody reads it as one
		}
		if it.valid && it.by.Kind == kerbside.Observed && (it.kind == kindRisk || it.kind == kindStrength) && beginsAsView(it.main) {
			it.by.Kind = kerbside.WorkerOpinion
		}
		if words := it.main.words(); it.valid && it.by.Kind == kerbside.Observed && it.kind != kindAction && it.kind != kindInjury && len(words) > 1 && thirdPerson[words[0]] && reporting[words[1]] {
			it.by = kerbside.Attribution{Kind: kerbside.AdultSaid} // "he said …": whoever that is, the worker did not see it
		}
		if it.valid && reported(it.by.Kind) && it.kind != kindVoice && it.kind != kindInjury && people.find(it.by.Who) == "" && workersOwn(it.main) {
			it.by = kerbside.Attribution{Kind: kerbside.WorkerOpinion, Who: "worker"}
		}
		out = append(out, it)
	}
	for _, x := range r.Injuries {
		by := kerbside.Attribution{Kind: kerbside.Observed, Who: x.SeenBy}
		if x.SeenBy != "" && !strings.EqualFold(x.SeenBy, "worker") {
			by.Kind = kerbside.AdultSaid
		}
		it := &item{kind: kindInjury, id: x.ID, text: x.Description, polarity: x.Polarity, temporality: kerbside.Current, by: by, evidence: x.Evidence, critical: true, explanations: x.Explanations}
		if x.Child != "" {
			it.about = []kerbside.PersonID{x.Child}
		}
		add(x.Standing, it)
	}
	for _, x := range r.ChildVoice {
		it := &item{kind: kindVoice, id: x.ID, text: x.Quote, polarity: kerbside.Affirmed, temporality: kerbside.Current, by: kerbside.Attribution{Kind: kerbside.ChildSaid, Who: x.Child},
			sensitivity: x.Sensitivity, restricted: x.Restricted, critical: x.Critical, evidence: x.Evidence, mode: x.Mode, via: x.Via}
		if x.Person == "" {
			x.Person = people.find(x.Child)
		}
		if x.Person != "" {
			it.about = []kerbside.PersonID{x.Person}
		}
		add(x.Standing, it)
	}
	for _, x := range r.Risks {
		add(x.Standing, &item{kind: kindRisk, id: x.ID, text: x.Text, about: x.About, polarity: x.Polarity, temporality: x.Temporality, by: x.Attribution,
			sensitivity: x.Sensitivity, restricted: x.Restricted, critical: x.Critical, evidence: x.Evidence, factor: x.Factor})
	}
	for _, x := range r.Strengths {
		add(x.Standing, &item{kind: kindStrength, id: x.ID, text: x.Text, about: x.About, polarity: x.Polarity, temporality: kerbside.Current, by: x.Attribution,
			sensitivity: x.Sensitivity, restricted: x.Restricted, evidence: x.Evidence})
	}
	for _, x := range r.Actions {
		it := &item{kind: kindAction, id: x.ID, text: x.Text, about: x.About, polarity: kerbside.Affirmed, temporality: kerbside.Current, owner: x.Owner, status: x.Status, due: x.Due,
			sensitivity: x.Sensitivity, restricted: x.Restricted, critical: x.Critical, evidence: x.Evidence}
		if p := people.find(x.Owner); p != "" && len(it.about) == 0 {
			it.about = []kerbside.PersonID{p}
		}
		add(x.Standing, it)
	}
	slices.SortStableFunc(out, func(a, b *item) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.main.first, b.main.first), cmp.Compare(b.main.last, a.main.last))
	})
	return out
}

// people finds persons by the words that speak of them.
type people struct {
	list []kerbside.Attendee
	byID map[kerbside.PersonID]*kerbside.Attendee
	met  map[string]kerbside.PersonID // what find has answered
}

func newPeople(r *kerbside.Record) *people {
	p := &people{list: r.Attendees, byID: make(map[kerbside.PersonID]*kerbside.Attendee, len(r.Attendees)), met: map[string]kerbside.PersonID{}}
	for i := range p.list {
		p.byID[p.list[i].ID] = &p.list[i]
	}
	return p
}

// find gives the one person whom who names, by name, by part of a name or by role; "" when nobody or several answer to it.
func (p *people) find(who string) kerbside.PersonID {
	id, ok := p.met[who]
	if !ok {
		id = p.search(who)
		p.met[who] = id
	}
	return id
}

func (p *people) search(who string) kerbside.PersonID {
	want := strings.TrimSpace(fold(who))
	if want == "" || want == "worker" {
		return ""
	}
	role := want
	if r, ok := relations[want]; ok {
		role = r
	}
	for _, match := range []func(a kerbside.Attendee) bool{
		func(a kerbside.Attendee) bool { return fold(a.Name) == want },
		func(a kerbside.Attendee) bool { return slices.Contains(tokens(a.Name), want) },
		func(a kerbside.Attendee) bool { return fold(a.Role) == role },
	} {
		var found []kerbside.PersonID
		for _, a := range p.list {
			if match(a) {
				found = append(found, a.ID)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
		if len(found) > 1 {
			return ""
		}
	}
	return ""
}

func (p *people) isChild(id kerbside.PersonID) bool {
	a := p.byID[id]
	return a != nil && childRole(a.Role)
}

func childRole(role string) bool {
	switch role {
	case "child", "baby", "son", "daughter", "sibling", "brother", "sister", "young person":
		return true
	}
	return false
}

// called gives the words by which a person is spoken of.
func (p *people) called(id kerbside.PersonID) wordSet {
	a := p.byID[id]
	s := wordSet{}
	if a == nil {
		return s
	}
	for _, w := range tokens(a.Name) {
		s[w] = true
	}
	if a.Role != "" {
		s[a.Role] = true
	}
	for word, role := range relations {
		if role == a.Role {
			s[word] = true
		}
	}
	return s
}

// opines reports whether the sentence of some words says that it is what the worker thinks, and not what somebody else is unsure of.
func opines(s span) bool {
	at := s.sentence()
	own, thinks := false, false
	for i := at.first; i <= at.last; i++ {
		w := at.word(i)
		own = own || firstPerson[w] && w != "me" && w != "us" || w == "seems" || w == "appears"
		thinks = thinks || opining[w] || doubts[w] && w != "if" && w != "or"
	}
	return own && thinks
}

// workersOwn reports whether the sentence of some words has the worker for its only speaker: it begins with "I" and nobody in it says anything.
func workersOwn(s span) bool {
	at := s.sentence()
	first := at.first
	for first < at.last && (openers[at.word(first)] || fillers[at.word(first)]) {
		first++
	}
	return firstPerson[at.word(first)] && !othersSpeak(at) && !hasMarks(at)
}

// beginsAsView reports whether the sentence of some words begins with what says that it is a view: "I think", "my feeling is".
func beginsAsView(s span) bool {
	at := s.sentence()
	at.last = min(at.last, at.first+5)
	t := strings.Join(tokens(at.evidence().Quote), " ") + " "
	for first, rest, ok := strings.Cut(t, " "); ok && (openers[first] || fillers[first]); first, rest, ok = strings.Cut(t, " ") {
		t = rest
	}
	return slices.ContainsFunc(views, func(v string) bool { return strings.HasPrefix(t, v+" ") })
}
