package seal

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"kerbside"
)

// Rewriter is a bare store in which rows can be replaced that are otherwise only ever added.
type Rewriter interface {
	kerbside.Store
	// Rewrite is Update with a transaction whose Add methods replace what is there.
	Rewrite(ctx context.Context, f func(kerbside.Tx) error) error
	// Shrink leaves nothing on disk of rows that were replaced.
	Shrink(ctx context.Context) error
}

// Adopt seals what a Kerbside without encryption left in a folder: rows, then sound; plain blobs are removed at the end. One that is cut off goes on
// at the next start. It gives how many visits it sealed; none when there is nothing plain.
func Adopt(ctx context.Context, store Rewriter, blobs kerbside.BlobStore, ring *Ring) (visits int, err error) {
	var orgs []kerbside.OrganisationID
	err = store.View(ctx, func(tx kerbside.Tx) error {
		all, err := tx.Organisations()
		for _, o := range all {
			if _, keyErr := tx.DataKey(o.ID, string(o.ID)); kerbside.CodeOf(keyErr) == kerbside.CodeNotFound {
				orgs = append(orgs, o.ID)
			} else {
				err = errors.Join(err, keyErr)
			}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	sealed := &Blobs{blobs, ring}
	for _, org := range orgs {
		n, err := adoptOrg(ctx, store, sealed, ring, org)
		visits += n
		if err != nil {
			return visits, err
		}
	}
	if len(orgs) > 0 {
		err = store.Shrink(ctx)
	}
	return visits, err
}

func adoptOrg(ctx context.Context, store Rewriter, sealed *Blobs, ring *Ring, org kerbside.OrganisationID) (int, error) {
	var visits []kerbside.Visit
	err := store.View(ctx, func(tx kerbside.Tx) (err error) {
		visits, err = tx.Visits(org, kerbside.VisitFilter{})
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, v := range visits {
		if err := adoptSound(ctx, store, sealed, v); err != nil {
			return 0, err
		}
		err := rewrite(ctx, store, ring, func(plain kerbside.Tx, t *tx) error { return adoptVisit(plain, t, v) })
		if err != nil {
			return 0, err
		}
	}
	err = rewrite(ctx, store, ring, func(plain kerbside.Tx, t *tx) error {
		cases, err := plain.Cases(org)
		for _, c := range cases {
			if err == nil && !isSealed(c.Name) {
				err = t.PutCase(c)
			}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := removePlain(ctx, sealed.inner, org); err != nil {
		return 0, err
	}
	// The organisation's key is the mark that all is sealed.
	_, err = ring.obtain(ctx, scope{org, string(org)})
	return len(visits), err
}

// rewrite runs f with the bare transaction and with a sealing one that replaces.
func rewrite(ctx context.Context, store Rewriter, ring *Ring, f func(plain kerbside.Tx, t *tx) error) error {
	return store.Rewrite(ctx, func(inner kerbside.Tx) error {
		return f(inner, &tx{Tx: inner, ring: ring, fresh: map[scope]*dataKey{}})
	})
}

func isSealed(text string) bool {
	return strings.HasPrefix(text, sealedMark) || strings.HasPrefix(text, partMark)
}

// adoptSound copies plain sound of a visit into sealed blobs and points its rows there.
func adoptSound(ctx context.Context, store Rewriter, sealed *Blobs, v kerbside.Visit) error {
	var recordings []kerbside.Recording
	chunks := map[kerbside.RecordingID][]kerbside.Chunk{}
	err := store.View(ctx, func(tx kerbside.Tx) (err error) {
		if recordings, err = tx.Recordings(v.Org, v.ID); err != nil {
			return err
		}
		for _, r := range recordings {
			if chunks[r.ID], err = tx.Chunks(v.Org, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range recordings {
		r := &recordings[i]
		if err := copySealed(ctx, sealed, r.ID, &r.Blob, r.SHA256); err != nil {
			return err
		}
		for j := range chunks[r.ID] {
			c := &chunks[r.ID][j]
			if r.Blob != "" { // they are in the whole
				continue
			}
			if err := copySealed(ctx, sealed, r.ID, &c.Blob, c.SHA256); err != nil {
				return err
			}
		}
	}
	return store.Rewrite(ctx, func(tx kerbside.Tx) error {
		for _, r := range recordings {
			if err := tx.PutRecording(r); err != nil {
				return err
			}
			for _, c := range chunks[r.ID] {
				if err := tx.AddChunk(v.Org, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// copySealed seals the blob at *key under another key, unless it is sealed.
func copySealed(ctx context.Context, sealed *Blobs, id kerbside.RecordingID, key *string, sha256 string) error {
	const op = "seal.Adopt"
	if *key == "" {
		return nil
	}
	plain, err := isPlain(ctx, sealed.inner, *key)
	if err != nil || !plain {
		return err
	}
	s, err := scopeOf(op, *key)
	if err != nil {
		return err
	}
	f, err := sealed.inner.Open(ctx, *key)
	if err != nil {
		return err
	}
	defer f.Close()
	to := string(s.org) + "/" + string(id) + "/sealed-" + sha256
	sum, _, err := sealed.Put(ctx, to, f)
	if err != nil {
		return err
	}
	if sum != sha256 {
		return kerbside.E(kerbside.CodeInternal, op, "A recording in this folder is damaged, so the folder is left as it is. Restore it from a backup.", errors.New(string(id)))
	}
	*key = to
	return nil
}

// ageHeader begins every sealed blob.
const ageHeader = "age-encryption.org/v1\n"

func isPlain(ctx context.Context, blobs kerbside.BlobStore, key string) (bool, error) {
	f, err := blobs.Open(ctx, key)
	if err != nil {
		return false, err
	}
	head := make([]byte, len(ageHeader))
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return string(head[:n]) != ageHeader, errors.Join(err, f.Close())
}

// removePlain removes every plain blob of an organisation: no row points at one any more.
func removePlain(ctx context.Context, blobs kerbside.BlobStore, org kerbside.OrganisationID) error {
	var plain []string
	err := blobs.List(ctx, string(org)+"/", func(key string) error {
		is, err := isPlain(ctx, blobs, key)
		if is {
			plain = append(plain, key)
		}
		return err
	})
	for _, key := range plain {
		if err == nil {
			err = blobs.Delete(ctx, key)
		}
	}
	return err
}

// adoptVisit seals the rows of a visit that are plain.
func adoptVisit(plain kerbside.Tx, t *tx, v kerbside.Visit) error {
	if !isSealed(v.Title) && !isSealed(v.Reason) {
		if err := t.PutVisit(v); err != nil {
			return err
		}
	}
	recordings, err := plain.Recordings(v.Org, v.ID)
	if err != nil {
		return err
	}
	for _, r := range recordings {
		if !isSealed(r.Name) {
			if err := t.PutRecording(r); err != nil {
				return err
			}
		}
	}
	transcripts, err := adoptDocuments(plain, t, v)
	if err != nil {
		return err
	}
	for _, id := range transcripts {
		corrections, err := plain.Corrections(v.Org, v.ID, id)
		for _, c := range corrections {
			if err == nil {
				err = t.AddCorrection(v.Org, v.ID, id, c)
			}
		}
		if err != nil {
			return err
		}
	}
	return adoptWords(plain, t, v)
}

// adoptDocuments seals all versions and gives the ids of the transcripts among them; none when they are sealed already.
func adoptDocuments(plain kerbside.Tx, t *tx, v kerbside.Visit) (transcripts []kerbside.TranscriptID, err error) {
	for _, kind := range []kerbside.DocumentKind{kerbside.DocTranscript, kerbside.DocRecord, kerbside.DocDraft, kerbside.DocChoices, kerbside.DocProposals, kerbside.DocDecisions} {
		latest, err := plain.LatestDocuments(v.Org, v.ID, kind)
		if err != nil {
			return nil, err
		}
		for _, l := range latest {
			versions, err := plain.DocumentVersions(v.Org, v.ID, kind, l.Key)
			if err != nil {
				return nil, err
			}
			for _, d := range versions {
				if isSealed(string(d.Body)) {
					return nil, nil
				}
				var named struct {
					ID kerbside.TranscriptID `json:"id"`
				}
				if kind == kerbside.DocTranscript && json.Unmarshal(d.Body, &named) == nil && d.Version == 1 {
					transcripts = append(transcripts, named.ID)
				}
				if err := t.AddDocument(d); err != nil {
					return nil, err
				}
			}
		}
	}
	return transcripts, nil
}

func adoptWords(plain kerbside.Tx, t *tx, v kerbside.Visit) error {
	statements, err := plain.Statements(v.Org, v.ID)
	for _, s := range statements {
		if err == nil && !isSealed(s.Text) {
			err = t.AddStatement(v.Org, v.ID, s)
		}
	}
	if err != nil {
		return err
	}
	reviews, err := plain.Reviews(v.Org, v.ID)
	for _, r := range reviews {
		if err == nil && r.Comment != "" && !isSealed(r.Comment) {
			err = t.AddReview(r)
		}
	}
	return err
}
