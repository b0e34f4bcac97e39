package service

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"kerbside"
)

func (h *house) chunk(id kerbside.RecordingID, take, seq int, part string) error {
	_, err := h.s.PutChunk(h.t.Context(), h.worker, id, take, seq, kerbside.HexSHA256([]byte(part)), strings.NewReader(part))
	return err
}

func (h *house) open() kerbside.Recording {
	h.t.Helper()
	r, err := h.s.StartRecording(h.t.Context(), h.worker, RecordingInput{})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func TestChunks(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.open()
	sum := kerbside.HexSHA256([]byte("one two three four"))
	_, err := h.s.FinishRecording(ctx, h.worker, r.ID, FinishInput{SHA256: sum})
	h.wantCode(err, kerbside.CodeInvalid) // nothing arrived
	for _, c := range []struct {
		seq  int
		part string
	}{{0, "one two "}, {2, "four"}, {0, "one two "}} {
		if err := h.chunk(r.ID, 1, c.seq, c.part); err != nil {
			t.Fatal(err)
		}
	}
	h.wantCode(h.chunk(r.ID, 1, 0, "other"), kerbside.CodeConflict)
	_, err = h.s.FinishRecording(ctx, h.worker, r.ID, FinishInput{SHA256: sum})
	h.wantCode(err, kerbside.CodeConflict) // piece 1 is missing
	if !strings.Contains(kerbside.MessageOf(err), "Piece 1 of take 1") {
		t.Error(kerbside.MessageOf(err))
	}

	// Bytes that are not those of the checksum, or break off, are not kept, and the right ones are taken then.
	good := kerbside.HexSHA256([]byte("three "))
	_, err = h.s.PutChunk(ctx, h.worker, r.ID, 1, 1, good, strings.NewReader("thr33 "))
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.PutChunk(ctx, h.worker, r.ID, 1, 1, good, io.MultiReader(strings.NewReader("thr"), iotest.ErrReader(errors.New("the tunnel"))))
	h.wantCode(err, kerbside.CodeCanceled)
	for _, bad := range []string{"", "abc", strings.ToUpper(good)} {
		_, err = h.s.PutChunk(ctx, h.worker, r.ID, 1, 1, bad, strings.NewReader("three "))
		h.wantCode(err, kerbside.CodeInvalid)
	}
	if chunks, err := h.s.Chunks(ctx, h.worker, r.ID); err != nil || len(chunks) != 2 {
		t.Fatal(chunks, err)
	}
	if err := h.chunk(r.ID, 1, 1, "three "); err != nil {
		t.Fatal(err)
	}

	// Another hash than that of what arrived: typed error, and all chunks are kept.
	_, err = h.s.FinishRecording(ctx, h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte("something else"))})
	h.wantCode(err, kerbside.CodeConflict)
	if chunks, err := h.s.Chunks(ctx, h.worker, r.ID); err != nil || len(chunks) != 3 {
		t.Fatal(chunks, err)
	}
	for range 2 { // finishing twice is harmless
		safe, err := h.s.FinishRecording(ctx, h.worker, r.ID, FinishInput{SHA256: sum})
		if err != nil || safe.State != kerbside.RecordingSafe {
			t.Fatal(safe, err)
		}
	}
	_, err = h.s.FinishRecording(ctx, h.worker, r.ID, FinishInput{SHA256: good})
	h.wantCode(err, kerbside.CodeConflict)
	if err := h.chunk(r.ID, 1, 1, "three "); err != nil { // a late repeat
		t.Fatal(err)
	}
	h.wantCode(h.chunk(r.ID, 1, 3, "five"), kerbside.CodeConflict)
	v := h.await(r.Visit, kerbside.VisitDrafted)
	if v.Transcripts[0].Transcript.Text != "one two three four" {
		t.Fatal(v.Transcripts[0].Transcript.Text)
	}
	f, _, err := h.s.Audio(ctx, h.worker, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil || string(b) != "one two three four" {
		t.Fatal(string(b), err)
	}
}

