package kerbside

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TranscriptSchema is the value of [Transcript.Schema].
const TranscriptSchema = "kerbside.transcript/v1"

// RecordingKind says who can be heard.
type RecordingKind string

// The kinds of recording.
const (
	KindDebrief RecordingKind = "debrief" // the worker alone, after the visit
	KindVisit   RecordingKind = "visit"   // others are heard too: no words are attributed to the worker
	KindTyped   RecordingKind = "typed"   // no sound
)

// Transcript is what one recording says (kerbside.transcript/v1). What the engine wrote is version 1 and immutable; later
// versions are derived by [Transcript.Apply].
type Transcript struct {
	Schema    string          `json:"schema"`
	ID        TranscriptID    `json:"id"`
	Version   int             `json:"version"` // 1 + number of corrections applied
	Recording RecordingRef    `json:"recording"`
	Language  string          `json:"language"`
	Engine    EngineRef       `json:"engine"`
	Text      string          `json:"text"`
	Words     List[Word]      `json:"words"`
	Segments  List[Segment]   `json:"segments"`
	Gaps      List[Gap]       `json:"gaps"`
	Removed   List[Removed]   `json:"removed"`
	Flags     List[SoundFlag] `json:"flags"` // what was odd about the sound; see the Flag constants
	// Suggestions and Readings stand beside the words and never change them. One goes when a correction replaces a word
	// of its range.
	Suggestions List[Suggestion] `json:"suggestions"`
	Readings    List[Reading]    `json:"readings"`
}

// RecordingRef names the sound that a transcript was made from.
type RecordingRef struct {
	ID         RecordingID   `json:"id"`
	SHA256     string        `json:"sha256"`
	DurationMS int64         `json:"duration_ms"`
	Kind       RecordingKind `json:"kind"`
	RecordedAt string        `json:"recorded_at,omitempty"` // RFC 3339, from the recording's own metadata only
}

// EngineRef names what wrote a transcript. Together with the recording's hash it decides the result.
type EngineRef struct {
	Name        string         `json:"name"`
	Version     string         `json:"version"`
	Model       string         `json:"model"`
	ModelSHA256 string         `json:"model_sha256"`
	Parameters  map[string]any `json:"parameters"`
}

// Word is a run of characters between white space, punctuation included. Typed words have neither times nor confidence.
type Word struct {
	ID           WordID       `json:"id"`
	Text         string       `json:"text"`
	StartChar    int          `json:"start_char"`
	EndChar      int          `json:"end_char"`
	StartMS      *int64       `json:"start_ms"`
	EndMS        *int64       `json:"end_ms"`
	Confidence   *float64     `json:"confidence"` // calibrated probability that the word is right, in [0,1]
	Doubtful     bool         `json:"doubtful"`
	Alternatives List[string] `json:"alternatives"`
	// AsWritten is what the engine wrote where the writing of the word was changed: its spelling, its punctuation or its
	// first letter's case. It is empty where Text is what the engine wrote.
	AsWritten string `json:"as_written,omitempty"`
	Break     Break  `json:"break,omitempty"` // what the speaker asked for before the word
}

// Break is a line break in the text before a word, in the place of a space.
type Break string

// The breaks.
const (
	BreakLine      Break = "line"      // "\n"
	BreakParagraph Break = "paragraph" // "\n\n"
)

// Suggestion is another reading of a range of words, from the names and terms that an organisation or a case uses. It is offered
// and never applied by itself: a person who takes it makes a [Correction] of it.
type Suggestion struct {
	FirstWord WordID `json:"first_word"`
	LastWord  WordID `json:"last_word"`
	Text      string `json:"text"`   // to stand in place of the words, with their punctuation
	Reason    string `json:"reason"` // e.g. "sounds_like", "abbreviation"
}

// ReadingKind says what a reading is of.
type ReadingKind string

