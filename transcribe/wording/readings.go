package wording

import (
	"time"

	"kerbside"
)

// periods are the units of durations and ages: what stands before and after the number in ISO 8601.
var periods = map[string][2]string{
	"second": {"PT", "S"}, "minute": {"PT", "M"}, "hour": {"PT", "H"}, "day": {"P", "D"}, "week": {"P", "W"}, "month": {"P", "M"}, "year": {"P", "Y"},
	"fortnight": {"P", "W"},
}

// read gives the readings of words said on a day, which may be the zero time. Ranges do not overlap.
func read(words []kerbside.Word, on time.Time) kerbside.List[kerbside.Reading] {
	r := &reader{pieces: piecesOf(words)}
	var out kerbside.List[kerbside.Reading]
	for i := 0; i < len(r.pieces); {
		kind, value, end := r.readAt(i, on)
		if kind != "" {
			// Two readings never share a word.
			first, last := words[r.pieces[i].word].ID, words[r.pieces[end].word].ID
			if n := len(out); n == 0 || out[n-1].LastWord != first {
				out = append(out, kerbside.Reading{FirstWord: first, LastWord: last, Kind: kind, Value: value})
			}
		}
		i = max(end, i) + 1
	}
	return out
}

// readAt reads what begins at piece i. Without a kind there is nothing to be listed up to piece end.
func (r *reader) readAt(i int, on time.Time) (kind kerbside.ReadingKind, value string, end int) {
	if n := r.digitsSaid(i); n >= 3 { // a telephone number or the like is no quantity
		return "", "", i + n - 1
	}
	if v, end, ok := r.dateAt(i, on); ok {
		return kerbside.ReadingDate, v, end
	}
	if v, end, ok := r.timeAt(i); ok {
		return kerbside.ReadingTime, v, end
	}
	if v, end, ok := r.moneyAt(i); ok {
		return kerbside.ReadingMoney, v, end
	}
	if kind, v, end, ok := r.lengthAt(i); ok {
		return kind, v, end
	}
	return r.numberAt(i)
}

// digitsSaid counts the single digits that are said one after the other from piece i on.
func (r *reader) digitsSaid(i int) int {
	n := 0
	for at := i; at < len(r.pieces); at++ {
		w := r.at(at)
		u, ok := units[w]
		if !(ok && u < 10 || w == "oh" || w == "zero" || w == "double" || len(w) == 1 && w[0] >= '0' && w[0] <= '9') {
			break
		}
		n++
		if r.pieces[at].stop {
			break
		}
	}
	return n
}

// moneyAt reads "£20", "£4.50", "twenty pounds", "four pounds fifty", "fifty pence", "50p".
func (r *reader) moneyAt(i int) (string, int, bool) {
	w := r.at(i)
	if len(w) > 2 && w[:2] == "£" {
		q, ok := figures(w[2:], i)
		return "GBP " + q.value, i, ok && r.next(i) != "million" && r.next(i) != "thousand"
	}
	if n := len(w); n > 1 && w[n-1] == 'p' {
		q, ok := figures(w[:n-1], i)
		return pence(q.whole), i, ok && q.whole >= 0 && q.whole < 1000
	}
	q, ok := r.quantityAt(i)
	if !ok {
		return "", 0, false
	}
	switch r.next(q.end) {
	case "pence":
		return pence(q.whole), q.end + 1, q.whole >= 0
	case "pound", "pounds", "quid":
		end := q.end + 1
		if p, ok := r.plainAt(end + 1); ok && !r.pieces[end].stop && p.said && q.whole >= 0 && p.whole >= 10 && p.whole < 100 && !r.isCounted(p.end) {
			return "GBP " + q.value + "." + two(p.whole), p.end, true
		}
		return "GBP " + q.value, end, true
	}
	return "", 0, false
}

func pence(n int) string {
	if n < 0 {
		return ""
	}
	return "GBP " + itoa(n/100) + "." + two(n%100)
}

