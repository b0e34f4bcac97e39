package rules

import (
	"strings"

	"kerbside"
)

// Whether a child's bedroom was seen: by words for the worker's looking or being shown, by the worker's having been in it, or by a description of
// it in the worker's own words. What others tell of a room says nothing.

var (
	bedWords     = setOf("bed beds cot basket bunk bunks sleep sleeps upstairs mattress duvet")
	roomWords    = setOf("bedroom bedrooms room rooms")
	sightVerbs   = setOf("see look check view visit inspect peek glance poke pop observe peer stick examine photograph count note")
	showVerbs    = setOf("show take drag invite lead bring let give walk march")
	goVerbs      = setOf("go come get make head nip run climb walk be")
	roomTargets  = setOf("bedroom bedrooms room rooms upstairs")
	notToBeSeen  = setOf("forgot limits refused declined excuses refusal unable without locked")
	denials      = setOf("not never no without nor neither none")
	dwelling     = setOf("house houses flat flats home place property terrace semi maisonette bungalow council tax accommodation unit apartment caravan hotel")
	sleepPlaces  = setOf("bed beds bunk bunks cot cots mattress basket crib bunk-bed bunk-beds")
	positionVerb = setOf("sit stand be see speak talk play find spend chat do meet draw read lie")
)

// bedroomIn reads what clause c says of a bedroom, for whom.
func (x *text) bedroomIn(c int, children []int, all map[int]*answers, everyone *answers) {
	part := &x.parts[c]
	for i := part.a; i < part.b; i++ {
		end, strong := x.roomAt(i, c, children)
		if end < 0 {
			continue
		}
		told := c
		if x.word(part.a) == "where" && c > 0 && x.parts[c-1].sentence == part.sentence {
			told = c - 1 // "she showed me | where she sleeps"
		}
		value := x.bedroomValue(told, i, end, strong)
		if value == kerbside.Yes && (x.saidBehindIt(c) || x.notFirstHand(c)) {
			value = "" // "his bed's broken, Carol said"
		}
		if value == kerbside.Yes {
			value = x.roomTakenBack(span{x.parts[told].a, part.b}, i, end)
		}
		if value == "" && strong && x.leftOut(part.span, end) && !x.otherTime(c) {
			value = kerbside.No
		}
		if value == "" || value == kerbside.Yes && (x.otherTime(c) && !x.askedToSee(c) || x.word(end) == "door" && !x.contains(part.span, "head") || x.fromOutside(end)) {
			continue
		}
		s := x.trim(part.span)
		if told != c {
			s.a = x.trim(x.parts[told].span).a
		}
		if c > 0 && x.parts[c-1].sentence == part.sentence && x.verbAt[c] < 0 {
			s.a = min(s.a, x.trim(x.parts[c-1].span).a)
		}
		if d := c + 1; d < len(x.parts) && x.parts[d].sentence == part.sentence && (x.verbAt[c] < 0 || value == kerbside.Yes && (!x.saysSeen(s) || x.contains(s, "asked"))) {
			s.b = max(s.b, x.parts[d].b)
		}
		f := x.fact(found{s, value})
		targets := x.childrenIn(c, children)
		if n := x.word(i); n == "bedrooms" || n == "rooms" || n == "beds" || n == "upstairs" && !x.ownsBehind(i, part.b, children) || x.word(i-1) == "the" && len(children) > 1 && len(x.namedChildren(part.span, children)) == 0 {
			targets = children
			if own := x.roomSpokenOf(c, children); x.word(i-1) == "the" && (n == "bedroom" || n == "room") && len(own) > 0 {
				targets = own
			}
		}
		targets = x.ofGender(targets, x.groupGender(i))
		if len(targets) == 0 {
			targets = x.whoseRoom(i, children)
		}
		if value == kerbside.Yes && (x.ofStranger(c, children) || !x.roomFits(i, children)) {
			targets = nil // somebody's whose part in the family is not known, and nobody else's
		}
		putRoom(f, targets, all, everyone)
		return
	}
}

// whoseRoom is whose the room at token i is when its clause names no child: the child last spoken of whom "his" or "her" fits, and all where it is nobody's by its words:
// "Bedroom seen", "I saw the shared bedroom".
func (x *text) whoseRoom(i int, children []int) []int {
	for k := i - 1; k >= 0 && k > i-4 && !x.tokens[k].mark; k-- {
		if x.tokens[k].poss {
			return nil
		}
		g := pronounGenders[x.word(k)]
		if !possessives[x.word(k)] || g == "" {
			continue
		}
		for m := k - 1; m >= 0 && m > k-80; m-- {
			w := x.who[m]
			if w < 0 || pronoun(x.word(m)) || possessives[x.word(m)] || !x.genderFits(w, g) {
				continue
			}
			if q := &x.people[w]; has(children, w) {
				return []int{w}
			} else if q.name != "" && q.role < 0 && !q.adult && q.title() == "" {
				return nil // whose part in the family is not known
			}
		}
		return nil
	}
	return x.ofGender(children, x.groupGender(i))
}

// fromOutside reports, behind words for a bedroom that end at token end, what one sees from the street: "the bedroom window was open", "her bedroom light was on".
func (x *text) fromOutside(end int) bool {
	k := end + 1
	if !outerParts[x.word(end)] || !finiteAux[x.word(k)] && !x.tokens[end].poss {
		return false
	}
	for k < len(x.tokens) && (finiteAux[x.word(k)] || adverbs[x.word(k)]) {
		k++
	}
	switch x.word(k) {
	case "open", "on", "off", "shut", "closed", "drawn", "lit":
		return true
	}
	return false
}

