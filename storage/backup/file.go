package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"

	"kerbside"
)

// writeFile writes a new private file, or one in the place of what an earlier run left, and syncs it.
func writeFile(name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// syncTree syncs all folders below root.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(name string, d iofs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncFolder(name)
	})
}

// writeFailure is an error of writing; one that is typed already is of what was read.
func writeFailure(op, name string, err error) error {
	var typed *kerbside.Error
	if errors.As(err, &typed) {
		return err
	}
	return kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("%q cannot be written. Check the disk's space and the folder's permissions, then start again.", name), err)
}

// hashed reads and hashes.
type hashed struct {
	r io.Reader
	h hash.Hash
	n int64
}

func (h *hashed) Read(p []byte) (int, error) {
	if h.h == nil {
		h.h = sha256.New()
	}
	n, err := h.r.Read(p)
	h.h.Write(p[:n])
	h.n += int64(n)
	return n, err
}

func (h *hashed) sum() string {
	if h.h == nil {
		h.h = sha256.New()
	}
	return hex.EncodeToString(h.h.Sum(nil))
}
