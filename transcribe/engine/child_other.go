//go:build unix && !linux

package engine

import "syscall"

// childAttributes keep the terminal's Ctrl-C to the parent. The child ends when its input does.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
