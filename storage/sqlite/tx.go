package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"kerbside"
)

// tx is a [kerbside.Tx]; its methods are spread over the files of this package by what they are about.
type tx struct {
	ctx      context.Context
	tx       *sql.Tx
	now      func() time.Time
	enqueued bool
	erased   bool
	replaces bool // see Rewrite
}

var _ kerbside.Tx = (*tx)(nil)

func (t *tx) exec(op, query string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, query, args...)
	return failure(op, err)
}

// add is exec for rows that are only ever added.
func (t *tx) add(op, query string, args ...any) error {
	if t.replaces {
		query = strings.Replace(query, "INSERT", "INSERT OR REPLACE", 1)
	}
	return t.exec(op, query, args...)
}

// row is what both *sql.Row and *sql.Rows are.
type row interface{ Scan(dest ...any) error }

func one[T any](t *tx, op string, scan func(row) (T, error), query string, args ...any) (T, error) {
	v, err := scan(t.tx.QueryRowContext(t.ctx, query, args...))
	if err != nil {
		var none T
		return none, failure(op, err)
	}
	return v, nil
}

func many[T any](t *tx, op string, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, failure(op, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, failure(op, err)
		}
		out = append(out, v)
	}
	return out, failure(op, rows.Err())
}

// micro scans a time.
type micro struct{ t *time.Time }

func (m micro) Scan(v any) error {
	us, _ := v.(int64)
	*m.t = fromMicros(us)
	return nil
}

func (t *tx) PutOrganisation(o kerbside.Organisation) error {
	return t.exec("sqlite.PutOrganisation", `INSERT INTO organisations (id, name) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name`, o.ID, o.Name)
}

func (t *tx) Organisations() ([]kerbside.Organisation, error) {
	return many(t, "sqlite.Organisations", func(r row) (o kerbside.Organisation, err error) {
		return o, r.Scan(&o.ID, &o.Name)
	}, "SELECT id, name FROM organisations ORDER BY name, id")
}

// Enqueue implements [kerbside.Tx]. A stage that waits already is brought forward instead of waiting twice.
func (t *tx) Enqueue(j kerbside.Job) error {
	const op = "sqlite.Enqueue"
	if j.ID == "" {
		id, err := kerbside.NewID(rand.Reader, "j")
		if err != nil {
			return err
		}
		j.ID = kerbside.JobID(id)
	}
	// What was set aside is no longer of interest once it is to be tried again.
	err := t.exec(op, "DELETE FROM jobs WHERE state = 'aside' AND org = ? AND kind = ? AND visit = ? AND recording = ?", j.Org, j.Kind, j.Visit, j.Recording)
	if err != nil {
		return err
	}
	err = t.exec(op, `INSERT INTO jobs (org, id, kind, visit, recording, owner, priority, state, run_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?)
		ON CONFLICT (org, kind, visit, recording) WHERE state = 'queued' DO UPDATE SET run_at = excluded.run_at, attempt = 0, deaths = 0,
		owner = excluded.owner, priority = MAX(priority, excluded.priority)`,
		j.Org, j.ID, j.Kind, j.Visit, j.Recording, j.Owner, j.Priority, micros(t.now()))
	t.enqueued = t.enqueued || err == nil
	return err
}

const jobColumns = "id, org, kind, visit, recording, owner, priority, attempt, last_error"

func scanJob(r row) (j kerbside.Job, err error) {
	err = r.Scan(&j.ID, &j.Org, &j.Kind, &j.Visit, &j.Recording, &j.Owner, &j.Priority, &j.Attempt, &j.LastError)
	return j, err
}

func (t *tx) Jobs(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Job, error) {
	return many(t, "sqlite.Jobs", scanJob, "SELECT "+jobColumns+" FROM jobs WHERE org = ? AND visit = ? AND state <> 'aside' ORDER BY n", org, v)
}

func (t *tx) SetAside(org kerbside.OrganisationID) ([]kerbside.Job, error) {
	return many(t, "sqlite.SetAside", scanJob, "SELECT "+jobColumns+" FROM jobs WHERE org = ? AND state = 'aside' ORDER BY n", org)
}

func (t *tx) JobCounts() ([]kerbside.JobCount, error) {
	return many(t, "sqlite.JobCounts", func(r row) (c kerbside.JobCount, err error) { return c, r.Scan(&c.Kind, &c.State, &c.N) },
		"SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state ORDER BY kind, state")
}

// marks are n placeholders.
func marks(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
