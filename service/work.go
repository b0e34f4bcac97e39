package service

import (
	"context"
	"errors"
	"sync"

	"kerbside"
)

// errStopped is why work ends that a person stopped: consent was withdrawn, or what it is about was deleted.
var errStopped = errors.New("stopped by a person")

// work knows what runs for which visit, so that it can be stopped at once. The zero value is ready.
type work struct {
	mu   sync.Mutex
	runs map[kerbside.VisitID]map[*context.CancelCauseFunc]bool
}

// begin gives a context that ends when the visit's work is stopped. done is to be called at the end.
func (w *work) begin(ctx context.Context, v kerbside.VisitID) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.runs == nil {
		w.runs = map[kerbside.VisitID]map[*context.CancelCauseFunc]bool{}
	}
	if w.runs[v] == nil {
		w.runs[v] = map[*context.CancelCauseFunc]bool{}
	}
	w.runs[v][&cancel] = true
	return ctx, func() {
		cancel(nil)
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.runs[v], &cancel)
		if len(w.runs[v]) == 0 {
			delete(w.runs, v)
		}
	}
}

// stopWork ends whatever runs for a visit, stages and takes that are listened to, here and on other nodes. What waits in the queue finds out by itself when its turn
// comes; so does what was not told in time, when it commits.
func (s *Service) stopWork(org kerbside.OrganisationID, v kerbside.VisitID) {
	s.stopHere(v)
	s.others.tell(kerbside.News{Org: org, Kind: kerbside.NewsStop, Object: string(v)})
}

func (s *Service) stopHere(v kerbside.VisitID) {
	s.work.mu.Lock()
	defer s.work.mu.Unlock()
	for cancel := range s.work.runs[v] {
		(*cancel)(errStopped)
	}
}
