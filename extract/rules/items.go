package rules

import (
	"strings"

	"kerbside"
)

// finding is a risk or strength in the making.
type finding struct {
	span
	first       int  // the clause it begins in
	clause      int  // the last clause it takes in
	known       bool // its reading rests on words of the lexicons
	at          int  // the first token of what it is about
	joint       string
	good        bool
	entry       int
	reading     reading
	attribution kerbside.Attribution
	frame       int // the frame around it, -1
	direct      bool
	fragment    bool
	answer      bool // a question that was answered with no, which is plain
	plain       bool // its reading stands in the grammar
}

// findings reads each clause for what bears on the child, and joins what belongs together.
func (x *text) findings() {
	var all []finding
	x.wished = x.wishes()
	for c := range x.parts {
		if x.taken[c] {
			continue
		}
		if c > 0 && len(all) > 0 && all[len(all)-1].b >= x.parts[c].b {
			continue // the answer to a question
		}
		if f, ok := x.answered(c); ok {
			all = append(all, f)
			continue
		}
		if x.question(c) {
			continue
		}
		here := x.findingsIn(c)
		if n := len(all) - 1; n >= 0 && x.parts[c].joint == "except" && !all[n].good && all[n].clause == c-1 && all[n].reading == negated { // "no concerns | apart from his speech"
			if len(here) == 0 {
				all[n].b, all[n].clause, all[n].reading = x.parts[c].b, c, affirmed
			}
			for k := range here { // who denied the rest says this
				here[k].attribution, here[k].frame, here[k].direct = all[n].attribution, all[n].frame, all[n].direct
			}
		}
		if n := len(all) - 1; n >= 0 && x.onlyOccasion(c, &all[n], here) {
			all[n].b, all[n].clause = x.parts[c].b, c
			continue
		}
		all = append(all, here...)
	}
	for _, f := range x.joined(all) {
		if !f.known && (x.onlyWhen(f.span) || x.onlyAgrees(f.span) || x.onlyBringsIn(f.span)) {
			continue
		}
		x.settle(&f)
		if f.good {
			x.addStrength(f)
		} else {
			x.addRisk(f)
		}
	}
}

// onlyOccasion reports that what was found in clause c is when something good is done, and no more: "goes straight to his nan | when he's tired".
func (x *text) onlyOccasion(c int, good *finding, here []finding) bool {
	part := &x.parts[c]
	if until := part.joint == "till" || part.joint == "until"; until && good.good && good.clause == c-1 && len(here) == 1 && !here[0].good && !here[0].known {
		return true // "sits with her | till she's gone off"
	}
	if !good.good || good.clause != c-1 || x.parts[c-1].sentence != part.sentence || part.joint != "when" && part.joint != "whenever" || len(here) != 1 || here[0].good || here[0].reading != affirmed || x.odds == nil || x.odds[c][1] >= 0.5 {
		return false
	}
	name := x.lex.riskList[here[0].entry].name
	return !criticalMatters[name] && (name == "emotional" || name == "neglect_care" || name == "health_missed" || name == "mental_health" || !here[0].known)
}

// onlyWhen reports words that tell no more than when: "Later".
func (x *text) onlyWhen(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); n != "" && n != "and" && n != "then" && n != "just" && n != "later" && n != "afterwards" && n != "earlier" && n != "today" && n != "anyway" && n != "on" {
			return false
		}
	}
	return true
}

// softens reports a clause that only says how little it was of what stands before it: "some mould | but nothing major".
func (x *text) softens(c int) bool {
	part := &x.parts[c]
	if c == 0 || part.b-part.a > 5 || x.parts[c-1].sentence != part.sentence || part.joint != "but" {
		return false
	}
	little := false
	for i := part.a; i < part.b; i++ {
		switch x.word(i) {
		case "nothing", "not":
			little = true
		case "but", "it", "'s", "is", "was", "too", "that", "major", "serious", "bad", "terrible", "drastic", "awful", "dreadful", "huge", "massive":
		default:
			return false
		}
	}
	if !little {
		return false
	}
	for _, m := range x.mattersOf(c - 1) {
		if !m.good && m.reading == affirmed {
			return true
		}
	}
	return false
}

// onlyBringsIn reports words that say who speaks and nothing of what was said: "He said", "she told me her ex".
func (x *text) onlyBringsIn(s span) bool {
	if s.b-s.a > 5 || s.b <= s.a || x.tokens[s.b-1].poss || !x.bringsIn(s) {
		return false
	}
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); n == "not" || negators[n] || n == "is" || n == "was" || n == "'s" {
			return false
		}
	}
	return true
}

// onlyAgrees reports an answer that says no more than yes or mostly: "she said yeah mostly".
func (x *text) onlyAgrees(s span) bool {
	agrees := false
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); n {
		case "yes", "yeah", "yep", "mostly":
			agrees = true
		case "", "and", "but", "said", "says", "just", "i", "suppose", "she", "he", "they":
		default:
			return false
		}
	}
	return agrees
}

// mereSlip reports a clause that only takes back what was said before it: "it was on Tuesday, no, Wednesday".
func (x *text) mereSlip(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.word(i) {
		case "no", "sorry", "wait", "actually", "yes", "yeah", "okay", "right", "":
		default:
			return false
		}
	}
	return true
}

// nobodyCame reports no more than a door that nobody opened, which the attempts tell: "nobody came", "no answer".
func (x *text) nobodyCame(s span) bool {
	i := s.a
	if n := x.word(i); n == "but" || n == "and" || n == "still" {
		i++
	}
	if s.b-i > 3 || x.inFrame(s.a) {
		return false
	}
	switch n := x.word(i); {
	case n == "nobody" || n == "no-one", n == "no" && x.word(i+1) == "one":
		switch x.word(s.b - 1) {
		case "came", "answered", "in", "home", "about", "there":
			return true
		}
	case n == "no":
		return s.b-i == 2 && (x.word(i+1) == "answer" || x.word(i+1) == "reply" || x.word(i+1) == "response")
	}
	return false
}

// repeats reports a clause in which somebody only says the same as another before.
func (x *text) repeats(c int) bool {
	v := x.verbAt[c]
	if v < 0 || x.lex.speech[x.word(v)] == "" || !x.sameAgain(span{v + 1, x.parts[c].b}) {
		return false
	}
	n := c + 1 // "said the same, | mum's always in now" says what
	return n >= len(x.parts) || x.parts[n].sentence != x.parts[c].sentence || x.worker[n] || !x.reported(n)
}

