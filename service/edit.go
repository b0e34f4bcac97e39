package service

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kerbside"
)

// NoteInput is a typed note. All but Text may be empty.
type NoteInput struct {
	Visit    kerbside.VisitID // a new one when ""
	ClientID string           // the same id is the same note
	Name     string           // of the file that it was, for people
	Date     string           // of a new visit: ISO 8601
	Case     kerbside.CaseID  // of a new visit
	Text     string
}

// AddNote adds typed text to a visit: it counts as a recording of its own, without sound.
func (s *Service) AddNote(ctx context.Context, by kerbside.User, visit kerbside.VisitID, text string) error {
	if visit == "" {
		return kerbside.E(kerbside.CodeNotFound, "service.AddNote", "There is no such visit, or it is not one of yours. Go back to the list.", nil)
	}
	_, err := s.SendNote(ctx, by, NoteInput{Visit: visit, Text: text})
	return err
}

// SendNote is AddNote for a sender who may have to send again: what was taken under a client id is given back and not added twice. Another text under the same
// id is CodeConflict.
func (s *Service) SendNote(ctx context.Context, by kerbside.User, in NoteInput) (r kerbside.Recording, err error) {
	const op = "service.SendNote"
	if err := wanted(op, in.Text, MaxNote); err != nil {
		return r, err
	}
	t, err := kerbside.TypedTranscript(in.Text)
	if err != nil {
		return r, err
	}
	file := RecordingInput{ClientID: in.ClientID, Name: in.Name}
	name, err := s.checkRecording(op, &file)
	if err != nil {
		return r, err
	}
	id, err := s.newID("r")
	if err != nil {
		return r, err
	}
	// The id follows from the recording too, so that the same note on another visit is another transcript.
	t.ID = kerbside.TranscriptID(kerbside.DerivedID("t", id, in.Text))
	t.Recording.ID = kerbside.RecordingID(id)
	var v *kerbside.Visit // nil: it was there already
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) (err error) {
		v = nil
		if err := records(op, by); err != nil {
			return err
		}
		r, err = tx.RecordingByClient(by.Org, file.ClientID)
		if err == nil {
			return s.sameNote(tx, op, by, r, in.Visit, t.Recording.SHA256)
		}
		if kerbside.CodeOf(err) != kerbside.CodeNotFound {
			return err
		}
		of, err := s.visitOfNote(ctx, tx, op, by, in)
		if err != nil {
			return err
		}
		r = kerbside.Recording{ID: t.Recording.ID, Org: by.Org, Visit: of.ID, ClientID: file.ClientID, Kind: kerbside.KindTyped, Name: name, State: kerbside.RecordingSafe,
			SHA256: t.Recording.SHA256, Bytes: int64(len(in.Text)), CreatedAt: s.now(), FinishedAt: s.now()}
		if err := tx.PutRecording(r); err != nil {
			return err
		}
		if err := s.addDocument(tx, of, kerbside.DocTranscript, id, 1, t, func(d *kerbside.Document) { d.Author = by.ID }); err != nil {
			return err
		}
		if err := s.audit(tx, by, "note", "recording "+id, of.ID); err != nil {
			return err
		}
		v = &of
		return s.remake(tx, v)
	})
	if err == nil && v != nil {
		s.announce(*v)
	}
	return r, err
}

// sameNote reports a conflict unless a recording is the note that somebody sends once more.
func (s *Service) sameNote(tx kerbside.Tx, op string, by kerbside.User, r kerbside.Recording, visit kerbside.VisitID, sum string) error {
	v, err := tx.Visit(by.Org, r.Visit)
	if err != nil {
		return err
	}
	if v.Worker != by.ID || r.Kind != kerbside.KindTyped || r.SHA256 != sum || visit != "" && visit != v.ID {
		return conflict(op, "This note's name is taken by something else. Send it under another.")
	}
	return nil
}

// visitOfNote is the visit that a note is added to: the one named, or a new one.
func (s *Service) visitOfNote(ctx context.Context, tx kerbside.Tx, op string, by kerbside.User, in NoteInput) (kerbside.Visit, error) {
	if in.Visit != "" {
		b, err := asRead(ctx, tx, op, by, in.Visit, s.workable)
		if err != nil {
			return kerbside.Visit{}, err
		}
		return b.visit, nil
	}
	v, err := s.newVisit(tx, op, by, VisitInput{Date: in.Date})
	if err == nil && in.Case != "" {
		v, err = s.startWithCase(tx, by, v, in.Case)
	}
	return v, err
}

