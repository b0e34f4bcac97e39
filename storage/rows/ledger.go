package rows

import "kerbside"

func (t *tx) AddLedger(l kerbside.LedgerLine) error {
	return t.exec("rows.AddLedger", "INSERT INTO ledger (org, id, kind, subject, at, by_user, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
		l.Org, l.ID, l.Kind, l.Subject, Micros(l.At), l.By, l.Body)
}

func (t *tx) Ledger(o kerbside.OrganisationID, k kerbside.LedgerKind, subject string) ([]kerbside.LedgerLine, error) {
	query, args := "SELECT org, id, kind, subject, at, by_user, body FROM ledger WHERE org = ? AND kind = ?", []any{o, k}
	if subject != "" {
		query, args = query+" AND subject = ?", append(args, subject)
	}
	return many(t, "rows.Ledger", func(r row) (l kerbside.LedgerLine, err error) {
		return l, r.Scan(&l.Org, &l.ID, &l.Kind, &l.Subject, micro{&l.At}, &l.By, &l.Body)
	}, query+" ORDER BY n", args...)
}
