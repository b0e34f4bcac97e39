package transcribe

import (
	"context"
	"strings"
)

// secondSpeed is how fast the second decoding plays a window. At the speed of the first, the same model makes mostly the same mistakes: on ten
// dictations spoken by flite another size of the context disputed 0.43 of the wrong critical words, this 0.63.
const secondSpeed = 0.93

// second decodes a window in another way, greedily and slowed down, and compares. When the engine fails the words stay as they are.
func second(ctx context.Context, r Recognizer, s settings, w *window, ws []rawWord) {
	if !s.Second || !anyCritical(ws, 0, len(ws)) {
		return
	}
	samples := stretched(w.samples, secondSpeed)
	result, err := r.Recognize(ctx, samples, DecodeParams{Language: s.Language, AudioCtx: contextFor(int64(len(samples)), s.SecondFloor)})
	if err != nil {
		return
	}
	other := &window{spans: []span{{n: int64(len(samples))}}, speech: []stretch{{end: int64(len(samples))}}}
	heard, _ := guard(w, words(other, result.Tokens), result.AvgLogProb)
	compare(ws, heard)
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

// compare marks the words for which another decoding of the same window has other words, and keeps those beside them, where
// either are critical. So "has been" against "has not been" marks "been".
func compare(ws, other []rawWord) {
	for i := range ws {
		ws[i].compared = true
	}
	for _, c := range changes(keys(ws), keys(other)) {
		weighty := anyCritical(ws, c.from, c.to) || anyCritical(other, c.at, c.end)
		if !weighty || len(ws) == 0 {
			continue
		}
		from, to, text := c.from, c.to, textOf(other[c.at:c.end])
		switch {
		case from < to:
		case to < len(ws): // it has more: that belongs to the word before which it stands
			to++
			text += " " + ws[from].text
		default:
			from--
			text = ws[from].text + " " + text
		}
		for i := from; i < to; i++ {
			ws[i].disputed = true
		}
		if text = strings.TrimRight(text, ".,;:!? "); text != "" && c.end-c.at <= maxAlternative && to-from <= maxAlternative {
			ws[from].alternative, ws[from].replaces = text, to-from
		}
	}
}

func keys(ws []rawWord) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.key()
	}
	return out
}

func anyCritical(ws []rawWord, from, to int) bool {
	for i := from; i < to; i++ {
		if critical(ws[i].text, i == 0 || endsSentence(ws[i-1].text)) {
			return true
		}
	}
	return false
}
