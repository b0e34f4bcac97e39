package kerbside

import "time"

// RecordSchema is the value of [Record.Schema].
const RecordSchema = "kerbside.record/v1"

// Record is the structured record of the dictations about one visit (kerbside.record/v1). Engines propose one; what a
// caller holds came out of the evidence gate (package extract), which drops whatever its sources do not say.
type Record struct {
	Schema     string           `json:"schema"`
	Source     RecordSource     `json:"source"`
	Visit      VisitFacts       `json:"visit"`
	Children   List[ChildFacts] `json:"children"`
	Attendees  List[Attendee]   `json:"attendees"`
	Risks      List[Risk]       `json:"risks"`
	Strengths  List[Strength]   `json:"strengths"`
	Actions    List[Action]     `json:"actions"`
	ChildVoice List[ChildVoice] `json:"child_voice"`
	Injuries   List[Injury]     `json:"injuries"`
	Sensitive  List[Sensitive]  `json:"sensitive"`
	Missing    List[Missing]    `json:"missing"`
	Warnings   List[Warning]    `json:"warnings"`
	Gate       GateReport       `json:"gate"` // what the gate dropped or changed
	// Consent is the ledger of who agreed that a recorded visit was recorded; the service has it, nobody said it.
	Consent   List[ConsentLine] `json:"consent,omitempty"`
	Proposals *Proposals        `json:"proposals,omitempty"`
	Accepted  List[Acceptance]  `json:"accepted,omitempty"` // who put into the record what a language model had proposed
	Struck    List[Struck]      `json:"struck,omitempty"`   // what its worker took out, and why
}

// Struck is something that was read from the words and that the worker says is not so. It stands in no list of the record and in no draft.
type Struck struct {
	ID       string         `json:"id"`   // of the item that it was
	Kind     string         `json:"kind"` // risk, strength, action, child_voice
	Text     string         `json:"text"`
	Evidence List[Evidence] `json:"evidence"`
	By       UserID         `json:"by"`
	At       time.Time      `json:"at"`
	Reason   string         `json:"reason"`
	Instead  StatementID    `json:"instead"` // what the worker states in its place; "" for nothing
}

// Acceptance is a person's word that something which a language model proposed stands in the record.
type Acceptance struct {
	Item   string    `json:"item"` // id of the item or the person, or "visit." and the name of the fact
	By     UserID    `json:"by"`
	At     time.Time `json:"at"`
	Engine string    `json:"engine"` // as in [Proposals]
}

// RecordSource says what a record was made from.
type RecordSource struct {
	Transcripts   List[string]  `json:"transcripts"`
	Statements    List[string]  `json:"statements"`
	Kind          RecordingKind `json:"kind"`
	Engine        string        `json:"engine"` // "rules/2"
	VisitDateHint string        `json:"visit_date_hint"`
	HintFrom      string        `json:"hint_from"` // "option", "recording", "visit" or ""; the text's own date needs no hint
	Worker        WorkerRef     `json:"worker"`
	Case          string        `json:"case"`           // the council's own reference, when given
	RecordedStart string        `json:"recorded_start"` // RFC 3339 or ""
	RecordedEnd   string        `json:"recorded_end"`
}

