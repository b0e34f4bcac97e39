package extract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"kerbside"
)

//go:embed checklist.json
var defaultChecklist []byte

// Checklist says what a visit of each type should say. It is data, so that a council can have its own.
type Checklist struct {
	Questions map[string]string   `json:"questions"` // code -> question; "{child}" stands for a name, in those of actions "{action}" for one
	Spoken    map[string][]string `json:"spoken"`    // code -> words; the question is asked unless some of them were spoken, the last word as a beginning
	Types     map[string][]string `json:"types"`     // visit type -> codes, in the order in which they are asked
	Omit      map[string][]string `json:"omit"`      // outcome -> codes that are not asked then
}

// The codes of what is read from the record. Any other code is one of Spoken.
var checkCodes = map[string]bool{
	"visit_type": true, "visit_date": true, "who_present": true, "child_seen": true, "seen_alone": true, "seen_alone_reason": true,
	"bedroom_seen": true, "child_voice": true, "next_visit": true, "action_owner": true, "action_due": true, wholeDate: true,
}

// wholeDate is the question in the place of visit_date where a day was said that may be one of several.
const wholeDate = "visit_date_whole"

// What stands in a question for a name and for an action.
const (
	childHole  = "{child}"
	actionHole = "{action}"
)

// braces finds whatever looks like one of them, half of one too.
var braces = regexp.MustCompile(`\{[^{}]*\}?|\}`)

// holeOf is the one that is filled in in a question.
func holeOf(code string) string {
	if code == "action_owner" || code == "action_due" {
		return actionHole
	}
	return childHole
}

// DefaultChecklist is the one that Kerbside comes with.
func DefaultChecklist() (*Checklist, error) { return LoadChecklist(nil) }

// LoadChecklist reads the built-in checklist and, where a folder is given, a council's own files in it (*.json, by name): each entry of theirs
// replaces the one of the same key, or is added. What is wrong in a file is an error of CodeInvalid.
func LoadChecklist(folder fs.FS) (*Checklist, error) {
	c, faults, err := CheckChecklist(folder)
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "extract.LoadChecklist", "The checklist does not do: "+err.Error()+". `kerbside checklist check` lists all faults.", nil)
	}
	return c, nil
}

// ChecklistFault is what is wrong in a file of a checklist.
type ChecklistFault struct{ File, Text string }

func (f ChecklistFault) Error() string { return f.File + ": " + f.Text }

// CheckChecklist is LoadChecklist that goes on after a fault and gives all of them, so that a slip of the pen does not silence a question. The error
// is one of reading.
func CheckChecklist(folder fs.FS) (*Checklist, []ChecklistFault, error) {
	c := &Checklist{Questions: map[string]string{}, Spoken: map[string][]string{}, Types: map[string][]string{}, Omit: map[string][]string{}}
	faults := c.add("built in", defaultChecklist)
	if folder != nil {
		names, err := fs.Glob(folder, "*.json")
		if err != nil {
			return nil, nil, err
		}
		for _, name := range names {
			b, err := fs.ReadFile(folder, name)
			if err != nil {
				return nil, nil, err
			}
			faults = append(faults, c.add(name, b)...)
		}
	}
	return c, faults, nil
}

const maxChecklist = 1 << 20 // bytes

