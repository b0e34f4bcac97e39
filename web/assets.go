package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"kerbside"
)

//go:embed static
var staticFiles embed.FS

// assets serves the embedded files under /static/<version>/, where the version is a hash of all of them: modules can import
// each other by relative address, and a browser may keep them for ever.
type assets struct {
	files   map[string][]byte
	packed  map[string][]byte // gzip, where that is smaller
	version string
}

func loadAssets() (*assets, error) {
	a := &assets{files: make(map[string][]byte), packed: make(map[string][]byte)}
	sum := sha256.New()
	err := fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := staticFiles.ReadFile(name)
		if err != nil {
			return err
		}
		short := name[len("static/"):]
		a.files[short] = b
		var z bytes.Buffer
		w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
		if err == nil {
			_, err = w.Write(b)
		}
		if err = errors.Join(err, w.Close()); err != nil {
			return err
		}
		if z.Len() < len(b)*9/10 {
			a.packed[short] = z.Bytes()
		}
		_, _ = sum.Write([]byte(short + "\x00"))
		_, _ = sum.Write(b)
		return nil
	})
	a.version = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, err
}

func (a *assets) url(name string) string { return "/static/" + a.version + "/" + name }

func (a *assets) serve(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	b, ok := a.files[name]
	if !ok || r.PathValue("version") != a.version {
		return kerbside.E(kerbside.CodeNotFound, "web.assets", "There is no such file. Reload the page.", nil)
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	// Pages are not packed: what is secret and what another may choose would stand in one stream.
	if z, ok := a.packed[name]; ok {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			b = z
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}

var importsOf = regexp.MustCompile(`(?m)^import [^;]*"\./([^"]+)";`)

// needs are the modules that others import, so that a page can ask for all of them at once.
func (a *assets) needs(modules []string) []string {
	var out []string
	for queue := slices.Clone(modules); len(queue) > 0; queue = queue[1:] {
		for _, m := range importsOf.FindAllSubmatch(a.files[queue[0]], -1) {
			if name := string(m[1]); !slices.Contains(out, name) && !slices.Contains(modules, name) {
				out, queue = append(out, name), append(queue, name)
			}
		}
	}
	return out
}

// worker serves a service worker, at the root because that is what it may answer for.
func (s *server) worker(name string) handler {
	var files []string
	for f := range s.assets.files {
		if !strings.HasPrefix(f, "sw") {
			files = append(files, s.assets.url(f))
		}
	}
	slices.Sort(files)
	list, err := json.Marshal(files)
	body := fmt.Appendf(nil, "const VERSION = %q;\nconst FILES = %s;\n\n%s", s.assets.version, list, s.assets.files[name])
	if name != "sw.js" { // a module, which has its own files by relative address
		body = bytes.ReplaceAll(s.assets.files[name], []byte(`"./`), []byte(`"`+s.assets.url("")))
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		if err != nil {
			return kerbside.E(kerbside.CodeInternal, "web.worker", "", err)
		}
		w.Header().Set("Content-Type", contentType(name))
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return nil
	}
}

// contentType does not ask the machine for the types that we serve: its tables differ and browsers refuse wrong ones.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".png":
		return "image/png"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}
