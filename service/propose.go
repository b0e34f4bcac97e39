package service

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"kerbside"
)

// A language model, where one is configured, reads beside the record: after the drafts are there, so that nobody waits for it, and what it gives is a
// document of its own. Record, drafts and approvals know nothing of it until a person accepts something; what was accepted is then
// told to the extractor like a source's words, and goes through the evidence gate with each record that is made from there on.

// part is one thing that was proposed.
type part struct {
	id, kind, text string
	item           kerbside.Record // this one thing
	evidence       kerbside.List[kerbside.Evidence]
}

// decision is a person's word on one proposal. What was proposed is kept with it, so it does not depend on what a model says next.
type decision struct {
	Accept bool            `json:"accept"`
	By     kerbside.UserID `json:"by"`
	At     time.Time       `json:"at"`
	Engine string          `json:"engine"`
	Item   kerbside.Record `json:"item"` // one thing, as it stood when it was decided

	// Strike takes something out of the record that nobody proposed; see strike.go.
	Strike  bool                 `json:"strike,omitempty"`
	Reason  string               `json:"reason,omitempty"`
	Instead kerbside.StatementID `json:"instead,omitempty"`
}

type decisions struct {
	Decisions []decision `json:"decisions"`
}

// offered are the facts of the visit that can be accepted. Who was seen, alone and where is asked as a question instead.
var offered = []string{"date", "time", "type", "place", "announced", "next_visit", "mode", "outcome"}

// partsOf gives each thing of a record of proposals by itself.
func partsOf(r *kerbside.Record) []part {
	var out []part
	if r == nil {
		return nil
	}
	add := func(kind, text string, evidence kerbside.List[kerbside.Evidence], set func(*kerbside.Record)) {
		if len(evidence) == 0 {
			return
		}
		p := part{kind: kind, text: text, evidence: evidence, id: kerbside.ItemID("o-"+kind, evidence[0])}
		set(&p.item)
		out = append(out, p)
	}
	for _, x := range r.Risks {
		add("risk", x.Text, x.Evidence, func(r *kerbside.Record) { r.Risks = append(r.Risks, x) })
	}
	for _, x := range r.Strengths {
		add("strength", x.Text, x.Evidence, func(r *kerbside.Record) { r.Strengths = append(r.Strengths, x) })
	}
	for _, x := range r.Actions {
		add("action", x.Text, x.Evidence, func(r *kerbside.Record) { r.Actions = append(r.Actions, x) })
	}
	for _, x := range r.ChildVoice {
		add("child_voice", x.Quote, x.Evidence, func(r *kerbside.Record) { r.ChildVoice = append(r.ChildVoice, x) })
	}
	if r.Proposals == nil {
		return out
	}
	for _, x := range r.Proposals.Attendees {
		text := x.Name
		if text == "" {
			text = x.Role
		}
		add("attendee", text, x.Evidence, func(r *kerbside.Record) {
			r.Proposals = &kerbside.Proposals{Attendees: kerbside.List[kerbside.Attendee]{x}}
		})
	}
	for _, x := range r.Proposals.Visit {
		if slices.Contains(offered, x.Field) {
			add("visit."+x.Field, x.Value, x.Evidence, func(r *kerbside.Record) {
				r.Proposals = &kerbside.Proposals{Visit: kerbside.List[kerbside.ProposedFact]{x}}
			})
		}
	}
	return out
}

// moved is a part with its evidence as it stands in the newest sources; ok is false when its words are gone.
func (b *bundle) moved(p part) (_ part, ok bool) {
	var kept kerbside.List[kerbside.Evidence]
	for i, e := range p.evidence {
		e, ok := b.newest(e)
		if !ok && i == 0 {
			return p, false
		}
		if ok {
			kept = append(kept, e)
		}
	}
	if len(kept) == 0 {
		return p, false
	}
	quote, id := kept[0].Quote, func(prefix string) string { return kerbside.ItemID(prefix, kept[0]) }
	out := kerbside.Record{}
	for _, x := range p.item.Risks {
		x.ID, x.Text, x.Evidence = id("r"), quote, kept
		out.Risks = append(out.Risks, x)
	}
	for _, x := range p.item.Strengths {
		x.ID, x.Text, x.Evidence = id("s"), quote, kept
		out.Strengths = append(out.Strengths, x)
	}
	for _, x := range p.item.Actions {
		x.ID, x.Text, x.Evidence = id("a"), quote, kept
		out.Actions = append(out.Actions, x)
	}
	for _, x := range p.item.ChildVoice {
		x.ID, x.Quote, x.Evidence = id("v"), quote, kept
		out.ChildVoice = append(out.ChildVoice, x)
	}
	if q := p.item.Proposals; q != nil {
		out.Proposals = &kerbside.Proposals{}
		for _, x := range q.Attendees {
			x.ID, x.Evidence = kerbside.PersonID(id("m")), kept
			out.Proposals.Attendees = append(out.Proposals.Attendees, x)
		}
		for _, x := range q.Visit {
			x.Evidence = kept
			out.Proposals.Visit = append(out.Proposals.Visit, x)
		}
	}
	moved := partsOf(&out)
	if len(moved) != 1 {
		return p, false
	}
	return moved[0], true
}

