package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// markdown is the report for people; name is that of its files, for the pictures, or empty when it has none.
func (r *report) markdown(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Transcription beside its peers, %s\n\n", r.Date)
	fmt.Fprintf(&b, "%s, %d cores, %d threads a tool; rounds: %d; load average before: %s.\n", r.CPU, r.Cores, r.Threads, r.Rounds, r.LoadBefore)
	for _, o := range r.Options {
		fmt.Fprintf(&b, "**Not a full run: %s.**\n", o)
	}
	for _, v := range slices.Sorted(maps.Keys(r.Versions)) {
		fmt.Fprintf(&b, "- %s: %s\n", v, r.Versions[v])
	}
	for _, s := range r.Sets {
		r.table(&b, s, name)
	}
	if r.Limits != nil {
		r.Limits.table(&b)
	}
	b.WriteString(legend)
	b.WriteString("\n## Commands\n\n")
	for _, t := range slices.Sorted(maps.Keys(r.Commands)) {
		fmt.Fprintf(&b, "- %s: `%s`\n", t, r.Commands[t])
	}
	return b.String()
}

const legend = `
## How it is counted

Wall is the whole process from start to end, the median of the rounds (least to most). Start-up is the part of it in which the
interpreter, its imports and the weights were loaded, as faster-whisper's script tells; the others do not tell. CPU counts the processes
that the tool started; so does memory: the largest sum of proportional set sizes, sampled five times a second, and at least the largest
single process. Composites have pauses of 1 to 2 s of digital silence between the clips.

WER is after Whisper's English normaliser, over all rounds, with the 95 % interval of 2,000 bootstrap samples of the stretches (clips, or
sentences of a dictation; sentences in one voice are not wholly independent). Differences are paired. Raw WER is over the words between
blanks as they are written, punctuation included, in small letters. Critical words are those of the reference that negate; that are
dates (weekdays, months, the days and years beside them); that hold another digit once normalised; that are names, written with a capital
within a sentence of the clip. Wrong are those that were not written as they were said.

Times of words are compared for words that were written as they were said. For flite's speech the reference is exact: the ends of the
synthesiser's own segments. For recordings only the start of a clip's first and the end of its last word are known: the first and the last
10 ms of runs of at least 120 ms that are within 20 dB of the clip's loud parts and 10 dB above its quiet ones. whisper-cli (full JSON) and faster-whisper (word timestamps) are asked for them in a
run of its own whose wall does not count; Kerbside always writes them.

Probabilities: Kerbside's confidence, faster-whisper's word probability, the mean of whisper-cli's token probabilities. A word is right
when all that the normaliser makes of it stands in the reference at its place. Brier is the mean squared difference to the truth, beside
what the share of right words in place of every probability would give; ECE the expected calibration error over the bins shown; AUC how
often a right word has a higher probability than a wrong one. Marked are words that are doubtful, have alternatives or lie in a
suggestion. A wrong critical word is flagged when the word in its place is marked; one that is missing when a word beside its place is.
`

func (r *report) table(b *strings.Builder, s setInfo, name string) {
	whole, single := r.of(s.Name), r.of(s.Name+perClip)
	fmt.Fprintf(b, "\n## %s\n\n%s: %d clips, %.0f s.\n", s.Name, s.About, s.Clips, s.Seconds)
	if s.NonSpeech {
		inventedTable(b, whole, s.Clips)
		return
	}
	if points := r.points(s.Name); len(points) > 1 {
		b.WriteString("\n### Frontier\n\n")
		if name != "" {
			fmt.Fprintf(b, "![wall against word error rate](%s)\n\n", pictureName(name, s.Name))
		}
		frontierTable(b, points)
	}
	b.WriteString("\n### One composite\n\n")
	speechTable(b, whole, s, r.against)
	wordTables(b, whole, s)
	if len(single) > 0 {
		b.WriteString("\n### Every clip a file of its own\n\n")
		speechTable(b, single, s, r.against)
	}
}

func speechTable(b *strings.Builder, all []*result, s setInfo, against string) {
	var peer *result
	if i := slices.IndexFunc(all, func(x *result) bool { return x.Tool == against && len(x.Wall) > 0 }); i >= 0 {
		peer = all[i]
		fmt.Fprintf(b, "Ratios and differences are to %s.\n\n", against)
	}
	b.WriteString("| tool | wall s | start-up s | x real time | wall ratio | CPU s | memory MB | WER % (95 %) | difference (95 %) | raw WER % | sub / del / ins | wrong numbers | wrong dates | wrong names | wrong negators |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, x := range all {
		if len(x.Wall) == 0 {
			fmt.Fprintf(b, "| %s | failed | | | | | | | | | | | | | |\n", x.Tool)
			continue
		}
		wall := median(x.Wall)
		span := fmt.Sprintf("%.1f", wall)
		if len(x.Wall) > 1 {
			span += fmt.Sprintf(" (%.1f-%.1f)", slices.Min(x.Wall), slices.Max(x.Wall))
		}
		startup, ratio, difference := "", "", ""
		if len(x.Startup) > 0 {
			startup = fmt.Sprintf("%.1f", median(x.Startup))
		}
		if peer != nil && peer != x {
			ratio = fmt.Sprintf("%.2f", wall/median(peer.Wall))
			d := differenceInterval(x.Stretches, peer.Stretches)
			difference = fmt.Sprintf("%+.1f (%+.1f to %+.1f)", x.WER-peer.WER, d[0], d[1])
		}
		sum := total(x.Stretches)
		n := len(x.Wall) // counts are of all rounds
		fmt.Fprintf(b, "| %s | %s | %s | %.1f | %s | %.1f | %.0f | %.1f (%.1f-%.1f) | %s | %.1f | %d / %d / %d |",
			x.Tool, span, startup, s.Seconds/wall, ratio, median(x.CPU), x.PeakMB, x.WER, x.WERInterval[0], x.WERInterval[1], difference,
			x.RawWER, sum.Sub/n, sum.Del/n, sum.Ins/n)
		for _, kind := range kinds() {
			fmt.Fprintf(b, " %s |", wrong(sum, kind, n))
		}
		b.WriteString("\n")
	}
}

