// Package webhook tells another system of the organisation that there is something to look at, as Standard Webhooks
// (https://www.standardwebhooks.com) has it: a POST with an id, a time and an HMAC-SHA256 over both and the body.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// LeastSecret is the least length of a secret, in bytes.
const LeastSecret = 24

// Client sends to one address. It is safe for concurrent use.
type Client struct {
	url    string
	secret []byte
	http   *http.Client
	now    func() time.Time
}

var _ kerbside.Notifier = (*Client)(nil)

// New makes a client. The address is https, or http on this machine; secret is as the standard writes it, "whsec_" and base64, or any text, and has
// [LeastSecret] bytes at least. now is time.Now when nil.
func New(address, secret string, now func() time.Time) (*Client, error) {
	const op = "webhook.New"
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The webhook's address is none. Give one such as https://alerts.example.org/kerbside, without a name or password in it.", nil)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The webhook's address is not https. Only an address on this machine may be http.", nil)
	}
	key := []byte(secret)
	if coded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if key, err = base64.StdEncoding.DecodeString(coded); err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "The webhook's secret begins with whsec_ and is not base64.", nil)
		}
	}
	if len(key) < LeastSecret {
		return nil, kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("The webhook's secret is shorter than %d bytes. Make a longer one, by chance.", LeastSecret), nil)
	}
	if now == nil {
		now = time.Now
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	transport.MaxIdleConns = 2
	return &Client{url: u.String(), secret: key, now: now, http: &http.Client{
		Transport: transport, Timeout: 10 * time.Second,
		// Where it leads elsewhere nobody has agreed to send.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// loopback reports whether a host is this machine, without asking anybody.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// Notify implements [kerbside.Notifier]. What the receiver answers is not read beyond its status.
func (c *Client) Notify(ctx context.Context, id string, body []byte) error {
	const op = "webhook.Notify"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	at := strconv.FormatInt(c.now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Kerbside")
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", at)
	req.Header.Set("Webhook-Signature", Sign(c.secret, id, at, body))
	res, err := c.http.Do(req)
	if err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The webhook's receiver cannot be reached.", err)
	}
	_, _ = io.CopyN(io.Discard, res.Body, 4096) // so that the connection can be used again; what it says is of no interest
	_ = res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The webhook's receiver answered with status %d.", res.StatusCode), nil)
	}
	return nil
}

// Sign gives the signature that goes with a message: "v1," and the HMAC-SHA256 of id, time and body, base64.
func Sign(secret []byte, id, at string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	_, _ = h.Write([]byte(id + "." + at + ".")) // a hash never fails
	_, _ = h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}
