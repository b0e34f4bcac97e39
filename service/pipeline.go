package service

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"kerbside"
)

// The stages: transcribe -> extract -> draft. Each commits what it made by itself, so that a later failure loses nothing, and does
// nothing when the newest version was made from the same input, so that a stage that runs twice is harmless. No transaction
// is open while an engine works; what changed meanwhile is found at the end and worked again.

// handle runs one job.
func (s *Service) handle(ctx context.Context, j kerbside.Job) error {
	log := s.log.With("job", string(j.ID), "kind", string(j.Kind), "visit", string(j.Visit), "recording", string(j.Recording), "attempt", j.Attempt)
	began := s.d.Now()
	working, done := s.work.begin(ctx, j.Visit)
	err := s.stage(working, j)
	stopped := context.Cause(working) == errStopped //nolint:errorlint // the very value
	done()
	outcome := "done"
	switch {
	case stopped:
		outcome = "stopped"
	case err != nil && ctx.Err() != nil:
		outcome = "stopped"
	case err != nil:
		outcome = "failed"
	}
	s.d.Observer.Job(j.Kind, outcome, s.d.Now().Sub(began))
	switch {
	case stopped: // it looks again: what is to be done instead may be this very job, put in the queue just before what ran was stopped
		log.LogAttrs(ctx, slog.LevelInfo, "stage stopped by a person")
		return s.handle(ctx, j)
	case err == nil:
		log.LogAttrs(ctx, slog.LevelInfo, "stage done", slog.Int64("ms", s.d.Now().Sub(began).Milliseconds()))
		return nil
	case ctx.Err() != nil:
		return err // not the job's fault: it is given back
	}
	log.LogAttrs(ctx, slog.LevelWarn, "stage failed", errAttrs(err)...)
	if code := kerbside.CodeOf(err); code == kerbside.CodeInvalid || code == kerbside.CodeTooLarge { // trying again cannot help
		s.setAside(ctx, j, err)
		return nil
	}
	return err
}

func (s *Service) stage(ctx context.Context, j kerbside.Job) error {
	switch j.Kind {
	case kerbside.JobTranscribe:
		return s.transcribe(ctx, j)
	case kerbside.JobExtract:
		return s.extract(ctx, j)
	case kerbside.JobDraft:
		return s.draft(ctx, j)
	case kerbside.JobPropose:
		return s.propose(ctx, j)
	case kerbside.JobListen:
		return s.follow(ctx, j)
	}
	return kerbside.E(kerbside.CodeInvalid, "service.stage", "", fmt.Errorf("job kind %q", j.Kind))
}

// open reads the visit of a job. Of one that is closed, or that nobody may process any more, nothing is made.
func (s *Service) open(ctx context.Context, j kerbside.Job) (b *bundle, idle bool, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		v, err := tx.Visit(j.Org, j.Visit)
		if err != nil {
			return err
		}
		b, err = loadBundle(tx, v)
		return err
	})
	return b, err == nil && (b.visit.State.Closed() || b.stopped()), err
}

