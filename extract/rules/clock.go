package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// clock is a time of day and the tokens that say it. Without "am" or "pm" an hour from one to seven is in the afternoon: visits
// are made by day.
type clock struct {
	first, next  int
	hour, minute int
	sure         bool // says itself to be a time, not just a number
}

func (c clock) String() string { return fmt.Sprintf("%02d:%02d", c.hour, c.minute) }

// TimeSpoken reports whether a text can mean a time ("16:00").
func TimeSpoken(value, text string) bool {
	tokens := tokeniseText(text)
	for i := range tokens {
		if c, ok := clockAt(tokens, i); ok {
			other := c
			other.hour = (c.hour + 12) % 24
			if c.String() == value || other.String() == value {
				return true
			}
			for k := c.next; c.minute == 0 && k < len(tokens) && k < c.next+17; k++ { // "at eleven, it was twenty past"
				if m, next := minutesPast(tokens, k); next > 0 {
					c.minute, other.minute = m, m
					if c.String() == value || other.String() == value {
						return true
					}
					c.minute = 0
				}
			}
		}
	}
	return false
}

// minutesPast reads minutes past an hour that is not said: "twenty past", "half past". next is 0 when there are none.
func minutesPast(tokens []token, i int) (minute, next int) {
	k := i + 1
	switch n, ok := numberAt(tokens, i); {
	case tokens[i].norm == "quarter":
		minute = 15
	case tokens[i].norm == "half":
		minute = 30
	case ok && !n.ordinal && n.value%5 == 0 && n.value > 0 && n.value < 60:
		minute, k = n.value, n.next
	default:
		return 0, 0
	}
	if k >= len(tokens) || tokens[k].norm != "past" {
		return 0, 0
	}
	if _, hour := numberAt(tokens, k+1); hour {
		return 0, 0
	}
	return minute, k + 1
}

func clockAt(tokens []token, i int) (clock, bool) {
	norm := func(k int) string {
		if k < len(tokens) && !tokens[k].mark {
			return tokens[k].norm
		}
		return ""
	}
	w := norm(i)
	switch w {
	case "":
		return clock{}, false
	case "midday", "noon":
		return clock{i, i + 1, 12, 0, true}, true
	case "alf", "'alf", "arf", "aff", "f": // "half" without its h
		if norm(i+1) == "past" {
			return onHour(tokens, i, i+2, 30)
		}
		return clock{}, false
	case "half", "quarter":
		minute, k := 30, i+1
		if w == "quarter" {
			minute = 15
		}
		if norm(k) == "past" || norm(k) == "pass" || norm(k) == "after" && w == "quarter" {
			return onHour(tokens, i, k+1, minute)
		}
		if norm(k) == "to" && w == "quarter" {
			return onHour(tokens, i, k+1, -15)
		}
		if w == "half" {
			return onHour(tokens, i, k, 30)
		}
		return clock{}, false
	}
	if h, m, ok := digital(w); ok {
		c := clock{i, i + 1, h, m, true}
		return meridiem(tokens, c, strings.HasSuffix(w, "am"), strings.HasSuffix(w, "pm")), true
	}
	if h, m, ok := fourFigures(w); ok && (norm(i+1) == "hours" || norm(i+1) == "hrs") {
		return clock{i, i + 2, h, m, true}, true
	} else if ok && (h < 19 || h > 20) && i > 0 && tokens[i-1].norm == "at" {
		return clock{i, i + 1, h, m, true}, true // "at 1545"; 1900 to 2059 may be years
	} else if ok && (h < 19 || h > 20) && besideDay(tokens, i) {
		return clock{i - 2, i + 1, h, m, true}, true // with the day, without which it says no time
	}
	if h, m, ok := hyphened(w); ok {
		return meridiem(tokens, clock{i, i + 1, h % 12, m, true}, false, false), true
	}
	n, ok := numberAt(tokens, i)
	if _, ish := aboutHour(w); !ok && (tokens[i].num || ish) {
		return onHour(tokens, i, i, 0) // "2pm", "ten-ish"
	}
	if !ok || n.ordinal {
		return clock{}, false
	}
	if c, ok := byTheClock(tokens, i, n); ok {
		return c, true
	}
	if n.value >= 1 && n.value < 60 {
		k := n.next
		if norm(k) == "minutes" {
			k++
		}
		if norm(k) == "past" {
			return onHour(tokens, i, k+1, n.value)
		}
		if n.value == 5 && norm(k) == "and" && norm(k+1) == "twenty" && (norm(k+2) == "past" || norm(k+2) == "to") { // "five and twenty past three"
			minutes := 25
			if norm(k+2) == "to" {
				minutes = -25
			}
			return onHour(tokens, i, k+3, minutes)
		}
		if norm(k) == "to" {
			if c, ok := onHour(tokens, i, k+1, -n.value); ok && n.value%5 == 0 {
				return c, true
			}
		}
	}
	c, ok := onHour(tokens, i, i, 0)
	if !ok {
		return c, false
	}
	if m, ok := numberAt(tokens, c.next); ok && !c.sure && !m.ordinal && m.value%5 == 0 && m.value >= 5 && m.value < 60 && tokens[i].num == tokens[c.next].num {
		d := clock{i, m.next, n.value % 12, m.value, true}
		return meridiem(tokens, d, false, false), true
	}
	return c, true
}

