package web_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kerbside"
)

// tusClient is where scripts/setup-tus.sh puts the real client.
const tusClient = "tus/tus-js-client-4.3.1"

type tusSend struct {
	File     string            `json:"file"`
	Metadata map[string]string `json:"metadata"`
	Cut      int               `json:"cut"`
	Chunk    int               `json:"chunk"`
}

type tusSent struct {
	Name, URL, Error string
	Bytes            int64
	Cut              bool
}

// sendTus has the real client send files.
func sendTus(t *testing.T, endpoint, cookie string, at int, sends []tusSend) map[string]tusSent {
	t.Helper()
	cache := os.Getenv("KERBSIDE_CACHE")
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(dir, "kerbside")
	}
	client := filepath.Join(cache, tusClient)
	if _, err := os.Stat(filepath.Join(client, "node_modules")); err != nil {
		t.Fatalf("%v: scripts/setup-tus.sh installs it", err)
	}
	job, err := json.Marshal(map[string]any{"endpoint": endpoint, "headers": map[string]string{"Cookie": cookie}, "uploads": sends, "at": at})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "job.json")
	if err := os.WriteFile(path, job, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "testdata/tus.js", client, path)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	sent := map[string]tusSent{}
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		var s tusSent
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		sent[s.Name] = s
	}
	return sent
}

func (p *person) cookie() string {
	p.s.t.Helper()
	u, err := url.Parse(p.s.url)
	if err != nil {
		p.s.t.Fatal(err)
	}
	c := p.c.Jar.Cookies(u)
	if len(c) != 1 {
		p.s.t.Fatal("not signed in")
	}
	return c[0].String()
}

func soundFile(t *testing.T, n int) (path, sha256 string) {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "memo.m4a")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, kerbside.HexSHA256(b)
}

// TestTus: the real client sends a file, is cut off in the middle, and goes on where it was; the recording is finished with the hash, given beforehand or at
// the end; a file sent before is not sent again.
func TestTus(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Wren", kerbside.RoleWorker))
	first, firstSum := soundFile(t, 3<<20+17)
	second, secondSum := soundFile(t, 1<<20)
	sent := sendTus(t, s.url+"/api/tus/", worker.cookie(), 2, []tusSend{
		{File: first, Cut: 1 << 20, Metadata: map[string]string{"client_id": "first", "filename": "memo.m4a", "kind": "debrief", "sha256": firstSum}},
		{File: second, Metadata: map[string]string{"client_id": "second"}},
	})
	if a, b := sent["first"], sent["second"]; a.Error+b.Error != "" || !a.Cut || !strings.HasPrefix(a.URL, s.url+"/api/tus/r-") {
		t.Fatalf("%+v", sent)
	}
	id := sent["second"].URL[strings.LastIndex(sent["second"].URL, "/")+1:]
	wrong := worker.postJSON(t, "/api/recordings/"+id+"/finish", `{"sha256":"`+firstSum+`"}`)
	if wrong.status != http.StatusConflict {
		t.Fatalf("another hash was confirmed: %d %s", wrong.status, wrong.body)
	}
	if done := worker.postJSON(t, "/api/recordings/"+id+"/finish", `{"sha256":"`+secondSum+`"}`); done.status != http.StatusOK || !strings.Contains(done.body, secondSum) {
		t.Fatalf("%d %s", done.status, done.body)
	}
	for name, sum := range map[string]string{"first": firstSum, "second": secondSum} {
		id := sent[name].URL[strings.LastIndex(sent[name].URL, "/")+1:]
		if got := worker.want(worker.get("/recordings/"+id+"/audio"), http.StatusOK).body; kerbside.HexSHA256([]byte(got)) != sum {
			t.Errorf("%s: other bytes are kept", name)
		}
	}
	again := sendTus(t, s.url+"/api/tus/", worker.cookie(), 1, []tusSend{{File: first, Metadata: map[string]string{"client_id": "first", "filename": "memo.m4a", "kind": "debrief", "sha256": firstSum}}})
	if again["first"].Error != "" || again["first"].URL != sent["first"].URL {
		t.Errorf("%+v", again)
	}
}

