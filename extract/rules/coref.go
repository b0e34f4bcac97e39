package rules

import (
	"sort"
	"strings"
)

// focus is who "she" and "he" mean: the last subject of each gender, else the last one spoken of, else the last one in what somebody told.
type focus struct {
	strong, weak, told map[string]int
	home               map[string]int // who was in focus before a professional came in
	since, clause      map[int]int    // the sentence and the clause in which somebody was last a subject
	now, at            int            // the sentence and the token that are being read
}

// resolve finds the subject of each clause and whom the pronouns mean.
func (x *text) resolve() {
	f := focus{strong: map[string]int{}, weak: map[string]int{}, told: map[string]int{}, since: map[int]int{}, clause: map[int]int{}, home: map[string]int{}}
	for i := range x.people {
		if p := &x.people[i]; p.isChild(x) && p.gender != "" {
			if _, ok := f.weak[p.gender]; !ok {
				f.weak[p.gender], f.home[p.gender] = i, i
			}
		}
	}
	x.singularThey()
	x.subject = make([][]int, len(x.parts))
	x.worker = make([]bool, len(x.parts))
	x.verbAt = make([]int, len(x.parts))
	sentence := -1
	inQuote := false
	reporter := -1    // who speaks in this sentence
	told := false     // the rest of the sentence is what somebody says
	recounts := false // … or what the worker told somebody
	answered := false // the worker has asked something, and nobody has done anything since
	x.turns = make([]int, len(x.parts))
	interpreter := make([]bool, len(x.people))
	for w := range x.people {
		interpreter[w] = x.interprets(w)
	}
	with := turn{child: -1, other: -1}
	for c := range x.parts {
		part := &x.parts[c]
		if part.sentence != sentence {
			sentence, reporter, inQuote, told, recounts = part.sentence, -1, x.inQuotes(x.sents[part.sentence].a), false, false
			f.now = sentence
			answered = x.answering(sentence, answered)
		}
		if part.joint == `"` {
			inQuote = !inQuote
		}
		verb := x.mainVerb(part.a, part.b)
		if k := part.a + 1; verb < 0 && x.word(k) == "misses" && (subjectPronouns[x.word(k-1)] || x.who[k-1] >= 0) {
			verb = k // "he misses his brother"; "misses" is a noun and a title, too
		}
		x.verbAt[c] = verb
		x.takeTurn(&with, c, &f)
		head := verb
		if head < 0 {
			head = part.b
		}
		var subject []int
		for i := part.a; i < head; i++ {
			t := &x.tokens[i]
			if t.mark {
				continue
			}
			if (t.norm == "i" || t.norm == "we") && !inQuote {
				x.worker[c] = true
			}
			if g := pronounGenders[t.norm]; g != "" && x.who[i] < 0 {
				f.at = i
				if w := with.holds(x, g); w >= 0 && with.sentence == sentence && i < head && (!possessives[t.norm] || x.besideMe(i)) && x.people[w].gender == g && !x.otherNamed(c, w, g) && !x.inQuotes(i) && reporter < 0 && !(verb >= 0 && x.lex.speech[x.word(verb)] != "" && x.cannotSay(w, verb)) {
					x.who[i] = w
				} else if w >= 0 && i < verb && reporter < 0 && !possessives[t.norm] && !objectPronouns[t.norm] && x.repliesIn(c, verb) && !x.cannotSay(w, verb) && !x.otherNamed(c, w, g) {
					x.who[i] = w
				} else {
					x.who[i] = x.speaking(f, g, reporter, subject, i, verb)
				}
				if w := x.signing(part.span, i, g); w >= 0 {
					x.who[i] = w
				}
			}
			if w := x.who[i]; w >= 0 && (!t.poss || x.verbalEnding(i)) && !possessives[t.norm] && !(objectPronouns[t.norm] && len(subject) > 0 && !x.restored) && !prepositions[x.tokens[max(part.a, i-1)].norm] && !has(subject, w) {
				subject = append(subject, w)
			}
		}
		if len(subject) == 0 && !x.worker[c] && verb >= 0 && x.tokens[part.a].norm == "who" && c > 0 && x.parts[c-1].sentence == part.sentence {
			if w := x.lastPerson(x.parts[c-1].span); w >= 0 {
				subject = []int{w}
			}
		}
		if len(subject) == 0 && !x.worker[c] && verb >= 0 && x.bareVerb(part.a, verb) {
			subject, x.worker[c] = x.sharedSubject(c)
		}
		for i := head; i < part.b; i++ {
			t := &x.tokens[i]
			if g := pronounGenders[t.norm]; g != "" && !t.mark && x.who[i] < 0 {
				f.at = i
				if objectPronouns[t.norm] {
					if x.who[i] = x.whoCame(head, i, subject, g); x.who[i] < 0 {
						x.who[i] = x.otherThan(f, g, subject)
					}
				} else if w := x.besideOwn(i, part.a, g); w >= 0 {
					x.who[i] = w
				} else if i > 0 && x.subjectAgain(i) || t.norm == "his" || t.norm == "her" {
					x.who[i] = x.antecedent(f, g, x.speakerIn(part.a, i, subject, reporter), subject, t.norm)
					if w := x.lookedOver(c, i, g); w >= 0 {
						x.who[i] = w
					}
				}
			}
		}
		speaks := verb >= 0 && x.lex.speech[x.tokens[verb].norm] != "" && !x.worker[c]
		if speaks && len(subject) == 1 && reporter < 0 {
			reporter = subject[0]
		}
		if verb == part.a && len(subject) == 0 && part.a == x.sents[sentence].a && (tersely[x.lex.verb[x.tokens[verb].norm]] || (x.word(verb) == "told" || x.word(verb) == "reminded") && x.word(verb+1) != "me" && x.word(verb+1) != "us") {
			x.worker[c] = true // "Saw Ayo with her key person", "Told him to ring his mum"
		}
		x.subject[c] = subject
		with.heardIn(x, c, subject, speaks || verb >= 0 && !x.worker[c] && (x.word(verb) == "talked" || x.word(verb) == "spoke") && x.word(verb+1) == "about")
		x.turns[c] = with.child
		if with.other >= 0 {
			x.turns[c] = -1
		}
		presence := x.presenceOnly(part.span) || verb < 0 && x.leadsToPresence(c)
		introduced := x.introduction(part, verb, subject)
		nested := told && speaks && strings.HasPrefix(part.joint, "+")
		answer := answered && !speaks && !x.worker[c] && !x.tellsPast(part.span)
		for i := part.a; i < part.b; i++ {
			if w := x.who[i]; w >= 0 && !inQuote && !interpreter[w] {
				x.learnGender(w, i)
				g := x.people[w].gender
				switch {
				case told || speaks && i > verb || presence || introduced || x.tokens[i].poss || answer && pronounGenders[x.tokens[i].norm] == "":
					f.told[g] = w
				case x.alongside(i, w, f.weak, g):
					f.told[g] = w
				case !possessives[x.tokens[i].norm] && !objectPronouns[x.tokens[i].norm]:
					f.weak[g] = w
				}
			}
		}
		if x.worker[c] && !told && x.addressed(verb) {
			for i := verb; i < part.b && !introduces[x.word(i)]; i++ {
				if w := x.who[i]; w >= 0 && !x.tokens[i].poss && (!possessives[x.tokens[i].norm] || x.word(i) == "her" && !x.nounFollows(i)) {
					f.strong[x.people[w].gender], f.since[w], f.clause[w] = w, sentence, c
					break
				}
			}
		}
		if w := x.worryAbout(c); w >= 0 && !told && !inQuote {
			f.strong[x.people[w].gender], f.since[w], f.clause[w] = w, sentence, c
		}
		if presence && verb >= 0 && len(subject) == 1 && !x.spokenOfBefore(c) {
			presence = false
		}
		if w := x.heading(c); w >= 0 {
			f.strong[x.people[w].gender], f.since[w], f.clause[w] = w, sentence, c
		}
		if w := x.possessor(part.a, head); w >= 0 && len(subject) == 0 && !x.worker[c] && !told && !inQuote {
			f.strong[x.people[w].gender], f.since[w], f.clause[w] = w, sentence, c
		}
		presence = presence || speaks && x.saidBehind(c) || introduced || x.aside(c) || x.leavesAlone(x.sents[sentence], subject)
		if !presence && !inQuote && (!told || speaks && !nested) && (!recounts || speaks) {
			for _, w := range subject {
				if interpreter[w] || answer && x.namedBetween(w, part.span) {
					continue
				}
				g := x.people[w].gender
				if old, ok := f.strong[g]; ok && old != w && x.passing(w) && !x.passing(old) {
					f.home[g] = old
					if f.since[old] == sentence && x.addedOn(c) {
						continue // "she told me she has stopped, and Donna confirms that": the next "she" is not Donna
					}
				}
				f.strong[g], f.since[w], f.clause[w] = w, sentence, c
			}
		}
		if w := x.stepsOut(c, subject); w >= 0 && !told && !inQuote {
			g := x.people[w].gender
			old, known := f.strong[g]
			if child := x.loneTalker(g); (!known || old == w) && child >= 0 {
				f.strong[g], f.since[child], f.clause[child] = child, sentence, c
			}
		}
		told = told || speaks || x.contains(part.span, "words") && verb < 0
		recounts = recounts || x.worker[c] && verb >= 0 && recounting[x.word(verb)]
	}
}

