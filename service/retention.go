package service

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"kerbside"
)

// PolicyVersion is a policy as it was set, with who set it and when.
type PolicyVersion[P any] struct {
	Policy P
	ByName string
	At     time.Time
}

// DueRow is a part of a visit that a policy deletes. It says nothing of what the visit said.
type DueRow struct {
	Visit      kerbside.VisitID
	Day        string // of the visit
	WorkerName string
	Part       kerbside.Part
	At         time.Time
	Held       bool // a legal hold keeps it
}

// KeepingView is what an administrator sees of what is kept.
type KeepingView struct {
	Retention  kerbside.RetentionPolicy // Version 0: none was set, and everything is kept
	Retentions []PolicyVersion[kerbside.RetentionPolicy]
	Second     kerbside.SecondPolicy
	Seconds    []PolicyVersion[kerbside.SecondPolicy]
	Alerts     kerbside.AlertPolicy // Version 0: none was set, and these are the usual ones
	AlertsSet  []PolicyVersion[kerbside.AlertPolicy]
	DuePreview               // within PreviewDays
	Receipts   []ReceiptView // newest first, at most MaxReceiptsShown
	ReceiptsN  int
}

// DuePreview is what a policy deletes until some day, and what it would, but for a legal hold.
type DuePreview struct {
	Due       []DueRow // soonest first, at most MaxDueShown
	DueCount  map[kerbside.Part]int
	HeldCount int
}

// The limits of the page.
const (
	PreviewDays      = 30
	MaxReceiptsShown = 50
	MaxDueShown      = 100
)

// ReceiptView is a receipt with the name of who had it deleted.
type ReceiptView struct {
	kerbside.Receipt
	ByName string
	SHA256 string // as the audit log has it
}

// retention is the policy in force; Version 0 keeps everything.
func retention(tx kerbside.Tx, org kerbside.OrganisationID) (kerbside.RetentionPolicy, error) {
	_, p, err := newest[kerbside.RetentionPolicy](tx, org, kerbside.LedgerRetention)
	return p, err
}

func administers(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UsePolicies) == ReachNone {
		return forbidden(op, "Only administrators set what is kept for how long, and what is approved twice.")
	}
	return nil
}

// SetRetention puts a retention policy in force, from now on and for everything that is there. version is the one that it replaces; another one is in force
// already is CodeConflict.
func (s *Service) SetRetention(ctx context.Context, by kerbside.User, p kerbside.RetentionPolicy, version int) error {
	const op = "service.SetRetention"
	if err := administers(op, by); err != nil {
		return err
	}
	return s.putRetention(ctx, by, p, func(now kerbside.RetentionPolicy) error {
		if now.Version != version {
			return conflict(op, "Somebody set another policy meanwhile. Reload the page and read it.")
		}
		return nil
	})
}

// ReplaceRetention is SetRetention for a caller that names the revisions of what it replaces in the context.
func (s *Service) ReplaceRetention(ctx context.Context, by kerbside.User, p kerbside.RetentionPolicy) error {
	const op = "service.ReplaceRetention"
	if err := administers(op, by); err != nil {
		return err
	}
	return s.putRetention(ctx, by, p, func(now kerbside.RetentionPolicy) error {
		if want, ok := wantedRevisions(ctx); ok && !slices.Contains(want, retentionRevision(now)) {
			return stale(op)
		}
		return nil
	})
}

// putRetention sets a policy when replaces has nothing against the one that is in force.
func (s *Service) putRetention(ctx context.Context, by kerbside.User, p kerbside.RetentionPolicy, replaces func(kerbside.RetentionPolicy) error) error {
	if err := p.Check(); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		now, err := retention(tx, by.Org)
		if err == nil {
			err = replaces(now)
		}
		if err != nil {
			return err
		}
		p.Version = now.Version + 1
		if _, err := s.addLedger(tx, by, kerbside.LedgerRetention, "", p); err != nil {
			return err
		}
		return s.audit(tx, by, "set_retention", "policy "+number(p.Version), "")
	})
}

