package service

import (
	"context"
	"sync"

	"kerbside"
)

// hub passes progress from the stages of this process to whoever watches. A watcher that is slow gets the newest news only.
type hub struct {
	mu       sync.Mutex
	watchers map[kerbside.VisitID]map[chan Progress]struct{}
	last     map[kerbside.VisitID]Progress // of the stage that runs
}

func newHub() *hub {
	return &hub{watchers: map[kerbside.VisitID]map[chan Progress]struct{}{}, last: map[kerbside.VisitID]Progress{}}
}

func (h *hub) publish(v kerbside.VisitID, p Progress) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p.Stage == "" {
		delete(h.last, v)
	} else {
		h.last[v] = p
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
func (h *hub) now(v kerbside.VisitID) Progress {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last[v]
}

// watch gives a channel that is closed when ctx ends. Without a stage that runs, the first news is what state tells; it is asked
// after the watcher was entered, so that no change falls in between.
func (h *hub) watch(ctx context.Context, v kerbside.VisitID, state func() (kerbside.VisitState, error)) (<-chan Progress, error) {
	c := make(chan Progress, 1)
	h.mu.Lock()
	if p, ok := h.last[v]; ok {
		c <- p
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
	context.AfterFunc(ctx, leave)
	return c, nil
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
	return s.hub.watch(ctx, id, state)
}

// announce publishes the state that a visit is in after a transaction.
func (s *Service) announce(v kerbside.Visit) {
	s.hub.publish(v.ID, Progress{State: v.State})
}
