package models

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
)

// hub serves one model file in the ways that servers do and should not.
type hub struct {
	t        *testing.T
	content  []byte
	etag     string
	noRange  bool
	cutAt    int64 // bytes after which the first connections break
	cuts     int32 // how many break
	status   int   // answered instead, fails times
	fails    int32
	onResume func(*hub) // runs when a Range request arrives
	pointer  string
	silent   bool

	requests, ranged atomic.Int32
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.URL.Path, "/raw/") {
		_, _ = w.Write([]byte(h.pointer))
		return
	}
	if strings.HasPrefix(r.URL.Path, "/o/r/resolve/") {
		http.Redirect(w, r, "/store/file", http.StatusFound)
		return
	}
	n := h.requests.Add(1)
	if r.Header.Get("Range") != "" {
		h.ranged.Add(1)
		if h.onResume != nil {
			h.onResume(h)
		}
	}
	if h.status != 0 && n <= h.fails {
		http.Error(w, "no", h.status)
		return
	}
	if h.silent && n == 1 {
		w.Header().Set("Content-Length", fmt.Sprint(len(h.content)))
		_, _ = w.Write(h.content[:10])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return
	}
	if h.etag != "" {
		w.Header().Set("ETag", h.etag)
	}
	if h.noRange {
		r.Header.Del("Range")
	}
	if n <= h.cuts {
		w = &cutter{ResponseWriter: w, left: h.cutAt}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.content))
}

// cutter breaks the connection after some bytes.
type cutter struct {
	http.ResponseWriter
	left int64
}

