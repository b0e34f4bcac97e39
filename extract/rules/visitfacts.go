package rules

import (
	"slices"
	"strings"

	"kerbside"
)

// factRow is one row of facts.tsv.
type factRow struct{ fact, value string }

// found is a fact's value and the words that say it.
type found struct {
	span
	value string
}

// visitFacts reads the facts of the visit.
func (x *text) visitFacts() {
	v := &x.record.Visit
	v.Date = x.visitDate()
	if v.Date.Value != "" {
		x.base = v.Date.Value // the day that is said goes before the one that was given beside it
	}
	v.Time = x.visitTime()
	v.Type = x.visitType()
	v.Announced = x.announced()
	v.NextVisit = x.nextVisit()
	v.Place = x.place()
	x.outcome()
}

func (x *text) fact(f found) kerbside.Fact {
	return kerbside.Fact{Value: f.value, Evidence: x.proof(f.a, f.b)}
}

// factsIn finds the rows of facts.tsv whose patterns stand before token b and are not denied.
func (x *text) factsIn(kind string, b int) []found { return x.factsWithin(kind, span{0, b}) }

func (x *text) factsWithin(kind string, s span) []found {
	var out []found
	for i := s.a; i < s.b; i++ {
		x.lex.facts.at(x.tokens, i, s.b, func(entry, stop int) {
			row := x.lex.factList[entry]
			if row.fact == kind {
				out = append(out, found{span{i, stop}, row.value})
			}
		})
	}
	return out
}

const opening = 60 // tokens in which the visit is usually introduced

// visitType takes the kind of visit that is named first in the opening; words that only hint at one count when nothing else does.
func (x *text) visitType() kerbside.Fact {
	for _, f := range x.modes(min(opening, len(x.tokens))) {
		if f.value == kerbside.ModeMeeting {
			return x.fact(found{f.span, kerbside.VisitOther}) // a meeting about a child is no visit to it
		}
	}
	begin, early := span{0, min(opening, len(x.tokens))}, span{0, min(3*opening/4, len(x.tokens))}
	for _, s := range []span{begin, {0, len(x.tokens)}} {
		list := x.kindsIn("type", s)
		if s.b > opening {
			list = slices.DeleteFunc(list, func(f found) bool { return !x.ofThisVisit(f.span) })
		}
		if len(list) == 0 {
			continue
		}
		best := list[0]
		for _, f := range list {
			if statutory(f.value) && !statutory(best.value) && (f.a < best.a+3*opening/4 || x.namesPlace(best.span) && f.a < opening) || f.a == best.a && f.b > best.b {
				best = f
			}
		}
		if best.value == kerbside.VisitOther && x.namesPlace(best.span) { // "School visit, the Cole twins, it's child in need"
			for _, f := range x.kindsIn("weak_type", early) {
				if f.value == kerbside.VisitChildInNeed || f.value == kerbside.VisitChildProtection {
					return x.fact(f)
				}
			}
		}
		return x.fact(best)
	}
	call := x.factsIn("mode", min(opening/3, len(x.tokens)))
	if list := x.kindsIn("weak_type", begin); len(list) > 0 && !(len(call) > 0 && list[0].value == kerbside.VisitLookedAfter && !x.contains(list[0].span, "lac") && !strings.HasPrefix(x.word(list[0].a), "looked")) {
		return x.fact(list[0])
	}
	if list := x.kindsIn("default_type", begin); len(list) > 0 && x.caredFor() {
		return x.fact(list[0])
	}
	if s := x.lateHeading(); s.b > 0 {
		for _, kind := range []string{"type", "weak_type"} {
			if list := x.kindsIn(kind, s); len(list) > 0 {
				return x.fact(list[0])
			}
		}
	}
	for _, f := range x.kindsIn("weak_type", span{0, len(x.tokens)}) {
		if x.saidOfVisit(f.span) {
			return x.fact(f)
		}
	}
	for _, f := range x.kindsIn("last_type", begin) {
		if n := x.word(f.b); n != "worker" && n != "workers" && n != "service" && n != "services" && n != "team" {
			return x.fact(f) // "family support, the fourth session"
		}
	}
	if len(call) > 0 {
		return x.fact(found{call[0].span, kerbside.VisitOther}) // "Telephone contact with …"
	}
	return kerbside.Fact{Value: kerbside.NotStated}
}

