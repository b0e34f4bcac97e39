package postgres

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/postgres/pgtest"
	"kerbside/storage/storagetest"
)

func openTest(t *testing.T, address string) *DB {
	t.Helper()
	db, err := Open(t.Context(), address, Options{Backoff: func(int) time.Duration { return 20 * time.Millisecond }, Silence: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// newDatabase has its tables already.
func newDatabase(t *testing.T) string {
	t.Helper()
	return pgtest.URL(t, func(ctx context.Context, address string) error {
		db, err := Open(ctx, address, Options{})
		if err != nil {
			return err
		}
		return db.Close()
	})
}

func TestStores(t *testing.T) {
	storagetest.Stores(t, func(t *testing.T) kerbside.Store { return openTest(t, newDatabase(t)) })
}

func TestQueues(t *testing.T) {
	storagetest.Queues(t, func(t *testing.T) (kerbside.Store, kerbside.Queue) {
		db := openTest(t, newDatabase(t))
		return db, db
	})
}

func TestNodes(t *testing.T) {
	storagetest.Nodes(t, func(t *testing.T) (n [2]kerbside.Nodes) {
		address := newDatabase(t)
		for i := range n {
			db, err := Open(t.Context(), address, Options{Lease: 3 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			if n[i], err = db.Join(); err != nil {
				t.Fatal(err)
			}
		}
		return n
	})
}

// TestSeveralQueues: each of several calls of Work wakes for its own kind, and none for what another was woken for.
func TestSeveralQueues(t *testing.T) {
	db := openTest(t, newDatabase(t))
	err := db.Update(t.Context(), func(tx kerbside.Tx) error {
		return tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "N"})
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ran, ended := make(chan kerbside.JobKind, 10), make(chan error, 2)
	kinds := []kerbside.JobKind{kerbside.JobExtract, kerbside.JobDraft}
	for _, k := range kinds {
		go func() {
			ended <- db.Work(ctx, kerbside.WorkOptions{Workers: 1, Kinds: []kerbside.JobKind{k}}, func(_ context.Context, j kerbside.Job) error {
				if j.Kind != k {
					t.Errorf("%s was given a job of %s", k, j.Kind)
				}
				ran <- j.Kind
				return nil
			}, func(context.Context, kerbside.Job, error) { t.Error("set aside") })
		}()
	}
	time.Sleep(200 * time.Millisecond) // they sleep
	began := time.Now()
	for i := range 6 {
		k := kinds[i%2]
		if err := db.Update(t.Context(), func(tx kerbside.Tx) error {
			return tx.Enqueue(kerbside.Job{Org: "o", Kind: k, Visit: "v", Priority: kerbside.PriorityNext})
		}); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-ran:
			if got != k {
				t.Fatalf("%s ran instead of %s", got, k)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("it does not run")
		}
	}
	if d := time.Since(began); d > 6*idlePoll/2 {
		t.Errorf("they waited for polls: %v", d)
	}
	stop()
	for range kinds {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestDrain: what runs when work is to end is finished, within its time, and else given back.
func TestDrain(t *testing.T) {
	for _, c := range []struct {
		name         string
		takes, drain time.Duration
		done         bool
	}{{"in time", 300 * time.Millisecond, time.Minute, true}, {"too late", time.Minute, 50 * time.Millisecond, false}} {
		t.Run(c.name, func(t *testing.T) {
			db, err := Open(t.Context(), newDatabase(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			err = db.Update(t.Context(), func(tx kerbside.Tx) error {
				if err := tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "N"}); err != nil {
					return err
				}
				return tx.Enqueue(kerbside.Job{Org: "o", Kind: kerbside.JobDraft, Visit: "v"})
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			err = db.Work(ctx, kerbside.WorkOptions{Workers: 1, Drain: c.drain}, func(ctx context.Context, _ kerbside.Job) error {
				stop()
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(c.takes):
					return nil
				}
			}, func(context.Context, kerbside.Job, error) { t.Error("set aside") })
			if err != nil {
				t.Fatal(err)
			}
			var jobs []kerbside.Job
			if err := db.View(t.Context(), func(tx kerbside.Tx) (err error) { jobs, err = tx.Jobs("o", "v"); return err }); err != nil {
				t.Fatal(err)
			}
			if c.done != (len(jobs) == 0) || !c.done && jobs[0].Attempt != 0 {
				t.Errorf("left: %+v", jobs)
			}
		})
	}
}

func TestTogether(t *testing.T) {
	address := newDatabase(t)
	storagetest.Together(t, func(t *testing.T) kerbside.Store { return openTest(t, address) })
}

func TestAppendOnly(t *testing.T) {
	db := openTest(t, newDatabase(t))
	for _, table := range []string{"documents", "corrections", "statements", "reviews", "entries", "heard", "ledger", "audit", "audit_before", "audit_hashes"} {
		for _, query := range []string{"UPDATE " + table + " SET org = 'x'", "DELETE FROM " + table, "TRUNCATE " + table + " CASCADE"} {
			if _, err := db.pool.Exec(t.Context(), query); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", query, err)
			}
		}
	}
	err := db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.EraseDataKey("o", "s", time.Now()) })
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"UPDATE data_keys SET erased = 0", "UPDATE data_keys SET wrapped = 'x'", "DELETE FROM data_keys"} {
		if _, err := db.pool.Exec(t.Context(), query); err == nil {
			t.Errorf("%s: it went", query)
		}
	}
}

func TestReopen(t *testing.T) {
	address := newDatabase(t)
	db := openTest(t, address)
	if err := db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "N"}) }); err != nil {
		t.Fatal(err)
	}
	again := openTest(t, address)
	err := again.View(t.Context(), func(tx kerbside.Tx) error {
		if o, err := tx.Organisations(); err != nil || len(o) != 1 {
			t.Error(o, err)
		}
		return nil
	})
	if err = errors.Join(err, again.Check(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"INSERT INTO migrations VALUES (999, 'later', '', 0)", "DELETE FROM migrations WHERE number = 999", "UPDATE migrations SET sha256 = 'x'"} {
		if _, err := again.pool.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		other, err := Open(t.Context(), address, Options{})
		if refused := !strings.HasPrefix(query, "DELETE"); refused != (kerbside.CodeOf(err) == kerbside.CodeUnavailable) {
			t.Errorf("after %q: %v", query, err)
		}
		if err == nil {
			_ = other.Close()
		}
	}
}

// TestAddresses: what cannot be opened says so, and no password.
func TestAddresses(t *testing.T) {
	for address, code := range map[string]kerbside.Code{
		"postgres://u:se%zzcret@h/n": kerbside.CodeInvalid, "postgres://u:secret@127.0.0.1:1/n": kerbside.CodeUnavailable, "postgres://u:secret@127.0.0.1:secret/n": kerbside.CodeInvalid,
		strings.Replace(newDatabase(t), "/test", "/none", 1): kerbside.CodeUnavailable,
	} {
		_, err := Open(t.Context(), address, Options{})
		if kerbside.CodeOf(err) != code || strings.Contains(err.Error(), "secret") || strings.Contains(kerbside.MessageOf(err), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for address, want := range map[string]string{
		"postgres://u:secret@h/n": "postgres://u:xxxxx@h/n", "postgres://u@h/n?password=secret&sslmode=require": "postgres://u@h/n?password=xxxxx&sslmode=require", "postgres://u:se%zzcret@h/n": "postgres://…",
	} {
		if got := Redacted(address); got != want {
			t.Errorf("%s", got)
		}
	}
}

// TestFence: whose lease has ended changes nothing any more, neither of the visit nor of the job.
func TestFence(t *testing.T) {
	address := newDatabase(t)
	var dbs [2]*DB
	for i := range dbs {
		db, err := Open(t.Context(), address, Options{Lease: 200 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		dbs[i] = db
	}
	ctx := t.Context()
	err := dbs[0].Update(ctx, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.Enqueue(kerbside.Job{Org: "o", Kind: kerbside.JobExtract, Visit: "v"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	claim := func(db *DB) *claimed {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if err := db.expire(ctx); err != nil {
				t.Fatal(err)
			}
			if c, _, err := db.claim(ctx, 0, kerbside.WorkOptions{}); err != nil {
				t.Fatal(err)
			} else if c != nil {
				return c
			}
		}
		t.Fatal("nobody gets it")
		return nil
	}
	hold := func(db *DB, c *claimed) error {
		return db.Update(ctx, func(tx kerbside.Tx) error { return tx.Hold(c.job) })
	}
	first := claim(dbs[0])
	if err := hold(dbs[0], first); err != nil {
		t.Fatal(err)
	}
	if c, _, err := dbs[1].claim(ctx, 0, kerbside.WorkOptions{}); c != nil || err != nil {
		t.Fatal("it was claimed twice", err)
	}
	second := claim(dbs[1]) // the first stands still meanwhile
	if second.job.ID != first.job.ID || second.job.Lease <= first.job.Lease || second.job.Attempt != 1 || second.deaths != 1 {
		t.Fatalf("%+v, then %+v", first, second)
	}
	if err := hold(dbs[0], first); kerbside.CodeOf(err) != kerbside.CodeConflict {
		t.Fatal(err)
	}
	still, err := dbs[0].beat(ctx, []int64{first.n}, []int64{first.job.Lease})
	if err != nil || len(still) != 0 {
		t.Fatal(still, err)
	}
	for _, err := range []error{dbs[0].settle(ctx, "DELETE FROM jobs WHERE "+ofClaim, first), dbs[0].again(ctx, first, "attempt", "late", 0)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if still, err = dbs[1].beat(ctx, []int64{second.n}, []int64{second.job.Lease}); err != nil || !still[second.n] {
		t.Fatal(still, err)
	}
	if err := hold(dbs[1], second); err != nil {
		t.Fatal(err)
	}
	// A lease that is over but that nobody else took may still be used: whoever commits first has it.
	time.Sleep(300 * time.Millisecond)
	if err := hold(dbs[1], second); err != nil {
		t.Fatal(err)
	}
}

// TestTurns: a writer that waits for its organisation's turn gives up with its context, and the turn goes on.
func TestTurns(t *testing.T) {
	db := openTest(t, newDatabase(t))
	inside, leave := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), func(tx kerbside.Tx) error {
			err := tx.PutOrganisation(kerbside.Organisation{ID: "o"})
			close(inside)
			<-leave
			return err
		})
	}()
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := db.Update(ctx, func(tx kerbside.Tx) error { return tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "late"}) })
	if kerbside.CodeOf(err) != kerbside.CodeCanceled {
		t.Error(err)
	}
	if err := db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.PutOrganisation(kerbside.Organisation{ID: "p"}) }); err != nil {
		t.Error("another organisation waits too", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "next"}) }); err != nil {
		t.Fatal(err)
	}
	if len(db.turns.of) != 0 {
		t.Error("turns are kept for ever")
	}
}

