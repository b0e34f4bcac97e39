package backup

import (
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"path/filepath"
	"strings"

	"kerbside"
)

// Database is where the rows of a backup are put back.
type Database interface {
	// Empty reports CodeConflict when there is something already.
	Empty(ctx context.Context) error
	// Put takes a snapshot from a file, which it leaves as it is: all of it or nothing.
	Put(ctx context.Context, snapshot string) error
}

// Target is where a backup is put back.
type Target struct {
	Database Database
	Blobs    kerbside.BlobStore
	// Skip tells blobs that are not to come back, by key.
	Skip func(key string) bool
}

// Restore checks a whole backup and puts it back. The database comes last, so that one that was cut off is no folder that a server would
// take; the same command goes on then.
func Restore(ctx context.Context, folder string, to Target) (m Manifest, err error) {
	const op = "backup.Restore"
	if err := to.Database.Empty(ctx); err != nil {
		return m, err
	}
	m, bad, err := Check(ctx, folder)
	if err != nil {
		return m, err
	}
	if len(bad) > 0 {
		return m, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("This backup is damaged: %d of %d files are not what they were. Nothing was restored; take another one.", len(bad), len(m.Files)), errors.New(strings.Join(bad, " ")))
	}
	for _, f := range m.Files {
		key, isBlob := strings.CutPrefix(f.Path, blobsName+"/")
		if !isBlob || to.Skip(key) {
			continue
		}
		if err := putBack(ctx, filepath.Join(folder, filepath.FromSlash(f.Path)), key, f.SHA256, to.Blobs); err != nil {
			return m, err
		}
	}
	return m, to.Database.Put(ctx, filepath.Join(folder, databaseName))
}

// DatabaseFile is a [Database] that is the snapshot itself, at this path.
type DatabaseFile string

// Empty implements [Database].
func (f DatabaseFile) Empty(context.Context) error {
	if _, err := os.Stat(string(f)); !errors.Is(err, iofs.ErrNotExist) {
		return kerbside.E(kerbside.CodeConflict, "backup.Empty", fmt.Sprintf("%q is there already. Restore into an empty folder, or move the old data away first; leave erased.jsonl and the keys where they are.", string(f)), err)
	}
	return nil
}

// Put implements [Database].
func (f DatabaseFile) Put(_ context.Context, snapshot string) error {
	const op = "backup.Put"
	from, err := os.Open(snapshot)
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The backup cannot be read.", err)
	}
	defer from.Close()
	part := string(f) + ".restoring"
	if err := writeFile(part, from); err != nil {
		return writeFailure(op, part, err)
	}
	if err := errors.Join(os.Rename(part, string(f)), syncFolder(filepath.Dir(string(f)))); err != nil {
		return writeFailure(op, string(f), err)
	}
	return nil
}

func putBack(ctx context.Context, name, key, sha256 string, blobs kerbside.BlobStore) error {
	const op = "backup.putBack"
	f, err := os.Open(name)
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The backup cannot be read.", err)
	}
	defer f.Close()
	sum, _, err := blobs.Put(ctx, key, f)
	if err == nil && sum != sha256 {
		err = kerbside.E(kerbside.CodeInternal, op, "The backup changed while it was read. Start again.", errors.New(key))
	}
	return err
}

// ErasedPath is where a backup's list of what was erased is, if it has one.
func ErasedPath(folder string) string { return filepath.Join(folder, erasedName) }
