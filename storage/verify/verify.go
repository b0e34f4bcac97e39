// Package verify reads everything that is kept and compares it with the hashes that it was acknowledged under.
package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"kerbside"
)

// Kind sorts what was found.
type Kind string

// The kinds of finding.
const (
	Lost    Kind = "lost"    // it was acknowledged and is not there
	Damaged Kind = "damaged" // its bytes are not those that were written
)

// Finding is one fault, by id: never by what is in it.
type Finding struct {
	Kind   Kind
	Object string // "recording r-…", "blob o-…/r-…/…", "document d-…", …
	Err    error
}

// Report is the result.
type Report struct {
	Blobs, Documents, Rows int // that were read
	Bytes                  int64
	Erased                 int // scopes that are gone on purpose
	// LeftOver are blobs that no row needs: a crash came in between, or they are being written now. The server removes old ones.
	LeftOver int
	Unknown  int // blobs of no shape that Kerbside writes
	Findings []Finding
}

// Verifier has what is to be read.
type Verifier struct {
	Rows  kerbside.Store     // as they lie there
	Store kerbside.Store     // as they are read
	Blobs kerbside.BlobStore // as they are read
	// Gone tells errors about what was erased from others.
	Gone func(error) bool

	report Report
}

// Run reads everything. What is damaged is in the report; an error means that not all could be looked at. Sound that arrives or is erased
// meanwhile is no finding.
func (v *Verifier) Run(ctx context.Context) (Report, error) {
	v.report = Report{}
	sums := map[string]string{} // of blobs that rows point at
	var owed []owed
	orgs, err := v.organisations(ctx)
	for _, o := range orgs {
		if err == nil {
			err = v.organisation(ctx, o, sums, &owed)
		}
	}
	if err == nil {
		err = v.blobs(ctx, orgs, sums, owed)
	}
	return v.report, err
}

// owed is a blob that must be there.
type owed struct {
	object, key string
	org         kerbside.OrganisationID
	recording   kerbside.RecordingID
	chunk       bool
}

func (v *Verifier) organisations(ctx context.Context) (orgs []kerbside.Organisation, err error) {
	err = v.Rows.View(ctx, func(tx kerbside.Tx) error {
		orgs, err = tx.Organisations()
		return err
	})
	return orgs, err
}

func (v *Verifier) found(kind Kind, object string, err error) {
	v.report.Findings = append(v.report.Findings, Finding{kind, object, err})
}

// check counts one row or document that was opened.
func (v *Verifier) check(ctx context.Context, object string, open func(kerbside.Tx) error) error {
	err := v.Store.View(ctx, open)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case err == nil:
		v.report.Rows++
	case v.Gone(err):
		v.report.Erased++
	default:
		v.found(Damaged, object, err)
	}
	return nil
}

func (v *Verifier) organisation(ctx context.Context, o kerbside.Organisation, sums map[string]string, due *[]owed) error {
	var visits []kerbside.Visit
	err := v.Rows.View(ctx, func(tx kerbside.Tx) (err error) {
		visits, err = tx.Visits(o.ID, kerbside.VisitFilter{})
		return err
	})
	if err == nil {
		err = v.check(ctx, "cases of "+string(o.ID), func(tx kerbside.Tx) error { _, err := tx.Cases(o.ID); return err })
	}
	for _, k := range []kerbside.LedgerKind{kerbside.LedgerRetention, kerbside.LedgerSecond, kerbside.LedgerAlerts, kerbside.LedgerHold, kerbside.LedgerConsent, kerbside.LedgerReceipt, kerbside.LedgerSubject} {
		if err == nil {
			err = v.check(ctx, "ledger of "+string(o.ID)+", "+string(k), func(tx kerbside.Tx) error { _, err := tx.Ledger(o.ID, k, ""); return err })
		}
	}
	for _, visit := range visits {
		if err == nil {
			err = v.visit(ctx, visit, sums, due)
		}
	}
	return err
}