// findingsIn makes at most one risk or strength of each reading of a clause.
func (x *text) findingsIn(c int) []finding {
	part := &x.parts[c]
	if x.supposed(c) {
		return nil
	}
	if x.asksSilence(part.span) || x.mereSlip(part.span) || x.nobodyCame(part.span) || x.softens(c) || x.repeats(c) || x.workerExplains(c) {
		return nil
	}
	var risk, good *mention
	mixed := -1
	list := x.mattersIn(part.span)
	if x.doubted(c) {
		for i := range list {
			if list[i].reading == affirmed {
				list[i].reading = uncertain
			}
		}
	}
	if x.isTopic(c) {
		return nil
	}
	x.oneDenial(list)
	for i := range list {
		m := &list[i]
		switch {
		case m.reading == unsaid:
		case !m.good:
			if risk == nil {
				risk = m
			} else if risk.reading != m.reading {
				switch {
				case m.reading == uncertain || risk.reading == uncertain:
					risk.reading = uncertain
				case m.reading == negated && x.ownNegation(risk.span) && m.a-risk.b < 4:
					risk = m // one "not" for both: "does not want to hurt herself"
				case mixed < 0:
					mixed = i
				}
			}
		case m.reading == affirmed && good == nil:
			good = m
		case m.reading == negated && risk == nil && !x.mildNegation(m): // "not clean" is a difficulty
			inverse := *m
			inverse.good, inverse.reading, inverse.entry = false, affirmed, x.lex.general
			risk = &inverse
		}
	}
	if risk == nil && good == nil {
		risk = x.denialIn(c)
	}
	return x.weighed(c, x.chosen(c, list, risk, good, mixed))
}

// chosen makes findings of the first risk and the first strength that a clause speaks of; mixed is a second risk that reads otherwise, -1 when there is none.
func (x *text) chosen(c int, list []mention, risk, good *mention, mixed int) []finding {
	part := &x.parts[c]
	make := func(m *mention, s span) finding { return x.finding(c, m, s) }
	var out []finding
	switch {
	case mixed >= 0:
		m := &list[mixed]
		cut := m.a
		for cut > risk.b && !coordinators[x.tokens[cut].norm] && !(x.tokens[cut].norm == "no" || x.tokens[cut].norm == "not") {
			cut--
		}
		if cut <= risk.b {
			cut = m.a
		}
		out = append(out, make(risk, span{part.a, cut}), make(m, span{cut, part.b}))
		for k := range out {
			out[k].plain = out[k].reading == negated // what was learned of the clause is of both halves
		}
	case risk != nil && good != nil && risk.reading == affirmed && good.a >= risk.a && good.b <= risk.b:
		out = append(out, make(risk, part.span)) // the risk's words take in the strength's
	case risk != nil && good != nil && good.a <= risk.a && risk.b <= good.b && good.b-good.a > risk.b-risk.a:
		out = append(out, make(good, part.span))
	case risk != nil && good != nil && x.lex.riskList[risk.entry].name == "disability_parent":
		out = append(out, make(good, part.span))
	case risk != nil && good != nil && risk.reading == negated:
		out = append(out, make(risk, part.span))
	default:
		if risk != nil {
			out = append(out, make(risk, part.span))
		}
		if good != nil && (risk == nil || risk.reading != affirmed || good.b-good.a > 1) {
			out = append(out, make(good, part.span))
		}
	}
	return out
}

func (x *text) finding(c int, m *mention, s span) finding {
	part := &x.parts[c]
	f := finding{span: s, first: c, clause: c, known: m.good || m.entry != x.lex.situation, at: max(s.a, min(m.a, s.b-1)), joint: part.joint, good: m.good, entry: m.entry, reading: m.reading, plain: m.plain, frame: -1, fragment: !part.finite}
	x.attribute(&f)
	return f
}

// oneDenial gives a denial to the first thing that it denies when that is good: in "was not honest about the drinking" the drinking is not denied.
func (x *text) oneDenial(list []mention) {
	for i := range list {
		if !list[i].good || list[i].reading != negated {
			continue
		}
		for k := range list {
			m := &list[k]
			if !m.good && m.reading == negated && m.a >= list[i].b && !x.ownNegation(span{list[i].b, m.b}) {
				m.reading = affirmed
			}
		}
	}
}

// isTopic reports a heading spoken aloud: "Five, injuries."
func (x *text) isTopic(c int) bool {
	part := &x.parts[c]
	if part.finite || part.b-part.a > 3 || c == 0 || x.parts[c-1].sentence != part.sentence || part.b >= len(x.tokens) || !x.tokens[part.b].mark {
		return false
	}
	p := x.parts[c-1]
	n, ok := numberAt(x.tokens, p.a)
	return ok && n.next == p.b && p.a == x.sents[part.sentence].a && !x.ownNegation(part.span)
}

// doubted reports a clause that hangs on a doubt at the end of the one before: "I don't know | who is staying there".
func (x *text) doubted(c int) bool {
	part := &x.parts[c]
	if c > 0 && (x.restored || !x.tokens[part.a-1].mark) && x.leftOpen(&x.parts[c-1]) {
		return true
	}
	switch part.joint {
	case "who", "where", "when", "whether", "if", "how", "what", "why":
	default:
		return false
	}
	if c == 0 || x.parts[c-1].sentence != part.sentence {
		return false
	}
	before := x.parts[c-1]
	last := x.tokens[before.b-1].norm
	return last == "unsure" || last == "unclear" || (last == "know" || last == "sure" || last == "clear" || last == "certain" || last == "remember") && x.negatedBefore(max(before.a, before.b-5), before.b-1)
}

// leftOpen reports a clause that ends where what nobody can tell begins, and so was cut short: "nobody could tell you | they were in debt".
func (x *text) leftOpen(p *clause) bool {
	k := p.b - 1
	for k > p.a && (x.tokens[k].mark || x.word(k) == "you" || x.word(k) == "me" || x.word(k) == "us") {
		k--
	}
	return k > p.a+1 && x.word(k) == "tell" && (x.word(k-1) == "could" || x.word(k-1) == "can") && (x.word(k-2) == "nobody" || x.word(k-2) == "none")
}

// takesBack reports a short clause of nothing but doubt: "…, she wasn't sure".
func (x *text) takesBack(p, f *finding) bool {
	part := &x.parts[f.clause]
	last := x.tokens[part.b-1].norm
	return f.clause == p.clause+1 && part.sentence == x.parts[p.clause].sentence && part.b-part.a <= 6 && (last == "sure" || last == "certain" || last == "unsure" || last == "know") &&
		strings.HasPrefix(x.lex.riskList[f.entry].name, "doubt_") && f.reading == uncertain && !p.good && p.reading == affirmed
}

