package models

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// Stage says what is being done to a model.
type Stage string

// The stages.
const (
	StageWait     Stage = "wait" // another pull holds the folder
	StageDownload Stage = "download"
	StageVerify   Stage = "verify"
	StageConvert  Stage = "convert"
	StageQuantise Stage = "quantise"
	StageInstall  Stage = "install"
)

// Progress is how far a stage has come, in bytes. Total is 0 while it is not known.
type Progress struct {
	Name        string
	Done, Total int64
	Stage       Stage
}

// Config is what a Store needs. Zero fields take the defaults that are named beside them.
type Config struct {
	Dir       string        // folder of installed models; DefaultDir
	Cache     string        // folder for downloaded packages; DefaultCache
	Catalogue []Model       // the embedded one
	Quantise  Quantiser     // none: q8_0 models can be downloaded but not made
	Hub       string        // address of the hub, https://huggingface.co; $KERBSIDE_MIRROR and PullOptions.Mirror override it
	Python    string        // python3
	HTTP      *http.Client  // one that refuses to leave HTTPS
	Retries   int           // attempts without progress before giving up; 5
	Backoff   time.Duration // before the second attempt, doubling after; 1 s
	Idle      time.Duration // a connection silent for this long is cut and retried; 60 s
	Now       func() time.Time
}

// Store is a folder of models. Any number of processes may use one folder: those that write wait for each other.
type Store struct {
	cfg Config
}

// DefaultDir is $KERBSIDE_MODELS, else kerbside/models in the user's cache folder.
func DefaultDir() (string, error) {
	if d := os.Getenv("KERBSIDE_MODELS"); d != "" {
		return d, nil
	}
	d, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(d, "kerbside", "models"), nil
}

// DefaultCache is $KERBSIDE_CACHE, else kerbside in the user's cache folder.
func DefaultCache() (string, error) {
	if d := os.Getenv("KERBSIDE_CACHE"); d != "" {
		return d, nil
	}
	d, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(d, "kerbside"), nil
}

// New makes a Store. Nothing is touched until a method is called.
func New(cfg Config) (*Store, error) {
	var err error
	if cfg.Dir == "" {
		if cfg.Dir, err = DefaultDir(); err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, "models.New", "No folder for models is known; set KERBSIDE_MODELS.", err)
		}
	}
	if cfg.Cache == "" {
		if cfg.Cache, err = DefaultCache(); err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, "models.New", "No cache folder is known; set KERBSIDE_CACHE.", err)
		}
	}
	if cfg.Catalogue == nil {
		if cfg.Catalogue, err = Catalogue(); err != nil {
			return nil, kerbside.E(kerbside.CodeInternal, "models.New", "", err)
		}
	}
	cfg.Hub = cmp.Or(cfg.Hub, os.Getenv("KERBSIDE_MIRROR"), "https://huggingface.co")
	cfg.Python = cmp.Or(cfg.Python, "python3")
	cfg.Retries = cmp.Or(cfg.Retries, 5)
	cfg.Backoff = cmp.Or(cfg.Backoff, time.Second)
	cfg.Idle = cmp.Or(cfg.Idle, time.Minute)
	if cfg.HTTP == nil {
		cfg.HTTP = secureClient()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Store{cfg: cfg}, nil
}

// Dir is the folder of installed models.
func (s *Store) Dir() string { return s.cfg.Dir }

// Manifest is written beside each installed model, as <file>.json.
type Manifest struct {
	Name      string    `json:"name"`
	File      string    `json:"file"`
	SHA256    string    `json:"sha256"`
	Size      int64     `json:"size"` // bytes
	Source    string    `json:"source"`
	Licence   string    `json:"licence"`
	Published bool      `json:"published"` // its bytes are those of the published ggml file
	Installed time.Time `json:"installed"`
	ModTime   int64     `json:"mod_time"` // of the file, Unix nanoseconds: an unchanged file need not be hashed again
	Info      Info      `json:"info"`
}

// Entry is a model as List shows it: known, installed or both.
type Entry struct {
	Model
	Known     bool // in the catalogue
	Installed bool
	Path      string    // of the file, when installed
	Manifest  *Manifest // nil when not installed, or put there by other means
	Problem   string    // why an installed file cannot be used, with what to do; "" when it looks right
}

// List gives the catalogue in its order and then what else is installed. It looks at sizes and manifests, not at every byte.
func (s *Store) List(ctx context.Context) ([]Entry, error) {
	var out []Entry
	seen := map[string]bool{}
	for _, m := range s.cfg.Catalogue {
		e := Entry{Model: m, Known: true}
		s.look(&e)
		seen[m.File] = true
		out = append(out, e)
	}
	files, err := os.ReadDir(s.cfg.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, kerbside.E(kerbside.CodeUnavailable, "models.List", "The models folder "+s.cfg.Dir+" cannot be read.", err)
	}
	for _, f := range files {
		name, ok := strings.CutPrefix(f.Name(), "ggml-")
		if name, ok = cutBin(name, ok); !ok || seen[f.Name()] || f.IsDir() {
			continue
		}
		e := Entry{Model: Model{Name: name, File: f.Name()}}
		s.look(&e)
		out = append(out, e)
	}
	return out, ctx.Err()
}

