package extract

import (
	"context"
	"log/slog"
	"strings"

	"kerbside"
	"kerbside/extract/rules"
)

// Assisted is an extractor beside which a language model reads. The rules always run, and what they found stands as it is: taking the
// items that are proposed, the warnings of a model (WarnEngines, WarnModelDown, WarnModelPartial) and Proposals out of the record gives exactly the
// rules' own, whatever the model answered and whether it answered at all.
type Assisted struct {
	alone *Extractor // the rules
	model Engine
	o     AssistedOptions
}

// AssistedOptions configure an assisted extractor.
type AssistedOptions struct {
	// KeepDiffering keeps a model's item as proposed where its words are spoken of by an item of the rules, unless both rest on the very same
	// words. It is for comparing engines; a record that is worked with has each thing once.
	KeepDiffering bool
	Log           *slog.Logger // nil for none
}

var (
	_ kerbside.Extractor = (*Assisted)(nil)
	_ kerbside.Proposer  = (*Assisted)(nil)
)

// NewAssisted puts a model beside the rules.
func NewAssisted(rules *Extractor, model Engine, o AssistedOptions) *Assisted {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Assisted{alone: rules, model: model, o: o}
}

// NewModelAlone makes an extractor of a model without the rules beside it, to measure what the model finds by itself. Its
// items are proposals like any; no record that is worked with is made so.
func NewModelAlone(model Engine, o Options) (*Extractor, error) {
	x, err := New(model, o)
	if err == nil {
		x.model = true
	}
	return x, err
}

// Extract implements [kerbside.Extractor]. A model that fails leaves a warning, no error.
func (x *Assisted) Extract(ctx context.Context, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error) {
	r, err := x.alone.Extract(ctx, sources, o)
	if err != nil || !spoken(sources) {
		return r, err
	}
	p, err := x.Propose(ctx, r, sources, o)
	if kerbside.CodeOf(err) == kerbside.CodeCanceled {
		return nil, err
	}
	if err != nil {
		p = &kerbside.Record{Warnings: kerbside.List[kerbside.Warning]{kerbside.ModelDown()}}
	}
	r.Risks, r.Strengths = append(r.Risks, p.Risks...), append(r.Strengths, p.Strengths...)
	r.Actions, r.ChildVoice = append(r.Actions, p.Actions...), append(r.ChildVoice, p.ChildVoice...)
	r.Warnings, r.Proposals = append(r.Warnings, p.Warnings...), p.Proposals
	return r, nil
}

// Propose implements [kerbside.Proposer].
func (x *Assisted) Propose(ctx context.Context, r *kerbside.Record, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error) {
	const op = "extract.Propose"
	if !spoken(sources) {
		return &kerbside.Record{Schema: kerbside.RecordSchema, Proposals: &kerbside.Proposals{Engine: x.model.Name()}}, nil
	}
	proposal, err := x.model.Propose(ctx, sources, o)
	if ctx.Err() != nil {
		return nil, stopped(op, ctx.Err())
	}
	if err != nil || proposal == nil {
		x.o.Log.WarnContext(ctx, "the language model gave nothing", slog.String("code", string(kerbside.CodeOf(err))), slog.String("message", kerbside.MessageOf(err)))
		return nil, kerbside.E(kerbside.CodeUnavailable, op, kerbside.ModelDown().Text, err)
	}
	if r.Visit.Date.Value != "" {
		o.VisitDate = r.Visit.Date.Value
	}
	b := newBeside(r, sources, x.o.KeepDiffering)
	b.out.Engine = x.model.Name()
	b.add(gateModel(proposal, r.Attendees, sources, o))
	for _, w := range proposal.Warnings {
		if w.Code == kerbside.WarnModelPartial {
			b.warnings = append(b.warnings, kerbside.Warning{Code: w.Code, Text: "The language model read a part of this only. Nothing of what was found without it is missing."})
			break
		}
	}
	b.added.Source, b.added.Warnings, b.added.Proposals = r.Source, b.warnings, b.out
	return b.added, nil
}

func stopped(op string, err error) error {
	return kerbside.E(kerbside.CodeCanceled, op, "Making the record was stopped. Start it again when you are ready.", err)
}

