package service

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// open lists what asks for attention, in the order of importance.
func (b *bundle) open() []OpenItem {
	var out []OpenItem
	complete := len(b.untranscribed()) == 0
	if complete && len(b.transcripts) > 0 && !b.words() {
		out = append(out, OpenItem{Kind: OpenNoSpeech, Text: "Nothing was said in this recording, so there is nothing to draft. The sound is kept."})
	}
	for _, r := range b.recordings {
		if r.State == kerbside.RecordingUnusable {
			out = append(out, OpenItem{Kind: OpenWarning, ID: string(r.ID), Text: "A recording could not be turned into words. It is kept, and can be tried again."})
		}
	}
	for _, c := range criticalItems(b.record) {
		out = append(out, OpenItem{Kind: OpenCritical, ID: c.ID, Text: c.Text, Evidence: c.Evidence, Required: true})
	}
	out = append(out, b.openStale()...)
	out = append(out, b.openReworded()...)
	if b.record != nil {
		for _, w := range b.record.Warnings {
			out = append(out, OpenItem{Kind: OpenWarning, ID: w.Code, Text: w.Text, Evidence: w.Evidence})
		}
	}
	out = append(out, b.openProposals()...)
	out = append(out, b.openGaps()...)
	out = append(out, b.openDoubts()...)
	out = append(out, b.openOmissions()...)
	return append(out, b.openMissing()...)
}

func (b *bundle) openStale() []OpenItem {
	var out []OpenItem
	for _, d := range b.drafts {
		stale := b.stale(d.d)
		for _, s := range d.d.Sentences {
			if stale[s.ID()] {
				out = append(out, OpenItem{Kind: OpenStale, ID: s.ID(), Text: s.Text(), Audience: d.d.Audience, Evidence: s.Evidence()})
			}
		}
	}
	return out
}

func (b *bundle) openGaps() []OpenItem {
	var out []OpenItem
	for _, t := range b.transcripts {
		for _, g := range t.t.Gaps {
			start, end := g.StartMS, g.EndMS
			out = append(out, OpenItem{Kind: OpenGap, ID: fmt.Sprintf("%s@%d", t.t.ID, g.StartMS), Text: GapText(g), Evidence: []kerbside.Evidence{{
				Source: kerbside.SourceRef{Kind: kerbside.SourceTranscript, ID: string(t.t.ID), Version: t.t.Version}, StartMS: &start, EndMS: &end,
			}}})
		}
	}
	return out
}

// askedOf are the places of an open item that settle it when they are heard: of a name in several places the first.
func askedOf(o OpenItem) []kerbside.Evidence {
	if o.Kind == OpenDoubt && len(o.Evidence) > 1 {
		return o.Evidence[:1]
	}
	return o.Evidence
}

// openDoubts are the doubtful words under the record, and those that sound like a name or a term of the case: only those can do harm, and too many
// marks are not looked at.
func (b *bundle) openDoubts() []OpenItem {
	if b.record == nil {
		return nil
	}
	sources := map[string]*kerbside.Source{}
	for _, s := range b.sources() {
		sources[s.Ref.ID] = s
	}
	suggested := map[string]bool{}
	for _, t := range b.transcripts {
		for _, g := range t.t.Suggestions {
			suggested[string(t.t.ID)+"/"+string(g.FirstWord)] = true
		}
	}
	seen := map[string]bool{}
	names := map[string]int{} // a name's place in out
	var out []OpenItem
	for _, e := range recordEvidence(b.record) {
		s := sources[e.Source.ID]
		if s == nil || !s.Holds(e) {
			continue
		}
		first, _ := s.WordAt(e.FirstWord)
		last, _ := s.WordAt(e.LastWord)
		for i := first; i <= last; i++ {
			id := s.Ref.ID + "/" + string(s.Words[i].ID)
			if (s.Words[i].Doubtful && !changesNothing(s.Words[i].Text) || suggested[id]) && !seen[id] {
				seen[id] = true
				if name := nameIn(s.Words[i].Text); name != "" {
					key := s.Ref.ID + "/" + name
					if at, asked := names[key]; asked {
						out[at].Evidence = append(out[at].Evidence, s.Evidence(i, i))
						continue
					}
					names[key] = len(out)
				}
				out = append(out, OpenItem{Kind: OpenDoubt, ID: id, Text: s.Words[i].Text, Evidence: []kerbside.Evidence{s.Evidence(i, i)}, Required: true})
			}
		}
	}
	return out
}

