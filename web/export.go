package web

import (
	"fmt"
	"net/http"
	"slices"

	"kerbside"
	"kerbside/service"
)

// export downloads one draft.
func (s *server) export(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	audience, err := kerbside.ParseAudience(r.PathValue("audience"))
	if err != nil {
		return err
	}
	format, err := kerbside.ParseFormat(firstOf(r.URL.Query().Get("format"), string(kerbside.FormatJSON)))
	if err != nil {
		return err
	}
	f, err := s.Service.Export(r.Context(), u, kerbside.VisitID(r.PathValue("id")), audience, format, r.URL.Query().Get("citations") == "1")
	if err != nil {
		return err
	}
	download(w, f)
	return nil
}

// bundle downloads everything about a visit.
func (s *server) bundle(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	f, err := s.Service.Bundle(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	download(w, f)
	return nil
}

func download(w http.ResponseWriter, f service.File) {
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(f.Body) //nolint:gosec // the exporter escapes, and it is a download; a failed write means that the reader has gone
}

// entered takes a worker's word that a draft is in the case system, or is not after all.
func (s *server) entered(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "drafts", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Enter(r.Context(), u, id, service.EnterInput{Document: kerbside.DocumentID(r.PostFormValue("document")), On: r.PostFormValue("on"), Undo: r.PostFormValue("undo") != ""})
	})
}

// takePart is what can be done with a draft outside Kerbside.
type takePart struct {
	Document kerbside.DocumentID
	Entered  string // when and by whom; "" when nobody says so
	Earlier  bool   // an earlier version was
	Waits    bool   // for a second person, and is entered once that one has approved it
}

func takePartOf(d service.DraftView, waiting []kerbside.Audience) takePart {
	t := takePart{Document: d.Document, Waits: slices.Contains(waiting, d.Draft.Audience)}
	if e := d.Entered; e != nil {
		t.Entered, t.Earlier = day(e.On)+", "+e.ByName, e.Earlier
	}
	return t
}

// panelOf is a panel with the page that it stands on.
type panelOf struct {
	Page  visitPage
	Panel draftPanel
}
