// Package rows is everything but sound as rows of an SQL database: the transaction of [kerbside.Tx], said once for all engines, and the list of tables.
// An engine brings the connection, the tables themselves (its migrations) and what it says otherwise (Dialect).
package rows

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"kerbside"
)

// Querier runs statements of one transaction. Arguments are marked by "?".
type Querier interface {
	Exec(ctx context.Context, query string, args ...any) error
	Query(ctx context.Context, query string, args ...any) (Rows, error)
}

// Rows is what a query gives.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Dialect is what engines say differently.
type Dialect struct {
	DayOfCreated string // expression: the day (UTC) of the column created, as ISO 8601
	AnyOf        string // follows a column: whether it is one of a list of texts, which is the one argument, as JSON
	ForUpdate    string // follows a query whose rows nobody else may change until the end of the transaction; "" where there is one writer
	Failure      func(op string, err error) error

	// PutSearch sets the words of a visit, which are some. Matches follows the table searched: whether a row has all words, given as what Match makes of them.
	PutSearch  func(s Statements, o kerbside.OrganisationID, v kerbside.VisitID, words []string) error
	DropSearch func(s Statements, o kerbside.OrganisationID, v kerbside.VisitID) error
	Matches    string
	Match      func(words []string) any
}

// Statements runs those of an engine's own.
type Statements interface {
	Exec(op, query string, args ...any) error
}

// Tx is a [kerbside.Tx] on one transaction of an engine.
type Tx struct{ tx }

// tx has the methods of a Tx; they are spread over the files of this package by what they are about.
type tx struct {
	ctx context.Context
	q   Querier
	now func() time.Time
	d   *Dialect

	Enqueued bool // a job was added
	Erased   bool // a key was destroyed

	// Insert is what adds rows that are only ever added, instead of "INSERT": to seal what an older program left plain, and for nothing else.
	Insert string
}

var _ kerbside.Tx = (*Tx)(nil)

// New makes a Tx on one transaction of an engine.
func New(ctx context.Context, q Querier, d *Dialect, now func() time.Time) *Tx {
	return &Tx{tx{ctx: ctx, q: q, d: d, now: now}}
}

// Exec implements [Statements].
func (t *tx) Exec(op, query string, args ...any) error { return t.exec(op, query, args...) }

func (t *tx) exec(op, query string, args ...any) error {
	return t.d.Failure(op, t.q.Exec(t.ctx, query, args...))
}

// add is exec for rows that are only ever added.
func (t *tx) add(op, query string, args ...any) error {
	if t.Insert != "" {
		query = strings.Replace(query, "INSERT", t.Insert, 1)
	}
	return t.exec(op, query, args...)
}

// row is one of Rows.
type row interface{ Scan(dest ...any) error }

func one[T any](t *tx, op string, scan func(row) (T, error), query string, args ...any) (v T, err error) {
	var none T
	rows, err := t.q.Query(t.ctx, query, args...)
	if err != nil {
		return none, t.d.Failure(op, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return none, t.d.Failure(op, err)
		}
		return none, kerbside.E(kerbside.CodeNotFound, op, "There is nothing of that name.", nil)
	}
	if v, err = scan(rows); err != nil {
		return none, t.d.Failure(op, err)
	}
	rows.Close() // a statement that also writes has done so by now
	if err := rows.Err(); err != nil {
		return none, t.d.Failure(op, err)
	}
	return v, nil
}

func many[T any](t *tx, op string, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.q.Query(t.ctx, query, args...)
	if err != nil {
		return nil, t.d.Failure(op, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, t.d.Failure(op, err)
		}
		out = append(out, v)
	}
	return out, t.d.Failure(op, rows.Err())
}

// Micros are the microseconds that times are kept in; 0 is the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// FromMicros is the time of Micros, in UTC.
func FromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// micro scans a time.
type micro struct{ t *time.Time }

func (m micro) Scan(v any) error {
	us, _ := v.(int64)
	*m.t = FromMicros(us)
	return nil
}

// PutOrganisation implements [kerbside.Tx].
func (t *tx) PutOrganisation(o kerbside.Organisation) error {
	return t.exec("rows.PutOrganisation", `INSERT INTO organisations (id, name) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name`, o.ID, o.Name)
}

// Organisations implements [kerbside.Tx].
func (t *tx) Organisations() ([]kerbside.Organisation, error) {
	return many(t, "rows.Organisations", func(r row) (o kerbside.Organisation, err error) {
		return o, r.Scan(&o.ID, &o.Name)
	}, "SELECT id, name FROM organisations ORDER BY name, id")
}

// marks are n placeholders; for none, what nothing is equal to.
func marks(n int) string {
	if n == 0 {
		return "NULL"
	}
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// listed is the argument of a Dialect's AnyOf.
func listed[T ~string](list []T) (string, error) {
	if list == nil {
		return "[]", nil
	}
	return toJSON(list)
}
