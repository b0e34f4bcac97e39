package audit

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kerbside"
)

// Report is what Verify found of one organisation's log.
type Report struct {
	Org      kerbside.OrganisationID
	Size     int64    // entries
	Heads    int      // signed heads that were compared, given ones included
	Receipts int      // in the ledger, compared with the log
	Hashed   bool     // what the receipts say was compared too, not only that they are there
	Faults   []string // what does not fit; safe to show: numbers of entries and ids, never their content
}

// Check says what Verify compares a log with.
type Check struct {
	Verifier string   // the key of NewKey's second line
	Heads    []string // signed heads that were exported before
	Sealed   bool     // tx gives rows as they lie, sealed
}

const batch = 1000 // entries read at a time

// maxFaults is where a report ends: one removed row disturbs every one behind it.
const maxFaults = 20

// Verify reads an organisation's whole log and compares it with the hashes beside it, with each signed head that the store keeps, with those given, and
// with the ledger: each receipt there has its entry here, and the other way round.
func Verify(tx kerbside.Tx, org kerbside.OrganisationID, c Check) (*Report, error) {
	const op = "audit.Verify"
	v, err := note.NewVerifier(c.Verifier)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "This is not a key that checks an audit log. It is the second line of the key file.", err)
	}
	r := &Report{Org: org}
	kept, err := tx.AuditHeads(org)
	if err != nil {
		return nil, err
	}
	heads := map[int64][]tlog.Hash{}
	last := int64(0)
	read := func(name, text string) {
		n, err := note.Open([]byte(text), note.VerifierList(v))
		if err != nil {
			r.fault("%s is not signed by this log's key", name)
			return
		}
		of, size, root, err := parseHead(n.Text)
		switch {
		case err != nil:
			r.fault("%s is no head of an audit log", name)
		case of != org:
			r.fault("%s is of another organisation", name)
		default:
			heads[size] = append(heads[size], root)
			last = max(last, size)
			r.Heads++
		}
	}
	newest := int64(0)
	for _, h := range kept {
		read(fmt.Sprintf("the head kept at %d entries", h.Size), h.Note)
		newest = max(newest, h.Size)
	}
	for i, text := range c.Heads {
		read(fmt.Sprintf("head %d that was given", i+1), text)
	}
	n := newNoted()
	if err := r.entries(tx, org, heads, n); err != nil {
		return nil, err
	}
	if r.Size < last {
		r.fault("%d entries were signed and %d are there", last, r.Size)
	}
	if r.Size > newest {
		r.fault("%d entries are there and %d were signed", r.Size, newest)
	}
	return r, r.ledger(tx, org, n, c.Sealed)
}

// entries builds the tree anew from the entries and compares it, as it grows, with the stored hashes and the heads.
func (r *Report) entries(tx kerbside.Tx, org kerbside.OrganisationID, heads map[int64][]tlog.Hash, n *noted) error {
	var tree []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			out[i] = tree[at]
		}
		return out, nil
	})
	for {
		rows, err := tx.AuditFrom(org, r.Size, batch)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.N != r.Size {
				r.fault("entry %d stands where entry %d should", row.N, r.Size)
				return nil
			}
			added, err := tlog.StoredHashes(r.Size, leaf(r.Size, row.AuditEntry), own)
			if err != nil {
				return kerbside.E(kerbside.CodeInternal, "audit.Verify", "", err)
			}
			n.add(row.AuditEntry)
			first := int64(len(tree))
			tree = append(tree, added...)
			indexes := make([]int64, len(added))
			for i := range added {
				indexes[i] = first + int64(i)
			}
			there, err := tx.AuditHashes(org, indexes)
			switch {
			case kerbside.CodeOf(err) == kerbside.CodeNotFound:
				r.fault("hashes of entry %d are gone", r.Size)
			case err != nil:
				return err
			default:
				for i, h := range there {
					if tlog.Hash(h) != added[i] {
						r.fault("entry %d is not what was written", r.Size)
						break
					}
				}
			}
			r.Size++
			for _, want := range heads[r.Size] {
				root, err := tlog.TreeHash(r.Size, own)
				if err != nil {
					return kerbside.E(kerbside.CodeInternal, "audit.Verify", "", err)
				}
				if root != want {
					r.fault("the first %d entries are not those that were signed", r.Size)
				}
			}
		}
		if len(rows) < batch || len(r.Faults) >= maxFaults {
			return nil
		}
	}
}

func (r *Report) fault(format string, a ...any) {
	if len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, fmt.Sprintf(format, a...))
	}
}

// HeadMark parts the heads in an exported file: a signed note has no such line.
const HeadMark = "-- head"

// HeadOf gives the organisation that a signed head names, without checking the signature; false when it is no head.
func HeadOf(signed string) (kerbside.OrganisationID, bool) {
	text, _, ok := strings.Cut(signed, "\n\n")
	if !ok {
		return "", false
	}
	org, _, _, err := parseHead(text + "\n")
	return org, err == nil
}
