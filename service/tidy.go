package service

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"kerbside"
)

const (
	// tidyAge is how old a blob that no row needs must be before it is removed. A write takes hours at most, and is not waited for by its age alone, see writing.
	tidyAge   = 24 * time.Hour
	tidyTime  = 24 * time.Hour // between two looks
	tidyBatch = 200            // keys looked up in one transaction
)

// Tidied is what a look at all blobs found.
type Tidied struct {
	LeftOver int // no row needs them
	Removed  int // of these: the old ones that nobody is writing
	Missing  int // rows whose sound is not there
}

// writing knows which blobs are on their way: from before their bytes are written until the row that needs them is committed. Bytes that a crash left
// behind are taken up again when the same piece is sent once more, so neither their age nor a look at the rows says by itself that nobody will need them.
type writing struct {
	mu   sync.Mutex
	news *sync.Cond
	keys map[string]int // writers; -1 while the blob is being removed
}

func newWriting() *writing {
	w := &writing{keys: map[string]int{}}
	w.news = sync.NewCond(&w.mu)
	return w
}

// begin says that a blob is being written; the function that it gives says that its row is committed, or that it came to nothing.
func (w *writing) begin(key string) (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.keys[key] < 0 {
		w.news.Wait()
	}
	w.keys[key]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.keys[key]--; w.keys[key] == 0 {
			delete(w.keys, key)
		}
	}
}

// unless runs f while nobody can begin to write a blob; false, and f does not run, when somebody does already.
func (w *writing) unless(key string, f func() error) (bool, error) {
	w.mu.Lock()
	if w.keys[key] > 0 {
		w.mu.Unlock()
		return false, nil
	}
	w.keys[key] = -1
	w.mu.Unlock()
	err := f()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.keys, key)
	w.news.Broadcast()
	return true, err
}

// tidy looks at all blobs and all recordings. Blobs that no row needs and that are old are removed, each with an entry in the audit log; nothing of a
// shape that is not Kerbside's is touched. A recording whose sound is not there is a loss: it is logged as an error and counted.
func (s *Service) tidy(ctx context.Context) (t Tidied, err error) {
	var orgs []kerbside.Organisation
	if err := s.d.Store.View(ctx, func(tx kerbside.Tx) error { orgs, err = tx.Organisations(); return err }); err != nil {
		return t, err
	}
	for _, o := range orgs {
		there := map[string]bool{}
		var keys []string
		err := s.d.Blobs.List(ctx, string(o.ID)+"/", func(key string) error {
			there[key] = true
			keys = append(keys, key)
			return nil
		})
		if err == nil {
			err = s.tidyKeys(ctx, o.ID, keys, &t)
		}
		if err == nil {
			err = s.findMissing(ctx, o.ID, there, &t)
		}
		if err != nil {
			return t, err
		}
	}
	s.d.Observer.Tidied(t.LeftOver-t.Removed, t.Missing)
	return t, nil
}

func (s *Service) tidyKeys(ctx context.Context, org kerbside.OrganisationID, keys []string, t *Tidied) error {
	for len(keys) > 0 {
		some := keys[:min(tidyBatch, len(keys))]
		keys = keys[len(some):]
		var over []string
		err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
			over = over[:0]
			for _, key := range some {
				claim, err := kerbside.ClaimOf(tx, key)
				if err != nil {
					return err
				}
				if claim == kerbside.ClaimOver {
					over = append(over, key)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, key := range over {
			t.LeftOver++
			removed, err := s.tidyOne(ctx, org, key)
			if err != nil {
				return err
			}
			if removed {
				t.Removed++
			}
		}
	}
	return nil
}

// tidyOne removes a blob if it is old, nobody is writing it, and no row needs it still. What it is in is checked first: a piece stays while its whole is not there.
func (s *Service) tidyOne(ctx context.Context, org kerbside.OrganisationID, key string) (removed bool, err error) {
	dated, ok := s.d.Blobs.(kerbside.DatedBlobs)
	if !ok {
		return false, nil
	}
	at, err := dated.Written(ctx, key)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return false, nil
	}
	if err != nil || s.d.Now().Sub(at) < tidyAge {
		return false, err
	}
	_, err = s.writing.unless(key, func() error {
		var whole string
		over := false
		err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
			claim, err := kerbside.ClaimOf(tx, key)
			over = claim == kerbside.ClaimOver
			if err != nil || !over {
				return err
			}
			r, err := tx.Recording(org, recordingOf(key))
			if whole = r.Blob; kerbside.CodeOf(err) == kerbside.CodeNotFound {
				return nil
			}
			return err
		})
		if err != nil || !over {
			return err
		}
		if whole != "" && whole != key {
			if _, err := dated.Written(ctx, whole); kerbside.CodeOf(err) == kerbside.CodeNotFound && !s.erased(ctx, org, recordingOf(key)) {
				return nil // what is left may be all that there is of it
			} else if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
				return err
			}
		}
		object := "left-over " + key[len(org)+1:]
		if err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return s.audit(tx, kerbside.User{Org: org}, "tidy", object, "") }); err != nil {
			return err
		}
		if err := s.d.Blobs.Delete(ctx, key); err != nil {
			return err
		}
		removed = true
		s.log.InfoContext(ctx, "bytes that nothing needs were removed", "recording", string(recordingOf(key)))
		return nil
	})
	return removed, err
}

