package seal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kerbside"
)

// Erasure is one data key that was destroyed, as the journal keeps it: ids and a time, nothing else.
type Erasure struct {
	Org   kerbside.OrganisationID `json:"org"`
	Scope string                  `json:"scope"`
	At    time.Time               `json:"at"`
}

// Erasures are kept where they outlive the store.
type Erasures interface {
	// Add notes erasures; once it returns they are on disk.
	Add(...Erasure) error
	// Read gives all of them.
	Read() ([]Erasure, error)
}

var (
	_ Erasures = (*Journal)(nil)
	_ Erasures = (*BlobJournal)(nil)
)

// Journal is a file that lists what was erased, one JSON line each. It lies beside the store and outlives it: whoever restores a backup
// from before an erasure replays it, so that nothing comes back.
type Journal struct {
	path string
	mu   sync.Mutex
}

// NewJournal names the file; it is made with the first erasure.
func NewJournal(path string) *Journal { return &Journal{path: path} }

// Add appends erasures. Once it returns they are on disk.
func (j *Journal) Add(erasures ...Erasure) error {
	const op = "seal.Journal.Add"
	if len(erasures) == 0 {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var b bytes.Buffer
	for _, e := range erasures {
		line, err := json.Marshal(e)
		if err != nil {
			return kerbside.E(kerbside.CodeInternal, op, "", err)
		}
		b.Write(append(line, '\n'))
	}
	f, err := os.OpenFile(j.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		var end int64
		if end, err = wholeLines(f); err == nil {
			_, err = f.WriteAt(b.Bytes(), end)
		}
		if err == nil {
			err = f.Truncate(end + int64(b.Len())) // what a crash left of a longer line
		}
		if err == nil {
			err = f.Sync()
		}
		err = errors.Join(err, f.Close(), syncFolder(filepath.Dir(j.path)))
	}
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "What was erased could not be noted for later restores. It is erased; the next start notes it.", err)
	}
	return nil
}

// wholeLines is where a file's last whole line ends: a line that a crash cut short is written over, or it would spoil the one behind it.
func wholeLines(f *os.File) (int64, error) {
	end, err := f.Seek(0, io.SeekEnd)
	block := make([]byte, 4<<10)
	for end > 0 && err == nil {
		from := max(0, end-int64(len(block)))
		part := block[:end-from]
		if _, err = f.ReadAt(part, from); err != nil {
			break
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		end = from
	}
	return end, err
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Read gives all erasures; none when there is no file. A last line that a crash cut short is left out: its erasure is in the store.
func (j *Journal) Read() ([]Erasure, error) {
	const op = "seal.Journal.Read"
	f, err := os.Open(j.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("%q cannot be read. Check its owner and permissions.", j.path), err)
	}
	defer f.Close()
	var out []Erasure
	r := bufio.NewReader(f)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		var e Erasure
		if err == nil {
			err = json.Unmarshal(line, &e)
		}
		if err != nil || e.Org == "" || e.Scope == "" {
			return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is damaged at line %d. Restore it from a backup.", j.path, len(out)+1), err)
		}
		out = append(out, e)
	}
}

// Reconcile makes a bare store and the journal tell of the same erasures, and removes the blobs of those that the store did not know of: those
// that a restore brought back. It gives these.
func Reconcile(ctx context.Context, store kerbside.Store, blobs kerbside.BlobStore, j Erasures) ([]Erasure, error) {
	listed, err := j.Read()
	if err != nil {
		return nil, err
	}
	known, err := erased(ctx, store)
	if err != nil {
		return nil, err
	}
	var replay, note []Erasure
	noted := map[scope]bool{}
	for _, e := range listed {
		s := scope{e.Org, e.Scope}
		if _, ok := known[s]; !ok && !noted[s] {
			replay = append(replay, e)
		}
		noted[s] = true
	}
	for s, at := range known {
		if !noted[s] {
			note = append(note, Erasure{s.org, s.id, at})
		}
	}
	for _, e := range replay { // first the bytes: a replay that is cut off begins again
		c := kerbside.Checkpoint{Blobs: blobs, Prefix: string(e.Org) + "/" + e.Scope + "/"}
		if err := c.Clear(ctx); err != nil {
			return nil, err
		}
	}
	err = store.Update(ctx, func(tx kerbside.Tx) error {
		for _, e := range replay {
			if err := tx.EraseDataKey(e.Org, e.Scope, e.At); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return replay, j.Add(note...)
}

// erased gives what a store knows to be erased.
func erased(ctx context.Context, store kerbside.Store) (map[scope]time.Time, error) {
	out := map[scope]time.Time{}
	err := EachKey(ctx, store, func(k kerbside.DataKey) error {
		if k.Erased() {
			out[scope{k.Org, k.Scope}] = k.ErasedAt
		}
		return nil
	})
	return out, err
}

// EachKey calls f with every data key of a store, sealed as it lies there.
func EachKey(ctx context.Context, store kerbside.Store, f func(kerbside.DataKey) error) error {
	const batch = 1000
	var after kerbside.DataKey
	for {
		var keys []kerbside.DataKey
		err := store.View(ctx, func(tx kerbside.Tx) (err error) {
			keys, err = tx.DataKeys(after.Org, after.Scope, batch)
			return err
		})
		if err != nil {
			return err
		}
		for _, k := range keys {
			if err := f(k); err != nil {
				return err
			}
		}
		if len(keys) < batch {
			return nil
		}
		after = keys[len(keys)-1]
	}
}
