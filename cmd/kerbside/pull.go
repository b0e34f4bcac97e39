package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/client"
)

func (c *command) pullCommand() *cli.Command {
	return &cli.Command{
		Name:      "pull",
		Usage:     "fetch transcripts, records and drafts from a server",
		ArgsUsage: "[VISIT…]",
		Description: "Writes DIR/<recording>/transcript.json, record.json and drafts/<audience>.md and .json as `batch` does, and visit.json, for each visit that something was made of. " +
			"A visit that did not change since the last time is not fetched again; nothing is ever removed.",
		Flags: append(remoteFlags(), listFlags(
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`DIR` to write to"},
			&cli.BoolFlag{Name: "bundle", Usage: "fetch the signed bundle of each visit too"},
			&cli.BoolFlag{Name: "wait", Usage: "wait for visits that are still being worked on"},
			alsoFlag())...),
		Action: c.pull,
	}
}

const visitName = "visit.json"

// pulled is what visit.json says of a folder: which visit it holds, and as of when.
type pulled struct {
	ID         kerbside.VisitID    `json:"id"`
	Title      string              `json:"title"`
	Date       string              `json:"date"`
	State      kerbside.VisitState `json:"state"`
	Worker     string              `json:"worker"`
	Revision   string              `json:"revision"`
	UpdatedAt  time.Time           `json:"updated_at"`
	Formats    []kerbside.Format   `json:"formats"`
	Bundle     bool                `json:"bundle"`
	Recordings []client.Recording  `json:"recordings"`
}

// fetched is what came of one visit.
type fetched struct {
	Visit  kerbside.VisitID    `json:"visit"`
	Status string              `json:"status"` // "fetched", "unchanged", "waiting" or "failed"
	State  kerbside.VisitState `json:"state"`
	Folder string              `json:"folder,omitempty"`
	Error  string              `json:"error,omitempty"`
	Code   kerbside.Code       `json:"code,omitempty"`
}

func (f fetched) line() string {
	switch f.Status {
	case "fetched":
		return fmt.Sprintf("%s: %s, in %s", f.Visit, f.State, shown(f.Folder))
	case "unchanged":
		return fmt.Sprintf("%s: unchanged, in %s", f.Visit, shown(f.Folder))
	case "waiting":
		return fmt.Sprintf("%s: nothing to fetch yet, it is %s", f.Visit, f.State)
	}
	return fmt.Sprintf("%s: %s", f.Visit, f.Error)
}

// puller is one run of pull.
type puller struct {
	c       *command
	remote  *client.Client
	out     string
	formats []kerbside.Format
	bundle  bool
	wait    bool
	results *results

	folders map[kerbside.VisitID]string // of earlier runs
	taken   map[string]bool
	rows    []row
}

func (c *command) pull(ctx *cli.Context) error {
	if err := needs(ctx, "out"); err != nil {
		return err
	}
	c.resumes = true
	l, err := listOf(ctx)
	if err != nil {
		return err
	}
	t := task{kind: kerbside.KindDebrief}
	for _, name := range ctx.StringSlice("also") {
		f, err := kerbside.ParseFormat(name)
		if err != nil {
			return usageError{kerbside.MessageOf(err)}
		}
		t.also = append(t.also, f)
	}
	p := &puller{c: c, out: ctx.String("out"), formats: t.draftFormats(), bundle: ctx.Bool("bundle"), wait: ctx.Bool("wait"), results: c.results(ctx)}
	if p.remote, err = c.remote(ctx); err != nil {
		return err
	}
	if err := ready(p.out); err != nil {
		return err
	}
	if err := p.look(); err != nil {
		return err
	}
	visits, err := p.chosen(ctx, l)
	if err != nil {
		return err
	}
	for _, v := range visits {
		done, err := p.one(ctx.Context, v)
		if err != nil && (ctx.Err() != nil || fatal(err)) {
			return err
		}
		if err != nil {
			done.Status, done.Error, done.Code = statusFailed, message(err), kerbside.CodeOf(err)
			p.rows = append(p.rows, row{file: string(v.ID), status: statusFailed, problem: done.Error})
		}
		if err := p.results.add(done.line(), done, err); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(p.out, manifestName), manifestCSV(p.rows)); err != nil {
		return err
	}
	return p.results.outcome()
}

// chosen are the visits to fetch, oldest first, so that names of folders do not depend on what is newer.
func (p *puller) chosen(ctx *cli.Context, l client.List) (visits []client.VisitRow, err error) {
	for _, id := range ctx.Args().Slice() {
		s, err := p.remote.Status(ctx.Context, kerbside.VisitID(id))
		if err != nil {
			return nil, err
		}
		visits = append(visits, client.VisitRow{ID: s.ID, State: s.State})
	}
	if len(visits) > 0 {
		return visits, nil
	}
	for v, err := range p.remote.Visits(ctx.Context, l) {
		if err != nil {
			return nil, err
		}
		visits = append(visits, v)
	}
	slices.Reverse(visits)
	return visits, nil
}

// look finds the folders of earlier runs.
func (p *puller) look() error {
	p.folders, p.taken = map[kerbside.VisitID]string{}, map[string]bool{manifestName: true}
	entries, err := os.ReadDir(p.out)
	if err != nil {
		return openError(p.out, err)
	}
	for _, e := range entries {
		p.taken[e.Name()] = true
		if had, err := readPulled(filepath.Join(p.out, e.Name())); err == nil {
			p.folders[had.ID] = filepath.Join(p.out, e.Name())
		}
	}
	return nil
}