// notFirstHand reports a clause about what the worker has only heard or read, about another home, or about an earlier visit: "apparently his room's a tip", "the log says
// the bedroom was bare", "he has his own room at his dad's", "when I came in June | his bedroom was filthy".
func (x *text) notFirstHand(c int) bool {
	p := x.parts[c]
	from := x.sents[p.sentence].a
	if x.restored {
		from = 0 // the marks may stand in the wrong place
	}
	for k := max(from, p.a-5); k < p.b; k++ {
		switch n, next := x.word(k), x.word(k+1); n {
		case "apparently", "reportedly", "supposedly", "allegedly":
			return true
		case "gather", "understand", "believe", "imagine", "assume", "suppose", "heard", "hear":
			if w := x.word(k - 1); w == "i" || w == "we" || w == "'m" {
				return true
			}
		case "told":
			if w := x.word(k - 1); w == "'m" || w == "am" || w == "was" && x.word(k-2) == "i" {
				return true
			}
		case "according":
			return next == "to"
		case "log", "report", "referral", "notes", "email", "letter", "plan", "allegation":
			if next == "says" || next == "said" || next == "is" && x.word(k+2) == "that" || next == "has" {
				return true
			}
		case "at":
			if k >= p.a && x.atSomeones(k, p.b) && !x.hostHere(k, p.b) {
				return true
			}
		}
	}
	if d := c - 1; d >= 0 && x.parts[d].sentence == p.sentence && x.word(x.parts[d].a) == "when" && x.worker[d] && x.monthIn(x.parts[d].span) {
		return true
	}
	s := span{max(from, p.a-6), p.b}
	return (x.word(p.a) == "when" || x.word(s.a) == "when") && x.monthIn(s)
}

// hostHere reports that the one at whose place something is was there: "her room at Jean's" where Jean is the carer.
func (x *text) hostHere(k, b int) bool {
	for i := k + 1; i < b && i < k+4; i++ {
		if w := x.who[i]; w >= 0 && x.tokens[i].poss {
			return x.people[w].presence == kerbside.Present
		}
	}
	return false
}

// monthIn reports the name of a month behind "in" or "back in".
func (x *text) monthIn(s span) bool {
	for k := s.a; k+1 < s.b; k++ {
		if _, month := months[x.word(k+1)]; month && x.word(k) == "in" {
			return true
		}
	}
	return false
}

// saidBehindIt reports a clause of somebody's words whose verb of speech comes behind them: "there's a telly in his bedroom, says Carol".
func (x *text) saidBehindIt(c int) bool {
	p := x.parts[c]
	for _, f := range x.framesAt(p.a) {
		if f.kind != kerbside.WorkerOpinion && f.content.a <= p.a && p.a < f.content.b && f.cue.a >= f.content.b {
			return true
		}
	}
	d := c + 1
	if d >= len(x.parts) || x.parts[d].sentence != p.sentence || x.worker[d] || x.verbAt[d] != x.parts[d].b-1 || x.parts[d].b-x.parts[d].a > 3 {
		return false
	}
	switch x.lex.verb[x.word(x.verbAt[d])] { // "the bedroom's been painted, Janet says, lilac"
	case "say", "reckon", "claim", "insist", "swear":
		return len(x.subject[d]) > 0
	}
	return false
}

// askedToSee reports "I asked if I could see his room", which is no more supposed than "I asked to see".
func (x *text) askedToSee(c int) bool {
	part := &x.parts[c]
	for k := part.a; k+3 < part.b; k++ {
		if x.word(k) == "if" && x.before(k) == "asked" && (x.word(k+1) == "i" || x.word(k+1) == "we") && (x.word(k+2) == "could" || x.word(k+2) == "can") {
			return !x.reported(c)
		}
	}
	return false
}

// ownsBehind reports a thing of one of the children in the rest of a clause: "upstairs there's no duvet on Ada's bed" is Ada's room and nobody else's.
func (x *text) ownsBehind(i, b int, children []int) bool {
	for k := i + 1; k < b; k++ {
		if x.tokens[k].poss && x.who[k] >= 0 && has(children, x.who[k]) {
			return true
		}
	}
	return false
}

// groupGender is whose room "the boys' room" at token i is, "" when the word before it names no such group.
func (x *text) groupGender(i int) string {
	if x.word(i) == "upstairs" { // "upstairs the girls' room"
		for k := i + 1; k < i+6 && k < len(x.tokens); k++ {
			if roomWords[x.word(k)] {
				return x.groupGender(k)
			}
		}
	}
	k := i - 1
	if x.tokenIs(k, "'") {
		k--
	}
	switch strings.TrimSuffix(x.word(k), "s") {
	case "boy", "lad":
		return "m"
	case "girl":
		return "f"
	}
	return ""
}

// ofGender keeps the people of a gender, and those of whom none is known; all when the gender is "".
func (x *text) ofGender(list []int, gender string) []int {
	if gender == "" {
		return list
	}
	var out []int
	for _, w := range list {
		if x.genderFits(w, gender) {
			out = append(out, w)
		}
	}
	return out
}

// roomSpokenOf gives the children whose room "the bedroom" of clause c is, when one was spoken of just before: "I saw Ada in her bedroom. The bedroom was clean."
func (x *text) roomSpokenOf(c int, children []int) []int {
	for back := c - 1; back >= 0 && x.parts[back].sentence >= x.parts[c].sentence-5; back-- {
		part := &x.parts[back]
		for i := part.a; i < part.b; i++ {
			if end, _ := x.roomAt(i, back, children); end < 0 {
				continue
			}
			if n := x.word(i); (n == "bedroom" || n == "room") && x.word(i-1) != "the" {
				return x.childrenIn(back, children)
			}
			if x.word(i-1) != "the" {
				return nil
			}
		}
	}
	return nil
}

// roomFits reports that a room behind "his" or "her" can be one of the children's.
func (x *text) roomFits(i int, children []int) bool {
	k := i - 1
	for k > 0 && (x.word(k) == "own" || x.word(k) == "new" || x.word(k) == "little") {
		k--
	}
	g := pronounGenders[x.word(k)]
	if g == "" {
		return true
	}
	for _, w := range children {
		if x.genderFits(w, g) {
			return true
		}
	}
	return false
}

func (x *text) saysSeen(s span) bool {
	for k := s.a; k < s.b; k++ {
		if b := x.lex.verb[x.word(k)]; sightVerbs[b] || b == "show" {
			return true
		}
	}
	return false
}

