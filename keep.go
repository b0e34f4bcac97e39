package kerbside

import (
	"fmt"
	"time"
)

// What is kept for how long, what must not go, who agreed to it, and what went. All of it stands in a ledger, to which lines are only ever added: the newest one
// about a subject holds, the older ones are its history.

// LedgerKind sorts lines of the ledger.
type LedgerKind string

// The kinds of line, with what they are about and what their body is.
const (
	LedgerRetention LedgerKind = "retention"       // the organisation (""): RetentionPolicy
	LedgerSecond    LedgerKind = "second_approval" // the organisation (""): SecondPolicy
	LedgerAlerts    LedgerKind = "alerts"          // the organisation (""): AlertPolicy
	LedgerHold      LedgerKind = "hold"            // a case: HoldEvent
	LedgerConsent   LedgerKind = "consent"         // a visit: ConsentEvent
	LedgerReceipt   LedgerKind = "receipt"         // a visit: Receipt
	LedgerSubject   LedgerKind = "subject_access"  // a request: SubjectEvent
)

// LedgerLine is one thing that was decided, said or done about what is kept.
type LedgerLine struct {
	ID      string
	Org     OrganisationID
	Kind    LedgerKind
	Subject string
	At      time.Time
	By      UserID // "" for a policy
	Body    []byte // JSON
}

// LedgerTx is the part of a transaction that is about what is kept.
type LedgerTx interface {
	// AddLedger adds a line; there is nothing that changes or removes one.
	AddLedger(LedgerLine) error
	// Ledger gives those of a kind, oldest first; about one subject, or about all when it is "".
	Ledger(o OrganisationID, k LedgerKind, subject string) ([]LedgerLine, error)
}

// Part is what is deleted together.
type Part string

// The parts of a visit.
const (
	PartSound Part = "audio"       // recordings, as they were recorded
	PartWords Part = "transcripts" // transcripts in all versions, corrections, answers and notes
	PartNotes Part = "drafts"      // records and drafts in all versions, and what was chosen for them
)

// Parts are all there are, in the order in which they are made.
func Parts() []Part { return []Part{PartSound, PartWords, PartNotes} }

// The scopes of data keys, by what they seal: see docs/storage.md. The sound of a recording has the recording's id as its scope, what was written about a
// visit the visit's.

// WordsScope is of the transcripts of a recording.
func WordsScope(r RecordingID) string { return string(r) + ".words" }

// CorrectionsScope is of the corrections of one transcript of a visit. The same sound may come again after it was deleted: then they lie under the next
// generation, 2 and so on.
func CorrectionsScope(v VisitID, t TranscriptID, generation int) string {
	return generationOf(string(v)+"."+string(t), generation)
}

// AnswersScope is of what a visit's worker typed.
func AnswersScope(v VisitID) string { return string(v) + ".words" }

// NotesScope is of the records and drafts of a visit. After an erasure they are made again under the next generation, 2 and so on.
func NotesScope(v VisitID, generation int) string {
	return generationOf(string(v)+".notes", generation)
}

func generationOf(scope string, generation int) string {
	if generation <= 1 {
		return scope
	}
	return fmt.Sprintf("%s.%d", scope, generation)
}

// KeepFrom is when days begin to be counted.
type KeepFrom string

// The beginnings. What is neither approved nor reviewed is deleted under FromVisit only.
const (
	FromReviewed KeepFrom = "reviewed" // locked by the second person
	FromApproved KeepFrom = "approved" // by its worker; for sound only, since a review needs the words
	FromVisit    KeepFrom = "visit"    // the day of the visit, or of its first recording, whatever became of it
)

// KeepRule says how long a part is kept.
type KeepRule struct {
	Keep bool     `json:"keep"` // for ever; the others say nothing then
	Days int      `json:"days"`
	From KeepFrom `json:"from"`
}

// RetentionPolicy says how long each part of a visit is kept. An organisation that has set none keeps everything.
type RetentionPolicy struct {
	Version int      `json:"version"` // 1, 2, …; 0: none was ever set
	Sound   KeepRule `json:"audio"`
	Words   KeepRule `json:"transcripts"`
	Notes   KeepRule `json:"drafts"`
}

// Rule is the rule for a part.
func (p RetentionPolicy) Rule(part Part) KeepRule {
	switch part {
	case PartSound:
		return p.Sound
	case PartWords:
		return p.Words
	case PartNotes:
		return p.Notes
	}
	return KeepRule{Keep: true}
}

// SuggestedRetention is what is proposed to an organisation that has decided nothing: sound for a month after the second person has
// read against it, words for a year, records and drafts until the organisation says otherwise. It is in force only once somebody sets it.
func SuggestedRetention() RetentionPolicy {
	return RetentionPolicy{
		Sound: KeepRule{Days: 30, From: FromReviewed},
		Words: KeepRule{Days: 365, From: FromReviewed},
		Notes: KeepRule{Keep: true, Days: 730, From: FromReviewed},
	}
}

// MaxKeepDays is the longest time that can be set in days; longer is for ever.
const MaxKeepDays = 36500

