package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
)

// draftFigures are what the drafts for one reader come to, over all cases. They hold no word of a case.
type draftFigures struct {
	Audience     kerbside.Audience        `json:"audience"`
	Drafts       int                      `json:"drafts"`
	Sentences    int                      `json:"sentences"`
	Verdicts     map[kerbside.Verdict]int `json:"verdicts"`
	Without      int                      `json:"without_verdict"`
	Unfounded    int                      `json:"evidence_not_in_source"`
	Withheld     int                      `json:"withheld"`
	Omissions    int                      `json:"omissions"`
	AgeAll       float64                  `json:"reading_age"` // mean
	AgeMost      float64                  `json:"reading_age_most"`
	AgeOwn       float64                  `json:"reading_age_own_words"`
	Unpardoned   []string                 `json:"cases_with_omissions"`
	HardToRead   []string                 `json:"cases_over_11"`
	milliseconds float64
}

// evalDrafts prints what the drafts of cases come to.
func (c *command) evalDrafts(ctx *cli.Context, cases []spokenCase, extractor kerbside.Extractor, reader *reader) error {
	drafter, _, _, err := c.newDrafter(ctx)
	if err != nil {
		return err
	}
	var all []*draftFigures
	for _, a := range kerbside.Audiences() {
		all = append(all, &draftFigures{Audience: a, Verdicts: map[kerbside.Verdict]int{}})
	}
	words := 0
	for _, one := range cases {
		one.transcript.Recording.Kind = kerbside.KindDebrief
		words += len(one.transcript.Words)
		record, err := one.extract(ctx.Context, extractor, reader)
		if err != nil {
			return err
		}
		sources := []*kerbside.Source{kerbside.NewSource(one.transcript)}
		for _, f := range all {
			if err := f.add(ctx.Context, drafter, record, sources, one.ID); err != nil {
				return err
			}
		}
	}
	for _, f := range all {
		f.AgeAll /= float64(max(1, f.Drafts))
		f.AgeOwn /= float64(max(1, f.Drafts))
	}
	if ctx.Bool("json") || c.json {
		e := json.NewEncoder(c.stdout)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	fmt.Fprintf(c.stdout, "%d cases, %d words\n\n", len(cases), words)
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "reader\tsentences\twith a verdict\tquoted\tsupported\tinferred\tstated\tboilerplate\tevidence not in source\twithheld\tomissions\treading age\tmost\town words\tms a draft\t")
	for _, f := range all {
		v := f.Verdicts
		fmt.Fprintf(w, "%s\t%d\t%.1f %%\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%.1f\t%.1f\t%.2f\t\n", f.Audience, f.Sentences, 100*float64(f.Sentences-f.Without)/float64(max(1, f.Sentences)),
			v[kerbside.VerdictQuoted], v[kerbside.VerdictSupported], v[kerbside.VerdictInferred], v[kerbside.VerdictStated], v[kerbside.VerdictBoilerplate], f.Unfounded, f.Withheld, f.Omissions,
			f.AgeAll, f.AgeMost, f.AgeOwn, f.milliseconds/float64(max(1, f.Drafts)))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, f := range all {
		if len(f.Unpardoned) > 0 {
			fmt.Fprintf(c.stdout, "\nomissions for %s: %v\n", f.Audience, f.Unpardoned)
		}
		if f.Audience == kerbside.AudienceFamily && len(f.HardToRead) > 0 {
			fmt.Fprintf(c.stdout, "\nreading age over 11 for %s: %v\n", f.Audience, f.HardToRead)
		}
	}
	return nil
}

func (f *draftFigures) add(ctx context.Context, d kerbside.Drafter, r *kerbside.Record, sources []*kerbside.Source, id string) error {
	began := time.Now()
	made, err := d.Draft(ctx, r, sources, kerbside.DraftOptions{Audience: f.Audience})
	if err != nil {
		return err
	}
	f.milliseconds += float64(time.Since(began).Microseconds()) / 1000
	f.Drafts++
	f.Sentences += len(made.Sentences)
	f.Withheld += len(made.Withheld)
	f.Omissions += len(made.Omissions)
	if len(made.Omissions) > 0 {
		f.Unpardoned = append(f.Unpardoned, fmt.Sprintf("%s:%d", id, len(made.Omissions)))
	}
	for _, s := range made.Sentences {
		f.Verdicts[s.Verdict()]++
		if s.Verdict() == "" || s.Verdict() != kerbside.VerdictBoilerplate && len(s.Evidence()) == 0 {
			f.Without++
		}
		for _, e := range s.Evidence() {
			if src := kerbside.FindSource(sources, e); src == nil || src.Check(e) != nil {
				f.Unfounded++
			}
		}
	}
	if a := made.ReadingAge; a != nil {
		f.AgeAll, f.AgeOwn, f.AgeMost = f.AgeAll+a.All, f.AgeOwn+a.Own, max(f.AgeMost, a.All)
		if a.All > 11 {
			f.HardToRead = append(f.HardToRead, fmt.Sprintf("%s:%.1f", id, a.All))
		}
	}
	return nil
}
