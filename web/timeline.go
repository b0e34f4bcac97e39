package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

type timelinePage struct {
	layout
	Head      caseHeadPart
	Summary   string
	Picture   *timelinePart // nil without events
	Days      []timelineDay
	Children  []choicePart
	Kinds     []choicePart
	Gravities []choicePart
	Filtered  bool
	Of        int
}

// choicePart is one entry of a list to choose from.
type choicePart struct {
	Value, Name string
	Current     bool
}

// timelineDay is what one visit adds.
type timelineDay struct {
	Anchor string
	Day    string
	Spot   spotPart
	Who    string
	Events []eventPart
}

type eventPart struct {
	Kind    string // for people
	Mark    string // class of the mark
	Gravity string // for people; "" when ordinary
	Text    string
	Who     string
	Tags    []tagPart
	Spot    spotPart

	times int // more often than once
}

// addEvent adds an event, or counts it where the same stands already.
func addEvent(list []eventPart, e eventPart) []eventPart {
	i := slices.IndexFunc(list, func(x eventPart) bool {
		return x.Kind == e.Kind && x.Mark == e.Mark && x.Text == e.Text && x.Who == e.Who
	})
	if i < 0 {
		return append(list, e)
	}
	list[i].times++
	return list
}

// timelinePart is a picture of the events. Places along it are shares of its width, so that text and marks keep their size however wide it is.
type timelinePart struct {
	Height int
	Axis   int // where the axis lies
	Lanes  []timelineLane
	Ticks  []timelineTick
	Lines  []timelineTick // today, and when the next visit is due
}

type timelineLane struct {
	Name  string
	Y     int // of the name
	Base  int // of the line that marks stand on
	Marks []timelineMark
}

type timelineMark struct {
	X, Title, Href, Shape string
	Y                     int
	N                     int // events; shown from 2 on
}

type timelineTick struct {
	X, Text, Anchor string
	Y               int
	Wide            bool // shown where there is room
	Class           string
}

var eventNames = map[service.EventKind]string{
	service.EventVisit: "Visits", service.EventWorry: "Worries", service.EventInjury: "Injuries and marks", service.EventVoice: "Children’s words", service.EventStrength: "Working well", service.EventAction: "Actions",
}

var eventName = map[service.EventKind]string{
	service.EventVisit: "Visit", service.EventWorry: "Worry", service.EventInjury: "Injury or mark", service.EventVoice: "Child’s words", service.EventStrength: "Working well", service.EventAction: "Action",
}

var gravityNames = []choicePart{
	{Value: string(service.GravityGrave), Name: "Grave"}, {Value: string(service.GravityUncertain), Name: "Not certain"}, {Value: string(service.GravityDenied), Name: "Said not to be so"}, {Value: string(service.GravityOrdinary), Name: "Other"},
}

func gravityName(g service.Gravity) string {
	switch g {
	case service.GravityGrave:
		return "grave"
	case service.GravityUncertain:
		return "not certain"
	case service.GravityDenied:
		return "said not to be so"
	}
	return ""
}

func (s *server) timeline(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := service.ChronologyFilter{Kind: service.EventKind(q.Get("kind")), Gravity: service.Gravity(q.Get("gravity"))}
	id := kerbside.CaseID(r.PathValue("id"))
	all, err := s.Service.Chronology(r.Context(), u, id)
	if err != nil {
		return err
	}
	// A child is chosen by its place in the list: no name stands in an address.
	var children []choicePart
	for i, name := range all.Children {
		value := fmt.Sprint(i + 1)
		children = append(children, choicePart{Value: value, Name: name, Current: q.Get("child") == value})
		if q.Get("child") == value {
			f.Child = name
		}
	}
	c := all.Only(f)
	page := timelinePage{layout: layout{Heading: "Timeline: " + c.Case.Name, User: &u, Nav: "cases", Modules: []string{"print.js"}}, Head: s.caseHead(u, c.CaseHead, "timeline"), Children: children, Of: c.Of, Filtered: len(c.Events) < c.Of}
	for _, k := range service.EventKinds() {
		page.Kinds = append(page.Kinds, choicePart{string(k), eventNames[k], k == f.Kind})
	}
	for _, g := range gravityNames {
		g.Current = g.Value == string(f.Gravity)
		page.Gravities = append(page.Gravities, g)
	}
	page.Days = timelineDays(c.Events)
	page.Summary = timelineSummary(c.Events)
	page.Picture = picture(c.Events, c.Due, c.Today)
	s.views.render(w, http.StatusOK, "timeline", page)
	return nil
}

