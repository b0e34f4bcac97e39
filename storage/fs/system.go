package fs

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// system is the part of the operating system that writes, so that a test can record the order of the calls and let one
// fail.
type system interface {
	CreateTemp(folder, prefix string) (file, error)
	Rename(from, to string) error
	Remove(name string) error
	Mkdir(folder string) error
	SyncFolder(folder string) error
}

type file interface {
	io.Writer
	Sync() error
	Close() error
	Name() string
}

type osSystem struct{}

func (osSystem) CreateTemp(folder, prefix string) (file, error) {
	return os.CreateTemp(folder, prefix+"*") // 0600
}

func (osSystem) Rename(from, to string) error { return os.Rename(from, to) }

func (osSystem) Remove(name string) error { return os.Remove(name) }

func (osSystem) Mkdir(folder string) error { return os.Mkdir(folder, 0o700) }

func (osSystem) SyncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) { // a file system that cannot sync folders
		err = nil
	}
	return errors.Join(err, d.Close())
}
