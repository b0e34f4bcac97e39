package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kerbside"
	"kerbside/models"
	"kerbside/transcribe/audio"
)

// running is a server in a process of its own, which may be killed.
type running struct {
	cmd             *exec.Cmd
	base            string
	worker, manager string // one-time links
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func startServer(t *testing.T, addr, data string, more ...string) *running {
	t.Helper()
	models, err := models.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	s := &running{cmd: exec.Command(os.Args[0], append([]string{"--models-dir", models, "serve", "--addr", addr, "--data", data}, more...)...)}
	s.cmd.Env = append(os.Environ(), asProgram+"=1")
	var errs bytes.Buffer
	s.cmd.Stderr = &errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t, syscall.SIGTERM) })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if at, ok := strings.CutPrefix(lines.Text(), "Kerbside is at "); ok {
			s.base = at
		}
		if who, link, ok := strings.Cut(lines.Text(), " signs in once, within 24 hours, at "); ok {
			if who == "The manager" {
				s.manager = link
			} else {
				s.worker = link
			}
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s
		}
	}
	t.Fatalf("serve did not start: %s", errs.String())
	return nil
}

// stop ends the server; a second time does nothing.
func (s *running) stop(t *testing.T, how syscall.Signal) {
	t.Helper()
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(how)
	err := s.cmd.Wait()
	if how == syscall.SIGTERM && err != nil {
		t.Errorf("serve did not end well: %v", err)
	}
}

// makeToken signs in with a link and has a token made, as a person does on their account page.
func makeToken(t *testing.T, c *http.Client, base, link string, scopes ...string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	person := &http.Client{Jar: jar, Transport: c.Transport}
	post := func(to string, form url.Values) string {
		t.Helper()
		res, err := person.PostForm(to, form)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(to, res.Status, err)
		}
		return string(b)
	}
	post(link, nil)
	page := post(base+"/account/tokens", url.Values{"name": {"Test"}, "days": {"1"}, "scope": scopes})
	m := regexp.MustCompile(`id="token">([^<]+)<`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no token")
	}
	return m[1]
}

// silence writes a WAV of so many seconds in which nothing is said.
func silence(t *testing.T, path string, seconds int) {
	t.Helper()
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(audio.WriteWAV(f, audio.SampleRate, make([]float32, seconds*audio.SampleRate)), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// objects reads lines of JSON.
func objects[T any](t *testing.T, text string) (out []T) {
	t.Helper()
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(lines.Text(), err)
		}
		out = append(out, v)
	}
	return out
}

