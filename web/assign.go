package web

import (
	"net/http"
	"time"

	"kerbside"
)

// done answers a change that has nothing to show.
func done(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// tell is what calls share that change something and show nothing.
func (s *server) tell(w http.ResponseWriter, r *http.Request, in any, do func(kerbside.User) error) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := readJSON(w, r, in); err != nil {
		return err
	}
	if err := do(u); err != nil {
		return err
	}
	return done(w)
}

func (s *server) apiReassign(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Worker kerbside.UserID `json:"worker"`
	}
	return s.tell(w, r, &in, func(u kerbside.User) error {
		return s.Service.Reassign(r.Context(), u, kerbside.VisitID(r.PathValue("id")), in.Worker)
	})
}

type apiCover struct {
	ID    string          `json:"id"`
	Of    kerbside.UserID `json:"of"`
	By    kerbside.UserID `json:"by"`
	From  time.Time       `json:"from,omitzero"` // now when it is missing
	Until time.Time       `json:"until"`
}

func (s *server) apiCovers(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	covers, err := s.Service.Covers(r.Context(), u)
	if err != nil {
		return err
	}
	out := []apiCover{}
	for _, c := range covers {
		out = append(out, apiCover{c.ID, c.Of, c.By, c.From, c.Until})
	}
	return writeJSON(w, out)
}

func (s *server) apiAddCover(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in apiCover
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	c, err := s.Service.AddCover(r.Context(), u, in.Of, in.By, in.From, in.Until)
	if err != nil {
		return err
	}
	return writeJSON(w, apiCover{c.ID, c.Of, c.By, c.From, c.Until})
}

func (s *server) apiEndCover(w http.ResponseWriter, r *http.Request) error {
	return s.tell(w, r, &struct{}{}, func(u kerbside.User) error { return s.Service.EndCover(r.Context(), u, r.PathValue("id")) })
}

func (s *server) apiRestrict(w http.ResponseWriter, r *http.Request) error {
	var in restriction
	return s.tell(w, r, &in, func(u kerbside.User) error {
		return s.Service.Restrict(r.Context(), u, kerbside.CaseID(r.PathValue("id")), in.People)
	})
}
