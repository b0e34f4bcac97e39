//go:build unix

package engine

import (
	"io"
	"os"

	"golang.org/x/sys/unix"

	"kerbside"
)

// Stdio gives a child's ends of the pipes and turns standard output, for everything else in the process, into standard error,
// so that nothing that a library prints gets between the frames. Call it once, before [Serve].
func Stdio() (io.Reader, io.WriteCloser, error) {
	fd, err := unix.FcntlInt(os.Stdout.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.Dup2(int(os.Stderr.Fd()), int(os.Stdout.Fd()))
	}
	if err != nil {
		return nil, nil, kerbside.E(kerbside.CodeInternal, "engine.Stdio", "", err)
	}
	return os.Stdin, os.NewFile(uintptr(fd), "frames"), nil
}