// Check accepts rules that can be followed.
func (p RetentionPolicy) Check() error {
	const op = "kerbside.RetentionPolicy.Check"
	for _, part := range Parts() {
		r := p.Rule(part)
		switch {
		case r.From != FromReviewed && r.From != FromVisit && (r.From != FromApproved || part != PartSound):
			return E(CodeInvalid, op, "Say from when the days are counted: from the review, from the visit, or, for sound, from the approval.", nil)
		case !r.Keep && (r.Days < 1 || r.Days > MaxKeepDays):
			return E(CodeInvalid, op, fmt.Sprintf("Say how many days, from 1 to %d, or that it is kept.", MaxKeepDays), nil)
		}
	}
	if !p.Words.Keep && p.Sound.Keep {
		return E(CodeInvalid, op, "The sound cannot be kept for ever while its words are not: it would be turned into words again. Give the sound a time too.", nil)
	}
	return nil
}

// HoldEvent places a legal hold on a case, or ends it.
type HoldEvent struct {
	Hold   string `json:"hold"` // its id
	End    bool   `json:"end"`
	Reason string `json:"reason"`
}

// ConsentEventKind sorts what happens to consent.
type ConsentEventKind string

// The events, in their usual order.
const (
	ConsentGiven     ConsentEventKind = "given"
	ConsentWithdrawn ConsentEventKind = "withdrawn" // all processing stops until somebody decides
	ConsentKept      ConsentEventKind = "kept"      // somebody decided that it is kept and goes on, and why
	ConsentDeleted   ConsentEventKind = "deleted"   // somebody had it deleted
)

// ConsentEvent is one line of a visit's consent ledger. A recorded visit needs one; a debrief of the worker alone needs none from the family.
type ConsentEvent struct {
	Event  ConsentEventKind `json:"event"`
	Who    string           `json:"who"`              // who gave or withdrew it; "" for a decision
	How    string           `json:"how,omitempty"`    // spoken, written, recorded
	When   string           `json:"when,omitempty"`   // before, at or after the recording
	Reason string           `json:"reason,omitempty"` // of a decision
	Noted  time.Time        `json:"noted,omitzero"`   // when the recorder was told, where that reached the server later
}

// ConsentLine is one line of the ledger as it leaves the house: in the record and in a bundle.
type ConsentLine struct {
	Event ConsentEventKind `json:"event"`
	Who   string           `json:"who"`
	How   string           `json:"how"`
	When  string           `json:"when"`
	At    time.Time        `json:"at"` // when it was noted
	By    UserID           `json:"by"` // who noted it
}

// Receipt says what was deleted, when and why, and nothing of what it said.
type Receipt struct {
	Schema  string       `json:"schema"`
	ID      string       `json:"id"`
	At      time.Time    `json:"at"`
	Part    Part         `json:"part"`
	Visit   VisitID      `json:"visit"`
	Case    CaseID       `json:"case"`
	Items   List[Erased] `json:"items"`
	Keys    List[string] `json:"keys"`             // the scopes of the data keys that were destroyed
	Policy  int          `json:"policy"`           // the version of the retention policy; 0 when a person had it deleted
	By      UserID       `json:"by"`               // "" for the policy
	Consent bool         `json:"consent"`          // because consent was withdrawn
	Replay  bool         `json:"replay,omitempty"` // had been deleted before and came back with a restore
	Reason  string       `json:"reason,omitempty"` // as the person gave it
}

// ReceiptSchema is the value of [Receipt.Schema].
const ReceiptSchema = "kerbside.receipt/v1"

// Erased is one thing that a receipt is about.
type Erased struct {
	Kind   string `json:"kind"` // recording, transcript, record, draft, …
	ID     string `json:"id"`
	SHA256 string `json:"sha256"` // of what it was; "" when it never was whole
}

// SecondRule says which visits a second person approves for a reader.
type SecondRule string

// The rules.
const (
	SecondNone   SecondRule = "none"
	SecondSample SecondRule = "sample" // some, by chance
	SecondAlways SecondRule = "always"
)

// SecondPolicy says for which readers a second person approves. An organisation that has set none has everything approved twice.
type SecondPolicy struct {
	Version int                     `json:"version"`
	Readers map[Audience]SecondRule `json:"readers"`
	OneIn   int                     `json:"one_in"` // of a sample: one visit in so many, by chance
}

// Rule is the rule for a reader.
func (p SecondPolicy) Rule(a Audience) SecondRule {
	if r, ok := p.Readers[a]; ok {
		return r
	}
	return SecondAlways
}

// Check accepts a policy that can be followed.
func (p SecondPolicy) Check() error {
	const op = "kerbside.SecondPolicy.Check"
	for a, r := range p.Readers {
		if _, err := ParseAudience(string(a)); err != nil || r != SecondNone && r != SecondSample && r != SecondAlways {
			return E(CodeInvalid, op, "Say for each reader: none, a sample, or always.", nil)
		}
		if r == SecondSample && (p.OneIn < 2 || p.OneIn > 1000) {
			return E(CodeInvalid, op, "Say how large the sample is: one visit in 2 to 1000.", nil)
		}
	}
	return nil
}