// denialIn reads what somebody denied although the lexicon has no word for it: "he denied it", "she said it wasn't him", "mum says they have never been
// near it". What people take the trouble to deny to a worker bears on the child.
func (x *text) denialIn(c int) *mention {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		t := &x.tokens[i]
		switch {
		case t.mark:
		case x.lex.speech[t.norm] == "deny" && i+1 < part.b && x.before(i) != "not" && x.before(i) != "never":
			return &mention{span: span{i + 1, part.b}, entry: x.lex.general, reading: negated}
		case t.norm == "not" && i+1 == part.b && i > part.a+1 && finiteAux[x.tokens[i-1].norm] && (subjectPronouns[x.word(i-2)] && x.word(i-2) != "it") && !x.worker[c] && x.told(i) && !x.afterGood(c): // "he says he isn't"
			return &mention{span: span{i - 1, part.b}, entry: x.lex.general, reading: negated, plain: true}
		case (t.norm == "not" || t.norm == "never" || t.norm == "nobody" || t.norm == "none") && !x.worker[c] && x.told(i) && i+1 < part.b && x.deniable(part, i) && !x.unanswered(c):
			return &mention{span: span{i, part.b}, entry: x.lex.general, reading: negated}
		}
	}
	return nil
}

// afterGood reports that what was said before clause c was good or denied something, or that nobody said anything, so that a denial of it would be no denial of harm.
func (x *text) afterGood(c int) bool {
	if c == 0 {
		return true
	}
	for _, m := range x.mattersOf(c - 1) {
		if m.good {
			return true
		}
	}
	return x.negatedBefore(x.parts[c-1].a, x.parts[c-1].b)
}

var notDenied = setOf("know think want wants need needs mind remember care matter sure have got yet understand like love believe able fair only just too very quite always see say tell let get go going come coming back expect realise realised realise notice worry ask bother wait help do be there good enough ready allowed supposed interested an a the")

// deniable reports a negation at token i of a deed or state of the past or the present, as opposed to a wish, an ability or a plan.
func (x *text) deniable(part *clause, i int) bool {
	if n := x.tokens[i].norm; n == "nobody" || n == "none" || x.before(i) == "had" || part.finite && x.tokens[part.b-1].norm == "anything" {
		if n != "not" && n != "never" && x.outer(i).kind != kerbside.ChildSaid && !x.contains(part.span, "ever") {
			return false
		}
	}
	if part.joint == "because" || part.joint == "cos" || part.joint == "since" {
		return false
	}
	if x.tokens[i].norm == "not" && i > part.a {
		switch x.tokens[i-1].norm {
		case "will", "would", "can", "could", "should", "may", "might", "do", "'d", "must":
			return false
		}
	}
	next := x.after(i)
	return next != "" && next != "to" && !notDenied[next] && (x.hasFinite(part.a, i) || x.tokens[i].norm != "not") && !x.supposedAround(part, i)
}

func (x *text) supposedAround(part *clause, i int) bool {
	return x.contains(span{part.a, i}, "if") || x.contains(span{part.a, part.b}, "unless")
}

// ownNegation reports words that hold a negation themselves: "did not attend".
func (x *text) ownNegation(s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.tokens[i].norm == "not" || negators[x.tokens[i].norm] {
			return true
		}
	}
	return false
}

// mildNegation reports words whose denial is no difficulty: "not too happy" is, "not been brilliant" is, "did not enjoy" is; "not with" is none.
func (x *text) mildNegation(m *mention) bool {
	w := x.tokens[m.a].norm
	return w == "ready" || w == "friends" || w == "has" || w == "have" || w == "had" || w == "bought" || w == "found" || w == "early" || w == "great"
}

// supposed reports a clause that begins with "if", or hangs on one: "if he moved back she would be at risk".
func (x *text) supposed(c int) bool {
	part := &x.parts[c]
	s := x.sents[part.sentence]
	if first := x.tokens[s.a].norm; s.a+2 < s.b && (first == "had" || first == "should" || first == "were") && (subjectPronouns[x.tokens[s.a+1].norm] || x.isPerson(s.a+1)) && (x.contains(s, "would") || x.contains(s, "'d")) {
		return true // "Had he been drinking I would have stopped"
	}
	for i := s.a; i < part.b; i++ {
		if x.hypothetical(i, s.a) && !x.tokens[i].mark {
			if i >= part.a {
				if i > part.a+2 && !x.wouldBefore(part.a, i) {
					continue // "she knows who to ask if …": what stands before is said
				}
				return true
			}
			for k := i; k < part.b; k++ {
				if n := x.tokens[k].norm; n == "would" || n == "'d" || n == "could" || n == "will" {
					return k >= part.a || !x.brokenBetween(i, part.a) && !x.ownFact(part.span) && !(part.joint == "so" && x.worker[c] && !x.future(part.span))
				}
			}
		}
	}
	for i := part.a; i < part.b; i++ { // "they would struggle if …"
		if x.tokens[i].norm == "would" || x.tokens[i].norm == "'d" && x.lex.verb[x.after(i)] == x.after(i) {
			for k := i; k < s.b; k++ {
				if x.hypothetical(k, s.a) {
					return true
				}
			}
		}
	}
	return x.tokens[part.a].norm == "without" && x.contains(span{part.a, s.b}, "would")
}

func (x *text) wouldBefore(a, i int) bool {
	for k := a; k < i; k++ {
		switch x.tokens[k].norm {
		case "would", "'d", "will", "could", "might":
			return true
		}
	}
	return false
}

// ownFact reports what the worker did, behind whatever was asked or supposed before: "I asked if I could use the library, | and I saw each of them".
func (x *text) ownFact(p span) bool {
	if n := x.word(p.a + 1); x.word(p.a) != "and" || n != "i" && n != "we" {
		return false
	}
	return x.lex.finite[x.word(p.a+2)] && !x.wouldBefore(p.a, p.b)
}

func (x *text) brokenBetween(a, b int) bool {
	for i := a; i < b; i++ {
		if n := x.tokens[i].norm; n == "but" || n == ";" {
			return true
		}
	}
	return false
}

// question reports what was asked, which states nothing.
func (x *text) question(c int) bool {
	part := &x.parts[c]
	if part.b < len(x.tokens) && x.tokens[part.b].norm == "?" {
		return true
	}
	for i := part.a; i < part.b; i++ {
		if n := x.tokens[i].norm; n == "asked" && x.worker[c] && x.asksWhether(i, part.b) {
			return true
		}
		if x.tokens[i].norm == "about" && i == part.a && c > 0 && x.asks(c-1) {
			return true
		}
	}
	return part.joint != "" && (x.tokens[part.a].norm == "when" || x.tokens[part.a].norm == "whether") && c > 0 && x.parts[c-1].sentence == part.sentence && x.asks(c-1)
}

