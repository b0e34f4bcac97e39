package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/service"
)

func (c *command) retentionCommand() *cli.Command {
	flags := func(more ...cli.Flag) []cli.Flag {
		return append(append(storageFlags(), auditKeyFlag(), &cli.StringFlag{Name: "format", Value: "text", Usage: "`text` for people, or json"}), more...)
	}
	rules := func(more ...cli.Flag) []cli.Flag {
		return append([]cli.Flag{
			&cli.StringFlag{Name: "audio", Usage: "`RULE` for sound: keep, or days and from when, as 30:reviewed, 30:approved, 30:visit"},
			&cli.StringFlag{Name: "transcripts", Usage: "`RULE` for words, as 365:reviewed or 365:visit"},
			&cli.StringFlag{Name: "drafts", Usage: "`RULE` for records and drafts"},
		}, more...)
	}
	days := &cli.IntFlag{Name: "days", Value: service.PreviewDays, Usage: "look `N` days ahead"}
	return &cli.Command{
		Name:  "retention",
		Usage: "what is kept for how long, what goes next, what went",
		Subcommands: []*cli.Command{
			{Name: "show", Usage: "print the policy in force and those before it; may run beside the server", Flags: flags(), Action: c.retentionShow},
			{Name: "set", Usage: "put a policy in force; a rule that is not given stays as it is; may run beside the server", Flags: flags(rules(
				&cli.IntFlag{Name: "replaces", Value: -1, Usage: "the version `N` that it replaces; needed where one is in force"})...), Action: c.retentionSet},
			{Name: "preview", Usage: "print what the policy, or one with the rules given, deletes next; nothing is deleted; may run beside the server", Flags: flags(rules(days)...), Action: c.retentionPreview},
			{Name: "run", Usage: "delete now what the policy says is due; the server, which does so every hour, must be stopped", Flags: flags(), Action: c.retentionRun},
			{Name: "receipts", Usage: "print the receipt of each thing that was deleted; may run beside the server", Flags: flags(), Action: c.retentionReceipts},
			{Name: "holds", Usage: "print the cases that are under a legal hold; may run beside the server", Flags: flags(), Action: c.retentionHolds},
		},
	}
}

// keeper opens a data folder for looking after what is kept; alone: with no server on it.
func (c *command) keeper(ctx *cli.Context, alone bool) (_ *service.Keeper, closeIt func() error, err error) {
	if f := ctx.String("format"); f != "text" && f != "json" {
		return nil, nil, usageError{fmt.Sprintf("There is no format %q. Choose text or json.", f)}
	}
	if err := hasData(ctx); err != nil {
		return nil, nil, err
	}
	open := c.lookAtData
	if alone {
		open = c.openData
	}
	d, err := open(ctx)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (*service.Keeper, func() error, error) { return nil, nil, errors.Join(err, d.close()) }
	log, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
	if err != nil {
		return fail(err)
	}
	org, err := onlyOrganisation(ctx.Context, d.store)
	if err != nil {
		return fail(err)
	}
	return service.NewKeeper(service.Deps{Store: d.store, Blobs: d.blobs, Audit: log, Now: time.Now, Log: c.log}, org), d.close, nil
}

// withKeeper runs f on one.
func (c *command) withKeeper(ctx *cli.Context, alone bool, f func(*service.Keeper) error) error {
	k, closeIt, err := c.keeper(ctx, alone)
	if err != nil {
		return err
	}
	return errors.Join(f(k), closeIt())
}

// retentionRules are a policy as it is printed: the names are those of the API.
type retentionRules struct {
	Audio       kerbside.KeepRule `json:"audio"`
	Transcripts kerbside.KeepRule `json:"transcripts"`
	Drafts      kerbside.KeepRule `json:"drafts"`
}

func ruleWords(r kerbside.KeepRule) string {
	if r.Keep {
		return "keep"
	}
	return strconv.Itoa(r.Days) + ":" + string(r.From)
}

