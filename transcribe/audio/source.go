package audio

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"

	"kerbside"
)

// maxPeek bounds what is held in memory of a reader while its format is found out.
const maxPeek = 1 << 20

type sizedFile struct {
	*os.File
	size int64
}

// openFile opens a regular file; it does not wait for a FIFO's writer and never reads a device.
func openFile(op, path string) (sizedFile, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the path is what the caller asked for
	if err != nil {
		err = withoutPath(err)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return sizedFile{}, kerbside.E(kerbside.CodeNotFound, op, "There is no such file. Check its name and folder.", err)
		case errors.Is(err, fs.ErrPermission):
			return sizedFile{}, kerbside.E(kerbside.CodeForbidden, op, "This file may not be read by the user that runs Kerbside. Change its permissions, or copy it to a folder that may be read.", err)
		case errors.Is(err, syscall.ENXIO):
			return sizedFile{}, notRegular(op)
		}
		return sizedFile{}, kerbside.E(kerbside.CodeUnavailable, op, "This file could not be opened. Check the disk and try again.", err)
	}
	st, err := f.Stat()
	switch {
	case err != nil:
		err = kerbside.E(kerbside.CodeUnavailable, op, "This file could not be read. Check the disk and try again.", withoutPath(err))
	case st.IsDir():
		err = kerbside.E(kerbside.CodeInvalid, op, "This is a folder, not a recording. Name a file in it, or use `kerbside batch` for the whole folder.", nil)
	case !st.Mode().IsRegular():
		err = notRegular(op)
	default:
		return sizedFile{f, st.Size()}, nil
	}
	_ = f.Close()
	return sizedFile{}, err
}

func notRegular(op string) error {
	return kerbside.E(kerbside.CodeInvalid, op, "This is a pipe or a device, not a file. Save the recording to a file first.", nil)
}

// source is where the bytes of a recording come from: a file of known size, or a reader (size -1).
type source struct {
	file *os.File
	size int64

	pipe *io.PipeReader // for a reader: lets a blocked read be abandoned
	head []byte         // what was peeked of a reader

	mu  sync.Mutex
	err error // the first read error other than io.EOF
}

func fileSource(f *os.File, size int64) *source { return &source{file: f, size: size} }

func readerSource(r io.Reader) *source {
	pr, pw := io.Pipe()
	go func() {
		_, err := io.Copy(pw, r)
		pw.CloseWithError(err)
	}()
	return &source{size: -1, pipe: pr}
}

// Read continues a reader after what was peeked; a file is read through reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.pipe.Read(p)
	return n, s.note(err)
}

func (s *source) note(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		s.mu.Lock()
		if s.err == nil {
			s.err = err
		}
		s.mu.Unlock()
	}
	return err
}

func (s *source) readErr() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// peek gives up to n bytes at offset off without consuming them; fewer at the end, or beyond maxPeek of a reader.
func (s *source) peek(off int64, n int) []byte {
	if s.file != nil {
		if off < 0 || off >= s.size {
			return nil
		}
		buf := make([]byte, min(int64(n), s.size-off))
		m, err := s.file.ReadAt(buf, off)
		_ = s.note(err)
		return buf[:m]
	}
	if off < 0 || off+int64(n) > maxPeek {
		return nil
	}
	for want := int(off) + n; len(s.head) < want; {
		buf := make([]byte, 4096)
		m, err := s.Read(buf)
		s.head = append(s.head, buf[:m]...)
		if err != nil {
			break
		}
	}
	return s.head[min(int(off), len(s.head)):min(int(off)+n, len(s.head))]
}

// reader gives the whole recording from its start. A reader can be asked only once.
func (s *source) reader() io.Reader {
	if s.file != nil {
		return &notingReader{s: s, r: io.NewSectionReader(s.file, 0, s.size)}
	}
	return &headThenRest{s: s, head: s.head}
}

type notingReader struct {
	s   *source
	r   io.Reader
	n   int64
	eof bool
}

func (r *notingReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.n += int64(n)
	r.eof = r.eof || err == io.EOF
	return n, r.s.note(err)
}

type headThenRest struct {
	s    *source
	head []byte
}

func (r *headThenRest) Read(p []byte) (int, error) {
	if len(r.head) > 0 {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	return r.s.Read(p)
}

// readTail looks for dates in the chunks behind the sound, where many recorders put them.
func (s *source) readTail(h *wavHeader, loc *time.Location) {
	if s.file == nil || !h.recorded.IsZero() || h.dataSize < 0 {
		return
	}
	end := h.dataStart + h.dataSize + h.dataSize&1
	if end <= 0 || end >= s.size {
		return
	}
	h.readMetadata(io.NewSectionReader(s.file, end, s.size-end), loc)
}

// spool copies a reader into an unlinked file, which then takes its place.
func (s *source) spool(ctx context.Context, dir string, limit int64) error {
	const op = "audio.OpenReader"
	f, err := os.CreateTemp(dir, "kerbside-*")
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "There is no room for a working copy of this recording. Check the scratch folder and the disk.", withoutPath(err))
	}
	_ = os.Remove(f.Name())
	n, err := io.Copy(f, io.LimitReader(s.reader(), limit+1))
	switch {
	case ctx.Err() != nil:
		err = canceled(op, ctx.Err())
	case s.readErr() != nil:
		err = readFailed(op, s.readErr())
	case err != nil:
		err = kerbside.E(kerbside.CodeUnavailable, op, "There is no room for a working copy of this recording. Free some disk space and try again.", withoutPath(err))
	case n > limit:
		err = kerbside.E(kerbside.CodeTooLarge, op, "This recording is larger than allowed. Cut it into parts.", nil)
	}
	if err != nil {
		_ = f.Close()
		return err
	}
	s.file, s.size = f, n
	return nil
}

// abort unblocks whoever waits for bytes of a reader.
func (s *source) abort() {
	if s.pipe != nil {
		_ = s.pipe.CloseWithError(context.Canceled)
	}
}

func (s *source) close() {
	s.abort()
	if s.file != nil {
		_ = s.file.Close()
	}
}