// asksWhether reports a question behind "asked", as opposed to a request.
func (x *text) asksWhether(i, b int) bool {
	for k := i + 1; k < b; k++ {
		switch x.tokens[k].norm {
		case "about", "if", "whether", "how", "what", "why", "when", "who", "where":
			return true
		}
	}
	return false
}

func (x *text) asks(c int) bool {
	return x.contains(x.parts[c].span, "asked") && x.worker[c]
}

// attribute finds whose words a finding is in.
func (x *text) attribute(f *finding) {
	at := f.at
	var around []frame
	frames := x.framesAt(f.a)
	if here := x.framesAt(at); len(here) >= len(frames) {
		frames = here
	}
	if len(frames) == 0 { // "and he said they'd had crisps": the words begin with who says so
		for _, fr := range x.framesAt(min(f.a+1, len(x.tokens)-1)) {
			if fr.kind != kerbside.WorkerOpinion && fr.cue.a == f.a+1 && fr.content.a < f.b && fr.content.b >= f.b {
				frames = append(frames, fr)
				break
			}
		}
	}
	if len(frames) == 0 && !f.known {
		frames = x.broughtIn(f)
	}
	f.attribution = kerbside.Attribution{Kind: kerbside.Observed, Who: "worker"}
	opinion := false
	for _, fr := range frames {
		if fr.kind == kerbside.WorkerOpinion {
			opinion = true
			continue
		}
		around = append(around, fr)
	}
	for _, n := range x.cover[at] {
		if x.frames[n].kind != kerbside.WorkerOpinion {
			f.frame = n
			break
		}
	}
	switch {
	case len(around) > 0:
		first := around[0]
		f.direct = first.direct
		if x.passedOn(&first) && !x.people[first.hearer].isChild(x) {
			g := frame{}
			x.speaker(&g, first.hearer)
			first.kind, first.label = g.kind, g.label
		}
		f.attribution = kerbside.Attribution{Kind: first.kind, Who: first.label}
		for _, fr := range around {
			if n := len(f.attribution.Chain); n == 0 || f.attribution.Chain[n-1] != fr.label {
				f.attribution.Chain = append(f.attribution.Chain, fr.label)
			}
		}
	case opinion:
		f.attribution.Kind = kerbside.WorkerOpinion
	case x.answeredBy(f.clause) >= 0:
		who := x.people[x.answeredBy(f.clause)].label()
		f.attribution = kerbside.Attribution{Kind: kerbside.ChildSaid, Who: who, Chain: []string{who}}
	default:
		if x.sourceTag(f) || x.ownMind(f) || x.ownSight(f) {
			return
		}
		for _, v := range x.wished {
			if v.a <= at && at < v.b {
				f.attribution = kerbside.Attribution{Kind: kerbside.ChildSaid, Who: v.Child, Chain: []string{v.Child}}
				return
			}
		}
		x.attributeOnward(f)
		if f.attribution.Kind == kerbside.Observed && x.ownDoubt(f) {
			return
		}
		if f.attribution.Kind == kerbside.Observed && f.reading == uncertain { // what the worker only supposes was not observed
			f.attribution.Kind = kerbside.WorkerOpinion
		}
	}
}

// broughtIn gives somebody's words that the clause of f brings in behind no more than a few words of time: "Then she was like, …".
func (x *text) broughtIn(f *finding) []frame {
	a := f.a
	if n := x.word(a); n == "through" || n == "via" || n == "with" {
		for k := a + 1; k < f.b && k < a+6; k++ {
			if w := x.who[k]; w >= 0 && x.interprets(w) {
				a = k + 1 // "Through the interpreter Ewa said …"
			}
		}
	}
	for i := a; i < f.b && i < a+4; i++ {
		for _, fr := range x.framesAt(i) {
			if fr.kind != kerbside.WorkerOpinion && fr.cue.a == i && fr.content.a >= f.a && fr.content.b > fr.content.a {
				return []frame{fr}
			}
		}
		if x.who[i] >= 0 || finiteAux[x.word(i)] || x.lex.finite[x.word(i)] {
			return nil
		}
	}
	return nil
}

// sourceTag reads "…, that's from the health visitor", "…, he was clear on that" behind a finding, and "no marks that she knows of".
func (x *text) sourceTag(f *finding) bool {
	if w := x.knower(span{f.a, max(f.b, x.parts[f.clause].b)}); w >= 0 {
		x.give(f, w)
		return true
	}
	for k := f.clause + 1; k < len(x.parts) && k <= f.clause+3 && x.parts[k].sentence == x.parts[f.clause].sentence; k++ {
		p := x.parts[k]
		if w := x.creditTag(k); w >= 0 {
			x.give(f, w)
			return true
		}
		for i := p.a; i+1 < p.b; i++ {
			if x.tokens[i].norm != "from" || i < 2 || x.tokens[i-1].norm != "'s" && x.tokens[i-1].norm != "is" && x.tokens[i-1].norm != "came" && x.tokens[i-1].norm != "comes" {
				continue
			}
			if w := x.whoAt(p.b - 1); w >= 0 {
				x.give(f, w)
				return true
			}
		}
	}
	return false
}

// ownMind gives to a professional what only he or she can know: "School nurse has no worries about her hearing".
func (x *text) ownMind(f *finding) bool {
	if x.mindOfPlace(f) {
		return true
	}
	if len(x.subject[f.clause]) == 0 || x.worker[f.clause] {
		return false
	}
	w := x.subject[f.clause][0]
	if x.people[w].kind(x) != roleProfessional || x.kindOf(w) != kerbside.ProfessionalSaid {
		return false
	}
	for i := f.a; i < f.b; i++ {
		switch x.tokens[i].norm {
		case "worries", "concerns", "worried", "concerned", "pleased", "happy", "feels", "felt", "thinks", "impressed", "satisfied", "recorded", "raised", "noticed", "seen", "sees":
			x.give(f, w)
			return true
		}
	}
	return false
}

// mindOfPlace gives to the people of a service what they are said to think: "School have no concerns", "nursery are really pleased with him".
func (x *text) mindOfPlace(f *finding) bool {
	part := &x.parts[f.clause]
	i := part.a
	for i < part.b && (x.word(i) == "and" || x.word(i) == "but" || determiners[x.word(i)] || possessives[x.word(i)]) {
		i++
	}
	if i+1 >= part.b || !organisations[x.word(i)] || x.tokens[i].poss && !x.verbalEnding(i) {
		return false
	}
	label := x.tokens[i].text
	theirs := kerbside.Attribution{Kind: kerbside.ProfessionalSaid, Who: label, Chain: []string{label}}
	switch i++; x.word(i) {
	case "has", "have", "had", "'s", "'ve", "is", "are", "was", "were":
	case "rate", "rates", "love", "loves", "praise", "praises":
		f.attribution = theirs
		return true
	default:
		return false
	}
	for i++; i < part.b && i < part.a+9; i++ {
		switch x.word(i) {
		case "worries", "concerns", "worried", "concerned", "pleased", "happy", "impressed", "satisfied", "raised", "noticed", "delighted", "complaints", "issues":
			f.attribution = theirs
			return true
		}
	}
	return false
}

