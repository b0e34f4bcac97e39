package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
)

func (c *command) batchCommand() *cli.Command {
	return &cli.Command{
		Name:      "batch",
		Usage:     "process folders of recordings, going on where an earlier run stopped",
		ArgsUsage: "DIR|GLOB…",
		Description: "Writes DIR/<name>/… as `process` does, and DIR/manifest.csv with a row for each file, those of earlier runs too. A file whose content and " +
			"options are those of an earlier run is not done again. One bad file does not stop the rest.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`DIR` to write to"},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: 1, Usage: "`N` files at a time"},
			&cli.BoolFlag{Name: "watch", Usage: "go on watching for new files until stopped"},
			&cli.StringFlag{Name: "meta", Usage: "`FILE.csv` with the columns file, date, case, worker, kind"},
			&cli.BoolFlag{Name: "dry-run", Usage: "only tell what would be done and how long it would take"},
			visitDateFlag(), kindFlag(), templatesFlag(), polishFlag(), alsoFlag(),
		}, append(transcribeFlags(), engineFlags()...)...),
		Action: c.batch,
	}
}

func (c *command) batch(ctx *cli.Context) error {
	roots, err := files(ctx)
	if err != nil {
		return err
	}
	if err := needs(ctx, "out"); err != nil {
		return err
	}
	base, err := taskOf(ctx)
	if err != nil {
		return err
	}
	c.resumes = !ctx.Bool("dry-run")
	if ctx.Int("jobs") < 1 {
		return usageError{"--jobs takes a number from 1."}
	}
	b := &batch{c: c, roots: roots, out: ctx.String("out"), base: base, jobs: ctx.Int("jobs"), rows: map[string]row{}, outs: map[string]place{}, places: newPlaces(ctx.String("out"), manifestName)}
	if path := ctx.String("meta"); path != "" {
		if b.meta, err = readMeta(path); err != nil {
			return err
		}
	}
	if b.earlier, err = readManifest(filepath.Join(b.out, manifestName)); err != nil {
		return err
	}
	tasks, err := b.find(ctx.Context)
	if err != nil {
		return err
	}
	if !ctx.Bool("watch") { // while it watches, more may come
		b.sayUnmatched(ctx.String("meta"), tasks)
	}
	if len(tasks) == 0 && !ctx.Bool("watch") {
		return kerbside.E(kerbside.CodeInvalid, "kerbside.batch", "There are no recordings or texts there.", nil)
	}
	if b.pipeline, err = c.openPipeline(ctx); err != nil {
		return err
	}
	defer b.pipeline.close()
	if ctx.Bool("dry-run") {
		return b.estimate(ctx.Context, tasks)
	}
	if err := ready(b.out); err != nil {
		return err
	}
	if err := b.run(ctx.Context, tasks); err != nil {
		return err
	}
	if ctx.Bool("watch") {
		if err := b.watch(ctx.Context); err != nil {
			return err
		}
	}
	failed := 0
	for _, r := range b.rows {
		if r.status == statusFailed {
			failed++
		}
	}
	return outcome(failed, len(b.rows))
}

// batch is one run over folders.
type batch struct {
	c        *command
	roots    []string
	out      string
	base     task
	jobs     int
	meta     map[string]metaRow
	pipeline *pipeline

	outs   map[string]place // by path; a result folder stays that of its file while watching
	places *places

	mu      sync.Mutex
	rows    map[string]row // by path
	earlier map[string]row // of the manifest that was there, by source: of files that this run has not done
}

// place is the result folder of a file.
type place struct{ out, was string }

