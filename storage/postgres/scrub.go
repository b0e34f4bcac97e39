package postgres

import (
	"context"
	"time"

	"kerbside/storage/rows"
)

const (
	scrubAfter = 5 * time.Second // so that what is erased in one go is scrubbed once
	scrubRetry = time.Minute     // when others kept the table busy
	scrubTime  = time.Minute
)

// scrubber writes the table of keys anew after some were destroyed: the server keeps old rows until then, and their bytes for longer. It ends with the context; what
// is left to do then is done at the next start.
func (db *DB) scrubber(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-db.erased:
		}
		rows.Sleep(ctx, nil, db.scrubAfter)
		for ctx.Err() == nil && db.scrub(ctx) != nil {
			rows.Sleep(ctx, nil, scrubRetry)
		}
	}
}

func (db *DB) scrub(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, scrubTime)
	defer cancel()
	c, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	// Whoever wants a key waits for the time of writing some hundred bytes a key; nobody waits for long before it begins.
	for _, statement := range []string{"SET lock_timeout = '2s'", "VACUUM (FULL) data_keys", "VACUUM digests, searched", "SET lock_timeout = '" + lockTimeout + "'"} {
		if _, err := c.Exec(ctx, statement); err != nil {
			c.Conn().Close(context.WithoutCancel(ctx)) //nolint:errcheck,gosec // its settings are not those that others expect
			return err
		}
	}
	return nil
}

// scrubOnce asks for what an earlier process may have left.
func (db *DB) scrubOnce(ctx context.Context) error {
	var some bool
	if err := db.pool.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM data_keys WHERE erased <> 0)").Scan(&some); err != nil {
		return err
	}
	if some {
		db.scrubSoon()
	}
	return nil
}

func (db *DB) scrubSoon() {
	select {
	case db.erased <- struct{}{}:
	default:
	}
}
