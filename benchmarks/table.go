package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// markdown is the report for people.
func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Transcription beside its peers, %s\n\n", r.Date)
	fmt.Fprintf(&b, "%s, %d cores, %d threads a tool; rounds: %d; load average before: %s.\n", r.CPU, r.Cores, r.Threads, r.Rounds, r.LoadBefore)
	for _, o := range r.Options {
		fmt.Fprintf(&b, "**Not a full run: %s.**\n", o)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Versions)) {
		fmt.Fprintf(&b, "- %s: %s\n", name, r.Versions[name])
	}
	for _, s := range r.Sets {
		r.table(&b, s)
	}
	b.WriteString(legend)
	b.WriteString("\n## Commands\n\n")
	for _, name := range slices.Sorted(maps.Keys(r.Commands)) {
		fmt.Fprintf(&b, "- %s: `%s`\n", name, r.Commands[name])
	}
	return b.String()
}

const legend = `
Wall is the whole process from start to end, the median of the rounds (least to most). Start-up is the part of it in which the
interpreter, its imports and the weights were loaded, as faster-whisper's script tells; the others do not tell. CPU counts the processes
that the tool started; so does memory: the largest sum of proportional set sizes, sampled five times a second, and at least the largest
single process. WER is after Whisper's English normaliser, over all rounds, with the 95 % interval of 2,000 bootstrap samples of the
stretches (clips, or sentences of a dictation; sentences in one voice are not wholly independent). Differences are paired. Critical words
are those of the reference that hold a digit once normalised, that are capitalised within a sentence, or that negate; wrong are those
that were not written as they were said. Composites have pauses of 1 to 2 s of digital silence between the clips.
`

func (r *report) table(b *strings.Builder, s setInfo) {
	whole, single := r.of(s.Name), r.of(s.Name+perClip)
	fmt.Fprintf(b, "\n## %s\n\n%s: %d clips, %.0f s.\n", s.Name, s.About, s.Clips, s.Seconds)
	if s.NonSpeech {
		inventedTable(b, whole, s.Clips)
		return
	}
	b.WriteString("\n### One composite\n\n")
	speechTable(b, whole, s, r.against)
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
	b.WriteString("| tool | wall s | start-up s | x real time | wall ratio | CPU s | memory MB | WER % (95 %) | difference (95 %) | sub / del / ins | wrong numbers | wrong names | wrong negators |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, x := range all {
		if len(x.Wall) == 0 {
			fmt.Fprintf(b, "| %s | failed | | | | | | | | | | | |\n", x.Tool)
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
		fmt.Fprintf(b, "| %s | %s | %s | %.1f | %s | %.1f | %.0f | %.1f (%.1f-%.1f) | %s | %d / %d / %d | %s | %s | %s |\n",
			x.Tool, span, startup, s.Seconds/wall, ratio, median(x.CPU), x.PeakMB, x.WER, x.WERInterval[0], x.WERInterval[1], difference,
			sum.Sub/n, sum.Del/n, sum.Ins/n, wrong(sum, "number", n), wrong(sum, "name", n), wrong(sum, "negator", n))
	}
}

func wrong(c counts, kind string, rounds int) string {
	t := c.Critical[kind]
	if t.All == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", t.Wrong/rounds, t.All/rounds)
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
