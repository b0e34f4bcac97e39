// Command benchmarks measures Kerbside's transcription beside whisper-cli and faster-whisper: the same weights, the same sound, the
// same machine, in one run, interleaved.
//
//	make bench
//	make bench BENCH='--rounds 3 --clips'
//
// It prints a table as Markdown and keeps it, with all numbers as JSON, under benchmarks/results.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type options struct {
	speech   string // folder with manifest.json
	sets     string
	tools    string
	rounds   int
	clips    bool
	limit    int
	threads  int
	against  string
	out      string
	kerbside string
	timeout  time.Duration
	verbose  bool

	cases      string // folder of texts to speak
	voices     string
	everyVoice bool
	words      string // sets
	limits     bool
	gather     string // file
	terms      int
	fit, test  string // files
	table      string
	choices    bool
	serve      string // options of an engine
}

// casesAbout says whose texts are spoken.
func (o options) casesAbout() string {
	if o.cases == "" {
		return "dictations of benchmarks/cases"
	}
	return "texts of the folder given"
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.speech, "speech", "", "folder with a manifest.json: a list of {file, text, accent, source} (default: ../shared/eval/speech when it is there, else LibriVox)")
	f.StringVar(&o.sets, "sets", "speech,spoken,car20,car10,car5,nonspeech,amid", "which of speech, librivox, spoken, car20, car10, car5, nonspeech, amid")
	f.StringVar(&o.tools, "tools", "", "only tools whose name contains one of these (a comma without a blank between them)")
	f.IntVar(&o.rounds, "rounds", 1, "how often each tool transcribes each composite; the median time counts")
	f.BoolVar(&o.clips, "clips", false, "also transcribe every clip as a file of its own")
	f.IntVar(&o.limit, "limit", 0, "only the first N clips of each set, to try things (default: all)")
	f.IntVar(&o.threads, "threads", runtime.NumCPU(), "threads of each tool")
	f.StringVar(&o.against, "against", "faster-whisper int8, beam 5", "the peer that ratios and differences are taken against")
	f.StringVar(&o.out, "out", "", "folder for the results, - for none (default: benchmarks/results)")
	f.StringVar(&o.kerbside, "kerbside", "", "program to measure (default: bin/kerbside)")
	f.DurationVar(&o.timeout, "timeout", 15*time.Minute, "a tool that takes longer for one set has failed")
	f.StringVar(&o.cases, "cases", "", "folder of texts to speak: *.txt, or *.json with a \"text\" (default: benchmarks/cases)")
	f.StringVar(&o.voices, "voices", "slt,rms,awb", "voices of flite, in turn from text to text")
	f.BoolVar(&o.everyVoice, "every-voice", false, "every text by every voice")
	f.StringVar(&o.words, "words", "speech,librivox,spoken", "sets for which each peer runs once more, for the times and probabilities of its words")
	f.BoolVar(&o.limits, "limits", true, "measure the machine's limits too")
	f.StringVar(&o.gather, "gather", "", "measure nothing: append to this file how the words of the sets are heard, for --fit and --test")
	f.IntVar(&o.terms, "terms", 0, "with --gather: 1, the names of a dictation are known beforehand; N, all but every Nth")
	f.StringVar(&o.fit, "fit", "", "fit the table of doubt to these gathered files, and print it")
	f.StringVar(&o.test, "test", "", "print how doubt does on these gathered files, by the table that was fitted or --table")
	f.StringVar(&o.table, "table", "transcribe/doubt.tsv", "the table of doubt for --test")
	f.BoolVar(&o.choices, "choices", false, "compare what was decided by measuring, on the first set, in place of the tools; --tools takes the choices' names")
	f.StringVar(&o.serve, "serve", "", "be the engine of --choices, with options as JSON")
	f.BoolVar(&o.verbose, "verbose", false, "show what the tools say")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%q is not an option", f.Arg(0))
	case o.rounds < 1 || o.threads < 1 || o.limit < 0 || o.timeout <= 0:
		return o, fmt.Errorf("--rounds and --threads are 1 at least, --limit 0, --timeout more than 0")
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.fit != "" || o.test != "" {
		return fitDoubt(o, stdout)
	}
	if o.serve != "" {
		return serveEngine(ctx, o.serve)
	}
	root, err := checkout()
	if err != nil {
		return err
	}
	env, err := prepare(ctx, root, o, stderr)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(env.work) }()
	if o.gather != "" {
		return gather(ctx, env, o, stderr)
	}
	if o.choices {
		return compareChoices(ctx, env, o, stdout, stderr)
	}
	tools := chosen(allTools(env, o.threads), o.tools)
	if len(tools) == 0 {
		return fmt.Errorf("no tool's name contains %q", o.tools)
	}
	sets, err := makeSets(ctx, env, o)
	if err != nil {
		return err
	}
	r := newReport(ctx, env, o, tools)
	for _, s := range sets {
		r.Sets = append(r.Sets, setInfo{s.name, s.about, len(s.clips), s.seconds, len(strings.Fields(s.text())), s.perFile})
	}
	if err := measure(ctx, env, o, tools, sets, r, stderr); err != nil {
		return err
	}
	if err := env.score(ctx, sets, r); err != nil {
		return err
	}
	if o.limits {
		r.Limits = env.limits(ctx)
	}
	fmt.Fprint(stdout, r.markdown(""))
	if o.out != "-" {
		dir := o.out
		if dir == "" {
			dir = filepath.Join(root, "benchmarks", "results")
		}
		path, err := r.keep(dir)
		if err != nil {
			return err
		}
		fmt.Fprintln(stderr, "kept as", path)
	}
	if failed := r.failures(); len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, "; "))
	}
	return nil
}

