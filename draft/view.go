package draft

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"kerbside"
)

// What a template can reach. Nothing here gives a template plain text: every value prints as a mark that stands for a
// sentence with its evidence, so that a template adds its own words and no others. See compile for the check of that.

// page is the dot of a template.
type page struct {
	b   *builder
	all entries
}

func (p *page) Visit() *visit  { return &visit{p.b} }
func (p *page) People() *crowd { return &crowd{p.b} }
func (p *page) Risks() entries { return p.all.kind(kindRisk) }
func (p *page) Voice() entries { return p.all.kind(kindVoice) }
func (p *page) Strengths() entries {
	return p.all.kind(kindStrength)
}

// Actions gives the actions, those with a date first, in the order of their dates.
func (p *page) Actions() entries {
	list := p.all.kind(kindAction)
	slices.SortStableFunc(list, func(a, b *entry) int {
		if (a.it.due.Date == "") != (b.it.due.Date == "") {
			return cmp.Compare(b.it.due.Date, a.it.due.Date)
		}
		return cmp.Compare(a.it.due.Date, b.it.due.Date)
	})
	return list
}
func (p *page) Injuries() entries { return p.all.kind(kindInjury) }

// Observed gives what the worker saw or states without a source.
func (p *page) Observed() entries {
	return p.b.joined(p.statements().where(func(e *entry) bool { return e.it.by.Kind == kerbside.Observed || e.it.by.Kind == "" }))
}

// Reported gives what others told the worker, children's own statements too.
func (p *page) Reported() entries {
	return p.b.joined(p.statements().where(func(e *entry) bool { return reported(e.it.by.Kind) }))
}

// Opinions gives what the worker thinks, as spoken.
func (p *page) Opinions() entries { return p.b.joined(p.statements().where((*entry).opinion)) }

// Witnessed gives, of what the worker states, what the words show to have been seen, heard or smelt.
func (l entries) Witnessed() entries { return l.where((*entry).witnessed) }

// Unsourced gives the rest: what the worker states without saying how it is known.
func (l entries) Unsourced() entries { return l.where(func(e *entry) bool { return !e.witnessed() }) }

func (e *entry) witnessed() bool {
	if !e.it.valid {
		return false
	}
	return e.it.kind == kindInjury || count(e.b.tokensOf(e.it.main.sentence().evidence().Quote), func(w string) bool { return sees[w] || len(w) > 4 && strings.HasSuffix(w, "ed") }) > 0
}

func (p *page) statements() entries {
	return p.all.where(func(e *entry) bool { return e.it.kind == kindRisk || e.it.kind == kindStrength })
}

// Spoken gives what the worker marked as a view: "I think", "in my view".
func (l entries) Spoken() entries {
	return l.where(func(e *entry) bool {
		s := e.it.main.sentence()
		return e.it.valid && hasView(s.evidence().Quote)
	})
}

// Decisions gives what speaks of deciding, thresholds, strategy, legal steps or the manager: items, and then whatever else was said so.
func (p *page) Decisions() []any { return p.cued(p.speakingOf(decisions), decisionCues) }

// Unsure gives what the worker or others are not certain of.
func (p *page) Unsure() []any { return p.cued(p.statements().Uncertain(), doubtCues) }

// OwnState gives what the worker says of how they are.
func (p *page) OwnState() []any { return p.cued(nil, stateCues) }

// Drift gives what speaks of waiting, chasing, missing or still not being done.
func (p *page) Drift() []any {
	return p.cued(p.speakingOf(drifts).where(func(e *entry) bool {
		return e.it.status != kerbside.Done && e.it.polarity != kerbside.Negated && e.it.by.Kind != kerbside.ChildSaid && (e.it.due.Date == "" || p.b.day != "" && e.it.due.Date < p.b.day)
	}), driftCues)
}

func (p *page) speakingOf(words wordSet) entries {
	return p.all.where(func(e *entry) bool {
		return (e.it.kind == kindAction || e.it.kind == kindRisk || e.opinion()) && words.any(tokens(e.it.text))
	})
}

