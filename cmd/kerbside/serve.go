package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/service"
	"kerbside/web"
)

// defaultAddr is loopback: who opens the service to others says so.
const defaultAddr = "127.0.0.1:8484"

func (c *command) serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "serve the web app",
		Flags:  c.serveFlags(),
		Before: func(ctx *cli.Context) error { return applyConfig(ctx, c.nodeFlags()) },
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
		metricsFlag(), auditKeyFlag(), profilesFlag(),
		&cli.BoolFlag{Name: "no-worker", EnvVars: []string{"KERBSIDE_NO_WORKER"}, Usage: "leave transcripts, records and drafts to `kerbside worker` elsewhere; needs --database postgres://… and --blobs"}, leaseFlag(),
		&cli.StringFlag{Name: "organisation", Value: "Kerbside", Usage: "`NAME` of the organisation, used at the first start"},
		&cli.StringFlag{Name: "sample", Usage: "put this `RECORDING` in as a visit of a sample worker, to look at"},
		&cli.StringFlag{Name: "sample-case", Usage: "put the visits in this `FOLDER` in too, when the sample is new: cases.csv, and notes named by their day (2026-01-20.txt)"},
		&cli.BoolFlag{Name: "link", Usage: "print new sign-in links for the first manager and the administrator"},
	}...), append(append(limitFlags(), append(signInFlags(), alertFlags()...)...), append(transcribeFlags(), engineFlags()...)...)...)
}

// server is the running service with its web app.
type server struct {
	*node
	listener net.Listener
	http     *http.Server
}

// openServer opens everything that serving needs and prints where it is and how to sign in.
func (c *command) openServer(ctx *cli.Context) (_ *server, err error) {
	if faults := serveFaults(ctx); len(faults) > 0 {
		return nil, usageError{faults[0]}
	}
	s := &server{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.node, err = c.openNode(ctx, role{noWork: ctx.Bool("no-worker")}); err != nil {
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
	config := web.Config{Service: s.service, Log: c.log, BaseURL: base, Proxies: trusted, Observe: s.counted.Request, Ready: s.ready, MaxFile: ctx.Int64("max-file") << 20, Limits: webLimits(ctx)}
	handler, err := web.New(config)
	if err != nil {
		return nil, err
	}
	s.http = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	if err := s.greet(ctx, base); err != nil {
		return nil, err
	}
	return s, nil
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
	defer s.watch()()
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
	if s.listener != nil {
		_ = s.listener.Close() // closed already when it was served on
	}
	return s.node.close()
}
