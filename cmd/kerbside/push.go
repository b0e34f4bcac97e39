package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/client"
	"kerbside/service"
)

func (c *command) pushCommand() *cli.Command {
	return &cli.Command{
		Name:      "push",
		Usage:     "send recordings, and texts as typed notes, to a server",
		ArgsUsage: "FILE|DIR…",
		Description: "Each recording is sent once, whatever its name, and is safe when the server has confirmed its hash; a broken line or a stopped server costs time only. " +
			"A .txt or .md file is a typed note. Folders that `process` or `batch` wrote are left out. " +
			"`kerbside pull` fetches what was made of it.",
		Flags: append(remoteFlags(),
			&cli.StringFlag{Name: "visit", Usage: "add them to the visit with this `ID`", DefaultText: "a new visit each"},
			&cli.StringFlag{Name: "meta", Usage: "`FILE.csv` with the columns file, date, case, kind"},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: 2, Usage: "`N` files at a time"},
			&cli.BoolFlag{Name: "dry-run", Usage: "only tell what would be sent"},
			visitDateFlag(), kindFlag()),
		Action: c.push,
	}
}

// pushed is what came of one file.
type pushed struct {
	File      string                  `json:"file"`
	Status    string                  `json:"status"` // "sent", "already", "would_send" or "failed"
	Recording kerbside.RecordingID    `json:"recording"`
	Visit     kerbside.VisitID        `json:"visit"`
	State     kerbside.RecordingState `json:"state"`
	Bytes     int64                   `json:"bytes"`
	Sent      int64                   `json:"sent"` // bytes of it that went over the line this time
	SHA256    string                  `json:"sha256"`
	Error     string                  `json:"error,omitempty"`
	Code      kerbside.Code           `json:"code,omitempty"`
}

func (p pushed) line() string {
	switch p.Status {
	case "sent":
		return fmt.Sprintf("%s: safe on the server, visit %s", shown(p.File), p.Visit)
	case "already":
		return fmt.Sprintf("%s: was there already, visit %s", shown(p.File), p.Visit)
	case "would_send":
		return fmt.Sprintf("%s: would be sent, %d of %d bytes", shown(p.File), p.Bytes-p.Sent, p.Bytes)
	}
	return fmt.Sprintf("%s: %s", shown(p.File), p.Error)
}

// pusher is one run of push.
type pusher struct {
	c      *command
	remote *client.Client
	me     client.Me
	visit  kerbside.VisitID
	cases  map[string]kerbside.CaseID // by the council's reference
	dry    bool
	out    *results

	mu  sync.Mutex
	bar *progressbar.ProgressBar // nil unless a person looks
	at  map[string]int64         // bytes that the server has, by path
}

func (c *command) push(ctx *cli.Context) error {
	roots, err := files(ctx)
	if err != nil {
		return err
	}
	c.resumes = true
	if ctx.Int("jobs") < 1 {
		return usageError{"--jobs takes a number from 1."}
	}
	base, err := taskOf(ctx)
	if err != nil {
		return err
	}
	tasks, err := pushTasks(roots, base, ctx.String("meta"))
	if err != nil {
		return err
	}
	if len(tasks) == 0 {
		return kerbside.E(kerbside.CodeInvalid, "kerbside.push", "There are no recordings and no texts there.", nil)
	}
	p := &pusher{c: c, visit: kerbside.VisitID(ctx.String("visit")), dry: ctx.Bool("dry-run"), out: c.results(ctx), at: map[string]int64{}}
	if p.remote, err = c.remote(ctx); err != nil {
		return err
	}
	if p.me, err = p.remote.Me(ctx.Context); err != nil {
		return err
	}
	if err := p.readCases(ctx.Context, tasks); err != nil {
		return err
	}
	p.draw(tasks)
	defer p.end()
	return p.run(ctx.Context, tasks, ctx.Int("jobs"))
}

// pushTasks lists the recordings that arguments name, and those in folders that they name.
func pushTasks(roots []string, base task, metaPath string) ([]task, error) {
	var meta map[string]metaRow
	if metaPath != "" {
		var err error
		if meta, err = readMeta(metaPath); err != nil {
			return nil, err
		}
	}
	var tasks []task
	seen := map[string]bool{}
	add := func(path string) error {
		if seen[path] {
			return nil
		}
		seen[path] = true
		t := base
		t.path = path
		tasks = append(tasks, t)
		return tasks[len(tasks)-1].apply(meta, path)
	}
	for _, root := range roots {
		matches, err := expand(root)
		if err != nil {
			return nil, err
		}
		for _, path := range matches {
			if info, err := os.Stat(path); err != nil || !info.IsDir() { // what cannot be read fails by name when its turn comes
				if err := add(path); err != nil {
					return nil, err
				}
				continue
			}
			if err := soundsBelow(path, add); err != nil {
				return nil, err
			}
		}
	}
	return tasks, nil
}

// isNoteName reports whether a name is that of a text that somebody typed.
func isNoteName(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".txt" || ext == ".md"
}

func soundsBelow(root string, add func(path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return openError(path, err)
		case path != root && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir() && path != root && isResult(path): // what was made of a recording is no note about a visit
			return filepath.SkipDir
		case d.IsDir() || !isSoundName(path) && !isNoteName(path):
			return nil
		}
		return add(path)
	})
}

