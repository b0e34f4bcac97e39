package llm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	openai "github.com/sashabaranov/go-openai"
)

// The kinds of failure. They are all that is told of one: what a server says may repeat what was dictated.
const (
	kindConnection = "connection"      // refused, reset, no such host
	kindTime       = "timeout"         // too slow
	kindStatus     = "status"          // an HTTP status other than 200
	kindRedirect   = "redirect"        // to another host
	kindForm       = "not_the_form"    // not a stream, not JSON, not of the schema
	kindCutOff     = "answer_cut_off"  // the answer did not end
	kindSize       = "answer_too_long" // more bytes than any honest answer has
	kindBudget     = "budget_spent"
)

// failure is why an attempt came to nothing.
type failure struct {
	kind   string
	status int
}

func (f *failure) Error() string {
	if f.kind == kindStatus {
		return fmt.Sprintf("%s %d", f.kind, f.status)
	}
	return f.kind
}

var (
	errRedirect = errors.New("redirect to another host")
	errTooLong  = errors.New("answer too long")
)

// failed sorts an error of the client and leaves out everything that it says.
func failed(ctx context.Context, err error) *failure {
	var api *openai.APIError
	var request *openai.RequestError
	var network net.Error
	var operation *net.OpError
	switch {
	case errors.Is(err, errRedirect):
		return &failure{kind: kindRedirect}
	case errors.Is(err, errTooLong):
		return &failure{kind: kindSize}
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		return &failure{kind: kindTime}
	case errors.As(err, &request):
		return &failure{kindStatus, request.HTTPStatusCode}
	case errors.As(err, &api) && api.HTTPStatusCode != 0:
		return &failure{kindStatus, api.HTTPStatusCode}
	case errors.As(err, &operation):
		return &failure{kind: kindConnection}
	}
	return &failure{kind: kindForm}
}

// temporary reports that another attempt may succeed.
func temporary(err error) bool {
	var f *failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.kind {
	case kindStatus:
		return f.status == http.StatusTooManyRequests || f.status == http.StatusRequestTimeout || f.status >= http.StatusInternalServerError
	case kindConnection, kindForm:
		return true
	}
	return false
}

// final reports that the parts which are left need not be tried.
func final(err error) bool {
	var f *failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.kind {
	case kindRedirect, kindBudget, kindConnection, kindSize, kindTime:
		return true
	case kindStatus:
		return f.status != http.StatusBadRequest && f.status != http.StatusRequestEntityTooLarge
	}
	return false
}

// whyNot says what an operator can do something about.
func whyNot(err error) string {
	var f *failure
	if errors.As(err, &f) {
		switch {
		case f.kind == kindConnection:
			return "cannot be reached"
		case f.kind == kindTime:
			return "did not answer in time"
		case f.kind == kindStatus && (f.status == http.StatusUnauthorized || f.status == http.StatusForbidden):
			return "refuses the key"
		case f.kind == kindStatus && f.status == http.StatusNotFound:
			return "does not know the model, or has nothing at this address"
		}
	}
	return "gave no answer that can be used"
}
