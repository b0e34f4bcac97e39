package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// The limits of what is taken in.
const (
	MaxChunk     = 32 << 20 // bytes
	MaxRecording = 4 << 30  // bytes
	MaxNote      = 100_000  // code points of a note
	MaxAnswer    = 10_000   // code points of a statement
	maxTake      = 1000
	maxSeq       = 1_000_000
)

func wordID(n int) kerbside.WordID { return kerbside.WordID("w" + strconv.Itoa(n)) }

// StartVisit makes a visit of the caller's.
func (s *Service) StartVisit(ctx context.Context, by kerbside.User, in VisitInput) (v kerbside.Visit, err error) {
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		v, err = s.newVisit(tx, "service.StartVisit", by, in)
		return err
	})
	return v, err
}

func (s *Service) newVisit(tx kerbside.Tx, op string, by kerbside.User, in VisitInput) (v kerbside.Visit, err error) {
	if err := records(op, by); err != nil {
		return v, err
	}
	title := strings.Join(strings.Fields(in.Title), " ")
	if err := checkText(op, title, maxName); err != nil {
		return v, err
	}
	if in.Date != "" {
		if _, err := time.Parse(time.DateOnly, in.Date); err != nil {
			return v, invalid(op, "The date is not one. Give it as year-month-day, such as 2026-03-03.")
		}
	}
	id, err := s.newID("v")
	if err != nil {
		return v, err
	}
	v = kerbside.Visit{ID: kerbside.VisitID(id), Org: by.Org, Worker: by.ID, Title: title, Date: in.Date, State: kerbside.VisitOpen, CreatedAt: s.now(), UpdatedAt: s.now()}
	if err := tx.PutVisit(v); err != nil {
		return v, err
	}
	return v, s.audit(tx, by, "start_visit", "visit "+id, v.ID)
}

// records reports an error for who may not record.
func records(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseRecord) == ReachNone {
		return forbidden(op, "Administrators do not record visits.")
	}
	return nil
}

// StartRecording makes a recording that chunks can be sent to. The same ClientID gives the same recording.
func (s *Service) StartRecording(ctx context.Context, by kerbside.User, in RecordingInput) (r kerbside.Recording, err error) {
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		r, _, err = s.startRecording(tx, "service.StartRecording", by, in, "")
		return err
	})
	return r, err
}

// startRecording gives the recording of a client id, or makes it, with an id of its own when fresh is "".
func (s *Service) startRecording(tx kerbside.Tx, op string, by kerbside.User, in RecordingInput, fresh kerbside.RecordingID) (r kerbside.Recording, v kerbside.Visit, err error) {
	if err := records(op, by); err != nil {
		return r, v, err
	}
	if in.ClientID != "" {
		r, err := tx.RecordingByClient(by.Org, in.ClientID)
		if err == nil {
			v, err := tx.Visit(by.Org, r.Visit)
			if err == nil && (v.Worker != by.ID || in.Visit != "" && in.Visit != v.ID) {
				err = conflict(op, "This recording's name is taken. Reload the page and record again; what was recorded is safe.")
			}
			return r, v, err
		}
		if kerbside.CodeOf(err) != kerbside.CodeNotFound {
			return r, v, err
		}
	}
	if err := s.mayOpen(tx, op, by); err != nil {
		return r, v, err
	}
	name, err := s.checkRecording(op, &in)
	if err != nil {
		return r, v, err
	}
	if in.Visit == "" {
		if v, err = s.newVisit(tx, op, by, VisitInput{Date: in.Date}); err == nil && in.Case != "" {
			v, err = s.startWithCase(tx, by, v, in.Case)
		}
	} else {
		v, err = s.editable(tx, op, by, in.Visit)
	}
	if err != nil {
		return r, v, err
	}
	if fresh == "" {
		id, err := s.newID("r")
		if err != nil {
			return r, v, err
		}
		fresh = kerbside.RecordingID(id)
	}
	r = kerbside.Recording{ID: fresh, Org: by.Org, Visit: v.ID, ClientID: in.ClientID, Kind: in.Kind, Name: name, State: kerbside.RecordingOpen, CreatedAt: s.now(), Expected: in.Bytes, ExpectedSHA256: in.SHA256}
	if err := tx.PutRecording(r); err != nil {
		return r, v, err
	}
	return r, v, s.audit(tx, by, "start_recording", "recording "+string(fresh), v.ID)
}

