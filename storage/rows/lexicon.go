package rows

import "kerbside"

func (t *tx) PutTerm(w kerbside.LexiconTerm) error {
	return t.exec("rows.PutTerm", `INSERT INTO terms (org, id, case_id, text, kind, added_by, added, retired_by, retired) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET retired_by = excluded.retired_by, retired = excluded.retired`,
		w.Org, w.ID, w.Case, w.Text, w.Kind, w.AddedBy, Micros(w.AddedAt), w.RetiredBy, Micros(w.RetiredAt))
}

func (t *tx) Terms(org kerbside.OrganisationID, c kerbside.CaseID) ([]kerbside.LexiconTerm, error) {
	return many(t, "rows.Terms", func(r row) (w kerbside.LexiconTerm, err error) {
		return w, r.Scan(&w.Org, &w.ID, &w.Case, &w.Text, &w.Kind, &w.AddedBy, micro{&w.AddedAt}, &w.RetiredBy, micro{&w.RetiredAt})
	}, "SELECT org, id, case_id, text, kind, added_by, added, retired_by, retired FROM terms WHERE org = ? AND case_id = ? ORDER BY n", org, c)
}
