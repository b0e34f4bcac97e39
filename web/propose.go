package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// proposalInput is a person's word on one thing that a language model proposed.
type proposalInput struct {
	Proposal string `json:"proposal"` // its id
	Standing string `json:"standing"` // accepted, rejected, or proposed, which takes either back
}

func (s *server) decideProposal(w http.ResponseWriter, r *http.Request) error {
	return s.ofVisit(w, r, "open", func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.DecideProposal(r.Context(), u, id, r.PostFormValue("proposal"), r.PostFormValue("standing"))
	})
}

func (s *server) apiDecideProposal(w http.ResponseWriter, r *http.Request) error {
	var in proposalInput
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.DecideProposal(r.Context(), u, id, in.Proposal, in.Standing)
	})
}

type apiProposal struct {
	ID       string              `json:"id"`
	Kind     string              `json:"kind"` // risk, strength, action, child_voice, attendee, or visit. and the name of a fact
	Text     string              `json:"text"`
	Evidence []kerbside.Evidence `json:"evidence"`
	Engine   string              `json:"engine"`
	Standing string              `json:"standing"`
	By       string              `json:"by,omitempty"` // who decided
	At       *time.Time          `json:"at,omitempty"`
}

func proposalsJSON(list []service.ProposalView) []apiProposal {
	out := []apiProposal{}
	for _, p := range list {
		x := apiProposal{ID: p.ID, Kind: p.Kind, Text: p.Text, Evidence: p.Evidence, Engine: p.Engine, Standing: p.Standing, By: p.ByName}
		if !p.At.IsZero() {
			x.At = &p.At
		}
		out = append(out, x)
	}
	return out
}

// proposalKinds name what is proposed.
var proposalKinds = map[string]string{
	"risk": "a worry", "strength": "something that works well", "action": "something to be done", "child_voice": "what a child said or showed", "attendee": "somebody spoken of",
	"visit.date": "the day of the visit", "visit.time": "the time of the visit", "visit.type": "the kind of visit", "visit.place": "the place", "visit.announced": "announced or not",
	"visit.next_visit": "the next visit", "visit.mode": "how the visit was made", "visit.outcome": "what came of the visit",
}

// suggestion is what a page shows of a proposal: its words, and what a language model makes of them.
func (b *visitBuilder) suggestion(p service.ProposalView) foundPart {
	out := foundPart{Text: p.Text, Tags: []tagPart{{Text: firstOf(proposalKinds[p.Kind], p.Kind)}}, Evidence: b.evidence(p.Evidence)}
	groups := b.groups(p.Item)
	switch {
	case len(groups) > 0:
		x := groups[0].Items[0]
		x.Tags = slices.DeleteFunc(x.Tags, func(t tagPart) bool { return t.Text == kerbside.Proposed })
		out.Text, out.Tags = x.Text, append(out.Tags, x.Tags...)
	case strings.HasPrefix(p.Kind, "visit."):
		value := plain(p.Text)
		if p.Kind == "visit.date" || p.Kind == "visit.next_visit" {
			value = day(p.Text)
		}
		out.Text = "“" + quoteOf(p.Evidence) + "”"
		out.Tags = append(out.Tags, tagPart{Text: value})
	}
	return out
}

func quoteOf(list []kerbside.Evidence) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].Quote
}

// suggestedParts are the suggestions that somebody decided on.
func (b *visitBuilder) suggestedParts() []suggestedPart {
	var out []suggestedPart
	for _, p := range b.v.Proposals {
		if p.Standing == kerbside.Proposed {
			continue
		}
		verb := "left out by "
		if p.Standing == kerbside.Accepted {
			verb = "put in by "
		}
		out = append(out, suggestedPart{foundPart: b.suggestion(p), ID: p.ID, By: verb + firstOf(p.ByName, "somebody"), At: p.At})
	}
	return out
}

// droppedParts are what the evidence gate left out: of the rules with its words, of a language model in numbers only, since nobody need have said them.
func droppedParts(r *kerbside.Record, model *kerbside.GateReport) []droppedPart {
	var out []droppedPart
	for _, d := range r.Gate.Dropped {
		out = append(out, droppedPart{Text: d.Text, Kind: kindName(d.Kind), Why: d.Why()})
	}
	if model == nil {
		return out
	}
	counts := map[string]int{}
	for _, d := range model.Dropped {
		counts[d.Why()]++
	}
	for _, why := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, droppedPart{Text: fmt.Sprintf("%s by a language model", count(counts[why], "suggestion")), Why: why})
	}
	return out
}
