package kerbside

import (
	"context"
	"io"
	"slices"
	"time"
)

// Sound is where the bytes of a recording come from: a path, or a reader for bytes that arrive over time.
type Sound struct {
	Ref    RecordingRef // ID and Kind; the transcriber fills in hash and duration where they are empty
	Path   string
	Reader io.Reader // used when Path is empty

	Checkpoint Checkpoint
}

// TranscribeOptions are a caller's wishes. Zero values are the defaults.
type TranscribeOptions struct {
	Language string   // "en"
	Preset   string   // "accurate" or "fast"
	Terms    []string // names and terms to listen for, and to offer where words sound like one

	SpokenPunctuation bool   // "full stop", "new line" and the like are commands
	KeepSpelling      bool   // leave American spellings as the engine wrote them
	SplitChannels     bool   // each channel is a speaker of its own; else all are mixed and nobody is told apart
	Date              string // ISO 8601, the day on which it was said, for "yesterday"; the recording's own date when empty
}

// TranscribeProgress tells how far a transcription is.
type TranscribeProgress struct {
	DoneMS  int64  // of the recording's clock
	TotalMS int64  // 0 when unknown
	Words   []Word // the words that became final with this step
}

// Transcriber turns sound into a transcript. The result depends on the bytes, the model and the options only. Sound without speech gives
// a transcript without words and with FlagNoSpeech, not an error.
type Transcriber interface {
	Transcribe(ctx context.Context, sound Sound, o TranscribeOptions, progress func(TranscribeProgress)) (*Transcript, error)
}

// ExtractOptions is what an extractor is told beside the sources.
type ExtractOptions struct {
	VisitDate string // ISO 8601, used when the text names no date
	HintFrom  string // where VisitDate comes from: "option", "recording", "visit"
	Worker    WorkerRef
	Case      string // the council's own reference, kept in the record
	Terms     []Term

	// Accepted is what people accepted of a language model's proposals, with evidence in these sources. It goes through the gate like everything else and
	// stands as [Accepted], unless the engine itself speaks of the same words: then the engine's reading stands.
	Accepted *Record
}

// Extractor fills a record from sources: transcripts first, in the order in which they were recorded, then statements.
// What it returns has passed the evidence gate.
type Extractor interface {
	Extract(ctx context.Context, sources []*Source, o ExtractOptions) (*Record, error)
}

// Proposer reads, beside an extractor, what a language model would put into a record.
type Proposer interface {
	// Propose gives what the model alone found beside r, a record of the same sources, as a record of its own: items with the standing [Proposed], the
	// model's warnings, and Proposals. r is not changed. It reports CodeUnavailable when the model could not be used, CodeCanceled when ctx ended.
	Propose(ctx context.Context, r *Record, sources []*Source, o ExtractOptions) (*Record, error)
}

// DraftOptions choose a draft.
type DraftOptions struct {
	Audience Audience
	For      PersonID // a family draft for one reader
	Release  []Release
	Include  []string // ids of omitted items that the worker had put in
	Reword   []Rewording
}

// Release is the worker's decision that a reader may see a withheld item, and why.
type Release struct {
	Item   string `json:"item"`
	Reason string `json:"reason"`
}

// Drafter composes a draft from a record and the sources that it was made from.
type Drafter interface {
	Draft(ctx context.Context, r *Record, sources []*Source, o DraftOptions) (*Draft, error)
}

// Exporter writes what leaves the house. The same arguments give the same bytes.
type Exporter interface {
	// Export writes one draft. A format that is not one of [Formats] is CodeInvalid.
	Export(w io.Writer, d *Draft, o ExportOptions) error
	// Bundle writes everything about one visit as one signed file.
	Bundle(w io.Writer, d *Dossier) error
	// Calendar writes the actions of several visits that are still to be done and have a day, and the next visits.
	Calendar(w io.Writer, d []*Dossier) error
}

// Notifier tells the organisation's own system that there is something to look at. What it is told holds no content.
type Notifier interface {
	// Notify sends a message with an id, which is the same when it is sent again. No error means that it has arrived.
	Notify(ctx context.Context, id string, body []byte) error
}

