package kerbside

import (
	"errors"
	"strings"
)

// Code sorts errors by what the caller can do about them. The web layer maps codes to statuses, the
// command line to exit codes.
type Code string

// The codes.
const (
	CodeInvalid     Code = "invalid"     // the input is at fault; sending it again will not help
	CodeNotFound    Code = "not_found"   // there is no such thing, or the caller may not know of it
	CodeConflict    Code = "conflict"    // it changed meanwhile; read it again
	CodeStale       Code = "stale"       // a conditional change was based on what is not the newest; read it again
	CodeForbidden   Code = "forbidden"   // the caller may not do this
	CodeUnauthed    Code = "unauthed"    // nobody is signed in
	CodeUnavailable Code = "unavailable" // a part that is needed is missing or down; later may work
	CodeTooLarge    Code = "too_large"   // over a limit
	CodeTooMany     Code = "too_many"    // too often, or too much at one time; later will work
	CodeCanceled    Code = "canceled"    // the caller gave up
	CodeInternal    Code = "internal"    // a fault of ours
)

// Error is the one error type that crosses package borders.
//
// Message is safe to show to anyone: it holds nothing that a family said and says what to do next. Err carries
// the detail for the log.
type Error struct {
	Code    Code
	Op      string // where, as package.Function
	Message string
	Err     error
}

// E makes an Error.
func E(code Code, op, message string, err error) *Error {
	return &Error{Code: code, Op: op, Message: message, Err: err}
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	if e.Message != "" {
		b.WriteString(e.Message)
	} else {
		b.WriteString(string(e.Code))
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf gives the code of the outermost Error in err's chain, CodeInternal for any other error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// MessageOf gives the text to show for err: the Message of the outermost Error that has one, else a general sentence.
func MessageOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			break
		}
		if e.Message != "" {
			return e.Message
		}
		err = e.Err
	}
	return "Something went wrong on our side. Nothing was changed; try again."
}
