package linear

import (
	"bytes"
	"math"
	"testing"
)

func examples() []Example {
	var out []Example
	for range 20 {
		out = append(out,
			Example{Names: []string{"w=cold", "w=room"}, Class: 1, Weight: 1},
			Example{Names: []string{"w=warm", "w=room"}, Class: 2, Weight: 1},
			Example{Names: []string{"w=room"}, Class: 0, Weight: 1})
	}
	return out
}

var options = TrainOptions{Classes: []string{"none", "bad", "good"}, Passes: 20, Rate: 0.3, L1: 0.1, L2: 0.1, Seen: 2}

func bag(words ...string) *Bag {
	b := &Bag{Named: true}
	for _, w := range words {
		b.Add("w", w)
	}
	return b
}

func TestTrainedModelSurvivesWritingAndIsTheSameEveryTime(t *testing.T) {
	m := Train(examples(), options)
	written := m.Write("a comment")
	if !bytes.Equal(written, Train(examples(), options).Write("a comment")) {
		t.Fatal("the same examples gave another model")
	}
	read, err := Read(written)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words []string
		want  int
	}{{[]string{"cold", "room"}, 1}, {[]string{"warm", "room"}, 2}, {[]string{"room"}, 0}} {
		p, q := make([]float64, 3), make([]float64, 3)
		m.Scores(p, bag(c.words...))
		read.Scores(q, bag(c.words...))
		sum := 0.0
		for k := range q {
			sum += q[k]
			if k != c.want && q[k] >= q[c.want] {
				t.Errorf("%v: %v", c.words, q)
			}
			if math.Abs(p[k]-q[k]) > 0.05 {
				t.Errorf("%v: %v before and %v after writing", c.words, p, q)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%v: the odds sum to %v", c.words, sum)
		}
	}
	if w := read.Explain(1, bag("cold", "room")); len(w) == 0 || w[0].Name != "w=cold" || w[0].Value <= 0 {
		t.Errorf("cold does not explain bad: %v", w)
	}
}

func TestReadRefusesWhatIsNoModel(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "one\n", "a\tb\nw=x\tmany\n", "a\tb\nw=x\t1\t2\n", "a\tb\nw=x\t1\nw=x\t1\n"} {
		if _, err := Read([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
