package main

import (
	"fmt"
	"io/fs"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/draft"
	"kerbside/draft/polish"
	"kerbside/prompts"
)

// templatesFlag is that of every command that writes drafts.
func templatesFlag() cli.Flag {
	return &cli.StringFlag{Name: "templates", EnvVars: []string{"KERBSIDE_TEMPLATES"}, Usage: "`FOLDER` of templates and phrases of your own, which add to or replace those that come with it"}
}

func (c *command) templatesCommand() *cli.Command {
	flags := []cli.Flag{templatesFlag()}
	return &cli.Command{
		Name:  "templates",
		Usage: "list, show and check the templates of drafts",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list the templates", Flags: flags, Action: c.templatesList},
			{Name: "show", Usage: "print a template, or the standard phrases (\"phrases\")", ArgsUsage: "NAME", Flags: flags, Action: c.templatesShow},
			{Name: "check", Usage: "say what is wrong in folders of templates, each fault with its file and line", ArgsUsage: "[FOLDER…]", Flags: flags, Action: c.templatesCheck},
		},
	}
}

// templateFolders are the council's own folder, where one is named.
func templateFolders(path string) ([]fs.FS, error) {
	folder, err := ownFolder(path, "templates")
	if folder == nil || err != nil {
		return nil, err
	}
	return []fs.FS{folder}, nil
}

// loadTemplates reads the built-in templates and the council's own.
func loadTemplates(ctx *cli.Context) (*prompts.Set, error) {
	folders, err := templateFolders(ctx.String("templates"))
	if err != nil {
		return nil, err
	}
	set, err := prompts.Load(folders...)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.templates", "A template does not do: "+strings.TrimPrefix(err.Error(), "prompts: ")+". `kerbside templates check` lists all faults.", nil)
	}
	return set, nil
}

// polishFlag is that of every command that writes drafts.
func polishFlag() cli.Flag {
	return &cli.BoolFlag{Name: "polish", EnvVars: []string{"KERBSIDE_POLISH"}, Usage: "have the language model of --llm-url smooth sentences; one that would say something else stays as it is"}
}

// newDrafter makes drafts with the built-in templates and the council's own, polished when the options say so. The sum tells what they are made with.
func (c *command) newDrafter(ctx *cli.Context) (d kerbside.Drafter, plain *draft.Drafter, sum string, err error) {
	set, err := loadTemplates(ctx)
	if err != nil {
		return nil, nil, "", err
	}
	plain, err = draft.New(set, draft.Options{})
	if err != nil || !ctx.Bool("polish") {
		return plain, plain, set.Sum(), err
	}
	if ctx.String("llm-url") == "" {
		return nil, nil, "", usageError{"--polish needs a language model. Name its server with --llm-url or KERBSIDE_LLM_URL."}
	}
	model, err := c.languageModel(ctx, nil)
	if err != nil {
		return nil, nil, "", err
	}
	polished, err := polish.New(polish.Options{Plain: plain, Model: model, Log: c.log})
	return polished, plain, set.Sum() + " polish " + ctx.String("llm-model"), err
}

// sayPolished shows what a language model changed, and what was refused.
func (c *command) sayPolished(d *kerbside.Draft) {
	for _, p := range d.Polished {
		if p.Why != "" {
			c.say("= %s\n  kept as it was: %s", p.Before, p.Why)
			continue
		}
		c.say("- %s\n+ %s", p.Before, p.After)
	}
}

func (c *command) templatesList(ctx *cli.Context) error {
	set, err := loadTemplates(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tREADER\tVERSION\tFROM\tTITLE")
	for _, t := range set.List() {
		from := "built in"
		if t.File != "" {
			from = t.File
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.Name, t.Audience, t.Version, from, t.Title)
	}
	return w.Flush()
}

func (c *command) templatesShow(ctx *cli.Context) error {
	name, err := nameOf(ctx, "kerbside templates list")
	if err != nil {
		return err
	}
	set, err := loadTemplates(ctx)
	if err != nil {
		return err
	}
	text, ok := set.Text(name)
	if !ok {
		return usageError{fmt.Sprintf("There is no template %q. `kerbside templates list` lists them.", name)}
	}
	_, err = fmt.Fprint(c.stdout, text)
	return err
}

func (c *command) templatesCheck(ctx *cli.Context) error {
	return c.checkFolders(ctx, "templates", "template (*.tmpl, phrases.txt, *.prompt)", []string{"*.tmpl", "phrases.txt", "*.prompt"}, func(folder fs.FS) (faults []error, fine string, err error) {
		var folders []fs.FS
		if folder != nil {
			folders = append(folders, folder)
		}
		set, found, err := prompts.Check(folders...)
		if err != nil {
			return nil, "", err
		}
		for _, f := range append(found, draft.Check(set)...) {
			faults = append(faults, f)
		}
		return faults, fmt.Sprintf("%d templates", len(set.List())), nil
	})
}
