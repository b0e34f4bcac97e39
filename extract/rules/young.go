package rules

import "strings"

// Words that only a child is spoken of with, beside its name.

// namedYoung reports a name that the words beside it make a child's: "wee Skye", "the two-year-old, Ada", "Idris has started Reception", "Mia's in P2", "Theo's looked-after
// visit", "the six-weekly for Alun", "Lena's nursery".
func (x *text) namedYoung(run nameRun) bool {
	return run.title == "" && (x.smallBefore(run) || x.yearsOldBeside(run) || x.atSchool(run) || x.fromSchool(run) || x.ownVisit(run) && !x.saidPregnant(run) || x.childsMatter(run) || x.ladOf(run) || x.missingFromCare(run) || x.besideSmallSibling(run) || x.seenYoung(run))
}

// childsMatter reports what only a child has: "Kayden's teacher", "Mia's bedtime".
func (x *text) childsMatter(run nameRun) bool {
	if !x.tokens[run.b-1].poss || x.roleAt(run.b+1) {
		return false
	}
	switch x.word(run.b) {
	case "teacher", "bedtime", "homework", "tantrums", "nappy", "nappies", "senco", "ehcp", "childminder", "playgroup":
		return true
	}
	return false
}

// besideSmallSibling reports "Leo and his baby sister".
func (x *text) besideSmallSibling(run nameRun) bool {
	small := x.word(run.b+2) == "baby" || x.word(run.b+2) == "little" || x.word(run.b+2) == "wee"
	return x.word(run.b) == "and" && possessives[x.word(run.b+1)] && small && x.sibling(run.b+3)
}

// seenYoung reports one who was seen as only a child is: "Lacey was seen at nursery", "saw Jayden at school, on his own", "Aaliyah seen alone in her bedroom", and on a visit that
// the law asks for "Maisie and Alfie both seen".
func (x *text) seenYoung(run nameRun) bool {
	before := run.a - 1
	for before >= 0 && adverbs[x.word(before)] {
		before--
	}
	saw := x.word(before) == "saw" || x.word(before) == "seen" || x.word(before) == "see"
	k := run.b
	for !saw && (x.word(k) == "was" || x.word(k) == "were" || x.word(k) == "both" || x.word(k) == "all" || x.word(k) == "has" || x.word(k) == "been") {
		k++
	}
	if !saw {
		if x.word(k) != "seen" || x.tokens[run.b-1].poss {
			return false
		}
		k++
	}
	at := x.pastAlone(k)
	switch x.word(at) {
	case "at", "in":
		switch x.word(at + 1) {
		case "school", "nursery", "preschool", "playgroup", "class":
			return !x.roleAt(at + 2)
		case "her", "his", "their":
			return at > k && (x.word(at+2) == "bedroom" || x.word(at+2) == "room") && !x.tellsAges()
		}
	}
	if saw || k >= len(x.tokens) || !x.tokens[k].mark && at == k && x.word(k) != "today" && x.word(k) != "together" {
		return false // "I want Kayleigh seen without Wayne"
	}
	return (x.word(run.b) != "seen" || run.a == 0 || x.tokens[run.a-1].mark) && x.statutoryVisit()
}

// pastAlone is behind words at token k that say somebody was alone, k where there are none.
func (x *text) pastAlone(k int) int {
	at := k
	if x.tokenIs(at, ",") {
		at++
	}
	switch {
	case x.word(at) == "alone":
		at++
	case (x.word(at) == "on" || x.word(at) == "by") && possessives[x.word(at+1)] && x.word(at+2) == "own":
		at += 3
	case x.word(at) == "by" && (x.word(at+1) == "himself" || x.word(at+1) == "herself" || x.word(at+1) == "themselves"):
		at += 2
	default:
		return k
	}
	if x.tokenIs(at, ",") {
		at++
	}
	return at
}

// tellsAges reports a text that tells children by their ages, so that who is named without one is not known for a child.
func (x *text) tellsAges() bool {
	for i := range x.people {
		if p := &x.people[i]; p.age != "" && !x.grown(p) {
			return true
		}
	}
	return false
}

