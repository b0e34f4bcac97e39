package rules

// Roles that no word beside a name gives: who looks after a child by how the placement is told, and a parent by whose child it is.

// household gives roles to people who have none yet.
func (x *text) household(names []nameRun, byName []int) {
	x.hosts(names, byName)
	for n, run := range names {
		if p := &x.people[byName[n]]; p.role >= 0 || p.age != "" {
			continue
		}
		if x.interpretedFor(run) {
			x.takeRole(byName[n], "interpreter", run.span)
			continue
		}
		if x.atHomeWith(run, names, n) {
			x.people[byName[n]].adult = true
			continue
		}
		if x.placedWith(run, names, n) {
			x.takeRole(byName[n], "foster carer", run.span)
		} else if child := x.parentOf(run); child != "" {
			x.takeRole(byName[n], child, run.span)
		}
	}
}

// hosts gives a role to two who are named together: to whose grandchild the visit is, and at whose home a looked-after child is visited.
func (x *text) hosts(names []nameRun, byName []int) {
	grand, looked, fostered := false, false, false
	for i := 0; i < len(x.tokens) && i < 2*opening; i++ {
		switch n := x.word(i); n {
		case "grandson", "granddaughter", "grandchild", "grandchildren":
			grand = grand || x.word(i-1) == "their"
		case "looked-after", "lac", "cla":
			looked = looked || i < opening/2
		case "foster":
			fostered = fostered || i < 8 && (x.word(i+1) == "home" || x.word(i+1) == "placement" || x.word(i+1) == "visit")
		case "looked":
			looked = looked || i < opening/2 && x.word(i+1) == "after" && !subjectPronouns[x.word(i-1)]
		}
	}
	if !grand && !looked && !fostered {
		return
	}
	for n := 1; n < len(names) && names[n].a < opening; n++ {
		a, b := names[n-1], names[n]
		p, q := &x.people[byName[n-1]], &x.people[byName[n]]
		if b.a != a.b+1 || x.word(a.b) != "and" || p.role >= 0 || q.role >= 0 || p.age != "" || q.age != "" {
			continue
		}
		if grand && x.word(a.a-1) == "with" {
			for k, who := range []int{byName[n-1], byName[n]} {
				name := "grandmother"
				if g := x.givenGender(&x.people[who]); g == "m" || g == "" && x.givenGender(&x.people[[]int{byName[n], byName[n-1]}[k]]) == "f" {
					name = "grandfather"
				}
				x.takeRole(who, name, span{a.a, b.b})
			}
			return
		}
		if looked && x.word(a.a-1) == "at" && x.tokens[b.b-1].poss || fostered && x.word(a.a-1) == "with" {
			x.takeRole(byName[n-1], "foster carer", span{a.a, b.b})
			x.takeRole(byName[n], "foster carer", span{a.a, b.b})
			return
		}
	}
}

// interpretedFor reads "Samina Dar, who interpreted in Urdu".
func (x *text) interpretedFor(run nameRun) bool {
	k := run.b
	for k < run.b+4 && (x.tokenIs(k, ",") || x.word(k) == "who" || x.word(k) == "was" || x.word(k) == "also") {
		k++
	}
	switch x.word(k) {
	case "interpreted", "interpreting", "translated", "translating":
		return true
	}
	for k = run.b; x.before(run.a) == "had" && k < run.b+7 && k < len(x.tokens) && !x.tokens[k].mark; k++ { // "we had Samina from the council interpreting"
		if x.word(k) == "interpreting" || x.word(k) == "translating" {
			return true
		}
	}
	return false
}

func (x *text) takeRole(who int, name string, s span) {
	p := &x.people[who]
	p.role, p.roleName, p.roleSpan = x.roleIndex(name), name, s
}

// placedWith reports "his foster placement with Sheila and Ron", "placed with the Hales", "fostered by Joan".
func (x *text) placedWith(run nameRun, names []nameRun, n int) bool {
	k := run.a - 1
	if k > 0 && x.word(k) == "and" && n > 0 && names[n-1].b == k { // the second of two
		k = names[n-1].a - 1
	}
	if x.tokenIs(k, ",") {
		return x.word(k-1) == "placement" && x.word(k-2) == "foster" // "foster placement, Dave and Lorraine"
	}
	switch x.word(k) {
	case "with":
		prev := x.word(k - 1)
		return prev == "placement" || prev == "placed" || prev == "carers" || prev == "fostered"
	case "by":
		return x.word(k-1) == "fostered"
	}
	return false
}

