package s3

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

// The servers, as scripts/setup-s3.sh names their folders.
const (
	minioServer = "minio-v0.0.0-20260212201848-7aac2a2c5b7c/minio"
	versity     = "versitygw-v1.8.0/versitygw"

	accessKey, secretKey = "kerbside-test", "kerbside-test-secret"
	bucket               = "recordings"
)

// servers are the real ones that every test of this package runs against.
var servers = []struct{ name, program string }{{"minio", minioServer}, {"versitygw", versity}}

var running sync.Map // program -> *server: one each for all tests of a run

type server struct {
	once     sync.Once
	endpoint string
	err      error
	cmd      *exec.Cmd
	folder   string
}

func TestMain(m *testing.M) {
	code := m.Run()
	running.Range(func(_, v any) bool {
		if s := v.(*server); s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
			_ = os.RemoveAll(s.folder)
		}
		return true
	})
	os.Exit(code)
}

var prefixes atomic.Int64

// serve gives options for an empty store on a running server.
func serve(t *testing.T, program string) Options {
	t.Helper()
	v, _ := running.LoadOrStore(program, &server{})
	s := v.(*server)
	s.once.Do(func() { s.err = s.start(program) })
	if s.err != nil {
		t.Fatal(s.err)
	}
	return Options{Endpoint: s.endpoint, Plain: true, Bucket: bucket, Prefix: fmt.Sprintf("test-%d/", prefixes.Add(1)), AccessKey: accessKey, SecretKey: secretKey, Part: 5 << 20}
}

func cacheFolder() string {
	if dir := os.Getenv("KERBSIDE_CACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir() // XDG_CACHE_HOME, else ~/.cache
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "kerbside")
}

// start runs a server on a free port of this machine, over an empty folder, with the bucket made.
func (s *server) start(program string) error {
	path := filepath.Join(cacheFolder(), "s3", program)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%w: scripts/setup-s3.sh builds it", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.endpoint = l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	if s.folder, err = os.MkdirTemp("", "kerbside-s3-"); err != nil {
		return err
	}
	data := filepath.Join(s.folder, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	args := []string{"server", "--address", s.endpoint, "--quiet", data}
	env := []string{"MINIO_ROOT_USER=" + accessKey, "MINIO_ROOT_PASSWORD=" + secretKey, "MINIO_BROWSER=off", "HOME=" + s.folder}
	if program == versity {
		args = []string{"--port", s.endpoint, "--access", accessKey, "--secret", secretKey, "--quiet", "posix", data}
		env = []string{"HOME=" + s.folder}
	}
	s.cmd = exec.Command(path, args...)
	s.cmd.Env = append(os.Environ(), env...)
	log, err := os.Create(filepath.Join(s.folder, "log"))
	if err != nil {
		return err
	}
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.ready()
}

func (s *server) ready() error {
	core, err := minio.NewCore(s.endpoint, &minio.Options{Creds: static(), Region: "us-east-1", BucketLookup: minio.BucketLookupPath, MaxRetries: 1})
	if err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err = core.MakeBucket(ctx, bucket, minio.MakeBucketOptions{})
		cancel()
		if err == nil {
			return nil
		}
		if time.Now().After(end) {
			b, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("%s does not start: %w\n%s", s.endpoint, err, b)
		}
	}
}

// fault is what a proxy does with a request.
type fault int

const (
	pass    fault = iota
	refuse        // 503
	broken        // 500
	hang          // no answer
	cutHead       // the connection is cut before an answer
	cutBody       // after half of the answer's body
	lose          // the request is done; its answer is lost
)

// proxy stands before a server and does to each request what plan says.
type proxy struct {
	to   string
	plan func(r *http.Request) fault
	hung chan struct{}
	seen atomic.Int64
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.seen.Add(1)
	f := p.plan(r)
	switch f {
	case refuse:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case broken:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case hang:
		select {
		case <-r.Context().Done():
		case <-p.hung:
		}
		return
	case cutHead:
		panic(http.ErrAbortHandler)
	}
	p.forward(w, r, f)
}