// BlobStore keeps bytes under keys, written once.
type BlobStore interface {
	// Put stores what r gives under key and returns its SHA-256 and length. Once it returns, the bytes survive a
	// crash. A key that exists is CodeConflict unless the bytes are the same, which is no error. Nothing is visible
	// under key before all of it is.
	Put(ctx context.Context, key string, r io.Reader) (sha256 string, n int64, err error)
	// Open gives the bytes; CodeNotFound when there is no such key.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
	// Delete removes a key; removing what is not there is no error.
	Delete(ctx context.Context, key string) error
	// List calls f with each key that has the prefix, in order.
	List(ctx context.Context, prefix string, f func(key string) error) error
}

// DatedBlobs is a BlobStore that knows when each blob was written. What it cannot tell the age of, nobody tidies up.
type DatedBlobs interface {
	BlobStore
	// Written gives when the bytes under key became visible, by the store's clock; CodeNotFound when there is no such key.
	Written(ctx context.Context, key string) (time.Time, error)
}

// Store keeps everything but sound. Every row carries its organisation.
type Store interface {
	// Update runs f in one transaction: all of it or nothing. f may run more than once.
	Update(ctx context.Context, f func(Tx) error) error
	// View runs f on one consistent state; writes in f are an error.
	View(ctx context.Context, f func(Tx) error) error
	Close() error
}

// RecordingTotal sums up the recordings of a visit.
type RecordingTotal struct {
	N          int
	DurationMS int64
}

// VisitFilter chooses visits; zero fields do not narrow.
type VisitFilter struct {
	Worker  UserID
	Workers []UserID // any of these; nil does not narrow
	States  []VisitState
	Cases   []CaseID // any of these; nil does not narrow
	From    string   // ISO 8601: not before this day; a visit without a date counts as of the day on which it was begun (UTC)
	Until   string   // ISO 8601: not after this day
	PerCase int      // at most so many of each case, the newest by their day; with Cases only

	AddendumTo VisitID
	Changed    time.Time // changed then or later
	After      VisitMark // those that come after this one
	Limit      int
}

// VisitMark is a visit's place in a list, newest first; the list goes on after it whatever was added meanwhile.
type VisitMark struct {
	CreatedAt time.Time
	ID        VisitID
}

