package transcribe

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"kerbside"
)

// lane is one channel of a recording, or the mix of all: it has its own voice detection, its own windows and its own words.
type lane struct {
	detector VoiceDetector
	cutter   *cutter
	words    assembler
	carried  *carried // of the last window that was cut
	doneMS   int64
	levels   envelope
	samples  []float32 // scratch
}

func newLane(s settings, d VoiceDetector, t kerbside.Transcript) *lane {
	return &lane{detector: d, cutter: newCutter(s, d.FrameSamples()), words: assembler{t: &t}}
}

// push takes channel c of interleaved frames of n channels and gives the windows that closed; nil among them is none.
func (l *lane) push(ctx context.Context, frames []float32, c, n int) ([]*window, error) {
	samples := frames
	if n > 1 {
		l.samples = l.samples[:0]
		for i := c; i < len(frames); i += n {
			l.samples = append(l.samples, frames[i])
		}
		samples = l.samples
		l.levels.push(samples)
	}
	probabilities, err := l.detector.Detect(ctx, samples)
	if err != nil {
		return nil, err
	}
	closed := l.cutter.push(samples, probabilities)
	return append(closed, l.cutter.mark()), nil
}

// envelope is the root mean square of a channel, one value for each step: 144 KB an hour.
type envelope struct {
	rms []float32
	sum float64
	n   int64 // samples in sum
}

const envelopeStepMS = 100

func (e *envelope) push(samples []float32) {
	for _, x := range samples {
		e.sum += float64(x) * float64(x)
		if e.n++; e.n == samplesOf(envelopeStepMS) {
			e.rms = append(e.rms, float32(math.Sqrt(e.sum/float64(e.n))))
			e.sum, e.n = 0, 0
		}
	}
}

// between gives the steps that a stretch of time touches.
func (e *envelope) between(startMS, endMS int64) []float32 {
	from := min(int(startMS/envelopeStepMS), len(e.rms))
	to := min(int((endMS+envelopeStepMS-1)/envelopeStepMS), len(e.rms))
	return e.rms[from:max(from, to)]
}

// RemovedEcho is the reason for which words were taken out that a microphone picked up from another channel's speaker.
const RemovedEcho = "echo"

// A phrase is an echo when a louder channel, or one that rises and falls with it, has the same words at the same time. A single word
// needs a larger difference: two people may well say "yes" together.
const (
	echoShare      = 0.8 // of the phrase's words, in order
	faintEchoShare = 0.5 // where the difference is faintEchoDB: words that are hardly heard are often misheard
	echoDB         = 6.0
	faintEchoDB    = 12.0
	sameSound      = 0.98 // correlation of the two envelopes
	sameSoundSteps = 5    // that it takes at least
	sameLevelDB    = 1.0
	echoLagMS      = 500
)

// phrase is a run of one channel's words that belongs together: no pause and no end of a sentence inside.
type phrase struct {
	lane  int
	words []kerbside.Word
}

const phrasePauseMS = 300

func (p phrase) start() int64 { return *p.words[0].StartMS }
func (p phrase) end() int64   { return *p.words[len(p.words)-1].EndMS }

// mergeLanes puts the words of all channels into t in the order in which phrases begin, so that nobody's sentence is broken up by another's
// words; with one channel they are taken as they are. Each segment says which channel it is from.
func mergeLanes(t *kerbside.Transcript, lanes []*lane) {
	if len(lanes) == 1 {
		from := lanes[0].words.t
		t.Words, t.Segments, t.Gaps, t.Removed, t.Suggestions = from.Words, from.Segments, from.Gaps, from.Removed, from.Suggestions
		return
	}
	var all []phrase
	for i, l := range lanes {
		from := l.words.t
		t.Gaps = append(t.Gaps, from.Gaps...)
		t.Removed = append(t.Removed, from.Removed...)
		for _, p := range phrases(i, from.Words) {
			if echo(lanes, p) {
				t.Removed = append(t.Removed, kerbside.Removed{StartMS: p.start(), EndMS: p.end(), Text: textOfWords(p.words), Reason: RemovedEcho})
				continue
			}
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b phrase) int { return cmp.Or(cmp.Compare(a.start(), b.start()), cmp.Compare(a.lane, b.lane)) })
	slices.SortStableFunc(t.Gaps, func(a, b kerbside.Gap) int { return cmp.Compare(a.StartMS, b.StartMS) })
	slices.SortStableFunc(t.Removed, func(a, b kerbside.Removed) int { return cmp.Compare(a.StartMS, b.StartMS) })
	for _, p := range all {
		addPhrase(t, p)
	}
}

