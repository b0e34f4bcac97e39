package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"kerbside"
	"kerbside/transcribe/audio"
)

// maxText is the most that is read of a transcript, in bytes.
const maxText = 64 << 20

// maxTyped is the most that a typed text may have, in bytes: more than a day of speech, and what can be drafted in a minute or so.
const maxTyped = 1 << 20

// input is one file as the pipeline takes it: sound (transcript nil), or a transcript that exists already.
type input struct {
	path       string
	transcript *kerbside.Transcript
	typed      bool             // the transcript was made of plain text just now
	record     *kerbside.Record // set when the file is a record
	reader     io.Reader        // sound that arrives over time
}

// readInput finds out what a file is, by its content where the name does not say. "-" is standard input: sound is left to be read as it arrives.
func (c *command) readInput(ctx context.Context, path string) (input, error) {
	in := input{path: path}
	if path == "-" {
		return c.readStdin(ctx)
	}
	f, err := openRegular(path)
	if err != nil {
		return in, err
	}
	defer f.Close()
	if isSoundName(path) {
		return in, nil
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return in, openError(path, err)
	}
	if !looksLikeText(head[:n]) && (!isTextName(path) || isBinary(head[:n])) {
		return in, nil
	}
	text, err := readLimited(io.MultiReader(bytes.NewReader(head[:n]), f), path)
	if err != nil {
		return in, err
	}
	return in, in.parse(text, path)
}

// stdinHead is how much of standard input is looked at to tell sound from text.
const stdinHead = 256

func (c *command) readStdin(ctx context.Context) (input, error) {
	in := input{path: "-"}
	from := bufio.NewReader(c.stdin)
	head, err := await(ctx, func() ([]byte, error) {
		head, err := from.Peek(stdinHead)
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return head, err
	})
	if err != nil {
		if ctx.Err() != nil {
			return in, err
		}
		return in, openError("standard input", err)
	}
	if soundsLike(head) {
		in.reader = from
		return in, nil
	}
	text, err := await(ctx, func() ([]byte, error) { return readLimited(from, "standard input") })
	if err != nil {
		return in, err
	}
	return in, in.parse(text, "standard input")
}

// soundsLike reports whether the beginning of a stream is no text in any encoding: it holds control characters, and is neither UTF-8 nor
// marked as UTF-16.
func soundsLike(head []byte) bool {
	control := bytes.IndexFunc(head, func(r rune) bool { return r < ' ' && !unicode.IsSpace(r) }) >= 0
	return isBinary(head) || control && !looksLikeText(head) && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// parse takes a transcript, a record or plain text.
func (in *input) parse(text []byte, name string) error {
	const op = "kerbside.parse"
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	if len(trimmed) == 0 {
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is empty.", name), nil)
	}
	if isJSON(trimmed, name) {
		return in.parseJSON(trimmed, name)
	}
	if isPlaylist(trimmed) {
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is a playlist that points to other files. Give the recording itself.", name), nil)
	}
	if len(text) > maxTyped {
		return kerbside.E(kerbside.CodeTooLarge, op, fmt.Sprintf("%q is larger than the %d MB that a text may have. Give each visit a file of its own.", name, maxTyped>>20), nil)
	}
	if !utf8.Valid(text) {
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is not UTF-8 text. Save it as UTF-8 and try again.", name), nil)
	}
	t, err := kerbside.TypedTranscript(string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	in.transcript, in.typed = t, err == nil
	return err
}

// jsonStart is how JSON begins and no note does.
var jsonStart = regexp.MustCompile(`^\[?\s*\{\s*["}]`)

// isJSON reports whether text is JSON, whole or not, and no note that begins with a bracket.
func isJSON(text []byte, name string) bool {
	if text[0] != '{' && text[0] != '[' {
		return false
	}
	return strings.EqualFold(filepath.Ext(name), ".json") || jsonStart.Match(text) || json.Valid(text)
}

// parseJSON takes a transcript or a record.
func (in *input) parseJSON(b []byte, name string) error {
	const op = "kerbside.parseJSON"
	if !json.Valid(b) {
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is damaged: it begins as JSON and does not end as such. Get it again from where it came from.", name), nil)
	}
	var head struct {
		Schema string `json:"schema"`
	}
	_ = json.Unmarshal(b, &head) // without a schema it is of a kind that is not known
	schema := head.Schema
	broken := func(err error) error {
		return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is damaged: it is not a valid %s.", name, schema), withoutContent(err))
	}
	switch schema {
	case kerbside.TranscriptSchema:
		var t kerbside.Transcript
		if err := json.Unmarshal(b, &t); err != nil {
			return broken(err)
		}
		if err := t.Validate(); err != nil {
			return broken(err)
		}
		in.transcript = &t
		return nil
	case kerbside.RecordSchema:
		var r kerbside.Record
		if err := json.Unmarshal(b, &r); err != nil {
			return broken(err)
		}
		in.record = &r
		return nil
	}
	return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q holds JSON of a kind that Kerbside does not know.", name), nil)
}

// isRecordError is about a record where what records are made of is wanted.
func isRecordError(op, path, wanted string) error {
	return kerbside.E(kerbside.CodeInvalid, op, fmt.Sprintf("%q is a record already. Give %s that it was made from.", path, wanted), nil)
}

// withoutContent keeps the kind of a JSON error only: its text may hold words of the file.
func withoutContent(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("syntax error at byte %d", syntax.Offset)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("wrong type at byte %d", kind.Offset)
	}
	return err
}

// openRegular opens a file; it does not wait for the writer of a pipe and never reads a device.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) {
		return nil, notFile(path)
	}
	if err != nil {
		return nil, openError(path, err)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, notFile(path)
	}
	return f, nil
}