// parentOf reads "Ms Nowak and her daughter Zofia": mother or father of a child that is named as theirs right behind, "" otherwise.
func (x *text) parentOf(run nameRun) string {
	if x.word(run.b) == "and" && x.word(run.b+1) == "baby" && run.title == "" && x.withBaby() {
		return "mother" // "Leila and baby Yusuf at the mother and baby unit"
	}
	if x.tokenIs(run.b, ",") && run.title != "" && x.tokenIs(run.b+2, ",") && run.b+1 < len(x.tokens) && x.tokens[run.b+1].cap {
		run.b += 3 // "Mrs Petrova, Irina, and her son"
	}
	if x.word(run.b) != "and" || !possessives[x.word(run.b+1)] {
		return ""
	}
	for k := run.b + 2; k <= run.b+4; k++ {
		switch x.word(k) {
		case "two", "three", "four", "five":
			if !x.tokens[min(k+1, len(x.tokens)-1)].mark && x.word(k+1) != "and" {
				continue
			}
			fallthrough // "Holly and her two, Riley and Jude"
		case "baby":
			if x.sibling(k + 1) { // "Leo and his baby sister Mia"
				return ""
			}
			fallthrough
		case "son", "daughter", "children", "kids", "boys", "girls", "twins", "sons", "daughters":
			switch x.word(run.b + 1) {
			case "her":
				return "mother"
			case "his":
				return "father"
			}
			return ""
		}
	}
	return ""
}

// throughInterpreter reports a word for a person that only says how somebody was understood: "through the interpreter Ms Nowak said".
func (x *text) throughInterpreter(r roleRun) bool {
	if x.word(r.b-1) != "interpreter" {
		return false
	}
	k := r.a - 1
	for k > 0 && (determiners[x.word(k)] || possessives[x.word(k)]) {
		k--
	}
	return x.word(k) == "through" || x.word(k) == "via"
}

// agesTogether reads "the twins Poppy and Freddie, they're both two", "Idris and Isa who are eight" and "Ada and Ben, they're four and six": the ages of the two
// who were named right before.
func (x *text) agesTogether(names []nameRun, byName []int) {
	for n := 1; n < len(names); n++ {
		a, b := names[n-1], names[n]
		if b.a != a.b+1 || x.word(a.b) != "and" {
			continue
		}
		k := b.b
		for k < len(x.tokens) && k < b.b+6 && (x.tokens[k].mark || x.word(k) == "they" || x.word(k) == "are" || x.word(k) == "who" || x.word(k) == "both" || x.word(k) == "aged") {
			k++
		}
		together := x.word(k-1) == "both" || x.word(k-2) == "both" || x.word(k-1) == "are"
		age, at, ok := x.ageAt(k)
		if ok && k == b.b+1 && x.tokenIs(b.b, ",") && x.word(at.b) == "and" { // "Dev and Mira, eight and five"
			_, second, both := x.ageAt(at.b + 1)
			together = both && (second.b >= len(x.tokens) || x.tokens[second.b].mark)
		}
		if !ok || !together && x.word(k-1) != "aged" {
			continue
		}
		ages, spans := []string{age, age}, []span{at, at}
		if x.word(at.b) == "and" && at.b+1 < len(x.tokens) && isNumber(&x.tokens[at.b+1]) {
			if ages[1], spans[1], ok = x.ageAt(at.b + 1); !ok {
				continue
			}
		} else if !together {
			continue // "Ada and Ben, aged six": Ben is
		}
		for k, who := range []int{byName[n-1], byName[n]} {
			p := &x.people[who]
			if value, _ := numberAt(x.tokens, spans[k].a); value.value >= 18 || p.age != "" && !(x.word(spans[k].a-1) == "and" || k == 0) || p.role >= 0 && p.kind(x) != roleChild {
				continue
			}
			p.age, p.ageSpan = ages[k], spans[k]
			if p.role < 0 {
				p.role, p.roleName = x.roleIndex("child"), "child"
			}
		}
	}
}

// placed reports that the visit was to a child in a placement.
func (x *text) placed() bool {
	for i := 0; i < len(x.tokens) && i < opening; i++ {
		switch x.word(i) {
		case "placement":
			return x.word(i+1) != "with" || x.word(i+2) != "mum" && x.word(i+2) != "dad" && x.word(i+2) != "parents"
		case "foster":
			return true
		case "home":
			if x.word(i-1) == "children" && x.tokens[i-1].poss {
				return true
			}
		}
	}
	return false
}

