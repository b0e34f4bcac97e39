package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/fs"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
	"kerbside/storage/verify"
)

// house is a data folder that is in use.
type house struct {
	t      *testing.T
	folder string
	master *seal.Master
	db     *sqlite.DB
	bare   *fs.Store
	ring   *seal.Ring
	store  *seal.Store
	blobs  *seal.Blobs
}

func openHouse(t *testing.T, folder string, master *seal.Master) *house {
	t.Helper()
	h := &house{t: t, folder: folder, master: master}
	var err error
	if h.db, err = sqlite.Open(t.Context(), filepath.Join(folder, "k.db"), sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	if h.bare, err = fs.Open(filepath.Join(folder, "blobs")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = h.db.Close(), h.bare.Close() })
	if h.ring, err = seal.NewRing(t.Context(), h.db, master, nil); err != nil {
		t.Fatal(err)
	}
	h.ring.Journal = h.journal()
	h.store, h.blobs = seal.NewStore(h.db, h.ring), seal.NewBlobs(h.bare, h.ring)
	return h
}

func newHouse(t *testing.T) *house {
	t.Helper()
	m, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	h := openHouse(t, t.TempDir(), m)
	err = h.store.Update(t.Context(), func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.PutUser(kerbside.User{ID: "u", Org: "o"}), tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: "Home"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) journal() *seal.Journal {
	return seal.NewJournal(filepath.Join(h.folder, "erased.jsonl"))
}

func (h *house) source() Source {
	return Source{
		Snapshot: func(ctx context.Context, to string) error {
			return sqlite.Snapshot(ctx, filepath.Join(h.folder, "k.db"), to)
		},
		Open: func(ctx context.Context, path string) (kerbside.Store, error) {
			return sqlite.Open(ctx, path, sqlite.Options{})
		},
		Blobs: h.bare, Erased: filepath.Join(h.folder, "erased.jsonl"), Now: time.Now,
	}
}

func said(i int) string { return fmt.Sprintf("recording %d says this", i) }

// record takes in one recording as the service does: a piece, its row, the whole, its row, and the piece goes.
func (h *house) record(ctx context.Context, i int) error {
	r := kerbside.Recording{ID: kerbside.RecordingID(fmt.Sprintf("r-%d", i)), Org: "o", Visit: "v", ClientID: fmt.Sprint(i), State: kerbside.RecordingOpen}
	piece, whole := fmt.Sprintf("o/r-%d/0001", i), fmt.Sprintf("o/r-%d/sound", i)
	if err := h.store.Update(ctx, func(tx kerbside.Tx) error { return tx.PutRecording(r) }); err != nil {
		return err
	}
	sum, n, err := h.blobs.Put(ctx, piece, strings.NewReader(said(i)))
	if err == nil {
		err = h.store.Update(ctx, func(tx kerbside.Tx) error {
			return tx.AddChunk("o", kerbside.Chunk{Recording: r.ID, Take: 1, SHA256: sum, Bytes: n, Blob: piece})
		})
	}
	if err == nil {
		_, _, err = h.blobs.Put(ctx, whole, strings.NewReader(said(i)))
	}
	if err == nil {
		r.State, r.SHA256, r.Blob = kerbside.RecordingSafe, sum, whole
		err = h.store.Update(ctx, func(tx kerbside.Tx) error { return tx.PutRecording(r) })
	}
	if err == nil {
		err = h.blobs.Delete(ctx, piece)
	}
	return err
}

func (h *house) restore(backup string) *house {
	h.t.Helper()
	folder := h.t.TempDir()
	blobs, err := fs.Open(filepath.Join(folder, "blobs"))
	if err != nil {
		h.t.Fatal(err)
	}
	_, err = Restore(h.t.Context(), backup, Target{Database: DatabaseFile(filepath.Join(folder, "k.db")), Blobs: blobs, Skip: func(string) bool { return false }})
	if err = errors.Join(err, blobs.Close()); err != nil {
		h.t.Fatal(err)
	}
	return openHouse(h.t, folder, h.master)
}

func (h *house) recordings() (all []kerbside.Recording) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(tx kerbside.Tx) (err error) { all, err = tx.Recordings("o", "v"); return err })
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// TestWhileRunning makes backups while recordings come in, are put together and lose their pieces: each is whole, and what was acknowledged before it
// began is in it.
func TestWhileRunning(t *testing.T) {
	h := newHouse(t)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			for i := w; ctx.Err() == nil; i += 3 {
				if err := h.record(context.WithoutCancel(ctx), i); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	root := t.TempDir()
	var made []string
	var before []int
	safely := func(h *house) (n int) {
		for _, r := range h.recordings() {
			if r.State == kerbside.RecordingSafe {
				n++
			}
		}
		return n
	}
	for range 4 {
		time.Sleep(150 * time.Millisecond)
		safe := safely(h)
		for end := time.Now().Add(time.Minute); safe == 0 && time.Now().Before(end); safe = safely(h) {
			time.Sleep(20 * time.Millisecond)
		}
		path, _, err := Make(t.Context(), h.source(), root)
		if err != nil {
			t.Fatal(err)
		}
		made, before = append(made, path), append(before, safe)
	}
	stop()
	wg.Wait()
	for i, path := range made {
		if _, bad, err := Check(t.Context(), path); err != nil || len(bad) > 0 {
			t.Fatal(bad, err)
		}
		back := h.restore(path)
		r, err := (&verify.Verifier{Rows: back.db, Store: back.store, Blobs: back.blobs, Gone: seal.Erased}).Run(t.Context())
		if err != nil || len(r.Findings) > 0 {
			t.Fatalf("%+v %v", r.Findings, err)
		}
		safe := safely(back)
		if safe < before[i] || before[i] == 0 {
			t.Errorf("backup %d: %d recordings are safe in it, %d were before it began", i, safe, before[i])
		}
	}
	if !shares(t, made[0], made[1]) {
		t.Error("the second backup has copies of its own of what the first holds")
	}
}

// shares reports whether a blob of one backup is the same file in another.
func shares(t *testing.T, a, b string) bool {
	t.Helper()
	m, err := ReadManifest(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Files {
		one, err1 := os.Stat(filepath.Join(a, f.Path))
		two, err2 := os.Stat(filepath.Join(b, f.Path))
		if errors.Join(err1, err2) == nil && strings.HasPrefix(f.Path, blobsName) && os.SameFile(one, two) {
			return true
		}
	}
	return false
}

// TestErasedStaysErased: what was erased after a backup does not come back with it.
func TestErasedStaysErased(t *testing.T) {
	h := newHouse(t)
	for i := range 3 {
		if err := h.record(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	path, _, err := Make(t.Context(), h.source(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.Update(t.Context(), func(tx kerbside.Tx) error { return tx.EraseDataKey("o", "r-1", time.Now()) }); err != nil {
		t.Fatal(err)
	}
	list, err := h.journal().Read()
	if err != nil || len(list) != 1 || list[0].Scope != "r-1" {
		t.Fatal(list, err)
	}
	back := h.restore(path)
	if _, err := readAll(back, "o/r-1/sound"); err != nil {
		t.Fatal("the check below cannot fail: ", err)
	}
	if err := back.journal().Add(list...); err != nil {
		t.Fatal(err)
	}
	again := openHouse(t, back.folder, back.master)
	replayed, err := seal.Reconcile(t.Context(), again.db, again.bare, again.journal())
	if err != nil || len(replayed) != 1 {
		t.Fatal(replayed, err)
	}
	if _, err := readAll(again, "o/r-1/sound"); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(back.folder, "blobs", "o", "r-1", "sound")); err == nil {
		t.Error("its bytes are there still")
	}
	if got, err := readAll(again, "o/r-2/sound"); err != nil || got != said(2) {
		t.Fatal(got, err)
	}
	if replayed, err := seal.Reconcile(t.Context(), again.db, again.bare, again.journal()); err != nil || len(replayed) != 0 {
		t.Fatal("again: ", replayed, err)
	}
}

func readAll(h *house, key string) (string, error) {
	f, err := h.blobs.Open(h.t.Context(), key)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(f)
	return string(b), errors.Join(err, f.Close())
}

// TestRefuses: nothing is restored from a damaged or unfinished backup, nor over data that is there; and a recording that is gone makes no backup.
func TestRefuses(t *testing.T) {
	h := newHouse(t)
	if err := h.record(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	path, m, err := Make(t.Context(), h.source(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	to := Target{Database: DatabaseFile(filepath.Join(h.folder, "k.db")), Blobs: h.bare, Skip: func(string) bool { return false }}
	if _, err := Restore(t.Context(), path, to); kerbside.CodeOf(err) != kerbside.CodeConflict {
		t.Fatal(err)
	}
	to.Database = DatabaseFile(filepath.Join(t.TempDir(), "k.db"))
	for _, f := range m.Files {
		name := filepath.Join(path, f.Path)
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		bad := append([]byte(nil), good...)
		bad[len(bad)/2] ^= 1
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), path, to); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Fatalf("%s: %v", f.Path, err)
		}
		if err := os.WriteFile(name, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(path, manifestName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), path, to); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Fatal(err)
	}
	if err := h.bare.Delete(t.Context(), "o/r-0/sound"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Make(t.Context(), h.source(), t.TempDir()); kerbside.CodeOf(err) != kerbside.CodeInternal {
		t.Fatal(err)
	}
}