// cued adds to items the sentences that hold one of the cues and that no item shows, verbatim. A reader who may see only what was classified
// gets none of them.
func (p *page) cued(list entries, cues [][]string) []any {
	var out []any
	seen := map[span]bool{}
	for _, e := range list {
		out = append(out, e)
		if e.it.valid {
			seen[e.it.main.sentence()] = true
		}
	}
	if p.b.wall.rules[ruleUnclassified].may == mayNo {
		return out
	}
	for _, s := range p.b.sources.sentences() {
		if seen[s] || s.len() > longest || p.b.wall.isBlocked(s) || !cuedBy(s, cues) {
			continue
		}
		e := s.evidence()
		if p.b.wall.shows(e.Quote) || e.Quote == "" {
			continue
		}
		w := wording{text: e.Quote, span: s, tokens: p.b.tokensOf(e.Quote)}
		w.tidy()
		x := &phrase{b: p.b, text: w.plain(), verdict: kerbside.VerdictQuoted, evidence: []kerbside.Evidence{e}, content: s}
		if w.tidied {
			x.verdict = kerbside.VerdictSupported
		}
		if e.Source.Kind == kerbside.SourceStatement {
			x.verdict = kerbside.VerdictStated
		}
		out = append(out, x)
	}
	return out
}

// cuedBy reports whether a sentence holds one of the cues: words in their order, side by side.
func cuedBy(s span, cues [][]string) bool {
	for i := s.first; i <= s.last; i++ {
		for _, c := range cues {
			if s.src.plain[i] == c[0] && i+len(c)-1 <= s.last && slices.Equal(s.src.plain[i:i+len(c)], c) {
				return true
			}
		}
	}
	return false
}

// Significant gives up to n of what matters most for somebody who reads the entry in a year: injuries, what asks for attention now, then
// the gravest kinds of harm.
func (p *page) Significant(n int) entries {
	list := p.all.where(func(e *entry) bool {
		return (e.it.kind == kindRisk || e.it.kind == kindInjury) && e.it.polarity != kerbside.Negated && !e.opinion() && e.it.valid
	})
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Compare(p.b.weight(b.it), p.b.weight(a.it)) })
	var out entries
	for _, e := range list { // one of a sentence tells what the sentence tells
		again := slices.ContainsFunc(out, func(o *entry) bool { return o.it.main.sentence() == e.it.main.sentence() })
		if !again && (len(out) == 0 || e.it.kind == kindInjury || harm(e.it.factor) > 0 || e.it.critical && reported(e.it.by.Kind) || p.b.urgent(e.it.main)) {
			out = append(out, e)
		}
	}
	return out.First(n)
}

// Children gives the facts for each child.
func (p *page) Children() []*child {
	var out []*child
	for _, c := range p.b.record.Children {
		if p.b.wall.people.isChild(p.b.wall.reader) && c.Person != p.b.wall.reader {
			continue
		}
		name := p.b.name(c.Person)
		if name == nil {
			continue
		}
		at := "children." + string(c.Person) + "."
		out = append(out, &child{
			Name: name, Seen: p.b.fact(at+"child_seen", c.ChildSeen, "", name),
			Alone:   p.b.fact(at+"seen_alone", kerbside.Fact{Value: c.SeenAlone.Value, Evidence: c.SeenAlone.Evidence}, c.SeenAlone.Reason, name),
			Bedroom: p.b.fact(at+"bedroom_seen", c.BedroomSeen, "", name),
		})
	}
	return out
}

// SeenLine says in one sentence which children were seen, and how.
func (p *page) SeenLine() *phrase {
	var parts []*phrase
	for _, c := range p.Children() {
		var key string
		switch {
		case c.Seen.value == kerbside.No:
			key = "not_seen"
		case c.Seen.value == kerbside.Yes && c.Alone.value == kerbside.Yes:
			key = "seen_alone"
		case c.Seen.value == kerbside.Yes && c.Alone.value == kerbside.No:
			key = "seen_not_alone"
		case c.Seen.value == kerbside.Yes:
			key = "seen"
		default:
			continue
		}
		x := *c.Name
		x.text = p.b.put(key, "{who}", c.Name.text)
		x.evidence = slices.Concat(c.Seen.evidence, c.Alone.evidence, c.Name.evidence)
		x.items = []string{c.Seen.id, c.Alone.id}
		parts = append(parts, &x)
	}
	return p.b.join(parts, "; ", true)
}

// HintDate says which date the recording's details give, for a dictation that names none.
func (p *page) HintDate() *phrase {
	d := longDate(p.b.record.Source.VisitDateHint)
	if d == "" {
		return nil
	}
	return p.b.note(p.b.put("date_of_recording", "{date}", d))
}

// RecordedAt says when the dictation was made.
func (p *page) RecordedAt() *phrase {
	at := p.b.record.Source.RecordedStart
	if len(at) < len("2006-01-02") || longDate(at[:10]) == "" {
		return nil
	}
	return p.b.note(p.b.put("recorded_at", "{date}", longDate(at[:10])))
}

