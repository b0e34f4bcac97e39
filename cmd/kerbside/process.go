package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
)

func (c *command) processCommand() *cli.Command {
	return &cli.Command{
		Name:      "process",
		Usage:     "make transcript, record and drafts of recordings or texts",
		ArgsUsage: "FILE…",
		Description: "Writes DIR/<name>/transcript.json, record.json and drafts/<audience>.md and .json for each FILE, which may be sound, " +
			"plain text or a transcript. A FILE whose content and options are those of an earlier run is not done again. A folder that holds another file's results, " +
			"or what Kerbside did not make, is left alone: <name> is then the file's name with its extension, or with a number.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`DIR` to write to"},
			visitDateFlag(), kindFlag(), templatesFlag(), polishFlag(), alsoFlag(),
		}, append(transcribeFlags(), engineFlags()...)...),
		Action: func(ctx *cli.Context) error {
			if err := needs(ctx, "out"); err != nil {
				return err
			}
			c.resumes = true
			return c.each(ctx, placeTasks, func(p *pipeline, t task, m *meter) error {
				done, err := p.once(ctx.Context, t, m)
				if err == nil {
					m.finished(t, done)
				}
				return err
			})
		},
	}
}

// each does something to every file of the command line, one after the other; one that fails is named and does not stop the rest. name gives
// each file its place below --out.
func (c *command) each(ctx *cli.Context, name func(ctx context.Context, paths []string, out string, base task) []task, do func(*pipeline, task, *meter) error) error {
	paths, err := files(ctx)
	if err != nil {
		return err
	}
	base, err := taskOf(ctx)
	if err != nil {
		return err
	}
	out := ctx.String("out")
	if out != "" {
		if err := ready(out); err != nil {
			return err
		}
	}
	p, err := c.openPipeline(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	tasks := name(ctx.Context, paths, out, base)
	m := c.newMeter(ctx.Context, tasks)
	defer m.end()
	failed := 0
	for _, t := range tasks {
		err := do(p, t, m)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			m.line(about(t.path, err))
		}
	}
	return outcome(failed, len(tasks))
}

// outcome is nil, an error for all failed (each was named already), or errSome.
func outcome(failed, all int) error {
	switch {
	case failed == 0:
		return nil
	case failed < all:
		return errSome
	default:
		return errNamed
	}
}

// The files of a folder of results.
const (
	transcriptName = "transcript.json"
	recordName     = "record.json"
)

// task is one file to process.
type task struct {
	path      string
	out       string // folder for its results
	was       string // the path that it had in an earlier run, "" unless that was another one
	visitDate string // ISO 8601 or ""
	kind      kerbside.RecordingKind
	caseRef   string
	worker    kerbside.WorkerRef
	also      []kerbside.Format // of drafts, beside Markdown and JSON
}

