// Package docs_test holds the papers to the code: what they name as proof exists.
package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	quoted   = regexp.MustCompile("`([^`]+)`")
	testName = regexp.MustCompile(`\b((?:Test|Fuzz|Benchmark)[A-Z]\w*)\b`)
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	target   = regexp.MustCompile(`^make ([a-z-]+)$`)
	isPath   = regexp.MustCompile(`^[a-z][\w./-]*$`)
)

// TestPapers holds each line of the hazard log and of the security checklist: a control that holds names a test, a fuzz target or a command that shows it, and
// each that is named is there - a test in the package that is named before it.
func TestPapers(t *testing.T) {
	tests := testsOf(t)
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, paper := range []struct {
		file          string
		columns       int
		state, proofs int // columns; state is -1 where every line holds
	}{{"hazards.md", 6, -1, 4}, {"asvs.md", 3, 1, 2}} {
		b, err := os.ReadFile(paper.file)
		if err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range strings.Lines(string(b)) {
			cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
			if !strings.HasPrefix(line, "|") || len(cells) != paper.columns || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| #") || strings.HasPrefix(line, "| chapter") {
				continue
			}
			lines++
			what := paper.file + ": " + strings.TrimSpace(cells[0])
			shown := strings.TrimSpace(cells[paper.proofs])
			if n := proofs(t, what, shown, tests, string(makefile)); n == 0 && (paper.state < 0 || holds(cells[paper.state])) {
				t.Errorf("%s is said to hold, and nothing that shows it is named: %q", what, shown)
			}
		}
		if lines < 10 {
			t.Errorf("%s: only %d lines were read", paper.file, lines)
		}
	}
}

// holds reports whether a state says that something holds, without exception.
func holds(state string) bool {
	return strings.Contains(state, "holds") && !strings.HasPrefix(strings.TrimSpace(state), "**not yet**")
}

// proofs counts what a cell names and complains of what is not there.
func proofs(t *testing.T, what, cell string, tests map[string]map[string]bool, makefile string) (n int) {
	t.Helper()
	pkg := ""
	at := 0
	named := func(text string) {
		for _, m := range testName.FindAllString(text, -1) {
			n++
			if pkg == "" || !tests[pkg][m] {
				t.Errorf("%s: there is no %s in %q", what, m, pkg)
			}
		}
	}
	for _, m := range quoted.FindAllStringSubmatchIndex(cell, -1) {
		named(cell[at:m[0]])
		at = m[1]
		text := cell[m[2]:m[3]]
		switch {
		case target.MatchString(text):
			n++
			if name := target.FindStringSubmatch(text)[1]; !regexp.MustCompile(`(?m)^` + name + `:`).MatchString(makefile) {
				t.Errorf("%s: there is no %q", what, text)
			}
		case tests[text] != nil:
			pkg = text
		case isPath.MatchString(text) && strings.ContainsAny(text, "./"):
			if _, err := os.Stat(filepath.Join("..", text)); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if strings.HasSuffix(text, ".txtar") {
				n++
			}
		}
	}
	named(cell[at:])
	return n
}

// testsOf gives the tests of each package, by its folder.
func testsOf(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		pkg, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		if out[pkg] == nil {
			out[pkg] = map[string]bool{}
		}
		for _, m := range declared.FindAllStringSubmatch(string(b), -1) {
			out[pkg][m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