// TestErased: once a key was destroyed, the server's file of the table does not hold its bytes any more.
func TestErased(t *testing.T) {
	db := openTest(t, newDatabase(t))
	secret := []byte("sealed-by-the-master-key")
	place := func() (path string) {
		t.Helper()
		if err := db.pool.QueryRow(t.Context(), "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('data_keys')").Scan(&path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := func() []byte {
		t.Helper()
		if _, err := db.pool.Exec(t.Context(), "CHECKPOINT"); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(place())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	err := db.Update(t.Context(), func(tx kerbside.Tx) error {
		return tx.PutDataKey(kerbside.DataKey{Org: "o", Scope: "r", Wrapped: secret, CreatedAt: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file(), secret) {
		t.Fatal("the test looks at the wrong place")
	}
	was := place()
	db.scrubAfter = time.Millisecond
	if err := db.Update(t.Context(), func(tx kerbside.Tx) error { return tx.EraseDataKey("o", "r", time.Now()) }); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); place() == was; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the table is not written anew")
		}
	}
	if bytes.Contains(file(), secret) {
		t.Error("it is still there")
	}
	if _, err := os.Stat(was); err == nil {
		if b, _ := os.ReadFile(was); len(b) > 0 { // the server takes the name away with its next checkpoint
			t.Error("the old file is still there")
		}
	}
}
