package kerbside

import (
	"fmt"
	"strings"
	"time"
)

// Correction replaces a range of words by others. Corrections are only ever added; a wrong one is corrected by another.
type Correction struct {
	ID        string    `json:"id"`
	FirstWord WordID    `json:"first_word"`
	LastWord  WordID    `json:"last_word"`
	Old       string    `json:"old"` // what the author saw: a guard against correcting something else
	New       string    `json:"new"` // empty removes the words
	Author    UserID    `json:"author"`
	At        time.Time `json:"at"`
	Reason    string    `json:"reason,omitempty"`
	// Undoes is the id of the correction that this one took back: the words are again what they were before it, with their ids, times and doubts.
	Undoes string `json:"undoes,omitempty"`
}

// Standing gives, of a transcript's corrections in their order, the indices of those that nobody took back, oldest first. The words before
// correction i are those of the transcript's version i+1.
func Standing(corrections []Correction) []int {
	var stack []int
	for i, c := range corrections {
		switch {
		case c.Undoes == "":
			stack = append(stack, i)
		case len(stack) > 0:
			stack = stack[:len(stack)-1]
		}
	}
	return stack
}

// Apply derives the version of t after corrections, in their order. Ids of words that were not replaced never change; the
// words of the n-th correction of the transcript's history get ids "k<n>-1", "k<n>-2", … and share the replaced words' time. A
// correction whose words are gone or read otherwise than Old is a conflict, and then nothing is applied.
func (t *Transcript) Apply(corrections ...Correction) (*Transcript, error) {
	out := *t
	out.Words = append(List[Word](nil), t.Words...)
	out.Segments = append(List[Segment](nil), t.Segments...)
	for _, c := range corrections {
		if err := out.apply(c); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

func (t *Transcript) apply(c Correction) error {
	const op = "kerbside.Transcript.Apply"
	conflict := func(why string) error {
		return E(CodeConflict, op, "These words were changed meanwhile. Reload the page and correct them again.", fmt.Errorf("correction %s: %s", c.ID, why))
	}
	first, last := t.wordRange(c.FirstWord, c.LastWord)
	if first < 0 {
		return conflict("no such words")
	}
	var old []string
	for _, w := range t.Words[first : last+1] {
		old = append(old, w.Text)
	}
	if strings.Join(old, " ") != strings.Join(strings.Fields(c.Old), " ") {
		return conflict("the words read otherwise")
	}
	fields := strings.Fields(c.New)
	fresh := make([]Word, len(fields))
	from, to := t.Words[first].StartMS, t.Words[last].EndMS
	for i, text := range fields {
		fresh[i] = Word{ID: WordID(fmt.Sprintf("k%d-%d", t.Version, i+1)), Text: text}
		if from != nil && to != nil {
			n := int64(len(fields))
			start, end := *from+(*to-*from)*int64(i)/n, *from+(*to-*from)*int64(i+1)/n
			fresh[i].StartMS, fresh[i].EndMS = &start, &end
		}
	}
	t.dropBeside(first, last)
	t.moveSegments(first, last, fresh)
	t.splice(first, last, fresh)
	t.Version++
	return nil
}

// splice puts fresh in the place of words first..last; the white space around them stays as it is.
func (t *Transcript) splice(first, last int, fresh []Word) {
	runes := []rune(t.Text)
	start, end := t.Words[first].StartChar, t.Words[last].EndChar
	if len(fresh) == 0 { // a removed range takes the white space on one side with it
		switch {
		case last+1 < len(t.Words):
			end = t.Words[last+1].StartChar
		case first > 0:
			start = t.Words[first-1].EndChar
		}
	}
	var middle []rune
	for i := range fresh {
		if i > 0 {
			middle = append(middle, ' ')
		}
		fresh[i].StartChar = start + len(middle)
		middle = append(middle, []rune(fresh[i].Text)...)
		fresh[i].EndChar = start + len(middle)
	}
	shift := len(middle) - (end - start)
	words := make(List[Word], 0, len(t.Words)-(last-first+1)+len(fresh))
	words = append(append(words, t.Words[:first]...), fresh...)
	for _, w := range t.Words[last+1:] {
		w.StartChar += shift
		w.EndChar += shift
		words = append(words, w)
	}
	t.Words = words
	t.Text = string(runes[:start]) + string(middle) + string(runes[end:])
}

func (t *Transcript) wordRange(firstID, lastID WordID) (first, last int) {
	first, last = -1, -1
	for i, w := range t.Words {
		if w.ID == firstID {
			first = i
		}
		if w.ID == lastID {
			last = i
		}
	}
	if first < 0 || last < first {
		return -1, -1
	}
	return first, last
}

// moveSegments keeps segments pointing at words that exist once words first..last have become fresh; one that lost all
// its words is left out.
func (t *Transcript) moveSegments(first, last int, fresh []Word) {
	at := make(map[WordID]int, len(t.Words))
	for i, w := range t.Words {
		at[w.ID] = i
	}
	kept := t.Segments[:0]
	for _, s := range t.Segments {
		a, b := at[s.FirstWord], at[s.LastWord]
		if a >= first && a <= last {
			switch {
			case len(fresh) > 0 && a == first:
				s.FirstWord = fresh[0].ID
			case b > last:
				s.FirstWord = t.Words[last+1].ID
			default:
				if len(fresh) == 0 || a != first {
					continue
				}
			}
		}
		if b >= first && b <= last {
			switch {
			case len(fresh) > 0:
				s.LastWord = fresh[len(fresh)-1].ID
			case a < first:
				s.LastWord = t.Words[first-1].ID
			default:
				continue
			}
		}
		kept = append(kept, s)
	}
	t.Segments = kept
}
