package service

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"

	"kerbside"
)

// cause is why something is deleted, and on whose word.
type cause struct {
	by      kerbside.User // Org only for the policy
	policy  int           // its version; 0 for a person
	consent bool
	reason  string
}

// erasure collects what one transaction deletes of a visit. Everything goes by destroying data keys: sealed bytes that stay anywhere are noise from then on.
type erasure struct {
	s        *Service
	tx       kerbside.Tx
	op       string
	v        *kerbside.Visit
	c        cause
	receipts []kerbside.Receipt
	sounds   []kerbside.Recording // whose blobs are to be removed once it is committed
}

// eraser begins a deletion. It is refused for whatever is under a hold: there is no other way to delete.
func (s *Service) eraser(tx kerbside.Tx, op string, v *kerbside.Visit, c cause) (*erasure, error) {
	if err := notHeld(tx, op, *v); err != nil {
		return nil, err
	}
	return &erasure{s: s, tx: tx, op: op, v: v, c: c}, nil
}

// receipt destroys keys and leaves the receipt, whose hash stands in the audit log.
func (e *erasure) receipt(part kerbside.Part, items []kerbside.Erased, keys []string) error {
	if len(items) == 0 {
		return nil
	}
	at := e.s.now()
	for _, k := range keys {
		if err := e.tx.EraseDataKey(e.v.Org, k, at); err != nil {
			return err
		}
	}
	r := kerbside.Receipt{Schema: kerbside.ReceiptSchema, At: at, Part: part, Visit: e.v.ID, Case: e.v.Case, Items: items, Keys: keys,
		Policy: e.c.policy, By: e.c.by.ID, Consent: e.c.consent, Reason: e.c.reason}
	r, err := e.s.addReceipt(e.tx, e.c.by, r)
	e.receipts = append(e.receipts, r)
	return err
}

func (s *Service) addReceipt(tx kerbside.Tx, by kerbside.User, r kerbside.Receipt) (kerbside.Receipt, error) {
	id, err := s.newID("x")
	if err != nil {
		return r, err
	}
	r.ID = id
	b, err := json.Marshal(r)
	if err != nil {
		return r, kerbside.E(kerbside.CodeInternal, "service.addReceipt", "", err)
	}
	if err := s.addLedgerLine(tx, by, id, kerbside.LedgerReceipt, string(r.Visit), json.RawMessage(b)); err != nil {
		return r, err
	}
	return r, s.audit(tx, by, "erase", "receipt "+id+" sha256 "+kerbside.HexSHA256(b), r.Visit)
}

// chosen are the recordings that a deletion is about: those named, or all.
func (e *erasure) chosen(which []kerbside.RecordingID) ([]kerbside.Recording, error) {
	all, err := e.tx.Recordings(e.v.Org, e.v.ID)
	if which == nil {
		return all, err
	}
	return slices.DeleteFunc(all, func(r kerbside.Recording) bool { return !slices.Contains(which, r.ID) }), err
}

// sound deletes recordings as they were recorded; nil: all of the visit. What is still arriving is refused.
func (e *erasure) sound(which []kerbside.RecordingID) error {
	recordings, err := e.chosen(which)
	if err != nil {
		return err
	}
	var items []kerbside.Erased
	var keys []string
	for _, r := range recordings {
		switch {
		case r.State == kerbside.RecordingOpen:
			return conflict(e.op, "A recording of this visit is still arriving. Wait until it is safe, then try again.")
		case r.State == kerbside.RecordingErased || r.Blob == "": // gone, never came, or typed
			continue
		}
		items = append(items, kerbside.Erased{Kind: "recording", ID: string(r.ID), SHA256: r.SHA256})
		keys = append(keys, string(r.ID))
		e.sounds = append(e.sounds, r)
	}
	if err := e.receipt(kerbside.PartSound, items, keys); err != nil {
		return err
	}
	for _, r := range e.sounds {
		r.State, r.Name = kerbside.RecordingErased, ""
		if err := e.tx.PutRecording(r); err != nil {
			return err
		}
	}
	return nil
}

