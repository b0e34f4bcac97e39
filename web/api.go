package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// The JSON of the API. Times are RFC 3339, sizes bytes.

type apiUser struct {
	ID   kerbside.UserID `json:"id"`
	Name string          `json:"name"`
	Role kerbside.Role   `json:"role"`
}

type apiRecording struct {
	ID       kerbside.RecordingID    `json:"id"`
	Visit    kerbside.VisitID        `json:"visit"`
	Kind     kerbside.RecordingKind  `json:"kind"`
	Name     string                  `json:"name"` // the file's, for people
	State    kerbside.RecordingState `json:"state"`
	SHA256   string                  `json:"sha256,omitempty"` // set when safe
	Bytes    int64                   `json:"bytes"`
	Received int64                   `json:"received"` // acknowledged so far
}

type apiVisitRow struct {
	ID         kerbside.VisitID    `json:"id"`
	Title      string              `json:"title"`
	Date       string              `json:"date"`
	State      kerbside.VisitState `json:"state"`
	Case       kerbside.CaseID     `json:"case"`
	Worker     string              `json:"worker"`
	Recordings int                 `json:"recordings"`
	Seconds    int64               `json:"seconds"`
	Urgent     bool                `json:"urgent"` // told of what waits for review only
	UpdatedAt  time.Time           `json:"updated_at"`
}

type apiVisit struct {
	ID          kerbside.VisitID    `json:"id"`
	Title       string              `json:"title"`
	Date        string              `json:"date"`
	State       kerbside.VisitState `json:"state"`
	Reason      string              `json:"reason,omitempty"`
	Case        kerbside.CaseID     `json:"case"`
	Revision    string              `json:"revision"` // what a change is to name in If-Match
	Worker      string              `json:"worker"`
	Recordings  []apiRecording      `json:"recordings"`
	Transcripts []apiTranscript     `json:"transcripts"`
	Record      *kerbside.Record    `json:"record"`
	Drafts      []apiDraft          `json:"drafts"`
	Open        []apiOpen           `json:"open"`
	Asks        []apiAsk            `json:"asks"`   // what was not said, that which one tap answers first
	Covers      []kerbside.Covered  `json:"covers"` // what an approval or a review is to name
	CanEdit     bool                `json:"can_edit"`
	CanApprove  bool                `json:"can_approve"`
	CanReview   bool                `json:"can_review"`
	AddendumTo  kerbside.VisitID    `json:"addendum_to,omitempty"` // the locked visit that this one adds to
	Addenda     []kerbside.VisitID  `json:"addenda"`               // visits that add to this one
	Reviews     []apiReviewed       `json:"reviews"`               // oldest first
	Oversight   []apiOverseen       `json:"oversight"`             // managers' entries, oldest first
	Proposals   []apiProposal       `json:"proposals"`             // of a language model; in no record and no draft unless accepted
	Reading     bool                `json:"reading"`               // a language model is still to read this
}

type apiReviewed struct {
	Action   kerbside.ReviewAction      `json:"action"`
	By       string                     `json:"by"`
	At       time.Time                  `json:"at"`
	Comment  string                     `json:"comment"`
	Comments []kerbside.SentenceComment `json:"comments"`
	Current  bool                       `json:"current"` // about the newest versions
}

type apiOverseen struct {
	Decision  string    `json:"decision"`
	Rationale string    `json:"rationale"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

type apiTranscript struct {
	Document   kerbside.DocumentID  `json:"document"`
	Recording  kerbside.RecordingID `json:"recording"`
	Transcript *kerbside.Transcript `json:"transcript"`
}

type apiDraft struct {
	Document kerbside.DocumentID `json:"document"`
	Version  int                 `json:"version"`
	Draft    *kerbside.Draft     `json:"draft"`
	Stale    []string            `json:"stale"` // ids of sentences
}

type apiOpen struct {
	Kind     service.OpenKind                 `json:"kind"`
	ID       string                           `json:"id"`
	Text     string                           `json:"text"`
	Audience kerbside.Audience                `json:"audience,omitempty"`
	Evidence kerbside.List[kerbside.Evidence] `json:"evidence"`
	Required bool                             `json:"required"`
	Heard    bool                             `json:"heard"` // by the caller's browser, as it said
}

// apiAsk is a question. Yes and No are the sentences that a tap stands for, "" where it wants words.
type apiAsk struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Yes  string `json:"yes"`
	No   string `json:"no"`
}

func recordingJSON(r kerbside.Recording, received int64) apiRecording {
	return apiRecording{ID: r.ID, Visit: r.Visit, Kind: r.Kind, Name: r.Name, State: r.State, SHA256: r.SHA256, Bytes: r.Bytes, Received: received}
}

func (s *server) apiMe(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return writeJSON(w, apiUser{ID: u.ID, Name: u.Name, Role: u.Role})
}

func (s *server) apiStart(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		ClientID string                 `json:"client_id"`
		Visit    kerbside.VisitID       `json:"visit"`
		Kind     kerbside.RecordingKind `json:"kind"`
		Name     string                 `json:"name"`
		Date     string                 `json:"date"`
		Case     kerbside.CaseID        `json:"case"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if in.Kind == "" {
		in.Kind = kerbside.KindDebrief
	}
	rec, err := s.Service.StartRecording(r.Context(), u, service.RecordingInput{Visit: in.Visit, ClientID: in.ClientID, Name: in.Name, Kind: in.Kind, Date: in.Date, Case: in.Case})
	if err != nil {
		return err
	}
	rec, received, err := s.Service.Received(r.Context(), u, rec.ID) // some of it, when it was begun before
	if err != nil {
		return err
	}
	return writeJSON(w, recordingJSON(rec, received))
}

