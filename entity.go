package kerbside

import "time"

// Organisation is a council or an agency; everything belongs to one.
type Organisation struct {
	ID   OrganisationID
	Name string
}

// Team is a group of workers.
type Team struct {
	ID   TeamID
	Org  OrganisationID
	Name string
}

// Role is what a user may do.
type Role string

// The roles.
const (
	RoleWorker   Role = "worker"   // records, corrects, approves own visits
	RoleReviewer Role = "reviewer" // reviews others' visits too
	RoleManager  Role = "manager"
	RoleSupport  Role = "support" // uploads and files, never approves
	RoleAdmin    Role = "admin"   // administers, sees no content
)

// Roles are all there are.
func Roles() []Role { return []Role{RoleWorker, RoleReviewer, RoleManager, RoleSupport, RoleAdmin} }

// User is someone who can sign in.
type User struct {
	ID     UserID
	Org    OrganisationID
	Team   TeamID // "" is the team of those who were given none
	Name   string
	Email  string // as [CleanEmail] writes it; "" when they sign in without
	Role   Role
	LeftAt time.Time // signs in no more from then on; zero while they work here
}

// Left reports whether a person works here no more.
func (u User) Left() bool { return !u.LeftAt.IsZero() }

// Case is a child or a family that is worked with.
type Case struct {
	ID        CaseID
	Org       OrganisationID
	Reference string // the council's own number
	Name      string

	Plan         Plan
	PlanID       string // the plan's own number, for returns
	Worker       UserID // whose case it is; may be empty
	IntervalDays int    // between statutory visits; 0: none is set
	Due          string // ISO 8601, the day by which the next visit was last said to be due; "" when not said
	// ConfidentialAddress: where they live must not reach everybody of the case.
	ConfidentialAddress bool
	People              []Person // in the order in which they were imported
}

// Plan is what a child is visited under.
type Plan string

// The plans; "" when none is known.
const (
	PlanChildProtection Plan = "child_protection"
	PlanChildInNeed     Plan = "child_in_need"
	PlanLookedAfter     Plan = "looked_after"
)

// Person is somebody of a case, confirmed by a worker (an [Attendee] is only spoken of).
type Person struct {
	ID   string // the council's own number
	Name string
	Role string // as in a record: child, mother, …
	Born string // ISO 8601 or ""
	// ParentalResponsibility: who shares in decisions, and in what is written for the family.
	ParentalResponsibility bool
}

// Visit is one contact, made or attempted, with its recordings and what became of them.
type Visit struct {
	ID        VisitID
	Org       OrganisationID
	Case      CaseID // may be empty: whose visit it was can be said later
	Worker    UserID
	Title     string // what the worker calls it; may be empty
	Date      string // ISO 8601, the hint for relative dates; may be empty
	State     VisitState
	Reason    string // why it failed or was returned; safe to show
	CreatedAt time.Time
	UpdatedAt time.Time

	SaidDate   string  // ISO 8601, the day as the record has it; "" while it has none
	AddendumTo VisitID // the locked visit that this one adds to; usually empty
}

// RecordingState is how far the sound has come.
type RecordingState string

// The states of a recording.
const (
	RecordingOpen RecordingState = "open" // chunks are arriving
	RecordingSafe RecordingState = "safe" // complete, synced, hash confirmed
	// RecordingExpired was started and no sound ever came; it opens again when some does.
	RecordingExpired RecordingState = "expired"
	// RecordingUnusable is safe too, but no words could be made of it; its bytes are kept and it can be tried again.
	RecordingUnusable RecordingState = "unusable"
	// RecordingVoid was put on the wrong visit: nothing is made of it here any more. Its bytes are kept, and what was made of it stays in the history.
	RecordingVoid RecordingState = "void"
	// RecordingErased was deleted, under the retention policy or by a person: its key is destroyed. What was made of it may still be there.
	RecordingErased RecordingState = "erased"
)

// Recording is the sound of one dictation or visit: one or more takes, each a container header and numbered chunks.
type Recording struct {
	ID         RecordingID
	Org        OrganisationID
	Visit      VisitID
	ClientID   string // chosen by the sender, so that sending twice is harmless
	Kind       RecordingKind
	Name       string // the file's name as given, for people
	State      RecordingState
	SHA256     string // of all bytes, set when safe
	Bytes      int64
	DurationMS int64  // set when transcribed; 0 when unknown or typed
	Blob       string // key in the blob store, set when safe; "" for typed text
	CreatedAt  time.Time
	FinishedAt time.Time

	Expected       int64  // bytes that the sender announced; 0 when it did not
	ExpectedSHA256 string // of all bytes, announced; "" when it was not
}

// Chunk is one acknowledged piece of a take: on disk, synced and hashed.
type Chunk struct {
	Recording RecordingID
	Take      int // 1, 2, …
	Seq       int // 0, 1, … within the take
	SHA256    string
	Bytes     int64
	Blob      string
}
