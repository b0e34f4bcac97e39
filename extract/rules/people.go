package rules

import (
	"sort"
	"strconv"
	"strings"

	"kerbside"
)

// person is somebody who is spoken of.
type person struct {
	name     string
	words    map[string]bool // the words of the name, lower case
	surname  string          // shared with a partner: "Graham and Pauline Oduya"
	naming   span            // where the fullest name stands
	role     int             // row of roles.tsv, -1 when unknown
	roleName string
	roleSpan span
	gender   string
	age      string
	ageSpan  span
	owner    int // the person whose friend, mother, … this is, -1 when it is the family's own
	presence string
	presSpan span
	mentions []span
	arrived  bool    // was away at first, and then came
	heard    bool    // present because he or she spoke, which may have been from anywhere
	adult    bool    // certainly no child
	ruled    bool    // the presence is what the rules say, too
	sure     float64 // how likely the presence is
	guessed  bool    // taken for a child because nobody else is
	last     int     // the token at which he or she is last spoken of, once noted
	young    bool    // certainly a child, by the words beside the name
	generic  bool    // a word for a person that names nobody in particular

	workNoted int  // one more than the mentions among which works was read
	works     bool // a professional by the words
}

// title is the one that a person is called by, "mrs", or "".
func (p *person) title() string {
	if w := strings.Fields(strings.ToLower(p.name)); len(w) > 0 && titles[w[0]] {
		return w[0]
	}
	return ""
}

func (p *person) kind(x *text) roleKind {
	if p.role < 0 {
		return ""
	}
	return x.lex.roleList[p.role].kind
}

// label is the name, or the role of somebody who has none.
func (p *person) label() string {
	if p.name == "" {
		return p.roleName
	}
	return p.name
}

func (p *person) isChild(x *text) bool { return p.kind(x) == roleChild }

// whoAt is the person that token i means, -1 for none and where no token is.
func (x *text) whoAt(i int) int {
	if i < 0 || i >= len(x.who) {
		return -1
	}
	return x.who[i]
}

// people finds everybody who is spoken of, and marks each mention with its person.
func (x *text) findPeople() {
	for i := range x.tokens {
		switch x.tokens[i].norm {
		case "midwife", "antenatal", "pre-birth", "unborn", "pregnant":
			x.expecting = true
		}
	}
	roles := x.findRoles()
	names := x.findNames()
	x.completeRoles(roles)
	x.who = make([]int, len(x.tokens))
	for i := range x.who {
		x.who[i] = -1
	}
	byName := make([]int, len(names))
	for k, n := range names {
		byName[k] = x.personNamed(n)
	}
	x.sameBearer(names, byName)
	x.findAges(names, byName)
	x.agesByPronoun(names, byName)
	x.agesTogether(names, byName)
	x.ageAlone(names, byName)
	x.grownByLife(names, byName)
	x.kinOfNamed(names, roles)
	links := x.link(names, roles, byName)
	for k := range roles {
		if n := links[k]; n >= 0 {
			x.ownedByParent(&roles[k], byName[n])
			x.giveRole(byName[n], roles[k])
		}
	}
	x.parentOfNamed(names, byName, roles, links)
	x.couples(names, byName)
	x.household(names, byName)
	x.childrenByPosition(names, byName, roles, links)
	for k, r := range roles {
		var who int
		if n := links[k]; n >= 0 {
			who = byName[n]
		} else {
			x.ownedByParent(&r, -1)
			who = x.personInRole(r)
		}
		if who >= 0 {
			x.mention(who, r.span)
		}
	}
	x.mergeParents()
	x.childOfParents()
	x.elderOnes()
	x.grownOffspring()
	x.onlyOwners()
	for i := range x.people {
		p := &x.people[i]
		sort.Slice(p.mentions, func(a, b int) bool { return p.mentions[a].a < p.mentions[b].a })
		if p.gender == "" && p.role >= 0 {
			p.gender = x.lex.roleList[p.role].gender
		}
		if p.gender == "" {
			p.gender = x.givenGender(p)
		}
		if p.gender == "" && p.name != "" {
			p.gender = x.pronounOf(i)
		}
	}
}

// pronounOf is the gender of the pronouns that follow somebody's mentions before anybody else is named, where they agree.
func (x *text) pronounOf(who int) string {
	count := map[string]int{}
	for _, m := range x.people[who].mentions {
		for i := m.b; i < len(x.tokens) && i < m.b+14; i++ {
			n := x.tokens[i].norm
			if x.who[i] >= 0 && x.who[i] != who || n == breakMark || objectPronouns[n] && x.partAt(i) == x.partAt(m.a) || pronounGenders[n] != "" && (x.word(i-1) == "who" || x.word(i-1) == "whom") {
				break // in "Ada climbed on him", "Steph, who he trusts", he is somebody else
			}
			if g := pronounGenders[n]; g != "" {
				count[g]++
				break
			}
		}
	}
	switch {
	case count["m"] > 2*count["f"]:
		return "m"
	case count["f"] > 2*count["m"]:
		return "f"
	}
	return ""
}

// mergeParents takes "mum" and "dad" for the one adult of that gender who is named without a role.
func (x *text) mergeParents() {
	if x.placed() && !x.withBaby() {
		return // who looks after a child in a placement is not its mother
	}
	grands, boarded := x.grandHome(), x.boardedOut()
	if grands {
		x.mergeGrand()
	}
	for _, k := range x.parentsFirst() {
		q := &x.people[k]
		if q.name != "" || q.owner >= 0 || !parental(q.roleName) || len(q.mentions) == 0 || x.dead(q) || x.onlyHome(q) || boarded && (q.roleName == "mother" || q.roleName == "father") && !x.withBaby() {
			continue
		}
		gender := x.lex.roleList[q.role].gender
		others := x.othersThan(q)
		found := x.unplacedParent(gender, others)
		if found >= 0 && strings.Contains(q.roleName, "grand") && !x.calledBare(q) && !(x.people[found].adult && x.people[found].mentions[0].a < opening) {
			continue
		}
		if found < 0 && (q.roleName == "mother" || q.roleName == "father") {
			found = x.spouse(q.roleName)
			if found < 0 && !grands && !boarded && x.calledByFamily(q, gender) {
				if found = x.titledParent(gender); found < 0 {
					found = x.soleAdult(gender)
				}
			}
		}
		if found < 0 || others[found] || !x.speaksOfChild(found) {
			continue
		}
		p := &x.people[found]
		p.role, p.roleName, p.roleSpan, p.guessed = q.role, q.roleName, q.roleSpan, false
		if elders[q.roleName] != "" {
			x.setElderApart(k, found)
		}
		x.join(k, found)
	}
}

// onlyHome reports a parent of whom no more is said than that a child goes to his or her place: "he's going to his dad's on Saturday". That is none of those at home.
func (x *text) onlyHome(q *person) bool {
	for _, m := range q.mentions {
		if w := x.word(m.a - 3); !x.tokens[m.b-1].poss || !possessives[x.word(m.a-1)] || x.word(m.a-2) != "to" || w != "going" && w != "goes" && w != "went" && w != "go" || x.roleAt(m.b) {
			return false
		}
	}
	return true
}

// parentsFirst are all people, mothers and fathers before others: where "mum" and "nan" are spoken of, the one adult who is named is the mother.
func (x *text) parentsFirst() []int {
	var out, others []int
	for i := range x.people {
		if n := x.people[i].roleName; n == "mother" || n == "father" {
			out = append(out, i)
		} else {
			others = append(others, i)
		}
	}
	return append(out, others...)
}

// speaksOfChild reports that the text has a child besides one of its people, by name or not. Where it has none, that one may be the child: "Maya says she isn't being hit.
// Mum denies it".
func (x *text) speaksOfChild(but int) bool {
	for i := range x.people {
		if p := &x.people[i]; i != but && (p.isChild(x) || minorKin[p.roleName] || p.roleName == "son" || p.roleName == "daughter") {
			return true
		}
	}
	for i := range x.tokens {
		if w := x.word(i); otherYoung[w] || w == "unborn" || w == "two" || w == "three" || w == "four" { // "her two"; in a refuge, or on a ward, a mother is seen
			return true
		}
	}
	return false
}

// childOfParents takes the only one who is named for the child, where nobody is known for one and a mother is spoken of who is not named, the carer of a placement, or a father
// besides a son.
func (x *text) childOfParents() {
	found, mother, father, placed := -1, false, false, x.placed()
	for i := range x.people {
		switch p := &x.people[i]; {
		case len(p.mentions) == 0:
		case placed && strings.HasSuffix(p.roleName, "carer"):
			mother = true
		case p.name == "":
			mother, father = mother || p.roleName == "mother" && p.owner < 0, father || p.roleName == "father" && p.owner < 0
		case p.role < 0 && p.title() == "" && p.age == "" && !p.adult && found < 0 && !strings.Contains(p.name, " "):
			found = i
		case p.role < 0 || parental(p.roleName) || p.isChild(x):
			return
		}
	}
	if found < 0 || x.speaksOfChild(found) || x.expecting || !mother && !(father && x.givenGender(&x.people[found]) == "m") {
		return
	}
	p := &x.people[found]
	p.role, p.roleName, p.guessed = x.roleIndex("child"), "child", true
}

// othersThan are those whom a word for a parent does not mean, as the words tell them apart: "Hamza told me that his dad hit him", "mum's at work till six" where others
// open the door or speak.
func (x *text) othersThan(q *person) map[int]bool {
	out := map[int]bool{}
	away := false
	for _, m := range q.mentions {
		away = away || x.awayNow(m) || x.metElsewhere(m)
		own := "" // "Kayden was at his dad's" is not about his sister's
		if x.tokens[m.b-1].poss && x.word(m.a-2) == "at" {
			own = pronounGenders[x.whoseAt(m.a)]
		}
		if w := x.ownParentAt(m); w >= 0 && !x.knownChild(w, own) {
			out[w] = true
		}
	}
	for i := range x.people {
		if strings.Contains(q.roleName, "grand") && x.ownsKin(i) {
			out[i] = true
		}
		if p := &x.people[i]; away && p.name != "" && x.takesPart(p) || p.name != "" && p.role < 0 && x.onlyBeside(p, q) {
			out[i] = true
		}
	}
	return out
}

// metElsewhere reports a parent whom a child meets away from home: "contact with his mum went well", "he isn't bothered about seeing his dad".
func (x *text) metElsewhere(m span) bool {
	w := x.word(m.a - 2)
	return possessives[x.word(m.a-1)] && (w == "seeing" || w == "with" && x.word(m.a-3) == "contact")
}

// onlyBeside reports somebody to whom another does something, or who is spoken of once, in a sentence that speaks of another, too: "she wants to live with dad because Carl is creepy".
func (x *text) onlyBeside(p, q *person) bool {
	if x.actsOn(q, p) {
		return true
	}
	if len(p.mentions) != 1 || x.restored {
		return false
	}
	c := x.partAt(p.mentions[0].a)
	for _, m := range q.mentions {
		if k := x.partAt(m.a); c >= 0 && k >= 0 && x.parts[k].sentence == x.parts[c].sentence {
			return true
		}
	}
	return false
}

// actsOn reports that one does something to another in a clause, so that they are two: "mum is going to take Ife".
func (x *text) actsOn(q, p *person) bool {
	for _, m := range p.mentions {
		if x.tokens[m.b-1].poss || m.a < 2 || x.lex.verb[x.word(m.a-1)] == "" || x.restored {
			continue
		}
		for k := m.a - 2; k >= 0 && k > m.a-9 && x.partAt(k) == x.partAt(m.a); k-- {
			if w := x.who[k]; w >= 0 && &x.people[w] == q && !x.tokens[k].poss {
				return true
			}
		}
	}
	return false
}

// ownsKin reports somebody whose sister, partner or the like is named as that, and who is a parent rather than a grandparent.
func (x *text) ownsKin(who int) bool {
	for _, m := range x.people[who].mentions {
		if !x.tokens[m.b-1].poss || m.b >= len(x.tokens) || x.roleStart[m.b] == 0 {
			continue
		}
		switch x.lex.roleList[x.roleStart[m.b]-1].name {
		case "sister", "brother", "partner", "boyfriend", "ex-partner", "mother", "father", "mother-in-law", "sister-in-law":
			return true
		}
	}
	return false
}

// knownChild reports that somebody else is known for a child of the family, of a gender ("" for either).
func (x *text) knownChild(but int, gender string) bool {
	for i := range x.people {
		if p := &x.people[i]; i != but && p.isChild(x) && p.name != "" && !p.guessed {
			if g := x.givenGender(p); g == "" || gender == "" || g == gender {
				return true
			}
		}
	}
	return false
}

