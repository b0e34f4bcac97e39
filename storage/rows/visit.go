package rows

import (
	"encoding/json"
	"time"

	"kerbside"
)

const visitColumns = "org, id, case_id, worker, title, date, state, reason, created, updated, addendum_to, said_date"

func scanVisit(r row) (v kerbside.Visit, err error) {
	err = r.Scan(&v.Org, &v.ID, &v.Case, &v.Worker, &v.Title, &v.Date, &v.State, &v.Reason, micro{&v.CreatedAt}, micro{&v.UpdatedAt}, &v.AddendumTo, &v.SaidDate)
	return v, err
}

func (t *tx) PutVisit(v kerbside.Visit) error {
	return t.exec("rows.PutVisit", "INSERT INTO visits ("+visitColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET case_id = excluded.case_id, worker = excluded.worker, title = excluded.title, date = excluded.date,
		state = excluded.state, reason = excluded.reason, updated = excluded.updated, addendum_to = excluded.addendum_to, said_date = excluded.said_date`,
		v.Org, v.ID, v.Case, v.Worker, v.Title, v.Date, v.State, v.Reason, Micros(v.CreatedAt), Micros(v.UpdatedAt), v.AddendumTo, v.SaidDate)
}

func (t *tx) Visit(org kerbside.OrganisationID, id kerbside.VisitID) (kerbside.Visit, error) {
	return one(t, "rows.Visit", scanVisit, "SELECT "+visitColumns+" FROM visits WHERE org = ? AND id = ?", org, id)
}

func (t *tx) Visits(org kerbside.OrganisationID, f kerbside.VisitFilter) ([]kerbside.Visit, error) {
	return t.visits("rows.Visits", f, "SELECT "+visitColumns+" FROM visits WHERE org = ?", org)
}

// visits ends a query of visits with what a filter asks for.
func (t *tx) visits(op string, f kerbside.VisitFilter, query string, args ...any) ([]kerbside.Visit, error) {
	if f.Worker != "" {
		query, args = query+" AND worker = ?", append(args, f.Worker)
	}
	if f.Workers != nil {
		query += " AND worker IN (" + marks(len(f.Workers)) + ")"
		for _, w := range f.Workers {
			args = append(args, w)
		}
	}
	on := "CASE WHEN date = '' THEN " + t.d.DayOfCreated + " ELSE date END"
	if f.Cases != nil {
		query += " AND case_id IN (" + marks(len(f.Cases)) + ")"
		for _, c := range f.Cases {
			args = append(args, c)
		}
	}
	if f.Cases != nil && f.PerCase > 0 {
		query += " AND id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY " + on + " DESC, created DESC) AS place FROM visits WHERE org = ? AND case_id IN (" + marks(len(f.Cases)) + ")) placed WHERE place <= ?)"
		args = append(args, args[0]) // the organisation, which each query begins with
		for _, c := range f.Cases {
			args = append(args, c)
		}
		args = append(args, f.PerCase)
	}
	if f.From != "" {
		query, args = query+" AND "+on+" >= ?", append(args, f.From)
	}
	if f.Until != "" {
		query, args = query+" AND "+on+" <= ?", append(args, f.Until)
	}
	if !f.Changed.IsZero() {
		query, args = query+" AND updated >= ?", append(args, Micros(f.Changed))
	}
	if f.After.ID != "" {
		query, args = query+" AND (created < ? OR created = ? AND id > ?)", append(args, Micros(f.After.CreatedAt), Micros(f.After.CreatedAt), f.After.ID)
	}
	if f.AddendumTo != "" {
		query, args = query+" AND addendum_to = ?", append(args, f.AddendumTo)
	}
	if len(f.States) > 0 {
		query += " AND state IN (" + marks(len(f.States)) + ")"
		for _, s := range f.States {
			args = append(args, s)
		}
	}
	query += " ORDER BY created DESC, id"
	if f.Limit > 0 {
		query, args = query+" LIMIT ?", append(args, f.Limit)
	}
	return many(t, op, scanVisit, query, args...)
}

const recordingColumns = "org, id, visit, client_id, kind, name, state, sha256, bytes, duration_ms, blob, created, finished, expected, expected_sha256"

func scanRecording(r row) (v kerbside.Recording, err error) {
	err = r.Scan(&v.Org, &v.ID, &v.Visit, &v.ClientID, &v.Kind, &v.Name, &v.State, &v.SHA256, &v.Bytes, &v.DurationMS, &v.Blob, micro{&v.CreatedAt}, micro{&v.FinishedAt}, &v.Expected, &v.ExpectedSHA256)
	return v, err
}

func (t *tx) PutRecording(r kerbside.Recording) error {
	return t.exec("rows.PutRecording", "INSERT INTO recordings ("+recordingColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET visit = excluded.visit, kind = excluded.kind, name = excluded.name, state = excluded.state, sha256 = excluded.sha256,
		bytes = excluded.bytes, duration_ms = excluded.duration_ms, blob = excluded.blob, finished = excluded.finished,
		expected = excluded.expected, expected_sha256 = excluded.expected_sha256`,
		r.Org, r.ID, r.Visit, r.ClientID, r.Kind, r.Name, r.State, r.SHA256, r.Bytes, r.DurationMS, r.Blob, Micros(r.CreatedAt), Micros(r.FinishedAt), r.Expected, r.ExpectedSHA256)
}