// startWithCase says whose visit a new one is, when the person may.
func (s *Service) startWithCase(tx kerbside.Tx, by kerbside.User, v kerbside.Visit, id kerbside.CaseID) (kerbside.Visit, error) {
	g, err := s.groundOf(tx, by)
	if err != nil {
		return v, err
	}
	c, err := tx.Case(by.Org, id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.mayChoose(c) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Case = id
	if err := tx.PutVisit(v); err != nil {
		return v, err
	}
	return v, s.audit(tx, by, "set_case", "case "+string(id), v.ID)
}

func (s *Service) checkRecording(op string, in *RecordingInput) (name string, err error) {
	switch in.Kind {
	case kerbside.KindDebrief, kerbside.KindVisit:
	case "":
		in.Kind = kerbside.KindDebrief
	default:
		return "", invalid(op, "Say whether this is a debrief or a recorded visit.")
	}
	if in.Bytes < 0 || in.Bytes > MaxRecording {
		return "", kerbside.E(kerbside.CodeTooLarge, op, "This is larger than can be taken in at once. Send it in parts.", nil)
	}
	if in.SHA256 != "" && !kerbside.IsHexSHA256(in.SHA256) {
		return "", invalid(op, "The checksum is not a SHA-256 in hexadecimal.")
	}
	if in.ClientID == "" {
		if in.ClientID, err = s.newID("c"); err != nil {
			return "", err
		}
	}
	if err := checkText(op, in.ClientID, maxName); err != nil {
		return "", err
	}
	name = strings.Join(strings.Fields(strings.ToValidUTF8(in.Name, "�")), " ")
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	return name, checkText(op, name, maxName)
}

// ownRecording gives a recording that by sends sound to. Sound is taken whatever became of the visit: none is refused
// because a reviewer was quicker than the network.
func (s *Service) ownRecording(tx kerbside.Tx, op string, by kerbside.User, id kerbside.RecordingID) (r kerbside.Recording, v kerbside.Visit, err error) {
	if err := records(op, by); err != nil {
		return r, v, err
	}
	r, err = tx.Recording(by.Org, id)
	if err == nil {
		v, err = tx.Visit(by.Org, r.Visit)
	}
	mine := err == nil && v.Worker == by.ID
	if err == nil && !mine {
		var g ground
		g, err = s.groundOf(tx, by)
		mine = g.own(v.Worker) && g.named(v.Case)
	}
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !mine {
		return r, v, kerbside.E(kerbside.CodeNotFound, op, "There is no such recording, or it is not one of yours.", nil)
	}
	return r, v, err
}

// PutChunk takes one piece of a take. Once it returns, the bytes are on disk, synced and hashed, and the chunk is committed. The
// same bytes again are no error; other bytes under the same number are CodeConflict; bytes that are not those of the hash are
// CodeInvalid and not kept.
func (s *Service) PutChunk(ctx context.Context, by kerbside.User, id kerbside.RecordingID, take, seq int, sha256 string, r io.Reader) (c kerbside.Chunk, err error) {
	const op = "service.PutChunk"
	if take < 1 || take > maxTake || seq < 0 || seq > maxSeq || !kerbside.IsHexSHA256(sha256) {
		return c, invalid(op, "This piece of sound has no valid number or checksum. Send it again from the page.")
	}
	var rec kerbside.Recording
	var have *kerbside.Chunk
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if rec, _, err = s.ownRecording(tx, op, by, id); err != nil {
			return err
		}
		have, err = findChunk(tx, rec, take, seq)
		return err
	})
	if err != nil {
		return c, err
	}
	if have != nil {
		return known(op, have, sha256)
	}
	if rec.State != kerbside.RecordingOpen && rec.State != kerbside.RecordingExpired {
		return c, conflict(op, "This recording was finished already. What it holds is safe; record the rest as a new one.")
	}
	w, err := s.newWrite()
	if err != nil {
		return c, err
	}
	c = kerbside.Chunk{Recording: id, Take: take, Seq: seq, SHA256: sha256, Blob: fmt.Sprintf("%s/%s/%04d-%07d-%s-%s", rec.Org, id, take, seq, sha256, w.name)}
	if _, c.Bytes, err = s.d.Blobs.Put(ctx, c.Blob, newVerifier(op, s.paced(ctx, by, r), sha256, MaxChunk)); err != nil {
		return kerbside.Chunk{}, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		rec, v, err := s.ownRecording(tx, op, by, id)
		if err != nil {
			return err
		}
		if have, err = findChunk(tx, rec, take, seq); err != nil || have != nil {
			return err
		}
		switch rec.State {
		case kerbside.RecordingOpen:
		case kerbside.RecordingExpired: // late, and welcome
			rec.State = kerbside.RecordingOpen
			if err := tx.PutRecording(rec); err != nil {
				return err
			}
		default:
			return conflict(op, "This recording was finished already. What it holds is safe; record the rest as a new one.")
		}
		if err := w.inTime(op); err != nil {
			return err
		}
		if err := tx.AddChunk(rec.Org, c); err != nil || s.d.Nodes == nil || take != 1 || seq != 0 || rec.Expected != 0 {
			return err
		}
		return tx.Enqueue(kerbside.Job{Org: rec.Org, Kind: kerbside.JobListen, Visit: rec.Visit, Recording: rec.ID, Owner: v.Worker, Priority: kerbside.PriorityLive})
	})
	if err != nil {
		return kerbside.Chunk{}, err
	}
	if have != nil { // another request was first
		s.dropWrite(ctx, c.Blob)
		return known(op, have, sha256)
	}
	if s.d.Nodes == nil {
		s.live.arrived(rec, c)
	}
	return c, nil
}

