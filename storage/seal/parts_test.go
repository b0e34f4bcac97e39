package seal

import (
	"bytes"
	"errors"
	"testing"

	"kerbside"
)

// seedParts makes a visit with one of everything that its parts hold.
func seedParts(tx kerbside.Tx) error {
	body := []byte(`{"id":"t-1","text":"` + secret + `"}`)
	doc := func(id string, k kerbside.DocumentKind, key string) error {
		return tx.AddDocument(kerbside.Document{ID: kerbside.DocumentID(id), Org: "o", Visit: "v", Kind: k, Key: key, Version: 1, SHA256: kerbside.HexSHA256(body), At: at, Reason: secret, Body: body})
	}
	return errors.Join(
		tx.PutVisit(kerbside.Visit{ID: "v", Org: "o", Worker: "u", Title: secret}),
		tx.PutRecording(kerbside.Recording{ID: "r-1", Org: "o", Visit: "v", ClientID: "k1", Name: secret, State: kerbside.RecordingSafe}),
		tx.PutRecording(kerbside.Recording{ID: "r-2", Org: "o", Visit: "v", ClientID: "k2", State: kerbside.RecordingSafe}),
		doc("d-1", kerbside.DocTranscript, "r-1"), doc("d-2", kerbside.DocTranscript, "r-2"), doc("d-3", kerbside.DocRecord, ""), doc("d-4", kerbside.DocDraft, "court"),
		doc("d-5", kerbside.DocOversight, "g-1"),
		tx.AddCorrection("o", "v", "t-1", kerbside.Correction{ID: "k-1", FirstWord: "w1", LastWord: "w1", Old: secret, New: "x", Author: "u", At: at}),
		tx.AddCorrection("o", "v", "t-1", kerbside.Correction{ID: "k-2", FirstWord: "w1", LastWord: "w1", Old: "x", New: secret, Author: "u", At: at}),
		tx.AddStatement("o", "v", kerbside.Statement{ID: "q", Author: "u", At: at, Text: secret}),
	)
}

// what is still readable of that visit.
func readParts(tx kerbside.Tx) (out [5]bool, err error) {
	r1, err1 := tx.DocumentVersions("o", "v", kerbside.DocTranscript, "r-1")
	r2, err2 := tx.DocumentVersions("o", "v", kerbside.DocTranscript, "r-2")
	record, err3 := tx.LatestDocuments("o", "v", kerbside.DocRecord)
	corrections, err4 := tx.Corrections("o", "v", "t-1")
	statements, err5 := tx.Statements("o", "v")
	oversight, err6 := tx.LatestDocuments("o", "v", kerbside.DocOversight)
	if len(oversight) != 1 {
		err6 = errors.New("what is no part went")
	}
	if len(corrections) == 2 && (corrections[0].Old != secret || corrections[1].New != secret) || len(record) == 1 && record[0].Reason != secret {
		err6 = errors.New("read wrongly")
	}
	return [5]bool{len(r1) > 0, len(r2) > 0, len(record) > 0, len(corrections) == 2, len(statements) > 0}, errors.Join(err1, err2, err3, err4, err5, err6)
}

