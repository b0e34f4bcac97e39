package rules

import (
	"strings"
	"time"
)

// day is an expression that names a day, resolved where that is possible.
type day struct {
	first, next int    // tokens
	date        string // ISO 8601; "" when it does not come to one day
	past        bool   // speaks of a day before the visit
	recurrent   bool   // "Fridays"
	weekday     bool   // a weekday's name alone
	today       bool
	full        bool // names day and month
	named       bool // a day with a name of its own ("Boxing Day"), or by its place in the month ("last Friday of May")
}

// direction is where a date without a year, or a weekday, is looked for.
type direction int

const (
	forward direction = iota // from the base on
	back                     // up to the base
)

var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
	"november": 11, "december": 12, "jan": 1, "feb": 2, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var weekdays = map[string]time.Weekday{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
	"mon": 1, "tues": 2, "tue": 2, "weds": 3, "wed": 3, "thurs": 4, "thur": 4, "fri": 5,
}

const iso = "2006-01-02"

// DateWord reports whether a word names a month or a day of the week.
func DateWord(w string) bool {
	_, m := months[w]
	_, d := weekdays[w]
	return m || d
}

// Dates are the days that a text can mean when it was said about a visit on base (ISO 8601 or "").
func Dates(text, base string) []string {
	tokens := tokeniseText(text)
	var out []string
	for _, d := range []direction{forward, back} {
		for i := range tokens {
			if found, ok := dayAt(tokens, i, base, d); ok && found.date != "" {
				out = append(out, found.date)
			}
		}
	}
	if d, ok := sameDay(tokens, 0, len(tokens), base); ok {
		out = append(out, d.date)
	}
	return out
}

// NamesDay reports whether a text names a weekday, or a day and a month, of whatever year.
func NamesDay(text string) bool {
	tokens := tokeniseText(text)
	for i := range tokens {
		if d, ok := dayAt(tokens, i, "", back); ok && (d.full || d.weekday) {
			return true
		}
	}
	return false
}

// sameDay reads, in tokens[a:b] without a day, a time of the day of the visit itself: "now", "after lunch", "on my way home", "at four", "before five", "before I go to bed". An hour
// of the morning is tomorrow's.
func sameDay(tokens []token, a, b int, base string) (day, bool) {
	p := dateParser{tokens: tokens}.from(base)
	if !p.based {
		return day{}, false
	}
	will := false // "she will sit with him now" is for good
	for i := a; i < b; i++ {
		next := p.norm(i + 1)
		switch w := p.norm(i); w {
		case "if", "whether", "whenever", "every", "each", "always":
			return day{}, false // "if he's not in by ten"
		case "will":
			will = will || i == 0 || p.norm(i-1) != "i"
		case "close", "straight":
			if w == "close" && next == "of" && (p.norm(i+2) == "play" || p.norm(i+2) == "business") || w == "straight" && next == "after" && p.norm(i+2) == "this" {
				return day{first: i, next: i + 3, date: p.at(0)}, true
			}
		case "now":
			if !will && (i+1 >= b || next == "to" || next == "") && (i == 0 || tokens[i-1].norm != "for") {
				return day{first: i, next: i + 1, date: p.at(0)}, true
			}
		case "on":
			if (next == "my" || next == "the") && p.norm(i+2) == "way" && (next == "my" || p.norm(i+3) == "home" || p.norm(i+3) == "back") {
				return day{first: i, next: min(b, i+4), date: p.at(0)}, true
			}
		case "before", "after", "at", "about", "by":
			if (w == "before" || w == "after") && next == "work" || w != "at" && w != "about" && (next == "lunch" || next == "lunchtime" || next == "tea" || next == "teatime" || next == "dinner") {
				return day{first: i, next: i + 2, date: p.at(0)}, true
			}
			if w == "before" && next == "i" && dayEnds[p.norm(i+2)] {
				return day{first: i, next: min(b, i+5), date: p.at(0)}, true
			}
			c, ok := clockAt(tokens, i+1)
			if w == "after" || !ok || c.next > b || notTimeAfter[p.norm(c.next)] || c.next < b && !c.sure && !afterHour[p.norm(c.next)] {
				continue
			}
			add := 0
			if p.norm(c.next-1) == "morning" {
				add = 1
			}
			return day{first: i, next: c.next, date: p.at(add)}, true
		}
	}
	return day{}, false
}

// afterHour are words that follow an hour, and no number of things.
var afterHour = map[string]bool{"": true, "to": true, "with": true, "and": true, "about": true, "so": true, "but": true, "then": true}

