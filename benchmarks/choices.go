package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kerbside"
	"kerbside/models"
	"kerbside/transcribe"
	"kerbside/transcribe/engine"
	"kerbside/transcribe/wording"
)

// engineOptions say how a child of this program holds the model.
type engineOptions struct {
	Model, VAD      string // files
	States, Threads int    // threads of each state
	NoFlash, Plain  bool   // Plain: ggml's kernels
}

// choice is the accurate preset with one thing done otherwise.
type choice struct {
	name    string
	preset  string                             // empty: accurate
	weights string                             // empty: base-q8_0
	engine  func(*engineOptions)               // nil: as Kerbside runs it
	change  func(*transcribe.DecodeParams)     // of every decoding; nil: none
	library func(*environment) (string, error) // the program to run, when it is another than this one
}

// choices are what was decided by measuring. The first is what the others are compared with.
func choices(ctx context.Context, stderr io.Writer) []choice {
	one := func(e *engineOptions) { e.States, e.Threads = 1, e.States }
	plain := func(e *engineOptions) { e.Plain = true }
	first := func(change func(*transcribe.DecodeParams)) func(*transcribe.DecodeParams) {
		return func(p *transcribe.DecodeParams) {
			if p.WordTimes { // not the second hearing
				change(p)
			}
		}
	}
	beam := func(n int) func(*transcribe.DecodeParams) {
		return first(func(p *transcribe.DecodeParams) {
			if p.BeamSize > 1 {
				p.BeamSize = n
			}
		})
	}
	const least, usual = 512, 768
	floor := func(n int) func(*transcribe.DecodeParams) {
		return first(func(p *transcribe.DecodeParams) {
			if p.AudioCtx == usual {
				p.AudioCtx = n
			}
		})
	}
	withoutOpenMP := func(env *environment) (string, error) { return env.buildWithoutOpenMP(ctx, stderr) }
	return []choice{
		{name: "as it is: q8_0, own kernels, flash attention, OpenMP, a thread for each state, beam 5, 768 positions at least"},
		{name: "greedy", change: beam(1)},
		{name: "beam 2", change: beam(2)},
		{name: "beam 8", change: beam(8)},
		{name: "512 positions at least", change: floor(least)},
		{name: "1,500 positions always", change: first(func(p *transcribe.DecodeParams) { p.AudioCtx = 0 })},
		{name: "without timestamp tokens", change: first(func(p *transcribe.DecodeParams) { p.NoTimestamps = true })},
		{name: "one state of as many threads", engine: one},
		{name: "the same without OpenMP", engine: one, library: withoutOpenMP},
		{name: "a thread for each state, without OpenMP", library: withoutOpenMP},
		{name: "without flash attention", engine: func(e *engineOptions) { e.NoFlash = true }},
		{name: "ggml's kernels", engine: plain},
		{name: "f16 weights", weights: "base"},
		{name: "f16 weights, ggml's kernels", weights: "base", engine: plain},
		{name: "the fast preset", preset: transcribe.PresetFast},
	}
}

// compareChoices has each choice transcribe the composite of the first set, in rounds, and prints and keeps a table of them.
func compareChoices(ctx context.Context, env *environment, o options, stdout, stderr io.Writer) error {
	sets, err := makeSets(ctx, env, o)
	if err != nil {
		return err
	}
	s := &sets[0]
	r := newReport(ctx, env, o, nil)
	all := choices(ctx, stderr)
	if o.tools != "" {
		kept := all[:1]
		for _, c := range all[1:] {
			if len(chosen([]tool{{name: c.name}}, o.tools)) > 0 {
				kept = append(kept, c)
			}
		}
		all = kept
	}
	for range o.rounds {
		for _, c := range all {
			limited, cancel := context.WithTimeoutCause(ctx, o.timeout, fmt.Errorf("no end after %v", o.timeout))
			got, err := env.try(limited, c, s)
			cancel()
			if ctx.Err() != nil { // what was measured is kept
				break
			}
			r.add(s.name, tool{name: c.name, own: true}, got, err)
			fmt.Fprintf(stderr, "%s: %.1f s\n", c.name, got.wall)
		}
	}
	ctx = context.WithoutCancel(ctx)
	if len(r.Results) == 0 {
		return errors.New("nothing was measured")
	}
	if err := env.score(ctx, sets[:1], r); err != nil {
		return err
	}
	table := r.choicesTable(s)
	fmt.Fprint(stdout, table)
	if failed := r.failures(); len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, "; "))
	}
	if o.out == "-" {
		return nil
	}
	dir := o.out
	if dir == "" {
		dir = filepath.Join(env.root, "benchmarks", "results")
	}
	return os.WriteFile(filepath.Join(dir, "choices-"+r.Date+".md"), []byte(table), 0o644)
}