// kindsIn finds the kinds of visit in a span, without what is denied, asked or over, and without one that begins within the words of another ("pathway plan | visit").
func (x *text) kindsIn(kind string, s span) []found {
	list := x.factsWithin(kind, s)
	var out []found
	for n, f := range list {
		within := x.tokenIs(f.b, "?") || x.notThisKind(f.span)
		for k := n - 1; k >= 0 && list[k].a > f.a-6 && !within; k-- {
			within = list[k].a < f.a && f.a < list[k].b && list[k].value != f.value
		}
		if !within {
			out = append(out, f)
		}
	}
	return out
}

// notThisKind reports a kind of visit that is denied or over, or an assessment that only found something: "isn't a full assessment", "former looked after", "going by
// the assessment", "section 47 outcome".
func (x *text) notThisKind(s span) bool {
	k := s.a - 1
	for k >= 0 && k > s.a-4 && (determiners[x.word(k)] || x.word(k) == "full" || x.word(k) == "really" || x.word(k) == "statutory") {
		k--
	}
	switch x.word(k) {
	case "not":
		n := x.word(s.b)
		return n != "review" && n != "meeting" && n != "conference" // "Not the looked-after review, the visit before it"
	case "former", "formerly", "previously", "ex":
		return true
	case "by", "from", "after", "since", "until":
		return s.b == s.a+1 && x.word(s.a) == "assessment"
	}
	switch x.word(s.b) {
	case "outcome", "ended", "ends", "closed", "concluded", "finished":
		return x.word(s.a) == "section" || x.word(s.b-1) == "assessment" || x.word(s.a) == "s47"
	case "came", "arrived", "collected", "picked":
		return strings.HasPrefix(x.word(s.b-1), "carer") // who comes to fetch a child does not have it yet
	}
	return false
}

// saidOfVisit reports, anywhere in a text, what the worker says this visit or case is: "This is a CIN case", "it's the child protection one".
func (x *text) saidOfVisit(s span) bool {
	c := x.partAt(s.a)
	if c < 0 || x.told(s.a) || x.supposed(c) {
		return false
	}
	k := s.a - 1
	for k >= 0 && determiners[x.word(k)] && x.word(k) != "this" {
		k--
	}
	if n := x.word(k); n != "is" && n != "'s" && n != "was" {
		return false
	}
	switch x.word(k - 1) {
	case "this", "it", "which":
		n := x.word(s.b)
		return n == "visit" || n == "case" || n == "one" || n == "family"
	}
	return false
}

// caredFor reports that somebody looks after the child in a parent's place, which makes a statutory visit one to a looked-after child.
func (x *text) caredFor() bool {
	for i := 0; i < len(x.tokens) && i < 2*opening; i++ {
		switch x.word(i) {
		case "carer", "carers", "placement", "foster", "fostering", "residential", "lodgings", "semi-independent", "unaccompanied":
			return true
		case "home":
			if x.word(i-1) == "children" {
				return true
			}
		case "house":
			if x.word(i-1) == "shared" {
				return true
			}
		case "unit":
			if x.word(i-1) == "the" && x.word(i-2) == "at" && i < opening {
				return true
			}
		case "at":
			if i < opening && x.homeOfOthers(i+1) {
				return true
			}
		}
	}
	for i := range x.people {
		switch x.people[i].roleName {
		case "foster carer", "carer", "kinship carer", "host":
			return true
		}
	}
	return false
}

