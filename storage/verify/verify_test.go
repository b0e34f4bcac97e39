package verify

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/storage/fs"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
)

type house struct {
	folder string
	db     *sqlite.DB
	store  *seal.Store
	blobs  *seal.Blobs
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{folder: t.TempDir()}
	m, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	if h.db, err = sqlite.Open(t.Context(), filepath.Join(h.folder, "k.db"), sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	files, err := fs.Open(filepath.Join(h.folder, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = h.db.Close(), files.Close() })
	ring, err := seal.NewRing(t.Context(), h.db, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.store, h.blobs = seal.NewStore(h.db, ring), seal.NewBlobs(files, ring)
	return h
}

func (h *house) verify(t *testing.T) Report {
	t.Helper()
	r, err := (&Verifier{Rows: h.db, Store: h.store, Blobs: h.blobs, Gone: seal.Erased}).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const each = 500 // recordings, and documents; half of what is flipped

// fill makes recordings in pieces and whole, and a document for each.
func (h *house) fill(t *testing.T, each int) {
	t.Helper()
	err := h.store.Update(t.Context(), func(tx kerbside.Tx) error {
		for _, err := range []error{tx.PutOrganisation(kerbside.Organisation{ID: "o"}), tx.PutUser(kerbside.User{ID: "u", Org: "o"}), tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: "T"})} {
			if err != nil {
				return err
			}
		}
		for i := range each {
			body := []byte(fmt.Sprintf(`{"id":"t-%d","text":"%s"}`, i, strings.Repeat("said ", i)))
			d := kerbside.Document{ID: kerbside.DocumentID(fmt.Sprintf("d-%d", i)), Org: "o", Visit: "v", Kind: kerbside.DocTranscript, Key: fmt.Sprint(i), Version: 1, SHA256: kerbside.HexSHA256(body), At: time.Unix(int64(i+1), 0), Body: body}
			if err := tx.AddDocument(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range 16 { // their syncs take the time
		wg.Go(func() {
			for i := w; i < each; i += 16 {
				if err := h.sound(t.Context(), i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// sound makes one recording, whole or in a piece.
func (h *house) sound(ctx context.Context, i int) error {
	sound := strings.Repeat(fmt.Sprintf("sound %d ", i), 1+i*20)
	r := kerbside.Recording{ID: kerbside.RecordingID(fmt.Sprintf("r-%d", i)), Org: "o", Visit: "v", ClientID: fmt.Sprint(i), State: kerbside.RecordingOpen}
	key := fmt.Sprintf("o/r-%d/sound", i)
	sum, n, err := h.blobs.Put(ctx, key, strings.NewReader(sound))
	if err != nil {
		return err
	}
	return h.store.Update(ctx, func(tx kerbside.Tx) error {
		if i%2 == 0 {
			r.State, r.SHA256, r.Blob = kerbside.RecordingSafe, sum, key
			return tx.PutRecording(r)
		}
		if err := tx.PutRecording(r); err != nil {
			return err
		}
		return tx.AddChunk("o", kerbside.Chunk{Recording: r.ID, Take: 1, SHA256: sum, Bytes: n, Blob: key})
	})
}

// TestThousandFlips flips one byte in each of 1,000 things and wants 1,000 findings, no more and no less.
func TestThousandFlips(t *testing.T) {
	h := newHouse(t)
	h.fill(t, each)
	if r := h.verify(t); len(r.Findings) != 0 || r.Blobs != each || r.Documents != each {
		t.Fatalf("%+v", r)
	}
	random := rand.New(rand.NewPCG(1, 2))
	flip := func(b []byte) { b[random.IntN(len(b))] ^= byte(1 + random.IntN(255)) }
	for i := range each {
		name := filepath.Join(h.folder, "blobs", "o", fmt.Sprintf("r-%d", i), "sound")
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		flip(b)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := sql.Open("sqlite", filepath.Join(h.folder, "k.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.ExecContext(t.Context(), "DROP TRIGGER documents_no_update"); err != nil {
		t.Fatal(err)
	}
	for i := range each {
		id := fmt.Sprintf("d-%d", i)
		var b []byte
		if err := raw.QueryRowContext(t.Context(), "SELECT body FROM documents WHERE id = ?", id).Scan(&b); err != nil {
			t.Fatal(err)
		}
		flip(b)
		if _, err := raw.ExecContext(t.Context(), "UPDATE documents SET body = ? WHERE id = ?", b, id); err != nil {
			t.Fatal(err)
		}
	}
	r := h.verify(t)
	seen := map[string]bool{}
	for _, f := range r.Findings {
		seen[f.Object] = true
		if f.Kind != Damaged || strings.Contains(fmt.Sprint(f), "said") {
			t.Errorf("%+v", f)
		}
	}
	if len(r.Findings) != 2*each || len(seen) != 2*each {
		t.Fatalf("%d bytes were flipped and %d found", 2*each, len(seen))
	}
	t.Logf("%d bytes were flipped and %d found", 2*each, len(seen))
}

// TestLost: what was acknowledged and is not there is found, be it whole or a piece; what was erased is no loss.
func TestLost(t *testing.T) {
	h := newHouse(t)
	h.fill(t, 10)
	for _, i := range []int{2, 3, 4} {
		if err := os.Remove(filepath.Join(h.folder, "blobs", "o", fmt.Sprintf("r-%d", i), "sound")); err != nil {
			t.Fatal(err)
		}
	}
	err := h.store.Update(t.Context(), func(tx kerbside.Tx) error {
		for _, id := range []string{"r-4", "r-6"} {
			if err := tx.EraseDataKey("o", id, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r := h.verify(t)
	slices.SortFunc(r.Findings, func(a, b Finding) int { return strings.Compare(a.Object, b.Object) }) // they are made side by side
	if len(r.Findings) != 2 || r.Findings[0].Kind != Lost || r.Findings[0].Object != "piece of recording r-3" || r.Findings[1].Object != "recording r-2" {
		t.Fatalf("%+v", r.Findings)
	}
}
