package wording

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

// command is what a spoken phrase writes.
type command struct {
	kind  string // end, mark, break, open, close
	mark  string
	words int // of the phrase; it may also be written as one
}

// content is how a word beside a phrase makes it part of what is said.
type content struct {
	after     bool            // before any command: "a full stop"
	adjective bool            // looked past: "a big question mark"
	before    map[string]bool // after these commands, without spaces: "question mark over"
	lower     bool            // loses its capital after a mark that ends no sentence
}

func (t *Tables) addCommand(columns []string) error {
	kind := column(columns, 0)
	switch kind {
	case "end", "mark", "break", "open", "close":
		mark := column(columns, 1)
		if mark == "" || kind == "break" && mark != string(kerbside.BreakLine) && mark != string(kerbside.BreakParagraph) {
			return fmt.Errorf("command writes %q", mark)
		}
		for _, phrase := range list(column(columns, 2)) {
			n := len(strings.Fields(phrase))
			t.commands[letters(phrase)] = command{kind: kind, mark: mark, words: max(n, t.commands[letters(phrase)].words)}
			t.longest = max(t.longest, n)
		}
		return nil
	case "lower":
		for _, w := range strings.Fields(column(columns, 1)) {
			c := t.content[w]
			c.lower = true
			t.content[w] = c
		}
		return nil
	case "content":
		for _, w := range strings.Fields(column(columns, 2)) {
			c := t.content[w]
			switch column(columns, 1) {
			case "after":
				c.after = true
			case "adjective":
				c.adjective = true
			case "before":
				if c.before == nil {
					c.before = map[string]bool{}
				}
				c.before[letters(column(columns, 3))] = true
			default:
				return errors.New("unknown place")
			}
			t.content[w] = c
		}
		return nil
	}
	return errors.New("unknown kind")
}

// punctuate carries out spoken commands. A phrase is a command unless the words beside it say that it is content: an article
// before it ("came to a full stop"), or a word after it that goes on ("a question mark over", "new line manager"). Without such a
// word it is taken for a command: who turns the option on dictates commands. Words without times are left alone, since what is removed
// must say when it was said. When nothing but commands was said, they stay.
func (t *Tables) punctuate(tr *kerbside.Transcript) {
	p := punctuator{t: t, in: tr.Words, at: make(map[kerbside.WordID]int, len(tr.Words)), kept: make([]int, len(tr.Words)), turns: map[kerbside.WordID]bool{}}
	for i, w := range tr.Words {
		p.at[w.ID] = i
	}
	speaker := ""
	for _, s := range tr.Segments {
		if s.Speaker != speaker {
			p.turns[s.FirstWord], speaker = true, s.Speaker
		}
	}
	for i := 0; i < len(p.in); {
		if c, n, ok := p.commandAt(i); ok && p.carryOut(c, i, n) {
			for k := range n {
				p.kept[i+k] = -1
			}
			first, last := p.in[i], p.in[i+n-1]
			p.removed = append(p.removed, kerbside.Removed{StartMS: *first.StartMS, EndMS: *last.EndMS, Text: textOf(p.in[i : i+n]), Reason: RemovedPunctuation})
			i += n
			continue
		}
		p.keep(i)
		i++
	}
	if len(p.out) == 0 || len(p.out) == len(p.in) {
		return
	}
	tr.Removed = append(tr.Removed, p.removed...)
	slices.SortStableFunc(tr.Removed, func(a, b kerbside.Removed) int { return cmp.Compare(a.StartMS, b.StartMS) })
	tr.Segments = p.segments(tr.Segments)
	tr.Words = p.out
}

