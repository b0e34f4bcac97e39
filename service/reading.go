package service

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"kerbside"
)

// readAction is the entry of the audit log that says what came of reading everything.
const readAction = "read_all"

// reading is whether everything is being read at the moment: at most once at a time.
type reading struct {
	mu     sync.Mutex
	since  time.Time
	faults []string
}

func (r *reading) state() ReadState {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ReadState{Running: !r.since.IsZero(), Since: r.since, Faults: slices.Clone(r.faults)}
}

// begin reports whether nobody else is at it.
func (r *reading) begin(at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.since.IsZero() {
		return false
	}
	r.since = at
	return true
}

func (r *reading) end(faults []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.since, r.faults = time.Time{}, faults
}

// ReadAll begins to read everything that is kept, in the background: it may be hours of sound. Health tells what came of it. It ends with [Service.Run].
func (s *Service) ReadAll(_ context.Context, by kerbside.User) error {
	const op = "service.ReadAll"
	i, err := s.installation(op, by)
	if err != nil {
		return err
	}
	if !s.reading.begin(s.now()) {
		return conflict(op, "Everything is being read already. Look again later.")
	}
	if !s.live.background(func(ctx context.Context) { s.readAll(ctx, by, i) }) {
		s.reading.end(nil)
		return kerbside.E(kerbside.CodeUnavailable, op, "The service is starting or stopping. Try again in a moment.", nil)
	}
	return nil
}

func (s *Service) readAll(ctx context.Context, by kerbside.User, i Installation) {
	r, err := i.ReadAll(ctx)
	result := fmt.Sprintf("blobs %d documents %d faults %d", r.Blobs, r.Documents, len(r.Faults))
	if err != nil {
		r.Faults = append(r.Faults, "Not everything could be read: "+kerbside.MessageOf(err))
		result += " unfinished"
	}
	if err := s.note(context.WithoutCancel(ctx), by, readAction, result); err != nil {
		s.log.LogAttrs(ctx, slog.LevelError, "reading everything could not be noted", errAttrs(err)...)
	}
	s.reading.end(r.Faults)
}
