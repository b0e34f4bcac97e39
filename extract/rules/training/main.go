// Command training teaches the learned reader of extract/rules from the annotated dictations and the labelled sentences of this repository, and
// writes its weights. It reads no held case.
//
//	go run ./extract/rules/training           writes reader, joins, polarity, told, told-child and deeds in extract/rules/lexicon
//	                                          (that a clause is something to be done is a feature of the reader: where deeds.tsv has changed, run it once more)
//	go run ./extract/rules/training -check    prints the figures of cross-validation, in which no file is read by what was trained on it
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract"
	"kerbside/extract/rules"
	"kerbside/extract/rules/linear"
	"kerbside/extract/rules/training/corpus"
	"kerbside/extract/score"
)

func main() {
	check := flag.Bool("check", false, "cross-validate instead of writing")
	details := flag.Bool("details", false, "with -check: list what was missed and wrong")
	plain := flag.Bool("plain", false, "with -check: read the texts in lower case and without marks")
	out := flag.String("out", "", "with -check: a folder into which the records are written")
	only := flag.String("only", "", "the one model to teach; the others stay as they are")
	root := flag.String("root", "extract", "the folder extract of the repository")
	flag.Parse()
	if err := run(*root, *out, *only, *check, *details, *plain); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// folds of cross-validation.
const folds = 8

// sentenceWeight is how much a sentence by itself teaches beside a clause of a dictation, of which there are more: what is nothing is told by sentences best.
const sentenceWeight = 2

type set struct {
	engine    *rules.Engine
	only      string
	cases     []score.Case
	shaped    []bool // the lexicons were shaped on the case
	examples  [][]linear.Example
	joins     [][]linear.Example
	polarity  [][]linear.Example
	told      [2][][]linear.Example // of adults, of children
	deeds     [][]linear.Example
	idle      []linear.Example // sentences that are nothing to be done
	sentences []linear.Example
	stated    []linear.Example    // the polarity of sentences
	passages  [2][]linear.Example // who goes on telling in short dictations
}

func run(root, out, only string, check, details, plain bool) error {
	s, err := gather(root, only)
	if err != nil {
		return err
	}
	if check {
		return s.check(out, details, plain)
	}
	m := s.train(func(int) bool { return true })
	for name, one := range map[string]struct {
		model   *linear.Model
		comment string
	}{"reader": {m.Reader, readerComment}, "joins": {m.Joins, joinsComment}, "polarity": {m.Polarity, polarityComment}, "told": {m.Told, toldComment}, "told-child": {m.ToldChild, toldComment}, "deeds": {m.Deeds, deedsComment}} {
		if !s.teaches(name) {
			continue
		}
		data := one.model.Write(one.comment + comment)
		if err := os.WriteFile(filepath.Join(root, "rules", "lexicon", name+".tsv"), data, 0o644); err != nil { //nolint:gosec // a source file
			return err
		}
	}
	return nil
}

const readerComment = `Weights of the learned reader, in twentieths: how much each feature of a clause speaks for a difficulty and for a strength, against neither.
`
const joinsComment = `Weights of what speaks for taking two clauses that stand side by side as one item, in twentieths.
`
const polarityComment = `Weights of what speaks for a difficulty's being denied and for its being doubted, against its being so, in twentieths.
`
const toldComment = `Weights of what speaks for a clause's going on with what somebody said before it, in twentieths.
`
const deedsComment = `Weights of what speaks for a clause's being something to be done, in twentieths.
`
const comment = `Written by "go run ./extract/rules/training" from the dictations and sentences of this repository; not to be changed by hand.`

func gather(root, only string) (*set, error) {
	engine, err := rules.New()
	if err != nil {
		return nil, err
	}
	s := &set{engine: engine, only: only}
	own, err := corpus.Dictations(root)
	if err != nil {
		return nil, err
	}
	for _, c := range own {
		s.cases, s.shaped = append(s.cases, c.Case), append(s.shaped, c.Shaped)
	}
	for i := range s.cases {
		var list, joins, polarity []linear.Example
		var told [2][]linear.Example
		var deeds []linear.Example
		for _, plain := range []bool{false, true} {
			c := s.cases[i]
			if plain {
				c = score.Plain(c)
			}
			items, pairs, says, err := s.examplesOf(&c, s.shaped[i], plain)
			if err != nil {
				return nil, err
			}
			list, joins, polarity = append(list, items...), append(joins, pairs...), append(polarity, says...)
			if err := s.toldOf(&c, plain, &told); err != nil {
				return nil, err
			}
			if deeds, err = s.deedsOf(&c, plain, deeds); err != nil {
				return nil, err
			}
		}
		s.examples, s.joins, s.polarity = append(s.examples, list), append(s.joins, joins), append(s.polarity, polarity)
		for k := range told {
			s.told[k] = append(s.told[k], told[k])
		}
		s.deeds = append(s.deeds, deeds)
	}
	files, err := filepath.Glob(filepath.Join(root, "rules", "training", "*.tsv"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "passages") {
			if err := s.readPassages(file); err != nil {
				return nil, err
			}
			continue
		}
		if err := s.readSentences(file); err != nil {
			return nil, err
		}
	}
	return s, nil
}

var (
	classes    = []string{"none", "risk", "strength"}
	polarities = []string{"affirmed", "negated", "uncertain"}
)

func sourceOf(text string) (*kerbside.Source, error) {
	t, err := kerbside.TypedTranscript(text)
	if err != nil {
		return nil, err
	}
	return kerbside.NewSource(t), nil
}

func (s *set) examplesOf(c *score.Case, shaped, plain bool) (out, joins, polarity []linear.Example, err error) {
	source, err := sourceOf(c.Text)
	if err != nil {
		return nil, nil, nil, err
	}
	last := place{}
	says := map[int][]string{}
	for _, k := range s.engine.Clauses(source, kerbside.ExtractOptions{VisitDate: c.VisitDate, HintFrom: "option"}) {
		here, ok := placeOf(c, k.Start, k.End)
		before := last
		last = here
		if !ok {
			last = place{}
			continue
		}
		weight := 1.0
		if plain {
			weight = 0.4
		}
		if k.Join != nil && here.class > 0 && here.class == before.class {
			one := 0
			if here.item == before.item {
				one = 1
			}
			joins = append(joins, linear.Example{Names: k.Join, Class: one, Weight: weight})
		}
		if here.class == 1 {
			says[here.item] = append(says[here.item], k.Polarity...)
		}
		class := here.class
		out = append(out, examplesFrom(k, class, weight, shaped)...)
	}
	for i, g := range c.Gold.Risks {
		if len(g.Polarity) > 0 && len(says[i]) > 0 {
			polarity = append(polarity, linear.Example{Names: says[i], Class: slices.Index(polarities, g.Polarity[0]), Weight: 1 / float64(len(g.Polarity))})
		}
	}
	return out, joins, polarity, nil
}

// examplesFrom makes examples of a clause: with what the lexicons find in it, and without. On a case that the lexicons were shaped on they are more
// right than they will be again, so there they count for little.
func examplesFrom(k rules.Clause, class int, weight float64, shaped bool) []linear.Example {
	with, without := 0.7, 0.3
	if shaped {
		with, without = 0.2, 0.8
	}
	return []linear.Example{
		{Names: append(slices.Clone(k.Own), k.Lexical...), Class: class, Weight: weight * with},
		{Names: k.Own, Class: class, Weight: weight * without},
	}
}

// place is what a clause is in the gold: its class, and which item of it.
type place struct{ class, item int }

// placeOf is what the gold says of the code points [a,b); nothing where it leaves it open.
func placeOf(c *score.Case, a, b int) (place, bool) {
	best, at, open := 0, place{}, false
	look := func(quote string, f func(shared int)) {
		if s, e, ok := find(c.Text, quote); ok {
			if shared := min(b, e) - max(a, s); shared > 0 && (2*shared >= b-a || 2*shared >= e-s) {
				f(shared)
			}
		}
	}
	for i, list := range [][]score.Item{c.Gold.Risks, c.Gold.Strengths} {
		for n, g := range list {
			look(g.Quote, func(shared int) {
				if shared > best {
					best, at = shared, place{i + 1, n}
				}
			})
		}
	}
	for _, g := range c.Gold.Optional {
		if g.Kind == "risk" || g.Kind == "strength" {
			look(g.Quote, func(int) { open = true })
		}
	}
	return at, best > 0 || !open
}

// toldOf makes examples of clauses in which somebody may go on telling. What the gold leaves open, and what nobody would put down, teaches nothing, but that what a child did not
// say is none of its words.
func (s *set) toldOf(c *score.Case, plain bool, out *[2][]linear.Example) error {
	source, err := sourceOf(c.Text)
	if err != nil {
		return err
	}
	weight := 1.0
	if plain {
		weight = 0.4
	}
	s.engine.Told(source, kerbside.ExtractOptions{VisitDate: c.VisitDate, HintFrom: "option"}, func(k rules.ToldClause) bool {
		class, ok := toldIn(c, k)
		if ok {
			out[teller(k)] = append(out[teller(k)], linear.Example{Names: k.Features, Class: class, Weight: weight})
		}
		return ok && class == 1
	})
	return nil
}

// deedsOf makes examples of clauses that are something to be done, and of all others. What the gold leaves open teaches nothing.
func (s *set) deedsOf(c *score.Case, plain bool, out []linear.Example) ([]linear.Example, error) {
	source, err := sourceOf(c.Text)
	if err != nil {
		return nil, err
	}
	weight := 1.0
	if plain {
		weight = 0.4
	}
	for _, k := range s.engine.Deeds(source, kerbside.ExtractOptions{VisitDate: c.VisitDate, HintFrom: "option"}) {
		covers := func(quote string) bool { return covers(c, k.Start, k.End, quote) }
		class, open := 0, false
		for _, g := range c.Gold.Actions {
			if covers(g.Quote) {
				class = 1
			}
		}
		for _, g := range c.Gold.Optional {
			open = open || g.Kind == "action" && covers(g.Quote)
		}
		if class == 1 || !open {
			out = append(out, linear.Example{Names: k.Features, Class: class, Weight: weight})
		}
	}
	return out, nil
}

// teller is 1 for what a child may go on telling, 0 for an adult.
func teller(k rules.ToldClause) int {
	if k.Kind == kerbside.ChildSaid {
		return 1
	}
	return 0
}

func toldIn(c *score.Case, k rules.ToldClause) (class int, ok bool) {
	covers := func(quote string) bool { return covers(c, k.Start, k.End, quote) }
	child := k.Kind == kerbside.ChildSaid
	for _, g := range c.Gold.ChildVoice {
		if covers(g.Quote) {
			return 1, child
		}
	}
	for _, list := range [][]score.Item{c.Gold.Risks, c.Gold.Strengths} {
		for _, g := range list {
			if !covers(g.Quote) {
				continue
			}
			told, seen := slices.Contains(g.Attribution, k.Kind), slices.Contains(g.Attribution, kerbside.Observed) || slices.Contains(g.Attribution, kerbside.WorkerOpinion)
			switch {
			case told && seen:
				return 0, false
			case told:
				return 1, true
			}
			return 0, true
		}
	}
	for _, g := range c.Gold.Optional {
		if covers(g.Quote) {
			return 0, false
		}
	}
	return 0, child
}

// covers reports that a quote and the code points [start,end) share half of either.
func covers(c *score.Case, start, end int, quote string) bool {
	a, b, found := find(c.Text, quote)
	shared := min(end, b) - max(start, a)
	return found && shared > 0 && (2*shared >= end-start || 2*shared >= b-a)
}

func find(text, quote string) (int, int, bool) {
	at := strings.Index(text, quote)
	if at < 0 || quote == "" {
		return 0, 0, false
	}
	start := len([]rune(text[:at]))
	return start, start + len([]rune(quote)), true
}

// readSentences reads lines of label, polarity and sentence.
func (s *set) readSentences(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for n, line := range strings.Split(string(data), "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		class := slices.Index(classes, fields[0])
		if len(fields) != 3 || class < 0 {
			return fmt.Errorf("%s, line %d: not a label, a polarity and a sentence", file, n+1)
		}
		source, err := sourceOf(fields[2])
		if err != nil {
			return err
		}
		for _, k := range s.engine.Deeds(source, kerbside.ExtractOptions{}) { // such sentences tell what is, and hold nothing to be done
			s.idle = append(s.idle, linear.Example{Names: append(k.Features, "alone=yes"), Class: 0, Weight: 0.3})
		}
		list := s.engine.Clauses(source, kerbside.ExtractOptions{})
		if p := slices.Index(polarities, fields[1]); p >= 0 && class == 1 {
			var says []string
			for _, k := range list {
				says = append(says, k.Polarity...)
			}
			s.stated = append(s.stated, linear.Example{Names: says, Class: p, Weight: 1})
		}
		if strings.HasPrefix(filepath.Base(file), "denials") {
			continue // difficulties alone, which would teach that most things are
		}
		for _, k := range list {
			if len(list) > 1 && class > 0 && k.End-k.Start < len(fields[2])/2 {
				continue // which of the clauses it is, is not known
			}
			k.Own = append(k.Own, "alone=yes") // such sentences hold something more often than a dictation's do, which is not to be learned
			s.sentences = append(s.sentences, examplesFrom(k, class, sentenceWeight, false)...)
		}
	}
	return nil
}

func (s *set) all(in func(i int) bool) []linear.Example {
	out := slices.Clone(s.sentences)
	for i, list := range s.examples {
		if in(i) {
			out = append(out, list...)
		}
	}
	return out
}

func (s *set) train(in func(i int) bool) rules.Learned {
	var pairs []linear.Example
	says := slices.Clone(s.stated)
	told := [2][]linear.Example{slices.Clone(s.passages[0]), slices.Clone(s.passages[1])}
	deeds := slices.Clone(s.idle)
	for i := range s.joins {
		if in(i) {
			deeds = append(deeds, s.deeds[i]...)
			pairs, says = append(pairs, s.joins[i]...), append(says, s.polarity[i]...)
			for k := range told {
				told[k] = append(told[k], s.told[k][i]...)
			}
		}
	}
	m := s.engine.Learned()
	if s.teaches("reader") {
		m.Reader = linear.Train(s.all(in), linear.TrainOptions{Classes: classes, Passes: 30, Rate: 0.3, L1: 0.05, L2: 0.1, Seen: 2})
	}
	if s.teaches("joins") {
		m.Joins = linear.Train(pairs, linear.TrainOptions{Classes: []string{"apart", "one"}, Passes: 12, Rate: 0.3, L1: 0.2, L2: 0.5, Seen: 3})
	}
	if s.teaches("polarity") {
		m.Polarity = linear.Train(says, linear.TrainOptions{Classes: polarities, Passes: 30, Rate: 0.5, L1: 0.02, L2: 0.3, Seen: 1})
	}
	options := linear.TrainOptions{Classes: []string{"seen", "told"}, Passes: 40, Rate: 0.3, L1: 0.02, L2: 0.05, Seen: 2}
	if s.teaches("told") {
		m.Told = linear.Train(told[0], options)
	}
	if s.teaches("told-child") {
		m.ToldChild = linear.Train(told[1], options)
	}
	if s.teaches("deeds") {
		m.Deeds = linear.Train(deeds, linear.TrainOptions{Classes: []string{"none", "action"}, Passes: 20, Rate: 0.3, L1: 0.05, L2: 0.1, Seen: 3})
	}
	return m
}

// teaches reports whether a model is taught, as all are unless one was asked for.
func (s *set) teaches(name string) bool { return s.only == "" || s.only == name }

func fold(id string) int { return corpus.Fold(id, folds) }

func (s *set) check(out string, details, plain bool) error {
	records := map[string]*kerbside.Record{}
	var cases [3][]score.Case
	for f := range folds {
		m := s.train(func(i int) bool { return fold(s.cases[i].ID) != f })
		x, err := extract.New(s.engine.WithLearned(m), extract.Options{})
		if err != nil {
			return err
		}
		for i, c := range s.cases {
			if fold(c.ID) != f {
				continue
			}
			if plain {
				c = score.Plain(c)
			}
			source, err := sourceOf(c.Text)
			if err != nil {
				return err
			}
			r, err := x.Extract(context.Background(), []*kerbside.Source{source}, kerbside.ExtractOptions{VisitDate: c.VisitDate, HintFrom: "option"})
			if err != nil {
				return err
			}
			records[c.ID] = r
			if err := write(out, c.ID, r); err != nil {
				return err
			}
			switch {
			case !s.shaped[i]:
				cases[2] = append(cases[2], c)
			case len(c.ID) == len("own-001"):
				cases[1] = append(cases[1], c)
			default:
				cases[0] = append(cases[0], c)
			}
		}
	}
	for i, name := range []string{"dictations, on which the lexicons were shaped", "open cases, on which the lexicons were shaped", "open cases, on which they were not"} {
		if len(cases[i]) == 0 {
			continue
		}
		report := score.Score(cases[i], records)
		fmt.Printf("%s\n%s\n", name, report.Table())
		if details {
			for _, c := range cases[i] {
				for _, d := range report.Details[c.ID] {
					fmt.Printf("  %s %-12s %-20s %s\n", c.ID, d[0], d[1], d[2])
				}
			}
		}
	}
	return nil
}

func write(folder, id string, r *kerbside.Record) error {
	if folder == "" {
		return nil
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, id+".json"), data, 0o600)
}
