package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/export"
	"kerbside/export/table"
)

func (c *command) profilesCommand() *cli.Command {
	return &cli.Command{
		Name:  "profiles",
		Usage: "list, show and check mapping profiles for case systems",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list the profiles", Flags: []cli.Flag{profilesFlag()}, Action: c.profilesList},
			{Name: "show", Usage: "print a profile, to copy and change", ArgsUsage: "NAME", Flags: []cli.Flag{profilesFlag()}, Action: c.profilesShow},
			{Name: "fields", Usage: "list what columns can be made from", Action: c.profilesFields},
			{Name: "check", Usage: "tell what is wrong with profiles", ArgsUsage: "FILE…", Action: c.profilesCheck},
		},
	}
}

func (c *command) profilesList(ctx *cli.Context) error {
	all, err := table.Profiles(ctx.String("profiles"))
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for _, p := range all {
		from := "your own"
		if p.BuiltIn {
			from = "built in"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Name, p.Format, from, p.Title)
	}
	return w.Flush()
}

func (c *command) profilesShow(ctx *cli.Context) error {
	name, err := nameOf(ctx, "kerbside profiles list")
	if err != nil {
		return err
	}
	all, err := table.Profiles(ctx.String("profiles"))
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Name == name {
			b, err := export.JSON(p)
			if err != nil {
				return err
			}
			_, err = c.stdout.Write(b)
			return err
		}
	}
	return usageError{fmt.Sprintf("There is no profile %q. `kerbside profiles list` lists them.", name)}
}

func (c *command) profilesFields(*cli.Context) error {
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for _, f := range table.Fields() {
		var values []string
		for _, v := range f.Values {
			if v == "" {
				v = `""`
			}
			values = append(values, v)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, f.Note, strings.Join(values, " "))
	}
	return w.Flush()
}

func (c *command) profilesCheck(ctx *cli.Context) error {
	paths, err := files(ctx)
	if err != nil {
		return err
	}
	failed := 0
	for _, path := range paths {
		if err := checkProfile(path); err != nil {
			failed++
			c.complain(about(path, kerbside.E(kerbside.CodeInvalid, "kerbside.profilesCheck", kerbside.MessageOf(err), err)))
			continue
		}
		c.say("%s: it does.", shown(path))
	}
	return outcome(failed, len(paths))
}

func checkProfile(path string) error {
	f, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return openError(path, err)
	}
	_, err = table.Parse(b)
	return err
}
