package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"kerbside"
)

// A revision names a state of what people change: of a visit its words, answers, choices, decisions and case. It stays as it is while the stages make the
// record and the drafts anew of the same words, so that one change can follow another without waiting for them.

type revisionKey struct{}

// WithRevision makes the changes of a context conditional: they are refused with CodeStale unless what they change is at one of the revisions.
func WithRevision(ctx context.Context, revisions ...string) context.Context {
	return context.WithValue(ctx, revisionKey{}, revisions)
}

func wantedRevisions(ctx context.Context) ([]string, bool) {
	r, ok := ctx.Value(revisionKey{}).([]string)
	return r, ok
}

func stale(op string) error {
	return kerbside.E(kerbside.CodeStale, op, "This changed since you read it, so nothing was done. Read it again, then make the change on what is there now.", nil)
}

// unchanged reports CodeStale when a context names revisions and the visit is at none of them.
func (b *bundle) unchanged(ctx context.Context, op string) error {
	if want, ok := wantedRevisions(ctx); ok && !slices.Contains(want, b.revision()) {
		return stale(op)
	}
	return nil
}

func (b *bundle) revision() string {
	parts := []string{string(b.visit.ID), string(b.visit.Case), string(b.visit.Worker), b.visit.Title, b.visit.Date}
	for _, r := range b.recordings {
		parts = append(parts, string(r.ID), string(r.State))
	}
	for _, t := range b.transcripts {
		parts = append(parts, string(t.doc.ID))
	}
	for _, x := range b.statements {
		parts = append(parts, string(x.ID))
	}
	for _, a := range kerbside.Audiences() {
		parts = append(parts, string(b.choiceDocs[a].ID))
	}
	if b.decisionsDoc.ID != "" {
		parts = append(parts, string(b.decisionsDoc.ID))
	}
	for _, r := range b.reviews {
		parts = append(parts, r.ID)
	}
	for _, c := range b.consents {
		parts = append(parts, c.line.ID)
	}
	return revisionOf(parts)
}

func revisionOf(parts []string) string {
	h := sha256.New()
	_, _ = io.WriteString(h, strings.Join(parts, "\x00")) // a hash does not fail
	return hex.EncodeToString(h.Sum(nil))[:32]
}

func restrictionRevision(c kerbside.CaseID, named []kerbside.UserID) string {
	named = slices.Clone(named)
	slices.Sort(named)
	return revisionOf([]string{string(c), fmt.Sprint(named)})
}