func (c *cutter) Write(b []byte) (int, error) {
	if int64(len(b)) >= c.left {
		_, _ = c.ResponseWriter.Write(b[:c.left])
		c.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	c.left -= int64(len(b))
	return c.ResponseWriter.Write(b)
}

func sum256(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
func sum1(b []byte) string   { s := sha1.Sum(b); return hex.EncodeToString(s[:]) }

// model is the catalogue entry for b.
func hubModel(b []byte) Model {
	return Model{Name: "toy", File: "ggml-toy.bin", Kind: KindWhisper, Size: int64(len(b)), Licence: "MIT", Sources: []Source{
		{Kind: SourceHub, Repository: "o/r", Revision: "abc", File: "ggml-toy.bin", Size: int64(len(b)), SHA256: sum256(b), SHA1: sum1(b)}}}
}

func TestPullFromHub(t *testing.T) {
	good := toGGML(t, smallSpec())
	other := bytes.Clone(good)
	other[len(other)-1] ^= 1
	cut := int64(len(good) / 3)

	for _, c := range []struct {
		name   string
		hub    *hub
		change func(*Model)
		code   kerbside.Code // of the error, "" for success
		ranged int32         // requests for a part that must have been made
	}{
		{name: "straight", hub: &hub{content: good, etag: `"1"`}},
		{name: "cut twice", hub: &hub{content: good, etag: `"1"`, cutAt: cut, cuts: 2}, ranged: 2},
		{name: "cut, no range support", hub: &hub{content: good, etag: `"1"`, cutAt: cut, cuts: 1, noRange: true}, ranged: 1},
		{name: "cut, no tag", hub: &hub{content: good, cutAt: cut, cuts: 1}},
		{name: "cut, weak tag", hub: &hub{content: good, etag: `W/"1"`, cutAt: cut, cuts: 1}},
		{name: "busy at first", hub: &hub{content: good, status: 503, fails: 2}},
		{name: "never well", hub: &hub{content: good, status: 500, fails: 99}, code: kerbside.CodeUnavailable},
		{name: "not there", hub: &hub{content: good, status: 404, fails: 99}, code: kerbside.CodeUnavailable},
		{name: "wrong content", hub: &hub{content: other, etag: `"1"`}, code: kerbside.CodeInvalid},
		{name: "too long", hub: &hub{content: append(bytes.Clone(good), 0), etag: `"1"`}, code: kerbside.CodeUnavailable},
		{name: "replaced during the download", hub: &hub{content: other, etag: `"1"`, cutAt: cut, cuts: 1, onResume: func(h *hub) { h.content, h.etag = good, `"2"` }}, ranged: 1},
		{name: "replaced under the same tag", hub: &hub{content: append([]byte("XXXX"), good[4:]...), etag: `"1"`, cutAt: cut, cuts: 1, onResume: func(h *hub) { h.content = good }}, ranged: 1},
		{name: "goes silent", hub: &hub{content: good, silent: true}},
		{name: "sha1 differs", hub: &hub{content: good}, change: func(m *Model) { m.Sources[0].SHA1 = sum1(other) }, code: kerbside.CodeInvalid},
		{name: "by pointer", hub: &hub{content: good, pointer: pointerText(good)}, change: func(m *Model) { m.Sources[0].SHA256 = "" }},
		{name: "pointer to another file", hub: &hub{content: good, pointer: pointerText(other)}, change: func(m *Model) { m.Sources[0].SHA256 = "" }, code: kerbside.CodeInvalid},
		{name: "no pointer", hub: &hub{content: good, pointer: "<html>"}, change: func(m *Model) { m.Sources[0].SHA256 = "" }, code: kerbside.CodeUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.hub.t = t
			srv := httptest.NewServer(c.hub)
			defer srv.Close()
			m := hubModel(good)
			if c.change != nil {
				c.change(&m)
			}
			s := newStore(t, func(cfg *Config) { cfg.Hub, cfg.Catalogue, cfg.Idle = srv.URL, []Model{m}, 2*time.Second })
			man, err := s.Pull(t.Context(), "toy", PullOptions{}, nil)
			if kerbside.CodeOf(err) != c.code {
				t.Fatalf("error %v, want code %q", err, c.code)
			}
			if got := c.hub.ranged.Load(); got != c.ranged {
				t.Errorf("%d requests for a part, want %d", got, c.ranged)
			}
			path := filepath.Join(s.Dir(), "ggml-toy.bin")
			b, rerr := os.ReadFile(path)
			if c.code != "" {
				if !errors.Is(rerr, os.ErrNotExist) {
					t.Errorf("something was installed: %v", rerr)
				}
				if !strings.Contains(kerbside.MessageOf(err), "kerbside models import") {
					t.Errorf("message does not say what to do: %s", kerbside.MessageOf(err))
				}
				return
			}
			if rerr != nil || !bytes.Equal(b, good) || man.SHA256 != sum256(good) || !man.Published && c.change == nil {
				t.Fatalf("installed %d bytes, manifest %+v, %v", len(b), man, rerr)
			}
			if p, err := s.Path(t.Context(), "toy"); err != nil || p != path {
				t.Errorf("path %q, %v", p, err)
			}
			left, err := filepath.Glob(filepath.Join(s.Dir(), ".[pt]*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func pointerText(b []byte) string {
	return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", sum256(b), len(b))
}

func TestPullGoesOnAfterBeingStopped(t *testing.T) {
	good := toGGML(t, smallSpec())
	h := &hub{t: t, content: good, etag: `"1"`}
	srv := httptest.NewServer(h)
	defer srv.Close()
	s := newStore(t, func(c *Config) { c.Hub, c.Catalogue = srv.URL, []Model{hubModel(good)} })
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Pull(ctx, "toy", PullOptions{}, func(p Progress) {
		if p.Stage == StageDownload {
			cancel()
		}
	})
	if kerbside.CodeOf(err) != kerbside.CodeCanceled {
		t.Fatalf("error %v", err)
	}
	had := fileSize(filepath.Join(s.Dir(), ".part-ggml-toy.bin"))
	if had == 0 {
		t.Fatal("nothing was kept")
	}
	if _, err := s.Pull(t.Context(), "toy", PullOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if had < int64(len(good)) && h.ranged.Load() != 1 {
		t.Errorf("%d requests for a part", h.ranged.Load())
	}
	before := h.requests.Load()
	if _, err := s.Pull(t.Context(), "toy", PullOptions{}, nil); err != nil || h.requests.Load() != before {
		t.Errorf("an installed model was fetched again: %v", err)
	}
}

func TestOfflineSaysWhatIsNeeded(t *testing.T) {
	s := newStore(t, nil)
	for _, name := range []string{"small", "base", "base-q8_0", "silero-vad"} {
		_, err := s.Pull(t.Context(), name, PullOptions{Offline: true}, nil)
		msg := kerbside.MessageOf(err)
		if kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(msg, "huggingface.co/gg") || !strings.Contains(msg, "--name "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.Pull(t.Context(), "small", PullOptions{Offline: true, Mirror: "https://mirror.example"}, nil)
	if !strings.Contains(kerbside.MessageOf(err), "https://mirror.example/ggerganov/whisper.cpp/resolve/") {
		t.Error(err)
	}
}

func TestRedirectToPlainHTTPIsRefused(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	tls := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer tls.Close()
	c := secureClient()
	c.Transport = tls.Client().Transport
	resp, err := c.Get(tls.URL)
	if err == nil {
		_ = resp.Body.Close()
		t.Fatal("followed")
	}
}

func TestContentRange(t *testing.T) {
	for h, ok := range map[string]bool{"bytes 5-9/10": true, "bytes 5-8/10": false, "bytes */10": false, "5-9/10": false, "bytes 9-5/10": false, "": false, "bytes 5-9/*": false} {
		if _, _, got := contentRange(h); got != ok {
			t.Errorf("%q: %v", h, got)
		}
	}
}
