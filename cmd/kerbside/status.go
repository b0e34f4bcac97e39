package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/client"
)

func (c *command) statusCommand() *cli.Command {
	return &cli.Command{
		Name:        "status",
		Usage:       "show where your visits on a server stand, or what became of recordings that were pushed",
		ArgsUsage:   "[FILE|DIR…]",
		Description: "Exits with 3 when something failed there and waits for a person.",
		Flags: append(remoteFlags(), listFlags(
			&cli.StringFlag{Name: "visit", Usage: "the recordings were pushed to the visit with this `ID`"},
			&cli.BoolFlag{Name: "wait", Usage: "wait until nothing is being made any more"})...),
		Action: c.status,
	}
}

// listFlags choose visits.
func listFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "list", Value: "mine", Usage: "`mine`, to_review or all that you may read"},
		&cli.StringSliceFlag{Name: "state", Usage: "only visits in this `STATE`, may be repeated: open, processing, drafted, approved, returned, locked, failed"},
		&cli.StringFlag{Name: "since", Usage: "only visits that changed on this `DATE` or later"},
	}, more...)
}

// listOf reads the options of listFlags.
func listOf(ctx *cli.Context) (client.List, error) {
	l := client.List{List: ctx.String("list"), States: ctx.StringSlice("state")}
	if v := ctx.String("since"); v != "" {
		t, err := time.ParseInLocation(time.DateOnly, v, time.Local)
		if err != nil {
			return l, usageError{fmt.Sprintf("%q is not a date. Write it as 2026-03-03.", v)}
		}
		l.Changed = t
	}
	return l, nil
}

// stood is one line of a status.
type stood struct {
	File   string              `json:"file,omitempty"`
	Visit  kerbside.VisitID    `json:"visit"`
	State  kerbside.VisitState `json:"state"` // "" for a file that the server has not
	Sound  string              `json:"recording_state,omitempty"`
	Date   string              `json:"date,omitempty"`
	Title  string              `json:"title,omitempty"`
	Reason string              `json:"reason,omitempty"`
}

func (s stood) line() string {
	state := string(s.State)
	if state == "" {
		state = "not there"
	}
	if s.Sound != "" && s.Sound != string(kerbside.RecordingSafe) {
		state += ", recording " + s.Sound
	}
	what := []string{fmt.Sprintf("%-12s", state), string(s.Visit), s.Date, s.Title}
	if s.File != "" {
		what = []string{shown(s.File) + ":", state, string(s.Visit)}
	}
	if s.Reason != "" {
		what = append(what, "- "+s.Reason)
	}
	return strings.TrimRight(strings.Join(what, "  "), " ")
}

func (c *command) status(ctx *cli.Context) error {
	l, err := listOf(ctx)
	if err != nil {
		return err
	}
	remote, err := c.remote(ctx)
	if err != nil {
		return err
	}
	out := c.results(ctx)
	tell := func(s stood) error {
		if ctx.Bool("wait") && s.State == kerbside.VisitProcessing {
			now, err := remote.Settle(ctx.Context, s.Visit)
			if err != nil {
				return err
			}
			s.State, s.Reason = now.State, now.Reason
		}
		if s.State == kerbside.VisitFailed {
			return out.add(s.line(), s, errSome)
		}
		return out.add(s.line(), s, nil)
	}
	if ctx.Args().Present() {
		err = c.statusOfFiles(ctx, remote, tell)
	} else {
		for v, listErr := range remote.Visits(ctx.Context, l) {
			if listErr != nil {
				return listErr
			}
			if err = tell(stood{Visit: v.ID, State: v.State, Date: v.Date, Title: v.Title}); err != nil {
				return err
			}
		}
	}
	if err == nil && out.bad > 0 {
		err = errSome
	}
	return err
}

func (c *command) statusOfFiles(ctx *cli.Context, remote *client.Client, tell func(stood) error) error {
	tasks, err := pushTasks(ctx.Args().Slice(), task{kind: kerbside.KindDebrief}, "")
	if err != nil {
		return err
	}
	me, err := remote.Me(ctx.Context)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		s, err := statusOfFile(ctx.Context, remote, me, t.path, kerbside.VisitID(ctx.String("visit")))
		if err == nil {
			err = tell(s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func statusOfFile(ctx context.Context, remote *client.Client, me client.Me, path string, visit kerbside.VisitID) (s stood, err error) {
	s = stood{File: path}
	f, err := openRegular(path)
	if err != nil {
		return s, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return s, openError(path, err)
	}
	r, there, err := remote.Find(ctx, pushID(me.ID, hex.EncodeToString(h.Sum(nil)), visit))
	if err != nil || !there {
		return s, err
	}
	now, err := remote.Status(ctx, r.Visit)
	s.Visit, s.Sound, s.State, s.Reason = r.Visit, string(r.State), now.State, now.Reason
	return s, err
}
