package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/fs"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
	"kerbside/storage/verify"
)

const (
	crashFolder = "KERBSIDE_CRASH_TEST_FOLDER" // set in the child of TestTidyAfterCrashes
	crashAt     = "KERBSIDE_CRASH_TEST_AT"     // the step that it is killed at; 0: none
	crashTask   = "KERBSIDE_CRASH_TEST_TASK"   // "send" or "tidy"
)

// step counts what changes anything on the disk, before and after each, and kills the process at one of them.
type steps struct {
	mu     sync.Mutex
	n, end int
}

func (s *steps) step() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n++; s.n == s.end {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
}

type crashBlobs struct {
	kerbside.DatedBlobs
	*steps
}

func (c *crashBlobs) Put(ctx context.Context, key string, r io.Reader) (string, int64, error) {
	c.step()
	defer c.step()
	return c.DatedBlobs.Put(ctx, key, r)
}

func (c *crashBlobs) Delete(ctx context.Context, key string) error {
	c.step()
	defer c.step()
	return c.DatedBlobs.Delete(ctx, key)
}

type crashStore struct {
	kerbside.Store
	*steps
}

func (c *crashStore) Update(ctx context.Context, f func(kerbside.Tx) error) error {
	c.step()
	defer c.step()
	return c.Store.Update(ctx, f)
}

// crashHouse is a service on a folder; its clock is ahead, and step is told of each change.
type crashHouse struct {
	s     *Service
	u     kerbside.User
	db    *sqlite.DB
	bare  *fs.Store
	blobs *seal.Blobs
	store *seal.Store
	log   *lockedBuffer
	at    *steps
}

func openCrash(ctx context.Context, folder string, ahead time.Duration, killAt int) (h *crashHouse, err error) {
	h = &crashHouse{log: &lockedBuffer{}, at: &steps{}}
	if h.db, err = sqlite.Open(ctx, filepath.Join(folder, "k.db"), sqlite.Options{}); err != nil {
		return nil, err
	}
	if h.bare, err = fs.Open(filepath.Join(folder, "blobs")); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	log, err := audit.OpenFile(filepath.Join(folder, "audit.key"), rand.Reader)
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	master, err := killMaster(folder)
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	ring, err := seal.NewRing(ctx, h.db, master, nil)
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	h.blobs, h.store = seal.NewBlobs(h.bare, ring), seal.NewStore(h.db, ring)
	h.s, err = New(Deps{Store: &crashStore{h.store, h.at}, Blobs: &crashBlobs{h.blobs, h.at}, Queue: h.db, Transcriber: &fakeTranscriber{}, Extractor: &fakeExtractor{}, Drafter: &fakeDrafter{}, Exporter: fakeExporter{},
		Audit: log, Now: func() time.Time { return time.Now().Add(ahead) }, Log: slog.New(slog.NewJSONHandler(h.log, nil))})
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	first, err := h.s.FirstStart(ctx, "Northmoor")
	h.u = first.Manager.User
	h.at.n, h.at.end = 0, killAt
	return h, err
}

func (h *crashHouse) close() error { return errors.Join(h.db.Close(), h.bare.Close()) }

// sendAll sends one recording in each way, and moves one to another visit. What was sent before is not sent twice.
func (h *crashHouse) sendAll(ctx context.Context, say func(acknowledged) error) error {
	r, err := h.s.StartRecording(ctx, h.u, RecordingInput{ClientID: "spoken"})
	if err != nil {
		return err
	}
	parts := []string{"Spoken into ", "the recorder."}
	for seq, part := range parts {
		if _, err := h.s.PutChunk(ctx, h.u, r.ID, 1, seq, kerbside.HexSHA256([]byte(part)), strings.NewReader(part)); err != nil {
			return err
		}
		if err := say(acknowledged{Recording: r.ID, Take: 1, Seq: seq, Part: part}); err != nil {
			return err
		}
	}
	whole := strings.Join(parts, "")
	if r, err = h.s.FinishRecording(ctx, h.u, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(whole))}); err != nil {
		return err
	}
	if err := say(acknowledged{Recording: r.ID, Visit: r.Visit, Whole: whole}); err != nil {
		return err
	}
	file, err := h.s.UploadFile(ctx, h.u, RecordingInput{ClientID: "file"}, strings.NewReader("Sent as a file."))
	if err != nil {
		return err
	}
	if err := say(acknowledged{Recording: file.ID, Visit: file.Visit, Whole: "Sent as a file."}); err != nil {
		return err
	}
	const pieces = "Sent in pieces as a file."
	r, err = h.s.StartRecording(ctx, h.u, RecordingInput{ClientID: "pieces", Bytes: int64(len(pieces))})
	if err != nil {
		return err
	}
	for {
		_, at, err := h.s.Received(ctx, h.u, r.ID)
		if err != nil {
			return err
		}
		if at == int64(len(pieces)) {
			break
		}
		if _, err := h.s.Append(ctx, h.u, r.ID, at, strings.NewReader(pieces[at:min(int(at)+13, len(pieces))])); err != nil {
			return err
		}
	}
	if r, err = h.s.FinishRecording(ctx, h.u, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(pieces))}); err != nil {
		return err
	}
	if err := say(acknowledged{Recording: r.ID, Visit: r.Visit, Whole: pieces}); err != nil {
		return err
	}
	moved, err := h.s.Void(ctx, h.u, file.ID, "The wrong child.", "new")
	if kerbside.CodeOf(err) == kerbside.CodeConflict { // it was moved before the crash
		return nil
	}
	if err != nil {
		return err
	}
	return say(acknowledged{Recording: moved.ID, Visit: moved.Visit, Whole: "Sent as a file."})
}

