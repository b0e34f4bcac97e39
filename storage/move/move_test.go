package move

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"

	"kerbside/storage/postgres"
	"kerbside/storage/postgres/pgtest"
	"kerbside/storage/rows"
	"kerbside/storage/sqlite"
)

// own are tables and columns that one engine has for itself, and that have nothing in them that is to be kept.
var own = []string{"migrations.number", "migrations.name", "migrations.sha256", "migrations.at", "jobs.expires", "jobs.urgency", "searched.n", "leaders.name", "leaders.node", "leaders.expires"}

// TestTables: what is moved is everything that either engine has. A new column or table that is not in rows.Tables fails here.
func TestTables(t *testing.T) {
	var want []string
	for _, table := range rows.Tables() {
		for _, c := range table.Columns {
			want = append(want, table.Name+"."+c.Name)
		}
	}
	slices.Sort(want)
	path := filepath.Join(t.TempDir(), "k.db")
	lite, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := lite.Close(); err != nil {
		t.Fatal(err)
	}
	have := map[string][]string{"SQLite": liteColumns(t, path), "PostgreSQL": serverColumns(t)}
	for engine, columns := range have {
		columns = slices.DeleteFunc(columns, func(c string) bool { return slices.Contains(own, c) })
		slices.Sort(columns)
		for _, c := range columns {
			if !slices.Contains(want, c) {
				t.Errorf("%s has %s, which is not moved", engine, c)
			}
		}
		for _, c := range want {
			if !slices.Contains(columns, c) && c != "searched.words" {
				t.Errorf("%s has no %s", engine, c)
			}
		}
	}
}

func liteColumns(t *testing.T, path string) (out []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	list, err := db.QueryContext(t.Context(), "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'search' AND m.name NOT LIKE 'search\\_%' ESCAPE '\\'")
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for list.Next() {
		var c string
		if err := list.Scan(&c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func serverColumns(t *testing.T) []string {
	t.Helper()
	address := newServer(t)
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	list, err := c.Query(t.Context(), "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'")
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(list, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func newServer(t *testing.T) string {
	t.Helper()
	return pgtest.URL(t, func(ctx context.Context, address string) error {
		db, err := postgres.Open(ctx, address, postgres.Options{})
		if err != nil {
			return err
		}
		return db.Close()
	})
}
