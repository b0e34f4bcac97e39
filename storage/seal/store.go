package seal

import (
	"context"
	"slices"
	"time"

	"kerbside"
)

// Store seals fields on their way into a store and opens them on their way out:
//
//	transcripts, corrections, statements; records, drafts and what was chosen for them   keys of the parts of a visit, see parts.go
//	other documents: body; reviews: comment; visits: title, reason                       key of the visit
//	recordings: name                                                                     key of the recording
//	cases: reference, name, plan_id, and all of their people; the ledger: body; terms: text, kind   key of the organisation
//
// What was erased reads as nothing: lists are empty, fields are "", a single document is CodeNotFound. To write to it is CodeNotFound.
type Store struct {
	inner kerbside.Store
	ring  *Ring
}

var _ kerbside.Store = (*Store)(nil)

// NewStore makes a Store on the bare store.
func NewStore(inner kerbside.Store, ring *Ring) *Store { return &Store{inner, ring} }

// Update implements [kerbside.Store].
func (s *Store) Update(ctx context.Context, f func(kerbside.Tx) error) error {
	t := &tx{ring: s.ring}
	err := s.inner.Update(ctx, func(inner kerbside.Tx) error {
		t.Tx, t.fresh, t.gone = inner, map[scope]*dataKey{}, nil // f may run more than once
		return f(t)
	})
	if err != nil {
		return err
	}
	for at, k := range t.fresh { // only now do they exist
		s.ring.hold(at, k)
	}
	for _, e := range t.gone {
		s.ring.forget(scope{e.Org, e.Scope})
	}
	if s.ring.Journal != nil {
		return s.ring.Journal.Add(t.gone...)
	}
	return nil
}

// View implements [kerbside.Store].
func (s *Store) View(ctx context.Context, f func(kerbside.Tx) error) error {
	return s.inner.View(ctx, func(inner kerbside.Tx) error {
		return f(&tx{Tx: inner, ring: s.ring, view: true, fresh: map[scope]*dataKey{}})
	})
}

// Close implements [kerbside.Store].
func (s *Store) Close() error { return s.inner.Close() }

// tx is the transaction of a Store. Methods that it does not have go straight through.
type tx struct {
	kerbside.Tx
	ring  *Ring
	view  bool
	fresh map[scope]*dataKey // made or read within this transaction; of a view, those that are not erased
	gone  []Erasure
}

// key gives the key of a scope; with write, one is made where there never was one.
func (t *tx) key(org kerbside.OrganisationID, id string, write bool) (*dataKey, error) {
	s := scope{org, id}
	if k := t.fresh[s]; k != nil {
		return k, nil
	}
	erased := slices.ContainsFunc(t.gone, func(e Erasure) bool { return e.Org == org && e.Scope == id })
	if !write && !erased && !t.ring.Shared { // what is held is forgotten only once that is committed
		if k := t.ring.heldKey(s); k != nil {
			return k, nil
		}
	}
	k, err := t.ring.look(t.Tx, s)
	switch {
	case err == nil:
		if t.view {
			t.ring.hold(s, k)
		}
		t.fresh[s] = k
		return k, nil
	case kerbside.CodeOf(err) != kerbside.CodeNotFound || Erased(err) || !write:
		return nil, err
	}
	if k, err = t.ring.fresh(t.Tx, s); err == nil {
		t.fresh[s] = k
	}
	return k, err
}

// EraseDataKey implements [kerbside.Tx].
func (t *tx) EraseDataKey(org kerbside.OrganisationID, id string, at time.Time) error {
	delete(t.fresh, scope{org, id})
	t.gone = append(t.gone, Erasure{org, id, at})
	return t.Tx.EraseDataKey(org, id, at)
}

// field is one text of a row and the place that it is bound to.
type field struct {
	text *string
	name string
}

// sealAll seals fields of one row in place.
func (t *tx) sealAll(org kerbside.OrganisationID, id string, row string, fields ...field) error {
	k, err := t.key(org, id, true)
	for _, f := range fields {
		if err != nil {
			return err
		}
		*f.text, err = k.seal(place(row, f.name), *f.text)
	}
	return err
}

// openAll opens fields of one row in place. gone tells that they were erased; they are empty then.
func (t *tx) openAll(org kerbside.OrganisationID, id string, row string, fields ...field) (gone bool, err error) {
	empty := true
	for _, f := range fields {
		empty = empty && *f.text == ""
	}
	if empty {
		return false, nil
	}
	k, err := t.key(org, id, false)
	if Erased(err) {
		for _, f := range fields {
			*f.text = ""
		}
		return true, nil
	}
	for _, f := range fields {
		if err != nil {
			return false, err
		}
		*f.text, err = k.open(place(row, f.name), *f.text)
	}
	return false, err
}

// each opens every row of a list; those that were erased are left out.
func each[T any](rows []T, err error, open func(*T) (gone bool, err error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	var out []T
	for i := range rows {
		gone, err := open(&rows[i])
		if err != nil {
			return nil, err
		}
		if !gone {
			out = append(out, rows[i])
		}
	}
	return out, nil
}
