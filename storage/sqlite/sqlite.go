// Package sqlite keeps everything but sound in one SQLite file, and works its jobs.
//
// What a transaction committed survives a power cut: WAL with synchronous=FULL, asserted on every connection's first use
// at [Open]. One connection writes and takes the write lock when a transaction begins, so that a transaction never fails half way because
// another one was first; several connections read, each on one consistent state. The file is private to the user (0600).
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"kerbside"
	"kerbside/storage/rows"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	busyTimeout = 10 * time.Second // for another process, such as a backup; our own writers queue in Go
	readers     = 4
)

// Options change what is right outside tests. Zero values are the defaults.
type Options struct {
	Now     func() time.Time                // time.Now
	Backoff func(attempt int) time.Duration // before run attempt+1 of a job that failed: 2 s, then 15 s
	Silence time.Duration                   // after which a job that is not heard of is stopped: 15 min
}

// DB is a [kerbside.Store] and a [kerbside.Queue] on one SQLite file.
type DB struct {
	path    string
	write   *sql.DB
	read    *sql.DB
	now     func() time.Time
	backoff func(int) time.Duration
	silence time.Duration
	wake    [len(lanes)]chan struct{} // a job was committed
}

var (
	_ kerbside.Store = (*DB)(nil)
	_ kerbside.Queue = (*DB)(nil)
)

// Open opens the database, creates it when it is not there, and brings its tables up to date. A database that a newer program
// wrote is refused.
func Open(ctx context.Context, path string, o Options) (_ *DB, err error) {
	const op = "sqlite.Open"
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, failure(op, err)
	}
	db := &DB{path: path, now: o.Now, backoff: o.Backoff}
	for i := range db.wake {
		db.wake[i] = make(chan struct{}, 1)
	}
	if db.now == nil {
		db.now = time.Now
	}
	if db.silence = o.Silence; db.silence == 0 {
		db.silence = silence
	}
	if db.backoff == nil {
		db.backoff = rows.Backoff
	}
	if err := createFile(path); err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, "The database file cannot be created. Check that its folder exists and may be written to.", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if db.write, err = sql.Open("sqlite", dsn(path, "_txlock", "immediate")); err != nil {
		return nil, failure(op, err)
	}
	db.write.SetMaxOpenConns(1)
	if db.read, err = sql.Open("sqlite", dsn(path, "_pragma", "query_only(1)")); err != nil {
		return nil, failure(op, err)
	}
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	for _, pool := range []*sql.DB{db.write, db.read} {
		if err := assertSettings(ctx, pool); err != nil {
			return nil, failure(op, err)
		}
		if pool == db.write {
			if err := migrate(ctx, pool, db.now()); err != nil {
				return nil, failure(op, err)
			}
		}
	}
	return db, nil
}

// createFile makes an empty private file and syncs the folder: SQLite gives the files beside it the same permissions.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func dsn(path, key, value string) string {
	q := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), // first: the others may have to wait
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "trusted_schema(0)",
		"secure_delete(1)", // what is erased is overwritten and not only forgotten
	}}
	q.Add(key, value)
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// assertSettings asks the database what really holds: drivers ignore settings that they do not know.
func assertSettings(ctx context.Context, pool *sql.DB) error {
	for _, want := range [][2]string{{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"secure_delete", "1"}, {"busy_timeout", fmt.Sprint(busyTimeout.Milliseconds())}} {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+want[0]).Scan(&got); err != nil {
			return err
		}
		if got != want[1] {
			return kerbside.E(kerbside.CodeUnavailable, "sqlite.assertSettings",
				"The database does not keep the promises that Kerbside makes. Put it on a local disk.", fmt.Errorf("%s is %q, not %q", want[0], got, want[1]))
		}
	}
	return nil
}

// Close ends all connections. Transactions that run are waited for.
func (db *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} { // the writer last: it folds the log into the file
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Update implements [kerbside.Store].
func (db *DB) Update(ctx context.Context, f func(kerbside.Tx) error) error {
	var t *rows.Tx
	err := db.inTx(ctx, db.write, nil, func(made *rows.Tx) error {
		t = made
		return f(t)
	})
	if err != nil {
		return failure("sqlite.Update", err)
	}
	if t.Enqueued {
		db.wakeWorkers()
	}
	if t.Erased {
		// The log holds what was overwritten in the file. It is emptied now when readers let it within the busy timeout, else a little later.
		_, _ = db.write.ExecContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return nil
}

// Rewrite is Update with a transaction whose Add methods replace rows that are there: to seal what an older program left plain, and for
// nothing else.
func (db *DB) Rewrite(ctx context.Context, f func(kerbside.Tx) error) error {
	return failure("sqlite.Rewrite", db.inTx(ctx, db.write, nil, func(t *rows.Tx) error {
		t.Insert = "INSERT OR REPLACE"
		return f(t)
	}))
}

// Shrink writes the file anew, without what pages hold that is not used any more, and empties the log.
func (db *DB) Shrink(ctx context.Context) error {
	for _, query := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.write.ExecContext(ctx, query); err != nil {
			return failure("sqlite.Shrink", err)
		}
	}
	return nil
}

// View implements [kerbside.Store].
func (db *DB) View(ctx context.Context, f func(kerbside.Tx) error) error {
	return failure("sqlite.View", db.inTx(ctx, db.read, &sql.TxOptions{ReadOnly: true}, func(t *rows.Tx) error { return f(t) }))
}

func (db *DB) inTx(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(*rows.Tx) error) (err error) {
	t, err := pool.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // f failed or panicked
			if rollback := t.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
				err = errors.Join(err, rollback)
			}
		}
	}()
	if err = f(rows.New(ctx, querier{t}, &dialect, db.now)); err != nil {
		return err
	}
	done = true
	return t.Commit()
}

// failure is [rows.Failure] with what SQLite reports.
func failure(op string, err error) error {
	if errors.Is(err, sql.ErrTxDone) { // database/sql takes a transaction back itself when its context ends, and says no more than this at the commit
		err = errors.Join(context.Canceled, err)
	}
	return rows.Failure(op, err, sql.ErrNoRows, func(err error) error {
		var lite *sqlite.Error
		if errors.As(err, &lite) {
			return liteFailure(op, lite)
		}
		return nil
	})
}

func liteFailure(op string, err *sqlite.Error) error {
	switch err.Code() {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		return kerbside.E(kerbside.CodeConflict, op, "This exists already. Nothing was changed; load it again.", err)
	}
	switch err.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return kerbside.E(kerbside.CodeUnavailable, op, "The disk is full, so this could not be stored. Nothing was changed; make room and try again.", err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return kerbside.E(kerbside.CodeUnavailable, op, "The database cannot be written to. Check the owner and permissions of its file and folder, then try again.", err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return kerbside.E(kerbside.CodeUnavailable, op, "The database is busy. Nothing was changed; try again in a moment.", err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return kerbside.E(kerbside.CodeUnavailable, op, "The database file is damaged. Restore it from a backup.", err)
	case sqlite3.SQLITE_INTERRUPT:
		return kerbside.E(kerbside.CodeCanceled, op, "This was stopped before it was done. Nothing was changed; try again.", err)
	case sqlite3.SQLITE_IOERR:
		return kerbside.E(kerbside.CodeUnavailable, op, "The disk reported an error. Nothing was changed; try again, and check the disk if it goes on.", err)
	}
	return kerbside.E(kerbside.CodeInternal, op, "", err)
}
