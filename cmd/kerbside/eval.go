package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/extract"
	"kerbside/extract/score"
)

func (c *command) evalCommand() *cli.Command {
	return &cli.Command{
		Name:        "eval",
		Usage:       "measure an engine on cases with a gold record each",
		ArgsUsage:   "CASES_DIR",
		Description: "Prints what score.py prints for the same records, with --json as JSON. Nothing of the cases is printed without --details.",
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "plain", Usage: "take the texts in lower case and without punctuation, as some recognisers write"},
			&cli.StringFlag{Name: "transcripts", Usage: "take the transcripts (ID.json or ID/transcript.json) in `DIR` instead of the texts"},
			&cli.StringFlag{Name: "records", Usage: "also write the records to `DIR`, as ID.json"},
			&cli.BoolFlag{Name: "drafts", Usage: "measure the drafts of the records instead: verdicts, omissions, reading ages"}, templatesFlag(), polishFlag(),
			&cli.BoolFlag{Name: "details", Usage: "also list what was missed or wrong in each case"},
		}, enginesFlags("both (every proposal of a language model is taken as if a person had accepted it), or llm (its proposals alone)")...),
		Action: c.eval,
	}
}

// evaluation is the outcome of one run.
type evaluation struct {
	Engine string `json:"engine"`
	Text   string `json:"text"`   // "careful", "plain" or "transcripts"
	Absent int    `json:"absent"` // cases without a transcript, which are left out
	Lost   int    `json:"lost"`   // quotes of the gold of which a transcript holds nothing
	Unread int    `json:"unread"` // cases that a language model was to read beside the rules, and read nothing of
	Partly int    `json:"partly"` // cases that it read in part
	score.Report
}

func (c *command) eval(ctx *cli.Context) error {
	if ctx.Args().Len() != 1 {
		return usageError{"`kerbside eval` takes one folder of cases."}
	}
	if ctx.Bool("plain") && ctx.String("transcripts") != "" {
		return usageError{"--plain and --transcripts exclude each other."}
	}
	if ctx.Bool("drafts") && (ctx.String("records") != "" || ctx.Bool("details")) {
		return usageError{"--records and --details are about records. Leave --drafts out."}
	}
	cases, err := score.Load(ctx.Args().First())
	if err != nil {
		return err
	}
	dir := ctx.String("records")
	if dir != "" {
		if err := ready(dir); err != nil {
			return recordsError(dir, err)
		}
	}
	reader := &reader{c: c}
	extractor, name, err := c.evalExtractor(ctx, reader)
	if err != nil {
		return err
	}
	out := evaluation{Engine: name, Text: "careful"}
	spoken, err := out.prepare(ctx, cases)
	if err != nil {
		return err
	}
	if ctx.Bool("drafts") {
		return c.evalDrafts(ctx, spoken, extractor, reader)
	}
	records := map[string]*kerbside.Record{}
	var kept []score.Case
	for _, s := range spoken {
		record, err := s.extract(ctx.Context, extractor, reader)
		if err != nil {
			return err
		}
		out.noteReading(record)
		records[s.ID] = record
		accept(record)
		kept = append(kept, s.Case)
		if dir != "" {
			if err := writeJSONFile(filepath.Join(dir, s.ID+".json"), record); err != nil {
				return recordsError(dir, err)
			}
		}
	}
	if out.Unread == len(kept) {
		return kerbside.E(kerbside.CodeUnavailable, "kerbside.eval", "The language model read none of the cases, so there is nothing of it to measure. --engine rules measures the rules alone.", nil)
	}
	out.Report = score.Score(kept, records)
	return c.printEvaluation(&out, ctx.Bool("details"))
}

// recordsError is an error of writing to the folder of --records. A disk that is full needs no other folder.
func recordsError(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return err
	}
	return kerbside.E(kerbside.CodeUnavailable, "kerbside.eval", fmt.Sprintf("Records cannot be written to %q. Choose another folder with --records.", dir), err)
}

// spokenCase is a case with the words that an engine gets.
type spokenCase struct {
	score.Case
	transcript *kerbside.Transcript
}

func (s spokenCase) extract(ctx context.Context, x kerbside.Extractor, reader *reader) (*kerbside.Record, error) {
	defer reader.end()
	return await(ctx, func() (*kerbside.Record, error) {
		return x.Extract(ctx, []*kerbside.Source{kerbside.NewSource(s.transcript)}, kerbside.ExtractOptions{VisitDate: s.VisitDate, HintFrom: "option"})
	})
}