// roomAt finds words for a child's bedroom that start at token i of clause c; strong tells that they can mean nothing else. The end is -1 without.
func (x *text) roomAt(i, c int, children []int) (end int, strong bool) {
	part := &x.parts[c]
	n := x.word(i)
	switch {
	case n == "bedroom" || n == "bedrooms":
		if x.word(i-1) == "one" && (x.word(i-2) == "only" || x.word(i-2) == "'s" || x.word(i-2) == "is" || x.word(i-2) == "just") {
			return -1, false // "there's only one bedroom"
		}
		if i > part.a && (isNumber(&x.tokens[i-1]) && x.word(i-1) != "one" && n == "bedroom" || x.word(i-1) == "bed") || dwelling[x.word(i+1)] || n == "bedrooms" && i > part.a && isNumber(&x.tokens[i-1]) && !x.saysSeen(part.span) || x.word(i-1) == "a" || x.word(i-1) == "spare" {
			return -1, false
		}
		if x.grownsRoom(i) {
			return -1, false
		}
		return i + 1, true
	case n == "room" || n == "rooms":
		if x.grownsRoom(i) {
			return -1, false
		}
		prev := x.word(i - 1)
		if i > 0 && x.tokens[i-1].norm == "'" {
			prev = strings.TrimSuffix(x.word(i-2), "s")
		}
		switch {
		case prev == "his" || prev == "her" || prev == "their" || prev == "box" || prev == "own" || prev == "children" || prev == "kid" || prev == "kids" || prev == "boy" || prev == "boys" || prev == "girl" || prev == "girls" || prev == "twin" || prev == "twins":
			return i + 1, true
		case i > 0 && x.tokens[i-1].poss && x.whoAt(i-1) >= 0 && has(children, x.whoAt(i-1)):
			return i + 1, true
		case prev == "the" && (x.word(i+1) == "she" || x.word(i+1) == "he" || x.word(i+1) == "they" || x.tokens[i].poss && x.saysSleep(part.span)):
			return i + 1, true
		case i == part.a && part.a == x.sents[part.sentence].a && (x.verbAt[c] < 0 || x.roomTopic(c)):
			return i + 1, true // "Room seen."
		case prev == "the" && x.worker[c] && x.verbAt[c] >= 0 && x.verbAt[c] == i-2 && (x.word(i-2) == "saw" || x.word(i-2) == "viewed"):
			return i + 1, true
		case (prev == "both" || prev == "all") && x.saysSeen(part.span):
			return i + 1, true
		case prev == "the" && x.worker[c] && (x.word(i-2) == "shown" || x.word(i-2) == "saw" || x.word(i-2) == "seen") && x.spokenOfRoom(c):
			return i + 1, true
		case prev == "the" && x.spokenOfRoom(c):
			return i + 1, false
		}
	case (n == "sleep" || n == "sleeps") && x.where(x.sents[part.sentence].a, i) >= 0:
		return i + 1, true
	case n == "arrangements" && x.word(i-1) == "sleeping":
		return i + 1, true
	case n == "upstairs" && (x.word(i-1) != "from" && x.word(i+1) != "neighbour" && x.word(i+1) != "neighbours"):
		return i + 1, false
	case sleepPlaces[n] && i > part.a && !(x.word(i+1) == "and" && x.word(i+2) == "breakfast") && !x.contains(part.span, "wet") && x.word(i-1) != "to" && x.word(i-1) != "in" && x.word(i-1) != "of":
		if (n == "beds" || n == "bunks" || n == "cots") && x.worker[c] && x.word(i-1) == "the" || x.word(i-1) == "own" || x.word(i-1) == "her" || x.word(i-1) == "his" || x.word(i-1) == "their" || x.word(i-1) == "bunk" || x.tokens[i-1].poss && x.whoAt(i-1) >= 0 && has(children, x.whoAt(i-1)) {
			return i + 1, false
		}
	case (n == "beds" || n == "cot" || n == "mattress" || n == "bunks") && i <= part.a+1:
		return i + 1, false
	}
	return -1, false
}

func (x *text) saysSleep(s span) bool {
	return x.contains(s, "sleep") || x.contains(s, "sleeps") || x.contains(s, "shares")
}

// spokenOfRoom reports that the sentence, or the one before, is about where a child sleeps.
func (x *text) spokenOfRoom(c int) bool {
	s := x.parts[c].sentence
	for k := x.sents[max(0, s)].a; k < x.parts[c].a; k++ {
		if n := x.word(k); n == "bedroom" || n == "sharing" || n == "shares" || n == "share" || n == "upstairs" || n == "sleeps" {
			return true
		}
	}
	return false
}

// grownsRoom reports an adult's room: "mum's bedroom".
func (x *text) grownsRoom(i int) bool {
	if x.tokenIs(i-1, "'") && (x.word(i-2) == "parents" || x.word(i-2) == "carers" || x.word(i-2) == "adults" || x.word(i-2) == "grandparents") {
		return true // "the parents' bedroom"
	}
	if i == 0 || x.tokens[i-1].mark {
		return false
	}
	t := &x.tokens[i-1]
	if !t.poss || x.who == nil || x.whoAt(i-1) < 0 {
		return t.norm == "my"
	}
	return !x.people[x.whoAt(i-1)].isChild(x)
}

