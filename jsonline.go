package kerbside

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// JSONLine is the line of b, from 1, near which its decoding as JSON ended with err; read is how far the decoder had come, in bytes.
func JSONLine(b []byte, read int64, err error) int {
	var syntax *json.SyntaxError
	var form *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		read = syntax.Offset
	case errors.As(err, &form):
		read = form.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		read = int64(len(b))
	}
	return 1 + bytes.Count(b[:max(0, min(read, int64(len(b))))], []byte("\n"))
}
