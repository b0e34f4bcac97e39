package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"kerbside"
	"kerbside/transcribe"
)

// Command starts a child that calls [Serve] on its standard input and output; usually the running program with the argument
// "engine". Env is added to the parent's environment.
type Command struct {
	Path string
	Args []string
	Env  []string
}

// Options bound a child. Zero fields take the defaults.
type Options struct {
	StartTimeout  time.Duration // from start to ready, which includes loading the model; default 2 minutes
	WindowTimeout time.Duration // for one window; a child that takes longer is ended; default 2 minutes
	Recycle       int           // windows after which a child is replaced by a fresh one, to bound its memory; default 500
	MinBackoff    time.Duration // pause before a second start in a row, doubled up to MaxBackoff; default 100 ms
	MaxBackoff    time.Duration // default 10 s
	Log           *slog.Logger  // gets the children's standard error, at debug level; nil is none
}

func (o Options) withDefaults() Options {
	if o.StartTimeout <= 0 {
		o.StartTimeout = 2 * time.Minute
	}
	if o.WindowTimeout <= 0 {
		o.WindowTimeout = 2 * time.Minute
	}
	if o.Recycle <= 0 {
		o.Recycle = 500
	}
	if o.MinBackoff <= 0 {
		o.MinBackoff = 100 * time.Millisecond
	}
	if o.MaxBackoff <= 0 {
		o.MaxBackoff = 10 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Client is the parent's side. It implements transcribe.Recognizer.
type Client struct {
	o          Options
	info       transcribe.EngineInfo
	slots      *slots
	recognizer *supervisor
	detector   *supervisor
}

var _ transcribe.Recognizer = (*Client)(nil)

// Start starts the child that holds the model and waits until it is ready. The child's own reason is returned when it
// cannot work on this machine or with this model. The child for voice detection is started when it is first needed.
func Start(ctx context.Context, command Command, o Options) (*Client, error) {
	o = o.withDefaults()
	c := &Client{
		o:          o,
		recognizer: &supervisor{command: command, role: roleRecognizer, o: o, gate: make(chan struct{}, 1)},
		detector:   &supervisor{command: command, role: roleDetector, o: o, gate: make(chan struct{}, 1)},
	}
	p, err := c.recognizer.get(ctx)
	if err != nil {
		return nil, err
	}
	if p.hello.Info == nil {
		_ = c.Close()
		return nil, kerbside.E(kerbside.CodeInternal, "engine.Start", "", errors.New("hello without info"))
	}
	c.info = *p.hello.Info
	c.slots = newSlots(max(c.info.States, 1))
	return c, nil
}

// Info describes the engine and the model that is loaded.
func (c *Client) Info() transcribe.EngineInfo { return c.info }

// Close ends the children. Calls that are under way fail.
func (c *Client) Close() error {
	var wg sync.WaitGroup
	wg.Go(c.recognizer.close)
	wg.Go(c.detector.close)
	wg.Wait()
	return nil
}

// Recognize decodes one window. As many windows as the engine has states are under way at a time, others wait. When the child is lost, the
// window is tried once more with nothing else under way, so that another window's crash cannot be blamed on it; when that
// is lost too, the error is CodeInternal. CodeUnavailable is an engine that does not start.
func (c *Client) Recognize(ctx context.Context, samples []float32, p transcribe.DecodeParams) (transcribe.Result, error) {
	if len(samples) > maxSamples {
		return transcribe.Result{}, kerbside.E(kerbside.CodeInvalid, "engine.Recognize", "A window may hold 30 seconds at most.", nil)
	}
	m := message{Type: typeWindow, Params: &p}
	result, err := c.once(ctx, m, samples, false)
	if errors.Is(err, errWorn) {
		result, err = c.once(ctx, m, samples, true)
	}
	if errors.Is(err, errLost) {
		c.o.Log.Warn("engine lost; trying the window again", "err", err)
		result, err = c.once(ctx, m, samples, true)
	}
	if errors.Is(err, errLost) {
		err = kerbside.E(kerbside.CodeInternal, "engine.Recognize", "The speech engine failed twice on this part of the recording. The recording is safe.", err)
	}
	return result, err
}

// errWorn is that the child has done its number of windows and is to be replaced while nothing is under way.
var errWorn = errors.New("the engine is due to be replaced")

func (c *Client) once(ctx context.Context, m message, samples []float32, alone bool) (transcribe.Result, error) {
	release, err := c.slots.acquire(ctx, alone)
	if err != nil {
		return transcribe.Result{}, err
	}
	defer release()
	p, err := c.recognizer.get(ctx)
	if err != nil {
		return transcribe.Result{}, err
	}
	if p.worn(c.o.Recycle) {
		if !alone {
			return transcribe.Result{}, errWorn
		}
		p.stop()
		if p, err = c.recognizer.get(ctx); err != nil {
			return transcribe.Result{}, err
		}
	}
	r, err := p.call(ctx, m, samples, c.o.WindowTimeout)
	if err != nil {
		return transcribe.Result{}, err
	}
	c.recognizer.proved()
	if r.m.Result == nil {
		return transcribe.Result{}, kerbside.E(kerbside.CodeInternal, "engine.Recognize", "", errors.New("answer without result"))
	}
	return r.m.Result.result(), nil
}

// slots lets n callers in at a time, or one alone.
type slots struct {
	free  chan struct{}
	alone chan struct{}
}

func newSlots(n int) *slots {
	return &slots{free: make(chan struct{}, n), alone: make(chan struct{}, 1)}
}

// acquire waits for a slot, or for all of them, and gives the way to release what it got.
func (s *slots) acquire(ctx context.Context, alone bool) (release func(), err error) {
	n := 1
	if alone {
		select {
		case s.alone <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		n = cap(s.free)
	}
	got := 0
	release = func() {
		for range got {
			<-s.free
		}
		if alone {
			<-s.alone
		}
	}
	for got < n {
		select {
		case s.free <- struct{}{}:
			got++
		case <-ctx.Done():
			release()
			return nil, ctx.Err()
		}
	}
	return release, nil
}

// supervisor keeps one child of a role running for as long as it is asked for.
type supervisor struct {
	command Command
	role    string
	o       Options
	gate    chan struct{} // holds the right to change what follows

	p        *process
	closed   bool
	failures int       // starts or lives without a proof of work, in a row
	since    time.Time // of the last start
}

// maxStarts is how many starts in a row may fail before a caller is told so.
const maxStarts = 3

// get gives a child that is ready, starting one, after a pause when the last did not last, if there is none.
func (s *supervisor) get(ctx context.Context) (*process, error) {
	const op = "engine.Start"
	select {
	case s.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.gate }()
	for attempt := 1; ; attempt++ {
		if s.closed {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, "Kerbside is being stopped.", nil)
		}
		if s.p != nil && s.p.alive() {
			return s.p, nil
		}
		if err := s.pause(ctx); err != nil {
			return nil, err
		}
		s.failures++
		s.since = time.Now()
		p, err := launch(ctx, s.command, s.role, s.o.StartTimeout, s.o.Log)
		if err == nil {
			s.p = p
			return p, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var own *kerbside.Error
		if errors.As(err, &own) && (errors.Is(err, errRefused) || own.Code == kerbside.CodeUnavailable) {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, own.Message, err)
		}
		if attempt >= maxStarts {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, "The speech engine does not start. Run `kerbside doctor` to see what is missing.", err)
		}
		s.o.Log.Warn("engine did not start", "role", s.role, "err", err)
	}
}

// pause waits as long as the failures in a row ask for.
func (s *supervisor) pause(ctx context.Context) error {
	if s.failures < 2 {
		return nil
	}
	wait := min(s.o.MinBackoff<<min(s.failures-2, 20), s.o.MaxBackoff) - time.Since(s.since)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// proved notes that the child did its work.
func (s *supervisor) proved() {
	s.gate <- struct{}{}
	s.failures = 0
	<-s.gate
}

// close ends the child and refuses another.
func (s *supervisor) close() {
	s.gate <- struct{}{}
	defer func() { <-s.gate }()
	s.closed = true
	if s.p != nil {
		s.p.stop()
	}
}

// worn reports whether the child was given n calls or more.
func (p *process) worn(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken >= n
}