// bedroomValue reads the clause around words for a bedroom at [i,end).
func (x *text) bedroomValue(c, i, end int, strong bool) string {
	part := &x.parts[c]
	s := part.span
	n := x.word(i)
	if x.contains(s, "discussed") || x.onPaper(s, i, end) || x.contains(s, "picture") && !x.contains(s, "wall") || x.word(i-1) == "old" && possessives[x.word(i-2)] {
		return ""
	}
	if x.answeredByNo(part.b) || x.restored && x.verbAt[c] < 0 && part.b-part.a <= 3 && x.noBehind(part.b) {
		return kerbside.No
	}
	if x.verbAt[c] < 0 && part.b-i <= 2 && (x.word(part.b-1) == "seen" || x.word(part.b-1) == "viewed") && x.tokenIs(part.b, ":") && !x.negatedBefore(part.a, part.b) {
		return kerbside.Yes // "Bedroom seen: beds made"
	}
	if x.tokenIs(part.b, ",") && part.b-i <= 2 && x.word(part.b+1) == "no" && (x.tokenIs(part.b+2, ".") || x.tokenIs(part.b+2, ",")) {
		return kerbside.No
	}
	if strong && x.verbAt[c] < 0 && part.b-part.a <= 4 && c+1 < len(x.parts) && x.parts[c+1].sentence == part.sentence && x.verbAt[c+1] < 0 { // "Bedrooms, both seen"
		next := x.parts[c+1].span
		if next.b-next.a <= 3 && !x.negatedBefore(next.a, next.b) && (x.word(next.b-1) == "seen" || x.word(next.b-1) == "viewed" || x.word(next.b-1) == "checked") {
			return kerbside.Yes
		}
	}
	if c > 0 && (x.contains(s, "included") || x.contains(s, "including")) && x.parts[c-1].sentence == part.sentence && x.looksRound(x.parts[c-1].span) && !x.denies(c-1) && !x.overheardClause(c-1) {
		return kerbside.Yes
	}
	denied := x.deniesRoom(c, end)
	if n == "upstairs" && denied && !x.worker[c] && x.contains(s, "with") && x.contains(s, "me") {
		return "" // "he didn't want to come upstairs with me"
	}
	if w := x.word(end); strong && x.word(i-1) == "no" {
		if w == "check" || w == "checks" || w == "visit" || w == "seen" || w == "viewing" || w == "inspection" {
			return kerbside.No // "there was no bedroom check"
		}
		denied = true
	}
	sight, other := x.sightOf(c, i)
	if denied {
		if sight || strong && x.verbAt[c] < 0 && part.b-part.a <= 6 || strong && x.word(i-1) == "no" && x.verbAt[c] < 0 {
			return kerbside.No
		}
		if strong || n == "upstairs" {
			if x.pairAt(span{s.a, i}, "time", "for") {
				return kerbside.No // "there wasn't time for the bedroom"
			}
			for k := s.a; k < s.b; k++ {
				if b := x.lex.verb[x.word(k)]; goVerbs[b] && b != "be" || notToBeSeen[x.word(k)] || x.word(k) == "access" || x.word(k) == "in" && x.contains(s, "me") || x.word(k) == "been" && x.worker[c] {
					return kerbside.No
				}
			}
		}
	}
	if x.plannedRoom(c, i) {
		if v := x.wishedRoom(c, end); v != "" {
			return v
		}
		return ""
	}
	if denied && (sight || n == "upstairs" && (x.worker[c] || x.verbAt[c] < 0 || x.impersonal(c) || x.contains(s, "me") || x.contains(s, "us"))) {
		return kerbside.No
	}
	if other {
		return ""
	}
	if sight && (strong || n != "upstairs" && sleepPlaces[n] || n == "upstairs" && x.lookedUpstairs(c, i)) {
		return kerbside.Yes
	}
	if strong || sleepPlaces[n] {
		if x.wasInRoom(c, i, strong) {
			return kerbside.Yes
		}
	}
	if !(denied && x.word(s.a) == "there") && x.describesRoom(c, i, end, strong) {
		return kerbside.Yes
	}
	return ""
}

// onPaper reports that what was seen is a likeness of a room at [i,end) or something written about it: "photos of his bedroom", "the plan for the bedroom", "he drew me
// his room", "showed me on her phone".
func (x *text) onPaper(s span, i, end int) bool {
	if x.word(end) == "plan" || x.word(end) == "plans" {
		return true
	}
	for k := s.a; k < s.b; k++ {
		switch x.word(k) {
		case "photo", "photos", "photograph", "photographs", "drawing", "drew", "floorplan", "letter", "letters", "brochure":
			return true
		case "plan", "plans", "video":
			if n := x.word(k + 1); k < i && (n == "for" || n == "of") {
				return true
			}
		case "phone", "tablet", "laptop":
			if possessives[x.word(k-1)] && x.word(k-2) == "on" {
				return true
			}
		}
	}
	return false
}

// roomTakenBack reads what takes a bedroom at [i,end) out of what was seen in s: "upstairs apart from his room", "seen before, not today", "the bedroom was off the
// list so I didn't ask", and a lone word.
func (x *text) roomTakenBack(s span, i, end int) string {
	if s.b-s.a == 1 {
		return ""
	}
	if n := x.word(i); (n == "cot" || n == "basket" || n == "crib") && x.preBirth() {
		return "" // that is ready for one who is not born
	}
	if asked, answer := x.selfAsked(s, end); asked {
		return answer
	}
	if next := x.tokens[min(end+1, len(x.tokens)-1)]; x.word(end) == "before" && (next.mark || end+1 == len(x.tokens)) {
		return "" // "I've seen his bedroom before"
	}
	for k := s.a; k < i; k++ { // "I'd normally see the bedroom but there was a plasterer in it"
		if n := x.word(k); (n == "normally" || n == "usually" || n == "ordinarily") && (x.word(k-1) == "would" || x.word(k-1) == "'d") {
			return kerbside.No
		}
	}
	for k := i; k < end+5 && k < s.b; k++ { // "upstairs apart from his room"
		switch n := x.word(k); {
		case x.excepts(k), n == "bar" && k > i, n == "but" && x.word(k+1) == "not":
			for m := k + 1; m < s.b && m < k+6; m++ {
				if roomWords[x.word(m)] {
					return kerbside.No
				}
			}
		}
	}
	for k := i - 1; k >= s.a && k > i-5 && !x.tokens[k].mark && x.word(k) != "that"; k-- {
		if x.excepts(k) || x.word(k) == "bar" {
			return kerbside.No
		}
	}
	if x.leftOut(s, end) {
		return kerbside.No
	}
	last := x.sents[x.parts[x.partAt(s.a)].sentence].b
	for k := end; k < last && k < s.b+8; k++ {
		if w := x.word(k - 1); x.word(k) == "before" && (w == "seen" || w == "it" || w == "been") && (k+1 >= last || x.tokens[k+1].mark) {
			return kerbside.No
		}
	}
	return kerbside.Yes
}

// leftOut reads, behind words for a room that end at token end, that the worker left it: "that's one I couldn't do", "so I didn't ask".
func (x *text) leftOut(s span, end int) bool {
	last := x.sents[x.parts[x.partAt(s.a)].sentence].b
	for k := end; k < last && k < s.b+8; k++ {
		if n := x.word(k + 1); x.word(k) == "so" && (n == "i" || n == "we") && x.word(k+2) == "left" && (x.word(k+3) == "it" || x.word(k+3) == "that") {
			return true // "she said not today so I left it"
		}
		if x.word(k) != "not" {
			continue
		}
		switch n, w := x.word(k-1), x.word(k+1); {
		case n == "could" && w == "get" && x.word(k-2) == "i" && (x.word(k+2) == "in" || x.word(k+2) == "near" || x.word(k+2) == "past"):
			return true // "full of tools so I couldn't get in"
		case n == "could" && (w == "do" || w == "see" || w == "check" || w == "look"):
			if v := x.word(k + 2); v == "" || v == "it" || v == "that" || x.word(k-2) == "i" && x.word(k-3) == "one" {
				return true
			}
		case n == "did" && (x.word(k-2) == "i" || x.word(k-2) == "we") && x.word(k-3) == "so" && (w == "ask" || w == "see" || w == "look" || w == "go" || w == "push"):
			return true
		}
	}
	return false
}

