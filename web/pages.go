package web

import (
	"time"

	"kerbside"
	"kerbside/service"
)

// The structs that templates are given, one for each file under templates.

type errorPage struct {
	layout
	Title     string
	Message   string
	SignedOut bool
	Back      string // where to go on from a conflict; may be empty
}

type signInPage struct {
	layout
	Token     string // of a link; empty: offer the other ways
	Passwords bool   // they are used here
	Identity  string // what the council's own sign-in is called; empty: there is none
	Email     string // as it was typed, after a failure
	Trouble   string
}

type accountPage struct {
	layout
	Name, Email, Role string
	Passwords         bool // they are used here
	Password          bool
	PasswordAt        time.Time
	Fresh             bool // signed in a moment ago
	Administers       bool
	Passkeys          []passkeyRow
	Sessions          []sessionRow
	Tokens            []tokenRow
	Scopes            []scopeOption
}

type passkeyRow struct {
	ID, Name          string
	CreatedAt, UsedAt time.Time
}

type sessionRow struct {
	ID, Agent, How    string
	CreatedAt, SeenAt time.Time
	Here              bool
}

type tokenRow struct {
	ID, Name      string
	Scopes        []string
	Until, UsedAt time.Time
}

type scopeOption struct {
	Scope kerbside.Scope
	Name  string
}

// tokenPage shows an API token, once.
type tokenPage struct {
	layout
	Name, Token string
	Until       time.Time
}

// recorderPart is the recorder itself, on the first page and on its own.
type recorderPart struct {
	UserID kerbside.UserID
	Visit  kerbside.VisitID // the visit to add to; empty for a new one
	Title  string           // of that visit
	Case   string           // the name of the case that the visit will belong to; empty when nobody has said
	Today  string           // ISO 8601
	Key    string           // the server's public key, base64
	// Offline: the page is kept in the browser and shown when there is no signal.
	Offline bool
}

// Roles are those who can be said to have agreed with one tap.
func (recorderPart) Roles() []string { return []string{"Mother", "Father", "Child", "Carer"} }

type homePage struct {
	layout
	Recorder  *recorderPart // nil for those who do not record
	Mine      []visitRow
	Done      []visitRow // reviewed and locked, or deleted
	ToReview  []visitRow // the first few
	Waiting   int        // all of them
	MayReview bool
	Alerts    []alertPart
	Picks     []casePick
	MayAct    bool // they have actions
	MayTeam   bool // they see the team's figures

	MoreAlerts []alertPart
	Seen       []alertPart // alerts that somebody looks after
}

type recordPage struct {
	layout
	Recorder recorderPart
	Picks    []casePick
}

type visitRow struct {
	URL    string
	Title  string
	Detail string // worker, length, age
	State  string
	Doubt  bool // asks for somebody's attention
}

// addPage is the form for a file or a note.
type addPage struct {
	layout
	Visit kerbside.VisitID
	Title string
	Today string
	Max   string // the largest file, for people
}

type visitPage struct {
	layout
	ID          kerbside.VisitID
	Title       string
	Sub         string
	Case        *casePart // nil for who may not say whose visit it was
	State       kerbside.VisitState
	StateName   string
	Line        statusLine
	Editable    bool
	CanApprove  bool
	CanReview   bool
	CanRetry    bool
	CanAmend    bool               // it is locked; what is new is an addendum
	AddendumTo  kerbside.VisitID   // the visit that this one adds to
	Addenda     []kerbside.VisitID // visits that add to this one
	CanEnter    bool
	Approved    bool   // as it is
	Today       string // ISO 8601
	Tabs        []tab
	Panels      []draftPanel
	Shown       string // words to show when the page opens, as in evidencePart.Spec
	Record      *recordPanel
	Transcripts []transcriptPart
	Statements  []statementPart
	Asks        []askPart
	Open        []openGroup
	Required    []openPart // to be heard or checked before an approval
	Doubts      []openPart // words to be settled before it
	Covers      []string
	Approves    []approvesPart
	Reviews     []reviewPart
	Reading     bool       // a language model is still to read it
	Queue       *queuePart // nil for those who do not review
	Keep        *keepPart
	Delete      *deletePart

	SecondNext     string // the readers for whom a second person approves too; "" with NoSecond
	NoSecond       bool   // the approval locks
	ConsentMissing bool
	History        []historyPart

	Give      []colleague // whom it can be given to; empty for those who may not
	Oversee   bool        // offer to add an entry
	Oversight []overseenPart
	MoveTo    []moveChoice // where a recording of it may belong instead
	Voids     []voidPart
}

