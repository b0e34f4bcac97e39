package service

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"kerbside"
	"kerbside/transcribe/wording"
)

// fakeTranscriber takes the bytes of a recording for its words: one each 400 ms. Sound that starts with "!" is no sound. It leaves the words in
// the checkpoint before it can fail.
type fakeTranscriber struct {
	mu     sync.Mutex
	calls  int
	fail   int           // so many calls fail
	gate   chan struct{} // when set, a call waits here in its middle
	reason error

	recorded string // when, from the sound's metadata

	tables *wording.Tables // with these, suggestions are made as the real transcriber makes them
}

var _ kerbside.Transcriber = (*fakeTranscriber)(nil)

func (f *fakeTranscriber) Transcribe(ctx context.Context, s kerbside.Sound, o kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	b, err := io.ReadAll(s.Reader)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.calls++
	failing, gate := f.fail > 0, f.gate
	f.fail--
	f.mu.Unlock()
	text := strings.Join(strings.Fields(string(b)), " ")
	if strings.HasPrefix(text, "!") {
		return nil, kerbside.E(kerbside.CodeInvalid, "fake.Transcribe", "This file holds no sound. Send another.", fmt.Errorf("it says %s", text))
	}
	t := &kerbside.Transcript{Schema: kerbside.TranscriptSchema, ID: kerbside.TranscriptID(kerbside.DerivedID("t", text)), Version: 1, Recording: s.Ref,
		Language: "en", Engine: kerbside.EngineRef{Name: "fake"}, Text: text, Words: kerbside.SplitWords(text)}
	for i := range t.Words {
		start, end := int64(i)*400, int64(i)*400+400
		t.Words[i].StartMS, t.Words[i].EndMS = &start, &end
		t.Words[i].Doubtful = strings.HasSuffix(t.Words[i].Text, "?")
	}
	if n := len(t.Words); n > 0 {
		t.Segments = kerbside.List[kerbside.Segment]{{FirstWord: t.Words[0].ID, LastWord: t.Words[n-1].ID, EndMS: int64(n) * 400}}
	} else {
		t.Flags = kerbside.List[kerbside.SoundFlag]{kerbside.FlagNoSpeech}
	}
	t.Recording.DurationMS = int64(len(t.Words)) * 400
	t.Recording.RecordedAt = f.recorded
	if t.Recording.SHA256 == "" {
		t.Recording.SHA256 = kerbside.HexSHA256(b)
	}
	if f.tables != nil {
		f.tables.Apply(t, wording.OptionsOf(o))
	}
	progress(kerbside.TranscribeProgress{DoneMS: t.Recording.DurationMS / 2, TotalMS: t.Recording.DurationMS, Words: t.Words[:len(t.Words)/2]})
	if s.Checkpoint.Blobs == nil {
		return t, nil
	}
	if _, _, err := s.Checkpoint.Blobs.Put(ctx, s.Checkpoint.Prefix+string(t.ID), strings.NewReader(text)); err != nil {
		return nil, err
	}
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if failing {
		return nil, f.reason
	}
	return t, nil
}

// fakeExtractor makes a strength of each sentence, and a critical risk of each that speaks of a bruise.
type fakeExtractor struct {
	mu    sync.Mutex
	calls int
	fail  int
	gate  chan struct{}
	seen  [][]string // texts of the sources of each call
	opts  kerbside.ExtractOptions
	date  string // the visit's, as the record has it
}

var _ kerbside.Extractor = (*fakeExtractor)(nil)

func (f *fakeExtractor) Extract(ctx context.Context, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error) {
	f.mu.Lock()
	f.calls++
	failing, gate := f.fail > 0, f.gate
	f.fail--
	var texts []string
	for _, s := range sources {
		texts = append(texts, s.Text)
	}
	f.seen, f.opts = append(f.seen, texts), o
	f.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if failing {
		return nil, kerbside.E(kerbside.CodeUnavailable, "fake.Extract", "The extractor is away. Try again later.", fmt.Errorf("while it read %q", texts))
	}
	r := &kerbside.Record{Schema: kerbside.RecordSchema, Missing: kerbside.List[kerbside.Missing]{{Code: "bedroom_seen", Text: "Not said: was the bedroom seen?"}}}
	r.Visit.Date.Value = f.date
	for _, s := range sources {
		first := 0
		for i, w := range s.Words {
			if !strings.HasSuffix(w.Text, ".") && i != len(s.Words)-1 {
				continue
			}
			e := s.Evidence(first, i)
			if strings.Contains(e.Quote, "bruise") {
				r.Risks = append(r.Risks, kerbside.Risk{ID: kerbside.ItemID("r", e), Text: e.Quote, Critical: true, Evidence: kerbside.List[kerbside.Evidence]{e}})
			} else {
				r.Strengths = append(r.Strengths, kerbside.Strength{ID: kerbside.ItemID("g", e), Text: e.Quote, Evidence: kerbside.List[kerbside.Evidence]{e}})
			}
			first = i + 1
		}
	}
	return r, nil
}

// fakeDrafter quotes each item; the family gets no risks unless they are released, and a chronology leaves them out unless they are put in.
type fakeDrafter struct {
	mu   sync.Mutex
	fail map[kerbside.Audience]int
}