func retentionRevision(p kerbside.RetentionPolicy) string {
	return revisionOf([]string{"retention", number(p.Version)})
}

// Keeping shows an administrator the policies, what goes next, and the receipts.
func (s *Service) Keeping(ctx context.Context, by kerbside.User) (*KeepingView, error) {
	const op = "service.Keeping"
	if err := administers(op, by); err != nil {
		return nil, err
	}
	v := &KeepingView{}
	return v, s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		if v.Retentions, v.Retention, err = policyVersions[kerbside.RetentionPolicy](tx, by.Org, kerbside.LedgerRetention, names); err != nil {
			return err
		}
		if v.Seconds, v.Second, err = policyVersions[kerbside.SecondPolicy](tx, by.Org, kerbside.LedgerSecond, names); err != nil {
			return err
		}
		if v.AlertsSet, _, err = policyVersions[kerbside.AlertPolicy](tx, by.Org, kerbside.LedgerAlerts, names); err != nil {
			return err
		}
		if v.Alerts, err = alertPolicy(tx, by.Org); err != nil {
			return err
		}
		receipts, err := receiptViews(tx, by.Org, names)
		if err != nil {
			return err
		}
		v.ReceiptsN = len(receipts)
		slices.Reverse(receipts)
		v.Receipts = receipts[:min(len(receipts), MaxReceiptsShown)]
		v.DuePreview, err = s.preview(tx, by.Org, v.Retention, PreviewDays, names)
		return err
	})
}

// preview is what a policy deletes within some days, whether it is in force or not.
func (s *Service) preview(tx kerbside.Tx, org kerbside.OrganisationID, p kerbside.RetentionPolicy, days int, names map[kerbside.UserID]string) (DuePreview, error) {
	v := DuePreview{DueCount: map[kerbside.Part]int{}}
	due, err := s.due(tx, org, p, s.now().AddDate(0, 0, days))
	for _, d := range due {
		d.WorkerName = names[kerbside.UserID(d.WorkerName)]
		if d.Held {
			v.HeldCount++
		} else {
			v.DueCount[d.Part]++
		}
		if len(v.Due) < MaxDueShown {
			v.Due = append(v.Due, d)
		}
	}
	return v, err
}

// policyVersions gives the versions of a policy, newest first, and the one in force.
func policyVersions[P any](tx kerbside.Tx, org kerbside.OrganisationID, k kerbside.LedgerKind, names map[kerbside.UserID]string) (all []PolicyVersion[P], now P, err error) {
	lines, bodies, err := readLedger[P](tx, org, k, "")
	for i, l := range lines {
		all = append(all, PolicyVersion[P]{bodies[i], names[l.By], l.At})
		now = bodies[i]
	}
	slices.Reverse(all)
	return all, now, err
}

func receiptViews(tx kerbside.Tx, org kerbside.OrganisationID, names map[kerbside.UserID]string) ([]ReceiptView, error) {
	lines, receipts, err := readLedger[kerbside.Receipt](tx, org, kerbside.LedgerReceipt, "")
	out := make([]ReceiptView, len(receipts))
	for i, r := range receipts {
		out[i] = ReceiptView{r, names[r.By], kerbside.HexSHA256(lines[i].Body)}
	}
	return out, err
}

// Receipts gives all receipts, oldest first, to be taken away.
func (s *Service) Receipts(ctx context.Context, by kerbside.User) (out []ReceiptView, err error) {
	const op = "service.Receipts"
	if err := administers(op, by); err != nil {
		return nil, err
	}
	return out, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		names, err := peopleNames(tx, by.Org)
		if err != nil {
			return err
		}
		if out, err = receiptViews(tx, by.Org, names); err != nil {
			return err
		}
		return s.audit(tx, by, "export", "receipts "+number(len(out)), "")
	})
}

