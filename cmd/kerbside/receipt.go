package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kerbside"
)

// once processes a file, unless an earlier run made the same results of the same content with the same options.
func (p *pipeline) once(ctx context.Context, t task, m *meter) (figures, error) {
	if t.path == "-" { // its content is known only once it is read
		return p.process(ctx, t, m)
	}
	r := receipt{Source: sourceOf(t.path)}
	var err error
	if r.Key, r.SHA256, err = p.key(ctx, t); err != nil {
		return figures{}, err
	}
	if had, ok := earlier(t, r.Key); ok {
		r.Figures = had.Figures
		if had != r { // the file was moved
			if err := r.write(t.out); err != nil {
				return r.Figures, err
			}
		}
		lacks := p.lacks(t)
		if lacks == "" {
			r.Figures.Resumed = true
			return r.Figures, nil
		}
		if in, err := p.c.readInput(ctx, filepath.Join(t.out, transcriptName)); err == nil && in.transcript != nil {
			r.Figures.Problem, err = p.readAgain(ctx, t, in.transcript, lacks)
			return r.Figures, err
		}
	}
	if err := claim(t.out, r); err != nil {
		return figures{}, err
	}
	if r.Figures, err = p.process(ctx, t, m); err != nil {
		unclaim(t.out)
		return r.Figures, err
	}
	return r.Figures, r.write(t.out)
}

// receipt says what the results in a folder were made from.
type receipt struct {
	Key     string  `json:"key"` // "" until all results are there
	Figures figures `json:"figures"`
	Source  string  `json:"source"` // the file's path; "" when an older Kerbside wrote the receipt
	SHA256  string  `json:"sha256"` // of the file
}

const receiptName = "done.json"

func (r receipt) write(folder string) error {
	return writeJSONFile(filepath.Join(folder, receiptName), r)
}

// key is a hash of all that decides the results: content and options. sum is that of the content alone.
func (p *pipeline) key(ctx context.Context, t task) (key, sum string, err error) {
	h, content := sha256.New(), sha256.New()
	if err := readInto(ctx, io.MultiWriter(h, content), t.path); err != nil {
		return "", "", err
	}
	fmt.Fprintf(h, "\x00%s\x00%s\x00%s\x00%s\x00%s\x00%s", version, p.parameters(), t.visitDate, t.kind, t.caseRef, t.worker.Name)
	return hex.EncodeToString(h.Sum(nil)), hex.EncodeToString(content.Sum(nil)), nil
}

func contentSum(ctx context.Context, path string) (string, error) {
	h := sha256.New()
	err := readInto(ctx, h, path)
	return hex.EncodeToString(h.Sum(nil)), err
}

// readInto writes a file to w, until ctx ends.
func readInto(ctx context.Context, w io.Writer, path string) error {
	f, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(w, untilDone{ctx, f}); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return openError(path, err)
	}
	return nil
}

// earlier gives the receipt of an earlier run whose results are all there.
func earlier(t task, key string) (receipt, bool) {
	r, err := readReceipt(t.out)
	if err != nil || r.Key != key {
		return receipt{}, false
	}
	results := []string{transcriptName, recordName}
	for _, a := range kerbside.Audiences() {
		for _, f := range t.draftFormats() {
			results = append(results, filepath.Join("drafts", string(a)+f.Ext()))
		}
	}
	for _, name := range results {
		if _, err := os.Stat(filepath.Join(t.out, name)); err != nil {
			return receipt{}, false
		}
	}
	return r, true
}

// lacks tells what the language model did not read for the results in a task's folder: the code of a warning, or "".
func (p *pipeline) lacks(t task) string {
	if p.beside == nil {
		return ""
	}
	b, err := os.ReadFile(filepath.Join(t.out, recordName))
	if err != nil {
		return ""
	}
	var r struct {
		Warnings []kerbside.Warning `json:"warnings"`
	}
	if json.Unmarshal(b, &r) != nil {
		return ""
	}
	return unread(r.Warnings)
}

// unread gives the code of the warning that a language model did not read all, or "".
func unread(warnings []kerbside.Warning) string {
	for _, w := range warnings {
		if w.Code == kerbside.WarnModelDown || w.Code == kerbside.WarnModelPartial {
			return w.Code
		}
	}
	return ""
}

// unreadText is what a person is told of it.
var unreadText = map[string]string{
	kerbside.WarnModelDown:    "The language model could not be used. The same command asks it again.",
	kerbside.WarnModelPartial: "The language model read a part only. The same command asks it again.",
}

// readAgain makes the record and the drafts of a transcript that is there, of which a language model has not read all. What it read before stays when
// it cannot be used now. The record is written last: until then its warning says that this is to be done. It gives what is to be done after all.
func (p *pipeline) readAgain(ctx context.Context, t task, transcript *kerbside.Transcript, lacks string) (problem string, err error) {
	sources := []*kerbside.Source{kerbside.NewSource(transcript)}
	record, err := p.extract(ctx, t, transcript, sources)
	if err != nil {
		return "", err
	}
	now := unread(record.Warnings)
	if now == kerbside.WarnModelDown && lacks == kerbside.WarnModelPartial {
		return unreadText[lacks], nil
	}
	if err := p.draft(ctx, t, record, sources); err != nil {
		return "", err
	}
	return unreadText[now], writeJSONFile(filepath.Join(t.out, recordName), record)
}

// readReceipt reads the receipt in a folder; a folder without one is not of this command's making.
func readReceipt(folder string) (receipt, error) {
	b, err := os.ReadFile(filepath.Join(folder, receiptName))
	if err != nil {
		return receipt{}, err
	}
	return parseReceipt(b)
}

func parseReceipt(b []byte) (receipt, error) {
	var r receipt
	err := json.Unmarshal(b, &r)
	if err == nil && r.Key == "" && r.Source == "" {
		err = errors.New("no receipt")
	}
	return r, err
}

// recordingSum is the hash of what a transcript was made of.
func recordingSum(transcript []byte) (string, error) {
	var t struct {
		Recording struct {
			SHA256 string `json:"sha256"`
		} `json:"recording"`
	}
	err := json.Unmarshal(transcript, &t)
	return t.Recording.SHA256, err
}

// untilDone reads until ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}
