//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// largestProcess is the peak resident size, in bytes, of the largest process among an ended one and those that it waited for.
func largestProcess(s *os.ProcessState) int64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss * 1024
}
