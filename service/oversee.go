package service

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kerbside"
)

type oversightDoc struct {
	doc   kerbside.Document
	entry kerbside.Oversight
}

// AddOversight adds a manager's entry about a visit: what was decided and why. It can be made whatever the visit's state is, and is never changed.
func (s *Service) AddOversight(ctx context.Context, by kerbside.User, id kerbside.VisitID, in kerbside.Oversight) error {
	const op = "service.AddOversight"
	for _, text := range []string{in.Decision, in.Rationale} {
		if err := wanted(op, text, MaxAnswer); err != nil {
			return err
		}
	}
	key, err := s.newID("g")
	if err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		v, err := s.permitted(tx, op, by, UseOversee, id)
		if err != nil {
			return err
		}
		if err := s.addDocument(tx, v, kerbside.DocOversight, key, 1, in, func(d *kerbside.Document) { d.Author = by.ID }); err != nil {
			return err
		}
		return s.audit(tx, by, "oversight", "entry "+key, id)
	})
}

// loadNotes loads what people wrote about the visit beside it.
func (b *bundle) loadNotes(tx kerbside.Tx) error {
	b.comments = map[string][]kerbside.SentenceComment{}
	docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocComments)
	if err != nil {
		return err
	}
	for _, d := range docs {
		var c []kerbside.SentenceComment
		if err := decode(d, &c); err != nil {
			return err
		}
		b.comments[d.Key] = c
	}
	if docs, err = tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocOversight); err != nil {
		return err
	}
	for _, d := range docs {
		o := oversightDoc{doc: d}
		if err := decode(d, &o.entry); err != nil {
			return err
		}
		b.oversight = append(b.oversight, o)
	}
	slices.SortStableFunc(b.oversight, func(x, y oversightDoc) int {
		return cmp.Or(x.doc.At.Compare(y.doc.At), cmp.Compare(x.doc.ID, y.doc.ID))
	})
	return nil
}

// checkComments holds that comments are on sentences of the newest drafts.
func (b *bundle) checkComments(op string, comments []kerbside.SentenceComment) error {
	if len(comments) > 200 {
		return kerbside.E(kerbside.CodeTooLarge, op, "These are very many comments. Put what they have in common into the reason.", nil)
	}
	for _, c := range comments {
		if err := wanted(op, c.Text, MaxAnswer); err != nil {
			return err
		}
		if !slices.ContainsFunc(b.drafts, func(d draftDoc) bool {
			return d.doc.ID == c.Document && slices.ContainsFunc(d.d.Sentences, func(x kerbside.Sentence) bool { return x.ID() == c.Sentence })
		}) {
			return conflict(op, "A comment is on a sentence that is not there any more. Reload the page; your text stands in the form.")
		}
	}
	return nil
}

// Void takes a recording out of a visit: it was put on the wrong child. Nothing is made of it here any more, and record and drafts are made anew without it.
// Its sound is kept, and the history shows what was. With to, a visit of the caller's, its sound is added to that one; another is started when to is "new".
func (s *Service) Void(ctx context.Context, by kerbside.User, id kerbside.RecordingID, reason, to string) (moved kerbside.Recording, err error) {
	const op = "service.Void"
	reason = strings.TrimSpace(reason)
	if err := wanted(op, reason, MaxAnswer); err != nil {
		return moved, err
	}
	var r kerbside.Recording
	check := func(tx kerbside.Tx) (v kerbside.Visit, err error) {
		if err := signedIn(op, by); err != nil {
			return v, err
		}
		if r, err = tx.Recording(by.Org, id); err != nil {
			if kerbside.CodeOf(err) == kerbside.CodeNotFound {
				err = kerbside.E(kerbside.CodeNotFound, op, "There is no such recording, or it is not one of yours.", nil)
			}
			return v, err
		}
		if v, err = s.workable(tx, op, by, r.Visit); err != nil {
			return v, err
		}
		if r.State != kerbside.RecordingSafe && r.State != kerbside.RecordingUnusable {
			return v, conflict(op, "This recording is not complete, or was taken out already.")
		}
		if _, conditional := wantedRevisions(ctx); err == nil && conditional {
			var b *bundle
			if b, err = loadBundle(tx, v); err == nil {
				err = b.unchanged(ctx, op)
			}
		}
		return v, err
	}
	if err := s.d.Store.View(ctx, func(tx kerbside.Tx) error { _, err := check(tx); return err }); err != nil {
		return moved, err
	}
	if to != "" {
		if moved, err = s.copyRecording(ctx, by, r, to); err != nil {
			return moved, err
		}
	}
	var v kerbside.Visit
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if v, err = check(tx); err != nil {
			return err
		}
		r.State = kerbside.RecordingVoid
		if err := tx.PutRecording(r); err != nil {
			return err
		}
		object := "recording " + string(id)
		if moved.ID != "" {
			object += " to " + string(moved.ID)
		}
		why := struct {
			Reason string `json:"reason"`
			To     string `json:"to"`
		}{reason, string(moved.ID)}
		if err := s.addDocument(tx, v, kerbside.DocVoid, string(id), 1, why, func(d *kerbside.Document) { d.Author, d.Reason = by.ID, reason }); err != nil {
			return err
		}
		if err := s.audit(tx, by, "void", object, v.ID); err != nil {
			return err
		}
		b, err := loadBundle(tx, v)
		if err != nil {
			return err
		}
		if err := s.changed(tx, &v); err != nil {
			return err
		}
		return enqueueAll(tx, b)
	})
	if err == nil {
		s.announce(v)
	}
	return moved, err
}

