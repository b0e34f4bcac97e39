package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"kerbside"
)

// printed is standard output. It keeps the first error of writing, which help and lines for a person do not look at, and writes nothing after it.
type printed struct {
	to io.Writer

	mu  sync.Mutex
	err error
}

// Write implements [io.Writer].
func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.to.Write(b)
	p.err = err
	return n, err
}

// outcome is that of a command that ended with err: what could not be written is told of unless something else went wrong.
func (p *printed) outcome(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	named := errors.Is(err, errSome) || errors.Is(err, errNamed)
	if p.err == nil || err != nil && !named && !errors.Is(err, p.err) {
		return err
	}
	reason := p.err
	if path := (*fs.PathError)(nil); errors.As(reason, &path) {
		reason = path.Err
	}
	return kerbside.E(kerbside.CodeUnavailable, "kerbside.printed", fmt.Sprintf("The results cannot be written: %v.", reason), p.err)
}
