package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"kerbside"
	"kerbside/extract/rules"
	"kerbside/extract/rules/linear"
)

// stretch is a line of a passage: what it holds, and whether it goes on with what somebody told.
type stretch struct {
	start, end      int // code points
	class, polarity int // polarity is -1 for what has none
	told            bool
}

// What a stretch of a passage counts for beside one of a dictation, in which far more is seen than told: dictations teach enough of how adults go on, and little of how
// children do.
var passageWeight = [2]float64{0.3, 0.7} // of adults, of children

// readPassages reads short dictations whose every stretch is labelled: they teach what only those around it tell.
func (s *set) readPassages(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text, list := "", []stretch(nil)
	flush := func() error {
		if text == "" {
			return nil
		}
		err := s.learnPassage(text, list)
		text, list = "", nil
		return err
	}
	for n, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if strings.TrimSpace(line) == "" {
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		label, words, ok := strings.Cut(line, "\t")
		if !ok {
			return fmt.Errorf("%s, line %d: not a label and words", file, n+1)
		}
		if text != "" {
			text += " "
		}
		one := stretch{start: len([]rune(text)), class: strings.Index("nrs", label[:1]), polarity: -1, told: strings.HasSuffix(label, "+")}
		text += words
		one.end = len([]rune(text))
		if rest := strings.TrimSuffix(label[1:], "+"); one.class < 0 || one.class == 1 && len(rest) != 1 || one.class != 1 && rest != "" {
			return fmt.Errorf("%s, line %d: no label is %q", file, n+1, label)
		} else if one.class == 1 {
			one.polarity = strings.Index("anu", rest)
		}
		list = append(list, one)
	}
	return flush()
}

func (s *set) learnPassage(text string, list []stretch) error {
	for _, plain := range []bool{false, true} {
		weight := 1.0
		if plain {
			if text, weight = inPlain(text), 0.4; text == "" {
				return nil
			}
		}
		source, err := sourceOf(text)
		if err != nil {
			return err
		}
		in := func(a, b int) (stretch, bool) {
			for _, one := range list {
				if shared := min(b, one.end) - max(a, one.start); shared > 0 && 2*shared >= b-a {
					return one, true
				}
			}
			return stretch{}, false
		}
		says := map[int][]string{}
		for _, k := range s.engine.Clauses(source, kerbside.ExtractOptions{}) {
			if one, ok := in(k.Start, k.End); ok {
				k.Own = append(k.Own, "passage=yes") // they hold more than a dictation does, which is not to be learned
				s.sentences = append(s.sentences, examplesFrom(k, one.class, weight, false)...)
				if one.class == 1 {
					says[one.start] = append(says[one.start], k.Polarity...)
				}
			}
		}
		for _, one := range list {
			if names := says[one.start]; one.polarity >= 0 && len(names) > 0 {
				s.stated = append(s.stated, linear.Example{Names: names, Class: one.polarity, Weight: weight})
			}
		}
		s.engine.Told(source, kerbside.ExtractOptions{}, func(k rules.ToldClause) bool {
			one, ok := in(k.Start, k.End)
			if !ok {
				return false
			}
			class, n := 0, teller(k)
			if one.told {
				class = 1
			}
			s.passages[n] = append(s.passages[n], linear.Example{Names: append(slices.Clone(k.Features), "passage=yes", "passage="+k.Kind), Class: class, Weight: weight * passageWeight[n]})
			return one.told
		})
	}
	return nil
}

// inPlain is a text in lower case and without the marks at the ends of words. Offsets hold: a mark becomes a space, and is left where that would not do.
func inPlain(text string) string {
	out := []rune(strings.ToLower(text))
	if len(out) != len([]rune(text)) {
		return ""
	}
	for i, r := range out {
		switch r {
		case '.', ',', '?', '!', ';', ':', '"':
			if i+1 == len(out) || out[i+1] == ' ' {
				out[i] = ' '
			}
		}
	}
	return string(out)
}
