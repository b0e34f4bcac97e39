package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var weekdays = map[string]time.Weekday{"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6}

// dateAt reads a date from piece i on. Only what was said is read: without a year the value is "--03-17", unless the day of the
// week was said with it and on is known, which then decides the year. Days told from another day ("yesterday") need on. A day of
// the week alone may be before or after, and is not read.
func (r *reader) dateAt(i int, on time.Time) (value string, end int, ok bool) {
	if value, ok := numericDate(r.at(i), on); ok {
		return value, i, true
	}
	if value, end, ok := r.relative(i, on); ok {
		return value, end, ok
	}
	start, weekday, hasWeekday := i, time.Weekday(0), false
	if w, ok := weekdays[r.at(i)]; ok && i+1 < len(r.pieces) { // a comma may follow it
		start, weekday, hasWeekday = i+1, w, true
	}
	if r.at(start) == "the" && start+1 < len(r.pieces) && hasWeekday {
		start++
	}
	day, month, end, ok := r.dayMonth(start)
	if !ok {
		if hasWeekday {
			return "", 0, false
		}
		if value, end, ok := r.monthYear(i); ok {
			return value, end, true
		}
		year, end, ok := r.yearAt(i - 1)
		return fmt.Sprintf("%04d", year), end, ok && i > 0 && (r.at(i-1) == "in" || r.at(i-1) == "since") && !r.pieces[i-1].stop && !r.isCounted(end)
	}
	if year, last, ok := r.yearAt(end); ok {
		return isoDate(year, month, day), last, validDay(year, month, day)
	}
	if !validDay(2024, month, day) { // a leap year
		return "", 0, false
	}
	if hasWeekday && !on.IsZero() {
		for _, year := range []int{on.Year(), on.Year() - 1, on.Year() + 1} {
			d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
			if far := d.Sub(on).Abs(); d.Weekday() == weekday && far < 200*24*time.Hour && validDay(year, month, day) {
				return isoDate(year, month, day), end, true
			}
		}
	}
	return fmt.Sprintf("--%02d-%02d", month, day), end, true
}

// dayMonth reads "third of March", "3rd March", "3 March", "March the third", "March 3rd".
func (r *reader) dayMonth(i int) (day int, month time.Month, end int, ok bool) {
	d, at, ok := r.ordinalAt(i)
	if !ok {
		q, found := r.plainAt(i)
		if !found || q.whole < 1 || q.said {
			return r.monthDay(i)
		}
		d, at = q.whole, q.end
	}
	if r.next(at) == "of" {
		at++
	}
	m, ok := months[r.next(at)]
	if !ok || d > 31 {
		return 0, 0, 0, false
	}
	return d, m, at + 1, true
}

func (r *reader) monthDay(i int) (day int, month time.Month, end int, ok bool) {
	m, ok := months[r.at(i)]
	if !ok {
		return 0, 0, 0, false
	}
	at := i
	if r.next(at) == "the" {
		at++
	}
	if r.next(at) == "" {
		return 0, 0, 0, false
	}
	d, last, ok := r.ordinalAt(at + 1)
	if !ok && at == i && r.at(i) != "may" && r.at(i) != "march" { // "March 3"; "may 3 of them" is none
		q, found := r.plainAt(at + 1)
		d, last, ok = q.whole, q.end, found && !q.said && q.whole > 0
	}
	return d, m, last, ok && d <= 31
}

// monthYear reads "March 2026".
func (r *reader) monthYear(i int) (string, int, bool) {
	m, ok := months[r.at(i)]
	if !ok {
		return "", 0, false
	}
	year, end, ok := r.yearAt(i)
	return fmt.Sprintf("%04d-%02d", year, m), end, ok
}

// yearAt reads the year after piece i: "2026", "twenty twenty-six", "two thousand and nine", "nineteen eighty".
func (r *reader) yearAt(i int) (year, end int, ok bool) {
	if i >= 0 && i < len(r.pieces) && r.pieces[i].stop { // "March, 2026"
		if w := r.at(i + 1); len(w) != 4 || strings.Trim(w, "0123456789") != "" {
			return 0, 0, false
		}
	}
	q, ok := r.plainAt(i + 1)
	if !ok {
		return 0, 0, false
	}
	if q.whole >= 1900 && q.whole < 2100 && (q.said || len(q.value) == 4 && r.at(i+1) == q.value) {
		return q.whole, q.end, true
	}
	century := units[r.at(i+1)]
	if r.at(i+1) == "twenty" {
		century = 20
	}
	if century != 19 && century != 20 || r.next(i+1) == "" {
		return 0, 0, false
	}
	if rest, last, ok := r.below100(i + 2); ok && rest >= 10 {
		return century*100 + rest, last, true
	}
	return 0, 0, false
}

// relative reads the days that are told from the day of speaking.
func (r *reader) relative(i int, on time.Time) (string, int, bool) {
	if on.IsZero() {
		return "", 0, false
	}
	add := func(days, end int) (string, int, bool) {
		return on.AddDate(0, 0, days).Format(time.DateOnly), end, true
	}
	switch r.at(i) {
	case "today", "tonight":
		if r.next(i) != "week" {
			return add(0, i)
		}
		return add(7, i+1)
	case "yesterday":
		return add(-1, i)
	case "tomorrow":
		if r.next(i) != "week" {
			return add(1, i)
		}
		return add(8, i+1)
	case "this":
		if w := r.next(i); w == "morning" || w == "afternoon" || w == "evening" {
			return add(0, i+1)
		}
	case "day":
		if r.next(i) == "before" && r.next(i+1) == "yesterday" {
			return add(-2, i+2)
		}
		if r.next(i) == "after" && r.next(i+1) == "tomorrow" {
			return add(2, i+2)
		}
	}
	return "", 0, false
}

// numericDate reads "2026-03-17" and, day first, "17/03/2026", "17.3.2026", "17/3/26". A year of two digits is in the century
// that brings it to no more than five years after on; where that is not known, both stand.
func numericDate(w string, on time.Time) (string, bool) {
	if len(w) < 6 || w[0] < '0' || w[0] > '9' {
		return "", false
	}
	if d, err := time.Parse(time.DateOnly, w); err == nil {
		return d.Format(time.DateOnly), true
	}
	for _, sep := range []string{"/", ".", "-"} {
		f := strings.Split(w, sep)
		if len(f) != 3 {
			continue
		}
		day, err := strconv.Atoi(f[0])
		month, err2 := strconv.Atoi(f[1])
		year, err3 := strconv.Atoi(f[2])
		if err != nil || err2 != nil || err3 != nil || month < 1 || month > 12 || len(f[0]) > 2 || len(f[1]) > 2 {
			return "", false
		}
		m := time.Month(month)
		switch {
		case len(f[2]) == 4:
			return isoDate(year, m, day), validDay(year, m, day)
		case len(f[2]) != 2 || sep == ".":
			return "", false
		case on.IsZero():
			return isoDate(1900+year, m, day) + "|" + isoDate(2000+year, m, day), validDay(1900+year, m, day) && validDay(2000+year, m, day)
		case 2000+year > on.Year()+5:
			return isoDate(1900+year, m, day), validDay(1900+year, m, day)
		}
		return isoDate(2000+year, m, day), validDay(2000+year, m, day)
	}
	return "", false
}

func isoDate(year int, m time.Month, day int) string {
	return fmt.Sprintf("%04d-%02d-%02d", year, m, day)
}

func validDay(year int, m time.Month, day int) bool {
	d := time.Date(year, m, day, 0, 0, 0, 0, time.UTC)
	return year > 0 && d.Month() == m && d.Day() == day
}
