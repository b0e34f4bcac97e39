package draft

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kerbside"
	"kerbside/prompts"
)

// builder collects the sentences of one draft while its template runs.
type builder struct {
	record  *kerbside.Record
	sources sources
	wall    *firewall
	phrases map[string]string
	own     wordSet // the words of the template and the phrases
	day     string  // ISO date of the visit, "" when unknown

	out       *bytes.Buffer // what the template has printed so far
	marks     []*phrase
	withheld  []kerbside.Withheld // facts
	names     wordSet
	called    map[kerbside.PersonID]*phrase
	allowed   []*item       // what the reader may see
	oneVoice  map[span]bool // sentences in which one person speaks
	alarms    []span        // words that ask for attention
	byGiven   map[string]kerbside.PersonID
	whole     map[span]bool       // sentences that can be shown whole
	wholeDo   map[span]bool       // the same, for actions
	childName string              // as prompts.NameGiven and its like
	sorted    bool                // the template puts good and bad under headings of their own
	scratch   map[string]bool     // scratch of the gate
	tokens    map[string][]string // of quotes, kept because sentences share evidence
}

// A mark stands in a template's output for a sentence. The runes are private use, so that no template holds them by chance.
const (
	markOpen  = "\uE000"
	markClose = "\uE001"
)

func (b *builder) mark(p *phrase) string {
	p.at = b.out.Len()
	b.marks = append(b.marks, p)
	return fmt.Sprintf("%s%d%s", markOpen, len(b.marks)-1, markClose)
}

// print marks the sentence of an item, unless the same words stand in the draft already.
func (b *builder) print(it *item, p *phrase) string {
	if p == nil {
		return ""
	}
	text := stop(capital(strings.TrimSpace(p.text)))
	for _, m := range b.marks {
		if m.of == nil || m.dropped || !sameSpeaker(m.of, it) {
			continue
		}
		if m.of == it || m.text == text && b.sameSection(m) || m.of.kind == kindVoice && it.kind == kindRisk && b.framed(m.content, it.main) && tells(m, it) || m.content.contains(it.main) && (covers(m.of.kind, it.kind) || b.alike(m.of, it)) && m.of.restricted == nil == (it.restricted == nil) && tells(m, it) {
			for _, id := range it.ids() {
				if !slices.Contains(m.items, id) {
					m.items = append(m.items, id)
				}
			}
			m.dueToo(it, p)
			return ""
		}
	}
	for _, m := range b.marks { // "he drank" before "he drank but has stopped", in one section
		if m.of != nil && !m.dropped && p.content.contains(m.content) && sameSpeaker(m.of, it) && (covers(it.kind, m.of.kind) || b.alike(m.of, it)) && m.of.restricted == nil && it.restricted == nil && tells(p, m.of) && b.sameSection(m) {
			m.dropped = true
			p.items = append(p.items, m.items...)
			p.evidence = distinct(append(p.evidence, m.evidence...))
			p.derived = append(p.derived, m.derived...)
			p.verdict = weaker(p.verdict, m.verdict)
		}
	}
	p.of = it
	return p.String()
}

// dueToo adds the day of another action that the same words tell.
func (p *phrase) dueToo(it *item, other *phrase) {
	i := strings.LastIndex(other.text, " (")
	if it.kind != kindAction || it.due.Date == "" || p.of.kind != kindAction || p.of == it || i < 0 || strings.Contains(p.text, other.text[i:]) || !slices.ContainsFunc(other.derived, func(d string) bool { return strings.Contains(p.text, d) }) && len(other.derived) == 0 {
		return
	}
	p.text = stop(strings.TrimSuffix(p.text, ".") + strings.TrimSuffix(other.text[i:], "."))
	p.derived = append(p.derived, other.derived...)
	p.evidence = distinct(append(slices.Clone(p.evidence), other.evidence...))
	p.verdict = weaker(p.verdict, other.verdict)
}

func (b *builder) sameSection(m *phrase) bool {
	return !bytes.Contains(b.out.Bytes()[m.at:], []byte("\n## "))
}

// joined puts items that one speaker said in one breath into one: "there was food in the fridge and the kitchen was clean". Items that
// stand in the draft already are left out.
func (b *builder) joined(list entries) entries {
	var out entries
	for _, e := range list {
		if slices.ContainsFunc(b.marks, func(m *phrase) bool { return slices.Contains(m.items, e.it.id) }) {
			continue
		}
		if n := len(out); n > 0 {
			if it := b.together(out[n-1].it, e.it); it != nil {
				out[n-1] = &entry{b, it}
				continue
			}
		}
		out = append(out, e)
	}
	return out
}