func recordingOf(key string) kerbside.RecordingID {
	_, rest, _ := strings.Cut(key, "/")
	id, _, _ := strings.Cut(rest, "/")
	return kerbside.RecordingID(id)
}

// erased reports whether a recording's key was destroyed. What cannot be told is not.
func (s *Service) erased(ctx context.Context, org kerbside.OrganisationID, id kerbside.RecordingID) bool {
	gone := false
	_ = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		k, err := tx.DataKey(org, string(id))
		gone = err == nil && k.Erased()
		return err
	})
	return gone
}

// findMissing looks for recordings, and pieces of those that are arriving, whose bytes are not there.
func (s *Service) findMissing(ctx context.Context, org kerbside.OrganisationID, there map[string]bool, t *Tidied) error {
	var visits []kerbside.Visit
	if err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) { visits, err = tx.Visits(org, kerbside.VisitFilter{}); return err }); err != nil {
		return err
	}
	for _, v := range visits {
		var missing []string // keys, and of what
		err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
			missing = missing[:0]
			recordings, err := tx.Recordings(org, v.ID)
			for _, r := range recordings {
				if err == nil {
					missing, err = needed(tx, r, there, missing)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, key := range missing {
			lost, err := s.lost(ctx, key)
			if err != nil {
				return err
			}
			if lost {
				t.Missing++
				s.log.ErrorContext(ctx, "SOUND IS LOST: a recording's bytes are not where they were written. Restore them from a backup; kerbside verify names all of them", "recording", string(recordingOf(key)), "visit", string(v.ID))
			}
		}
	}
	return nil
}

// needed adds the keys of a recording that are not among those that are there.
func needed(tx kerbside.Tx, r kerbside.Recording, there map[string]bool, missing []string) ([]string, error) {
	if r.Blob != "" {
		if !there[r.Blob] {
			missing = append(missing, r.Blob)
		}
		return missing, nil
	}
	chunks, err := tx.Chunks(r.Org, r.ID)
	for _, c := range chunks {
		if c.Blob != "" && !there[c.Blob] {
			missing = append(missing, c.Blob)
		}
	}
	return missing, err
}

// lost looks again: it may have come, been put together, moved or been erased meanwhile.
func (s *Service) lost(ctx context.Context, key string) (bool, error) {
	owed := kerbside.ClaimUnknown
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) { owed, err = kerbside.ClaimOf(tx, key); return err })
	if err != nil || owed != kerbside.ClaimOwed {
		return false, err
	}
	f, err := s.d.Blobs.Open(ctx, key)
	if err == nil {
		return false, f.Close()
	}
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return true, nil
	}
	return false, fmt.Errorf("looking for what is missing: %w", err)
}

// tidyNow looks once and says in the log what came of it.
func (s *Service) tidyNow(ctx context.Context) {
	t, err := s.tidy(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.log.LogAttrs(ctx, slog.LevelWarn, "what is kept could not be looked through", errAttrs(err)...)
	case t.Removed > 0 || t.LeftOver > 0:
		s.log.InfoContext(ctx, "what is kept was looked through", "left_over", t.LeftOver, "removed", t.Removed, "missing", t.Missing)
	}
}