func notFile(path string) error {
	return kerbside.E(kerbside.CodeInvalid, "kerbside.open", fmt.Sprintf("%q is not a file.", path), nil)
}

// await gives what f gives. The end of ctx ends the wait at once, though not f: for what does not look at ctx often enough and
// what may go on without harm until the program ends.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	var result T
	var err error
	done := make(chan struct{})
	go func() {
		result, err = f()
		close(done)
	}()
	select {
	case <-done:
		return result, err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

func readLimited(r io.Reader, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil {
		return nil, openError(name, err)
	}
	if len(b) > maxText {
		return nil, kerbside.E(kerbside.CodeTooLarge, "kerbside.readLimited", fmt.Sprintf("%q is larger than the %d MB that a text or a transcript may have.", name, maxText>>20), nil)
	}
	return b, nil
}

// openError tells plainly why a file cannot be read.
func openError(path string, err error) error {
	message := fmt.Sprintf("%q cannot be read.", path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		message = fmt.Sprintf("There is no file %q.", path)
	case errors.Is(err, fs.ErrPermission):
		message = fmt.Sprintf("%q cannot be read: you have no permission.", path)
	}
	return kerbside.E(kerbside.CodeInvalid, "kerbside.open", message, err)
}

func isTextName(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".txt", ".text", ".md", ".json":
		return true
	}
	return false
}

var soundExtensions = []string{".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".oga", ".opus", ".webm", ".flac", ".amr", ".3gp", ".3gpp", ".aac", ".wma", ".aif", ".aiff", ".caf", ".au", ".mov", ".mkv", ".mpeg", ".mpg", ".ds2", ".dss"}

// isSoundName reports whether a name promises sound; decoding then reports content that is not.
func isSoundName(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	for _, e := range soundExtensions {
		if e == ext {
			return true
		}
	}
	return false
}

// isPlaylist reports whether text names other files to be played, and is no note.
func isPlaylist(text []byte) bool {
	for _, start := range []string{"#extm3u", "ffconcat version", "[playlist]"} {
		if len(text) >= len(start) && strings.EqualFold(string(text[:len(start)]), start) {
			return true
		}
	}
	return false
}

// isBinary reports whether the beginning of a file is no text in any encoding: it holds NUL and is not marked as UTF-16.
func isBinary(head []byte) bool {
	return bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// looksLikeText reports whether the beginning of a file is text: valid UTF-8, but for a character cut at the end, and no NUL.
func looksLikeText(head []byte) bool {
	if len(head) == 0 || bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	for cut := 0; cut < utf8.UTFMax && cut < len(head); cut++ {
		if utf8.Valid(head[:len(head)-cut]) {
			return true
		}
	}
	return false
}

// sound describes a file of sound for the transcriber.
func (in input) sound(kind kerbside.RecordingKind) kerbside.Sound {
	ref := kerbside.RecordingRef{Kind: kind}
	if in.reader != nil {
		return kerbside.Sound{Reader: in.reader, Ref: ref}
	}
	return kerbside.Sound{Path: in.path, Ref: ref}
}

// probe gives the length of a file of sound in milliseconds, 0 when it does not say.
func probe(ctx context.Context, path string) (int64, error) {
	info, err := audio.Probe(ctx, path, audio.DefaultOptions())
	if err != nil {
		return 0, err
	}
	return info.DurationMS, nil
}
