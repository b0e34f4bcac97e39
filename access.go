package kerbside

import "time"

// Cover lets somebody do a colleague's work for a time: what is the colleague's own counts as theirs too.
type Cover struct {
	ID    string
	Org   OrganisationID
	Of    UserID // whose work it is
	By    UserID
	From  time.Time
	Until time.Time
	Made  UserID // the manager who said so
}

// Holds reports whether a cover is in force at a moment.
func (c Cover) Holds(at time.Time) bool { return !at.Before(c.From) && at.Before(c.Until) }

// WorkflowTx is the part of a transaction that is about how a visit is checked.
type WorkflowTx interface {
	AddHeard(Heard) error
	HeardOf(OrganisationID, VisitID) ([]Heard, error) // in their order
}

// AccessTx is the part of a transaction that narrows or widens who may reach what.
type AccessTx interface {
	// PutRestriction says who alone may know of the visits of a case, and of the case; nobody named lifts it.
	PutRestriction(o OrganisationID, c CaseID, named []UserID) error
	Restrictions(OrganisationID) (map[CaseID][]UserID, error)

	// PutCover inserts, or changes when one ends.
	PutCover(Cover) error
	Covers(OrganisationID) ([]Cover, error) // newest first
}