// ownParentAt is the one who is named before a "her mum" or "his dad" that the words make his or her own; -1 without.
func (x *text) ownParentAt(m span) int {
	g := pronounGenders[x.whoseAt(m.a)]
	for i := m.a - 2; g != "" && i >= 0 && i > m.a-27; i-- {
		w := x.who[i]
		if w < 0 || x.people[w].name == "" {
			continue
		}
		if known := x.givenGender(&x.people[w]); known == "" || known == g {
			return w
		}
	}
	return -1
}

// setElderApart makes a grandparent of its own of each "her mum" by which the mother's own is meant, before "mum" is known to be her.
func (x *text) setElderApart(from, parent int) {
	q := &x.people[from]
	elder, kept := -1, q.mentions[:0:0]
	for _, m := range q.mentions {
		if x.ownParentAt(m) != parent || !x.isGender(parent, x.lex.roleList[q.role].gender) {
			kept = append(kept, m)
			continue
		}
		name := elders[q.roleName]
		for i := range x.people {
			if p := &x.people[i]; elder < 0 && p.roleName == name && p.name != "" && len(p.mentions) > 0 {
				elder = i
			}
		}
		if elder < 0 {
			x.people = append(x.people, person{role: x.roleIndex(name), owner: parent, roleName: name, roleSpan: m, naming: m})
			elder, q = len(x.people)-1, &x.people[from]
		}
		p := &x.people[elder]
		p.mentions = append(p.mentions, m)
		for i := m.a; i < m.b; i++ {
			x.who[i] = elder
		}
	}
	q.mentions = kept
}

var supposing = setOf("when whenever if while once until")

// awayNow reports a mention behind which somebody is said to be away: "mum's at work till six", "dad was out".
func (x *text) awayNow(m span) bool {
	k := m.b
	if !x.tokens[m.b-1].poss {
		if n := x.word(k); n != "was" && n != "is" && n != "'s" {
			return false
		}
		k++
	}
	for adverbs[x.word(k)] || x.word(k) == "out" && x.word(k+1) == "at" {
		k++
	}
	if c := x.partAt(m.a); c < 0 || supposing[x.word(m.a-1)] || x.asARule(x.parts[c].span) || x.hasDay(x.parts[c].span) {
		return false
	}
	switch n := x.word(k); n {
	case "at", "in":
		return absentPlaces[x.word(k+1)] && x.word(k+1) != "school" && x.word(k+1) != "nursery" || n == "at" && x.word(k+1) == "the" && awaySpots[x.word(k+2)]
	case "out", "away":
		next := x.word(k + 1)
		return next == "" || connectors[next] || next == "with" || next == "shopping"
	}
	return false
}

// mergeGrand takes "gran" for the one woman, and "grandad" for the one man, without a role in whose home the children live.
func (x *text) mergeGrand() {
	for k := range x.people {
		q := &x.people[k]
		if q.name != "" || q.owner >= 0 || len(q.mentions) == 0 || !strings.HasSuffix(q.roleName, "grandmother") && !strings.HasSuffix(q.roleName, "grandfather") || x.dead(q) {
			continue
		}
		if found := x.unplacedParent(x.lex.roleList[q.role].gender, x.othersThan(q)); found >= 0 {
			p := &x.people[found]
			p.role, p.roleName, p.roleSpan, p.guessed = q.role, q.roleName, q.roleSpan, false
			x.join(k, found)
		}
	}
}

// dead reports somebody of whom it is said: "his mum died in May", "since their mum's death".
func (x *text) dead(p *person) bool {
	for _, m := range p.mentions {
		for k := m.b; k < m.b+3; k++ {
			if w := x.word(k); w == "died" || w == "dead" || w == "passed" && (x.word(k+1) == "away" || x.word(k+1) == "") || k == m.b && x.tokens[m.b-1].poss && (w == "death" || w == "funeral" || w == "grave" || w == "ashes") {
				return true
			}
		}
	}
	return false
}

// join makes one of two people: what was said of the first was said of the second.
func (x *text) join(from, to int) {
	p, q := &x.people[to], &x.people[from]
	p.mentions = append(p.mentions, q.mentions...)
	for i := range x.who {
		if x.who[i] == from {
			x.who[i] = to
		}
	}
	q.mentions, q.generic = nil, true
}

// elderOnes makes grandparents of those who are now known for a parent's parent, and one of "her mum" and of whoever was named as that.
func (x *text) elderOnes() {
	for i := range x.people {
		p := &x.people[i]
		if g := parentsKin[p.roleName]; g != "" && !p.generic {
			x.ofParent(i, g)
		}
		if g := elders[p.roleName]; g != "" && p.owner >= 0 && (x.people[p.owner].roleName == "mother" || x.people[p.owner].roleName == "father") {
			p.role, p.roleName = x.roleIndex(g), g
		}
	}
	for i := range x.people {
		q := &x.people[i]
		if q.name != "" || q.owner >= 0 || q.generic || q.roleName != "grandmother" && q.roleName != "grandfather" {
			continue
		}
		for k := range x.people {
			if p := &x.people[k]; p.name != "" && p.roleName == q.roleName && len(p.mentions) > 0 {
				x.join(i, k)
				break
			}
		}
	}
}

// parentsKin are what a parent's brother and sister are to the child.
var parentsKin = map[string]string{"sister": "aunt", "brother": "uncle"}

// ofParent makes an aunt or an uncle of somebody who is said to be a parent's: "Donna's sister", "Rosalie … and her sister Divina". Who has no name stays what was
// said, "mother's sister", unless an aunt is named.
func (x *text) ofParent(who int, kin string) {
	p := &x.people[who]
	owner := x.parentBefore(who)
	if owner < 0 {
		return
	}
	if p.name != "" {
		p.role, p.roleName = x.roleIndex(kin), kin
		return
	}
	for k := range x.people {
		if q := &x.people[k]; q.name != "" && q.roleName == kin && len(q.mentions) > 0 {
			x.join(who, k)
			return
		}
	}
	p.roleName = x.people[owner].roleName + "'s " + p.roleName
}

// parentBefore is the parent whose somebody is, by the words before the role: -1 without.
func (x *text) parentBefore(who int) int {
	p := &x.people[who]
	i := p.roleSpan.a - 1
	for i >= 0 && !x.tokens[i].mark && roleAdjectives[x.tokens[i].norm] {
		i--
	}
	if p.roleSpan.b == 0 || p.age != "" || i < 0 || x.tokens[i].mark {
		return -1
	}
	owner := p.owner
	if g := pronounGenders[x.word(i)]; owner < 0 && g != "" && possessives[x.word(i)] {
		for k := i - 1; k >= 0 && k > i-200 && owner < 0; k-- {
			if w := x.who[k]; w >= 0 && w != who && x.isGender(w, g) {
				owner = w
			}
		}
	}
	if owner >= 0 && (x.people[owner].roleName == "mother" || x.people[owner].roleName == "father") {
		return owner
	}
	return -1
}

// isGender reports somebody whose gender is told, by the role or the name.
func (x *text) isGender(who int, g string) bool {
	p := &x.people[who]
	return p.gender == g || p.gender == "" && (p.role >= 0 && x.lex.roleList[p.role].gender == g || x.givenGender(p) == g)
}

// calledBare reports somebody who is "nan", and not only "his nan" or "at their nan's", who may be anywhere.
func (x *text) calledBare(p *person) bool {
	for _, m := range p.mentions {
		if !x.tokens[m.b-1].poss && !possessives[x.before(m.a)] && (m.a == 0 || !x.tokens[m.a-1].poss) {
			return true
		}
	}
	return false
}

// unplacedParent is the named adult of a gender who has no role and is named early: the only one, or the one who is spoken of far more than the rest; of
// those whose gender is known before those whose is not. -1 without.
func (x *text) unplacedParent(gender string, others map[int]bool) int {
	best, second := -1, -1
	rank := func(i int) int {
		p := &x.people[i]
		g := x.givenGender(p)
		if g == "" {
			g = p.gender
		}
		if g == "" {
			g = x.pronounOf(i)
		}
		switch {
		case g == gender:
			return 2
		case g == "":
			return 1
		}
		return 0
	}
	for i := range x.people {
		p := &x.people[i]
		if p.name == "" || len(p.mentions) == 0 || p.mentions[0].a > 2*opening || len(p.mentions) < 2 && x.partAt(p.mentions[0].a) >= 0 && x.parts[x.partAt(p.mentions[0].a)].sentence > 0 || x.roleBefore(p) || x.takesIn(p) || x.fromElsewhere(p) || p.title() != "" && !x.visitedByTitle(p) || x.inChildList(nameRun{span: p.mentions[0]}) {
			continue
		}
		if p.young || others[i] {
			continue
		}
		guess := p.isChild(x) && p.age == "" && (p.guessed || p.owner < 0 && p.roleSpan.b == 0)
		if p.role >= 0 && !p.guessed && !guess || p.age != "" && !x.grown(p) || guess && !x.agedChild(i) || rank(i) == 0 {
			continue
		}
		switch {
		case best < 0 || rank(i) > rank(best):
			best, second = i, -1
		case rank(i) == rank(best):
			if len(p.mentions) > len(x.people[best].mentions) {
				best, second = i, best
			} else if second < 0 || len(p.mentions) > len(x.people[second].mentions) {
				second = i
			}
		}
	}
	if second >= 0 && 2*len(x.people[second].mentions) > len(x.people[best].mentions) {
		return -1
	}
	return best
}

// agedChild reports that somebody else is a child whose age is told.
func (x *text) agedChild(but int) bool {
	for i := range x.people {
		if p := &x.people[i]; i != but && p.isChild(x) && p.age != "" {
			return true
		}
	}
	return false
}

var hosting = setOf("lodgings lodging placement placed fostered staying respite")

// takesIn reports somebody with whom a child is placed, who is no parent: "his lodgings with Mrs Ford", "placed with Bev".
func (x *text) takesIn(p *person) bool {
	for _, m := range p.mentions {
		if w := x.before(m.a); (w == "to" || w == "at" || w == "from") && x.word(m.b) == "and" && x.whoAt(m.b+1) >= 0 && x.tokens[m.b+1].poss {
			return true // "back to Sue and Ken's"
		}
		with := false
		for k := m.a - 1; k >= 0 && k >= m.a-6; k-- {
			with = with || x.word(k) == "with"
			if with && hosting[x.word(k)] {
				return true
			}
		}
	}
	return false
}

// fromElsewhere reports somebody who is called by where he or she is from: "Lorraine from the nursery".
func (x *text) fromElsewhere(p *person) bool {
	for _, m := range p.mentions {
		if x.word(m.b) == "from" && !x.tokens[m.b-1].poss {
			return true
		}
	}
	return false
}

// fromAgency reports somebody who is from where professionals work: "Lorraine from the nursery", "Ade from housing".
func (x *text) fromAgency(p *person) bool {
	for _, m := range p.mentions {
		k := m.b + 1
		if x.word(m.b) != "from" || x.tokens[m.b-1].poss {
			continue
		}
		if determiners[x.word(k)] {
			k++
		}
		if n := x.word(k); (organisations[n] || agencies[n]) && n != "court" && n != "letter" {
			return true
		}
	}
	return false
}

var agencies = setOf("refuge ward social services duty adoption fostering edt family children's early leaving youth women's homestart barnardo's barnardos nspcc safeguarding")

// visitedByTitle reports somebody with a title and no role whom the first sentence names: whom the visit was to.
func (x *text) visitedByTitle(p *person) bool {
	switch p.title() {
	case "mr", "mrs", "ms", "miss":
		return p.role < 0 && len(p.mentions) > 0 && len(x.sents) > 0 && p.mentions[0].a < x.sents[0].b
	}
	return false
}

// roleBefore reports a name that stands behind a word for what somebody does: "his worker Gareth".
func (x *text) roleBefore(p *person) bool {
	if x.before(p.naming.a) == "called" {
		switch x.word(p.naming.a - 2) {
		case "somebody", "someone", "man", "woman", "lad", "boy", "girl", "guy", "bloke", "person", "friend", "mate", "adult":
			return true
		}
	}
	switch x.before(p.naming.a) {
	case "worker", "colleague", "friend", "mate", "manager", "colleagues", "officer", "staff", "neighbour", "partner":
		return true
	}
	return false
}