// TestPushAndPull: recordings go to a real server that is killed in the middle of one and started again; nothing is sent twice, and what was made of them comes
// back as a folder.
func TestPushAndPull(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir := t.TempDir()
	addr, data := freeAddress(t), filepath.Join(dir, "data")
	sample, err := filepath.Abs(filepath.Join("..", "..", "samples", "visit.ogg"))
	if err != nil {
		t.Fatal(err)
	}
	slow := []string{"--upload-speed", "4"}
	s := startServer(t, addr, data, append(slow, "--sample", sample)...)
	t.Setenv(tokenVariable, makeToken(t, http.DefaultClient, s.base, s.worker, "read", "upload", "edit", "export"))
	t.Setenv("KERBSIDE_SERVER", s.base)

	folder := filepath.Join(dir, "memos")
	if err := os.MkdirAll(filepath.Join(folder, "more"), folderPerm); err != nil {
		t.Fatal(err)
	}
	silence(t, filepath.Join(folder, "long.wav"), 600) // 19 MB
	silence(t, filepath.Join(folder, "more", "short.wav"), 1)
	for _, other := range []string{"table.csv", ".hidden.wav"} {
		if err := os.WriteFile(filepath.Join(folder, other), []byte("x"), filePerm); err != nil {
			t.Fatal(err)
		}
	}
	if out, _ := kerbsideSays(t, exitDone, "push", "--format", "json", "--dry-run", folder); len(objects[pushed](t, out)) != 2 || strings.Contains(out, `"already"`) {
		t.Errorf("would send: %s", out)
	}

	type said struct {
		code      int
		out, errs string
	}
	done := make(chan said, 1)
	go func() {
		var out, errs strings.Builder
		code := run(t.Context(), []string{"kerbside", "push", "--format", "json", folder}, strings.NewReader(""), &out, &errs)
		done <- said{code, out.String(), errs.String()}
	}()
	awaitBytes(t, filepath.Join(data, "blobs"), 6<<20)
	s.stop(t, syscall.SIGKILL)
	startServer(t, addr, data, slow...)
	var first said
	select {
	case first = <-done:
	case <-time.After(2 * time.Minute):
		t.Fatal("push did not end")
	}
	sent := objects[pushed](t, first.out)
	if first.code != exitDone || len(sent) != 2 {
		t.Fatalf("push: %d %s%s", first.code, first.out, first.errs)
	}
	for _, p := range sent {
		b, err := os.ReadFile(p.File)
		if err != nil {
			t.Fatal(err)
		}
		if p.Status != "sent" || p.SHA256 != kerbside.HexSHA256(b) || p.State != kerbside.RecordingSafe || p.Visit == "" || p.Bytes != int64(len(b)) {
			t.Errorf("%+v", p)
		}
		if p.Sent > p.Bytes {
			t.Errorf("%s: %d bytes were acknowledged, of %d", p.File, p.Sent, p.Bytes)
		}
	}

	out, _ := kerbsideSays(t, exitDone, "push", "--format", "json", folder)
	for i, p := range objects[pushed](t, out) {
		if p.Status != "already" || p.Sent != 0 || !strings.Contains(first.out, string(p.Recording)) {
			t.Errorf("the second time, %d: %+v", i, p)
		}
	}
	if out, _ := kerbsideSays(t, exitDone, "status", "--wait", "--format", "json", folder); strings.Contains(out, "processing") || len(objects[stood](t, out)) != 2 {
		t.Errorf("status: %s", out)
	}
	if out, _ := kerbsideSays(t, exitDone, "status", "--wait"); strings.Count(out, "\n") != 3 || !strings.Contains(out, "drafted") {
		t.Errorf("status: %s", out)
	}
	pullAll(t, filepath.Join(dir, "pulled"), data)
	pushNotes(t, filepath.Join(dir, "texts"))
	remoteFaults(t, dir, s.base, folder)
}

