package service

import (
	"context"
	"slices"
	"time"

	"kerbside"
)

const maxRows = 1000 // visits in a list, newest first

// Visits lists visits, at most 1,000: newest first, but what waits for review by urgency and by how long it has waited.
func (s *Service) Visits(ctx context.Context, by kerbside.User, list VisitList) (rows []VisitRow, err error) {
	const op = "service.Visits"
	if err := mayList(op, by); err != nil {
		return nil, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		f, err := g.listed(op, list)
		if err != nil {
			return err
		}
		f.Limit = maxRows
		visits, err := tx.Visits(by.Org, f)
		if err != nil {
			return err
		}
		if rows, err = visitRows(tx, by.Org, g.shown(list, visits)); err != nil || list != ListToReview {
			return err
		}
		return markUrgent(tx, rows)
	})
	if list == ListToReview { // what is urgent, then what waits longest
		slices.SortStableFunc(rows, func(a, b VisitRow) int {
			if a.Urgent != b.Urgent {
				if a.Urgent {
					return -1
				}
				return 1
			}
			return a.Visit.UpdatedAt.Compare(b.Visit.UpdatedAt)
		})
	}
	return rows, err
}

// markUrgent says which visits' records have an urgent cue.
func markUrgent(tx kerbside.Tx, rows []VisitRow) error {
	for i := range rows {
		b := bundle{visit: rows[i].Visit}
		if err := b.loadRecord(tx); err != nil {
			return err
		}
		rows[i].Urgent = b.record != nil && slices.ContainsFunc(b.record.Warnings, func(w kerbside.Warning) bool { return w.Code == kerbside.WarnUrgentCue })
	}
	return nil
}

// visitRows are the lines of a list.
func visitRows(tx kerbside.Tx, org kerbside.OrganisationID, visits []kerbside.Visit) ([]VisitRow, error) {
	names, err := peopleNames(tx, org)
	if err != nil {
		return nil, err
	}
	ids := make([]kerbside.VisitID, len(visits))
	for i, v := range visits {
		ids[i] = v.ID
	}
	totals, err := tx.RecordingTotals(org, ids)
	if err != nil {
		return nil, err
	}
	cases := map[kerbside.CaseID]string{"": ""}
	rows := make([]VisitRow, 0, len(visits))
	for _, v := range visits {
		if _, known := cases[v.Case]; !known {
			c, err := tx.Case(org, v.Case)
			if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
				return nil, err
			}
			cases[v.Case] = c.Name
		}
		n := totals[v.ID]
		rows = append(rows, VisitRow{Visit: v, WorkerName: names[v.Worker], CaseName: cases[v.Case], Recordings: n.N, Seconds: (n.DurationMS + 500) / 1000})
	}
	return rows, nil
}

func peopleNames(tx kerbside.Tx, org kerbside.OrganisationID) (map[kerbside.UserID]string, error) {
	people, err := tx.Users(org)
	names := make(map[kerbside.UserID]string, len(people))
	for _, u := range people {
		names[u.ID] = u.Name
	}
	return names, err
}

// Visit gives a visit with everything that there is about it.
func (s *Service) Visit(ctx context.Context, by kerbside.User, id kerbside.VisitID) (v *VisitView, err error) {
	const op = "service.Visit"
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		visit, err := s.readable(tx, op, by, id)
		if err != nil {
			return err
		}
		b, err := loadBundle(tx, visit)
		if err != nil {
			return err
		}
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		g, err := s.groundOf(tx, by)
		if err != nil {
			return err
		}
		if v, err = b.view(g, names, s.now()); err != nil {
			return err
		}
		if v.Reading, err = s.toRead(b); err != nil {
			return err
		}
		addenda, err := tx.Visits(by.Org, kerbside.VisitFilter{AddendumTo: id})
		if err != nil {
			return err
		}
		for _, a := range slices.Backward(addenda) {
			if g.visit(UseRead, a) {
				v.Addenda = append(v.Addenda, a.ID)
			}
		}
		if v.CanReview {
			wrote, err := b.wrote(tx, by.ID)
			if err != nil {
				return err
			}
			v.CanReview = !wrote
		}
		if v.Voids, err = s.voids(tx, g, b, names); err != nil {
			return err
		}
		if err := lastCorrections(tx, v); err != nil {
			return err
		}
		v.CanAmend = visit.State == kerbside.VisitLocked && g.visit(UseEdit, visit)
		if err := b.kept(tx, g, v, names); err != nil {
			return err
		}
		return b.drafted(tx, v, names)
	})
	if err != nil {
		return nil, err
	}
	return v, s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return s.audit(tx, by, "read", "visit "+string(id), id) })
}

