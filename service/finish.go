package service

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"kerbside"
)

// FinishInput is what a sender knows of a whole recording. SHA256 or Pieces is needed.
type FinishInput struct {
	SHA256 string // of all bytes, takes and chunks in order
	// Pieces is the SHA-256 of the lines "<take> <seq> <sha256 of the chunk>\n", in order: a recorder that seals each chunk at once has no
	// bytes left to hash, but has the hash of each.
	Pieces        string
	Interruptions []Interruption
}

// Interruption is sound that was not recorded, as the recorder noticed: between two takes, or while a call had the microphone.
type Interruption struct {
	Take      int   `json:"take"`       // the take that it lies in, or that began after it
	AtMS      int64 `json:"at_ms"`      // of that take's clock
	MissingMS int64 `json:"missing_ms"` // between the take before and this one, while the clock stood still
	SilentMS  int64 `json:"silent_ms"`  // while it went on and the microphone gave nothing
}

// The reasons of gaps that the recorder noticed.
const (
	GapInterrupted = "interrupted"
	GapMicrophone  = "microphone_taken"
)

const maxInterruptions = 1000

// PutSealedChunk takes a chunk that the recorder sealed to the server's key. What is sealed is bound to the recording's client id, the
// take and the number, so that none can be put in the place of another. sha256 is of the sound itself. Else it is [Service.PutChunk].
func (s *Service) PutSealedChunk(ctx context.Context, by kerbside.User, id kerbside.RecordingID, take, seq int, sha256 string, sealed io.Reader) (c kerbside.Chunk, err error) {
	const op = "service.PutSealedChunk"
	if s.d.RecorderKey == nil {
		return c, invalid(op, "This server takes no sealed sound.")
	}
	var rec kerbside.Recording
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		rec, _, err = s.ownRecording(tx, op, by, id)
		return err
	})
	if err != nil {
		return c, err
	}
	b, err := io.ReadAll(io.LimitReader(sealed, MaxChunk+1))
	if err != nil {
		return c, err
	}
	if len(b) > MaxChunk {
		return c, kerbside.E(kerbside.CodeTooLarge, op, "This piece of sound is too large. Send it in smaller ones.", nil)
	}
	sound, err := s.d.RecorderKey.Open(SealInfo(rec.ClientID, take, seq), b)
	if err != nil {
		return c, err
	}
	return s.PutChunk(ctx, by, id, take, seq, sha256, bytes.NewReader(sound))
}

// SealInfo is what a sealed chunk is bound to.
func SealInfo(client string, take, seq int) string {
	return fmt.Sprintf("kerbside sound 1\n%s\n%d\n%d", client, take, seq)
}

// RecorderKey is the public key that recorders seal to; nil when sealed sound is not taken.
func (s *Service) RecorderKey() []byte {
	if s.d.RecorderKey == nil {
		return nil
	}
	return s.d.RecorderKey.Public()
}

func piecesSum(chunks []kerbside.Chunk) string {
	h := sha256.New()
	for _, c := range chunks {
		fmt.Fprintf(h, "%d %d %s\n", c.Take, c.Seq, c.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// wholeSum is the SHA-256 of all chunks, each checked against its own.
func (s *Service) wholeSum(ctx context.Context, chunks []kerbside.Chunk) (string, error) {
	h := sha256.New()
	sound := &chunkReader{ctx: ctx, blobs: s.d.Blobs, chunks: chunks}
	_, err := io.Copy(h, sound)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, sound.Close())
}

func interruptionsKey(r kerbside.Recording) string {
	return fmt.Sprintf("%s/%s/interruptions", r.Org, r.ID)
}

// keepInterruptions keeps them beside the sound. Another list for the same recording is not kept: the first is from whoever recorded.
func (s *Service) keepInterruptions(ctx context.Context, op string, r kerbside.Recording, list []Interruption) error {
	if len(list) == 0 {
		return nil
	}
	if len(list) > maxInterruptions {
		list = list[:maxInterruptions]
	}
	for _, x := range list {
		if x.Take < 1 || x.Take > maxTake || x.AtMS < 0 || x.MissingMS < 0 || x.SilentMS < 0 || x.MissingMS > 0 && (x.Take == 1 || x.AtMS > 0) {
			return invalid(op, "What the recorder says of interruptions makes no sense. Everything sent so far is safe; reload the page and finish it again.")
		}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	_, _, err = s.d.Blobs.Put(ctx, interruptionsKey(r), bytes.NewReader(b))
	if kerbside.CodeOf(err) == kerbside.CodeConflict {
		return nil
	}
	return err
}

func (s *Service) interruptions(ctx context.Context, r kerbside.Recording) (list []Interruption, err error) {
	f, err := s.d.Blobs.Open(ctx, interruptionsKey(r))
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&list); err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "service.interruptions", "", err)
	}
	return list, nil
}