// checkout finds the folder of go.mod above the working folder.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not inside the checkout", dir)
		}
	}
}

// measure runs every tool over every set. Each round goes through the tools set by set and begins with another tool, so that
// whatever the machine does meanwhile falls on all of them alike.
func measure(ctx context.Context, env *environment, o options, tools []tool, sets []set, r *report, stderr io.Writer) error {
	for _, t := range tools { // weights and programs into the page cache
		if _, err := env.run(ctx, t, sets[0].files[:1], false); err != nil {
			fmt.Fprintf(stderr, "%s: warm-up: %v\n", t.name, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for round := range o.rounds {
		for s := range sets {
			for i := range tools {
				t := tools[(i+round)%len(tools)]
				started := time.Now()
				env.measureSet(ctx, t, &sets[s], round, o, r)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				fmt.Fprintf(stderr, "round %d, %s, %s: %.1f s\n", round+1, sets[s].name, t.name, time.Since(started).Seconds())
			}
		}
	}
	return nil
}

// measureSet has a tool transcribe a set. Only what is timed is done in every round.
func (env *environment) measureSet(ctx context.Context, t tool, s *set, round int, o options, r *report) {
	if s.perFile {
		if round == 0 {
			got, err := env.run(ctx, t, s.files, s.clips[0].silent[1] > 0)
			r.add(s.name, t, got, err)
		}
		return
	}
	got, err := env.run(ctx, t, []string{s.composite}, false)
	r.add(s.name, t, got, err)
	if round > 0 || err != nil {
		return
	}
	switch {
	case t.own:
		r.addWords(s.name, t, got, nil)
	case slices.Contains(strings.Split(o.words, ","), s.name):
		got, err := env.run(ctx, t, []string{s.composite}, true)
		r.addWords(s.name, t, got, err)
	}
	if o.clips {
		got, err := env.run(ctx, t, s.files, false)
		r.add(s.name+perClip, t, got, err)
	}
}

// perClip ends the name of the result of a set whose clips were files of their own.
const perClip = ", clip by clip"

// chosen keeps the tools whose name contains one of the words. A comma with a blank after it belongs to a name.
func chosen(all []tool, words string) []tool {
	if words == "" {
		return all
	}
	const inName = "\x00"
	list := strings.Split(strings.ReplaceAll(words, ", ", inName), ",")
	return slices.DeleteFunc(all, func(t tool) bool {
		return !slices.ContainsFunc(list, func(w string) bool { return strings.Contains(t.name, strings.ReplaceAll(w, inName, ", ")) })
	})
}
