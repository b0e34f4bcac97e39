package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/draft"
	"kerbside/export"
	"kerbside/extract"
	"kerbside/prompts"
	"kerbside/service"
)

// crew is the workers, and whoever kills and stops them.
type crew struct {
	p        *place
	kerbside string
	lease    time.Duration
	moments  *rand.Rand

	least, most time.Duration // that a worker is left alone: a job over which ten died is set aside

	killed, paused atomic.Int64
	logs           []*log
}

// log counts what workers say instead of keeping it.
type log struct {
	mu                         sync.Mutex
	rest                       []byte
	refused, done, warn, other int
	last                       string
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, b...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 {
			return len(b), nil
		}
		line := string(l.rest[:i])
		l.rest = l.rest[i+1:]
		switch {
		case strings.Contains(line, "done by another worker"):
			l.refused++
		case strings.Contains(line, `"msg":"stage done"`):
			l.done++
		case strings.Contains(line, `"level":"WARN"`), strings.Contains(line, `"level":"ERROR"`):
			l.warn++
			l.last = line
		default:
			l.other++
		}
	}
}

const typed = "I visited Jade Hollins at home on Tuesday. Mum was calm and warm with her. Jade showed me her bedroom, which was clean. Mum said that Dad has not been drinking. " +
	"Jade said that she likes her new school. I will ring the school by Friday. Note %d."

func workers(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("workers", flag.ContinueOnError)
	program := f.String("kerbside", "bin/kerbside", "the program")
	n := f.Int("workers", 20, "so many")
	last := f.Duration("for", 3*time.Minute, "how long they are killed and stopped")
	lease := f.Duration("lease", 3*time.Second, "of a job")
	least := f.Duration("least", 4*time.Second, "that a worker is left alone")
	most := f.Duration("most", 40*time.Second, "that a worker is left alone")
	hear := f.Int("hear", 2, "so many of the workers transcribe")
	sample := f.String("sound", "samples/visit.ogg", "the first seconds of this are sent as recordings")
	seed := f.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments") //nolint:gosec // moments, not secrets
	if err := f.Parse(args); err != nil {
		return err
	}
	p, err := newPlace(ctx, *lease)
	if err != nil {
		return err
	}
	defer func() { _ = p.close() }()
	sound, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-i", *sample, "-t", "4", "-ar", "16000", "-ac", "1", "-f", "wav", "-").Output()
	if err != nil {
		return fmt.Errorf("ffmpeg: %w", err)
	}
	s, err := p.service(nil, nil)
	if err != nil {
		return err
	}
	first, err := s.FirstStart(ctx, "Northmoor")
	if err != nil {
		return err
	}
	u := first.Manager.User
	fmt.Printf("%s  %d workers (%d of them transcribe), lease %v, seed %d, %d cores, load %s\n", time.Now().UTC().Format(time.DateTime), *n, *hear, *lease, *seed, runtime.NumCPU(), load())

	c := &crew{p: p, kerbside: *program, lease: *lease, moments: rand.New(rand.NewPCG(*seed, 1)), least: *least, most: *most} //nolint:gosec // as above
	killing, stopKilling := context.WithTimeout(ctx, *last)
	defer stopKilling()
	var all sync.WaitGroup
	work, stopWork := context.WithCancel(ctx)
	defer stopWork()
	for i := range *n {
		queues := "extract=1,draft=1"
		if i < *hear {
			queues = "transcribe=1"
		}
		l := &log{}
		c.logs = append(c.logs, l)
		seed := c.moments.Uint64()
		all.Go(func() { c.keep(work, killing, queues, l, rand.New(rand.NewPCG(seed, 2))) }) //nolint:gosec // as above
	}
	sent, approved, err := produce(killing, ctx, s, u, sound)
	if err != nil {
		stopWork()
		all.Wait()
		return err
	}
	settled := time.Now()
	if err := drained(ctx, p); err != nil {
		stopWork()
		all.Wait()
		return err
	}
	for _, v := range sent { // what was drafted last
		if err := approve(ctx, s, u, v, approved); err != nil {
			return err
		}
	}
	took := time.Since(settled)
	stopWork()
	all.Wait()
	return c.judge(ctx, s, u, sent, approved, took)
}

