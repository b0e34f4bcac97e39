package web

import (
	"fmt"
	"slices"
	"strings"

	"kerbside"
	"kerbside/service"
)

// requiredParts are what must be heard or checked before an approval, as people are asked for it: what is heard once is asked once. A part that stands for
// several has all of their ids, joined by spaces.
type requiredParts struct {
	critical, doubts []openPart
	ofCritical       []stretch
	ofDoubts         []stretch
}

// stretch is a run of words of one transcript on the page.
type stretch struct{ transcript, first, last int }

// none is the stretch of what rests on no words here.
var none = stretch{-1, 0, -1}

func (s stretch) holds(o stretch) bool {
	return s.transcript >= 0 && s.transcript == o.transcript && s.first <= o.first && o.last <= s.last
}

// add takes one more open item. A claim whose words and text lie in another's is heard with it; doubtful words side by side are one question.
func (r *requiredParts) add(b *visitBuilder, o service.OpenItem, part openPart) {
	// The first run of words is what was said; others tell who it is about, and a doubtful name in several places is asked about once.
	at := b.stretch(o.Evidence)
	part.Sentence = b.sentence(at)
	if part.Kind == service.OpenDoubt {
		if n := len(r.doubts) - 1; n >= 0 && at.transcript >= 0 && r.ofDoubts[n].transcript == at.transcript && r.ofDoubts[n].last+1 == at.first {
			r.ofDoubts[n].last = at.last
			last := &r.doubts[n]
			last.ID, last.Heard = last.ID+" "+part.ID, last.Heard && part.Heard
			for _, x := range part.Options {
				last.Options = append(slices.DeleteFunc(last.Options, func(y optionPart) bool { return x.New == y.New }), x)
			}
			last.Options = last.Options[:min(len(last.Options), maxOptions)]
			b.around(last, r.ofDoubts[n])
			return
		}
		b.around(&part, at)
		r.doubts, r.ofDoubts = append(r.doubts, part), append(r.ofDoubts, at)
		return
	}
	for i := range r.critical {
		has := &r.critical[i]
		in := func(a, b openPart) bool { return strings.Contains(bare(a.Text), bare(b.Text)) }
		switch {
		case has.Text == part.Text && has.Evidence == part.Evidence, r.ofCritical[i].holds(at) && in(*has, part):
		case at.holds(r.ofCritical[i]) && in(part, *has):
			has.Text, has.Evidence, has.Sentence, r.ofCritical[i] = part.Text, part.Evidence, part.Sentence, at
		default:
			continue
		}
		has.ID, has.Heard = has.ID+" "+part.ID, has.Heard && part.Heard
		return
	}
	r.critical, r.ofCritical = append(r.critical, part), append(r.ofCritical, at)
}

// stretch is where the first run of words of some evidence stands on the page.
func (b *visitBuilder) stretch(list []kerbside.Evidence) stretch {
	if len(list) == 0 {
		return none
	}
	i, ok := b.index[list[0].Source.ID]
	if !ok {
		return none
	}
	words := b.v.Transcripts[i].Transcript.Words
	first := slices.IndexFunc(words, func(w kerbside.Word) bool { return w.ID == list[0].FirstWord })
	last := slices.IndexFunc(words, func(w kerbside.Word) bool { return w.ID == list[0].LastWord })
	if first < 0 || last < first {
		return none
	}
	return stretch{i, first, last}
}

// sentence is the one in which a stretch begins, told by its first word; "" where there are no words.
func (b *visitBuilder) sentence(at stretch) string {
	if at.transcript < 0 {
		return ""
	}
	words := b.v.Transcripts[at.transcript].Transcript.Words
	from := at.first
	for from > 0 && !endsSentence(words[from-1].Text) {
		from--
	}
	return fmt.Sprintf("%d:%s", at.transcript, words[from].ID)
}

// near is how many words of the same sentence are shown on each side of a doubtful one.
const near = 5

// around gives a part the words of a stretch, and what was said around it.
func (b *visitBuilder) around(p *openPart, at stretch) {
	if at.transcript < 0 {
		return
	}
	t := b.v.Transcripts[at.transcript].Transcript
	from, to := at.first, at.last
	for from > 0 && at.first-from < near && !endsSentence(t.Words[from-1].Text) {
		from--
	}
	for to+1 < len(t.Words) && to-at.last < near && !endsSentence(t.Words[to].Text) {
		to++
	}
	p.Text, p.Before, p.After = join(t.Words[at.first:at.last+1]), join(t.Words[from:at.first]), join(t.Words[at.last+1:to+1])
	e := kerbside.Evidence{Source: kerbside.SourceRef{Kind: kerbside.SourceTranscript, ID: string(t.ID)}, FirstWord: t.Words[at.first].ID, LastWord: t.Words[at.last].ID, StartMS: t.Words[at.first].StartMS}
	p.Evidence = b.evidence([]kerbside.Evidence{e})
}

func endsSentence(word string) bool {
	return strings.HasSuffix(strings.TrimRight(word, "\"”’)"), ".") || strings.ContainsAny(word, "?!")
}