func (b *bundle) view(g ground, names map[kerbside.UserID]string, now time.Time) (*VisitView, error) {
	v := &VisitView{Visit: b.visit, WorkerName: names[b.visit.Worker], Recordings: b.recordings, Record: b.record, Revision: b.revision(), Statements: b.statements, Open: b.openTo(g.by.ID)}
	if b.record != nil {
		v.RecordDocument, v.RecordSHA256 = b.recordDoc.ID, b.recordDoc.SHA256
	}
	for _, t := range b.transcripts {
		v.Transcripts = append(v.Transcripts, TranscriptView{Document: t.doc.ID, SHA256: t.doc.SHA256, Recording: kerbside.RecordingID(t.doc.Key), Transcript: t.t})
	}
	for _, r := range b.reviews {
		v.Reviews = append(v.Reviews, ReviewView{Review: r, ByName: names[r.By], Current: b.coversAll(r.Covers), Comments: b.comments[r.ID]})
	}
	for _, o := range b.oversight {
		v.Oversight = append(v.Oversight, OversightView{o.entry, names[o.doc.Author], o.doc.At})
	}
	v.Proposals = b.proposalViews(names)
	if b.proposals != nil && b.proposals.Proposals != nil {
		v.ModelGate = &b.proposals.Proposals.Gate
	}
	complete, err := b.complete()
	if err != nil {
		return nil, err
	}
	own := g.own(b.visit.Worker)
	v.CanEdit = own && !b.visit.State.Closed() && !b.stopped()
	v.CanApprove = g.visit(UseApprove, b.visit) && complete && b.record != nil &&
		(b.visit.State == kerbside.VisitDrafted || b.visit.State == kerbside.VisitReturned)
	approval := b.approval()
	v.CanReview = !own && !b.stopped() && g.visit(UseReview, b.visit) && b.visit.State == kerbside.VisitApproved && approval != nil && approval.By != g.by.ID
	v.Clips = b.clips(approval, g.by.ID)
	v.CanRetry = b.retryable() && !b.stopped()
	v.CanApprove = v.CanApprove && !b.stopped() && b.consentState() != ConsentMissing
	v.Second, v.SecondNext = b.waiting(), b.second(now)
	v.CanReassign = g.visit(UseReassign, b.visit) && b.visit.State != kerbside.VisitLocked
	v.CanOversee = g.visit(UseOversee, b.visit)
	v.Approved = b.answeredFor(names) != nil
	v.CanEnter = own && v.Approved
	return v, nil
}

// kept adds what is known of consent, holds and deletion.
func (b *bundle) kept(tx kerbside.Tx, g ground, v *VisitView, names map[kerbside.UserID]string) (err error) {
	v.Consent = b.consentState()
	for i, c := range b.consents {
		v.Consents = append(v.Consents, ConsentLineView{c.event, names[c.line.By], b.consentLines()[i]})
	}
	v.CanConsent, v.CanErase = g.visit(UseConsent, b.visit), g.visit(UseErase, b.visit)
	if v.Held, err = held(tx, b.visit); err != nil {
		return err
	}
	lines, receipts, err := readLedger[kerbside.Receipt](tx, b.visit.Org, kerbside.LedgerReceipt, string(b.visit.ID))
	if err != nil {
		return err
	}
	for i, r := range receipts {
		v.Erased = append(v.Erased, ReceiptView{r, names[r.By], kerbside.HexSHA256(lines[i].Body)})
	}
	v.Left = map[kerbside.Part]bool{}
	for _, part := range kerbside.Parts() {
		if v.Left[part], err = hasPart(tx, b.visit, b.recordings, part); err != nil {
			return err
		}
	}
	return nil
}

// drafted adds the drafts and what changed in them since the version before.
func (b *bundle) drafted(tx kerbside.Tx, v *VisitView, names map[kerbside.UserID]string) error {
	for _, d := range b.drafts {
		dv := DraftView{Document: d.doc.ID, Version: d.doc.Version, SHA256: d.doc.SHA256, Draft: d.d, Stale: b.stale(d.d), Entered: b.entered(d, names)}
		for _, r := range d.d.Reworded {
			dv.Reworded = append(dv.Reworded, RewordedView{r, names[r.By]})
		}
		if d.doc.Version > 1 {
			versions, err := tx.DocumentVersions(d.doc.Org, d.doc.Visit, kerbside.DocDraft, d.doc.Key)
			if err != nil {
				return err
			}
			if len(versions) > 1 { // the one before may have been deleted
				var before kerbside.Draft
				if err := decode(versions[len(versions)-2], &before); err != nil {
					return err
				}
				dv.Changed, dv.Gone = changes(before.Sentences, d.d.Sentences)
			}
		}
		v.Drafts = append(v.Drafts, dv)
	}
	return nil
}

// stale are the sentences of a draft whose evidence does not stand in the newest sources any more.
func (b *bundle) stale(d *kerbside.Draft) map[string]bool {
	sources := map[string]*kerbside.Source{}
	for _, s := range b.sources() {
		sources[s.Ref.Kind+" "+s.Ref.ID] = s
	}
	stale := map[string]bool{}
	for _, sentence := range d.Sentences {
		for _, e := range sentence.Evidence() {
			s := sources[e.Source.Kind+" "+e.Source.ID]
			if s == nil && b.visit.State.Closed() { // its words were deleted; they stood when it was locked
				continue
			}
			if s == nil || !s.Holds(e) {
				stale[sentence.ID()] = true
			}
		}
	}
	return stale
}

// changes pairs the sentences of two versions of a draft. Sentences of the same block and text are the same; between two of those, the first
// new one takes the place of the first old one, and so on.
func changes(before, after []kerbside.Sentence) (changed map[string]string, gone []string) {
	changed = map[string]string{}
	same := func(i, j int) bool {
		return before[i].Text() == after[j].Text() && before[i].Block() == after[j].Block()
	}
	for _, x := range Differences(len(before), len(after), same) {
		old, fresh := before[x.A:x.A2], after[x.B:x.B2]
		for i, s := range fresh {
			changed[s.ID()] = ""
			if i < len(old) {
				changed[s.ID()] = old[i].Text()
			}
		}
		for _, s := range old[min(len(fresh), len(old)):] {
			gone = append(gone, s.Text())
		}
	}
	return changed, gone
}
