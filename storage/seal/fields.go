package seal

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"kerbside"
)

// What a row is bound to: its table, its ids, and what must not change beside the sealed field.

// PutOrganisation makes the organisation's key at once: an organisation without one was made before anything was sealed.
func (t *tx) PutOrganisation(o kerbside.Organisation) error {
	if err := t.Tx.PutOrganisation(o); err != nil {
		return err
	}
	if _, err := t.key(o.ID, string(o.ID), true); err != nil {
		return err
	}
	_, err := t.key(o.ID, dividedScope(o.ID), true) // what is made from now on is in parts
	return err
}

func visitRow(v *kerbside.Visit) string { return place("visits", v.Org, v.ID) }

func (t *tx) openVisit(v *kerbside.Visit) error {
	_, err := t.openAll(v.Org, string(v.ID), visitRow(v), field{&v.Title, "title"}, field{&v.Reason, "reason"})
	return err
}

func (t *tx) PutVisit(v kerbside.Visit) error {
	if v.Title != "" || v.Reason != "" { // an erased visit keeps its row
		if err := t.sealAll(v.Org, string(v.ID), visitRow(&v), field{&v.Title, "title"}, field{&v.Reason, "reason"}); err != nil {
			return err
		}
	}
	return t.Tx.PutVisit(v)
}

func (t *tx) Visit(org kerbside.OrganisationID, id kerbside.VisitID) (kerbside.Visit, error) {
	v, err := t.Tx.Visit(org, id)
	if err == nil {
		err = t.openVisit(&v)
	}
	return v, err
}

func (t *tx) Visits(org kerbside.OrganisationID, f kerbside.VisitFilter) ([]kerbside.Visit, error) {
	visits, err := t.Tx.Visits(org, f)
	return each(visits, err, func(v *kerbside.Visit) (bool, error) { return false, t.openVisit(v) })
}

func (t *tx) openRecording(r *kerbside.Recording) error {
	_, err := t.openAll(r.Org, string(r.ID), place("recordings", r.Org, r.ID), field{&r.Name, "name"})
	return err
}

func (t *tx) PutRecording(r kerbside.Recording) error {
	if r.Name != "" {
		if err := t.sealAll(r.Org, string(r.ID), place("recordings", r.Org, r.ID), field{&r.Name, "name"}); err != nil {
			return err
		}
	}
	return t.Tx.PutRecording(r)
}

func (t *tx) Recording(org kerbside.OrganisationID, id kerbside.RecordingID) (kerbside.Recording, error) {
	r, err := t.Tx.Recording(org, id)
	if err == nil {
		err = t.openRecording(&r)
	}
	return r, err
}

func (t *tx) RecordingByClient(org kerbside.OrganisationID, client string) (kerbside.Recording, error) {
	r, err := t.Tx.RecordingByClient(org, client)
	if err == nil {
		err = t.openRecording(&r)
	}
	return r, err
}

func (t *tx) Recordings(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Recording, error) {
	recordings, err := t.Tx.Recordings(org, v)
	return each(recordings, err, func(r *kerbside.Recording) (bool, error) { return false, t.openRecording(r) })
}

func (t *tx) OpenRecordings(org kerbside.OrganisationID, worker kerbside.UserID, before time.Time) ([]kerbside.Recording, error) {
	recordings, err := t.Tx.OpenRecordings(org, worker, before)
	return each(recordings, err, func(r *kerbside.Recording) (bool, error) { return false, t.openRecording(r) })
}

func (t *tx) ErasedRecordings(org kerbside.OrganisationID) ([]kerbside.Recording, error) {
	recordings, err := t.Tx.ErasedRecordings(org)
	return each(recordings, err, func(r *kerbside.Recording) (bool, error) { return false, t.openRecording(r) })
}