// homeOfOthers reports at token i the home of people who are called by their surname, as the family that is visited is not: "statutory visit to Filmon at Mrs
// Begum's", "at the Dobsons'", "at Delyth and Huw Eynon's".
func (x *text) homeOfOthers(i int) bool {
	if x.word(i) == "the" {
		for _, f := range x.families {
			if f.a == i+1 {
				return x.tokens[f.b-1].poss || x.tokenIs(f.b, "'") || x.tokenIs(f.b, "’")
			}
		}
		return false
	}
	last := i
	for last < len(x.tokens) && last < i+6 && !x.tokens[last].mark && !x.tokens[last].poss {
		last++
	}
	if last >= len(x.tokens) || !x.tokens[last].poss || x.who[last] < 0 || x.people[x.who[last]].kind(x) == roleFamily || x.people[x.who[last]].isChild(x) {
		return false
	}
	switch x.word(i) {
	case "mr", "mrs", "ms", "miss":
		return true
	}
	return x.who[i] >= 0 && x.word(i+1) == "and" && last > i+2
}

// namesPlace reports a kind of visit that only says where it was, or what help the child has.
func (x *text) namesPlace(s span) bool {
	switch x.word(s.a) {
	case "school", "nursery", "hospital", "short", "short-break", "short-breaks", "drop-in", "special", "sgo":
		return true
	}
	return false
}

func statutory(value string) bool { return strings.HasPrefix(value, "statutory") }

// ofThisVisit reports words outside the opening that speak of this visit, not of one to come or of a meeting: "this child protection visit", "It's a child protection
// visit", or a sentence that is no more than the kind.
func (x *text) ofThisVisit(s span) bool {
	if c := x.partAt(s.a); c >= 0 {
		if whole := x.trim(x.sents[x.parts[c].sentence]); whole.a >= s.a && whole.b <= s.b {
			return true // "Statutory child in need."
		}
	}
	for i := s.a - 1; i >= max(0, s.a-6); i-- {
		switch x.tokens[i].norm {
		case "this", "today's", "my":
			return true
		case ".", lineMark, breakMark:
			return false
		case "'s", "is", "was":
			if x.word(i-1) == "it" && i >= s.a-2 && x.word(s.b-1) == "visit" && !x.told(s.a) {
				return true
			}
		}
	}
	return false
}

// visitDate is the day that the text gives for the visit: the first in the opening that is neither past nor to come, or one that
// is announced ("visit date", "today is").
func (x *text) visitDate() kerbside.Fact {
	limit := min(len(x.tokens), 2*opening)
	list := days(x.tokens, 0, limit, x.base, back)
	var undated kerbside.Fact
	for n, d := range list {
		if d.past || d.recurrent || d.date == "" && !d.full && !(x.base == "" && d.weekday) || x.base != "" && (d.date > x.base && !d.full || x.inLaterSentence(d.first) && (d.date > x.base || daysBetween(d.date, x.base) > 62)) {
			continue // what is to come when it is told is no day of a visit
		}
		if x.word(d.first) == "tomorrow" || !x.namesVisitDay(d) || x.ofNextVisit(d) || n+1 < len(list) && x.triedOn(d) {
			continue
		}
		if d.date == "" || d.today && n+1 < len(list) && list[n+1].date != "" && (list[n+1].full && list[n+1].first-d.next <= 3 || x.thatIs(d.next, list[n+1].first)) {
			if x.base == "" && undated.Evidence == nil && !d.today {
				undated = x.fact(found{span{d.first, d.next}, ""})
			}
			continue // "today, the 23rd of November", "today, so that's the 26th"
		}
		return x.fact(found{span{d.first, d.next}, d.date})
	}
	if s := x.lateHeading(); s.b > 0 {
		if list := days(x.tokens, s.a, s.b, x.base, back); len(list) > 0 && list[0].full {
			return x.fact(found{span{list[0].first, list[0].next}, list[0].date})
		}
	}
	if len(x.tokens) > limit {
		for _, d := range days(x.tokens, limit, len(x.tokens), x.base, back) {
			if d.full && d.date != "" && x.announcedDay(d.first) {
				return x.fact(found{span{d.first, d.next}, d.date})
			}
		}
	}
	return undated
}

