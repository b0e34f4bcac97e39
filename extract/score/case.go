// Package score measures records against cases with a gold record each. It counts as the reference script score.py of the evaluation set
// does (a test holds the two equal), so that the figures can be had wherever the program runs.
//
// A case's values are those of kerbside.record/v1. Where more than one reading is right, a value is a list. Every quote of the
// gold is an exact part of the text.
package score

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"kerbside"
)

// Case is one dictation with its gold record.
type Case struct {
	ID        string `json:"id"`
	VisitDate string `json:"visit_date"`
	Text      string `json:"text"`
	Gold      Gold   `json:"gold"`
}

// Gold is what a careful reader makes of a dictation.
type Gold struct {
	Visit      map[string]Values `json:"visit"`
	Attendees  []Person          `json:"attendees"`
	Risks      []Item            `json:"risks"`
	Strengths  []Item            `json:"strengths"`
	Actions    []Item            `json:"actions"`
	ChildVoice []Item            `json:"child_voice"`
	Optional   []Optional        `json:"optional"`
}

// Person is one person spoken of; Name is empty for one who is not named.
type Person struct {
	Name     string   `json:"name"`
	Role     string   `json:"role"`
	Presence Values   `json:"presence"`
	Aliases  []string `json:"aliases,omitempty"`
}

// Item is one risk, strength, action or thing a child said; what a kind does not have is nil.
type Item struct {
	Quote       string `json:"quote"`
	Polarity    Values `json:"polarity,omitempty"`
	Temporality Values `json:"temporality,omitempty"`
	Attribution Values `json:"attribution,omitempty"`
	Owner       Values `json:"owner,omitempty"`
	Due         Values `json:"due,omitempty"`
	Status      Values `json:"status,omitempty"`
	Child       Values `json:"child,omitempty"`
}

// Optional is a borderline item: neither right nor wrong.
type Optional struct {
	Kind  string `json:"kind"`
	Quote string `json:"quote"`
}

// Values are the accepted values of one field: a string or a list of strings in JSON.
type Values []string

// UnmarshalJSON implements json.Unmarshaler.
func (v *Values) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*v = Values{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(v))
}

// Has reports whether a value is accepted.
func (v Values) Has(s string) bool { return v.has(s) }

func (v Values) has(s string) bool { return slices.Contains(v, s) }

// items gives the gold of one group of quoted items.
func (g *Gold) items(group string) *[]Item {
	switch group {
	case "risks":
		return &g.Risks
	case "strengths":
		return &g.Strengths
	case "actions":
		return &g.Actions
	default:
		return &g.ChildVoice
	}
}

// Load reads the cases of a folder, in the order of their file names. What holds no case, and a case whose gold nothing could ever match, is an
// error with the file and the field.
func Load(folder string) ([]Case, error) {
	const op = "score.Load"
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, kerbside.E(kerbside.CodeNotFound, op, fmt.Sprintf("There is no folder %q.", folder), err)
	case errors.Is(err, syscall.ENOTDIR):
		return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is not a folder. Name the folder of the cases.", folder), err)
	case err != nil:
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The folder %q cannot be read.", folder), err)
	}
	var cases []Case
	files := map[string]string{} // by id
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" {
			continue
		}
		file := filepath.Join(folder, e.Name())
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("%q cannot be read.", file), err)
		}
		c, err := parse(b)
		if other := files[c.ID]; err == nil && other != "" {
			err = fmt.Errorf("its id is that of %q too", other)
		}
		if err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is not a case: %v.", file, err), nil)
		}
		files[c.ID] = e.Name()
		cases = append(cases, c)
	}
	if len(cases) == 0 {
		return nil, kerbside.E(kerbside.CodeNotFound, op, fmt.Sprintf("There are no cases (*.json) in %q.", folder), nil)
	}
	return cases, nil
}

// check holds what the form alone does not tell.
func (c *Case) check() error {
	if c.ID != filepath.Base(c.ID) || c.ID == "." || c.ID == ".." {
		return errors.New("its id does not do for the name of a file")
	}
	for i, p := range c.Gold.Attendees {
		if p.Name == "" && p.Role == "" {
			return fmt.Errorf("number %d of gold.attendees has neither name nor role", i+1)
		}
	}
	text := []rune(c.Text)
	for _, group := range spanGroups {
		for i, x := range *c.Gold.items(group) {
			if locate(text, x.Quote, -1, -1) == nil {
				return fmt.Errorf("quote %d of gold.%s is not in the text", i+1, group)
			}
		}
	}
	for i, o := range c.Gold.Optional {
		if o.Kind == "attendee" && len(roleWords(o.Quote)) == 0 {
			return fmt.Errorf("quote %d of gold.optional names nobody", i+1)
		}
		if o.Kind != "attendee" && locate(text, o.Quote, -1, -1) == nil {
			return fmt.Errorf("quote %d of gold.optional is not in the text", i+1)
		}
	}
	return nil
}