func (c *command) retentionShow(ctx *cli.Context) error {
	return c.withKeeper(ctx, false, func(k *service.Keeper) error {
		v, err := k.Retention(ctx.Context)
		if err != nil {
			return err
		}
		type line struct {
			Version int            `json:"version"`
			At      time.Time      `json:"at"`
			By      string         `json:"by"` // "" at the command line
			Policy  retentionRules `json:"policy"`
		}
		if ctx.String("format") == "json" {
			out := []line{}
			for _, x := range v.Versions {
				out = append(out, line{x.Policy.Version, x.At, x.ByName, retentionRules{x.Policy.Sound, x.Policy.Words, x.Policy.Notes}})
			}
			return writeLine(c.stdout, out)
		}
		if len(v.Versions) == 0 {
			fmt.Fprintf(c.stdout, "No policy is set: everything is kept.\nSuggested: --audio %s --transcripts %s --drafts %s\n", ruleWords(v.Suggested.Sound), ruleWords(v.Suggested.Words), ruleWords(v.Suggested.Notes))
			return nil
		}
		for i, x := range v.Versions {
			in := ""
			if i == 0 {
				in = "  in force"
			}
			by := x.ByName
			if by == "" {
				by = "the command line"
			}
			fmt.Fprintf(c.stdout, "version %d%s: --audio %s --transcripts %s --drafts %s  (%s, by %s)\n", x.Policy.Version, in, ruleWords(x.Policy.Sound), ruleWords(x.Policy.Words), ruleWords(x.Policy.Notes), x.At.Format(time.DateOnly), by)
		}
		return nil
	})
}

// wantedRules gives the policy in force, and the same with the rules of the command line in it; ok is false when there are none.
func wantedRules(ctx *cli.Context, k *service.Keeper) (now, p kerbside.RetentionPolicy, ok bool, err error) {
	v, err := k.Retention(ctx.Context)
	if err != nil {
		return now, p, false, err
	}
	if now, p = v.Policy, v.Policy; p.Version == 0 {
		p = kerbside.RetentionPolicy{Sound: kerbside.KeepRule{Keep: true, From: kerbside.FromReviewed}, Words: kerbside.KeepRule{Keep: true, From: kerbside.FromReviewed}, Notes: kerbside.KeepRule{Keep: true, From: kerbside.FromReviewed}}
	}
	for name, rule := range map[string]*kerbside.KeepRule{"audio": &p.Sound, "transcripts": &p.Words, "drafts": &p.Notes} {
		text := ctx.String(name)
		if text == "" {
			continue
		}
		ok = true
		if *rule, err = parseRule(name, text); err != nil {
			return now, p, ok, err
		}
	}
	if ok {
		if err := p.Check(); err != nil {
			return now, p, ok, usageError{kerbside.MessageOf(err)}
		}
	}
	return now, p, ok, nil
}

func parseRule(name, text string) (r kerbside.KeepRule, err error) {
	if text == "keep" {
		return kerbside.KeepRule{Keep: true, From: kerbside.FromReviewed}, nil
	}
	days, from, _ := strings.Cut(text, ":")
	r.From = kerbside.KeepFrom(from)
	if r.Days, err = strconv.Atoi(days); err != nil || from == "" {
		return r, usageError{fmt.Sprintf("--%s %q is no rule. Write keep, or days and from when, as 30:reviewed.", name, text)}
	}
	return r, nil
}

func (c *command) retentionSet(ctx *cli.Context) error {
	return c.withKeeper(ctx, false, func(k *service.Keeper) error {
		now, p, ok, err := wantedRules(ctx, k)
		if err != nil {
			return err
		}
		if !ok {
			return usageError{"Say what is kept for how long: --audio, --transcripts, --drafts. `kerbside retention show` prints what is in force."}
		}
		replaces := ctx.Int("replaces")
		if replaces < 0 && now.Version > 0 {
			return usageError{fmt.Sprintf("Version %d is in force. Look at it with `kerbside retention show`, then add --replaces %d.", now.Version, now.Version)}
		}
		if err := k.SetRetention(ctx.Context, p, max(replaces, 0)); err != nil {
			return err
		}
		preview, err := k.Preview(ctx.Context, nil, 0)
		if err != nil {
			return err
		}
		n := 0
		for _, of := range preview.DueCount {
			n += of
		}
		fmt.Fprintf(c.stdout, "Version %d is in force: --audio %s --transcripts %s --drafts %s. It deletes %d parts of visits within the hour; %d are kept by a legal hold.\n", max(replaces, 0)+1, ruleWords(p.Sound), ruleWords(p.Words), ruleWords(p.Notes), n, preview.HeldCount)
		return nil
	})
}