func known(op string, have *kerbside.Chunk, sha256 string) (kerbside.Chunk, error) {
	if have.SHA256 != sha256 {
		return kerbside.Chunk{}, conflict(op, "Another piece of sound was sent under this number before; it is safe. Start a new take.")
	}
	return *have, nil
}

func findChunk(tx kerbside.Tx, r kerbside.Recording, take, seq int) (*kerbside.Chunk, error) {
	c, err := tx.Chunk(r.Org, r.ID, take, seq)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return nil, nil
	}
	return &c, err
}

// Chunks lists what was acknowledged, by take and number, so that a sender knows where to go on.
func (s *Service) Chunks(ctx context.Context, by kerbside.User, id kerbside.RecordingID) (chunks []kerbside.Chunk, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		r, _, err := s.ownRecording(tx, "service.Chunks", by, id)
		if err != nil {
			return err
		}
		chunks, err = tx.Chunks(r.Org, r.ID)
		return err
	})
	return chunks, err
}

// FinishRecording puts the chunks together and compares them with what the sender has. When they are the same, the recording is safe and its
// transcription is enqueued in the same transaction; when not, CodeConflict, and all chunks are kept. Finishing twice is no error.
func (s *Service) FinishRecording(ctx context.Context, by kerbside.User, id kerbside.RecordingID, in FinishInput) (r kerbside.Recording, err error) {
	const op = "service.FinishRecording"
	sha256 := in.SHA256
	var chunks []kerbside.Chunk
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if r, _, err = s.ownRecording(tx, op, by, id); err != nil {
			return err
		}
		chunks, err = tx.Chunks(r.Org, id)
		return err
	})
	switch {
	case err != nil:
		return r, err
	case !kerbside.IsHexSHA256(firstOf(sha256, in.Pieces)):
		return r, invalid(op, "The checksum of the recording is missing. Everything sent so far is safe; finish it again from the page.")
	case in.Pieces != "" && len(chunks) > 0 && piecesSum(chunks) != in.Pieces:
		return r, conflict(op, "What arrived is not what was recorded. Everything sent so far is kept; send the recording again.")
	case r.State != kerbside.RecordingOpen:
		return finished(op, r, firstOf(sha256, r.SHA256))
	case len(chunks) == 0:
		return r, invalid(op, "No sound has arrived yet. Send it first.")
	}
	if err := checkGaps(op, chunks); err != nil {
		return r, err
	}
	if sha256 == "" { // the pieces are what was recorded, so their whole is
		if sha256, err = s.wholeSum(ctx, chunks); err != nil {
			return r, err
		}
	}
	if err := s.keepInterruptions(ctx, op, r, in.Interruptions); err != nil {
		return r, err
	}
	w, err := s.newWrite()
	if err != nil {
		return r, err
	}
	blob := fmt.Sprintf("%s/%s/sound-%s-%s", r.Org, id, sha256, w.name)
	sound := &chunkReader{ctx: ctx, blobs: s.d.Blobs, chunks: chunks}
	_, n, err := s.d.Blobs.Put(ctx, blob, newVerifier(op, sound, sha256, MaxRecording))
	if err = errors.Join(err, sound.Close()); err != nil {
		if kerbside.CodeOf(err) == kerbside.CodeInvalid {
			err = conflict(op, "What arrived is not what was recorded. Everything sent so far is kept; send the recording again.")
		}
		return r, err
	}
	var v kerbside.Visit
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if r, v, err = s.ownRecording(tx, op, by, id); err != nil {
			return err
		}
		if r.State != kerbside.RecordingOpen {
			r, err = finished(op, r, sha256)
			return err
		}
		now, err := tx.Chunks(r.Org, id)
		if err != nil {
			return err
		}
		if len(now) != len(chunks) {
			return conflict(op, "More sound arrived meanwhile. Everything is kept; finish the recording again.")
		}
		if err := w.inTime(op); err != nil {
			return err
		}
		return s.setSafe(tx, by, &v, &r, sha256, n, blob)
	})
	if err != nil {
		return r, err
	}
	if r.Blob != blob { // another request was first, with the same sound
		s.dropWrite(ctx, blob)
	}
	s.announce(v)
	if s.d.Nodes == nil {
		s.live.finished(r, chunks)
	}
	s.dropChunks(ctx, r, chunks)
	return r, nil
}