// awaitBytes waits until so many bytes lie in a folder.
func awaitBytes(t *testing.T, folder string, n int64) {
	t.Helper()
	for range 1200 {
		var have int64
		_ = filepath.WalkDir(folder, func(_ string, d os.DirEntry, err error) error { // files come and go
			if err == nil && !d.IsDir() {
				if info, err := d.Info(); err == nil {
					have += info.Size()
				}
			}
			return nil
		})
		if have >= n {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("nothing arrives")
}

func pullAll(t *testing.T, to, data string) {
	t.Helper()
	out, _ := kerbsideSays(t, exitDone, "pull", "--format", "json", "--also", "pdf", "--bundle", "--out", to)
	got := objects[fetched](t, out)
	if len(got) != 3 {
		t.Fatalf("pull: %s", out)
	}
	visit := filepath.Join(to, "visit")
	for name, schema := range map[string]string{"transcript.json": transcriptSchema, "record.json": recordSchema, "drafts/family.json": draftSchema, "drafts/court.json": draftSchema} {
		b, err := os.ReadFile(filepath.Join(visit, name))
		if err == nil {
			err = conforms(schema, b)
		}
		if err != nil {
			t.Error(name, err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(visit, "drafts", "case-record.md")); err != nil || !strings.Contains(string(b), "Oliver was seen alone") {
		t.Errorf("%v: %.200s", err, b)
	}
	if b, err := os.ReadFile(filepath.Join(visit, "drafts", "court.pdf")); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Errorf("%v: %.20s", err, b)
	}
	kerbsideSays(t, exitDone, "bundle", "verify", "--audit-key", filepath.Join(data, "audit.key"), filepath.Join(visit, "bundle.zip"))
	for _, name := range []string{"long", "short"} { // nothing was said in them, so there is a transcript and no more
		b, err := os.ReadFile(filepath.Join(to, name, "transcript.json"))
		if err == nil {
			err = conforms(transcriptSchema, b)
		}
		if err != nil || !strings.Contains(string(b), "no_speech") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(to, manifestName)); err != nil || strings.Count(string(b), ",done,") != 3 {
		t.Errorf("%v: %s", err, b)
	}
	before, err := os.Stat(filepath.Join(visit, "record.json"))
	if err != nil {
		t.Fatal(err)
	}
	out, _ = kerbsideSays(t, exitDone, "pull", "--format", "json", "--also", "pdf", "--bundle", "--out", to)
	for _, f := range objects[fetched](t, out) {
		if f.Status != "unchanged" {
			t.Errorf("the second time: %+v", f)
		}
	}
	if after, err := os.Stat(filepath.Join(visit, "record.json")); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Error("an unchanged visit was written again", err)
	}
}

// pushNotes: texts are typed notes, each sent once whatever its name; what this program made itself is left out.
func pushNotes(t *testing.T, folder string) {
	t.Helper()
	for name, text := range map[string]string{"one.txt": "\ufeffI saw Jaden alone at home on Tuesday.", "two.md": "Mum was calm.\n\nI saw Jaden.", "sub/same.txt": "Mum was calm.\n\nI saw Jaden.",
		"bad.txt": "Stra\xdfe", "blank.txt": " \n", "made/record.json": "{}", "made/drafts/case-record.md": "made", "list.csv": "a,b"} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), folderPerm), os.WriteFile(path, []byte(text), filePerm)); err != nil {
			t.Fatal(err)
		}
	}
	push := func(code int) (ok map[string]pushed, errs string) {
		out, errs := kerbsideSays(t, code, "push", "--jobs", "1", "--visit-date", "2026-03-03", "--format", "json", folder)
		ok = map[string]pushed{}
		for _, p := range objects[pushed](t, out) {
			ok[filepath.Base(p.File)] = p
		}
		return ok, errs
	}
	first, _ := push(exitSome)
	one, two, same := first["one.txt"], first["two.md"], first["same.txt"]
	if len(first) != 5 || one.Status != "sent" || one.State != kerbside.RecordingSafe || one.Visit == two.Visit || two.Visit != same.Visit || same.Status == two.Status ||
		!strings.Contains(first["bad.txt"].Error, "UTF-8") || !strings.Contains(first["blank.txt"].Error, "empty") {
		t.Errorf("first: %+v", first)
	}
	again, _ := push(exitSome)
	for _, name := range []string{"one.txt", "two.md", "same.txt"} {
		if p := again[name]; p.Status != "already" || p.Recording != first[name].Recording || p.Sent != 0 {
			t.Errorf("the second time: %+v", p)
		}
	}
	out, _ := kerbsideSays(t, exitDone, "status", "--wait", "--format", "json", filepath.Join(folder, "one.txt"))
	if s := objects[stood](t, out); len(s) != 1 || s[0].Visit != one.Visit || s[0].State != kerbside.VisitDrafted {
		t.Errorf("status: %s", out)
	}
}

// remoteFaults: what is wrong is said, with the right code, and never with the token in it.
func remoteFaults(t *testing.T, dir, base, folder string) {
	t.Helper()
	token := os.Getenv(tokenVariable)
	open := filepath.Join(dir, "token-open")
	if err := os.WriteFile(open, []byte(token), 0o644); err != nil { //nolint:gosec // that is what is refused
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "token-mine")
	if err := os.WriteFile(mine, []byte(token+"\n"), filePerm); err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(dir, "token-wrong")
	if err := os.WriteFile(wrong, []byte("kerbside_nothing"), filePerm); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.wav")
	if err := os.WriteFile(empty, nil, filePerm); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(folder, "more", "short.wav")
	for name, c := range map[string]struct {
		code int
		want string
		args []string
	}{
		"a token of one's own":      {exitDone, "", []string{"status", "--token-file", mine}},
		"a token others can read":   {exitUsage, "can be read by others", []string{"status", "--token-file", open}},
		"a token of nobody":         {exitFailed, "does not know this token", []string{"status", "--token-file", wrong}},
		"no such token file":        {exitFailed, "There is no file", []string{"status", "--token-file", filepath.Join(dir, "none")}},
		"plain http to elsewhere":   {exitUsage, "not https", []string{"status", "--server", "http://kerbside.example.org"}},
		"a password in the address": {exitUsage, "without a name or password", []string{"status", "--server", "https://me:secret@kerbside.example.org"}},
		"nobody there":              {exitFailed, "does not answer", []string{"status", "--patience", "1s", "--server", "http://" + freeAddress(t)}},
		"https where there is none": {exitFailed, "does not speak https", []string{"status", "--server", strings.Replace(base, "http:", "https:", 1)}},
		"no such visit":             {exitFailed, "no such visit", []string{"pull", "--out", filepath.Join(dir, "x"), "v-none"}},
		"no folder":                 {exitUsage, "--out", []string{"pull"}},
		"no file":                   {exitUsage, "at least one file", []string{"push"}},
		"a file that is not there":  {exitFailed, "There is no file or folder", []string{"push", filepath.Join(dir, "none.wav")}},
		"an empty file among good":  {exitSome, "The file is empty", []string{"push", empty, short}},
		"only an empty file":        {exitFailed, "The file is empty", []string{"push", empty}},
		"a format there is not":     {exitUsage, "Choose text or json", []string{"status", "--format", "xml"}},
		"a state there is not":      {exitFailed, "state is one of", []string{"status", "--state", "none"}},
		"a visit of nobody":         {exitFailed, "no such visit", []string{"push", "--visit", "v-none", short}},
	} {
		var out, errs strings.Builder
		code := run(t.Context(), append([]string{"kerbside"}, c.args...), strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%s: %d %s%s", name, code, out.String(), errs.String())
		}
		if strings.Contains(out.String()+errs.String(), token) {
			t.Errorf("%s: the token is shown", name)
		}
	}
}

