package kerbside

import (
	"context"
	"strings"
)

// DiscloseOptions say for whom a record is looked through.
type DiscloseOptions struct {
	Name    string    // of the person, as the case has it
	Role    string    // in the family: child, mother, …
	Others  []string  // names of everybody else of the case, and of others who are known
	Release []Release // items that a person lets the reader have, and why
}

// Disclosure is what one visit's record holds about one person, for that person. Every item of the record is either a line or withheld.
type Disclosure struct {
	Person      PersonID // in the record; "" when the person could not be told apart there, and then nothing is shown
	Lines       List[DisclosureLine]
	Withheld    List[Withheld]
	Seen        string // of a child: yes, no, not_stated; "" for others
	SeenAlone   string
	BedroomSeen string
}

// DisclosureLine is one thing about the person, in the words in which it was recorded.
type DisclosureLine struct {
	Sentence    Sentence
	Kind        string // as in [Withheld]
	Polarity    string // what the words do not say themselves; "" when they do
	Temporality string
	Opinion     bool // the worker's own view
}

// Discloser finds what a record holds about one person and withholds what is, or may be, anybody else's.
type Discloser interface {
	Disclose(ctx context.Context, r *Record, sources []*Source, o DiscloseOptions) (*Disclosure, error)
}

// Text says a line to the person whom it is about: the words as they were recorded, and what the words alone do not tell.
func (l DisclosureLine) Text() string {
	var marks []string
	switch l.Polarity {
	case Negated:
		marks = append(marks, "recorded as not so")
	case Uncertain:
		marks = append(marks, "recorded as not certain")
	}
	if l.Temporality == Historical {
		marks = append(marks, "about the past")
	}
	if l.Opinion {
		marks = append(marks, "the worker's own view")
	}
	text := "“" + strings.TrimSpace(l.Sentence.Text()) + "”"
	if len(marks) > 0 {
		text += " (" + strings.Join(marks, ", ") + ")"
	}
	return text
}

// SubjectEvent is one step of a request of a person for what is held about them.
type SubjectEvent struct {
	Step   SubjectStep `json:"step"`
	Case   CaseID      `json:"case,omitempty"`
	Person string      `json:"person,omitempty"` // the council's own number, or the name where there is none
	Visit  VisitID     `json:"visit,omitempty"`  // of a release
	Item   string      `json:"item,omitempty"`
	Reason string      `json:"reason,omitempty"`
	SHA256 string      `json:"sha256,omitempty"` // of what was approved, or taken
}

// SubjectStep names a step.
type SubjectStep string

// The steps.
const (
	SubjectPrepared SubjectStep = "prepared"
	SubjectReleased SubjectStep = "released" // an item that was withheld; it voids an approval
	SubjectWithheld SubjectStep = "withheld" // a release taken back; it voids an approval
	SubjectApproved SubjectStep = "approved" // by a person who did not prepare it
	SubjectTaken    SubjectStep = "taken"
)