// together is one item of two, or nil when they do not belong together.
func (b *builder) together(x, y *item) *item {
	gap := y.main.first - x.main.last - 1
	if !x.valid || !y.valid || !b.selfEvident(x) || !b.selfEvident(y) || x.main.src != y.main.src || gap < 0 || gap > 1 || gap == 1 && !joiners[y.main.word(y.main.first-1)] ||
		x.by.Kind != y.by.Kind || x.by.Who != y.by.Who || !slices.Equal(x.by.Chain, y.by.Chain) || x.temporality != y.temporality || x.restricted != nil || y.restricted != nil ||
		(x.polarity == kerbside.Uncertain) != (y.polarity == kerbside.Uncertain) || ends(x.main.src.Words[x.main.last].Text) || opensQuote(y.main) {
		return nil
	}
	s := span{x.main.src, x.main.first, y.main.last}
	if s.len() > widest || b.wall.isBlocked(s) {
		return nil
	}
	it := *x
	it.main, it.also = s, slices.Concat(x.ids()[1:], y.ids())
	e := s.evidence()
	it.text = e.Quote
	it.evidence = slices.Concat([]kerbside.Evidence{e}, x.evidence[1:], y.evidence[1:])
	it.critical = x.critical || y.critical
	if len(x.about) != len(y.about) || !slices.Equal(x.about, y.about) {
		it.about = nil
	}
	if it.polarity != y.polarity {
		it.polarity = kerbside.Affirmed // its words show both
	}
	return &it
}

// selfEvident reports whether the words of an item carry its "no" or "not sure" themselves.
func (b *builder) selfEvident(it *item) bool {
	words := b.tokensOf(it.evidence[0].Quote)
	return (it.polarity != kerbside.Negated || count(words, negates) > 0) && (it.polarity != kerbside.Uncertain || doubts.any(words))
}

// framed reports whether words are a child's words with no more before them than who said them.
func (b *builder) framed(said, all span) bool {
	if !all.contains(said) || said.last != all.last || said.first-all.first > 6 {
		return false
	}
	tells := false
	for i := all.first; i < said.first; i++ {
		w := all.word(i)
		tells = tells || reporting[w]
		if !reporting[w] && !thirdPerson[w] && !listeners[w] && !joiners[w] && !b.personNames()[bare(w)] && relations[w] == "" {
			return false
		}
	}
	return tells
}

// alike reports whether a template puts two items under one heading, be they good or bad.
func (b *builder) alike(x, y *item) bool {
	plain := func(k string) bool { return k == kindRisk || k == kindStrength || k == kindInjury }
	return !b.sorted && plain(x.kind) && plain(y.kind)
}

// covers reports whether a sentence for one kind of item says what an item of another kind, in the same words, says.
func covers(shown, other string) bool {
	return shown == other || shown == kindVoice && other != kindAction || shown == kindInjury && other == kindRisk || shown == kindRisk && other == kindInjury
}

// tells reports whether a sentence says of its words what the item says: that they are not certain, or past.
func tells(m *phrase, it *item) bool {
	if it.kind == kindVoice || it.kind == kindAction {
		return true
	}
	words := tokens(m.text)
	return (it.polarity != kerbside.Uncertain || doubts.any(words)) && (it.polarity != kerbside.Negated || count(words, negates) > 0) && (it.temporality != kerbside.Historical || count(words, isPast) > 0)
}

func sameSpeaker(a, b *item) bool {
	return reported(a.by.Kind) == reported(b.by.Kind) && (a.by.Kind == kerbside.WorkerOpinion) == (b.by.Kind == kerbside.WorkerOpinion)
}

// put fills a standard phrase: pairs of a brace and what goes there.
func (b *builder) put(key string, pairs ...string) string {
	text := b.phrases[key]
	out := strings.Builder{}
	for text != "" {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		out.WriteString(text[:i])
		text = text[i:]
		found := false
		for p := 0; p+1 < len(pairs) && !found; p += 2 {
			if rest, ok := strings.CutPrefix(text, pairs[p]); ok {
				out.WriteString(pairs[p+1])
				text, found = rest, true
			}
		}
		if !found {
			out.WriteByte('{')
			text = text[1:]
		}
	}
	return out.String() + text
}

func (b *builder) note(text string) *phrase {
	return &phrase{b: b, text: text, verdict: kerbside.VerdictBoilerplate, system: true}
}

func (b *builder) withhold(id, kind, reason string) {
	w := kerbside.Withheld{Item: id, Kind: kind, Reason: reason}
	if !slices.Contains(b.withheld, w) {
		b.withheld = append(b.withheld, w)
	}
}

func (b *builder) fact(id string, f kerbside.Fact, reason string, subject *phrase) *fact {
	value := f.Value
	if value == "" {
		value = kerbside.NotStated
	}
	return &fact{b: b, id: id, value: value, reason: reason, subject: subject, evidence: f.Evidence}
}

// date is a day of the record: said when its words name the day, else reckoned.
func (b *builder) date(id string, f kerbside.Fact) *phrase {
	inWords := func(e kerbside.Evidence) *phrase {
		return &phrase{b: b, text: "“" + e.Quote + "”", verdict: kerbside.VerdictQuoted, items: []string{id}, evidence: []kerbside.Evidence{e}}
	}
	if f.Value == "" && len(f.Evidence) > 0 { // a day of no known year
		return inWords(f.Evidence[0])
	}
	if f.Value == "" || f.Value == kerbside.NotStated {
		return nil
	}
	p := &phrase{b: b, text: f.Value, verdict: kerbside.VerdictSupported, items: []string{id}, evidence: f.Evidence}
	if long := longDate(f.Value); long != "" {
		for _, e := range f.Evidence {
			if otherDay(f.Value, e.Quote) { // the words win over the reckoning
				return inWords(e)
			}
		}
		p.text, p.derived = long, []string{long}
		p.verdict = kerbside.VerdictInferred
		for _, e := range f.Evidence {
			if set(months...).any(tokens(e.Quote)) {
				p.verdict = kerbside.VerdictSupported
			}
		}
	}
	return p
}

