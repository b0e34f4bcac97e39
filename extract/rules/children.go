package rules

import (
	"strings"

	"kerbside"
)

// answers are what the text says for one child, or for "the children" together.
type answers struct {
	seen, alone, bedroom kerbside.Fact
	reason               string
}

// childFacts reads for each child whether it was seen, seen alone, and its bedroom seen.
func (x *text) childFacts() {
	var children []int
	for i := range x.people {
		if p := &x.people[i]; p.isChild(x) && x.ids[i] != "" && !x.unborn(p) && !x.elsewhere(p) {
			children = append(children, i)
		}
	}
	all := map[int]*answers{}
	for _, w := range children {
		all[w] = &answers{}
	}
	everyone := &answers{}
	for c := range x.parts {
		if x.overheardClause(c) {
			continue
		}
		x.aloneIn(c, children, all, everyone)
		x.bedroomIn(c, children, all, everyone)
		x.seenIn(c, children, all)
	}
	for _, w := range children {
		a := all[w]
		p := &x.people[w]
		if a.seen.Value == "" && p.presence == kerbside.Present && p.presSpan.b > 0 && !x.onlyAsleep(p) && !p.guessed {
			a.seen = x.fact(found{p.presSpan, kerbside.Yes})
		}
		if a.seen.Value == "" && p.presence == kerbside.Absent && p.presSpan.b > 0 {
			a.seen = x.fact(found{p.presSpan, kerbside.No})
		}
		if a.alone.Value == kerbside.Yes && a.seen.Value != kerbside.Yes {
			a.seen = kerbside.Fact{Value: kerbside.Yes, Evidence: a.alone.Evidence}
		}
		x.record.Children = append(x.record.Children, kerbside.ChildFacts{
			Person: x.ids[w], ChildSeen: orNotStated(a.seen), BedroomSeen: orNotStated(a.bedroom),
			SeenAlone: kerbside.ReasonedFact{Value: orNotStated(a.alone).Value, Reason: a.reason, Evidence: a.alone.Evidence},
		})
	}
	v := &x.record.Visit
	v.ChildSeen, v.BedroomSeen = orNotStated(everyone.seen), orNotStated(everyone.bedroom)
	v.SeenAlone = kerbside.ReasonedFact{Value: orNotStated(everyone.alone).Value, Reason: everyone.reason, Evidence: everyone.alone.Evidence}
}

func orNotStated(f kerbside.Fact) kerbside.Fact {
	if f.Value == "" {
		return kerbside.Fact{Value: kerbside.NotStated}
	}
	return f
}

// unborn reports a baby that is still to come.
func (x *text) unborn(p *person) bool {
	if p.roleName != "baby" || p.name != "" {
		return false
	}
	return x.expecting
}

// elsewhere reports a child of another family: a friend's, a neighbour's.
func (x *text) elsewhere(p *person) bool {
	return p.owner >= 0 && x.people[p.owner].kind(x) == roleOther
}

// onlyAsleep reports a child that is only known to have been asleep, as opposed to one that was asleep where the worker was.
func (x *text) onlyAsleep(p *person) bool {
	if !x.contains(p.presSpan, "asleep") && !x.contains(p.presSpan, "sleeping") && !x.contains(p.presSpan, "napping") {
		return false
	}
	for _, w := range sleepsInSight {
		if x.contains(p.presSpan, w) {
			return false
		}
	}
	return true
}

var sleepsInSight = []string{"saw", "seen", "sofa", "settee", "couch", "lap", "knee", "shoulder", "arms", "floor", "rug", "chair", "beanbag", "bouncer", "pram", "buggy", "pushchair", "basket", "playpen"}

// overheardClause reports a clause that says nothing of what the worker did: somebody else's words, plans, and suppositions.
func (x *text) overheardClause(c int) bool {
	return x.reported(c) || x.supposed(c) || x.question(c)
}

var (
	aloneCues = [][]string{
		{"on", "his", "own"}, {"on", "her", "own"}, {"on", "their", "own"}, {"by", "himself"}, {"by", "herself"}, {"by", "themselves"}, {"alone"}, {"just", "the", "two", "of", "us"}, {"just", "us", "two"}, {"just", "me", "and"}, {"only", "me", "and"}, {"just"},
		{"one", "to", "one"}, {"one-to-one"}, {"1:1"}, {"in", "private"}, {"privately"}, {"without", "mum"}, {"without", "dad"}, {"without", "his"}, {"without", "her"}, {"without", "their"}, {"without", "staff"}, {"without", "adults"}, {"without", "anyone"}, {"away", "from", "mum"}, {"away", "from", "dad"}, {"separately"}, {"individually"}, {"without", "the", "carer"}, {"without", "carers"}, {"away", "from", "the", "adults"}, {"on", "our", "own"}, {"out", "of", "earshot"}, {"one-on-one"}, {"one", "on", "one"}, {"1-1"}, {"1-to-1"}, {"without", "anybody"}, {"without", "parents"}, {"without", "the", "parents"}, {"away", "from", "his"}, {"away", "from", "her"}, {"away", "from", "their"}, {"away", "from", "everyone"}, {"with", "no", "one", "else"}, {"with", "nobody", "else"}, {"without", "any", "adults"},
	}
	seeVerbs = setOf("saw seen see spoke speak spoken met meet talk talked spend spent got get time chat chatted sat walk walked went took interviewed visited managed able chance opportunity")
	wishes   = setOf("will want wants wanted hope hoping would like next plan planning asked ask try need needs should must going 'd tomorrow aim")
	refusals = setOf("not no never refused declined without unable nor failed didn't neither")
)

