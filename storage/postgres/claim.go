package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"kerbside"
)

type claimed struct {
	n      int64
	deaths int
	job    kerbside.Job
	stop   context.CancelCauseFunc
	aside  bool // the handler of what is set aside was told
}

// clock is the server's, in microseconds.
const clock = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

// claimLock is had by one claim at a time, for the time of one statement: each sees what the one before took, so turns are fair to the job. What is looked up once a line is looked up by
// index, also while the server believes that a table is as small as it once was: that halves what a claim costs the server when two hundred people wait.
const claimLock = "SELECT pg_advisory_xact_lock(2003137378), set_config('enable_seqscan', 'off', true)"

// claimNext takes the next job. It walks from line to line - an urgency, an organisation, a person - by the index and looks at the head of each, so that a thousand files of one person
// cost no more than one. Of the first few heads it takes the first that no transaction holds.
const claimNext = `WITH RECURSIVE
clock AS MATERIALIZED (SELECT ` + clock + ` AS now),
line (urgency, org, owner) AS (
  (SELECT urgency, org, owner FROM jobs WHERE state = 'queued' AND urgency BETWEEN $1 AND $2 ORDER BY urgency, org, owner LIMIT 1)
  UNION ALL
  SELECT next.urgency, next.org, next.owner FROM line CROSS JOIN LATERAL (
    SELECT j.urgency, j.org, j.owner FROM jobs j WHERE j.state = 'queued' AND (j.urgency, j.org, j.owner) > (line.urgency, line.org, line.owner) AND j.urgency <= $2
    ORDER BY j.urgency, j.org, j.owner LIMIT 1) next
),
running AS MATERIALIZED (SELECT org, owner, count(*) AS runs FROM jobs WHERE state = 'running' GROUP BY org, owner),
head AS (
  SELECT first.n, row_number() OVER (ORDER BY line.urgency,
    COALESCE((SELECT sum(runs) FROM running r WHERE r.org = line.org), 0), COALESCE((SELECT max(at) FROM turns t WHERE t.org = line.org), 0),
    COALESCE((SELECT runs FROM running r WHERE r.org = line.org AND r.owner = line.owner), 0), COALESCE((SELECT at FROM turns t WHERE t.org = line.org AND t.owner = line.owner), 0),
    first.run_at, first.n) AS place
  FROM line CROSS JOIN LATERAL (
    SELECT j.n, j.run_at FROM jobs j WHERE j.state = 'queued' AND j.urgency = line.urgency AND j.org = line.org AND j.owner = line.owner
      AND j.run_at <= (SELECT now FROM clock) AND (j.kind = ANY ($3) OR $3 IS NULL)
      AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.state = 'running' AND o.org = j.org AND o.kind = j.kind AND o.visit = j.visit AND o.recording = j.recording)
    ORDER BY j.run_at, j.n LIMIT 1) first
  ORDER BY place LIMIT 8
),
free AS (SELECT j.n FROM jobs j JOIN head ON head.n = j.n WHERE j.state = 'queued' ORDER BY head.place LIMIT 1 FOR UPDATE OF j SKIP LOCKED),
taken AS (
  UPDATE jobs SET state = 'running', attempt = attempt + 1, lease = lease + 1, expires = (SELECT now FROM clock) + $4 FROM free WHERE jobs.n = free.n RETURNING jobs.*
),
turn AS (
  INSERT INTO turns (org, owner, at) SELECT org, owner, GREATEST((SELECT now FROM clock), 1 + (SELECT COALESCE(max(at), 0) FROM turns)) FROM taken
  ON CONFLICT (org, owner) DO UPDATE SET at = excluded.at
)
SELECT n, deaths, org, id, kind, visit, recording, owner, priority, attempt, lease, last_error FROM taken`

