package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"kerbside"
	"kerbside/storage/rows"
)

// The queue is a table of our own and not River (tried at v0.49.0 with its SQLite driver), for these reasons: River has no
// heartbeat, so a job whose process died is taken up again only when the job's own time limit has passed (measured: after 5 min 15 s
// with a limit of 5 min), never when it has none - and hours of sound need a limit of hours, while a restart is to resume within seconds; a last run that dies is discarded without
// the hook that tells the visit; and to give work back at start we would have to write to its tables anyway. Here one process at a
// time works the jobs, held by a lock on a file that the kernel lets go when the process dies, so whatever is marked as running at start
// belongs to nobody.

const (
	maxAttempts = 3
	maxDeaths   = 10               // of the process while a job ran: it may be the job that kills it
	idlePoll    = time.Second      // for jobs that another process enqueued
	leaveTime   = 10 * time.Second // to write down what became of a job when ctx has ended
	silence     = 15 * time.Minute // without a beat of a job: the longest that one step may take
)

// lanes are what workers take: the priorities from least to most. The last has one worker, the others as many as are asked for.
var lanes = [...]struct{ least, most kerbside.Priority }{
	{kerbside.PriorityFile, kerbside.PriorityLive}, {kerbside.PriorityLive, kerbside.PriorityLive}, {kerbside.PriorityIdle, kerbside.PriorityIdle},
}

// Work implements [kerbside.Queue]. It reports CodeConflict when another process works this database.
func (db *DB) Work(ctx context.Context, o kerbside.WorkOptions, handle func(context.Context, kerbside.Job) error, setAside func(context.Context, kerbside.Job, error)) error {
	const op = "sqlite.Work"
	unlock, err := lock(db.path + ".work")
	if err != nil {
		return kerbside.E(kerbside.CodeConflict, op, "Another Kerbside works on this database. Stop it first.", err)
	}
	defer unlock()
	if err := db.requeue(ctx); err != nil {
		return failure(op, err)
	}
	running, done := o.Running(ctx)
	defer done()
	var wg sync.WaitGroup
	for i := range lanes {
		workers := max(o.Workers, 1)
		if i == len(lanes)-1 {
			workers = 1
		}
		for range workers {
			wg.Go(func() { db.worker(ctx, running, i, o, handle, setAside) })
		}
	}
	wg.Wait()
	return nil
}