// ownDoubt gives a doubt to whom the words name as its owner: "Beryl isn't sure if she is using again".
func (x *text) ownDoubt(f *finding) bool {
	return x.doubtIn(f, f.clause) || x.doubted(f.clause) && x.doubtIn(f, f.clause-1)
}

func (x *text) doubtIn(f *finding, c int) bool {
	if len(x.subject[c]) != 1 || x.worker[c] {
		return false
	}
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		switch x.tokens[i].norm {
		case "worried", "noticed":
			if i == part.a || !(x.tokens[i-1].poss || x.tokens[i-1].norm == "is" || x.tokens[i-1].norm == "has" || x.tokens[i-1].norm == "'s") {
				continue
			}
		case "sure", "certain":
			if b := x.before(i); b != "not" {
				continue
			}
		case "unsure", "wonders", "wondered", "doubts", "suspects", "thinks", "reckons":
		case "think":
			if b := x.before(i); b != "not" && b != "does" {
				continue
			}
		case "know":
			if !x.wordsAt(max(i-2, 0), []string{"does", "not", "know"}) {
				continue
			}
		default:
			continue
		}
		x.give(f, x.subject[c][0])
		return true
	}
	return false
}

// attributeOnward gives a sentence to the speaker of the one before when it goes on about him or her, in words that only the speaker
// can know: "Joy said he walks now. She has no concerns about his hearing."
func (x *text) attributeOnward(f *finding) {
	part := &x.parts[f.clause]
	if x.worker[f.clause] || len(x.subject[f.clause]) != 1 {
		return
	}
	who := x.subject[f.clause][0]
	verb := x.verbAt[f.clause]
	if verb < 0 || !ownKnowledge[x.tokens[verb].norm] && !x.wouldLike(verb) {
		return
	}
	s := part.sentence
	for n := 0; n < 2; n++ {
		s--
		if s < 0 {
			return
		}
		for i := x.sents[s].a; i < x.sents[s].b; i++ {
			for _, fr := range x.framesAt(i) {
				if fr.who == who && fr.kind != kerbside.WorkerOpinion && fr.kind != kerbside.ChildSaid {
					f.attribution = kerbside.Attribution{Kind: fr.kind, Who: fr.label, Chain: []string{fr.label}}
					return
				}
			}
		}
	}
}

// wouldLike reports a wish at the verb v: "would like to go", "'d rather stay".
func (x *text) wouldLike(v int) bool {
	switch x.word(v + 1) {
	case "like", "love", "rather", "prefer":
		return x.word(v) == "would" || x.word(v) == "'d"
	}
	return false
}

var ownKnowledge = setOf("has have 's is does used had worries feels thinks knows wants")

// joined joins neighbours of one reading and one speaker: further clauses of the same speech, and fragments of one list.
func (x *text) joined(all []finding) []finding {
	var out []finding
	last := map[bool]int{}
	for _, f := range all {
		if n, ok := last[f.good]; ok {
			p := &out[n]
			if !f.good && x.takesBack(p, &f) {
				p.reading, p.b, p.clause = uncertain, f.b, f.clause
				continue
			}
			if x.parts[p.clause].sentence == x.parts[f.clause].sentence && x.together(p, &f) {
				if x.brings(p, &f) {
					p.attribution, p.frame, p.direct = f.attribution, f.frame, f.direct
				}
				switch {
				case !f.known && !p.known:
				case !f.known:
					p.known = x.readWhole(x.parts[f.clause].span) == affirmed
					p.plain = p.plain && p.known
				case !p.known:
					p.reading, p.known, p.entry = f.reading, x.readWhole(p.span) == affirmed, f.entry
					p.plain = f.plain && p.known
				case p.reading != f.reading:
					p.reading, p.plain = uncertain, false
				default:
					p.plain = p.plain && f.plain
				}
				p.b, p.clause, p.fragment = f.b, f.clause, p.fragment && f.fragment
				continue
			}
			if (p.reading == f.reading || p.reading == uncertain && f.joint == "and" && x.takesUp(f.clause)) && x.parts[p.clause].sentence == x.parts[f.clause].sentence && f.clause-p.clause <= 1 && (p.attribution.Kind == f.attribution.Kind && p.attribution.Who == f.attribution.Who || p.reading == uncertain && f.joint == "and" && x.takesUp(f.clause)) && x.belongs(p, &f) {
				p.b, p.clause, p.fragment = f.b, f.clause, p.fragment && f.fragment
				continue
			}
		}
		last[f.good] = len(out)
		out = append(out, f)
	}
	return out
}

var bars = setOf("allowed supposed meant banned barred bail order injunction")

// barred reports that somebody must stay away: "his dad isn't allowed at the house".
func (x *text) barred(s span) bool {
	for i := s.a; i < s.b; i++ {
		if bars[x.word(i)] {
			return true
		}
	}
	return false
}

// kept reports that clause c says nobody saw whom it speaks of: "and there was no sign of him".
func (x *text) kept(c int) bool {
	for i := x.parts[c].a; i+3 < x.parts[c].b; i++ {
		if x.word(i) == "no" && (x.word(i+1) == "sign" || x.word(i+1) == "trace") && x.word(i+2) == "of" && (objectPronouns[x.word(i+3)] || x.whoAt(i+3) >= 0) {
			return true
		}
	}
	return false
}

// brings reports that the clause of f says who speaks, and p only began to name the speaker: "Mrs Oyelaran, | the class teacher, | told me …".
func (x *text) brings(p, f *finding) bool {
	if p.attribution.Kind == kerbside.WorkerOpinion && p.reading == uncertain && len(p.attribution.Chain) == 0 && !x.opinionAt(p.a) && f.reading == uncertain && f.frame < 0 && len(f.attribution.Chain) > 0 && x.doubtIn(&finding{}, f.clause) {
		return true // "Dad might get out | and Rafal isn't sure he could keep him off"
	}
	if p.attribution.Kind != kerbside.Observed || f.attribution.Kind == kerbside.Observed {
		return false
	}
	if x.accounted(p, f) {
		return false
	}
	if f.frame >= 0 && x.verbAt[f.clause] == x.parts[f.clause].a && x.frames[f.frame].who >= 0 && x.frames[f.frame].who == x.who[p.a] {
		return true // "Sam, who is nine, | told me …"
	}
	if f.frame >= 0 && x.frames[f.frame].clause == f.clause { // "The man at number nine came out | and said …", "While he was out | Jia said …", "The GP rang me, | she said …"
		return true
	}
	for c := p.first; c <= p.clause; c++ {
		if x.parts[c].finite {
			return false
		}
	}
	return true
}

