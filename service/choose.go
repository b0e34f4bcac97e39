package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// choices are what the worker decided about the draft for one reader: kept in versions like everything else, each in its turn.
type choices struct {
	Release []releaseChoice `json:"release"`
	Include []string        `json:"include"`
	// Reword are the sentences that stand in the worker's own words.
	Reword []kerbside.Rewording `json:"reword,omitempty"`
}

type releaseChoice struct {
	Item   string          `json:"item"`
	Reason string          `json:"reason"`
	By     kerbside.UserID `json:"by"`
	At     time.Time       `json:"at"`
}

func (c *choices) empty() bool { return c == nil || len(c.Release)+len(c.Include)+len(c.Reword) == 0 }

// options are those of the draft for a reader.
func (b *bundle) draftOptions(a kerbside.Audience) kerbside.DraftOptions {
	return b.choices[a].options(a)
}

func (c *choices) options(a kerbside.Audience) kerbside.DraftOptions {
	o := kerbside.DraftOptions{Audience: a}
	if c != nil {
		o.Include, o.Reword = c.Include, c.Reword
		for _, r := range c.Release {
			o.Release = append(o.Release, kerbside.Release{Item: r.Item, Reason: r.Reason})
		}
	}
	return o
}

func (b *bundle) loadChoices(tx kerbside.Tx) error {
	docs, err := tx.LatestDocuments(b.visit.Org, b.visit.ID, kerbside.DocChoices)
	b.choices, b.choiceDocs = map[kerbside.Audience]*choices{}, map[kerbside.Audience]kerbside.Document{}
	for _, d := range docs {
		c := new(choices)
		if err == nil {
			err = decode(d, c)
		}
		b.choices[kerbside.Audience(d.Key)], b.choiceDocs[kerbside.Audience(d.Key)] = c, d
	}
	return err
}

// Release lets one reader see a withheld item of the draft for them. The reason is needed and kept; the draft is made anew, and approvals
// of the old one do not count any more.
func (s *Service) Release(ctx context.Context, by kerbside.User, id kerbside.VisitID, a kerbside.Audience, item, reason string) error {
	const op = "service.Release"
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return invalid(op, "Say why this reader may see it, then release it.")
	}
	if err := checkText(op, reason, MaxAnswer); err != nil {
		return err
	}
	return s.choose(ctx, op, "release", by, id, a, func(d *kerbside.Draft, c *choices) error {
		if !slices.ContainsFunc(d.Withheld, func(w kerbside.Withheld) bool { return w.Item == item }) {
			return conflict(op, "This is not withheld from this reader any more. Reload the page.")
		}
		c.Release = append(slices.DeleteFunc(c.Release, func(r releaseChoice) bool { return r.Item == item }), releaseChoice{item, reason, by.ID, s.now()})
		return nil
	})
}

// Withhold takes a release back.
func (s *Service) Withhold(ctx context.Context, by kerbside.User, id kerbside.VisitID, a kerbside.Audience, item string) error {
	const op = "service.Withhold"
	return s.choose(ctx, op, "withhold", by, id, a, func(_ *kerbside.Draft, c *choices) error {
		n := len(c.Release)
		if c.Release = slices.DeleteFunc(c.Release, func(r releaseChoice) bool { return r.Item == item }); len(c.Release) == n {
			return conflict(op, "This was not released. Reload the page.")
		}
		return nil
	})
}

// Include puts an omitted item into the draft for one reader.
func (s *Service) Include(ctx context.Context, by kerbside.User, id kerbside.VisitID, a kerbside.Audience, item string) error {
	const op = "service.Include"
	return s.choose(ctx, op, "include", by, id, a, func(d *kerbside.Draft, c *choices) error {
		if !slices.ContainsFunc(d.Omissions, func(o kerbside.Omission) bool { return o.Item == item }) {
			return conflict(op, "This is not left out of this draft any more. Reload the page.")
		}
		c.Include = append(c.Include, item)
		return nil
	})
}

func (s *Service) choose(ctx context.Context, op, action string, by kerbside.User, id kerbside.VisitID, a kerbside.Audience, f func(*kerbside.Draft, *choices) error) error {
	return s.edit(ctx, op, by, id, func(tx kerbside.Tx, b *bundle) error {
		i := slices.IndexFunc(b.drafts, func(d draftDoc) bool { return d.d.Audience == a })
		if i < 0 {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no draft for this reader yet.", nil)
		}
		c := b.choices[a]
		if c == nil {
			c = &choices{}
		}
		if err := f(b.drafts[i].d, c); err != nil {
			return err
		}
		if err := s.addDocument(tx, b.visit, kerbside.DocChoices, string(a), b.choiceDocs[a].Version+1, c, func(d *kerbside.Document) { d.Author = by.ID }); err != nil {
			return err
		}
		return s.audit(tx, by, action, "draft "+string(a), id)
	})
}