// WorkerRef is who dictated.
type WorkerRef struct {
	ID   UserID `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// Fact is one value with the words that say it. Value is one of the field's fixed values, or free (date, time, place).
type Fact struct {
	Value    string         `json:"value"`
	Evidence List[Evidence] `json:"evidence"`
}

// ReasonedFact is a Fact whose "no" may have been given a reason, in the worker's words.
type ReasonedFact struct {
	Value    string         `json:"value"`
	Reason   string         `json:"reason"`
	Evidence List[Evidence] `json:"evidence"`
}

// The values of yes-no facts. What was not said is not "no".
const (
	Yes       = "yes"
	No        = "no"
	NotStated = "not_stated"
)

// The visit types.
const (
	VisitChildProtection = "statutory_child_protection"
	VisitChildInNeed     = "statutory_child_in_need"
	VisitLookedAfter     = "statutory_looked_after"
	VisitAssessment      = "assessment"
	VisitOther           = "other"
)

// The modes and outcomes of a contact. Only in-person, completed visits are visits in a return.
const (
	ModeInPerson = "in_person"
	ModePhone    = "phone"
	ModeVideo    = "video"
	ModeMeeting  = "meeting"

	OutcomeCompleted = "completed"
	OutcomeNoAccess  = "no_access"
	OutcomeRefused   = "refused"
	OutcomeCancelled = "cancelled"
)

// VisitFacts are the facts of the visit. ChildSeen, SeenAlone and BedroomSeen are a roll-up of [Record.Children]: "yes"
// when it holds for at least one child.
type VisitFacts struct {
	Date        Fact          `json:"date"` // ISO 8601, "" when the text names none
	Time        Fact          `json:"time"` // "16:00"
	Type        Fact          `json:"type"`
	Place       Fact          `json:"place"`
	Announced   Fact          `json:"announced"`
	ChildSeen   Fact          `json:"child_seen"`
	SeenAlone   ReasonedFact  `json:"seen_alone"`
	BedroomSeen Fact          `json:"bedroom_seen"`
	NextVisit   Fact          `json:"next_visit"` // ISO 8601
	Mode        Fact          `json:"mode"`
	Outcome     Fact          `json:"outcome"`
	Attempts    List[Attempt] `json:"attempts"`
}

// Attempt is one try to visit.
type Attempt struct {
	Time     string         `json:"time"`
	Outcome  string         `json:"outcome"`
	Evidence List[Evidence] `json:"evidence"`
}

// ChildFacts are the facts for one child: what returns, drafts and Missing use.
type ChildFacts struct {
	Person      PersonID     `json:"person"`
	ChildSeen   Fact         `json:"child_seen"`
	SeenAlone   ReasonedFact `json:"seen_alone"`
	BedroomSeen Fact         `json:"bedroom_seen"`
}

// The presences.
const (
	Present   = "present"
	Absent    = "absent"    // said not to be there
	Mentioned = "mentioned" // spoken of, presence not stated
)

// Attendee is a person as spoken of: words, not yet a row of the case.
type Attendee struct {
	ID       PersonID       `json:"id"`
	Name     string         `json:"name"` // as spoken, "" when not named
	Role     string         `json:"role"` // lower-case English: mother, child, school nurse, …
	Age      string         `json:"age"`
	Presence string         `json:"presence"`
	Evidence List[Evidence] `json:"evidence"`
}

// The polarities, temporalities, kinds of attribution and standings.
const (
	Affirmed  = "affirmed"
	Negated   = "negated"
	Uncertain = "uncertain"

	Current    = "current"
	Historical = "historical"
	Future     = "planned"

	Observed         = "observed"
	ChildSaid        = "child_said"
	AdultSaid        = "adult_said"
	ProfessionalSaid = "professional_said"
	WorkerOpinion    = "worker_opinion"

	Found    = "found"    // by the rules, or confirmed by a person
	Proposed = "proposed" // by a language model alone: enters no draft until a person accepts it
	Accepted = "accepted"
	Rejected = "rejected"
)

// Attribution says whose words these are. Chain runs from the one who spoke to the worker to the first speaker:
// "school told me that mum said" is ["school", "mum"], and Who is the school.
type Attribution struct {
	Kind  string       `json:"kind"`
	Who   string       `json:"who"`
	Chain List[string] `json:"chain"`
}

// The sensitivities, for what an audience may see.
const (
	SensitiveThirdParty = "third_party"
	SensitiveInformant  = "informant"
	SensitiveAddress    = "address" // addresses and phone numbers
	SensitiveHealth     = "health"
	SensitiveIntimate   = "intimate" // health of the kind that is nobody else's: HIV, pregnancy, mind, addiction, self-harm
	SensitivePolice     = "police"
	SensitiveOtherChild = "other_child"

	SensitiveRestricted = "restricted" // of [Sensitive] only: somebody asks that it is kept
)

// Sensitive is a run of words that not everybody may read, whether or not an item of the record rests on them. Where About names children,
// it tells that they are the children of another parent than those of From, and what is about them alone is not for those.
type Sensitive struct {
	Kind     string         `json:"kind"`
	About    List[PersonID] `json:"about"`
	From     List[PersonID] `json:"from"` // whom it is to be kept from; empty when that is not said
	Evidence List[Evidence] `json:"evidence"`
}

// Restriction keeps an item from people because the words say so ("not in front of him").
type Restriction struct {
	From     List[PersonID] `json:"from"`
	Reason   string         `json:"reason"`
	Evidence List[Evidence] `json:"evidence"`
}

// Risk is a statement that bears on harm, safety, neglect or a difficulty; negated and uncertain ones are kept as such.
type Risk struct {
	ID          string         `json:"id"`
	Text        string         `json:"text"`
	About       List[PersonID] `json:"about"` // empty when unclear, and then most sensitive
	Factor      string         `json:"factor"`
	Polarity    string         `json:"polarity"`
	Temporality string         `json:"temporality"`
	Attribution Attribution    `json:"attribution"`
	Standing    string         `json:"standing"`
	Sensitivity List[string]   `json:"sensitivity"`
	Restricted  *Restriction   `json:"restricted"`
	Critical    bool           `json:"critical"` // must be heard or confirmed before approval
	Evidence    List[Evidence] `json:"evidence"`
}

// Strength is a protective or positive fact.
type Strength struct {
	ID          string         `json:"id"`
	Text        string         `json:"text"`
	About       List[PersonID] `json:"about"`
	Polarity    string         `json:"polarity"`
	Attribution Attribution    `json:"attribution"`
	Standing    string         `json:"standing"`
	Sensitivity List[string]   `json:"sensitivity"`
	Restricted  *Restriction   `json:"restricted"`
	Evidence    List[Evidence] `json:"evidence"`
}

// The statuses of an action.
const (
	Planned = "planned" // someone will
	Agreed  = "agreed"  // someone agreed to
	Done    = "done"
)

// Action is something that someone will do, agreed to do or did. A suggestion that nobody stated is not an action.
type Action struct {
	ID          string         `json:"id"`
	Text        string         `json:"text"`
	Owner       string         `json:"owner"` // "worker", or a name or role as spoken
	Due         Due            `json:"due"`
	Status      string         `json:"status"`
	About       List[PersonID] `json:"about"`
	Standing    string         `json:"standing"`
	Sensitivity List[string]   `json:"sensitivity"`
	Restricted  *Restriction   `json:"restricted"`
	Critical    bool           `json:"critical"`
	Evidence    List[Evidence] `json:"evidence"`
}

// Due is when an action is due: the words, and the day when they resolve to one.
type Due struct {
	Text string `json:"text"`
	Date string `json:"date"` // ISO 8601 or ""
}

// The modes of a child's voice.
const (
	VoiceDirect     = "direct" // the child's very words: quotation marks may be used
	VoiceParaphrase = "paraphrase"
	VoiceNonverbal  = "nonverbal"
)

// ChildVoice is what a child said or showed. Quote is verbatim from the source.
type ChildVoice struct {
	ID          string         `json:"id"`
	Child       string         `json:"child"` // name or role as spoken
	Person      PersonID       `json:"person"`
	Quote       string         `json:"quote"`
	Mode        string         `json:"mode"`
	Via         string         `json:"via"` // an interpreter's id
	Standing    string         `json:"standing"`
	Sensitivity List[string]   `json:"sensitivity"`
	Restricted  *Restriction   `json:"restricted"`
	Critical    bool           `json:"critical"`
	Evidence    List[Evidence] `json:"evidence"`
}

// Injury is a mark or its stated absence, with each explanation apart.
type Injury struct {
	ID           string            `json:"id"`
	Child        PersonID          `json:"child"`
	Site         string            `json:"site"`
	Side         string            `json:"side"`
	Description  string            `json:"description"`
	Polarity     string            `json:"polarity"`
	SeenBy       string            `json:"seen_by"`
	Explanations List[Explanation] `json:"explanations"`
	Standing     string            `json:"standing"`
	Evidence     List[Evidence]    `json:"evidence"`
}

// Explanation is how someone accounts for an injury.
type Explanation struct {
	Who      string         `json:"who"`
	Evidence List[Evidence] `json:"evidence"`
}

// Missing is something that a visit of this type should say and this dictation does not.
type Missing struct {
	Code  string         `json:"code"` // e.g. "bedroom_seen"
	About List[PersonID] `json:"about"`
	Text  string         `json:"text"`           // the question, plainly
	Item  string         `json:"item,omitempty"` // the action that it is about
}

// The warning codes.
const (
	WarnUrgentCue     = "urgent_cue"     // asks for attention; decides no threshold
	WarnSeveralVisits = "several_visits" // two families in one dictation
	WarnNoSpeech      = "no_speech"
	WarnSpeakers      = "speakers_unknown" // a recorded visit: nothing is attributed to the worker
	WarnDisagreement  = "disagreement"     // engines, or polarity and quote, disagree
	WarnInstruction   = "spoken_instruction"
	WarnContradiction = "contradiction" // two recordings about one visit say different things

	// What a language model beside the rules gives rise to.
	WarnEngines      = "engines_disagree"  // the rules' reading stands
	WarnModelDown    = "model_unavailable" // the record is the rules' own
	WarnModelPartial = "model_partial"     // the model read a part only
)

// Warning asks a person to look.
type Warning struct {
	Code     string         `json:"code"`
	Text     string         `json:"text"`
	Evidence List[Evidence] `json:"evidence"`
}

// ModelDown is the warning that a language model was to read beside the rules and could not.
func ModelDown() Warning {
	return Warning{Code: WarnModelDown, Text: "The language model could not be used. This is what was found without it."}
}

// Proposals are what a language model alone read and what has no standing of its own: facts of the visit, people. No draft, no
// return and no question to the worker uses them; they are there to be asked about. The model's other items stand in the record's lists with the standing
// [Proposed].
type Proposals struct {
	Engine    string             `json:"engine"` // "llm/1 MODEL proposals/1"
	Visit     List[ProposedFact] `json:"visit"`
	Attendees List[Attendee]     `json:"attendees"`
	Same      int                `json:"same"` // items of the model on words of which the rules speak too
	Gate      GateReport         `json:"gate"` // without texts: what the model made up is nowhere in a record
}

// ProposedFact is a fact of the visit; Field is named as in [VisitFacts] ("place", "next_visit").
type ProposedFact struct {
	Field    string         `json:"field"`
	Value    string         `json:"value"`
	Evidence List[Evidence] `json:"evidence"`
}

// GateReport counts what the evidence gate did to an engine's proposal, by reason.
type GateReport struct {
	Kept    int           `json:"kept"`
	Dropped List[Dropped] `json:"dropped"`
	Changed int           `json:"changed"` // items whose polarity was resolved to the safer reading
}

// Dropped is one proposed item that the gate refused.
type Dropped struct {
	Kind   string `json:"kind"`   // "risk", "action", …
	Reason string `json:"reason"` // "no_evidence", "quote_not_in_source", "unsupported_name", "unsupported_number", "duplicate", …
	Text   string `json:"text"`
}
