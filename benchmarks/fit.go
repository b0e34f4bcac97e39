package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"kerbside/transcribe"
)

// fitDoubt fits the table of doubt to gathered files, and shows on others what share of the wrong critical words are asked about by how many questions.
func fitDoubt(o options, stdout io.Writer) error {
	table, err := os.ReadFile(o.table)
	if err != nil {
		return err
	}
	if o.fit != "" {
		clips, err := readGathered(o.fit)
		if err != nil {
			return err
		}
		table = fitTable(clips)
		fmt.Fprintf(stdout, "%s", table)
	}
	for name := range strings.SplitSeq(o.test, ",") {
		if name == "" {
			continue
		}
		clips, err := readGathered(name)
		if err != nil {
			return err
		}
		line, err := curve(clips, table)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s: %s\n", name, line)
	}
	return nil
}

func readGathered(files string) ([]heardClip, error) {
	var clips []heardClip
	for name := range strings.SplitSeq(files, ",") {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(b) {
			var c heardClip
			if err := json.Unmarshal(line, &c); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			clips = append(clips, c)
		}
	}
	return clips, nil
}

// curve gives, for budgets of questions, how many were asked on average and the share of wrong words under them; and the least with which all could be found.
func curve(clips []heardClip, table []byte) (string, error) {
	wrong, critical, needed, words := 0, 0, 0, 0
	for _, c := range clips {
		wrong += len(c.Wrong)
		critical += c.Critical
		words += len(c.Words)
		needed += leastQuestions(c)
	}
	n := float64(len(clips))
	out := fmt.Sprintf("%d dictations of %.0f words, %d of %d critical words wrong, %.1f questions a dictation would find all of them;", len(clips), float64(words)/n, wrong, critical, float64(needed)/n)
	for _, most := range []int{2, 4, 6, 8, 10, 15, 20, 30} {
		asked, found, err := askAll(clips, table, most, leastDoubt)
		if err != nil {
			return "", err
		}
		out += fmt.Sprintf(" %.1f: %.2f", float64(asked)/n, float64(found)/max(float64(wrong), 1))
	}
	return out, nil
}

func askAll(clips []heardClip, table []byte, most int, least float64) (asked, found int, err error) {
	for _, c := range clips {
		marked, err := transcribe.Choose(table, c.Words, most, least)
		if err != nil {
			return 0, 0, err
		}
		asked += transcribe.Asked(c.Words, marked)
		for _, w := range c.Wrong {
			if slices.ContainsFunc(w.Hyps, func(i int) bool { return marked[i] }) {
				found++
			}
		}
	}
	return asked, found, nil
}

// leastQuestions is how many questions one would ask who knew which words are wrong.
func leastQuestions(c heardClip) int {
	marked := make([]bool, len(c.Words))
	for _, w := range c.Wrong {
		if len(w.Hyps) > 0 && !slices.ContainsFunc(w.Hyps, func(i int) bool { return marked[i] }) {
			marked[w.Hyps[len(w.Hyps)-1]] = true
		}
	}
	return transcribe.Asked(c.Words, marked)
}

// leastDoubt is that of transcripts.
const leastDoubt = 0.04

// ridge keeps coefficients small, per word of the smallest kind that is fitted.
const ridge = 3.0

// fitTable fits a logistic regression for each kind of words by Newton's method, on standardised features.
func fitTable(clips []heardClip) []byte {
	xs, ys := map[string][][]float64{}, map[string][]float64{}
	var order []string
	for _, c := range clips {
		bad := map[int]bool{}
		for _, w := range c.Wrong {
			for _, i := range w.Hyps {
				bad[i] = true
			}
		}
		kinds, all := transcribe.Evidence(c.Words)
		for i, k := range kinds {
			if xs[k] == nil {
				order = append(order, k)
			}
			y := 0.0
			if bad[i] {
				y = 1
			}
			xs[k], ys[k] = append(xs[k], all[i]), append(ys[k], y)
		}
	}
	slices.Sort(order)
	var b bytes.Buffer
	fmt.Fprintf(&b, "kind\t%s\n", strings.Join(transcribe.FeatureNames(), "\t"))
	for _, k := range order {
		fmt.Fprint(&b, k)
		for _, c := range logistic(xs[k], ys[k]) {
			fmt.Fprintf(&b, "\t%.4f", c)
		}
		fmt.Fprintln(&b)
	}
	return b.Bytes()
}

func logistic(x [][]float64, y []float64) []float64 {
	n := len(x[0])
	mean, scale := make([]float64, n), make([]float64, n)
	for j := range n {
		for _, row := range x {
			mean[j] += row[j] / float64(len(x))
		}
		for _, row := range x {
			scale[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / float64(len(x))
		}
		scale[j] = math.Sqrt(scale[j])
	}
	mean[0], scale[0] = 0, 1 // the constant
	at := func(row []float64, j int) float64 {
		if scale[j] < 1e-9 {
			return 0
		}
		return (row[j] - mean[j]) / scale[j]
	}
	// Two words of the average kind, one of them wrong, keep a kind of which none was wrong from being certain.
	x, y = append(slices.Clone(x), mean, mean), append(slices.Clone(y), 0, 1)
	x[len(x)-1], x[len(x)-2] = slices.Clone(mean), slices.Clone(mean)
	x[len(x)-1][0], x[len(x)-2][0] = 1, 1
	w := make([]float64, n)
	for range 30 {
		gradient, hessian := make([]float64, n), make([][]float64, n)
		for j := range n {
			hessian[j] = make([]float64, n)
			if j > 0 {
				hessian[j][j] = ridge
				gradient[j] = -ridge * w[j]
			}
		}
		for i, row := range x {
			z := make([]float64, n)
			sum := 0.0
			for j := range n {
				z[j] = at(row, j)
				sum += w[j] * z[j]
			}
			p := 1 / (1 + math.Exp(-sum))
			for j := range n {
				gradient[j] += (y[i] - p) * z[j]
				for k := range n {
					hessian[j][k] += p * (1 - p) * z[j] * z[k]
				}
			}
		}
		for j, d := range solve(hessian, gradient) {
			w[j] += d
		}
	}
	out := make([]float64, n)
	for j := range n {
		if scale[j] < 1e-9 {
			continue
		}
		out[j] = w[j] / scale[j]
		out[0] -= out[j] * mean[j]
	}
	return out
}

// solve is Gauss's elimination for a positive definite matrix.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			for c := i; c < n; c++ {
				a[r][c] -= f * a[i][c]
			}
			b[r] -= f * b[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for c := i + 1; c < n; c++ {
			b[i] -= a[i][c] * b[c]
		}
		b[i] /= a[i][i]
	}
	return b
}