// dayEnds are verbs with which a worker says that their day ends: "before I go home".
var dayEnds = setOf("go sleep leave finish stop knock clock turn head log")

// days finds the expressions in tokens[a:b], without those that the speaker took back ("Tuesday, no, Wednesday").
func days(tokens []token, a, b int, base string, dir direction) []day {
	var out []day
	for i := a; i < b; {
		d, ok := dayAt(tokens[:b], i, base, dir)
		if !ok {
			i++
			continue
		}
		if n := len(out); n > 0 && takenBack(tokens, out[n-1].next, d.first) {
			out[n-1] = d
		} else {
			out = append(out, d)
		}
		i = d.next
	}
	return out
}

// takenBack reports whether the words between two expressions say that the second stands for the first.
func takenBack(tokens []token, a, b int) bool {
	if b-a > 9 || a > b {
		return false
	}
	cue := false
	for k, t := range tokens[a:b] {
		switch {
		case t.norm == "?" && a+k+1 < b && tokens[a+k+1].norm == "no": // "half three? No, twenty to four"
		case t.norm == "no", t.norm == "sorry", t.norm == "scratch", t.norm == "mean", t.norm == "rather", t.norm == "actually", t.norm == "wait", t.norm == "correction", t.norm == "make", t.norm == "scrub":
			cue = true
		case t.mark && (t.norm == breakMark || t.norm == "?"):
			return false
		case t.mark, isFiller(&t), repairGlue[t.norm]:
		default:
			return false
		}
	}
	return cue
}

var repairGlue = setOf("that i it was is 's by on at the for to of a or well in till until about tell lie not hang oh it's she he they and then later")

// beforeDays are words behind which a day with an ending is a day still: "at Monday's session".
var beforeDays = setOf("at for before by until after to")

var visitDayNouns = setOf("visit session interview call contact")

// visitBehind is the end of words from token i on that name a visit ("visit", "direct work session"), 0 when they do not.
func (p *dateParser) visitBehind(i int) int {
	for k := i; k < i+3 && p.norm(k) != ""; k++ {
		if visitDayNouns[p.norm(k)] {
			return k + 1
		}
	}
	return 0
}

// dayAt reads the expression that starts at token i.
func dayAt(tokens []token, i int, base string, dir direction) (day, bool) {
	p := dateParser{tokens: tokens, dir: dir}.from(base)
	d, ok := p.parse(i)
	d.first = i
	return d, ok
}

type dateParser struct {
	tokens []token
	base   time.Time
	based  bool
	dir    direction
}

// from has days counted from a day, where one is known.
func (p dateParser) from(base string) *dateParser {
	if at, err := time.Parse(iso, base); err == nil {
		p.base, p.based = at, true
	}
	return &p
}

func (p *dateParser) norm(i int) string {
	if i < len(p.tokens) && !p.tokens[i].mark {
		return p.tokens[i].norm
	}
	return ""
}

// skip steps over commas.
func (p *dateParser) skip(i int) int {
	if i < len(p.tokens) && p.tokens[i].mark && p.tokens[i].norm == "," {
		return i + 1
	}
	return i
}

func (p *dateParser) at(days int) string {
	if !p.based {
		return ""
	}
	return p.base.AddDate(0, 0, days).Format(iso)
}

