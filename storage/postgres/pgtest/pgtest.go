// Package pgtest runs a PostgreSQL server for tests: Debian's, from its binaries, over a new folder and a socket in it.
package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// supervise runs a server until its own standard input ends, which is when whoever started it has, however that came, and takes the folder away.
const supervise = `"$0/postgres" -D "$1/data" >"$1/log" 2>&1 & pid=$!
cat >/dev/null
kill -INT "$pid" 2>/dev/null
wait "$pid"
rm -rf "$1"`

// Server is one that runs.
type Server struct {
	folder string
	cmd    *exec.Cmd
	end    io.Closer
	n      atomic.Int64

	once     sync.Once
	prepared error
}

var shared = sync.OnceValues(func() (*Server, error) { return Start(fast()) })

// fast is a folder in memory where there is one with room, so that tests do not wait for the disk; "" is the usual place.
func fast() string {
	const dir, room = "/dev/shm", 1 << 30
	var fs syscall.Statfs_t
	if syscall.Statfs(dir, &fs) == nil && fs.Bavail*uint64(fs.Bsize) > room {
		return dir
	}
	return ""
}

// URL gives the address of a new database, on a server that all tests of a process share and that ends with it. It is empty, or a copy of one that prepare
// was called with once.
func URL(t testing.TB, prepare func(ctx context.Context, address string) error) string {
	t.Helper()
	s, err := shared()
	if err == nil && prepare != nil {
		s.once.Do(func() { s.prepared = s.template(t.Context(), prepare) })
		err = s.prepared
	}
	if err == nil {
		from := "template1"
		if prepare != nil {
			from = preparedName
		}
		var address string
		if address, err = s.Database(t.Context(), from); err == nil {
			return address
		}
	}
	t.Fatal(err)
	return ""
}

const preparedName = "prepared"

func (s *Server) template(ctx context.Context, prepare func(context.Context, string) error) error {
	c, err := pgx.Connect(ctx, s.Address("postgres"))
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, "CREATE DATABASE "+preparedName)
	if err = errors.Join(err, c.Close(ctx)); err != nil {
		return err
	}
	return prepare(ctx, s.Address(preparedName))
}

// Start starts a server over a new folder in another, "" for the usual one. Settings go into its configuration, as "name = value".
func Start(in string, settings ...string) (_ *Server, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if s.folder, err = os.MkdirTemp(in, "kerbside-pg-"); err != nil { // short: the path of a socket has 107 bytes
		return nil, err
	}
	defer func() {
		if err != nil && s.cmd == nil {
			_ = os.RemoveAll(s.folder)
		}
	}()
	who, err := owner()
	if err == nil && who != nil {
		err = os.Chown(s.folder, int(who.Uid), int(who.Gid))
	}
	if err != nil {
		return nil, err
	}
	// A locale that orders texts as people do shows where bytes were meant.
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(s.folder, "data"), "-U", "kerbside", "-A", "trust", "-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-GB", "--no-sync", "--no-instructions") //nolint:noctx // seconds
	initdb.SysProcAttr, initdb.Dir = &syscall.SysProcAttr{Credential: who}, s.folder
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	config := fmt.Sprintf("listen_addresses = ''\nunix_socket_directories = '%s'\nmax_connections = 200\nshared_buffers = 64MB\n", s.folder)
	for _, line := range settings {
		config += line + "\n"
	}
	f, err := os.OpenFile(filepath.Join(s.folder, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(config)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", supervise, bin, s.folder) //nolint:noctx // it ends with this process
	cmd.SysProcAttr, cmd.Dir = &syscall.SysProcAttr{Credential: who, Setpgid: true}, s.folder
	if s.end, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s.cmd = cmd
	return s, s.ready()
}

// Stop ends the server and takes its folder away.
func (s *Server) Stop() error {
	_ = s.end.Close()
	return s.cmd.Wait()
}

// Address is that of a database of the server.
func (s *Server) Address(name string) string {
	return "postgres://kerbside@/" + name + "?host=" + s.folder
}

// Database makes a new database, a copy of another one, and gives its address.
func (s *Server) Database(ctx context.Context, from string) (string, error) {
	c, err := pgx.Connect(ctx, s.Address("postgres"))
	if err != nil {
		return "", err
	}
	defer c.Close(ctx) //nolint:errcheck // only read
	name := fmt.Sprintf("test%d", s.n.Add(1))
	_, err = c.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+from)
	return s.Address(name), err
}

func (s *Server) ready() error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		c, err := pgx.Connect(ctx, s.Address("postgres"))
		if err == nil {
			err = c.Close(ctx)
		}
		cancel()
		if err == nil {
			return nil
		}
		if time.Now().After(end) {
			b, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return errors.Join(fmt.Errorf("the database server does not start: %w\n%s", err, b), s.Stop())
		}
	}
}

// binaries is the folder of the newest server that is installed.
func binaries() (string, error) {
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	newest, best := "", 0
	for _, path := range all {
		folder := filepath.Dir(path)
		if n, err := strconv.Atoi(filepath.Base(filepath.Dir(folder))); err == nil && n > best {
			newest, best = folder, n
		}
	}
	if err != nil || newest == "" {
		return "", errors.New("no PostgreSQL server: scripts/setup-packages.sh test installs it")
	}
	return newest, nil
}

// owner is who runs the server, which root may not; nil for whoever runs the tests.
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres") // Debian's package makes it
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// Log is what the server has said.
func (s *Server) Log() string {
	b, _ := os.ReadFile(filepath.Join(s.folder, "log"))
	return string(bytes.TrimSpace(b))
}
