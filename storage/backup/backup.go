// Package backup copies everything that is kept, sealed as it lies, to a folder, while a server runs, and back.
//
// A backup is a folder with a snapshot of the database, every blob that it points at, the list of what was erased, and a manifest with the SHA-256 of
// each of these, which is written last: without it there is no backup. It holds no keys. A backup beside an older one shares with it, by hard
// links, the blobs that are the same.
package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kerbside"
)

// The names in a backup.
const (
	databaseName = "kerbside.db"
	blobsName    = "blobs"
	erasedName   = "erased.jsonl"
	manifestName = "manifest.json"

	maxRounds = 10
	schema    = "kerbside.backup/v1"
)

// Manifest says what a backup holds.
type Manifest struct {
	Schema string    `json:"schema"`
	At     time.Time `json:"at"` // the snapshot's
	Files  []File    `json:"files"`
}

// File is one file of a backup.
type File struct {
	Path   string `json:"path"` // slashes, within the backup
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Source is what is copied.
type Source struct {
	Snapshot func(ctx context.Context, to string) error                     // of the database
	Open     func(ctx context.Context, path string) (kerbside.Store, error) // a snapshot
	Blobs    kerbside.BlobStore                                             // as they lie
	Erased   string                                                         // the journal's path; it may not be there
	Now      func() time.Time
}

// Make makes a backup in a new folder within root and gives its path.
func Make(ctx context.Context, from Source, root string) (path string, m Manifest, err error) {
	const op = "backup.Make"
	at := from.Now().UTC()
	path = filepath.Join(root, at.Format("20060102T150405.000Z"))
	m = Manifest{Schema: schema, At: at}
	if err := os.MkdirAll(filepath.Join(path, blobsName), 0o700); err != nil {
		return "", m, writeFailure(op, path, err)
	}
	w := &writer{folder: path, older: newest(root, path), done: map[string]bool{}}
	for round := 1; ; round++ {
		missing, err := w.round(ctx, from)
		if err != nil {
			return "", m, err
		}
		if missing == "" {
			break
		}
		if round == maxRounds { // a blob that is gone for good: every further snapshot points at it too
			return "", m, kerbside.E(kerbside.CodeInternal, op, "A recording is not where it should be, so this would be no whole backup. `kerbside verify` tells which.", errors.New(missing))
		}
	}
	if err := w.addFile(databaseName); err != nil {
		return "", m, writeFailure(op, path, err)
	}
	if err := w.addErased(from.Erased); err != nil {
		return "", m, writeFailure(op, path, err)
	}
	m.Files = w.files
	b, err := json.MarshalIndent(m, "", " ")
	if err == nil {
		err = writeFile(filepath.Join(path, manifestName), strings.NewReader(string(b)))
	}
	if err == nil {
		err = errors.Join(syncTree(path), syncFolder(root))
	}
	if err != nil {
		return "", m, writeFailure(op, path, err)
	}
	return path, m, nil
}

// writer fills one backup.
type writer struct {
	folder string
	older  map[string]older // by path, of an earlier backup beside this one
	done   map[string]bool  // keys of blobs
	files  []File
}

type older struct{ file, sha256 string }

// newest reads the manifest of the newest whole backup beside path; nothing when there is none.
func newest(root, path string) map[string]older {
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil
	}
	for i := len(entries) - 1; i >= 0; i-- {
		folder := filepath.Join(root, entries[i].Name())
		m, err := ReadManifest(folder)
		if folder == path || err != nil {
			continue
		}
		out := make(map[string]older, len(m.Files))
		for _, f := range m.Files {
			out[f.Path] = older{filepath.Join(folder, filepath.FromSlash(f.Path)), f.SHA256}
		}
		return out
	}
	return nil
}

// round takes a snapshot and copies what it points at. A piece of sound that is gone became part of a whole meanwhile, which only another snapshot tells; then it
// gives its key.
func (w *writer) round(ctx context.Context, from Source) (missing string, err error) {
	database := filepath.Join(w.folder, databaseName)
	if err := os.Remove(database); err != nil && !errors.Is(err, iofs.ErrNotExist) {
		return "", writeFailure("backup.round", database, err)
	}
	if err := from.Snapshot(ctx, database); err != nil {
		return "", err
	}
	keys, err := needed(ctx, from, database)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		if w.done[key] {
			continue
		}
		f, err := w.blob(ctx, from.Blobs, key)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return key, nil
		}
		if err != nil {
			return "", err
		}
		w.done[key] = true
		w.files = append(w.files, f)
	}
	return "", nil
}