var _ kerbside.Drafter = (*fakeDrafter)(nil)

func (f *fakeDrafter) Draft(_ context.Context, r *kerbside.Record, _ []*kerbside.Source, o kerbside.DraftOptions) (*kerbside.Draft, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail[o.Audience] > 0 {
		f.fail[o.Audience]--
		return nil, kerbside.E(kerbside.CodeUnavailable, "fake.Draft", "The drafter is away. Try again later.", nil)
	}
	d := &kerbside.Draft{Schema: kerbside.DraftSchema, Audience: o.Audience, Title: "Visit"}
	add := func(block, id, text string, e []kerbside.Evidence) error {
		s, err := kerbside.NewSentence(block, text+".", kerbside.VerdictQuoted, []string{id}, e...)
		if i := slices.IndexFunc(o.Reword, func(r kerbside.Rewording) bool { return r.Sentence == s.ID() }); i >= 0 && err == nil {
			r := kerbside.Reworded{Rewording: o.Reword[i]}
			if strings.Contains(r.Text, "neighbour") {
				r.Why = "It names somebody whose part is withheld."
			} else {
				s, err = kerbside.NewSentence(block, r.Text, kerbside.VerdictStated, []string{id}, e...)
				r.Stands = s.ID()
			}
			d.Reworded, o.Reword = append(d.Reworded, r), slices.Delete(slices.Clone(o.Reword), i, i+1)
		}
		d.Sentences = append(d.Sentences, s)
		return err
	}
	for _, x := range r.Strengths {
		if err := add("Well", x.ID, x.Text, x.Evidence); err != nil {
			return nil, err
		}
	}
	for _, x := range r.Risks {
		if i := slices.IndexFunc(o.Release, func(r kerbside.Release) bool { return r.Item == x.ID }); i >= 0 {
			d.Released = append(d.Released, o.Release[i])
		} else if o.Audience == kerbside.AudienceFamily {
			d.Withheld = append(d.Withheld, kerbside.Withheld{Item: x.ID, Kind: "risk", Reason: "test"})
			continue
		}
		if slices.Contains(o.Include, x.ID) {
			d.Included = append(d.Included, x.ID)
		} else if o.Audience == kerbside.AudienceChronology {
			d.Omissions = append(d.Omissions, kerbside.Omission{Item: x.ID, Kind: "risk", Text: x.Text, Evidence: x.Evidence})
			continue
		}
		if err := add("Worries", x.ID, x.Text, x.Evidence); err != nil {
			return nil, err
		}
	}
	for _, r := range o.Reword {
		d.Reworded = append(d.Reworded, kerbside.Reworded{Rewording: r, Why: kerbside.RewordingStale})
	}
	return d, nil
}

// fakeDiscloser shows strengths that name the person and withholds the rest.
type fakeDiscloser struct{}

var _ kerbside.Discloser = fakeDiscloser{}

func (fakeDiscloser) Disclose(_ context.Context, r *kerbside.Record, _ []*kerbside.Source, o kerbside.DiscloseOptions) (*kerbside.Disclosure, error) {
	d := &kerbside.Disclosure{Person: "p1"}
	show := func(kind, id, text string, e []kerbside.Evidence, open bool) error {
		open = open || slices.ContainsFunc(o.Release, func(x kerbside.Release) bool { return x.Item == id })
		if !open {
			d.Withheld = append(d.Withheld, kerbside.Withheld{Item: id, Kind: kind, Reason: "It may speak of somebody else."})
			return nil
		}
		s, err := kerbside.NewSentence(kind, text, kerbside.VerdictQuoted, []string{id}, e...)
		d.Lines = append(d.Lines, kerbside.DisclosureLine{Sentence: s, Kind: kind})
		return err
	}
	for _, x := range r.Strengths {
		if err := show("strength", x.ID, x.Text, x.Evidence, strings.Contains(x.Text, "Quillon")); err != nil {
			return nil, err
		}
	}
	for _, x := range r.Risks {
		if err := show("risk", x.ID, x.Text, x.Evidence, false); err != nil {
			return nil, err
		}
	}
	return d, nil
}

type fakeExporter struct{}

var _ kerbside.Exporter = fakeExporter{}

func (fakeExporter) Bundle(w io.Writer, d *kerbside.Dossier) error {
	_, err := fmt.Fprintf(w, "bundle of %s: %d transcripts, %d drafts, approved=%t\n", d.Visit, len(d.Transcripts), len(d.Drafts), d.Approval != nil)
	return err
}

func (fakeExporter) Calendar(w io.Writer, list []*kerbside.Dossier) error {
	for _, d := range list {
		for _, a := range d.Record.Actions {
			if _, err := fmt.Fprintf(w, "%s %s\n", a.Due.Date, a.Text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (fakeExporter) Export(w io.Writer, d *kerbside.Draft, o kerbside.ExportOptions) error {
	for _, s := range d.Sentences {
		if _, err := fmt.Fprintf(w, "%s %s %v approved=%t\n", o.Format, s.Text(), o.Citations, o.Approval != nil); err != nil {
			return err
		}
	}
	return nil
}

// told gives how often the extractor was asked, and with what the last time.
func (f *fakeExtractor) told() (int, kerbside.ExtractOptions) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls, f.opts
}
