// Package service holds the use-cases: signing in, taking in sound without losing any, the stages that turn it into a
// transcript, a record and drafts, correction, approval, review and export. It knows the ports of package kerbside and no
// adapter.
//
// Who may do what: the worker of a visit reads and changes it; reviewers and managers read every visit of their
// organisation and review the visits of others; administrators see no content; whoever may not know of a visit is told
// that there is none. Every method that takes a person reports [kerbside.CodeUnauthed] for the zero User.
package service

import (
	"io"
	"log/slog"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/signin"
)

// Deps are the parts that a Service is made of. All down to Audit are needed but Proposer and Discloser; without RecorderKey sealed sound is refused.
type Deps struct {
	Store       kerbside.Store
	Blobs       kerbside.BlobStore
	Queue       kerbside.Queue
	Transcriber kerbside.Transcriber
	Extractor   kerbside.Extractor
	Proposer    kerbside.Proposer // a language model that reads beside the record; nil for none
	Drafter     kerbside.Drafter
	Exporter    kerbside.Exporter
	Discloser   kerbside.Discloser // nil: nobody can be given what is held about them
	Audit       *audit.Log
	RecorderKey kerbside.RecorderKey
	Nodes       kerbside.Nodes   // other processes on the same store; nil: this one is alone
	Now         func() time.Time // time.Now
	Rand        io.Reader        // crypto/rand.Reader
	Log         *slog.Logger     // discards
	Workers     int              // jobs at one time; 2
	// Queues are worked beside each other, each by workers of its own. Nil: one of all kinds by Workers; with several nodes recordings that arrive are listened to beside it.
	Queues      []kerbside.WorkOptions
	NoWork      bool          // no jobs are worked here
	Limits      Limits        // the defaults
	Observer    Observer      // none
	Version     string        // of this program, for what leaves the house
	RetainEvery time.Duration // how often what is due is deleted; an hour
	// Installation is what else there is to look after; nil: administrators are told that it is not known here.
	Installation Installation

	Notifier    kerbside.Notifier // is told of alerts; nil: nobody is
	NotifyEvery time.Duration     // how often alerts are looked through for it; a minute

	Identity     kerbside.IdentityProvider // the council's own sign-in; nil for none
	NoPasswords  bool                      // people sign in by passkey, the council's own sign-in or link only
	PasswordCost signin.Params             // signin.Recommended
	SessionIdle  time.Duration             // a session that was not used for so long ends; 3 days
	SessionLife  time.Duration             // a session ends after so long in any case; 14 days
}

// Observer is told what the stages do, to be counted. It must be safe for concurrent use.
type Observer interface {
	Job(kind kerbside.JobKind, outcome string, d time.Duration) // outcome: "done", "failed", "stopped"
	Sound(d time.Duration)                                      // transcribed
	Tidied(leftOver, missing int)                               // blobs that nothing needs and that stay for now; recordings and pieces that are lost
}

type noObserver struct{}

func (noObserver) Job(kerbside.JobKind, string, time.Duration) {}
func (noObserver) Sound(time.Duration)                         {}
func (noObserver) Tidied(int, int)                             {}

// VisitInput is what a worker may say about a visit before recording; all of it may wait.
type VisitInput struct {
	Title string
	Date  string // ISO 8601 or ""
}

// VisitList chooses a list of visits.
type VisitList string

// The lists.
const (
	ListMine     VisitList = "mine"      // the caller's own visits
	ListToReview VisitList = "to_review" // approved by others, waiting for a second person; empty for who may not review
	ListAll      VisitList = "all"       // whatever the caller may read
)

// VisitRow is one line of a list.
type VisitRow struct {
	Visit      kerbside.Visit
	WorkerName string
	Recordings int
	Seconds    int64 // of sound that has been transcribed
	Urgent     bool  // the record has an urgent cue; told of what waits for review only
	CaseName   string
}

// RecordingInput starts a recording.
type RecordingInput struct {
	Visit    kerbside.VisitID // empty: a new visit is made
	ClientID string           // chosen by the sender; the same id gives the same recording; empty: one is made up
	Name     string           // the file's name, for people
	Kind     kerbside.RecordingKind
	Date     string // the visit's date, ISO 8601 or ""; used when a visit is made
	// Case says whose visit it is, when a visit is made; one that the person may not choose is as if nobody had said, so that no sound is refused for it.
	Case   kerbside.CaseID
	Bytes  int64  // of a file that comes in pieces; 0 when nobody knows
	SHA256 string // of all bytes, when the sender knows it beforehand
}

