package rules

import "strings"

// Who of those who are named is the mother, the father or a grandparent whom the text only calls so elsewhere.

// saysWhoSheIs is the name that a pronoun stands for where a clause tells what its bearer is: "at Jeanie's on Thursday. She's the granny", "Ada is nineteen, she's
// the mum"; -1 without.
func (x *text) saysWhoSheIs(names []nameRun, byName []int, r roleRun) int {
	k := r.a - 1
	for k > 0 && roleAdjectives[x.word(k)] {
		k--
	}
	if n := x.thatIsWho(names, byName, r); n >= 0 {
		return n
	}
	if w := x.word(k); w != "the" && !possessives[w] || x.word(k-1) != "'s" && x.word(k-1) != "is" || x.tokens[r.b-1].poss || x.nameFollows(r.b) {
		return -1
	}
	at := k - 2
	gender := pronounGenders[x.word(at)]
	c := x.partAt(max(at, 0))
	if gender == "" || !subjectPronouns[x.word(at)] || c < 0 || at != x.parts[c].a && !x.tokenIs(at-1, ",") || x.lex.roleList[r.role].kind == roleChild {
		return -1
	}
	n := namesUpTo(names, at) - 1
	if n < 0 || at-names[n].b > 20 {
		return -1
	}
	p := &x.people[byName[n]]
	if g := x.givenGender(p); g != "" && g != gender || p.age != "" && !x.grown(p) && parental(x.lex.roleList[r.role].name) && p.role >= 0 || n > 0 && x.coordinated(names[n-1].b, names[n].a) && x.givenGender(&x.people[byName[n-1]]) != otherGender[gender] {
		return -1
	}
	return n
}

// thatIsWho is the one named in the sentence before ", that's Shannon's mum", where nobody else is; -1 without.
func (x *text) thatIsWho(names []nameRun, byName []int, r roleRun) int {
	k := r.owner.a
	if r.owner.b == 0 || x.tokens[r.b-1].poss || x.nameFollows(r.b) || x.word(k-1) != "'s" || x.word(k-2) != "that" || !x.tokenIs(k-3, ",") {
		return -1
	}
	c := x.partAt(k - 2)
	n := namesUpTo(names, k-2) - 1
	if c < 0 || n < 0 || names[n].a < x.sents[x.parts[c].sentence].a || n > 0 && names[n-1].a >= x.sents[x.parts[c].sentence].a || x.tokens[names[n].b-1].poss {
		return -1
	}
	if g := x.givenGender(&x.people[byName[n]]); g != "" && x.lex.roleList[r.role].gender != "" && g != x.lex.roleList[r.role].gender {
		return -1
	}
	return n
}

var otherGender = map[string]string{"f": "m", "m": "f"}

// elderAtHome reports "at their grandma's, Hyacinth, she's …": whose the home is.
func (x *text) elderAtHome(r roleRun, run nameRun) bool {
	row := x.lex.roleList[r.role]
	if row.kind != roleFamily || !x.tokens[r.b-1].poss || x.tokens[run.b-1].poss || !strings.Contains(row.name, "grand") && !strings.Contains(row.name, "aunt") && !strings.Contains(row.name, "uncle") {
		return false
	}
	k := r.a - 1
	for k > 0 && (possessives[x.word(k)] || roleAdjectives[x.word(k)] || determiners[x.word(k)] || x.tokens[k].poss) {
		k--
	}
	if w := x.word(k); w != "at" && w != "to" || run.b >= len(x.tokens) || !x.tokens[run.b].mark {
		return false
	}
	next := x.word(run.b + 1)
	return !x.tokenIs(run.b, ",") || subjectPronouns[next] || next == "who" || next == "a" || next == "the" || prepositions[next]
}

// motherAndBaby reports "mother and baby placement" at token i, which is a kind of home and names nobody.
func (x *text) motherAndBaby(i int) bool {
	switch x.word(i) {
	case "mother", "mum", "parent":
	case "baby", "child":
		return x.word(i-1) == "and" && x.motherAndBaby(i-2)
	default:
		return false
	}
	if x.word(i+1) != "and" || x.word(i+2) != "baby" && x.word(i+2) != "child" {
		return false
	}
	switch x.word(i + 3) {
	case "placement", "placements", "unit", "units", "home", "foster", "house", "hostel", "group":
		return true
	}
	return false
}

// withBaby reports that the opening tells of a placement of a mother with her baby.
func (x *text) withBaby() bool {
	for i := 0; i < len(x.tokens) && i < opening; i++ {
		if x.motherAndBaby(i) {
			return true
		}
	}
	return false
}

