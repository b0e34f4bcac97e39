package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// caseHeadPart is what the pages of a case have in common.
type caseHeadPart struct {
	ID        kerbside.CaseID
	Name      string
	Sub       string
	Due       string // for people; "" when nothing is set
	Overdue   bool
	Last      string // the last visit, for people
	Hidden    bool   // a confidential address
	Unread    string // the day of a later visit that is not theirs to read; "" when there is none
	Writing   []string
	Page      string // "brief", "timeline"
	MayRecord bool
}

// spotPart leads to where something stands.
type spotPart struct {
	Href     string
	Label    string // what the link is called
	Sound    bool
	Approved bool
}

type briefPage struct {
	layout
	Head      caseHeadPart
	Printed   string // today, for people
	Empty     bool   // no visit has a record
	LastDay   string
	Promises  []actionPart
	Others    []actionPart
	Voices    []linePart
	Worries   []linePart
	People    []casePersonPart
	Spoken    []linePart
	NotSaid   []string
	NotSaidOf spotPart
	Uncertain []linePart
}

// linePart is something that a record says, with whose words it is and where it stands.
type linePart struct {
	Text string
	Who  string
	Tags []tagPart
	Spot spotPart

	times int // more often than once
}

type casePersonPart struct {
	Name, Detail string
	Href         string
	Presence     string
	Spot         spotPart
}

type actionPart struct {
	Visit   kerbside.VisitID
	ID      string
	Text    string
	Owner   string
	Case    string
	CaseID  kerbside.CaseID
	Due     string // for people
	Overdue bool
	Done    string // who ticked it off and when, for people; "" while it is open
	Tick    bool   // it may be ticked off, or that be taken back
	Keep    bool   // the words say that it is to be kept from somebody
	Spot    spotPart
	Back    string // where ticking it off leads back to
}

func (s *server) caseHead(u kerbside.User, h service.CaseHead, page string) caseHeadPart {
	part := caseHeadPart{ID: h.Case.ID, Name: h.Case.Name, Overdue: h.Overdue, Hidden: h.Case.ConfidentialAddress, Page: page, MayRecord: mayRecord(u)}
	var sub []string
	for _, d := range []string{planNames[h.Case.Plan], h.WorkerName, h.Case.Reference} {
		if d != "" {
			sub = append(sub, d)
		}
	}
	part.Sub = strings.Join(sub, " · ")
	switch {
	case h.Overdue:
		part.Due = "Visit was due " + day(h.Due) + ", " + count(daysBetween(h.Due, h.Today), "day") + " ago"
	case h.Due != "":
		part.Due = "Next visit due " + day(h.Due)
	}
	if h.LastVisit != "" {
		part.Last = "Last visit in person: " + day(h.LastVisit)
	}
	if h.Unread != "" {
		part.Unread = day(h.Unread)
	}
	for _, v := range h.Writing {
		part.Writing = append(part.Writing, day(v.Day))
	}
	return part
}

