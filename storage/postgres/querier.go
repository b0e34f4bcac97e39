package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"kerbside"
	"kerbside/storage/rows"
)

// querier is one transaction. It begins with its first statement: that names the organisation as a rule, and its turn has to come before the
// transaction sees anything, as it would see what was before the turn.
type querier struct {
	db   *DB
	view bool

	org       kerbside.OrganisationID // whose turn it is; "" when none was taken
	about     kerbside.OrganisationID // what it turned out to be about when none was
	conn      *pgxpool.Conn
	leave     func()
	locked    bool
	committed bool  // COMMIT was sent: it may hold whatever is heard of it
	failed    error // of the first statement that failed
	enqueued  bool
	erased    bool
}

// commitTime bounds how long it may take to hear of a commit.
const commitTime = 30 * time.Second

// run runs f in the transaction.
func (q *querier) run(ctx context.Context, f func(kerbside.Tx) error) (err error) {
	done := false
	defer func() {
		if !done { // f failed or panicked
			q.abandon(ctx)
		}
	}()
	t := rows.New(ctx, q, &dialect, q.db.now)
	if err := f(t); err != nil {
		return err
	}
	if q.conn == nil && !q.view { // nothing was asked; that it could be is a promise too
		if err := q.begin(ctx, nil); err != nil {
			return err
		}
	}
	q.enqueued, q.erased = t.Enqueued, t.Erased
	err = q.commit(ctx)
	done = err == nil
	return err
}

// begin waits for the turn of the organisation that the arguments name, and begins.
func (q *querier) begin(ctx context.Context, args []any) (err error) {
	begin := "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	if !q.view {
		begin = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
		if q.org == "" {
			q.org = organisationOf(args)
		}
	}
	if q.org != "" { // those of this process wait without a connection
		if q.leave, err = q.db.turns.take(ctx, q.org); err != nil {
			return err
		}
	}
	if q.conn, err = q.db.pool.Acquire(ctx); err != nil {
		return err
	}
	statements := []string{begin}
	if q.org != "" {
		q.locked = true
		statements = []string{fmt.Sprintf("SELECT pg_advisory_lock(%d)", lockOf(q.org)), begin}
	}
	return together(ctx, q.conn.Conn().PgConn(), statements...)
}

func (q *querier) commit(ctx context.Context) error {
	if q.conn == nil {
		return nil
	}
	if q.failed != nil { // f did not tell of it, but the server has given the transaction up
		return q.failed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// From here on it is seen to its end, so that it is known what became of it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	statements := []string{"COMMIT"}
	if q.enqueued {
		statements = append(statements, "NOTIFY "+channel)
	}
	if q.locked {
		statements = append(statements, fmt.Sprintf("SELECT pg_advisory_unlock(%d)", lockOf(q.org)))
	}
	q.committed = true
	results, err := q.conn.Conn().PgConn().Exec(ctx, strings.Join(statements, ";")).ReadAll()
	if len(results) > 0 && results[0].Err == nil && results[0].CommandTag.String() == "COMMIT" { // it holds, whatever became of the rest
		if err != nil {
			q.close(ctx)
		}
		q.end()
		return nil
	}
	if err == nil {
		err = pgx.ErrTxCommitRollback
	}
	var said *pgconn.PgError
	if errors.As(err, &said) || errors.Is(err, pgx.ErrTxCommitRollback) { // it surely does not hold
		q.committed = false
		return err
	}
	return kerbside.E(kerbside.CodeUnavailable, "postgres.commit", "The database was lost at the moment of keeping this, so it may have been kept or not. Look before you do it again.", err)
}

// abandon rolls back.
func (q *querier) abandon(ctx context.Context) {
	if q.conn != nil && !q.conn.Conn().IsClosed() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := together(ctx, q.conn.Conn().PgConn(), "ROLLBACK", "SELECT pg_advisory_unlock_all()"); err != nil {
			q.close(ctx)
		}
	}
	q.end()
}

// close ends the connection, and with it whatever it held.
func (q *querier) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = q.conn.Conn().Close(ctx)
}

func (q *querier) end() {
	if q.conn != nil {
		q.conn.Release()
	}
	if q.leave != nil {
		q.leave()
		q.leave = nil
	}
}

// again reports whether a transaction that ended in an error did not happen and may if it is run once more.
func (q *querier) again(err error) bool {
	if q.committed {
		return false
	}
	for _, e := range []error{q.failed, err} { // f may have made another error of it
		if e != nil && (hasCode(e, codeSerialize, codeDeadlock) || lost(e)) {
			return true
		}
	}
	return false
}

