package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/postgres"
	"kerbside/storage/postgres/pgtest"
	"kerbside/storage/s3"
	"kerbside/storage/s3/s3test"
	"kerbside/storage/seal"
)

// place is what all processes share: a database, a bucket and keys.
type place struct {
	folder   string
	pg       *pgtest.Server
	s3       *s3test.Server
	database string
	bucket   string

	db    *postgres.DB
	ring  *seal.Ring
	store *seal.Store
	blobs *seal.Blobs
	nodes kerbside.Nodes
	log   *audit.Log
}

func newPlace(ctx context.Context, lease time.Duration) (p *place, err error) {
	p = &place{}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.folder, err = os.MkdirTemp("", "kerbside-nodes-"); err != nil {
		return p, err
	}
	if p.pg, err = pgtest.Start("", "max_connections = 400"); err != nil {
		return p, err
	}
	if p.database, err = p.pg.Database(ctx, "template1"); err != nil {
		return p, err
	}
	if p.s3, err = s3test.Start(); err != nil {
		return p, err
	}
	p.bucket = p.s3.URL
	if p.db, err = postgres.Open(ctx, p.database, postgres.Options{Lease: lease}); err != nil {
		return p, err
	}
	bucket, err := s3.ParseURL(p.bucket, func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": s3test.AccessKey, "AWS_SECRET_ACCESS_KEY": s3test.SecretKey}[name]
	})
	if err != nil {
		return p, err
	}
	bare, err := s3.Open(ctx, bucket)
	if err != nil {
		return p, err
	}
	master, err := seal.NewMaster()
	if err == nil {
		err = master.Write(p.masterKey(), time.Now())
	}
	if err != nil {
		return p, err
	}
	if p.ring, err = seal.NewRing(ctx, p.db, master, nil); err != nil {
		return p, err
	}
	p.ring.Shared, p.ring.Journal = true, seal.NewBlobJournal(bare)
	p.store, p.blobs = seal.NewStore(p.db, p.ring), seal.NewBlobs(bare, p.ring)
	node, err := p.db.Join()
	if err != nil {
		return p, err
	}
	p.nodes = seal.NewNodes(node, p.ring)
	p.log, err = audit.OpenFile(p.auditKey(), rand.Reader)
	return p, err
}

func (p *place) masterKey() string { return filepath.Join(p.folder, "master.key") }
func (p *place) auditKey() string  { return filepath.Join(p.folder, "audit.key") }

// worker starts a worker process.
func (p *place) worker(kerbside, queues string, lease time.Duration, log io.Writer) (*exec.Cmd, error) {
	cmd := exec.Command(kerbside, "--json", "worker", "--data", filepath.Join(p.folder, "none"), "--database", p.database+"&pool_max_conns=4", "--blobs", p.bucket, "--key-file", p.masterKey(), //nolint:noctx // the caller ends it
		"--audit-key", p.auditKey(), "--queues", queues, "--job-lease", lease.String(), "--preset", "fast", "--states", "1")
	cmd.Env = append(os.Environ(), s3test.Env()...)
	cmd.Stderr = log
	return cmd, cmd.Start()
}

func (p *place) close() error {
	var errs []error
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	if p.s3 != nil {
		p.s3.Stop()
	}
	if p.pg != nil {
		_ = p.pg.Stop()
	}
	return errors.Join(append(errs, os.RemoveAll(p.folder))...)
}