// looksRound reports a look at the whole of a home.
func (x *text) looksRound(p span) bool {
	for k := p.a; k < p.b; k++ {
		switch x.word(k) {
		case "tour", "look", "looked", "walk", "nosey", "round", "around":
			return true
		}
	}
	return false
}

// deniesRoom reports a denial of looking or going: near the words, or of the verb of the clause.
func (x *text) deniesRoom(c, end int) bool {
	part := &x.parts[c]
	for k := part.a; k < part.b && k < end+6; k++ {
		n := x.word(k)
		if n == "locked" && x.locksSomething(k) {
			continue
		}
		if notToBeSeen[n] {
			return !(n == "without" && k >= end)
		}
		if n == "out" && x.word(k+1) == "of" && x.word(k+2) == "time" || n == "as" && x.word(k+1) == "far" {
			return true
		}
		if !denials[n] || x.correcting(k) {
			continue
		}
		if n == "no" && x.word(k+1) == "problem" || n == "not" && x.word(k+1) == "only" {
			continue
		}
		if n == "no" && (k > end || x.noThing(k, end)) { // "has no curtains", "no bedding in his room"
			continue
		}
		if k < end && x.saysAnew(k, end) {
			continue
		}
		if n == "not" && k >= end {
			w := x.word(k + 1)
			if w == "really" || w == "been" {
				w = x.word(k + 2)
			}
			if b := x.lex.verb[w]; sightVerbs[b] || b == "show" || b == "go" || w == "" || w == "accessed" || w == "on" || w == "today" || w == "this" || w == "ready" {
				return true
			}
			continue
		}
		return true
	}
	return false
}

// locksSomething reports a "locked" at token i that is what somebody did with a thing: "she took it upstairs and locked it in".
func (x *text) locksSomething(i int) bool {
	n := x.word(i + 1)
	return (n == "it" || n == "them" || n == "him" || n == "her" || determiners[n] || possessives[n]) && !finiteAux[x.word(i-1)]
}

// looksAndWays are what there may have been none of when a room was not seen: "no access to her room", "no chance of a look in the bedroom".
var looksAndWays = setOf("access chance time opportunity need way look sight reason point check visit permission invitation invite tour peek viewing entry bedroom bedrooms room rooms one")

// noThing reports a "no" at token i that tells what a room has not: "no blades in the bedroom", "no sheet on his mattress", "no police call-outs to her room".
func (x *text) noThing(i, end int) bool {
	for k := i + 1; k < end && k < i+4 && !x.tokens[k].mark; k++ {
		if n := x.word(k); n == "in" || n == "on" || n == "to" || n == "under" || n == "round" || n == "by" {
			return k > i+1
		} else if looksAndWays[n] || x.who[k] >= 0 {
			return false
		}
	}
	return false
}

// saysAnew reports that a new statement of the worker's begins between the denial at token i and the words for a room, as where speech runs on without marks:
// "never has been | I did see her bedroom", "could not promise | upstairs I looked round".
func (x *text) saysAnew(i, end int) bool {
	if w := x.word(end); x.word(end-1) == "upstairs" && (w == "i" || w == "we") {
		return true
	}
	for k := i + 1; k+2 < end; k++ {
		if n := x.word(k); (n == "i" || n == "we") && x.word(k+1) == "did" && x.word(k+2) != "not" {
			return true
		}
	}
	return false
}

// sightOf reports a verb for looking or showing in the clause, and whether somebody else than the worker is the one who looked.
func (x *text) sightOf(c, i int) (sight, other bool) {
	part := &x.parts[c]
	mine := x.worker[c] || x.impersonal(c)
	me := false
	for k := part.a; k < part.b; k++ {
		w := x.word(k)
		mine = mine || w == "i" || w == "we"
		me = me || w == "me" || w == "us"
	}
	for k := part.a; k < part.b; k++ {
		w := x.word(k)
		b := x.lex.verb[w]
		if w == "look" || w == "nosey" || w == "nose" || w == "peek" || w == "peep" || w == "tour" || w == "eyes" || w == "glance" || w == "gander" {
			b = "look"
		}
		switch {
		case sightVerbs[b] && k > i && x.word(k-1) == "to" && x.whoBetween(i+1, k), sightVerbs[b] && x.word(k+1) == "about", w == "seen" && x.word(k-1) == "be" && x.word(k-2) == "to":
			// "the back bedroom they have | Ruth agreed to see the solicitor", "came to see about the damp", "to be seen next time"
		case sightVerbs[b] && (w == "seen" || w == "viewed" || w == "checked" || w == "inspected" || w == "visited" || w == "looked" || w == "observed") && (x.passiveSight(part.span, k) || k > i && x.verbAt[c] < 0):
			sight = true
		case sightVerbs[b] && w != "note" && (w != "visit" || mine) && w != "popped" || w == "popped":
			if mine || me && showVerbsBefore(x, part.a, k) || x.verbAt[c] < 0 || x.verbAt[c] == part.a && part.a == x.sents[part.sentence].a {
				sight = true
			} else if len(x.subject[c]) > 0 && k > part.a {
				other = other || !me && !x.passiveSight(part.span, k)
			}
		case showVerbs[b] && (me || mine && (w == "shown" || w == "taken" || w == "invited" || w == "led")) && (w != "let" && w != "gave" && w != "give" || x.contains(span{k, part.b}, "see") || x.contains(span{k, part.b}, "look") || x.contains(span{k, part.b}, "tour") || x.contains(span{k, part.b}, "up")):
			sight = true
		case mine && goVerbs[b] && (x.word(k+1) == "in" || x.word(k+1) == "into" || x.word(k+1) == "up" || x.word(k+1) == "round" || x.word(k+1) == "upstairs") && b != "be" && k < i+6:
			sight = sight || x.word(k+1) != "up" || k < i || x.contains(span{k, part.b}, "saw")
		case mine && (w == "went" && (x.word(k+1) == "to" || x.word(k+1) == "through") || w == "took") && k < i && x.straightTo(k+1, i):
			sight = true // "we went to the girls' room", "I took her through to the bedroom"
		}
	}
	if other && sight {
		other = false
	}
	return sight, other
}