// sameBearer joins "Mrs Pell, Sheila," to one person, and "Ewurama, known as Ama".
func (x *text) sameBearer(names []nameRun, byName []int) {
	x.knownAs(names, byName)
	for n := 1; n < len(names); n++ {
		a, b := names[n-1], names[n]
		thats := b.a == a.b+3 && x.word(a.b+1) == "that" && (x.word(a.b+2) == "'s" || x.word(a.b+2) == "is") // "Mrs Hughes, that's Bethan,"
		if a.title == "" || b.title != "" || b.a != a.b+1 && !thats || x.tokens[min(a.b, len(x.tokens)-1)].norm != "," || byName[n-1] == byName[n] || !x.isGiven(x.tokens[b.a].norm) && (b.b-b.a > 1 || !x.tokenIs(b.b, ",")) || !x.closesApposition(b) || x.agedBehind(b.b) {
			continue
		}
		from, to := byName[n-1], byName[n]
		if len(x.people[from].mentions) == 0 {
			continue
		}
		if g := x.givenGender(&x.people[to]); g != "" {
			x.people[from].gender = g
		}
		x.oneBearer(byName, to, from)
	}
}

// oneBearer makes one of two people who were taken for two by their names.
func (x *text) oneBearer(byName []int, from, to int) {
	for w := range x.people[from].words {
		x.people[to].words[w] = true
	}
	x.people[from].words = map[string]bool{}
	x.join(from, to)
	for n := range byName {
		if byName[n] == from {
			byName[n] = to
		}
	}
}

// knownAs joins the two names of one person: "Ewurama, known as Ama", "her partner is Dazza, Darren Boyle, …".
func (x *text) knownAs(names []nameRun, byName []int) {
	for n := 1; n < len(names); n++ {
		a, b := names[n-1], names[n]
		k := a.b
		if x.tokenIs(k, ",") {
			k++
		}
		asks := b.a-a.b < 20 && x.word(b.a-1) == "called" && x.word(b.a-2) == "be" && x.word(b.a-3) == "to" && (x.word(b.a-4) == "wants" || x.word(b.a-4) == "prefers" || x.word(b.a-4) == "likes") && a.title == "" // "he wants to be called Ky"
		known := asks || x.word(k) == "known" && x.word(k+1) == "as" && b.a == k+2
		full := b.a == a.b+1 && k == b.a && b.b-b.a == 2 && a.b-a.a == 1 && a.title == "" && b.title == "" && x.tokenIs(b.b, ",") && subjectPronouns[x.word(b.b+1)] && (x.word(a.a-1) == "is" || x.word(a.a-1) == "'s") && a.a > 1 && x.roleEnd[a.a-1]
		if !known && !full || byName[n-1] == byName[n] || len(x.people[byName[n-1]].mentions) == 0 {
			continue
		}
		from, to := byName[n], byName[n-1]
		if full {
			x.people[to].name, x.people[to].naming = x.people[from].name, x.people[from].naming
		}
		x.oneBearer(byName, from, to)
	}
}

// nicknamed is the one person whose name a single name is short for, or the long form of: "Alex" where Alexander was named; -1 without, or where a role
// stands before, since that is somebody else.
func (x *text) nicknamed(run nameRun, words []string) int {
	if len(words) != 1 || run.title != "" || run.a > 0 && (x.roleEnd[run.a] || x.word(run.a-1) == "and") || x.word(run.b) == "and" {
		return -1
	}
	found := -1
	for k := range x.people {
		for w := range x.people[k].words {
			if shortFor(w, words[0]) {
				if found >= 0 && found != k {
					return -1
				}
				found = k
			}
		}
	}
	return found
}

// agedBehind reports a child's age behind a name: "Mrs Osei, Kofi aged fourteen" are two.
func (x *text) agedBehind(k int) bool {
	for k < len(x.tokens) && (x.tokenIs(k, ",") || ageGlue[x.word(k)]) {
		k++
	}
	age, at, ok := x.ageAt(k)
	n, _ := numberAt(x.tokens, k)
	return ok && at.b > at.a && age != "" && n.value < 18
}

func (x *text) givenGender(p *person) string {
	words := strings.Fields(p.name + " x")
	first := strings.ToLower(words[0])
	if titles[first] && len(words) > 3 { // "Sgt Helen Moss"
		if g := x.lex.given[strings.ToLower(words[1])]; g != "" {
			return g
		}
	}
	if g, ok := x.lex.given[first]; ok {
		return g
	}
	head, _, _ := strings.Cut(first, "-")
	if g := x.lex.given[head]; g != "" {
		return g
	}
	if g := x.lex.everyday[head]; g != "" {
		return g
	}
	switch first {
	case "mr":
		return "m"
	case "miss", "mrs", "ms":
		return "f"
	}
	return ""
}

func (x *text) mention(who int, s span) {
	for i := s.a; i < s.b; i++ {
		if x.who[i] < 0 {
			x.who[i] = who
		}
	}
	x.people[who].mentions = append(x.people[who].mentions, s)
}

// link gives for each role the name that it stands with, or -1.
func (x *text) link(names []nameRun, roles []roleRun, byName []int) []int {
	links := make([]int, len(roles))
	roleFrom, roleTo, nameFrom, nameTo := map[int]int{}, map[int]int{}, map[int]int{}, map[int]int{}
	for k, r := range roles {
		links[k] = -1
		roleFrom[r.a], roleTo[r.b] = k, k
	}
	for k, n := range names {
		nameFrom[n.a], nameTo[n.b] = k, k
	}
	taken, given := map[int]bool{}, map[int]int{} // given: person -> role
	set := func(role, name int) bool {
		if links[role] >= 0 || taken[name] || roles[role].supposed || x.throughInterpreter(roles[role]) {
			return false
		}
		if w := x.word(roles[role].a - 1); x.lex.roleList[roles[role].role].kind == roleChild && (w == "a" || w == "some" || w == "another") && x.word(names[name].a-1) == "called" {
			return false // "a boy called Zed" is nobody's child here
		}
		if x.ownerOf(roles[role]) == byName[name] && x.word(roles[role].b) != "to" {
			return false // nobody is his own key worker; but "Neil's stepdad to the older two"
		}
		if p := &x.people[byName[name]]; p.isChild(x) && p.age != "" && !x.minorRole(roles[role].role) {
			if x.youngParent(names[name], roles[role]) {
				p.role, p.roleName = -1, ""
				links[role], taken[name], given[byName[name]] = name, true, roles[role].role
				return true
			}
			return false // "On the subject of dad, Connor said …"
		}
		if other, ok := given[byName[name]]; ok && x.lex.roleList[other].kind != x.lex.roleList[roles[role].role].kind {
			return false // "according to the GP, Jo …" where Jo is the mother
		}
		links[role], taken[name], given[byName[name]] = name, true, roles[role].role
		return true
	}
	find := func(m map[int]int, at int) int {
		if k, ok := m[at]; ok {
			return k
		}
		return -1
	}
	for r := 1; r < len(roles); r++ {
		n := x.pairOfKin(names, nameFrom, roles, r)
		if n < 0 {
			continue
		}
		first, second := n, n+1
		if g := x.givenGender(&x.people[byName[n]]); g != "" && g == x.lex.roleList[roles[r].role].gender {
			first, second = second, first // "mum and dad, Otto and Bea"
		}
		if set(r-1, first) {
			set(r, second)
		}
	}
	for n, run := range names {
		// before the name: "mum Shona", "the health visitor, Joy Akande", "her mum is called Kelly", "mum's Shona"
		at := run.a
		if r := find(roleTo, at); r >= 0 && (!x.tokens[at-1].poss || !x.ownsNext(run, roleFrom)) {
			if former := find(roleTo, x.calledSo(roles[r].a)); former >= 0 && set(former, n) {
				roles[r].supposed = true
				continue
			}
			if set(r, n) {
				continue
			}
		}
		begin := at // of "wee Maureen", "a Mr Lowe"
		if (sizeWords[x.word(begin-1)] || x.word(begin-1) == "big") && (x.tokenIs(begin-2, ",") || x.roleEnd[begin-1]) || run.title != "" && x.word(begin-1) == "a" {
			begin--
		}
		if r := find(roleTo, begin); begin < at && r >= 0 && !x.tokens[begin-1].poss && set(r, n) {
			continue // "her sponsor big Ros"
		}
		k := begin - 1
		for k > 0 && (nameGlue[x.tokens[k].norm] || x.tokens[k].norm == "," || isFiller(&x.tokens[k])) && begin-k < 5 {
			k--
		}
		if r := find(roleTo, at-2); r >= 0 && x.tokenIs(at-1, ",") && hereWords[x.word(at-2)] && x.closesApposition(run) && set(r, n) {
			continue // "a flatmate there, Bev"
		}
		if r := find(roleTo, x.behindPlace(at)); r >= 0 && (x.closesApposition(run) || x.word(at-1) == "was") && set(r, n) {
			continue // "the social worker from young carers, Abby"
		}
		if r := find(roleTo, k-1); k > 2 && r >= 0 && somebodyCalled[x.word(k)] && k+1 < at && x.word(k-1) == "a" && x.tokens[k-2].poss && set(r, n) {
			continue // "dad's a lad called Kai"
		}
		if k > 2 && somebodyCalled[x.word(k)] && k+1 < at && x.word(k-1) == "a" && x.tokenIs(k-2, ",") {
			k -= 3 // "an interpreter, a man called Amir"
		}
		if r := find(roleTo, k+1); r >= 0 && x.tokenIs(k+1, ",") && at == k+2 && x.tokens[k].poss && x.tokens[run.b-1].poss && set(r, n) {
			continue // "at his nan's, Iris's"
		}
		if r := find(roleTo, k+1); r >= 0 && x.tokenIs(k+1, ",") && at == k+2 && x.elderAtHome(roles[r], run) && set(r, n) {
			continue
		}
		if r := find(roleTo, k+1); r >= 0 && k+1 < at && (!x.tokens[k].poss || x.namingGlue(k+1, at)) {
			comma := x.tokens[k+1].norm == "," && begin == k+2
			if comma && x.closesApposition(run) || !comma && x.namingGlue(k+1, at) {
				if set(r, n) {
					continue
				}
			}
		}
		// after it: "Amy Shaw, the mother", "Fern Cole, Sam's key worker", "Neil's the stepdad", "Sheila, that's Jude's grandmother"
		x.linkAfter(n, run, roles, roleFrom, set)
	}
	for k := 1; k < len(roles); k++ { // "aunt, maternal, no, paternal aunt"
		if takenBack(x.tokens, roles[k-1].b, roles[k].a) && links[k-1] >= 0 && links[k] < 0 {
			links[k] = links[k-1]
		}
	}
	for r := range roles {
		if links[r] >= 0 {
			continue
		}
		if n := x.lateName(names, roles[r]); n >= 0 {
			set(r, n)
		} else if n := x.lateRole(names, roles[r]); n >= 0 {
			set(r, n)
		} else if n := x.saysWhoSheIs(names, byName, roles[r]); n >= 0 {
			set(r, n)
		}
	}
	return links
}

// namesUpTo is how many names begin before token i.
func namesUpTo(names []nameRun, i int) int {
	return sort.Search(len(names), func(n int) bool { return names[n].a >= i })
}

// lateName is the name that the words behind a sentence's first person give it: "Gran let me in, that's Maureen"; -1 without.
func (x *text) lateName(names []nameRun, r roleRun) int {
	c := x.partAt(r.a)
	if c < 0 || x.tokens[r.b-1].poss || r.a-x.sents[x.parts[c].sentence].a > 1 {
		return -1
	}
	n := namesUpTo(names, r.b+1)
	if n == len(names) {
		return -1
	}
	run := names[n] // of all that follow; where somebody else is named first, nobody is
	if run.a < r.b+8 && x.tokenIs(run.a-1, ",") && x.tokenIs(run.b, ",") && x.letIn(span{r.b, run.a}) && x.lex.roleList[r.role].kind == roleFamily && !x.agedBehind(run.b) && x.word(run.b+1) != "and" && !(run.b+1 < len(x.tokens) && x.tokens[run.b+1].cap) {
		return n // "Nan opened the door, Carol, with Freddie on her hip"
	}
	if run.a < r.b+12 && x.word(run.a-1) == "'s" && x.word(run.a-2) == "that" && x.tokenIs(run.a-3, ",") && !x.tokens[run.b-1].poss && x.partAt(run.a) >= 0 && x.parts[x.partAt(run.a)].sentence == x.parts[c].sentence && x.closesApposition(run) {
		return n
	}
	return -1
}