// lateHeading is a sentence near the end that says what visit this was, and when, as headings do, where none stands at the begin: "Oh, the details. Child in need,
// Wednesday third of June, quarter past three". It begins with the kind of visit, before any verb, and names a full day.
func (x *text) lateHeading() span {
	for n := len(x.sents) - 1; n >= 0 && x.sents[n].a >= opening; n-- {
		s := x.sents[n]
		if len(x.tokens)-s.a > 2*opening {
			break
		}
		c := x.partAt(s.a)
		if c < 0 || x.verbAt[c] >= 0 || x.contains(s, "next") || x.contains(s, "review") {
			continue
		}
		kind := false
		for _, name := range []string{"type", "weak_type"} {
			for _, f := range x.factsWithin(name, s) {
				kind = kind || f.a < s.a+4
			}
		}
		if list := days(x.tokens, s.a, s.b, x.base, back); kind && len(list) > 0 && list[0].full && list[0].date != "" && !list[0].past {
			end := s.b
			for k := c + 1; k < len(x.parts) && x.parts[k].sentence == n; k++ { // what is said behind it may be of another day
				if x.parts[k].finite {
					end = x.parts[k].a
					break
				}
			}
			return span{s.a, end}
		}
	}
	return span{}
}

// thatIs reports no more than "so that's" between two tokens.
func (x *text) thatIs(a, b int) bool {
	for k := a; k < b; k++ {
		switch x.word(k) {
		case "", "so", "that", "'s", "is", "which", "it":
		default:
			return false
		}
	}
	return x.contains(span{a, b}, "is") || x.contains(span{a, b}, "'s")
}

func (x *text) announcedDay(i int) bool {
	for k := max(0, i-5); k < i; k++ {
		if n := x.tokens[k].norm; n == "dated" || n == "date" && !otherDates[x.word(k-1)] {
			return true
		}
	}
	return false
}

// otherDates are words behind which a date is not the visit's: "her date is", "return date".
var otherDates = setOf("her his their its return due start end release court birth hearing moving panel conference review next placement trial")

var otherDays = setOf("since until till from by next last before after due born between every review conference core referral met moved started starts begins birthday before previous yesterday week")

// namesVisitDay sets aside days of other things: "missing since Saturday", "conference on the 3rd".
func (x *text) namesVisitDay(d day) bool {
	if x.announcedDay(d.first) {
		return true
	}
	if x.tokens[d.first].poss && d.weekday && !x.headsSentence(d.first) && !beforeDays[x.word(d.first-1)] {
		return false // "the conference heard Tuesday's visit", but "This is Tuesday's visit"
	}
	if x.dayOfSomebody(d) || d.named && !x.standsAsHeading(d) {
		return false
	}
	for k := d.first - 1; k >= 0 && k > d.first-5 && x.tokens[k].norm != "." && x.tokens[k].norm != ","; k-- {
		if n := x.tokens[k].norm; otherDays[n] && !x.clockFollows(k+1) || n == "will" && x.word(k-1) != "it" { // but "four till five on Wednesday", "it'll be the third"
			return false
		}
	}
	for c, p := range x.parts {
		if p.a <= d.first && d.first < p.b {
			for k := c - 1; k >= 0 && k > c-4 && x.parts[k].sentence == p.sentence; k-- {
				if x.visitAhead(k) >= visitReturns {
					return false // "Next visit, the thirteenth"
				}
			}
			for _, f := range x.framesAt(d.first) {
				if f.kind != kerbside.WorkerOpinion && f.cue.a < d.first {
					return false
				}
			}
			if t := x.timeOf(p.span); t == kerbside.Future && !(x.word(p.a) == "it" && x.word(p.a+2) == "be") || x.visitAhead(x.partAt(d.first)) >= visitReturns {
				return false
			}
			if d.weekday && x.warnedOn(c, d.first) {
				return false
			}
			if d.weekday && x.verbOfPast(p.span) && !x.tellsOfVisit(c, d) {
				return false
			}
			if !d.full && !d.today && x.inLaterSentence(d.first) && !x.headsSentence(d.first) && x.dayToCome(c, d) {
				return false
			}
		}
	}
	return true
}

