package storagetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
)

// patience is how long the suite waits for what is to happen.
const patience = 20 * time.Second

// Queues runs the suite of [kerbside.Queue]; open gives a new, empty store and its queue, whose back-off is at most 50 ms, and which stops a job that was not heard
// of for 300 ms.
func Queues(t *testing.T, open func(t *testing.T) (kerbside.Store, kerbside.Queue)) {
	t.Helper()
	for _, c := range []struct {
		name string
		f    func(*testing.T, kerbside.Store, kerbside.Queue)
	}{
		{"a committed job runs at once", queueRuns}, {"a rolled back job never runs", queueRolledBack}, {"three tries, then aside", queueAside},
		{"a panic is a failure", queuePanic}, {"what stops is given back", queueGivenBack}, {"the same stage never runs twice at one time", queueOnce},
		{"the same for everybody", queueFair}, {"the same for every organisation", queueFairOrgs}, {"kinds", queueKinds}, {"a claim that is over", queueHold}, {"live ones first", queuePriority}, {"live ones never wait for files", queueLane},
		{"idle ones hold up nothing", queueIdle}, {"what stands still is stopped", queueStuck},
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
	go func() { done <- q.Work(ctx, kerbside.WorkOptions{Workers: n}, handle, setAside) }()
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
	for range 3 { // a poll takes a second or more
		enqueue(t, s)
		if j := receive(t, ran); j.Visit != "v-1" || j.Kind != kerbside.JobExtract || j.Attempt != 1 || j.ID == "" {
			t.Fatalf("%+v", j)
		}
		waitNoJobs(t, s)
	}
	if d := time.Since(began); d > 2*time.Second {
		t.Errorf("they waited for polls: %v", d)
	}
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
	view(t, s, func(tx kerbside.Tx) error {
		aside, err := tx.SetAside("o-1")
		if err != nil || len(aside) != 1 || aside[0].Visit != "v-1" || aside[0].LastError != "The engine is away." {
			t.Errorf("what was given up is not shown: %+v %v", aside, err)
		}
		return nil
	})
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

// enqueueFor adds a job of its own for each name: kind extract, a recording of that name.
func enqueueFor(t *testing.T, s kerbside.Store, owner kerbside.UserID, p kerbside.Priority, names ...string) {
	t.Helper()
	update(t, s, func(tx kerbside.Tx) error {
		for _, name := range names {
			err := tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobTranscribe, Visit: "v-1", Recording: kerbside.RecordingID(name), Owner: owner, Priority: p})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// order runs everything on one worker and gives the names in the order in which they ran.
func order(t *testing.T, s kerbside.Store, q kerbside.Queue) string {
	t.Helper()
	var mu sync.Mutex
	var ran []string
	work(t, q, 1, func(_ context.Context, j kerbside.Job) error {
		mu.Lock()
		defer mu.Unlock()
		ran = append(ran, string(j.Recording))
		return nil
	}, noAside(t))
	waitNoJobs(t, s)
	mu.Lock()
	defer mu.Unlock()
	return strings.Join(ran, " ")
}

// queueFair: who sent fifty files does not keep waiting who sent one after them.
func queueFair(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	enqueueFor(t, s, "u-1", kerbside.PriorityFile, "a1", "a2", "a3", "a4")
	enqueueFor(t, s, "u-2", kerbside.PriorityFile, "b1", "b2")
	enqueueFor(t, s, "u-3", kerbside.PriorityFile, "c1")
	if got := order(t, s, q); got != "a1 b1 c1 a2 b2 a3 a4" {
		t.Fatal(got)
	}
}

// queueFairOrgs: an organisation of many does not keep a small one waiting.
func queueFairOrgs(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	update(t, s, func(tx kerbside.Tx) error {
		if err := tx.PutOrganisation(kerbside.Organisation{ID: "o-2", Name: "Small"}); err != nil {
			return err
		}
		for _, j := range []kerbside.Job{{Org: "o-1", Owner: "u-1", Recording: "a1"}, {Org: "o-1", Owner: "u-1", Recording: "a2"}, {Org: "o-1", Owner: "u-2", Recording: "b1"}, {Org: "o-1", Owner: "u-2", Recording: "b2"},
			{Org: "o-1", Owner: "u-3", Recording: "c1"}, {Org: "o-2", Owner: "u-9", Recording: "z1"}, {Org: "o-2", Owner: "u-9", Recording: "z2"}} {
			j.Kind, j.Visit = kerbside.JobTranscribe, "v-1"
			if err := tx.Enqueue(j); err != nil {
				return err
			}
		}
		return nil
	})
	if got := order(t, s, q); got != "a1 z1 b1 z2 c1 a2 b2" {
		t.Fatal(got)
	}
}

func queueKinds(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran := make(chan kerbside.JobKind, 10)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- q.Work(ctx, kerbside.WorkOptions{Kinds: []kerbside.JobKind{kerbside.JobDraft, kerbside.JobPropose}}, func(_ context.Context, j kerbside.Job) error { ran <- j.Kind; return nil }, noAside(t))
	}()
	enqueue(t, s) // an extract job
	update(t, s, func(tx kerbside.Tx) error {
		return tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobDraft, Visit: "v-1"})
	})
	if k := receive(t, ran); k != kerbside.JobDraft {
		t.Errorf("took %s", k)
	}
	time.Sleep(50 * time.Millisecond)
	cancel()
	if err := receive(t, done); err != nil || len(ran) > 0 {
		t.Error(err, len(ran))
	}
	view(t, s, func(tx kerbside.Tx) error {
		jobs, err := tx.Jobs("o-1", "v-1")
		if len(jobs) != 1 || jobs[0].Kind != kerbside.JobExtract {
			t.Errorf("%+v", jobs)
		}
		return err
	})
}

// queueHold: a commit that names a claim is refused once the job is not that claim's any more, and commits nothing.
func queueHold(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	commit := func(j kerbside.Job, title string) error {
		return s.Update(t.Context(), func(tx kerbside.Tx) error {
			v := visit
			v.Title = title
			return errors.Join(tx.PutVisit(v), tx.Hold(j))
		})
	}
	claims := make(chan kerbside.Job, 10)
	work(t, q, 1, func(_ context.Context, j kerbside.Job) error {
		claims <- j
		if err := commit(j, "held"); err != nil {
			t.Error(err)
		}
		for _, other := range []kerbside.Job{{Org: j.Org, ID: j.ID, Lease: j.Lease - 1}, {Org: j.Org, ID: j.ID, Lease: j.Lease + 1}, {Org: "o-2", ID: j.ID, Lease: j.Lease}, {Org: j.Org, ID: "j-none", Lease: j.Lease}} {
			wantCode(t, commit(other, "not held"), kerbside.CodeConflict)
		}
		if j.Attempt == 1 {
			return errors.New("again")
		}
		return nil
	}, noAside(t))
	enqueue(t, s)
	first, second := receive(t, claims), receive(t, claims)
	if first.ID != second.ID || second.Lease <= first.Lease {
		t.Fatalf("%+v, then %+v", first, second)
	}
	waitNoJobs(t, s)
	wantCode(t, commit(second, "done"), kerbside.CodeConflict)
	view(t, s, func(tx kerbside.Tx) error {
		v, err := tx.Visit("o-1", "v-1")
		if v.Title != "held" {
			t.Error(v.Title)
		}
		return err
	})
}

func queuePriority(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	enqueueFor(t, s, "u-1", kerbside.PriorityFile, "file")
	enqueueFor(t, s, "u-1", kerbside.PriorityNext, "next")
	update(t, s, func(tx kerbside.Tx) error { // made urgent once it waits already, and not made less so again
		for _, p := range []kerbside.Priority{kerbside.PriorityFile, kerbside.PriorityNext, kerbside.PriorityFile} {
			if err := tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobExtract, Visit: "v-1", Recording: "raised", Owner: "u-1", Priority: p}); err != nil {
				return err
			}
		}
		return nil
	})
	if got := order(t, s, q); got != "next raised file" {
		t.Fatal(got)
	}
}

