package calendar_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ical "github.com/emersion/go-ical" // another reader than what wrote it

	"kerbside"
	"kerbside/export/calendar"
	"kerbside/export/page"
)

func dossier(texts ...string) *kerbside.Dossier {
	d := &kerbside.Dossier{Visit: "v-1", At: time.Date(2026, 3, 3, 18, 0, 0, 0, time.UTC), Record: &kerbside.Record{}}
	d.Record.Visit.Date.Value = "2026-03-03"
	d.Record.Visit.NextVisit.Value = "2026-03-17"
	for i, text := range texts {
		d.Record.Actions = append(d.Record.Actions, kerbside.Action{ID: "a-" + string(rune('a'+i)), Text: text, Owner: "worker", Due: kerbside.Due{Date: "2026-03-06"}, Status: kerbside.Planned})
	}
	return d
}

// parse reads a calendar and checks its lines against RFC 5545, section 3.1.
func parse(t testing.TB, b []byte) []ical.Event {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("a line of %d octets, or one that is cut inside a character: %q", len(line), line)
		}
	}
	d := ical.NewDecoder(bytes.NewReader(b))
	c, err := d.Decode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decode(); !errors.Is(err, io.EOF) {
		t.Errorf("after it: %v", err)
	}
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(c); err != nil { // it checks what must be there once
		t.Fatal(err)
	}
	return c.Events()
}

func TestCalendar(t *testing.T) {
	nasty := []string{
		"phone the school nurse", "ring Zoë O’Brien; ask about a, b\\c: \"d\"", "END:VEVENT\r\nBEGIN:VEVENT\nATTACH:file:///etc/passwd", strings.Repeat("żółć ", 60), strings.Repeat("😀", 40), "مرحبا", "nul\x00\x1b", "=1+1", "\\n \\, \\; \\\\",
	}
	d := dossier(nasty...)
	d.Record.Actions = append(d.Record.Actions,
		kerbside.Action{ID: "a-1", Text: "done", Due: kerbside.Due{Date: "2026-03-01"}, Status: kerbside.Done}, kerbside.Action{ID: "a-2", Text: "some day", Status: kerbside.Agreed},
		kerbside.Action{ID: "a-3", Text: "made up", Due: kerbside.Due{Date: "2026-03-05"}, Status: kerbside.Planned, Standing: kerbside.Proposed},
		kerbside.Action{ID: "a-4", Text: "ring housing", Owner: "Laura Parker", Due: kerbside.Due{Date: "2026-02-28"}, Status: kerbside.Agreed})
	b, undated, err := calendar.Write([]*kerbside.Dossier{d})
	if err != nil || undated != 1 {
		t.Fatal(undated, err)
	}
	events := parse(t, b)
	if len(events) != len(nasty)+2 {
		t.Fatalf("%d events", len(events))
	}
	get := func(e ical.Event, name string) string {
		p := e.Props.Get(name)
		if p == nil {
			return ""
		}
		v, err := p.Text()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return v
	}
	for i, text := range nasty {
		e := events[i]
		if got := get(e, "SUMMARY"); got != page.Clean(text) {
			t.Errorf("summary %q, want %q", got, page.Clean(text))
		}
		start, err := e.DateTimeStart(time.UTC)
		if err != nil || start.Format(time.DateOnly) != "2026-03-06" || e.Props.Get("DTSTART").Params.Get("VALUE") != "DATE" {
			t.Errorf("start %v %v", start, err)
		}
		if e.Props.Get("ATTACH") != nil || get(e, "CLASS") != "CONFIDENTIAL" || get(e, "UID") != "a-"+string(rune('a'+i))+"@v-1.kerbside" {
			t.Errorf("%+v", e.Props)
		}
		if stamp, err := e.Props.DateTime("DTSTAMP", time.UTC); err != nil || !stamp.Equal(d.At) {
			t.Errorf("stamp %v %v", stamp, err)
		}
	}
	if got := get(events[len(nasty)], "SUMMARY"); got != "Laura Parker: ring housing" {
		t.Errorf("summary %q", got)
	}
	again, _, err := calendar.Write([]*kerbside.Dossier{d})
	if err != nil || !bytes.Equal(b, again) {
		t.Error("the same actions give other bytes")
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add("phone; the, school\\n\r\n", "2026-03-06")
	f.Fuzz(func(t *testing.T, text, day string) {
		d := dossier(text)
		d.Record.Actions[0].Owner, d.Record.Actions[0].Due.Date = text, day
		b, undated, err := calendar.Write([]*kerbside.Dossier{d})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(parse(t, b)); n+undated != 2 {
			t.Errorf("%d events, %d without a day", n, undated)
		}
	})
}
