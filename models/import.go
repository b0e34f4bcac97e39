package models

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"kerbside"
)

// ImportOptions say what becomes of an imported model.
type ImportOptions struct {
	Name     string // to install it under; "" takes it from the file's or folder's name (ggml-NAME.bin, faster-whisper-NAME)
	Licence  string // of the weights; "" is "unknown", except for files that the catalogue knows by checksum
	Quantise bool   // install the q8_0 form, under the name with -q8_0 added
	Replace  bool   // overwrite a model of the same name
}

// Import installs a model that the user has: a ggml file, a CTranslate2 folder (model.bin with vocabulary.txt or vocabulary.json), or
// Silero's safetensors file. The source is only read.
func (s *Store) Import(ctx context.Context, path string, opts ImportOptions, progress func(Progress)) (Manifest, error) {
	const op = "models.Import"
	src, err := recognise(path)
	if err != nil {
		return Manifest{}, kerbside.E(kerbside.CodeInvalid, op, err.Error(), nil)
	}
	name := cmp.Or(opts.Name, nameFrom(path, src.layout))
	if opts.Quantise && !strings.HasSuffix(name, "-q8_0") && name != "" {
		name += "-q8_0"
	}
	file, err := fileFor(s.cfg.Catalogue, name)
	if err != nil {
		return Manifest{}, kerbside.E(kerbside.CodeInvalid, op, "Say under which name to install it: --name NAME, of small letters, digits, dots, dashes and underscores.", err)
	}
	if known, ok := s.known(name); ok && known.Kind != src.kind() && src.layout != layoutGGML {
		return Manifest{}, kerbside.E(kerbside.CodeInvalid, op, name+" is the name of another kind of model; choose another with --name.", nil)
	}
	if opts.Quantise && s.cfg.Quantise == nil {
		return Manifest{}, kerbside.E(kerbside.CodeUnavailable, op, "This build cannot quantise; import the model as it is.", nil)
	}

	unlock, err := s.lock(ctx, name, progress)
	if err != nil {
		return Manifest{}, err
	}
	defer unlock()
	if _, err := os.Stat(filepath.Join(s.cfg.Dir, file)); err == nil && !opts.Replace {
		return Manifest{}, kerbside.E(kerbside.CodeConflict, op, "A model called "+name+" is installed already; replace it with --replace or choose another --name.", nil)
	}
	work, clean, err := s.workDir()
	if err != nil {
		return Manifest{}, kerbside.E(kerbside.CodeUnavailable, op, "The models folder "+s.cfg.Dir+" cannot be written to.", err)
	}
	defer clean()
	man, err := s.importInto(ctx, src, name, work, opts, progress)
	switch {
	case err == nil:
		return man, nil
	case ctx.Err() != nil:
		return Manifest{}, kerbside.E(kerbside.CodeCanceled, op, "Stopped. Nothing was installed.", ctx.Err())
	case kerbside.CodeOf(err) != kerbside.CodeInternal:
		return Manifest{}, err
	}
	return Manifest{}, kerbside.E(kerbside.CodeInvalid, op, path+" cannot be used as a model: "+err.Error(), err)
}

func (s *Store) importInto(ctx context.Context, src importSource, name, work string, opts ImportOptions, progress func(Progress)) (Manifest, error) {
	need := src.size
	if opts.Quantise {
		need += src.size
	}
	if err := needSpace(work, need); err != nil {
		return Manifest{}, err
	}
	dst := filepath.Join(work, "model")
	var err error
	if src.layout == layoutGGML {
		if err = inspectFile(src.weights); err == nil {
			err = copyModel(ctx, src, dst, name, progress)
		}
	} else {
		err = s.convertFile(ctx, src.weights, src.vocab, dst, Model{Name: name, Size: src.size}, progress)
	}
	if err != nil {
		return Manifest{}, err
	}
	if opts.Quantise {
		half := dst
		dst = filepath.Join(work, "quantised")
		if err := s.quantiseFile(ctx, half, dst, name, src.size*17/32, progress); err != nil {
			return Manifest{}, err
		}
	}
	return s.install(ctx, dst, name, "import "+filepath.Base(src.shown), cmp.Or(opts.Licence, "unknown"), progress)
}