// newest is the evidence of what became of words in the newest version of their source.
func (b *bundle) newest(e kerbside.Evidence) (kerbside.Evidence, bool) {
	for _, s := range b.sources() {
		if s.Ref.Kind != e.Source.Kind || s.Ref.ID != e.Source.ID {
			continue
		}
		if s.Ref.Version == e.Source.Version {
			return e, s.Check(e) == nil
		}
		versions := b.versions[kerbside.TranscriptID(s.Ref.ID)]
		i := slices.IndexFunc(versions, func(t *kerbside.Transcript) bool { return t.Version == e.Source.Version })
		if i < 0 {
			return e, false
		}
		return kerbside.Follow(e, versions[i:])
	}
	return e, false
}

// loadProposals reads what a model proposed, what people said of it, and the versions of the transcripts that either may rest on.
func (b *bundle) loadProposals(tx kerbside.Tx) error {
	for _, l := range []struct {
		kind kerbside.DocumentKind
		doc  *kerbside.Document
		into any
	}{{kerbside.DocProposals, &b.proposalsDoc, &b.proposals}, {kerbside.DocDecisions, &b.decisionsDoc, &b.decided}} {
		docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, l.kind)
		if err != nil {
			return err
		}
		if len(docs) > 0 {
			*l.doc = docs[0]
			if err := decode(docs[0], l.into); err != nil {
				return err
			}
		}
	}
	if b.proposals == nil && len(b.decided.Decisions) == 0 {
		return nil
	}
	b.versions = map[kerbside.TranscriptID][]*kerbside.Transcript{}
	for _, t := range b.transcripts {
		if t.doc.Version == 1 {
			continue
		}
		docs, err := tx.DocumentVersions(b.visit.Org, b.visit.ID, kerbside.DocTranscript, t.doc.Key)
		if err != nil {
			return err
		}
		versions := make([]*kerbside.Transcript, len(docs))
		for i, d := range docs {
			versions[i] = new(kerbside.Transcript)
			if err := decode(d, versions[i]); err != nil {
				return err
			}
		}
		b.versions[t.t.ID] = versions
	}
	return nil
}

// decidedPart is a decision with the part that it is about, as it stands now.
type decidedPart struct {
	part
	decision
}

// decisionsNow are the decisions on proposals whose words still stand, corrected or not.
func (b *bundle) decisionsNow() []decidedPart { return b.decidedParts(false) }

// decidedParts are decisions whose words still stand: those that strike, or those on proposals.
func (b *bundle) decidedParts(strike bool) []decidedPart {
	var out []decidedPart
	for _, d := range b.decided.Decisions {
		if d.Strike != strike {
			continue
		}
		for _, p := range partsOf(&d.Item) {
			if p, ok := b.moved(p); ok {
				out = append(out, decidedPart{p, d})
			}
		}
	}
	return out
}

// accepted is what people accepted, for the extractor; nil when there is nothing.
func (b *bundle) accepted() *kerbside.Record {
	var r *kerbside.Record
	for _, d := range b.decisionsNow() {
		if !d.Accept {
			continue
		}
		if r == nil {
			r = &kerbside.Record{}
		}
		x := &d.item
		r.Risks, r.Strengths = append(r.Risks, x.Risks...), append(r.Strengths, x.Strengths...)
		r.Actions, r.ChildVoice = append(r.Actions, x.Actions...), append(r.ChildVoice, x.ChildVoice...)
		if x.Proposals == nil {
			continue
		}
		r.Attendees = append(r.Attendees, x.Proposals.Attendees...)
		for _, f := range x.Proposals.Visit {
			*factOf(&r.Visit, f.Field) = kerbside.Fact{Value: f.Value, Evidence: f.Evidence}
		}
	}
	return r
}

