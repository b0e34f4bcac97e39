package main

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func flagsOf(args ...string) ([]string, error) {
	c := &command{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
	return flagsFirst(c.app(), append([]string{"kerbside"}, args...))
}

func TestFlagsFirst(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"process a.txt --out d", "process --out d -- a.txt"},
		{"process a.txt --out=d b.txt", "process --out=d -- a.txt b.txt"},
		{"process a.txt -q --out d --json", "-q --json process --out d -- a.txt"},
		{"batch d --dry-run e --out o", "batch --dry-run --out o -- d e"},
		{"process --out d -- -a.txt --out", "process --out d -- -a.txt --out"},
		{"process --out -d a.txt", "process --out -d -- a.txt"},
		{"extract -", "extract -- -"},
		{"extract batch", "extract -- batch"},
		{"models pull tiny --offline", "models pull --offline -- tiny"},
		{"--models-dir m models list", "--models-dir m models list"},
		{"transcribe a.wav --nonsense", "transcribe --nonsense -- a.wav"},
		{"help process", "help process"},
		{"", ""},
	} {
		got, err := flagsOf(strings.Fields(test.in)...)
		if err != nil || !slices.Equal(got[1:], strings.Fields(test.want)) {
			t.Errorf("%q: %q, %v, want %q", test.in, got, err, test.want)
		}
	}
	for _, in := range []string{"process a.txt --out", "process --out -- a.txt", "--models-dir"} {
		if got, err := flagsOf(strings.Fields(in)...); err == nil || !strings.Contains(err.Error(), "needs a value") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestHelpNamesDefaultsOnce(t *testing.T) {
	c := &command{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
	seen := 0
	var check func([]*cli.Command)
	check = func(commands []*cli.Command) {
		for _, command := range commands {
			for _, flag := range command.Flags {
				if text := flag.String(); strings.Contains(text, "default:") {
					if seen++; strings.Count(text, "default:") > 1 {
						t.Errorf("%s: %s", command.Name, text)
					}
				}
			}
			check(command.Subcommands)
		}
	}
	if check(c.app().Commands); seen == 0 {
		t.Error("no option has a default")
	}
}

func FuzzFlagsFirst(f *testing.F) {
	for _, seed := range []string{"process a --out d", "-q\n--\n-x", "models\npull\n--offline=1\nx", "--out", "extract\n-\n--\n--"} {
		f.Add(strings.ReplaceAll(seed, " ", "\n"))
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, "\n")
		got, err := flagsOf(args...)
		if err != nil {
			return
		}
		count := func(all []string) map[string]int {
			n := map[string]int{}
			for _, a := range all {
				if a != "--" {
					n[a]++
				}
			}
			return n
		}
		if !reflect.DeepEqual(count(args), count(got[1:])) {
			t.Errorf("%q became %q", args, got)
		}
	})
}
