// Package corpus is what every model of the rules learns from: the annotated dictations of this repository that may be read. It reads no held case.
package corpus

import (
	"hash/fnv"
	"path/filepath"

	"kerbside/extract/score"
)

// Dictation is one of them.
type Dictation struct {
	score.Case
	Folder string // below testdata
	Shaped bool   // lexicons were shaped on it, so it tells little of them
}

// Shaping is the folder whose dictations all were.
const Shaping = "dictations"

// Dictations reads all, always in the same order; root is the folder extract of the repository.
func Dictations(root string) ([]Dictation, error) {
	var out []Dictation
	for _, folder := range []string{"cases/open", Shaping} {
		cases, err := score.Load(filepath.Join(root, "testdata", folder))
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			out = append(out, Dictation{c, folder, folder == Shaping || c.ID <= "own-020"})
		}
	}
	return out, nil
}

// Fold is the part, of n, with which a file is left out of what a model is taught.
func Fold(name string, n int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return int(h.Sum32() % uint32(n)) //nolint:gosec // a handful
}