func textOf(words []kerbside.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

type punctuator struct {
	t       *Tables
	in      []kerbside.Word
	out     kerbside.List[kerbside.Word]
	at      map[kerbside.WordID]int
	removed []kerbside.Removed
	kept    []int // index in out for each of in, -1 when removed

	turns map[kerbside.WordID]bool // the first words of what each speaker says

	// What the next word gets.
	brk     kerbside.Break
	opening string
	upper   bool
	lower   bool
}

// commandAt gives the longest command that begins at word i and its length in words.
func (p *punctuator) commandAt(i int) (command, int, bool) {
	for n := min(p.t.longest, len(p.in)-i); n > 0; n-- {
		var key strings.Builder
		whole := true
		for k, w := range p.in[i : i+n] {
			s := split(w.Text)
			whole = whole && w.StartMS != nil && w.EndMS != nil && s.before == "" && s.ending == "" && (k == n-1 || s.after == "")
			key.WriteString(s.norm())
		}
		c, ok := p.t.commands[key.String()]
		if ok && whole && (n == c.words || n == 1) {
			return c, n, !p.isContent(i, n, key.String())
		}
	}
	return command{}, 0, false
}

func (p *punctuator) isContent(i, n int, key string) bool {
	k := i - 1
	if k > 0 && p.t.content[split(p.in[k].Text).norm()].adjective && split(p.in[k].Text).after == "" {
		k--
	}
	if k >= 0 {
		s := split(p.in[k].Text)
		if s.after == "" && s.ending == "" && p.t.content[s.norm()].after {
			return true
		}
	}
	if i+n < len(p.in) && split(p.in[i+n-1].Text).after == "" {
		return p.t.content[split(p.in[i+n].Text).norm()].before[key]
	}
	return false
}

const closers = `)]}"'”’`

// carryOut does what command c, words i to i+n-1, says; false when there is nothing that it could be done to.
func (p *punctuator) carryOut(c command, i, n int) bool {
	own := split(p.in[i+n-1].Text).after // what the engine wrote after the command
	if c.kind == "open" {
		if i+n == len(p.in) {
			return false
		}
		p.opening += c.mark
		return true
	}
	if p.opening != "" || len(p.out) == 0 || p.turns[p.in[i].ID] {
		return c.kind == "break" && p.opening == "" // at the start of what somebody says there is nothing to break; the words go all the same
	}
	last := &p.out[len(p.out)-1]
	switch c.kind {
	case "end", "mark":
		ended := endsSentence(split(last.Text).after) || endsSentence(own)
		rewrite(last, withMark(last.Text, c.mark))
		p.upper = c.kind == "end"
		p.lower = c.kind == "mark" && ended
	case "break":
		if c.mark == string(kerbside.BreakParagraph) || p.brk == "" {
			p.brk = kerbside.Break(c.mark)
		}
		if !endsSentence(split(last.Text).after) && endsSentence(own) {
			rewrite(last, withMark(last.Text, strings.Trim(own, closers)))
		}
		p.upper = true
	case "close":
		rewrite(last, strings.TrimRight(last.Text, ".,;:")+c.mark+strings.Trim(own, closers))
	}
	return true
}

// withMark puts a mark in the place of those that end text.
func withMark(text, mark string) string {
	bare := strings.TrimRight(text, ".,;:!?…")
	if bare == "" {
		return text
	}
	if mark != "." && strings.Contains(bare, ".") && strings.HasSuffix(text, ".") { // "a.m."
		bare += "."
	}
	return bare + mark
}

// keep passes word i on, with what commands before it asked for.
func (p *punctuator) keep(i int) {
	w := p.in[i]
	text := w.Text
	switch s := split(text); {
	case p.upper:
		s.core = capital(s.core)
		text = s.String()
	case p.lower && isCapital(s.core) && !isUpper(s.core) && p.t.content[s.norm()].lower:
		r, n := utf8.DecodeRuneInString(s.core)
		s.core = string(unicode.ToLower(r)) + s.core[n:]
		text = s.String()
	}
	rewrite(&w, p.opening+text)
	if len(p.out) > 0 && p.brk != "" {
		w.Break = p.brk
	}
	p.brk, p.opening, p.upper, p.lower = "", "", false, false
	p.kept[i] = len(p.out)
	p.out = append(p.out, w)
}

// segments keeps those that still have words, between the words that they still have.
func (p *punctuator) segments(in kerbside.List[kerbside.Segment]) kerbside.List[kerbside.Segment] {
	var out kerbside.List[kerbside.Segment]
	for _, s := range in {
		a, okA := p.at[s.FirstWord]
		b, okB := p.at[s.LastWord]
		if !okA || !okB {
			continue
		}
		for a <= b && p.kept[a] < 0 {
			a++
		}
		for b >= a && p.kept[b] < 0 {
			b--
		}
		if a > b {
			continue
		}
		first, last := p.in[a], p.in[b]
		if first.ID != s.FirstWord && first.StartMS != nil {
			s.FirstWord, s.StartMS = first.ID, *first.StartMS
		}
		if last.ID != s.LastWord && last.EndMS != nil {
			s.LastWord, s.EndMS = last.ID, *last.EndMS
		}
		out = append(out, s)
	}
	return out
}
