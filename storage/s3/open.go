package s3

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"kerbside"
)

// Open implements [kerbside.BlobStore]. Bytes are asked for when they are read, from where they are read.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	const op = "s3.Open"
	name, err := s.name(op, key)
	if err != nil {
		return nil, err
	}
	info, err := s.core.StatObject(ctx, s.o.Bucket, name, minio.StatObjectOptions{})
	if err != nil {
		return nil, failure(ctx, op, err)
	}
	return &object{ctx: ctx, s: s, name: name, size: info.Size}, nil
}

// object reads a blob. A download that is cut off is taken up where it was, a few times in a row.
type object struct {
	ctx  context.Context
	s    *Store
	name string
	size int64
	at   int64
	body io.ReadCloser // gives the bytes at at; nil until one is asked for
	cut  int           // downloads cut off since the last byte
}

func (o *object) Read(p []byte) (int, error) {
	const op = "s3.Read"
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if o.at >= o.size {
			return 0, io.EOF
		}
		n, err := o.read(p)
		o.at += int64(n)
		if n > 0 {
			o.cut = 0
			return n, nil
		}
		_ = o.drop()
		o.cut++
		if o.cut > o.s.o.Retries || o.ctx.Err() != nil || missing(err) {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, failure(o.ctx, op, err)
		}
		pause(o.ctx, time.Duration(o.cut)*100*time.Millisecond)
	}
}

// pause waits before another try, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (o *object) read(p []byte) (int, error) {
	if o.body == nil {
		var get minio.GetObjectOptions
		if o.at > 0 {
			if err := get.SetRange(o.at, 0); err != nil {
				return 0, err
			}
		}
		body, _, _, err := o.s.core.GetObject(o.ctx, o.s.o.Bucket, o.name, get)
		if err != nil {
			return 0, err
		}
		o.body = body
	}
	return o.body.Read(p)
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, kerbside.E(kerbside.CodeInternal, "s3.Seek", "", errors.New("before the start"))
	}
	if offset != o.at {
		if err := o.drop(); err != nil {
			return 0, err
		}
		o.at = offset
	}
	return offset, nil
}

func (o *object) drop() error {
	if o.body == nil {
		return nil
	}
	err := o.body.Close()
	o.body = nil
	return err
}

func (o *object) Close() error { return o.drop() }