func readPulled(folder string) (had pulled, err error) {
	b, err := os.ReadFile(filepath.Join(folder, visitName))
	if err == nil {
		err = json.Unmarshal(b, &had)
	}
	if err == nil && had.ID == "" {
		err = errors.New("no visit")
	}
	return had, err
}

// one fetches one visit.
func (p *puller) one(ctx context.Context, v client.VisitRow) (fetched, error) {
	done := fetched{Visit: v.ID, State: v.State, Status: "waiting"}
	if v.State == kerbside.VisitProcessing && p.wait {
		now, err := p.remote.Settle(ctx, v.ID)
		if err != nil {
			return done, err
		}
		v.State, done.State, v.UpdatedAt = now.State, now.State, time.Time{}
	}
	if v.State == kerbside.VisitOpen || v.State == kerbside.VisitProcessing {
		return done, nil
	}
	folder := p.folders[v.ID]
	if had, err := readPulled(folder); err == nil && folder != "" && had.State == v.State && !v.UpdatedAt.IsZero() && had.UpdatedAt.Equal(v.UpdatedAt) && p.covers(had) {
		done.Status, done.Folder = "unchanged", folder
		return done, p.row(folder)
	}
	full, err := p.remote.Visit(ctx, v.ID)
	if err != nil {
		return done, err
	}
	done.State = full.State
	if full.State == kerbside.VisitOpen || full.State == kerbside.VisitProcessing { // since the list was read
		return done, nil
	}
	if folder == "" {
		folder = filepath.Join(p.out, freeName(p.taken, folderName(full)))
	}
	done.Folder = folder
	if err := p.write(ctx, folder, full, v.UpdatedAt); err != nil {
		if kerbside.CodeOf(err) == kerbside.CodeConflict { // the drafts are being made anew
			return done, nil
		}
		return done, err
	}
	p.folders[v.ID], done.Status = folder, "fetched"
	return done, p.row(folder)
}

// covers reports whether an earlier run fetched all that this one is to.
func (p *puller) covers(had pulled) bool {
	for _, f := range p.formats {
		if !slices.Contains(had.Formats, f) {
			return false
		}
	}
	return had.Bundle || !p.bundle
}

// folderName is the first recording's name as `batch` would have it, without anything that leads elsewhere.
func folderName(v client.Visit) string {
	for _, r := range v.Recordings {
		name := filepath.Base(filepath.Clean("/" + strings.ReplaceAll(r.Name, `\`, "/")))
		if name = strings.TrimLeft(name, "."); r.Name != "" && strings.Trim(name, "/. ") != "" {
			return name
		}
	}
	return "visit-" + string(v.ID)
}

// write writes a visit; visit.json comes last, so that a folder without it is fetched again.
func (p *puller) write(ctx context.Context, folder string, v client.Visit, updated time.Time) error {
	if err := os.Remove(filepath.Join(folder, visitName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return writeError("kerbside.pull", folder, err)
	}
	for i, t := range v.Transcripts {
		name := "transcript.json"
		if i > 0 {
			name = fmt.Sprintf("transcript-%d.json", i+1)
		}
		if err := writeJSONFile(filepath.Join(folder, name), t.Transcript); err != nil {
			return err
		}
	}
	made := len(v.Record) > 0 && string(v.Record) != "null" // of silence nothing is
	if made {
		if err := writeJSONFile(filepath.Join(folder, "record.json"), v.Record); err != nil {
			return err
		}
	}
	if len(v.Drafts) > 0 {
		if err := p.writeDrafts(ctx, folder, v); err != nil {
			return err
		}
	}
	if p.bundle && made {
		b, err := p.remote.Bundle(ctx, v.ID)
		if err == nil {
			err = writeFile(filepath.Join(folder, "bundle.zip"), b)
		}
		if err != nil {
			return err
		}
	}
	return writeJSONFile(filepath.Join(folder, visitName), pulled{
		ID: v.ID, Title: v.Title, Date: v.Date, State: v.State, Worker: v.Worker, Revision: v.Revision, UpdatedAt: updated, Formats: p.formats, Bundle: p.bundle, Recordings: v.Recordings,
	})
}

func (p *puller) writeDrafts(ctx context.Context, folder string, v client.Visit) error {
	for _, audience := range kerbside.Audiences() {
		for _, format := range p.formats {
			b, err := p.remote.Draft(ctx, v.ID, audience, format)
			if kerbside.CodeOf(err) == kerbside.CodeNotFound { // no draft for this reader
				break
			}
			if err == nil {
				err = writeFile(filepath.Join(folder, "drafts", string(audience)+format.Ext()), b)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// row adds a folder to the manifest.
func (p *puller) row(folder string) error {
	r := row{file: filepath.Base(folder), status: statusDone}
	paths, err := filepath.Glob(filepath.Join(folder, "transcript*.json"))
	if err != nil {
		return openError(folder, err)
	}
	for _, path := range paths {
		var t struct {
			Recording struct {
				DurationMS int64 `json:"duration_ms"`
			}
			Words []json.RawMessage
		}
		b, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(b, &t) != nil {
			return openError(path, err)
		}
		r.figures.Seconds += float64(t.Recording.DurationMS) / 1000
		r.figures.Words += len(t.Words)
	}
	p.rows = append(p.rows, r)
	return nil
}