// requeue makes everything that is marked as running wait again: its worker died, which is not counted as a failure of the job. One
// that waits a second time already is dropped.
func (db *DB) requeue(ctx context.Context) error {
	t, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	for _, query := range []string{
		`DELETE FROM jobs WHERE state = 'running' AND EXISTS (SELECT 1 FROM jobs o WHERE o.state = 'queued'
			AND o.org = jobs.org AND o.kind = jobs.kind AND o.visit = jobs.visit AND o.recording = jobs.recording)`,
		"UPDATE jobs SET state = 'queued', attempt = attempt - 1, deaths = deaths + 1 WHERE state = 'running'",
	} {
		if _, err := t.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return t.Commit()
}

func (db *DB) worker(ctx, running context.Context, lane int, o kerbside.WorkOptions, handle func(context.Context, kerbside.Job) error, setAside func(context.Context, kerbside.Job, error)) {
	for ctx.Err() == nil {
		c, wait, err := db.claim(ctx, lane, o)
		if err != nil || c == nil {
			if err != nil { // the database is busy, full or gone for the moment: jobs wait in it
				wait = idlePoll
			}
			rows.Sleep(ctx, db.wake[lane], wait)
			continue
		}
		db.wakeWorkers() // there may be more
		db.run(running, c, handle, setAside)
	}
}

func (db *DB) wakeWorkers() {
	for _, wake := range db.wake {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

type claimed struct {
	n      int64
	deaths int
	job    kerbside.Job
}

const ready = `FROM jobs j WHERE state = 'queued' AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.state = 'running'
	AND o.org = j.org AND o.kind = j.kind AND o.visit = j.visit AND o.recording = j.recording)`

// taken narrows to the kinds that a worker takes; "" when it takes all.
func taken(o kerbside.WorkOptions) (condition string, args []any) {
	if o.Kinds == nil {
		return "", nil
	}
	for _, k := range o.Kinds {
		args = append(args, string(k))
	}
	return " AND kind IN (" + strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ") + ")", args
}

// claim takes the job that is next (see [kerbside.Queue]), or tells how long to wait for one.
func (db *DB) claim(ctx context.Context, lane int, o kerbside.WorkOptions) (*claimed, time.Duration, error) {
	kinds, args := taken(o)
	now := rows.Micros(db.now())
	args = append([]any{lanes[lane].least, lanes[lane].most}, args...)
	var next sql.NullInt64
	if err := db.read.QueryRowContext(ctx, "SELECT MIN(run_at) "+ready+" AND priority BETWEEN ? AND ?"+kinds, args...).Scan(&next); err != nil {
		return nil, 0, err
	}
	if !next.Valid {
		return nil, idlePoll, nil
	}
	if wait := time.Duration(next.Int64-now) * time.Microsecond; wait > 0 {
		return nil, min(wait, idlePoll), nil
	}
	t, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, 0, err
	}
	defer t.Rollback()
	var c claimed
	err = t.QueryRowContext(ctx, `UPDATE jobs SET state = 'running', attempt = attempt + 1, lease = lease + 1
		WHERE n = (SELECT n `+ready+` AND priority BETWEEN ? AND ?`+kinds+` AND run_at <= ? ORDER BY priority DESC,
			(SELECT COUNT(*) FROM jobs r WHERE r.state = 'running' AND r.org = j.org),
			COALESCE((SELECT MAX(at) FROM turns t WHERE t.org = j.org), 0),
			(SELECT COUNT(*) FROM jobs r WHERE r.state = 'running' AND r.org = j.org AND r.owner = j.owner),
			COALESCE((SELECT at FROM turns t WHERE t.org = j.org AND t.owner = j.owner), 0), run_at, n LIMIT 1)
		RETURNING n, deaths, org, id, kind, visit, recording, owner, priority, attempt, lease, last_error`, append(args, now)...).
		Scan(&c.n, &c.deaths, &c.job.Org, &c.job.ID, &c.job.Kind, &c.job.Visit, &c.job.Recording, &c.job.Owner, &c.job.Priority, &c.job.Attempt, &c.job.Lease, &c.job.LastError)
	if errors.Is(err, sql.ErrNoRows) { // another worker was first
		return nil, 0, nil
	}
	if err == nil { // two turns never have the same time, however fast they come
		_, err = t.ExecContext(ctx, `INSERT INTO turns (org, owner, at) VALUES (?1, ?2, MAX(?3, 1 + (SELECT COALESCE(MAX(at), 0) FROM turns)))
			ON CONFLICT (org, owner) DO UPDATE SET at = excluded.at`, c.job.Org, c.job.Owner, now)
	}
	if err == nil {
		err = t.Commit()
	}
	if err != nil {
		return nil, 0, err
	}
	return &c, 0, nil
}

// watched runs a job's handler and stops it when nothing is heard of it for too long.
func (db *DB) watched(ctx context.Context, c *claimed, handle func(context.Context, kerbside.Job) error) error {
	stuck := kerbside.E(kerbside.CodeUnavailable, "sqlite.watched", "This stood still for too long and was stopped. What was recorded is safe.", nil)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	timer := time.AfterFunc(db.silence, func() { stop(stuck) })
	defer timer.Stop()
	err := call(kerbside.WithBeat(ctx, func() { timer.Reset(db.silence) }), c.job, handle)
	if errors.Is(context.Cause(ctx), stuck) && err != nil {
		return stuck
	}
	return err
}

func (db *DB) run(ctx context.Context, c *claimed, handle func(context.Context, kerbside.Job) error, setAside func(context.Context, kerbside.Job, error)) {
	var err error
	if c.deaths >= maxDeaths {
		err = kerbside.E(kerbside.CodeInternal, "sqlite.run", "This stopped the program several times, so it is not tried again by itself. What was recorded is safe.", nil)
		c.job.Attempt = maxAttempts
	} else {
		err = db.watched(ctx, c, handle)
	}
	// What became of the job is written down even when the program is about to stop.
	stop := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	switch {
	case err == nil:
		err = db.settle(ctx, "DELETE FROM jobs WHERE "+ofClaim, c.n, c.job.Lease)
	case stop: // given back: it is not the job's fault
		err = db.again(ctx, c, "attempt - 1", c.job.LastError, 0)
	case c.job.Attempt >= maxAttempts:
		setAside(ctx, c.job, err)
		err = db.settle(ctx, "UPDATE jobs SET state = 'aside', last_error = ? WHERE "+ofClaim, kerbside.MessageOf(err), c.n, c.job.Lease)
	default:
		err = db.again(ctx, c, "attempt", kerbside.MessageOf(err), db.backoff(c.job.Attempt))
	}
	if err != nil {
		// The row still says "running"; nobody would take it up before the next start.
		rows.Sleep(ctx, nil, idlePoll)
		_ = db.again(ctx, c, "attempt", "", db.backoff(maxAttempts))
	}
}

// ofClaim chooses the row that a worker claimed, as long as it is that claim's.
const ofClaim = "n = ? AND lease = ? AND state = 'running'"

// again makes a job wait for another run, unless the same stage waits already.
func (db *DB) again(ctx context.Context, c *claimed, attempt, lastError string, wait time.Duration) error {
	err := db.settle(ctx, `UPDATE OR IGNORE jobs SET state = 'queued', attempt = `+attempt+`, last_error = ?, run_at = ? WHERE `+ofClaim,
		lastError, rows.Micros(db.now().Add(wait)), c.n, c.job.Lease)
	if err != nil {
		return err
	}
	return db.settle(ctx, "DELETE FROM jobs WHERE "+ofClaim, c.n, c.job.Lease)
}

func (db *DB) settle(ctx context.Context, query string, args ...any) error {
	_, err := db.write.ExecContext(ctx, query, args...)
	return err
}

// call runs handle; a panic becomes an error, so that one bad job does not take the others with it.
func call(ctx context.Context, j kerbside.Job, handle func(context.Context, kerbside.Job) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = kerbside.E(kerbside.CodeInternal, "sqlite.call", "", fmt.Errorf("%s job: panic of type %T", j.Kind, p))
		}
	}()
	return handle(ctx, j)
}

// lock takes an exclusive lock that ends with the process.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}