// aloneIn reads whether somebody was seen alone, or was not and why.
func (x *text) aloneIn(c int, children []int, all map[int]*answers, everyone *answers) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		for _, cue := range aloneCues {
			if !x.wordsAt(i, cue) {
				continue
			}
			value := x.aloneValue(c, i, cue)
			if value == "" {
				continue
			}
			s := x.trim(part.span)
			f := x.fact(found{s, value})
			reason := ""
			if value == kerbside.No {
				reason = x.reason(c)
			}
			targets := x.childrenIn(c, children)
			if len(targets) == 0 {
				set(&everyone.alone, f)
				everyone.reason = reason
				continue
			}
			for _, w := range targets {
				set(&all[w].alone, f)
				if value == kerbside.No && all[w].reason == "" {
					all[w].reason = reason
				}
			}
			return
		}
	}
}

// set gives a fact; a "yes" replaces a "no", and nothing replaces a "yes".
func set(to *kerbside.Fact, f kerbside.Fact) {
	if to.Value == "" || to.Value == kerbside.No && f.Value == kerbside.Yes {
		*to = f
	}
}

func (x *text) aloneValue(c, i int, cue []string) string {
	part := &x.parts[c]
	seeing, denied, wished, meeting := false, false, false, cue[0] == "just" || cue[0] == "only"
	person := x.worker[c]
	for k := part.a; k < part.b; k++ {
		t := &x.tokens[k]
		if t.mark {
			continue
		}
		if seeVerbs[t.norm] {
			seeing = true
		}
		if t.norm == "left" || t.norm == "lives" || t.norm == "living" || t.norm == "manage" || t.norm == "managing" || t.norm == "home" && x.tokens[max(0, k-1)].norm == "left" || t.norm == "sleeps" || t.norm == "play" || t.norm == "plays" || t.norm == "let" || t.norm == "leave" {
			return ""
		}
		if (refusals[t.norm] || t.norm == "without" && k != i) && k != i && !x.correcting(k) {
			denied = true
		}
		if wishes[t.norm] && k < i {
			wished = true
		}
		if t.norm == "i" || t.norm == "me" || t.norm == "us" {
			person = true
		}
	}
	if len(cue) == 1 && cue[0] == "just" && !(x.withMe(i, part.b) && x.contains(span{i, min(i+4, part.b)}, "and") && len(x.namedHere(span{i, min(i+4, part.b)})) > 0) {
		return "" // no more than "just"
	}
	seeing = seeing || x.worker[c] && x.contains(part.span, "had") && x.contains(part.span, "with")
	if cue[0] == "alone" && !seeing || !seeing && !meeting {
		if !x.seenFragment(c) {
			return ""
		}
	}
	person = person || !part.finite && x.tokens[part.a].norm == "each"
	if !person && !x.contains(part.span, "seen") && !x.contains(part.span, "spoken") && !meeting {
		return ""
	}
	switch {
	case denied:
		return kerbside.No
	case wished:
		return x.wishFailed(c)
	}
	return kerbside.Yes
}

// withMe reports the worker next to "just": "just me and her", "just Ann and me".
func (x *text) withMe(i, b int) bool {
	for k := i; k < b && k < i+5; k++ {
		if n := x.tokens[k].norm; n == "me" || n == "i" || n == "myself" {
			return true
		}
	}
	return false
}

func (x *text) seenFragment(c int) bool {
	part := &x.parts[c]
	if !part.finite && x.tokens[part.a].norm == "each" && x.verbAt[c] < 0 { // "I saw Ann, then Bo, each on their own"
		for k := c - 1; k >= 0 && x.parts[k].sentence == part.sentence; k-- {
			if v := x.verbAt[k]; v >= 0 {
				return x.worker[k] && seeVerbs[x.tokens[v].norm] && !x.negatedBefore(x.parts[k].a, v)
			}
		}
	}
	return part.a < part.b && (x.tokens[part.a].norm == "seen" || x.tokens[part.a].norm == "alone" && x.parts[c].b-x.parts[c].a <= 3 && c > 0 && x.parts[c-1].sentence == part.sentence && x.contains(x.parts[c-1].span, "seen"))
}

