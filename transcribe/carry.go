package transcribe

import (
	"context"
	"strings"
	"sync"
)

// carried is what later windows of a lane are told: the end of what was heard up to a window's end. Names keep the spelling that they once had by it, and
// what a noise hides is guessed from what was talked about. It is a chain, so windows of a lane are decoded one after the other; further hearings,
// which are told nothing, run beside the next window.
type carried struct {
	before *carried // of the window before, until it is known; nil for the first
	once   sync.Once
	known  chan struct{}
	text   string
}

func newCarried(before *carried) *carried {
	return &carried{before: before, known: make(chan struct{})}
}

// earlier waits for what was heard before the window.
func (c *carried) earlier(ctx context.Context) (string, error) {
	if c == nil || c.before == nil {
		return "", ctx.Err()
	}
	select {
	case <-c.before.known:
		return c.before.text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// add makes known what was heard up to the window's end, most bytes of it at most. Only the first call counts.
func (c *carried) add(earlier, text string, most int) {
	if c == nil {
		return
	}
	c.once.Do(func() {
		c.text, c.before = tailOf(strings.TrimSpace(earlier+" "+text), most), nil
		close(c.known)
	})
}

// tailOf gives the end of a text, most bytes at most, from the start of a word.
func tailOf(text string, most int) string {
	if len(text) <= most {
		return text
	}
	_, text, _ = strings.Cut(text[len(text)-most:], " ")
	return text
}

// sound gives what may be told to later windows of an attempt: nothing of one that looks wrong, is unlikely, or of which a guard took something.
func (a attempt) sound(kept []rawWord, removed int) string {
	if len(a.faults) > 0 || a.avgLogProb < weakLogProb || removed > 0 {
		return ""
	}
	return textOf(kept)
}

// copiedWords is how long a run of earlier text has to be that comes again, to be worth a second look without that text.
const copiedWords = 6

// copies reports whether words hold a run of the earlier text, as when the model goes on with what it was given and not with what it hears.
func copies(ws []rawWord, earlier string) bool {
	before, now := strings.Fields(normalise(earlier)), keys(ws)
	for i := 0; i+copiedWords <= len(now); i++ {
		if holds(before, now[i:i+copiedWords]) {
			return true
		}
	}
	return false
}
