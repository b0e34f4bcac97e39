package service

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"kerbside"
)

const (
	piece     = 1 << 20        // bytes of an upload that are acknowledged together, and held in memory meanwhile
	openAge   = 24 * time.Hour // an open recording that is older does not count against its worker
	expireAge = 7 * 24 * time.Hour
	sweepTime = time.Hour
)

// Limits are what one person may use at a time. Zero values are the defaults.
type Limits struct {
	Open  int // recordings that are arriving: 50
	Speed int // bytes a second, all uploads together: 64 MiB
}

func (l *Limits) setDefaults() {
	if l.Open <= 0 {
		l.Open = 50
	}
	if l.Speed <= 0 {
		l.Speed = 64 << 20
	}
}

// MayRecord reports an error for who may not record.
func (s *Service) MayRecord(by kerbside.User) error { return records("service.MayRecord", by) }

// Received gives a recording and how many bytes of it were acknowledged: where its sender is to go on.
func (s *Service) Received(ctx context.Context, by kerbside.User, id kerbside.RecordingID) (r kerbside.Recording, n int64, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if r, _, err = s.ownRecording(tx, "service.Received", by, id); err != nil {
			return err
		}
		n, err = receivedOf(tx, r)
		return err
	})
	return r, n, err
}

func length(chunks []kerbside.Chunk) (n int64) {
	for _, c := range chunks {
		n += c.Bytes
	}
	return n
}

// Append takes bytes of a file that comes in pieces, from offset on. It gives how many were acknowledged: on disk, synced, hashed and committed, also when it
// ends in an error. An offset that is not the number of bytes acknowledged before is CodeConflict.
func (s *Service) Append(ctx context.Context, by kerbside.User, id kerbside.RecordingID, offset int64, from io.Reader) (n int64, err error) {
	const op = "service.Append"
	var chunks []kerbside.Chunk
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		r, _, err := s.ownRecording(tx, op, by, id)
		if err != nil {
			return err
		}
		chunks, err = tx.Chunks(r.Org, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	if length(chunks) != offset || slices.ContainsFunc(chunks, func(c kerbside.Chunk) bool { return c.Take != 1 }) {
		return 0, conflict(op, "This is not where the file was left. Ask where to go on, then send from there.")
	}
	seq := len(chunks)
	buf := make([]byte, piece)
	for {
		got, readErr := io.ReadFull(from, buf)
		if got > 0 { // what came before a connection broke is kept too
			part := buf[:got]
			if _, err := s.PutChunk(ctx, by, id, 1, seq, kerbside.HexSHA256(part), bytes.NewReader(part)); err != nil {
				return n, err
			}
			n, seq = n+int64(got), seq+1
		}
		switch {
		case errors.Is(readErr, io.EOF), errors.Is(readErr, io.ErrUnexpectedEOF):
			return n, nil
		case readErr != nil:
			return n, kerbside.E(kerbside.CodeCanceled, op, "The connection broke off. What arrived is safe; go on from there.", readErr)
		}
	}
}

// mayOpen refuses one more recording to who has many arriving.
func (s *Service) mayOpen(tx kerbside.Tx, op string, by kerbside.User) error {
	open, err := tx.OpenRecordings(by.Org, by.ID, s.now().Add(time.Minute))
	if err != nil {
		return err
	}
	young := 0
	for _, r := range open {
		if s.now().Sub(r.CreatedAt) < openAge {
			young++
		}
	}
	if young >= s.d.Limits.Open {
		return kerbside.E(kerbside.CodeTooMany, op, "Many recordings of yours are being sent already. Let some of them finish, then send this one; it stays where it is until then.", nil)
	}
	return nil
}

// paces holds how fast each person sends.
type paces struct {
	mu sync.Mutex
	m  map[kerbside.UserID]*rate.Limiter
}

func (p *paces) of(u kerbside.UserID, speed int) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m == nil {
		p.m = map[kerbside.UserID]*rate.Limiter{}
	}
	if p.m[u] == nil {
		p.m[u] = rate.NewLimiter(rate.Limit(speed), max(speed, piece))
	}
	return p.m[u]
}

// paced reads no faster than its person may send.
type paced struct {
	ctx context.Context
	r   io.Reader
	l   *rate.Limiter
}

func (s *Service) paced(ctx context.Context, by kerbside.User, r io.Reader) io.Reader {
	return &paced{ctx, r, s.paces.of(by.ID, s.d.Limits.Speed)}
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b[:min(len(b), piece)])
	if waitErr := p.l.WaitN(p.ctx, n); waitErr != nil && err == nil {
		err = waitErr
	}
	return n, err
}

// expire ends recordings that were started a week ago and never got any sound, and leaves a receipt in the audit log. Sound that was acknowledged is
// never among them: a recording with any waits for its sender, or for a person.
func (s *Service) expire(ctx context.Context) error {
	orgs, err := s.organisations(ctx)
	for _, o := range orgs {
		if err == nil {
			err = s.expireOrg(ctx, o.ID)
		}
	}
	return err
}

func (s *Service) expireOrg(ctx context.Context, org kerbside.OrganisationID) error {
	old := func(tx kerbside.Tx) ([]kerbside.Recording, error) {
		return tx.OpenRecordings(org, "", s.now().Add(-expireAge))
	}
	var open []kerbside.Recording
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) { open, err = old(tx); return err })
	if err != nil || len(open) == 0 {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		open, err := old(tx)
		for _, r := range open {
			if err == nil {
				err = s.expireOne(tx, r)
			}
		}
		return err
	})
}

func (s *Service) expireOne(tx kerbside.Tx, r kerbside.Recording) error {
	chunks, err := tx.Chunks(r.Org, r.ID)
	if err != nil || len(chunks) > 0 {
		return err
	}
	r.State = kerbside.RecordingExpired
	if err := tx.PutRecording(r); err != nil {
		return err
	}
	return s.audit(tx, kerbside.User{Org: r.Org}, "expire", "recording "+string(r.ID), r.Visit)
}

// sweep looks for work that was left and expires what is abandoned, now and every hour, and looks through all that is kept, now and every day, until ctx ends.
func (s *Service) sweep(ctx context.Context) {
	t := time.NewTicker(sweepTime)
	defer t.Stop()
	var looked time.Time
	for {
		if now := s.d.Now(); now.Sub(looked) >= tidyTime {
			looked = now
			s.tidyNow(ctx)
		}
		if s.d.Nodes != nil { // one alone looked when it started, and nobody else can have left any
			if err := s.resume(ctx); err != nil && ctx.Err() == nil {
				s.log.LogAttrs(ctx, slog.LevelWarn, "work that was left could not be looked for", errAttrs(err)...)
			}
		}
		if err := s.expire(ctx); err != nil && ctx.Err() == nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "abandoned recordings could not be looked for", errAttrs(err)...)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
