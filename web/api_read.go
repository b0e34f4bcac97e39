package web

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// What programs read one by one: states, words, records, and lists by pages.

var visitStates = []kerbside.VisitState{kerbside.VisitOpen, kerbside.VisitProcessing, kerbside.VisitDrafted, kerbside.VisitApproved, kerbside.VisitReturned, kerbside.VisitLocked, kerbside.VisitFailed}

type apiVisitPage struct {
	Visits []apiVisitRow `json:"visits"`
	Next   string        `json:"next"` // for after=; "" at the end
}

// maxPage is how many lines a page of a list has at most; half of it unless asked for.
const maxPage = 200

func (s *server) apiVisits(w http.ResponseWriter, r *http.Request) error {
	const op = "web.apiVisits"
	u, err := s.user(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	in := service.VisitQuery{List: service.VisitList(firstOf(q.Get("list"), string(service.ListMine))), Case: kerbside.CaseID(q.Get("case"))}
	switch in.List {
	case service.ListMine, service.ListToReview, service.ListAll:
	default:
		return kerbside.E(kerbside.CodeInvalid, op, "list is one of mine, to_review, all.", nil)
	}
	for _, state := range q["state"] {
		if !slices.Contains(visitStates, kerbside.VisitState(state)) {
			return kerbside.E(kerbside.CodeInvalid, op, "state is one of open, processing, drafted, approved, returned, locked, failed.", nil)
		}
		in.States = append(in.States, kerbside.VisitState(state))
	}
	if v := q.Get("changed_since"); v != "" {
		if in.Changed, err = time.Parse(time.RFC3339, v); err != nil {
			return kerbside.E(kerbside.CodeInvalid, op, "changed_since is a time such as 2026-03-03T12:00:00Z.", nil)
		}
	}
	if in.Limit, err = pageLimit(q.Get("limit")); err != nil {
		return err
	}
	if in.After, err = readMark(q.Get("after")); err != nil {
		return err
	}
	rows, next, more, err := s.Service.VisitPage(r.Context(), u, in)
	if err != nil {
		return err
	}
	out := apiVisitPage{Visits: make([]apiVisitRow, 0, len(rows))}
	for _, v := range rows {
		out.Visits = append(out.Visits, apiVisitRow{
			ID: v.Visit.ID, Title: visitTitle(v.Visit, s.Now()), Date: v.Visit.Date, State: v.Visit.State, Case: v.Visit.Case, Worker: v.WorkerName,
			Recordings: v.Recordings, Seconds: v.Seconds, Urgent: v.Urgent, UpdatedAt: v.Visit.UpdatedAt,
		})
	}
	if more {
		out.Next = markText(next)
		linkNext(w, r, out.Next)
	}
	return writeJSON(w, out)
}

func pageLimit(text string) (int, error) {
	if text == "" {
		return maxPage / 2, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPage {
		return 0, kerbside.E(kerbside.CodeInvalid, "web.pageLimit", "limit is a number from 1 to "+strconv.Itoa(maxPage)+".", nil)
	}
	return n, nil
}

// linkNext names the next page as browsers and crawlers of lists know it (RFC 8288).
func linkNext(w http.ResponseWriter, r *http.Request, after string) {
	q := r.URL.Query()
	q.Set("after", after)
	w.Header().Set("Link", "<"+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
}

func markText(m kerbside.VisitMark) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(m.CreatedAt.UnixMicro(), 10) + " " + string(m.ID)))
}