func (p *dateParser) parse(i int) (day, bool) {
	w := p.norm(i)
	if w == "" {
		return day{}, false
	}
	if d, ok := p.numeric(i); ok {
		return d, true
	}
	if _, ok := weekdays[w]; ok && p.norm(i+1) == "after" && p.norm(i+2) == "next" {
		return day{next: i + 3}, true // some mean one day by it, some another
	}
	if wd, ok := weekdays[w]; ok && (!p.tokens[i].poss || i > 0 && beforeDays[p.tokens[i-1].norm]) {
		return p.weekday(i, wd)
	} else if ok && p.dir == back {
		if next := p.visitBehind(i + 1); next > 0 {
			return day{next: next, weekday: true, date: p.nearWeekday(wd, back, false)}, true
		}
	}
	if wd, ok := weekdays[strings.TrimSuffix(w, "s")]; ok && len(w) > 6 {
		_ = wd
		return day{next: i + 1, recurrent: true}, true
	}
	if n := p.norm(i + 1); (w == "today" || w == "tomorrow") && (n == "week" || n == "fortnight") { // "tomorrow week"
		add := 7
		if n == "fortnight" {
			add = 14
		}
		if w == "tomorrow" {
			add++
		}
		return day{next: i + 2, date: p.at(add)}, true
	}
	if d, ok := p.namedDay(i); ok {
		d.named = true
		return d, true
	}
	if d, ok := p.dayInMonth(i); ok {
		return d, true
	}
	switch w {
	case "first":
		if p.dir == forward && p.norm(i+1) == "thing" && !p.dayBeside(i) {
			return day{next: i + 2, date: p.at(1)}, true
		}
	case "today", "tonight":
		return day{next: i + 1, date: p.at(0), today: true}, true
	case "tomorrow":
		return day{next: i + 1, date: p.at(1)}, true
	case "yesterday":
		return day{next: i + 1, date: p.at(-1), past: true}, true
	case "this", "same":
		if p.dir == forward && p.norm(i+1) == "time" && (p.norm(i+2) == "next" || p.norm(i+2) == "in") {
			if d, ok := p.sameTime(i + 2); ok {
				return d, true
			}
		}
		if w == "same" {
			return day{}, false
		}
		if n := p.norm(i + 1); n == "morning" || n == "afternoon" || n == "evening" {
			return day{next: i + 2, date: p.at(0), today: true}, true
		}
		if wd, ok := weekdays[p.norm(i+1)]; ok {
			return p.weekday(i+1, wd)
		}
	case "next", "following":
		return p.following(i)
	case "last":
		if wd, ok := weekdays[p.norm(i+1)]; ok {
			return day{next: i + 2, date: p.nearWeekday(wd, back, true), past: true}, true
		}
	case "end":
		return p.end(i)
	case "by", "before":
		if d, ok := p.weekend(i + 1); ok {
			return d, true
		}
	case "in", "within":
		if p.dir == forward && p.norm(i+1) == "the" && p.norm(i+2) == "morning" && w == "in" && !p.clockBefore(i) {
			return day{next: i + 3, date: p.at(1)}, true
		}
		return p.ahead(i + 1)
	case "a", "one":
		if p.norm(i+1) == "week" && (p.norm(i+2) == "today" || p.norm(i+2) == "tomorrow") {
			add := 7
			if p.norm(i+2) == "tomorrow" {
				add = 8
			}
			return day{next: i + 3, date: p.at(add)}, true
		}
		if wd, ok := weekdays[p.norm(i+3)]; ok && p.norm(i+1) == "week" && p.norm(i+2) == "on" {
			return day{next: i + 4, date: p.shift(p.nearWeekday(wd, forward, true), 7)}, true
		}
		if d, ok := p.fromDay(i); ok {
			return d, true
		}
		if d, ok := p.ahead(i); ok && w == "a" && p.dir == forward && p.fromNow(i) {
			d.next += 2
			return d, true
		}
	case "two", "three", "four", "five", "six", "eight", "twelve", "2", "3", "4", "5", "6", "8", "12", "fortnight":
		if d, ok := p.fromDay(i); ok {
			return d, true
		}
	case "the":
		if p.norm(i+1) == "morn" { // Scots
			return day{next: i + 2, date: p.at(1)}, true
		}
		if p.norm(i+1) == "second" && (p.norm(i+2) == "i" || p.norm(i+2) == "he" || p.norm(i+2) == "she" || p.norm(i+2) == "they" || p.norm(i+2) == "we") {
			return day{}, false // "the second I've finished"
		}
		return p.dayOfMonth(i + 1)
	case "day":
		if p.norm(i+1) == "after" && p.norm(i+2) == "tomorrow" {
			return day{next: i + 3, date: p.at(2)}, true
		}
	}
	if m, ok := months[w]; ok {
		return p.monthFirst(i, m)
	}
	if n, ok := numberAt(p.tokens, i); ok {
		if d, ok := p.ahead(i); ok && p.timeAfter(i) {
			return d, true
		} else if ok && p.dir == forward && p.fromNow(i) {
			d.next += 2
			return d, true
		}
		if n.value >= 1 && n.value <= 31 {
			if d, ok := p.withMonth(n, time.Weekday(-1)); ok || !p.standsAlone(i, n) {
				return d, ok
			}
			return p.bareDay(n, -1)
		}
	}
	return day{}, false
}

// standsAlone reports an ordinal that is a day without "the": "next visit twenty-fifth, same time", "on twentieth".
func (p *dateParser) standsAlone(i int, n number) bool {
	if !n.ordinal || n.value < 4 || i == 0 || p.dir == back {
		return false
	}
	b := p.norm(i - 1)
	return (b == "on" || b == "visit" || b == "until" || b == "by") && (p.norm(n.next) == "" || afterDay[p.norm(n.next)])
}