func TestChunksAtOnce(t *testing.T) {
	h := newHouse(t)
	r := h.open()
	var wg sync.WaitGroup
	var whole strings.Builder
	for seq := range 12 {
		part := fmt.Sprintf("word%d ", seq)
		whole.WriteString(part)
		for range 3 { // the client repeats itself
			wg.Go(func() {
				if err := h.chunk(r.ID, 1, seq, part); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if _, err := h.s.FinishRecording(t.Context(), h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(whole.String()))}); err != nil {
		t.Fatal(err)
	}
}

func TestTakes(t *testing.T) {
	h := newHouse(t)
	r := h.open()
	for _, c := range []struct {
		take, seq int
		part      string
	}{{1, 0, "Header one. "}, {1, 1, "Said before."}, {2, 0, "   "}, {3, 0, "Said "}, {3, 1, "after."}} {
		if err := h.chunk(r.ID, c.take, c.seq, c.part); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.s.FinishRecording(t.Context(), h.worker, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte("Header one. Said before.   Said after."))}); err != nil {
		t.Fatal(err)
	}
	v := h.await(r.Visit, kerbside.VisitDrafted)
	got := v.Transcripts[0].Transcript
	if got.Text != "Header one. Said before. Said after." || len(got.Words) != 6 || got.Words[4].ID != "w5" || *got.Words[4].StartMS != 1600 || got.Recording.DurationMS != 2400 ||
		len(got.Segments) != 2 || got.Segments[1].FirstWord != "w5" || got.Segments[1].StartMS != 1600 || len(got.Flags) != 0 || h.transcriber.calls != 3 {
		t.Fatalf("%+v after %d calls", got, h.transcriber.calls)
	}
}

func TestUpload(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	in := RecordingInput{ClientID: "file-1", Name: "a\nb.wav", Kind: kerbside.KindVisit}
	r, err := h.s.UploadFile(ctx, h.worker, in, strings.NewReader("All was well."))
	if err != nil || r.State != kerbside.RecordingSafe || r.Name != "a b.wav" || r.Kind != kerbside.KindVisit {
		t.Fatal(r, err)
	}
	again, err := h.s.UploadFile(ctx, h.worker, in, strings.NewReader("All was well."))
	if err != nil || again.ID != r.ID {
		t.Fatal(again, err)
	}
	_, err = h.s.UploadFile(ctx, h.worker, in, strings.NewReader("Something else."))
	h.wantCode(err, kerbside.CodeConflict)
	_, err = h.s.UploadFile(ctx, h.worker, RecordingInput{}, strings.NewReader(""))
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.UploadFile(ctx, h.worker, RecordingInput{Date: "3 March"}, strings.NewReader("x"))
	h.wantCode(err, kerbside.CodeInvalid)
	_, err = h.s.UploadFile(ctx, h.worker, RecordingInput{}, io.MultiReader(strings.NewReader("x"), iotest.ErrReader(errors.New("the tunnel"))))
	h.wantCode(err, kerbside.CodeCanceled)
	rows, err := h.s.Visits(ctx, h.worker, ListMine)
	if err != nil || len(rows) != 1 {
		t.Fatalf("failed uploads left visits: %+v, %v", rows, err)
	}
}

func TestVerifier(t *testing.T) {
	for _, c := range []struct {
		body, want string
		limit      int64
		code       kerbside.Code
	}{
		{"abc", kerbside.HexSHA256([]byte("abc")), 3, ""}, {"abc", "", 3, ""}, {"", kerbside.HexSHA256(nil), 0, ""},
		{"abc", kerbside.HexSHA256([]byte("abd")), 3, kerbside.CodeInvalid}, {"abc", "", 2, kerbside.CodeTooLarge}, {"", kerbside.HexSHA256([]byte("a")), 9, kerbside.CodeInvalid},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.body), iotest.OneByteReader(strings.NewReader(c.body)), iotest.DataErrReader(strings.NewReader(c.body))} {
			if _, err := io.ReadAll(newVerifier("test", r, c.want, c.limit)); kerbside.CodeOf(err) != c.code {
				t.Errorf("%+v: %v", c, err)
			}
		}
	}
}

// TestNotesAreSentOnce: a note under a client id is one note however often it is sent; nobody else's name is taken over, and no other text comes under it.
func TestNotesAreSentOnce(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	in := NoteInput{ClientID: "n-1", Name: "note.txt", Date: "2026-03-03", Text: "All was well at home."}
	first, err := h.s.SendNote(ctx, h.worker, in)
	if err != nil || first.Kind != kerbside.KindTyped || first.SHA256 != kerbside.HexSHA256([]byte(in.Text)) || first.Name != "note.txt" {
		t.Fatal(first, err)
	}
	v := h.await(first.Visit, kerbside.VisitDrafted)
	if v.Visit.Date != in.Date || len(v.Transcripts) != 1 {
		t.Fatalf("%+v", v.Visit)
	}
	for _, again := range []NoteInput{in, {ClientID: "n-1", Visit: first.Visit, Text: in.Text}} {
		if r, err := h.s.SendNote(ctx, h.worker, again); err != nil || r.ID != first.ID {
			t.Fatal(r, err)
		}
	}
	if v = h.view(h.worker, first.Visit); v.Visit.State != kerbside.VisitDrafted || len(v.Transcripts) != 1 {
		t.Fatal("sent again it changed something")
	}
	for name, x := range map[string]struct {
		by   kerbside.User
		in   NoteInput
		code kerbside.Code
	}{
		"another text":  {h.worker, NoteInput{ClientID: "n-1", Text: "All was not well at home."}, kerbside.CodeConflict},
		"another visit": {h.worker, NoteInput{ClientID: "n-1", Visit: "v-none", Text: in.Text}, kerbside.CodeConflict},
		"another's":     {h.reviewer, in, kerbside.CodeConflict},
		"no text":       {h.worker, NoteInput{ClientID: "n-2", Text: " "}, kerbside.CodeInvalid},
		"no such visit": {h.worker, NoteInput{ClientID: "n-2", Visit: "v-none", Text: in.Text}, kerbside.CodeNotFound},
		"no date":       {h.worker, NoteInput{ClientID: "n-2", Date: "soon", Text: in.Text}, kerbside.CodeInvalid},
		"nobody":        {kerbside.User{}, in, kerbside.CodeUnauthed},
	} {
		if _, err := h.s.SendNote(ctx, x.by, x.in); kerbside.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	sound := h.record(h.worker, "", said)
	if _, err := h.s.SendNote(ctx, h.worker, NoteInput{ClientID: sound.ClientID, Text: said}); kerbside.CodeOf(err) != kerbside.CodeConflict {
		t.Error("sound is taken for a note", err)
	}
}
