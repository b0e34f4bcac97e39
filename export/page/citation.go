package page

import (
	"slices"
	"strconv"
	"strings"

	"kerbside"
)

// citer numbers the evidence of a draft: one note for the same words of the same source.
type citer struct {
	audience    kerbside.Audience
	transcripts []string // where there are several
	byWords     map[anchor]kerbside.Attribution
	byItem      map[string]kerbside.Attribution
	number      map[anchor]int
	texts       []string
}

type anchor struct {
	source      string
	first, last kerbside.WordID
}

func anchorOf(e kerbside.Evidence) anchor { return anchor{e.Source.ID, e.FirstWord, e.LastWord} }

func newCiter(d *kerbside.Draft, r *kerbside.Record) *citer {
	c := &citer{audience: d.Audience, byWords: map[anchor]kerbside.Attribution{}, byItem: map[string]kerbside.Attribution{}, number: map[anchor]int{}}
	if r != nil {
		c.transcripts = slices.Clone(r.Source.Transcripts)
		c.attribute(r)
	}
	for _, s := range d.Sentences {
		for _, e := range s.Evidence() {
			if e.Source.Kind == kerbside.SourceTranscript && !slices.Contains(c.transcripts, e.Source.ID) {
				c.transcripts = append(c.transcripts, e.Source.ID)
			}
		}
	}
	return c
}

// attribute learns from a record who said what. Of an item's evidence the longest is what was said; the rest names people.
func (c *citer) attribute(r *kerbside.Record) {
	add := func(id string, a kerbside.Attribution, evidence []kerbside.Evidence) {
		c.byItem[id] = a
		if len(evidence) > 0 {
			c.byWords[anchorOf(slices.MaxFunc(evidence, func(x, y kerbside.Evidence) int { return len(x.Quote) - len(y.Quote) }))] = a
		}
	}
	for _, x := range r.Strengths {
		add(x.ID, x.Attribution, x.Evidence)
	}
	for _, x := range r.Risks {
		add(x.ID, x.Attribution, x.Evidence)
	}
	for _, x := range r.ChildVoice {
		a := kerbside.Attribution{Kind: kerbside.ChildSaid, Who: x.Child}
		if x.Mode == kerbside.VoiceNonverbal {
			a.Kind = ""
		}
		add(x.ID, a, x.Evidence)
	}
	for _, x := range r.Injuries {
		for _, y := range x.Explanations {
			add("", kerbside.Attribution{Kind: kerbside.AdultSaid, Who: y.Who}, y.Evidence)
		}
	}
}

// notes gives the numbers of the notes that a sentence rests on, in their order. Words that stand within other words that it rests on need
// no note of their own.
func (c *citer) notes(s kerbside.Sentence) []int {
	var out []int
	for i, e := range s.Evidence() {
		if slices.ContainsFunc(s.Evidence(), func(o kerbside.Evidence) bool { return within(e, o) }) || slices.ContainsFunc(s.Evidence()[:i], func(o kerbside.Evidence) bool { return anchorOf(o) == anchorOf(e) }) {
			continue
		}
		key := anchorOf(e)
		if c.number[key] == 0 {
			c.texts = append(c.texts, c.text(s, e))
			c.number[key] = len(c.texts)
		}
		out = append(out, c.number[key])
	}
	slices.Sort(out)
	return out
}

// within reports whether the words of e are some of those of o, and not all.
func within(e, o kerbside.Evidence) bool {
	return e.Source == o.Source && anchorOf(e) != anchorOf(o) && e.StartChar >= o.StartChar && e.EndChar <= o.EndChar && o.EndChar-o.StartChar > e.EndChar-e.StartChar
}

// text is one note: the words, who said them, and where they stand: “he gets scared” (said by Jayden, 02:14).
func (c *citer) text(s kerbside.Sentence, e kerbside.Evidence) string {
	var about []string
	if who := c.who(s, e); who != "" {
		about = append(about, who)
	}
	return "“" + Clean(e.Quote) + "” (" + strings.Join(append(about, c.where(e)), ", ") + ")"
}

func (c *citer) where(e kerbside.Evidence) string {
	if e.Source.Kind == kerbside.SourceStatement {
		return "added by the worker"
	}
	at := "typed"
	if e.StartMS != nil {
		at = clock(*e.StartMS)
	}
	if len(c.transcripts) > 1 {
		at += " in recording " + strconv.Itoa(slices.Index(c.transcripts, e.Source.ID)+1)
	}
	return at
}

// who says whose words they are, as the record has it. A reader who does not see all is told no name that the sentence does not hold.
func (c *citer) who(s kerbside.Sentence, e kerbside.Evidence) string {
	if e.Source.Kind == kerbside.SourceStatement {
		return ""
	}
	a, ok := c.byWords[anchorOf(e)]
	if !ok && len(strings.Fields(e.Quote)) < 4 {
		return "" // a name, a date
	}
	for i, id := range s.Items() {
		if ok {
			break
		}
		a, ok = c.byItem[id]
		for _, other := range s.Items()[i+1:] {
			if b, known := c.byItem[other]; known && (b.Kind != a.Kind || b.Who != a.Who) {
				return "" // whose words of the two these are is not known
			}
		}
	}
	switch a.Kind {
	case kerbside.Observed:
		return "seen by the worker"
	case kerbside.WorkerOpinion:
		return "the worker’s view"
	case kerbside.ChildSaid, kerbside.AdultSaid, kerbside.ProfessionalSaid:
		return c.said(s, a)
	}
	return ""
}

func (c *citer) said(s kerbside.Sentence, a kerbside.Attribution) string {
	chain := []string(a.Chain)
	if len(chain) == 0 && a.Who != "" {
		chain = []string{a.Who}
	}
	if len(chain) == 0 {
		return ""
	}
	if c.audience == kerbside.AudienceFamily || c.audience == kerbside.AudiencePartner {
		for _, name := range chain {
			if !strings.Contains(strings.ToLower(s.Text()), strings.ToLower(name)) {
				return ""
			}
		}
	}
	out := "said by " + Clean(chain[0])
	for _, name := range chain[1:] {
		out += ", who had it from " + Clean(name)
	}
	return out
}