// find lists what is to be done: files named as such, and sound and text in folders, each with a result folder of its own.
func (b *batch) find(ctx context.Context) ([]task, error) {
	var tasks []task
	seen := map[string]bool{}
	add := func(path, name string) error {
		if seen[path] {
			return nil
		}
		seen[path] = true
		t := b.base
		t.path = path
		if err := t.apply(b.meta, path); err != nil {
			return err
		}
		if _, known := b.outs[path]; !known {
			out, was := b.places.of(ctx, path, name)
			b.outs[path] = place{out, was}
		}
		t.out, t.was = b.outs[path].out, b.outs[path].was
		tasks = append(tasks, t)
		return nil
	}
	for _, root := range b.roots {
		matches, err := expand(root)
		if err != nil {
			return nil, err
		}
		for _, path := range matches {
			info, err := os.Stat(path)
			if err != nil || !info.IsDir() { // what cannot be read fails by name when its turn comes
				err = add(path, filepath.Base(path))
			} else {
				err = b.walk(path, add)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return tasks, nil
}

// sayUnmatched names the rows of the --meta file that are about none of the files, so that a slip in a name does not cost a case or a date.
func (b *batch) sayUnmatched(path string, tasks []task) {
	left := maps.Clone(b.meta)
	for _, t := range tasks {
		if file, ok := rowOf(b.meta, t.path); ok {
			delete(left, file)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(left)) {
		b.c.say("%s: its row for %s matches no file.", shown(path), shown(file))
	}
}

// expand gives the paths of an argument: itself when it exists, else what it matches as a pattern.
func expand(arg string) ([]string, error) {
	if _, err := os.Lstat(arg); err == nil {
		return []string{arg}, nil
	}
	matches, err := filepath.Glob(arg)
	if err != nil || len(matches) == 0 {
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.expand", fmt.Sprintf("There is no file or folder %q.", arg), err)
	}
	return matches, nil
}

// walk adds the recordings and texts below a folder, but for hidden files and the results of this command.
func (b *batch) walk(root string, add func(path, name string) error) error {
	out, err := filepath.Abs(b.out)
	if err != nil {
		return openError(b.out, err)
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path == root {
				return openError(path, err)
			}
			if !b.noted(path) {
				b.c.complain(about(path, openError(path, err)))
			}
			b.note(row{file: path, status: statusFailed, problem: message(openError(path, err))})
			return nil
		}
		if d.IsDir() {
			if abs, err := filepath.Abs(path); err == nil && abs == out && path != root {
				return filepath.SkipDir
			}
			if path != root && strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") || !isSoundName(path) && strings.ToLower(filepath.Ext(path)) != ".txt" {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			name = d.Name()
		}
		return add(path, name)
	})
}

// run processes tasks and keeps the manifest.
func (b *batch) run(ctx context.Context, tasks []task) error {
	m := b.c.newMeter(ctx, tasks)
	defer m.end()
	queue := make(chan task)
	var workers sync.WaitGroup
	for range min(b.jobs, max(len(tasks), 1)) {
		workers.Go(func() {
			for t := range queue {
				b.one(ctx, t, m)
			}
		})
	}
feed:
	for _, t := range tasks {
		select {
		case queue <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	workers.Wait()
	if err := b.writeManifest(); err != nil {
		return err
	}
	return ctx.Err()
}

// one processes one file unless an earlier run did.
func (b *batch) one(ctx context.Context, t task, m *meter) {
	done, err := b.pipeline.once(ctx, t, m)
	switch {
	case ctx.Err() != nil: // it was stopped, not failed: the next run does it
		return
	case err != nil:
		m.line(about(t.path, err))
		b.note(row{file: t.path, status: statusFailed, problem: message(err)})
	default:
		m.finished(t, done)
		b.forget(t.was)
		b.note(row{file: t.path, status: statusDone, figures: done, problem: done.Problem})
	}
	_ = b.writeManifest() // so that it is there when the run is killed; the end of the run reports what is wrong with it
}

// watchEvery is how often folders are looked at; a file is taken once it stayed as it is for that long.
const watchEvery = 2 * time.Second

// watch processes new and changed files until ctx ends, which is no error unless it cuts work short.
func (b *batch) watch(ctx context.Context) error {
	b.c.say("Watching for new files. Ctrl-C stops.")
	type state struct {
		size int64
		at   time.Time
	}
	look := func(tasks []task) map[string]state {
		now := map[string]state{}
		for _, t := range tasks {
			if info, err := os.Stat(t.path); err == nil {
				now[t.path] = state{info.Size(), info.ModTime()}
			}
		}
		return now
	}
	first, err := b.find(ctx)
	if err != nil {
		return err
	}
	handled := map[string]state{}
	for path, s := range look(first) {
		if b.noted(path) {
			handled[path] = s
		}
	}
	var before map[string]state
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watchEvery):
		}
		tasks, err := b.find(ctx)
		if err != nil {
			return err
		}
		now := look(tasks)
		var ready []task
		for _, t := range tasks {
			s, ok := now[t.path]
			if ok && s == before[t.path] && s != handled[t.path] {
				ready = append(ready, t)
				handled[t.path] = s
			}
		}
		before = now
		if len(ready) > 0 {
			if err := b.run(ctx, ready); err != nil {
				return err
			}
		}
	}
}

// estimate tells what would be done and how long it would take.
func (b *batch) estimate(ctx context.Context, tasks []task) error {
	var sound float64
	sounds, texts, unknown, kept, again := 0, 0, 0, 0, 0
	for _, t := range tasks {
		if key, _, err := b.pipeline.key(ctx, t); err == nil {
			if _, ok := earlier(t, key); ok {
				if kept++; b.pipeline.lacks(t) != "" {
					again++
				}
				continue
			}
		}
		if !isSoundName(t.path) {
			texts++
			continue
		}
		ms, err := probe(ctx, t.path)
		switch {
		case err != nil:
			unknown++
			fmt.Fprintf(b.c.stdout, "%s\tcannot be read: %s\n", t.path, message(err))
		default:
			sounds++
			sound += float64(ms) / 1000
			fmt.Fprintf(b.c.stdout, "%s\t%.1f s\n", t.path, float64(ms)/1000)
		}
	}
	if again > 0 {
		fmt.Fprintf(b.c.stdout, "The language model did not read all of %d that are done and would be asked again.\n", again)
	}
	takes := ""
	if sounds > 0 { // texts need no engine
		speed, err := b.pipeline.measureSpeed(ctx)
		if err != nil {
			return err
		}
		takes = fmt.Sprintf(": about %s at %.1fx live on this machine", duration(sound/speed), speed)
	}
	fmt.Fprintf(b.c.stdout, "%d recordings (%s of sound), %d texts, %d already done, %d that cannot be read%s. Nothing was written.\n",
		sounds, duration(sound), texts, kept, unknown, takes)
	return nil
}

func duration(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

func (b *batch) note(r row) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows[r.file] = r
	delete(b.earlier, sourceOf(r.file))
}

// forget drops the row of a file that is elsewhere now.
func (b *batch) forget(source string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.earlier, source)
}

func (b *batch) noted(path string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.rows[path]
	return ok
}

// writeManifest writes a row for each file, those of earlier runs too, in the order of their names.
func (b *batch) writeManifest() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	rows := slices.AppendSeq(slices.Collect(maps.Values(b.rows)), maps.Values(b.earlier))
	slices.SortFunc(rows, func(x, y row) int { return strings.Compare(x.file, y.file) })
	return writeFile(filepath.Join(b.out, manifestName), manifestCSV(rows))
}
