package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"kerbside"
)

// bundle is a visit with the newest versions of everything that was derived from it, read in one transaction.
type bundle struct {
	visit       kerbside.Visit
	recordings  []kerbside.Recording
	transcripts []transcriptDoc // in the order of the recordings
	statements  []kerbside.Statement
	reviews     []kerbside.Review // oldest first
	entries     []kerbside.Entry  // oldest first
	heard       []kerbside.Heard
	comments    map[string][]kerbside.SentenceComment // by the review's id
	oversight   []oversightDoc                        // oldest first
	record      *kerbside.Record
	recordDoc   kerbside.Document
	drafts      []draftDoc // in the order of kerbside.Audiences
	choices     map[kerbside.Audience]*choices
	choiceDocs  map[kerbside.Audience]kerbside.Document

	consents       []consentLine // oldest first
	secondLines    []kerbside.LedgerLine
	secondPolicies []kerbside.SecondPolicy

	proposals    *kerbside.Record // what a language model alone read; nil when none was asked
	proposalsDoc kerbside.Document
	decided      decisions
	decisionsDoc kerbside.Document
	made         []*kerbside.Transcript // what read was made of
	read         []*kerbside.Source
	versions     map[kerbside.TranscriptID][]*kerbside.Transcript // of those that were corrected, oldest first; where there are proposals or decisions
}

type transcriptDoc struct {
	doc kerbside.Document
	t   *kerbside.Transcript
}

type draftDoc struct {
	doc kerbside.Document
	d   *kerbside.Draft
}

func loadBundle(tx kerbside.Tx, v kerbside.Visit) (*bundle, error) {
	b := &bundle{visit: v}
	var err error
	if b.recordings, err = tx.Recordings(v.Org, v.ID); err != nil {
		return nil, err
	}
	if b.statements, err = tx.Statements(v.Org, v.ID); err != nil {
		return nil, err
	}
	if b.reviews, err = tx.Reviews(v.Org, v.ID); err != nil {
		return nil, err
	}
	if b.entries, err = tx.Entries(v.Org, v.ID); err != nil {
		return nil, err
	}
	if b.heard, err = tx.HeardOf(v.Org, v.ID); err != nil {
		return nil, err
	}
	for _, load := range []func(kerbside.Tx) error{b.loadNotes, b.loadTranscripts, b.loadRecord, b.loadDrafts, b.loadChoices, b.loadConsent, b.loadProposals} {
		if err := load(tx); err != nil {
			return nil, err
		}
	}
	if b.secondLines, b.secondPolicies, err = readLedger[kerbside.SecondPolicy](tx, v.Org, kerbside.LedgerSecond, ""); err != nil {
		return nil, err
	}
	if !b.words() && b.voided() && !v.State.Closed() { // what was made of words that are not this visit's is not this visit's either
		b.record, b.drafts = nil, nil
	}
	return b, nil
}

// voided reports whether a recording was taken out, or deleted before the visit was closed: what was made of it does not count any more.
func (b *bundle) voided() bool {
	return slices.ContainsFunc(b.recordings, func(r kerbside.Recording) bool {
		return r.State == kerbside.RecordingVoid || r.State == kerbside.RecordingErased
	})
}

func (b *bundle) loadTranscripts(tx kerbside.Tx) error {
	docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocTranscript)
	if err != nil {
		return err
	}
	for _, r := range b.recordings {
		i := slices.IndexFunc(docs, func(d kerbside.Document) bool { return d.Key == string(r.ID) })
		if i < 0 || r.State == kerbside.RecordingVoid {
			continue
		}
		t := transcriptDoc{doc: docs[i], t: new(kerbside.Transcript)}
		if err := decode(t.doc, t.t); err != nil {
			return err
		}
		b.transcripts = append(b.transcripts, t)
	}
	return nil
}

func (b *bundle) loadRecord(tx kerbside.Tx) error {
	docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocRecord)
	if err != nil || len(docs) == 0 {
		return err
	}
	b.recordDoc, b.record = docs[0], new(kerbside.Record)
	return decode(b.recordDoc, b.record)
}

