package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// limits are what the machine can do at most, and what Whisper's encoder and decoder do.
type limits struct {
	Problem string       `json:"problem,omitempty"` // why there are none
	Figures []limit      `json:"figures,omitempty"`
	Models  []modelSpeed `json:"models,omitempty"`
}

// limit is a measured bound: "peak" (f32, int8) and the matrix products of "ggml" and "kerbside" (weights and columns) in GFLOP/s,
// "memory" (read, copy) in GB/s.
type limit struct {
	What    string  `json:"what"`
	Kind    string  `json:"kind"`
	Threads int     `json:"threads"`
	Value   float64 `json:"value"`
}

// modelSpeed is how fast the stages of one file of weights are.
type modelSpeed struct {
	FType       int        `json:"ftype"` // as in the file: 1 is f16, 7 is q8_0
	Vocabulary  int        `json:"vocabulary"`
	Mels        int        `json:"mels"`
	AudioState  int        `json:"audio_state"`
	AudioLayers int        `json:"audio_layers"`
	TextState   int        `json:"text_state"`
	TextLayers  int        `json:"text_layers"`
	Runs        []stageRun `json:"runs"`
}

// stageRun is one window's encoder and one step of the decoder after it, with so many states side by side.
type stageRun struct {
	Kerbside  bool    `json:"kerbside"`  // by its own kernels, otherwise by ggml's
	Positions int     `json:"positions"` // of the encoder; 1500 are 30 s
	States    int     `json:"states"`
	Threads   int     `json:"threads"` // of each state
	Encode    float64 `json:"encode_ms"`
	Step      float64 `json:"step_ms"`  // of one token
	Step5     float64 `json:"step5_ms"` // of five tokens at once, as in a beam of 5
}

// weights names the type of a model's matrices, as ggml does.
func (m modelSpeed) weights() string {
	if m.FType == 7 {
		return "q8_0"
	}
	return "f16"
}

// encoderFLOP counts a window's multiplications and additions in the convolutions, the encoder and the keys and values that the
// decoder takes of it; normalisations and activations are left out.
func (m modelSpeed) encoderFLOP(positions int) float64 {
	n, d := float64(positions), float64(m.AudioState)
	convolutions := 2*2*n*3*float64(m.Mels)*d + 2*n*3*d*d
	layer := 2*n*12*d*d + 2*2*n*n*d // query, key, value, output and MLP; attention
	cross := 2 * n * 2 * d * float64(m.TextState)
	return convolutions + float64(m.AudioLayers)*layer + float64(m.TextLayers)*cross
}

// stepBytes counts what one step of the decoder must read: its matrices, the embedding once more for the output, and the keys and
// values of the window.
func (m modelSpeed) stepBytes(positions int) float64 {
	perWeight := 2.0
	if m.weights() == "q8_0" {
		perWeight = 34.0 / 32
	}
	d := float64(m.TextState)
	layer := (4 + 2 + 8) * d * d // self-attention; query and output of cross-attention; MLP
	return perWeight*(float64(m.TextLayers)*layer+float64(m.Vocabulary)*d) + float64(m.TextLayers)*2*float64(positions)*d*2
}

// value looks a figure up; 0 when it was not measured.
func (l *limits) value(what, kind string, threads int) float64 {
	i := slices.IndexFunc(l.Figures, func(f limit) bool { return f.What == what && f.Kind == kind && f.Threads == threads })
	if i < 0 {
		return 0
	}
	return l.Figures[i].Value
}

// limitSeconds is how long each figure is repeated.
const limitSeconds = 0.5

// limits builds and runs limits/limits.c with the library that Kerbside uses. Where that does not work, the report says why.
func (env *environment) limits(ctx context.Context) *limits {
	l, err := env.measureLimits(ctx, limitSeconds, filepath.Join(env.models, "ggml-base-q8_0.bin"), filepath.Join(env.models, "ggml-base.bin"))
	if err != nil {
		return &limits{Problem: err.Error()}
	}
	return l
}

func (env *environment) measureLimits(ctx context.Context, seconds float64, weights ...string) (*limits, error) {
	program, err := env.buildLimits(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	out, err := output(exec.CommandContext(ctx, program, append([]string{strconv.Itoa(env.threads), fmt.Sprint(seconds)}, weights...)...))
	if err != nil {
		return nil, err
	}
	var l limits
	return &l, json.Unmarshal(out, &l)
}

// buildLimits compiles the program. Kerbside's own kernels are compiled as cgo does it; the rest for this very CPU.
func (env *environment) buildLimits(ctx context.Context) (string, error) {
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "cc"
	}
	sources, err := filepath.Glob(filepath.Join(env.root, "transcribe", "whisper", "*.c"))
	if err != nil {
		return "", err
	}
	link := []string{filepath.Join(env.work, "limits.o")}
	main := append([]string{"-march=native", "-ffp-contract=fast", "-fno-math-errno"}, flagsOf("CGO_CFLAGS")...)
	if err := env.command(ctx, compiler, append(main, "-O3", "-c", filepath.Join(env.root, "benchmarks", "limits", "limits.c"), "-o", link[0])...); err != nil {
		return "", err
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		// What is called from Go, or calls it, is not of use here.
		if !strings.Contains(string(text), `#include "kernels.h"`) || strings.Contains(string(text), "_cgo_export.h") {
			continue
		}
		object := filepath.Join(env.work, filepath.Base(source)+".o")
		if err := env.command(ctx, compiler, append(flagsOf("CGO_CFLAGS"), "-c", source, "-o", object)...); err != nil {
			return "", err
		}
		link = append(link, object)
	}
	program := filepath.Join(env.work, "limits")
	link = append(append(link, "-o", program), flagsOf("CGO_LDFLAGS")...)
	link = append(link, "-lwhisper", "-Wl,--start-group", "-lggml", "-lggml-cpu", "-lggml-base", "-Wl,--end-group", "-lm", "-lstdc++", "-fopenmp", "-lpthread")
	return program, env.command(ctx, compiler, link...)
}