// lateRole is the name that begins the clause at whose end, between commas, stands what its bearer is: "Stacey came down, mum, and …"; -1 without.
func (x *text) lateRole(names []nameRun, r roleRun) int {
	at := r.a - 1
	if at > 0 && possessives[x.word(at)] {
		at--
	}
	if at < 1 || !x.tokenIs(at, ",") || x.tokens[r.b-1].poss || !(r.b >= len(x.tokens) || x.tokens[r.b].mark) || x.lex.roleList[r.role].kind == roleChild {
		return -1
	}
	n := namesUpTo(names, r.a) - 1
	if n < 0 {
		return -1
	}
	run := names[n]
	c := x.partAt(run.a)
	if run.b < at && at-run.b < 6 && c >= 0 && x.partAt(at-1) == c && !x.tokens[run.b-1].poss && x.lex.finite[x.word(run.b)] && x.lex.speech[x.word(run.b)] == "" && (run.a == x.parts[c].a || connectors[x.word(run.a-1)] || x.word(run.a-1) == "then") {
		return n
	}
	return -1
}

var hereWords = setOf("now there here in round about over staying visiting")

// behindPlace is where a few words of place begin that stand, with a comma or "was", before a name at token i: "the social worker from young carers, Abby",
// "interpreter on the phone was Mr Safi"; -1 without.
func (x *text) behindPlace(i int) int {
	was := x.word(i-1) == "was" || x.word(i-1) == "is"
	if (x.word(i-1) == "a" || x.word(i-1) == "an") && x.tokenIs(i-2, ",") {
		i-- // "interpreter on speaker, a Mr Haile"
	}
	if !was && !x.tokenIs(i-1, ",") {
		return -1
	}
	for k := i - 2; k > 0 && k > i-7; k-- {
		if x.tokens[k].mark || x.roleEnd[k+1] && k+1 != i-1 || finiteAux[x.word(k)] || x.lex.finite[x.word(k)] {
			return -1
		}
		switch n := x.word(k); {
		case n == "from" || n == "at":
			return k
		case n == "tomorrow" || n == "today" || n == "tonight", (n == "in" || n == "on" || n == "this" || n == "next" || n == "by") && k+3 >= i-1 && (DateWord(x.word(k+1)) || x.word(k+2) == "morning" || x.word(k+2) == "afternoon" || x.word(k+1) == "week"):
			return k // "I'll ring the IDVA in the morning, Farah"
		case (n == "on" || n == "over" || n == "by") && (x.contains(span{k, i}, "phone") || x.contains(span{k, i}, "line") || x.contains(span{k, i}, "speaker") || x.contains(span{k, i}, "speakerphone") || x.contains(span{k, i}, "screen") || x.contains(span{k, i}, "video")):
			return k
		}
	}
	return -1
}

// calledSo is where the words end for somebody whom others call as they please: "her mother, who everyone calls Mama Rose"; -1 without.
func (x *text) calledSo(i int) int {
	if w := x.word(i - 1); w != "call" && w != "calls" {
		return -1
	}
	for k := i - 2; k > 0 && k > i-6; k-- {
		if x.tokenIs(k, ",") || x.word(k) == "who" {
			if x.tokenIs(k-1, ",") {
				k--
			}
			return k
		}
	}
	return -1
}

// pairOfKin is the first of the two names behind two words for relatives, of which role r is the second: "aunt and uncle, Bea and Otto"; -1 without.
func (x *text) pairOfKin(names []nameRun, nameFrom map[int]int, roles []roleRun, r int) int {
	a, b := &roles[r-1], &roles[r]
	if a.b+1 != b.a || x.word(a.b) != "and" || x.lex.roleList[a.role].kind != roleFamily || x.lex.roleList[b.role].kind != roleFamily {
		return -1
	}
	at := b.b + b2i(x.tokenIs(b.b, ","))
	n, ok := nameFrom[at]
	for k := at; !ok && k < at+6 && k < len(x.tokens) && (x.tokenIs(k, ",") || kinGlue[x.word(k)]); k++ { // "nan and grandad, so kinship, that's Jo and Al"
		n, ok = nameFrom[k+1]
	}
	if !ok || n+1 >= len(names) || names[n+1].a != names[n].b+1 || x.word(names[n].b) != "and" {
		return -1
	}
	return n
}

var kinGlue = setOf("so kinship that 's is who are called")

// minorRole reports a role that a child of known age can have.
func (x *text) minorRole(role int) bool {
	r := x.lex.roleList[role]
	return r.kind == roleChild || r.kind == roleOther || r.kind == roleFamily && !parental(r.name)
}

var somebodyCalled = setOf("man woman lady gentleman guy bloke lad girl person chap")

var nameGlue = setOf("is 's called named name that it's was")

func (x *text) namingGlue(a, b int) bool {
	for i := a; i < b; i++ {
		if n := x.tokens[i].norm; n == "called" || n == "named" || n == "is" || n == "'s" {
			return true
		}
	}
	return b == a+1 && x.word(a) == "was"
}

// ownsNext reports whether a name after "mum's" is followed by a word for somebody of hers, or stands for a thing of hers.
func (x *text) ownsNext(run nameRun, roleFrom map[int]int) bool {
	_, ok := roleFrom[run.b]
	return ok
}

// closesApposition reports whether a name between commas explains the word before it and is no further member of a list.
func (x *text) closesApposition(run nameRun) bool {
	if run.b >= len(x.tokens) {
		return true
	}
	t := &x.tokens[run.b]
	if x.tokens[run.b-1].poss {
		return false
	}
	if t.mark {
		next := run.b + 1
		return t.norm != "," || next >= len(x.tokens) || !x.tokens[next].cap || !x.isGiven(x.tokens[next].norm) || x.tokens[next].norm == "i" || x.actsAt(next+1)
	}
	return t.norm != "and" && t.norm != "or" || run.b+1 < len(x.tokens) && !x.isGiven(x.tokens[run.b+1].norm)
}

// actsAt reports a verb that can only be somebody's who was named right before: "after contact with her mum, Pearl, Otis bites himself".
func (x *text) actsAt(i int) bool {
	n := x.word(i)
	base := x.lex.verb[n]
	return base != "" && n != base && !strings.HasSuffix(n, "ing") && !finiteAux[n]
}

func (x *text) linkAfter(n int, run nameRun, roles []roleRun, roleFrom map[int]int, set func(role, name int) bool) {
	if r, ok := x.closeApposition(run, roles, roleFrom); ok {
		set(r, n)
		return
	}
	k := run.b
	limit := k + 9
	comma, copula := false, x.tokens[run.b-1].poss
	for k < len(x.tokens) && k < limit {
		if r, ok := roleFrom[k]; ok {
			if end := roles[r].b; copula && !x.tokens[run.b-1].poss && x.tokens[end-1].poss && k > run.b {
				if _, behind := roleFrom[end]; behind { // "Tahmina, that's dad's mother": the second of the two
					k, limit = end, max(limit, end+1)
					continue
				}
			}
			possessive := k > run.b && x.tokens[k-1].poss
			switch {
			case !comma && !copula:
				return
			case !comma && copula && x.tokens[run.b-1].poss && !determiners[x.tokens[k-1].norm] && !possessive && !roleAdjectives[x.tokens[k-1].norm]:
				if x.word(roles[r].b) == "to" && (determiners[x.word(roles[r].b+1)] || x.word(roles[r].b+1) == "all" || x.nameFollows(roles[r].b+1)) {
					set(r, n) // "Dane's stepdad to the older two"
				}
				return // "Jude's grandmother" is somebody else
			case !comma && x.tokens[run.b-1].poss && roleAdjectives[x.tokens[k-1].norm] && !determiners[x.tokens[k-2].norm]:
				return
			case roles[r].b < len(x.tokens) && comma && !copula && x.tokens[roles[r].b-1].poss:
				return
			case comma && !copula && (k == run.b+1 || k == run.b+2 && possessives[x.tokens[k-1].norm]) && x.nameFollows(roles[r].b):
				return // "Ada, mum Amy": the role belongs to the next name
			}
			set(r, n)
			return
		}
		t := &x.tokens[k]
		switch {
		case t.mark && t.norm == "," && !comma && k == run.b:
			comma = true
		case t.mark && t.norm == "(" && k == run.b:
			comma = true
		case t.mark && t.norm == "." && k == run.b && k+2 < len(x.tokens) && x.tokens[k+2].norm == "'s" && (x.tokens[k+1].norm == "that" || x.tokens[k+1].norm == "he" || x.tokens[k+1].norm == "she"):
			comma = true // "Jermaine. That's Zion's dad"
		case t.norm == "is" || t.norm == "'s" || t.norm == "was":
			if comma && k > run.b+2 || !comma && k != run.b && !(k == run.b+1 && x.word(run.b) == "who") {
				return
			}
			copula = true
		case t.norm == "that" || t.norm == "she" || t.norm == "he" || t.norm == "who" || t.norm == "it":
			if !comma && t.norm != "who" {
				return
			}
		case determiners[t.norm], roleAdjectives[t.norm], t.poss && (comma || copula), isFiller(t), t.norm == "also":
		case comma && t.mark && t.norm == "," && copula:
			limit = min(limit, k+4)
		case comma && isNumber(t), comma && t.mark && t.norm == "," && x.ageBetween(run.b+1, k):
		default:
			return
		}
		k++
	}
}

// closeApposition reads "Martin the father was not there", without commas: what follows the word for a person must go on about him.
func (x *text) closeApposition(run nameRun, roles []roleRun, roleFrom map[int]int) (int, bool) {
	k := run.b
	if k+1 >= len(x.tokens) || x.tokens[k-1].poss || !(x.tokens[k].norm == "the" || possessives[x.tokens[k].norm] && x.tokens[k].norm != "my") {
		return 0, false
	}
	r, ok := roleFrom[k+1]
	if !ok && roleAdjectives[x.tokens[k+1].norm] {
		r, ok = roleFrom[k+2]
	}
	if !ok || run.a > 0 && run.title == "" && hearerVerbs[x.tokens[run.a-1].norm] {
		return 0, false
	}
	end := roles[r].b
	if x.tokens[end-1].poss || x.nameFollows(end) {
		return 0, false
	}
	if end >= len(x.tokens) {
		return r, true
	}
	t := &x.tokens[end]
	return r, t.mark || finiteAux[t.norm] || x.lex.finite[t.norm] || x.lex.verb[t.norm] != "" || connectors[t.norm] || prepositions[t.norm] || adverbs[t.norm] || visitAdverbs[t.norm]
}

var visitAdverbs = setOf("unannounced announced today tonight yesterday together jointly")

var hearerVerbs = setOf("told tell tells asked ask asks gave give gives showed show shows sent send sends text texted remind reminded")

func (x *text) ageBetween(a, b int) bool {
	for i := a; i < b; i++ {
		if isNumber(&x.tokens[i]) {
			return true
		}
	}
	return false
}

func (x *text) nameFollows(i int) bool {
	if i < len(x.tokens) && x.tokens[i].norm == "," {
		return false
	}
	if i >= len(x.tokens) || x.tokens[i].mark || !x.tokens[i].cap {
		return false
	}
	n := x.tokens[i].norm
	return x.isGiven(n) || x.caps && n != "i" && !CommonWord(n) && !DateWord(n) && !titles[n] && !neverNames[n]
}

// personNamed is the person of a name; two full names with different surnames, or different titles, are two people.
func (x *text) personNamed(run nameRun) int {
	a := run.a
	var words []string
	for i := a; i < run.b; i++ {
		if x.tokens[i].mark || run.title != "" && i == a {
			continue
		}
		words = append(words, x.tokens[i].norm)
	}
	best := -1
	known, another := x.exactly(words, run.title), x.another(run)
	for k := len(x.people) - 1; k >= 0 && best < 0 && !another; k-- {
		p := &x.people[k]
		if len(p.words) == 0 || known && len(p.words) != len(words) {
			continue
		}
		all := true
		for _, w := range words {
			all = all && p.words[w]
		}
		if !all && len(words) > 1 { // a fuller form of a known name
			all = true
			for w := range p.words {
				in := false
				for _, v := range words {
					in = in || v == w
				}
				all = all && in
			}
		}
		if all && run.title != "" && p.title() != "" && len(words) == 1 && len(p.words) == 1 && !strings.EqualFold(p.title(), run.title) {
			all = false // Mr and Mrs Hale
		}
		if all && len(words) == 1 && len(p.words) > 1 && x.childOfName(run, p) {
			all = false // Ms Hughes is not Lily-Rose Hughes
		}
		if all {
			best = k
		}
	}
	if best < 0 && !another && !known {
		best = x.nicknamed(run, words)
	}
	text := x.nameText(run)
	if best < 0 {
		best = len(x.people)
		x.people = append(x.people, person{role: -1, owner: -1, words: map[string]bool{}, naming: run.span, name: text})
		if role, ok := titleRoles[run.title]; ok {
			x.people[best].roleName = role
			x.people[best].role = x.roleIndex(role)
		}
	}
	p := &x.people[best]
	if len(strings.Fields(text)) > len(strings.Fields(p.name)) {
		p.name, p.naming = text, run.span
	}
	for _, w := range words {
		p.words[w] = true
	}
	x.mention(best, run.span)
	return best
}

