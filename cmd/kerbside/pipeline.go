package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/export"
	"kerbside/extract"
	"kerbside/models"
	"kerbside/transcribe"
	"kerbside/transcribe/audio"
	"kerbside/transcribe/engine"
	"kerbside/transcribe/wording"
)

// pipeline is the wiring of the stages. The engine is started when the first recording needs it, so that text needs no model. It
// may be used from several goroutines.
type pipeline struct {
	c         *command
	store     *models.Store
	model     string // name of the model
	states    int
	options   kerbside.TranscribeOptions
	rules     *extract.Extractor
	beside    *extract.Assisted // the rules with a language model; nil when none is named
	extractor kerbside.Extractor
	engine    string // what makes records: an engine, with its language model and the checklist
	drafter   kerbside.Drafter
	discloser kerbside.Discloser
	templates string // hash of what drafts are made with
	exporter  kerbside.Exporter

	mu     sync.Mutex
	client *engine.Client
	speech *transcribe.Transcriber
}

// transcribeFlags are those of every command that transcribes.
func transcribeFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "model", Value: models.DefaultWhisper, Usage: "`NAME` of an installed model"},
		&cli.StringFlag{Name: "language", Value: "en", Usage: "`CODE` of the language that is spoken"},
		&cli.StringFlag{Name: "preset", Value: transcribe.PresetAccurate, Usage: "`PRESET`: accurate or fast"},
		&cli.BoolFlag{Name: "split-channels", Usage: "each channel of a recording is a speaker of its own, channel 1 and so on; without it all are mixed"},
		&cli.IntFlag{Name: "states", Usage: "`N` windows recognised at a time", DefaultText: "one a core, at most 4"},
	}, wordingFlags()...)
}

// openPipeline wires the stages as the options say. Options that a command does not have keep their defaults.
func (c *command) openPipeline(ctx *cli.Context) (*pipeline, error) {
	store, err := c.modelStore(ctx)
	if err != nil {
		return nil, err
	}
	p := &pipeline{c: c, store: store, model: ctx.String("model"), states: ctx.Int("states"), options: kerbside.TranscribeOptions{Language: ctx.String("language"), Preset: ctx.String("preset"), SplitChannels: ctx.Bool("split-channels")}}
	if err := wordingOptions(ctx, &p.options); err != nil {
		return nil, err
	}
	if p.model == "" {
		p.model = models.DefaultWhisper
	}
	if p.options.Preset != "" && p.options.Preset != transcribe.PresetAccurate && p.options.Preset != transcribe.PresetFast {
		return nil, usageError{fmt.Sprintf("There is no preset %q. Choose accurate or fast.", p.options.Preset)}
	}
	if p.engine, err = engineOf(ctx); err != nil {
		return nil, err
	}
	if p.engine != engineRules {
		p.engine += " " + ctx.String("llm-model")
	}
	list, err := loadChecklist(ctx)
	if err != nil {
		return nil, err
	}
	p.engine += " " + list.Sum()
	if p.rules, p.beside, err = c.engines(ctx, nil); err != nil {
		return nil, err
	}
	if p.extractor = p.rules; p.beside != nil {
		p.extractor = p.beside
	}
	p.exporter = export.Exporter{}
	p.drafter, p.discloser, p.templates, err = c.newDrafter(ctx)
	return p, err
}

// longestSound is more, in seconds, than anybody records at one time. A file whose packets' times jump would be days of silence.
const longestSound = 24 * 60 * 60

// transcriber starts the engine unless it runs.
func (p *pipeline) transcriber(ctx context.Context) (kerbside.Transcriber, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.speech != nil {
		return p.speech, nil
	}
	model, err := p.store.Path(ctx, p.model)
	if err != nil {
		return nil, err
	}
	vad, err := p.store.Path(ctx, models.DefaultVAD)
	if err != nil {
		return nil, err
	}
	self, err := ownPath()
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "kerbside.transcriber", "", err)
	}
	tables, err := wording.Load()
	if err != nil {
		return nil, err
	}
	args := []string{"engine", "--model", model, "--vad", vad, "--states", strconv.Itoa(p.states)}
	client, err := engine.Start(ctx, engine.Command{Path: self, Args: args}, engine.Options{Log: p.c.log})
	if err != nil {
		return nil, err
	}
	p.client = client
	p.c.log.Info("engine", "version", client.Info().Version, "device", client.Info().Device)
	sound := audio.DefaultOptions()
	sound.MaxSeconds = longestSound
	p.speech = transcribe.New(transcribe.Options{Recognizer: client, VoiceDetector: client.VoiceDetector, Audio: sound, Wording: tables, Log: p.c.log})
	return p.speech, nil
}

