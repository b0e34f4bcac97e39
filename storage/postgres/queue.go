package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kerbside"
	"kerbside/storage/rows"
)

// The queue is a table. A worker claims a job for a time, its lease, and prolongs that while it works; when it dies or stands still the lease ends, and the job
// is anybody's. Each claim has a number, which the commit of a stage names ([kerbside.Tx].Hold), so that a worker that stood still for a while changes nothing any more. The
// times of leases and back-off are all by the server's clock. Why this is no River: ARCHITECTURE.md, decision 9.

const (
	maxAttempts = 3
	maxDeaths   = 10               // of workers while a job ran: it may be the job that kills them
	idlePoll    = 2 * time.Second  // in case a notice was lost
	leaveTime   = 10 * time.Second // to write down what became of a job when ctx has ended
	silence     = 15 * time.Minute // without a beat of a job: the longest that one step may take
	lease       = 30 * time.Second

	channel = "kerbside_jobs" // a job was committed
)

// lanes are what workers take, as most to least urgent (priority, negated). The last has one worker, the others as many as are asked for.
var lanes = [...]struct{ from, to kerbside.Priority }{
	{-kerbside.PriorityLive, -kerbside.PriorityFile}, {-kerbside.PriorityLive, -kerbside.PriorityLive}, {-kerbside.PriorityIdle, -kerbside.PriorityIdle},
}

// errLost is why the context of a job ends that another worker has by now.
var errLost = kerbside.E(kerbside.CodeConflict, "postgres.Work", "This is done by another worker by now. Nothing was changed.", nil)

// worker is one call of Work.
type worker struct {
	db       *DB
	o        kerbside.WorkOptions
	handle   func(context.Context, kerbside.Job) error
	setAside func(context.Context, kerbside.Job, error)
	wake     [len(lanes)]chan struct{} // a job was committed

	mu   sync.Mutex
	held map[int64]*claimed // by n
}

// Work implements [kerbside.Queue]. Any number of processes may work one database.
func (db *DB) Work(ctx context.Context, o kerbside.WorkOptions, handle func(context.Context, kerbside.Job) error, setAside func(context.Context, kerbside.Job, error)) error {
	if err := db.pool.Ping(ctx); err != nil {
		return failure("postgres.Work", err)
	}
	w := &worker{db: db, o: o, handle: handle, setAside: setAside, held: map[int64]*claimed{}}
	for i := range w.wake {
		w.wake[i] = make(chan struct{}, 1)
	}
	beating, stop := context.WithCancel(context.WithoutCancel(ctx)) // what runs is held until it is settled
	var beats, works sync.WaitGroup
	beats.Go(func() { w.prolong(beating) })
	defer db.attend(w)()
	running, done := o.Running(ctx)
	defer done()
	for i := range lanes {
		workers := max(o.Workers, 1)
		if i == len(lanes)-1 {
			workers = 1
		}
		for range workers {
			works.Go(func() { w.lane(ctx, running, i) })
		}
	}
	works.Wait()
	stop()
	beats.Wait()
	return nil
}

// attend has a worker woken when any process commits a job, until the function that it gives is called. All of a process share one connection for it.
func (db *DB) attend(w *worker) (leave func()) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.workers[w] = true
	if db.deaf == nil {
		var ctx context.Context
		ctx, db.deaf = context.WithCancel(context.Background())
		go db.listen(ctx)
	}
	return func() {
		db.mu.Lock()
		defer db.mu.Unlock()
		if delete(db.workers, w); len(db.workers) == 0 {
			db.deaf()
			db.deaf = nil
		}
	}
}

// listen wakes the workers when any process commits a job, and when it begins to listen: what came before is not told.
func (db *DB) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := db.hear(ctx, channel, func(string) { db.wakeWorkers() }); err != nil {
			rows.Sleep(ctx, nil, idlePoll)
		}
	}
}