// clockBefore reports a time of day before "in the morning", which then only says which half of the day is meant.
func (p *dateParser) clockBefore(i int) bool {
	if i == 0 {
		return false
	}
	_, ok := numberAt(p.tokens, i-1)
	if p.norm(i-1) == "one" && i > 1 && p.norm(i-2) != "at" && p.norm(i-2) != "about" && p.norm(i-2) != "" {
		return false // "the community one in the morning"
	}
	return ok || p.tokens[i-1].num || p.norm(i-1) == "o'clock"
}

var howOften = setOf("once twice times days nights hours mornings afternoons evenings minutes sessions")

// fromDay reads "a fortnight today", "two weeks tomorrow", "a fortnight on Friday", "three weeks from Monday".
func (p *dateParser) fromDay(i int) (day, bool) {
	weeks, k := 1, i
	if i > 0 && howOften[p.norm(i-1)] {
		return day{}, false // "twice a week from Monday"
	}
	if n, ok := numberAt(p.tokens, i); ok && !n.ordinal && n.value >= 1 && n.value <= 12 {
		weeks, k = n.value, n.next
	} else if p.norm(i) == "a" {
		k = i + 1
	}
	switch p.norm(k) {
	case "fortnight":
		weeks *= 2
	case "week", "weeks":
	default:
		return day{}, false
	}
	k++
	if n := p.norm(k); n == "on" || n == "from" || n == "this" {
		k++
	}
	switch wd, ok := weekdays[p.norm(k)]; {
	case ok:
		return day{next: k + 1, date: p.shift(p.nearWeekday(wd, forward, true), 7*weeks)}, true
	case p.norm(k) == "today":
		return day{next: k + 1, date: p.at(7 * weeks)}, true
	case p.norm(k) == "tomorrow":
		return day{next: k + 1, date: p.at(7*weeks + 1)}, true
	}
	return day{}, false
}

// sameTime reads "this time next week", "same time in a fortnight" from its "next" or "in".
func (p *dateParser) sameTime(i int) (day, bool) {
	if p.norm(i) == "in" {
		return p.ahead(i + 1)
	}
	d := day{next: i + 2}
	switch p.norm(i + 1) {
	case "week":
		d.date = p.at(7)
	case "fortnight":
		d.date = p.at(14)
	case "month":
		if p.based {
			d.date = addMonths(p.base, 1).Format(iso)
		}
	default:
		return day{}, false
	}
	return d, true
}

// fromNow reports "N weeks from now", "a month from today".
func (p *dateParser) fromNow(i int) bool {
	for k := i + 1; k < i+5; k++ {
		if p.norm(k) == "from" {
			n := p.norm(k + 1)
			return n == "now" || n == "today"
		}
	}
	return false
}

// timeAfter reports "N weeks' time".
func (p *dateParser) timeAfter(i int) bool {
	for k := i; k < i+4; k++ {
		if p.norm(k) == "time" {
			return true
		}
	}
	return false
}

// weekday reads "Thursday", "Thursday the 12th of March", "Friday sixth March", "Wednesday the 29th".
func (p *dateParser) weekday(i int, wd time.Weekday) (day, bool) {
	k := p.skip(i + 1)
	if p.norm(k) == "the" {
		k++
	}
	if n, ok := numberAt(p.tokens, k); ok && n.value >= 1 && n.value <= 31 {
		if d, ok := p.withMonth(n, wd); ok {
			return d, true
		}
		if n.ordinal && (p.norm(k-1) == "the" || !countedThing[p.norm(n.next)]) { // but not "Wednesday, first visit"
			if d, ok := p.bareDay(n, wd); ok {
				return d, true
			}
		}
	}
	if n := p.norm(i + 1); n == "nights" || n == "mornings" || n == "evenings" || n == "afternoons" || n == "lunchtimes" {
		return day{next: i + 2, recurrent: true}, true
	}
	for k, words := range []string{"of next week", "next week"} { // as weeks begin on Monday
		if p.dir == forward && p.based && p.says(i+1, words) {
			monday := -((int(p.base.Weekday()) + 6) % 7)
			return day{next: i + 4 - k, date: p.at(monday + 7 + (int(wd)+6)%7)}, true
		}
	}
	if p.norm(i+1) == "fortnight" {
		return day{next: i + 2, date: p.shift(p.nearWeekday(wd, forward, false), 14)}, true
	}
	if p.norm(i+1) == "week" {
		return day{next: i + 2, date: p.shift(p.nearWeekday(wd, forward, true), 7)}, true
	}
	if n, ok := numberAt(p.tokens, i+1); ok && !n.ordinal && n.value > 1 && n.value < 13 && p.norm(n.next) == "weeks" && p.based && p.dir == forward {
		switch p.norm(n.next + 1) {
		case "", "at", "and", "same", "for", "then", "i", "we":
			return day{next: n.next + 1, date: p.shift(p.nearWeekday(wd, forward, true), 7*n.value)}, true // "Tuesday three weeks"
		}
	}
	d := day{next: i + 1, weekday: true}
	switch {
	case p.norm(i+1) == "just" && p.norm(i+2) == "gone", i > 0 && p.norm(i-1) == "last":
		d.date, d.past = p.nearWeekday(wd, back, true), true
	default:
		d.date = p.nearWeekday(wd, p.dir, p.dir == forward)
	}
	return d, true
}

