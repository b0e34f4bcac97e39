package storagetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
)

// patience is how long the suite waits for what is to happen.
const patience = 20 * time.Second

// Queues runs the suite of [kerbside.Queue]; open gives a new, empty store and its queue, whose back-off is at most 50 ms.
func Queues(t *testing.T, open func(t *testing.T) (kerbside.Store, kerbside.Queue)) {
	t.Helper()
	for _, c := range []struct {
		name string
		f    func(*testing.T, kerbside.Store, kerbside.Queue)
	}{
		{"a committed job runs at once", queueRuns}, {"a rolled back job never runs", queueRolledBack}, {"three tries, then aside", queueAside},
		{"a panic is a failure", queuePanic}, {"what stops is given back", queueGivenBack}, {"the same stage never runs twice at one time", queueOnce},
		{"one process works", queueExclusive},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, q := open(t)
			seed(t, s)
			c.f(t, s, q)
		})
	}
}

// work runs the queue until the test ends or stop is called.
func work(t *testing.T, q kerbside.Queue, n int, handle func(context.Context, kerbside.Job) error, setAside func(context.Context, kerbside.Job, error)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Work(ctx, n, handle, setAside) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Error("the queue does not stop")
		}
	})
	t.Cleanup(stop)
	return stop
}

func enqueue(t *testing.T, s kerbside.Store) {
	t.Helper()
	update(t, s, func(tx kerbside.Tx) error {
		return tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobExtract, Visit: "v-1"})
	})
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("it does not happen")
		panic("unreachable")
	}
}

func waitNoJobs(t *testing.T, s kerbside.Store) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var jobs []kerbside.Job
		view(t, s, func(tx kerbside.Tx) (err error) { jobs, err = tx.Jobs("o-1", "v-1"); return err })
		if len(jobs) == 0 {
			return
		}
	}
	t.Fatal("jobs are left")
}

func noAside(t *testing.T) func(context.Context, kerbside.Job, error) {
	return func(_ context.Context, j kerbside.Job, err error) { t.Errorf("set aside: %+v: %v", j, err) }
}

func queueRuns(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran := make(chan kerbside.Job, 10)
	work(t, q, 2, func(_ context.Context, j kerbside.Job) error { ran <- j; return nil }, noAside(t))
	time.Sleep(50 * time.Millisecond) // the workers sleep
	began := time.Now()
	enqueue(t, s)
	if j := receive(t, ran); j.Visit != "v-1" || j.Kind != kerbside.JobExtract || j.Attempt != 1 || j.ID == "" {
		t.Fatalf("%+v", j)
	}
	if d := time.Since(began); d > 900*time.Millisecond {
		t.Errorf("it waited for a poll: %v", d)
	}
	waitNoJobs(t, s)
}

func queueRolledBack(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran := make(chan kerbside.Job, 10)
	work(t, q, 2, func(_ context.Context, j kerbside.Job) error { ran <- j; return nil }, noAside(t))
	_ = s.Update(t.Context(), func(tx kerbside.Tx) error {
		if err := tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobDraft, Visit: "v-1"}); err != nil {
			t.Fatal(err)
		}
		return errors.New("no")
	})
	enqueue(t, s)
	if j := receive(t, ran); j.Kind != kerbside.JobExtract {
		t.Fatalf("%+v ran although it was never committed", j)
	}
	waitNoJobs(t, s)
	if len(ran) > 0 {
		t.Fatal("ran although it was never committed")
	}
}

func queueAside(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	var attempts []int
	var last string
	aside := make(chan kerbside.Job, 10)
	work(t, q, 1, func(_ context.Context, j kerbside.Job) error {
		attempts, last = append(attempts, j.Attempt), j.LastError
		return kerbside.E(kerbside.CodeUnavailable, "test", "The engine is away.", errors.New("detail"))
	}, func(_ context.Context, j kerbside.Job, err error) {
		wantCode(t, err, kerbside.CodeUnavailable)
		aside <- j
	})
	enqueue(t, s)
	if j := receive(t, aside); j.Attempt != 3 || len(attempts) != 3 || attempts[2] != 3 || last != "The engine is away." {
		t.Fatalf("%+v after %v, last error %q", j, attempts, last)
	}
	waitNoJobs(t, s)
	enqueue(t, s) // a person tries again: three more
	receive(t, aside)
	if len(attempts) != 6 || attempts[3] != 1 {
		t.Fatal(attempts)
	}
}

func queuePanic(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran := make(chan int, 10)
	work(t, q, 1, func(_ context.Context, j kerbside.Job) error {
		ran <- j.Attempt
		if j.Attempt == 1 {
			panic("bug")
		}
		return nil
	}, noAside(t))
	enqueue(t, s)
	if a, b := receive(t, ran), receive(t, ran); a != 1 || b != 2 {
		t.Fatal(a, b)
	}
}

func queueGivenBack(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	for range 5 { // more often than a job may fail
		started := make(chan struct{})
		stop := work(t, q, 1, func(ctx context.Context, _ kerbside.Job) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		}, noAside(t))
		enqueue(t, s)
		receive(t, started)
		stop()
	}
	ran := make(chan kerbside.Job, 1)
	work(t, q, 1, func(_ context.Context, j kerbside.Job) error { ran <- j; return nil }, noAside(t))
	if j := receive(t, ran); j.Attempt != 1 {
		t.Fatalf("%+v: a stop counted as a failure", j)
	}
}

func queueOnce(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	var running, most, runs atomic.Int32
	work(t, q, 4, func(context.Context, kerbside.Job) error {
		most.Store(max(most.Load(), running.Add(1)))
		time.Sleep(20 * time.Millisecond)
		running.Add(-1)
		runs.Add(1)
		return nil
	}, noAside(t))
	for range 5 {
		enqueue(t, s)
		time.Sleep(5 * time.Millisecond)
	}
	waitNoJobs(t, s)
	if most.Load() != 1 || runs.Load() == 0 {
		t.Fatal(most.Load(), runs.Load())
	}
}

func queueExclusive(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran := make(chan struct{}, 1)
	work(t, q, 1, func(context.Context, kerbside.Job) error { ran <- struct{}{}; return nil }, noAside(t))
	enqueue(t, s)
	receive(t, ran)
	wantCode(t, q.Work(t.Context(), 1, nil, nil), kerbside.CodeConflict)
}