func wrong(c counts, kind string, rounds int) string {
	t := c.Critical[kind]
	if t.All == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", t.Wrong/rounds, t.All/rounds)
}

// wordTables are about times, probabilities and marks of words.
func wordTables(b *strings.Builder, all []*result, s setInfo) {
	all = slices.DeleteFunc(slices.Clone(all), func(x *result) bool { return x.WordScore == nil })
	if len(all) == 0 {
		return
	}
	b.WriteString("\n### Times and probabilities of words\n\nErrors in ms: median / 90th percentile (words).\n\n")
	b.WriteString("| tool | start | end | right % | Brier (constant) | ECE | AUC |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, x := range all {
		w := x.WordScore
		c := w.Calibration
		fmt.Fprintf(b, "| %s | %s | %s | %.1f | %.3f (%.3f) | %.3f | %.2f |\n", x.Tool, w.Start, w.End, 100*c.Right, c.Brier, c.Constant, c.ECE, c.AUC)
	}
	b.WriteString("\nReliability: mean probability -> share of right words (words), by probability.\n\n| tool |")
	edges := binEdges()
	for i, e := range edges {
		if i+1 < len(edges) {
			fmt.Fprintf(b, " %g-%g |", e, edges[i+1])
		} else {
			fmt.Fprintf(b, " from %g |", e)
		}
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(edges)) + "\n")
	for _, x := range all {
		fmt.Fprintf(b, "| %s |", x.Tool)
		for _, e := range edges {
			cell := ""
			for _, k := range x.WordScore.Calibration.Bins {
				if k.From == e {
					cell = fmt.Sprintf("%.2f -> %.2f (%d)", k.Mean, k.Right, k.Words)
				}
			}
			fmt.Fprintf(b, " %s |", cell)
		}
		b.WriteString("\n")
	}
	marksTable(b, all, s)
}

func (s spread) String() string {
	if s.Words == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f / %.0f (%d)", s.Median, s.P90, s.Words)
}

// visitWords is how many words a long visit's dictation has.
const visitWords = 1500

func marksTable(b *strings.Builder, all []*result, s setInfo) {
	all = slices.DeleteFunc(slices.Clone(all), func(x *result) bool { return x.WordScore.Marks == nil })
	if len(all) == 0 {
		return
	}
	b.WriteString("\n### Marks of doubt: wrong critical words that are flagged\n\n")
	fmt.Fprintf(b, "| tool | marked words | a clip | in %d words | on right words | numbers | dates | names | negators | all | written though not said |\n", visitWords)
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, x := range all {
		m := x.WordScore.Marks
		fmt.Fprintf(b, "| %s | %d | %.1f | %.1f | %d |", x.Tool, m.Words, float64(m.Words)/float64(max(s.Clips, 1)), float64(m.Words)*visitWords/float64(max(s.Words, 1)), m.OnRight)
		var sum flags
		for _, kind := range kinds() {
			f := m.Critical[kind]
			sum.Wrong, sum.Flagged = sum.Wrong+f.Wrong, sum.Flagged+f.Flagged
			fmt.Fprintf(b, " %s |", f)
		}
		fmt.Fprintf(b, " %s | %s |\n", sum, m.Added)
	}
}

func (f flags) String() string {
	if f.Wrong == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", f.Flagged, f.Wrong)
}

func inventedTable(b *strings.Builder, all []*result, clips int) {
	b.WriteString("\n| tool | words written | clips with words |\n|---|--:|--:|\n")
	for _, x := range all {
		if len(x.Wall) == 0 {
			fmt.Fprintf(b, "| %s | failed | |\n", x.Tool)
			continue
		}
		fmt.Fprintf(b, "| %s | %d | %d of %d |\n", x.Tool, x.Words, len(x.Invented), clips)
	}
}

// median of an even number of values is the mean of the middle two.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	v := slices.Sorted(slices.Values(values))
	if len(v)%2 == 1 {
		return v[len(v)/2]
	}
	return (v[len(v)/2-1] + v[len(v)/2]) / 2
}