// The kinds of reading, and what their values look like. Where words can mean several values and nothing in them decides, the
// values stand beside each other with "|" between: "half four" is "04:30|16:30".
const (
	ReadingDate     ReadingKind = "date"     // ISO 8601: 2026-03-03, 2026-03; --03-03 where no year was said
	ReadingTime     ReadingKind = "time"     // ISO 8601: 16:30
	ReadingNumber   ReadingKind = "number"   // 21, 3.5, 96%
	ReadingMoney    ReadingKind = "money"    // ISO 4217 and the amount: GBP 4.50
	ReadingAge      ReadingKind = "age"      // an ISO 8601 duration: P9Y
	ReadingDuration ReadingKind = "duration" // an ISO 8601 duration: PT40M, P3W
)

// Reading is the normalised value of a range of words that say a date, a time or a quantity.
type Reading struct {
	FirstWord WordID      `json:"first_word"`
	LastWord  WordID      `json:"last_word"`
	Kind      ReadingKind `json:"kind"`
	Value     string      `json:"value"`
}

// Segment is a stretch of words of one speaker without a long pause inside.
type Segment struct {
	FirstWord WordID `json:"first_word"`
	LastWord  WordID `json:"last_word"`
	StartMS   int64  `json:"start_ms"`
	EndMS     int64  `json:"end_ms"`
	// Speaker tells voices apart where that was asked for and could be done: "channel 1". It is no person: who speaks on a channel is for
	// a person to say. Segments of two speakers may overlap in time.
	Speaker string `json:"speaker,omitempty"`
}

// Gap is a stretch of the recording's clock for which there are no words although there may have been speech.
type Gap struct {
	StartMS int64  `json:"start_ms"`
	EndMS   int64  `json:"end_ms"`
	Reason  string `json:"reason"` // e.g. "interrupted", "engine_failed", "no_words"
	// MissingMS is how much was not recorded at StartMS, where the recording's clock stood still: a reload, a crash, another device.
	MissingMS int64 `json:"missing_ms,omitempty"`
}

// Removed is what the engine wrote and a guard, or a spoken command such as "new line", took out, so that real speech cannot vanish unseen.
type Removed struct {
	StartMS int64  `json:"start_ms"`
	EndMS   int64  `json:"end_ms"`
	Text    string `json:"text"`
	Reason  string `json:"reason"` // e.g. "sound_description", "stock_phrase", "loop", "spoken_punctuation"
}

// SoundFlag is a finding about the sound as a whole.
type SoundFlag string

// The findings.
const (
	FlagNoSpeech  SoundFlag = "no_speech" // nothing was said; there are no words
	FlagTruncated SoundFlag = "truncated" // the file promises more sound than it holds
	FlagClipped   SoundFlag = "clipped"   // over-driven
	FlagQuiet     SoundFlag = "quiet"     // very quiet
)

// TypedTranscript makes a transcript of typed text: words without times. The id follows from the text. The text is kept
// as it is but for invalid UTF-8, which is refused.
func TypedTranscript(text string) (*Transcript, error) {
	if !utf8.ValidString(text) {
		return nil, E(CodeInvalid, "kerbside.TypedTranscript", "The text is not valid UTF-8. Save it as UTF-8 and try again.", nil)
	}
	t := &Transcript{
		Schema: TranscriptSchema, ID: TranscriptID(DerivedID("t", text)), Version: 1,
		Recording: RecordingRef{SHA256: HexSHA256([]byte(text)), Kind: KindTyped},
		Language:  "en", Engine: EngineRef{Name: "typed", Version: "1"}, Text: text,
		Words: SplitWords(text),
	}
	return t, nil
}

// SplitWords cuts text at white space into words w1, w2, … with offsets and no times.
func SplitWords(text string) List[Word] {
	words := make(List[Word], 0, len(text)/6)
	char, start, startByte := 0, -1, 0
	flush := func(endByte, endChar int) {
		if start >= 0 {
			words = append(words, Word{ID: WordID(fmt.Sprintf("w%d", len(words)+1)), Text: text[startByte:endByte], StartChar: start, EndChar: endChar})
			start = -1
		}
	}
	for at, r := range text {
		if unicode.IsSpace(r) {
			flush(at, char)
		} else if start < 0 {
			start, startByte = char, at
		}
		char++
	}
	flush(len(text), char)
	return words
}