// accounted reports that what the worker saw in p is only accounted for in f: "There was one empty can, | he says it's his brother's", "Mum smelled of drink, | she said it was
// mouthwash". What somebody else must have told, "Dad has been drinking, | Mum said four cans a night", goes with who told it.
func (x *text) accounted(p, f *finding) bool {
	there := x.word(p.a) == "there"
	if !p.known && !there || p.good || f.known || p.reading != affirmed || f.joint != "," || f.first != p.clause+1 {
		return false
	}
	for i := x.parts[f.clause].a; i < x.parts[f.clause].b; i++ {
		if perceived[x.word(i)] {
			return false // "there were bruises, | the health visitor told me she saw them"
		}
	}
	if len(x.subject[p.clause]) == 0 {
		return true
	}
	fr := f.frame
	return fr >= 0 && x.frames[fr].clause == f.clause && x.frames[fr].content.a >= x.frames[fr].cue.b && x.showed(x.parts[p.clause].span)
}

var indefinite = setOf("a an some no")

// shown are verbs for what a person or a thing was like to who was there.
var shown = setOf("was were looked smelled smelt seemed appeared sounded")

// showed reports a clause that tells what somebody or something was like: "Mum smelled of drink", "he had a bruise on his arm".
func (x *text) showed(s span) bool {
	for i := s.a; i < s.b; i++ {
		if v := x.word(i); finiteAux[v] || x.lex.finite[v] {
			return shown[v] || (v == "had" || v == "has") && indefinite[x.word(i+1)]
		}
	}
	return false
}

// together reports that the model of joins takes the clause of f and the one before it as one item.
func (x *text) together(p, f *finding) bool {
	if f.joint == "but" && p.known && f.known && p.reading != f.reading {
		return false
	}
	if x.kept(f.clause) && x.barred(x.parts[p.clause].span) {
		return false
	}
	if x.lex.learned.Joins.Empty() || f.first != p.clause+1 || f.joint == "except" || p.known && f.known && p.reading != f.reading && p.reading != uncertain && f.reading != uncertain {
		return false
	}
	if f.frame >= 0 && x.frames[f.frame].clause == f.clause && p.frame >= 0 && x.frames[f.frame].who != x.frames[p.frame].who && x.word(x.parts[f.clause].a) == "but" {
		return false // "she said he was poorly, | but nursery told me …"
	}
	x.describeJoin(f.first, &x.pair)
	var one [2]float64
	x.lex.learned.Joins.Scores(one[:], &x.pair)
	return one[1] >= sureJoined
}

func (x *text) belongs(p, f *finding) bool {
	if f.clause == p.clause {
		return false
	}
	named := false
	for _, w := range x.subject[f.clause] {
		named = named || !has(x.subject[p.clause], w)
	}
	switch {
	case p.reading == uncertain && f.reading == uncertain && strings.HasPrefix(x.lex.riskList[f.entry].name, "doubt_") && x.parts[f.clause].b-x.parts[f.clause].a <= 6 && !named:
		return true // "she may lose her job, she was not sure"
	case p.fragment && f.fragment && (f.joint == "," || f.joint == "and" || f.joint == "or"):
		return true
	case f.joint == "and" && p.reading == uncertain && x.takesUp(f.clause):
		return true
	case f.joint == "," && x.otherTopic(p.clause):
		return false
	case f.joint == ",":
		return !named && (f.frame >= 0 && f.frame == p.frame && len(x.subject[f.clause]) == len(x.subject[p.clause]) || p.entry == f.entry && len(x.subject[f.clause]) == len(x.subject[p.clause]) || f.fragment)
	case strings.HasPrefix(f.joint, "+"):
		return p.entry == f.entry && !(x.verbAt[f.clause] >= 0 && x.lex.speech[x.tokens[x.verbAt[f.clause]].norm] != "")
	case f.joint == "and" && f.frame == p.frame && possessives[x.tokens[min(x.parts[f.clause].a+1, len(x.tokens)-1)].norm] && x.tokens[min(x.parts[f.clause].a+1, len(x.tokens)-1)].norm != "my": // "she smelt of drink and her speech was slurred"
		return true
	case f.joint == "and" && x.tokens[min(x.parts[f.clause].a+1, len(x.tokens)-1)].norm == "it":
		return p.entry == f.entry
	case f.joint == "which" || f.joint == "so" || f.joint == "because" || f.joint == "until" || f.joint == "till" || f.joint == "when" || f.joint == "since" || f.joint == "cos" || f.joint == "or" || f.joint == "who" || f.joint == "whom" || f.joint == "where":
		return true
	}
	return false
}

// otherTopic reports a clause in which somebody tells of a thing: "Shona said money's tight".
func (x *text) otherTopic(c int) bool {
	v := x.verbAt[c]
	if v < 0 || x.lex.speech[x.tokens[v].norm] == "" {
		return false
	}
	for k := v + 1; k < x.parts[c].b && k < v+4; k++ {
		t := &x.tokens[k]
		if t.mark || isFiller(t) || t.norm == "that" || t.norm == "me" {
			continue
		}
		return !subjectPronouns[t.norm] && x.who[k] < 0
	}
	return false
}

// takesUp reports a clause that speaks of what was just said as "that": "… may be closing and he dreads that".
func (x *text) takesUp(c int) bool {
	return x.verbAt[c] >= 0 && (x.contains(span{x.verbAt[c], x.parts[c].b}, "that") || x.contains(span{x.verbAt[c], x.parts[c].b}, "this"))
}

// withName is what is said of somebody with the name it begins with, where an age stands between: "Ella, 7, | told me …".
func (x *text) withName(s span) span {
	k := s.a - 1
	if s.a < len(x.tokens) && isNumber(&x.tokens[s.a]) && x.tokenIs(s.a+1, ",") {
		k++
	} else if x.tokenIs(k, ",") {
		k--
	}
	if k < 2 || k >= s.b || !isNumber(&x.tokens[k]) || !x.tokenIs(k+1, ",") || !x.tokenIs(k-1, ",") || x.whoAt(k-2) < 0 || x.people[x.who[k-2]].name == "" {
		return s
	}
	a := k - 2
	for a > 0 && x.who[a-1] == x.who[k-2] {
		a--
	}
	if a == 0 || x.tokens[a-1].mark && !x.tokenIs(a-1, ",") {
		s.a = a
	}
	return s
}

