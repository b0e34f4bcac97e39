package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"kerbside"
	"kerbside/service"
)

// What managers arrange - cover, handing over, restriction, oversight - and a recording that was put on the wrong visit.

func (s *server) coverPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	covers, err := s.Service.Covers(r.Context(), u)
	if err != nil {
		return err
	}
	staff, err := s.Service.Staff(r.Context(), u)
	if err != nil {
		return err
	}
	now := s.Now()
	page := coverPage{layout: layout{Heading: "Cover", User: &u, Nav: "people"}, Team: colleagues(staff.Team, u), Takers: colleagues(staff.Takers, u),
		From: s.today(), To: now.AddDate(0, 0, 7).Format(time.DateOnly)}
	names := map[kerbside.UserID]string{}
	for _, p := range slices.Concat(staff.Readers, staff.Team) {
		names[p.ID] = p.Name
	}
	for _, c := range covers {
		row := coverRow{ID: c.ID, By: firstOf(names[c.By], "Somebody who left"), Of: firstOf(names[c.Of], "Somebody who left"), Waiting: c.From.After(now)}
		row.Dates = fmt.Sprintf("%s to %s", coverDay(c.From, now), coverDay(c.Until.Add(-time.Second), now)) // until midnight is the day before
		page.Covers = append(page.Covers, row)
	}
	s.views.render(w, http.StatusOK, "cover", page)
	return nil
}

// coverDay says a day as people would: this year's without the year.
func coverDay(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Year() == now.Year() {
		return t.Format("Mon 2 January")
	}
	return t.Format("2 January 2006")
}

func colleagues(people []kerbside.User, self kerbside.User) []colleague {
	var out []colleague
	for _, p := range people {
		out = append(out, colleague{ID: p.ID, Name: p.Name, Role: roleName(p.Role), Self: p.ID == self.ID})
	}
	return out
}

// addCover takes days: from the first one's start, or now, to the last one's end.
func (s *server) addCover(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	from, err := s.dayOf(r.PostFormValue("from"), s.Now())
	if err != nil {
		return err
	}
	last, err := s.dayOf(r.PostFormValue("until"), time.Time{})
	if err != nil {
		return err
	}
	_, err = s.Service.AddCover(r.Context(), u, kerbside.UserID(r.PostFormValue("of")), kerbside.UserID(r.PostFormValue("by")), from, last.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/cover", http.StatusSeeOther)
	return nil
}

// dayOf is the start of a day as the forms give it, in the zone that times are shown in; missing stands for none.
func (s *server) dayOf(iso string, missing time.Time) (time.Time, error) {
	if iso == "" && !missing.IsZero() {
		return missing, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, iso, s.Now().Location())
	if err != nil {
		return t, kerbside.E(kerbside.CodeInvalid, "web.dayOf", "Choose the days from the calendar.", nil)
	}
	return t, nil
}

func (s *server) endCover(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := s.Service.EndCover(r.Context(), u, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/cover", http.StatusSeeOther)
	return nil
}

func (s *server) reassign(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Reassign(r.Context(), u, id, kerbside.UserID(r.PostFormValue("worker")))
	})
}

func (s *server) restrictionPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	c, named, err := s.Service.CaseToRestrict(r.Context(), u, kerbside.CaseID(r.PathValue("id")))
	if err != nil {
		return err
	}
	staff, err := s.Service.Staff(r.Context(), u)
	if err != nil {
		return err
	}
	page := restrictionPage{layout: layout{Heading: "Who may know of this case", User: &u, Nav: "cases", Narrow: true}, ID: c.ID, Name: c.Name, Restricted: len(named) > 0, People: colleagues(staff.Readers, u)}
	for i := range page.People {
		page.People[i].Current = page.People[i].Self || slices.Contains(named, page.People[i].ID) || len(named) == 0 && page.People[i].ID == c.Worker
	}
	s.views.render(w, http.StatusOK, "restriction", page)
	return nil
}

func (s *server) restrict(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	var named []kerbside.UserID
	if r.PostFormValue("lift") == "" {
		for _, id := range r.PostForm["person"] {
			named = append(named, kerbside.UserID(id))
		}
		named = append(named, u.ID) // whoever restricts a case oversees it
	}
	if err := s.Service.Restrict(r.Context(), u, kerbside.CaseID(r.PathValue("id")), named); err != nil {
		return err
	}
	http.Redirect(w, r, "/cases", http.StatusSeeOther)
	return nil
}

func (s *server) oversight(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "oversight", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.AddOversight(r.Context(), u, id, kerbside.Oversight{Decision: r.PostFormValue("decision"), Rationale: r.PostFormValue("rationale")})
	})
}

// apiDictation takes sound as its body and gives its words. Nothing of it is kept.
func (s *server) apiDictation(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	extendRead(w, 5*time.Minute)
	text, err := s.Service.Dictate(r.Context(), u, kerbside.VisitID(r.PathValue("id")), http.MaxBytesReader(w, r.Body, service.MaxDictation+1))
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Text string `json:"text"`
	}{text})
}

func (s *server) void(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := kerbside.RecordingID(r.PathValue("id"))
	if _, err := s.Service.Void(r.Context(), u, id, r.PostFormValue("reason"), r.PostFormValue("to")); err != nil {
		return err
	}
	backToVisit(w, r, kerbside.VisitID(r.PostFormValue("visit")), "taken-out")
	return nil
}

// managed adds to a visit's page what is arranged about it.
func (s *server) managed(r *http.Request, u kerbside.User, v *service.VisitView, p *visitPage) error {
	p.Oversee = v.CanOversee
	for _, o := range v.Oversight {
		p.Oversight = append(p.Oversight, overseenPart{o.Decision, o.Rationale, o.ByName, o.At})
	}
	for _, x := range v.Voids {
		p.Voids = append(p.Voids, voidPart{Name: x.Name, Reason: x.Reason, By: x.ByName, At: x.At, Moved: x.Moved, MovedTo: x.MovedTo})
	}
	if v.CanOversee {
		p.Modules = append(p.Modules, "dictate.js")
	}
	if v.CanReassign {
		staff, err := s.Service.Staff(r.Context(), u)
		if err != nil {
			return err
		}
		p.Give = colleagues(slices.DeleteFunc(staff.Takers, func(t kerbside.User) bool { return t.ID == v.Visit.Worker }), u)
	}
	if !v.CanEdit {
		return nil
	}
	rows, _, _, err := s.Service.VisitPage(r.Context(), u, service.VisitQuery{List: service.ListMine, States: movable, Limit: maxMoves + 1}) // this one is among them
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Visit.ID != v.Visit.ID && len(p.MoveTo) < maxMoves {
			p.MoveTo = append(p.MoveTo, moveChoice{row.Visit.ID, visitTitle(row.Visit, s.Now())})
		}
	}
	return nil
}

// maxMoves bounds the visits that a recording is offered to: the newest are the likeliest.
const maxMoves = 20

// movable are the states in which a visit takes a recording.
var movable = []kerbside.VisitState{kerbside.VisitOpen, kerbside.VisitProcessing, kerbside.VisitDrafted, kerbside.VisitApproved, kerbside.VisitReturned, kerbside.VisitFailed}
