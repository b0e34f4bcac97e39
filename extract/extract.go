package extract

import (
	"context"
	"errors"

	"kerbside"
	"kerbside/extract/rules"
)

// Engine proposes a record. It need not be right, nor honest: the gate checks everything that it gives.
type Engine interface {
	// Name is the engine's name and version, as written into the record ("rules/2").
	Name() string
	// Propose fills a record from sources. It reports CodeCanceled when ctx ends.
	Propose(ctx context.Context, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error)
}

// Options configure an extractor. The zero value is the default.
type Options struct {
	Checklist *Checklist // what a visit of each type should say; nil is the embedded one
}

// Extractor runs an engine and the evidence gate. It is safe for concurrent use when its engine is.
type Extractor struct {
	engine    Engine
	checklist *Checklist
	cues      cues
	model     bool // see NewModelAlone
}

var _ kerbside.Extractor = (*Extractor)(nil)

// New makes an extractor of an engine.
func New(engine Engine, o Options) (*Extractor, error) {
	x := &Extractor{engine: engine, checklist: o.Checklist}
	if x.checklist == nil {
		c, err := DefaultChecklist()
		if err != nil {
			return nil, err
		}
		x.checklist = c
	}
	var err error
	x.cues, err = loadCues()
	return x, err
}

// NewRules makes an extractor of the embedded rules, which need no network.
func NewRules(o Options) (*Extractor, error) {
	engine, err := rules.New()
	if err != nil {
		return nil, err
	}
	return New(engine, o)
}

// Extract implements [kerbside.Extractor]. Sources without a word give an empty record with a warning, and the engine is not asked.
func (x *Extractor) Extract(ctx context.Context, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error) {
	const op = "extract.Extract"
	if len(sources) == 0 {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "There is nothing to make a record of. Add a recording or type what happened.", nil)
	}
	var proposal *kerbside.Record
	if spoken(sources) {
		var err error
		if proposal, err = x.engine.Propose(ctx, sources, o); err != nil {
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				return nil, stopped(op, err)
			}
			return nil, err
		}
	} else {
		proposal = &kerbside.Record{Warnings: kerbside.List[kerbside.Warning]{{Code: kerbside.WarnNoSpeech, Text: "No speech was found in this recording. Nothing was written into the record."}}}
	}
	if o.Accepted != nil {
		proposal = withAccepted(proposal, o.Accepted, sources)
	}
	check := Gate
	if x.model {
		check = func(p *kerbside.Record, s []*kerbside.Source, o kerbside.ExtractOptions) *kerbside.Record {
			return gateModel(p, nil, s, o)
		}
	}
	r := check(proposal, sources, o)
	r.Source.Engine = x.engine.Name()
	if err := x.contradictions(ctx, r, sources, o); err != nil {
		return nil, err
	}
	x.cues.mark(r, sources)
	r.Missing = nil
	if spoken(sources) {
		r.Missing = x.checklist.Missing(r, sources)
	}
	return r, nil
}

func spoken(sources []*kerbside.Source) bool {
	for _, s := range sources {
		if len(s.Words) > 0 {
			return true
		}
	}
	return false
}

// sourceOf describes what a record was made from.
func sourceOf(sources []*kerbside.Source, o kerbside.ExtractOptions) kerbside.RecordSource {
	out := kerbside.RecordSource{VisitDateHint: o.VisitDate, HintFrom: o.HintFrom, Worker: o.Worker, Case: o.Case, Kind: kerbside.KindTyped}
	for _, s := range sources {
		if s.Ref.Kind == kerbside.SourceStatement {
			out.Statements = append(out.Statements, s.Ref.ID)
			continue
		}
		if len(out.Transcripts) == 0 || s.Kind == kerbside.KindVisit {
			out.Kind = s.Kind
		}
		out.Transcripts = append(out.Transcripts, s.Ref.ID)
	}
	return out
}