func (t *tx) Recording(org kerbside.OrganisationID, id kerbside.RecordingID) (kerbside.Recording, error) {
	return one(t, "rows.Recording", scanRecording, "SELECT "+recordingColumns+" FROM recordings WHERE org = ? AND id = ?", org, id)
}

func (t *tx) RecordingByClient(org kerbside.OrganisationID, client string) (kerbside.Recording, error) {
	return one(t, "rows.RecordingByClient", scanRecording, "SELECT "+recordingColumns+" FROM recordings WHERE org = ? AND client_id = ?", org, client)
}

func (t *tx) Recordings(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Recording, error) {
	return many(t, "rows.Recordings", scanRecording, "SELECT "+recordingColumns+" FROM recordings WHERE org = ? AND visit = ? ORDER BY n", org, v)
}

func (t *tx) RecordingTotals(org kerbside.OrganisationID, visits []kerbside.VisitID) (map[kerbside.VisitID]kerbside.RecordingTotal, error) {
	const op = "rows.RecordingTotals"
	ids, err := listed(visits)
	if err != nil {
		return nil, t.d.Failure(op, err)
	}
	out := map[kerbside.VisitID]kerbside.RecordingTotal{}
	_, err = many(t, op, func(r row) (id kerbside.VisitID, err error) {
		var n kerbside.RecordingTotal
		if err := r.Scan(&id, &n.N, &n.DurationMS); err != nil {
			return id, err
		}
		out[id] = n
		return id, nil
	}, "SELECT visit, COUNT(*), CAST(SUM(duration_ms) AS BIGINT) FROM recordings WHERE org = ? AND visit"+t.d.AnyOf+" GROUP BY visit", org, ids)
	return out, err
}

func (t *tx) OpenRecordings(org kerbside.OrganisationID, worker kerbside.UserID, before time.Time) ([]kerbside.Recording, error) {
	query, args := "SELECT "+recordingColumns+" FROM recordings r WHERE org = ? AND state = ? AND created < ?", []any{org, kerbside.RecordingOpen, Micros(before)}
	if worker != "" {
		query, args = query+" AND EXISTS (SELECT 1 FROM visits v WHERE v.org = r.org AND v.id = r.visit AND v.worker = ?)", append(args, worker)
	}
	return many(t, "rows.OpenRecordings", scanRecording, query+" ORDER BY created, n", args...)
}

