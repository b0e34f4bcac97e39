package transcribe

import "math"

// stretch is a run of speech on the recording's clock, in samples.
type stretch struct {
	start, end int64
	sum        float64 // of the frames' probabilities
	frames     int
}

func (s stretch) probability() float64 {
	if s.frames == 0 {
		return 0
	}
	return s.sum / float64(s.frames)
}

// span is a run of the recording that a window holds: n samples from start on the recording's clock, at offset at in
// the window.
type span struct{ start, at, n int64 }

// window is what one call of the recogniser gets, and the way back to the recording's clock.
type window struct {
	index   int
	samples []float32
	spans   []span    // in order, without holes in the window
	speech  []stretch // what is speech in it, without padding
	carried *carried  // nil where windows are told nothing
	last    bool      // nothing follows: somebody may be waiting
	end     int64     // on the recording's clock: everything before it is in this window, an earlier one, or silence
}

// startOf gives the place on the recording's clock of the window's sample at, as the start of something: on a seam it
// is the later span that counts. Places outside are clamped.
func (w *window) startOf(at int64) int64 {
	for i := len(w.spans) - 1; i > 0; i-- {
		if s := w.spans[i]; at >= s.at {
			return s.start + min(at-s.at, s.n)
		}
	}
	return w.spans[0].start + max(0, min(at, w.spans[0].n))
}

// endOf is startOf for the end of something: on a seam it is the earlier span that counts.
func (w *window) endOf(at int64) int64 {
	for i := len(w.spans) - 1; i > 0; i-- {
		if s := w.spans[i]; at > s.at {
			return s.start + min(at-s.at, s.n)
		}
	}
	return w.spans[0].start + max(0, min(at, w.spans[0].n))
}

// speechSamples is how much of the window is speech.
func (w *window) speechSamples() int64 {
	var n int64
	for _, s := range w.speech {
		n += s.end - s.start
	}
	return n
}

// probability is the mean probability of speech over the window's stretches.
func (w *window) probability() float64 {
	var all stretch
	for _, s := range w.speech {
		all.sum += s.sum
		all.frames += s.frames
	}
	return all.probability()
}

// cutter finds stretches of speech in a stream and cuts it into windows, at pauses wherever there are any. It keeps only
// the samples that a window may still need: at most about two windows, however long the stream is.
type cutter struct {
	speech  speechSettings
	window  windowSettings
	frame   int64 // samples
	emitted int

	buf  []float32
	base int64 // place of buf[0] on the recording's clock
	now  int64 // end of the last frame that was judged

	talking bool
	current stretch // while talking; its end is the end of the last frame of speech
	silence int64   // while talking: where the pause began that may end the stretch, else -1

	pending []piece // closed stretches that wait for their window
	free    int64   // samples before it belong to earlier pieces
	marked  int64   // up to here the consumer was told
}

// piece is a stretch with its padding.
type piece struct {
	start, end int64
	speech     []stretch
}

func newCutter(s settings, frame int) *cutter {
	return &cutter{speech: s.Speech, window: s.Window, frame: int64(frame), silence: -1}
}

// push takes samples of the stream and the probabilities of the frames that became whole with them, and gives the
// windows that closed.
func (c *cutter) push(samples, probabilities []float32) []*window {
	c.buf = append(c.buf, samples...)
	var out []*window
	for _, p := range probabilities {
		out = append(out, c.step(p)...)
	}
	c.trim()
	return out
}

// finish closes what is open at the end of the stream.
func (c *cutter) finish() []*window {
	c.now = c.base + int64(len(c.buf))
	if c.talking {
		c.closeStretch()
	}
	ws := c.flush(len(c.pending))
	for _, w := range ws {
		w.last = true
	}
	return ws
}

// step judges one frame.
func (c *cutter) step(p float32) []*window {
	start := c.now
	c.now += c.frame
	switch {
	case p >= c.speech.Enter:
		if !c.talking {
			c.talking, c.current = true, stretch{start: start}
		}
		c.current.end, c.silence = c.now, -1
	case c.talking && p < c.speech.Leave && c.silence < 0:
		c.silence = start
	case c.talking && c.silence < 0:
		c.current.end = c.now
	}
	if c.talking && c.silence < 0 {
		c.current.sum += float64(p)
		c.current.frames++
	}
	if c.talking && c.silence >= 0 && c.now-c.silence >= samplesOf(c.speech.MinSilenceMS) {
		c.closeStretch()
	}
	return c.closeWindows()
}

// closeStretch ends the current stretch and leaves it, padded, among the pending pieces, unless it is a mere click.
func (c *cutter) closeStretch() {
	s := c.current
	c.talking, c.silence = false, -1
	if s.end-s.start < samplesOf(c.speech.MinSpeechMS) {
		return
	}
	end := min(s.end+samplesOf(c.speech.PaddingMS), c.now)
	c.pending = append(c.pending, piece{start: c.pad(s.start), end: end, speech: []stretch{s}})
	c.free = end
}

// pad gives the start of a piece whose speech begins at start.
func (c *cutter) pad(start int64) int64 {
	return max(start-samplesOf(c.speech.PaddingMS), c.free, 0)
}