// childOfName reports that one called by title and surname is not the child who was named with that surname, but of its family.
func (x *text) childOfName(run nameRun, p *person) bool {
	switch run.title {
	case "mr", "mrs", "ms", "miss":
	default:
		return false
	}
	if g := x.givenGender(p); g == "m" && run.title != "mr" || g == "f" && run.title == "mr" {
		return true
	}
	return x.agedYoung()[strings.ToLower(strings.Fields(p.name + " x")[0])]
}

// agedYoung are the names behind which somewhere an age below eighteen stands: "Lily-Rose (5)", "Connor, who's eight", "Ada Hughes, nine".
func (x *text) agedYoung() map[string]bool {
	if x.youngNames != nil {
		return x.youngNames
	}
	x.youngNames = map[string]bool{}
	for i := range x.tokens {
		if t := &x.tokens[i]; t.mark || !t.cap || t.num {
			continue
		}
		k := i + 1
		for n := 0; n < 2 && k < len(x.tokens) && x.tokens[k].cap && !x.tokens[k].mark; n++ { // the surname
			k++
		}
		for n := 0; n < 3 && k < len(x.tokens) && (x.tokenIs(k, ",") || x.tokenIs(k, "(") || x.word(k) == "who" || x.word(k) == "is" || x.word(k) == "'s" || x.word(k) == "aged"); n++ {
			k++
		}
		if v, ok := numberAt(x.tokens, k); ok && k > i+1 && !v.ordinal && v.value < 18 && (v.next >= len(x.tokens) || x.tokens[v.next].mark || x.word(v.next) == "and" || x.word(v.next) == "years") {
			x.youngNames[x.tokens[i].norm] = true
		}
	}
	return x.youngNames
}

// another reports a name that is brought in as somebody else's of the same name: "another lad, Omar B".
func (x *text) another(run nameRun) bool {
	k := run.a - 1
	if x.tokenIs(k, ",") || x.word(k) == "called" {
		k--
	}
	return somebodyCalled[x.word(k)] && (x.word(k-1) == "another" || x.word(k-1) == "other" && x.word(k-2) == "the") && run.b-run.a > 1
}

// exactly reports that somebody is known by these words of a name and no others.
func (x *text) exactly(words []string, title string) bool {
	for k := range x.people {
		p := &x.people[k]
		if t := p.title(); len(p.words) != len(words) || t != "" && title != "" && !strings.EqualFold(t, title) {
			continue
		}
		all := true
		for _, w := range words {
			all = all && p.words[w]
		}
		if all {
			return true
		}
	}
	return false
}

func (x *text) nameText(run nameRun) string {
	var parts []string
	for i := run.a; i < run.b; i++ {
		if !x.tokens[i].mark {
			parts = append(parts, x.tokens[i].text)
		}
	}
	return strings.Join(parts, " ")
}

func (x *text) roleIndex(name string) int {
	for i, r := range x.lex.roleList {
		if r.name == name {
			return i
		}
	}
	return -1
}

// giveRole gives a named person a role; a later correction stands, a vaguer word does not replace a fuller one.
func (x *text) giveRole(who int, r roleRun) {
	p := &x.people[who]
	name := x.lex.roleList[r.role].name
	if r.called != "" {
		name = r.called
	}
	if p.role >= 0 && p.kind(x) != roleOther && !strings.HasSuffix(name, p.roleName) && p.roleName != "doctor" && p.roleName != "child" {
		return
	}
	if kind := x.lex.roleList[r.role].kind; p.roleName == "child" && (kind == roleProfessional || kind == roleFamily && p.age != "") {
		return
	}
	if g := x.elderRole(r, name); g != "" {
		name = g
	}
	p.role, p.roleName, p.roleSpan = r.role, name, r.span
	if g := youngGenders[x.word(r.b-1)]; g != "" && p.gender == "" {
		p.gender = g
	}
	if owner := x.ownerOf(r); owner >= 0 && owner != who {
		p.owner = owner
	}
}

// youngGenders are the genders of words for a child that name one.
var youngGenders = map[string]string{"boy": "m", "lad": "m", "girl": "f", "lass": "f"}

// elderRole is what a parent's parent is to the child: "Sofia's mother" is the grandmother when Sofia is the mother.
func (x *text) elderRole(r roleRun, name string) string {
	owner := x.ownerOf(r)
	if name != "mother" && name != "father" || owner < 0 && !x.parentOfExpectant(r) {
		return ""
	}
	if owner < 0 {
		return elders[name]
	}
	if p := &x.people[owner]; !((p.adult || x.grown(p) || x.preBirth()) && p.role < 0) && p.roleName != "mother" && p.roleName != "father" && p.roleName != "step-father" && p.roleName != "step-mother" {
		return ""
	}
	return elders[name]
}

// elders are what a parent's parents are to the child.
var elders = map[string]string{"mother": "grandmother", "father": "grandfather"}

// parentOfExpectant reports "her mum" where the visit is to a woman before a birth, and no child is spoken of whose mother it could be.
func (x *text) parentOfExpectant(r roleRun) bool {
	if r.pronoun != "her" || !x.preBirth() {
		return false
	}
	for i := range x.people {
		if p := &x.people[i]; p.age != "" && p.isChild(x) {
			return false
		}
	}
	return true
}

// ownerOf is the person whose relative a role speaks of: "Ruby's mum"; -1 when that is not said.
func (x *text) ownerOf(r roleRun) int {
	if r.owner.b > r.owner.a {
		return x.who[r.owner.a]
	}
	return -1
}

// personInRole is the person whom a word for a person means where no name stands with it.
func (x *text) personInRole(r roleRun) int {
	row := x.lex.roleList[r.role]
	if r.supposed || row.name == "grandparents" && x.bothGrandparents() {
		return -1
	}
	if r.called != "" {
		row.name = r.called
	}
	if g := x.elderRole(r, row.name); g != "" {
		r.role = x.roleIndex(g)
		row = x.lex.roleList[r.role]
	}
	owner := x.ownerOf(r)
	outside := owner >= 0 && x.people[owner].kind(x) == roleOther
	if row.kind == roleChild && !outside {
		if b := x.before(r.a); b == "a" || b == "another" || b == "some" || b == "other" {
			return -1 // "a boy next to him" is nobody who was spoken of
		}
		return x.childInRole(r, row)
	}
	if who, known := x.siblingMeant(r, row); known {
		return who
	}
	// one already known in that role
	best := -1
	for i := range x.people {
		p := &x.people[i]
		if p.role < 0 || p.generic {
			continue
		}
		theirs := p.owner >= 0 && x.people[p.owner].kind(x) == roleOther
		if outside != theirs || outside && p.owner != owner {
			continue
		}
		if p.roleName == row.name || x.sameRole(p.roleName, row.name) || outside && p.roleName == x.people[owner].roleName+"'s "+row.name {
			if best < 0 || len(p.mentions) > 0 && p.mentions[0].a <= r.a {
				best = i
			}
		}
	}
	if best >= 0 {
		return best
	}
	p := person{role: r.role, owner: owner, roleName: row.name, roleSpan: r.span, naming: r.span}
	if outside {
		p.roleName = x.people[owner].roleName + "'s " + row.name
	}
	x.people = append(x.people, p)
	return len(x.people) - 1
}

// bothGrandparents reports that a grandmother and a grandfather are known by name.
func (x *text) bothGrandparents() bool {
	her, him := false, false
	for i := range x.people {
		p := &x.people[i]
		her = her || p.name != "" && strings.HasSuffix(p.roleName, "grandmother")
		him = him || p.name != "" && strings.HasSuffix(p.roleName, "grandfather")
	}
	return her && him
}

// sameRole reports whether two roles can be one person's: "grandmother" and "paternal grandmother", "teacher" and "class teacher".
func (x *text) sameRole(a, b string) bool {
	if a == b {
		return true
	}
	if strings.HasPrefix(a, "foster") != strings.HasPrefix(b, "foster") && (a == "carer" || b == "carer" || strings.HasSuffix(a, " carer") && strings.HasSuffix(b, " carer")) {
		return a == "carer" || b == "carer"
	}
	if strings.HasPrefix(a, "step") || strings.HasPrefix(b, "step") || strings.HasPrefix(a, "ex") || strings.HasPrefix(b, "ex") || strings.HasPrefix(a, "great") || strings.HasPrefix(b, "great") || strings.Contains(a, "in-law") || strings.Contains(b, "in-law") || strings.HasPrefix(a, "half") || strings.HasPrefix(b, "half") {
		return false
	}
	if strings.Contains(a, "head teacher") != strings.Contains(b, "head teacher") {
		return false
	}
	if strings.Contains(a, "nurse") && strings.Contains(b, "nurse") {
		return a == "nurse" || b == "nurse"
	}
	return strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a)
}

// childInRole finds whom "the baby", "her son" or "the boy" means.
func (x *text) childInRole(r roleRun, row role) int {
	best := -1
	for i := range x.people {
		p := &x.people[i]
		if !p.isChild(x) {
			continue
		}
		gender := p.gender
		if gender == "" {
			gender = x.givenGender(p)
		}
		if row.gender != "" && gender != "" && gender != row.gender {
			continue
		}
		if row.name == "baby" && p.roleName != "baby" && !x.infant(p) {
			continue
		}
		if best < 0 || len(p.mentions) > 0 && p.mentions[0].a < r.a {
			best = i
		}
	}
	if best >= 0 {
		return best
	}
	x.people = append(x.people, person{role: r.role, owner: -1, roleName: row.name, roleSpan: r.span, naming: r.span})
	return len(x.people) - 1
}

func (x *text) infant(p *person) bool {
	n, err := strconv.Atoi(strings.Fields(p.age + " x")[0])
	return err == nil && n < 2 || strings.Contains(p.age, "month") || strings.Contains(p.age, "week")
}

// bareAge reports figures right behind a name that can only be an age: "Ryan 15, Beth 12 and Noah 7 months", "Sean 13 is vaping".
func (x *text) bareAge(k int) bool {
	if k+1 >= len(x.tokens) {
		return false
	}
	if x.strangeAged(k) {
		return true // "Samira nine and Imran five"
	}
	if len(x.tokens[k].text) > 2 || !isDigits(x.tokens[k].text) {
		return false
	}
	switch next := &x.tokens[k+1]; {
	case next.mark:
		return next.norm == "," || next.norm == "." || next.norm == "("
	default:
		switch next.norm {
		case "and", "months", "weeks", "years", "month", "is", "was", "has", "says", "said", "told":
			return true
		}
		return false
	}
}