type layout int

const (
	layoutGGML layout = iota
	layoutCT2
	layoutSilero
)

type importSource struct {
	layout         layout
	weights, vocab string
	shown          string
	size           int64
}

func (i importSource) kind() Kind {
	if i.layout == layoutSilero {
		return KindVAD
	}
	return KindWhisper
}

// recognise finds out what path holds. Its errors are for people.
func recognise(path string) (importSource, error) {
	st, err := os.Stat(path)
	if err != nil {
		return importSource{}, fmt.Errorf("%s cannot be read; give a ggml file, a CTranslate2 (faster-whisper) folder or Silero's safetensors file", path)
	}
	if st.IsDir() {
		return recogniseFolder(path)
	}
	f, err := os.Open(path) //nolint:gosec // the user's own choice
	if err != nil {
		return importSource{}, fmt.Errorf("%s cannot be opened; look at its permissions", path)
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 16)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return importSource{}, fmt.Errorf("%s cannot be read", path)
	}
	src := importSource{weights: path, shown: path, size: st.Size()}
	switch {
	case n < 16:
		return src, fmt.Errorf("%s has %d bytes and is no model", path, n)
	case binary.LittleEndian.Uint32(head) == ggmlMagic:
		return src, nil
	case string(head[:4]) == "GGUF":
		return src, fmt.Errorf("%s is a GGUF file, which whisper.cpp does not read; give a ggml file", path)
	case string(head[:4]) == "PK\x03\x04":
		return src, fmt.Errorf("%s is an archive (a PyTorch file or a package); give a ggml file or a CTranslate2 folder", path)
	case head[8] == '{':
		src.layout = layoutSilero
		return src, nil
	case binary.LittleEndian.Uint32(head) <= 16 && strings.HasPrefix(string(head[6:]), "WhisperSpe"):
		return src, fmt.Errorf("%s is part of a CTranslate2 model; give the folder that holds it", path)
	}
	return src, fmt.Errorf("%s is not a ggml file, a CTranslate2 folder or a safetensors file", path)
}

func recogniseFolder(path string) (importSource, error) {
	src := importSource{layout: layoutCT2, weights: filepath.Join(path, "model.bin"), shown: path}
	st, err := os.Stat(src.weights)
	if err != nil || !st.Mode().IsRegular() {
		return src, fmt.Errorf("the folder %s holds no model.bin; give a CTranslate2 (faster-whisper) folder", path)
	}
	src.size = st.Size() + 4<<20
	for _, v := range []string{"vocabulary.txt", "vocabulary.json"} {
		if st, err := os.Stat(filepath.Join(path, v)); err == nil && st.Mode().IsRegular() {
			src.vocab = filepath.Join(path, v)
			return src, nil
		}
	}
	return src, fmt.Errorf("the folder %s holds neither vocabulary.txt nor vocabulary.json", path)
}

// nameFrom guesses a name; "" when there is nothing to go by.
func nameFrom(path string, l layout) string {
	if l == layoutSilero {
		return DefaultVAD
	}
	base := strings.ToLower(filepath.Base(filepath.Clean(path)))
	base = strings.TrimSuffix(base, ".bin")
	for _, p := range []string{"ggml-", "faster-whisper-", "faster-distil-whisper-", "whisper-"} {
		if rest, ok := strings.CutPrefix(base, p); ok {
			if strings.HasPrefix(rest, "silero") {
				return DefaultVAD
			}
			return rest
		}
	}
	return ""
}

func inspectFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // the user's own choice
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = Inspect(f, st.Size())
	return err
}

func copyModel(ctx context.Context, src importSource, dst, name string, progress func(Progress)) error {
	in, err := os.Open(src.weights)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return writeFile(ctx, dst, Progress{Name: name, Total: src.size, Stage: StageInstall}, progress, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}
