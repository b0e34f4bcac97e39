package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/export"
	"kerbside/export/table"
	"kerbside/metrics"
	"kerbside/service"
	"kerbside/storage/seal"
)

// role is what a process does of the service's work.
type role struct {
	queues []kerbside.WorkOptions // nil: as the service has it by itself
	noWork bool
}

// hears reports whether the engine is needed from the start.
func (r role) hears() bool {
	if r.queues == nil {
		return !r.noWork
	}
	return slices.ContainsFunc(r.queues, func(o kerbside.WorkOptions) bool {
		return o.Takes(kerbside.JobTranscribe) || o.Takes(kerbside.JobListen)
	})
}

// node is one process that runs the service, with the web app or without.
type node struct {
	c        *command
	role     role
	data     *dataFolder
	folder   string // of the data
	pipeline *pipeline
	service  *service.Service
	counted  *metrics.Metrics
	watched  net.Listener // where metrics are answered; nil when nowhere
	watching *http.Server
}

func metricsFlag() cli.Flag {
	return &cli.StringFlag{Name: "metrics-addr", EnvVars: []string{"KERBSIDE_METRICS_ADDR"}, Usage: "answer Prometheus at /metrics, and /healthz and /readyz, on `HOST:PORT`, which should not be open to everybody"}
}

// openNode opens what the service is made of.
func (c *command) openNode(ctx *cli.Context, r role) (_ *node, err error) {
	n := &node{c: c, role: r, folder: ctx.String("data")}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if n.data, err = c.openData(ctx); err != nil {
		return nil, err
	}
	if n.pipeline, err = c.openPipeline(ctx); err != nil {
		return nil, err
	}
	if r.hears() {
		if _, err := n.pipeline.transcriber(ctx.Context); err != nil {
			c.say("Recordings are kept but not transcribed yet: %s", message(err))
		}
	}
	sources := metrics.Sources{Version: version, Store: n.data.store}
	if !n.data.shared() { // a node that shares keeps nothing
		sources.Free = func() (uint64, error) { return freeBytes(n.folder) }
	}
	n.counted = metrics.New(sources)
	if n.data.shared() {
		if _, err := os.Stat(auditKeyPath(ctx)); err != nil {
			return nil, noKeys(auditKeyPath(ctx), err)
		}
	}
	log, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
	if err != nil {
		return nil, err
	}
	profiles, err := table.Profiles(ctx.String("profiles"))
	if err != nil {
		return nil, err
	}
	recorder, err := n.data.ring.RecorderKey(ctx.Context)
	if err != nil {
		return nil, err
	}
	identity, err := identityProvider(ctx)
	if err != nil {
		return nil, err
	}
	tells, err := notifier(ctx)
	if err != nil {
		return nil, err
	}
	house, err := c.newInstallation(ctx, n.data, n.pipeline)
	if err != nil {
		return nil, err
	}
	house.workers = r.noWork
	var proposer kerbside.Proposer
	if n.pipeline.beside != nil {
		proposer = n.pipeline.beside
	}
	n.service, err = service.New(service.Deps{
		Installation: house, Nodes: n.data.nodes, Queues: r.queues, NoWork: r.noWork,
		Store: n.data.store, Blobs: n.data.blobs, Queue: n.data.db, Transcriber: n.pipeline, Extractor: n.pipeline.rules, Proposer: proposer,
		Drafter: n.pipeline.drafter, Discloser: n.pipeline.discloser, Exporter: export.Exporter{Signer: log, Profiles: profiles}, Audit: log, RecorderKey: recorder, Log: c.log, Observer: n.counted, Version: version, Limits: serviceLimits(ctx),
		Notifier: tells, Identity: identity, NoPasswords: ctx.Bool("no-passwords"), SessionIdle: ctx.Duration("session-idle"), SessionLife: ctx.Duration("session-life"),
	})
	if err != nil {
		return nil, err
	}
	if err := n.noteErased(ctx.Context); err != nil {
		return nil, err
	}
	if ctx.String("metrics-addr") == "" {
		return n, nil
	}
	if n.watched, err = listen(ctx, "metrics-addr"); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", n.counted.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", n.readyz)
	n.watching = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	return n, nil
}

// watch answers whoever watches, until the function that it gives is called.
func (n *node) watch() (stop func()) {
	if n.watching == nil {
		return func() {}
	}
	go func() { _ = n.watching.Serve(n.watched) }() // ends with Close; without it the service is as good
	return func() { _ = n.watching.Close() }
}

func (n *node) readyz(w http.ResponseWriter, r *http.Request) {
	if err := n.ready(r.Context()); err != nil {
		http.Error(w, message(err), http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}

// leastReady is the free space, in bytes, below which no new sound is asked for.
const leastReady = 256 << 20

// ready reports what keeps the service from taking recordings in.
func (n *node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second) // whoever asks waits no longer
	defer cancel()
	if err := n.data.store.Update(ctx, func(kerbside.Tx) error { return nil }); err != nil { // takes the write lock
		return err
	}
	if n.data.shared() {
		return nil
	}
	free, err := freeBytes(n.folder)
	if err == nil && free < leastReady {
		err = kerbside.E(kerbside.CodeUnavailable, "kerbside.ready", "The disk is nearly full. Make room, so that recordings can be taken in.", nil)
	}
	return err
}

// noteErased tells the service of everything that was ever deleted: a restore may have brought visits back that do not know of it.
func (n *node) noteErased(ctx context.Context) error {
	scopes := map[kerbside.OrganisationID][]string{}
	err := seal.EachKey(ctx, n.data.db, func(k kerbside.DataKey) error {
		if k.Erased() {
			scopes[k.Org] = append(scopes[k.Org], k.Scope)
		}
		return nil
	})
	for org, list := range scopes {
		if err == nil {
			err = n.service.Replayed(ctx, org, list)
		}
	}
	return err
}

// close closes what was opened.
func (n *node) close() error {
	if n == nil {
		return nil
	}
	if n.watched != nil {
		_ = n.watched.Close() // closed already when it was served on
	}
	if n.pipeline != nil {
		n.pipeline.close()
	}
	if n.data != nil {
		return n.data.close()
	}
	return nil
}
