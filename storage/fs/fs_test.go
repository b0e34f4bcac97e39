package fs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kerbside"
	"kerbside/storage/storagetest"
)

func TestBlobs(t *testing.T) {
	storagetest.Blobs(t, func(t *testing.T) kerbside.BlobStore {
		s, err := Open(filepath.Join(t.TempDir(), "a", "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}

// recorder writes down each call that changes something, and lets one fail.
type recorder struct {
	osSystem
	root  string
	calls []string
	fail  string // a prefix of the call that fails
	err   error
}

func (r *recorder) note(format string, a ...any) error {
	call := strings.ReplaceAll(fmt.Sprintf(format, a...), r.root, "")
	if i := strings.Index(call, tempPrefix); i >= 0 {
		end := i + len(tempPrefix)
		for end < len(call) && call[end] >= '0' && call[end] <= '9' {
			end++
		}
		call = call[:i] + "T" + call[end:]
	}
	r.calls = append(r.calls, call)
	if r.fail != "" && strings.HasPrefix(call, r.fail) {
		return r.err
	}
	return nil
}

func (r *recorder) CreateTemp(folder, prefix string) (file, error) {
	if err := r.note("create %s/%s", folder, prefix); err != nil {
		return nil, err
	}
	f, err := r.osSystem.CreateTemp(folder, prefix)
	return &recordedFile{f, r}, err
}

func (r *recorder) Rename(from, to string) error {
	if err := r.note("rename %s %s", from, to); err != nil {
		return err
	}
	return r.osSystem.Rename(from, to)
}

func (r *recorder) Remove(name string) error {
	return errors.Join(r.note("remove %s", name), r.osSystem.Remove(name))
}

func (r *recorder) Mkdir(folder string) error {
	if err := r.note("mkdir %s", folder); err != nil {
		return err
	}
	return r.osSystem.Mkdir(folder)
}

func (r *recorder) SyncFolder(folder string) error {
	if err := r.note("syncfolder %s", folder); err != nil {
		return err
	}
	return r.osSystem.SyncFolder(folder)
}

type recordedFile struct {
	file
	r *recorder
}

func (f *recordedFile) Write(p []byte) (int, error) {
	if err := f.r.note("write %s", f.Name()); err != nil {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, err
	}
	return f.file.Write(p)
}

func (f *recordedFile) Sync() error {
	if err := f.r.note("sync %s", f.Name()); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f *recordedFile) Close() error {
	return errors.Join(f.r.note("close %s", f.Name()), f.file.Close())
}

func recorded(t *testing.T) (*Store, *recorder) {
	t.Helper()
	r := &recorder{root: filepath.Join(t.TempDir(), "blobs")}
	s, err := open(r.root, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	r.calls = nil
	return s, r
}

func TestWriteOrder(t *testing.T) {
	s, r := recorded(t)
	if _, _, err := s.Put(t.Context(), "o/r/a", strings.NewReader("sound")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"create /.tmp/T", "write /.tmp/T", "sync /.tmp/T", "close /.tmp/T",
		"mkdir /o", "syncfolder ", "mkdir /o/r", "syncfolder /o",
		"rename /.tmp/T /o/r/a", "syncfolder /o/r",
	}
	if !slices.Equal(r.calls, want) {
		t.Fatalf("got  %q\nwant %q", r.calls, want)
	}
	// The same bytes again must not be acknowledged before the folder is synced either: the first Put may have died before.
	r.calls = nil
	if _, _, err := s.Put(t.Context(), "o/r/a", strings.NewReader("sound")); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.calls, "syncfolder /o/r") || slices.ContainsFunc(r.calls, func(c string) bool { return strings.HasPrefix(c, "rename") }) {
		t.Fatalf("%q", r.calls)
	}
}

func TestFaults(t *testing.T) {
	for _, call := range []string{"create", "write", "sync ", "close", "mkdir", "syncfolder /o", "rename"} {
		for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EDQUOT} {
			t.Run(call+" "+errno.Error(), func(t *testing.T) {
				s, r := recorded(t)
				r.fail, r.err = call, errno
				_, _, err := s.Put(t.Context(), "o/r/a", strings.NewReader("sound"))
				if kerbside.CodeOf(err) != kerbside.CodeUnavailable || kerbside.MessageOf(err) == "" || !errors.Is(err, errno) {
					t.Fatalf("got %v", err)
				}
				assertNothingHalf(t, s)
				r.fail = ""
				if _, _, err := s.Put(t.Context(), "o/r/a", strings.NewReader("sound")); err != nil {
					t.Fatalf("does not recover by itself: %v", err)
				}
			})
		}
	}
}

// assertNothingHalf fails when a temporary file is left, or a key is there with anything but all of its bytes.
func assertNothingHalf(t *testing.T, s *Store) {
	t.Helper()
	err := filepath.WalkDir(s.root, func(name string, d iofs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "lock" {
			return err
		}
		if b, err := os.ReadFile(name); err != nil || strings.HasPrefix(d.Name(), tempPrefix) || string(b) != "sound" {
			t.Errorf("%s holds %d bytes (%v)", name, len(b), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// endless gives n zero bytes.
func endless(n int64) io.Reader { return io.LimitReader(zeros{}, n) }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	if os.Getuid() == 0 && syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=256k") == nil {
		t.Cleanup(func() {
			if err := syscall.Unmount(folder, 0); err != nil {
				t.Error(err)
			}
		})
	} else { // the same through a limit on the size of files
		var old syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 256 << 10, Max: old.Max}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old) })
	}
	s, err := Open(filepath.Join(folder, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, _, err = s.Put(t.Context(), "o/big", endless(1<<20))
	if kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), "full") {
		t.Fatalf("got %v", err)
	}
	assertNothingHalf(t, s)
	if _, _, err := s.Put(t.Context(), "o/small", strings.NewReader("sound")); err != nil {
		t.Fatalf("the room was not given back: %v", err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	root := filepath.Join(t.TempDir(), "blobs")
	s, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if os.Getuid() == 0 { // permissions do not hold root back; a read-only mount does
		if err := syscall.Mount(root, root, "", syscall.MS_BIND, ""); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = syscall.Unmount(root, syscall.MNT_DETACH) })
		if err := syscall.Mount("", root, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
	} else {
		if err := os.Chmod(filepath.Join(root, tempFolder), 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, tempFolder), 0o700) })
	}
	_, _, err = s.Put(t.Context(), "o/a", strings.NewReader("sound"))
	if kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), "permissions") {
		t.Fatalf("got %v", err)
	}
}

