package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"kerbside"
)

// Snapshot writes a consistent copy of the database at path to a new file, while a server may be writing to it. Once it returns, the copy is
// on disk.
func Snapshot(ctx context.Context, path, to string) error {
	const op = "sqlite.Snapshot"
	path, err := filepath.Abs(path)
	if err != nil {
		return failure(op, err)
	}
	if err := createFile(to); err != nil { // private, as SQLite would not make it; it takes an empty file
		return kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("%q cannot be written. Check its folder.", to), err)
	}
	q := url.Values{"mode": {"ro"}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())}}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String())
	if err != nil {
		return failure(op, err)
	}
	_, err = pool.ExecContext(ctx, "VACUUM INTO ?", to)
	if err = errors.Join(err, pool.Close()); err != nil {
		return failure(op, err)
	}
	f, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return failure(op, err)
	}
	return failure(op, errors.Join(f.Sync(), f.Close()))
}
