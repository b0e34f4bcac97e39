package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/storage/fs"
	"kerbside/storage/postgres"
	"kerbside/storage/s3"
	"kerbside/storage/seal"
)

// storageFlags are those of every command that opens a data folder.
func storageFlags() []cli.Flag {
	return []cli.Flag{
		dataFlag(), databaseFlag(), keyFileFlag(), blobsFlag(),
	}
}

func keyFileFlag() cli.Flag {
	return &cli.StringFlag{Name: "key-file", EnvVars: []string{"KERBSIDE_KEY_FILE"}, Usage: "`FILE` of the master key, best on another disk than the data", DefaultText: "master.key in the data folder"}
}

func blobsFlag() cli.Flag {
	return &cli.StringFlag{Name: "blobs", EnvVars: []string{"KERBSIDE_BLOBS"}, Usage: "keep sound in a bucket: `s3://HOST/BUCKET[/PREFIX]`, keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", DefaultText: "in the data folder"}
}

func dataFlag() cli.Flag {
	return &cli.StringFlag{Name: "data", Value: defaultData(), EnvVars: []string{"KERBSIDE_DATA"}, Usage: "`FOLDER` of recordings and database"}
}

func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "kerbside")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "kerbside")
	}
	return "kerbside-data"
}

// The files of a data folder.
func databasePath(data string) string { return filepath.Join(data, "kerbside.db") }
func blobsPath(data string) string    { return filepath.Join(data, "blobs") }
func erasedPath(data string) string   { return filepath.Join(data, "erased.jsonl") }

func keyPath(ctx *cli.Context) string {
	if path := ctx.String("key-file"); path != "" {
		return path
	}
	return filepath.Join(ctx.String("data"), "master.key")
}

// lockFolder makes sure that one server at a time uses a folder.
func lockFolder(dir string) (*os.File, error) {
	const op = "kerbside.lockFolder"
	if err := os.MkdirAll(dir, folderPerm); err != nil {
		return nil, dataError(op, dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, filePerm)
	if err != nil {
		return nil, dataError(op, dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("Another kerbside serves %q. Stop it, or choose another folder with --data.", dir), err)
	}
	return f, nil
}

func dataError(op, dir string, err error) error {
	return kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("%q cannot be used as the data folder: it is no folder, or not yours to write to. Choose another with --data.", dir), err)
}

// dataFolder is an open folder of recordings and database.
type dataFolder struct {
	lock  *os.File
	db    database
	bare  kerbside.BlobStore // sealed bytes
	ring  *seal.Ring
	store *seal.Store
	blobs *seal.Blobs
	nodes kerbside.Nodes // the other processes; nil where there can be none

	closeBare func() error
}

// hasData reports an error where nothing was ever kept.
func hasData(ctx *cli.Context) error { return databaseAddress(ctx).there() }

// openData opens the data folder, for one process alone unless nothing is kept in it. The first time it makes a master key and says so; what an older Kerbside left plain is
// sealed; what a restore brought back is erased again.
func (c *command) openData(ctx *cli.Context) (*dataFolder, error) {
	return c.openDataAt(ctx, databaseAddress(ctx), sharesFault(ctx, "") == "")
}

// openDataAt opens data whose database is elsewhere; with shares others may use it at the same time.
func (c *command) openDataAt(ctx *cli.Context, at address, shares bool) (_ *dataFolder, err error) {
	data := ctx.String("data")
	d := &dataFolder{closeBare: nothing}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if !shares {
		if d.lock, err = lockFolder(data); err != nil {
			return nil, err
		}
	}
	if d.bare, d.closeBare, err = openBlobs(ctx, os.Getenv); err != nil {
		return nil, err
	}
	if d.db, err = at.openWith(ctx.Context, ctx.Duration("job-lease")); err != nil {
		return nil, err
	}
	master, err := c.master(ctx.Context, keyPath(ctx), d.db, shares)
	if err != nil {
		return nil, err
	}
	var journal seal.Erasures = seal.NewJournal(erasedPath(data))
	if shares {
		journal = seal.NewBlobJournal(d.bare)
	}
	if err := c.unlock(ctx.Context, d, master, journal); err != nil {
		return nil, err
	}
	if server, ok := d.db.(*postgres.DB); ok && shares {
		node, err := server.Join()
		if err != nil {
			return nil, err
		}
		d.ring.Shared, d.nodes = true, seal.NewNodes(node, d.ring)
	}
	return d, nil
}

