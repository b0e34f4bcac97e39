package transcribe

import (
	"context"
	"slices"
	"strings"
	"sync"

	"kerbside/transcribe/wording"
)

// hearing is a further way to decode a window, whose differences from the first tell where that may be wrong.
type hearing struct {
	Speed float64 `json:"speed"` // at which the window is played: at that of the first, the same model makes mostly the same mistakes
	Beam  int     `json:"beam"`
	Floor int     `json:"floor"` // least encoder positions
}

// Vote is what a further hearing has in the place of a word.
type Vote struct {
	Differs  bool
	P        float64 // its own confidence there, 0 where it has nothing
	Text     string  `json:",omitempty"` // on the first word of a run that it has otherwise: what it has
	Replaces int     `json:",omitempty"` // words of that run
}

// hearAgain prepares the further hearings of a window: heard has it decoded in their ways, once, and gives what each made of it, nil where the engine
// failed. With the last window of a recording they begin at once, beside the first hearing, as somebody may be waiting; with others they wait for its
// words, since not every window needs them. wait returns when nothing runs any more.
func hearAgain(ctx context.Context, r Recognizer, s settings, w *window) (heard func() [][]rawWord, wait func()) {
	heard = sync.OnceValue(func() [][]rawWord {
		all := make([][]rawWord, len(s.Hearings))
		var wg sync.WaitGroup
		for i, way := range s.Hearings {
			wg.Go(func() { all[i] = hear(ctx, r, s, w, way) })
		}
		wg.Wait()
		return all
	})
	var early sync.WaitGroup
	if w.last && len(s.Hearings) > 0 {
		early.Go(func() { heard() })
	}
	return heard, early.Wait
}

// vote notes what the further hearings have in the place of each word, in a window that holds names, numbers, dates or negations.
func vote(ws []rawWord, heard func() [][]rawWord) {
	if !slices.ContainsFunc(ws, func(w rawWord) bool { return critical(w.text, false) }) {
		return
	}
	for _, other := range heard() {
		if other != nil {
			compare(ws, other)
		}
	}
}

// hear gives the words of one further hearing, nil when the engine failed.
func hear(ctx context.Context, r Recognizer, s settings, w *window, h hearing) []rawWord {
	samples := w.samples
	if h.Speed != 1 {
		samples = stretched(samples, h.Speed)
	}
	result, err := r.Recognize(ctx, samples, DecodeParams{Language: s.Language, BeamSize: h.Beam, AudioCtx: contextFor(int64(len(samples)), h.Floor)})
	if err != nil {
		return nil
	}
	whole := &window{spans: []span{{n: int64(len(samples))}}, speech: []stretch{{end: int64(len(samples))}}}
	ws, _ := guard(whole, words(whole, result.Tokens), result.AvgLogProb)
	if ws == nil {
		ws = []rawWord{}
	}
	return ws
}

// stretched plays samples at another speed, pitch and all, by Catmull-Rom interpolation.
func stretched(samples []float32, speed float64) []float32 {
	out := make([]float32, int(float64(len(samples))/speed))
	at := func(i int) float64 {
		return float64(samples[min(max(i, 0), len(samples)-1)])
	}
	for i := range out {
		x := float64(i) * speed
		n := int(x)
		t := x - float64(n)
		a, b, c, d := at(n-1), at(n), at(n+1), at(n+2)
		out[i] = float32(b + t/2*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a))))
	}
	return out
}

// change is a run of words for which a second decoding has other ones: first[from:to] and second[at:end]; either may be empty.
type change struct{ from, to, at, end int }

// changes aligns two decodings of a window by the fewest changed words and gives the runs that differ.
func changes(first, second []string) []change {
	n, m := len(first), len(second)
	cost := make([][]int, n+1)
	for i := range cost {
		cost[i] = make([]int, m+1)
	}
	for i := n; i >= 0; i-- {
		for j := m; j >= 0; j-- {
			switch {
			case i == n:
				cost[i][j] = m - j
			case j == m:
				cost[i][j] = n - i
			case first[i] == second[j]:
				cost[i][j] = cost[i+1][j+1]
			default:
				cost[i][j] = 1 + min(cost[i+1][j+1], cost[i+1][j], cost[i][j+1])
			}
		}
	}
	var out []change
	i, j := 0, 0
	for i < n || j < m {
		if i < n && j < m && first[i] == second[j] {
			i, j = i+1, j+1
			continue
		}
		c := change{from: i, at: j}
		for (i < n || j < m) && (i == n || j == m || first[i] != second[j]) {
			switch {
			case i < n && j < m && cost[i][j] == 1+cost[i+1][j+1]:
				i, j = i+1, j+1
			case i < n && cost[i][j] == 1+cost[i+1][j]:
				i++
			default:
				j++
			}
		}
		c.to, c.end = i, j
		out = append(out, c)
	}
	return out
}

// maxAlternative is the most words of an alternative that still helps; a longer run is another sentence.
const maxAlternative = 6

// compare adds another hearing's votes to words. What it has and they lack belongs to the word before which it stands: so "has been" against "has not
// been" differs at "been".
func compare(ws, other []rawWord) {
	votes := make([]Vote, len(ws))
	i, j := 0, 0
	agree := func(to int) {
		for ; i < to; i, j = i+1, j+1 {
			votes[i].P = other[j].confidence
		}
	}
	for _, c := range changes(keys(ws), keys(other)) {
		agree(c.from)
		i, j = c.to, c.end
		from, to, text := c.from, c.to, textOf(other[c.at:c.end])
		p := meanConfidence(other[c.at:c.end])
		if wording.SameNumber(textOf(ws[from:to]), text) {
			for k := from; k < to; k++ {
				votes[k].P = p
			}
			continue
		}
		switch {
		case from < to:
		case to < len(ws):
			to++
			text += " " + ws[from].text
		default:
			from--
			text = ws[from].text + " " + text
		}
		for k := from; k < to; k++ {
			votes[k] = Vote{Differs: true, P: p}
		}
		votes[from].Text, votes[from].Replaces = strings.TrimRight(text, ".,;:!? "), to-from
	}
	agree(len(ws))
	for k := range ws {
		ws[k].votes = append(ws[k].votes, votes[k])
	}
}

// meanConfidence is 0 for no words.
func meanConfidence(ws []rawWord) float64 {
	p := 0.0
	for _, w := range ws {
		p += w.confidence / float64(len(ws))
	}
	return p
}

func keys(ws []rawWord) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.key()
	}
	return out
}