func (p *dateParser) says(i int, words string) bool {
	for _, w := range strings.Fields(words) {
		if p.norm(i) != w {
			return false
		}
		i++
	}
	return true
}

// nearWeekday is the nearest day of that name; strict leaves out the base itself.
func (p *dateParser) nearWeekday(wd time.Weekday, dir direction, strict bool) string {
	if !p.based {
		return ""
	}
	n := (int(wd) - int(p.base.Weekday()) + 7) % 7
	if dir == back {
		n = -((int(p.base.Weekday()) - int(wd) + 7) % 7)
	}
	if n == 0 && strict {
		n = 7
		if dir == back {
			n = -7
		}
	}
	return p.at(n)
}

func (p *dateParser) shift(date string, days int) string {
	at, err := time.Parse(iso, date)
	if err != nil {
		return ""
	}
	return at.AddDate(0, 0, days).Format(iso)
}

// withMonth reads the rest of "12th of March 2026" after its day.
func (p *dateParser) withMonth(n number, wd time.Weekday) (day, bool) {
	k := n.next
	if p.norm(k) == "of" {
		k++
	}
	m, ok := months[p.norm(k)]
	if !ok {
		return p.monthByNumber(n)
	}
	if p.norm(k) == "may" && !n.ordinal && p.norm(n.next) != "of" && wd < 0 && !p.tokens[k].cap {
		return day{}, false // "two may"
	}
	k++
	year, next := p.year(k)
	return day{next: next, date: p.calendar(year, m, n.value), full: true}, true
}

// monthByNumber reads the rest of "seventeenth of the eleventh" after its day.
func (p *dateParser) monthByNumber(n number) (day, bool) {
	if k := n.next; n.ordinal && p.norm(k) == "of" && p.norm(k+1) == "the" {
		if m, ok := numberAt(p.tokens, k+2); ok && m.ordinal && m.value <= 12 {
			year, next := p.year(m.next)
			if year > 0 || p.norm(next) == "" {
				return day{next: next, date: p.calendar(year, time.Month(m.value), n.value), full: true}, true
			}
		}
	}
	return day{}, false
}

var ordinalWords = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 5}

// dayInMonth reads "the last Thursday of July", "first Monday in May", "last day of June".
func (p *dateParser) dayInMonth(i int) (day, bool) {
	nth, ok := ordinalWords[p.norm(i)]
	wd, weekday := weekdays[p.norm(i+1)]
	if !ok || !weekday && !(p.norm(i+1) == "day" && (nth == 1 || nth == 5)) || p.norm(i+2) != "of" && p.norm(i+2) != "in" {
		return day{}, false
	}
	m, ok := months[p.norm(i+3)]
	if !ok {
		return day{}, false
	}
	year, next := p.year(i + 4)
	return day{next: next, full: true, named: true, date: p.inYear(year, func(y int) (time.Time, bool) {
		first, last := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC), time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)
		switch {
		case !weekday && nth == 1:
			return first, true
		case !weekday:
			return last, true
		case nth == 5:
			return last.AddDate(0, 0, -((int(last.Weekday()) - int(wd) + 7) % 7)), true
		}
		return first.AddDate(0, 0, (int(wd)-int(first.Weekday())+7)%7+7*(nth-1)), true
	})}, true
}

// monthFirst reads "March the 12th" and "March 12th".
func (p *dateParser) monthFirst(i int, m time.Month) (day, bool) {
	k := i + 1
	the := p.norm(k) == "the"
	if the {
		k++
	}
	n, ok := numberAt(p.tokens, k)
	if !ok || n.value < 1 || n.value > 31 || !n.ordinal && !p.tokens[i].cap || !the && p.norm(i) == "may" && !n.ordinal {
		return day{}, false
	}
	year, next := p.year(n.next)
	return day{next: next, date: p.calendar(year, m, n.value), full: true}, true
}

