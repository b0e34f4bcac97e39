package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"kerbside"
	"kerbside/storage/rows"
)

// Export runs f on all tables in one state, while others write, unless still: then they wait for its end.
func (db *DB) Export(ctx context.Context, still bool, f func(rows.Reader) error) error {
	pool := db.read
	if still {
		pool = db.write
	}
	return failure("sqlite.Export", inTables(ctx, pool, func(t tables) error { return f(t) }))
}

// Import runs f on a database that is empty; CodeConflict when it is not.
func (db *DB) Import(ctx context.Context, f func(rows.Writer) error) error {
	return failure("sqlite.Import", inTables(ctx, db.write, func(t tables) error {
		for _, table := range rows.Tables() {
			var some bool
			if err := t.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+table.Name+")").Scan(&some); err != nil {
				return err
			}
			if some {
				return kerbside.E(kerbside.CodeConflict, "sqlite.Import", "There is something in this database already. Name one that is not there yet.", nil)
			}
		}
		return f(t)
	}))
}

func inTables(ctx context.Context, pool *sql.DB, f func(tables) error) error {
	t, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	if err := f(tables{t}); err != nil {
		return err
	}
	return t.Commit()
}

// tables are a [rows.Writer] in one transaction.
type tables struct{ *sql.Tx }

// Rows implements [rows.Reader].
func (t tables) Rows(ctx context.Context, table rows.Table) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		query := "SELECT " + strings.Join(table.Names(), ", ") + " FROM " + table.Name + " ORDER BY " + strings.Join(table.Key, ", ")
		if table.Name == "searched" {
			query = "SELECT org, visit, words FROM searched JOIN search ON search.rowid = searched.n ORDER BY org, visit"
		}
		list, err := t.QueryContext(ctx, query)
		if err != nil {
			yield(nil, failure("sqlite.Rows", err))
			return
		}
		defer list.Close()
		values, into := rows.Scanned(table)
		for list.Next() {
			if err := list.Scan(into...); err != nil {
				yield(nil, failure("sqlite.Rows", err))
				return
			}
			if !yield(values(), nil) {
				return
			}
		}
		if err := list.Err(); err != nil {
			yield(nil, failure("sqlite.Rows", err))
		}
	}
}

// Put implements [rows.Writer].
func (t tables) Put(ctx context.Context, table rows.Table, list iter.Seq2[[]any, error]) (n int64, err error) {
	const op = "sqlite.Put"
	names := table.Names()
	if table.Name == "searched" {
		names = names[:2]
	}
	insert, err := t.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table.Name, strings.Join(names, ", "), strings.TrimSuffix(strings.Repeat("?, ", len(names)), ", ")))
	if err != nil {
		return 0, failure(op, err)
	}
	defer insert.Close() //nolint:errcheck // what could fail has
	for row, err := range list {
		if err != nil {
			return n, err
		}
		done, err := insert.ExecContext(ctx, row[:len(names)]...)
		if err == nil && len(row) > len(names) { // the words lie beside, under the number of their row
			var id int64
			if id, err = done.LastInsertId(); err == nil {
				_, err = t.ExecContext(ctx, "INSERT INTO search (rowid, words) VALUES (?, ?)", id, row[2])
			}
		}
		if err != nil {
			return n, failure(op, err)
		}
		n++
	}
	return n, nil
}
