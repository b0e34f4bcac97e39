package transcribe

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"kerbside"
	"kerbside/transcribe/audio"
	"kerbside/transcribe/wording"
)

// Options are the parts of a [Transcriber].
type Options struct {
	Recognizer Recognizer
	// VoiceDetector makes a detector for one recording.
	VoiceDetector func(context.Context) (VoiceDetector, error)
	Audio         audio.Options     // zero is audio.DefaultOptions; start from that to change a part, as channel 0 is a channel
	Wording       *wording.Tables   // nil leaves the words as the engine wrote them
	Heard         func([]HeardWord) // for measurements: gets a lane's words once they are judged
	Log           *slog.Logger      // nothing that was said is written to it; nil is none
}

// Transcriber implements [kerbside.Transcriber]: it decodes, finds speech, cuts it into windows at pauses, has them recognised,
// as many at a time as the recogniser has states, and puts the words on the recording's clock. Memory does not grow with the length
// of a recording but for its words.
type Transcriber struct {
	o Options
	// open replaces transcribe/audio in tests.
	open func(context.Context, kerbside.Sound, audio.Options) (stream, error)
}

var _ kerbside.Transcriber = (*Transcriber)(nil)

// stream is decoded sound and what its bytes were.
type stream interface {
	// Read gives samples, those of Lanes channels interleaved in whole frames.
	Read(ctx context.Context, buf []float32) (int, error)
	Lanes() int
	Info() audio.Info
	// SHA256 is of all bytes of the recording; called once, after io.EOF.
	SHA256(ctx context.Context) (string, error)
	Close() error
}

// New makes a Transcriber.
func New(o Options) *Transcriber {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Audio == (audio.Options{}) {
		o.Audio = audio.DefaultOptions()
	}
	return &Transcriber{o: o, open: openSound}
}

// The shares from which the sound as a whole is flagged.
const (
	clippedShare = 0.001
	quietLevel   = 0.005 // root mean square of speech, -46 dB of full scale
)

const readSamples = 32 * 512 // about a second; a call of the detector has its price when it is in another process

// Transcribe implements [kerbside.Transcriber]. The transcript is the same for the same bytes, model and options, however many
// windows are recognised at a time and however many of them an earlier run left in the checkpoint. progress is called from one goroutine, in the
// order of the recording; with channels apart, the order is that in which their windows closed, and ids of words are not final.
//
// A window on which the engine fails becomes a gap. CodeUnavailable is returned when the engine is not to be had, or failed on every
// window; CodeCanceled when ctx ended.
func (t *Transcriber) Transcribe(ctx context.Context, sound kerbside.Sound, o kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	const op = "transcribe.Transcribe"
	tr, err := t.transcribe(ctx, sound, o, progress)
	if err == nil {
		return tr, nil
	}
	if ctx.Err() != nil {
		return nil, kerbside.E(kerbside.CodeCanceled, op, "The transcription was stopped. Start it again when you are ready.", context.Cause(ctx))
	}
	var known *kerbside.Error
	if errors.As(err, &known) {
		return nil, err
	}
	return nil, kerbside.E(kerbside.CodeInternal, op, "The recording could not be transcribed. It is safe; try again.", err)
}

