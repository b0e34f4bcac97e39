package webhook

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kerbside"
)

const secret = "a secret that is long enough"

func TestAddress(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://alerts.example.org/x": true, "http://127.0.0.1:8080/": true, "http://[::1]/": true, "http://localhost:1/x": true,
		"http://alerts.example.org/": false, "http://10.0.0.1/": false, "http://localhost.example.org/": false, "ftp://127.0.0.1/": false, "https://a:b@example.org/": false, "https://": false, "": false, "x": false,
	} {
		if _, err := New(address, secret, nil); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
	for s, ok := range map[string]bool{"short": false, "whsec_???": false, "whsec_" + base64.StdEncoding.EncodeToString([]byte("short")): false, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": true} {
		if _, err := New("https://example.org", s, nil); (err == nil) != ok {
			t.Errorf("secret %q: %v", s, err)
		}
	}
}

// TestSign holds the signature against the example that the standard gives.
func TestSign(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	if got := Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
}

// TestNotify sends to a real server: what arrives is signed, a redirection is not followed, and anything but success is an error.
func TestNotify(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	var got []string
	followed := false
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h := r.Header
		got = append(got, h.Get("Webhook-Id"), h.Get("Webhook-Timestamp"), string(body))
		if h.Get("Webhook-Signature") != Sign([]byte(secret), h.Get("Webhook-Id"), h.Get("Webhook-Timestamp"), body) || h.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v", h)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.Handle("POST /moved", http.RedirectHandler("/elsewhere", http.StatusTemporaryRedirect))
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { followed = true })
	mux.HandleFunc("POST /broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
	server := httptest.NewServer(mux)
	defer server.Close()
	for path, ok := range map[string]bool{"/": true, "/moved": false, "/broken": false} {
		c, err := New(server.URL+path, secret, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		err = c.Notify(t.Context(), "x-1", []byte(`{"kind":"urgent"}`))
		if (err == nil) != ok || !ok && kerbside.CodeOf(err) != kerbside.CodeUnavailable {
			t.Errorf("%s: %v", path, err)
		}
	}
	if len(got) != 3 || got[0] != "x-1" || got[1] != "1700000000" || got[2] != `{"kind":"urgent"}` || followed {
		t.Errorf("got %q, followed %t", got, followed)
	}
	server.Close()
	c, err := New(server.URL, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Notify(t.Context(), "x-1", nil); kerbside.CodeOf(err) != kerbside.CodeUnavailable {
		t.Error(err)
	}
}
