package engine

import (
	"os"
	"strings"
	"syscall"

	"kerbside"
)

const (
	// illegalInstruction is how Go's runtime begins its last words when an instruction was met that the processor lacks.
	// The process then ends with status 2, not with the signal.
	illegalInstruction = "SIGILL: illegal instruction"
	// wrongProcessor is how the check of the processor begins that runs before everything else in a child.
	wrongProcessor = "This program was built for a CPU with "
)

// explain turns the way in which a child ended into an error that says what to do, where it is known. wrote is the beginning of what
// it wrote to its standard error.
func explain(err error, state *os.ProcessState, wrote string) error {
	if err == nil || state == nil {
		return err
	}
	const op = "engine.Start"
	if at := strings.Index(wrote, wrongProcessor); at >= 0 {
		return kerbside.E(kerbside.CodeUnavailable, op, strings.Join(strings.Fields(wrote[at:]), " "), err)
	}
	if ws, ok := state.Sys().(syscall.WaitStatus); strings.Contains(wrote, illegalInstruction) || ok && ws.Signal() == syscall.SIGILL {
		return kerbside.E(kerbside.CodeUnavailable, op, "This program was built for another kind of processor. Build it on this machine with `make build`, or with the portable option.", err)
	}
	return err
}
