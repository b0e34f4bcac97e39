package backup

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzManifest reads manifests of backups: none makes a restore touch anything outside of its folder.
func FuzzManifest(f *testing.F) {
	for _, s := range []string{`{"schema":"` + schema + `","files":[{"path":"kerbside.db","bytes":1,"sha256":"x"}]}`, `{"schema":"` + schema + `","files":[{"path":"../x"}]}`, `{"schema":"` + schema + `","files":[{"path":"/etc/passwd"},{"path":""}]}`, `{}`, `[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, manifestName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := ReadManifest(folder)
		if err != nil {
			return
		}
		for _, file := range m.Files {
			if !filepath.IsLocal(filepath.FromSlash(file.Path)) {
				t.Fatalf("%q leaves the folder", file.Path)
			}
		}
		if _, bad, err := Check(t.Context(), folder); err == nil && len(m.Files) > 0 && len(bad) == 0 {
			t.Fatalf("files that are not there were found whole: %+v", m.Files)
		}
	})
}
