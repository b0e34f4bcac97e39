package main

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// point is what a tool reaches with one set: seconds and errors, lower is better for both.
type point struct {
	tool       string
	own        bool
	wall       float64
	wallRange  [2]float64 // least and most of the rounds
	wer        float64
	werRange   [2]float64 // 95 % interval
	dominators []string   // of a peer: Kerbside's presets that are as good or better on both axes
}

// points lists the tools of a set that did not fail.
func (r *report) points(set string) []point {
	var all []point
	for _, x := range r.of(set) {
		if len(x.Wall) == 0 || len(x.Stretches) == 0 {
			continue
		}
		all = append(all, point{tool: x.Tool, own: x.Own, wall: median(x.Wall), wallRange: [2]float64{slices.Min(x.Wall), slices.Max(x.Wall)}, wer: x.WER, werRange: x.WERInterval})
	}
	for i := range all {
		for _, p := range all {
			if !all[i].own && p.own && p.wall <= all[i].wall && p.wer <= all[i].wer {
				all[i].dominators = append(all[i].dominators, p.tool)
			}
		}
	}
	return all
}

// efficient says whether no other point is as good on both axes and better on one.
func efficient(all []point, p point) bool {
	return !slices.ContainsFunc(all, func(q point) bool {
		return q.wall <= p.wall && q.wer <= p.wer && (q.wall < p.wall || q.wer < p.wer)
	})
}

func frontierTable(b *strings.Builder, all []point) {
	b.WriteString("| | tool | wall s | WER % (95 %) | on the frontier | a preset is as good on both |\n|--:|---|--:|--:|---|---|\n")
	for i, p := range all {
		on, by := "", ""
		if efficient(all, p) {
			on = "yes"
		}
		switch {
		case p.own:
		case len(p.dominators) > 0:
			by = "yes: " + strings.Join(p.dominators, ", ")
		default:
			by = "**no**"
		}
		fmt.Fprintf(b, "| %d | %s | %.1f | %.1f (%.1f-%.1f) | %s | %s |\n", i+1, p.tool, p.wall, p.wer, p.werRange[0], p.werRange[1], on, by)
	}
}

func pictureName(report, set string) string { return report + "-" + set + ".svg" }

// The picture's colours are readable on white and on black.
const (
	grey   = "#768390"
	blue   = "#2f81f7"
	orange = "#d2761a"
	violet = "#9a6ef0"
)

const (
	pictureWidth, pictureHeight              = 900.0, 430.0
	plotLeft, plotTop, plotRight, plotBottom = 56.0, 16.0, 500.0, 380.0
)

// picture draws the points as SVG: wall to the right, errors upwards, bars for the rounds and the intervals; what a preset of
// Kerbside is at least as good as lies in the shaded area.
func picture(all []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="12" role="img" aria-label="wall time against word error rate">`+"\n", pictureWidth, pictureHeight)
	var maxWall, maxWER float64
	for _, p := range all {
		maxWall, maxWER = max(maxWall, p.wallRange[1]), max(maxWER, p.werRange[1])
	}
	xs, ys := ticks(maxWall), ticks(maxWER)
	x := func(v float64) float64 { return plotLeft + (plotRight-plotLeft)*v/xs[len(xs)-1] }
	y := func(v float64) float64 { return plotBottom - (plotBottom-plotTop)*v/ys[len(ys)-1] }
	for _, v := range xs {
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-opacity="0.25"/><text x="%.1f" y="%.1f" fill="%s" text-anchor="middle">%g</text>`+"\n", x(v), plotTop, x(v), plotBottom, grey, x(v), plotBottom+16, grey, v)
	}
	for _, v := range ys {
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-opacity="0.25"/><text x="%.1f" y="%.1f" fill="%s" text-anchor="end">%g</text>`+"\n", plotLeft, y(v), plotRight, y(v), grey, plotLeft-6, y(v)+4, grey, v)
	}
	fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" fill="%s" text-anchor="middle">wall, seconds</text><text x="14" y="%.1f" fill="%s" text-anchor="middle" transform="rotate(-90 14 %.1f)">word error rate, per cent</text>`+"\n",
		(plotLeft+plotRight)/2, plotBottom+36, grey, (plotTop+plotBottom)/2, grey, (plotTop+plotBottom)/2)
	for _, p := range all {
		if p.own {
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" fill-opacity="0.08"/>`+"\n", x(p.wall), plotTop, plotRight-x(p.wall), y(p.wer)-plotTop, blue)
		}
	}
	var taken [][2]float64
	for _, p := range all {
		taken = append(taken, [2]float64{x(p.wall), y(p.wer)})
	}
	for i, p := range all {
		px, py := x(p.wall), y(p.wer)
		fmt.Fprintf(&b, `<path d="M%.1f %.1fV%.1fM%.1f %.1fH%.1f" stroke="%s" stroke-opacity="0.55" fill="none"/>`, px, y(p.werRange[0]), y(p.werRange[1]), x(p.wallRange[0]), py, x(p.wallRange[1]), colour(p))
		b.WriteString(mark(p, px, py))
		lx, ly := free(&taken, px, py)
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" fill="%s" text-anchor="middle" font-weight="bold">%d</text>`+"\n", lx, ly+4, colour(p), i+1)
		row := plotTop + 14 + 22*float64(i)
		b.WriteString(mark(p, plotRight+24, row-4))
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" fill="%s"><tspan font-weight="bold">%d</tspan> %s: %.1f s, %.1f %%</text>`+"\n", plotRight+36, row, colour(p), i+1, html.EscapeString(p.tool), p.wall, p.wer)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func colour(p point) string {
	switch {
	case p.own:
		return blue
	case strings.HasPrefix(p.tool, "whisper-cli"):
		return orange
	}
	return violet
}

// mark draws a point; the shape tells what the colour tells.
func mark(p point, x, y float64) string {
	switch colour(p) {
	case blue:
		return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="6" fill="%s"/>`, x, y, blue)
	case orange:
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="9" height="9" fill="%s"/>`, x-4.5, y-4.5, orange)
	}
	return fmt.Sprintf(`<path d="M%.1f %.1fl5.5 10h-11z" fill="%s"/>`, x, y-6, violet)
}

// free finds a place beside a point where no other point or number is, and takes it.
func free(taken *[][2]float64, x, y float64) (float64, float64) {
	best, room := [2]float64{x + 11, y - 10}, -1.0
	for _, d := range [][2]float64{{11, -10}, {11, 12}, {-11, -10}, {-11, 12}, {19, 0}, {-19, 0}} {
		at := [2]float64{x + d[0], y + d[1]}
		nearest := math.Inf(1)
		for _, t := range *taken {
			nearest = min(nearest, math.Hypot(t[0]-at[0], t[1]-at[1]))
		}
		if nearest >= 14 {
			best = at
			break
		}
		if nearest > room {
			best, room = at, nearest
		}
	}
	*taken = append(*taken, best)
	return best[0], best[1]
}

// ticks are round numbers from 0 to the first that is not below the largest value.
func ticks(largest float64) []float64 {
	if largest <= 0 {
		return []float64{0, 1}
	}
	unit := math.Pow(10, math.Floor(math.Log10(largest/4)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if n := math.Ceil(largest / (m * unit)); n <= 7 {
			all := make([]float64, int(n)+1)
			for i := range all {
				all[i] = float64(i) * m * unit
			}
			return all
		}
	}
	return []float64{0, largest}
}
