package kerbside

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"io"
	"strings"
)

// The ids. Those made by [NewID] are random and carry their kind as a prefix; word and person ids count within one
// transcript or record; item ids are derived from what they anchor to (see [ItemID]).
type (
	// OrganisationID is in every row, key and audit entry.
	OrganisationID string
	// TeamID names a team.
	TeamID string
	// CaseID names a case.
	CaseID string
	// UserID names someone who can sign in.
	UserID string
	// VisitID names a visit.
	VisitID string
	// RecordingID names a recording.
	RecordingID string
	// TranscriptID is "t-…".
	TranscriptID string
	// StatementID names a statement.
	StatementID string
	// WordID is "w1", "w2", … in what the engine wrote; corrections make "k1-1", ….
	WordID string
	// PersonID is "p1", "p2", … within one record.
	PersonID string
	// DocumentID names one immutable version of a transcript, a record or a draft.
	DocumentID string
	// JobID names a job.
	JobID string
)

var idEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// NewID makes a random id of 128 bits, "<prefix>-…", from r (crypto/rand.Reader outside tests).
func NewID(r io.Reader, prefix string) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", E(CodeInternal, "kerbside.NewID", "", err)
	}
	return prefix + "-" + idEncoding.EncodeToString(b[:]), nil
}

// DerivedID makes a stable id, "<prefix>-…", of 80 bits from parts: the same parts give the same id on every run.
func DerivedID(prefix string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = io.WriteString(h, p)
		_, _ = h.Write([]byte{0})
	}
	return prefix + "-" + idEncoding.EncodeToString(h.Sum(nil)[:10])
}

// ItemID is the id of a record item: kind, source and anchor words decide it, so that re-extraction gives the same id
// and a person's edits, which are keyed to it, stay attached.
func ItemID(prefix string, e Evidence) string {
	return DerivedID(prefix, e.Source.Kind, e.Source.ID, string(e.FirstWord), string(e.LastWord))
}

// HexSHA256 is the lower-case hexadecimal SHA-256 of b.
func HexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// IsHexSHA256 reports whether s has the form of a lower-case hexadecimal SHA-256.
func IsHexSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
