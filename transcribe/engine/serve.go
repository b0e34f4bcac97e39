package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"kerbside"
	"kerbside/transcribe"
)

const (
	maxCalls   = 64              // under way at one time; a parent never has as many
	graceAfter = 2 * time.Second // for calls to end once the parent is gone
)

// Serve is the child's side. It answers the parent's calls from in on out until in ends, which is how the parent's end shows, or ctx
// does. Only the part that the parent asks for is made: the recogniser or detectors. What keeps it from working, such as a CPU
// that lacks what the library was built for, is told to the parent and returned.
//
// After ctx ended, one read of in may still be pending.
func Serve(ctx context.Context, in io.Reader, out io.Writer, newRecognizer func(context.Context) (transcribe.Recognizer, error), newVAD func(context.Context) (transcribe.VoiceDetector, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{in: newFrameReader(in), out: &frameWriter{w: out}, newVAD: newVAD, calls: make(map[uint64]context.CancelFunc), streams: make(map[uint64]*stream)}
	hello, _, err := s.in.read()
	if err != nil {
		return err
	}
	if hello.Type != typeHello || hello.Version != protocolVersion {
		return s.refuse(kerbside.E(kerbside.CodeUnavailable, "engine.Serve", "The program was replaced while it ran. Restart it.", fmt.Errorf("protocol %d, want %d", hello.Version, protocolVersion)))
	}
	ready := message{Type: typeHello, Version: protocolVersion}
	switch hello.Role {
	case roleRecognizer:
		if s.recognizer, err = newRecognizer(ctx); err != nil {
			return s.refuse(err)
		}
		defer func() { _ = s.recognizer.Close() }()
		info := s.recognizer.Info()
		ready.Info = &info
	case roleDetector:
		probe, err := newVAD(ctx)
		if err != nil {
			return s.refuse(err)
		}
		ready.Frame = probe.FrameSamples()
		_ = probe.Close()
	default:
		return s.refuse(kerbside.E(kerbside.CodeInternal, "engine.Serve", "", fmt.Errorf("role %q", hello.Role)))
	}
	if err := s.out.write(ready, nil); err != nil {
		return err
	}
	return s.loop(ctx, cancel)
}

// server is the state of one Serve.
type server struct {
	in         *frameReader
	out        *frameWriter
	recognizer transcribe.Recognizer
	newVAD     func(context.Context) (transcribe.VoiceDetector, error)

	wg      sync.WaitGroup
	mu      sync.Mutex
	calls   map[uint64]context.CancelFunc
	streams map[uint64]*stream
}

// stream is one recording whose voices are detected.
type stream struct {
	mu sync.Mutex
	d  transcribe.VoiceDetector
}

// refuse tells the parent why there is no use in going on.
func (s *server) refuse(err error) error {
	m := message{Type: typeRefused, Code: kerbside.CodeOf(err), Message: kerbside.MessageOf(err), Detail: err.Error()}
	return errors.Join(err, s.out.write(m, nil))
}

func (s *server) loop(ctx context.Context, cancel context.CancelFunc) error {
	ended := make(chan error, 1)
	go func() {
		for {
			m, samples, err := s.in.read()
			if err == nil {
				err = s.take(ctx, m, samples)
			}
			if err != nil {
				ended <- err
				return
			}
		}
	}()
	var err error
	select {
	case err = <-ended:
		if errors.Is(err, io.EOF) {
			err = nil
		}
	case <-ctx.Done():
	}
	cancel()
	idle := make(chan struct{})
	go func() {
		s.wg.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, st := range s.streams {
			_ = st.d.Close()
		}
		return err
	case <-time.After(graceAfter):
		return errors.Join(err, errors.New("calls did not end in time"))
	}
}

// take starts what a message asks for.
func (s *server) take(ctx context.Context, m message, samples []float32) error {
	if m.Type == typeCancel {
		s.mu.Lock()
		defer s.mu.Unlock()
		if cancel, ok := s.calls[m.ID]; ok {
			cancel()
		}
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.calls[m.ID]; ok || len(s.calls) >= maxCalls {
		return fmt.Errorf("%w: call %d", errFrame, m.ID)
	}
	ctx, cancel := context.WithCancel(ctx)
	s.calls[m.ID] = cancel
	s.wg.Go(func() {
		answer, payload, err := s.answer(ctx, m, samples)
		if err != nil {
			answer = message{Type: typeError, Code: kerbside.CodeOf(err), Message: kerbside.MessageOf(err), Detail: err.Error()}
			if ctx.Err() != nil {
				answer.Code = kerbside.CodeCanceled
			}
		}
		s.mu.Lock()
		delete(s.calls, m.ID)
		s.mu.Unlock()
		cancel()
		answer.ID = m.ID
		_ = s.out.write(answer, payload) // a parent that is gone shows at the next read
	})
	return nil
}

// answer does what one message asks for.
func (s *server) answer(ctx context.Context, m message, samples []float32) (message, []float32, error) {
	done := message{Type: typeDone}
	unexpected := kerbside.E(kerbside.CodeInternal, "engine.Serve", "", fmt.Errorf("message %q does not belong here", m.Type))
	switch m.Type {
	case typeWindow:
		if s.recognizer == nil || m.Params == nil {
			return done, nil, unexpected
		}
		result, err := s.recognizer.Recognize(ctx, samples, *m.Params)
		if err == nil {
			done.Result = toWire(result)
		}
		return done, nil, err
	case typeOpen:
		d, err := s.newVAD(ctx)
		if err != nil {
			return done, nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.streams[m.ID] = &stream{d: d}
		return done, nil, nil
	}
	s.mu.Lock()
	st := s.streams[m.Stream]
	if m.Type == typeClose {
		delete(s.streams, m.Stream)
	}
	s.mu.Unlock()
	if st == nil {
		return done, nil, unexpected
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	switch m.Type {
	case typeDetect:
		probabilities, err := st.d.Detect(ctx, samples)
		return done, probabilities, err
	case typeReset:
		st.d.Reset()
		return done, nil, nil
	case typeClose:
		return done, nil, st.d.Close()
	}
	return done, nil, unexpected
}
