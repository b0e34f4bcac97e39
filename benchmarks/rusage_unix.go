//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// childrenCPU is the user and system time of all children that have ended.
func childrenCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

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