func timelineDays(events []service.Event) []timelineDay {
	var out []timelineDay
	of := kerbside.VisitID("")
	for _, e := range events {
		if e.Visit != of {
			of = e.Visit
			head := spotPart{Href: "/visits/" + string(e.Visit), Label: "Open the visit", Approved: e.Approved}
			out = append(out, timelineDay{Anchor: anchorOf(e), Day: day(e.Day), Who: e.WorkerName, Spot: head})
		}
		part := eventPart{Kind: eventName[e.Kind], Mark: markOf(e.Kind, e.Gravity), Gravity: gravityName(e.Gravity), Text: e.Text, Who: e.Who, Tags: keepTag(e.Restricted), Spot: spotWithin(e.Spot)}
		if e.Kind == service.EventVisit {
			part.Gravity = ""
		}
		if e.Direct {
			part.Text = "“" + e.Text + "”"
		}
		if e.Past {
			part.Tags = append(part.Tags, tagPart{Text: "Earlier; the day was not said"})
		}
		if len(e.Children) > 0 && e.Kind != service.EventVoice {
			part.Tags = append(part.Tags, tagPart{Text: strings.Join(e.Children, ", ")})
		}
		last := &out[len(out)-1]
		last.Events = addEvent(last.Events, part)
	}
	for _, d := range out {
		counted(d.Events)
	}
	return out
}

// counted says of each event how often it stands there.
func counted(list []eventPart) {
	for i := range list {
		list[i].Tags = append(list[i].Tags, timesTag(list[i].times)...)
	}
}

func anchorOf(e service.Event) string { return "at-" + string(e.Visit) }

func markOf(k service.EventKind, g service.Gravity) string {
	if k == service.EventVisit && g == service.GravityOrdinary {
		return "visit"
	}
	return string(g)
}

// timelineSummary says the picture in words.
func timelineSummary(events []service.Event) string {
	if len(events) == 0 {
		return ""
	}
	visits := map[kerbside.VisitID]bool{}
	kinds := map[service.EventKind]int{}
	grave := 0
	for _, e := range events {
		visits[e.Visit] = true
		kinds[e.Kind]++
		if e.Gravity == service.GravityGrave {
			grave++
		}
	}
	var parts []string
	for _, k := range service.EventKinds() {
		if n := kinds[k]; n > 0 && k != service.EventVisit {
			parts = append(parts, fmt.Sprintf("%s: %d", strings.ToLower(eventNames[k]), n))
		}
	}
	text := fmt.Sprintf("%s, %s", count(len(visits), "visit"), shortDay(events[0].Day))
	if last := events[len(events)-1].Day; last != events[0].Day {
		text += " to " + shortDay(last)
	}
	if len(parts) > 0 {
		text += ". " + strings.ToUpper(parts[0][:1]) + strings.Join(parts, "; ")[1:]
	}
	if grave > 0 {
		text += fmt.Sprintf(". Grave: %d", grave)
	}
	return text + "."
}

const (
	laneHeight = 62
	laneTop    = 34 // room for today and due
	apart      = 10 // per cent of the width within which marks are drawn as one: their size on the narrowest picture
)

// gravest orders gravities: what several events are drawn as is the first of theirs.
var gravest = []service.Gravity{service.GravityGrave, service.GravityUncertain, service.GravityOrdinary, service.GravityDenied}

