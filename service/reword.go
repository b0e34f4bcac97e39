package service

import (
	"context"
	"slices"
	"strings"

	"kerbside"
)

// maxSentence is how long a sentence in own words may be, in code points.
const maxSentence = 1000

// RewordInput says how a sentence of the draft for one reader is to stand.
type RewordInput struct {
	Sentence string // id, as it stands in the draft now, or as it was drafted
	Text     string // the worker's words
	Reason   string // may be empty
	Undo     bool   // as it was drafted; Text says nothing then
}

// Reword puts a sentence of the draft for one reader into the worker's own words, as the draft's next version with author, time and reason: it rests on the items and
// the words that the drafted one rests on, and falls back to a drafted one when these change. Words that this reader may not see are CodeInvalid; what they say beyond
// the evidence stands in the draft for whoever decides.
func (s *Service) Reword(ctx context.Context, by kerbside.User, id kerbside.VisitID, a kerbside.Audience, in RewordInput) error {
	const op = "service.Reword"
	in.Text, in.Reason = strings.Join(strings.Fields(in.Text), " "), strings.TrimSpace(in.Reason)
	if err := checkText(op, in.Reason, MaxAnswer); err != nil {
		return err
	}
	if !in.Undo {
		if err := wanted(op, in.Text, maxSentence); err != nil {
			return err
		}
	}
	var b *bundle
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) {
		b, err = asRead(ctx, tx, op, by, id, s.workable)
		return err
	})
	if err != nil {
		return err
	}
	next, original, err := s.rewording(op, by, b, a, in)
	if err != nil {
		return err
	}
	draft, err := s.d.Drafter.Draft(ctx, b.record, b.sources(), next.options(a))
	if err != nil {
		return err
	}
	for _, r := range draft.Reworded {
		if r.Sentence == original && r.Why != "" && !in.Undo {
			return invalid(op, "This reader may not see that. "+r.Why)
		}
	}
	action := "reword"
	if in.Undo {
		action = "undo_reword"
	}
	return s.edit(ctx, op, by, id, func(tx kerbside.Tx, now *bundle) error {
		if now.recordDoc.SHA256 != b.recordDoc.SHA256 || now.choiceDocs[a].ID != b.choiceDocs[a].ID {
			return conflict(op, "This draft changed meanwhile. Reload the page and read it again.")
		}
		if err := s.addDocument(tx, now.visit, kerbside.DocChoices, string(a), now.choiceDocs[a].Version+1, next, func(d *kerbside.Document) { d.Author, d.Reason = by.ID, in.Reason }); err != nil {
			return err
		}
		if err := now.loadChoices(tx); err != nil {
			return err
		}
		input, err := now.draftInput(a)
		if err != nil {
			return err
		}
		err = s.addDocument(tx, now.visit, kerbside.DocDraft, string(a), 0, draft, func(d *kerbside.Document) { d.Input, d.Author, d.Reason = input, by.ID, in.Reason })
		if err != nil {
			return err
		}
		return s.audit(tx, by, action, "draft "+string(a)+" sentence "+original, id)
	})
}

// rewording gives the choices with one rewording more, or fewer, and the id of the sentence as it was drafted.
func (s *Service) rewording(op string, by kerbside.User, b *bundle, a kerbside.Audience, in RewordInput) (*choices, string, error) {
	i := slices.IndexFunc(b.drafts, func(d draftDoc) bool { return d.d.Audience == a })
	if i < 0 {
		return nil, "", kerbside.E(kerbside.CodeNotFound, op, "There is no draft for this reader yet.", nil)
	}
	if current, err := b.draftCurrent(a); err != nil || !current || b.visit.State == kerbside.VisitProcessing {
		if err == nil {
			err = conflict(op, "This draft is being made anew. Wait until it is there, and read it again.")
		}
		return nil, "", err
	}
	d := b.drafts[i].d
	next := &choices{}
	if c := b.choices[a]; c != nil {
		*next = choices{Release: c.Release, Include: c.Include, Reword: slices.Clone(c.Reword)}
	}
	original, before := in.Sentence, ""
	for _, r := range d.Reworded {
		if r.Stands == in.Sentence || r.Sentence == in.Sentence {
			original, before = r.Sentence, r.Before
		}
	}
	had := len(next.Reword)
	next.Reword = slices.DeleteFunc(next.Reword, func(r kerbside.Rewording) bool { return r.Sentence == original })
	if in.Undo {
		if len(next.Reword) == had {
			return nil, "", conflict(op, "This sentence stands as it was drafted. Reload the page.")
		}
		return next, original, nil
	}
	if before == "" {
		j := slices.IndexFunc(d.Sentences, func(x kerbside.Sentence) bool { return x.ID() == in.Sentence })
		if j < 0 {
			return nil, "", conflict(op, "This sentence is not in the draft any more. Reload the page and read what is there.")
		}
		if d.Sentences[j].Verdict() == kerbside.VerdictBoilerplate {
			return nil, "", invalid(op, "This line is the form’s own and says nothing of the family. Add what you want to say as an answer or a note.")
		}
		before = d.Sentences[j].Text()
	}
	if in.Text == before {
		return nil, "", invalid(op, "Nothing would change. Write the sentence as it should stand.")
	}
	next.Reword = append(next.Reword, kerbside.Rewording{Sentence: original, Before: before, Text: in.Text, By: by.ID, At: s.now(), Reason: in.Reason})
	return next, original, nil
}

// openReworded are the worker's own words that are not used any more, which somebody decides about, and what they say beyond the evidence.
func (b *bundle) openReworded() []OpenItem {
	var out []OpenItem
	for _, d := range b.drafts {
		for _, r := range d.d.Reworded {
			switch {
			case r.Why != "":
				out = append(out, OpenItem{Kind: OpenReworded, ID: string(d.d.Audience) + "/" + r.Sentence, Text: r.Text, Audience: d.d.Audience, Required: true})
			case len(r.Unheld)+len(r.Lost) > 0:
				out = append(out, OpenItem{Kind: OpenWarning, ID: "reworded/" + string(d.d.Audience) + "/" + r.Sentence, Text: rewordedWarning(r), Audience: d.d.Audience})
			}
		}
	}
	return out
}

func rewordedWarning(r kerbside.Reworded) string {
	var parts []string
	if len(r.Unheld) > 0 {
		parts = append(parts, "nobody said “"+strings.Join(r.Unheld, "”, “")+"” there")
	}
	if len(r.Lost) > 0 {
		parts = append(parts, "“"+strings.Join(r.Lost, "”, “")+"” is left out")
	}
	return "Own words, “" + r.Text + "”: " + strings.Join(parts, "; ") + "."
}

// rewordingDetails says, by an audit entry's object, what was put into own words.
func rewordingDetails(tx kerbside.Tx, v kerbside.Visit, details map[string]string) error {
	latest, err := tx.LatestDocuments(v.Org, v.ID, kerbside.DocChoices)
	if err != nil {
		return err
	}
	for _, l := range latest {
		versions, err := tx.DocumentVersions(v.Org, v.ID, kerbside.DocChoices, l.Key)
		if err != nil {
			return err
		}
		for _, d := range versions {
			var c choices
			if err := decode(d, &c); err != nil {
				return err
			}
			for _, r := range c.Reword {
				text := "“" + r.Before + "” became “" + r.Text + "”"
				if r.Reason != "" {
					text += ": " + r.Reason
				}
				details["draft "+d.Key+" sentence "+r.Sentence] = text
			}
		}
	}
	return nil
}