// copyRecording puts a recording's sound into another visit, under a name that makes doing it twice harmless.
func (s *Service) copyRecording(ctx context.Context, by kerbside.User, r kerbside.Recording, to string) (moved kerbside.Recording, err error) {
	const op = "service.copyRecording"
	if r.Blob == "" {
		return moved, conflict(op, "A typed note is not moved. Take it out here and type it where it belongs.")
	}
	in := RecordingInput{ClientID: "moved-" + string(r.ID), Name: r.Name, Kind: r.Kind}
	if to != "new" {
		in.Visit = kerbside.VisitID(to)
		if in.Visit == r.Visit {
			return moved, invalid(op, "It is in this visit already. Choose another.")
		}
	}
	sound, err := s.d.Blobs.Open(ctx, r.Blob)
	if err != nil {
		return moved, err
	}
	defer sound.Close()
	breaks, err := s.interruptions(ctx, r)
	if err != nil {
		return moved, err
	}
	moved, err = s.upload(ctx, by, in, sound, func(tx kerbside.Tx, copied kerbside.Recording) error {
		chunks, err := tx.Chunks(r.Org, r.ID) // they say where one take ends and the next begins
		for _, c := range chunks {
			if err == nil {
				c.Recording, c.Blob = copied.ID, ""
				err = tx.AddChunk(r.Org, c)
			}
		}
		if err != nil || len(breaks) == 0 {
			return err
		}
		return s.keepInterruptions(ctx, op, copied, breaks)
	})
	if err == nil && moved.SHA256 != r.SHA256 {
		err = kerbside.E(kerbside.CodeInternal, op, "The sound could not be copied whole. Nothing was taken out.", fmt.Errorf("recording %s", r.ID))
	}
	return moved, err
}

// voids says what was taken out of a visit.
func (s *Service) voids(tx kerbside.Tx, g ground, b *bundle, names map[kerbside.UserID]string) ([]VoidView, error) {
	docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocVoid)
	if err != nil {
		return nil, err
	}
	var out []VoidView
	for _, d := range docs {
		var why struct{ Reason, To string }
		if err := decode(d, &why); err != nil {
			return nil, err
		}
		v := VoidView{Recording: kerbside.RecordingID(d.Key), Reason: why.Reason, ByName: names[d.Author], At: d.At, Moved: why.To != ""}
		for _, r := range b.recordings {
			if r.ID == v.Recording {
				v.Name = r.Name
			}
		}
		if v.Moved {
			to, err := tx.Recording(b.visit.Org, kerbside.RecordingID(why.To))
			if err == nil {
				var visit kerbside.Visit
				if visit, err = tx.Visit(b.visit.Org, to.Visit); err == nil && g.visit(UseRead, visit) {
					v.MovedTo = visit.ID
				}
			}
			if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
				return nil, err
			}
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(x, y VoidView) int { return x.At.Compare(y.At) })
	return out, nil
}

// wrote reports whether a person put words into a visit: corrected, answered, typed a note, or chose what a reader sees.
func (b *bundle) wrote(tx kerbside.Tx, who kerbside.UserID) (bool, error) {
	for _, s := range b.statements {
		if s.Author == who {
			return true, nil
		}
	}
	for _, kind := range []kerbside.DocumentKind{kerbside.DocTranscript, kerbside.DocChoices} {
		latest, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kind)
		if err != nil {
			return false, err
		}
		for _, l := range latest {
			versions, err := tx.DocumentVersions(l.Org, l.Visit, kind, l.Key)
			if err != nil {
				return false, err
			}
			for _, d := range versions {
				if d.Author == who {
					return true, nil
				}
			}
		}
	}
	return false, nil
}
