package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// tool is one program with one choice of options.
type tool struct {
	name string
	own  bool // Kerbside, which always writes words with times and probabilities
	// command and read are for a run that asks for words, or for one that does not.
	command func(files []string, out string, words bool) []string
	read    func(files []string, out string, words bool) (all []heard, startup float64, err error)
}

// outcome is one run of a tool over files.
type outcome struct {
	heard   []heard
	wall    float64 // seconds
	cpu     float64 // seconds of user and system time, of the process and those it started
	peak    int64   // bytes, see watch
	startup float64 // seconds until the weights were loaded; 0 when the tool does not say
}

// allTools lists what is compared. All use the same base weights and English; whatever is not named is the tool's own default.
func allTools(env *environment, threads int) []tool {
	n := strconv.Itoa(threads)
	var tools []tool
	for _, preset := range []string{"accurate", "fast"} {
		tools = append(tools, tool{
			name: "kerbside " + preset, own: true,
			command: func(files []string, out string, _ bool) []string {
				return append([]string{env.kerbside, "--quiet", "transcribe", "--format", "json", "--model", "base-q8_0", "--preset", preset, "--states", n, "--out", out}, files...)
			},
			read: readKerbside,
		})
	}
	cli := func(name, weights string, extra ...string) {
		tools = append(tools, tool{
			name: "whisper-cli " + name,
			command: func(files []string, out string, words bool) []string {
				args := append([]string{env.whisperCLI, "-t", n, "-l", "en", "-np", "-otxt", "-m", filepath.Join(env.models, weights)}, extra...)
				if words {
					args = append(args, "-ojf")
				}
				for i, f := range files {
					args = append(args, "-f", f, "-of", filepath.Join(out, strconv.Itoa(i)))
				}
				return args
			},
			read: readCLI,
		})
	}
	const f16, q8 = "ggml-base.bin", "ggml-base-q8_0.bin"
	cli("f16, beam 5", f16)
	cli("f16, greedy", f16, "-bs", "1")
	cli("q8_0, beam 5", q8)
	cli("q8_0, greedy", q8, "-bs", "1")
	cli("q8_0, beam 5, VAD", q8, "--vad", "-vm", filepath.Join(env.models, "ggml-silero-v6.2.bin"))
	fw := func(name string, extra ...string) {
		tools = append(tools, tool{
			name: "faster-whisper int8, " + name,
			command: func(files []string, out string, words bool) []string {
				args := append([]string{env.python, filepath.Join(env.root, "benchmarks", "fw.py"), "--model", env.ct2, "--threads", n, "--out", filepath.Join(out, "out.json")}, extra...)
				if words {
					args = append(args, "--words")
				}
				return append(args, files...)
			},
			read: env.readFW,
		})
	}
	fw("beam 5", "--beam", "5")
	fw("beam 5, VAD", "--beam", "5", "--vad")
	fw("greedy, VAD", "--beam", "1", "--vad")
	fw("batched 8, greedy", "--beam", "1", "--batch", "8")
	return tools
}

func readKerbside(files []string, out string, _ bool) ([]heard, float64, error) {
	var all []heard
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(f), ".wav")+".json"))
		if err != nil {
			return nil, 0, err
		}
		var t kerbside.Transcript
		if err := json.Unmarshal(b, &t); err != nil {
			return nil, 0, err
		}
		all = append(all, fromTranscript(&t))
	}
	return all, 0, nil
}

// fromTranscript takes the words; marked are those that are doubtful, have alternatives, or lie in a suggestion.
func fromTranscript(t *kerbside.Transcript) heard {
	h := heard{text: t.Text}
	at := map[kerbside.WordID]int{}
	for i, w := range t.Words {
		at[w.ID] = i
		heard := word{timed{w.Text, math.NaN(), math.NaN()}, math.NaN(), w.Doubtful || len(w.Alternatives) > 0}
		if w.StartMS != nil && w.EndMS != nil {
			heard.start, heard.end = float64(*w.StartMS)/1000, float64(*w.EndMS)/1000
		}
		if w.Confidence != nil {
			heard.p = *w.Confidence
		}
		h.words = append(h.words, heard)
	}
	for _, s := range t.Suggestions {
		for i := at[s.FirstWord]; i <= at[s.LastWord] && i < len(h.words); i++ {
			h.words[i].marked = true
		}
	}
	return h
}

func readCLI(files []string, out string, words bool) ([]heard, float64, error) {
	var all []heard
	for i := range files {
		b, err := os.ReadFile(filepath.Join(out, strconv.Itoa(i)+".txt"))
		if err != nil {
			return nil, 0, err
		}
		h := heard{text: strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "")), " ")}
		if words {
			b, err := os.ReadFile(filepath.Join(out, strconv.Itoa(i)+".json"))
			if err != nil {
				return nil, 0, err
			}
			if h.words, err = cliWords(b); err != nil {
				return nil, 0, err
			}
		}
		all = append(all, h)
	}
	return all, 0, nil
}

