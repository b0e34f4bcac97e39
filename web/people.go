package web

import (
	"net/http"

	"kerbside"
	"kerbside/service"
)

// invitable are the roles in the order in which they are offered.
var invitable = []roleOption{
	{kerbside.RoleWorker, roleName(kerbside.RoleWorker), "records, corrects and approves own visits"},
	{kerbside.RoleReviewer, roleName(kerbside.RoleReviewer), "also reviews the visits of the team"},
	{kerbside.RoleManager, roleName(kerbside.RoleManager), "also oversees the team and its people"},
	{kerbside.RoleSupport, roleName(kerbside.RoleSupport), "uploads and files, never approves"},
	{kerbside.RoleAdmin, roleName(kerbside.RoleAdmin), "looks after Kerbside, sees no visits"},
}

// rolesFor are the roles that a person may give.
func rolesFor(by kerbside.User) []roleOption {
	if by.Role == kerbside.RoleAdmin {
		return invitable
	}
	var out []roleOption
	for _, o := range invitable {
		if o.Role != kerbside.RoleManager && o.Role != kerbside.RoleAdmin {
			out = append(out, o)
		}
	}
	return out
}

func (s *server) people(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	people, err := s.Service.People(r.Context(), u)
	if err != nil {
		return err
	}
	teams, err := s.Service.Teams(r.Context(), u)
	if err != nil {
		return err
	}
	page := peoplePage{layout: s.peopleLayout(u, "People"), Roles: rolesFor(u), Admin: u.Role == kerbside.RoleAdmin, Cover: service.May(u, service.UseReassign)}
	if page.Admin {
		page.Teams = teamOptions(teams, "")
	}
	for _, p := range people {
		row := personRow{ID: p.ID, Name: p.Name, Role: roleName(p.Role), Team: teamName(teams, p.Team), Left: p.Left()}
		row.MayLink = !row.Left && (page.Admin || p.ID == u.ID || p.Role != kerbside.RoleManager && p.Role != kerbside.RoleAdmin)
		page.People = append(page.People, row)
	}
	s.views.render(w, http.StatusOK, "people", page)
	return nil
}

// peopleLayout is that of the pages about people: administration, or a manager's own.
func (s *server) peopleLayout(u kerbside.User, heading string) layout {
	l := s.adminLayout(u, heading, "/people")
	if u.Role != kerbside.RoleAdmin {
		l.Nav = "people"
	}
	return l
}

func teamOptions(teams []kerbside.Team, current kerbside.TeamID) []teamOption {
	out := []teamOption{{Name: "No team", Current: current == ""}}
	for _, t := range teams {
		out = append(out, teamOption{t.ID, t.Name, t.ID == current})
	}
	return out
}

func teamName(teams []kerbside.Team, id kerbside.TeamID) string {
	for _, t := range teams {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

func personInput(r *http.Request) service.PersonInput {
	return service.PersonInput{
		Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Role: kerbside.Role(r.PostFormValue("role")), Team: kerbside.TeamID(r.PostFormValue("team")),
	}
}

func (s *server) invite(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	token, p, err := s.Service.Invite(r.Context(), u, personInput(r))
	if err != nil {
		return err
	}
	s.showLink(w, r, u, p.Name, token)
	return nil
}

func (s *server) newLink(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.UserID(r.PathValue("id"))
	people, err := s.Service.People(r.Context(), u)
	if err != nil {
		return err
	}
	token, err := s.Service.NewLink(r.Context(), u, id)
	if err != nil {
		return err
	}
	name := ""
	for _, p := range people {
		if p.ID == id {
			name = p.Name
		}
	}
	s.showLink(w, r, u, name, token)
	return nil
}

// showLink answers the POST itself instead of redirecting, so that the link stands in no address and no history.
func (s *server) showLink(w http.ResponseWriter, r *http.Request, u kerbside.User, name, token string) {
	s.views.render(w, http.StatusOK, "link", linkPage{
		layout: layout{Heading: "A link to sign in", User: &u, Nav: "people", Narrow: true}, Name: name, Link: s.linkFor(r, token),
	})
}

// person is where an administrator changes what somebody is and ends their sign-ins.
func (s *server) person(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.UserID(r.PathValue("id"))
	sessions, err := s.Service.PersonSessions(r.Context(), u, id)
	if err != nil {
		return err
	}
	people, err := s.Service.People(r.Context(), u)
	if err != nil {
		return err
	}
	teams, err := s.Service.Teams(r.Context(), u)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.ID != id {
			continue
		}
		page := personPage{layout: s.peopleLayout(u, p.Name), ID: p.ID, Name: p.Name, Email: p.Email, Teams: teamOptions(teams, p.Team), Left: p.Left(), Sessions: sessionRows(sessions, "")}
		for _, o := range invitable {
			page.Roles = append(page.Roles, roleChoice{o, o.Role == p.Role})
		}
		s.views.render(w, http.StatusOK, "person", page)
		return nil
	}
	return kerbside.E(kerbside.CodeNotFound, "web.person", "There is no such person.", nil)
}

// ofPerson is what the forms about a person share.
func (s *server) ofPerson(w http.ResponseWriter, r *http.Request, do func(kerbside.User, kerbside.UserID) error) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	if err := do(u, kerbside.UserID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/people", http.StatusSeeOther)
	return nil
}

func (s *server) changePerson(w http.ResponseWriter, r *http.Request) error {
	return s.ofPerson(w, r, func(u kerbside.User, id kerbside.UserID) error {
		return s.Service.ChangePerson(r.Context(), u, id, personInput(r))
	})
}

func (s *server) endPerson(w http.ResponseWriter, r *http.Request) error {
	return s.ofPerson(w, r, func(u kerbside.User, id kerbside.UserID) error { return s.Service.EndPerson(r.Context(), u, id) })
}

func (s *server) signOutPerson(w http.ResponseWriter, r *http.Request) error {
	return s.ofPerson(w, r, func(u kerbside.User, id kerbside.UserID) error {
		return s.Service.EndSessions(r.Context(), u, id, "")
	})
}

func (s *server) putTeam(w http.ResponseWriter, r *http.Request) error {
	return s.ofPerson(w, r, func(u kerbside.User, _ kerbside.UserID) error {
		_, err := s.Service.PutTeam(r.Context(), u, kerbside.TeamID(r.PostFormValue("id")), r.PostFormValue("name"))
		return err
	})
}
