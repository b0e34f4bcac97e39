package audio

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// limit confines a child that has just started. It has seen nothing of a piped recording by then.
func limit(pid int, l Limits) error {
	for _, r := range []struct {
		what  int
		value uint64
	}{
		{unix.RLIMIT_AS, l.MemoryBytes},
		{unix.RLIMIT_CPU, l.CPUSeconds},
		{unix.RLIMIT_FSIZE, 0},
		{unix.RLIMIT_CORE, 0}, // a core dump would hold the recording
		{unix.RLIMIT_NOFILE, 64},
	} {
		if err := unix.Prlimit(pid, r.what, &unix.Rlimit{Cur: r.value, Max: r.value}, nil); err != nil && err != unix.ESRCH {
			return fmt.Errorf("prlimit %d: %w", r.what, err)
		}
	}
	return nil
}
