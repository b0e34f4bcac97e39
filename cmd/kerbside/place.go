package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"kerbside"
)

// places gives each file a folder for its results below out: the one that an earlier run gave it, else one in which nobody has anything.
type places struct {
	out     string
	taken   map[string]bool // names, by this run
	parents map[string]bool // of names that this run took: what is in them is not of one file
}

func newPlaces(out string, taken ...string) *places {
	p := &places{out: out, taken: map[string]bool{}, parents: map[string]bool{}}
	for _, name := range taken {
		p.taken[name] = true
	}
	return p
}

// of gives the folder for a file whose results are best called name, and the path that the file had when an earlier run made the folder, "" unless
// it was another one.
func (p *places) of(ctx context.Context, path, name string) (folder, was string) {
	source := sourceOf(path)
	content := sync.OnceValue(func() string {
		sum, err := contentSum(ctx, path)
		if err != nil { // it is reported when the file's turn comes
			return ""
		}
		return sum
	})
	free, moved := "", ""
	for n := 0; ; n++ {
		next := nthName(name, n)
		if p.taken[next] {
			continue
		}
		at := filepath.Join(p.out, next)
		if isNobodys(at) {
			if free == "" && !p.parents[next] {
				free = next
			}
			if n > 1 && free != "" {
				break
			}
			continue
		}
		r, err := readReceipt(at)
		if err != nil {
			continue
		}
		if source != "" && r.Source == source {
			p.take(next)
			return at, ""
		}
		if source != "" && moved == "" && r.isOf(at, content) {
			moved, was = next, r.Source
		}
	}
	if moved != "" {
		free = moved
	}
	p.take(free)
	return filepath.Join(p.out, free), was
}

func (p *places) take(name string) {
	p.taken[name] = true
	for dir := filepath.Dir(name); dir != "." && dir != string(filepath.Separator); dir = filepath.Dir(dir) {
		p.parents[dir] = true
	}
}

// isOf reports whether a folder was made of a file with this content that is no longer where it was.
func (r receipt) isOf(folder string, content func() string) bool {
	if r.Source != "" {
		if _, err := os.Lstat(r.Source); !errors.Is(err, os.ErrNotExist) {
			return false
		}
		return r.SHA256 != "" && r.SHA256 == content()
	}
	// An older Kerbside did not note where a file was.
	b, err := os.ReadFile(filepath.Join(folder, transcriptName))
	if err != nil {
		return false
	}
	sum, err := recordingSum(b)
	return err == nil && sum != "" && sum == content()
}

// sourceOf tells files apart: it is the file's own path, whatever way led to it; "" for standard input, which is never the same twice.
func sourceOf(path string) string {
	if path == "-" {
		return ""
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil { // the file is no longer there
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// isNobodys reports whether there is nothing at a path but what a run that was killed at once left there.
func isNobodys(folder string) bool {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), temporaryPrefix) {
			return false
		}
	}
	return true
}

// claim notes whose results a folder is for, before any is written. The receipt has no key: while results are replaced, it would vouch for a mixture.
func claim(folder string, r receipt) error {
	had, err := readReceipt(folder)
	switch {
	case err == nil && had.Source != "" && had.Source != r.Source && !had.isOf(folder, func() string { return r.SHA256 }),
		err != nil && holdsFiles(folder):
		return kerbside.E(kerbside.CodeUnavailable, "kerbside.claim", fmt.Sprintf("%q was taken by something else in the meantime. The same command chooses another folder.", folder), nil)
	}
	return writeJSONFile(filepath.Join(folder, receiptName), receipt{Source: r.Source, SHA256: r.SHA256})
}

// unclaim removes a folder that holds nothing but a claim.
func unclaim(folder string) {
	if entries, err := os.ReadDir(folder); err == nil && len(entries) == 1 && entries[0].Name() == receiptName {
		_ = os.Remove(filepath.Join(folder, receiptName)) // what stays is the same file's for another run
		_ = os.Remove(folder)
	}
}

func holdsFiles(folder string) bool {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), temporaryPrefix) {
			return true
		}
	}
	return false
}
