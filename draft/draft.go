// Package draft composes a draft for each reader from a record.
//
// A draft consists of sentences. A sentence is either a template's own words (boilerplate) or rests on evidence: templates cannot print
// a record's text in any other way. What is dictated is shown in the words in which it was dictated; round them stands only who said so,
// and how sure and how old it is, where the words alone do not tell. Before a sentence enters a draft it passes a gate
// that checks each of its words, its quotations and its polarity against the evidence and the template; one that fails is
// listed as an omission.
//
// That something was not stated is boilerplate when the line names nobody ("Not stated: the time of the visit."). When it names a child it
// is inferred, and rests on the words that name the child. It is never written as "no".
//
// What a reader may see is ruled by data (firewall.tsv) and enforced before composition, so that a template cannot show what
// it never gets, and once more for each sentence.
package draft

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kerbside"
	"kerbside/prompts"
)

// Options are a council's wishes. The zero value is the defaults.
type Options struct {
	Rules     *Rules                       // what each reader may see; nil for DefaultRules
	Templates map[kerbside.Audience]string // names of the templates to use; the template named as the audience where empty
}

// Drafter composes drafts. It is safe for concurrent use.
type Drafter struct {
	rules     *Rules
	phrases   map[string]string
	templates map[kerbside.Audience]*compiled
}

var (
	_ kerbside.Drafter   = (*Drafter)(nil)
	_ kerbside.Discloser = (*Drafter)(nil)
)

// New makes a Drafter. It reports CodeInvalid when a template, of any that are loaded, does not do.
func New(set *prompts.Set, o Options) (*Drafter, error) {
	const op = "draft.New"
	d := &Drafter{rules: o.Rules, phrases: set.Phrases(), templates: map[kerbside.Audience]*compiled{}}
	if d.rules == nil {
		var err error
		if d.rules, err = DefaultRules(); err != nil {
			return nil, err
		}
	}
	for _, key := range phraseKeys {
		if d.phrases[key] == "" {
			return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The standard phrase %q is missing.", key), nil)
		}
	}
	if faults := checkPhrases(set); len(faults) > 0 {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "A template does not do: "+faults[0].Error(), nil)
	}
	ready := map[string]*compiled{}
	for _, t := range set.List() { // all of them, so that a fault shows before the template is needed
		c, faults := compile(t, d.phrases)
		if len(faults) > 0 {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "A template does not do: "+faults[0].Error(), nil)
		}
		ready[t.Name] = c
	}
	for _, a := range kerbside.Audiences() {
		name := cmp.Or(o.Templates[a], string(a))
		c := ready[name]
		if c == nil || c.Audience != string(a) {
			return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("There is no template %q for the audience %s.", name, a), nil)
		}
		d.templates[a] = c
	}
	return d, nil
}

var phraseKeys = []string{"said_quote", "said_that", "said_after", "said_words", "shown", "heard", "my_view", "in_the_past", "not_certain", "action_worker", "action_other", "action_will",
	"included", "in_words", "due_date", "due_said", "due_words", "after", "interpreted", "restricted", "restricted_all", "explained", "hearsay", "told_me", "told", "an_adult", "a_professional", "a_child",
	"date_of_recording", "recorded_at", "seen_alone", "seen_not_alone", "seen", "not_seen", "no_time", "unnamed", "warning_words"}

// Draft implements [kerbside.Drafter]. The result depends on its arguments only. Sources must be those that r was made
// from: an item whose evidence is not exactly in them becomes an omission.
func (d *Drafter) Draft(ctx context.Context, r *kerbside.Record, src []*kerbside.Source, o kerbside.DraftOptions) (*kerbside.Draft, error) {
	if r == nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "draft.Draft", "There is no record to make a draft from.", nil)
	}
	return d.draft(ctx, prepare(r, src), o)
}