// recordingOf is a transcript on its page.
type recordingOf struct {
	Page visitPage
	T    transcriptPart
}

type colleague struct {
	ID      kerbside.UserID
	Name    string
	Role    string
	Current bool
	Self    bool
}

type overseenPart struct {
	Decision, Rationale, By string
	At                      time.Time
}

type moveChoice struct {
	ID   kerbside.VisitID
	Name string
}

// voidPart is a recording that was taken out.
type voidPart struct {
	Name, Reason, By string
	At               time.Time
	Moved            bool
	MovedTo          kerbside.VisitID
}

// coverPage is who does whose work.
type coverPage struct {
	layout
	Covers   []coverRow
	Team     []colleague
	Takers   []colleague
	From, To string // ISO 8601
}

type coverRow struct {
	ID      string
	By, Of  string
	Dates   string
	Waiting bool // it has not begun
}

// restrictionPage is who alone may know of a case.
type restrictionPage struct {
	layout
	ID         kerbside.CaseID
	Name       string
	Restricted bool
	People     []colleague
}

// statusLine is the one line at the top: what is happening, or what is left to do.
type statusLine struct {
	Text    string
	Busy    bool
	DoneMS  int64
	TotalMS int64
	Doubt   bool
	Next    string // where the next thing to do stands; may be empty
}

type tab struct {
	Key     string
	Name    string
	Current bool
	Marked  int // stale or changed sentences
}

type draftPanel struct {
	Key       string
	Name      string
	Title     string
	Current   bool
	Blocks    []draftBlock
	Gone      []string
	Withheld  []withheldPart
	Released  []releasedPart
	Omissions []openPart
	Unused    []ownPart // own words that do not stand any more
	Take      takePart
}

type draftBlock struct {
	Name      string
	Sentences []sentencePart
}

type sentencePart struct {
	ID       string
	Text     string
	Frame    bool // the template's own words
	Label    string
	Evidence evidencePart
	Stale    bool
	Changed  bool
	Old      string // the text before; empty when the sentence is new
	Sentence string // its id within the draft
	Comments []commentPart
	Own      *ownPart // it stands in the worker's own words
	MayWord  bool
	Edit     bool // the form to put it into own words is open
}

// ownPart is what the worker put in the place of a drafted sentence.
type ownPart struct {
	Sentence, By, Before, Text, Reason, Why string
	At                                      time.Time
	Look                                    []string // what to look at
}

// commentPart is what the second person said of one sentence when the visit was returned.
type commentPart struct{ By, Text string }

// evidencePart points from a claim to its words.
type evidencePart struct {
	Spec  string // "0:w12:w19 …": transcript, first and last word; for the script
	Href  string // the first word, for a browser without it; may be empty
	Label string // what the link is called, with its time
	Sound bool
	Quote string
}

// withheldPart is an item that the reader of a draft may not see; releasing it needs a reason.
type withheldPart struct {
	ID, Kind, Reason, Text string
	Evidence               evidencePart
}

// choiceForm is a form about one item of one draft.
type choiceForm struct {
	Visit          kerbside.VisitID
	Audience, Item string
}

// releasedPart is an item that the worker let the reader see, and why.
type releasedPart struct{ ID, Reason, Text string }

type recordPanel struct {
	Current bool
	Facts   []factPart
	Groups  []foundGroup
	Decided []suggestedPart
	Dropped []droppedPart
	Struck  []foundPart
}

// suggestedPart is a suggestion that somebody decided on.
type suggestedPart struct {
	foundPart
	ID, By string
	At     time.Time
}

// droppedPart is what the evidence gate left out.
type droppedPart struct{ Text, Kind, Why string }

type factPart struct {
	Name     string
	Value    string
	Known    bool
	Evidence evidencePart
}

type foundGroup struct {
	Name  string
	Items []foundPart
}

type foundPart struct {
	Item     string // its id, where it can be taken out
	Text     string
	Tags     []tagPart
	Evidence evidencePart
	Edit     bool   // the form to take it out is open
	Why      string // it was taken out
}

type tagPart struct {
	Text  string
	Doubt bool
}