// addPhrase appends a phrase, to the last segment where that is of the same channel and no long pause lies between.
func addPhrase(t *kerbside.Transcript, p phrase) {
	first := len(t.Words)
	for _, w := range p.words {
		w.ID = kerbside.WordID(fmt.Sprintf("w%d", len(t.Words)+1))
		t.Words = append(t.Words, w)
	}
	speaker, last := fmt.Sprintf("channel %d", p.lane+1), t.Words[len(t.Words)-1].ID
	if n := len(t.Segments); n > 0 && t.Segments[n-1].Speaker == speaker && p.start()-t.Segments[n-1].EndMS < segmentPauseMS {
		t.Segments[n-1].LastWord, t.Segments[n-1].EndMS = last, p.end()
		return
	}
	t.Segments = append(t.Segments, kerbside.Segment{FirstWord: t.Words[first].ID, LastWord: last, StartMS: p.start(), EndMS: p.end(), Speaker: speaker})
}

// phrases cuts a channel's words at pauses and ends of sentences.
func phrases(lane int, words []kerbside.Word) []phrase {
	var out []phrase
	for i, w := range words {
		if i == 0 || *w.StartMS-*words[i-1].EndMS >= phrasePauseMS || endsSentence(words[i-1].Text) {
			out = append(out, phrase{lane: lane})
		}
		p := &out[len(out)-1]
		p.words = append(p.words, w)
	}
	return out
}

// echo reports whether a phrase is only what another channel's speaker said, picked up by a second microphone or copied to a second
// channel. Of two channels with the same sound at the same level, the first one counts.
func echo(lanes []*lane, p phrase) bool {
	own := lanes[p.lane].levels.between(p.start(), p.end())
	for i, l := range lanes {
		if i == p.lane {
			continue
		}
		other := l.levels.between(p.start(), p.end())
		louder := decibel(level(other)) - decibel(level(own))
		share := sharedWords(p, l.words.t.Words)
		switch {
		case louder >= faintEchoDB && share >= faintEchoShare,
			louder >= echoDB && share >= echoShare && len(p.words) > 1,
			share >= echoShare && len(own) >= sameSoundSteps && correlation(own, other) >= sameSound && (louder >= sameLevelDB || louder > -sameLevelDB && i < p.lane):
			return true
		}
	}
	return false
}

// sharedWords is the share of a phrase's words that another channel has, in order, at about the same time: the longest common
// subsequence.
func sharedWords(p phrase, words []kerbside.Word) float64 {
	from, _ := slices.BinarySearchFunc(words, p.start()-echoLagMS, func(w kerbside.Word, ms int64) int { return cmp.Compare(*w.EndMS, ms) })
	row := make([]int, len(p.words)+1)
	for _, w := range words[from:] {
		if *w.StartMS > p.end()+echoLagMS {
			break
		}
		diagonal := 0
		for i, own := range p.words {
			above := row[i+1]
			if normalise(own.Text) == normalise(w.Text) && max(*own.StartMS-*w.EndMS, *w.StartMS-*own.EndMS) <= echoLagMS {
				row[i+1] = diagonal + 1
			} else {
				row[i+1] = max(above, row[i])
			}
			diagonal = above
		}
	}
	return float64(row[len(p.words)]) / float64(len(p.words))
}

func level(rms []float32) float64 {
	sum := 0.0
	for _, x := range rms {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum / float64(max(len(rms), 1)))
}

// decibel is of full scale; silence is -120 dB.
func decibel(rms float64) float64 { return 20 * math.Log10(max(rms, 1e-6)) }

// correlation is Pearson's, 0 where a side does not vary.
func correlation(a, b []float32) float64 {
	n := float64(min(len(a), len(b)))
	var sa, sb, saa, sbb, sab float64
	for i := range min(len(a), len(b)) {
		x, y := float64(a[i]), float64(b[i])
		sa, sb = sa+x, sb+y
		saa, sbb, sab = saa+x*x, sbb+y*y, sab+x*y
	}
	va, vb := saa-sa*sa/n, sbb-sb*sb/n
	if n == 0 || va <= 0 || vb <= 0 {
		return 0
	}
	return (sab - sa*sb/n) / math.Sqrt(va*vb)
}

func textOfWords(ws []kerbside.Word) string {
	texts := make([]string, len(ws))
	for i, w := range ws {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}
