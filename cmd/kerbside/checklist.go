package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/extract"
)

// checklistFlag is that of every command that makes records.
func checklistFlag() cli.Flag {
	return &cli.StringFlag{Name: "checklists", EnvVars: []string{"KERBSIDE_CHECKLISTS"}, Usage: "`FOLDER` of your own lists of what a visit of each type should say (*.json), which add to or replace what comes with it"}
}

func (c *command) checklistCommand() *cli.Command {
	flags := []cli.Flag{checklistFlag()}
	return &cli.Command{
		Name:  "checklist",
		Usage: "list, show and check what a visit of each type should say",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list what is asked after a visit of each type", Flags: flags, Action: c.checklistList},
			{Name: "show", Usage: "print the checklist as JSON, to begin one of your own", Flags: flags, Action: c.checklistShow},
			{Name: "check", Usage: "say what is wrong in folders of checklists", ArgsUsage: "[FOLDER…]", Flags: flags, Action: c.checklistCheck},
		},
	}
}

func loadChecklist(ctx *cli.Context) (*extract.Checklist, error) {
	folder, err := ownFolder(ctx.String("checklists"), "checklists")
	if err != nil {
		return nil, err
	}
	return extract.LoadChecklist(folder)
}

func (c *command) checklistList(ctx *cli.Context) error {
	list, err := loadChecklist(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TYPE\tCODE\tQUESTION\tNOT AFTER")
	for _, kind := range slices.Sorted(maps.Keys(list.Types)) {
		for _, code := range list.Types[kind] {
			var omit []string
			for _, outcome := range slices.Sorted(maps.Keys(list.Omit)) {
				if slices.Contains(list.Omit[outcome], code) {
					omit = append(omit, outcome)
				}
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", kind, code, list.Questions[code], joinOr(omit, "-"))
		}
	}
	return w.Flush()
}

func joinOr(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	out := list[0]
	for _, s := range list[1:] {
		out += ", " + s
	}
	return out
}

func (c *command) checklistShow(ctx *cli.Context) error {
	list, err := loadChecklist(ctx)
	if err != nil {
		return err
	}
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(list)
}

func (c *command) checklistCheck(ctx *cli.Context) error {
	return c.checkFolders(ctx, "checklists", "checklist (*.json)", []string{"*.json"}, func(folder fs.FS) (faults []error, fine string, err error) {
		list, found, err := extract.CheckChecklist(folder)
		if err != nil {
			return nil, "", kerbside.E(kerbside.CodeInvalid, "kerbside.checklistCheck", "The folder of checklists cannot be read.", err)
		}
		for _, f := range found {
			faults = append(faults, f)
		}
		return faults, fmt.Sprintf("%d types of visit", len(list.Types)), nil
	})
}
