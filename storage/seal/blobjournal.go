package seal

import (
	"context"
	"strings"
	"time"

	"kerbside"
)

// BlobJournal lists what was erased in a bucket, for processes that share a store and keep no folder of their own. Each erasure is a blob whose key says it all, so
// that to read them is to list them: "erased/org/scope/time".
type BlobJournal struct{ blobs kerbside.BlobStore }

const (
	erasedPrefix = "erased/" // no organisation is called so
	erasedStamp  = "20060102T150405Z"
	journalTime  = 30 * time.Second
)

// NewBlobJournal makes a journal beside sealed blobs.
func NewBlobJournal(bare kerbside.BlobStore) *BlobJournal { return &BlobJournal{bare} }

// Add implements [Erasures].
func (j *BlobJournal) Add(erasures ...Erasure) error {
	ctx, cancel := context.WithTimeout(context.Background(), journalTime)
	defer cancel()
	for _, e := range erasures {
		key := erasedPrefix + string(e.Org) + "/" + e.Scope + "/" + e.At.UTC().Format(erasedStamp)
		if _, _, err := j.blobs.Put(ctx, key, strings.NewReader("erased\n")); err != nil {
			return kerbside.E(kerbside.CodeUnavailable, "seal.BlobJournal.Add", "What was erased could not be noted for later restores. It is erased; the next start notes it.", err)
		}
	}
	return nil
}

// Read implements [Erasures].
func (j *BlobJournal) Read() (out []Erasure, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*journalTime)
	defer cancel()
	err = j.blobs.List(ctx, erasedPrefix, func(key string) error {
		parts := strings.Split(strings.TrimPrefix(key, erasedPrefix), "/")
		at, err := time.Parse(erasedStamp, parts[len(parts)-1])
		if len(parts) != 3 || err != nil {
			return kerbside.E(kerbside.CodeInvalid, "seal.BlobJournal.Read", "The list of what was erased, in the bucket below erased/, holds something else too. Remove that.", err)
		}
		out = append(out, Erasure{kerbside.OrganisationID(parts[0]), parts[1], at})
		return nil
	})
	return out, err
}
