package web

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

func mayRecord(u kerbside.User) bool { return service.May(u, service.UseRecord) }

func mayReview(u kerbside.User) bool {
	return service.May(u, service.UseReview)
}

func (s *server) home(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if kerbside.CodeOf(err) == kerbside.CodeUnauthed {
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	if u.Role == kerbside.RoleAdmin {
		http.Redirect(w, r, "/admin", http.StatusSeeOther)
		return nil
	}
	page := homePage{layout: layout{Heading: "Your visits", User: &u, Nav: "visits"}, MayReview: mayReview(u)}
	if mayRecord(u) {
		page.Recorder = &recorderPart{UserID: u.ID, Today: s.today(), Key: s.recorderKey()}
		page.Modules = []string{"recorder.js"}
		mine, err := s.Service.Visits(r.Context(), u, service.ListMine)
		if err != nil {
			return err
		}
		for _, v := range mine {
			if row := s.row(v, service.ListMine); v.Visit.State.Closed() {
				page.Done = append(page.Done, row)
			} else {
				page.Mine = append(page.Mine, row)
			}
		}
	}
	if page.MayReview {
		if page.ToReview, err = s.rows(r, u, service.ListToReview); err != nil {
			return err
		}
		page.Waiting = len(page.ToReview)
		page.ToReview = page.ToReview[:min(page.Waiting, homeQueue)]
	}
	if page.Alerts, page.Seen, err = s.alertParts(r, u); err != nil {
		return err
	}
	if page.Picks, err = s.casePicks(r, u); err != nil {
		return err
	}
	page.Alerts, page.MoreAlerts = page.Alerts[:min(len(page.Alerts), homeAlerts)], page.Alerts[min(len(page.Alerts), homeAlerts):]
	page.MayAct, page.MayTeam = mayTick(u), service.May(u, service.UseOverview)
	s.views.render(w, http.StatusOK, "home", page)
	return nil
}

// homeQueue and homeAlerts are how many visits to review, and reasons to look at something, the first page shows at once.
const homeQueue, homeAlerts = 5, 3

// visits is an address of its own for the list that stands on the first page.
func (s *server) visits(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (s *server) rows(r *http.Request, u kerbside.User, list service.VisitList) ([]visitRow, error) {
	visits, err := s.Service.Visits(r.Context(), u, list)
	if err != nil {
		return nil, err
	}
	rows := make([]visitRow, 0, len(visits))
	for _, v := range visits {
		rows = append(rows, s.row(v, list))
	}
	return rows, nil
}

// row is one line of a list.
func (s *server) row(v service.VisitRow, list service.VisitList) visitRow {
	now := s.Now()
	row := visitRow{URL: "/visits/" + string(v.Visit.ID), Title: visitTitle(v.Visit, now), State: stateName(v.Visit.State)}
	var detail []string
	if v.CaseName != "" {
		row.Title, detail = v.CaseName, []string{row.Title}
	}
	if list == service.ListToReview {
		detail = append(detail, v.WorkerName)
	}
	if v.Seconds > 0 {
		detail = append(detail, clock(v.Seconds*1000)+" spoken")
	}
	if list == service.ListToReview {
		detail = append(detail, "waiting for "+lasted(max(0, now.Sub(v.Visit.UpdatedAt))))
	}
	row.Detail = strings.Join(detail, " · ")
	if v.Urgent {
		row.State, row.Doubt = "Urgent", true
	}
	switch v.Visit.State {
	case kerbside.VisitFailed, kerbside.VisitReturned:
		row.Doubt = true
	}
	return row
}

// recorderKey is what the recorder in the browser seals to.
func (s *server) recorderKey() string {
	return base64.StdEncoding.EncodeToString(s.Service.RecorderKey())
}

func (s *server) today() string { return s.Now().Format(time.DateOnly) }
