package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

func mayImport(u kerbside.User) bool {
	return service.May(u, service.UseImport)
}

func (s *server) cases(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return s.showCases(w, r, u, nil, false)
}

func (s *server) showCases(w http.ResponseWriter, r *http.Request, u kerbside.User, result *service.CaseImport, tried bool) error {
	l := layout{Heading: "Cases", User: &u, Nav: "cases"}
	if u.Role == kerbside.RoleAdmin {
		l = s.adminLayout(u, "Cases", "/cases")
	}
	page := casesPage{layout: l, MayImport: mayImport(u), MayOpen: service.May(u, service.UseCaseWork), Result: result, Tried: tried}
	if u.Role != kerbside.RoleAdmin {
		rows, err := s.Service.Cases(r.Context(), u)
		if err != nil {
			return err
		}
		for _, c := range rows {
			row := caseLine(c)
			row.MayKeep = service.May(u, service.UseSubject)
			row.Restrict = service.May(u, service.UseRestrict)
			page.Cases = append(page.Cases, row)
		}
	}
	s.views.render(w, http.StatusOK, "cases", page)
	return nil
}

var planNames = map[kerbside.Plan]string{
	kerbside.PlanChildProtection: "Child protection plan", kerbside.PlanChildInNeed: "Child in need plan", kerbside.PlanLookedAfter: "Looked after",
}

func caseLine(c service.CaseRow) caseRow {
	row := caseRow{ID: c.Case.ID, Name: c.Case.Name, Reference: c.Case.Reference, Overdue: c.Overdue, Hidden: c.Case.ConfidentialAddress}
	var people []string
	for _, p := range c.Case.People {
		if p.Role != "" {
			people = append(people, fmt.Sprintf("%s (%s)", p.Name, p.Role))
		} else {
			people = append(people, p.Name)
		}
	}
	var detail []string
	for _, d := range []string{planNames[c.Case.Plan], strings.Join(people, ", "), c.WorkerName} {
		if d != "" {
			detail = append(detail, d)
		}
	}
	row.Detail = strings.Join(detail, " · ")
	switch {
	case c.Overdue:
		row.Due = "Visit was due " + day(c.Due)
	case c.Due != "":
		row.Due = "Visit due " + day(c.Due)
	}
	return row
}

// importCases answers the form itself, so that what is wrong with the file stands beside it.
func (s *server) importCases(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, service.MaxCases+maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return kerbside.E(kerbside.CodeInvalid, "web.importCases", "The form did not arrive whole. Go back and send it again.", err)
	}
	try := false
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return kerbside.E(kerbside.CodeInvalid, "web.importCases", "No file was chosen. Choose one, then send it.", nil)
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		if err != nil {
			return kerbside.E(kerbside.CodeInvalid, "web.importCases", "The file did not arrive whole. Send it again.", err)
		}
		switch part.FormName() {
		case "try":
			try = true
		case "file":
			result, err := s.Service.ImportCases(r.Context(), u, part, try)
			if err != nil {
				return err
			}
			return s.showCases(w, r, u, result, try)
		}
	}
}

// casePart offers a worker the cases that the visit may belong to.
func (s *server) casePart(r *http.Request, u kerbside.User, v *service.VisitView) (*casePart, error) {
	if !v.CanEdit {
		return nil, nil //nolint:nilnil // nothing is offered
	}
	cases, err := s.Service.CasesToChoose(r.Context(), u)
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	part := &casePart{}
	for _, c := range cases {
		choice := caseChoice{ID: c.ID, Name: c.Name, Current: c.ID == v.Visit.Case}
		if choice.Current {
			part.Current = choice.Name
			if service.May(u, service.UseCaseWork) {
				part.Opens = "/cases/" + string(choice.ID)
			}
		}
		part.Choices = append(part.Choices, choice)
	}
	return part, nil
}

// caseName is the name of a case that the person may choose; "" for any other.
func (s *server) caseName(r *http.Request, u kerbside.User, id kerbside.CaseID) (string, error) {
	rows, err := s.Service.Cases(r.Context(), u)
	for _, row := range rows {
		if row.Case.ID == id {
			return row.Case.Name, err
		}
	}
	return "", err
}

func (s *server) setCase(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	if err := s.Service.SetCase(r.Context(), u, id, kerbside.CaseID(r.PostFormValue("case"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/visits/"+string(id), http.StatusSeeOther) //nolint:gosec // a path of ours, whatever the id
	return nil
}

type apiCase struct {
	ID        kerbside.CaseID `json:"id"`
	Reference string          `json:"reference"`
	Name      string          `json:"name"`
	Plan      kerbside.Plan   `json:"plan"`
	Due       string          `json:"due"`
	Overdue   bool            `json:"overdue"`
	LastVisit string          `json:"last_visit"`
}

type apiCasePage struct {
	Cases []apiCase `json:"cases"`
	Next  string    `json:"next"` // for after=; "" at the end
}

func (s *server) apiCases(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	rows, err := s.Service.Cases(r.Context(), u)
	if err != nil {
		return err
	}
	limit, err := pageLimit(r.URL.Query().Get("limit"))
	if err != nil {
		return err
	}
	out := apiCasePage{Cases: make([]apiCase, 0, limit)}
	if after := r.URL.Query().Get("after"); after != "" {
		at := slices.IndexFunc(rows, func(c service.CaseRow) bool { return string(c.Case.ID) == after })
		rows = rows[at+1:] // from the beginning when the case is gone
	}
	if len(rows) > limit {
		rows, out.Next = rows[:limit], string(rows[limit-1].Case.ID)
		linkNext(w, r, out.Next)
	}
	for _, c := range rows {
		out.Cases = append(out.Cases, apiCase{ID: c.Case.ID, Reference: c.Case.Reference, Name: c.Case.Name, Plan: c.Case.Plan, Due: c.Due, Overdue: c.Overdue, LastVisit: c.LastVisit})
	}
	return writeJSON(w, out)
}

type apiCaseImport struct {
	Created int      `json:"created"`
	Changed int      `json:"changed"`
	Same    int      `json:"same"`
	People  int      `json:"people"`
	Faults  []string `json:"faults"` // with any, nothing was imported
}

// apiImportCases takes the CSV file itself as the body.
func (s *server) apiImportCases(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	extendRead(w, time.Minute)
	result, err := s.Service.ImportCases(r.Context(), u, http.MaxBytesReader(w, r.Body, service.MaxCases+1), r.URL.Query().Get("try") != "")
	if err != nil {
		return err
	}
	faults := result.Faults
	if faults == nil {
		faults = []string{}
	}
	return writeJSON(w, apiCaseImport{Created: result.Created, Changed: result.Changed, Same: result.Same, People: result.People, Faults: faults})
}

func (s *server) apiSetCase(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		Case kerbside.CaseID `json:"case"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Service.SetCase(r.Context(), u, kerbside.VisitID(r.PathValue("id")), in.Case); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
