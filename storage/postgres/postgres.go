// Package postgres keeps everything but sound in a PostgreSQL database, and works its jobs, for any number of processes at once.
//
// Each transaction is serializable: whatever several writers do at one time comes out as if one had been after the other, and one that could not is run again.
// That would be often, as nearly everything that somebody does is a next entry of their organisation's audit log; so writers of one
// organisation take turns before they begin, and those of different ones do not wait for each other. A commit has reached the server's disk when it returns.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"kerbside"
	"kerbside/storage/rows"
)

const (
	leastVersion = 140000 // of the server, as it numbers them
	maxConns     = 16     // of one process, unless the address has pool_max_conns
	maxTries     = 12     // of one transaction
	lockTimeout  = "45s"
)

// Options change what is right outside tests. Zero values are the defaults.
type Options struct {
	Now     func() time.Time                // time.Now
	Backoff func(attempt int) time.Duration // before run attempt+1 of a job that failed: 2 s, then 15 s
	Silence time.Duration                   // after which a job that is not heard of is stopped: 15 min
	Lease   time.Duration                   // after which a job is another worker's, unless its own prolongs it, as it does all the time: 30 s
}

// DB is a [kerbside.Store] and a [kerbside.Queue] on one PostgreSQL database.
type DB struct {
	pool    *pgxpool.Pool
	turns   turns
	now     func() time.Time
	backoff func(int) time.Duration
	silence time.Duration
	lease   time.Duration

	erased     chan struct{} // a key was destroyed
	scrubAfter time.Duration
	stop       func() // ends the scrubber

	mu      sync.Mutex
	workers map[*worker]bool   // calls of Work
	deaf    context.CancelFunc // ends listening for jobs; nil while nobody works
}

var (
	_ kerbside.Store = (*DB)(nil)
	_ kerbside.Queue = (*DB)(nil)
)

// IsURL reports whether an address is one for Open.
func IsURL(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Redacted is an address as it may be shown.
func Redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "postgres://…"
	}
	q := u.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if q.Has(secret) {
			q.Set(secret, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}

// Open opens the database at an address, "postgres://USER[:PASSWORD]@HOST[:PORT]/NAME[?sslmode=verify-full&…]", and brings its tables up to date. What the address lacks comes
// from the environment (PGPASSWORD, PGPASSFILE, …). A database that a newer program wrote is refused, and a server that does not keep what it says it has kept.
func Open(ctx context.Context, address string, o Options) (_ *DB, err error) {
	const op = "postgres.Open"
	config, err := pgxpool.ParseConfig(address)
	if err != nil { // it may quote the password
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The address of the database is none. It is postgres://USER@HOST/NAME, with what is special in it written as %XX.", nil)
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = maxConns
	}
	params := config.ConnConfig.RuntimeParams
	if params["application_name"] == "" {
		params["application_name"] = "kerbside"
	}
	params["synchronous_commit"] = "on"
	params["timezone"] = "UTC"
	// A process that stands still in the middle of a transaction keeps others waiting so long and no longer.
	params["idle_in_transaction_session_timeout"] = "30s"
	params["lock_timeout"] = lockTimeout
	db := &DB{now: o.Now, backoff: o.Backoff, silence: o.Silence, lease: o.Lease, erased: make(chan struct{}, 1), scrubAfter: scrubAfter, workers: map[*worker]bool{}}
	if db.now == nil {
		db.now = time.Now
	}
	if db.silence == 0 {
		db.silence = silence
	}
	if db.lease == 0 {
		db.lease = lease
	}
	if db.backoff == nil {
		db.backoff = rows.Backoff
	}
	if db.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, failure(op, err)
	}
	defer func() {
		if err != nil {
			db.pool.Close()
		}
	}()
	if err := db.assertSettings(ctx); err != nil {
		return nil, failure(op, err)
	}
	if err := db.migrate(ctx); err != nil {
		return nil, failure(op, err)
	}
	if err := db.scrubOnce(ctx); err != nil {
		return nil, failure(op, err)
	}
	scrubbing, stop := context.WithCancel(context.WithoutCancel(ctx))
	var scrubs sync.WaitGroup
	scrubs.Go(func() { db.scrubber(scrubbing) })
	db.stop = func() { stop(); scrubs.Wait() }
	return db, nil
}

// assertSettings asks the server what really holds.
func (db *DB) assertSettings(ctx context.Context) error {
	const op = "postgres.assertSettings"
	var version int
	if err := db.pool.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return err
	}
	if version < leastVersion {
		return kerbside.E(kerbside.CodeUnavailable, op, "This PostgreSQL is too old. Kerbside needs version 14 or newer.", fmt.Errorf("version %d", version))
	}
	for _, want := range [][2]string{{"fsync", "on"}, {"full_page_writes", "on"}, {"synchronous_commit", "on"}, {"server_encoding", "UTF8"}} {
		var got string
		if err := db.pool.QueryRow(ctx, "SELECT current_setting($1)", want[0]).Scan(&got); err != nil {
			return err
		}
		if got != want[1] {
			return kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The database server does not keep the promises that Kerbside makes: %s is %q. Set it to %q.", want[0], got, want[1]), nil)
		}
	}
	return nil
}

// Close ends all connections. Transactions that run are waited for.
func (db *DB) Close() error {
	db.stop()
	db.pool.Close()
	return nil
}

// Update implements [kerbside.Store].
func (db *DB) Update(ctx context.Context, f func(kerbside.Tx) error) error {
	const op = "postgres.Update"
	var org kerbside.OrganisationID // whose turn the try before needed
	for try := 1; ; try++ {
		q := &querier{db: db, org: org}
		err := q.run(ctx, f)
		if err == nil {
			if q.enqueued {
				db.wakeWorkers()
			}
			if q.erased {
				db.scrubSoon()
			}
			return nil
		}
		if !q.again(err) || try == maxTries || ctx.Err() != nil {
			return failure(op, err)
		}
		if org = q.org; org == "" {
			org = q.about
		}
		rows.Sleep(ctx, nil, pause(try))
	}
}

// View implements [kerbside.Store].
func (db *DB) View(ctx context.Context, f func(kerbside.Tx) error) error {
	return failure("postgres.View", (&querier{db: db, view: true}).run(ctx, f))
}

// Check looks whether the tables can be read. Whether the server's files are whole is for its own tools (pg_amcheck, data checksums).
func (db *DB) Check(ctx context.Context) error {
	const op = "postgres.Check"
	err := pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error {
		list, err := t.Query(ctx, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(list, pgx.RowTo[string])
		for _, name := range names {
			if err == nil {
				_, err = t.Exec(ctx, "SELECT md5(string_agg(md5(x::text), '')) FROM "+name+" x")
			}
		}
		return err
	})
	var typed *kerbside.Error
	if err = failure(op, err); errors.As(err, &typed) && typed.Code == kerbside.CodeInternal {
		return kerbside.E(kerbside.CodeInternal, op, "The database is damaged.", err)
	}
	return err
}
