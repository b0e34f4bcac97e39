// Package storagetest holds the suites that every adapter of a storage port passes.
package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"kerbside"
)

// Blobs runs the suite of [kerbside.BlobStore]; open gives a new, empty store.
func Blobs(t *testing.T, open func(t *testing.T) kerbside.BlobStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		f    func(*testing.T, kerbside.BlobStore)
	}{
		{"what was put is read", blobRoundTrip}, {"the same again is no error", blobAgain}, {"other bytes are a conflict", blobConflict},
		{"what broke off is not there", blobBrokenOff}, {"a cancelled put leaves nothing", blobCancelled}, {"keys stay inside", blobKeys},
		{"delete", blobDelete}, {"list", blobList}, {"many at once", blobConcurrent}, {"what is not there", blobMissing},
		{"when it was written", blobWritten},
	} {
		t.Run(c.name, func(t *testing.T) { c.f(t, open(t)) })
	}
}

func put(t *testing.T, s kerbside.BlobStore, key, body string) {
	t.Helper()
	sum, n, err := s.Put(t.Context(), key, strings.NewReader(body))
	if err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
	if sum != kerbside.HexSHA256([]byte(body)) || n != int64(len(body)) {
		t.Fatalf("put %q gave %s, %d", key, sum, n)
	}
}

func get(t *testing.T, s kerbside.BlobStore, key string) string {
	t.Helper()
	f, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %q: %v", key, err)
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantCode(t *testing.T, err error, code kerbside.Code) {
	t.Helper()
	if kerbside.CodeOf(err) != code {
		t.Fatalf("got %v (%s), want code %s", err, kerbside.CodeOf(err), code)
	}
}

func keys(t *testing.T, s kerbside.BlobStore, prefix string) []string {
	t.Helper()
	var out []string
	if err := s.List(t.Context(), prefix, func(k string) error { out = append(out, k); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func blobRoundTrip(t *testing.T, s kerbside.BlobStore) {
	big := strings.Repeat("0123456789", 300_000)
	put(t, s, "o-1/r-1/a", big)
	put(t, s, "o-1/r-1/empty", "")
	if get(t, s, "o-1/r-1/a") != big || get(t, s, "o-1/r-1/empty") != "" {
		t.Fatal("read something else than was put")
	}
	f, err := s.Open(t.Context(), "o-1/r-1/a")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if at, err := f.Seek(-5, io.SeekEnd); err != nil || at != int64(len(big))-5 {
		t.Fatal(at, err)
	}
	if b, err := io.ReadAll(f); err != nil || string(b) != "56789" {
		t.Fatal(string(b), err)
	}
}

func blobAgain(t *testing.T, s kerbside.BlobStore) {
	put(t, s, "o/a", "one")
	put(t, s, "o/a", "one")
	if k := keys(t, s, ""); !slices.Equal(k, []string{"o/a"}) {
		t.Fatal(k)
	}
}

func blobConflict(t *testing.T, s kerbside.BlobStore) {
	put(t, s, "o/a", "one")
	for _, other := range []string{"two", "", "one "} {
		_, _, err := s.Put(t.Context(), "o/a", strings.NewReader(other))
		wantCode(t, err, kerbside.CodeConflict)
	}
	if get(t, s, "o/a") != "one" {
		t.Fatal("a conflict changed the bytes")
	}
}

func blobBrokenOff(t *testing.T, s kerbside.BlobStore) {
	_, _, err := s.Put(t.Context(), "o/a", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("the network went"))))
	wantCode(t, err, kerbside.CodeCanceled)
	typed := kerbside.E(kerbside.CodeInvalid, "test", "Not that.", nil)
	_, _, err = s.Put(t.Context(), "o/a", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(typed)))
	wantCode(t, err, kerbside.CodeInvalid)
	if k := keys(t, s, ""); len(k) > 0 {
		t.Fatal("half a blob is visible: ", k)
	}
	put(t, s, "o/a", "whole")
}

func blobCancelled(t *testing.T, s kerbside.BlobStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := s.Put(ctx, "o/a", strings.NewReader("x"))
	wantCode(t, err, kerbside.CodeCanceled)
	if k := keys(t, s, ""); len(k) > 0 {
		t.Fatal(k)
	}
}

func blobKeys(t *testing.T, s kerbside.BlobStore) {
	for _, key := range []string{"", "/", "/etc/passwd", "..", "../a", "a/../../b", "a/..", "a//b", "a/", "./a", ".tmp/a", "a/.hidden", "a\x00b", "a b", "a\\b", "ä", strings.Repeat("a", 2000)} {
		_, _, err := s.Put(t.Context(), key, strings.NewReader("x"))
		wantCode(t, err, kerbside.CodeInvalid)
		_, err = s.Open(t.Context(), key)
		wantCode(t, err, kerbside.CodeInvalid)
		wantCode(t, s.Delete(t.Context(), key), kerbside.CodeInvalid)
	}
}

func blobDelete(t *testing.T, s kerbside.BlobStore) {
	put(t, s, "o/a", "one")
	for range 2 {
		if err := s.Delete(t.Context(), "o/a"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete(t.Context(), "never/was/there"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "o/a", "two")
	if get(t, s, "o/a") != "two" {
		t.Fatal("the deleted bytes came back")
	}
}

func blobList(t *testing.T, s kerbside.BlobStore) {
	for _, k := range []string{"o/r-2/b", "o/r-1/b", "o/r-1/a", "p/x", "o/r-10/a"} {
		put(t, s, k, k)
	}
	if got := keys(t, s, "o/r-1"); !slices.Equal(got, []string{"o/r-1/a", "o/r-1/b", "o/r-10/a"}) {
		t.Fatal(got)
	}
	stop := errors.New("enough")
	n := 0
	if err := s.List(t.Context(), "", func(string) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Fatal(err, n)
	}
}

func blobConcurrent(t *testing.T, s kerbside.BlobStore) {
	var wg sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		wg.Go(func() { // ten keys, four writers each, two of them with other bytes
			_, _, errs[i] = s.Put(context.Background(), fmt.Sprintf("o/k%d", i%10), bytes.NewReader([]byte{byte(i / 20)}))
		})
	}
	wg.Wait()
	for k := range 10 {
		won := get(t, s, fmt.Sprintf("o/k%d", k))
		for i := k; i < len(errs); i += 10 {
			same := won == string([]byte{byte(i / 20)})
			if same && errs[i] != nil || !same && kerbside.CodeOf(errs[i]) != kerbside.CodeConflict {
				t.Errorf("key %d writer %d: %v", k, i, errs[i])
			}
		}
	}
}

func blobMissing(t *testing.T, s kerbside.BlobStore) {
	put(t, s, "o/a", "x")
	for _, key := range []string{"o/b", "o", "o/a/c"} {
		_, err := s.Open(t.Context(), key)
		wantCode(t, err, kerbside.CodeNotFound)
	}
}

func blobWritten(t *testing.T, s kerbside.BlobStore) {
	dated, ok := s.(kerbside.DatedBlobs)
	if !ok {
		t.Fatal("it does not know when its blobs were written")
	}
	put(t, s, "o/r/a", "x")
	at, err := dated.Written(t.Context(), "o/r/a")
	if err != nil || time.Since(at).Abs() > time.Minute {
		t.Fatal(at, err)
	}
	for _, key := range []string{"o/r/b", "o/r", "o/r/a/c"} {
		_, err := dated.Written(t.Context(), key)
		wantCode(t, err, kerbside.CodeNotFound)
	}
}