// waitFor waits, and says all the time that it gets on.
func waitFor(ctx context.Context, free <-chan struct{}) {
	for {
		kerbside.Beat(ctx)
		select {
		case <-free:
			return
		case <-ctx.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// queueLane: with every worker on a long file, a dictation that is being spoken is taken at once; a second file is not.
func queueLane(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran, free := make(chan string, 10), make(chan struct{})
	work(t, q, 1, func(ctx context.Context, j kerbside.Job) error {
		ran <- string(j.Recording)
		if j.Priority == kerbside.PriorityFile {
			waitFor(ctx, free)
		}
		return nil
	}, noAside(t))
	enqueueFor(t, s, "u-1", kerbside.PriorityFile, "long")
	receive(t, ran)
	enqueueFor(t, s, "u-1", kerbside.PriorityFile, "other")
	enqueueFor(t, s, "u-2", kerbside.PriorityLive, "live")
	if got := receive(t, ran); got != "live" {
		t.Fatal(got)
	}
	time.Sleep(50 * time.Millisecond)
	if len(ran) > 0 {
		t.Fatal("a file ran in the place that is kept for live sound")
	}
	close(free)
	if got := receive(t, ran); got != "other" {
		t.Fatal(got)
	}
	waitNoJobs(t, s)
}

// queueIdle: what waits for another machine runs one at a time, beside everything else and on no worker of theirs.
func queueIdle(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	ran, free := make(chan string, 10), make(chan struct{})
	work(t, q, 2, func(ctx context.Context, j kerbside.Job) error {
		ran <- string(j.Recording)
		if j.Priority == kerbside.PriorityIdle {
			waitFor(ctx, free)
		}
		return nil
	}, noAside(t))
	enqueueFor(t, s, "u-1", kerbside.PriorityIdle, "idle")
	receive(t, ran)
	enqueueFor(t, s, "u-1", kerbside.PriorityIdle, "idle too")
	for _, name := range []string{"one", "two", "three"} {
		enqueueFor(t, s, "u-1", kerbside.PriorityFile, name)
		if got := receive(t, ran); got != name {
			t.Fatalf("%s ran, not %s", got, name)
		}
	}
	close(free)
	if got := receive(t, ran); got != "idle too" {
		t.Fatal(got)
	}
	waitNoJobs(t, s)
}

// queueStuck: a job that hangs is a failure, in the end set aside; one that says that it gets on may take as long as it likes.
func queueStuck(t *testing.T, s kerbside.Store, q kerbside.Queue) {
	aside, done := make(chan error, 1), make(chan struct{}, 10)
	work(t, q, 1, func(ctx context.Context, j kerbside.Job) error {
		if j.Recording == "slow" {
			for range 10 {
				time.Sleep(60 * time.Millisecond)
				kerbside.Beat(ctx)
			}
			done <- struct{}{}
			return ctx.Err()
		}
		<-ctx.Done()
		return ctx.Err()
	}, func(_ context.Context, j kerbside.Job, err error) {
		if j.Recording != "stuck" || j.Attempt != 3 {
			t.Errorf("%+v", j)
		}
		aside <- err
	})
	enqueueFor(t, s, "u-1", kerbside.PriorityFile, "slow")
	receive(t, done)
	enqueueFor(t, s, "u-1", kerbside.PriorityFile, "stuck")
	wantCode(t, receive(t, aside), kerbside.CodeUnavailable)
	waitNoJobs(t, s)
}