func (x *text) addRisk(f finding) {
	s := x.withName(x.trim(f.span))
	if s.b <= s.a || x.onlyAnswers(s) {
		return
	}
	proof := x.proof(s.a, s.b)
	row := x.lex.riskList[f.entry]
	about := x.about(f)
	r := kerbside.Risk{
		Text: proof[0].Quote, Polarity: f.reading.polarity(), Temporality: x.temporality(f), Attribution: f.attribution, Standing: kerbside.Found,
		About: x.personIDs(about), Factor: x.factor(row, about), Evidence: proof,
	}
	r.Critical = criticalMatters[row.name] || r.Polarity != kerbside.Negated && row.factor != "" && row.factor != "20"
	r.Sensitivity = x.sensitivity(s, row.name, about)
	r.Restricted = x.restriction(f.clause)
	x.record.Risks = append(x.record.Risks, r)
}

var criticalMatters = map[string]bool{"domestic_abuse": true, "self_harm": true, "physical_abuse": true, "sexual_abuse": true, "exploitation": true, "criminal_exploitation": true, "missing": true, "police": true, "fgm": true, "forced": true}

// onlyAnswers reports words that say yes or no to what stands before them, and nothing without it: "he hasn't", "she does".
func (x *text) onlyAnswers(s span) bool {
	if s.b-s.a > 3 || s.b-s.a < 2 || !subjectPronouns[x.word(s.a)] {
		return false
	}
	for i := s.a + 1; i < s.b; i++ {
		if n := x.word(i); n != "not" && !finiteAux[n] {
			return false
		}
	}
	return true
}

// onlyNames reports words that name people and say nothing of them: "Her ex".
func (x *text) onlyNames(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); n != "" && x.whoAt(i) < 0 && !stopWords[n] && !possessives[n] {
			return false
		}
	}
	return true
}

// nothingGood reports words that tell no more than how somebody took a thing, or begin to say one: "she laughed at that", "Well".
func (x *text) nothingGood(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch n := x.word(i); n {
		case "", "well", "laughed", "laughs", "laugh", "at", "it", "off", "that", "this", "then", "and", "but", "both", "just", "as", "always", "to", "be", "honest", "fair":
		default:
			if !subjectPronouns[n] && !(x.who[i] >= 0 && x.word(i+1) == "laughed" && (x.word(i+2) == "it" && x.word(i+3) == "off" || x.word(i+2) == "at")) {
				return false
			}
		}
	}
	return true
}

func (x *text) addStrength(f finding) {
	if x.urgentIn(f.span) {
		return // "she thinks he'd be better off without her"
	}
	s := x.withName(x.trim(f.span))
	if s.b <= s.a || x.bringsIn(s) || x.nothingGood(s) || s.b-s.a <= 2 && x.onlyNames(s) {
		return
	}
	proof := x.proof(s.a, s.b)
	about := x.about(f)
	x.record.Strengths = append(x.record.Strengths, kerbside.Strength{
		Text: proof[0].Quote, Polarity: f.reading.polarity(), Attribution: f.attribution, Standing: kerbside.Found, About: x.personIDs(about),
		Sensitivity: x.sensitivity(s, "", about), Restricted: x.restriction(f.clause), Evidence: proof,
	})
}

// trim takes joining words and fillers off the front, and marks off both ends.
func (x *text) trim(s span) span {
	for s.a < s.b && (x.tokens[s.a].mark || isFiller(&x.tokens[s.a]) || x.tokens[s.a].norm == "and" || x.tokens[s.a].norm == "so" && s.b-s.a > 2) {
		s.a++
	}
	for s.b > s.a && x.tokens[s.b-1].mark {
		s.b--
	}
	return s
}

func (x *text) temporality(f finding) string {
	if t := x.timeOf(f.span); t != kerbside.Current {
		return t
	}
	part := &x.parts[f.clause]
	if k := f.clause - 1; k >= 0 && x.parts[k].sentence == part.sentence && !x.parts[k].finite && x.timeOf(x.parts[k].span) == kerbside.Historical && !x.presentTense(part.span) {
		return kerbside.Historical // "In April, she sent them"
	}
	for k := f.clause - 1; k >= 0 && x.parts[k].sentence == part.sentence && k > f.clause-3; k-- { // "last year he lost his job when he was drinking"
		if part.joint == "when" || part.joint == "and" || part.joint == "+and" || part.joint == "because" {
			if x.timeOf(x.parts[k].span) == kerbside.Historical && !x.presentTense(part.span) {
				return kerbside.Historical
			}
		}
		part = &x.parts[k]
	}
	return kerbside.Current
}

// presentTense reports a verb of now in a clause.
func (x *text) presentTense(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.tokens[i].norm {
		case "is", "are", "am", "'s", "has", "have", "does", "do", "now", "says", "still":
			return true
		}
	}
	return false
}

// about lists whom a finding concerns: those it names, else its subject.
func (x *text) about(f finding) []int {
	var out []int
	for i := f.a; i < f.b; i++ {
		if w := x.who[i]; w >= 0 && !has(out, w) && !x.inCue(i) {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		out = append(out, x.subject[f.clause]...)
	}
	if len(out) == 0 && (x.ofHome(f) || x.childrenMeant(f.span)) {
		out = x.ownChildren()
	}
	return out
}

// childrenMeant reports words for the children together: "on either child", "both boys".
func (x *text) childrenMeant(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch n := x.tokens[i].norm; n {
		case "children", "kids", "siblings", "twins", "boys", "girls":
			return true
		case "child":
			if b := x.before(i); b == "either" || b == "neither" || b == "each" || b == "any" {
				return true
			}
		}
	}
	return false
}

// ofHome reports a finding on the home, which concerns the children who live in it.
func (x *text) ofHome(f finding) bool {
	if f.good {
		return x.lex.goodList[f.entry].name == "home"
	}
	name := x.lex.riskList[f.entry].name
	return name == "neglect_home" || name == "money_housing"
}

// ownChildren lists the children of the family, none when the dictation names two families.
func (x *text) ownChildren() []int {
	names := map[string]bool{}
	for _, f := range x.families {
		names[x.tokens[f.b-1].norm] = true
	}
	if len(names) > 1 {
		return nil
	}
	var out []int
	for i := range x.people {
		if p := &x.people[i]; p.isChild(x) && !p.guessed && !p.generic && len(p.mentions) > 0 && !x.elsewhere(p) {
			out = append(out, i)
		}
	}
	return out
}

func (x *text) inCue(i int) bool {
	for _, n := range x.cover[i] {
		if f := &x.frames[n]; f.cue.a <= i && i < f.cue.b && f.kind != kerbside.WorkerOpinion {
			return true
		}
	}
	return false
}

