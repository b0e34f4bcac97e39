package kerbside

import (
	"regexp"
	"strings"
)

// Claim is what a blob is to the rows of a store.
type Claim string

// The claims. Only what is left over may ever be removed, and only when it is older than any write takes.
const (
	ClaimOwed    Claim = "owed"      // a row needs it
	ClaimOver    Claim = "left over" // of a shape that Kerbside writes, and no row needs it: a crash came between its bytes and its row, or before it was removed
	ClaimUnknown Claim = "unknown"   // of no shape that Kerbside writes: somebody else's business
)

// The names of the blobs of a recording, below "organisation/recording/".
var (
	wholeName  = regexp.MustCompile(`^(f-[A-Za-z0-9_-]+|sound-[0-9a-f]{64}(-[A-Za-z0-9_-]+)?)$`)
	pieceName  = regexp.MustCompile(`^[0-9]{4,}-[0-9]{7,}-[0-9a-f]{64}(-[A-Za-z0-9_-]+)?$`)
	windowName = regexp.MustCompile(`^windows/[A-Za-z0-9_-]+$`)
)

// ClaimOf says what the blob under a key is to the rows that tx sees. Rows whose blobs are not there are not its business.
func ClaimOf(tx Tx, key string) (Claim, error) {
	parts := strings.SplitN(key, "/", 3)
	if len(parts) < 3 {
		return ClaimUnknown, nil
	}
	org, id, name := OrganisationID(parts[0]), RecordingID(parts[1]), parts[2]
	whole, piece, window := wholeName.MatchString(name), pieceName.MatchString(name), windowName.MatchString(name)
	if !whole && !piece && !window && name != "interruptions" {
		return ClaimUnknown, nil
	}
	k, err := tx.DataKey(org, string(id))
	if err == nil && k.Erased() { // noise
		return ClaimOver, nil
	}
	if err != nil && CodeOf(err) != CodeNotFound {
		return "", err
	}
	r, err := tx.Recording(org, id)
	if CodeOf(err) == CodeNotFound {
		return ClaimOver, nil
	}
	if err != nil {
		return "", err
	}
	owed := true // interruptions
	switch {
	case whole:
		owed = r.Blob == key
	case piece:
		if owed = r.Blob == ""; owed {
			owed, err = hasPiece(tx, org, id, key)
		}
	case window:
		owed, err = unheard(tx, r)
	}
	if err != nil {
		return "", err
	}
	if owed {
		return ClaimOwed, nil
	}
	return ClaimOver, nil
}

func hasPiece(tx Tx, org OrganisationID, id RecordingID, key string) (bool, error) {
	chunks, err := tx.Chunks(org, id)
	for _, c := range chunks {
		if c.Blob == key {
			return true, err
		}
	}
	return false, err
}

// unheard reports whether a recording has no transcript yet.
func unheard(tx Tx, r Recording) (bool, error) {
	docs, err := tx.DocumentVersions(r.Org, r.Visit, DocTranscript, string(r.ID))
	return len(docs) == 0, err
}