// statutoryVisit reports that the opening tells of a visit that the law asks for, which is made to children.
func (x *text) statutoryVisit() bool {
	for _, f := range x.factsIn("type", min(opening, len(x.tokens))) {
		if statutory(f.value) {
			return true
		}
	}
	return false
}

// saidPregnant reports that the sentence behind the one that names somebody begins "She's pregnant".
func (x *text) saidPregnant(run nameRun) bool {
	for i := run.b; i < run.b+20; i++ {
		if x.word(i) == "she" && (x.word(i+1) == "is" || x.word(i+1) == "'s") && (x.word(i+2) == "pregnant" || x.word(i+3) == "pregnant") {
			return true
		}
		if i > run.b && x.whoAt(i) >= 0 && x.whoAt(i) != x.whoAt(run.a) {
			return false
		}
	}
	return false
}

// missingFromCare reports "Kieron went missing from placement".
func (x *text) missingFromCare(run nameRun) bool {
	for k := run.b; k < run.b+4; k++ {
		if n := x.word(k); n == "missing" || n == "absconded" {
			w := x.word(k + 2)
			return x.word(k+1) == "from" && (w == "placement" || w == "care" || determiners[w] && (x.word(k+3) == "placement" || x.word(k+3) == "unit"))
		} else if n != "went" && n != "is" && n != "was" && n != "has" && n != "gone" && n != "'s" && n != "been" {
			return false
		}
	}
	return false
}

// smallBefore reports "wee Skye" and "little Amy".
func (x *text) smallBefore(run nameRun) bool {
	n := x.word(run.a - 1)
	if n != "wee" && n != "little" || run.b-run.a > 1 {
		return false
	}
	return x.word(run.a-2) != "the" || n == "wee"
}

// yearsOldBeside reports "the two-year-old, Ada", "her two-year-old Ada", "Ada, the two-year-old", "Ada is the two-year-old".
func (x *text) yearsOldBeside(run nameRun) bool {
	k := run.a - 1
	if x.tokenIs(k, ",") {
		k--
	}
	if x.yearsOld(k, -1) && !x.tokens[run.b-1].poss {
		return true
	}
	k = run.b
	if x.tokenIs(k, ",") || x.word(k) == "is" || x.word(k) == "was" {
		k++
	}
	return k > run.b && (x.word(k) == "the" || x.word(k) == "a") && x.yearsOld(k+1, 1)
}

// yearsOld reports "two-year-old", in one word or three, that ends or begins at token k, of one below eighteen.
func (x *text) yearsOld(k, way int) bool {
	n := x.word(k)
	if strings.HasSuffix(n, "-year-old") || strings.HasSuffix(n, "-month-old") {
		return !strings.HasPrefix(n, "eighteen-year") && !strings.HasPrefix(n, "nineteen-year") && !strings.HasPrefix(n, "twenty") && !strings.HasPrefix(n, "thirty")
	}
	first := k
	if way < 0 {
		first = k - 2
	}
	if first < 0 || first+2 >= len(x.tokens) || x.word(first+1) != "year" && x.word(first+1) != "month" || x.word(first+2) != "old" {
		return false
	}
	v, ok := numberAt(x.tokens, first)
	return ok && (v.value < 18 || x.word(first+1) == "month")
}

// atSchool reports a class, or the beginning of one, that is the bearer's own: "Idris has just started Reception", "Mia's in P2", "Noah, Year 3", "end of Year Six".
func (x *text) atSchool(run nameRun) bool {
	k := run.b
	comma := x.tokenIs(k, ",")
	if comma {
		k++
	}
	for end := k + 4; k < end && (x.word(k) == "is" || x.word(k) == "has" || x.word(k) == "just" || x.word(k) == "now" || x.word(k) == "who" || x.word(k) == "'s" || x.word(k) == "only"); k++ {
	}
	switch n := x.word(k); {
	case n == "started" || n == "starts" || n == "starting" || n == "start":
		return x.classAt(k+1) || x.word(k+1) == "in" && x.classAt(k+2) || (x.word(k+1) == "nursery" || x.word(k+1) == "school") && !x.roleAt(k+2)
	case n == "gone" && (x.word(k+1) == "into" || x.word(k+1) == "up" && x.word(k+2) == "to"):
		return x.classAt(k+2) || x.classAt(k+3)
	case n == "in":
		return x.classAt(k + 1)
	case n == "end" && x.word(k+1) == "of" && comma:
		return x.classAt(k + 2)
	}
	return comma && k == run.b+1 && x.classAt(k) && !x.tokens[run.b-1].poss
}