// ownPath is where this program is. It was not always started under the name of its file (a link, a test).
func ownPath() (string, error) {
	self, err := os.Executable()
	if err != nil || filepath.Base(self) == filepath.Base(os.Args[0]) {
		return self, err
	}
	if named, err := exec.LookPath(os.Args[0]); err == nil {
		return filepath.Abs(named)
	}
	return self, nil
}

// Transcribe implements kerbside.Transcriber: the engine is started for the first recording, and again when it could not be.
func (p *pipeline) Transcribe(ctx context.Context, sound kerbside.Sound, o kerbside.TranscribeOptions, progress func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	t, err := p.transcriber(ctx)
	if err != nil {
		return nil, err
	}
	if o.Language == "" {
		o.Language = p.options.Language
	}
	if o.Preset == "" {
		o.Preset = p.options.Preset
	}
	o.SplitChannels = o.SplitChannels || p.options.SplitChannels
	o.SpokenPunctuation = o.SpokenPunctuation || p.options.SpokenPunctuation
	o.KeepSpelling = o.KeepSpelling || p.options.KeepSpelling
	o.Terms = slices.Concat(p.options.Terms, o.Terms)
	return t.Transcribe(ctx, sound, o, progress)
}

func (p *pipeline) engineInfo(ctx context.Context) (transcribe.EngineInfo, error) {
	if _, err := p.transcriber(ctx); err != nil {
		return transcribe.EngineInfo{}, err
	}
	return p.client.Info(), nil
}

// parameters is what decides a result beside the input.
func (p *pipeline) parameters() string {
	o := p.options
	return fmt.Sprintf("%s %s %s %s %s %t %t %t %s", p.engine, p.templates, p.model, o.Language, o.Preset, o.SplitChannels, o.SpokenPunctuation, o.KeepSpelling,
		kerbside.HexSHA256([]byte(strings.Join(o.Terms, "\n"))))
}

// transcribeKnown transcribes the known speech, so many times over.
func (p *pipeline) transcribeKnown(ctx context.Context, times int) (*kerbside.Transcript, error) {
	transcriber, err := p.transcriber(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := audio.OpenReader(ctx, bytes.NewReader(knownSpeech), audio.DefaultOptions())
	if err != nil {
		return nil, err
	}
	defer func() { _ = stream.Close() }()
	var once, all []float32
	for buf := make([]float32, audio.SampleRate); ; {
		n, err := stream.Read(ctx, buf)
		once = append(once, buf[:n]...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	for range times {
		all = append(append(all, once...), make([]float32, audio.SampleRate)...)
	}
	f, err := os.CreateTemp("", "kerbside-*.wav")
	if err != nil {
		return nil, writeError("kerbside.transcribeKnown", os.TempDir(), err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	defer f.Close()
	if err := audio.WriteWAV(f, audio.SampleRate, all); err != nil {
		return nil, writeError("kerbside.transcribeKnown", f.Name(), err)
	}
	return transcriber.Transcribe(ctx, kerbside.Sound{Path: f.Name(), Ref: kerbside.RecordingRef{Kind: kerbside.KindDebrief}}, p.options, nil)
}

// measureSpeed gives seconds of speech for each second of work on this machine.
func (p *pipeline) measureSpeed(ctx context.Context) (float64, error) {
	if _, err := p.transcribeKnown(ctx, 1); err != nil { // starts and warms the engine
		return 0, err
	}
	began := time.Now()
	t, err := p.transcribeKnown(ctx, 8)
	if err != nil {
		return 0, err
	}
	return float64(t.Recording.DurationMS) / 1000 / time.Since(began).Seconds(), nil
}

func (p *pipeline) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.client != nil {
		_ = p.client.Close() // the children end with it either way
		p.client, p.speech = nil, nil
	}
}
