package kerbside

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// DraftSchema is the value of [Draft.Schema].
const DraftSchema = "kerbside.draft/v1"

// Audience is the reader that a draft is for.
type Audience string

// The audiences.
const (
	AudienceCaseRecord Audience = "case-record"
	AudienceChronology Audience = "chronology"
	AudienceFamily     Audience = "family"
	AudiencePartner    Audience = "partner"
	AudienceSupervisor Audience = "supervisor"
	AudienceCourt      Audience = "court"
)

// Audiences lists them in the order in which they are shown.
func Audiences() []Audience {
	return []Audience{AudienceCaseRecord, AudienceChronology, AudienceFamily, AudiencePartner, AudienceSupervisor, AudienceCourt}
}

// ParseAudience gives the audience of a name.
func ParseAudience(s string) (Audience, error) {
	var names []string
	for _, a := range Audiences() {
		if string(a) == s {
			return a, nil
		}
		names = append(names, string(a))
	}
	return "", E(CodeInvalid, "kerbside.ParseAudience", fmt.Sprintf("There is no audience of that name. Choose one of: %s.", strings.Join(names, ", ")), nil)
}

// Verdict says what a sentence of a draft rests on.
type Verdict string

// The verdicts.
const (
	VerdictQuoted      Verdict = "quoted"      // the very words of its evidence
	VerdictSupported   Verdict = "supported"   // its evidence says so in other words
	VerdictInferred    Verdict = "inferred"    // reckoned from evidence, dates and the like only
	VerdictStated      Verdict = "stated"      // the worker's own later words
	VerdictBoilerplate Verdict = "boilerplate" // the template's own words: says nothing about the family
)

// Sentence is one sentence of a draft. It is made by [NewSentence] only, so that none exists without a verdict or, unless
// it is boilerplate, without evidence.
type Sentence struct{ v sentence }

type sentence struct {
	ID       string         `json:"id"`
	Block    string         `json:"block"` // the heading it stands under
	Text     string         `json:"text"`
	Verdict  Verdict        `json:"verdict"`
	Items    List[string]   `json:"items"` // ids of the record items behind it
	Evidence List[Evidence] `json:"evidence"`
}

// NewSentence makes a sentence. It refuses empty text, an unknown verdict, a verdict other than boilerplate without
// evidence, and boilerplate with any.
func NewSentence(block, text string, verdict Verdict, items []string, evidence ...Evidence) (Sentence, error) {
	v := sentence{Block: block, Text: strings.TrimSpace(text), Verdict: verdict, Items: items, Evidence: evidence}
	if err := v.check(); err != nil {
		return Sentence{}, err
	}
	parts := []string{block, v.Text, string(verdict)}
	for _, e := range evidence {
		parts = append(parts, e.Source.ID, string(e.FirstWord), string(e.LastWord))
	}
	v.ID = DerivedID("s", parts...)
	return Sentence{v}, nil
}

func (v sentence) check() error {
	const op = "kerbside.NewSentence"
	switch v.Verdict {
	case VerdictBoilerplate:
		if len(v.Evidence) > 0 {
			return E(CodeInternal, op, "", fmt.Errorf("boilerplate with evidence"))
		}
	case VerdictQuoted, VerdictSupported, VerdictInferred, VerdictStated:
		if len(v.Evidence) == 0 {
			return E(CodeInternal, op, "", fmt.Errorf("a %s sentence without evidence", v.Verdict))
		}
	default:
		return E(CodeInternal, op, "", fmt.Errorf("verdict %q", v.Verdict))
	}
	if v.Text == "" {
		return E(CodeInternal, op, "", fmt.Errorf("a sentence without text"))
	}
	return nil
}

// ID is stable for the same words with the same evidence.
func (s Sentence) ID() string { return s.v.ID }

// Block is the heading that the sentence stands under.
func (s Sentence) Block() string { return s.v.Block }

// Text is the sentence.
func (s Sentence) Text() string { return s.v.Text }

