// Command nodes proves and measures what several processes on one PostgreSQL database and one S3 server do together. Each server is a real one, started here on this
// machine over a new folder; each worker is a process of the program itself.
//
//	nodes workers -kerbside bin/kerbside [-workers 20] [-for 3m]   workers are killed and stopped at random moments; nothing is lost or done twice
//	nodes overhead [-sound samples/visit.ogg] [-rounds 6]         what the way of a job costs beside the transcription that it is for
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is deferred that matters
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "workers":
			return workers(ctx, args[1:])
		case "overhead":
			return overhead(ctx, args[1:])
		}
	}
	return errors.New("nodes workers, or nodes overhead")
}