// Warnings gives what asks a person to look.
func (p *page) Warnings() []*phrase {
	var out []*phrase
	for i, w := range p.b.record.Warnings {
		if p.b.phrases["warning_"+w.Code] == "" {
			continue
		}
		if len(w.Evidence) == 0 {
			out = append(out, p.b.note(p.b.put("warning_"+w.Code)))
			continue
		}
		out = append(out, &phrase{b: p.b, text: p.b.put("warning_words", "{what}", strings.TrimSuffix(p.b.put("warning_"+w.Code), "."), "{words}", w.Evidence[0].Quote), verdict: kerbside.VerdictQuoted,
			items: []string{fmt.Sprintf("warnings.%d", i)}, evidence: w.Evidence})
	}
	return out
}

// Missing gives the questions that the dictation leaves open. A question that names somebody rests on the words that name them.
func (p *page) Missing() []*phrase {
	var out []*phrase
	for i, m := range p.b.record.Missing {
		x := &phrase{b: p.b, text: m.Text, verdict: kerbside.VerdictInferred, items: []string{fmt.Sprintf("missing.%d", i)}}
		for _, id := range m.About {
			if n := p.b.name(id); n != nil {
				x.evidence = append(x.evidence, n.evidence...)
			}
		}
		for _, e := range p.all {
			if e.it.kind == kindAction && e.it.text != "" && strings.Contains(m.Text, e.it.text) {
				x.evidence = append(x.evidence, e.it.evidence...)
			}
		}
		known := p.b.personNames()
		for _, w := range tokens(m.Text) {
			if !known[bare(w)] {
				x.derived = append(x.derived, w)
			}
		}
		if len(x.evidence) == 0 {
			if known.any(tokens(m.Text)) {
				continue
			}
			x = p.b.note(m.Text)
		}
		out = append(out, x)
	}
	return out
}

// visit is the facts of the visit.
type visit struct{ b *builder }

func (v *visit) facts() *kerbside.VisitFacts { return &v.b.record.Visit }
func (v *visit) Date() *phrase               { return v.b.date("visit.date", v.facts().Date) }
func (v *visit) NextVisit() *phrase          { return v.b.date("visit.next_visit", v.facts().NextVisit) }
func (v *visit) Type() *fact                 { return v.b.fact("visit.type", v.facts().Type, "", nil) }
func (v *visit) Announced() *fact            { return v.b.fact("visit.announced", v.facts().Announced, "", nil) }
func (v *visit) Mode() *fact                 { return v.b.fact("visit.mode", v.facts().Mode, "", nil) }
func (v *visit) Outcome() *fact              { return v.b.fact("visit.outcome", v.facts().Outcome, "", nil) }
func (v *visit) ChildSeen() *fact            { return v.b.fact("visit.child_seen", v.facts().ChildSeen, "", nil) }
func (v *visit) BedroomSeen() *fact {
	return v.b.fact("visit.bedroom_seen", v.facts().BedroomSeen, "", nil)
}

func (v *visit) SeenAlone() *fact {
	f := v.facts().SeenAlone
	return v.b.fact("visit.seen_alone", kerbside.Fact{Value: f.Value, Evidence: f.Evidence}, f.Reason, nil)
}

func (v *visit) Time() *phrase {
	f := v.facts().Time
	if f.Value == "" || f.Value == kerbside.NotStated {
		return nil
	}
	return &phrase{b: v.b, text: f.Value, verdict: kerbside.VerdictSupported, items: []string{"visit.time"}, evidence: f.Evidence, derived: clock(f.Value)}
}

func (v *visit) Place() *phrase {
	f := v.facts().Place
	if f.Value == "" || f.Value == kerbside.NotStated {
		return nil
	}
	if r := v.b.wall.rules[kerbside.SensitiveAddress]; r.may == mayNo && strings.ContainsAny(f.Value, "0123456789") && !v.b.wall.release["visit.place"] {
		v.b.withhold("visit.place", kindFact, r.reason)
		return nil
	}
	x := &phrase{b: v.b, text: f.Value, verdict: kerbside.VerdictSupported, items: []string{"visit.place"}, evidence: f.Evidence}
	if f.Value == strings.ToLower(f.Value) && !strings.ContainsAny(f.Value, "0123456789") {
		x.derived = []string{f.Value} // a kind of place, as the record names it
	}
	return x
}