func (t *tx) ErasedRecordings(org kerbside.OrganisationID) ([]kerbside.Recording, error) {
	return many(t, "rows.ErasedRecordings", scanRecording, "SELECT "+recordingColumns+" FROM recordings WHERE org = ? AND state = ? AND blob <> '' ORDER BY n", org, kerbside.RecordingErased)
}

func (t *tx) AddChunk(org kerbside.OrganisationID, c kerbside.Chunk) error {
	return t.add("rows.AddChunk", "INSERT INTO chunks (org, recording, take, seq, sha256, bytes, blob) VALUES (?, ?, ?, ?, ?, ?, ?)",
		org, c.Recording, c.Take, c.Seq, c.SHA256, c.Bytes, c.Blob)
}

const chunkColumns = "recording, take, seq, sha256, bytes, blob"

func scanChunk(r row) (c kerbside.Chunk, err error) {
	err = r.Scan(&c.Recording, &c.Take, &c.Seq, &c.SHA256, &c.Bytes, &c.Blob)
	return c, err
}

func (t *tx) Chunk(org kerbside.OrganisationID, id kerbside.RecordingID, take, seq int) (kerbside.Chunk, error) {
	return one(t, "rows.Chunk", scanChunk, "SELECT "+chunkColumns+" FROM chunks WHERE org = ? AND recording = ? AND take = ? AND seq = ?", org, id, take, seq)
}

func (t *tx) Chunks(org kerbside.OrganisationID, id kerbside.RecordingID) ([]kerbside.Chunk, error) {
	return many(t, "rows.Chunks", scanChunk, "SELECT "+chunkColumns+" FROM chunks WHERE org = ? AND recording = ? ORDER BY take, seq", org, id)
}

const documentColumns = "org, id, visit, kind, key, version, sha256, input, author, at, reason, body"

func scanDocument(r row) (d kerbside.Document, err error) {
	err = r.Scan(&d.Org, &d.ID, &d.Visit, &d.Kind, &d.Key, &d.Version, &d.SHA256, &d.Input, &d.Author, micro{&d.At}, &d.Reason, &d.Body)
	return d, err
}

func (t *tx) AddDocument(d kerbside.Document) error {
	return t.add("rows.AddDocument", "INSERT INTO documents ("+documentColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		d.Org, d.ID, d.Visit, d.Kind, d.Key, d.Version, d.SHA256, d.Input, d.Author, Micros(d.At), d.Reason, d.Body)
}

func (t *tx) Document(org kerbside.OrganisationID, id kerbside.DocumentID) (kerbside.Document, error) {
	return one(t, "rows.Document", scanDocument, "SELECT "+documentColumns+" FROM documents WHERE org = ? AND id = ?", org, id)
}

func (t *tx) NextVersion(org kerbside.OrganisationID, v kerbside.VisitID, kind kerbside.DocumentKind, key string) (int, error) {
	return one(t, "rows.NextVersion", func(r row) (n int, err error) { return n, r.Scan(&n) },
		"SELECT COALESCE(MAX(version), 0) + 1 FROM documents WHERE org = ? AND visit = ? AND kind = ? AND key = ?", org, v, kind, key)
}

func (t *tx) LatestDocuments(org kerbside.OrganisationID, v kerbside.VisitID, kind kerbside.DocumentKind) ([]kerbside.Document, error) {
	return many(t, "rows.LatestDocuments", scanDocument, "SELECT "+documentColumns+` FROM documents d WHERE org = ? AND visit = ? AND kind = ?
		AND version = (SELECT MAX(version) FROM documents WHERE org = d.org AND visit = d.visit AND kind = d.kind AND key = d.key) ORDER BY key`, org, v, kind)
}

func (t *tx) DocumentVersions(org kerbside.OrganisationID, v kerbside.VisitID, kind kerbside.DocumentKind, key string) ([]kerbside.Document, error) {
	return many(t, "rows.DocumentVersions", scanDocument, "SELECT "+documentColumns+" FROM documents WHERE org = ? AND visit = ? AND kind = ? AND key = ? ORDER BY version", org, v, kind, key)
}