// due lists what a policy deletes until a moment, soonest first. WorkerName is the worker's id still.
func (s *Service) due(tx kerbside.Tx, org kerbside.OrganisationID, p kerbside.RetentionPolicy, until time.Time) ([]DueRow, error) {
	if p.Version == 0 || p.Sound.Keep && p.Words.Keep && p.Notes.Keep {
		return nil, nil
	}
	visits, err := tx.Visits(org, kerbside.VisitFilter{})
	if err != nil {
		return nil, err
	}
	heldBy, err := heldCases(tx, org)
	if err != nil {
		return nil, err
	}
	var out []DueRow
	for _, v := range visits {
		times, err := dueTimes(tx, p, v, until)
		if err != nil {
			return nil, err
		}
		h := heldBy[v.Case]
		if len(times) > 0 && !h && v.AddendumTo != "" {
			if h, err = held(tx, v); err != nil {
				return nil, err
			}
		}
		for _, part := range kerbside.Parts() {
			if at, ok := times[part]; ok {
				day := v.Date
				if day == "" {
					day = v.CreatedAt.Format(time.DateOnly)
				}
				out = append(out, DueRow{Visit: v.ID, Day: day, WorkerName: string(v.Worker), Part: part, At: at, Held: h})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b DueRow) int { return a.At.Compare(b.At) })
	return out, nil
}

// dueTimes says when each part of a visit that is still there is deleted, if that is before until.
func dueTimes(tx kerbside.Tx, p kerbside.RetentionPolicy, v kerbside.Visit, until time.Time) (map[kerbside.Part]time.Time, error) {
	oldest := kerbside.MaxKeepDays + 1
	for _, part := range kerbside.Parts() { // the least that any rule waits: most visits need no look at all
		if r := p.Rule(part); !r.Keep {
			oldest = min(oldest, r.Days)
		}
	}
	if v.CreatedAt.AddDate(0, 0, oldest).After(until) {
		return nil, nil
	}
	recordings, err := tx.Recordings(v.Org, v.ID)
	if err != nil {
		return nil, err
	}
	reviews, err := tx.Reviews(v.Org, v.ID)
	if err != nil {
		return nil, err
	}
	begins := beginnings(v, recordings, reviews)
	out := map[kerbside.Part]time.Time{}
	for _, part := range kerbside.Parts() {
		r := p.Rule(part)
		from, ok := begins[r.From]
		if r.Keep || !ok {
			continue
		}
		at := from.AddDate(0, 0, r.Days)
		if at.After(until) {
			continue
		}
		there, err := hasPart(tx, v, recordings, part)
		if err != nil {
			return nil, err
		}
		if there {
			out[part] = at
		}
	}
	return out, nil
}

// beginnings are the moments from which days are counted, of those that have come. A visit that still gets sound has none.
func beginnings(v kerbside.Visit, recordings []kerbside.Recording, reviews []kerbside.Review) map[kerbside.KeepFrom]time.Time {
	last := v.CreatedAt
	for _, r := range recordings {
		if r.State == kerbside.RecordingOpen {
			return nil
		}
		for _, at := range []time.Time{r.CreatedAt, r.FinishedAt} {
			if at.After(last) {
				last = at
			}
		}
	}
	if day, err := time.Parse(time.DateOnly, v.Date); err == nil && day.After(last) {
		last = day
	}
	out := map[kerbside.KeepFrom]time.Time{kerbside.FromVisit: last} // not the date alone: a mistyped year deletes nothing
	if v.State != kerbside.VisitApproved && v.State != kerbside.VisitLocked {
		return out
	}
	for _, r := range reviews {
		switch {
		case r.Action == kerbside.ReviewApprove:
			out[kerbside.FromApproved] = latest(r.At, last)
			if v.State == kerbside.VisitLocked { // by the approval, where the policy asks for no second person; else the review is later
				out[kerbside.FromReviewed] = latest(r.At, last)
			}
		case r.Action == kerbside.ReviewLock && v.State == kerbside.VisitLocked:
			out[kerbside.FromReviewed] = latest(r.At, last)
		}
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// hasPart reports whether there is anything of a part left.
func hasPart(tx kerbside.Tx, v kerbside.Visit, recordings []kerbside.Recording, part kerbside.Part) (bool, error) {
	if part == kerbside.PartSound {
		return slices.ContainsFunc(recordings, func(r kerbside.Recording) bool {
			return r.Blob != "" && r.State != kerbside.RecordingErased && r.State != kerbside.RecordingOpen
		}), nil
	}
	if part == kerbside.PartNotes {
		for generation := 1; ; generation++ {
			scope := kerbside.NotesScope(v.ID, generation)
			k, err := tx.DataKey(v.Org, scope)
			if kerbside.CodeOf(err) == kerbside.CodeNotFound {
				break
			}
			if err != nil || !k.Erased() {
				return true, err
			}
		}
		return false, nil
	}
	scopes := []string{kerbside.AnswersScope(v.ID)}
	for _, r := range recordings {
		scopes = append(scopes, kerbside.WordsScope(r.ID))
	}
	for _, scope := range scopes {
		k, err := tx.DataKey(v.Org, scope)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			continue
		}
		if err != nil || !k.Erased() {
			return true, err
		}
	}
	return false, nil
}

// Retain deletes what the organisations' policies say is due, and gives how many parts of visits went. What is under a legal hold stays. It is the only thing here
// that deletes by itself; [Service.Run] calls it now and then.
func (s *Service) Retain(ctx context.Context) (n int, err error) {
	var orgs []kerbside.Organisation
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		orgs, err = tx.Organisations()
		return err
	})
	for _, o := range orgs {
		if err != nil {
			break
		}
		var here int
		here, err = s.retainOf(ctx, o.ID)
		n += here
	}
	return n, err
}