// Tx is one transaction. Put methods insert or replace by id; Add methods only ever insert and report CodeConflict when the
// thing exists. Getters report CodeNotFound.
type Tx interface {
	AccountTx
	AccessTx
	WorkflowTx
	CaseloadTx
	LexiconTx
	LedgerTx

	PutOrganisation(Organisation) error
	Organisations() ([]Organisation, error)

	PutUser(User) error
	User(UserID) (User, error)
	Users(OrganisationID) ([]User, error)

	PutCase(Case) error
	Case(OrganisationID, CaseID) (Case, error)
	Cases(OrganisationID) ([]Case, error) // by name

	PutVisit(Visit) error
	Visit(OrganisationID, VisitID) (Visit, error)
	Visits(OrganisationID, VisitFilter) ([]Visit, error) // newest first

	PutRecording(Recording) error
	Recording(OrganisationID, RecordingID) (Recording, error)
	RecordingByClient(OrganisationID, string) (Recording, error)
	Recordings(OrganisationID, VisitID) ([]Recording, error)
	// RecordingTotals gives, for each of the visits that has any, how many recordings it has and how long they are together.
	RecordingTotals(OrganisationID, []VisitID) (map[VisitID]RecordingTotal, error)
	// OpenRecordings gives recordings that are still arriving and began before a time, oldest first; a worker's own, or everybody's when it is "".
	OpenRecordings(o OrganisationID, worker UserID, before time.Time) ([]Recording, error)
	// ErasedRecordings gives those that were deleted and whose bytes are still to be removed.
	ErasedRecordings(OrganisationID) ([]Recording, error)
	AddChunk(OrganisationID, Chunk) error
	Chunk(o OrganisationID, r RecordingID, take, seq int) (Chunk, error)
	Chunks(OrganisationID, RecordingID) ([]Chunk, error) // by take and seq

	AddDocument(Document) error
	Document(OrganisationID, DocumentID) (Document, error)
	// NextVersion is the version after the newest of a key, be it readable or erased.
	NextVersion(OrganisationID, VisitID, DocumentKind, string) (int, error)
	// LatestDocuments gives the newest version of each key of a kind.
	LatestDocuments(OrganisationID, VisitID, DocumentKind) ([]Document, error)
	// DocumentVersions gives all versions of one key, oldest first.
	DocumentVersions(OrganisationID, VisitID, DocumentKind, string) ([]Document, error)

	AddCorrection(OrganisationID, VisitID, TranscriptID, Correction) error
	Corrections(OrganisationID, VisitID, TranscriptID) ([]Correction, error) // in their order
	AddStatement(OrganisationID, VisitID, Statement) error
	Statements(OrganisationID, VisitID) ([]Statement, error)
	AddReview(Review) error
	Reviews(OrganisationID, VisitID) ([]Review, error) // oldest first
	AddEntry(Entry) error
	Entries(OrganisationID, VisitID) ([]Entry, error) // oldest first

	// AuditSize is the number of entries of an organisation's audit log. AddAudit adds the entry with that number and the hashes that it
	// completes, in the order of package audit; another number is CodeConflict. PutAuditHead keeps a signed head: the last of each day stays.
	AuditSize(OrganisationID) (int64, error)
	AddAudit(n int64, e AuditEntry, hashes [][32]byte) error
	AuditHashes(o OrganisationID, indexes []int64) ([][32]byte, error) // CodeNotFound when one is missing
	PutAuditHead(OrganisationID, AuditHead) error
	AuditHeads(OrganisationID) ([]AuditHead, error)                               // oldest first
	AuditFrom(o OrganisationID, n int64, limit int) ([]NumberedAuditEntry, error) // in their order, from entry n on
	Audit(OrganisationID, int) ([]AuditEntry, error)                              // newest first
	// AuditFind gives entries that a filter chooses, newest first; AuditActions all actions that there are.
	AuditFind(OrganisationID, AuditFilter, int) ([]NumberedAuditEntry, error)
	AuditActions(OrganisationID) ([]string, error)
	VisitAudit(OrganisationID, VisitID) ([]AuditEntry, error) // oldest first

	// PutSearch sets the words that a visit is found by; none takes it out.
	PutSearch(OrganisationID, VisitID, []string) error
	// Search gives the visits that have all of the words, newest first.
	Search(OrganisationID, VisitFilter, []string) ([]Visit, error)

	// PutDataKey inserts or replaces a key; one that was erased stays so, which is CodeConflict.
	PutDataKey(DataKey) error
	DataKey(OrganisationID, string) (DataKey, error)
	// DataKeys gives at most limit keys, erased ones too, that come after the organisation and scope given, in this order.
	DataKeys(after OrganisationID, afterScope string, limit int) ([]DataKey, error)
	// EraseDataKey destroys a key for ever and leaves a mark of it, also where there was none. What is known of its scope in the search
	// index goes too.
	EraseDataKey(o OrganisationID, scope string, at time.Time) error

	// Enqueue adds a job with the transaction: it runs only if the transaction commits.
	Enqueue(Job) error
	// Hold says that the transaction is a part of a run of a job: it commits only while the job is that run's. CodeConflict when it was claimed again since, so that a
	// worker that was stopped for a while overwrites nothing of the one that took its place. Each commit of a stage begins with it.
	Hold(Job) error
	// Jobs gives a visit's jobs that wait or run.
	Jobs(OrganisationID, VisitID) ([]Job, error)
	// JobCounts counts the jobs of all organisations.
	JobCounts() ([]JobCount, error)
	// SetAside gives the jobs of an organisation that were given up, with their reasons, oldest first.
	SetAside(OrganisationID) ([]Job, error)
}

// AuditEntry is one thing that somebody did.
type AuditEntry struct {
	Org    OrganisationID
	By     UserID
	At     time.Time
	Action string  // "sign_in", "read", "play", "correct", "approve", …
	Object string  // kind and id, never content
	Visit  VisitID // what it was about; "" when not a visit
}

// NumberedAuditEntry is an entry with its number in its organisation's log.
type NumberedAuditEntry struct {
	N int64
	AuditEntry
}

// AuditFilter chooses entries; zero fields do not narrow.
type AuditFilter struct {
	By     UserID
	Action string
	From   time.Time
	Until  time.Time // not included
	Before int64     // entries with a lower number only
}

// AuditHead is the signed state of an audit log: how many entries there are and the hash of them all.
type AuditHead struct {
	Size int64
	At   time.Time
	Note string // a signed note, golang.org/x/mod/sumdb/note
}

// JobKind names a stage.
type JobKind string

// The kinds of job.
const (
	JobTranscribe JobKind = "transcribe"
	JobExtract    JobKind = "extract"
	JobDraft      JobKind = "draft"
	JobPropose    JobKind = "propose" // a language model reads beside the record that is there
	JobListen     JobKind = "listen"  // with several nodes: a recording is listened to while it arrives
)