// chunkHash is the header that carries the SHA-256 of a chunk's sound, in lower-case hexadecimal. chunkSeal says that the body is sealed:
// "hpke-1", to [service.Service.RecorderKey] and bound to [service.SealInfo].
const (
	chunkHash = "X-Content-SHA256"
	chunkSeal = "X-Kerbside-Seal"
)

// apiChunk keeps one piece of sound. Its answer means that the piece is on disk; sending it again is harmless.
func (s *server) apiChunk(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	take, err := smallNumber(r.PathValue("take"), 1)
	if err != nil {
		return err
	}
	seq, err := smallNumber(r.PathValue("seq"), 0)
	if err != nil {
		return err
	}
	sum := r.Header.Get(chunkHash)
	if !kerbside.IsHexSHA256(sum) {
		return kerbside.E(kerbside.CodeInvalid, "web.apiChunk", "The header "+chunkHash+" must hold the SHA-256 of the bytes, in hexadecimal.", nil)
	}
	extendRead(w, 2*time.Minute)
	put := s.Service.PutChunk
	switch r.Header.Get(chunkSeal) {
	case "":
	case "hpke-1":
		put = s.Service.PutSealedChunk
	default:
		return kerbside.E(kerbside.CodeInvalid, "web.apiChunk", "The header "+chunkSeal+" may be hpke-1 or missing.", nil)
	}
	id := kerbside.RecordingID(r.PathValue("id"))
	c, err := put(r.Context(), u, id, take, seq, sum, http.MaxBytesReader(w, r.Body, maxChunk))
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Take   int    `json:"take"`
		Seq    int    `json:"seq"`
		SHA256 string `json:"sha256"`
		Bytes  int64  `json:"bytes"`
		Heard  string `json:"heard"` // the newest words of this take, as far as they are known
	}{c.Take, c.Seq, c.SHA256, c.Bytes, s.Service.Heard(id, take)})
}

// smallNumber reads a decimal number from least up to a million.
func smallNumber(text string, least int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > 1_000_000 || strconv.Itoa(n) != text {
		return 0, kerbside.E(kerbside.CodeInvalid, "web.smallNumber", "Takes are numbered from 1 and chunks from 0.", nil)
	}
	return n, nil
}

