package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/audit"
	"kerbside/export"
	"kerbside/export/calendar"
	"kerbside/export/table"
)

// The formats of `kerbside export` beside those of drafts.
const (
	formatRecord   = "record"
	formatSSD      = "ssd"
	formatActions  = "actions"
	formatCalendar = "calendar"
	formatBundle   = "bundle"
)

func exportFormats() []string {
	return append([]string{formatBundle, formatRecord, formatSSD, formatActions, formatCalendar}, strings.Split(formatNames(), ", ")...)
}

func profilesFlag() cli.Flag {
	return &cli.StringFlag{Name: "profiles", EnvVars: []string{"KERBSIDE_PROFILES"}, Usage: "`FOLDER` of mapping profiles of your own"}
}

func (c *command) exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write documents, tables for a case system, calendars or signed bundles of visits",
		ArgsUsage: "PATH…",
		Description: "A PATH is a folder that `process` or `batch` wrote, a transcript, a text, or, for tables, a record. Tables and the calendar hold all visits that are " +
			"named; drafts, records and bundles are written for each. Nothing that is exported here was approved, and it says so.",
		Flags: append([]cli.Flag{
			&cli.StringSliceFlag{Name: "format", Aliases: []string{"f"}, Usage: "`FORMAT`, may be repeated: " + strings.Join(exportFormats(), ", ")},
			&cli.StringSliceFlag{Name: "profile", Aliases: []string{"p"}, Usage: "`NAME` of a mapping profile, may be repeated; `kerbside profiles list` lists them"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "`DIR` to write to, or - for standard output where there is one file"},
			&cli.StringSliceFlag{Name: "audience", Aliases: []string{"a"}, Usage: "only drafts for this `READER`, may be repeated"},
			&cli.BoolFlag{Name: "citations", Usage: "say in drafts what each sentence rests on"},
			&cli.StringSliceFlag{Name: "plan", Usage: "`CHILD=ID`: the id of a child's plan, by the child's name, for tables that want one"},
			&cli.StringFlag{Name: "case", Usage: "`REFERENCE` of the case, where the record has none"},
			profilesFlag(), templatesFlag(), visitDateFlag(), dataFlag(), auditKeyFlag(),
		}, engineFlags()...),
		Action: func(ctx *cli.Context) error {
			x, err := c.newExporting(ctx)
			if err != nil {
				return err
			}
			return x.run(ctx)
		},
	}
}

// exporting is one run of `kerbside export`.
type exporting struct {
	c         *command
	formats   []string
	tables    []*table.Profile
	audiences []kerbside.Audience
	plans     map[kerbside.PersonID]string
	exporter  export.Exporter
	out       string
	at        time.Time
	files     []outFile
	names     []string // of the visits
}

type outFile struct {
	name string // below out
	body []byte
}

func (c *command) newExporting(ctx *cli.Context) (*exporting, error) {
	if _, err := files(ctx); err != nil {
		return nil, err
	}
	if err := needs(ctx, "out"); err != nil {
		return nil, err
	}
	x := &exporting{c: c, formats: ctx.StringSlice("format"), out: ctx.String("out"), at: time.Now().UTC().Truncate(time.Second), plans: map[kerbside.PersonID]string{}, audiences: kerbside.Audiences()}
	names := ctx.StringSlice("profile")
	if len(x.formats)+len(names) == 0 {
		return nil, usageError{"`kerbside export` needs --format or --profile. `kerbside export --help` shows how."}
	}
	for _, f := range x.formats {
		switch {
		case !slices.Contains(exportFormats(), f):
			return nil, usageError{fmt.Sprintf("There is no format %q. Choose one of: %s.", f, strings.Join(exportFormats(), ", "))}
		case f == formatSSD:
			names = append(names, "ssd_cin_visits", "ssd_cla_visits", "ssd_cp_visits")
		case f == formatActions:
			names = append(names, "actions")
		}
	}
	if chosen := ctx.StringSlice("audience"); len(chosen) > 0 {
		x.audiences = nil
		for _, name := range chosen {
			a, err := kerbside.ParseAudience(name)
			if err != nil {
				return nil, usageError{kerbside.MessageOf(err)}
			}
			x.audiences = append(x.audiences, a)
		}
	}
	for _, p := range ctx.StringSlice("plan") {
		child, id, ok := strings.Cut(p, "=")
		if !ok || child == "" || id == "" {
			return nil, usageError{fmt.Sprintf("%q is not CHILD=ID.", p)}
		}
		x.plans[kerbside.PersonID(child)] = id
	}
	all, err := table.Profiles(ctx.String("profiles"))
	if err != nil {
		return nil, err
	}
	x.exporter.Profiles = all
	for _, name := range names {
		i := slices.IndexFunc(all, func(p *table.Profile) bool { return p.Name == name })
		if i < 0 {
			return nil, usageError{fmt.Sprintf("There is no profile %q. `kerbside profiles list` lists them.", name)}
		}
		if !slices.Contains(x.tables, all[i]) {
			x.tables = append(x.tables, all[i])
		}
	}
	return x, nil
}