func (t *tx) AddCorrection(org kerbside.OrganisationID, v kerbside.VisitID, id kerbside.TranscriptID, c kerbside.Correction) error {
	return t.add("rows.AddCorrection", `INSERT INTO corrections (org, visit, transcript, id, first_word, last_word, old, new, author, at, reason, undoes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, org, v, id, c.ID, c.FirstWord, c.LastWord, c.Old, c.New, c.Author, Micros(c.At), c.Reason, c.Undoes)
}

func (t *tx) Corrections(org kerbside.OrganisationID, v kerbside.VisitID, id kerbside.TranscriptID) ([]kerbside.Correction, error) {
	return many(t, "rows.Corrections", func(r row) (c kerbside.Correction, err error) {
		return c, r.Scan(&c.ID, &c.FirstWord, &c.LastWord, &c.Old, &c.New, &c.Author, micro{&c.At}, &c.Reason, &c.Undoes)
	}, "SELECT id, first_word, last_word, old, new, author, at, reason, undoes FROM corrections WHERE org = ? AND visit = ? AND transcript = ? ORDER BY n", org, v, id)
}

func (t *tx) AddStatement(org kerbside.OrganisationID, v kerbside.VisitID, s kerbside.Statement) error {
	return t.add("rows.AddStatement", "INSERT INTO statements (org, visit, id, author, at, question, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
		org, v, s.ID, s.Author, Micros(s.At), s.Question, s.Text)
}

func (t *tx) Statements(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Statement, error) {
	return many(t, "rows.Statements", func(r row) (s kerbside.Statement, err error) {
		return s, r.Scan(&s.ID, &s.Author, micro{&s.At}, &s.Question, &s.Text)
	}, "SELECT id, author, at, question, text FROM statements WHERE org = ? AND visit = ? ORDER BY n", org, v)
}

func (t *tx) AddReview(r kerbside.Review) error {
	const op = "rows.AddReview"
	covers, err := toJSON(r.Covers)
	if err != nil {
		return t.d.Failure(op, err)
	}
	confirmed, err := toJSON(r.Confirmed)
	if err != nil {
		return t.d.Failure(op, err)
	}
	return t.add(op, "INSERT INTO reviews (org, visit, id, action, by_user, at, comment, covers, confirmed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.Org, r.Visit, r.ID, r.Action, r.By, Micros(r.At), r.Comment, covers, confirmed)
}

func (t *tx) Reviews(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Review, error) {
	return many(t, "rows.Reviews", func(r row) (v kerbside.Review, err error) {
		var covers, confirmed string
		if err := r.Scan(&v.Org, &v.Visit, &v.ID, &v.Action, &v.By, micro{&v.At}, &v.Comment, &covers, &confirmed); err != nil {
			return v, err
		}
		if err := json.Unmarshal([]byte(covers), &v.Covers); err != nil {
			return v, err
		}
		return v, json.Unmarshal([]byte(confirmed), &v.Confirmed)
	}, "SELECT org, visit, id, action, by_user, at, comment, covers, confirmed FROM reviews WHERE org = ? AND visit = ? ORDER BY n", org, v)
}

func (t *tx) AddEntry(e kerbside.Entry) error {
	return t.exec("rows.AddEntry", "INSERT INTO entries (org, visit, id, audience, document, by_user, at, on_day, undone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		e.Org, e.Visit, e.ID, e.Audience, e.Document, e.By, Micros(e.At), e.On, e.Undone)
}

func (t *tx) Entries(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Entry, error) {
	return many(t, "rows.Entries", func(r row) (e kerbside.Entry, err error) {
		err = r.Scan(&e.ID, &e.Org, &e.Visit, &e.Audience, &e.Document, &e.By, micro{&e.At}, &e.On, &e.Undone)
		return e, err
	}, "SELECT id, org, visit, audience, document, by_user, at, on_day, undone FROM entries WHERE org = ? AND visit = ? ORDER BY n", org, v)
}
