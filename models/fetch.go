package models

import (
	"context"
	"crypto/sha1" //nolint:gosec // only in addition to SHA-256
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// secureClient follows redirects (the hub sends its large files from elsewhere) but never from HTTPS to plain HTTP.
func secureClient() *http.Client {
	return &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return errors.New("too many redirects")
		}
		if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
			return errors.New("redirect from https to plain http refused")
		}
		return nil
	}}
}

// errPermanent marks faults that trying again will not mend.
var errPermanent = errors.New("will not change by trying again")

// fetchJob is one download. It leaves dst holding exactly the wanted bytes, or fails. What arrived before a fault stays in dst, with
// what is needed to go on in dst+".part.json", so that the next call resumes.
type fetchJob struct {
	name         string // of the model, for progress
	url, dst     string
	size         int64 // 0: unknown
	sha256, sha1 string
	progress     func(Progress)
}

// resumeState is kept beside a partial file.
type resumeState struct {
	URL  string `json:"url"`
	ETag string `json:"etag"`
}

func (s *Store) fetch(ctx context.Context, j fetchJob) error {
	fresh := false // the file in hand was downloaded in one piece by this call
	for {
		resumed, err := s.fetchWhole(ctx, j)
		if err != nil {
			return err
		}
		fresh = fresh || !resumed
		err = s.checkFetched(ctx, j)
		if err == nil {
			return os.RemoveAll(j.dst + ".part.json")
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if e := errors.Join(os.RemoveAll(j.dst), os.RemoveAll(j.dst+".part.json")); e != nil {
			return e
		}
		if fresh {
			return fmt.Errorf("%s: %w", j.url, err)
		}
		// A resumed file may be made of two versions; a clean start decides.
		fresh = true
	}
}

// fetchWhole brings dst to its full length, over as many connections as it takes. resumed tells whether any byte was there before.
func (s *Store) fetchWhole(ctx context.Context, j fetchJob) (resumed bool, err error) {
	wait := s.cfg.Backoff
	for failures := 0; ; {
		before := fileSize(j.dst)
		if before > 0 {
			resumed = true
		}
		after, restarted, err := s.fetchOnce(ctx, j)
		if restarted {
			resumed = false
		}
		if err == nil {
			return resumed, nil
		}
		if ctx.Err() != nil {
			return resumed, ctx.Err()
		}
		var later retryAfter
		if errors.Is(err, errPermanent) {
			return resumed, err
		}
		if after > before {
			failures, wait = 0, s.cfg.Backoff
		}
		if failures++; failures >= s.cfg.Retries {
			return resumed, fmt.Errorf("gave up after %d attempts: %w", failures, err)
		}
		pause := wait + rand.N(wait/2+1) //nolint:gosec // spreads retries, guards nothing
		if errors.As(err, &later) {
			pause = max(pause, time.Duration(later))
		}
		wait = min(2*wait, time.Minute)
		select {
		case <-ctx.Done():
			return resumed, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// retryAfter is how long a server asked to be left alone.
type retryAfter time.Duration

func (r retryAfter) Error() string { return "the server asks for patience" }

// fetchOnce makes one request. after is the length of dst when it ends; restarted says that dst was begun anew.
func (s *Store) fetchOnce(ctx context.Context, j fetchJob) (after int64, restarted bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(s.cfg.Idle, func() { cancel(errors.New("the connection went silent")) })
	defer idle.Stop()

	have := fileSize(j.dst)
	var st resumeState
	if b, err := os.ReadFile(j.dst + ".part.json"); err != nil || json.Unmarshal(b, &st) != nil || st.URL != j.url || st.ETag == "" {
		have = 0
	}
	if j.size > 0 && have == j.size {
		return have, false, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, j.url, nil)
	if err != nil {
		return have, false, fmt.Errorf("%w: %w", errPermanent, err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	if have > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		req.Header.Set("If-Range", st.ETag)
	}
	resp, err := s.cfg.HTTP.Do(req)
	if err != nil {
		if c := context.Cause(ctx); c != nil {
			err = c
		}
		return have, false, err
	}
	defer func() { _ = resp.Body.Close() }()

	flags := os.O_CREATE | os.O_WRONLY
	switch {
	case resp.StatusCode == http.StatusPartialContent && have > 0:
		from, total, ok := contentRange(resp.Header.Get("Content-Range"))
		if !ok || from != have || (j.size > 0 && total != j.size) {
			return 0, true, errors.Join(fmt.Errorf("the server sent another part than was asked for (%q)", resp.Header.Get("Content-Range")), discard(j.dst))
		}
		flags |= os.O_APPEND
	case resp.StatusCode == http.StatusOK:
		have, restarted = 0, true
		flags |= os.O_TRUNC
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return 0, true, errors.Join(errors.New("the file on the server has become shorter"), discard(j.dst))
	default:
		return have, false, statusError(resp, j.url)
	}
	if restarted && j.size > 0 && resp.ContentLength >= 0 && resp.ContentLength != j.size {
		return have, restarted, fmt.Errorf("%w: %s has %d bytes there instead of %d", errPermanent, j.url, resp.ContentLength, j.size)
	}
	if err := writeResume(j, resp.Header.Get("ETag")); err != nil {
		return have, restarted, fmt.Errorf("%w: %w", errPermanent, err)
	}
	f, err := os.OpenFile(j.dst, flags, 0o600)
	if err != nil {
		return have, restarted, fmt.Errorf("%w: %w", errPermanent, err)
	}
	n, err := copyBody(f, resp, j, have, func() { idle.Reset(s.cfg.Idle) })
	err = errors.Join(err, f.Close())
	if c := context.Cause(ctx); err != nil && c != nil {
		err = c
	}
	return have + n, restarted, err
}

// copyBody appends the body to f and compares lengths: a connection cut early is a fault, and so is a body that goes on too long.
func copyBody(f *os.File, resp *http.Response, j fetchJob, have int64, alive func()) (int64, error) {
	total := j.size
	if total == 0 && resp.ContentLength >= 0 {
		total = have + resp.ContentLength
	}
	buf := make([]byte, 1<<17)
	var n, told int64
	for {
		k, err := resp.Body.Read(buf)
		if k > 0 {
			alive()
			if _, werr := f.Write(buf[:k]); werr != nil {
				return n, fmt.Errorf("%w: %w", errPermanent, werr)
			}
			n += int64(k)
			if total > 0 && have+n > total {
				return n, fmt.Errorf("%w: the server sent more than %d bytes", errPermanent, total)
			}
			if j.progress != nil && (n-told >= reportEvery || err != nil) {
				told = n
				j.progress(Progress{Name: j.name, Done: have + n, Total: total, Stage: StageDownload})
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return n, err
		}
	}
	if total > 0 && have+n < total {
		return n, io.ErrUnexpectedEOF
	}
	return n, nil
}

func writeResume(j fetchJob, etag string) error {
	if strings.HasPrefix(etag, "W/") {
		etag = "" // a weak tag does not vouch for bytes
	}
	b, err := json.Marshal(resumeState{URL: j.url, ETag: etag})
	if err != nil {
		return err
	}
	return os.WriteFile(j.dst+".part.json", b, 0o600)
}

func discard(dst string) error {
	return errors.Join(os.RemoveAll(dst), os.RemoveAll(dst+".part.json"))
}

func statusError(resp *http.Response, u string) error {
	err := fmt.Errorf("%s answered %s", u, resp.Status)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 500, resp.StatusCode == http.StatusRequestTimeout:
		if sec, e := strconv.Atoi(resp.Header.Get("Retry-After")); e == nil && sec > 0 {
			return errors.Join(err, retryAfter(time.Duration(min(sec, 60))*time.Second))
		}
		return err
	}
	return fmt.Errorf("%w: %w", errPermanent, err)
}

// contentRange reads "bytes FROM-TO/TOTAL".
func contentRange(h string) (from, total int64, ok bool) {
	h, ok = strings.CutPrefix(h, "bytes ")
	span, tot, ok2 := strings.Cut(h, "/")
	a, b, ok3 := strings.Cut(span, "-")
	from, err1 := strconv.ParseInt(a, 10, 64)
	to, err2 := strconv.ParseInt(b, 10, 64)
	total, err3 := strconv.ParseInt(tot, 10, 64)
	return from, total, ok && ok2 && ok3 && errors.Join(err1, err2, err3) == nil && from >= 0 && to >= from && to == total-1
}

func fileSize(path string) int64 {
	st, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return st.Size()
}

// checkFetched compares the finished file with every checksum that is known for it.
func (s *Store) checkFetched(ctx context.Context, j fetchJob) error {
	f, err := os.Open(j.dst)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h256, h1 := sha256.New(), sha1.New() //nolint:gosec // only in addition to SHA-256
	n, err := io.Copy(io.MultiWriter(h256, h1), meter(ctx, f, j.name, StageVerify, fileSize(j.dst), j.progress))
	if err != nil {
		return err
	}
	if j.size > 0 && n != j.size {
		return fmt.Errorf("%d bytes came instead of %d", n, j.size)
	}
	for _, c := range []struct {
		what, want string
		h          hash.Hash
	}{{"sha256", j.sha256, h256}, {"sha1", j.sha1, h1}} {
		if got := hex.EncodeToString(c.h.Sum(nil)); c.want != "" && got != c.want {
			return fmt.Errorf("%w: %s is %s instead of %s", errChecksum, c.what, got, c.want)
		}
	}
	if j.sha256 == "" {
		return fmt.Errorf("%w: no checksum is known", errChecksum)
	}
	return nil
}

var errChecksum = errors.New("the download is not the published file")

// hubURL is the address of a file on the hub or its mirror; raw gives that of its Git LFS pointer.
func hubURL(base string, src Source, raw bool) (string, error) {
	verb := "resolve"
	if raw {
		verb = "raw"
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return "", fmt.Errorf("%q is not the address of a hub", base)
	}
	return u.JoinPath(src.Repository, verb, src.Revision, src.File).String(), nil
}

// pointer asks the hub for the Git LFS pointer of a file, for entries of the catalogue without a checksum.
func (s *Store) pointer(ctx context.Context, address string) (sum string, size int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Idle)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", 0, err
	}
	resp, err := s.cfg.HTTP.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return "", 0, statusError(resp, address)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1025))
	if err != nil {
		return "", 0, err
	}
	return parsePointer(b)
}

// parsePointer reads a Git LFS pointer of version 1 (three lines: version, oid, size).
func parsePointer(b []byte) (sum string, size int64, err error) {
	bad := errors.New("the hub gave no Git LFS pointer, so the file cannot be verified")
	if len(b) > 1024 {
		return "", 0, bad
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) != 3 || lines[0] != "version https://git-lfs.github.com/spec/v1" {
		return "", 0, bad
	}
	sum, ok := strings.CutPrefix(lines[1], "oid sha256:")
	n, ok2 := strings.CutPrefix(lines[2], "size ")
	size, perr := strconv.ParseInt(n, 10, 64)
	if !ok || !ok2 || perr != nil || size <= 0 || !hexPattern.MatchString(sum) {
		return "", 0, bad
	}
	return sum, size, nil
}
