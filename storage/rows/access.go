package rows

import "kerbside"

func (t *tx) PutRestriction(o kerbside.OrganisationID, c kerbside.CaseID, named []kerbside.UserID) error {
	const op = "rows.PutRestriction"
	if err := t.exec(op, "DELETE FROM restrictions WHERE org = ? AND case_id = ?", o, c); err != nil {
		return err
	}
	for _, u := range named {
		if err := t.exec(op, "INSERT INTO restrictions (org, case_id, user) VALUES (?, ?, ?)", o, c, u); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) Restrictions(o kerbside.OrganisationID) (map[kerbside.CaseID][]kerbside.UserID, error) {
	type pair struct {
		c kerbside.CaseID
		u kerbside.UserID
	}
	rows, err := many(t, "rows.Restrictions", func(r row) (p pair, err error) { return p, r.Scan(&p.c, &p.u) },
		"SELECT case_id, user FROM restrictions WHERE org = ? ORDER BY case_id, user", o)
	out := map[kerbside.CaseID][]kerbside.UserID{}
	for _, p := range rows {
		out[p.c] = append(out[p.c], p.u)
	}
	return out, err
}

func (t *tx) PutCover(c kerbside.Cover) error {
	return t.exec("rows.PutCover", `INSERT INTO covers (org, id, of_user, by_user, starts, ends, made) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET ends = excluded.ends`, c.Org, c.ID, c.Of, c.By, Micros(c.From), Micros(c.Until), c.Made)
}

func (t *tx) Covers(o kerbside.OrganisationID) ([]kerbside.Cover, error) {
	return many(t, "rows.Covers", func(r row) (c kerbside.Cover, err error) {
		return c, r.Scan(&c.Org, &c.ID, &c.Of, &c.By, micro{&c.From}, micro{&c.Until}, &c.Made)
	}, "SELECT org, id, of_user, by_user, starts, ends, made FROM covers WHERE org = ? ORDER BY starts DESC, id", o)
}