// crashChild is the process that is killed. It prints what was acknowledged, and at its end how many steps there were.
func crashChild(folder string) error {
	ctx := context.Background()
	at, err := strconv.Atoi(os.Getenv(crashAt))
	if err != nil {
		return err
	}
	ahead := time.Duration(0)
	if os.Getenv(crashTask) == "tidy" {
		ahead = tidyAge + time.Hour
	}
	h, err := openCrash(ctx, folder, ahead, at)
	if err != nil {
		return err
	}
	if os.Getenv(crashTask) == "tidy" {
		_, err = h.s.tidy(ctx)
	} else {
		err = h.sendAll(ctx, func(a acknowledged) error { return json.NewEncoder(os.Stdout).Encode(a) })
	}
	if err == nil {
		_, err = fmt.Printf("steps %d\n", h.at.n)
	}
	return errors.Join(err, h.close())
}

// crash runs a child that is killed at a step, and gives what it printed; steps is 0 when it was killed.
func crash(t *testing.T, folder, task string, at int) (told []acknowledged, n int) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), crashFolder+"="+folder, crashAt+"="+strconv.Itoa(at), crashTask+"="+task)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	var exit *exec.ExitError
	if killed := errors.As(err, &exit) && !exit.Exited(); err != nil && !killed {
		t.Fatalf("%s, step %d: %v: %s", task, at, err, errs.String())
	}
	for line := range strings.Lines(out.String()) {
		var a acknowledged
		if json.Unmarshal([]byte(line), &a) == nil {
			told = append(told, a)
		} else if _, err := fmt.Sscanf(line, "steps %d", &n); err != nil {
			t.Fatalf("%q", line)
		}
	}
	return told, n
}

// TestTidyAfterCrashes kills a process that takes recordings in at each point where it changes the disk, and then one that removes what nothing needs at each
// point of that. Whatever was acknowledged is there; what nothing needs is gone; and what was being sent can be sent again, before and after.
func TestTidyAfterCrashes(t *testing.T) {
	_, sending := crash(t, t.TempDir(), "send", 0)
	if sending < 30 {
		t.Fatalf("only %d steps", sending)
	}
	every := 1
	if testing.Short() {
		every = 5
	}
	var mu sync.Mutex
	removed, left := 0, 0
	t.Run("killed", func(t *testing.T) {
		for at := 1; at <= sending; at += every {
			t.Run(strconv.Itoa(at), func(t *testing.T) {
				t.Parallel()
				r, l := crashOnce(t, at)
				mu.Lock()
				defer mu.Unlock()
				removed, left = removed+r, left+l
			})
		}
	})
	t.Logf("killed at each of %d points of taking recordings in, and at one of six of tidying up after each: 0 acknowledged lost; %d blobs that nothing needed, %d of them removed", sending, left, removed)
	if removed == 0 {
		t.Error("nothing was ever left over, so nothing was shown")
	}
}