func TestLeftovers(t *testing.T) {
	root := t.TempDir()
	s, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(root, tempFolder, tempPrefix+"123")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	second, err := Open(root) // beside the first one: what lies there may be in use
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err != nil {
		t.Fatal("a file that may be in use was removed")
	}
	if err := errors.Join(s.Close(), second.Close()); err != nil {
		t.Fatal(err)
	}
	third, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	if _, err := os.Stat(left); !errors.Is(err, iofs.ErrNotExist) {
		t.Fatal("what a crash left is still there")
	}
}

func TestPrivate(t *testing.T) {
	root := filepath.Join(t.TempDir(), "blobs")
	s, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, _, err := s.Put(t.Context(), "o/r/a", bytes.NewReader([]byte("sound"))); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]iofs.FileMode{"": 0o700, "o": 0o700, "o/r": 0o700, "o/r/a": 0o600, tempFolder: 0o700} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", name, info.Mode(), err)
		}
	}
}

func FuzzKey(f *testing.F) {
	for _, k := range []string{"o/a", "../a", "a/./b", ".tmp/x", "a/\x00", "a/b.c-d_e"} {
		f.Add(k)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if kerbside.CheckBlobKey(key) != nil {
			return
		}
		name := filepath.Join("/root-of-store", filepath.FromSlash(key))
		if rel, err := filepath.Rel("/root-of-store", name); err != nil || rel != key || strings.HasPrefix(rel, ".") {
			t.Fatalf("key %q leads to %q (%v)", key, name, err)
		}
	})
}
