package postgres

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/postgres/pgtest"
)

// provenJobs is small in an ordinary run; make prove-jobs asks for more.
var provenJobs = flag.Int("jobs", 60, "jobs that TestJobsPerSecond has done by each number of workers")

// TestJobsPerSecond measures what the database carries: jobs that do nothing, and jobs that commit a document as a stage does. All are done once, whatever claims at once.
func TestJobsPerSecond(t *testing.T) {
	const orgs, owners = 20, 10
	database := newDatabase
	if *provenJobs >= 1000 { // on a disk, which each commit waits for
		server, err := pgtest.Start("")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Stop() })
		database = func(t *testing.T) string {
			address, err := server.Database(t.Context(), "template1")
			if err != nil {
				t.Fatal(err)
			}
			return address
		}
	}
	body := make([]byte, 8<<10)
	for _, stage := range []bool{false, true} {
		for _, claimers := range []int{1, 4, 16} {
			db, err := Open(t.Context(), database(t), Options{})
			if err != nil {
				t.Fatal(err)
			}
			seedJobs(t, db, orgs, owners, *provenJobs)
			var done sync.Map
			var n, commits atomic.Int64
			ctx, stop := context.WithCancel(t.Context())
			handle := func(ctx context.Context, j kerbside.Job) error {
				if _, twice := done.LoadOrStore(j.ID, true); twice {
					t.Errorf("job %s ran twice", j.ID)
				}
				if stage {
					err := db.Update(ctx, func(tx kerbside.Tx) error {
						if err := tx.Hold(j); err != nil {
							return err
						}
						if _, err := tx.Visit(j.Org, j.Visit); err != nil {
							return err
						}
						return tx.AddDocument(kerbside.Document{ID: kerbside.DocumentID("d-" + j.ID), Org: j.Org, Visit: j.Visit, Kind: kerbside.DocRecord, Key: string(j.ID), Version: 1, Body: body})
					})
					if err != nil {
						return err
					}
					commits.Add(1)
				}
				if n.Add(1) == int64(*provenJobs) {
					stop()
				}
				return nil
			}
			began := time.Now()
			err = db.Work(ctx, kerbside.WorkOptions{Workers: claimers}, handle, func(_ context.Context, j kerbside.Job, err error) {
				t.Errorf("%+v: %v", j, err)
				stop()
			})
			took := time.Since(began)
			if err != nil || n.Load() != int64(*provenJobs) {
				t.Fatal(n.Load(), err)
			}
			kind := "that do nothing"
			if stage {
				kind = fmt.Sprintf("that commit %d KB", len(body)>>10)
			}
			t.Logf("%2d workers claim at once, %d jobs of %d people in %d organisations, %s: %.0f jobs/s", claimers, *provenJobs, orgs*owners, orgs, kind, float64(*provenJobs)/took.Seconds())
			_ = db.Close()
		}
	}
}

func seedJobs(t *testing.T, db *DB, orgs, owners, jobs int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx kerbside.Tx) error {
		for o := range orgs {
			org := kerbside.OrganisationID(fmt.Sprintf("o-%d", o))
			err := errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: org}), tx.PutUser(kerbside.User{ID: kerbside.UserID("u-" + org), Org: org}),
				tx.PutVisit(kerbside.Visit{ID: "v", Org: org, Worker: kerbside.UserID("u-" + org)}))
			if err != nil {
				return err
			}
		}
		for i := range jobs {
			j := kerbside.Job{Org: kerbside.OrganisationID(fmt.Sprintf("o-%d", i%orgs)), Kind: kerbside.JobTranscribe, Visit: "v", Recording: kerbside.RecordingID(fmt.Sprint("r-", i)), Owner: kerbside.UserID(fmt.Sprint("u-", i/orgs%owners))}
			if err := tx.Enqueue(j); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = db.pool.Exec(t.Context(), "ANALYZE")
	}
	if err != nil {
		t.Fatal(err)
	}
}