// factOf is the fact of a visit of one of the names that are offered.
func factOf(v *kerbside.VisitFacts, field string) *kerbside.Fact {
	return map[string]*kerbside.Fact{"date": &v.Date, "time": &v.Time, "type": &v.Type, "place": &v.Place, "announced": &v.Announced,
		"next_visit": &v.NextVisit, "mode": &v.Mode, "outcome": &v.Outcome}[field]
}

// acceptances say who accepted what of a record that was made with accepted things.
func (b *bundle) acceptances(r *kerbside.Record) kerbside.List[kerbside.Acceptance] {
	standing := map[string]bool{}
	for _, x := range r.Risks {
		standing[x.ID] = x.Standing == kerbside.Accepted
	}
	for _, x := range r.Strengths {
		standing[x.ID] = x.Standing == kerbside.Accepted
	}
	for _, x := range r.Actions {
		standing[x.ID] = x.Standing == kerbside.Accepted
	}
	for _, x := range r.ChildVoice {
		standing[x.ID] = x.Standing == kerbside.Accepted
	}
	for _, x := range r.Attendees {
		standing[string(x.ID)] = true
	}
	var out kerbside.List[kerbside.Acceptance]
	for _, d := range b.decisionsNow() {
		id := itemID(&d.item)
		if q := d.item.Proposals; q != nil && len(q.Visit) > 0 {
			f := factOf(&r.Visit, q.Visit[0].Field)
			standing[id] = f.Value == q.Visit[0].Value && len(f.Evidence) > 0 && f.Evidence[0].FirstWord == d.evidence[0].FirstWord && f.Evidence[0].Source == d.evidence[0].Source
		}
		if d.Accept && standing[id] {
			out = append(out, kerbside.Acceptance{Item: id, By: d.By, At: d.At, Engine: d.Engine})
		}
	}
	return out
}

// itemID is how the one thing of a record is named in it.
func itemID(r *kerbside.Record) string {
	switch q := r.Proposals; {
	case len(r.Risks) > 0:
		return r.Risks[0].ID
	case len(r.Strengths) > 0:
		return r.Strengths[0].ID
	case len(r.Actions) > 0:
		return r.Actions[0].ID
	case len(r.ChildVoice) > 0:
		return r.ChildVoice[0].ID
	case q != nil && len(q.Attendees) > 0:
		return string(q.Attendees[0].ID)
	case q != nil && len(q.Visit) > 0:
		return "visit." + q.Visit[0].Field
	}
	return ""
}

// pending is what was proposed and nobody decided on. A proposal whose words were corrected is not offered any more: the model read
// something else, and is asked again.
func (b *bundle) pending() []part {
	decided := append(b.decisionsNow(), b.decidedParts(true)...)
	var out []part
	for _, p := range partsOf(b.proposals) {
		quote := p.evidence[0].Quote
		p, ok := b.moved(p)
		if !ok || p.evidence[0].Quote != quote || slices.ContainsFunc(decided, func(d decidedPart) bool { return d.kind == p.kind && b.overlap(d.evidence[0], p.evidence[0]) }) {
			continue
		}
		out = append(out, p)
	}
	return out
}

// overlap reports that two pieces of evidence of the newest sources share at least half of the shorter one's words.
func (b *bundle) overlap(x, y kerbside.Evidence) bool {
	if x.Source != y.Source {
		return false
	}
	for _, s := range b.sources() {
		if s.Ref != x.Source {
			continue
		}
		a1, a2, err := s.Range(x)
		c1, c2, err2 := s.Range(y)
		shared := min(a2, c2) - max(a1, c1) + 1
		return err == nil && err2 == nil && shared > 0 && 2*shared >= min(a2-a1, c2-c1)+1
	}
	return false
}

// proposalsInput decides what a model is asked: the same words are not read twice.
func (b *bundle) proposalsInput() (string, error) {
	in := struct {
		Stage, Date string
		Transcripts []string
		Statements  []kerbside.Statement
	}{Stage: "proposals/1", Date: b.visit.Date, Statements: b.statements}
	for _, t := range b.transcripts {
		in.Transcripts = append(in.Transcripts, t.doc.SHA256)
	}
	return inputHash(in)
}