func (b *bundle) loadDrafts(tx kerbside.Tx) error {
	docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocDraft)
	if err != nil {
		return err
	}
	for _, a := range kerbside.Audiences() {
		i := slices.IndexFunc(docs, func(d kerbside.Document) bool { return d.Key == string(a) })
		if i < 0 {
			continue
		}
		d := draftDoc{doc: docs[i], d: new(kerbside.Draft)}
		if err := decode(d.doc, d.d); err != nil {
			return err
		}
		b.drafts = append(b.drafts, d)
	}
	return nil
}

// decode reads a document's body after checking its hash: what was altered outside is not taken for what was written.
func decode(d kerbside.Document, into any) error {
	const op = "service.decode"
	if kerbside.HexSHA256(d.Body) != d.SHA256 {
		return kerbside.E(kerbside.CodeInternal, op, "A stored version does not match its checksum. Restore it from a backup.", fmt.Errorf("document %s", d.ID))
	}
	if json.Unmarshal(d.Body, into) != nil { // its error may quote the body
		return kerbside.E(kerbside.CodeInternal, op, "", fmt.Errorf("document %s cannot be read", d.ID))
	}
	return nil
}

// sources are the newest versions of all that was said: transcripts in the order of the recordings, then statements. The same sound
// given twice counts once.
func (b *bundle) sources() []*kerbside.Source {
	made := make([]*kerbside.Transcript, len(b.transcripts)) // a correction puts another transcript in the place of one
	for i, t := range b.transcripts {
		made[i] = t.t
	}
	if b.made != nil && slices.Equal(b.made, made) {
		return b.read
	}
	var out []*kerbside.Source
	seen := map[kerbside.TranscriptID]bool{}
	for _, t := range made {
		if !seen[t.ID] {
			seen[t.ID] = true
			out = append(out, kerbside.NewSource(t))
		}
	}
	for _, s := range b.statements {
		out = append(out, kerbside.StatementSource(s))
	}
	b.made, b.read = made, out
	return out
}

// words reports whether anything was said at all.
func (b *bundle) words() bool {
	return slices.ContainsFunc(b.sources(), func(s *kerbside.Source) bool { return len(s.Words) > 0 })
}

func (b *bundle) transcriptOf(id kerbside.RecordingID) *transcriptDoc {
	for i := range b.transcripts {
		if b.transcripts[i].doc.Key == string(id) {
			return &b.transcripts[i]
		}
	}
	return nil
}

// untranscribed are the recordings that are complete and still without a transcript.
func (b *bundle) untranscribed() []kerbside.Recording {
	var out []kerbside.Recording
	for _, r := range b.recordings {
		if r.State == kerbside.RecordingSafe && b.transcriptOf(r.ID) == nil {
			out = append(out, r)
		}
	}
	return out
}

// unusable reports whether a recording is there that no words could be made of.
func (b *bundle) unusable() bool {
	return slices.ContainsFunc(b.recordings, func(r kerbside.Recording) bool { return r.State == kerbside.RecordingUnusable })
}

// recordInput decides the record: the same input gives the same record. Whoever makes a transcript or a record of
// nothing new has made nothing.
func (b *bundle) recordInput() (string, error) {
	in := struct {
		Stage, Date string
		Worker      kerbside.UserID
		Case        kerbside.CaseID `json:",omitempty"` // not its names: what they are later changes no record by itself
		Transcripts []string
		Statements  []kerbside.Statement
		Consent     kerbside.List[kerbside.ConsentLine] `json:",omitempty"`
		Accepted    *kerbside.Record                    `json:",omitempty"`
		Struck      kerbside.List[kerbside.Struck]      `json:",omitempty"`
	}{Stage: "record/1", Date: b.visit.Date, Worker: b.visit.Worker, Case: b.visit.Case, Statements: b.statements, Consent: b.consentLines(), Accepted: b.accepted(), Struck: b.struck()}
	for _, t := range b.transcripts {
		in.Transcripts = append(in.Transcripts, t.doc.SHA256)
	}
	return inputHash(in)
}

