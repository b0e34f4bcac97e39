package service

import (
	"context"
	"fmt"

	"kerbside"
)

// UndoCorrection takes back the newest correction of a transcript that stands: a new version has the words of before it, with their ids, times
// and doubts. Nothing is overwritten; both stay in the history. correction guards against taking back another one than was seen.
func (s *Service) UndoCorrection(ctx context.Context, by kerbside.User, id kerbside.VisitID, transcript kerbside.TranscriptID, correction string) error {
	const op = "service.UndoCorrection"
	fresh, err := s.newID("k")
	if err != nil {
		return err
	}
	return s.edit(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		corrections, err := tx.Corrections(by.Org, id, transcript)
		if err != nil {
			return err
		}
		standing := kerbside.Standing(corrections)
		if len(standing) == 0 {
			return conflict(op, "There is no correction to take back. Reload the page.")
		}
		n := standing[len(standing)-1]
		if corrections[n].ID != correction {
			return conflict(op, "Something else was corrected meanwhile. Reload the page and look again.")
		}
		c := corrections[n]
		found := false
		for i := range b.transcripts { // the same sound given twice is the same transcript twice
			t := &b.transcripts[i]
			if t.t.ID != transcript {
				continue
			}
			found = true
			if err := s.restore(tx, b, t, n+1, by.ID); err != nil {
				return err
			}
		}
		if !found {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such transcript in this visit. Reload the page.", nil)
		}
		undo := kerbside.Correction{ID: fresh, FirstWord: c.FirstWord, LastWord: c.LastWord, Old: c.New, New: c.Old, Author: by.ID, At: s.now(), Undoes: c.ID}
		if err := tx.AddCorrection(by.Org, id, transcript, undo); err != nil {
			return err
		}
		return s.audit(tx, by, "undo", "transcript "+string(transcript)+" correction "+fresh, id)
	})
}

// restore adds a version of a transcript that has the words of an earlier one.
func (s *Service) restore(tx kerbside.Tx, b *bundle, t *transcriptDoc, version int, by kerbside.UserID) error {
	const op = "service.restore"
	versions, err := tx.DocumentVersions(b.visit.Org, b.visit.ID, kerbside.DocTranscript, t.doc.Key)
	if err != nil {
		return err
	}
	if version < 1 || version > len(versions) || versions[version-1].Version != version {
		return kerbside.E(kerbside.CodeInternal, op, "", fmt.Errorf("no version %d of %d", version, len(versions)))
	}
	var old kerbside.Transcript
	if err := decode(versions[version-1], &old); err != nil {
		return err
	}
	old.Version = t.doc.Version + 1
	t.t = &old
	return s.addDocument(tx, b.visit, kerbside.DocTranscript, t.doc.Key, old.Version, &old, func(d *kerbside.Document) { d.Author, d.At = by, s.now() })
}

// CorrectionText says to people what a correction changed.
func CorrectionText(c kerbside.Correction) string {
	switch {
	case c.New == "":
		return fmt.Sprintf("“%s” was taken out", c.Old)
	case c.Old == "":
		return fmt.Sprintf("“%s” was put back", c.New)
	}
	return fmt.Sprintf("“%s” became “%s”", c.Old, c.New)
}

// lastCorrections says for each transcript of a view which correction can be taken back.
func lastCorrections(tx kerbside.Tx, v *VisitView) error {
	for i := range v.Transcripts {
		t := &v.Transcripts[i]
		if t.Transcript.Version == 1 {
			continue
		}
		corrections, err := tx.Corrections(v.Visit.Org, v.Visit.ID, t.Transcript.ID)
		if err != nil {
			return err
		}
		if standing := kerbside.Standing(corrections); len(standing) > 0 {
			t.Last = &corrections[standing[len(standing)-1]]
		}
	}
	return nil
}
