package service

import (
	"context"
	"errors"
	"io"

	"kerbside"
)

// MaxDictation is the size of a dictated entry's sound, in bytes: about ten minutes as browsers record.
const MaxDictation = 8 << 20

// Dictate gives the words of a short sound that somebody speaks instead of typing an oversight entry about a visit. Nothing is kept, neither sound nor words:
// they stand in the person's form, are read there, and count once they are saved as typed ones do.
func (s *Service) Dictate(ctx context.Context, by kerbside.User, id kerbside.VisitID, sound io.Reader) (string, error) {
	const op = "service.Dictate"
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		_, err := s.permitted(tx, op, by, UseOversee, id)
		return err
	})
	if err != nil {
		return "", err
	}
	select {
	case s.dictating <- struct{}{}:
		defer func() { <-s.dictating }()
	default:
		return "", kerbside.E(kerbside.CodeTooMany, op, "Somebody else is dictating at the moment. Try again in a moment, or type.", nil)
	}
	limited := newVerifier(op, sound, "", MaxDictation)
	t, err := s.d.Transcriber.Transcribe(ctx, kerbside.Sound{Ref: kerbside.RecordingRef{Kind: kerbside.KindDebrief}, Reader: limited}, kerbside.TranscribeOptions{}, func(kerbside.TranscribeProgress) {})
	if err != nil {
		return "", err
	}
	if len(t.Words) == 0 {
		return "", kerbside.E(kerbside.CodeInvalid, op, "No words were heard. Try again nearer to the microphone, or type.", errors.New("no speech"))
	}
	return t.Text, nil
}