// Attempts gives the tries to visit; %s in a template's words is the time.
func (v *visit) Attempts() []*fact {
	var out []*fact
	for i, a := range v.facts().Attempts {
		id := fmt.Sprintf("visit.attempts.%d", i)
		at := &phrase{b: v.b, text: a.Time, verdict: kerbside.VerdictSupported, evidence: a.Evidence, derived: clock(a.Time)}
		if a.Time == "" {
			at.text, at.derived = v.b.put("no_time"), nil
		}
		out = append(out, v.b.fact(id, kerbside.Fact{Value: a.Outcome, Evidence: a.Evidence}, "", at))
	}
	return out
}

// clock lets a time of day stand for however it was spoken, and nothing else.
func clock(value string) []string {
	if len(value) == 5 && value[2] == ':' && strings.Trim(value, "0123456789:") == "" {
		return []string{value}
	}
	return nil
}

// child is the facts for one child.
type child struct {
	Name                 *phrase
	Seen, Alone, Bedroom *fact
}

// crowd is the people spoken of.
type crowd struct{ b *builder }

func (c *crowd) Present() *phrase   { return c.with(kerbside.Present) }
func (c *crowd) Absent() *phrase    { return c.with(kerbside.Absent) }
func (c *crowd) Mentioned() *phrase { return c.with(kerbside.Mentioned) }

func (c *crowd) with(presence string) *phrase {
	var parts []*phrase
	for _, a := range c.b.record.Attendees {
		if a.Presence != presence || c.b.wall.shows(a.Name) || a.Name == "" && c.b.wall.shows(a.Role) {
			continue
		}
		evidence := c.b.calling(&a)
		if len(evidence) == 0 {
			continue
		}
		x := &phrase{b: c.b, text: a.Name, verdict: kerbside.VerdictSupported, items: []string{"attendees." + string(a.ID)}, evidence: evidence, derived: []string{a.Role, a.Age}}
		role := a.Role
		if acronyms[role] {
			role = strings.ToUpper(role)
		}
		switch {
		case a.Name == "":
			x.text = role
			if a.Age != "" {
				x.text += " (" + a.Age + ")"
			}
		case a.Role != "" && a.Age != "":
			x.text += " (" + role + ", " + a.Age + ")"
		case a.Role != "" && fold(a.Role) != fold(a.Name):
			x.text += " (" + role + ")"
		}
		if x.text != "" {
			parts = append(parts, x)
		}
	}
	return c.b.join(parts, "; ", false)
}

// entries is a list of items that a template may narrow.
type entries []*entry

func (l entries) where(f func(*entry) bool) entries {
	var out entries
	for _, e := range l {
		if f(e) {
			out = append(out, e)
		}
	}
	return out
}

func (l entries) kind(k string) entries {
	return l.where(func(e *entry) bool { return e.it.kind == k })
}

func (l entries) Affirmed() entries {
	return l.where(func(e *entry) bool { return e.it.polarity != kerbside.Negated && e.it.polarity != kerbside.Uncertain })
}
func (l entries) Negated() entries {
	return l.where(func(e *entry) bool { return e.it.polarity == kerbside.Negated })
}
func (l entries) Uncertain() entries {
	return l.where(func(e *entry) bool { return e.it.polarity == kerbside.Uncertain })
}
func (l entries) Certain() entries {
	return l.where(func(e *entry) bool { return e.it.polarity != kerbside.Uncertain })
}
func (l entries) Historical() entries {
	return l.where(func(e *entry) bool { return e.it.temporality == kerbside.Historical })
}
func (l entries) Current() entries {
	return l.where(func(e *entry) bool { return e.it.temporality != kerbside.Historical })
}
func (l entries) Views() entries { return l.where((*entry).opinion) }
func (l entries) Facts() entries { return l.where(func(e *entry) bool { return !e.opinion() }) }

// FirstHand gives what the worker saw or heard from the speaker.
func (l entries) FirstHand() entries { return l.where((*entry).firstHand) }

// Hearsay gives what reached the worker through somebody.
func (l entries) Hearsay() entries {
	return l.where(func(e *entry) bool { return !e.firstHand() })
}
func (l entries) Done() entries {
	return l.where(func(e *entry) bool { return e.it.status == kerbside.Done })
}
func (l entries) Open() entries {
	return l.where(func(e *entry) bool { return e.it.status != kerbside.Done })
}

