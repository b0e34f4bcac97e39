package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tusd "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"kerbside"
	"kerbside/service"
)

// Resumable uploads by the tus 1.0 protocol. The protocol is tusd's; where bytes go is the service's, which writes, syncs, hashes and commits each
// piece before it counts. An upload is a recording that comes in pieces: its id is the recording's, so that it is finished, with its SHA-256, as
// any other is - or by itself, when the sender gave the SHA-256 with the upload's metadata.

const tusPath = "/api/tus/"

// newTus makes the handler of all paths below tusPath.
func newTus(s *service.Service, most int64) (http.Handler, error) {
	composer := tusd.NewStoreComposer()
	composer.UseCore(tusStore{s})
	composer.UseLocker(memorylocker.New())
	h, err := tusd.NewHandler(tusd.Config{
		StoreComposer: composer, BasePath: tusPath, MaxSize: most, DisableDownload: true, DisableTermination: true,
		Cors: &tusd.CorsConfig{Disable: true}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), // requests are logged here as all others are
		NetworkTimeout: time.Minute,
	})
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "web.newTus", "", err)
	}
	return http.StripPrefix(tusPath, h), nil
}

func (s *server) apiTus(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if id := r.PathValue("id"); id != "" { // before the protocol, which answers without knowing whose it is
		_, _, err = s.Service.Received(r.Context(), u, kerbside.RecordingID(id))
	} else {
		err = s.Service.MayRecord(u)
	}
	if err != nil {
		return err
	}
	extendRead(w, 6*time.Hour)
	answer := &tusAnswer{ResponseWriter: w}
	s.tus.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), tusUser{}, u)))
	answer.end()
	return nil
}

// tusAnswer is an answer of the protocol as this API gives it: the address of a new upload is a path, since which host and scheme lead here is the
// client's to know, and errors are problems like all others.
type tusAnswer struct {
	http.ResponseWriter
	status int
	failed bool
}

func (a *tusAnswer) WriteHeader(status int) {
	if a.status != 0 {
		return
	}
	a.status = status
	h := a.Header()
	if at, err := url.Parse(h.Get("Location")); err == nil && at.Path != "" {
		h.Set("Location", at.Path)
	}
	if a.failed = status >= 400; a.failed { // what is wrong is said with the body
		h.Del("Content-Length")
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			h.Set("Retry-After", "60")
		}
		return
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write takes an error's "code: message": ours, or that of the protocol, whose messages name headers only. What went wrong inside is not passed on.
func (a *tusAnswer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if !a.failed {
		return a.ResponseWriter.Write(b)
	}
	a.failed = false
	name, message, _ := strings.Cut(strings.TrimSpace(string(b)), ": ")
	code := kerbside.Code(name)
	switch {
	case statusOf(code) == a.status && code != "":
	case a.status >= 500:
		code, message = kerbside.CodeInternal, kerbside.MessageOf(nil)
	default:
		code, message = codeOfStatus(a.status), "The upload's protocol (tus 1.0) says: "+message+"."
	}
	writeProblem(a.ResponseWriter, a.status, code, message)
	return len(b), nil
}

// end answers an error that had no body, as those to HEAD.
func (a *tusAnswer) end() {
	if a.failed {
		a.ResponseWriter.WriteHeader(a.status)
	}
}

func codeOfStatus(status int) kerbside.Code {
	switch status {
	case http.StatusNotFound:
		return kerbside.CodeNotFound
	case http.StatusConflict, http.StatusLocked:
		return kerbside.CodeConflict
	case http.StatusRequestEntityTooLarge:
		return kerbside.CodeTooLarge
	case http.StatusForbidden:
		return kerbside.CodeForbidden
	case http.StatusMethodNotAllowed:
		return codeMethod
	}
	return kerbside.CodeInvalid
}

func (a *tusAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

type tusUser struct{}

// tusStore is a tusd data store on the service.
type tusStore struct{ s *service.Service }

func (t tusStore) NewUpload(ctx context.Context, info tusd.FileInfo) (tusd.Upload, error) {
	u := userOf(ctx)
	m := info.MetaData
	if info.SizeIsDeferred || info.Size == 0 {
		return nil, tusError(kerbside.E(kerbside.CodeInvalid, "web.NewUpload", "Say with the upload how long it is.", nil))
	}
	in := service.RecordingInput{Visit: kerbside.VisitID(m["visit"]), ClientID: m["client_id"], Name: m["filename"], Kind: kerbside.RecordingKind(m["kind"]), Date: m["date"], Bytes: info.Size, SHA256: m["sha256"]}
	r, err := t.s.StartRecording(ctx, u, in)
	if err == nil && (r.Expected != info.Size || r.ExpectedSHA256 != in.SHA256) {
		err = kerbside.E(kerbside.CodeConflict, "web.NewUpload", "Another file was sent under this name before; it is safe. Send this one under a name of its own.", nil)
	}
	if err != nil {
		return nil, tusError(err)
	}
	return &tusUpload{t.s, u, r.ID}, nil
}

func (t tusStore) GetUpload(ctx context.Context, id string) (tusd.Upload, error) {
	u := &tusUpload{t.s, userOf(ctx), kerbside.RecordingID(id)}
	_, err := u.GetInfo(ctx)
	return u, err
}

func userOf(ctx context.Context) kerbside.User {
	u, _ := ctx.Value(tusUser{}).(kerbside.User)
	return u
}

// tusUpload is one upload of one person.
type tusUpload struct {
	s  *service.Service
	by kerbside.User
	id kerbside.RecordingID
}

func (u *tusUpload) GetInfo(ctx context.Context) (tusd.FileInfo, error) {
	r, n, err := u.s.Received(ctx, u.by, u.id)
	if err == nil && r.Expected == 0 {
		err = kerbside.E(kerbside.CodeNotFound, "web.GetInfo", "There is no such upload.", nil)
	}
	if err != nil {
		return tusd.FileInfo{}, tusError(err)
	}
	return tusd.FileInfo{ID: string(u.id), Size: r.Expected, Offset: n}, nil
}

func (u *tusUpload) WriteChunk(ctx context.Context, offset int64, from io.Reader) (int64, error) {
	n, err := u.s.Append(ctx, u.by, u.id, offset, from)
	if err != nil {
		err = tusError(err)
	}
	return n, err
}

// FinishUpload confirms the whole when its SHA-256 is known already.
func (u *tusUpload) FinishUpload(ctx context.Context) error {
	r, _, err := u.s.Received(ctx, u.by, u.id)
	if err == nil && r.ExpectedSHA256 != "" {
		_, err = u.s.FinishRecording(ctx, u.by, u.id, service.FinishInput{SHA256: r.ExpectedSHA256})
	}
	if err != nil {
		return tusError(err)
	}
	return nil
}

func (u *tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, tusError(kerbside.E(kerbside.CodeNotFound, "web.GetReader", "Uploads are not read here.", nil))
}

// tusError is an error as tusd answers it: with the status and the message that all others have.
func tusError(err error) error {
	return tusd.NewError(string(kerbside.CodeOf(err)), kerbside.MessageOf(err), statusOf(kerbside.CodeOf(err)))
}
