package seal

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"kerbside"
)

// What a visit says lies under keys of its own for its parts, so that one can be erased without the others: the words of each recording, the corrections of
// each transcript, what the worker typed, and records with drafts. These last are made again after an erasure, under the next generation's key.

// partMark begins what is sealed under the key of a part: "k2.", the generation, ".".
const partMark = "k2."

// partScope gives the scope of a part for a generation; "" when there is no such generation.
type partScope func(generation int) string

func only(scope string) partScope {
	return func(generation int) string {
		if generation == 1 {
			return scope
		}
		return ""
	}
}

func correctionsOf(v kerbside.VisitID, id kerbside.TranscriptID) partScope {
	return func(generation int) string { return kerbside.CorrectionsScope(v, id, generation) }
}

// partOf is where a document is sealed; nil: under the visit's own key.
func partOf(d *kerbside.Document) partScope {
	switch d.Kind {
	case kerbside.DocTranscript:
		return only(kerbside.WordsScope(kerbside.RecordingID(d.Key)))
	case kerbside.DocRecord, kerbside.DocDraft, kerbside.DocChoices, kerbside.DocProposals, kerbside.DocDecisions:
		return func(generation int) string { return kerbside.NotesScope(d.Visit, generation) }
	}
	return nil
}

// partKey gives the key to seal a part with: of the first generation that was not erased.
func (t *tx) partKey(org kerbside.OrganisationID, p partScope) (k *dataKey, generation int, err error) {
	for generation = 1; ; generation++ {
		scope := p(generation)
		if scope == "" {
			return nil, 0, err
		}
		if k, err = t.key(org, scope, true); !Erased(err) {
			return k, generation, err
		}
	}
}

// mark puts the generation before what a key sealed; unmark takes it off and gives 0 for what lies under the visit's own key.
func mark(sealed string, generation int) string {
	if sealed == "" || generation == 0 {
		return sealed
	}
	return partMark + strconv.Itoa(generation) + "." + strings.TrimPrefix(sealed, sealedMark)
}

func unmark(sealed string) (plainMark string, generation int) {
	rest, ok := strings.CutPrefix(sealed, partMark)
	if !ok {
		return sealed, 0
	}
	number, body, _ := strings.Cut(rest, ".")
	generation, err := strconv.Atoi(number)
	if err != nil || generation < 1 {
		return sealed, 0 // which nothing opens
	}
	return sealedMark + body, generation
}

// openedBy is the scope of the key that a part's field lies under.
func openedBy(v kerbside.VisitID, p partScope, sealed string) string {
	if _, generation := unmark(sealed); generation > 0 && p != nil {
		return p(generation)
	}
	return string(v)
}

// sealPart seals fields of a row under a part's key.
func (t *tx) sealPart(org kerbside.OrganisationID, p partScope, row string, fields ...field) error {
	k, generation, err := t.partKey(org, p)
	for _, f := range fields {
		if err != nil {
			return err
		}
		var sealed string
		sealed, err = k.seal(place(row, f.name), *f.text)
		*f.text = mark(sealed, generation)
	}
	return err
}

// openPart opens fields of a row that lie under a part's key, or, from before there were parts, under the visit's.
func (t *tx) openPart(org kerbside.OrganisationID, v kerbside.VisitID, p partScope, row string, fields ...field) (gone bool, err error) {
	scope := string(v)
	for _, f := range fields {
		if *f.text != "" {
			scope = openedBy(v, p, *f.text)
			*f.text, _ = unmark(*f.text)
		}
	}
	return t.openAll(org, scope, row, fields...)
}

// Divide puts what an older Kerbside sealed under a visit's one key under the keys of its parts. One that is cut off goes on at the next start. It gives how
// many visits it divided.
func Divide(ctx context.Context, store Rewriter, ring *Ring) (visits int, err error) {
	var orgs []kerbside.OrganisationID
	err = store.View(ctx, func(tx kerbside.Tx) error {
		all, err := tx.Organisations()
		for _, o := range all {
			if err != nil {
				break
			}
			_, err = tx.DataKey(o.ID, dividedScope(o.ID))
			if kerbside.CodeOf(err) == kerbside.CodeNotFound {
				orgs, err = append(orgs, o.ID), nil
			}
		}
		return err
	})
	if err != nil || len(orgs) == 0 {
		return 0, err
	}
	for _, org := range orgs {
		n, err := divideOrg(ctx, store, ring, org)
		visits += n
		if err != nil {
			return visits, err
		}
	}
	if visits == 0 {
		return 0, nil
	}
	return visits, store.Shrink(ctx)
}

// dividedScope is the key whose presence says that an organisation's visits are divided.
func dividedScope(org kerbside.OrganisationID) string { return string(org) + ".parts" }

func divideOrg(ctx context.Context, store Rewriter, ring *Ring, org kerbside.OrganisationID) (n int, err error) {
	var visits []kerbside.Visit
	err = store.View(ctx, func(tx kerbside.Tx) error {
		visits, err = tx.Visits(org, kerbside.VisitFilter{})
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, v := range visits {
		moved := false
		err := rewrite(ctx, store, ring, func(plain kerbside.Tx, t *tx) (err error) {
			moved, err = divideVisit(plain, t, v)
			return err
		})
		if err != nil {
			return n, err
		}
		if moved {
			n++
		}
	}
	_, err = ring.obtain(ctx, scope{org, dividedScope(org)})
	return n, err
}

func divideVisit(plain kerbside.Tx, t *tx, v kerbside.Visit) (moved bool, err error) {
	transcripts := map[kerbside.TranscriptID]bool{}
	for _, kind := range []kerbside.DocumentKind{kerbside.DocTranscript, kerbside.DocRecord, kerbside.DocDraft, kerbside.DocChoices, kerbside.DocProposals, kerbside.DocDecisions} {
		latest, err := plain.LatestDocuments(v.Org, v.ID, kind)
		if err != nil {
			return moved, err
		}
		for _, l := range latest {
			versions, err := plain.DocumentVersions(v.Org, v.ID, kind, l.Key)
			if err != nil {
				return moved, err
			}
			for _, d := range versions {
				whole := !strings.HasPrefix(string(d.Body), sealedMark)
				if gone, err := t.openDocument(&d); gone || err != nil {
					if err != nil {
						return moved, err
					}
					continue
				}
				var named struct {
					ID kerbside.TranscriptID `json:"id"`
				}
				if kind == kerbside.DocTranscript && json.Unmarshal(d.Body, &named) == nil {
					transcripts[named.ID] = true
				}
				if whole {
					continue
				}
				if err := t.AddDocument(d); err != nil {
					return moved, err
				}
				moved = true
			}
		}
	}
	for id := range transcripts {
		corrections, err := t.Corrections(v.Org, v.ID, id)
		for _, c := range corrections {
			if err == nil {
				err = t.AddCorrection(v.Org, v.ID, id, c)
			}
		}
		if err != nil {
			return moved, err
		}
	}
	statements, err := t.Statements(v.Org, v.ID)
	for _, s := range statements {
		if err == nil {
			moved, err = true, t.AddStatement(v.Org, v.ID, s)
		}
	}
	return moved, err
}
