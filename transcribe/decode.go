package transcribe

import (
	"context"
	"strings"

	"kerbside"
)

// The reasons of gaps.
const (
	GapNoWords      = "no_words"      // speech was found and no words were recognised
	GapEngineFailed = "engine_failed" // the engine failed on this stretch, twice
)

const (
	fullContext     = 1500 // encoder positions of 30 s
	contextStep     = 32   // an engine rounds up further where it has to
	contextMargin   = 16   // positions of silence after the window's end
	samplesPosition = 320  // samples for each position
	minGapMS        = 500  // a shorter stretch without words is breath
	wordToleranceMS = 300  // word times are no better than this
)

// contextFor is the number of encoder positions for a window of n samples, 0 for all.
func contextFor(n int64, floor int) int {
	positions := int((n+samplesPosition-1)/samplesPosition) + contextMargin
	positions = max((positions+contextStep-1)/contextStep*contextStep, floor)
	if positions >= fullContext {
		return 0
	}
	return positions
}

// outcome is what one window gave, on the recording's clock.
type outcome struct {
	window  *window
	words   []rawWord
	removed []kerbside.Removed
	gaps    []kerbside.Gap
	tries   int
	failed  error // the engine's, when there is an engine_failed gap
}

// attempt is one decoding of a window.
type attempt struct {
	words      []rawWord
	avgLogProb float32
	faults     []fault
}

func (a attempt) better(b attempt) bool {
	if len(a.faults) != len(b.faults) {
		return len(a.faults) < len(b.faults)
	}
	return a.avgLogProb > b.avgLogProb
}

// try is one way to decode a window, and what it is told of before.
type try struct {
	DecodeParams
	earlier string // the end of its prompt
}

// ladder gives the ways to decode a window, from the usual one to those that are tried while the result looks wrong: without what was heard earlier, as it may
// be what leads astray, with the full context, greedily. All are deterministic: whisper.cpp's sampling at a temperature is not, as its first decoder keeps
// its random state from one call to the next.
func ladder(s settings, w *window, earlier string) []try {
	usual := DecodeParams{Language: s.Language, BeamSize: s.Beam, AudioCtx: contextFor(int64(len(w.samples)), s.ContextFloor), WordTimes: true, NoTimestamps: s.NoTimestamps, Prompt: s.Prompt}
	var out []try
	if earlier != "" && w.probability() >= weakProbability { // what is hardly speech is not explained by what was said before
		told := usual
		told.Prompt = strings.TrimSpace(s.Prompt + " " + earlier)
		out = append(out, try{told, earlier})
	}
	out = append(out, try{DecodeParams: usual})
	full := usual
	full.AudioCtx, full.NoTimestamps = 0, false
	if full != usual {
		out = append(out, try{DecodeParams: full})
	}
	greedy := full
	greedy.Prompt, greedy.BeamSize = "", 1 // terms may be what goes wrong
	return append(out, try{DecodeParams: greedy})
}

// decode recognises one window. It fails only when ctx ends or the engine as a whole is not to be had; a failure on this window
// alone becomes a gap.
func decode(ctx context.Context, r Recognizer, s settings, w *window) (outcome, error) {
	out := outcome{window: w}
	earlier, err := w.carried.earlier(ctx)
	if err != nil {
		return out, err
	}
	defer w.carried.add(earlier, "", s.Carry)
	if len(w.samples) == 0 {
		return out, nil
	}
	again, wait := hearAgain(ctx, r, s, w)
	defer wait()
	var best attempt
	for _, p := range ladder(s, w, earlier) {
		result, err := r.Recognize(ctx, w.samples, p.DecodeParams)
		if err != nil {
			if ctx.Err() != nil || kerbside.CodeOf(err) == kerbside.CodeUnavailable {
				return out, err
			}
			if out.tries == 0 {
				out.failed = err
				out.gaps = []kerbside.Gap{{StartMS: msOf(w.spans[0].start), EndMS: msOf(w.end), Reason: GapEngineFailed}}
				return out, nil
			}
			break
		}
		a := attempt{words: words(w, result.Tokens), avgLogProb: result.AvgLogProb}
		a.faults = faults(w, a.words, a.avgLogProb)
		if echoes(a.words, s.Prompt) || copies(a.words, p.earlier) {
			a.faults = append(a.faults, faultEcho)
		}
		if out.tries == 0 || a.better(best) {
			best = a
		}
		out.tries++
		if len(a.faults) == 0 {
			break
		}
	}
	out.words, out.removed = guard(w, best.words, best.avgLogProb)
	w.carried.add(earlier, best.sound(out.words, len(out.removed)), s.Carry)
	vote(out.words, again)
	out.gaps = wordless(w, out.words, out.removed)
	return out, nil
}

// wordless gives the speech of a window for which there are neither words nor a note that they were removed: whole stretches,
// and long parts of stretches.
func wordless(w *window, ws []rawWord, removed []kerbside.Removed) []kerbside.Gap {
	var gaps []kerbside.Gap
	add := func(start, end int64) {
		if n := len(gaps); n > 0 && start-gaps[n-1].EndMS <= wordToleranceMS {
			gaps[n-1].EndMS = end
			return
		}
		gaps = append(gaps, kerbside.Gap{StartMS: start, EndMS: end, Reason: GapNoWords})
	}
	for _, s := range w.speech {
		start, end := msOf(s.start), msOf(s.end)
		from, heard := start, false
		cover := func(a, b int64) {
			if b <= start-wordToleranceMS || a >= end+wordToleranceMS {
				return
			}
			heard = true
			if a-from > maxUncoveredMS {
				add(from, min(a, end))
			}
			from = max(from, b)
		}
		for _, span := range inTimeOrder(ws, removed) {
			cover(span[0], span[1])
		}
		if rest := end - from; rest > maxUncoveredMS || !heard && rest >= minGapMS {
			add(from, end)
		}
	}
	return gaps
}

// inTimeOrder merges the times of words and of what was removed.
func inTimeOrder(ws []rawWord, removed []kerbside.Removed) [][2]int64 {
	out := make([][2]int64, 0, len(ws)+len(removed))
	for _, w := range ws {
		out = append(out, [2]int64{w.startMS, covers(w.startMS, w.endMS)})
	}
	for _, r := range removed {
		at := len(out)
		for at > 0 && out[at-1][0] > r.StartMS {
			at--
		}
		out = append(out, [2]int64{})
		copy(out[at+1:], out[at:])
		out[at] = [2]int64{r.StartMS, r.EndMS}
	}
	return out
}