// picture draws events at their days. Days too close to be told apart are one mark with a number.
func picture(events []service.Event, due, today string) *timelinePart {
	if len(events) == 0 {
		return nil
	}
	var days []string
	for _, e := range events {
		if !slices.Contains(days, e.Day) {
			days = append(days, e.Day)
		}
	}
	slices.Sort(days)
	from, until := dayNumber(days[0]), dayNumber(days[len(days)-1])
	lines := map[string]string{}
	for name, d := range map[string]string{"today": today, "due": due} {
		if n := dayNumber(d); d != "" && n >= from && n-until <= max(60, until-from) { // else the rest would be squeezed
			lines[name] = d
		}
	}
	for _, d := range lines {
		until = max(until, dayNumber(d))
	}
	place := func(d string) float64 {
		if until == from {
			return 50
		}
		return 5 + 90*float64(dayNumber(d)-from)/float64(until-from)
	}
	groups, at := together(days, place)
	p := &timelinePart{}
	for _, k := range service.EventKinds() {
		if lane := laneOf(k, events, at, len(p.Lanes)); len(lane.Marks) > 0 {
			p.Lanes = append(p.Lanes, lane)
		}
	}
	p.Axis = laneTop + len(p.Lanes)*laneHeight
	p.Height = p.Axis + 34
	p.Ticks = ticks(groups, at, p.Axis+22)
	for i, name := range []string{"today", "due"} {
		if d, ok := lines[name]; ok {
			text := "today"
			if name == "due" {
				text = "due " + tickDay(d, true)
			}
			p.Lines = append(p.Lines, timelineTick{X: percent(place(d)), Text: text, Anchor: anchorAt(place(d)), Y: 12 + 16*i, Class: name})
		}
	}
	return p
}

// together joins days that would be drawn too close, the closest first, and gives where each day is drawn.
func together(days []string, place func(string) float64) (groups [][]string, at map[string]float64) {
	for _, d := range days {
		groups = append(groups, []string{d})
	}
	middle := func(g []string) float64 { return (place(g[0]) + place(g[len(g)-1])) / 2 }
	for {
		closest, near := float64(apart), -1
		for i := range len(groups) - 1 {
			if gap := middle(groups[i+1]) - middle(groups[i]); gap < closest {
				closest, near = gap, i
			}
		}
		if near < 0 {
			break
		}
		groups[near] = append(groups[near], groups[near+1]...)
		groups = slices.Delete(groups, near+1, near+2)
	}
	at = map[string]float64{}
	for _, g := range groups {
		for _, d := range g {
			at[d] = middle(g)
		}
	}
	return groups, at
}

func laneOf(k service.EventKind, events []service.Event, at map[string]float64, n int) timelineLane {
	lane := timelineLane{Name: eventNames[k], Y: laneTop + n*laneHeight + 14, Base: laneTop + n*laneHeight + 40}
	byPlace := map[float64][]service.Event{}
	var places []float64
	for _, e := range events {
		if e.Kind == k {
			if byPlace[at[e.Day]] == nil {
				places = append(places, at[e.Day])
			}
			byPlace[at[e.Day]] = append(byPlace[at[e.Day]], e)
		}
	}
	for _, x := range places {
		here := byPlace[x]
		g := here[0]
		for _, e := range here {
			if slices.Index(gravest, e.Gravity) < slices.Index(gravest, g.Gravity) {
				g = e
			}
		}
		m := timelineMark{X: percent(x), Y: lane.Base, N: len(here), Shape: markOf(k, g.Gravity), Href: "#" + anchorOf(here[0])}
		title := shortDay(here[0].Day) + ": "
		if len(here) == 1 {
			m.Href = spot(here[0].Spot).Href
			m.Title = title + here[0].Text
		} else {
			m.Title = title + fmt.Sprintf("%d, open the list", len(here))
		}
		lane.Marks = append(lane.Marks, m)
	}
	return lane
}

