package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"

	"kerbside"
)

// Me is who the token acts as.
type Me struct {
	ID   kerbside.UserID
	Name string
	Role kerbside.Role
}

// Recording is sound on the server.
type Recording struct {
	ID       kerbside.RecordingID    `json:"id"`
	Visit    kerbside.VisitID        `json:"visit"`
	Kind     kerbside.RecordingKind  `json:"kind"`
	Name     string                  `json:"name"`
	State    kerbside.RecordingState `json:"state"`
	SHA256   string                  `json:"sha256"`
	Bytes    int64                   `json:"bytes"`
	Received int64                   `json:"received"`
}

// Safe reports whether the whole recording is on the server's disk under its hash.
func (r Recording) Safe() bool {
	return r.SHA256 != "" && r.State != kerbside.RecordingOpen && r.State != kerbside.RecordingExpired
}

// VisitRow is one line of a list.
type VisitRow struct {
	ID        kerbside.VisitID    `json:"id"`
	Title     string              `json:"title"`
	Date      string              `json:"date"`
	State     kerbside.VisitState `json:"state"`
	Worker    string              `json:"worker"`
	Seconds   int64               `json:"seconds"`
	UpdatedAt time.Time           `json:"updated_at"`
}

// Visit is a visit with what was made of it. Its documents stay as the server wrote them.
type Visit struct {
	VisitRow
	Reason      string
	Case        kerbside.CaseID
	Revision    string
	Recordings  []Recording
	Transcripts []struct {
		Recording  kerbside.RecordingID
		Transcript json.RawMessage
	}
	Record json.RawMessage
	Drafts []struct {
		Draft json.RawMessage
	}
}

// Status is where a visit stands.
type Status struct {
	ID     kerbside.VisitID    `json:"id"`
	State  kerbside.VisitState `json:"state"`
	Reason string              `json:"reason"`
}

// Case is a case that visits may be put on.
type Case struct {
	ID        kerbside.CaseID
	Reference string
	Name      string
}

// Me asks who the token acts as.
func (c *Client) Me(ctx context.Context) (m Me, err error) {
	return m, c.get(ctx, "/api/me", nil, &m)
}

// List chooses visits. Zero fields do not narrow.
type List struct {
	List    string // "mine", "all" or "to_review"; mine when empty
	States  []string
	Changed time.Time
}

// Visits gives a list, newest first, page by page.
func (c *Client) Visits(ctx context.Context, l List) iter.Seq2[VisitRow, error] {
	q := url.Values{"limit": {"200"}, "state": l.States}
	if l.List != "" {
		q.Set("list", l.List)
	}
	if !l.Changed.IsZero() {
		q.Set("changed_since", l.Changed.UTC().Format(time.RFC3339))
	}
	return pages(q, func() (rows []VisitRow, next string, err error) {
		var page struct {
			Visits []VisitRow
			Next   string
		}
		err = c.get(ctx, "/api/visits", q, &page)
		return page.Visits, page.Next, err
	})
}

// Cases gives the cases that visits may be put on.
func (c *Client) Cases(ctx context.Context) iter.Seq2[Case, error] {
	q := url.Values{"limit": {"200"}}
	return pages(q, func() ([]Case, string, error) {
		var page struct {
			Cases []Case
			Next  string
		}
		err := c.get(ctx, "/api/cases", q, &page)
		return page.Cases, page.Next, err
	})
}

// pages reads pages until there are none; q is the query that read sends.
func pages[T any](q url.Values, read func() ([]T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			rows, next, err := read()
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
			if next == "" || next == q.Get("after") {
				return
			}
			q.Set("after", next)
		}
	}
}

// Visit reads a visit; the server's history says so.
func (c *Client) Visit(ctx context.Context, id kerbside.VisitID) (v Visit, err error) {
	return v, c.get(ctx, "/api/visits/"+escape(id), nil, &v)
}

// Status asks where a visit stands.
func (c *Client) Status(ctx context.Context, id kerbside.VisitID) (s Status, err error) {
	return s, c.get(ctx, "/api/visits/"+escape(id)+"/status", nil, &s)
}

// Settle waits until nothing is being made of a visit.
func (c *Client) Settle(ctx context.Context, id kerbside.VisitID) (Status, error) {
	for {
		s, err := c.Status(ctx, id)
		if err != nil || s.State != kerbside.VisitProcessing {
			return s, err
		}
		if err := c.pause(ctx, time.Second); err != nil {
			return s, kerbside.E(kerbside.CodeCanceled, "client.Settle", "", err)
		}
	}
}

// SetCase says whose visit it was.
func (c *Client) SetCase(ctx context.Context, id kerbside.VisitID, to kerbside.CaseID) error {
	for again := true; ; again = false {
		v, err := c.Visit(ctx, id)
		if err != nil || v.Case == to {
			return err
		}
		err = c.put(ctx, "/api/visits/"+escape(id)+"/case", v.Revision, struct {
			Case kerbside.CaseID `json:"case"`
		}{to})
		if kerbside.CodeOf(err) != kerbside.CodeStale || !again { // somebody was quicker; what is said here does not depend on what they did
			return err
		}
	}
}

// Draft reads a draft in a format.
func (c *Client) Draft(ctx context.Context, id kerbside.VisitID, a kerbside.Audience, f kerbside.Format) ([]byte, error) {
	return c.read(ctx, call{method: http.MethodGet, path: "/api/visits/" + escape(id) + "/drafts/" + escape(a), query: url.Values{"format": {string(f)}}})
}

// Bundle reads everything about a visit as one signed file.
func (c *Client) Bundle(ctx context.Context, id kerbside.VisitID) ([]byte, error) {
	return c.read(ctx, call{method: http.MethodGet, path: "/api/visits/" + escape(id) + "/bundle"})
}

// Find gives the recording that was sent under a name of the sender's own; ok is false when there is none.
func (c *Client) Find(ctx context.Context, clientID string) (r Recording, ok bool, err error) {
	var found struct{ Recordings []Recording }
	err = c.get(ctx, "/api/recordings", url.Values{"client_id": {clientID}}, &found)
	if err != nil || len(found.Recordings) == 0 {
		return r, false, err
	}
	return found.Recordings[0], true, nil
}
