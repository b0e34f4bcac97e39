package main

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"kerbside/transcribe/audio"
)

// timed is a word and when it was said, in seconds; NaN where that is not known.
type timed struct {
	text       string
	start, end float64
}

// word is a word that a tool wrote.
type word struct {
	timed
	p      float64 // the tool's own probability that it is right; NaN when it gives none
	marked bool    // offered to the reader as doubtful, with alternatives or with another reading
}

// heard is what a tool made of one file.
type heard struct {
	text  string
	words []word // empty when the run did not ask for words
}

// wordScore says how far the times, probabilities and marks of a tool's words can be relied on.
type wordScore struct {
	Start spread `json:"start_ms"`
	End   spread `json:"end_ms"`

	Calibration calibration `json:"calibration"`
	Marks       *marks      `json:"marks,omitempty"` // of a tool that marks words
}

// spread sums up errors of times, in milliseconds without sign.
type spread struct {
	Words  int     `json:"words"`
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
}

func newSpread(errors []float64) spread {
	if len(errors) == 0 {
		return spread{}
	}
	v := slices.Sorted(slices.Values(errors))
	return spread{len(v), median(v), v[(9*len(v)+9)/10-1]}
}

// fold leaves a word's small letters and digits.
func fold(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, word)
}

// timeErrors compares the times of the words that were written as they were said.
func timeErrors(said []timed, wrote []word) (start, end spread) {
	ref, hyp := make([]string, len(said)), make([]string, len(wrote))
	for i, w := range said {
		ref[i] = fold(w.text)
	}
	for i, w := range wrote {
		hyp[i] = fold(w.text)
	}
	var starts, ends []float64
	add := func(all *[]float64, a, b float64) {
		if d := math.Abs(a-b) * 1000; !math.IsNaN(d) {
			*all = append(*all, d)
		}
	}
	for _, e := range edits(ref, hyp) {
		if e.matches(ref, hyp) {
			add(&starts, said[e.ref].start, wrote[e.hyp].start)
			add(&ends, said[e.ref].end, wrote[e.hyp].end)
		}
	}
	return newSpread(starts), newSpread(ends)
}

// bin is a part of the reliability curve.
type bin struct {
	From  float64 `json:"from"` // probabilities from here up to the next bin's
	Words int     `json:"words"`
	Mean  float64 `json:"mean"`  // probability
	Right float64 `json:"right"` // share of words
}

// calibration says whether probabilities mean what they say.
type calibration struct {
	Words    int     `json:"words"`
	Right    float64 `json:"right"`    // share of words
	Brier    float64 `json:"brier"`    // mean squared difference of probability and truth
	Constant float64 `json:"constant"` // what Brier would be with the share of right words in place of every probability
	ECE      float64 `json:"ece"`      // expected calibration error over the bins
	AUC      float64 `json:"auc"`      // how often a right word has a higher probability than a wrong one
	Bins     []bin   `json:"bins,omitempty"`
}

// binEdges are finer where most words are.
func binEdges() []float64 { return []float64{0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98} }

// calibrate compares probabilities with what was right. The area under the curve is the Mann-Whitney statistic, ties count half.
func calibrate(p []float64, right []bool) calibration {
	c := calibration{Words: len(p)}
	if len(p) == 0 {
		return c
	}
	edges := binEdges()
	bins := make([]bin, len(edges))
	order := make([]int, len(p))
	var sum float64
	for i := range p {
		order[i] = i
		truth := 0.0
		if right[i] {
			truth = 1
		}
		sum += truth
		c.Brier += (p[i] - truth) * (p[i] - truth)
		k := len(edges) - 1
		for k > 0 && p[i] < edges[k] {
			k--
		}
		bins[k].Words++
		bins[k].Mean += p[i]
		bins[k].Right += truth
	}
	n := float64(len(p))
	c.Right = sum / n
	c.Brier /= n
	c.Constant = c.Right * (1 - c.Right)
	for k, b := range bins {
		if b.Words == 0 {
			continue
		}
		in := float64(b.Words)
		c.ECE += math.Abs(b.Mean-b.Right) / n
		c.Bins = append(c.Bins, bin{edges[k], b.Words, b.Mean / in, b.Right / in})
	}
	slices.SortFunc(order, func(a, b int) int {
		if p[a] < p[b] {
			return -1
		}
		if p[a] > p[b] {
			return 1
		}
		return 0
	})
	var wins, wrongBelow float64
	for i := 0; i < len(order); {
		j, rights, wrongs := i, 0.0, 0.0
		for ; j < len(order) && p[order[j]] == p[order[i]]; j++ {
			if right[order[j]] {
				rights++
			} else {
				wrongs++
			}
		}
		wins += rights * (wrongBelow + wrongs/2)
		wrongBelow += wrongs
		i = j
	}
	if wrongs := n - sum; sum > 0 && wrongs > 0 {
		c.AUC = wins / (sum * wrongs)
	}
	return c
}

// marks says what the reader's attention is called to.
type marks struct {
	Words   int `json:"words"`    // marked
	OnRight int `json:"on_right"` // of them, words that were right

	Critical map[string]flags `json:"critical"` // wrong critical words of the reference, by kind
	Added    flags            `json:"added"`    // numbers, dates and negators that were written in place of another word or of none
}

// flags counts wrong words.
type flags struct {
	Wrong   int `json:"wrong"`
	Flagged int `json:"flagged"` // the word in its place, or one beside the place of a missing word, is marked
}

