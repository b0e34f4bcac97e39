package service

import (
	"context"
	"slices"

	"kerbside"
)

const (
	maxSpans  = 500
	heardSlop = 250 // ms: players report to about a quarter of a second
)

// Span is a stretch of a recording in ms.
type Span struct{ StartMS, EndMS int64 }

// ReportHeard keeps what a person's browser says it has played of a recording. It is kept as that and called that: nobody can know what was listened to.
func (s *Service) ReportHeard(ctx context.Context, by kerbside.User, id kerbside.VisitID, recording kerbside.RecordingID, spans []Span) error {
	const op = "service.ReportHeard"
	if len(spans) == 0 || len(spans) > maxSpans {
		return invalid(op, "Say which stretches were played: at most 500 at one time.")
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if _, err := s.permitted(tx, op, by, UseHear, id); err != nil {
			return err
		}
		r, err := tx.Recording(by.Org, recording)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && r.Visit != id {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such recording in this visit.", nil)
		}
		if err != nil {
			return err
		}
		for _, x := range spans {
			if x.StartMS < 0 || x.EndMS <= x.StartMS || r.DurationMS > 0 && x.StartMS > r.DurationMS {
				return invalid(op, "A stretch begins before it ends, and lies within the recording.")
			}
			if err := tx.AddHeard(kerbside.Heard{Org: r.Org, Visit: id, Recording: r.ID, By: by.ID, At: s.now(), StartMS: x.StartMS, EndMS: x.EndMS}); err != nil {
				return err
			}
		}
		return s.audit(tx, by, "heard", "recording "+string(r.ID), id)
	})
}

// played reports whether a person's browser has played all the sound of an item's evidence. What has no sound cannot be heard.
func (b *bundle) played(by kerbside.UserID, evidence []kerbside.Evidence) bool {
	recordings := map[string][]kerbside.RecordingID{}
	for _, t := range b.transcripts {
		recordings[string(t.t.ID)] = append(recordings[string(t.t.ID)], kerbside.RecordingID(t.doc.Key))
	}
	if len(evidence) == 0 {
		return false
	}
	for _, e := range evidence {
		if e.StartMS == nil || e.EndMS == nil {
			return false
		}
		if !slices.ContainsFunc(recordings[e.Source.ID], func(r kerbside.RecordingID) bool { return b.playedSpan(by, r, *e.StartMS, *e.EndMS) }) {
			return false
		}
	}
	return true
}

func (b *bundle) playedSpan(by kerbside.UserID, r kerbside.RecordingID, from, to int64) bool {
	var spans []Span
	for _, h := range b.heard {
		if h.By == by && h.Recording == r {
			spans = append(spans, Span{h.StartMS, h.EndMS})
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return int(a.StartMS - b.StartMS) })
	for _, x := range spans {
		if x.StartMS > from+heardSlop {
			return false
		}
		from = max(from, x.EndMS)
		if from >= to-heardSlop {
			return true
		}
	}
	return false
}

// openTo is open with what the viewer's browser has played.
func (b *bundle) openTo(by kerbside.UserID) []OpenItem {
	items := b.open()
	for i := range items {
		if items[i].Required {
			items[i].Heard = b.played(by, askedOf(items[i]))
		}
	}
	return items
}

// clips counts what of the critical claims was played, by who approved and by who looks.
func (b *bundle) clips(approval *kerbside.Review, viewer kerbside.UserID) (c ClipFigures) {
	for _, item := range criticalItems(b.record) {
		if !slices.ContainsFunc(item.Evidence, func(e kerbside.Evidence) bool { return e.StartMS != nil }) {
			continue
		}
		c.Of++
		if approval != nil && b.played(approval.By, item.Evidence) {
			c.Approver++
		}
		if b.played(viewer, item.Evidence) {
			c.Viewer++
		}
	}
	return c
}
