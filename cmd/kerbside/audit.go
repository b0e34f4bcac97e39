package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/seal"
)

func auditKeyFlag() cli.Flag {
	return &cli.StringFlag{Name: "audit-key", EnvVars: []string{"KERBSIDE_AUDIT_KEY"}, Usage: "`FILE` of the key that signs the audit log; audit.key in the data folder, made at the first start"}
}

func auditKeyPath(ctx *cli.Context) string {
	if path := ctx.String("audit-key"); path != "" {
		return path
	}
	return filepath.Join(ctx.String("data"), "audit.key")
}

func (c *command) auditCommand() *cli.Command {
	return &cli.Command{
		Name:  "audit",
		Usage: "look into the log of who did what, beside a running server too",
		Subcommands: []*cli.Command{
			{
				Name:  "verify",
				Usage: "find any entry that was changed, removed, reordered or added behind the service's back, and any receipt of a deletion without its entry",
				Flags: []cli.Flag{dataFlag(), databaseFlag(), auditKeyFlag(), keyFileFlag(),
					&cli.StringSliceFlag{Name: "head", Usage: "compare with the signed heads in `FILE` too, as `kerbside audit heads` printed them"},
					&cli.StringFlag{Name: "verifier", Usage: "the public `KEY` that checks signatures, where the key file is not at hand"},
				},
				Action: c.auditVerify,
			},
			{
				Name:   "heads",
				Usage:  "print the newest signed head of each organisation's log, and the public key, to keep elsewhere",
				Flags:  []cli.Flag{dataFlag(), databaseFlag(), auditKeyFlag()},
				Action: c.auditHeads,
			},
		},
	}
}

func (c *command) auditVerify(ctx *cli.Context) error {
	verifier := ctx.String("verifier")
	if verifier == "" {
		log, err := openAuditKey(ctx)
		if err != nil {
			return err
		}
		verifier = log.Verifier()
	}
	var given []string
	for _, path := range ctx.StringSlice("head") {
		b, err := os.ReadFile(path)
		if err != nil {
			return openError(path, err)
		}
		heads := exportedHeads(string(b))
		if len(heads) == 0 {
			return kerbside.E(kerbside.CodeInvalid, "kerbside.auditVerify", fmt.Sprintf("There is no signed head in %q. Give a file that `kerbside audit heads` printed.", path), nil)
		}
		given = append(given, heads...)
	}
	faults := 0
	view, sealed := c.viewDatabase, true
	if _, err := os.Stat(keyPath(ctx)); err == nil {
		view, sealed = c.viewOpened, false
	}
	err := view(ctx, func(tx kerbside.Tx) error {
		orgs, err := tx.Organisations()
		if err != nil {
			return err
		}
		for _, o := range orgs {
			r, err := audit.Verify(tx, o.ID, audit.Check{Verifier: verifier, Heads: headsOf(given, o.ID), Sealed: sealed})
			if err != nil {
				return err
			}
			how := ""
			if sealed && r.Receipts > 0 {
				how = " (that they are there only: what they say is sealed, and the master key is not here)"
			}
			fmt.Fprintf(c.stdout, "%s: %d entries, %d signed heads, %d receipts%s, %d faults\n", o.ID, r.Size, r.Heads, r.Receipts, how, len(r.Faults))
			for _, f := range r.Faults {
				fmt.Fprintf(c.stdout, "  %s\n", f)
			}
			faults += len(r.Faults)
		}
		return nil
	})
	if err == nil && faults > 0 {
		err = kerbside.E(kerbside.CodeInvalid, "kerbside.auditVerify", "The audit log is not what was written. Keep this database as it is and tell whoever answers for it.", nil)
	}
	return err
}

func (c *command) auditHeads(ctx *cli.Context) error {
	log, err := openAuditKey(ctx)
	if err != nil {
		return err
	}
	return c.viewDatabase(ctx, func(tx kerbside.Tx) error {
		orgs, err := tx.Organisations()
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "-- verifier\n%s\n", log.Verifier())
		for _, o := range orgs {
			heads, err := tx.AuditHeads(o.ID)
			if err != nil {
				return err
			}
			if n := len(heads); n > 0 {
				fmt.Fprintf(c.stdout, "%s\n%s", audit.HeadMark, heads[n-1].Note)
			}
		}
		return nil
	})
}

func exportedHeads(text string) []string {
	var out []string
	for _, part := range strings.Split("\n"+text, "\n"+audit.HeadMark+"\n")[1:] {
		out = append(out, strings.TrimRight(part, "\n")+"\n")
	}
	return out
}

// headsOf leaves out heads of other organisations; what is no head stays, to be complained about.
func headsOf(heads []string, org kerbside.OrganisationID) []string {
	var out []string
	for _, h := range heads {
		if of, ok := audit.HeadOf(h); !ok || of == org {
			out = append(out, h)
		}
	}
	return out
}

// openAuditKey reads the key; unlike serving, looking makes none.
func openAuditKey(ctx *cli.Context) (*audit.Log, error) {
	path := auditKeyPath(ctx)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, openError(path, err)
	}
	return audit.Open(string(b))
}

// viewOpened is viewDatabase with what is sealed opened.
func (c *command) viewOpened(ctx *cli.Context, f func(kerbside.Tx) error) error {
	master, err := seal.ReadMaster(keyPath(ctx))
	if err != nil {
		return err
	}
	return c.onDatabase(ctx, func(db database) error {
		ring, err := seal.NewRing(ctx.Context, db, master, nil)
		if err != nil {
			return err
		}
		return seal.NewStore(db, ring).View(ctx.Context, f)
	})
}

// viewDatabase reads the database, which a server may be using.
func (c *command) viewDatabase(ctx *cli.Context, f func(kerbside.Tx) error) error {
	return c.onDatabase(ctx, func(db database) error { return db.View(ctx.Context, f) })
}

func (c *command) onDatabase(ctx *cli.Context, f func(database) error) (err error) {
	if err := hasData(ctx); err != nil {
		return err
	}
	db, err := databaseAddress(ctx).open(ctx.Context)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(db)
}