func finished(op string, r kerbside.Recording, sha256 string) (kerbside.Recording, error) {
	if r.SHA256 != sha256 {
		return r, conflict(op, "This recording was finished before with other sound; that is safe. Send this as a new recording.")
	}
	return r, nil
}

// setSafe makes a recording safe and enqueues its transcription. On a locked visit it is kept and shown, and nothing that was approved
// changes.
func (s *Service) setSafe(tx kerbside.Tx, by kerbside.User, v *kerbside.Visit, r *kerbside.Recording, sha256 string, n int64, blob string) error {
	r.State, r.SHA256, r.Bytes, r.Blob, r.FinishedAt = kerbside.RecordingSafe, sha256, n, blob, s.now()
	if err := tx.PutRecording(*r); err != nil {
		return err
	}
	if err := s.audit(tx, by, "upload", "recording "+string(r.ID), v.ID); err != nil {
		return err
	}
	if v.State.Closed() {
		return nil
	}
	if err := s.changed(tx, v); err != nil {
		return err
	}
	return tx.Enqueue(transcription(v, r))
}

// transcription is the job that a recording's sound causes. What is spoken into a recorder comes before files, which announce their length.
func transcription(v *kerbside.Visit, r *kerbside.Recording) kerbside.Job {
	j := kerbside.Job{Org: r.Org, Kind: kerbside.JobTranscribe, Visit: r.Visit, Recording: r.ID, Owner: v.Worker}
	if r.Expected == 0 {
		j.Priority = kerbside.PriorityLive
	}
	return j
}

// write is one write of a blob that a row is to need. Its name is used once, so what a crash left of an earlier one is never taken up again, and whoever tidies up
// on whatever machine needs to know nothing of those who write but how long they may take.
type write struct {
	name  string
	began time.Time
	now   func() time.Time
}

func (s *Service) newWrite() (w write, err error) {
	w = write{began: s.now(), now: s.now}
	w.name, err = s.newID("b")
	return w, err
}

// inTime refuses a row for bytes that somebody may take for left over by now: whoever wrote them stood still for hours.
func (w write) inTime(op string) error {
	if w.now().Sub(w.began) > writeTime {
		return kerbside.E(kerbside.CodeUnavailable, op, "This took too long to arrive and was not kept. Send it again; what was confirmed before is safe.", nil)
	}
	return nil
}

