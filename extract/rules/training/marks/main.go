// Command marks teaches the rules where marks are missing, from the marks of the dictations of this repository, and writes the weights. It reads no
// held case.
//
//	go run ./extract/rules/training/marks           writes extract/rules/lexicon/marks.tsv
//	go run ./extract/rules/training/marks -check    prints how many of the sentences' ends are found in dictations that were left out
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract/rules"
	"kerbside/extract/rules/linear"
	"kerbside/extract/rules/training/corpus"
)

const comment = `Weights of what speaks for a comma and for a sentence's end before a word, against nothing, in twentieths.
Written by "go run ./extract/rules/training/marks" from the dictations and sentences of this repository; not to be changed by hand.`

var classes = []string{"none", "comma", "stop"}

type file struct {
	name string
	gaps []rules.Gap
}

func main() {
	check := flag.Bool("check", false, "cross-validate instead of writing")
	root := flag.String("root", "extract", "the folder extract of the repository")
	only := flag.Int("without", -1, "leave this fold out")
	l1 := flag.Float64("l1", 0.3, "how small weights become nothing")
	l2 := flag.Float64("l2", 0.3, "how weights are held down")
	passes := flag.Int("passes", 30, "passes over the gaps")
	rate := flag.Float64("rate", 1, "how fast it learns")
	seen := flag.Int("seen", 4, "features of fewer gaps are left out")
	flag.Parse()
	o := linear.TrainOptions{Classes: classes, Passes: *passes, Rate: *rate, L1: *l1, L2: *l2, Seen: *seen}
	if err := run(*root, *check, *only, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, check bool, without int, o linear.TrainOptions) error {
	files, err := gather(root)
	if err != nil {
		return err
	}
	if check {
		crossValidate(files, o)
		return nil
	}
	m := train(files, o, func(f file) bool { return without < 0 || fold(f.name) != without })
	return os.WriteFile(filepath.Join(root, "rules", "lexicon", "marks.tsv"), m.Write(comment), 0o644) //nolint:gosec // a source file
}

func gather(root string) ([]file, error) {
	engine, err := rules.New()
	if err != nil {
		return nil, err
	}
	var out []file
	own, err := corpus.Dictations(root)
	if err != nil {
		return nil, err
	}
	for _, c := range own {
		gaps, err := gapsOf(engine, c.Text)
		if err != nil {
			return nil, err
		}
		out = append(out, file{c.ID, gaps})
	}
	sentences, err := loose(root)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(20261128, 1)) //nolint:gosec // an order that is the same every time is what is wanted
	random.Shuffle(len(sentences), func(a, b int) { sentences[a], sentences[b] = sentences[b], sentences[a] })
	for some := range slices.Chunk(sentences, 12) {
		gaps, err := gapsOf(engine, strings.Join(some, ". "))
		if err != nil {
			return nil, err
		}
		out = append(out, file{"", gaps})
	}
	return out, nil
}

func gapsOf(engine *rules.Engine, text string) ([]rules.Gap, error) {
	t, err := kerbside.TypedTranscript(text)
	if err != nil {
		return nil, err
	}
	return engine.Gaps([]*kerbside.Source{kerbside.NewSource(t)}), nil
}

// loose lists the sentences that teach the other models.
func loose(root string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(root, "rules", "training", "sentences-*.tsv"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, path := range append(paths, filepath.Join(root, "rules", "training", "presence", "sentences.tsv")) {
		data, err := os.ReadFile(path) //nolint:gosec // a source file
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			if row := strings.Split(strings.TrimSpace(line), "\t"); len(row) == 3 && !strings.HasPrefix(line, "#") {
				out = append(out, strings.TrimRight(row[2], ".?! "))
			}
		}
	}
	return out, nil
}

func train(files []file, o linear.TrainOptions, in func(file) bool) *linear.Model {
	var examples []linear.Example
	for _, f := range files {
		if !in(f) {
			continue
		}
		weight := 1.0
		if f.name == "" {
			weight = 0.5 // they were put side by side by chance
		}
		for _, g := range f.gaps {
			examples = append(examples, linear.Example{Names: g.Names, Class: slices.Index(classes, g.Mark), Weight: weight})
		}
	}
	return linear.Train(examples, o)
}

const folds = 4

func fold(name string) int {
	if name == "" {
		return -1
	}
	return corpus.Fold(name, folds)
}

func crossValidate(files []file, o linear.TrainOptions) {
	var counts [3][3]int
	p := make([]float64, len(classes))
	for k := range folds {
		m := train(files, o, func(f file) bool { return fold(f.name) != k })
		for _, f := range files {
			if fold(f.name) != k {
				continue
			}
			for _, g := range f.gaps {
				b := &linear.Bag{}
				for _, n := range g.Names {
					kind, parts, _ := strings.Cut(n, "=")
					b.Add(kind, parts)
				}
				m.Scores(p, b)
				best := 0
				for i := range p {
					if p[i] > p[best] {
						best = i
					}
				}
				counts[slices.Index(classes, g.Mark)][best]++
			}
		}
	}
	for i, row := range counts {
		fmt.Println(classes[i], row)
	}
	for i, name := range classes {
		right, said, is := counts[i][i], 0, 0
		for k := range counts {
			said += counts[k][i]
			is += counts[i][k]
		}
		fmt.Printf("%s: precision %.3f, recall %.3f\n", name, float64(right)/float64(said), float64(right)/float64(is))
	}
	any, said, is := 0, 0, 0
	for i := range counts {
		for k := range counts[i] {
			if i > 0 && k > 0 {
				any += counts[i][k]
			}
			if k > 0 {
				said += counts[i][k]
			}
			if i > 0 {
				is += counts[i][k]
			}
		}
	}
	fmt.Printf("any mark: precision %.3f, recall %.3f\n", float64(any)/float64(said), float64(any)/float64(is))
}
