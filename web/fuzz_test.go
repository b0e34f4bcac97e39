package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kerbside"
	"kerbside/service"
	"kerbside/web"
)

// hostile asks a handler without a network, as somebody who is signed in.
type hostile struct {
	s  *site
	h  http.Handler
	by *person
}

func newHostile(f *testing.F) *hostile {
	f.Helper()
	s := newSiteWith(f, &fakeExtractor{}, func(d *service.Deps) { d.Limits = service.Limits{Open: 1 << 30} })
	return &hostile{s, handlerOf(f, s), s.signIn(s.invite("Robin Ashdown", kerbside.RoleWorker))}
}

func handlerOf(f *testing.F, s *site) http.Handler {
	f.Helper()
	h, err := web.New(web.Config{Service: s.svc, Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	if err != nil {
		f.Fatal(err)
	}
	return h
}

// ask sends one request; what is no request for net/http is skipped.
func (x *hostile) ask(t *testing.T, method, path, body string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	// A stream has no end of its own.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, x.s.url+path, strings.NewReader(body))
	if err != nil {
		t.Skip("not a request")
	}
	req.RequestURI, req.RemoteAddr = path, "192.0.2.1:4711"
	for k, v := range header {
		req.Header.Set(k, v)
	}
	u, err := url.Parse(x.s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range x.by.c.Jar.Cookies(u) {
		req.AddCookie(c)
	}
	w := httptest.NewRecorder()
	x.h.ServeHTTP(w, req)
	if w.Code >= 500 && w.Code != http.StatusNotImplemented && ctx.Err() == nil {
		t.Fatalf("%s %s: status %d: %.500s", method, path, w.Code, w.Body)
	}
	if w.Code == http.StatusUnauthorized {
		t.Fatalf("%s %s: nobody is signed in any more, so nothing is tried", method, path)
	}
	return w
}

// FuzzRoutes sends any body and query to each route, as each role, about things that exist: no answer may be a fault of ours.
func FuzzRoutes(f *testing.F) {
	m := newMatrix(f)
	h := handlerOf(f, m.s)
	asks := m.requests()
	routes := slices.Sorted(maps.Keys(asks))
	for i, p := range routes {
		_, _, body, _ := asks[p].build(p, m.things[own][kerbside.RoleWorker])
		f.Add(uint(i), uint(i), uint(i), body, "")
		f.Add(uint(i), uint(0), uint(0), body, "audience=family&list=all&q=word&from=1&to=x&take=1")
		f.Add(uint(i), uint(1), uint(0), strings.Repeat(`{"a":[`, 50)+"%", "a=%zz&;")
	}
	f.Fuzz(func(t *testing.T, route, role, rel uint, body, query string) {
		p := routes[route%uint(len(routes))]
		r := kerbside.Roles()[role%uint(len(kerbside.Roles()))]
		ask := asks[p]
		rels := ask.relations()
		th := m.things[rels[rel%uint(len(rels))]][r]
		if th.visit == "" {
			th = m.things[team][r]
		}
		method, path, _, kind := ask.build(p, th)
		path, _, _ = strings.Cut(path, "?")
		if method == http.MethodGet || method == http.MethodHead {
			body = ""
		}
		x := &hostile{m.s, h, m.people[r]}
		x.ask(t, method, path+"?"+url.PathEscape(query), body, map[string]string{"Content-Type": kind, "X-Content-SHA256": kerbside.HexSHA256([]byte(body)), "Tus-Resumable": "1.0.0", "Upload-Length": strconv.Itoa(len(body))})
	})
}

// FuzzTus sends any headers and bytes by the protocol of resumable uploads. What is there afterwards is exactly what was acknowledged.
func FuzzTus(f *testing.F) {
	x := newHostile(f)
	f.Add("10", "filename d29yZA==,client_id Yw==,kind ZGVicmllZg==", "0", "1.0.0", "application/offset+octet-stream", "sound")
	f.Add("-1", "visit ,sha256 eA==", "-1", "1.0.0", "", "")
	f.Add("99999999999999999999", "a b,c,,d e f", "1", "0.2.2", "text/plain", "x")
	f.Add("3", "date MjAyNi0wMy0wMw==", "0", "1.0.0", "application/offset+octet-stream", "longer than it says")
	f.Fuzz(func(t *testing.T, length, metadata, offset, version, kind, body string) {
		made := x.ask(t, http.MethodPost, "/api/tus/", "", map[string]string{"Tus-Resumable": version, "Upload-Length": length, "Upload-Metadata": metadata})
		at := made.Header().Get("Location")
		if made.Code != http.StatusCreated {
			return
		}
		if !strings.HasPrefix(at, "/api/tus/r-") {
			t.Fatalf("the address of an upload is %q", at)
		}
		x.ask(t, http.MethodPatch, at, body, map[string]string{"Tus-Resumable": version, "Upload-Offset": offset, "Content-Type": kind})
		got := x.ask(t, http.MethodHead, at, "", map[string]string{"Tus-Resumable": "1.0.0"})
		n, err := strconv.Atoi(got.Header().Get("Upload-Offset"))
		if got.Code != http.StatusOK || err != nil || n != 0 && n > len(body) {
			t.Fatalf("%d, %q of %d bytes", got.Code, got.Header().Get("Upload-Offset"), len(body))
		}
	})
}

// FuzzChunk sends pieces of sound under any number, hash and seal; a piece that is acknowledged has the hash that was said.
func FuzzChunk(f *testing.F) {
	x := newHostile(f)
	var made struct{ ID string }
	x.by.want(x.by.json(http.MethodPost, "/api/recordings", map[string]string{"client_id": "fuzz"}, &made), http.StatusOK)
	f.Add("1", "0", true, "", "sound")
	f.Add("1", "1", true, "hpke-1", strings.Repeat("x", 100))
	f.Add("0", "-1", false, "hpke-2", "")
	f.Add("+1", "9223372036854775808", true, "", "x")
	f.Add("١", "%2e%2e", false, "", "x")
	f.Fuzz(func(t *testing.T, take, seq string, honest bool, sealed, body string) {
		sum := kerbside.HexSHA256([]byte(body))
		header := map[string]string{"Content-Type": "application/octet-stream", "X-Content-SHA256": sum, "X-Kerbside-Seal": sealed}
		if !honest {
			header["X-Content-SHA256"] = kerbside.HexSHA256([]byte(body + "x"))
		}
		w := x.ask(t, http.MethodPut, "/api/recordings/"+made.ID+"/takes/"+url.PathEscape(take)+"/chunks/"+url.PathEscape(seq), body, header)
		if w.Code == http.StatusOK && !honest {
			t.Fatal("bytes were acknowledged that are not those of the hash")
		}
	})
}

// FuzzMultipart sends any bytes as forms with a file, to each route that takes one.
func FuzzMultipart(f *testing.F) {
	x := newHostile(f)
	manager := x.s.signIn(x.s.link)
	f.Add(uint(0), "x", multipartSound)
	f.Add(uint(1), "x", multipartSound[:len(multipartSound)/2])
	f.Add(uint(2), "x", multipartCases)
	f.Add(uint(0), "x", strings.Replace(multipartSound, `name="file"`, `name="visit"`, 1))
	f.Add(uint(1), "x", strings.Replace(multipartSound, `a.wav`, `..\\..\\a/../.wav`, 1))
	f.Add(uint(0), "\"", "--\r\n")
	f.Fuzz(func(t *testing.T, route uint, boundary, body string) {
		to := []string{"/upload", "/api/uploads", "/cases", "/api/cases/import"}[route%4]
		by := *x
		if route%4 > 1 {
			by.by = manager
		}
		by.ask(t, http.MethodPost, to, body, map[string]string{"Content-Type": "multipart/form-data; boundary=" + boundary})
	})
}

// FuzzRange plays any part of a recording: what comes back is that part.
func FuzzRange(f *testing.F) {
	x := newHostile(f)
	sound := strings.Repeat("0123456789", 30)
	a := x.by.want(x.by.do(http.MethodPost, "/api/uploads", strings.NewReader(strings.Replace(multipartSound, "\r\n\r\nsound\r\n", "\r\n\r\n"+sound+"\r\n", 1)), "Content-Type", "multipart/form-data; boundary=x"), http.StatusOK)
	_, id, _ := strings.Cut(a.body, `"id":"`)
	id, _, _ = strings.Cut(id, `"`)
	for _, r := range []string{"bytes=0-9", "bytes=-5", "bytes=290-", "bytes=0-0,5-6", "bytes=9-1", "bytes=99999999999999999999-", "", "lines=1-2"} {
		f.Add(r, "")
		f.Add(r, "1")
	}
	f.Fuzz(func(t *testing.T, part, take string) {
		w := x.ask(t, http.MethodGet, "/recordings/"+id+"/audio?take="+url.QueryEscape(take), "", map[string]string{"Range": part})
		if w.Code == http.StatusPartialContent && !strings.HasPrefix(w.Header().Get("Content-Type"), "multipart/") {
			var from, to, all int
			if _, err := fmt.Sscanf(w.Header().Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &all); err != nil || all != len(sound) || w.Body.String() != sound[from:to+1] {
				t.Fatalf("%q gives %q: %q (%v)", part, w.Header().Get("Content-Range"), w.Body, err)
			}
		}
		if w.Code == http.StatusOK && w.Body.String() != sound {
			t.Fatalf("%q gives %q", part, w.Body)
		}
	})
}

// FuzzPasskey answers a device's ceremony with anything: nobody is let in, and nothing fails.
func FuzzPasskey(f *testing.F) {
	x := newHostile(f)
	x.s.url = strings.Replace(x.s.url, "127.0.0.1", "localhost", 1)
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"authenticatorData":"AA","clientDataJSON":"e30","signature":"AA","userHandle":"AA"}}`)
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUEA","clientDataJSON":"e30"}}`)
	f.Add(`null`)
	f.Add(`[`)
	var asked atomic.Int64
	f.Fuzz(func(t *testing.T, answer string) {
		n := asked.Add(1)
		c := service.Client{Address: fmt.Sprintf("2001:db8:%x:%x::1", n>>16, n&0xffff), Origin: x.s.url} // each try from elsewhere, or the limit on tries answers
		_, key, err := x.s.svc.BeginPasskeySignIn(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := x.s.svc.FinishPasskeySignIn(t.Context(), key, []byte(answer), c)
		if err == nil || token != "" {
			t.Fatal("a made-up passkey signed in")
		}
		if code := kerbside.CodeOf(err); code == kerbside.CodeInternal {
			t.Fatalf("%q: %v", answer, err)
		}
	})
}

// FuzzForwarded takes the word of a proxy about who asks.
func FuzzForwarded(f *testing.F) {
	x := newHostile(f)
	for _, s := range []string{"192.0.2.1", "192.0.2.1, 10.0.0.1", "[::1]:99, ,", "unknown", strings.Repeat("1,", 100)} {
		f.Add(s, "https")
	}
	f.Fuzz(func(t *testing.T, forwarded, proto string) {
		w := x.ask(t, http.MethodGet, "/signin", "", map[string]string{"X-Forwarded-For": forwarded, "X-Forwarded-Proto": proto, "Forwarded": "for=" + forwarded})
		if secure := w.Header().Get("Strict-Transport-Security") != ""; w.Code != http.StatusOK || secure != (proto == "https") {
			t.Fatalf("%d, secure: %t", w.Code, secure)
		}
	})
}
