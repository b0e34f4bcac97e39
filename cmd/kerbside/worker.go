package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
)

// defaultQueues is what a worker takes unless it is told; with a language model, proposals too.
const defaultQueues = "transcribe=2,listen=2,extract=2,draft=2"

func queuesOf(ctx *cli.Context) string {
	queues := ctx.String("queues")
	if !ctx.IsSet("queues") && ctx.String("llm-url") != "" {
		queues += ",propose=1"
	}
	return queues
}

func (c *command) workerCommand() *cli.Command {
	return &cli.Command{
		Name:  "worker",
		Usage: "do the work of a service whose web nodes run elsewhere",
		Description: "Transcripts, records and drafts of a service that keeps its rows in PostgreSQL and its sound in a bucket. Any number of workers may run, on any machines that reach both.\n" +
			"When it is told to stop it takes nothing more, and gives back what is not done in time; another worker goes on from there.",
		Flags:  c.workerFlags(),
		Before: func(ctx *cli.Context) error { return applyConfig(ctx, c.nodeFlags()) },
		Action: func(ctx *cli.Context) (err error) {
			if faults := workerFaults(ctx); len(faults) > 0 {
				return usageError{faults[0]}
			}
			queues, err := parseQueues(queuesOf(ctx), ctx.Duration("drain"))
			if err != nil {
				return err
			}
			n, err := c.openNode(ctx, role{queues: queues})
			switch {
			case err != nil && ctx.Err() != nil:
				return nil //nolint:nilerr // told to stop before it took anything, it has stopped well
			case err != nil:
				return err
			}
			return errors.Join(n.work(ctx.Context, queuesOf(ctx)), n.close())
		},
	}
}

func (c *command) workerFlags() []cli.Flag {
	return append(append(storageFlags(), []cli.Flag{
		configFlag(), templatesFlag(), polishFlag(), metricsFlag(), auditKeyFlag(), profilesFlag(),
		queuesFlag(), drainFlag(), leaseFlag(),
	}...), append(alertFlags(), append(transcribeFlags(), engineFlags()...)...)...)
}

func queuesFlag() cli.Flag {
	return &cli.StringFlag{Name: "queues", Value: defaultQueues, DefaultText: defaultQueues + "; and propose=1 with --llm-url", EnvVars: []string{"KERBSIDE_QUEUES"}, Usage: "`KIND[=N],…` what is done here: transcribe, listen (to what is being dictated), extract, draft, propose (a language model); N at a time, and as many again for what somebody waits for"}
}

func drainFlag() cli.Flag {
	return &cli.DurationFlag{Name: "drain", Value: time.Minute, EnvVars: []string{"KERBSIDE_DRAIN"}, Usage: "when told to stop, finish what was begun within this `TIME`"}
}

func leaseFlag() cli.Flag {
	return &cli.DurationFlag{Name: "job-lease", EnvVars: []string{"KERBSIDE_JOB_LEASE"}, Usage: "another worker takes over what one that is not heard of for this `TIME` had", DefaultText: "30s"}
}

// nodeFlags are those of every role, so that one file of options may do for all.
func (c *command) nodeFlags() []cli.Flag {
	flags := c.serveFlags()
	for _, f := range c.workerFlags() {
		if !slices.ContainsFunc(flags, func(have cli.Flag) bool { return have.Names()[0] == f.Names()[0] }) {
			flags = append(flags, f)
		}
	}
	return flags
}

// parseQueues reads "transcribe=2,extract". What listens stops at once and is taken up elsewhere: a dictation does not wait.
func parseQueues(text string, drain time.Duration) ([]kerbside.WorkOptions, error) {
	known := []kerbside.JobKind{kerbside.JobTranscribe, kerbside.JobListen, kerbside.JobExtract, kerbside.JobDraft, kerbside.JobPropose}
	var out []kerbside.WorkOptions
	for _, part := range strings.Split(text, ",") {
		name, number, given := strings.Cut(strings.TrimSpace(part), "=")
		kind, n := kerbside.JobKind(name), 1
		if !slices.Contains(known, kind) {
			return nil, usageError{fmt.Sprintf("There is no queue %q. There are transcribe, listen, extract, draft and propose.", name)}
		}
		if slices.ContainsFunc(out, func(o kerbside.WorkOptions) bool { return o.Kinds[0] == kind }) {
			return nil, usageError{fmt.Sprintf("queues has %s twice.", name)}
		}
		if given {
			var err error
			if n, err = strconv.Atoi(number); err != nil || n < 1 || n > 256 {
				return nil, usageError{fmt.Sprintf("queues: %q is no number from 1 to 256.", number)}
			}
		}
		o := kerbside.WorkOptions{Workers: n, Kinds: []kerbside.JobKind{kind}, Drain: drain}
		if kind == kerbside.JobListen {
			o.Drain = 0
		}
		out = append(out, o)
	}
	return out, nil
}

// sharesFault says why a process that leaves something to others cannot run; "" when it can.
func sharesFault(ctx *cli.Context, what string) string {
	if !databaseAddress(ctx).server() || ctx.String("blobs") == "" {
		return what + " needs what several processes share: --database postgres://… and --blobs s3://…. The built-in database and folder are one process's; `kerbside serve` does all of it there."
	}
	return ""
}

// workerFaults are faults of single values that the command line itself cannot see, each a sentence.
func workerFaults(ctx *cli.Context) (faults []string) {
	if f := databaseFault(ctx); f != "" {
		faults = append(faults, f)
	}
	if f := sharesFault(ctx, "worker"); f != "" {
		faults = append(faults, f)
	}
	queues, err := parseQueues(queuesOf(ctx), ctx.Duration("drain"))
	if err != nil {
		faults = append(faults, message(err))
	}
	for _, q := range queues {
		if q.Kinds[0] == kerbside.JobPropose && ctx.String("llm-url") == "" {
			faults = append(faults, "queues has propose, and no language model is named: --llm-url and --llm-model name one.")
		}
	}
	if ctx.Duration("drain") < 0 {
		faults = append(faults, "drain is a time such as 1m.")
	}
	if v := ctx.String("metrics-addr"); v != "" {
		if _, _, err := net.SplitHostPort(v); err != nil {
			faults = append(faults, fmt.Sprintf("metrics-addr %q is no HOST:PORT.", v))
		}
	}
	for _, check := range []func() error{func() error { _, err := engineOf(ctx); return err }, func() error { _, err := notifier(ctx); return err }} {
		if err := check(); err != nil {
			faults = append(faults, message(err))
		}
	}
	return faults
}

// work works until ctx ends.
func (n *node) work(ctx context.Context, queues string) error {
	defer n.watch()()
	fmt.Fprintf(n.c.stdout, "Kerbside works: %s\nCtrl-C stops it.\n", queues)
	err := n.service.Run(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return err
}