// Priority orders jobs; those of one priority take turns by owner.
type Priority int

// The priorities. A job that waits already and is enqueued again gets the higher of the two.
const (
	PriorityIdle Priority = -1 // nobody waits for it, and it waits for another machine: one at a time, on a worker of its own
	PriorityFile Priority = 0  // a file that was sent: it can wait
	PriorityNext Priority = 1  // stages after the transcript: short, and somebody waits
	PriorityLive Priority = 2  // sound that was spoken into a recorder: somebody waits for it
)

// Job is one stage to run for one visit. A stage that runs twice is harmless.
type Job struct {
	ID        JobID
	Org       OrganisationID
	Kind      JobKind
	Visit     VisitID
	Recording RecordingID // transcribe and listen only
	Owner     UserID      // whose it is: nobody waits for all that somebody else sent
	Priority  Priority
	Attempt   int    // 1 for the first run
	Lease     int64  // which claim of it this is; each has a higher one. What was claimed again since is [Tx].Hold's to find
	LastError string // safe to show
}

// JobCount is how many jobs of a kind are in a state: "queued", "running", or "aside" after they gave up.
type JobCount struct {
	Kind  JobKind
	State string
	N     int64
}

// WorkOptions say what a worker takes.
type WorkOptions struct {
	Workers int       // how many jobs at one time, of each lane (see Queue); at least 1
	Kinds   []JobKind // nil: all
	// Drain is how long what runs may go on once the context of [Queue].Work has ended; what is not done then is given back.
	Drain time.Duration
}

// Running gives the context of what runs: it ends when ctx has ended for so long, or when done is called.
func (o WorkOptions) Running(ctx context.Context) (running context.Context, done context.CancelFunc) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() {
		defer cancel()
		if o.Drain <= 0 {
			return
		}
		t := time.NewTimer(o.Drain)
		defer t.Stop()
		select {
		case <-t.C:
		case <-running.Done():
		}
	})
	return running, func() { forget(); cancel() }
}

// Takes reports whether jobs of a kind are taken.
func (o WorkOptions) Takes(k JobKind) bool { return o.Kinds == nil || slices.Contains(o.Kinds, k) }

// Queue runs jobs that transactions enqueued.
type Queue interface {
	// Work runs jobs until ctx ends, and what it began until that is done or o.Drain has passed: handle is called for one job at a time on each of the workers, on as many again that take live ones only, so
	// that these never wait for files, and on one that takes idle ones only, for which no other is used. The most urgent job is next; among equals one of the organisation with the
	// fewest running and then longest without a turn, and in it one of the person of whom that is true. The same stage of the same thing never runs twice at one time.
	// A job whose handler fails is tried again with back-off, three times in all, and then given to
	// setAside. A job whose worker died is run again. One that is not heard of ([Beat]) for a while is stopped, which is a failure. The context of one that another worker was
	// given meanwhile ends, and what becomes of it here counts for nothing (see [Tx].Hold).
	Work(ctx context.Context, o WorkOptions, handle func(context.Context, Job) error, setAside func(context.Context, Job, error)) error
}

// ModelProgress tells how far a language model's reading of one record is.
type ModelProgress struct {
	Part, Parts int // 1-based
	Tokens      int // of all answers up to now
}

type modelProgressKey struct{}

// WithModelProgress gives a context in which [TellModelProgress] calls f.
func WithModelProgress(ctx context.Context, f func(ModelProgress)) context.Context {
	return context.WithValue(ctx, modelProgressKey{}, f)
}

// TellModelProgress is called while a language model's answers arrive; where nobody wants to know it does nothing.
func TellModelProgress(ctx context.Context, p ModelProgress) {
	if f, ok := ctx.Value(modelProgressKey{}).(func(ModelProgress)); ok {
		f(p)
	}
}

type beatKey struct{}

// WithBeat gives a context in which [Beat] calls f.
func WithBeat(ctx context.Context, f func()) context.Context {
	return context.WithValue(ctx, beatKey{}, f)
}

// Beat tells the queue that the job of ctx gets on. Handlers call it with each step; outside of a job it does nothing.
func Beat(ctx context.Context) {
	if f, ok := ctx.Value(beatKey{}).(func()); ok {
		f()
	}
}