// ticks name the days; on a narrow picture only those that have room.
func ticks(groups [][]string, at map[string]float64, y int) []timelineTick {
	var out []timelineTick
	lastWide, lastNarrow, year := -100.0, -100.0, ""
	for _, g := range groups {
		x := at[g[0]]
		t := timelineTick{X: percent(x), Anchor: anchorAt(x), Y: y}
		if x-lastWide < 9 {
			t.Text = ""
			out = append(out, t)
			continue
		}
		lastWide = x
		t.Wide = x-lastNarrow < 42
		if !t.Wide {
			lastNarrow = x
		}
		t.Text = tickDay(g[0], g[0][:4] == year)
		if !t.Wide {
			year = g[0][:4]
		}
		out = append(out, t)
	}
	return out
}

func tickDay(iso string, sameYear bool) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	if sameYear {
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// dayNumber counts days; what is no day counts as the first.
func dayNumber(iso string) int {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return 0
	}
	return int(t.Unix() / 86400)
}

func percent(x float64) string { return fmt.Sprintf("%.2f%%", x) }

func anchorAt(x float64) string {
	switch {
	case x < 15:
		return "start"
	case x > 85:
		return "end"
	}
	return "middle"
}

// mentionsPage is everywhere that somebody of a case is named.
type mentionsPage struct {
	layout
	Head   caseHeadPart
	Person casePersonPart
	Looked int
	Others []choicePart // the other people of the case, by address
	Visits []mentionsOf
}

type mentionsOf struct {
	Day, Who, Presence string
	Spot               spotPart
	Lines              []eventPart
}

func (s *server) mentions(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return s.nowhere(w, r)
	}
	id := kerbside.CaseID(r.PathValue("id"))
	m, err := s.Service.Mentions(r.Context(), u, id, n)
	if err != nil {
		return err
	}
	base := "/cases/" + string(id)
	page := mentionsPage{layout: layout{Heading: m.Person.Name + ": " + m.Case.Name, User: &u, Nav: "cases", Modules: []string{"print.js"}}, Head: s.caseHead(u, m.CaseHead, "person"), Person: casePerson(base, m.Person), Looked: m.Looked}
	for i, p := range m.Case.People {
		page.Others = append(page.Others, choicePart{Value: fmt.Sprintf("%s/people/%d", base, i), Name: p.Name, Current: i == n})
	}
	for _, v := range m.Visits {
		part := mentionsOf{Day: day(v.Day), Who: v.WorkerName, Spot: spotPart{Href: "/visits/" + string(v.Visit), Label: "Open the visit", Approved: v.Approved}}
		for _, l := range v.Lines {
			part.Lines = addEvent(part.Lines, mentionPart(l))
		}
		counted(part.Lines)
		page.Visits = append(page.Visits, part)
	}
	s.views.render(w, http.StatusOK, "mentions", page)
	return nil
}

func mentionPart(l service.Mention) eventPart {
	kinds := map[string]string{"voice": "Child’s words", "worry": "Worry", "injury": "Injury or mark", "strength": "Working well", "action": "Action", "present": "There or not", "words": "Spoken of"}
	part := eventPart{Kind: kinds[l.Kind], Mark: cmp.Or(string(l.Gravity), "ordinary"), Gravity: gravityName(l.Gravity), Text: l.Text, Who: l.Who, Tags: keepTag(l.Restricted), Spot: spotWithin(l.Spot)}
	switch {
	case l.Kind == "present":
		part.Text = map[string]string{kerbside.Present: "Was there.", kerbside.Absent: "Was said not to be there.", kerbside.Mentioned: "Was spoken of; whether they were there was not said."}[l.Text]
	case l.Kind == "words":
		part.Text = "… " + l.Text + " …"
	case l.Direct:
		part.Text = "“" + l.Text + "”"
	}
	return part
}