// closeWindows gives the windows that need not wait any longer.
func (c *cutter) closeWindows() []*window {
	var out []*window
	if n := len(c.pending); n > 0 {
		next := c.now // where the next piece starts at the earliest
		if c.talking {
			next = c.pad(c.current.start)
		}
		switch {
		case next-c.pending[n-1].end > samplesOf(c.window.JoinPauseMS):
			out = c.flush(n)
		case c.talking && c.packedLength(next, c.now) > samplesOf(c.window.TargetMS):
			out = c.flush(c.bestBreak(next))
		}
	}
	if c.talking && len(c.pending) == 0 && c.now-c.pad(c.current.start) >= samplesOf(c.window.MaxMS) {
		out = append(out, c.cutSpeech())
	}
	return out
}

// packedLength is the length of a window of the pending pieces and one from start to end.
func (c *cutter) packedLength(start, end int64) int64 {
	n := end - start
	for i, p := range c.pending {
		next := start
		if i+1 < len(c.pending) {
			next = c.pending[i+1].start
		}
		n += p.end - p.start + min(next-p.end, samplesOf(c.window.KeepPauseMS))
	}
	return n
}

// bestBreak gives the number of pending pieces to close now: up to the longest pause, but at least half of a window
// when there is that much. next is where the piece after the pending ones starts.
func (c *cutter) bestBreak(next int64) int {
	best, longest, length := len(c.pending), int64(-1), int64(0)
	for i, p := range c.pending {
		after := next
		if i+1 < len(c.pending) {
			after = c.pending[i+1].start
		}
		length += p.end - p.start
		pause := after - p.end
		if length*2 >= samplesOf(c.window.TargetMS) && pause >= longest {
			best, longest = i+1, pause
		}
		length += min(pause, samplesOf(c.window.KeepPauseMS))
	}
	return best
}

// flush makes a window of the first n pending pieces.
func (c *cutter) flush(n int) []*window {
	if n == 0 {
		return nil
	}
	w := c.newWindow(c.pending[:n])
	c.pending = append(c.pending[:0], c.pending[n:]...)
	return []*window{w}
}

// cutSpeech makes a window of the first part of speech that goes on for too long without a pause; the cut is where the
// second half of the window is quietest.
func (c *cutter) cutSpeech() *window {
	start := c.pad(c.current.start)
	at := c.quietest(start+samplesOf(c.window.MaxMS)/2, c.now)
	first, rest := c.current, c.current
	share := float64(at-first.start) / float64(max(c.now-first.start, 1))
	first.end, rest.start = min(first.end, at), at
	first.frames = int(math.Round(share * float64(first.frames)))
	first.sum *= share
	rest.frames -= first.frames
	rest.sum -= first.sum
	w := c.newWindow([]piece{{start: start, end: at, speech: []stretch{first}}})
	c.current, c.free = rest, at
	c.current.end = max(rest.end, at)
	return w
}

// quietest gives the middle of the 100 ms with the least energy between two places.
func (c *cutter) quietest(from, to int64) int64 {
	size, step := samplesOf(100), samplesOf(20)
	best, least := to, math.Inf(1)
	for at := from; at+size <= to; at += step {
		energy := 0.0
		for _, x := range c.buf[at-c.base : at+size-c.base] {
			energy += float64(x) * float64(x)
		}
		if energy <= least {
			best, least = at+size/2, energy
		}
	}
	return best
}

// newWindow copies the pieces' samples, and the pauses between them as far as they are kept, half from either end.
func (c *cutter) newWindow(pieces []piece) *window {
	w := &window{index: c.emitted, end: pieces[len(pieces)-1].end}
	c.emitted++
	start := pieces[0].start
	for i, p := range pieces {
		w.speech = append(w.speech, p.speech...)
		end := p.end
		if i+1 < len(pieces) {
			pause, keep := pieces[i+1].start-p.end, samplesOf(c.window.KeepPauseMS)
			if pause <= keep {
				continue // one span runs through the pause
			}
			end += keep / 2
		}
		at := int64(len(w.samples))
		w.samples = append(w.samples, c.buf[start-c.base:end-c.base]...)
		w.spans = append(w.spans, span{start: start, at: at, n: end - start})
		if i+1 < len(pieces) {
			start = pieces[i+1].start - samplesOf(c.window.KeepPauseMS)/2
		}
	}
	return w
}

// mark gives an empty window when the consumer has heard nothing for a while, so that it can tell how far things are.
func (c *cutter) mark() *window {
	if c.talking || len(c.pending) > 0 || c.now-c.marked < samplesOf(30_000) {
		return nil
	}
	c.marked = c.now
	w := &window{index: c.emitted, end: c.now}
	c.emitted++
	return w
}

// trim forgets the samples that no window can need.
func (c *cutter) trim() {
	keep := c.now
	if c.talking {
		keep = c.current.start
	}
	if len(c.pending) > 0 {
		keep = min(keep, c.pending[0].start)
	}
	keep -= samplesOf(c.speech.PaddingMS) + samplesOf(c.window.KeepPauseMS)
	drop := keep - c.base
	if drop < SampleRate || drop < int64(len(c.buf))/4 {
		return
	}
	n := copy(c.buf, c.buf[drop:])
	c.buf = c.buf[:n]
	c.base = keep
}