// byTheClock reads the hours of the afternoon as a timetable has them, in words: "fourteen twenty", "thirteen hundred hours". Years begin as some do.
func byTheClock(tokens []token, i int, n number) (clock, bool) {
	if n.next != i+1 || n.value < 13 || n.value > 23 || tokens[i].num {
		return clock{}, false
	}
	hoursAt := func(k int) bool {
		return k < len(tokens) && (tokens[k].norm == "hours" || tokens[k].norm == "hrs")
	}
	if n.next < len(tokens) && tokens[n.next].norm == "hundred" && hoursAt(n.next+1) {
		return clock{i, n.next + 2, n.value, 0, true}, true
	}
	m, ok := numberAt(tokens, n.next)
	if !ok || m.ordinal || m.value < 5 || m.value > 59 || m.value%5 != 0 && m.value < 10 {
		return clock{}, false
	}
	hours := hoursAt(m.next)
	if (n.value == 19 || n.value == 20) && !hours {
		return clock{}, false
	}
	return clock{i, m.next + b2i(hours), n.value, m.value, true}, true
}

// besideDay reports four figures between a day and a comma: "2 June 2026, 1620, home".
func besideDay(tokens []token, i int) bool {
	if i < 2 || tokens[i-1].norm != "," || i+1 < len(tokens) && !tokens[i+1].mark {
		return false
	}
	day := tokens[i-2].norm
	_, month := months[day]
	_, weekday := weekdays[day]
	_, _, year := fourFigures(day)
	return month || weekday || year
}

// onHour reads the hour at token k and adds minutes.
func onHour(tokens []token, first, k, minutes int) (clock, bool) {
	if k >= len(tokens) {
		return clock{}, false
	}
	n, ok := numberAt(tokens, k)
	hour, next := n.value, n.next
	am, pm := false, false
	h, ish := aboutHour(tokens[k].norm)
	switch {
	case ish:
		hour, next = h, k+1
	case !ok:
		w := tokens[k].norm
		am, pm = strings.HasSuffix(w, "am"), strings.HasSuffix(w, "pm")
		h, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(w, "am"), "pm"))
		if err != nil || !am && !pm {
			return clock{}, false
		}
		hour, next = h, k+1
	case n.ordinal || n.next > k+1:
		return clock{}, false
	}
	if hour < 1 || hour > 12 {
		return clock{}, false
	}
	c := clock{first, next, hour % 12, minutes, minutes != 0 || am || pm || ish}
	if next < len(tokens) {
		switch tokens[next].norm {
		case "o'clock", "oclock", "ish", "o'clock-ish", "oclock-ish", "o'clockish":
			c.next, c.sure = next+1, true
		}
	}
	c = meridiem(tokens, c, am, pm)
	if minutes < 0 {
		total := (c.hour*60 + 24*60 + minutes) % (24 * 60)
		if hour == 8 && !am && c.hour < 12 { // quarter to eight is in the morning unless said otherwise
			total = (hour*60 + minutes) % (24 * 60)
		}
		c.hour, c.minute = total/60, total%60
	}
	return c, true
}

// aboutHour reads "ten-ish".
func aboutHour(w string) (hour int, ok bool) {
	stem, ok := strings.CutSuffix(w, "ish")
	if !ok {
		return 0, false
	}
	n, ok := units[strings.TrimSuffix(stem, "-")]
	return n, ok && n > 0 && n < 13
}

// hyphened reads "three-thirty", "four-fifteen".
func hyphened(w string) (hour, minute int, ok bool) {
	head, tail, ok := strings.Cut(w, "-")
	if !ok {
		return 0, 0, false
	}
	h, ok := units[head]
	m, ok2 := tens[tail]
	if !ok2 {
		m, ok2 = units[tail]
	}
	return h, m, ok && ok2 && h > 0 && h < 13 && m >= 10 && m < 60 && m%5 == 0
}

// meridiem settles the half of the day.
func meridiem(tokens []token, c clock, am, pm bool) clock {
	norm := func(k int) string {
		if k < len(tokens) && !tokens[k].mark {
			return tokens[k].norm
		}
		return ""
	}
	k := c.next
	switch n := norm(k); {
	case n == "am" || n == "a.m":
		am, c.next = true, k+1
	case n == "pm" || n == "p.m":
		pm, c.next = true, k+1
	case n == "at" && norm(k+1) == "night":
		pm, c.next = true, k+2
	case (n == "in" || n == "this") && (norm(k+1) == "the" || n == "this"):
		at := k + 2
		if n == "this" {
			at = k + 1
		}
		switch norm(at) {
		case "morning":
			am, c.next = true, at+1
		case "afternoon", "evening":
			pm, c.next = true, at+1
		}
	}
	hour := c.hour
	if w := norm(c.first); strings.HasPrefix(w, "0") { // "07.40" counts from midnight
		c.sure = true
		return c
	}
	if hour > 12 {
		c.sure = c.sure || am || pm
		return c
	}
	hour %= 12
	switch {
	case pm:
		hour += 12
	case am:
	case hour < 8: // 12 and 1 to 7
		hour += 12
	}
	c.hour, c.sure = hour, c.sure || am || pm
	return c
}

// fourFigures reads "1545" and "0915".
func fourFigures(w string) (hour, minute int, ok bool) {
	n, err := strconv.Atoi(w)
	if err != nil || len(w) != 4 || n/100 > 23 || n%100 > 59 || n < 0 {
		return 0, 0, false
	}
	return n / 100, n % 100, true
}

// digital reads "15:30", "3.30", "3.30pm", "1530hrs".
func digital(w string) (hour, minute int, ok bool) {
	w = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(w, "am"), "pm"), "hrs")
	a, b, found := strings.Cut(w, ":")
	if !found {
		a, b, found = strings.Cut(w, ".")
	}
	if !found || len(b) != 2 || len(a) > 2 {
		return 0, 0, false
	}
	h, err := strconv.Atoi(a)
	m, err2 := strconv.Atoi(b)
	if err != nil || err2 != nil || h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, 0, false
	}
	return h, m, true
}
