package web

import (
	"net/http"
	"strings"

	"kerbside"
)

// invitable are the roles in the order in which they are offered.
var invitable = []roleOption{
	{kerbside.RoleWorker, roleName(kerbside.RoleWorker), "records, corrects and approves own visits"},
	{kerbside.RoleReviewer, roleName(kerbside.RoleReviewer), "also reviews the visits of others"},
	{kerbside.RoleManager, roleName(kerbside.RoleManager), "also invites people"},
	{kerbside.RoleSupport, roleName(kerbside.RoleSupport), "uploads and files, never approves"},
	{kerbside.RoleAdmin, roleName(kerbside.RoleAdmin), "looks after Kerbside, sees no visits"},
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
	page := peoplePage{layout: layout{Heading: "People", User: &u, Nav: "people"}, Roles: invitable}
	for _, p := range people {
		page.People = append(page.People, personRow{ID: p.ID, Name: p.Name, Role: roleName(p.Role)})
	}
	s.views.render(w, http.StatusOK, "people", page)
	return nil
}

func (s *server) invite(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	token, p, err := s.Service.Invite(r.Context(), u, strings.TrimSpace(r.PostFormValue("name")), kerbside.Role(r.PostFormValue("role")))
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
