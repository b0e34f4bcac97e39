// Package client speaks the API of a Kerbside server: recordings in, transcripts, records and drafts out. docs/openapi.yaml describes the API.
//
// Errors are [kerbside.Error]: what the server said, or what keeps it from being reached, as a sentence for a person. The token is sent to the server that
// was named and to nobody else; it stands in no address and no error.
package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// Options say which server, and as whom. Server and Token are needed.
type Options struct {
	Server   string        // such as https://kerbside.example.org
	Token    string        // of an account page
	CA       []byte        // PEM of certificates that are trusted beside the system's; none when empty
	Agent    string        // what to call this program
	Patience time.Duration // how long a server may be away in the middle of something; 5 minutes when 0
}

// Client makes calls. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	o     Options
	http  *http.Client
	pause func(context.Context, time.Duration) error
}

const maxAnswer = 256 << 20 // bytes of an answer that is held in memory

// New makes a Client; nothing is sent yet.
func New(o Options) (*Client, error) {
	const op = "client.New"
	base, err := url.Parse(strings.TrimRight(o.Server, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The server's address is one such as https://kerbside.example.org, without a name or password in it.", nil)
	}
	if base.Scheme == "http" && !loopback(base.Hostname()) {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "That address is not https: the token, and what was said, could be read on the way. Use https.", nil)
	}
	if o.Token == "" {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "There is no token. Make one on your account page.", nil)
	}
	if o.Patience <= 0 {
		o.Patience = 5 * time.Minute
	}
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // net/http documents the type
	t.ResponseHeaderTimeout = 5 * time.Minute
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if len(o.CA) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(o.CA) {
			return nil, kerbside.E(kerbside.CodeInvalid, op, "The file of certificates holds none in PEM form.", nil)
		}
		t.TLSClientConfig.RootCAs = pool
	}
	return &Client{base: base, o: o, pause: pause, http: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the token is for one server
	}}}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// call is one request.
type call struct {
	method, path string
	query        url.Values
	header       map[string]string
	body         io.Reader
	size         int64 // of body, where a reader does not tell
}

// send makes a request and gives its answer, which the caller closes. An answer that is no success is an error.
func (c *Client) send(ctx context.Context, x call) (*http.Response, error) {
	const op = "client.send"
	to := *c.base
	to.Path += x.path
	to.RawQuery = x.query.Encode()
	r, err := http.NewRequestWithContext(ctx, x.method, to.String(), x.body)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if x.size > 0 {
		r.ContentLength = x.size
	}
	r.Header.Set("Authorization", "Bearer "+c.o.Token)
	if c.o.Agent != "" {
		r.Header.Set("User-Agent", c.o.Agent)
	}
	for k, v := range x.header {
		r.Header.Set(k, v)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, c.unreached(ctx, err)
	}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return res, nil
	}
	defer res.Body.Close()
	return nil, c.refused(res)
}

// unreached says why there was no answer. What the network says may hold addresses, so it goes to the log only.
func (c *Client) unreached(ctx context.Context, err error) error {
	const op = "client.unreached"
	if ctx.Err() != nil {
		return kerbside.E(kerbside.CodeCanceled, op, "", ctx.Err())
	}
	host := c.base.Host
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var dns *net.DNSError
	message, code := fmt.Sprintf("%s does not answer. Look whether it runs and can be reached from here, then run the same command again.", host), kerbside.CodeUnavailable
	switch {
	case errors.As(err, &unknown):
		message, code = fmt.Sprintf("The certificate of %s is vouched for by nobody this machine knows. Name your organisation's certificate file with --ca.", host), kerbside.CodeInvalid
	case errors.As(err, &name):
		message, code = fmt.Sprintf("The certificate of the server is not for %s. Use the address that it was made for.", host), kerbside.CodeInvalid
	case errors.As(err, &invalid):
		message, code = fmt.Sprintf("The certificate of %s does not hold: it has run out, or is not one for servers.", host), kerbside.CodeInvalid
	case errors.As(err, &dns) && dns.IsNotFound:
		message = fmt.Sprintf("There is no server of the name %s, or no network here.", c.base.Hostname())
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		message, code = fmt.Sprintf("%s does not speak https. Use the address that its operator gave you.", host), kerbside.CodeInvalid
	}
	return kerbside.E(code, op, message, err)
}

// later is how long a server wants to be left alone.
type later struct {
	after time.Duration
	err   error
}

func (l *later) Error() string { return l.err.Error() }
func (l *later) Unwrap() error { return l.err }

