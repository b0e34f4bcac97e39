// Command leak proves that the engine's child process does not grow: it sends it ten thousand short windows and watches its memory.
//
//	make prove-leak
//
// It goes twice through the windows: with the child never replaced, which shows what the C side keeps, and as the product runs, replaced every 500
// windows. Memory is the proportional set size of the child, read after every so many windows. The slope is that of a straight line through
// the samples after the warm-up, with a 95 % interval from a bootstrap over blocks of samples, as neighbours are alike. It is
// red when the upper end of the interval means more than the bound over ten thousand windows; with children that are replaced, whose memory is
// a saw, when the most is further above the start than that. A run of fewer windows tells less: the slope is drawn on from them. The figures are kept in benchmarks/results.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kerbside/models"
	"kerbside/transcribe"
	"kerbside/transcribe/audio"
	"kerbside/transcribe/engine"
)

const (
	recycle = 500     // engine.Options.Recycle as the product has it
	never   = 1 << 30 // windows
	// maxGrowth is what may be added over ten thousand windows, in KiB: a window's samples are 32 to 96 KiB, so one that is kept of every fifty is
	// seen.
	maxGrowth = 16 << 10
	perSlope  = 10_000 // windows that a slope is given for
	warmUp    = 300    // windows, or a tenth of all where that is more, or half where that is less
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "leak:", err)
		os.Exit(1)
	}
}

type options struct {
	windows  int
	model    string
	kerbside string
	out      string
}

func run(ctx context.Context) error {
	var o options
	flag.IntVar(&o.windows, "windows", 10_000, "windows of each pass")
	flag.StringVar(&o.model, "model", "tiny.en", "`NAME` of an installed model; what leaks does not depend on its size")
	flag.StringVar(&o.kerbside, "kerbside", "bin/kerbside", "program to measure")
	flag.StringVar(&o.out, "out", "benchmarks/results", "folder for the figures, - for none")
	flag.Parse()
	if o.windows < 200 {
		return errors.New("--windows takes a number from 200")
	}
	paths, err := installed(ctx, o.model, models.DefaultVAD)
	if err != nil {
		return err
	}
	speech, err := speak(ctx)
	if err != nil {
		return err
	}
	report := fmt.Sprintf("%s  %s/%s, %s, windows of 1 to 3 s, 2 states\n", time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, o.model)
	red := false
	for _, pass := range []struct {
		name    string
		recycle int
	}{{"child never replaced", never}, {fmt.Sprintf("child replaced every %d", recycle), recycle}} {
		p, err := measure(ctx, o, paths, pass.recycle, speech)
		if err != nil {
			return err
		}
		line := pass.name + ": " + p.String()
		report += line + "\n"
		fmt.Println(line)
		grown := p.high
		if pass.recycle != never {
			grown = float64(p.most - p.first)
		}
		red = red || grown > maxGrowth
	}
	report += fmt.Sprintf("bound: %.1f MiB more after %d windows\n", float64(maxGrowth)/1024, perSlope)
	if o.out != "-" {
		if err := os.WriteFile(filepath.Join(o.out, "leak-"+time.Now().Format(time.DateOnly)+".txt"), []byte(report), 0o600); err != nil {
			return err
		}
	}
	if red {
		return errors.New("the child grows beyond the bound")
	}
	return nil
}

