package web

import (
	"net/http"
	"net/url"
	"time"

	"kerbside"
	"kerbside/service"
)

// termsPage is a lexicon: the organisation's, or a case's.
type termsPage struct {
	layout
	Title   string
	Action  string // where a new term is sent; "/retire" after it, one is retired
	Case    bool
	Used    []termRow
	Retired []termRow
	Kinds   []string
	Most    int
}

type termRow struct {
	ID, Text, Kind, By string
	At                 time.Time
}

func (s *server) terms(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	page := termsPage{layout: s.adminLayout(u, "Terms", "/admin/terms"), Title: "Terms of the organisation", Action: "/admin/terms"}
	if u.Role != kerbside.RoleAdmin {
		page.Nav = "people"
	}
	return s.showTerms(w, r, u, "", page)
}

func (s *server) caseTerms(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	c, err := s.Service.CaseOf(r.Context(), u, kerbside.CaseID(r.PathValue("id")))
	if err != nil {
		return err
	}
	page := termsPage{layout: layout{Heading: "Terms: " + c.Name, User: &u, Nav: "cases"}, Title: "Names and terms: " + c.Name, Action: "/cases/" + url.PathEscape(string(c.ID)) + "/terms", Case: true}
	return s.showTerms(w, r, u, c.ID, page)
}

func (s *server) showTerms(w http.ResponseWriter, r *http.Request, u kerbside.User, id kerbside.CaseID, page termsPage) error {
	list, err := s.Service.Terms(r.Context(), u, id)
	if err != nil {
		return err
	}
	page.Kinds, page.Most = service.TermKinds(), service.MaxTerms
	for _, t := range list {
		if t.RetiredBy == "" {
			page.Used = append(page.Used, termRow{t.ID, t.Text, t.Kind, t.AddedByName, t.AddedAt})
		} else {
			page.Retired = append(page.Retired, termRow{t.ID, t.Text, t.Kind, t.RetiredByName, t.RetiredAt})
		}
	}
	s.views.render(w, http.StatusOK, "terms", page)
	return nil
}

// changeTerms is what the forms about a lexicon share.
func (s *server) changeTerms(w http.ResponseWriter, r *http.Request, do func(kerbside.User, kerbside.CaseID) error) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := kerbside.CaseID(r.PathValue("id"))
	if err := do(u, id); err != nil {
		return err
	}
	to := "/admin/terms"
	if id != "" {
		to = "/cases/" + url.PathEscape(string(id)) + "/terms"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *server) addTerm(w http.ResponseWriter, r *http.Request) error {
	return s.changeTerms(w, r, func(u kerbside.User, id kerbside.CaseID) error {
		return s.Service.AddTerm(r.Context(), u, id, kerbside.Term{Text: r.PostFormValue("text"), Kind: r.PostFormValue("kind")})
	})
}

func (s *server) retireTerm(w http.ResponseWriter, r *http.Request) error {
	return s.changeTerms(w, r, func(u kerbside.User, id kerbside.CaseID) error {
		return s.Service.RetireTerm(r.Context(), u, id, r.PostFormValue("term"))
	})
}
