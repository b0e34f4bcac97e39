// Command presence teaches the rules who was there, from the annotated dictations of this repository, and writes the weights. It reads no held case.
//
//	go run ./extract/rules/training/presence           writes extract/rules/lexicon/presence.tsv
//	go run ./extract/rules/training/presence -check    cross-validates: no file is read by what was trained on it
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

const comment = `Weights of what speaks for somebody's having been there, and for having been said not to be, against only being spoken of, in twentieths.
Written by "go run ./extract/rules/training/presence" from the dictations of this repository; not to be changed by hand.`

var classes = []string{kerbside.Mentioned, kerbside.Present, kerbside.Absent}

// person is somebody in a case with what is right.
type person struct {
	file   string
	traits []string
	rule   string // what the rules alone say
	right  score.Values
	plain  bool
	shaped bool // the rules were shaped on the case
	who    string
}

var absentWeight *float64

func main() {
	check := flag.Bool("check", false, "cross-validate instead of writing")
	details := flag.Bool("details", false, "with -check: list the faults")
	absentWeight = flag.Float64("absent", 1, "weight of those who were not there")
	root := flag.String("root", "extract", "the folder extract of the repository")
	l2 := flag.Float64("l2", 2, "regularisation")
	passes := flag.Int("passes", 40, "passes over the examples")
	flag.Parse()
	people, err := gather(*root)
	if err == nil && *check {
		crossValidate(people, *l2, *passes, *details)
	} else if err == nil {
		m := train(people, *l2, *passes)
		err = os.WriteFile(filepath.Join(*root, "rules", "lexicon", "presence.tsv"), m.Write(comment), 0o644) //nolint:gosec // a source file
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func gather(root string) ([]person, error) {
	engine, err := rules.New()
	if err != nil {
		return nil, err
	}
	var out []person
	own, err := corpus.Dictations(root)
	if err != nil {
		return nil, err
	}
	for _, one := range own {
		for _, plain := range []bool{false, true} {
			c := one.Case
			if plain {
				c = score.Plain(c)
			}
			t, err := kerbside.TypedTranscript(c.Text)
			if err != nil {
				return nil, err
			}
			found := engine.People([]*kerbside.Source{kerbside.NewSource(t)}, kerbside.ExtractOptions{VisitDate: c.VisitDate, HintFrom: "option"})
			var list []kerbside.Attendee
			for _, f := range found {
				list = append(list, f.Attendee)
			}
			for i, right := range score.Presences(&c, list) {
				if len(right) == 0 {
					continue
				}
				out = append(out, person{file: one.Folder + one.ID, traits: found[i].Names, rule: list[i].Presence, right: right, plain: plain,
					shaped: one.Shaped, who: list[i].Name + "/" + list[i].Role})
			}
		}
	}
	return sentences(engine, filepath.Join(root, "rules", "training", "presence", "sentences.tsv"), out)
}

// sentences adds the people of the labelled sentences.
func sentences(engine *rules.Engine, path string, out []person) ([]person, error) {
	data, err := os.ReadFile(path) //nolint:gosec // a source file
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		row := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(row) != 3 || !slices.Contains(classes, row[0]) {
			return nil, fmt.Errorf("%s, line %d: not a presence, a name and a sentence", path, n+1)
		}
		for _, plain := range []bool{false, true} {
			text := "Visit to see Ada, who is nine. Mum, Jo, was in. " + row[2]
			if plain {
				text = score.Plain(score.Case{Text: text}).Text
			}
			t, err := kerbside.TypedTranscript(text)
			if err != nil {
				return nil, err
			}
			for _, f := range engine.People([]*kerbside.Source{kerbside.NewSource(t)}, kerbside.ExtractOptions{VisitDate: "2026-03-12", HintFrom: "option"}) {
				if strings.Contains(strings.ToLower(f.Attendee.Name), strings.ToLower(row[1])) {
					out = append(out, person{file: "sentences" + row[2], traits: f.Names, rule: f.Attendee.Presence, right: score.Values{row[0]}, plain: plain, who: row[1]})
				}
			}
		}
	}
	return out, nil
}

func train(people []person, l2 float64, passes int) *linear.Model {
	var examples []linear.Example
	for _, p := range people {
		weight := 1.0
		if p.plain {
			weight = 0.4
		}
		for _, value := range p.right {
			class := slices.Index(classes, value)
			if class < 0 {
				continue
			}
			w := weight / float64(len(p.right))
			if value == kerbside.Absent {
				w *= *absentWeight
			}
			with, without := 0.7, 0.3
			if p.shaped { // the rules are more right here than they will be again
				with, without = 0.3, 0.7
			}
			own := slices.DeleteFunc(slices.Clone(p.traits), func(n string) bool { return strings.HasPrefix(n, "rule") })
			examples = append(examples, linear.Example{Names: p.traits, Class: class, Weight: w * with}, linear.Example{Names: own, Class: class, Weight: w * without})
		}
	}
	return linear.Train(examples, linear.TrainOptions{Classes: classes, Passes: passes, Rate: 0.2, L1: 0.3, L2: l2, Seen: 3})
}

const folds = 10

func crossValidate(people []person, l2 float64, passes int, details bool) {
	fold := func(file string) int { return corpus.Fold(file, folds) }
	var right, rule, all [6]int
	confusion := map[string]int{}
	for f := range folds {
		var some []person
		for _, p := range people {
			if fold(p.file) != f {
				some = append(some, p)
			}
		}
		m := train(some, l2, passes)
		probability := make([]float64, len(classes))
		for _, p := range people {
			if fold(p.file) != f {
				continue
			}
			b := &linear.Bag{}
			for _, n := range p.traits {
				kind, parts, _ := strings.Cut(n, "=")
				b.Add(kind, parts)
			}
			m.Scores(probability, b)
			best := 0
			for k := range probability {
				if probability[k] > probability[best] {
					best = k
				}
			}
			g := 0
			if strings.HasPrefix(p.file, "dictations") {
				g = 2
			}
			if strings.HasPrefix(p.file, "sentences") {
				g = 4
			}
			if p.plain {
				g++
			}
			all[g]++
			if p.right.Has(p.rule) {
				rule[g]++
			}
			if p.right.Has(classes[best]) {
				right[g]++
			} else if !p.plain {
				confusion[strings.Join(p.right, "/")+" as "+classes[best]]++
				if details {
					fmt.Println(p.file, p.who, strings.Join(p.right, "/"), "as", classes[best], "rules", p.rule, fmt.Sprintf("%.2f", probability))
				}
			}
		}
	}
	for g, name := range []string{"cases", "cases, plain", "dictations", "dictations, plain", "sentences", "sentences, plain"} {
		fmt.Printf("%-20s rules %d, model %d of %d: %.3f %.3f\n", name, rule[g], right[g], all[g], float64(rule[g])/float64(all[g]), float64(right[g])/float64(all[g]))
	}
	fmt.Println(confusion)
}
