package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"kerbside"
	"kerbside/models"
	"kerbside/service"
	"kerbside/transcribe"
	"kerbside/transcribe/audio"
	"kerbside/transcribe/engine"
	"kerbside/transcribe/wording"
)

// timed is the transcriber of a worker, and how long each of its calls took.
type timed struct {
	kerbside.Transcriber
	mu   sync.Mutex
	took time.Duration
	from time.Time
}

func (t *timed) Transcribe(ctx context.Context, s kerbside.Sound, o kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	began := time.Now()
	out, err := t.Transcriber.Transcribe(ctx, s, o, progress)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.took, t.from = time.Since(began), began
	return out, err
}

// ends tells when a stage has ended.
type ends struct {
	service.Observer
	done chan time.Duration
}

func (e *ends) Job(_ kerbside.JobKind, outcome string, d time.Duration) {
	if outcome == "done" {
		e.done <- d
	}
}
func (*ends) Sound(time.Duration) {}
func (*ends) Tidied(int, int)     {}

// overhead sends one recording after the other through the whole path of a transcribe job - committed by one node, claimed on PostgreSQL, read from S3 and opened, transcribed,
// checkpoints kept in S3, the transcript committed - and compares each with the time that its transcription took in it.
func overhead(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("overhead", flag.ContinueOnError)
	program := f.String("kerbside", "bin/kerbside", "the program, for its engine")
	sample := f.String("sound", "samples/visit.ogg", "what is sent")
	rounds := f.Int("rounds", 6, "so many, after one to warm up")
	if err := f.Parse(args); err != nil {
		return err
	}
	sound, err := os.ReadFile(*sample)
	if err != nil {
		return err
	}
	p, err := newPlace(ctx, 30*time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = p.close() }()
	speech, stop, err := transcriber(ctx, *program)
	if err != nil {
		return err
	}
	defer stop()
	t, e := &timed{Transcriber: speech}, &ends{done: make(chan time.Duration, 10)}
	s, err := p.service(t, e)
	if err != nil {
		return err
	}
	first, err := s.FirstStart(ctx, "Northmoor")
	if err != nil {
		return err
	}
	running, stopRunning := context.WithCancel(ctx)
	defer stopRunning()
	ran := make(chan error, 1)
	go func() { ran <- s.Run(running) }()
	fmt.Printf("%s  %d recordings of %d bytes, PostgreSQL and versitygw on the same machine, %d cores, load %s\n", time.Now().UTC().Format(time.DateTime), *rounds, len(sound), runtime.NumCPU(), load())
	var whole, heard, handled time.Duration
	for i := range *rounds + 1 {
		if _, err := s.UploadFile(ctx, first.Manager.User, service.RecordingInput{Name: "visit.ogg", Date: "2026-03-03"}, bytes.NewReader(sound)); err != nil {
			return err
		}
		committed := time.Now() // the job waits from here on
		handler := <-e.done
		settled := time.Now()
		if i == 0 {
			continue
		}
		t.mu.Lock()
		took := t.took
		t.mu.Unlock()
		fmt.Printf("  job %6.2f s, its stage %6.2f s, its transcription %6.2f s: %.2f %% beside it\n", settled.Sub(committed).Seconds(), handler.Seconds(), took.Seconds(), 100*(settled.Sub(committed)-took).Seconds()/took.Seconds())
		whole, heard, handled = whole+settled.Sub(committed), heard+took, handled+handler
	}
	stopRunning()
	if err := <-ran; err != nil {
		return err
	}
	share := 100 * (whole - heard).Seconds() / heard.Seconds()
	fmt.Printf("the path of the job costs %.2f %% of the transcription (limit 2 %%): %.0f ms a job, of which %.0f ms until the stage began\n", share, float64((whole-heard).Milliseconds())/float64(*rounds), float64((whole-handled).Milliseconds())/float64(*rounds))
	if share > 2 {
		return fmt.Errorf("it is %.2f %%", share)
	}
	return nil
}

func transcriber(ctx context.Context, program string) (t *transcribe.Transcriber, stop func(), err error) {
	dir, err := models.DefaultDir()
	if err != nil {
		return nil, nil, err
	}
	store, err := models.New(models.Config{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	model, err := store.Path(ctx, models.DefaultWhisper)
	if err != nil {
		return nil, nil, err
	}
	vad, err := store.Path(ctx, models.DefaultVAD)
	if err != nil {
		return nil, nil, err
	}
	tables, err := wording.Load()
	if err != nil {
		return nil, nil, err
	}
	client, err := engine.Start(ctx, engine.Command{Path: program, Args: []string{"engine", "--model", model, "--vad", vad, "--states", strconv.Itoa(runtime.NumCPU())}}, engine.Options{})
	if err != nil {
		return nil, nil, err
	}
	return transcribe.New(transcribe.Options{Recognizer: client, VoiceDetector: client.VoiceDetector, Audio: audio.DefaultOptions(), Wording: tables}), func() { _ = client.Close() }, nil
}
