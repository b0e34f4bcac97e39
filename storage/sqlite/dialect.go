package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"kerbside"
	"kerbside/storage/rows"
)

var dialect = rows.Dialect{
	DayOfCreated: "strftime('%Y-%m-%d', created / 1000000, 'unixepoch')",
	AnyOf:        " IN (SELECT value FROM json_each(?))",
	Failure:      failure,
	Matches:      "n IN (SELECT rowid FROM search WHERE search MATCH ?)",
	Match: func(words []string) any {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
		}
		return strings.Join(quoted, " AND ")
	},
	PutSearch: func(t rows.Statements, org kerbside.OrganisationID, v kerbside.VisitID, words []string) error {
		const op = "sqlite.PutSearch"
		if err := dropWords(t, org, v); err != nil {
			return err
		}
		if err := t.Exec(op, "INSERT OR IGNORE INTO searched (org, visit) VALUES (?, ?)", org, v); err != nil {
			return err
		}
		return t.Exec(op, "INSERT INTO search (rowid, words) SELECT n, ? FROM searched WHERE org = ? AND visit = ?", strings.Join(words, " "), org, v)
	},
	DropSearch: func(t rows.Statements, org kerbside.OrganisationID, v kerbside.VisitID) error {
		if err := dropWords(t, org, v); err != nil {
			return err
		}
		return t.Exec("sqlite.DropSearch", "DELETE FROM searched WHERE org = ? AND visit = ?", org, v)
	},
}

func dropWords(t rows.Statements, org kerbside.OrganisationID, v kerbside.VisitID) error {
	return t.Exec("sqlite.dropWords", "DELETE FROM search WHERE rowid = (SELECT n FROM searched WHERE org = ? AND visit = ?)", org, v)
}

// querier is a transaction as package rows wants it.
type querier struct{ *sql.Tx }

func (q querier) Exec(ctx context.Context, query string, args ...any) error {
	_, err := q.ExecContext(ctx, query, args...)
	return err
}

func (q querier) Query(ctx context.Context, query string, args ...any) (rows.Rows, error) {
	list, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return listed{list}, nil
}

type listed struct{ *sql.Rows }

func (l listed) Close() { _ = l.Rows.Close() } // what could fail is in Err