// readCases looks up the cases that a --meta file names.
func (p *pusher) readCases(ctx context.Context, tasks []task) error {
	wanted := map[string]bool{}
	for _, t := range tasks {
		if t.caseRef != "" {
			wanted[t.caseRef] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	p.cases = map[string]kerbside.CaseID{}
	for k, err := range p.remote.Cases(ctx) {
		if err != nil {
			return err
		}
		p.cases[k.Reference] = k.ID
		delete(wanted, k.Reference)
	}
	for ref := range wanted {
		return usageError{fmt.Sprintf("The server has no case %q that you may choose. Nothing was sent.", ref)}
	}
	return nil
}

func (p *pusher) run(ctx context.Context, tasks []task, jobs int) error {
	queue := make(chan task)
	stop, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	for range min(jobs, len(tasks)) {
		workers.Go(func() {
			for t := range queue {
				done, err := p.one(stop, t)
				if stop.Err() != nil && err != nil {
					return
				}
				if tellErr := p.tell(done, err); tellErr != nil {
					cancel(tellErr)
				}
				if err != nil && fatal(err) {
					cancel(err)
				}
			}
		})
	}
feed:
	for _, t := range tasks {
		select {
		case queue <- t:
		case <-stop.Done():
			break feed
		}
	}
	close(queue)
	workers.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if cause := context.Cause(stop); cause != nil {
		return cause
	}
	return p.out.outcome()
}

// tell prints what came of one file, above the bar.
func (p *pusher) tell(done pushed, failure error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear() // a bar that cannot be drawn is no reason to stop
	}
	if failure != nil {
		done.Status, done.Error, done.Code = statusFailed, message(failure), kerbside.CodeOf(failure)
	}
	return p.out.add(done.line(), done, failure)
}

// one sends one file.
func (p *pusher) one(ctx context.Context, t task) (done pushed, err error) {
	done = pushed{File: t.path}
	f, err := openRegular(t.path)
	if err != nil {
		return done, err
	}
	defer f.Close()
	h := sha256.New()
	if done.Bytes, err = io.Copy(h, f); err != nil {
		return done, openError(t.path, err)
	}
	if done.Bytes == 0 {
		return done, kerbside.E(kerbside.CodeInvalid, "kerbside.push", "The file is empty.", nil)
	}
	done.SHA256 = hex.EncodeToString(h.Sum(nil))
	file := client.File{
		ClientID: pushID(p.me.ID, done.SHA256, p.visit), Name: filepath.Base(t.path), Kind: t.kind, Date: t.visitDate, Visit: p.visit, Size: done.Bytes, SHA256: done.SHA256, Bytes: f,
	}
	have, there, err := p.remote.Find(ctx, file.ClientID)
	if err != nil {
		return done, err
	}
	if p.dry && !(there && have.Safe()) {
		done.Status, done.Sent = "would_send", have.Received
		return done, nil
	}
	done.Status = "already"
	switch {
	case there && have.Safe():
	case isNoteName(t.path):
		done.Status, done.Sent = "sent", done.Bytes
		have, err = p.note(ctx, file)
	default:
		done.Status = "sent"
		have, done.Sent, err = p.remote.Upload(ctx, file, func(n int64) { p.progress(t.path, n) })
	}
	if err != nil {
		return done, err
	}
	p.progress(t.path, done.Bytes)
	done.Recording, done.Visit, done.State = have.ID, have.Visit, have.State
	if id := p.cases[t.caseRef]; id != "" && !p.dry && done.Status == "sent" {
		err = p.remote.SetCase(ctx, have.Visit, id)
	}
	return done, err
}

// note sends a text as it is read anywhere here: UTF-8, a mark of its order left out.
func (p *pusher) note(ctx context.Context, f client.File) (r client.Recording, err error) {
	const op = "kerbside.note"
	if f.Size > 4*service.MaxNote {
		return r, kerbside.E(kerbside.CodeTooLarge, op, fmt.Sprintf("The text is longer than a note may be, %d characters. Split it.", service.MaxNote), nil)
	}
	b := make([]byte, f.Size)
	if _, err := f.Bytes.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return r, kerbside.E(kerbside.CodeInvalid, op, "The text changed while it was read. Run the same command again.", err)
	}
	text := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	switch {
	case !utf8.Valid(text):
		return r, kerbside.E(kerbside.CodeInvalid, op, "The text is not UTF-8. Save it as UTF-8 and send it again.", nil)
	case len(bytes.TrimSpace(text)) == 0:
		return r, kerbside.E(kerbside.CodeInvalid, op, "The text is empty.", nil)
	}
	return p.remote.SendNote(ctx, client.Note{ClientID: f.ClientID, Visit: f.Visit, Name: f.Name, Date: f.Date, Text: string(text)})
}

// pushID is the name under which a person's file is known to the server: the same bytes are the same recording, in one visit.
func pushID(who kerbside.UserID, sum string, visit kerbside.VisitID) string {
	return kerbside.DerivedID("push", string(who), sum, string(visit))
}

// draw shows a bar to a person who looks.
func (p *pusher) draw(tasks []task) {
	if p.c.quiet || p.c.json || p.out.json || !isTerminal(p.c.stderr) {
		return
	}
	var all int64
	for _, t := range tasks {
		if info, err := os.Stat(t.path); err == nil {
			all += info.Size()
		}
	}
	p.bar = progressbar.NewOptions64(all, progressbar.OptionSetWriter(p.c.stderr), progressbar.OptionShowBytes(true), progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(24), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false))
}

func (p *pusher) progress(path string, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil {
		return
	}
	p.at[path] = n
	var sum int64
	for _, n := range p.at {
		sum += n
	}
	_ = p.bar.Set64(min(sum, p.bar.GetMax64())) // as in tell
}

func (p *pusher) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// writeLine writes a value as one line of JSON.
func writeLine(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		_, err = w.Write(append(b, '\n'))
	}
	return err
}