func flagsOf(name string) []string {
	flags := strings.Fields(os.Getenv(name))
	for i := range flags {
		flags[i] = strings.Trim(flags[i], `'"`)
	}
	return flags
}

func (l *limits) table(b *strings.Builder) {
	b.WriteString("\n## The machine's limits\n\n")
	if l.Problem != "" {
		fmt.Fprintf(b, "**Not measured:** %s\n", l.Problem)
		return
	}
	l.figuresTable(b)
	b.WriteString("\n| weights | kernels | positions | states x threads | encoder ms a window | GFLOP/s | of the products | of the peak | step ms | GB/s | of memory | step of 5 tokens ms | of the products | of memory |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, m := range l.Models {
		for _, r := range m.Runs {
			n := float64(r.States)
			encoder := n * m.encoderFLOP(r.Positions) / r.Encode / 1e6
			reads := n * m.stepBytes(r.Positions) / r.Step / 1e6
			used := r.States * r.Threads
			kind, peak := m.weights(), "f32"
			if kind == "q8_0" && l.value("peak", "int8", used) > 0 {
				peak = "int8"
			}
			kernels, products := "ggml", "ggml"
			if r.Kerbside {
				kernels = "kerbside"
				if kind == "q8_0" {
					products = kernels
				}
			}
			gemm := l.value(products, fmt.Sprintf("%s %d", kind, r.Positions), used)
			read := l.value("memory", "read", used)
			fmt.Fprintf(b, "| %s | %s | %d | %d x %d | %.0f | %.0f | %s | %s | %.1f | %.0f | %s | %.1f | %s | %s |\n", kind, kernels, r.Positions, r.States, r.Threads,
				r.Encode, encoder, share(encoder, gemm), share(encoder, l.value("peak", peak, used)), r.Step, reads, share(reads, read),
				r.Step5, share(n*m.stepFLOP(5, r.Positions)/r.Step5/1e6, gemm), share(n*m.stepBytes(r.Positions)/r.Step5/1e6, read))
		}
	}
	b.WriteString(limitsLegend)
}

// figuresTable has a column for each number of threads.
func (l *limits) figuresTable(b *strings.Builder) {
	var threads []int
	for _, f := range l.Figures {
		if !slices.Contains(threads, f.Threads) {
			threads = append(threads, f.Threads)
		}
	}
	b.WriteString("| |")
	for _, t := range threads {
		fmt.Fprintf(b, " threads: %d |", t)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(threads)) + "\n")
	for _, row := range []struct{ what, kind, title string }{
		{"peak", "f32", "multiply-add on registers, f32, GFLOP/s"}, {"peak", "int8", "the same, int8 (VNNI), GOP/s"},
		{"ggml", "f32 1500", "ggml's matrix products of an encoder layer, 1,500 columns, f32 weights, GFLOP/s"}, {"ggml", "f16 1500", "the same, f16 weights"},
		{"ggml", "q8_0 1500", "the same, q8_0 weights"}, {"kerbside", "q8_0 1500", "the same by Kerbside's kernel"},
		{"ggml", "f16 5", "ggml's for 5 columns, as in a beam of 5, f16 weights"}, {"ggml", "q8_0 5", "the same, q8_0 weights"},
		{"kerbside", "q8_0 5", "the same by Kerbside's kernel"},
		{"memory", "read", "memory read, GB/s"}, {"memory", "copy", "memory copied (read + written), GB/s"},
	} {
		fmt.Fprintf(b, "| %s |", row.title)
		for _, t := range threads {
			if v := l.value(row.what, row.kind, t); v > 0 {
				fmt.Fprintf(b, " %.0f |", v)
			} else {
				b.WriteString(" - |")
			}
		}
		b.WriteString("\n")
	}
}

// stepFLOP counts the multiplications and additions of a step of some tokens.
func (m modelSpeed) stepFLOP(tokens, positions int) float64 {
	d := float64(m.TextState)
	layer := 2*(4+2+8)*d*d + 2*2*float64(positions)*d
	return float64(tokens) * (float64(m.TextLayers)*layer + 2*float64(m.Vocabulary)*d)
}

const limitsLegend = `
The best of repetitions. Encoder: convolutions, layers and the decoder's keys and values, as whisper.cpp computes them; its share is of
the matrix products of a layer at the same width by the same kernel with as many threads, and of what the registers allow (int8 for q8_0
where the CPU has VNNI, otherwise f32). Step: one token through the decoder; its bytes are the matrices, the output embedding and the
window's keys and values, read once; weights that stay in the cache can exceed what memory gives. States run side by side.
`

func share(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*part/whole)
}
