package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tool is one program with one choice of options.
type tool struct {
	name    string
	own     bool // Kerbside
	command func(files []string, out string) []string
	read    func(files []string, out string) (texts []string, startup float64, err error)
}

// outcome is one run of a tool over files.
type outcome struct {
	texts   []string
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
			command: func(files []string, out string) []string {
				return append([]string{env.kerbside, "--quiet", "transcribe", "--format", "json", "--model", "base-q8_0", "--preset", preset, "--states", n, "--out", out}, files...)
			},
			read: readKerbside,
		})
	}
	cli := func(name, weights string, extra ...string) {
		tools = append(tools, tool{
			name: "whisper-cli " + name,
			command: func(files []string, out string) []string {
				args := append([]string{env.whisperCLI, "-t", n, "-l", "en", "-np", "-otxt", "-m", filepath.Join(env.models, weights)}, extra...)
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
			command: func(files []string, out string) []string {
				args := append([]string{env.python, filepath.Join(env.root, "benchmarks", "fw.py"), "--model", env.ct2, "--threads", n, "--out", filepath.Join(out, "out.json")}, extra...)
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

func readKerbside(files []string, out string) ([]string, float64, error) {
	var texts []string
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(f), ".wav")+".json"))
		if err != nil {
			return nil, 0, err
		}
		var t struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(b, &t); err != nil {
			return nil, 0, err
		}
		texts = append(texts, t.Text)
	}
	return texts, 0, nil
}

func readCLI(files []string, out string) ([]string, float64, error) {
	var texts []string
	for i := range files {
		b, err := os.ReadFile(filepath.Join(out, strconv.Itoa(i)+".txt"))
		if err != nil {
			return nil, 0, err
		}
		texts = append(texts, strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "")), " "))
	}
	return texts, 0, nil
}

func (env *environment) readFW(files []string, out string) ([]string, float64, error) {
	b, err := os.ReadFile(filepath.Join(out, "out.json"))
	if err != nil {
		return nil, 0, err
	}
	var t struct {
		Texts    []string          `json:"texts"`
		Startup  float64           `json:"startup_s"`
		Versions map[string]string `json:"versions"`
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, 0, err
	}
	if len(t.Texts) != len(files) {
		return nil, 0, fmt.Errorf("%d texts for %d files", len(t.Texts), len(files))
	}
	for name, v := range t.Versions {
		env.versions[name] = v
	}
	return t.Texts, t.Startup, nil
}

// run has a tool transcribe files in one process and measures it from outside.
func (env *environment) run(ctx context.Context, t tool, files []string) (outcome, error) {
	out, err := os.MkdirTemp(env.work, "run-")
	if err != nil {
		return outcome{}, err
	}
	defer func() { _ = os.RemoveAll(out) }()
	args := t.command(files, out)
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
	o.texts, o.startup, err = t.read(files, out)
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
