package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kerbside/storage/postgres/pgtest"
)

// TestDatabaseServer: an installation moves to PostgreSQL, is read, backed up and restored there, and moves back; and any backup goes to either engine.
func TestDatabaseServer(t *testing.T) {
	dir := t.TempDir()
	data, backups := filepath.Join(dir, "data"), filepath.Join(dir, "backups")
	makeData(t, data)
	first, second, third := pgtest.URL(t, nil), pgtest.URL(t, nil), pgtest.URL(t, nil)
	readable := func(folder, database string) {
		t.Helper()
		if out, _ := kerbsideSays(t, exitDone, "verify", "--data", folder, "--database", database); !strings.Contains(out, "1 blobs") || !strings.Contains(out, " 0 faults") {
			t.Errorf("%s: %s", database, out)
		}
	}
	out, said := kerbsideSays(t, exitDone, "migrate", "--data", data, "--to", first)
	if !strings.Contains(out, "rows in 37 tables, read back and the same") || !strings.Contains(said, "not with the old one any more") || !strings.Contains(said, "audit verify") {
		t.Error(out, said)
	}
	readable(data, first)
	if _, said := kerbsideSays(t, exitFailed, "migrate", "--data", data, "--to", first); !strings.Contains(said, "already") {
		t.Error(said)
	}
	if out, _ := kerbsideSays(t, exitDone, "keys", "show", "--data", data, "--database", first); !strings.Contains(out, "0 by another") {
		t.Error(out)
	}
	kerbsideSays(t, exitDone, "keys", "rotate", "--data", data, "--database", first)
	readable(data, first)

	out, _ = kerbsideSays(t, exitDone, "backup", "--data", data, "--database", first, "--to", backups)
	path := strings.TrimSpace(out)
	kerbsideSays(t, exitDone, "verify", "--backup", path)
	withKey := func(name string) string {
		t.Helper()
		folder := filepath.Join(dir, name)
		b, err := os.ReadFile(filepath.Join(data, "master.key"))
		if err == nil {
			err = os.MkdirAll(folder, 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "master.key"), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return folder
	}
	onServer, inFile := withKey("server"), withKey("file")
	kerbsideSays(t, exitDone, "restore", path, "--data", onServer, "--database", second)
	readable(onServer, second)
	kerbsideSays(t, exitFailed, "restore", path, "--data", withKey("over"), "--database", second)
	kerbsideSays(t, exitDone, "restore", path, "--data", inFile)
	readable(inFile, filepath.Join(inFile, "kerbside.db"))
	out, _ = kerbsideSays(t, exitDone, "backup", "--data", inFile, "--to", filepath.Join(dir, "more"))
	again := withKey("again")
	kerbsideSays(t, exitDone, "restore", strings.TrimSpace(out), "--data", again, "--database", third)
	readable(again, third)

	back := filepath.Join(dir, "back.db")
	kerbsideSays(t, exitDone, "migrate", "--data", data, "--from", first, "--to", "sqlite:"+back)
	readable(data, "sqlite:"+back)
	if _, said := kerbsideSays(t, exitFailed, "migrate", "--data", data, "--from", first, "--to", "sqlite:"+back); !strings.Contains(said, "already") {
		t.Error(said)
	}
}

// TestDatabaseAddress: what is wrong with an address is said, and a password never.
func TestDatabaseAddress(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"config", "check", "--data", dir, "--database", "postgres://u:secret@h/n"}, exitDone, "u:xxxxx@h"},
		{[]string{"config", "check", "--data", dir, "--database", "mysql://u:secret@h/n"}, exitFailed, "neither sqlite: nor postgres://"},
		{[]string{"verify", "--data", dir, "--database", "postgres://u:secret@127.0.0.1:1/n"}, exitFailed, "cannot be reached"},
		{[]string{"verify", "--data", dir, "--database", "sqlite:" + filepath.Join(dir, "none.db")}, exitFailed, "no Kerbside database"},
		{[]string{"migrate", "--data", dir, "--to", "mysql://u:secret@h/n"}, exitUsage, "neither sqlite: nor postgres://"},
		{[]string{"migrate", "--data", dir, "--to", "postgres://u:secret@127.0.0.1:1/n"}, exitFailed, "no Kerbside database"},
	} {
		out, said := kerbsideSays(t, c.code, c.args...)
		if !strings.Contains(out+said, c.says) || strings.Contains(out+said, "secret") {
			t.Errorf("%v: %s%s", c.args, out, said)
		}
	}
}
