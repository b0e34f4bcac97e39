package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/fs"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
)

// makeData fills a data folder with one sealed recording.
func makeData(t *testing.T, folder string) {
	t.Helper()
	m, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(folder, 0o700), m.Write(filepath.Join(folder, "master.key"), time.Now())); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), databasePath(folder), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Open(blobsPath(folder))
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.NewRing(t.Context(), db, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum, n, err := seal.NewBlobs(files, ring).Put(t.Context(), "o/r/sound", strings.NewReader(strings.Repeat("what was said ", 1000)))
	if err == nil {
		err = seal.NewStore(db, ring).Update(t.Context(), func(tx kerbside.Tx) error {
			return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.PutUser(kerbside.User{ID: "u", Org: "o"}), tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: "Home"}),
				tx.PutRecording(kerbside.Recording{ID: "r", Org: "o", Visit: "v", ClientID: "k", State: kerbside.RecordingSafe, SHA256: sum, Bytes: n, Blob: "o/r/sound"}))
		})
	}
	if err = errors.Join(err, db.Close(), files.Close()); err != nil {
		t.Fatal(err)
	}
}

// kerbsideSays runs the program in this process and gives what it prints.
func kerbsideSays(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	if got := run(t.Context(), append([]string{"kerbside"}, args...), strings.NewReader(""), &out, &errs); got != code {
		t.Fatalf("kerbside %s: code %d, not %d: %s%s", strings.Join(args, " "), got, code, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// TestRestoreDrill: back up, lose the machine, restore, read; a key that was rotated, an erasure and a flipped bit on the way.
func TestRestoreDrill(t *testing.T) {
	dir := t.TempDir()
	data, backups, fresh := filepath.Join(dir, "data"), filepath.Join(dir, "backups"), filepath.Join(dir, "fresh")
	makeData(t, data)
	if out, _ := kerbsideSays(t, exitDone, "keys", "show", "--data", data); !regexp.MustCompile(`[3-5] sealed by it, 0 by another, 0 erased`).MatchString(out) { // the organisation's, and those of the visit and its parts
		t.Error(out)
	}
	if out, _ := kerbsideSays(t, exitDone, "verify", "--data", data); !strings.Contains(out, "1 blobs") || !strings.Contains(out, " 0 faults") {
		t.Error(out)
	}
	out, said := kerbsideSays(t, exitDone, "backup", "--data", data, "--to", backups)
	path := strings.TrimSpace(out)
	if !strings.Contains(said, "keys") {
		t.Error(said)
	}
	if _, err := os.Stat(filepath.Join(path, "master.key")); err == nil {
		t.Error("the key is in the backup")
	}
	kerbsideSays(t, exitDone, "verify", "--backup", path)
	kerbsideSays(t, exitDone, "keys", "rotate", "--data", data)
	kerbsideSays(t, exitDone, "verify", "--data", data)

	_, said = kerbsideSays(t, exitDone, "restore", path, "--data", fresh)
	if !strings.Contains(said, "--erased") || !strings.Contains(said, "Put your copies of the keys back") {
		t.Error(said)
	}
	_, said = kerbsideSays(t, exitFailed, "verify", "--data", fresh)
	if !strings.Contains(said, "no key file") {
		t.Error(said)
	}
	old, err := filepath.Glob(filepath.Join(data, "master.key.old-*"))
	if err != nil || len(old) != 1 {
		t.Fatal(old, err)
	}
	_, said = kerbsideSays(t, exitFailed, "verify", "--data", fresh, "--key-file", filepath.Join(data, "master.key")) // that of after the rotation
	if !strings.Contains(said, "not the one") {
		t.Error(said)
	}
	if out, _ := kerbsideSays(t, exitDone, "verify", "--data", fresh, "--key-file", old[0]); !strings.Contains(out, "1 blobs") {
		t.Error(out)
	}
	kerbsideSays(t, exitFailed, "restore", path, "--data", fresh) // over what is there

	erased := filepath.Join(dir, "kept-elsewhere.jsonl")
	if err := seal.NewJournal(erased).Add(seal.Erasure{Org: "o", Scope: "r", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	third := filepath.Join(dir, "third")
	if out, _ := kerbsideSays(t, exitDone, "restore", path, "--data", third, "--erased", erased); !strings.Contains(out, "1 things that were erased") {
		t.Error(out)
	}
	if _, err := os.Stat(filepath.Join(third, "blobs", "o", "r", "sound")); err == nil {
		t.Error("what was erased came back")
	}

	name := filepath.Join(data, "blobs", "o", "r", "sound")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := kerbsideSays(t, exitFailed, "verify", "--data", data); !strings.Contains(out, "damaged  blob o/r/sound") {
		t.Error(out)
	}
}