// year reads "2026", "twenty twenty-six", "two thousand and twenty six"; 0 when there is none.
func (p *dateParser) year(k int) (year, next int) {
	from := k
	k = p.skip(k)
	if n, ok := numberAt(p.tokens, k); ok && !n.ordinal {
		if n.value >= 1990 && n.value < 2100 {
			return n.value, n.next
		}
		if n.value == 20 {
			if m, ok := numberAt(p.tokens, n.next); ok && m.value >= 10 && m.value < 60 && !m.ordinal {
				return 2000 + m.value, m.next
			}
		}
		if p.norm(k) == "two" && p.norm(k+1) == "thousand" {
			k += 2
			if p.norm(k) == "and" {
				k++
			}
			if m, ok := numberAt(p.tokens, k); ok && m.value < 100 {
				return 2000 + m.value, m.next
			}
		}
		if n.value > 20 && n.value < 60 && !p.tokens[k].num && k+1 < len(p.tokens) && n.next == k+2 && p.norm(k) == "twenty" {
			return 0, from
		}
	}
	return 0, from
}

// calendar makes a date; without a year it is the nearest in the direction.
func (p *dateParser) calendar(year int, m time.Month, d int) string {
	return p.inYear(year, func(y int) (time.Time, bool) {
		at := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return at, at.Day() == d
	})
}

// inYear is a day that each year has, or in which some years have none; without a year it is the nearest in the direction.
func (p *dateParser) inYear(year int, make func(int) (time.Time, bool)) string {
	if year > 0 {
		if at, ok := make(year); ok {
			return at.Format(iso)
		}
		return ""
	}
	if !p.based {
		return ""
	}
	best := ""
	for _, y := range []int{p.base.Year() - 1, p.base.Year(), p.base.Year() + 1} {
		at, ok := make(y)
		if !ok {
			continue
		}
		gap := int(at.Sub(p.base).Hours() / 24)
		if p.dir == forward && gap >= 0 && gap < 300 || p.dir == forward && gap < 0 && gap > -65 || p.dir == back && gap <= 31 && gap > -334 {
			if best == "" || p.dir == back && gap <= 31 || gap >= 0 && gap < 300 {
				best = at.Format(iso)
			}
		}
	}
	return best
}

// dayOfMonth reads "12th of March" or "26th" after "the".
func (p *dateParser) dayOfMonth(i int) (day, bool) {
	n, ok := numberAt(p.tokens, i)
	if !ok {
		if p.norm(i) == "end" {
			return p.end(i)
		}
		if p.norm(i) == "day" && p.norm(i+1) == "after" && p.norm(i+2) == "tomorrow" {
			return day{next: i + 3, date: p.at(2)}, true
		}
		if p.norm(i) == "following" {
			if d, ok := p.following(i); ok {
				return d, true
			}
		}
		return day{}, false
	}
	if n.value < 1 || n.value > 31 {
		return day{}, false
	}
	if d, ok := p.withMonth(n, -1); ok {
		return d, true
	}
	if d, ok := p.dayInMonth(i); ok {
		return d, true
	}
	if !n.ordinal || countedThing[p.norm(n.next)] || n.value < 4 && !p.tokens[i].num && p.norm(n.next) != "" && !afterDay[p.norm(n.next)] {
		return day{}, false
	}
	if nounAfterOrdinal[p.norm(n.next)] || n.value < 4 && !p.tokens[i].num && i > 1 && doneBefore[p.norm(i-2)] {
		return day{}, false
	}
	return p.bareDay(n, -1)
}

var (
	countedThing     = setOf("time half visit session floor year child one birthday meeting review week day month appointment thing part person attempt occasion baby night stay")
	doneBefore       = setOf("do did done doing missed got had have") // "when I did the first"
	nounAfterOrdinal = setOf("grade form place class generation")
	afterDay         = setOf("at and for with to in so but i we she he they when which then")
)

// bareDay is a day of this or the next month.
func (p *dateParser) bareDay(n number, wd time.Weekday) (day, bool) {
	d := day{next: n.next}
	if !p.based {
		return d, true
	}
	for k := 0; k < 12; k++ {
		step := k
		if p.dir == back {
			step = -k
		}
		first := time.Date(p.base.Year(), p.base.Month()+time.Month(step), 1, 0, 0, 0, 0, time.UTC)
		at := first.AddDate(0, 0, n.value-1)
		if at.Month() != first.Month() || wd >= 0 && at.Weekday() != wd {
			continue
		}
		if p.dir == forward && at.Before(p.base) || p.dir == back && at.After(p.base) {
			continue
		}
		d.date = at.Format(iso)
		return d, true
	}
	return d, true
}

