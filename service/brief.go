package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// Brief is what to know before the next visit of a case. All of it stands in records of visits; what no record says is not there.
type Brief struct {
	CaseHead
	Last      *VisitRef    // the newest visit with a record
	Promises  []ActionView // open, owed by the worker or the service; what is due first comes first
	Others    []ActionView // open, owed by others
	Voices    []SaidLine   // the children's words and signs of the newest visit that has any
	Worries   []SaidLine   // critical, and not denied, of the newest visit
	People    []CasePerson
	Spoken    []SpokenOf // of the newest visit, who is nobody of the case
	NotSaid   []NotSaid  // of the newest visit, and unanswered since
	Uncertain []SaidLine // what was uncertain, or is in doubt, in the newest visits
}

// SaidLine is something that a record holds.
type SaidLine struct {
	Spot
	Kind       string // of the item: "risk", "voice", "doubt", "warning"
	Text       string
	Who        string // whose words, for people: "Jayden", "seen by the worker"; "" when it is not known
	Direct     bool   // the very words
	Restricted bool
	Words      []string // of a doubt: the words that nobody has settled
}

// NotSaid is a question that the visit left open.
type NotSaid struct {
	VisitRef
	Text string
}

// CasePerson is somebody of the case, and where they were at the newest visit that tells.
type CasePerson struct {
	kerbside.Person
	N        int    // their place in the case's list
	Age      int    // in years; -1 when not known
	Presence string // of [kerbside.Attendee]; "" when no visit speaks of them
	Seen     Spot   // where it says so
}

// SpokenOf is somebody whom a record names and the case does not.
type SpokenOf struct {
	Spot
	Name, Role, Presence string
}

const (
	briefVoices = 8
	briefDoubts = 3 // visits that are looked through for what is uncertain
)

// Brief gives what to know before the next visit of a case, from the visits that the person may read.
func (s *Service) Brief(ctx context.Context, by kerbside.User, id kerbside.CaseID) (*Brief, error) {
	var b *Brief
	err := s.readCase(ctx, "service.Brief", by, id, "brief", func(tx kerbside.Tx, g ground, head CaseHead, visits []*caseVisit) error {
		b = &Brief{CaseHead: head}
		for _, v := range visits {
			actions, err := v.actions(g, head.Case, head.Today)
			if err != nil {
				return err
			}
			for _, a := range actions {
				switch {
				case a.Done:
				case a.Ours:
					b.Promises = append(b.Promises, a)
				default:
					b.Others = append(b.Others, a)
				}
			}
		}
		slices.SortStableFunc(b.Promises, byDue)
		slices.SortStableFunc(b.Others, byDue)
		b.People = peopleOf(head, visits)
		if len(visits) == 0 {
			return nil
		}
		b.lastTime(visits)
		return b.uncertain(tx, visits)
	})
	return b, err
}

// lastTime adds what the newest visits leave to know and to ask.
func (b *Brief) lastTime(visits []*caseVisit) {
	last := visits[0]
	b.Last = &last.ref
	for _, v := range visits {
		if b.Voices = v.voices(); len(b.Voices) > 0 {
			b.Voices = b.Voices[:min(len(b.Voices), briefVoices)]
			break
		}
	}
	for _, r := range last.record.Risks {
		if counts(r.Standing) && r.Critical && r.Polarity == kerbside.Affirmed && !b.spoken(last.ref.Visit, r.Evidence) {
			b.Worries = append(b.Worries, SaidLine{Spot: last.spot(r.Evidence), Kind: "risk", Text: r.Text, Who: WhoSaid(r.Attribution), Restricted: r.Restricted != nil})
		}
	}
	for _, a := range last.record.Attendees {
		if !slices.ContainsFunc(b.People, func(p CasePerson) bool { return isPerson(a, p.Person, b.Case.People) }) {
			b.Spoken = append(b.Spoken, SpokenOf{Spot: last.spot(a.Evidence), Name: a.Name, Role: a.Role, Presence: a.Presence})
		}
	}
	for _, o := range last.openMissing() {
		b.NotSaid = append(b.NotSaid, NotSaid{VisitRef: last.ref, Text: o.Text})
	}
}

// spoken reports whether the words of an item stand among the children's already.
func (b *Brief) spoken(v kerbside.VisitID, of []kerbside.Evidence) bool {
	return len(of) > 0 && slices.ContainsFunc(b.Voices, func(s SaidLine) bool {
		return s.Visit == v && slices.ContainsFunc(s.Evidence, func(e kerbside.Evidence) bool {
			return e.Source.ID == of[0].Source.ID && e.StartChar < of[0].EndChar && of[0].StartChar < e.EndChar
		})
	})
}

