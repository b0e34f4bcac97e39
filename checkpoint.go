package kerbside

import (
	"context"
	"errors"
)

// Checkpoint is where a transcription keeps what the engine has given for a recording, window by window, so that one that was cut off goes on
// where it stopped. The zero value keeps nothing.
//
// What is kept are spoken words: Blobs has to be as private as the transcripts, and whoever gives a Checkpoint clears it once
// the transcript is safe.
type Checkpoint struct {
	Blobs  BlobStore
	Prefix string // of the keys, one for each recording, ending in "/"
}

// Clear removes what was kept. It goes on after a key that cannot be removed.
func (c Checkpoint) Clear(ctx context.Context) error {
	if c.Blobs == nil {
		return nil
	}
	var keys []string
	err := c.Blobs.List(ctx, c.Prefix, func(key string) error {
		keys = append(keys, key)
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, c.Blobs.Delete(ctx, key))
	}
	return err
}
