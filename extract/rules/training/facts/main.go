// Command facts teaches the rules what tells that a child was seen alone, that its bedroom was seen, and that a visit was announced, from the labelled
// sentences of this folder and of the tests and from the dictations of this repository, and writes the weights. It reads no held case.
//
//	go run ./extract/rules/training/facts           writes extract/rules/lexicon/fact-*.tsv
//	go run ./extract/rules/training/facts -check    cross-validates
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract/rules"
	"kerbside/extract/rules/linear"
	"kerbside/extract/rules/training/corpus"
	"kerbside/extract/score"
)

const comment = `Weights of what speaks for a yes and for a no to one question about a visit, against neither, in twentieths.
Written by "go run ./extract/rules/training/facts" from the sentences and dictations of this repository; not to be changed by hand.`

var (
	classes = []string{"none", "yes", "no"}
	facts   = map[string]string{"seen_alone": "fact-alone", "bedroom_seen": "fact-room", "announced": "fact-notice"}
	// topics are words that a sentence about something else does not hold.
	topics = map[string][]string{
		"seen_alone":   {"alone", "own", "by myself", "by himself", "by herself", "private", "just us", "just me", "separate", "one to one", "without mum", "in the room", "left us", "away from"},
		"bedroom_seen": {"room", "bed", "upstairs", "cot", "sleep", "bunk", "nursery"},
		"announced":    {"announce", "appointment", "arranged", "expecting", "booked", "planned", "notice", "warning", "knew i", "coming", "agreed", "texted", "phoned", "rang"},
	}
)

// example is a text's window with the answers that are right for each fact; a fact without an answer teaches nothing.
type example struct {
	group  string // what is left out together
	names  []string
	answer map[string]string
	weight float64
	row    string
}

