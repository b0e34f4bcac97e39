package service

import (
	"crypto/ecdh"
	"crypto/hpke"
	"strings"
	"testing"

	"kerbside"
)

// sealed gives a chunk as a recorder sends it.
func (h *house) sealed(r kerbside.Recording, take, seq int, sound string) []byte {
	h.t.Helper()
	public, err := hpke.DHKEM(ecdh.P256()).NewPublicKey(h.s.RecorderKey())
	if err != nil {
		h.t.Fatal(err)
	}
	b, err := hpke.Seal(public, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(SealInfo(r.ClientID, take, seq)), []byte(sound))
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// TestSealedTakes: sealed pieces with breaks between them become one recording that tells of the breaks, and was listened to
// while it arrived.
func TestSealedTakes(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	r := h.open()
	said := []struct {
		take, seq int
		sound     string
	}{{1, 0, "All was well. "}, {1, 1, "Mum was calm."}, {2, 0, "That was all."}}
	var list strings.Builder
	for _, c := range said {
		sum := kerbside.HexSHA256([]byte(c.sound))
		if _, err := h.s.PutSealedChunk(ctx, h.worker, r.ID, c.take, c.seq+1, sum, strings.NewReader(string(h.sealed(r, c.take, c.seq, c.sound)))); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Fatalf("a piece in the place of another: %v", err)
		}
		if _, err := h.s.PutSealedChunk(ctx, h.worker, r.ID, c.take, c.seq, sum, strings.NewReader(string(h.sealed(r, c.take, c.seq, c.sound)))); err != nil {
			t.Fatal(err)
		}
		list.WriteString(strings.Join([]string{string(rune('0' + c.take)), string(rune('0' + c.seq)), sum}, " ") + "\n")
	}
	in := FinishInput{Pieces: kerbside.HexSHA256([]byte("something else"))}
	_, err := h.s.FinishRecording(ctx, h.worker, r.ID, in)
	h.wantCode(err, kerbside.CodeConflict)
	in.Pieces = kerbside.HexSHA256([]byte(list.String()))
	in.Interruptions = []Interruption{{Take: 2, MissingMS: 3100}, {Take: 1, AtMS: 400, SilentMS: 800}}
	for range 2 {
		safe, err := h.s.FinishRecording(ctx, h.worker, r.ID, in)
		if err != nil || safe.SHA256 != kerbside.HexSHA256([]byte("All was well. Mum was calm.That was all.")) {
			t.Fatalf("%+v, %v", safe, err)
		}
	}
	v := h.await(r.Visit, kerbside.VisitDrafted)
	got := v.Transcripts[0].Transcript
	if got.Text != "All was well. Mum was calm. That was all." {
		t.Fatal(got.Text)
	}
	want := []kerbside.Gap{{StartMS: 400, EndMS: 1200, Reason: GapMicrophone}, {StartMS: 2400, EndMS: 2400, MissingMS: 3100, Reason: GapInterrupted}}
	if len(got.Gaps) != 2 || got.Gaps[0] != want[0] || got.Gaps[1] != want[1] {
		t.Fatalf("%+v", got.Gaps)
	}
	if h.transcriber.calls != 2 { // once for each take, while it arrived
		t.Fatalf("%d calls", h.transcriber.calls)
	}
}

// TestDateOfTheRecording: without a date of the visit, the day in the recording's own metadata tells what "Tuesday" means.
func TestDateOfTheRecording(t *testing.T) {
	h := newHouse(t)
	h.transcriber.recorded = "2026-03-03T17:05:00Z"
	r, err := h.s.UploadFile(t.Context(), h.worker, RecordingInput{Name: "said.wav"}, strings.NewReader("All was well."))
	if err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	if o := h.extractor.opts; o.VisitDate != "2026-03-03" || o.HintFrom != "recording" {
		t.Fatalf("%+v", o)
	}
}

// TestSaidDate: the day that the record has is the visit's once it is known; what the phone said stays beside it, as what relative days are reckoned from.
func TestSaidDate(t *testing.T) {
	h := newHouse(t)
	h.extractor.date = "2026-03-03"
	v, err := h.s.StartVisit(t.Context(), h.worker, VisitInput{Date: "2026-03-05"})
	if err != nil {
		t.Fatal(err)
	}
	h.record(h.worker, v.ID, "All was well.")
	if got := h.await(v.ID, kerbside.VisitDrafted).Visit; got.SaidDate != "2026-03-03" || got.Date != "2026-03-05" || h.extractor.opts.VisitDate != "2026-03-05" {
		t.Fatalf("%+v", got)
	}
	h.extractor.date = kerbside.NotStated
	if err := h.s.AddNote(t.Context(), h.worker, v.ID, "And calm."); err != nil {
		t.Fatal(err)
	}
	if got := h.await(v.ID, kerbside.VisitDrafted).Visit; got.SaidDate != "" {
		t.Fatalf("%+v", got)
	}
}
