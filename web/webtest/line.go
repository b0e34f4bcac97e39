package webtest

import (
	"context"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Line is the way from a browser to a server, which can go away as a signal does: what is on its way breaks off, and nothing new gets through. Not even
// a service worker finds another.
type Line struct {
	t      testing.TB
	server string // host and port
	listen net.Listener

	mu   sync.Mutex
	cut  bool
	open map[net.Conn]struct{}
}

// NewLine leads to the server of an address, for the length of the test.
func NewLine(t testing.TB, address string) *Line {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l := &Line{t: t, server: u.Host, open: map[net.Conn]struct{}{}}
	if l.listen, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	go l.serve()
	t.Cleanup(func() {
		_ = l.listen.Close()
		l.Cut(true)
	})
	return l
}

// Through is a server's address as it is reached by the line.
func (l *Line) Through(address string) string {
	return strings.Replace(address, l.server, l.listen.Addr().String(), 1)
}

// Cut has the signal go, or come back.
func (l *Line) Cut(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut = cut; cut {
		for c := range l.open {
			_ = c.Close()
		}
	}
}

func (l *Line) serve() {
	for {
		near, err := l.listen.Accept()
		if err != nil {
			return
		}
		far, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", l.server)
		if err != nil || !l.hold(near, far) {
			_ = near.Close()
			if far != nil {
				_ = far.Close()
			}
			continue
		}
		go l.carry(near, far)
		go l.carry(far, near)
	}
}

func (l *Line) hold(both ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range both {
		l.open[c] = struct{}{}
	}
	return !l.cut
}

func (l *Line) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range []net.Conn{to, from} {
		_ = c.Close()
		delete(l.open, c)
	}
}