// words deletes the transcripts of recordings with their corrections; nil: of all, and what the worker typed.
func (e *erasure) words(which []kerbside.RecordingID) error {
	recordings, err := e.chosen(which)
	if err != nil {
		return err
	}
	var items []kerbside.Erased
	var keys []string
	for _, r := range recordings {
		versions, err := e.tx.DocumentVersions(e.v.Org, e.v.ID, kerbside.DocTranscript, string(r.ID))
		if err != nil {
			return err
		}
		if len(versions) > 0 {
			keys = append(keys, kerbside.WordsScope(r.ID))
		}
		for _, d := range versions {
			var t kerbside.Transcript
			if err := decode(d, &t); err != nil {
				return err
			}
			corrections, err := e.generations(func(n int) string { return kerbside.CorrectionsScope(e.v.ID, t.ID, n) })
			if err != nil {
				return err
			}
			for _, k := range corrections {
				if !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
			items = append(items, kerbside.Erased{Kind: string(d.Kind), ID: string(d.ID), SHA256: d.SHA256})
		}
		if r.Blob == "" && r.State == kerbside.RecordingSafe { // typed: these words were all there was
			r.State = kerbside.RecordingErased
			if err := e.tx.PutRecording(r); err != nil {
				return err
			}
		}
	}
	if which == nil {
		statements, err := e.tx.Statements(e.v.Org, e.v.ID)
		if err != nil {
			return err
		}
		for _, x := range statements {
			items = append(items, kerbside.Erased{Kind: "statement", ID: string(x.ID)})
		}
		if len(statements) > 0 {
			keys = append(keys, kerbside.AnswersScope(e.v.ID))
		}
	}
	return e.receipt(kerbside.PartWords, items, keys)
}

// notes deletes records, drafts, what was chosen for them, and what a language model proposed, in all versions.
func (e *erasure) notes() error {
	items, err := e.documents(kerbside.DocRecord, kerbside.DocDraft, kerbside.DocChoices, kerbside.DocProposals, kerbside.DocDecisions)
	if err != nil {
		return err
	}
	keys, err := e.generations(func(n int) string { return kerbside.NotesScope(e.v.ID, n) })
	if err != nil {
		return err
	}
	return e.receipt(kerbside.PartNotes, items, keys)
}

// generations are the keys of a part that are still there.
func (e *erasure) generations(scope func(int) string) (keys []string, err error) {
	for n := 1; ; n++ {
		k, err := e.tx.DataKey(e.v.Org, scope(n))
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return keys, nil
		}
		if err != nil {
			return nil, err
		}
		if !k.Erased() {
			keys = append(keys, k.Scope)
		}
	}
}

// documents are all versions of documents of some kinds.
func (e *erasure) documents(kinds ...kerbside.DocumentKind) (items []kerbside.Erased, err error) {
	for _, kind := range kinds {
		latest, err := e.tx.LatestDocuments(e.v.Org, e.v.ID, kind)
		if err != nil {
			return nil, err
		}
		for _, l := range latest {
			versions, err := e.tx.DocumentVersions(e.v.Org, e.v.ID, kind, l.Key)
			if err != nil {
				return nil, err
			}
			for _, d := range versions {
				items = append(items, kerbside.Erased{Kind: string(kind), ID: string(d.ID), SHA256: d.SHA256})
			}
		}
	}
	return items, nil
}

// rest deletes what people wrote about a visit of which nothing else is left: its title, comments, entries.
func (e *erasure) rest() (gone bool, err error) {
	recordings, err := e.tx.Recordings(e.v.Org, e.v.ID)
	if err != nil {
		return false, err
	}
	for _, r := range recordings {
		if r.State != kerbside.RecordingErased && r.State != kerbside.RecordingExpired {
			return false, nil
		}
	}
	left, err := e.documents(kerbside.DocTranscript, kerbside.DocRecord, kerbside.DocDraft)
	if err != nil || len(left) > 0 {
		return false, err
	}
	items, err := e.documents(kerbside.DocVoid, kerbside.DocComments, kerbside.DocOversight, kerbside.DocTick)
	if err != nil {
		return false, err
	}
	e.v.Title, e.v.Reason = "", ""
	return true, e.receipt(kerbside.PartNotes, append(items, kerbside.Erased{Kind: "visit", ID: string(e.v.ID)}), []string{string(e.v.ID)})
}

// whole deletes a part of a visit and what cannot outlast it: without its words sound would be turned into words again, and drafts of a visit that nobody
// locked would be written again.
func (e *erasure) whole(part kerbside.Part) error {
	state := e.v.State
	if part != kerbside.PartNotes || !state.Closed() {
		if err := e.sound(nil); err != nil {
			return err
		}
	}
	if part == kerbside.PartWords || part == kerbside.PartNotes && !state.Closed() {
		if err := e.words(nil); err != nil {
			return err
		}
	}
	if part == kerbside.PartNotes {
		if err := e.notes(); err != nil {
			return err
		}
	}
	if len(e.receipts) == 0 {
		return nil
	}
	gone, err := e.rest()
	if err != nil {
		return err
	}
	if !state.Closed() && (gone || part != kerbside.PartSound) {
		state = kerbside.VisitErased
	}
	return e.close(state, gone)
}

// close puts the visit into the state that follows, and what is left of it into the search index.
func (e *erasure) close(state kerbside.VisitState, gone bool) error {
	e.v.State, e.v.UpdatedAt = state, e.s.now()
	if err := e.tx.PutVisit(*e.v); err != nil || gone {
		return err
	}
	b, err := loadBundle(e.tx, *e.v)
	if err != nil {
		return err
	}
	if state == kerbside.VisitProcessing { // what ran for it is stopped
		if err := enqueueAll(e.tx, b); err != nil {
			return err
		}
	}
	return index(e.tx, b)
}