func (f *flags) add(flagged bool) {
	f.Wrong++
	if flagged {
		f.Flagged++
	}
}

// scoreWords compares a tool's words with the reference. Normal are the tool's words after normalisation as one text, owners
// say which of the tool's words each comes from.
func scoreWords(said []timed, ref []refWord, wrote []word, normal []refWord, owners [][]int) *wordScore {
	s := &wordScore{}
	s.Start, s.End = timeErrors(said, wrote)
	refText, hypText := texts(ref), texts(normal)
	counted, wrong := make([]bool, len(wrote)), make([]bool, len(wrote))
	markedAt := func(hyp int) bool {
		return hyp >= 0 && hyp < len(owners) && slices.ContainsFunc(owners[hyp], func(i int) bool { return wrote[i].marked })
	}
	m := &marks{Critical: map[string]flags{}}
	before := -1 // the last word of the hypothesis so far
	done := 0    // the words of the reference so far
	for _, e := range edits(refText, hypText) {
		if e.ref >= 0 {
			done = e.ref + 1
		}
		matches := e.matches(refText, hypText)
		if e.hyp >= 0 {
			before = e.hyp
			for _, i := range owners[e.hyp] {
				counted[i] = true
				wrong[i] = wrong[i] || !matches
			}
		}
		if e.means(refText, hypText) {
			continue
		}
		flagged := markedAt(e.hyp)
		if e.hyp < 0 {
			flagged = markedAt(before) || markedAt(before+1)
		}
		if e.ref >= 0 && ref[e.ref].kind != "" {
			f := m.Critical[ref[e.ref].kind]
			f.add(flagged)
			m.Critical[ref[e.ref].kind] = f
		}
		if kind := kindAt(normal, e.hyp); kind != "" && kind != kindName && (e.ref < 0 || ref[e.ref].kind == "") && !undone(refText, hypText, done, e.hyp) {
			m.Added.add(flagged)
		}
	}
	var p []float64
	var right []bool
	for i, w := range wrote {
		if w.marked {
			m.Words++
			if counted[i] && !wrong[i] {
				m.OnRight++
			}
		}
		if counted[i] && !math.IsNaN(w.p) {
			p, right = append(p, w.p), append(right, !wrong[i])
		}
	}
	s.Calibration = calibrate(p, right)
	s.Marks = m
	return s
}

// undone tells of a "not" that was written for the un- of what was said about there: "wasn't tidy" for "was untidy".
func undone(ref, hyp []string, said, at int) bool {
	if at < 0 || at+1 >= len(hyp) || hyp[at] != "not" {
		return false
	}
	return slices.ContainsFunc(ref[max(said-2, 0):min(said+2, len(ref))], func(w string) bool { return w == "un"+hyp[at+1] })
}

func kindAt(words []refWord, i int) string {
	if i < 0 {
		return ""
	}
	return words[i].kind
}

func texts(words []refWord) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.text
	}
	return all
}

// owners finds out which words each word of a normalised text comes from. Single holds what the normaliser makes of each word
// alone; where the whole text came out otherwise ("twenty nine" is 29), all words of the stretch in between own what stands there.
func owners(whole []string, single [][]string) [][]int {
	var flat []string
	var of []int
	for i, words := range single {
		for _, w := range words {
			flat, of = append(flat, w), append(of, i)
		}
	}
	all := make([][]int, len(whole))
	var there, here []int // words of the whole, and what may own them, of the stretch without a match
	last := -1
	settle := func() {
		if len(here) == 0 && last >= 0 {
			here = []int{last}
		}
		here = slices.Compact(here)
		for _, i := range there {
			all[i] = here
		}
		there, here = nil, nil
	}
	for _, e := range edits(whole, flat) {
		if e.matches(whole, flat) {
			settle()
			last = of[e.hyp]
			all[e.ref] = []int{last}
			continue
		}
		if e.ref >= 0 {
			there = append(there, e.ref)
		}
		if e.hyp >= 0 {
			here = append(here, of[e.hyp])
		}
	}
	settle()
	return all
}

// bounds are where speech begins and ends in a recording: the start of the first and the end of the last run of 10-ms frames of at least 120 ms, holes of
// 30 ms allowed, whose power is above 1 % of the loud frames' (20 dB below their level) and ten times the quiet ones'; so neither the click of a switch nor
// a noise that goes on counts. Loud and quiet frames are the tenth with most and with least power. In seconds; NaN when there is no such run.
func bounds(samples []float32) (onset, offset float64) {
	const n, run, hole = audio.SampleRate / 100, 12, 3
	var power []float64
	for i := 0; i+n <= len(samples); i += n {
		l := level(samples[i : i+n])
		power = append(power, l*l)
	}
	if len(power) == 0 {
		return math.NaN(), math.NaN()
	}
	sorted := slices.Sorted(slices.Values(power))
	least := max(sorted[len(power)*9/10]/100, 10*sorted[len(power)/10])
	onset, offset = math.NaN(), math.NaN()
	start, last := -1, -1 // of the run, and its last loud frame
	for i := 0; i <= len(power)+hole; i++ {
		switch {
		case i < len(power) && power[i] > least:
			if start < 0 {
				start = i
			}
			last = i
		case start >= 0 && i-last > hole:
			if last+1-start >= run {
				if math.IsNaN(onset) {
					onset = float64(start) / 100
				}
				offset = float64(last+1) / 100
			}
			start = -1
		}
	}
	return onset, offset
}
