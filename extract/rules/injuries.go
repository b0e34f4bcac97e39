package rules

import "kerbside"

var (
	injuryWords = setOf("bruise bruises bruising bruised mark marks scratch scratches scratched cut cuts burn burns burnt scald scalded fracture fractured graze grazes grazed bump lump swelling swollen " +
		"injury injuries injured wound wounds scar scars limping sore welts fingermarks")
	bodyParts = setOf("head face forehead eye eyes eyebrow cheek cheeks nose ear ears mouth lip lips chin jaw neck shoulder shoulders arm arms forearm elbow wrist hand hands finger fingers thumb chest back tummy stomach " +
		"ribs hip hips wrists elbows forearms ankles calves thumbs heels heel heads faces bottom buttock buttocks leg legs thigh thighs knee knees shin shins calf ankle foot feet toe toes scalp temple skull collarbone body skin")
	sides        = setOf("left right both upper lower inner outer")
	explainVerbs = setOf("fell tripped bumped banged knocked slipped caught hit climbed happened did scratched bit dropped ran")
)

// injuries gathers marks, or their stated absence, with what each person says about how they came about.
func (x *text) injuries() {
	for c := range x.parts {
		part := &x.parts[c]
		if x.taken[c] || x.supposed(c) || x.question(c) || x.timeOf(part.span) == kerbside.Historical || x.contains(part.span, "medical") {
			continue // "medical for the bruise to be booked"
		}
		for i := part.a; i < part.b; i++ {
			if !x.injuryAt(i) || x.unseenBy(part.span, i) || x.tokens[i].cap && i > part.a || x.masked(part.a, part.b).covers(i, i+1) || !x.bodily(c, i) {
				continue
			}
			x.addInjury(c, i)
			break
		}
	}
}

// injuryAt reports a word for an injury: "bruise", "black eye", "fat lip".
func (x *text) injuryAt(i int) bool {
	switch n, next := x.word(i), x.after(i); n {
	case "black":
		return next == "eye" || next == "eyes"
	case "split", "fat", "thick", "busted":
		return next == "lip"
	case "bite", "bites":
		return next == "mark" || next == "marks" || next == "on"
	default:
		return injuryWords[n]
	}
}

// unseenBy reports "she hadn't seen the bruises", which says nothing of whether they are there.
func (x *text) unseenBy(s span, i int) bool {
	if x.word(i-1) != "the" && x.word(i-1) != "those" && x.word(i-1) != "these" {
		return false
	}
	for k := s.a; k < i; k++ {
		if v := x.lex.lemma(x.word(k)); (v == "see" || v == "notice" || v == "know" || v == "spot") && x.negatedBefore(s.a, k) {
			return true
		}
	}
	return false
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
	n.Child = x.injured(c, i)
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

// injured is the person, child or adult, whose body the words at token i of clause c speak of; "" when they do not say and it could be several people's.
func (x *text) injured(c, i int) kerbside.PersonID {
	w, named := x.bearer(c, i)
	if w >= 0 {
		return x.ids[w]
	}
	if named || len(x.record.Children) != 1 {
		return ""
	}
	return x.record.Children[0].Person
}

// bearer finds the one who has an injury: whose body part it is, on whom it is, who has it, whom the clause names, and last who is spoken of just before.
// The second result says that the words do mean somebody in particular, although it is not known who.
func (x *text) bearer(c, i int) (who int, named bool) {
	part := &x.parts[c]
	site, _ := x.site(part.span)
	for _, at := range []int{site.a, i} {
		if at == 0 && site.b == 0 {
			continue
		}
		for k := at - 1; k >= part.a && k > at-5; k-- { // "her left arm", "Kyle's cheek"
			if possessives[x.word(k)] || x.tokens[k].poss && !x.verbalEnding(k) {
				if g := pronounGenders[x.word(k)]; g != "" {
					if w := x.namedBefore(part.a, k, g); w >= 0 {
						return w, true // "he told me Emily has a bruise on her leg"
					}
				}
				return x.noStaff(k), !x.wholeFamily(x.word(k))
			}
			if prepositions[x.word(k)] {
				break
			}
		}
	}
	for k := i + 1; k+1 < part.b && k < i+5; k++ { // "a mark on Kyle", "scratches all over him"
		if n := x.word(k); (n == "on" || n == "over" || n == "to") && x.whoAt(k+1) >= 0 && !x.tokens[k+1].poss && !possessives[x.word(k+1)] {
			return x.noStaff(k + 1), true
		}
	}
	var spoken []int
	for _, w := range x.subject[c] {
		if !has(spoken, w) && !x.saysIt(c, w) {
			spoken = append(spoken, w)
		}
	}
	for k := part.a; k < part.b; k++ {
		if w := x.who[k]; w >= 0 && !has(spoken, w) && !x.inCue(k) && !x.tokens[k].poss && !possessives[x.word(k)] {
			spoken = append(spoken, w)
		}
	}
	if len(spoken) > 0 {
		return spoken[0], true
	}
	for k := c - 1; k >= 0 && k > c-4 && x.parts[k].sentence >= part.sentence-1; k-- { // who was spoken of just before
		if list := x.subject[k]; len(list) == 1 && x.people[list[0]].isChild(x) && !x.wholeFamilyIn(part.span) {
			return list[0], true
		}
		if x.worker[k] {
			if here := x.namedHere(x.parts[k].span); len(here) == 1 {
				return here[0], true
			}
		}
	}
	return -1, false
}

// noStaff is the person meant at token i; a pronoun for one of the staff there means the child: "the nurse undressed him, there were no marks on him".
func (x *text) noStaff(i int) int {
	w := x.who[i]
	if g := pronounGenders[x.word(i)]; g != "" && w >= 0 && x.people[w].kind(x) == roleProfessional {
		if child := x.childOfGender(g); child >= 0 {
			return child
		}
	}
	return w
}

// childOfGender is the one child whom a pronoun of a gender can mean; -1 without, or with several.
func (x *text) childOfGender(gender string) int {
	found := -1
	for w := range x.people {
		p := &x.people[w]
		if !p.isChild(x) || x.ids[w] == "" || x.unborn(p) || x.elsewhere(p) || !x.genderFits(w, gender) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = w
	}
	return found
}

// namedBefore is the last person of a gender who is named in [a,k), those left out who only tell; -1 without.
func (x *text) namedBefore(a, k int, gender string) int {
	for i := k - 1; i >= a; i-- {
		if w := x.who[i]; w >= 0 && !pronoun(x.word(i)) && !possessives[x.word(i)] && (!x.tokens[i].poss || x.verbalEnding(i)) && !x.inCue(i) && x.people[w].kind(x) != roleProfessional && x.genderFits(w, gender) {
			return w
		}
	}
	return -1
}

// saysIt reports that a subject of a clause is the one who tells, and not the one told of.
func (x *text) saysIt(c, w int) bool {
	v := x.verbAt[c]
	return v >= 0 && x.lex.speech[x.tokens[v].norm] != "" && has(x.subject[c], w)
}

// wholeFamily reports a word that means several people.
func (x *text) wholeFamily(n string) bool { return n == "their" || n == "our" }

func (x *text) wholeFamilyIn(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.word(i) {
		case "them", "their", "either", "both", "children", "anyone", "anybody", "neither", "any":
			return x.word(i) != "any"
		}
	}
	return false
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
