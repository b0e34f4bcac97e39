package rows

import (
	"time"

	"kerbside"
)

func (t *tx) AuditSize(org kerbside.OrganisationID) (int64, error) {
	return one(t, "rows.AuditSize", func(r row) (n int64, err error) { return n, r.Scan(&n) },
		"SELECT COALESCE(MAX(n) + 1, 0) FROM audit WHERE org = ?", org)
}

func (t *tx) AddAudit(n int64, a kerbside.AuditEntry, hashes [][32]byte) error {
	const op = "rows.AddAudit"
	size, err := t.AuditSize(a.Org)
	if err != nil {
		return err
	}
	if n != size {
		return kerbside.E(kerbside.CodeConflict, op, "Somebody else did something at the same moment. Nothing was changed; try again.", nil)
	}
	first, err := one(t, op, func(r row) (i int64, err error) { return i, r.Scan(&i) }, "SELECT COALESCE(MAX(i) + 1, 0) FROM audit_hashes WHERE org = ?", a.Org)
	if err != nil {
		return err
	}
	for i, h := range hashes {
		if err := t.exec(op, "INSERT INTO audit_hashes (org, i, hash) VALUES (?, ?, ?)", a.Org, first+int64(i), h[:]); err != nil {
			return err
		}
	}
	return t.exec(op, "INSERT INTO audit (org, n, by_user, at, action, object, visit) VALUES (?, ?, ?, ?, ?, ?, ?)",
		a.Org, n, a.By, Micros(a.At), a.Action, a.Object, a.Visit)
}

func (t *tx) AuditHashes(org kerbside.OrganisationID, indexes []int64) ([][32]byte, error) {
	out := make([][32]byte, len(indexes))
	for i, index := range indexes {
		h, err := one(t, "rows.AuditHashes", func(r row) (h []byte, err error) { return h, r.Scan(&h) },
			"SELECT hash FROM audit_hashes WHERE org = ? AND i = ?", org, index)
		if err != nil {
			return nil, err
		}
		copy(out[i][:], h)
	}
	return out, nil
}

func (t *tx) PutAuditHead(org kerbside.OrganisationID, h kerbside.AuditHead) error {
	return t.exec("rows.PutAuditHead", `INSERT INTO audit_heads (org, day, size, at, note) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (org, day) DO UPDATE SET size = excluded.size, at = excluded.at, note = excluded.note`,
		org, Micros(h.At)/(24*time.Hour).Microseconds(), h.Size, Micros(h.At), h.Note)
}

func (t *tx) AuditHeads(org kerbside.OrganisationID) ([]kerbside.AuditHead, error) {
	return many(t, "rows.AuditHeads", func(r row) (h kerbside.AuditHead, err error) { return h, r.Scan(&h.Size, micro{&h.At}, &h.Note) },
		"SELECT size, at, note FROM audit_heads WHERE org = ? ORDER BY size", org)
}

const auditColumns = "org, by_user, at, action, object, visit"

func scanAudit(r row) (a kerbside.AuditEntry, err error) {
	err = r.Scan(&a.Org, &a.By, micro{&a.At}, &a.Action, &a.Object, &a.Visit)
	return a, err
}

func (t *tx) AuditFrom(org kerbside.OrganisationID, n int64, limit int) ([]kerbside.NumberedAuditEntry, error) {
	return many(t, "rows.AuditFrom", func(r row) (a kerbside.NumberedAuditEntry, err error) {
		return a, r.Scan(&a.N, &a.Org, &a.By, micro{&a.At}, &a.Action, &a.Object, &a.Visit)
	}, "SELECT n, "+auditColumns+" FROM audit WHERE org = ? AND n >= ? ORDER BY n LIMIT ?", org, n, limit)
}

func (t *tx) Audit(org kerbside.OrganisationID, limit int) ([]kerbside.AuditEntry, error) {
	return many(t, "rows.Audit", scanAudit, "SELECT "+auditColumns+" FROM audit WHERE org = ? ORDER BY n DESC LIMIT ?", org, limit)
}

func (t *tx) VisitAudit(org kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.AuditEntry, error) {
	return many(t, "rows.VisitAudit", scanAudit, `SELECT org, by_user, at, action, object, visit FROM (
		SELECT `+auditColumns+`, 0 AS log, n FROM audit_before WHERE org = ? AND visit = ?
		UNION ALL SELECT `+auditColumns+`, 1, n FROM audit WHERE org = ? AND visit = ?) both_logs ORDER BY log, n`, org, v, org, v)
}

func (t *tx) AuditFind(org kerbside.OrganisationID, f kerbside.AuditFilter, limit int) ([]kerbside.NumberedAuditEntry, error) {
	query, args := "SELECT n, "+auditColumns+" FROM audit WHERE org = ?", []any{org}
	add := func(wanted bool, condition string, arg any) {
		if wanted {
			query, args = query+" AND "+condition, append(args, arg)
		}
	}
	add(f.By != "", "by_user = ?", f.By)
	add(f.Action != "", "action = ?", f.Action)
	add(!f.From.IsZero(), "at >= ?", Micros(f.From))
	add(!f.Until.IsZero(), "at < ?", Micros(f.Until))
	add(f.Before > 0, "n < ?", f.Before)
	return many(t, "rows.AuditFind", func(r row) (a kerbside.NumberedAuditEntry, err error) {
		return a, r.Scan(&a.N, &a.Org, &a.By, micro{&a.At}, &a.Action, &a.Object, &a.Visit)
	}, query+" ORDER BY n DESC LIMIT ?", append(args, limit)...)
}

func (t *tx) AuditActions(org kerbside.OrganisationID) ([]string, error) {
	return many(t, "rows.AuditActions", func(r row) (a string, err error) { return a, r.Scan(&a) }, "SELECT DISTINCT action FROM audit WHERE org = ? ORDER BY action", org)
}