// straightTo reports that between token k and a room at token i there is only whom the worker took, the way, and whose room it is.
func (x *text) straightTo(k, i int) bool {
	way := false
	for m := k; m < i; m++ {
		switch n := x.word(m); {
		case n == "to" || n == "through" || n == "into":
			way = true
		case n == "up" || n == "over" || n == "along" || n == "both" || n == "all" || n == "own" || n == "little" || n == "big" || determiners[n] || possessives[n] || x.tokens[m].poss || x.tokenIs(m, "'"):
		case n == "him" || n == "them" || x.youngAt(m) || youngWords[n] || x.who[m] >= 0 && x.people[x.who[m]].isChild(x):
		default:
			return false
		}
	}
	return way
}

// whoBetween reports somebody named between two tokens who is not "I" and no owner.
func (x *text) whoBetween(a, b int) bool {
	for k := a; k < b; k++ {
		if x.who[k] >= 0 && x.word(k) != "i" && !x.tokens[k].poss && !possessives[x.word(k)] {
			return true
		}
	}
	return false
}

func showVerbsBefore(x *text, a, k int) bool {
	for i := a; i < k; i++ {
		if showVerbs[x.lex.verb[x.word(i)]] || x.word(i) == "wanted" || x.word(i) == "asked" {
			return true
		}
	}
	return false
}

// passiveSight reports "was seen", "seen": no active verb with another subject.
func (x *text) passiveSight(p span, k int) bool {
	m := k - 1
	for m >= p.a && (adverbs[x.word(m)] || x.word(m) == "not") {
		m--
	}
	switch x.word(m) {
	case "was", "were", "been", "be", "is", "'s", "are", "being", "not":
		return true
	case "has", "have", "had", "'ve", "'d":
		return false
	}
	return m < p.a || roomTargets[x.word(m)] || x.tokens[m].mark || x.word(m) == "all" || x.word(m) == "both"
}

// plannedRoom reports a wish, a plan or a supposition before the words.
func (x *text) plannedRoom(c, i int) bool {
	part := &x.parts[c]
	for k := part.a; k < part.b && k < i+5; k++ {
		switch n := x.word(k); n {
		case "will", "want", "wants", "hope", "hoping", "should", "must", "ought":
			return true
		case "wanted", "asked", "offered", "need", "needs", "meant", "intended":
			return k < i
		case "promised", "agreed", "supposed", "planned", "due":
			if k < i && x.word(k+1) == "to" {
				return true
			}
		case "each", "every":
			if w := x.word(k + 1); w == "visit" || w == "time" || w == "month" || w == "week" {
				return true
			}
		case "would":
			return x.word(k+1) != "have" || x.contains(part.span, "like")
		case "next":
			if w := x.word(k + 1); w == "time" || w == "visit" || w == "week" {
				return true
			}
		case "going":
			if x.word(k+1) == "to" {
				return true
			}
		case "'d":
			if w := x.word(k + 1); w == "like" || sightVerbs[w] && k < i {
				return true // "we agreed I'd view the bedroom in April"
			}
		case "why":
			if k < i {
				return true // "I explained why we look at bedrooms"
			}
		case "if":
			return true
		}
	}
	return false
}

// wishedRoom reads how a wish to see a room, or a child's wish to show it, went: "asked to see it and Jo showed me up", "so up we went".
func (x *text) wishedRoom(c, from int) string {
	part := &x.parts[c]
	wish := false
	for k := max(part.a-4, x.sents[part.sentence].a); k < part.b; k++ { // "I asked | if I could see his room"
		n := x.word(k)
		wish = wish || n == "meant" || n == "intended" || n == "want" || n == "wanted" || n == "asked" || n == "offered" || n == "keen" || n == "going" || n == "promised"
	}
	if !wish {
		return ""
	}
	end := x.sents[part.sentence].b
	if n := part.sentence + 1; n < len(x.sents) {
		end = min(x.sents[n].b, x.sents[n].a+5)
	}
	for k := from; k < end; k++ {
		n := x.word(k)
		b := x.lex.verb[n]
		switch {
		case n == "no" || n == "not" || n == "refused" || n == "declined" || n == "but" || n == "excuses" || n == "never" || n == "forgot":
			return kerbside.No
		case (n == "took" || n == "let" || n == "led" || n == "brought") && (x.word(k+1) == "me" || x.word(k+1) == "us"):
			if w := x.word(k + 2); w == "" || w == "up" || w == "upstairs" || w == "in" || w == "there" || w == "through" || w == "straight" || w == "to" {
				return kerbside.Yes
			}
		case (b == "show" && n == "showed" || n == "went" || n == "saw" || n == "did") && x.word(k+1) != "not":
			return kerbside.Yes
		}
	}
	return ""
}

// lookedUpstairs reports a look at the whole of upstairs: "had a look round upstairs", "showed me upstairs".
func (x *text) lookedUpstairs(c, i int) bool {
	p := x.parts[c].span
	for k := p.a; k < p.b; k++ {
		switch w := x.word(k); {
		case (w == "look" || w == "looked" || w == "nosey" || w == "nose" || w == "tour" || w == "checked" || w == "saw" || w == "gander" || w == "walk") && k < i:
			return true
		case (w == "showed" || w == "shown" || w == "dragged" || w == "took" || w == "led") && k < i && (x.word(k+1) == "me" || x.word(k+1) == "us" || x.worker[c]):
			return true
		}
	}
	return false
}

// wasInRoom reports the worker in the room with a child: "we sat on her bed", "I saw Ada in her bedroom".
func (x *text) wasInRoom(c, i int, strong bool) bool {
	part := &x.parts[c]
	k := i - 1
	for k > part.a && (possessives[x.word(k)] || determiners[x.word(k)] || x.tokens[k].poss || x.word(k) == "own" || x.word(k) == "'" || x.tokens[k].mark) {
		k--
	}
	if p := x.word(k); p != "in" && p != "into" && p != "on" && p != "at" {
		return false
	}
	if x.contains(part.span, "for") && x.contains(part.span, "weeks") {
		return false
	}
	mine := x.worker[c]
	for m := part.a; m < part.b; m++ {
		w := x.word(m)
		mine = mine || (w == "we" || w == "i") && m < k || (w == "us" || w == "me") && m < k
	}
	if strong && x.toldInside(c, k) {
		return !x.negatedBefore(part.a, i)
	}
	if !mine && x.verbAt[c] < 0 { // "Shahid first, in his room"
		for _, d := range []int{-1, -2} {
			if e := c + d; e >= 0 && x.parts[e].sentence == part.sentence && x.meets(e) && !x.denies(e) && !x.future(x.parts[e].span) && !x.overheardClause(e) {
				mine = true
			}
		}
	}
	v := x.verbAt[c]
	if !mine || x.negatedBefore(part.a, i) || x.talkedAbout(max(v, part.a), k) || x.withGrownOwner(max(v, part.a), k, i) {
		return false
	}
	if v >= 0 && v < k && x.worker[c] {
		switch w := x.word(v); {
		case w == "was" || w == "were":
			return x.companyBetween(v+1, k) // "I was with Ravi in his bedroom"
		case strong && w == "had" && x.companyBetween(v+1, k) && v+1 < k:
			return true // "I had her on her own in her room"
		}
	}
	return v >= 0 && x.lex.verb[x.word(v)] == "have" && x.talksBefore(v, k) || v < 0 || positionVerb[x.lex.verb[x.word(v)]] || x.lex.verb[x.word(v)] == "go" || x.lex.verb[x.word(v)] == "tell" && x.toldThere(v, k) || strong && x.lex.verb[x.word(v)] == "take"
}

