package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi/datamodel"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"kerbside/web"
)

// contract is docs/openapi.yaml, which every answer of the API that any test here gets is held against, and every request that was taken. A field, a status
// or a header that it does not know is a fault: strict mode looks at objects that others may add to.
type contract struct {
	mu    sync.Mutex
	v     validator.Validator
	model *v3.Document
	seen  map[string]bool // "POST /api/visits 200"
}

const contractFile = "../docs/openapi.yaml"

var theContract = sync.OnceValues(loadContract)

func loadContract() (*contract, error) {
	b, err := os.ReadFile(contractFile)
	if err != nil {
		return nil, err
	}
	doc, err := libopenapi.NewDocumentWithConfiguration(b, &datamodel.DocumentConfiguration{BasePath: filepath.Dir(contractFile), AllowFileReferences: true})
	if err != nil {
		return nil, err
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc, config.WithStrictMode(), config.WithFormatAssertions(), config.WithoutSecurityValidation(),
		config.WithStrictIgnorePaths("$.body.options.*", "$.body.answer.*"), // WebAuthn's own
		config.WithStrictIgnoredHeadersExtra(ordinaryHeaders...))
	if len(errs) > 0 {
		return nil, fmt.Errorf("%v", errs)
	}
	if ok, faults := v.ValidateDocument(); !ok {
		return nil, fmt.Errorf("docs/openapi.yaml is no OpenAPI 3.1: %s", faultsOf(faults))
	}
	return &contract{v: v, model: &model.Model, seen: map[string]bool{}}, nil
}

// ordinaryHeaders are those that every request or answer may have, which the description says in words or not at all.
var ordinaryHeaders = []string{"Accept-Ranges", "Allow", "Cache-Control", "Content-Disposition", "Content-Range", "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
	"Link", "Permissions-Policy", "Referrer-Policy", "Retry-After", "Strict-Transport-Security", "Tus-Resumable", "X-Accel-Buffering", "X-Content-Type-Options", "X-Frame-Options",
	"If-Match", "Sec-Fetch-Site", "X-Content-SHA256", "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Set-Cookie", "X-Forwarded-For"}

func faultsOf(errs []*errors.ValidationError) string {
	var b strings.Builder
	for _, e := range errs {
		fmt.Fprintf(&b, "\n  %s: %s", e.Message, e.Reason)
		for _, s := range e.SchemaValidationErrors {
			fmt.Fprintf(&b, "\n    %s at %s", s.Reason, s.FieldPath)
		}
	}
	return b.String()
}

// check holds one exchange against the contract.
func (c *contract) check(r *http.Request, body []byte, status int, header http.Header, answer []byte) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	clone := r.Clone(r.Context())
	clone.Header.Del("Cookie")       // the session has another name over https, which is the one described
	for name := range clone.Header { // what browsers say of themselves
		if strings.HasPrefix(name, "Sec-") {
			clone.Header.Del(name)
		}
	}
	clone.Body = io.NopCloser(bytes.NewReader(body))
	if clone.Header.Get("Content-Type") == "" && r.Method == http.MethodPut { // bytes, whatever they are called
		clone.Header.Set("Content-Type", "application/octet-stream")
	}
	res := &http.Response{StatusCode: status, Header: header.Clone(), Body: io.NopCloser(bytes.NewReader(answer)), Request: clone}
	check := c.v.ValidateHttpRequestResponse
	if status >= 400 { // what was refused may be anything
		check = c.v.ValidateHttpResponse
	}
	ok, faults := check(clone, res)
	c.seen[fmt.Sprintf("%s %s %d", r.Method, r.Pattern, status)] = true
	if ok {
		return ""
	}
	return fmt.Sprintf("%s %s: %d is not what docs/openapi.yaml says:%s", r.Method, r.URL.Path, status, faultsOf(faults))
}

// held has every exchange of the API checked; streams and sound are passed on as they are.
func held(t testing.TB, next http.Handler) http.Handler {
	t.Helper()
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/") || strings.HasSuffix(r.URL.Path, "/events") || strings.HasSuffix(r.URL.Path, "/audio") {
			next.ServeHTTP(w, r)
			return
		}
		var body bytes.Buffer
		if strings.Contains(r.Header.Get("Content-Type"), "json") {
			r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
		}
		copied := &copying{ResponseWriter: w}
		next.ServeHTTP(copied, r)
		if copied.status == 0 {
			copied.status = http.StatusOK
		}
		if r.Pattern == "/api/" || r.Pattern == "" || r.Context().Err() != nil { // no address of the contract, or nobody read the answer
			return
		}
		if fault := c.check(r, body.Bytes(), copied.status, w.Header(), copied.body.Bytes()); fault != "" {
			t.Error(fault)
		}
	})
}

