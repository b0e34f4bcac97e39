package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside"
)

func TestUnfinished(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	parent := filepath.Join(state, "kerbside", "unfinished")
	u, err := newUnfinished("Family.wav", "")
	if err != nil {
		t.Fatal(err)
	}
	at := u.checkpoint()
	if _, err := at.Blobs.Open(t.Context(), at.Prefix+"a"); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Errorf("got %v", err)
	}
	u.close(false)
	if left, err := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("a recording without a finished window leaves %v, %v", left, err)
	}
	if _, _, err := at.Blobs.Put(t.Context(), at.Prefix+"a", strings.NewReader("words")); err != nil {
		t.Fatal(err)
	}
	u.close(false)
	left, err := os.ReadDir(parent)
	if err != nil || len(left) != 1 || strings.Contains(left[0].Name(), "Family") {
		t.Fatalf("left %v, %v", left, err)
	}
	if info, err := left[0].Info(); err != nil || info.Mode().Perm() != folderPerm {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	again, err := newUnfinished("./Family.wav", "")
	if err != nil {
		t.Fatal(err)
	}
	if f, err := again.checkpoint().Blobs.Open(t.Context(), at.Prefix+"a"); err != nil {
		t.Errorf("the next run does not find it: %v", err)
	} else {
		_ = f.Close()
	}
	again.close(true)
	if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if none, err := newUnfinished("-", ""); err != nil || none.checkpoint().Blobs != nil {
		t.Errorf("standard input is kept: %v", err)
	}
}

func TestUnfinishedIsSweptAway(t *testing.T) {
	state := t.TempDir()
	now := time.Now()
	for name, days := range map[string]int{"old": 8, "new": 6} {
		dir := filepath.Join(state, name)
		if err := os.MkdirAll(filepath.Join(dir, "w"), folderPerm); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, now, now.AddDate(0, 0, -days)); err != nil {
			t.Fatal(err)
		}
	}
	if err := sweep(state, now.AddDate(0, 0, -unfinishedDays)); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(state); err != nil || len(left) != 1 || left[0].Name() != "new" {
		t.Errorf("left %v, %v", left, err)
	}
}
