package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzConfig reads files of options: a file that is refused is not quoted, as it may hold a key.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{"addr = \"127.0.0.1:1\"\n", "trust-proxy = [\"10.0.0.0/8\", 1]\n", "session-idle = \"72h\"\nlink = true\n", "config = \"x\"", "[addr]\nx = 1\n", "addr = 1\naddr = 2", "x = \"hiddenword\n", "llm-key = 1e400"} {
		f.Add(s)
	}
	flags := (&command{}).serveFlags()
	f.Fuzz(func(t *testing.T, s string) {
		path := filepath.Join(t.TempDir(), "k.toml")
		if err := os.WriteFile(path, []byte(s), filePerm); err != nil {
			t.Fatal(err)
		}
		_, _, err := readConfig(path, flags)
		if err != nil && strings.Contains(message(err), "hiddenword") {
			t.Fatalf("the file is quoted: %s", message(err))
		}
	})
}

// FuzzTerms reads lists of names and terms.
func FuzzTerms(f *testing.F) {
	for _, s := range []string{"Quillon\n# no\n\n Marrable  Lane \n", "\ufeffx", "\xff", strings.Repeat("x", 81), strings.Repeat("x\n", 5001)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path := filepath.Join(t.TempDir(), "terms.txt")
		if err := os.WriteFile(path, []byte(s), filePerm); err != nil {
			t.Fatal(err)
		}
		terms, err := readTerms(path)
		if err != nil {
			return
		}
		if len(terms) > maxTerms {
			t.Fatalf("%d terms", len(terms))
		}
		for _, term := range terms {
			if term == "" || !utf8.ValidString(term) || utf8.RuneCountInString(term) > maxTermRunes || strings.ContainsAny(term, "\n\r") {
				t.Fatalf("%q is taken for a term", term)
			}
		}
	})
}
