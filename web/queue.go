package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kerbside"
	"kerbside/service"
)

// queuePart is where a visit stands among those that wait for a second person.
type queuePart struct {
	At, Of         int    // from 1; At is 0 when the visit itself does not wait
	Previous, Next string // addresses; "" when there is none
	Filter         string // what the queue is narrowed to, for the form
	Figures        []decidedPart
}

// decidedPart is a quiet figure for the reviewer's own eyes.
type decidedPart struct {
	Text string
	Warn bool // it looks like rubber-stamping
}

// reviewPage is the reviewer's queue.
type reviewPage struct {
	layout
	Rows    []visitRow
	All     int
	Workers []choice
	Days    []choice
	Urgent  bool
	Narrow  bool // a filter is set
}

// queueFilter narrows the queue; it goes along from visit to visit, so that nobody loses the place.
type queueFilter struct {
	who    kerbside.UserID
	urgent bool
	days   int // waiting for at least so many
}

func readQueueFilter(q url.Values) queueFilter {
	days, err := strconv.Atoi(q.Get("days"))
	if err != nil || days < 0 || days > 365 {
		days = 0
	}
	return queueFilter{who: kerbside.UserID(q.Get("who")), urgent: q.Get("urgent") == "1", days: days}
}

// query is the filter as a query; "" when it narrows nothing.
func (f queueFilter) query() string {
	q := url.Values{}
	if f.who != "" {
		q.Set("who", string(f.who))
	}
	if f.urgent {
		q.Set("urgent", "1")
	}
	if f.days > 0 {
		q.Set("days", strconv.Itoa(f.days))
	}
	return q.Encode()
}

func (f queueFilter) href(path string) string {
	if q := f.query(); q != "" {
		return path + "?" + q
	}
	return path
}

func (f queueFilter) takes(row service.VisitRow, now time.Time) bool {
	return (f.who == "" || row.Visit.Worker == f.who) && (!f.urgent || row.Urgent) && now.Sub(row.Visit.UpdatedAt) >= time.Duration(f.days)*24*time.Hour
}

// toReview shows the queue: what is urgent first, then what waits longest.
func (s *server) toReview(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if !mayReview(u) {
		return kerbside.E(kerbside.CodeForbidden, "web.toReview", "Only reviewers and managers can review a visit.", nil)
	}
	all, err := s.Service.Visits(r.Context(), u, service.ListToReview)
	if err != nil {
		return err
	}
	f, now := readQueueFilter(r.URL.Query()), s.Now()
	page := reviewPage{layout: layout{Heading: "To review", User: &u, Nav: "visits"}, All: len(all), Urgent: f.urgent, Narrow: f != queueFilter{}}
	names := map[kerbside.UserID]string{}
	for _, v := range all {
		names[v.Visit.Worker] = v.WorkerName
		if f.takes(v, now) {
			row := s.row(v, service.ListToReview)
			row.URL = f.href(row.URL)
			page.Rows = append(page.Rows, row)
		}
	}
	for _, id := range slices.Sorted(keys(names)) {
		page.Workers = append(page.Workers, choice{string(id), names[id], id == f.who})
	}
	for _, d := range []int{1, 2, 5} {
		page.Days = append(page.Days, choice{strconv.Itoa(d), "for " + count(d, "day") + " or more", d == f.days})
	}
	s.views.render(w, http.StatusOK, "review", page)
	return nil
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
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
	f, now := readQueueFilter(r.URL.Query()), s.Now()
	rows = slices.DeleteFunc(rows, func(row service.VisitRow) bool { return row.Visit.ID != v.Visit.ID && !f.takes(row, now) })
	q := &queuePart{Of: len(rows), Filter: f.query(), Figures: decisionFigures(v, history, u.ID)}
	i := slices.IndexFunc(rows, func(row service.VisitRow) bool { return row.Visit.ID == v.Visit.ID })
	q.At = i + 1
	if i > 0 {
		q.Previous = f.href("/visits/" + string(rows[i-1].Visit.ID))
	}
	if i+1 < len(rows) {
		q.Next = f.href("/visits/" + string(rows[i+1].Visit.ID))
	}
	return q, nil
}

// leastSeconds is the time for one draft, in seconds, below which a decision looks like rubber-stamping: nobody reads one in less.
const leastSeconds = 10

// decisionFigures say how the worker's approval was made and, once there is one, the reader's own review: how long the drafts were open before, and how many of
// the critical clips were played. They are for the reviewer's eyes, and a measure of nobody.
func decisionFigures(v *service.VisitView, history []service.HistoryEntry, reader kerbside.UserID) []decidedPart {
	var out []decidedPart
	approved := lastOf(history, func(h service.HistoryEntry) bool { return h.Action == string(kerbside.ReviewApprove) })
	if approved < 0 {
		return nil
	}
	drafts := len(v.Drafts)
	by := history[approved].By
	name := firstOf(history[approved].ByName, v.WorkerName)
	out = append(out, decisionFigure(name+" approved", opened(history[:approved], by, func(h service.HistoryEntry) bool { return h.By == "" && h.Action == "draft" }), history[approved].At, drafts, v.Clips.Approver, v.Clips.Of))
	reviewed := lastOf(history, func(h service.HistoryEntry) bool {
		return h.By == reader && (h.Action == string(kerbside.ReviewLock) || h.Action == string(kerbside.ReviewReturn))
	})
	if reviewed > approved {
		out = append(out, decisionFigure("You decided", opened(history[approved:reviewed], reader, func(service.HistoryEntry) bool { return false }), history[reviewed].At, drafts, v.Clips.Viewer, v.Clips.Of))
	}
	return out
}

func lastOf(history []service.HistoryEntry, is func(service.HistoryEntry) bool) int {
	for i, h := range slices.Backward(history) {
		if is(h) {
			return i
		}
	}
	return -1
}

// opened is when a person first opened the visit after what is renewed last; zero when they did not.
func opened(history []service.HistoryEntry, by kerbside.UserID, renewed func(service.HistoryEntry) bool) time.Time {
	var at time.Time
	for _, h := range history {
		switch {
		case renewed(h):
			at = time.Time{}
		case h.By == by && h.Action == "read" && at.IsZero():
			at = h.At
		}
	}
	return at
}

func decisionFigure(who string, opened, at time.Time, drafts, played, clips int) decidedPart {
	p := decidedPart{Text: who}
	if !opened.IsZero() {
		d := at.Sub(opened)
		p.Text += " " + lasted(d) + " after opening the drafts"
		if drafts > 0 && d < 2*time.Minute {
			p.Text += fmt.Sprintf(" (%.0f s a draft)", d.Seconds()/float64(drafts))
		}
		p.Warn = d < leastSeconds*time.Second*time.Duration(max(drafts, 1))
	}
	if clips > 0 {
		p.Text += fmt.Sprintf("; %d of %s played", played, count(clips, "critical clip"))
		p.Warn = p.Warn || played == 0
	}
	p.Text += "."
	return p
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
