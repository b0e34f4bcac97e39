package kerbside

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The kinds of source that evidence can point into.
const (
	SourceTranscript = "transcript"
	SourceStatement  = "statement"
)

// SourceRef names one version of a source.
type SourceRef struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// Evidence is a run of words of a source. It is anchored to the words; quote, offsets, times and confidence are derived
// for the version. It is made by [Source.Evidence] only.
type Evidence struct {
	Source     SourceRef `json:"source"`
	FirstWord  WordID    `json:"first_word"`
	LastWord   WordID    `json:"last_word"`
	Quote      string    `json:"quote"` // exactly text[StartChar:EndChar]
	StartChar  int       `json:"start_char"`
	EndChar    int       `json:"end_char"`
	StartMS    *int64    `json:"start_ms"`
	EndMS      *int64    `json:"end_ms"`
	Confidence *float64  `json:"confidence"` // the least of its words'
}

// Statement is what the worker typed, tapped or answered after the recording. It is immutable.
type Statement struct {
	ID       StatementID `json:"id"`
	Author   UserID      `json:"author"`
	At       time.Time   `json:"at"`
	Question string      `json:"question,omitempty"` // the code of the question it answers, as in record.missing
	Text     string      `json:"text"`
}

// Source is a text that evidence points into: one version of a transcript, or a statement. It answers in constant time and is
// safe for concurrent use.
type Source struct {
	Ref   SourceRef
	Kind  RecordingKind // who can be heard; KindTyped for statements
	Text  string
	Words []Word
	Flags []SoundFlag

	Question string // of a statement: the code of the question that it answers
	offsets  []int
	index    map[WordID]int
}

// NewSource makes a source of a valid transcript.
func NewSource(t *Transcript) *Source {
	return newSource(SourceRef{Kind: SourceTranscript, ID: string(t.ID), Version: t.Version}, t.Recording.Kind, t.Text, t.Words, t.Flags)
}

// StatementSource makes a source of a statement.
func StatementSource(s Statement) *Source {
	out := newSource(SourceRef{Kind: SourceStatement, ID: string(s.ID), Version: 1}, KindTyped, s.Text, SplitWords(s.Text), nil)
	out.Question = s.Question
	return out
}

func newSource(ref SourceRef, kind RecordingKind, text string, words []Word, flags []SoundFlag) *Source {
	s := &Source{Ref: ref, Kind: kind, Text: text, Words: words, Flags: flags, offsets: byteOffsets(text), index: make(map[WordID]int, len(words))}
	for i, w := range words {
		s.index[w.ID] = i
	}
	return s
}

// Slice is the text between two code point offsets.
func (s *Source) Slice(startChar, endChar int) string {
	return s.Text[s.offsets[startChar]:s.offsets[endChar]]
}

// WordAt is the index in Words of the word with an id.
func (s *Source) WordAt(id WordID) (int, bool) {
	i, ok := s.index[id]
	return i, ok
}

// Evidence is the evidence of words first..last (indices into Words, both included). Opening marks before and
// punctuation after are left out of the quote. It panics when the range is not one of s's.
func (s *Source) Evidence(first, last int) Evidence {
	if first < 0 || last < first || last >= len(s.Words) {
		panic(fmt.Sprintf("kerbside: evidence of words %d to %d of %d", first, last, len(s.Words)))
	}
	a, b := s.Words[first], s.Words[last]
	e := Evidence{Source: s.Ref, FirstWord: a.ID, LastWord: b.ID, StartChar: a.StartChar, EndChar: b.EndChar, StartMS: a.StartMS, EndMS: b.EndMS}
	whole := s.Slice(e.StartChar, e.EndChar)
	left := strings.TrimLeftFunc(whole, isOpening)
	quote := strings.TrimRightFunc(left, isClosing)
	if quote == "" { // nothing but punctuation
		left, quote = whole, whole
	}
	e.StartChar += utf8.RuneCountInString(whole) - utf8.RuneCountInString(left)
	e.EndChar = e.StartChar + utf8.RuneCountInString(quote)
	e.Quote = quote
	for _, w := range s.Words[first : last+1] {
		if w.Confidence != nil && (e.Confidence == nil || *w.Confidence < *e.Confidence) {
			c := *w.Confidence
			e.Confidence = &c
		}
	}
	return e
}

func isOpening(r rune) bool { return strings.ContainsRune("\"'“‘«([{-–—", r) }

func isClosing(r rune) bool {
	return strings.ContainsRune(".,;:!?…\"'”’»)]}-–—", r) || unicode.IsSpace(r)
}

// Range gives the indices of the words that e is anchored to.
func (s *Source) Range(e Evidence) (first, last int, err error) {
	first, ok := s.index[e.FirstWord]
	last, ok2 := s.index[e.LastWord]
	if e.Source != s.Ref || !ok || !ok2 || last < first {
		return 0, 0, E(CodeInvalid, "kerbside.Source.Range", "", fmt.Errorf("evidence is not anchored in source %s version %d", s.Ref.ID, s.Ref.Version))
	}
	return first, last, nil
}

// Check reports an error unless e is exactly what [Source.Evidence] makes for the words that it is anchored to.
func (s *Source) Check(e Evidence) error {
	first, last, err := s.Range(e)
	if err != nil {
		return err
	}
	want := s.Evidence(first, last)
	if e.Quote != want.Quote || e.StartChar != want.StartChar || e.EndChar != want.EndChar || !same(e.StartMS, want.StartMS) || !same(e.EndMS, want.EndMS) || !same(e.Confidence, want.Confidence) {
		return E(CodeInvalid, "kerbside.Source.Check", "", fmt.Errorf("evidence differs from words %s to %s of its source", e.FirstWord, e.LastWord))
	}
	return nil
}

func same[T comparable](a, b *T) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// FindSource gives the source that e points into, or nil.
func FindSource(sources []*Source, e Evidence) *Source {
	for _, s := range sources {
		if s.Ref == e.Source {
			return s
		}
	}
	return nil
}

// Holds reports whether the words of e, which may have been derived for an earlier version of the source, still stand in s
// as e quotes them. What rests on evidence that no longer holds is stale.
func (s *Source) Holds(e Evidence) bool {
	if e.Source.Kind != s.Ref.Kind || e.Source.ID != s.Ref.ID {
		return false
	}
	e.Source = s.Ref
	first, last, err := s.Range(e)
	return err == nil && s.Evidence(first, last).Quote == e.Quote
}
