//go:build linux || darwin

package models

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"kerbside"
)

// lock waits until no other process writes to the folder. The lock is the kernel's, so a killed process leaves none behind.
func (s *Store) lock(ctx context.Context, name string, progress func(Progress)) (func(), error) {
	const op = "models.lock"
	cannot := func(err error) error {
		return kerbside.E(kerbside.CodeUnavailable, op, "The models folder "+s.cfg.Dir+" cannot be written to; set KERBSIDE_MODELS to a folder of yours.", err)
	}
	if err := os.MkdirAll(s.cfg.Dir, 0o750); err != nil {
		return nil, cannot(err)
	}
	f, err := os.OpenFile(filepath.Join(s.cfg.Dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, cannot(err)
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for first := true; ; first = false {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(cannot(err), f.Close())
		}
		if first && progress != nil {
			progress(Progress{Name: name, Stage: StageWait})
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(canceled(op, ctx.Err()), f.Close())
		case <-tick.C:
		}
	}
}

const spareBytes = 64 << 20

// needSpace fails when the folder's disk has no room for n more bytes and some to spare.
func needSpace(dir string, n int64) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return err
	}
	free := int64(st.Bavail) * int64(st.Bsize) //nolint:gosec,unconvert // types differ between systems
	if free < n+spareBytes {
		return kerbside.E(kerbside.CodeUnavailable, "models.needSpace",
			fmt.Sprintf("%s has %d MB free and %d MB are needed; make room, or set KERBSIDE_MODELS to a folder on another disk.", dir, free>>20, (n+spareBytes)>>20+1), nil)
	}
	return nil
}