// Overdue gives open actions with a date before the visit's.
func (l entries) Overdue() entries {
	return l.Open().where(func(e *entry) bool { return e.it.due.Date != "" && e.b.day != "" && e.it.due.Date < e.b.day })
}

// Due gives open actions with a date that is not overdue.
func (l entries) Due() entries {
	return l.Open().where(func(e *entry) bool { return e.it.due.Date != "" && (e.b.day == "" || e.it.due.Date >= e.b.day) })
}
func (l entries) Undated() entries {
	return l.Open().where(func(e *entry) bool { return e.it.due.Date == "" })
}

// Disputed gives what grown-ups of the family say is not so, or see otherwise.
func (l entries) Disputed() entries {
	return l.where(func(e *entry) bool { return e.disputed() })
}

// Contested gives what a grown-up says is not so where somebody else says that it is, with what that other says.
func (l entries) Contested() entries {
	return l.where(func(e *entry) bool {
		return slices.ContainsFunc(l, func(o *entry) bool { return contest(e, o) || contest(o, e) })
	})
}

// contest reports whether one entry denies what another says: of the same people, and in a word of its own or of the same kind of harm.
func contest(denial, claim *entry) bool {
	d, c := denial.it, claim.it
	if d.by.Kind != kerbside.AdultSaid || d.polarity != kerbside.Negated || c.polarity == kerbside.Negated || !d.valid || !c.valid || denial.b.speech(d) == claim.b.speech(c) {
		return false
	}
	if !slices.ContainsFunc(d.about, func(p kerbside.PersonID) bool { return slices.Contains(c.about, p) }) {
		return false
	}
	if harm(d.factor) > 3 && d.factor == c.factor {
		return true
	}
	said := denial.b.tokensOf(c.evidence[0].Quote)
	return slices.ContainsFunc(denial.b.tokensOf(d.evidence[0].Quote), func(w string) bool {
		return len(w) > 4 && slices.Contains(said, w) && !reporting[w] && !denial.b.personNames()[w] && !doubts[w] && !past[w]
	})
}

// Undisputed gives the rest.
func (l entries) Undisputed() entries {
	return l.where(func(e *entry) bool { return !e.disputed() })
}

func (e *entry) disputed() bool {
	return e.it.by.Kind == kerbside.AdultSaid && (e.it.polarity == kerbside.Negated || disputes.any(tokens(e.it.text)))
}

// Grave gives what is grave or urgent, and injuries.
func (l entries) Grave() entries {
	return l.where(func(e *entry) bool { return e.it.critical || e.b.weight(e.it) >= grave })
}

// Relevant leaves out what is recorded as something good and nothing else: a reader who needs the minimum can do without.
func (l entries) Relevant() entries {
	holds := func(e *entry, bad bool) bool {
		return slices.ContainsFunc(e.b.allowed, func(it *item) bool {
			return it.valid && (it.kind == kindRisk && it.polarity != kerbside.Negated) == bad && (it.kind == kindRisk || it.kind == kindStrength) && it.main.sentence().overlaps(e.it.main)
		})
	}
	return l.where(func(e *entry) bool { return !e.it.valid || holds(e, true) || !holds(e, false) })
}

// First gives the first n.
func (l entries) First(n int) entries { return l[:max(0, min(n, len(l)))] }

// entry is one item of the record.
type entry struct {
	b  *builder
	it *item
}

func (e *entry) opinion() bool { return e.it.by.Kind == kerbside.WorkerOpinion }

func (e *entry) firstHand() bool {
	if e.it.kind == kindVoice {
		return e.b.relayed(e.it) == nil
	}
	return !reported(e.it.by.Kind)
}

func reported(kind string) bool {
	return kind == kerbside.ChildSaid || kind == kerbside.AdultSaid || kind == kerbside.ProfessionalSaid
}

// String puts the sentence for the item at this place of the draft.
func (e *entry) String() string { return e.b.print(e.it, e.b.compose(e.it)) }

// Format implements [fmt.Formatter], so that no verb shows more.
func (e *entry) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, e.String()) }

// Hearsay is the sentence with the chain by which it reached the worker.
func (e *entry) Hearsay() *hearsay { return &hearsay{e} }

type hearsay struct{ e *entry }

func (h *hearsay) String() string {
	return h.e.b.print(h.e.it, h.e.b.withChain(h.e.it, h.e.b.compose(h.e.it)))
}

// Format implements [fmt.Formatter].
func (h *hearsay) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, h.String()) }