// All makes several drafts of one record side by side, in the order of their options.
func (d *Drafter) All(ctx context.Context, r *kerbside.Record, src []*kerbside.Source, options []kerbside.DraftOptions) ([]*kerbside.Draft, error) {
	if r == nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "draft.All", "There is no record to make a draft from.", nil)
	}
	in := prepare(r, src)
	out, errs := make([]*kerbside.Draft, len(options)), make([]error, len(options))
	next := make(chan int, len(options))
	for i := range options {
		next <- i
	}
	close(next)
	var all sync.WaitGroup
	for range min(len(options), runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := range next {
				out[i], errs[i] = d.draft(ctx, in, options[i])
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// prepared is what the drafts of one record have in common. Nothing of it changes any more.
type prepared struct {
	record *kerbside.Record
	texts  sources
	all    []*item
}

func prepare(r *kerbside.Record, src []*kerbside.Source) prepared {
	texts := newSources(src)
	return prepared{r, texts, items(r, texts, newPeople(r))}
}

func (d *Drafter) draft(ctx context.Context, in prepared, o kerbside.DraftOptions) (*kerbside.Draft, error) {
	const op = "draft.Draft"
	if err := ctx.Err(); err != nil {
		return nil, kerbside.E(kerbside.CodeCanceled, op, "", err)
	}
	t := d.templates[o.Audience]
	if t == nil {
		_, err := kerbside.ParseAudience(string(o.Audience))
		return nil, err
	}
	r := in.record
	people := newPeople(r)
	if o.For != "" && (o.Audience != kerbside.AudienceFamily || people.byID[o.For] == nil) {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "Only a family draft can be for one person, and that person must be in the record.", nil)
	}
	texts, all := in.texts, in.all
	if err := rewordingOf(o); err != nil {
		return nil, err
	}
	wall := &firewall{rules: d.rules.by[o.Audience], audience: o.Audience, reader: o.For, people: people, marks: r.Sensitive, release: map[string]bool{}}
	for _, x := range o.Release {
		if x.Item == "" || strings.TrimSpace(x.Reason) == "" {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "Say which item is released, and why.", nil)
		}
		wall.release[x.Item] = true
	}
	allowed := wall.pass(all, texts)
	b := &builder{record: r, sources: texts, wall: wall, phrases: d.phrases, own: t.own, day: r.Visit.Date.Value, tokens: map[string][]string{}, called: map[kerbside.PersonID]*phrase{}, scratch: map[string]bool{}}
	if b.day == "" {
		b.day = r.Source.VisitDateHint
	}
	b.sorted, b.childName = t.sorted, t.ChildName
	b.allowed = allowed
	b.group(allowed)
	var out bytes.Buffer
	b.out = &out
	p := &page{b: b}
	for _, it := range allowed {
		p.all = append(p.all, &entry{b, it})
	}
	if err := t.tree.Execute(&out, p); err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The template %s cannot be used; its last change may be wrong.", t.Name), err)
	}
	draft := &kerbside.Draft{Schema: kerbside.DraftSchema, Audience: o.Audience, For: o.For, Title: t.Title, Template: kerbside.TemplateRef{Name: t.Name, Version: t.Version}}
	a := assembly{builder: b, t: t, draft: draft, held: map[string]bool{}, gone: map[string]bool{}, reword: o.Reword}
	if err := a.read(out.String()); err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The template %s prints something that is not its own words; use say or choose.", t.Name), err)
	}
	if err := a.include(o.Include, allowed); err != nil {
		return nil, err
	}
	for _, x := range o.Release {
		if slices.ContainsFunc(all, func(it *item) bool { return it.id == x.Item }) || x.Item == "visit.place" {
			draft.Released = append(draft.Released, x)
		}
	}
	a.unused()
	draft.Withheld = append(append(draft.Withheld, wall.withheld...), b.withheld...)
	a.omissions(allowed)
	draft.ReadingAge = readingAge(draft)
	return draft, nil
}

// include puts in what the worker asks for and the template left out, at the end. Words that no sentence could be composed of are quoted.
func (a *assembly) include(ids []string, allowed []*item) error {
	a.block = a.put("included")
	for _, id := range ids {
		i := slices.IndexFunc(allowed, func(it *item) bool { return it.id == id })
		if i < 0 || a.held[id] || a.gone[id] || !allowed[i].valid {
			continue
		}
		it := allowed[i]
		p := a.compose(it)
		if p == nil || a.check(p, distinct(a.openOf(it, p.evidence))) != nil {
			e := it.evidence[0]
			p = &phrase{b: a.builder, text: a.put("in_words", "{words}", e.Quote), verdict: kerbside.VerdictQuoted, items: it.ids(), evidence: []kerbside.Evidence{e}, content: it.main}
		}
		p.text = stop(capital(strings.TrimSpace(p.text)))
		p.of = it
		if p.text == stop(capital(strings.TrimSpace(a.put("in_words", "{words}", it.evidence[0].Quote)))) {
			p.of = nil // the very words need no further look
		}
		if err := a.sentence(p); err != nil {
			return err
		}
		if a.held[id] {
			a.draft.Included = append(a.draft.Included, id)
		}
	}
	return nil
}

// assembly makes a draft of a template's output.
type assembly struct {
	*builder
	t     *compiled
	draft *kerbside.Draft
	block string
	held  map[string]bool // ids of the items in the draft
	gone  map[string]bool // ids of what the gate dropped or the firewall withheld
	shown []shown         // the sentences of items that the draft holds

	reword []kerbside.Rewording
}

type shown struct {
	p  *phrase
	at int // in the draft's sentences
}

