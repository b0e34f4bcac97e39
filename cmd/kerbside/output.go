package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"kerbside"
)

// Whatever Kerbside writes is for its user alone.
const (
	filePerm   = 0o600
	folderPerm = 0o700
)

// temporaryPrefix is that of files that are not whole yet.
const temporaryPrefix = ".kerbside-"

// ready makes sure that a folder can be written to, before work is done for it.
func ready(dir string) error {
	const op = "kerbside.ready"
	if err := os.MkdirAll(dir, folderPerm); err != nil {
		return writeError(op, dir, err)
	}
	f, err := os.CreateTemp(dir, temporaryPrefix+"*")
	if err != nil {
		return writeError(op, dir, err)
	}
	_ = f.Close()
	return os.Remove(f.Name())
}

// writeFile writes a file whole or not at all: temporary file, sync, rename, sync of the folder.
func writeFile(path string, content []byte) (err error) {
	const op = "kerbside.writeFile"
	defer func() {
		if err != nil {
			err = writeError(op, path, err)
		}
	}()
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, folderPerm); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, temporaryPrefix+"*")
	if err != nil {
		return err
	}
	defer func() { // after a rename there is nothing to remove
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	if err := f.Chmod(filePerm); err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func writeError(op, path string, err error) error {
	message := fmt.Sprintf("%q cannot be written. Choose another folder with --out.", path)
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		message = fmt.Sprintf("The disk is full: %q was not written. Free some space and run the same command again.", path)
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		message = fmt.Sprintf("%q cannot be written: the folder is read-only for you. Choose another with --out.", path)
	}
	return kerbside.E(kerbside.CodeUnavailable, op, message, err)
}

// writeJSON writes v, indented, with a line end.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func writeJSONFile(path string, v any) error {
	var b bytes.Buffer
	if err := writeJSON(&b, v); err != nil {
		return fmt.Errorf("kerbside.writeJSONFile: %w", err)
	}
	return writeFile(path, b.Bytes())
}