// cliWords joins the tokens of whisper-cli's full JSON to words: a word's probability is the mean of its tokens', as
// faster-whisper has it; the marks of times and of the language are no words.
func cliWords(b []byte) ([]word, error) {
	var t struct {
		Transcription []struct {
			Tokens []struct {
				Text    string `json:"text"`
				Offsets struct {
					From float64 `json:"from"` // milliseconds
					To   float64 `json:"to"`
				} `json:"offsets"`
				P float64 `json:"p"`
			} `json:"tokens"`
		} `json:"transcription"`
	}
	if err := json.Unmarshal(bytes.ToValidUTF8(b, nil), &t); err != nil {
		return nil, err
	}
	var words []word
	for _, segment := range t.Transcription {
		n, begins := 0, true
		for _, token := range segment.Tokens {
			if strings.HasPrefix(token.Text, "[_") {
				continue
			}
			if begins || strings.HasPrefix(token.Text, " ") {
				words, n = append(words, word{timed: timed{start: token.Offsets.From / 1000}}), 0
				begins = false
			}
			w := &words[len(words)-1]
			w.text += strings.TrimSpace(token.Text)
			w.p = (w.p*float64(n) + token.P) / float64(n+1)
			if n == 0 || fold(token.Text) != "" { // not the pause that a full stop is given
				w.end = token.Offsets.To / 1000
			}
			n++
		}
	}
	return slices.DeleteFunc(words, func(w word) bool { return w.text == "" }), nil
}

// timedWord is a word as this project's scripts write it: [text, start, end] or [text, start, end, probability].
type timedWord struct{ word }

// UnmarshalJSON reads the list.
func (w *timedWord) UnmarshalJSON(b []byte) error {
	w.p = math.NaN()
	fields := []any{&w.text, &w.start, &w.end, &w.p}
	var got []json.RawMessage
	if err := json.Unmarshal(b, &got); err != nil {
		return err
	}
	if len(got) < 3 || len(got) > 4 {
		return fmt.Errorf("a word of %d fields", len(got))
	}
	for i := range got {
		if err := json.Unmarshal(got[i], fields[i]); err != nil {
			return err
		}
	}
	return nil
}

func (env *environment) readFW(files []string, out string, _ bool) ([]heard, float64, error) {
	b, err := os.ReadFile(filepath.Join(out, "out.json"))
	if err != nil {
		return nil, 0, err
	}
	var t struct {
		Texts    []string          `json:"texts"`
		Words    [][]timedWord     `json:"words"`
		Startup  float64           `json:"startup_s"`
		Versions map[string]string `json:"versions"`
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, 0, err
	}
	if len(t.Texts) != len(files) || len(t.Words) != len(files) {
		return nil, 0, fmt.Errorf("%d texts for %d files", len(t.Texts), len(files))
	}
	for name, v := range t.Versions {
		env.versions[name] = v
	}
	all := make([]heard, len(files))
	for i := range files {
		all[i].text = t.Texts[i]
		for _, w := range t.Words[i] {
			all[i].words = append(all[i].words, w.word)
		}
	}
	return all, t.Startup, nil
}

// run has a tool transcribe files in one process and measures it from outside. With words the tool is asked for what it needs to
// tell of each word.
func (env *environment) run(ctx context.Context, t tool, files []string, words bool) (outcome, error) {
	out, err := os.MkdirTemp(env.work, "run-")
	if err != nil {
		return outcome{}, err
	}
	defer func() { _ = os.RemoveAll(out) }()
	args := t.command(files, out, words)
	ctx, cancel := context.WithTimeoutCause(ctx, env.timeout, fmt.Errorf("no end after %v", env.timeout))
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HF_HUB_OFFLINE=1", "OMP_NUM_THREADS="+strconv.Itoa(env.threads))
	cmd.WaitDelay = 5 * time.Second
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	if env.verbose {
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	}
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return outcome{}, err
	}
	peak := watch(cmd.Process.Pid)
	err = cmd.Wait()
	o := outcome{wall: time.Since(started).Seconds(), peak: peak()}
	if ctx.Err() != nil {
		return o, context.Cause(ctx)
	}
	if err != nil {
		return o, fmt.Errorf("%w: %s", err, said.last())
	}
	o.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	o.peak = max(o.peak, largestProcess(cmd.ProcessState))
	o.heard, o.startup, err = t.read(files, out, words)
	return o, err
}

// tail keeps the end of what a program says.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-2000):]
	return len(p), nil
}

func (t *tail) last() string {
	lines := strings.Split(strings.TrimSpace(string(t.b)), "\n")
	return lines[len(lines)-1]
}