// lengthAt reads ages ("nine years old", "nine-year-old", "aged nine") and durations ("forty minutes", "half an hour", "two and a
// half hours", "an hour and a half", "a fortnight"). "A week" alone is more often a rate and is left out.
func (r *reader) lengthAt(i int) (kerbside.ReadingKind, string, int, bool) {
	if r.at(i) == "aged" && r.next(i) != "" {
		q, ok := r.plainAt(i + 1)
		if ok && q.whole >= 0 && q.whole < 120 && r.next(q.end) != "to" && r.next(q.end) != "and" {
			unit, end := "year", q.end
			if u, ok := period(r.next(q.end)); ok {
				unit, end = u, q.end+1
			}
			return kerbside.ReadingAge, iso(q.value, unit), end, true
		}
		return "", "", 0, false
	}
	if r.at(i) == "half" && (r.next(i) == "an" || r.next(i) == "a") && r.next(i+1) == "hour" {
		return kerbside.ReadingDuration, "PT30M", i + 2, true
	}
	if r.at(i) == "an" && r.next(i) == "hour" || r.at(i) == "a" && r.next(i) == "fortnight" {
		if r.next(i+1) == "and" && r.next(i+2) == "a" && r.next(i+3) == "half" && r.at(i) == "an" {
			return kerbside.ReadingDuration, "PT1H30M", i + 4, true
		}
		if i > 0 && r.pieces[i-1].word == r.pieces[i].word || isRate(r.at(i-1)) {
			return "", "", 0, false
		}
		unit := "hour"
		if r.at(i) == "a" {
			unit = "fortnight"
		}
		return kerbside.ReadingDuration, iso("1", unit), i + 1, true
	}
	q, ok := r.quantityAt(i)
	if !ok {
		return "", "", 0, false
	}
	unit, ok := period(r.next(q.end))
	if !ok {
		return "", "", 0, false
	}
	end := q.end + 1
	value := q.value
	if r.next(end) == "and" && r.next(end+1) == "a" && r.next(end+2) == "half" && q.whole >= 0 {
		value, end = value+".5", end+3
	}
	if r.next(end) == "old" {
		return kerbside.ReadingAge, iso(value, unit), end + 1, true
	}
	return kerbside.ReadingDuration, iso(value, unit), end, true
}

// isRate reports whether "an hour" after w says how often or how fast.
func isRate(w string) bool {
	switch w {
	case "once", "twice", "times", "miles", "pounds", "pence", "times.":
		return true
	}
	return false
}

func period(w string) (string, bool) {
	if _, ok := periods[w]; ok {
		return w, true
	}
	if n := len(w); n > 1 && w[n-1] == 's' {
		_, ok := periods[w[:n-1]]
		return w[:n-1], ok
	}
	return "", false
}

// iso writes an ISO 8601 duration. Halves of years, hours and minutes become months, minutes and seconds; of the others they stay as
// a decimal fraction, which the standard allows in the last place.
func iso(value, unit string) string {
	p := periods[unit]
	if unit == "fortnight" {
		if q, ok := figures(value, 0); ok && q.whole >= 0 {
			return "P" + itoa(2*q.whole) + "W"
		}
	}
	if n := len(value) - 2; n > 0 && value[n:] == ".5" {
		switch unit {
		case "year":
			return "P" + value[:n] + "Y6M"
		case "hour":
			return "PT" + value[:n] + "H30M"
		case "minute":
			return "PT" + value[:n] + "M30S"
		}
	}
	return p[0] + value + p[1]
}

// numberAt reads a number that nothing else was made of. "One" alone is as often no number, and is left out.
func (r *reader) numberAt(i int) (kerbside.ReadingKind, string, int) {
	w := r.at(i)
	if n := len(w); n > 1 && w[n-1] == '%' {
		if q, ok := figures(w[:n-1], i); ok {
			return kerbside.ReadingNumber, q.value + "%", i
		}
	}
	q, ok := r.quantityAt(i)
	if !ok {
		return "", "", i
	}
	if w := r.next(q.end); w == "percent" || w == "%" {
		return kerbside.ReadingNumber, q.value + "%", q.end + 1
	} else if w == "per" && r.next(q.end+1) == "cent" {
		return kerbside.ReadingNumber, q.value + "%", q.end + 2
	}
	if q.said && q.whole == 1 {
		return "", "", q.end
	}
	return kerbside.ReadingNumber, q.value, q.end
}