// postJSON sends JSON.
func (p *person) postJSON(t *testing.T, path, body string) answer {
	t.Helper()
	return p.send(t, http.MethodPost, path, body, map[string]string{"Content-Type": "application/json"})
}

func (p *person) send(t *testing.T, method, path, body string, headers map[string]string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	got, err := p.c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(got.Body)
	if err := errors.Join(err, got.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, string(b)}
}

// TestTusRefuses: what the protocol wants refused, and what belongs to somebody else.
func TestTusRefuses(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker, other := s.signIn(s.invite("Wren", kerbside.RoleWorker)), s.signIn(s.invite("Ash", kerbside.RoleWorker))
	tus := map[string]string{"Tus-Resumable": "1.0.0"}
	with := func(more ...string) map[string]string {
		h := map[string]string{"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
		for i := 0; i < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	made := worker.send(t, http.MethodPost, "/api/tus/", "", map[string]string{"Tus-Resumable": "1.0.0", "Upload-Length": "10"})
	at := made.header.Get("Location")
	if made.status != http.StatusCreated || !strings.HasPrefix(at, "/api/tus/r-") {
		t.Fatalf("%d %q %s", made.status, at, made.body)
	}
	if a := worker.send(t, http.MethodPatch, at, "12345", with("Upload-Offset", "0")); a.status != http.StatusNoContent || a.header.Get("Upload-Offset") != "5" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for name, c := range map[string]struct {
		by           *person
		method, path string
		body         string
		headers      map[string]string
		want         int
	}{
		"nobody":              {s.nobody(), http.MethodHead, at, "", tus, http.StatusUnauthorized},
		"somebody else":       {other, http.MethodHead, at, "", tus, http.StatusNotFound},
		"somebody else sends": {other, http.MethodPatch, at, "67890", with("Upload-Offset", "5"), http.StatusNotFound},
		"a wrong offset":      {worker, http.MethodPatch, at, "67890", with("Upload-Offset", "3"), http.StatusConflict},
		"too much":            {worker, http.MethodPatch, at, "678901", with("Upload-Offset", "5"), http.StatusRequestEntityTooLarge},
		"another protocol":    {worker, http.MethodPatch, at, "6", map[string]string{"Tus-Resumable": "0.2"}, http.StatusPreconditionFailed},
		"too large":           {worker, http.MethodPost, "/api/tus/", "", map[string]string{"Tus-Resumable": "1.0.0", "Upload-Length": strconv.FormatInt(5<<30, 10)}, http.StatusRequestEntityTooLarge},
		"nothing":             {worker, http.MethodPost, "/api/tus/", "", map[string]string{"Tus-Resumable": "1.0.0", "Upload-Length": "0"}, http.StatusBadRequest},
		"no such upload":      {worker, http.MethodHead, "/api/tus/r-none", "", tus, http.StatusNotFound},
		"to delete":           {worker, http.MethodDelete, at, "", tus, http.StatusMethodNotAllowed},
		"to read":             {worker, http.MethodGet, at, "", tus, http.StatusMethodNotAllowed},
	} {
		if a := c.by.send(t, c.method, c.path, c.body, c.headers); a.status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, a.status, c.want, a.body)
		}
	}
	if a := worker.send(t, http.MethodHead, at, "", tus); a.status != http.StatusOK || a.header.Get("Upload-Offset") != "5" || a.header.Get("Upload-Length") != "10" {
		t.Fatalf("%d %+v", a.status, a.header)
	}
}

// TestOpenLimit: who has many recordings arriving waits with the next, and is told so.
func TestOpenLimit(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	worker := s.signIn(s.invite("Wren", kerbside.RoleWorker))
	refused := 0
	for i := range 52 {
		a := worker.postJSON(t, "/api/recordings", fmt.Sprintf(`{"client_id":"c%d"}`, i))
		if a.status == http.StatusTooManyRequests && strings.Contains(a.body, "Let some of them finish") {
			refused++
		}
	}
	if refused != 2 {
		t.Errorf("%d of 52 were refused", refused)
	}
}
