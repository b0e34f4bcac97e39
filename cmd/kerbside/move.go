package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"kerbside/storage/backup"
	"kerbside/storage/move"
	"kerbside/storage/rows"
	"kerbside/storage/sqlite"
)

// snapshot writes a copy of the database to a new SQLite file, whatever engine it is on, while servers write to it.
func (a address) snapshot(ctx context.Context, to string) error {
	if !a.server() {
		return sqlite.Snapshot(ctx, string(a), to)
	}
	db, err := a.open(ctx)
	if err != nil {
		return err
	}
	_, err = intoFile(ctx, db, false, to)
	return errors.Join(err, db.Close())
}

// intoFile copies a database to a new SQLite file, which is on disk once it returns.
func intoFile(ctx context.Context, from database, still bool, to string) ([]move.Table, error) {
	file, err := sqlite.Open(ctx, to, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	done, err := between(ctx, from, still, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(to, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return nil, dataError("kerbside.intoFile", filepath.Dir(to), err)
	}
	return done, nil
}

// between copies everything from one database to another, which is empty.
func between(ctx context.Context, from database, still bool, to database) (done []move.Table, err error) {
	err = to.Import(ctx, func(w rows.Writer) error {
		return from.Export(ctx, still, func(r rows.Reader) error {
			done, err = move.Copy(ctx, r, w)
			return err
		})
	})
	return done, err
}

// target is where a backup's snapshot is put back.
func (a address) target() backup.Database {
	if a.server() {
		return serverTarget{a}
	}
	return backup.DatabaseFile(a)
}

type serverTarget struct{ at address }

// Empty implements [backup.Database].
func (t serverTarget) Empty(ctx context.Context) error {
	db, err := t.at.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(db.Import(ctx, func(rows.Writer) error { return nil }), db.Close())
}

// Put implements [backup.Database].
func (t serverTarget) Put(ctx context.Context, snapshot string) (err error) {
	folder, err := os.MkdirTemp("", "kerbside-restore-") // opening it may bring older tables up to date
	if err != nil {
		return dataError("kerbside.Put", os.TempDir(), err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "kerbside.db")
	if err := copyFile(snapshot, file); err != nil {
		return dataError("kerbside.Put", folder, err)
	}
	from, err := address(file).open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	db, err := t.at.open(ctx)
	if err != nil {
		return err
	}
	_, err = between(ctx, from, true, db)
	return errors.Join(err, db.Close())
}

func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, filePerm)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
