package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/export"
	"kerbside/export/table"
	"kerbside/metrics"
	"kerbside/service"
	"kerbside/storage/seal"
	"kerbside/web"
)

// defaultAddr is loopback: who opens the service to others says so.
const defaultAddr = "127.0.0.1:8484"

func (c *command) serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "serve the web app",
		Flags:  c.serveFlags(),
		Before: applyConfig,
		Action: func(ctx *cli.Context) error {
			s, err := c.openServer(ctx)
			if err != nil {
				return err
			}
			return errors.Join(s.run(ctx.Context), s.close())
		},
	}
}

func (c *command) serveFlags() []cli.Flag {
	return append(append(storageFlags(), []cli.Flag{
		configFlag(), templatesFlag(), polishFlag(),
		&cli.StringFlag{Name: "addr", Value: defaultAddr, EnvVars: []string{"KERBSIDE_ADDR"}, Usage: "`HOST:PORT` to listen on"},
		&cli.StringFlag{Name: "base-url", EnvVars: []string{"KERBSIDE_BASE_URL"}, Usage: "`URL` that people type, where it is not the address"},
		&cli.StringFlag{Name: "tls-cert", EnvVars: []string{"KERBSIDE_TLS_CERT"}, Usage: "serve https with the certificate (chain) in `FILE`, PEM; read again when it is renewed"},
		&cli.StringFlag{Name: "tls-key", EnvVars: []string{"KERBSIDE_TLS_KEY"}, Usage: "`FILE` of the certificate's key, PEM"},
		&cli.StringSliceFlag{Name: "trust-proxy", EnvVars: []string{"KERBSIDE_TRUST_PROXY"}, Usage: "take the word of a proxy at this `ADDRESS` or network about who asks, and by https or not (X-Forwarded-For, -Proto)"},
		&cli.StringFlag{Name: "metrics-addr", EnvVars: []string{"KERBSIDE_METRICS_ADDR"}, Usage: "answer Prometheus at /metrics on `HOST:PORT`, which should not be open to everybody"},
		auditKeyFlag(), profilesFlag(),
		&cli.StringFlag{Name: "organisation", Value: "Kerbside", Usage: "`NAME` of the organisation, used at the first start"},
		&cli.StringFlag{Name: "sample", Usage: "put this `RECORDING` in as a visit of a sample worker, to look at"},
		&cli.StringFlag{Name: "sample-case", Usage: "put the visits in this `FOLDER` in too, when the sample is new: cases.csv, and notes named by their day (2026-01-20.txt)"},
		&cli.BoolFlag{Name: "link", Usage: "print new sign-in links for the first manager and the administrator"},
	}...), append(append(limitFlags(), append(signInFlags(), alertFlags()...)...), append(transcribeFlags(), engineFlags()...)...)...)
}

// server is the running service.
type server struct {
	c        *command
	data     *dataFolder
	pipeline *pipeline
	service  *service.Service
	listener net.Listener
	http     *http.Server
	watched  net.Listener // where metrics are answered; nil when nowhere
	metrics  *http.Server
}

// openServer opens everything that serving needs and prints where it is and how to sign in.
func (c *command) openServer(ctx *cli.Context) (_ *server, err error) {
	if faults := serveFaults(ctx); len(faults) > 0 {
		return nil, usageError{faults[0]}
	}
	s := &server{c: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.data, err = c.openData(ctx); err != nil {
		return nil, err
	}
	if s.pipeline, err = c.openPipeline(ctx); err != nil {
		return nil, err
	}
	if _, err := s.pipeline.transcriber(ctx.Context); err != nil {
		c.say("Recordings are kept but not transcribed yet: %s", message(err))
	}
	data := ctx.String("data")
	counted := metrics.New(metrics.Sources{Version: version, Store: s.data.store, Free: func() (uint64, error) { return freeBytes(data) }})
	log, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
	if err != nil {
		return nil, err
	}
	profiles, err := table.Profiles(ctx.String("profiles"))
	if err != nil {
		return nil, err
	}
	recorder, err := s.data.ring.RecorderKey(ctx.Context)
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
	house, err := c.newInstallation(ctx, s.data, s.pipeline)
	if err != nil {
		return nil, err
	}
	var proposer kerbside.Proposer
	if s.pipeline.beside != nil {
		proposer = s.pipeline.beside
	}
	s.service, err = service.New(service.Deps{
		Installation: house,
		Store:        s.data.store, Blobs: s.data.blobs, Queue: s.data.db, Transcriber: s.pipeline, Extractor: s.pipeline.rules, Proposer: proposer,
		Drafter: s.pipeline.drafter, Discloser: s.pipeline.discloser, Exporter: export.Exporter{Signer: log, Profiles: profiles}, Audit: log, RecorderKey: recorder, Log: c.log, Observer: counted, Version: version, Limits: serviceLimits(ctx),
		Notifier: tells, Identity: identity, NoPasswords: ctx.Bool("no-passwords"), SessionIdle: ctx.Duration("session-idle"), SessionLife: ctx.Duration("session-life"),
	})
	if err != nil {
		return nil, err
	}
	if err := s.noteErased(ctx.Context); err != nil {
		return nil, err
	}
	if s.listener, err = listen(ctx, "addr"); err != nil {
		return nil, err
	}
	scheme := "http"
	certs, err := certificate(ctx)
	if err != nil {
		return nil, err
	}
	if certs != nil {
		scheme = "https"
		s.listener = tls.NewListener(s.listener, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certs.get, NextProtos: []string{"h2", "http/1.1"}})
	}
	base := ctx.String("base-url")
	if base == "" {
		base = scheme + "://" + s.listener.Addr().String()
	}
	trusted, err := proxies(ctx)
	if err != nil {
		return nil, err
	}
	config := web.Config{Service: s.service, Log: c.log, BaseURL: base, Proxies: trusted, Observe: counted.Request, Ready: s.ready(data), MaxFile: ctx.Int64("max-file") << 20, Limits: webLimits(ctx)}
	handler, err := web.New(config)
	if err != nil {
		return nil, err
	}
	s.http = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	if ctx.String("metrics-addr") != "" {
		if s.watched, err = listen(ctx, "metrics-addr"); err != nil {
			return nil, err
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", counted.Handler())
		s.metrics = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	}
	if err := s.greet(ctx, base); err != nil {
		return nil, err
	}
	return s, nil
}

// noteErased tells the service of everything that was ever deleted: a restore may have brought visits back that do not know of it.
func (s *server) noteErased(ctx context.Context) error {
	scopes := map[kerbside.OrganisationID][]string{}
	err := seal.EachKey(ctx, s.data.db, func(k kerbside.DataKey) error {
		if k.Erased() {
			scopes[k.Org] = append(scopes[k.Org], k.Scope)
		}
		return nil
	})
	for org, list := range scopes {
		if err == nil {
			err = s.service.Replayed(ctx, org, list)
		}
	}
	return err
}

// listen opens the address that an option names.
func listen(ctx *cli.Context, option string) (net.Listener, error) {
	addr := ctx.String(option)
	l, err := new(net.ListenConfig).Listen(ctx.Context, "tcp", addr)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, "kerbside.listen", fmt.Sprintf("%s cannot be listened on: it is in use or not yours. Choose another with --%s.", addr, option), err)
	}
	return l, nil
}

