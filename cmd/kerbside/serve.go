package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/service"
	"kerbside/web"
)

// defaultAddr is loopback: who opens the service to others says so.
const defaultAddr = "127.0.0.1:8484"

func (c *command) serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "serve the web app",
		Flags: append(append(storageFlags(), []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: defaultAddr, EnvVars: []string{"KERBSIDE_ADDR"}, Usage: "`HOST:PORT` to listen on"},
			&cli.StringFlag{Name: "base-url", EnvVars: []string{"KERBSIDE_BASE_URL"}, Usage: "`URL` that people type, where it is not the address"},
			auditKeyFlag(),
			&cli.StringFlag{Name: "organisation", Value: "Kerbside", Usage: "`NAME` of the organisation, used at the first start"},
			&cli.StringFlag{Name: "sample", Usage: "put this `RECORDING` in as a visit of a sample worker, to look at"},
			&cli.BoolFlag{Name: "link", Usage: "print a new sign-in link for the first manager"},
		}...), append(transcribeFlags(), engineFlags()...)...),
		Action: func(ctx *cli.Context) error {
			s, err := c.openServer(ctx)
			if err != nil {
				return err
			}
			return errors.Join(s.run(ctx.Context), s.close())
		},
	}
}

// server is the running service.
type server struct {
	c        *command
	data     *dataFolder
	pipeline *pipeline
	service  *service.Service
	listener net.Listener
	http     *http.Server
}

// openServer opens everything that serving needs and prints where it is and how to sign in.
func (c *command) openServer(ctx *cli.Context) (_ *server, err error) {
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
	log, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
	if err != nil {
		return nil, err
	}
	s.service, err = service.New(service.Deps{
		Store: s.data.store, Blobs: s.data.blobs, Queue: s.data.db, Transcriber: s.pipeline, Extractor: s.pipeline.extractor,
		Drafter: s.pipeline.drafter, Exporter: s.pipeline.exporter, Audit: log, Log: c.log,
	})
	if err != nil {
		return nil, err
	}
	if s.listener, err = new(net.ListenConfig).Listen(ctx.Context, "tcp", ctx.String("addr")); err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, "kerbside.serve", fmt.Sprintf("%s cannot be listened on: it is in use or not yours. Choose another with --addr.", ctx.String("addr")), err)
	}
	base := ctx.String("base-url")
	if base == "" {
		base = "http://" + s.listener.Addr().String()
	}
	handler, err := web.New(web.Config{Service: s.service, Log: c.log, BaseURL: base})
	if err != nil {
		return nil, err
	}
	s.http = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	if err := s.greet(ctx, base); err != nil {
		return nil, err
	}
	return s, nil
}

// greet prints the address and, where one is due, how to sign in: to standard output, since a person waits for it.
func (s *server) greet(ctx *cli.Context, base string) error {
	token, first, created, err := s.service.FirstStart(ctx.Context, ctx.String("organisation"))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.c.stdout, "Kerbside is at %s\n", base)
	link := func(who, token string) {
		fmt.Fprintf(s.c.stdout, "%s signs in once, within 24 hours, at %s%s\n", who, base, web.SignInPath(token))
	}
	if !created && (ctx.Bool("link") || ctx.String("sample") != "") {
		if token, err = s.service.NewLink(ctx.Context, first, first.ID); err != nil {
			return err
		}
		created = true
	}
	if created {
		link("The manager", token)
	}
	if sample := ctx.String("sample"); sample != "" {
		workerToken, err := s.addSample(ctx.Context, first, sample)
		if err != nil {
			return err
		}
		link("The sample worker", workerToken)
	}
	fmt.Fprintln(s.c.stdout, "Ctrl-C stops it.")
	return nil
}

const sampleWorker = "Sample worker"

// addSample puts a recording in as a visit of a sample worker, once, and gives that worker's sign-in link.
func (s *server) addSample(ctx context.Context, manager kerbside.User, path string) (token string, err error) {
	people, err := s.service.People(ctx, manager)
	if err != nil {
		return "", err
	}
	var worker kerbside.User
	for _, u := range people {
		if u.Name == sampleWorker {
			worker = u
		}
	}
	if worker.ID == "" {
		token, worker, err = s.service.Invite(ctx, manager, sampleWorker, kerbside.RoleWorker)
	} else {
		token, err = s.service.NewLink(ctx, manager, worker.ID)
	}
	if err != nil {
		return "", err
	}
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = s.service.UploadFile(ctx, worker, service.RecordingInput{ClientID: "sample-" + filepath.Base(path), Name: filepath.Base(path), Kind: kerbside.KindDebrief}, f)
	return token, err
}

// run serves until ctx ends, then lets what is under way finish for a while.
func (s *server) run(ctx context.Context) error {
	working, stopWork := context.WithCancel(ctx)
	defer stopWork()
	worked := make(chan error, 1)
	go func() { worked <- s.service.Run(working) }()
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
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
	if s.pipeline != nil {
		s.pipeline.close()
	}
	if s.data != nil {
		errs = append(errs, s.data.close())
	}
	return errors.Join(errs...)
}
