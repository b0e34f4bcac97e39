// Command kerbside turns what a social worker says after a visit into the record of that visit.
//
// Results go to standard output, progress and messages to standard error. It exits with 0 when all is done, 1 when it
// failed, 2 when the command line is at fault and 3 when some of several files failed.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the Makefile.
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() { // a second Ctrl-C ends it at once
		<-ctx.Done()
		stop()
	}()
	os.Exit(run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program but for the process: tests call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &printed{to: stdout}
	c := &command{stdin: stdin, stdout: out, stderr: stderr}
	app := c.app()
	ordered, err := flagsFirst(app, args)
	if err == nil {
		err = app.RunContext(ctx, ordered)
	}
	if err == nil {
		err = c.unknown
	}
	return c.exit(ctx, out.outcome(err))
}
