// Package calendar writes actions with a day, and the next visit, as iCalendar (RFC 5545).
//
// They are all-day events that leave the day free, and not to-dos: Outlook and Google Calendar take no VTODO from a file, and a deadline
// that nobody sees is none. All are CLASS:CONFIDENTIAL, since calendars are shared and shown on locked phones.
package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"kerbside"
	"kerbside/export/page"
	"kerbside/export/table"
)

// Write gives the calendar, with the dossiers' At as DTSTAMP, and how many actions have no day and so no place in it. The UID of an action
// is the same each time.
func Write(dossiers []*kerbside.Dossier) (body []byte, undated int, err error) {
	c := ics.NewCalendarFor("Kerbside")
	c.SetProductId("-//Kerbside//Actions//EN")
	c.SetMethod(ics.MethodPublish)
	for _, d := range dossiers {
		undated += add(c, d)
	}
	var b bytes.Buffer
	if err := c.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, 0, fmt.Errorf("calendar.Write: %w", err)
	}
	return b.Bytes(), undated, nil
}

func add(c *ics.Calendar, d *kerbside.Dossier) (undated int) {
	visit := table.VisitID(d)
	event := func(id, day, summary, description string) bool {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return false
		}
		e := c.AddEvent(id + "@" + visit + ".kerbside")
		e.SetDtStampTime(d.At)
		e.SetAllDayStartAt(at)
		e.SetAllDayEndAt(at.AddDate(0, 0, 1))
		e.SetSummary(page.Clean(summary))
		if description != "" {
			e.SetDescription(page.Clean(description))
		}
		e.SetClass(ics.ClassificationConfidential)
		e.SetTimeTransparency(ics.TransparencyTransparent)
		e.SetProperty("CATEGORIES", "Kerbside")
		return true
	}
	for _, a := range d.Record.Actions {
		if a.Status == kerbside.Done || a.Standing == kerbside.Proposed || a.Standing == kerbside.Rejected {
			continue
		}
		summary := a.Text
		if a.Owner != "" && a.Owner != "worker" && !strings.Contains(strings.ToLower(a.Text), strings.ToLower(a.Owner)) {
			summary = a.Owner + ": " + a.Text
		}
		description := ""
		if day := table.Day(d.Record); day != "" {
			description = "From the visit on " + dayOf(day) + "."
		}
		if !event(a.ID, a.Due.Date, summary, description) {
			undated++
		}
	}
	event("next-visit", d.Record.Visit.NextVisit.Value, "Next visit", "")
	return undated
}

func dayOf(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return page.Day(t)
}