// toRead reports whether a model is still to read what the record was made from.
func (s *Service) toRead(b *bundle) (bool, error) {
	switch b.visit.State {
	case kerbside.VisitDrafted, kerbside.VisitReturned, kerbside.VisitProcessing:
	default:
		return false, nil
	}
	if s.d.Proposer == nil || b.record == nil || !b.words() {
		return false, nil
	}
	current, err := b.recordCurrent()
	if err != nil || !current {
		return false, err
	}
	input, err := b.proposalsInput()
	return b.proposalsDoc.Input != input, err
}

// askModel enqueues the reading when there is something to read.
func (s *Service) askModel(tx kerbside.Tx, b *bundle) error {
	if ask, err := s.toRead(b); err != nil || !ask {
		return err
	}
	return tx.Enqueue(kerbside.Job{Org: b.visit.Org, Kind: kerbside.JobPropose, Visit: b.visit.ID, Owner: b.visit.Worker, Priority: kerbside.PriorityIdle})
}

// progressEvery is how often the reading of a model is told of.
const progressEvery = 2 * time.Second

// propose has a model read beside the record that is there. Nothing that it gives changes the record.
func (s *Service) propose(ctx context.Context, j kerbside.Job) error {
	b, locked, err := s.open(ctx, j)
	if err != nil || locked {
		return err
	}
	if ask, err := s.toRead(b); err != nil || !ask {
		return err
	}
	input, err := b.proposalsInput()
	if err != nil {
		return err
	}
	o, err := s.extractOptions(ctx, b)
	if err != nil {
		return err
	}
	told := time.Time{}
	tell := func(p kerbside.ModelProgress) {
		if now := s.d.Now(); now.Sub(told) >= progressEvery {
			told = now
			s.tellReading(ctx, j, p)
		}
	}
	tell(kerbside.ModelProgress{})
	p, err := s.d.Proposer.Propose(kerbside.WithModelProgress(ctx, tell), b.record, b.sources(), o)
	if err != nil {
		return err
	}
	return s.keepProposals(ctx, j, input, p)
}

// tellReading says how far a model is, with the state that the visit is in: other stages may be at work beside it.
func (s *Service) tellReading(ctx context.Context, j kerbside.Job, p kerbside.ModelProgress) {
	var state kerbside.VisitState
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		v, err := tx.Visit(j.Org, j.Visit)
		state = v.State
		return err
	})
	if err == nil && state != kerbside.VisitProcessing {
		s.publish(j.Org, j.Visit, Progress{State: state, Stage: string(kerbside.JobPropose), Part: p.Part, Parts: p.Parts})
	}
}

// keepProposals adds a version of the proposals unless the words were corrected meanwhile, or were read before.
func (s *Service) keepProposals(ctx context.Context, j kerbside.Job, input string, p *kerbside.Record) error {
	return s.commit(ctx, j, func(tx kerbside.Tx, b *bundle) error {
		if now, err := b.proposalsInput(); err != nil || now != input || b.proposalsDoc.Input == input {
			return err
		}
		return s.addDocument(tx, b.visit, kerbside.DocProposals, "", b.proposalsDoc.Version+1, p, func(d *kerbside.Document) { d.Input = input })
	})
}

// modelAway keeps that a model was asked and could not be used. The visit is as it would be without it.
func (s *Service) modelAway(ctx context.Context, j kerbside.Job, cause error) {
	b, locked, err := s.open(ctx, j)
	if err == nil && !locked {
		var input string
		if input, err = b.proposalsInput(); err == nil {
			err = s.keepProposals(ctx, j, input, &kerbside.Record{Schema: kerbside.RecordSchema, Warnings: kerbside.List[kerbside.Warning]{kerbside.ModelDown()}})
		}
	}
	log := s.log.With("job", string(j.ID), "kind", string(j.Kind), "visit", string(j.Visit))
	if err != nil {
		log.LogAttrs(ctx, slog.LevelError, "a set-aside job could not be noted on its visit", errAttrs(err)...)
	}
	log.LogAttrs(ctx, slog.LevelWarn, "stage set aside", errAttrs(cause)...)
}