type copying struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copying) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *copying) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	c.body.Write(b)
	return c.ResponseWriter.Write(b)
}

func (c *copying) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// TestContractRoutes: each route of the API is in docs/openapi.yaml, and the other way round.
func TestContractRoutes(t *testing.T) {
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range c.model.Paths.PathItems.FromOldest() {
		for method := range item.GetOperations().FromOldest() {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	for _, p := range web.Patterns() {
		p = strings.TrimSuffix(p, "{$}")
		if _, path, _ := strings.Cut(p, " "); !strings.HasPrefix(path, "/api/") {
			continue
		}
		if !described[p] {
			t.Errorf("%q is not in docs/openapi.yaml: describe it there", p)
		}
		delete(described, p)
	}
	for p := range described {
		t.Errorf("docs/openapi.yaml describes %q, which is no route", p)
	}
}

// TestContractBites: what the contract does not know is found.
func TestContractBites(t *testing.T) {
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, body string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://kerbside.example.org"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", "*")
		return r
	}
	type exchange struct{ method, path, body, kind, answer string }
	const json = "application/json"
	row := `{"id":"v","title":"t","date":"","state":"open","case":"","worker":"w","recordings":0,"seconds":0,"urgent":false,"updated_at":"2026-03-03T12:00:00Z"%s}`
	draft := `{"schema":"kerbside.draft/v1","audience":"family","title":"t","template":{"name":"n","version":"1"},"sentences":[],"withheld":[],"omissions":[]%s}`
	for name, x := range map[string]struct {
		good, bad exchange
		status    int
	}{
		"a field": {exchange{"GET", "/api/me", "", json, `{"id":"u","name":"n","role":"worker"}`}, exchange{"GET", "/api/me", "", json, `{"id":"u","name":"n","role":"worker","email":"x"}`}, 200},
		"a field inside": {exchange{"GET", "/api/visits", "", json, `{"visits":[` + fmt.Sprintf(row, "") + `],"next":""}`},
			exchange{"GET", "/api/visits", "", json, `{"visits":[` + fmt.Sprintf(row, `,"child":"x"`) + `],"next":""}`}, 200},
		"a field of a published schema": {exchange{"GET", "/api/visits/v/drafts/family", "", json, fmt.Sprintf(draft, "")}, exchange{"GET", "/api/visits/v/drafts/family", "", json, fmt.Sprintf(draft, `,"secret":"x"`)}, 200},
		"a missing field":               {exchange{"GET", "/api/me", "", json, `{"id":"u","name":"n","role":"worker"}`}, exchange{"GET", "/api/me", "", json, `{"id":"u","name":"n"}`}, 200},
		"a value":                       {exchange{"GET", "/api/me", "", json, `{"id":"u","name":"n","role":"worker"}`}, exchange{"GET", "/api/me", "", json, `{"id":"u","name":"n","role":"king"}`}, 200},
		"an error that is no problem":   {exchange{"GET", "/api/me", "", "application/problem+json", `{"type":"urn:kerbside:problem:unauthed","title":"t","status":401,"detail":"d","code":"unauthed"}`}, exchange{"GET", "/api/me", "", json, `{"error":"x"}`}, 401},
		"a request's field": {exchange{"POST", "/api/visits/v/reassign", `{"worker":"u"}`, "", ""},
			exchange{"POST", "/api/visits/v/reassign", `{"worker":"u","why":"x"}`, "", ""}, 204},
	} {
		for _, e := range []exchange{x.good, x.bad} {
			h := http.Header{}
			if e.kind != "" {
				h.Set("Content-Type", e.kind)
			}
			r := ask(e.method, e.path, e.body)
			fault := c.check(r, []byte(e.body), x.status, h, []byte(e.answer))
			if (fault == "") != (e == x.good) {
				t.Errorf("%s: %s %s: %q", name, e.answer, e.body, fault)
			}
		}
	}
}

// unreached are the calls that no test here answers with success, each for a reason.
var unreached = []string{
	"POST /api/signin/passkey/finish", "POST /api/account/passkeys/finish", // TestPasskey has a browser make them
}

// covered reports which calls were never answered with success by the exchanges so far.
func (c *contract) covered() (missing []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range web.Patterns() {
		_, path, _ := strings.Cut(p, " ")
		if !strings.HasPrefix(path, "/api/") || slices.Contains(unreached, p) {
			continue
		}
		method, _, _ := strings.Cut(p, " ")
		ok := strings.HasSuffix(path, "/events") || strings.HasSuffix(path, "/audio") // looked at by their own tests
		for seen := range c.seen {
			ok = ok || strings.HasPrefix(seen, method+" "+p+" 2")
		}
		if !ok {
			missing = append(missing, p)
		}
	}
	return missing
}
