package s3

import (
	"strings"
	"testing"

	"kerbside"
)

// FuzzParseURL reads addresses of buckets: what is taken names a bucket and a prefix that keys fit behind, and no error quotes a password.
func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"s3://host/bucket", "s3+http://127.0.0.1:9000/b/p/q?region=x", "s3://user:secretpass@host/b", "s3://host", "s3://host//..//x", "s3://[::1]:9/b/%2e%2e/c", "s3://h/b/\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, err := ParseURL(s, func(string) string { return "key" })
		if err != nil {
			if strings.Contains(err.Error(), "secretpass") {
				t.Fatal("an error quotes a password")
			}
			return
		}
		if o.Endpoint == "" || o.Bucket == "" || strings.Contains(o.Bucket, "/") {
			t.Fatalf("%q became %+v", s, o)
		}
		if err := kerbside.CheckBlobKey(o.Prefix + "key"); err != nil && len(o.Prefix) < kerbside.MaxBlobKey-3 {
			t.Fatalf("%q: no key fits behind %q", s, o.Prefix)
		}
	})
}