// atHomeWith reads "Kerry was at home with Maisie and Dylan": who is spoken of so looks after the others, and is no child.
func (x *text) atHomeWith(run nameRun, names []nameRun, n int) bool {
	if n+2 >= len(names) || x.word(run.b) != "was" {
		return false
	}
	k := run.b + 1
	if x.word(k) == "at" {
		k++
	}
	if w := x.word(k); w != "home" && w != "in" && w != "there" || x.word(k+1) != "with" {
		return false
	}
	return names[n+1].a <= k+3 && names[n+2].a == names[n+1].b+1 && x.word(names[n+1].b) == "and"
}

// countedChildren takes for the children those who are named besides the grown, where the words say how many children there are and just as many are named: "Samina, dad Imran
// and all three kids in … Aisha told me … Bilal and Yusuf were fine". Who stands before the children in their list is none.
func (x *text) countedChildren(names []nameRun, byName []int, child int) {
	for i := 1; i < len(x.tokens) && i < opening; i++ {
		if n := x.word(i); n != "kids" && n != "children" {
			continue
		}
		a, many := i-1, 2
		if n, ok := numberAt(x.tokens, a); ok {
			many = n.value
		} else if x.word(a) != "both" {
			continue
		}
		for x.word(a-1) == "all" || x.word(a-1) == "the" || x.word(a-1) == "of" {
			a--
		}
		if many < 2 || many > 6 || x.word(a-1) != "and" && x.word(a-1) != "with" {
			continue
		}
		for k := range x.tokens {
			if x.word(k) == "baby" && !x.tokens[k].poss && x.whoAt(k+1) < 0 {
				many-- // one who is not named
				break
			}
		}
		var found []int
		known := map[int]bool{}
		for n, run := range names {
			w := byName[n]
			p := &x.people[w]
			if run.b < a && run.b >= a-8 && p.role < 0 && p.age == "" && x.listOnly(run.b, a-1) {
				p.adult = true
			}
			if p.isChild(x) {
				known[w] = true
			} else if p.role < 0 && !p.adult && p.age == "" && run.title == "" && run.b-run.a == 1 && !x.onlyAside(p) && !has(found, w) {
				found = append(found, w)
			}
		}
		young := len(found) > 2 || len(known) > 0
		for _, w := range found {
			for _, m := range x.people[w].mentions {
				for k := m.b; k < len(x.tokens) && k < m.b+10 && !x.tokenIs(k, "."); k++ {
					young = young || youngLife[x.word(k)]
				}
			}
		}
		if len(found) == 0 || len(known)+len(found) != many || !young {
			return
		}
		for _, w := range found {
			p := &x.people[w]
			p.role, p.roleName, p.guessed = child, "child", true
		}
		return
	}
}

// youngLife are words of a child's day.
var youngLife = setOf("room bedroom school nursery teacher homework toys lego xbox football drawing pyjamas telly cartoons playing reception cot ipad colouring trampoline")

// listOnly reports that between two tokens stand only names, words for roles, commas and "and".
func (x *text) listOnly(a, b int) bool {
	for k := a; k < b; k++ {
		if n := x.word(k); !x.tokenIs(k, ",") && n != "and" && x.who[k] < 0 && x.roleStart[k] == 0 {
			return false
		}
	}
	return true
}

// ofGrown are whom only the grown have: "Kelly's ex", "her husband".
var ofGrown = setOf("husband wife partner fiance ex ex-partner ex-husband ex-wife children kids tenancy landlord")

// grownByLife marks those as grown who come from work, or who have a husband or children of their own: "Comfort had just got in from work", "Kelly's ex". What
// they only say is of somebody else.
func (x *text) grownByLife(names []nameRun, byName []int) {
	for n, run := range names {
		p := &x.people[byName[n]]
		if p.role >= 0 || p.age != "" || x.inChildList(run) {
			continue
		}
		if x.tokens[run.b-1].poss {
			p.adult = p.adult || ofGrown[x.word(run.b)] || x.ownsSome(run)
			continue
		}
		p.adult = p.adult || x.onceSmall(run) || x.hasChildren(run)
		for k := run.b; k+1 < len(x.tokens) && k < run.b+14 && !x.tokenIs(k, ".") && x.who[k] < 0 && x.roleStart[k] == 0 && x.lex.speech[x.word(k)] == ""; k++ {
			switch w, next := x.word(k), x.word(k+1); {
			case (w == "from" || w == "at" || w == "off") && next == "work" && !x.tokens[k+1].cap, (w == "her" || w == "his") && ofGrown[next], w == "minutes" && next == "away", w == "lives" && (next == "round" || next == "nearby" || next == "locally" || next == "close"):
				p.adult = true
			}
		}
	}
}

