package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// record is the recorder. It needs no session: what is recorded without one is kept in the browser, sealed, until somebody signs in. With
// ?offline it is the page that the browser keeps for when there is no signal: nothing of a person but an id is on it.
func (s *server) record(w http.ResponseWriter, r *http.Request) error {
	u, visit, title, err := s.addTo(r)
	if err != nil && (kerbside.CodeOf(err) != kerbside.CodeUnauthed || r.URL.Query().Has("visit")) {
		return err
	}
	page := recordPage{layout: layout{Heading: "Record", Nav: "record", Modules: []string{"recorder.js"}, Narrow: true}}
	page.Recorder = recorderPart{UserID: u.ID, Visit: visit, Title: title, Today: s.today(), Key: s.recorderKey(), Offline: r.URL.Query().Has("offline")}
	if id := r.URL.Query().Get("case"); id != "" && err == nil && visit == "" {
		if page.Recorder.Case, err = s.caseName(r, u, kerbside.CaseID(id)); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		page.SignIn = true
	case !page.Recorder.Offline:
		page.User = &u
		if page.Recorder.Case == "" && visit == "" {
			if page.Picks, err = s.casePicks(r, u); err != nil {
				return err
			}
		}
	}
	s.views.render(w, http.StatusOK, "record", page)
	return nil
}

func (s *server) uploadPage(w http.ResponseWriter, r *http.Request) error {
	u, visit, title, err := s.addTo(r)
	if err != nil {
		return err
	}
	s.views.render(w, http.StatusOK, "upload", addPage{
		layout: layout{Heading: "Add a sound file", User: &u, Nav: "record", Narrow: true}, Visit: visit, Title: title, Today: s.today(), Max: size(s.MaxFile),
	})
	return nil
}

func (s *server) notePage(w http.ResponseWriter, r *http.Request) error {
	u, visit, title, err := s.addTo(r)
	if err != nil {
		return err
	}
	s.views.render(w, http.StatusOK, "note", addPage{layout: layout{Heading: "Type a note", User: &u, Nav: "record", Narrow: true, Modules: []string{"soft.js"}}, Visit: visit, Title: title, Today: s.today()})
	return nil
}

// addTo gives who asks and the visit that ?visit= names, if any.
func (s *server) addTo(r *http.Request) (u kerbside.User, id kerbside.VisitID, title string, err error) {
	if u, err = s.user(r); err != nil {
		return u, "", "", err
	}
	if !mayRecord(u) {
		return u, "", "", kerbside.E(kerbside.CodeForbidden, "web.addTo", "Administrators do not record visits.", nil)
	}
	id = kerbside.VisitID(r.URL.Query().Get("visit"))
	if id == "" {
		return u, "", "", nil
	}
	view, err := s.Service.Visit(r.Context(), u, id)
	if err != nil {
		return u, "", "", err
	}
	return u, id, visitTitle(view.Visit, s.Now()), nil
}

func (s *server) note(w http.ResponseWriter, r *http.Request) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(r.PostFormValue("text"))
	if text == "" {
		return kerbside.E(kerbside.CodeInvalid, "web.note", "The note is empty. Type what happened, then save it.", nil)
	}
	id := kerbside.VisitID(r.PostFormValue("visit"))
	if id == "" {
		v, err := s.Service.StartVisit(r.Context(), u, service.VisitInput{Date: r.PostFormValue("date")})
		if err != nil {
			return err
		}
		id = v.ID
	}
	if err := s.Service.AddNote(r.Context(), u, id, text); err != nil {
		return err
	}
	http.Redirect(w, r, "/visits/"+string(id), http.StatusSeeOther) //nolint:gosec // a path of ours, whatever the id
	return nil
}

func (s *server) upload(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.takeFile(w, r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/visits/"+string(rec.Visit), http.StatusSeeOther)
	return nil
}

// takeFile streams the file of a multipart form into a recording; the form's fields stand before the file.
func (s *server) takeFile(w http.ResponseWriter, r *http.Request) (kerbside.Recording, error) {
	const op = "web.takeFile"
	bad := func(err error) error {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return err
		}
		return kerbside.E(kerbside.CodeInvalid, op, "The file did not arrive whole. Send it again.", err)
	}
	u, err := s.user(r)
	if err != nil {
		return kerbside.Recording{}, err
	}
	extendRead(w, 6*time.Hour)
	r.Body = http.MaxBytesReader(w, r.Body, s.MaxFile+maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return kerbside.Recording{}, bad(err)
	}
	in := service.RecordingInput{Kind: kerbside.KindDebrief}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return kerbside.Recording{}, kerbside.E(kerbside.CodeInvalid, op, "No file was chosen. Choose one, then send it.", nil)
		}
		if err != nil {
			return kerbside.Recording{}, bad(err)
		}
		if part.FormName() == "file" {
			if part.FileName() == "" {
				return kerbside.Recording{}, kerbside.E(kerbside.CodeInvalid, op, "No file was chosen. Choose one, then send it.", nil)
			}
			in.Name = path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
			rec, err := s.Service.UploadFile(r.Context(), u, in, part)
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				return kerbside.Recording{}, tooLarge
			}
			return rec, err
		}
		if err := readField(part, &in); err != nil {
			return kerbside.Recording{}, bad(err)
		}
	}
}

func readField(part *multipart.Part, in *service.RecordingInput) error {
	b, err := io.ReadAll(io.LimitReader(part, 1000))
	if err != nil {
		return err
	}
	value := strings.TrimSpace(string(b))
	switch part.FormName() {
	case "visit":
		in.Visit = kerbside.VisitID(value)
	case "client_id":
		in.ClientID = value
	case "date":
		in.Date = value
	case "kind":
		in.Kind = kerbside.RecordingKind(value)
	}
	return nil
}
