package service

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"kerbside"
)

const (
	// tidyAge is how old a blob that no row needs must be before it is removed; writeTime is how long after its beginning a write may still get its row. Between
	// them lies more than clocks of two machines are apart.
	tidyAge   = 24 * time.Hour
	writeTime = tidyAge / 2
	tidyTime  = 24 * time.Hour // between two looks
	tidyBatch = 200            // keys looked up in one transaction
)

// Tidied is what a look at all blobs found.
type Tidied struct {
	LeftOver int // no row needs them
	Removed  int // of these: the old ones
	Missing  int // rows whose sound is not there
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

// tidyOne removes a blob if it is old and no row needs it still. What it is in is checked first: a piece stays while its whole is not there.
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
	var whole string
	over := false
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
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
		return false, err
	}
	if whole != "" && whole != key {
		if _, err := dated.Written(ctx, whole); kerbside.CodeOf(err) == kerbside.CodeNotFound && !s.erased(ctx, org, recordingOf(key)) {
			return false, nil // what is left may be all that there is of it
		} else if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
			return false, err
		}
	}
	object := "left-over " + key[len(org)+1:]
	if err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return s.audit(tx, kerbside.User{Org: org}, "tidy", object, "") }); err != nil {
		return false, err
	}
	if err := s.d.Blobs.Delete(ctx, key); err != nil {
		return false, err
	}
	s.log.InfoContext(ctx, "bytes that nothing needs were removed", "recording", string(recordingOf(key)))
	return true, nil
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
