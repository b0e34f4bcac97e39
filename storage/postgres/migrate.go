package postgres

import (
	"context"
	"embed"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kerbside/storage/rows"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrateLock is held while steps are taken: several processes may start at once.
const migrateLock = 0x6b657262 // "kerb"

func (db *DB) migrate(ctx context.Context) error {
	all, err := rows.Migrations(migrations, "migrations")
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, db.pool, func(t pgx.Tx) error { // all steps or none: the server can
		if _, err := t.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(migrateLock)); err != nil {
			return err
		}
		if _, err := t.Exec(ctx, `CREATE TABLE IF NOT EXISTS migrations (
			number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL)`); err != nil {
			return err
		}
		have := map[int]string{}
		list, err := t.Query(ctx, "SELECT number, sha256 FROM migrations")
		if err != nil {
			return err
		}
		var n int
		var sum string
		if _, err := pgx.ForEachRow(list, []any{&n, &sum}, func() error { have[n] = sum; return nil }); err != nil {
			return err
		}
		missing, err := rows.Missing(all, have)
		for _, m := range missing {
			if err != nil {
				break
			}
			if _, err = t.Exec(ctx, m.SQL); err != nil {
				return fmt.Errorf("migration %s: %w", m.Name, err)
			}
			_, err = t.Exec(ctx, "INSERT INTO migrations VALUES ($1, $2, $3, $4)", m.Number, m.Name, m.SHA256, rows.Micros(db.now()))
		}
		return err
	})
}
