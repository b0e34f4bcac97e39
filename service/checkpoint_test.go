package service

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kerbside"
)

// windows lists what is kept of recordings under way.
func (h *house) windows() (keys []string) {
	h.t.Helper()
	err := h.blobs.List(h.t.Context(), "", func(key string) error {
		if strings.Contains(key, "/windows/") {
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return keys
}

// TestCheckpointGoesWithItsTranscript: what was recognised before a failure is kept beside the sound, as private as the sound, and goes once the
// transcript is committed.
func TestCheckpointGoesWithItsTranscript(t *testing.T) {
	h := newHouse(t)
	h.transcriber.fail, h.transcriber.reason = 3, kerbside.E(kerbside.CodeUnavailable, "fake", "The engine stopped.", nil)
	r := h.record(h.worker, "", said)
	h.await(r.Visit, kerbside.VisitFailed)
	keys := h.windows()
	if len(keys) != 1 || !strings.HasPrefix(keys[0], string(r.Org)+"/"+string(r.ID)+"/") {
		t.Fatalf("kept %q", keys)
	}
	info, err := os.Stat(filepath.Join(h.folder, "blobs", filepath.FromSlash(keys[0])))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := h.s.Retry(t.Context(), h.worker, r.Visit); err != nil {
		t.Fatal(err)
	}
	h.await(r.Visit, kerbside.VisitDrafted)
	if keys := h.windows(); len(keys) != 0 {
		t.Errorf("kept %q", keys)
	}
}
