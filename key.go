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

// RecorderKey is the server's key pair that recorders seal sound to, so that a phone holds nothing that could open it. The sealing is RFC 9180 in base
// mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, which browsers can do by themselves.
type RecorderKey interface {
	// Public is the public key as RFC 9180 serialises it: 65 bytes.
	Public() []byte
	// Open opens the encapsulated key and the ciphertext behind it. CodeInvalid when they were sealed to another key or with another info.
	Open(info string, sealed []byte) ([]byte, error)
}
