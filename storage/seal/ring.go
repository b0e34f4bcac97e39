package seal

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"

	"kerbside"
)

const (
	maxHeld = 100_000          // data keys in memory, about 500 bytes each
	heldFor = 10 * time.Minute // then it is looked up again: another process may have erased it
)

// errErased is the cause of errors about what was erased.
var errErased = errors.New("erased")

// Erased reports whether an error came of something that was erased.
func Erased(err error) bool { return errors.Is(err, errErased) }

type scope struct {
	org kerbside.OrganisationID
	id  string
}

// dataKey is an open data key.
type dataKey struct {
	identity *age.X25519Identity
	rows     cipher.AEAD
	words    []byte // keys the hashes of the search index
	at       time.Time
}

// Ring holds the master key and the data keys that were opened lately. It is safe for concurrent use.
type Ring struct {
	store  kerbside.Store // bare
	master *Master
	now    func() time.Time

	// Journal notes what is erased; nil for none.
	Journal Erasures
	// Shared: other processes erase too. A key that is held is used only after the store has said, within the transaction or just before, that it was not erased;
	// so what one node erased, none opens from then on.
	Shared bool

	mu   sync.Mutex
	held map[scope]*dataKey
}

// NewRing makes a Ring for the bare store that data keys are kept in. CodeUnavailable when that store's keys were sealed by another master key, or
// when it holds what was never sealed.
func NewRing(ctx context.Context, store kerbside.Store, m *Master, now func() time.Time) (*Ring, error) {
	if now == nil {
		now = time.Now
	}
	r := &Ring{store: store, master: m, now: now, held: map[scope]*dataKey{}}
	return r, r.check(ctx)
}

// check opens one key. All were sealed by a key of the file, or else a rotation would not have ended.
func (r *Ring) check(ctx context.Context) error {
	return r.store.View(ctx, func(tx kerbside.Tx) error {
		var after kerbside.DataKey
		for {
			keys, err := tx.DataKeys(after.Org, after.Scope, 100)
			if err != nil || len(keys) == 0 {
				return err
			}
			for _, k := range keys {
				if !k.Erased() {
					_, err := r.open(k)
					return err
				}
			}
			after = keys[len(keys)-1]
		}
	})
}

// open opens what the store gave.
func (r *Ring) open(k kerbside.DataKey) (*dataKey, error) {
	const op = "seal.open"
	if k.Erased() {
		return nil, kerbside.E(kerbside.CodeNotFound, op, "This was erased and cannot be read any more.", errErased)
	}
	id, err := r.master.unwrap(k.Wrapped)
	if err != nil {
		return nil, wrongMaster(op, k, err)
	}
	return r.derive(id)
}

func (r *Ring) derive(id *age.X25519Identity) (*dataKey, error) {
	const op = "seal.derive"
	rows, err := hkdf.Key(sha256.New, []byte(id.String()), nil, "kerbside rows 1", chacha20poly1305.KeySize)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	words, err := hkdf.Key(sha256.New, []byte(id.String()), nil, "kerbside words 1", 32)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	aead, err := chacha20poly1305.NewX(rows)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return &dataKey{identity: id, rows: aead, words: words, at: r.now()}, nil
}

// fresh makes a data key within a transaction. It must not be used outside of it before it is committed, since a key that was rolled
// back opens nothing later.
func (r *Ring) fresh(tx kerbside.Tx, s scope) (*dataKey, error) {
	const op = "seal.fresh"
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	wrapped, err := r.master.wrap(id)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if err := tx.PutDataKey(kerbside.DataKey{Org: s.org, Scope: s.id, Wrapped: wrapped, Master: r.master.Name(), CreatedAt: r.now()}); err != nil {
		return nil, err
	}
	return r.derive(id)
}

func (r *Ring) heldKey(s scope) *dataKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.held[s]
	if k != nil && r.now().Sub(k.at) > heldFor {
		delete(r.held, s)
		return nil
	}
	return k
}

func (r *Ring) hold(s scope, k *dataKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.held) >= maxHeld {
		clear(r.held)
	}
	r.held[s] = k
}

func (r *Ring) forget(s scope) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.held, s)
}

// find gives a committed key: CodeNotFound, without Erased, when there never was one.
func (r *Ring) find(ctx context.Context, s scope) (k *dataKey, err error) {
	if k := r.heldKey(s); k != nil && !r.Shared {
		return k, nil
	}
	err = r.store.View(ctx, func(tx kerbside.Tx) error {
		k, err = r.look(tx, s)
		return err
	})
	if err == nil {
		r.hold(s, k)
	}
	return k, err
}

// look gives a key as a transaction sees it: the one that is held, so that it need not be unwrapped again, unless it was erased.
func (r *Ring) look(tx kerbside.Tx, s scope) (*dataKey, error) {
	stored, err := tx.DataKey(s.org, s.id)
	if err != nil {
		return nil, err
	}
	if stored.Erased() {
		r.forget(s)
	} else if k := r.heldKey(s); k != nil {
		return k, nil
	}
	return r.open(stored)
}

// obtain gives a committed key, which it makes when there never was one.
func (r *Ring) obtain(ctx context.Context, s scope) (*dataKey, error) {
	k, err := r.find(ctx, s)
	if kerbside.CodeOf(err) != kerbside.CodeNotFound || Erased(err) {
		return k, err
	}
	err = r.store.Update(ctx, func(tx kerbside.Tx) error {
		stored, err := tx.DataKey(s.org, s.id)
		if err == nil { // another was first
			k, err = r.open(stored)
			return err
		}
		if kerbside.CodeOf(err) != kerbside.CodeNotFound {
			return err
		}
		k, err = r.fresh(tx, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.hold(s, k)
	return k, nil
}
