// Package wording sees to how a finished transcript of English is written: spoken punctuation as an option, British
// spelling, and beside the words, which stay as they are, suggestions from the names and terms of a case and normalised readings of
// dates, times and quantities. What it goes by are data files (tables), which a folder can replace. It knows nothing of sound.
package wording

import (
	"slices"
	"strings"
	"time"

	"kerbside"
)

// RemovedPunctuation is the reason under which words that were a command stand in a transcript's removed.
const RemovedPunctuation = "spoken_punctuation"

// The reasons of suggestions.
const (
	ReasonSounds       = "sounds_like"  // the words sound like a name or term
	ReasonAbbreviation = "abbreviation" // the words are how an abbreviation is heard
)

// Version goes up whenever the same words, options and tables may come out otherwise.
const Version = 1

// Options are what a transcript's wording is to be. Zero values are the defaults.
type Options struct {
	Language          string   // only "en" and "" are worked on; anything else is left as it is
	Terms             []string // names and terms of the organisation and the case, as they are to be spelt
	SpokenPunctuation bool     // "full stop", "new line" and the like are commands
	KeepSpelling      bool     // leave American spellings
	Date              string   // ISO 8601, the day on which it was said; the recording's own date when empty
}

// OptionsOf takes from a caller's wishes what concerns wording.
func OptionsOf(o kerbside.TranscribeOptions) Options {
	return Options{Language: o.Language, Terms: o.Terms, SpokenPunctuation: o.SpokenPunctuation, KeepSpelling: o.KeepSpelling, Date: o.Date}
}

// Settings are everything but the words that decides what Apply makes of them; they belong into what a transcript's id is
// derived from. No term stands in them readably.
type Settings struct {
	Version           int    `json:"version"`
	Tables            string `json:"tables"` // SHA-256, shortened
	Terms             string `json:"terms,omitempty"`
	SpokenPunctuation bool   `json:"spoken_punctuation,omitempty"`
	KeepSpelling      bool   `json:"keep_spelling,omitempty"`
	Date              string `json:"date,omitempty"`
}

// Settings gives the settings of o.
func (t *Tables) Settings(o Options) Settings {
	s := Settings{Version: Version, Tables: t.sum, SpokenPunctuation: o.SpokenPunctuation, KeepSpelling: o.KeepSpelling, Date: o.Date}
	if len(o.Terms) > 0 {
		s.Terms = shortSum(strings.Join(o.Terms, "\x00"))
	}
	return s
}

// Apply changes the writing of tr's words and sets what stands beside them. Words keep their ids, times and order; words that were
// a command leave the text and stand in tr.Removed. What a word was written like before stands in its AsWritten. Text and
// offsets are made anew. It is to be called once, on version 1; tr.Recording.RecordedAt should be set by then. The work grows with
// the number of words, and with that of terms for the few words that are no ordinary ones.
func (t *Tables) Apply(tr *kerbside.Transcript, o Options) {
	if o.Language != "" && o.Language != "en" || len(tr.Words) == 0 {
		return
	}
	if o.SpokenPunctuation {
		t.punctuate(tr)
		tr.Suggestions = onlyOf(tr)
	}
	if !o.KeepSpelling {
		t.spell(tr.Words)
	}
	tr.JoinWords()
	t.suggest(tr, o.Terms)
	tr.Readings = read(tr.Words, saidOn(tr, o.Date))
}

// onlyOf gives the suggestions whose words are still there.
func onlyOf(tr *kerbside.Transcript) []kerbside.Suggestion {
	there := make(map[kerbside.WordID]bool, len(tr.Words))
	for _, w := range tr.Words {
		there[w.ID] = true
	}
	return slices.DeleteFunc(tr.Suggestions, func(s kerbside.Suggestion) bool { return !there[s.FirstWord] || !there[s.LastWord] })
}

// saidOn is the day on which tr was said; the zero time when it is not known.
func saidOn(tr *kerbside.Transcript, date string) time.Time {
	if date == "" && len(tr.Recording.RecordedAt) >= len(time.DateOnly) {
		date = tr.Recording.RecordedAt[:len(time.DateOnly)]
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return day
}

// rewrite sets a word's text and keeps what the engine wrote.
func rewrite(w *kerbside.Word, text string) {
	if w.Text == text {
		return
	}
	if w.AsWritten == "" {
		w.AsWritten = w.Text
	}
	if w.Text = text; w.AsWritten == text {
		w.AsWritten = ""
	}
}
