package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"kerbside"
)

// Put implements [kerbside.BlobStore]. It holds one part in memory.
func (s *Store) Put(ctx context.Context, key string, r io.Reader) (string, int64, error) {
	const op = "s3.Put"
	name, err := s.name(op, key)
	if err != nil {
		return "", 0, err
	}
	u := &upload{s: s, name: name, key: key, whole: sha256.New(), buf: make([]byte, s.o.Part)}
	sum, n, err := u.run(ctx, r)
	if err != nil {
		return "", 0, failure(ctx, op, err)
	}
	return sum, n, nil
}

// upload is one Put.
type upload struct {
	s     *Store
	name  string
	key   string
	whole interface {
		io.Writer
		Sum([]byte) []byte
	}
	buf   []byte
	n     int64
	id    string // "" until there are parts
	parts []minio.CompletePart
}

func (u *upload) run(ctx context.Context, r io.Reader) (sum string, n int64, err error) {
	defer func() {
		if u.id != "" { // not ended: nothing half stays. Who cannot reach the server leaves it to the next Open
			gone, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			_ = u.s.core.AbortMultipartUpload(gone, u.s.o.Bucket, u.name, u.id)
		}
	}()
	for {
		piece, last, err := u.next(ctx, r)
		if err != nil {
			return "", 0, err
		}
		if last && u.id == "" {
			return u.place(ctx, func(o minio.PutObjectOptions) error {
				return u.send(ctx, piece, func(body io.Reader) error {
					_, err := u.s.core.PutObject(ctx, u.s.o.Bucket, u.name, body, int64(len(piece)), "", hexSum(piece), o)
					return err
				})
			})
		}
		if len(piece) > 0 {
			if err := u.part(ctx, piece); err != nil {
				return "", 0, err
			}
		}
		if last {
			return u.place(ctx, func(o minio.PutObjectOptions) error {
				_, err := u.s.core.CompleteMultipartUpload(ctx, u.s.o.Bucket, u.name, u.id, u.parts, o)
				if err == nil {
					u.id = ""
				}
				return err
			})
		}
	}
}

// next reads the next part.
func (u *upload) next(ctx context.Context, r io.Reader) (piece []byte, last bool, err error) {
	for len(piece) < len(u.buf) && !last {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		n, err := r.Read(u.buf[len(piece):])
		piece = u.buf[:len(piece)+n]
		switch {
		case errors.Is(err, io.EOF):
			last = true
		case err != nil:
			return nil, false, brokenOff(err)
		}
	}
	_, _ = u.whole.Write(piece) // a hash never fails
	u.n += int64(len(piece))
	return piece, last, nil
}

func (u *upload) part(ctx context.Context, piece []byte) (err error) {
	if u.id == "" {
		if u.id, err = u.s.core.NewMultipartUpload(ctx, u.s.o.Bucket, u.name, minio.PutObjectOptions{}); err != nil {
			return err
		}
	}
	var p minio.ObjectPart
	err = u.send(ctx, piece, func(body io.Reader) error {
		p, err = u.s.core.PutObjectPart(ctx, u.s.o.Bucket, u.name, u.id, len(u.parts)+1, body, int64(len(piece)), minio.PutObjectPartOptions{Sha256Hex: hexSum(piece)})
		return err
	})
	u.parts = append(u.parts, minio.CompletePart{PartNumber: p.PartNumber, ETag: p.ETag}) // an opaque name here
	return err
}

// send sends a piece again for as long as it fails for a reason that passes, each time from a reader of its own. The library would rewind one reader
// that the connection before may still be reading, and gives up when that connection breaks off under it.
func (u *upload) send(ctx context.Context, piece []byte, put func(io.Reader) error) error {
	for try := 1; ; try++ {
		body := &once{r: bytes.NewReader(piece)}
		err := put(body)
		body.end()
		if err == nil || try >= u.s.o.Retries || !passes(err) {
			return err
		}
		if pause(ctx, min(100*time.Millisecond<<try, time.Second)); ctx.Err() != nil {
			return err
		}
	}
}

// once is the body of one request. After its end nothing reads the bytes any more, whatever connection still wants to.
type once struct {
	mu sync.Mutex
	r  *bytes.Reader
}

// Read implements io.Reader.
func (b *once) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.r == nil {
		return 0, io.ErrClosedPipe
	}
	return b.r.Read(p)
}

func (b *once) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.r = nil
}

// passes reports a failure that a server or a connection has now and then: no answer, or one that asks to come again.
func passes(err error) bool {
	switch code := minio.ToErrorResponse(err).StatusCode; code {
	case 0, http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// place makes the bytes visible, unless something else is there. Among writers of this process that holds on any server, among others on those
// that know conditional writes.
func (u *upload) place(ctx context.Context, put func(minio.PutObjectOptions) error) (sum string, n int64, err error) {
	defer u.s.locks.lock(u.key)()
	sum = hex.EncodeToString(u.whole.Sum(nil))
	_, err = u.s.core.StatObject(ctx, u.s.o.Bucket, u.name, minio.StatObjectOptions{})
	switch {
	case err == nil:
		return sum, u.n, u.same(ctx, sum)
	case !missing(err):
		return "", 0, err
	}
	var o minio.PutObjectOptions
	o.SetMatchETagExcept("*")
	err = put(o)
	if err != nil && exists(err) { // another process was first, or our own answer was lost and the request sent again
		return sum, u.n, u.same(ctx, sum)
	}
	return sum, u.n, err
}

// same reports a conflict unless what is there are these bytes.
func (u *upload) same(ctx context.Context, sum string) error {
	have, err := u.s.hashOf(ctx, u.key)
	if err == nil && have != sum {
		err = kerbside.E(kerbside.CodeConflict, "s3.Put", "Something else is stored there already. Nothing was changed.", nil)
	}
	return err
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// brokenOff is what becomes of an error of the reader that the bytes came from: the server is not at fault.
func brokenOff(err error) error {
	var typed *kerbside.Error
	if errors.As(err, &typed) {
		return err
	}
	return kerbside.E(kerbside.CodeCanceled, "s3.Put", "Not everything arrived. Nothing half was kept; send it again.", err)
}

// keyLocks holds a lock for each key that is being written.
type keyLocks struct {
	mu   sync.Mutex
	held map[string]*keyLock
}

type keyLock struct {
	sync.Mutex
	users int
}

func (k *keyLocks) lock(key string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*keyLock{}
	}
	l := k.held[key]
	if l == nil {
		l = &keyLock{}
		k.held[key] = l
	}
	l.users++
	k.mu.Unlock()
	l.Lock()
	return func() {
		l.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(k.held, key)
		}
	}
}