// alongside reports somebody from outside the family who is named beside "with" at token i while a child of the same gender was spoken of: in "to see Ravi at his placement with Ann and Keith. He …"
// he is Ravi.
func (x *text) alongside(i, w int, weak map[string]int, gender string) bool {
	child, ok := weak[gender]
	if !ok || child == w || !x.people[child].isChild(x) || x.people[w].kind(x) == roleFamily || x.people[w].kind(x) == roleChild {
		return false
	}
	if k := i - 1; x.word(k) == "and" && x.whoAt(k-1) >= 0 {
		i = k - 1
	}
	for x.whoAt(i-1) == w { // the other words of the name
		i--
	}
	return x.word(i-1) == "with"
}

// answering reports that what sentence n says may be the answer to what the worker asked: "I asked who helps. Dad mostly."
func (x *text) answering(n int, before bool) bool {
	if n == 0 {
		return false
	}
	for i := x.sents[n-1].a; i < x.sents[n-1].b; i++ {
		if x.word(i) == "asked" && x.firstPersonBefore(x.sents[n-1].a, i) && x.asksWhether(i, x.sents[n-1].b) {
			return true
		}
	}
	s := x.sents[n]
	if s.a > 0 && (x.tokens[s.a-1].norm == breakMark || x.tokens[s.a-1].norm == lineMark) {
		return false
	}
	if x.asked(n-1) || x.asked(n) {
		return true
	}
	for i := s.a; before && i < s.b; i++ {
		if x.word(i) == "i" || x.tellsPast(span{i, i + 1}) {
			return false
		}
	}
	return before
}