// grandHome reports that the opening tells of children who live with grandparents: "special guardianship visit", "her granddaughters".
func (x *text) grandHome() bool {
	for i := 0; i < len(x.tokens) && i < opening; i++ {
		switch n := x.word(i); n {
		case "kinship", "sgo", "grandson", "grandsons", "granddaughter", "granddaughters", "grandchildren", "grandkids", "grandbairns":
			return true
		case "guardianship":
			return x.word(i-1) == "special"
		}
	}
	return false
}

// soleAdult is the one named adult of a gender, whenever he or she is named, who has a part in the visit, where nobody else without a role may be of it; -1 without.
func (x *text) soleAdult(gender string) int {
	found, other := -1, -1
	for i := range x.people {
		p := &x.people[i]
		if p.name == "" || len(p.mentions) == 0 || p.role >= 0 || p.age != "" || p.title() != "" || x.onlyAside(p) || x.inChildList(nameRun{span: p.mentions[0]}) {
			continue
		}
		g := x.givenGender(p)
		if g == "" {
			g = x.pronounOf(i)
		}
		switch {
		case g == otherGender[gender], g == "" && !x.takesPart(p):
		case g == "" && other < 0 && found < 0:
			other = i
		case g == "" || found >= 0 || other >= 0:
			return -1
		default:
			found = i
		}
	}
	if found < 0 {
		return other
	}
	if !x.takesPart(&x.people[found]) {
		return -1
	}
	return found
}

// takesPart reports somebody who speaks, opens a door or agrees to something, or whom the worker asks, tells or means to see.
func (x *text) takesPart(p *person) bool {
	for _, m := range p.mentions {
		if x.tokens[m.b-1].poss {
			continue
		}
		k := m.b
		for adverbs[x.word(k)] || x.word(k) == "has" || x.word(k) == "had" || x.word(k) == "'s" {
			k++
		}
		n := x.word(k)
		if x.lex.speech[n] != "" && x.lex.finite[n] || n == "agreed" || n == "opened" || n == "answered" || n == "let" && x.word(k+1) == "me" || n == "came" && (x.word(k+1) == "to" || x.word(k+1) == "down" || x.word(k+1) == "up" || x.word(k+1) == "out" || x.word(k+1) == "in") || n == "moved" && x.word(k+1) == "out" {
			return true
		}
		switch k = m.a - 1; x.word(k) {
		case "to":
			if w := x.word(k - 1); w == "speak" || w == "speaking" || w == "spoke" || w == "talk" || w == "talked" {
				return true
			}
		case "see", "ring", "asked", "ask", "told", "tell", "rang", "phone", "catch":
			if w := x.word(k - 1); w == "i" || w == "'ll" || w == "will" || w == "to" || w == "not" || w == "'ve" || w == "and" {
				return true
			}
		}
	}
	return false
}

var asidePlaces = setOf("at from over across opposite next on round of in off")

// onlyAside reports somebody whom the words bring in as no member of the home: "Fidelma at the young carers", "her sponsor, Ros", "Gareth over the road".
func (x *text) onlyAside(p *person) bool {
	if x.roleBefore(p) || x.takesIn(p) || x.animal(nameRun{span: p.mentions[0]}) {
		return true
	}
	for _, m := range p.mentions {
		if m.b >= len(x.tokens) {
			continue
		}
		if next := x.word(m.b + 1); asidePlaces[x.word(m.b)] && !x.tokens[m.b-1].poss && next != "home" && next != "bed" && next != "work" && !DateWord(next) && !isNumber(&x.tokens[min(m.b+1, len(x.tokens)-1)]) {
			return true
		}
		k := m.a - 1
		for roleAdjectives[x.word(k)] || sizeWords[x.word(k)] {
			k--
		}
		if x.tokenIs(k, ",") && x.tokens[m.b].mark {
			k--
		}
		if x.tokenIs(m.b, ",") && (determiners[x.word(m.b+1)] || possessives[x.word(m.b+1)]) && x.lex.verb[x.word(m.b+2)] == "" && x.tokenIs(m.b+3, ",") {
			return true // "Ros, her sponsor,"
		}
		if n := x.word(k); k > 0 && n != "" && !CommonWord(n) && x.lex.verb[n] == "" && x.lex.speech[n] == "" && x.who[k] < 0 && !DateWord(n) && (determiners[x.word(k-1)] || possessives[x.word(k-1)]) {
			return true
		}
	}
	return false
}

// boardedOut reports that the opening tells of a child who lives with others than its parents: "private fostering", "supported lodgings", "a looked-after visit".
func (x *text) boardedOut() bool {
	for i := 0; i < len(x.tokens) && i < opening; i++ {
		switch x.word(i) {
		case "fostering", "lodgings", "looked-after", "lac", "cla", "unaccompanied", "residential":
			return true
		case "looked":
			if x.word(i+1) == "after" {
				return true
			}
		case "staying":
			if x.word(i+1) == "put" || x.word(i+1) == "with" {
				return true
			}
		case "with":
			if x.word(i+1) == "mr" && x.word(i+2) == "and" {
				return true
			}
		}
	}
	return false
}

