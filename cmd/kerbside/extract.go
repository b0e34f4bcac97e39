package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"kerbside"
)

func (c *command) extractCommand() *cli.Command {
	return &cli.Command{
		Name:      "extract",
		Usage:     "print the structured record of a text or a transcript",
		ArgsUsage: "FILE|-",
		Flags:     append([]cli.Flag{visitDateFlag()}, engineFlags()...),
		Action: func(ctx *cli.Context) error {
			t, transcript, err := c.oneText(ctx)
			if err != nil {
				return err
			}
			reader := &reader{c: c}
			extractor, err := c.extractor(ctx, reader.progress)
			if err != nil {
				return err
			}
			sources := []*kerbside.Source{kerbside.NewSource(transcript)}
			record, err := await(ctx.Context, func() (*kerbside.Record, error) {
				return extractor.Extract(ctx.Context, sources, extractOptions(t, transcript))
			})
			reader.end()
			if err != nil {
				return err
			}
			c.sayDropped(record)
			return writeJSON(c.stdout, record)
		},
	}
}

// oneText reads the one text or transcript that a command takes.
func (c *command) oneText(ctx *cli.Context) (task, *kerbside.Transcript, error) {
	t := task{visitDate: ctx.String("visit-date"), kind: kerbside.KindDebrief}
	if err := t.check(); err != nil {
		return t, nil, err
	}
	if !ctx.Args().Present() {
		return t, nil, usageError{fmt.Sprintf("`kerbside %s` takes one file, or - for standard input.", ctx.Command.Name)}
	}
	in, err := c.readInput(ctx.Context, ctx.Args().First())
	if err != nil {
		return t, nil, err
	}
	if in.record != nil {
		return t, nil, isRecordError("kerbside.oneText", in.path, "the text or the transcript")
	}
	if in.transcript == nil {
		return t, nil, kerbside.E(kerbside.CodeInvalid, "kerbside.oneText", fmt.Sprintf("%q is neither text nor a transcript. `kerbside process` takes recordings.", in.path), nil)
	}
	return t, in.transcript, nil
}

// sayDropped tells how much the evidence gate left out, and why: in numbers, since the record on standard output has the words.
func (c *command) sayDropped(r *kerbside.Record) {
	tell := func(whose string, list []kerbside.Dropped) {
		counts := map[string]int{}
		for _, d := range list {
			counts[d.Why()]++
		}
		for _, why := range slices.Sorted(maps.Keys(counts)) {
			c.say("Left out of what %s found: %d, because %s.", whose, counts[why], why)
		}
	}
	tell("the rules", r.Gate.Dropped)
	if r.Proposals != nil {
		tell("the language model", r.Proposals.Gate.Dropped)
	}
}
