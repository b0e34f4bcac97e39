package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/storagetest"
)

func openTest(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, Options{Backoff: func(int) time.Duration { return 20 * time.Millisecond }, Silence: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestStores(t *testing.T) {
	storagetest.Stores(t, func(t *testing.T) kerbside.Store { return openTest(t, filepath.Join(t.TempDir(), "k.db")) })
}

func TestQueues(t *testing.T) {
	storagetest.Queues(t, func(t *testing.T) (kerbside.Store, kerbside.Queue) {
		db := openTest(t, filepath.Join(t.TempDir(), "with space & ?%23.db"))
		return db, db
	})
}

func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db")
	storagetest.Together(t, func(t *testing.T) kerbside.Store { return openTest(t, path) })
}

func TestSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db")
	db := openTest(t, path)
	for name, pool := range map[string]*sql.DB{"writer": db.write, "reader": db.read} {
		if err := assertSettings(t.Context(), pool); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v %v", suffix, info, err)
		}
	}
	// The check can fail: a connection without the settings is refused.
	plain, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if err := assertSettings(t.Context(), plain); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestAppendOnly(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "k.db"))
	err := db.Update(t.Context(), func(tx kerbside.Tx) error {
		return errors.Join(
			tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.PutUser(kerbside.User{Org: "o", ID: "u"}), tx.PutVisit(kerbside.Visit{Org: "o", ID: "v", Worker: "u"}),
			tx.AddDocument(kerbside.Document{ID: "d", Org: "o", Visit: "v", Kind: kerbside.DocRecord, Version: 1, Body: []byte("{}")}),
			tx.AddCorrection("o", "v", "t", kerbside.Correction{ID: "k"}), tx.AddStatement("o", "v", kerbside.Statement{ID: "q"}),
			tx.AddReview(kerbside.Review{ID: "a", Org: "o", Visit: "v", By: "u"}), tx.AddAudit(0, kerbside.AuditEntry{Org: "o", By: "u"}, make([][32]byte, 1)),
			tx.AddEntry(kerbside.Entry{ID: "en", Org: "o", Visit: "v", Document: "d", By: "u"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"documents", "corrections", "statements", "reviews", "entries", "audit", "audit_hashes"} {
		for _, query := range []string{"UPDATE " + table + " SET org = 'x'", "DELETE FROM " + table} {
			if _, err := db.write.ExecContext(t.Context(), query); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", query, err)
			}
		}
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db")
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "N"}) })
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	again := openTest(t, path)
	err = again.View(t.Context(), func(tx kerbside.Tx) error {
		if o, err := tx.Organisations(); err != nil || len(o) != 1 {
			t.Error(o, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// A database of a newer program, and one whose migration differs, are refused.
	for _, query := range []string{"INSERT INTO migrations VALUES (999, 'later', '', 0)", "DELETE FROM migrations WHERE number = 999; UPDATE migrations SET sha256 = 'x'"} {
		if _, err := again.write.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		if other, err := Open(t.Context(), path, Options{}); err == nil {
			t.Errorf("opened after %q", query)
			_ = other.Close()
		}
	}
}

func TestBadFiles(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"not a database": text, "a folder": folder, "no such folder": filepath.Join(folder, "none", "k.db")} {
		db, err := Open(t.Context(), path, Options{})
		if kerbside.CodeOf(err) != kerbside.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
		if db != nil {
			_ = db.Close()
		}
	}
}

// TestFull fills the database's limit of pages, which it reports as it does a full disk.
func TestFull(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "k.db"))
	if err := db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.PutOrganisation(kerbside.Organisation{ID: "o"}) }); err != nil {
		t.Fatal(err)
	}
	limit := func(pages string) {
		t.Helper()
		if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // becomes the size that it has
	write := func() error {
		return db.Update(t.Context(), func(tx kerbside.Tx) error {
			return tx.PutOrganisation(kerbside.Organisation{ID: "o2", Name: strings.Repeat("x", 1<<20)})
		})
	}
	if err := write(); kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), "full") {
		t.Fatalf("got %v", err)
	}
	limit("100000")
	if err := write(); err != nil {
		t.Fatalf("does not recover by itself: %v", err)
	}
}

// TestDeath marks a job as running without a worker, as a kill does.
func TestDeath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db")
	db := openTest(t, path)
	err := db.Update(t.Context(), func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.Enqueue(kerbside.Job{Org: "o", Kind: kerbside.JobExtract, Visit: "v"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	deaths := 0
	for ; deaths < 100; deaths++ {
		ran, aside := make(chan int, 1), make(chan error, 1)
		if _, err := db.write.ExecContext(t.Context(), "UPDATE jobs SET state = 'running', attempt = attempt + 1 WHERE state = 'queued'"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- db.Work(ctx, kerbside.WorkOptions{}, func(ctx context.Context, j kerbside.Job) error { ran <- j.Attempt; <-ctx.Done(); return ctx.Err() },
				func(_ context.Context, _ kerbside.Job, err error) { aside <- err })
		}()
		select {
		case attempt := <-ran:
			if attempt != 1 {
				t.Fatalf("attempt %d: a kill counted as a failure of the job", attempt)
			}
		case err := <-aside:
			cancel()
			<-done
			if deaths+1 != maxDeaths || kerbside.MessageOf(err) == "" {
				t.Fatalf("set aside after %d deaths: %v", deaths+1, err)
			}
			return
		case <-time.After(10 * time.Second):
			t.Fatal("the job of a dead worker is not run again")
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("a job that kills the program is tried for ever")
}

// TestExclusive: one process works a file, since whatever it marked as running is nobody's when it starts.
func TestExclusive(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "k.db"))
	unlock, err := lock(db.path + ".work")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if err := db.Work(t.Context(), kerbside.WorkOptions{}, nil, nil); kerbside.CodeOf(err) != kerbside.CodeConflict {
		t.Error(err)
	}
}

func TestLockGoesWithItsHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(path); !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Fatalf("got %v", err)
	}
	unlock()
	again, err := lock(path)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db")
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx kerbside.Tx) error {
		return tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: strings.Repeat("x", 100_000)})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Check(t.Context(), path), db.Close(), Check(t.Context(), path)); err != nil { // beside a server, and without one
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < 4096+200; i++ { // the head of the second page
		b[i] ^= 0xff
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), path); err == nil || strings.Contains(err.Error(), "xxx") {
		t.Errorf("damage is not found: %v", err)
	}
}

// What is stopped between its last statement and the commit was stopped, and is no fault.
func TestStoppedBeforeTheCommit(t *testing.T) {
	db := openTest(t, filepath.Join(t.TempDir(), "k.db"))
	for name, run := range map[string]func(context.Context, func(kerbside.Tx) error) error{"View": db.View, "Update": db.Update} {
		ctx, cancel := context.WithCancel(t.Context())
		err := run(ctx, func(kerbside.Tx) error {
			cancel()
			time.Sleep(50 * time.Millisecond) // for database/sql to take it back
			return nil
		})
		cancel()
		if kerbside.CodeOf(err) != kerbside.CodeCanceled {
			t.Errorf("%s: %v", name, err)
		}
	}
}