func readMark(text string) (m kerbside.VisitMark, err error) {
	if text == "" {
		return m, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	at, id, ok := strings.Cut(string(b), " ")
	micro, numErr := strconv.ParseInt(at, 10, 64)
	if err != nil || numErr != nil || !ok || id == "" {
		return m, kerbside.E(kerbside.CodeInvalid, "web.readMark", "after is the next of the page before, as it was given.", nil)
	}
	return kerbside.VisitMark{CreatedAt: time.UnixMicro(micro).UTC(), ID: kerbside.VisitID(id)}, nil
}

// apiStartVisit makes a visit without sound, to add notes or recordings to.
func (s *server) apiStartVisit(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		Title string `json:"title"`
		Date  string `json:"date"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	v, err := s.Service.StartVisit(r.Context(), u, service.VisitInput{Title: in.Title, Date: in.Date})
	if err != nil {
		return err
	}
	return s.showVisit(w, r, u, v.ID)
}

// showVisit answers with a visit and its revision.
func (s *server) showVisit(w http.ResponseWriter, r *http.Request, u kerbside.User, id kerbside.VisitID) error {
	v, err := s.Service.Visit(r.Context(), u, id)
	if err != nil {
		return err
	}
	setRevision(w, v.Revision)
	return writeJSON(w, s.visitJSON(v))
}

type apiStatus struct {
	ID       kerbside.VisitID    `json:"id"`
	State    kerbside.VisitState `json:"state"`
	Reason   string              `json:"reason"`
	Updated  time.Time           `json:"updated_at"`
	Progress service.Progress    `json:"progress"`
}

// apiVisitStatus tells where a visit stands; it is no reading of the visit, so it may be asked often.
func (s *server) apiVisitStatus(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	v, p, err := s.Service.Status(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return writeJSON(w, apiStatus{v.ID, v.State, v.Reason, v.UpdatedAt, p})
}

func (s *server) apiRetry(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, &struct{}{}, func(u kerbside.User, id kerbside.VisitID) error { return s.Service.Retry(r.Context(), u, id) })
}

func (s *server) apiEntered(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Document kerbside.DocumentID `json:"document"`
		On       string              `json:"on"`
		Undo     bool                `json:"undo"`
	}
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Enter(r.Context(), u, id, service.EnterInput{Document: in.Document, On: in.On, Undo: in.Undo})
	})
}

// apiTranscript gives the newest words of one recording of a visit, as transcript-v1.
func (s *server) apiTranscript(w http.ResponseWriter, r *http.Request) error {
	return s.part(w, r, func(v *service.VisitView) (any, string) {
		for _, t := range v.Transcripts {
			if string(t.Recording) == r.PathValue("recording") {
				return t.Transcript, t.SHA256
			}
		}
		return nil, ""
	})
}

// apiRecord gives a visit's record, as record-v1.
func (s *server) apiRecord(w http.ResponseWriter, r *http.Request) error {
	return s.part(w, r, func(v *service.VisitView) (any, string) {
		if v.Record == nil {
			return nil, ""
		}
		return v.Record, v.RecordSHA256
	})
}

// part answers with one document of a visit; its ETag is the hash of its version.
func (s *server) part(w http.ResponseWriter, r *http.Request, choose func(*service.VisitView) (any, string)) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	v, err := s.Service.Visit(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	doc, sum := choose(v)
	if doc == nil {
		return kerbside.E(kerbside.CodeNotFound, "web.part", "That is not there, or not made yet.", nil)
	}
	setRevision(w, sum)
	return writeJSON(w, doc)
}

func (s *server) apiRecordingStatus(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	rec, received, err := s.Service.RecordingStatus(r.Context(), u, kerbside.RecordingID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return writeJSON(w, recordingJSON(rec, received))
}

// apiFindRecording tells what became of a recording that the caller sent under a name of their own choosing: at most one line.
func (s *server) apiFindRecording(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	client := r.URL.Query().Get("client_id")
	if client == "" {
		return kerbside.E(kerbside.CodeInvalid, "web.apiFindRecording", "Say which: client_id is the name that it was sent under.", nil)
	}
	out := struct {
		Recordings []apiRecording `json:"recordings"`
	}{[]apiRecording{}}
	rec, received, err := s.Service.RecordingOf(r.Context(), u, client)
	switch kerbside.CodeOf(err) {
	case "":
		out.Recordings = append(out.Recordings, recordingJSON(rec, received))
	case kerbside.CodeNotFound:
	default:
		return err
	}
	return writeJSON(w, out)
}

func (s *server) apiRestriction(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	people, revision, err := s.Service.Restriction(r.Context(), u, kerbside.CaseID(r.PathValue("id")))
	if err != nil {
		return err
	}
	setRevision(w, revision)
	return writeJSON(w, restriction{append([]kerbside.UserID{}, people...)})
}

// restriction names who alone may know of a case; nobody lifts it.
type restriction struct {
	People []kerbside.UserID `json:"people"`
}
