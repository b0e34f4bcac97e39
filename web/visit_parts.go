package web

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
	"kerbside/service"
)

// visitBuilder turns a view into the parts of a page. It knows where each word stands, so that evidence made for an
// earlier version links only to words that are still there.
type visitBuilder struct {
	v        *service.VisitView
	own      bool                           // the reader is the visit's worker
	index    map[string]int                 // transcript id -> position on the page
	words    []map[kerbside.WordID]struct{} // by that position
	reaching []map[kerbside.WordID]struct{} // words that a field or a sentence rests on
}

func newVisitBuilder(v *service.VisitView, own bool) *visitBuilder {
	b := &visitBuilder{v: v, own: own, index: make(map[string]int)}
	for i, t := range v.Transcripts {
		b.index[string(t.Transcript.ID)] = i
		here := make(map[kerbside.WordID]struct{}, len(t.Transcript.Words))
		for _, w := range t.Transcript.Words {
			here[w.ID] = struct{}{}
		}
		b.words = append(b.words, here)
		b.reaching = append(b.reaching, make(map[kerbside.WordID]struct{}))
	}
	for _, o := range v.Open {
		if o.Kind == service.OpenDoubt {
			for _, e := range o.Evidence {
				b.reach(e)
			}
		}
	}
	return b
}

func (b *visitBuilder) reach(e kerbside.Evidence) {
	i, ok := b.index[e.Source.ID]
	if !ok {
		return
	}
	inside := false
	for _, w := range b.v.Transcripts[i].Transcript.Words {
		inside = inside || w.ID == e.FirstWord
		if inside {
			b.reaching[i][w.ID] = struct{}{}
		}
		if w.ID == e.LastWord {
			return
		}
	}
}

// lengths says how much was recorded.
func (b *visitBuilder) lengths() []string {
	var ms int64
	typed := 0
	for _, t := range b.v.Transcripts {
		ms += t.Transcript.Recording.DurationMS
		if t.Transcript.Recording.Kind == kerbside.KindTyped {
			typed++
		}
	}
	var out []string
	if ms > 0 {
		out = append(out, clock(ms+500)+" spoken")
	}
	if typed > 0 {
		out = append(out, count(typed, "typed note"))
	}
	return out
}

func (b *visitBuilder) evidence(list []kerbside.Evidence) evidencePart {
	var p evidencePart
	var specs []string
	for _, e := range list {
		if p.Quote == "" {
			p.Quote = e.Quote
		}
		if e.Source.Kind == kerbside.SourceStatement {
			if p.Href == "" {
				p.Href, p.Label = "#said-"+e.Source.ID, "Show your answer"
			}
			continue
		}
		i, ok := b.index[e.Source.ID]
		if !ok {
			continue
		}
		_, first := b.words[i][e.FirstWord]
		_, last := b.words[i][e.LastWord]
		if !first || !last {
			continue
		}
		specs = append(specs, fmt.Sprintf("%d:%s:%s", i, e.FirstWord, e.LastWord))
		if len(specs) == 1 {
			p.Href, p.Label = "#"+wordAnchor(i, e.FirstWord), "Show the words"
			if e.StartMS != nil {
				p.Sound, p.Label = true, "Play from "+clock(*e.StartMS)
			}
		}
	}
	p.Spec = strings.Join(specs, " ")
	return p
}

// shown is the spec of words that an address names: transcript, first and last word; "" when they do not stand here.
func (b *visitBuilder) shown(at string) string {
	parts := strings.Split(at, ":")
	if len(parts) != 3 {
		return ""
	}
	return b.evidence([]kerbside.Evidence{{Source: kerbside.SourceRef{Kind: kerbside.SourceTranscript, ID: parts[0]}, FirstWord: kerbside.WordID(parts[1]), LastWord: kerbside.WordID(parts[2])}}).Spec
}

func wordAnchor(transcript int, w kerbside.WordID) string {
	return fmt.Sprintf("w%d-%s", transcript, w)
}

