package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// Migrations are numbered from 1 without gaps and never changed once released: each is kept with its hash.
//
//go:embed migrations/*.sql
var migrations embed.FS

func migrate(ctx context.Context, pool *sql.DB, now time.Time) error {
	if _, err := pool.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (
		number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, at INTEGER NOT NULL) STRICT`); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var newest int
	if err := pool.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM migrations").Scan(&newest); err != nil {
		return err
	}
	if newest > len(names) {
		return kerbside.E(kerbside.CodeUnavailable, "sqlite.migrate", "A newer Kerbside wrote this database. Start that one, or a newer one.", fmt.Errorf("migration %d of %d", newest, len(names)))
	}
	for i, name := range names {
		if err := apply(ctx, pool, i+1, name, now); err != nil {
			return fmt.Errorf("migration %s: %w", path.Base(name), err)
		}
	}
	return nil
}

// apply runs one migration unless it was, in a transaction of its own.
func apply(ctx context.Context, pool *sql.DB, number int, name string, now time.Time) error {
	digits, _, _ := strings.Cut(path.Base(name), "_")
	if n, err := strconv.Atoi(digits); err != nil || n != number {
		return fmt.Errorf("expected number %d", number)
	}
	body, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	sum := kerbside.HexSHA256(body)
	t, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	var have string
	err = t.QueryRowContext(ctx, "SELECT sha256 FROM migrations WHERE number = ?", number).Scan(&have)
	switch {
	case err == nil && have != sum:
		return fmt.Errorf("the database has another migration %d than this program", number)
	case err == nil:
		return nil
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	if _, err := t.ExecContext(ctx, string(body)); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, "INSERT INTO migrations VALUES (?, ?, ?, ?)", number, path.Base(name), sum, micros(now)); err != nil {
		return err
	}
	return t.Commit()
}

// micros are the microseconds that times are kept in; 0 is the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