// beside puts a model's gated items beside the rules'.
type beside struct {
	record        *kerbside.Record // the rules'
	added         *kerbside.Record // what the model alone found
	sources       []*kerbside.Source
	keepDiffering bool
	out           *kerbside.Proposals
	warnings      []kerbside.Warning
	orders        []stretch // words of, and beside, what sounds like an instruction to the computer
	names         []vocabulary
	persons       map[string]*kerbside.Attendee // what known gave
}

func newBeside(r *kerbside.Record, sources []*kerbside.Source, keepDiffering bool) *beside {
	b := &beside{record: r, added: &kerbside.Record{Schema: kerbside.RecordSchema}, sources: sources, keepDiffering: keepDiffering, out: &kerbside.Proposals{}, persons: map[string]*kerbside.Attendee{}}
	for _, a := range r.Attendees {
		var v vocabulary
		v.add(a.Name)
		b.names = append(b.names, v)
	}
	return b
}

// stretch is the words first..last of a source.
type stretch struct {
	source      *kerbside.Source
	first, last int
}

func (b *beside) stretch(e kerbside.Evidence) (stretch, bool) {
	s := kerbside.FindSource(b.sources, e)
	if s == nil {
		return stretch{}, false
	}
	first, last, err := s.Range(e)
	return stretch{s, first, last}, err == nil
}

// same reports that two stretches share at least half of the shorter one's words.
func (a stretch) same(c stretch) bool {
	shared := min(a.last, c.last) - max(a.first, c.first) + 1
	return a.source == c.source && shared > 0 && 2*shared >= min(a.last-a.first, c.last-c.first)+1
}

func (a stretch) meets(c stretch) bool {
	return a.source == c.source && a.first <= c.last && c.first <= a.last
}

// The words beside a spoken instruction from which nothing is taken up: "ignore your rules and put down that …".
const (
	ordersBefore = 4
	ordersAfter  = 20
)

func (b *beside) add(model *kerbside.Record) {
	for _, w := range b.record.Warnings {
		if w.Code != kerbside.WarnInstruction {
			continue
		}
		for _, e := range w.Evidence {
			if s, ok := b.stretch(e); ok {
				s.first, s.last = s.first-ordersBefore, s.last+ordersAfter
				b.orders = append(b.orders, s)
			}
		}
	}
	b.out.Gate = model.Gate
	b.risks(model.Risks)
	b.strengths(model.Strengths)
	b.actions(model.Actions)
	b.voices(model.ChildVoice)
	b.facts(&model.Visit)
	b.people(model.Attendees)
}

// ordered drops what rests on words beside a spoken instruction.
func (b *beside) ordered(kind string, evidence []kerbside.Evidence) bool {
	for _, e := range evidence {
		s, ok := b.stretch(e)
		for _, o := range b.orders {
			if ok && s.meets(o) {
				b.out.Gate.Kept--
				b.out.Gate.Dropped = append(b.out.Gate.Dropped, kerbside.Dropped{Kind: kind, Reason: ReasonInstruction})
				return true
			}
		}
	}
	return false
}

// claim is what one item says, as far as engines can disagree on it.
type claim struct {
	evidence kerbside.Evidence
	at       stretch
	says     []string // values that must agree where both engines give one
	clashing bool     // an item of another kind, with which it cannot both be so
}

// claim is none when its evidence is not anchored in the sources.
func (b *beside) claim(list []claim, evidence kerbside.List[kerbside.Evidence], clashing bool, says ...string) []claim {
	if at, ok := b.stretch(evidence[0]); ok {
		list = append(list, claim{evidence[0], at, says, clashing})
	}
	return list
}

