package rows

import (
	"crypto/rand"

	"kerbside"
)

// Enqueue implements [kerbside.Tx]. A stage that waits already is brought forward instead of waiting twice.
func (t *tx) Enqueue(j kerbside.Job) error {
	const op = "rows.Enqueue"
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
	// It is due at once, whatever the clocks of this machine and of the worker's say.
	err = t.exec(op, `INSERT INTO jobs (org, id, kind, visit, recording, owner, priority, state, run_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', 0)
		ON CONFLICT (org, kind, visit, recording) WHERE state = 'queued' DO UPDATE SET run_at = 0, attempt = 0, deaths = 0,
		owner = excluded.owner, priority = CASE WHEN jobs.priority > excluded.priority THEN jobs.priority ELSE excluded.priority END`,
		j.Org, j.ID, j.Kind, j.Visit, j.Recording, j.Owner, j.Priority)
	t.Enqueued = t.Enqueued || err == nil
	return err
}

// Hold implements [kerbside.Tx].
func (t *tx) Hold(j kerbside.Job) error {
	const op = "rows.Hold"
	_, err := one(t, op, func(r row) (n int64, err error) { return n, r.Scan(&n) },
		"SELECT n FROM jobs WHERE org = ? AND id = ? AND lease = ? AND state = 'running'"+t.d.ForUpdate, j.Org, j.ID, j.Lease)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return kerbside.E(kerbside.CodeConflict, op, "This is done by another worker by now. Nothing was changed.", nil)
	}
	return err
}

const jobColumns = "id, org, kind, visit, recording, owner, priority, attempt, lease, last_error"

func scanJob(r row) (j kerbside.Job, err error) {
	err = r.Scan(&j.ID, &j.Org, &j.Kind, &j.Visit, &j.Recording, &j.Owner, &j.Priority, &j.Attempt, &j.Lease, &j.LastError)
	return j, err
}

// Jobs implements [kerbside.Tx].
func (t *tx) Jobs(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Job, error) {
	return many(t, "rows.Jobs", scanJob, "SELECT "+jobColumns+" FROM jobs WHERE org = ? AND visit = ? AND state <> 'aside' ORDER BY n", org, v)
}

// SetAside implements [kerbside.Tx].
func (t *tx) SetAside(org kerbside.OrganisationID) ([]kerbside.Job, error) {
	return many(t, "rows.SetAside", scanJob, "SELECT "+jobColumns+" FROM jobs WHERE org = ? AND state = 'aside' ORDER BY n", org)
}

// JobCounts implements [kerbside.Tx].
func (t *tx) JobCounts() ([]kerbside.JobCount, error) {
	return many(t, "rows.JobCounts", func(r row) (c kerbside.JobCount, err error) { return c, r.Scan(&c.Kind, &c.State, &c.N) },
		"SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state ORDER BY kind, state")
}
