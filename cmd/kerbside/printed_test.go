package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestPrintedNowhere: a command whose results cannot be written says so and fails, whatever prints them.
func TestPrintedNowhere(t *testing.T) {
	const cases = "../../extract/score/testdata/cases"
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, args := range [][]string{{"eval", cases}, {"eval", cases, "--details"}, {"eval", cases, "--drafts"}, {"--help"}, {"profiles", "--help"}, {"version"}, {"checklist", "list"}} {
		var errs bytes.Buffer
		code := run(t.Context(), append([]string{"kerbside"}, args...), strings.NewReader(""), full, &errs)
		if code != exitFailed || errs.String() != "kerbside: The results cannot be written: no space left on device.\n" {
			t.Errorf("%v: %d: %s", args, code, errs.String())
		}
	}
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"kerbside", "--help", "--nonsense"}, strings.NewReader(""), full, &errs); code != exitUsage {
		t.Errorf("a fault of the command line: %d: %s", code, errs.String())
	}
}