// findAges reads "Ada, who is nine", "Jude (4)", "Ben, he's seven", "Ava is five", "she's twelve, no, sorry, thirteen".
func (x *text) findAges(names []nameRun, byName []int) {
	for n, run := range names {
		if x.ownsSome(run) {
			continue
		}
		k := run.b
		direct := x.tokens[run.b-1].poss
		words, marks := 0, 0
		for ; k < len(x.tokens) && k < run.b+7; k++ {
			t := &x.tokens[k]
			if t.mark && (t.norm == "," || t.norm == "(") {
				marks++
				if marks > 2 || words > 0 && !x.pronounIs(k+1) {
					break
				}
				continue
			}
			if ageGlue[t.norm] || isFiller(t) {
				words++
				direct = true
				continue
			}
			if r := k + 1; k > run.b-1 && (possessives[t.norm] || t.norm == "the") && (x.tokens[run.b-1].poss || x.word(run.b) == "is") && r < len(x.tokens) && x.roleStart[r] > 0 && x.minorRole(x.roleStart[r]-1) {
				for r++; r+1 < len(x.tokens) && !x.roleEnd[r]; r++ {
				}
				if x.tokenIs(r, ",") && isNumber(&x.tokens[min(r+1, len(x.tokens)-1)]) {
					k, words, direct = r, words+1, true // "Tiago's her brother, twelve"
					continue
				}
			}
			break
		}
		direct = direct || k == run.b && x.bareAge(k)
		if k >= len(x.tokens) || k == run.b && !direct {
			continue
		}
		if !direct && marks == 0 {
			continue
		}
		k = x.pastSpell(k)
		age, s, ok := x.ageAt(k)
		if !ok && marks == 1 && words == 0 {
			age, s, ok = x.ageBehind(k)
		}
		if ok {
			p := &x.people[byName[n]]
			if n+1 < len(names) && x.ownTwo(run, names[n+1], s) {
				p.adult = true
				continue
			}
			if strings.Contains(age, "week") && x.preBirth() { // of her pregnancy
				if p.role < 0 {
					p.role, p.roleName = x.roleIndex("mother"), "mother"
				}
				continue
			}
			if n := x.word(s.a - 1); n == "nearly" || n == "almost" {
				age, s.a = n+" "+age, s.a-1
			}
			p.age, p.ageSpan = age, s
			value, _ := numberAt(x.tokens, k)
			if (p.role < 0 || p.kind(x) == roleFamily && !parental(p.roleName)) && (value.value < 18 || strings.Contains(age, "month")) {
				p.role, p.roleName = x.roleIndex("child"), "child"
			}
			if g := x.pronounGender(run.b, k); g != "" && p.gender == "" {
				p.gender = g
			}
		}
	}
}

// pastSpell is where "twelve years old" begins behind a time that is no age, at token k: "Ada, nine months in this placement now, twelve years old"; else k.
func (x *text) pastSpell(k int) int {
	if w := x.word(k + 1); !isNumber(&x.tokens[k]) || w != "months" && w != "weeks" && w != "years" || !pregnancyBehind[x.word(k+2)] {
		return k
	}
	for i := k + 3; i < k+8 && i+3 < len(x.tokens); i++ {
		if x.tokenIs(i, ",") && isNumber(&x.tokens[i+1]) && x.word(i+2) == "years" && x.word(i+3) == "old" {
			return i + 1
		}
	}
	return k
}

// ownTwo reports a number behind a name that counts children, who are named next, and is no age: "the children are Sean's two, Erin and Joel".
func (x *text) ownTwo(run, next nameRun, number span) bool {
	return x.word(run.a-1) == "are" && x.tokens[run.b-1].poss && number.a == run.b && number.b == run.b+1 && x.tokenIs(number.b, ",") && next.a == number.b+1 && !x.tokens[next.b-1].poss
}

// agesByPronoun reads "He's twelve" at a clause's begin of the one last named before it, "Rohan Bhatt, child in need. He's twelve" and "Took Rohan for a walk, he's
// twelve".
func (x *text) agesByPronoun(names []nameRun, byName []int) {
	n := -1
	for c := range x.parts {
		s := x.parts[c].span
		for n+1 < len(names) && names[n+1].a < s.a {
			n++
		}
		if s.b-s.a < 3 || n < 0 && !x.restored || n >= 0 && s.a-names[n].b > 40 {
			continue
		}
		for i := s.a + 1; i+3 <= s.b && pronounGenders[x.word(s.a)] == ""; i++ { // "I saw Ellis first, he's six"
			if x.restored && pronounGenders[x.word(i)] != "" && x.word(i+1) == "'s" && x.word(i-1) == "first" {
				s.a = i
				for n+1 < len(names) && names[n+1].a < s.a {
					n++
				}
			}
		}
		if n < 0 {
			continue
		}
		g := pronounGenders[x.word(s.a)]
		if g == "" || possessives[x.word(s.a)] || x.word(s.a+1) != "'s" && x.word(s.a+1) != "is" {
			continue
		}
		k := s.a + 2
		for k < s.b && (ageGlue[x.word(k)] || x.word(k) == "only") {
			k++
		}
		age, at, ok := x.ageAt(k)
		if !ok {
			continue
		}
		for m := x.behindCouple(names, n); m >= 0 && m > n-4; m-- {
			if m < n-1 && m == n-3 && x.behindCouple(names, n) == n {
				break
			}
			if m < n && !x.tokens[names[n].b-1].poss && !x.besideOther(names, byName, n, g) && !(m == n-1 && (names[n].title != "" || x.grownByRole(names, byName, n))) {
				break
			}
			if x.tokens[names[m].b-1].poss && !x.verbalEnding(names[m].b-1) && m > 0 && m == n && x.people[byName[m-1]].age == "" {
				continue // "when I got to Deb's. She's fifteen."
			}
			p := &x.people[byName[m]]
			if m == n && x.grownByRole(names, byName, n) && !x.grownAge(at.a) {
				continue
			}
			if p.age != "" || names[m].title != "" || p.gender != "" && p.gender != g || x.givenGender(p) != "" && x.givenGender(p) != g {
				continue
			}
			value, _ := numberAt(x.tokens, at.a)
			if x.expecting && strings.Contains(age, "week") {
				break // of a pregnancy
			}
			p.age, p.ageSpan, p.gender = age, at, g
			if p.role < 0 && !x.isSomebodys(names[m], s.a) && (value.value < 18 || strings.Contains(age, "month") || strings.Contains(age, "week")) {
				p.role, p.roleName = x.roleIndex("child"), "child"
			}
			break
		}
	}
}

// grownByRole reports a name whose bearer is called by a grown one's role somewhere before: "her partner Lee".
func (x *text) grownByRole(names []nameRun, byName []int, n int) bool {
	for _, m := range x.people[byName[n]].mentions {
		for k := m.a - 1; m.a > 0 && m.a <= names[n].a && x.roleEnd[m.a] && k >= 0 && k > m.a-4; k-- {
			if r := x.roleStart[k]; r > 0 {
				if !x.tokens[m.a-1].poss && !x.minorRole(r-1) || x.lex.roleList[r-1].name == "partner" || x.lex.roleList[r-1].name == "boyfriend" {
					return true
				}
				break
			}
		}
	}
	return false
}

// grownAge reports a number of years from eighteen on at token i.
func (x *text) grownAge(i int) bool {
	v, ok := numberAt(x.tokens, i)
	return ok && v.value >= 18
}

// ageAlone reads an age that is a sentence by itself, or begins one of notes: "Cai Wyn Roberts. Fifteen.", "Ten years old, child in need". It is the age of the only one named
// before it who may be a child.
func (x *text) ageAlone(names []nameRun, byName []int) {
	for _, s := range x.sents {
		if s.a == 0 || s.a > 2*opening || s.a >= len(x.tokens) || !isNumber(&x.tokens[s.a]) {
			continue
		}
		age, at, ok := x.ageAt(s.a)
		years := strings.Contains(age, " ")
		if !ok || at.b < len(x.tokens) && !x.tokens[at.b].mark || !years && (at.b-at.a > 1 || at.b < s.b-1) {
			continue
		}
		value, _ := numberAt(x.tokens, at.a)
		if !strings.Contains(age, "month") && !strings.Contains(age, "week") && (value.value >= 18 || value.value < 3 && !years) {
			continue
		}
		who := -1
		for n, run := range names {
			p := &x.people[byName[n]]
			if run.a >= s.a || p.role >= 0 && p.kind(x) != roleChild || run.title != "" || p.adult || byName[n] == who {
				continue
			}
			if who >= 0 || p.age != "" {
				who = -2 // whose age it is, is not known
				break
			}
			who = byName[n]
		}
		if who < 0 {
			continue
		}
		p := &x.people[who]
		p.age, p.ageSpan = age, at
		if p.role < 0 {
			p.role, p.roleName = x.roleIndex("child"), "child"
		}
	}
}

// besideOther reports that the name before name n stands with it, and n's bearer is of the other gender: "I saw Tyrell and his sister Keziah. He's fifteen".
func (x *text) besideOther(names []nameRun, byName []int, n int, gender string) bool {
	if n == 0 || names[n].a-names[n-1].b > 4 || x.word(names[n-1].b) != "and" {
		return false
	}
	p := &x.people[byName[n]]
	g := x.givenGender(p)
	if r := names[n].a - 1; g == "" && r > 0 && x.roleEnd[names[n].a] && x.roleStart[r] > 0 {
		g = x.lex.roleList[x.roleStart[r]-1].gender
	}
	return g != "" && g != gender
}

// isSomebodys reports a name that the words up to token b say to be somebody other than a child: "Gavin's her brother, he's seventeen".
func (x *text) isSomebodys(run nameRun, b int) bool {
	if w := x.word(run.b); !x.tokens[run.b-1].poss && w != "is" && w != "was" {
		return false
	}
	for i := run.b; i < b; i++ {
		if r := x.roleStart[i]; r > 0 && x.lex.roleList[r-1].kind != roleChild {
			return true
		}
	}
	return false
}

var ageGlue = setOf("nearly almost turned who is 's she he aged age now just only was that are")

func (x *text) pronounIs(k int) bool {
	return k+1 < len(x.tokens) && (x.tokens[k].norm == "he" || x.tokens[k].norm == "she" || x.tokens[k].norm == "who" || isNumber(&x.tokens[k]))
}

func (x *text) pronounGender(a, b int) string {
	for i := a; i < b; i++ {
		switch x.tokens[i].norm {
		case "she":
			return "f"
		case "he":
			return "m"
		}
	}
	return ""
}

// ageAt reads a number that can be an age; the last of a self-correction counts.
func (x *text) ageAt(k int) (string, span, bool) {
	n, ok := numberAt(x.tokens, k)
	if !ok || n.ordinal || n.value > 99 {
		return "", span{}, false
	}
	next := func(i int) string {
		if i < len(x.tokens) && !x.tokens[i].mark {
			return x.tokens[i].norm
		}
		return ""
	}
	for j := n.next; j < len(x.tokens) && j < n.next+8; j++ {
		if m, ok := numberAt(x.tokens, j); ok && !m.ordinal {
			if takenBack(x.tokens, n.next, j) {
				return x.ageAt(j)
			}
			break
		}
	}
	end := n.next
	switch w := next(end); w {
	case "months", "month", "weeks", "years", "year":
		end++
		if next(end) == "old" {
			end++
		} else if pregnancyBehind[next(end)] {
			return "", span{}, false
		}
	case "his", "her", "it", "its", "mum", "dad":
		if !x.restored {
			return "", span{}, false
		}
	case "next":
		if n := next(end + 1); n != "month" && n != "week" && n != "year" && n != "birthday" {
			return "", span{}, false
		}
	case "", "and", "in", "but", "who", "is", "was", "so", "he", "she", "subject", "has", "or", "today", "now", "the", "then", "i", "we", "with", "had", "at", "going", "would", "did", "says", "said", "told":
		if w == "" && end < len(x.tokens) && x.tokens[end].norm == ":" {
			return "", span{}, false
		}
	default:
		if !x.unmarked(k) || !x.isPerson(end) {
			return "", span{}, false
		}
	}
	var words []string
	for i := k; i < end; i++ {
		words = append(words, x.tokens[i].text)
	}
	return strings.Join(words, " "), span{k, end}, true
}

// pregnancyBehind are words that make weeks or months those of a pregnancy, of a wait or of a time without: "five weeks off having it", "six weeks sober", "a month behind on the
// rent".
var pregnancyBehind = setOf("pregnant gone off away early late overdue along to from before ago sober clean dry without out behind into in free abstinent later since")