// wishFailed reads "I wanted to see her alone but she refused".
func (x *text) wishFailed(c int) string {
	s := x.sents[x.parts[c].sentence]
	for k := x.parts[c].b; k < s.b; k++ {
		if n := x.tokens[k].norm; n == "refused" || n == "declined" || n == "not" && x.tokens[max(0, k-1)].norm != "is" || n == "busy" || n == "asleep" {
			return kerbside.No
		}
	}
	return ""
}

// reason is the clause after a "no" that says why: "the timing wasn't right", "because mum stayed in the room".
func (x *text) reason(c int) string {
	for k := c + 1; k < len(x.parts) && k <= c+2 && x.parts[k].sentence == x.parts[c].sentence; k++ {
		s := x.trim(x.parts[k].span)
		if s.b > s.a {
			return x.evidence(s.a, s.b).Quote
		}
	}
	return ""
}

// childrenIn lists the children a clause speaks of: those named or meant in it, else all when it says "both" or "the children".
func (x *text) childrenIn(c int, children []int) []int {
	part := &x.parts[c]
	var out []int
	for i := part.a; i < part.b; i++ {
		if w := x.who[i]; w >= 0 && has(children, w) && !has(out, w) {
			out = append(out, w)
		}
	}
	if len(out) > 0 {
		return out
	}
	for i := part.a; i < part.b; i++ {
		switch x.tokens[i].norm {
		case "children", "both", "them", "their", "kids", "twins", "girls", "boys", "siblings", "each", "all", "three", "two", "they":
			if x.tokens[i].norm == "two" && x.wordsAt(i, []string{"two", "of", "us"}) {
				continue
			}
			return children
		}
	}
	for _, w := range x.subject[c] {
		if has(children, w) {
			return []int{w}
		}
	}
	if len(children) == 1 {
		return children
	}
	for back := c - 1; back >= 0 && back >= c-4; back-- { // the one last spoken of
		for i := x.parts[back].b - 1; i >= x.parts[back].a; i-- {
			if w := x.who[i]; w >= 0 && has(children, w) {
				return []int{w}
			}
		}
	}
	return nil
}

var (
	roomWords   = setOf("bedroom bedrooms room rooms")
	lookVerbs   = setOf("saw seen looked look checked viewed visited shown showed went in inspected see")
	roomDetails = setOf("tidy clean warm messy untidy bare cold bedding bed duvet decorated toys posters curtains damp mould nice cluttered bright cosy new own broken window carpet mattress small share")
)

// bedroomIn reads whether a child's bedroom was seen. A room that is described in the worker's own words was.
func (x *text) bedroomIn(c int, children []int, all map[int]*answers, everyone *answers) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		t := &x.tokens[i]
		if t.norm == "sleep" || t.norm == "sleeps" { // "I saw where they sleep"
			if w := x.where(part.a, i); w < 0 || !x.worker[c] || !lookVerbs[x.before(w)] {
				continue
			}
		} else if t.mark || !roomWords[t.norm] {
			continue
		}
		if t.norm == "room" || t.norm == "rooms" {
			prev := x.tokens[max(part.a, i-1)].norm
			if prev == "'" && i > part.a+1 {
				prev = strings.TrimSuffix(x.tokens[i-2].norm, "s")
			}
			if i == part.a || !(prev == "his" || prev == "her" || prev == "their" || x.tokens[i-1].poss && x.who[i-1] >= 0 || prev == "box" || prev == "own" || prev == "children" || prev == "kid" || prev == "boy" || prev == "girl" || prev == "twin") {
				continue
			}
		}
		if w := x.who[max(part.a, i-1)]; w >= 0 && !has(children, w) && x.who[i-1] >= 0 && i > part.a && !(possessives[x.tokens[i-1].norm]) {
			continue // mum's bedroom
		}
		if i > part.a && (x.tokens[i-1].norm == "bed" || isNumber(&x.tokens[i-1]) && t.norm == "bedroom") {
			continue
		}
		value := x.bedroomValue(c, i)
		if value == "" {
			continue
		}
		f := x.fact(found{x.trim(part.span), value})
		targets := x.childrenIn(c, children)
		if t.norm == "bedrooms" || t.norm == "rooms" || i > part.a && x.tokens[i-1].norm == "the" && len(children) > 1 && len(x.namedChildren(part.span, children)) == 0 {
			targets = children
		}
		if len(targets) == 0 {
			set(&everyone.bedroom, f)
		}
		for _, w := range targets {
			set(&all[w].bedroom, f)
		}
		return
	}
}

