// Package fs keeps blobs as files in a folder.
//
// A blob that was acknowledged survives a power cut: its bytes are written to a temporary file, synced, renamed to their
// place, and the folders that changed are synced, in this order, before Put returns. Files are private to the user (0600 in
// folders of 0700). The key is the path.
package fs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"

	"kerbside"
)

const (
	tempFolder = ".tmp" // no key starts with a dot
	tempPrefix = "put-"
)

// Store is a [kerbside.BlobStore] on a folder.
type Store struct {
	root string
	sys  system
	lock *os.File
	mu   sync.Mutex // held while a name is given to finished bytes: checks and renames are one step
}

var _ kerbside.DatedBlobs = (*Store)(nil)

// Open makes a store on a folder, which is created when it is not there. What a crash left half written is removed.
func Open(folder string) (*Store, error) { return open(folder, osSystem{}) }

func open(folder string, sys system) (*Store, error) {
	const op = "fs.Open"
	s := &Store{root: filepath.Clean(folder), sys: sys}
	if err := s.makeFolder(s.root); err != nil {
		return nil, failure(op, err)
	}
	temp := filepath.Join(s.root, tempFolder)
	if err := s.makeFolder(temp); err != nil {
		return nil, failure(op, err)
	}
	if err := s.share(filepath.Join(temp, "lock")); err != nil {
		return nil, errors.Join(failure(op, err), s.Close())
	}
	return s, nil
}

// share takes a lock that any number of stores hold together and the kernel lets go when a process dies. When nobody else
// holds it, what lies among the temporary files is left over from a crash.
func (s *Store) share(name string) (err error) {
	if s.lock, err = os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	fd := int(s.lock.Fd())
	alone := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) == nil
	if alone { // nobody else can be between opening and writing
		err = s.clean(filepath.Dir(name))
	}
	return errors.Join(err, syscall.Flock(fd, syscall.LOCK_SH))
}

func (s *Store) clean(temp string) error {
	left, err := os.ReadDir(temp)
	if err != nil {
		return err
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), tempPrefix) {
			err = errors.Join(err, s.sys.Remove(filepath.Join(temp, f.Name())))
		}
	}
	return err
}

// Close lets the folder go. Blobs that are open stay so.
func (s *Store) Close() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
}

// Put implements [kerbside.BlobStore].
func (s *Store) Put(ctx context.Context, key string, r io.Reader) (sum string, n int64, err error) {
	const op = "fs.Put"
	name, err := s.path(op, key)
	if err != nil {
		return "", 0, err
	}
	f, err := s.sys.CreateTemp(filepath.Join(s.root, tempFolder), tempPrefix)
	if err != nil {
		return "", 0, failure(op, err)
	}
	placed := false
	defer func() {
		if !placed {
			err = errors.Join(err, ignoreMissing(s.sys.Remove(f.Name())))
		}
	}()
	sum, n, err = s.write(ctx, f, r)
	if err != nil {
		return "", 0, failure(op, err)
	}
	placed, err = s.place(op, f.Name(), name, sum)
	if err != nil {
		return "", 0, err
	}
	return sum, n, nil
}

// write fills f from r, syncs and closes it.
func (s *Store) write(ctx context.Context, f file, r io.Reader) (sum string, n int64, err error) {
	h := sha256.New()
	from := &reader{ctx: ctx, r: r}
	n, err = io.Copy(io.MultiWriter(f, h), from)
	if from.err != nil {
		err = brokenOff(from.err)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// place gives synced bytes their name. It reports whether the temporary file is gone.
func (s *Store) place(op, temp, name, sum string) (placed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.makeFolder(filepath.Dir(name)); err != nil {
		return false, failure(op, err)
	}
	have, err := hashFile(name)
	switch {
	case err == nil && have == sum:
		// An earlier Put may have been cut off between rename and sync.
		if err := s.sys.SyncFolder(filepath.Dir(name)); err != nil {
			return false, failure(op, err)
		}
		return false, nil
	case err == nil:
		return false, kerbside.E(kerbside.CodeConflict, op, "Something else is stored there already. Nothing was changed.", nil)
	case !errors.Is(err, iofs.ErrNotExist):
		return false, failure(op, err)
	}
	if err := s.sys.Rename(temp, name); err != nil {
		return false, failure(op, err)
	}
	if err := s.sys.SyncFolder(filepath.Dir(name)); err != nil {
		return true, failure(op, err)
	}
	return true, nil
}

// makeFolder makes a folder and those above it, and syncs each folder that got a new entry.
func (s *Store) makeFolder(folder string) error {
	info, err := os.Stat(folder)
	if err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%w: not a folder", syscall.ENOTDIR)
		}
		return nil
	}
	if !errors.Is(err, iofs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(folder)
	if above != folder {
		if err := s.makeFolder(above); err != nil {
			return err
		}
	}
	if err := s.sys.Mkdir(folder); err != nil && !errors.Is(err, iofs.ErrExist) {
		return err
	}
	return s.sys.SyncFolder(above)
}

// Open implements [kerbside.BlobStore].
func (s *Store) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	const op = "fs.Open"
	name, err := s.path(op, key)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		err = iofs.ErrNotExist
	}
	if err != nil {
		return nil, failure(op, err)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, failure(op, err)
	}
	return f, nil
}