// appendBreaks adds the gaps of one take, which has the clock from start to end.
func appendBreaks(gaps kerbside.List[kerbside.Gap], take int, start, end int64, list []Interruption) kerbside.List[kerbside.Gap] {
	for _, x := range list {
		if x.Take != take {
			continue
		}
		at := min(start+x.AtMS, end)
		if x.MissingMS > 0 {
			gaps = append(gaps, kerbside.Gap{StartMS: at, EndMS: at, MissingMS: x.MissingMS, Reason: GapInterrupted})
		}
		if x.SilentMS > 0 {
			gaps = append(gaps, kerbside.Gap{StartMS: at, EndMS: min(at+x.SilentMS, end), Reason: GapMicrophone})
		}
	}
	return gaps
}

// GapText says a gap to people.
func GapText(g kerbside.Gap) string {
	s := func(ms int64) string {
		n := max(1, (ms+500)/1000)
		switch {
		case n < 120:
			return fmt.Sprintf("%d s", n)
		case n < 7200:
			return fmt.Sprintf("%d minutes", n/60)
		}
		return fmt.Sprintf("%d hours", n/3600)
	}
	at := fmt.Sprintf("%d:%02d", g.StartMS/60000, g.StartMS/1000%60)
	switch {
	case g.Reason == GapInterrupted && g.MissingMS > 0:
		return s(g.MissingMS) + " missing at " + at + ": the recording was interrupted"
	case g.Reason == GapInterrupted:
		return "Interrupted at " + at + "; how much is missing is not known"
	case g.Reason == GapMicrophone:
		return s(g.EndMS-g.StartMS) + " missing at " + at + ": something else had the microphone"
	}
	return fmt.Sprintf("%s without words at %s (%s)", s(g.EndMS-g.StartMS), at, strings.ReplaceAll(g.Reason, "_", " "))
}

// AudioTake gives the sound of one take, which has a header of its own: a browser plays no further than to its end.
func (s *Service) AudioTake(ctx context.Context, by kerbside.User, id kerbside.RecordingID, take int) (io.ReadSeekCloser, kerbside.Recording, error) {
	f, r, err := s.Audio(ctx, by, id)
	if err != nil {
		return nil, r, err
	}
	lengths, err := s.takeLengths(ctx, r)
	if err != nil {
		return nil, r, errors.Join(err, f.Close())
	}
	if take < 1 || take > len(lengths) {
		return nil, r, errors.Join(kerbside.E(kerbside.CodeNotFound, "service.AudioTake", "There is no such part of this recording.", nil), f.Close())
	}
	var from int64
	for _, n := range lengths[:take-1] {
		from += n
	}
	return &section{f, from, lengths[take-1], 0}, r, nil
}

// section is a stretch of a file.
type section struct {
	io.ReadSeekCloser
	from, size, at int64
}

func (s *section) Read(p []byte) (int, error) {
	if s.at >= s.size {
		return 0, io.EOF
	}
	if _, err := s.ReadSeekCloser.Seek(s.from+s.at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := s.ReadSeekCloser.Read(p[:min(int64(len(p)), s.size-s.at)])
	s.at += int64(n)
	return n, err
}

func (s *section) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 {
		return 0, kerbside.E(kerbside.CodeInvalid, "service.section", "", nil)
	}
	s.at = offset
	return offset, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
