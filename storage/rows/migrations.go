package rows

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"kerbside"
)

// Migration is one step of an engine's tables. Steps are numbered from 1 without gaps and never changed once released: databases keep each with its hash.
type Migration struct {
	Number int
	Name   string
	SQL    string
	SHA256 string
}

// Migrations reads the steps in a folder, "0001_init.sql" and so on, in their order.
func Migrations(files fs.FS, folder string) ([]Migration, error) {
	names, err := fs.Glob(files, path.Join(folder, "*.sql"))
	if err != nil {
		return nil, err
	}
	out := make([]Migration, len(names))
	for i, name := range names {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		digits, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.Atoi(digits); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: expected number %d", path.Base(name), i+1)
		}
		out[i] = Migration{i + 1, path.Base(name), string(body), kerbside.HexSHA256(body)}
	}
	return out, nil
}

// Missing gives the steps that a database lacks; have are the hashes of those that it has, by number. One of a newer program, or that took another step, is
// CodeUnavailable.
func Missing(all []Migration, have map[int]string) ([]Migration, error) {
	const op = "rows.Missing"
	for n, sum := range have {
		if n > len(all) {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, "A newer Kerbside wrote this database. Start that one, or a newer one.", fmt.Errorf("migration %d of %d", n, len(all)))
		}
		if sum != all[n-1].SHA256 {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, "This database was made by another Kerbside than this one. Start that one.", fmt.Errorf("migration %d is another one", n))
		}
	}
	return all[len(have):], nil
}
