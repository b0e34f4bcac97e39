package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kerbside"
)

// Mentions is everywhere that a person of a case is named over its visits.
type Mentions struct {
	CaseHead
	Person CasePerson
	Visits []VisitMentions // newest first; those that do not name them are left out
	Looked int             // visits that were looked through
}

// VisitMentions is what one visit says of a person.
type VisitMentions struct {
	VisitRef
	Presence string // of [kerbside.Attendee]; "" when the record does not tell
	As       string // how they were called
	Lines    []Mention
}

// Mention is one item, or one stretch of speech, that is about a person or names them.
type Mention struct {
	Spot
	Kind       string // "worry", "injury", "voice", "strength", "action", "present", or "words" for speech under no item
	Gravity    Gravity
	Text       string
	Who        string // whose words; "" when it is not known
	Direct     bool
	Restricted bool
}

const mentionWords = 12 // of speech on each side of a name

// Mentions gives everywhere that the person with a place in the case's list is named, in the visits that the reader may read.
func (s *Service) Mentions(ctx context.Context, by kerbside.User, id kerbside.CaseID, n int) (*Mentions, error) {
	const op = "service.Mentions"
	m := &Mentions{}
	err := s.readCase(ctx, op, by, id, "person", func(tx kerbside.Tx, _ ground, head CaseHead, visits []*caseVisit) error {
		people := peopleOf(head, visits)
		if n < 0 || n >= len(people) {
			return kerbside.E(kerbside.CodeNotFound, op, "There is nobody at this place in the case. Go back to the case.", nil)
		}
		*m = Mentions{CaseHead: head, Person: people[n], Looked: len(visits)}
		for _, v := range visits {
			if err := v.loadSaid(tx); err != nil {
				return err
			}
			if found := v.mentions(people[n].Person, head.Case.People); len(found.Lines) > 0 {
				m.Visits = append(m.Visits, found)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// loadSaid reads what was said, beside the record.
func (v *caseVisit) loadSaid(tx kerbside.Tx) (err error) {
	if v.recordings, err = tx.Recordings(v.visit.Org, v.visit.ID); err != nil {
		return err
	}
	return v.loadTranscripts(tx)
}

func (v *caseVisit) mentions(p kerbside.Person, all []kerbside.Person) VisitMentions {
	out := VisitMentions{VisitRef: v.ref}
	ids := map[kerbside.PersonID]bool{}
	names := map[string]bool{} // how they are called here, in lower case
	for _, a := range v.record.Attendees {
		if !isPerson(a, p, all) {
			continue
		}
		ids[a.ID] = true
		names[strings.ToLower(a.Name)] = true
		out.Presence, out.As = cmp.Or(out.Presence, a.Presence), cmp.Or(out.As, a.Name)
		out.Lines = append(out.Lines, Mention{Spot: v.spot(a.Evidence), Kind: "present", Text: a.Presence})
	}
	concerns := func(about []kerbside.PersonID, who ...string) bool {
		return slices.ContainsFunc(about, func(id kerbside.PersonID) bool { return ids[id] }) || slices.ContainsFunc(who, func(w string) bool { return names[strings.ToLower(w)] })
	}
	out.Lines = append(out.Lines, v.itemsAbout(concerns)...)
	covered := map[string]bool{} // words under a line already
	sources := v.sources()
	for _, l := range out.Lines {
		for _, e := range l.Evidence {
			if s := kerbside.FindSource(sources, e); s != nil {
				if first, last, err := s.Range(e); err == nil {
					for i := first; i <= last; i++ {
						covered[s.Ref.ID+"/"+string(s.Words[i].ID)] = true
					}
				}
			}
		}
	}
	for _, s := range sources {
		for _, e := range spoken(s, p.Name, all, covered) {
			out.Lines = append(out.Lines, Mention{Spot: v.spot([]kerbside.Evidence{e}), Kind: "words", Text: e.Quote, Who: tells(s)})
		}
	}
	return out
}

// itemsAbout are the items of the record that concern somebody.
func (v *caseVisit) itemsAbout(concerns func(about []kerbside.PersonID, who ...string) bool) []Mention {
	r := v.record
	var out []Mention
	for _, x := range r.ChildVoice {
		if counts(x.Standing) && concerns([]kerbside.PersonID{x.Person}, x.Child) {
			out = append(out, Mention{Spot: v.spot(x.Evidence), Kind: "voice", Gravity: GravityOrdinary, Text: x.Quote, Who: x.Child, Direct: x.Mode == kerbside.VoiceDirect, Restricted: x.Restricted != nil})
		}
	}
	for _, x := range r.Risks {
		if counts(x.Standing) && concerns(x.About, append(slices.Clone(x.Attribution.Chain), x.Attribution.Who)...) {
			out = append(out, Mention{Spot: v.spot(x.Evidence), Kind: "worry", Gravity: gravity(x.Polarity, x.Critical), Text: x.Text, Who: WhoSaid(x.Attribution), Restricted: x.Restricted != nil})
		}
	}
	for _, x := range r.Injuries {
		if counts(x.Standing) && concerns([]kerbside.PersonID{x.Child}) {
			out = append(out, Mention{Spot: v.spot(x.Evidence), Kind: "injury", Gravity: gravity(x.Polarity, true), Text: injuryWords(x)})
		}
	}
	for _, x := range r.Strengths {
		if counts(x.Standing) && concerns(x.About, append(slices.Clone(x.Attribution.Chain), x.Attribution.Who)...) {
			out = append(out, Mention{Spot: v.spot(x.Evidence), Kind: "strength", Gravity: gravity(x.Polarity, false), Text: x.Text, Who: WhoSaid(x.Attribution), Restricted: x.Restricted != nil})
		}
	}
	for _, x := range r.Actions {
		if counts(x.Standing) && concerns(x.About, x.Owner) {
			out = append(out, Mention{Spot: v.spot(x.Evidence), Kind: "action", Gravity: GravityOrdinary, Text: x.Text, Who: x.Owner, Restricted: x.Restricted != nil})
		}
	}
	return out
}

// spoken are the places of a source where a name is spoken under no item: the whole name, or the first name where nobody else of the case has it.
func spoken(s *kerbside.Source, name string, all []kerbside.Person, covered map[string]bool) []kerbside.Evidence {
	whole := strings.Fields(name)
	if len(whole) == 0 {
		return nil
	}
	same := 0
	for _, q := range all {
		if first, _, _ := strings.Cut(q.Name, " "); slices.Equal(searchWords(first), searchWords(whole[0])) {
			same++
		}
	}
	at := func(i int, w string) bool {
		return i < len(s.Words) && slices.Equal(searchWords(s.Words[i].Text), searchWords(w))
	}
	var out []kerbside.Evidence
	until := -1
	for i := range s.Words {
		if i <= until || !at(i, whole[0]) || covered[s.Ref.ID+"/"+string(s.Words[i].ID)] {
			continue
		}
		full := len(whole) > 1 && at(i+len(whole)-1, whole[len(whole)-1])
		if same != 1 && !full {
			continue
		}
		first, last := i, i
		for first > 0 && i-first < mentionWords && !endsSentence(s.Words[first-1].Text) {
			first--
		}
		for last < len(s.Words)-1 && last-i < mentionWords && !endsSentence(s.Words[last].Text) {
			last++
		}
		until = last
		out = append(out, s.Evidence(first, last))
	}
	return out
}

// tells says who speaks in a source where the record does not: in a visit with others, nobody knows.
func tells(s *kerbside.Source) string {
	switch {
	case s.Ref.Kind == kerbside.SourceStatement:
		return "added by the worker afterwards"
	case s.Kind == kerbside.KindVisit:
		return "spoken at the visit; by whom is not known"
	}
	return "in the worker's telling"
}

func endsSentence(word string) bool {
	return strings.ContainsAny(word[max(0, len(word)-1):], ".!?") || strings.HasSuffix(word, ".”") || strings.HasSuffix(word, `."`)
}
