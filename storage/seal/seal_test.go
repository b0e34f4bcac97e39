package seal

import (
	"bytes"
	"context"
	"errors"
	"io"
	iofs "io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"kerbside"
	"kerbside/storage/fs"
	"kerbside/storage/sqlite"
	"kerbside/storage/storagetest"
)

// house is a sealed store and sealed blobs in one folder.
type house struct {
	t      *testing.T
	folder string
	db     *sqlite.DB
	fs     *fs.Store
	master *Master
	ring   *Ring
	store  *Store
	blobs  *Blobs
}

func newHouse(t *testing.T) *house {
	t.Helper()
	m, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, folder: t.TempDir(), master: m}
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.t.Helper()
	var err error
	if h.db, err = sqlite.Open(h.t.Context(), filepath.Join(h.folder, "k.db"), sqlite.Options{}); err != nil {
		h.t.Fatal(err)
	}
	if h.fs, err = fs.Open(filepath.Join(h.folder, "blobs")); err != nil {
		h.t.Fatal(err)
	}
	if h.ring, err = NewRing(h.t.Context(), h.db, h.master, nil); err != nil {
		h.t.Fatal(err)
	}
	h.store, h.blobs = NewStore(h.db, h.ring), NewBlobs(h.fs, h.ring)
}

func (h *house) close() {
	if err := errors.Join(h.db.Close(), h.fs.Close()); err != nil {
		h.t.Error(err)
	}
}

func (h *house) update(f func(kerbside.Tx) error) {
	h.t.Helper()
	if err := h.store.Update(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) put(key, body string) {
	h.t.Helper()
	if sum, n, err := h.blobs.Put(h.t.Context(), key, strings.NewReader(body)); err != nil || n != int64(len(body)) || sum != kerbside.HexSHA256([]byte(body)) {
		h.t.Fatal(sum, n, err)
	}
}

func (h *house) get(key string) (string, error) {
	f, err := h.blobs.Open(h.t.Context(), key)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(f)
	return string(b), errors.Join(err, f.Close())
}

// files gives all bytes on disk.
func (h *house) files() (all []byte) {
	h.t.Helper()
	err := filepath.WalkDir(h.folder, func(name string, d iofs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		all = append(append(all, name...), b...)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func TestBlobs(t *testing.T) {
	storagetest.Blobs(t, func(t *testing.T) kerbside.BlobStore { return newHouse(t).blobs })
}

func TestStores(t *testing.T) {
	storagetest.Stores(t, func(t *testing.T) kerbside.Store { return newHouse(t).store })
}

const secret = "Quillon Marrable"

var at = time.Date(2026, 3, 3, 16, 0, 0, 0, time.UTC)

// fill puts the secret wherever a family's words can come to lie.
func (h *house) fill() {
	h.t.Helper()
	h.update(func(tx kerbside.Tx) error {
		body := []byte(`{"text":"` + secret + `"}`)
		return errors.Join(
			tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "Northmoor"}), tx.PutUser(kerbside.User{ID: "u", Org: "o", Name: "Wren", Role: kerbside.RoleWorker}),
			tx.PutCase(kerbside.Case{ID: "c", Org: "o", Reference: secret, Name: secret}),
			tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: secret, Reason: secret}),
			tx.PutRecording(kerbside.Recording{ID: "r", Org: "o", Visit: "v", ClientID: "k", Name: secret, State: kerbside.RecordingSafe, Blob: "o/r/sound"}),
			tx.AddDocument(kerbside.Document{ID: "d", Org: "o", Visit: "v", Kind: kerbside.DocTranscript, Key: "r", Version: 1, SHA256: kerbside.HexSHA256(body), At: at, Reason: secret, Body: body}),
			tx.AddCorrection("o", "v", "t", kerbside.Correction{ID: "k", FirstWord: "w1", LastWord: "w1", Old: secret, New: secret, Reason: secret, Author: "u", At: at}),
			tx.AddStatement("o", "v", kerbside.Statement{ID: "q", Author: "u", At: at, Question: secret, Text: secret}),
			tx.AddReview(kerbside.Review{ID: "a", Org: "o", Visit: "v", By: "u", At: at, Action: kerbside.ReviewReturn, Comment: secret}),
		)
	})
	h.put("o/r/sound", secret+strings.Repeat("sound", 40_000))
	h.put("o/r/windows/x", secret)
}

