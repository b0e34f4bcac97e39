package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/web"
)

// limitedSite answers without a network, at moments and from addresses that the test says.
type limitedSite struct {
	h   http.Handler
	now time.Time
}

func (s *site) limited(l web.Limits, proxies ...string) *limitedSite {
	s.t.Helper()
	out := &limitedSite{now: time.Now()}
	var trusted []netip.Prefix
	for _, p := range proxies {
		trusted = append(trusted, netip.MustParsePrefix(p))
	}
	h, err := web.New(web.Config{Service: s.svc, Limits: l, Proxies: trusted, Now: func() time.Time { return out.now }})
	if err != nil {
		s.t.Fatal(err)
	}
	out.h = h
	return out
}

func (l *limitedSite) ask(method, path, from string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(""))
	r.RemoteAddr = from
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, r)
	return w
}

// many asks n times and counts the refusals, which must say when to come back.
func (l *limitedSite) many(t *testing.T, n int, method, path, from string, header ...string) (refused int) {
	t.Helper()
	for range n {
		w := l.ask(method, path, from, header...)
		if w.Code != http.StatusTooManyRequests {
			continue
		}
		refused++
		if after := w.Header().Get("Retry-After"); after == "" || after == "0" {
			t.Fatalf("%s: Retry-After %q", path, after)
		}
		if strings.HasPrefix(path, "/api/") && (w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), `"code":"too_many"`)) {
			t.Fatalf("%s: %s", path, w.Body)
		}
	}
	return refused
}

// TestRateOfAddress: too many requests from one address are refused before anything is done for them; other addresses, and later, are not.
func TestRateOfAddress(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	l := s.limited(web.Limits{Address: 2})
	const one, other = "192.0.2.1:1000", "192.0.2.2:1000"
	if n := l.many(t, 25, "GET", "/api/me", one); n != 5 {
		t.Errorf("%d of 25 at once were refused, not 5", n)
	}
	if n := l.many(t, 3, "GET", "/signin", one); n != 3 {
		t.Errorf("pages: %d of 3 were refused", n)
	}
	for _, free := range []string{"/healthz", "/readyz", "/static/x/app.css"} {
		if n := l.many(t, 3, "GET", free, one); n != 0 {
			t.Errorf("%s is limited", free)
		}
	}
	if n := l.many(t, 20, "GET", "/api/me", other); n != 0 {
		t.Errorf("another address: %d were refused", n)
	}
	l.now = l.now.Add(3 * time.Second)
	if n := l.many(t, 8, "GET", "/api/me", one); n != 2 {
		t.Errorf("3 s later: %d of 8 were refused, not 2", n)
	}
	for i, from := range []string{"[2001:db8:1:2::1]:9", "[2001:db8:1:2:ffff::2]:9"} { // one household's
		if n := l.many(t, 15, "GET", "/api/me", from); n != 10*i {
			t.Errorf("%s: %d were refused", from, n)
		}
	}
}

// TestRateBehindProxy: behind a trusted proxy it is the address that the proxy names that counts, whatever the client writes itself; else the connection's.
func TestRateBehindProxy(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	const proxy, stranger = "10.0.0.1:1000", "192.0.2.9:1000"
	l := s.limited(web.Limits{Address: 1}, "10.0.0.0/8")
	for i := range 3 {
		if n := l.many(t, 10, "GET", "/api/me", proxy, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i)); n != 0 {
			t.Errorf("client %d behind the proxy: %d refused", i, n)
		}
	}
	refused := 0
	for i := range 20 { // one client that makes up addresses
		refused += l.many(t, 1, "GET", "/api/me", proxy, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d, 198.51.100.77", i))
	}
	if refused != 10 {
		t.Errorf("made-up addresses behind the proxy: %d of 20 refused, not 10", refused)
	}
	refused = 0
	for i := range 20 {
		refused += l.many(t, 1, "GET", "/api/me", stranger, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
	}
	if refused != 10 {
		t.Errorf("made-up addresses without a proxy: %d of 20 refused, not 10", refused)
	}
}

// TestRateOfPerson: a person's requests count together, from wherever and by whichever token they come; pieces of sound have a limit of their own.
func TestRateOfPerson(t *testing.T) {
	s := newSite(t, &fakeExtractor{})
	s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))
	s.signIn(s.invite("Sam Birch", kerbside.RoleWorker))
	one, second, other := "Bearer "+s.program(s.user("Robin Ashdown")), "Bearer "+s.program(s.user("Robin Ashdown")), "Bearer "+s.program(s.user("Sam Birch"))
	l := s.limited(web.Limits{Person: 1})
	if n := l.many(t, 6, "GET", "/api/me", "192.0.2.1:1", "Authorization", one) + l.many(t, 6, "GET", "/api/visits", "192.0.2.2:1", "Authorization", second); n != 2 {
		t.Errorf("%d of 12 were refused, not 2", n)
	}
	if n := l.many(t, 10, "GET", "/api/me", "192.0.2.1:1", "Authorization", other); n != 0 {
		t.Errorf("somebody else: %d were refused", n)
	}
	if n := l.many(t, 105, "PUT", "/api/recordings/r/takes/1/chunks/0", "192.0.2.1:1", "Authorization", one); n != 5 {
		t.Errorf("pieces: %d of 105 were refused, not 5", n)
	}
	if n := l.many(t, 20, "GET", "/api/me", "192.0.2.1:1", "Authorization", "Bearer kerbside_none"); n != 0 {
		t.Error("nobody's requests were counted against somebody")
	}
}