// hashWords hides words of the search index under the organisation's key. The same word has the same hash in all its visits, or nothing could be found;
// their order and number are not kept, so that the index is no text in cipher.
func (t *tx) hashWords(org kerbside.OrganisationID, words []string, write bool) ([]string, error) {
	k, err := t.key(org, string(org), write)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(words))
	for _, w := range words {
		h := hmac.New(sha256.New, k.words)
		_, _ = h.Write([]byte(w)) // a hash never fails
		out = append(out, hex.EncodeToString(h.Sum(nil)[:8]))
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (t *tx) PutSearch(org kerbside.OrganisationID, v kerbside.VisitID, words []string) error {
	if len(words) == 0 {
		return t.Tx.PutSearch(org, v, nil)
	}
	if _, err := t.key(org, string(v), true); err != nil { // what was erased is not found again
		return err
	}
	hashes, err := t.hashWords(org, words, true)
	if err != nil {
		return err
	}
	return t.Tx.PutSearch(org, v, hashes)
}

func (t *tx) Search(org kerbside.OrganisationID, f kerbside.VisitFilter, words []string) ([]kerbside.Visit, error) {
	if len(words) == 0 {
		return nil, nil
	}
	hashes, err := t.hashWords(org, words, false)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound { // nothing was ever put in
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	visits, err := t.Tx.Search(org, f, hashes)
	return each(visits, err, func(v *kerbside.Visit) (bool, error) { return false, t.openVisit(v) })
}

func caseFields(c *kerbside.Case) (string, []field) {
	fields := []field{{&c.Reference, "reference"}, {&c.Name, "name"}, {&c.PlanID, "plan_id"}}
	for i := range c.People {
		p := &c.People[i]
		at := "person " + strconv.Itoa(i) + " "
		fields = append(fields, field{&p.ID, at + "id"}, field{&p.Name, at + "name"}, field{&p.Role, at + "role"}, field{&p.Born, at + "born"})
	}
	return place("cases", c.Org, c.ID), fields
}

func (t *tx) PutCase(c kerbside.Case) error {
	c.People = slices.Clone(c.People)
	row, fields := caseFields(&c)
	if err := t.sealAll(c.Org, string(c.Org), row, fields...); err != nil {
		return err
	}
	return t.Tx.PutCase(c)
}

func (t *tx) Case(org kerbside.OrganisationID, id kerbside.CaseID) (kerbside.Case, error) {
	c, err := t.Tx.Case(org, id)
	if err == nil {
		row, fields := caseFields(&c)
		_, err = t.openAll(c.Org, string(c.Org), row, fields...)
	}
	return c, err
}

func (t *tx) Cases(org kerbside.OrganisationID) ([]kerbside.Case, error) {
	cases, err := t.Tx.Cases(org)
	cases, err = each(cases, err, func(c *kerbside.Case) (bool, error) {
		row, fields := caseFields(c)
		return t.openAll(c.Org, string(c.Org), row, fields...)
	})
	slices.SortFunc(cases, func(a, b kerbside.Case) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return cases, err
}

func documentRow(d *kerbside.Document) string {
	return place("documents", d.Org, d.Visit, d.ID, d.Kind, d.Key, d.Version, d.SHA256, d.Input, d.Author, stamp(d.At))
}

func (t *tx) AddDocument(d kerbside.Document) (err error) {
	var k *dataKey
	generation := 0
	if p := partOf(&d); p != nil {
		k, generation, err = t.partKey(d.Org, p)
	} else {
		k, err = t.key(d.Org, string(d.Visit), true)
	}
	if err != nil {
		return err
	}
	row := documentRow(&d)
	if d.Reason, err = k.seal(place(row, "reason"), d.Reason); err != nil {
		return err
	}
	if d.Body, err = k.sealBytes(place(row, "body"), d.Body); err != nil {
		return err
	}
	d.Reason, d.Body = mark(d.Reason, generation), []byte(mark(string(d.Body), generation))
	return t.Tx.AddDocument(d)
}

func (t *tx) openDocument(d *kerbside.Document) (gone bool, err error) {
	k, err := t.key(d.Org, openedBy(d.Visit, partOf(d), string(d.Body)), false)
	if Erased(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	row := documentRow(d)
	reason, _ := unmark(d.Reason)
	body, _ := unmark(string(d.Body))
	if d.Reason, err = k.open(place(row, "reason"), reason); err != nil {
		return false, err
	}
	d.Body, err = k.openBytes(place(row, "body"), []byte(body))
	return false, err
}

func (t *tx) Document(org kerbside.OrganisationID, id kerbside.DocumentID) (kerbside.Document, error) {
	d, err := t.Tx.Document(org, id)
	if err != nil {
		return d, err
	}
	gone, err := t.openDocument(&d)
	if gone {
		return kerbside.Document{}, kerbside.E(kerbside.CodeNotFound, "seal.Document", "This was erased and cannot be read any more.", errErased)
	}
	return d, err
}

func (t *tx) LatestDocuments(org kerbside.OrganisationID, v kerbside.VisitID, kind kerbside.DocumentKind) ([]kerbside.Document, error) {
	docs, err := t.Tx.LatestDocuments(org, v, kind)
	return each(docs, err, t.openDocument)
}

func (t *tx) DocumentVersions(org kerbside.OrganisationID, v kerbside.VisitID, kind kerbside.DocumentKind, key string) ([]kerbside.Document, error) {
	docs, err := t.Tx.DocumentVersions(org, v, kind, key)
	return each(docs, err, t.openDocument)
}

func correctionFields(org kerbside.OrganisationID, v kerbside.VisitID, id kerbside.TranscriptID, c *kerbside.Correction) (string, []field) {
	return place("corrections", org, v, id, c.ID, c.FirstWord, c.LastWord, c.Author, stamp(c.At)), []field{{&c.Old, "old"}, {&c.New, "new"}, {&c.Reason, "reason"}}
}

func (t *tx) AddCorrection(org kerbside.OrganisationID, v kerbside.VisitID, id kerbside.TranscriptID, c kerbside.Correction) error {
	row, fields := correctionFields(org, v, id, &c)
	if err := t.sealPart(org, correctionsOf(v, id), row, fields...); err != nil {
		return err
	}
	return t.Tx.AddCorrection(org, v, id, c)
}

func (t *tx) Corrections(org kerbside.OrganisationID, v kerbside.VisitID, id kerbside.TranscriptID) ([]kerbside.Correction, error) {
	corrections, err := t.Tx.Corrections(org, v, id)
	return each(corrections, err, func(c *kerbside.Correction) (bool, error) {
		row, fields := correctionFields(org, v, id, c)
		return t.openPart(org, v, correctionsOf(v, id), row, fields...)
	})
}

func statementFields(org kerbside.OrganisationID, v kerbside.VisitID, s *kerbside.Statement) (string, []field) {
	return place("statements", org, v, s.ID, s.Author, stamp(s.At)), []field{{&s.Question, "question"}, {&s.Text, "text"}}
}

func (t *tx) AddStatement(org kerbside.OrganisationID, v kerbside.VisitID, s kerbside.Statement) error {
	row, fields := statementFields(org, v, &s)
	if err := t.sealPart(org, only(kerbside.AnswersScope(v)), row, fields...); err != nil {
		return err
	}
	return t.Tx.AddStatement(org, v, s)
}

func (t *tx) Statements(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Statement, error) {
	statements, err := t.Tx.Statements(org, v)
	return each(statements, err, func(s *kerbside.Statement) (bool, error) {
		row, fields := statementFields(org, v, s)
		return t.openPart(org, v, only(kerbside.AnswersScope(v)), row, fields...)
	})
}

func reviewFields(r *kerbside.Review) (string, []field) {
	return place("reviews", r.Org, r.Visit, r.ID, r.Action, r.By, stamp(r.At)), []field{{&r.Comment, "comment"}}
}

func (t *tx) AddReview(r kerbside.Review) error {
	row, fields := reviewFields(&r)
	if err := t.sealAll(r.Org, string(r.Visit), row, fields...); err != nil {
		return err
	}
	return t.Tx.AddReview(r)
}

// Reviews keeps those of an erased visit: who decided when stays known, what they wrote does not.
func (t *tx) Reviews(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Review, error) {
	reviews, err := t.Tx.Reviews(org, v)
	return each(reviews, err, func(r *kerbside.Review) (bool, error) {
		row, fields := reviewFields(r)
		_, err := t.openAll(r.Org, string(r.Visit), row, fields...)
		return false, err
	})
}

func ledgerRow(l *kerbside.LedgerLine) string {
	return place("ledger", l.Org, l.ID, l.Kind, l.Subject, l.By, stamp(l.At))
}

// AddLedger seals a line under the organisation's key: what was decided about a visit outlives what the visit said.
func (t *tx) AddLedger(l kerbside.LedgerLine) error {
	k, err := t.key(l.Org, string(l.Org), true)
	if err != nil {
		return err
	}
	if l.Body, err = k.sealBytes(place(ledgerRow(&l), "body"), l.Body); err != nil {
		return err
	}
	return t.Tx.AddLedger(l)
}

// Ledger implements [kerbside.Tx].
func (t *tx) Ledger(org kerbside.OrganisationID, kind kerbside.LedgerKind, subject string) ([]kerbside.LedgerLine, error) {
	lines, err := t.Tx.Ledger(org, kind, subject)
	return each(lines, err, func(l *kerbside.LedgerLine) (bool, error) {
		k, err := t.key(org, string(org), false)
		if err == nil {
			l.Body, err = k.openBytes(place(ledgerRow(l), "body"), l.Body)
		}
		return false, err
	})
}