func (a *assembly) read(output string) error {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if h, ok := strings.CutPrefix(line, "## "); ok {
			if !a.t.holds(h) {
				return fmt.Errorf("a heading is not the template's own")
			}
			a.block = strings.TrimSpace(h)
			continue
		}
		for line != "" {
			text, rest, found := strings.Cut(line, markOpen)
			if err := a.boilerplate(text); err != nil {
				return err
			}
			if !found {
				break
			}
			n, after, _ := strings.Cut(rest, markClose)
			i, err := strconv.Atoi(n)
			if err != nil || i < 0 || i >= len(a.marks) {
				return fmt.Errorf("a mark is broken")
			}
			if !a.marks[i].dropped {
				if err := a.sentence(a.marks[i]); err != nil {
					return err
				}
			}
			line = after
		}
	}
	return nil
}

func (a *assembly) boilerplate(text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if !a.t.holds(text) {
		return fmt.Errorf("text is not the template's own")
	}
	return a.add(text, kerbside.VerdictBoilerplate, nil, nil)
}

func (a *assembly) add(text string, v kerbside.Verdict, items []string, evidence []kerbside.Evidence) error {
	s, err := kerbside.NewSentence(a.block, text, v, items, evidence...)
	if err != nil {
		return err
	}
	if s, err = a.reworded(s); err != nil {
		return err
	}
	a.draft.Sentences = append(a.draft.Sentences, s)
	for _, id := range items {
		a.held[id] = true
	}
	return nil
}

// sentence takes one composed sentence through the firewall's last look and the gate.
func (a *assembly) sentence(p *phrase) error {
	if p.verdict == kerbside.VerdictBoilerplate {
		if !p.system {
			return a.boilerplate(p.text)
		}
		return a.add(p.text, p.verdict, nil, nil)
	}
	evidence := p.evidence
	if p.of == nil || !a.wall.release[p.of.id] {
		evidence = a.open(p.evidence)
		if len(evidence) == 0 {
			evidence = a.openFact(p)
		}
		if a.wall.shows(p.text) || len(evidence) == 0 && len(p.evidence) > 0 && a.anyIn(p.evidence) {
			for _, id := range p.items {
				a.gone[id] = true
				a.withhold(id, a.kind(p), reasonNames)
			}
			return nil
		}
	}
	evidence = distinct(evidence)
	if err := a.check(p, evidence); err != nil {
		if p.of == nil {
			a.omit(strings.Join(p.items, " "), kindFact, p.text, p.evidence)
		}
		return nil // an item shows among the omissions because nothing holds it
	}
	if p.of != nil {
		a.shown = append(a.shown, shown{p, len(a.draft.Sentences)})
	}
	return a.add(p.text, p.verdict, p.items, evidence)
}

// said reports whether a sentence of the draft tells what an item tells, in the same words, and notes the item there.
func (a *assembly) said(it *item) bool {
	for _, x := range a.shown {
		p := x.p
		if !p.content.contains(it.main) || it.kind == kindAction || p.of.kind == kindAction || !sameSpeaker(p.of, it) || !tells(p, it) || it.restricted != nil && p.of.restricted == nil {
			continue
		}
		s := a.draft.Sentences[x.at]
		with, err := kerbside.NewSentence(s.Block(), s.Text(), s.Verdict(), append(slices.Clone(s.Items()), it.id), s.Evidence()...)
		if err == nil {
			a.draft.Sentences[x.at] = with
			return true
		}
	}
	return false
}

// anyIn reports whether some of the evidence stands in the sources, so that only the firewall can have left none.
func (a *assembly) anyIn(list []kerbside.Evidence) bool {
	return slices.ContainsFunc(list, func(e kerbside.Evidence) bool { _, ok := a.sources.span(e); return ok })
}

func (a *assembly) kind(p *phrase) string {
	if p.of != nil {
		return p.of.kind
	}
	return kindFact
}

func (a *assembly) omit(id, kind, text string, evidence []kerbside.Evidence) {
	a.draft.Omissions = append(a.draft.Omissions, kerbside.Omission{Item: id, Kind: kind, Text: text, Evidence: evidence})
}

// omissions lists what this draft should hold and does not.
func (a *assembly) omissions(allowed []*item) {
	for _, it := range allowed {
		if a.held[it.id] || a.gone[it.id] || !a.should(it) || a.said(it) {
			continue
		}
		a.omit(it.id, it.kind, it.text, it.evidence)
	}
}

func (a *assembly) should(it *item) bool {
	must := func(k string) bool { return slices.Contains(a.t.MustHold, k) }
	switch it.kind {
	case kindRisk:
		if must("significant") && it.polarity != kerbside.Negated && it.by.Kind != kerbside.WorkerOpinion && a.weight(it) >= grave {
			return true
		}
		return it.polarity == kerbside.Negated && must("negations") || it.polarity != kerbside.Negated && must("risks") || it.critical && it.polarity != kerbside.Negated && must("critical")
	case kindStrength:
		return must("strengths")
	case kindAction:
		return must("actions")
	case kindVoice:
		return must("child_voice")
	case kindInjury:
		return must("injuries") || it.polarity != kerbside.Negated && (must("critical") || must("significant"))
	}
	return false
}
