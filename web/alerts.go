package web

import (
	"net/http"
	"time"

	"kerbside"
	"kerbside/service"
)

// alertPart is one reason to look at something.
type alertPart struct {
	Kind, Object string
	Name         string // what it is, in a few words
	Title        string // the visit or the case
	Detail       string
	Href         string
	Urgent       bool
	Seen         string // who looks after it, and since when; "" while nobody does
}

// casePick is a case to read up on before a visit.
type casePick struct {
	Href, Name, Due string
	Overdue         bool
}

const casePicks = 4

func (s *server) alertParts(r *http.Request, u kerbside.User) (open, seen []alertPart, err error) {
	if !service.May(u, service.UseAlerts) {
		return nil, nil, nil
	}
	alerts, err := s.Service.Alerts(r.Context(), u)
	for _, a := range alerts {
		if p := s.alert(u, a); p.Seen == "" {
			open = append(open, p)
		} else {
			seen = append(seen, p)
		}
	}
	return open, seen, err
}

func (s *server) alert(u kerbside.User, a service.Alert) alertPart {
	now := s.Now()
	p := alertPart{Kind: string(a.Kind), Object: a.Key.Object, Href: "/cases/" + string(a.CaseID), Title: a.CaseName, Urgent: a.Kind == service.AlertUrgent}
	who := a.WorkerName
	if a.Visit.ID != "" {
		a.Visit.Date = firstOf(a.Day, a.Visit.Date)
		p.Href, p.Title = "/visits/"+string(a.Visit.ID), visitTitle(a.Visit, now)
		if a.Visit.Worker == u.ID {
			who = ""
		}
	} else {
		a.CaseName = ""
	}
	switch a.Kind {
	case service.AlertUrgent:
		p.Name = "Urgent words"
	case service.AlertOverdue:
		p.Name = "Visit overdue"
	case service.AlertStuck:
		p.Name = "Stuck"
	case service.AlertAction:
		p.Name = count(a.N, "promise") + " overdue"
	case service.AlertApproval:
		p.Name = "Not approved yet"
	case service.AlertReview:
		p.Name = "Waits for review"
	}
	about := ""
	if a.CaseName != "" {
		p.Title, about = a.CaseName, p.Title
	}
	p.Detail = joinDots(about, who, "since "+shortDay(a.Since.In(now.Location()).Format(time.DateOnly)))
	if a.SeenBy != "" {
		p.Seen = a.SeenBy + " looks after it, " + when(a.SeenAt, now)
	}
	return p
}

func (s *server) seeAlert(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	if err := s.Service.SeeAlert(r.Context(), u, service.AlertKind(r.PostFormValue("kind")), r.PostFormValue("object")); err != nil {
		return err
	}
	http.Redirect(w, r, "/#alerts", http.StatusSeeOther)
	return nil
}

// casePicks are the cases whose visits are due first, to read up on.
func (s *server) casePicks(r *http.Request, u kerbside.User) ([]casePick, error) {
	if !service.May(u, service.UseCaseWork) {
		return nil, nil
	}
	rows, err := s.Service.Cases(r.Context(), u)
	var out []casePick
	for _, row := range rows[:min(len(rows), casePicks)] {
		p := casePick{Href: "/cases/" + string(row.Case.ID), Name: row.Case.Name, Overdue: row.Overdue}
		switch {
		case row.Overdue:
			p.Due = "was due " + shortDay(row.Due)
		case row.Due != "":
			p.Due = "due " + shortDay(row.Due)
		}
		out = append(out, p)
	}
	return out, err
}