// nameIn is the name that a word with a capital may be, "" for any other: the same name in several places is one question, as it was heard the same way.
func nameIn(word string) string {
	name := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, s := range []string{"'s", "’s"} {
		name = strings.TrimSuffix(name, s)
	}
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		return ""
	}
	return strings.ToLower(name)
}

// changesNothing reports whether a word is one whose mishearing changes no fact: none that denies, counts, names or says who.
func changesNothing(word string) bool {
	switch strings.ToLower(strings.Trim(word, ".,;:!?…\"'“”‘’()")) {
	case "a", "an", "and", "the", "that", "this", "which", "who", "of", "to", "so", "well", "um", "er":
		return true
	}
	return false
}

func (b *bundle) openOmissions() []OpenItem {
	seen := map[string]bool{}
	var out []OpenItem
	for _, d := range b.drafts {
		for _, o := range d.d.Omissions {
			if !seen[o.Item] {
				seen[o.Item] = true
				out = append(out, OpenItem{Kind: OpenOmission, ID: o.Item, Text: o.Text, Audience: d.d.Audience, Evidence: o.Evidence})
			}
		}
	}
	return out
}

// openMissing are the questions that were neither answered by the dictation nor afterwards.
func (b *bundle) openMissing() []OpenItem {
	if b.record == nil {
		return nil
	}
	answered := map[string]bool{}
	for _, s := range b.statements {
		answered[s.Question] = true
	}
	var out []OpenItem
	for _, m := range b.record.Missing {
		id := m.Code
		for _, p := range m.About {
			id += "/" + string(p)
		}
		if m.Item != "" {
			id += "/" + m.Item
		}
		if !answered[id] {
			out = append(out, OpenItem{Kind: OpenMissing, ID: id, Text: m.Text})
		}
	}
	return out
}

// recordEvidence is all evidence of a record, in its order.
func recordEvidence(r *kerbside.Record) []kerbside.Evidence {
	var out []kerbside.Evidence
	add := func(lists ...kerbside.List[kerbside.Evidence]) {
		for _, l := range lists {
			out = append(out, l...)
		}
	}
	v := &r.Visit
	add(v.Date.Evidence, v.Time.Evidence, v.Type.Evidence, v.Place.Evidence, v.Announced.Evidence, v.ChildSeen.Evidence, v.SeenAlone.Evidence,
		v.BedroomSeen.Evidence, v.NextVisit.Evidence, v.Mode.Evidence, v.Outcome.Evidence)
	for _, x := range v.Attempts {
		add(x.Evidence)
	}
	for _, x := range r.Children {
		add(x.ChildSeen.Evidence, x.SeenAlone.Evidence, x.BedroomSeen.Evidence)
	}
	for _, x := range r.Attendees {
		add(x.Evidence)
	}
	for _, x := range r.Risks {
		add(x.Evidence)
	}
	for _, x := range r.Strengths {
		add(x.Evidence)
	}
	for _, x := range r.Actions {
		add(x.Evidence)
	}
	for _, x := range r.ChildVoice {
		add(x.Evidence)
	}
	for _, x := range r.Injuries {
		add(x.Evidence)
		for _, y := range x.Explanations {
			add(y.Evidence)
		}
	}
	for _, x := range r.Warnings {
		add(x.Evidence)
	}
	return out
}