func (x *text) verbOfPast(s span) bool {
	for i := s.a; i < s.b; i++ {
		if n := x.tokens[i].norm; x.lex.finite[n] && n != "is" || n == "was" || n == "had" || n == "did" || n == "ran" {
			return true
		}
	}
	return false
}

// visitTime is the first time of day in the opening; the last of a self-correction counts.
func (x *text) visitTime() kerbside.Fact {
	limit := min(len(x.tokens), 2*opening)
	var best *clock
	for i := 0; i < limit; i++ {
		c, ok := clockAt(x.tokens, i)
		if !ok || !x.isTime(c) {
			continue
		}
		if best != nil && !takenBack(x.tokens, best.next, c.first) && !x.cameLater(best, c) && !x.triedAgain(best, c) {
			if c.first >= best.next {
				break
			}
			i = c.next - 1
			continue
		}
		copied := c
		best = &copied
		i = c.next - 1
	}
	if c, ok := x.minutesLater(best, limit); ok {
		best = &c
	}
	if best == nil {
		s := x.lateHeading()
		for i := s.a; i < s.b; i++ {
			if c, ok := clockAt(x.tokens, i); ok && c.next <= s.b && (c.sure || x.tokens[max(i-1, 0)].mark || x.word(i-1) == "at") && !x.tokens[i].num {
				best = &c
				break
			}
		}
	}
	if best == nil {
		return kerbside.Fact{}
	}
	return x.fact(found{span{best.first, best.next}, x.halfOfDay(*best).String()})
}

// cameLater reports that the first time was the one that was said or meant, and the second is when the worker came: "I said half three but it was four".
func (x *text) cameLater(first *clock, second clock) bool {
	if second.first-first.next > 12 {
		return false
	}
	for k := max(0, first.first-6); k < first.first; k++ { // "Nobody answered at nine so I went back at twenty past twelve"
		if n := x.word(k); (n == "answered" || n == "answer" || n == "reply" || n == "knocked" || n == "tried") && x.contains(span{first.next, second.first}, "back") {
			return true
		}
	}
	said := false
	for k := max(0, first.first-5); k < first.first; k++ {
		n := x.word(k)
		said = said || n == "said" || n == "told" || n == "meant" || n == "supposed" || n == "due" || n == "booked" || n == "expecting"
	}
	if !said {
		return false
	}
	if x.word(second.first-1) == "was" && x.word(second.first-2) == "it" {
		return true // "I'd said twelve and it was one"
	}
	for k := first.next; k < min(len(x.tokens), second.next+8); k++ {
		if n := x.word(k); n == "got" || n == "arrived" || n == "there" || n == "late" {
			return true
		}
	}
	return false
}

