package service

import (
	"bytes"
	"context"
	"slices"
	"strings"

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
		visit, err := readable(tx, op, by, id)
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
		o.Approval, d = b.answeredFor(names), b.drafts[i].d
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
	if a != nil {
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
