package rows

import "kerbside"

func (t *tx) AddHeard(h kerbside.Heard) error {
	return t.exec("rows.AddHeard", "INSERT INTO heard (org, visit, recording, by_user, at, start_ms, end_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
		h.Org, h.Visit, h.Recording, h.By, Micros(h.At), h.StartMS, h.EndMS)
}

func (t *tx) HeardOf(o kerbside.OrganisationID, v kerbside.VisitID) ([]kerbside.Heard, error) {
	return many(t, "rows.HeardOf", func(r row) (h kerbside.Heard, err error) {
		return h, r.Scan(&h.Org, &h.Visit, &h.Recording, &h.By, micro{&h.At}, &h.StartMS, &h.EndMS)
	}, "SELECT org, visit, recording, by_user, at, start_ms, end_ms FROM heard WHERE org = ? AND visit = ? ORDER BY n", o, v)
}