// commit runs f on the visit as it is now, if the job is still this run's, and then settles its state.
func (s *Service) commit(ctx context.Context, j kerbside.Job, f func(kerbside.Tx, *bundle) error) error {
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := tx.Hold(j); err != nil {
			return err
		}
		visit, err := tx.Visit(j.Org, j.Visit)
		if err != nil {
			return err
		}
		b, err := loadBundle(tx, visit)
		if err != nil {
			return err
		}
		if visit.State.Closed() || b.stopped() {
			v = visit
			return nil
		}
		if err := f(tx, b); err != nil {
			return err
		}
		if b, err = loadBundle(tx, visit); err != nil {
			return err
		}
		err = s.settle(tx, b)
		v = b.visit
		return err
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// settle says that the drafts are there, when they are.
func (s *Service) settle(tx kerbside.Tx, b *bundle) error {
	switch b.visit.State {
	case kerbside.VisitOpen, kerbside.VisitProcessing, kerbside.VisitFailed:
	default:
		return nil
	}
	complete, err := b.complete()
	if err != nil || !complete {
		return err
	}
	if len(b.transcripts) == 0 && len(b.statements) == 0 && b.voided() && !b.unusable() { // all was taken out or deleted
		b.visit.State, b.visit.UpdatedAt = kerbside.VisitOpen, s.now()
		return tx.PutVisit(b.visit)
	}
	if len(b.transcripts) == 0 && len(b.statements) == 0 { // every recording is unusable: the reason stands
		return nil
	}
	if err := index(tx, b); err != nil {
		return err
	}
	b.visit.State, b.visit.UpdatedAt, b.visit.SaidDate = kerbside.VisitDrafted, s.now(), saidDate(b.record)
	if !b.unusable() {
		b.visit.Reason = ""
	}
	if err := tx.PutVisit(b.visit); err != nil {
		return err
	}
	return s.digest(tx, b.visit)
}

// saidDate is the day that a record has; "" for none.
func saidDate(r *kerbside.Record) string {
	if r == nil {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, r.Visit.Date.Value); err != nil {
		return ""
	}
	return r.Visit.Date.Value
}

func (s *Service) transcribe(ctx context.Context, j kerbside.Job) error {
	b, idle, err := s.open(ctx, j)
	if err != nil || idle {
		return err
	}
	i := slices.IndexFunc(b.recordings, func(r kerbside.Recording) bool { return r.ID == j.Recording })
	if i < 0 {
		return kerbside.E(kerbside.CodeInvalid, "service.transcribe", "", fmt.Errorf("recording %s is not of visit %s", j.Recording, j.Visit))
	}
	r := b.recordings[i]
	next := kerbside.Job{Org: j.Org, Kind: kerbside.JobExtract, Visit: j.Visit, Owner: b.visit.Worker, Priority: kerbside.PriorityNext}
	if r.State != kerbside.RecordingSafe || b.transcriptOf(r.ID) != nil {
		s.dropCheckpoint(ctx, r)
		return s.commit(ctx, j, func(tx kerbside.Tx, _ *bundle) error { return tx.Enqueue(next) })
	}
	o, err := s.hearOptions(ctx, b)
	if err != nil {
		return err
	}
	input, err := transcriptInput(r, o)
	if err != nil {
		return err
	}
	t, err := s.listen(ctx, r, o)
	if err != nil {
		return err
	}
	err = s.commit(ctx, j, func(tx kerbside.Tx, b *bundle) error {
		if b.transcriptOf(r.ID) == nil {
			err := s.addDocument(tx, b.visit, kerbside.DocTranscript, string(r.ID), 1, t, func(d *kerbside.Document) { d.Input = input })
			if err != nil {
				return err
			}
			now, err := tx.Recording(r.Org, r.ID)
			if err != nil {
				return err
			}
			now.DurationMS = t.Recording.DurationMS
			if err := tx.PutRecording(now); err != nil {
				return err
			}
		}
		return tx.Enqueue(next)
	})
	if err == nil {
		s.dropCheckpoint(ctx, r)
		s.d.Observer.Sound(time.Duration(t.Recording.DurationMS) * time.Millisecond)
	}
	return err
}

// hearOptions are what a transcriber is told of a visit's recordings.
func (s *Service) hearOptions(ctx context.Context, b *bundle) (o kerbside.TranscribeOptions, err error) {
	known, err := s.extractOptions(ctx, b)
	for _, t := range known.Terms {
		o.Terms = append(o.Terms, t.Text)
	}
	return o, err
}

func (s *Service) extract(ctx context.Context, j kerbside.Job) error {
	b, idle, err := s.open(ctx, j)
	if err != nil || idle {
		return err
	}
	if !b.words() { // nothing was said: an engine that is asked all the same may invent a visit
		return s.commit(ctx, j, func(kerbside.Tx, *bundle) error { return nil })
	}
	next := kerbside.Job{Org: j.Org, Kind: kerbside.JobDraft, Visit: j.Visit, Owner: b.visit.Worker, Priority: kerbside.PriorityNext}
	current, err := b.recordCurrent()
	if err != nil {
		return err
	}
	if current {
		return s.commit(ctx, j, func(tx kerbside.Tx, _ *bundle) error { return tx.Enqueue(next) })
	}
	input, err := b.recordInput()
	if err != nil {
		return err
	}
	o, err := s.extractOptions(ctx, b)
	if err != nil {
		return err
	}
	s.publish(j.Org, j.Visit, Progress{State: kerbside.VisitProcessing, Stage: "extract"})
	o.Accepted = b.accepted()
	record, err := s.d.Extractor.Extract(ctx, b.sources(), o)
	if err != nil {
		return err
	}
	record.Consent, record.Accepted = b.consentLines(), b.acceptances(record)
	b.strike(record)
	return s.commit(ctx, j, func(tx kerbside.Tx, b *bundle) error {
		if now, err := b.recordInput(); err != nil || now != input { // corrected meanwhile
			if err != nil {
				return err
			}
			return tx.Enqueue(kerbside.Job{Org: j.Org, Kind: kerbside.JobExtract, Visit: j.Visit, Owner: b.visit.Worker, Priority: kerbside.PriorityNext})
		}
		if b.recordDoc.Input != input {
			err := s.addDocument(tx, b.visit, kerbside.DocRecord, "", b.recordDoc.Version+1, record, func(d *kerbside.Document) { d.Input = input })
			if err != nil {
				return err
			}
		}
		return tx.Enqueue(next)
	})
}

func (s *Service) extractOptions(ctx context.Context, b *bundle) (o kerbside.ExtractOptions, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		u, err := tx.User(b.visit.Worker)
		o.Worker = kerbside.WorkerRef{ID: u.ID, Name: u.Name, Role: string(u.Role)}
		if err != nil {
			return err
		}
		if o.Terms, err = lexiconTerms(tx, b.visit.Org, ""); err != nil || b.visit.Case == "" {
			return err
		}
		c, err := tx.Case(b.visit.Org, b.visit.Case)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		of, err := lexiconTerms(tx, c.Org, c.ID)
		if err != nil {
			return err
		}
		learned, err := learnedTerms(tx, b.visit)
		// What does not fit into an engine's prompt is left out from the end: the case's own come first.
		o.Case, o.Terms = c.Reference, addTerms(addTerms(addTerms(caseTerms(c), of), learned), o.Terms)
		return err
	})
	if b.visit.Date != "" {
		o.VisitDate, o.HintFrom = b.visit.Date, "visit"
		return o, err
	}
	for _, t := range b.transcripts {
		if at := t.t.Recording.RecordedAt; len(at) >= len(time.DateOnly) {
			o.VisitDate, o.HintFrom = at[:len(time.DateOnly)], "recording"
			break
		}
	}
	return o, err
}