// add puts a file's entries in. Its faults are about that file with what came before it.
func (c *Checklist) add(file string, b []byte) (faults []ChecklistFault) {
	fault := func(format string, a ...any) {
		faults = append(faults, ChecklistFault{file, fmt.Sprintf(format, a...)})
	}
	var own Checklist
	d := json.NewDecoder(bytes.NewReader(b[:min(len(b), maxChecklist)]))
	d.DisallowUnknownFields()
	if err := d.Decode(&own); err != nil || len(b) > maxChecklist {
		at := kerbside.JSONLine(b, d.InputOffset(), err)
		if unknown, ok := strings.CutPrefix(fmt.Sprint(err), "json: unknown field "); ok {
			fault("near line %d: there is no %s; there are questions, spoken, types and omit", at, unknown)
		} else {
			fault("near line %d: it is not a checklist in JSON", at)
		}
		return faults
	}
	maps.Copy(c.Questions, own.Questions)
	maps.Copy(c.Spoken, own.Spoken)
	maps.Copy(c.Types, own.Types)
	maps.Copy(c.Omit, own.Omit)
	for _, code := range slices.Sorted(maps.Keys(own.Questions)) {
		if !checkCodes[code] && len(c.Spoken[code]) == 0 {
			fault("the question %q needs words under spoken by which it is answered", code)
		}
		if strings.TrimSpace(own.Questions[code]) == "" {
			fault("the question %q has no text", code)
		}
		for _, brace := range braces.FindAllString(own.Questions[code], -1) {
			switch hole := holeOf(code); {
			case brace == hole:
			case brace == childHole || brace == actionHole:
				fault("the question %q: there is no %s in it; there is %s", code, brace, hole)
			default:
				fault("the question %q: there is no %s; there are %s, %s", code, brace, childHole, actionHole)
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(own.Spoken)) {
		if checkCodes[code] {
			fault("%q is read from the record and takes no words under spoken", code)
		}
		for _, words := range own.Spoken[code] {
			if len(strings.Fields(words)) == 0 {
				fault("%q has empty words under spoken", code)
			}
		}
	}
	named := func(what string, lists map[string][]string, known ...string) {
		for _, name := range slices.Sorted(maps.Keys(lists)) {
			if !slices.Contains(known, name) {
				fault("there is no %s %q; there are %s", what, name, strings.Join(known, ", "))
			}
			for _, code := range lists[name] {
				if c.Questions[code] == "" {
					fault("%s %q: there is no question %q", what, name, code)
				}
			}
		}
	}
	named("type of visit", own.Types, append(slices.Clone(types), kerbside.NotStated)...)
	named("outcome", own.Omit, outcomes...)
	return faults
}

// Sum is a hash of a checklist: the same sum asks the same questions.
func (c *Checklist) Sum() string {
	b, _ := json.Marshal(c) // maps are written in order
	return kerbside.HexSHA256(b)
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

// ask asks a question, its hole filled with a name or an action.
func (m *missing) ask(code, with string, about ...kerbside.PersonID) {
	text := strings.ReplaceAll(m.c.Questions[code], holeOf(code), with)
	m.out = append(m.out, kerbside.Missing{Code: code, About: about, Text: text})
}

func (m *missing) check(code string) {
	v := &m.r.Visit
	switch code {
	case "visit_type":
		m.askUnless(code, stated(v.Type.Value))
	case "visit_date":
		switch {
		case v.Date.Value != "" || m.r.Source.VisitDateHint != "":
		case len(v.Date.Evidence) > 0:
			m.ask(wholeDate, "the child")
			m.out[len(m.out)-1].Code = code
		default:
			m.ask(code, "the child")
		}
	case "who_present":
		present := false
		for _, a := range m.r.Attendees {
			present = present || a.Presence == kerbside.Present
		}
		m.askUnless(code, present)
	case "next_visit":
		m.askUnless(code, len(v.NextVisit.Evidence) > 0)
	case "action_owner", "action_due":
		for _, a := range m.r.Actions {
			if a.Status != kerbside.Done && (code == "action_owner" && a.Owner == "" || code == "action_due" && a.Due.Date == "" && a.Due.Text == "") {
				m.ask(code, a.Text, a.About...)
				m.out[len(m.out)-1].Item = a.ID
			}
		}
	default:
		if words := m.c.Spoken[code]; len(words) > 0 {
			m.askUnless(code, speakOf(m.sources, words))
			return
		}
		m.eachChild(code)
	}
}

func (m *missing) askUnless(code string, said bool) {
	if !said {
		m.ask(code, "the child")
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
		m.ask(code, name, child.Person)
	}
}

func stated(value string) bool { return value != "" && value != kerbside.NotStated }

// speakOf reports whether some of the phrases were spoken, the last word of each perhaps with an ending.
func speakOf(sources []*kerbside.Source, phrases []string) bool {
	for _, phrase := range phrases {
		want := strings.Fields(strings.ToLower(phrase))
		for _, s := range sources {
			for i := 0; i+len(want) <= len(s.Words); i++ {
				if spokenAt(s.Words[i:i+len(want)], want) {
					return true
				}
			}
		}
	}
	return false
}

func spokenAt(words []kerbside.Word, want []string) bool {
	for i, w := range words {
		plain := strings.TrimFunc(strings.ToLower(w.Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if plain != want[i] && (i < len(want)-1 || !strings.HasPrefix(plain, want[i])) {
			return false
		}
	}
	return len(want) > 0
}
