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
	"kerbside/storage/postgres"
	"kerbside/storage/rows"
	"kerbside/storage/sqlite"
)

// database is where everything but sound is kept, on either engine.
type database interface {
	kerbside.Store
	kerbside.Queue
	// Check reads all of it and reports what is damaged.
	Check(ctx context.Context) error
	// Export reads all tables in one state; others write meanwhile, unless still. Import fills an empty database, all of it or nothing.
	Export(ctx context.Context, still bool, f func(rows.Reader) error) error
	Import(ctx context.Context, f func(rows.Writer) error) error
}

func databaseFlag() cli.Flag {
	return &cli.StringFlag{Name: "database", EnvVars: []string{"KERBSIDE_DATABASE"}, Usage: "keep everything but sound in `ADDRESS`: sqlite:FILE, or postgres://USER@HOST/NAME for several servers at once, password in PGPASSWORD or PGPASSFILE", DefaultText: "kerbside.db in the data folder"}
}

// address is where a database is: a file, or a server.
type address string

func databaseAddress(ctx *cli.Context) address {
	a := ctx.String("database")
	if a == "" {
		return address(databasePath(ctx.String("data")))
	}
	return addressOf(a)
}

func addressOf(a string) address {
	if postgres.IsURL(a) {
		return address(a)
	}
	return address(strings.TrimPrefix(a, "sqlite:"))
}

// server reports whether the database is a server's.
func (a address) server() bool { return postgres.IsURL(string(a)) }

// String is the address as it may be shown: without a password.
func (a address) String() string {
	if strings.Contains(string(a), "://") {
		return postgres.Redacted(string(a))
	}
	return string(a)
}

// there reports an error where nothing was ever kept.
func (a address) there() error {
	if a.server() {
		return nil // to open it tells
	}
	if _, err := os.Stat(string(a)); err != nil {
		return kerbside.E(kerbside.CodeNotFound, "kerbside.there", fmt.Sprintf("There is no Kerbside database at %q. Name its folder with --data, or its address with --database.", string(a)), err)
	}
	return nil
}

func (a address) open(ctx context.Context) (database, error) { return a.openWith(ctx, 0) }

// openWith is open where jobs are worked: lease is how long one is kept for a worker that is not heard of; 0 for the default.
func (a address) openWith(ctx context.Context, lease time.Duration) (database, error) {
	if a.server() {
		db, err := postgres.Open(ctx, string(a), postgres.Options{Lease: lease})
		if err != nil { // nothing, rather than nothing of a type
			return nil, err
		}
		return db, nil
	}
	db, err := sqlite.Open(ctx, string(a), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	return db, nil
}

// databaseFault says what is wrong with the address by its looks; "" when nothing is.
func databaseFault(ctx *cli.Context) string {
	a := ctx.String("database")
	if scheme, _, ok := strings.Cut(a, "://"); ok && !postgres.IsURL(a) {
		return fmt.Sprintf("database begins with %q, which is neither sqlite: nor postgres://.", scheme)
	}
	return ""
}

// check reads all of a database and reports what is damaged.
func (a address) check(ctx context.Context) error {
	if !a.server() {
		return sqlite.Check(ctx, string(a)) // writes nothing, not even newer tables
	}
	db, err := a.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(db.Check(ctx), db.Close())
}