// runsHome reports one without an age who lets the worker in or agrees to something as a parent does, where children are told by their ages and the words have a mum or a nan
// besides: "Kelly let me in … Tyler, eleven … when mum's at work". Her own mother is a grandmother then.
func (x *text) runsHome(p *person) bool {
	if p.role >= 0 || p.age != "" || p.title() != "" || !x.namesParents() {
		return false
	}
	for _, m := range p.mentions[:min(len(p.mentions), 20)] {
		if x.takesCharge(m) {
			return true
		}
	}
	return false
}

// namesParents reports a text that tells children by their ages, and speaks of a mum, or a nan, by nothing but that. It is looked for once.
func (x *text) namesParents() bool {
	if x.parentsNamed == 0 {
		aged, kin := false, false
		for i := range x.people {
			aged = aged || x.people[i].age != "" && !x.grown(&x.people[i])
		}
		for i := range x.tokens {
			switch x.tokens[i].norm {
			case "mum", "mam", "mummy", "mom":
				kin = kin || i > 0 && !possessives[x.word(i-1)] && !x.tokens[i-1].poss && !x.isGiven(x.word(i+1))
			case "nan", "gran", "granny", "grandma", "nanny":
				kin = true
			}
		}
		x.parentsNamed = 1 + b2i(aged && kin)
	}
	return x.parentsNamed == 2
}

// takesCharge reports somebody who lets the worker in, agrees to something or signs it.
func (x *text) takesCharge(m span) bool {
	k := m.b
	for adverbs[x.word(k)] || x.word(k) == "has" {
		k++
	}
	switch x.word(k) {
	case "let":
		return x.letsIn(k)
	case "agreed", "consented":
		return x.word(k+1) == "to"
	case "signed":
		return x.word(k+1) == "the"
	}
	return false
}

// ownsSome reports whose children a number counts before their names: "a visit to Kayleigh's two, Tyler and Star". "Noah's two, Ada's four" gives ages.
func (x *text) ownsSome(run nameRun) bool {
	if run.b >= len(x.tokens) || !x.tokens[run.b-1].poss {
		return false
	}
	n, ok := numberAt(x.tokens, run.b)
	if !ok || n.value < 2 || n.value > 6 || n.next != run.b+1 || !x.tokenIs(n.next, ",") && !x.tokenIs(n.next, ":") || run.a == 0 {
		return false
	}
	if w := x.word(run.a - 1); w != "to" && w != "with" && w != "saw" && w != "see" && w != "of" {
		return false
	}
	return n.next+2 < len(x.tokens) && x.tokens[n.next+1].cap && (x.word(n.next+2) == "and" || x.tokenIs(n.next+2, ","))
}

// onceSmall reports somebody's child who is small no longer: "when her daughter Simone was small".
func (x *text) onceSmall(run nameRun) bool {
	if n := x.word(run.a - 1); n != "daughter" && n != "son" || x.word(run.a-3) != "when" && x.word(run.a-2) != "when" || x.word(run.b) != "was" {
		return false
	}
	k := run.b + 1
	for adverbs[x.word(k)] || x.word(k) == "a" {
		k++
	}
	switch x.word(k) {
	case "small", "little", "young", "younger", "growing", "girl", "boy", "teenager":
		return true
	}
	return false
}

// kinOfNamed takes "Comfort and her mother" for Comfort's mother, when Comfort is grown.
func (x *text) kinOfNamed(names []nameRun, roles []roleRun) {
	n := 0
	for k := range roles {
		r := &roles[k]
		if r.pronoun == "" {
			continue
		}
		for n < len(names) && names[n].b < r.a-2 {
			n++
		}
		if n < len(names) && names[n].b == r.a-2 && x.word(r.a-2) == "and" && possessives[x.word(r.a-1)] {
			if last := names[n].b - 1; x.people[x.who[last]].adult {
				r.owner = span{last, last + 1}
			}
		}
	}
}