func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	return strings.Fields(string(b))[0]
}

// service is the node that takes in, as a web node does, and works no jobs.
func (p *place) service(t kerbside.Transcriber, o service.Observer) (*service.Service, error) {
	rules, err := extract.NewRules(extract.Options{})
	if err != nil {
		return nil, err
	}
	set, err := prompts.Load()
	if err != nil {
		return nil, err
	}
	drafter, err := draft.New(set, draft.Options{})
	if err != nil {
		return nil, err
	}
	if t == nil {
		t = deaf{}
	}
	return service.New(service.Deps{Store: p.store, Blobs: p.blobs, Queue: p.db, Nodes: p.nodes, NoWork: o == nil, Observer: o, Transcriber: t, Extractor: rules, Drafter: drafter,
		Queues: []kerbside.WorkOptions{{Workers: 1, Kinds: []kerbside.JobKind{kerbside.JobTranscribe}}}, Exporter: export.Exporter{Signer: p.log}, Audit: p.log, Limits: service.Limits{Open: 1 << 20}})
}

// deaf is the transcriber of a node that works no jobs.
type deaf struct{}

func (deaf) Transcribe(context.Context, kerbside.Sound, kerbside.TranscribeOptions, func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	return nil, errors.New("this node transcribes nothing")
}

// keep has one worker run until ctx ends, and while killing does not, kills it or has it stand still for longer than a lease, again and again.
func (c *crew) keep(ctx, killing context.Context, queues string, l *log, moments *rand.Rand) {
	for ctx.Err() == nil {
		cmd, err := c.p.worker(c.kerbside, queues, c.lease, l)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }() // how it ended is this program's doing
		for alive := true; alive; {
			wait := c.least + time.Duration(moments.Int64N(int64(c.most-c.least)))
			select {
			case <-ended:
				alive = false
			case <-ctx.Done():
				_ = cmd.Process.Signal(syscall.SIGTERM)
				<-ended
				return
			case <-time.After(wait):
				if killing.Err() != nil {
					continue
				}
				if moments.IntN(2) == 0 {
					c.killed.Add(1)
					_ = cmd.Process.Kill()
					<-ended
					alive = false
					continue
				}
				c.paused.Add(1)
				_ = cmd.Process.Signal(syscall.SIGSTOP)
				time.Sleep(c.lease + time.Duration(moments.Int64N(int64(2*c.lease))))
				_ = cmd.Process.Signal(syscall.SIGCONT)
			}
		}
	}
}

// produce sends notes and short recordings until killing ends, never so many that they pile up, and approves what is drafted meanwhile.
func produce(killing, ctx context.Context, s *service.Service, u kerbside.User, sound []byte) (sent []kerbside.VisitID, approved map[kerbside.VisitID]bool, err error) {
	approved = map[kerbside.VisitID]bool{}
	for i := 0; killing.Err() == nil; i++ {
		var v kerbside.VisitID
		if i%12 == 0 {
			r, err := s.UploadFile(ctx, u, service.RecordingInput{Name: "said.wav", Date: "2026-03-03"}, bytes.NewReader(sound))
			if err != nil {
				return sent, approved, err
			}
			v = r.Visit
		} else {
			visit, err := s.StartVisit(ctx, u, service.VisitInput{Date: "2026-03-03"})
			if err == nil {
				err = s.AddNote(ctx, u, visit.ID, fmt.Sprintf(typed, i))
			}
			if err != nil {
				return sent, approved, err
			}
			v = visit.ID
		}
		sent = append(sent, v)
		if behind := len(sent) - 60; behind >= 0 {
			if err := approve(ctx, s, u, sent[behind], approved); err != nil {
				return sent, approved, err
			}
		}
		open := 0
		for _, v := range sent[max(0, len(sent)-60):] {
			if now, _, err := s.Status(ctx, u, v); err == nil && now.State == kerbside.VisitProcessing {
				open++
			}
		}
		if open > 40 {
			time.Sleep(200 * time.Millisecond)
		}
	}
	return sent, approved, nil
}

