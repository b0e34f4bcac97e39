package rules

import "kerbside"

var (
	injuryWords = setOf("bruise bruises bruising bruised mark marks scratch scratches scratched cut cuts burn burns burnt scald scalded fracture fractured graze grazes grazed bump lump swelling swollen " +
		"injury injuries injured wound wounds scar scars limping sore welts fingermarks")
	bodyParts = setOf("head face forehead eye eyes eyebrow cheek cheeks nose ear ears mouth lip lips chin jaw neck shoulder shoulders arm arms forearm elbow wrist hand hands finger fingers thumb chest back tummy stomach " +
		"ribs hip bottom buttock buttocks leg legs thigh thighs knee knees shin shins calf ankle foot feet toe toes scalp temple skull collarbone body skin")
	sides        = setOf("left right both upper lower inner outer")
	explainVerbs = setOf("fell tripped bumped banged knocked slipped caught hit climbed happened did scratched bit dropped ran")
)

// injuries gathers marks, or their stated absence, with what each person says about how they came about.
func (x *text) injuries() {
	for c := range x.parts {
		part := &x.parts[c]
		if x.taken[c] || x.supposed(c) || x.question(c) || x.timeOf(part.span) == kerbside.Historical {
			continue
		}
		for i := part.a; i < part.b; i++ {
			if !injuryWords[x.tokens[i].norm] || x.tokens[i].cap && i > part.a || x.masked(part.a, part.b).covers(i, i+1) || !x.bodily(c, i) {
				continue
			}
			x.addInjury(c, i)
			break
		}
	}
}

// bodily sets aside marks on walls, cuts in benefits and the like: an injury has a body part, a person, or is looked for ("no marks").
func (x *text) bodily(c, i int) bool {
	part := &x.parts[c]
	site, _ := x.site(part.span)
	if site.b > 0 {
		return true
	}
	switch x.tokens[i].norm {
	case "bruise", "bruises", "bruising", "bruised", "injury", "injuries", "injured", "fracture", "fractured", "scald", "fingermarks":
		return true
	case "mark", "marks":
		return x.negatedWord(part.a, i)
	}
	return false
}

func (x *text) negatedWord(a, i int) bool {
	for k := a; k < i; k++ {
		if n := x.tokens[k].norm; n == "no" || n == "not" || n == "any" {
			return true
		}
	}
	return false
}

func (x *text) site(s span) (site, side span) {
	for i := s.a; i < s.b; i++ {
		t := &x.tokens[i]
		if t.mark {
			continue
		}
		if bodyParts[t.norm] && !(t.norm == "back" && (i == s.a || !possessives[x.tokens[i-1].norm] && !x.tokens[i-1].poss)) && !(t.norm == "head" && x.roleStart[i] > 0) {
			site = span{i, i + 1}
			for k := i - 1; k >= s.a && k > i-3; k-- {
				if sides[x.tokens[k].norm] {
					side = span{k, k + 1}
				}
			}
			return site, side
		}
	}
	return site, side
}

func (x *text) addInjury(c, i int) {
	part := &x.parts[c]
	s := x.trim(part.span)
	if s.b <= s.a {
		return
	}
	r := x.read(part.a, part.b, i, i+1)
	if r == unsaid {
		return
	}
	proof := x.proof(s.a, s.b)
	n := kerbside.Injury{Description: proof[0].Quote, Polarity: r.polarity(), SeenBy: "worker", Standing: kerbside.Found, Evidence: proof}
	if n.Polarity == kerbside.Affirmed && x.doubtBehind(c) {
		n.Polarity = kerbside.Uncertain
	}
	site, side := x.site(part.span)
	if site.b > 0 {
		n.Site = x.evidence(site.a, site.b).Quote
	}
	if side.b > 0 {
		n.Side = x.evidence(side.a, side.b).Quote
	}
	if f := x.outer(i); f.kind != "" {
		n.SeenBy = f.label
	}
	n.Child = x.injured(c)
	n.Explanations = x.explanations(c)
	x.record.Injuries = append(x.record.Injuries, n)
}

// doubtBehind reports a doubt about a clause in the next one of its sentence: "it looked like a bruise, but I'm not sure".
func (x *text) doubtBehind(c int) bool {
	d := c + 1
	if d >= len(x.parts) || x.parts[d].sentence != x.parts[c].sentence {
		return false
	}
	for i := x.parts[d].a; i < x.parts[d].b; i++ {
		switch n := x.word(i); {
		case n == "unsure", (n == "sure" || n == "certain") && x.negatedBefore(x.parts[d].a, i):
			return true
		}
	}
	return false
}

// injured is the child that a clause is about: one named in it, else its subject, else the only child.
func (x *text) injured(c int) kerbside.PersonID {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		if w := x.who[i]; w >= 0 && x.people[w].isChild(x) && !x.inCue(i) {
			return x.ids[w]
		}
	}
	for _, w := range x.subject[c] {
		if x.people[w].isChild(x) {
			return x.ids[w]
		}
	}
	if len(x.record.Children) == 1 {
		return x.record.Children[0].Person
	}
	return ""
}

// explanations are what is said in this sentence and the two after it of how the injury happened.
func (x *text) explanations(c int) []kerbside.Explanation {
	var out []kerbside.Explanation
	last := x.parts[c].sentence + 2
	for k := c; k < len(x.parts) && x.parts[k].sentence <= last; k++ {
		part := &x.parts[k]
		if k > c && x.explained(k) {
			f := x.outer(part.a)
			if f.kind == "" {
				f = x.outer(part.b - 1)
			}
			if f.kind == "" {
				continue
			}
			s := x.trim(part.span)
			out = append(out, kerbside.Explanation{Who: f.label, Evidence: x.proof(s.a, s.b)})
		}
	}
	return out
}

func (x *text) explained(c int) bool {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		if explainVerbs[x.tokens[i].norm] || x.tokens[i].norm == "accident" {
			return x.verbAt[c] >= 0
		}
	}
	return false
}