// tellsPast reports a verb in the past, as a worker tells of what was done at a visit.
func (x *text) tellsPast(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.word(i); x.lex.finite[n] && x.lex.verb[n] != n && !strings.HasSuffix(n, "s") && !finiteAux[n] && x.lex.speech[n] == "" {
			return true
		}
	}
	return false
}

// namedBetween reports that a stretch speaks of person w by name or role.
func (x *text) namedBetween(w int, s span) bool {
	for i := s.a; i < s.b; i++ {
		if x.who[i] == w && !pronoun(x.word(i)) && !possessives[x.word(i)] {
			return true
		}
	}
	return false
}

// besideMe reports somebody who is named together with the worker at token i: "just me and her", "her and me".
func (x *text) besideMe(i int) bool {
	return x.word(i-1) == "and" && (x.word(i-2) == "me" || x.word(i-2) == "myself") || x.word(i+1) == "and" && (x.word(i+2) == "me" || x.word(i+2) == "i" || x.word(i+2) == "myself")
}

// singularThey gives "they" and "their" to somebody who is said to use these words: "Robin, fifteen, who uses they/them".
func (x *text) singularThey() {
	who, from := -1, 0
	for i := 1; i+1 < len(x.tokens) && who < 0; i++ {
		k := i + 1
		for k < len(x.tokens) && (x.tokens[k].mark || x.word(k) == "slash") {
			k++
		}
		if x.word(i) == "they" && x.word(k) == "them" && k <= i+2 && (x.word(i-1) == "uses" || x.word(i-1) == "use" || x.word(i-1) == "by" || x.word(k+1) == "pronouns") || x.word(i) == "they" && x.word(i-1) == "as" && x.word(i-2) == "goes" {
			who, from = x.lastPerson(span{max(0, i-12), i}), k+1
		}
	}
	for i := from; who >= 0 && i < len(x.tokens); i++ {
		if n := x.word(i); x.who[i] < 0 && (n == "they" && !x.severalJustNamed(i) || n == "their" && x.word(i+1) == "own") {
			x.who[i] = who
		}
	}
}

// severalJustNamed reports that two people joined by "and", or a word for several, stand in the few words before token i.
func (x *text) severalJustNamed(i int) bool {
	for k := i - 1; k > 0 && k > i-8; k-- {
		switch n := x.word(k); {
		case n == "and" && x.whoAt(k-1) >= 0 && x.whoAt(k+1) >= 0 && x.whoAt(k-1) != x.whoAt(k+1), n == "carers", n == "parents", n == "both", n == "kids", n == "children", n == "school", n == "police":
			return true
		}
	}
	return false
}

