package web

import (
	"net/http"

	"kerbside"
	"kerbside/service"
)

type actionsPage struct {
	layout
	Team    bool // the whole team's are shown
	MayTeam bool
	Groups  []actionGroup
	Done    []actionPart
	More    bool
	Any     bool
}

type actionGroup struct {
	Name  string
	Items []actionPart
}

// actions lists what is to be done: overdue, to come, without a day.
func (s *server) actions(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	l, err := s.Service.Actions(r.Context(), u, r.URL.Query().Get("whose") == "team")
	if err != nil {
		return err
	}
	page := actionsPage{layout: layout{Heading: "Actions", User: &u, Nav: "actions"}, Team: l.Team, MayTeam: u.Role == kerbside.RoleManager, More: l.More, Any: len(l.Open) > 0}
	back := "/actions"
	if l.Team {
		back += "?whose=team"
	}
	groups := []actionGroup{{Name: "Overdue"}, {Name: "To come"}, {Name: "Without a day"}}
	for _, a := range l.Open {
		at := 1
		switch {
		case a.Overdue:
			at = 0
		case a.Due == "":
			at = 2
		}
		groups[at].Items = append(groups[at].Items, s.action(a, back))
	}
	for _, g := range groups {
		if len(g.Items) > 0 {
			page.Groups = append(page.Groups, g)
		}
	}
	for _, a := range l.Done {
		page.Done = append(page.Done, s.action(a, back))
	}
	s.views.render(w, http.StatusOK, "actions", page)
	return nil
}

func (s *server) calendar(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	f, err := s.Service.Calendar(r.Context(), u, r.URL.Query().Get("whose") == "team")
	if err != nil {
		return err
	}
	download(w, f)
	return nil
}

func mayTick(u kerbside.User) bool { return service.May(u, service.UseTick) }
