package audit_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/sqlite"
)

const (
	org   = kerbside.OrganisationID("o-1")
	other = kerbside.OrganisationID("o-2")
)

type house struct {
	t    testing.TB
	path string
	log  *audit.Log
}

// newHouse makes a log of n entries over several days, beside one of another organisation.
func newHouse(t testing.TB, n int) *house {
	h := &house{t: t, path: filepath.Join(t.TempDir(), "k.db"), log: newLog(t)}
	h.append(n)
	return h
}

func newLog(t testing.TB) *audit.Log {
	key, err := audit.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func (h *house) open() *sqlite.DB {
	db, err := sqlite.Open(context.Background(), h.path, sqlite.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	return db
}

func (h *house) append(n int) {
	h.t.Helper()
	db := h.open()
	defer db.Close()
	start := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	for i := range n {
		err := db.Update(h.t.Context(), func(tx kerbside.Tx) error {
			for _, o := range []kerbside.OrganisationID{org, other} {
				e := kerbside.AuditEntry{Org: o, By: "u-1", At: start.Add(time.Duration(i) * 7 * time.Hour), Action: "read", Object: fmt.Sprint("visit v-", i), Visit: "v-1"}
				if err := h.log.Append(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) verify(given ...string) *audit.Report {
	h.t.Helper()
	db := h.open()
	defer db.Close()
	var r *audit.Report
	err := db.View(h.t.Context(), func(tx kerbside.Tx) (err error) {
		r, err = audit.Verify(tx, org, audit.Check{Verifier: h.log.Verifier(), Heads: given})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func (h *house) heads() []kerbside.AuditHead {
	db := h.open()
	defer db.Close()
	var heads []kerbside.AuditHead
	if err := db.View(h.t.Context(), func(tx kerbside.Tx) (err error) { heads, err = tx.AuditHeads(org); return err }); err != nil {
		h.t.Fatal(err)
	}
	return heads
}

// copy is the same log in a file of its own.
func (h *house) copy(t testing.TB) *house {
	b, err := os.ReadFile(h.path)
	if err != nil {
		t.Fatal(err)
	}
	c := &house{t: t, path: filepath.Join(t.TempDir(), "k.db"), log: h.log}
	if err := os.WriteFile(c.path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// tamper changes the database as somebody with access to its file would.
func (h *house) tamper(queries ...string) {
	h.t.Helper()
	db, err := sql.Open("sqlite", h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	for _, table := range []string{"audit", "audit_hashes"} {
		queries = append([]string{"DROP TRIGGER " + table + "_no_update", "DROP TRIGGER " + table + "_no_delete"}, queries...)
	}
	for _, q := range queries {
		if _, err := db.ExecContext(h.t.Context(), q); err != nil {
			h.t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestVerify(t *testing.T) {
	h := newHouse(t, 25)
	r := h.verify(h.heads()[2].Note)
	if len(r.Faults) > 0 || r.Size != 25 || r.Heads < 5 {
		t.Fatalf("got %+v", r)
	}
}

func TestVerifyEmpty(t *testing.T) {
	if r := newHouse(t, 0).verify(); len(r.Faults) > 0 || r.Size != 0 {
		t.Fatalf("got %+v", r)
	}
}

// Each way of tampering is found, at each entry.
func TestTampering(t *testing.T) {
	const n = 13
	whole := newHouse(t, n)
	for name, query := range map[string]string{
		"who":         "UPDATE audit SET by_user = 'u-2' WHERE org = 'o-1' AND n = %[1]d",
		"when":        "UPDATE audit SET at = at + 1 WHERE org = 'o-1' AND n = %[1]d",
		"what":        "UPDATE audit SET action = 'export' WHERE org = 'o-1' AND n = %[1]d",
		"object":      "UPDATE audit SET object = 'visit v-99' WHERE org = 'o-1' AND n = %[1]d",
		"visit":       "UPDATE audit SET visit = '' WHERE org = 'o-1' AND n = %[1]d",
		"removed":     "DELETE FROM audit WHERE org = 'o-1' AND n = %[1]d",
		"shortened":   "DELETE FROM audit WHERE org = 'o-1' AND n >= %[1]d",
		"moved":       "UPDATE audit SET org = 'o-3' WHERE org = 'o-1' AND n = %[1]d",
		"hash":        "UPDATE audit_hashes SET hash = randomblob(32) WHERE org = 'o-1' AND i = %[1]d",
		"hash gone":   "DELETE FROM audit_hashes WHERE org = 'o-1' AND i = %[1]d",
		"swapped":     "UPDATE audit SET object = (SELECT b.object FROM audit b WHERE b.org = 'o-1' AND b.n = (%[1]d + 1) %% 13) WHERE org = 'o-1' AND n = %[1]d",
		"from others": "UPDATE audit SET by_user = 'u-9' WHERE n = %[1]d",
	} {
		t.Run(name, func(t *testing.T) {
			for i := range n {
				h := whole.copy(t)
				h.tamper(fmt.Sprintf(query, i))
				if r := h.verify(); len(r.Faults) == 0 {
					t.Errorf("entry %d: nothing was found", i)
				}
			}
		})
	}
}

func TestTamperedHeads(t *testing.T) {
	h := newHouse(t, 13)
	kept := h.heads()
	for name, queries := range map[string][]string{
		"all heads gone":   {"DELETE FROM audit_heads"},
		"newest head gone": {"DELETE FROM audit_heads WHERE org = 'o-1' AND size = 13"},
		"head of others":   {"UPDATE audit_heads SET note = (SELECT b.note FROM audit_heads b WHERE b.org = 'o-2' AND b.day = audit_heads.day) WHERE org = 'o-1'"},
		"unsigned entry":   {"INSERT INTO audit VALUES ('o-1', 13, 'u-1', 0, 'read', 'visit v-1', '')"},
	} {
		t.Run(name, func(t *testing.T) {
			h := h.copy(t)
			h.tamper(queries...)
			if r := h.verify(); len(r.Faults) == 0 {
				t.Error("nothing was found")
			}
		})
	}
	t.Run("all put back to an earlier day", func(t *testing.T) {
		early := kept[1]
		h.tamper(fmt.Sprintf("DELETE FROM audit WHERE org = 'o-1' AND n >= %d", early.Size), fmt.Sprintf("DELETE FROM audit_heads WHERE org = 'o-1' AND size > %d", early.Size))
		if r := h.verify(); len(r.Faults) != 0 {
			t.Errorf("this cannot be seen without a head from elsewhere, and was: %v", r.Faults)
		}
		if r := h.verify(kept[len(kept)-1].Note); len(r.Faults) == 0 {
			t.Error("the exported head did not show it")
		}
	})
	t.Run("written anew with another key", func(t *testing.T) {
		h, forger := newHouse(t, 9), newHouse(t, 9)
		h.path = forger.path
		if r := h.verify(); len(r.Faults) == 0 {
			t.Error("nothing was found")
		}
	})
}

// A service that goes on after somebody shortened the log does not hide it.
func TestAppendAfterTampering(t *testing.T) {
	h := newHouse(t, 13)
	h.tamper("DELETE FROM audit WHERE org = 'o-1' AND n >= 9")
	h.append(5)
	if r := h.verify(); len(r.Faults) == 0 {
		t.Error("nothing was found")
	}
}

func TestDamagedKey(t *testing.T) {
	good, err := audit.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	second, err := audit.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	skey, _, _ := strings.Cut(good, "\n")
	_, vkey, _ := strings.Cut(second, "\n")
	for _, key := range []string{"", "x", skey, skey + "\n" + vkey, good[10:]} {
		if _, err := audit.Open(key); kerbside.CodeOf(err) != kerbside.CodeUnavailable || err != nil && strings.Contains(err.Error(), skey[20:]) {
			t.Errorf("got %v", err)
		}
	}
	path := filepath.Join(t.TempDir(), "audit.key")
	a, err := audit.OpenFile(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.OpenFile(path, rand.Reader)
	if err != nil || a.Verifier() != b.Verifier() {
		t.Fatalf("the key was not kept: %v", err)
	}
}
