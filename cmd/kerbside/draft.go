package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"kerbside"
)

func (c *command) draftCommand() *cli.Command {
	var names []string
	for _, a := range kerbside.Audiences() {
		names = append(names, string(a))
	}
	return &cli.Command{
		Name:      "draft",
		Usage:     "print the draft for one reader of a text or a transcript",
		ArgsUsage: "FILE|-",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "audience", Aliases: []string{"a"}, Usage: "`READER`: " + strings.Join(names, ", ")},
			&cli.StringFlag{Name: "for", Usage: "`PERSON` who will read a family draft: a name or a role in it"},
			&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: string(kerbside.FormatMarkdown), Usage: "`FORMAT`: " + formatNames()},
			&cli.BoolFlag{Name: "citations", Usage: "say under each sentence what it rests on"},
			visitDateFlag(),
		}, engineFlags()...),
		Action: func(ctx *cli.Context) error {
			if err := needs(ctx, "audience"); err != nil {
				return err
			}
			audience, err := kerbside.ParseAudience(ctx.String("audience"))
			if err != nil {
				return usageError{kerbside.MessageOf(err)}
			}
			format, err := kerbside.ParseFormat(ctx.String("format"))
			if err != nil {
				return usageError{kerbside.MessageOf(err)}
			}
			t, transcript, err := c.oneText(ctx)
			if err != nil {
				return err
			}
			extractor, err := c.extractor(ctx, nil)
			if err != nil {
				return err
			}
			drafter, exporter, err := newDrafter()
			if err != nil {
				return err
			}
			sources := []*kerbside.Source{kerbside.NewSource(transcript)}
			record, err := await(ctx.Context, func() (*kerbside.Record, error) {
				return extractor.Extract(ctx.Context, sources, extractOptions(t, transcript))
			})
			if err != nil {
				return err
			}
			reader, err := readerOf(record, ctx.String("for"))
			if err != nil {
				return err
			}
			draft, err := await(ctx.Context, func() (*kerbside.Draft, error) {
				return drafter.Draft(ctx.Context, record, sources, kerbside.DraftOptions{Audience: audience, For: reader})
			})
			if err != nil {
				return err
			}
			return exporter.Export(c.stdout, draft, kerbside.ExportOptions{Format: format, Citations: ctx.Bool("citations"), Record: record, Unapproved: true})
		},
	}
}

func formatNames() string {
	var names []string
	for _, f := range kerbside.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// readerOf finds the person of a record by id, name or role.
func readerOf(r *kerbside.Record, who string) (kerbside.PersonID, error) {
	if who == "" {
		return "", nil
	}
	var found []kerbside.PersonID
	for _, a := range r.Attendees {
		if string(a.ID) == who || strings.EqualFold(a.Name, who) || strings.EqualFold(a.Role, who) {
			found = append(found, a.ID)
		}
	}
	if len(found) != 1 {
		return "", kerbside.E(kerbside.CodeInvalid, "kerbside.readerOf", fmt.Sprintf("The record names %d people called %q. Give a name or an id from the record's attendees.", len(found), who), nil)
	}
	return found[0], nil
}