// retainOf is Retain for one organisation.
func (s *Service) retainOf(ctx context.Context, org kerbside.OrganisationID) (n int, err error) {
	var due []DueRow
	var left []kerbside.Recording // deleted, and their bytes could not be removed then
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		p, err := retention(tx, org)
		if err == nil {
			due, err = s.due(tx, org, p, s.now())
		}
		if err == nil {
			left, err = tx.ErasedRecordings(org)
		}
		return err
	})
	for _, r := range left {
		if err == nil {
			err = s.removeSound(ctx, r.Org, r.ID)
		}
	}
	for _, d := range due {
		if err != nil {
			return n, err
		}
		if d.Held {
			continue
		}
		var went bool
		if went, err = s.retain(ctx, org, d.Visit, d.Part); went {
			n++
		}
	}
	return n, err
}

// retain deletes one part of one visit, if the policy, the visit and the holds of this moment still say so.
func (s *Service) retain(ctx context.Context, org kerbside.OrganisationID, id kerbside.VisitID, part kerbside.Part) (went bool, err error) {
	const op = "service.Retain"
	var e *erasure
	var v kerbside.Visit
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		e = nil
		p, err := retention(tx, org)
		if err != nil {
			return err
		}
		if v, err = tx.Visit(org, id); err != nil {
			return err
		}
		times, err := dueTimes(tx, p, v, s.now())
		if err != nil {
			return err
		}
		if _, still := times[part]; !still {
			return nil
		}
		if e, err = s.eraser(tx, op, &v, cause{by: kerbside.User{Org: org}, policy: p.Version}); err != nil {
			return err
		}
		return e.whole(part)
	})
	if kerbside.CodeOf(err) == kerbside.CodeConflict { // a hold or a recording came meanwhile
		return false, nil
	}
	if err != nil || e == nil {
		return false, err
	}
	s.finish(ctx, v, e.sounds)
	return len(e.receipts) > 0, nil
}

// retaining runs Retain now and every hour until ctx ends.
func (s *Service) retaining(ctx context.Context) {
	t := time.NewTicker(s.d.RetainEvery)
	defer t.Stop()
	for {
		n, err := s.Retain(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.LogAttrs(ctx, slog.LevelError, "what the retention policy says is due could not be deleted; it is tried again", errAttrs(err)...)
		case n > 0:
			s.log.LogAttrs(ctx, slog.LevelInfo, "deleted under the retention policy", slog.Int("parts", n))
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