func (b *visitBuilder) panels() []draftPanel {
	var out []draftPanel
	items := itemsOf(b.v.Record)
	for _, d := range b.v.Drafts {
		p := draftPanel{Key: string(d.Draft.Audience), Name: audienceName(d.Draft.Audience), Title: d.Draft.Title, Gone: d.Gone, Take: takePartOf(d, b.v.Second)}
		for _, x := range d.Draft.Sentences {
			if n := len(p.Blocks); n == 0 || p.Blocks[n-1].Name != x.Block() {
				p.Blocks = append(p.Blocks, draftBlock{Name: x.Block()})
			}
			old, changed := d.Changed[x.ID()]
			last := &p.Blocks[len(p.Blocks)-1]
			last.Sentences = append(last.Sentences, sentencePart{
				ID: string(d.Draft.Audience) + "-" + x.ID(), Text: x.Text(), Frame: x.Verdict() == kerbside.VerdictBoilerplate, Label: verdictLabel(x.Verdict()),
				Evidence: b.evidence(x.Evidence()), Stale: d.Stale[x.ID()], Changed: changed, Old: old, Sentence: x.ID(), Comments: b.comments(x.ID()),
				MayWord: b.v.CanEdit && x.Verdict() != kerbside.VerdictBoilerplate,
			})
		}
		for _, r := range d.Reworded {
			own := ownPart{Sentence: r.Sentence, By: r.ByName, Before: r.Before, Text: r.Text, Reason: r.Reason, Why: r.Why, At: r.At}
			if len(r.Unheld) > 0 {
				own.Look = append(own.Look, "Nobody said “"+strings.Join(r.Unheld, "”, “")+"” there.")
			}
			if len(r.Lost) > 0 {
				own.Look = append(own.Look, "“"+strings.Join(r.Lost, "”, “")+"” is left out.")
			}
			if !p.own(r.Stands, own) {
				p.Unused = append(p.Unused, own)
			}
		}
		for _, w := range d.Draft.Withheld {
			it := items[w.Item]
			p.Withheld = append(p.Withheld, withheldPart{ID: w.Item, Kind: kindName(w.Kind), Reason: w.Reason, Text: it.text, Evidence: b.evidence(it.evidence)})
		}
		for _, r := range d.Draft.Released {
			p.Released = append(p.Released, releasedPart{ID: r.Item, Reason: r.Reason, Text: items[r.Item].text})
		}
		for _, o := range d.Draft.Omissions {
			p.Omissions = append(p.Omissions, openPart{ID: o.Item, Text: o.Text, Evidence: b.evidence(o.Evidence)})
		}
		out = append(out, p)
	}
	return out
}

// own says of a sentence that it stands in the worker's words.
func (p *draftPanel) own(sentence string, own ownPart) bool {
	for i := range p.Blocks {
		for j := range p.Blocks[i].Sentences {
			if x := &p.Blocks[i].Sentences[j]; x.Sentence == sentence {
				x.Own, x.Label, x.Changed = &own, "", false
				return true
			}
		}
	}
	return false
}

// word opens the form of one sentence.
func (p *draftPanel) word(sentence string) {
	for i := range p.Blocks {
		for j := range p.Blocks[i].Sentences {
			if x := &p.Blocks[i].Sentences[j]; x.Sentence == sentence && x.MayWord {
				x.Edit = true
			}
		}
	}
}

// comments are what the last review said of a sentence, while it is a return. A sentence that was made anew since has none.
func (b *visitBuilder) comments(sentence string) []commentPart {
	n := len(b.v.Reviews)
	if n == 0 || b.v.Reviews[n-1].Action != kerbside.ReviewReturn {
		return nil
	}
	var out []commentPart
	for _, c := range b.v.Reviews[n-1].Comments {
		if c.Sentence == sentence {
			out = append(out, commentPart{b.v.Reviews[n-1].ByName, c.Text})
		}
	}
	return out
}

// stands reports whether a sentence is in one of the newest drafts.
func (b *visitBuilder) stands(sentence string) bool {
	return slices.ContainsFunc(b.v.Drafts, func(d service.DraftView) bool {
		return slices.ContainsFunc(d.Draft.Sentences, func(x kerbside.Sentence) bool { return x.ID() == sentence })
	})
}

type recordItem struct {
	text     string
	evidence []kerbside.Evidence
}

// itemsOf gives the words of a record's items by their ids.
func itemsOf(r *kerbside.Record) map[string]recordItem {
	out := map[string]recordItem{}
	if r == nil {
		return out
	}
	for _, x := range r.Risks {
		out[x.ID] = recordItem{x.Text, x.Evidence}
	}
	for _, x := range r.Strengths {
		out[x.ID] = recordItem{x.Text, x.Evidence}
	}
	for _, x := range r.Actions {
		out[x.ID] = recordItem{x.Text, x.Evidence}
	}
	for _, x := range r.ChildVoice {
		out[x.ID] = recordItem{x.Quote, x.Evidence}
	}
	for _, x := range r.Injuries {
		out[x.ID] = recordItem{x.Description, x.Evidence}
	}
	out["visit.place"] = recordItem{r.Visit.Place.Value, r.Visit.Place.Evidence}
	return out
}