// draftFormats are the formats that drafts are written in.
func (t task) draftFormats() []kerbside.Format {
	out := []kerbside.Format{kerbside.FormatMarkdown, kerbside.FormatJSON}
	for _, f := range t.also {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// figures tell what one task came to.
type figures struct {
	Seconds float64 `json:"seconds"` // of sound, 0 for text
	Words   int     `json:"words"`
	Wall    float64 `json:"wall"` // seconds that it took
	Resumed bool    `json:"-"`    // made by an earlier run
	Problem string  `json:"-"`    // what the same command tries again
}

// speed is seconds of sound for each second of work, 0 for text.
func (f figures) speed() float64 {
	if f.Wall <= 0 {
		return 0
	}
	return f.Seconds / f.Wall
}

// placeTasks gives each file a folder below out in which nothing of another file is.
func placeTasks(ctx context.Context, paths []string, out string, base task) []task {
	at := newPlaces(out)
	tasks := make([]task, 0, len(paths))
	for _, path := range paths {
		t := base
		t.path = path
		t.out, t.was = at.of(ctx, path, filepath.Base(path))
		tasks = append(tasks, t)
	}
	return tasks
}

// nameTasks gives each file a name of its own below out, after the file's.
func nameTasks(_ context.Context, paths []string, out string, base task) []task {
	taken := map[string]bool{}
	tasks := make([]task, 0, len(paths))
	for _, path := range paths {
		t := base
		t.path = path
		t.out = filepath.Join(out, freeName(taken, filepath.Base(path)))
		tasks = append(tasks, t)
	}
	return tasks
}

// freeName is the first of a file's names that is not taken.
func freeName(taken map[string]bool, name string) string {
	n := 0
	for taken[nthName(name, n)] {
		n++
	}
	taken[nthName(name, n)] = true
	return nthName(name, n)
}

// nthName is the file's name without extension, with it when two files share the rest (1), with a number when they share all (from 2).
func nthName(name string, n int) string {
	if name == "-" {
		name = "stdin"
	}
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	if strings.Trim(filepath.Base(stem), ".") == "" {
		stem = name
	}
	switch n {
	case 0:
		return stem
	case 1:
		return name
	}
	return fmt.Sprintf("%s-%d", name, n)
}

// process runs the whole path for one file. Each stage's result is on disk before the next begins.
func (p *pipeline) process(ctx context.Context, t task, m *meter) (figures, error) {
	began := time.Now()
	var done figures
	in, err := p.c.readInput(ctx, t.path)
	if err != nil {
		return done, err
	}
	if in.record != nil {
		return done, isRecordError("kerbside.process", t.path, "the recording, the text or the transcript")
	}
	transcript := in.transcript
	write := func(made *kerbside.Transcript) error {
		return writeJSONFile(filepath.Join(t.out, transcriptName), made)
	}
	if transcript != nil {
		err = write(transcript)
	} else if transcript, err = p.listen(ctx, in, t, filepath.Join(t.out, unfinishedName), m.progress(t.path), write); err == nil {
		m.oddities(t, transcript)
	}
	if err != nil {
		return done, err
	}
	sources := []*kerbside.Source{kerbside.NewSource(transcript)}
	record, err := p.extract(ctx, t, transcript, sources)
	if err != nil {
		return done, err
	}
	if err := writeJSONFile(filepath.Join(t.out, recordName), record); err != nil {
		return done, err
	}
	if err := p.draft(ctx, t, record, sources); err != nil {
		return done, err
	}
	done = figures{Problem: unreadText[unread(record.Warnings)], Seconds: float64(transcript.Recording.DurationMS) / 1000, Words: len(transcript.Words), Wall: time.Since(began).Seconds()}
	return done, nil
}

// extract makes the record of a transcript.
func (p *pipeline) extract(ctx context.Context, t task, transcript *kerbside.Transcript, sources []*kerbside.Source) (*kerbside.Record, error) {
	return await(ctx, func() (*kerbside.Record, error) {
		return p.extractor.Extract(ctx, sources, extractOptions(t, transcript))
	})
}

// draft writes the drafts of a record.
func (p *pipeline) draft(ctx context.Context, t task, record *kerbside.Record, sources []*kerbside.Source) error {
	for _, audience := range kerbside.Audiences() {
		draft, err := await(ctx, func() (*kerbside.Draft, error) {
			return p.drafter.Draft(ctx, record, sources, kerbside.DraftOptions{Audience: audience})
		})
		if err != nil {
			return err
		}
		for _, format := range t.draftFormats() {
			var b bytes.Buffer
			if err := p.exporter.Export(&b, draft, kerbside.ExportOptions{Format: format, Record: record, Unapproved: true}); err != nil {
				return err
			}
			if err := writeFile(filepath.Join(t.out, "drafts", string(audience)+format.Ext()), b.Bytes()); err != nil {
				return err
			}
		}
	}
	return nil
}

// extractOptions takes the visit date from the command line, else from the recording's own metadata.
func extractOptions(t task, transcript *kerbside.Transcript) kerbside.ExtractOptions {
	o := kerbside.ExtractOptions{VisitDate: t.visitDate, Worker: t.worker, Case: t.caseRef}
	switch {
	case o.VisitDate != "":
		o.HintFrom = "option"
	case len(transcript.Recording.RecordedAt) >= len(time.DateOnly):
		o.VisitDate, o.HintFrom = transcript.Recording.RecordedAt[:len(time.DateOnly)], "recording"
	}
	return o
}

func visitDateFlag() cli.Flag {
	return &cli.StringFlag{Name: "visit-date", Usage: "`DATE` of the visit (2026-03-03), for \"tomorrow\", \"by Friday\" and \"3 March\" where no year was said"}
}

func alsoFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "also", Usage: "write drafts as `FORMAT` too, may be repeated: text, html, docx, pdf"}
}

func kindFlag() cli.Flag {
	return &cli.StringFlag{Name: "kind", Value: string(kerbside.KindDebrief), Usage: "`KIND`: debrief (the worker alone) or visit (others are heard too)"}
}

// taskOf reads what the options say of every file.
func taskOf(ctx *cli.Context) (task, error) {
	t := task{visitDate: ctx.String("visit-date"), kind: kerbside.RecordingKind(ctx.String("kind"))}
	for _, name := range ctx.StringSlice("also") {
		f, err := kerbside.ParseFormat(name)
		if err != nil {
			return t, usageError{kerbside.MessageOf(err)}
		}
		t.also = append(t.also, f)
	}
	return t, t.check()
}

func (t task) check() error {
	if t.visitDate != "" {
		if _, err := time.Parse(time.DateOnly, t.visitDate); err != nil {
			return usageError{fmt.Sprintf("%q is not a date. Write it as 2026-03-03.", t.visitDate)}
		}
	}
	if t.kind != kerbside.KindDebrief && t.kind != kerbside.KindVisit {
		return usageError{fmt.Sprintf("%q is not a kind of recording. Choose debrief or visit.", t.kind)}
	}
	return nil
}