// try transcribes a set's composite in one way, with an engine that is warm, and measures that alone.
func (env *environment) try(ctx context.Context, c choice, s *set) (outcome, error) {
	store, err := models.New(models.Config{Dir: env.models})
	if err != nil {
		return outcome{}, err
	}
	e := engineOptions{States: env.threads, Threads: 1}
	if e.VAD, err = store.Path(ctx, models.DefaultVAD); err != nil {
		return outcome{}, err
	}
	if c.weights == "" {
		c.weights = "base-q8_0"
	}
	if e.Model, err = store.Path(ctx, c.weights); err != nil {
		return outcome{}, err
	}
	program, err := os.Executable()
	if c.library != nil && err == nil {
		program, err = c.library(env)
	}
	if err != nil {
		return outcome{}, err
	}
	if c.engine != nil {
		c.engine(&e)
	}
	how, err := json.Marshal(e)
	if err != nil {
		return outcome{}, err
	}
	client, err := engine.Start(ctx, engine.Command{Path: program, Args: []string{"--serve", string(how)}}, engine.Options{})
	if err != nil {
		return outcome{}, err
	}
	closed := false
	defer func() {
		if !closed {
			_ = client.Close()
		}
	}()
	tables, err := wording.Load()
	if err != nil {
		return outcome{}, err
	}
	var recognizer transcribe.Recognizer = client
	if c.change != nil {
		recognizer = altered{client, c.change}
	}
	detector, err := client.VoiceDetector(ctx) // so that its child is there when the clock starts
	if err != nil {
		return outcome{}, err
	}
	_ = detector.Close()
	tr := transcribe.New(transcribe.Options{Recognizer: recognizer, VoiceDetector: client.VoiceDetector, Wording: tables})
	o := kerbside.TranscribeOptions{Language: "en", Preset: c.preset}
	before, started := childrenCPU(), time.Now()
	t, err := tr.Transcribe(ctx, kerbside.Sound{Path: s.composite}, o, nil)
	if err != nil {
		return outcome{}, err
	}
	wall := time.Since(started).Seconds()
	closed = true
	_ = client.Close() // ends and waits for the children, whose time is known then
	return outcome{heard: []heard{fromTranscript(t)}, wall: wall, cpu: (childrenCPU() - before).Seconds()}, nil
}

// altered is a recogniser that decodes in another way than it is asked to.
type altered struct {
	transcribe.Recognizer
	change func(*transcribe.DecodeParams)
}

// Recognize implements transcribe.Recognizer.
func (a altered) Recognize(ctx context.Context, samples []float32, p transcribe.DecodeParams) (transcribe.Result, error) {
	a.change(&p)
	return a.Recognizer.Recognize(ctx, samples, p)
}

// buildWithoutOpenMP gives this program linked with a libwhisper that has ggml's own threads.
func (env *environment) buildWithoutOpenMP(ctx context.Context, stderr io.Writer) (string, error) {
	program := filepath.Join(env.work, "without-openmp")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	cache := filepath.Join(env.cache, "bench", "without-openmp")
	if err := os.MkdirAll(filepath.Join(cache, "downloads"), 0o750); err != nil {
		return "", err
	}
	archives, err := filepath.Glob(filepath.Join(env.cache, "downloads", "nodejs-whisper-*.tgz"))
	if err != nil {
		return "", err
	}
	for _, a := range archives { // not fetched twice
		if err := os.Symlink(a, filepath.Join(cache, "downloads", filepath.Base(a))); err != nil && !errors.Is(err, os.ErrExist) {
			return "", err
		}
	}
	cmd := exec.CommandContext(ctx, "bash", "-euc", `source "$(scripts/setup-native.sh --print)" && go build -trimpath -o "$1" ./benchmarks`, "-", program)
	cmd.Dir = env.root
	cmd.Env = append(os.Environ(), "KERBSIDE_CACHE="+cache, "KERBSIDE_WHISPER_FROM=package", "KERBSIDE_CMAKE_ARGS=-DGGML_OPENMP=OFF")
	cmd.Stderr = stderr
	return program, cmd.Run()
}

func (r *report) choicesTable(s *set) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Choices, measured on the code of %s\n\n%s, %d cores; rounds: %d; load average before: %s; kerbside %s; whisper-cli: %s. Set %s: %d clips, %.0f s.\n\n",
		r.Date, r.CPU, r.Cores, r.Rounds, r.LoadBefore, r.Versions["kerbside"], r.Versions["whisper-cli"], s.name, len(s.clips), s.seconds)
	b.WriteString("| the accurate preset, but | wall s | CPU s | WER % (95 %) | difference (95 %) | raw WER % | sub / del / ins |\n|---|--:|--:|--:|--:|--:|--:|\n")
	base := r.of(s.name)[0]
	for _, x := range r.of(s.name) {
		if len(x.Wall) == 0 {
			fmt.Fprintf(&b, "| %s | failed | | | | | |\n", x.Tool)
			continue
		}
		difference := ""
		if x != base {
			d := differenceInterval(x.Stretches, base.Stretches)
			difference = fmt.Sprintf("%+.1f (%+.1f to %+.1f)", x.WER-base.WER, d[0], d[1])
		}
		sum, n := total(x.Stretches), len(x.Wall)
		fmt.Fprintf(&b, "| %s | %.1f | %.1f | %.1f (%.1f-%.1f) | %s | %.1f | %d / %d / %d |\n", x.Tool, median(x.Wall), median(x.CPU), x.WER, x.WERInterval[0], x.WERInterval[1], difference,
			x.RawWER, sum.Sub/n, sum.Del/n, sum.Ins/n)
	}
	b.WriteString(choicesLegend)
	return b.String()
}

const choicesLegend = `
Printed by: make bench-choices. Wall is of the transcription alone, with an engine that is warm; CPU counts the loading too. WER is Whisper's normaliser's, its
intervals are of 2,000 bootstrap samples of the clips, differences are paired with the first row. Raw WER counts punctuation. What is named is done to
every decoding but the second hearing; without flash attention, or with more than one thread a state, words get their times by their length, which
is not counted here.
`