func crashOnce(t *testing.T, at int) (removed, left int) {
	folder := t.TempDir()
	told, n := crash(t, folder, "send", at)
	if n != 0 {
		t.Errorf("step %d: it was not killed", at)
	}
	_, _ = crash(t, folder, "tidy", at%7) // 0: to its end
	ctx := t.Context()
	h, err := openCrash(ctx, folder, tidyAge+time.Hour, 0)
	if err != nil {
		t.Errorf("step %d: %v", at, err)
		return 0, 0
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	if at%2 == 0 { // what was being sent is sent again before anything is removed
		if err := h.sendAll(ctx, func(a acknowledged) error { told = append(told, a); return nil }); err != nil {
			t.Errorf("step %d: sending again: %v", at, err)
		}
	}
	found, err := h.s.tidy(ctx)
	if err != nil || found.Missing > 0 || found.Removed != found.LeftOver {
		t.Errorf("step %d: %+v, %v\n%s", at, found, err, h.log.String())
	}
	if at%2 == 1 {
		if err := h.sendAll(ctx, func(a acknowledged) error { told = append(told, a); return nil }); err != nil {
			t.Errorf("step %d: sending again: %v", at, err)
		}
		again, err := h.s.tidy(ctx)
		if err != nil || again.Missing > 0 || again.Removed != again.LeftOver {
			t.Errorf("step %d: %+v, %v", at, again, err)
		}
		found.LeftOver, found.Removed = found.LeftOver+again.LeftOver, found.Removed+again.Removed
	}
	for _, a := range told {
		if a.Whole != "" && playAll(t, h.s, h.u, a.Recording) != a.Whole || a.Part != "" && !holdsChunk(t, h.s, h.blobs, h.u, a) {
			t.Errorf("step %d: %+v is lost", at, a)
		}
	}
	v := verify.Verifier{Rows: h.db, Store: h.store, Blobs: h.blobs, Gone: seal.Erased}
	report, err := v.Run(ctx)
	if err != nil || len(report.Findings) > 0 || report.LeftOver > 0 || report.Unknown > 0 {
		t.Errorf("step %d: %+v, %v", at, report, err)
	}
	return found.Removed, found.LeftOver
}

// TestTidyLeavesAlone: nothing young, nothing of another's, and no piece whose whole is gone is removed; a loss is said loudly.
func TestTidyLeavesAlone(t *testing.T) {
	ctx := t.Context()
	h, err := openCrash(ctx, t.TempDir(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	put := func(key, body string) {
		t.Helper()
		if _, _, err := h.blobs.Put(ctx, key, strings.NewReader(body)); err != nil {
			t.Fatal(err)
		}
	}
	tidy := func(want Tidied) {
		t.Helper()
		if got, err := h.s.tidy(ctx); err != nil || got != want {
			t.Errorf("%+v, want %+v (%v)\n%s", got, want, err, h.log.String())
		}
	}
	org := string(h.u.Org)
	put(org+"/r-none/f-x", "bytes of an upload whose row never came")
	tidy(Tidied{LeftOver: 1}) // it is young
	h.s.d.Now = func() time.Time { return time.Now().Add(tidyAge + time.Minute) }
	put(org+"/r-none/somebody-elses", "x")
	tidy(Tidied{LeftOver: 1, Removed: 1})
	tidy(Tidied{})
	if _, err := h.blobs.Open(ctx, org+"/r-none/somebody-elses"); err != nil {
		t.Error("what is of no shape of ours was touched:", err)
	}

	whole := "A piece that became part of a whole."
	r, err := h.s.StartRecording(ctx, h.u, RecordingInput{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.s.PutChunk(ctx, h.u, r.ID, 1, 0, kerbside.HexSHA256([]byte(whole)), strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if r, err = h.s.FinishRecording(ctx, h.u, r.ID, FinishInput{SHA256: c.SHA256}); err != nil {
		t.Fatal(err)
	}
	put(c.Blob, whole) // as if a crash had come before it was removed
	if err := h.blobs.Delete(ctx, r.Blob); err != nil {
		t.Fatal(err)
	}
	tidy(Tidied{LeftOver: 1, Missing: 1})
	if !strings.Contains(h.log.String(), "SOUND IS LOST") || !strings.Contains(h.log.String(), string(r.ID)) {
		t.Errorf("a loss was not said loudly: %s", h.log.String())
	}
	put(r.Blob, whole)
	tidy(Tidied{LeftOver: 1, Removed: 1})
}

// TestWriteTakesTooLong: bytes that may be tidied away by another machine get no row, be they ever so whole.
func TestWriteTakesTooLong(t *testing.T) {
	ctx := t.Context()
	h, err := openCrash(ctx, t.TempDir(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	r, err := h.s.StartRecording(ctx, h.u, RecordingInput{})
	if err != nil {
		t.Fatal(err)
	}
	const sound = "All was well."
	put := func(pause time.Duration) error {
		from := &pausing{Reader: strings.NewReader(sound), then: func() { h.s.d.Now = func() time.Time { return time.Now().Add(pause) } }}
		_, err := h.s.PutChunk(ctx, h.u, r.ID, 1, 0, kerbside.HexSHA256([]byte(sound)), from)
		return err
	}
	if err := put(writeTime + time.Minute); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Errorf("a write that stood still for hours: %v", err)
	}
	if chunks, err := h.s.Chunks(ctx, h.u, r.ID); err != nil || len(chunks) != 0 {
		t.Errorf("%v, %v", chunks, err)
	}
	h.s.d.Now = time.Now
	if err := put(0); err != nil {
		t.Errorf("it cannot be sent again: %v", err)
	}
}

// pausing is a reader during whose first read time passes.
type pausing struct {
	io.Reader
	then func()
}

func (p *pausing) Read(b []byte) (int, error) {
	if p.then != nil {
		p.then()
		p.then = nil
	}
	return p.Reader.Read(b)
}
