package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/seal"
)

func (c *command) keysCommand() *cli.Command {
	flags := storageFlags()
	return &cli.Command{
		Name:  "keys",
		Usage: "the master key that everything is encrypted with",
		Subcommands: []*cli.Command{
			{Name: "new", Usage: "make the master key and the audit log's, once, for processes that will share a database", Flags: append(flags, auditKeyFlag()), Action: c.keysNew},
			{Name: "show", Usage: "name the master key, and count what it seals", Flags: flags, Action: c.keysShow},
			{Name: "rotate", Usage: "seal everything with a new master key, and put the old one aside", Flags: flags, Action: c.keysRotate},
		},
	}
}

// keysNew makes both keys where there are none. A key that is there already is left alone.
func (c *command) keysNew(ctx *cli.Context) error {
	path := keyPath(ctx)
	if err := os.MkdirAll(filepath.Dir(path), folderPerm); err != nil {
		return dataError("kerbside.keysNew", filepath.Dir(path), err)
	}
	_, err := seal.ReadMaster(path)
	switch {
	case err == nil:
		c.say("%s is there already.", path)
	case kerbside.CodeOf(err) != kerbside.CodeNotFound:
		return err
	default:
		m, err := seal.NewMaster()
		if err == nil {
			err = m.Write(path, time.Now())
		}
		if err != nil {
			return err
		}
		c.loud("A MASTER KEY WAS MADE: "+path, "COPY THIS FILE NOW to a safe place that is not with the backups of the data, and give the same file to each process.",
			"Whoever has it and the data can read everything, and without it nobody can, you neither.")
	}
	log, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "master key   %s\naudit key    %s\nverifier     %s\n", path, auditKeyPath(ctx), log.Verifier())
	return nil
}

// keysShow may run beside a server.
func (c *command) keysShow(ctx *cli.Context) error {
	if err := hasData(ctx); err != nil {
		return err
	}
	m, err := seal.ReadMaster(keyPath(ctx))
	if err != nil {
		return err
	}
	db, err := databaseAddress(ctx).open(ctx.Context)
	if err != nil {
		return err
	}
	here, elsewhere, erased := 0, 0, 0
	err = seal.EachKey(ctx.Context, db, func(k kerbside.DataKey) error {
		switch {
		case k.Erased():
			erased++
		case k.Master == m.Name():
			here++
		default:
			elsewhere++
		}
		return nil
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "key file     %s\nmaster key   %s\ndata keys    %d sealed by it, %d by another, %d erased\n", keyPath(ctx), m.Name(), here, elsewhere, erased)
	return nil
}

// keysRotate writes the new key beside the old one first, then seals the data keys, then puts the old one aside: cut off anywhere, the key file opens
// everything, and the same command goes on.
func (c *command) keysRotate(ctx *cli.Context) (err error) {
	if err := hasData(ctx); err != nil {
		return err
	}
	d, err := c.openData(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	path := keyPath(ctx)
	old, err := seal.ReadMaster(path)
	if err != nil {
		return err
	}
	both := old
	if len(old.Names()) == 1 { // else an earlier rotation was cut off: it is ended
		next, err := seal.NewMaster()
		if err != nil {
			return err
		}
		both = old.With(next)
		if err := both.Write(path, time.Now()); err != nil {
			return err
		}
	}
	n, err := seal.Rewrap(ctx.Context, d.db, both)
	if err != nil {
		return err
	}
	aside := path + ".old-" + time.Now().UTC().Format("20060102T150405Z")
	if err := both.Older().Write(aside, time.Now()); err != nil {
		return err
	}
	if err := both.Newest().Write(path, time.Now()); err != nil {
		return err
	}
	c.loud("THE MASTER KEY WAS CHANGED: "+path, "COPY THIS FILE NOW to a safe place, as you did the old one.",
		"Backups from before open with the old key only: "+aside, "Keep it as long as those; to destroy it, and its copies, is to make them unreadable.")
	fmt.Fprintf(c.stdout, "%d data keys are sealed by the new master key %s.\n", n, both.Name())
	return nil
}
