package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/draft"
)

// visitFiles is one visit as it is exported.
type visitFiles struct {
	path, name string
	dossier    *kerbside.Dossier
}

// openVisits reads the visits that the command line names: folders of results, transcripts, texts and records.
func (c *command) openVisits(ctx *cli.Context, drafts bool) ([]visitFiles, error) {
	extractor, err := c.extractor(ctx, nil)
	if err != nil {
		return nil, err
	}
	set, err := loadTemplates(ctx)
	if err != nil {
		return nil, err
	}
	drafter, err := draft.New(set, draft.Options{})
	if err != nil {
		return nil, err
	}
	t := task{visitDate: ctx.String("visit-date"), kind: kerbside.KindDebrief, caseRef: ctx.String("case")}
	if err := t.check(); err != nil {
		return nil, err
	}
	paths, err := resultFolders(ctx.Args().Slice())
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	var out []visitFiles
	for _, path := range paths {
		d, err := c.openVisit(ctx.Context, path, t, extractor)
		if err != nil {
			return nil, err
		}
		if d.Record.Source.Case == "" {
			d.Record.Source.Case = t.caseRef
		}
		if drafts {
			if err := compose(ctx.Context, drafter, d, path); err != nil {
				return nil, err
			}
		}
		out = append(out, visitFiles{path, freeName(taken, filepath.Base(path)), d})
	}
	return out, nil
}

// resultFolders puts in the place of a folder of results its folders, and leaves everything else.
func resultFolders(args []string) ([]string, error) {
	var out []string
	for _, arg := range args {
		if info, err := os.Stat(arg); err != nil || !info.IsDir() || isResult(arg) {
			out = append(out, arg)
			continue
		}
		entries, err := os.ReadDir(arg)
		if err != nil {
			return nil, openError(arg, err)
		}
		before := len(out)
		for _, e := range entries {
			if dir := filepath.Join(arg, e.Name()); e.IsDir() && isResult(dir) {
				out = append(out, dir)
			}
		}
		if len(out) == before {
			return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.resultFolders", fmt.Sprintf("There are no results of `process` or `batch` in %q.", arg), nil)
		}
	}
	return out, nil
}

func isResult(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "record.json"))
	return err == nil
}

// openVisit reads what there is of one visit; what is no record yet becomes one.
func (c *command) openVisit(ctx context.Context, path string, t task, extractor kerbside.Extractor) (*kerbside.Dossier, error) {
	d := &kerbside.Dossier{}
	names := []string{path}
	if isResult(path) {
		names = []string{filepath.Join(path, "transcript.json"), filepath.Join(path, "record.json")}
	}
	for _, name := range names {
		in, err := c.readInput(ctx, name)
		switch {
		case err != nil:
			return nil, err
		case in.record != nil:
			d.Record = in.record
		case in.transcript != nil:
			d.Transcripts = append(d.Transcripts, in.transcript)
		default:
			return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.openVisit", fmt.Sprintf("%q is a recording. `kerbside process` makes a folder of it that can be exported.", name), nil)
		}
	}
	if d.Record == nil {
		record, err := await(ctx, func() (*kerbside.Record, error) {
			return extractor.Extract(ctx, []*kerbside.Source{kerbside.NewSource(d.Transcripts[0])}, extractOptions(t, d.Transcripts[0]))
		})
		if err != nil {
			return nil, err
		}
		d.Record = record
	}
	for _, t := range d.Transcripts {
		if !slices.Contains(d.Record.Source.Transcripts, string(t.ID)) {
			return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.openVisit", fmt.Sprintf("The record in %q was not made from the transcript beside it. Process the recording again.", path), nil)
		}
	}
	return d, nil
}

// compose makes the drafts of a dossier.
func compose(ctx context.Context, drafter kerbside.Drafter, d *kerbside.Dossier, path string) error {
	if len(d.Transcripts) == 0 {
		return kerbside.E(kerbside.CodeInvalid, "kerbside.compose", fmt.Sprintf("A record alone does not hold the words that drafts rest on. Give the folder that %q is from.", path), nil)
	}
	var sources []*kerbside.Source
	for _, t := range d.Transcripts {
		sources = append(sources, kerbside.NewSource(t))
	}
	for _, a := range kerbside.Audiences() {
		draft, err := await(ctx, func() (*kerbside.Draft, error) {
			return drafter.Draft(ctx, d.Record, sources, kerbside.DraftOptions{Audience: a})
		})
		if err != nil {
			return err
		}
		d.Drafts = append(d.Drafts, draft)
	}
	return nil
}
