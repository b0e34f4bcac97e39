package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	key, err := p.key(ctx, t)
	if err != nil {
		return figures{}, err
	}
	if done, ok := earlier(t, key); ok {
		return done, nil
	}
	// While results are replaced, a receipt would vouch for a mixture.
	if err := os.Remove(filepath.Join(t.out, receiptName)); err != nil && !os.IsNotExist(err) {
		return figures{}, writeError("kerbside.once", filepath.Join(t.out, receiptName), err)
	}
	done, err := p.process(ctx, t, m)
	if err == nil {
		err = writeJSONFile(filepath.Join(t.out, receiptName), receipt{Key: key, Figures: done})
	}
	return done, err
}

// receipt says what the results in a folder were made from.
type receipt struct {
	Key     string  `json:"key"`
	Figures figures `json:"figures"`
}

const receiptName = "done.json"

// key is a hash of all that decides the results: content and options.
func (p *pipeline) key(ctx context.Context, t task) (string, error) {
	f, err := openRegular(t.path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, untilDone{ctx, f}); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", openError(t.path, err)
	}
	fmt.Fprintf(h, "\x00%s\x00%s\x00%s\x00%s\x00%s\x00%s", version, p.parameters(), t.visitDate, t.kind, t.caseRef, t.worker.Name)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// earlier gives the figures of an earlier run whose results are all there.
func earlier(t task, key string) (figures, bool) {
	b, err := os.ReadFile(filepath.Join(t.out, receiptName))
	if err != nil {
		return figures{}, false
	}
	r, err := parseReceipt(b)
	if err != nil || r.Key != key {
		return figures{}, false
	}
	results := []string{"transcript.json", "record.json"}
	for _, a := range kerbside.Audiences() {
		for _, f := range t.draftFormats() {
			results = append(results, filepath.Join("drafts", string(a)+f.Ext()))
		}
	}
	for _, name := range results {
		if _, err := os.Stat(filepath.Join(t.out, name)); err != nil {
			return figures{}, false
		}
	}
	r.Figures.Resumed = true
	return r.Figures, true
}

func parseReceipt(b []byte) (receipt, error) {
	var r receipt
	err := json.Unmarshal(b, &r)
	return r, err
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
