//go:build cgo && linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kerbside/models"
	"kerbside/storage/postgres/pgtest"
	"kerbside/storage/s3/s3test"
	"kerbside/web/webtest"
)

var nodesLong = flag.Bool("nodes", false, "TestNodes: go the whole way in a browser while a web node and a worker are killed at each step")

// member is one process of a service that runs in several.
type member struct {
	args []string
	env  []string
	log  *os.File

	mu     sync.Mutex
	cmd    *exec.Cmd
	ended  chan error
	lines  chan string // of standard output
	killed int
}

func (m *member) start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cmd = exec.Command(os.Args[0], m.args...)
	m.cmd.Env, m.cmd.Stderr = m.env, m.log
	out, err := m.cmd.StdoutPipe()
	if err == nil {
		err = m.cmd.Start()
	}
	if err != nil {
		return err
	}
	m.ended, m.lines = make(chan error, 1), make(chan string, 100)
	cmd, lines, ended := m.cmd, m.lines, m.ended
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		ended <- cmd.Wait()
	}()
	return nil
}

// kill ends it as a power cut does.
func (m *member) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.cmd.Process.Kill()
	<-m.ended
	m.killed++
}

// stop ends it as an operator does, and wants it to end well.
func (m *member) stop(t *testing.T) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-m.ended:
		if err != nil {
			t.Errorf("%v ended with %v", m.args, err)
		}
	case <-time.After(time.Minute):
		t.Errorf("%v does not stop", m.args)
		_ = m.cmd.Process.Kill()
	}
}

// several is a service with two web nodes behind a proxy and two workers.
type several struct {
	t       *testing.T
	base    string
	webs    [2]*member
	workers [2]*member
	worker  string // sign-in links
	manager string
}

func startSeveral(t *testing.T, sample string, queues ...string) *several {
	t.Helper()
	dir := t.TempDir()
	bucket, err := s3test.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bucket.Stop)
	weights, err := models.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	master, audit := filepath.Join(dir, "keys", "master.key"), filepath.Join(dir, "keys", "audit.key")
	shared := []string{"--data", filepath.Join(dir, "none"), "--database", pgtest.URL(t, nil), "--blobs", bucket.URL, "--key-file", master, "--audit-key", audit, "--job-lease", "4s"}
	env := append(append(os.Environ(), asProgram+"=1"), s3test.Env()...)
	s := &several{t: t}
	once := func(want int, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if got := cmd.ProcessState.ExitCode(); got != want || err != nil && !errors.As(err, &exit) {
			t.Fatalf("%v ended with %d (%v): %s", args, got, err, out)
		}
		return string(out)
	}
	if out := once(exitFailed, append([]string{"worker"}, shared...)...); !strings.Contains(out, "keys new") {
		t.Fatalf("a worker without keys does not say how to make them: %s", out)
	}
	once(exitDone, "keys", "new", "--key-file", master, "--audit-key", audit)

	// The proxy is there first: pages name its address.
	targets := []string{freeAddress(t), freeAddress(t)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.base = "http://" + l.Addr().String()
	front := &http.Server{Handler: proxyTo(targets), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = front.Serve(l) }()
	t.Cleanup(func() { _ = front.Close() })

	member := func(name string, args ...string) *member {
		t.Helper()
		log, err := os.Create(filepath.Join(dir, name+".log"))
		if err != nil {
			t.Fatal(err)
		}
		m := &member{args: append(append([]string{"--json", "--models-dir", weights}, args...), shared...), env: env, log: log}
		if err := m.start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			m.stop(t)
			_ = log.Close()
			if b, err := os.ReadFile(log.Name()); err != nil || strings.Contains(string(b), "Hargreave") || strings.Contains(string(b), "bedroom") {
				t.Errorf("%s: the log holds what was said (%v)", name, err)
			}
			if t.Failed() {
				b, _ := os.ReadFile(log.Name())
				t.Logf("%s:\n%s", name, b[max(0, len(b)-3000):])
			}
		})
		return m
	}
	for i, at := range targets {
		args := []string{"serve", "--no-worker", "--addr", at, "--base-url", s.base, "--trust-proxy", "127.0.0.1"}
		if i == 0 {
			args = append(args, "--link")
			if sample != "" {
				args = append(args, "--sample", sample)
			}
		}
		s.webs[i] = member(fmt.Sprintf("web-%d", i), args...)
		s.greeted(s.webs[i])
	}
	for i, q := range queues {
		s.workers[i] = member(fmt.Sprintf("worker-%d", i), "worker", "--queues", q, "--preset", "fast", "--drain", "2s")
	}
	s.webs[0].args = s.webs[0].args[:0:0] // started again it makes nothing new
	s.webs[0].args = append([]string{"--json", "--models-dir", weights, "serve", "--no-worker", "--addr", targets[0], "--base-url", s.base, "--trust-proxy", "127.0.0.1"}, shared...)
	return s
}

