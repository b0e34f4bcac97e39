package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// counts are errors of one stretch, or of many together, over all rounds.
type counts struct {
	Words int `json:"words"` // of the reference, normalised
	Sub   int `json:"sub"`
	Del   int `json:"del"`
	Ins   int `json:"ins"`

	Critical map[string]tally `json:"critical,omitempty"` // by kind: number, name, negator
}

// tally counts words that must not be wrong.
type tally struct {
	All   int `json:"all"`
	Wrong int `json:"wrong"`
}

func (c counts) errors() int { return c.Sub + c.Del + c.Ins }

func (c *counts) add(o counts) {
	c.Words += o.Words
	c.Sub += o.Sub
	c.Del += o.Del
	c.Ins += o.Ins
	for kind, t := range o.Critical {
		if c.Critical == nil {
			c.Critical = map[string]tally{}
		}
		sum := c.Critical[kind]
		c.Critical[kind] = tally{sum.All + t.All, sum.Wrong + t.Wrong}
	}
}

func total(all []counts) counts {
	var sum counts
	for _, c := range all {
		sum.add(c)
	}
	return sum
}

// wer is the word error rate in per cent.
func wer(all []counts) float64 {
	sum := total(all)
	if sum.Words == 0 {
		return 0
	}
	return 100 * float64(sum.errors()) / float64(sum.Words)
}

// refWord is a word of the reference.
type refWord struct {
	text    string // normalised
	stretch int
	kind    string // number, name or negator; empty for the others
}

// referenceWords labels a stretch's normalised words; raw is the text before, whose capitals tell names.
func referenceWords(raw, normal string, stretch int) []refWord {
	names := capitalised(raw)
	var words []refWord
	for _, w := range strings.Fields(normal) {
		r := refWord{text: w, stretch: stretch}
		switch {
		case strings.ContainsAny(w, "0123456789"):
			r.kind = "number"
		case slices.Contains(negators, w):
			r.kind = "negator"
		case names[w]:
			r.kind = "name"
		}
		words = append(words, r)
	}
	return words
}

var negators = []string{"not", "no", "never", "none", "nobody", "nothing", "nor", "neither", "cannot", "without", "unannounced"}

// capitalised gives, in small letters, the words of a text that are written with a capital though no sentence begins with them.
func capitalised(raw string) map[string]bool {
	names := map[string]bool{}
	begins := true
	for _, w := range strings.Fields(raw) {
		bare := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		bare, _, _ = strings.Cut(strings.ReplaceAll(bare, "’", "'"), "'")
		letter, _ := utf8.DecodeRuneInString(bare)
		if !begins && unicode.IsUpper(letter) && bare != "I" {
			names[strings.ToLower(bare)] = true
		}
		begins = strings.HasSuffix(w, ".") || strings.HasSuffix(w, "?") || strings.HasSuffix(w, "!")
	}
	return names
}

// align counts the errors of a hypothesis for each of n stretches, along one alignment with the fewest errors. A word too many
// belongs to the stretch of the reference word before it.
func align(ref []refWord, hyp []string, n int) []counts {
	const match, sub, del, ins = 0, 1, 2, 3
	width := len(hyp) + 1
	steps := make([]uint8, (len(ref)+1)*width)
	row := make([]int, width)
	for j := range row {
		row[j], steps[j] = j, ins
	}
	for i := 1; i <= len(ref); i++ {
		diagonal := row[0]
		row[0], steps[i*width] = i, del
		for j := 1; j < width; j++ {
			best, step := diagonal, uint8(match)
			if ref[i-1].text != hyp[j-1] {
				best, step = diagonal+1, sub
			}
			if row[j]+1 < best {
				best, step = row[j]+1, del
			}
			if row[j-1]+1 < best {
				best, step = row[j-1]+1, ins
			}
			diagonal, row[j] = row[j], best
			steps[i*width+j] = step
		}
	}
	all := make([]counts, n)
	for i, j := len(ref), len(hyp); i > 0 || j > 0; {
		step := steps[i*width+j]
		if step == ins {
			j--
			all[stretchAt(ref, i)].Ins++
			continue
		}
		i--
		c := &all[ref[i].stretch]
		c.Words++
		switch step {
		case sub:
			c.Sub++
			j--
		case del:
			c.Del++
		default:
			j--
		}
		if kind := ref[i].kind; kind != "" {
			if c.Critical == nil {
				c.Critical = map[string]tally{}
			}
			t := c.Critical[kind]
			t.All++
			if step != match {
				t.Wrong++
			}
			c.Critical[kind] = t
		}
	}
	return all
}

