package seal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"kerbside"
)

// Blobs seals what it hands to a store and opens what it gets from there. The second part of a key names its scope: "org/scope/name", or "org/scope".
type Blobs struct {
	inner kerbside.BlobStore
	ring  *Ring
}

var _ kerbside.DatedBlobs = (*Blobs)(nil)

// NewBlobs makes Blobs.
func NewBlobs(inner kerbside.BlobStore, ring *Ring) *Blobs { return &Blobs{inner, ring} }

func scopeOf(op, key string) (scope, error) {
	parts := strings.SplitN(key, "/", 3)
	for _, part := range parts[:min(2, len(parts))] {
		if len(parts) < 2 || part == "" || part[0] == '.' || strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
			return scope{}, kerbside.E(kerbside.CodeInvalid, op, "This is not a name that can be stored.", errors.New("a sealed blob's key is org/scope/name"))
		}
	}
	return scope{kerbside.OrganisationID(parts[0]), parts[1]}, nil
}

// Put implements [kerbside.BlobStore]; hash and length are those of the plain bytes.
func (b *Blobs) Put(ctx context.Context, key string, r io.Reader) (string, int64, error) {
	const op = "seal.Put"
	s, err := scopeOf(op, key)
	if err != nil {
		return "", 0, err
	}
	k, err := b.ring.obtain(ctx, s)
	if err != nil {
		return "", 0, err
	}
	plain := &hashed{r: r, h: sha256.New()}
	sealed, err := age.EncryptReader(plain, k.identity.Recipient())
	if err != nil {
		return "", 0, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	_, _, err = b.inner.Put(ctx, key, sealed)
	if kerbside.CodeOf(err) == kerbside.CodeConflict { // sealed bytes are never the same twice
		err = b.same(ctx, key, plain, err)
	}
	if err != nil {
		return "", 0, err
	}
	return plain.sum(), plain.n, nil
}

// same gives conflict unless what is stored are the plain bytes, of which some may be unread yet.
func (b *Blobs) same(ctx context.Context, key string, plain *hashed, conflict error) error {
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return err
	}
	f, err := b.Open(ctx, key)
	if err != nil {
		return err
	}
	defer f.Close()
	have := &hashed{r: f, h: sha256.New()}
	if _, err := io.Copy(io.Discard, have); err != nil {
		return err
	}
	if have.sum() != plain.sum() {
		return conflict
	}
	return nil
}

// Open implements [kerbside.BlobStore]. Bytes that were altered are an error where they are read, a shortened end already here.
func (b *Blobs) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	const op = "seal.Open"
	f, err := b.inner.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	s, err := scopeOf(op, key)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	k, err := b.ring.find(ctx, s)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(damaged(op, err), f.Close())
	}
	from := &readerAt{f: f}
	plain, n, err := age.DecryptReaderAt(from, size, k.identity)
	if err != nil {
		return nil, errors.Join(damaged(op, err), f.Close())
	}
	return &opened{io.NewSectionReader(plain, 0, n), f}, nil
}

// damaged keeps an error of the store below as it is; any other comes of bytes that are not those that were sealed.
func damaged(op string, err error) error {
	var typed *kerbside.Error
	if errors.As(err, &typed) {
		return err
	}
	return kerbside.E(kerbside.CodeInternal, op, "What is stored here is damaged. Restore it from a backup.", err)
}

// Delete implements [kerbside.BlobStore].
func (b *Blobs) Delete(ctx context.Context, key string) error { return b.inner.Delete(ctx, key) }

// Written implements [kerbside.DatedBlobs] where the store below does.
func (b *Blobs) Written(ctx context.Context, key string) (time.Time, error) {
	dated, ok := b.inner.(kerbside.DatedBlobs)
	if !ok {
		return time.Time{}, kerbside.E(kerbside.CodeUnavailable, "seal.Written", "", errors.New("this store does not know when its blobs were written"))
	}
	return dated.Written(ctx, key)
}

// List implements [kerbside.BlobStore].
func (b *Blobs) List(ctx context.Context, prefix string, f func(string) error) error {
	return b.inner.List(ctx, prefix, f)
}

// hashed reads and hashes.
type hashed struct {
	r io.Reader
	h hash.Hash
	n int64
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.h.Write(p[:n])
	h.n += int64(n)
	return n, err
}

func (h *hashed) sum() string { return hex.EncodeToString(h.h.Sum(nil)) }

// readerAt reads at an offset of what can seek.
type readerAt struct {
	mu sync.Mutex
	f  io.ReadSeeker
}

func (r *readerAt) ReadAt(p []byte, at int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.f.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.f, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

type opened struct {
	*io.SectionReader
	f io.Closer
}

func (o *opened) Read(p []byte) (int, error) {
	n, err := o.SectionReader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged("seal.Read", err)
	}
	return n, err
}

func (o *opened) Close() error { return o.f.Close() }