func installed(ctx context.Context, names ...string) ([]string, error) {
	dir, err := models.DefaultDir()
	if err != nil {
		return nil, err
	}
	store, err := models.New(models.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	paths := make([]string, len(names))
	for i, name := range names {
		if paths[i], err = store.Path(ctx, name); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// speak gives half a minute of speech.
func speak(ctx context.Context) ([]float32, error) {
	f, err := os.CreateTemp("", "leak-*.wav")
	if err != nil {
		return nil, err
	}
	_ = f.Close()
	defer func() { _ = os.Remove(f.Name()) }()
	const text = "The weather was warm on Tuesday. I walked to the library with my sister and we looked for a book about rivers. Nobody had heard of it. " +
		"There are nineteen steps up to the door. He said that the bus comes at half past four, and she did not agree. We bought bread, cheese and apples on the way home."
	if out, err := exec.CommandContext(ctx, "flite", "-voice", "slt", "-t", text, f.Name()).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("flite: %w %s", err, out)
	}
	s, err := audio.Open(ctx, f.Name(), audio.DefaultOptions())
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	var all []float32
	for buf := make([]float32, audio.SampleRate); ; {
		n, err := s.Read(ctx, buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// pass is what one pass over the windows came to, in KiB.
type pass struct {
	samples           []sample
	slope             float64 // over perSlope windows
	low, high         float64
	children          int
	seconds           float64
	first, last, most int64
}

type sample struct {
	windows float64
	kib     float64
}

func (p pass) String() string {
	text := fmt.Sprintf("%d windows in %.0f s by %d children, %d KiB after the warm-up, %d KiB at the end, most %d KiB; slope %+.0f KiB over %d windows (95 %%: %+.0f to %+.0f); each tenth:",
		int(p.samples[len(p.samples)-1].windows), p.seconds, p.children, p.first, p.last, p.most, p.slope, perSlope, p.low, p.high)
	for i := 9; i < len(p.samples); i += 10 {
		text += fmt.Sprintf(" %.0f", p.samples[i].kib)
	}
	return text
}

// measure sends the windows, two at a time, to an engine and samples the memory of its children each hundredth of the way.
func measure(ctx context.Context, o options, paths []string, recycle int, speech []float32) (pass, error) {
	var p pass
	args := []string{"engine", "--model", paths[0], "--vad", paths[1], "--states", "2"}
	client, err := engine.Start(ctx, engine.Command{Path: o.kerbside, Args: args}, engine.Options{Recycle: recycle})
	if err != nil {
		return p, err
	}
	defer func() { _ = client.Close() }()
	began := time.Now()
	seen := map[int]bool{}
	chance := rand.New(rand.NewPCG(2, 9))
	step := o.windows / 100
	for done := 0; done < o.windows; done += step {
		if err := send(ctx, client, speech, chance, step); err != nil {
			return p, err
		}
		kib := int64(0)
		for _, pid := range children(os.Getpid()) {
			seen[pid] = true
			kib += proportional(pid)
		}
		p.samples = append(p.samples, sample{float64(done + step), float64(kib)})
	}
	p.seconds, p.children = time.Since(began).Seconds(), len(seen)
	warm := p.samples[min(max(len(p.samples)/10, warmUp/step), len(p.samples)/2):]
	p.first, p.last = int64(warm[0].kib), int64(warm[len(warm)-1].kib)
	for _, s := range p.samples {
		p.most = max(p.most, int64(s.kib))
	}
	p.slope, p.low, p.high = slopes(warm)
	return p, nil
}

// send has n windows of 1 to 3 s decoded, cut anywhere in the speech; every second one with a beam and every fifth with word times, and every
// fiftieth is cancelled at once.
func send(ctx context.Context, client *engine.Client, speech []float32, chance *rand.Rand, n int) error {
	type window struct {
		at, n int
		p     transcribe.DecodeParams
		quit  bool
	}
	windows := make(chan window, n)
	for i := range n {
		size := transcribe.SampleRate + chance.IntN(2*transcribe.SampleRate)
		w := window{at: chance.IntN(len(speech) - size), n: size, p: transcribe.DecodeParams{Language: "en", AudioCtx: 256, BeamSize: 1 + i%2, WordTimes: i%5 == 0}, quit: i%50 == 49}
		windows <- w
	}
	close(windows)
	var wg sync.WaitGroup
	var once sync.Once
	var failed error
	for range 2 {
		wg.Go(func() {
			for w := range windows {
				call, cancel := context.WithCancel(ctx)
				if w.quit {
					time.AfterFunc(5*time.Millisecond, cancel)
				}
				_, err := client.Recognize(call, speech[w.at:w.at+w.n], w.p)
				cancel()
				if err != nil && !w.quit {
					once.Do(func() { failed = err })
					return
				}
			}
		})
	}
	wg.Wait()
	return failed
}

// slopes fits a line and gives KiB over perSlope windows, with a 95 % interval.
func slopes(samples []sample) (slope, low, high float64) {
	const rounds, block = 2000, 10
	chance := rand.New(rand.NewPCG(3, 1))
	var all []float64
	for range rounds {
		var drawn []sample
		for len(drawn) < len(samples) {
			at := chance.IntN(len(samples) - min(block, len(samples)) + 1)
			drawn = append(drawn, samples[at:min(at+block, len(samples))]...)
		}
		all = append(all, line(drawn))
	}
	slices.Sort(all)
	return line(samples), all[rounds*25/1000], all[rounds*975/1000]
}

// line is the slope of the least squares, for perSlope windows.
func line(samples []sample) float64 {
	n := float64(len(samples))
	var sx, sy, sxx, sxy float64
	for _, s := range samples {
		sx, sy = sx+s.windows, sy+s.kib
		sxx, sxy = sxx+s.windows*s.windows, sxy+s.windows*s.kib
	}
	d := sxx - sx*sx/n
	if d == 0 {
		return 0
	}
	return (sxy - sx*sy/n) / d * perSlope
}

// children lists the processes that one started.
func children(pid int) []int {
	var out []int
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, f := range strings.Fields(string(b)) {
			if child, err := strconv.Atoi(f); err == nil {
				out = append(out, child)
			}
		}
	}
	return out
}

// proportional is a process's proportional set size in KiB.
func proportional(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("Pss:")); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(string(rest)), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kib
		}
	}
	return 0
}
