package web

import (
	"net/http"
	"time"

	"kerbside"
	"kerbside/service"
)

// keepingPage is what is kept of one case: holds, and what its people may have.
type keepingPage struct {
	layout
	ID              kerbside.CaseID
	Name, Reference string
	Held, MayHold   bool
	Holds           []service.HoldView
	Requests        []requestRow
	People          []personChoice
}

type requestRow struct {
	ID, Person, Detail string
	Approved           bool
}

type personChoice struct{ Key, Name string }

// requestPage is one person's request for what is held about them, for those who check it.
type requestPage struct {
	layout
	ID                           string
	Case                         kerbside.CaseID
	CaseName, Person, Reason     string
	ByName                       string
	At                           time.Time
	Summary                      string
	Visits                       []requestVisit
	Lines                        int
	Reasons                      []reasonPart
	Beyond                       string
	SHA256                       string
	CanApprove, Current, Changed bool
	ApprovedBy                   string
	ApprovedAt                   time.Time
}

type requestVisit struct {
	Visit                     kerbside.VisitID
	Day                       string
	Found                     bool
	Facts                     []string
	Lines, Withheld, Released []service.SubjectLine
}

type reasonPart struct {
	N            int
	Kind, Reason string
}

func (s *server) caseKeeping(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	v, err := s.Service.CaseKeeping(r.Context(), u, kerbside.CaseID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := keepingPage{layout: layout{Heading: v.Case.Name, User: &u, Nav: "cases"}, ID: v.Case.ID, Name: v.Case.Name, Reference: v.Case.Reference, Holds: v.Holds, MayHold: v.MayHold}
	for _, h := range v.Holds {
		p.Held = p.Held || !h.Ended
	}
	for _, x := range v.Requests {
		detail := "prepared by " + x.ByName + ", " + when(x.At, s.Now())
		if x.Taken > 0 {
			detail += ", taken " + count(x.Taken, "time")
		}
		p.Requests = append(p.Requests, requestRow{ID: x.ID, Person: x.Person.Name, Detail: detail, Approved: x.Approved})
	}
	for _, person := range v.Case.People {
		name := person.Name
		if person.Role != "" {
			name += " (" + person.Role + ")"
		}
		p.People = append(p.People, personChoice{Key: firstOf(person.ID, person.Name), Name: name})
	}
	s.views.render(w, http.StatusOK, "keeping", p)
	return nil
}

// ofCase reads a form about a case, has it carried out, and goes back to what is kept of it.
func (s *server) ofCase(w http.ResponseWriter, r *http.Request, do func(kerbside.User, kerbside.CaseID) (to string, err error)) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := kerbside.CaseID(r.PathValue("id"))
	to, err := do(u, id)
	if err != nil {
		return err
	}
	if to == "" {
		to = "/cases/" + string(id) + "/keeping"
	}
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // a path of ours, whatever the id
	return nil
}

func (s *server) placeHold(w http.ResponseWriter, r *http.Request) error {
	return s.ofCase(w, r, func(u kerbside.User, id kerbside.CaseID) (string, error) {
		return "", s.Service.PlaceHold(r.Context(), u, id, r.PostFormValue("reason"))
	})
}

func (s *server) endHold(w http.ResponseWriter, r *http.Request) error {
	return s.ofCase(w, r, func(u kerbside.User, id kerbside.CaseID) (string, error) {
		return "", s.Service.EndHold(r.Context(), u, id, r.PostFormValue("hold"), r.PostFormValue("reason"))
	})
}

func (s *server) prepareSubject(w http.ResponseWriter, r *http.Request) error {
	return s.ofCase(w, r, func(u kerbside.User, id kerbside.CaseID) (string, error) {
		request, err := s.Service.PrepareSubject(r.Context(), u, id, r.PostFormValue("person"), r.PostFormValue("reason"))
		return "/requests/" + request, err
	})
}

func (s *server) subject(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	v, err := s.Service.Subject(r.Context(), u, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := requestPage{layout: layout{Heading: "What is held about " + v.Person.Name, User: &u, Nav: "cases"}, ID: v.ID, Case: v.Case, CaseName: v.CaseName, Person: v.Person.Name, Reason: v.Reason, ByName: v.ByName, At: v.At,
		Lines: v.Lines, SHA256: v.SHA256, CanApprove: v.CanApprove, Current: v.Current, Changed: v.Approved && !v.Current, ApprovedBy: v.ApprovedBy, ApprovedAt: v.ApprovedAt}
	p.Summary = count(v.Lines, "thing") + " of " + count(len(v.Visits), "visit") + "; " + count(v.Withheld, "thing") + " withheld."
	if v.Beyond > 0 {
		p.Beyond = count(v.Beyond, "visit")
	}
	for _, x := range v.Reasons {
		p.Reasons = append(p.Reasons, reasonPart{x.N, kindName(x.Kind), x.Reason})
	}
	for _, x := range v.Visits {
		for i := range x.Withheld {
			x.Withheld[i].Kind = kindName(x.Withheld[i].Kind)
		}
		p.Visits = append(p.Visits, requestVisit{Visit: x.Visit, Day: day(x.Day), Found: x.Found, Facts: x.Facts, Lines: x.Lines, Withheld: x.Withheld, Released: x.Released})
	}
	s.views.render(w, http.StatusOK, "request", p)
	return nil
}

// ofRequest reads a form about a request, has it carried out, and goes back to it.
func (s *server) ofRequest(w http.ResponseWriter, r *http.Request, do func(kerbside.User, string) error) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := do(u, id); err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/"+id, http.StatusSeeOther) //nolint:gosec // a path of ours, whatever the id
	return nil
}

func (s *server) releaseSubject(w http.ResponseWriter, r *http.Request) error {
	return s.ofRequest(w, r, func(u kerbside.User, id string) error {
		return s.Service.ReleaseSubject(r.Context(), u, id, kerbside.VisitID(r.PostFormValue("visit")), r.PostFormValue("item"), r.PostFormValue("reason"), r.PostFormValue("undo") != "")
	})
}

func (s *server) approveSubject(w http.ResponseWriter, r *http.Request) error {
	return s.ofRequest(w, r, func(u kerbside.User, id string) error {
		return s.Service.ApproveSubject(r.Context(), u, id, r.PostFormValue("sha256"))
	})
}

func (s *server) subjectBundle(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	f, err := s.Service.SubjectBundle(r.Context(), u, r.PathValue("id"))
	if err != nil {
		return err
	}
	download(w, f)
	return nil
}
