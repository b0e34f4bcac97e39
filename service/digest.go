package service

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"kerbside"
)

// digestOf is what lists over many visits know of one: no words. It is kept sealed (kerbside.Digest).
type digestOf struct {
	Day      string    `json:"day"`     // of the visit, ISO 8601
	Visited  bool      `json:"visited"` // in person, and completed
	Spoken   time.Time `json:"spoken"`  // when its first recording, or note, began
	Drafted  time.Time `json:"drafted"`
	Approved time.Time `json:"approved,omitzero"` // as it is
	Words    int       `json:"words"`
	Doubts   int       `json:"doubts"` // words under the record that were doubtful, at most so far
	Urgent   string    `json:"urgent"` // the version of the record that first had its urgent cues; "" for none

	UrgentAt time.Time      `json:"urgent_at,omitzero"`
	Actions  []actionDigest `json:"actions"`         // still to be done
	Ticked   time.Time      `json:"ticked,omitzero"` // when one was last ticked off
}

type actionDigest struct {
	Due  string `json:"due"`
	Ours bool   `json:"ours"`
}

// digests reads those of the visits that have one.
func digests(tx kerbside.Tx, org kerbside.OrganisationID, visits []kerbside.Visit) (map[kerbside.VisitID]digestOf, error) {
	ids := make([]kerbside.VisitID, len(visits))
	for i, v := range visits {
		ids[i] = v.ID
	}
	stored, err := tx.Digests(org, ids)
	out := make(map[kerbside.VisitID]digestOf, len(stored))
	for id, d := range stored {
		var x digestOf
		if json.Unmarshal([]byte(d.Body), &x) == nil {
			out[id] = x
		}
	}
	return out, err
}

// digest sums a visit up anew. It is called in each transaction that makes a record or drafts current, decides about them, or ticks an action off.
func (s *Service) digest(tx kerbside.Tx, v kerbside.Visit) error {
	b, err := loadBundle(tx, v)
	if err != nil || b.record == nil {
		return err
	}
	before, err := digests(tx, v.Org, []kerbside.Visit{v})
	if err != nil {
		return err
	}
	old := before[v.ID]
	d := digestOf{Day: b.record.Visit.Date.Value, Drafted: old.Drafted, Doubts: max(old.Doubts, len(b.openDoubts())),
		Visited: b.record.Visit.Mode.Value == kerbside.ModeInPerson && b.record.Visit.Outcome.Value == kerbside.OutcomeCompleted}
	d.Day = cmp.Or(d.Day, v.Date, v.CreatedAt.Format(time.DateOnly))
	if d.Drafted.IsZero() {
		d.Drafted = b.recordDoc.At
	}
	for _, r := range b.recordings {
		if r.State != kerbside.RecordingVoid && (d.Spoken.IsZero() || r.CreatedAt.Before(d.Spoken)) {
			d.Spoken = r.CreatedAt
		}
	}
	for _, t := range b.transcripts {
		d.Words += len(t.t.Words)
	}
	if a := b.approval(); a != nil && (v.State == kerbside.VisitApproved || v.State == kerbside.VisitLocked) {
		d.Approved = a.At
	}
	if slices.ContainsFunc(b.record.Warnings, func(w kerbside.Warning) bool { return w.Code == kerbside.WarnUrgentCue }) {
		d.Urgent, d.UrgentAt = old.Urgent, old.UrgentAt
		if d.Urgent == "" {
			d.Urgent, d.UrgentAt = string(b.recordDoc.ID), b.recordDoc.At
		}
	}
	worker, err := tx.User(v.Worker)
	if err != nil {
		return err
	}
	cv, err := loadCaseVisit(tx, ground{users: map[kerbside.UserID]kerbside.User{v.Worker: worker}}, v)
	if err != nil || cv.record == nil {
		return err
	}
	actions, err := cv.actions(ground{}, kerbside.Case{}, "")
	if err != nil {
		return err
	}
	for _, a := range actions {
		if !a.Done {
			d.Actions = append(d.Actions, actionDigest{Due: a.Due, Ours: a.Ours})
		}
		if a.TickedAt.After(d.Ticked) {
			d.Ticked = a.TickedAt
		}
	}
	body, err := json.Marshal(d)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "service.digest", "", err)
	}
	return tx.PutDigest(kerbside.Digest{Org: v.Org, Visit: v.ID, Body: string(body)})
}

// digestRest sums up visits from before there were digests, a few in each transaction, so that nobody waits for it.
func (s *Service) digestRest(ctx context.Context) {
	var left []kerbside.Visit
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		left = nil
		orgs, err := tx.Organisations()
		for _, o := range orgs {
			if err != nil {
				return err
			}
			var visits []kerbside.Visit
			visits, err = tx.Visits(o.ID, kerbside.VisitFilter{States: []kerbside.VisitState{kerbside.VisitDrafted, kerbside.VisitReturned, kerbside.VisitApproved, kerbside.VisitLocked}})
			if err != nil {
				return err
			}
			have, err := digests(tx, o.ID, visits)
			if err != nil {
				return err
			}
			for _, v := range visits {
				if _, ok := have[v.ID]; !ok {
					left = append(left, v)
				}
			}
		}
		return err
	})
	const few = 20
	for len(left) > 0 && err == nil && ctx.Err() == nil {
		some := left[:min(few, len(left))]
		left = left[len(some):]
		err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
			for _, v := range some {
				now, err := tx.Visit(v.Org, v.ID)
				if err == nil {
					err = s.digest(tx, now)
				}
				if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound { // erased
					return err
				}
			}
			return nil
		})
	}
	if err != nil && ctx.Err() == nil {
		s.log.LogAttrs(ctx, slog.LevelError, "visits could not be summed up", errAttrs(err)...)
	}
}
