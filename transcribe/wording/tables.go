package wording

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"kerbside"
	"kerbside/english"
)

//go:embed tables
var embedded embed.FS

// Tables are the data that wording goes by. They are immutable and safe for concurrent use.
type Tables struct {
	sum           string
	spelling      map[string]spelling
	commands      map[string]command // by its phrase without spaces
	longest       int                // words of a command
	content       map[string]content // by word
	abbreviations []abbreviation
	sounds        map[string][]string
	rules         [256][]rule // by the first byte of the letters
	ordinary      english.Words
	given, last   map[string]bool // names in small letters
	costs         *costs
}

// Load reads the built-in tables. A file of the same name in one of the folders stands for the built-in one; its form is
// told at the top of each.
func Load(folders ...fs.FS) (*Tables, error) {
	const op = "wording.Load"
	builtin, err := fs.Sub(embedded, "tables")
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	t := &Tables{
		spelling: map[string]spelling{}, commands: map[string]command{}, content: map[string]content{}, sounds: map[string][]string{}, ordinary: english.Words{}, given: map[string]bool{}, last: map[string]bool{}, costs: newCosts(),
	}
	builtin = withOrdinary{builtin}
	sum := sha256.New()
	for _, file := range []struct {
		name string
		add  func(columns []string) error
	}{
		{"spelling.tsv", t.addSpelling}, {"commands.tsv", t.addCommand}, {"abbreviations.tsv", t.addAbbreviation}, {"sounds.tsv", t.addSound},
		{"letters.tsv", t.addRule}, {ordinaryName, t.addOrdinary}, {"names.tsv", t.addNames},
	} {
		b, err := newest(file.name, append([]fs.FS{builtin}, folders...))
		if err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The table %s cannot be read.", file.name), err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", file.name, len(b), b)
		n := 0
		for line := range bytes.Lines(b) {
			n++
			text := strings.TrimRight(string(line), "\r\n")
			if text == "" || text[0] == '#' && (len(text) == 1 || text[1] == ' ') {
				continue
			}
			if err := file.add(strings.Split(text, "\t")); err != nil {
				return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("Line %d of the table %s is not of its form.", n, file.name), err)
			}
		}
	}
	t.sum = fmt.Sprintf("%x", sum.Sum(nil)[:8])
	return t, nil
}

// ordinaryName is the table that comes with package english, as others go by it, too.
const ordinaryName = "ordinary.txt"

// withOrdinary are the built-in tables and that of package english.
type withOrdinary struct{ fs.FS }

func (f withOrdinary) ReadFile(name string) ([]byte, error) {
	if name == ordinaryName {
		return english.Table, nil
	}
	return fs.ReadFile(f.FS, name)
}

func newest(name string, folders []fs.FS) (found []byte, err error) {
	for _, f := range folders {
		b, err := fs.ReadFile(f, name)
		switch {
		case err == nil:
			found = b
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return found, nil
}

func shortSum(s string) string { return kerbside.HexSHA256([]byte(s))[:16] }

// column is columns[i], or "" where a line is shorter.
func column(columns []string, i int) string {
	if i < len(columns) {
		return strings.TrimSpace(columns[i])
	}
	return ""
}

// list are the entries of a column, which ";" separates.
func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}
