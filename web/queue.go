package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"kerbside"
	"kerbside/service"
)

// queuePart is where a visit stands among those that wait for a second person.
type queuePart struct {
	At, Of         int // from 1; At is 0 when the visit itself does not wait
	Previous, Next kerbside.VisitID
	Figures        string // how the approval was made, for the reviewer
}

// queue is the reviewer's way from one visit to the next; nil for those who do not review.
func (s *server) queue(r *http.Request, u kerbside.User, v *service.VisitView, history []service.HistoryEntry) (*queuePart, error) {
	if !mayReview(u) || v.Visit.Worker == u.ID {
		return nil, nil
	}
	rows, err := s.Service.Visits(r.Context(), u, service.ListToReview)
	if err != nil {
		return nil, err
	}
	q := &queuePart{Of: len(rows), Figures: approvalFigures(v, history)}
	i := slices.IndexFunc(rows, func(row service.VisitRow) bool { return row.Visit.ID == v.Visit.ID })
	q.At = i + 1
	if i > 0 {
		q.Previous = rows[i-1].Visit.ID
	}
	if i+1 < len(rows) {
		q.Next = rows[i+1].Visit.ID
	}
	return q, nil
}

// approvalFigures say how long the worker had the drafts open before approving, and whether the sound was played. They are for the reviewer's eyes, and
// a measure of nobody.
func approvalFigures(v *service.VisitView, history []service.HistoryEntry) string {
	approved := -1
	for i, h := range history {
		if h.Action == "approve" {
			approved = i
		}
	}
	if approved < 0 {
		return ""
	}
	by, at := history[approved].By, history[approved].At
	var opened time.Time
	plays := 0
	for _, h := range history[:approved] {
		switch {
		case h.By == "" && h.Action == "draft":
			opened = time.Time{} // newer drafts were read anew
		case h.By == by && h.Action == "read" && opened.IsZero():
			opened = h.At
		case h.By == by && h.Action == "play":
			plays++
		}
	}
	text := ""
	if !opened.IsZero() {
		text = "Approved " + lasted(at.Sub(opened)) + " after the drafts were first open"
	}
	if critical := slices.IndexFunc(v.Open, func(o service.OpenItem) bool { return o.Kind == service.OpenCritical }); critical >= 0 && plays == 0 {
		if text == "" {
			return "The sound was not played before the approval."
		}
		text += ", without playing the sound"
	}
	if text != "" {
		text += "."
	}
	return text
}

// lasted says a short time for people.
func lasted(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