func daysBetween(from, to string) int {
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// spot leads to the first words of something on its visit's page.
func spot(p service.Spot) spotPart {
	part := spotPart{Href: "/visits/" + string(p.Visit), Label: shorterDay(p.Day), Approved: p.Approved}
	for _, e := range p.Evidence {
		if e.Source.Kind == kerbside.SourceStatement {
			part.Href += "#said-" + e.Source.ID
			return part
		}
		at := slices.Index(p.Sources, e.Source.ID)
		if at < 0 || e.FirstWord == "" {
			continue
		}
		part.Href += "?at=" + url.QueryEscape(e.Source.ID+":"+string(e.FirstWord)+":"+string(e.LastWord)) + "#" + wordAnchor(at, e.FirstWord)
		if e.StartMS != nil {
			part.Sound, part.Label = true, part.Label+", "+clock(*e.StartMS)
		}
		return part
	}
	return part
}

// spotWithin is [spot] where the visit is named already.
func spotWithin(p service.Spot) spotPart {
	part := spot(p)
	part.Label, part.Approved = "Read it", true
	for _, e := range p.Evidence {
		if part.Sound && e.StartMS != nil {
			part.Label = clock(*e.StartMS)
			break
		}
	}
	return part
}

// shortDay is "3 March 2026".
func shortDay(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("2 January 2006")
}

// shorterDay is "3 Mar 2026".
func shorterDay(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("2 Jan 2006")
}

func keepTag(restricted bool) []tagPart {
	if restricted {
		return []tagPart{{Text: "Not for everybody", Doubt: true}}
	}
	return nil
}

func (s *server) briefCase(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.CaseID(r.PathValue("id"))
	b, err := s.Service.Brief(r.Context(), u, id)
	if err != nil {
		return err
	}
	page := briefPage{layout: layout{Heading: "Before the visit: " + b.Case.Name, User: &u, Nav: "cases", Modules: []string{"print.js"}}, Head: s.caseHead(u, b.CaseHead, "brief"),
		Printed: day(b.Today), Empty: b.Last == nil}
	back := "/cases/" + string(id)
	for _, a := range b.Promises {
		a.CaseName = "" // all are of this one
		page.Promises = append(page.Promises, s.action(a, back))
	}
	for _, a := range b.Others {
		a.CaseName = ""
		page.Others = append(page.Others, s.action(a, back))
	}
	page.Voices, page.Worries, page.Uncertain = lines(b.Voices), lines(b.Worries), lines(b.Uncertain)
	for _, p := range b.People {
		page.People = append(page.People, casePerson(back, p))
	}
	for _, p := range b.Spoken {
		line := linePart{Text: firstOf(p.Name, p.Role), Spot: spot(p.Spot), Tags: tags(p.Presence, "")}
		if p.Name != "" {
			line.Who = p.Role
		}
		page.Spoken = append(page.Spoken, line)
	}
	for _, q := range b.NotSaid {
		page.NotSaid = append(page.NotSaid, strings.TrimPrefix(q.Text, "Not said: "))
		page.NotSaidOf = spotPart{Href: "/visits/" + string(q.Visit), Label: shortDay(q.Day), Approved: q.Approved}
	}
	if b.Last != nil {
		page.LastDay = shortDay(b.Last.Day)
	}
	s.views.render(w, http.StatusOK, "brief", page)
	return nil
}

func lines(list []service.SaidLine) []linePart {
	var out []linePart
	for _, x := range list {
		line := linePart{Text: x.Text, Who: x.Who, Tags: keepTag(x.Restricted), Spot: spot(x.Spot)}
		switch {
		case x.Direct:
			line.Text = "“" + x.Text + "”"
		case x.Kind == "doubt":
			line.Text = count(len(x.Words), "word") + " that we are unsure of: “" + strings.Join(x.Words[:min(len(x.Words), 8)], "”, “") + "”"
			if len(x.Words) > 8 {
				line.Text += " and more"
			}
		}
		if i := slices.IndexFunc(out, func(y linePart) bool { return y.Text == line.Text && y.Who == line.Who }); i >= 0 { // it was said more than once
			out[i].times++
			continue
		}
		out = append(out, line)
	}
	for i := range out {
		out[i].Tags = append(out[i].Tags, timesTag(out[i].times)...)
	}
	return out
}

// timesTag says how often the same stands in one list.
func timesTag(more int) []tagPart {
	if more == 0 {
		return nil
	}
	return []tagPart{{Text: strconv.Itoa(more+1) + " times"}}
}

func casePerson(base string, p service.CasePerson) casePersonPart {
	var detail []string
	for _, d := range []string{p.Role, ageText(p.Age)} {
		if d != "" {
			detail = append(detail, d)
		}
	}
	if p.ParentalResponsibility {
		detail = append(detail, "parental responsibility")
	}
	part := casePersonPart{Name: p.Name, Detail: strings.Join(detail, ", "), Href: base + "/people/" + strconv.Itoa(p.N), Spot: spot(p.Seen)}
	switch p.Presence {
	case kerbside.Present:
		part.Presence = "was there"
	case kerbside.Absent:
		part.Presence = "was not there"
	case kerbside.Mentioned:
		part.Presence = "was spoken of"
	}
	return part
}

func ageText(age int) string {
	switch {
	case age < 0:
		return ""
	case age == 0:
		return "under 1"
	}
	return fmt.Sprint(age)
}

// action is a line of a list of actions; back is where ticking it off leads back to.
func (s *server) action(a service.ActionView, back string) actionPart {
	p := actionPart{Visit: a.Visit, ID: a.ID, Text: a.Text, Owner: a.Owner, Case: a.CaseName, CaseID: a.CaseID, Overdue: a.Overdue, Tick: a.MayTick, Keep: a.Restricted, Spot: spot(a.Spot), Back: back}
	if a.Owner == "worker" {
		p.Owner = firstOf(a.WorkerName, "the worker")
	}
	switch {
	case a.Overdue:
		p.Due = "was due " + shortDay(a.Due)
	case a.Due != "":
		p.Due = "due " + shortDay(a.Due)
	default:
		p.Due = a.DueText
	}
	if a.Done {
		p.Done = "Done, as the visit's record says"
		if a.TickedBy != "" {
			p.Done = "Done, " + a.TickedBy + ", " + when(a.TickedAt, s.Now())
		}
	}
	return p
}

// tick takes a person's word that an action was done, or was not after all.
func (s *server) tick(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	if err := s.Service.Tick(r.Context(), u, kerbside.VisitID(r.PathValue("id")), r.PostFormValue("action"), r.PostFormValue("undo") != ""); err != nil {
		return err
	}
	http.Redirect(w, r, ownPath(r.PostFormValue("back"), "/actions"), http.StatusSeeOther) //nolint:gosec // a path of ours
	return nil
}

// ownPath is a path of ours that a form names, or another: a form never leads to another site.
func ownPath(path, otherwise string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return otherwise
	}
	return path
}
