package transcribe

import (
	"fmt"

	"kerbside"
)

const (
	segmentPauseMS = 700 // a longer pause between words begins a segment
	// ReasonSecond is that of a suggestion which is what a further hearing made of the words.
	ReasonSecond = "second_decoding"
)

// calibration turns the model's own probability of a word into the share of such words that are right, by linear interpolation. It lies between what was
// measured with base q8_0, beam 5, on read speech of many accents (706 words) and on dictations spoken by flite (15,000 words, a tenth wrong).
var calibration = [...]struct{ raw, right float64 }{
	{0, 0.35}, {0.15, 0.42}, {0.32, 0.51}, {0.48, 0.64}, {0.6, 0.78}, {0.7, 0.855}, {0.8, 0.905}, {0.9, 0.945}, {0.95, 0.965}, {0.98, 0.983}, {1, 0.993},
}

func calibrated(raw float64) float64 {
	for i, k := range calibration[1:] {
		if raw <= k.raw {
			from := calibration[i]
			return from.right + (max(raw, 0)-from.raw)/(k.raw-from.raw)*(k.right-from.right)
		}
	}
	return calibration[len(calibration)-1].right
}

// assembler makes a transcript of windows' outcomes, which it gets in order.
type assembler struct {
	t       *kerbside.Transcript
	heard   []HeardWord // of t.Words
	lastMS  int64       // end of the last word
	failed  error       // of the last window that failed
	windows int         // that are more than a mark
	lost    int         // those that failed
	tries   int
}

// add appends one window and gives the words that it added.
func (a *assembler) add(o outcome) []kerbside.Word {
	if len(o.window.spans) > 0 {
		a.windows++
	}
	a.tries += o.tries
	if o.failed != nil {
		a.failed = o.failed
		a.lost++
	}
	first := len(a.t.Words)
	for i, w := range o.words {
		start, end := max(w.startMS, a.lastMS), max(w.endMS, a.lastMS)
		confidence := calibrated(w.confidence)
		word := kerbside.Word{
			ID: kerbside.WordID(fmt.Sprintf("w%d", len(a.t.Words)+1)), Text: w.text,
			StartMS: &start, EndMS: &end, Confidence: &confidence,
		}
		a.heard = append(a.heard, HeardWord{Text: w.text, StartMS: start, EndMS: end, Conf: w.confidence, Low: w.lowest, Votes: w.votes,
			Begins: i == 0 || endsSentence(o.words[i-1].text)})
		if n := len(a.t.Segments); n > 0 && start-a.lastMS < segmentPauseMS {
			a.t.Segments[n-1].LastWord, a.t.Segments[n-1].EndMS = word.ID, end
		} else {
			a.t.Segments = append(a.t.Segments, kerbside.Segment{FirstWord: word.ID, LastWord: word.ID, StartMS: start, EndMS: end})
		}
		a.lastMS = end
		a.t.Words = append(a.t.Words, word)
	}
	a.t.Removed = append(a.t.Removed, o.removed...)
	a.t.Gaps = append(a.t.Gaps, o.gaps...)
	return a.t.Words[first:]
}
