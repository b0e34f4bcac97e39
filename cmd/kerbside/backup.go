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
	"kerbside/storage/backup"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
	"kerbside/storage/verify"
)

func (c *command) verifyCommand() *cli.Command {
	return &cli.Command{
		Name:   "verify",
		Usage:  "read everything that is kept and compare it with the hashes that it was acknowledged under; may run beside the server",
		Flags:  append(storageFlags(), &cli.StringFlag{Name: "backup", Usage: "read a backup in this `FOLDER` instead; no key is needed"}),
		Action: c.verify,
	}
}

func (c *command) backupCommand() *cli.Command {
	return &cli.Command{
		Name:   "backup",
		Usage:  "copy everything but the keys, encrypted as it lies, to a new folder; may run beside the server",
		Flags:  append(storageFlags(), &cli.StringFlag{Name: "to", Usage: "`FOLDER` that backups are in; those that are there share what is the same"}),
		Action: c.backup,
	}
}

func (c *command) restoreCommand() *cli.Command {
	return &cli.Command{
		Name:      "restore",
		Usage:     "put a backup back into an empty data folder; what was erased since stays erased",
		ArgsUsage: "BACKUP",
		Flags:     append(storageFlags(), &cli.StringSliceFlag{Name: "erased", Usage: "an erased.jsonl `FILE` that was kept elsewhere; besides the one in the backup and the one in the data folder"}),
		Action:    c.restore,
	}
}

// lookAtData opens a data folder that a server may be using, to read.
func (c *command) lookAtData(ctx *cli.Context) (_ *dataFolder, err error) {
	if err := hasData(ctx); err != nil {
		return nil, err
	}
	d := &dataFolder{closeBare: nothing}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.bare, d.closeBare, err = openBlobs(ctx, os.Getenv); err != nil {
		return nil, err
	}
	if d.db, err = databaseAddress(ctx).open(ctx.Context); err != nil {
		return nil, err
	}
	master, err := seal.ReadMaster(keyPath(ctx))
	if err != nil {
		return nil, err
	}
	if d.ring, err = seal.NewRing(ctx.Context, d.db, master, nil); err != nil {
		return nil, err
	}
	d.store, d.blobs = seal.NewStore(d.db, d.ring), seal.NewBlobs(d.bare, d.ring)
	return d, nil
}

func (c *command) verify(ctx *cli.Context) (err error) {
	if folder := ctx.String("backup"); folder != "" {
		return c.verifyBackup(ctx.Context, folder)
	}
	d, err := c.lookAtData(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	faults := 0
	if err := d.db.Check(ctx.Context); err != nil {
		if ctx.Err() != nil {
			return err
		}
		faults++
		fmt.Fprintf(c.stdout, "damaged  the database: %s\n", message(err))
	}
	v := verify.Verifier{Rows: d.db, Store: d.store, Blobs: d.blobs, Gone: seal.Erased}
	r, err := v.Run(ctx.Context)
	if err != nil {
		return err
	}
	for _, f := range r.Findings {
		fmt.Fprintf(c.stdout, "%-8s %s\n", f.Kind, f.Object)
	}
	faults += len(r.Findings)
	fmt.Fprintf(c.stdout, "%d blobs and %d documents read, %d MB; %d erased on purpose; %d faults\n", r.Blobs, r.Documents, r.Bytes>>20, r.Erased, faults)
	if r.LeftOver > 0 {
		fmt.Fprintf(c.stdout, "%d blobs that nothing needs; the server removes them when they are a day old\n", r.LeftOver)
	}
	if r.Unknown > 0 {
		fmt.Fprintf(c.stdout, "%d blobs that are not Kerbside's; they are left alone\n", r.Unknown)
	}
	if faults > 0 {
		return kerbside.E(kerbside.CodeInternal, "kerbside.verify", "Not everything is as it was written. Restore what is named above from a backup.", nil)
	}
	return nil
}

func (c *command) verifyBackup(ctx context.Context, folder string) error {
	m, bad, err := backup.Check(ctx, folder)
	if err != nil {
		return err
	}
	for _, path := range bad {
		fmt.Fprintf(c.stdout, "%-8s %s\n", verify.Damaged, path)
	}
	fmt.Fprintf(c.stdout, "backup of %s: %d files read; %d faults\n", m.At.Format(time.RFC3339), len(m.Files), len(bad))
	if len(bad) > 0 {
		return kerbside.E(kerbside.CodeInternal, "kerbside.verify", "This backup is damaged. Make another one while the data is there.", nil)
	}
	return nil
}

// backup needs no key: what it copies is sealed.
func (c *command) backup(ctx *cli.Context) (err error) {
	if err := errors.Join(needs(ctx, "to"), hasData(ctx)); err != nil {
		return err
	}
	blobs, closeBlobs, err := openBlobs(ctx, os.Getenv)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBlobs()) }()
	database := databaseAddress(ctx)
	from := backup.Source{
		Snapshot: database.snapshot,
		Open: func(ctx context.Context, path string) (kerbside.Store, error) {
			return sqlite.Open(ctx, path, sqlite.Options{})
		},
		Blobs: blobs, Erased: erasedPath(ctx.String("data")), Now: time.Now,
	}
	path, m, err := backup.Make(ctx.Context, from, ctx.String("to"))
	if err != nil {
		return err
	}
	var n int64
	for _, f := range m.Files {
		n += f.Bytes
	}
	fmt.Fprintln(c.stdout, path)
	c.say("%d files, %d MB. The keys (%s, audit.key) are not in it: keep copies of them elsewhere.", len(m.Files), n>>20, keyPath(ctx))
	return nil
}

