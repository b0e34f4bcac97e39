package service

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kerbside"
)

// TestFailures: a stage that gives up loses nothing that was made before it, says so, and can be tried again.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name        string
		set         func(*house)
		transcripts int
		record      bool
		drafts      int
		reason      string
	}{
		{"transcribe", func(h *house) {
			h.transcriber.fail, h.transcriber.reason = 3, kerbside.E(kerbside.CodeUnavailable, "fake", "The engine stopped.", errors.New("while it heard Quillon"))
		}, 0, false, 0, "could not be turned into words; it is kept. The engine stopped."},
		{"extract", func(h *house) { h.extractor.fail = 3 }, 1, false, 0, "the transcript is safe. The extractor is away."},
		{"draft", func(h *house) { h.drafter.fail[kerbside.AudienceFamily] = 3 }, 1, true, 2, "the transcript and the record are safe. The drafter is away."},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			c.set(h)
			r := h.record(h.worker, "", said)
			v := h.await(r.Visit, kerbside.VisitFailed)
			if len(v.Transcripts) != c.transcripts || (v.Record != nil) != c.record || len(v.Drafts) != c.drafts || !strings.Contains(v.Visit.Reason, c.reason) || !v.CanRetry || v.CanApprove {
				t.Fatalf("%d transcripts, record %v, %d drafts, %q", len(v.Transcripts), v.Record != nil, len(v.Drafts), v.Visit.Reason)
			}
			if err := h.s.Retry(t.Context(), h.worker, r.Visit); err != nil {
				t.Fatal(err)
			}
			v = h.await(r.Visit, kerbside.VisitDrafted)
			if len(v.Drafts) != len(kerbside.Audiences()) || v.Visit.Reason != "" || !v.CanApprove {
				t.Fatalf("%+v", v.Visit)
			}
		})
	}
}

// TestPassingFaults: two failures in a row are overcome without anybody.
func TestPassingFaults(t *testing.T) {
	h := newHouse(t)
	h.transcriber.fail, h.transcriber.reason = 2, kerbside.E(kerbside.CodeUnavailable, "fake", "The engine stopped.", nil)
	h.extractor.fail = 2
	h.drafter.fail[kerbside.AudienceCourt] = 2
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	if h.transcriber.calls != 3 || h.extractor.calls != 3 {
		t.Fatal(h.transcriber.calls, h.extractor.calls)
	}
}

// TestUnusableRecording: what cannot be read does not hold up what can, is kept, and is shown.
func TestUnusableRecording(t *testing.T) {
	h := newHouse(t)
	bad := h.record(h.worker, "", "! Quillon")
	v := h.await(bad.Visit, kerbside.VisitFailed)
	if h.transcriber.calls != 1 || !strings.Contains(v.Visit.Reason, "holds no sound") {
		t.Fatalf("%d calls, %q", h.transcriber.calls, v.Visit.Reason)
	}
	h.record(h.worker, bad.Visit, said)
	v = h.await(bad.Visit, kerbside.VisitDrafted)
	if v.Recordings[0].State != kerbside.RecordingUnusable || !v.CanApprove || !v.CanRetry || len(v.Open) == 0 || v.Open[0].Kind != OpenWarning {
		t.Fatalf("%+v, open %+v", v.Recordings[0], v.Open)
	}
	if f, _, err := h.s.Audio(t.Context(), h.worker, bad.ID); err != nil {
		t.Fatal(err)
	} else if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := h.s.Retry(t.Context(), h.worker, bad.Visit); err != nil {
		t.Fatal(err)
	}
	h.idle(bad.Visit)
	h.await(bad.Visit, kerbside.VisitDrafted)
}

// TestRestart stops the service in the middle of each stage and starts it again.
func TestRestart(t *testing.T) {
	h := newHouse(t)
	gate := make(chan struct{})
	h.transcriber.gate, h.extractor.gate = gate, gate
	r := h.record(h.worker, "", said)
	for range 4 { // more often than a job may fail
		h.close()
		h.start()
	}
	close(gate)
	h.await(r.Visit, kerbside.VisitDrafted)
}

// TestLostJob: a visit that waits although no job is left is taken up at the next start.
func TestLostJob(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitDrafted)
	h.idle(r.Visit)
	err := h.store.Update(t.Context(), func(tx kerbside.Tx) error {
		v, err := tx.Visit(r.Org, r.Visit)
		if err != nil {
			return err
		}
		v.State = kerbside.VisitProcessing
		return tx.PutVisit(v)
	})
	if err != nil {
		t.Fatal(err)
	}
	h.close()
	h.start()
	h.await(r.Visit, kerbside.VisitDrafted)
}

