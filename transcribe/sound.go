package transcribe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"sync"

	"kerbside"
	"kerbside/transcribe/audio"
)

// soundStream is a [kerbside.Sound] being decoded and hashed.
type soundStream struct {
	*audio.Stream
	reader *hashingReader // of a sound that arrives over time, or
	file   *os.File       // of one that is there
	size   int64
}

func openSound(ctx context.Context, s kerbside.Sound, o audio.Options) (stream, error) {
	if s.Path != "" {
		in, err := audio.Open(ctx, s.Path, o)
		if err != nil {
			return nil, err
		}
		f, size, err := openForHash(s.Path)
		if err != nil {
			_ = in.Close()
			return nil, err
		}
		return &soundStream{Stream: in, file: f, size: size}, nil
	}
	if s.Reader == nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "transcribe.Transcribe", "There is no recording to transcribe.", nil)
	}
	r := &hashingReader{r: s.Reader, h: sha256.New()}
	in, err := audio.OpenReader(ctx, r, o)
	if err != nil {
		return nil, err
	}
	return &soundStream{Stream: in, reader: r}, nil
}

// openForHash opens a file a second time, at once, so that it can be hashed even if it is removed meanwhile.
func openForHash(path string) (*os.File, int64, error) {
	f, err := os.Open(path) //nolint:gosec // the path is what the caller asked for
	if err != nil {
		return nil, 0, hashFailed(err)
	}
	st, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, 0, hashFailed(err)
	}
	return f, st.Size(), nil
}

// SHA256 implements stream. Of a file it hashes the bytes that were there when it was opened.
func (s *soundStream) SHA256(ctx context.Context) (string, error) {
	if s.reader != nil {
		return s.reader.rest(ctx)
	}
	h := sha256.New()
	if _, err := io.Copy(h, &contextReader{ctx, io.NewSectionReader(s.file, 0, s.size)}); err != nil {
		return "", hashFailed(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Close implements stream.
func (s *soundStream) Close() error {
	err := s.Stream.Close()
	if s.file != nil {
		_ = s.file.Close()
	}
	return err
}

// hashingReader hashes what is read through it. Its lock lets the rest be read while a Read that the decoder gave up on may be pending.
type hashingReader struct {
	mu sync.Mutex
	r  io.Reader
	h  hash.Hash
}

func (r *hashingReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, err := r.r.Read(p)
	_, _ = r.h.Write(p[:n]) // a hash never fails
	return n, err
}

// rest reads what the decoder left and gives the hash of everything.
func (r *hashingReader) rest(ctx context.Context) (string, error) {
	if _, err := io.Copy(io.Discard, &contextReader{ctx, r}); err != nil {
		return "", hashFailed(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return hex.EncodeToString(r.h.Sum(nil)), nil
}

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func hashFailed(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err // without the file's name
	}
	return kerbside.E(kerbside.CodeUnavailable, "transcribe.Transcribe", "The recording could not be read to its end. Check the disk or the connection and try again.", err)
}
