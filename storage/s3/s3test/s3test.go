// Package s3test runs an S3 server for tests and proofs of whole programs: versitygw, as scripts/setup-s3.sh builds it, over a new folder.
package s3test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const program = "versitygw-v1.8.0/versitygw"

// The keys of every server.
const (
	AccessKey = "kerbside-test"
	SecretKey = "kerbside-test-secret"
)

// Server is one that runs.
type Server struct {
	URL    string // of an empty bucket, as --blobs has it
	cmd    *exec.Cmd
	folder string
}

// Start starts a server on a free port of this machine.
func Start() (_ *Server, err error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	s := &Server{URL: "s3+http://" + at + "/recordings"}
	if s.folder, err = os.MkdirTemp("", "kerbside-s3-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.Stop()
		}
	}()
	if err := os.MkdirAll(filepath.Join(s.folder, "data", "recordings"), 0o700); err != nil {
		return nil, err
	}
	s.cmd = exec.Command(path, "--port", at, "--access", AccessKey, "--secret", SecretKey, "--quiet", "posix", filepath.Join(s.folder, "data"))
	s.cmd.Env = append(os.Environ(), "HOME="+s.folder)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for range 400 {
		c, err := net.Dial("tcp", at)
		if err == nil {
			return s, c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.New("the S3 server does not answer")
}

// Env are the keys as programs take them.
func Env() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + AccessKey, "AWS_SECRET_ACCESS_KEY=" + SecretKey}
}

func binary() (string, error) {
	cache := os.Getenv("KERBSIDE_CACHE")
	if cache == "" {
		dir, err := os.UserCacheDir() // XDG_CACHE_HOME, else ~/.cache
		if err != nil {
			return "", err
		}
		cache = filepath.Join(dir, "kerbside")
	}
	path := filepath.Join(cache, "s3", program)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%w: scripts/setup-s3.sh builds it", err)
	}
	return path, nil
}

// Stop ends the server and takes its folder away.
func (s *Server) Stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait() // it was killed
	}
	_ = os.RemoveAll(s.folder)
}