// stretchAt is the stretch of the word before position i.
func stretchAt(ref []refWord, i int) int {
	if len(ref) == 0 {
		return 0
	}
	return ref[max(i-1, 0)].stretch
}

const resamples = 2000

// interval is the 95 % percentile interval of a statistic over n stretches drawn again with replacement; the same input always gives
// the same interval.
func interval(n int, statistic func(drawn []int) float64) [2]float64 {
	if n == 0 {
		return [2]float64{}
	}
	r := rand.New(rand.NewPCG(19, 5))
	values := make([]float64, resamples)
	drawn := make([]int, n)
	for i := range values {
		for j := range drawn {
			drawn[j] = r.IntN(n)
		}
		values[i] = statistic(drawn)
	}
	slices.Sort(values)
	return [2]float64{values[resamples*25/1000], values[resamples*975/1000-1]}
}

func pick(all []counts, drawn []int) []counts {
	picked := make([]counts, len(drawn))
	for i, d := range drawn {
		picked[i] = all[d]
	}
	return picked
}

// werInterval is the interval of the word error rate.
func werInterval(all []counts) [2]float64 {
	return interval(len(all), func(drawn []int) float64 { return wer(pick(all, drawn)) })
}

// differenceInterval is the interval of the difference of two tools' word error rates over the same stretches, drawn in pairs.
func differenceInterval(a, b []counts) [2]float64 {
	return interval(len(a), func(drawn []int) float64 { return wer(pick(a, drawn)) - wer(pick(b, drawn)) })
}

// score fills in the errors of every run of the report.
func (env *environment) score(ctx context.Context, sets []set, r *report) error {
	for s := range sets {
		if sets[s].perFile {
			for _, x := range r.of(sets[s].name) {
				x.countWords(sets[s].clips)
			}
			continue
		}
		var raw, hyps []string
		var owner []int // of each stretch, its clip
		for c, clip := range sets[s].clips {
			for _, text := range clip.stretches {
				raw, owner = append(raw, text), append(owner, c)
			}
		}
		whole, single := r.of(sets[s].name), r.of(sets[s].name+perClip)
		for _, x := range slices.Concat(whole, single) {
			for _, run := range x.texts {
				hyps = append(hyps, run...)
			}
		}
		normal, err := env.normalise(ctx, slices.Concat(raw, hyps))
		if err != nil {
			return err
		}
		refs := make([][]refWord, len(raw))
		for i := range raw {
			refs[i] = referenceWords(raw[i], normal[i], i)
		}
		rest := normal[len(raw):]
		next := func() []string {
			words := strings.Fields(rest[0])
			rest = rest[1:]
			return words
		}
		for _, x := range whole {
			for range x.texts {
				x.addCounts(align(slices.Concat(refs...), next(), len(raw)))
			}
		}
		for _, x := range single {
			for _, run := range x.texts {
				for c := range run {
					x.addCounts(align(ofClip(refs, owner, c), next(), len(raw)))
				}
			}
		}
		for _, x := range slices.Concat(whole, single) {
			x.WER, x.WERInterval = wer(x.Stretches), werInterval(x.Stretches)
		}
	}
	return nil
}

// ofClip joins the reference words of a clip's stretches.
func ofClip(refs [][]refWord, owner []int, clip int) []refWord {
	var words []refWord
	for i, o := range owner {
		if o == clip {
			words = append(words, refs[i]...)
		}
	}
	return words
}
