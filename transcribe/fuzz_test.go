package transcribe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"io"
	"strings"
	"testing"

	"kerbside"
)

// oneBlob is a store of one blob, whatever its name.
type oneBlob struct {
	b       []byte
	deleted bool
}

var _ kerbside.BlobStore = (*oneBlob)(nil)

type readSeekNop struct{ *bytes.Reader }

func (readSeekNop) Close() error { return nil }

func (o *oneBlob) Put(context.Context, string, io.Reader) (string, int64, error) {
	return "", 0, errors.New("not here")
}
func (o *oneBlob) Open(context.Context, string) (io.ReadSeekCloser, error) {
	return readSeekNop{bytes.NewReader(o.b)}, nil
}
func (o *oneBlob) Delete(context.Context, string) error                   { o.deleted = true; return nil }
func (o *oneBlob) List(context.Context, string, func(string) error) error { return nil }

// FuzzKept reads windows that a run before left: what does not hold to its checksum is removed, and what does but is no window too.
func FuzzKept(f *testing.F) {
	var good bytes.Buffer
	if err := gob.NewEncoder(&good).Encode(Result{Tokens: []Token{{Text: "seen"}}, AvgLogProb: -0.2}); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes(), true)
	f.Add(good.Bytes()[:10], true)
	f.Add([]byte(strings.Repeat("\xff", 40)), true)
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, b []byte, summed bool) {
		o := &oneBlob{b: b}
		if summed {
			sum := sha256.Sum256(b)
			o.b = append(sum[:], b...)
		}
		k := &keeper{at: kerbside.Checkpoint{Blobs: o}}
		_, err := k.find(t.Context(), "key")
		if (err == nil) == o.deleted {
			t.Fatalf("%v, deleted: %t", err, o.deleted)
		}
	})
}
