package service

import (
	"context"
	"fmt"
	"slices"

	"kerbside"
)

// History is all that happened to a visit, oldest first: who did what, and each new version.
func (s *Service) History(ctx context.Context, by kerbside.User, id kerbside.VisitID) (entries []HistoryEntry, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		v, err := s.readable(tx, "service.History", by, id)
		if err != nil {
			return err
		}
		names, err := peopleNames(tx, v.Org)
		if err != nil {
			return err
		}
		entries, err = history(tx, v)
		for i := range entries {
			entries[i].ByName = names[entries[i].By]
		}
		return err
	})
	return entries, err
}

func history(tx kerbside.Tx, v kerbside.Visit) ([]HistoryEntry, error) {
	details, err := auditDetails(tx, v)
	if err != nil {
		return nil, err
	}
	audit, err := tx.VisitAudit(v.Org, v.ID)
	if err != nil {
		return nil, err
	}
	var entries []HistoryEntry
	for _, a := range audit {
		entries = append(entries, HistoryEntry{At: a.At, By: a.By, Action: a.Action, Object: a.Object, Detail: details[a.Object]})
	}
	for _, kind := range []kerbside.DocumentKind{kerbside.DocTranscript, kerbside.DocRecord, kerbside.DocDraft} {
		latest, err := tx.LatestDocuments(v.Org, v.ID, kind)
		if err != nil {
			return nil, err
		}
		for _, l := range latest {
			versions, err := tx.DocumentVersions(v.Org, v.ID, kind, l.Key)
			if err != nil {
				return nil, err
			}
			for _, d := range versions {
				entries = append(entries, HistoryEntry{At: d.At, By: d.Author, Action: string(kind), Object: "document " + string(d.ID), Detail: fmt.Sprintf("%s version %d", d.Key, d.Version)})
			}
		}
	}
	slices.SortStableFunc(entries, func(a, b HistoryEntry) int { return a.At.Compare(b.At) })
	return entries, nil
}

// auditDetails says, by an audit entry's object, what it was about.
func auditDetails(tx kerbside.Tx, v kerbside.Visit) (map[string]string, error) {
	details := map[string]string{}
	reviews, err := tx.Reviews(v.Org, v.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		details["review "+r.ID] = r.Comment
	}
	statements, err := tx.Statements(v.Org, v.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		details["statement "+string(s.ID)] = s.Text
	}
	voids, err := tx.LatestDocuments(v.Org, v.ID, kerbside.DocVoid)
	if err != nil {
		return nil, err
	}
	for _, d := range voids {
		var why struct{ Reason, To string }
		if err := decode(d, &why); err != nil {
			return nil, err
		}
		object := "recording " + d.Key
		if why.To != "" {
			object += " to " + why.To
		}
		details[object] = why.Reason
	}
	b, err := loadBundle(tx, v)
	if err != nil {
		return nil, err
	}
	for _, o := range b.oversight {
		details["entry "+o.doc.Key] = o.entry.Decision
	}
	if err := rewordingDetails(tx, v, details); err != nil {
		return nil, err
	}
	for _, e := range b.entries {
		details["entry "+e.ID+" document "+string(e.Document)] = string(e.Audience) + ", " + e.On
	}
	decided, err := tx.DocumentVersions(v.Org, v.ID, kerbside.DocDecisions, "")
	if err != nil {
		return nil, err
	}
	for _, d := range decided {
		var of decisions
		if err := decode(d, &of); err != nil {
			return nil, err
		}
		for _, x := range of.Decisions {
			if x.Strike {
				details["item "+itemID(&x.Item)] = x.Reason
			}
			for _, p := range partsOf(&x.Item) {
				details["proposal "+p.id] = p.text
				if now, ok := b.moved(p); ok {
					details["proposal "+now.id] = now.text
				}
			}
		}
	}
	for _, t := range b.transcripts {
		corrections, err := tx.Corrections(v.Org, v.ID, t.t.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range corrections {
			text := CorrectionText(c)
			if c.Reason != "" {
				text += ": " + c.Reason
			}
			details["transcript "+string(t.t.ID)+" correction "+c.ID] = text
		}
	}
	return details, nil
}
