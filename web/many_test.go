package web_test

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
)

var manyUploads = flag.Int("uploads", 20, "uploads of TestManyUploads at one time")

// badLine passes connections on to an address, slowly, and cuts each at a random moment.
type badLine struct {
	to   string
	cuts atomic.Int64
}

func (b *badLine) serve(l net.Listener, random *rand.Rand) {
	var mu sync.Mutex
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		mu.Lock()
		budget := 100_000 + random.IntN(900_000) // bytes until the cut, both ways together
		mu.Unlock()
		go b.pass(c, budget)
	}
}

func (b *badLine) pass(c net.Conn, budget int) {
	defer c.Close()
	up, err := net.Dial("tcp", b.to)
	if err != nil {
		return
	}
	defer up.Close()
	var left atomic.Int64
	left.Store(int64(budget))
	var wg sync.WaitGroup
	for _, way := range [][2]net.Conn{{c, up}, {up, c}} {
		wg.Go(func() {
			buf := make([]byte, 16<<10)
			for {
				n, err := way[0].Read(buf)
				if left.Add(-int64(n)) < 0 { // in the middle of whatever it was
					b.cuts.Add(1)
					n /= 2
					err = io.EOF
				}
				if n > 0 {
					time.Sleep(time.Duration(n) * time.Second / (2 << 20)) // 2 MB/s each way
					if _, werr := way[1].Write(buf[:n]); werr != nil {
						err = werr
					}
				}
				if err != nil {
					_ = c.Close()
					_ = up.Close()
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestManyUploads sends many files at one time with the real client through a line that is slow and breaks off in the middle of requests and answers: all
// are complete, each with its own bytes. make prove-uploads asks for 200.
func TestManyUploads(t *testing.T) {
	const people = 5
	s := newSite(t, &fakeExtractor{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	line := &badLine{to: strings.TrimPrefix(s.url, "http://")}
	go line.serve(l, rand.New(rand.NewPCG(1, 2)))
	t.Cleanup(func() { _ = l.Close() })
	began := time.Now()
	var wg sync.WaitGroup
	var done, size atomic.Int64
	for p := range people {
		worker := s.signIn(s.invite(fmt.Sprint("Worker ", p), kerbside.RoleWorker))
		var sends []tusSend
		sums := map[string]string{}
		for i := range *manyUploads / people {
			path, sum := soundFile(t, 200_000+(p*7919+i*104729)%600_000)
			name := fmt.Sprintf("p%d-%d", p, i)
			sends, sums[name] = append(sends, tusSend{File: path, Chunk: 128 << 10, Metadata: map[string]string{"client_id": name, "sha256": sum}}), sum
		}
		wg.Go(func() {
			for name, sent := range sendTus(t, "http://"+l.Addr().String()+"/api/tus/", worker.cookie(), len(sends), sends) {
				if sent.Error != "" {
					t.Errorf("%s: %s", name, sent.Error)
					continue
				}
				got := worker.want(worker.get("/recordings/"+sent.URL[strings.LastIndex(sent.URL, "/")+1:]+"/audio"), http.StatusOK).body
				if kerbside.HexSHA256([]byte(got)) != sums[name] {
					t.Errorf("%s: other bytes are kept", name)
					continue
				}
				done.Add(1)
				size.Add(int64(len(got)))
			}
		})
	}
	wg.Wait()
	t.Logf("%d uploads at one time, %.0f MB, through a line of 2 MB/s a connection that was cut %d times: %d complete with matching hashes, in %.0f s",
		*manyUploads, float64(size.Load())/1e6, line.cuts.Load(), done.Load(), time.Since(began).Seconds())
	if done.Load() != int64(*manyUploads) || line.cuts.Load() == 0 {
		t.Fail()
	}
}