// Written implements [kerbside.DatedBlobs]. A blob's file is never written to again, so its time is when its last byte was.
func (s *Store) Written(_ context.Context, key string) (time.Time, error) {
	const op = "fs.Written"
	name, err := s.path(op, key)
	if err != nil {
		return time.Time{}, err
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		err = iofs.ErrNotExist
	}
	if err != nil {
		return time.Time{}, failure(op, err)
	}
	return info.ModTime(), nil
}

// Delete implements [kerbside.BlobStore].
func (s *Store) Delete(_ context.Context, key string) error {
	const op = "fs.Delete"
	name, err := s.path(op, key)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.sys.Remove(name)
	if errors.Is(err, iofs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err == nil {
		err = s.sys.SyncFolder(filepath.Dir(name))
	}
	if err != nil {
		return failure(op, err)
	}
	return nil
}

// List implements [kerbside.BlobStore]. Only the folders that the prefix leads to are read.
func (s *Store) List(ctx context.Context, prefix string, f func(key string) error) error {
	const op = "fs.List"
	from := path.Dir(prefix + "x") // the deepest folder that holds all keys with the prefix
	if valid := kerbside.CheckBlobKey(from) == nil; from != "." && !valid {
		return nil
	}
	keys, err := s.walk(ctx, nil, from, prefix)
	if err != nil {
		return failure(op, err)
	}
	sort.Strings(keys)
	for _, key := range keys {
		if err := f(key); err != nil {
			return err
		}
	}
	return nil
}

// walk adds the keys below a folder, given as a key, that have the prefix.
func (s *Store) walk(ctx context.Context, keys []string, folder, prefix string) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(s.root, filepath.FromSlash(folder)))
	if errors.Is(err, syscall.ENOTDIR) {
		err = iofs.ErrNotExist
	}
	if err = ignoreMissing(err); err != nil { // deleted meanwhile, or never there
		return nil, err
	}
	for _, d := range entries {
		if err != nil {
			break
		}
		key := d.Name()
		if folder != "." {
			key = folder + "/" + key
		}
		switch {
		case kerbside.CheckBlobKey(key) != nil: // our own files
		case d.IsDir():
			if strings.HasPrefix(key+"/", prefix) || strings.HasPrefix(prefix, key+"/") {
				keys, err = s.walk(ctx, keys, key, prefix)
			}
		case strings.HasPrefix(key, prefix):
			keys = append(keys, key)
		}
	}
	return keys, err
}

func (s *Store) path(op, key string) (string, error) {
	if err := kerbside.CheckBlobKey(key); err != nil {
		return "", kerbside.E(kerbside.CodeInvalid, op, "This is not a name that can be stored.", err)
	}
	return filepath.Join(s.root, filepath.FromSlash(key)), nil
}

// failure sorts what the operating system reports by what can be done about it. An error that is typed already, such as one of the
// reader's, stays as it is.
func failure(op string, err error) error {
	var typed *kerbside.Error
	switch {
	case errors.As(err, &typed):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return kerbside.E(kerbside.CodeCanceled, op, "This was stopped before it was done. Nothing half was kept; send it again.", err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return kerbside.E(kerbside.CodeUnavailable, op, "The disk is full, so this could not be stored. Nothing half was kept; make room and send it again.", err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, iofs.ErrPermission):
		return kerbside.E(kerbside.CodeUnavailable, op, "The storage folder cannot be written to or read. Check its owner and permissions, then send it again.", err)
	case errors.Is(err, iofs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return kerbside.E(kerbside.CodeNotFound, op, "There is nothing stored there.", err)
	}
	return kerbside.E(kerbside.CodeUnavailable, op, "The disk reported an error. Nothing half was kept; try again, and check the disk if it goes on.", err)
}

func ignoreMissing(err error) error {
	if errors.Is(err, iofs.ErrNotExist) {
		return nil
	}
	return err
}

func hashFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// brokenOff is what becomes of an error of the reader that the bytes came from: the disk is not at fault.
func brokenOff(err error) error {
	var typed *kerbside.Error
	if errors.As(err, &typed) {
		return err
	}
	return kerbside.E(kerbside.CodeCanceled, "fs.Put", "Not everything arrived. Nothing half was kept; send it again.", err)
}

// reader ends when ctx does, and remembers what went wrong on its side.
type reader struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (r *reader) Read(p []byte) (n int, err error) {
	if err = r.ctx.Err(); err == nil {
		n, err = r.r.Read(p)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