func (x *text) personIDs(list []int) kerbside.List[kerbside.PersonID] {
	var out kerbside.List[kerbside.PersonID]
	for _, w := range list {
		if w < len(x.ids) && x.ids[w] != "" {
			out = append(out, x.ids[w])
		}
	}
	return out
}

// factor completes a census code by whom the matter concerns: A the child, B a parent or carer, C another in the household. It is left
// empty where that is unclear.
func (x *text) factor(row matter, about []int) string {
	if row.factor == "" || len(row.factor) > 1 {
		return row.factor
	}
	letter := ""
	for _, w := range about {
		p := &x.people[w]
		this := ""
		switch {
		case p.isChild(x):
			this = "A"
		case parental(p.roleName):
			this = "B"
		case p.kind(x) == roleFamily:
			this = "C"
		}
		if letter == "" || this == "B" || this == "C" && letter == "A" {
			letter = this
		}
	}
	if letter == "" && row.name == "domestic_abuse" && len(about) == 0 {
		return ""
	}
	if letter == "" {
		return ""
	}
	return row.factor + letter
}

// sensitivity lists what limits who may see an item.
func (x *text) sensitivity(s span, name string, about []int) []string {
	set := map[string]bool{}
	switch name {
	case "self_harm", "health_missed", "disability_parent", "learning":
		set[kerbside.SensitiveHealth] = true
	case "police":
		set[kerbside.SensitivePolice] = true
	}
	for i := s.a; i < s.b; i++ {
		switch x.tokens[i].norm {
		case "police", "convictions", "probation", "bail", "arrested":
			set[kerbside.SensitivePolice] = true
		case "anonymous", "anonymously", "neighbour", "neighbours", "caller", "informant":
			set[kerbside.SensitiveInformant] = true
		case "depression", "depressed", "anxiety", "bipolar", "psychosis", "psychotic", "schizophrenia", "ptsd", "antidepressants", "sertraline", "sectioned", "psychiatrist", "psychiatric", "overdose", "methadone", "detox", "hiv", "miscarriage", "cancer", "epilepsy",
			"medication", "hospital", "gp", "diagnosis", "diagnosed", "pregnant", "immunisations":
			set[kerbside.SensitiveHealth] = true
		case "address", "postcode":
			set[kerbside.SensitiveAddress] = true
		}
	}
	if x.wantsNoName(s) {
		set[kerbside.SensitiveInformant] = true
	}
	for _, w := range about {
		if k := x.people[w].kind(x); k == roleOther {
			set[kerbside.SensitiveThirdParty] = true
		}
	}
	var out []string
	for _, s := range []string{kerbside.SensitiveThirdParty, kerbside.SensitiveInformant, kerbside.SensitiveAddress, kerbside.SensitiveHealth, kerbside.SensitivePolice} {
		if set[s] {
			out = append(out, s)
		}
	}
	return out
}

// wantsNoName reports that the one whose words stand in a span will not be named: "She does not want to be named", in it or in the next sentence.
func (x *text) wantsNoName(s span) bool {
	c := x.partAt(s.a)
	if c < 0 {
		return false
	}
	own := x.sents[x.parts[c].sentence].b
	end := own
	if n := x.parts[c].sentence + 1; n < len(x.sents) && x.told(s.b-1) {
		end = x.sents[n].b
	}
	denied := false
	for i := x.sents[x.parts[c].sentence].a; i < end; i++ {
		switch x.word(i) {
		case "who":
			if i > own { // "The neighbour, who asked not to be named": somebody else's wish
				return false
			}
		case "not", "never", "without":
			denied = true
		case "named", "identified":
			if b := x.word(i - 1); denied && (b == "be" || b == "being") {
				return true
			}
		}
	}
	return false
}

// pointsBack reports a wish for silence about what was just said ("not to tell Ann that she'd said this", "I should not share that"),
// as opposed to one about something of its own ("does not want Ann to know that she is ill").
func (x *text) pointsBack(i, b int) bool {
	for k := i; k < b; k++ {
		n := x.tokens[k].norm
		if n != "this" && n != "that" && n != "it" {
			continue
		}
		if k+1 >= b || x.tokens[k+1].mark || n == "it" && prepositions[x.tokens[k+1].norm] || x.tokens[k-1].norm == "said" || x.tokens[k-1].norm == "told" || x.tokens[k-1].norm == "about" {
			return true
		}
	}
	last := x.tokens[b-1].norm
	for k := b - 1; k > i && x.tokens[k].mark; k-- {
		last = x.tokens[k-1].norm
	}
	return last == "know" || last == "told" || x.whoAt(b-1) >= 0 || last == "him" || last == "her" || last == "them"
}

var restrictionCues = [][]string{
	{"do", "not", "tell"}, {"not", "to", "tell"}, {"not", "in", "front", "of"}, {"not", "to", "be", "shared", "with"}, {"not", "to", "share"}, {"do", "not", "share"}, {"does", "not", "want"}, {"did", "not", "want"}, {"must", "not", "know"}, {"not", "to", "know"},
	{"in", "confidence"}, {"confidentially"}, {"should", "not", "know"}, {"does", "not", "know", "that"}, {"keep", "it", "from"}, {"keep", "this", "from"}, {"not", "want", "this"}, {"not", "want", "it", "shared"}, {"not", "want", "that", "shared"}, {"between", "us"}, {"keep", "it", "between"},
}

// asksSilence reports a clause that says no more than who is not to hear what was said: "she does not want this shared with him".
func (x *text) asksSilence(s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.wordsAt(i, []string{"not", "want", "this"}) || x.wordsAt(i, []string{"asked", "me", "not", "to"}) && x.pointsBack(i, s.b) {
			return true
		}
	}
	return false
}

// restriction reads "not in front of him", "she doesn't want dad to know" in the sentence of a clause or the one after it.
func (x *text) restriction(c int) *kerbside.Restriction {
	n := x.parts[c].sentence
	for s := n; s < n+2 && s < len(x.sents); s++ {
		sent := x.sents[s]
		for i := sent.a; i < sent.b; i++ {
			for _, cue := range restrictionCues {
				if !x.wordsAt(i, cue) {
					continue
				}
				if cue[len(cue)-1] == "want" && !x.contains(span{i, sent.b}, "know") && !x.contains(span{i, sent.b}, "told") {
					continue
				}
				var from []int
				for k := i; k < sent.b; k++ {
					if w := x.who[k]; w >= 0 && !has(from, w) {
						from = append(from, w)
					}
				}
				t := x.trim(sent)
				proof := x.proof(t.a, t.b)
				if s > n && (len(from) == 0 || !x.pointsBack(i, sent.b)) {
					continue
				}
				return &kerbside.Restriction{From: x.personIDs(from), Reason: proof[0].Quote, Evidence: proof}
			}
		}
	}
	return nil
}