// calledByFamily reports somebody of a gender whom the text calls "mum" or "his mum", and not only what can be a grown woman's own mother: "her mother", where no
// child was named right before.
func (x *text) calledByFamily(p *person, gender string) bool {
	for _, m := range p.mentions {
		if w := x.before(m.a); w == "their" || possessives[w] && pronounGenders[w] == otherGender[gender] || w == "the" || w == "my" || !possessives[w] && (m.a == 0 || !x.tokens[m.a-1].poss) {
			return true
		}
		for k := m.a - 1; k >= 0 && k > m.a-20; k-- {
			if w := x.who[k]; w >= 0 {
				if x.people[w].isChild(x) && (x.people[w].age != "" || x.people[w].young) {
					return true
				}
				break
			}
		}
	}
	return false
}

// titledParent is the one who is called "Mr Noorzai", or "Mrs Adu", where the home is the Noorzais', or both Mr and Mrs Adu are named; -1 without.
func (x *text) titledParent(gender string) int {
	found := -1
	for i := range x.people {
		p := &x.people[i]
		if p.name == "" || len(p.mentions) == 0 || p.role >= 0 || p.title() == "" || titleRoles[p.title()] != "" || x.givenGender(p) != gender {
			continue
		}
		words := strings.Fields(strings.ToLower(p.name))
		if !x.surnameOfHome(words[len(words)-1], i) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// surnameOfHome reports a surname that the family is called by, or that the bearer of the other title shares with person but.
func (x *text) surnameOfHome(name string, but int) bool {
	for _, s := range x.families {
		if n := x.word(s.b); n != "family" && n != "household" && x.word(s.a-2) != "to" { // "at the Whites'" may be a carer's
			continue
		}
		for i := s.a; i < s.b; i++ {
			if w := x.word(i); w == name || w == name+"s" {
				return true
			}
		}
	}
	for i := range x.people {
		q := &x.people[i]
		if i == but || len(q.mentions) == 0 || !q.words[name] || q.role >= 0 && !q.isChild(x) && q.roleName != "mother" && q.roleName != "father" {
			continue
		}
		if q.isChild(x) || q.title() != "" && q.title() != x.people[but].title() {
			return true
		}
	}
	return false
}

// spouse is the one who is named as a husband or a wife, and can be the father or the mother whom the text calls so elsewhere: "her husband Levi … Daddy says"; -1
// without.
func (x *text) spouse(parent string) int {
	want := map[string]string{"father": "husband", "mother": "wife"}[parent]
	found := -1
	for i := range x.people {
		p := &x.people[i]
		if want == "" || p.name == "" || p.roleName != want || len(p.mentions) == 0 {
			continue
		}
		if p.owner >= 0 {
			if o := x.people[p.owner].roleName; strings.Contains(o, "grand") || o == "foster carer" || x.people[p.owner].kind(x) == roleOther {
				continue
			}
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// parentOfNamed marks as grown the one whose son or daughter the words say a named child to be: "Nikola, her daughter, is thirteen".
func (x *text) parentOfNamed(names []nameRun, byName []int, roles []roleRun, links []int) {
	for k, r := range roles {
		n := links[k]
		if row := x.lex.roleList[r.role].name; n < 0 || row != "daughter" && row != "son" || r.pronoun != "her" && r.pronoun != "his" {
			continue
		}
		found := -1
		for m := namesUpTo(names, min(r.a, names[n].a)) - 1; m >= 0 && r.a-names[m].b < 2*opening; m-- {
			p := &x.people[byName[m]]
			if byName[m] == byName[n] || byName[m] == found || p.role >= 0 || p.age != "" || x.onlyAside(p) || x.inChildList(names[m]) {
				continue
			}
			if g := x.givenGender(p); g != "" && g != pronounGenders[r.pronoun] {
				continue
			}
			if found >= 0 {
				found = -1
				break
			}
			found = byName[m]
		}
		if found >= 0 {
			x.people[found].adult = true
		}
	}
}

// ownedByParent notes whose parent "her mum" is, where the one right before it in the sentence is a parent or grown: "Kelly said her mum has the kids". The child that
// a mother speaks of has her for its mum, and may have a dad: "Kelly says she misses her dad" is not known to be Kelly's.
func (x *text) ownedByParent(r *roleRun, self int) {
	role := &x.lex.roleList[r.role]
	g := pronounGenders[r.pronoun]
	if g == "" || r.owner.b > r.owner.a || elders[role.name] == "" {
		return
	}
	again := false // a pronoun stands between
	for k := r.a - 1; k >= 0 && k > r.a-25; k-- {
		t := &x.tokens[k]
		if t.mark && (t.norm == "." || t.norm == "?" || t.norm == breakMark || t.norm == lineMark) {
			return
		}
		if pronounGenders[t.norm] == g && subjectPronouns[t.norm] {
			again = true
			continue
		}
		w := x.who[k]
		if w < 0 || w == self || pronoun(t.norm) || possessives[t.norm] {
			continue
		}
		if p := &x.people[w]; x.isGender(w, g) {
			p.adult = p.adult || x.runsHome(p)
			parent := (p.adult || x.grown(p)) && p.role < 0 && p.title() == "" || p.roleName == "mother" || p.roleName == "father"
			beside := x.whoseAt(k) == r.pronoun || p.roleSpan.b > 0 && p.roleSpan.b <= k && k-p.roleSpan.b < 4 && x.whoseAt(p.roleSpan.a) == r.pronoun // "with her mam, Nerys, and her dad"
			if parent && !beside && (!t.poss || x.verbalEnding(k)) && (!again || role.gender == g && x.lex.speech[x.word(k+1)] != "") {
				r.owner = span{k, k + 1}
			}
			return
		} else if p.gender == "" && x.givenGender(p) == "" && p.role < 0 {
			return // who may be meant
		}
	}
}

// siblingsOfChildren takes for children those whose brother or sister is one: "Hamza's brother Bilal, who's eleven".
func (x *text) siblingsOfChildren(byName []int, roles []roleRun, links []int) {
	for k, r := range roles {
		if n := x.lex.roleList[r.role].name; links[k] < 0 || n != "brother" && n != "sister" {
			continue
		}
		owner := x.ownerOf(r)
		if q := &x.people[byName[links[k]]]; owner < 0 || !q.isChild(x) || q.age == "" || x.grown(q) {
			continue
		}
		if p := &x.people[owner]; p.role < 0 && !p.adult && p.age == "" && p.title() == "" {
			p.role, p.roleName, p.young = x.roleIndex("child"), "child", true
		}
	}
}

// youngParent reports that the words make a parent of one who is not grown: "mum is Tyra, she's seventeen", "dad's a lad called Kai, sixteen".
func (x *text) youngParent(run nameRun, r roleRun) bool {
	if n := x.lex.roleList[r.role].name; n != "mother" && n != "father" || r.b > run.a || r.owner.b > 0 || x.boardedOut() || x.placed() { // where the child that is looked after has one of its own
		return false
	}
	v, ok := numberAt(x.tokens, x.people[x.who[run.a]].ageSpan.a)
	return ok && v.value > 12 && (r.b == run.a && !x.tokens[r.b-1].poss || x.namingGlue(r.b, run.a))
}

// whoseAt is the possessive before a word for a person that begins at token i: "her" of "her own mum"; "" without.
func (x *text) whoseAt(i int) string {
	k := i - 1
	for k >= 0 && roleAdjectives[x.word(k)] {
		k--
	}
	if w := x.word(k); possessives[w] {
		return w
	}
	return ""
}

// siblingMeant is whom "his sister" means where the one last spoken of is a child with one sister among the children of the text; -1 where it has several, and
// nobody new is meant.
func (x *text) siblingMeant(r roleRun, row role) (who int, known bool) {
	if row.name != "sister" && row.name != "brother" || pronounGenders[r.pronoun] == "" || x.tokens[r.b-1].poss && (x.word(r.b) == "" || CommonWord(x.word(r.b))) {
		return -1, false // "he's at his sister's" is a grown one's home
	}
	for i := range x.people {
		if p := &x.people[i]; p.roleName == row.name && len(p.mentions) > 0 {
			return -1, false // one who was said to be that
		}
	}
	owner := -1
	for k := r.a - 1; k >= 0 && k > r.a-40 && owner < 0; k-- {
		if w := x.who[k]; w >= 0 && x.isGender(w, pronounGenders[r.pronoun]) {
			owner = w
		}
	}
	if owner < 0 || !x.people[owner].isChild(x) || x.people[owner].name == "" {
		return -1, false
	}
	found := 0
	for i := range x.people {
		if p := &x.people[i]; i != owner && p.isChild(x) && p.name != "" && len(p.mentions) > 0 && x.isGender(i, row.gender) {
			who = i
			found++
		}
	}
	switch found {
	case 0:
		return -1, false
	case 1:
		return who, true
	}
	return -1, true
}

// onlyOwners leaves out those outside the family who are named by their work only to say whose relative somebody is: "the imam's wife".
func (x *text) onlyOwners() {
	for i := range x.people {
		p := &x.people[i]
		if p.name != "" || p.kind(x) != roleOther || len(p.mentions) == 0 {
			continue
		}
		only := true
		for _, m := range p.mentions {
			only = only && x.tokens[m.b-1].poss && x.roleAt(m.b)
		}
		p.generic = p.generic || only
	}
}