func (b *bundle) draftInput(a kerbside.Audience) (string, error) {
	in := struct {
		Stage, Record string
		Audience      kerbside.Audience
		Choices       string `json:",omitempty"`
	}{Stage: "draft/1", Record: b.recordDoc.SHA256, Audience: a}
	if !b.choices[a].empty() {
		in.Choices = b.choiceDocs[a].SHA256
	}
	return inputHash(in)
}

func transcriptInput(r kerbside.Recording, o kerbside.TranscribeOptions) (string, error) {
	return inputHash(struct {
		Stage, Sound string
		Kind         kerbside.RecordingKind
		Options      kerbside.TranscribeOptions
	}{"transcript/1", r.SHA256, r.Kind, o})
}

func inputHash(v any) (string, error) {
	b, err := json.Marshal(v)
	return kerbside.HexSHA256(b), err
}

// recordCurrent reports whether the newest record was made from the newest sources.
func (b *bundle) recordCurrent() (bool, error) {
	input, err := b.recordInput()
	return b.record != nil && b.recordDoc.Input == input, err
}

// draftCurrent reports whether the newest draft for an audience was made from the newest record.
func (b *bundle) draftCurrent(a kerbside.Audience) (bool, error) {
	input, err := b.draftInput(a)
	return slices.ContainsFunc(b.drafts, func(d draftDoc) bool { return d.d.Audience == a && d.doc.Input == input }), err
}

// complete reports whether there is nothing left to make: everything is current, or nothing was said.
func (b *bundle) complete() (bool, error) {
	if len(b.untranscribed()) > 0 {
		return false, nil
	}
	if b.record == nil && !b.words() {
		return true, nil
	}
	current, err := b.recordCurrent()
	for _, a := range kerbside.Audiences() {
		if err == nil && current {
			current, err = b.draftCurrent(a)
		}
	}
	return current, err
}

// covers are the newest versions.
func (b *bundle) covers() []kerbside.Covered {
	var out []kerbside.Covered
	add := func(d kerbside.Document) { out = append(out, kerbside.Covered{Document: d.ID, SHA256: d.SHA256}) }
	for _, t := range b.transcripts {
		add(t.doc)
	}
	if b.record != nil {
		add(b.recordDoc)
	}
	for _, d := range b.drafts {
		add(d.doc)
	}
	return out
}

// coversAll reports whether c names exactly the newest versions.
func (b *bundle) coversAll(c []kerbside.Covered) bool {
	want := b.covers()
	if len(want) != len(c) && (b.visit.State != kerbside.VisitLocked || len(want) > len(c)) { // of a locked visit something may have been deleted since
		return false
	}
	for _, w := range want {
		if !slices.Contains(c, w) {
			return false
		}
	}
	return true
}

// addDocument adds the next version of a key. Of what can be made again after it was deleted, versions go on where they were.
func (s *Service) addDocument(tx kerbside.Tx, v kerbside.Visit, kind kerbside.DocumentKind, key string, version int, body any, set func(*kerbside.Document)) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "service.addDocument", "", errors.New("a "+string(kind)+" cannot be written"))
	}
	id, err := s.newID("d")
	if err != nil {
		return err
	}
	switch kind {
	case kerbside.DocRecord, kerbside.DocDraft, kerbside.DocChoices, kerbside.DocProposals, kerbside.DocDecisions:
		if version, err = tx.NextVersion(v.Org, v.ID, kind, key); err != nil {
			return err
		}
	}
	d := kerbside.Document{ID: kerbside.DocumentID(id), Org: v.Org, Visit: v.ID, Kind: kind, Key: key, Version: version, SHA256: kerbside.HexSHA256(raw), At: s.now(), Body: raw}
	set(&d)
	return tx.AddDocument(d)
}