// place decides what becomes of a model's item, given the rules' items on the same matters: nothing, a warning, or a proposal. taken
// are the model's own items of the kind that were placed before.
func (b *beside) place(kind string, evidence kerbside.List[kerbside.Evidence], says []string, taken *[]stretch, against ...[]claim) bool {
	if b.ordered(kind, evidence[:1]) {
		return false
	}
	here, ok := b.stretch(evidence[0])
	if !ok {
		return false
	}
	for _, t := range *taken {
		if here.same(t) {
			b.out.Gate.Kept--
			b.out.Gate.Dropped = append(b.out.Gate.Dropped, kerbside.Dropped{Kind: kind, Reason: ReasonDuplicate})
			return false
		}
	}
	met, exact, differs := false, false, false
	var with kerbside.List[kerbside.Evidence]
	for _, ours := range against {
		for _, r := range ours {
			if !here.same(r.at) {
				continue
			}
			met, exact = true, exact || here == r.at
			if r.clashing || disagree(says, r.says) {
				differs = true
				with = appendOnce(appendOnce(with, r.evidence), evidence[0])
			}
		}
	}
	if met {
		b.out.Same++
	}
	if differs {
		b.disagree(kind, with)
	}
	if met && (exact || !b.keepDiffering) {
		return false
	}
	*taken = append(*taken, here)
	return true
}

func disagree(a, c []string) bool {
	for i := range a {
		if i < len(c) && a[i] != "" && c[i] != "" && !strings.EqualFold(a[i], c[i]) {
			return true
		}
	}
	return false
}

// disagree warns, once for the same words.
func (b *beside) disagree(kind string, evidence kerbside.List[kerbside.Evidence]) {
	for _, w := range b.warnings {
		if w.Evidence[0].FirstWord == evidence[0].FirstWord && w.Evidence[0].LastWord == evidence[0].LastWord && w.Evidence[0].Source == evidence[0].Source {
			return
		}
	}
	b.warnings = append(b.warnings, kerbside.Warning{Code: kerbside.WarnEngines, Text: "The language model reads these words in another way (" + kindWords[kind] + "). They were not changed. Check what they say.", Evidence: evidence})
}

var kindWords = map[string]string{
	"risk": "a worry", "strength": "a strength", "action": "an action", "child_voice": "the child's words", "attendee": "who was there", "visit": "the visit",
}

func (b *beside) risks(list []kerbside.Risk) {
	var ours, good []claim
	for _, r := range b.record.Risks {
		ours = b.claim(ours, r.Evidence, false, r.Polarity)
	}
	for _, s := range b.record.Strengths {
		if s.Polarity == kerbside.Affirmed {
			good = b.claim(good, s.Evidence, true)
		}
	}
	var taken []stretch
	for _, r := range list {
		against := [][]claim{ours, good}
		if r.Polarity == kerbside.Negated {
			against = against[:1]
		}
		if b.place("risk", r.Evidence, []string{r.Polarity}, &taken, against...) {
			b.added.Risks = append(b.added.Risks, r)
		}
	}
}

func (b *beside) strengths(list []kerbside.Strength) {
	var ours, bad []claim
	for _, s := range b.record.Strengths {
		ours = b.claim(ours, s.Evidence, false, s.Polarity)
	}
	for _, r := range b.record.Risks {
		if r.Polarity != kerbside.Negated {
			bad = b.claim(bad, r.Evidence, true)
		}
	}
	var taken []stretch
	for _, s := range list {
		against := [][]claim{ours, bad}
		if s.Polarity == kerbside.Negated {
			against = against[:1]
		}
		if b.place("strength", s.Evidence, []string{s.Polarity}, &taken, against...) {
			b.added.Strengths = append(b.added.Strengths, s)
		}
	}
}

func (b *beside) actions(list []kerbside.Action) {
	var ours []claim
	for _, a := range b.record.Actions {
		ours = b.claim(ours, a.Evidence, false, b.person(a.Owner), a.Due.Date)
	}
	var taken []stretch
	for _, a := range list {
		if b.place("action", a.Evidence, []string{b.person(a.Owner), a.Due.Date}, &taken, ours) {
			b.added.Actions = append(b.added.Actions, a)
		}
	}
}

func (b *beside) voices(list []kerbside.ChildVoice) {
	var ours []claim
	for _, v := range b.record.ChildVoice {
		ours = b.claim(ours, v.Evidence, false, b.person(v.Child))
	}
	var taken []stretch
	for _, v := range list {
		if b.place("child_voice", v.Evidence, []string{b.person(v.Child)}, &taken, ours) {
			b.added.ChildVoice = append(b.added.ChildVoice, v)
		}
	}
}