func cutBin(name string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, ".bin")
}

func (s *Store) look(e *Entry) {
	path := filepath.Join(s.cfg.Dir, e.File)
	st, err := os.Stat(path)
	if err != nil {
		return
	}
	e.Installed, e.Path = true, path
	man, err := s.manifest(e.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if !e.Known {
			e.Size = st.Size()
		}
	case err != nil:
		e.Problem = "its manifest cannot be read; " + s.remedy(e.Name)
	default:
		e.Manifest = man
		if !e.Known {
			e.Kind, e.Size, e.Licence = man.Info.Kind, man.Size, man.Licence
		}
		if st.Size() != man.Size {
			e.Problem = fmt.Sprintf("it has %d bytes instead of %d; %s", st.Size(), man.Size, s.remedy(e.Name))
		}
	}
}

func (s *Store) manifest(file string) (*Manifest, error) {
	b, err := os.ReadFile(filepath.Join(s.cfg.Dir, file+".json"))
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	if !hexPattern.MatchString(m.SHA256) || m.Size <= 0 {
		return nil, errors.New("manifest without checksum or size")
	}
	return &m, nil
}

// remedy is the command that puts a model right.
func (s *Store) remedy(name string) string {
	for _, m := range s.cfg.Catalogue {
		if m.Name == name {
			return "run: kerbside models pull " + name
		}
	}
	return "run: kerbside models import PATH --name " + name
}

// Path gives the file of an installed model, ready to be loaded. A file that has changed since it was installed is hashed again; one
// that was put in the folder by other means, without a manifest, is walked from end to end. What is damaged is named, with the command
// that mends it.
func (s *Store) Path(ctx context.Context, name string) (string, error) {
	const op = "models.Path"
	file, err := fileFor(s.cfg.Catalogue, name)
	if err != nil {
		return "", kerbside.E(kerbside.CodeInvalid, op, "That is no model's name; see: kerbside models list", err)
	}
	path := filepath.Join(s.cfg.Dir, file)
	st, err := os.Stat(path)
	if err != nil {
		return "", kerbside.E(kerbside.CodeNotFound, op, "Model "+name+" is not installed; "+s.remedy(name), err)
	}
	man, err := s.manifest(file)
	if err == nil && man.Size == st.Size() && man.ModTime == st.ModTime().UnixNano() {
		return path, nil
	}
	if _, err := s.Verify(ctx, name, nil); err != nil {
		return "", err
	}
	return path, nil
}

// Verify reads every byte of an installed model and compares it with its manifest; without one, with the published checksum; and walks
// its tables. A file without a manifest that is not the published one passes if its tables are sound.
func (s *Store) Verify(ctx context.Context, name string, progress func(Progress)) (Manifest, error) {
	const op = "models.Verify"
	file, err := fileFor(s.cfg.Catalogue, name)
	if err != nil {
		return Manifest{}, kerbside.E(kerbside.CodeInvalid, op, "That is no model's name; see: kerbside models list", err)
	}
	path := filepath.Join(s.cfg.Dir, file)
	if _, err := os.Stat(path); err != nil {
		return Manifest{}, kerbside.E(kerbside.CodeNotFound, op, "Model "+name+" is not installed; "+s.remedy(name), err)
	}
	damaged := func(err error) error {
		return kerbside.E(kerbside.CodeInvalid, op, "The model file "+path+" is damaged; "+s.remedy(name), err)
	}
	man, err := s.manifest(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, damaged(err)
	}
	got, err := s.examine(ctx, path, name, progress)
	if err != nil {
		if ctx.Err() != nil {
			return Manifest{}, canceled(op, ctx.Err())
		}
		return Manifest{}, damaged(err)
	}
	if man == nil {
		got.Name, got.File, got.Source = name, file, "unknown"
		return got, nil
	}
	if got.Size != man.Size || got.SHA256 != man.SHA256 {
		return Manifest{}, damaged(fmt.Errorf("sha256 is %s of %d bytes instead of %s of %d", got.SHA256, got.Size, man.SHA256, man.Size))
	}
	return *man, nil
}