// Explanations gives how each person accounts for an injury.
func (e *entry) Explanations() []*phrase {
	var out []*phrase
	for _, x := range e.it.explanations {
		if p := e.b.explanation(e.it, x); p != nil {
			out = append(out, p)
		}
	}
	return out
}

// HearsayExplanations gives them with the way by which they reached the worker.
func (e *entry) HearsayExplanations() []*phrase {
	list := e.Explanations()
	for i, p := range list {
		list[i] = e.b.withChain(p.of, p)
	}
	return list
}

// fact is a value of a fixed list; choose turns it into words.
type fact struct {
	b        *builder
	id       string
	value    string
	reason   string
	subject  *phrase
	evidence []kerbside.Evidence
}

// Reason gives the reason that was given for a "no".
func (f *fact) Reason() *phrase {
	if f.reason == "" {
		return nil
	}
	return &phrase{b: f.b, text: f.reason, verdict: kerbside.VerdictQuoted, items: []string{f.id}, evidence: f.evidence}
}

// String prints nothing: a fact has no words before choose gives it some.
func (f *fact) String() string { return "" }

// Format implements [fmt.Formatter].
func (f *fact) Format(fmt.State, rune) {}

// phrase is words with what they rest on.
type phrase struct {
	b        *builder
	text     string
	verdict  kerbside.Verdict
	items    []string
	evidence []kerbside.Evidence
	derived  []string // values of the record whose form differs from the words that they rest on
	content  span     // the words shown, for items
	of       *item
	chained  bool // says by whom it came
	dropped  bool // a fuller sentence stands in its place
	at       int  // where in the output
	system   bool // says something about the recording, not the family
}

// String puts the sentence at this place of the draft.
func (p *phrase) String() string {
	if p == nil {
		return ""
	}
	x := *p
	x.text = stop(capital(strings.TrimSpace(x.text)))
	return p.b.mark(&x)
}

// Format implements [fmt.Formatter].
func (p *phrase) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, p.String()) }

// say makes a sentence of a template's words with %s for each phrase. It is nothing when one of the phrases is missing.
func say(words string, parts ...*phrase) (*phrase, error) {
	if strings.Count(words, "%s") != len(parts) || len(parts) == 0 {
		return nil, fmt.Errorf("%q needs as many phrases as it has %%s, and at least one", words)
	}
	out := &phrase{verdict: kerbside.VerdictQuoted}
	for _, p := range parts {
		if p == nil {
			return nil, nil
		}
		words = strings.Replace(words, "%s", strings.ReplaceAll(p.text, "%", "%\x00"), 1)
		out.b = p.b
		out.add(p)
	}
	out.text = strings.ReplaceAll(words, "%\x00", "%")
	return out, nil
}

// add makes p rest on what o rests on too.
func (p *phrase) add(o *phrase) {
	p.verdict = weaker(p.verdict, o.verdict)
	p.items = append(p.items, o.items...)
	p.evidence = append(p.evidence, o.evidence...)
	p.derived = append(p.derived, o.derived...)
}

func weaker(a, b kerbside.Verdict) kerbside.Verdict {
	order := []kerbside.Verdict{kerbside.VerdictQuoted, kerbside.VerdictStated, kerbside.VerdictSupported, kerbside.VerdictInferred, kerbside.VerdictBoilerplate}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// choose gives the template's words for the value of a fact; %s in them is whom or what the fact is about. A value that the template gives
// no words, and one with empty words, is nothing.
func choose(f *fact, pairs ...string) (*phrase, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("choose needs pairs of a value and its words")
	}
	for i := 0; i < len(pairs); i += 2 {
		words := pairs[i+1]
		if pairs[i] != f.value || words == "" {
			continue
		}
		p := &phrase{b: f.b, text: words, items: []string{f.id}, verdict: kerbside.VerdictSupported, evidence: slices.Clone(f.evidence)}
		if f.value == kerbside.NotStated { // the template's own words, which say that nothing was said
			p.verdict, p.evidence, p.items = kerbside.VerdictBoilerplate, nil, nil
		}
		if strings.Contains(words, "%s") {
			if f.subject == nil {
				return nil, nil
			}
			p.text = strings.ReplaceAll(words, "%s", f.subject.text)
			p.evidence = append(p.evidence, f.subject.evidence...)
			p.derived = slices.Clone(f.subject.derived)
			if f.value == kerbside.NotStated {
				p.verdict, p.items = kerbside.VerdictInferred, []string{f.id}
			}
		}
		return p, nil
	}
	return nil, nil
}
