package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"kerbside"
	"kerbside/draft"
	"kerbside/extract/llm"
	"kerbside/models"
	"kerbside/prompts"
	"kerbside/service"
	"kerbside/storage/seal"
	"kerbside/storage/verify"
	"kerbside/transcribe"
)

// installation is what administrators look after, of a server that runs.
type installation struct {
	data      *dataFolder
	folder    string // of the data
	pipeline  *pipeline
	templates string // the council's own folder; "" for none
	set       *prompts.Set
	language  *llm.Engine // nil: none is configured
	name      string      // of the language model
	use       string
	workers   bool // transcripts are made elsewhere

	mu      sync.Mutex
	checked map[string]checkedModel // by name
}

type checkedModel struct {
	result string
	at     time.Time
}

var _ service.Installation = (*installation)(nil)

func (c *command) newInstallation(ctx *cli.Context, d *dataFolder, p *pipeline) (*installation, error) {
	set, err := loadTemplates(ctx)
	if err != nil {
		return nil, err
	}
	i := &installation{data: d, folder: ctx.String("data"), pipeline: p, templates: ctx.String("templates"), set: set, checked: map[string]checkedModel{}}
	if ctx.String("llm-url") == "" {
		return i, nil
	}
	if i.language, err = c.languageModel(ctx, nil); err != nil {
		return nil, err
	}
	i.name = ctx.String("llm-model")
	var uses []string
	if engine, err := engineOf(ctx); err == nil && engine != engineRules {
		uses = append(uses, "proposes beside the rules")
	}
	if ctx.Bool("polish") {
		uses = append(uses, "smooths sentences of drafts")
	}
	i.use = strings.Join(uses, ", ")
	return i, nil
}

// Templates implements [service.Installation].
func (i *installation) Templates() []service.TemplateInfo {
	var out []service.TemplateInfo
	for _, t := range i.set.List() {
		out = append(out, service.TemplateInfo{Name: t.Name, Version: t.Version, Title: t.Title, Audience: kerbside.Audience(t.Audience), File: t.File})
	}
	return out
}

// Template implements [service.Installation].
func (i *installation) Template(name string) (string, bool) { return i.set.Text(name) }

// TemplateFaults implements [service.Installation]: what a restart would find.
func (i *installation) TemplateFaults() ([]string, error) {
	folders, err := templateFolders(i.templates)
	if err != nil {
		return nil, err
	}
	set, faults, err := prompts.Check(folders...)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range append(faults, draft.Check(set)...) {
		out = append(out, f.Error())
	}
	if len(out) == 0 && set.Sum() != i.set.Sum() {
		out = append(out, "The files were changed since this server was started. Restart it to use them.")
	}
	return out, nil
}

// Models implements [service.Installation].
func (i *installation) Models(ctx context.Context, read bool) ([]service.ModelInfo, error) {
	entries, err := i.pipeline.store.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []service.ModelInfo
	for _, e := range entries {
		m := service.ModelInfo{Name: e.Name, SHA256: e.SHA256(), Licence: e.Licence, Bytes: e.Size, Installed: e.Installed, Uses: i.uses(e.Name)}
		if e.Manifest != nil {
			m.SHA256 = e.Manifest.SHA256
		}
		if !m.Installed && e.Problem == "" && m.Uses == nil {
			continue // only in the catalogue
		}
		if read && m.Installed {
			if err := i.check(ctx, e.Name); err != nil {
				return nil, err
			}
		}
		i.mu.Lock()
		m.Checked, m.CheckedAt = i.checked[e.Name].result, i.checked[e.Name].at
		i.mu.Unlock()
		if e.Problem != "" {
			m.Checked = e.Problem
		}
		out = append(out, m)
	}
	return out, nil
}

// check reads every byte of a model; an error means that it was stopped.
func (i *installation) check(ctx context.Context, name string) error {
	result := "ok"
	if _, err := i.pipeline.store.Verify(ctx, name, nil); err != nil {
		if ctx.Err() != nil {
			return err
		}
		result = message(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.checked[name] = checkedModel{result, time.Now()}
	return nil
}

func (i *installation) uses(model string) []string {
	var out []string
	if model == i.pipeline.model {
		other := transcribe.PresetFast
		if i.preset() == other {
			other = transcribe.PresetAccurate
		}
		out = append(out, fmt.Sprintf("Preset %s, which is set", i.preset()), other+" would use it too")
	}
	if model == models.DefaultVAD {
		out = append(out, "Finds where somebody speaks, in both presets")
	}
	return out
}

func (i *installation) preset() string {
	if i.pipeline.options.Preset == "" {
		return transcribe.PresetAccurate
	}
	return i.pipeline.options.Preset
}

// LanguageModel implements [service.Installation].
func (i *installation) LanguageModel() service.LanguageModelInfo {
	if i.language == nil {
		return service.LanguageModelInfo{}
	}
	return service.LanguageModelInfo{Address: i.language.Host(), Model: i.name, Caution: i.language.Caution(), Use: i.use}
}

// longestTry bounds the test of a language model: a person waits for it.
const longestTry = 60 * time.Second

// TryLanguageModel implements [service.Installation].
func (i *installation) TryLanguageModel(ctx context.Context) (service.LanguageModelTry, error) {
	ctx, cancel := context.WithTimeout(ctx, longestTry)
	defer cancel()
	began := time.Now()
	schema := []byte(`{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"],"additionalProperties":false}`)
	text, err := i.language.Ask(ctx, "Answer as JSON: an object with one text, \"answer\".", "Say in one short sentence what this is about: "+service.HarmlessSentence, "answer", schema, 60)
	return service.LanguageModelTry{Answer: text, Took: time.Since(began)}, err
}

// Engine implements [service.Installation].
func (i *installation) Engine() service.EngineHealth {
	p := i.pipeline
	h := service.EngineHealth{Model: p.model, Preset: i.preset()}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.client == nil {
		if i.workers {
			h.Trouble = "Workers elsewhere transcribe; this server does when somebody dictates an entry."
			return h
		}
		h.Trouble = "The engine does not run. `kerbside doctor` says what is missing; it is tried again with the next recording."
		return h
	}
	info := p.client.Info()
	h.Running, h.Name, h.Version, h.States, h.Device, h.CPU = true, info.Name, info.Version, info.States, info.Device, strings.Join(strings.Fields(info.SystemInfo), " ")
	return h
}

// Space implements [service.Installation].
func (i *installation) Space(context.Context) (service.Space, error) {
	if i.data.shared() {
		return service.Space{Where: "the database server and the bucket, which are not this server's to look into"}, nil
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(i.folder, &fs); err != nil {
		return service.Space{}, err
	}
	return service.Space{Free: fs.Bavail * uint64(fs.Bsize), Total: fs.Blocks * uint64(fs.Bsize), Where: i.folder}, nil
}

// ReadAll implements [service.Installation].
func (i *installation) ReadAll(ctx context.Context) (service.ReadReport, error) {
	v := verify.Verifier{Rows: i.data.db, Store: i.data.store, Blobs: i.data.blobs, Gone: seal.Erased}
	r, err := v.Run(ctx)
	out := service.ReadReport{Blobs: r.Blobs, Documents: r.Documents, Erased: r.Erased, Bytes: r.Bytes}
	for _, f := range r.Findings {
		out.Faults = append(out.Faults, string(f.Kind)+": "+f.Object)
	}
	if err == nil {
		if bad := i.data.db.Check(ctx); bad != nil && ctx.Err() == nil {
			out.Faults = slices.Insert(out.Faults, 0, "the database: "+message(bad))
		}
	}
	return out, err
}