func (s *server) apiFinish(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		SHA256        string                 `json:"sha256"` // of all bytes, takes and chunks in order
		Pieces        string                 `json:"pieces"` // or of the list of chunks, see [service.FinishInput]
		Interruptions []service.Interruption `json:"interruptions"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if !kerbside.IsHexSHA256(firstOf(in.SHA256, in.Pieces)) {
		return kerbside.E(kerbside.CodeInvalid, "web.apiFinish", "sha256 must be the SHA-256 of all bytes, or pieces that of the list of chunks, in hexadecimal.", nil)
	}
	rec, err := s.Service.FinishRecording(r.Context(), u, kerbside.RecordingID(r.PathValue("id")), service.FinishInput{SHA256: in.SHA256, Pieces: in.Pieces, Interruptions: in.Interruptions})
	if err != nil {
		return err
	}
	return writeJSON(w, recordingJSON(rec, rec.Bytes))
}

func (s *server) apiUpload(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.takeFile(w, r)
	if err != nil {
		return err
	}
	return writeJSON(w, recordingJSON(rec, rec.Bytes))
}

func (s *server) apiVisit(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return s.showVisit(w, r, u, kerbside.VisitID(r.PathValue("id")))
}

func (s *server) visitJSON(v *service.VisitView) apiVisit {
	out := apiVisit{
		ID: v.Visit.ID, Title: visitTitle(v.Visit, s.Now()), Date: v.Visit.Date, State: v.Visit.State, Reason: v.Visit.Reason, Case: v.Visit.Case, Revision: v.Revision, Worker: v.WorkerName,
		Recordings: []apiRecording{}, Transcripts: []apiTranscript{}, Record: v.Record, Drafts: []apiDraft{}, Open: []apiOpen{}, Asks: []apiAsk{}, Covers: []kerbside.Covered{},
		CanEdit: v.CanEdit, CanApprove: v.CanApprove, CanReview: v.CanReview, Proposals: proposalsJSON(v.Proposals), Reading: v.Reading, AddendumTo: v.Visit.AddendumTo, Addenda: append([]kerbside.VisitID{}, v.Addenda...),
	}
	for _, r := range v.Recordings {
		out.Recordings = append(out.Recordings, recordingJSON(r, r.Bytes))
	}
	for _, t := range v.Transcripts {
		out.Transcripts = append(out.Transcripts, apiTranscript{t.Document, t.Recording, t.Transcript})
	}
	for _, d := range v.Drafts {
		stale := []string{}
		for _, x := range d.Draft.Sentences {
			if d.Stale[x.ID()] {
				stale = append(stale, x.ID())
			}
		}
		out.Drafts = append(out.Drafts, apiDraft{d.Document, d.Version, d.Draft, stale})
	}
	for _, o := range v.Open {
		out.Open = append(out.Open, apiOpen{o.Kind, o.ID, o.Text, o.Audience, o.Evidence, o.Required, o.Heard})
	}
	for _, a := range (&visitBuilder{v: v}).asks() {
		out.Asks = append(out.Asks, apiAsk{a.Code, a.Text, a.Yes, a.No})
	}
	out.Covers = append(out.Covers, v.Covers()...)
	out.Reviews, out.Oversight = []apiReviewed{}, []apiOverseen{}
	for _, x := range v.Reviews {
		out.Reviews = append(out.Reviews, apiReviewed{x.Action, x.ByName, x.At, x.Comment, append([]kerbside.SentenceComment{}, x.Comments...), x.Current})
	}
	for _, x := range v.Oversight {
		out.Oversight = append(out.Oversight, apiOverseen{x.Decision, x.Rationale, x.ByName, x.At})
	}
	return out
}

// change is what the calls that change a visit share: who asks, the body, the change, and the visit as it is then.
func (s *server) change(w http.ResponseWriter, r *http.Request, in any, do func(kerbside.User, kerbside.VisitID) error) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := readJSON(w, r, in); err != nil {
		return err
	}
	id := kerbside.VisitID(r.PathValue("id"))
	if err := do(u, id); err != nil {
		return err
	}
	return s.showVisit(w, r, u, id)
}

func (s *server) apiNote(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ClientID string `json:"client_id"`
		Text     string `json:"text"`
	}
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		if strings.TrimSpace(in.Text) == "" {
			return kerbside.E(kerbside.CodeInvalid, "web.apiNote", "The note is empty.", nil)
		}
		_, err := s.Service.SendNote(r.Context(), u, service.NoteInput{Visit: id, ClientID: in.ClientID, Text: in.Text})
		return err
	})
}

// apiSendNote takes a note of a visit that may be new, as sound is taken: the same client id is the same note.
func (s *server) apiSendNote(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		ClientID string           `json:"client_id"`
		Visit    kerbside.VisitID `json:"visit"`
		Name     string           `json:"name"`
		Date     string           `json:"date"`
		Case     kerbside.CaseID  `json:"case"`
		Text     string           `json:"text"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	rec, err := s.Service.SendNote(r.Context(), u, service.NoteInput{Visit: in.Visit, ClientID: in.ClientID, Name: in.Name, Date: in.Date, Case: in.Case, Text: in.Text})
	if err != nil {
		return err
	}
	return writeJSON(w, recordingJSON(rec, rec.Bytes))
}

func (s *server) apiCorrect(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Transcript kerbside.TranscriptID `json:"transcript"`
		First      kerbside.WordID       `json:"first_word"`
		Last       kerbside.WordID       `json:"last_word"`
		Old        string                `json:"old"`
		New        string                `json:"new"`
		Reason     string                `json:"reason"`
	}
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Correct(r.Context(), u, id, service.CorrectionInput{Transcript: in.Transcript, First: in.First, Last: in.Last, Old: in.Old, New: in.New, Reason: in.Reason})
	})
}

func (s *server) apiAnswer(w http.ResponseWriter, r *http.Request) error {
	var in answerInput
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error { return s.addAnswer(r, u, id, in) })
}

func (s *server) apiApprove(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Covers    []kerbside.Covered `json:"covers"`
		Confirmed []string           `json:"confirmed"`
	}
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Approve(r.Context(), u, id, service.ApproveInput{Covers: in.Covers, Confirmed: in.Confirmed})
	})
}

func (s *server) apiReview(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Action  kerbside.ReviewAction `json:"action"`
		Comment string                `json:"comment"`
		Covers  []kerbside.Covered    `json:"covers"`
		// On single sentences, when it is returned.
		Comments []kerbside.SentenceComment `json:"comments"`
	}
	return s.change(w, r, &in, func(u kerbside.User, id kerbside.VisitID) error {
		return s.Service.Review(r.Context(), u, id, service.ReviewInput{Action: in.Action, Comment: in.Comment, Covers: in.Covers, Comments: in.Comments})
	})
}

func (s *server) apiHistory(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	entries, err := s.Service.History(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	type entry struct {
		At     time.Time       `json:"at"`
		By     kerbside.UserID `json:"by"`
		ByName string          `json:"by_name"`
		Action string          `json:"action"`
		Object string          `json:"object"`
		Detail string          `json:"detail"`
	}
	out := make([]entry, 0, len(entries))
	for _, h := range entries {
		out = append(out, entry(h))
	}
	return writeJSON(w, out)
}