// withGrownOwner reports that the worker was with an adult and no child in a room that may be the adult's own: "I was with Carol in her bedroom".
func (x *text) withGrownOwner(a, k, i int) bool {
	if n := x.word(i - 1); n != "his" && n != "her" {
		return false
	}
	grown := false
	for m := a; m < k; m++ {
		if x.youngAt(m) {
			return false
		}
		grown = grown || x.grownAt(m) && !pronoun(x.word(m))
	}
	return grown
}

// talkedAbout reports, between two tokens, that what follows is what was spoken of: "I spoke to Carol about the damp in his bedroom".
func (x *text) talkedAbout(a, b int) bool {
	for k := a; k < b; k++ {
		switch next := x.word(k + 1); x.word(k) {
		case "about":
			if !isNumber(&x.tokens[k+1]) && next != "a" && next != "half" { // "about twenty minutes"
				return true
			}
		case "that":
			if !prepositions[next] && next != "up" { // "he told me that up in his room"
				return true
			}
		case "regarding", "re", "what", "why", "how", "whether", "if":
			return true
		}
	}
	return false
}

// companyBetween reports that between two tokens there is nothing but with whom the worker was, and how: "with Ravi", "her on her own", "up".
func (x *text) companyBetween(a, b int) bool {
	for k := a; k < b; k++ {
		switch n := x.word(k); {
		case x.tokens[k].mark || n == "with" || n == "on" || n == "own" || n == "my" || n == "up" || n == "upstairs" || n == "by" || n == "alone" || n == "and" || n == "then" || n == "out" || determiners[n] || possessives[n] || adverbs[n]:
		case n == "him" || n == "her" || n == "them" || n == "himself" || n == "herself" || n == "themselves" || x.youngAt(k) || youngWords[n]:
		case x.who[k] >= 0 && x.people[x.who[k]].isChild(x):
		default:
			return false
		}
	}
	return true
}

// toldInside reports a clause that begins with a room, its "in" at token k, in which a child then told the worker something: "in his bedroom he told me", "up in her room |
// she showed me".
func (x *text) toldInside(c, k int) bool {
	part := &x.parts[c]
	for m := part.a; m < k; m++ {
		if n := x.word(m); n != "and" && n != "so" && n != "then" && n != "up" && n != "upstairs" && n != "later" && n != "but" {
			return false
		}
	}
	if x.verbAt[c] < 0 {
		if c+1 >= len(x.parts) || x.parts[c+1].sentence != part.sentence {
			return false
		}
		c++
	}
	v := x.verbAt[c]
	if v <= k || x.overheardClause(c) || x.future(x.parts[c].span) || x.past(x.parts[c].span) || x.negatedBefore(x.parts[c].a, v+1) {
		return false
	}
	b := x.lex.verb[x.word(v)]
	return (b == "tell" || b == "show" || b == "ask") && b != x.word(v) && (x.word(v+1) == "me" || x.word(v+1) == "us") && !x.subjectGrown(c)
}

// toldThere reports that a room whose "in" is token k is where something was told, with the verb at token v, and not what was told: "in his room he told me", "told me
// this on his own in his room", but not "told me there's damp in his room".
func (x *text) toldThere(v, k int) bool {
	for i := v + 1; i < k; i++ {
		switch n := x.word(i); n {
		case "me", "us", "this", "that", "it", "all", "so", "on", "own", "his", "her", "alone", "privately", "quietly", "up", "upstairs", "himself", "herself", "by":
		default:
			if !adverbs[n] {
				return false
			}
		}
	}
	return true
}

// describesRoom reports that the worker says what a room or a bed is like.
func (x *text) describesRoom(c, i, end int, strong bool) bool {
	part := &x.parts[c]
	if x.past(part.span) || x.otherTime(c) || x.contains(part.span, "decorating") || x.contains(part.span, "being") || x.contains(part.span, "promised") || x.contains(part.span, "ready") || x.contains(part.span, "bids") {
		return false
	}
	for k := part.a; k < i; k++ { // "Her bedroom is", "In Ada's room there were", "There's mould on her bedroom wall"
		t := &x.tokens[k]
		n := t.norm
		if t.mark || possessives[n] || determiners[n] || t.poss || adverbs[n] || x.who[k] >= 0 || n == "in" || n == "own" || n == "box" || n == "upstairs" || n == "children" || n == "girls" || n == "boys" || n == "kids" || n == "and" || n == "old" || n == "small" || n == "little" || n == "back" || n == "front" {
			continue
		}
		if x.word(part.a) == "there" && finiteAux[x.word(part.a+1)] && !happenings[n] {
			continue
		}
		return false
	}
	verb := ""
	for k := end; k < part.b && k < end+9; k++ {
		n := x.word(k)
		if n == "is" || n == "was" || n == "'s" || n == "are" || n == "were" || n == "had" || n == "has" || n == "smelled" || n == "smelt" || n == "looked" || n == "felt" {
			verb = n
			break
		}
	}
	if verb == "" && x.tokens[end-1].poss {
		verb = "'s" // "Bedroom's decent"
	}
	if x.word(part.a) == "there" {
		return strong && !x.contains(part.span, "asleep") && !x.hasDay(part.span)
	}
	first := x.word(part.a) == "in"
	if verb == "" {
		// "Bedroom fine", "Bedroom: warm, bed made", "Beds all made"
		if i-part.a <= 2 && x.verbAt[c] < 0 && (x.roomTopic(c) || end < part.b && !prepositions[x.word(end)] && part.b-end <= 6 && roomDetails[x.word(part.b-1)]) {
			return true
		}
		return false
	}
	if !strong {
		for k := end; k < part.b; k++ {
			if roomDetails[x.word(k)] {
				return true
			}
		}
		return x.contains(part.span, "made")
	}
	if verb == "'s" || verb == "is" || verb == "are" {
		if w := x.word(end + b2i(!x.tokens[end-1].poss)); w == "where" || (roomSides[w] || w == "upstairs" || w == "downstairs" || w == "on") && !x.contains(part.span, "with") && !x.detailed(end, part.b) || w == "the" && !x.contains(part.span, "with") || w == "at" || w == "to" {
			return false
		}
	}
	if first {
		return true
	}
	return !x.contains(part.span, "when") || x.worker[c]
}

