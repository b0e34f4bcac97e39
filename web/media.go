package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"kerbside"
)

// audio serves the sound of a recording, or with ?take=2 that of a take; ranges are answered, so that a player can seek.
func (s *server) audio(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	id := kerbside.RecordingID(r.PathValue("id"))
	open := func() (io.ReadSeekCloser, kerbside.Recording, error) { return s.Service.Audio(r.Context(), u, id) }
	if take := r.URL.Query().Get("take"); take != "" {
		n, err := smallNumber(take, 1)
		if err != nil {
			return err
		}
		open = func() (io.ReadSeekCloser, kerbside.Recording, error) {
			return s.Service.AudioTake(r.Context(), u, id, n)
		}
	}
	sound, rec, err := open()
	if err != nil {
		return err
	}
	defer func() { _ = sound.Close() }() // only read from
	var head [16]byte
	n, _ := sound.Read(head[:]) // what cannot be read fails again below
	if _, err := sound.Seek(0, 0); err != nil {
		return kerbside.E(kerbside.CodeInternal, "web.audio", "", err)
	}
	w.Header().Set("Content-Type", soundType(head[:n], rec.Name))
	w.Header().Set("Content-Disposition", "inline")
	w.Header().Set("Cache-Control", "private, no-store")
	extendWrite(w, time.Hour)
	http.ServeContent(w, r, "", time.Time{}, sound)
	return nil
}

// soundType tells the containers that browsers play apart by their first bytes: names are unreliable.
func soundType(head []byte, name string) string {
	h := string(head)
	switch {
	case strings.HasPrefix(h, "\x1aE\xdf\xa3"):
		return "audio/webm"
	case strings.HasPrefix(h, "RIFF"):
		return "audio/wav"
	case strings.HasPrefix(h, "OggS"):
		return "audio/ogg"
	case strings.HasPrefix(h, "fLaC"):
		return "audio/flac"
	case strings.HasPrefix(h, "ID3"), strings.EqualFold(path.Ext(name), ".mp3"):
		return "audio/mpeg"
	case len(h) >= 8 && h[4:8] == "ftyp":
		return "audio/mp4"
	}
	return "application/octet-stream"
}

// events sends how far a visit is, as server-sent events, until the reader leaves or nothing more will happen.
func (s *server) events(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	progress, err := s.Service.Watch(r.Context(), u, kerbside.VisitID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	extendWrite(w, 0)
	out := http.NewResponseController(w)
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	_, _ = fmt.Fprint(w, "retry: 2000\n\n")
	for {
		if out.Flush() != nil {
			return nil // the reader has gone
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-beat.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		case p, ok := <-progress:
			if !ok {
				_, _ = fmt.Fprint(w, "event: end\ndata: {}\n\n")
				return nil
			}
			b, encodeErr := json.Marshal(p)
			if encodeErr != nil {
				return nil
			}
			_, err = fmt.Fprintf(w, "data: %s\n\n", b)
		}
		if err != nil {
			return nil
		}
	}
}

// extendWrite gives a streaming answer d from now, or for ever when d is 0. Servers without deadlines do not know how; that is no fault.
func extendWrite(w http.ResponseWriter, d time.Duration) {
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	_ = http.NewResponseController(w).SetWriteDeadline(until)
}

func extendRead(w http.ResponseWriter, d time.Duration) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Now().Add(d))
	_ = c.SetWriteDeadline(time.Now().Add(d + time.Minute))
}