// namedHere lists the children named or meant in a span.
func (x *text) namedHere(s span) []int {
	var out []int
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && x.people[w].isChild(x) && !has(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// where is the place of "where" within a few words before token i, -1 without.
func (x *text) where(a, i int) int {
	for k := i - 1; k >= a && k > i-6; k-- {
		if x.tokens[k].norm == "where" {
			return k
		}
	}
	return -1
}

func (x *text) namedChildren(s span, children []int) []int {
	var out []int
	for i := s.a; i < s.b; i++ {
		if w := x.who[i]; w >= 0 && has(children, w) && !has(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (x *text) bedroomValue(c, i int) string {
	part := &x.parts[c]
	seen, denied, planned := false, false, false
	for k := part.a; k < part.b; k++ {
		t := &x.tokens[k]
		if t.mark {
			continue
		}
		n := t.norm
		if lookVerbs[n] && (n != "in" || k > part.a && x.contains(part.span, "saw")) {
			seen = true
		}
		if (n == "not" || n == "no" || n == "never" || n == "without" || n == "unable" || n == "refused") && !x.correcting(k) && (k < i || n == "not" && k < i+4) {
			denied = true
		}
		if n == "will" || n == "next" || n == "want" || n == "would" && !x.contains(part.span, "have") || n == "need" || n == "hope" || n == "'d" && x.after(k) == "like" {
			planned = true
		}
	}
	if x.contains(part.span, "discussed") || x.contains(part.span, "asked") {
		return ""
	}
	if denied {
		if seen || x.contains(part.span, "go") || x.contains(part.span, "get") || x.contains(part.span, "into") {
			return kerbside.No
		}
		return ""
	}
	if planned {
		return ""
	}
	if seen {
		return kerbside.Yes
	}
	// in her bedroom with the worker, or described
	prev := x.before(i)
	if (prev == "her" || prev == "his" || prev == "their") && i > part.a+1 && (x.tokens[i-2].norm == "in" || x.tokens[i-2].norm == "into") && (x.worker[c] || x.contains(part.span, "us") || x.contains(part.span, "me")) {
		return kerbside.Yes
	}
	if v := x.verbAt[c]; v > i && (x.tokens[v].norm == "was" || x.tokens[v].norm == "is" || x.tokens[v].norm == "'s" || x.tokens[v].norm == "were" || x.tokens[v].norm == "had" || x.tokens[v].norm == "has") {
		for k := v; k < part.b; k++ {
			if roomDetails[x.tokens[k].norm] {
				return kerbside.Yes
			}
		}
	}
	return ""
}

// seenIn reads "I have still to see them", "I only really saw Ben", "was seen".
func (x *text) seenIn(c int, children []int, all map[int]*answers) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		n := x.tokens[i].norm
		eyes := n == "eyes" && x.after(i) == "on"
		if n != "saw" && n != "seen" && n != "see" && n != "met" && !eyes {
			continue
		}
		targets := x.namedChildren(part.span, children)
		passive := n == "seen" && len(targets) > 0 && !x.worker[c]
		if !x.worker[c] && !passive && !(n == "seen" && i == part.a) {
			continue
		}
		if x.aloneClause(part.span) && x.negatedBefore(part.a, i) || x.roomIn(span{i, part.b}) || i+1 < part.b && x.tokens[i+1].poss {
			return // "saw her bedroom", "did not see him alone" say nothing of the child's having been seen
		}
		denied := x.negatedBefore(part.a, i)
		if (n == "see") != denied && n == "see" {
			continue
		}
		if denied {
			if len(targets) == 0 && (x.contains(part.span, "them") || x.contains(part.span, "children")) {
				targets = x.absentChildren(children)
			}
			for _, w := range targets {
				if all[w].seen.Value == "" {
					all[w].seen = x.fact(found{x.trim(part.span), kerbside.No})
				}
			}
			continue
		}
		if x.future(part.span) {
			continue
		}
		for _, w := range targets {
			if x.people[w].presence == kerbside.Present {
				set(&all[w].seen, x.fact(found{x.trim(part.span), kerbside.Yes}))
			}
		}
	}
}

func (x *text) roomIn(s span) bool {
	for i := s.a; i < s.b; i++ {
		if roomWords[x.tokens[i].norm] {
			return x.before(i) == "his" || x.before(i) == "her" || x.before(i) == "their" || x.before(i) == "the" || x.tokens[i].norm != "room" || x.tokens[max(s.a, i-1)].poss
		}
	}
	return false
}

func (x *text) aloneClause(s span) bool {
	for i := s.a; i < s.b; i++ {
		for _, cue := range aloneCues {
			if x.wordsAt(i, cue) {
				return true
			}
		}
	}
	return false
}

func (x *text) absentChildren(children []int) []int {
	var out []int
	for _, w := range children {
		if x.people[w].presence != kerbside.Present {
			out = append(out, w)
		}
	}
	return out
}