// VisitView is a visit with everything that there is about it, at one moment.
type VisitView struct {
	Visit          kerbside.Visit
	Revision       string // of what people change: see [WithRevision]
	WorkerName     string
	Recordings     []kerbside.Recording // in the order in which they were started
	Transcripts    []TranscriptView     // newest versions, in the order of the recordings
	Record         *kerbside.Record     // nil while there is none
	RecordDocument kerbside.DocumentID
	RecordSHA256   string
	Drafts         []DraftView // newest versions, in the order of [kerbside.Audiences]
	Statements     []kerbside.Statement
	Reviews        []ReviewView // oldest first
	Oversight      []OversightView
	Addenda        []kerbside.VisitID   // visits that add to this one, oldest first; those that the viewer may read
	CanAmend       bool                 // it is locked, and the viewer may start an addendum
	Proposals      []ProposalView       // what a language model proposed, what is not decided first
	Reading        bool                 // a language model is still to read this
	ModelGate      *kerbside.GateReport // what of a model's answers was dropped, and why; nil when none was asked
	Open           []OpenItem           // what asks for attention, in the order of importance
	CanEdit        bool                 // the viewer may correct, add notes and answer
	CanApprove     bool                 // the viewer may approve the versions of Covers now, given the confirmations
	CanReview      bool                 // the viewer may review or return the versions of Covers now
	Approved       bool                 // as it is, by its worker
	CanEnter       bool                 // the viewer may say that drafts are in the case system
	Clips          ClipFigures
	CanRetry       bool // a stage gave up and the viewer may have it tried again

	Consent    ConsentState
	Consents   []ConsentLineView      // oldest first
	CanConsent bool                   // the viewer may note who agreed, or took it back, and have it deleted then
	CanErase   bool                   // the viewer may delete by hand, and keep what consent was withdrawn for
	Held       bool                   // under a legal hold: nothing of it is deleted
	SecondNext []kerbside.Audience    // readers for whom a second person would be asked if it were approved now; the viewer may approve
	Second     []kerbside.Audience    // readers whose drafts are approved once and wait for the second person
	Erased     []ReceiptView          // what was deleted of it, oldest first
	Left       map[kerbside.Part]bool // what there still is to delete

	CanReassign bool       // the viewer may give it to another worker
	CanOversee  bool       // the viewer may add an oversight entry
	Voids       []VoidView // recordings that were taken out, oldest first
}

// ClipFigures count the critical claims of a visit that have sound, and of whose sound a person's browser has played all.
type ClipFigures struct{ Of, Approver, Viewer int }

// VoidView is a recording that was taken out of its visit.
type VoidView struct {
	Recording kerbside.RecordingID
	Name      string // the file's, as given
	Reason    string
	ByName    string
	At        time.Time
	Moved     bool
	MovedTo   kerbside.VisitID // where its sound is now; "" when the viewer may not read that visit, or it was not moved
}

// Covers are the exact versions that the view shows: what an approval or a review is to name.
func (v *VisitView) Covers() []kerbside.Covered {
	var out []kerbside.Covered
	for _, t := range v.Transcripts {
		out = append(out, kerbside.Covered{Document: t.Document, SHA256: t.SHA256})
	}
	if v.Record != nil {
		out = append(out, kerbside.Covered{Document: v.RecordDocument, SHA256: v.RecordSHA256})
	}
	for _, d := range v.Drafts {
		out = append(out, kerbside.Covered{Document: d.Document, SHA256: d.SHA256})
	}
	return out
}

// TranscriptView is the newest version of one recording's transcript.
type TranscriptView struct {
	Document   kerbside.DocumentID
	SHA256     string
	Recording  kerbside.RecordingID
	Transcript *kerbside.Transcript
	Last       *kerbside.Correction // the newest correction that stands; nil when there is none
}

// DraftView is the newest version of one draft.
type DraftView struct {
	Document kerbside.DocumentID
	Version  int
	SHA256   string
	Draft    *kerbside.Draft
	Stale    map[string]bool   // ids of sentences whose evidence no longer stands, or that wait to be made anew
	Changed  map[string]string // sentence id -> its text in the version before; "" when it is new
	Gone     []string          // texts of the version before that have no successor
	Entered  *EnteredView      // nil while nobody says that it is in the case system
	Reworded []RewordedView
}

// RewordedView is a sentence in the worker's own words, with the worker's name.
type RewordedView struct {
	kerbside.Reworded
	ByName string
}

