package postgres

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"

	"kerbside"
	"kerbside/storage/rows"
)

// Export runs f on all tables in one state, while others write, unless still: then they wait for its end.
func (db *DB) Export(ctx context.Context, still bool, f func(rows.Reader) error) error {
	o := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if still {
		o.AccessMode = pgx.ReadWrite // as locks are
	}
	return failure("postgres.Export", pgx.BeginTxFunc(ctx, db.pool, o, func(t pgx.Tx) error {
		if still {
			if err := lockTables(ctx, t, "SHARE"); err != nil {
				return err
			}
		}
		return f(tables{t})
	}))
}

// Import runs f on a database that is empty; CodeConflict when it is not. Others see all of it or nothing.
func (db *DB) Import(ctx context.Context, f func(rows.Writer) error) error {
	return failure("postgres.Import", pgx.BeginFunc(ctx, db.pool, func(t pgx.Tx) error {
		if err := lockTables(ctx, t, "EXCLUSIVE"); err != nil {
			return err
		}
		for _, table := range rows.Tables() {
			var some bool
			if err := t.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+table.Name+")").Scan(&some); err != nil {
				return err
			}
			if some {
				return kerbside.E(kerbside.CodeConflict, "postgres.Import", "There is something in this database already. Name one that is empty.", fmt.Errorf("table %s", table.Name))
			}
		}
		if err := f(tables{t}); err != nil {
			return err
		}
		for _, table := range rows.Tables() { // numbers go on after those that came in
			if table.Numbered() {
				if _, err := t.Exec(ctx, "SELECT setval(pg_get_serial_sequence($1, 'n'), (SELECT COALESCE(max(n), 0) + 1 FROM "+table.Name+"), false)", table.Name); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func lockTables(ctx context.Context, t pgx.Tx, mode string) error {
	var names []string
	for _, table := range rows.Tables() {
		names = append(names, table.Name)
	}
	_, err := t.Exec(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN "+mode+" MODE")
	return err
}

// tables are a [rows.Writer] in one transaction.
type tables struct{ pgx.Tx }

func columns(table rows.Table) (read, write []string) {
	for _, c := range table.Columns {
		name := pgx.Identifier{c.Name}.Sanitize()
		write = append(write, c.Name)
		if c.Kind == rows.Words {
			name = "array_to_string(" + name + ", ' ')"
		}
		read = append(read, name)
	}
	return read, write
}

// Rows implements [rows.Reader].
func (t tables) Rows(ctx context.Context, table rows.Table) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		read, _ := columns(table)
		var key []string
		for _, k := range table.Key {
			key = append(key, pgx.Identifier{k}.Sanitize())
		}
		list, err := t.Query(ctx, "SELECT "+strings.Join(read, ", ")+" FROM "+table.Name+" ORDER BY "+strings.Join(key, ", "))
		if err != nil {
			yield(nil, failure("postgres.Rows", err))
			return
		}
		defer list.Close()
		values, into := rows.Scanned(table)
		for list.Next() {
			if err := list.Scan(into...); err != nil {
				yield(nil, failure("postgres.Rows", err))
				return
			}
			if !yield(values(), nil) {
				return
			}
		}
		if err := list.Err(); err != nil {
			yield(nil, failure("postgres.Rows", err))
		}
	}
}

// Put implements [rows.Writer].
func (t tables) Put(ctx context.Context, table rows.Table, list iter.Seq2[[]any, error]) (int64, error) {
	_, names := columns(table)
	next, stop := iter.Pull2(list)
	defer stop()
	n, err := t.CopyFrom(ctx, pgx.Identifier{table.Name}, names, pgx.CopyFromFunc(func() ([]any, error) {
		row, err, ok := next()
		if err != nil || !ok {
			return nil, err
		}
		if table.Columns[len(row)-1].Kind == rows.Words {
			row[len(row)-1] = strings.Fields(row[len(row)-1].(string))
		}
		return row, nil
	}))
	return n, failure("postgres.Put", err)
}