// verdictLabel names what a sentence rests on where it is not simply what was said.
func verdictLabel(v kerbside.Verdict) string {
	switch v {
	case kerbside.VerdictInferred:
		return "worked out"
	case kerbside.VerdictStated:
		return "added afterwards"
	}
	return ""
}

func kindName(kind string) string {
	return strings.ReplaceAll(kind, "_", " ")
}

func (b *visitBuilder) transcripts() []transcriptPart {
	var out []transcriptPart
	names := make(map[kerbside.RecordingID]string)
	for _, r := range b.v.Recordings {
		names[r.ID] = r.Name
	}
	for i, tv := range b.v.Transcripts {
		t := tv.Transcript
		p := transcriptPart{Index: i, ID: t.ID, Recording: tv.Recording, Sound: t.Recording.Kind != kerbside.KindTyped, Version: t.Version, Empty: len(t.Words) == 0}
		if tv.Last != nil {
			p.Last, p.LastID = service.CorrectionText(*tv.Last), tv.Last.ID
		}
		switch {
		case !p.Sound && b.own:
			p.Name = "Your note"
		case !p.Sound:
			p.Name = "Typed note"
		case len(b.v.Transcripts) > 1:
			p.Name = firstOf(names[tv.Recording], fmt.Sprintf("Recording %d", i+1))
		case b.own:
			p.Name = "What you said"
		default:
			p.Name = "What " + b.v.WorkerName + " said"
		}
		p.Takes = takesOf(t)
		p.Paragraphs = b.paragraphs(i)
		p.Notices = notices(t)
		for _, x := range t.Removed {
			p.Removed = append(p.Removed, removedPart{Time: clock(x.StartMS), Text: x.Text, Reason: kindName(x.Reason)})
		}
		out = append(out, p)
	}
	return out
}

// takesOf are where the recording's takes begin on its clock: each was broken off before the next.
func takesOf(t *kerbside.Transcript) []soundPart {
	if t.Recording.Kind == kerbside.KindTyped {
		return nil
	}
	out := []soundPart{{Number: 1}}
	for _, g := range t.Gaps {
		if g.Reason == service.GapInterrupted {
			out = append(out, soundPart{Number: len(out) + 1, StartMS: g.StartMS})
		}
	}
	return out
}

func notices(t *kerbside.Transcript) []string {
	var out []string
	for _, f := range t.Flags {
		switch f {
		case kerbside.FlagNoSpeech:
			out = append(out, "No speech was heard in this recording. The sound is kept.")
		case kerbside.FlagTruncated:
			out = append(out, "The file ends earlier than it says. What is there was written down.")
		case kerbside.FlagClipped:
			out = append(out, "The sound is over-driven in places, so more words may be wrong.")
		case kerbside.FlagQuiet:
			out = append(out, "The sound is very quiet, so more words may be wrong.")
		}
	}
	for _, g := range t.Gaps {
		out = append(out, service.GapText(g)+".")
	}
	return out
}

// paragraphPause is the pause, in ms, after which a new paragraph of the transcript begins.
const paragraphPause = 1200

// paragraphs cuts the words where the speaker paused, or where the typed text has a line break.
func (b *visitBuilder) paragraphs(index int) []paragraphPart {
	t := b.v.Transcripts[index].Transcript
	text := []rune(t.Text)
	starts := make(map[kerbside.WordID]bool)
	for i, s := range t.Segments {
		if i > 0 && s.StartMS-t.Segments[i-1].EndMS >= paragraphPause {
			starts[s.FirstWord] = true
		}
	}
	var out []paragraphPart
	end := 0
	for i, w := range t.Words {
		if i == 0 || starts[w.ID] || strings.ContainsRune(string(text[end:w.StartChar]), '\n') {
			p := paragraphPart{}
			if w.StartMS != nil {
				p.Time = clock(*w.StartMS)
			}
			out = append(out, p)
		}
		end = w.EndChar
		part := wordPart{ID: w.ID, Text: w.Text, Corrected: strings.HasPrefix(string(w.ID), "k"), Alternatives: strings.Join(w.Alternatives, "|")}
		if w.StartMS != nil && w.EndMS != nil {
			part.Sound, part.StartMS, part.EndMS = true, *w.StartMS, *w.EndMS
		}
		_, part.Doubt = b.reaching[index][w.ID]
		last := &out[len(out)-1]
		last.Words = append(last.Words, part)
	}
	return out
}

func (b *visitBuilder) statements() []statementPart {
	var out []statementPart
	for _, s := range b.v.Statements {
		out = append(out, statementPart{ID: s.ID, Text: s.Text, At: s.At})
	}
	return out
}