func main() {
	check := flag.Bool("check", false, "cross-validate instead of writing")
	root := flag.String("root", "extract", "the folder extract of the repository")
	without := flag.String("without", "", "leave files out whose name holds this")
	l1 := flag.Float64("l1", 0.05, "how small weights become nothing")
	l2 := flag.Float64("l2", 0.1, "how weights are held down")
	passes := flag.Int("passes", 30, "passes over the examples")
	rate := flag.Float64("rate", 2, "how fast it learns")
	flag.Parse()
	o := linear.TrainOptions{Classes: classes, Passes: *passes, Rate: *rate, L1: *l1, L2: *l2, Seen: 2}
	if err := run(*root, *check, *without, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, check bool, without string, o linear.TrainOptions) error {
	engine, err := rules.New()
	if err != nil {
		return err
	}
	all, err := gather(engine, root, without)
	if err != nil {
		return err
	}
	for fact, name := range facts {
		if check {
			crossValidate(all, fact, o)
			continue
		}
		m := train(all, fact, o, func(string) bool { return true })
		if err := os.WriteFile(filepath.Join(root, "rules", "lexicon", name+".tsv"), m.Write(comment), 0o644); err != nil { //nolint:gosec // a source file
			return err
		}
	}
	return nil
}

const opening = "Visit to see Ada, who is nine. Mum, Jo, was in. "

func gather(engine *rules.Engine, root, without string) ([]example, error) {
	var out []example
	rows, err := filepath.Glob(filepath.Join(root, "rules", "training", "facts", "*.tsv"))
	if err != nil {
		return nil, err
	}
	for _, file := range append(rows, filepath.Join(root, "rules", "testdata", "facts.tsv")) {
		if without != "" && strings.Contains(file, without) {
			continue
		}
		list, err := labelled(engine, file)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	loose, err := filepath.Glob(filepath.Join(root, "rules", "training", "sentences-*.tsv"))
	if err != nil {
		return nil, err
	}
	for _, file := range loose {
		list, err := others(engine, file)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	if without == corpus.Shaping {
		return out, nil
	}
	own, err := corpus.Dictations(root)
	if err != nil {
		return nil, err
	}
	for _, c := range own {
		list, err := silent(engine, c.Case)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func read(file string) ([][]string, error) {
	data, err := os.ReadFile(file) //nolint:gosec // a source file
	if err != nil {
		return nil, err
	}
	var out [][]string
	for line := range strings.Lines(string(data)) {
		if row := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(row) == 3 && !strings.HasPrefix(line, "#") {
			out = append(out, row)
		}
	}
	return out, nil
}

func windows(engine *rules.Engine, text, day string) ([]rules.FactWindow, error) {
	t, err := kerbside.TypedTranscript(text)
	if err != nil {
		return nil, err
	}
	return engine.FactWindows([]*kerbside.Source{kerbside.NewSource(t)}, kerbside.ExtractOptions{VisitDate: day, HintFrom: "option"}), nil
}

// labelled reads sentences that say what they answer: fact, value, sentence.
func labelled(engine *rules.Engine, file string) ([]example, error) {
	rows, err := read(file)
	if err != nil {
		return nil, err
	}
	var out []example
	for _, row := range rows {
		answer := map[string]string{}
		switch {
		case row[0] == "not_yes":
			answer["seen_alone"], answer["bedroom_seen"] = "none", "none"
		case facts[row[0]] == "":
			continue
		case row[1] == kerbside.NotStated:
			answer[row[0]] = "none"
		default:
			answer[row[0]] = row[1]
		}
		for fact := range facts {
			if answer[fact] == "" && !speaksOf(row[2], fact) {
				answer[fact] = "none"
			}
		}
		list, err := windows(engine, opening+row[2], "2026-03-12")
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(w rules.FactWindow) bool { return w.Sentence < 2 })
		for _, w := range list {
			out = append(out, example{row[2], w.Names, answer, 1 / float64(len(list)), strings.Join(row, " | ")})
		}
	}
	return out, nil
}

func speaksOf(sentence, fact string) bool {
	low := strings.ToLower(sentence)
	return slices.ContainsFunc(topics[fact], func(w string) bool { return strings.Contains(low, w) })
}

// others takes the sentences that teach the reader for silent about facts of whose topics they have no word.
func others(engine *rules.Engine, file string) ([]example, error) {
	rows, err := read(file)
	if err != nil {
		return nil, err
	}
	var out []example
	for _, row := range rows {
		answer := map[string]string{}
		for fact := range facts {
			if !speaksOf(row[2], fact) {
				answer[fact] = "none"
			}
		}
		list, err := windows(engine, opening+row[2], "2026-03-12")
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			if w.Sentence >= 2 {
				out = append(out, example{row[2], w.Names, answer, 0.3, row[2]})
			}
		}
	}
	return out, nil
}

// silent takes all of a dictation for silent about what its gold does not state.
func silent(engine *rules.Engine, c score.Case) ([]example, error) {
	answer := map[string]string{}
	for fact := range facts {
		right := c.Gold.Visit[fact]
		stated, open := right.Has(kerbside.Yes) || right.Has(kerbside.No), right.Has(kerbside.NotStated)
		if open && !stated {
			answer[fact] = "none"
		}
	}
	list, err := windows(engine, c.Text, c.VisitDate)
	if err != nil {
		return nil, err
	}
	var out []example
	for _, w := range list {
		out = append(out, example{c.ID, w.Names, answer, 0.5, c.ID})
	}
	return out, nil
}

func train(all []example, fact string, o linear.TrainOptions, in func(group string) bool) *linear.Model {
	var list []linear.Example
	for _, e := range all {
		if a, ok := e.answer[fact]; ok && in(e.group) {
			list = append(list, linear.Example{Names: e.names, Class: slices.Index(classes, a), Weight: e.weight})
		}
	}
	return linear.Train(list, o)
}

const folds = 5

func crossValidate(all []example, fact string, o linear.TrainOptions) {
	fold := func(group string) int { return corpus.Fold(group, folds) }
	var counts [3][3]int
	sure := map[string]int{}
	p := make([]float64, len(classes))
	for k := range folds {
		m := train(all, fact, o, func(g string) bool { return fold(g) != k })
		for _, e := range all {
			a, ok := e.answer[fact]
			if !ok || fold(e.group) != k {
				continue
			}
			b := &linear.Bag{}
			for _, n := range e.names {
				kind, parts, found := strings.Cut(n, "=")
				if found {
					b.Add(kind, parts)
				} else {
					b.Add(kind)
				}
			}
			m.Scores(p, b)
			best := 0
			for i := range p {
				if p[i] > p[best] {
					best = i
				}
			}
			counts[slices.Index(classes, a)][best]++
			if p[1] > 0.85 {
				sure["surely yes, is "+a]++
				if a != "yes" {
					fmt.Println("  surely yes:", e.row)
				}
			}
			if p[2] > 0.75 {
				sure["surely no, is "+a]++
			}
		}
	}
	fmt.Println(fact)
	for i, row := range counts {
		fmt.Println("  ", classes[i], row)
	}
	fmt.Println("  ", sure)
}