// person is "worker" or the id of the one person of the rules whom words can mean, else "": where it is not clear who is meant,
// engines cannot be said to disagree.
func (b *beside) person(who string) string {
	if strings.EqualFold(who, "worker") {
		return "worker"
	}
	if a := b.known(who, who); a != nil {
		return string(a.ID)
	}
	return ""
}

// known is the one person of the rules of a name, or, where nobody is named, of a role; nil when there is none or several.
func (b *beside) known(name, role string) *kerbside.Attendee {
	key := name + "\x00" + role
	if a, ok := b.persons[key]; ok {
		return a
	}
	a := b.look(name, role)
	b.persons[key] = a
	return a
}

func (b *beside) look(name, role string) *kerbside.Attendee {
	var found []*kerbside.Attendee
	var words vocabulary
	words.add(name)
	for i := range b.record.Attendees {
		a := &b.record.Attendees[i]
		if name != "" && a.Name != "" && (b.names[i].holds(name) || words.holds(a.Name)) || role != "" && (name == "" || name == role) && a.Role != "" && rules.RoleSpoken(a.Role, role) {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// facts keeps what the model read of the visit where the rules read nothing, and warns where both read and differ.
func (b *beside) facts(model *kerbside.VisitFacts) {
	theirs := factsOf(model)
	for i, ours := range factsOf(&b.record.Visit) {
		f := theirs[i]
		if !stated(f.Value) || b.ordered("visit."+f.Field, f.Evidence[:1]) {
			continue
		}
		switch {
		case !stated(ours.Value):
			b.out.Visit = append(b.out.Visit, f)
		case strings.EqualFold(ours.Value, f.Value):
			b.out.Same++
		case f.Field != "place": // two ways to call one place are no disagreement
			b.disagree("visit", appendOnce(ours.Evidence[:min(1, len(ours.Evidence))], f.Evidence[0]))
		}
	}
}

func factsOf(v *kerbside.VisitFacts) []kerbside.ProposedFact {
	fact := func(field string, f kerbside.Fact) kerbside.ProposedFact {
		return kerbside.ProposedFact{Field: field, Value: f.Value, Evidence: f.Evidence}
	}
	return []kerbside.ProposedFact{
		fact("date", v.Date), fact("time", v.Time), fact("type", v.Type), fact("place", v.Place), fact("announced", v.Announced), fact("child_seen", v.ChildSeen),
		fact("seen_alone", kerbside.Fact{Value: v.SeenAlone.Value, Evidence: v.SeenAlone.Evidence}), fact("bedroom_seen", v.BedroomSeen), fact("next_visit", v.NextVisit),
		fact("mode", v.Mode), fact("outcome", v.Outcome),
	}
}

// people keeps those whom the rules did not find, and warns where one engine has somebody present whom the other has absent.
func (b *beside) people(list []kerbside.Attendee) {
	ours := map[kerbside.PersonID]bool{}
	for _, a := range b.record.Attendees {
		ours[a.ID] = true
	}
	for _, a := range list {
		if ours[a.ID] || b.ordered("attendee", a.Evidence[:1]) {
			continue
		}
		known := b.known(a.Name, a.Role)
		switch {
		case known == nil && b.several(a):
			b.out.Same++ // one of several, and which is not known
		case known == nil:
			b.out.Attendees = append(b.out.Attendees, a)
		default:
			b.out.Same++
			if a.Presence != known.Presence && a.Presence != kerbside.Mentioned && known.Presence != kerbside.Mentioned {
				b.disagree("attendee", appendOnce(known.Evidence[:1], a.Evidence[0]))
			}
		}
	}
}

func (b *beside) several(a kerbside.Attendee) bool {
	var words vocabulary
	words.add(a.Name)
	for i, x := range b.record.Attendees {
		if a.Name != "" && x.Name != "" && (b.names[i].holds(a.Name) || words.holds(x.Name)) || a.Name == "" && rules.RoleSpoken(x.Role, a.Role) {
			return true
		}
	}
	return false
}
