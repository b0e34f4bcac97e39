package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kerbside"
)

// TestRetentionCommand: a policy is set, previewed and run on a data folder, and the receipts fit the log until somebody takes one away.
func TestRetentionCommand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	makeData(t, data)
	in := func(verb string, args ...string) []string {
		return append([]string{"retention", verb, "--data", data}, args...)
	}
	says := func(code int, want string, args ...string) string {
		t.Helper()
		out, errs := kerbsideSays(t, code, args...)
		if !strings.Contains(out+errs, want) {
			t.Errorf("kerbside %s says %q %q, not %q", strings.Join(args, " "), out, errs, want)
		}
		return out
	}
	says(1, "no Kerbside data", "retention", "show", "--data", filepath.Join(t.TempDir(), "none"))
	says(0, "everything is kept", in("show")...)
	says(2, "Say what is kept", in("set")...)
	says(2, "no rule", in("set", "--audio", "soon")...)
	says(2, "from when the days are counted", in("set", "--audio", "30:birth")...)
	says(2, "cannot be kept for ever", in("set", "--transcripts", "10:visit")...)
	says(0, "audio of 0 visits", in("preview")...)
	says(0, "audio of 1 visits", in("preview", "--audio", "1:visit")...) // the visit of the folder began at the beginning of time
	says(0, "Version 1 is in force", in("set", "--audio", "30:visit")...)
	says(2, "add --replaces 1", in("set", "--audio", "1:visit")...)
	says(1, "another policy meanwhile", in("set", "--audio", "1:visit", "--replaces", "7")...)
	says(0, "Version 2 is in force: --audio 1:visit --transcripts keep --drafts keep", in("set", "--audio", "1:visit", "--replaces", "1")...)
	says(0, "by the command line", in("show")...)
	if out := says(0, `"version":2`, in("show", "--format", "json")...); !json.Valid([]byte(out)) {
		t.Error(out)
	}
	says(0, `"audio":1`, in("preview", "--format", "json")...)
	says(0, "1 parts of visits were deleted", in("run")...)
	says(0, "0 parts of visits were deleted", in("run")...)
	says(0, "policy 2", in("receipts")...)
	says(0, `"schema":"kerbside.receipt/v1"`, in("receipts", "--format", "json")...)
	says(0, "", in("holds")...)
	if left, err := filepath.Glob(filepath.Join(data, "blobs", "o", "r", "*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}

	verify := []string{"audit", "verify", "--data", data}
	says(0, "2 receipts, 0 faults", verify...) // of the sound, and of the visit of which nothing is left
	key := filepath.Join(data, "master.key")
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	says(0, "what they say is sealed", verify...)
	if err := os.Rename(key+".away", key); err != nil {
		t.Fatal(err)
	}
	tamper(t, data, "DROP TRIGGER ledger_no_delete", "DELETE FROM ledger WHERE kind = '"+string(kerbside.LedgerReceipt)+"'")
	says(1, "is in the log and not in the ledger", verify...)
}

// tamper changes a database as somebody with access to its file would.
func tamper(t *testing.T, data string, queries ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", databasePath(data))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
}