// detailed reports a word between two tokens for what a room is like.
func (x *text) detailed(a, b int) bool {
	for k := a; k < b; k++ {
		if roomDetails[x.word(k)] {
			return true
		}
	}
	return false
}

// roomSides are where a room is, which one may know without having seen it: "her room is over the shop".
var roomSides = setOf("over above opposite behind below under across through off beside next")

// happenings are what there may have been in a room that the worker was not in.
var happenings = setOf("incident fight fire row argument party break-in man somebody someone boy girl lad people friend police noise shouting screaming banging music talk talking")

// notUpstairs reads "I did not go upstairs", "mum would not have me go up", and a room that the sentence names and the worker did not enter.
func (x *text) notUpstairs(c int, children []int, all map[int]*answers) {
	p := x.parts[c].span
	no := func(s span, list []int) {
		for _, w := range list {
			set(&all[w].bedroom, x.fact(found{s, kerbside.No}))
		}
	}
	denied := x.negatedBefore(p.a, p.b)
	if s := x.parts[c].sentence; x.worker[c] && denied && (x.contains(p, "went") || x.contains(p, "go") || x.contains(p, "seen") || x.contains(p, "see") || x.contains(p, "been")) && !roomsNamed(x, p) && p.b-p.a <= 7 {
		for k := c - 1; k >= 0 && x.parts[k].sentence == s; k-- { // "His room, he shares with Temi, I never went in"
			if q := x.parts[k]; !q.finite && roomsNamed(x, q.span) {
				no(span{q.a, p.b}, x.childrenIn(k, children))
			}
		}
	}
	if w := x.ownUnseen(c, children); w >= 0 {
		no(x.trim(p), []int{w})
	}
	if w := x.tookUp(c, children); w >= 0 {
		set(&all[w].bedroom, x.fact(found{span{x.parts[c-1].a, x.trim(p).b}, kerbside.Yes}))
	}
	up := false
	for k := p.a; k < p.b; k++ {
		up = up || x.word(k) == "upstairs" || x.word(k) == "up" && x.word(k+1) == "the" && x.word(k+2) == "stairs" || x.word(k) == "up" && x.word(k+1) == "to" && x.word(k+2) == "the" && roomWords[x.word(k+3)] || x.word(k) == "up" && (x.lex.verb[x.word(k-1)] == "go" || x.word(k-1) == "me") && (x.word(k+1) == "" || x.word(k+1) == "there")
	}
	me := x.worker[c] || x.contains(p, "me") || x.contains(p, "i") || len(x.subject[c]) == 0 && (x.word(p.a) == "never" || x.word(p.a) == "did" && x.word(p.a+1) == "not") // "Didn't get up the stairs"
	switch {
	case up && me && denied && (x.contains(p, "go") || x.contains(p, "going") || x.contains(p, "went") || x.contains(p, "been") || x.contains(p, "get") || x.contains(p, "got") || x.contains(p, "make") || x.contains(p, "made") || x.contains(p, "invited") || x.contains(p, "shown") || x.contains(p, "allowed")) && !x.otherVisit(c):
		no(x.trim(p), children)
	case x.contains(p, "upstairs") && x.contains(p, "limits"):
		no(x.trim(p), children)
	case x.worker[c] && x.contains(p, "stayed") && x.contains(p, "downstairs"):
		no(x.trim(p), children)
	}
}

// ownUnseen reads "I didn't go into Ada's", "Ben wouldn't show me his" right behind words for a room or a bed: the child whose own it is; -1 without.
func (x *text) ownUnseen(c int, children []int) int {
	p := x.parts[c].span
	if !x.negatedBefore(p.a, p.b) || !x.worker[c] && !x.contains(p, "me") || !x.spokenOfBeds(c) {
		return -1
	}
	seeing := false
	for k := p.a; k < p.b; k++ {
		b := x.lex.verb[x.word(k)]
		seeing = seeing || sightVerbs[b] || b == "show" || b == "go" || b == "let" && x.contains(p, "in")
		whose := x.who[k]
		own := x.tokens[k].poss && !x.verbalEnding(k)
		if x.word(k) == "hers" || x.word(k) == "his" {
			own = true
			if whose < 0 && len(x.subject[c]) == 1 {
				whose = x.subject[c][0]
			}
		}
		if closes := k+1 >= p.b || x.tokens[k+1].mark || connectors[x.word(k+1)]; seeing && own && closes && has(children, whose) {
			return whose
		}
	}
	return -1
}

// spokenOfBeds reports a room or a bed in the sentence of clause c before it, or in the sentence before that.
func (x *text) spokenOfBeds(c int) bool {
	for k := x.sents[max(0, x.parts[c].sentence-1)].a; k < x.parts[c].a; k++ {
		if n := x.word(k); roomWords[n] || sleepPlaces[n] || n == "upstairs" {
			return true
		}
	}
	return false
}

// tookUp is the child who took the worker up right after his or her own room was spoken of: "I asked about her room | and she took me up"; -1 without.
func (x *text) tookUp(c int, children []int) int {
	p := x.parts[c]
	if c == 0 || x.parts[c-1].sentence != p.sentence || len(x.subject[c]) != 1 || !has(children, x.subject[c][0]) || x.verbAt[c] < 0 || x.negatedBefore(p.a, p.b) || x.future(p.span) || !roomsNamed(x, x.parts[c-1].span) {
		return -1
	}
	v := x.verbAt[c]
	past := x.lex.verb[x.word(v)] != x.word(v)
	if to := x.word(v + 2); past && showVerbs[x.lex.verb[x.word(v)]] && (x.word(v+1) == "me" || x.word(v+1) == "us") && (to == "up" || to == "upstairs" || to == "in") {
		return x.subject[c][0]
	}
	return -1
}
