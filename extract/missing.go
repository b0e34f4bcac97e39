package extract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"kerbside"
)

//go:embed checklist.json
var defaultChecklist []byte

// Checklist says what a visit of each type should say. It is data, so that a council can have its own.
type Checklist struct {
	Questions map[string]string   `json:"questions"` // code -> question; "{child}", "{action}" stand for a name, an action
	Types     map[string][]string `json:"types"`     // visit type -> codes, in the order in which they are asked
	Omit      map[string][]string `json:"omit"`      // outcome -> codes that are not asked then
}

// The codes that a checklist may hold.
var checkCodes = map[string]bool{
	"visit_type": true, "visit_date": true, "who_present": true, "child_seen": true, "seen_alone": true, "seen_alone_reason": true,
	"bedroom_seen": true, "child_voice": true, "consent": true, "next_visit": true, "action_owner": true, "action_due": true,
}

// DefaultChecklist is the one that Kerbside comes with.
func DefaultChecklist() (*Checklist, error) { return ReadChecklist(bytes.NewReader(defaultChecklist)) }

// ReadChecklist reads a checklist and refuses unknown fields and codes, so that a slip of the pen does not silence a question.
func ReadChecklist(r io.Reader) (*Checklist, error) {
	bad := func(err error) error {
		return kerbside.E(kerbside.CodeInvalid, "extract.ReadChecklist", "The checklist cannot be read. Correct it, or leave it out to use the one that Kerbside comes with.", err)
	}
	var c Checklist
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, bad(err)
	}
	for code := range c.Questions {
		if !checkCodes[code] {
			return nil, bad(fmt.Errorf("unknown code %q", code))
		}
	}
	for _, lists := range []map[string][]string{c.Types, c.Omit} {
		for name, codes := range lists {
			for _, code := range codes {
				if c.Questions[code] == "" {
					return nil, bad(fmt.Errorf("%s: no question for code %q", name, code))
				}
			}
		}
	}
	if len(c.Types[kerbside.NotStated]) == 0 {
		return nil, bad(fmt.Errorf("no entry for type %q", kerbside.NotStated))
	}
	return &c, nil
}

// Missing lists what a gated record of sources leaves open.
func (c *Checklist) Missing(r *kerbside.Record, sources []*kerbside.Source) []kerbside.Missing {
	kind := r.Visit.Type.Value
	codes, ok := c.Types[kind]
	if !ok {
		codes = c.Types[kerbside.NotStated]
	}
	omit := map[string]bool{}
	for _, code := range c.Omit[r.Visit.Outcome.Value] {
		omit[code] = true
	}
	m := missing{c: c, r: r, sources: sources, people: map[kerbside.PersonID]kerbside.Attendee{}}
	for _, a := range r.Attendees {
		m.people[a.ID] = a
	}
	for _, code := range codes {
		if !omit[code] {
			m.check(code)
		}
	}
	return m.out
}

type missing struct {
	c       *Checklist
	r       *kerbside.Record
	sources []*kerbside.Source
	people  map[kerbside.PersonID]kerbside.Attendee
	out     []kerbside.Missing
}

func (m *missing) ask(code, hole, with string, about ...kerbside.PersonID) {
	text := m.c.Questions[code]
	if hole != "" {
		text = strings.ReplaceAll(text, hole, with)
	}
	m.out = append(m.out, kerbside.Missing{Code: code, About: about, Text: text})
}

func (m *missing) check(code string) {
	v := &m.r.Visit
	switch code {
	case "visit_type":
		m.askUnless(code, stated(v.Type.Value))
	case "visit_date":
		m.askUnless(code, v.Date.Value != "" || m.r.Source.VisitDateHint != "")
	case "who_present":
		present := false
		for _, a := range m.r.Attendees {
			present = present || a.Presence == kerbside.Present
		}
		m.askUnless(code, present)
	case "next_visit":
		m.askUnless(code, v.NextVisit.Value != "")
	case "consent":
		m.askUnless(code, speakOf(m.sources, "consent"))
	case "action_owner", "action_due":
		for _, a := range m.r.Actions {
			if a.Status != kerbside.Done && (code == "action_owner" && a.Owner == "" || code == "action_due" && a.Due.Date == "" && a.Due.Text == "") {
				m.ask(code, "{action}", a.Text, a.About...)
			}
		}
	default:
		m.eachChild(code)
	}
}

func (m *missing) askUnless(code string, said bool) {
	if !said {
		m.ask(code, "{child}", "the child")
	}
}

func (m *missing) eachChild(code string) {
	if len(m.r.Children) == 0 {
		m.askUnless(code, code == "seen_alone_reason" || code == "child_voice" && len(m.r.ChildVoice) > 0)
		return
	}
	for _, child := range m.r.Children {
		said := false
		switch code {
		case "child_seen":
			said = stated(child.ChildSeen.Value)
		case "seen_alone":
			said = stated(child.SeenAlone.Value) || child.ChildSeen.Value == kerbside.No
		case "seen_alone_reason":
			said = child.SeenAlone.Value != kerbside.No || child.SeenAlone.Reason != "" || child.ChildSeen.Value != kerbside.Yes
		case "bedroom_seen":
			said = stated(child.BedroomSeen.Value)
		case "child_voice":
			said = child.ChildSeen.Value == kerbside.No
			for _, voice := range m.r.ChildVoice {
				said = said || voice.Person == child.Person
			}
		}
		if said {
			continue
		}
		name := m.people[child.Person].Name
		if name == "" {
			name = "the child"
		}
		m.ask(code, "{child}", name, child.Person)
	}
}

func stated(value string) bool { return value != "" && value != kerbside.NotStated }

// speakOf reports whether some word of the sources begins so.
func speakOf(sources []*kerbside.Source, word string) bool {
	for _, s := range sources {
		for i := range s.Words {
			if strings.HasPrefix(strings.ToLower(s.Words[i].Text), word) {
				return true
			}
		}
	}
	return false
}