// refused makes an error of an answer.
func (c *Client) refused(res *http.Response) error {
	const op = "client.refused"
	var p struct {
		Code   kerbside.Code `json:"code"`
		Detail string        `json:"detail"`
	}
	b, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what did not come whole is no problem document
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") || json.Unmarshal(b, &p) != nil || p.Code == "" {
		p.Code, p.Detail = codeOf(res.StatusCode), fmt.Sprintf("%s answered with status %d, which is not Kerbside's way to refuse. Check the address.", c.base.Host, res.StatusCode)
		if res.StatusCode >= 300 && res.StatusCode < 400 {
			p.Detail = fmt.Sprintf("%s sends elsewhere. Use the address that it leads to.", c.base.Host)
		}
	}
	if p.Code == kerbside.CodeUnauthed {
		p.Detail = "The server does not know this token: it was revoked, has run out, or belongs to another server. Make another on your account page."
	}
	err := error(kerbside.E(p.Code, op, p.Detail, nil))
	if wait, numErr := strconv.Atoi(res.Header.Get("Retry-After")); numErr == nil && wait > 0 {
		err = kerbside.E(p.Code, op, p.Detail, &later{time.Duration(wait) * time.Second, fmt.Errorf("status %d", res.StatusCode)})
	}
	return err
}

// codeOf sorts answers that are not Kerbside's own, such as a proxy's.
func codeOf(status int) kerbside.Code {
	switch {
	case status == http.StatusNotFound:
		return kerbside.CodeNotFound
	case status == http.StatusConflict:
		return kerbside.CodeConflict
	case status == http.StatusRequestEntityTooLarge:
		return kerbside.CodeTooLarge
	case status == http.StatusTooManyRequests:
		return kerbside.CodeTooMany
	case status == http.StatusPreconditionFailed:
		return kerbside.CodeStale
	case status == http.StatusUnauthorized:
		return kerbside.CodeUnauthed
	case status == http.StatusForbidden:
		return kerbside.CodeForbidden
	case status >= 500, status == http.StatusLocked: // a request that broke off is still held
		return kerbside.CodeUnavailable
	}
	return kerbside.CodeInvalid
}

// passing reports whether an error may go away by itself.
func passing(err error) bool {
	switch kerbside.CodeOf(err) {
	case kerbside.CodeUnavailable, kerbside.CodeTooMany, kerbside.CodeInternal:
		return true
	}
	return false
}

// wait is how long to wait before the n-th try after the first.
func wait(err error, n int) time.Duration {
	d := 15 * time.Second
	if n < 6 {
		d = min(d, 500*time.Millisecond<<n)
	}
	var l *later
	if errors.As(err, &l) {
		d = max(d, min(l.after, 2*time.Minute))
	}
	return d
}

// patiently makes a call that is harmless to make twice until it is answered, the error does not pass by itself, or the server was away too long.
func (c *Client) patiently(ctx context.Context, f func() error) error {
	var waited time.Duration
	for n := 0; ; n++ {
		err := f()
		if err == nil || !passing(err) || waited >= c.o.Patience {
			return err
		}
		d := wait(err, n)
		if err := c.pause(ctx, d); err != nil {
			return kerbside.E(kerbside.CodeCanceled, "client.patiently", "", err)
		}
		waited += d
	}
}

// read gets an answer whole.
func (c *Client) read(ctx context.Context, x call) (b []byte, err error) {
	err = c.patiently(ctx, func() error {
		res, err := c.send(ctx, x)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		b, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
		switch {
		case err != nil:
			return c.unreached(ctx, err)
		case len(b) > maxAnswer:
			return kerbside.E(kerbside.CodeTooLarge, "client.read", "The answer is larger than this program holds.", nil)
		}
		return nil
	})
	return b, err
}

// get reads an answer of JSON into out.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	b, err := c.read(ctx, call{method: http.MethodGet, path: path, query: query})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, out); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, "client.get", fmt.Sprintf("What %s answers is not Kerbside's. Check the address.", c.base.Host), nil)
	}
	return nil
}

// put sends JSON, conditional on a revision.
func (c *Client) put(ctx context.Context, path, revision string, in any) error {
	b, err := json.Marshal(in)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "client.put", "", err)
	}
	return c.patiently(ctx, func() error {
		res, err := c.send(ctx, call{method: http.MethodPut, path: path, body: bytes.NewReader(b), header: map[string]string{"Content-Type": "application/json", "If-Match": `"` + revision + `"`}})
		if err != nil {
			return err
		}
		return res.Body.Close()
	})
}

// escape is an id as a part of a path.
func escape[T ~string](id T) string { return url.PathEscape(string(id)) }