func (w *worker) lane(ctx, running context.Context, lane int) {
	for ctx.Err() == nil {
		c, wait, err := w.db.claim(ctx, lane, w.o)
		if err != nil || c == nil {
			if err != nil { // the database is busy or gone for the moment: jobs wait in it
				wait = idlePoll
			}
			rows.Sleep(ctx, w.wake[lane], wait)
			continue
		}
		w.db.wakeWorkers() // there may be more
		w.run(running, c)
	}
}

func (db *DB) wakeWorkers() {
	db.mu.Lock()
	defer db.mu.Unlock()
	for w := range db.workers {
		for _, wake := range w.wake {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}
}

// prolong prolongs what this worker has, and takes away what it has no more; and it gives back what others died over.
func (w *worker) prolong(ctx context.Context) {
	for ctx.Err() == nil {
		rows.Sleep(ctx, nil, w.db.lease/3)
		_ = w.db.expire(ctx) // else with the next turn
		w.mu.Lock()
		ns, leases := make([]int64, 0, len(w.held)), make([]int64, 0, len(w.held))
		for n, c := range w.held {
			ns, leases = append(ns, n), append(leases, c.job.Lease)
		}
		w.mu.Unlock()
		still, err := w.db.beat(ctx, ns, leases)
		if err != nil { // until it can be asked again, Hold decides
			continue
		}
		w.mu.Lock()
		for i, n := range ns {
			if c := w.held[n]; c != nil && c.job.Lease == leases[i] && !still[n] {
				c.stop(errLost)
			}
		}
		w.mu.Unlock()
	}
}

// watched runs a job's handler and stops it when nothing is heard of it for too long, or when another worker has it.
func (w *worker) watched(ctx context.Context, c *claimed) error {
	stuck := kerbside.E(kerbside.CodeUnavailable, "postgres.watched", "This stood still for too long and was stopped. What was recorded is safe.", nil)
	timer := time.AfterFunc(w.db.silence, func() { c.stop(stuck) })
	defer timer.Stop()
	err := call(kerbside.WithBeat(ctx, func() { timer.Reset(w.db.silence) }), c.job, w.handle)
	if errors.Is(context.Cause(ctx), stuck) && err != nil {
		return stuck
	}
	return err
}

func (w *worker) run(ctx context.Context, c *claimed) {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	c.stop = stop
	w.mu.Lock()
	w.held[c.n] = c
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.held[c.n] == c {
			delete(w.held, c.n)
		}
	}()
	var err error
	if c.deaths >= maxDeaths {
		err = kerbside.E(kerbside.CodeInternal, "postgres.run", "This stopped the program several times, so it is not tried again by itself. What was recorded is safe.", nil)
		c.job.Attempt = maxAttempts
	} else {
		err = w.watched(working, c)
	}
	// What became of the job is written down even when the program is about to stop.
	stopped := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	for try := 1; ; try++ {
		settled := w.settle(ctx, c, stopped, err)
		if settled == nil || ctx.Err() != nil { // else it is run again once its lease has ended
			return
		}
		rows.Sleep(ctx, nil, pause(try))
	}
}

// settle writes down what became of a run.
func (w *worker) settle(ctx context.Context, c *claimed, stopped bool, err error) error {
	db := w.db
	switch {
	case err == nil:
		return db.settle(ctx, "DELETE FROM jobs WHERE "+ofClaim, c)
	case stopped: // given back: it is not the job's fault
		return db.again(ctx, c, "attempt - 1", c.job.LastError, 0)
	case c.job.Attempt >= maxAttempts:
		if !c.aside {
			w.setAside(ctx, c.job, err)
			c.aside = true
		}
		return db.settle(ctx, "UPDATE jobs SET state = 'aside', last_error = $3 WHERE "+ofClaim, c, kerbside.MessageOf(err))
	}
	return db.again(ctx, c, "attempt", kerbside.MessageOf(err), db.backoff(c.job.Attempt))
}

// call runs handle; a panic becomes an error, so that one bad job does not take the others with it.
func call(ctx context.Context, j kerbside.Job, handle func(context.Context, kerbside.Job) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = kerbside.E(kerbside.CodeInternal, "postgres.call", "", fmt.Errorf("%s job: panic of type %T", j.Kind, p))
		}
	}()
	return handle(ctx, j)
}