// TestNothingReadable: a disk that is taken away tells nothing.
func TestNothingReadable(t *testing.T) {
	h := newHouse(t)
	h.fill()
	if b := h.files(); bytes.Contains(b, []byte(secret)) || bytes.Contains(b, []byte("Quillon")) {
		t.Fatal("the secret lies readable on the disk")
	} else if !bytes.Contains(b, []byte("Northmoor")) {
		t.Fatal("the check above cannot fail")
	}
	h.close()
	h.open() // keys come back from the store
	if got, err := h.get("o/r/windows/x"); err != nil || got != secret {
		t.Fatal(got, err)
	}
}

// TestErase: with its key, everything of a thing is gone, from files that still lie there too, and nothing new is written to it.
func TestErase(t *testing.T) {
	h := newHouse(t)
	h.fill()
	erase := func(id string) {
		h.update(func(tx kerbside.Tx) error { return tx.EraseDataKey("o", id, at) })
	}
	erase("r")
	if _, err := h.get("o/r/sound"); !Erased(err) || kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Fatal(err)
	}
	if _, _, err := h.blobs.Put(t.Context(), "o/r/late", strings.NewReader("x")); !Erased(err) {
		t.Fatalf("written to what was erased: %v", err)
	}
	for _, id := range []string{"v", kerbside.WordsScope("r"), kerbside.CorrectionsScope("v", "t", 1), kerbside.AnswersScope("v"), kerbside.NotesScope("v", 1)} {
		erase(id)
	}
	err := h.store.View(t.Context(), func(tx kerbside.Tx) error {
		v, err := tx.Visit("o", "v")
		if err != nil || v.Title != "" || v.Reason != "" || v.Worker != "u" {
			t.Errorf("%+v %v", v, err)
		}
		if _, err := tx.Document("o", "d"); !Erased(err) {
			t.Error(err)
		}
		docs, err1 := tx.LatestDocuments("o", "v", kerbside.DocTranscript)
		corrections, err2 := tx.Corrections("o", "v", "t")
		statements, err3 := tx.Statements("o", "v")
		reviews, err4 := tx.Reviews("o", "v")
		if len(docs)+len(corrections)+len(statements) > 0 || len(reviews) != 1 || reviews[0].Comment != "" {
			t.Error(docs, corrections, statements, reviews)
		}
		return errors.Join(err1, err2, err3, err4)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.Update(t.Context(), func(tx kerbside.Tx) error {
		return tx.AddStatement("o", "v", kerbside.Statement{ID: "q2", Author: "u", At: at, Text: "late"})
	})
	if !Erased(err) {
		t.Fatalf("written to what was erased: %v", err)
	}
	for name, f := range map[string]func(kerbside.Tx) error{
		"put": func(tx kerbside.Tx) error {
			return tx.PutDataKey(kerbside.DataKey{Org: "o", Scope: "r", Wrapped: []byte("x")})
		},
	} {
		if err := h.db.Update(t.Context(), f); kerbside.CodeOf(err) != kerbside.CodeConflict {
			t.Errorf("%s: an erased key comes back: %v", name, err)
		}
	}
	h.close()
	h.open()
	if _, err := h.get("o/r/sound"); !Erased(err) {
		t.Fatal(err)
	}
}

// TestErasedKeyLeavesTheDisk: the sealed data key itself is overwritten in the database and in its log.
func TestErasedKeyLeavesTheDisk(t *testing.T) {
	h := newHouse(t)
	h.fill()
	var k kerbside.DataKey
	if err := h.db.View(t.Context(), func(tx kerbside.Tx) (err error) { k, err = tx.DataKey("o", "r"); return err }); err != nil {
		t.Fatal(err)
	}
	tail := k.Wrapped[len(k.Wrapped)-32:]
	if !bytes.Contains(h.files(), tail) {
		t.Fatal("the check below cannot fail")
	}
	h.update(func(tx kerbside.Tx) error { return tx.EraseDataKey("o", "r", at) })
	if bytes.Contains(h.files(), tail) {
		t.Fatal("the erased key is still on the disk")
	}
}

// TestRollback: a key that was never committed seals nothing afterwards.
func TestRollback(t *testing.T) {
	h := newHouse(t)
	stop := errors.New("no")
	org := func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.PutUser(kerbside.User{ID: "u", Org: "o"}),
			tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: secret}))
	}
	if err := h.store.Update(t.Context(), func(tx kerbside.Tx) error { return errors.Join(org(tx), stop) }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	h.update(org)
	h.close()
	h.open()
	err := h.store.View(t.Context(), func(tx kerbside.Tx) error {
		v, err := tx.Visit("o", "v")
		if v.Title != secret {
			t.Errorf("%q", v.Title)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryFlipIsFound changes one byte at a time, anywhere in a sealed blob or a sealed body.
func TestEveryFlipIsFound(t *testing.T) {
	h := newHouse(t)
	h.fill()
	name := filepath.Join(h.folder, "blobs", "o", "r", "sound")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b := bytes.Clone(whole)
		at := random.IntN(len(b))
		b[at] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := h.get("o/r/sound"); err == nil || strings.Contains(err.Error(), "Quillon") {
			t.Fatalf("byte %d of %d: %v", at, len(b), err)
		}
	}
	for _, n := range []int{0, 10, len(whole) - 1, len(whole) / 2} {
		if err := os.WriteFile(name, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := h.blobs.Open(t.Context(), "o/r/sound"); err == nil {
			t.Fatalf("cut to %d bytes and opened", n)
		}
	}
	k, err := h.ring.find(t.Context(), scope{"o", "v"})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := k.sealBytes("here", []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		b := bytes.Clone(sealed)
		b[i] ^= 1
		if got, err := k.openBytes("here", b); err == nil {
			t.Fatalf("byte %d: %q", i, got)
		}
	}
	if _, err := k.openBytes("there", sealed); err == nil {
		t.Fatal("a field was opened in another place")
	}
}

// TestMasters: another master opens nothing and says so; a rotation leaves everything readable by the new one alone.
func TestMasters(t *testing.T) {
	h := newHouse(t)
	h.fill()
	next, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewRing(t.Context(), h.db, next, nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), h.master.Name()) {
		t.Fatal(err)
	}
	n, err := Rewrap(t.Context(), h.db, h.master.With(next))
	if err != nil || n != 7 { // of the organisation and its mark, the recording and its words, the visit, its corrections and answers
		t.Fatal(n, err)
	}
	if n, err := Rewrap(t.Context(), h.db, h.master.With(next)); err != nil || n != 0 {
		t.Fatal("again: ", n, err)
	}
	if _, err := NewRing(t.Context(), h.db, h.master, nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Fatal(err)
	}
	h.close()
	h.master = h.master.With(next).Newest()
	h.open()
	if got, err := h.get("o/r/windows/x"); err != nil || got != secret {
		t.Fatal(got, err)
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := ReadMaster(path); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Fatal(err)
	}
	a, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.With(b).Write(path, at); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info.Mode(), err)
	}
	got, err := ReadMaster(path)
	if err != nil || len(got.Names()) != 2 || got.Name() != b.Name() || got.Names()[1] != a.Name() {
		t.Fatal(got, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadMaster(path); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "# nothing\n", b.identities[0].String()[:40]} {
		if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte(bad), 0o600)); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadMaster(path); kerbside.CodeOf(err) != kerbside.CodeInvalid || bad != "" && strings.Contains(err.Error(), "AGE-SECRET") {
			t.Fatalf("%q: %v", bad, err)
		}
	}
}