// ProposalView is one thing that a language model proposed.
type ProposalView struct {
	ID       string
	Kind     string           // "risk", "strength", "action", "child_voice", "attendee", or "visit." and the name of a fact
	Text     string           // from the sources, word by word; for a fact its value
	Item     *kerbside.Record // this one thing; a person or a fact in Proposals
	Evidence []kerbside.Evidence
	Engine   string
	Standing string          // kerbside.Proposed, Accepted or Rejected
	By       kerbside.UserID // who decided; "" while nobody did
	ByName   string
	At       time.Time
}

// EnteredView says that a draft was entered in the case system.
type EnteredView struct {
	On      string // the day, ISO 8601
	ByName  string
	Earlier bool // an earlier version was; this one is not
}

// EnterInput says that a draft was entered in the case system, or that it was not after all.
type EnterInput struct {
	Document kerbside.DocumentID // the version that was
	On       string              // the day, ISO 8601; today when empty
	Undo     bool
}

// ReviewView is a review with the name of who made it.
type ReviewView struct {
	kerbside.Review
	ByName   string
	Current  bool // it is about the newest versions
	Comments []kerbside.SentenceComment
}

// OversightView is a manager's entry with its author.
type OversightView struct {
	kerbside.Oversight
	ByName string
	At     time.Time
}

// OpenKind sorts what asks for attention.
type OpenKind string

// The kinds of open item.
const (
	OpenNoSpeech OpenKind = "no_speech" // nothing was said, so there is nothing to draft
	OpenCritical OpenKind = "critical"  // must be in ApproveInput.Confirmed
	OpenStale    OpenKind = "stale"     // a sentence whose words were corrected; it is being made anew
	OpenWarning  OpenKind = "warning"   // from the record
	OpenReworded OpenKind = "reworded"  // the worker's own words that are not used any more; must be in ApproveInput.Confirmed
	OpenGap      OpenKind = "gap"       // sound without words
	OpenProposal OpenKind = "proposal"  // a language model suggests it; DecideProposal answers
	OpenDoubt    OpenKind = "doubt"     // a doubtful word under a field of the record
	OpenOmission OpenKind = "omission"  // in the record and not in a draft
	OpenMissing  OpenKind = "missing"   // a question that the dictation does not answer; AddStatement answers it
)

// OpenItem is one thing that asks for attention before approval.
type OpenItem struct {
	Kind     OpenKind
	ID       string // critical: the item's id; doubt: "<transcript>/<word>"; missing: the question's code; stale: the sentence's id
	Text     string // to show to those who may read the visit
	Audience kerbside.Audience
	Evidence []kerbside.Evidence
	Required bool // approval is refused unless it was heard or is in ApproveInput.Confirmed
	Heard    bool // the viewer's browser says that it has played all of its sound
}

// Progress is where a visit stands and how far its sound has been transcribed.
type Progress struct {
	State   kerbside.VisitState `json:"state"`
	DoneMS  int64               `json:"done_ms"`
	TotalMS int64               `json:"total_ms"` // 0 when unknown
	Words   int                 `json:"words"`
	Stage   string              `json:"stage"` // "transcribe", "extract", "draft", "propose" or ""

	Part  int `json:"part,omitempty"` // of what a language model reads, and of how many
	Parts int `json:"parts,omitempty"`
}

// CorrectionInput replaces a range of words.
type CorrectionInput struct {
	Transcript  kerbside.TranscriptID
	First, Last kerbside.WordID
	Old         string // what the person saw
	New         string // empty removes the words
	Reason      string
}

// ApproveInput names what is approved.
type ApproveInput struct {
	Covers    []kerbside.Covered // all of [VisitView.Covers]
	Confirmed []string           // ids of open items that the person says to have heard or checked
}

// ReviewInput is the second person's decision.
type ReviewInput struct {
	Action  kerbside.ReviewAction // ReviewLock or ReviewReturn
	Comment string                // needed to return
	Covers  []kerbside.Covered    // all of [VisitView.Covers]
	// Comments are on single sentences of the drafts that are covered; only with ReviewReturn.
	Comments []kerbside.SentenceComment
}

// HistoryEntry is one thing that happened to a visit.
type HistoryEntry struct {
	At     time.Time
	By     kerbside.UserID // "" when the pipeline did it
	ByName string
	Action string // as in kerbside.AuditEntry.Action, or "transcript", "record", "draft" for a new version
	Object string // kind and id
	Detail string // for those who may read the visit: what a correction changed, a comment
}
