package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
)

// keep gives a log n receipts, two consents, two holds and a policy, each with its line in the ledger.
func (h *house) keep(n int) {
	h.t.Helper()
	db := h.open()
	defer db.Close()
	at := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	err := db.Update(h.t.Context(), func(tx kerbside.Tx) error {
		if err := tx.PutOrganisation(kerbside.Organisation{ID: org, Name: "Northmoor"}); err != nil {
			return err
		}
		line := func(id string, k kerbside.LedgerKind, action, object, body string) error {
			if err := tx.AddLedger(kerbside.LedgerLine{ID: id, Org: org, Kind: k, Subject: "v-1", At: at, By: "u-1", Body: []byte(body)}); err != nil {
				return err
			}
			return h.log.Append(tx, kerbside.AuditEntry{Org: org, By: "u-1", At: at, Action: action, Object: object, Visit: "v-1"})
		}
		for i := range n {
			body := fmt.Sprintf(`{"id":"x-%d","reason":"asked"}`, i)
			if err := line(fmt.Sprint("x-", i), kerbside.LedgerReceipt, "erase", fmt.Sprintf("receipt x-%d sha256 %s", i, kerbside.HexSHA256([]byte(body))), body); err != nil {
				return err
			}
		}
		for _, x := range []struct {
			id     string
			kind   kerbside.LedgerKind
			action string
			object string
		}{
			{"l-1", kerbside.LedgerConsent, "consent", "consent l-1"}, {"l-2", kerbside.LedgerConsent, "withdraw_consent", "consent l-2"},
			{"l-3", kerbside.LedgerHold, "hold", "hold h-1 case c-1"}, {"l-4", kerbside.LedgerHold, "end_hold", "hold h-1 case c-1"}, {"l-5", kerbside.LedgerRetention, "set_retention", "policy 1"},
		} {
			if err := line(x.id, x.kind, x.action, x.object, "{}"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestLedger: each line of the ledger has its entry in the log and the other way round, and whatever was changed in the ledger alone is found and named.
func TestLedger(t *testing.T) {
	const receipts = 7
	whole := newHouse(t, 3)
	whole.keep(receipts)
	if r := whole.verify(); len(r.Faults) > 0 || r.Receipts != receipts || !r.Hashed {
		t.Fatalf("got %+v", r)
	}
	free := []string{"DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete"}
	for name, query := range map[string]string{
		"removed":         "DELETE FROM ledger WHERE id = 'x-%[1]d'",
		"changed":         `UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'asked', 'policy') AS BLOB) WHERE id = 'x-%[1]d'`,
		"renamed":         "UPDATE ledger SET id = 'x-new' WHERE id = 'x-%[1]d'",
		"added":           `INSERT INTO ledger (org, id, kind, subject, at, by_user, body) SELECT org, 'x-more', kind, subject, at, by_user, body FROM ledger WHERE id = 'x-%[1]d'`,
		"swapped":         `UPDATE ledger SET body = (SELECT b.body FROM ledger b WHERE b.id = 'x-' || ((%[1]d + 1) %% 7)) WHERE id = 'x-%[1]d'`,
		"of another kind": "UPDATE ledger SET kind = 'consent' WHERE id = 'x-%[1]d'",
		"of others":       "UPDATE ledger SET org = 'o-2' WHERE id = 'x-%[1]d'",
	} {
		t.Run(name, func(t *testing.T) {
			for i := range receipts {
				h := whole.copy(t)
				h.tamper(append(free, "INSERT INTO organisations SELECT 'o-2', name FROM organisations", fmt.Sprintf(query, i))...)
				r := h.verify()
				if len(r.Faults) == 0 || !strings.Contains(strings.Join(r.Faults, "; "), "x-") {
					t.Errorf("receipt %d: %v", i, r.Faults)
				}
			}
		})
	}
	for name, query := range map[string]string{
		"a consent":        "DELETE FROM ledger WHERE id = 'l-1'",
		"its withdrawal":   "DELETE FROM ledger WHERE id = 'l-2'",
		"a hold":           "DELETE FROM ledger WHERE id = 'l-3'",
		"the end of one":   "DELETE FROM ledger WHERE id = 'l-4'",
		"a policy":         "DELETE FROM ledger WHERE id = 'l-5'",
		"one consent more": "INSERT INTO ledger (org, id, kind, subject, at, by_user, body) SELECT org, 'l-9', kind, subject, at, by_user, body FROM ledger WHERE id = 'l-1'",
		"one policy more":  "INSERT INTO ledger (org, id, kind, subject, at, by_user, body) SELECT org, 'l-9', kind, subject, at, by_user, body FROM ledger WHERE id = 'l-5'",
	} {
		h := whole.copy(t)
		h.tamper(append(free, query)...)
		if r := h.verify(); len(r.Faults) != 1 {
			t.Errorf("%s: %v", name, r.Faults)
		}
	}
}

// TestSealedLedger: where nobody can open the receipts, it still shows that one is gone, and the report says what it could not compare.
func TestSealedLedger(t *testing.T) {
	h := newHouse(t, 3)
	h.keep(3)
	look := func() (r *audit.Report) {
		db := h.open()
		defer db.Close()
		err := db.View(t.Context(), func(tx kerbside.Tx) (err error) {
			r, err = audit.Verify(tx, org, audit.Check{Verifier: h.log.Verifier(), Sealed: true})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	h.tamper("DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete", "UPDATE ledger SET body = x'00' WHERE id = 'x-1'")
	if r := look(); len(r.Faults) > 0 || r.Hashed || r.Receipts != 3 {
		t.Fatalf("got %+v", r)
	}
	whole := newHouse(t, 3)
	whole.keep(3)
	h = whole
	h.tamper("DROP TRIGGER ledger_no_delete", "DELETE FROM ledger WHERE id = 'x-1'")
	if r := look(); len(r.Faults) != 1 {
		t.Fatalf("got %+v", r)
	}
}
