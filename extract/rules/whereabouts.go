package rules

import (
	"strconv"
	"strings"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// Who was there is decided for each person over everything that is said of him or her: what kind of person it is, where the first mention stands, what the
// rules of presence make of single clauses, and for each mention its part in the clause, the verb, the words beside it, and whose words they
// are. The weights (lexicon/presence.tsv) are learned from the annotated dictations of this repository by extract/rules/training/presence.

// placeOrder are the classes of the model; the first is the one that the others are weighed against.
var placeOrder = []string{kerbside.Mentioned, kerbside.Present, kerbside.Absent}

// PersonTraits are the features of somebody who is spoken of, for training.
type PersonTraits struct {
	Attendee kerbside.Attendee
	Names    []string
}

// People gives the people of a text with their features.
func (e *Engine) People(sources []*kerbside.Source, o kerbside.ExtractOptions) []PersonTraits {
	x := e.read(sources, o)
	x.unweighed = true
	for _, stage := range x.stages()[:5] {
		stage()
	}
	var out []PersonTraits
	for i := range x.people {
		if x.ids[i] == "" {
			continue
		}
		for _, a := range x.record.Attendees {
			if a.ID != x.ids[i] {
				continue
			}
			t := PersonTraits{Attendee: a}
			seen := map[string]bool{}
			for _, b := range x.traits(i, true) {
				for _, n := range b.Names {
					if !seen[n] {
						seen[n] = true
						t.Names = append(t.Names, n)
					}
				}
			}
			out = append(out, t)
		}
	}
	return out
}

// weighPresence lets the model decide where everybody was, on top of what the rules said.
func (x *text) weighPresence() {
	m := x.lex.presence
	if x.unweighed || m.Empty() {
		return
	}
	onVideo := false
	for _, f := range x.modes(len(x.tokens)) {
		onVideo = onVideo || f.value == kerbside.ModeVideo
	}
	p := make([]float64, len(placeOrder))
	for i := range x.people {
		who := &x.people[i]
		if who.generic || len(who.mentions) == 0 {
			continue
		}
		bags := x.traits(i, false)
		m.Scores(p, once(bags)...)
		best := 0
		for k := range p {
			if p[k] > p[best] {
				best = k
			}
		}
		if placeOrder[best] == kerbside.Absent && who.presence != kerbside.Absent && who.isChild(x) && !x.tellsAway(who.mentions[min(speaksFor(m, bags, best), len(who.mentions)-1)]) {
			p[best], best = 0, 0 // "Mason's seven" does not say that he was not there
			for k := range p {
				if p[k] > p[best] {
					best = k
				}
			}
		}
		value := placeOrder[best]
		who.sure = p[best]
		if value == kerbside.Present && !x.farAway && x.onScreen(who) {
			who.presence, who.presSpan, who.heard = kerbside.Mentioned, span{}, false
			continue
		}
		if value == who.presence {
			who.ruled = true
			continue
		}
		if value == kerbside.Present && who.presence == kerbside.Absent && (who.isChild(x) || p[best] < overruled || x.saidAway(who.presSpan)) {
			continue // who the words say was not there was not, a child never
		}
		if value == kerbside.Absent && who.presence == kerbside.Present && (who.arrived || x.letIn(who.presSpan) || !who.heard && (who.isChild(x) || p[best] < strangerSurely)) {
			continue // was away at first, and then came; or a child that the worker was with, or somebody said to be in
		}
		if value == kerbside.Present && who.presence == kerbside.Mentioned && x.farAway && !onVideo && who.isChild(x) {
			continue // of whom somebody spoke on the telephone
		}
		if value == kerbside.Present && x.shut && who.kind(x) != roleProfessional {
			continue // nobody came to the door
		}
		if value == kerbside.Present && who.presence == kerbside.Mentioned && x.gone[i] {
			continue // "Tia is missing again"
		}
		if value == kerbside.Present && (x.staysUnnamed(i) || x.rungBefore(i, len(x.tokens)) || who.presence == kerbside.Mentioned && (!x.farAway && x.onTheLine(who) || x.livesAway(who))) {
			continue
		}
		if value == kerbside.Mentioned && x.saidToBeHere(who) {
			continue
		}
		if value == kerbside.Present && who.presence == kerbside.Mentioned && p[best] < strangerSurely {
			if k := who.kind(x); k != roleFamily && k != roleChild {
				continue // who has only spoken of the family may be an informant
			}
		}
		if value == kerbside.Mentioned {
			who.presence, who.presSpan, who.heard = value, span{}, false
			continue
		}
		// the mention that speaks most for it is the evidence
		s := who.mentions[min(speaksFor(m, bags, best), len(who.mentions)-1)]
		if c := x.partAt(s.a); c >= 0 {
			part := &x.parts[c]
			if value == kerbside.Present && who.presence == kerbside.Mentioned && x.introduction(part, x.verbAt[c], x.subject[c]) {
				continue // "stepdad is Grant" does not say that he was there
			}
			if value == kerbside.Absent && x.aloneClause(part.span) && x.negatedBefore(part.a, s.a) {
				continue // "I didn't get to see Grace on her own" does not say that she was not
			}
			s = span{min(s.a, x.parts[c].a), max(s.b, x.parts[c].b)}
		}
		who.presence, who.presSpan, who.heard = value, s, true
	}
}

// letIn reports words of a door that was opened to the worker.
func (x *text) letIn(s span) bool {
	for k := s.a; k < s.b; k++ {
		switch n := x.word(k); {
		case n == "let" && (x.word(k+1) == "me" || x.word(k+1) == "us") && x.word(k+2) == "in" && !x.negatedBefore(s.a, k), (n == "opened" || n == "answered") && x.word(k+1) == "the" && x.word(k+2) == "door":
			return true
		}
	}
	return false
}

// saidToBeHere reports a relative or a child of whom the words say outright where in the home they were: "his brother Colm was upstairs".
func (x *text) saidToBeHere(p *person) bool {
	k := p.kind(x)
	if p.presence != kerbside.Present || p.heard {
		return false
	}
	if c := x.partAt(p.presSpan.a); c >= 0 && x.listCue(c) == p.presSpan.a {
		return true // "There was me, the school nurse Dawn and mum"
	}
	if k == roleProfessional { // who came with the worker, or interpreted
		return x.contains(p.presSpan, "interpreted") || p.title() != "" && x.contains(p.presSpan, "with")
	}
	if k != roleFamily && k != roleChild {
		return false
	}
	for k := p.presSpan.a; k+1 < p.presSpan.b; k++ {
		w, n := x.word(k), x.word(k+1)
		if (w == "came" || w == "walked" || w == "got") && (n == "in" || n == "down" || n == "home" || n == "through") {
			return !x.inPlaceName(k+1, p.presSpan.b) && !x.negatedBefore(p.presSpan.a, k)
		}
		if possessives[n] && w == "popped" && x.word(k+2) == "head" {
			return true
		}
		if w == "was" || w == "were" {
			return n == "asleep" || n == "upstairs" || n == "downstairs" || n == "in" && x.inTheHome(k+1, p.presSpan.b)
		}
	}
	return false
}

// onScreen reports somebody who is said to have been on a screen: "dad was on FaceTime for the first ten minutes".
func (x *text) onScreen(p *person) bool {
	for _, m := range p.mentions {
		for k := m.b; k+2 < len(x.tokens) && k < m.b+3; k++ {
			if n := x.word(k); (n == "was" || n == "joined" || n == "dialled" || n == "came") && (x.word(k+1) == "on" || x.word(k+1) == "by" || x.word(k+1) == "via") {
				switch x.word(k + 2) {
				case "facetime", "teams", "zoom", "skype", "video", "whatsapp":
					return true
				}
			}
		}
	}
	return false
}

// saidAway reports words that put somebody in another place than the visit's: "dad was at the pub".
func (x *text) saidAway(s span) bool {
	if x.past(s) || x.contains(s, "for") || x.contains(s, "weeks") || x.contains(s, "months") || x.contains(s, "when") {
		return false
	}
	for k := s.a; k+1 < s.b; k++ {
		if n := x.word(k); n != "was" && n != "were" && n != "'s" && n != "is" {
			continue
		}
		m := k + 1
		for m < s.b && (adverbs[x.word(m)] || x.word(m) == "still") {
			m++
		}
		if n, next := x.word(m), x.word(m+1); (n == "out" || n == "away") && m < s.b && (next == "" || m+1 == s.b || connectors[next] || outDoing[next]) {
			return true // "Winston was out"
		}
		if n := x.word(m); n != "at" && n != "in" && n != "down" {
			continue
		}
		m++
		if determiners[x.word(m)] || possessives[x.word(m)] {
			m++
		}
		if n := x.word(m); n != x.visitPlace && (awaySpots[n] || absentPlaces[n]) {
			return true
		}
	}
	return false
}

// livesAway reports somebody of whom it is said where else he or she lives: "Joost lives ten minutes away".
func (x *text) livesAway(p *person) bool {
	for _, m := range p.mentions {
		if x.word(m.b) != "lives" {
			continue
		}
		for k := m.b + 1; k < m.b+5; k++ {
			if n := x.word(k); n == "away" || n == "abroad" || n == "nearby" || n == "locally" {
				return true
			}
		}
	}
	return false
}

// staysUnnamed reports somebody who has told something and will not be named.
func (x *text) staysUnnamed(who int) bool {
	for n := range x.frames {
		if f := &x.frames[n]; f.who == who && f.content.b > f.content.a && x.wantsNoName(f.content) {
			return true
		}
	}
	return false
}

// overruled is how likely somebody's absence must be, where the rules say that he or she was there.
const overruled = 0.6

// strangerSurely is how likely the presence of somebody who is not of the family must be, where the rules do not see it.
const strangerSurely = 0.75

// once drops features that came before.
func once(bags []*linear.Bag) []*linear.Bag {
	seen := map[uint64]bool{}
	out := &linear.Bag{}
	for _, b := range bags {
		for _, h := range b.Hashes {
			if !seen[h] {
				seen[h] = true
				out.Hashes = append(out.Hashes, h)
			}
		}
	}
	return []*linear.Bag{out}
}

// traits are the features of a person: a bag for what holds of the whole, then one for each mention, of the first thirty.
func (x *text) traits(who int, named bool) []*linear.Bag {
	p := &x.people[who]
	all := &linear.Bag{Named: named}
	kind := x.sortOf(p)
	all.Add("kind", kind)
	all.Add("role", p.roleName)
	rule := p.presence
	if p.heard {
		rule += "-heard"
	}
	all.Add("rule", rule)
	all.Add("rule.kind", rule, kind)
	place := x.placeOf(p.mentions[0].a)
	all.Add("first", place)
	all.Add("first.kind", place, kind)
	n := "many"
	switch {
	case len(p.mentions) == 1:
		n = "one"
	case len(p.mentions) < 4:
		n = "few"
	}
	all.Add("mentions", n)
	all.Add("mentions.kind", n, kind)
	all.Add("named", strconv.FormatBool(p.name != ""), kind)
	if p.age != "" {
		all.Add("aged", kind)
	}
	if p.owner >= 0 {
		all.Add("owned", kind)
	}
	if x.shut {
		all.Add("door", kind)
	}
	if x.farAway {
		all.Add("far", kind)
	}
	if x.outsider(who) {
		all.Add("outsider", kind)
	}
	out := []*linear.Bag{all}
	for k, m := range p.mentions {
		if k == 30 {
			break
		}
		b := &linear.Bag{Named: named}
		x.mentionTraits(who, kind, m, b)
		out = append(out, b)
	}
	for _, f := range x.frames {
		if f.who == who && f.kind != kerbside.WorkerOpinion {
			b := &linear.Bag{Named: named}
			x.speechTraits(&f, kind, b)
			all.Hashes, all.Names = append(all.Hashes, b.Hashes...), append(all.Names, b.Names...)
		}
	}
	return out
}

func (x *text) sortOf(p *person) string {
	switch k := p.kind(x); k {
	case roleChild:
		return "child"
	case roleFamily:
		if parental(p.roleName) || strings.HasPrefix(p.roleName, "step") {
			return "parent"
		}
		return "kin"
	case roleProfessional:
		if p.roleName == "foster carer" || p.roleName == "carer" {
			return "carer"
		}
		return "pro"
	case roleOther:
		return "other"
	}
	if p.title() != "" {
		return "titled"
	}
	return "unknown"
}

// placeOf tells how far into the text a token stands.
func (x *text) placeOf(i int) string {
	c := x.partAt(i)
	switch {
	case c >= 0 && x.parts[c].sentence == 0:
		return "opening"
	case c >= 0 && x.parts[c].sentence < 3:
		return "early"
	case i < 2*opening:
		return "first-third"
	}
	return "late"
}

// mentionTraits are the features of one mention.
func (x *text) mentionTraits(who int, kind string, m span, b *linear.Bag) {
	c := x.partAt(m.a)
	if c < 0 {
		return
	}
	part := &x.parts[c]
	voice := "here"
	switch {
	case x.reported(c) || x.toldAt(m.a):
		voice = "told"
	case x.supposed(c) || x.question(c):
		voice = "supposed"
	case x.future(part.span):
		voice = "ahead"
	case x.past(part.span):
		voice = "past"
	}
	v := x.verbAt[c]
	place := "late"
	if m.a < 2*opening {
		place = "early"
	}
	verb := ""
	if v >= 0 {
		if verb = x.lex.verb[x.word(v)]; verb == "" {
			verb = x.word(v)
		}
	}
	job := "object"
	switch {
	case x.tokens[m.b-1].poss && !x.verbalEnding(m.b-1):
		job = "owner"
	case v < 0:
		job = "fragment"
	case m.b <= v || x.tokens[m.b-1].poss:
		if has(x.subject[c], who) {
			job = "subject"
		} else {
			job = "before"
		}
	}
	prep := x.word(m.a - 1)
	if determiners[prep] || possessives[prep] {
		prep = x.word(m.a - 2)
	}
	if !prepositions[prep] && prep != "and" {
		prep = ""
	}
	denied := ""
	for k := part.a; k < part.b; k++ {
		if n := x.word(k); n == "not" || n == "never" || n == "no" {
			denied = "not"
		}
	}
	b.Add("job", voice, job)
	b.Add("job.kind", voice, job, kind)
	b.Add("job.place", voice, job, place)
	if x.worker[c] && job == "object" {
		b.Add("mine", voice, verb, prep, denied)
		b.Add("mine.verb", voice, verb, denied)
		b.Add("mine.prep", voice, prep, kind)
	}
	if prep != "" {
		b.Add("prep", voice, job, prep)
		b.Add("prep.kind", prep, kind)
	}
	if job == "subject" {
		tense := "past"
		if v >= 0 && (x.word(v) == "is" || x.word(v) == "'s" || x.word(v) == "are" || x.word(v) == "has" || strings.HasSuffix(x.word(v), "s") && x.word(v) != "was") {
			tense = "now"
		}
		b.Add("does", voice, verb, denied)
		b.Add("does.kind", voice, verb, kind)
		b.Add("tense", voice, tense, kind)
		if v >= 0 {
			for k := v + 1; k < part.b && k < v+5; k++ {
				n := x.word(k)
				if n == "" || determiners[n] || possessives[n] {
					continue
				}
				switch {
				case absentPlaces[n]:
					b.Add("at", voice, "away", denied)
				case n == "in" || n == "on" || n == "at":
					b.Add("at", voice, n, x.whereTo(k+1, part.b), denied)
					b.Add("at.kind", x.whereTo(k+1, part.b), kind)
				case n == "meant" || n == "supposed" || n == "due" || n == "coming":
					b.Add("at", "meant", denied)
				case herePlaces[n] || awayPlaces[n] || prepositions[n]:
					b.Add("at", voice, n, verb, denied)
				case strings.HasSuffix(n, "ing") && (verb == "be" || verb == "'s"):
					b.Add("at", voice, "doing", denied)
				default:
					b.Add("with", voice, n)
				}
			}
		}
	}
	if v < 0 {
		for d := c; d < len(x.parts) && d < c+4 && x.parts[d].sentence == part.sentence && x.verbAt[d] < 0; d++ { // "Sister, Zinhle, sixteen, at work"
			q := x.parts[d].span
			for k := max(q.a, m.b); k < q.b; k++ {
				if d > c && k > q.a+1 {
					break
				}
				if x.who[k] >= 0 && x.who[k] != who {
					break
				}
				if n := x.word(k); n == "in" || n == "on" || n == "at" || n == "out" {
					b.Add("chain", n, x.whereTo(k+1, q.b), denied)
				} else if absentPlaces[n] {
					b.Add("chain", "away")
				}
			}
		}
		for k := part.a; k < part.b && k < part.a+12; k++ {
			if n := x.word(k); n != "" && x.who[k] < 0 && !isNumber(&x.tokens[k]) {
				b.Add("frag", n)
				if absentPlaces[n] {
					b.Add("frag", "away")
				}
			}
		}
	}
	if prep == "bar" || x.word(m.a-1) == "from" && x.word(m.a-2) == "apart" || prep == "except" || x.word(m.a-1) == "except" || x.word(m.a-1) == "than" || prep == "without" {
		b.Add("left-out", voice)
	}
	if x.tokens[x.sents[part.sentence].a+b2i(x.sents[part.sentence].a+1 < len(x.tokens))].norm == ":" {
		b.Add("heading", x.word(x.sents[part.sentence].a))
	}
	// the words right beside it
	next, before := x.word(m.b), x.word(m.a-1)
	b.Add("next", voice, next)
	b.Add("before", voice, before)
	if m.b < len(x.tokens) && x.tokens[m.b].mark {
		b.Add("mark", voice, x.tokens[m.b].norm)
		if w := x.word(m.b + 1); w != "" && x.who[min(m.b+1, len(x.tokens)-1)] < 0 {
			b.Add("then", voice, w)
		}
	}
	for k := max(x.sents[part.sentence].a, m.a-10); k < min(x.sents[part.sentence].b, m.b+10); k++ {
		switch n := x.word(k); {
		case remote[n]:
			b.Add("remote", voice, job)
		case n == "present" || n == "joined" || n == "attended" || n == "door" || n == "home" || n == "absent" || n == "apologies" || n == "seen" || n == "met" || n == "room" || n == "there" || n == "here" || n == "supervised" || n == "interpreting" || n == "interpreted" || n == "today" || n == "yesterday" || n == "shift" || n == "while" || n == "throughout":
			b.Add("near", n, denied)
		case absentPlaces[n]:
			b.Add("near", "away")
		}
	}
}

// speaksFor is which of somebody's mentions speaks most for an answer.
func speaksFor(m *linear.Model, bags []*linear.Bag, answer int) int {
	top, at := 0.0, 0
	for k := 1; k < len(bags); k++ {
		if s := m.Sum(answer, bags[k]); k == 1 || s > top {
			top, at = s, k-1
		}
	}
	return at
}

// tellsAway reports words in the sentence of a mention, behind it or close before it, by which somebody can be said not to be there: "at his nan's", "out with dad", "not
// seen". Without them nobody is taken for away, least of all a child.
func (x *text) tellsAway(mention span) bool {
	c := x.partAt(mention.a)
	if c < 0 {
		return false
	}
	sentence := x.sents[x.parts[c].sentence]
	for k := max(sentence.a, mention.a-12); k < min(sentence.b, mention.b+14); k++ {
		n, prev := x.word(k), x.word(k-1)
		switch {
		case n == "not" || n == "never" || n == "nobody" || n == "none" || n == "no" || n == "without":
			for i := k + 1; i < k+6 && i < len(x.tokens) && !x.tokens[i].mark; i++ {
				switch w := x.word(i); w {
				case "in", "there", "here", "home", "seen", "see", "saw", "present", "back", "up", "about", "around", "meet", "met", "sign", "today", "with":
					return true
				}
			}
			if n == "not" && (k+1 >= len(x.tokens) || x.tokens[k+1].mark) {
				return true // "saw Rose, not Johnny" has a word behind it, "Johnny not" has none
			}
		case k < mention.a && (n == "fetch" || n == "fetching" || n == "collect" || n == "collecting" || n == "pick" || n == "picking"):
			return true // "went to pick up her daughter"
		case n == "absent" || n == "missing" || n == "elsewhere" || n == "abroad" || n == "away" || n == "left" && prev == "had":
			return true
		case n == "out" || n == "off" || n == "gone":
			if finiteAux[prev] || prev == "" || adverbs[prev] || prev == "been" || x.whoAt(k-1) >= 0 || x.word(k+1) == "with" || x.word(k+1) == "at" || x.word(k+1) == "to" || x.word(k+1) == "playing" {
				return true
			}
		case n != x.visitPlace && (absentPlaces[n] || awaySpots[n] || shiftWords[n]):
			if p := x.word(k - 1); prepositions[p] || determiners[p] || possessives[p] || k > 0 && x.tokens[k-1].poss {
				return true
			}
		case n == "at" || n == "with" || n == "to" || n == "from":
			if i := k + 1; i < len(x.tokens) && (x.who[i] >= 0 && !x.people[x.who[i]].isChild(x) || possessives[x.word(i)] || determiners[x.word(i)] && x.roleAt(i+1)) && prev != "said" && prev != "spoke" && prev != "talked" {
				return true
			}
		}
	}
	return false
}

// speechTraits are the features of somebody's having said something.
func (x *text) speechTraits(f *frame, kind string, b *linear.Bag) {
	nested := "first"
	if x.nestedIn(f) {
		nested = "nested"
	}
	if f.hearer >= 0 {
		nested = "passed"
	}
	c := f.clause
	far := "near"
	if x.remoteClause(span{x.sents[x.parts[c].sentence].a, max(f.cue.b, x.parts[c].a)}) {
		far = "far"
	}
	if x.past(f.cue) || x.contains(f.cue, "had") {
		far = "past"
	}
	b.Add("says", nested, far, kind)
	b.Add("says.verb", nested, far, f.verb)
	if x.contains(f.cue, "me") || x.contains(f.cue, "us") {
		b.Add("says.me", nested, far, kind)
	}
	if f.direct {
		b.Add("says.words", nested, kind)
	}
	b.Add("says.tense", nested, x.word(f.cue.b-1), kind)
}

var (
	homeWords  = setOf("kitchen room lounge garden bed house home sofa settee couch floor bath shower hall front back living bedroom table chair car-seat cot pram doorway door stairs lap arms hob window step")
	shiftWords = setOf("late lates early earlies nights days shift leave holiday site rigs round call duty work job remand tag sick course training way school nursery placement hospital prison college football swimming") //nolint:misspell // "earlies" are shifts
)

// whereTo is the sort of place that a few words from token i name: about the home, at work or the like, a place with a name, somebody's, or another.
func (x *text) whereTo(i, b int) string {
	for k := i; k < b && k < i+5; k++ {
		t := &x.tokens[k]
		n := x.word(k)
		switch {
		case n == "":
			return "none"
		case homeWords[n]:
			return "home"
		case shiftWords[n] || absentPlaces[n]:
			return "shift"
		case t.poss && x.who[k] >= 0:
			return "somebody's"
		case t.cap && x.caps && x.who[k] < 0 && !DateWord(n):
			return "name"
		case n == "with":
			return "with"
		}
	}
	return "other"
}