// isTime tells a time of day from a number: "at four", "arrived at ten".
func (x *text) isTime(c clock) bool {
	next := ""
	if c.next < len(x.tokens) && !x.tokens[c.next].mark {
		next = x.tokens[c.next].norm
	}
	if notTimeAfter[next] || next != "" && strings.HasSuffix(next, "s") && x.lex.verb[next] == "" && next != "as" && next != "was" && next != "'s" {
		return false
	}
	for _, f := range x.framesAt(c.first) {
		if f.kind != kerbside.WorkerOpinion && f.content.a <= c.first {
			return false
		}
	}
	if p := x.partAt(c.first); p >= 0 && (x.timeOf(x.parts[p].span) == kerbside.Future || x.timeOf(x.parts[p].span) == kerbside.Historical) {
		return false
	}
	p := x.partAt(c.first)
	if p >= 0 && x.verbAt[p] >= 0 && x.verbAt[p] < c.first && comings[x.word(x.verbAt[p])] && !x.worker[p] && (len(x.subject[p]) > 0 || x.verbAt[p] > x.parts[p].a) && (x.actsFirst(p) || !ofComing[x.word(x.verbAt[p])]) {
		return false // "Josh came home about twenty past three"
	}
	if p >= 0 && !x.worker[p] && (x.word(x.parts[p].a) == "found" || x.verbAt[p] >= 0 && x.verbAt[p] < c.first && x.word(x.verbAt[p]) == "found") {
		return false // "two little ones, found in the street at six"
	}
	if p >= 0 && !x.restored && c.first > x.parts[p].a+1 && (x.word(x.parts[p].a) == "till" || x.word(x.parts[p].a) == "until") {
		return false // "till the carers came at eleven"
	}
	if p >= 0 && (x.timeOfOthers(p, c) || x.timeOfThings(p, c)) || x.onOtherDay(c) || x.ofDictation(c) {
		return false
	}
	prev := ""
	if c.first > 0 {
		prev = x.tokens[c.first-1].norm
	}
	if prev == "at" && (x.before(c.first-1) == "tomorrow" || x.before(c.first-1) == "tonight") {
		return false // "meet me tomorrow at ten"
	}
	if c.sure {
		return true
	}
	if (prev == "from" || c.first < opening) && x.untilAnother(c.next) {
		return true
	}
	if prev == "for" && x.arrival(c.first) && x.before(c.first-1) == "there" {
		return true
	}
	if prev == "for" && x.bookedBefore(c.first-1) && (next == "" || next == "and" || next == "but" || next == "so" || next == "on") {
		return true // "arranged for two"
	}
	if x.nearHour(c) || x.besideWeekday(c) || p >= 0 && x.arrangedFor(p, c) {
		return true
	}
	if prev == "from" && p >= 0 && x.worker[p] && (next == "" || next == "till" || next == "until") {
		return true // "We sat in the conservatory from two"
	}
	if b := x.word(c.first - 2); prev == "of" && (b == "stroke" || b == "dot" || b == "back") {
		return true
	}
	if b := x.word(c.first - 2); prev == "was" && b == "it" && (next == "when" || next == "by" || next == "before") {
		return true // "it was five when I got there"
	}
	if prev == "at" || (prev == "about" || prev == "around" || prev == "just" || prev == "gone") && x.arrival(c.first) {
		return true
	}
	if prev == "," && c.first > 1 { // "Monday the 4th of May, ten till noon"
		return next == "till" || next == "until" || next == "to"
	}
	return false
}

// bookedBefore reports, within a few words before token i, that something was arranged, or that the worker came.
func (x *text) bookedBefore(i int) bool {
	for k := i - 1; k >= 0 && k > i-7 && !x.tokens[k].mark; k-- {
		switch x.word(k) {
		case "booked", "arranged", "rearranged", "rebooked", "planned", "agreed", "fixed", "due", "came":
			return true
		}
	}
	return false
}

// comings are verbs with which a time is when somebody else came or went.
var comings = setOf("came got left went returned finished woke rang phoned texted")

func (x *text) clockFollows(i int) bool {
	if i >= len(x.tokens) {
		return false
	}
	_, ok := clockAt(x.tokens, i)
	return ok
}

var notTimeAfter = setOf("years year months weeks days minutes hours minute hour percent children kids of times people siblings bedroom bed pounds weeks' more other and-a")

func (x *text) arrival(i int) bool {
	for k := max(0, i-8); k < i; k++ {
		if n := x.tokens[k].norm; n == "arrived" || n == "got" || n == "there" || n == "visited" || n == "started" || n == "visit" {
			return true
		}
	}
	return false
}