var (
	pronounGenders = map[string]string{"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
	objectPronouns = setOf("him herself himself")
)

// interprets reports an interpreter, whose own doings are not spoken of.
func (x *text) interprets(w int) bool {
	if x.people[w].kind(x) == roleFamily {
		return false // who translates for his wife speaks for himself, too
	}
	p := &x.people[w]
	if p.roleName == "interpreter" {
		return true
	}
	for _, m := range p.mentions {
		if n := x.word(m.b); n == "interpreted" || n == "interpreting" || n == "translated" || n == "translating" || (n == "was" || n == "is") && (x.word(m.b+1) == "interpreting" || x.word(m.b+1) == "translating") {
			return true
		}
	}
	return false
}

// passing reports somebody who comes up and goes again: a professional, a neighbour, a name without a role.
func (x *text) passing(w int) bool {
	p := &x.people[w]
	k := p.kind(x)
	if k == "" && p.title() != "" && len(p.mentions) > 0 && p.mentions[0].a < opening {
		return false // "Mrs Adu refused to let me in"
	}
	for _, m := range p.mentions[:min(len(p.mentions), 3)] {
		if k == "" && x.letsIn(m.b) {
			return false
		}
	}
	return k != roleFamily && k != roleChild
}

func has(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

// verbalEnding reports an 's that is a verb: "Shona's going", "Landlady's called", "Neil's the stepdad".
func (x *text) verbalEnding(i int) bool {
	if !x.tokens[i].poss || i+1 >= len(x.tokens) {
		return false
	}
	n := x.tokens[i+1].norm
	return determiners[n] || adverbs[n] || n == "come" || n == "gone" || n == "had" || n == "in" || n == "at" || n == "on" || n == "going" || n == "got" || n == "been" || n == "called" || n == "with" || n == "up" || n == "out" || n == "back" || n == "not" ||
		x.lex.finite[n] && n != "left" || len(n) > 4 && n[len(n)-3:] == "ing" && x.lex.verb[n] != "" || n == "offered" || n == "spoken" || n == "taken" || n == "given" || n == "written" || n == "rung" || n == "eaten" || n == "agreed" || n == "fine" || n == "well" || n == "happy" || n == "willing" || n == "keen"
}

// mainVerb is the first finite verb of a clause, -1 without one.
func (x *text) mainVerb(a, b int) int {
	for i := a; i < b; i++ {
		t := &x.tokens[i]
		if t.mark || x.monthMay(i) {
			continue
		}
		if n := x.word(i - 1); x.lex.finite[t.norm] && (n == "a" || n == "the" || n == "of" || possessives[n]) && i > a {
			continue // "after a bit", "the house of worries", "on her worries sheet"
		}
		if x.lex.finite[t.norm] || finiteAux[t.norm] || (i > a && x.lex.verb[t.norm] != "" && (subjectPronouns[x.tokens[i-1].norm] || x.whoAt(i-1) >= 0) && !x.tokens[i-1].poss) {
			if finiteAux[t.norm] { // the verb behind the auxiliary, when it is one of speech
				for k := i + 1; k < b && k < i+4; k++ {
					if x.lex.speech[x.tokens[k].norm] != "" && !x.tokens[k].mark {
						return k
					}
					if !adverbs[x.tokens[k].norm] && !auxiliaries[x.tokens[k].norm] {
						break
					}
				}
			}
			return i
		}
	}
	return -1
}

// bareVerb reports a clause that begins with its verb and so shares an earlier subject.
func (x *text) bareVerb(a, verb int) bool {
	for i := a; i < verb; i++ {
		t := &x.tokens[i]
		if !t.mark && !coordinators[t.norm] && !adverbs[t.norm] && !finiteAux[t.norm] && !isFiller(t) && t.norm != "then" && t.norm != "who" {
			return false
		}
	}
	return true
}

// sharedSubject is the subject of a clause without one of its own: that of the clause before, or everybody in the fragments that
// lead up to it ("Ann, nine, and Bo, five, were at nursery").
func (x *text) sharedSubject(c int) (subject []int, worker bool) {
	for back := c - 1; back >= 0 && x.parts[back].sentence == x.parts[c].sentence; back-- {
		if x.verbAt[back] >= 0 && len(subject) > 0 {
			break
		}
		if j := x.parts[back].joint; x.worker[back] && back > 0 && x.parts[back-1].sentence == x.parts[c].sentence &&
			(j == "when" || (j == "while" || j == "as") && !x.worker[back-1] && strings.HasPrefix(x.parts[c].joint, "+")) {
			continue // "Ethan was out when I got there but came in later", "her mum rang | while I was there | and said …"
		}
		for _, w := range x.subject[back] {
			if !has(subject, w) {
				subject = append(subject, w)
			}
		}
		worker = worker || x.worker[back]
		if x.verbAt[back] >= 0 && (len(subject) > 0 || worker) {
			break
		}
	}
	return subject, worker
}

// subjectAgain reports a subject pronoun after the main verb: "said she was".
func (x *text) subjectAgain(i int) bool {
	return x.tokens[i].norm == "he" || x.tokens[i].norm == "she"
}

// genderFits reports that a pronoun of a gender can mean a person: theirs is the same, or is not known.
func (x *text) genderFits(w int, gender string) bool {
	g := x.people[w].gender
	return g == gender || g == ""
}

// lookedOver is the one child of a gender at whose body the worker looks, whoever spoke before: "I looked at his wrists"; -1 without.
func (x *text) lookedOver(c, i int, gender string) int {
	if !x.worker[c] || !possessives[x.word(i)] || !bodyParts[x.word(i+1)] && !(sides[x.word(i+1)] && bodyParts[x.word(i+2)]) {
		return -1
	}
	return x.loneChild(gender)
}

// loneChild is the one child of the family whom a pronoun of a gender can mean; -1 without, or with several.
func (x *text) loneChild(gender string) int {
	found := -1
	for w := range x.people {
		if p := &x.people[w]; p.isChild(x) && len(p.mentions) > 0 && !p.generic && x.genderFits(w, gender) && !x.elsewhere(p) {
			if found >= 0 {
				return -1
			}
			found = w
		}
	}
	return found
}

// loneTalker is the one child of a known gender who is no baby; -1 without, or with several.
func (x *text) loneTalker(gender string) int {
	found := -1
	for w := range x.people {
		if p := &x.people[w]; p.isChild(x) && len(p.mentions) > 0 && !p.generic && p.gender == gender && !x.infant(p) && p.roleName != "baby" {
			if found >= 0 {
				return -1
			}
			found = w
		}
	}
	return found
}

// signing is the one child of a gender whom a pronoun at token i before signs or symbols means, whichever adult was spoken of: "he gave me the smiley face"; -1
// without, and where the pronoun may well be another's.
func (x *text) signing(s span, i int, gender string) int {
	if w := x.who[i]; w < 0 || x.people[w].isChild(x) || possessives[x.word(i)] || objectPronouns[x.word(i)] || !x.showing(span{i, s.b}) {
		return -1
	}
	return x.loneChild(gender)
}

// whoCame is the subject of a clause in which the worker acts next: "when Kyle got in I had a chat with him"; -1 otherwise.
func (x *text) whoCame(head, i int, subject []int, gender string) int {
	for k := head + 1; k < i; k++ {
		if n := x.word(k); n == "i" || n == "we" {
			for _, w := range subject {
				if x.genderFits(w, gender) {
					return w
				}
			}
		}
	}
	return -1
}

// besideOwn is the person right before "on his own", "in her own room", who fits: -1 where there is none in the clause.
func (x *text) besideOwn(i, a int, gender string) int {
	if x.word(i+1) != "own" {
		return -1
	}
	for k := i - 1; k >= a && k >= i-4; k-- {
		if w := x.who[k]; w >= 0 && x.genderFits(w, gender) {
			return w
		}
	}
	return -1
}

// speakerIn is who speaks when token i stands in what is reported within the clause.
func (x *text) speakerIn(a, i int, subject []int, reporter int) int {
	for k := a; k < i; k++ {
		if x.lex.speech[x.tokens[k].norm] != "" && len(subject) == 1 {
			return subject[0]
		}
	}
	return reporter
}

func (x *text) antecedent(f focus, gender string, reporter int, subject []int, word string) int {
	fits := func(w int) bool { return w >= 0 && x.genderFits(w, gender) }
	if possessives[word] {
		for _, w := range subject {
			if fits(w) {
				return w
			}
		}
	}
	if fits(reporter) && x.people[reporter].gender == gender {
		return reporter
	}
	if w, ok := f.strong[gender]; ok && x.passing(w) && f.since[w] < f.now-1 { // a professional stays in focus no longer than the next sentence
		if old, ok := f.home[gender]; ok {
			return old
		}
	}
	if w, ok := f.strong[""]; ok && fits(w) { // nothing is known of the gender of the last subject
		if v, ok := f.told[gender]; ok && x.alreadyNamed(v, f.now, f.at) { // "Ellis said Dad is loud but he is fun": he is Dad
			return v
		}
		if v, known := f.strong[gender]; !known || f.clause[v] < f.clause[w] && (x.people[w].kind(x) != roleProfessional || x.reached(f.clause[w])) && !has(subject, w) {
			return w
		}
	}
	for _, m := range []map[string]int{f.strong, f.weak, f.told} {
		if w, ok := m[gender]; ok {
			return w
		}
	}
	for _, m := range []map[string]int{f.strong, f.weak} {
		if w, ok := m[""]; ok && fits(w) {
			return w
		}
	}
	return -1
}

// namedIn reports that sentence n speaks of somebody by name or role.
func (x *text) namedIn(w, n int) bool {
	list := x.people[w].mentions // in order
	i := sort.Search(len(list), func(i int) bool { return list[i].a >= x.sents[n].a })
	return i < len(list) && list[i].a < x.sents[n].b
}

// alreadyNamed reports that sentence n speaks of somebody by name or role before token at.
func (x *text) alreadyNamed(w, n, at int) bool {
	list := x.people[w].mentions // in order
	i := sort.Search(len(list), func(i int) bool { return list[i].a >= x.sents[n].a })
	return i < len(list) && list[i].a < min(at, x.sents[n].b)
}

// adultBefore is the adult of a gender who was last named within forty tokens before token i, -1 without.
func (x *text) adultBefore(i int, gender string) int {
	for k := i - 1; k >= 0 && k > i-40; k-- {
		if w := x.who[k]; w >= 0 && !x.people[w].isChild(x) && x.people[w].gender == gender && pronounGenders[x.word(k)] == "" && !x.tokens[k].poss {
			return w
		}
	}
	return -1
}

// speaking is antecedent for the pronoun at token i of a clause with the given verb. One who tells the worker something is no baby, and nobody whom what is
// told names: "she told me mum can't get up the stairs" is not mum's.
func (x *text) speaking(f focus, gender string, reporter int, subject []int, i, verb int) int {
	word := x.tokens[i].norm
	w := x.antecedent(f, gender, reporter, subject, word)
	if w >= 0 && len(x.people[w].mentions) > 0 && x.people[w].mentions[0].a > i {
		if q := x.adultBefore(i, gender); q >= 0 {
			w = q // who is spoken of later only is not meant where somebody else was named
		}
	}
	if w < 0 || verb < i || possessives[word] || objectPronouns[word] || x.lex.speech[x.tokens[verb].norm] == "" && !x.goes(verb) {
		return w
	}
	if child := x.loneTalker(gender); child >= 0 && w != child && reporter < 0 && x.people[w].name == "" && x.isAway(w) && !x.cannotSay(child, verb) {
		return child // who was at work has said nothing
	}
	if child := x.loneTalker(gender); child >= 0 && x.people[w].role >= 0 && !x.people[w].isChild(x) && reporter < 0 && !x.namedIn(w, f.now) && x.childsWords(i, verb) && !x.cannotSay(child, verb) {
		return child
	}
	if !x.cannotSay(w, verb) {
		return w
	}
	for _, m := range []map[string]int{f.strong, f.weak, f.told, f.home} {
		if v, ok := m[gender]; ok && v != w && !x.cannotSay(v, verb) {
			return v
		}
	}
	if v, ok := f.strong[""]; ok && v != w && f.since[v] >= f.now-1 && !x.cannotSay(v, verb) { // "Harley showed us where dad … He whispered that dad …"
		return v
	}
	found := -1
	for v := range x.people {
		p := &x.people[v]
		if v == w || p.gender != gender || !p.isChild(x) || len(p.mentions) == 0 || x.cannotSay(v, verb) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = v
	}
	return found
}

// isAway reports somebody who is spoken of only to say that he or she was away: "mum's at work till six".
func (x *text) isAway(w int) bool {
	list := x.people[w].mentions
	return len(list) == 1 && x.awayNow(list[0])
}

// childsWords reports words that a child says of those at home, behind the verb or before the pronoun at token i in its sentence: "daddy's shouty, she said", "he said my
// nan does it".
func (x *text) childsWords(i, verb int) bool {
	for k := i - 1; k > 0 && k > i-30; k-- {
		if t := &x.tokens[k]; t.mark && (t.norm == "." || t.norm == "?" || t.norm == breakMark || t.norm == lineMark) {
			break
		}
		if x.homeWord(k) {
			return true
		}
	}
	for k := verb + 1; k < len(x.tokens) && k < verb+30; k++ {
		if t := &x.tokens[k]; t.mark && (t.norm == "." || t.norm == "?" || t.norm == breakMark || t.norm == lineMark) {
			break
		}
		if x.homeWord(k) {
			return true
		}
	}
	return false
}

// homeWord reports a word at token i that only the child of the one it means uses: "mummy", "my nan".
func (x *text) homeWord(i int) bool {
	n := x.word(i)
	return n == "mummy" || n == "daddy" || ownFamily[n] && x.word(i-1) == "my"
}

// cannotSay reports that the words behind a verb of speech are not person w's.
func (x *text) cannotSay(w, verb int) bool {
	p := &x.people[w]
	if p.isChild(x) && x.infant(p) || p.roleName == "baby" {
		return true
	}
	for i := verb + 1; i < len(x.tokens) && i < verb+16; i++ {
		t := &x.tokens[i]
		if t.mark && (t.norm == "." || t.norm == breakMark || t.norm == lineMark) || x.lex.speech[t.norm] != "" {
			return false
		}
		if x.who[i] == w && pronounGenders[t.norm] == "" {
			return true
		}
	}
	return false
}

// heading is the person whose name, with a colon behind it, begins a clause: "Ayo: kicked a ball with me"; -1 without.
func (x *text) heading(c int) int {
	part := &x.parts[c]
	if part.a != x.sents[part.sentence].a {
		return -1
	}
	i := part.a
	for i+1 < len(x.tokens) && i < part.a+3 && x.who[i] >= 0 && x.whoAt(i+1) == x.who[i] {
		i++
	}
	if x.who[i] < 0 || i+1 >= len(x.tokens) || x.tokens[i+1].norm != ":" {
		return -1
	}
	return x.who[i]
}

// possessor is the one whose a clause's subject is: "Beryl's knees have got bad"; -1 without.
func (x *text) possessor(a, head int) int {
	for i := a; i < head; i++ {
		t := &x.tokens[i]
		switch {
		case x.who[i] >= 0 && t.poss && !x.verbalEnding(i) && !possessives[t.norm]:
			return x.who[i]
		case t.mark || x.who[i] >= 0 || !determiners[t.norm] && !adverbs[t.norm] && t.norm != "and":
			return -1
		}
	}
	return -1
}

var asides = setOf("while whilst because cos as although though since until till unless after before")

// aside reports a clause that only says beside what something else happened: "I spoke to her | while mum made tea".
func (x *text) aside(c int) bool {
	if c == 0 || x.parts[c-1].sentence != x.parts[c].sentence {
		return false
	}
	return asides[x.parts[c].joint] || x.parts[c].joint == "when" && len(x.subject[c-1]) > 0 && !x.worker[c-1]
}

var parting = setOf("let left lets leaves found gave lent leave")

// leavesAlone reports somebody who leaves the worker with another: "Mr Pugh found us a room and left us to it".
func (x *text) leavesAlone(s span, subject []int) bool {
	if len(subject) == 0 || x.people[subject[0]].isChild(x) {
		return false
	}
	for i := s.a + 1; i < s.b; i++ {
		if x.tokens[i].norm == "us" && parting[x.tokens[i-1].norm] {
			return true
		}
	}
	return false
}

var (
	leavings = setOf("went gone popped nipped headed stepped slipped waited stayed")
	outsides = setOf("off out away outside in through down upstairs downstairs")
	errands  = setOf("shop shops car bins washing dog dogs")
	fetching = setOf("get fetch find grab look check see bring show answer meet")
)

// stepsOut is the adult who leaves the worker with somebody else, or waits elsewhere: "Beata drove her but waited in the car", "gran went off to the shops"; -1 without,
// and where it is told of another day, or somebody only fetches something.
func (x *text) stepsOut(c int, subject []int) int {
	part, v := &x.parts[c], x.verbAt[c]
	if v < 0 || len(subject) != 1 || x.worker[c] || x.people[subject[0]].isChild(x) {
		return -1
	}
	if finiteAux[x.word(v)] {
		v++
	}
	n := x.word(v + 1)
	if !leavings[x.word(v)] || !outsides[n] && !(n == "to" && errands[x.word(v+3)]) {
		return -1
	}
	for i := part.a; i < part.b; i++ {
		if n := x.word(i); fetching[n] || whens[n] && n != "while" && n != "when" && n != "then" || n == "with" && x.word(v) != "stayed" || n == "not" || n == "never" {
			return -1
		}
	}
	return subject[0]
}

func (x *text) otherThan(f focus, gender string, subject []int) int {
	for _, m := range []map[string]int{f.strong, f.weak, f.told} {
		if w, ok := m[gender]; ok && !has(subject, w) {
			return w
		}
	}
	return -1
}

// learnGender takes the gender of a pronoun for somebody whose own is not known.
func (x *text) learnGender(w, i int) {
	if g := pronounGenders[x.tokens[i].norm]; g != "" && x.people[w].gender == "" {
		x.people[w].gender = g
	}
}

// addedOn reports a clause that is added to one before it in its sentence.
func (x *text) addedOn(c int) bool {
	j := x.parts[c].joint
	return c > 0 && x.parts[c-1].sentence == x.parts[c].sentence && (j == "and" || j == "+and" || j == ",")
}

// addressed reports that the worker saw or spoke to somebody, whom the next sentence goes on about.
func (x *text) addressed(verb int) bool {
	return verb >= 0 && (sawVerbs[x.tokens[verb].norm] || spokeVerbs[x.tokens[verb].norm] || dealtWith[x.tokens[verb].norm])
}

// worryAbout is the one whom the worker worries about in a clause: "I'm worried about mum's low mood", and whom the next pronoun means; -1 without.
func (x *text) worryAbout(c int) int {
	if !x.worker[c] {
		return -1
	}
	part := &x.parts[c]
	for i := part.a; i+1 < part.b; i++ {
		if n := x.word(i); n != "worried" && n != "concerned" && n != "worry" {
			continue
		}
		for k := i + 1; k < part.b && k <= i+4; k++ {
			if x.who[k] >= 0 {
				return x.who[k]
			}
		}
	}
	return -1
}

// introduction reports no more than who somebody is: "stepdad is Grant". The next "he" is whoever was spoken of.
func (x *text) introduction(part *clause, verb int, subject []int) bool {
	if verb < 0 && len(subject) == 1 && part.b-part.a <= 4 && part.a == x.sents[part.sentence].a && part.b >= x.sents[part.sentence].b-1 {
		for i := part.a; i+1 < part.b; i++ { // "Keyworker's Femi."
			if x.who[i] == subject[0] && x.tokens[i].poss && x.roleEnd[i+1] && x.who[i+1] == subject[0] {
				return true
			}
		}
	}
	if verb <= part.a || len(subject) != 1 || !x.roleEnd[verb] || x.word(verb) != "is" && x.word(verb) != "'s" && x.word(verb) != "are" {
		return false
	}
	named := false
	for i := part.a; i < part.b; i++ {
		switch {
		case i == verb || x.tokens[i].mark || isFiller(&x.tokens[i]) || determiners[x.word(i)] || x.word(i) == "called" || x.word(i) == "and":
		case x.who[i] == subject[0] && pronounGenders[x.word(i)] == "":
			named = named || i > verb
		default:
			return false
		}
	}
	return named
}

// saidBehind reports no more than who said what stands before it: "that's his happy noise, | Ian said". The next "he" is not Ian.
func (x *text) saidBehind(c int) bool {
	part := &x.parts[c]
	return part.joint == "," && c > 0 && x.parts[c-1].sentence == part.sentence && part.b-part.a <= 2 && part.b >= x.sents[part.sentence].b-1
}

// reached reports a clause in which somebody gets in touch with the worker, and is who tells what comes next: "The school nurse rang me, she said …".
func (x *text) reached(c int) bool {
	v := x.verbAt[c]
	return v >= 0 && !x.worker[c] && reaching[x.word(v)] && (x.word(v+1) == "me" || x.word(v+1) == "us" || x.word(v+1) == "back")
}

var reaching = setOf("rang phoned called emailed texted messaged contacted rings phones emails texts")

var recounting = setOf("explained told reminded advised")

// introduces are words behind which somebody is spoken of and not to: "I explained that mum had not come".
var introduces = setOf("that how why if when about whether")

var dealtWith = setOf("told asked agreed advised reminded reassured thanked encouraged praised discussed explained warned challenged rang phoned called texted")

// spokenOfBefore reports that an earlier clause of the sentence names somebody.
func (x *text) spokenOfBefore(c int) bool {
	for i := x.sents[x.parts[c].sentence].a; i < x.parts[c].a; i++ {
		if x.who[i] >= 0 {
			return true
		}
	}
	return false
}

var tersely = setOf("see speak meet visit ring call knock arrive discuss try observe ask phone")

// leadsToPresence reports a fragment whose sentence goes on to say where somebody was: "gran, Ivy, was in the garden".
func (x *text) leadsToPresence(c int) bool {
	for k := c + 1; k < len(x.parts) && x.parts[k].sentence == x.parts[c].sentence; k++ {
		if x.presenceOnly(x.parts[k].span) {
			return true
		}
		if x.hasFinite(x.parts[k].a, x.parts[k].b) {
			return false
		}
	}
	return false
}

// presenceOnly reports a clause that says no more of somebody than where he or she was.
func (x *text) presenceOnly(s span) bool {
	for i := s.a; i < s.b; i++ {
		switch x.tokens[i].norm {
		case "was", "were", "is", "'s":
			for k := i + 1; k < s.b && k < i+3; k++ {
				if w := x.tokens[k].norm; w == "in" || w == "at" || w == "there" || w == "out" || w == "upstairs" || w == "downstairs" || w == "home" || w == "present" || w == "around" {
					return true
				}
			}
			return false
		}
	}
	return false
}
