package service

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"kerbside"
)

const (
	toldEvery  = time.Second     // progress of one visit is told to other nodes no more often
	lookEvery  = 5 * time.Second // news may be lost: how often who watches a visit looks for themselves
	staleAfter = 2 * time.Minute // what another node told last of a stage says nothing any more
	mostToTell = 256             // news that wait to be sent; what is more is lost
)

// others is what this node tells the other nodes on its store, and hears of them. With one node it does nothing.
type others struct {
	nodes kerbside.Nodes
	out   chan kerbside.News

	mu   sync.Mutex
	told map[kerbside.VisitID]time.Time
}

func newOthers(n kerbside.Nodes) *others {
	return &others{nodes: n, out: make(chan kerbside.News, mostToTell), told: map[kerbside.VisitID]time.Time{}}
}

// tell never waits: it is called between the steps of stages.
func (o *others) tell(n kerbside.News) {
	if o.nodes == nil {
		return
	}
	select {
	case o.out <- n:
	default:
	}
}

// progress tells changes of state always, and steps of a stage now and then.
func (o *others) progress(org kerbside.OrganisationID, v kerbside.VisitID, p Progress, now time.Time) {
	if o.nodes == nil {
		return
	}
	o.mu.Lock()
	switch {
	case p.Stage == "":
		delete(o.told, v)
	case now.Sub(o.told[v]) < toldEvery:
		o.mu.Unlock()
		return
	default:
		o.told[v] = now
	}
	o.mu.Unlock()
	if body, err := json.Marshal(p); err == nil {
		o.tell(kerbside.News{Org: org, Kind: kerbside.NewsProgress, Object: string(v), Body: body})
	}
}

// send sends what is to be told until ctx ends.
func (o *others) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-o.out:
			_ = o.nodes.Tell(ctx, n) // who missed it looks for themselves
		}
	}
}

// hear listens to the other nodes until ctx ends.
func (s *Service) hear(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.others.nodes.Listen(ctx, s.heardOf)
		if err != nil && ctx.Err() == nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "other nodes cannot be heard at the moment", errAttrs(err)...)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

// takeWords is the body of NewsHeard.
type takeWords struct {
	Take  int    `json:"take"`
	Words string `json:"words"`
}

func (s *Service) heardOf(n kerbside.News) {
	switch n.Kind {
	case kerbside.NewsStop:
		s.stopHere(kerbside.VisitID(n.Object))
	case kerbside.NewsProgress:
		var p Progress
		if json.Unmarshal(n.Body, &p) == nil {
			s.hub.publish(kerbside.VisitID(n.Object), p, s.now())
		}
	case kerbside.NewsHeard:
		var w takeWords
		if json.Unmarshal(n.Body, &w) == nil {
			s.live.told(liveKey{kerbside.RecordingID(n.Object), w.Take}, w.Words, s.now())
		}
	}
}

// publish tells whoever watches a visit, on this node and others.
func (s *Service) publish(org kerbside.OrganisationID, v kerbside.VisitID, p Progress) {
	now := s.now()
	s.hub.publish(v, p, now)
	s.others.progress(org, v, p, now)
}

// lead runs f on one node at a time, until f or ctx ends.
func (s *Service) lead(ctx context.Context, name string, f func(context.Context)) {
	if s.others.nodes == nil {
		f(ctx)
		return
	}
	for {
		err := s.others.nodes.Lead(ctx, name, f)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.log.LogAttrs(ctx, slog.LevelWarn, "which node does what only one should cannot be settled at the moment", append(errAttrs(err), slog.String("task", name))...)
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}