type transcriptPart struct {
	Index      int
	ID         kerbside.TranscriptID
	Recording  kerbside.RecordingID
	Name       string
	Sound      bool
	Takes      []soundPart
	Version    int
	Last       string // the last correction that stands, for people; "" when there is none
	LastID     string
	Paragraphs []paragraphPart
	Notices    []string
	Removed    []removedPart
	Empty      bool
}

// soundPart is a stretch of the recording that can be played by itself.
type soundPart struct {
	Number  int
	StartMS int64
}

type paragraphPart struct {
	Time  string // when it begins; empty for typed text
	Words []wordPart
}

type wordPart struct {
	ID           kerbside.WordID
	Text         string
	Sound        bool
	StartMS      int64
	EndMS        int64
	Doubt        bool
	Corrected    bool
	Alternatives string // joined by "|", for the script
}

type removedPart struct{ Time, Text, Reason string }

type statementPart struct {
	ID   kerbside.StatementID
	Text string
	At   time.Time
}

type askPart struct {
	Code string
	Text string
	Yes  string // the sentence that a tap stands for; empty when only words answer
	No   string
}

// askForm is a question with the visit that its form belongs to.
type askForm struct {
	askPart
	Visit kerbside.VisitID
}

type openGroup struct {
	Name  string
	Hint  string
	Items []openPart
}

type openPart struct {
	ID       string
	Text     string
	Reader   string
	Audience string // the draft that it was left out of
	Kind     service.OpenKind
	Heard    bool   // the viewer's browser says that it played it
	Before   string // of a doubtful word: what was said around it
	After    string
	Sentence string // in which the words stand, "<transcript>:<word>"; what has the same one is heard together
	Evidence evidencePart
	Options  []optionPart // what the words may be instead
	Tags     []tagPart
	Suggests bool // a language model does; it is put in or left out
}

// readingsForm offers other readings of a doubtful word.
type readingsForm struct {
	Visit   kerbside.VisitID
	Options []optionPart
}

// optionPart is a correction that is one tap away.
type optionPart struct {
	Transcript  kerbside.TranscriptID
	First, Last kerbside.WordID
	Old, New    string
}

type approvesPart struct {
	Name     string
	Empty    bool
	Withheld int
}

type reviewPart struct {
	Text    string
	Comment string
	At      time.Time
	Past    bool
	// Elsewhere are comments on sentences that do not stand there any more.
	Elsewhere []string
}

type historyPart struct {
	At     time.Time
	By     string
	Text   string
	Detail string
}

// choosePage asks which of several equal stretches of words is meant.
type choosePage struct {
	layout
	ID      kerbside.VisitID
	Old     string
	New     string
	Reason  string
	Options []chooseOption
}

type chooseOption struct {
	Transcript    kerbside.TranscriptID
	First, Last   kerbside.WordID
	Before, After string
}

type casesPage struct {
	layout
	Cases     []caseRow
	MayImport bool
	MayOpen   bool
	Result    *service.CaseImport // of an import that was just made or tried
	Tried     bool
}

type caseRow struct {
	ID        kerbside.CaseID
	Name      string
	Reference string
	Detail    string // people, plan, worker
	Due       string // for people; "" when nothing is set
	Overdue   bool
	Hidden    bool // a confidential address
	MayKeep   bool // the viewer may see what is kept of it
	Restrict  bool // the viewer may name who alone knows of it
}

// casePart offers the cases that a visit may belong to.
type casePart struct {
	Current string // the case's name; "" when none is set
	Opens   string // the address of its page; "" likewise
	Choices []caseChoice
}

type caseChoice struct {
	ID      kerbside.CaseID
	Name    string
	Current bool
}

type peoplePage struct {
	layout
	People []personRow
	Roles  []roleOption
	Teams  []teamOption // for administrators
	Admin  bool
	Cover  bool // the viewer arranges cover
}

type personRow struct {
	ID      kerbside.UserID
	Name    string
	Role    string
	Team    string
	Left    bool
	MayLink bool
}

type teamOption struct {
	ID      kerbside.TeamID
	Name    string
	Current bool
}

type personPage struct {
	layout
	ID       kerbside.UserID
	Name     string
	Email    string
	Roles    []roleChoice
	Teams    []teamOption
	Left     bool
	Sessions []sessionRow
}

type roleChoice struct {
	roleOption
	Current bool
}

type roleOption struct {
	Role kerbside.Role
	Name string
	Hint string
}

// linkPage shows a sign-in link, once.
type linkPage struct {
	layout
	Name string
	Link string
}