// dropWrite removes what came to nothing; what stays is tidied up later. It is for writes that are known to have no row: after an error nobody can know.
func (s *Service) dropWrite(ctx context.Context, blob string) {
	if err := s.d.Blobs.Delete(ctx, blob); err != nil {
		s.log.DebugContext(ctx, "bytes that were sent twice stay for a day", "code", string(kerbside.CodeOf(err)))
	}
}

// dropChunks removes pieces that are in the whole; one that stays does no harm.
func (s *Service) dropChunks(ctx context.Context, r kerbside.Recording, chunks []kerbside.Chunk) {
	for _, c := range chunks {
		if err := s.d.Blobs.Delete(ctx, c.Blob); err != nil {
			s.log.WarnContext(ctx, "a chunk that is not needed any more could not be removed", "recording", string(r.ID), "code", string(kerbside.CodeOf(err)))
			return
		}
	}
}

// checkGaps wants takes 1, 2, … and in each of them chunks 0, 1, ….
func checkGaps(op string, chunks []kerbside.Chunk) error {
	take, seq := 1, 0
	for _, c := range chunks {
		if c.Take == take+1 && seq > 0 {
			take, seq = c.Take, 0
		}
		if c.Take != take || c.Seq != seq {
			return conflict(op, fmt.Sprintf("Piece %d of take %d has not arrived. Everything else is kept; send it, then finish again.", seq, take))
		}
		seq++
	}
	return nil
}

// UploadFile takes in a file in one go. The same ClientID with the same bytes gives the same recording.
func (s *Service) UploadFile(ctx context.Context, by kerbside.User, in RecordingInput, r io.Reader) (rec kerbside.Recording, err error) {
	return s.upload(ctx, by, in, r, func(kerbside.Tx, kerbside.Recording) error { return nil })
}

// upload is UploadFile with something more in the transaction that makes the recording safe.
func (s *Service) upload(ctx context.Context, by kerbside.User, in RecordingInput, r io.Reader, more func(kerbside.Tx, kerbside.Recording) error) (rec kerbside.Recording, err error) {
	const op = "service.UploadFile"
	have, err := s.uploaded(ctx, op, by, in, r)
	if err != nil {
		return rec, err
	}
	if have != nil && have.State != kerbside.RecordingOpen {
		return *have, nil
	}
	// The bytes come first, then one transaction makes everything else: an upload that breaks off leaves no empty visit.
	id, err := s.uploadID(have)
	if err != nil {
		return rec, err
	}
	w, err := s.newWrite()
	if err != nil {
		return rec, err
	}
	blob := string(by.Org) + "/" + string(id) + "/f-" + w.name
	sum, n, err := s.d.Blobs.Put(ctx, blob, newVerifier(op, s.paced(ctx, by, r), "", MaxRecording))
	if err != nil {
		return rec, err
	}
	if n == 0 {
		return rec, errors.Join(invalid(op, "This file is empty. Choose the file that holds the sound."), s.d.Blobs.Delete(ctx, blob))
	}
	var v kerbside.Visit
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if rec, v, err = s.startRecording(tx, op, by, in, id); err != nil {
			return err
		}
		if rec.State != kerbside.RecordingOpen {
			rec, err = finished(op, rec, sum)
			return err
		}
		if rec.ID != id {
			return conflict(op, "This recording is being sent twice at one time. Send it again in a moment.")
		}
		chunks, err := tx.Chunks(rec.Org, rec.ID)
		if err != nil {
			return err
		}
		if len(chunks) > 0 {
			return conflict(op, "This recording is being sent in pieces; they are kept. Finish it, or send the file as a new recording.")
		}
		if err := w.inTime(op); err != nil {
			return err
		}
		rec.Expected = n // it can wait, as a file does
		if err := s.setSafe(tx, by, &v, &rec, sum, n, blob); err != nil {
			return err
		}
		return more(tx, rec)
	})
	if err != nil {
		return kerbside.Recording{}, err
	}
	s.announce(v)
	return rec, nil
}

// uploadID gives the id that an upload is to have: its bytes lie under it before there is a recording.
func (s *Service) uploadID(have *kerbside.Recording) (kerbside.RecordingID, error) {
	if have != nil {
		return have.ID, nil
	}
	id, err := s.newID("r")
	return kerbside.RecordingID(id), err
}