func (x *text) partAt(i int) int {
	lo, hi := 0, len(x.parts)
	for lo < hi {
		mid := (lo + hi) / 2
		if x.parts[mid].b <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(x.parts) && x.parts[lo].a <= i {
		return lo
	}
	return -1
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// commonPlace are words for places that are no names, whatever letter they were written with.
var commonPlace = setOf("home placement school nursery hospital refuge hostel house college office")

// notAtPlace are words before a place by which it is only spoken of.
var notAtPlace = setOf("off for about after before starts started since until till of with says")

// place is the first word for a place in the opening, with what stands before it in its phrase ("Willow Street contact centre").
func (x *text) place() kerbside.Fact {
	limit := min(len(x.tokens), opening)
	best := found{}
	for _, f := range x.factsIn("place", limit) {
		if n := x.tokens[f.a].norm; f.b == f.a+1 && (n == "placement" && x.tokens[f.a].poss || (n == "school" || n == "nursery" || n == "hospital") && (notAtPlace[x.before(f.a)] || x.lex.speech[x.before(f.a)] != "" || x.mindedPlace(f.a) || x.tokens[f.a].poss || finiteAux[x.word(f.b)] || contactVerbs[x.word(f.b)] || x.lex.speech[x.word(f.b)] != "")) {
			continue // "his placement's with his aunt", "dressed for school", "told me about school", "school's shut", "nursery say", "school emailed"
		}
		if x.placeOfOther(f.a) || x.word(f.b) == "planning" || x.word(f.b) == "meeting" {
			continue
		}
		if best.b == 0 || f.a < best.a || f.a == best.a && f.b > best.b {
			best = f
		}
	}
	for _, p := range x.places {
		if p.a < limit && (best.b == 0 || p.a < best.a+4) && p.a > 0 && placePrepositions[x.tokens[p.a-1].norm] && !x.placeOfOther(p.a) {
			best = found{p, "place"}
		}
	}
	if best.b == 0 {
		return kerbside.Fact{}
	}
	if x.tokens[best.b-1].norm == "visit" && best.b-best.a > 1 {
		best.b--
	}
	best.value = x.evidence(best.a, best.b).Quote
	if t := &x.tokens[best.a]; t.cap && best.a+1 == best.b && commonPlace[t.norm] {
		best.value = t.norm
	}
	return x.fact(best)
}

// mindedPlace reports a place that somebody only likes, misses or goes to as a rule: "he hates school".
func (x *text) mindedPlace(i int) bool {
	switch x.lex.verb[x.before(i)] {
	case "like", "love", "hate", "enjoy", "miss", "start", "attend", "skip", "refuse", "want":
		return true
	}
	return false
}

// placeOfOther reports a place where the visit was not: one that somebody or something came from, or where somebody was who was not there ("Len was in
// hospital").
func (x *text) placeOfOther(i int) bool {
	k := i - 1
	for k >= 0 && determiners[x.word(k)] {
		k--
	}
	if x.word(k) == "from" || x.word(k) == "to" && x.word(k-1) == "back" {
		return true // "not going back to placement"
	}
	c := x.partAt(i)
	if c >= 0 && x.verbAt[c] < 0 && x.word(k) == "at" && (youngNouns[x.word(k-1)] || youngWords[x.word(k-1)]) && k-1 <= x.parts[c].a+1 {
		return true // "Kids at school"
	}
	if c >= 0 && x.inLaterSentence(i) && (x.dayAhead(c) || x.arrangesAhead(c)) {
		return true // "I'm to see her at school tomorrow"
	}
	return c >= 0 && !x.worker[c] && (x.isElsewhere(k, i) || len(x.subject[c]) > 0 && x.verbAt[c] >= 0 && x.statedPresence(c, x.verbAt[c]) == kerbside.Absent)
}

// dayAhead reports a clause about a day to come.
func (x *text) dayAhead(c int) bool {
	p := x.parts[c].span
	return x.future(p) || x.contains(p, "tomorrow") || x.contains(p, "next")
}

// isElsewhere reports that no more is said of somebody than in what place, at token i, he or she is, works or lives: "who's six was at school", "her parents are in
// Lagos". The preposition is at token k.
func (x *text) isElsewhere(k, i int) bool {
	if x.word(i) == x.visitPlace || x.word(k) != "at" && x.word(k) != "in" {
		return false
	}
	v := k - 1
	for adverbs[x.word(v)] || x.word(v) == "still" || x.word(v) == "back" || x.word(v) == "over" {
		v--
	}
	switch x.word(v) {
	case "was", "were", "is", "are", "'s", "been", "works", "worked", "lives", "lived", "stays", "goes":
	default:
		return false
	}
	switch x.word(v - 1) {
	case "visit", "meeting", "session", "it", "this", "that", "which", "we", "i", "review", "contact", "":
		return false
	}
	return true
}