func (x *exporting) run(ctx *cli.Context) error {
	if slices.Contains(x.formats, formatBundle) {
		if err := os.MkdirAll(ctx.String("data"), folderPerm); err != nil {
			return writeError("kerbside.export", ctx.String("data"), err)
		}
		key, err := audit.OpenFile(auditKeyPath(ctx), rand.Reader)
		if err != nil {
			return err
		}
		x.exporter.Signer = key
	}
	visits, err := x.c.openVisits(ctx, x.needsDrafts())
	if err != nil {
		return err
	}
	var dossiers []*kerbside.Dossier
	for _, v := range visits {
		v.dossier.At, v.dossier.Plans, v.dossier.Versions = x.at, x.plans, map[string]string{"kerbside": version}
		if err := x.visit(ctx, v); err != nil {
			return named(v.path, err)
		}
		dossiers, x.names = append(dossiers, v.dossier), append(x.names, shown(v.path))
	}
	if err := x.write(dossiers); err != nil {
		return err
	}
	return x.finish()
}

// named says which of several visits an error is about.
func named(path string, err error) error {
	return kerbside.E(kerbside.CodeOf(err), "kerbside.export", about(path, err), err)
}

// needsDrafts reports whether what is wanted holds drafts.
func (x *exporting) needsDrafts() bool {
	for _, f := range x.formats {
		if _, err := kerbside.ParseFormat(f); err == nil || f == formatBundle {
			return true
		}
	}
	return slices.ContainsFunc(x.tables, func(p *table.Profile) bool {
		return slices.ContainsFunc(p.Columns, func(c table.Column) bool { return strings.HasPrefix(c.From, "draft.") })
	})
}

// visit makes the files of one visit.
func (x *exporting) visit(ctx *cli.Context, v visitFiles) error {
	add := func(name string, body []byte) { x.files = append(x.files, outFile{filepath.Join(v.name, name), body}) }
	for _, f := range x.formats {
		if f == formatRecord {
			b, err := export.JSON(v.dossier.Record)
			if err != nil {
				return err
			}
			add("record.json", b)
		}
		if f == formatBundle {
			var b bytes.Buffer
			if err := x.exporter.Bundle(&b, v.dossier); err != nil {
				return err
			}
			x.files = append(x.files, outFile{v.name + ".zip", b.Bytes()})
		}
		format, err := kerbside.ParseFormat(f)
		if err != nil {
			continue
		}
		for _, d := range v.dossier.Drafts {
			if !slices.Contains(x.audiences, d.Audience) {
				continue
			}
			var b bytes.Buffer
			if err := x.exporter.Export(&b, d, kerbside.ExportOptions{Format: format, Citations: ctx.Bool("citations"), Record: v.dossier.Record, Unapproved: true, At: x.at}); err != nil {
				return err
			}
			add(filepath.Join("drafts", export.DraftName(d)+format.Ext()), b.Bytes())
		}
	}
	return nil
}

// write makes the files of all visits.
func (x *exporting) write(dossiers []*kerbside.Dossier) error {
	returned := map[string]bool{}
	for _, p := range x.tables {
		out, err := table.Write(p, dossiers)
		if err != nil {
			return err
		}
		x.files = append(x.files, outFile{out.Name, out.Body})
		for visit := range out.Visits {
			returned[visit] = returned[visit] || strings.HasPrefix(p.Name, "ssd_")
		}
	}
	if slices.Contains(x.formats, formatSSD) {
		for i, d := range dossiers {
			if !returned[table.VisitID(d)] {
				x.c.say("%s is in none of the SSD tables: only in-person, completed visits to named children are, and only where the words say so.", x.names[i])
			}
		}
	}
	if slices.Contains(x.formats, formatCalendar) {
		b, undated, err := calendar.Write(dossiers)
		if err != nil {
			return err
		}
		if undated > 0 {
			x.c.say("Actions without a day are not in the calendar: %d. --format actions lists them all.", undated)
		}
		x.files = append(x.files, outFile{"actions.ics", b})
	}
	return nil
}

// finish writes the files.
func (x *exporting) finish() error {
	if x.out == "-" {
		if len(x.files) != 1 {
			return usageError{fmt.Sprintf("--out - takes one file, and these are %d. Choose one format, one reader and one visit, or a folder.", len(x.files))}
		}
		_, err := x.c.stdout.Write(x.files[0].body)
		return err
	}
	for _, f := range x.files {
		if err := writeFile(filepath.Join(x.out, f.name), f.body); err != nil {
			return err
		}
		x.c.say("%s", shown(filepath.Join(x.out, f.name)))
	}
	return nil
}