// Exec implements [rows.Querier].
func (q *querier) Exec(ctx context.Context, query string, args ...any) error {
	if err := q.ready(ctx, args); err != nil {
		return err
	}
	_, err := q.conn.Exec(ctx, numbered(query), values(args)...)
	return q.note(err)
}

// Query implements [rows.Querier].
func (q *querier) Query(ctx context.Context, query string, args ...any) (rows.Rows, error) {
	if err := q.ready(ctx, args); err != nil {
		return nil, err
	}
	list, err := q.conn.Query(ctx, numbered(query), values(args)...)
	if err != nil {
		return nil, q.note(err)
	}
	return listed{list, q}, nil
}

func (q *querier) ready(ctx context.Context, args []any) error {
	if q.failed != nil {
		return q.failed
	}
	if q.conn != nil {
		if q.org == "" && q.about == "" {
			q.about = organisationOf(args)
		}
		return nil
	}
	return q.note(q.begin(ctx, args))
}

// organisationOf is the first that arguments name; "" for none.
func organisationOf(args []any) kerbside.OrganisationID {
	for _, a := range args {
		if o, ok := a.(kerbside.OrganisationID); ok {
			return o
		}
	}
	return ""
}

func (q *querier) note(err error) error {
	if err != nil && q.failed == nil {
		q.failed = err
	}
	return err
}

type listed struct {
	pgx.Rows
	q *querier
}

func (l listed) Err() error { return l.q.note(l.Rows.Err()) }

// together sends statements at once, each a transaction of its own: what comes after a lock is on its way before it is had, so a process that stands still in between
// keeps nobody waiting for ever.
func together(ctx context.Context, c *pgconn.PgConn, statements ...string) error {
	p := c.StartPipeline(ctx)
	for _, s := range statements {
		p.SendQueryParams(s, nil, nil, nil, nil)
		p.SendPipelineSync()
	}
	err := p.Flush()
	for err == nil {
		var result any
		result, err = p.GetResults()
		if result == nil && err == nil {
			break
		}
		if r, ok := result.(*pgconn.ResultReader); ok {
			_, err = r.Close()
		}
	}
	return errors.Join(err, p.Close())
}

var (
	userColumn = regexp.MustCompile(`\buser\b`)
	statements sync.Map // of package rows, as this server wants them
)

// numbered marks arguments as PostgreSQL does, and the one name of a column that it keeps for itself.
func numbered(query string) string {
	if s, ok := statements.Load(query); ok {
		return s.(string)
	}
	var b strings.Builder
	n := 0
	for _, r := range userColumn.ReplaceAllString(query, `"user"`) {
		if r == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(r)
	}
	if n <= 32 { // longer ones are lists, each another
		statements.Store(query, b.String())
	}
	return b.String()
}

// values are arguments as the driver takes them without asking.
func values(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := reflect.ValueOf(a); v.Kind() {
		case reflect.String:
			out[i] = v.String()
		case reflect.Int, reflect.Int64:
			out[i] = v.Int()
		case reflect.Slice:
			out[i] = a
			if v.Type().Elem().Kind() == reflect.Uint8 {
				out[i] = v.Bytes()
			}
		default:
			out[i] = a
		}
	}
	return out
}

// lockOf is the lock that an organisation's writers take turns by.
func lockOf(o kerbside.OrganisationID) int64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, "kerbside organisation "+string(o))
	return int64(h.Sum64())
}

// pause grows with each try, and no two are the same.
func pause(try int) time.Duration {
	return time.Duration(rand.Int64N(int64(min(5*time.Millisecond<<try, 250*time.Millisecond)))) + time.Millisecond //nolint:gosec // only so that two do not meet again
}

// turns are those of an organisation's writers within this process. The zero value is ready.
type turns struct {
	mu sync.Mutex
	of map[kerbside.OrganisationID]*turn
}

type turn struct {
	free    chan struct{}
	waiting int
}

// take waits for a turn; leave ends it.
func (t *turns) take(ctx context.Context, o kerbside.OrganisationID) (leave func(), err error) {
	t.mu.Lock()
	if t.of == nil {
		t.of = map[kerbside.OrganisationID]*turn{}
	}
	own := t.of[o]
	if own == nil {
		own = &turn{free: make(chan struct{}, 1)}
		own.free <- struct{}{}
		t.of[o] = own
	}
	own.waiting++
	t.mu.Unlock()
	gone := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if own.waiting--; own.waiting == 0 {
			delete(t.of, o)
		}
	}
	select {
	case <-own.free:
		return func() { own.free <- struct{}{}; gone() }, nil
	case <-ctx.Done():
		gone()
		return nil, ctx.Err()
	}
}
