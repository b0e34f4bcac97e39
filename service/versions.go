package service

import (
	"context"
	"time"

	"kerbside"
)

// DocumentHistory is every version of one document of a visit.
type DocumentHistory struct {
	Kind     kerbside.DocumentKind // transcript, record or draft
	Key      string                // as in [kerbside.Document.Key]
	Versions []VersionEntry        // oldest first
}

// VersionEntry says where a version came from.
type VersionEntry struct {
	Document kerbside.DocumentID
	Version  int
	At       time.Time
	By       kerbside.UserID // "" when the stages made it
	ByName   string
	// Correction is what a version of a transcript changed; nil for the first.
	Correction *kerbside.Correction
	// After is what people did between the version before and this one: why the stages made another. Empty for the first.
	After []HistoryEntry
}

// Versions lists the versions of a visit's transcripts, its record and its drafts: who made each, when and why.
func (s *Service) Versions(ctx context.Context, by kerbside.User, id kerbside.VisitID) (list []DocumentHistory, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		v, err := s.readable(tx, "service.Versions", by, id)
		if err != nil {
			return err
		}
		names, err := peopleNames(tx, v.Org)
		if err != nil {
			return err
		}
		edits, err := edits(tx, v, names)
		if err != nil {
			return err
		}
		list = nil
		for _, kind := range []kerbside.DocumentKind{kerbside.DocTranscript, kerbside.DocRecord, kerbside.DocDraft} {
			latest, err := tx.LatestDocuments(v.Org, id, kind)
			if err != nil {
				return err
			}
			for _, l := range latest {
				h, err := documentHistory(tx, l, names, edits)
				if err != nil {
					return err
				}
				list = append(list, h)
			}
		}
		return nil
	})
	return list, err
}

// edits are what people did to a visit that has the stages make something anew.
func edits(tx kerbside.Tx, v kerbside.Visit, names map[kerbside.UserID]string) ([]HistoryEntry, error) {
	all, err := history(tx, v)
	if err != nil {
		return nil, err
	}
	var out []HistoryEntry
	for _, h := range all {
		switch h.Action {
		case "correct", "undo", "state", "note", "upload", "release", "withhold", "include", "void":
			if h.By != "" {
				h.ByName = names[h.By]
				out = append(out, h)
			}
		}
	}
	return out, nil
}

func documentHistory(tx kerbside.Tx, latest kerbside.Document, names map[kerbside.UserID]string, edits []HistoryEntry) (DocumentHistory, error) {
	h := DocumentHistory{Kind: latest.Kind, Key: latest.Key}
	versions, err := tx.DocumentVersions(latest.Org, latest.Visit, latest.Kind, latest.Key)
	if err != nil {
		return h, err
	}
	var corrections []kerbside.Correction
	if latest.Kind == kerbside.DocTranscript && len(versions) > 1 {
		var t kerbside.Transcript
		if err := decode(latest, &t); err != nil {
			return h, err
		}
		if corrections, err = tx.Corrections(latest.Org, latest.Visit, t.ID); err != nil {
			return h, err
		}
	}
	var before time.Time
	for i, d := range versions {
		e := VersionEntry{Document: d.ID, Version: d.Version, At: d.At, By: d.Author, ByName: names[d.Author]}
		if i > 0 && i <= len(corrections) {
			e.Correction = &corrections[i-1]
		}
		for _, x := range edits {
			if i > 0 && x.At.After(before) && !x.At.After(d.At) {
				e.After = append(e.After, x)
			}
		}
		before = d.At
		h.Versions = append(h.Versions, e)
	}
	return h, nil
}

// Document gives one version of a visit's transcript, record or draft, as it was written.
func (s *Service) Document(ctx context.Context, by kerbside.User, id kerbside.VisitID, doc kerbside.DocumentID) (d kerbside.Document, err error) {
	const op = "service.Document"
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if _, err := s.readable(tx, op, by, id); err != nil {
			return err
		}
		d, err = tx.Document(by.Org, doc)
		readable := d.Kind == kerbside.DocTranscript || d.Kind == kerbside.DocRecord || d.Kind == kerbside.DocDraft
		if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && (d.Visit != id || !readable) {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such version in this visit. Go back to it.", nil)
		}
		if err != nil {
			return err
		}
		return s.audit(tx, by, "read", "document "+string(doc), id)
	})
	return d, err
}