// shared reports whether other processes may use the same database and bucket at the same time. Nothing is kept in the folder then.
func (d *dataFolder) shared() bool { return d.nodes != nil }

// noKeys is the error of a process that would have to make a key of its own beside those of others.
func noKeys(path string, err error) error {
	return kerbside.E(kerbside.CodeUnavailable, "kerbside.noKeys", fmt.Sprintf("There is no key file %q. `kerbside keys new` makes both keys, once; each process that shares a database is given the same.", path), err)
}

// openBlobs opens where sealed sound lies: the data folder, or a bucket.
func openBlobs(ctx *cli.Context, getenv func(string) string) (blobs kerbside.BlobStore, closeThem func() error, err error) {
	address := ctx.String("blobs")
	if address == "" {
		files, err := fs.Open(blobsPath(ctx.String("data")))
		if err != nil {
			return nil, nothing, err
		}
		return files, files.Close, nil
	}
	o, err := s3.ParseURL(address, getenv)
	if err != nil {
		return nil, nothing, err
	}
	bucket, err := s3.Open(ctx.Context, o)
	return bucket, nothing, err
}

func nothing() error { return nil }

// unlock makes what is sealed readable.
func (c *command) unlock(ctx context.Context, d *dataFolder, master *seal.Master, journal seal.Erasures) (err error) {
	if d.ring, err = seal.NewRing(ctx, d.db, master, nil); err != nil {
		return err
	}
	d.ring.Journal = journal
	if old, ok := d.db.(seal.Rewriter); ok { // the engine that older ones had
		n, err := seal.Adopt(ctx, old, d.bare, d.ring)
		if err != nil {
			return err
		}
		if n > 0 {
			c.say("What an older Kerbside left unencrypted is encrypted now: %d visits.", n)
		}
		if _, err := seal.Divide(ctx, old, d.ring); err != nil {
			return err
		}
	}
	replayed, err := seal.Reconcile(ctx, d.db, d.bare, d.ring.Journal)
	if err != nil {
		return err
	}
	if len(replayed) > 0 {
		c.say("%d things that had been erased came back with a restore and are erased again.", len(replayed))
	}
	d.store, d.blobs = seal.NewStore(d.db, d.ring), seal.NewBlobs(d.bare, d.ring)
	return nil
}

// master reads the key file, and makes it when nothing was sealed yet and nobody else may be making another.
func (c *command) master(ctx context.Context, path string, db database, shares bool) (*seal.Master, error) {
	const op = "kerbside.master"
	m, err := seal.ReadMaster(path)
	if kerbside.CodeOf(err) != kerbside.CodeNotFound {
		return m, err
	}
	var keys []kerbside.DataKey
	if err := db.View(ctx, func(tx kerbside.Tx) (err error) { keys, err = tx.DataKeys("", "", 1); return err }); err != nil {
		return nil, err
	}
	if len(keys) > 0 {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The key file %q is missing, and nothing in this folder can be read without it. Put your copy of it there, or name its place with --key-file.", path), nil)
	}
	if shares {
		return nil, noKeys(path, err)
	}
	if m, err = seal.NewMaster(); err != nil {
		return nil, err
	}
	if err := m.Write(path, time.Now()); err != nil {
		return nil, err
	}
	c.loud("A MASTER KEY WAS MADE: "+path,
		"Everything that is recorded is encrypted with it. COPY THIS FILE NOW to a safe place that is not",
		"with the backups of the data: whoever has both can read everything, and without the key nobody can,",
		"you neither. `kerbside keys show` names it, `kerbside keys rotate` changes it.")
	return m, nil
}

// loud prints lines that a person must see, even one who wants quiet.
func (c *command) loud(lines ...string) {
	if c.json {
		for _, l := range lines {
			c.log.Error(l)
		}
		return
	}
	fmt.Fprintln(c.stderr, "**********")
	for _, l := range lines {
		fmt.Fprintln(c.stderr, "** "+l)
	}
	fmt.Fprintln(c.stderr, "**********")
}

func (d *dataFolder) close() error {
	errs := []error{d.closeBare()}
	if d.db != nil {
		errs = append(errs, d.db.Close())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Close())
	}
	return errors.Join(errs...)
}