// asks are the questions that are still open, those that one tap answers first.
func (b *visitBuilder) asks() []askPart {
	if !b.v.CanEdit {
		return nil
	}
	var oneTap, typed []askPart
	for _, o := range b.v.Open {
		if o.Kind != service.OpenMissing {
			continue
		}
		part := askPart{Code: o.ID, Text: question(o.Text)}
		if yes, no, ok := tapAnswers(o.Text); ok {
			part.Yes, part.No = yes, no
			oneTap = append(oneTap, part)
			continue
		}
		typed = append(typed, part)
	}
	return append(oneTap, typed...)
}

// question drops the words before a question: the heading above says them.
func question(text string) string {
	_, rest, ok := strings.Cut(text, ": ")
	if !ok || !strings.HasPrefix(text, "Not said") {
		return text
	}
	first, size := utf8.DecodeRuneInString(rest)
	return string(unicode.ToUpper(first)) + rest[size:]
}

// tapQuestion is the form of a question that yes and no answer: "Not said: was Ada seen alone?".
var tapQuestion = regexp.MustCompile(`^(?:[^:?]{1,40}: )?[Ww](as|ere) (.+?) ((?:seen|spoken) ?.*)\?$`)

// tapAnswers are the sentences that a tap on yes or no stands for; ok is false for a question of another form. They are whole
// sentences, since a statement is read by itself.
func tapAnswers(question string) (yes, no string, ok bool) {
	m := tapQuestion.FindStringSubmatch(strings.TrimSpace(question))
	if m == nil {
		return "", "", false
	}
	who := []rune(m[2])
	who[0] = unicode.ToUpper(who[0])
	subject := string(who) + " w" + m[1]
	return subject + " " + m[3] + ".", subject + " not " + m[3] + ".", true
}

// maxOptions is how many other readings of a word are offered.
const maxOptions = 3

// options are the other readings of a doubtful word: what names and terms of the case sound like it, then what a second hearing made of it.
func (b *visitBuilder) options(list []kerbside.Evidence) []optionPart {
	if len(list) == 0 {
		return nil
	}
	i, ok := b.index[list[0].Source.ID]
	if !ok {
		return nil
	}
	t := b.v.Transcripts[i].Transcript
	at := make(map[kerbside.WordID]int, len(t.Words))
	for n, w := range t.Words {
		at[w.ID] = n
	}
	n, ok := at[list[0].FirstWord]
	if !ok {
		return nil
	}
	var out []optionPart
	add := func(first, last int, text string) {
		o := optionPart{t.ID, t.Words[first].ID, t.Words[last].ID, join(t.Words[first : last+1]), text}
		if len(out) < maxOptions && text != "" && text != o.Old && !slices.ContainsFunc(out, func(x optionPart) bool { return x.New == text && x.Old == o.Old }) {
			out = append(out, o)
		}
	}
	for _, g := range t.Suggestions {
		if first, last := at[g.FirstWord], at[g.LastWord]; first <= n && n <= last {
			add(first, last, g.Text)
		}
	}
	for _, a := range t.Words[n].Alternatives {
		add(n, n, keepMarks(t.Words[n].Text, bare(t.Words[n].Text), a))
	}
	return out
}

// open lists what is left to look at; what must be confirmed comes apart, doubtful words by themselves. Stale sentences are marked where they stand, and
// open questions are asked above where they can be answered, so neither is listed again.
func (b *visitBuilder) open() (groups []openGroup, required, doubts []openPart) {
	var must requiredParts
	for _, k := range openKinds {
		g := openGroup{Name: k.name, Hint: k.hint}
		for _, o := range b.v.Open {
			if o.Kind != k.kind || o.Kind == service.OpenStale || o.Kind == service.OpenMissing && b.v.CanEdit {
				continue
			}
			part := openPart{ID: o.ID, Text: o.Text, Kind: o.Kind, Heard: o.Heard, Evidence: b.evidence(o.Evidence)}
			switch o.Kind {
			case service.OpenDoubt:
				part.Options = b.options(o.Evidence)
			case service.OpenProposal:
				for _, p := range b.v.Proposals {
					if p.ID == o.ID && p.Standing == kerbside.Proposed {
						x := b.suggestion(p)
						part.Text, part.Tags, part.Suggests = x.Text, x.Tags, true
					}
				}
			case service.OpenMissing:
				part.Text = question(o.Text)
			}
			if o.Audience != "" {
				part.Reader, part.Audience = audienceName(o.Audience), string(o.Audience)
			}
			if o.Required {
				must.add(b, o, part)
				continue
			}
			g.Items = append(g.Items, part)
		}
		if len(g.Items) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, must.critical, must.doubts
}
