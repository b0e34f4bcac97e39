package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kerbside"
	"kerbside/storage/fs"
)

// unfinished is where the words of a recording's finished windows are while it is being transcribed, so that the same command, given again
// after a kill, goes on from there. They are as private as the results and go when the transcript is written.
type unfinished struct {
	folder string // "": nothing is kept

	mu    sync.Mutex
	store *fs.Store // made with the first window
}

var _ kerbside.BlobStore = (*unfinished)(nil)

const (
	unfinishedName   = ".unfinished"
	unfinishedWindow = "w/"
	// unfinishedDays is how long what was left by a run whose results were to go to standard output is kept.
	unfinishedDays = 7
)

// newUnfinished is for a recording whose results go to a folder beside which, or in which, they are kept until then; folder is "" where they
// go to standard output, and then the user's state folder is taken, and in it a hash of the recording's path.
func newUnfinished(path, folder string) (*unfinished, error) {
	if path == "-" { // its sound cannot be read again
		return &unfinished{}, nil
	}
	if folder != "" {
		return &unfinished{folder: folder}, nil
	}
	state, err := stateFolder()
	if err != nil {
		return nil, err
	}
	if err := sweep(state, time.Now().AddDate(0, 0, -unfinishedDays)); err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(path))
	return &unfinished{folder: filepath.Join(state, hex.EncodeToString(sum[:16]))}, nil
}

// stateFolder is that of the XDG base directory specification.
func stateFolder() (string, error) {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "kerbside", "unfinished"), nil
}

// sweep removes what nobody came back for.
func sweep(state string, before time.Time) error {
	left, err := os.ReadDir(state)
	if err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	for _, f := range left {
		if info, err := f.Info(); err == nil && info.ModTime().Before(before) {
			_ = os.RemoveAll(filepath.Join(state, f.Name())) // the next run tries again
		}
	}
	return nil
}

func (u *unfinished) checkpoint() kerbside.Checkpoint {
	if u.folder == "" {
		return kerbside.Checkpoint{}
	}
	return kerbside.Checkpoint{Blobs: u, Prefix: unfinishedWindow}
}

// open gives the store; unless it is to be made, CodeNotFound where there is none.
func (u *unfinished) open(create bool) (*fs.Store, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.store != nil {
		return u.store, nil
	}
	if _, err := os.Stat(u.folder); err != nil && !create {
		return nil, kerbside.E(kerbside.CodeNotFound, "kerbside.unfinished", "", err)
	}
	store, err := fs.Open(u.folder)
	if err == nil {
		u.store = store
	}
	return store, err
}

// Put implements kerbside.BlobStore.
func (u *unfinished) Put(ctx context.Context, key string, r io.Reader) (string, int64, error) {
	store, err := u.open(true)
	if err != nil {
		return "", 0, err
	}
	return store.Put(ctx, key, r)
}

// Open implements kerbside.BlobStore.
func (u *unfinished) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	store, err := u.open(false)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, key)
}

// Delete implements kerbside.BlobStore.
func (u *unfinished) Delete(ctx context.Context, key string) error {
	store, err := u.open(false)
	if err != nil {
		return err
	}
	return store.Delete(ctx, key)
}

// List implements kerbside.BlobStore.
func (u *unfinished) List(ctx context.Context, prefix string, f func(string) error) error {
	store, err := u.open(false)
	if err != nil {
		return err
	}
	return store.List(ctx, prefix, f)
}

// close lets what is kept be, or removes it when the transcript is safe.
func (u *unfinished) close(safe bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.store != nil {
		_ = u.store.Close()
		u.store = nil
	}
	if safe && u.folder != "" {
		_ = os.RemoveAll(u.folder) // what stays is taken up or removed by the next run
	}
}

// listen transcribes a recording, going on where an earlier run was cut off, and has the transcript kept before what was unfinished is removed.
// folder is as for newUnfinished.
func (p *pipeline) listen(ctx context.Context, in input, t task, folder string, progress func(kerbside.TranscribeProgress), keep func(*kerbside.Transcript) error) (*kerbside.Transcript, error) {
	left, err := newUnfinished(t.path, folder)
	if err != nil { // there is nowhere to keep it, which is no reason not to transcribe
		p.c.log.Warn("what is done is not kept for another run", "err", writeError("kerbside.listen", folder, err))
		left = &unfinished{}
	}
	safe := false
	defer func() { left.close(safe) }()
	transcriber, err := p.transcriber(ctx)
	if err != nil {
		return nil, err
	}
	sound := in.sound(t.kind)
	sound.Checkpoint = left.checkpoint()
	options := p.options
	options.Date = t.visitDate
	transcript, err := transcriber.Transcribe(ctx, sound, options, progress)
	if err != nil {
		return nil, err
	}
	if err := keep(transcript); err != nil {
		return nil, err
	}
	safe = true
	return transcript, nil
}
