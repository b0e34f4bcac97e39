package kerbside

import "time"

// ReviewAction is what a person did about exact versions.
type ReviewAction string

// The review actions. Approve comes from the author of the visit, review from another person; a review locks.
const (
	ReviewApprove ReviewAction = "approve"
	ReviewLock    ReviewAction = "review"
	ReviewReturn  ReviewAction = "return"
)

// VisitState is where a visit stands.
type VisitState string

// Closed reports whether nothing of a visit changes any more.
func (s VisitState) Closed() bool { return s == VisitLocked || s == VisitErased }

// The states, in their usual order.
const (
	VisitOpen       VisitState = "open"       // nothing recorded yet
	VisitProcessing VisitState = "processing" // sound is in, the drafts are not yet
	VisitDrafted    VisitState = "drafted"    // to be corrected and approved
	VisitApproved   VisitState = "approved"   // by its worker; waits for the second person
	VisitReturned   VisitState = "returned"   // by the second person, with a reason
	VisitLocked     VisitState = "locked"     // immutable
	VisitFailed     VisitState = "failed"     // a stage gave up; what was recorded is safe
	VisitErased     VisitState = "erased"     // words or drafts were deleted before anybody locked it: nothing is made of it any more
)

// DocumentKind sorts documents.
type DocumentKind string

// The kinds of document.
const (
	DocTranscript DocumentKind = "transcript"
	DocRecord     DocumentKind = "record"
	DocDraft      DocumentKind = "draft"
	DocChoices    DocumentKind = "choices"   // what the worker released and had put in
	DocProposals  DocumentKind = "proposals" // what a language model alone read; an input, never made anew from the same words
	DocDecisions  DocumentKind = "decisions" // what people said of proposals
	DocVoid       DocumentKind = "void"      // why a recording was taken out; the key is the recording's id
	DocComments   DocumentKind = "comments"  // on single sentences, when a visit was returned; the key is the review's id
	DocOversight  DocumentKind = "oversight" // a manager's entry about the visit; the key is its own id
	DocTick       DocumentKind = "tick"      // a person's word that an action was done; the key is the action's id
)

// DocumentKinds are all kinds of document.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{DocTranscript, DocRecord, DocDraft, DocChoices, DocVoid, DocComments, DocOversight, DocTick}
}

// Document is one immutable version of something derived. Versions are only ever added.
type Document struct {
	ID      DocumentID
	Org     OrganisationID
	Visit   VisitID
	Kind    DocumentKind
	Key     string // transcript: the recording's id; draft and choices: the audience; record: ""
	Version int    // 1, 2, … for each (Visit, Kind, Key)
	SHA256  string // of Body
	Input   string // SHA-256 of what the stage made it from; "" when a person made it. The same input is not worked twice
	Author  UserID // "" when the pipeline made it
	At      time.Time
	Reason  string
	Body    []byte // the JSON
}

// Review is a person's decision about exact versions: the documents' ids and hashes. It stops counting when a newer version of
// one of them exists.
type Review struct {
	ID      string
	Org     OrganisationID
	Visit   VisitID
	Action  ReviewAction
	By      UserID
	At      time.Time
	Comment string
	Covers  List[Covered]
	// Confirmed are ids of critical items, and words, that the person says to have heard or checked.
	Confirmed List[string]
}

// Heard is a stretch of a recording that a person's browser says it has played.
type Heard struct {
	Org       OrganisationID
	Visit     VisitID
	Recording RecordingID
	By        UserID
	At        time.Time
	StartMS   int64
	EndMS     int64
}

// SentenceComment is what a reviewer says of one sentence of a draft.
type SentenceComment struct {
	Document DocumentID `json:"document"`
	Sentence string     `json:"sentence"` // its id
	Text     string     `json:"text"`
}

// Oversight is a manager's entry about a visit. Entries are only ever added.
type Oversight struct {
	Decision  string `json:"decision"`
	Rationale string `json:"rationale"`
}

// Tick is a person's word that an action was done, or, when not Done, that it was not after all. The record keeps what was said at the visit; this stands beside it.
type Tick struct {
	Done bool `json:"done"`
}

// Covered is one document that a review is about.
type Covered struct {
	Document DocumentID `json:"document"`
	SHA256   string     `json:"sha256"`
}

// Entry is a person's word that a draft was entered in the council's case system, or, when Undone, that it was not after all.
type Entry struct {
	ID       string
	Org      OrganisationID
	Visit    VisitID
	Audience Audience
	Document DocumentID // the version
	By       UserID
	At       time.Time
	On       string // the day, ISO 8601
	Undone   bool
}