// uploaded checks that by may upload, and gives the recording of this client id, if any. When it is finished, all of r was read and is the same.
func (s *Service) uploaded(ctx context.Context, op string, by kerbside.User, in RecordingInput, r io.Reader) (*kerbside.Recording, error) {
	if err := records(op, by); err != nil {
		return nil, err
	}
	if _, err := s.checkRecording(op, &in); err != nil {
		return nil, err
	}
	var have *kerbside.Recording
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if in.Visit != "" {
			if _, err := s.readable(tx, op, by, in.Visit); err != nil {
				return err
			}
		}
		rec, err := tx.RecordingByClient(by.Org, in.ClientID)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return nil
		}
		if err == nil {
			rec, _, err = s.ownRecording(tx, op, by, rec.ID)
		}
		if err == nil {
			have = &rec
		}
		return err
	})
	if err != nil || have == nil || have.State == kerbside.RecordingOpen {
		return have, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, newVerifier(op, r, "", MaxRecording)); err != nil {
		return nil, err
	}
	_, err = finished(op, *have, hex.EncodeToString(h.Sum(nil)))
	return have, err
}

// Audio gives the sound of a recording that is safe.
func (s *Service) Audio(ctx context.Context, by kerbside.User, id kerbside.RecordingID) (io.ReadSeekCloser, kerbside.Recording, error) {
	const op = "service.Audio"
	var r kerbside.Recording
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) (err error) {
		if err := signedIn(op, by); err != nil {
			return err
		}
		if r, err = tx.Recording(by.Org, id); err != nil {
			return err
		}
		v, err := s.readable(tx, op, by, r.Visit)
		if err != nil {
			return err
		}
		if r.State == kerbside.RecordingErased {
			return kerbside.E(kerbside.CodeNotFound, op, "This recording was deleted. The visit's history says when and why.", nil)
		}
		if err := going(tx, op, v); err != nil {
			return err
		}
		if r.Blob == "" {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no sound here yet: it was typed, or is still arriving.", nil)
		}
		return s.audit(tx, by, "play", "recording "+string(id), r.Visit)
	})
	if err != nil {
		return nil, kerbside.Recording{}, err
	}
	f, err := s.d.Blobs.Open(ctx, r.Blob)
	return f, r, err
}

// verifier reads at most limit bytes and ends in an error when they are not those of a hash: what stores a stream keeps nothing of
// it then.
type verifier struct {
	op   string
	r    io.Reader
	want string // "" for any
	left int64
	h    hash.Hash
}

func newVerifier(op string, r io.Reader, want string, limit int64) *verifier {
	return &verifier{op: op, r: r, want: want, left: limit, h: sha256.New()}
}

func (v *verifier) Read(p []byte) (int, error) {
	n, err := v.r.Read(p)
	v.left -= int64(n)
	if v.left < 0 {
		return 0, kerbside.E(kerbside.CodeTooLarge, v.op, "This is larger than can be taken in at once. Send it in parts.", nil)
	}
	v.h.Write(p[:n])
	if errors.Is(err, io.EOF) && v.want != "" && hex.EncodeToString(v.h.Sum(nil)) != v.want {
		return 0, invalid(v.op, "This arrived damaged and was not kept. Send it again.")
	}
	return n, err
}

// chunkReader reads the blobs of chunks one after the other and checks each against its hash.
type chunkReader struct {
	ctx    context.Context
	blobs  kerbside.BlobStore
	chunks []kerbside.Chunk
	file   io.Closer
	check  io.Reader
}

func (c *chunkReader) Read(p []byte) (int, error) {
	for {
		if c.check == nil {
			if len(c.chunks) == 0 {
				return 0, io.EOF
			}
			f, err := c.blobs.Open(c.ctx, c.chunks[0].Blob)
			if err != nil {
				return 0, err
			}
			c.file, c.check = f, newVerifier("service.chunkReader", f, c.chunks[0].SHA256, MaxChunk)
			c.chunks = c.chunks[1:]
		}
		n, err := c.check.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := c.Close(); err != nil {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
	}
}

func (c *chunkReader) Close() error {
	if c.file == nil {
		return nil
	}
	err := c.file.Close()
	c.file, c.check = nil, nil
	return err
}
