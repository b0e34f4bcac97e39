package seal

import (
	"context"

	"kerbside"
)

// Nodes seals the bodies of news with their organisation's key, so that neither the database server nor its log sees what was said.
type Nodes struct {
	inner kerbside.Nodes
	ring  *Ring
}

var _ kerbside.Nodes = (*Nodes)(nil)

// NewNodes makes Nodes.
func NewNodes(inner kerbside.Nodes, ring *Ring) *Nodes { return &Nodes{inner, ring} }

func newsPlace(n kerbside.News) string { return place("news", n.Org, n.Kind, n.Object) }

// Tell implements [kerbside.Nodes].
func (s *Nodes) Tell(ctx context.Context, n kerbside.News) error {
	if len(n.Body) > 0 {
		k, err := s.ring.find(ctx, scope{n.Org, string(n.Org)})
		if err != nil {
			return err
		}
		if n.Body, err = k.sealBytes(newsPlace(n), n.Body); err != nil {
			return err
		}
	}
	return s.inner.Tell(ctx, n)
}

// Listen implements [kerbside.Nodes]. News whose body cannot be opened is left out.
func (s *Nodes) Listen(ctx context.Context, f func(kerbside.News)) error {
	return s.inner.Listen(ctx, func(n kerbside.News) {
		if len(n.Body) > 0 {
			k, err := s.ring.find(ctx, scope{n.Org, string(n.Org)})
			if err != nil {
				return
			}
			if n.Body, err = k.openBytes(newsPlace(n), n.Body); err != nil {
				return
			}
		}
		f(n)
	})
}

// Lead implements [kerbside.Nodes].
func (s *Nodes) Lead(ctx context.Context, name string, f func(context.Context)) error {
	return s.inner.Lead(ctx, name, f)
}
