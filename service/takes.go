package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"kerbside"
)

// listen has a recording transcribed. Each take is sound of its own, with its own header, so takes are transcribed apart and
// put on one clock, one after the other.
func (s *Service) listen(ctx context.Context, r kerbside.Recording, o kerbside.TranscribeOptions) (*kerbside.Transcript, error) {
	lengths, err := s.takeLengths(ctx, r)
	if err != nil {
		return nil, err
	}
	sound, err := s.d.Blobs.Open(ctx, r.Blob)
	if err != nil {
		return nil, err
	}
	defer sound.Close()
	if s.d.Nodes != nil { // whoever listens on this node may not have seen yet that it is whole
		s.followed(ctx, r)
	}
	breaks, err := s.interruptions(ctx, r)
	if err != nil {
		return nil, err
	}
	var takes []*kerbside.Transcript
	var before int64
	words := 0
	for i, n := range lengths {
		ref := kerbside.RecordingRef{ID: r.ID, Kind: r.Kind}
		var from io.Reader = sound
		if len(lengths) == 1 {
			ref.SHA256 = r.SHA256
		} else {
			from = io.LimitReader(sound, n)
		}
		if t := s.live.result(ctx, r, o, i+1, ref.SHA256); t != nil { // it was listened to while it arrived
			if _, err := io.CopyN(io.Discard, sound, n); err != nil {
				return nil, kerbside.E(kerbside.CodeUnavailable, "service.listen", "The recording could not be read. It is kept; try again.", err)
			}
			before += t.Recording.DurationMS
			words += len(t.Words)
			takes = append(takes, t)
			continue
		}
		t, err := s.d.Transcriber.Transcribe(ctx, kerbside.Sound{Ref: ref, Reader: from, Checkpoint: s.checkpoint(r)}, o, func(p kerbside.TranscribeProgress) {
			kerbside.Beat(ctx)
			words += len(p.Words)
			at := Progress{State: kerbside.VisitProcessing, Stage: "transcribe", DoneMS: before + p.DoneMS, Words: words}
			if p.TotalMS > 0 && len(lengths) == 1 {
				at.TotalMS = p.TotalMS
			}
			s.publish(r.Org, r.Visit, at)
		})
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, from); err != nil { // to the start of the next take, whatever the transcriber left unread
			return nil, err
		}
		before += t.Recording.DurationMS
		takes = append(takes, t)
	}
	t := joinTakes(takes, breaks)
	t.Recording.ID, t.Recording.SHA256, t.Recording.Kind = r.ID, r.SHA256, r.Kind
	if err := t.Validate(); err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "service.listen", "The transcriber's result was not sound, so it was not used. The recording is safe; try again.", errors.Unwrap(err))
	}
	return t, nil
}

// checkpoint is where the words of a recording's finished windows are until its transcript is committed. They lie beside its sound, so that
// whatever removes one can remove the other.
func (s *Service) checkpoint(r kerbside.Recording) kerbside.Checkpoint {
	return kerbside.Checkpoint{Blobs: s.d.Blobs, Prefix: fmt.Sprintf("%s/%s/windows/", r.Org, r.ID)}
}

// dropCheckpoint removes what a committed transcript makes useless; what stays is removed when the stage runs again, or with the sound.
func (s *Service) dropCheckpoint(ctx context.Context, r kerbside.Recording) {
	if err := s.checkpoint(r).Clear(ctx); err != nil {
		s.log.WarnContext(ctx, "windows that are not needed any more could not be removed", "recording", string(r.ID), "code", string(kerbside.CodeOf(err)))
	}
}

// takeLengths are the bytes of each take in the recording's blob.
func (s *Service) takeLengths(ctx context.Context, r kerbside.Recording) (lengths []int64, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		chunks, err := tx.Chunks(r.Org, r.ID)
		lengths = nil
		for i, c := range chunks {
			if i == 0 || c.Take != chunks[i-1].Take {
				lengths = append(lengths, 0)
			}
			lengths[len(lengths)-1] += c.Bytes
		}
		return err
	})
	if len(lengths) == 0 { // it came as one file
		lengths = []int64{r.Bytes}
	}
	return lengths, err
}

// joinTakes puts transcripts of takes one after the other, words numbered anew. Nothing was heard between two takes: that takes no time on the
// clock, and is a gap that says how long it was where the recorder knew.
func joinTakes(takes []*kerbside.Transcript, breaks []Interruption) *kerbside.Transcript {
	if len(takes) == 1 {
		out := *takes[0]
		out.Gaps = appendBreaks(slices.Clone(out.Gaps), 1, 0, out.Recording.DurationMS, breaks)
		return &out
	}
	out := *takes[0]
	out.Words, out.Segments, out.Gaps, out.Removed, out.Flags = nil, nil, nil, nil, nil
	out.Suggestions, out.Readings = nil, nil
	out.Recording.DurationMS = 0
	ids := make([]string, 0, len(takes))
	for i, t := range takes {
		ids = append(ids, string(t.ID))
		start := out.Recording.DurationMS
		if i > 0 && !slices.ContainsFunc(breaks, func(b Interruption) bool { return b.Take == i+1 && b.AtMS == 0 && b.MissingMS > 0 }) {
			out.Gaps = append(out.Gaps, kerbside.Gap{StartMS: start, EndMS: start, Reason: GapInterrupted})
		}
		out.Gaps = appendBreaks(out.Gaps, i+1, start, start+t.Recording.DurationMS, breaks)
		appendTake(&out, t)
	}
	if len(out.Words) == 0 {
		out.Flags = append(out.Flags, kerbside.FlagNoSpeech)
	}
	out.ID = kerbside.TranscriptID(kerbside.DerivedID("t", ids...))
	out.JoinWords()
	return &out
}

func appendTake(out *kerbside.Transcript, t *kerbside.Transcript) {
	shift := out.Recording.DurationMS
	shifted := func(ms *int64) *int64 {
		if ms == nil {
			return nil
		}
		v := *ms + shift
		return &v
	}
	ids := make(map[kerbside.WordID]kerbside.WordID, len(t.Words))
	for _, w := range t.Words {
		id := wordID(len(out.Words) + 1)
		ids[w.ID] = id
		w.ID, w.StartMS, w.EndMS = id, shifted(w.StartMS), shifted(w.EndMS)
		out.Words = append(out.Words, w)
	}
	for _, g := range t.Segments {
		g.FirstWord, g.LastWord = ids[g.FirstWord], ids[g.LastWord]
		g.StartMS, g.EndMS = g.StartMS+shift, g.EndMS+shift
		out.Segments = append(out.Segments, g)
	}
	for _, g := range t.Suggestions {
		g.FirstWord, g.LastWord = ids[g.FirstWord], ids[g.LastWord]
		out.Suggestions = append(out.Suggestions, g)
	}
	for _, g := range t.Readings {
		g.FirstWord, g.LastWord = ids[g.FirstWord], ids[g.LastWord]
		out.Readings = append(out.Readings, g)
	}
	for _, g := range t.Gaps {
		g.StartMS, g.EndMS = g.StartMS+shift, g.EndMS+shift
		out.Gaps = append(out.Gaps, g)
	}
	for _, g := range t.Removed {
		g.StartMS, g.EndMS = g.StartMS+shift, g.EndMS+shift
		out.Removed = append(out.Removed, g)
	}
	for _, f := range t.Flags {
		if f != kerbside.FlagNoSpeech && !slices.Contains(out.Flags, f) {
			out.Flags = append(out.Flags, f)
		}
	}
	out.Recording.DurationMS += t.Recording.DurationMS
}
