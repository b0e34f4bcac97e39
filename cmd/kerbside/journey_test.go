package main

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside/models"
	"kerbside/web/webtest"
)

// TestJourney takes a real recording the whole way, with real parts: browser, upload, transcript, record, drafts, a correction,
// approval, and review by a second person. KERBSIDE_SHOTS names a folder for screenshots of the way.
func TestJourney(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir := t.TempDir()
	// A minute is long for a test: the first stretch of the sample has names, a date and who was there.
	const seconds = 21
	wav := filepath.Join(dir, "spoken.wav")
	sample, err := filepath.Abs("../../samples/visit.ogg")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", sample, "-t", "20", "-ar", "48000", "-ac", "1", wav).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	worker, manager := serveForTest(t, data, wav)
	webtest.Journey(t, webtest.Config{
		WorkerLink: worker, ReviewerLink: manager, WAV: wav,
		Record: seconds * time.Second, Write: 2 * time.Minute, Shots: os.Getenv("KERBSIDE_SHOTS"),
		Wrong: []string{"Parker", "Martin"}, Right: "Hargreave", Live: true, Word: "PK\x03\x04",
	})
	checkAuditLog(t, data)
}

// checkAuditLog verifies the log beside the running server, exports its heads, and finds a changed entry.
func checkAuditLog(t *testing.T, data string) {
	t.Helper()
	audit := func(want int, args ...string) string {
		var out, errs strings.Builder
		if code := run(t.Context(), append([]string{"kerbside", "audit"}, args...), strings.NewReader(""), &out, &errs); code != want {
			t.Fatalf("kerbside audit %v ended with %d: %s%s", args, code, out.String(), errs.String())
		}
		return out.String()
	}
	heads := filepath.Join(t.TempDir(), "heads.txt")
	if err := os.WriteFile(heads, []byte(audit(exitDone, "heads", "--data", data)), filePerm); err != nil {
		t.Fatal(err)
	}
	if out := audit(exitDone, "verify", "--data", data, "--head", heads); !strings.Contains(out, " 0 faults") || !strings.Contains(out, " 2 signed heads") || strings.Contains(out, " 0 entries") {
		t.Errorf("got %s", out)
	}
	db, err := sql.Open("sqlite", databasePath(data))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{"PRAGMA busy_timeout = 5000", "DROP TRIGGER audit_no_update", "UPDATE audit SET by_user = '' WHERE action = 'approve'"} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if out := audit(exitFailed, "verify", "--data", data, "--head", heads); !strings.Contains(out, "is not what was written") {
		t.Errorf("a changed entry was not found: %s", out)
	}
}

// serveForTest starts the server on a free port with a sample visit in it and gives both sign-in links.
func serveForTest(t *testing.T, data, sample string, more ...string) (worker, manager string) {
	t.Helper()
	models, err := models.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var errs strings.Builder
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"kerbside", "--models-dir", models, "serve", "--addr", "127.0.0.1:0", "--data", data, "--sample", sample}, more...), strings.NewReader(""), in, &errs)
		_ = in.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if got := <-code; got != exitDone {
			t.Errorf("serve ended with %d: %s", got, errs.String())
		}
		for _, word := range []string{"Parker", "Oliver", "bedroom"} {
			if strings.Contains(errs.String(), word) {
				t.Errorf("the log holds %q", word)
			}
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		who, link, _ := strings.Cut(lines.Text(), " signs in once, within 24 hours, at ")
		switch who {
		case "The manager":
			manager = link
		case "The sample worker":
			worker = link
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			if worker == "" || manager == "" {
				t.Fatal("serve printed no sign-in links")
			}
			return worker, manager
		}
	}
	t.Fatalf("serve did not start: %s", errs.String())
	return "", ""
}
