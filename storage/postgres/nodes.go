package postgres

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"kerbside"
	"kerbside/storage/rows"
)

const newsChannel = "kerbside_news"

// Node is one process among those on a database.
type Node struct {
	db *DB
	id string
}

var _ kerbside.Nodes = (*Node)(nil)

// Join gives a process its part in what all on this database share.
func (db *DB) Join() (*Node, error) {
	id, err := kerbside.NewID(rand.Reader, "n")
	return &Node{db, id}, err
}

// notice is news as the server carries it.
type notice struct {
	Node   string                  `json:"n"`
	Org    kerbside.OrganisationID `json:"o"`
	Kind   kerbside.NewsKind       `json:"k"`
	Object string                  `json:"i"`
	Body   []byte                  `json:"b,omitempty"`
}

// Tell implements [kerbside.Nodes]. Notices go apart from the transactions that they tell of: the server orders the commits of all that notify.
func (n *Node) Tell(ctx context.Context, news kerbside.News) error {
	const op = "postgres.Tell"
	text, err := json.Marshal(notice{n.id, news.Org, news.Kind, news.Object, news.Body})
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if len(text) >= 8000 { // what the server takes
		return kerbside.E(kerbside.CodeTooLarge, op, "This is too long to be told to other nodes.", nil)
	}
	var b pgx.Batch
	b.Queue(lazily)
	b.Queue("SELECT pg_notify($1, $2)", newsChannel, string(text))
	return failure(op, n.db.pool.SendBatch(ctx, &b).Close())
}

// Listen implements [kerbside.Nodes].
func (n *Node) Listen(ctx context.Context, f func(kerbside.News)) error {
	const op = "postgres.Listen"
	err := n.db.hear(ctx, newsChannel, func(payload string) {
		var x notice
		if json.Unmarshal([]byte(payload), &x) == nil && x.Node != n.id {
			f(kerbside.News{Org: x.Org, Kind: x.Kind, Object: x.Object, Body: x.Body})
		}
	})
	if ctx.Err() != nil { // it was to end
		err = nil
	}
	return failure(op, err)
}

// hear calls f with what comes on a channel, and once with "" when it begins to listen, until ctx ends or the connection breaks.
func (db *DB) hear(ctx context.Context, channel string, f func(payload string)) error {
	c, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	own := c.Hijack() // it waits all the time, and is no use to others
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = own.Close(ctx)
	}()
	if _, err := own.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	f("")
	for {
		got, err := own.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		f(got.Payload)
	}
}

// Lead implements [kerbside.Nodes].
func (n *Node) Lead(ctx context.Context, name string, f func(context.Context)) error {
	const op = "postgres.Lead"
	for ctx.Err() == nil {
		held, err := n.take(ctx, name)
		if err != nil && ctx.Err() == nil {
			return failure(op, err)
		}
		if held && n.lead(ctx, name, f) {
			return nil
		}
		rows.Sleep(ctx, nil, n.db.lease/3)
	}
	return nil
}

// take becomes the leader unless another node is.
func (n *Node) take(ctx context.Context, name string) (bool, error) {
	tag, err := n.db.pool.Exec(ctx, `INSERT INTO leaders (name, node, expires) VALUES ($1, $2, `+clock+` + $3)
		ON CONFLICT (name) DO UPDATE SET node = excluded.node, expires = excluded.expires WHERE leaders.expires < `+clock, name, n.id, n.db.lease.Microseconds())
	return err == nil && tag.RowsAffected() == 1, err
}

// prolong stays the leader; false when another node may be it by now.
func (n *Node) prolong(ctx context.Context, name string) (bool, error) {
	tag, err := n.db.pool.Exec(ctx, "UPDATE leaders SET expires = "+clock+" + $3 WHERE name = $1 AND node = $2 AND expires >= "+clock, name, n.id, n.db.lease.Microseconds())
	return err == nil && tag.RowsAffected() == 1, err
}

// lead runs f while this node leads, and reports whether it ended by itself or with ctx.
func (n *Node) lead(ctx context.Context, name string, f func(context.Context)) (done bool) {
	leading, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	ended := make(chan struct{})
	running.Go(func() { defer close(ended); f(leading) })
	defer running.Wait()
	enough := time.AfterFunc(n.db.lease*3/4, stop) // by then the server must have heard of it
	defer enough.Stop()
	for tick := time.NewTicker(n.db.lease / 4); ; {
		select {
		case <-ended:
			tick.Stop()
			lost := leading.Err() != nil && ctx.Err() == nil
			free, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.db.lease/4)
			defer cancel()
			_, _ = n.db.pool.Exec(free, "DELETE FROM leaders WHERE name = $1 AND node = $2", name, n.id) // else it ends by itself
			return !lost
		case <-tick.C:
			asked, cancel := context.WithTimeout(leading, n.db.lease/2)
			still, err := n.prolong(asked, name)
			cancel()
			switch {
			case err == nil && still:
				enough.Reset(n.db.lease * 3 / 4)
			case err == nil:
				stop()
			}
		}
	}
}