func (t *Transcriber) transcribe(ctx context.Context, sound kerbside.Sound, o kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	started := time.Now()
	s, err := newSettings(o)
	if err != nil {
		return nil, err
	}
	if t.o.Wording != nil {
		w := t.o.Wording.Settings(wording.OptionsOf(o))
		s.Wording = &w
	}
	doubt, err := loadDoubt(doubtTable)
	if err != nil {
		return nil, err
	}
	s.Doubt = doubt.sum
	params, canonical, err := s.parameters()
	if err != nil {
		return nil, err
	}
	if o.SplitChannels {
		params["channels"], canonical = "apart", canonical+" channels apart"
	}
	info := t.o.Recognizer.Info()
	tr := &kerbside.Transcript{
		Schema: kerbside.TranscriptSchema, Version: 1, Recording: sound.Ref, Language: s.Language,
		Engine: kerbside.EngineRef{Name: info.Name, Version: info.Version, Model: info.Model, ModelSHA256: info.ModelSHA256, Parameters: params},
	}
	run, err := t.start(ctx, sound, o, s, tr)
	if err != nil {
		return nil, err
	}
	defer run.close()
	total := run.in.Info().DurationMS // later, the stream is read by another goroutine
	err = run.all(ctx, func(l *lane, o outcome) {
		if o.failed != nil {
			t.o.Log.Error("window failed", "start_ms", o.gaps[0].StartMS, "end_ms", o.gaps[0].EndMS, "err", o.failed)
		}
		added := l.words.add(o)
		l.doneMS = msOf(o.window.end)
		if progress != nil {
			progress(kerbside.TranscribeProgress{DoneMS: run.doneMS(), TotalMS: total, Words: slices.Clone(added)})
		}
	})
	if err != nil {
		return nil, err
	}
	sums := run.sums()
	if sums.windows > 0 && sums.lost == sums.windows {
		return nil, kerbside.E(kerbside.CodeUnavailable, "transcribe.Transcribe", "The speech engine failed on the whole recording. Run `kerbside doctor`, then try again; the recording is safe.", sums.failed)
	}
	sum, err := run.in.SHA256(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range run.lanes {
		l.words.judge(doubt, t.o.Wording, o.Terms)
		if t.o.Heard != nil {
			t.o.Heard(l.words.heard)
		}
	}
	mergeLanes(tr, run.lanes)
	run.describe(tr, sum)
	tr.ID = kerbside.TranscriptID(kerbside.DerivedID("t", sum, info.ModelSHA256, canonical))
	tr.JoinWords()
	if t.o.Wording != nil {
		t.o.Wording.Apply(tr, wording.OptionsOf(o))
	}
	if progress != nil {
		progress(kerbside.TranscribeProgress{DoneMS: tr.Recording.DurationMS, TotalMS: tr.Recording.DurationMS})
	}
	t.o.Log.Info("transcribed", "transcript", tr.ID, "duration_ms", tr.Recording.DurationMS, "words", len(tr.Words), "windows", sums.windows, "decodings", sums.tries,
		"resumed", run.kept.resumed.Load(), "gaps", len(tr.Gaps), "removed", len(tr.Removed), "took", time.Since(started).Round(time.Millisecond))
	return tr, tr.Validate()
}

// run is one transcription under way.
type run struct {
	in         stream
	lanes      []*lane
	recognizer Recognizer
	kept       *keeper
	settings   settings
	windows    int // at a time

	samples int64   // read of each lane
	energy  float64 // of the windows' samples
	spoken  int64   // samples in windows
}

// start opens the sound and makes a lane for each of its channels.
func (t *Transcriber) start(ctx context.Context, sound kerbside.Sound, o kerbside.TranscribeOptions, s settings, tr *kerbside.Transcript) (_ *run, err error) {
	r := &run{settings: s, windows: max(t.o.Recognizer.Info().States, 1)}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	if r.recognizer, r.kept, err = newKeeper(t.o.Recognizer, sound.Checkpoint, t.o.Log); err != nil {
		return nil, err
	}
	how := t.o.Audio
	if o.SplitChannels {
		how.Channel = audio.EachChannel
	}
	if r.in, err = t.open(ctx, sound, how); err != nil {
		return nil, err
	}
	for range r.in.Lanes() {
		d, err := t.o.VoiceDetector(ctx)
		if err != nil {
			return nil, err
		}
		r.lanes = append(r.lanes, newLane(s, d, *tr))
	}
	return r, nil
}

// job is a window of a lane on its way.
type job struct {
	lane    *lane
	outcome // only its window, until it was decoded
}

// all reads the stream to its end and calls each with every window's outcome, in the order in which they were cut. No goroutine is left when it
// returns.
func (r *run) all(ctx context.Context, each func(*lane, outcome)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs := make(chan job)
	done := make(chan job)
	slots := make(chan struct{}, 2*r.windows) // windows between cutter and assembly
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(jobs)
		if err := r.cut(ctx, jobs, slots); err != nil {
			cancel(err)
		}
	})
	for range r.windows {
		wg.Go(func() {
			for j := range jobs {
				o, err := decode(ctx, r.recognizer, r.settings, j.window)
				if err != nil {
					cancel(err)
					return
				}
				o.window.samples = nil // not needed any more, and large
				select {
				case done <- job{j.lane, o}:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	waiting := make(map[int]job)
	next := 0
	for j := range done {
		waiting[j.window.index] = j
		for {
			ready, ok := waiting[next]
			if !ok {
				break
			}
			delete(waiting, next)
			next++
			<-slots
			if ctx.Err() == nil {
				each(ready.lane, ready.outcome)
			}
		}
	}
	return context.Cause(ctx)
}

// cut reads the stream, finds speech in it and sends windows to jobs, each after taking a slot.
func (r *run) cut(ctx context.Context, jobs chan<- job, slots chan<- struct{}) error {
	sent := 0
	send := func(l *lane, ws ...*window) error {
		for _, w := range ws {
			if w == nil {
				continue
			}
			w.index = sent
			if r.settings.Carry > 0 {
				w.carried = newCarried(l.carried)
				l.carried = w.carried
			}
			sent++
			for _, x := range w.samples {
				r.energy += float64(x) * float64(x)
			}
			r.spoken += int64(len(w.samples))
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- job{l, outcome{window: w}}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	buf := make([]float32, readSamples*len(r.lanes))
	for {
		n, err := r.in.Read(ctx, buf)
		r.samples += int64(n / len(r.lanes))
		for c, l := range r.lanes {
			if n == 0 {
				break
			}
			closed, derr := l.push(ctx, buf[:n], c, len(r.lanes))
			if derr != nil {
				return derr
			}
			if err := send(l, closed...); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			for _, l := range r.lanes {
				if err := send(l, l.cutter.finish()...); err != nil {
					return err
				}
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// doneMS is the time up to which every lane is done.
func (r *run) doneMS() int64 {
	done := r.lanes[0].doneMS
	for _, l := range r.lanes[1:] {
		done = min(done, l.doneMS)
	}
	return done
}

// sums adds up what the lanes' assemblers counted.
func (r *run) sums() assembler {
	var all assembler
	for _, l := range r.lanes {
		all.windows += l.words.windows
		all.lost += l.words.lost
		all.tries += l.words.tries
		if l.words.failed != nil {
			all.failed = l.words.failed
		}
	}
	return all
}

func (r *run) close() {
	for _, l := range r.lanes {
		_ = l.detector.Close()
	}
	if r.in != nil {
		_ = r.in.Close()
	}
}

// describe fills in what is known only at the end of the stream.
func (r *run) describe(tr *kerbside.Transcript, sum string) {
	info := r.in.Info()
	ref := &tr.Recording
	if ref.SHA256 == "" {
		ref.SHA256 = sum
	}
	if ref.DurationMS == 0 {
		ref.DurationMS = msOf(r.samples)
	}
	if ref.Kind == "" {
		ref.Kind = kerbside.KindDebrief
	}
	if ref.RecordedAt == "" && !info.Recorded.IsZero() {
		layout := time.RFC3339
		if info.RecordedDateOnly {
			layout = time.DateOnly
		}
		ref.RecordedAt = info.Recorded.Format(layout)
	}
	if len(tr.Words) == 0 && len(tr.Gaps) == 0 {
		tr.Flags = append(tr.Flags, kerbside.FlagNoSpeech)
	}
	if info.Truncated {
		tr.Flags = append(tr.Flags, kerbside.FlagTruncated)
	}
	if info.Clipped > clippedShare {
		tr.Flags = append(tr.Flags, kerbside.FlagClipped)
	}
	if r.spoken > 0 && math.Sqrt(r.energy/float64(r.spoken)) < quietLevel {
		tr.Flags = append(tr.Flags, kerbside.FlagQuiet)
	}
}