// TestRemoteTLS: a server whose certificate the organisation made itself is reached with that certificate, and not without.
func TestRemoteTLS(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir := t.TempDir()
	cert, key := writeCertificate(t, dir, 9)
	s := startServer(t, freeAddress(t), filepath.Join(dir, "data"), "--tls-cert", cert, "--tls-key", key)
	t.Setenv(tokenVariable, "kerbside_nothing")
	_, said := kerbsideSays(t, exitFailed, "status", "--server", s.base)
	if !strings.Contains(said, "--ca") {
		t.Error(said)
	}
	_, said = kerbsideSays(t, exitFailed, "status", "--server", s.base, "--ca", cert)
	if !strings.Contains(said, "does not know this token") {
		t.Error(said)
	}
	_, said = kerbsideSays(t, exitUsage, "status", "--server", s.base, "--ca", key)
	if !strings.Contains(said, "holds none") {
		t.Error(said)
	}
}

// TestGracefulStop: what is under way when the server is told to stop is answered, a stream of progress does not hold it up, and it ends well and soon.
func TestGracefulStop(t *testing.T) {
	t.Setenv(asProgram, "1")
	s := startServer(t, freeAddress(t), filepath.Join(t.TempDir(), "data"), "--upload-speed", "1")
	token := makeToken(t, http.DefaultClient, s.base, s.manager, "read", "upload")
	ask := func(method, path string, body io.Reader, header ...string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), method, s.base+path, body)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+token)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return http.DefaultClient.Do(r)
	}
	const size = 3 << 20 // two seconds, after the first MiB
	made, err := ask(http.MethodPost, "/api/tus/", nil, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(size))
	if err != nil || made.StatusCode != http.StatusCreated {
		t.Fatal(made, err)
	}
	at := made.Header.Get("Location")
	made.Body.Close()
	var rec struct{ Visit string }
	got, err := ask(http.MethodGet, "/api/recordings/"+at[strings.LastIndex(at, "/")+1:], nil)
	if err == nil {
		err = errors.Join(json.NewDecoder(got.Body).Decode(&rec), got.Body.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	stream, err := ask(http.MethodGet, "/api/visits/"+rec.Visit+"/events", nil)
	if err != nil || stream.StatusCode != http.StatusOK {
		t.Fatal(stream, err)
	}
	defer stream.Body.Close()
	answered := make(chan string, 1)
	go func() {
		res, err := ask(http.MethodPatch, at, bytes.NewReader(make([]byte, size)), "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer res.Body.Close()
		answered <- res.Status + " " + res.Header.Get("Upload-Offset")
	}()
	time.Sleep(time.Second)
	began := time.Now()
	s.stop(t, syscall.SIGTERM)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	if got := <-answered; got != "204 No Content "+strconv.Itoa(size) {
		t.Errorf("what was under way was answered with %s", got)
	}
}
