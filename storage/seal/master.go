package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"kerbside"
)

// Master is the key that seals data keys. It may hold older ones beside it, which only open.
type Master struct {
	identities []*age.X25519Identity // the first one seals
}

// NewMaster makes a key. It is nowhere but in memory until it is written.
func NewMaster() (*Master, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "seal.NewMaster", "", err)
	}
	return &Master{[]*age.X25519Identity{id}}, nil
}

// Name tells keys apart and gives nothing of them away.
func (m *Master) Name() string { return nameOf(m.identities[0]) }

// Names are those of all keys in the file, the one that seals first.
func (m *Master) Names() []string {
	var out []string
	for _, id := range m.identities {
		out = append(out, nameOf(id))
	}
	return out
}

func nameOf(id *age.X25519Identity) string {
	return kerbside.HexSHA256([]byte(id.Recipient().String()))[:16]
}

// With gives a master of next before the keys of m.
func (m *Master) With(next *Master) *Master {
	return &Master{append(append([]*age.X25519Identity(nil), next.identities...), m.identities...)}
}

// Newest gives a master of the key that seals alone.
func (m *Master) Newest() *Master { return &Master{m.identities[:1]} }

// Older gives a master of the other keys.
func (m *Master) Older() *Master { return &Master{m.identities[1:]} }

// wrap seals a data key.
func (m *Master) wrap(key *age.X25519Identity) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, m.identities[0].Recipient())
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, key.String()); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// unwrap opens a data key.
func (m *Master) unwrap(wrapped []byte) (*age.X25519Identity, error) {
	all := make([]age.Identity, len(m.identities))
	for i, id := range m.identities {
		all[i] = id
	}
	r, err := age.Decrypt(bytes.NewReader(wrapped), all...)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return age.ParseX25519Identity(string(b))
}

// ReadMaster reads a key file: age identities, one a line, the one that seals first. CodeNotFound when there is none.
func ReadMaster(path string) (*Master, error) {
	const op = "seal.ReadMaster"
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, kerbside.E(kerbside.CodeNotFound, op, fmt.Sprintf("There is no key file at %q.", path), err)
	}
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The key file %q cannot be read. Check its owner and permissions.", path), err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The key file %q can be read by others. Type: chmod 600 %s", path, path), nil)
	}
	m := &Master{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		id, err := age.ParseX25519Identity(line)
		if err != nil { // which may quote the key
			return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The key file %q is damaged. Restore it from your copy.", path), nil)
		}
		m.identities = append(m.identities, id)
	}
	if len(m.identities) == 0 {
		return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The key file %q holds no key. Restore it from your copy.", path), nil)
	}
	return m, nil
}

// Write writes the key file, private to the user, in the place of what is there: the whole file or nothing, on disk when it returns.
func (m *Master) Write(path string, now time.Time) error {
	const op = "seal.Write"
	var b strings.Builder
	fmt.Fprintf(&b, "# Kerbside's master key, written %s. Whoever has it can read what it sealed; without it nobody can.\n", now.UTC().Format(time.DateOnly))
	for _, id := range m.identities {
		fmt.Fprintf(&b, "# %s\n%s\n", nameOf(id), id)
	}
	fail := func(err error) error {
		return kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The key file %q cannot be written. Check its folder, or choose another with --key-file.", path), err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return fail(err)
	}
	_, err = f.WriteString(b.String())
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fail(errors.Join(err, os.Remove(f.Name())))
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fail(err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fail(err)
	}
	return nil
}

// Rewrap seals every data key of a store with the newest master key. Those that are sealed so already stay, so that one that was cut off goes on.
// It gives how many were sealed anew.
func Rewrap(ctx context.Context, store kerbside.Store, m *Master) (n int, err error) {
	const batch = 200
	var after kerbside.DataKey
	for {
		var keys []kerbside.DataKey
		changed := 0
		err := store.Update(ctx, func(tx kerbside.Tx) (err error) {
			changed = 0
			if keys, err = tx.DataKeys(after.Org, after.Scope, batch); err != nil {
				return err
			}
			for _, k := range keys {
				if k.Erased() || k.Master == m.Name() {
					continue
				}
				if err := rewrap(tx, m, k); err != nil {
					return err
				}
				changed++
			}
			return nil
		})
		n += changed
		if err != nil || len(keys) < batch {
			return n, err
		}
		after = keys[len(keys)-1]
	}
}

func rewrap(tx kerbside.Tx, m *Master, k kerbside.DataKey) error {
	id, err := m.unwrap(k.Wrapped)
	if err != nil {
		return wrongMaster("seal.Rewrap", k, err)
	}
	if k.Wrapped, err = m.wrap(id); err != nil {
		return kerbside.E(kerbside.CodeInternal, "seal.Rewrap", "", err)
	}
	k.Master = m.Name()
	return tx.PutDataKey(k)
}

// wrongMaster is why a data key does not open: it was sealed with another master key, or it is damaged.
func wrongMaster(op string, k kerbside.DataKey, err error) error {
	var none *age.NoIdentityMatchError
	if !errors.As(err, &none) {
		return kerbside.E(kerbside.CodeInternal, op, "A key stored here is damaged. Restore it from a backup.", err)
	}
	return kerbside.E(kerbside.CodeUnavailable, op,
		fmt.Sprintf("The key file is not the one that this was sealed with: the key named %s is needed. Name its file with --key-file.", k.Master), err)
}