// TestParts: each part of a visit goes alone, and records are written anew afterwards.
func TestParts(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "Northmoor"}), tx.PutUser(kerbside.User{ID: "u", Org: "o", Name: "Wren", Role: kerbside.RoleWorker}), seedParts(tx))
	})
	want := [5]bool{true, true, true, true, true}
	check := func(after string) {
		t.Helper()
		for range 2 { // the second time from the keys that are held
			err := h.store.View(t.Context(), func(tx kerbside.Tx) error {
				got, err := readParts(tx)
				if got != want {
					t.Errorf("after %s: %v, want %v", after, got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(after, err)
			}
		}
	}
	check("nothing")
	for i, scope := range []string{kerbside.WordsScope("r-1"), kerbside.WordsScope("r-2"), kerbside.NotesScope("v", 1), kerbside.CorrectionsScope("v", "t-1", 1), kerbside.AnswersScope("v")} {
		h.update(func(tx kerbside.Tx) error { return tx.EraseDataKey("o", scope, at) })
		want[i] = false
		check(scope)
	}
	body := []byte("{}")
	h.update(func(tx kerbside.Tx) error {
		return tx.AddDocument(kerbside.Document{ID: "d-9", Org: "o", Visit: "v", Kind: kerbside.DocRecord, Version: 2, SHA256: kerbside.HexSHA256(body), At: at, Body: body})
	})
	want[2] = true
	err := h.store.View(t.Context(), func(tx kerbside.Tx) error {
		docs, err := tx.DocumentVersions("o", "v", kerbside.DocRecord, "")
		if len(docs) != 1 || string(docs[0].Body) != "{}" {
			t.Errorf("%+v", docs)
		}
		k, keyErr := tx.DataKey("o", kerbside.NotesScope("v", 2))
		if keyErr != nil || k.Erased() {
			t.Error(k, keyErr)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.Update(t.Context(), func(tx kerbside.Tx) error {
		return tx.AddDocument(kerbside.Document{ID: "d-8", Org: "o", Visit: "v", Kind: kerbside.DocTranscript, Key: "r-1", Version: 2, SHA256: kerbside.HexSHA256(body), At: at, Body: body})
	})
	if kerbside.CodeOf(err) != kerbside.CodeNotFound || !Erased(err) {
		t.Error("the words of a recording came back", err)
	}
}

// oldTx seals as a Kerbside did that knew no parts.
func (h *house) oldTx(f func(kerbside.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(inner kerbside.Tx) error {
		t := &tx{Tx: inner, ring: h.ring, fresh: map[scope]*dataKey{}}
		if err := f(&undivided{t}); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

type undivided struct{ *tx }

func (u *undivided) PutOrganisation(o kerbside.Organisation) error {
	if err := u.tx.Tx.PutOrganisation(o); err != nil {
		return err
	}
	_, err := u.key(o.ID, string(o.ID), true)
	return err
}

func (u *undivided) AddDocument(d kerbside.Document) error {
	k, err := u.key(d.Org, string(d.Visit), true)
	if err != nil {
		return err
	}
	row := documentRow(&d)
	if d.Reason, err = k.seal(place(row, "reason"), d.Reason); err != nil {
		return err
	}
	if d.Body, err = k.sealBytes(place(row, "body"), d.Body); err != nil {
		return err
	}
	return u.tx.Tx.AddDocument(d)
}

func (u *undivided) AddCorrection(org kerbside.OrganisationID, v kerbside.VisitID, id kerbside.TranscriptID, c kerbside.Correction) error {
	row, fields := correctionFields(org, v, id, &c)
	if err := u.sealAll(org, string(v), row, fields...); err != nil {
		return err
	}
	return u.tx.Tx.AddCorrection(org, v, id, c)
}

func (u *undivided) AddStatement(org kerbside.OrganisationID, v kerbside.VisitID, s kerbside.Statement) error {
	row, fields := statementFields(org, v, &s)
	if err := u.sealAll(org, string(v), row, fields...); err != nil {
		return err
	}
	return u.tx.Tx.AddStatement(org, v, s)
}

// TestDivide: what lay under a visit's one key lies under its parts' keys afterwards, and can go by parts.
func TestDivide(t *testing.T) {
	h := newHouse(t)
	h.oldTx(func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o", Name: "Northmoor"}), tx.PutUser(kerbside.User{ID: "u", Org: "o", Name: "Wren", Role: kerbside.RoleWorker}), seedParts(tx))
	})
	read := func(want [5]bool) {
		t.Helper()
		err := h.store.View(t.Context(), func(tx kerbside.Tx) error {
			got, err := readParts(tx)
			if got != want {
				t.Errorf("%v, want %v", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read([5]bool{true, true, true, true, true}) // also before
	for round, want := range []int{1, 0} {
		if n, err := Divide(t.Context(), h.db, h.ring); err != nil || n != want {
			t.Fatal(round, n, err)
		}
	}
	read([5]bool{true, true, true, true, true})
	err := h.db.View(t.Context(), func(tx kerbside.Tx) error {
		docs, err := tx.LatestDocuments("o", "v", kerbside.DocRecord)
		if !bytes.HasPrefix(docs[0].Body, []byte(partMark)) {
			t.Errorf("it lies where it lay: %.8s", docs[0].Body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.update(func(tx kerbside.Tx) error { return tx.EraseDataKey("o", kerbside.NotesScope("v", 1), at) })
	read([5]bool{true, true, false, true, true})
	if bytes.Contains(h.files(), []byte("Quillon")) {
		t.Error("something is readable")
	}
}
