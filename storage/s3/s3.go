// Package s3 keeps blobs in a bucket of any S3-compatible server.
//
// Every request that carries bytes carries their SHA-256, signed, which the server compares; ETags are not looked at, since they are whatever a
// server likes. What is larger than a part goes up in parts and is not visible before the last of them is confirmed. A request that fails
// for a reason that passes is sent again, with back-off; a download that is cut off goes on where it was.
package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"kerbside"
)

const (
	defaultPart = 8 << 20 // bytes held in memory by each Put; 10,000 parts are the most, so 80 GB
	abandoned   = 24 * time.Hour
)

// Options say where the bucket is.
type Options struct {
	Endpoint  string // HOST:PORT
	Plain     bool   // http and not https
	Region    string // "us-east-1" when empty
	Bucket    string // must exist
	Prefix    string // of all keys, "" or ending in "/"
	AccessKey string
	SecretKey string

	Part    int           // bytes of a part, at least 5 MiB; 8 MiB when 0
	Retries int           // of a request that fails for a reason that passes; 6 when 0
	Stall   time.Duration // how long an answer may keep one waiting; 30 s when 0
}

// ParseURL reads s3://HOST[:PORT]/BUCKET[/PREFIX][?region=REGION], or s3+http:// for a server without TLS. Credentials are not in
// addresses: they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which getenv gives.
func ParseURL(text string, getenv func(string) string) (Options, error) {
	const op = "s3.ParseURL"
	bad := func(err error) (Options, error) {
		return Options{}, kerbside.E(kerbside.CodeInvalid, op, "The address of the S3 server is not one. Give it as s3://HOST/BUCKET or s3://HOST/BUCKET/PREFIX?region=REGION.", err)
	}
	u, err := url.Parse(text)
	if err != nil {
		return bad(nil) // its error may quote a password
	}
	if u.Scheme != "s3" && u.Scheme != "s3+http" || u.Host == "" {
		return bad(errors.New("scheme or host"))
	}
	if u.User != nil {
		return Options{}, kerbside.E(kerbside.CodeInvalid, op, "Keys do not belong into an address. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.", nil)
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" || prefix != "" && kerbside.CheckBlobKey(prefix) != nil {
		return bad(errors.New("bucket or prefix"))
	}
	if prefix != "" {
		prefix += "/"
	}
	o := Options{Endpoint: u.Host, Plain: u.Scheme == "s3+http", Region: u.Query().Get("region"), Bucket: bucket, Prefix: prefix,
		AccessKey: getenv("AWS_ACCESS_KEY_ID"), SecretKey: getenv("AWS_SECRET_ACCESS_KEY")}
	if o.AccessKey == "" || o.SecretKey == "" {
		return Options{}, kerbside.E(kerbside.CodeInvalid, op, "The S3 server needs keys. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.", nil)
	}
	return o, nil
}

// Store is a [kerbside.BlobStore] in a bucket.
type Store struct {
	o     Options
	core  *minio.Core
	locks keyLocks
}

var _ kerbside.DatedBlobs = (*Store)(nil)

// Open makes a store and asks the server whether it may use the bucket. Parts of uploads that nobody ended within a day are removed.
func Open(ctx context.Context, o Options) (*Store, error) {
	const op = "s3.Open"
	if o.Part == 0 {
		o.Part = defaultPart
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Retries == 0 {
		o.Retries = 6
	}
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	transport := &http.Transport{
		DialContext: dialer(o.Stall), TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: o.Stall, MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second, DisableCompression: true,
	}
	core, err := minio.NewCore(o.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""), Secure: !o.Plain,
		Region: o.Region, Transport: transport, BucketLookup: minio.BucketLookupPath, MaxRetries: o.Retries})
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The address of the S3 server is not one. Give it as s3://HOST/BUCKET.", err)
	}
	s := &Store{o: o, core: core}
	found, err := core.BucketExists(ctx, o.Bucket)
	if err != nil {
		return nil, failure(ctx, op, err)
	}
	if !found {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("There is no bucket %q on the S3 server. Create it, private, then start again.", o.Bucket), nil)
	}
	return s, s.sweep(ctx)
}

// dialer makes connections that end when nothing moves on them for a while, in the middle of a body too.
func dialer(stall time.Duration) func(context.Context, string, string) (net.Conn, error) {
	d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return stallConn{c, stall}, nil
	}
}

type stallConn struct {
	net.Conn
	stall time.Duration
}