func (v *caseVisit) voices() []SaidLine {
	var out []SaidLine
	for _, x := range v.record.ChildVoice {
		if counts(x.Standing) {
			out = append(out, SaidLine{Spot: v.spot(x.Evidence), Kind: "voice", Text: x.Quote, Who: x.Child, Direct: x.Mode == kerbside.VoiceDirect, Restricted: x.Restricted != nil})
		}
	}
	return out
}

// uncertain adds what was said to be uncertain, where readings disagree, and words that nobody has settled yet.
func (b *Brief) uncertain(tx kerbside.Tx, visits []*caseVisit) error {
	for _, v := range visits[:min(len(visits), briefDoubts)] {
		for _, r := range v.record.Risks {
			if counts(r.Standing) && r.Polarity == kerbside.Uncertain {
				b.Uncertain = append(b.Uncertain, SaidLine{Spot: v.spot(r.Evidence), Kind: "risk", Text: r.Text, Who: WhoSaid(r.Attribution), Restricted: r.Restricted != nil})
			}
		}
		for _, w := range v.record.Warnings {
			if w.Code == kerbside.WarnDisagreement {
				b.Uncertain = append(b.Uncertain, SaidLine{Spot: v.spot(w.Evidence), Kind: "warning", Text: w.Text})
			}
		}
		if v.ref.Approved { // each doubt was heard or confirmed, or it could not be
			continue
		}
		whole, err := loadBundle(tx, v.visit)
		if err != nil {
			return err
		}
		if doubts := whole.openDoubts(); len(doubts) > 0 { // one line a visit: they are settled there, one by one
			line := SaidLine{Spot: v.spot(doubts[0].Evidence), Kind: "doubt"}
			for _, o := range doubts {
				line.Words = append(line.Words, o.Text)
			}
			b.Uncertain = append(b.Uncertain, line)
		}
	}
	return nil
}

// WhoSaid says whose words something is, for people; "" when it is not known.
func WhoSaid(a kerbside.Attribution) string {
	switch a.Kind {
	case kerbside.Observed:
		return "seen by the worker"
	case kerbside.WorkerOpinion:
		return "the worker's view"
	}
	if len(a.Chain) > 1 {
		return strings.Join(a.Chain, ", who heard it from ")
	}
	return a.Who
}

func peopleOf(head CaseHead, visits []*caseVisit) []CasePerson {
	now, _ := time.Parse(time.DateOnly, head.Today)
	var out []CasePerson
	for n, p := range head.Case.People {
		cp := CasePerson{Person: p, N: n, Age: ageOn(p.Born, now)}
		for _, v := range visits {
			if cp.Presence != "" {
				break
			}
			for _, a := range v.record.Attendees {
				if isPerson(a, p, head.Case.People) {
					cp.Presence, cp.Seen = a.Presence, v.spot(a.Evidence)
					break
				}
			}
		}
		out = append(out, cp)
	}
	return out
}

// ageOn is the age in years on a day; -1 when the day of birth is not known.
func ageOn(born string, now time.Time) int {
	b, err := time.Parse(time.DateOnly, born)
	if err != nil || b.After(now) {
		return -1
	}
	age := now.Year() - b.Year()
	if now.Month() < b.Month() || now.Month() == b.Month() && now.Day() < b.Day() {
		age--
	}
	return age
}

// isPerson reports whether somebody spoken of can only be this person of the case: the whole name is theirs, or the first name and nobody else's. A role that differs
// speaks against it. What is left open stays open: a wrong name is worse than none.
func isPerson(a kerbside.Attendee, p kerbside.Person, all []kerbside.Person) bool {
	name := searchWords(a.Name)
	if len(name) == 0 || a.Role != "" && p.Role != "" && !sameRole(a.Role, p.Role) {
		return false
	}
	if slices.Equal(name, searchWords(p.Name)) {
		return true
	}
	if strings.ContainsAny(strings.TrimSpace(a.Name), " ") {
		return false
	}
	same := 0
	for _, q := range all {
		if first, _, _ := strings.Cut(q.Name, " "); slices.Equal(searchWords(first), name) {
			same++
		}
	}
	first, _, _ := strings.Cut(p.Name, " ")
	return same == 1 && slices.Equal(searchWords(first), name)
}

// sameRole: children go by many words.
func sameRole(a, b string) bool {
	child := func(r string) bool {
		switch r {
		case "child", "son", "daughter", "baby", "brother", "sister", "sibling", "boy", "girl":
			return true
		}
		return false
	}
	return a == b || child(a) && child(b)
}
