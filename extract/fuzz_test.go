package extract

import (
	"os"
	"testing"
	"testing/fstest"
)

// FuzzChecklist reads a council's checklists: one that is taken asks something of every visit.
func FuzzChecklist(f *testing.F) {
	own, err := os.ReadFile("checklist.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range [][]byte{own, []byte(`{"questions":{"child_seen":"?"},"types":{"not_stated":["child_seen"]}}`), []byte(`{"types":null}`), []byte(`[]`), nil} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := LoadChecklist(fstest.MapFS{"own.json": &fstest.MapFile{Data: b}})
		if err == nil && len(c.Types["not_stated"]) == 0 {
			t.Fatal("a checklist without questions")
		}
	})
}
