package service

import (
	"context"
	"time"

	"kerbside"
)

const (
	followEvery = time.Second // how often the pieces of a recording that arrives at other nodes are looked for
	followBatch = 500         // pieces read in one transaction
)

// follow listens to a recording whose pieces arrive at any nodes, until it is finished or nothing comes any more. It is a job, so it goes on at another worker when this
// one dies or is stopped: from the first piece, and through what was heard already by the checkpoint. It only ever saves time, so it never fails.
func (s *Service) follow(ctx context.Context, j kerbside.Job) error {
	next := map[int]int{} // the number of each take's next piece
	last := s.d.Now()
	t := time.NewTicker(followEvery)
	defer t.Stop()
	for {
		kerbside.Beat(ctx)
		rec, came, err := s.pieces(ctx, j, next)
		for _, c := range came {
			if !s.live.arrived(rec, c) {
				return nil // there is no room, or nobody waits for it any more
			}
			next[c.Take], last = c.Seq+1, s.d.Now()
		}
		switch {
		case ctx.Err() != nil:
			s.live.leave(j.Recording)
			return ctx.Err()
		case kerbside.CodeOf(err) == kerbside.CodeNotFound:
			s.live.leave(j.Recording)
			return nil
		case err == nil && len(came) == followBatch:
			continue
		case err == nil && rec.State != kerbside.RecordingOpen && rec.State != kerbside.RecordingExpired:
			s.followed(ctx, rec)
			return nil
		case s.d.Now().Sub(last) > liveIdle:
			return nil
		}
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
}

// pieces gives pieces from next on, those of each take in order.
func (s *Service) pieces(ctx context.Context, j kerbside.Job, next map[int]int) (rec kerbside.Recording, came []kerbside.Chunk, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		came = nil
		if rec, err = tx.Recording(j.Org, j.Recording); err != nil {
			return err
		}
		for take := 1; take <= maxTake; take++ {
			seq := next[take]
			for len(came) < followBatch {
				c, err := findChunk(tx, rec, take, seq)
				if err != nil {
					return err
				}
				if c == nil {
					break
				}
				came, seq = append(came, *c), seq+1
			}
			if seq == 0 { // it has not begun
				return nil
			}
		}
		return nil
	})
	return rec, came, err
}

// followed tells those who listen on this node that a recording is whole. They do without its last pieces when these cannot be told of.
func (s *Service) followed(ctx context.Context, rec kerbside.Recording) {
	var chunks []kerbside.Chunk
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) { chunks, err = tx.Chunks(rec.Org, rec.ID); return err })
	if err != nil {
		s.live.leave(rec.ID)
		return
	}
	s.live.finished(rec, chunks)
}