// greeted waits until a web node serves, and takes the links that it prints.
func (s *several) greeted(m *member) {
	s.t.Helper()
	for {
		select {
		case line, ok := <-m.lines:
			who, link, _ := strings.Cut(line, " signs in once, within 24 hours, at ")
			switch {
			case !ok:
				s.t.Fatal("a web node does not start")
			case who == "The manager":
				s.manager = link
			case who == "The sample worker":
				s.worker = link
			case strings.HasPrefix(line, "Ctrl-C"):
				return
			}
		case <-time.After(time.Minute):
			s.t.Fatal("a web node does not start in a minute")
		}
	}
}

// proxyTo sends each request to the next node; to another one when that cannot be reached, and again when it is gone before it has answered and nothing happens twice by that.
func proxyTo(targets []string) http.Handler {
	p := &httputil.ReverseProxy{
		FlushInterval: -1,
		Transport:     &failover{targets: targets},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: targets[0]})
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	return p
}

type failover struct {
	targets []string
	next    atomic.Int64
}

func (f *failover) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, 64<<20)); err != nil {
			return nil, err
		}
	}
	var last error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && r.Context().Err() == nil; {
		out := r.Clone(r.Context())
		out.URL.Host = f.targets[int(f.next.Add(1))%len(f.targets)]
		if r.Body != nil {
			out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		}
		res, err := http.DefaultTransport.RoundTrip(out)
		if err == nil {
			return res, nil
		}
		last = err
		var dial *net.OpError
		unsent := errors.As(err, &dial) && dial.Op == "dial"
		if !unsent && r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPut {
			return nil, err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, last
}

// TestNodes runs the service as two web nodes behind a proxy and two workers, on PostgreSQL and an S3 server. In short, a typed note is drafted although a worker dies over it and the node
// that took it in is gone; with -nodes, a recording goes the whole way in a browser, and at each step a web node and a worker are killed.
func TestNodes(t *testing.T) {
	if *nodesLong {
		nodesJourney(t)
		return
	}
	s := startSeveral(t, "", "extract,draft", "extract,draft")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	ask := func(method, path string, form url.Values) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", s.base)
		if form != nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode >= 400 {
			t.Fatalf("%s %s: %s %v: %.300s", method, path, res.Status, err, b)
		}
		return res.Request.URL.Path
	}
	ask(http.MethodPost, strings.TrimPrefix(s.manager, s.base), url.Values{})
	s.workers[0].kill()
	s.webs[0].kill()
	visit := ask(http.MethodPost, "/note", url.Values{"text": {"I visited Jade Hollins on Tuesday. Mum was calm. Jade showed me her bedroom."}, "date": {"2026-03-03"}})
	s.workers[1].kill()
	if err := errors.Join(s.webs[0].start(), s.workers[0].start()); err != nil {
		t.Fatal(err)
	}
	s.greeted(s.webs[0])
	s.webs[1].kill()
	if err := s.workers[1].start(); err != nil {
		t.Fatal(err)
	}
	s.awaitDrafted(t.Context(), client, visit)
	if err := s.webs[1].start(); err != nil {
		t.Fatal(err)
	}
	s.greeted(s.webs[1])
}

func (s *several) awaitDrafted(ctx context.Context, client *http.Client, visit string) {
	s.t.Helper()
	body := []byte(nil)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/api"+visit+"/status", nil)
		if err != nil {
			s.t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		body, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err == nil && bytes.Contains(body, []byte(`"drafted"`)) {
			return
		}
	}
	s.t.Fatalf("it is not drafted: %s", body)
}

// nodesJourney is the journey of TestJourney while nodes are killed.
func nodesJourney(t *testing.T) {
	const seconds = 21
	dir := t.TempDir()
	wav := filepath.Join(dir, "spoken.wav")
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", "../../samples/visit.ogg", "-t", "20", "-ar", "48000", "-ac", "1", wav).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	const queues = "transcribe,listen,extract,draft"
	s := startSeveral(t, wav, queues, queues)
	turn := 0
	var steps []string
	var starting sync.WaitGroup
	webtest.Journey(t, webtest.Config{
		WorkerLink: s.worker, ReviewerLink: s.manager, WAV: wav,
		Record: seconds * time.Second, Write: 8 * time.Minute, Wrong: []string{"Parker", "Martin"}, Right: "Hargreave",
		At: func(step string) {
			starting.Wait() // what was killed at the step before is there again, or as good as
			web, worker := s.webs[turn%2], s.workers[turn%2]
			turn++
			steps = append(steps, step)
			t.Logf("%s: kill -9 of web node %d and worker %d", step, (turn-1)%2+1, (turn-1)%2+1)
			web.kill()
			worker.kill()
			starting.Go(func() {
				time.Sleep(2 * time.Second)
				if err := errors.Join(web.start(), worker.start()); err != nil {
					t.Error(err)
				}
				for line := range web.lines {
					if strings.HasPrefix(line, "Ctrl-C") {
						break
					}
				}
			})
		},
	})
	starting.Wait()
	t.Logf("two web nodes behind a proxy and two workers on PostgreSQL and versitygw: the journey ended well with %d web nodes and %d workers killed, at %s", turn, turn, strings.Join(steps, ", "))
}