func (v *Verifier) visit(ctx context.Context, visit kerbside.Visit, sums map[string]string, due *[]owed) error {
	var recordings []kerbside.Recording
	err := v.Rows.View(ctx, func(tx kerbside.Tx) (err error) {
		if recordings, err = tx.Recordings(visit.Org, visit.ID); err != nil {
			return err
		}
		for _, r := range recordings {
			if r.Blob != "" {
				sums[r.Blob] = r.SHA256
				*due = append(*due, owed{"recording " + string(r.ID), r.Blob, r.Org, r.ID, false})
			}
			chunks, err := tx.Chunks(r.Org, r.ID)
			if err != nil {
				return err
			}
			for _, c := range chunks {
				sums[c.Blob] = c.SHA256
				if r.Blob == "" {
					*due = append(*due, owed{"piece of recording " + string(r.ID), c.Blob, r.Org, r.ID, true})
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	id := string(visit.ID)
	for _, c := range []struct {
		object string
		open   func(kerbside.Tx) error
	}{
		{"visit " + id, func(tx kerbside.Tx) error { _, err := tx.Visit(visit.Org, visit.ID); return err }},
		{"recordings of visit " + id, func(tx kerbside.Tx) error { _, err := tx.Recordings(visit.Org, visit.ID); return err }},
		{"statements of visit " + id, func(tx kerbside.Tx) error { _, err := tx.Statements(visit.Org, visit.ID); return err }},
		{"reviews of visit " + id, func(tx kerbside.Tx) error { _, err := tx.Reviews(visit.Org, visit.ID); return err }},
	} {
		if err := v.check(ctx, c.object, c.open); err != nil {
			return err
		}
	}
	return v.documents(ctx, visit)
}

// documents opens every version one by one, so that one that is damaged does not hide the others.
func (v *Verifier) documents(ctx context.Context, visit kerbside.Visit) error {
	var rows []kerbside.Document
	err := v.Rows.View(ctx, func(tx kerbside.Tx) error {
		for _, kind := range kerbside.DocumentKinds() {
			latest, err := tx.LatestDocuments(visit.Org, visit.ID, kind)
			if err != nil {
				return err
			}
			for _, l := range latest {
				versions, err := tx.DocumentVersions(visit.Org, visit.ID, kind, l.Key)
				if err != nil {
					return err
				}
				rows = append(rows, versions...)
			}
		}
		return nil
	})
	transcripts := map[kerbside.TranscriptID]bool{}
	for _, row := range rows {
		if err != nil {
			return err
		}
		v.report.Documents++
		err = v.check(ctx, "document "+string(row.ID), func(tx kerbside.Tx) error {
			d, err := tx.Document(row.Org, row.ID)
			if err != nil {
				return err
			}
			v.report.Bytes += int64(len(d.Body))
			if kerbside.HexSHA256(d.Body) != d.SHA256 {
				return errors.New("its hash is another one")
			}
			var named struct {
				ID kerbside.TranscriptID `json:"id"`
			}
			if d.Kind == kerbside.DocTranscript && json.Unmarshal(d.Body, &named) == nil {
				transcripts[named.ID] = true
			}
			return nil
		})
	}
	for id := range transcripts {
		if err == nil {
			err = v.check(ctx, "corrections of transcript "+string(id), func(tx kerbside.Tx) error { _, err := tx.Corrections(visit.Org, visit.ID, id); return err })
		}
	}
	return err
}

func (v *Verifier) blobs(ctx context.Context, orgs []kerbside.Organisation, sums map[string]string, due []owed) error {
	there := map[string]bool{}
	for _, o := range orgs {
		err := v.Blobs.List(ctx, string(o.ID)+"/", func(key string) error {
			there[key] = true
			return v.blob(ctx, key, sums[key])
		})
		if err != nil {
			return err
		}
	}
	for _, d := range due {
		if there[d.key] {
			continue
		}
		still, err := v.stillOwed(ctx, d)
		if err != nil {
			return err
		}
		if still {
			v.found(Lost, d.object, nil)
		}
	}
	return nil
}

// blob reads one to its end. Which it is named after, if a row points at it, is want.
func (v *Verifier) blob(ctx context.Context, key, want string) error {
	f, err := v.Blobs.Open(ctx, key)
	if err == nil {
		h := sha256.New()
		var n int64
		n, err = io.Copy(h, f)
		v.report.Bytes += n
		err = errors.Join(err, f.Close())
		if err == nil && want != "" && hex.EncodeToString(h.Sum(nil)) != want {
			err = errors.New("its hash is another one")
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case err == nil:
		v.report.Blobs++
		return v.claim(ctx, key)
	case v.Gone(err):
		v.report.Erased++
	case kerbside.CodeOf(err) == kerbside.CodeNotFound: // removed meanwhile
	case kerbside.CodeOf(err) == kerbside.CodeUnavailable: // not the bytes' fault
		return err
	default:
		v.found(Damaged, "blob "+key, err)
	}
	return nil
}

// claim counts a whole blob that no row needs.
func (v *Verifier) claim(ctx context.Context, key string) error {
	return v.Rows.View(ctx, func(tx kerbside.Tx) error {
		claim, err := kerbside.ClaimOf(tx, key)
		switch claim {
		case kerbside.ClaimOver:
			v.report.LeftOver++
		case kerbside.ClaimUnknown:
			v.report.Unknown++
		case kerbside.ClaimOwed:
		}
		return err
	})
}

// stillOwed looks again at what is missing: it may have been put together or erased meanwhile.
func (v *Verifier) stillOwed(ctx context.Context, d owed) (owes bool, err error) {
	err = v.Rows.View(ctx, func(tx kerbside.Tx) error {
		k, err := tx.DataKey(d.org, string(d.recording))
		if err == nil && k.Erased() {
			return nil
		}
		r, err := tx.Recording(d.org, d.recording)
		owes = err == nil && (d.chunk && r.Blob == "" || !d.chunk && r.Blob == d.key)
		return err
	})
	if err != nil || !owes {
		return false, err
	}
	f, err := v.Blobs.Open(ctx, d.key)
	if err == nil {
		return false, f.Close()
	}
	return true, nil
}