func (c *command) retentionPreview(ctx *cli.Context) error {
	return c.withKeeper(ctx, false, func(k *service.Keeper) error {
		_, p, ok, err := wantedRules(ctx, k)
		if err != nil {
			return err
		}
		would := &p
		if !ok {
			would = nil
		}
		preview, err := k.Preview(ctx.Context, would, ctx.Int("days"))
		if err != nil {
			return err
		}
		if ctx.String("format") == "json" {
			type due struct {
				Visit kerbside.VisitID `json:"visit"`
				Day   string           `json:"day"`
				Part  kerbside.Part    `json:"part"`
				At    time.Time        `json:"at"`
				Held  bool             `json:"held"`
			}
			out := struct {
				Due    []due                 `json:"due"`
				Counts map[kerbside.Part]int `json:"counts"`
				Held   int                   `json:"held"`
			}{[]due{}, preview.DueCount, preview.HeldCount}
			for _, d := range preview.Due {
				out.Due = append(out.Due, due{d.Visit, d.Day, d.Part, d.At, d.Held})
			}
			return writeLine(c.stdout, out)
		}
		for _, d := range preview.Due {
			held := ""
			if d.Held {
				held = "  kept by a legal hold"
			}
			fmt.Fprintf(c.stdout, "%s  %-11s of the visit of %s, %s%s\n", d.At.Format(time.DateOnly), d.Part, d.Day, d.Visit, held)
		}
		fmt.Fprintf(c.stdout, "audio of %d visits, transcripts of %d, drafts of %d; %d parts are kept by a legal hold\n", preview.DueCount[kerbside.PartSound], preview.DueCount[kerbside.PartWords], preview.DueCount[kerbside.PartNotes], preview.HeldCount)
		return nil
	})
}

func (c *command) retentionRun(ctx *cli.Context) error {
	return c.withKeeper(ctx, true, func(k *service.Keeper) error {
		n, err := k.Run(ctx.Context)
		if err != nil {
			return err
		}
		if ctx.String("format") == "json" {
			return writeLine(c.stdout, map[string]int{"parts": n})
		}
		fmt.Fprintf(c.stdout, "%d parts of visits were deleted, each with a receipt.\n", n)
		return nil
	})
}

func (c *command) retentionReceipts(ctx *cli.Context) error {
	return c.withKeeper(ctx, false, func(k *service.Keeper) error {
		receipts, err := k.Receipts(ctx.Context)
		for _, r := range receipts {
			if err != nil {
				return err
			}
			if ctx.String("format") == "json" {
				err = writeLine(c.stdout, struct {
					Receipt kerbside.Receipt `json:"receipt"`
					SHA256  string           `json:"sha256"`
				}{r.Receipt, r.SHA256})
				continue
			}
			why := "by hand"
			switch {
			case r.Replay:
				why = "again, after a restore"
			case r.Policy > 0:
				why = fmt.Sprintf("policy %d", r.Policy)
			case r.Consent:
				why = "consent was taken back"
			}
			_, err = fmt.Fprintf(c.stdout, "%s  %s  %-11s of %s, %d things, %s, sha256 %s\n", r.At.Format(time.RFC3339), r.ID, r.Part, r.Visit, len(r.Items), why, r.SHA256)
		}
		return err
	})
}

func (c *command) retentionHolds(ctx *cli.Context) error {
	return c.withKeeper(ctx, false, func(k *service.Keeper) error {
		cases, err := k.Holds(ctx.Context)
		if err != nil {
			return err
		}
		for _, h := range cases {
			for _, x := range h.Holds {
				if x.Ended {
					continue
				}
				if ctx.String("format") == "json" {
					err = writeLine(c.stdout, map[string]any{"case": h.Case, "reference": h.Reference, "hold": x.ID, "by": x.ByName, "at": x.At})
				} else {
					_, err = fmt.Fprintf(c.stdout, "%s  case %s (%s), by %s, hold %s\n", x.At.Format(time.DateOnly), h.Reference, h.Case, x.ByName, x.ID)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}