// AddStatement adds what the worker answers or adds after the recording; question is the code of the question that it answers,
// or "".
func (s *Service) AddStatement(ctx context.Context, by kerbside.User, id kerbside.VisitID, question, text string) error {
	const op = "service.AddStatement"
	if err := wanted(op, text, MaxAnswer); err != nil {
		return err
	}
	if err := checkText(op, question, maxName); err != nil {
		return err
	}
	statement, err := s.newID("q")
	if err != nil {
		return err
	}
	return s.edit(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		err := tx.AddStatement(by.Org, id, kerbside.Statement{ID: kerbside.StatementID(statement), Author: by.ID, At: s.now(), Question: question, Text: text})
		if err != nil {
			return err
		}
		return s.audit(tx, by, "state", "statement "+statement, id)
	})
}

func wanted(op, text string, limit int) error {
	if strings.TrimSpace(text) == "" {
		return invalid(op, "There is no text yet. Type it first.")
	}
	return checkText(op, text, limit)
}

// Correct replaces a range of words of a transcript by others, as a new version. The sentences that rested on them are stale
// from this moment, approvals that covered the old version do not count any more, and the record and the drafts are made anew.
func (s *Service) Correct(ctx context.Context, by kerbside.User, id kerbside.VisitID, in CorrectionInput) error {
	const op = "service.Correct"
	for _, text := range []string{in.Old, in.New, in.Reason} {
		if err := checkText(op, text, MaxAnswer); err != nil {
			return err
		}
	}
	if strings.Join(strings.Fields(in.Old), " ") == strings.Join(strings.Fields(in.New), " ") {
		return invalid(op, "Nothing would change. Type what was really said.")
	}
	correction, err := s.newID("k")
	if err != nil {
		return err
	}
	c := kerbside.Correction{ID: correction, FirstWord: in.First, LastWord: in.Last, Old: in.Old, New: in.New, Author: by.ID, At: s.now(), Reason: in.Reason}
	return s.edit(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		found := false
		for i := range b.transcripts { // the same sound given twice is the same transcript twice
			if b.transcripts[i].t.ID != in.Transcript {
				continue
			}
			found = true
			if err := s.applyCorrection(tx, b, &b.transcripts[i], c); err != nil {
				return err
			}
		}
		switch {
		case !found:
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such transcript in this visit. Reload the page.", nil)
		case !b.words():
			return invalid(op, "These are the only words of this visit, so they cannot be removed. Type what was really said.")
		}
		if err := tx.AddCorrection(by.Org, id, in.Transcript, c); err != nil {
			return err
		}
		return s.audit(tx, by, "correct", "transcript "+string(in.Transcript)+" correction "+correction, id)
	})
}

// applyCorrection adds the next version of one transcript.
func (s *Service) applyCorrection(tx kerbside.Tx, b *bundle, t *transcriptDoc, c kerbside.Correction) error {
	next, err := t.t.Apply(c)
	if err != nil {
		return err
	}
	if err := next.Validate(); err != nil {
		return kerbside.E(kerbside.CodeInternal, "service.applyCorrection", "The correction could not be applied. Nothing was changed.", errors.Unwrap(err))
	}
	if next.Version != t.doc.Version+1 {
		return kerbside.E(kerbside.CodeInternal, "service.applyCorrection", "", fmt.Errorf("transcript version %d after document version %d", next.Version, t.doc.Version))
	}
	t.t = next
	return s.addDocument(tx, b.visit, kerbside.DocTranscript, t.doc.Key, next.Version, next, func(d *kerbside.Document) {
		d.Author, d.Reason, d.At = c.Author, c.Reason, c.At
	})
}

// edit runs f on a visit that by may change, and has its record and drafts made anew in the same transaction.
func (s *Service) edit(ctx context.Context, op string, by kerbside.User, id kerbside.VisitID, f func(kerbside.Tx, *bundle) error) error {
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		b, err := asRead(ctx, tx, op, by, id, s.workable)
		if err != nil {
			return err
		}
		v = b.visit
		if err := f(tx, b); err != nil {
			return err
		}
		return s.remake(tx, &v)
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// remake has the record and the drafts of a visit made anew.
func (s *Service) remake(tx kerbside.Tx, v *kerbside.Visit) error {
	if err := s.changed(tx, v); err != nil {
		return err
	}
	return tx.Enqueue(kerbside.Job{Org: v.Org, Kind: kerbside.JobExtract, Visit: v.ID, Owner: v.Worker, Priority: kerbside.PriorityNext})
}

// asRead gives the bundle of a visit to somebody who may do this with it, if it still is as they read it.
func asRead(ctx context.Context, tx kerbside.Tx, op string, by kerbside.User, id kerbside.VisitID, may func(kerbside.Tx, string, kerbside.User, kerbside.VisitID) (kerbside.Visit, error)) (*bundle, error) {
	v, err := may(tx, op, by, id)
	if err != nil {
		return nil, err
	}
	b, err := loadBundle(tx, v)
	if err == nil {
		err = b.unchanged(ctx, op)
	}
	return b, err
}