func (c stallConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.stall)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c stallConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// sweep removes the parts of uploads that were cut off.
func (s *Store) sweep(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx) // ends the listing
	defer cancel()
	for u := range s.core.ListIncompleteUploads(ctx, s.o.Bucket, s.o.Prefix, true) {
		if u.Err != nil {
			return failure(ctx, "s3.sweep", u.Err)
		}
		if time.Since(u.Initiated) > abandoned {
			if err := s.core.AbortMultipartUpload(ctx, s.o.Bucket, u.Key, u.UploadID); err != nil && !missing(err) {
				return failure(ctx, "s3.sweep", err)
			}
		}
	}
	return nil
}

func (s *Store) name(op, key string) (string, error) {
	if err := kerbside.CheckBlobKey(key); err != nil {
		return "", kerbside.E(kerbside.CodeInvalid, op, "This is not a name that can be stored.", err)
	}
	return s.o.Prefix + key, nil
}

// Written implements [kerbside.DatedBlobs].
func (s *Store) Written(ctx context.Context, key string) (time.Time, error) {
	const op = "s3.Written"
	name, err := s.name(op, key)
	if err != nil {
		return time.Time{}, err
	}
	info, err := s.core.Client.StatObject(ctx, s.o.Bucket, name, minio.StatObjectOptions{})
	if err != nil {
		return time.Time{}, failure(ctx, op, err)
	}
	return info.LastModified, nil
}

// Delete implements [kerbside.BlobStore].
func (s *Store) Delete(ctx context.Context, key string) error {
	const op = "s3.Delete"
	name, err := s.name(op, key)
	if err != nil {
		return err
	}
	if err := s.core.RemoveObject(ctx, s.o.Bucket, name, minio.RemoveObjectOptions{}); err != nil && !missing(err) {
		return failure(ctx, op, err)
	}
	return nil
}

// List implements [kerbside.BlobStore].
func (s *Store) List(ctx context.Context, prefix string, f func(string) error) error {
	ctx, cancel := context.WithCancel(ctx) // ends the listing when f does not want more
	defer cancel()
	for o := range s.core.Client.ListObjects(ctx, s.o.Bucket, minio.ListObjectsOptions{Prefix: s.o.Prefix + prefix, Recursive: true}) {
		if o.Err != nil {
			return failure(ctx, "s3.List", o.Err)
		}
		key := strings.TrimPrefix(o.Key, s.o.Prefix)
		if kerbside.CheckBlobKey(key) != nil { // not ours
			continue
		}
		if err := f(key); err != nil {
			return err
		}
	}
	return nil
}

// hashOf reads a blob that is there.
func (s *Store) hashOf(ctx context.Context, key string) (string, error) {
	f, err := s.Open(ctx, key)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Close is there for symmetry with other stores.
func (s *Store) Close() error { return nil }

func missing(err error) bool {
	code := minio.ToErrorResponse(err)
	return code.Code == minio.NoSuchKey || code.StatusCode == http.StatusNotFound && code.Code != minio.NoSuchBucket
}

// exists reports whether a conditional request found something there.
func exists(err error) bool {
	code := minio.ToErrorResponse(err)
	return code.StatusCode == http.StatusPreconditionFailed || code.StatusCode == http.StatusConflict
}

// failure sorts what a server reports by what can be done about it. Its own words stay in the log: they may name the bucket.
func failure(ctx context.Context, op string, err error) error {
	var typed *kerbside.Error
	if errors.As(err, &typed) {
		return err
	}
	if ctx.Err() != nil { // a server that does not answer in time gives errors that look the same
		return kerbside.E(kerbside.CodeCanceled, op, "This was stopped before it was done. Nothing half was kept; send it again.", err)
	}
	if missing(err) {
		return kerbside.E(kerbside.CodeNotFound, op, "There is nothing stored there.", err)
	}
	switch minio.ToErrorResponse(err).StatusCode {
	case http.StatusForbidden, http.StatusUnauthorized:
		return kerbside.E(kerbside.CodeUnavailable, op, "The S3 server refuses the keys that it was given. Check them and what they allow.", err)
	case http.StatusNotFound:
		return kerbside.E(kerbside.CodeUnavailable, op, "The bucket is not there. Create it, then try again.", err)
	case http.StatusInsufficientStorage:
		return kerbside.E(kerbside.CodeUnavailable, op, "The S3 server is full, so this could not be stored. Nothing half was kept; make room and send it again.", err)
	}
	return kerbside.E(kerbside.CodeUnavailable, op, "The S3 server does not answer as it should. Nothing half was kept; try again, and look at the server if it goes on.", err)
}
