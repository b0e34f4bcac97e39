package rows

import (
	"strings"
	"time"

	"kerbside"
)

const keyColumns = "org, scope, wrapped, master, created, erased"

func scanKey(r row) (k kerbside.DataKey, err error) {
	err = r.Scan(&k.Org, &k.Scope, &k.Wrapped, &k.Master, micro{&k.CreatedAt}, micro{&k.ErasedAt})
	if len(k.Wrapped) == 0 {
		k.Wrapped = nil
	}
	return k, err
}

func (t *tx) PutDataKey(k kerbside.DataKey) error {
	const op = "rows.PutDataKey"
	have, err := t.DataKey(k.Org, k.Scope)
	if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
		return err
	}
	if have.Erased() {
		return kerbside.E(kerbside.CodeConflict, op, "This was erased and cannot be written to any more.", nil)
	}
	return t.exec(op, "INSERT INTO data_keys ("+keyColumns+`) VALUES (?, ?, ?, ?, ?, 0)
		ON CONFLICT (org, scope) DO UPDATE SET wrapped = excluded.wrapped, master = excluded.master`, k.Org, k.Scope, k.Wrapped, k.Master, Micros(k.CreatedAt))
}

func (t *tx) DataKey(org kerbside.OrganisationID, scope string) (kerbside.DataKey, error) {
	return one(t, "rows.DataKey", scanKey, "SELECT "+keyColumns+" FROM data_keys WHERE org = ? AND scope = ?", org, scope)
}

func (t *tx) DataKeys(after kerbside.OrganisationID, scope string, limit int) ([]kerbside.DataKey, error) {
	return many(t, "rows.DataKeys", scanKey, "SELECT "+keyColumns+" FROM data_keys WHERE (org, scope) > (?, ?) ORDER BY org, scope LIMIT ?", after, scope, limit)
}

func (t *tx) EraseDataKey(org kerbside.OrganisationID, scope string, at time.Time) error {
	const op = "rows.EraseDataKey"
	t.Erased = true
	if err := t.dropSearch(org, scope); err != nil {
		return err
	}
	if err := t.exec(op, "DELETE FROM digests WHERE org = ? AND visit = ?", org, scope); err != nil {
		return err
	}
	return t.exec(op, "INSERT INTO data_keys ("+keyColumns+`) VALUES (?, ?, ?, '', ?, ?)
		ON CONFLICT (org, scope) DO UPDATE SET wrapped = excluded.wrapped, master = '', erased = excluded.erased WHERE data_keys.erased = 0`, org, scope, []byte{}, Micros(at), max(Micros(at), 1))
}

// dropSearch takes out of the index what it may know of a scope: of a visit or a part of it, or of the visit that a recording is of.
func (t *tx) dropSearch(org kerbside.OrganisationID, scope string) error {
	id, _, _ := strings.Cut(scope, ".")
	visits, err := many(t, "rows.dropSearch", func(r row) (v kerbside.VisitID, err error) { return v, r.Scan(&v) },
		"SELECT visit FROM searched WHERE org = ? AND (visit = ? OR visit IN (SELECT visit FROM recordings WHERE org = ? AND id = ?))", org, id, org, id)
	for _, v := range visits {
		if err == nil {
			err = t.PutSearch(org, v, nil)
		}
	}
	return err
}