// claim takes the job that is next (see [kerbside.Queue]), or tells how long to wait for one.
func (db *DB) claim(ctx context.Context, lane int, o kerbside.WorkOptions) (*claimed, time.Duration, error) {
	var kinds []string
	for _, k := range o.Kinds {
		kinds = append(kinds, string(k))
	}
	from, to := int64(lanes[lane].from), int64(lanes[lane].to)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime) // cut off, it might have taken one that nobody knows of
	defer cancel()
	var c claimed
	var b pgx.Batch // one write, one transaction: a worker that stands still keeps no lock
	b.Queue(claimLock)
	b.Queue(claimNext, from, to, kinds, db.lease.Microseconds()).QueryRow(func(row pgx.Row) error {
		j := &c.job
		return row.Scan(&c.n, &c.deaths, &j.Org, &j.ID, &j.Kind, &j.Visit, &j.Recording, &j.Owner, &j.Priority, &j.Attempt, &j.Lease, &j.LastError)
	})
	err := db.pool.SendBatch(ctx, &b).Close()
	if err == nil {
		return &c, 0, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, 0, err
	}
	var wait *int64
	err = db.pool.QueryRow(ctx, `SELECT min(run_at) - `+clock+` FROM jobs WHERE state = 'queued' AND urgency BETWEEN $1 AND $2 AND run_at > `+clock+` AND (kind = ANY ($3) OR $3 IS NULL)`,
		from, to, kinds).Scan(&wait)
	if err != nil || wait == nil {
		return nil, idlePoll, err
	}
	return nil, min(time.Duration(max(*wait, 0))*time.Microsecond+time.Millisecond, idlePoll), nil
}

// ofClaim chooses the row that a worker claimed, as long as it is that claim's.
const ofClaim = "n = $1 AND lease = $2 AND state = 'running'"

// lazily lets the statements after it be lost with the server: a job would be run once more, and its stage find its work done.
const lazily = "SELECT set_config('synchronous_commit', 'off', true)"

func (db *DB) settle(ctx context.Context, query string, c *claimed, args ...any) error {
	var b pgx.Batch
	b.Queue(lazily)
	b.Queue(query, append([]any{c.n, c.job.Lease}, args...)...)
	return db.pool.SendBatch(ctx, &b).Close()
}

// again makes a job wait for another run, unless the same stage waits already.
func (db *DB) again(ctx context.Context, c *claimed, attempt, lastError string, wait time.Duration) error {
	err := db.settle(ctx, "UPDATE jobs SET state = 'queued', attempt = "+attempt+", last_error = $3, run_at = CASE WHEN $4::bigint > 0 THEN "+clock+" + $4::bigint ELSE 0 END WHERE "+ofClaim,
		c, lastError, wait.Microseconds())
	if hasCode(err, codeUnique) {
		return db.settle(ctx, "DELETE FROM jobs WHERE "+ofClaim, c)
	}
	return err
}

// beat prolongs claims and tells which of them still hold.
func (db *DB) beat(ctx context.Context, ns, leases []int64) (still map[int64]bool, err error) {
	still = map[int64]bool{}
	if len(ns) == 0 {
		return still, nil
	}
	var b pgx.Batch
	b.Queue(lazily)
	b.Queue(`UPDATE jobs SET expires = `+clock+` + $3 FROM unnest($1::bigint[], $2::bigint[]) AS mine (n, lease)
		WHERE jobs.n = mine.n AND jobs.lease = mine.lease AND jobs.state = 'running' RETURNING jobs.n`, ns, leases, db.lease.Microseconds()).Query(func(list pgx.Rows) error {
		var n int64
		_, err := pgx.ForEachRow(list, []any{&n}, func() error { still[n] = true; return nil })
		return err
	})
	return still, db.pool.SendBatch(ctx, &b).Close()
}

// expire makes jobs wait again whose lease has ended, which is not counted as a failure of theirs. One that waits a second time already is dropped.
func (db *DB) expire(ctx context.Context) error {
	const over = `WITH over AS (SELECT n FROM jobs WHERE state = 'running' AND expires < ` + clock + ` FOR UPDATE SKIP LOCKED) `
	tag, err := db.pool.Exec(ctx, over+`DELETE FROM jobs USING over WHERE jobs.n = over.n AND EXISTS (SELECT 1 FROM jobs o WHERE o.state = 'queued'
		AND o.org = jobs.org AND o.kind = jobs.kind AND o.visit = jobs.visit AND o.recording = jobs.recording)`)
	if err != nil {
		return err
	}
	dropped := tag.RowsAffected()
	if tag, err = db.pool.Exec(ctx, over+"UPDATE jobs SET state = 'queued', attempt = attempt - 1, deaths = deaths + 1, run_at = 0 FROM over WHERE jobs.n = over.n"); err != nil {
		return err
	}
	if tag.RowsAffected()+dropped > 0 {
		db.wakeWorkers()
		_, err = db.pool.Exec(ctx, "NOTIFY "+channel)
	}
	return err
}
