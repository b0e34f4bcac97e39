package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"kerbside"
)

// process is one child, from its hello to its end.
type process struct {
	cmd   *exec.Cmd
	log   *slog.Logger
	out   *frameWriter
	stdin io.Closer
	hello message

	mu      sync.Mutex
	next    uint64
	calls   map[uint64]chan reply
	taken   int // calls that it was given
	lastErr error
	dead    chan struct{} // closed when the process has ended and lastErr is set
}

type reply struct {
	m       message
	samples []float32
}

// errLost is that the child ended, or had to be ended, during a call.
var errLost = errors.New("the engine's process was lost")

// errRefused is that the child said why it cannot work.
var errRefused = errors.New("the engine refused to start")

// launch starts a child and waits for its hello. It gives errRefused joined with the child's own reason when there is one.
func launch(ctx context.Context, c Command, role string, timeout time.Duration, log *slog.Logger) (*process, error) {
	p := &process{log: log.With("role", role), calls: make(map[uint64]chan reply), dead: make(chan struct{})}
	p.cmd = exec.Command(c.Path, c.Args...) //nolint:noctx // it outlives the call that starts it
	p.cmd.Env = append(os.Environ(), c.Env...)
	p.cmd.SysProcAttr = childAttributes()
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	p.stdin, p.out = stdin, &frameWriter{w: stdin}
	started := make(chan error, 1)
	greeted := make(chan message, 1)
	go p.live(started, greeted, stdout, stderr)
	if err := <-started; err != nil {
		return nil, err
	}
	err = p.out.write(message{Type: typeHello, Version: protocolVersion, Role: role}, nil)
	if err == nil {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		select {
		case p.hello = <-greeted:
			if p.hello.Type == typeHello && p.hello.Version == protocolVersion {
				return p, nil
			}
			if p.hello.Type == typeRefused {
				err = errors.Join(errRefused, kerbside.E(p.hello.Code, "engine.Start", p.hello.Message, errors.New(p.hello.Detail)))
			} else {
				err = fmt.Errorf("%w: no hello", errFrame)
			}
		case <-p.dead:
		case <-ctx.Done():
			err = ctx.Err()
		case <-timer.C:
			err = errors.New("the engine did not get ready in time")
		}
	}
	p.kill()
	<-p.dead
	if err == nil || errors.Is(err, os.ErrClosed) {
		err = p.lastErr
	}
	return nil, err
}

// live starts the child and stays with it to its end. It keeps its thread, as Linux ties "die with the parent" to the thread that
// started the child.
func (p *process) live(started chan<- error, greeted chan<- message, stdout, stderr io.Reader) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	var wg sync.WaitGroup
	var wrote string
	wg.Go(func() { wrote = logLines(stderr, p.log) })
	var readErr error
	wg.Go(func() {
		readErr = p.read(stdout, greeted)
		p.kill() // whatever ended the talk, there is no use for the child any more
	})
	wg.Wait()
	waitErr := p.cmd.Wait()
	_ = p.stdin.Close()
	p.mu.Lock()
	p.lastErr = errors.Join(readErr, explain(waitErr, p.cmd.ProcessState, wrote))
	if p.lastErr == nil {
		p.lastErr = errors.New("it ended")
	}
	p.mu.Unlock()
	close(p.dead)
}

// read hands the child's answers to those who wait for them, until the child says no more.
func (p *process) read(stdout io.Reader, greeted chan<- message) error {
	in := newFrameReader(stdout)
	m, _, err := in.read()
	if err != nil {
		return ignoreEOF(err)
	}
	greeted <- m
	for {
		m, samples, err := in.read()
		if err != nil {
			return ignoreEOF(err)
		}
		p.mu.Lock()
		answer, ok := p.calls[m.ID]
		delete(p.calls, m.ID)
		p.mu.Unlock()
		if !ok {
			return fmt.Errorf("%w: an answer that nobody asked for", errFrame)
		}
		answer <- reply{m, samples}
	}
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// call sends a message and waits for its answer. It gives ctx's error at once when ctx ends, and errLost when the child ends
// or does not answer within timeout, which ends it.
func (p *process) call(ctx context.Context, m message, samples []float32, timeout time.Duration) (reply, error) {
	if err := ctx.Err(); err != nil {
		return reply{}, err
	}
	answer := make(chan reply, 1)
	p.mu.Lock()
	p.next++
	m.ID = p.next
	p.calls[m.ID] = answer
	p.taken++
	p.mu.Unlock()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	sent := make(chan error, 1)
	go func() { sent <- p.out.write(m, samples) }() // a child that hangs may not read
	for {
		select {
		case r := <-answer:
			return r, answerError(r.m)
		case err := <-sent:
			if err == nil {
				sent = nil
				continue
			}
			p.kill()
			<-p.dead
			return reply{}, errors.Join(errLost, p.reason())
		case <-p.dead:
			select {
			case r := <-answer: // it answered and then ended
				return r, answerError(r.m)
			default:
			}
			return reply{}, errors.Join(errLost, p.reason())
		case <-timer.C:
			p.kill()
			<-p.dead
			return reply{}, errors.Join(errLost, errors.New("no answer in time"), p.reason())
		case <-ctx.Done():
			p.abandon(m.ID)
			return reply{}, ctx.Err()
		}
	}
}

// abandon tells the child that an answer is not wanted, and ends a child that does not react.
func (p *process) abandon(id uint64) {
	go func() {
		_ = p.out.write(message{Type: typeCancel, ID: id}, nil)
		timer := time.NewTimer(cancelGrace)
		defer timer.Stop()
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			p.mu.Lock()
			_, waits := p.calls[id]
			p.mu.Unlock()
			if !waits {
				return
			}
			select {
			case <-p.dead:
				return
			case <-timer.C:
				p.log.Warn("engine did not stop when asked; ending it")
				p.kill()
				return
			case <-tick.C:
			}
		}
	}()
}

// cancelGrace is how long a child may take to answer a call that was cancelled.
const cancelGrace = 5 * time.Second

func answerError(m message) error {
	switch m.Type {
	case typeDone:
		return nil
	case typeError:
		return kerbside.E(m.Code, "engine.call", m.Message, errors.New(m.Detail))
	}
	return fmt.Errorf("%w: answer of type %q", errFrame, m.Type)
}

func (p *process) reason() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lastErr
}

func (p *process) alive() bool {
	select {
	case <-p.dead:
		return false
	default:
		return true
	}
}

func (p *process) kill() {
	if p.cmd.Process != nil {
		_ = p.cmd.Process.Kill() // it may have ended by itself
	}
}

// stop ends the child: it may finish by itself for a moment, as its input ends.
func (p *process) stop() {
	_ = p.stdin.Close()
	select {
	case <-p.dead:
	case <-time.After(stopGrace):
		p.kill()
		<-p.dead
	}
}

const stopGrace = time.Second

// logLines writes a child's standard error to the log, line by line, and gives its beginning.
func logLines(r io.Reader, log *slog.Logger) string {
	const longest, kept = 2000, 1000
	in := bufio.NewReaderSize(r, longest)
	var first strings.Builder
	for {
		part, err := in.ReadSlice('\n')
		line := strings.TrimRight(string(part), "\r\n")
		if line != "" {
			if first.Len() < kept {
				first.WriteString(line + "\n")
			}
			log.Debug("engine", "line", line)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return first.String()
		}
	}
}
