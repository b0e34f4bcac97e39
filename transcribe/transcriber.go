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
)

// Options are the parts of a [Transcriber].
type Options struct {
	Recognizer Recognizer
	// VoiceDetector makes a detector for one recording.
	VoiceDetector func(context.Context) (VoiceDetector, error)
	Audio         audio.Options // zero is audio.DefaultOptions; start from that to change a part, as channel 0 is a channel
	Log           *slog.Logger  // nothing that was said is written to it; nil is none
}

// Transcriber implements [kerbside.Transcriber]: it decodes, finds speech, cuts it into windows at pauses, has them recognised,
// as many at a time as the recogniser has states, and puts the words on the recording's clock. Memory does not grow with the length
// of a recording but for its words.
type Transcriber struct {
	o Options
	// open replaces transcribe/audio in tests.
	open func(context.Context, kerbside.Sound) (stream, error)
}

var _ kerbside.Transcriber = (*Transcriber)(nil)

// stream is decoded sound and what its bytes were.
type stream interface {
	Read(ctx context.Context, buf []float32) (int, error)
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
	t := &Transcriber{o: o}
	t.open = func(ctx context.Context, s kerbside.Sound) (stream, error) { return openSound(ctx, s, o.Audio) }
	return t
}

// The shares from which the sound as a whole is flagged.
const (
	clippedShare = 0.001
	quietLevel   = 0.005 // root mean square of speech, -46 dB of full scale
)

const readSamples = 32 * 512 // about a second; a call of the detector has its price when it is in another process

// Transcribe implements [kerbside.Transcriber]. The transcript is the same for the same bytes, model and options, however many
// windows are recognised at a time. progress is called from one goroutine, in the order of the recording.
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
	params, canonical, err := s.parameters()
	if err != nil {
		return nil, err
	}
	in, err := t.open(ctx, sound)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	detector, err := t.o.VoiceDetector(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = detector.Close() }()

	info := t.o.Recognizer.Info()
	total := in.Info().DurationMS // later, the stream is read by another goroutine
	tr := &kerbside.Transcript{
		Schema: kerbside.TranscriptSchema, Version: 1, Recording: sound.Ref, Language: s.Language,
		Engine: kerbside.EngineRef{Name: info.Name, Version: info.Version, Model: info.Model, ModelSHA256: info.ModelSHA256, Parameters: params},
	}
	a := &assembler{t: tr}
	run := &run{in: in, detector: detector, recognizer: t.o.Recognizer, settings: s, windows: max(info.States, 1)}
	err = run.all(ctx, func(o outcome) {
		if o.failed != nil {
			t.o.Log.Error("window failed", "start_ms", o.gaps[0].StartMS, "end_ms", o.gaps[0].EndMS, "err", o.failed)
		}
		added := a.add(o)
		if progress != nil {
			progress(kerbside.TranscribeProgress{DoneMS: msOf(o.window.end), TotalMS: total, Words: slices.Clone(added)})
		}
	})
	if err != nil {
		return nil, err
	}
	if a.heard > 0 && a.lost == a.heard {
		return nil, kerbside.E(kerbside.CodeUnavailable, "transcribe.Transcribe", "The speech engine failed on the whole recording. Run `kerbside doctor`, then try again; the recording is safe.", a.failed)
	}
	sum, err := in.SHA256(ctx)
	if err != nil {
		return nil, err
	}
	run.describe(tr, sum)
	tr.ID = kerbside.TranscriptID(kerbside.DerivedID("t", sum, info.ModelSHA256, canonical))
	tr.JoinWords()
	if progress != nil {
		progress(kerbside.TranscribeProgress{DoneMS: tr.Recording.DurationMS, TotalMS: tr.Recording.DurationMS})
	}
	t.o.Log.Info("transcribed", "transcript", tr.ID, "duration_ms", tr.Recording.DurationMS, "words", len(tr.Words), "windows", a.heard, "decodings", a.tries,
		"gaps", len(tr.Gaps), "removed", len(tr.Removed), "took", time.Since(started).Round(time.Millisecond))
	return tr, tr.Validate()
}

// run is one transcription under way.
type run struct {
	in         stream
	detector   VoiceDetector
	recognizer Recognizer
	settings   settings
	windows    int // at a time

	samples int64   // read
	energy  float64 // of the windows' samples
	spoken  int64   // samples in windows
}

// all reads the stream to its end and calls each with every window's outcome, in order. No goroutine is left when it returns.
func (r *run) all(ctx context.Context, each func(outcome)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	jobs := make(chan *window)
	done := make(chan outcome)
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
			for w := range jobs {
				o, err := decode(ctx, r.recognizer, r.settings, w)
				if err != nil {
					cancel(err)
					return
				}
				o.window.samples = nil // not needed any more, and large
				select {
				case done <- o:
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
	waiting := make(map[int]outcome)
	next := 0
	for o := range done {
		waiting[o.window.index] = o
		for {
			ready, ok := waiting[next]
			if !ok {
				break
			}
			delete(waiting, next)
			next++
			<-slots
			if ctx.Err() == nil {
				each(ready)
			}
		}
	}
	return context.Cause(ctx)
}

// cut reads the stream, finds speech in it and sends windows to jobs, each after taking a slot.
func (r *run) cut(ctx context.Context, jobs chan<- *window, slots chan<- struct{}) error {
	send := func(ws ...*window) error {
		for _, w := range ws {
			if w == nil {
				continue
			}
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
			case jobs <- w:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	c := newCutter(r.settings, r.detector.FrameSamples())
	buf := make([]float32, readSamples)
	for {
		n, err := r.in.Read(ctx, buf)
		if n > 0 {
			r.samples += int64(n)
			probabilities, derr := r.detector.Detect(ctx, buf[:n])
			if derr != nil {
				return derr
			}
			if err := send(c.push(buf[:n], probabilities)...); err != nil {
				return err
			}
			if err := send(c.mark()); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return send(c.finish()...)
		}
		if err != nil {
			return err
		}
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
