package rows

import "kerbside"

func (t *tx) PutDigest(d kerbside.Digest) error {
	return t.exec("rows.PutDigest", "INSERT INTO digests (org, visit, body) VALUES (?, ?, ?) ON CONFLICT (org, visit) DO UPDATE SET body = excluded.body", d.Org, d.Visit, d.Body)
}

func (t *tx) Digests(org kerbside.OrganisationID, visits []kerbside.VisitID) (map[kerbside.VisitID]kerbside.Digest, error) {
	const op = "rows.Digests"
	ids, err := listed(visits)
	if err != nil {
		return nil, t.d.Failure(op, err)
	}
	rows, err := many(t, op, func(r row) (d kerbside.Digest, err error) { return d, r.Scan(&d.Org, &d.Visit, &d.Body) },
		"SELECT org, visit, body FROM digests WHERE org = ? AND visit"+t.d.AnyOf, org, ids)
	out := make(map[kerbside.VisitID]kerbside.Digest, len(rows))
	for _, d := range rows {
		out[d.Visit] = d
	}
	return out, err
}

func (t *tx) AddAlertSeen(a kerbside.AlertSeen) error {
	return t.exec("rows.AddAlertSeen", "INSERT INTO alerts_seen (org, kind, object, by_user, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		a.Key.Org, a.Key.Kind, a.Key.Object, a.By, Micros(a.At))
}

func (t *tx) AlertsSeen(org kerbside.OrganisationID, objects []string) ([]kerbside.AlertSeen, error) {
	const op = "rows.AlertsSeen"
	list, err := listed(objects)
	if err != nil {
		return nil, t.d.Failure(op, err)
	}
	return many(t, op, func(r row) (a kerbside.AlertSeen, err error) {
		return a, r.Scan(&a.Key.Org, &a.Key.Kind, &a.Key.Object, &a.By, micro{&a.At})
	}, "SELECT org, kind, object, by_user, at FROM alerts_seen WHERE org = ? AND object"+t.d.AnyOf+" ORDER BY at, kind, object", org, list)
}

func (t *tx) PutAlertSending(a kerbside.AlertSending) error {
	return t.exec("rows.PutAlertSending", `INSERT INTO alert_sendings (org, kind, object, id, at, attempts, next_try, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, kind, object) DO UPDATE SET attempts = excluded.attempts, next_try = excluded.next_try, sent = excluded.sent`,
		a.Key.Org, a.Key.Kind, a.Key.Object, a.ID, Micros(a.At), a.Attempts, Micros(a.NextTry), Micros(a.SentAt))
}

func (t *tx) AlertSendings(org kerbside.OrganisationID, objects []string) ([]kerbside.AlertSending, error) {
	const op = "rows.AlertSendings"
	list, err := listed(objects)
	if err != nil {
		return nil, t.d.Failure(op, err)
	}
	return many(t, op, func(r row) (a kerbside.AlertSending, err error) {
		return a, r.Scan(&a.Key.Org, &a.Key.Kind, &a.Key.Object, &a.ID, micro{&a.At}, &a.Attempts, micro{&a.NextTry}, micro{&a.SentAt})
	}, "SELECT org, kind, object, id, at, attempts, next_try, sent FROM alert_sendings WHERE org = ? AND (next_try > 0 OR object"+t.d.AnyOf+") ORDER BY at, kind, object", org, list)
}
