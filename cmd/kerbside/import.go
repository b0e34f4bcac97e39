package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/service"
)

func (c *command) importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "take cases and their people in from a CSV file; the server of that data folder must be stopped, or use its page of cases",
		ArgsUsage: "CASES.csv",
		Flags: append(storageFlags(), auditKeyFlag(),
			&cli.BoolFlag{Name: "dry-run", Usage: "only say what would be done"}),
		Action: c.importCases,
	}
}

func (c *command) importCases(ctx *cli.Context) (err error) {
	paths, err := files(ctx)
	if err != nil {
		return err
	}
	f, err := openRegular(paths[0])
	if err != nil {
		return err
	}
	defer f.Close()
	if err := hasData(ctx); err != nil {
		return err
	}
	data, err := c.openData(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	log, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
	if err != nil {
		return err
	}
	org, err := onlyOrganisation(ctx.Context, data.store)
	if err != nil {
		return err
	}
	importer := service.CaseImporter{Store: data.store, Audit: log, Now: time.Now}
	report, err := importer.Import(ctx.Context, org, "", f, ctx.Bool("dry-run"))
	if err != nil {
		return err
	}
	for _, fault := range report.Faults {
		c.complain(fault)
	}
	if n := len(report.Faults); n > 0 {
		return kerbside.E(kerbside.CodeInvalid, "kerbside.importCases", fmt.Sprintf("Nothing was imported: %d faults.", n), nil)
	}
	verb := "Imported"
	if ctx.Bool("dry-run") {
		verb = "Would import"
	}
	fmt.Fprintf(c.stdout, "%s: %d new cases, %d changed, %d as before, %d people in them\n", verb, report.Created, report.Changed, report.Same, report.People)
	return nil
}

// onlyOrganisation is the organisation of a data folder that has one.
func onlyOrganisation(ctx context.Context, store kerbside.Store) (org kerbside.OrganisationID, err error) {
	err = store.View(ctx, func(tx kerbside.Tx) error {
		orgs, err := tx.Organisations()
		if err != nil {
			return err
		}
		if len(orgs) != 1 {
			return kerbside.E(kerbside.CodeNotFound, "kerbside.onlyOrganisation", "Start the server once, so that there is somebody to import for.", nil)
		}
		org = orgs[0].ID
		return nil
	})
	return org, err
}