// childrenByPosition takes for children those without a role whom the words put in a child's place: "both children, Ada and Jude",
// "Jude's grandmother", "LAC visit to Nyah".
func (x *text) childrenByPosition(names []nameRun, byName []int, roles []roleRun, links []int) {
	child := x.roleIndex("child")
	owned := map[int]bool{}
	for _, r := range roles {
		row := x.lex.roleList[r.role]
		if r.owner.b > r.owner.a && (parental(row.name) || row.kind == roleProfessional && !strings.Contains(row.name, "supervising") && x.word(r.a) != "worker" && row.name != "midwife" && row.name != "probation officer") {
			if who := x.who[r.owner.a]; who >= 0 {
				owned[who] = true
			}
		}
		if row.name == "foster carer" && (r.pronoun == "his" || r.pronoun == "her") {
			if who := x.fosteredBefore(names, byName, r); who >= 0 {
				owned[who] = true // "for Malachi's six-weekly … Sheryl, that's his foster carer"
			}
		}
	}
	aged := false
	for i := range x.people {
		aged = aged || x.people[i].age != "" && x.people[i].isChild(x)
	}
	for n := 1; n < len(names); n++ { // "the visit to Derek and Lilian Ashworth": a couple
		a, b := names[n-1], names[n]
		if b.b-b.a > 1 && a.b-a.a == 1 && b.a == a.b+1 && x.tokens[a.b].norm == "and" && x.visited(a) && !x.inChildList(a) {
			x.people[byName[n-1]].adult, x.people[byName[n]].adult = true, true
		}
	}
	if aged {
		x.siblingsOfChildren(byName, roles, links)
		x.parentsUnnamed(roles, links)
	}
	lives := x.livesOf(names, byName, aged)
	for n, run := range names {
		p := &x.people[byName[n]]
		if p.role >= 0 || run.title != "" || p.adult || x.grown(p) {
			continue
		}
		if listed := owned[byName[n]] && !x.preBirth() || x.inChildList(run) || x.inClass(run) || x.calledYoung(run) || x.childsVisit(run) && !x.preBirth() || x.namedYoung(run); listed || lives[byName[n]] >= sureSign || !aged && lives[byName[n]] > -sureSign && x.visited(run) && !x.preBirth() && !x.besideBaby(names, byName, n, roles) {
			p.role, p.roleName = child, "child"
			p.guessed = !listed && x.before(run.a) == "with" // "visit with Ann": she may be anybody
			p.young = listed
		}
	}
	for n, run := range names {
		if p := &x.people[byName[n]]; p.role < 0 && p.age == "" && run.title == "" && (lives[byName[n]] <= -sureSign || x.besideBaby(names, byName, n, roles)) {
			p.adult = true
		}
	}
	x.countedChildren(names, byName, child)
	x.visitedAdults(names, byName, roles, links)
	for n, run := range names { // "Rosalind is … twenty weeks pregnant"
		p := &x.people[byName[n]]
		if p.role < 0 && (x.pregnant(run) || x.saidPregnant(run) || p.mentions[0] == run.span && x.maternity(byName[n])) {
			p.role, p.roleName = x.roleIndex("mother"), "mother"
		}
	}
	x.listedWithChild(names, byName, child)
	x.seenAsChild(names, byName, roles, child, lives)
}

// listedWithChild takes the members of one list with a child for children too, unless they have a role.
func (x *text) listedWithChild(names []nameRun, byName []int, child int) {
	for again := true; again; {
		again = false
		for n, run := range names {
			p := &x.people[byName[n]]
			if p.role >= 0 || run.title != "" || p.age != "" || p.adult || x.tokens[run.b-1].poss {
				continue
			}
			for _, m := range []int{n - 1, n + 1} {
				if m < 0 || m >= len(names) || !x.people[byName[m]].isChild(x) || byName[m] == byName[n] {
					continue
				}
				lo, hi := min(run.b, names[m].b), max(run.a, names[m].a)
				if x.coordinated(lo, hi) && !(m > n && x.headsFamily(names, byName, n)) {
					p.role, p.roleName, again = child, "child", true
					p.young = x.people[byName[m]].young || x.people[byName[m]].age != ""
				}
			}
		}
	}
}

// calledYoung reports "Chidi, the littlest," behind a name.
func (x *text) calledYoung(run nameRun) bool {
	if x.word(run.b) == "and" && x.tokenIs(run.b+2, ",") && x.word(run.b+3) == "the" && x.word(run.b+4) == "twins" {
		return true
	}
	if !x.tokenIs(run.b, ",") || x.word(run.b+1) != "the" {
		return false
	}
	switch x.word(run.b + 2) {
	case "littlest", "youngest", "smallest", "eldest", "oldest", "twins":
		return run.b+3 >= len(x.tokens) || x.tokens[run.b+3].mark
	}
	return false
}

// inClass reports a name behind which stands a class or a nursery as that of its bearer: "Hafsa in Reception", "Zosia's year six", "Noah's at nursery till one".
func (x *text) inClass(run nameRun) bool {
	k := run.b
	if x.tokenIs(k, ",") || x.word(k) == "is" || x.word(k) == "was" {
		k++
	}
	both := x.word(k) == "both"
	if both || x.word(k) == "who" && (x.word(k+1) == "is" || x.word(k+1) == "'s") {
		k += 1 + b2i(!both)
	}
	in := x.word(k) == "in"
	if in || x.word(k) == "at" {
		k++
	}
	switch x.word(k) {
	case "reception":
		return in && x.tokens[k].cap
	case "nursery", "preschool", "playgroup":
		return k > run.b && (x.tokens[run.b-1].poss || x.word(run.b) == "is" || x.word(run.b) == "was") && !x.roleAt(k+1)
	case "year":
		return (in || x.tokens[run.b-1].poss && k == run.b) && k+1 < len(x.tokens) && isNumber(&x.tokens[k+1]) && x.word(k+2) != "teacher" && x.word(k+2) != "head"
	}
	return false
}

// fosteredBefore is who was named before "his foster carer": the first of two, where the carer is named between.
func (x *text) fosteredBefore(names []nameRun, byName []int, r roleRun) int {
	for n := namesUpTo(names, r.a) - 1; n >= 0 && r.a-names[n].b <= 30; n-- {
		p := &x.people[byName[n]]
		if p.role >= 0 || p.adult || names[n].title != "" {
			continue
		}
		if g := x.givenGender(p); g != "" && g != pronounGenders[r.pronoun] {
			return -1
		}
		return byName[n]
	}
	return -1
}

// headsFamily reports the first name of a list, without an age, before children who have one, where no parent is known otherwise: "Nicola, Finn, six, Orla,
// three".
func (x *text) headsFamily(names []nameRun, byName []int, n int) bool {
	if x.inChildList(names[n]) || n > 0 && x.coordinated(names[n-1].b, names[n].a) {
		return false
	}
	for i := range x.people {
		if p := &x.people[i]; p.role >= 0 && (parental(p.roleName) || p.kind(x) == roleProfessional && strings.Contains(p.roleName, "carer")) && len(p.mentions) > 0 {
			return false
		}
	}
	return x.people[byName[n+1]].age != ""
}

// besideBaby reports the first of two, of whom the other is a baby, where no other parent is spoken of: "Visited Kelly and baby Mia. Kelly says dad has been drinking".
// Who she is nobody said; to take her for a child would make a child's account of a mother's words.
func (x *text) besideBaby(names []nameRun, byName []int, n int, roles []roleRun) bool {
	run := names[n]
	k := run.b + 1
	if determiners[x.word(k)] || possessives[x.word(k)] {
		k++
	}
	if x.word(run.b) != "and" || x.word(k) != "baby" || x.sibling(k+1) || n > 0 && x.coordinated(names[n-1].b, run.a) {
		return false
	}
	for _, r := range roles {
		name := x.lex.roleList[r.role].name
		if parental(name) && !(name == "father" && x.givenGender(&x.people[byName[n]]) == "f") {
			return false
		}
	}
	return true
}

// sibling reports "sister" or "brother" at token i: a baby sister is another child's.
func (x *text) sibling(i int) bool { return x.word(i) == "sister" || x.word(i) == "brother" }

// preBirth reports an assessment before a birth, whose subject is a parent.
func (x *text) preBirth() bool {
	for i := 0; i < len(x.tokens) && i < opening; i++ {
		switch x.tokens[i].norm {
		case "pre-birth", "prebirth", "unborn", "antenatal":
			return true
		case "birth":
			if x.word(i-1) == "pre" {
				return true
			}
		}
	}
	return false
}

// parentsUnnamed marks as grown the one man, or woman, without a role in the opening when "dad", or "mum", is spoken of and never named.
func (x *text) parentsUnnamed(roles []roleRun, links []int) {
	for _, want := range []string{"mother", "father"} {
		spoken, named := false, false
		for k, r := range roles {
			if x.lex.roleList[r.role].name != want || r.supposed {
				continue
			}
			named = named || links[k] >= 0
			spoken = spoken || links[k] < 0 && r.owner.b == 0
		}
		if !spoken || named {
			continue
		}
		gender, found := x.lex.roleList[x.roleIndex(want)].gender, -1
		for i := range x.people {
			if p := &x.people[i]; p.role < 0 && p.age == "" && len(p.mentions) > 0 && p.mentions[0].a < 2*opening && x.givenGender(p) == gender && !x.inChildList(nameRun{span: p.mentions[0]}) {
				if found >= 0 {
					found = -2
					break
				}
				found = i
			}
		}
		if found >= 0 {
			x.people[found].adult = true
		}
	}
}

// visitedAdults takes for the mother the one whom the visit was to when others are the children and "mum" is never named.
func (x *text) visitedAdults(names []nameRun, byName []int, roles []roleRun, links []int) {
	mother := x.roleIndex("mother")
	mum, aged := false, false
	for k, r := range roles {
		if r.role == mother && links[k] < 0 && r.owner.b == 0 && r.pronoun == "" && !r.supposed {
			mum = true
		}
		if r.role == mother && links[k] >= 0 {
			return
		}
	}
	for i := range x.people {
		aged = aged || x.people[i].age != "" && x.people[i].isChild(x)
	}
	if !mum || !aged {
		return
	}
	for n, run := range names {
		p := &x.people[byName[n]]
		if p.roleName == "child" && p.age == "" && x.visited(run) && x.givenGender(p) != "m" {
			p.role, p.roleName = mother, "mother"
			return
		}
	}
}

// pregnant reports that the sentence of a name goes on to "pregnant".
func (x *text) pregnant(run nameRun) bool {
	for i := run.b; i < len(x.tokens) && i < run.b+12 && x.tokens[i].norm != "."; i++ {
		if x.tokens[i].norm == "pregnant" || x.tokens[i].norm == "expecting" && x.tokens[min(i+1, len(x.tokens)-1)].norm != "me" {
			return true
		}
		if i > run.b && x.who[i] >= 0 && x.who[i] != x.who[run.a] {
			return false
		}
	}
	return false
}

// maternity reports a woman named without a role where a midwife or a scan is spoken of.
func (x *text) maternity(who int) bool {
	p := &x.people[who]
	gender := x.givenGender(p)
	if gender == "" {
		gender = x.pronounOf(who)
	}
	if gender != "f" || p.age != "" {
		return false
	}
	for i := range x.people {
		if x.people[i].roleName == "mother" {
			return false
		}
	}
	return x.expecting
}

// couples gives both bearers of "Graham and Pauline Oduya, foster carers" and "parents, Ana and Jon" their role.
func (x *text) couples(names []nameRun, byName []int) {
	plural := map[string][2]string{"carers": {"foster carer", "foster carer"}, "grandparents": {"grandmother", "grandfather"}, "parents": {"mother", "father"}, "guardians": {"guardian", "guardian"},
		"dads": {"father", "father"}, "fathers": {"father", "father"}, "mums": {"mother", "mother"}, "mams": {"mother", "mother"}, "mothers": {"mother", "mother"}, "grans": {"grandmother", "grandmother"}, "nans": {"grandmother", "grandmother"},
		"aunts": {"aunt", "aunt"}, "aunties": {"aunt", "aunt"}, "uncles": {"uncle", "uncle"}, "brothers": {"brother", "brother"}, "sisters": {"sister", "sister"}}
	for n := 0; n+2 < len(names); n++ { // "Mr and Mrs Adu, Kofi and Ama" are two
		run := names[n]
		if x.word(run.a) == "mrs" && x.word(run.a-1) == "and" && x.word(run.a-2) == "mr" && x.tokenIs(run.b, ",") && names[n+1].a == run.b+1 && x.word(names[n+1].b) == "and" && names[n+2].a == names[n+1].b+1 && len(x.people[byName[n]].mentions) == 1 {
			x.people[byName[n]].generic = true
		}
	}
	for n := 1; n < len(names); n++ {
		a, b := names[n-1], names[n]
		if b.a != a.b+1 || x.tokens[a.b].norm != "and" {
			continue
		}
		at := -1
		for k := b.b; k < len(x.tokens) && k < b.b+6; k++ {
			if _, ok := plural[x.tokens[k].norm]; ok && (x.tokens[b.b].norm == "," || x.tokens[b.b].norm == "are" || x.tokens[b.b].norm == "who") {
				at = k
				break
			}
		}
		begin := a.a
		if n > 1 && names[n-2].b+1 == a.a && x.word(names[n-2].a) == "mrs" && x.word(names[n-2].a-1) == "and" && x.word(names[n-2].a-2) == "mr" {
			begin = names[n-2].a - 2 // "the grandparents, Mr and Mrs Adu, Kofi and Ama"
		}
		for k := begin - 1; at < 0 && k >= 0 && k > begin-6; k-- {
			if _, ok := plural[x.tokens[k].norm]; ok {
				at = k
			} else if x.who[k] >= 0 || x.tokens[k].mark && x.tokens[k].norm != "," && x.tokens[k].norm != "'" || x.hasFinite(k, k+1) && !(x.tokenIs(begin-1, ",") && x.wereIn(k, begin-1)) && !(k == begin-1 && x.word(k) == "are") {
				break
			}
		}
		if at < 0 {
			continue
		}
		for _, m := range []int{n - 1, n} {
			p := &x.people[byName[m]]
			if p.role >= 0 && p.kind(x) != roleChild && p.roleName != "grandparents" {
				continue
			}
			name := plural[x.tokens[at].norm][0]
			gender := x.givenGender(p)
			if g := x.pronounOf(byName[m]); g != "" && ambiguousNames[strings.ToLower(strings.Fields(p.name + " x")[0])] {
				gender = g // "Pat's back went and he can't lift"
			}
			if gender == "m" || gender == "" && x.givenGender(&x.people[byName[2*n-1-m]]) == "f" {
				name = plural[x.tokens[at].norm][1]
			}
			if w := x.word(at); (w == "brothers" || w == "sisters") && len(x.sents) > 0 && at < x.sents[0].b && !possessives[x.word(at-1)] && (at == 0 || !x.tokens[at-1].poss) {
				name = "child" // "Looked after visit, brothers Biniam and Yonas"
			}
			x.takeRole(byName[m], name, span{at, at + 1})
		}
		if p, q := &x.people[byName[n-1]], &x.people[byName[n]]; !strings.Contains(p.name, " ") && b.b-b.a > 1 {
			p.surname = strings.Fields(q.name)[len(strings.Fields(q.name))-1]
		}
	}
}

