package service

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// File is something to take away. Its name holds a date and no names of people.
type File struct {
	Name string
	Type string // media type
	Body []byte
}

// Export gives the newest version of a draft in a format. What is not approved as it is says so in itself and in its name, JSON in its
// name only.
func (s *Service) Export(ctx context.Context, by kerbside.User, id kerbside.VisitID, audience kerbside.Audience, format kerbside.Format, citations bool) (File, error) {
	const op = "service.Export"
	var d *kerbside.Draft
	var b *bundle
	o := kerbside.ExportOptions{Format: format, Citations: citations, At: s.now()}
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		visit, err := s.readable(tx, op, by, id)
		if err != nil {
			return err
		}
		if b, err = loadBundle(tx, visit); err != nil {
			return err
		}
		i := slices.IndexFunc(b.drafts, func(d draftDoc) bool { return d.d.Audience == audience })
		if i < 0 {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no draft for this reader yet.", nil)
		}
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		o.Approval, d = b.approvedFor(audience, names), b.drafts[i].d
		if err := b.settled(op, o.Approval); err != nil {
			return err
		}
		return s.audit(tx, by, "export", strings.Join([]string{"draft", string(b.drafts[i].doc.ID), string(format)}, " "), id)
	})
	if err != nil {
		return File{}, err
	}
	o.Unapproved, o.Record = o.Approval == nil, b.record
	var out bytes.Buffer
	if err := s.d.Exporter.Export(&out, d, o); err != nil {
		return File{}, err
	}
	return File{Name: b.fileName(string(audience), o.Approval) + format.Ext(), Type: format.MIME(), Body: out.Bytes()}, nil
}

// Bundle gives everything about a visit as one signed file.
func (s *Service) Bundle(ctx context.Context, by kerbside.User, id kerbside.VisitID) (File, error) {
	const op = "service.Bundle"
	d := &kerbside.Dossier{Visit: id, At: s.now(), Versions: map[string]string{"kerbside": s.d.Version}}
	var b *bundle
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		visit, err := s.readable(tx, op, by, id)
		if err != nil {
			return err
		}
		if b, err = loadBundle(tx, visit); err != nil {
			return err
		}
		if b.record == nil {
			return kerbside.E(kerbside.CodeNotFound, op, "There is nothing to take along yet. Wait until the drafts are there.", nil)
		}
		if d.Names, err = peopleNames(tx, by.Org); err != nil {
			return err
		}
		d.Approval = b.answeredFor(d.Names)
		if err := b.settled(op, d.Approval); err != nil {
			return err
		}
		return s.audit(tx, by, "export", "bundle "+string(id), id)
	})
	if err != nil {
		return File{}, err
	}
	for _, t := range b.transcripts {
		d.Transcripts = append(d.Transcripts, t.t)
	}
	for _, x := range b.drafts {
		d.Drafts = append(d.Drafts, x.d)
	}
	d.Record, d.Statements, d.Reviews, d.Consent = b.record, b.statements, b.reviews, b.consentLines()
	var out bytes.Buffer
	if err := s.d.Exporter.Bundle(&out, d); err != nil {
		return File{}, err
	}
	return File{Name: b.fileName("bundle", d.Approval) + ".zip", Type: "application/zip", Body: out.Bytes()}, nil
}

// Enter keeps the worker's word that an approved draft is in the case system, or takes it back. It changes neither draft nor approval.
func (s *Service) Enter(ctx context.Context, by kerbside.User, id kerbside.VisitID, in EnterInput) error {
	const op = "service.Enter"
	today := s.now().Format(time.DateOnly)
	if in.On == "" {
		in.On = today
	}
	if day, err := time.Parse(time.DateOnly, in.On); err != nil || day.After(s.now().AddDate(0, 0, 1)) { // it may be tomorrow elsewhere
		return invalid(op, "That is not a day on which this can have been entered. Write it as "+today+".")
	}
	return s.decide(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		if b.visit.Worker != by.ID {
			return forbidden(op, "Only the worker of this visit can say that it is in the case system.")
		}
		i := slices.IndexFunc(b.drafts, func(d draftDoc) bool { return d.doc.ID == in.Document })
		names, err := peopleNames(tx, by.Org)
		switch {
		case err != nil:
			return err
		case i < 0:
			return conflict(op, "This draft has a newer version. Reload the page and read what is new.")
		case b.answeredFor(names) == nil:
			return conflict(op, "Nobody has approved this as it is. Approve it first, then enter it.")
		case b.approvedFor(b.drafts[i].d.Audience, names) == nil:
			return conflict(op, "This draft waits for a second person to approve it. Enter it then.")
		}
		now := b.entered(b.drafts[i], names)
		if (now != nil && !now.Earlier) == !in.Undo {
			return conflict(op, "This was said already. Reload the page.")
		}
		entry, err := s.newID("en")
		if err != nil {
			return err
		}
		action := "enter"
		if in.Undo {
			action = "enter_undo"
		}
		if err := tx.AddEntry(kerbside.Entry{ID: entry, Org: by.Org, Visit: id, Audience: b.drafts[i].d.Audience, Document: in.Document, By: by.ID, At: s.now(), On: in.On, Undone: in.Undo}); err != nil {
			return err
		}
		return s.audit(tx, by, action, "entry "+entry+" document "+string(in.Document), id)
	})
}

// entered is the newest word about whether a draft is in the case system.
func (b *bundle) entered(d draftDoc, names map[kerbside.UserID]string) *EnteredView {
	for _, e := range slices.Backward(b.entries) {
		if e.Audience == d.d.Audience {
			if e.Undone {
				return nil
			}
			return &EnteredView{On: e.On, ByName: names[e.By], Earlier: e.Document != d.doc.ID}
		}
	}
	return nil
}

// answeredFor says who approved and reviewed the newest versions; nil when they are not approved.
func (b *bundle) answeredFor(names map[kerbside.UserID]string) *kerbside.Approval {
	r := b.approval()
	if r == nil || b.visit.State != kerbside.VisitApproved && b.visit.State != kerbside.VisitLocked {
		return nil
	}
	a := &kerbside.Approval{By: names[r.By], At: r.At}
	for _, r := range b.reviews {
		if r.Action == kerbside.ReviewLock && b.coversAll(r.Covers) {
			a.ReviewedBy, a.ReviewedAt = names[r.By], r.At
		}
	}
	return a
}

// settled refuses what is being made anew: it would be out of date when it arrives.
func (b *bundle) settled(op string, a *kerbside.Approval) error {
	if b.stopped() {
		return conflict(op, stoppedMessage)
	}
	if a != nil || b.visit.State.Closed() {
		return nil
	}
	complete, err := b.complete()
	if err == nil && !complete {
		err = conflict(op, "The drafts are still being made. Wait until they are there, then take them with you.")
	}
	return err
}

// fileName is "visit-2026-03-03-family", with what is to be known of it at sight.
func (b *bundle) fileName(what string, a *kerbside.Approval) string {
	day := b.visit.Date
	if b.record != nil && b.record.Visit.Date.Value != "" {
		day = b.record.Visit.Date.Value
	}
	if day == "" {
		day = b.visit.CreatedAt.Format("2006-01-02")
	}
	name := "visit-" + day + "-" + what
	if a == nil {
		name += "-draft-not-approved"
	}
	return name
}
