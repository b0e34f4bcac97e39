package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"kerbside"
)

// meter tells how far the work is: a bar with speed and time left on a terminal, a line a file elsewhere. It may be used from
// several goroutines.
type meter struct {
	c     *command
	began time.Time

	mu   sync.Mutex
	bar  *progressbar.ProgressBar // nil unless a person looks
	done map[string]int64         // milliseconds of sound done, by path
	all  int64
}

// newMeter makes a meter for tasks; it looks at how long the recordings are when there is a bar to fill.
func (c *command) newMeter(ctx context.Context, tasks []task) *meter {
	m := &meter{c: c, began: time.Now(), done: map[string]int64{}}
	if c.quiet || c.json || !isTerminal(c.stderr) {
		return m
	}
	for _, t := range tasks {
		if isSoundName(t.path) {
			if ms, err := probe(ctx, t.path); err == nil {
				m.all += ms
			}
		}
	}
	if m.all > 0 {
		m.bar = progressbar.NewOptions64(m.all, progressbar.OptionSetWriter(c.stderr), progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetWidth(24), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false))
	}
	return m
}

// progress gives the callback for one file.
func (m *meter) progress(path string) func(kerbside.TranscribeProgress) {
	return func(p kerbside.TranscribeProgress) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.bar == nil {
			return
		}
		m.done[path] = p.DoneMS
		var sum int64
		for _, ms := range m.done {
			sum += ms
		}
		m.bar.Describe(fmt.Sprintf("%s, %.1fx live", shown(filepath.Base(path)), float64(sum)/1000/time.Since(m.began).Seconds()))
		_ = m.bar.Set64(min(sum, m.all)) // a bar that cannot be drawn is no reason to stop
	}
}

// finished tells what one file came to.
func (m *meter) finished(t task, f figures) {
	switch {
	case f.Resumed:
		m.say("%s: unchanged since the last run, %d words", shown(t.path), f.Words)
	case f.Seconds > 0:
		m.say("%s: %.1f s of sound, %d words, %.1fx live, in %s", shown(t.path), f.Seconds, f.Words, f.speed(), shown(t.out))
	default:
		m.say("%s: %d words, in %s", shown(t.path), f.Words, shown(t.out))
	}
	if f.Problem != "" {
		m.say("%s: %s", shown(t.path), f.Problem)
	}
}

// oddities tells what was odd about a recording.
func (m *meter) oddities(t task, transcript *kerbside.Transcript) {
	for _, flag := range transcript.Flags {
		if text, ok := flagText[flag]; ok {
			m.say("%s: %s", shown(t.path), text)
		}
	}
	if len(transcript.Words) > 0 && transcript.Engine.Parameters["channels"] == "apart" && transcript.Segments[0].Speaker == "" {
		m.say("%s: it has one channel, so speakers are not told apart.", shown(t.path))
	}
	if n := len(transcript.Gaps); n > 0 {
		m.say("%s: words may be missing in %d places; the transcript marks them.", shown(t.path), n)
	}
}

// say prints a message above the bar.
func (m *meter) say(format string, a ...any) {
	m.above(func() { m.c.say(format, a...) })
}

// line prints an error above the bar.
func (m *meter) line(message string) {
	m.above(func() { m.c.complain(message) })
}

func (m *meter) above(print func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bar != nil {
		_ = m.bar.Clear()
	}
	print()
}

// end takes the bar away.
func (m *meter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bar != nil {
		_ = m.bar.Clear()
		m.bar = nil
	}
}
