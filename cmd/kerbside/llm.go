package main

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/extract"
	"kerbside/extract/llm"
	"kerbside/prompts"
)

// The engines of --engine.
const (
	engineRules = "rules"
	engineLLM   = "llm"
	engineBoth  = "both"
)

// llmKeyVariable holds the key of the endpoint. It is no option, since options can be read in a list of processes.
const llmKeyVariable = "KERBSIDE_LLM_KEY"

// engineFlags are those of every command that makes records.
func engineFlags() []cli.Flag {
	return enginesFlags("both (what a language model alone found is proposed beside the rules' record), or llm (both, with all that the two read differently; to compare)")
}

// enginesFlags are engineFlags of a command that takes other engines beside the rules.
func enginesFlags(others string) []cli.Flag {
	return []cli.Flag{
		checklistFlag(),
		&cli.StringFlag{Name: "engine", Usage: "`ENGINE`: rules, " + others, DefaultText: "rules, or both with --llm-url"},
		&cli.StringFlag{Name: "llm-url", EnvVars: []string{"KERBSIDE_LLM_URL"}, Usage: "`URL` of a language model's server that speaks the OpenAI API; a key is taken from " + llmKeyVariable},
		&cli.StringFlag{Name: "llm-model", EnvVars: []string{"KERBSIDE_LLM_MODEL"}, Usage: "`NAME` of the language model"},
		&cli.DurationFlag{Name: "llm-timeout", EnvVars: []string{"KERBSIDE_LLM_TIMEOUT"}, Usage: "longest `TIME` for one answer of the language model", DefaultText: "2m"},
	}
}

// engineOf is the engine that the options choose.
func engineOf(ctx *cli.Context) (string, error) {
	engine, url := ctx.String("engine"), ctx.String("llm-url")
	if url == "" && ctx.String("llm-model") != "" && engine != engineRules {
		return "", usageError{"--llm-model names a language model and nothing says where it is. Name its server with --llm-url or KERBSIDE_LLM_URL."}
	}
	if ctx.IsSet("llm-timeout") && ctx.Duration("llm-timeout") <= 0 {
		return "", usageError{"--llm-timeout is a time such as 30s or 2m."}
	}
	switch engine {
	case engineRules:
		return engine, nil
	case "":
		if url == "" {
			return engineRules, nil
		}
		return engineBoth, nil
	case engineLLM, engineBoth:
		if url == "" {
			return "", usageError{fmt.Sprintf("--engine %s needs a language model. Name its server with --llm-url or KERBSIDE_LLM_URL.", engine)}
		}
		return engine, nil
	}
	return "", usageError{fmt.Sprintf("There is no engine %q. Choose rules, both or llm.", engine)}
}

// extractor wires the engine that the options choose. The rules always run.
func (c *command) extractor(ctx *cli.Context, progress func(llm.Progress)) (kerbside.Extractor, error) {
	rules, beside, err := c.engines(ctx, progress)
	if err != nil || beside == nil {
		return rules, err
	}
	return beside, nil
}

// engines are the rules and, where the options name one, the language model that reads beside them.
func (c *command) engines(ctx *cli.Context, progress func(llm.Progress)) (*extract.Extractor, *extract.Assisted, error) {
	engine, err := engineOf(ctx)
	if err != nil {
		return nil, nil, err
	}
	list, err := loadChecklist(ctx)
	if err != nil {
		return nil, nil, err
	}
	rules, err := extract.NewRules(extract.Options{Checklist: list})
	if err != nil || engine == engineRules {
		return rules, nil, err
	}
	model, err := c.languageModel(ctx, progress)
	if err != nil {
		return nil, nil, err
	}
	return rules, extract.NewAssisted(rules, model, extract.AssistedOptions{KeepDiffering: engine == engineLLM, Log: c.log}), nil
}

func (c *command) languageModel(ctx *cli.Context, progress func(llm.Progress)) (*llm.Engine, error) {
	folders, err := templateFolders(ctx.String("templates"))
	if err != nil {
		return nil, err
	}
	prompt, err := prompts.LoadExtraction(folders...)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.languageModel", "proposals.prompt does not do: "+strings.TrimPrefix(err.Error(), "prompts: ")+".", nil)
	}
	model, err := llm.New(llm.Options{URL: ctx.String("llm-url"), Model: ctx.String("llm-model"), Key: os.Getenv(llmKeyVariable), Prompt: prompt, Timeout: ctx.Duration("llm-timeout"), Progress: progress, Log: c.log})
	if kerbside.CodeOf(err) == kerbside.CodeInvalid {
		return nil, usageError{kerbside.MessageOf(err)}
	}
	if err != nil {
		return nil, err
	}
	if caution := model.Caution(); caution != "" {
		c.say("%s", caution)
	}
	return model, nil
}

// reader shows how far a language model is, to somebody who looks at a terminal or reads messages as JSON.
type reader struct {
	c    *command
	mu   sync.Mutex
	part int
	line bool // one is open on the terminal
}

func (r *reader) progress(p llm.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.c.quiet:
	case r.c.json:
		if p.Part != r.part {
			r.c.log.Info("the language model reads", "part", p.Part, "parts", p.Parts)
		}
	case isTerminal(r.c.stderr) && (p.Part != r.part || p.Tokens%10 == 0):
		fmt.Fprintf(r.c.stderr, "\rThe language model reads: part %d of %d, %d tokens written ", p.Part, p.Parts, p.Tokens)
		r.line = true
	}
	r.part = p.Part
}

// end closes the line.
func (r *reader) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.line {
		fmt.Fprintln(r.c.stderr)
		r.line = false
	}
}
