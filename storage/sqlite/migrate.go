package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"time"

	"kerbside/storage/rows"
)

//go:embed migrations/*.sql
var migrations embed.FS

func migrate(ctx context.Context, pool *sql.DB, now time.Time) error {
	if _, err := pool.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (
		number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, at INTEGER NOT NULL) STRICT`); err != nil {
		return err
	}
	all, err := rows.Migrations(migrations, "migrations")
	if err != nil {
		return err
	}
	for { // another process may take steps at the same time
		did, err := step(ctx, pool, all, now)
		if err != nil || !did {
			return err
		}
	}
}

// step takes the first step that the database lacks, in a transaction of its own, and tells whether there was one.
func step(ctx context.Context, pool *sql.DB, all []rows.Migration, now time.Time) (did bool, err error) {
	t, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer t.Rollback()
	have, err := takenSteps(ctx, t)
	if err != nil {
		return false, err
	}
	missing, err := rows.Missing(all, have)
	if err != nil || len(missing) == 0 {
		return false, err
	}
	m := missing[0]
	if _, err := t.ExecContext(ctx, m.SQL); err != nil {
		return false, fmt.Errorf("migration %s: %w", m.Name, err)
	}
	if _, err := t.ExecContext(ctx, "INSERT INTO migrations VALUES (?, ?, ?, ?)", m.Number, m.Name, m.SHA256, rows.Micros(now)); err != nil {
		return false, err
	}
	return true, t.Commit()
}

func takenSteps(ctx context.Context, t *sql.Tx) (map[int]string, error) {
	list, err := t.QueryContext(ctx, "SELECT number, sha256 FROM migrations")
	if err != nil {
		return nil, err
	}
	defer list.Close()
	have := map[int]string{}
	for list.Next() {
		var n int
		var sum string
		if err := list.Scan(&n, &sum); err != nil {
			return nil, err
		}
		have[n] = sum
	}
	return have, list.Err()
}
