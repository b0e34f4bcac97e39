package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"kerbside"
	"kerbside/storage/storagetest"
)

func static() *credentials.Credentials { return credentials.NewStaticV4(accessKey, secretKey, "") }

// each runs f against every server.
func each(t *testing.T, f func(t *testing.T, o Options)) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) { f(t, serve(t, s.program)) })
	}
}

func openTest(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBlobs(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			storagetest.Blobs(t, func(t *testing.T) kerbside.BlobStore { return openTest(t, serve(t, s.program)) })
		})
	}
}

func randomBytes(t *testing.T, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func readAll(ctx context.Context, s *Store, key string) ([]byte, error) {
	f, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	return b, errors.Join(err, f.Close())
}

// TestParts: what is larger than a part, or just one, or just not, comes back; it is not there before it is whole; seeking reads from there.
func TestParts(t *testing.T) {
	each(t, func(t *testing.T, o Options) {
		s := openTest(t, o)
		for _, n := range []int{o.Part - 1, o.Part, o.Part + 1, 2*o.Part + 12345} {
			whole := randomBytes(t, n)
			key := "o/r/" + kerbside.HexSHA256(whole)
			slow := &halfway{r: bytes.NewReader(whole), at: n / 2, look: func() {
				if _, err := s.Open(t.Context(), key); kerbside.CodeOf(err) != kerbside.CodeNotFound {
					t.Errorf("half of it is there: %v", err)
				}
			}}
			sum, got, err := s.Put(t.Context(), key, slow)
			if err != nil || got != int64(n) || sum != kerbside.HexSHA256(whole) {
				t.Fatal(sum, got, err)
			}
			if b, err := readAll(t.Context(), s, key); err != nil || !bytes.Equal(b, whole) {
				t.Fatalf("%d bytes: %d came back, %v", n, len(b), err)
			}
			f, err := s.Open(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Seek(-100, io.SeekEnd); err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(f); err != nil || !bytes.Equal(b, whole[n-100:]) {
				t.Fatal(len(b), err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			_, _, err = s.Put(t.Context(), key, bytes.NewReader(whole[1:]))
			if kerbside.CodeOf(err) != kerbside.CodeConflict {
				t.Fatal(err)
			}
		}
	})
}

// halfway calls look once, at a point of the stream.
type halfway struct {
	r    io.Reader
	at   int
	look func()
}

func (h *halfway) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	if h.at -= n; h.at <= 0 && h.look != nil {
		h.look()
		h.look = nil
	}
	return n, err
}

// TestNothingHalf: an upload that breaks off in its second part leaves no part behind.
func TestNothingHalf(t *testing.T) {
	each(t, func(t *testing.T, o Options) {
		s := openTest(t, o)
		half := io.MultiReader(bytes.NewReader(randomBytes(t, o.Part+10)), &failing{errors.New("the network went")})
		_, _, err := s.Put(t.Context(), "o/r/a", half)
		if kerbside.CodeOf(err) != kerbside.CodeCanceled {
			t.Fatal(err)
		}
		for u := range s.core.ListIncompleteUploads(t.Context(), o.Bucket, o.Prefix, true) {
			t.Errorf("parts of %s are left (%v)", u.Key, u.Err)
		}
	})
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// behind gives a store whose requests go through a proxy.
func behind(t *testing.T, o Options, plan func(*http.Request) fault) (*Store, *proxy) {
	t.Helper()
	p := &proxy{to: o.Endpoint, plan: func(*http.Request) fault { return pass }, hung: make(chan struct{})}
	server := httptest.NewServer(p)
	t.Cleanup(func() { close(p.hung); server.Close() })
	o.Endpoint, o.Stall, o.Retries = strings.TrimPrefix(server.URL, "http://"), time.Second, 4
	s := openTest(t, o)
	p.plan = plan
	return s, p
}

func (p *proxy) forward(w http.ResponseWriter, r *http.Request, f fault) {
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.RequestURI = "http", p.to, ""
	answer, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer answer.Body.Close()
	if f == lose {
		_, _ = io.Copy(io.Discard, answer.Body)
		panic(http.ErrAbortHandler)
	}
	for k, v := range answer.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(answer.StatusCode)
	if f == cutBody {
		_, _ = io.CopyN(w, answer.Body, answer.ContentLength/2)
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, answer.Body)
}

// TestPassingFaults: each kind of fault, once or twice, in any request, is overcome without anybody, and what was stored is what was given.
func TestPassingFaults(t *testing.T) {
	each(t, func(t *testing.T, o Options) {
		for name, f := range map[string]fault{"503": refuse, "500": broken, "no answer": hang, "cut": cutHead, "cut in the body": cutBody, "answer lost": lose} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var n atomic.Int64
				s, p := behind(t, o, func(*http.Request) fault {
					if n.Add(1)%3 == 0 { // the request after it passes
						return f
					}
					return pass
				})
				for i, size := range []int{100, o.Part + 1000} {
					whole := randomBytes(t, size)
					key := "o/" + strings.ReplaceAll(name, " ", "-") + "/" + kerbside.HexSHA256(whole)
					if sum, _, err := s.Put(t.Context(), key, bytes.NewReader(whole)); err != nil || sum != kerbside.HexSHA256(whole) {
						t.Fatal(i, err)
					}
					if b, err := readAll(t.Context(), s, key); err != nil || !bytes.Equal(b, whole) {
						t.Fatalf("%d: %d bytes came back: %v", i, len(b), err)
					}
				}
				if p.seen.Load() < 6 {
					t.Fatal("too few requests to show anything")
				}
			})
		}
	})
}

// TestLastingFaults: a fault that stays is a clean error in a bounded time, leaves nothing half visible, and all is well once it ends.
func TestLastingFaults(t *testing.T) {
	each(t, func(t *testing.T, o Options) {
		for name, f := range map[string]fault{"503": refuse, "no answer": hang, "cut": cutHead} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var down atomic.Bool
				s, _ := behind(t, o, func(*http.Request) fault {
					if down.Load() {
						return f
					}
					return pass
				})
				whole := randomBytes(t, o.Part+1000)
				key := "o/" + strings.ReplaceAll(name, " ", "-") + "/a"
				down.Store(true)
				began := time.Now()
				_, _, err := s.Put(t.Context(), key, bytes.NewReader(whole))
				if kerbside.CodeOf(err) != kerbside.CodeUnavailable || strings.Contains(kerbside.MessageOf(err), bucket) {
					t.Fatal(err)
				}
				if _, err := s.Open(t.Context(), key); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
					t.Fatal(err)
				}
				if d := time.Since(began); d > 60*time.Second {
					t.Errorf("it took %v to say so", d)
				}
				down.Store(false)
				if _, err := s.Open(t.Context(), key); kerbside.CodeOf(err) != kerbside.CodeNotFound {
					t.Fatalf("half of it is there: %v", err)
				}
				if _, _, err := s.Put(t.Context(), key, bytes.NewReader(whole)); err != nil {
					t.Fatal(err)
				}
			})
		}
	})
}

