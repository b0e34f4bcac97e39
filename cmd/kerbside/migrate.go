package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/backup"
	"kerbside/storage/move"
)

func (c *command) migrateCommand() *cli.Command {
	return &cli.Command{
		Name:  "migrate",
		Usage: "move everything but sound to another database, sqlite: or postgres://; stop the servers first. Keys, sound and the list of what was erased stay where they are",
		Flags: []cli.Flag{
			dataFlag(), keyFileFlag(), blobsFlag(), auditKeyFlag(),
			&cli.StringFlag{Name: "from", Usage: "`ADDRESS` of the database as it is", DefaultText: "kerbside.db in the data folder"},
			&cli.StringFlag{Name: "to", Usage: "`ADDRESS` of an empty database, or of a file that is not there"},
		},
		Action: c.migrate,
	}
}

// migrate copies in one transaction: cut off, the same command starts anew, on an empty database again.
func (c *command) migrate(ctx *cli.Context) (err error) {
	if err := needs(ctx, "to"); err != nil {
		return err
	}
	from, to := address(databasePath(ctx.String("data"))), addressOf(ctx.String("to"))
	if a := ctx.String("from"); a != "" {
		from = addressOf(a)
	}
	for _, a := range []address{from, to} {
		if scheme, _, ok := strings.Cut(string(a), "://"); ok && !a.server() {
			return usageError{fmt.Sprintf("An address begins with %q, which is neither sqlite: nor postgres://.", scheme)}
		}
	}
	if err := from.there(); err != nil {
		return err
	}
	if err := to.target().Empty(ctx.Context); err != nil {
		return err
	}
	// The lock of the folder says that its server does not run; what an older one left is brought up to date, as at a start.
	d, err := c.openDataAt(ctx, from, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if from.server() {
		c.say("Nobody can write to the database from now until it is copied. Stop the servers that use it.")
	}
	began := time.Now()
	tables, err := c.moveTo(ctx.Context, d.db, to)
	if err != nil {
		return err
	}
	var n int64
	for _, t := range tables {
		n += t.Rows
		if t.Rows > 0 {
			fmt.Fprintf(c.stdout, "%-14s %9d  %s\n", t.Name, t.Rows, t.SHA256)
		}
	}
	fmt.Fprintf(c.stdout, "%d rows in %d tables, read back and the same; %.1f s\n", n, len(tables), time.Since(began).Seconds())
	if err := c.auditMoved(ctx, to); err != nil {
		return err
	}
	c.say("Start the server with --database %s, and not with the old one any more: keep that until you are sure, then destroy it.", to)
	return nil
}

// moveTo copies to an empty database, or to a file that appears once it is whole.
func (c *command) moveTo(ctx context.Context, from database, to address) (tables []move.Table, err error) {
	if to.server() {
		db, err := to.open(ctx)
		if err != nil {
			return nil, err
		}
		tables, err = between(ctx, from, true, db)
		return tables, errors.Join(err, db.Close())
	}
	part := string(to) + ".moving"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) { // of one that was cut off
		return nil, dataError("kerbside.moveTo", part, err)
	}
	if tables, err = intoFile(ctx, from, true, part); err != nil {
		return nil, err
	}
	if err := backup.DatabaseFile(to).Put(ctx, part); err != nil {
		return nil, err
	}
	return tables, os.Remove(part)
}

// auditMoved checks the audit logs where they are now.
func (c *command) auditMoved(ctx *cli.Context, to address) error {
	log, err := openAuditKey(ctx)
	if err != nil {
		c.say("The audit log was copied but not checked, as its key is not here: %s. Check it with `kerbside audit verify --database`.", message(err))
		return nil
	}
	db, err := to.open(ctx.Context)
	if err != nil {
		return err
	}
	faults := 0
	err = db.View(ctx.Context, func(tx kerbside.Tx) error {
		orgs, err := tx.Organisations()
		for _, o := range orgs {
			if err != nil {
				return err
			}
			var r *audit.Report
			if r, err = audit.Verify(tx, o.ID, audit.Check{Verifier: log.Verifier(), Sealed: true}); err == nil {
				fmt.Fprintf(c.stdout, "audit log of %s: %d entries, %d signed heads, %d faults\n", o.ID, r.Size, r.Heads, len(r.Faults))
				faults += len(r.Faults)
			}
		}
		return err
	})
	if err = errors.Join(err, db.Close()); err == nil && faults > 0 {
		err = kerbside.E(kerbside.CodeInternal, "kerbside.auditMoved", "The audit log has faults, which `kerbside audit verify` names. Look whether the old one has them too before you go on.", nil)
	}
	return err
}