// following reads "next Monday" (the first one after today unless it is within this week's last days), "next week".
func (p *dateParser) following(i int) (day, bool) {
	if wd, ok := weekdays[p.norm(i+1)]; ok {
		if n, ok := numberAt(p.tokens, p.skip(i+2)); ok && n.ordinal || p.norm(i+2) == "the" {
			_ = n
			return p.weekday(i+1, wd)
		}
		d := day{next: i + 2}
		if p.based { // the one in the next week, as weeks begin on Monday
			monday := -((int(p.base.Weekday()) + 6) % 7)
			d.date = p.at(monday + 7 + (int(wd)+6)%7)
		}
		return d, true
	}
	switch p.norm(i + 1) {
	case "week", "month", "fortnight":
		if wd, ok := weekdays[p.norm(i+2)]; ok && p.norm(i+1) == "week" {
			d := day{next: i + 3}
			if p.based {
				monday := -((int(p.base.Weekday()) + 6) % 7)
				d.date = p.at(monday + 7 + (int(wd)+6)%7)
			}
			return d, true
		}
		return day{next: i + 2}, true
	}
	return day{}, false
}

// end reads "end of July", "end of the month", "end of the week" (its Friday).
func (p *dateParser) end(i int) (day, bool) {
	if p.norm(i+1) != "of" {
		return day{}, false
	}
	k := i + 2
	next := false
	for p.norm(k) == "the" || p.norm(k) == "this" || p.norm(k) == "next" {
		next = next || p.norm(k) == "next"
		k++
	}
	if m, ok := months[p.norm(k)]; ok {
		year, stop := p.year(k + 1)
		if year == 0 && p.based {
			year = p.base.Year()
			if m < p.base.Month() {
				year++
			}
		}
		if year == 0 {
			return day{next: stop}, true
		}
		return day{next: stop, date: time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Format(iso)}, true
	}
	d := day{next: k + 1}
	switch p.norm(k) {
	case "month":
		if p.based {
			add := time.Month(1)
			if next {
				add = 2
			}
			d.date = time.Date(p.base.Year(), p.base.Month()+add, 0, 0, 0, 0, 0, time.UTC).Format(iso)
		}
		return d, true
	case "week":
		if p.based {
			n := (5 - int(p.base.Weekday()) + 7) % 7
			if next {
				n += 7
			}
			d.date = p.at(n)
		}
		return d, true
	case "day", "today":
		d.date = p.at(0)
		return d, true
	case "tomorrow":
		d.date = p.at(1)
		return d, true
	case "term", "year", "half-term":
		return d, true
	}
	return day{}, false
}

// weekend reads "the weekend", "the week is out", "the week's out" behind "by" or "before", of which the Friday is the last working day.
func (p *dateParser) weekend(i int) (day, bool) {
	if p.dir == back || p.norm(i) != "the" {
		return day{}, false
	}
	d := day{next: i + 2}
	switch p.norm(i + 1) {
	case "weekend":
	case "week":
		if p.norm(i+2) == "is" || p.norm(i+2) == "'s" {
			d.next++
		}
		if p.norm(d.next) != "out" {
			return day{}, false
		}
		d.next++
	default:
		return day{}, false
	}
	if n := int(p.base.Weekday()); p.based && n >= 1 && n <= 5 {
		d.date = p.at(5 - n)
	}
	return d, true
}

// ahead reads "two weeks", "a fortnight", "ten working days" after "in" or "within".
func (p *dateParser) ahead(i int) (day, bool) {
	n, k := 1, i
	if p.norm(k) == "the" && p.norm(k+1) == "next" {
		k += 2
	}
	if num, ok := numberAt(p.tokens, k); ok && !num.ordinal {
		n, k = num.value, num.next
	} else if p.norm(k) == "a" || p.norm(k) == "an" {
		k++
	} else {
		return day{}, false
	}
	if n > 1000 {
		return day{}, false
	}
	working := p.norm(k) == "working" || p.norm(k) == "school"
	if working {
		k++
	}
	d := day{next: k + 1}
	switch strings.TrimSuffix(p.norm(k), "s") {
	case "day":
		d.date = p.at(n)
		if working && p.based {
			d.date = workingDays(p.base, n).Format(iso)
		}
	case "week":
		d.date = p.at(7 * n)
	case "fortnight":
		d.date = p.at(14 * n)
	case "month":
		if p.based {
			d.date = addMonths(p.base, n).Format(iso)
		}
	case "hour": // "within 48 hours"
		if n == 0 || n%24 != 0 {
			return day{}, false
		}
		d.date = p.at(n / 24)
	default:
		return day{}, false
	}
	if p.norm(d.next) == "time" {
		d.next++
	}
	return d, true
}

