package seal

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"kerbside"
	"kerbside/storage/fs"
	"kerbside/storage/sqlite"
)

// TestAdopt seals a folder that a Kerbside without encryption wrote: nothing in it is lost, and nothing stays readable.
func TestAdopt(t *testing.T) {
	ctx := t.Context()
	master, err := NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, folder: t.TempDir(), master: master}
	db, err := sqlite.Open(ctx, filepath.Join(h.folder, "k.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := fs.Open(filepath.Join(h.folder, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	sound, part := secret+" sound", secret+" part"
	body := []byte(`{"id":"t-1","text":"` + secret + `"}`)
	sum := kerbside.HexSHA256(body)
	err = db.Update(ctx, func(tx kerbside.Tx) error {
		return errors.Join(
			tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "Northmoor"}), tx.PutUser(kerbside.User{ID: "u", Org: "o", Name: "Wren", Role: kerbside.RoleWorker}),
			tx.PutCase(kerbside.Case{ID: "c", Org: "o", Reference: "7", Name: secret}),
			tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: secret}),
			tx.PutRecording(kerbside.Recording{ID: "r-1", Org: "o", Visit: "v", ClientID: "k1", Name: secret, State: kerbside.RecordingSafe, SHA256: kerbside.HexSHA256([]byte(sound)), Blob: "o/uploads/f-1"}),
			tx.PutRecording(kerbside.Recording{ID: "r-2", Org: "o", Visit: "v", ClientID: "k2", State: kerbside.RecordingOpen}),
			tx.AddChunk("o", kerbside.Chunk{Recording: "r-2", Take: 1, SHA256: kerbside.HexSHA256([]byte(part)), Bytes: int64(len(part)), Blob: "o/r-2/0001"}),
			tx.AddDocument(kerbside.Document{ID: "d-1", Org: "o", Visit: "v", Kind: kerbside.DocTranscript, Key: "r-1", Version: 1, SHA256: sum, At: at, Body: body}),
			tx.AddDocument(kerbside.Document{ID: "d-2", Org: "o", Visit: "v", Kind: kerbside.DocTranscript, Key: "r-1", Version: 2, SHA256: sum, At: at, Reason: secret, Body: body}),
			tx.AddCorrection("o", "v", "t-1", kerbside.Correction{ID: "k-1", FirstWord: "w1", LastWord: "w1", Old: secret, New: "x", Author: "u", At: at}),
			tx.AddCorrection("o", "v", "t-1", kerbside.Correction{ID: "k-2", FirstWord: "w1", LastWord: "w1", Old: "x", New: secret, Author: "u", At: at}),
			tx.AddStatement("o", "v", kerbside.Statement{ID: "q", Author: "u", At: at, Text: secret}),
			tx.AddReview(kerbside.Review{ID: "a", Org: "o", Visit: "v", By: "u", At: at, Action: kerbside.ReviewReturn, Comment: secret}),
		)
	})
	for key, plain := range map[string]string{"o/uploads/f-1": sound, "o/r-2/0001": part, "o/r-1/windows/w": secret, "o/uploads/f-never-acknowledged": secret} {
		_, _, putErr := blobs.Put(ctx, key, strings.NewReader(plain))
		err = errors.Join(err, putErr)
	}
	if err = errors.Join(err, db.Close(), blobs.Close()); err != nil {
		t.Fatal(err)
	}
	h.open()
	t.Cleanup(h.close)
	for round, want := range []int{1, 0} {
		if n, err := Adopt(ctx, h.db, h.fs, h.ring); err != nil || n != want {
			t.Fatal(round, n, err)
		}
	}
	err = h.store.View(ctx, func(tx kerbside.Tx) error {
		v, err1 := tx.Visit("o", "v")
		recordings, err2 := tx.Recordings("o", "v")
		chunks, err3 := tx.Chunks("o", "r-2")
		docs, err4 := tx.DocumentVersions("o", "v", kerbside.DocTranscript, "r-1")
		corrections, err5 := tx.Corrections("o", "v", "t-1")
		statements, err6 := tx.Statements("o", "v")
		reviews, err7 := tx.Reviews("o", "v")
		cases, err8 := tx.Cases("o")
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8); err != nil {
			return err
		}
		if v.Title != secret || len(recordings) != 2 || recordings[0].Name != secret || len(docs) != 2 || !bytes.Equal(docs[1].Body, body) || docs[1].Reason != secret ||
			len(corrections) != 2 || corrections[0].Old != secret || corrections[1].New != secret || len(statements) != 1 || statements[0].Text != secret ||
			len(reviews) != 1 || reviews[0].Comment != secret || len(cases) != 1 || cases[0].Name != secret {
			t.Errorf("%+v\n%+v\n%+v\n%+v\n%+v\n%+v\n%+v", v, recordings, docs, corrections, statements, reviews, cases)
		}
		for key, want := range map[string]string{recordings[0].Blob: sound, chunks[0].Blob: part} {
			if got, err := h.get(key); err != nil || got != want {
				t.Errorf("%s: %q %v", key, got, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(h.files(), []byte("Quillon")) {
		t.Error("something is readable still")
	}
}