// fromSchool reports one who comes from school, or is at it: "Zofia was just getting in from school", "Ayo had got back from nursery", "Ben is still at school".
func (x *text) fromSchool(run nameRun) bool {
	k := run.b
	verb := x.tokens[run.b-1].poss // "Ola's just got in from school"
	for end := k + 8; k < end; k++ {
		switch n := x.word(k); n {
		case "was", "is", "'s", "had", "has", "got", "getting", "coming", "came", "come", "back", "home", "arrived", "walked", "walking", "ran":
			verb = true
		case "just", "only", "in", "then", "been", "still", "already", "now", "up", "straight", "both", "not", "'d":
		case "from", "off", "at":
			end := k + 2
			switch x.word(k + 1) {
			case "school", "nursery", "preschool", "playgroup":
			default:
				return false
			}
			if next := x.word(end); next == "at" || next == "on" || next == "about" || next == "early" || next == "late" || adverbs[next] && next != "mostly" || subjectPronouns[next] || connectors[next] {
				return verb && !(next == "when" && n == "at") && (next != "and" || !x.roleAt(end+1))
			}
			return verb && x.word(end) == ""
		default:
			return false
		}
	}
	return false
}

// classAt reports a class at token k that is no teacher's: "Reception", "Year Six", "P2", "Primary Two".
func (x *text) classAt(k int) bool {
	end := k + 1
	switch n := x.word(k); {
	case n == "reception":
	case n == "year" || n == "primary":
		if k+1 >= len(x.tokens) || !isNumber(&x.tokens[k+1]) {
			return false
		}
		end = k + 2
	case len(n) == 2 && n[0] == 'p' && n[1] >= '1' && n[1] <= '7':
	default:
		return false
	}
	return x.word(end) != "teacher" && x.word(end) != "head" && x.word(end) != "class" && !x.roleAt(end) && x.word(end) != "area"
}

// ownVisit reports the one whose visit, file or school it is: "Theo's six-weekly visit", "the looked-after review for Theo", "Theo's school".
func (x *text) ownVisit(run nameRun) bool {
	if !x.tokens[run.b-1].poss {
		k := run.b
		for x.word(k) == "is" || x.word(k) == "only" || x.word(k) == "on" || x.word(k) == "at" {
			k++
		}
		return (x.word(run.a-1) == "for" || k > run.b && k < len(x.tokens) && isNumber(&x.tokens[k])) && x.attendanceBefore(run.a)
	}
	k := run.b
	if x.word(k) == "attendance" {
		return true
	}
	if x.word(k) == "school" || x.word(k) == "nursery" || x.word(k) == "preschool" {
		return !x.roleAt(k+1) && x.word(k+1) != "run" && x.word(k+1) != "teacher" && x.word(k+1) != "visit" && x.word(k+1) != "nurse"
	}
	named := false
	for end := k + 4; k < end && k < len(x.tokens); k++ {
		switch x.word(k) {
		case "statutory", "looked-after", "lac", "cla", "six-weekly", "cp", "cin", "stat":
			named = true
		case "looked", "after", "child", "in", "need", "protection":
			named = named || x.word(k) == "looked"
		case "visit", "review":
			return named
		default:
			return false
		}
	}
	return named && x.word(k) == "visit"
}

// attendanceBefore reports that the sentence up to token i tells of attendance: "Attendance is ninety per cent for Tobi".
func (x *text) attendanceBefore(i int) bool {
	for k := i - 1; k >= 0 && k > i-16; k-- {
		if n := x.tokens[k].norm; n == "attendance" {
			return true
		} else if n == "." || n == breakMark || n == lineMark {
			return false
		}
	}
	return false
}

