package audit

import (
	"slices"
	"strings"

	"kerbside"
)

// What is kept, held, agreed to and deleted stands in a ledger, and each of its lines has an entry in the log. The ledger by itself shows no removed line and
// no added one; beside the log it does.

// noted is what the log says of the ledger.
type noted struct {
	receipts map[string]string // by id: the hash that was logged
	consents map[string]bool   // by the line's id
	counts   map[kerbside.LedgerKind]int
	twice    []string // receipts with two entries
}

func newNoted() *noted {
	return &noted{receipts: map[string]string{}, consents: map[string]bool{}, counts: map[kerbside.LedgerKind]int{}}
}

// counted says which actions add one line of a kind, where the line has no name of its own in the log.
var counted = map[string]kerbside.LedgerKind{"set_retention": kerbside.LedgerRetention, "set_second": kerbside.LedgerSecond, "set_alerts": kerbside.LedgerAlerts, "hold": kerbside.LedgerHold, "end_hold": kerbside.LedgerHold}

func (n *noted) add(e kerbside.AuditEntry) {
	f := strings.Fields(e.Object)
	switch {
	case e.Action == "erase" && len(f) == 4 && f[0] == "receipt" && f[2] == "sha256":
		if _, twice := n.receipts[f[1]]; twice {
			n.twice = append(n.twice, f[1])
		}
		n.receipts[f[1]] = f[3]
	case len(f) == 2 && f[0] == "consent":
		n.consents[f[1]] = true
	default:
		if k, ok := counted[e.Action]; ok {
			n.counts[k]++
		}
	}
}

// ledger compares the ledger with what the log says of it, the other way round too. With sealed rows nobody can tell what a receipt says, only that it is there.
func (r *Report) ledger(tx kerbside.Tx, org kerbside.OrganisationID, n *noted, sealed bool) error {
	r.Hashed = !sealed
	for _, id := range n.twice {
		r.fault("receipt %s stands in the log twice", id)
	}
	receipts, err := tx.Ledger(org, kerbside.LedgerReceipt, "")
	if kerbside.CodeOf(err) == kerbside.CodeInternal {
		r.fault("the receipts in the ledger cannot be opened: one is damaged or was altered")
	} else if err != nil {
		return err
	}
	known := err == nil
	r.Receipts = len(receipts)
	for _, l := range receipts {
		sum, ok := n.receipts[l.ID]
		switch {
		case !ok:
			r.fault("receipt %s is in the ledger and not in the log", l.ID)
		case !sealed && kerbside.HexSHA256(l.Body) != sum:
			r.fault("receipt %s is not what the log has of it", l.ID)
		}
		delete(n.receipts, l.ID)
	}
	if known {
		for _, id := range sorted(n.receipts) {
			r.fault("receipt %s is in the log and not in the ledger", id)
		}
	}
	consents, err := tx.Ledger(org, kerbside.LedgerConsent, "")
	switch {
	case kerbside.CodeOf(err) == kerbside.CodeInternal:
		r.fault("the consents in the ledger cannot be opened: one is damaged or was altered")
	case err != nil:
		return err
	default:
		for _, l := range consents {
			if !n.consents[l.ID] {
				r.fault("consent %s is in the ledger and not in the log", l.ID)
			}
			delete(n.consents, l.ID)
		}
		for _, id := range sorted(n.consents) {
			r.fault("consent %s is in the log and not in the ledger", id)
		}
	}
	for _, k := range []kerbside.LedgerKind{kerbside.LedgerRetention, kerbside.LedgerSecond, kerbside.LedgerAlerts, kerbside.LedgerHold} {
		lines, err := tx.Ledger(org, k, "")
		switch {
		case kerbside.CodeOf(err) == kerbside.CodeInternal:
			r.fault("the lines about %s in the ledger cannot be opened: one is damaged or was altered", k)
		case err != nil:
			return err
		case len(lines) != n.counts[k]:
			r.fault("%d lines about %s are in the ledger and %d in the log", len(lines), k, n.counts[k])
		}
	}
	return nil
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
