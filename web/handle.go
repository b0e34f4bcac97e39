package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"kerbside"
)

// handler answers a request or returns why it could not; then it has written nothing.
type handler func(w http.ResponseWriter, r *http.Request) error

type failure func(w http.ResponseWriter, r *http.Request, err error)

// serve makes an http.Handler of h. It is the one place where errors are logged: by route, code and operation.
func (s *server) serve(h handler, fail failure) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
					panic(v)
				}
				// The value may quote content; the stack does not.
				s.Log.Error("panic", slog.String("route", r.Pattern), slog.String("stack", string(debug.Stack())))
				fail(w, r, kerbside.E(kerbside.CodeInternal, "web.serve", "", nil))
			}
		}()
		err := h(w, r)
		if err == nil {
			return
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			err = kerbside.E(kerbside.CodeTooLarge, "web.serve", "This is larger than "+size(tooLarge.Limit)+", the most that is taken at once. Send it in smaller parts.", err)
		}
		s.logFailure(r, err)
		fail(w, r, err)
	})
}

// logFailure logs what may be logged of an error: its code, where it was and the message that is safe to show. The detail
// may quote what was spoken.
func (s *server) logFailure(r *http.Request, err error) {
	level, code := slog.LevelInfo, kerbside.CodeOf(err)
	if statusOf(code) >= 500 {
		level = slog.LevelError
	}
	var ops []string
	for e, cause := (*kerbside.Error)(nil), err; errors.As(cause, &e); cause = e.Err {
		ops = append(ops, e.Op)
	}
	s.Log.LogAttrs(r.Context(), level, "request failed", slog.String("route", r.Pattern), slog.String("code", string(code)),
		slog.String("op", strings.Join(ops, " ")), slog.String("message", kerbside.MessageOf(err)))
}

// The codes that only HTTP has.
const (
	codeUnconditional kerbside.Code = "precondition_required" // a change that must be conditional is not
	codeMethod        kerbside.Code = "method_not_allowed"
)

// statusOf maps what a caller can do about an error to the status that says so.
func statusOf(code kerbside.Code) int {
	switch code {
	case kerbside.CodeInvalid:
		return http.StatusBadRequest
	case kerbside.CodeNotFound:
		return http.StatusNotFound
	case kerbside.CodeConflict:
		return http.StatusConflict
	case kerbside.CodeStale:
		return http.StatusPreconditionFailed
	case codeUnconditional:
		return http.StatusPreconditionRequired
	case codeMethod:
		return http.StatusMethodNotAllowed
	case kerbside.CodeForbidden:
		return http.StatusForbidden
	case kerbside.CodeUnauthed:
		return http.StatusUnauthorized
	case kerbside.CodeUnavailable:
		return http.StatusServiceUnavailable
	case kerbside.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case kerbside.CodeTooMany:
		return http.StatusTooManyRequests
	case kerbside.CodeCanceled:
		// As a rule nobody is left to read it. When a line broke one way only somebody is, and clients that go on by themselves do so after a 5xx.
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// problem is an error as the API says it (RFC 9457). Type and title are those of its code, so programs need to know the code only.
type problem struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail"`
	Code   kerbside.Code `json:"code"`
}

func (s *server) failAPI(w http.ResponseWriter, _ *http.Request, err error) {
	code := kerbside.CodeOf(err)
	setRetryAfter(w, err)
	writeProblem(w, statusOf(code), code, kerbside.MessageOf(err))
}

func writeProblem(w http.ResponseWriter, status int, code kerbside.Code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	// A failed write means that the caller has gone.
	_ = json.NewEncoder(w).Encode(problem{Type: "urn:kerbside:problem:" + string(code), Title: titleOf(code), Status: status, Detail: detail, Code: code})
}

// setRetryAfter says when it is worth trying again, where that will help.
func setRetryAfter(w http.ResponseWriter, err error) {
	var l later
	switch code := kerbside.CodeOf(err); {
	case errors.As(err, &l):
		w.Header().Set("Retry-After", seconds(l.after))
	case code == kerbside.CodeTooMany:
		w.Header().Set("Retry-After", "60")
	case code == kerbside.CodeUnavailable:
		w.Header().Set("Retry-After", "30")
	}
}

// failOf chooses how an error is said before there is a route.
func (s *server) failOf(r *http.Request) failure {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return s.failAPI
	}
	return s.failPage
}

func (s *server) failPage(w http.ResponseWriter, r *http.Request, err error) {
	code := kerbside.CodeOf(err)
	setRetryAfter(w, err)
	page := errorPage{Title: titleOf(code), Message: kerbside.MessageOf(err), SignedOut: code == kerbside.CodeUnauthed}
	if r.Method == http.MethodPost && code == kerbside.CodeConflict && strings.HasPrefix(r.URL.Path, "/visits/") {
		page.Back = "/visits/" + r.PathValue("id")
	}
	// Whoever failed to be recognised is not asked for again.
	page.layout = layout{Heading: page.Title, Home: !page.SignedOut}
	s.views.render(w, statusOf(code), "error", page)
}

func titleOf(code kerbside.Code) string {
	switch code {
	case kerbside.CodeInvalid:
		return "That did not fit"
	case kerbside.CodeNotFound:
		return "Not found"
	case kerbside.CodeConflict, kerbside.CodeStale:
		return "It changed meanwhile"
	case codeUnconditional:
		return "Say what it is based on"
	case codeMethod:
		return "That cannot be done here"
	case kerbside.CodeForbidden:
		return "Not allowed"
	case kerbside.CodeUnauthed:
		return "You are signed out"
	case kerbside.CodeUnavailable:
		return "Not available just now"
	case kerbside.CodeTooLarge:
		return "Too large"
	case kerbside.CodeTooMany:
		return "Wait a little"
	}
	return "Something went wrong"
}

func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "web.writeJSON", "", err)
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	_, _ = w.Write(append(b, '\n')) // a failed write means that the caller has gone
	return nil
}

// readJSON reads one JSON object into v; unknown fields are refused, so that a misspelt one is not lost in silence.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.More() {
		err = errors.New("more than one value")
	}
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) {
		return err
	}
	// The decoder's own message may quote the body, so it goes nowhere.
	return kerbside.E(kerbside.CodeInvalid, "web.readJSON", "The body is not the JSON that this address takes. See the documentation of the API.", nil)
}

// readForm parses a form of at most maxForm bytes.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) {
		return err
	}
	return kerbside.E(kerbside.CodeInvalid, "web.readForm", "The form did not arrive whole. Go back and send it again.", nil)
}

// size says a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return strconv.FormatInt(n>>30, 10) + " GB"
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + " MB"
	}
	return strconv.FormatInt(n>>10, 10) + " kB"
}