// Validate checks the promises that a transcript makes: schema, unique word ids, offsets that hold the words, times in
// order and within the recording.
func (t *Transcript) Validate() error {
	const op = "kerbside.Transcript.Validate"
	bad := func(format string, a ...any) error {
		return E(CodeInvalid, op, "This is not a valid Kerbside transcript.", fmt.Errorf(format, a...))
	}
	if t.Schema != TranscriptSchema {
		return bad("schema %q", t.Schema)
	}
	if t.ID == "" {
		return bad("no id")
	}
	if !utf8.ValidString(t.Text) {
		return bad("text is not UTF-8")
	}
	offsets := byteOffsets(t.Text)
	seen := make(map[WordID]bool, len(t.Words))
	last := 0
	for i, w := range t.Words {
		if w.ID == "" || seen[w.ID] {
			return bad("word %d: id missing or used twice", i)
		}
		seen[w.ID] = true
		if w.StartChar < last || w.EndChar <= w.StartChar || w.EndChar >= len(offsets) {
			return bad("word %d: offsets out of order or range", i)
		}
		if t.Text[offsets[w.StartChar]:offsets[w.EndChar]] != w.Text {
			return bad("word %d: text differs from its offsets", i)
		}
		last = w.EndChar
		if (w.StartMS == nil) != (w.EndMS == nil) {
			return bad("word %d: half a time", i)
		}
		if w.StartMS != nil && (*w.StartMS < 0 || *w.EndMS < *w.StartMS) {
			return bad("word %d: times out of order", i)
		}
	}
	for i, s := range t.Segments {
		if !seen[s.FirstWord] || !seen[s.LastWord] {
			return bad("segment %d: unknown word", i)
		}
	}
	if err := t.validateBeside(); err != nil {
		return bad("%w", err)
	}
	return nil
}

// validateBeside checks what stands beside the words.
func (t *Transcript) validateBeside() error {
	at := make(map[WordID]int, len(t.Words))
	for i, w := range t.Words {
		at[w.ID] = i
		if w.Break != "" && w.Break != BreakLine && w.Break != BreakParagraph {
			return fmt.Errorf("word %d: break %q", i, w.Break)
		}
	}
	ranged := func(first, last WordID) bool {
		a, ok := at[first]
		b, ok2 := at[last]
		return ok && ok2 && a <= b
	}
	for i, s := range t.Suggestions {
		if !ranged(s.FirstWord, s.LastWord) || s.Text == "" {
			return fmt.Errorf("suggestion %d: unknown words or no text", i)
		}
	}
	for i, r := range t.Readings {
		if !ranged(r.FirstWord, r.LastWord) || r.Value == "" {
			return fmt.Errorf("reading %d: unknown words or no value", i)
		}
	}
	return nil
}

// dropBeside drops the suggestions and readings whose range touches words first..last, which are to be replaced.
func (t *Transcript) dropBeside(first, last int) {
	at := make(map[WordID]int, len(t.Words))
	for i, w := range t.Words {
		at[w.ID] = i
	}
	touches := func(a, b WordID) bool { return at[a] <= last && at[b] >= first }
	// Copies: the version before keeps its own.
	t.Suggestions = slices.DeleteFunc(slices.Clone(t.Suggestions), func(s Suggestion) bool { return touches(s.FirstWord, s.LastWord) })
	t.Readings = slices.DeleteFunc(slices.Clone(t.Readings), func(r Reading) bool { return touches(r.FirstWord, r.LastWord) })
}

// byteOffsets maps code point offsets to byte offsets; its last entry is len(text).
func byteOffsets(text string) []int {
	offsets := make([]int, 0, len(text)+1)
	for at := range text {
		offsets = append(offsets, at)
	}
	return append(offsets, len(text))
}

// JoinWords sets Text and the words' offsets from the words' texts and breaks, with one space where there is no break. A break
// before the first word is none.
func (t *Transcript) JoinWords() {
	var b strings.Builder
	char := 0
	for i := range t.Words {
		w := &t.Words[i]
		if i > 0 {
			between := " "
			switch w.Break {
			case BreakLine:
				between = "\n"
			case BreakParagraph:
				between = "\n\n"
			}
			b.WriteString(between)
			char += len(between)
		}
		b.WriteString(w.Text)
		w.StartChar = char
		char += utf8.RuneCountInString(w.Text)
		w.EndChar = char
	}
	t.Text = b.String()
}