// Verdict says what it rests on.
func (s Sentence) Verdict() Verdict { return s.v.Verdict }

// Items are the ids of the record items behind it.
func (s Sentence) Items() []string { return s.v.Items }

// Evidence is what it rests on; none for boilerplate.
func (s Sentence) Evidence() []Evidence { return s.v.Evidence }

// MarshalJSON implements [json.Marshaler].
func (s Sentence) MarshalJSON() ([]byte, error) { return json.Marshal(s.v) }

// UnmarshalJSON implements [json.Unmarshaler]; it refuses what [NewSentence] would.
func (s *Sentence) UnmarshalJSON(b []byte) error {
	var v sentence
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if err := v.check(); err != nil {
		return err
	}
	s.v = v
	return nil
}

// Draft is a note for one reader, composed from a record.
type Draft struct {
	Schema    string         `json:"schema"`
	Audience  Audience       `json:"audience"`
	For       PersonID       `json:"for,omitempty"` // the one reader, where two parents are two readers
	Title     string         `json:"title"`
	Template  TemplateRef    `json:"template"`
	Sentences List[Sentence] `json:"sentences"`
	Withheld  List[Withheld] `json:"withheld"`
	Omissions List[Omission] `json:"omissions"`
	Released  List[Release]  `json:"released,omitempty"` // what the worker let this reader see, and why
	Included  List[string]   `json:"included,omitempty"` // omitted items that the worker had put in

	Reworded List[Reworded] `json:"reworded,omitempty"` // what the worker put into own words, and what came of it

	ReadingAge *Readability   `json:"reading_age,omitempty"`
	Polished   List[Polished] `json:"polished,omitempty"` // what a language model rewrote, and what came of it
}

// Polished is one sentence that a language model rewrote. Where the rewriting did not hold what the sentence says, the plain sentence stands and
// Why tells what failed; what the model wrote is kept nowhere then.
type Polished struct {
	Sentence string `json:"sentence"` // id, of what stands in the draft
	Before   string `json:"before"`
	After    string `json:"after"` // as Before when the rewriting was refused
	Why      string `json:"why,omitempty"`
}

// Rewording is the worker's decision that a sentence stands in own words for one reader. It holds for the sentence as it was drafted: when the words behind that
// change, so does its id, and the rewording is not used any more.
type Rewording struct {
	Sentence string    `json:"sentence"` // id, of what was drafted
	Before   string    `json:"before"`   // its text
	Text     string    `json:"text"`     // the worker's words
	By       UserID    `json:"by"`
	At       time.Time `json:"at"`
	Reason   string    `json:"reason"`
}

// Reworded is a rewording with what came of it. Where it could not be used the drafted sentence stands, and Why tells what was in the way.
type Reworded struct {
	Rewording
	Stands string       `json:"stands"`        // id of the sentence that stands for it in the draft; "" when it is not used
	Unheld List[string] `json:"unheld"`        // names, numbers, days and denials that the evidence does not have
	Lost   List[string] `json:"lost"`          // denials and doubts that it had and the worker's words have not
	Why    string       `json:"why,omitempty"` // plainly; [RewordingStale] when what it was about changed
}

// RewordingStale says that the sentence of a rewording is not drafted any more.
const RewordingStale = "What this sentence rests on has changed since."

// Readability is the age in years at which a draft can be read, by the formula named.
type Readability struct {
	Formula string  `json:"formula"`
	All     float64 `json:"all"` // with what was said
	Own     float64 `json:"own"` // the template's own words
}

// TemplateRef names the template of a draft.
type TemplateRef struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Withheld is a record item that this reader may not see.
type Withheld struct {
	Item   string `json:"item"`
	Kind   string `json:"kind"`   // "risk", "action", …
	Reason string `json:"reason"` // plainly
}

// Omission is a record item that this draft should hold and does not.
type Omission struct {
	Item     string         `json:"item"`
	Kind     string         `json:"kind"`
	Text     string         `json:"text"`
	Evidence List[Evidence] `json:"evidence"`
}
