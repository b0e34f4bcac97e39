package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"kerbside"
)

// disk counts the calls to storage and lets some fail, as a full, broken, read-only or unreachable one does.
type disk struct {
	mu    sync.Mutex
	n     int
	from  int // the first call that fails, counted from 1; 0: none
	times int // so many fail
	err   error
	calls []string // what was done, in order
}

func (d *disk) call(format string, a ...any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	d.calls = append(d.calls, fmt.Sprintf(format, a...))
	if d.from > 0 && d.n >= d.from && d.n < d.from+d.times {
		return kerbside.E(kerbside.CodeUnavailable, "test.disk", "The disk is not well.", d.err)
	}
	return nil
}

func (d *disk) done(format string, a ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, fmt.Sprintf(format, a...))
}

type diskBlobs struct {
	kerbside.BlobStore
	d *disk
}

func (b diskBlobs) Put(ctx context.Context, key string, r io.Reader) (string, int64, error) {
	if err := b.d.call("put"); err != nil {
		return "", 0, err
	}
	sum, n, err := b.BlobStore.Put(ctx, key, r)
	b.d.done("put done")
	return sum, n, err
}

func (b diskBlobs) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	if err := b.d.call("open"); err != nil {
		return nil, err
	}
	return b.BlobStore.Open(ctx, key)
}

func (b diskBlobs) Delete(ctx context.Context, key string) error {
	if err := b.d.call("delete"); err != nil {
		return err
	}
	return b.BlobStore.Delete(ctx, key)
}

type diskStore struct {
	kerbside.Store
	d *disk
}

func (s diskStore) Update(ctx context.Context, f func(kerbside.Tx) error) error {
	if err := s.d.call("commit"); err != nil {
		return err
	}
	err := s.Store.Update(ctx, f)
	s.d.done("commit done")
	return err
}

func (s diskStore) View(ctx context.Context, f func(kerbside.Tx) error) error {
	if err := s.d.call("read"); err != nil {
		return err
	}
	return s.Store.View(ctx, f)
}

// onDisk puts a disk under a second service of the house; the first one does not run.
func (h *house) onDisk(d *disk) *Service {
	h.t.Helper()
	deps := h.s.d
	deps.Store, deps.Blobs, deps.Log = diskStore{h.store, d}, diskBlobs{deps.Blobs, d}, slog.New(slog.DiscardHandler)
	s, err := New(deps)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// send records in two takes as a recorder does, which tries each call again until it is acknowledged. It gives how often it was told of a fault.
func (h *house) send(s *Service) (r kerbside.Recording, faults int) {
	h.t.Helper()
	ctx := h.t.Context()
	client, err := h.s.newID("c")
	if err != nil {
		h.t.Fatal(err)
	}
	again := func(f func() error) {
		for range 20 {
			err := f()
			if err == nil {
				return
			}
			faults++
			h.wantCode(err, kerbside.CodeUnavailable)
		}
		h.t.Fatal("it does not recover by itself")
	}
	again(func() (err error) {
		r, err = s.StartRecording(ctx, h.worker, RecordingInput{ClientID: client})
		return err
	})
	for i, part := range []string{"Mother was ", "calm. ", "Father was out."} {
		again(func() error {
			_, err := s.PutChunk(ctx, h.worker, r.ID, 1+i/2, i%2, kerbside.HexSHA256([]byte(part)), strings.NewReader(part))
			return err
		})
	}
	id := r.ID
	again(func() (err error) {
		r, err = s.FinishRecording(ctx, h.worker, id, FinishInput{SHA256: kerbside.HexSHA256([]byte("Mother was calm. Father was out."))})
		return err
	})
	return r, faults
}

// TestEveryFault lets each call to storage in the whole path of a recording fail in turn, once and twice: the sender is told, sends again, and is
// acknowledged; the stages get over it; nothing is lost or doubled. The calls are shared out among houses: each start of a service looks at all that its house has.
func TestEveryFault(t *testing.T) {
	const houses = 6
	var total atomic.Int64
	t.Run("calls", func(t *testing.T) {
		for first := range houses {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				h.stop()
				for from := first + 1; h.fault(from); from += houses {
					total.Add(1)
				}
			})
		}
	})
	if total.Load() < 30 {
		t.Fatalf("only %d calls were tried", total.Load())
	}
	t.Logf("%d calls to storage failed in turn; nothing was lost", total.Load())
}

// fault lets call number from fail, and reports whether there was such a call.
func (h *house) fault(from int) bool {
	h.t.Helper()
	errs := []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS, errors.New("503")}
	d := &disk{from: from, times: 1 + from%2, err: errs[from%len(errs)]}
	s := h.onDisk(d)
	r, _ := h.send(s)
	ctx, stop := context.WithCancel(h.t.Context())
	worked := make(chan error, 1)
	go func() {
		for { // as the operator's supervisor does, when even the start fails
			err := s.Run(ctx)
			if err == nil || kerbside.CodeOf(err) != kerbside.CodeUnavailable {
				worked <- err
				return
			}
		}
	}()
	v := h.await(r.Visit, kerbside.VisitDrafted)
	h.idle(r.Visit)
	stop()
	if err := <-worked; err != nil {
		h.t.Fatal(err)
	}
	if len(v.Recordings) != 1 || len(v.Transcripts) != 1 || len(v.Drafts) != len(kerbside.Audiences()) || v.Transcripts[0].Transcript.Text != "Mother was calm. Father was out." {
		h.t.Fatalf("call %d: %d recordings, %d transcripts, %d drafts: %+v", from, len(v.Recordings), len(v.Transcripts), len(v.Drafts), v.Transcripts)
	}
	if got := playAll(h.t, h.s, h.worker, r.ID); got != "Mother was calm. Father was out." {
		h.t.Fatalf("call %d: %q", from, got)
	}
	return d.n >= from
}

// TestAcknowledgedLast: a piece is written before its row, and its row before the sender is told. (How a blob store writes - bytes, sync, rename, folder - is
// shown in storage/fs; what a commit means in storage/sqlite.)
func TestAcknowledgedLast(t *testing.T) {
	h := newHouse(t)
	d := &disk{}
	s := h.onDisk(d)
	r, err := s.StartRecording(t.Context(), h.worker, RecordingInput{})
	if err != nil {
		t.Fatal(err)
	}
	d.calls = nil
	if _, err := s.PutChunk(t.Context(), h.worker, r.ID, 1, 0, kerbside.HexSHA256([]byte("x")), strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	d.done("told")
	if got := strings.Join(d.calls, ", "); got != "read, put, put done, commit, commit done, told" {
		t.Fatal(got)
	}
	d.calls = nil
	if _, err := s.FinishRecording(t.Context(), h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte("x"))}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.calls, ", "); !strings.HasPrefix(got, "read, put, open, put done, commit, commit done") {
		t.Fatal(got)
	}
}