// approve approves a visit once it is drafted, and notes that it was told so.
func approve(ctx context.Context, s *service.Service, u kerbside.User, id kerbside.VisitID, approved map[kerbside.VisitID]bool) error {
	now, _, err := s.Status(ctx, u, id)
	if err != nil || now.State != kerbside.VisitDrafted || approved[id] {
		return err
	}
	v, err := s.Visit(ctx, u, id)
	if err != nil {
		return err
	}
	var confirmed []string
	for _, o := range v.Open {
		if o.Required {
			confirmed = append(confirmed, o.ID)
		}
	}
	err = s.Approve(ctx, u, id, service.ApproveInput{Covers: v.Covers(), Confirmed: confirmed})
	approved[id] = approved[id] || err == nil
	return err
}

// drained waits until no job waits or runs.
func drained(ctx context.Context, p *place) error {
	for end := time.Now().Add(15 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		left := int64(0)
		err := p.db.View(ctx, func(tx kerbside.Tx) error {
			counts, err := tx.JobCounts()
			left = 0
			for _, c := range counts {
				if c.State != "aside" { // the visit has failed, which is a fault
					left += c.N
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		if left == 0 {
			return nil
		}
	}
	return errors.New("jobs are left")
}

// judge looks at every visit.
func (c *crew) judge(ctx context.Context, s *service.Service, u kerbside.User, sent []kerbside.VisitID, approved map[kerbside.VisitID]bool, took time.Duration) error {
	var wrong []string
	fault := func(format string, a ...any) { wrong = append(wrong, fmt.Sprintf(format, a...)) }
	documents := 0
	for _, id := range sent {
		v, err := s.Visit(ctx, u, id)
		if err != nil {
			return err
		}
		if len(v.Transcripts) != 1 || v.Record == nil || len(v.Drafts) != len(kerbside.Audiences()) || v.Visit.State != kerbside.VisitApproved {
			fault("%s is %s with %d transcripts and %d drafts", id, v.Visit.State, len(v.Transcripts), len(v.Drafts))
			continue
		}
		if len(v.Reviews) != 1 || !v.Reviews[0].Current || !approved[id] {
			fault("%s has %d approvals, and was told of: %v", id, len(v.Reviews), approved[id])
		}
		err = c.p.store.View(ctx, func(tx kerbside.Tx) error {
			for _, kind := range []kerbside.DocumentKind{kerbside.DocTranscript, kerbside.DocRecord, kerbside.DocDraft} {
				latest, err := tx.LatestDocuments(u.Org, id, kind)
				if err != nil {
					return err
				}
				for _, d := range latest {
					versions, err := tx.DocumentVersions(u.Org, id, kind, d.Key)
					if err != nil {
						return err
					}
					documents++
					if len(versions) != 1 { // nothing was corrected, so each stage had one result to give
						fault("%s: %s %s was committed %d times", id, kind, d.Key, len(versions))
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if len(approved) != len(sent) {
		fault("%d of %d were approved", len(approved), len(sent))
	}
	var entries int64
	err := c.p.store.View(ctx, func(tx kerbside.Tx) error {
		report, err := audit.Verify(tx, u.Org, audit.Check{Verifier: c.p.log.Verifier()})
		if err != nil {
			return err
		}
		entries = report.Size
		for _, f := range report.Faults {
			fault("the audit log: %s", f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	refused, done, warned, last := 0, 0, 0, ""
	for _, l := range c.logs {
		refused, done, warned = refused+l.refused, done+l.done, warned+l.warn
		if l.last != "" {
			last = l.last
		}
	}
	fmt.Printf("%d kills -9, %d pauses longer than a lease; %d visits, %d results, each committed once; %d stages ended, %d commits of workers that had lost their job were refused; %d approvals, 0 lost, 0 doubled; audit log of %d entries verified; the rest was done %.1f s after the last kill, load %s\n",
		c.killed.Load(), c.paused.Load(), len(sent), documents, done, refused, len(approved), entries, took.Seconds(), load())
	if warned > 0 {
		fmt.Printf("%d warnings of workers, the last: %.300s\n", warned, last)
	}
	for _, w := range wrong[:min(20, len(wrong))] {
		fmt.Println("WRONG:", w)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d faults", len(wrong))
	}
	return nil
}