func (c *command) restore(ctx *cli.Context) (err error) {
	if ctx.NArg() != 1 {
		return usageError{"`kerbside restore` needs one backup: the folder that has its manifest."}
	}
	from, data := ctx.Args().First(), ctx.String("data")
	lock, err := lockFolder(data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if _, err := backup.ReadManifest(from); err != nil {
		return err
	}
	erased, newest, err := mergeErasures(seal.NewJournal(erasedPath(data)), append(ctx.StringSlice("erased"), backup.ErasedPath(from)))
	if err != nil {
		return err
	}
	blobs, closeBlobs, err := openBlobs(ctx, os.Getenv)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBlobs()) }()
	m, err := backup.Restore(ctx.Context, from, backup.Target{Database: databaseAddress(ctx).target(), Blobs: blobs, Skip: func(key string) bool {
		parts := strings.SplitN(key, "/", 3)
		return len(parts) == 3 && erased[parts[0]+"/"+parts[1]]
	}})
	if err != nil {
		return err
	}
	db, err := databaseAddress(ctx).open(ctx.Context)
	if err != nil {
		return err
	}
	replayed, err := seal.Reconcile(ctx.Context, db, blobs, seal.NewJournal(erasedPath(data)))
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "The backup of %s is back in %s; %d things that were erased since are erased again.\n", m.At.Format(time.RFC3339), data, len(replayed))
	if newest.Before(m.At) {
		c.say("No list of erasures newer than the backup was found. If something was erased after it, name the erased.jsonl of then with --erased and restore again.")
	}
	if _, err := os.Stat(keyPath(ctx)); err != nil {
		c.say("Put your copies of the keys back before you start the server: %s, and audit.key.", keyPath(ctx))
	}
	return nil
}

// mergeErasures adds what other lists have to the folder's own. It gives all, as "org/scope", and the time of the last.
func mergeErasures(own *seal.Journal, others []string) (all map[string]bool, newest time.Time, err error) {
	all = map[string]bool{}
	known, err := own.Read()
	if err != nil {
		return nil, newest, err
	}
	note := func(e seal.Erasure) (fresh bool) {
		key := string(e.Org) + "/" + e.Scope
		fresh = !all[key]
		all[key] = true
		if e.At.After(newest) {
			newest = e.At
		}
		return fresh
	}
	for _, e := range known {
		note(e)
	}
	for i, path := range others {
		if _, err := os.Stat(path); err != nil && i < len(others)-1 { // the backup's own may be missing, those that were named not
			return nil, newest, openError(path, err)
		}
		list, err := seal.NewJournal(path).Read()
		if err != nil {
			return nil, newest, err
		}
		for _, e := range list {
			if note(e) {
				if err := own.Add(e); err != nil {
					return nil, newest, err
				}
			}
		}
	}
	return all, newest, nil
}
