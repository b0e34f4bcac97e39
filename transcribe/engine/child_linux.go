package engine

import "syscall"

// childAttributes make the child die with the parent, and keep the terminal's Ctrl-C to the parent.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