// ladOf reports "Shelley's lad Bradley" and "their girl, Ama".
func (x *text) ladOf(run nameRun) bool {
	k := run.a - 1
	if x.tokenIs(k, ",") {
		k--
	}
	if n := x.word(k); n != "lad" && n != "wean" && n != "bairn" && n != "lass" && n != "laddie" && n != "lassie" || k < 1 {
		return false
	}
	n := x.word(k - 1)
	return x.tokens[k-1].poss && x.whoAt(k-1) >= 0 || n == "his" || n == "her" || n == "their"
}

// hasChildren reports a name beside which children are its bearer's: "Shabnam and her boys", "Bridget's on her own with the four".
func (x *text) hasChildren(run nameRun) bool {
	k := run.b
	if the := x.word(k+1) == "the"; x.word(k) == "and" && (x.word(k+1) == "her" || x.word(k+1) == "his" || the) {
		n := x.word(k + 2)
		if the && n != "boys" && n != "girls" && n != "kids" && n != "children" || x.sibling(k+3) {
			return false // "Ada and the baby" may be two children, "Ada and her baby sister" are
		}
		return !x.tokens[min(k+2, len(x.tokens)-1)].poss && (ownYoung[n] || (isNumber(&x.tokens[min(k+2, len(x.tokens)-1)]) || sizeWords[n] || n == "new") && ownYoung[x.word(k+3)])
	}
	for end := k + 6; k < end; k++ {
		if x.word(k) == "on" && (x.word(k+1) == "her" || x.word(k+1) == "his") && x.word(k+2) == "own" && x.word(k+3) == "with" {
			n := x.word(k + 5)
			return (x.word(k+4) == "the" || possessives[x.word(k+4)]) && (ownYoung[n] || n == "both" || isNumber(&x.tokens[min(k+5, len(x.tokens)-1)]))
		}
	}
	return false
}

var ownYoung = setOf("baby babies boys girls kids children bairns weans newborn toddler")

// behindCouple is the last name up to name n of one whom a single "he" or "she" can mean: two named together who look after somebody, "placed with Roy and Christine. He's six", are
// passed over.
func (x *text) behindCouple(names []nameRun, n int) int {
	if n < 1 || names[n].a != names[n-1].b+1 || x.word(names[n-1].b) != "and" {
		return n
	}
	a, b := names[n-1], names[n]
	if w := x.word(a.a - 1); w == "with" || w == "at" || x.word(b.b) == "have" || x.word(b.b) == "'ve" || x.word(b.b) == "had" || b.b-b.a > 1 && a.b-a.a == 1 {
		return n - 2
	}
	return n
}

// grownOffspring makes adults of a grandparent's or carer's own sons and daughters, who are named beside the children of the visit: "her daughter Lorna takes Skye on Saturdays".
func (x *text) grownOffspring() {
	elder, known := false, false
	for i := range x.people {
		p := &x.people[i]
		if len(p.mentions) == 0 {
			continue
		}
		elder = elder || strings.Contains(p.roleName, "grand") && p.roleName != "grandson" && p.roleName != "granddaughter"
		known = known || p.isChild(x) && (p.age != "" || p.young)
	}
	if !elder || !known {
		return
	}
	for i := range x.people {
		p := &x.people[i]
		if p.roleName != "son" && p.roleName != "daughter" || p.name == "" || p.age != "" || p.young || len(p.mentions) == 0 {
			continue
		}
		k := p.roleSpan.a - 1
		for k >= 0 && roleAdjectives[x.word(k)] {
			k--
		}
		if n := x.word(k); n == "her" || n == "his" || n == "their" {
			p.adult, p.role = true, -1
		}
	}
}

// ageBehind reads a child's age between a name and a colon, or before what turns the words round: "Niamh, thirteen: she's sound", "Gethin, eight he is".
func (x *text) ageBehind(k int) (string, span, bool) {
	n, ok := numberAt(x.tokens, k)
	if !ok || n.ordinal || n.value < 2 || n.value > 17 || n.next != k+1 || isDigits(x.tokens[k].text) && x.tokenIs(n.next, ":") {
		return "", span{}, false
	}
	if x.tokenIs(n.next, ":") || (x.word(n.next) == "he" || x.word(n.next) == "she") && x.word(n.next+1) == "is" {
		return x.tokens[k].text, span{k, n.next}, true
	}
	return "", span{}, false
}