// draft makes the drafts one by one and commits each.
func (s *Service) draft(ctx context.Context, j kerbside.Job) error {
	b, idle, err := s.open(ctx, j)
	if err != nil || idle {
		return err
	}
	if current, err := b.recordCurrent(); err != nil || !current { // it is being made anew, and its drafts after it
		return err
	}
	sources := b.sources()
	for _, a := range kerbside.Audiences() {
		current, err := b.draftCurrent(a)
		if err != nil {
			return err
		}
		if current {
			continue
		}
		input, err := b.draftInput(a)
		if err != nil {
			return err
		}
		s.publish(j.Org, j.Visit, Progress{State: kerbside.VisitProcessing, Stage: "draft"})
		draft, err := s.d.Drafter.Draft(ctx, b.record, sources, b.draftOptions(a))
		if err != nil {
			return err
		}
		if err := s.commitDraft(ctx, j, a, input, draft); err != nil {
			return err
		}
	}
	return s.commit(ctx, j, s.askModel)
}

func (s *Service) commitDraft(ctx context.Context, j kerbside.Job, a kerbside.Audience, input string, draft *kerbside.Draft) error {
	return s.commit(ctx, j, func(tx kerbside.Tx, b *bundle) error {
		if now, err := b.draftInput(a); err != nil || now != input {
			return err
		}
		version := 1
		for _, d := range b.drafts {
			if d.doc.Key != string(a) {
				continue
			}
			if d.doc.Input == input {
				return nil
			}
			version = d.doc.Version + 1
		}
		return s.addDocument(tx, b.visit, kerbside.DocDraft, string(a), version, draft, func(d *kerbside.Document) { d.Input = input })
	})
}

// setAside says on the visit that a stage gave up, unless the work was done in another way meanwhile.
func (s *Service) setAside(ctx context.Context, j kerbside.Job, cause error) {
	switch j.Kind {
	case kerbside.JobPropose:
		s.modelAway(ctx, j, cause)
		return
	case kerbside.JobListen: // nobody misses it: it only saves time
		return
	}
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := tx.Hold(j); err != nil {
			return err
		}
		visit, err := tx.Visit(j.Org, j.Visit)
		if err != nil {
			return err
		}
		b, err := loadBundle(tx, visit)
		if err != nil {
			return err
		}
		v = b.visit
		if complete, err := b.complete(); err != nil || complete || v.State.Closed() || b.stopped() {
			return err
		}
		b.visit.Reason = failedReason(j.Kind) + kerbside.MessageOf(cause)
		if code := kerbside.CodeOf(cause); j.Kind == kerbside.JobTranscribe && (code == kerbside.CodeInvalid || code == kerbside.CodeTooLarge) {
			err = s.setUnusable(tx, b, j.Recording)
		}
		if err != nil {
			return err
		}
		b.visit.State, b.visit.UpdatedAt = kerbside.VisitFailed, s.now()
		if err := tx.PutVisit(b.visit); err != nil {
			return err
		}
		err = s.settle(tx, b)
		v = b.visit
		return err
	})
	log := s.log.With("job", string(j.ID), "kind", string(j.Kind), "visit", string(j.Visit), "recording", string(j.Recording))
	if err != nil {
		log.LogAttrs(ctx, slog.LevelError, "a set-aside job could not be noted on its visit", errAttrs(err)...)
		return
	}
	s.announce(v)
	log.LogAttrs(ctx, slog.LevelError, "stage set aside", errAttrs(cause)...)
}