// evalExtractor gives the engine that is measured, and its name.
func (c *command) evalExtractor(ctx *cli.Context, reader *reader) (kerbside.Extractor, string, error) {
	engine, err := engineOf(ctx)
	if err != nil {
		return nil, "", err
	}
	list, err := loadChecklist(ctx)
	if err != nil {
		return nil, "", err
	}
	o := extract.Options{Checklist: list}
	if engine == engineRules {
		x, err := extract.NewRules(o)
		return x, engineRules, err
	}
	model, err := c.languageModel(ctx, reader.progress)
	if err != nil {
		return nil, "", err
	}
	if engine == engineLLM {
		x, err := extract.NewModelAlone(model, o)
		return x, model.Name(), err
	}
	rules, err := extract.NewRules(o)
	if err != nil {
		return nil, "", err
	}
	return extract.NewAssisted(rules, model, extract.AssistedOptions{Log: c.log}), "rules and " + model.Name(), nil
}

// prepare gives the cases the words that the options choose.
func (e *evaluation) prepare(ctx *cli.Context, cases []score.Case) ([]spokenCase, error) {
	dir := ctx.String("transcripts")
	var out []spokenCase
	for _, one := range cases {
		s := spokenCase{Case: one}
		var err error
		switch {
		case dir != "":
			e.Text = "transcripts"
			if s.transcript, err = readTranscript(ctx.Context, dir, one.ID); errors.Is(err, fs.ErrNotExist) {
				e.Absent++
				continue
			}
			if err == nil {
				s.Case = score.Heard(one, s.transcript)
			}
		case ctx.Bool("plain"):
			e.Text = "plain"
			s.Case = score.Plain(one)
			fallthrough
		default:
			s.transcript, err = kerbside.TypedTranscript(s.Text)
		}
		if err != nil {
			return nil, err
		}
		e.Lost += score.Lost(s.Case)
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, kerbside.E(kerbside.CodeNotFound, "kerbside.eval", fmt.Sprintf("%q holds no transcript of a case. They are named ID.json or ID/transcript.json.", dir), nil)
	}
	return out, nil
}

// noteReading counts what a language model did not read. The record is then the rules' own, and so are its figures.
func (e *evaluation) noteReading(r *kerbside.Record) {
	switch unread(r.Warnings) {
	case kerbside.WarnModelDown:
		e.Unread++
	case kerbside.WarnModelPartial:
		e.Partly++
	}
}

// readTranscript reads the transcript of a case; fs.ErrNotExist tells that there is none.
func readTranscript(ctx context.Context, dir, id string) (*kerbside.Transcript, error) {
	for _, path := range []string{filepath.Join(dir, id+".json"), filepath.Join(dir, id, "transcript.json")} {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		in, err := (&command{}).readInput(ctx, path)
		if err != nil {
			return nil, err
		}
		if in.transcript == nil || in.typed {
			return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.eval", fmt.Sprintf("%q is not a transcript.", path), nil)
		}
		return in.transcript, nil
	}
	return nil, fs.ErrNotExist
}

// accept takes a record's proposals as if a person had accepted each.
func accept(r *kerbside.Record) {
	if r.Proposals == nil {
		return
	}
	v := &r.Visit
	facts := map[string]*kerbside.Fact{"date": &v.Date, "time": &v.Time, "type": &v.Type, "place": &v.Place, "announced": &v.Announced,
		"child_seen": &v.ChildSeen, "bedroom_seen": &v.BedroomSeen, "next_visit": &v.NextVisit, "mode": &v.Mode, "outcome": &v.Outcome}
	for _, p := range r.Proposals.Visit {
		if f := facts[p.Field]; f != nil {
			*f = kerbside.Fact{Value: p.Value, Evidence: p.Evidence}
		} else if p.Field == "seen_alone" {
			v.SeenAlone = kerbside.ReasonedFact{Value: p.Value, Evidence: p.Evidence}
		}
	}
	r.Attendees = append(r.Attendees, r.Proposals.Attendees...)
}

func (c *command) printEvaluation(e *evaluation, details bool) error {
	rows := e.Details
	if !details {
		e.Details = nil
	}
	if c.json {
		return writeJSON(c.stdout, e)
	}
	fmt.Fprintf(c.stdout, "engine %s, text %s", e.Engine, e.Text)
	if e.Absent+e.Lost > 0 {
		fmt.Fprintf(c.stdout, " (%d cases without a transcript left out; nothing was heard of %d quotes of the gold)", e.Absent, e.Lost)
	}
	if e.Unread+e.Partly > 0 {
		fmt.Fprintf(c.stdout, " (the model read nothing of %d cases, and %d in part)", e.Unread, e.Partly)
	}
	fmt.Fprintf(c.stdout, "\n%s", e.Table())
	if !details {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(c.stdout, "\n%s\n", id)
		for _, d := range rows[id] {
			fmt.Fprintf(c.stdout, "  %-12s %-20s %s\n", d[0], d[1], d[2])
		}
	}
	return nil
}
