package kerbside

import "time"

// Term is a name or a word as it is to be spelt: what an engine is told to listen for.
type Term struct {
	Text string `json:"text"`
	Kind string `json:"kind"` // person, school, place, abbreviation, …
}

// LexiconTerm is a term of an organisation's lexicon, or of a case's. It is never removed: one that is retired is not listened for any more.
type LexiconTerm struct {
	Term
	ID        string
	Org       OrganisationID
	Case      CaseID // "": the organisation's own
	AddedBy   UserID
	AddedAt   time.Time
	RetiredBy UserID    // "" while it is in use
	RetiredAt time.Time // zero while it is in use
}

// LexiconTx is the part of a transaction that is about lexicons.
type LexiconTx interface {
	// PutTerm inserts a term, or retires it.
	PutTerm(LexiconTerm) error
	Terms(OrganisationID, CaseID) ([]LexiconTerm, error) // in the order in which they were added, retired ones too
}
