// Package llm asks a language model, at any endpoint that speaks the OpenAI API, what it would put into a record.
//
// The model is trusted with nothing: it names quotes and kinds, this package looks each quote up in the words of the source and drops what it
// does not find, and what is left is a proposal for the evidence gate (package extract), which keeps no name, value or kind that the words do not hold. Neither
// errors nor logs hold the key, what was dictated, or what the model answered.
package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kerbside"
	"kerbside/prompts"
)

const name = "llm/1"

// Options configure an engine. URL and Model are needed; the zero value of everything else is its default.
type Options struct {
	URL    string // base address, as in "http://127.0.0.1:8080/v1"; without a path it gets /v1
	Model  string
	Key    string             // sent as a bearer token; may be empty
	Prompt prompts.Extraction // the built-in one when its name is empty

	Timeout time.Duration // of one request, answer included (2 minutes)
	Total   time.Duration // of everything that one record asks (two and a half times Timeout)
	Retries int           // further attempts after one that failed and may succeed later; below 0 for none (2)

	ChunkWords   int // most words of a dictation in one request (450)
	OverlapWords int // of two requests that follow each other (50)
	AnswerTokens int // most tokens of one answer (1,500)
	Budget       int // most tokens that one record may cost, questions included; estimated where the endpoint does not count (60,000)

	Progress func(Progress)                             // called while answers arrive; nil for none
	Log      *slog.Logger                               // nil for none
	Sleep    func(context.Context, time.Duration) error // between attempts; nil for the clock
}

// Progress tells how far the reading of one record is.
type Progress = kerbside.ModelProgress

// Engine asks one endpoint. It is safe for concurrent use.
type Engine struct {
	o      Options
	client *client
}

// New makes an engine. It does not ask the endpoint anything yet.
func New(o Options) (*Engine, error) {
	const op = "llm.New"
	defaults(&o)
	if o.Model == "" {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "Name the language model with --llm-model or KERBSIDE_LLM_MODEL.", nil)
	}
	if o.Prompt.Name == "" {
		p, err := prompts.LoadExtraction()
		if err != nil {
			return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
		}
		o.Prompt = p
	}
	c, err := newClient(o.URL, o.Key)
	if err != nil {
		return nil, err
	}
	return &Engine{o: o, client: c}, nil
}

func defaults(o *Options) {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.Retries, 2)
	set(&o.ChunkWords, 450)
	set(&o.OverlapWords, 50)
	set(&o.AnswerTokens, 1500)
	set(&o.Budget, 60000)
	o.OverlapWords = min(o.OverlapWords, o.ChunkWords/2)
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Minute
	}
	if o.Total == 0 {
		o.Total = o.Timeout * 5 / 2
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Name is the engine's name with the model and the prompt, which decide what it proposes.
func (e *Engine) Name() string {
	return fmt.Sprintf("%s %s %s/%s", name, e.o.Model, e.o.Prompt.Name, e.o.Prompt.Version)
}

// Host is where the words are sent.
func (e *Engine) Host() string { return e.client.base.Host }

// Caution says what an operator should know about the endpoint, or "" when it is on this machine.
func (e *Engine) Caution() string { return e.client.caution() }

// Propose asks about every part of the sources. When some parts came to nothing the proposal holds the others' and a warning
// of kerbside.WarnModelPartial; when all did it is an error of CodeUnavailable. CodeCanceled tells that ctx ended.
func (e *Engine) Propose(ctx context.Context, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error) {
	const op = "llm.Propose"
	limited, cancel := context.WithTimeout(ctx, e.o.Total)
	defer cancel()
	parts := e.split(sources)
	r := &reading{engine: e, options: o, parts: len(parts), out: newProposal()}
	failed := 0
	var last error
	for i, p := range parts {
		r.part = i + 1
		err := r.read(limited, p, 0)
		if ctx.Err() != nil {
			return nil, kerbside.E(kerbside.CodeCanceled, op, "Making the record was stopped. Start it again when you are ready.", ctx.Err())
		}
		if err == nil {
			continue
		}
		failed++
		last = err
		e.o.Log.WarnContext(ctx, "the language model did not read a part", slog.String("host", e.Host()), slog.Int("part", i+1), slog.Int("parts", len(parts)), slog.String("reason", err.Error()))
		if final(err) {
			failed = len(parts) - i + failed - 1
			break
		}
	}
	if failed == len(parts) && len(parts) > 0 && !r.any {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The language model at %s %s. The record was made without it.", e.Host(), whyNot(last)), last)
	}
	if failed > 0 {
		r.out.record.Warnings = append(r.out.record.Warnings, kerbside.Warning{Code: kerbside.WarnModelPartial})
	}
	return r.out.record, nil
}

// reading is the state of one Propose.
type reading struct {
	engine      *Engine
	options     kerbside.ExtractOptions
	out         *proposal
	part, parts int
	spent       int // tokens, questions and answers
	answered    int // tokens of answers
	any         bool
}

// maxDepth bounds how often a part is halved whose answer was cut off.
const maxDepth = 2

// read asks about one part. When the answer is longer than it may be, the part is halved.
func (r *reading) read(ctx context.Context, p part, depth int) error {
	a, err := r.ask(ctx, p)
	var f *failure
	if errors.As(err, &f) && f.kind == kindCutOff && depth < maxDepth && p.last-p.first > 40 {
		middle := (p.first + p.last) / 2
		err1 := r.read(ctx, part{p.source, p.first, middle}, depth+1)
		err2 := r.read(ctx, part{p.source, max(p.first, middle-10), p.last}, depth+1)
		return errors.Join(err1, err2)
	}
	if err != nil {
		return err
	}
	r.any = true
	r.out.add(p, a)
	return nil
}

// ask gets one answer, with retries.
func (r *reading) ask(ctx context.Context, p part) (*answer, error) {
	o := &r.engine.o
	var err error
	for attempt := 0; attempt <= max(0, o.Retries); attempt++ {
		if attempt > 0 {
			if err := o.Sleep(ctx, time.Second<<(attempt-1)); err != nil {
				return nil, &failure{kind: kindTime}
			}
		}
		request := r.engine.request(p, r.options, attempt)
		estimate := request.tokens() + o.AnswerTokens
		if r.spent+estimate > o.Budget {
			return nil, &failure{kind: kindBudget}
		}
		var a *answer
		if a, err = r.once(ctx, request); err == nil {
			return a, nil
		}
		if !temporary(err) {
			return nil, err
		}
	}
	return nil, err
}

func (r *reading) once(ctx context.Context, q request) (*answer, error) {
	o := &r.engine.o
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	before := r.answered
	text, used, err := r.engine.client.stream(ctx, q, func(tokens int) {
		r.answered = before + tokens
		p := Progress{Part: r.part, Parts: r.parts, Tokens: r.answered}
		o.Progress(p)
		kerbside.TellModelProgress(ctx, p)
	})
	if least := q.tokens() + r.answered - before; used < least/2 { // it does not count, or counts in its own favour
		used = least
	}
	r.spent += used
	if err != nil {
		return nil, err
	}
	return decode(text)
}