// setUnusable takes a recording that cannot be read out of the way of the visit's other recordings; its bytes are kept.
func (s *Service) setUnusable(tx kerbside.Tx, b *bundle, id kerbside.RecordingID) error {
	for i := range b.recordings {
		if r := &b.recordings[i]; r.ID == id && r.State == kerbside.RecordingSafe {
			r.State = kerbside.RecordingUnusable
			return tx.PutRecording(*r)
		}
	}
	return nil
}

func failedReason(k kerbside.JobKind) string {
	switch k {
	case kerbside.JobTranscribe:
		return "A recording could not be turned into words; it is kept. "
	case kerbside.JobExtract:
		return "The record could not be made; the transcript is safe. "
	default:
		return "The drafts could not be made; the transcript and the record are safe. "
	}
}

// Retry has the stages that gave up tried again; its worker, a reviewer or a manager may ask for it.
func (s *Service) Retry(ctx context.Context, by kerbside.User, id kerbside.VisitID) error {
	const op = "service.Retry"
	return s.retry(ctx, op, by, id, func(tx kerbside.Tx) (kerbside.Visit, error) { return s.permitted(tx, op, by, UseRetry, id) })
}

func (s *Service) retry(ctx context.Context, op string, by kerbside.User, id kerbside.VisitID, permitted func(kerbside.Tx) (kerbside.Visit, error)) error {
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		visit, err := permitted(tx)
		if err != nil {
			return err
		}
		b, err := loadBundle(tx, visit)
		if err != nil {
			return err
		}
		if !b.retryable() {
			return conflict(op, "There is nothing to try again. Reload the page.")
		}
		for i := range b.recordings {
			if r := &b.recordings[i]; r.State == kerbside.RecordingUnusable {
				r.State = kerbside.RecordingSafe
				if err := tx.PutRecording(*r); err != nil {
					return err
				}
			}
		}
		if err := s.changed(tx, &b.visit); err != nil {
			return err
		}
		v = b.visit
		if err := enqueueAll(tx, b); err != nil {
			return err
		}
		return s.audit(tx, by, "retry", "visit "+string(id), id)
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// retryable reports whether something gave up that can be tried again without touching what was approved.
func (b *bundle) retryable() bool {
	switch b.visit.State {
	case kerbside.VisitFailed:
		return true
	case kerbside.VisitDrafted, kerbside.VisitReturned:
		return b.unusable()
	}
	return false
}

// enqueueAll enqueues the stages that a visit may lack; those that find their work done do nothing.
func enqueueAll(tx kerbside.Tx, b *bundle) error {
	for _, r := range b.untranscribed() {
		if err := tx.Enqueue(kerbside.Job{Org: r.Org, Kind: kerbside.JobTranscribe, Visit: r.Visit, Recording: r.ID, Owner: b.visit.Worker}); err != nil {
			return err
		}
	}
	return tx.Enqueue(kerbside.Job{Org: b.visit.Org, Kind: kerbside.JobExtract, Visit: b.visit.ID, Owner: b.visit.Worker, Priority: kerbside.PriorityNext})
}

// resume enqueues what is left to do for visits that wait for their drafts. Their jobs are in the queue as a rule; this
// catches whatever a fault may have left without.
func (s *Service) resume(ctx context.Context) error {
	orgs, err := s.organisations(ctx)
	for _, o := range orgs {
		if err == nil {
			err = s.resumeOrg(ctx, o.ID)
		}
	}
	return err
}

// resumeOrg writes only where something was left: other nodes write meanwhile.
func (s *Service) resumeOrg(ctx context.Context, org kerbside.OrganisationID) error {
	var left []kerbside.VisitID
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		left = nil
		visits, err := tx.Visits(org, kerbside.VisitFilter{States: []kerbside.VisitState{kerbside.VisitProcessing}})
		for _, v := range visits {
			var jobs []kerbside.Job
			if err == nil {
				jobs, err = tx.Jobs(org, v.ID)
			}
			if len(jobs) == 0 {
				left = append(left, v.ID)
			}
		}
		return err
	})
	if err != nil || len(left) == 0 {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		for _, id := range left {
			v, err := tx.Visit(org, id)
			if err != nil {
				return err
			}
			jobs, err := tx.Jobs(org, id)
			if err != nil {
				return err
			}
			if len(jobs) > 0 || v.State != kerbside.VisitProcessing {
				continue
			}
			b, err := loadBundle(tx, v)
			if err == nil {
				err = enqueueAll(tx, b)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) organisations(ctx context.Context) (orgs []kerbside.Organisation, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error { orgs, err = tx.Organisations(); return err })
	return orgs, err
}
