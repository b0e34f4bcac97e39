package web

import (
	"net/http"

	"kerbside"
	"kerbside/service"
)

// apiHeard takes what a player has played, in ms.
func (s *server) apiHeard(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Recording kerbside.RecordingID `json:"recording"`
		Spans     []struct {
			StartMS int64 `json:"start_ms"`
			EndMS   int64 `json:"end_ms"`
		} `json:"spans"`
	}
	return s.tell(w, r, &in, func(u kerbside.User) error {
		var spans []service.Span
		for _, x := range in.Spans {
			spans = append(spans, service.Span(x))
		}
		return s.Service.ReportHeard(r.Context(), u, kerbside.VisitID(r.PathValue("id")), in.Recording, spans)
	})
}

func (s *server) apiOversight(w http.ResponseWriter, r *http.Request) error {
	var in kerbside.Oversight
	return s.tell(w, r, &in, func(u kerbside.User) error {
		return s.Service.AddOversight(r.Context(), u, kerbside.VisitID(r.PathValue("id")), in)
	})
}

// apiVoid takes a recording out of its visit; to is the visit that its sound belongs to, "new" for a new one, "" for none.
func (s *server) apiVoid(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		Reason string `json:"reason"`
		To     string `json:"to"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	moved, err := s.Service.Void(r.Context(), u, kerbside.RecordingID(r.PathValue("id")), in.Reason, in.To)
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Recording kerbside.RecordingID `json:"recording"` // the copy; "" when there is none
		Visit     kerbside.VisitID     `json:"visit"`
	}{moved.ID, moved.Visit})
}

// apiAddendum starts a visit that adds to a locked one.
func (s *server) apiAddendum(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	v, err := s.Service.StartAddendum(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Visit kerbside.VisitID `json:"visit"`
	}{v.ID})
}

// addendum is the same for a form: it goes on to the recorder.
func (s *server) addendum(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	v, err := s.Service.StartAddendum(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/record?visit="+string(v.ID), http.StatusSeeOther)
	return nil
}
