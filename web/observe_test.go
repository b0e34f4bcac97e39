package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClient(t *testing.T) {
	s := &server{Config: Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}}
	for _, c := range []struct {
		remote, proto string
		forwarded     []string
		want          string
		secure        bool
	}{
		{"192.0.2.7:4000", "https", []string{"203.0.113.9"}, "192.0.2.7", false}, // not from a proxy: its header is the client's own invention
		{"10.1.2.3:4000", "https", []string{"203.0.113.9"}, "203.0.113.9", true},
		{"10.1.2.3:4000", "http", []string{"198.51.100.1, 203.0.113.9, 10.9.9.9"}, "203.0.113.9", false},
		{"10.1.2.3:4000", "", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9", false},
		{"10.1.2.3:4000", "https", []string{"nonsense"}, "10.1.2.3", true},
		{"10.1.2.3:4000", "https", nil, "10.1.2.3", true},
		{"[::1]:4000", "https", []string{"2001:db8::1"}, "2001:db8::1", true},
		{"[::ffff:10.1.2.3]:4000", "https", []string{"203.0.113.9"}, "203.0.113.9", true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.forwarded
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if got := s.client(r).String(); got != c.want {
			t.Errorf("%+v: got %s", c, got)
		}
		if s.secure(r) != c.secure {
			t.Errorf("%+v: secure is %v", c, !c.secure)
		}
	}
}