// join makes one phrase of several.
func (b *builder) join(parts []*phrase, between string, capitals bool) *phrase {
	if len(parts) == 0 {
		return nil
	}
	out := &phrase{b: b, verdict: kerbside.VerdictQuoted}
	var texts []string
	for _, p := range parts {
		t := p.text
		if capitals {
			t = capital(t)
		}
		texts = append(texts, t)
		out.add(p)
	}
	out.text = strings.Join(texts, between)
	return out
}

// open leaves out evidence that the reader may not see.
func (b *builder) open(list []kerbside.Evidence) []kerbside.Evidence {
	var out []kerbside.Evidence
	for _, e := range list {
		if s, ok := b.sources.span(e); ok && (!b.wall.isBlocked(s) || b.wall.namesOnly(s)) && !b.wall.shows(e.Quote) {
			out = append(out, e)
		}
	}
	return out
}

// openFact gives the evidence for a day, a time or a choice from a list that was said in one breath with an address. It holds no part of the address itself, and a
// draft without the day of the visit is of use to nobody.
func (b *builder) openFact(p *phrase) []kerbside.Evidence {
	if p.of != nil || len(p.items) != 1 || !strings.HasPrefix(p.items[0], "visit.") || p.items[0] == "visit.place" {
		return nil
	}
	var out []kerbside.Evidence
	for _, e := range p.evidence {
		if s, ok := b.sources.span(e); ok && b.wall.besideAddress(s) && !b.wall.shows(e.Quote) {
			out = append(out, e)
		}
	}
	return out
}

// calling is the evidence for what somebody is called: what the reader may see of it, and where that does not hold the name, the words of the name alone.
// The names of the family, and of those who were there, are no secret in whatever sentence they were said.
func (b *builder) calling(a *kerbside.Attendee) []kerbside.Evidence {
	out := b.open(a.Evidence)
	want := tokens(a.Name)
	if len(want) == 0 {
		want = tokens(a.Role)
	}
	said := func() bool {
		for _, w := range want {
			if !slices.ContainsFunc(out, func(e kerbside.Evidence) bool { return slices.Contains(bareAll(slices.Clone(b.tokensOf(e.Quote))), w) }) {
				return false
			}
		}
		return true
	}
	if len(want) == 0 || len(out) > 0 && (said() || a.Name == "") {
		return out
	}
	for _, e := range a.Evidence {
		s, ok := b.sources.span(e)
		if !ok {
			continue
		}
		for i := s.first; i <= s.last; i++ {
			w := bare(s.word(i))
			if slices.Contains(want, w) || a.Name == "" && relations[w] == a.Role {
				if at := (span{s.src, i, i}); b.wall.namesOnly(at) {
					out = append(out, at.evidence())
				}
			}
		}
		if said() {
			break
		}
	}
	return out
}

// name is how the draft calls a person: by name, else by role.
func (b *builder) name(id kerbside.PersonID) *phrase {
	p, ok := b.called[id]
	if !ok {
		p = b.nameOf(id)
		b.called[id] = p
	}
	return p
}

func (b *builder) nameOf(id kerbside.PersonID) *phrase {
	a := b.wall.people.byID[id]
	if a == nil {
		return nil
	}
	p := &phrase{b: b, text: a.Name, verdict: kerbside.VerdictSupported, evidence: b.calling(a)}
	if a.Name == "" {
		p.text, p.derived = b.put("unnamed", "{who}", a.Role), []string{a.Role}
	}
	if given, family, ok := strings.Cut(a.Name, " "); ok && childRole(a.Role) {
		switch {
		case b.childName == prompts.NameFull:
		case b.childName == prompts.NameInitial && family != "":
			p.text = given + " " + family[:firstLetter(family)]
			p.derived = []string{p.text}
		case b.wall.people.find(given) == id:
			p.text = given
		}
	}
	for _, e := range p.evidence { // one span that says the name is enough
		if a.Name != "" && strings.Contains(e.Quote, a.Name) {
			p.evidence = []kerbside.Evidence{e}
			break
		}
	}
	if len(p.evidence) == 0 || p.text == "" {
		return nil
	}
	return p
}

// firstLetter is the length of the first letter of a word, in bytes.
func firstLetter(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// personNames are the words of all names.
func (b *builder) personNames() wordSet {
	if b.names == nil {
		b.names = wordSet{}
		for _, a := range b.record.Attendees {
			for _, w := range tokens(a.Name) {
				b.names[w] = true
			}
		}
	}
	return b.names
}

func (b *builder) tokensOf(quote string) []string {
	t, ok := b.tokens[quote]
	if !ok {
		t = tokens(quote)
		b.tokens[quote] = t
	}
	return t
}
