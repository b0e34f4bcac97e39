package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"

	"kerbside"
)

// Check reads a whole database and reports what is damaged. It writes nothing and may run beside a server.
func Check(ctx context.Context, path string) error {
	const op = "sqlite.Check"
	path, err := filepath.Abs(path)
	if err != nil {
		return failure(op, err)
	}
	q := url.Values{"mode": {"ro"}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())}}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return failure(op, err)
	}
	defer pool.Close() //nolint:errcheck // only read
	for _, pragma := range []string{"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"} {
		if err := checkOne(ctx, pool, pragma); err != nil {
			return kerbside.E(kerbside.CodeInternal, op, "The database is damaged.", err)
		}
	}
	return nil
}

func checkOne(ctx context.Context, pool *sql.DB, pragma string) error {
	rows, err := pool.QueryContext(ctx, pragma)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var first string
		if columns, err := rows.Columns(); err == nil && len(columns) > 1 {
			return fmt.Errorf("%s: a row points at one that is not there", pragma)
		}
		if err := rows.Scan(&first); err != nil {
			return err
		}
		if first != "ok" {
			return fmt.Errorf("%s: the file is not whole", pragma)
		}
	}
	return rows.Err()
}

// Check is Check of the database's file.
func (db *DB) Check(ctx context.Context) error { return Check(ctx, db.path) }