func TestCorrectRefuses(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", "All was well.")
	v := h.await(r.Visit, kerbside.VisitDrafted)
	id := v.Transcripts[0].Transcript.ID
	for name, c := range map[string]struct {
		in   CorrectionInput
		code kerbside.Code
	}{
		"nothing new":     {CorrectionInput{id, "w1", "w1", "All", " All ", ""}, kerbside.CodeInvalid},
		"no such words":   {CorrectionInput{id, "w9", "w9", "All", "None", ""}, kerbside.CodeConflict},
		"reads otherwise": {CorrectionInput{id, "w1", "w1", "Nothing", "None", ""}, kerbside.CodeConflict},
		"backwards":       {CorrectionInput{id, "w2", "w1", "was All", "None", ""}, kerbside.CodeConflict},
		"all words":       {CorrectionInput{id, "w1", "w3", "All was well.", "", ""}, kerbside.CodeInvalid},
		"not text":        {CorrectionInput{id, "w1", "w1", "All", "\xff", ""}, kerbside.CodeInvalid},
		"control":         {CorrectionInput{id, "w1", "w1", "All", "a\x00b", ""}, kerbside.CodeInvalid},
		"too long":        {CorrectionInput{id, "w1", "w1", "All", strings.Repeat("x ", MaxAnswer), ""}, kerbside.CodeTooLarge},
		"no transcript":   {CorrectionInput{"t-9", "w1", "w1", "All", "None", ""}, kerbside.CodeNotFound},
	} {
		if err := h.s.Correct(t.Context(), h.worker, r.Visit, c.in); kerbside.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := h.view(h.worker, r.Visit); after.Visit.State != kerbside.VisitDrafted || after.Transcripts[0].SHA256 != v.Transcripts[0].SHA256 {
		t.Fatal("a refused correction changed something")
	}
}

func TestDoubtsUnderTheRecordOnly(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", "Perhaps? mother was? calm.")
	v := h.await(r.Visit, kerbside.VisitDrafted)
	var doubts []string
	for _, o := range v.Open {
		if o.Kind == OpenDoubt {
			doubts = append(doubts, o.Text)
		}
	}
	if strings.Join(doubts, " ") != "Perhaps? was?" {
		t.Fatal(doubts)
	}
}

// A name that was heard in several places is one question about all of them.
func TestDoubtfulNameIsAskedOnce(t *testing.T) {
	h := newHouse(t)
	r := h.record(h.worker, "", "Osian? was late? again. Osian's? mother was late? and Osian? cried.")
	v := h.await(r.Visit, kerbside.VisitDrafted)
	places := map[string][]int{}
	for _, o := range v.Open {
		if o.Kind == OpenDoubt {
			places[o.Text] = append(places[o.Text], len(o.Evidence))
		}
	}
	if len(places) != 2 || !slices.Equal(places["Osian?"], []int{3}) || !slices.Equal(places["late?"], []int{1, 1}) {
		t.Fatal(places)
	}
}

func TestChanges(t *testing.T) {
	sentences := func(texts string) []kerbside.Sentence {
		var out []kerbside.Sentence
		for text := range strings.FieldsSeq(texts) {
			s, err := kerbside.NewSentence("b", text, kerbside.VerdictBoilerplate, nil)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
		return out
	}
	for _, c := range []struct{ before, after, changed, gone string }{
		{"a b c", "a b c", "", ""}, {"a b c", "a x c", "x<b", ""}, {"a b c", "a c", "", "b"}, {"a c", "a b c", "b<", ""},
		{"", "a", "a<", ""}, {"a", "", "", "a"}, {"a b c d", "x b y z", "x<a y<c z<d", ""}, {"a b c", "c x", "x<", "a b"}, {"a b", "x", "x<a", "b"},
	} {
		before, after := sentences(c.before), sentences(c.after)
		changed, gone := changes(before, after)
		var got []string
		for _, s := range after {
			if old, ok := changed[s.ID()]; ok {
				got = append(got, s.Text()+"<"+old)
			}
		}
		if strings.Join(got, " ") != c.changed || strings.Join(gone, " ") != c.gone {
			t.Errorf("%q to %q: changed %q, gone %q", c.before, c.after, got, gone)
		}
	}
}