// ready reports what keeps the service from taking recordings in.
func (s *server) ready(data string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := s.data.store.Update(ctx, func(kerbside.Tx) error { return nil }); err != nil { // takes the write lock
			return err
		}
		free, err := freeBytes(data)
		if err == nil && free < leastReady {
			err = kerbside.E(kerbside.CodeUnavailable, "kerbside.ready", "The disk is nearly full. Make room, so that recordings can be taken in.", nil)
		}
		return err
	}
}

// leastReady is the free space, in bytes, below which no new sound is asked for.
const leastReady = 256 << 20

// greet prints the address and, where one is due, how to sign in: to standard output, since a person waits for it.
func (s *server) greet(ctx *cli.Context, base string) error {
	first, err := s.service.FirstStart(ctx.Context, ctx.String("organisation"))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.c.stdout, "Kerbside is at %s\n", base)
	link := func(who, token string) {
		fmt.Fprintf(s.c.stdout, "%s signs in once, within 24 hours, at %s%s\n", who, base, web.SignInPath(token))
	}
	for _, p := range []struct {
		who    string
		person service.Invited
	}{{"The manager", first.Manager}, {"The administrator", first.Admin}} {
		token := p.person.Token
		if token == "" && p.person.ID != "" && (ctx.Bool("link") || ctx.String("sample") != "") {
			if token, err = s.service.NewLink(ctx.Context, p.person.User, p.person.ID); err != nil {
				return err
			}
		}
		if token != "" {
			link(p.who, token)
		}
	}
	if sample := ctx.String("sample"); sample != "" {
		workerToken, err := s.addSample(ctx.Context, first.Manager.User, sample, ctx.String("sample-case"))
		if err != nil {
			return err
		}
		link("The sample worker", workerToken)
	}
	fmt.Fprintln(s.c.stdout, "Ctrl-C stops it.")
	return nil
}

// run serves until ctx ends, then lets what is under way finish for a while.
func (s *server) run(ctx context.Context) error {
	working, stopWork := context.WithCancel(ctx)
	defer stopWork()
	worked := make(chan error, 1)
	go func() { worked <- s.service.Run(working) }()
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	if s.metrics != nil {
		go func() { _ = s.metrics.Serve(s.watched) }() // ends with Close below; without it the service is as good
		defer func() { _ = s.metrics.Close() }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
	case err = <-worked:
		worked <- nil
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if s.http.Shutdown(end) != nil { // streams of progress do not end by themselves
		_ = s.http.Close()
	}
	stopWork()
	if workErr := <-worked; workErr != nil && !errors.Is(workErr, context.Canceled) {
		err = errors.Join(err, workErr)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// close closes what was opened.
func (s *server) close() error {
	var errs []error
	if s.listener != nil {
		_ = s.listener.Close() // closed already when it was served on
	}
	if s.watched != nil {
		_ = s.watched.Close() // likewise
	}
	if s.pipeline != nil {
		s.pipeline.close()
	}
	if s.data != nil {
		errs = append(errs, s.data.close())
	}
	return errors.Join(errs...)
}