// needed are the keys of the blobs that a snapshot points at, but for those that were erased.
func needed(ctx context.Context, from Source, database string) (keys []string, err error) {
	store, err := from.Open(ctx, database)
	if err != nil {
		return nil, err
	}
	err = store.View(ctx, func(tx kerbside.Tx) error {
		orgs, err := tx.Organisations()
		for _, o := range orgs {
			var visits []kerbside.Visit
			if err == nil {
				visits, err = tx.Visits(o.ID, kerbside.VisitFilter{})
			}
			for _, v := range visits {
				if err == nil {
					keys, err = visitKeys(tx, v, keys)
				}
			}
		}
		return err
	})
	return keys, errors.Join(err, store.Close())
}

func visitKeys(tx kerbside.Tx, v kerbside.Visit, keys []string) ([]string, error) {
	recordings, err := tx.Recordings(v.Org, v.ID)
	for _, r := range recordings {
		if err != nil {
			return nil, err
		}
		k, keyErr := tx.DataKey(r.Org, string(r.ID))
		if keyErr == nil && k.Erased() {
			continue
		}
		if r.Blob != "" {
			keys = append(keys, r.Blob)
			continue
		}
		var chunks []kerbside.Chunk
		chunks, err = tx.Chunks(r.Org, r.ID)
		for _, c := range chunks {
			keys = append(keys, c.Blob)
		}
	}
	return keys, err
}

// blob copies one, or links it to that of an earlier backup when that holds the same bytes.
func (w *writer) blob(ctx context.Context, blobs kerbside.BlobStore, key string) (File, error) {
	const op = "backup.blob"
	f := File{Path: blobsName + "/" + key}
	to := filepath.Join(w.folder, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return f, writeFailure(op, to, err)
	}
	if old, ok := w.older[f.Path]; ok {
		sum, n, err := hashBlob(ctx, blobs, key)
		if err != nil {
			return f, err
		}
		if sum == old.sha256 && os.Link(old.file, to) == nil {
			f.SHA256, f.Bytes = sum, n
			return f, nil
		}
	}
	from, err := blobs.Open(ctx, key)
	if err != nil {
		return f, err
	}
	defer from.Close()
	h := &hashed{r: from}
	if err := writeFile(to, h); err != nil {
		return f, writeFailure(op, to, err)
	}
	f.SHA256, f.Bytes = h.sum(), h.n
	return f, nil
}

func hashBlob(ctx context.Context, blobs kerbside.BlobStore, key string) (string, int64, error) {
	f, err := blobs.Open(ctx, key)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := &hashed{r: f}
	_, err = io.Copy(io.Discard, h)
	return h.sum(), h.n, err
}

// addFile notes a file that lies in the backup.
func (w *writer) addFile(name string) error {
	sum, n, err := hashFile(filepath.Join(w.folder, name))
	w.files = append(w.files, File{name, sum, n})
	return err
}

func (w *writer) addErased(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, iofs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := writeFile(filepath.Join(w.folder, erasedName), f); err != nil {
		return err
	}
	return w.addFile(erasedName)
}

// ReadManifest reads a backup's manifest. CodeNotFound when the folder is no whole backup.
func ReadManifest(folder string) (m Manifest, err error) {
	const op = "backup.ReadManifest"
	b, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		return m, kerbside.E(kerbside.CodeNotFound, op, fmt.Sprintf("%q is no whole backup: it has no manifest.", folder), err)
	}
	if err := json.Unmarshal(b, &m); err != nil || m.Schema != schema {
		return m, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The manifest in %q is damaged, or of another program.", folder), err)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return Manifest{}, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The manifest in %q names files outside of it. This is no backup of Kerbside's.", folder), nil)
		}
	}
	return m, nil
}

// Check reads all files of a backup. It gives the paths of those that are not what the manifest says.
func Check(ctx context.Context, folder string) (m Manifest, bad []string, err error) {
	if m, err = ReadManifest(folder); err != nil {
		return m, nil, err
	}
	for _, f := range m.Files {
		if err := ctx.Err(); err != nil {
			return m, nil, err
		}
		sum, n, err := hashFile(filepath.Join(folder, filepath.FromSlash(f.Path)))
		if err != nil || sum != f.SHA256 || n != f.Bytes {
			bad = append(bad, f.Path)
		}
	}
	return m, bad, nil
}

func hashFile(name string) (string, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}
