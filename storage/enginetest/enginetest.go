// Package enginetest opens the database that tests of higher rooms run on: SQLite, or what KERBSIDE_TEST_DATABASE says, "postgres" or "twice".
package enginetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/postgres"
	"kerbside/storage/postgres/pgtest"
	"kerbside/storage/sqlite"
)

// Variable is the environment variable that chooses the engine.
const Variable = "KERBSIDE_TEST_DATABASE"

// Engines that a test may ask for.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
	// Twice is SQLite where each change is made, undone and made again, as an engine with many writers may have to.
	Twice = "twice"
)

// Database is a store and its queue.
type Database interface {
	kerbside.Store
	kerbside.Queue
}

// New gives what opens a new database, empty at first; again and again it is the same one. folder is for its files.
func New(t testing.TB, folder string) func(context.Context) (Database, error) {
	t.Helper()
	engine := os.Getenv(Variable)
	if engine == "" {
		engine = SQLite
	}
	return On(t, engine, folder)
}

// On is New on an engine.
func On(t testing.TB, engine, folder string) func(context.Context) (Database, error) {
	t.Helper()
	backoff := func(int) time.Duration { return 20 * time.Millisecond }
	open := func(ctx context.Context) (Database, error) {
		return sqlite.Open(ctx, filepath.Join(folder, "k.db"), sqlite.Options{Backoff: backoff})
	}
	switch engine {
	case SQLite:
		return open
	case Twice:
		return func(ctx context.Context) (Database, error) {
			db, err := open(ctx)
			if err != nil {
				return nil, err
			}
			return twice{db}, nil
		}
	case Postgres:
		address := pgtest.URL(t, func(ctx context.Context, address string) error {
			db, err := postgres.Open(ctx, address, postgres.Options{})
			if err != nil {
				return err
			}
			return db.Close()
		})
		return func(ctx context.Context) (Database, error) {
			return postgres.Open(ctx, address, postgres.Options{Backoff: backoff})
		}
	}
	t.Fatalf("%s=%q: %s, %s or %s", Variable, engine, SQLite, Postgres, Twice)
	return nil
}

var errUndone = errors.New("undone")

type twice struct{ Database }

// Update implements [kerbside.Store].
func (d twice) Update(ctx context.Context, f func(kerbside.Tx) error) error {
	err := d.Database.Update(ctx, func(tx kerbside.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errUndone
	})
	if !errors.Is(err, errUndone) {
		return err
	}
	return d.Database.Update(ctx, f)
}
