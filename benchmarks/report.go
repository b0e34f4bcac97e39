package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is everything that is kept of a run.
type report struct {
	Date       string            `json:"date"`
	CPU        string            `json:"cpu"`
	Cores      int               `json:"cores"`
	Threads    int               `json:"threads"`
	Rounds     int               `json:"rounds"`
	LoadBefore string            `json:"load_before"` // the machine's load averages when it began
	Options    []string          `json:"options"`
	Versions   map[string]string `json:"versions"`
	Commands   map[string]string `json:"commands"` // of each tool, with paths shortened
	Sets       []setInfo         `json:"sets"`
	Results    []*result         `json:"results"`
	Limits     *limits           `json:"limits,omitempty"`

	against string
}

type setInfo struct {
	Name    string  `json:"name"`
	About   string  `json:"about"`
	Clips   int     `json:"clips"`
	Seconds float64 `json:"seconds"` // of the composite
	Words   int     `json:"words"`

	NonSpeech bool `json:"non_speech,omitempty"`
}

// result is what one tool did with one set.
type result struct {
	Set      string    `json:"set"`
	Tool     string    `json:"tool"`
	Own      bool      `json:"own,omitempty"`
	Wall     []float64 `json:"wall_s"` // of each round
	CPU      []float64 `json:"cpu_s"`
	Startup  []float64 `json:"startup_s,omitempty"`
	PeakMB   float64   `json:"peak_mb"`
	Failures []string  `json:"failures,omitempty"`

	WER         float64    `json:"wer"`
	WERInterval [2]float64 `json:"wer_95"`
	RawWER      float64    `json:"raw_wer"`
	Stretches   []counts   `json:"stretches,omitempty"` // in the set's order, all rounds together

	WordScore *wordScore `json:"word_score,omitempty"`

	Invented []invented `json:"invented,omitempty"` // for sounds without speech: what was written
	Words    int        `json:"invented_words"`

	runs  [][]heard // of each round, of each file
	words []word    // of the composite, from the run that asked for them
}

type invented struct {
	Clip string `json:"clip"`
	Text string `json:"text"`
}

func newReport(ctx context.Context, env *environment, o options, tools []tool) *report {
	r := &report{
		Date: time.Now().UTC().Format(time.DateOnly), CPU: cpuName(), Cores: runtime.NumCPU(), Threads: o.threads, Rounds: o.rounds,
		LoadBefore: loadAverage(), Versions: env.versions, Commands: map[string]string{}, against: o.against,
	}
	if o.limit > 0 {
		r.Options = append(r.Options, fmt.Sprintf("only the first %d clips of each set", o.limit))
	}
	short := strings.NewReplacer(env.models, "$MODELS", filepath.Dir(env.whisperCLI), "$NATIVE", env.cache, "$CACHE", env.kerbside, "kerbside", env.root, ".", env.python, "python3")
	for _, t := range tools {
		r.Commands[t.name] = short.Replace(strings.Join(t.command([]string{"$FILE"}, "$OUT", false), " "))
	}
	env.versions["go"] = runtime.Version()
	env.versions["kerbside"] = firstLine(ctx, env.kerbside, "version")
	env.versions["whisper-cli"] = firstLine(ctx, env.whisperCLI, "--version")
	return r
}

func firstLine(ctx context.Context, name string, args ...string) string {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "version") || strings.HasPrefix(line, "kerbside") {
			return strings.TrimPrefix(strings.TrimSpace(line), "kerbside ")
		}
	}
	return strings.TrimSpace(string(out))
}

func cpuName() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(b)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				return strings.Join(strings.Fields(value), " ")
			}
		}
	}
	return runtime.GOARCH
}

func loadAverage() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(first(strings.Fields(string(b)), 3), " ")
}

// result gives the one of a tool and a set, made when it is new.
func (r *report) result(set string, t tool) *result {
	i := slices.IndexFunc(r.Results, func(x *result) bool { return x.Set == set && x.Tool == t.name })
	if i < 0 {
		r.Results = append(r.Results, &result{Set: set, Tool: t.name, Own: t.own})
		i = len(r.Results) - 1
	}
	return r.Results[i]
}

// add keeps one run.
func (r *report) add(set string, t tool, o outcome, err error) {
	x := r.result(set, t)
	if err != nil {
		x.Failures = append(x.Failures, err.Error())
		return
	}
	x.Wall, x.CPU = append(x.Wall, o.wall), append(x.CPU, o.cpu)
	if o.startup > 0 {
		x.Startup = append(x.Startup, o.startup)
	}
	x.PeakMB = max(x.PeakMB, float64(o.peak)/1e6)
	x.runs = append(x.runs, o.heard)
}

// addWords keeps the words of a run over a composite, and nothing else of it.
func (r *report) addWords(set string, t tool, o outcome, err error) {
	x := r.result(set, t)
	if err != nil {
		x.Failures = append(x.Failures, "words: "+err.Error())
		return
	}
	x.words = o.heard[0].words
}

// of lists the results of a set.
func (r *report) of(set string) []*result {
	var all []*result
	for _, x := range r.Results {
		if x.Set == set {
			all = append(all, x)
		}
	}
	return all
}

func (r *report) failures() []string {
	var all []string
	for _, x := range r.Results {
		for _, f := range x.Failures {
			all = append(all, x.Tool+" on "+x.Set+": "+f)
		}
	}
	return all
}

// addCounts adds the errors of one text, stretch by stretch.
func (x *result) addCounts(all []counts) {
	if x.Stretches == nil {
		x.Stretches = make([]counts, len(all))
	}
	for i := range all {
		x.Stretches[i].add(all[i])
	}
}

// countWords keeps what was written for sounds in which nobody speaks.
func (x *result) countWords(clips []clip) {
	for _, run := range x.runs {
		for i, h := range run {
			words := strings.Fields(h.text)
			if silent := clips[i].silent; silent[1] > 0 {
				words = nil
				for _, w := range h.words {
					if w.start >= silent[0] && w.end <= silent[1] {
						words = append(words, w.text)
					}
				}
			}
			if len(words) > 0 {
				x.Words += len(words)
				x.Invented = append(x.Invented, invented{clips[i].name, strings.Join(words, " ")})
			}
		}
	}
}

var unsafeInName = regexp.MustCompile(`[^a-z0-9]+`)

// keep writes the report as JSON and text, and a picture for each set, into a folder, under the day's and the CPU's name; an earlier
// one of the same name stays.
func (r *report) keep(dir string) (string, error) {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	name := fmt.Sprintf("%s-%s-%d-cores", r.Date, strings.Trim(unsafeInName.ReplaceAllString(strings.ToLower(r.CPU), "-"), "-"), r.Cores)
	for n, base := 2, name; ; n++ {
		f, err := os.OpenFile(filepath.Join(dir, name+".json"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, os.ErrExist) {
			name = fmt.Sprintf("%s-%d", base, n)
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(append(b, '\n'))
		if err := errors.Join(err, f.Close()); err != nil {
			return "", err
		}
		break
	}
	for _, s := range r.Sets {
		if points := r.points(s.Name); len(points) > 1 {
			if err := os.WriteFile(filepath.Join(dir, pictureName(name, s.Name)), []byte(picture(points)), 0o644); err != nil {
				return "", err
			}
		}
	}
	path := filepath.Join(dir, name+".md")
	return path, os.WriteFile(path, []byte(r.markdown(name)), 0o644)
}
