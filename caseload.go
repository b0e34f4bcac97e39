package kerbside

import (
	"fmt"
	"time"
)

// Digest sums up one visit for lists over many: counts, ids and days, never words. It is derived from the visit's newest versions and may be made anew at any time.
type Digest struct {
	Org   OrganisationID
	Visit VisitID
	Body  string // JSON of whoever made it
}

// AlertKey names one reason to look at something: a kind and what it is about. The same reason has the same key, a new one another.
type AlertKey struct {
	Org    OrganisationID
	Kind   string
	Object string // ids and days, never content
}

// AlertPolicy says what counts as long, so that who is responsible is told. An organisation that has set none has [UsualAlerts].
type AlertPolicy struct {
	Version  int `json:"version"`       // 1, 2, …; 0: none was ever set
	Writing  int `json:"writing_hours"` // a visit is being written
	Approval int `json:"approval_days"` // it is written, and its worker has not approved it
	Review   int `json:"review_days"`   // it is approved, and nobody has reviewed it
}

// MaxAlertWait is the longest wait that a policy may allow, in its own units.
const MaxAlertWait = 365

// UsualAlerts hold until an organisation decides otherwise.
func UsualAlerts() AlertPolicy { return AlertPolicy{Writing: 1, Approval: 3, Review: 5} }

// Check accepts waits that end.
func (p AlertPolicy) Check() error {
	for _, n := range []int{p.Writing, p.Approval, p.Review} {
		if n < 1 || n > MaxAlertWait {
			return E(CodeInvalid, "kerbside.AlertPolicy.Check", fmt.Sprintf("Say after how many hours or days somebody is told, from 1 to %d.", MaxAlertWait), nil)
		}
	}
	return nil
}

// AlertSeen is a person's word that they have seen an alert and look after it.
type AlertSeen struct {
	Key AlertKey
	By  UserID
	At  time.Time
}

// AlertSending is how far an alert has come on its way to the organisation's own system.
type AlertSending struct {
	Key      AlertKey
	ID       string // what the receiver knows it by: the same with each try
	At       time.Time
	Attempts int
	NextTry  time.Time // zero once it has arrived or was given up
	SentAt   time.Time // zero until it has arrived
}

// CaseloadTx is the part of a transaction that is about many visits at once.
type CaseloadTx interface {
	// PutDigest sets a visit's digest. Erasing the visit's key takes it out.
	PutDigest(Digest) error
	// Digests gives those of the visits that have one.
	Digests(OrganisationID, []VisitID) (map[VisitID]Digest, error)

	// AddAlertSeen keeps who saw an alert first; seen again changes nothing.
	AddAlertSeen(AlertSeen) error
	// AlertsSeen gives those about any of the objects, oldest first.
	AlertsSeen(o OrganisationID, objects []string) ([]AlertSeen, error)
	PutAlertSending(AlertSending) error
	// AlertSendings gives those about any of the objects, and all that are still to be tried, oldest first.
	AlertSendings(o OrganisationID, objects []string) ([]AlertSending, error)
}