// addMonths keeps to the last day of a shorter month.
func addMonths(t time.Time, n int) time.Time {
	at := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := at.AddDate(0, 1, -1).Day()
	return at.AddDate(0, 0, min(t.Day(), last)-1)
}

func workingDays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			n--
		}
	}
	return t
}

// numeric reads "2026-03-12", "12/03/2026" and "12/3".
func (p *dateParser) numeric(i int) (day, bool) {
	t := p.tokens[i]
	if !t.num || !strings.ContainsAny(t.norm, "/-") {
		return day{}, false
	}
	for _, layout := range []string{iso, "02/01/2006", "2/1/2006", "02/01/06", "2/1/06", "02-01-2006"} {
		if at, err := time.Parse(layout, t.norm); err == nil {
			return day{next: i + 1, date: at.Format(iso), full: true}, true
		}
	}
	if at, err := time.Parse("2/1", t.norm); err == nil {
		return day{next: i + 1, date: p.calendar(0, at.Month(), at.Day()), full: true}, true
	}
	return day{}, false
}

// dayBeside reports a day that stands beside "first thing", which then says no more than the hour.
func (p *dateParser) dayBeside(i int) bool {
	for k := i - 3; k < i+5; k++ {
		if n := p.norm(max(0, k)); n == "tomorrow" || n == "today" || n == "morning" && k > i || DateWord(n) {
			return true
		}
	}
	return false
}

// namedDay reads "Good Friday", "Easter Monday", "Christmas Eve", "Boxing Day", "New Year's Day", "Bonfire Night", "Halloween", "St Patrick's Day".
func (p *dateParser) namedDay(i int) (day, bool) {
	at := func(next int, date func(year int) time.Time) (day, bool) {
		d := day{next: next}
		if !p.based {
			return d, true
		}
		for _, y := range []int{p.base.Year() - 1, p.base.Year(), p.base.Year() + 1} {
			t := date(y)
			if p.dir == forward && !t.Before(p.base) || p.dir == back && !t.After(p.base) {
				d.date = t.Format(iso)
				if p.dir == forward {
					break
				}
			}
		}
		return d, true
	}
	fixed := func(m time.Month, d int) func(int) time.Time {
		return func(y int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	}
	moved := func(days int) func(int) time.Time {
		return func(y int) time.Time { return easter(y).AddDate(0, 0, days) }
	}
	switch next := p.norm(i + 1); p.norm(i) {
	case "good":
		if next == "friday" {
			return at(i+2, moved(-2))
		}
	case "easter":
		switch next {
		case "sunday":
			return at(i+2, moved(0))
		case "monday":
			return at(i+2, moved(1))
		}
	case "christmas":
		switch next {
		case "eve":
			return at(i+2, fixed(12, 24))
		case "day":
			return at(i+2, fixed(12, 25))
		}
	case "boxing":
		if next == "day" {
			return at(i+2, fixed(12, 26))
		}
	case "bonfire":
		if next == "night" {
			return at(i+2, fixed(11, 5))
		}
	case "halloween", "hallowe'en":
		return at(i+1, fixed(10, 31))
	case "valentine", "valentines":
		if next == "day" {
			return at(i+2, fixed(2, 14))
		}
		if next == "" && (p.tokens[i].poss || p.norm(i) == "valentines") {
			return at(i+1, fixed(2, 14))
		}
	case "remembrance":
		if next == "day" {
			return at(i+2, fixed(11, 11))
		}
	case "burns":
		if next == "night" {
			return at(i+2, fixed(1, 25))
		}
	case "st", "saint":
		if d, ok := saintsDays[strings.TrimSuffix(next, "s")]; ok && p.norm(i+2) == "day" {
			return at(i+3, fixed(d.m, d.d))
		}
	case "new":
		if next == "year" || next == "years" {
			switch p.norm(i + 2) {
			case "eve":
				return at(i+3, fixed(12, 31))
			case "day":
				return at(i+3, fixed(1, 1))
			}
		}
	}
	return day{}, false
}

// saintsDays are those that people in the British Isles name a day by.
var saintsDays = map[string]struct {
	m time.Month
	d int
}{"david": {3, 1}, "patrick": {3, 17}, "george": {4, 23}, "andrew": {11, 30}}

// easter is the Sunday of Easter, by the Gregorian reckoning of Meeus, Astronomical Algorithms, chapter 8.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	k, l := c/4, c%4
	m := (a + 11*h) / 319
	r := (2*e + 2*k - l - h + m + 32) % 7
	n := (h - m + r + 90) / 25
	return time.Date(year, time.Month(n), (h-m+r+n+19)%32, 0, 0, 0, 0, time.UTC)
}