// TestPlainAge opens a blob with nothing but age and the keys: whoever has these needs no Kerbside to read what is theirs.
func TestPlainAge(t *testing.T) {
	h := newHouse(t)
	h.fill()
	var k kerbside.DataKey
	if err := h.db.View(t.Context(), func(tx kerbside.Tx) (err error) { k, err = tx.DataKey("o", "r"); return err }); err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(k.Wrapped), h.master.identities[0])
	if err != nil {
		t.Fatal(err)
	}
	ids, err := age.ParseIdentities(r)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(h.folder, "blobs", "o", "r", "windows", "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if r, err = age.Decrypt(f, ids...); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != secret {
		t.Fatal(string(b), err)
	}
}

// counted counts the bytes that are read from a store.
type counted struct {
	kerbside.BlobStore
	n int64
}

type countedFile struct {
	io.ReadSeekCloser
	n *int64
}

func (c *counted) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	f, err := c.BlobStore.Open(ctx, key)
	return countedFile{f, &c.n}, err
}

func (f countedFile) Read(p []byte) (int, error) {
	n, err := f.ReadSeekCloser.Read(p)
	*f.n += int64(n)
	return n, err
}

// TestSeek: to play from the middle costs the pieces around it, not what stands before.
func TestSeek(t *testing.T) {
	h := newHouse(t)
	c := &counted{BlobStore: h.fs}
	h.blobs = NewBlobs(c, h.ring)
	plain := make([]byte, 10<<20)
	for i := range plain {
		plain[i] = byte(i >> 3)
	}
	h.put("o/r/long", string(plain))
	c.n = 0
	f, err := h.blobs.Open(t.Context(), "o/r/long")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const from = 7<<20 + 12345
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 100_000)
	if _, err := io.ReadFull(f, got); err != nil || !bytes.Equal(got, plain[from:from+len(got)]) {
		t.Fatal(err)
	}
	if c.n > 400_000 {
		t.Fatalf("read %d bytes for %d in the middle", c.n, len(got))
	}
}