// examine hashes and walks a file.
func (s *Store) examine(ctx context.Context, path, name string, progress func(Progress)) (Manifest, error) {
	f, err := os.Open(path) //nolint:gosec // a file of the models folder
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = f.Close() }()
	st, err := f.Stat()
	if err != nil {
		return Manifest{}, err
	}
	info, err := Inspect(f, st.Size())
	if err != nil {
		return Manifest{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Manifest{}, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, meter(ctx, f, name, StageVerify, st.Size(), progress)); err != nil {
		return Manifest{}, err
	}
	m := Manifest{SHA256: hex.EncodeToString(h.Sum(nil)), Size: st.Size(), Info: info, ModTime: st.ModTime().UnixNano()}
	for _, k := range s.cfg.Catalogue {
		if k.SHA256() == m.SHA256 {
			m.Published, m.Licence = true, k.Licence
		}
	}
	return m, nil
}

// Remove deletes an installed model and its manifest.
func (s *Store) Remove(ctx context.Context, name string) error {
	const op = "models.Remove"
	file, err := fileFor(s.cfg.Catalogue, name)
	if err != nil {
		return kerbside.E(kerbside.CodeInvalid, op, "That is no model's name; see: kerbside models list", err)
	}
	path := filepath.Join(s.cfg.Dir, file)
	if _, err := os.Stat(path); err != nil {
		return kerbside.E(kerbside.CodeNotFound, op, "Model "+name+" is not installed; nothing was removed.", err)
	}
	unlock, err := s.lock(ctx, name, nil)
	if err != nil {
		return err
	}
	defer unlock()
	if err := os.Remove(path); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The model file "+path+" cannot be removed.", err)
	}
	if err := os.Remove(path + ".json"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return kerbside.E(kerbside.CodeUnavailable, op, "The manifest "+path+".json cannot be removed.", err)
	}
	return syncDir(s.cfg.Dir)
}

// install checks the whole file at tmp and puts it in the folder under its name, with a manifest. The caller holds the lock.
func (s *Store) install(ctx context.Context, tmp, name, source, licence string, progress func(Progress)) (Manifest, error) {
	file, err := fileFor(s.cfg.Catalogue, name)
	if err != nil {
		return Manifest{}, err
	}
	m, err := s.examine(ctx, tmp, name, progress)
	if err != nil {
		return Manifest{}, err
	}
	m.Name, m.File, m.Source, m.Installed = name, file, source, s.cfg.Now().UTC().Truncate(time.Second)
	m.Licence = cmp.Or(m.Licence, licence)
	dst := filepath.Join(s.cfg.Dir, file)
	if err := syncFile(tmp); err != nil {
		return Manifest{}, err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	if err := os.WriteFile(tmp+".json", append(b, '\n'), 0o600); err != nil {
		return Manifest{}, err
	}
	if err := syncFile(tmp + ".json"); err != nil {
		return Manifest{}, err
	}
	if err := os.Rename(tmp, dst); err != nil {
		return Manifest{}, err
	}
	if err := os.Rename(tmp+".json", dst+".json"); err != nil {
		return Manifest{}, err
	}
	if progress != nil {
		progress(Progress{Name: name, Done: m.Size, Total: m.Size, Stage: StageInstall})
	}
	return m, syncDir(s.cfg.Dir)
}

// workDir makes a scratch folder in the models folder, so that the last step is a rename, and clears those that a killed process left.
// The caller holds the lock.
func (s *Store) workDir() (string, func(), error) {
	old, err := filepath.Glob(filepath.Join(s.cfg.Dir, ".tmp-*"))
	if err != nil {
		return "", nil, err
	}
	for _, d := range slices.Backward(old) {
		if err := os.RemoveAll(d); err != nil {
			return "", nil, err
		}
	}
	d, err := os.MkdirTemp(s.cfg.Dir, ".tmp-")
	if err != nil {
		return "", nil, err
	}
	return d, func() { _ = os.RemoveAll(d) }, nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a file of the models folder
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func syncDir(path string) error {
	d, err := os.Open(path) //nolint:gosec // the models folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func canceled(op string, err error) error {
	return kerbside.E(kerbside.CodeCanceled, op, "Stopped. What was downloaded is kept; the same command goes on from there.", err)
}

// meter reports progress on what is read through it and stops when ctx ends.
func meter(ctx context.Context, r io.Reader, name string, st Stage, total int64, f func(Progress)) io.Reader {
	return &metered{ctx: ctx, r: r, p: Progress{Name: name, Total: total, Stage: st}, f: f}
}

const reportEvery = 1 << 20 // bytes

type metered struct {
	ctx  context.Context //nolint:containedctx // lives for one copy
	r    io.Reader
	p    Progress
	last int64
	f    func(Progress)
}

func (m *metered) Read(b []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(b)
	m.p.Done += int64(n)
	if m.f != nil && (m.p.Done-m.last >= reportEvery || err != nil && m.p.Done != m.last) {
		m.last = m.p.Done
		m.f(m.p)
	}
	return n, err
}
