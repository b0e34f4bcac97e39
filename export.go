package kerbside

import (
	"fmt"
	"strings"
	"time"
)

// Format is a form that a draft is exported in.
type Format string

// The formats.
const (
	FormatMarkdown Format = "markdown"
	FormatText     Format = "text" // for pasting
	FormatHTML     Format = "html" // a page of its own
	FormatDOCX     Format = "docx"
	FormatPDF      Format = "pdf"
	FormatJSON     Format = "json" // kerbside.draft/v1: for the worker and for programs, what is withheld included
)

// Formats lists them in the order in which they are shown.
func Formats() []Format {
	return []Format{FormatMarkdown, FormatText, FormatHTML, FormatDOCX, FormatPDF, FormatJSON}
}

// ParseFormat gives the format of a name.
func ParseFormat(s string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if string(f) == s {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", E(CodeInvalid, "kerbside.ParseFormat", fmt.Sprintf("There is no format of that name. Choose one of: %s.", strings.Join(names, ", ")), nil)
}

// Ext is the ending of a file's name in the format, with its dot.
func (f Format) Ext() string {
	switch f {
	case FormatMarkdown:
		return ".md"
	case FormatText:
		return ".txt"
	}
	return "." + string(f)
}

// MIME is the format's media type.
func (f Format) MIME() string {
	switch f {
	case FormatMarkdown:
		return "text/markdown; charset=utf-8"
	case FormatText:
		return "text/plain; charset=utf-8"
	case FormatHTML:
		return "text/html; charset=utf-8"
	case FormatDOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case FormatPDF:
		return "application/pdf"
	}
	return "application/json"
}

// ExportOptions choose the form of a document. The zero value gives no citations and says nothing about approval.
type ExportOptions struct {
	Format    Format
	Citations bool
	// Record is what the draft was made from; citations then tell who said the words. It may be nil.
	Record *Record
	// A document says who approved it; one that nobody approved says so where Unapproved is set.
	Approval   *Approval
	Unapproved bool
	At         time.Time // kept in the file as the time when it was made; none where zero
}

// Approval is who answers for a document.
type Approval struct {
	By         string    `json:"by"` // a name
	At         time.Time `json:"at"`
	ReviewedBy string    `json:"reviewed_by"` // "" until a second person has
	ReviewedAt time.Time `json:"reviewed_at,omitzero"`
}

// Dossier is what there is about one visit, as it leaves the house.
type Dossier struct {
	Visit       VisitID // "" outside the service: an id then follows from what was said
	Transcripts []*Transcript
	Statements  []Statement
	Record      *Record
	Drafts      []*Draft
	Approval    *Approval           // nil when it is not approved as it is
	Reviews     []Review            // all decisions about it, oldest first
	Names       map[UserID]string   // of those who made them
	Plans       map[PersonID]string // the council's ids of the children's plans, by person or by name
	Versions    map[string]string   // what made it: "kerbside" and its version
	Consent     List[ConsentLine]   // who agreed that a recorded visit was recorded, and whether they took it back
	At          time.Time           // when it leaves
}