// wereIn reports that the words [a,b) say no more than that people were there: "Both parents were in, Marek and Ola".
func (x *text) wereIn(a, b int) bool {
	for i := a; i < b; i++ {
		switch x.word(i) {
		case "were", "are", "was", "both", "all", "in", "home", "there", "present", "at", "around":
		default:
			return false
		}
	}
	return true
}

// grown reports an age from eighteen on.
func (x *text) grown(p *person) bool {
	if p.ageSpan.b == 0 {
		return false
	}
	n, ok := numberAt(x.tokens, p.ageSpan.a)
	return ok && n.value >= 18 && !strings.Contains(p.age, "month") && !strings.Contains(p.age, "week")
}

// seenAsChild takes somebody without a role for a child when nobody else is, and the text's first words name him or her.
func (x *text) seenAsChild(names []nameRun, byName []int, roles []roleRun, child int, lives map[int]int) {
	if x.preBirth() {
		return
	}
	for i := range x.people {
		if x.people[i].isChild(x) {
			return
		}
	}
	for n, run := range names {
		p := &x.people[byName[n]]
		if placed := x.subjectPlaced(run); p.role < 0 && run.title == "" && lives[byName[n]] >= 0 && (len(p.mentions) >= 2 || x.metAsChild(run, roles) || placed) && !p.adult && !x.grown(p) {
			p.role, p.roleName, p.guessed = child, "child", !placed
			return
		}
	}
}

// subjectPlaced reports whom a visit to a placement is about: "this is for Jaxon, just been to see him at the foster placement".
func (x *text) subjectPlaced(run nameRun) bool {
	switch x.word(run.a - 1) {
	case "for", "about", "see", "saw", "seen", "seeing", "left", "visited":
		return run.a < opening && x.placed()
	case "to", "with":
		if w := x.word(run.a - 2); w != "spoke" && w != "talked" || x.word(run.b) != "at" {
			return false
		}
		for k := run.b + 1; k < run.b+5 && k < len(x.tokens); k++ {
			if n := x.word(k); x.tokens[k].poss && (n == "carer" || n == "carers") {
				return run.a < opening // "Spoke to Mohammed at the foster carer's"
			}
		}
	}
	return false
}

// metAsChild reports that the worker met somebody as one meets a child of the house, where nobody speaks of other children: "I saw Ada in her bedroom", with a mother
// or a father about, or "spoke to Theo on his own", with "mum and dad". A parent is met alone, too.
func (x *text) metAsChild(run nameRun, roles []roleRun) bool {
	k := run.a - 1
	for k >= 0 && (x.word(k) == "to" || x.word(k) == "with" || adverbs[x.word(k)]) {
		k--
	}
	c := x.partAt(run.a)
	if k < 0 || c < 0 || !meetingVerbs[x.word(k)] || k > 0 && !x.tokens[k-1].mark && x.word(k-1) != "i" && x.word(k-1) != "we" && x.word(k-1) != "and" && x.word(k-1) != "then" {
		return false
	}
	parent, both := false, false
	for n, r := range roles {
		name := x.lex.roleList[r.role].name
		if name == "mother" || name == "father" {
			parent = true
			both = both || n > 0 && parental(x.lex.roleList[roles[n-1].role].name) && r.a == roles[n-1].b+1 && (x.word(r.a-1) == "and" || x.word(r.a-1) == "or") // "mum and dad"
		}
	}
	for i := range x.tokens {
		if otherYoung[x.word(i)] {
			return false
		}
	}
	for i := run.b; i < x.parts[c].b && parent; i++ {
		if (possessives[x.word(i)] || x.word(i) == "her") && (x.after(i) == "room" || x.after(i) == "bedroom") {
			return true
		}
	}
	return both && x.aloneClause(x.parts[c].span)
}

var (
	meetingVerbs = setOf("saw see met spoke spoken talked chatted")
	otherYoung   = setOf("child children kid kids son sons daughter daughters boy boys girl girls baby babies lad lads twins toddler siblings refuge ward hospital pregnant")
)

func parental(role string) bool {
	switch role {
	case "mother", "father", "step-father", "step-mother", "foster carer", "carer", "kinship carer", "babysitter", "childminder":
		return true
	}
	return strings.Contains(role, "grand")
}

// coordinated reports whether only commas, "and", ages and fillers stand between two names.
func (x *text) coordinated(a, b int) bool {
	and := false
	if b-a > 10 {
		return false
	}
	for i := a; i < b; i++ {
		t := &x.tokens[i]
		switch {
		case t.norm == "," || isFiller(t):
		case t.norm == "and":
			and = true
		case (t.norm == "baby" || t.norm == "wee" || t.norm == "toddler") && i == b-1:
		case sizeWords[t.norm] && and, t.norm == "not" && x.tokenIs(i-1, ","), isNumber(t), t.norm == "who", t.norm == "is", t.norm == "he", t.norm == "she", t.norm == "'s", t.norm == "both":
		default:
			return false
		}
	}
	return and || b-a == 1 && x.tokens[a].norm == ","
}

var childPlurals = setOf("grandchildren grandkids grandsons granddaughters littlest smallest children kids siblings girls boys twins brothers sisters youngest eldest oldest middle baby toddler lad")

// inChildList reports a name that follows "both children," or "the youngest,".
func (x *text) inChildList(run nameRun) bool {
	for k := run.a - 1; k >= 0 && k > run.a-14; k-- {
		t := &x.tokens[k]
		if t.norm == ":" && k > 1 && isNumber(&x.tokens[k-1]) && possessives[x.word(k-2)] && x.word(k-1) != "one" {
			return true // "Yusra, her four: Hamza, Zaynab and Idris"
		}
		if w := x.word(k - 3); t.norm == "," && k > 2 && isNumber(&x.tokens[k-1]) && x.word(k-1) != "one" && (possessives[x.word(k-2)] && (w == "and" || w == "with") || x.word(k-2) == "the" && w == "got") {
			return true // "Holly and her two, Riley and Jude", "she's got the three, Kayla, Mason and Poppy"
		}
		if w := x.word(k - 1); t.norm == ":" && (w == "seen" || w == "present") && (youngNouns[x.word(k-2)] || youngWords[x.word(k-2)]) {
			return true // "Children seen: Ruby, Jack and Tom"
		}
		if childPlurals[t.norm] && x.word(k-1) == "other" && x.word(k-3) == "of" {
			return false // "one of the other girls, Lexi"
		}
		if childPlurals[t.norm] {
			return x.listBehindPresence(k+1, run) || k+1 < run.a && (x.tokens[k+1].norm == "," || x.tokens[k+1].norm == ":" || x.tokens[k+1].norm == "-" || x.tokens[k+1].norm == "are" || x.tokens[k+1].norm == "is") || k+1 == run.a
		}
		if joined := x.word(run.b) == "and" || x.word(run.a-1) == "and"; joined && x.word(k-1) == "with" && (t.norm == "her" || t.norm == "him") {
			k-- // "kids are with her, Mason and Layla"
			continue
		}
		if t.mark && t.norm != "," && t.norm != ":" && t.norm != "-" || x.who[k] < 0 && !t.mark && t.norm != "and" && !isNumber(t) && !ageGlue[t.norm] && t.norm != "are" && !presentWords[t.norm] && !isFiller(t) {
			return false
		}
	}
	return false
}

var presentWords = setOf("were all both home in there present about")

// listBehindPresence reports a name of a list that says who the children are, at token a behind the word for them: "all the children were home, Toby, Ellie and the baby." No
// more may follow: "the children were in, Karen and Mike were out".
func (x *text) listBehindPresence(a int, run nameRun) bool {
	if x.word(a) != "were" {
		return false
	}
	for presentWords[x.word(a)] {
		a++
	}
	if !x.tokenIs(a, ",") && !x.tokenIs(a, ":") {
		return false
	}
	names := 0
	for a++; a < len(x.tokens); a++ {
		switch n := x.word(a); {
		case x.who[a] >= 0:
			names++
		case x.tokens[a].mark && !x.tokenIs(a, ","):
			return names > 1 && a >= run.b
		case !x.tokens[a].mark && n != "and" && n != "the" && n != "baby" && n != "little" && !isNumber(&x.tokens[a]):
			return false
		}
	}
	return names > 1
}

var visitWords = setOf("visit visited visiting interview session review seen saw see meeting")

// visited reports the name of whom a visit or an interview was with: "LAC visit to Nyah".
func (x *text) visited(run nameRun) bool {
	k := run.a - 1
	if k < 1 || run.a > 25 {
		return false
	}
	if w := x.tokens[k].norm; w != "to" && w != "with" && w != "for" && w != "see" {
		return false
	}
	for j := k; j >= 0 && j > k-6; j-- {
		if visitWords[x.tokens[j].norm] {
			return true
		}
	}
	return false
}

// childsVisit reports a visit that is made to children: "looked-after visit to Bronte", "child in need visit to Amira and Zayd".
func (x *text) childsVisit(run nameRun) bool {
	if !x.visited(run) {
		return false
	}
	for _, f := range x.factsIn("type", run.a) {
		if statutory(f.value) && run.a-f.b < 8 {
			return true
		}
	}
	for _, f := range x.factsIn("weak_type", run.a) {
		if statutory(f.value) && run.a-f.b < 5 {
			return true
		}
	}
	return false
}

// attendees writes the people into the record; those who are only supposed or meant in general are left out.
func (x *text) attendees() {
	for i := range x.people {
		p := &x.people[i]
		p.presence = kerbside.Mentioned
	}
	x.findPresence()
	for i := range x.people {
		if p := &x.people[i]; x.unborn(p) {
			p.presence, p.presSpan = kerbside.Mentioned, span{}
		}
	}
	x.ids = make([]kerbside.PersonID, len(x.people))
	for i := range x.people {
		p := &x.people[i]
		if p.generic || len(p.mentions) == 0 {
			continue
		}
		id := kerbside.PersonID("p" + strconv.Itoa(len(x.record.Attendees)+1))
		x.ids[i] = id
		a := kerbside.Attendee{ID: id, Name: p.name, Role: p.roleName, Age: p.age, Presence: p.presence}
		spans := []span{p.naming}
		if p.roleSpan.b > p.roleSpan.a {
			spans = append(spans, p.roleSpan)
		}
		if p.ageSpan.b > p.ageSpan.a {
			spans = append(spans, p.ageSpan)
		}
		if p.presSpan.b > p.presSpan.a {
			spans = append(spans, p.presSpan)
		}
		for _, s := range spans {
			a.Evidence = append(a.Evidence, x.evidence(s.a, s.b))
		}
		x.record.Attendees = append(x.record.Attendees, a)
	}
}
