//go:build cgo && linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside/models"
)

// serverChild is a server in a process of its own, and somebody who is signed in there.
type serverChild struct {
	cmd     *exec.Cmd
	client  *http.Client
	url     string
	data    string
	metrics string
	scratch string
	log     string // file
	exited  chan error
}

// startProgram runs `kerbside serve` as a process of its own and signs its sample worker in.
func startProgram(t *testing.T, dir string) *serverChild {
	t.Helper()
	weights, err := models.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &serverChild{data: filepath.Join(dir, "data"), metrics: free.Addr().String(), scratch: filepath.Join(dir, "scratch"), log: filepath.Join(dir, "log"), exited: make(chan error, 1)}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(p.scratch, folderPerm); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	p.cmd = exec.Command(os.Args[0], "--json", "--models-dir", weights, "serve", "--addr", "127.0.0.1:0", "--metrics-addr", p.metrics, "--data", p.data, "--preset", "fast",
		"--sample", filepath.Join("..", "..", "samples", "visit.ogg"))
	p.cmd.Env = append(os.Environ(), asProgram+"=1", "TMPDIR="+p.scratch)
	p.cmd.Stderr = log
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	link := ""
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
		if who, at, ok := strings.Cut(lines.Text(), " signs in once, within 24 hours, at "); ok && who == "The sample worker" {
			link = at
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, out)
		p.exited <- p.cmd.Wait()
	}()
	if link == "" {
		t.Fatalf("serve did not start: %s", p.logged(t))
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.client = &http.Client{Jar: jar, Timeout: time.Minute}
	p.url, _, _ = strings.Cut(link, "/signin/")
	if status, body := p.ask(t, http.MethodPost, strings.TrimPrefix(link, p.url), "", nil); status != http.StatusOK {
		t.Fatalf("signing in: %d %.300s", status, body)
	}
	return p
}

func (p *serverChild) logged(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// warnings counts the log's lines from warnings up, without what differs from one to the next.
func (p *serverChild) warnings() (out []string) {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return []string{err.Error()}
	}
	counts := map[string]int{}
	level := regexp.MustCompile(`"level":"(WARN|ERROR)","msg":"([^"]*)".*?(?:"code":"([^"]*)")?`)
	for line := range bytes.Lines(b) {
		if m := level.FindSubmatch(line); m != nil {
			counts[fmt.Sprintf("%s %s %s", m[1], m[2], m[3])]++
		}
	}
	for _, k := range slices.Sorted(mapKeys(counts)) {
		out = append(out, fmt.Sprintf("%d × %s", counts[k], strings.TrimSpace(k)))
	}
	return out
}

// held is what a running server has of the system's.
type held struct {
	files, goroutines, heapMB, residentMB int
	children                              []string // names of processes below it
	scratch                               int      // files
}

func (h held) String() string {
	return fmt.Sprintf("%d open files, %d goroutines, %d MB of heap, %d MB resident, children %s, %d scratch files", h.files, h.goroutines, h.heapMB, h.residentMB, strings.Join(h.children, " "), h.scratch)
}

func (p *serverChild) held(t *testing.T) (h held) {
	t.Helper()
	at := filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid))
	files, err := os.ReadDir(filepath.Join(at, "fd"))
	if err != nil {
		t.Fatalf("the server is gone: %v\n%s", err, tail(p.logged(t)))
	}
	h.files = len(files)
	scratch, err := os.ReadDir(p.scratch)
	if err != nil {
		t.Fatal(err)
	}
	h.scratch = len(scratch)
	res, err := http.Get("http://" + p.metrics + "/metrics") //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	number := func(name string) int {
		m := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(body)
		if m == nil {
			t.Fatalf("no metric %s", name)
		}
		v, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		return int(v)
	}
	h.goroutines, h.heapMB, h.residentMB = number("go_goroutines"), number("go_memstats_heap_inuse_bytes")>>20, number("process_resident_memory_bytes")>>20
	h.children = childrenOf(t, p.cmd.Process.Pid)
	return h
}

// childrenOf names the processes below one, those that nobody waits for too.
func childrenOf(t *testing.T, pid int) (names []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
		fields := strings.Fields(string(b[end+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			name := string(b[open+1 : end])
			if fields[0] == "Z" {
				name += "(dead)"
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// settled waits until a server holds no more than it did, within what a running program varies by.
func (p *serverChild) settled(t *testing.T, before held) (after held) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) {
		p.client.CloseIdleConnections()
		after = p.held(t)
		if after.files <= before.files+8 && after.goroutines <= before.goroutines+12 && slices.Equal(after.children, before.children) && after.scratch <= before.scratch &&
			after.heapMB <= before.heapMB+150 && after.residentMB <= before.residentMB+150*raceMemory {
			return after
		}
		if time.Now().After(end) {
			t.Errorf("the server held %s and holds %s", before, after)
			return after
		}
	}
}

// stop ends the server as systemd would and wants it gone, with nothing wrong, and without a trace of a crash or of what was said in its log.
func (p *serverChild) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("the server is gone: %v\n%s", err, tail(p.logged(t)))
	}
	select {
	case err := <-p.exited:
		if err != nil {
			t.Errorf("the server ended with %v\n%s", err, tail(p.logged(t)))
		}
	case <-time.After(30 * time.Second):
		t.Error("the server does not end")
	}
	log := p.logged(t)
	for _, word := range []string{"panic", "goroutine 1 [", "fatal error", "Laura", "Parker", "children"} {
		if i := strings.Index(log, word); i >= 0 {
			t.Errorf("the log holds %q: …%s", word, log[max(0, i-300):min(len(log), i+1000)])
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-3000):] }
