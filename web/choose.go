package web

import (
	"net/http"

	"kerbside"
	"kerbside/service"
)

// choiceInput is one decision about a draft: what to show a reader, or to put in.
type choiceInput struct {
	Item   string `json:"item"`
	Reason string `json:"reason"`
	Undo   bool   `json:"undo"` // take a release back
}

func (s *server) release(w http.ResponseWriter, r *http.Request) error {
	return s.chosen(w, r, s.addRelease)
}

func (s *server) include(w http.ResponseWriter, r *http.Request) error {
	return s.chosen(w, r, s.addInclude)
}

func (s *server) apiRelease(w http.ResponseWriter, r *http.Request) error {
	var in choiceInput
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error { return s.addRelease(r, u, id, in) })
}

func (s *server) apiInclude(w http.ResponseWriter, r *http.Request) error {
	var in choiceInput
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error { return s.addInclude(r, u, id, in) })
}

func (s *server) addRelease(r *http.Request, u kerbside.User, id kerbside.VisitID, in choiceInput) error {
	a, err := kerbside.ParseAudience(r.PathValue("audience"))
	if err != nil {
		return err
	}
	if in.Undo {
		return s.Service.Withhold(r.Context(), u, id, a, in.Item)
	}
	return s.Service.Release(r.Context(), u, id, a, in.Item, in.Reason)
}

func (s *server) addInclude(r *http.Request, u kerbside.User, id kerbside.VisitID, in choiceInput) error {
	a, err := kerbside.ParseAudience(r.PathValue("audience"))
	if err != nil {
		return err
	}
	return s.Service.Include(r.Context(), u, id, a, in.Item)
}

// rewordInput is a sentence in the worker's own words.
type rewordInput struct {
	Sentence string `json:"sentence"`
	Text     string `json:"text"`
	Reason   string `json:"reason"`
	Undo     bool   `json:"undo"` // as it was drafted
}

func (s *server) apiReword(w http.ResponseWriter, r *http.Request) error {
	var in rewordInput
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error { return s.addRewording(r, u, id, in) })
}

func (s *server) reword(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "drafts", func(u kerbside.User, id kerbside.VisitID) error {
		in := rewordInput{Sentence: r.PostFormValue("sentence"), Text: r.PostFormValue("text"), Reason: r.PostFormValue("reason"), Undo: r.PostFormValue("undo") != ""}
		r.Form.Set("audience", r.PathValue("audience"))
		r.PostForm.Set("audience", r.PathValue("audience"))
		return s.addRewording(r, u, id, in)
	})
}

func (s *server) addRewording(r *http.Request, u kerbside.User, id kerbside.VisitID, in rewordInput) error {
	a, err := kerbside.ParseAudience(r.PathValue("audience"))
	if err != nil {
		return err
	}
	return s.Service.Reword(r.Context(), u, id, a, service.RewordInput{Sentence: in.Sentence, Text: in.Text, Reason: in.Reason, Undo: in.Undo})
}

// strikeInput is something of the record that is not so.
type strikeInput struct {
	Item   string `json:"item"`
	Reason string `json:"reason"`
	Text   string `json:"text"` // what is so instead
	Undo   bool   `json:"undo"`
}

func (s *server) apiStrike(w http.ResponseWriter, r *http.Request) error {
	var in strikeInput
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Strike(r.Context(), u, id, service.StrikeInput(in))
	})
}

func (s *server) strike(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "drafts", func(u kerbside.User, id kerbside.VisitID) error {
		in := service.StrikeInput{Item: r.PostFormValue("item"), Reason: r.PostFormValue("reason"), Text: r.PostFormValue("text"), Undo: r.PostFormValue("undo") != ""}
		return s.Service.Strike(r.Context(), u, id, in)
	})
}

// chosen reads the form of a decision, has it carried out, and goes back to the draft that it is about.
func (s *server) chosen(w http.ResponseWriter, r *http.Request, carryOut func(*http.Request, kerbside.User, kerbside.VisitID, choiceInput) error) error {
	return s.ofVisit(w, r, "drafts", func(u kerbside.User, id kerbside.VisitID) error {
		in := choiceInput{Item: r.PostFormValue("item"), Reason: r.PostFormValue("reason"), Undo: r.PostFormValue("undo") != ""}
		if err := carryOut(r, u, id, in); err != nil {
			return err
		}
		r.PostForm.Set("audience", r.PathValue("audience"))
		r.Form.Set("audience", r.PathValue("audience"))
		return nil
	})
}
