package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/export"
	"kerbside/export/page"
	"kerbside/extract/rules"
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
			&cli.StringSliceFlag{Name: "release", Usage: "show this reader a withheld item: `ID=REASON`, with the id as JSON gives it under withheld"},
			&cli.StringSliceFlag{Name: "include", Usage: "put in an omitted item: `ID` as JSON gives it under omissions, or all"},
			&cli.BoolFlag{Name: "citations", Usage: "say what each sentence rests on"},
			&cli.StringFlag{Name: "section", Usage: "only what stands under this `HEADING`, as plain text, to paste into one box"},
			visitDateFlag(), templatesFlag(), polishFlag(),
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
			if ctx.String("section") != "" && (ctx.IsSet("format") || ctx.Bool("citations")) {
				return usageError{"--section prints plain text. Leave --format and --citations out."}
			}
			t, transcript, err := c.oneText(ctx)
			if err != nil {
				return err
			}
			extractor, err := c.extractor(ctx, nil)
			if err != nil {
				return err
			}
			drafter, _, _, err := c.newDrafter(ctx)
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
			o := kerbside.DraftOptions{Audience: audience, For: reader}
			if o.Release, err = releases(ctx.StringSlice("release")); err != nil {
				return err
			}
			make := func() (*kerbside.Draft, error) { return drafter.Draft(ctx.Context, record, sources, o) }
			made, err := await(ctx.Context, make)
			if err != nil {
				return err
			}
			if o.Include = included(made, ctx.StringSlice("include")); len(o.Include) > 0 {
				if made, err = await(ctx.Context, make); err != nil {
					return err
				}
			}
			if err := used(made, o); err != nil {
				return err
			}
			if heading := ctx.String("section"); heading != "" {
				return c.section(made, heading)
			}
			c.sayPolished(made)
			return export.Exporter{}.Export(c.stdout, made, kerbside.ExportOptions{Format: format, Citations: ctx.Bool("citations"), Record: record, Unapproved: true})
		},
	}
}

// section prints what stands under one heading of a draft.
func (c *command) section(d *kerbside.Draft, heading string) error {
	p := page.New(d, kerbside.ExportOptions{})
	s, ok := p.Section(heading)
	if !ok {
		var headings []string
		for _, s := range p.Sections {
			if s.Heading != "" {
				headings = append(headings, s.Heading)
			}
		}
		return usageError{fmt.Sprintf("This draft has no heading %q. It has: %s.", heading, strings.Join(headings, "; "))}
	}
	_, err := c.stdout.Write(s.Text("- "))
	return err
}

func formatNames() string {
	var names []string
	for _, f := range kerbside.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// readerOf finds the person of a record by id, name or role; where nobody is called so, by one word of a name or another word for a role.
func readerOf(r *kerbside.Record, who string) (kerbside.PersonID, error) {
	if who == "" {
		return "", nil
	}
	same := func(word string) bool { return strings.EqualFold(word, who) }
	var exact, near []kerbside.PersonID
	for _, a := range r.Attendees {
		switch {
		case string(a.ID) == who || same(a.Name) || same(a.Role):
			exact = append(exact, a.ID)
		case slices.ContainsFunc(strings.Fields(a.Name), same) || a.Role != "" && rules.RoleSpoken(a.Role, who):
			near = append(near, a.ID)
		}
	}
	if len(exact) == 0 {
		exact = near
	}
	const which = "Give a name, a role or an id from the record's attendees; `kerbside extract` prints them."
	switch len(exact) {
	case 0:
		return "", usageError{fmt.Sprintf("Nobody in the record goes by %q. %s", who, which)}
	case 1:
		return exact[0], nil
	}
	return "", usageError{fmt.Sprintf("%d people in the record go by %q. %s", len(exact), who, which)}
}

// releases reads ID=REASON.
func releases(list []string) ([]kerbside.Release, error) {
	var out []kerbside.Release
	for _, x := range list {
		id, reason, _ := strings.Cut(x, "=")
		if strings.TrimSpace(id) == "" || strings.TrimSpace(reason) == "" {
			return nil, usageError{"--release needs the item and the reason: --release \"ID=She agreed to it\"."}
		}
		out = append(out, kerbside.Release{Item: strings.TrimSpace(id), Reason: strings.TrimSpace(reason)})
	}
	return out, nil
}

// included gives the ids to put in; "all" stands for every omission of the draft.
func included(d *kerbside.Draft, list []string) []string {
	if !slices.Contains(list, "all") {
		return list
	}
	var out []string
	for _, o := range d.Omissions {
		out = append(out, o.Item)
	}
	return out
}

// used reports ids that name nothing, so that a slip is not taken for a decision.
func used(d *kerbside.Draft, o kerbside.DraftOptions) error {
	for _, x := range o.Release {
		if !slices.ContainsFunc(d.Released, func(r kerbside.Release) bool { return r.Item == x.Item }) {
			return usageError{fmt.Sprintf("There is no item %q in the record to release. `kerbside draft --format json` lists them under withheld.", x.Item)}
		}
	}
	for _, id := range o.Include {
		held := slices.ContainsFunc(d.Sentences, func(s kerbside.Sentence) bool { return slices.Contains(s.Items(), id) })
		if !held {
			return usageError{fmt.Sprintf("There is no omitted item %q that could be put in. `kerbside draft --format json` lists them under omissions.", id)}
		}
	}
	return nil
}