// TestCancel: who gives up is not held by a server that does not answer.
func TestCancel(t *testing.T) {
	o := serve(t, minioServer)
	s, _ := behind(t, o, func(*http.Request) fault { return hang })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := s.Put(ctx, "o/r/a", strings.NewReader("x")); kerbside.CodeOf(err) != kerbside.CodeCanceled {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	o := serve(t, minioServer)
	o.Bucket = "not-there"
	if _, err := Open(t.Context(), o); kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), "Create it") {
		t.Error(err)
	}
	o.Bucket, o.SecretKey = bucket, "wrong-secret-key"
	if _, err := Open(t.Context(), o); kerbside.CodeOf(err) != kerbside.CodeUnavailable || !strings.Contains(kerbside.MessageOf(err), "keys") {
		t.Error(err)
	}
}

// TestSweep: Open removes the parts that a killed process left, unless they are young.
func TestSweep(t *testing.T) {
	o := serve(t, minioServer)
	s := openTest(t, o)
	if _, err := s.core.NewMultipartUpload(t.Context(), o.Bucket, o.Prefix+"o/r/a", minio.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	openTest(t, o)
	left := 0
	for range s.core.ListIncompleteUploads(t.Context(), o.Bucket, o.Prefix+"o/r/a", true) {
		left++
	}
	if left != 1 {
		t.Fatalf("%d uploads: one that may be under way was removed", left)
	}
}

func TestParseURL(t *testing.T) {
	env := func(k string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}[k]
	}
	got, err := ParseURL("s3+http://localhost:9000/bucket/some/where/?region=eu-west-2", env)
	want := Options{Endpoint: "localhost:9000", Plain: true, Region: "eu-west-2", Bucket: "bucket", Prefix: "some/where/", AccessKey: "a", SecretKey: "b"}
	if err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	for _, bad := range []string{"", "s3://", "s3://host", "http://host/bucket", "s3://key:secret@host/bucket", "s3://host/bucket/../x", "s3://h\x00/b"} {
		if _, err := ParseURL(bad, env); kerbside.CodeOf(err) != kerbside.CodeInvalid || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := ParseURL("s3://host/bucket", func(string) string { return "" }); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Error("no keys: ", err)
	}
}