// finish is to be called once the erasure is committed: what runs for the visit is stopped, and the blobs, which nobody can read any more, are removed. Those
// that cannot be are removed by a later run.
func (s *Service) finish(ctx context.Context, v kerbside.Visit, sounds []kerbside.Recording) {
	s.stopWork(v.Org, v.ID)
	s.announce(v)
	for _, r := range sounds {
		if err := s.removeSound(ctx, r.Org, r.ID); err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "the bytes of a recording that was deleted could not be removed; they cannot be read, and are tried again", errAttrs(err)...)
		}
	}
}

// removeSound removes all blobs of a recording whose key was destroyed.
func (s *Service) removeSound(ctx context.Context, org kerbside.OrganisationID, id kerbside.RecordingID) error {
	c := kerbside.Checkpoint{Blobs: s.d.Blobs, Prefix: string(org) + "/" + string(id) + "/"}
	if err := c.Clear(ctx); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		r, err := tx.Recording(org, id)
		if err == nil {
			r.Blob = ""
			err = tx.PutRecording(r)
		}
		return err
	})
}

// Erase deletes a part of a visit by hand: a manager does, and says why. Without its words sound goes too; what was not locked is closed by it.
func (s *Service) Erase(ctx context.Context, by kerbside.User, id kerbside.VisitID, part kerbside.Part, reason string) error {
	const op = "service.Erase"
	reason = strings.TrimSpace(reason)
	var e *erasure
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) (err error) {
		if v, err = s.permitted(tx, op, by, UseErase, id); err != nil {
			return err
		}
		if err := wanted(op, reason, MaxAnswer); err != nil {
			return err
		}
		if !slices.Contains(kerbside.Parts(), part) {
			return invalid(op, "Choose what is to be deleted.")
		}
		if e, err = s.eraser(tx, op, &v, cause{by: by, reason: reason}); err != nil {
			return err
		}
		if err := e.whole(part); err != nil {
			return err
		}
		if len(e.receipts) == 0 {
			return conflict(op, "There is nothing of that left to delete. Reload the page.")
		}
		return nil
	})
	if err == nil {
		s.finish(ctx, v, e.sounds)
	}
	return err
}

// Replayed notes on visits what a restore had brought back and was destroyed again, and leaves receipts. scopes are those of the data keys. What is known to be
// gone is left alone.
func (s *Service) Replayed(ctx context.Context, org kerbside.OrganisationID, scopes []string) error {
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		visits := map[kerbside.VisitID]bool{}
		for _, scope := range scopes {
			id, part, _ := strings.Cut(scope, ".")
			r, err := tx.Recording(org, kerbside.RecordingID(id))
			switch {
			case kerbside.CodeOf(err) == kerbside.CodeNotFound: // of a visit
				visits[kerbside.VisitID(id)] = true
				continue
			case err != nil:
				return err
			}
			visits[r.Visit] = true
			if r.State == kerbside.RecordingErased || part != "" && r.Blob != "" { // its words went before it did
				continue
			}
			if err := s.replayedSound(tx, r); err != nil {
				return err
			}
		}
		for id := range visits {
			if err := s.replayedVisit(tx, org, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) replayedSound(tx kerbside.Tx, r kerbside.Recording) error {
	r.State, r.Name, r.Blob = kerbside.RecordingErased, "", ""
	if err := tx.PutRecording(r); err != nil {
		return err
	}
	v, err := tx.Visit(r.Org, r.Visit)
	if err != nil {
		return err
	}
	_, err = s.addReceipt(tx, kerbside.User{Org: r.Org}, kerbside.Receipt{Schema: kerbside.ReceiptSchema, At: s.now(), Part: kerbside.PartSound, Visit: v.ID, Case: v.Case, Replay: true,
		Items: kerbside.List[kerbside.Erased]{{Kind: "recording", ID: string(r.ID), SHA256: r.SHA256}}, Keys: kerbside.List[string]{string(r.ID)}})
	return err
}

// replayedVisit settles a visit of which something went again: it is made anew of what is left, or closed when nothing is.
func (s *Service) replayedVisit(tx kerbside.Tx, org kerbside.OrganisationID, id kerbside.VisitID) error {
	v, err := tx.Visit(org, id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound { // a case's, the organisation's
		return nil
	}
	if err != nil || v.State.Closed() || v.State == kerbside.VisitOpen {
		return err
	}
	b, err := loadBundle(tx, v)
	if err != nil {
		return err
	}
	complete, err := b.complete()
	if err != nil || complete && b.record != nil {
		return err
	}
	if len(b.untranscribed()) == 0 && !b.words() {
		v.State, v.Title, v.Reason, v.UpdatedAt = kerbside.VisitErased, "", "", s.now()
		return tx.PutVisit(v)
	}
	if err := s.changed(tx, &v); err != nil {
		return err
	}
	return enqueueAll(tx, b)
}
