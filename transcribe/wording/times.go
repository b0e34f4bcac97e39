package wording

import (
	"fmt"
	"strconv"
	"strings"
)

// before are the words after which "ten to four" and "four thirty" are times.
var before = setOf("at by about around until till since before after from was is nearly almost approximately roughly")

// timeAt reads a time of day from piece i on: "half past four", "half four", "quarter to eight", "ten past three", "four o'clock",
// "4pm", "16:30", "at 9.30", "four thirty". Where neither "am" nor "in the morning" nor the like says which half of the day, and
// the hour does not, both stand: "04:30|16:30".
func (r *reader) timeAt(i int) (value string, end int, ok bool) {
	switch w := r.at(i); w {
	case "midday", "noon":
		return "12:00", i, true
	case "midnight":
		return "00:00", i, true
	case "half", "quarter":
		return r.partHour(i)
	}
	if h, m, half, ok := r.digital(i); ok {
		return r.halfOfDay(h, m, i, half)
	}
	q, ok := r.plainAt(i)
	if !ok || q.whole < 1 || q.whole > 59 {
		return "", 0, false
	}
	at := q.end
	if r.next(at) == "minutes" {
		at++
	}
	if link := r.next(at); link == "past" || link == "to" {
		h, ok := r.plainAt(at + 2)
		if !ok || r.pieces[at+1].stop || !isHour(h.whole) || q.whole > 30 || link == "to" && !r.isTimeTo(i, h.end) {
			return "", 0, false
		}
		minute := q.whole
		if link == "to" {
			minute = -minute
		}
		return r.fromHour(h.whole, minute, h.end)
	}
	if !isHour(q.whole) {
		return "", 0, false
	}
	if w := r.next(q.end); w == "o'clock" || w == "o’clock" || w == "oclock" {
		return r.halfOfDay(q.whole, 0, q.end+1, "")
	}
	if half := meridiem(r.next(q.end)); half != "" {
		return r.halfOfDay(q.whole, 0, q.end+1, half)
	}
	// "at four thirty", "four thirty pm"
	m, ok := r.plainAt(q.end + 1)
	if !ok || r.pieces[q.end].stop || !q.said || !m.said || m.whole < 10 || m.whole > 59 || m.whole%5 != 0 {
		return "", 0, false
	}
	if meridiem(r.next(m.end)) != "" || before[r.at(i-1)] && !r.pieces[i-1].stop && !r.isCounted(m.end) {
		return r.halfOfDay(q.whole, m.whole, m.end, "")
	}
	return "", 0, false
}

// isTimeTo reports whether "ten to four", from piece i to end, is no range.
func (r *reader) isTimeTo(i, end int) bool {
	if r.isCounted(end) || r.at(i-1) == "from" || r.at(i-1) == "between" {
		return false
	}
	w := r.next(end)
	return i > 0 && before[r.at(i-1)] || meridiem(w) != "" || w == "in"
}

// isCounted reports whether what follows piece i is counted by the number that ends there.
func (r *reader) isCounted(i int) bool {
	w := r.next(i)
	_, unit := periods[strings.TrimSuffix(w, "s")]
	return unit || w == "pounds" || w == "children" || w == "people" || w == "times" || w == "percent" || w == "per"
}

func isHour(n int) bool { return n >= 1 && n <= 12 }

// partHour reads "half past four", "half four", "quarter to eight".
func (r *reader) partHour(i int) (string, int, bool) {
	minute := 30
	if r.at(i) == "quarter" {
		minute = 15
	}
	at := i + 1
	switch link := r.next(i); {
	case link == "past", link == "to" && minute == 15:
		if r.pieces[at].stop {
			return "", 0, false
		}
		if link == "to" {
			minute = -minute
		}
		at++
	case minute == 15 || link == "":
		return "", 0, false
	}
	h, ok := r.plainAt(at)
	if !ok || !isHour(h.whole) {
		return "", 0, false
	}
	if at == i+1 && (r.isCounted(h.end) || i > 0 && (r.at(i-1) == "and" || r.at(i-1) == "a")) { // "one and a half two"
		return "", 0, false
	}
	return r.fromHour(h.whole, minute, h.end)
}

// fromHour adds minutes to an hour.
func (r *reader) fromHour(hour, minute, end int) (string, int, bool) {
	total := (hour*60 + minute + 12*60) % (12 * 60)
	h := total / 60
	if h == 0 {
		h = 12
	}
	return r.halfOfDay(h, total%60, end, "")
}

// digital reads "16:30", "4.30pm", "1630hrs", "4pm" and, after a word like "at", "9.30".
func (r *reader) digital(i int) (hour, minute int, half string, ok bool) {
	w := r.at(i)
	for _, s := range []string{"am", "pm", "hrs"} {
		if rest, found := strings.CutSuffix(w, s); found && rest != "" {
			w, half = rest, meridiem(s)
			if s == "hrs" {
				half = "24"
			}
		}
	}
	a, b, cut := strings.Cut(w, ":")
	if !cut {
		a, b, cut = strings.Cut(w, ".")
		if cut && half == "" && meridiem(r.next(i)) == "" && (i == 0 || !before[r.at(i-1)] || r.at(i-1) == "is" || r.at(i-1) == "was") {
			return 0, 0, "", false
		}
	}
	if !cut && half == "24" && len(w) == 4 {
		a, b, cut = w[:2], w[2:], true
	}
	h, err := strconv.Atoi(a)
	if err != nil || h < 0 || h > 23 || len(a) > 2 {
		return 0, 0, "", false
	}
	if !cut {
		return h, 0, half, half != "" && half != "24" && isHour(h)
	}
	m, err := strconv.Atoi(b)
	if len(a) == 2 && a[0] == '0' && half == "" {
		half = "24"
	}
	return h, m, half, err == nil && len(b) == 2 && m >= 0 && m < 60
}

func meridiem(w string) string {
	switch w {
	case "am", "a.m", "a.m.":
		return "am"
	case "pm", "p.m", "p.m.":
		return "pm"
	}
	return ""
}

// halfOfDay settles the half of the day by half ("am", "pm", "24" for none) or by what follows piece end.
func (r *reader) halfOfDay(hour, minute, end int, half string) (string, int, bool) {
	if half == "" {
		half, end = r.saidHalf(end)
	}
	clock := func(h int) string { return fmt.Sprintf("%02d:%02d", h, minute) }
	switch {
	case hour > 12 || hour == 0 || half == "24":
		return clock(hour), end, true
	case half == "am":
		return clock(hour % 12), end, true
	case half == "pm":
		return clock(hour%12 + 12), end, true
	}
	return clock(hour%12) + "|" + clock(hour%12+12), end, true
}

// saidHalf reads "pm", "in the afternoon", "this evening", "at night" after piece end.
func (r *reader) saidHalf(end int) (string, int) {
	if m := meridiem(r.next(end)); m != "" {
		return m, end + 1
	}
	at := end
	switch w := r.next(end); {
	case w == "this", w == "at", w == "tomorrow", w == "yesterday":
		at++
	case w == "in" && r.next(end+1) == "the":
		at += 2
	default:
		return "", end
	}
	switch r.next(at) {
	case "morning":
		return "am", at + 1
	case "afternoon", "evening":
		return "pm", at + 1
	}
	return "", end
}
