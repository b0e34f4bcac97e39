// Package polish has a language model smooth the sentences of a draft, and lets nothing of it through that changes what a sentence says.
//
// The model is trusted with nothing. It gets the sentences of one heading at a time, never those with quotations, and gives each back with its number.
// A sentence is taken only when [Holds] finds that it says the same; else the plain one stands. A draft is good without any of this.
package polish

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"kerbside"
	"kerbside/prompts"
)

// Asker puts a question to a language model (package extract/llm has one).
type Asker interface {
	Ask(ctx context.Context, system, user, form string, schema json.RawMessage, tokens int) (string, error)
}

// Options configure a Drafter. Plain and Model are needed.
type Options struct {
	Plain  kerbside.Drafter
	Model  Asker
	Prompt prompts.Extraction // the built-in one when its name is empty
	Log    *slog.Logger
}

// Drafter makes plain drafts and has them polished. When the model cannot be used the plain draft is given, without an error.
type Drafter struct{ o Options }

var _ kerbside.Drafter = (*Drafter)(nil)

// New makes a Drafter.
func New(o Options) (*Drafter, error) {
	if o.Prompt.Name == "" {
		p, err := prompts.LoadPolish()
		if err != nil {
			return nil, kerbside.E(kerbside.CodeInternal, "polish.New", "", err)
		}
		o.Prompt = p
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Drafter{o}, nil
}

// Draft implements [kerbside.Drafter].
func (d *Drafter) Draft(ctx context.Context, r *kerbside.Record, sources []*kerbside.Source, o kerbside.DraftOptions) (*kerbside.Draft, error) {
	plain, err := d.o.Plain.Draft(ctx, r, sources, o)
	if err != nil {
		return nil, err
	}
	out := *plain
	out.Sentences = append(kerbside.List[kerbside.Sentence]{}, plain.Sentences...)
	for _, g := range groups(plain) {
		if err := d.group(ctx, &out, g); err != nil {
			if ctx.Err() != nil {
				return nil, kerbside.E(kerbside.CodeCanceled, "polish.Draft", "", ctx.Err())
			}
			d.o.Log.WarnContext(ctx, "sentences were left plain", slog.String("code", string(kerbside.CodeOf(err))))
		}
	}
	return &out, nil
}

// mostInGroup bounds one question: a small model loses count of more.
const mostInGroup = 8

// groups gives the indices of the sentences that may be rewritten, by heading.
func groups(d *kerbside.Draft) [][]int {
	own := map[string]bool{} // the worker's own words stay as they are
	for _, r := range d.Reworded {
		own[r.Stands] = true
	}
	var out [][]int
	block := ""
	for i, s := range d.Sentences {
		if own[s.ID()] || s.Verdict() == kerbside.VerdictBoilerplate || strings.ContainsAny(s.Text(), "“”\"\n") {
			continue
		}
		if n := len(out); n > 0 && block == s.Block() && len(out[n-1]) < mostInGroup {
			out[n-1] = append(out[n-1], i)
			continue
		}
		out, block = append(out, []int{i}), s.Block()
	}
	return out
}

var schema = json.RawMessage(`{"type":"object","properties":{"sentences":{"type":"array","items":{"type":"object","properties":{"number":{"type":"integer"},"text":{"type":"string"}},"required":["number","text"],"additionalProperties":false}}},"required":["sentences"],"additionalProperties":false}`)

// group polishes the sentences of one heading.
func (d *Drafter) group(ctx context.Context, out *kerbside.Draft, at []int) error {
	var lines strings.Builder
	marker := "-----"
	for n, i := range at {
		fmt.Fprintf(&lines, "%d. %s\n", n+1, out.Sentences[i].Text())
	}
	for strings.Contains(lines.String(), marker) {
		marker += "-"
	}
	answer, err := d.o.Model.Ask(ctx, d.o.Prompt.System, d.o.Prompt.Ask("a visit", marker, strings.TrimRight(lines.String(), "\n")), "polish", schema, 200+lines.Len())
	if err != nil {
		return err
	}
	var a struct {
		Sentences []struct {
			Number int    `json:"number"`
			Text   string `json:"text"`
		} `json:"sentences"`
	}
	if json.Unmarshal([]byte(answer), &a) != nil {
		return kerbside.E(kerbside.CodeUnavailable, "polish.group", "", fmt.Errorf("the answer is not of the form"))
	}
	seen := map[int]bool{}
	for _, x := range a.Sentences {
		if x.Number < 1 || x.Number > len(at) || seen[x.Number] {
			continue
		}
		seen[x.Number] = true
		i := at[x.Number-1]
		old := out.Sentences[i]
		text := strings.Join(strings.Fields(x.Text), " ")
		if text == old.Text() {
			continue
		}
		p := kerbside.Polished{Sentence: old.ID(), Before: old.Text(), After: old.Text()}
		if err := Holds(old, text); err != nil {
			p.Why = err.Error()
			out.Polished = append(out.Polished, p)
			continue
		}
		s, err := kerbside.NewSentence(old.Block(), text, weakest(old.Verdict()), old.Items(), old.Evidence()...)
		if err != nil {
			return err
		}
		out.Sentences[i] = s
		p.Sentence, p.After = s.ID(), text
		out.Polished = append(out.Polished, p)
	}
	return nil
}

// weakest is the verdict of a rewritten sentence: it does not quote any more.
func weakest(v kerbside.Verdict) kerbside.Verdict {
	if v == kerbside.VerdictQuoted {
		return kerbside.VerdictSupported
	}
	return v
}
