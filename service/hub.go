package service

import (
	"context"
	"sync"
	"time"

	"kerbside"
)

// hub passes progress from the stages, of this process and of other nodes, to whoever watches. A watcher that is slow gets the newest news only.
type hub struct {
	shared bool // some stages run elsewhere, and the news of their end may be lost

	mu       sync.Mutex
	watchers map[kerbside.VisitID]map[chan Progress]struct{}
	last     map[kerbside.VisitID]step // of the stage that runs
}

type step struct {
	Progress
	at time.Time
}

func newHub(shared bool) *hub {
	return &hub{shared: shared, watchers: map[kerbside.VisitID]map[chan Progress]struct{}{}, last: map[kerbside.VisitID]step{}}
}

// stale reports whether so much time has passed since that the stage is over, or its node gone.
func (h *hub) stale(s step, now time.Time) bool { return h.shared && now.Sub(s.at) > staleAfter }

func (h *hub) publish(v kerbside.VisitID, p Progress, at time.Time) {
	const many = 1000
	h.mu.Lock()
	defer h.mu.Unlock()
	if p.Stage == "" {
		delete(h.last, v)
	} else {
		h.last[v] = step{p, at}
	}
	if len(h.last) > many {
		for v, s := range h.last {
			if h.stale(s, at) {
				delete(h.last, v)
			}
		}
	}
	for c := range h.watchers[v] {
		replace(c, p)
	}
}

// replace puts p in the place of what was not read yet. Only the hub sends, and under its lock.
func replace(c chan Progress, p Progress) {
	select {
	case <-c:
	default:
	}
	c <- p
}

// now is how far the stage that runs for a visit is; zero when none does.
func (h *hub) now(v kerbside.VisitID, at time.Time) Progress {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.last[v]; !h.stale(s, at) {
		return s.Progress
	}
	return Progress{}
}

// watch gives a channel that is closed when ctx ends. Without a stage that runs, the first news is what state tells; it is asked
// after the watcher was entered, so that no change falls in between.
func (h *hub) watch(ctx context.Context, v kerbside.VisitID, now func() time.Time, state func() (kerbside.VisitState, error)) (<-chan Progress, error) {
	c := make(chan Progress, 1)
	h.mu.Lock()
	if s, ok := h.last[v]; ok && !h.stale(s, now()) {
		c <- s.Progress
	}
	if h.watchers[v] == nil {
		h.watchers[v] = map[chan Progress]struct{}{}
	}
	h.watchers[v][c] = struct{}{}
	h.mu.Unlock()
	leave := func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers[v], c)
		if len(h.watchers[v]) == 0 {
			delete(h.watchers, v)
		}
		close(c)
	}
	at, err := state()
	if err != nil {
		leave()
		return nil, err
	}
	h.mu.Lock()
	if len(c) == 0 {
		c <- Progress{State: at}
	}
	h.mu.Unlock()
	if h.shared {
		go func() { h.look(ctx, v, c, at, state); leave() }()
	} else {
		context.AfterFunc(ctx, leave)
	}
	return c, nil
}

// look tells a watcher of changes of state whose news never came, until ctx ends.
func (h *hub) look(ctx context.Context, v kerbside.VisitID, c chan Progress, was kerbside.VisitState, state func() (kerbside.VisitState, error)) {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	again := false // what stands now is told once more, as news of before may have come late and stood in its place
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		at, err := state()
		if err != nil || at == was && !again {
			continue
		}
		again = at != was && at != kerbside.VisitProcessing
		was = at
		h.mu.Lock()
		if at != kerbside.VisitProcessing && h.last[v].State == kerbside.VisitProcessing {
			delete(h.last, v)
		}
		replace(c, Progress{State: at})
		h.mu.Unlock()
	}
}

// Watch tells how a visit's stages get on: where it stands at once, then each change. The channel is closed when ctx ends.
func (s *Service) Watch(ctx context.Context, by kerbside.User, id kerbside.VisitID) (<-chan Progress, error) {
	state := func() (at kerbside.VisitState, err error) {
		err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
			v, err := s.readable(tx, "service.Watch", by, id)
			at = v.State
			return err
		})
		return at, err
	}
	if _, err := state(); err != nil { // before anything is entered for a visit that is not theirs
		return nil, err
	}
	return s.hub.watch(ctx, id, s.now, state)
}

// announce publishes the state that a visit is in after a transaction.
func (s *Service) announce(v kerbside.Visit) {
	s.publish(v.Org, v.ID, Progress{State: v.State})
}
