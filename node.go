package kerbside

import "context"

// NewsKind says what news is about.
type NewsKind string

// The kinds of news.
const (
	NewsProgress NewsKind = "progress" // how far a visit is; Object is the visit
	NewsStop     NewsKind = "stop"     // a person stopped whatever runs for a visit; Object is the visit
	NewsHeard    NewsKind = "heard"    // the newest words of a take that is arriving; Object is the recording
)

// MaxNews is the length of a body, in bytes, that is always taken.
const MaxNews = 2048

// News is what one node tells the others while it happens.
type News struct {
	Org    OrganisationID
	Kind   NewsKind
	Object string
	Body   []byte
}

// Nodes is what processes on one store share beside its rows. A single process needs none.
type Nodes interface {
	// Tell sends news to all nodes that listen, but this one: in order, at most once, and not at all while there is no connection. So nothing may rest on it:
	// whoever has to be sure looks at the rows.
	Tell(ctx context.Context, n News) error
	// Listen calls f for the news of other nodes, one after the other, until ctx ends or the connection breaks, which is an error.
	Listen(ctx context.Context, f func(News)) error
	// Lead runs f on one node at a time for each name: it waits until no other node leads, and ends when f does or ctx. f's context ends when another node may
	// take over because this one could not be heard of in time; then it waits again. A node that stood still finds that out late, so f must do no harm when it
	// goes on for a moment beside another's.
	Lead(ctx context.Context, name string, f func(context.Context)) error
}
