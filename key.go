package kerbside

import "time"

// DataKey is what seals all that belongs to one thing: a recording's sound, a visit's documents, an organisation's cases and search index.
// Without it nobody can read them, so its erasure is theirs, wherever copies of the sealed bytes are.
type DataKey struct {
	Org       OrganisationID
	Scope     string // the id of the recording, the visit or the organisation
	Wrapped   []byte // sealed by the master key; empty once erased
	Master    string // names the master key
	CreatedAt time.Time
	ErasedAt  time.Time // zero while it is there
}

// Erased reports whether the key was destroyed; then it never comes back.
func (k DataKey) Erased() bool { return !k.ErasedAt.IsZero() }
