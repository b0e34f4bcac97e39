package web

import (
	"net/http"
	"net/url"
	"strings"

	"kerbside"
	"kerbside/service"
)

// answer takes an answer to one of the record's open questions: a tap on yes or no, or words.
func (s *server) answer(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "questions", func(u kerbside.User, id kerbside.VisitID) error {
		return s.addAnswer(r, u, id, answerInput{Question: r.PostFormValue("question"), Answer: r.PostFormValue("answer"), Text: r.PostFormValue("text")})
	})
}

type answerInput struct {
	Question string `json:"question"` // the id of an open item of kind "missing"; "" for something said of the worker's own accord
	Answer   string `json:"answer"`   // "yes" or "no"; "" when Text answers
	Text     string `json:"text"`
}

// addAnswer turns a tap into the sentence that it stands for. The sentence is made from the record's question and not from the
// request, so that what is kept is what the person was asked.
func (s *server) addAnswer(r *http.Request, u kerbside.User, id kerbside.VisitID, in answerInput) error {
	const op = "web.addAnswer"
	text := strings.TrimSpace(in.Text)
	if in.Answer != "" {
		view, err := s.Service.Visit(r.Context(), u, id)
		if err != nil {
			return err
		}
		asked, ok := findQuestion(view, in.Question)
		if !ok {
			return kerbside.E(kerbside.CodeConflict, op, "This question was answered meanwhile. Reload the page.", nil)
		}
		yes, no, ok := tapAnswers(asked.Text)
		switch {
		case ok && in.Answer == "yes":
			text = yes
		case ok && in.Answer == "no":
			text = no
		default:
			return kerbside.E(kerbside.CodeInvalid, op, "This question wants an answer in words. Type one.", nil)
		}
	}
	if text == "" {
		return kerbside.E(kerbside.CodeInvalid, op, "There is no answer in this form. Type one, or leave the question open.", nil)
	}
	return s.Service.AddStatement(r.Context(), u, id, in.Question, text)
}

func findQuestion(view *service.VisitView, id string) (service.OpenItem, bool) {
	for _, o := range view.Open {
		if o.Kind == service.OpenMissing && o.ID == id {
			return o, true
		}
	}
	return service.OpenItem{}, false
}

func (s *server) approve(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, func(u kerbside.User, id kerbside.VisitID, covers []kerbside.Covered) error {
		confirmed := strings.Fields(strings.Join(r.PostForm["confirm"], " "))
		return s.Service.Approve(r.Context(), u, id, service.ApproveInput{Covers: covers, Confirmed: confirmed})
	})
}

func (s *server) review(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, func(u kerbside.User, id kerbside.VisitID, covers []kerbside.Covered) error {
		in := service.ReviewInput{Action: kerbside.ReviewAction(r.PostFormValue("action")), Comment: strings.TrimSpace(r.PostFormValue("comment")), Covers: covers}
		on, said := r.PostForm["on"], r.PostForm["said"]
		for i := range min(len(on), len(said)) { // each stands with its text
			doc, sentence, ok := strings.Cut(on[i], " ")
			if text := strings.TrimSpace(said[i]); ok && text != "" {
				in.Comments = append(in.Comments, kerbside.SentenceComment{Document: kerbside.DocumentID(doc), Sentence: sentence, Text: text})
			}
		}
		if in.Action == kerbside.ReviewReturn && in.Comment == "" && len(in.Comments) > 0 {
			in.Comment = "See the comments on single sentences."
		}
		return s.Service.Review(r.Context(), u, id, in)
	})
}

// decide reads a form about exact versions, has it carried out, and goes back to the visit.
func (s *server) decide(w http.ResponseWriter, r *http.Request, carryOut func(kerbside.User, kerbside.VisitID, []kerbside.Covered) error) error {
	return s.ofVisit(w, r, "", func(u kerbside.User, id kerbside.VisitID) error {
		covers, err := readCovers(r.PostForm["cover"])
		if err != nil {
			return err
		}
		return carryOut(u, id, covers)
	})
}

func (s *server) retry(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	if err := s.Service.Retry(r.Context(), u, id); err != nil {
		return err
	}
	backToVisit(w, r, id, "")
	return nil
}

// readCovers reads the versions that the page showed, each "<document> <sha256>".
func readCovers(fields []string) ([]kerbside.Covered, error) {
	var out []kerbside.Covered
	for _, f := range fields {
		doc, sum, ok := strings.Cut(f, " ")
		if !ok || !kerbside.IsHexSHA256(sum) {
			return nil, kerbside.E(kerbside.CodeInvalid, "web.readCovers", "The form does not say which versions it is about. Reload the page and try again.", nil)
		}
		out = append(out, kerbside.Covered{Document: kerbside.DocumentID(doc), SHA256: sum})
	}
	return out, nil
}

// ofVisit reads a form about a visit, has it carried out, and goes back to the visit.
func (s *server) ofVisit(w http.ResponseWriter, r *http.Request, anchor string, do func(kerbside.User, kerbside.VisitID) error) error {
	u, err := s.poster(w, r)
	if err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	if err := do(u, id); err != nil {
		return err
	}
	backToVisit(w, r, id, anchor)
	return nil
}

// backToVisit answers a form: the page is read again, at the part that was being worked on.
func backToVisit(w http.ResponseWriter, r *http.Request, id kerbside.VisitID, anchor string) {
	q := url.Values{}
	if queue, err := url.ParseQuery(r.PostFormValue("queue")); err == nil {
		q, _ = url.ParseQuery(readQueueFilter(queue).query()) // our own always parses
	}
	if a, err := kerbside.ParseAudience(r.PostFormValue("audience")); err == nil {
		q.Set("audience", string(a))
	}
	to := "/visits/" + string(id)
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	if anchor != "" {
		to += "#" + anchor
	}
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // a path of ours, whatever the id
}
