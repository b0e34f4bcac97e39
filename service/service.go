package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"kerbside"
	"kerbside/signin"
)

// Service is the use-cases. It is safe for concurrent use.
type Service struct {
	d      Deps
	log    *slog.Logger
	hub    *hub
	others *others
	live   *live
	work   work

	hashes chan struct{}          // turns to hash a password
	decoy  func() (string, error) // the hash that is compared with when there is none
	paces  paces

	reading   reading
	dictating chan struct{} // turns to dictate an entry
}

// New makes a Service.
func New(d Deps) (*Service, error) {
	for name, missing := range map[string]bool{
		"Store": d.Store == nil, "Blobs": d.Blobs == nil, "Queue": d.Queue == nil, "Transcriber": d.Transcriber == nil,
		"Extractor": d.Extractor == nil, "Drafter": d.Drafter == nil, "Exporter": d.Exporter == nil, "Audit": d.Audit == nil,
	} {
		if missing {
			return nil, kerbside.E(kerbside.CodeInternal, "service.New", "", fmt.Errorf("no %s", name))
		}
	}
	return newService(d), nil
}

// newService makes a Service whose engines may be missing, for what needs none.
func newService(d Deps) *Service {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Rand == nil {
		d.Rand = rand.Reader
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Observer == nil {
		d.Observer = noObserver{}
	}
	if d.Workers <= 0 {
		d.Workers = 2
	}
	if d.PasswordCost == (signin.Params{}) {
		d.PasswordCost = signin.Recommended
	}
	if d.SessionIdle <= 0 {
		d.SessionIdle = 3 * 24 * time.Hour
	}
	if d.SessionLife <= 0 {
		d.SessionLife = 14 * 24 * time.Hour
	}
	if d.NotifyEvery <= 0 {
		d.NotifyEvery = time.Minute
	}
	if d.RetainEvery <= 0 {
		d.RetainEvery = time.Hour
	}
	d.Limits.setDefaults()
	s := &Service{d: d, log: d.Log, hub: newHub(d.Nodes != nil), others: newOthers(d.Nodes), hashes: make(chan struct{}, 2), dictating: make(chan struct{}, 1)}
	s.decoy = sync.OnceValues(func() (string, error) { return signin.Hash(d.Rand, "", d.PasswordCost) })
	s.live = newLive(s)
	return s
}

// Run works the queue until ctx ends, and does what is to be done now and then. It looks for visits whose work was neither finished nor waits.
func (s *Service) Run(ctx context.Context) error {
	defer s.live.open(ctx)()
	var err error
	if s.d.Nodes == nil {
		err = s.resume(ctx)
	}
	if err == nil {
		sweeping, stop := context.WithCancel(ctx)
		var swept sync.WaitGroup
		if s.d.Nodes != nil {
			swept.Go(func() { s.others.send(sweeping) })
			swept.Go(func() { s.hear(sweeping) })
		}
		swept.Go(func() { s.lead(sweeping, "sweep", s.sweep) })
		swept.Go(func() { s.lead(sweeping, "digest", s.digestRest) })
		swept.Go(func() { s.lead(sweeping, "retain", s.retaining) })
		if s.d.Notifier != nil {
			swept.Go(func() { s.lead(sweeping, "notify", s.notifyLoop) })
		}
		defer swept.Wait()
		defer stop()
		err = s.workQueues(ctx)
	}
	if kerbside.CodeOf(err) == kerbside.CodeCanceled && ctx.Err() != nil { // stopped before it began
		err = nil
	}
	return err
}

// workQueues works the jobs until ctx ends, or one of the queues cannot be worked.
func (s *Service) workQueues(ctx context.Context) error {
	queues := s.d.Queues
	switch {
	case s.d.NoWork:
		<-ctx.Done()
		return nil
	case queues == nil && s.d.Nodes == nil:
		queues = []kerbside.WorkOptions{{Workers: s.d.Workers}}
	case queues == nil:
		queues = []kerbside.WorkOptions{
			{Workers: s.d.Workers, Kinds: []kerbside.JobKind{kerbside.JobTranscribe, kerbside.JobExtract, kerbside.JobDraft, kerbside.JobPropose}},
			{Workers: maxLive / 2, Kinds: []kerbside.JobKind{kerbside.JobListen}},
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(queues))
	for _, q := range queues {
		go func() { ended <- s.d.Queue.Work(ctx, q, s.handle, s.setAside) }()
	}
	var err error
	for range queues {
		err = errors.Join(err, <-ended)
		stop()
	}
	return err
}

func (s *Service) now() time.Time { return s.d.Now().UTC().Truncate(time.Microsecond) }

func (s *Service) newID(prefix string) (string, error) { return kerbside.NewID(s.d.Rand, prefix) }

func invalid(op, message string) error { return kerbside.E(kerbside.CodeInvalid, op, message, nil) }

func conflict(op, message string) error { return kerbside.E(kerbside.CodeConflict, op, message, nil) }

func forbidden(op, message string) error { return kerbside.E(kerbside.CodeForbidden, op, message, nil) }

func signedIn(op string, by kerbside.User) error {
	if by.ID == "" || by.Org == "" {
		return kerbside.E(kerbside.CodeUnauthed, op, "You are not signed in. Open your sign-in link, or ask your manager for one.", nil)
	}
	return nil
}

func (s *Service) audit(tx kerbside.Tx, by kerbside.User, action, object string, v kerbside.VisitID) error {
	return s.d.Audit.Append(tx, kerbside.AuditEntry{Org: by.Org, By: by.ID, At: s.now(), Action: action, Object: object, Visit: v})
}

// changed says that the visit's sources are not what its drafts were made from any more.
func (s *Service) changed(tx kerbside.Tx, v *kerbside.Visit) error {
	v.State, v.Reason, v.UpdatedAt = kerbside.VisitProcessing, "", s.now()
	return tx.PutVisit(*v)
}

// errAttrs is what a log may hold about an error: codes, places, messages that are safe to show and what the operating
// system said, never the detail, which may quote what was spoken.
func errAttrs(err error) []slog.Attr {
	attrs := []slog.Attr{slog.String("code", string(kerbside.CodeOf(err))), slog.String("message", kerbside.MessageOf(err))}
	ops := ""
	for e := (*kerbside.Error)(nil); errors.As(err, &e); err = e.Err {
		ops += e.Op + " "
	}
	if ops != "" {
		attrs = append(attrs, slog.String("op", ops[:len(ops)-1]))
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		attrs = append(attrs, slog.String("errno", errno.Error()))
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		attrs = append(attrs, slog.String("exit", exit.String()))
	}
	return attrs
}
